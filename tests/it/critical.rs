//! Critical findings: known from a draft on, called, read back, and listed until then.

use serde_json::{Value, json};
use trephine::domain::{OrderTransition, Role, SpecimenTransition};

use crate::machines::House;
use crate::support::{Browser, Engine, Reply, Token, engines};

/// A morphology with that many blasts, entered by the tech in a case of acute leukemia: case, order, result.
fn blasts(house: &House, pct: u8) -> (String, String, String) {
    let mut body = house.case(&json!(["MORPH-ASP"]));
    body["indication"] = json!("AML-NEW");
    body["specimens"] = json!([{ "kind": "smear", "container": "SLIDE", "pull_number": 1 }]);
    let case = house.log(&body);
    let label = case["specimens"][0]["label"].as_str().unwrap();
    for step in [SpecimenTransition::Receive, SpecimenTransition::Accept] {
        house.step(&house.staff.tech, label, step).expect(200);
    }
    let order = case["orders"][0]["id"].as_str().unwrap().to_owned();
    house.order_step(&house.staff.tech, &order, OrderTransition::Start).expect(200);
    let result = enter(house, &order, pct);
    (case["accession"].as_str().unwrap().to_owned(), order, result)
}

fn enter(house: &House, order: &str, pct: u8) -> String {
    let assay = house.server.lab.catalogue().assay("MORPH-ASP").unwrap().clone();
    let required = assay.values.iter().filter(|v| v.required).map(|v| match v.key.as_str() {
        "blasts_pct" => json!({ "key": "blasts_pct", "number": pct, "denominator": "nucleated_cells" }),
        key if v.codes.is_empty() => json!({ "key": key, "number": 500 }),
        key => json!({ "key": key, "text": v.codes[0] }),
    });
    let values: Vec<Value> = required.collect();
    let body = json!({ "interpretation": "abnormal", "summary": format!("Blasts {pct} %"), "values": values });
    let resource = format!("/api/v1/orders/{order}");
    let reply = house.staff.tech.post_current(&resource, &format!("{resource}/results"), &body).expect(201);
    reply.json()["id"].as_str().unwrap().to_owned()
}

fn findings(who: &Token, accession: &str) -> Value {
    who.get(&format!("/api/v1/cases/{accession}")).expect(200).json()["critical"].clone()
}

fn call(finding: &Value, outcome: &str, read_back: bool) -> Value {
    json!({ "finding": finding["id"], "recipient": "Dr Marlow", "role": "hematology registrar", "method": "telephone",
        "outcome": outcome, "read_back": read_back })
}

fn record(who: &Token, accession: &str, body: &Value) -> Reply {
    who.post(&format!("/api/v1/cases/{accession}/calls"), body)
}

#[test]
fn a_draft_is_critical_until_somebody_has_read_it_back() {
    for engine in engines() {
        let house = House::open(engine);
        let (accession, order, result) = blasts(&house, 62);
        let tech = &house.staff.tech;
        let first = findings(tech, &accession)[0].clone();
        assert_eq!(
            (&first["code"], &first["result"], &first["order"]),
            (&json!("ACUTE_LEUKEMIA"), &json!(result), &json!(order))
        );
        assert_eq!(first["due_at"], "2026-03-04T11:00:00Z", "two hours after it was entered");
        for outcome in ["no_answer", "left_message", "refused"] {
            record(tech, &accession, &call(&first, outcome, false)).expect(201);
        }
        let heard = record(tech, &accession, &call(&first, "reached", false)).expect(201).json();
        assert_eq!(heard["closed_at"], Value::Null, "heard, and not read back");
        house.server.at("2026-03-04T11:30:00Z");
        assert_eq!(findings(tech, &accession)[0]["overdue"], true);
        let mut last = call(&first, "reached", true);
        last["escalated_to"] = json!("Consultant on call");
        let done = record(&house.staff.supervisor, &accession, &last).expect(201).json();
        assert_eq!((done["calls"].as_array().unwrap().len(), &done["overdue"]), (5, &json!(false)));
        assert_eq!(done["closed_at"], "2026-03-04T11:30:00Z");
        assert_eq!(
            record(tech, &accession, &call(&first, "reached", true)).expect(409).json()["rule"],
            "already_closed"
        );
        // Verified or entered again, it is the same finding.
        house.verify(&house.staff.supervisor, &result).expect(200);
        assert_eq!(findings(tech, &accession).as_array().unwrap().len(), 1);
        house.server.assert_verified();
    }
}

#[test]
fn few_blasts_and_other_questions_are_not_critical() {
    let house = House::open(Engine::sqlite());
    let (accession, order, _) = blasts(&house, 19);
    assert_eq!(findings(&house.staff.tech, &accession), json!([]));
    // Counted again, it is.
    enter(&house, &order, 20);
    assert_eq!(findings(&house.staff.tech, &accession)[0]["code"], "ACUTE_LEUKEMIA");
    // Counted once more, it is the same finding.
    enter(&house, &order, 80);
    assert_eq!(findings(&house.staff.tech, &accession).as_array().unwrap().len(), 1);
}

#[test]
fn a_requester_learns_of_a_finding_by_a_call_and_not_from_a_draft() {
    let house = House::open(Engine::sqlite());
    let (accession, _, _) = blasts(&house, 62);
    let requester = &house.staff.hematologist;
    assert_eq!(findings(requester, &accession), json!([]));
    let history = requester.get(&format!("/api/v1/cases/{accession}/history")).expect(200).text;
    assert!(!history.contains("ACUTE_LEUKEMIA"), "{history}");
    let first = findings(&house.staff.tech, &accession)[0].clone();
    record(&house.staff.tech, &accession, &call(&first, "reached", true)).expect(201);
    assert_eq!(findings(requester, &accession)[0]["id"], first["id"]);
}

#[test]
fn only_the_laboratory_records_calls_and_each_says_what_it_must() {
    let house = House::open(Engine::sqlite());
    let (accession, _, _) = blasts(&house, 62);
    let first = findings(&house.staff.tech, &accession)[0].clone();
    let journal = house.server.journal();
    let good = call(&first, "reached", true);
    for (role, token) in house.staff.each() {
        if !matches!(role, Role::Tech | Role::Supervisor | Role::Pathologist) {
            assert_eq!(record(token, &accession, &good).status, 403, "{role}");
        }
    }
    let by_hand = json!({ "finding": null, "code": "HLH", "text": "Hemophagocytosis" });
    let wrong = [
        (json!({ "recipient": " " }), "/recipient", "missing"),
        (json!({ "role": "" }), "/role", "missing"),
        (json!({ "outcome": "no_answer" }), "/read_back", "impossible"),
        (json!({ "at": "2026-03-04T10:00:00Z" }), "/at", "in_the_future"),
        (json!({ "at": "2026-03-04T08:00:00Z" }), "/at", "out_of_order"),
        (json!({ "text": "x" }), "/text", "impossible"),
        (json!({ "code": "HLH" }), "/finding", "malformed"),
        (json!({ "finding": null }), "/finding", "malformed"),
        (json!({ "finding": null, "code": "NOTHING", "text": "x" }), "/code", "unknown_code"),
        (json!({ "finding": null, "code": "HLH" }), "/text", "missing"),
        (json!({ "shoe": 1 }), "/shoe", "malformed"),
    ];
    let with = |change: &Value| {
        let mut body = good.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    for (change, pointer, code) in wrong {
        let problem = record(&house.staff.tech, &accession, &with(&change)).expect(422).json();
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!(pointer), &json!(code)),
            "{change}"
        );
    }
    assert_eq!(house.server.journal(), journal);
    let raised = record(&house.staff.pathologist, &accession, &with(&by_hand)).expect(201).json();
    assert_eq!((&raised["code"], &raised["closed_at"]), (&json!("HLH"), &json!("2026-03-04T09:00:00Z")));
}

#[test]
fn pages_list_what_must_be_called_and_record_the_call() {
    for engine in engines() {
        let house = House::open(engine);
        let (accession, _, _) = blasts(&house, 62);
        let browser = Browser::sign_in(&house.server, "b.super", &[Role::Supervisor, Role::Pathologist]);
        for page in ["/verify", "/sign"] {
            assert!(browser.get(page).expect(200).text.contains("New acute leukemia"), "{page}");
        }
        house.server.at("2026-03-04T11:01:00Z");
        assert!(browser.get("/verify").text.contains("escalate"));
        let page = browser.get(&format!("/cases/{accession}")).expect(200).text;
        let id = findings(&house.staff.tech, &accession)[0]["id"].as_str().unwrap().to_owned();
        let (csrf, key) = (Browser::field(&page, "csrf"), Browser::field(&page, "key"));
        let send = |csrf: &str, recipient: &str| {
            let fields = [
                ("csrf", csrf),
                ("key", &key),
                ("form", "call"),
                ("finding", &id),
                ("recipient", recipient),
                ("role", "registrar"),
                ("method", "telephone"),
                ("outcome", "reached"),
                ("read_back", "yes"),
            ];
            browser.post(&format!("/cases/{accession}/calls"), &fields)
        };
        assert_eq!(send("0", "Dr Marlow").status, 403);
        assert_eq!(send(&csrf, " ").status, 422);
        assert_eq!(send(&csrf, "Dr Marlow").status, 303);
        assert!(browser.get(&format!("/cases/{accession}")).text.contains("heard and read back"));
        for page in ["/verify", "/sign"] {
            assert!(!browser.get(page).expect(200).text.contains("New acute leukemia"), "{page}");
        }
        house.server.assert_verified();
    }
}

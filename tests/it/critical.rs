//! Critical findings: known from a draft on, called, read back, and listed until then.

use serde_json::{Value, json};
use trephine::domain::{OrderTransition, Role, SpecimenTransition};

use crate::machines::{House, revise};
use crate::support::{Browser, Engine, Reply, Token, engines, shapes};

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
    let blasts = u32::from(pct) * 5;
    let body = json!({ "interpretation": "abnormal", "summary": format!("Blasts {pct} %"), "details": { "morphology": {
        "smear_quality": "good", "particles": "2+", "differential": { "tally": "cells", "blasts": blasts,
        "erythroid": 50, "lymphocytes": 30, "plasma_cells": 5, "neutrophils": 415 - blasts } } } });
    enter_as(house, order, &body)
}

fn enter_as(house: &House, order: &str, body: &Value) -> String {
    let resource = format!("/api/v1/orders/{order}");
    let reply = house.staff.tech.post_current(&resource, &format!("{resource}/results"), body).expect(201);
    reply.json()["id"].as_str().unwrap().to_owned()
}

/// What a result of that assay raises in a case with that indication.
fn raised(house: &House, indication: &str, container: &str, assay: &str, says: &str, details: &Value) -> Vec<String> {
    let mut body = house.case(&json!([assay]));
    body["indication"] = json!(indication);
    body["specimens"] = json!([{ "kind": "aspirate", "container": container, "pull_number": 1, "volume_ul": 5000 }]);
    let case = house.log(&body);
    let label = case["specimens"][0]["label"].as_str().unwrap();
    for step in [SpecimenTransition::Receive, SpecimenTransition::Accept] {
        house.step(&house.staff.tech, label, step).expect(200);
    }
    let order = case["orders"][0]["id"].as_str().unwrap();
    house.order_step(&house.staff.tech, order, OrderTransition::Start).expect(200);
    enter_as(house, order, &json!({ "interpretation": says, "details": details }));
    let found = findings(&house.staff.tech, case["accession"].as_str().unwrap());
    found.as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect()
}

fn findings(who: &Token, accession: &str) -> Value {
    who.get(&format!("/api/v1/cases/{accession}")).expect(200).json()["critical"].clone()
}

/// To the second: the laboratory's time moves on by a little with every command.
fn second(at: &Value) -> &str {
    &at.as_str().unwrap()[..19]
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
        assert_eq!(second(&first["due_at"]), "2026-03-04T11:00:00", "two hours after it was entered");
        for outcome in ["no_answer", "left_message", "refused"] {
            record(tech, &accession, &call(&first, outcome, false)).expect(201);
        }
        let heard = record(tech, &accession, &call(&first, "reached", false)).expect(201).json();
        assert_eq!(heard["closed"], Value::Null, "heard, and not read back");
        house.server.at("2026-03-04T11:30:00Z");
        assert_eq!(findings(tech, &accession)[0]["overdue"], true);
        let mut last = call(&first, "reached", true);
        last["escalated_to"] = json!("Consultant on call");
        let done = record(&house.staff.supervisor, &accession, &last).expect(201).json();
        assert_eq!((done["calls"].as_array().unwrap().len(), &done["overdue"]), (5, &json!(false)));
        assert_eq!((second(&done["closed"]["at"]), &done["closed"]["why"]), ("2026-03-04T11:30:00", &json!("heard")));
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
    let last = enter(&house, &order, 80);
    let found = findings(&house.staff.tech, &accession);
    assert_eq!((found.as_array().unwrap().len(), &found[0]["result"]), (1, &json!(last)));
}

#[test]
fn a_finding_that_no_version_says_any_more_is_denied_and_its_calls_stay() {
    for engine in engines() {
        let house = House::open(engine);
        let (accession, order, _) = blasts(&house, 62);
        let tech = &house.staff.tech;
        // Nobody had heard it: it goes by itself, and takes no call.
        enter(&house, &order, 3);
        let first = findings(tech, &accession)[0].clone();
        assert_eq!(first["closed"]["why"], "replaced");
        let refused = record(tech, &accession, &call(&first, "reached", true)).expect(409).json();
        assert_eq!(refused["rule"], "already_closed");
        // Somebody had heard it: that stays, and that it does not stand is said beside it.
        let again = enter(&house, &order, 40);
        let other = findings(tech, &accession)[1].clone();
        assert_eq!((&other["closed"], &other["result"]), (&Value::Null, &json!(again)));
        record(tech, &accession, &call(&other, "reached", true)).expect(201);
        let pathologist = &house.staff.pathologist;
        house.result_post(pathologist, &again, "retract", &json!({ "reason": "Wrong slide" })).expect(200);
        let other = findings(tech, &accession)[1].clone();
        assert_eq!((&other["closed"]["why"], &other["denied"]["why"]), (&json!("heard"), &json!("withdrawn")));
        assert_eq!(other["calls"].as_array().unwrap().len(), 1);
        let page = Browser::sign_in(&house.server, "b.super", &[Role::Supervisor]).get(&format!("/cases/{accession}"));
        assert!(page.text.contains("The result does not say so any more"));
        assert_eq!(findings(&house.staff.hematologist, &accession).as_array().unwrap().len(), 1, "what was heard");
        house.server.assert_verified();
    }
}

#[test]
fn a_verified_finding_stands_until_its_correction_is_verified() {
    let house = House::open(Engine::sqlite());
    let (accession, _, result) = blasts(&house, 62);
    house.verify(&house.staff.supervisor, &result).expect(200);
    let mut body = revise("corrected");
    body["result"] = json!({ "interpretation": "normal", "details": shapes::details("MORPH-ASP", "normal", &|_| 0) });
    let corrected = house.result_post(&house.staff.pathologist, &result, "correct", &body).expect(201).json();
    assert_eq!(findings(&house.staff.tech, &accession)[0]["closed"], Value::Null, "a draft denies nothing");
    house.verify(&house.staff.supervisor, corrected["id"].as_str().unwrap()).expect(200);
    assert_eq!(findings(&house.staff.tech, &accession)[0]["closed"]["why"], "replaced");
}

#[test]
fn a_signed_report_names_the_calls_and_what_is_not_yet_communicated() {
    let house = House::open(Engine::sqlite());
    let (accession, _, _) = blasts(&house, 62);
    let staff = &house.staff;
    let calls = |number: u8| {
        staff.tech.get(&format!("/api/v1/cases/{accession}/reports/{number}")).expect(200).json()["content"]["calls"]
            .clone()
    };
    house.sign(&staff.pathologist, &accession, "preliminary");
    let open = calls(1);
    assert_eq!(open.as_array().unwrap().len(), 1);
    assert_eq!(open[0]["finding"], "New acute leukemia (Aspirate morphology with 500-cell differential)");
    assert_eq!((&open[0]["outcome"], &open[0]["at"]), (&json!("not yet communicated; not yet verified"), &Value::Null));
    let first = findings(&staff.tech, &accession)[0].clone();
    record(&staff.tech, &accession, &call(&first, "no_answer", false)).expect(201);
    record(&staff.tech, &accession, &call(&first, "reached", true)).expect(201);
    house.sign(&staff.pathologist, &accession, "preliminary");
    let told = calls(2);
    assert_eq!(told.as_array().unwrap().len(), 2);
    assert_eq!((&told[1]["recipient"], &told[1]["read_back"]), (&json!("Dr Marlow"), &json!(true)));
    assert_eq!((&told[0]["outcome"], second(&told[1]["at"])), (&json!("no answer"), "2026-03-04T09:00:00"));
}

#[test]
fn the_starter_list_finds_what_it_names() {
    let house = House::open(Engine::sqlite());
    let shape = |assay: &str, says: &str| shapes::details(assay, says, &|_| 40).unwrap();
    let fish = |name: &str, abnormal: u32, other: u32| {
        let probe = |name: &str, abnormal: u32| json!({ "name": name, "kind": "dual_fusion", "scored": 200, "abnormal": abnormal, "cutoff_pct": 5 });
        json!({ "fish": { "probes": [probe(name, abnormal), probe("KMT2A", other)],
            "nuc_ish": "nuc ish(PML,RARA)x2[200]" } })
    };
    let growth =
        |growth: &str| json!({ "culture": { "growth": growth, "organisms": [{ "name": "Brucella melitensis" }] } });
    let rows = [
        ("AML-NEW", "EDTA", "FLOW-AL", "abnormal", shape("FLOW-AL", "abnormal"), vec!["ACUTE_LEUKEMIA"]),
        ("LYMPHOMA", "EDTA", "FLOW-AL", "abnormal", shape("FLOW-AL", "abnormal"), vec![]),
        ("CML-MON", "EDTA", "FLOW-AL", "abnormal", shape("FLOW-AL", "abnormal"), vec!["BLAST_PHASE"]),
        ("APL-SUSPECT", "EDTA", "FISH-RAPID", "abnormal", fish("PML-RARA dual fusion", 150, 2), vec!["APL"]),
        ("AML-NEW", "EDTA", "FISH-AML", "abnormal", fish("PML::RARA", 150, 2), vec!["APL"]),
        // Abnormal by another probe; PML::RARA is below its cut-off.
        ("AML-NEW", "EDTA", "FISH-AML", "abnormal", fish("PML::RARA", 4, 90), vec![]),
        ("AML-MRD", "EDTA", "FLOW-MRD", "abnormal", shape("FLOW-MRD", "abnormal"), vec!["RELAPSE"]),
        ("AML-MRD", "EDTA", "FLOW-MRD", "normal", shape("FLOW-MRD", "normal"), vec![]),
        ("AML-MRD", "EDTA", "FUSION-Q", "abnormal", shape("FUSION-Q", "abnormal"), vec!["RELAPSE"]),
        ("INFECTION", "STERILE", "CULT", "abnormal", growth("growth"), vec!["ORGANISMS"]),
        ("INFECTION", "STERILE", "CULT", "normal", growth("contaminant"), vec![]),
    ];
    for (indication, container, assay, says, details, expected) in rows {
        let found = raised(&house, indication, container, assay, says, &details);
        assert_eq!(found, expected, "{assay} in {indication}: {details}");
    }
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
    assert_eq!((&raised["code"], second(&raised["closed"]["at"])), (&json!("HLH"), "2026-03-04T09:00:00"));
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
        // The session has ended meanwhile.
        let browser = Browser::sign_in(&house.server, "c.super", &[Role::Supervisor, Role::Pathologist]);
        assert!(browser.get("/verify").expect(200).text.contains("Past its time"));
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

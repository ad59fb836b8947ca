//! What must be taken again: opened, listed, answered, and closed when nobody needs it; over HTTP, on every engine.

use serde_json::{Value, json};
use trephine::domain::Role;
use trephine::domain::machine::{OrderTransition, SpecimenTransition as P};

use crate::machines::{House, on_both_engines};
use crate::support::{Engine, Visitor};

on_both_engines!(
    a_lost_tube_is_on_the_list_until_it_is_taken_again,
    another_tube_that_feeds_its_tests_closes_a_recollection,
    tests_that_end_close_a_recollection,
    a_test_asked_for_afterwards_opens_a_recollection_again,
    a_part_of_the_wrong_container_answers_nothing,
    what_was_not_obtained_is_asked_for_when_wished,
    the_list_is_paged_and_scoped,
    a_planned_tap_that_is_dry_is_the_outcome,
    questions_and_losses_have_reasons_of_their_own,
    a_caveat_of_another_kind_does_not_answer_whose_part_it_is,
    a_page_shows_what_must_be_taken_again,
);

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_else(|| panic!("{field}: {value}"))
}

/// A case with one EDTA tube at the bench and a gene panel; its number, label and order.
fn here(house: &House) -> (String, String, String) {
    let case = house.log(&house.case(&json!(["NGS-MYE"])));
    let label = text(&case["specimens"][0], "label").to_owned();
    house.step(&house.staff.tech, &label, P::Receive).expect(200);
    house.step(&house.staff.tech, &label, P::Accept).expect(200);
    (text(&case, "accession").to_owned(), label, text(&case["orders"][0], "id").to_owned())
}

fn case(house: &House, accession: &str) -> Value {
    house.staff.tech.get(&format!("/api/v1/cases/{accession}")).expect(200).json()
}

fn listed(house: &House) -> Vec<Value> {
    house.staff.tech.get("/api/v1/recollections").expect(200).json()["items"].as_array().unwrap().clone()
}

fn lose(house: &House, label: &str) {
    let gone = json!({ "transition": "lose", "reason": "AT_BENCH", "note": "Every bench.", "told": "Dr Marlow" });
    house.staff.supervisor.step(label, &gone).expect(200);
}

fn add(house: &House, accession: &str, container: &str) -> String {
    let part = json!({ "kind": "aspirate", "container": container, "pull_number": 1, "volume_ul": 2000,
        "collected_at": "2026-03-04T08:40:00Z" });
    let added = house.staff.tech.post(&format!("/api/v1/cases/{accession}/specimens"), &part).expect(201).json();
    text(&added, "label").to_owned()
}

fn a_lost_tube_is_on_the_list_until_it_is_taken_again(engine: Engine) {
    let house = House::open(engine);
    let (accession, label, _) = here(&house);
    assert_eq!(listed(&house), Vec::<Value>::new());
    lose(&house, &label);
    let items = listed(&house);
    assert_eq!(items.len(), 1);
    let (line, part) = (&items[0], &items[0]["parts"][0]);
    assert_eq!(
        (text(line, "accession"), text(line, "patient"), text(line, "requester"), text(line, "since")),
        (accession.as_str(), "OKONKWO, Ada", "e.marlow", text(part, "since"))
    );
    assert_eq!(
        (text(part, "label"), text(part, "kind"), text(part, "container")),
        (label.as_str(), "aspirate", "EDTA")
    );
    assert_eq!((text(part, "reason"), text(&part["asked_by"], "name")), ("AT_BENCH: Lost at the bench", "Dr s.iqbal"));
    assert_eq!(part["assays"], json!(["NGS-MYE"]));
    house.server.assert_verified();

    let again = add(&house, &accession, "EDTA");
    assert_eq!(listed(&house), Vec::<Value>::new());
    let view = case(&house, &accession);
    let new = view["specimens"].as_array().unwrap().iter().find(|s| s["label"] == again.as_str()).unwrap();
    assert_eq!(view["recollections"][0]["satisfied_by"], new["id"]);
    assert_eq!(view["recollections"][0].get("closed"), None);

    // The new one is lost as well, and then found.
    lose(&house, &again);
    assert_eq!(listed(&house).len(), 1);
    house.step(&house.staff.supervisor, &again, P::Find).expect(200);
    assert_eq!(listed(&house), Vec::<Value>::new());
    let found = &case(&house, &accession)["recollections"][1];
    assert_eq!(found["satisfied_by"], new["id"]);
    house.server.assert_verified();
}

/// The known gap: it stayed open although another tube fed its orders.
fn another_tube_that_feeds_its_tests_closes_a_recollection(engine: Engine) {
    let house = House::open(engine);
    let mut body = house.case(&json!(["NGS-MYE"]));
    let second = json!({ "kind": "aspirate", "container": "EDTA", "pull_number": 2, "volume_ul": 3000 });
    body["specimens"].as_array_mut().unwrap().push(second);
    let logged = house.log(&body);
    let labels: Vec<&str> = logged["specimens"].as_array().unwrap().iter().map(|s| text(s, "label")).collect();
    house.step(&house.staff.tech, labels[0], P::Receive).expect(200);
    house.step(&house.staff.tech, labels[0], P::ProposeRejection).expect(200);
    house.step(&house.staff.supervisor, labels[0], P::Reject).expect(200);
    assert_eq!(listed(&house), Vec::<Value>::new());
    let closed = &case(&house, text(&logged, "accession"))["recollections"][0];
    assert_eq!(text(closed, "reason"), "CLOTTED: One solid clot.");
    assert_eq!(text(&closed["closed"], "why"), format!("{} feeds its tests.", labels[1]));
    // With the second gone too, it is asked for after all.
    lose(&house, labels[1]);
    assert_eq!(listed(&house)[0]["parts"].as_array().unwrap().len(), 1);
    house.server.assert_verified();
}

/// The known gap: it stayed open although all its orders were canceled or not performed.
fn tests_that_end_close_a_recollection(engine: Engine) {
    let house = House::open(engine);
    for end in [OrderTransition::Cancel, OrderTransition::NotPerform, OrderTransition::EnterInError] {
        let (accession, label, order) = here(&house);
        lose(&house, &label);
        assert_eq!(listed(&house).len(), 1);
        house.order_step(&house.staff.supervisor, &order, end).expect(200);
        assert_eq!(listed(&house), Vec::<Value>::new(), "{end}");
        let closed = &case(&house, &accession)["recollections"][0]["closed"];
        assert_eq!(text(closed, "why"), "No test waits for it.");
        assert!(closed["at"].is_string());
    }
    house.server.assert_verified();
}

fn a_test_asked_for_afterwards_opens_a_recollection_again(engine: Engine) {
    let house = House::open(engine);
    let logged = house.log(&house.case(&json!([])));
    let accession = text(&logged, "accession");
    lose(&house, text(&logged["specimens"][0], "label"));
    // No test needs it, so nobody is punctured for it.
    assert_eq!(listed(&house), Vec::<Value>::new());
    let orders = format!("/api/v1/cases/{accession}/orders");
    let order = house.staff.supervisor.post(&orders, &json!({ "assay": "NGS-MYE" })).expect(201).json();
    assert_eq!(order["state"], "needs_recollect");
    assert_eq!(listed(&house)[0]["parts"][0]["assays"], json!(["NGS-MYE"]));
    house.server.assert_verified();
}

/// Any part of the same kind used to satisfy it, even one that no waiting test can use.
fn a_part_of_the_wrong_container_answers_nothing(engine: Engine) {
    let house = House::open(engine);
    let (accession, label, _) = here(&house);
    lose(&house, &label);
    add(&house, &accession, "NAHEP");
    assert_eq!(listed(&house).len(), 1);
    add(&house, &accession, "EDTA");
    assert_eq!(listed(&house), Vec::<Value>::new());
    house.server.assert_verified();
}

fn what_was_not_obtained_is_asked_for_when_wished(engine: Engine) {
    let house = House::open(engine);
    for (wish, count) in [(Value::Null, 0), (json!(false), 0), (json!(true), 1)] {
        let logged = house.log(&house.planned(&json!(["NGS-MYE"])));
        let label = text(&logged["specimens"][0], "label");
        let step = json!({ "transition": "mark_not_collected", "reason": "INSUFFICIENT_PULL", "recollect": wish });
        house.staff.tech.step(label, &step).expect(200);
        let items = listed(&house);
        assert_eq!(items.len(), count);
        if count == 1 {
            assert_eq!(text(&items[0]["parts"][0], "reason"), "INSUFFICIENT_PULL: not obtained");
            add(&house, text(&logged, "accession"), "EDTA");
            assert_eq!(listed(&house), Vec::<Value>::new());
        }
    }
    house.server.assert_verified();
}

fn the_list_is_paged_and_scoped(engine: Engine) {
    let house = House::open(engine);
    let mut expected = Vec::new();
    for minute in 0..5 {
        house.server.at(&format!("2026-03-04T09:0{minute}:00Z"));
        let (accession, label, _) = here(&house);
        lose(&house, &label);
        expected.push(accession);
    }
    let mut path = "/api/v1/recollections?limit=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = house.staff.tech.get(&path).expect(200);
        let body = page.json();
        seen.extend(body["items"].as_array().unwrap().iter().map(|l| text(l, "accession").to_owned()));
        let Some(next) = body["next"].as_str() else { break };
        assert!(page.header("link").unwrap().contains("rel=\"next\""));
        path = format!("/api/v1/recollections?limit=2&cursor={next}");
    }
    assert_eq!(seen, expected);
    let count = |who: &crate::support::Token| {
        who.get("/api/v1/recollections").expect(200).json()["items"].as_array().unwrap().len()
    };
    assert_eq!(count(&house.staff.hematologist), 5);
    assert_eq!(count(&house.stranger), 0);
    house.staff.admin.get("/api/v1/recollections").expect(403);
    house.staff.tech.get("/api/v1/recollections?limit=0").expect(422);
    house.staff.tech.get("/api/v1/recollections?cursor=x").expect(422);
    house.staff.tech.get("/api/v1/recollections?late=1").expect(422);
}

fn a_planned_tap_that_is_dry_is_the_outcome(engine: Engine) {
    let house = House::open(engine);
    let mut body = house.planned(&json!(["MPN-GENE"]));
    for (kind, container) in [("aspirate", "NAHEP"), ("core", "FORMALIN"), ("blood", "EDTA")] {
        body["specimens"].as_array_mut().unwrap().push(json!({ "kind": kind, "container": container }));
    }
    let logged = house.log(&body);
    let accession = text(&logged, "accession").to_owned();
    let dry = json!({ "transition": "mark_not_collected", "reason": "DRY_TAP" });
    let outcome = || case(&house, &accession)["procedure"]["outcome"].clone();
    house.staff.tech.step(text(&logged["specimens"][0], "label"), &dry).expect(200);
    assert_eq!(outcome(), "obtained");
    house.staff.tech.step(text(&logged["specimens"][1], "label"), &dry).expect(200);
    assert_eq!(outcome(), "dry_tap");
    house.server.assert_verified();
}

fn questions_and_losses_have_reasons_of_their_own(engine: Engine) {
    let house = House::open(engine);
    let (_, label, _) = here(&house);
    let hold = |reason: &str| json!({ "transition": "hold", "reason": reason, "note": "Which?", "told": "Dr Marlow" });
    for (code, status) in [("AT_BENCH", 422), ("SITE_OR_SIDE", 200)] {
        house.staff.tech.step(&label, &hold(code)).expect(status);
    }
    house.step(&house.staff.supervisor, &label, P::Resolve).expect(200);
    // Whose part it is takes a declaration and a second person, by the question's own code too.
    house.staff.supervisor.step(&label, &hold("IDENTITY")).expect(200);
    let answer = json!({ "transition": "resolve", "note": "The ward came.", "declaration": "I took it. Dr Reilly" });
    let bare = json!({ "transition": "resolve", "note": "The ward came." });
    assert_eq!(house.staff.supervisor2.step(&label, &bare).expect(422).json()["errors"][0]["pointer"], "/declaration");
    assert_eq!(house.staff.supervisor.step(&label, &answer).expect(409).json()["rule"], "second_person");
    house.staff.supervisor2.step(&label, &answer).expect(200);

    let gone = |reason: &str| json!({ "transition": "lose", "reason": reason, "note": "Looked.", "told": "Dr Marlow" });
    let refused = house.staff.supervisor.step(&label, &gone("CLOTTED")).expect(422);
    assert_eq!(refused.json()["errors"][0]["code"], "unknown_code");
    house.staff.supervisor.step(&label, &gone("IN_STORAGE")).expect(200);
    house.server.assert_verified();
}

/// Accepted with any harmless caveat, a part whose identity was in question used to lose the question.
fn a_caveat_of_another_kind_does_not_answer_whose_part_it_is(engine: Engine) {
    let house = House::open(engine);
    let (_, label, _) = here(&house);
    let hold = json!({ "transition": "hold", "reason": "IDENTITY", "note": "Whose?", "told": "the ward" });
    house.staff.supervisor.step(&label, &hold).expect(200);
    let mut caveat = json!({ "transition": "accept_with_caveat", "reason": "HEMODILUTE" });
    assert_eq!(house.staff.supervisor2.step(&label, &caveat).expect(409).json()["rule"], "identity_in_doubt");
    caveat["declaration"] = json!("I took it. Dr Reilly");
    assert_eq!(house.staff.supervisor.step(&label, &caveat).expect(409).json()["rule"], "second_person");
    house.staff.supervisor2.step(&label, &caveat).expect(200);
    house.server.assert_verified();
}

fn a_page_shows_what_must_be_taken_again(engine: Engine) {
    let house = House::open(engine);
    let (accession, label, _) = here(&house);
    let tech = Visitor::sign_in(&house.server, "t.nguyen");
    assert!(tech.get("/recollections").expect(200).text.contains("Nothing must be taken again."));
    lose(&house, &label);
    for (name, link) in [("t.nguyen", format!("/cases/{accession}")), ("e.marlow", format!("/track/{accession}"))] {
        let visitor = Visitor::sign_in(&house.server, name);
        let text = visitor.get("/recollections").expect(200).text;
        for part in [
            link.as_str(),
            label.as_str(),
            "OKONKWO, Ada",
            "Lost at the bench",
            "Myeloid gene panel",
            "Dr s.iqbal</span>",
        ] {
            assert!(text.contains(part), "{name} does not read {part}: {text}");
        }
        assert!(visitor.get("/").text.contains("href=\"/recollections\"") || text.contains("href=\"/recollections\""));
    }
    let stranger = Visitor::sign_in(&house.server, "n.stranger").get("/recollections").expect(200).text;
    assert!(!stranger.contains(&accession));
    let admin = Visitor::arrive(&house.server, "new.admin", &[Role::Admin]);
    assert_eq!(admin.get("/recollections").status, 403);
}

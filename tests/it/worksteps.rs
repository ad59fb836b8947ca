//! The steps of a bench: culture, harvest, two readers; over HTTP, on every engine.

use serde_json::{Value, json};
use trephine::domain::Role;
use trephine::domain::machine::OrderState;

use crate::machines::{House, on_both_engines};
use crate::support::{Engine, Reply, Token, Visitor};

on_both_engines!(
    a_karyotype_goes_step_by_step,
    two_people_read_a_fish,
    a_failed_attempt_keeps_its_steps,
    only_a_bench_records_steps_and_on_the_newest_version,
    one_press_on_a_page_records_the_next_step,
);

/// A case with a heparin tube and that assay, set up.
fn set_up(house: &House, assay: &str) -> String {
    let mut body = house.case(&json!([assay]));
    body["specimens"][0]["container"] = json!("NAHEP");
    let case = house.log(&body);
    let label = case["specimens"][0]["label"].as_str().unwrap();
    for step in [json!({ "transition": "receive", "temperature": "ambient" }), json!({ "transition": "accept" })] {
        house.staff.tech.step(label, &step).expect(200);
    }
    let id = case["orders"][0]["id"].as_str().unwrap().to_owned();
    house.staff.tech.order_step(&id, &json!({ "transition": "start" })).expect(200);
    id
}

fn done(who: &Token, order: &str, step: &str) -> Reply {
    who.order_step(order, &json!({ "transition": "advance", "workstep": step }))
}

fn words(reply: &Reply) -> Value {
    reply.json()["progress"]["words"].clone()
}

fn a_karyotype_goes_step_by_step(engine: Engine) {
    let house = House::open(engine);
    let tech = &house.staff.tech;
    let id = set_up(&house, "KARYO");
    let order = format!("/api/v1/orders/{id}");
    let view = tech.get(&order);
    assert_eq!(words(&view), "set up next");
    assert_eq!(view.json()["progress"]["of"], 5);

    // What is next is said; nothing is left out in silence, and nothing is done twice.
    let refused = done(tech, &id, "HARVEST").expect(409);
    assert_eq!(refused.json()["rule"], "step_left_out");
    assert!(refused.json()["detail"].as_str().unwrap().contains("next is “set up” (SET-UP)"), "{}", refused.text);
    let missing = tech.order_step(&id, &json!({ "transition": "advance" })).expect(422);
    assert_eq!(missing.json()["errors"][0]["pointer"], "/workstep");
    let unknown = done(tech, &id, "SEQUENCE").expect(422);
    assert_eq!(unknown.json()["errors"][0]["code"], "unknown_code");
    assert_eq!(words(&done(tech, &id, "SET-UP").expect(200)), "culture, day 1 of 3");
    assert_eq!(done(tech, &id, "SET-UP").expect(409).json()["rule"], "done_already");

    house.server.at("2026-03-05T10:00:00Z");
    assert_eq!(words(&tech.get(&order)), "culture, day 2 of 3");
    assert_eq!(tech.get(&order).json()["progress"]["expected_at"].as_str().unwrap().get(..13), Some("2026-03-07T09"));
    let lines = tech.get("/api/v1/worklists/KARYO").json();
    assert_eq!(lines["items"][0]["progress"]["words"], "culture, day 2 of 3", "{lines}");
    house.server.at("2026-03-07T10:00:00Z");
    assert_eq!(words(&tech.get(&order)), "culture to be ended");

    // A later step takes a note; a time before the step before it takes a reason.
    let skip = json!({ "transition": "advance", "workstep": "HARVEST", "note": "Culture ended at night, not noted." });
    assert_eq!(words(&tech.order_step(&id, &skip).expect(200)), "band next");
    let early = json!({ "transition": "advance", "workstep": "BAND", "occurred_at": "2026-03-06T10:00:00Z" });
    assert_eq!(tech.order_step(&id, &early).expect(422).json()["errors"][0]["code"], "out_of_order");
    done(&house.staff.supervisor, &id, "BAND").expect(200);
    let last = done(&house.staff.pathologist, &id, "ANALYZE").expect(200);
    assert_eq!(words(&last), "every step is done, result to enter");
    assert_eq!(last.json()["progress"]["next"], Value::Null);
    assert_eq!(done(tech, &id, "ANALYZE").expect(409).json()["rule"], "all_done");
    assert_eq!(last.json()["state"], "in_process");
    let steps = &last.json()["attempts"][0]["steps"];
    let codes: Vec<&str> = steps.as_array().unwrap().iter().map(|s| s["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["SET-UP", "HARVEST", "BAND", "ANALYZE"]);
    house.server.assert_verified();
}

fn two_people_read_a_fish(engine: Engine) {
    let house = House::open(engine);
    let id = set_up(&house, "FISH-MDS");
    done(&house.staff.tech, &id, "HYBRIDIZE").expect(200);
    let first = done(&house.staff.tech, &id, "SCORE").expect(200);
    assert_eq!(words(&first), "second reader to score");
    assert_eq!(first.json()["progress"]["first_reader"]["name"], "Dr t.nguyen");
    let again = json!({ "transition": "advance", "workstep": "SCORE", "note": "I looked twice." });
    assert_eq!(house.staff.tech.order_step(&id, &again).expect(409).json()["rule"], "second_reader");
    let second = done(&house.staff.tech2, &id, "SCORE").expect(200);
    assert_eq!(words(&second), "every step is done, result to enter");
    house.server.assert_verified();
}

fn a_failed_attempt_keeps_its_steps(engine: Engine) {
    let house = House::open(engine);
    let tech = &house.staff.tech;
    let id = set_up(&house, "KARYO");
    done(tech, &id, "SET-UP").expect(200);
    let fail = json!({ "transition": "fail", "reason": "NO_METAPHASES", "note": "None." });
    let failed = tech.order_step(&id, &fail).expect(200).json();
    assert_eq!(failed["progress"], Value::Null);
    tech.order_step(&id, &json!({ "transition": "repeat" })).expect(200);
    let again = tech.order_step(&id, &json!({ "transition": "start" })).expect(200);
    assert_eq!(words(&again), "set up next");
    let again = done(tech, &id, "SET-UP").expect(200).json();
    for attempt in again["attempts"].as_array().unwrap() {
        assert_eq!(attempt["steps"][0]["code"], "SET-UP");
    }
    assert_eq!(again["attempts"].as_array().unwrap().len(), 2);
    house.server.assert_verified();
}

fn only_a_bench_records_steps_and_on_the_newest_version(engine: Engine) {
    let house = House::open(engine);
    let id = set_up(&house, "KARYO");
    for who in [&house.staff.hematologist, &house.staff.admin, &house.staff.auditor, &house.staff.interface] {
        done(who, &id, "SET-UP").expect(403);
    }
    let path = format!("/api/v1/orders/{id}/transitions");
    let body = json!({ "transition": "advance", "workstep": "SET-UP" });
    house.staff.tech.post(&path, &body).expect(428);
    let etag = house.staff.tech.get(&format!("/api/v1/orders/{id}")).etag.unwrap();
    let once = [("if-match", etag.as_str()), ("idempotency-key", "step-1")];
    let first = house.staff.tech.post_with(&path, &body, &once).expect(200);
    let again = house.staff.tech.post_with(&path, &body, &once).expect(200);
    assert_eq!(first.text, again.text);
    house.staff.tech.post_with(&path, &body, &[("if-match", &etag)]).expect(412);
    let strict = json!({ "transition": "advance", "workstep": "CULTURE", "step": 1 });
    house.staff.tech.order_step(&id, &strict).expect(422);
    // An assay that waits has no step to record.
    let waits = house.order(OrderState::Ready);
    done(&house.staff.tech, &waits, "EXTRACT").expect(409);
    house.server.assert_verified();
}

fn one_press_on_a_page_records_the_next_step(engine: Engine) {
    let house = House::open(engine);
    let id = set_up(&house, "FISH-MDS");
    let (page, action) = (format!("/orders/{id}"), format!("/orders/{id}/steps/advance"));
    let tech = Visitor::sign_in(&house.server, "t.nguyen");
    assert!(tech.get("/worklists/FISH").text.contains("Hybridize: done"));
    // The button of the line says which test, which version and which step.
    let list = tech.get("/worklists/FISH").text;
    let button = list.split("name=\"press\" value=\"").find(|b| b.starts_with(&id)).unwrap();
    let button = button.split('"').next().unwrap().to_owned();
    let press = tech.submit("/worklists/FISH", "/worklists/FISH?view=all", &[("press", &button)]).expect(303);
    // The line that was pressed goes along: for some seconds it can be taken back.
    let order = id.as_str();
    let back = format!("/worklists/FISH?view=all&pressed={order}&done=advance");
    assert_eq!(press.header("location"), Some(back.as_str()));
    assert!(tech.get(&page).text.contains("Score next"));
    // Without the word of the session nothing happens.
    let forged = tech.submit(&page, &action, &[("csrf", "x")]);
    assert!(forged.status >= 400, "{}", forged.status);
    tech.submit(&page, &action, &[]).expect(303);
    let text = tech.get(&page).text;
    assert!(text.contains("Second reader to score") && !text.contains("Score: done"), "{text}");
    let second = Visitor::sign_in(&house.server, "k.adeyemi");
    second.submit(&page, &action, &[]).expect(303);
    assert!(second.get(&page).text.contains("Every step is done, result to enter"));

    // What the requester reads.
    let accession = house.staff.tech.get(&format!("/api/v1/orders/{id}")).json()["accession"].clone();
    let requester = Visitor::sign_in(&house.server, "e.marlow");
    let text = requester.get(&format!("/track/{}", accession.as_str().unwrap())).expect(200).text;
    assert!(
        text.contains("Being done") && !text.contains("every step is done"),
        "the bench's words stay at the bench: {text}"
    );
    let visitor = Visitor::arrive(&house.server, "new.admin", &[Role::Admin]);
    assert!(visitor.get(&page).status >= 400);
    house.server.assert_verified();
}

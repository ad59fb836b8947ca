//! A sample that is not enough for every test: what is missing, who goes first, and what a person decides.

use serde_json::{Value, json};
use trephine::domain::Role;
use trephine::domain::machine::{OrderTransition, SpecimenTransition as P};

use crate::machines::{House, on_both_engines};
use crate::support::{Engine, Reply, Token, Visitor};

on_both_engines!(
    what_is_missing_is_said_and_an_order_proposed,
    a_decision_gives_the_material_out_in_its_order,
    a_decision_names_orders_that_wait,
    only_a_senior_or_the_requester_decides,
    an_assay_that_failed_for_good_is_substituted,
    a_page_shows_the_shortage_and_takes_the_decision,
);

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_else(|| panic!("{field}: {value}"))
}

/// A tube of 1800 µL EDTA at the bench for three assays of 1000 µL each; flow and gene panel, and FISH.
fn scarce(house: &House) -> Value {
    let mut body = house.case(&json!(["FLOW-LPD", "FISH-LYM", "NGS-MYE"]));
    body["specimens"][0]["volume_ul"] = json!(1800);
    let case = house.log(&body);
    let label = text(&case["specimens"][0], "label");
    house.step(&house.staff.tech, label, P::Receive).expect(200);
    house.step(&house.staff.tech, label, P::Accept).expect(200);
    look(house, text(&case, "accession"))
}

fn look(house: &House, accession: &str) -> Value {
    house.staff.tech.get(&format!("/api/v1/cases/{accession}")).expect(200).json()
}

fn order<'v>(case: &'v Value, assay: &str) -> &'v Value {
    case["orders"].as_array().unwrap().iter().find(|o| o["assay"] == assay).unwrap()
}

fn proposed(case: &Value) -> Vec<(&str, bool)> {
    let shares = case["sample_plan"]["proposed"].as_array().unwrap();
    shares.iter().map(|s| (text(s, "assay"), s["fits"].as_bool().unwrap())).collect()
}

fn decide(who: &Token, case: &Value, assays: &[&str]) -> Reply {
    let resource = format!("/api/v1/cases/{}", text(case, "accession"));
    let ids: Vec<&str> = assays.iter().map(|a| text(order(case, a), "id")).collect();
    who.post_current(
        &resource,
        &format!("{resource}/sample-plan"),
        &json!({ "order": ids, "note": "Decides treatment." }),
    )
}

fn what_is_missing_is_said_and_an_order_proposed(engine: Engine) {
    let house = House::open(engine);
    let case = scarce(&house);
    let plan = &case["sample_plan"];
    assert_eq!(
        (&plan["needed_ul"], &plan["available_ul"], &plan["short_by_ul"]),
        (&json!(3000), &json!(1800), &json!(1200))
    );
    assert_eq!(plan["groups"][0]["container"], "EDTA");
    assert_eq!(plan["decided"], Value::Null);
    // Molecular work first, on a tube that nothing has touched; then what dies first.
    assert_eq!(proposed(&case), [("NGS-MYE", true), ("FLOW-LPD", false), ("FISH-LYM", false)]);
    // Enough is enough.
    let plenty = house.log(&house.case(&json!(["FLOW-LPD", "NGS-MYE"])));
    assert_eq!(plenty["sample_plan"]["short_by_ul"], 0);
    assert_eq!(proposed(&plenty), [("NGS-MYE", true), ("FLOW-LPD", true)]);
}

fn a_decision_gives_the_material_out_in_its_order(engine: Engine) {
    let house = House::open(engine);
    let case = scarce(&house);
    assert_eq!(order(&case, "NGS-MYE")["state"], "ready");
    let decided = decide(&house.staff.supervisor, &case, &["FLOW-LPD"]).expect(200).json();
    assert_eq!(proposed(&decided), [("FLOW-LPD", true), ("NGS-MYE", false), ("FISH-LYM", false)]);
    let plan = &decided["sample_plan"]["decided"];
    assert_eq!((text(&plan["by"], "name"), text(plan, "note")), ("Dr s.iqbal", "Decides treatment."));
    assert_eq!(order(&decided, "FLOW-LPD")["state"], "ready");
    for assay in ["NGS-MYE", "FISH-LYM"] {
        assert_eq!(order(&decided, assay)["state"], "awaiting_specimen", "{assay}");
        assert!(text(order(&decided, assay), "why_no_part").contains("0.8 mL is left"), "{decided}");
    }
    // Whoever comes second finds nothing, whoever asks.
    let id = text(order(&decided, "NGS-MYE"), "id");
    house.order_step(&house.staff.tech, id, OrderTransition::Start).expect(409);
    let first = text(order(&decided, "FLOW-LPD"), "id");
    house.order_step(&house.staff.tech, first, OrderTransition::Start).expect(200);
    // It can be decided again, and what is not needed any more is free again.
    let now = look(&house, text(&case, "accession"));
    assert_eq!(now["sample_plan"]["available_ul"], 800);
    house.server.assert_verified();

    let other = scarce(&house);
    decide(&house.staff.pathologist, &other, &["FISH-LYM", "FLOW-LPD"]).expect(200);
    let fish = text(order(&other, "FISH-LYM"), "id");
    house.order_step(&house.staff.supervisor, fish, OrderTransition::Cancel).expect(200);
    let now = look(&house, text(&other, "accession"));
    assert_eq!(
        (&order(&now, "FLOW-LPD")["state"], &order(&now, "NGS-MYE")["state"]),
        (&json!("ready"), &json!("awaiting_specimen"))
    );
    house.server.assert_verified();
}

fn a_decision_names_orders_that_wait(engine: Engine) {
    let house = House::open(engine);
    let case = scarce(&house);
    let resource = format!("/api/v1/cases/{}", text(&case, "accession"));
    let path = format!("{resource}/sample-plan");
    let flow = text(order(&case, "FLOW-LPD"), "id");
    let post = |body: &Value| house.staff.supervisor.post_current(&resource, &path, body);
    for (ids, pointer, code) in [
        (json!([]), "/order", "missing"),
        (json!([flow, flow]), "/order/1", "repeated"),
        (json!(["019ca97b-f880-7000-8010-90bea497bb81"]), "/order/0", "unknown"),
    ] {
        let error = post(&json!({ "order": ids })).expect(422).json()["errors"][0].clone();
        assert_eq!((text(&error, "pointer"), text(&error, "code")), (pointer, code));
    }
    post(&json!({ "order": [flow], "because": "x" })).expect(422);
    house.order_step(&house.staff.tech, flow, OrderTransition::Start).expect(200);
    assert_eq!(post(&json!({ "order": [flow] })).expect(422).json()["errors"][0]["code"], "not_waiting");
    let body = json!({ "order": [text(order(&case, "NGS-MYE"), "id")] });
    house.staff.supervisor.post(&path, &body).expect(428);
    house.staff.supervisor.post_with(&path, &body, &[("if-match", "\"1\"")]).expect(412);
    let etag = house.staff.supervisor.get(&resource).etag.unwrap();
    let once = [("if-match", etag.as_str()), ("idempotency-key", "plan-1")];
    let first = house.staff.supervisor.post_with(&path, &body, &once).expect(200);
    assert_eq!(first.text, house.staff.supervisor.post_with(&path, &body, &once).expect(200).text);
}

fn only_a_senior_or_the_requester_decides(engine: Engine) {
    let house = House::open(engine);
    let case = scarce(&house);
    for who in [&house.staff.tech, &house.staff.auditor, &house.staff.interface, &house.staff.admin] {
        decide(who, &case, &["FLOW-LPD"]).expect(403);
    }
    decide(&house.stranger, &case, &["FLOW-LPD"]).expect(404);
    decide(&house.staff.hematologist, &case, &["FLOW-LPD"]).expect(200);
}

/// FISH after a karyotype that failed: once, and only when nobody tries again.
fn an_assay_that_failed_for_good_is_substituted(engine: Engine) {
    let house = House::open(engine);
    for present in [false, true] {
        let mut body = house.case(&if present { json!(["KARYO", "FISH-MDS"]) } else { json!(["KARYO"]) });
        body["specimens"][0]["container"] = json!("NAHEP");
        let case = house.log(&body);
        let label = text(&case["specimens"][0], "label");
        house.step(&house.staff.tech, label, P::Receive).expect(200);
        house.step(&house.staff.tech, label, P::Accept).expect(200);
        let id = text(order(&case, "KARYO"), "id");
        house.order_step(&house.staff.tech, id, OrderTransition::Start).expect(200);
        house.order_step(&house.staff.tech, id, OrderTransition::Fail).expect(200);
        let count = || look(&house, text(&case, "accession"))["orders"].as_array().unwrap().len();
        assert_eq!(count(), if present { 2 } else { 1 });
        let end = json!({ "transition": "not_perform", "reason": "FAILED" });
        house.staff.supervisor.order_step(id, &end).expect(200);
        assert_eq!(count(), 2);
        let now = look(&house, text(&case, "accession"));
        let fish = order(&now, "FISH-MDS");
        if !present {
            assert_eq!((text(fish, "origin"), text(fish, "parent")), ("reflex", id));
            assert_eq!(text(fish, "why"), "KARYO failed for good");
        }
    }
    house.server.assert_verified();
}

fn a_page_shows_the_shortage_and_takes_the_decision(engine: Engine) {
    let house = House::open(engine);
    let case = scarce(&house);
    let page = format!("/cases/{}", text(&case, "accession"));
    let action = format!("{page}/sample-plan");
    let tech = Visitor::sign_in(&house.server, "t.nguyen").get(&page).expect(200).text;
    assert!(tech.contains("1.2 mL short") && !tech.contains(&action), "{tech}");
    let senior = Visitor::sign_in(&house.server, "s.iqbal");
    let fish = format!("place.{}", text(order(&case, "FISH-LYM"), "id"));
    let done = senior.submit(&page, &action, &[(&fish, "1"), ("note", "Relapse is asked for.")]).expect(303);
    assert!(done.header("location").unwrap().contains("done=sample-plan"));
    let now = look(&house, text(&case, "accession"));
    assert_eq!(proposed(&now)[0], ("FISH-LYM", true));
    assert!(senior.get(&page).text.contains("Relapse is asked for."));
    assert_eq!(senior.submit(&page, &action, &[(&fish, "first")]).status, 422);
    let admin = Visitor::arrive(&house.server, "new.admin", &[Role::Admin]);
    assert!(admin.post(&action, &[]).status >= 400);
    house.server.assert_verified();
}

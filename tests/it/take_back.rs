//! A step taken by mistake: taken back at once, exactly, by whoever took it and nobody else, on both engines.

use serde_json::{Value, json};
use trephine::domain::machine::{OrderTransition as T, SpecimenTransition as P};
use trephine::domain::take_back::{UNDO_S, order_step, part_step};
use trephine::domain::{Machine, OrderState, Role, SpecimenState};

use crate::machines::{House, on_both_engines};
use crate::support::{Engine, Reply, Token, Visitor};

on_both_engines!(
    every_declared_step_of_a_part_is_taken_back_exactly,
    every_declared_step_of_an_order_is_taken_back_exactly,
    only_who_took_it_takes_it_back_at_once_and_while_nothing_came_after,
    what_cannot_be_taken_back_says_what_to_do_instead,
    a_position_that_somebody_else_took_meanwhile_stays_theirs,
    scan_step_undo,
    a_press_of_a_list_is_taken_back_from_the_list,
);

fn case_path(label: &str) -> String {
    format!("/api/v1/cases/{}", label.rsplit_once('-').unwrap().0)
}

fn undo(who: &Token, case: &str) -> Reply {
    who.post_current(case, &format!("{case}/undo"), &json!({}))
}

fn rule(reply: &Reply) -> String {
    reply.json()["rule"].as_str().unwrap_or_default().to_owned()
}

/// Everything without the versions, which only go on.
fn content(mut value: Value) -> Value {
    match &mut value {
        Value::Object(map) => {
            map.remove("version");
            map.values_mut().for_each(|v| *v = content(v.take()));
        }
        Value::Array(all) => all.iter_mut().for_each(|v| *v = content(v.take())),
        _ => {}
    }
    value
}

fn seen(house: &House, case: &str) -> Value {
    house.staff.supervisor.get(case).expect(200).json()
}

/// Takes the step, takes it back, and takes it again.
fn there_and_back(house: &House, who: &Token, case: &str, what: &str, step: &dyn Fn() -> Reply) {
    let before = seen(house, case);
    let took = step();
    assert_eq!(took.status, 200, "{what}: {}", took.text);
    let between = seen(house, case);
    assert_ne!(content(before.clone()), content(between.clone()), "{what} changed nothing");
    let back = undo(who, case);
    assert_eq!(back.status, 200, "{what}: {}", back.text);
    let after = seen(house, case);
    assert_eq!(content(after.clone()), content(before), "{what}");
    assert_eq!(after["version"], json!(between["version"].as_i64().unwrap() + 1), "{what}: the journal goes on");
    assert_eq!(rule(&undo(who, case).expect(409)), "not_reversible", "{what}: taken back twice");
    step().expect(200);
    house.server.assert_verified();
}

fn every_declared_step_of_a_part_is_taken_back_exactly(engine: Engine) {
    let house = House::open(engine);
    for row in SpecimenState::TABLE.iter().filter(|row| part_step(row.step).is_ok()) {
        let who = if row.who.contains(&Role::Tech) { &house.staff.tech } else { &house.staff.supervisor };
        for from in row.from {
            let label = house.part(*from);
            let what = format!("{} from {from}", row.step);
            there_and_back(&house, who, &case_path(&label), &what, &|| house.step(who, &label, row.step));
        }
    }
}

fn every_declared_step_of_an_order_is_taken_back_exactly(engine: Engine) {
    let house = House::open(engine);
    let tech = &house.staff.tech;
    for row in OrderState::TABLE.iter().filter(|row| order_step(row.step).is_ok()) {
        for from in row.from {
            let id = house.order(*from);
            let accession = tech.get(&format!("/api/v1/orders/{id}")).json()["accession"].as_str().unwrap().to_owned();
            let case = format!("/api/v1/cases/{accession}");
            let what = format!("{} from {from}", row.step);
            there_and_back(&house, tech, &case, &what, &|| house.order_step(tech, &id, row.step));
        }
    }
}

fn only_who_took_it_takes_it_back_at_once_and_while_nothing_came_after(engine: Engine) {
    let house = House::open(engine);
    let staff = &house.staff;
    let label = house.part(SpecimenState::Collected);
    let case = case_path(&label);
    house.step(&staff.tech, &label, P::Receive).expect(200);
    let taken = house.server.lab.now();
    let path = format!("{case}/undo");
    assert_eq!(staff.tech.post(&path, &json!({})).status, 428, "it needs the version");
    let stale = staff.tech.post_with(&path, &json!({}), &[("if-match", "\"1\"")]).expect(412);
    assert_eq!(stale.problem(), "stale");
    // A supervisor has no more, and who never works at the bench may not at all.
    for other in [&staff.tech2, &staff.supervisor] {
        let refused = undo(other, &case).expect(409);
        assert_eq!(rule(&refused), "another_person", "{}", refused.text);
    }
    for nobody in [&staff.auditor, &staff.admin, &staff.interface] {
        assert_eq!(nobody.post_with(&path, &json!({}), &[("if-match", "*")]).status, 403);
    }
    house.server.clock.set(taken + chrono::Duration::seconds(UNDO_S));
    undo(&staff.tech, &case).expect(200);
    // Something came after: what was seen is stale, and what is newest is somebody else's.
    house.step(&staff.tech, &label, P::Receive).expect(200);
    let seen = staff.tech.get(&case).etag.unwrap();
    house.step(&staff.tech2, &label, P::Accept).expect(200);
    assert_eq!(staff.tech.post_with(&path, &json!({}), &[("if-match", &seen)]).status, 412);
    assert_eq!(rule(&undo(&staff.tech, &case).expect(409)), "another_person");
    // Too late.
    house.step(&staff.tech, &label, P::Start).expect(200);
    house.server.clock.set(house.server.lab.now() + chrono::Duration::seconds(UNDO_S + 1));
    let journal = house.server.journal();
    let late = undo(&staff.tech, &case).expect(409);
    assert_eq!(rule(&late), "too_late", "{}", late.text);
    assert_eq!(house.server.journal(), journal, "a refusal leaves no trace");
    // The journal keeps both: what was done, and that it was taken back.
    let history = staff.tech.get(&format!("{case}/history")).expect(200).json();
    let said: Vec<&str> = history["items"].as_array().unwrap().iter().map(|e| e["command"].as_str().unwrap()).collect();
    assert!(said.windows(2).any(|two| two == ["specimen.receive", "case.take_back"]), "{said:?}");
    house.server.assert_verified();
}

fn what_cannot_be_taken_back_says_what_to_do_instead(engine: Engine) {
    let house = House::open(engine);
    let tech = &house.staff.tech;
    let label = house.part(SpecimenState::Received);
    let case = case_path(&label);
    house.step(tech, &label, P::Hold).expect(200);
    let refused = undo(tech, &case).expect(409);
    assert_eq!(rule(&refused), "not_reversible");
    assert!(refused.text.contains("resolve it"), "{}", refused.text);
    let order = house.order(OrderState::InProcess);
    let accession = tech.get(&format!("/api/v1/orders/{order}")).json()["accession"].as_str().unwrap().to_owned();
    house.order_step(tech, &order, T::Fail).expect(200);
    let refused = undo(tech, &format!("/api/v1/cases/{accession}")).expect(409);
    assert!(refused.text.contains("repeat the assay"), "{}", refused.text);
    house.server.assert_verified();
}

fn a_position_that_somebody_else_took_meanwhile_stays_theirs(engine: Engine) {
    let house = House::open(engine);
    let tech = &house.staff.tech;
    let put =
        |label: &str| tech.step(label, &json!({ "transition": "store", "location": "FREEZER-80A:B3" })).expect(200);
    let (first, second) = (house.part(SpecimenState::Accepted), house.part(SpecimenState::Accepted));
    put(&first);
    house.step(tech, &first, P::Start).expect(200);
    put(&second);
    let refused = undo(tech, &case_path(&first)).expect(422);
    assert!(refused.text.contains("FREEZER-80A:B3 is taken") && refused.text.contains(&second), "{}", refused.text);
    // Its case is another one, so that it is the newest step there: taken back, the position is free.
    undo(tech, &case_path(&second)).expect(200);
    undo(tech, &case_path(&first)).expect(200);
    let there = tech.get(&format!("/api/v1/specimens/{first}")).json();
    assert_eq!((&there["state"], &there["location"]), (&json!("stored"), &json!("FREEZER-80A:B3")));
    house.server.assert_verified();
}

fn scan_step_undo(engine: Engine) {
    let house = House::open(engine);
    let page = Visitor::sign_in(&house.server, "t.nguyen");
    let state = |label: &str| house.staff.auditor.get(&format!("/api/v1/specimens/{label}")).json()["state"].clone();
    let label = house.part(SpecimenState::Collected);
    let card = format!("/scan?label={label}");
    let action = case_path(&label).replace("/api/v1", "") + "/undo";
    assert!(!page.get(&card).expect(200).text.contains(&action), "nothing is there to take back");
    // By the button of the card.
    let receive = format!("/specimens/{label}/steps/receive");
    page.submit(&card, &receive, &[("temperature", "ambient")]).expect(303);
    let offer = page.get(&card).expect(200).text;
    assert!(offer.contains(&action) && offer.contains("You can undo this for 10 seconds."), "{offer}");
    let back = page.submit(&card, &action, &[]).expect(303);
    assert_eq!(back.header("location"), Some(format!("{card}&amp;done=take_back").replace("&amp;", "&").as_str()));
    assert!(page.get(back.header("location").unwrap()).text.contains("Undone. The journal keeps both."));
    assert_eq!(state(&label), "collected");
    // By the command barcode, after a scan that received at once.
    let scan = |fields: &[(&str, &str)]| page.submit("/scan", "/scan", fields);
    scan(&[("code", &label), ("mode", "receive"), ("temperature", "ambient")]).expect(303);
    assert_eq!(state(&label), "received");
    assert!(scan(&[("code", "CMD-UNDO")]).expect(422).text.contains("Scan the part, then the command"));
    let stranger = house.part(SpecimenState::Collected);
    assert_eq!(scan(&[("code", "CMD-UNDO"), ("on", &stranger)]).status, 422, "the card shows another part");
    scan(&[("code", "cmd-undo"), ("on", &label)]).expect(303);
    assert_eq!(state(&label), "collected");
    let twice = scan(&[("code", "CMD-UNDO"), ("on", &label)]).expect(422);
    assert!(twice.text.contains("was not taken on"), "{}", twice.text);
    // Somebody else's card offers nothing; after a while nobody's does, and the server decides.
    page.submit(&card, &receive, &[("temperature", "ambient")]).expect(303);
    assert!(!Visitor::sign_in(&house.server, "k.adeyemi").get(&card).expect(200).text.contains(&action));
    house.server.clock.set(house.server.lab.now() + chrono::Duration::seconds(11));
    assert!(!page.get(&card).expect(200).text.contains(&action));
    house.server.clock.set(house.server.lab.now() + chrono::Duration::seconds(UNDO_S));
    let late = scan(&[("code", "CMD-UNDO"), ("on", &label)]).expect(422);
    assert!(late.text.contains("more than 30 seconds ago"), "{}", late.text);
    assert!(page.get("/scan/commands").expect(200).text.contains("CMD-UNDO"));
    house.server.assert_verified();
}

fn a_press_of_a_list_is_taken_back_from_the_list(engine: Engine) {
    let house = House::open(engine);
    let tech = &house.staff.tech;
    let order = house.order(OrderState::Ready);
    let seen = || tech.get(&format!("/api/v1/orders/{order}")).expect(200).json();
    let department = seen()["department"].as_str().unwrap().to_owned();
    let list = format!("/worklists/{department}");
    let action = format!("{list}?view=all");
    let page = Visitor::sign_in(&house.server, "t.nguyen");
    let press = format!("{order}.{}.start", seen()["version"]);
    let done = page.submit(&list, &action, &[("press", &press)]).expect(303);
    assert_eq!(seen()["state"], "in_process");
    let to = done.header("location").unwrap().to_owned();
    let text = page.get(&to).expect(200).text;
    let offer = text.split("name=\"undo\" value=\"").nth(1).unwrap_or_else(|| panic!("no offer: {text}"));
    let which = offer.split('"').next().unwrap().to_owned();
    page.submit(&to, &action, &[("undo", &which)]).expect(303);
    assert_eq!(seen()["state"], "ready");
    // Again: it is said in the list why not.
    let twice = page.submit(&list, &action, &[("undo", &which)]).expect(200);
    assert!(twice.text.contains("1 was refused:"), "{}", twice.text);
    house.server.assert_verified();
}

//! The bench from outside: positions of the storage map, scans, the check-in of a kit, presses for several lines.

use serde_json::{Value, json};
use trephine::domain::OrderState;
use trephine::domain::machine::SpecimenTransition as P;

use crate::machines::{House, on_both_engines};
use crate::support::{Browser, Engine, Reply, Token, Visitor};

on_both_engines!(
    a_position_holds_one_part_and_a_refusal_names_it,
    of_many_who_store_into_one_position_one_wins,
    a_scan_is_answered_with_a_card_or_a_reason,
    a_kit_is_checked_in_scan_by_scan,
    views_count_the_lines_that_they_open,
    a_press_for_several_lines_answers_for_each,
    bug_an_expired_part_was_started_by_one_press,
    bug_a_part_of_another_bench_was_started_by_enter,
);

/// The label of an accepted tube of a new case.
fn accepted(house: &House) -> String {
    let label = logged(house);
    house.step(&house.staff.tech, &label, P::Receive).expect(200);
    house.step(&house.staff.tech, &label, P::Accept).expect(200);
    label
}

fn logged(house: &House) -> String {
    let case = house.log(&house.case(&json!(["FLOW-LPD"])));
    case["specimens"][0]["label"].as_str().unwrap().to_owned()
}

fn store(who: &Token, label: &str, location: &str) -> Reply {
    who.step(label, &json!({ "transition": "store", "location": location }))
}

fn message(reply: &Reply) -> String {
    reply.json()["errors"][0]["message"].as_str().unwrap_or_default().to_owned()
}

fn a_position_holds_one_part_and_a_refusal_names_it(engine: Engine) {
    let house = House::open(engine);
    let tech = &house.staff.tech;
    let (first, second) = (accepted(&house), accepted(&house));
    let put: Value = store(tech, &first, "freezer-80a b03").expect(200).json();
    assert_eq!(put["location"], "FREEZER-80A:B3", "a position has one spelling");
    let refused = store(tech, &second, "FREEZER-80A:B3").expect(422);
    let said = message(&refused);
    assert!(said.contains(&first) && said.contains(" since "), "{said}");
    assert!(message(&store(tech, &second, "FREEZER-80A:Z9").expect(422)).contains("ends at I9"));
    assert!(message(&store(tech, &second, "NOWHERE:A1").expect(422)).contains("no storage place"));
    // The page says the same, and shows who lies there.
    let page = Visitor::sign_in(&house.server, "t.nguyen");
    let map = page.get("/storage/FREEZER-80A").expect(200).text;
    assert!(map.contains(&first) && map.contains("80 of 81 positions are free"), "{map}");
    assert!(page.get("/storage").expect(200).text.contains("FREEZER-80A"));
    page.get("/storage/NOWHERE").expect(404);
    let action = format!("/specimens/{second}/steps/store");
    let form = page.submit(&action, &action, &[("location", "FREEZER-80A:B3")]).expect(422);
    assert!(form.text.contains("FREEZER-80A:B3 is taken"), "{}", form.text);
    // Who takes it to the bench makes room.
    house.step(tech, &first, P::Start).expect(200);
    store(tech, &second, "FREEZER-80A:B3").expect(200);
    // Words are words; two parts may lie on one shelf.
    let third = accepted(&house);
    store(tech, &third, "Fridge 2").expect(200);
    house.server.assert_verified();
}

fn of_many_who_store_into_one_position_one_wins(engine: Engine) {
    let house = House::open(engine);
    let labels: Vec<String> = (0..6).map(|_| accepted(&house)).collect();
    let gate = std::sync::Barrier::new(labels.len());
    let mut answers: Vec<(u16, String)> = std::thread::scope(|scope| {
        let all: Vec<_> = labels
            .iter()
            .map(|label| {
                let (who, gate) = (house.staff.tech.clone(), &gate);
                scope.spawn(move || {
                    gate.wait();
                    let reply = store(&who, label, "FRIDGE-F4:A1");
                    (reply.status, reply.text)
                })
            })
            .collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    });
    answers.sort();
    let status: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
    assert_eq!(status, [200, 422, 422, 422, 422, 422], "{answers:?}");
    assert!(answers[1..].iter().all(|(_, text)| text.contains("FRIDGE-F4:A1 is taken")), "{answers:?}");
    house.server.assert_verified();
}

fn a_scan_is_answered_with_a_card_or_a_reason(engine: Engine) {
    let house = House::open(engine);
    let page = Visitor::sign_in(&house.server, "t.nguyen");
    let scan = |fields: &[(&str, &str)]| page.submit("/scan", "/scan", fields);
    let label = logged(&house);
    let found = scan(&[("code", &format!("]C1{}\r", label.to_lowercase()))]).expect(303);
    assert_eq!(found.header("location"), Some(format!("/scan?label={label}").as_str()));
    assert!(page.get(&format!("/scan?label={label}")).text.contains(&format!("data-label=\"{label}\"")));
    let unknown = scan(&[("code", "BM26-999999X-A1")]);
    assert!(unknown.status == 422 && unknown.text.contains("data-tone=\"stop\""), "{}", unknown.text);
    // Received at once; a second scan is no confirmation of anything, and says who has it.
    let receive = [("code", label.as_str()), ("mode", "receive"), ("temperature", "ambient")];
    scan(&receive).expect(303);
    let again = scan(&receive).expect(422);
    assert!(again.text.contains("was received already:") && again.text.contains("t.nguyen</span>"), "{}", again.text);
    assert!(scan(&[("code", &logged(&house)), ("mode", "receive")]).expect(422).text.contains("traveled"));
    // One press says that both identifiers match; the form says it in a hidden field.
    let card = format!("/scan?label={label}");
    let accept = format!("/specimens/{label}/steps/accept");
    page.submit(&card, &accept, &[]).expect(303);
    // On the bench that the part is not for, the card says where it belongs.
    page.submit("/worklists/KARYO", "/worklists/KARYO/bench", &[]).expect(303);
    let elsewhere = page.get(&format!("/worklists/KARYO?label={label}")).expect(200).text;
    assert!(elsewhere.contains("This part belongs to Flow cytometry, not to Cytogenetics"), "{elsewhere}");
    // Commands are no labels.
    let lone = scan(&[("code", "CMD-PRINT")]).expect(422);
    assert!(lone.text.contains("Scan the part, then the command"), "{}", lone.text);
    let reject = scan(&[("code", "CMD-REJECT-CLOTTED"), ("on", &label)]).expect(303);
    let to = reject.header("location").unwrap().to_owned();
    let action = format!("/specimens/{label}/steps/propose_rejection");
    page.submit(&to, &action, &[("reason", "CLOTTED"), ("note", "Clotted.")]).expect(303);
    let next = scan(&[("code", "cmd-next-bench")]).expect(303);
    assert!(next.header("location").unwrap().starts_with("/worklists/MOLECULAR"), "{:?}", next.header("location"));
    // What a scan does: where the station can be set to it, else at the one that can.
    let to = |fields: &[(&str, &str)]| scan(fields).expect(303).header("location").unwrap().to_owned();
    let reception = ("station", "/worklists/RECEPTION?view=all");
    assert_eq!(
        to(&[("code", "CMD-RECEIVE"), reception, ("temperature", "ambient")]),
        "/worklists/RECEPTION?view=all&mode=receive&temperature=ambient&done=mode-receive"
    );
    assert_eq!(
        to(&[("code", "cmd-lookup"), reception, ("mode", "receive")]),
        "/worklists/RECEPTION?view=all&done=mode-look"
    );
    assert_eq!(to(&[("code", "CMD-RECEIVE"), ("station", "/worklists/KARYO")]), "/scan?mode=receive&done=mode-receive");
    assert!(scan(&[("code", "CMD-DANCE")]).expect(422).text.contains("is no command"));
    house.server.assert_verified();
}

fn a_kit_is_checked_in_scan_by_scan(engine: Engine) {
    let house = House::open(engine);
    let page = Visitor::sign_in(&house.server, "t.nguyen");
    let (label, other) = (logged(&house), logged(&house));
    let accession = label.rsplit_once('-').unwrap().0.to_owned();
    let kit = format!("/cases/{accession}/check-in");
    assert!(page.get(&kit).expect(200).text.contains(&format!("Still missing: {label}")));
    let stranger = page.submit(&kit, "/scan", &[("code", &other), ("temperature", "ambient")]).expect(422);
    assert!(stranger.text.contains("belongs to another patient"), "{}", stranger.text);
    page.submit(&kit, "/scan", &[("code", &label), ("temperature", "ambient")]).expect(303);
    let text = page.get(&kit).expect(200).text;
    assert!(text.contains("Every part that was taken is here") && text.contains("1 of 1 parts are here"), "{text}");
    let unmoved = house.staff.tech.get(&format!("/api/v1/specimens/{other}")).expect(200).json();
    assert_eq!(unmoved["state"], "collected");
    house.server.assert_verified();
}

fn views_count_the_lines_that_they_open(engine: Engine) {
    let house = House::open(engine);
    for state in [OrderState::Ready, OrderState::Ready, OrderState::InProcess, OrderState::Resulted, OrderState::Held] {
        house.order(state);
    }
    let page = Visitor::sign_in(&house.server, "t.nguyen");
    let mut seen = 0;
    for code in ["FLOW", "FISH", "KARYO", "MOLECULAR", "MORPHOLOGY", "HISTOLOGY"] {
        for view in ["all", "to_do", "running", "to_review", "overdue", "waiting"] {
            let text = page.get(&format!("/worklists/{code}?view={view}")).expect(200).text;
            let tab =
                text.split(&format!("href=\"/worklists/{code}?view={view}\" aria-current=\"page\"")).nth(1).unwrap();
            let count =
                tab.split("class=\"count").nth(1).unwrap().split('>').nth(1).unwrap().split('<').next().unwrap();
            assert_eq!(text.matches("class=\"item\"").count(), count.parse::<usize>().unwrap(), "{code} {view}");
            seen += count.parse::<usize>().unwrap();
        }
    }
    assert!(seen >= 10, "{seen} lines were counted");
}

fn a_press_for_several_lines_answers_for_each(engine: Engine) {
    let house = House::open(engine);
    let (first, second) = (house.order(OrderState::Ready), house.order(OrderState::Ready));
    let department = house.staff.tech.get(&format!("/api/v1/orders/{first}")).expect(200).json()["department"].clone();
    let list = format!("/worklists/{}", department.as_str().unwrap());
    let page = Visitor::sign_in(&house.server, "t.nguyen");
    let text = page.get(&list).expect(200).text;
    let action = format!("{list}?view=all");
    let (csrf, key) = (Browser::field(&text, "csrf"), Browser::field(&text, "key"));
    let version =
        |id: &str| house.staff.tech.get(&format!("/api/v1/orders/{id}")).expect(200).json()["version"].clone();
    let (one, stale) = (format!("{first}.{}", version(&first)), format!("{second}.0"));
    let fields = [("csrf", csrf.as_str()), ("key", &key), ("step", "start"), ("line", &one), ("line", &stale)];
    for _ in 0..2 {
        // The second time is a repeated request: it is answered alike and does nothing.
        let both = page.post(&action, &fields).expect(200).text;
        assert!(both.contains("Start: 1 done.") && both.contains("1 was refused:"), "{both}");
    }
    let state = |id: &str| house.staff.tech.get(&format!("/api/v1/orders/{id}")).expect(200).json()["state"].clone();
    assert_eq!((state(&first), state(&second)), (json!("in_process"), json!("ready")));
    let none = page.post(&action, &[("csrf", csrf.as_str()), ("key", "k"), ("step", "start")]).expect(200).text;
    assert!(none.contains("Nothing was selected"), "{none}");
    // A step that takes a form is not pressed.
    let fields = [("csrf", csrf.as_str()), ("key", "k2"), ("step", "cancel"), ("line", &stale)];
    assert!(page.post(&action, &fields).expect(200).text.contains("1 was refused:"));
    house.server.assert_verified();
}

fn bug_an_expired_part_was_started_by_one_press(engine: Engine) {
    let house = House::open(engine);
    let label = accepted(&house);
    let list = format!("/worklists/FLOW?label={label}");
    let fresh = Visitor::sign_in(&house.server, "t.nguyen").get(&list).expect(200).text;
    assert!(fresh.contains("name=\"press\"") && fresh.contains("data-primary"), "{fresh}");
    house.server.at("2026-03-20T09:00:00Z");
    let later = Visitor::sign_in(&house.server, "t.nguyen").get(&list).expect(200).text;
    assert!(later.contains("Decide: use or reject") && !later.contains("name=\"line\""), "{later}");
    // Whoever decides to use it presses the button of its card; Enter on the empty field does nothing.
    assert!(later.contains("Too old for") && !later.contains("data-primary"), "{later}");
}

fn bug_a_part_of_another_bench_was_started_by_enter(engine: Engine) {
    let house = House::open(engine);
    let label = accepted(&house);
    let page =
        Visitor::sign_in(&house.server, "t.nguyen").get(&format!("/worklists/FISH?label={label}")).expect(200).text;
    assert!(page.contains("belongs to Flow cytometry, not to FISH") && !page.contains("data-primary"), "{page}");
}

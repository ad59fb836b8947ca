//! Logging a case as somebody at a browser without JavaScript does: patient, kit, tests ahead, reasons, drafts.

use serde_json::{Value, json};
use trephine::domain::Role;

use crate::machines::{House, on_both_engines};
use crate::support::{Browser, Engine, Reply};

on_both_engines!(
    a_six_part_case_is_logged_from_a_kit,
    a_known_patient_is_shown_and_never_overwritten,
    a_requester_does_not_learn_who_has_a_number,
    a_test_that_cannot_be_done_takes_a_reason,
    rows_come_and_go,
    a_draft_comes_back_to_its_author_only,
    what_was_typed_survives_the_end_of_the_session,
    the_list_of_cases_counts_what_it_opens,
    all_that_is_missing_is_said_at_once,
    who_asked_is_called_by_name,
);

const NEW: &str = "/cases/new";

/// Presses a button of the form, with these fields filled in before.
fn press(who: &Browser, page: &str, button: &str, fields: &[(&str, &str)]) -> String {
    let with: Vec<(&str, &str)> = fields.iter().copied().chain([("do", button)]).collect();
    who.send(page, "log", NEW, &with).expect(200).text
}

fn submit(who: &Browser, page: &str, fields: &[(&str, &str)]) -> Reply {
    who.send(page, "log", NEW, fields)
}

fn value(page: &str, name: &str) -> String {
    let fields = Browser::form(page, "log");
    let found = fields.into_iter().find(|(n, _)| n == name);
    found.unwrap_or_else(|| panic!("no field {name}: {page}")).1
}

fn open(house: &House, name: &str) -> Browser {
    Browser::sign_in(&house.server, name, &[Role::Tech])
}

/// The patient and request of every case here.
const REQUEST: [(&str, &str); 9] = [
    ("patient.mrn", "K100"),
    ("patient.family_name", "Okonkwo"),
    ("patient.given_name", "Ada"),
    ("patient.born", "1961-05-02"),
    ("indication", "AML-NEW"),
    ("requester", "e.marlow"),
    ("procedure.performed_at", "-2h"),
    ("procedure.site", "PIC"),
    ("procedure.side", "left"),
];

fn a_six_part_case_is_logged_from_a_kit(engine: Engine) {
    let house = House::open(engine);
    let tech = open(&house, "kit.tech");
    let page = tech.get(NEW).expect(200).text;
    let page = press(&tech, &page, "kit.ACUTE", &REQUEST);
    assert_eq!(Browser::form(&page, "log").iter().filter(|(n, _)| n.ends_with(".kind")).count(), 6);
    assert!(!value(&page, "procedure.performed_at").contains("2h"), "a time is absolute once it was read");
    // The same routing that logs says what feeds what.
    assert!(
        page.contains("Karyotype") && page.contains("Sodium heparin") && !page.contains("Cannot be done"),
        "{page}"
    );
    assert!(page.contains("All 4 tubes are filled as usual"), "{page}");
    let page = press(&tech, &page, "filled", &[]);
    let done = submit(&tech, &page, &[("specimens.5.fixed_at", "-2h")]).expect(303);
    let to = done.header("location").unwrap().to_owned();
    assert!(to.starts_with("/cases/BM") && to.ends_with("?done=log"), "{to}");
    let shown = tech.get(&to).expect(200).text;
    let accession = to["/cases/".len()..].split('?').next().unwrap();
    assert!(shown.contains(&format!("href=\"/cases/{accession}/labels\"")), "{shown}");
    let case = house.staff.tech.get(&format!("/api/v1/cases/{accession}")).expect(200).json();
    assert_eq!(case["specimens"].as_array().unwrap().len(), 6);
    let karyotype = case["orders"].as_array().unwrap().iter().find(|o| o["assay"] == "KARYO").unwrap();
    assert_eq!(karyotype["specimen"], case["specimens"][3]["label"]);
    assert_eq!(case["specimens"][1]["remaining_ul"], json!(5000));
    // A press twice logs once.
    let again = submit(&tech, &page, &[("specimens.5.fixed_at", "-2h")]);
    assert_eq!((again.status, again.header("location")), (303, Some(to.as_str())));
    house.server.assert_verified();
}

fn a_known_patient_is_shown_and_never_overwritten(engine: Engine) {
    let house = House::open(engine);
    let mut body = house.case(&json!("suggested"));
    body["patient"]["mrn"] = json!("K100");
    house.log(&body);
    let tech = open(&house, "mrn.tech");
    let page = tech.get(NEW).expect(200).text;
    let unknown = press(&tech, &page, "find", &[("patient.mrn", "K999")]);
    assert!(unknown.contains("Nobody has this number yet"), "{unknown}");
    // Spaces and small letters as a scanner or a hand gives them.
    let found = press(&tech, &page, "find", &[("patient.mrn", " k1 00")]);
    assert!(
        found.contains("Patient on file") && found.contains("OKONKWO, Ada") && found.contains("2 May 1961"),
        "{found}"
    );
    assert_eq!(
        (value(&found, "patient.family_name"), value(&found, "patient.born")),
        ("Okonkwo".into(), "1961-05-02".into())
    );
    assert_eq!(value(&found, "patient.sex"), "female");
    let typed = [("patient.mrn", "K100"), ("patient.family_name", "Okafor"), ("patient.born", "1961-05-02")];
    let other = press(&tech, &page, "find", &typed);
    assert!(other.contains("This number belongs to somebody else"), "{other}");
    assert_eq!(value(&other, "patient.family_name"), "Okafor", "what was typed is not overwritten");
    let taken = press(&tech, &other, "known", &[]);
    assert_eq!(value(&taken, "patient.family_name"), "Okonkwo");
    // Logging it all the same is refused by the laboratory itself.
    let filled = press(&tech, &other, "kit.ACUTE", &REQUEST[4..]);
    let filled = press(&tech, &filled, "filled", &[]);
    let refused = submit(&tech, &filled, &[("specimens.5.fixed_at", "now"), ("patient.family_name", "Okafor")]);
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("another name or birth date"), "{}", refused.text);
    house.server.assert_verified();
}

fn a_requester_does_not_learn_who_has_a_number(engine: Engine) {
    let house = House::open(engine);
    let mut body = house.case(&json!("suggested"));
    body["patient"]["mrn"] = json!("K100");
    house.log(&body);
    for (name, knows) in [("e.marlow", true), ("x.stranger", false)] {
        let who = if knows {
            Browser::again(&house.server, name)
        } else {
            Browser::sign_in(&house.server, name, &[Role::Hematologist])
        };
        let page = who.get(NEW).expect(200).text;
        let found = press(&who, &page, "find", &[("patient.mrn", "K100")]);
        assert_eq!(found.contains("OKONKWO"), knows, "{name}");
    }
}

fn a_test_that_cannot_be_done_takes_a_reason(engine: Engine) {
    let house = House::open(engine);
    let tech = open(&house, "why.tech");
    let page = tech.get(NEW).expect(200).text;
    let only = [
        ("specimens.0.kind", "aspirate"),
        ("specimens.0.container", "EDTA"),
        ("specimens.0.pull_number", "1"),
        ("specimens.0.volume_ul", "4 mL"),
    ];
    let all: Vec<(&str, &str)> = REQUEST.into_iter().chain(only).collect();
    let page = press(&tech, &page, "tests", &all);
    assert!(page.contains("Karyotype") && page.contains("Karyotype needs sodium heparin"), "{page}");
    assert!(page.contains("Log it all the same, because"), "{page}");
    let refused = submit(&tech, &page, &[]);
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("A reason is needed."), "{}", refused.text);
    let done = submit(&tech, &refused.text, &[("reason", "Dry tap after the first pull")]).expect(303);
    let accession = done.header("location").unwrap()["/cases/".len()..].split('?').next().unwrap().to_owned();
    let entries = house.staff.tech.get(&format!("/api/v1/cases/{accession}/history")).expect(200).json();
    assert!(entries.to_string().contains("Dry tap after the first pull"), "{entries}");
    // A puncture that is only planned may still bring the tube.
    let planned = tech.get(NEW).expect(200).text;
    let plan: Vec<(&str, &str)> =
        REQUEST.into_iter().filter(|(n, _)| *n != "procedure.performed_at").chain([only[0], only[1]]).collect();
    assert_eq!(submit(&tech, &planned, &plan).status, 303);
    house.server.assert_verified();
}

fn rows_come_and_go(engine: Engine) {
    let house = House::open(engine);
    let tech = open(&house, "row.tech");
    let page = tech.get(NEW).expect(200).text;
    let page = press(&tech, &page, "add", &[("specimens.0.kind", "core"), ("specimens.0.container", "FORMALIN")]);
    let page = press(&tech, &page, "remove.0", &[("specimens.1.kind", "smear")]);
    let kinds: Vec<(String, String)> =
        Browser::form(&page, "log").into_iter().filter(|(n, _)| n.ends_with(".kind")).collect();
    assert_eq!(kinds, [("specimens.1.kind".to_owned(), "smear".to_owned())]);
    // The error of the one part that is left finds its row.
    let refused = submit(&tech, &page, &REQUEST);
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("href=\"#specimens.1.container\""), "{}", refused.text);
}

fn a_draft_comes_back_to_its_author_only(engine: Engine) {
    let house = House::open(engine);
    let tech = open(&house, "draft.tech");
    let page = tech.get(NEW).expect(200).text;
    let place = value(&page, "draft");
    // What the module sends while somebody types.
    let with: Vec<(&str, &str)> = REQUEST.into_iter().chain([("place", place.as_str())]).collect();
    let said = tech.send(&page, "log", "/drafts", &with).expect(200).text;
    assert!(said.starts_with("Draft saved "), "{said}");
    house.server.at("2026-03-04T09:10:00Z");
    let list = tech.get(NEW).expect(200).text;
    let address = format!("/cases/new?draft={}", place.split('#').nth(1).unwrap());
    assert!(list.contains(&format!("href=\"{address}\"")) && list.contains("OKONKWO"), "{list}");
    let back = tech.get(&address).expect(200).text;
    assert_eq!((value(&back, "patient.mrn"), value(&back, "draft")), ("K100".into(), place.clone()));
    // Two hours before it was typed, not before it is read again.
    assert!(value(&back, "procedure.performed_at").ends_with("07:00"), "{back}");
    // Nobody else reads it, by address or by list.
    let other = open(&house, "other.tech");
    for path in [NEW, address.as_str()] {
        assert!(!other.get(path).expect(200).text.contains("Okonkwo"), "{path}");
    }
    // The button for whoever has no JavaScript keeps the same draft.
    let kept = tech.send(&back, "log", NEW, &[("do", "draft"), ("requester", "n.other")]).expect(303);
    assert_eq!(kept.header("location").unwrap(), format!("{address}&done=draft-kept"));
    let back = tech.get(&address).expect(200).text;
    assert_eq!(value(&back, "requester"), "n.other");
    // Logged, it is gone.
    let part = [("specimens.0.kind", "smear"), ("specimens.0.container", "SLIDE"), ("reason", "More follows")];
    submit(&tech, &back, &part).expect(303);
    assert!(!tech.get(NEW).expect(200).text.contains("OKONKWO"));
    // One more, discarded by hand.
    let page = tech.get(NEW).expect(200).text;
    let place = value(&page, "draft");
    tech.send(&page, "log", "/drafts", &[("place", &place), ("patient.family_name", "Vale")]).expect(200);
    let csrf = Browser::field(&page, "csrf");
    let gone = tech.post("/drafts/discard", &[("csrf", &csrf), ("place", &place), ("next", NEW)]).expect(303);
    assert_eq!(gone.header("location"), Some(NEW));
    assert!(!tech.get(NEW).expect(200).text.contains("VALE"));
    assert_eq!(tech.post("/drafts", &[("csrf", &csrf), ("place", "Okonkwo, Ada"), ("a", "b")]).status, 422);
    let long = "x".repeat(70_000);
    assert_eq!(tech.post("/drafts", &[("csrf", &csrf), ("place", &place), ("a", &long)]).status, 422);
    house.server.assert_verified();
}

/// A form that was sent after the session had ended led to the front page, and what was typed was lost.
fn what_was_typed_survives_the_end_of_the_session(engine: Engine) {
    let house = House::open(engine);
    let tech = open(&house, "late.tech");
    let page = tech.get(NEW).expect(200).text;
    let place = value(&page, "draft");
    let with: Vec<(&str, &str)> = REQUEST.into_iter().chain([("place", place.as_str())]).collect();
    tech.send(&page, "log", "/drafts", &with).expect(200);
    house.server.at("2026-03-04T12:30:00Z");
    // More was typed than was kept. It rides along for whoever signs in here, and is kept should that be somebody else.
    let more: Vec<(&str, &str)> = REQUEST.into_iter().chain([("reason", "More follows")]).collect();
    let sent = submit(&tech, &page, &more).expect(401).text;
    assert!(sent.contains("name=\"kept.patient.mrn\" value=\"K100\""), "{sent}");
    let number = place.split('#').nth(1).unwrap();
    let other = open(&house, "not.late");
    assert!(!other.get(&format!("/cases/new?draft={number}")).expect(200).text.contains("K100"));
    let again = Browser::again(&house.server, "late.tech");
    let back = again.get(&format!("/cases/new?draft={number}")).expect(200).text;
    assert_eq!((value(&back, "patient.mrn"), value(&back, "reason")), ("K100".into(), "More follows".into()));
    // And not for ever.
    house.server.at("2026-03-12T12:30:00Z");
    let again = Browser::again(&house.server, "late.tech");
    assert!(!again.get(NEW).expect(200).text.contains("OKONKWO"));
    house.server.lab.tidy().unwrap();
    assert_eq!(again.get(&format!("/cases/new?draft={number}")).expect(200).text.matches("K100").count(), 0);
}

fn the_list_of_cases_counts_what_it_opens(engine: Engine) {
    let house = House::open(engine);
    for n in 0..3 {
        let mut body = if n == 0 { house.planned(&json!("suggested")) } else { house.case(&json!("suggested")) };
        body["indication"] = json!(if n == 1 { "MDS" } else { "LYMPHOMA" });
        let _: Value = house.log(&body);
    }
    let tech = open(&house, "list.tech");
    let senior = Browser::sign_in(&house.server, "list.senior", &[Role::Supervisor]);
    for query in ["", "?indication=LYMPHOMA", "?requester=e.marlow&from=2026-03-01", "?requester=nobody"] {
        let page = tech.get(&format!("/cases{query}")).expect(200).text;
        let tiles = page.split("class=\"tile\"").skip(1);
        for tile in tiles {
            let to = tile.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
            let count: usize =
                tile.split("<b class=\"num\">").nth(1).unwrap().split('<').next().unwrap().parse().unwrap();
            let opened = tech.get(&to).expect(200).text;
            assert_eq!(opened.matches("class=\"row-link id\"").count(), count, "{query}: {to}");
        }
        assert_eq!(page.matches("class=\"tile\"").count(), 6);
        let exported = query.replace('?', "&amp;").replace("&from", "&amp;from");
        assert!(!page.contains("/exports?"), "a technologist exports nothing");
        let page = senior.get(&format!("/cases{query}")).expect(200).text;
        assert!(page.contains(&format!("href=\"/exports?dataset=cases{exported}\"")), "{query}: {page}");
    }
    let wrong = tech.get("/cases?from=yesterdayish");
    assert!(wrong.status == 422 && wrong.text.contains("href=\"#from\""), "{}", wrong.text);
}

fn all_that_is_missing_is_said_at_once(engine: Engine) {
    let house = House::open(engine);
    let tech = open(&house, "empty.tech");
    let page = tech.get(NEW).expect(200).text;
    let refused = submit(&tech, &page, &[]);
    assert_eq!(refused.status, 422);
    for field in ["patient.mrn", "patient.family_name", "requester", "indication"] {
        assert!(refused.text.contains(&format!("href=\"#{field}\"")), "{field}: {}", refused.text);
    }
}

fn who_asked_is_called_by_name(engine: Engine) {
    let house = House::open(engine);
    let asked = house.log(&house.case(&json!("suggested")));
    // As the account of the test calls its owner.
    assert_eq!((&asked["requester"], &asked["requester_name"]), (&json!("e.marlow"), &json!("Dr e.marlow")));
    let mut body = house.case(&json!("suggested"));
    body["requester"] = json!("Dr Elsewhere");
    let form = house.log(&body);
    assert_eq!((&form["requester"], form.get("requester_name")), (&json!("Dr Elsewhere"), None));
    let senior = Browser::sign_in(&house.server, "name.senior", &[Role::Supervisor]);
    let page = senior.get(&format!("/cases/{}", asked["accession"].as_str().unwrap())).expect(200).text;
    assert!(page.contains("Dr e.marlow"), "{page}");
    house.server.assert_verified();
}

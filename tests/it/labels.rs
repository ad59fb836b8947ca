//! Labels: who prints which, when, and why again; on pages and by program, on every engine.

use serde_json::{Value, json};
use trephine::domain::{Role, SpecimenState};

use crate::machines::{House, journal_since, on_both_engines};
use crate::support::{Engine, Visitor};

on_both_engines!(
    a_label_is_printed_once_and_again_for_a_reason,
    no_label_in_advance_of_its_part,
    labels_are_for_the_bench,
    a_page_prints_what_was_asked_for,
    the_labels_of_a_split_are_offered_with_their_parent,
    a_bench_prints_its_labels_one_by_one_and_scans_them_back,
);

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_else(|| panic!("{field}: {value}"))
}

/// A tube at the door.
fn tube(house: &House) -> String {
    house.part(SpecimenState::Received)
}

fn a_label_is_printed_once_and_again_for_a_reason(engine: Engine) {
    let house = House::open(engine);
    let label = tube(&house);
    let path = format!("/api/v1/specimens/{label}/label");
    let before = house.server.journal();
    let drawn = house.staff.tech.get(&path).expect(200);
    assert_eq!(drawn.header("content-type"), Some("image/svg+xml"));
    for said in [label.as_str(), "OKONKWO, Ada", "MRN M0", "DOB 02 May 1961", "Aspirate, EDTA", "width=\"50mm\""] {
        assert!(drawn.text.contains(said), "{said}: {}", drawn.text);
    }
    let again = house.staff.tech.get(&path);
    assert_eq!((again.status, again.json()["errors"][0]["pointer"].as_str()), (422, Some("/reason")));
    house.staff.tech.get(&format!("{path}?reason=because")).expect(422);
    let zpl = house.staff.supervisor.get(&format!("{path}?reason=damaged&format=zpl&dpi=300")).expect(200);
    assert_eq!(zpl.header("content-type"), Some("application/zpl"));
    assert!(
        zpl.text.starts_with("^XA^CI28^LH0,0^PW591^LL295\n") && zpl.text.trim_end().ends_with("^XZ"),
        "{}",
        zpl.text
    );
    let notes = journal_since(&house, before);
    let said: Vec<(&str, &str, &Value, String)> = notes
        .iter()
        .map(|e| (text(e, "command"), text(e, "actor"), &e["reason"], text(e, "stream").to_owned()))
        .collect();
    let stream = format!("label:{label}");
    assert_eq!(
        said,
        [
            ("label.print", "t.nguyen", &Value::Null, stream.clone()),
            ("label.reprint", "s.iqbal", &json!("damaged"), stream)
        ]
    );
    house.server.assert_verified();
}

fn no_label_in_advance_of_its_part(engine: Engine) {
    let house = House::open(engine);
    let case = house.log(&house.planned(&json!(["NGS-MYE"])));
    let label = text(&case["specimens"][0], "label").to_owned();
    let path = format!("/api/v1/specimens/{label}/label");
    house.server.at("2026-03-04T09:59:00Z");
    house.staff.tech.get(&path).expect(200);
    house.server.at("2026-03-04T10:01:00Z");
    let late = house.staff.tech.get(&format!("{path}?reason=misplaced"));
    assert_eq!((late.status, late.json()["rule"].as_str()), (409, Some("label_in_advance")));
    for (state, rule) in [
        (SpecimenState::NotCollected, "no_such_part"),
        (SpecimenState::EnteredInError, "no_such_part"),
        (SpecimenState::Lost, "part_is_gone"),
        (SpecimenState::Discarded, "part_is_gone"),
    ] {
        let refused = house.staff.tech.get(&format!("/api/v1/specimens/{}/label", house.part(state)));
        assert_eq!((refused.status, refused.json()["rule"].as_str()), (409, Some(rule)), "{state}");
    }
    house.staff.tech.get(&format!("/api/v1/specimens/{}/label", house.part(SpecimenState::Rejected))).expect(200);
}

fn labels_are_for_the_bench(engine: Engine) {
    let house = House::open(engine);
    let label = tube(&house);
    let reader = Visitor::arrive(&house.server, "v.reader", &[Role::Pathologist]);
    let before = house.server.journal();
    for (role, token) in house.staff.each() {
        if !matches!(role, Role::Tech | Role::Supervisor) {
            let status = token.get(&format!("/api/v1/specimens/{label}/label")).status;
            assert_eq!(status, 403, "{role}");
        }
    }
    reader.get(&format!("/specimens/{label}/label")).expect(403);
    assert_eq!(house.server.journal(), before);
}

fn a_page_prints_what_was_asked_for(engine: Engine) {
    let house = House::open(engine);
    let label = tube(&house);
    let page = format!("/specimens/{label}/label");
    let tech = Visitor::arrive(&house.server, "v.tech", &[Role::Tech]);
    let before = house.server.journal();
    let shown = tech.get(&page).expect(200);
    assert!(!shown.text.contains("<svg xmlns"), "a look prints nothing");
    // The file cannot be had without asking.
    assert_eq!(tech.get(&format!("{page}.zpl")).expect(303).header("location"), Some(page.as_str()));
    assert_eq!(house.server.journal(), before);
    let to = tech.submit(&page, &page, &[("labels", &label)]).expect(303).header("location").unwrap().to_owned();
    let printed = tech.get(&to).expect(200);
    assert!(
        printed.text.contains("label-sheet--tube") && printed.text.contains("data-print hidden"),
        "{}",
        printed.text
    );
    assert!(!printed.text.contains(" style="), "{}", printed.text);
    let zpl = tech.get(&to.replace("?", ".zpl?")).expect(200);
    assert!(zpl.text.contains(&format!("^FD{label}^FS")), "{}", zpl.text);
    // Not somebody else's, and not for long.
    let other = Visitor::arrive(&house.server, "v.other", &[Role::Tech]);
    other.get(&to).expect(404);
    house.server.at("2026-03-04T09:11:00Z");
    tech.get(&to).expect(404);
    let again = tech.submit(&page, &page, &[("labels", &label)]).expect(422);
    assert!(again.text.contains("say why it is printed again"), "{}", again.text);
    tech.submit(&page, &page, &[("labels", &label), ("reason", "unreadable")]).expect(303);
    assert!(tech.get(&page).expect(200).text.contains("Cannot be read"));
    // The same form twice is one printing.
    let token = |name: &str| crate::support::Browser::field(&tech.get(&page).text, name);
    let (csrf, key) = (token("csrf"), token("key"));
    let form = [("csrf", csrf.as_str()), ("key", &key), ("labels", &label), ("reason", "damaged")];
    let (one, two) = (tech.post(&page, &form).expect(303), tech.post(&page, &form).expect(303));
    assert_eq!(one.header("location"), two.header("location"));
    house.server.assert_verified();
}

fn the_labels_of_a_split_are_offered_with_their_parent(engine: Engine) {
    let house = House::open(engine);
    let label = house.part(SpecimenState::InProcess);
    let tech = Visitor::arrive(&house.server, "v.tech", &[Role::Tech]);
    let page = format!("/specimens/{label}/label");
    tech.submit(&page, &page, &[("labels", &label)]).expect(303);
    let resource = format!("/api/v1/specimens/{label}");
    let split = json!({ "children": [{ "kind": "nucleic_acid", "container": "PLAIN", "volume_ul": 100 }] });
    let made = house.staff.tech.post_current(&resource, &format!("{resource}/aliquots"), &split);
    assert_eq!(made.status, 201, "{}", made.text);
    let shown = tech.get(&page).expect(200).text;
    let child = format!("{label}-1");
    assert!(shown.contains(&format!("value=\"{child}\" checked")), "the new one is chosen: {shown}");
    assert!(!shown.contains(&format!("value=\"{label}\" checked")), "the old one is not");
    tech.submit(&page, &page, &[("labels", &child)]).expect(303);
    assert!(tech.get(&format!("/scan?label={label}")).expect(200).text.contains(&page));
    // A split at the bench leads to the labels of what it made, wherever it was pressed.
    let step = format!("/specimens/{label}/steps/aliquot");
    let made = [
        ("children.0.kind", "nucleic_acid"),
        ("children.0.container", "PLAIN"),
        ("children.0.volume_ul", "100 µL"),
        ("back", "/worklists/FLOW"),
    ];
    let to = tech.submit(&step, &step, &made).expect(303).header("location").unwrap().to_owned();
    assert_eq!(to, format!("{page}?done=aliquot"));
    let shown = tech.get(&to).expect(200).text;
    assert!(shown.contains("Print the labels of the new parts now"), "{shown}");
    assert!(shown.contains(&format!("value=\"{label}-2\" checked")), "{shown}");
    house.server.assert_verified();
}

fn a_bench_prints_its_labels_one_by_one_and_scans_them_back(engine: Engine) {
    let house = House::open(engine);
    let reader = Visitor::arrive(&house.server, "v.reader", &[Role::Pathologist]);
    reader.get("/labels").expect(403);
    let tech = Visitor::sign_in(&house.server, "t.nguyen");
    let queue = || tech.get("/labels").expect(200).text;
    let press = |code: &str| tech.submit("/labels", "/labels", &[("code", code)]);
    let to = |code: &str| press(code).expect(303).header("location").unwrap().to_owned();
    assert!(queue().contains("you have chosen none"));
    tech.submit("/worklists/RECEPTION", "/worklists/RECEPTION/bench", &[]).expect(303);
    // What is logged waits for nothing: a label in advance of its part is how marrows are mixed up.
    let tubes = [house.part(SpecimenState::Collected), house.part(SpecimenState::Collected)];
    let [one, two] = tubes.each_ref().map(String::as_str);
    assert!(queue().contains("No labels waiting. Scan a tube to reprint."), "{}", queue());
    for tube in [one, two] {
        let scan = [("code", tube), ("mode", "receive"), ("temperature", "ambient")];
        tech.submit("/scan", "/scan", &scan).expect(303);
    }
    let before = house.server.journal();
    assert!(queue().contains("2 labels wait"), "{}", queue());
    let printed = to("");
    let shown = tech.get(&printed).expect(200).text;
    assert!(printed.starts_with("/labels?print=") && shown.contains("label-sheet--tube"), "{printed}: {shown}");
    assert!(shown.contains(&format!("/specimens/{one}/label.zpl?print=")), "{shown}");
    // The next only after it, and no other label in its place.
    for code in ["", "cmd-print"] {
        assert!(press(code).expect(422).text.contains("was printed and not scanned yet"));
    }
    assert!(press(two).expect(422).text.contains("Do not use this label"));
    assert!(press("BM").expect(422).text.contains("is no label"));
    assert_eq!(to(&format!("]C1{}", one.to_lowercase())), "/labels?done=label-checked");
    assert!(queue().contains("One label waits") && !queue().contains("Scan it before it is used"));
    assert!(to("CMD-PRINT").starts_with("/labels?print="));
    // It did not print: again with its reason, and scanned back all the same.
    let page = format!("/specimens/{two}/label");
    tech.submit(&page, &page, &[("labels", two), ("reason", "printer_failed")]).expect(303);
    assert!(queue().contains("Scan it before it is used"), "{}", queue());
    assert_eq!(to(two), "/labels?done=label-checked");
    assert!(queue().contains("No labels waiting"));
    // A tube that has its label: again only with a reason.
    assert_eq!(to(one), format!("/specimens/{one}/label"));
    assert_eq!(to(""), "/labels");
    let notes = journal_since(&house, before);
    let said: Vec<(&str, &str)> = notes.iter().map(|e| (text(e, "command"), text(e, "stream"))).collect();
    let stream = |label: &str| format!("label:{label}");
    let (one_s, two_s) = (stream(one), stream(two));
    let expected = [
        ("label.print", one_s.as_str()),
        ("label.check", &one_s),
        ("label.print", &two_s),
        ("label.reprint", &two_s),
        ("label.check", &two_s),
    ];
    assert_eq!(said, expected);
    house.server.assert_verified();
}

//! Lists as people keep and take them: what leaves as a file is what the list shows, on every engine.

use std::collections::BTreeMap;

use chrono::Duration;
use serde_json::json;
use trephine::domain::{OrderState, OrderTransition, ReportState, Role, SpecimenState, SpecimenTransition};

use crate::machines::{House, on_both_engines, specimen_fields};
use crate::support::{Browser, Engine};

on_both_engines!(
    every_list_is_exported_with_exactly_its_rows,
    a_list_that_cannot_be_kept_is_exported_as_it_is_filtered,
    what_is_kept_long_enough_and_ones_own_patients_can_be_saved,
    rows_are_narrowed_over_the_api_and_never_ignored,
    mine_is_what_i_set_up_and_what_i_drafted,
    a_sorted_list_is_whole_however_it_is_paged,
    a_chosen_order_is_kept_and_exported,
);

/// A laboratory with something in every list. The clock is 50 days after most of it.
fn busy(engine: Engine) -> House {
    let house = House::open(engine);
    let old = house.signed();
    house.step(&house.staff.tech2, &old.label, SpecimenTransition::Store).expect(200);
    let mut urgent = house.case(&json!(["NGS-MYE"]));
    urgent["urgency"] = json!("urgent");
    house.log(&urgent);
    for state in [SpecimenState::Received, SpecimenState::Rejected, SpecimenState::Lost, SpecimenState::InTransit] {
        house.part(state);
    }
    let stored = house.part(SpecimenState::Accepted);
    let mut body = specimen_fields(SpecimenTransition::Store);
    body["transition"] = json!("store");
    body["location"] = json!("FREEZER-80A:B3");
    house.staff.tech2.step(&stored, &body).expect(200);
    for state in [
        OrderState::Ready,
        OrderState::InProcess,
        OrderState::Resulted,
        OrderState::InReview,
        OrderState::ReferredOut,
        OrderState::Failed,
        OrderState::Final,
    ] {
        house.order(state);
    }
    house.report(ReportState::Preliminary);
    let draft = house.draft();
    // What is open is late by now, and noticed by the timers; what is done has been kept long enough.
    house.server.clock.set(house.server.lab.now() + Duration::days(50));
    house.server.lab.tick().unwrap();
    house.verify(&house.staff.supervisor, &draft).expect(200);
    house.log(&house.planned(&json!(["NGS-MYE"])));
    house
}

fn rows_of(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    reader.records().map(|r| heads.iter().cloned().zip(r.unwrap().iter().map(str::to_owned)).collect()).collect()
}

/// What the link on a page, or on a piece of it, exports.
#[track_caller]
fn exported(who: &Browser, piece: &str) -> Vec<BTreeMap<String, String>> {
    let link = piece.split("href=\"/exports?").nth(1).unwrap_or_else(|| panic!("no export is offered: {piece}"));
    let to = format!("/exports?{}", link.split('"').next().unwrap().replace("&amp;", "&"));
    let form = who.get(&to).expect(200).text;
    rows_of(&who.send(&form, "export-form", "/exports/download", &[("dialect", "machine")]).expect(200).text)
}

fn shown(piece: &str, column: &str) -> usize {
    piece.matches(&format!("data-th=\"{column}\"")).count()
}

fn every_list_is_exported_with_exactly_its_rows(engine: Engine) {
    let house = busy(engine);
    let who = Browser::sign_in(&house.server, "l.senior", &[Role::Supervisor, Role::Pathologist]);
    let mut lists: Vec<String> = [
        "/cases",
        "/cases?stage=testing",
        "/cases?late=1",
        "/cases?requester=nobody",
        "/cases?indication=LYMPHOMA&from=2026-03-20&to=2026-12-31",
        "/worklists/RECEPTION",
        "/worklists/MOLECULAR",
        "/worklists/MOLECULAR?urgent=1",
        "/worklists/MOLECULAR?assay=NGS-MYE&view=running",
        "/worklists/MOLECULAR?assay=KARYO",
        "/worklists/FLOW",
        "/verify",
        "/verify?bench=MOLECULAR",
        "/verify?bench=FLOW",
        "/recollections",
        "/storage/FREEZER-80A",
        "/storage/FREEZER-80B",
        "/storage/discard",
    ]
    .map(str::to_owned)
    .into();
    lists.extend(
        ["to_do", "running", "to_review", "overdue", "waiting"].map(|v| format!("/worklists/MOLECULAR?view={v}")),
    );
    let mut counts = BTreeMap::new();
    for path in &lists {
        let page = who.get(path).expect(200).text;
        let rows = exported(&who, &page).len();
        assert_eq!(rows, shown(&page, "Patient"), "{path}");
        counts.insert(path.as_str(), rows);
    }
    for kept in ["", "&kept=yes", "&kept=no", "&kept=unpromised", "&kept=open"] {
        for span in ["months=6", "from=2026-03&months=1", "months=6&assay=NGS-MYE&urgency=routine&requester=e.marlow"] {
            let path = format!("/turnaround/orders?{span}{kept}");
            let page = who.get(&path).expect(200).text;
            assert_eq!(exported(&who, &page).len(), shown(&page, "Case"), "{path}");
        }
    }
    let page = who.get("/turnaround?months=6").expect(200).text;
    let behind = who.get("/turnaround/orders?months=6").expect(200).text;
    assert_eq!(exported(&who, &page).len(), shown(&behind, "Case"), "the rows behind the figures");
    let page = who.get("/sign").expect(200).text;
    for group in ["ready", "early"] {
        let piece = page.split(&format!(" id=\"{group}\"")).nth(1).unwrap_or_else(|| panic!("{group}"));
        let piece = piece.split("</section>").next().unwrap();
        assert_eq!(exported(&who, piece).len(), shown(piece, "Patient"), "{group}");
        assert!(shown(piece, "Patient") > 0, "{group}");
    }
    // Nothing of this holds of an empty list alone, nor of a filter that lets everything through.
    for full in ["/cases", "/worklists/RECEPTION", "/recollections", "/storage/FREEZER-80A", "/storage/discard"] {
        assert!(counts[full] > 0, "{full}: {counts:?}");
    }
    for view in ["to_do", "running", "to_review", "overdue", "waiting"] {
        let path = format!("/worklists/MOLECULAR?view={view}");
        assert!((1..counts["/worklists/MOLECULAR"]).contains(&counts[path.as_str()]), "{path}: {counts:?}");
    }
    assert!(counts["/cases?late=1"] > 0 && counts["/cases?late=1"] < counts["/cases"]);
    assert_eq!((counts["/worklists/MOLECULAR?urgent=1"], counts["/verify?bench=FLOW"]), (1, 0));
    house.server.assert_verified();
}

fn a_list_that_cannot_be_kept_is_exported_as_it_is_filtered(engine: Engine) {
    let house = House::open(engine);
    house.log(&house.case(&json!(["NGS-MYE"])));
    let who = Browser::sign_in(&house.server, "l.senior", &[Role::Supervisor]);
    // More digits than an address that is kept may have: it could be the number of a patient.
    let page = who.get("/cases?requester=u123456").expect(200).text;
    assert!(!page.contains("id=\"save-view\""));
    assert_eq!(exported(&who, &page).len(), 0, "nobody of this name asked for anything");
}

fn what_is_kept_long_enough_and_ones_own_patients_can_be_saved(engine: Engine) {
    let house = House::open(engine);
    let who = Browser::sign_in(&house.server, "l.senior", &[Role::Supervisor]);
    for (path, name) in [("/storage/discard", "To throw away"), ("/patients", "Mine")] {
        let page = who.get(path).expect(200).text;
        let saved = who.send(&page, "save-view", "/views", &[("name", name)]).expect(303);
        assert!(saved.header("location").unwrap().starts_with(path), "{saved:?}");
        let views = who.get("/views").expect(200).text;
        assert!(views.contains(&format!("href=\"{path}\"")) && views.contains(name), "{path}");
    }
}

fn rows_are_narrowed_over_the_api_and_never_ignored(engine: Engine) {
    let house = busy(engine);
    let admin = &house.staff.admin;
    let count = |query: &str| rows_of(&admin.get(&format!("/api/v1/exports/{query}")).expect(200).text).len();
    let all = count("orders.csv");
    let open = count("orders.csv?department=molecular&view=all");
    assert!(0 < open && open < all, "{open} of {all}");
    assert_eq!(count("orders.csv?department=flow"), 0);
    let before = count("orders.csv?view=all&to=2026-03-20T00:00:00Z");
    let since = count("orders.csv?view=all&from=2026-03-20T00:00:00Z");
    assert_eq!(before + since, open, "narrowed by case and by order");
    assert!(count("turnaround.csv?kept=yes") < count("turnaround.csv"));
    assert_eq!(count("specimens.csv?place=freezer-80a"), 1);
    assert_eq!(count("rejections.csv?parts=recollect"), count("specimens.csv?parts=recollect"));
    for wrong in [
        "cases.csv?department=flow",
        "specimens.csv?view=all",
        "orders.csv?place=freezer-80a",
        "turnaround.csv?view=all",
        "orders.csv?view=all&kept=no",
        "orders.csv?view=blue",
    ] {
        assert_eq!(admin.get(&format!("/api/v1/exports/{wrong}")).status, 422, "{wrong}");
    }
}

/// The number beside a view.
fn count_of(page: &str, view: &str) -> usize {
    let tab = page.split("tabs--in").nth(1).unwrap().split(&format!("view={view}\"")).nth(1).unwrap();
    let rest = tab.split("class=\"count").nth(1).unwrap();
    rest.split('>').nth(1).unwrap().split('<').next().unwrap().parse().unwrap()
}

fn mine_is_what_i_set_up_and_what_i_drafted(engine: Engine) {
    let house = House::open(engine);
    let (tech, tech2) = (&house.staff.tech, &house.staff.tech2);
    let started = house.order(OrderState::InProcess);
    let drafted = house.order(OrderState::Ready);
    house.order_step(tech2, &drafted, OrderTransition::Start).expect(200);
    house.enter(tech, &drafted);
    let others = house.order(OrderState::Ready);
    house.order_step(tech2, &others, OrderTransition::Start).expect(200);
    for state in [OrderState::Ready, OrderState::Failed, OrderState::Final, OrderState::AwaitingSpecimen] {
        house.order(state);
    }
    let of = |who: &crate::support::Token| {
        let reply = who.get("/api/v1/worklists/molecular?view=mine").expect(200).json();
        let mut ids: Vec<String> =
            reply["items"].as_array().unwrap().iter().map(|l| l["order"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    };
    let sorted = |mut ids: Vec<&String>| {
        ids.sort();
        ids.into_iter().cloned().collect::<Vec<_>>()
    };
    assert_eq!(of(tech), sorted(vec![&started, &drafted]));
    assert_eq!(of(tech2), sorted(vec![&drafted, &others]));
    assert_eq!(of(&house.staff.supervisor), Vec::<String>::new());
    // The page counts it among the views, whichever of them is open.
    let at_bench = Browser::again(&house.server, "t.nguyen");
    for view in ["all", "mine"] {
        let page = at_bench.get(&format!("/worklists/MOLECULAR?view={view}")).expect(200).text;
        assert_eq!(count_of(&page, "mine"), 2, "{view}");
    }
    assert_eq!(shown(&at_bench.get("/worklists/MOLECULAR?view=mine").expect(200).text, "Patient"), 2);
    // What failed is for whoever repeats it.
    house.order_step(tech, &started, OrderTransition::Fail).expect(200);
    assert_eq!(of(tech), vec![drafted]);
    // Whoever exports gets what is theirs.
    let who = Browser::again(&house.server, "s.iqbal");
    house.order_step(&house.staff.supervisor, &house.order(OrderState::Ready), OrderTransition::Start).expect(200);
    let page = who.get("/worklists/MOLECULAR?view=mine").expect(200).text;
    assert_eq!((exported(&who, &page).len(), shown(&page, "Patient")), (1, 1));
    house.server.assert_verified();
}

/// Every item of a paged list, some at a time.
fn paged(who: &crate::support::Token, path: &str) -> Vec<serde_json::Value> {
    let mut all = Vec::new();
    let mut next = path.to_owned();
    loop {
        let page = who.get(&next).expect(200).json();
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(cursor) => next = format!("{path}&cursor={cursor}"),
            None => return all,
        }
        assert!(all.len() < 200, "{path} has no end");
    }
}

fn a_sorted_list_is_whole_however_it_is_paged(engine: Engine) {
    let house = busy(engine);
    house.log(&house.planned(&json!(["NGS-MYE"])));
    house.log(&house.planned(&json!(["NGS-MYE"])));
    let tech = &house.staff.tech;
    let texts = |items: &[serde_json::Value], field: &str| -> Vec<Option<String>> {
        items.iter().map(|i| i[field].as_str().map(str::to_owned)).collect()
    };
    // As it must be: what has the key first, in its order.
    let in_order = |mut keys: Vec<Option<String>>| {
        keys.sort_by_key(|k| (k.is_none(), k.clone()));
        keys
    };
    for (path, key, id) in [
        ("/api/v1/worklists/molecular?sort=due", "due_at", "order"),
        ("/api/v1/worklists/molecular?sort=label", "label", "order"),
        ("/api/v1/worklists/molecular?sort=due&view=mine", "due_at", "order"),
        ("/api/v1/cases?sort=due", "due_at", "accession"),
        ("/api/v1/cases?sort=oldest", "logged_at", "accession"),
        ("/api/v1/cases?sort=due&late=true", "due_at", "accession"),
    ] {
        let whole = paged(tech, &format!("{path}&limit=200"));
        let keys = texts(&whole, key);
        assert_eq!(keys, in_order(keys.clone()), "{path}");
        assert!(whole.len() > 2, "{path}: {}", whole.len());
        for limit in [1, 2, 3] {
            let pages = paged(tech, &format!("{path}&limit={limit}"));
            assert_eq!(texts(&pages, id), texts(&whole, id), "{path} by {limit}");
        }
    }
    let (due, newest) = (paged(tech, "/api/v1/cases?sort=due"), paged(tech, "/api/v1/cases?limit=7"));
    assert_eq!(due.len(), newest.len());
    let dated = due.iter().filter(|c| c["due_at"].is_string()).count();
    assert!(0 < dated && dated < due.len(), "both with a date and without: {dated} of {}", due.len());
}

fn a_chosen_order_is_kept_and_exported(engine: Engine) {
    let house = busy(engine);
    let who = Browser::again(&house.server, "s.iqbal");
    let full = [("identifiers", "full"), ("reason", "Annual audit 7"), ("dialect", "machine")];
    for (path, column, link) in [
        ("/worklists/MOLECULAR?view=all&sort=label", "label", "class=\"row-link id\" href=\"/scan?label="),
        ("/cases?sort=newest", "accession", "class=\"row-link id\" href=\"/cases/"),
        ("/cases?stage=testing&sort=due", "accession", "class=\"row-link id\" href=\"/cases/"),
    ] {
        let page = who.get(path).expect(200).text;
        let listed: Vec<String> =
            page.split(link).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        assert!(listed.len() > 2, "{path}: {listed:?}");
        let to = page.split("href=\"/exports?").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
        let form = who.get(&format!("/exports?{to}")).expect(200).text;
        let csv = who.send(&form, "export-form", "/exports/download", &full).expect(200).text;
        let rows: Vec<String> =
            rows_of(&csv).into_iter().map(|mut r| r.remove(column).unwrap()).filter(|v| !v.is_empty()).collect();
        assert_eq!(rows, listed, "{path}");
        who.send(&page, "save-view", "/views", &[("name", path)]).expect(303);
        assert!(who.get("/views").expect(200).text.contains(&format!("href=\"{}\"", path.replace('&', "&amp;"))));
    }
}

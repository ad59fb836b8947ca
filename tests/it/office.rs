//! The admin's pages from outside: figures and their lists, accounts, the catalogue, the journal, the system.

use std::time::{Duration, Instant};

use trephine::domain::Role;
use trephine::lab::catalogue::SHIPPED;

use crate::machines::House;
use crate::support::{Engine, TestServer, Visitor, engines};

/// The links to lists on a page: address and text.
fn lists(page: &str) -> Vec<(String, String)> {
    page.split("href=\"/turnaround/orders?")
        .skip(1)
        .map(|rest| {
            let (query, rest) = rest.split_once('"').unwrap();
            let text = rest.split_once('>').unwrap().1.split("</a>").next().unwrap();
            let text = text.split('<').next().unwrap().trim().to_owned();
            (format!("/turnaround/orders?{}", query.replace("&amp;", "&")), text)
        })
        .collect()
}

/// The count that a figure ends with: `93 % of 14`, `14`.
fn figure(text: &str) -> Option<usize> {
    text.rsplit(' ').next().and_then(|last| last.parse().ok())
}

#[test]
fn every_figure_of_turnaround_leads_to_exactly_the_orders_it_counts() {
    for engine in engines() {
        let house = House::open(engine);
        house.verified();
        house.verified();
        // A second month, long after the due time.
        let draft = house.draft();
        house.server.at("2026-05-20T09:00:00Z");
        house.verify(&house.staff.supervisor, &draft).expect(200);
        let admin = Visitor::arrive(&house.server, "o.admin", &[Role::Admin]);
        let page = admin.get("/turnaround?months=6").expect(200).text;
        let mut seen = 0;
        for (address, text) in lists(&page) {
            let Some(count) = figure(&text) else { continue };
            let list = admin.get(&address).expect(200).text;
            assert_eq!(list.matches("data-th=\"Case\"").count(), count, "{address} says {text}");
            assert!(!list.contains("href=\"/cases/"), "an admin sees no case");
            seen += count;
        }
        assert!(seen >= 6, "the page has figures: {page}");
        let late = admin.get("/turnaround/orders?months=6&kept=no").expect(200).text;
        assert_eq!(late.matches("data-th=\"Case\"").count(), 1);
        // Who sees patients gets to the case; who sees no figures gets nothing.
        let senior = Visitor::arrive(&house.server, "o.senior", &[Role::Supervisor]);
        assert!(senior.get("/turnaround/orders?months=6").expect(200).text.contains("href=\"/cases/BM26-"));
        let tech = Visitor::arrive(&house.server, "o.tech", &[Role::Tech]);
        for path in ["/turnaround", "/turnaround/orders", "/exports"] {
            assert_eq!(tech.get(path).status, 403, "{path}");
        }
        house.server.assert_verified();
    }
}

#[test]
fn nobody_takes_the_last_admin_away_and_nobody_else_looks_after_accounts() {
    for engine in engines() {
        let server = TestServer::start(engine);
        let admin = Visitor::arrive(&server, "a.first", &[Role::Admin]);
        for (deed, fields) in [("lock", vec![]), ("roles", vec![("roles", "tech")])] {
            let reply = admin.submit("/users/a.first", &format!("/users/a.first/{deed}"), &fields);
            assert_eq!(reply.status, 409, "{deed}");
            assert!(reply.text.contains("last admin"), "{deed}");
        }
        // A second admin: the first may go, but not by their own hand.
        let made = admin.submit(
            "/users/new",
            "/users/new",
            &[("name", "a.second"), ("full_name", "Second"), ("roles", "admin")],
        );
        let shown = made.expect(200);
        let password = shown.text.split("class=\"id password\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert_eq!(shown.header("cache-control"), Some("no-store"));
        assert!(!admin.get("/users/a.second").expect(200).text.contains(&password), "shown once");
        assert!(
            admin.submit("/users/a.first", "/users/a.first/lock", &[]).expect(409).text.contains("your own account")
        );
        let mixed = [("roles", "admin"), ("roles", "tech")];
        assert!(
            admin
                .submit("/users/a.second", "/users/a.second/roles", &mixed)
                .expect(422)
                .text
                .contains("no clinical role")
        );
        // Seen before somebody else changed it.
        let stale = admin.submit("/users/a.second", "/users/a.second/roles", &[("version", "0"), ("roles", "auditor")]);
        assert!(stale.expect(409).text.contains("changed meanwhile"));
        admin.submit("/users/a.second", "/users/a.second/roles", &[("roles", "auditor")]).expect(303);
        admin.submit("/users/a.second", "/users/a.second/lock", &[]).expect(303);
        assert!(admin.get("/users").expect(200).text.contains("Closed"));
        admin.submit("/users/a.second", "/users/a.second/unlock", &[]).expect(303);
        let tech = Visitor::arrive(&server, "o.tech", &[Role::Tech]);
        for path in ["/users", "/users/new", "/users/a.first", "/system", "/journal", "/catalogue/edit"] {
            assert_eq!(tech.get(path).status, 403, "{path}");
        }
        admin.submit("/users/o.tech", "/users/o.tech/sign-out", &[]).expect(303);
        assert_eq!(tech.get("/catalogue").status, 303, "signed out everywhere");
        let journal = admin.get("/journal?stream=accounts").expect(200).text;
        for said in ["roles changed", "account closed", "account opened again", "every session ended"] {
            assert!(journal.to_lowercase().contains(said), "{said}: {journal}");
        }
        server.assert_verified();
    }
}

#[test]
fn a_catalogue_goes_round_and_a_refused_edit_loses_nothing_typed() {
    let house = House::open(Engine::sqlite());
    house.verified();
    let admin = Visitor::arrive(&house.server, "o.admin", &[Role::Admin]);
    let page = "/catalogue/edit?section=all";
    let before = house.server.lab.catalogue().version;
    // Wrong in two places: both are named, and the text comes back word for word, note and all.
    let wrong = SHIPPED.replace("hl7_0371", "hl7_371").replace("# The laboratory\n", "# The laboratory & <ours>\n");
    let refused = admin.submit(page, "/catalogue/edit", &[("text", &wrong), ("deed", "check")]).expect(422).text;
    assert!(refused.contains("container[EDTA]") && refused.contains("line "), "each error says where");
    let kept =
        refused.split("<textarea").nth(1).unwrap().split_once('>').unwrap().1.split("</textarea>").next().unwrap();
    let kept = kept.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    assert_eq!(kept.trim_start_matches('\n'), wrong);
    // An hour less for everybody's urgent morphology, tried on what there is, then loaded with its reason.
    let other = SHIPPED.replacen("amount = 24, unit = \"hours\"", "amount = 23, unit = \"hours\"", 1);
    assert_ne!(other, SHIPPED);
    let tried = admin.submit(page, "/catalogue/edit", &[("text", &other), ("deed", "check")]).expect(200).text;
    assert!(tried.contains("1 lines new, 1 lines gone") && tried.contains("Trial run"), "{tried}");
    assert_eq!(house.server.lab.catalogue().version, before, "a trial changes nothing");
    let load = [("text", other.as_str()), ("deed", "load"), ("reason", "")];
    admin.submit(page, "/catalogue/edit", &load).expect(422);
    let stale = [("text", other.as_str()), ("deed", "load"), ("reason", "Agreed on 1 March"), ("seen", "0")];
    assert!(admin.submit(page, "/catalogue/edit", &stale).expect(409).text.contains("changed meanwhile"));
    let load = [("text", other.as_str()), ("deed", "load"), ("reason", "Agreed on 1 March")];
    let done = admin.submit(page, "/catalogue/edit", &load).expect(303);
    assert!(done.header("location").unwrap().starts_with(&format!("/catalogue/versions/{}", before + 1)));
    assert_eq!(house.server.lab.catalogue().text, other);
    let text = admin.get(&format!("/catalogue/versions/{}/text", before + 1)).expect(200).text;
    assert_eq!(text, other, "what was loaded comes back byte for byte");
    assert!(admin.get("/catalogue/versions").expect(200).text.contains("Agreed on 1 March"));
    // One section, as browsers send it: with the line ends of forms.
    let reflex = trephine::domain::catalogue::sections::section(&other, "reflex").unwrap();
    let typed = format!("{}# one more note\n", reflex.text).replace('\n', "\r\n");
    let section = [("text", typed.as_str()), ("deed", "load"), ("reason", "A note")];
    admin.submit("/catalogue/edit?section=reflex", "/catalogue/edit", &section).expect(303);
    assert_eq!(
        house.server.lab.catalogue().text,
        other.replace(reflex.text, &format!("{}# one more note\n", reflex.text))
    );
    house.server.assert_verified();
}

#[test]
fn the_journal_shows_an_admin_no_patient_and_an_auditor_everything() {
    for engine in engines() {
        let house = House::open(engine);
        house.verified();
        let name = house.server.lab.store();
        assert!(name.path().is_some() || house.server.engine.name == "PostgreSQL");
        let auditor = Visitor::arrive(&house.server, "o.auditor", &[Role::Auditor]);
        let admin = Visitor::arrive(&house.server, "o.admin", &[Role::Admin]);
        let opened = |visitor: &Visitor, query: &str| {
            let list = visitor.get(&format!("/journal?{query}")).expect(200).text;
            let entry = list.split("open=").nth(1).unwrap().split('#').next().unwrap().to_owned();
            visitor.get(&format!("/journal?{query}&open={entry}")).expect(200).text
        };
        let all = opened(&auditor, "command=case.log");
        let accession = all.split("href=\"/cases/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let mrn = all
            .split("<dt>mrn</dt>")
            .nth(1)
            .unwrap()
            .split("<ins>")
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
            .to_owned();
        let veiled = opened(&admin, "command=case.log");
        assert!(!veiled.contains(&accession) && !veiled.contains(&mrn), "no number of a case or a patient");
        assert!(veiled.contains("family name"), "which fields changed is said");
        assert_eq!(admin.get(&format!("/journal?case={accession}")).expect(422).text.matches("<ins>").count(), 0);
        let one = auditor.get(&format!("/journal?case={accession}&check=1")).expect(200).text;
        assert!(one.contains("faults: 0"), "{one}");
        assert!(auditor.get("/journal?case=nonsense").expect(422).text.contains("nonsense"), "what was typed is kept");
        // Paging by position: nothing twice, nothing left out.
        let ids = |page: &str| {
            page.split("open=").skip(1).map(|d| d.split('#').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let mut found = Vec::new();
        let mut next = Some("/journal".to_owned());
        while let Some(path) = next {
            let page = auditor.get(&path).expect(200).text;
            found.extend(ids(&page));
            next =
                page.split("rel=\"next\" href=\"").nth(1).map(|r| r.split('"').next().unwrap().replace("&amp;", "&"));
        }
        let mut once = found.clone();
        once.dedup();
        assert_eq!(once.len(), found.len());
        assert!(found.len() as i64 <= house.server.journal() && found.len() > 10);
    }
}

#[test]
fn the_system_says_what_to_run_and_keeps_what_verification_found() {
    for engine in engines() {
        let server = TestServer::start(engine);
        let admin = Visitor::arrive(&server, "o.admin", &[Role::Admin]);
        let page = admin.get("/system").expect(200).text;
        assert!(page.contains("None was ever noted") && page.contains("trephine backup"), "{page}");
        trephine::lab::upkeep::note_backup(server.lab.store(), server.lab.now(), 1_234_567).unwrap();
        assert!(admin.get("/system").expect(200).text.contains("1.2 MB"));
        // Noted as fresh: only an old one is a fault.
        server.at("2026-03-05T10:59:00Z");
        assert!(!admin.get("/sign-in").text.contains("1.2 MB"), "nothing of it before anybody signs in");
        let admin = Visitor::sign_in(&server, "o.admin");
        server.lab.tick().unwrap();
        assert!(!admin.get("/system").expect(200).text.contains("Needs action"));
        server.at("2026-03-05T11:01:00Z");
        assert!(admin.get("/system").expect(200).text.contains("Needs action"));
        admin.submit("/system", "/system/verify", &[]).expect(303);
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let page = admin.get("/system").expect(200).text;
            if page.contains("No fault") {
                break;
            }
            assert!(Instant::now() < until, "verification never ended: {page}");
            std::thread::sleep(Duration::from_millis(50));
        }
        let tech = Visitor::arrive(&server, "o.tech", &[Role::Tech]);
        assert_eq!(tech.get("/system").status, 403);
        assert_eq!(tech.post("/system/verify", &[]).status, 403);
    }
}

#[test]
fn the_system_says_which_exports_failed_and_when_the_timers_last_ran() {
    use trephine::lab::export_jobs::Ending;
    for engine in engines() {
        let server = TestServer::start(engine);
        let admin = Visitor::arrive(&server, "o.admin", &[Role::Admin]);
        let jobs = || {
            let page = admin.get("/system").expect(200).text;
            let part = page.split("id=\"system-jobs\"").nth(1).unwrap();
            part.split("id=\"system-verify\"").next().unwrap().to_owned()
        };
        let before = jobs();
        assert!(before.contains("None is waiting or running.") && before.contains("None failed in the last 7 days."));
        assert!(before.contains("Not since the program was started") && !before.contains("Needs action"));
        server.lab.tick().unwrap();
        server.lab.tidy().unwrap();
        assert!(!jobs().contains("Not since the program was started"));
        let who = server.lab.user("o.admin").unwrap();
        let [waits, fails] = ["{}", "{}"].map(|request| server.lab.queue_export(&who, "cases", request).unwrap());
        server.lab.export_ended(fails, &Ending::Failed("The disk is full.".into())).unwrap();
        let now = jobs();
        assert!(now.contains("One is waiting or running.") && now.contains("One failed in the last 7 days."), "{now}");
        assert!(now.contains("Needs action") && now.contains("href=\"/exports#export-jobs\""), "{now}");
        server.lab.export_ended(waits, &Ending::Canceled).unwrap();
        assert!(jobs().contains("None is waiting or running."));
        // After a week a failure is over; timers that stand still are not.
        server.at("2026-03-12T09:00:00Z");
        let admin = Visitor::sign_in(&server, "o.admin");
        let page = admin.get("/system").expect(200).text;
        assert!(page.contains("None failed in the last 7 days.") && page.contains("trephine serve"), "{page}");
        server.lab.tick().unwrap();
        assert!(!admin.get("/system").expect(200).text.contains("trephine serve"));
    }
}

#[test]
fn an_export_is_arranged_previewed_started_and_fetched_without_a_script() {
    let house = House::open(Engine::sqlite());
    house.verified();
    let admin = Visitor::arrive(&house.server, "o.admin", &[Role::Admin]);
    let page = admin.get("/exports?dataset=orders&stage=testing&late=1").expect(200).text;
    assert!(page.contains("value=\"orders\" selected") && page.contains("value=\"testing\" selected"));
    let own = [
        ("dataset", "orders"),
        ("arranged", "orders"),
        ("order", "assay"),
        ("order", "state"),
        ("columns", "state"),
        ("columns", "assay"),
        ("identifiers", "none"),
        ("dialect", "machine"),
        ("zone", "UTC"),
    ];
    let with = |deed: &'static str| own.into_iter().chain([("deed", deed)]).collect::<Vec<_>>();
    let preview = admin.submit("/exports", "/exports", &with("preview")).expect(200).text;
    assert!(preview.contains("columnheader\" scope=\"col\">assay<") && !preview.contains("scope=\"col\">urgency<"));
    let moved = admin.submit("/exports", "/exports", &with("down:assay")).expect(200).text;
    let first = moved.split("name=\"order\" value=\"").nth(1).unwrap();
    assert!(first.starts_with("state\""), "the column moved");
    admin.submit("/exports", "/exports", &with("start")).expect(303);
    let until = Instant::now() + Duration::from_secs(60);
    let path = loop {
        let page = admin.get("/exports").expect(200).text;
        if let Some(rest) = page.split("href=\"/exports/").nth(1) {
            break format!("/exports/{}", rest.split('"').next().unwrap());
        }
        assert!(Instant::now() < until, "the export never ended: {page}");
        std::thread::sleep(Duration::from_millis(50));
    };
    let file = admin.get(&path).expect(200);
    assert!(file.text.starts_with("assay,state\r\n"), "{}", file.text);
    let other = Visitor::arrive(&house.server, "o.senior", &[Role::Supervisor]);
    assert_eq!(other.get(&path).status, 404, "somebody else's file");
    let none: Vec<_> = with("start").into_iter().filter(|(name, _)| *name != "columns").collect();
    assert_eq!(admin.submit("/exports", "/exports", &none).status, 422, "no column is no export");
}

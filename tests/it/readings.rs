//! A report is read and said to be read: once per person and version, and again when it changed. On both engines.

use serde_json::{Value, json};
use trephine::domain::Role;

use crate::machines::{House, Signed, read, void};
use crate::support::{Engine, Visitor, engines};

fn report(house: &House, accession: &str, number: i64) -> Value {
    house.staff.auditor.get(&format!("/api/v1/cases/{accession}/reports/{number}")).expect(200).json()
}

#[test]
fn a_report_is_read_once_per_person_and_version_and_what_was_signed_does_not_change() {
    for engine in engines() {
        let house = House::open(engine);
        let Signed { accession, report: id, .. } = house.signed();
        let path = format!("/api/v1/cases/{accession}/reports");
        let (doctor, before) = (&house.staff.hematologist, report(&house, &accession, 1));
        assert_eq!(before["read_by"], json!([]));
        let allowed = |reply: &Value| reply["allowed"].as_array().unwrap().iter().any(|step| step == "read");
        assert!(allowed(&doctor.get(&format!("{path}/1")).json()), "who asked may say so");

        // No precondition: what is named by its version was signed and does not change.
        let said = doctor.post(&path, &read(&id)).expect(200).json();
        assert!(!allowed(&said), "{said}");
        let after = report(&house, &accession, 1);
        let [reading] = &after["read_by"].as_array().unwrap()[..] else { panic!("{after}") };
        assert!(reading["by"]["name"].as_str().unwrap().contains("e.marlow") && reading["at"].is_string(), "{reading}");
        for field in ["version", "signature", "document", "state", "allowed"] {
            assert_eq!(before[field], after[field], "{field}");
        }

        // Again, and with a precondition: the same answer, and nothing in the journal.
        let journal = house.server.journal();
        assert_eq!(doctor.post(&path, &read(&id)).expect(200).json(), said);
        assert_eq!(house.report_post(doctor, &accession, &read(&id)).expect(200).json(), said);
        for who in [&house.staff.pathologist, &house.staff.tech, &house.staff.supervisor, &house.staff.auditor] {
            assert_eq!(who.post(&path, &read(&id)).status, 403, "it says that the report reached whom it is for");
        }
        assert_eq!(house.stranger.post(&path, &read(&id)).status, 404);
        assert_eq!(house.server.journal(), journal);

        // What was replaced is not read any more; what replaced it has not been read.
        house.sign(&house.staff.pathologist, &accession, "amended");
        let refused = doctor.post(&path, &read(&id)).expect(409).json();
        assert_eq!(refused["rule"], "superseded", "{refused}");
        assert!(refused["detail"].as_str().unwrap().contains("Report 2 stands in its place"), "{refused}");
        assert_eq!(report(&house, &accession, 2)["read_by"], json!([]));
        assert_eq!(report(&house, &accession, 1)["read_by"], after["read_by"]);
        house.server.assert_verified();
    }
}

#[test]
fn a_report_that_changes_what_was_read_asks_again_and_says_what_changed() {
    for engine in engines() {
        let house = House::open(engine);
        let Signed { accession, .. } = house.signed();
        let link = format!("/track/{accession}");
        let (marlow, doctor) = (
            Visitor::sign_in(&house.server, "e.marlow"),
            Visitor::arrive(&house.server, "new.pathologist", &[Role::Pathologist]),
        );
        let first = |page: &str| page.split("id=\"mine-waiting\"").next().unwrap().contains(&link);
        let press = |number: i64| format!("/cases/{accession}/reports/{number}/read");

        // Opened and not said to be read: it stays among what is new, in front.
        assert!(marlow.get(&link).expect(200).text.contains("I have read report 1"));
        let mine = marlow.get("/patients").expect(200).text;
        assert!(first(&mine) && mine.contains("Report 1 to be read"), "{mine}");
        let page = doctor.get(&format!("/cases/{accession}")).expect(200).text;
        assert!(page.contains("Nobody has said yet that they have read it."), "{page}");
        assert!(!doctor.get(&link).text.contains("I have read"), "only who it is for is asked");

        let to = marlow.submit(&link, &press(1), &[]).expect(303);
        assert!(to.header("location").unwrap().starts_with(&link));
        let page = marlow.get(&link).text;
        assert!(page.contains("You said on ") && !page.contains("I have read report"), "{page}");
        let mine = marlow.get("/patients").text;
        assert!(!first(&mine) && mine.contains("Report signed"), "{mine}");
        for place in [format!("/cases/{accession}"), format!("/cases/{accession}/reports/1")] {
            assert!(doctor.get(&place).text.contains("Read by <span translate=\"no\">Dr e.marlow</span>"), "{place}");
        }

        house.sign(&house.staff.pathologist, &accession, "amended");
        assert!(marlow.get("/patients").text.contains("Report 2 to be read"));
        let page = marlow.get(&link).text;
        for said in ["What to do:", "Report 2 changes report 1, which you read on ", "I have read report 2"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        let old = marlow.get(&format!("/cases/{accession}/reports/1")).text;
        assert!(!old.contains("I have read"), "the old version is not asked about: {old}");
        // A press on a page from before is answered with what stands instead.
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let stale = marlow.post(&press(1), &[("csrf", csrf)]).expect(409).text;
        assert!(stale.contains("Report 2 stands in its place"), "{stale}");
        marlow.submit(&link, &press(2), &[]).expect(303);
        assert!(!first(&marlow.get("/patients").text));
        let page = marlow.speaking("de").get(&link).text;
        assert!(page.contains("Sie haben am ") && page.contains("bestätigt, dass Sie ihn gelesen haben."), "{page}");
        house.server.assert_verified();
    }
}

#[test]
fn a_report_that_was_read_and_withdrawn_says_so_to_who_read_it() {
    let house = House::open(Engine::sqlite());
    let Signed { accession, report: id, .. } = house.signed();
    let marlow = Visitor::sign_in(&house.server, "e.marlow");
    let link = format!("/track/{accession}");
    marlow.submit(&link, &format!("/cases/{accession}/reports/1/read"), &[]).expect(303);
    assert!(!marlow.get(&link).text.contains("was withdrawn"));
    house.report_post(&house.staff.pathologist, &accession, &void(&id)).expect(200);
    let page = marlow.get(&link).text;
    assert!(page.contains("Report 1, which you read on ") && page.contains("Do not use this version."), "{page}");
    house.server.assert_verified();
}

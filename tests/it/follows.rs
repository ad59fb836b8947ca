//! One's own list, what is new in it, and what one is told: by the pages, on both engines.

use serde_json::{Value, json};
use trephine::domain::{OrderState, ReportState, ResultState, Role};

use crate::machines::{House, Signed, revise};
use crate::support::{Engine, Visitor, engines};

/// The accession of the case of a result.
fn case_of(house: &House, result: &str) -> String {
    let view = house.staff.auditor.get(&format!("/api/v1/results/{result}")).json();
    view["accession"].as_str().unwrap().to_owned()
}

/// The part of a page with this id, up to the next live part.
fn part<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no {id}: {page}"));
    let rest = &page[from..];
    let end = ["<div id=\"mine-", "</main>"].iter().filter_map(|next| rest[5..].find(next)).min().unwrap();
    &rest[..end + 5]
}

fn unread(page: &str) -> usize {
    page.split("data-count=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
}

#[test]
fn a_released_result_is_new_until_the_case_is_opened() {
    for engine in engines() {
        let house = House::open(engine);
        let marlow = Visitor::sign_in(&house.server, "e.marlow");
        assert!(marlow.get("/patients").expect(200).text.contains("You are not following anyone."));
        let accession = case_of(&house, &house.verified());
        let link = format!("/track/{accession}");

        let page = marlow.get("/patients").expect(200).text;
        assert!(part(&page, "mine-new").contains(&link), "{page}");
        assert!(!part(&page, "mine-waiting").contains(&link) && page.contains("1 new"));
        assert!(page.contains("Born 2 May 1961") && page.contains("1 of 1 in"), "{page}");
        // A draft is not news: the bell counts the release only.
        assert_eq!(unread(&page), 1);
        assert!(page.contains("<title>(1) My patients"), "{page}");

        let journal = house.server.journal();
        marlow.get(&link).expect(200);
        let page = marlow.get("/patients").expect(200).text;
        assert!(!part(&page, "mine-new").contains(&link) && part(&page, "mine-waiting").contains(&link), "{page}");
        assert_eq!(unread(&page), 0);
        assert_eq!(house.server.journal(), journal, "looking writes nothing into the journal");

        house.sign(&house.staff.pathologist, &accession, "final");
        assert!(part(&marlow.get("/patients").text, "mine-new").contains(&link));
        marlow.get(&format!("/cases/{accession}/reports/1")).expect(200);
        assert!(part(&marlow.get("/patients").text, "mine-new").contains(&link), "a report that is open is not read");
        marlow.submit(&link, &format!("/cases/{accession}/reports/1/read"), &[]).expect(303);
        let page = marlow.get("/patients").expect(200).text;
        assert!(part(&page, "mine-done").contains(&link) && page.contains("Report signed"), "{page}");
        house.server.assert_verified();
    }
}

#[test]
fn what_one_chooses_is_what_one_is_told() {
    for engine in engines() {
        let house = House::open(engine);
        let marlow = Visitor::sign_in(&house.server, "e.marlow");
        let accession = case_of(&house, &house.verified());
        let link = format!("/track/{accession}");
        let notices = marlow.get("/notices").expect(200).text;
        assert!(
            notices.contains(&link) && notices.contains("Myeloid gene panel") && notices.contains("result verified")
        );
        assert!(!notices.contains("result entered"), "drafts never leave the laboratory: {notices}");

        assert_eq!(marlow.submit("/notices", "/notices", &[]).expect(303).header("location"), Some("/notices"));
        let page = marlow.get("/patients").text;
        assert_eq!(unread(&page), 0);
        assert!(part(&page, "mine-new").contains(&link), "a notice that is put away is not a result that was read");

        for (choice, told, assay) in [("any", true, "MORPH-ASP"), ("never", false, "FLOW-LPD")] {
            marlow.submit(&link, &link, &[("choice", choice)]).expect(303);
            assert!(marlow.get(&link).text.contains(&format!("<option value=\"{choice}\" selected")));
            let body = json!({ "assay": assay, "why": "asked" });
            house.staff.tech.post(&format!("/api/v1/cases/{accession}/orders"), &body).expect(201);
            assert_eq!(unread(&marlow.get("/patients").text) > 0, told, "{choice}");
        }
        assert!(marlow.get("/patients").text.contains("You are told of nothing"));
        marlow.submit(&link, &link, &[("choice", "off")]).expect(303);
        assert!(!marlow.get("/patients").text.contains(&link), "taken off the list");
        let page = marlow.get(&link).text;
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(marlow.post(&link, &[("csrf", &csrf), ("choice", "everything")]).status, 422);
    }
}

#[test]
fn anybody_may_follow_what_they_may_see_and_nobody_anything_else() {
    for engine in engines() {
        let house = House::open(engine);
        let Signed { accession, .. } = house.signed();
        let link = format!("/track/{accession}");
        let doctor = Visitor::arrive(&house.server, "new.pathologist", &[Role::Pathologist]);
        assert!(!doctor.get("/patients").expect(200).text.contains(&link));
        doctor.submit(&link, &link, &[("choice", "final")]).expect(303);
        assert!(doctor.get("/patients").text.contains(&link));

        let stranger = Visitor::sign_in(&house.server, "n.stranger");
        let page = stranger.get("/patients").text;
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        stranger.post(&link, &[("csrf", &csrf), ("choice", "any")]).expect(404);
        assert!(
            !stranger.get("/patients").text.contains(&accession) && !stranger.get("/notices").text.contains(&accession)
        );
        let admin = Visitor::arrive(&house.server, "new.admin", &[Role::Admin]);
        for path in ["/patients", "/notices"] {
            assert_eq!(admin.get(path).status, 403, "{path}");
        }
    }
}

#[test]
fn a_case_is_followed_from_the_laboratorys_page_too() {
    let house = House::open(Engine::sqlite());
    let Signed { accession, .. } = house.signed();
    let (page, tracker) = (format!("/cases/{accession}"), format!("/track/{accession}"));
    let doctor = Visitor::arrive(&house.server, "new.pathologist", &[Role::Pathologist]);
    assert!(doctor.get(&page).expect(200).text.contains("<option value=\"off\" selected"));
    let back = doctor.submit(&page, &tracker, &[("choice", "late"), ("next", &page)]).expect(303);
    assert_eq!(back.header("location"), Some(page.as_str()), "back to where it was chosen");
    assert!(doctor.get(&page).text.contains("<option value=\"late\" selected"));
    assert!(doctor.get("/patients").text.contains(&tracker));
    // Nowhere but on this site.
    let away = doctor.submit(&page, &tracker, &[("choice", "any"), ("next", "//elsewhere.example")]).expect(303);
    assert_eq!(away.header("location"), Some(tracker.as_str()));
}

#[test]
fn the_tracker_says_first_what_there_is_and_always_whether_to_act() {
    let house = House::open(Engine::sqlite());
    let marlow = Visitor::sign_in(&house.server, "e.marlow");
    let tracker = |accession: &str| marlow.get(&format!("/track/{accession}")).expect(200).text;
    let of = |result: String| tracker(&case_of(&house, &result));

    let draft = of(house.draft());
    assert!(draft.contains("The marrow is in the laboratory. One test still to come."), "{draft}");
    assert!(!draft.contains("SRSF2") && draft.contains("You do not have to do anything."), "a draft stays inside");

    let early = of(house.result(ResultState::Preliminary));
    assert!(
        early.contains("One result is in. Nothing else is to come.") && early.contains("Released early by"),
        "{early}"
    );

    let amended = of(house.result(ResultState::Amended));
    for said in ["SRSF2 p.Pro95His, 14 %", "<s>SRSF2 p.Pro95His, 41 %</s>", "What to do:", "read what changed"] {
        assert!(amended.contains(said), "{said}: {amended}");
    }
    let (reported, _) = house.report(ReportState::Final);
    let reported = tracker(&reported);
    assert!(reported.contains("The final report was signed") && reported.contains("Report as PDF"), "{reported}");

    let waiting: Value =
        house.staff.auditor.get(&format!("/api/v1/orders/{}", house.order(OrderState::NeedsRecollect))).json();
    let waiting = tracker(waiting["accession"].as_str().unwrap());
    for said in ["The aspirate in EDTA could not be used", "A new sample is needed for Myeloid gene panel"] {
        assert!(waiting.contains(said), "{said}: {waiting}");
    }
    assert!(waiting.contains("href=\"tel:") && waiting.contains("Quote "), "whom to call: {waiting}");
}

#[test]
fn the_tracker_speaks_german() {
    let house = House::open(Engine::sqlite());
    let marlow = Visitor::sign_in(&house.server, "e.marlow").speaking("de");
    let page = marlow.get(&format!("/track/{}", case_of(&house, &house.verified()))).expect(200).text;
    for said in [
        "Das Ergebnis liegt vor. Der Befund wartet auf die Unterschrift.",
        "Sie müssen nichts tun.",
        "Bisherige Ergebnisse",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(page.contains("<span lang=\"en\">SRSF2 p.Pro95His, 41 %</span>"), "what was signed stays as it is: {page}");
}

#[test]
fn a_patients_marrows_are_at_an_address_without_a_name_or_number() {
    let house = House::open(Engine::sqlite());
    let marlow = Visitor::sign_in(&house.server, "e.marlow");
    let Signed { accession, result, .. } = house.signed();
    let revision = house.result_post(&house.staff.pathologist2, &result, "correct", &revise("corrected")).expect(201);
    house.verify(&house.staff.supervisor2, revision.json()["id"].as_str().unwrap()).expect(200);
    let case = house.staff.auditor.get(&format!("/api/v1/cases/{accession}")).json();
    let path = format!("/patients/{}", case["patient"]["id"].as_str().unwrap());
    let page = marlow.get(&path).expect(200).text;
    for said in ["Patient timeline", "1 marrow", accession.as_str(), "SRSF2 p.Pro95His, 14 %"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("style="));
    assert_eq!(Visitor::sign_in(&house.server, "n.stranger").get(&path).status, 404);
}

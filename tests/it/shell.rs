//! What is around every page: the box, saved views, forms that outlive their session, and forms that came second.

use std::collections::BTreeMap;

use trephine::domain::{Role, SpecimenState};

use super::machines::House;
use super::support::{Browser, Staff, engines};

/// Every hidden field of the form that is sent to `action`.
fn hidden(page: &str, action: &str) -> Vec<(String, String)> {
    let form = page.split("<form").find(|f| f.contains(&format!("action=\"{action}\"")));
    let form = form.unwrap_or_else(|| panic!("no form for {action}: {page}")).split("</form>").next().unwrap();
    let value =
        |input: &str, name: &str| input.split(&format!("{name}=\"")).nth(1)?.split('"').next().map(str::to_owned);
    form.split("<input type=\"hidden\"").skip(1).filter_map(|i| Some((value(i, "name")?, value(i, "value")?))).collect()
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
}

#[test]
fn the_box_finds_by_every_number_and_never_by_an_address() {
    for engine in engines() {
        let house = House::open(engine);
        let label = house.part(SpecimenState::Accepted);
        let accession = label.rsplit_once('-').unwrap().0.to_owned();
        let tech = Browser::sign_in(&house.server, "b.tech", &[Role::Tech]);
        let csrf = Browser::field(&tech.get("/search").expect(200).text, "csrf");
        let ask = |path: &str, q: &str| tech.post(path, &[("csrf", &csrf), ("q", q)]);
        assert_eq!(
            ask("/search", &label).expect(303).header("location"),
            Some(format!("/scan?label={label}").as_str())
        );
        assert_eq!(
            ask("/search", &accession).expect(303).header("location"),
            Some(format!("/cases/{accession}").as_str())
        );
        let found = ask("/palette", &accession).expect(200).text;
        assert!(found.contains(&format!("/cases/{accession}")) && found.contains("Born"), "{found}");
        // The check character is part of the number.
        let wrong =
            format!("{}{}", &accession[..accession.len() - 1], if accession.ends_with('A') { 'B' } else { 'A' });
        assert!(ask("/palette", &wrong).expect(200).text.contains("check character"));
        // What was opened is there without words; a query in an address is nothing.
        assert!(!ask("/palette", "").expect(200).text.contains(&accession));
        tech.get(&format!("/cases/{accession}")).expect(200);
        assert!(ask("/palette", "").expect(200).text.contains(&accession));
        assert!(!tech.get(&format!("/search?q={accession}")).expect(200).text.contains("found-0"));
        let other = Browser::sign_in(&house.server, "c.tech", &[Role::Tech]);
        assert!(!other.get("/search").expect(200).text.contains(&accession), "what one opened is nobody else's");
        assert_eq!(tech.get("/palette").status, 405);
        // Whoever sees no patients finds none, and still gets about.
        let admin = Browser::sign_in(&house.server, "b.admin", &[Role::Admin]);
        let csrf = Browser::field(&admin.get("/views").expect(200).text, "csrf");
        let list = admin.post("/palette", &[("csrf", &csrf), ("q", &accession)]).expect(200).text;
        assert!(!list.contains(&accession), "{list}");
    }
}

#[test]
fn only_lists_are_saved_and_only_for_oneself() {
    for engine in engines() {
        let house = House::open(engine);
        let tech = Browser::sign_in(&house.server, "b.tech", &[Role::Tech]);
        let csrf = Browser::field(&tech.get("/views").expect(200).text, "csrf");
        let save =
            |name: &str, address: &str| tech.post("/views", &[("csrf", &csrf), ("name", name), ("address", address)]);
        for address in [
            "https://evil.example/",
            "//evil.example/cases",
            "/search?q=Smith",
            "/cases?mrn=4857773456",
            "/cases/BM26-000417K",
        ] {
            assert_eq!(save("x", address).status, 422, "{address}");
        }
        assert_eq!(save(" ", "/cases?late=1").status, 422);
        let kept = save("Late ones", "/cases?late=1&after=1.2").expect(303);
        assert_eq!(kept.header("location"), Some("/cases?late=1&done=view"));
        save("Late ones", "/cases?stage=testing").expect(303);
        let page = tech.get("/views").expect(200).text;
        assert!(page.contains("/cases?stage=testing") && !page.contains("/cases?late=1\""), "one name, one list");
        let other = Browser::sign_in(&house.server, "c.tech", &[Role::Tech]);
        assert!(!other.get("/views").expect(200).text.contains("Late ones"));
        let page = tech.get("/views").expect(200).text;
        let forget = page.split("action=\"").find(|a| a.starts_with("/views/")).unwrap().split('"').next().unwrap();
        let theirs = Browser::field(&other.get("/views").text, "csrf");
        assert_eq!(other.post(forget, &[("csrf", &theirs)]).status, 404);
        tech.post(forget, &[("csrf", &csrf)]).expect(303);
        assert!(!tech.get("/views").text.contains("Late ones"));
    }
}

#[test]
fn a_form_that_came_second_shows_both_sides_and_loses_nothing() {
    for engine in engines() {
        let house = House::open(engine);
        let label = house.part(SpecimenState::Accepted);
        let one = Browser::sign_in(&house.server, "b.tech", &[Role::Tech]);
        let two = Browser::sign_in(&house.server, "c.tech", &[Role::Tech]);
        let path = format!("/specimens/{label}/steps/store");
        // Starting leaves storing open, so that the second has a choice.
        let begun = format!("/specimens/{label}/steps/start");
        let form = |browser: &Browser, path: &str| hidden(&browser.get(path).expect(200).text, path);
        let (first, second) = (form(&one, &begun), form(&two, &path));
        let with = |fields: &[(String, String)], place: &'static str| {
            let mut all = fields.to_vec();
            all.push(("location".into(), place.into()));
            all
        };
        one.post(&begun, &pairs(&with(&first, "Fridge 2"))).expect(303);
        let late = two.post(&path, &pairs(&with(&second, "Freezer 9"))).expect(412).text;
        for said in ["b.tech", "Fridge 2", "Freezer 9", "What changed while you were typing", "Send mine on top"] {
            assert!(late.contains(said), "{said}: {late}");
        }
        // The choice carries everything that was typed, and the version that was shown.
        let again: BTreeMap<_, _> = hidden(&late, &path).into_iter().collect();
        let before: BTreeMap<_, _> = second.into_iter().collect();
        assert_eq!(again["location"], "Freezer 9");
        assert!(again["version"].parse::<i64>().unwrap() > before["version"].parse::<i64>().unwrap());
        assert_ne!(again["key"], before["key"]);
        assert!(late.contains(&format!("<a class=\"btn\" href=\"{path}\">Leave mine")), "{late}");
        assert!(late.contains("The form below still holds"), "{late}");
        house.server.assert_verified();
    }
}

/// The page of a step that had closed meanwhile offered to send it again, and spoke of a form that was not there.
#[test]
fn a_form_of_a_step_that_has_closed_is_not_offered_again() {
    for engine in engines() {
        let house = House::open(engine);
        let label = house.part(SpecimenState::Received);
        let one = Browser::sign_in(&house.server, "b.tech", &[Role::Tech]);
        let two = Browser::sign_in(&house.server, "c.tech", &[Role::Tech]);
        let path = format!("/specimens/{label}/steps/accept");
        let mut fields = hidden(&one.get(&path).expect(200).text, &path);
        let mut second = hidden(&two.get(&path).expect(200).text, &path);
        for form in [&mut fields, &mut second] {
            form.push(("identifiers_match".into(), "true".into()));
        }
        one.post(&path, &pairs(&fields)).expect(303);
        let late = two.post(&path, &pairs(&second)).expect(412).text;
        assert!(late.contains("no longer open") && late.contains("Leave mine, show the case"), "{late}");
        for wrong in ["The form below", "Send mine", "begin afresh"] {
            assert!(!late.contains(wrong), "{wrong}: {late}");
        }
        house.server.assert_verified();
    }
}

#[test]
fn a_form_sent_after_the_session_goes_on_for_the_same_person_only() {
    for engine in engines() {
        let house = House::open(engine);
        let label = house.part(SpecimenState::Accepted);
        let (tech, path) =
            (Browser::sign_in(&house.server, "b.tech", &[Role::Tech]), format!("/specimens/{label}/steps/store"));
        house.server.token("c.tech", &[Role::Tech]);
        let mut typed = hidden(&tech.get(&path).expect(200).text, &path);
        typed.push(("location".into(), "Fridge 7".into()));
        typed.push(("password".into(), "a secret".into()));
        house.server.at("2026-03-04T09:16:00Z");
        let journal = house.server.journal();
        let kept = tech.post(&path, &pairs(&typed)).expect(401).text;
        assert!(kept.contains("Fridge 7") && !kept.contains("a secret"), "{kept}");
        assert_eq!(house.server.journal(), journal);
        let carried = hidden(&kept, "/sign-in");
        let sign_in = |name: &'static str, password: &'static str| {
            let mut all = carried.clone();
            all.extend([("name".into(), name.into()), ("password".into(), password.into())]);
            tech.post("/sign-in", &pairs(&all))
        };
        // A wrong password loses nothing either.
        assert!(sign_in("b.tech", "wrong wrong wrong").expect(403).text.contains("Fridge 7"));
        let other = sign_in("c.tech", Staff::PASSWORD).expect(303);
        assert!(!other.text.contains("Fridge 7"));
        house.server.at("2026-03-04T09:17:00Z");
        let back = sign_in("b.tech", Staff::PASSWORD).expect(200);
        let cookie = back.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let again = hidden(&back.text, &path);
        assert!(!again.iter().any(|(name, _)| name == "password" || name == "name"), "{again:?}");
        let key = |fields: &[(String, String)]| fields.iter().find(|(n, _)| n == "key").map(|(_, v)| v.clone());
        assert_eq!(key(&again), key(&typed), "the same form, once");
        tech.with_cookie(&cookie).post(&path, &pairs(&again)).expect(303);
        house.server.assert_verified();
        // A form that this browser's session never had is not carried: it may come from anywhere.
        let foreign = tech.post(&path, &[("csrf", "0"), ("location", "Elsewhere")]).expect(303);
        assert!(foreign.header("location").unwrap().starts_with("/sign-in"));
    }
}

#[test]
fn a_locked_page_goes_on_for_whoever_gives_the_password() {
    for engine in engines() {
        let house = House::open(engine);
        let tech = Browser::sign_in(&house.server, "b.tech", &[Role::Tech]);
        assert_eq!(tech.get("/alive").status, 204);
        house.server.at("2026-03-04T09:16:00Z");
        assert_eq!(tech.get("/alive").status, 303);
        let ask = |password: &str| tech.post("/unlock", &[("name", "b.tech"), ("password", password)]);
        assert_eq!(ask("wrong wrong wrong").status, 403);
        house.server.at("2026-03-04T09:17:00Z");
        let open = ask(Staff::PASSWORD).expect(200);
        let csrf = open.text.split("data-csrf=\"").nth(1).unwrap().split('"').next().unwrap();
        let cookie = open.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let tech = tech.with_cookie(&cookie);
        assert_eq!(Browser::field(&tech.get("/views").expect(200).text, "csrf"), csrf);
    }
}

//! The desks of those who enter, verify and sign, in a browser without JavaScript.

use serde_json::{Value, json};
use trephine::domain::{OrderTransition as T, SpecimenTransition as P};

use crate::machines::{House, on_both_engines};
use crate::support::{Engine, Reply, Staff, Visitor};

on_both_engines!(
    a_form_is_read_back_before_anything_is_entered,
    verify_and_next_leads_through_the_list,
    a_result_whose_source_changed_is_not_verified,
    a_report_is_signed_as_it_was_read,
    what_was_begun_and_not_sent_is_taken_up_as_it_was_left,
);

/// The form of a page that goes to `action`: its hidden fields, and these beside them.
fn form(page: &Reply, action: &str, fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let form = page.text.split("<form").skip(1).find(|f| f.contains(&format!("action=\"{action}\"")));
    let form = form.unwrap_or_else(|| panic!("no form for {action}: {}", page.text)).split("</form>").next().unwrap();
    let value =
        |input: &str, name: &str| input.split(&format!("{name}=\"")).nth(1)?.split('"').next().map(str::to_owned);
    let hidden = form.split("<input type=\"hidden\"").skip(1);
    hidden
        .map(|input| (value(input, "name").unwrap(), value(input, "value").unwrap()))
        .chain(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())))
        .collect()
}

fn send(who: &Visitor, to: &str, fields: &[(String, String)]) -> Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    who.post(to, &fields)
}

/// Where an answer leads.
#[track_caller]
fn leads(reply: Reply) -> String {
    reply.expect(303).header("location").unwrap().to_owned()
}

/// The words of a page, without tags and doubled blanks.
fn words(page: &Reply) -> String {
    let pieces = page.text.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    let text = pieces.collect::<Vec<_>>().join(" ").replace("&lt;", "<").replace("&quot;", "\"");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn reads(page: &Reply, said: &[&str]) {
    let words = words(page);
    for s in said {
        assert!(words.contains(s), "{s:?} is not on the page: {words}");
    }
}

/// The orders of a case with material for these assays, each of them set up.
fn started(house: &House, assays: &[&str]) -> Value {
    let mut body = house.case(&json!(assays));
    body["specimens"] = json!([
        { "kind": "aspirate", "container": "EDTA", "pull_number": 1, "volume_ul": 9000 },
        { "kind": "aspirate", "container": "NAHEP", "pull_number": 2, "volume_ul": 4000 },
        { "kind": "smear", "container": "SLIDE" },
    ]);
    let case = house.log(&body);
    for part in case["specimens"].as_array().unwrap() {
        for step in [P::Receive, P::Accept] {
            house.step(&house.staff.tech, part["label"].as_str().unwrap(), step).expect(200);
        }
    }
    let mut ids = json!({});
    for order in case["orders"].as_array().unwrap() {
        house.order_step(&house.staff.tech, order["id"].as_str().unwrap(), T::Start).expect(200);
        ids[order["assay"].as_str().unwrap()] = order["id"].clone();
    }
    ids
}

fn a_form_is_read_back_before_anything_is_entered(engine: Engine) {
    let house = House::open(engine);
    let orders = started(&house, &["KARYO", "MORPH-ASP", "BCRABL-Q"]);
    let tam = Visitor::sign_in(&house.server, "t.nguyen");
    let before = house.server.journal();
    let check = |assay: &str, typed: &[(&str, &str)]| {
        let id = orders[assay].as_str().unwrap();
        let page = tam.get(&format!("/orders/{id}")).expect(200);
        let action = format!("/orders/{id}/results");
        send(&tam, &action, &form(&page, &action, &[typed, &[("check", "1")]].concat())).expect(200)
    };

    // The text is read, with the place of what is wrong, while other fields are still missing.
    let page = check("KARYO", &[("details.iscn", "46,XX,del(5)(q13q33)[8]/46,XX[12")]);
    reads(&page, &["Something is wrong", "Character 30:", "never closed", "Metaphases analyzed is needed."]);
    assert!(page.text.contains(">46,XX,del(5)(q13q33)[8]/46,XX[12</textarea>"), "what was typed is kept");

    // Cells of the plain fields become percentages.
    let cells = [
        ("details.differential.tally", "cells"),
        ("details.differential.blasts", "30"),
        ("details.differential.erythroid", "90"),
    ];
    reads(&check("MORPH-ASP", &cells), &["Sum: 120 cells", "Blasts 25 % (30)", "Erythroid precursors 75 % (90)"]);

    // The class of response follows from the copies, whatever the result says of them later.
    let mut copies = vec![
        ("details.target", "BCR::ABL1"),
        ("details.target_copies", "12"),
        ("details.control_gene", "ABL1"),
        ("details.control_copies", "45000"),
        ("details.conversion_factor", "0.8"),
    ];
    reads(&check("BCRABL-Q", &copies), &["0.0214 % IS", "Molecular response MMR"]);
    copies[1].1 = "nd";
    reads(&check("BCRABL-Q", &copies), &["Molecular response MR4.5"]);

    // The page for a text alone.
    let page = tam.get("/iscn").expect(200);
    let typed = [("text", "47,XY,+8[12]/46,XY[8]")];
    let page = send(&tam, "/iscn", &form(&page, "/iscn", &typed)).expect(200);
    reads(&page, &["Understood", "gain of chromosome 8"]);
    assert_eq!(house.server.journal(), before, "nothing is entered and nothing is kept");
    house.server.assert_verified();
}

fn verify_and_next_leads_through_the_list(engine: Engine) {
    let house = House::open(engine);
    let (first, second) = (house.draft(), house.draft());
    let sue = Visitor::sign_in(&house.server, "s.iqbal");
    reads(&sue.get("/verify").expect(200), &["2 results wait"]);
    let page = sue.get(&format!("/results/{first}")).expect(200);
    reads(&page, &["of 2", "Verify and next"]);
    assert!(page.text.contains(">Skip</a>"), "{}", page.text);
    let action = format!("/results/{first}/verify");
    let to = leads(send(&sue, &action, &form(&page, &action, &[("then", "next")])));
    let page = sue.get(to.strip_suffix("?done=verify").unwrap());
    assert_eq!(leads(page), format!("/results/{second}"), "the other one is next");

    // Returned with a reason it waits for its bench; nothing else waits, so the list is next.
    let page = sue.get(&format!("/results/{second}")).expect(200);
    let action = format!("/results/{second}/review");
    leads(send(&sue, &action, &form(&page, &action, &[])));
    let page = sue.get(&format!("/results/{second}")).expect(200);
    assert!(!page.text.contains(">Skip</a>"), "there is no other");
    let action = format!("/results/{second}/return");
    let why = form(&page, &action, &[("note", "Count again.")]);
    assert_eq!(leads(send(&sue, &action, &why)), "/verify?done=return");
    reads(&sue.get("/verify").expect(200), &["One result waits"]);
    house.server.assert_verified();
}

fn a_result_whose_source_changed_is_not_verified(engine: Engine) {
    let house = House::open(engine);
    let draft = house.draft();
    let sue = Visitor::sign_in(&house.server, "s.iqbal");
    let read = sue.get(&format!("/results/{draft}")).expect(200);
    let order = house.staff.tech.get(&format!("/api/v1/results/{draft}")).json()["order"].clone();
    house.order_step(&house.staff.supervisor2, order.as_str().unwrap(), T::Review).expect(200);
    let action = format!("/results/{draft}/verify");
    let page = send(&sue, &action, &form(&read, &action, &[])).expect(412);
    reads(&page, &["Nothing was verified or signed", "What changed since you opened the page", "being checked by"]);
    assert_eq!(house.staff.tech.get(&format!("/api/v1/results/{draft}")).json()["state"], "draft");
    // Read as it is now, it may be verified.
    assert_eq!(leads(send(&sue, &action, &form(&page, &action, &[]))), "/verify?done=verify");
    // Whoever entered it is told why they may not.
    let own = house.enter(&house.staff.supervisor, &house.order(trephine::domain::OrderState::InProcess));
    let page = sue.get(&format!("/results/{own}")).expect(200);
    reads(&page, &["You entered this result: another person verifies it."]);
    assert!(!page.text.contains(&format!("/results/{own}/verify")));
    house.server.assert_verified();
}

fn a_report_is_signed_as_it_was_read(engine: Engine) {
    let house = House::open(engine);
    let result = house.verified();
    let view = house.staff.tech.get(&format!("/api/v1/results/{result}")).json();
    let accession = view["accession"].as_str().unwrap();
    let luis = Visitor::sign_in(&house.server, "l.ferreira");
    let compose = format!("/cases/{accession}/report");
    let sign = format!("{compose}/sign");
    let text = |more: &[(&'static str, &'static str)]| {
        let base = [("kind", "final"), ("diagnosis", "Myelodysplastic neoplasm")];
        base.iter().chain(more).copied().collect::<Vec<_>>()
    };

    // The preview is the report, and writes nothing; what is missing is said before anybody presses.
    let before = house.server.journal();
    let page = luis.get(&compose).expect(200);
    reads(&page, &["The diagnosis is needed.", "SRSF2"]);
    let page =
        send(&luis, &compose, &form(&page, &compose, &text(&[("do", "preview"), ("comment", "Looks dysplastic.")])));
    let page = page.expect(200);
    let drawn = page.text.split("<article").nth(1).unwrap().split("</article>").next().unwrap();
    assert!(drawn.contains("Myelodysplastic neoplasm") && drawn.contains("Looks dysplastic."), "{drawn}");
    reads(&page, &["The text is not saved yet."]);
    assert_eq!(house.server.journal(), before, "a preview is not a draft");

    let saved = leads(send(&luis, &compose, &form(&page, &compose, &text(&[("do", "save")]))));
    let page = luis.get(&saved).expect(200);
    reads(&page, &["The draft is saved.", "Nothing stands in the way"]);

    // Text that was typed after the preview is saved and read again, never signed unread.
    let changed = form(&page, &compose, &text(&[("comment", "One word more."), ("password", Staff::PASSWORD)]));
    assert_eq!(leads(send(&luis, &sign, &changed)), format!("{compose}?done=reread"));
    let page = luis.get(&format!("{compose}?done=reread")).expect(200);
    reads(&page, &["it was saved and not signed", "One word more."]);

    // A result that changes while the page is open withholds the signature, and the page says which.
    let withdrawn =
        house.result_post(&house.staff.pathologist2, &result, "correct", &crate::machines::revise("corrected"));
    let new = withdrawn.expect(201).json()["id"].as_str().unwrap().to_owned();
    house.verify(&house.staff.supervisor, &new).expect(200);
    let typed = text(&[("comment", "One word more."), ("password", Staff::PASSWORD), ("then", "next")]);
    let page = send(&luis, &sign, &form(&page, &compose, &typed)).expect(412);
    reads(&page, &["What changed since you opened the page", "14 %"]);

    let page = luis.get(&compose).expect(200);
    let unsigned = text(&[("comment", "One word more."), ("password", "")]);
    send(&luis, &sign, &form(&page, &compose, &unsigned)).expect(422);
    // Signed; no other case waits, so the list is next.
    assert_eq!(leads(send(&luis, &sign, &form(&page, &compose, &typed))), "/sign?done=sign");
    let signed = luis.get(&format!("/cases/{accession}/reports/1")).expect(200);
    reads(&signed, &["One word more.", "14 %"]);
    house.server.assert_verified();
}

/// `data-draft` stood on these forms and nothing read what it had kept.
fn what_was_begun_and_not_sent_is_taken_up_as_it_was_left(engine: Engine) {
    let house = House::open(engine);
    let orders = started(&house, &["KARYO", "MORPH-ASP", "BCRABL-Q"]);
    let id = orders["KARYO"].as_str().unwrap();
    let (path, action) = (format!("/orders/{id}"), format!("/orders/{id}/results"));
    let tam = Visitor::sign_in(&house.server, "t.nguyen");
    let page = tam.get(&path).expect(200);
    let version = |page: &Reply| form(page, &action, &[]).into_iter().find(|(n, _)| n == "version").unwrap().1;
    let seen = version(&page);
    let typed = form(&page, &action, &[("comment", "Half a thought"), ("performed_at", "-1h")]);
    send(&tam, "/drafts", &typed).expect(200);
    let order = format!("/api/v1/orders/{id}");
    let set_up = serde_json::json!({ "transition": "advance", "workstep": "SET-UP" });
    house.staff.tech.post_current(&order, &format!("{order}/transitions"), &set_up).expect(200);
    house.server.at("2026-03-04T09:05:00Z");

    let back = tam.get(&path).expect(200);
    reads(&back, &["Not sent yet", "Half a thought"]);
    assert!(back.text.contains("08:00"), "an hour before it was typed: {}", back.text);
    assert_eq!(version(&back), seen, "what changed meanwhile is found when it is sent");
    let other = Visitor::sign_in(&house.server, "s.iqbal");
    let theirs = other.get(&path).expect(200);
    assert!(!theirs.text.contains("Half a thought") && version(&theirs) != seen);
    send(&tam, "/drafts/discard", &form(&back, "/drafts/discard", &[])).expect(303);
    assert!(!tam.get(&path).expect(200).text.contains("Half a thought"));

    // A report as well, and saving it forgets what was kept.
    let accession = page.text.split("/cases/BM").nth(1).unwrap().split(['"', '/', '?']).next().unwrap();
    let compose = format!("/cases/BM{accession}/report");
    let luis = Visitor::sign_in(&house.server, "l.ferreira");
    let page = luis.get(&compose).expect(200);
    let text = [("kind", "preliminary"), ("diagnosis", "Karyotype to follow."), ("comment", "A first look.")];
    send(&luis, "/drafts", &form(&page, &compose, &text)).expect(200);
    let back = luis.get(&compose).expect(200);
    reads(&back, &["Not sent yet", "Karyotype to follow.", "A first look."]);
    let saved = leads(send(&luis, &compose, &form(&back, &compose, &[&text[..], &[("do", "save")]].concat())));
    let page = luis.get(&saved).expect(200);
    assert!(!words(&page).contains("Not sent yet") && words(&page).contains("A first look."));
    house.server.assert_verified();
}

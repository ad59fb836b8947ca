//! The signed report as a file: who gets it, which bytes, and what is written on them.

use serde_json::{Value, json};
use trephine::domain::{ReportState, Role, SpecimenTransition};

use crate::machines::{House, Signed, report_text, revise, sign, void};
use crate::support::pdf::{read, squeezed};
use crate::support::{Browser, Engine, Reply, engines};

/// A version of the report: its file in the API, its page, and the same file from the page.
struct Places {
    api: String,
    page: String,
    file: String,
}

fn places(accession: &str, number: i64) -> Places {
    let page = format!("/cases/{accession}/reports/{number}");
    Places { api: format!("/api/v1{page}/pdf"), file: format!("{page}/pdf"), page }
}

/// The file, if it is one: its bytes and its tag.
#[track_caller]
fn file((reply, bytes): (Reply, Vec<u8>), name: &str) -> (Vec<u8>, String) {
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&bytes));
    assert!(bytes.starts_with(b"%PDF-1.7"));
    for (header, value) in [
        ("content-type", "application/pdf"),
        ("content-disposition", format!("inline; filename=\"{name}\"").as_str()),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(reply.header(header), Some(value), "{header}");
    }
    (bytes, reply.etag.unwrap())
}

/// What stands between the tags of the report on its page: all of it is words of the report, but for the captions that
/// name a table to those who do not see it.
fn page_lines(page: &str) -> Vec<String> {
    let report = page.split_once("<article").unwrap().1.split_once("</article>").unwrap().0;
    let text = |piece: &str| {
        let (tag, text) = piece.split_once('>').unwrap();
        (!tag.contains("sr-only")).then(|| text.to_owned())
    };
    let plain = |t: String| t.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    let texts = report.split('<').skip(1).filter_map(text).map(plain);
    texts.map(|t| squeezed(&t)).filter(|t| !t.is_empty()).collect()
}

#[test]
fn a_signed_report_is_given_out_as_a_file_with_the_same_bytes_every_time() {
    for engine in engines() {
        let house = House::open(engine);
        let Signed { accession, .. } = house.signed();
        let at = places(&accession, 1);
        let name = format!("{accession}-report-1.pdf");
        let browser = Browser::sign_in(&house.server, "b.pathologist", &[Role::Pathologist]);
        let journal = house.server.journal();
        let (bytes, tag) = file(house.staff.pathologist.bytes(&at.api), &name);
        for again in [house.staff.hematologist.bytes(&at.api), browser.bytes(&at.file), browser.bytes(&at.file)] {
            let (other, other_tag) = file(again, &name);
            assert!(other == bytes && other_tag == tag, "the same version in the same standing is the same file");
        }
        assert_eq!(house.server.journal(), journal, "looking writes nothing");

        let view = house.staff.pathologist.get(&at.api.replace("/pdf", "")).expect(200).json();
        let text = read(&bytes).concat();
        for said in ["OKONKWO, Ada", &accession, "final report", "SRSF2 p.Pro95His, 41 %", "Myeloid 54 v3"] {
            assert!(text.contains(&squeezed(said)), "{said}: {text}");
        }
        let sha256 = view["signature"]["sha256"].as_str().unwrap();
        assert!(text.contains(sha256) && tag.contains(sha256));
        assert!(browser.get(&at.page).expect(200).text.contains(&format!("href=\"{}\"", at.file)));
    }
}

#[test]
fn the_page_says_no_line_that_the_file_does_not_say() {
    let house = House::open(Engine::sqlite());
    let Signed { accession, .. } = house.signed();
    house.sign(&house.staff.pathologist, &accession, "corrected");
    let browser = Browser::sign_in(&house.server, "b.pathologist", &[Role::Pathologist]);
    for number in [1, 2] {
        let at = places(&accession, number);
        let text = read(&browser.bytes(&at.file).1).concat();
        let lines = page_lines(&browser.get(&at.page).expect(200).text);
        assert!(lines.len() > 40, "{lines:?}");
        for line in lines {
            assert!(text.contains(&line), "{line:?} is missing in the file: {text}");
        }
    }
}

#[test]
fn what_was_never_signed_has_no_file_and_a_void_draft_neither() {
    for engine in engines() {
        let house = House::open(engine);
        let browser = Browser::sign_in(&house.server, "b.pathologist", &[Role::Pathologist]);
        for state in [ReportState::Draft, ReportState::Void] {
            let (accession, _) = house.report(state);
            let at = places(&accession, 1);
            assert_eq!(house.staff.pathologist.get(&at.api).expect(409).problem(), "not-signed");
            assert!(browser.get(&at.file).expect(409).text.contains("never signed"));
            assert_eq!(house.staff.pathologist.get(&at.api.replace("/1/", "/9/")).status, 404);
            assert_eq!(browser.get(&at.file.replace("/1/", "/9/")).status, 404);
        }
    }
}

#[test]
fn nobody_gets_the_file_of_a_patient_that_is_not_theirs() {
    for engine in engines() {
        let house = House::open(engine);
        let Signed { accession, .. } = house.signed();
        let at = places(&accession, 1);
        assert_eq!(house.stranger.get(&at.api).status, 404);
        assert_eq!(house.staff.admin.get(&at.api).status, 403);
        let stranger = Browser::sign_in(&house.server, "b.stranger", &[Role::Hematologist]);
        let refused = stranger.get(&at.file).expect(404).text;
        assert!(!refused.contains("Okonkwo") && !refused.contains("OKONKWO"), "{refused}");
        let nobody = crate::contract::raw(&house.server.base, "GET", &at.file, &[], b"");
        assert!(matches!(nobody.status, 302 | 303 | 401), "{}", nobody.status);
        // A draft is not for the one who asked, signed or not.
        let (draft, _) = house.report(ReportState::Draft);
        assert_eq!(house.staff.hematologist.get(&places(&draft, 1).api).status, 404);
    }
}

#[test]
fn an_amended_report_says_so_first_and_the_earlier_one_is_marked_on_every_page() {
    for engine in engines() {
        let house = House::open(engine);
        let Signed { accession, result, .. } = house.signed();
        let doctor = &house.staff.pathologist;
        let browser = Browser::sign_in(&house.server, "b.pathologist", &[Role::Pathologist]);
        let (first, second) = (places(&accession, 1), places(&accession, 2));
        let (_, tag) = file(doctor.bytes(&first.api), &format!("{accession}-report-1.pdf"));

        let revision = house.result_post(&house.staff.pathologist2, &result, "correct", &revise("corrected"));
        let revision = revision.expect(201).json()["id"].as_str().unwrap().to_owned();
        house.verify(&house.staff.supervisor, &revision).expect(200);
        let mut text = report_text("amended");
        text["diagnosis"] = json!("Clonal cytopenia of undetermined significance");
        text["reason"] = json!("The allele fraction was transposed");
        let draft = house.report_post(doctor, &accession, &json!({ "action": "draft", "text": text })).expect(201);
        house.report_post(doctor, &accession, &sign(draft.json()["id"].as_str().unwrap())).expect(200);

        let (old, old_tag) = file(doctor.bytes(&first.api), &format!("{accession}-report-1.pdf"));
        assert_ne!(old_tag, tag, "another standing, another file");
        let old = read(&old);
        assert!(old.iter().all(|page| page.contains("SUPERSEDED")), "{old:?}");
        assert!(old[0].contains(&squeezed("Superseded. Version 2 stands in its place.")), "{old:?}");
        assert!(old.concat().contains(&squeezed("SRSF2 p.Pro95His, 41 %")), "what was signed stays");

        let new = read(&browser.bytes(&second.file).1).concat();
        assert!(!new.contains("SUPERSEDED") && !new.contains("VOID"), "{new}");
        let changed = "Changed since version 1: The allele fraction was transposed. See “What changed” below.";
        let section = new.find(&squeezed("Indication and history")).unwrap();
        assert!(new.find(&squeezed(changed)).is_some_and(|at| at < section), "{new}");
        let table = new.split_once(&squeezed("What Before Now")).unwrap().1;
        for said in ["SRSF2 p.Pro95His, 41 % SRSF2 p.Pro95His, 14 %", "Clonal cytopenia of undetermined significance"] {
            assert!(table.contains(&squeezed(said)), "{said}: {table}");
        }
        assert!(squeezed(&browser.get(&second.page).text).contains(&squeezed(changed)));

        let report = house.staff.auditor.get(&second.api.replace("/pdf", "")).expect(200).json();
        house.report_post(doctor, &accession, &void(report["id"].as_str().unwrap())).expect(200);
        let gone = read(&browser.bytes(&second.file).1);
        assert!(gone.iter().all(|page| page.contains("VOID")), "{gone:?}");
        let back = read(&doctor.bytes(&first.api).1).concat();
        assert!(!back.contains("SUPERSEDED"), "with its successor void, the first version counts again");
        house.server.assert_verified();
    }
}

/// What the reader must know of a result prints with it; where a text departs from ISCN is for the bench.
#[test]
fn notes_of_a_result_are_printed_and_those_for_the_bench_are_not() {
    let house = House::open(Engine::sqlite());
    let mut case = house.case(&json!(["KARYO"]));
    case["specimens"][0]["container"] = json!("NAHEP");
    let case = house.log(&case);
    let accession = case["accession"].as_str().unwrap();
    let order = case["orders"][0]["id"].as_str().unwrap();
    let label = format!("{accession}-A1");
    house.step(&house.staff.tech, &label, SpecimenTransition::Receive).expect(200);
    house.step(&house.staff.tech, &label, SpecimenTransition::Accept).expect(200);
    house.staff.tech.order_step(order, &json!({ "transition": "start" })).expect(200);
    let details = json!({ "karyotype": { "analyzed": 12, "counted": 12, "banding": "G", "iscn": "47, XX, +8[12]" } });
    let result = json!({ "interpretation": "abnormal", "details": details });
    let resource = format!("/api/v1/orders/{order}");
    let entered = house.staff.tech.post_current(&resource, &format!("{resource}/results"), &result).expect(201).json();
    let notes = entered["remarks"].as_array().unwrap();
    let (bench, reader): (Vec<&Value>, Vec<&Value>) = notes.iter().partition(|n| n["code"] == "iscn");
    assert!(!bench.is_empty() && !reader.is_empty(), "{notes:?}");
    house.verify(&house.staff.supervisor, entered["id"].as_str().unwrap()).expect(200);
    house.sign(&house.staff.pathologist, accession, "final");
    let at = places(accession, 1);
    let text = read(&house.staff.pathologist.bytes(&at.api).1).concat();
    let said = |note: &&Value| text.contains(&squeezed(&format!("Note: {}", note["text"].as_str().unwrap())));
    assert!(reader.iter().all(said) && !bench.iter().any(said), "{notes:?}: {text}");
    let content = house.staff.pathologist.get(&at.api.replace("/pdf", "")).json()["content"].clone();
    assert_eq!(content["findings"][0]["remarks"], json!(reader.iter().map(|n| &n["text"]).collect::<Vec<_>>()));
}

#[test]
fn the_composer_suggests_entities_of_both_classifications_and_keeps_any_other_words() {
    let house = House::open(Engine::sqlite());
    let (accession, _) = house.report(ReportState::Draft);
    let browser = Browser::sign_in(&house.server, "b.pathologist", &[Role::Pathologist]);
    let page = browser.get(&format!("/cases/{accession}/report")).expect(200).text;
    let list = |id: &str| {
        let list = page.split_once(&format!("<datalist id=\"{id}\"")).unwrap().1;
        list.split_once("</datalist>").unwrap().0.to_owned()
    };
    for (id, field, entity) in
        [("who5", "dx_who5", "Acute myeloid leukemia with NPM1 mutation"), ("icc", "dx_icc", "AML with mutated NPM1")]
    {
        let input = page.split_once(&format!("id=\"{field}\"")).unwrap().1.split_once('>').unwrap().0;
        assert!(input.contains(&format!("list=\"{id}\"")), "{input}");
        assert!(list(id).contains(&format!("<option value=\"{entity}\" label=\"9877/3\">")), "{}", list(id));
    }
    let mut text = report_text("preliminary");
    text["dx_icc"] = json!("AML with a gene of next year");
    let draft = house.staff.auditor.get(&format!("/api/v1/cases/{accession}")).json()["reports"][0]["id"].clone();
    let edit = json!({ "action": "edit", "report": draft, "text": text });
    let kept = house.report_post(&house.staff.pathologist, &accession, &edit).expect(200).json();
    assert_eq!(kept["dx_icc"], "AML with a gene of next year");
    let catalogue = browser.get("/catalogue?section=diagnoses").expect(200).text;
    assert!(catalogue.contains("MDS with mutated SF3B1") && catalogue.contains("ICD-O-3"), "{catalogue}");
}

#[test]
fn bug_where_a_tube_lay_stood_in_the_report_as_its_condition() {
    let house = House::open(Engine::sqlite());
    let result = house.verified();
    let view = house.staff.tech.get(&format!("/api/v1/results/{result}")).expect(200).json();
    let accession = view["accession"].as_str().unwrap();
    let put_away = house.step(&house.staff.tech, &format!("{accession}-A1"), SpecimenTransition::Store).expect(200);
    assert_eq!(put_away.json()["state"], "stored");
    house.sign(&house.staff.pathologist, accession, "final");
    let report = house.staff.pathologist.get(&format!("/api/v1/cases/{accession}/reports/1")).expect(200).json();
    let parts = report["content"]["specimens"].as_array().unwrap();
    assert!(!parts.is_empty() && parts.iter().all(|p| p["condition"] == "accepted"), "{parts:?}");
}

//! The originals of other laboratories: kept byte for byte, and nothing is verified without one.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, SqliteConnection};
use serde_json::{Value, json};
use trephine::domain::{OrderState, Role};

use crate::machines::House;
use crate::support::{Browser, Engine, Reply, Token, engines};

/// What no text encoding holds: every byte, a line end of each sort, and a PDF's beginning.
fn original() -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\r\n%\xe2\xe3\xcf\xd3\n".to_vec();
    bytes.extend(0..=255_u8);
    bytes.extend_from_slice(b"\r\n%%EOF");
    bytes
}

fn attach(who: &Token, order: &str, name: &str, kind: &str, bytes: &[u8]) -> Reply {
    let etag = who.get(&format!("/api/v1/orders/{order}")).etag.unwrap();
    who.upload(&format!("/api/v1/orders/{order}/documents"), name, kind, bytes, &[("if-match", &etag)])
}

/// An order that was sent out, with a transcription that somebody entered: order and result.
fn transcribed(house: &House) -> (String, String) {
    let order = house.order(OrderState::ReferredOut);
    let result = house.enter(&house.staff.tech, &order);
    (order, result)
}

fn on_both_engines(test: impl Fn(Engine)) {
    for engine in engines() {
        test(engine);
    }
}

#[test]
fn a_send_out_is_verified_only_against_its_original() {
    on_both_engines(|engine| {
        let house = House::open(engine);
        let (order, result) = transcribed(&house);
        let journal = house.server.journal();
        let refused = house.verify(&house.staff.supervisor, &result).expect(409).json();
        assert_eq!(refused["rule"], "original_missing");
        assert_eq!(house.server.journal(), journal, "nothing is written");

        let kept = attach(&house.staff.tech, &order, "NGS report.pdf", "application/pdf", &original()).expect(201);
        let place = kept.header("location").unwrap().to_owned();
        let kept = kept.json();
        assert_eq!(kept["file_name"], "NGS report.pdf");
        assert_eq!(kept["size"], original().len());
        let listed = house.staff.tech.get(&format!("/api/v1/orders/{order}")).json();
        assert_eq!(listed["documents"][0]["sha256"], kept["sha256"]);
        let case = house.staff.tech.get(&format!("/api/v1/cases/{}", listed["accession"].as_str().unwrap())).json();
        assert_eq!(case["orders"][0]["documents"], listed["documents"]);

        let answer = house.staff.pathologist.bytes(&place);
        assert_eq!(answer.1, original(), "byte for byte");
        for (header, value) in [
            ("content-type", "application/pdf"),
            ("x-content-type-options", "nosniff"),
            ("content-disposition", "attachment; filename=\"NGS report.pdf\"; filename*=UTF-8''NGS%20report.pdf"),
        ] {
            assert_eq!(answer.0.header(header), Some(value));
        }
        assert!(answer.0.header("content-security-policy").unwrap().contains("sandbox"));
        let again = house.staff.pathologist.bytes(&place);
        assert_eq!(again.1, original());

        let verified = house.verify(&house.staff.supervisor, &result).expect(200).json();
        assert_eq!(verified["performed_by"], "Referral", "the performing laboratory is named");
        house.server.assert_verified();
    });
}

/// The second person is somebody else, original or not.
#[test]
fn an_original_does_not_replace_the_second_person() {
    let house = House::open(Engine::sqlite());
    let order = house.order(OrderState::ReferredOut);
    let result = house.enter(&house.staff.supervisor, &order);
    house.staff.supervisor.attach(&order).expect(201);
    assert_eq!(house.verify(&house.staff.supervisor, &result).expect(409).json()["rule"], "second_person");
    house.verify(&house.staff.supervisor2, &result).expect(200);
}

#[test]
fn only_what_was_sent_out_has_an_original_and_each_only_once() {
    let house = House::open(Engine::sqlite());
    let here = house.order(OrderState::InProcess);
    assert_eq!(house.staff.tech.attach(&here).expect(409).json()["rule"], "not_referred_out");
    let away = house.order(OrderState::ReferredOut);
    house.staff.tech.attach(&away).expect(201);
    assert_eq!(house.staff.tech.attach(&away).expect(409).json()["rule"], "already_attached");
    // An amended report is another document.
    attach(&house.staff.tech, &away, "amended.txt", "text/plain", b"Amended").expect(201);
    let order = house.staff.tech.get(&format!("/api/v1/orders/{away}")).json();
    assert_eq!(order["documents"].as_array().unwrap().len(), 2);
}

#[test]
fn an_original_is_attached_once_under_one_key_and_to_the_version_that_was_seen() {
    on_both_engines(|engine| {
        let house = House::open(engine);
        let order = house.order(OrderState::ReferredOut);
        let path = format!("/api/v1/orders/{order}/documents");
        let tech = &house.staff.tech;
        let send = |bytes: &[u8], headers: &[(&str, &str)]| tech.upload(&path, "a.txt", "text/plain", bytes, headers);
        assert_eq!(send(b"A", &[]).status, 428);
        let stale = send(b"A", &[("if-match", "\"1\"")]).expect(412).json();
        assert_eq!(stale["current"]["id"], order.as_str());
        let etag = tech.get(&format!("/api/v1/orders/{order}")).etag.unwrap();
        let key = [("if-match", etag.as_str()), ("idempotency-key", "original-1")];
        let first = send(b"A", &key).expect(201);
        let journal = house.server.journal();
        assert_eq!(send(b"A", &key).expect(201).text, first.text);
        assert_eq!(send(b"B", &key).expect(422).problem(), "idempotency-key-reused");
        assert_eq!(house.server.journal(), journal);
        house.server.assert_verified();
    });
}

#[test]
fn a_document_of_the_wrong_type_name_or_size_is_refused() {
    let house = House::open(Engine::sqlite());
    let order = house.order(OrderState::ReferredOut);
    let tech = &house.staff.tech;
    let journal = house.server.journal();
    for kind in ["text/html", "image/svg+xml", "application/octet-stream", "application/json"] {
        assert_eq!(attach(tech, &order, "a", kind, b"<script>").expect(415).problem(), "not-a-document", "{kind}");
    }
    let wrong: [(&str, &str, &[u8], &str, &str); 4] = [
        ("a.pdf", "application/pdf", b"<html>", "/bytes", "wrong_type"),
        ("a.txt", "text/plain", b"", "/bytes", "missing"),
        ("../a.txt", "text/plain", b"A", "/file_name", "malformed"),
        (" ", "text/plain", b"A", "/file_name", "missing"),
    ];
    for (name, kind, bytes, pointer, code) in wrong {
        let problem = attach(tech, &order, name, kind, bytes).expect(422).json();
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!(pointer), &json!(code)));
    }
    let etag = tech.get(&format!("/api/v1/orders/{order}")).etag.unwrap();
    let path = format!("/api/v1/orders/{order}/documents");
    let bearer = format!("Bearer {}", tech.secret);
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "text/plain"),
        ("content-disposition", "attachment; filename=\"big.txt\""),
        ("if-match", etag.as_str()),
    ];
    let big = vec![b'x'; 10 * 1024 * 1024 + 1];
    let told = crate::contract::raw(&tech.base, "POST", &path, &headers, &big);
    assert_eq!((told.status, told.problem().as_str()), (413, "too-large"));
    // Without a length it is counted as it comes.
    let mut chunked = format!("{:x}\r\n", big.len()).into_bytes();
    chunked.extend_from_slice(&big);
    chunked.extend_from_slice(b"\r\n0\r\n\r\n");
    let unsaid = [&headers[..], &[("transfer-encoding", "chunked")]].concat();
    assert_eq!(crate::contract::raw(&tech.base, "POST", &path, &unsaid, &chunked).status, 413);
    assert_eq!(house.server.journal(), journal);
    // Ten MiB fit, and only here.
    attach(tech, &order, "whole.txt", "text/plain", &big[1..]).expect(201);
    assert_eq!(attach(tech, &order, "none.txt", "text/plain", b"A").status, 201);
}

/// The original says what a draft says, and a draft never leaves the laboratory.
#[test]
fn a_requester_sees_an_original_only_once_its_result_is_verified() {
    let house = House::open(Engine::sqlite());
    let (order, result) = transcribed(&house);
    let kept = house.staff.tech.attach(&order).expect(201).json();
    let place = format!("/api/v1/documents/{}", kept["id"].as_str().unwrap());
    let requester = &house.staff.hematologist;
    let shown = |who: &Token| who.get(&format!("/api/v1/orders/{order}")).json()["documents"].clone();
    assert_eq!(requester.get(&place).status, 404);
    assert_eq!(shown(requester), json!([]));
    let accession = kept["accession"].as_str().unwrap();
    let history = requester.get(&format!("/api/v1/cases/{accession}/history")).expect(200).text;
    assert!(!history.contains("report.txt"), "{history}");
    house.verify(&house.staff.supervisor, &result).expect(200);
    assert_eq!(requester.get(&place).status, 200);
    assert_eq!(shown(requester)[0]["id"], kept["id"]);
    assert_eq!(house.stranger.get(&place).status, 404, "somebody else's patient");
    assert_eq!(house.staff.admin.get(&place).status, 403);
}

fn sql(url: &str, text: &str) -> Result<(), diesel::result::Error> {
    match url.strip_prefix("sqlite:") {
        Some(path) => SqliteConnection::establish(path).unwrap().batch_execute(text),
        None => PgConnection::establish(url).unwrap().batch_execute(text),
    }
}

#[test]
fn the_database_refuses_to_change_an_original_and_verify_sees_one_that_was() {
    on_both_engines(|engine| {
        let house = House::open(engine);
        let order = house.order(OrderState::ReferredOut);
        let kept = house.staff.tech.attach(&order).expect(201).json();
        let url = house.server.engine.url.clone();
        let (change, table) = if url.starts_with("sqlite:") {
            ("CAST('Xeport' AS BLOB)", "")
        } else {
            ("'Xeport'::bytea", " ON documents")
        };
        let change = format!("UPDATE documents SET bytes = {change}, size = 6");
        for statement in [change.as_str(), "DELETE FROM documents"] {
            let refused = sql(&url, statement).unwrap_err().to_string();
            assert!(refused.contains("kept as they came"), "{statement}: {refused}");
        }
        house.server.assert_verified();
        sql(&url, &format!("DROP TRIGGER documents_refuses_update{table}; {change}")).unwrap();
        let findings = house.server.lab.verify().unwrap().findings;
        assert!(findings.iter().all(|f| f.rule == "document"), "{findings:#?}");
        assert!(findings.iter().any(|f| f.message.contains("hash")), "{findings:#?}");
        assert!(findings.iter().any(|f| f.message.contains("row")), "{findings:#?}");
        let place = format!("/api/v1/documents/{}", kept["id"].as_str().unwrap());
        assert_eq!(house.staff.tech.get(&place).status, 500, "changed bytes are not given out as the original");
    });
}

#[test]
fn a_page_attaches_an_original_and_gives_it_back() {
    let house = House::open(Engine::sqlite());
    let (order, _) = transcribed(&house);
    let browser = Browser::sign_in(&house.server, "b.tech", &[Role::Tech]);
    let page = format!("/orders/{order}");
    let form = browser.get(&page).expect(200).text;
    assert!(form.contains("cannot be verified without it"), "{form}");
    let send = |csrf: &str, name: &str, kind: &str, bytes: &[u8]| {
        let text = browser.get(&page).text;
        let fields =
            [("csrf", csrf.to_owned()), ("key", Browser::field(&text, "key")), ("version", version(&house, &order))];
        browser.upload(&format!("{page}/documents"), &fields, "document", name, kind, bytes)
    };
    let csrf = Browser::field(&form, "csrf");
    let journal = house.server.journal();
    assert_eq!(send("0000", "a.pdf", "application/pdf", &original()).status, 403);
    let refused = send(&csrf, "a.pdf", "application/pdf", b"no PDF");
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("This is no application/pdf"), "{}", refused.text);
    assert_eq!(send(&csrf, "a.exe", "application/octet-stream", b"MZ").status, 422);
    assert_eq!(house.server.journal(), journal);
    // A browser knows no HL7: the name says it.
    assert_eq!(send(&csrf, "oru.hl7", "application/octet-stream", b"MSH|^~\\&|\r").status, 303);
    assert_eq!(send(&csrf, "a.pdf", "application/pdf", &original()).status, 303);
    let shown = house.staff.tech.get(&format!("/api/v1/orders/{order}")).json();
    assert_eq!(shown["documents"][0]["media_type"], "application/hl7-v2");
    let id = shown["documents"][1]["id"].as_str().unwrap();
    assert!(browser.get(&page).text.contains(&format!("href=\"/documents/{id}\"")));
    assert_eq!(browser.bytes(&format!("/documents/{id}")).1, original());
    house.server.assert_verified();
}

fn version(house: &House, order: &str) -> String {
    let shown: Value = house.staff.tech.get(&format!("/api/v1/orders/{order}")).json();
    shown["version"].to_string()
}

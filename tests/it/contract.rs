//! What CONTRACT.md promises to every client, over real HTTP.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Barrier;
use std::time::Duration;

use serde_json::{Value, json};
use trephine::api::routes::{Permission, ROUTES, Row};
use trephine::domain::accession::check_character;
use trephine::domain::{OrderState, ResultState, Role, SpecimenState, SpecimenTransition};
use trephine::lab::accounts::{Scope, operator};

use crate::machines::{House, journal_since, ngs, on_both_engines, report_text, revise, sign, void, withdrawal};
use crate::support::{Engine, Reply, Staff, Token};

on_both_engines!(
    the_same_key_and_body_is_answered_byte_for_byte_and_logs_one_case,
    fifty_at_once_with_the_same_key_log_one_case,
    a_sender_reference_never_makes_a_second_case,
    cursors_walk_a_list_exactly_once,
    tricky_text_is_stored_verbatim_and_returned_exactly,
    an_export_without_identifiers_has_no_identifying_cell,
    drafts_never_reach_a_hematologist,
    times_that_no_calendar_holds_are_refused_and_never_a_failure,
);

fn house() -> House {
    House::open(Engine::sqlite())
}

/// One request as bytes, and its answer: for what a well-behaved client does not send.
pub fn raw(base: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let mut stream = send(base, method, path, headers, body);
    let mut bytes = Vec::new();
    // A server that refuses early may reset the line after its answer.
    if let Err(e) = stream.read_to_end(&mut bytes) {
        assert!(!bytes.is_empty(), "{method} {path}: {e}");
    }
    parse(&bytes)
}

/// Only the head of the answer if it is a stream, which never ends.
fn head(base: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut stream = send(base, "GET", path, headers, b"");
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        assert_eq!(stream.read(&mut byte).unwrap(), 1);
        bytes.push(byte[0]);
    }
    if parse(&bytes).status != 200 {
        stream.read_to_end(&mut bytes).unwrap();
    }
    parse(&bytes)
}

fn send(base: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> TcpStream {
    let address = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    let chunked = headers.iter().any(|(name, _)| *name == "transfer-encoding");
    if !chunked && (method != "GET" || !body.is_empty()) {
        text.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    // It may hang up before it has read everything.
    let _ = stream.write_all(&bytes);
    stream
}

fn parse(bytes: &[u8]) -> Reply {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
    let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = text.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> =
        lines.filter_map(|l| l.split_once(':')).map(|(n, v)| (n.to_ascii_lowercase(), v.trim().to_owned())).collect();
    let find = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    let mut body = bytes[end + 4..].to_vec();
    if find("transfer-encoding").is_some_and(|v| v == "chunked") {
        body = unchunk(&body);
    }
    let etag = find("etag");
    Reply { status, etag, headers, text: String::from_utf8_lossy(&body).into_owned() }
}

fn unchunk(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            break;
        }
        whole.extend_from_slice(&body[end + 2..end + 2 + size]);
        body = &body[end + 2 + size + 2..];
    }
    whole
}

fn bearer(token: &Token) -> String {
    format!("Bearer {}", token.secret)
}

/// A POST of exactly these bytes.
fn post_bytes(token: &Token, path: &str, body: &[u8]) -> Reply {
    let headers = [("authorization", bearer(token)), ("content-type", "application/json".to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    raw(&token.base, "POST", path, &headers, body)
}

/// Every error is a problem that names its request.
#[track_caller]
fn assert_problem(reply: &Reply, status: u16) -> Value {
    assert_eq!(reply.status, status, "{}", reply.text);
    assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{}", reply.text);
    let body = reply.json();
    assert_eq!(body["status"], status);
    for field in ["type", "title", "detail", "request_id"] {
        assert!(body[field].as_str().is_some_and(|s| !s.is_empty()), "{field} is empty: {}", reply.text);
    }
    assert!(body["type"].as_str().unwrap().contains("/problems/"), "{}", reply.text);
    assert_eq!(body["request_id"].as_str(), reply.header("x-request-id"), "{}", reply.text);
    body
}

#[track_caller]
fn pointer(reply: &Reply) -> String {
    let body = reply.json();
    assert_eq!(reply.status, 422, "{}", reply.text);
    body["errors"][0]["pointer"].as_str().unwrap_or_else(|| panic!("{}", reply.text)).to_owned()
}

/// A case with something in it for every route, and a path for each row of the table.
struct Places {
    label: String,
    accession: String,
    order: String,
    result: String,
    document: String,
    patient: String,
}

impl Places {
    fn new(house: &House) -> Self {
        let result = house.draft();
        let view = house.staff.tech.get(&format!("/api/v1/results/{result}")).json();
        let accession = view["accession"].as_str().unwrap().to_owned();
        let case = house.staff.tech.get(&format!("/api/v1/cases/{accession}")).json();
        house.sign(&house.staff.pathologist, &accession, "preliminary");
        let document = house.staff.tech.attach(&house.order(OrderState::ReferredOut)).expect(201).json();
        Self {
            document: document["id"].as_str().unwrap().to_owned(),
            label: format!("{accession}-A1"),
            order: view["order"].as_str().unwrap().to_owned(),
            patient: case["patient"]["id"].as_str().unwrap().to_owned(),
            accession,
            result,
        }
    }

    fn path(&self, row: &Row) -> String {
        let id = match row.path.split('/').nth(1).unwrap() {
            "orders" => &self.order,
            "results" => &self.result,
            "documents" => &self.document,
            _ => &self.patient,
        };
        row.pattern()
            .replace("{accession}", &self.accession)
            .replace("{label}", &self.label)
            .replace("{id}", id)
            .replace("{number}", "1")
            .replace("{department}", "molecular")
            .replace("{file}", "cases.csv")
            .replace("{assay}", "MORPH-ASP")
    }
}

/// Whatever the method; streams are not read to their end.
fn ask(base: &str, row: &Row, path: &str, token: Option<&str>) -> Reply {
    let value = token.map(|t| format!("Bearer {t}"));
    let mut headers = vec![("content-type", "application/json")];
    if let Some(value) = &value {
        headers.push(("authorization", value));
    }
    match row.verb {
        "GET" if row.path == "/live" => head(base, path, &headers),
        verb => raw(base, verb, path, &headers, if verb == "GET" { b"" } else { b"{}" }),
    }
}

#[test]
fn no_route_answers_without_a_token_that_counts() {
    let house = house();
    let places = Places::new(&house);
    let lab = &house.server.lab;
    let owner = house.server.token("f.former", &[Role::Supervisor]);
    lab.disable_user(&operator(), "f.former", "test").unwrap();
    let revoked = lab.issue_token(&operator(), "s.iqbal", "revoked", Scope::All, 90, "test").unwrap();
    let id = lab.tokens().unwrap().into_iter().find(|(t, _)| t.name == "revoked").unwrap().0.id;
    lab.revoke_token(&operator(), id, "test").unwrap();
    let expired = lab.issue_token(&operator(), "s.iqbal", "expired", Scope::All, 1, "test").unwrap();
    let expired_at = lab.now() + chrono::Duration::days(1);
    house.server.clock.set(expired_at);
    let journal = house.server.journal();
    let tokens = [
        None,
        Some(""),
        Some("trp_"),
        Some("trp_0000000000000000000000000000000000000000000000000000000000000000"),
        Some(owner.secret.as_str()),
        Some(revoked.as_str()),
        Some(expired.as_str()),
        Some(&house.staff.supervisor.secret[..20]),
    ];
    for row in ROUTES {
        assert_ne!(row.permission, Permission::Public, "{}", row.path);
        let path = places.path(row);
        for token in tokens {
            let reply = ask(&house.server.base, row, &path, token);
            assert_problem(&reply, 401);
            assert_eq!(reply.problem(), "unauthorized");
            assert!(reply.header("www-authenticate").is_some_and(|v| v.starts_with("Bearer")));
        }
        // What opens a page does not open the API, in a cookie or anywhere else.
        let cookie = format!("session={}", house.staff.supervisor.secret);
        assert_eq!(raw(&house.server.base, row.verb, &path, &[("cookie", &cookie)], b"").status, 401);
        let in_url = format!("{path}?access_token={}", house.staff.supervisor.secret);
        assert_eq!(raw(&house.server.base, row.verb, &in_url, &[], b"").status, 401);
        assert_ne!(ask(&house.server.base, row, &path, Some(&house.staff.supervisor.secret)).status, 401, "{path}");
    }
    // Only the exports and the label with the token that counts are noted.
    let written = journal_since(&house, journal);
    let noted = |e: &Value| e["stream"] == "exports" || e["command"] == "label.print";
    assert!(written.iter().all(noted), "{written:?}");
}

#[test]
fn the_word_bearer_may_be_written_in_lower_case() {
    let house = house();
    let reply = raw(
        &house.server.base,
        "GET",
        "/api/v1/state-machines",
        &[("authorization", &format!("bearer {}", house.staff.tech.secret))],
        b"",
    );
    assert_eq!(reply.status, 200, "RFC 9110 §11.1: the scheme is case-insensitive");
}

#[test]
fn a_scope_covers_only_its_own_routes() {
    let house = house();
    let places = Places::new(&house);
    let lab = &house.server.lab;
    let issue = |scope| lab.issue_token(&operator(), "s.iqbal", "scoped", scope, 90, "test").unwrap();
    let (read, export) = (issue(Scope::Read), issue(Scope::Export));
    let journal = house.server.journal();
    for row in ROUTES {
        let path = places.path(row);
        let refused = |token: &str| {
            let reply = ask(&house.server.base, row, &path, Some(token));
            if reply.status == 403 {
                assert_problem(&reply, 403);
            } else {
                assert!(reply.status == 200 || reply.status == 422, "{} {path}: {}", row.verb, reply.text);
            }
            reply.status == 403
        };
        assert_eq!(refused(&read), row.permission != Permission::Look, "read {} {path}", row.verb);
        assert_eq!(refused(&export), row.permission != Permission::Export, "export {} {path}", row.verb);
    }
    let written = journal_since(&house, journal);
    assert!(written.iter().all(|e| e["stream"] == "exports"), "{written:?}");
}

#[test]
fn the_openapi_document_has_every_route_and_no_other() {
    let house = house();
    let reply = raw(&house.server.base, "GET", "/api/openapi.json", &[], b"");
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let document = reply.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            assert!(operation["responses"].as_object().is_some_and(|r| !r.is_empty()), "{verb} {path}");
            if path.starts_with("/api/v1") {
                described.insert((verb.to_uppercase(), path.clone()));
            }
            let named: BTreeSet<&str> =
                path.split('/').filter_map(|p| p.strip_prefix('{')?.strip_suffix('}')).collect();
            let given: BTreeSet<&str> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|p| p["in"] == "path")
                .filter_map(|p| p["name"].as_str())
                .collect();
            assert_eq!(named, given, "{verb} {path}");
        }
    }
    let routed: BTreeSet<_> = ROUTES.iter().map(|r| (r.verb.to_owned(), r.pattern())).collect();
    assert_eq!(described, routed);
    let mut open = Vec::new();
    references(&document, &mut open);
    for reference in open {
        let target = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(target).is_some(), "{reference} leads nowhere");
    }
    // The license is that of the package.
    assert!(
        include_str!("../../Cargo.toml")
            .contains(&format!("license = \"{}", document["info"]["license"]["identifier"].as_str().unwrap()))
    );
    let page = raw(&house.server.base, "GET", "/api/docs", &[], b"");
    assert_eq!(page.status, 200);
    assert!(page.text.contains("/api/v1/specimens/{label}/transitions"));
}

fn references(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, v)| match (key.as_str(), v.as_str()) {
            ("$ref", Some(target)) => out.push(target.to_owned()),
            _ => references(v, out),
        }),
        Value::Array(items) => items.iter().for_each(|v| references(v, out)),
        _ => {}
    }
}

#[test]
fn an_unknown_path_is_404_and_a_wrong_method_405_only_after_a_token() {
    let house = house();
    let places = Places::new(&house);
    let base = &house.server.base;
    let token = bearer(&house.staff.tech);
    let auth = [("authorization", token.as_str())];
    for path in [
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v1/cases/",
        "/api/v1/cases/x/y/z",
        "/api/v1//cases",
        "/api/v1/Cases",
    ] {
        assert_problem(&raw(base, "GET", path, &auth, b""), 404);
        assert_problem(&raw(base, "GET", path, &[], b""), 401);
    }
    for row in ROUTES {
        let path = places.path(row);
        let known: Vec<&str> = ROUTES.iter().filter(|r| r.path == row.path).map(|r| r.verb).collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if known.contains(&method) {
                continue;
            }
            let reply = raw(base, method, &path, &auth, b"");
            assert_problem(&reply, 405);
            let allow = reply.header("allow").unwrap_or_else(|| panic!("405 needs Allow (RFC 9110 §15.5.6): {path}"));
            assert_eq!(allow.split(", ").collect::<BTreeSet<_>>(), known.iter().copied().collect());
            assert_problem(&raw(base, method, &path, &[], b""), 401);
        }
    }
}

/// A representation without what the passing of time changes in it.
fn as_it_is(reply: &Reply) -> Value {
    let mut body = reply.json();
    body["fitness"] = Value::Null;
    for part in body.get_mut("specimens").and_then(Value::as_array_mut).into_iter().flatten() {
        part["fitness"] = Value::Null;
    }
    body
}

/// Every write to something that exists: where it is read, where it is written, what is sent, by whom.
fn writes(house: &House) -> Vec<(String, String, Value, Token)> {
    let staff = &house.staff;
    let mut all = Vec::new();
    let label = house.part(SpecimenState::InProcess);
    let part = format!("/api/v1/specimens/{label}");
    let store = json!({ "transition": "store", "location": "Fridge 2" });
    all.push((part.clone(), format!("{part}/transitions"), store, staff.tech.clone()));
    let part = format!("/api/v1/specimens/{}", house.part(SpecimenState::InProcess));
    let children = json!({ "children": [{ "kind": "nucleic_acid", "container": "PLAIN" }] });
    all.push((part.clone(), format!("{part}/aliquots"), children, staff.tech.clone()));
    let order = format!("/api/v1/orders/{}", house.order(OrderState::InProcess));
    let fail = json!({ "transition": "fail", "reason": "TECHNICAL" });
    all.push((order.clone(), format!("{order}/transitions"), fail, staff.tech.clone()));
    let order = format!("/api/v1/orders/{}", house.order(OrderState::InProcess));
    all.push((order.clone(), format!("{order}/results"), ngs(), staff.tech.clone()));
    for (state, what, body) in [
        (ResultState::Draft, "release", json!({})),
        (ResultState::Draft, "verify", json!({})),
        (ResultState::Final, "correct", revise("corrected")),
        (ResultState::Final, "retract", withdrawal()),
    ] {
        let result = format!("/api/v1/results/{}", house.result(state));
        all.push((result.clone(), format!("{result}/{what}"), body, staff.pathologist.clone()));
    }
    let part = house.part(SpecimenState::Accepted);
    house.step(&staff.tech, &part, SpecimenTransition::Start).expect(200);
    let case = format!("/api/v1/cases/{}", part.rsplit_once('-').unwrap().0);
    all.push((case.clone(), format!("{case}/undo"), json!({}), staff.tech.clone()));
    for action in ["edit", "sign", "void"] {
        let (accession, id) = house.report(trephine::domain::ReportState::Draft);
        let report = format!("/api/v1/cases/{accession}/reports/1");
        let body = match action {
            "edit" => json!({ "action": "edit", "report": id, "text": report_text("preliminary") }),
            "sign" => sign(&id),
            _ => void(&id),
        };
        let path = format!("/api/v1/cases/{accession}/reports");
        all.push((report.clone(), path, body, staff.pathologist.clone()));
    }
    all
}

#[test]
fn a_write_needs_the_version_and_a_stale_one_is_shown_what_is_there() {
    let house = house();
    for (resource, path, body, who) in writes(&house) {
        let now = who.get(&resource).expect(200);
        let etag = now.etag.clone().unwrap();
        assert_eq!(etag, format!("\"{}\"", now.json()["version"]), "{resource}");
        let journal = house.server.journal();

        let without = who.post(&path, &body);
        assert_problem(&without, 428);
        for stale in ["\"0\"", "\"999\"", "\"1\", \"999\"", "W/\"0\""] {
            let refused = who.post_with(&path, &body, &[("if-match", stale)]);
            let problem = assert_problem(&refused, 412);
            if !stale.contains(',') {
                assert_eq!(problem["current"], now.json(), "{path}");
            }
            assert_eq!(refused.problem(), "stale");
        }
        assert_problem(&who.post_with(&path, &body, &[("if-match", "yesterday's")]), 412);
        let written: Vec<_> = journal_since(&house, journal);
        assert!(written.iter().all(|e| e["stream"] == "accounts"), "{written:?}");

        let done = who.post_with(&path, &body, &[("if-match", &etag)]);
        assert!(done.status == 200 || done.status == 201, "{path}: {}", done.text);
        // What a stale second click says is what a fresh look says.
        let again = who.post_with(&path, &body, &[("if-match", &etag)]);
        if !path.ends_with("/correct") && !path.ends_with("/results") {
            assert_problem(&again, 412);
            assert_eq!(again.json()["current"], who.get(&resource).json(), "{path}");
        }
        // The answer's own tag is the next one's condition.
        if !path.ends_with("/aliquots") && done.status == 200 {
            assert_eq!(done.etag, who.get(&resource).etag, "{path}");
            assert_eq!(as_it_is(&done), as_it_is(&who.get(&resource)), "{path}");
        }
    }
    // Splitting answers about the parent too, so a scanner need not look in between.
    let label = house.part(SpecimenState::InProcess);
    let path = format!("/api/v1/specimens/{label}/aliquots");
    let children = json!({ "children": [{ "kind": "aspirate", "container": "EDTA", "volume_ul": 100 }] });
    let first = house.staff.tech.post_current(&format!("/api/v1/specimens/{label}"), &path, &children).expect(201);
    house.staff.tech.post_with(&path, &children, &[("if-match", &first.etag.unwrap())]).expect(201);
    house.server.assert_verified();
}

#[test]
fn what_is_made_is_found_where_the_answer_says() {
    let house = house();
    let tech = &house.staff.tech;
    let follow = |reply: Reply| {
        let place = reply.header("location").unwrap_or_else(|| panic!("no Location: {}", reply.text)).to_owned();
        let there = house.staff.pathologist.get(&place).expect(200);
        assert_eq!(there.json()["id"], reply.json()["id"], "{place}");
        assert_eq!(there.etag, reply.etag, "{place}");
    };
    let case = tech.post("/api/v1/cases", &house.case(&json!(["NGS-MYE"]))).expect(201);
    let accession = case.json()["accession"].as_str().unwrap().to_owned();
    follow(case);
    let base = format!("/api/v1/cases/{accession}");
    let part = json!({ "kind": "aspirate", "container": "NAHEP", "pull_number": 2, "volume_ul": 2000, "collected_at": "2026-03-04T08:40:00Z" });
    follow(tech.post(&format!("{base}/specimens"), &part).expect(201));
    follow(tech.post(&format!("{base}/orders"), &json!({ "assay": "KARYO" })).expect(201));
    let order = format!("/api/v1/orders/{}", house.order(OrderState::InProcess));
    follow(tech.post_current(&order, &format!("{order}/results"), &ngs()).expect(201));
    let draft = json!({ "action": "draft", "text": report_text("preliminary") });
    follow(house.staff.pathologist.post(&format!("{base}/reports"), &draft).expect(201));
}

fn the_same_key_and_body_is_answered_byte_for_byte_and_logs_one_case(engine: Engine) {
    let house = House::open(engine);
    let staff = &house.staff;
    let body = house.case(&json!(["NGS-MYE"]));
    let key = [("idempotency-key", "scan-0001")];
    let first = staff.tech.post_with("/api/v1/cases", &body, &key).expect(201);
    let journal = house.server.journal();
    for _ in 0..3 {
        let again = staff.tech.post_with("/api/v1/cases", &body, &key).expect(201);
        assert_eq!((&again.text, &again.etag), (&first.text, &first.etag));
        assert_eq!(again.header("location"), first.header("location"));
    }
    // Another body, or another place, is another request.
    let mut other = body.clone();
    other["clinical_note"] = json!("changed");
    let refused = staff.tech.post_with("/api/v1/cases", &other, &key);
    assert_problem(&refused, 422);
    assert_eq!(refused.problem(), "idempotency-key-reused");
    let accession = first.json()["accession"].as_str().unwrap().to_owned();
    let elsewhere =
        staff.tech.post_with(&format!("/api/v1/cases/{accession}/orders"), &json!({ "assay": "KARYO" }), &key);
    assert_eq!(elsewhere.problem(), "idempotency-key-reused");
    assert_eq!(house.server.journal(), journal);
    // Another person's key is another key.
    let mut mine = body.clone();
    mine["patient"]["mrn"] = json!("OTHER-1");
    assert_ne!(staff.tech2.post_with("/api/v1/cases", &mine, &key).expect(201).json()["accession"], accession.as_str());

    // A step that was taken is not refused when its answer was lost on the way.
    let label = format!("{accession}-A1");
    let resource = format!("/api/v1/specimens/{label}");
    let headers = [("idempotency-key", "scan-0002"), ("if-match", "\"2\"")];
    let step = json!({ "transition": "receive", "temperature": "ambient" });
    let path = format!("{resource}/transitions");
    let done = staff.tech.post_with(&path, &step, &headers).expect(200);
    let again = staff.tech.post_with(&path, &step, &headers).expect(200);
    assert_eq!((done.text, done.etag), (again.text, again.etag));

    // A refusal uses no key up.
    let early = [("idempotency-key", "scan-0003"), ("if-match", "\"3\"")];
    let start = json!({ "transition": "start", "location": "Bench 1" });
    staff.tech.post_with(&path, &start, &early).expect(409);
    let accept = staff.tech.step(&label, &json!({ "transition": "accept" })).expect(200);
    let later = [("idempotency-key", "scan-0003"), ("if-match", accept.etag.as_deref().unwrap())];
    staff.tech.post_with(&path, &start, &later).expect(200);

    // Keys are plain words of bounded length.
    for bad in ["", "two words", &"k".repeat(129)] {
        let refused = staff.tech.post_with("/api/v1/cases", &body, &[("idempotency-key", bad)]);
        assert_eq!(pointer(&refused), "/Idempotency-Key");
    }
    house.server.assert_verified();
}

fn fifty_at_once_with_the_same_key_log_one_case(engine: Engine) {
    let house = House::open(engine);
    let body = house.case(&json!(["NGS-MYE", "KARYO"]));
    let barrier = Barrier::new(50);
    let replies: Vec<Reply> = std::thread::scope(|s| {
        let all: Vec<_> = (0..50)
            .map(|_| {
                s.spawn(|| {
                    barrier.wait();
                    house.staff.interface.post_with("/api/v1/cases", &body, &[("idempotency-key", "one")])
                })
            })
            .collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    });
    for reply in &replies {
        assert_eq!(reply.status, 201, "{}", reply.text);
        assert_eq!(reply.text, replies[0].text);
    }
    let cases = house.staff.tech.get("/api/v1/cases").json();
    assert_eq!(cases["items"].as_array().unwrap().len(), 1);
    house.server.assert_verified();
}

fn a_sender_reference_never_makes_a_second_case(engine: Engine) {
    let house = House::open(engine);
    // The third is written with a combining accent, which is stored as one letter.
    for reference in ["HIS-2026-1", " HIS-2026-2 ", "HIS-Cafe\u{301}-3"] {
        let mut body = house.case(&json!([]));
        body["external_ref"] = json!(reference);
        let first = house.staff.interface.post("/api/v1/cases", &body).expect(201).json();
        for spelled in [reference.to_owned(), format!(" {reference} ")] {
            body["external_ref"] = json!(spelled);
            let again = house.staff.interface.post("/api/v1/cases", &body);
            assert_eq!(again.status, 409, "{reference:?}: {}", again.text);
            assert_eq!(again.problem(), "already-logged");
            assert!(again.text.contains(first["accession"].as_str().unwrap()), "{}", again.text);
        }
    }
    house.server.assert_verified();
}

/// Bodies that are not quite a case, and the place that each complaint must name.
#[test]
fn json_is_read_strictly_and_every_complaint_names_its_place() {
    let house = house();
    let tech = &house.staff.tech;
    let good = house.case(&json!(["NGS-MYE"])).to_string();
    let journal = house.server.journal();
    let put = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replacen(from, to, 1)
    };
    let cases: Vec<(String, &str)> = vec![
        (String::new(), ""),
        ("null".into(), ""),
        ("[]".into(), ""),
        ("\u{feff}{}".into(), ""),
        (format!("{good} {{}}"), ""),
        (good[..good.len() - 1].to_owned(), ""),
        ("[".repeat(10_000), ""),
        ("{\"a\":".repeat(10_000), ""),
        (put("\"requester\"", "\"requester\":\"x\",\"requester\""), "/requester"),
        (put("\"mrn\"", "\"mrn\":\"1\",\"mrn\""), "/patient/mrn"),
        (put("\"mrn\"", "\"\\u006drn\":\"1\",\"mrn\""), "/patient/mrn"),
        (put("\"kind\"", "\"kind\":\"core\",\"kind\""), "/specimens/0/kind"),
        (put("\"requester\"", "\"shoe\":1,\"requester\""), "/shoe"),
        (put("\"mrn\"", "\"shoe\":1,\"mrn\""), "/patient/shoe"),
        (put("\"kind\"", "\"a/b~c\":1,\"kind\""), "/specimens/0/a~1b~0c"),
        (put("Okonkwo", "Oko\\u0000nkwo"), "/patient/family_name"),
        (put("Okonkwo", "Oko\\u0007nkwo"), "/patient/family_name"),
        (put("Okonkwo", "Oko\\u001b[31mnkwo"), "/patient/family_name"),
        (put("Okonkwo", "Oko\\u007fnkwo"), "/patient/family_name"),
        (put("Okonkwo", "Oko\\u0085nkwo"), "/patient/family_name"),
        (put("Okonkwo", "Oko\\u202enkwo"), "/patient/family_name"),
        (put("Okonkwo", "Oko\\nnkwo"), "/patient/family_name"),
        (put("Okonkwo", "\\ud800"), ""),
        (put("\"aspirate\"", "\"aspirat\""), "/specimens/0/kind"),
        (put("3000", "-1"), "/specimens/0/volume_ul"),
        (put("3000", "0"), "/specimens/0/volume_ul"),
        (put("3000", "1.5"), "/specimens/0/volume_ul"),
        (put("3000", "\"3000\""), "/specimens/0/volume_ul"),
        (put("3000", "4294967296"), "/specimens/0/volume_ul"),
        (put("3000", "99999999999999999999999999"), "/specimens/0/volume_ul"),
        (put("\"1961-05-02\"", "\"1961-02-30\""), "/patient/born"),
        (put("\"1961-05-02\"", "\"2061-05-02\""), "/patient/born"),
        (put("\"2026-03-04T08:00:00Z\"", "\"2026-03-04T08:00:00\""), "/procedure/performed_at"),
        (put("\"2026-03-04T08:00:00Z\"", "1772611200"), "/procedure/performed_at"),
        (put("[\"NGS-MYE\"]", "[\"NGS-MYE\",\"NOPE\"]"), "/orders/1"),
        (put("[\"NGS-MYE\"]", "[\"NGS-MYE\",\"NGS-MYE\"]"), "/orders/1"),
        (put("[\"NGS-MYE\"]", "\"all\""), "/orders"),
        (put("\"LYMPHOMA\"", "\"NOPE\""), "/indication"),
        (put("\"LYMPHOMA\"", "\"no such code!\""), "/indication"),
    ];
    let mut wrong = Vec::new();
    for (body, expected) in &cases {
        let reply = post_bytes(tech, "/api/v1/cases", body.as_bytes());
        let found =
            if reply.status == 422 { reply.json()["errors"][0]["pointer"].clone() } else { json!(reply.status) };
        let shown: String = body.chars().take(120).collect();
        if found != *expected {
            wrong.push(format!("{found} instead of {expected:?}: {shown}"));
        } else {
            assert_problem(&reply, 422);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut broken = good.clone().into_bytes();
    let at = good.find("Okonkwo").unwrap();
    broken[at] = 0xff;
    assert_eq!(pointer(&post_bytes(tech, "/api/v1/cases", &broken)), "");
    assert_eq!(house.server.journal(), journal);

    // Nested requests too: the fields beside a step, of a report's text, of a bulk request.
    let (accession, report) = house.report(trephine::domain::ReportState::Draft);
    let label = format!("{accession}-A1");
    let journal = house.server.journal();
    let nested = [
        (format!("/api/v1/specimens/{label}/transitions"), r#"{"transition":"store","shoe":1}"#.to_owned(), "/shoe"),
        (format!("/api/v1/specimens/{label}/transitions"), r#"{"transition":"fly"}"#.to_owned(), "/transition"),
        (format!("/api/v1/specimens/{label}/transitions"), r#"{"location":"x"}"#.to_owned(), "/transition"),
        (
            format!("/api/v1/specimens/{label}/transitions"),
            r#"{"transition":"store","temperature":"warm"}"#.to_owned(),
            "/temperature",
        ),
        (
            "/api/v1/specimens/transitions".to_owned(),
            format!(r#"{{"transition":"store","specimens":[{{"label":"{label}"}}],"step":{{"shoe":1}}}}"#),
            "/step/shoe",
        ),
        (
            "/api/v1/specimens/transitions".to_owned(),
            r#"{"transition":"store","specimens":[]}"#.to_owned(),
            "/specimens",
        ),
        (format!("/api/v1/cases/{accession}/calls"), r#"{"outcome":"fine"}"#.to_owned(), "/outcome"),
        (
            format!("/api/v1/cases/{accession}/reports"),
            r#"{"action":"draft","text":{"kind":"final","diagnosis":"x","shoe":1}}"#.to_owned(),
            "/text/shoe",
        ),
        (
            format!("/api/v1/cases/{accession}/reports"),
            format!(r#"{{"action":"sign","report":"{report}"}}"#),
            "/password",
        ),
        (
            format!("/api/v1/cases/{accession}/reports"),
            format!(r#"{{"action":"void","report":"{report}","reason":"x","told":{{"who":"y","at":"never"}}}}"#),
            "/told/at",
        ),
        (format!("/api/v1/cases/{accession}/reports"), r#"{"action":"burn"}"#.to_owned(), "/action"),
    ];
    let mut wrong = Vec::new();
    for (path, body, expected) in nested {
        let token = if path.ends_with("reports") { &house.staff.pathologist } else { tech };
        let headers = [
            ("authorization", bearer(token)),
            ("content-type", "application/json".into()),
            ("if-match", "\"1\"".into()),
        ];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v): &(&str, String)| (*n, v.as_str())).collect();
        let reply = raw(&token.base, "POST", &path, &headers, body.as_bytes());
        let found =
            if reply.status == 422 { reply.json()["errors"][0]["pointer"].clone() } else { json!(reply.status) };
        if found != expected {
            wrong.push(format!("{found} instead of {expected:?}: {body}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(house.server.journal(), journal);
}

#[test]
fn a_body_of_the_wrong_kind_or_size_is_refused() {
    let house = house();
    let token = bearer(&house.staff.tech);
    let good = house.case(&json!(["NGS-MYE"])).to_string();
    let post = |headers: &[(&str, &str)], body: &[u8]| {
        let mut all = vec![("authorization", token.as_str())];
        all.extend_from_slice(headers);
        raw(&house.server.base, "POST", "/api/v1/cases", &all, body)
    };
    let journal = house.server.journal();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/xml", ""] {
        let headers = if kind.is_empty() { vec![] } else { vec![("content-type", kind)] };
        assert_problem(&post(&headers, good.as_bytes()), 415);
    }
    let json = ("content-type", "application/json");
    let padded = |size: usize| format!("{good}{}", " ".repeat(size - good.len()));
    assert_problem(&post(&[json], padded(257 * 1024).as_bytes()), 413);
    assert_problem(&post(&[json], padded(256 * 1024 + 1).as_bytes()), 413);
    assert_problem(&post(&[json], padded(5 * 1024 * 1024).as_bytes()), 413);
    // Without a length it is counted as it comes.
    let chunk = padded(257 * 1024);
    let chunked = format!("{:x}\r\n{chunk}\r\n0\r\n\r\n", chunk.len());
    assert_problem(&post(&[json, ("transfer-encoding", "chunked")], chunked.as_bytes()), 413);
    assert_eq!(house.server.journal(), journal);
    assert_eq!(post(&[("content-type", "Application/JSON; charset=utf-8")], good.as_bytes()).status, 201);
    let mut other = house.case(&json!([])).to_string();
    other.push_str(&" ".repeat(256 * 1024 - other.len()));
    assert_eq!(post(&[json], other.as_bytes()).status, 201, "256 KiB fit");
}

#[test]
fn every_error_is_a_problem_that_names_its_request() {
    let house = house();
    let staff = &house.staff;
    let places = Places::new(&house);
    let get = |token: &Token, path: &str| {
        let headers = [("authorization", bearer(token)), ("x-request-id", "abc-123".to_owned())];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        raw(&token.base, "GET", path, &headers, b"")
    };
    let absent = "018f0000-0000-7000-8000-000000000000";
    let errors = [
        (404, get(&staff.tech, "/api/v1/nothing")),
        (404, get(&staff.tech, &format!("/api/v1/orders/{absent}"))),
        (404, get(&staff.tech, "/api/v1/orders/no-uuid")),
        (404, get(&staff.tech, &format!("/api/v1/results/{absent}"))),
        (404, get(&staff.tech, &format!("/api/v1/patients/{absent}/timeline"))),
        (404, get(&staff.tech, &format!("/api/v1/cases/{}/reports/99", places.accession))),
        (404, get(&staff.tech, &format!("/api/v1/cases/{}/reports/first", places.accession))),
        (404, get(&staff.tech, "/api/v1/worklists/nowhere")),
        (404, get(&staff.supervisor, "/api/v1/exports/nothing.csv")),
        (404, get(&staff.supervisor, "/api/v1/exports/cases")),
        (404, get(&staff.supervisor, "/api/v1/exports/cases.ods")),
        (422, get(&staff.supervisor, "/api/v1/exports/cases.csv?columns=nothing")),
        (422, get(&staff.supervisor, "/api/v1/exports/cases.csv?tz=Mars")),
        (422, get(&staff.supervisor, "/api/v1/exports/cases.csv?dialect=french")),
        (422, get(&staff.supervisor, "/api/v1/exports/cases.csv?identifiers=full")),
        (403, get(&staff.tech, "/api/v1/exports/cases.csv")),
        (403, get(&staff.tech, "/api/v1/turnaround")),
        (403, get(&staff.tech, "/api/v1/events")),
        (403, get(&staff.admin, "/api/v1/cases")),
        (403, get(&staff.admin, &format!("/api/v1/cases/{}", places.accession))),
        (403, get(&staff.hematologist, "/api/v1/worklists/flow")),
        (422, get(&staff.tech, "/api/v1/cases/XM26-000001A")),
        (422, get(&staff.tech, "/api/v1/cases/%FF%FE")),
        (422, get(&staff.tech, "/api/v1/specimens/BM26")),
        (422, get(&staff.tech, "/api/v1/cases?limit=0")),
        (422, get(&staff.tech, "/api/v1/cases?limit=201")),
        (422, get(&staff.tech, "/api/v1/cases?limit=-1")),
        (422, get(&staff.tech, "/api/v1/cases?limit=ten")),
        (422, get(&staff.tech, "/api/v1/cases?limit=9223372036854775808")),
        (422, get(&staff.tech, "/api/v1/cases?cursor=x")),
        (422, get(&staff.tech, "/api/v1/cases?cursor=.")),
        (422, get(&staff.tech, "/api/v1/cases?colour=blue")),
        (422, get(&staff.tech, "/api/v1/cases?limit=1&limit=2")),
        (422, get(&staff.tech, "/api/v1/cases?from=yesterday")),
        (422, get(&staff.tech, "/api/v1/cases?status=fine")),
        (422, get(&staff.tech, "/api/v1/worklists/flow?view=blue")),
        (422, get(&staff.auditor, "/api/v1/events?after=x")),
        (422, staff.tech.post("/api/v1/search", &json!({ "q": "" }))),
        (422, staff.tech.post("/api/v1/search", &json!({ "q": "BM26-000001A" }))),
        (403, staff.auditor.post("/api/v1/cases", &house.case(&json!([])))),
    ];
    for (i, (status, reply)) in errors.iter().enumerate() {
        assert_eq!(reply.status, *status, "error {i}: {}", reply.text);
        let body = assert_problem(reply, *status);
        if i < 36 {
            assert_eq!(body["request_id"], "abc-123", "error {i}");
        }
        let names = ["Okonkwo", "Ada", "M0000"];
        assert!(names.iter().all(|n| !reply.text.contains(n)), "a patient in an error: {}", reply.text);
    }
    // Somebody else's idea of an id is not put into our log and headers.
    for hostile in ["a b", "x\tset-cookie", "é", &"a".repeat(65), "<script>"] {
        let auth = bearer(&staff.tech);
        let headers = [("authorization", auth.as_str()), ("x-request-id", hostile)];
        let reply = raw(&house.server.base, "GET", "/api/v1/nothing", &headers, b"");
        assert_ne!(assert_problem(&reply, 404)["request_id"], hostile);
    }
}

/// `tests/it` has no clock; the request ids of two answers differ and nothing else may.
fn without_request(reply: &Reply) -> Value {
    let mut body = reply.json();
    body["request_id"] = Value::Null;
    body
}

fn cursors_walk_a_list_exactly_once(engine: Engine) {
    let house = House::open(engine);
    let tech = &house.staff.tech;
    let mut logged = Vec::new();
    for i in 0..130 {
        // Three in a row at the same moment, so that the place must hold more than a time.
        if i % 3 == 0 {
            house.server.lab.forget_recorded_at();
        }
        let mut body = house.case(&json!(["NGS-MYE"]));
        body["indication"] = json!(if i % 2 == 0 { "MDS" } else { "LYMPHOMA" });
        logged.push(house.log(&body)["accession"].as_str().unwrap().to_owned());
    }
    let mut seen = Vec::new();
    let mut path = "/api/v1/cases?limit=25&indication=mds".to_owned();
    let mut pages = 0;
    loop {
        let page = tech.get(&path).expect(200);
        let body = page.json();
        pages += 1;
        seen.extend(body["items"].as_array().unwrap().iter().map(|c| c["accession"].as_str().unwrap().to_owned()));
        if pages == 2 {
            // Somebody logs another one meanwhile: it is newer than everything on this walk.
            let mut late = house.case(&json!([]));
            late["indication"] = json!("MDS");
            house.log(&late);
        }
        let Some(link) = page.header("link") else {
            assert!(body["next"].is_null());
            break;
        };
        path = link.strip_prefix('<').and_then(|l| l.strip_suffix(">; rel=\"next\"")).unwrap().to_owned();
        assert!(path.contains("limit=25") && path.contains("indication=mds"), "{path}");
        assert!(path.ends_with(&format!("cursor={}", body["next"].as_str().unwrap())), "{path}");
    }
    assert_eq!(pages, 3);
    let expected: BTreeSet<_> = logged.iter().step_by(2).cloned().collect();
    assert_eq!(seen.len(), 65);
    assert_eq!(seen.iter().cloned().collect::<BTreeSet<_>>(), expected);

    // Without a filter, and by the hematologist who asked: the same 131.
    for who in [tech, &house.staff.hematologist] {
        let mut all = Vec::new();
        let mut path = "/api/v1/cases?limit=25".to_owned();
        loop {
            let body = who.get(&path).expect(200).json();
            all.extend(body["items"].as_array().unwrap().iter().map(|c| c["accession"].as_str().unwrap().to_owned()));
            let Some(next) = body["next"].as_str() else { break };
            path = format!("/api/v1/cases?limit=25&cursor={next}");
        }
        assert_eq!(all.len(), 131);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 131);
    }
    // A bench's list and the feed are walked the same way.
    let mut orders = BTreeSet::new();
    let mut count = 0;
    let mut path = "/api/v1/worklists/molecular?limit=25".to_owned();
    loop {
        let body = tech.get(&path).expect(200).json();
        for line in body["items"].as_array().unwrap() {
            orders.insert(line["order"].as_str().unwrap().to_owned());
            count += 1;
        }
        let Some(next) = body["next"].as_str() else { break };
        path = format!("/api/v1/worklists/molecular?limit=25&cursor={next}");
    }
    assert_eq!((orders.len(), count), (130, 130));
    let mut parts = BTreeSet::new();
    let mut count = 0;
    let mut path = "/api/v1/worklists/reception?limit=25".to_owned();
    loop {
        let body = tech.get(&path).expect(200).json();
        for line in body["items"].as_array().unwrap() {
            parts.insert(line["label"].as_str().unwrap().to_owned());
            count += 1;
        }
        let Some(next) = body["next"].as_str() else { break };
        path = format!("/api/v1/worklists/reception?limit=25&cursor={next}");
    }
    assert_eq!((parts.len(), count), (131, 131));
    let entries = journal_since(&house, 0);
    let positions: Vec<i64> = entries.iter().map(|e| e["position"].as_i64().unwrap()).collect();
    assert!(positions.is_sorted() && positions.windows(2).all(|w| w[0] != w[1]));
    assert_eq!(entries.iter().filter(|e| e["command"] == "case.log").count(), 131);
    // `next` of the feed is its `after`.
    let page = house.staff.auditor.get("/api/v1/events?limit=25").expect(200);
    let next = page.json()["next"].as_str().unwrap().to_owned();
    assert_eq!(next, positions[24].to_string());
    let link = page.header("link").unwrap().to_owned();
    let path = link.strip_prefix('<').and_then(|l| l.strip_suffix(">; rel=\"next\"")).unwrap();
    let following = house.staff.auditor.get(path);
    assert_eq!(following.status, 200, "the feed's own Link is refused: {link} {}", following.text);
    assert_eq!(following.json()["items"][0]["position"], positions[25]);
    house.server.assert_verified();
}

#[test]
fn a_case_number_is_read_as_people_type_it_and_a_misread_character_is_named() {
    let house = house();
    let case = house.log(&house.case(&json!(["NGS-MYE"])));
    let accession = case["accession"].as_str().unwrap();
    let label = format!("{accession}-A1");
    let tech = &house.staff.tech;
    let spaced = accession.to_lowercase().replace('-', " ");
    for typed in [accession.to_lowercase(), spaced.clone(), format!(" {accession} "), accession.replace('-', "")] {
        let path = format!("/api/v1/cases/{}", typed.replace(' ', "%20"));
        assert_eq!(tech.get(&path).expect(200).json()["accession"], accession, "{typed:?}");
        let found = tech.post("/api/v1/search", &json!({ "q": typed })).expect(200).json();
        assert_eq!(found["cases"][0]["accession"], accession, "{typed:?}");
    }
    for typed in [label.to_lowercase(), format!("{}%20a1", spaced.replace(' ', "%20")), format!("%5DC1{label}")] {
        assert_eq!(tech.get(&format!("/api/v1/specimens/{typed}")).expect(200).json()["label"], label.as_str());
    }
    for typed in [label.to_lowercase(), format!("{spaced} a1"), format!("]C1{label}")] {
        let found = tech.post("/api/v1/search", &json!({ "q": typed })).expect(200).json();
        assert_eq!(found["specimen"], label.as_str(), "{typed:?}");
    }
    let stem = &accession[..accession.len() - 1];
    let wrong = if check_character(stem) == 'A' { 'B' } else { 'A' };
    let misread = tech.get(&format!("/api/v1/cases/{stem}{wrong}")).expect(422).json();
    assert_eq!(misread["errors"][0]["pointer"], "/accession");
    let words = misread["errors"][0]["message"].as_str().unwrap();
    assert!(words.contains(&format!("“{wrong}”")) && words.contains("check character"), "{words}");
    let letter = tech.get("/api/v1/cases/BM26-0O0001A").expect(422).json();
    let words = letter["errors"][0]["message"].as_str().unwrap();
    assert!(words.contains("“O”") && words.contains("character 6"), "{words}");
    let step = json!({ "transition": "receive", "specimens": [{ "label": format!("{stem}{wrong}-A1") }, { "label": label.to_lowercase() }], "step": { "temperature": "ambient" } });
    let both = tech.post("/api/v1/specimens/transitions", &step).expect(200).json();
    assert_eq!(both["failed"], 1);
    assert_eq!(both["items"][0]["problem"]["errors"][0]["pointer"], "/specimens/0/label");
    assert_eq!(both["items"][1]["specimen"]["state"], "received");
}

#[test]
fn every_answer_carries_the_security_headers() {
    let house = house();
    let staff = &house.staff;
    let base = &house.server.base;
    let auth = bearer(&staff.supervisor);
    let signed_in = [("authorization", auth.as_str())];
    let json = [("authorization", auth.as_str()), ("content-type", "application/json")];
    let large = vec![b' '; 300 * 1024];
    let answers = [
        raw(base, "GET", "/health/live", &[], b""),
        raw(base, "HEAD", "/health/ready", &[], b""),
        raw(base, "GET", "/api/openapi.json", &[], b""),
        raw(base, "GET", "/api/docs", &[], b""),
        raw(base, "GET", "/api/v1/cases", &signed_in, b""),
        raw(base, "GET", "/api/v1/cases", &[], b""),
        raw(base, "GET", "/api/v1/nothing", &signed_in, b""),
        raw(base, "GET", "/api/v1/cases/x", &signed_in, b""),
        raw(base, "DELETE", "/api/v1/cases", &signed_in, b""),
        raw(base, "POST", "/api/v1/cases", &signed_in, b"{}"),
        raw(base, "POST", "/api/v1/cases", &json, b"{}"),
        raw(base, "POST", "/api/v1/cases", &json, &large),
        raw(base, "GET", "/api/v1/exports/cases.csv", &signed_in, b""),
        raw(base, "GET", "/api/v1/exports/cases.ndjson", &signed_in, b""),
        head(base, "/api/v1/live", &signed_in),
        raw(base, "GET", "/no-such-page", &[], b""),
        raw(base, "PUT", "/health/live", &[], b""),
        raw(base, "GET", "/metrics", &[], b""),
    ];
    for reply in &answers {
        let header = |name: &str| reply.header(name).unwrap_or_else(|| panic!("{name} is missing: {reply:?}"));
        let csp = header("content-security-policy");
        assert!(
            csp.contains("default-src 'none'") && csp.contains("frame-ancestors 'none'") && !csp.contains("unsafe")
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(header("cache-control"), "no-store");
        let permissions = header("permissions-policy");
        assert!(permissions.contains("camera=(self)") && permissions.contains("microphone=()"), "{permissions}");
        assert!(!header("x-request-id").is_empty());
        assert!(reply.header("server").is_none() && reply.header("access-control-allow-origin").is_none());
    }
    assert_eq!(answers[0].json()["status"], "alive");
    assert_eq!(answers[17].status, 404, "/metrics is not on this listener");
}

#[test]
fn a_hematologist_sees_own_cases_only_and_others_do_not_exist() {
    let house = house();
    let own = house.signed();
    let view = house.staff.tech.get(&format!("/api/v1/cases/{}", own.accession)).json();
    let patient = view["patient"]["id"].as_str().unwrap().to_owned();
    let mrn = view["patient"]["mrn"].as_str().unwrap().to_owned();
    let (mine, stranger) = (&house.staff.hematologist, &house.stranger);
    let absent = "BM26-999999";
    let absent = format!("{absent}{}", check_character(absent));
    let nobody = "018f0000-0000-7000-8000-000000000000";
    for (there, nowhere) in [
        (format!("/api/v1/cases/{}", own.accession), format!("/api/v1/cases/{absent}")),
        (format!("/api/v1/cases/{}/history", own.accession), format!("/api/v1/cases/{absent}/history")),
        (format!("/api/v1/cases/{}/reports/1", own.accession), format!("/api/v1/cases/{absent}/reports/1")),
        (format!("/api/v1/specimens/{}", own.label), format!("/api/v1/specimens/{absent}-A1")),
        (format!("/api/v1/specimens/{}/history", own.label), format!("/api/v1/specimens/{absent}-A1/history")),
        (format!("/api/v1/orders/{}", own.order), format!("/api/v1/orders/{nobody}")),
        (format!("/api/v1/results/{}", own.result), format!("/api/v1/results/{nobody}")),
        (format!("/api/v1/patients/{patient}/timeline"), format!("/api/v1/patients/{nobody}/timeline")),
    ] {
        mine.get(&there).expect(200);
        let (hidden, missing) = (stranger.get(&there), stranger.get(&nowhere));
        assert_problem(&hidden, 404);
        assert_eq!(without_request(&hidden), without_request(&missing), "{there}");
        let names = |r: &Reply| r.headers.iter().map(|(n, _)| n.clone()).collect::<BTreeSet<_>>();
        assert_eq!(names(&hidden), names(&missing), "{there}");
    }
    // Writing, too.
    for (there, nowhere, body) in [
        (
            format!("/api/v1/cases/{}/orders", own.accession),
            format!("/api/v1/cases/{absent}/orders"),
            json!({ "assay": "KARYO" }),
        ),
        (
            format!("/api/v1/orders/{}/transitions", own.order),
            format!("/api/v1/orders/{nobody}/transitions"),
            json!({ "transition": "cancel", "reason": "REQUESTER" }),
        ),
        (
            format!("/api/v1/specimens/{}/transitions", own.label),
            format!("/api/v1/specimens/{absent}-A1/transitions"),
            json!({ "transition": "collect" }),
        ),
    ] {
        let send = |path: &str| stranger.post_with(path, &body, &[("if-match", "\"1\"")]);
        let (hidden, missing) = (send(&there), send(&nowhere));
        assert_problem(&hidden, 404);
        assert_eq!(without_request(&hidden), without_request(&missing), "{there}");
    }
    // Lists and searches are short of it, whatever is asked.
    for path in ["/api/v1/cases", "/api/v1/cases?requester=e.marlow", "/api/v1/cases?limit=200&indication=LYMPHOMA"] {
        assert_eq!(stranger.get(path).expect(200).json()["items"], json!([]), "{path}");
    }
    assert_eq!(mine.get("/api/v1/cases").json()["items"].as_array().unwrap().len(), 1);
    for q in [mrn.as_str(), "Okonkwo", &own.accession, &own.label] {
        let none = stranger.post("/api/v1/search", &json!({ "q": q })).expect(200).json();
        assert_eq!(none, json!({ "specimen": null, "cases": [] }), "{q}");
        assert_ne!(mine.post("/api/v1/search", &json!({ "q": q })).json()["cases"], json!([]), "{q}");
    }
    // A login name is one name however it is typed on the request.
    let mut body = house.case(&json!([]));
    body["requester"] = json!("E.Marlow");
    let accession = house.log(&body)["accession"].as_str().unwrap().to_owned();
    let seen = mine.get(&format!("/api/v1/cases/{accession}"));
    assert_eq!(seen.status, 200, "the requester, typed E.Marlow, cannot find the own case: {}", seen.text);
}

fn drafts_never_reach_a_hematologist(engine: Engine) {
    let house = House::open(engine);
    let staff = &house.staff;
    let secret = "XYZZY-DRAFT";
    let mut entered = ngs();
    entered["summary"] = json!(format!("{secret} entered"));
    let order = house.order(OrderState::InProcess);
    let resource = format!("/api/v1/orders/{order}");
    let results = format!("{resource}/results");
    let first = staff.tech.post_current(&resource, &results, &entered).expect(201).json();
    let accession = first["accession"].as_str().unwrap().to_owned();
    // Replaced by a second draft, sent back with words, and a report begun and thrown away, and begun again.
    let draft = staff.tech.post_current(&resource, &results, &entered).expect(201).json();
    staff.supervisor.order_step(&order, &json!({ "transition": "review" })).expect(200);
    staff
        .supervisor
        .order_step(&order, &json!({ "transition": "return", "note": format!("{secret} look again") }))
        .expect(200);
    let mut text = report_text("preliminary");
    text["diagnosis"] = json!(format!("{secret} leukemia"));
    let begin = json!({ "action": "draft", "text": text });
    let path = format!("/api/v1/cases/{accession}/reports");
    let report = staff.pathologist.post(&path, &begin).expect(201).json();
    house.report_post(&staff.pathologist, &accession, &void(report["id"].as_str().unwrap())).expect(200);
    staff.pathologist.post(&path, &begin).expect(201);
    let case = staff.tech.get(&format!("/api/v1/cases/{accession}")).json();
    let patient = case["patient"]["id"].as_str().unwrap();

    let mine = &staff.hematologist;
    let mut leaks = Vec::new();
    let mut look = |what: String, reply: Reply| {
        if reply.text.contains(secret) {
            leaks.push(format!("{what} ({})", reply.status));
        }
    };
    for path in [
        format!("/api/v1/cases/{accession}"),
        format!("/api/v1/cases/{accession}/history"),
        format!("/api/v1/cases/{accession}/reports/1"),
        format!("/api/v1/cases/{accession}/reports/2"),
        format!("/api/v1/specimens/{accession}-A1"),
        format!("/api/v1/specimens/{accession}-A1/history"),
        resource.clone(),
        format!("/api/v1/results/{}", first["id"].as_str().unwrap()),
        format!("/api/v1/results/{}", draft["id"].as_str().unwrap()),
        format!("/api/v1/patients/{patient}/timeline"),
        "/api/v1/cases".to_owned(),
        "/api/v1/events".to_owned(),
        "/api/v1/exports/results.csv".to_owned(),
        "/api/v1/worklists/molecular".to_owned(),
    ] {
        let reply = mine.get(&path);
        look(path, reply);
    }
    look("search".to_owned(), mine.post("/api/v1/search", &json!({ "q": secret })));
    // What a stale write shows is no back door.
    let stale = [("if-match", "\"0\"")];
    let cancel = json!({ "transition": "cancel", "reason": "REQUESTER" });
    look("412 of an order".into(), mine.post_with(&format!("{resource}/transitions"), &cancel, &stale));
    let add = mine.post_with(&format!("/api/v1/cases/{accession}/orders"), &json!({ "assay": "KARYO" }), &stale);
    assert_eq!(add.status, 412);
    look("412 of a case".into(), add);
    look(
        "an added order".into(),
        mine.post(&format!("/api/v1/cases/{accession}/orders"), &json!({ "assay": "KARYO" })),
    );
    // Nor is what an interface may read.
    look("a case, by an interface".into(), staff.interface.get(&format!("/api/v1/cases/{accession}")));
    assert!(leaks.is_empty(), "drafts leave the laboratory through {leaks:#?}");

    // Those inside see it, and once it is verified and signed, so does the requester.
    assert!(staff.tech.get(&format!("/api/v1/cases/{accession}")).text.contains(secret));
    house.verify(&staff.supervisor, draft["id"].as_str().unwrap()).expect(200);
    let seen = mine.get(&format!("/api/v1/cases/{accession}"));
    assert!(seen.text.contains(secret) && !seen.text.contains("leukemia"));
}

/// The columns of each dataset that may identify somebody, and everything identifying that the cases hold.
fn an_export_without_identifiers_has_no_identifying_cell(engine: Engine) {
    let house = House::open(engine);
    let staff = &house.staff;
    let secrets = [
        "ZWEIFEL",
        "Wilhelmina",
        "MRN-777",
        "REF-888",
        "1958-07-09",
        "e.marlow",
        "operator-name",
        "clinical words",
        "note words",
        "told-whom",
        "Shelf 99",
        "t.nguyen",
        "k.adeyemi",
        "s.iqbal",
        "l.ferreira",
        "finding words",
        "diagnosis words",
        "comment words",
    ];
    let mut body = house.case(&json!(["NGS-MYE", "KARYO"]));
    body["patient"] =
        json!({ "mrn": "MRN-777", "family_name": "Zweifel", "given_name": "Wilhelmina", "born": "1958-07-09" });
    body["external_ref"] = json!("REF-888");
    body["procedure"]["operator"] = json!("operator-name");
    body["clinical_note"] = json!("clinical words");
    let case = house.log(&body);
    let accession = case["accession"].as_str().unwrap().to_owned();
    let label = format!("{accession}-A1");
    let walk = |who: &Token, body: Value| drop(who.step(&label, &body).expect(200));
    walk(&staff.tech, json!({ "transition": "receive", "temperature": "ambient", "location": "Shelf 99" }));
    walk(&staff.tech, json!({ "transition": "accept_with_caveat", "reason": "HEMODILUTE", "note": "note words" }));
    let order = case["orders"][0]["id"].as_str().unwrap();
    staff.tech.order_step(order, &json!({ "transition": "start", "note": "note words" })).expect(200);
    let mut result = ngs();
    result["summary"] = json!("finding words");
    result["comment"] = json!("comment words");
    result["details"]["ngs"]["panel"] = json!("finding words");
    let resource = format!("/api/v1/orders/{order}");
    let id = staff.tech.post_current(&resource, &format!("{resource}/results"), &result).expect(201).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    house.verify(&staff.supervisor, &id).expect(200);
    let cancel = json!({ "transition": "cancel", "reason": "REQUESTER", "note": "note words" });
    staff.supervisor.order_step(case["orders"][1]["id"].as_str().unwrap(), &cancel).expect(200);
    let mut text = report_text("final");
    text["diagnosis"] = json!("diagnosis words");
    text["comment"] = json!("comment words");
    let path = format!("/api/v1/cases/{accession}/reports");
    let report = staff.pathologist.post(&path, &json!({ "action": "draft", "text": text })).expect(201).json();
    house.report_post(&staff.pathologist, &accession, &sign(report["id"].as_str().unwrap())).expect(200);
    // Rejected and lost ones, for the eighth dataset.
    let rejected = house.part(SpecimenState::Rejected);
    house.part(SpecimenState::Lost);

    let admin = &staff.admin;
    let datasets = ["cases", "specimens", "orders", "results", "reports", "events", "turnaround", "rejections"];
    let mut joined = Vec::new();
    for dataset in datasets {
        for (file, query) in [("csv", ""), ("csv", "?dialect=excel"), ("ndjson", ""), ("csv", "?identifiers=pseudonym")]
        {
            let path = format!("/api/v1/exports/{dataset}.{file}{query}");
            let reply = admin.get(&path).expect(200);
            assert!(reply.text.lines().count() > usize::from(file == "csv"), "{path} is empty");
            let upper = reply.text.to_uppercase();
            for secret in
                secrets.iter().map(|s| s.to_uppercase()).chain([accession.clone(), label.clone(), rejected.clone()])
            {
                assert!(!upper.contains(&secret), "{secret} is in {path}: {}", reply.text);
            }
        }
        // Full takes a reason.
        let without = admin.get(&format!("/api/v1/exports/{dataset}.csv?identifiers=full"));
        assert_problem(&without, 422);
        assert_eq!(pointer(&without), "/reason");
        let journal = house.server.journal();
        let full =
            admin.get(&format!("/api/v1/exports/{dataset}.csv?identifiers=full&reason=Annual%20audit%207")).expect(200);
        assert!(full.text.contains(&accession), "{dataset}");
        let notes = journal_since(&house, journal);
        let commands: Vec<&str> = notes.iter().map(|e| e["command"].as_str().unwrap()).collect();
        assert_eq!(commands, ["export.begin", "export.end"], "{dataset}");
        assert!(notes.iter().all(|e| e["reason"] == "Annual audit 7" && e["actor"] == "a.lindgren"));
        // Nothing of a row is the same in two exports without identifiers, save what many rows share.
        let rows = |text: &str| -> (Vec<String>, Vec<Vec<String>>) {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let names = reader.headers().unwrap().iter().map(str::to_owned).collect();
            (names, reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect())
        };
        let once = || rows(&admin.get(&format!("/api/v1/exports/{dataset}.csv")).expect(200).text);
        let ((names, first), (_, second)) = (once(), once());
        for (at, name) in names.iter().enumerate() {
            let cells = |rows: &[Vec<String>]| {
                rows.iter().map(|r| r[at].clone()).filter(|c| !c.is_empty()).collect::<BTreeSet<_>>()
            };
            let (a, b) = (cells(&first), cells(&second));
            let unique =
                a.len() > 1 && a.iter().all(|c| c.len() >= 16 && c.chars().all(|c| c.is_ascii_hexdigit() || c == '-'));
            if unique && !a.is_disjoint(&b) {
                joined.push(format!("{dataset}.{name}"));
            }
        }
    }
    assert!(joined.is_empty(), "two exports without identifiers can be joined on {joined:?}");
    for who in [&staff.tech, &staff.hematologist, &staff.interface] {
        assert_problem(&who.get("/api/v1/exports/cases.csv"), 403);
    }
    assert_problem(&staff.auditor.get("/api/v1/exports/cases.csv?identifiers=full&reason=curious"), 403);
    staff.auditor.get("/api/v1/exports/cases.csv").expect(200);
    let manifest = admin.get("/api/v1/exports/cases.datapackage.json").expect(200).json();
    let csv = admin.get("/api/v1/exports/cases.csv").expect(200);
    assert_eq!(manifest["resources"][0]["rows"], csv.text.lines().count() - 1);
    assert!(csv.header("content-disposition").unwrap().contains("trephine-cases.csv"));
    house.server.assert_verified();
}

#[test]
fn an_admin_sees_no_patient() {
    let house = house();
    let places = Places::new(&house);
    let admin = &house.staff.admin;
    for row in ROUTES.iter().filter(|r| r.verb == "GET" && r.permission == Permission::Look) {
        let reply = ask(&house.server.base, row, &places.path(row), Some(&admin.secret));
        let about_nobody = matches!(row.path, "/state-machines" | "/catalogue");
        assert_eq!(reply.status, if about_nobody { 200 } else { 403 }, "{}: {}", row.path, reply.text);
        assert!(!reply.text.contains("Okonkwo"));
    }
    admin.post("/api/v1/search", &json!({ "q": "Okonkwo" })).expect(403);
    let figures = admin.get("/api/v1/turnaround").expect(200);
    assert!(!figures.text.contains("Okonkwo") && !figures.text.contains(&places.accession));
}

#[test]
fn an_auditor_reads_everything_and_writes_nothing_and_an_interface_decides_nothing() {
    let house = house();
    let places = Places::new(&house);
    let staff = &house.staff;
    for row in ROUTES.iter().filter(|r| r.verb == "GET" && r.permission != Permission::Do) {
        let reply = ask(&house.server.base, row, &places.path(row), Some(&staff.auditor.secret));
        assert_eq!(reply.status, 200, "{}: {}", row.path, reply.text);
    }
    let journal = house.server.journal();
    let accession = &places.accession;
    let mut all = writes(&house);
    let journal_after_making = house.server.journal();
    assert!(journal_after_making > journal);
    let part = json!({ "kind": "aspirate", "container": "EDTA", "pull_number": 1, "volume_ul": 100, "collected_at": "2026-03-04T08:40:00Z" });
    all.push((String::new(), format!("/api/v1/cases/{accession}/specimens"), part, staff.tech.clone()));
    all.push((
        String::new(),
        format!("/api/v1/cases/{accession}/orders"),
        json!({ "assay": "KARYO" }),
        staff.tech.clone(),
    ));
    all.push((String::new(), "/api/v1/cases".into(), house.case(&json!([])), staff.tech.clone()));
    let call = json!({ "code": "HLH", "text": "Hemophagocytosis", "recipient": "Dr Marlow", "role": "registrar",
        "method": "telephone", "outcome": "reached", "read_back": true });
    all.push((String::new(), format!("/api/v1/cases/{accession}/calls"), call, staff.tech.clone()));
    let draft = json!({ "action": "draft", "text": report_text("preliminary") });
    all.push((String::new(), format!("/api/v1/cases/{accession}/reports"), draft, staff.pathologist.clone()));
    let step = json!({ "transition": "store", "specimens": [{ "label": places.label }], "step": { "location": "x" } });
    for (resource, path, body, who) in &all {
        let etag = who.get(resource).etag.unwrap_or_default();
        let headers = if etag.is_empty() { vec![] } else { vec![("if-match", etag.as_str())] };
        assert_problem(&staff.auditor.post_with(path, body, &headers), 403);
        assert_problem(&staff.admin.post_with(path, body, &headers), 403);
        let decides =
            ["/verify", "/release", "/correct", "/retract", "/reports", "/calls"].iter().any(|end| path.ends_with(end));
        if decides {
            assert_problem(&staff.interface.post_with(path, body, &headers), 403);
        }
    }
    let many = staff.auditor.post("/api/v1/specimens/transitions", &step).expect(200).json();
    assert_eq!((many["failed"].as_i64(), many["items"][0]["status"].as_i64()), (Some(1), Some(403)));
    assert_eq!(house.server.journal(), journal_after_making, "a refused signature is not even a try of a password");
}

#[test]
fn nobody_verifies_their_own_result() {
    let house = house();
    let lab = &house.server.lab;
    let both = house.server.token("w.both", &[Role::Tech, Role::Supervisor, Role::Pathologist]);
    let second = lab.issue_token(&operator(), "w.both", "another machine", Scope::All, 90, "test").unwrap();
    let second = Token { base: both.base.clone(), secret: second };
    let order = house.order(OrderState::InProcess);
    let id = house.enter(&both, &order);
    for who in [&both, &second] {
        for what in ["verify", "release"] {
            let refused = house.result_post(who, &id, what, &json!({}));
            assert_problem(&refused, 409);
            assert_eq!(refused.json()["rule"], "second_person", "{what}");
        }
        let refused = who.order_step(&order, &json!({ "transition": "review" }));
        assert_eq!(refused.json()["rule"], "second_person", "{}", refused.text);
    }
    // Nor a revision of somebody else's.
    house.verify(&house.staff.supervisor, &id).expect(200);
    let revision = house.result_post(&both, &id, "correct", &revise("corrected")).expect(201).json();
    let revision = revision["id"].as_str().unwrap();
    assert_eq!(house.verify(&second, revision).json()["rule"], "second_person");
    house.verify(&house.staff.pathologist, revision).expect(200);
    // Whoever enters it again is the one who entered it.
    let order = house.order(OrderState::InProcess);
    house.enter(&both, &order);
    let again = house.enter(&house.staff.tech, &order);
    house.verify(&second, &again).expect(200);
    // Rejecting takes two people, not two roles or two tokens.
    let label = house.part(SpecimenState::Received);
    house.step(&both, &label, SpecimenTransition::ProposeRejection).expect(200);
    for who in [&both, &second] {
        let refused = house.step(who, &label, SpecimenTransition::Reject);
        assert_eq!(refused.json()["rule"], "second_person", "{}", refused.text);
    }
    house.step(&house.staff.supervisor, &label, SpecimenTransition::Reject).expect(200);
    house.server.assert_verified();
}

#[test]
fn signing_takes_the_password_of_the_one_who_made_the_diagnosis() {
    let house = house();
    let (accession, id) = house.report(trephine::domain::ReportState::Draft);
    let path = format!("/api/v1/cases/{accession}/reports");
    let post = |who: &Token, body: &Value| house.report_post(who, &accession, body);
    let doctor = &house.staff.pathologist;
    // Another pathologist with the right password did not make the diagnosis.
    let other = post(&house.staff.pathologist2, &sign(&id));
    assert_eq!((other.status, other.json()["rule"].as_str()), (409, Some("not_the_diagnostician")));
    let mut body = sign(&id);
    body["password"] = json!("not the password at all");
    let wrong = post(doctor, &body);
    assert_problem(&wrong, 403);
    assert_eq!(wrong.problem(), "wrong-password");
    // At once again, even the right one waits, and says how long.
    let soon = post(doctor, &sign(&id));
    assert_problem(&soon, 429);
    assert_eq!(soon.header("retry-after"), Some("1"));
    let now = house.server.lab.now();
    house.server.clock.set(now + chrono::Duration::seconds(2));
    // An empty one and an endless one are wrong ones.
    for password in [String::new(), "x".repeat(5_000)] {
        body["password"] = json!(password);
        assert_eq!(post(doctor, &body).status, 403);
        let now = house.server.lab.now();
        house.server.clock.set(now + chrono::Duration::seconds(10));
    }
    let key = [("idempotency-key", "signature-1"), ("if-match", "\"1\"")];
    let signed = doctor.post_with(&path, &sign(&id), &key).expect(200).json();
    assert_eq!(signed["state"], "preliminary");
    assert_eq!(signed["signature"]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(signed["content"]["signed_by"], "Dr l.ferreira");
    // A password is nowhere in what is kept or shown.
    let everything = journal_since(&house, 0);
    assert!(!json!(everything).to_string().contains(Staff::PASSWORD));
    assert!(!house.staff.auditor.get(&format!("/api/v1/cases/{accession}")).text.contains(Staff::PASSWORD));
    house.server.assert_verified();
}

/// A fast hash of a body that holds a password is a password that a thief of the file can guess.
#[test]
fn a_signers_password_is_not_kept_as_a_fast_hash() {
    use diesel::connection::Connection as _;
    use diesel::{QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query};
    use sha2::Digest as _;
    #[derive(QueryableByName)]
    struct Hash {
        #[diesel(sql_type = diesel::sql_types::Text)]
        body_hash: String,
    }
    let house = house();
    let (accession, id) = house.report(trephine::domain::ReportState::Draft);
    let path = format!("/api/v1/cases/{accession}/reports");
    let body = sign(&id).to_string();
    let key = [("idempotency-key", "signature-2"), ("if-match", "\"1\"")];
    house.staff.pathologist.post_with(&path, &sign(&id), &key).expect(200);
    let mut conn = SqliteConnection::establish(house.server.lab.store().path().unwrap().to_str().unwrap()).unwrap();
    let stored: Vec<Hash> =
        sql_query("SELECT body_hash FROM idempotency WHERE key = 'signature-2'").load(&mut conn).unwrap();
    assert_eq!(stored.len(), 1);
    let guess = sha2::Sha256::digest(format!("POST {path}\n{body}").as_bytes());
    let guess: String = guess.iter().map(|b| format!("{b:02x}")).collect();
    assert_ne!(stored[0].body_hash, guess, "whoever has the file and guesses passwords sees when one is right");
}

#[test]
fn a_final_report_waits_for_every_required_assay_and_a_preliminary_one_names_them() {
    let house = house();
    let staff = &house.staff;
    let case = house.log(&house.case(&json!(["NGS-MYE", "FLOW-LPD"])));
    let accession = case["accession"].as_str().unwrap().to_owned();
    let (ngs_order, flow) = (case["orders"][0]["id"].as_str().unwrap(), case["orders"][1]["id"].as_str().unwrap());
    let label = format!("{accession}-A1");
    house.step(&staff.tech, &label, SpecimenTransition::Receive).expect(200);
    house.step(&staff.tech, &label, SpecimenTransition::Accept).expect(200);
    staff.tech.order_step(ngs_order, &json!({ "transition": "start" })).expect(200);
    let result = house.enter(&staff.tech, ngs_order);
    let doctor = &staff.pathologist;

    // Nothing verified, nothing in the document; both are pending, with the day they are expected.
    let first = house.sign(doctor, &accession, "preliminary");
    let content = doctor.get(&format!("/api/v1/cases/{accession}/reports/1")).json()["content"].clone();
    assert_eq!(content["findings"], json!([]));
    let pending: Vec<&str> =
        content["pending"].as_array().unwrap().iter().map(|p| p["assay"].as_str().unwrap()).collect();
    assert_eq!(pending, ["NGS-MYE", "FLOW-LPD"]);
    assert!(content["pending"].as_array().unwrap().iter().all(|p| p["expected"].as_str().is_some()));

    house.verify(&staff.supervisor, &result).expect(200);
    let draft = house.draft_report(doctor, &accession, "final");
    let refused = house.report_post(doctor, &accession, &sign(&draft));
    assert_problem(&refused, 409);
    assert_eq!(refused.json()["rule"], "orders_open");
    assert!(refused.json()["detail"].as_str().unwrap().contains("FLOW-LPD (ready)"), "{}", refused.text);
    staff.supervisor.order_step(flow, &json!({ "transition": "not_perform", "reason": "QNS" })).expect(200);
    house.report_post(doctor, &accession, &sign(&draft)).expect(200);
    let content = doctor.get(&format!("/api/v1/cases/{accession}/reports/2")).json()["content"].clone();
    assert_eq!(content["findings"][0]["summary"], ngs()["summary"]);
    assert_eq!(content["not_done"][0]["assay"], "FLOW-LPD");
    assert_eq!(content["pending"], json!([]));

    // A corrected result; the report is amended and shows old and new of both.
    let revision = house.result_post(&staff.pathologist2, &result, "correct", &revise("corrected")).expect(201).json();
    let revision = revision["id"].as_str().unwrap();
    let mut text = report_text("amended");
    text["diagnosis"] = json!("Clonal cytopenia of undetermined significance");
    let path = format!("/api/v1/cases/{accession}/reports");
    let amended = doctor.post(&path, &json!({ "action": "draft", "text": text })).expect(201).json();
    let amended = amended["id"].as_str().unwrap();
    // Not while the revision waits for its second person.
    assert_eq!(house.report_post(doctor, &accession, &sign(amended)).json()["rule"], "revision_open");
    house.verify(&staff.supervisor, revision).expect(200);
    house.report_post(doctor, &accession, &sign(amended)).expect(200);
    let seen = staff.hematologist.get(&format!("/api/v1/cases/{accession}/reports/3")).expect(200).json();
    let changes: BTreeMap<&str, (&str, &str)> = seen["content"]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["what"].as_str().unwrap(), (c["before"].as_str().unwrap(), c["after"].as_str().unwrap())))
        .collect();
    assert_eq!(
        changes["Diagnosis"],
        ("Myelodysplastic neoplasm with low blasts", "Clonal cytopenia of undetermined significance")
    );
    assert_eq!(changes["Myeloid gene panel (NGS)"], ("SRSF2 p.Pro95His, 41 %", "SRSF2 p.Pro95His, 14 %"));
    assert_eq!(seen["content"]["told"], "Dr Marlow");
    assert_eq!(seen["content"]["history"].as_array().unwrap().len(), 2);
    // Earlier versions stay readable, byte for byte, and say that they are superseded.
    let earlier = staff.hematologist.get(&format!("/api/v1/cases/{accession}/reports/2")).expect(200).json();
    assert_eq!(earlier["superseded"], true);
    assert_eq!(earlier["content"]["diagnosis"], "Myelodysplastic neoplasm with low blasts");
    assert_ne!(first, draft);
    house.server.assert_verified();
}

/// A withdrawn result is no finding of a report that was signed with it.
#[test]
fn an_amended_report_names_a_finding_that_is_no_longer_there() {
    let house = house();
    let staff = &house.staff;
    let signed = house.signed();
    house.result_post(&staff.pathologist, &signed.result, "retract", &withdrawal()).expect(200);
    staff.supervisor.order_step(&signed.order, &json!({ "transition": "not_perform", "reason": "QNS" })).expect(200);
    house.sign(&staff.pathologist, &signed.accession, "amended");
    let content =
        staff.pathologist.get(&format!("/api/v1/cases/{}/reports/2", signed.accession)).json()["content"].clone();
    assert_eq!(content["findings"], json!([]));
    let old = ngs()["summary"].clone();
    let gone = content["changes"].as_array().unwrap().iter().find(|c| c["before"] == old);
    assert!(gone.is_some_and(|c| c["after"] == ""), "the finding vanished without a word: {}", content["changes"]);
}

/// Text that has broken programs.
fn tricky() -> Vec<String> {
    let mut all: Vec<String> = [
        "'; DROP TABLE cases; --",
        "\" OR \"\"=\"",
        "1; SELECT pg_sleep(10)--",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "]]><!--&amp;&lt;",
        "{{7*7}} ${7*7} #{7*7} <%= 7*7 %>",
        "%s%n%x%p %00 %0d%0a",
        "../../../../etc/passwd",
        "C:\\Windows\\system32\\",
        "$(rm -rf /) `id` | cat && true",
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1:A9)",
        "＝1+1",
        "NULL",
        "null",
        "undefined",
        "NaN",
        "-1E400",
        "true",
        "2026-03-04",
        "00123",
        "\\u0000 \\x00 \\0 \\n",
        "O'Brien-Łukasiewicz, Zoë",
        "مرحبا بالعالم שלום",
        "👩‍⚕️🧬 ﷽ Z͑ͫ̓͑a̛l",
        "田中さん 王小明 Νίκος",
        "\u{feff}bom and \u{200b}zero\u{2028}width",
        "𝕬𝖇𝖈 \u{ffff} \u{e000}",
        "trailing backslash \\",
        "comma, \"quote\", semicolon; tab\tline\nend",
        "${jndi:ldap://x/a}",
        "BM26-000001A",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push("ő".repeat(200));
    use unicode_normalization::UnicodeNormalization as _;
    all.iter().map(|s| s.nfc().collect()).collect()
}

fn tricky_text_is_stored_verbatim_and_returned_exactly(engine: Engine) {
    let house = House::open(engine);
    let tech = &house.staff.tech;
    let all = tricky();
    assert!(all.len() >= 30);
    let mut expected = BTreeMap::new();
    for (i, text) in all.iter().enumerate() {
        let line: String = text.replace(['\t', '\n'], " ");
        let mut body = house.case(&json!(["NGS-MYE"]));
        body["external_ref"] = json!(format!("{i} {line}").chars().take(200).collect::<String>());
        body["patient"]["family_name"] = json!(line);
        body["patient"]["given_name"] = json!(line);
        body["clinical_note"] = json!(text);
        body["procedure"]["operator"] = json!(line);
        let logged = house.log(&body);
        let accession = logged["accession"].as_str().unwrap().to_owned();
        for view in [logged, tech.get(&format!("/api/v1/cases/{accession}")).expect(200).json()] {
            assert_eq!(view["patient"]["family_name"], line.as_str());
            assert_eq!(view["clinical_note"], text.as_str());
            assert_eq!(view["procedure"]["operator"], line.as_str());
        }
        if line.chars().count() >= 2 && line.chars().count() <= 100 && !line.starts_with("BM26") {
            // It is found by itself, and finding it breaks nothing.
            let found = tech.post("/api/v1/search", &json!({ "q": line })).expect(200).json();
            let found: Vec<&str> =
                found["cases"].as_array().unwrap().iter().map(|c| c["accession"].as_str().unwrap()).collect();
            assert!(found.contains(&accession.as_str()), "{line:?} is not found");
        }
        expected.insert(accession, (line, text.clone()));
    }
    // Out again through both kinds of file.
    let admin = &house.staff.admin;
    let query = "?identifiers=full&reason=round%20trip";
    let text = admin.get(&format!("/api/v1/exports/cases.csv{query}")).expect(200).text;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().unwrap().clone();
    let at = |name: &str| names.iter().position(|n| n == name).unwrap();
    let mut rows = 0;
    for row in reader.records().map(Result::unwrap) {
        let (line, note) = &expected[&row[at("accession")]];
        assert_eq!((&row[at("family_name")], &row[at("clinical_note")]), (line.as_str(), note.as_str()));
        rows += 1;
    }
    assert_eq!(rows, all.len());
    let text = admin.get(&format!("/api/v1/exports/cases.ndjson{query}")).expect(200).text;
    for row in text.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()) {
        let (line, note) = &expected[row["accession"].as_str().unwrap()];
        assert_eq!(
            (row["given_name"].as_str(), row["clinical_note"].as_str()),
            (Some(line.as_str()), Some(note.as_str()))
        );
    }
    house.server.assert_verified();
}

/// Years that one engine's text or the other's calendar does not hold: a field's fault, not the program's.
fn times_that_no_calendar_holds_are_refused_and_never_a_failure(engine: Engine) {
    let house = House::open(engine);
    let tech = &house.staff.tech;
    let label = house.part(SpecimenState::Received);
    let etag = tech.get(&format!("/api/v1/specimens/{label}")).etag.unwrap();
    let order = house.order(OrderState::ReferredOut);
    let mut failures = Vec::new();
    let mut check = |what: String, reply: Reply| {
        if reply.status >= 500 {
            failures.push(format!("{what}: {} {}", reply.status, reply.text));
        }
    };
    for time in ["0000-01-01T00:00:00Z", "-0044-03-15T00:00:00Z", "+12026-03-04T00:00:00Z", "-262143-01-01T00:00:00Z"] {
        let step = json!({ "transition": "hold", "note": "?", "told": "x", "occurred_at": time });
        check(
            format!("occurred_at {time}"),
            tech.post_with(&format!("/api/v1/specimens/{label}/transitions"), &step, &[("if-match", &etag)]),
        );
        let mut body = house.planned(&json!([]));
        body["procedure"]["performed_at"] = json!(time);
        check(format!("performed_at {time}"), tech.post("/api/v1/cases", &body));
        body["specimens"][0]["not_collected"] = json!("DRY_TAP");
        check(format!("performed_at {time}, not collected"), tech.post("/api/v1/cases", &body));
        let mut result = ngs();
        result["performed_at"] = json!(time);
        let resource = format!("/api/v1/orders/{order}");
        check(
            format!("result performed_at {time}"),
            tech.post_current(&resource, &format!("{resource}/results"), &result),
        );
        let mut text = report_text("preliminary");
        text["told"] = json!({ "who": "x", "at": time });
        let accession = label.rsplit_once('-').unwrap().0;
        check(
            format!("told at {time}"),
            house
                .staff
                .pathologist
                .post(&format!("/api/v1/cases/{accession}/reports"), &json!({ "action": "draft", "text": text })),
        );
        for name in ["from", "to"] {
            let query = time.replace('+', "%2B");
            check(format!("cases?{name}={time}"), tech.get(&format!("/api/v1/cases?{name}={query}")));
            check(
                format!("turnaround?{name}={time}"),
                house.staff.supervisor.get(&format!("/api/v1/turnaround?{name}={query}")),
            );
            check(
                format!("datapackage?{name}={time}"),
                house.staff.supervisor.get(&format!("/api/v1/exports/cases.datapackage.json?{name}={query}")),
            );
        }
    }
    for micros in ["-7000000000000000", "7000000000000000", "-1"] {
        let cursor = format!("{micros}.018f000000007000800000000000000f");
        check(format!("cursor {micros}"), tech.get(&format!("/api/v1/cases?cursor={cursor}")));
        check(format!("worklist cursor {micros}"), tech.get(&format!("/api/v1/worklists/molecular?cursor={cursor}")));
    }
    check("after".into(), house.staff.auditor.get("/api/v1/events?after=-9223372036854775808"));
    check("after".into(), house.staff.auditor.get("/api/v1/events?after=9223372036854775807"));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    house.server.assert_verified();
}

/// What logging a part checks, collecting and accepting it check too: a rule is written once.
#[test]
fn a_planned_part_is_collected_under_the_same_rules_as_one_that_is_logged() {
    let house = house();
    let who = &house.staff.tech;
    let mut accepted = Vec::new();
    for (what, change) in [
        ("pull 0", json!({ "pull_number": 0 })),
        ("pull 200", json!({ "pull_number": 200 })),
        ("midline of a paired site", json!({ "side": "midline" })),
        ("left of the sternum", json!({ "site": "STERNUM", "side": "left" })),
        ("eleven years ago", json!({ "occurred_at": "2015-03-04T08:30:00Z" })),
        ("fixed in the future", json!({ "fixed_at": "2026-03-06T08:30:00Z" })),
    ] {
        let label = house.part(SpecimenState::Planned);
        let mut body = json!({ "transition": "collect", "occurred_at": "2026-03-04T08:30:00Z", "pull_number": 1, "volume_ul": 3000 });
        for (k, v) in change.as_object().unwrap() {
            body[k] = v.clone();
        }
        let reply = who.step(&label, &body);
        if reply.status != 422 {
            accepted.push(format!("collect, {what}: {}", reply.status));
        }
    }
    for (what, body) in [
        ("a core of 0 mm", json!({ "transition": "accept", "length_mm": 0 })),
        ("a core of a kilometer", json!({ "transition": "accept", "length_mm": 1_000_000 })),
        (
            "a core of a kilometer, with a caveat",
            json!({ "transition": "accept_with_caveat", "reason": "HEMODILUTE", "length_mm": 1_000_000 }),
        ),
    ] {
        let mut case = house.case(&json!(["HIST-CORE"]));
        case["specimens"] = json!([{ "kind": "core", "container": "FORMALIN", "fixed_at": "2026-03-04T08:05:00Z" }]);
        let label = house.log(&case)["specimens"][0]["label"].as_str().unwrap().to_owned();
        house.step(who, &label, SpecimenTransition::Receive).expect(200);
        let reply = who.step(&label, &body);
        if reply.status != 422 {
            accepted.push(format!("{what}: {}", reply.status));
        }
    }
    let label = house.part(SpecimenState::Received);
    let reply =
        who.step(&label, &json!({ "transition": "accept_with_caveat", "reason": "HEMODILUTE", "length_mm": 15 }));
    if reply.status != 422 && !reply.json()["length_mm"].is_null() {
        accepted.push("the length of a liquid".to_owned());
    }
    assert!(accepted.is_empty(), "{}", accepted.join("\n"));
}

/// Collected, received, accepted, set up: none before the one before it, unless somebody says why.
#[test]
fn steps_are_in_the_order_of_time() {
    let house = house();
    let who = &house.staff.tech;
    let long_ago = "2026-02-01T08:00:00Z";
    let mut accepted = Vec::new();
    for (state, step, fields) in [
        (SpecimenState::Collected, "dispatch", json!({ "destination": "x" })),
        (SpecimenState::Collected, "receive", json!({ "temperature": "ambient" })),
        (SpecimenState::Received, "accept", json!({})),
        (SpecimenState::Received, "accept_with_caveat", json!({ "reason": "HEMODILUTE" })),
        (SpecimenState::Accepted, "start", json!({ "location": "Bench 1" })),
    ] {
        let label = house.part(state);
        let mut body = fields;
        body["transition"] = json!(step);
        body["occurred_at"] = json!(long_ago);
        let reply = who.step(&label, &body);
        if reply.status != 422 {
            accepted.push(format!("{step}: {}", reply.status));
        } else {
            assert_eq!(pointer(&reply), "/occurred_at");
        }
    }
    assert!(accepted.is_empty(), "a month before the puncture: {accepted:?}");
}

/// A part is split into more of itself or into what is made from it, never into what only a needle can take.
#[test]
fn splitting_makes_only_what_can_be_made() {
    let house = house();
    let mut accepted = Vec::new();
    for (kind, container) in [("core", "FORMALIN"), ("blood", "EDTA")] {
        let label = house.part(SpecimenState::InProcess);
        let resource = format!("/api/v1/specimens/{label}");
        let body = json!({ "children": [{ "kind": kind, "container": container }] });
        let reply = house.staff.tech.post_current(&resource, &format!("{resource}/aliquots"), &body);
        if reply.status != 422 {
            accepted.push(format!("a {kind} from an aspirate: {}", reply.status));
        }
    }
    assert!(accepted.is_empty(), "{accepted:?}");
}

/// Text that is kept is text that was checked: length, control characters, one spelling.
#[test]
fn every_text_is_checked_before_it_is_kept() {
    let house = house();
    let tech = &house.staff.tech;
    let long = "x".repeat(100_000);
    let turned = "left\u{202e}right".to_owned();
    let mut accepted = Vec::new();
    for text in [&long, &turned] {
        let shown: String = text.chars().take(8).collect();
        let specimen = |state: SpecimenState, step: &str, field: &str, mut body: Value| {
            let label = house.part(state);
            body["transition"] = json!(step);
            body[field] = json!(text);
            (format!("{step} {field} {shown}"), tech.step(&label, &body))
        };
        let order = |state: OrderState, step: &str, field: &str, mut body: Value| {
            let id = house.order(state);
            body["transition"] = json!(step);
            body[field] = json!(text);
            (format!("{step} {field} {shown}"), tech.order_step(&id, &body))
        };
        let refer = json!({ "laboratory": "x", "test": "y", "expected_on": "2026-03-20" });
        for (what, reply) in [
            specimen(SpecimenState::Collected, "dispatch", "destination", json!({})),
            specimen(SpecimenState::Collected, "dispatch", "tracking", json!({ "destination": "x" })),
            specimen(SpecimenState::Accepted, "store", "decalcification", json!({ "location": "x" })),
            specimen(SpecimenState::Accepted, "start", "decalcification", json!({ "location": "x" })),
            specimen(SpecimenState::Accepted, "refer_out", "laboratory", refer.clone()),
            specimen(SpecimenState::Accepted, "refer_out", "tracking", refer.clone()),
            order(OrderState::Ready, "refer_out", "laboratory", json!({ "expected_on": "2026-03-20" })),
            order(
                OrderState::Ready,
                "refer_out",
                "tracking",
                json!({ "laboratory": "x", "expected_on": "2026-03-20" }),
            ),
            order(OrderState::Ready, "start", "override_reason", json!({})),
            order(OrderState::Ready, "start", "run", json!({})),
        ] {
            if reply.status != 422 {
                accepted.push(format!("{what}: {}", reply.status));
            }
        }
    }
    assert!(accepted.is_empty(), "{}", accepted.join("\n"));
}

#[test]
fn many_labels_in_one_request_are_answered_one_by_one() {
    let house = house();
    let tech = &house.staff.tech;
    let good = [house.part(SpecimenState::Received), house.part(SpecimenState::Received)];
    let stale = house.part(SpecimenState::Received);
    let wrong = house.part(SpecimenState::Stored);
    let absent = format!("{}-A9", good[0].rsplit_once('-').unwrap().0);
    let body = json!({
        "transition": "accept",
        "specimens": [
            { "label": good[0] },
            { "label": stale, "version": 1 },
            { "label": good[1].to_lowercase(), "version": 3 },
            { "label": wrong },
            { "label": absent },
            { "label": "rubbish" },
            { "label": good[0] },
        ],
    });
    let journal = house.server.journal();
    let key = [("idempotency-key", "scan-all")];
    let reply = tech.post_with("/api/v1/specimens/transitions", &body, &key).expect(200);
    let answers = reply.json();
    let statuses: Vec<u64> =
        answers["items"].as_array().unwrap().iter().map(|a| a["status"].as_u64().unwrap()).collect();
    // With a key, the same label twice is the same request twice.
    assert_eq!(statuses, [200, 412, 200, 409, 404, 422, 200], "{answers}");
    assert_eq!(answers["failed"], 4);
    assert_eq!(answers["items"][1]["problem"]["current"]["version"], 3);
    for answer in answers["items"].as_array().unwrap() {
        let problem = &answer["problem"];
        assert!(problem.is_null() || problem["request_id"].as_str() == reply.header("x-request-id"), "{problem}");
        assert!(problem.is_null() != answer["specimen"].is_null());
    }
    assert_eq!(journal_since(&house, journal).len(), 2);
    // Sent again, nothing is done again, and what was done says so again.
    let again = tech.post_with("/api/v1/specimens/transitions", &body, &key).expect(200).json();
    assert_eq!(again["items"][0], answers["items"][0]);
    assert_eq!(again["failed"], 4);
    assert_eq!(journal_since(&house, journal).len(), 2);
    // The list has an end.
    let many = |n: usize| json!({ "transition": "accept", "specimens": vec![json!({ "label": wrong }); n] });
    assert_eq!(pointer(&tech.post("/api/v1/specimens/transitions", &many(0))), "/specimens");
    assert_eq!(pointer(&tech.post("/api/v1/specimens/transitions", &many(201))), "/specimens");
    assert_eq!(tech.post("/api/v1/specimens/transitions", &many(200)).expect(200).json()["failed"], 200);
    house.server.assert_verified();
}

#[test]
fn a_patient_of_two_hematologists_is_shown_to_each_with_their_own_cases() {
    let house = house();
    let mut first = house.case(&json!(["NGS-MYE"]));
    let mut second = first.clone();
    second["requester"] = json!("n.stranger");
    first["clinical_note"] = json!("between us");
    let (mine, theirs) = (house.log(&first), house.log(&second));
    assert_eq!(mine["patient"]["id"], theirs["patient"]["id"]);
    let path = format!("/api/v1/patients/{}/timeline", mine["patient"]["id"].as_str().unwrap());
    for (who, own) in [(&house.staff.hematologist, &mine), (&house.stranger, &theirs)] {
        let seen = who.get(&path).expect(200).json();
        let cases: Vec<&Value> = seen["cases"].as_array().unwrap().iter().map(|c| &c["accession"]).collect();
        assert_eq!(cases, [&own["accession"]]);
        let found = who.post("/api/v1/search", &json!({ "q": first["patient"]["mrn"] })).expect(200).json();
        assert_eq!(found["cases"].as_array().unwrap().len(), 1);
        assert_eq!(found["cases"][0]["accession"], own["accession"]);
    }
    assert_eq!(house.staff.tech.get(&path).json()["cases"].as_array().unwrap().len(), 2);
}

#[test]
fn a_live_page_is_woken_and_learns_no_more_than_it_may() {
    let house = house();
    let open = |token: &Token| {
        let stream = send(&token.base, "GET", "/api/v1/live", &[("authorization", &bearer(token))], b"");
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(stream));
        assert!(lines.next().unwrap().unwrap().contains("200"));
        lines
    };
    let (mut tech, mut stranger) = (open(&house.staff.tech2), open(&house.stranger));
    let case = house.log(&house.case(&json!(["NGS-MYE"])));
    let accession = case["accession"].as_str().unwrap();
    let data = |lines: &mut dyn Iterator<Item = std::io::Result<String>>| {
        let line = lines.map(Result::unwrap).find(|l| l.starts_with("data: ")).unwrap();
        serde_json::from_str::<Value>(line.strip_prefix("data: ").unwrap()).unwrap()
    };
    assert_eq!(data(&mut tech)["accession"], accession);
    let told = data(&mut stranger);
    assert!(told["accession"].is_null() && told["position"].is_i64(), "{told}");
    house.staff.admin.get("/api/v1/live").expect(403);
}

#[test]
fn a_body_that_never_comes_is_given_up_after_ten_seconds() {
    let house = house();
    let auth = bearer(&house.staff.tech);
    let mut stream = send(
        &house.server.base,
        "POST",
        "/api/v1/cases",
        &[("authorization", &auth), ("content-type", "application/json"), ("transfer-encoding", "chunked")],
        b"5\r\n{\"pat\r\n",
    );
    let begun = std::time::Instant::now();
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        bytes.push(byte[0]);
    }
    let took = begun.elapsed();
    assert!((Duration::from_secs(8)..Duration::from_secs(14)).contains(&took), "{took:?}");
    let reply = parse(&bytes);
    assert_eq!((reply.status, reply.header("content-type")), (408, Some("application/problem+json")));
    assert!(reply.header("x-request-id").is_some() && reply.header("content-security-policy").is_some());
}

#[test]
fn bug_a_family_name_of_one_character_was_never_found() {
    let house = house();
    let mut body = house.case(&json!(["NGS-MYE"]));
    body["patient"]["family_name"] = json!("李");
    body["patient"]["mrn"] = json!("H999001");
    let case = house.log(&body);
    let found = house.staff.tech.post("/api/v1/search", &json!({ "q": "李" })).expect(200).json();
    assert_eq!(found["cases"][0]["accession"], case["accession"], "{found}");
}

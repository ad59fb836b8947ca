//! The power goes, again and again: what was acknowledged is there, what is retried is there once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::start::{Program, planned};
use crate::support::Token;

const ROUNDS: usize = 50;
const WRITERS: usize = 8;

/// One who writes without end, and remembers what was acknowledged and what was not.
#[derive(Default)]
struct Writer {
    /// Record numbers that were acknowledged, with the case.
    logged: BTreeMap<String, String>,
    /// Parts whose step was acknowledged.
    stepped: BTreeSet<String>,
    /// A request that was sent and not answered: its path, body, key and version.
    open: Option<(String, Value, String, String)>,
    count: usize,
    /// Answers to a request that had been sent before the power went.
    retried: usize,
}

impl Writer {
    /// Writes until the line breaks.
    fn write(&mut self, name: usize, base: &str, secret: &str) {
        loop {
            let again = self.open.is_some();
            let next = self.open.take().unwrap_or_else(|| self.next(name));
            let (path, body, key, version) = next.clone();
            self.open = Some(next);
            let mut headers = vec![("idempotency-key", key.as_str())];
            if !version.is_empty() {
                headers.push(("if-match", version.as_str()));
            }
            let Some((status, answer)) = post(base, secret, &path, &body, &headers) else { return };
            assert!(status == 201 || status == 200, "{path}: {status} {answer}");
            self.open = None;
            self.retried += usize::from(again);
            if status == 201 {
                let accession = answer["accession"].as_str().unwrap().to_owned();
                let mrn = answer["patient"]["mrn"].as_str().unwrap().to_owned();
                assert_eq!(self.logged.insert(mrn, accession), None);
            } else {
                self.stepped.insert(answer["label"].as_str().unwrap().to_owned());
            }
        }
    }

    /// A new case, and every other time a step of the part of the last one.
    fn next(&mut self, name: usize) -> (String, Value, String, String) {
        self.count += 1;
        let key = format!("w{name}-{}", self.count);
        let waiting = self.logged.values().map(|a| format!("{a}-A1")).find(|l| !self.stepped.contains(l));
        match waiting {
            Some(label) => {
                let path = format!("/api/v1/specimens/{label}/transitions");
                let body = json!({ "transition": "mark_not_collected", "reason": "DRY_TAP", "note": key });
                (path, body, key, "\"1\"".to_owned())
            }
            None => ("/api/v1/cases".to_owned(), planned(&format!("W{name}-{}", self.count)), key, String::new()),
        }
    }
}

/// A POST whose line may break at any moment.
fn post(base: &str, secret: &str, path: &str, body: &Value, headers: &[(&str, &str)]) -> Option<(u16, Value)> {
    let text = body.to_string();
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {secret}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
        text.len()
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut stream = TcpStream::connect(base.strip_prefix("http://").unwrap()).ok()?;
    stream.write_all(format!("{request}\r\n{text}").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length: usize = head.lines().find_map(|l| l.strip_prefix("content-length: "))?.parse().ok()?;
    if body.len() != length {
        return None;
    }
    Some((head.split(' ').nth(1)?.parse().ok()?, serde_json::from_str(body).ok()?))
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_doubled_when_the_power_goes_fifty_times() {
    let (program, tokens) = Program::with_people(&[("t.one", "tech")]);
    let secret = tokens["t.one"].clone();
    let writers: Vec<Mutex<Writer>> = (0..WRITERS).map(|_| Mutex::default()).collect();
    for round in 0..ROUNDS {
        let mut serving = program.serve();
        let base = serving.base.clone();
        std::thread::scope(|s| {
            for (name, writer) in writers.iter().enumerate() {
                let (base, secret) = (&base, &secret);
                s.spawn(move || writer.lock().unwrap().write(name, base, secret));
            }
            // Sometimes at once, sometimes in the middle of everything.
            std::thread::sleep(Duration::from_millis(rand::random_range(0..400)));
            serving.kill();
        });
        if round % 10 == 9 {
            // A cold look at what a dead server left, before anybody tidies up.
            program.lab(&["verify"]).expect(0);
        }
    }

    // One last life, in which every open request is asked once more and answered.
    let mut writers: Vec<Writer> = writers.into_iter().map(|w| w.into_inner().unwrap()).collect();
    let serving = program.serve();
    for writer in &mut writers {
        let Some((path, body, key, version)) = writer.open.take() else { continue };
        let mut headers = vec![("idempotency-key", key.as_str())];
        if !version.is_empty() {
            headers.push(("if-match", version.as_str()));
        }
        let (status, answer) = post(&serving.base, &secret, &path, &body, &headers).unwrap();
        match status {
            201 => {
                let mrn = answer["patient"]["mrn"].as_str().unwrap().to_owned();
                writer.logged.insert(mrn, answer["accession"].as_str().unwrap().to_owned());
            }
            200 => {
                writer.stepped.insert(answer["label"].as_str().unwrap().to_owned());
            }
            _ => panic!("{path}: {status} {answer}"),
        }
    }
    let logged: BTreeMap<String, String> = writers.iter().flat_map(|w| w.logged.clone()).collect();
    let stepped: BTreeSet<String> = writers.iter().flat_map(|w| w.stepped.clone()).collect();
    let retried: usize = writers.iter().map(|w| w.retried).sum();
    assert!(
        logged.len() > 200 && stepped.len() > 100 && retried > ROUNDS,
        "{} {} {retried}",
        logged.len(),
        stepped.len()
    );

    // Every case is there once, under the number that was acknowledged, and there is no other.
    let token = Token { base: serving.base.clone(), secret };
    let mut found = BTreeMap::new();
    let mut path = "/api/v1/cases?limit=200".to_owned();
    loop {
        let page = token.get(&path).expect(200).json();
        for case in page["items"].as_array().unwrap() {
            let text = |name: &str| case[name].as_str().unwrap().to_owned();
            assert_eq!(found.insert(text("mrn"), text("accession")), None, "{case} is doubled");
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/cases?limit=200&cursor={next}");
    }
    assert_eq!(found, logged);
    for label in &stepped {
        let history = token.get(&format!("/api/v1/specimens/{label}/history")).expect(200).json();
        let steps: Vec<&str> =
            history["items"].as_array().unwrap().iter().map(|e| e["command"].as_str().unwrap()).collect();
        assert_eq!(steps, ["case.log", "specimen.mark_not_collected"], "{label}");
    }
    serving.terminate();
    assert_eq!(serving.wait().0, Some(0));
    let verdict = program.lab(&["verify", "--json"]).expect(0);
    let verdict: Value = serde_json::from_str(&verdict.out).unwrap();
    assert_eq!(verdict["cases"], logged.len());
}

#[test]
fn asked_to_stop_it_finishes_what_it_has_begun_and_ends_with_zero() {
    let (program, tokens) = Program::with_people(&[("t.one", "tech")]);
    let serving = program.serve();
    let address = serving.base.strip_prefix("http://").unwrap().to_owned();
    let secret = &tokens["t.one"];
    // One whose body is half sent, one that only keeps its line open.
    let body = planned("HALF-1").to_string();
    let (first, second) = body.split_at(body.len() / 2);
    let mut half = TcpStream::connect(&address).unwrap();
    write!(
        half,
        "POST /api/v1/cases HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {secret}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{first}",
        body.len()
    )
    .unwrap();
    let mut idle = TcpStream::connect(&address).unwrap();
    write!(idle, "GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    idle.read_exact(&mut [0; 12]).unwrap();
    // The half request is known to be in a handler's hands once a later one on another line was answered.
    serving.token(secret).get("/api/v1/cases").expect(200);

    let asked = Instant::now();
    serving.terminate();
    // It listens no more; then the rest of the body comes.
    let gone = Instant::now() + Duration::from_secs(5);
    while TcpStream::connect(&address).is_ok_and(|mut s| {
        let _ = s.set_read_timeout(Some(Duration::from_millis(50)));
        write!(s, "GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").is_ok() && s.read_exact(&mut [0; 12]).is_ok()
    }) {
        assert!(Instant::now() < gone, "it still takes new work");
    }
    half.write_all(second.as_bytes()).unwrap();
    let mut answer = String::new();
    half.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let (code, said) = serving.wait();
    assert_eq!(code, Some(0), "{said}");
    assert!(asked.elapsed() < Duration::from_secs(9), "{:?}", asked.elapsed());
    drop(idle);
    // Everything is in the one file: the log was folded into it.
    assert!(std::fs::metadata(program.path("lab.db-wal")).map_or(0, |f| f.len()) == 0);
    std::fs::copy(program.path("lab.db"), program.path("alone.db")).unwrap();
    program.run(&["verify", "--database-url", "sqlite:alone.db"]).expect(0);
    let rows = program.run(&["export", "cases", "--format", "ndjson", "--database-url", "sqlite:alone.db"]).expect(0);
    assert_eq!(rows.out.lines().count(), 1);
}

#[test]
fn an_open_live_page_does_not_keep_it_from_stopping() {
    let (program, tokens) = Program::with_people(&[("t.one", "tech")]);
    let serving = program.serve();
    let mut live = TcpStream::connect(serving.base.strip_prefix("http://").unwrap()).unwrap();
    write!(live, "GET /api/v1/live HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n", tokens["t.one"]).unwrap();
    live.read_exact(&mut [0; 12]).unwrap();
    let asked = Instant::now();
    serving.terminate();
    let (code, said) = serving.wait();
    assert_eq!(code, Some(0), "{said}");
    // Its ten seconds of grace, and a little.
    assert!(asked.elapsed() < Duration::from_secs(14), "{:?}", asked.elapsed());
}

//! Load on the real program over loopback: `cargo bench --bench load [-- --cases N --seconds S]`.
//!
//! Starts the release binary on a temporary SQLite file (durable, `synchronous=FULL`), logs cases and moves parts at 1,
//! 16 and 64 clients, then reads lists and cases at `--cases` cases, and exports. Prints one table. The clients share
//! the machine's cores with the server. Every request must succeed; a wrong status ends the run.
#![allow(
    clippy::pedantic,
    clippy::naive_bytecount,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const PASSWORD: &str = "seven brown herons wade";

struct Server {
    child: Child,
    address: String,
    started: Duration,
}

impl Server {
    fn start(db: &str) -> Self {
        let began = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_trephine"))
            .args(["--database-url", db, "--log", "error", "serve", "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().unwrap().unwrap();
            if let Some(address) = line.split("http://").nth(1).filter(|_| line.contains("listening")) {
                break address.to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        let mut client = Client::open(&address, "");
        assert_eq!(client.send("GET", "/health/ready", "", "").0, 200);
        Self { child, address, started: began.elapsed() }
    }

    fn memory_kib(&self, field: &str) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = text.lines().find(|l| l.starts_with(field)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One keep-alive connection.
struct Client {
    stream: BufReader<TcpStream>,
    credential: String,
}

impl Client {
    fn open(address: &str, credential: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Self { stream: BufReader::with_capacity(1 << 16, stream), credential: credential.to_owned() }
    }

    fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\n{}{headers}content-length: {}\r\n\r\n{body}",
            self.credential,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut status, mut length, mut line) = (0, 0_usize, String::new());
        loop {
            line.clear();
            assert!(self.stream.read_line(&mut line).unwrap() > 0, "the server closed the connection");
            let text = line.trim_end();
            if text.is_empty() {
                break;
            }
            if status == 0 {
                status = text.split(' ').nth(1).unwrap().parse().unwrap();
            } else if let Some(n) = text.to_ascii_lowercase().strip_prefix("content-length:") {
                length = n.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    fn post(&mut self, path: &str, extra: &str, body: &Value) -> (u16, String) {
        let headers = format!("content-type: application/json\r\n{extra}");
        self.send("POST", path, &headers, &body.to_string())
    }
}

/// Runs `op` on `clients` connections for a while; prints requests a second and latencies.
fn load(
    name: &str,
    address: &str,
    credential: &str,
    clients: usize,
    time: Duration,
    op: impl Fn(&mut Client, usize) -> bool + Send + Sync + 'static,
) {
    let op = Arc::new(op);
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let threads: Vec<_> = (0..clients)
        .map(|_| {
            let (op, next, address, credential) =
                (Arc::clone(&op), Arc::clone(&next), address.to_owned(), credential.to_owned());
            std::thread::spawn(move || {
                let mut client = Client::open(&address, &credential);
                let mut took = Vec::new();
                while began.elapsed() < time {
                    let at = Instant::now();
                    if !op(&mut client, next.fetch_add(1, Ordering::Relaxed)) {
                        break;
                    }
                    took.push(at.elapsed());
                }
                took
            })
        })
        .collect();
    let mut took: Vec<Duration> = threads.into_iter().flat_map(|t| t.join().unwrap()).collect();
    let seconds = began.elapsed().as_secs_f64();
    took.sort_unstable();
    let at =
        |pct: usize| took.get((took.len() * pct / 100).min(took.len().saturating_sub(1))).copied().unwrap_or_default();
    println!(
        "{name:<34} c={clients:<3} {:>9.0}/s   p50 {:>8.2} ms   p99 {:>8.2} ms   n={}",
        took.len() as f64 / seconds,
        at(50).as_secs_f64() * 1e3,
        at(99).as_secs_f64() * 1e3,
        took.len()
    );
}

fn case(n: usize) -> Value {
    let taken = (chrono::DateTime::UNIX_EPOCH + chrono::Duration::seconds(now_s() - 3600)).to_rfc3339();
    json!({
        "patient": { "mrn": format!("L{n}"), "family_name": format!("Load {n}"), "given_name": "Ada", "born": "1960-05-01", "sex": "female" },
        "requester": "e.marlow", "indication": "MDS",
        "procedure": { "performed_at": taken, "site": "PIC", "side": "left", "operator": "Dr B" },
        "specimens": [
            { "kind": "smear", "container": "SLIDE", "pull_number": 1 },
            { "kind": "aspirate", "container": "EDTA", "pull_number": 1, "volume_ul": 4000 },
            { "kind": "aspirate", "container": "NAHEP", "pull_number": 2, "volume_ul": 5000 },
            { "kind": "core", "container": "FORMALIN", "length_mm": 16, "fixed_at": taken },
            { "kind": "blood", "container": "EDTA", "volume_ul": 3000 },
            { "kind": "imprint", "container": "SLIDE" }
        ],
        "orders": "suggested"
    })
}

fn now_s() -> i64 {
    let now = std::process::Command::new("date").arg("+%s").output().unwrap();
    String::from_utf8_lossy(&now.stdout).trim().parse().unwrap()
}

fn cli(db: &str, args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_trephine")).args(["--database-url", db]).args(args).output().unwrap();
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

fn argument(name: &str, default: usize) -> usize {
    let all: Vec<String> = std::env::args().collect();
    all.iter().position(|a| a == name).and_then(|i| all.get(i + 1)).and_then(|n| n.parse().ok()).unwrap_or(default)
}

fn main() {
    let cases = argument("--cases", 10_000);
    let time = Duration::from_secs(argument("--seconds", 4) as u64);
    let dir = tempfile::tempdir().unwrap();
    let db = format!("sqlite:{}", dir.path().join("load.db").display());
    let secret = dir.path().join("password");
    std::fs::write(&secret, PASSWORD).unwrap();
    for (name, role) in [("tech", "tech"), ("e.marlow", "hematologist"), ("admin", "admin")] {
        cli(
            &db,
            &["user", "add", name, "--role", role, "--full-name", name, "--password-file", secret.to_str().unwrap()],
        );
    }
    let token = |user: &str| format!("authorization: Bearer {}\r\n", cli(&db, &["token", "issue", "--user", user]));
    let (tech, admin) = (token("tech"), token("admin"));
    let server = Server::start(&db);
    println!("start, empty database: {:.0} ms", server.started.as_secs_f64() * 1e3);

    // Every logged case gives labels to receive.
    let labels: Arc<Mutex<Vec<String>>> = Arc::default();
    let accessions: Arc<Mutex<Vec<String>>> = Arc::default();
    let logged = Arc::new(AtomicUsize::new(0));
    let bodies: Arc<Vec<String>> = Arc::new(vec![case(0).to_string()]);
    for clients in [1, 16, 64] {
        let (labels, accessions, logged, bodies) =
            (Arc::clone(&labels), Arc::clone(&accessions), Arc::clone(&logged), Arc::clone(&bodies));
        load("log a case (6 parts, suggested)", &server.address, &tech, clients, time, move |client, _| {
            let n = logged.fetch_add(1, Ordering::Relaxed);
            keep(client, n, &bodies, &labels, &accessions);
            true
        });
    }
    {
        let (labels, accessions, logged, bodies) =
            (Arc::clone(&labels), Arc::clone(&accessions), Arc::clone(&logged), Arc::clone(&bodies));
        let target = cases;
        load(
            "… until the database is full",
            &server.address,
            &tech,
            64,
            Duration::from_secs(600),
            move |client, _| {
                let n = logged.fetch_add(1, Ordering::Relaxed);
                if n >= target {
                    return false;
                }
                keep(client, n, &bodies, &labels, &accessions);
                true
            },
        );
    }
    println!("cases: {}", accessions.lock().unwrap().len());
    for clients in [1, 16, 64] {
        let labels = Arc::clone(&labels);
        load("receive a part (scan)", &server.address, &tech, clients, time, move |client, _| {
            let Some(label) = labels.lock().unwrap().pop() else { return false };
            let body = json!({ "transition": "receive", "temperature": "ambient", "location": "Reception" });
            let (status, text) =
                client.post(&format!("/api/v1/specimens/{label}/transitions"), "if-match: \"2\"\r\n", &body);
            assert_eq!(status, 200, "{text}");
            true
        });
    }
    let some: Arc<Vec<String>> = Arc::new(accessions.lock().unwrap().clone());
    for clients in [1, 16] {
        let cases = Arc::clone(&some);
        load("one case (JSON)", &server.address, &tech, clients, time, move |client, n| {
            get(client, &format!("/api/v1/cases/{}", cases[n * 7919 % cases.len()]))
        });
        load("worklist of 50 (JSON)", &server.address, &tech, clients, time, |client, _| {
            get(client, "/api/v1/worklists/flow?limit=50")
        });
    }
    for clients in [1, 16].into_iter().filter(|_| argument("--no-pages", 0) == 0) {
        let session = sign_in(&server.address);
        let cases = Arc::clone(&some);
        load("case page (HTML)", &server.address, &session, clients, time, move |client, n| {
            get(client, &format!("/cases/{}", cases[n * 7919 % cases.len()]))
        });
        load("worklist page (HTML)", &server.address, &session, clients, time, |client, _| {
            get(client, "/worklists/flow")
        });
    }
    println!(
        "memory before export: {} MiB, peak so far {} MiB",
        server.memory_kib("VmRSS") / 1024,
        server.memory_kib("VmHWM") / 1024
    );
    export(&server, &admin);
    drop(server);
    let again = Server::start(&db);
    println!(
        "start, {} cases: {:.0} ms; memory {} MiB",
        some.len(),
        again.started.as_secs_f64() * 1e3,
        again.memory_kib("VmRSS") / 1024
    );
    let file = dir.path().join("load.db");
    println!("database: {} MiB", std::fs::metadata(&file).unwrap().len() / (1 << 20));
    let began = Instant::now();
    cli(&db, &["verify"]);
    println!("verify: {:.1} s", began.elapsed().as_secs_f64());
}

fn get(client: &mut Client, path: &str) -> bool {
    let (status, text) = client.send("GET", path, "", "");
    assert_eq!(status, 200, "{path}: {text}");
    true
}

fn keep(
    client: &mut Client,
    n: usize,
    bodies: &[String],
    labels: &Mutex<Vec<String>>,
    accessions: &Mutex<Vec<String>>,
) {
    // A template with its numbers replaced: making JSON is not what is measured.
    let body = bodies[0].replace("\"L0\"", &format!("\"L{n}\"")).replace("Load 0", &format!("Load {n}"));
    let (status, text) = client.send("POST", "/api/v1/cases", "content-type: application/json\r\n", &body);
    assert_eq!(status, 201, "{text}");
    let start = text.find("\"accession\":\"").unwrap() + 13;
    let accession = text[start..].split('"').next().unwrap().to_owned();
    let mut all = labels.lock().unwrap();
    all.extend(["S1", "A1", "A2", "C1", "B1", "S2"].map(|part| format!("{accession}-{part}")));
    accessions.lock().unwrap().push(accession);
}

/// Streams the whole specimen table (chunked), counting lines and watching memory.
fn export(server: &Server, admin: &str) {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let before = server.memory_kib("VmRSS");
    let began = Instant::now();
    let request = format!("GET /api/v1/exports/specimens.csv HTTP/1.1\r\nhost: x\r\n{admin}connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let (mut lines, mut bytes, mut first, mut peak) = (0_usize, 0_usize, None, 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = stream.read(&mut buffer).unwrap();
        if n == 0 {
            break;
        }
        first.get_or_insert(began.elapsed());
        bytes += n;
        lines += buffer[..n].iter().filter(|b| **b == b'\n').count();
        peak = peak.max(server.memory_kib("VmRSS"));
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "export specimens.csv: {lines} lines, {:.1} MiB in {seconds:.2} s = {:.0} rows/s; first byte {:.1} ms; memory {} → {} MiB",
        bytes as f64 / (1 << 20) as f64,
        lines as f64 / seconds,
        first.unwrap_or_default().as_secs_f64() * 1e3,
        before / 1024,
        peak / 1024
    );
}

/// A session for the pages.
fn sign_in(address: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let body = format!("name=tech&password={}", PASSWORD.replace(' ', "+"));
    let request = format!(
        "POST /sign-in HTTP/1.1\r\nhost: x\r\nsec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let cookie = text.lines().find_map(|l| l.strip_prefix("set-cookie: ").or_else(|| l.strip_prefix("Set-Cookie: ")));
    let cookie = cookie.and_then(|c| c.split(';').next()).unwrap_or_else(|| panic!("no session: {text}"));
    format!("cookie: {cookie}\r\n")
}

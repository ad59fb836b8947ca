//! A month of a laboratory, from the hospital's file to the signed reports and the exported tables.
//!
//! `fixtures/month.csv` is logged as a hospital sends it: every few hours the rows that are complete by then. Each case is
//! then driven to its end over HTTP, in the order of time, by the people who may: what happens to it follows from what the
//! file says about it (a side left out, a tube too small, a dry tap) and, for what no file can know (a culture that fails, a
//! question, a slip of the pen), from its reference, so that a case has the same story in every run. The first time that a
//! kind of step is taken, everybody who may not take it tries first.
//!
//! What comes out is compared with `fixtures/month.expected/`. `TREPHINE_BLESS=1` writes those files anew: read the
//! difference before you keep it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, SecondsFormat, Timelike as _, Utc, Weekday};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use trephine::domain::Role;
use trephine::exchange::{import, import_cases};

use crate::support::{Engine, Reply, Staff, TestServer, Token, engines, shapes};

type Moment = DateTime<Utc>;

fn at(rfc3339: &str) -> Moment {
    rfc3339.parse().unwrap()
}

fn rfc(moment: Moment) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

// --- The hospital's file -------------------------------------------------------------------------------------------

/// One case as the hospital sends it.
struct Sent {
    reference: String,
    requester: String,
    rows: Vec<csv::StringRecord>,
    /// The last thing that its rows tell: before that they cannot be sent. Absent: only planned.
    complete_at: Option<Moment>,
}

/// The file, case by case.
struct Month {
    header: csv::StringRecord,
    cases: Vec<Sent>,
}

impl Month {
    fn read() -> Self {
        let bytes = fixture("month.csv");
        let parsed = import_cases::parse(&bytes, chrono_tz::Europe::London).unwrap();
        let mut times: HashMap<String, Vec<Moment>> = HashMap::new();
        for case in &parsed.cases {
            let parts = case.log.specimens.iter().flat_map(|s| [s.collected_at, s.fixed_at]);
            let all = parts.chain([case.log.procedure.performed_at]).flatten().collect();
            times.insert(case.external_ref.clone(), all);
        }
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        let header = reader.headers().unwrap().clone();
        let mut cases: Vec<Sent> = Vec::new();
        for row in reader.records() {
            let row = row.unwrap();
            let reference = row[0].trim().to_owned();
            match cases.iter_mut().find(|c| c.reference == reference) {
                Some(case) => case.rows.push(row),
                None => cases.push(Sent {
                    requester: row[6].trim().to_owned(),
                    complete_at: times.get(&reference).and_then(|t| t.iter().max().copied()),
                    reference,
                    rows: vec![row],
                }),
            }
        }
        assert_eq!(cases.len(), parsed.cases.len());
        Self { header, cases }
    }

    /// A file with these cases only.
    fn file(&self, cases: &[usize]) -> Vec<u8> {
        let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        out.write_record(&self.header).unwrap();
        for row in cases.iter().flat_map(|c| &self.cases[*c].rows) {
            out.write_record(row).unwrap();
        }
        out.into_inner().unwrap()
    }
}

// --- What no file can know -----------------------------------------------------------------------------------------

/// A number that belongs to a case and a question about it: the same in every run and whichever other cases there are.
fn fate(reference: &str, question: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in reference.bytes().chain([0]).chain(question.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

/// Who may take a step, as the laboratory's rules say it: t tech, s supervisor, h hematologist, p pathologist,
/// i interface. Written here once more, so that a table that loosens does not go unnoticed.
const WHO: &[(&str, &str)] = &[
    ("specimen.add", "ts"),
    ("specimen.collect", "tshp"),
    ("specimen.mark_not_collected", "tshp"),
    ("specimen.dispatch", "ts"),
    ("specimen.receive", "ts"),
    ("specimen.accept", "ts"),
    ("specimen.accept_with_caveat", "ts"),
    ("specimen.hold", "ts"),
    ("specimen.resolve", "s"),
    ("specimen.propose_rejection", "ts"),
    ("specimen.withdraw_rejection", "ts"),
    ("specimen.reject", "s"),
    ("specimen.start", "ts"),
    ("specimen.aliquot", "ts"),
    ("specimen.store", "ts"),
    ("specimen.refer_out", "ts"),
    ("specimen.return_from_referral", "ts"),
    ("specimen.retained_by_referral", "ts"),
    ("specimen.exhaust", "ts"),
    ("specimen.lose", "s"),
    ("specimen.find", "s"),
    ("specimen.discard", "s"),
    ("specimen.enter_in_error", "s"),
    ("order.add", "tshpi"),
    ("order.order", "shp"),
    ("order.dismiss", "shp"),
    ("order.hold", "tshpi"),
    ("order.release", "tshp"),
    ("order.start", "ts"),
    ("order.fail", "ts"),
    ("order.repeat", "ts"),
    ("order.review", "sp"),
    ("order.return", "sp"),
    ("order.refer_out", "ts"),
    ("order.attach", "tspi"),
    ("order.not_perform", "sp"),
    ("order.cancel", "hsp"),
    ("order.enter_in_error", "s"),
    ("result.enter", "tspi"),
    ("result.release", "sp"),
    ("result.verify", "sp"),
    ("result.revise", "p"),
    ("result.retract", "sp"),
    ("report.draft", "p"),
    ("report.edit", "p"),
    ("report.sign", "p"),
    ("report.void", "p"),
];

fn letter(role: Role) -> char {
    match role {
        Role::Tech => 't',
        Role::Supervisor => 's',
        Role::Hematologist => 'h',
        Role::Pathologist => 'p',
        Role::Interface => 'i',
        Role::Admin | Role::Auditor | Role::System => '-',
    }
}

// --- The laboratory's days -----------------------------------------------------------------------------------------

/// What is due at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Due {
    /// The hospital sends what is complete.
    Import(Vec<usize>),
    /// The laboratory's own timers.
    Timers,
    /// A planned puncture is done.
    Puncture(usize),
    /// The courier takes the parts.
    Leave(usize),
    /// The parts come through the door.
    Arrive(usize),
    /// They are looked at, one by one.
    Inspect(usize),
    /// A question about a part is answered.
    Resolve(usize, String),
    /// A second person decides a rejection.
    Decide(usize, String),
    /// The puncture is done again.
    Again(usize, String),
    /// A lost part is found.
    Find(usize, String),
    /// Everything that is open is looked at.
    Look(usize),
    /// A manual hold must be decided.
    Held(usize, String),
    /// An assay is set up.
    Start(usize, String),
    /// It failed.
    Fail(usize, String),
    /// Its result is entered.
    Enter(usize, String),
    /// Somebody releases it early.
    Release(usize, String),
    /// A second person reads it.
    Verify(usize, String),
    /// A verified result is withdrawn.
    Retract(usize, String),
    /// The report is written.
    Report(usize),
    /// Something is found after the report.
    Afterwards(usize),
    /// What is left is put away.
    Store(usize),
    /// And thrown away when it is time.
    Discard(usize),
}

/// What has to be remembered about a case.
#[derive(Default)]
struct Course {
    accession: String,
    /// Kinds of work that happen once.
    done: HashSet<String>,
    /// Orders on a bench or waiting for their reader.
    busy: HashSet<String>,
}

struct Drive<'m> {
    server: TestServer,
    staff: Staff,
    /// Requesters with an account, by login name.
    requesters: HashMap<String, Token>,
    month: &'m Month,
    catalogue: Value,
    courses: Vec<Course>,
    agenda: BTreeMap<(Moment, u64), Due>,
    number: u64,
    now: Moment,
    /// What is on the agenda for the next minutes anyway.
    pending: HashSet<Due>,
    /// Orders and results as they were last seen.
    known: HashMap<String, Value>,
    /// Kinds of step that were taken.
    taken: BTreeMap<String, usize>,
    requests: std::cell::Cell<usize>,
}

const API: &str = "/api/v1";

impl<'m> Drive<'m> {
    fn new(engine: Engine, month: &'m Month, which: impl Fn(usize) -> bool) -> Self {
        let server = TestServer::start(engine);
        let now = at("2026-03-01T07:00:00Z");
        server.clock.set(now);
        let staff = server.staff();
        let mut requesters = HashMap::from([("e.marlow".to_owned(), staff.hematologist.clone())]);
        for name in ["j.okonkwo", "h.lindqvist"] {
            requesters.insert(name.to_owned(), server.token(name, &[Role::Hematologist]));
        }
        let catalogue = staff.tech.get("/api/v1/catalogue").expect(200).json()["catalogue"].clone();
        let mut drive = Self {
            server,
            staff,
            requesters,
            month,
            catalogue,
            courses: month.cases.iter().map(|_| Course::default()).collect(),
            agenda: BTreeMap::new(),
            number: 0,
            now,
            pending: HashSet::new(),
            known: HashMap::new(),
            taken: BTreeMap::new(),
            requests: std::cell::Cell::new(0),
        };
        // The interface sends every three hours what has been complete for ten minutes.
        let mut rounds: BTreeMap<Moment, Vec<usize>> = BTreeMap::new();
        for (c, sent) in month.cases.iter().enumerate().filter(|(c, _)| which(*c)) {
            let complete = sent.complete_at.unwrap_or(now) + Duration::minutes(10);
            let hours = (complete - now).num_minutes().div_euclid(180) + 1;
            rounds.entry(now + Duration::minutes(180 * hours)).or_default().push(c);
        }
        for (round, cases) in rounds {
            drive.due(round, Due::Import(cases));
        }
        let mut day = at("2026-03-01T17:10:00Z");
        while day < at("2026-05-20T00:00:00Z") {
            drive.due(day, Due::Timers);
            day += Duration::hours(12);
        }
        drive
    }

    fn due(&mut self, at: Moment, what: Due) {
        self.number += 1;
        self.agenda.insert((at.max(self.now), self.number), what);
    }

    /// In some minutes, unless the same is due by then anyway.
    fn soon(&mut self, minutes: i64, what: Due) {
        if self.pending.insert(what.clone()) {
            self.due(self.now + Duration::minutes(minutes), what);
        }
    }

    /// Something that is done for a case once; true the first time.
    fn once(&mut self, c: usize, what: impl Into<String>) -> bool {
        self.courses[c].done.insert(what.into())
    }

    /// One in so many cases.
    fn one_in(&self, c: usize, question: &str, n: u64) -> bool {
        fate(&self.month.cases[c].reference, question).is_multiple_of(n)
    }

    fn fate(&self, c: usize, question: &str) -> u64 {
        fate(&self.month.cases[c].reference, question)
    }

    fn tech(&self, c: usize, question: &str) -> Token {
        if self.one_in(c, question, 2) { self.staff.tech.clone() } else { self.staff.tech2.clone() }
    }

    /// Who asked: with an account, and else the supervisor who reads the fax.
    fn requester(&self, c: usize) -> Token {
        self.requesters.get(&self.month.cases[c].requester).unwrap_or(&self.staff.supervisor).clone()
    }

    fn pathologist(&self, c: usize) -> (Token, Token) {
        let (a, b) = (self.staff.pathologist.clone(), self.staff.pathologist2.clone());
        if self.one_in(c, "pathologist", 2) { (a, b) } else { (b, a) }
    }

    // --- Requests ---

    fn post(&self, who: &Token, path: &str, body: &Value, headers: &[(&str, &str)]) -> Reply {
        self.requests.set(self.requests.get() + 1);
        who.post_with(&format!("{API}{path}"), body, headers)
    }

    fn get(&self, who: &Token, path: &str) -> Value {
        self.requests.set(self.requests.get() + 1);
        who.get(&format!("{API}{path}")).expect(200).json()
    }

    fn case(&self, c: usize) -> Value {
        self.get(&self.staff.tech, &format!("/cases/{}", self.courses[c].accession))
    }

    /// A step, by somebody who may. The first of its kind is tried first by everybody who may not, without a version
    /// and with one that nobody saw; every hundredth is sent twice under one key. Whatever is refused leaves no trace.
    fn act(&mut self, kind: &str, who: &Token, path: &str, body: &Value, version: Option<i64>) -> Reply {
        if !self.taken.contains_key(kind) {
            self.wrong_people_try(kind, who, path, body, version);
        }
        let count = self.taken.entry(kind.to_owned()).or_default();
        *count += 1;
        let twice = *count % 100 == 3;
        let key = format!("month-{}", self.number);
        self.number += 1;
        let mut tag = version.map(|v| format!("\"{v}\""));
        loop {
            let mut headers: Vec<(&str, &str)> = tag.iter().map(|t| ("if-match", t.as_str())).collect();
            if twice {
                headers.push(("idempotency-key", &key));
            }
            let first = self.post(who, path, body, &headers);
            if first.status == 412 {
                // Somebody changed it since: the answer shows how it is now.
                *self.taken.entry("changed since".to_owned()).or_default() += 1;
                tag = Some(format!("\"{}\"", number(&first.json()["current"], "version")));
                continue;
            }
            if twice && first.status < 300 {
                let journal = self.server.journal();
                let second = self.post(who, path, body, &headers);
                assert_eq!((second.status, &second.text), (first.status, &first.text), "{kind} under one key");
                // A signature notes that the password was given; that is all.
                assert_eq!(self.server.journal() - journal, i64::from(kind == "report.sign"), "{kind} under one key");
            }
            return first;
        }
    }

    fn wrong_people_try(&self, kind: &str, who: &Token, path: &str, body: &Value, version: Option<i64>) {
        let (_, may) = WHO.iter().find(|(k, _)| *k == kind).unwrap_or_else(|| panic!("nobody may {kind}"));
        let journal = self.server.journal();
        let tag = format!("\"{}\"", version.unwrap_or_default());
        let seen = [("if-match", tag.as_str())];
        let headers = if version.is_some() { &seen[..] } else { &[] };
        for (role, token) in self.staff.each().into_iter().filter(|(role, _)| !may.contains(letter(*role))) {
            let reply = self.post(token, path, body, headers);
            assert!(matches!(reply.status, 403 | 404), "{kind} by {role}: {} {}", reply.status, reply.text);
        }
        let nobody = Token { secret: "trp_nobody".to_owned(), ..who.clone() };
        self.post(&nobody, path, body, headers).expect(401);
        if version.is_some() && kind != "report.sign" {
            self.post(who, path, body, &[]).expect(428);
            self.post(who, path, body, &[("if-match", "\"999999\"")]).expect(412);
        }
        assert_eq!(self.server.journal(), journal, "a refused {kind} left a trace");
    }

    /// Refused as a rule, without a trace.
    fn refused(&self, who: &Token, path: &str, body: &Value, version: Option<i64>, rule: &str) {
        let journal = self.server.journal();
        let tag = version.map(|v| format!("\"{v}\""));
        let headers: Vec<(&str, &str)> = tag.iter().map(|t| ("if-match", t.as_str())).collect();
        let reply = self.post(who, path, body, &headers).expect(409);
        assert_eq!(reply.json()["rule"], rule, "{}", reply.text);
        assert_eq!(self.server.journal(), journal, "{rule} left a trace");
    }

    /// A step of a part, stated to have happened five minutes ago.
    fn step(&mut self, who: &Token, part: &Value, step: &str, details: Value) -> Reply {
        let path = format!("/specimens/{}/transitions", text(part, "label"));
        let body = self.stated(step, details);
        self.act(&format!("specimen.{step}"), who, &path, &body, Some(number(part, "version")))
    }

    /// The same step for many parts in one request; the answers in their order.
    fn steps(&mut self, who: &Token, parts: &[&Value], step: &str, details: Value) -> Vec<Value> {
        let Some(first) = parts.first() else { return Vec::new() };
        let kind = format!("specimen.{step}");
        if !self.taken.contains_key(&kind) {
            let path = format!("/specimens/{}/transitions", text(first, "label"));
            let body = self.stated(step, details.clone());
            self.wrong_people_try(&kind, who, &path, &body, Some(number(first, "version")));
        }
        *self.taken.entry(kind).or_default() += parts.len();
        let labels: Vec<Value> =
            parts.iter().map(|p| json!({ "label": p["label"], "version": p["version"] })).collect();
        let mut details = details;
        details["occurred_at"] = json!(rfc(self.now - Duration::minutes(5)));
        let body = json!({ "transition": step, "specimens": labels, "step": details });
        let answer = self.post(who, "/specimens/transitions", &body, &[]).expect(200).json();
        answer["items"].as_array().unwrap().clone()
    }

    fn stated(&self, step: &str, mut details: Value) -> Value {
        details["transition"] = json!(step);
        if details.get("occurred_at").is_none() {
            details["occurred_at"] = json!(rfc(self.now - Duration::minutes(5)));
        }
        details
    }

    fn order(&self, id: &str) -> Value {
        self.get(&self.staff.tech, &format!("/orders/{id}"))
    }

    /// An order or a result as it was last seen.
    fn seen(&self, id: &str) -> Value {
        self.known.get(id).cloned().unwrap_or_else(|| panic!("{id} was never seen"))
    }

    fn note(&mut self, value: &Value) {
        self.known.insert(text(value, "id").to_owned(), value.clone());
    }

    fn order_step(&mut self, who: &Token, order: &Value, step: &str, details: Value) -> Reply {
        let path = format!("/orders/{}/transitions", text(order, "id"));
        let body = self.stated(step, details);
        self.act(&format!("order.{step}"), who, &path, &body, Some(number(order, "version")))
    }

    fn close(&mut self, c: usize, order: &Value, reason: &str) {
        let who = self.staff.supervisor.clone();
        self.order_step(&who, order, "not_perform", json!({ "reason": reason })).expect(200);
        self.soon(20, Due::Report(c));
    }

    // --- The days ---

    fn run(&mut self) {
        while let Some(((at, _), due)) = self.agenda.pop_first() {
            self.now = at;
            self.server.clock.set(at);
            self.pending.remove(&due);
            match due {
                Due::Import(cases) => self.import(&cases),
                Due::Timers => self.timers(),
                Due::Puncture(c) => self.puncture(c),
                Due::Leave(c) => self.leave(c),
                Due::Arrive(c) => self.arrive(c),
                Due::Inspect(c) => self.inspect(c),
                Due::Resolve(c, label) => self.resolve(c, &label),
                Due::Decide(c, label) => self.decide(c, &label),
                Due::Again(c, label) => self.again(c, &label),
                Due::Find(c, label) => self.find(c, &label),
                Due::Look(c) => self.look(c),
                Due::Held(c, id) => self.held(c, &id),
                Due::Start(c, id) => self.start(c, &id),
                Due::Fail(c, id) => self.fail(c, &id),
                Due::Enter(c, id) => self.enter(c, &id),
                Due::Release(c, id) => self.release(c, &id),
                Due::Verify(c, id) => self.verify(c, &id),
                Due::Retract(c, id) => self.retract(c, &id),
                Due::Report(c) => self.report(c),
                Due::Afterwards(c) => self.afterwards(c),
                Due::Store(c) => self.store(c),
                Due::Discard(c) => self.discard(c),
            }
        }
    }

    fn import(&mut self, cases: &[usize]) {
        let by = self.server.lab.user("t.nguyen").unwrap();
        let out = import::run(&self.server.lab, &by, &self.month.file(cases), false, |_, _| {}).unwrap();
        assert_eq!((out.logged, out.unchanged, &out.errors), (cases.len(), 0, &Vec::new()));
        let found: HashMap<u64, String> = out
            .rows
            .iter()
            .map(|row| match row {
                import::RowAnswer::Logged { line, accession } => (*line, accession.clone()),
                other => panic!("{other:?}"),
            })
            .collect();
        let mut accessions: Vec<String> = Vec::new();
        let mut lines: Vec<_> = found.into_iter().collect();
        lines.sort_unstable();
        for (_, accession) in lines {
            if !accessions.contains(&accession) {
                accessions.push(accession);
            }
        }
        assert_eq!(accessions.len(), cases.len());
        for (c, accession) in cases.iter().zip(accessions) {
            self.courses[*c].accession = accession;
            let far = self.month.cases[*c].requester.contains("Fenwick");
            if self.month.cases[*c].complete_at.is_none() {
                self.due(self.now + Duration::days(5), Due::Puncture(*c));
            } else if far {
                self.soon(15, Due::Leave(*c));
            } else {
                let minutes = 20 + i64::try_from(self.fate(*c, "way") % 60).unwrap();
                self.soon(minutes, Due::Arrive(*c));
            }
        }
    }

    fn timers(&mut self) {
        loop {
            let fired = self.server.lab.tick().unwrap();
            if fired.holds > 0 {
                *self.taken.entry("hold lapsed".into()).or_default() += fired.holds;
            }
            if fired.overdue > 0 {
                *self.taken.entry("overdue noticed".into()).or_default() += fired.overdue;
            }
            if fired.holds + fired.overdue == 0 {
                break;
            }
        }
    }

    /// Planned parts are taken by the requester's own hand, but for the core, which was not needed.
    fn puncture(&mut self, c: usize) {
        let who = self.requester(c);
        for part in list(&self.case(c), "specimens") {
            assert_eq!(part["state"], "planned");
            if part["kind"] == "core" {
                self.step(&who, &part, "mark_not_collected", json!({ "reason": "NOT_INDICATED" })).expect(200);
            } else {
                let details =
                    json!({ "volume_ul": 3500 + 250 * number(&part, "pull_number"), "temperature": "ambient" });
                self.step(&who, &part, "collect", details).expect(200);
            }
        }
        self.soon(70, Due::Arrive(c));
    }

    fn leave(&mut self, c: usize) {
        let who = self.tech(c, "send");
        let case = self.case(c);
        let parts = list(&case, "specimens");
        let there: Vec<&Value> = parts.iter().filter(|p| p["state"] == "collected").collect();
        let details = json!({ "destination": "Trephine laboratory", "tracking": format!("FGH-{}", self.fate(c, "van") % 9_000 + 1_000) });
        all_taken(&self.steps(&who, &there, "dispatch", details));
        self.soon(75, Due::Arrive(c));
    }

    fn arrive(&mut self, c: usize) {
        let who = self.tech(c, "door");
        let case = self.case(c);
        let parts = list(&case, "specimens");
        for temperature in ["ambient", "refrigerated", "frozen"] {
            let kept = |p: &&Value| p["temperature"].as_str().unwrap_or("ambient") == temperature;
            let there: Vec<&Value> =
                parts.iter().filter(|p| p["state"] == "collected" || p["state"] == "in_transit").filter(kept).collect();
            let details = json!({ "temperature": temperature, "location": "Reception, bench 1" });
            all_taken(&self.steps(&who, &there, "receive", details));
        }
        self.soon(15, Due::Inspect(c));
    }

    /// Every part that came is looked at: accepted, accepted with a caveat, asked about, or proposed to be rejected.
    fn inspect(&mut self, c: usize) {
        let who = self.tech(c, "inspect");
        let case = self.case(c);
        if list(&case, "orders").is_empty() && self.once(c, "a request follows") {
            // A marrow may come before its request does.
            let path = format!("/cases/{}/orders", self.courses[c].accession);
            for assay in ["MORPH-ASP", "MPN-GENE"] {
                let body = json!({ "assay": assay, "why": "The request came by telephone." });
                let requester = self.requester(c);
                self.act("order.add", &requester, &path, &body, None).expect(201);
            }
        }
        let clot = list(&case, "specimens").iter().any(|p| p["kind"] == "clot" && p["state"] == "received");
        if clot && self.once(c, "clot") {
            let body = json!({ "assay": "HIST-CLOT", "urgency": "routine", "why": "A clot came with the marrow." });
            let path = format!("/cases/{}/orders", self.courses[c].accession);
            self.act("order.add", &who, &path, &body, None).expect(201);
        }
        let case = self.case(c);
        let parts = list(&case, "specimens");
        let mut ordinary: Vec<&Value> = Vec::new();
        for part in parts.iter().filter(|p| p["state"] == "received" && p["rejection"].is_null()) {
            if !self.is_special(c, part, &who) {
                ordinary.push(part);
            }
        }
        let answers = self.steps(&who, &ordinary, "accept", json!({ "identifiers_match": true }));
        for (part, answer) in ordinary.iter().zip(answers) {
            if answer["problem"].is_null() {
                continue;
            }
            assert_eq!(answer["status"], 409, "{answer}");
            let rule = answer["problem"]["rule"].as_str().unwrap();
            match (rule, text(part, "kind")) {
                ("side_missing", _) if self.one_in(c, "ask for the side", 3) => {
                    let details = json!({ "note": "Which side?", "told": "the requester", "reason": "SIDE_MISSING" });
                    self.step(&who, part, "hold", details).expect(200);
                    let label = text(part, "label").to_owned();
                    self.soon(180, Due::Resolve(c, label));
                }
                ("side_missing", _) => {
                    let details = json!({ "reason": "SIDE_MISSING", "note": "Nobody remembers." });
                    self.step(&who, part, "accept_with_caveat", details).expect(200);
                }
                ("feeds_nothing", "aspirate" | "core") => {
                    // Kept all the same: it cannot be taken twice.
                    let reason = if part["remaining_ul"].as_i64().is_some_and(|ul| ul < 1_000) {
                        "QNS"
                    } else {
                        "WRONG_ANTICOAGULANT"
                    };
                    self.step(&who, part, "accept_with_caveat", json!({ "reason": reason })).expect(200);
                }
                // Spare material: good for nothing that was asked, with nothing wrong about it. It stays at reception.
                ("feeds_nothing", "smear" | "imprint" | "blood" | "clot") => {}
                other => panic!("{other:?}: {answer}"),
            }
        }
        self.soon(25, Due::Look(c));
    }

    /// Parts with a story of their own. True: nothing more is done with it now.
    fn is_special(&mut self, c: usize, part: &Value, who: &Token) -> bool {
        let label = text(part, "label").to_owned();
        let (supervisor, second) = (self.staff.supervisor.clone(), self.staff.supervisor2.clone());
        let recollected = self.courses[c].done.contains("taken again");
        let tube = part["kind"] == "aspirate" && part["container"] == "EDTA";
        if tube && !recollected && self.one_in(c, "clotted", 17) && self.once(c, "proposed") {
            let details = json!({ "reason": "CLOTTED", "note": "One solid clot, no liquid to be had." });
            // The first proposal is a supervisor's, who may then not decide it.
            let by = if self.taken.contains_key("specimen.reject") { who.clone() } else { supervisor.clone() };
            let proposed = self.step(&by, part, "propose_rejection", details).expect(200).json();
            self.refused(
                &supervisor,
                &format!("/specimens/{label}/transitions"),
                &json!({ "transition": "accept" }),
                Some(number(&proposed, "version")),
                "rejection_proposed",
            );
            if !self.taken.contains_key("specimen.reject") {
                let body = json!({ "transition": "reject", "told": "Dr on call" });
                let path = format!("/specimens/{label}/transitions");
                self.refused(&supervisor, &path, &body, Some(number(&proposed, "version")), "second_person");
            }
            self.soon(50, Due::Decide(c, label));
            return true;
        }
        if tube && self.one_in(c, "nearly rejected", 29) && self.once(c, "proposed") {
            let details = json!({ "reason": "HEMODILUTE", "note": "Looks like blood." });
            let proposed = self.step(who, part, "propose_rejection", details).expect(200).json();
            if self.one_in(c, "taken back", 2) {
                let back =
                    self.step(who, &proposed, "withdraw_rejection", json!({ "note": "Particles seen." })).expect(200);
                self.step(who, &back.json(), "accept", json!({})).expect(200);
            } else {
                // Kept instead: the caveat is the reason that was proposed.
                self.step(who, &proposed, "accept_with_caveat", json!({})).expect(200);
            }
            return true;
        }
        if part["kind"] == "aspirate" && self.one_in(c, "whose is it", 31) && self.once(c, "identity") {
            let details =
                json!({ "reason": "MISMATCH_ID", "note": "Another first name on the tube.", "told": "the ward" });
            let path = format!("/specimens/{label}/transitions");
            let body =
                json!({ "transition": "accept_with_caveat", "reason": "MISMATCH_ID", "declaration": "It is hers." });
            self.refused(who, &path, &body, Some(number(part, "version")), "identity_in_doubt");
            // Asked by a supervisor, so that a second one has to answer.
            let held = self.step(&second, part, "hold", details).expect(200).json();
            let body = json!({ "transition": "resolve", "note": "The ward came down.", "declaration": "I took it. Dr Reilly" });
            self.refused(&second, &path, &body, Some(number(&held, "version")), "second_person");
            self.soon(160, Due::Resolve(c, label));
            return true;
        }
        if part["kind"] == "smear" && self.one_in(c, "misplaced", 19) && self.once(c, "misplaced") {
            let accepted = self.step(who, part, "accept", json!({}));
            if accepted.status == 200 {
                let details = json!({ "note": "Bench, bin, floor", "told": "the requester" });
                self.step(&supervisor, &accepted.json(), "lose", details).expect(200);
                self.due(self.now + Duration::hours(20), Due::Find(c, label));
            }
            return true;
        }
        if part["kind"] == "smear" && self.one_in(c, "counted twice", 23) && self.once(c, "counted twice") {
            let details = json!({ "note": "There were two slides, not three." });
            self.step(&second, part, "enter_in_error", details).expect(200);
            return true;
        }
        false
    }

    fn resolve(&mut self, c: usize, label: &str) {
        let part = self.get(&self.staff.tech, &format!("/specimens/{label}"));
        let who = self.staff.supervisor.clone();
        let details = if part["query"]["reason"] == "SIDE_MISSING" {
            json!({ "note": "The operator says right.", "side": "right" })
        } else {
            json!({ "note": "The ward came down with the wristband.", "declaration": "I took this marrow. Dr Reilly" })
        };
        self.step(&who, &part, "resolve", details).expect(200);
        self.soon(20, Due::Look(c));
    }

    fn decide(&mut self, c: usize, label: &str) {
        let who = self.staff.supervisor2.clone();
        let before = self.case(c);
        let part = self.get(&self.staff.tech, &format!("/specimens/{label}"));
        self.step(&who, &part, "reject", json!({ "told": "Dr on call, by telephone" })).expect(200);
        // Siblings are none of its business.
        let custody = |case: &Value| -> Vec<Value> {
            let parts = list(case, "specimens");
            parts
                .iter()
                .filter(|p| p["label"] != label)
                .map(|p| json!([p["label"], p["state"], p["version"], p["volume"]]))
                .collect()
        };
        let after = self.case(c);
        assert_eq!(custody(&before), custody(&after));
        assert_eq!(list(&after, "recollections").len(), 1);
        self.due(self.now + Duration::hours(26), Due::Again(c, label.to_owned()));
        self.soon(20, Due::Look(c));
    }

    /// The puncture is done again, for the part that was rejected.
    fn again(&mut self, c: usize, label: &str) {
        let old = self.get(&self.staff.tech, &format!("/specimens/{label}"));
        let path = format!("/cases/{}/specimens", self.courses[c].accession);
        let body = json!({ "kind": old["kind"], "container": old["container"], "pull_number": 1, "volume_ul": 4000,
            "side": old["side"], "collected_at": rfc(self.now - Duration::minutes(45)) });
        let who = self.tech(c, "again");
        self.once(c, "taken again");
        self.act("specimen.add", &who, &path, &body, None).expect(201);
        self.soon(30, Due::Arrive(c));
    }

    fn find(&mut self, c: usize, label: &str) {
        let part = self.get(&self.staff.tech, &format!("/specimens/{label}"));
        let who = self.staff.supervisor.clone();
        let details = json!({ "note": "Name and number on the slide read again.", "location": "Under the stainer" });
        self.step(&who, &part, "find", details).expect(200);
        self.soon(15, Due::Inspect(c));
    }

    // --- The benches ---

    /// Looks at every order of a case and does what its state asks for.
    fn look(&mut self, c: usize) {
        let case = self.case(c);
        let parts = list(&case, "specimens");
        let coming = parts.iter().any(|p| {
            ["planned", "collected", "in_transit", "on_hold", "lost"].contains(&text(p, "state"))
                || (p["rejection"].is_object() && p["state"] != "rejected")
        });
        let asked = list(&case, "recollections").iter().any(|r| r["satisfied_by"].is_null() && r["closed"].is_null());
        // Where one is rejected, this ward punctures again whether a test needs it or not.
        let rejected = parts.iter().any(|p| p["state"] == "rejected");
        let again = asked || (rejected && !self.courses[c].done.contains("taken again"));
        let mut minutes = 5;
        for order in list(&case, "orders") {
            let id = text(&order, "id").to_owned();
            self.note(&order);
            match text(&order, "state") {
                "suggested" => self.suggestion(c, &order),
                "held" => {
                    let deadline = at(text(&order["hold"], "deadline"));
                    if self.once(c, format!("held {id}")) {
                        self.due(deadline.max(self.now) + Duration::hours(3), Due::Held(c, id));
                        self.early(c, &order);
                    }
                }
                "ready" if self.once(c, format!("start {id}")) => {
                    self.due(self.set_up_at(c, &order, minutes), Due::Start(c, id));
                    minutes += 7;
                }
                "awaiting_specimen" | "needs_recollect" if !coming && !again => self.unfed(c, &order, &parts),
                _ => {}
            }
        }
        self.soon(30, Due::Report(c));
    }

    /// Hematologists and supervisors take suggestions up, turn them down, or leave them.
    fn suggestion(&mut self, c: usize, order: &Value) {
        let assay = text(order, "assay");
        let who = self.requester(c);
        match self.fate(c, assay) % 5 {
            // The panel that stands by for the karyotype is left to be.
            0 | 1 if assay != "FISH-MDS" => {
                self.order_step(&who, order, "order", json!({ "note": "Please." })).expect(200);
                self.soon(10, Due::Look(c));
            }
            2 if assay != "FISH-MDS" => {
                self.order_step(&who, order, "dismiss", json!({ "note": "Would change nothing." })).expect(200);
            }
            _ => {}
        }
    }

    /// Some held orders do not wait for their deadline.
    fn early(&mut self, c: usize, order: &Value) {
        let who = self.requester(c);
        let assay = text(order, "assay");
        match self.fate(c, &format!("early {assay}")) % 6 {
            0 => {
                self.order_step(&who, order, "release", json!({ "note": "The core is involved." })).expect(200);
                self.soon(10, Due::Look(c));
            }
            1 => {
                self.order_step(&who, order, "cancel", json!({ "reason": "CLINICALLY_RESOLVED" })).expect(200);
            }
            _ => {}
        }
    }

    fn held(&mut self, c: usize, id: &str) {
        let order = self.order(id);
        if order["state"] == "held" {
            assert_eq!(order["hold"]["policy"], "manual", "the timer should have decided: {order}");
            let who = self.staff.supervisor.clone();
            if self.one_in(c, "secure the marker", 2) {
                self.order_step(&who, &order, "release", json!({ "note": "Relapse is likely." })).expect(200);
            } else {
                self.order_step(&who, &order, "cancel", json!({ "reason": "NOT_NEEDED" })).expect(200);
            }
        }
        self.soon(10, Due::Look(c));
    }

    /// An order that no part can feed, now or later.
    fn unfed(&mut self, c: usize, order: &Value, parts: &[Value]) {
        let linked = parts.iter().find(|p| p["label"] == order["specimen"]);
        if let Some(part) = linked.filter(|p| p["state"] == "received") {
            // Spare until now; a later order has found a use for it.
            let who = self.tech(c, "inspect");
            let details = json!({ "reason": "SIDE_MISSING", "note": "Taken from the spare material." });
            let reply = self.step(&who, part, "accept", json!({}));
            if reply.status != 200 {
                assert_eq!(reply.json()["rule"], "side_missing", "{}", reply.text);
                self.step(&who, part, "accept_with_caveat", details).expect(200);
            }
            self.soon(15, Due::Look(c));
            return;
        }
        let living = parts.iter().any(|p| ["received", "accepted", "in_process", "stored"].contains(&text(p, "state")));
        let why = order["why_no_part"].as_str().unwrap_or_default();
        let who = self.requester(c);
        if !living && self.requesters.contains_key(&self.month.cases[c].requester) {
            // Nothing was obtained: who asked takes it back.
            self.order_step(&who, order, "cancel", json!({ "reason": "REQUESTER", "note": "To be repeated." }))
                .expect(200);
            self.soon(20, Due::Report(c));
            return;
        }
        let reason = match () {
            () if !living => "NOT_COLLECTED",
            () if order["state"] == "needs_recollect" => "REJECTED",
            () if why.contains(" is left") => "QNS",
            () => "UNFIT",
        };
        self.close(c, order, reason);
    }

    /// When the bench gets to it.
    fn set_up_at(&self, c: usize, order: &Value, minutes: i64) -> Moment {
        let assay = self.assay(text(order, "assay"));
        let soon = self.now + Duration::minutes(minutes);
        let living = ["FLOW", "KARYO", "MICRO"].contains(&text(order, "department")) || order["urgency"] == "urgent";
        let mut start = if living || self.one_in(c, text(order, "assay"), 2) {
            soon
        } else {
            soon + Duration::hours(i64::try_from(self.fate(c, "bench") % 20).unwrap())
        };
        let not_on = assay["not_on"].as_array().cloned().unwrap_or_default();
        let day = |m: Moment| m.with_timezone(&chrono_tz::Europe::London).weekday().to_string();
        if not_on.contains(&json!(day(start))) && !self.one_in(c, "weekend", 4) {
            while not_on.contains(&json!(day(start))) {
                start += Duration::hours(24);
            }
            start = start.with_hour(8).unwrap();
        }
        start
    }

    fn assay(&self, code: &str) -> &Value {
        self.catalogue["assays"].as_array().unwrap().iter().find(|a| a["code"] == code).unwrap()
    }

    fn start(&mut self, c: usize, id: &str) {
        let order = self.seen(id);
        self.courses[c].done.remove(&format!("start {id}"));
        let assay = text(&order, "assay").to_owned();
        let who = self.tech(c, &assay);
        let run = format!("{}-{}", &assay[..2], self.now.format("%m%d"));
        let mut details = json!({ "run": run });
        if assay == "NGS-MYE" && self.one_in(c, "sent away", 13) && self.once(c, "sent away") {
            self.send_away(c, &order);
            return;
        }
        let dna = ["NGS-MYE", "CLONAL", "MPN-GENE", "FLT3-NPM1"].contains(&assay.as_str());
        if dna
            && self.one_in(c, "extraction", 3)
            && let Some(label) = self.extract(c, &order)
        {
            details["specimen"] = json!(label);
            // What was made just now cannot have been set up before.
            details["occurred_at"] = json!(rfc(self.now + Duration::minutes(1)));
        }
        let reply = self.order_step(&who, &order, "start", details.clone());
        if reply.status == 409 && reply.problem() == "transition-not-allowed" {
            // Its part was lost, or another order has taken the rest of it.
            assert!(
                ["awaiting_specimen", "needs_recollect", "cancelled"].contains(&text(&reply.json(), "state")),
                "{}",
                reply.text
            );
            self.soon(10, Due::Look(c));
            return;
        }
        let started = if reply.status == 409 {
            let rule = reply.json()["rule"].as_str().unwrap_or_default().to_owned();
            let detail = reply.json()["detail"].as_str().unwrap_or_default().to_owned();
            assert!(["unfit", "not_enough", "no_part", "not_workable"].contains(&rule.as_str()), "{}", reply.text);
            if rule == "unfit" && self.one_in(c, "try it all the same", 2) {
                details["override_reason"] = json!("It cannot be had again; the requester knows.");
                if self.once(0, "a tech overrides") {
                    let path = format!("/orders/{id}/transitions");
                    let body = self.stated("start", details.clone());
                    self.refused(&who, &path, &body, Some(number(&order, "version")), "unfit");
                }
                let senior = self.staff.supervisor.clone();
                *self.taken.entry("override".into()).or_default() += 1;
                self.order_step(&senior, &order, "start", details).expect(200)
            } else {
                let reason = if rule == "not_enough" || detail.contains(" is left") { "QNS" } else { "UNFIT" };
                self.close(c, &order, reason);
                return;
            }
        } else {
            reply.expect(200)
        };
        let order = started.json();
        self.note(&order);
        self.courses[c].busy.insert(id.to_owned());
        let attempt = list(&order, "attempts").len();
        let fails = (assay == "KARYO" && self.one_in(c, "no metaphases", 6))
            || (assay == "NGS-MYE" && attempt == 1 && self.one_in(c, "no library", 11));
        if fails {
            self.due(self.now + Duration::days(if assay == "KARYO" { 6 } else { 2 }), Due::Fail(c, id.to_owned()));
        } else {
            self.due(self.finished_at(c, &order), Due::Enter(c, id.to_owned()));
        }
    }

    /// How long the bench takes, with a case now and then that takes too long.
    fn finished_at(&self, c: usize, order: &Value) -> Moment {
        let assay = text(order, "assay");
        let hours = match assay {
            "FLOW-AL" => 3,
            "MORPH-ASP" => 5,
            "FISH-RAPID" | "IRON" | "FLOW-LPD" => 20,
            "FLOW-MRD" | "FLT3-NPM1" => 30,
            "HIST-CORE" | "HIST-CLOT" | "RETIC" | "IHC" => 66,
            "FISH-AML" | "FISH-MDS" | "FISH-CLL" | "FISH-LYM" => 60,
            "FISH-MM" => 140,
            "BCRABL-Q" | "MPN-GENE" => 130,
            "FUSION-Q" | "KARYO" => 160,
            "NGS-MYE" => 240,
            "CLONAL" => 280,
            "CULT" => 960,
            other => panic!("no bench for {other}"),
        };
        let slow = if hours < 300 && self.one_in(c, &format!("slow {assay}"), 9) { 3 } else { 1 };
        let slack = i64::try_from(self.fate(c, &format!("hours {assay}")) % 11).unwrap();
        let mut done = self.now + Duration::hours(hours * slow) + Duration::minutes(slack * 6);
        // Urgent work goes on at night.
        if order["urgency"] != "urgent" {
            done = working_hours(done);
        }
        done
    }

    /// DNA is taken from the tube that feeds the order; the label of what was made, if there is enough.
    fn extract(&mut self, c: usize, order: &Value) -> Option<String> {
        let who = self.tech(c, "extraction");
        let tube = self.get(&self.staff.tech, &format!("/specimens/{}", order["specimen"].as_str()?));
        let liquid = ["aspirate", "blood"].contains(&text(&tube, "kind"));
        if !liquid || tube["remaining_ul"].as_i64().is_some_and(|ul| ul < 1_500) {
            return None;
        }
        let tube = match text(&tube, "state") {
            "in_process" => tube,
            "accepted" | "stored" => {
                self.step(&who, &tube, "start", json!({ "location": "Extraction robot 1" })).expect(200).json()
            }
            _ => return None,
        };
        let volume = tube["remaining_ul"].as_i64().map(|_| 400);
        let path = format!("/specimens/{}/aliquots", text(&tube, "label"));
        let child =
            json!({ "kind": "nucleic_acid", "container": "PLAIN", "volume_ul": volume, "location": "Freezer D-80" });
        let made =
            self.act("specimen.aliquot", &who, &path, &json!({ "children": [child] }), Some(number(&tube, "version")));
        let made = made.expect(201).json();
        let parent = &made["parent"];
        assert_eq!(parent["remaining_ul"].as_i64(), tube["remaining_ul"].as_i64().map(|ul| ul - 400));
        Some(text(&made["specimens"][0], "label").to_owned())
    }

    /// Another laboratory does it; its result comes back through the interface.
    fn send_away(&mut self, c: usize, order: &Value) {
        let who = self.tech(c, "parcel");
        let id = text(order, "id").to_owned();
        let details = json!({ "laboratory": "Northern Genomic Reference Laboratory, Leeds", "expected_on": day_after(self.now, 14),
            "tracking": "RM 104 GB" });
        if self.order(&id)["state"] != "ready" {
            self.soon(10, Due::Look(c));
            return;
        }
        let child = self.extract(c, order);
        let order = self.order(&id);
        let away = self.order_step(&who, &order, "refer_out", details.clone()).expect(200).json();
        self.note(&away);
        self.courses[c].busy.insert(id.clone());
        if let Some(label) = child {
            let part = self.get(&self.staff.tech, &format!("/specimens/{label}"));
            let mut details = details;
            details["test"] = json!("NGS-MYE");
            details["occurred_at"] = json!(rfc(self.now + Duration::minutes(1)));
            self.step(&who, &part, "refer_out", details).expect(200);
        }
        self.due(working_hours(self.now + Duration::days(13)), Due::Enter(c, id));
    }

    fn fail(&mut self, c: usize, id: &str) {
        let order = self.order(id);
        self.courses[c].busy.remove(id);
        if order["state"] != "in_process" {
            return;
        }
        let assay = text(&order, "assay").to_owned();
        let who = self.tech(c, &assay);
        if assay == "NGS-MYE" {
            let details = json!({ "reason": "NO_AMPLIFICATION", "note": "Library below 1 nM." });
            let failed = self.order_step(&who, &order, "fail", details).expect(200).json();
            let again = self.order_step(&who, &failed, "repeat", json!({ "note": "New extraction." }));
            if again.status == 409 {
                self.close(c, &failed, "FAILED");
            }
            self.soon(40, Due::Look(c));
            return;
        }
        let details = json!({ "reason": "NO_METAPHASES", "note": "Few poor metaphases, none to analyze." });
        let failed = self.order_step(&who, &order, "fail", details).expect(200).json();
        // FISH stands in: suggested already, or added with the culture as its parent.
        let case = self.case(c);
        let orders = list(&case, "orders");
        let panel = orders.iter().find(|o| o["assay"] == "FISH-MDS");
        let supervisor = self.staff.supervisor.clone();
        match panel {
            Some(panel) if panel["state"] == "suggested" => {
                self.order_step(&supervisor, panel, "order", json!({})).expect(200);
            }
            Some(_) => {}
            None => {
                let body = json!({ "assay": "FISH-MDS", "why": "The culture failed.", "parent": id });
                let path = format!("/cases/{}/orders", self.courses[c].accession);
                let added = self.act("order.add", &supervisor, &path, &body, None).expect(201).json();
                assert_eq!(added["origin"], "reflex");
            }
        }
        self.close(c, &failed, "FAILED");
        self.soon(30, Due::Look(c));
    }

    // --- Results ---

    fn enter(&mut self, c: usize, id: &str) {
        let order = self.seen(id);
        let assay = text(&order, "assay").to_owned();
        let referred = order["state"] == "referred_out";
        let histology = ["MORPHOLOGY", "HISTOLOGY"].contains(&text(&order, "department"));
        let who = if referred {
            self.staff.interface.clone()
        } else if histology && self.one_in(c, "written by the reader", 5) {
            self.pathologist(c).0
        } else {
            self.tech(c, &assay)
        };
        // The first result of all is a supervisor's, who may then not verify it.
        let own = !self.taken.contains_key("result.enter");
        let who = if own { self.staff.supervisor.clone() } else { who };
        let body = self.finding(c, &order);
        let path = format!("/orders/{id}/results");
        let reply = self.act("result.enter", &who, &path, &body, Some(number(&order, "version")));
        if reply.status == 409 {
            // Its part was rejected while it was on the bench.
            assert_eq!(text(&reply.json(), "state"), "needs_recollect", "{}", reply.text);
            self.courses[c].busy.remove(id);
            self.soon(10, Due::Look(c));
            return;
        }
        let entered = reply.expect(201).json();
        assert_eq!(entered["state"], "draft");
        self.note(&entered);
        let result = text(&entered, "id").to_owned();
        if own {
            let path = format!("/results/{result}/verify");
            self.refused(&self.staff.supervisor, &path, &json!({}), Some(number(&entered, "version")), "second_person");
        }
        if referred {
            self.come_back(c, &order);
        }
        if order["urgency"] == "urgent" && self.one_in(c, &format!("early {assay}"), 3) {
            self.soon(15, Due::Release(c, result.clone()));
        }
        let returned = format!("returned {id}");
        if self.one_in(c, &format!("look again {assay}"), 37) && self.once(c, returned) {
            let order = self.order(id);
            let reader = self.staff.supervisor2.clone();
            let read = self.order_step(&reader, &order, "review", json!({})).expect(200).json();
            self.order_step(&reader, &read, "return", json!({ "note": "The gate cuts the population." })).expect(200);
            self.soon(90, Due::Enter(c, id.to_owned()));
            return;
        }
        let hours = if order["urgency"] == "urgent" { 1 } else { 4 };
        let verified = self.now + Duration::hours(hours);
        let verified = if order["urgency"] == "urgent" { verified } else { working_hours(verified) };
        self.due(verified, Due::Verify(c, result));
    }

    /// What is left of the parcel comes back, or stays there.
    fn come_back(&mut self, c: usize, order: &Value) {
        let who = self.tech(c, "parcel");
        let case = self.case(c);
        for part in list(&case, "specimens").iter().filter(|p| p["state"] == "referred_out") {
            if self.one_in(c, "kept there", 2) {
                self.step(&who, part, "retained_by_referral", json!({})).expect(200);
            } else {
                self.step(&who, part, "return_from_referral", json!({ "location": "Freezer D-80" })).expect(200);
            }
        }
        assert!(order["referral"].is_object());
        let id = text(order, "id");
        let journal = self.server.journal();
        for (role, token) in self.staff.each() {
            let (_, may) = WHO.iter().find(|(kind, _)| *kind == "order.attach").unwrap();
            if !may.contains(letter(role)) {
                assert!([403, 404].contains(&token.attach(id).status), "{role} attached an original");
            }
        }
        assert_eq!(self.server.journal(), journal);
        let kept = self.staff.interface.attach(id).expect(201).json();
        *self.taken.entry("order.attach".to_owned()).or_default() += 1;
        let bytes = self.staff.pathologist.get(&format!("{API}/documents/{}", text(&kept, "id"))).expect(200).text;
        assert_eq!(bytes, format!("Report on {id}\r\n"));
    }

    /// A result with every value that the catalogue asks for.
    fn finding(&self, c: usize, order: &Value) -> Value {
        let code = text(order, "assay");
        let dice = |question: &str| self.fate(c, &format!("{code} {question}"));
        let says = match dice("says") % 12 {
            0..=4 => "abnormal",
            5..=9 => "normal",
            10 => "indeterminate",
            _ => "inadequate",
        };
        let referred = order["state"] == "referred_out";
        json!({
            "interpretation": says,
            "summary": match says {
                "abnormal" => format!("{code}: abnormal"),
                "normal" => format!("{code}: nothing abnormal"),
                "indeterminate" => format!("{code}: cannot be decided; repeat"),
                _ => format!("{code}: the material could not be assessed"),
            },
            "details": shapes::details(code, says, &dice),
            "comment": dice("comment").is_multiple_of(7).then_some("Discussed at the meeting of the team."),
            "performed_at": (!referred).then(|| rfc(self.now - Duration::minutes(20))),
        })
    }

    fn release(&mut self, c: usize, result: &str) {
        let shown = self.seen(result);
        let who = self.pathologist(c).1;
        let own = shown["entered_by"]["id"].clone();
        let path = format!("/results/{result}/release");
        let reply = self.act("result.release", &who, &path, &json!({}), Some(number(&shown, "version")));
        if reply.status == 409 {
            // Sent back to the bench and entered again meanwhile.
            assert_eq!(text(&reply.json(), "state"), "retracted", "{}", reply.text);
            return;
        }
        let reply = reply.expect(200).json();
        self.note(&reply);
        assert_eq!(reply["state"], "preliminary");
        assert_ne!(reply["released_by"]["id"], own);
        // Who asked sees it now.
        if let Some(requester) = self.requesters.get(&self.month.cases[c].requester) {
            assert_eq!(self.get(requester, &format!("/results/{result}"))["state"], "preliminary");
        }
    }

    fn verify(&mut self, c: usize, result: &str) {
        let shown = self.seen(result);
        let assay = text(&shown, "assay").to_owned();
        let order = text(&shown, "order").to_owned();
        let histology = ["MORPH-ASP", "IRON", "HIST-CORE", "HIST-CLOT", "RETIC", "IHC"].contains(&assay.as_str());
        let who = match (histology, self.taken.contains_key("result.verify")) {
            (true, true) => self.pathologist(c).1,
            _ if self.one_in(c, &assay, 2) => self.staff.supervisor2.clone(),
            (_, false) => self.staff.supervisor2.clone(),
            _ => self.staff.supervisor.clone(),
        };
        let path = format!("/results/{result}/verify");
        let version = number(&shown, "version");
        let reply = self.act("result.verify", &who, &path, &json!({}), Some(version));
        let reply = if reply.status == 409 && reply.json()["rule"] == "second_person" {
            // Entered by this very person: another one must read it.
            let other = self.staff.supervisor2.clone();
            self.act("result.verify", &other, &path, &json!({}), Some(version))
        } else {
            reply
        };
        if reply.status == 409 && reply.problem() == "transition-not-allowed" {
            assert_eq!(text(&reply.json(), "state"), "retracted", "{}", reply.text);
            return;
        }
        let verified = reply.expect(200).json();
        assert_ne!(verified["entered_by"]["id"], verified["verified_by"]["id"]);
        self.courses[c].busy.remove(&order);
        let withdrawn = self.one_in(c, &format!("withdrawn {assay}"), 97) && verified["state"] == "final";
        if withdrawn && self.once(c, format!("retract {order}")) {
            self.soon(30, Due::Retract(c, result.to_owned()));
        } else if self.courses[c].busy.is_empty()
            || verified["interpretation"] == "abnormal"
            || self.one_in(c, "first words", 6)
        {
            self.soon(20, Due::Look(c));
        }
    }

    fn retract(&mut self, c: usize, result: &str) {
        let shown = self.get(&self.staff.tech, &format!("/results/{result}"));
        let path = format!("/results/{result}/retract");
        let (who, _) = self.pathologist(c);
        let version = Some(number(&shown, "version"));
        let mut body = json!({ "reason": "The run was not compensated." });
        // Nobody withdraws in silence.
        let journal = self.server.journal();
        let tag = format!("\"{}\"", version.unwrap());
        let silent = self.post(&who, &path, &body, &[("if-match", &tag)]).expect(422);
        assert_eq!(silent.json()["errors"][0]["pointer"], "/told");
        assert_eq!(self.server.journal(), journal);
        body["told"] = self.told(c);
        self.act("result.retract", &who, &path, &body, version).expect(200);
        let order = self.order(text(&shown, "order"));
        assert_eq!(order["state"], "in_process", "its only verified result is gone");
        self.note(&order);
        self.courses[c].busy.insert(text(&order, "id").to_owned());
        self.soon(150, Due::Enter(c, text(&order, "id").to_owned()));
    }

    fn told(&self, c: usize) -> Value {
        json!({ "who": self.month.cases[c].requester, "at": rfc(self.now - Duration::minutes(2)), "how": "by telephone" })
    }

    // --- Reports ---

    fn report(&mut self, c: usize) {
        let case = self.case(c);
        let orders = list(&case, "orders");
        let open = |o: &&Value| {
            let closed = ["suggested", "final", "not_performed", "cancelled", "entered_in_error"];
            !closed.contains(&text(o, "state"))
        };
        let required = orders.iter().filter(open).filter(|o| o["required"] == true).count();
        let finals = orders.iter().filter(|o| o["state"] == "final").count();
        let signed = list(&case, "reports").iter().any(|r| r["signature"].is_object() && r["state"] != "void");
        if required == 0
            && finals > 0
            && !orders.iter().any(|o| o["state"] == "held" && o["hold"]["policy"] != "manual")
        {
            if self.once(c, "final") {
                self.write_final(c);
            }
        } else if finals >= 2 && !signed && self.one_in(c, "first words", 6) && self.once(c, "preliminary") {
            let (who, _) = self.pathologist(c);
            let draft = self.draft(c, &who, &self.words(c, "preliminary"));
            // Final it cannot be while work is open.
            if self.once(0, "too early") {
                let edited = self.words(c, "final");
                let edited = self.edit(c, &who, &draft, &edited).expect(200).json();
                let path = format!("/cases/{}/reports", self.courses[c].accession);
                let journal = self.server.journal();
                let body = json!({ "action": "sign", "report": edited["id"], "password": Staff::PASSWORD });
                let tag = format!("\"{}\"", number(&edited, "version"));
                let reply = self.post(&who, &path, &body, &[("if-match", &tag)]).expect(409);
                assert_eq!(reply.json()["rule"], "orders_open", "{}", reply.text);
                assert_eq!(self.server.journal(), journal + 1, "the password was given, and nothing else happened");
                let back = self.edit(c, &who, &edited, &self.words(c, "preliminary")).expect(200).json();
                self.sign(c, &who, &back).expect(200);
            } else {
                self.sign(c, &who, &draft).expect(200);
            }
        }
    }

    fn words(&self, c: usize, kind: &str) -> Value {
        let what = [
            "No marrow disease is seen",
            "Findings in keeping with the clinical question",
            "Involved marrow; see the findings",
        ][usize::try_from(self.fate(c, "diagnosis") % 3).unwrap()];
        let classified = self.fate(c, "classified").is_multiple_of(4);
        json!({
            "kind": kind,
            "diagnosis": format!("{what}."),
            "dx_who5": classified.then_some("Myeloid neoplasm, unclassifiable"),
            "dx_icc": classified.then_some("Myeloid neoplasm, NOS"),
            "comment": self.fate(c, "correlation").is_multiple_of(5).then_some("Correlate with the blood count."),
            "acknowledged": self.flags(c).iter().map(|f| json!({ "flag": f["key"], "words": "Seen; patchy disease." }))
                .collect::<Vec<_>>(),
        })
    }

    /// What of the case does not fit.
    fn flags(&self, c: usize) -> Vec<Value> {
        let path = format!("/cases/{}/flags", self.courses[c].accession);
        list(&self.get(&self.staff.pathologist, &path), "items")
    }

    fn draft(&mut self, c: usize, who: &Token, words: &Value) -> Value {
        let path = format!("/cases/{}/reports", self.courses[c].accession);
        let body = json!({ "action": "draft", "text": words });
        self.act("report.draft", who, &path, &body, None).expect(201).json()
    }

    fn edit(&mut self, c: usize, who: &Token, draft: &Value, words: &Value) -> Reply {
        let path = format!("/cases/{}/reports", self.courses[c].accession);
        let body = json!({ "action": "edit", "report": draft["id"], "text": words });
        self.act("report.edit", who, &path, &body, Some(number(draft, "version")))
    }

    fn sign(&mut self, c: usize, who: &Token, draft: &Value) -> Reply {
        let path = format!("/cases/{}/reports", self.courses[c].accession);
        let version = number(draft, "version");
        let body = json!({ "action": "sign", "report": draft["id"], "password": Staff::PASSWORD });
        if self.once(0, "a wrong password") {
            let seq = number(&self.case(c), "version");
            let wrong = json!({ "action": "sign", "report": draft["id"], "password": "seven brown herons swim" });
            let tag = format!("\"{version}\"");
            let reply = self.post(who, &path, &wrong, &[("if-match", &tag)]).expect(403);
            assert_eq!(reply.problem(), "wrong-password");
            assert_eq!(number(&self.case(c), "version"), seq);
            // The soft lock is over in a moment.
            self.now += Duration::seconds(50);
            self.server.clock.set(self.now);
        }
        self.act("report.sign", who, &path, &body, Some(version))
    }

    fn write_final(&mut self, c: usize) {
        let (who, other) = self.pathologist(c);
        let path = format!("/cases/{}/reports", self.courses[c].accession);
        let mut words = self.words(c, "final");
        if !self.flags(c).is_empty() && self.once(0, "a silent signature") {
            // What does not fit is not passed over in silence.
            words["acknowledged"] = json!([]);
            let silent = self.draft(c, &who, &words);
            let body = json!({ "action": "sign", "report": silent["id"], "password": Staff::PASSWORD });
            let tag = format!("\"{}\"", number(&silent, "version"));
            let reply = self.post(&who, &path, &body, &[("if-match", &tag)]).expect(409);
            assert_eq!(reply.json()["rule"], "flags_open", "{}", reply.text);
            let body = json!({ "action": "void", "report": silent["id"], "reason": "Begun too early." });
            self.act("report.void", &who, &path, &body, Some(number(&silent, "version"))).expect(200);
            words = self.words(c, "final");
        }
        let mut draft = self.draft(c, &who, &words);
        if self.one_in(c, "a draft is thrown away", 21) {
            let body = json!({ "action": "void", "report": draft["id"], "reason": "Begun on the wrong case." });
            self.act("report.void", &who, &path, &body, Some(number(&draft, "version"))).expect(200);
            draft = self.draft(c, &who, &self.words(c, "final"));
        }
        let mut signer = who.clone();
        if self.one_in(c, "another one writes", 8) {
            let mut words = self.words(c, "final");
            words["comment"] = json!("Reviewed by a second pathologist, who signs.");
            draft = self.edit(c, &other, &draft, &words).expect(200).json();
            if self.once(0, "not the diagnostician") {
                let body = json!({ "action": "sign", "report": draft["id"], "password": Staff::PASSWORD });
                let tag = format!("\"{}\"", number(&draft, "version"));
                let reply = self.post(&who, &path, &body, &[("if-match", &tag)]).expect(409);
                assert_eq!(reply.json()["rule"], "not_the_diagnostician", "{}", reply.text);
            }
            signer = other;
        }
        let signed = self.sign(c, &signer, &draft).expect(200).json();
        assert_eq!(signed["state"], "final");
        let document = signed["document"].as_str().unwrap();
        assert_eq!(signed["signature"]["sha256"], hex(&Sha256::digest(document.as_bytes())));
        let days = i64::try_from(self.fate(c, "afterwards") % 9).unwrap();
        self.due(working_hours(self.now + Duration::days(2 + days)), Due::Afterwards(c));
        self.due(working_hours(self.now + Duration::hours(20)), Due::Store(c));
    }

    /// Slips of the pen, second looks and additions, after the report was signed.
    fn afterwards(&mut self, c: usize) {
        let case = self.case(c);
        let path = format!("/cases/{}/reports", self.courses[c].accession);
        let (who, other) = self.pathologist(c);
        let results = list(&case, "results");
        let last = results.iter().rfind(|r| r["state"] == "final").cloned();
        match (self.fate(c, "after the report") % 24, last) {
            (what @ 0..=2, Some(result)) => {
                let (revision, kind) = [("corrected", "corrected"), ("amended", "amended"), ("appended", "appended")]
                    [usize::try_from(what).unwrap()];
                let order = self.order(text(&result, "order"));
                let mut finding = self.finding(c, &order);
                finding["summary"] = json!(format!("{} ({revision})", text(&finding, "summary")));
                finding["performed_at"] = result["performed_at"].clone();
                let body = json!({ "revision": revision, "reason": "Found on review.", "told": self.told(c), "result": finding });
                let id = text(&result, "id");
                let version = Some(number(&result, "version"));
                let revised = self
                    .act("result.revise", &who, &format!("/results/{id}/correct"), &body, version)
                    .expect(201)
                    .json();
                // The old version stands until the new one is verified, by somebody else.
                assert_eq!(self.get(&who, &format!("/results/{id}"))["state"], "final");
                let new = text(&revised, "id");
                let verify = format!("/results/{new}/verify");
                self.refused(&who, &verify, &json!({}), Some(number(&revised, "version")), "second_person");
                self.act("result.verify", &other, &verify, &json!({}), Some(number(&revised, "version"))).expect(200);
                self.revise_report(c, &who, kind, kind != "appended");
            }
            (3, _) => self.revise_report(c, &who, "appended", false),
            (4, _) => self.revise_report(c, &other, "amended", true),
            (5, _) if self.one_in(c, "wrong name", 2) => {
                // Signed under the wrong name: withdrawn and written again.
                let report = list(&case, "reports").iter().rfind(|r| r["state"] == "final").unwrap().clone();
                let mut body = json!({ "action": "void", "report": report["id"], "reason": "The text belongs to another patient." });
                body["told"] = self.told(c);
                self.act("report.void", &who, &path, &body, Some(number(&report, "version"))).expect(200);
                let draft = self.draft(c, &who, &self.words(c, "final"));
                self.sign(c, &who, &draft).expect(200);
            }
            _ => {}
        }
    }

    fn revise_report(&mut self, c: usize, who: &Token, kind: &str, changes: bool) {
        let mut words = self.words(c, kind);
        words["reason"] = json!("A result was looked at again.");
        words["told"] = self.told(c);
        if changes {
            words["diagnosis"] = json!(format!("{} Revised.", text(&words, "diagnosis")));
        }
        let draft = self.draft(c, who, &words);
        let signed = self.sign(c, who, &draft).expect(200).json();
        assert_eq!(signed["state"], kind);
    }

    // --- The end of the parts ---

    fn store(&mut self, c: usize) {
        if !self.one_in(c, "put away", 3) {
            return;
        }
        let who = self.tech(c, "store");
        let case = self.case(c);
        let parts = list(&case, "specimens");
        let here: Vec<&Value> =
            parts.iter().filter(|p| p["state"] == "accepted" || p["state"] == "in_process").collect();
        let (empty, rest): (Vec<&Value>, Vec<&Value>) =
            here.into_iter().partition(|p| p["remaining_ul"].as_i64().is_some_and(|ul| ul < 500));
        for part in empty {
            let used_up = part["remaining_ul"] == 0;
            let details = if used_up { json!({}) } else { json!({ "note": "A rest that is good for nothing." }) };
            let gone = self.step(&who, part, "exhaust", details).expect(200).json();
            assert_eq!(gone["remaining_ul"], 0);
        }
        all_taken(&self.steps(&who, &rest, "store", json!({ "location": "Archive, shelf 4" })));
        if self.one_in(c, "thrown away", 2) {
            self.due(self.now + Duration::days(3), Due::Discard(c));
            self.due(self.now + Duration::days(17), Due::Discard(c));
        }
    }

    /// Tubes are thrown away two weeks after the last report, not sooner.
    fn discard(&mut self, c: usize) {
        let who = self.staff.supervisor.clone();
        let case = self.case(c);
        for part in list(&case, "specimens").iter().filter(|p| p["kind"] == "aspirate" && p["state"] == "stored") {
            let until: NaiveDate = text(part, "retain_until").parse().unwrap();
            let reply = self.step(&who, part, "discard", json!({ "note": "Yellow bin." }));
            if self.now.date_naive() <= until {
                assert_eq!((reply.status, &reply.json()["rule"]), (409, &json!("retention")), "{}", reply.text);
            } else {
                reply.expect(200);
            }
        }
    }

    // --- What comes out ---

    /// Every dataset with full identifiers, over HTTP, and the manifest of one.
    fn exports(&self) -> Vec<(&'static str, String)> {
        let admin = &self.staff.admin;
        let query = "identifiers=full&reason=end-to-end%20test&tz=Europe/London&dialect=machine";
        // The wrong people: an auditor gets no identities, a tech gets nothing, nobody gets them without a reason.
        let journal = self.server.journal();
        self.staff.auditor.get(&format!("{API}/exports/cases.csv?{query}")).expect(403);
        self.staff.tech.get(&format!("{API}/exports/cases.csv")).expect(403);
        self.staff.hematologist.get(&format!("{API}/exports/cases.csv")).expect(403);
        admin.get(&format!("{API}/exports/cases.csv?identifiers=full")).expect(422);
        assert_eq!(self.server.journal(), journal);
        let names = ["cases", "specimens", "orders", "results", "reports", "events", "turnaround", "rejections"];
        let mut all: Vec<(&'static str, String)> = Vec::new();
        for name in names {
            let reply = admin.get(&format!("{API}/exports/{name}.csv?{query}")).expect(200);
            all.push((name, reply.text));
        }
        let manifest = admin.get(&format!("{API}/exports/cases.datapackage.json?{query}")).expect(200).json();
        let resource = &manifest["resources"][0];
        assert_eq!(resource["hash"], format!("sha256:{}", hex(&Sha256::digest(all[0].1.as_bytes()))));
        assert_eq!(resource["rows"], rows(&all[0].1).len());
        all
    }

    /// Every case has ended, and everything that can happen has happened.
    fn assert_over(&self, which: impl Fn(usize) -> bool) {
        let mut stages: BTreeMap<String, usize> = BTreeMap::new();
        for c in (0..self.month.cases.len()).filter(|c| which(*c)) {
            let case = self.case(c);
            let stage = text(&case["progress"], "stage").to_owned();
            assert!(
                stage == "reported" || stage == "closed",
                "{} is {stage}: {}",
                self.month.cases[c].reference,
                serde_json::to_string_pretty(&case["orders"]).unwrap()
            );
            *stages.entry(stage).or_default() += 1;
        }
        eprintln!("{}: {} requests, {stages:?}, {:?}", self.server.engine.name, self.requests.get(), self.taken);
    }
}

fn all_taken(answers: &[Value]) {
    for answer in answers {
        assert!(answer["problem"].is_null(), "{answer}");
    }
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}"))
}

fn number(value: &Value, field: &str) -> i64 {
    value[field].as_i64().unwrap_or_else(|| panic!("no {field} in {value}"))
}

fn list(value: &Value, field: &str) -> Vec<Value> {
    value[field].as_array().cloned().unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

fn day_after(moment: Moment, days: i64) -> String {
    (moment + Duration::days(days)).date_naive().to_string()
}

/// The next moment between 08:00 and 17:00 UTC on a day from Monday to Friday.
fn working_hours(moment: Moment) -> Moment {
    let mut day = moment;
    if day.hour() >= 17 {
        day = (day + Duration::days(1)).with_hour(8).unwrap();
    } else if day.hour() < 8 {
        day = day.with_hour(8).unwrap();
    }
    while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        day += Duration::days(1);
    }
    day
}

/// The data rows of a CSV.
fn rows(csv: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(csv.as_bytes()).records().map(Result::unwrap).collect()
}

// --- Comparing ------------------------------------------------------------------------------------------------------

/// Gives everything that is random its number by order of appearance, the same in all tables.
#[derive(Default)]
struct Plain {
    seen: HashMap<String, String>,
    counts: HashMap<char, usize>,
}

impl Plain {
    /// Identities, keys and hashes are words of hexadecimal digits of a length that nothing else in the tables has.
    fn plain(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut word = String::new();
        for c in text.chars() {
            if c.is_ascii_alphanumeric() || c == '-' {
                word.push(c);
            } else {
                self.put(&word, &mut out);
                word.clear();
                out.push(c);
            }
        }
        self.put(&word, &mut out);
        out
    }

    fn put(&mut self, word: &str, out: &mut String) {
        let digits = word.chars().all(|c| c == '-' || (c.is_ascii_hexdigit() && !c.is_ascii_uppercase()));
        let kind = match word.len() {
            36 if digits && word.matches('-').count() == 4 => 'u',
            16 if digits && !word.contains('-') => 'k',
            64 if digits && !word.contains('-') => 'h',
            _ => {
                out.push_str(word);
                return;
            }
        };
        let counts = &mut self.counts;
        let name = self.seen.entry(word.to_owned()).or_insert_with(|| {
            let n = counts.entry(kind).or_default();
            *n += 1;
            format!("{kind}{n}")
        });
        out.push_str(name);
    }
}

pub fn plain(tables: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    let mut plain = Plain::default();
    tables.iter().map(|(name, csv)| (*name, plain.plain(csv))).collect()
}

/// How many events are kept as they are; of the others their number and their hash.
const EVENTS: usize = 200;

/// What is kept in `fixtures/month.expected/`.
fn kept(tables: &[(&'static str, String)]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for (name, csv) in tables {
        if *name == "events" {
            let first: String = csv.split_inclusive("\r\n").take(EVENTS + 1).collect();
            let count = rows(csv).len();
            let hash = hex(&Sha256::digest(csv.as_bytes()));
            files.insert("events.first.csv".to_owned(), first);
            files.insert("events.all.csv".to_owned(), format!("rows,sha256\r\n{count},{hash}\r\n"));
        } else {
            files.insert(format!("{name}.csv"), csv.clone());
        }
    }
    files
}

/// Compares two texts line by line and shows the first lines that differ.
pub fn assert_same(name: &str, left: &str, right: &str) {
    if left == right {
        return;
    }
    let mut shown = String::new();
    let (mut a, mut b) = (left.split_inclusive('\n'), right.split_inclusive('\n'));
    let (mut line, mut different) = (0, 0);
    loop {
        line += 1;
        match (a.next(), b.next()) {
            (None, None) => break,
            (x, y) if x == y => {}
            (x, y) => {
                different += 1;
                if different <= 5 {
                    let _ = write!(
                        shown,
                        "\nline {line}\n- {}\n+ {}",
                        x.unwrap_or("(none)\n").trim_end(),
                        y.unwrap_or("(none)\n").trim_end()
                    );
                }
            }
        }
    }
    panic!("{name}: {different} lines differ{shown}");
}

// --- The tests ------------------------------------------------------------------------------------------------------

/// The file is answered as a whole: a dry run writes nothing, the first import logs every case, the second changes
/// nothing, and each fault of `month.bad.csv` is told with its line, column and code.
#[test]
fn the_file_is_logged_once_and_every_bad_row_is_answered() {
    for engine in engines() {
        let server = TestServer::start(engine);
        server.at("2026-03-31T22:00:00Z");
        server.token("t.nguyen", &[Role::Tech]);
        let by = server.lab.user("t.nguyen").unwrap();
        let (file, bad) = (fixture("month.csv"), fixture("month.bad.csv"));
        let count = |out: &import::Imported| (out.logged, out.unchanged, out.refused, out.rows.len());
        let (empty, before) = (server.journal(), server.lab.verify().unwrap().entries);
        let mut told = Vec::new();
        let rehearsed = import::run(&server.lab, &by, &file, true, |done, all| told.push((done, all))).unwrap();
        assert_eq!(count(&rehearsed), (233, 0, 0, 1_141));
        assert_eq!(told.last(), Some(&(233, 233)));
        assert_eq!(server.journal(), empty, "a dry run wrote");

        let logged = import::run(&server.lab, &by, &file, false, |_, _| {}).unwrap();
        assert_eq!(count(&logged), (233, 0, 0, 1_141));
        assert_eq!(logged.rows, rehearsed.rows, "the dry run promised the same numbers");
        let full = server.journal();
        assert_eq!(server.lab.verify().unwrap().entries - before, 233);
        for dry_run in [true, false] {
            let again = import::run(&server.lab, &by, &file, dry_run, |_, _| {}).unwrap();
            assert_eq!(count(&again), (0, 233, 0, 1_141));
        }
        assert_eq!(server.journal(), full, "the same file twice wrote twice");

        server.at("2026-04-15T12:00:00Z");
        let answers = String::from_utf8(fixture("month.bad.answers.csv")).unwrap();
        let faults = import::run(&server.lab, &by, &bad, false, |_, _| {}).unwrap();
        let found: String = std::iter::once("line,column,code\r\n".to_owned())
            .chain(
                faults
                    .errors
                    .iter()
                    .map(|e| format!("{},{},{}\r\n", e.line, e.column.as_deref().unwrap_or_default(), e.code)),
            )
            .collect();
        assert_same("month.bad.answers.csv", &answers, &found);
        assert_eq!((faults.logged, faults.unchanged), (0, 0));
        assert_eq!(server.journal(), full, "a bad row left a trace");
        server.assert_verified();
    }
}

/// The whole month on SQLite, compared with the expected tables, and read back by an empty laboratory.
#[test]
fn every_case_of_the_month_reaches_its_end() {
    let month = Month::read();
    let mut drive = Drive::new(Engine::sqlite(), &month, |_| true);
    drive.run();
    drive.assert_over(|_| true);
    let never: Vec<&str> = WHO.iter().map(|(kind, _)| *kind).filter(|kind| !drive.taken.contains_key(*kind)).collect();
    assert_eq!(never, ["order.hold", "order.enter_in_error"], "steps that no case took");
    for kind in ["hold lapsed", "overdue noticed", "override", "changed since"] {
        assert!(drive.taken.contains_key(kind), "no {kind}");
    }
    let tables = drive.exports();
    // The file as a whole holds nothing that is not here.
    let by = drive.server.lab.user("t.nguyen").unwrap();
    let journal = drive.server.journal();
    let again = import::run(&drive.server.lab, &by, &fixture("month.csv"), false, |_, _| {}).unwrap();
    assert_eq!((again.logged, again.unchanged, again.refused), (0, 233, 0));
    assert_eq!(drive.server.journal(), journal);
    drive.server.assert_verified();

    let files = kept(&plain(&tables));
    let expected = folder().join("month.expected");
    if std::env::var("TREPHINE_BLESS").is_ok_and(|v| v == "1") {
        std::fs::create_dir_all(&expected).unwrap();
        for (name, csv) in &files {
            std::fs::write(expected.join(name), csv).unwrap();
        }
    }
    let there: BTreeSet<String> =
        std::fs::read_dir(&expected).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(there, files.keys().cloned().collect());
    for (name, csv) in &files {
        assert_same(name, &std::fs::read_to_string(expected.join(name)).unwrap(), csv);
    }
    reads_back(&tables[1].1);
}

/// An empty laboratory logs every case of the exported parts, and exports what it read as it read it.
fn reads_back(specimens: &str) {
    let server = TestServer::start(Engine::sqlite());
    server.at("2026-05-20T08:00:00Z");
    let admin = server.token("a.lindgren", &[Role::Admin]);
    server.token("t.nguyen", &[Role::Tech]);
    let by = server.lab.user("t.nguyen").unwrap();
    let out = import::run(&server.lab, &by, specimens.as_bytes(), false, |_, _| {}).unwrap();
    let wrong: Vec<_> = out.errors.iter().filter(|e| e.code != import_cases::REFUSED_WITH_CASE).collect();
    assert!(
        wrong.is_empty(),
        "{} rows of our own export are refused, the first: {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(5)]
    );
    let query = "identifiers=full&reason=end-to-end%20test&tz=Europe/London";
    let back = admin.get(&format!("{API}/exports/specimens.csv?{query}")).expect(200).text;
    let columns: Vec<&str> = import_cases::Column::ALL.iter().map(|c| c.name()).collect();
    let pick = |csv: &str| -> Vec<String> {
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let header = reader.headers().unwrap().clone();
        let place = |name: &str| header.iter().position(|h| h == name).unwrap();
        let parent = place("parent");
        let places: Vec<usize> = columns.iter().map(|c| place(c)).collect();
        let mut out: Vec<String> = reader
            .records()
            .map(Result::unwrap)
            .filter(|row| row[parent].is_empty())
            .map(|row| {
                places.iter().zip(&columns).map(|(p, c)| format!("{c}={}", &row[*p])).collect::<Vec<_>>().join(" ")
            })
            .collect();
        out.sort_unstable();
        out
    };
    assert_same("specimens read back", &pick(specimens).join("\n"), &pick(&back).join("\n"));
    server.assert_verified();
}

/// Every fourth case on both engines: the same people do the same, and the tables say the same, to the byte.
#[test]
fn both_engines_tell_the_same_story() {
    let month = Month::read();
    let mut told: Vec<(String, Vec<(&'static str, String)>)> = Vec::new();
    for engine in engines() {
        let name = engine.name.to_owned();
        let mut drive = Drive::new(engine, &month, |c| c % 4 == 0);
        drive.run();
        drive.assert_over(|c| c % 4 == 0);
        let tables = drive.exports();
        drive.server.assert_verified();
        told.push((name, tables));
    }
    let Some(((first, left), others)) = told.split_first() else { return };
    for (other, right) in others {
        for ((name, a), (_, b)) in plain(left).iter().zip(plain(right).iter()) {
            assert_same(&format!("{name} on {first} and {other}"), a, b);
        }
        // What was signed is the same to the byte, so its hash is.
        let hashes = |tables: &[(&str, String)]| -> Vec<String> {
            let csv = &tables.iter().find(|(name, _)| *name == "reports").unwrap().1;
            rows(csv).iter().map(|row| row[row.len() - 1].to_owned()).collect()
        };
        assert_eq!(hashes(left), hashes(right));
    }
}

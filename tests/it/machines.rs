//! The four machines over HTTP: every step that the tables do not have is refused for every role in every state and
//! writes nothing; every step that they have is taken by every role that may take it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Map, Value, json};
use trephine::domain::machine::anybody_for;
use trephine::domain::{
    Machine, OrderState, OrderTransition, ReportState, ReportTransition, ResultState, ResultTransition, Role,
    SpecimenState, SpecimenTransition,
};
use trephine::lab::accounts::operator;

use crate::support::{Engine, Reply, Staff, TestServer, Token};

/// The same test on every engine.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $name() { super::$name(crate::support::Engine::sqlite()); })+
        }
        mod on_postgres {
            $(#[test] fn $name() {
                if let Some(engine) = crate::support::Engine::postgres() { super::$name(engine); }
            })+
        }
    };
}
pub(crate) use on_both_engines;

on_both_engines!(
    no_illegal_step_of_a_specimen_is_taken_by_anybody,
    no_illegal_step_of_an_order_is_taken_by_anybody,
    no_illegal_step_of_a_result_or_a_report_is_taken_by_anybody,
    every_legal_step_is_taken_by_every_role_that_may,
);

/// Everybody whom a token may stand for.
const ROLES: [Role; 7] =
    [Role::Tech, Role::Supervisor, Role::Hematologist, Role::Pathologist, Role::Admin, Role::Auditor, Role::Interface];

/// A laboratory with its people, and the way to bring things into any state.
pub struct House {
    pub server: TestServer,
    pub staff: Staff,
    /// A hematologist who asked for none of the cases.
    pub stranger: Token,
    count: AtomicU32,
}

/// A case with a signed final report, and what is in it.
pub struct Signed {
    pub accession: String,
    pub label: String,
    pub order: String,
    pub result: String,
    pub report: String,
}

/// `{"transition": step}` beside the fields it reads.
fn with_step(step: &str, fields: &Value) -> Value {
    let mut body = json!({ "transition": step });
    for (name, value) in fields.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

/// What a specimen's step needs, complete: without the machine's guard it would be taken.
pub fn specimen_fields(step: SpecimenTransition) -> Value {
    use SpecimenTransition as T;
    match step {
        T::Plan | T::Accept | T::WithdrawRejection | T::Aliquot | T::RetainedByReferral | T::Discard => json!({}),
        T::Collect => json!({ "occurred_at": "2026-03-04T08:30:00Z", "pull_number": 1, "volume_ul": 3000 }),
        T::MarkNotCollected => json!({ "reason": "DRY_TAP" }),
        T::Dispatch => json!({ "destination": "Main laboratory", "tracking": "C-1" }),
        T::Receive => json!({ "temperature": "ambient", "location": "Reception" }),
        T::AcceptWithCaveat => json!({ "reason": "HEMODILUTE" }),
        T::Hold => json!({ "note": "Which side?", "told": "Dr Marlow" }),
        T::Resolve => json!({ "note": "Telephoned: left." }),
        T::ProposeRejection => json!({ "reason": "CLOTTED", "note": "One solid clot." }),
        T::Reject => json!({ "told": "Dr Marlow" }),
        T::Start => json!({ "location": "Bench 1" }),
        T::Store | T::ReturnFromReferral => json!({ "location": "Fridge 2" }),
        T::ReferOut => json!({ "laboratory": "Referral", "test": "NGS", "expected_on": "2026-03-20" }),
        T::Exhaust => json!({ "note": "The rest was spilled." }),
        T::Lose => json!({ "note": "Every bench.", "told": "Dr Marlow" }),
        T::Find => json!({ "note": "Name and number on the tube." }),
        T::EnterInError => json!({ "note": "Never existed." }),
    }
}

/// What an order's step needs.
pub fn order_fields(step: OrderTransition) -> Value {
    use OrderTransition as T;
    match step {
        T::Suggest
        | T::Order
        | T::Release
        | T::Await
        | T::MakeReady
        | T::Start
        | T::Repeat
        | T::Result
        | T::Review
        | T::Verify
        | T::Reopen
        | T::Recollect => json!({}),
        T::Dismiss | T::Return | T::EnterInError => json!({ "note": "Not wanted." }),
        T::Hold => json!({ "policy": "manual", "deadline": "2026-03-10T16:00:00Z" }),
        T::Advance => json!({ "workstep": "EXTRACT" }),
        T::Fail => json!({ "reason": "TECHNICAL", "note": "The run failed." }),
        T::ReferOut => json!({ "laboratory": "Referral", "expected_on": "2026-03-20" }),
        T::NotPerform => json!({ "reason": "QNS" }),
        T::Cancel => json!({ "reason": "REQUESTER" }),
    }
}

/// A complete result of the assay that these cases ask for.
pub fn ngs() -> Value {
    json!({
        "interpretation": "abnormal",
        "summary": "SRSF2 p.Pro95His, 41 %",
        "details": { "ngs": {
            "panel": "Myeloid 54 v3",
            "lod_vaf_pct": 2,
            "variants": [{ "gene": "SRSF2", "hgvs_c": "c.284C>A", "hgvs_p": "p.(Pro95His)", "vaf_pct": 41, "tier": 1 }],
        } },
    })
}

impl House {
    pub fn open(engine: Engine) -> Self {
        let server = TestServer::start(engine);
        let staff = server.staff();
        let stranger = server.token("n.stranger", &[Role::Hematologist]);
        Self { server, staff, stranger, count: AtomicU32::new(0) }
    }

    pub fn of(&self, role: Role) -> &Token {
        match role {
            Role::Tech => &self.staff.tech,
            Role::Supervisor => &self.staff.supervisor,
            Role::Hematologist => &self.staff.hematologist,
            Role::Pathologist => &self.staff.pathologist,
            Role::Admin => &self.staff.admin,
            Role::Auditor => &self.staff.auditor,
            Role::Interface => &self.staff.interface,
            Role::System => panic!("no token is the laboratory itself"),
        }
    }

    /// A case that `e.marlow` asked for, with one EDTA aspirate of 3000 µL taken at eight and the given assays.
    pub fn case(&self, orders: &Value) -> Value {
        json!({
            "patient": {
                "mrn": format!("M{:06}", self.count.fetch_add(1, Ordering::Relaxed)),
                "family_name": "Okonkwo", "given_name": "Ada", "born": "1961-05-02", "sex": "female",
            },
            "requester": "e.marlow",
            "indication": "LYMPHOMA",
            "procedure": { "performed_at": "2026-03-04T08:00:00Z", "operator": "Dr Vale", "site": "PIC", "side": "left" },
            "specimens": [{ "kind": "aspirate", "container": "EDTA", "pull_number": 1, "volume_ul": 3000 }],
            "orders": orders,
        })
    }

    /// The same with the puncture still to come.
    pub fn planned(&self, orders: &Value) -> Value {
        let mut body = self.case(orders);
        body["procedure"]["performed_at"] = Value::Null;
        body["specimens"][0]["volume_ul"] = Value::Null;
        body["specimens"][0]["pull_number"] = Value::Null;
        body
    }

    pub fn log(&self, body: &Value) -> Value {
        self.staff.tech.post("/api/v1/cases", body).expect(201).json()
    }

    pub fn step(&self, who: &Token, label: &str, step: SpecimenTransition) -> Reply {
        who.step(label, &with_step(step.name(), &specimen_fields(step)))
    }

    pub fn order_step(&self, who: &Token, id: &str, step: OrderTransition) -> Reply {
        who.order_step(id, &with_step(step.name(), &order_fields(step)))
    }

    /// Steps by the first who may, in a row.
    fn walk(&self, label: &str, steps: &[SpecimenTransition]) {
        use SpecimenTransition as T;
        for step in steps {
            let senior = matches!(step, T::Reject | T::Lose | T::Find | T::Resolve | T::EnterInError | T::Discard);
            let who = if senior { &self.staff.supervisor2 } else { &self.staff.tech2 };
            self.step(who, label, *step).expect(200);
        }
    }

    /// A new part in that state, in a case of its own.
    pub fn part(&self, state: SpecimenState) -> String {
        use SpecimenState as S;
        use SpecimenTransition as T;
        if state == S::Discarded {
            let label = self.kept_long_enough();
            self.walk(&label, &[T::Discard]);
            return label;
        }
        let orders = json!(["NGS-MYE"]);
        let planned = matches!(state, S::Planned | S::NotCollected | S::EnteredInError);
        let case = self.log(&if planned { self.planned(&orders) } else { self.case(&orders) });
        let label = case["specimens"][0]["label"].as_str().unwrap().to_owned();
        let steps: &[T] = match state {
            S::Planned | S::Collected => &[],
            S::NotCollected => &[T::MarkNotCollected],
            S::EnteredInError => &[T::EnterInError],
            S::InTransit => &[T::Dispatch],
            S::Received => &[T::Receive],
            S::OnHold => &[T::Receive, T::Hold],
            S::Accepted => &[T::Receive, T::Accept],
            S::InProcess => &[T::Receive, T::Accept, T::Start],
            S::Stored => &[T::Receive, T::Accept, T::Store],
            S::ReferredOut => &[T::Receive, T::Accept, T::ReferOut],
            S::Rejected => &[T::Receive, T::ProposeRejection, T::Reject],
            S::Exhausted => &[T::Receive, T::Accept, T::Exhaust],
            S::Lost => &[T::Lose],
            S::Discarded => unreachable!(),
        };
        self.walk(&label, steps);
        assert_eq!(self.staff.auditor.get(&format!("/api/v1/specimens/{label}")).json()["state"], state.name());
        label
    }

    /// A stored part whose report is final and whose retention is over. Moves the clock by a month.
    fn kept_long_enough(&self) -> String {
        let signed = self.signed();
        self.walk(&signed.label, &[SpecimenTransition::Store]);
        let later = self.server.lab.now() + chrono::Duration::days(30);
        self.server.clock.set(later);
        signed.label
    }

    /// A new order in that state, in a case of its own.
    pub fn order(&self, state: OrderState) -> String {
        use OrderState as S;
        use OrderTransition as T;
        use SpecimenTransition as P;
        let case = match state {
            S::Suggested => self.log(&self.case(&json!("suggested"))),
            S::Ordered => self.log(&self.case(&json!(["MPN-GENE"]))),
            _ => self.log(&self.case(&json!(["NGS-MYE"]))),
        };
        let label = case["specimens"][0]["label"].as_str().unwrap();
        let wanted = |o: &&Value| state != S::Suggested || o["state"] == "suggested";
        let id = case["orders"].as_array().unwrap().iter().find(wanted).unwrap()["id"].as_str().unwrap().to_owned();
        let tech = &self.staff.tech;
        let go = |step: T| {
            let who = match step {
                T::Review | T::EnterInError | T::NotPerform | T::Cancel => &self.staff.supervisor2,
                _ => tech,
            };
            self.order_step(who, &id, step).expect(200);
        };
        let accept = || self.walk(label, &[P::Receive, P::Accept]);
        match state {
            S::Suggested | S::AwaitingSpecimen => {}
            S::Held => go(T::Hold),
            S::Ordered => {
                // Its assay leaves the catalogue while it is held: released, it finds nothing to wait for.
                go(T::Hold);
                self.without_mpn_gene();
                go(T::Release);
                self.with_everything();
            }
            S::Ready => accept(),
            S::InProcess => {
                accept();
                go(T::Start);
            }
            S::Resulted | S::InReview | S::Final => {
                accept();
                go(T::Start);
                let result = self.enter(tech, &id);
                if state == S::InReview {
                    go(T::Review);
                }
                if state == S::Final {
                    self.verify(&self.staff.supervisor2, &result).expect(200);
                }
            }
            S::ReferredOut => {
                accept();
                go(T::ReferOut);
            }
            S::NeedsRecollect => self.walk(label, &[P::Lose]),
            S::Failed => {
                accept();
                go(T::Start);
                go(T::Fail);
            }
            S::NotPerformed => go(T::NotPerform),
            S::Cancelled => go(T::Cancel),
            S::EnteredInError => go(T::EnterInError),
        }
        assert_eq!(self.staff.auditor.get(&format!("/api/v1/orders/{id}")).json()["state"], state.name());
        id
    }

    /// A catalogue in which the assay MPN-GENE has another name.
    fn without_mpn_gene(&self) {
        let text = trephine::lab::catalogue::SHIPPED.replace("MPN-GENE", "MPN-GENES");
        self.server.lab.load_catalogue(text, &operator(), "test").unwrap();
    }

    fn with_everything(&self) {
        let text = trephine::lab::catalogue::SHIPPED.to_owned();
        self.server.lab.load_catalogue(text, &operator(), "test").unwrap();
    }

    /// Enters a result; its id.
    pub fn enter(&self, who: &Token, order: &str) -> String {
        let resource = format!("/api/v1/orders/{order}");
        let reply = who.post_current(&resource, &format!("{resource}/results"), &ngs()).expect(201);
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    pub fn result_post(&self, who: &Token, id: &str, what: &str, body: &Value) -> Reply {
        let resource = format!("/api/v1/results/{id}");
        // A hematologist does not see drafts, so the version comes from somebody who does.
        let etag = self.staff.auditor.get(&resource).etag.unwrap();
        who.post_with(&format!("{resource}/{what}"), body, &[("if-match", &etag)])
    }

    pub fn verify(&self, who: &Token, id: &str) -> Reply {
        self.result_post(who, id, "verify", &json!({}))
    }

    /// An order with a draft that the tech entered: the draft.
    pub fn draft(&self) -> String {
        self.enter(&self.staff.tech, &self.order(OrderState::InProcess))
    }

    /// A verified result.
    pub fn verified(&self) -> String {
        let draft = self.draft();
        self.verify(&self.staff.supervisor2, &draft).expect(200);
        draft
    }

    /// A draft that revises a verified result.
    pub fn revision(&self, kind: &str) -> String {
        let body = revise(kind);
        let reply = self.result_post(&self.staff.pathologist2, &self.verified(), "correct", &body).expect(201);
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    /// A result version in that state.
    pub fn result(&self, state: ResultState) -> String {
        use ResultState as S;
        match state {
            S::Draft => self.draft(),
            S::Preliminary => {
                let id = self.draft();
                self.result_post(&self.staff.supervisor2, &id, "release", &json!({})).expect(200);
                id
            }
            S::Final => self.verified(),
            S::Corrected | S::Amended | S::Appended => {
                let id = self.revision(state.name());
                self.verify(&self.staff.supervisor2, &id).expect(200);
                id
            }
            S::Retracted => {
                let id = self.draft();
                self.result_post(&self.staff.supervisor2, &id, "retract", &withdrawal()).expect(200);
                id
            }
        }
    }

    /// What is done with a report version, on its current version if it has one.
    pub fn report_post(&self, who: &Token, accession: &str, body: &Value) -> Reply {
        let path = format!("/api/v1/cases/{accession}/reports");
        match body["report"].as_str() {
            None => who.post(&path, body),
            Some(id) => {
                let case = self.staff.auditor.get(&format!("/api/v1/cases/{accession}")).json();
                let report = case["reports"].as_array().unwrap().iter().find(|r| r["id"] == id).unwrap();
                who.post_with(&path, body, &[("if-match", &format!("\"{}\"", report["version"]))])
            }
        }
    }

    /// Drafts and signs a version; its id.
    pub fn sign(&self, who: &Token, accession: &str, kind: &str) -> String {
        let id = self.draft_report(who, accession, kind);
        self.report_post(who, accession, &sign(&id)).expect(200);
        id
    }

    pub fn draft_report(&self, who: &Token, accession: &str, kind: &str) -> String {
        let reply = self.report_post(who, accession, &json!({ "action": "draft", "text": report_text(kind) }));
        reply.expect(201).json()["id"].as_str().unwrap().to_owned()
    }

    /// A case with a verified result and a signed final report.
    pub fn signed(&self) -> Signed {
        let result = self.verified();
        let view = self.staff.tech.get(&format!("/api/v1/results/{result}")).json();
        let order = view["order"].as_str().unwrap().to_owned();
        let accession = view["accession"].as_str().unwrap().to_owned();
        let label = format!("{accession}-A1");
        let report = self.sign(&self.staff.pathologist, &accession, "final");
        Signed { accession, label, order, result, report }
    }

    /// A report version in that state: the case and the version.
    pub fn report(&self, state: ReportState) -> (String, String) {
        use ReportState as S;
        let who = &self.staff.pathologist;
        let fresh = || {
            let view = self.staff.tech.get(&format!("/api/v1/results/{}", self.draft())).json();
            view["accession"].as_str().unwrap().to_owned()
        };
        match state {
            S::Draft => {
                let accession = fresh();
                let id = self.draft_report(who, &accession, "preliminary");
                (accession, id)
            }
            S::Preliminary => {
                let accession = fresh();
                let id = self.sign(who, &accession, "preliminary");
                (accession, id)
            }
            S::Final => {
                let Signed { accession, report, .. } = self.signed();
                (accession, report)
            }
            S::Appended | S::Amended | S::Corrected => {
                let Signed { accession, .. } = self.signed();
                let id = self.sign(who, &accession, state.name());
                (accession, id)
            }
            S::Void => {
                let (accession, id) = self.report(S::Draft);
                self.report_post(who, &accession, &void(&id)).expect(200);
                (accession, id)
            }
        }
    }
}

fn told() -> Value {
    json!({ "who": "Dr Marlow", "at": "2026-03-04T08:50:00Z", "how": "telephone" })
}

pub fn revise(kind: &str) -> Value {
    let mut result = ngs();
    result["summary"] = json!("SRSF2 p.Pro95His, 14 %");
    json!({ "revision": kind, "reason": "Digits swapped", "told": told(), "result": result })
}

pub fn withdrawal() -> Value {
    json!({ "reason": "Wrong tube", "told": told() })
}

pub fn report_text(kind: &str) -> Value {
    let mut text =
        json!({ "kind": kind, "diagnosis": "Myelodysplastic neoplasm with low blasts", "comment": "See results." });
    if matches!(kind, "appended" | "amended" | "corrected") {
        text["reason"] = json!("More is known");
        text["told"] = told();
    }
    text
}

pub fn sign(report: &str) -> Value {
    json!({ "action": "sign", "report": report, "password": Staff::PASSWORD })
}

pub fn read(report: &str) -> Value {
    json!({ "action": "read", "report": report })
}

pub fn void(report: &str) -> Value {
    json!({ "action": "void", "report": report, "reason": "Wrong patient", "told": told() })
}

fn may_ever<M: Machine>(step: M::Step, role: Role) -> bool {
    anybody_for::<M>(step).any(|r| r == role)
}

/// What the tables say to a person who asks for this step: the status, or none when it is legal.
fn verdict<M: Machine>(state: M, step: M::Step, role: Role) -> Option<u16> {
    match state.row(step) {
        _ if !may_ever::<M>(step, role) => Some(403),
        None => Some(409),
        Some(row) if !row.who.contains(&role) => Some(403),
        Some(_) => None,
    }
}

/// A refusal as CONTRACT.md shows it.
#[track_caller]
fn assert_refused<M: Machine>(reply: &Reply, status: u16, subject: &str, state: M, context: &str) {
    assert_eq!(reply.status, status, "{context}: {}", reply.text);
    let body = reply.json();
    assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{context}");
    assert_eq!(body["status"], status, "{context}");
    assert!(!body["title"].as_str().unwrap().is_empty() && !body["detail"].as_str().unwrap().is_empty(), "{context}");
    assert_eq!(body["request_id"].as_str(), reply.header("x-request-id"), "{context}: {}", reply.text);
    if status == 409 {
        assert_eq!(reply.problem(), "transition-not-allowed", "{context}: {}", reply.text);
        assert_eq!(body["state"], state.word(), "{context}");
        assert_eq!(body["allowed"], json!(state.allowed()), "{context}");
        let title = format!("{subject} is {}", state.word().replace('_', " "));
        assert_eq!(body["title"], title.as_str(), "{context}");
    } else {
        assert_eq!(reply.problem(), "forbidden", "{context}: {}", reply.text);
        assert!(body.get("state").is_none() && body.get("allowed").is_none(), "{context}: {}", reply.text);
    }
}

/// A stranger learns nothing: the same answer as about what does not exist.
#[track_caller]
fn assert_absent(reply: &Reply, may_ever: bool, context: &str) {
    assert_eq!(reply.status, if may_ever { 404 } else { 403 }, "{context}: {}", reply.text);
    let body = reply.json();
    assert!(body.get("state").is_none() && body.get("current").is_none(), "{context}: {}", reply.text);
}

fn no_illegal_step_of_a_specimen_is_taken_by_anybody(engine: Engine) {
    let house = House::open(engine);
    let parts: Vec<(SpecimenState, String)> = SpecimenState::ALL.iter().map(|s| (*s, house.part(*s))).collect();
    let etag = |label: &str| house.staff.auditor.get(&format!("/api/v1/specimens/{label}")).etag.unwrap();
    let before: Vec<String> = parts.iter().map(|(_, label)| etag(label)).collect();
    let journal = house.server.journal();
    let mut refused = 0;
    for ((state, label), version) in parts.iter().zip(&before) {
        for step in SpecimenTransition::ALL {
            let body = with_step(step.name(), &specimen_fields(*step));
            let path = format!("/api/v1/specimens/{label}/transitions");
            let headers = [("if-match", version.as_str())];
            for role in ROLES {
                let Some(status) = verdict(*state, *step, role) else { continue };
                let reply = house.of(role).post_with(&path, &body, &headers);
                let context = format!("{role} {step} {state}");
                assert_refused(&reply, status, &format!("Specimen {label}"), *state, &context);
                refused += 1;
            }
            let reply = house.stranger.post_with(&path, &body, &headers);
            let may = may_ever::<SpecimenState>(*step, Role::Hematologist);
            assert_absent(&reply, may, &format!("stranger {step} {state}"));
            if state.row(*step).is_none() {
                // Many at once is the same door.
                let many = json!({ "transition": step.name(), "specimens": [{ "label": label }], "step": specimen_fields(*step) });
                let reply = house.staff.supervisor.post("/api/v1/specimens/transitions", &many).expect(200).json();
                let expected = if may_ever::<SpecimenState>(*step, Role::Supervisor) { 409 } else { 403 };
                assert_eq!(reply["items"][0]["status"], expected, "{step} {state}: {reply}");
                assert_eq!(reply["failed"], 1);
            }
        }
        // Splitting has a route of its own.
        let children = json!({ "children": [{ "kind": "aspirate", "container": "EDTA", "volume_ul": 100 }] });
        for role in ROLES {
            let Some(status) = verdict(*state, SpecimenTransition::Aliquot, role) else { continue };
            let path = format!("/api/v1/specimens/{label}/aliquots");
            let reply = house.of(role).post_with(&path, &children, &[("if-match", version)]);
            assert_refused(&reply, status, &format!("Specimen {label}"), *state, &format!("{role} splits {state}"));
        }
    }
    assert!(refused > 2_000, "{refused}");
    assert_eq!(house.server.journal(), journal, "something was written");
    let after: Vec<String> = parts.iter().map(|(_, label)| etag(label)).collect();
    assert_eq!(before, after);
    house.server.assert_verified();
}

fn no_illegal_step_of_an_order_is_taken_by_anybody(engine: Engine) {
    let house = House::open(engine);
    let orders: Vec<(OrderState, String)> = OrderState::ALL.iter().map(|s| (*s, house.order(*s))).collect();
    // Without its assay in the catalogue, the order stays where it is.
    house.without_mpn_gene();
    let look = |id: &str| house.staff.auditor.get(&format!("/api/v1/orders/{id}"));
    let before: Vec<String> = orders.iter().map(|(_, id)| look(id).etag.unwrap()).collect();
    let journal = house.server.journal();
    for ((state, id), version) in orders.iter().zip(&before) {
        let view = look(id).json();
        let subject = format!("Order {} of {}", view["assay"].as_str().unwrap(), view["accession"].as_str().unwrap());
        let headers = [("if-match", version.as_str())];
        for step in OrderTransition::ALL {
            let body = with_step(step.name(), &order_fields(*step));
            let path = format!("/api/v1/orders/{id}/transitions");
            for role in ROLES {
                let Some(status) = verdict(*state, *step, role) else { continue };
                let reply = house.of(role).post_with(&path, &body, &headers);
                assert_refused(&reply, status, &subject, *state, &format!("{role} {step} {state}"));
            }
            let reply = house.stranger.post_with(&path, &body, &headers);
            let may = may_ever::<OrderState>(*step, Role::Hematologist);
            assert_absent(&reply, may, &format!("stranger {step} {state}"));
        }
        for role in ROLES {
            let Some(status) = verdict(*state, OrderTransition::Result, role) else { continue };
            let reply = house.of(role).post_with(&format!("/api/v1/orders/{id}/results"), &ngs(), &headers);
            assert_refused(&reply, status, &subject, *state, &format!("{role} enters a result, {state}"));
        }
    }
    assert_eq!(house.server.journal(), journal, "something was written");
    let after: Vec<String> = orders.iter().map(|(_, id)| look(id).etag.unwrap()).collect();
    assert_eq!(before, after);
    house.server.assert_verified();
}

fn no_illegal_step_of_a_result_or_a_report_is_taken_by_anybody(engine: Engine) {
    use ResultTransition as T;
    let house = House::open(engine);
    // A version, its state, and the step that verifying it is.
    let mut results: Vec<(ResultState, String, T)> =
        ResultState::ALL.iter().map(|s| (*s, house.result(*s), T::Verify)).collect();
    for (kind, step) in
        [("corrected", T::VerifyCorrection), ("amended", T::VerifyAmendment), ("appended", T::VerifyAddendum)]
    {
        results.push((ResultState::Draft, house.revision(kind), step));
        for (state, _, verify) in &mut results {
            if state.name() == kind {
                *verify = step;
            }
        }
    }
    let reports: Vec<(ReportState, (String, String))> =
        ReportState::ALL.iter().map(|s| (*s, house.report(*s))).collect();
    let look = |id: &str| house.staff.auditor.get(&format!("/api/v1/results/{id}"));
    let before: Vec<String> = results.iter().map(|(_, id, _)| look(id).etag.unwrap()).collect();
    let journal = house.server.journal();

    for (state, id, verify) in &results {
        let view = look(id).json();
        let subject = format!(
            "Result {} version {} of {}",
            view["assay"].as_str().unwrap(),
            view["number"],
            view["accession"].as_str().unwrap()
        );
        for (what, step, body) in [
            ("release", T::Release, json!({})),
            ("verify", *verify, json!({})),
            ("correct", T::Revise, revise("corrected")),
            ("retract", T::Retract, withdrawal()),
        ] {
            for role in ROLES {
                let context = format!("{role} {what} {state}");
                if step == T::Revise {
                    // A new version begins with nothing, so the machine has no row; a guard names the rule.
                    if role != Role::Pathologist || !state.is_verified() {
                        let reply = house.result_post(house.of(role), id, what, &body);
                        let status = if role == Role::Pathologist { 409 } else { 403 };
                        assert_eq!(reply.status, status, "{context}: {}", reply.text);
                        if status == 409 {
                            assert_eq!(reply.problem(), "rule-refused", "{context}");
                            assert_eq!(reply.json()["rule"], "not_verified", "{context}");
                            assert_eq!(reply.json()["state"], state.name(), "{context}");
                        }
                    }
                    continue;
                }
                let Some(status) = verdict(*state, step, role) else { continue };
                let reply = house.result_post(house.of(role), id, what, &body);
                assert_refused(&reply, status, &subject, *state, &context);
            }
            let reply = house.result_post(&house.stranger, id, what, &body);
            assert_absent(&reply, false, &format!("stranger {what} {state}"));
        }
    }

    for (state, (accession, id)) in &reports {
        let case = house.staff.auditor.get(&format!("/api/v1/cases/{accession}")).json();
        let report = case["reports"].as_array().unwrap().iter().find(|r| r["id"] == id.as_str()).unwrap().clone();
        let kind = report["kind"].as_str().unwrap();
        let subject = format!("Report {} of {accession}", report["number"]);
        let signing = ReportTransition::ALL.iter().find(|t| t.name() == format!("sign_{kind}")).unwrap();
        for (step, body) in [
            (ReportTransition::Edit, json!({ "action": "edit", "report": id, "text": report_text(kind) })),
            (*signing, sign(id)),
            (ReportTransition::Void, void(id)),
            (ReportTransition::Read, read(id)),
        ] {
            for role in ROLES {
                let Some(status) = verdict(*state, step, role) else { continue };
                let reply = house.report_post(house.of(role), accession, &body);
                assert_refused(&reply, status, &subject, *state, &format!("{role} {step} {state}"));
            }
        }
        for role in ROLES.into_iter().filter(|r| *r != Role::Pathologist) {
            let draft = json!({ "action": "draft", "text": report_text("preliminary") });
            let reply = house.report_post(house.of(role), accession, &draft);
            assert_refused(&reply, 403, &subject, *state, &format!("{role} drafts"));
        }
    }
    // Whoever signs gives the password again, and only that is noted: every other answer wrote nothing.
    let signed_in = journal_since(&house, journal);
    assert!(signed_in.iter().all(|e| e["command"] == "session.password_given"), "{signed_in:?}");
    let after: Vec<String> = results.iter().map(|(_, id, _)| look(id).etag.unwrap()).collect();
    assert_eq!(before, after);
    house.server.assert_verified();
}

/// Everything in the journal after a position, as the feed tells it.
pub fn journal_since(house: &House, mut after: i64) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let page = house.staff.auditor.get(&format!("/api/v1/events?after={after}&limit=200")).expect(200).json();
        let items = page["items"].as_array().unwrap();
        let Some(last) = items.last() else { return all };
        after = last["position"].as_i64().unwrap();
        all.extend(items.iter().cloned());
    }
}

/// Which step was taken from which state, by whom, of which machine, as the journal tells it.
type Taken = BTreeSet<(String, String, String)>;

fn taken(house: &House) -> Taken {
    let mut states: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut taken = Taken::new();
    for entry in journal_since(house, 0) {
        for event in entry["events"].as_array().unwrap() {
            let state = states.entry(event["id"].as_str().unwrap().to_owned()).or_default();
            let from = state.get("state").and_then(Value::as_str).unwrap_or("").to_owned();
            for change in event["changes"].as_array().unwrap() {
                state.insert(change["field"].as_str().unwrap().to_owned(), change["after"].clone());
            }
            let step = event["what"].as_str().unwrap().split_once('.').unwrap().1.to_owned();
            taken.insert((event["subject"].as_str().unwrap().to_owned(), from, step));
        }
    }
    taken
}

/// The rows of a table, state by state.
fn rows<M: Machine>() -> BTreeMap<(String, String, String), Vec<Role>> {
    let mut all = BTreeMap::new();
    for row in M::TABLE {
        let from: Vec<&str> = if row.from.is_empty() { vec![""] } else { row.from.iter().map(|s| s.word()).collect() };
        for from in from {
            let step = M::step_word(row.step).to_owned();
            all.insert((M::NAME.to_owned(), from.to_owned(), step), row.who.to_vec());
        }
    }
    all
}

/// What only the laboratory itself does, as a consequence of another step.
const SYSTEM_ONLY: &[(&str, &str, &str)] = &[
    ("order", "", "suggest"),
    ("order", "ordered", "await"),
    ("order", "ready", "await"),
    ("order", "needs_recollect", "await"),
    ("order", "ordered", "make_ready"),
    ("order", "awaiting_specimen", "make_ready"),
    ("order", "needs_recollect", "make_ready"),
    ("order", "final", "reopen"),
    ("order", "ordered", "recollect"),
    ("order", "awaiting_specimen", "recollect"),
    ("order", "ready", "recollect"),
    ("order", "in_process", "recollect"),
];

fn every_legal_step_is_taken_by_every_role_that_may(engine: Engine) {
    let house = House::open(engine);
    take_every_specimen_row(&house);
    take_every_order_row(&house);
    take_every_result_row(&house);
    take_every_report_row(&house);
    let_the_laboratory_act(&house);
    discard(&house);

    let taken = taken(&house);
    let mut table = rows::<SpecimenState>();
    table.extend(rows::<OrderState>());
    table.extend(rows::<ResultState>());
    table.extend(rows::<ReportState>());
    let missing: Vec<_> = table.keys().filter(|row| !taken.contains(row)).collect();
    assert!(missing.is_empty(), "never taken: {missing:#?}");
    let alone: BTreeSet<_> =
        table.iter().filter(|(_, who)| **who == [Role::System]).map(|(row, _)| row.clone()).collect();
    let declared: BTreeSet<_> =
        SYSTEM_ONLY.iter().map(|(m, f, s)| ((*m).to_owned(), (*f).to_owned(), (*s).to_owned())).collect();
    assert_eq!(alone, declared);
    house.server.assert_verified();
}

fn take_every_specimen_row(house: &House) {
    use SpecimenTransition as T;
    for row in SpecimenState::TABLE {
        for role in row.who.iter().filter(|r| **r != Role::System) {
            let who = house.of(*role);
            if row.from.is_empty() {
                assert_eq!(row.step, T::Plan);
                let case = who.post("/api/v1/cases", &house.planned(&json!(["NGS-MYE"]))).expect(201).json();
                assert_eq!(case["specimens"][0]["state"], "planned");
            }
            for from in row.from.iter().filter(|_| row.step != T::Discard) {
                let label = house.part(*from);
                if matches!(row.step, T::Reject | T::WithdrawRejection) {
                    house.step(&house.staff.tech2, &label, T::ProposeRejection).expect(200);
                }
                let expected = row.to.unwrap_or(*from).name();
                if row.step == T::Aliquot {
                    let resource = format!("/api/v1/specimens/{label}");
                    let children = json!({ "children": [
                        { "kind": "aspirate", "container": "EDTA", "volume_ul": 1000 },
                        { "kind": "nucleic_acid", "container": "PLAIN" },
                    ] });
                    let made =
                        who.post_current(&resource, &format!("{resource}/aliquots"), &children).expect(201).json();
                    assert_eq!(made["parent"]["state"], expected);
                    assert_eq!(made["parent"]["remaining_ul"], 2000);
                    assert_eq!(made["specimens"][1]["label"], format!("{label}-2"));
                    continue;
                }
                let done = house.step(who, &label, row.step);
                assert_eq!(done.status, 200, "{role} {} {from}: {}", row.step, done.text);
                assert_eq!(done.json()["state"], expected, "{role} {} {from}", row.step);
                // The buttons are the table.
                let to = row.to.unwrap_or(*from);
                let buttons: Vec<&str> = to.rows().filter(|r| r.who.contains(role)).map(|r| r.step.name()).collect();
                assert_eq!(done.json()["allowed"], json!(buttons), "{role} {} {from}", row.step);
            }
        }
    }
}

fn discard(house: &House) {
    // Moves the clock, so it comes last.
    let label = house.kept_long_enough();
    let done = house.step(&house.staff.supervisor, &label, SpecimenTransition::Discard).expect(200);
    assert_eq!(done.json()["state"], "discarded");
}

fn take_every_order_row(house: &House) {
    use OrderTransition as T;
    for row in OrderState::TABLE {
        for role in row.who.iter().filter(|r| **r != Role::System) {
            let who = house.of(*role);
            if row.from.is_empty() {
                assert_eq!(row.step, T::Order);
                let case = house.log(&house.case(&json!([])));
                let path = format!("/api/v1/cases/{}/orders", case["accession"].as_str().unwrap());
                let added = who.post(&path, &json!({ "assay": "NGS-MYE" })).expect(201).json();
                assert_eq!(added["state"], "awaiting_specimen");
            }
            for from in row.from {
                let id = house.order(*from);
                // An order of this assay can be `ordered` only while the catalogue does not know it.
                if *from == OrderState::Ordered {
                    house.without_mpn_gene();
                }
                let done = match row.step {
                    T::Result => {
                        let resource = format!("/api/v1/orders/{id}");
                        who.post_current(&resource, &format!("{resource}/results"), &ngs())
                    }
                    T::Verify => {
                        let order = house.staff.auditor.get(&format!("/api/v1/orders/{id}")).json();
                        let case =
                            house.staff.auditor.get(&format!("/api/v1/cases/{}", order["accession"].as_str().unwrap()));
                        house.verify(who, case.json()["results"][0]["id"].as_str().unwrap())
                    }
                    step => house.order_step(who, &id, step),
                };
                let status = if row.step == T::Result { 201 } else { 200 };
                assert_eq!(done.status, status, "{role} {} {from}: {}", row.step, done.text);
                let order = house.staff.auditor.get(&format!("/api/v1/orders/{id}")).json();
                // Ordered and released orders are routed at once.
                let expected = match row.to.unwrap_or(*from) {
                    OrderState::Ordered => OrderState::AwaitingSpecimen,
                    to => to,
                };
                assert_eq!(order["state"], expected.name(), "{role} {} {from}: {order}", row.step);
                if *from == OrderState::Ordered {
                    house.with_everything();
                }
            }
        }
    }
}

fn take_every_result_row(house: &House) {
    use ResultTransition as T;
    for row in ResultState::TABLE {
        for role in row.who.iter().filter(|r| **r != Role::System) {
            let who = house.of(*role);
            let (what, body) = match row.step {
                T::Enter => {
                    // Two techs: whoever enters is somebody else than who set it up.
                    house.enter(who, &house.order(OrderState::InProcess));
                    continue;
                }
                T::Revise => {
                    let id = house.verified();
                    let draft = house.result_post(who, &id, "correct", &revise("amended")).expect(201).json();
                    assert_eq!(
                        (draft["state"].as_str(), draft["replaces"].as_str()),
                        (Some("draft"), Some(id.as_str()))
                    );
                    continue;
                }
                T::Release => ("release", json!({})),
                T::Verify | T::VerifyCorrection | T::VerifyAmendment | T::VerifyAddendum => ("verify", json!({})),
                T::Retract => ("retract", withdrawal()),
            };
            for from in row.from {
                let id = match row.step {
                    T::VerifyCorrection => house.revision("corrected"),
                    T::VerifyAmendment => house.revision("amended"),
                    T::VerifyAddendum => house.revision("appended"),
                    T::Enter | T::Revise | T::Release | T::Verify | T::Retract => house.result(*from),
                };
                let done = house.result_post(who, &id, what, &body);
                assert_eq!(done.status, 200, "{role} {} {from}: {}", row.step, done.text);
                assert_eq!(done.json()["state"], row.to.unwrap().name());
            }
        }
    }
}

fn take_every_report_row(house: &House) {
    use ReportTransition as T;
    for row in ReportState::TABLE {
        let [role] = row.who else { panic!("one role takes it: {:?}", row.who) };
        let who = house.of(*role);
        match row.step {
            T::Draft | T::SignPreliminary | T::SignFinal | T::SignAppended | T::SignAmended | T::SignCorrected => {
                // Drafting and signing is how a report comes into its state.
                house.report(row.to.unwrap());
            }
            T::Edit => {
                let (accession, id) = house.report(ReportState::Draft);
                let text = report_text("preliminary");
                house
                    .report_post(who, &accession, &json!({ "action": "edit", "report": id, "text": text }))
                    .expect(200);
            }
            T::Read => {
                for from in row.from {
                    let (accession, id) = house.report(*from);
                    let read_by = house.report_post(who, &accession, &read(&id)).expect(200).json()["read_by"].clone();
                    assert_eq!(read_by.as_array().unwrap().len(), 1, "{from}");
                }
            }
            T::Void => {
                for from in row.from {
                    let (accession, id) = house.report(*from);
                    let done = house.report_post(who, &accession, &void(&id)).expect(200).json();
                    assert_eq!(done["state"], "void", "{from}");
                }
            }
        }
    }
}

/// The rows that only the laboratory takes: each as the consequence of something that a person or the time does.
fn let_the_laboratory_act(house: &House) {
    use SpecimenTransition as P;
    let supervisor = &house.staff.supervisor;
    let state = |id: &str| house.staff.auditor.get(&format!("/api/v1/orders/{id}")).json()["state"].clone();
    let first = |case: &Value| {
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        (
            text(&case["accession"]),
            text(&case["specimens"][0]["label"]),
            case["orders"][0]["id"].as_str().map(str::to_owned),
        )
    };
    let add_part = |accession: &str| {
        let part = json!({ "kind": "aspirate", "container": "EDTA", "pull_number": 1, "volume_ul": 2000, "collected_at": "2026-03-04T08:40:00Z" });
        let added = supervisor.post(&format!("/api/v1/cases/{accession}/specimens"), &part).expect(201).json();
        added["label"].as_str().unwrap().to_owned()
    };

    // Lost while it is awaited; a new part is awaited; it comes.
    let (accession, label, id) = first(&house.log(&house.case(&json!(["NGS-MYE"]))));
    let id = id.unwrap();
    house.walk(&label, &[P::Lose]);
    assert_eq!(state(&id), "needs_recollect");
    let second = add_part(&accession);
    assert_eq!(state(&id), "awaiting_specimen");
    house.walk(&second, &[P::Receive, P::Accept]);
    assert_eq!(state(&id), "ready");
    // Lost when it was ready, with nothing else; then the first is found.
    house.walk(&second, &[P::Lose]);
    assert_eq!(state(&id), "needs_recollect");
    house.walk(&second, &[P::Find, P::Accept]);
    assert_eq!(state(&id), "ready");
    // Held again after it was accepted: the order waits again.
    house.walk(&second, &[P::Hold]);
    assert_eq!(state(&id), "awaiting_specimen");
    house.walk(&second, &[P::Resolve]);
    // Lost on the bench with another part at hand, which takes over at once.
    let third = add_part(&accession);
    house.walk(&third, &[P::Receive, P::Accept]);
    house.order_step(&house.staff.tech, &id, OrderTransition::Start).expect(200);
    let used = house.staff.auditor.get(&format!("/api/v1/orders/{id}")).json()["specimen"].as_str().unwrap().to_owned();
    house.walk(&used, &[P::Lose]);
    assert_eq!(state(&id), "ready");

    // An assay asked for when its only part is lost, and one asked for when its part is here.
    let (accession, label, _) = first(&house.log(&house.case(&json!([]))));
    house.walk(&label, &[P::Lose]);
    let orders = format!("/api/v1/cases/{accession}/orders");
    assert_eq!(supervisor.post(&orders, &json!({ "assay": "NGS-MYE" })).expect(201).json()["state"], "needs_recollect");
    let label = house.part(SpecimenState::Accepted);
    let orders = format!("/api/v1/cases/{}/orders", label.rsplit_once('-').unwrap().0);
    assert_eq!(supervisor.post(&orders, &json!({ "assay": "FLOW-LPD" })).expect(201).json()["state"], "ready");

    // Its only verified result is withdrawn.
    let signed = house.signed();
    house.result_post(&house.staff.pathologist, &signed.result, "retract", &withdrawal()).expect(200);
    assert_eq!(state(&signed.order), "in_process");

    // Deadlines come.
    for (policy, then) in [("auto_perform", "awaiting_specimen"), ("auto_cancel", "cancelled"), ("manual", "held")] {
        let id = house.order(OrderState::AwaitingSpecimen);
        let hold = json!({ "transition": "hold", "policy": policy, "deadline": "2026-03-04T10:00:00Z" });
        house.staff.tech.order_step(&id, &hold).expect(200);
        house.server.at("2026-03-04T10:30:00Z");
        house.server.lab.tick().unwrap();
        assert_eq!(state(&id), then);
        house.server.at("2026-03-04T09:00:00Z");
        house.server.lab.forget_recorded_at();
    }
}

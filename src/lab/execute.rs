//! The one door. Every clinical write of every kind comes through [`Door::execute`].
//!
//! Authorize, find, check version and key, decide, write rows and journal entry in one transaction, and only then let
//! the answer out and wake the live pages.

use std::sync::Arc;

use serde_json::json;

use super::catalogue::InForce;
use super::{Lab, LabError, Wake};
use crate::domain::command::NewResult;
use crate::domain::decide::{self, Circumstances, Decision, Subject};
use crate::domain::event::{Recorded, changes};
use crate::domain::progress::{progress, stage};
use crate::domain::{
    Actor, Case, CaseId, Command, Entity, Event, LogCase, Moment, OrderId, Refusal, ResultVersion, Target,
};
use crate::store::aggregate::{self, Whole};
use crate::store::journal::{self, NewEntry, START};
use crate::store::tables::cases::{ChainHead, Derived};
use crate::store::tables::{cases, counters, documents, idempotency, orders, patients, results, users};
use crate::store::{DbConn, StoreError, Tx};

/// What the caller saw before asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Whatever there is: timers, imports, and adding to a case.
    Any,
    /// The subject at this version; for commands about the case as a whole, its journal number.
    Version(i64),
    /// The whole case at this journal number, whatever the command is about: for who judges by all of it.
    Case(i64),
}

/// The answer that a repeated request gets, rendered inside the transaction that made it true.
pub type AnswerFn = Arc<dyn Fn(&Done) -> Answer + Send + Sync>;

/// An answer as it is kept with its idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: String,
}

/// A promise to do something once, however often it is asked.
#[derive(Clone)]
pub struct Once {
    /// The caller's key.
    pub key: String,
    /// SHA-256 of method, path and body: the same key with another is refused.
    pub body_hash: String,
    /// How the answer is rendered.
    pub answer: AnswerFn,
}

/// One request at the door.
#[derive(Clone)]
pub struct Ask {
    /// Who asks.
    pub actor: Actor,
    /// Which case.
    pub target: Target,
    /// What.
    pub command: Command,
    /// What the caller saw.
    pub expect: Expect,
    /// Once only.
    pub once: Option<Once>,
    /// The request, for the journal.
    pub request_id: String,
    /// Whether the person gave the password again within the last five minutes.
    pub reauthenticated: bool,
}

impl Ask {
    /// A request without precondition and key.
    pub fn new(actor: Actor, target: Target, command: Command, request_id: impl Into<String>) -> Self {
        Self {
            actor,
            target,
            command,
            expect: Expect::Any,
            once: None,
            request_id: request_id.into(),
            reauthenticated: false,
        }
    }
}

/// What was done.
#[derive(Debug, Clone)]
pub struct Done {
    /// The case now.
    pub case: Case,
    /// Its journal number now.
    pub seq: i64,
    /// What the command was about.
    pub subject: Subject,
    /// The catalogue it was decided under.
    pub catalogue: Arc<InForce>,
    /// When.
    pub at: Moment,
    /// Place in the journal of the whole laboratory.
    pub position: i64,
}

/// What came of a request.
#[derive(Debug)]
pub enum Outcome {
    /// It was done now.
    Done(Box<Done>),
    /// It was done before; this was the answer.
    Again(Answer),
}

/// How often a race for a key, a record number or a version is run again before the caller hears of it.
const RACES_MAX: u32 = 3;

impl Lab {
    /// Carries out one command, durably. The only way to change anything clinical.
    ///
    /// # Errors
    /// [`LabError`]; nothing was written, unless it is [`StoreError::CommitUnknown`].
    pub async fn execute(&self, ask: Ask) -> Result<Outcome, LabError> {
        let ask = Arc::new(ask);
        for race in 0.. {
            let (lab, job) = (self.clone(), Arc::clone(&ask));
            let outcome = self.store().write("execute", move |tx| lab.door(tx).execute(&job)).await;
            match outcome {
                Err(e) if race < RACES_MAX && is_race(&e) => {}
                other => return self.settle(other),
            }
        }
        Err(StoreError::Busy.into())
    }

    /// [`Lab::execute`] for code that blocks: the command line, timers.
    ///
    /// # Errors
    /// As [`Lab::execute`].
    pub fn execute_now(&self, ask: Ask) -> Result<Outcome, LabError> {
        let ask = Arc::new(ask);
        for race in 0.. {
            let (lab, job) = (self.clone(), Arc::clone(&ask));
            let outcome = self.store().write_now("execute", move |tx| lab.door(tx).execute(&job));
            match outcome {
                Err(e) if race < RACES_MAX && is_race(&e) => {}
                other => return self.settle(other),
            }
        }
        Err(StoreError::Busy.into())
    }

    /// Many commands in one durable transaction: the demonstration laboratory and imports. `work` decides with
    /// [`Door::attempt`] what a refusal undoes; an error undoes everything.
    ///
    /// # Errors
    /// What `work` returns, or the store.
    pub fn batch<T: Send + 'static>(
        &self,
        name: &'static str,
        mut work: impl FnMut(&mut Door<'_, '_>) -> Result<T, LabError> + Send + 'static,
    ) -> Result<T, LabError> {
        let lab = self.clone();
        let out = self.store().write_now(name, move |tx| work(&mut lab.door(tx)))?;
        self.announce(Wake { position: i64::MAX, accession: None });
        Ok(out)
    }

    /// [`Lab::batch`] with everything taken back at the end: what would happen, decided by the real thing.
    ///
    /// # Errors
    /// What `work` returns, or the store.
    pub fn rehearse<T: Send + 'static>(
        &self,
        name: &'static str,
        mut work: impl FnMut(&mut Door<'_, '_>) -> Result<T, LabError> + Send + 'static,
    ) -> Result<T, LabError> {
        let lab = self.clone();
        let end = self.store().write_now(name, move |tx| {
            let end = match work(&mut lab.door(tx)) {
                Ok(out) => Curtain::Fell(out),
                Err(e) => Curtain::Failed(e),
            };
            Err::<(), _>(end)
        });
        match end {
            Err(Curtain::Fell(out)) => Ok(out),
            Err(Curtain::Failed(e)) => Err(e),
            Ok(()) => Err(StoreError::Busy.into()),
        }
    }

    fn settle(&self, outcome: Result<Outcome, LabError>) -> Result<Outcome, LabError> {
        if let Ok(Outcome::Done(done)) = &outcome {
            self.announce(Wake { position: done.position, accession: Some(done.case.header.accession) });
        }
        outcome
    }

    fn door<'l, 't>(&'l self, tx: &'l mut Tx<'t>) -> Door<'l, 't> {
        Door { lab: self, tx }
    }
}

/// How a rehearsal ends: always with a rollback.
enum Curtain<T> {
    Fell(T),
    Failed(LabError),
}

impl<T> From<StoreError> for Curtain<T> {
    fn from(e: StoreError) -> Self {
        Self::Failed(e.into())
    }
}

/// Two callers met at a unique value; looking again tells what is true now.
fn is_race(e: &LabError) -> bool {
    matches!(e, LabError::Store(StoreError::Conflict { .. }))
}

/// The door while it is open: inside one transaction.
pub struct Door<'l, 't> {
    lab: &'l Lab,
    tx: &'l mut Tx<'t>,
}

impl Door<'_, '_> {
    /// [`Door::execute`] in a savepoint: a refusal undoes only this command.
    ///
    /// # Errors
    /// As [`Lab::execute`].
    pub fn attempt(&mut self, ask: &Ask) -> Result<Outcome, LabError> {
        let lab = self.lab;
        self.tx.savepoint(|tx| lab.door(tx).execute(ask))
    }

    /// Runs several commands in a savepoint of their own: all or none of them.
    ///
    /// # Errors
    /// What `work` returns.
    pub fn together<T>(&mut self, work: impl FnOnce(&mut Door<'_, '_>) -> Result<T, LabError>) -> Result<T, LabError> {
        let lab = self.lab;
        self.tx.savepoint(|tx| work(&mut lab.door(tx)))
    }

    /// The case of this target as this transaction leaves it so far, for somebody who may see it; nobody else changes it
    /// until the transaction ends.
    ///
    /// # Errors
    /// As if it did not exist, when it is not theirs to see.
    pub fn case(&mut self, actor: &Actor, target: &Target) -> Result<Whole, LabError> {
        super::scope::may_look(actor)?;
        let id = self.find(target)?;
        let whole = aggregate::load(self.tx, id, true)?.ok_or_else(absent)?;
        super::scope::may_see(actor, &whole.case.header)?;
        Ok(whole)
    }

    /// The version that this entry would make of an order's result, checked and completed; nothing is written.
    ///
    /// # Errors
    /// What does not fit.
    pub fn would_enter(
        &mut self,
        actor: &Actor,
        whole: &Whole,
        order: OrderId,
        new: &NewResult,
    ) -> Result<ResultVersion, LabError> {
        let (catalogue, lab) = (self.lab.catalogue(), self.lab);
        let now = self.lab.now();
        let now = self.after_the_last(whole, now)?;
        let mut ids = || lab.0.ids.next(now);
        let mut at = Circumstances::of(now, &catalogue.catalogue, &mut ids);
        Ok(decide::would_enter(&whole.case, order, new, actor, &mut at)?)
    }

    /// Another node's clock, or this one's before it was set back, may have been ahead: a case's time never goes back.
    fn after_the_last(&mut self, whole: &Whole, now: Moment) -> Result<Moment, LabError> {
        let last = journal::recorded_at(self.tx, &stream(whole.case.header.id), whole.head.seq)?;
        Ok(last.map_or(now, |last| now.max(last + chrono::Duration::microseconds(1))))
    }

    /// The connection, for questions about what this transaction has done so far.
    pub fn conn(&mut self) -> &mut DbConn {
        self.tx
    }

    /// Carries out one command within the open transaction.
    ///
    /// # Errors
    /// As [`Lab::execute`]; the caller rolls back.
    pub fn execute(&mut self, ask: &Ask) -> Result<Outcome, LabError> {
        // Roles first: whoever may never do this learns nothing about what exists.
        decide::may(&ask.command, &ask.actor)?;
        if let Some(once) = &ask.once
            && let Some(before) = idempotency::find(self.tx, ask.actor.id.0, &once.key)?
        {
            if before.body_hash != once.body_hash {
                return Err(LabError::KeyReused);
            }
            let status = u16::try_from(before.status).unwrap_or(200);
            return Ok(Outcome::Again(Answer { status, body: before.answer }));
        }
        let catalogue = self.lab.catalogue();
        let done = if let Command::LogCase(log) = &ask.command {
            self.log_case(ask, log, catalogue)?
        } else {
            self.change(ask, catalogue)?
        };
        if let Some(once) = &ask.once {
            let answer = (once.answer)(&done);
            let row = idempotency::Answered {
                actor_id: ask.actor.id.0,
                key: once.key.clone(),
                body_hash: once.body_hash.clone(),
                status: i32::from(answer.status),
                answer: answer.body,
                created_at: done.at,
            };
            idempotency::put(self.tx, &row)?;
        }
        Ok(Outcome::Done(Box::new(done)))
    }

    fn log_case(&mut self, ask: &Ask, log: &LogCase, catalogue: Arc<InForce>) -> Result<Done, LabError> {
        if let Some(reference) = log.external_ref.as_deref().map(crate::domain::text::composed)
            && let Some(id) = cases::by_external_ref(self.tx, &reference)?
        {
            let accession =
                cases::find(self.tx, id, false)?.map_or_else(String::new, |c| c.header.accession.to_string());
            return Err(LabError::AlreadyLogged { accession });
        }
        let now = self.lab.recorded_at();
        let known = patients::find_by_mrn(self.tx, &decide::normal_mrn(&log.patient.mrn))?;
        let year = now.with_timezone(&catalogue.laboratory.time_zone);
        let year = u8::try_from(chrono::Datelike::year(&year).rem_euclid(100)).unwrap_or_default();
        let number = counters::next(self.tx, &format!("accession:{year:02}"))?;
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let accession =
            crate::domain::Accession::new(year, number).map_err(|why| Refusal::field("", "numbers_used_up", why))?;
        let asks = users::find_by_name(self.tx, &decide::requester(log.requester.trim()))?;
        let lab = self.lab;
        let mut ids = || lab.0.ids.next(now);
        let mut at = Circumstances {
            reauthenticated: ask.reauthenticated,
            requester_name: asks.as_ref().map(|account| account.full_name.as_str()),
            ..Circumstances::of(now, &catalogue.catalogue, &mut ids)
        };
        let decision = decide::log_case(log, accession, known.as_ref(), &ask.actor, &mut at)?;
        self.write(ask, None, decision, known.is_none(), catalogue, now)
    }

    fn change(&mut self, ask: &Ask, catalogue: Arc<InForce>) -> Result<Done, LabError> {
        let id = self.find(&ask.target)?;
        let before = aggregate::load(self.tx, id, true)?.ok_or_else(absent)?;
        super::scope::may_see(&ask.actor, &before.case.header)?;
        let as_seen = match ask.expect {
            Expect::Any => true,
            Expect::Version(seen) => version(&before, &ask.command) == Some(seen),
            Expect::Case(seen) => before.head.seq == seen,
        };
        if !as_seen {
            return Err(LabError::Stale { seq: before.head.seq, current: Box::new(before.case) });
        }
        let now = self.after_the_last(&before, self.lab.recorded_at())?;
        let lab = self.lab;
        let mut ids = || lab.0.ids.next(now);
        let earlier = if matches!(ask.command, Command::SignReport(_)) {
            super::questions::flags::earlier(self.tx, &before.case, &ask.actor)?
        } else {
            Vec::new()
        };
        let takes_back = matches!(ask.command, Command::TakeBack);
        let newest = if takes_back { super::take_back::written(self.tx, id, before.head.seq)? } else { None };
        let mut at = Circumstances {
            earlier: &earlier,
            reauthenticated: ask.reauthenticated,
            newest: newest.as_ref(),
            ..Circumstances::of(now, &catalogue.catalogue, &mut ids)
        };
        let decision = decide::decide(before.case.clone(), &ask.command, &ask.actor, &mut at)?;
        self.write(ask, Some(&before), decision, false, catalogue, now)
    }

    fn find(&mut self, target: &Target) -> Result<CaseId, LabError> {
        let id = match target {
            Target::New => None,
            Target::Case(accession) => cases::id_of(self.tx, *accession)?,
            Target::Order(id) => orders::case_of(self.tx, *id)?,
            Target::Result(id) => results::case_of(self.tx, *id)?,
        };
        id.ok_or_else(absent)
    }

    /// Rows, journal entry and head, all in this transaction.
    fn write(
        &mut self,
        ask: &Ask,
        before: Option<&Whole>,
        decision: Decision,
        new_patient: bool,
        catalogue: Arc<InForce>,
        now: Moment,
    ) -> Result<Done, LabError> {
        let Decision { case, events, subject } = decision;
        if let (Some(whole), true) = (before, events.is_empty()) {
            // It is so already: nothing happened, so the journal says nothing.
            let position = journal::newest(self.tx)?;
            return Ok(Done { case, seq: whole.head.seq, subject, catalogue, at: now, position });
        }
        let head =
            before.as_ref().map_or_else(|| ChainHead { seq: 0, hash: START.to_owned() }, |whole| whole.head.clone());
        let entry = NewEntry {
            stream: stream(case.header.id),
            recorded_at: now,
            // A planned puncture lies ahead; what lies ahead has not occurred.
            occurred_at: ask.command.occurred_at().filter(|at| *at <= now),
            actor_id: ask.actor.id.0,
            actor: ask.actor.name.clone(),
            command: ask.command.name(),
            reason: ask.command.reason(),
            request_id: ask.request_id.clone(),
            body: body(before.map(|w| &w.case), &events),
        };
        let appended = journal::append(self.tx, Some((head.seq, head.hash)), entry)?;
        let head = ChainHead { seq: appended.seq, hash: appended.hash };
        let columns = derived(&case, &catalogue, now);
        match before {
            None => aggregate::insert(self.tx, &case, new_patient, columns, &head)?,
            Some(whole) => {
                super::room::has_room(self.tx, &whole.case, &case)?;
                if !aggregate::update(self.tx, whole, &case, columns, &head)? {
                    return Err(LabError::Stale { seq: whole.head.seq, current: Box::new(whole.case.clone()) });
                }
            }
        }
        // The bytes are in the transaction that says so.
        if let (Command::AttachDocument(_, new), Subject::Document(id)) = (&ask.command, &subject)
            && let Some((order, document)) = case.document(*id)
        {
            documents::insert(self.tx, order, document, new.bytes())?;
        }
        Ok(Done { case, seq: head.seq, subject, catalogue, at: now, position: appended.position })
    }
}

/// The journal stream of a case.
pub fn stream(id: CaseId) -> String {
    format!("case:{id}")
}

/// The same words whether it does not exist or is not theirs to see.
pub(crate) fn absent() -> LabError {
    Refusal::NotFound("There is nothing here by that name.".into()).into()
}

/// What lists filter and sort by.
pub(crate) fn derived(case: &Case, catalogue: &InForce, now: Moment) -> Derived {
    Derived {
        stage: stage(case),
        collected_at: case.collected_at(),
        due_at: progress(case, catalogue, now).expected_at,
        late: case.orders.iter().any(|o| o.state.is_open() && o.overdue_at.is_some()),
        critical_due_at: case.header.critical.iter().filter(|f| f.is_open()).map(|f| f.due_at).min(),
        closed_at: case
            .reports
            .iter()
            .filter(|r| r.state.is_complete())
            .filter_map(|r| r.signature.as_ref())
            .map(|s| s.at)
            .min(),
        recollect_since: case.header.recollections.iter().filter(|r| r.is_open()).map(|r| r.opened_at).min(),
    }
}

/// The version that a precondition is about.
fn version(whole: &Whole, command: &Command) -> Option<i64> {
    let case = &whole.case;
    match command {
        Command::MoveSpecimen(label, ..) | Command::Aliquot(label, ..) => case.labeled(label).map(|s| s.version),
        Command::MoveOrder(id, ..)
        | Command::AttachDocument(id, ..)
        | Command::EnterResult(id, ..)
        | Command::LapseHold(id)
        | Command::NoteOverdue(id) => case.order(*id).map(|o| o.version),
        Command::ReleaseResult(id)
        | Command::VerifyResult(id)
        | Command::ReviseResult(id, ..)
        | Command::RetractResult(id, ..) => case.result(*id).map(|r| r.version),
        Command::EditReport(id, ..)
        | Command::SignReport(id)
        | Command::ReadReport(id)
        | Command::VoidReport(id, ..) => case.report(*id).map(|r| r.version),
        Command::LogCase(_)
        | Command::AddSpecimen(_)
        | Command::OrderAssay(_)
        | Command::PlanSample(_)
        | Command::RecordCall(_)
        | Command::DraftReport(_)
        | Command::TakeBack => Some(whole.head.seq),
    }
}

/// The journal entry's body: every event with the fields that changed, before and after.
fn body(before: Option<&Case>, events: &[Event]) -> String {
    // Events about one thing follow each other; each is compared with the one before it, the first with the row.
    let mut last: std::collections::HashMap<uuid::Uuid, serde_json::Map<String, serde_json::Value>> =
        std::collections::HashMap::new();
    let mut recorded = Vec::with_capacity(events.len());
    for event in events {
        let id = event.after.id();
        let after = event.after.fields();
        let old = last.remove(&id).or_else(|| before.and_then(|case| as_it_was(case, &event.after)));
        recorded.push(Recorded {
            what: event.what.clone(),
            hl7: event.hl7.map(str::to_owned),
            subject: event.after.kind().to_owned(),
            id,
            changes: changes(old.as_ref(), &after),
        });
        last.insert(id, after);
    }
    json!({ "format": 1, "events": recorded }).to_string()
}

fn as_it_was(case: &Case, entity: &Entity) -> Option<serde_json::Map<String, serde_json::Value>> {
    match entity {
        Entity::Patient(_) => Some(Entity::Patient(case.patient.clone()).fields()),
        Entity::Case(_) => Some(Entity::Case(case.header.clone()).fields()),
        Entity::Specimen(s) => case.specimen(s.id).map(|x| Entity::Specimen(x.clone()).fields()),
        Entity::Order(o) => case.order(o.id).map(|x| Entity::Order(x.clone()).fields()),
        Entity::Result(r) => case.result(r.id).map(|x| Entity::Result(x.clone()).fields()),
        Entity::Report(r) => case.report(r.id).map(|x| Entity::Report(x.clone()).fields()),
    }
}

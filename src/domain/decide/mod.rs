//! `decide`: a case, a command, a person and the circumstances give what happened, or a refusal. Pure.

mod critical;
mod document;
mod log_case;
mod order;
mod outlook;
mod recollection;
mod report;
mod result;
mod retention;
mod routing;
mod specimen;
mod take_back;
mod timers;

pub use log_case::{SPECIMENS_MAX, is_same_person, log_case};
pub(crate) use log_case::{normal_mrn, requester};
pub use outlook::{Outlook, Prospect, outlook};
pub use recollection::waiting_for;
pub use report::{Hindrance, hex, hindrances, would_write};
pub use result::would_enter;
pub use retention::past_retention;
pub use routing::{after_dry_tap, due_of, facts};

use super::series::Earlier;
use super::take_back::Written;
use super::{
    Actor, Case, Catalogue, Command, CriticalId, DocumentId, Entity, Event, Label, Machine, Moment, Order, OrderId,
    Refusal, Report, ReportId, ResultId, ResultVersion, Role, Specimen,
};
use uuid::Uuid;

/// How far ahead of the server's clock a stated time may be, minutes (clocks differ).
pub const CLOCK_SLACK_MIN: i64 = 5;
/// How far back anything may be stated, days.
pub(crate) const PAST_DAYS_MAX: i64 = 3_650;
/// How far times may be out of order before a senior must say why, minutes (`reference/reliability.md` §3).
pub const ORDER_SLACK_MIN: i64 = 10;

/// What a decision needs to know beside the case.
pub struct Circumstances<'a> {
    /// The server's time.
    pub now: Moment,
    /// The catalogue in force.
    pub catalogue: &'a Catalogue,
    /// Where new identities come from.
    pub ids: &'a mut dyn FnMut() -> Uuid,
    /// What the patient's other cases found. Needed for signing only.
    pub earlier: &'a [Earlier],
    /// Whether the person gave the password again within the last five minutes.
    pub reauthenticated: bool,
    /// The newest entry of the case's journal. Needed for taking it back only.
    pub newest: Option<&'a Written>,
    /// The full name of whoever has the requester's account. Needed for logging only.
    pub requester_name: Option<&'a str>,
}

impl<'a> Circumstances<'a> {
    /// What every decision needs; for those that need no more.
    pub fn of(now: Moment, catalogue: &'a Catalogue, ids: &'a mut dyn FnMut() -> Uuid) -> Self {
        Self { now, catalogue, ids, earlier: &[], reauthenticated: false, newest: None, requester_name: None }
    }
}

/// What a command came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The case afterwards.
    pub case: Case,
    /// What happened, in order. Empty when all that was asked is so already: then nothing is written.
    pub events: Vec<Event>,
    /// What the command was about, for the answer.
    pub subject: Subject,
}

/// What a command was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The case.
    Case,
    /// A part.
    Specimen(Label),
    /// Several new parts.
    Specimens(Vec<Label>),
    /// An order.
    Order(OrderId),
    /// A critical finding.
    Critical(CriticalId),
    /// A document of an order.
    Document(DocumentId),
    /// A result version.
    Result(ResultId),
    /// A report version.
    Report(ReportId),
}

/// Decides one command about an existing case.
///
/// # Errors
/// A [`Refusal`] that names the rule; nothing happened.
pub fn decide(case: Case, command: &Command, by: &Actor, at: &mut Circumstances<'_>) -> Result<Decision, Refusal> {
    may(command, by)?;
    let mut work = Work { case, events: Vec::new(), by, at };
    let subject = match command {
        Command::LogCase(_) => return Err(Refusal::Forbidden("A case is logged once.".into())),
        Command::AddSpecimen(new) => work.add_specimen(new)?,
        Command::MoveSpecimen(label, step, details) => work.move_specimen(label, *step, details)?,
        Command::Aliquot(label, children) => work.aliquot(label, children)?,
        Command::OrderAssay(new) => work.order_assay(new)?,
        Command::PlanSample(plan) => work.plan_sample(plan)?,
        Command::MoveOrder(id, step, details) => work.move_order(*id, *step, details)?,
        Command::AttachDocument(order, new) => work.attach_document(*order, new)?,
        Command::RecordCall(call) => work.record_call(call)?,
        Command::EnterResult(order, new) => work.enter_result(*order, new)?,
        Command::ReleaseResult(id) => work.release_result(*id)?,
        Command::VerifyResult(id) => work.verify_result(*id)?,
        Command::ReviseResult(id, revise) => work.revise_result(*id, revise)?,
        Command::RetractResult(id, reason, told) => work.retract_result(*id, reason, told.as_ref())?,
        Command::DraftReport(text) => work.draft_report(text)?,
        Command::EditReport(id, text) => work.edit_report(*id, text)?,
        Command::SignReport(id) => work.sign_report(*id)?,
        Command::ReadReport(id) => work.read_report(*id)?,
        Command::VoidReport(id, reason, told) => work.void_report(*id, reason, told.as_ref())?,
        Command::LapseHold(id) => work.lapse_hold(*id)?,
        Command::NoteOverdue(id) => work.note_overdue(*id)?,
        Command::TakeBack => work.take_back()?,
    };
    work.settle_critical();
    Ok(Decision { case: work.case, events: work.events, subject })
}

/// Whether this person may ever give this command.
///
/// # Errors
/// [`Refusal::Forbidden`] that names who may.
pub fn may(command: &Command, by: &Actor) -> Result<(), Refusal> {
    let roles = command.roles();
    if by.is_any(&roles) {
        return Ok(());
    }
    Err(Refusal::Forbidden(forbidden(&command.name(), &roles)))
}

fn forbidden(what: &str, roles: &[Role]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for role in roles.iter().filter(|r| **r != Role::System) {
        if !names.contains(&role.name()) {
            names.push(role.name());
        }
    }
    if names.is_empty() {
        format!("Only the laboratory itself does “{what}”.")
    } else {
        format!("“{what}” takes the role {}.", names.join(" or "))
    }
}

/// A decision in the making: the case as it changes, and what happened so far.
struct Work<'w, 'a> {
    case: Case,
    events: Vec<Event>,
    by: &'w Actor,
    at: &'w mut Circumstances<'a>,
}

impl Work<'_, '_> {
    /// Checks a step against its machine: legal from this state, and by this person.
    fn guard_step<M: Machine>(
        &self,
        kind: &str,
        subject: &str,
        state: M,
        step: M::Step,
    ) -> Result<&'static super::machine::Row<M, M::Step>, Refusal> {
        let row = state.row(step).ok_or_else(|| Refusal::not_allowed(kind, subject, state, step))?;
        if self.by.is_any(row.who) {
            Ok(row)
        } else {
            Err(Refusal::Forbidden(forbidden(
                &format!("{kind}.{} when it is {}", M::step_word(step), state.word()),
                row.who,
            )))
        }
    }

    /// The stated time of a step, or now.
    fn when(&self, occurred_at: Option<Moment>) -> Result<Moment, Refusal> {
        match occurred_at {
            Some(at) if at > self.at.now + chrono::Duration::minutes(CLOCK_SLACK_MIN) => Err(Refusal::field(
                "/occurred_at",
                "in_the_future",
                "that time has not come yet; check the date and the zone",
            )),
            Some(at) if at < self.at.now - chrono::Duration::days(PAST_DAYS_MAX) => {
                Err(Refusal::field("/occurred_at", "out_of_range", "that is more than ten years ago; check the year"))
            }
            Some(at) => Ok(at),
            None => Ok(self.at.now),
        }
    }

    /// Times must be ordered; an exception takes a reason, a large one a supervisor's.
    fn in_order(
        &self,
        earlier: Option<(&str, Moment)>,
        what: &str,
        at: Moment,
        override_reason: Option<&str>,
    ) -> Result<(), Refusal> {
        let Some((earlier_what, earlier)) = earlier else { return Ok(()) };
        if at >= earlier {
            return Ok(());
        }
        let explained = override_reason.is_some_and(|r| !r.trim().is_empty());
        let gap_min = (earlier - at).num_minutes();
        if explained
            && (gap_min <= ORDER_SLACK_MIN || self.by.is_any(&[Role::Supervisor, Role::Pathologist, Role::System]))
        {
            return Ok(());
        }
        let detail = if explained {
            format!("{what} would be {gap_min} minutes before {earlier_what}; a supervisor must confirm that.")
        } else {
            format!("{what} cannot be before {earlier_what}; correct the time or say why in override_reason.")
        };
        Err(Refusal::field("/occurred_at", "out_of_order", detail))
    }

    fn put_specimen(&mut self, what: &str, hl7: Option<&'static str>, mut specimen: Specimen) {
        match self.case.specimens.iter_mut().find(|s| s.id == specimen.id) {
            Some(old) => {
                specimen.version = old.version + 1;
                *old = specimen.clone();
            }
            None => {
                specimen.version = 1;
                self.case.specimens.push(specimen.clone());
            }
        }
        self.events.push(Event { what: format!("specimen.{what}"), hl7, after: Entity::Specimen(specimen) });
    }

    fn put_order(&mut self, what: &str, hl7: Option<&'static str>, mut order: Order) {
        match self.case.orders.iter_mut().find(|o| o.id == order.id) {
            Some(old) => {
                order.version = old.version + 1;
                *old = order.clone();
            }
            None => {
                order.version = 1;
                self.case.orders.push(order.clone());
            }
        }
        self.events.push(Event { what: format!("order.{what}"), hl7, after: Entity::Order(order) });
    }

    fn put_result(&mut self, what: &str, mut result: ResultVersion) {
        match self.case.results.iter_mut().find(|r| r.id == result.id) {
            Some(old) => {
                result.version = old.version + 1;
                *old = result.clone();
            }
            None => {
                result.version = 1;
                self.case.results.push(result.clone());
            }
        }
        self.events.push(Event { what: format!("result.{what}"), hl7: None, after: Entity::Result(result) });
    }

    fn put_report(&mut self, what: &str, mut report: Report) {
        match self.case.reports.iter_mut().find(|r| r.id == report.id) {
            Some(old) => {
                report.version = old.version + 1;
                *old = report.clone();
            }
            None => {
                report.version = 1;
                self.case.reports.push(report.clone());
            }
        }
        self.events.push(Event { what: format!("report.{what}"), hl7: None, after: Entity::Report(report) });
    }

    fn put_header(&mut self, what: &str, change: impl FnOnce(&mut super::CaseHeader)) {
        change(&mut self.case.header);
        self.case.header.version += 1;
        self.events.push(Event {
            what: format!("case.{what}"),
            hl7: None,
            after: Entity::Case(self.case.header.clone()),
        });
    }

    fn find_specimen(&self, label: &Label) -> Result<Specimen, Refusal> {
        self.case.labeled(label).cloned().ok_or_else(|| Refusal::NotFound(format!("There is no part {label}.")))
    }

    fn find_order(&self, id: OrderId) -> Result<Order, Refusal> {
        self.case.order(id).cloned().ok_or_else(|| Refusal::NotFound(format!("There is no order {id}.")))
    }

    fn find_result(&self, id: ResultId) -> Result<ResultVersion, Refusal> {
        self.case.result(id).cloned().ok_or_else(|| Refusal::NotFound(format!("There is no result {id}.")))
    }

    fn find_report(&self, id: ReportId) -> Result<Report, Refusal> {
        self.case.report(id).cloned().ok_or_else(|| Refusal::NotFound(format!("There is no report {id}.")))
    }

    /// The next free label for a collected part of this kind.
    fn next_label(&self, kind: super::SpecimenKind) -> Option<Label> {
        let letter = kind.letter()?;
        let taken = self
            .case
            .specimens
            .iter()
            .filter(|s| s.label.letter() == letter && s.label.generation() == 0)
            .map(|s| s.label.ordinal())
            .max()
            .unwrap_or(0);
        Label::of(self.case.header.accession, kind, taken + 1)
    }
}

/// The part's name in sentences.
fn part(specimen: &Specimen) -> String {
    format!("Specimen {}", specimen.label)
}

/// The order's name in sentences.
fn assay(case: &Case, order: &Order) -> String {
    format!("Order {} of {}", order.assay, case.header.accession)
}

//! Random people do random things to a case, through the one door, on both engines, against a plain model.
//!
//! The model knows the declared tables, who is who, and sums: which state follows, who may, what is left in a tube, which
//! version is seen. Where it knows every guard of a step, the step must be taken; where it does not, the step may be
//! refused, and then nothing may have changed. What follows a step by itself (an order that finds a part, or loses it) it
//! allows only along the rows that the tables give to the laboratory itself.
//!
//! `TREPHINE_MODEL_CASES` says how many sequences (40), `TREPHINE_MODEL_SEED` which (1); a failure prints both, and the
//! shortest story that still fails.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use trephine::domain::command::{
    ChildInput, NewOrder, NewResult, NewSpecimen, OrderStep, OrdersInput, PatientInput, ProcedureInput, RecordCall,
    ReportText, ReviseResult, SpecimenStep, Suggested,
};
use trephine::domain::{
    Actor, CallMethod, CallOutcome, Case, Code, Command, HoldPolicy, Interpretation, LogCase, Machine, MediaType,
    NewDocument, OrderState, OrderTransition, Refusal, ReportKind, ReportState, ReportTransition, ResultState,
    ResultTransition, Revision, Role, Sex, Side, SpecimenKind, SpecimenState, SpecimenTransition, Target, Temperature,
    Told,
};
use trephine::lab::accounts::operator;
use trephine::lab::execute::stream;
use trephine::lab::questions::case::{Eyes, case_view};
use trephine::lab::{Answer, Ask, Done, Expect, Ids, Lab, LabError, ManualClock, Once, Outcome};
use trephine::store::{OpenOptions, Store, aggregate, journal};

use crate::month::plain;
use crate::support::{Engine, Staff, engines, shapes};

use OrderState as Os;
use OrderTransition as Ot;
use ResultState as Rs;
use SpecimenState as Ss;
use SpecimenTransition as St;

type Moment = DateTime<Utc>;
type Checked = Result<(), String>;

/// One thing that somebody does, as plain numbers: the same numbers mean the same to both engines, and smaller ones are
/// simpler.
type Dice = [u16; 14];

macro_rules! must {
    ($holds:expr, $($why:tt)+) => {
        if !$holds {
            return Err(format!($($why)+));
        }
    };
}

// --- People ---------------------------------------------------------------------------------------------------------

/// Login names and roles. The case is asked for by the first hematologist.
const PEOPLE: &[(&str, &[Role])] = &[
    ("t.one", &[Role::Tech]),
    ("t.two", &[Role::Tech]),
    ("s.one", &[Role::Supervisor]),
    ("s.two", &[Role::Supervisor]),
    ("h.one", &[Role::Hematologist]),
    ("h.two", &[Role::Hematologist]),
    ("p.one", &[Role::Pathologist]),
    ("p.two", &[Role::Pathologist]),
    ("sp.both", &[Role::Supervisor, Role::Pathologist]),
    ("a.dmin", &[Role::Admin]),
    ("au.ditor", &[Role::Auditor]),
    ("inter.face", &[Role::Interface]),
];
/// The laboratory's own timers stand behind all people.
const SYSTEM: usize = PEOPLE.len();
const REQUESTER: &str = "h.one";

fn roles(who: usize) -> &'static [Role] {
    PEOPLE.get(who).map_or(&[Role::System], |(_, roles)| *roles)
}

fn is_any(who: usize, allowed: &[Role]) -> bool {
    roles(who).iter().any(|r| allowed.contains(r))
}

/// One engine with its laboratory.
struct Side1 {
    name: &'static str,
    lab: Lab,
    clock: Arc<ManualClock>,
    people: Vec<Actor>,
    /// Goes last.
    _engine: Engine,
}

impl Side1 {
    fn open(engine: Engine) -> Self {
        let options = OpenOptions { create: true, migrate: true, ..OpenOptions::default() };
        let clock = Arc::new(ManualClock::new(start()));
        let lab = Lab::open(Store::open(&engine.url, options).unwrap(), clock.clone(), Ids::random().unwrap()).unwrap();
        let mut people: Vec<Actor> = PEOPLE
            .iter()
            .map(|(name, roles)| {
                lab.add_user(&operator(), name, &format!("Dr {name}"), roles, Staff::PASSWORD, "model").unwrap();
                lab.user(name).unwrap()
            })
            .collect();
        people.push(Actor::system());
        Self { name: engine.name, lab, clock, people, _engine: engine }
    }

    fn journal(&self) -> i64 {
        self.lab.store().read_now(journal::newest).unwrap()
    }
}

fn start() -> Moment {
    "2026-03-04T09:00:00Z".parse().unwrap()
}

// --- What can be done -----------------------------------------------------------------------------------------------

/// A command with places in the case instead of identities, which differ between the engines.
#[derive(Debug, Clone)]
enum Plan {
    AddPart(NewSpecimen),
    Step(usize, St, SpecimenStep),
    Split(usize, Vec<ChildInput>),
    AddOrder(Code, Option<usize>),
    OrderStep(usize, Ot, OrderStep, Option<usize>),
    /// The original of another laboratory; the number makes one unlike the next.
    Attach(usize, usize),
    Enter(usize, NewResult),
    Release(usize),
    Verify(usize),
    Revise(usize, ReviseResult),
    Retract(usize, String, Option<Told>),
    Draft(ReportText),
    Edit(usize, ReportText),
    Sign(usize),
    Void(usize, String, Option<Told>),
    Read(usize),
    Lapse(usize),
    Overdue(usize),
    /// A call about a critical finding that is known, or about a new one; what came of it, and whether it was read back.
    Call(Option<usize>, CallOutcome, bool),
}

impl Plan {
    fn command(&self, case: &Case) -> Command {
        let part = |i: &usize| case.specimens[*i].label.clone();
        let order = |i: &usize| case.orders[*i].id;
        let result = |i: &usize| case.results[*i].id;
        let report = |i: &usize| case.reports[*i].id;
        match self {
            Self::AddPart(new) => Command::AddSpecimen(Box::new(new.clone())),
            Self::Step(i, step, details) => Command::MoveSpecimen(part(i), *step, Box::new(details.clone())),
            Self::Split(i, children) => Command::Aliquot(part(i), children.clone()),
            Self::AddOrder(assay, parent) => Command::OrderAssay(Box::new(NewOrder {
                assay: assay.clone(),
                urgency: None,
                why: Some("Asked for.".to_owned()),
                parent: parent.as_ref().map(order),
            })),
            Self::OrderStep(i, step, details, from) => {
                let details = OrderStep { specimen: from.as_ref().map(part), ..details.clone() };
                Command::MoveOrder(order(i), *step, Box::new(details))
            }
            Self::Attach(i, number) => Command::AttachDocument(order(i), Box::new(original(*number))),
            Self::Enter(i, new) => Command::EnterResult(order(i), Box::new(new.clone())),
            Self::Release(i) => Command::ReleaseResult(result(i)),
            Self::Verify(i) => Command::VerifyResult(result(i)),
            Self::Revise(i, revise) => Command::ReviseResult(result(i), Box::new(revise.clone())),
            Self::Retract(i, why, told) => Command::RetractResult(result(i), why.clone(), told.clone()),
            Self::Draft(text) => Command::DraftReport(Box::new(text.clone())),
            Self::Edit(i, text) => Command::EditReport(report(i), Box::new(text.clone())),
            Self::Sign(i) => Command::SignReport(report(i)),
            Self::Void(i, why, told) => Command::VoidReport(report(i), why.clone(), told.clone()),
            Self::Read(i) => Command::ReadReport(report(i)),
            Self::Lapse(i) => Command::LapseHold(order(i)),
            Self::Overdue(i) => Command::NoteOverdue(order(i)),
            Self::Call(known, outcome, read_back) => Command::RecordCall(Box::new(RecordCall {
                finding: known.map(|i| case.header.critical[i].id),
                code: known.is_none().then(|| code("HLH")),
                text: known.is_none().then(|| "Hemophagocytosis in the smear".to_owned()),
                recipient: "Dr Marlow".to_owned(),
                role: "registrar".to_owned(),
                method: CallMethod::Telephone,
                at: None,
                outcome: *outcome,
                read_back: *read_back,
                escalated_to: None,
                note: None,
            })),
        }
    }

    /// Who may ever do this, in words of the tables.
    fn anybody(&self) -> Vec<Role> {
        fn of<M: Machine>(step: M::Step) -> Vec<Role> {
            M::TABLE.iter().filter(|row| row.step == step).flat_map(|row| row.who).copied().collect()
        }
        let people = |all: Vec<Role>| all.into_iter().filter(|r| *r != Role::System).collect();
        match self {
            Self::AddPart(_) => vec![Role::Tech, Role::Supervisor],
            Self::Step(_, step, _) => of::<Ss>(*step),
            Self::Split(..) => of::<Ss>(St::Aliquot),
            Self::AddOrder(..) => people(of::<Os>(Ot::Order)),
            Self::OrderStep(_, step, ..) => people(of::<Os>(*step)),
            Self::Attach(..) => vec![Role::Tech, Role::Supervisor, Role::Pathologist, Role::Interface],
            Self::Enter(..) => of::<Rs>(ResultTransition::Enter),
            Self::Release(_) => of::<Rs>(ResultTransition::Release),
            Self::Verify(_) => of::<Rs>(ResultTransition::Verify),
            Self::Revise(..) | Self::Draft(_) | Self::Edit(..) | Self::Sign(_) | Self::Void(..) => {
                vec![Role::Pathologist]
            }
            Self::Read(_) => vec![Role::Hematologist],
            Self::Retract(..) => people(of::<Rs>(ResultTransition::Retract)),
            Self::Lapse(_) | Self::Overdue(_) => vec![Role::System],
            Self::Call(..) => vec![Role::Tech, Role::Supervisor, Role::Pathologist],
        }
    }

    fn version(&self, model: &Model) -> i64 {
        match self {
            Self::AddPart(_) | Self::AddOrder(..) | Self::Draft(_) | Self::Call(..) => model.seq,
            Self::Step(i, ..) | Self::Split(i, _) => model.parts[*i].version,
            Self::OrderStep(i, ..) | Self::Attach(i, _) | Self::Enter(i, _) | Self::Lapse(i) | Self::Overdue(i) => {
                model.orders[*i].version
            }
            Self::Release(i) | Self::Verify(i) | Self::Revise(i, _) | Self::Retract(i, ..) => model.results[*i].version,
            Self::Edit(i, _) | Self::Sign(i) | Self::Void(i, ..) | Self::Read(i) => model.reports[*i].version,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::AddPart(_) => "specimen.add".to_owned(),
            Self::Step(_, step, _) => format!("specimen.{step}"),
            Self::Split(..) => "specimen.aliquot".to_owned(),
            Self::AddOrder(..) => "order.order".to_owned(),
            Self::OrderStep(_, step, ..) => format!("order.{step}"),
            Self::Attach(..) => "order.attach".to_owned(),
            Self::Enter(..) => "result.enter".to_owned(),
            Self::Release(_) => "result.release".to_owned(),
            Self::Verify(_) => "result.verify".to_owned(),
            Self::Revise(..) => "result.revise".to_owned(),
            Self::Retract(..) => "result.retract".to_owned(),
            Self::Draft(_) => "report.draft".to_owned(),
            Self::Edit(..) => "report.edit".to_owned(),
            Self::Sign(_) => "report.sign".to_owned(),
            Self::Void(..) => "report.void".to_owned(),
            Self::Read(_) => "report.read".to_owned(),
            Self::Lapse(_) => "order.lapse".to_owned(),
            Self::Overdue(_) => "order.overdue".to_owned(),
            Self::Call(..) => "case.call".to_owned(),
        }
    }
}

// --- The model ------------------------------------------------------------------------------------------------------

#[derive(Debug, Clone, PartialEq)]
struct Part {
    state: Ss,
    kind: SpecimenKind,
    /// Received, into children, used, thrown away: µL. Absent: not known.
    volume: Option<[u64; 4]>,
    parent: Option<usize>,
    /// Who proposed to reject it.
    proposed_by: Option<usize>,
    /// Who asked the open question, and whether it is about whose part this is.
    asked: Option<(usize, bool)>,
    version: i64,
}

#[derive(Debug, Clone, PartialEq)]
struct Order {
    assay: Code,
    state: Os,
    required: bool,
    hold: Option<(HoldPolicy, Moment)>,
    version: i64,
}

#[derive(Debug, Clone, PartialEq)]
struct Finding {
    order: usize,
    state: Rs,
    number: i64,
    by: usize,
    revision: Option<Revision>,
    version: i64,
}

#[derive(Debug, Clone, PartialEq)]
struct Version {
    state: ReportState,
    kind: ReportKind,
    by: usize,
    version: i64,
}

#[derive(Debug, Clone, Default)]
struct Model {
    parts: Vec<Part>,
    orders: Vec<Order>,
    results: Vec<Finding>,
    reports: Vec<Version>,
    /// Which version of the report somebody said to have read, and who, in that order.
    readings: Vec<(usize, usize)>,
    /// How many critical findings there are.
    critical: usize,
    /// How many commands were carried out.
    seq: i64,
    /// Their names, in order: what the journal must say.
    said: Vec<String>,
    /// What the time of the next command is: the clock's, but never before that of one that was decided.
    latest: Moment,
    /// When the last command was decided.
    decided: Moment,
}

/// What must come of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// This person may not do this.
    Forbidden,
    /// This case is none of theirs.
    Absent,
    /// It was changed since.
    Stale,
    /// The table has no such step from here.
    NotAllowed,
    /// A guard that the model knows refuses, or a field does not fit.
    Refused,
    /// A guard that the model does not know decides.
    May,
    /// It is so already: nothing is refused, and nothing is done.
    Already,
    /// It is done.
    Must,
}

const LOST: &[&str] = &["IN_TRANSIT", "AT_RECEPTION", "AT_BENCH", "IN_STORAGE", "AT_REFERRAL"];

const IDENTITY: &[&str] = &["IDENTITY", "UNLABELED", "MISMATCH_ID", "NAME_MISSPELLED", "NO_PATIENT_ID", "NO_NAME"];

fn original(number: usize) -> NewDocument {
    NewDocument::new(format!("report {number}.txt"), MediaType::Text, format!("Report {number}").as_bytes())
}

fn if_only(holds: bool) -> Fate {
    if holds { Fate::Must } else { Fate::Refused }
}

impl Model {
    fn is_open(&self, order: usize) -> bool {
        use Os::{
            AwaitingSpecimen, Cancelled, EnteredInError, Failed, Final, Held, InProcess, InReview, NeedsRecollect,
            NotPerformed, Ordered, Ready, ReferredOut, Resulted, Suggested,
        };
        match self.orders[order].state {
            Ordered | Held | AwaitingSpecimen | Ready | InProcess | Resulted | InReview | ReferredOut
            | NeedsRecollect | Failed => true,
            Suggested | Final | NotPerformed | Cancelled | EnteredInError => false,
        }
    }

    fn complete(&self) -> bool {
        use ReportState::{Amended, Appended, Corrected, Final};
        self.reports.iter().any(|r| matches!(r.state, Final | Appended | Amended | Corrected))
    }

    /// The newest signed version of the report that is not void.
    fn standing(&self) -> Option<usize> {
        self.reports.iter().rposition(|r| !matches!(r.state, ReportState::Draft | ReportState::Void))
    }

    fn verified(state: Rs) -> bool {
        matches!(state, Rs::Final | Rs::Corrected | Rs::Amended | Rs::Appended)
    }

    /// The verified version in force: the last one.
    fn in_force(&self, order: usize) -> Option<usize> {
        self.results.iter().rposition(|r| r.order == order && Self::verified(r.state))
    }

    fn left(volume: [u64; 4]) -> u64 {
        volume[0] - volume[1] - volume[2] - volume[3]
    }

    /// What must come of this, asked by this person at this version.
    fn foresee(&self, plan: &Plan, who: usize, seen: Option<i64>, again: bool, case: &Case) -> Fate {
        if !is_any(who, &plan.anybody()) {
            return Fate::Forbidden;
        }
        if roles(who) == [Role::Hematologist] && PEOPLE[who].0 != REQUESTER {
            return Fate::Absent;
        }
        if seen.is_some_and(|v| v != plan.version(self)) {
            return Fate::Stale;
        }
        match plan {
            Plan::AddPart(new) => if_only(new.kind.letter().is_some()),
            Plan::Step(i, step, details) => self.foresee_step(&self.parts[*i], *step, details, who, case, *i),
            Plan::Split(i, children) => self.foresee_split(&self.parts[*i], children, who),
            Plan::AddOrder(assay, _) => {
                let open = |i: usize| self.is_open(i) || self.orders[i].state == Os::Suggested;
                if_only(!(0..self.orders.len()).any(|i| self.orders[i].assay == *assay && open(i)))
            }
            Plan::OrderStep(i, step, details, from) => self.foresee_order(*i, *step, details, *from, who, case),
            Plan::Attach(i, number) => {
                let o = &case.orders[*i];
                let there = o.documents.iter().any(|d| d.file_name == original(*number).file_name());
                if_only(o.referral.is_some() && o.state != Os::EnteredInError && !there)
            }
            Plan::Call(known, outcome, read_back) => {
                let taken = known.is_none_or(|i| case.header.critical[i].is_open());
                if_only(taken && (!read_back || *outcome == CallOutcome::Reached))
            }
            Plan::Enter(i, new) => match self.row(self.orders[*i].state, Ot::Result, who) {
                Some(fate) => fate,
                None => if_only(new.interpretation == Interpretation::Inadequate || new.details.is_some()),
            },
            Plan::Release(i) => {
                let r = &self.results[*i];
                self.row(r.state, ResultTransition::Release, who)
                    .unwrap_or_else(|| if_only(r.revision.is_none() && r.by != who))
            }
            Plan::Verify(i) => {
                let r = &self.results[*i];
                let step = match r.revision {
                    None => ResultTransition::Verify,
                    Some(Revision::Corrected) => ResultTransition::VerifyCorrection,
                    Some(Revision::Amended) => ResultTransition::VerifyAmendment,
                    Some(Revision::Appended) => ResultTransition::VerifyAddendum,
                };
                if let Some(fate) = self.row(r.state, step, who) {
                    return fate;
                }
                let o = &case.orders[r.order];
                let away = o.referral.as_ref().is_some_and(|x| o.attempts.iter().all(|a| a.started_at <= x.sent_at));
                if r.by == who || (away && o.documents.is_empty()) {
                    return Fate::Refused;
                }
                if r.revision.is_some() {
                    return Fate::Must;
                }
                self.row(self.orders[r.order].state, Ot::Verify, who).unwrap_or(Fate::Must)
            }
            Plan::Revise(i, _) => {
                let r = &self.results[*i];
                let draft = self.results.iter().any(|x| x.order == r.order && x.state == Rs::Draft);
                if_only(Self::verified(r.state) && self.in_force(r.order) == Some(*i) && !draft)
            }
            Plan::Retract(i, _, told) => {
                let r = &self.results[*i];
                self.row(r.state, ResultTransition::Retract, who)
                    .unwrap_or_else(|| if_only(told.is_some() || !Self::verified(r.state)))
            }
            Plan::Draft(text) => {
                let open = self.reports.iter().any(|r| r.state == ReportState::Draft);
                if_only(!open && self.text_fits(text))
            }
            Plan::Edit(i, text) => self
                .row(self.reports[*i].state, ReportTransition::Edit, who)
                .unwrap_or_else(|| if_only(self.text_fits(text))),
            Plan::Sign(i) => self.foresee_signature(&self.reports[*i], who, again, case),
            Plan::Void(i, _, told) => {
                let r = &self.reports[*i];
                let signed = r.state != ReportState::Draft;
                self.row(r.state, ReportTransition::Void, who).unwrap_or_else(|| if_only(told.is_some() || !signed))
            }
            Plan::Read(i) => self.row(self.reports[*i].state, ReportTransition::Read, who).unwrap_or_else(|| {
                let again = self.readings.contains(&(*i, who));
                if again && self.standing() == Some(*i) { Fate::Already } else { if_only(self.standing() == Some(*i)) }
            }),
            Plan::Lapse(i) => {
                let o = &self.orders[*i];
                let due = o.hold.is_some_and(|(policy, until)| policy != HoldPolicy::Manual && until <= self.latest);
                if_only(o.state == Os::Held && due)
            }
            Plan::Overdue(i) => {
                let o = &case.orders[*i];
                let newly = o.overdue_at.is_none() && o.due_at.is_some_and(|due| due <= self.latest);
                if_only(self.is_open(*i) && newly)
            }
        }
    }

    /// What the table says, when it does not say yes.
    #[allow(clippy::unused_self)] // reads as a question to the model
    fn row<M: Machine>(&self, state: M, step: M::Step, who: usize) -> Option<Fate> {
        match M::TABLE.iter().find(|row| row.step == step && row.from.contains(&state)) {
            None => Some(Fate::NotAllowed),
            Some(row) if !is_any(who, row.who) => Some(Fate::Forbidden),
            Some(_) => None,
        }
    }

    fn foresee_step(&self, part: &Part, step: St, d: &SpecimenStep, who: usize, case: &Case, index: usize) -> Fate {
        if let Some(fate) = self.row(part.state, step, who) {
            return fate;
        }
        let proposed = part.proposed_by.is_some();
        match step {
            St::Plan | St::Aliquot => Fate::Refused,
            St::Collect => {
                let planned = &case.specimens[index];
                let site = !part.kind.is_marrow() || d.site.is_some() || planned.site.is_some();
                let pull = d.pull_number.is_some() || planned.pull_number.is_some();
                let measured = part.kind != SpecimenKind::Aspirate || (pull && d.volume_ul.is_some());
                if site && measured { Fate::May } else { Fate::Refused }
            }
            St::MarkNotCollected => if_only(d.reason.is_some()),
            St::Dispatch => if_only(d.destination.is_some()),
            St::Receive => if_only(d.temperature.is_some() || case.specimens[index].temperature.is_some()),
            St::Accept => {
                let side = !part.kind.is_marrow() || part.parent.is_some() || case.specimens[index].side.is_some();
                if proposed || !side { Fate::Refused } else { Fate::May }
            }
            St::AcceptWithCaveat => match &d.reason {
                None if !proposed => Fate::Refused,
                None => Fate::May,
                Some(reason) if IDENTITY.contains(&reason.as_str()) => {
                    if part.state == Ss::OnHold && d.declaration.is_some() { Fate::May } else { Fate::Refused }
                }
                Some(_)
                    if part.asked.is_some_and(|(by, identity)| identity && (by == who || d.declaration.is_none())) =>
                {
                    Fate::Refused
                }
                Some(_) => Fate::Must,
            },
            St::Hold => if_only(d.note.is_some() && d.told.is_some()),
            St::Resolve => match part.asked {
                _ if d.note.is_none() => Fate::Refused,
                Some((by, true)) => if_only(d.declaration.is_some() && by != who),
                Some((_, false)) | None => Fate::Must,
            },
            St::ProposeRejection => if_only(!proposed && d.reason.is_some() && d.note.is_some()),
            St::WithdrawRejection => if_only(proposed),
            St::Reject => if_only(part.proposed_by.is_some_and(|by| by != who) && d.told.is_some()),
            // Whether work may go on while a rejection is proposed is for the rules to say.
            St::Start | St::Store | St::ReturnFromReferral if d.location.is_none() => Fate::Refused,
            St::Start | St::Store if proposed => Fate::May,
            St::ReturnFromReferral if case.specimens[index].accepted_at.is_none() => Fate::May,
            St::Start | St::Store | St::ReturnFromReferral | St::RetainedByReferral => Fate::Must,
            St::ReferOut if d.laboratory.is_none() || d.test.is_none() || d.expected_on.is_none() => Fate::Refused,
            St::ReferOut if proposed || part.asked.is_some() => Fate::May,
            St::ReferOut => Fate::Must,
            St::Exhaust => if_only(d.note.is_some() || part.volume.is_none_or(|v| Self::left(v) == 0)),
            St::Lose => {
                let place = d.reason.as_ref().is_none_or(|r| LOST.contains(&r.as_str()));
                if_only(place && d.note.is_some() && d.told.is_some())
            }
            St::Find => if_only(d.note.is_some()),
            St::Discard => {
                let open = (0..self.orders.len()).any(|i| self.is_open(i));
                if open || !self.complete() { Fate::Refused } else { Fate::May }
            }
            St::EnterInError => {
                let id = case.specimens[index].id;
                let rests = case.results.iter().any(|r| r.specimen == Some(id) && Self::verified(r.state));
                if_only(d.note.is_some() && !rests)
            }
        }
    }

    fn foresee_split(&self, part: &Part, children: &[ChildInput], who: usize) -> Fate {
        if let Some(fate) = self.row(part.state, St::Aliquot, who) {
            return fate;
        }
        let mut left = part.volume.map(Self::left);
        for child in children {
            let same = child.kind == part.kind;
            if same && !part.kind.is_liquid() {
                return Fate::Refused;
            }
            match (child.volume_ul.map(u64::from), &mut left) {
                (Some(0), _) | (Some(_), None) => return Fate::Refused,
                (Some(taken), Some(rest)) if taken > *rest => return Fate::Refused,
                (Some(taken), Some(rest)) => *rest -= taken,
                (None, Some(_)) if same => return Fate::Refused,
                (None, _) => {}
            }
        }
        if_only(!children.is_empty())
    }

    fn foresee_order(&self, i: usize, step: Ot, d: &OrderStep, from: Option<usize>, who: usize, case: &Case) -> Fate {
        if let Some(fate) = self.row(self.orders[i].state, step, who) {
            return fate;
        }
        let linked = from.or_else(|| {
            let id = case.orders[i].specimen?;
            case.specimens.iter().position(|s| s.id == id)
        });
        let workable = |p: usize| matches!(self.parts[p].state, Ss::Accepted | Ss::InProcess | Ss::Stored);
        match step {
            Ot::Order | Ot::Release => Fate::Must,
            Ot::Dismiss | Ot::Return | Ot::EnterInError => if_only(d.note.is_some()),
            Ot::Hold => {
                let deadline = d.deadline.is_some_and(|at| at > self.latest && at < self.latest + Duration::days(59));
                if d.policy.is_none() || d.deadline.is_none_or(|at| at <= self.latest) {
                    Fate::Refused
                } else if deadline {
                    Fate::Must
                } else {
                    Fate::May
                }
            }
            Ot::Start => match linked {
                Some(p) if workable(p) => {
                    let volume = self.parts[p].volume.map(Self::left);
                    let too_much = d.used_ul.zip(volume).is_some_and(|(used, left)| u64::from(used) > left);
                    let solid = d.used_ul.is_some() && !self.parts[p].kind.is_liquid();
                    if too_much || solid { Fate::Refused } else { Fate::May }
                }
                Some(_) | None => Fate::Refused,
            },
            Ot::Advance => if_only(may_record(&self.orders[i].assay, &case.orders[i], d, who)),
            Ot::Fail | Ot::NotPerform | Ot::Cancel => if_only(d.reason.is_some()),
            Ot::Repeat => {
                let own = case.orders[i].specimen.and_then(|id| case.specimens.iter().position(|s| s.id == id));
                if_only(own.is_some_and(workable))
            }
            Ot::Review => {
                let last = |r: &&Finding| r.order == i && matches!(r.state, Rs::Draft | Rs::Preliminary);
                if_only(self.results.iter().rfind(last).is_none_or(|r| r.by != who))
            }
            Ot::ReferOut => if_only(d.laboratory.is_some() && d.expected_on.is_some()),
            Ot::Result | Ot::Verify | Ot::Suggest | Ot::Await | Ot::MakeReady | Ot::Recollect | Ot::Reopen => {
                Fate::Refused
            }
        }
    }

    /// Whether the kind of a report fits to what is signed, and a revision says why and to whom.
    fn text_fits(&self, text: &ReportText) -> bool {
        let told = text.reason.is_some() && text.told.is_some();
        if text.kind.is_revision() { self.complete() && told } else { !self.complete() }
    }

    fn foresee_signature(&self, report: &Version, who: usize, again: bool, case: &Case) -> Fate {
        let step = match report.kind {
            ReportKind::Preliminary => ReportTransition::SignPreliminary,
            ReportKind::Final => ReportTransition::SignFinal,
            ReportKind::Appended => ReportTransition::SignAppended,
            ReportKind::Amended => ReportTransition::SignAmended,
            ReportKind::Corrected => ReportTransition::SignCorrected,
        };
        if let Some(fate) = self.row(report.state, step, who) {
            return fate;
        }
        let failed_with_words = |i: usize| {
            self.orders[i].state == Os::Failed
                && case.orders[i].attempts.last().is_some_and(|a| a.failed_note.is_some())
        };
        let waiting =
            (0..self.orders.len()).any(|i| self.orders[i].required && self.is_open(i) && !failed_with_words(i));
        let revising = self.results.iter().any(|r| r.revision.is_some() && r.state == Rs::Draft);
        let ready = match report.kind {
            ReportKind::Preliminary => !self.complete(),
            ReportKind::Final => !waiting && !revising && !self.complete(),
            // A revision without anything final to revise would be a final report past its own rule.
            ReportKind::Appended | ReportKind::Amended | ReportKind::Corrected => !revising && self.complete(),
        };
        if_only(again && report.by == who && ready)
    }

    // --- What follows ---

    /// The model after a command that was carried out.
    fn after(
        &self,
        plan: &Plan,
        who: usize,
        before: &Case,
        after: &Case,
        catalogue: &trephine::domain::Catalogue,
    ) -> Self {
        let mut next = self.clone();
        next.seq += 1;
        next.said.push(plan.name());
        match plan {
            Plan::AddPart(new) => next.parts.push(Part {
                state: if new.not_collected.is_some() {
                    Ss::NotCollected
                } else if new.collected_at.is_some() {
                    Ss::Collected
                } else {
                    Ss::Planned
                },
                kind: new.kind,
                volume: new.collected_at.and(new.volume_ul).map(|v| [u64::from(v), 0, 0, 0]),
                parent: None,
                proposed_by: None,
                asked: None,
                version: 0,
            }),
            Plan::Step(i, step, d) => next.parts[*i].step(*step, d, who),
            Plan::Split(i, children) => {
                for child in children {
                    let taken = child.volume_ul.map(u64::from);
                    if let Some(volume) = &mut next.parts[*i].volume {
                        volume[1] += taken.unwrap_or_default();
                    }
                    let volume = taken.map(|v| [v, 0, 0, 0]);
                    next.parts.push(Part {
                        state: Ss::Accepted,
                        kind: child.kind,
                        volume,
                        parent: Some(*i),
                        proposed_by: None,
                        asked: None,
                        version: 0,
                    });
                }
            }
            Plan::AddOrder(assay, _) => next.orders.push(Order {
                assay: assay.clone(),
                state: Os::Ordered,
                required: true,
                hold: None,
                version: 0,
            }),
            Plan::OrderStep(i, step, d, from) => {
                let to = step_to(self.orders[*i].state, *step);
                let order = &mut next.orders[*i];
                order.state = to;
                match step {
                    Ot::Order => order.required = true,
                    Ot::Hold => order.hold = d.policy.zip(d.deadline),
                    Ot::Release => {
                        order.hold = None;
                        order.required = true;
                    }
                    Ot::Review => order.hold = None,
                    Ot::Start => next.debit(*i, d, *from, before, catalogue),
                    Ot::NotPerform | Ot::Cancel | Ot::EnterInError => next.withdraw_drafts(*i),
                    _ => {}
                }
            }
            Plan::Attach(..) | Plan::Call(..) => {}
            Plan::Enter(i, _) => {
                next.withdraw_drafts(*i);
                next.add_version(*i, who, None);
                next.orders[*i].state = Os::Resulted;
            }
            Plan::Release(i) => next.results[*i].state = Rs::Preliminary,
            Plan::Verify(i) => {
                let result = &mut next.results[*i];
                result.state = match result.revision {
                    None => Rs::Final,
                    Some(Revision::Corrected) => Rs::Corrected,
                    Some(Revision::Amended) => Rs::Amended,
                    Some(Revision::Appended) => Rs::Appended,
                };
                if result.revision.is_none() {
                    next.orders[self.results[*i].order].state = Os::Final;
                }
            }
            Plan::Revise(i, revise) => next.add_version(self.results[*i].order, who, Some(revise.revision)),
            Plan::Retract(i, ..) => {
                next.results[*i].state = Rs::Retracted;
                let order = self.results[*i].order;
                if next.orders[order].state == Os::Final && next.in_force(order).is_none() {
                    next.withdraw_drafts(order);
                    next.orders[order].state = Os::InProcess;
                }
            }
            Plan::Draft(text) => {
                next.reports.push(Version { state: ReportState::Draft, kind: text.kind, by: who, version: 0 });
            }
            Plan::Edit(i, text) => {
                next.reports[*i].kind = text.kind;
                next.reports[*i].by = who;
            }
            Plan::Sign(i) => {
                next.reports[*i].state = match self.reports[*i].kind {
                    ReportKind::Preliminary => ReportState::Preliminary,
                    ReportKind::Final => ReportState::Final,
                    ReportKind::Appended => ReportState::Appended,
                    ReportKind::Amended => ReportState::Amended,
                    ReportKind::Corrected => ReportState::Corrected,
                };
            }
            Plan::Void(i, ..) => next.reports[*i].state = ReportState::Void,
            Plan::Read(i) => next.readings.push((*i, who)),
            Plan::Lapse(i) => {
                let order = &mut next.orders[*i];
                match order.hold.map(|(policy, _)| policy) {
                    Some(HoldPolicy::AutoPerform) => {
                        order.state = Os::Ordered;
                        order.required = true;
                        order.hold = None;
                    }
                    Some(HoldPolicy::AutoCancel | HoldPolicy::Manual) | None => order.state = Os::Cancelled,
                }
            }
            Plan::Overdue(_) => {}
        }
        // Reflexes add orders of their own; which is for the catalogue's tests to say.
        for added in after.orders.iter().skip(next.orders.len()) {
            let order =
                Order { assay: added.assay.clone(), state: Os::Ordered, required: true, hold: None, version: 0 };
            next.orders.push(order);
        }
        next
    }

    fn add_version(&mut self, order: usize, who: usize, revision: Option<Revision>) {
        let number = self.results.iter().filter(|r| r.order == order).count() + 1;
        let number = i64::try_from(number).unwrap();
        self.results.push(Finding { order, state: Rs::Draft, number, by: who, revision, version: 0 });
    }

    fn withdraw_drafts(&mut self, order: usize) {
        for r in self.results.iter_mut().filter(|r| r.order == order && matches!(r.state, Rs::Draft | Rs::Preliminary))
        {
            r.state = Rs::Retracted;
        }
    }

    /// What a set-up takes: what is stated, or the least that the assay needs.
    fn debit(
        &mut self,
        order: usize,
        d: &OrderStep,
        from: Option<usize>,
        case: &Case,
        catalogue: &trephine::domain::Catalogue,
    ) {
        let linked = || case.specimens.iter().position(|s| Some(s.id) == case.orders[order].specimen);
        let Some(p) = from.or_else(linked) else { return };
        let part = &mut self.parts[p];
        let assay = catalogue.assay(self.orders[order].assay.as_str());
        let container = &case.specimens[p].container;
        let feed =
            assay.and_then(|a| a.feeds.iter().find(|f| f.kinds.contains(&part.kind) && f.container == *container));
        let used = d.used_ul.or_else(|| feed.and_then(|f| f.min_ul));
        if let (true, Some(volume), Some(used)) = (part.kind.is_liquid(), &mut part.volume, used) {
            volume[2] += u64::from(used);
        }
    }
}

impl Part {
    fn step(&mut self, step: St, d: &SpecimenStep, who: usize) {
        let identity = |reason: &Option<Code>| reason.as_ref().is_some_and(|r| IDENTITY.contains(&r.as_str()));
        if let Some(row) = Ss::TABLE.iter().find(|row| row.step == step && row.from.contains(&self.state)) {
            self.state = row.to.unwrap_or(self.state);
        }
        match step {
            St::Collect => {
                if let Some(v) = d.volume_ul {
                    self.volume = Some([u64::from(v), 0, 0, 0]);
                }
            }
            St::AcceptWithCaveat => {
                self.proposed_by = None;
                self.asked = None;
            }
            St::Hold => self.asked = Some((who, identity(&d.reason))),
            St::Resolve => self.asked = None,
            St::ProposeRejection => self.proposed_by = Some(who),
            St::WithdrawRejection => self.proposed_by = None,
            St::Exhaust => {
                if let Some(volume) = &mut self.volume {
                    volume[3] += Model::left(*volume);
                }
            }
            _ => {}
        }
    }
}

/// The catalogue that ships, which these laboratories work by.
fn shipped() -> &'static trephine::domain::Catalogue {
    static SHIPPED: std::sync::LazyLock<trephine::domain::Catalogue> =
        std::sync::LazyLock::new(|| trephine::domain::Catalogue::parse(trephine::lab::catalogue::SHIPPED).unwrap());
    &SHIPPED
}

/// Whether this person may record that step of the bench: never back, none left out without a word, and what two read
/// is read by two.
fn may_record(assay: &Code, order: &trephine::domain::Order, d: &OrderStep, who: usize) -> bool {
    let catalogue = shipped();
    let steps = &catalogue.assay(assay.as_str()).unwrap().steps;
    let (Some(attempt), Some(wanted)) = (order.attempts.last(), &d.workstep) else { return false };
    let Some(wanted) = steps.iter().position(|s| s.code == *wanted) else { return false };
    let names = |i: usize| {
        let by = attempt.steps.iter().filter(move |s| s.code == steps[i].code).map(|s| s.by.name.clone());
        by.collect::<std::collections::BTreeSet<String>>()
    };
    let begun = (0..steps.len()).rev().find(|i| !names(*i).is_empty());
    let first = begun.map_or(0, |i| if names(i).len() < usize::from(steps[i].readers) { i } else { i + 1 });
    let own = PEOPLE.get(who).is_some_and(|(name, _)| names(wanted).contains(&format!("Dr {name}")));
    wanted >= first && !own && (first..wanted).all(|i| steps[i].readers == 1 && d.note.is_some())
}

/// Where a legal step of an order leads.
fn step_to(from: Os, step: Ot) -> Os {
    let row = Os::TABLE.iter().find(|row| row.step == step && row.from.contains(&from));
    row.and_then(|row| row.to).unwrap_or(from)
}

/// Where the laboratory itself may take an order from there: rows that are given to it, but for the timers' and for
/// opening again what was final.
fn by_itself(from: Os, to: Os) -> bool {
    const OWN: &[Ot] = &[Ot::Await, Ot::MakeReady, Ot::Recollect];
    let mut reached = vec![from];
    let mut seen = 0;
    while let Some(state) = reached.get(seen).copied() {
        seen += 1;
        for row in Os::TABLE.iter().filter(|r| OWN.contains(&r.step) && r.from.contains(&state)) {
            assert!(row.who.contains(&Role::System));
            if let Some(next) = row.to.filter(|next| !reached.contains(next)) {
                reached.push(next);
            }
        }
    }
    reached.contains(&to)
}

// --- Comparing ------------------------------------------------------------------------------------------------------

impl Model {
    /// The case as one engine has it, against what the model says. Adopts versions, and what orders became by themselves.
    fn compare(&mut self, plan: &Plan, before: &Case, after: &Case) -> Checked {
        self.compare_parts(plan, before, after)?;
        self.compare_orders(plan, before, after)?;
        self.compare_results(before, after)?;
        self.compare_reports(before, after)?;
        if after.header != before.header {
            must!(after.header.version > before.header.version, "the header changed and not its version");
        }
        must!(after.patient == before.patient, "the patient changed");
        let read = after.header.readings.iter().map(|r| (r.report, r.by.name.clone()));
        let said = self.readings.iter().map(|(i, who)| (after.reports[*i].id, format!("Dr {}", PEOPLE[*who].0)));
        must!(read.eq(said), "who read what: {:?}", after.header.readings);
        self.compare_recollections(before, after)?;
        self.compare_critical(plan, before, after)
    }

    /// What somebody must be told of: nothing is forgotten or changed, calls are only added, and whatever is open rests
    /// on a version that stands. Blasts from 20 % that stand in a case of leukemia were always found.
    fn compare_critical(&mut self, plan: &Plan, before: &Case, after: &Case) -> Checked {
        let (was, is) = (&before.header.critical, &after.header.critical);
        must!(is.len() >= was.len(), "a critical finding is gone");
        for (old, new) in was.iter().zip(is) {
            must!(old.id == new.id && old.opened_at == new.opened_at, "a critical finding is another one");
            must!(new.calls.starts_with(&old.calls), "a call changed");
            must!(old.closed().is_none_or(|c| new.closed() == Some(c)), "a critical finding was closed and changed");
        }
        let calls = |case: &Case| case.header.critical.iter().map(|f| f.calls.len()).sum::<usize>();
        let made = usize::from(matches!(plan, Plan::Call(..)));
        must!(calls(after) - calls(before) == made, "{} calls, not {made}", calls(after) - calls(before));
        let stands = |r: &trephine::domain::ResultVersion| {
            let in_force = after.verified_result(r.order).map(|v| v.id);
            in_force == Some(r.id) || matches!(r.state, Rs::Draft | Rs::Preliminary)
        };
        for f in is.iter().filter(|f| f.order.is_some() && f.denied.is_none()) {
            let result = f.result.and_then(|id| after.result(id));
            must!(result.is_some_and(stands), "{} rests on no version that stands", f.code);
        }
        for r in after.results.iter().filter(|r| stands(r)) {
            let many = r.values.iter().any(|v| v.key == "blasts_pct" && v.number.is_some_and(|n| n >= 20.0));
            let known = is.iter().any(|f| f.order == Some(r.order) && f.denied.is_none());
            must!(!many || after.header.indication != *"AML-NEW" || known, "leukemia, and nobody is to be told");
        }
        self.critical = is.len();
        Ok(())
    }

    /// What must be taken again: whatever an order needs anew, and nothing that no order needs.
    #[allow(clippy::unused_self)] // one of several comparisons
    fn compare_recollections(&self, before: &Case, after: &Case) -> Checked {
        let catalogue = shipped();
        let could_feed = |o: &trephine::domain::Order, part: trephine::domain::SpecimenId| {
            let part = after.specimen(part).unwrap();
            let feeds = &catalogue.assay(o.assay.as_str()).unwrap().feeds;
            feeds.iter().any(|f| f.kinds.contains(&part.kind) && f.container == part.container)
        };
        let (was, is) = (&before.header.recollections, &after.header.recollections);
        must!(is.len() >= was.len(), "a recollection is gone");
        for (old, new) in was.iter().zip(is) {
            must!(old.is_open() || old == new, "a recollection had ended and changed");
            must!(old.specimen == new.specimen && old.opened_at == new.opened_at, "a recollection is another one");
        }
        for r in is.iter().filter(|r| r.is_open()) {
            let state = after.specimen(r.specimen).unwrap().state;
            must!(!state.is_living(), "{} must be taken again and is {state}", r.kind);
            let waits = |o: &trephine::domain::Order| {
                let fed = o.specimen.and_then(|id| after.specimen(id)).is_some_and(|s| s.state.is_living());
                o.state.is_open() && could_feed(o, r.specimen) && !fed
            };
            must!(after.orders.iter().any(waits), "a {} must be taken again and nothing waits for it", r.kind);
        }
        for o in after.orders.iter().filter(|o| o.state == Os::NeedsRecollect) {
            let asked = is.iter().any(|r| r.is_open() && could_feed(o, r.specimen));
            must!(asked, "{} needs a new part and nobody was asked", o.assay);
        }
        Ok(())
    }

    fn compare_parts(&mut self, plan: &Plan, before: &Case, after: &Case) -> Checked {
        must!(after.specimens.len() == self.parts.len(), "{} parts, not {}", after.specimens.len(), self.parts.len());
        for (i, (s, model)) in after.specimens.iter().zip(&mut self.parts).enumerate() {
            let volume =
                s.volume.map(|v| [v.received_ul(), v.children_ul(), v.used_ul(), v.discarded_ul()].map(u64::from));
            must!(s.state == model.state, "{} is {}, not {}", s.label, s.state, model.state);
            must!(volume == model.volume, "{} holds {volume:?}, not {:?}", s.label, model.volume);
            must!(s.kind == model.kind, "{} became a {}", s.label, s.kind);
            if let Some(volume) = volume {
                let out: u64 = volume[1] + volume[2] + volume[3];
                must!(
                    out + u64::from(s.remaining_ul().unwrap_or_default()) == volume[0],
                    "{} lost or made volume",
                    s.label
                );
            }
            model.version = s.version;
            let Some(old) = before.specimens.get(i) else {
                must!(s.version >= 1, "{} has no version", s.label);
                continue;
            };
            must!(
                (old == s) == (old.version == s.version),
                "{} changed and not its version, or the other way",
                s.label
            );
            must!(old.version <= s.version, "{} went back a version", s.label);
            must!(!old.state.is_terminal() || old == s, "{} had ended and changed", s.label);
            let concerned = match plan {
                Plan::Step(p, ..) | Plan::Split(p, _) => *p == i,
                Plan::OrderStep(o, Ot::Start, _, from) => {
                    from.map_or(before.orders[*o].specimen == Some(s.id), |p| p == i)
                }
                // A report that is complete begins the retention of all that is here.
                Plan::Sign(_) => {
                    let retained =
                        trephine::domain::Specimen { retain_until: s.retain_until, version: s.version, ..old.clone() };
                    retained == *s
                }
                _ => false,
            };
            must!(concerned || old == s, "{} was none of its business", s.label);
        }
        for (i, part) in self.parts.iter().enumerate() {
            let children: u64 =
                self.parts.iter().filter(|c| c.parent == Some(i)).filter_map(|c| c.volume).map(|v| v[0]).sum();
            must!(
                part.volume.is_none_or(|v| v[1] == children),
                "what went into the children of part {i} is not in them"
            );
        }
        Ok(())
    }

    fn compare_orders(&mut self, plan: &Plan, before: &Case, after: &Case) -> Checked {
        must!(after.orders.len() == self.orders.len(), "{} orders, not {}", after.orders.len(), self.orders.len());
        let reflexes = matches!(plan, Plan::Verify(_) | Plan::OrderStep(_, Ot::Fail | Ot::NotPerform, ..));
        let asked = usize::from(matches!(plan, Plan::AddOrder(..)));
        must!(reflexes || after.orders.len() <= before.orders.len() + asked, "an order from nowhere");
        for (i, (o, model)) in after.orders.iter().zip(&mut self.orders).enumerate() {
            let own = by_itself(model.state, o.state);
            let reflex = reflexes && model.state == Os::Suggested && by_itself(Os::Ordered, o.state);
            must!(own || reflex, "{} became {} by itself, from {}", o.assay, o.state, model.state);
            must!(o.assay == model.assay, "{} became {}", model.assay, o.assay);
            if let Some(old) = before.orders.get(i) {
                must!((old == o) == (old.version == o.version), "{} changed and not its version", o.assay);
                must!(old.version <= o.version, "{} went back a version", o.assay);
                must!(!old.state.is_terminal() || old == o, "{} had ended and changed", o.assay);
                must!(old.attempts.len() <= o.attempts.len(), "an attempt at {} is gone", o.assay);
                for (was, is) in old.attempts.iter().zip(&o.attempts) {
                    must!(is.steps.starts_with(&was.steps), "a step of {} is gone", o.assay);
                }
                let count = |o: &trephine::domain::Order| o.attempts.iter().map(|a| a.steps.len()).sum::<usize>();
                let recorded = usize::from(matches!(plan, Plan::OrderStep(p, Ot::Advance, ..) if *p == i));
                must!(count(o) == count(old) + recorded, "{} has {} steps, not one more", o.assay, count(o));
            }
            if o.state == Os::Final {
                must!(after.verified_result(o.id).is_some(), "{} is final without a verified result", o.assay);
                must!(!o.attempts.is_empty() || o.referral.is_some(), "{} is final and was never set up", o.assay);
            }
            model.state = o.state;
            model.version = o.version;
            must!(
                model.required == o.required || reflex || before.orders.get(i).is_none(),
                "{} is required: {}",
                o.assay,
                o.required
            );
            model.required = o.required;
        }
        Ok(())
    }

    fn compare_results(&mut self, before: &Case, after: &Case) -> Checked {
        must!(after.results.len() == self.results.len(), "{} results, not {}", after.results.len(), self.results.len());
        for (i, (r, model)) in after.results.iter().zip(&mut self.results).enumerate() {
            must!(r.state == model.state, "result {i} is {}, not {}", r.state, model.state);
            must!(r.number == model.number, "result {i} is version {}, not {}", r.number, model.number);
            must!(r.revision == model.revision, "result {i} is a revision: {:?}", r.revision);
            must!(after.orders[model.order].id == r.order, "result {i} belongs to another order");
            if Self::verified(r.state) {
                let by = r.verified_by.as_ref().ok_or("verified by nobody")?;
                must!(by.id != r.entered_by.id, "verified by who entered it");
            }
            if let Some(old) = before.results.get(i) {
                must!((old == r) == (old.version == r.version), "result {i} changed and not its version");
                let stands = Self::verified(old.state) || old.state == Rs::Retracted;
                let withdrawn = r.state == Rs::Retracted;
                must!(!stands || old == r || withdrawn, "result {i} was verified and changed");
                let content = (&old.values, &old.summary, old.interpretation, &old.entered_by, old.performed_at);
                must!(
                    content == (&r.values, &r.summary, r.interpretation, &r.entered_by, r.performed_at),
                    "result {i} says something else"
                );
            }
            model.version = r.version;
        }
        Ok(())
    }

    fn compare_reports(&mut self, before: &Case, after: &Case) -> Checked {
        must!(after.reports.len() == self.reports.len(), "{} reports, not {}", after.reports.len(), self.reports.len());
        for (i, (r, model)) in after.reports.iter().zip(&mut self.reports).enumerate() {
            must!(r.state == model.state, "report {i} is {}, not {}", r.state, model.state);
            must!(r.kind == model.kind, "report {i} is {}, not {}", r.kind, model.kind);
            must!(r.number == i64::try_from(i).unwrap() + 1, "report {i} is number {}", r.number);
            if let Some(signature) = &r.signature {
                must!(signature.by.id == r.diagnostician.id, "signed by another than who made the diagnosis");
            }
            if let Some(old) = before.reports.get(i) {
                must!((old == r) == (old.version == r.version), "report {i} changed and not its version");
                must!(
                    old.signature.is_none() || (old.signature == r.signature && old.document == r.document),
                    "what was signed changed"
                );
                must!(
                    old.state == ReportState::Draft || old == r || r.state == ReportState::Void,
                    "report {i} was signed and changed"
                );
            }
            model.version = r.version;
        }
        let complete = after.reports.iter().any(|r| r.state.is_complete());
        let newly = complete && !before.reports.iter().any(|r| r.state.is_complete());
        if newly {
            let waiting = after.orders.iter().find(|o| {
                let words = o.attempts.last().is_some_and(|a| a.failed_note.is_some());
                o.required && o.state.is_open() && !(o.state == Os::Failed && words)
            });
            must!(waiting.is_none(), "the report is complete and {} is open", waiting.unwrap().assay);
        }
        Ok(())
    }
}

// --- What people come up with ---------------------------------------------------------------------------------------

/// Reads one number after the other.
struct Hand<'d>(std::slice::Iter<'d, u16>);

impl Hand<'_> {
    fn below(&mut self, n: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or_default()) % n.max(1)
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// True but for one in so many.
    fn mostly(&mut self, n: usize) -> bool {
        self.below(n) != n - 1
    }
}

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

const ASSAYS: &[&str] =
    &["MORPH-ASP", "FLOW-AL", "KARYO", "NGS-MYE", "HIST-CORE", "IRON", "CLONAL", "BCRABL-Q", "FISH-MDS"];

/// A part as it is logged or added.
fn new_part(hand: &mut Hand<'_>, now: Moment) -> NewSpecimen {
    let (kind, container) = hand.pick(&[
        (SpecimenKind::Aspirate, "EDTA"),
        (SpecimenKind::Smear, "SLIDE"),
        (SpecimenKind::Aspirate, "NAHEP"),
        (SpecimenKind::Core, "FORMALIN"),
        (SpecimenKind::Blood, "EDTA"),
        (SpecimenKind::Core, "RPMI"),
        (SpecimenKind::Imprint, "SLIDE"),
        (SpecimenKind::Aspirate, "PLAIN"),
    ]);
    let how = hand.below(8);
    let taken = (how < 6).then(|| now - Duration::minutes(50));
    let liquid = kind.is_liquid();
    let aspirate = kind == SpecimenKind::Aspirate;
    NewSpecimen {
        kind,
        container: code(container),
        pull_number: (aspirate && taken.is_some()).then(|| u8::try_from(hand.below(3) + 1).unwrap()),
        volume_ul: (liquid && taken.is_some()).then(|| u32::try_from(hand.below(13) * 500 + 300).unwrap()),
        length_mm: (kind == SpecimenKind::Core && taken.is_some()).then_some(14),
        site: Some(code("PIC")),
        side: [Some(Side::Left), Some(Side::Right), Some(Side::Left), None][hand.below(4)],
        collected_at: taken,
        fixed_at: taken.filter(|_| container == "FORMALIN").map(|t| t + Duration::minutes(4)),
        temperature: [None, Some(Temperature::Ambient), Some(Temperature::Refrigerated)][hand.below(3)],
        not_collected: (how == 7).then(|| code("DRY_TAP")),
    }
}

fn log_case(dice: &Dice, number: usize, now: Moment) -> LogCase {
    let mut hand = Hand(dice.iter());
    let indication =
        hand.pick(&["MDS", "AML-NEW", "LYMPHOMA", "ALL-NEW", "MPN", "AML-MRD", "MYELOMA", "APL-SUSPECT", "INFECTION"]);
    let suggested = hand.mostly(4);
    let parts = 2 + hand.below(4);
    // More numbers than one hand has: each part gets its own.
    let specimens = (0..parts)
        .map(|i| {
            let own: Vec<u16> = dice
                .iter()
                .map(|d| d.rotate_left(u32::try_from(i).unwrap()).wrapping_add(u16::try_from(i * 977).unwrap()))
                .collect();
            new_part(&mut Hand(own.iter()), now)
        })
        .collect();
    LogCase {
        external_ref: Some(format!("MODEL-{number}")),
        patient: PatientInput {
            mrn: format!("M{number}"),
            family_name: "Model".to_owned(),
            given_name: String::new(),
            born: None,
            sex: Sex::Unknown,
        },
        requester: REQUESTER.to_owned(),
        indication: code(indication),
        urgency: None,
        clinical_note: None,
        procedure: ProcedureInput { site: Some(code("PIC")), ..ProcedureInput::default() },
        specimens,
        orders: if suggested {
            OrdersInput::Suggested(Suggested::Suggested)
        } else {
            OrdersInput::Codes(ASSAYS.iter().take(4).map(|a| code(a)).collect())
        },
        reason: None,
    }
}

/// A step that the table knows from this state (mostly), or any; seldom one of those that end a story.
fn some_step<M: Machine>(state: M, hand: &mut Hand<'_>, all: &[M::Step], ends: &[M::Step]) -> M::Step {
    let people = |row: &&trephine::domain::machine::Row<M, M::Step>| row.who.iter().any(|r| *r != Role::System);
    let rows = M::TABLE.iter().filter(|row| row.from.contains(&state)).filter(people);
    let seldom = hand.below(6) > 0;
    let legal: Vec<M::Step> = rows.map(|row| row.step).filter(|step| !(seldom && ends.contains(step))).collect();
    let known = hand.mostly(9) && !legal.is_empty();
    let n = hand.below(997);
    if known { legal[n % legal.len()] } else { all[n % all.len()] }
}

/// Somebody who may (mostly), or anybody.
fn somebody(allowed: &[Role], hand: &mut Hand<'_>) -> usize {
    let may: Vec<usize> = (0..=SYSTEM).filter(|who| is_any(*who, allowed)).collect();
    let known = hand.mostly(10) && !may.is_empty();
    let n = hand.below(997);
    if known { may[n % may.len()] } else { n % (SYSTEM + 1) }
}

const PART_ENDS: &[St] = &[
    St::EnterInError,
    St::Lose,
    St::Exhaust,
    St::Dispatch,
    St::ReferOut,
    St::RetainedByReferral,
    St::MarkNotCollected,
];
const ORDER_ENDS: &[Ot] = &[Ot::EnterInError, Ot::Cancel, Ot::Dismiss, Ot::NotPerform, Ot::Hold, Ot::ReferOut];

/// One of so many for which it holds, if there is one (mostly).
fn rather(hand: &mut Hand<'_>, of: usize, holds: impl Fn(usize) -> bool) -> usize {
    let fitting: Vec<usize> = (0..of).filter(|i| holds(*i)).collect();
    let n = hand.below(9_973);
    if fitting.is_empty() || n % 11 == 0 { n % of.max(1) } else { fitting[n % fitting.len()] }
}

fn row_who<M: Machine>(state: M, step: M::Step) -> &'static [Role] {
    M::TABLE.iter().find(|row| row.step == step && row.from.contains(&state)).map_or(&[Role::Supervisor], |row| row.who)
}

fn part_details(hand: &mut Hand<'_>, now: Moment) -> SpecimenStep {
    let whole = hand.mostly(7);
    let reason = hand.pick(&["CLOTTED", "SIDE_MISSING", "QNS", "MISMATCH_ID", "HEMODILUTE"]);
    let details = SpecimenStep {
        location: some("Bench 1"),
        reason: Some(code(reason)),
        note: some("As it was seen."),
        told: some("The ward"),
        temperature: Some(Temperature::Ambient),
        destination: some("The other house"),
        laboratory: some("Leeds"),
        test: some("NGS"),
        expected_on: Some((now + Duration::days(10)).date_naive()),
        volume_ul: None,
        pull_number: None,
        site: None,
        side: None,
        declaration: hand.mostly(3).then(|| "I took it.".to_owned()),
        ..SpecimenStep::default()
    };
    if whole {
        return details;
    }
    // Something was forgotten.
    match hand.below(5) {
        0 => SpecimenStep { note: None, ..details },
        1 => SpecimenStep { told: None, location: None, ..details },
        2 => SpecimenStep { reason: None, destination: None, ..details },
        3 => SpecimenStep { laboratory: None, temperature: None, ..details },
        _ => SpecimenStep::default(),
    }
}

fn order_details(hand: &mut Hand<'_>, latest: Moment) -> OrderStep {
    let whole = hand.mostly(7);
    let days = i64::try_from(hand.below(9)).unwrap();
    let details = OrderStep {
        reason: None,
        note: some("Because."),
        run: some("R1"),
        used_ul: [None, None, None, None, None, Some(250), Some(3_000)][hand.below(7)],
        policy: Some(hand.pick(&[HoldPolicy::AutoPerform, HoldPolicy::AutoCancel, HoldPolicy::Manual])),
        deadline: Some(latest + Duration::days(days) + Duration::hours(1)),
        override_reason: hand.mostly(3).then(|| "It cannot be had again.".to_owned()),
        laboratory: some("Leeds"),
        expected_on: Some((latest + Duration::days(10)).date_naive()),
        ..OrderStep::default()
    };
    if whole {
        return details;
    }
    match hand.below(3) {
        0 => OrderStep { note: None, ..details },
        1 => OrderStep { policy: None, laboratory: None, ..details },
        _ => OrderStep { deadline: Some(latest - Duration::hours(1)), expected_on: None, ..details },
    }
}

fn catalogue_steps(assay: &Code) -> Vec<Code> {
    let catalogue = shipped();
    catalogue.assay(assay.as_str()).unwrap().steps.iter().map(|s| s.code.clone()).collect()
}

fn told(latest: Moment) -> Told {
    Told { who: "The ward".to_owned(), at: latest - Duration::minutes(1), how: None }
}

fn finding(hand: &mut Hand<'_>) -> NewResult {
    // Only an inadequate one fits every assay without values; any other lacks some.
    let inadequate = hand.mostly(8);
    NewResult {
        interpretation: if inadequate { Interpretation::Inadequate } else { Interpretation::Abnormal },
        summary: Some("As it is.".to_owned()),
        details: None,
        values: Vec::new(),
        comment: None,
        performed_by: None,
        performed_at: None,
    }
}

/// A morphology with blasts from which a leukemia is acute, or with none. Not called abnormal: that sets off reflexes.
fn count(hand: &mut Hand<'_>) -> NewResult {
    let blasts = hand.pick(&["abnormal", "normal"]);
    let details = shapes::details("MORPH-ASP", blasts, &|_| 0).map(|d| serde_json::from_value(d).unwrap());
    NewResult { interpretation: Interpretation::Indeterminate, details, ..finding(hand) }
}

impl Model {
    /// What somebody wants to do next, and who that is.
    fn next(&self, hand: &mut Hand<'_>) -> (usize, Plan) {
        let now = self.latest;
        loop {
            let sort = hand.below(100);
            let plan = match sort {
                0..=19 => {
                    let i = rather(hand, self.parts.len(), |i| !self.parts[i].state.is_terminal());
                    let step = some_step(self.parts[i].state, hand, St::ALL, PART_ENDS);
                    let mut d = part_details(hand, now);
                    self.fill_in(i, step, &mut d, hand);
                    let who = somebody(row_who(self.parts[i].state, step), hand);
                    return (who, Plan::Step(i, step, d));
                }
                20..=24 => {
                    let i = rather(hand, self.parts.len(), |i| self.parts[i].state == Ss::InProcess);
                    if self.parts[i].state != Ss::InProcess && hand.mostly(9) {
                        continue;
                    }
                    let children = self.children(i, hand);
                    Plan::Split(i, children)
                }
                25..=26 => Plan::AddPart(new_part(hand, now)),
                27..=28 => {
                    let parent = (!self.orders.is_empty() && hand.below(3) == 0).then(|| hand.below(self.orders.len()));
                    Plan::AddOrder(code(&hand.pick(ASSAYS)), parent)
                }
                29..=56 if !self.orders.is_empty() => {
                    let i = if hand.below(3) > 0 {
                        rather(hand, self.orders.len(), |i| self.orders[i].state == Os::Ready)
                    } else {
                        rather(hand, self.orders.len(), |i| !self.orders[i].state.is_terminal())
                    };
                    let state = self.orders[i].state;
                    let step = if state == Os::Ready && hand.mostly(3) {
                        Ot::Start
                    } else {
                        some_step(state, hand, Ot::ALL, ORDER_ENDS)
                    };
                    let mut d = order_details(hand, now);
                    d.reason = match step {
                        Ot::Fail => Some(code("TECHNICAL")),
                        Ot::NotPerform => Some(code("QNS")),
                        Ot::Cancel => Some(code("DUPLICATE")),
                        _ => None,
                    };
                    if step == Ot::Advance && hand.mostly(9) {
                        let steps = catalogue_steps(&self.orders[i].assay);
                        d.workstep = (!steps.is_empty()).then(|| hand.pick(&steps));
                    }
                    let from = (step == Ot::Start && hand.below(6) == 0).then(|| hand.below(self.parts.len()));
                    let who = somebody(row_who(state, step), hand);
                    return (who, Plan::OrderStep(i, step, d, from));
                }
                57..=70 if !self.orders.is_empty() => {
                    let begun = |i: usize| matches!(self.orders[i].state, Os::InProcess | Os::ReferredOut);
                    let i = rather(hand, self.orders.len(), begun);
                    if !begun(i) && hand.mostly(6) {
                        continue;
                    }
                    let away = |i: usize| self.orders[i].state == Os::ReferredOut;
                    if (away(i) && hand.mostly(2)) || hand.below(12) == 0 {
                        Plan::Attach(i, hand.below(3))
                    } else {
                        Plan::Enter(i, if self.orders[i].assay == *"MORPH-ASP" { count(hand) } else { finding(hand) })
                    }
                }
                71..=88 if !self.results.is_empty() => {
                    let i = rather(hand, self.results.len(), |i| self.results[i].state != Rs::Retracted);
                    let verified = Self::verified(self.results[i].state);
                    match hand.below(9) {
                        _ if self.results[i].state == Rs::Retracted && hand.mostly(6) => continue,
                        4.. if verified && hand.mostly(6) => continue,
                        0 => Plan::Release(i),
                        1 => Plan::Retract(i, "Wrong run.".to_owned(), hand.mostly(4).then(|| told(now))),
                        2 | 3 => Plan::Revise(
                            i,
                            ReviseResult {
                                revision: hand.pick(Revision::ALL),
                                reason: "Found on review.".to_owned(),
                                told: told(now),
                                result: NewResult { interpretation: Interpretation::Inadequate, ..finding(hand) },
                            },
                        ),
                        _ => Plan::Verify(i),
                    }
                }
                89..=96 => self.report_plan(hand),
                97 => {
                    let known = (self.critical > 0 && hand.mostly(6)).then(|| hand.below(self.critical));
                    let outcome = hand.pick(CallOutcome::ALL);
                    Plan::Call(known, outcome, hand.below(2) == 0)
                }
                98.. if !self.orders.is_empty() => {
                    if hand.below(2) == 0 {
                        Plan::Lapse(rather(hand, self.orders.len(), |i| self.orders[i].state == Os::Held))
                    } else {
                        Plan::Overdue(rather(hand, self.orders.len(), |i| self.is_open(i)))
                    }
                }
                _ => continue,
            };
            let who = match &plan {
                // Who made the diagnosis signs it, mostly.
                Plan::Sign(i) if hand.mostly(6) => self.reports[*i].by,
                _ => somebody(&plan.anybody(), hand),
            };
            return (who, plan);
        }
    }

    fn report_plan(&self, hand: &mut Hand<'_>) -> Plan {
        let draft = self.reports.iter().rposition(|r| r.state == ReportState::Draft);
        let waiting = (0..self.orders.len()).any(|i| self.orders[i].required && self.is_open(i));
        let fitting = if self.complete() {
            hand.pick(&[ReportKind::Appended, ReportKind::Amended, ReportKind::Corrected])
        } else if waiting {
            hand.pick(&[ReportKind::Preliminary, ReportKind::Preliminary, ReportKind::Final])
        } else {
            hand.pick(&[ReportKind::Final, ReportKind::Final, ReportKind::Preliminary])
        };
        let kind = if hand.mostly(8) { fitting } else { hand.pick(ReportKind::ALL) };
        let revision = kind.is_revision() && hand.mostly(8);
        let text = ReportText {
            kind,
            // The same words in every version, so that an addendum leaves the diagnosis as it is.
            diagnosis: "Nothing much.".to_owned(),
            dx_who5: None,
            dx_icc: None,
            comment: None,
            acknowledged: Vec::new(),
            reason: revision.then(|| "Looked at again.".to_owned()),
            told: revision.then(|| told(self.latest)),
        };
        match (draft, hand.below(10)) {
            (_, 9) | (None, 0..=2) if !self.reports.is_empty() => {
                Plan::Read(rather(hand, self.reports.len(), |i| self.standing() == Some(i)))
            }
            (Some(i), 0) => Plan::Edit(i, text),
            (Some(i), 1..=7) => Plan::Sign(i),
            (_, 8) if !self.reports.is_empty() => {
                let i = hand.below(self.reports.len());
                Plan::Void(i, "Wrong name.".to_owned(), hand.mostly(4).then(|| told(self.latest)))
            }
            _ => Plan::Draft(text),
        }
    }

    /// Details that only some steps may have.
    fn fill_in(&self, i: usize, step: St, d: &mut SpecimenStep, hand: &mut Hand<'_>) {
        let kind = self.parts[i].kind;
        match step {
            St::Collect => {
                d.site = hand.mostly(6).then(|| code("PIC"));
                d.side = Some(Side::Left);
                if kind == SpecimenKind::Aspirate && hand.mostly(6) {
                    d.pull_number = Some(1);
                    d.volume_ul = Some(2_500);
                }
            }
            St::MarkNotCollected => {
                d.reason = d.reason.as_ref().map(|_| code("PATIENT_DECLINED"));
                d.recollect = [None, Some(false), Some(true)][hand.below(3)];
            }
            St::Lose if hand.mostly(6) => d.reason = hand.mostly(2).then(|| code(&hand.pick(LOST))),
            St::Hold if hand.mostly(2) => d.reason = Some(code(&hand.pick(&["IDENTITY", "SITE_OR_SIDE"]))),
            _ => {}
        }
    }

    fn children(&self, i: usize, hand: &mut Hand<'_>) -> Vec<ChildInput> {
        let part = &self.parts[i];
        let left = part.volume.map_or(0, Self::left);
        (0..=hand.below(3))
            .map(|_| {
                let (kind, container) = hand.pick(&[
                    (part.kind, "EDTA"),
                    (SpecimenKind::NucleicAcid, "PLAIN"),
                    (SpecimenKind::Slide, "SLIDE"),
                    (SpecimenKind::Pellet, "PLAIN"),
                ]);
                let amount = u32::try_from(left).unwrap_or_default() / [4, 3, 1, 7, 2][hand.below(5)];
                let measured = part.volume.is_some() && kind.is_liquid() && hand.mostly(9);
                ChildInput {
                    kind,
                    container: code(container),
                    volume_ul: measured.then_some(amount),
                    location: some("Freezer"),
                }
            })
            .collect()
    }
}

// --- Doing it -------------------------------------------------------------------------------------------------------

/// What came of an attempt, without what differs between engines.
#[derive(Debug, Clone, PartialEq)]
enum Came {
    Done,
    /// It was so already.
    Nothing,
    Again,
    Refused(&'static str, String),
}

fn came(outcome: &Result<Outcome, LabError>) -> Came {
    match outcome {
        Ok(Outcome::Done(_)) => Came::Done,
        Ok(Outcome::Again(_)) => Came::Again,
        Err(LabError::Refused(refusal)) => {
            let kind = match refusal {
                Refusal::NotAllowed { .. } => "not allowed",
                Refusal::Guard { .. } => "guard",
                Refusal::Invalid(_) => "invalid",
                Refusal::Forbidden(_) => "forbidden",
                Refusal::NotFound(_) => "absent",
            };
            Came::Refused(kind, plain(&[("refusal", refusal.to_string())]).remove(0).1)
        }
        Err(LabError::Stale { .. }) => Came::Refused("stale", String::new()),
        Err(LabError::KeyReused) => Came::Refused("key reused", String::new()),
        Err(other) => Came::Refused("broken", other.to_string()),
    }
}

fn agrees(fate: Fate, came: &Came) -> bool {
    match (fate, came) {
        (Fate::Must | Fate::May, Came::Done) | (Fate::Already, Came::Nothing) => true,
        (Fate::May, Came::Refused(kind, _)) => ["guard", "invalid", "forbidden"].contains(kind),
        (Fate::Refused, Came::Refused(kind, _)) => ["guard", "invalid", "forbidden"].contains(kind),
        (Fate::Forbidden, Came::Refused(kind, _)) => *kind == "forbidden",
        (Fate::Absent, Came::Refused(kind, _)) => *kind == "absent",
        (Fate::Stale, Came::Refused(kind, _)) => *kind == "stale",
        (Fate::NotAllowed, Came::Refused(kind, _)) => *kind == "not allowed",
        (_, _) => false,
    }
}

/// How one command is asked for.
struct Attempt {
    who: usize,
    plan: Plan,
    seen: Option<i64>,
    /// Whether the password was given again.
    again: bool,
    /// Sent under a key, and then once more.
    key: Option<String>,
}

struct Story {
    number: usize,
    lines: Vec<String>,
    counts: BTreeMap<String, usize>,
}

fn ask(side: &Side1, case: &Case, attempt: &Attempt, body: &str) -> Ask {
    let target = Target::Case(case.header.accession);
    let mut ask = Ask::new(side.people[attempt.who].clone(), target, attempt.plan.command(case), "model");
    ask.expect = attempt.seen.map_or(Expect::Any, Expect::Version);
    ask.reauthenticated = attempt.again;
    ask.once = attempt.key.as_ref().map(|key| Once {
        key: key.clone(),
        body_hash: body.to_owned(),
        answer: Arc::new(|done: &Done| Answer { status: 200, body: format!("seq {}", done.seq) }),
    });
    ask
}

/// One command on one engine. The case afterwards, if it was carried out.
fn attempt(side: &Side1, case: &Case, model: &Model, a: &Attempt) -> Result<(Came, Option<Case>), String> {
    let journal = side.journal();
    let outcome = side.lab.execute_now(ask(side, case, a, "body"));
    let came = came(&outcome);
    let done = match outcome {
        Ok(Outcome::Done(done)) => done,
        Ok(Outcome::Again(_)) => return Err("it was answered from memory, and never done".to_owned()),
        Err(_) => {
            must!(side.journal() == journal, "refused on {}, and the journal grew", side.name);
            return Ok((came, None));
        }
    };
    must!(side.journal() == done.position, "{}: the newest entry is not this one", side.name);
    if done.seq == model.seq {
        must!(done.position == journal && done.case == *case, "{}: nothing was done, and something changed", side.name);
        return Ok((Came::Nothing, None));
    }
    must!(done.seq == model.seq + 1, "{}: entry {} follows {}", side.name, done.seq, model.seq);
    if a.key.is_some() {
        let same = side.lab.execute_now(ask(side, case, a, "body"));
        match same {
            Ok(Outcome::Again(answer)) => {
                must!(answer.body == format!("seq {}", done.seq), "another answer under one key")
            }
            other => return Err(format!("the same key again came to {:?}", self::came(&other))),
        }
        let other = self::came(&side.lab.execute_now(ask(side, case, a, "another body")));
        must!(matches!(other, Came::Refused("key reused", _)), "one key for two requests came to {other:?}");
        must!(side.journal() == done.position, "{}: a key was used twice and the journal grew", side.name);
    }
    Ok((came, Some(done.case)))
}

/// What was just done can be taken back by whoever did it, exactly, if its command is one of those, and by nobody else.
/// Nothing of this is kept: the story goes on.
fn taken_back(side: &Side1, before: &Case, after: &Case, a: &Attempt) -> Checked {
    let (target, journal) = (Target::Case(before.header.accession), side.journal());
    let ask = |who: usize| Ask::new(side.people[who].clone(), target.clone(), Command::TakeBack, "model");
    // The other of two technicians, so that what refuses is that it is another person.
    let (own, other) = (ask(a.who), ask(usize::from(a.who == 0)));
    let tried = side.lab.rehearse("take back", move |door| Ok([&other, &own, &own].map(|ask| door.attempt(ask))));
    let [other, own, twice] = tried.map_err(|e| e.to_string())?;
    must!(side.journal() == journal, "a rehearsal left a trace");
    must!(other.is_err() && twice.is_err(), "taken back by another person, or twice");
    let can = trephine::domain::take_back::reversible(&a.plan.name()).is_ok();
    match own {
        Ok(Outcome::Done(done)) => {
            must!(can, "{} was taken back", a.plan.name());
            must!(without_versions(&done.case) == without_versions(before), "taken back, the case is another one");
            let on = |new: i64, old: i64| new >= old;
            let rows = done.case.specimens.iter().zip(&after.specimens).all(|(n, o)| on(n.version, o.version));
            let orders = done.case.orders.iter().zip(&after.orders).all(|(n, o)| on(n.version, o.version));
            must!(rows && orders && on(done.case.header.version, after.header.version), "a version went back");
        }
        Ok(Outcome::Again(_)) => return Err("taken back from memory".to_owned()),
        Err(e) => must!(!can, "{} was not taken back: {e}", a.plan.name()),
    }
    Ok(())
}

fn without_versions(case: &Case) -> Case {
    let mut case = case.clone();
    case.header.version = 0;
    case.specimens.iter_mut().for_each(|s| s.version = 0);
    case.orders.iter_mut().for_each(|o| o.version = 0);
    case
}

fn observed(case: &Case, who: &[Actor]) -> Model {
    let person = |id: trephine::domain::UserId| who.iter().position(|a| a.id == id).unwrap();
    let place = |id: trephine::domain::SpecimenId| case.specimens.iter().position(|s| s.id == id);
    Model {
        readings: Vec::new(),
        critical: case.header.critical.len(),
        parts: case
            .specimens
            .iter()
            .map(|s| Part {
                state: s.state,
                kind: s.kind,
                volume: s
                    .volume
                    .map(|v| [v.received_ul(), v.children_ul(), v.used_ul(), v.discarded_ul()].map(u64::from)),
                parent: s.parent.and_then(place),
                proposed_by: s.rejection.as_ref().map(|r| person(r.proposed_by.id)),
                asked: s
                    .query
                    .as_ref()
                    .map(|q| (person(q.by.id), q.reason.as_ref().is_some_and(|r| IDENTITY.contains(&r.as_str())))),
                version: s.version,
            })
            .collect(),
        orders: case
            .orders
            .iter()
            .map(|o| Order {
                assay: o.assay.clone(),
                state: o.state,
                required: o.required,
                hold: o.hold.as_ref().map(|h| (h.policy, h.deadline)),
                version: o.version,
            })
            .collect(),
        results: Vec::new(),
        reports: Vec::new(),
        seq: 1,
        said: vec!["case.log".to_owned()],
        latest: case.header.logged_at,
        decided: case.header.logged_at,
    }
}

impl Story {
    fn count(&mut self, what: &str) {
        *self.counts.entry(what.to_owned()).or_default() += 1;
    }

    /// One sequence on all engines.
    fn run(&mut self, sides: &[Side1], dice: &[Dice]) -> Checked {
        let Some((first, rest)) = dice.split_first() else { return Ok(()) };
        let mut now = start();
        for side in sides {
            side.lab.forget_recorded_at();
            side.clock.set(now);
        }
        // The case is logged.
        let log = log_case(first, self.number, now);
        let mut cases: Vec<Case> = Vec::new();
        for side in sides {
            let command = Command::LogCase(Box::new(log.clone()));
            let asked = Ask::new(side.people[0].clone(), Target::New, command, "model");
            match side.lab.execute_now(asked.clone()) {
                Ok(Outcome::Done(done)) => cases.push(done.case),
                other => return Err(format!("the case was not logged: {:?}", came(&other))),
            }
            // Once.
            let journal = side.journal();
            let twice = side.lab.execute_now(asked);
            must!(matches!(twice, Err(LabError::AlreadyLogged { .. })), "the same reference made {:?}", came(&twice));
            must!(side.journal() == journal, "the same reference left a trace");
        }
        let mut model = observed(&cases[0], &sides[0].people);
        self.lines.push(format!(
            "logged {} with {} parts and {} orders",
            cases[0].header.indication,
            model.parts.len(),
            model.orders.len()
        ));
        if first[13] % 3 > 0 {
            self.arrive(sides, &mut cases, &mut model)?;
        }
        for (n, dice) in rest.iter().enumerate() {
            let mut hand = Hand(dice.iter());
            // The clock: a few minutes on, sometimes days, sometimes back.
            let minutes = match hand.below(16) {
                13 => 60 * 24 * 3,
                14 => 60 * 24 * 20,
                15 => -60 * 30,
                few => 5 + i64::try_from(few).unwrap() * 11,
            };
            now += Duration::minutes(minutes);
            for side in sides {
                side.clock.set(now);
            }
            model.latest = model.decided.max(now);
            let how = hand.below(12);
            let (who, plan) = model.next(&mut hand);
            let version = plan.version(&model);
            let a = Attempt {
                who,
                seen: match how {
                    0..=4 => None,
                    5 if hand.below(3) == 0 => Some(version + 1),
                    6 if version > 1 && hand.below(2) == 0 => Some(version - 1),
                    _ => Some(version),
                },
                again: how != 9,
                key: (how % 4 == 1).then(|| format!("model-{}-{n}", self.number)),
                plan,
            };
            self.one(sides, &mut cases, &mut model, &a)?;
        }
        self.end(sides, &cases, &model)
    }

    /// Whatever was taken comes in and is accepted, so that the rest of the story can be about work.
    fn arrive(&mut self, sides: &[Side1], cases: &mut [Case], model: &mut Model) -> Checked {
        for (step, from) in [(St::Receive, Ss::Collected), (St::AcceptWithCaveat, Ss::Received)] {
            for i in 0..model.parts.len() {
                if model.parts[i].state == from {
                    let details = SpecimenStep {
                        temperature: Some(Temperature::Ambient),
                        reason: Some(code("NO_COLLECTOR")),
                        ..SpecimenStep::default()
                    };
                    let plan = Plan::Step(i, step, details);
                    let a = Attempt { who: 0, seen: Some(plan.version(model)), again: false, key: None, plan };
                    self.one(sides, cases, model, &a)?;
                }
            }
        }
        Ok(())
    }

    fn one(&mut self, sides: &[Side1], cases: &mut [Case], model: &mut Model, a: &Attempt) -> Checked {
        let fate = model.foresee(&a.plan, a.who, a.seen, a.again, &cases[0]);
        let person = PEOPLE.get(a.who).map_or("system", |(name, _)| *name);
        let plan = format!("{:?}", a.plan);
        let plan: Vec<&str> = plan.split(", ").filter(|word| !word.ends_with(": None")).collect();
        let seen = a.seen.map_or_else(String::new, |v| format!(" at version {v}"));
        self.lines.push(format!("{person}: {}{seen}: {fate:?}", plan.join(", ")));
        let mut first: Option<Came> = None;
        let mut next: Option<Model> = None;
        for (side, case) in sides.iter().zip(cases.iter_mut()) {
            let (came, after) = attempt(side, case, model, a)?;
            self.lines.push(format!("    {}: {came:?}", side.name));
            must!(agrees(fate, &came), "{}: {fate:?} was foreseen and {came:?} came", side.name);
            if let Some(first) = &first {
                must!(*first == came, "{} says {came:?} and the other engine {first:?}", side.name);
            }
            if let Some(after) = after {
                taken_back(side, case, &after, a).map_err(|why| format!("{}: {why}", side.name))?;
                let catalogue = side.lab.catalogue();
                let mut expected = model.after(&a.plan, a.who, case, &after, &catalogue.catalogue);
                expected.compare(&a.plan, case, &after).map_err(|why| format!("{}: {why}", side.name))?;
                if let Some(next) = &next {
                    must!(next.orders == expected.orders, "{} leads orders elsewhere", side.name);
                }
                next = Some(expected);
                *case = after;
            }
            first = Some(came);
        }
        self.count(match (&first, fate) {
            (Some(Came::Done), _) => "done",
            (_, Fate::Already) => "so already",
            (_, Fate::Forbidden) => "forbidden",
            (_, Fate::Absent) => "absent",
            (_, Fate::Stale) => "stale",
            (_, Fate::NotAllowed) => "not allowed",
            (_, Fate::Refused) => "refused as foreseen",
            (_, Fate::May | Fate::Must) => "refused by a rule",
        });
        if let Some(next) = next {
            self.count(&format!("+ {}", a.plan.name()));
            *model = next;
        }
        // Whoever may not, or looked at an old version, is sent away before the clock is looked at.
        if !matches!(fate, Fate::Forbidden | Fate::Absent | Fate::Stale) || first == Some(Came::Done) {
            model.decided = model.latest;
        }
        Ok(())
    }

    /// What is kept is what was done: rows, journal, hashes, and the same on every engine.
    fn end(&mut self, sides: &[Side1], cases: &[Case], model: &Model) -> Checked {
        let mut views: Vec<String> = Vec::new();
        for (side, case) in sides.iter().zip(cases) {
            let id = case.header.id;
            let (kept, entries) = side
                .lab
                .store()
                .read_now(|conn| {
                    let kept = aggregate::load(conn, id, false)?;
                    Ok::<_, trephine::store::StoreError>((kept, journal::stream(conn, &stream(id))?))
                })
                .unwrap();
            let kept = kept.ok_or("the case is gone")?;
            must!(kept.case == *case, "{} keeps another case than it answered", side.name);
            must!(kept.head.seq == model.seq, "{}: {} entries, not {}", side.name, kept.head.seq, model.seq);
            let said: Vec<&str> = entries.iter().map(|e| e.command.as_str()).collect();
            must!(said == model.said, "{}: the journal says {said:?} and not {:?}", side.name, model.said);
            must!(entries.iter().zip(1..).all(|(e, n)| e.seq == n), "{}: the journal has a gap", side.name);
            let catalogue = side.lab.catalogue();
            let eyes = Eyes { actor: &side.people[2], catalogue: &catalogue, now: model.latest };
            let view = serde_json::to_string_pretty(&case_view(case, kept.head.seq, eyes)).unwrap();
            views.push(plain(&[("view", view)]).remove(0).1);
        }
        if let [first, others @ ..] = &views[..] {
            for (view, side) in others.iter().zip(&sides[1..]) {
                must!(
                    view == first,
                    "{} shows another case than {}: {}",
                    side.name,
                    sides[0].name,
                    difference(first, view)
                );
            }
        }
        // Timers come by, for this case and those before; then everything is checked.
        for side in sides {
            side.lab.tick().map_err(|e| e.to_string())?;
            if self.number.is_multiple_of(8) {
                verified(side)?;
            }
        }
        Ok(())
    }
}

fn verified(side: &Side1) -> Checked {
    let verdict = side.lab.verify().map_err(|e| e.to_string())?;
    must!(verdict.is_clean(), "{}: {:#?}", side.name, verdict.findings);
    Ok(())
}

fn difference(left: &str, right: &str) -> String {
    let lines = left.lines().zip(right.lines()).filter(|(a, b)| a != b);
    lines.take(5).map(|(a, b)| format!("\n- {a}\n+ {b}")).collect()
}

fn env(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().map_or(default, |v| v.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// Tries the story again with ever fewer steps. What still fails is kept.
fn shortest(mut dice: Vec<Dice>, fails: impl Fn(&[Dice]) -> bool) -> Vec<Dice> {
    let mut piece = dice.len() / 2;
    while piece > 0 {
        let mut from = 1;
        while from < dice.len() {
            let mut shorter = dice.clone();
            shorter.drain(from..(from + piece).min(dice.len()));
            if fails(&shorter) {
                dice = shorter;
            } else {
                from += piece;
            }
        }
        piece /= 2;
    }
    dice
}

#[test]
fn random_people_cannot_break_a_case() {
    let (cases, seed) = (env("TREPHINE_MODEL_CASES", 40), env("TREPHINE_MODEL_SEED", 1));
    let sides: Vec<Side1> = engines().into_iter().map(Side1::open).collect();
    let mut bytes = [0_u8; 32];
    bytes[..4].copy_from_slice(&seed.to_be_bytes());
    // A step means something else when another one before it is gone, so that only whole steps are taken away, here.
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let stories = prop::collection::vec(any::<Dice>(), 30..=61);
    let number = Cell::new(0);
    let tell = |dice: &[Dice]| {
        number.set(number.get() + 1);
        let mut story = Story { number: number.get(), lines: Vec::new(), counts: BTreeMap::new() };
        let result = story.run(&sides, dice);
        (story, result)
    };
    let counts = RefCell::new(BTreeMap::<String, usize>::new());
    let outcome = runner.run(&stories, |dice| {
        let (story, result) = tell(&dice);
        for (what, n) in &story.counts {
            *counts.borrow_mut().entry(what.clone()).or_default() += n;
        }
        result.map_err(TestCaseError::fail)
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, dice)) => {
            let short = shortest(dice, |dice| tell(dice).1.is_err());
            let (story, again) = tell(&short);
            panic!(
                "TREPHINE_MODEL_SEED={seed} TREPHINE_MODEL_CASES={cases}: {why}\nthe shortest story that fails:\n{}\n{}",
                story.lines.join("\n"),
                again.err().unwrap_or_else(|| why.to_string()),
            );
        }
        Err(TestError::Abort(why)) => panic!("TREPHINE_MODEL_SEED={seed}: {why}"),
    }
    for side in &sides {
        assert_eq!(verified(side), Ok(()));
    }
    let counts = counts.into_inner();
    let total = |of: &str| -> usize { counts.iter().filter(|(what, _)| what.starts_with(of)).map(|(_, n)| n).sum() };
    let (done, all) = (total("done"), total("") - total("+"));
    eprintln!("{all} attempts: {counts:?}");
    assert!(done * 3 > all, "too little happens for this to prove anything: {done} of {all}");
}

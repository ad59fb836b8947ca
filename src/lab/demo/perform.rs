//! Carrying the stories out: everything that happens, in the order of time, through the one door.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;

use super::people::{SUPERVISOR, full_name};
use super::story::{Act, Child, Log, Part, Step, Story};
use crate::domain::command::{
    ChildInput, NewOrder, NewSpecimen, OrderStep, OrdersInput, PlanSample, ProcedureInput, RecordCall, Suggested,
};
use crate::domain::correlation::{self, Acknowledgment, FlagCode};
use crate::domain::{
    Accession, Actor, CallMethod, CallOutcome, Case, Code, Command, Label, LogCase, MediaType, Moment, NewDocument,
    OrderId, Refusal, ReportState, ResultState, Target,
};
use crate::lab::{Ask, Door, Lab, LabError, ManualClock, Outcome};
use crate::store::tables::orders;

/// How many things happen in one transaction.
const TOGETHER: usize = 300;
/// How often the laboratory's own timers run, hours.
const TIMERS_EVERY_H: i64 = 2;
/// Most firings of one kind in one round.
const ROUND_MAX: i64 = 500;

/// What came of it.
#[derive(Debug, Default, Clone)]
pub(super) struct Performed {
    /// Cases that were logged.
    pub(super) cases: usize,
    /// Commands that were accepted, those of the timers among them.
    pub(super) commands: usize,
    /// What was refused, in words. A story ends there; the others go on.
    pub(super) refused: Vec<String>,
}

/// One entry of the agenda.
#[derive(Clone, Copy)]
enum Entry {
    /// The laboratory's timers.
    Timers,
    /// This step of this story.
    Step(usize, usize),
}

/// Everything that happens until now, by time; what happens at the same moment in the order in which it was told.
fn agenda(stories: &[Story], now: Moment) -> Vec<(Moment, Entry)> {
    let mut agenda: Vec<(Moment, Entry)> = Vec::new();
    for (s, story) in stories.iter().enumerate() {
        let mut steps: Vec<(usize, &Step)> =
            story.steps.iter().enumerate().filter(|(_, step)| step.at <= now).collect();
        // A story is cut where its case is not logged yet.
        let logged = steps.iter().filter(|(_, step)| matches!(step.act, Act::Log(_))).map(|(_, step)| step.at).min();
        steps.retain(|_| logged.is_some());
        agenda.extend(steps.iter().map(|(i, step)| (step.at, Entry::Step(s, *i))));
    }
    agenda.sort_by_key(|(at, _)| *at);
    let Some(first) = agenda.first().map(|(at, _)| *at) else { return agenda };
    let mut round = first;
    while round < now {
        agenda.push((round, Entry::Timers));
        round += TimeDelta::hours(TIMERS_EVERY_H);
    }
    agenda.push((now, Entry::Timers));
    agenda.sort_by_key(|(at, _)| *at);
    agenda
}

/// Where the cases stand, as far as the stories must know.
#[derive(Clone, Default)]
struct World {
    /// By story.
    cases: Vec<Option<Arc<Case>>>,
    /// Stories that ended with a refusal.
    over: Vec<bool>,
    performed: Performed,
}

/// Carries the stories out.
pub(super) fn perform(
    lab: &Lab,
    clock: &Arc<ManualClock>,
    actors: BTreeMap<&'static str, Actor>,
    stories: Vec<Story>,
    now: Moment,
) -> Result<Performed, LabError> {
    let agenda = Arc::new(agenda(&stories, now));
    let mut world = World { cases: vec![None; stories.len()], over: vec![false; stories.len()], ..World::default() };
    let stage = Arc::new(Stage { stories, actors, clock: Arc::clone(clock), now });
    for from in (0..agenda.len()).step_by(TOGETHER) {
        let (stage, agenda, before) = (Arc::clone(&stage), Arc::clone(&agenda), world);
        world = lab.batch("batch.demo", move |door| {
            // A transaction may run more than once; each time from the same beginning.
            let mut world = before.clone();
            for (at, entry) in agenda.iter().skip(from).take(TOGETHER) {
                stage.clock.set(*at);
                match entry {
                    Entry::Timers => timers(door, *at, &mut world)?,
                    Entry::Step(story, step) => stage.step(door, *story, *step, &mut world)?,
                }
            }
            Ok(world)
        })?;
    }
    clock.set(now);
    Ok(world.performed)
}

/// Holds whose deadline has come and orders that have become late, as `Lab::tick` finds them.
fn timers(door: &mut Door<'_, '_>, at: Moment, world: &mut World) -> Result<(), LabError> {
    let lapsed = orders::holds_lapsed(door.conn(), at, ROUND_MAX)?;
    let late = orders::newly_overdue(door.conn(), at, ROUND_MAX)?;
    let commands = lapsed.into_iter().map(|id| (id, Command::LapseHold(id)));
    let commands = commands.chain(late.into_iter().map(|id| (id, Command::NoteOverdue(id))));
    for (id, command) in commands.collect::<Vec<_>>() {
        let ask = Ask::new(Actor::system(), Target::Order(id), command, "timer");
        match door.attempt(&ask) {
            Ok(_) => world.performed.commands += 1,
            // A hold that has just lapsed is no longer late.
            Err(LabError::Refused(Refusal::Guard { .. })) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

struct Stage {
    stories: Vec<Story>,
    actors: BTreeMap<&'static str, Actor>,
    clock: Arc<ManualClock>,
    now: Moment,
}

impl Stage {
    fn step(&self, door: &mut Door<'_, '_>, story: usize, step: usize, world: &mut World) -> Result<(), LabError> {
        let Some((told, now)) = self.stories.get(story).and_then(|s| s.steps.get(step).map(|now| (s, now))) else {
            return Ok(());
        };
        let (Some(known), Some(over)) = (world.cases.get_mut(story), world.over.get_mut(story)) else { return Ok(()) };
        if *over {
            return Ok(());
        }
        match self.carry_out(door, known.as_deref(), now) {
            Ok(case) => {
                world.performed.cases += usize::from(known.is_none());
                world.performed.commands += 1;
                *known = Some(Arc::new(case));
                Ok(())
            }
            Err(LabError::Refused(why)) => {
                let accession = known.as_ref().map_or_else(String::new, |c| c.header.accession.to_string());
                let words = format!("{} {accession} {} {}: {:?}: {why}", told.name, now.at, now.who, now.act);
                tracing::warn!(story = told.name, "a step of the demonstration was refused: {why}");
                world.performed.refused.push(words);
                *over = true;
                Ok(())
            }
            Err(e) => Err(e),
        }
    }

    fn carry_out(&self, door: &mut Door<'_, '_>, case: Option<&Case>, step: &Step) -> Result<Case, LabError> {
        let actor = self.actors.get(step.who).ok_or_else(|| missing("account", step.who))?;
        let target = case.map_or(Target::New, |c| Target::Case(c.header.accession));
        if let (Act::Read, Some(case)) = (&step.act, case.filter(|c| c.signed_report().is_none())) {
            return Ok(case.clone()); // withdrawn before anybody read it
        }
        let mut command = command(case, step)?;
        if let (Some(case), Command::DraftReport(text) | Command::EditReport(_, text)) = (case, &mut command) {
            text.acknowledged = acknowledge(door, case, actor)?;
        }
        let mut ask = Ask::new(actor.clone(), target, command, "demo");
        ask.reauthenticated = matches!(step.act, Act::Sign);
        match door.attempt(&ask)? {
            Outcome::Done(done) => self.call(door, done.case, step.at),
            Outcome::Again(_) => Err(missing("answer", "now")),
        }
    }

    /// Whoever asked is called at once about a critical finding; those of the last hours wait for the visitor.
    fn call(&self, door: &mut Door<'_, '_>, mut case: Case, at: Moment) -> Result<Case, LabError> {
        if at > self.now - TimeDelta::hours(3) {
            return Ok(case);
        }
        let actor = self.actors.get(SUPERVISOR).ok_or_else(|| missing("account", SUPERVISOR))?;
        let open: Vec<_> = case.header.critical.iter().filter(|f| f.is_open()).map(|f| f.id).collect();
        for id in open {
            let call = RecordCall {
                finding: Some(id),
                code: None,
                text: None,
                recipient: full_name(&case.header.requester),
                role: "Requester".to_owned(),
                method: CallMethod::Telephone,
                at: None,
                outcome: CallOutcome::Reached,
                read_back: true,
                escalated_to: None,
                note: None,
            };
            let target = Target::Case(case.header.accession);
            let ask = Ask::new(actor.clone(), target, Command::RecordCall(Box::new(call)), "demo");
            match door.attempt(&ask)? {
                Outcome::Done(done) => case = done.case,
                Outcome::Again(_) => return Err(missing("answer", "now")),
            }
        }
        Ok(case)
    }
}

/// What this laboratory's pathologists say of findings that do not fit.
fn acknowledge(door: &mut Door<'_, '_>, case: &Case, actor: &Actor) -> Result<Vec<Acknowledgment>, LabError> {
    let earlier = crate::lab::questions::flags::earlier(door.conn(), case, actor)?;
    let flags = correlation::flags(case, &earlier);
    Ok(flags
        .into_iter()
        .map(|flag| {
            let words = match flag.code {
                FlagCode::Blasts => "The smear is representative; flow was diluted. The diagnosis rests on the smear.",
                FlagCode::PmlRara | FlagCode::Del5q => "A small clone; FISH is the more sensitive method here.",
                FlagCode::PlasmaCells => "Patchy infiltration. The diagnosis rests on the core.",
                FlagCode::RingsWithoutSf3b1 => "No toxic cause is known; the panel covers SF3B1.",
                FlagCode::FibrosisWithoutDriver => {
                    "Discussed with the requester; autoimmune causes are being looked for."
                }
                FlagCode::Sex => "Donor cells after transplant.",
                FlagCode::Delta => "Confirmed with a second run; the requester was told by telephone.",
            };
            Acknowledgment { flag: flag.key, words: words.to_owned() }
        })
        .collect())
}

fn missing(what: &str, name: &str) -> LabError {
    Refusal::NotFound(format!("There is no {what} {name} in this story.")).into()
}

fn code(text: &str) -> Result<Code, LabError> {
    Code::parse(text).map_err(|why| Refusal::field("/code", "malformed", why).into())
}

/// The command that a step stands for.
fn command(case: Option<&Case>, step: &Step) -> Result<Command, LabError> {
    if let Act::Log(log) = &step.act {
        return Ok(Command::LogCase(Box::new(log_case(log, step.at)?)));
    }
    let case = case.ok_or_else(|| missing("case", "yet"))?;
    let accession = case.header.accession;
    Ok(match &step.act {
        Act::Log(log) => Command::LogCase(Box::new(log_case(log, step.at)?)),
        Act::Add(part) => Command::AddSpecimen(Box::new(specimen(part, part.taken)?)),
        Act::Move(part, transition, details) => {
            Command::MoveSpecimen(label(accession, part)?, *transition, details.clone())
        }
        Act::Split(part, children) => {
            Command::Aliquot(label(accession, part)?, children.iter().map(child).collect::<Result<_, _>>()?)
        }
        Act::Order(new) => Command::OrderAssay(Box::new(NewOrder {
            assay: code(new.assay)?,
            urgency: new.urgency,
            why: Some(new.why.to_owned()),
            parent: new.parent.map(|parent| order(case, parent)).transpose()?,
        })),
        Act::Plan(first, why) => Command::PlanSample(Box::new(PlanSample {
            order: first.iter().map(|assay| order(case, assay)).collect::<Result<_, _>>()?,
            note: Some((*why).to_owned()),
        })),
        Act::Work(assay, transition, details) => Command::MoveOrder(order(case, assay)?, *transition, details.clone()),
        Act::StartOn(assay, part, details) => {
            let details = OrderStep { specimen: Some(label(accession, part)?), ..(**details).clone() };
            Command::MoveOrder(order(case, assay)?, crate::domain::OrderTransition::Start, Box::new(details))
        }
        Act::Attach(assay, text) => {
            let new = NewDocument::new(format!("{assay}.txt"), MediaType::Text, text.as_bytes());
            Command::AttachDocument(order(case, assay)?, Box::new(new))
        }
        Act::Enter(assay, result) => Command::EnterResult(order(case, assay)?, result.clone()),
        Act::Release(assay) => Command::ReleaseResult(open_result(case, assay)?),
        Act::Verify(assay) => Command::VerifyResult(open_result(case, assay)?),
        Act::Revise(assay, revise) => Command::ReviseResult(verified_result(case, assay)?, revise.clone()),
        Act::Retract(assay, reason, told) => {
            Command::RetractResult(verified_result(case, assay)?, reason.clone(), told.clone())
        }
        Act::Draft(text) => Command::DraftReport(text.clone()),
        Act::Edit(text) => Command::EditReport(draft(case)?, text.clone()),
        Act::Sign => Command::SignReport(draft(case)?),
        Act::Read => {
            let newest = case.signed_report().ok_or_else(|| missing("report", "yet"))?;
            Command::ReadReport(newest.id)
        }
        Act::Void(reason, told) => {
            let newest = case.reports.last().ok_or_else(|| missing("report", "yet"))?;
            Command::VoidReport(newest.id, reason.clone(), told.clone())
        }
    })
}

fn log_case(log: &Log, now: Moment) -> Result<LogCase, LabError> {
    // A puncture that is to come has brought nothing yet.
    let planned = log.performed_at.is_some_and(|at| at > now);
    let parts = log.parts.iter().map(|part| specimen(part, log.performed_at.filter(|_| !planned)));
    let orders = if log.orders.is_empty() {
        OrdersInput::Suggested(Suggested::Suggested)
    } else {
        OrdersInput::Codes(log.orders.iter().map(|assay| code(assay)).collect::<Result<_, _>>()?)
    };
    Ok(LogCase {
        external_ref: log.external_ref.clone(),
        patient: log.patient.clone(),
        requester: log.requester.to_owned(),
        indication: code(log.indication)?,
        urgency: log.urgency,
        clinical_note: Some(log.note.to_owned()),
        procedure: ProcedureInput {
            performed_at: log.performed_at,
            operator: log.operator.map(str::to_owned),
            site: log.site.map(code).transpose()?,
            side: log.side,
            outcome: Some(log.outcome),
        },
        specimens: parts.collect::<Result<_, _>>()?,
        orders,
        reason: None,
    })
}

/// A part as it is logged; `taken` is when, unless it is only planned.
fn specimen(part: &Part, taken: Option<Moment>) -> Result<NewSpecimen, LabError> {
    let taken = part.taken.or(taken);
    let obtained = part.missing.is_none();
    Ok(NewSpecimen {
        kind: part.kind,
        container: code(part.container)?,
        pull_number: part.pull,
        volume_ul: part.ul.filter(|_| taken.is_some()),
        length_mm: part.mm.filter(|_| taken.is_some()),
        site: None,
        side: part.side,
        collected_at: part.taken.filter(|_| obtained),
        fixed_at: taken.filter(|_| obtained && part.in_fixative()).map(|at| at + TimeDelta::minutes(5)),
        temperature: Some(part.temperature()),
        not_collected: part.missing.map(code).transpose()?,
    })
}

fn child(child: &Child) -> Result<ChildInput, LabError> {
    Ok(ChildInput {
        kind: child.kind,
        container: code(child.container)?,
        volume_ul: child.ul,
        location: Some(child.location.clone()),
    })
}

fn label(accession: Accession, part: &str) -> Result<Label, LabError> {
    Label::parse(&format!("{accession}-{part}")).map_err(|why| Refusal::field("/label", "malformed", why).into())
}

/// The newest order for that assay.
fn order(case: &Case, assay: &str) -> Result<OrderId, LabError> {
    case.orders.iter().rfind(|o| o.assay == *assay).map(|o| o.id).ok_or_else(|| missing("order", assay))
}

fn open_result(case: &Case, assay: &str) -> Result<crate::domain::ResultId, LabError> {
    let id = order(case, assay)?;
    let open = |state: ResultState| matches!(state, ResultState::Draft | ResultState::Preliminary);
    case.results_of(id).rfind(|r| open(r.state)).map(|r| r.id).ok_or_else(|| missing("open result", assay))
}

fn verified_result(case: &Case, assay: &str) -> Result<crate::domain::ResultId, LabError> {
    let id = order(case, assay)?;
    case.verified_result(id).map(|r| r.id).ok_or_else(|| missing("verified result", assay))
}

fn draft(case: &Case) -> Result<crate::domain::ReportId, LabError> {
    let open = case.reports.iter().rfind(|r| r.state == ReportState::Draft);
    open.map(|r| r.id).ok_or_else(|| missing("draft", "report"))
}

//! One press: the next step of one test, or of several, right from a list or a card. Each gets its own answer.

use crate::domain::command::OrderStep;
use crate::domain::{Code, Command, OrderId, OrderTransition, Target};
use crate::edge::Problem;
use crate::web::act::{Deed, explain};
use crate::web::fields::Fields;
use crate::web::session::Person;
use crate::web::steps;

/// What came of a press.
pub(crate) enum Pressed {
    /// Done: the word of the step.
    Done(String),
    /// Not done, and why.
    Refused(Box<Problem>),
}

/// A test as a form names it, in the version that was seen: `id.version`.
#[derive(Clone, Copy)]
pub(crate) struct Line {
    pub(crate) order: OrderId,
    version: i64,
}

impl Line {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (id, version) = text.split_once('.')?;
        Some(Self { order: OrderId(id.parse().ok()?), version: version.parse().ok()? })
    }
}

/// Carries out `id.version.step`.
pub(crate) async fn one(person: &Person, fields: &Fields, press: &str) -> Pressed {
    let Some((line, step)) = press.rsplit_once('.').and_then(|(line, step)| Some((Line::parse(line)?, step))) else {
        let why = Problem::field("/press", "malformed", "this button says nothing that can be done");
        return Pressed::Refused(Box::new(why));
    };
    take(person, fields, line, step).await
}

/// Carries out a step, such as `start` or `advance:HYBRIDIZE`, on one test.
pub(crate) async fn take(person: &Person, fields: &Fields, line: Line, step: &str) -> Pressed {
    let (word, workstep) = step.split_once(':').map_or((step, None), |(word, code)| (word, Code::parse(code).ok()));
    let Some(step) = OrderTransition::parse(word).filter(|s| steps::is_pressable(*s)) else {
        let why = Problem::field("/step", "unknown", "this step takes a form of its own");
        return Pressed::Refused(Box::new(why));
    };
    let command = Command::MoveOrder(line.order, step, Box::new(OrderStep { workstep, ..OrderStep::default() }));
    // Each test of a selection has a key of its own, so that a repeated press repeats none of them.
    let key = format!("{}.{}", fields.get("key"), line.order);
    let seen = fields.clone().with("version", line.version.to_string()).with("key", key);
    let outcome = match Deed::seen(&seen, Target::Order(line.order), command, step.name().to_owned()) {
        Ok(deed) => deed.act(person, &seen).await,
        Err(refusal) => return Pressed::Refused(Box::new(refusal.into())),
    };
    match outcome {
        Ok(word) => Pressed::Done(word),
        Err(e) => match person.lab.case_of_order(person.actor(), line.order).await {
            Ok(whole) => Pressed::Refused(Box::new(explain(person, whole.case.header.accession, e).await)),
            Err(_) => Pressed::Refused(Box::new(e.into())),
        },
    }
}

/// What is wrong, in one sentence.
pub(crate) fn sentence(problem: &Problem) -> String {
    let fields: Vec<&str> = problem.errors.iter().map(|e| e.message.as_str()).collect();
    if fields.is_empty() { problem.detail.clone() } else { crate::web::words::sentence(&fields.join("; ")) }
}

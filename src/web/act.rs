//! How a form becomes a change: one command, through the one door, once.

use std::sync::Arc;

use uuid::Uuid;

use super::fields::Fields;
use super::session::Person;
use crate::domain::{Accession, Case, Command, Refusal, Target};
use crate::edge::Problem;
use crate::edge::problem::Changed;
use crate::lab::{Answer, Ask, Done, Expect, LabError, Once, Outcome};

/// Where to go after a change; made from what was done.
type Onward = Arc<dyn Fn(&Done) -> String + Send + Sync>;

/// A change that a form asks for.
pub(crate) struct Deed {
    target: Target,
    command: Command,
    expect: Expect,
    reauthenticated: bool,
    onward: Onward,
}

impl Deed {
    /// A change to something that the person has seen in a version: the form's field `version`.
    ///
    /// # Errors
    /// A form without its version.
    pub(crate) fn seen(fields: &Fields, target: Target, command: Command, onward: String) -> Result<Self, Refusal> {
        let version = fields.get("version").parse().map_err(|_| {
            Refusal::field("/version", "missing", "this form does not say what you saw; reload the page and try again")
        })?;
        Ok(Self { expect: Expect::Version(version), ..Self::new(target, command, move |_| onward.clone()) })
    }

    /// A change that holds whatever there is: logging, and adding to a case.
    pub(crate) fn new(
        target: Target,
        command: Command,
        onward: impl Fn(&Done) -> String + Send + Sync + 'static,
    ) -> Self {
        Self { target, command, expect: Expect::Any, reauthenticated: false, onward: Arc::new(onward) }
    }

    /// Goes where what was done says.
    pub(crate) fn then(self, onward: impl Fn(&Done) -> String + Send + Sync + 'static) -> Self {
        Self { onward: Arc::new(onward), ..self }
    }

    /// Only while nothing of the case has changed since this journal number.
    pub(crate) fn while_at(self, seq: i64) -> Self {
        Self { expect: Expect::Case(seq), ..self }
    }

    /// The password was given again, just now.
    pub(crate) fn reauthenticated(self) -> Self {
        Self { reauthenticated: true, ..self }
    }

    /// Does it, at most once per form; returns where to go.
    ///
    /// # Errors
    /// What the laboratory says.
    pub(crate) async fn act(self, person: &Person, fields: &Fields) -> Result<String, LabError> {
        let onward = Arc::clone(&self.onward);
        let once = fields.opt("key").map(|key| Once {
            key: format!("page:{key}"),
            body_hash: fields.hash(&person.path),
            answer: Arc::new(move |done| Answer { status: 303, body: onward(done) }),
        });
        let ask = Ask {
            expect: self.expect,
            once,
            reauthenticated: self.reauthenticated,
            ..Ask::new(person.actor().clone(), self.target, self.command, person.request_id.clone())
        };
        let to = match person.lab.execute(ask).await? {
            Outcome::Done(done) => (self.onward)(&done),
            Outcome::Again(answer) => answer.body,
        };
        // What was kept of the form has become what was done. If this fails, it ends by itself in a few days.
        if let Some(place) = fields.opt("draft") {
            drop(person.lab.discard_draft(person.actor(), &place).await);
        }
        Ok(to)
    }
}

/// A problem in full: of a stale form it carries who changed what, and when.
pub(crate) async fn explain(person: &Person, accession: Accession, error: LabError) -> Problem {
    let stale = match &error {
        LabError::Stale { current, .. } => Some(subject(current, &person.path)),
        LabError::Refused(_)
        | LabError::KeyReused
        | LabError::AlreadyLogged { .. }
        | LabError::Catalogue(_)
        | LabError::Store(_) => None,
    };
    let mut problem = Problem::from(error);
    problem.request_id.clone_from(&person.request_id);
    if let Some(subject) = stale
        && let Ok(entries) = person.lab.case_history(person.actor(), accession).await
    {
        problem.changed = Some(Box::new(Changed { accession, subject, entries, open: true }));
    }
    problem
}

/// Notes in a problem of a stale form whether its step is still open: only then is there a form to send again.
pub(crate) fn mark_open(problem: &mut Problem, open: bool) {
    if let Some(changed) = &mut problem.changed {
        changed.open = open;
    }
}

/// What of a case the address of a form is about.
fn subject(case: &Case, path: &str) -> Option<Uuid> {
    let names = |piece: &str| {
        let specimen = case.specimens.iter().find(|s| s.label.to_string() == piece).map(|s| s.id.0);
        let order = || case.orders.iter().find(|o| o.id.0.to_string() == piece).map(|o| o.id.0);
        let result = || case.results.iter().find(|r| r.id.0.to_string() == piece).map(|r| r.id.0);
        specimen.or_else(order).or_else(result)
    };
    // The newest version of the report is the one that is written, signed or declared void.
    let report = || case.reports.last().filter(|_| path.contains("/report")).map(|r| r.id.0);
    path.split('/').find_map(names).or_else(report)
}

/// A word for a form that is good once.
pub(crate) fn nonce() -> String {
    format!("{:032x}", rand::random::<u128>())
}

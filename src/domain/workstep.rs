//! Where the bench's work on an assay stands between set-up and result: derived from the steps of the catalogue and
//! from what was done, never stored.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::catalogue::{Assay, Workstep};
use super::{Code, Moment, Order, OrderState, StepDone, UserId, Who};

/// What the bench does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next<'a> {
    /// This step.
    Step(&'a Workstep),
    /// This step once more, by another person than the first.
    SecondReader {
        /// The step that was done once.
        step: &'a Workstep,
        /// Who did it.
        first: &'a Who,
    },
    /// No step is left: the result is entered.
    Result,
}

impl<'a> Next<'a> {
    /// What follows on what was done. Steps that the catalogue no longer has count for nothing.
    pub fn of(steps: &'a [Workstep], done: &'a [StepDone]) -> Self {
        let place = |d: &StepDone| steps.iter().position(|s| s.code == d.code);
        let furthest = done.iter().filter_map(|d| place(d).map(|at| (at, d))).max_by_key(|(at, _)| *at);
        let Some((at, last)) = furthest else { return steps.first().map_or(Self::Result, Self::Step) };
        let once = || done.iter().filter(|d| d.code == last.code).all(|d| d.by.id == last.by.id);
        match steps.get(at) {
            Some(step) if step.readers > 1 && once() => Self::SecondReader { step, first: &last.by },
            Some(_) | None => steps.get(at + 1).map_or(Self::Result, Self::Step),
        }
    }

    /// The step, unless none is left.
    pub const fn step(self) -> Option<&'a Workstep> {
        match self {
            Self::Step(step) | Self::SecondReader { step, .. } => Some(step),
            Self::Result => None,
        }
    }

    /// What comes next, as the end of a sentence.
    pub fn hint(self) -> String {
        match self {
            Self::Step(step) => format!("next is “{}” ({})", step.name, step.code),
            Self::SecondReader { step, .. } => format!("next is a second reader for “{}” ({})", step.name, step.code),
            Self::Result => "next is the result".to_owned(),
        }
    }

    /// Whether this person may now record the step at `wanted`; `explained`: with a note.
    ///
    /// # Errors
    /// The rule that refuses, and why as the beginning of a sentence.
    pub fn allows(
        self,
        steps: &[Workstep],
        wanted: usize,
        by: UserId,
        explained: bool,
    ) -> Result<(), (&'static str, String)> {
        let Some(next) = self.step() else { return Err(("all_done", "Every step is done".to_owned())) };
        let at = steps.iter().position(|s| s.code == next.code).unwrap_or_default();
        let left_out = steps.get(at..wanted).unwrap_or_default();
        if let Self::SecondReader { first, .. } = self
            && (wanted, by) == (at, first.id)
        {
            return Err(("second_reader", format!("{} read it first and another person reads it again", first.name)));
        }
        if wanted < at {
            return Err(("done_already", "That step is done or was left out".to_owned()));
        }
        // Two readers are there because one errs: no note stands in for either of them.
        if left_out.iter().any(|s| s.readers > 1) {
            return Err(("second_reader", "A step of two readers is never left out".to_owned()));
        }
        if !left_out.is_empty() && !explained {
            let names: Vec<String> = left_out.iter().map(|s| format!("“{}”", s.name)).collect();
            return Err(("step_left_out", format!("This leaves out {}: say why in note", names.join(", "))));
        }
        Ok(())
    }
}

/// How far the bench is with an assay that it has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct WorkProgress {
    /// In a few words: `culture, day 2 of 3`, `second reader to score`.
    pub words: String,
    /// The step that is done next (code); absent when only the result is missing.
    pub next: Option<Code>,
    /// Its name as it follows “Done:”.
    pub next_name: Option<String>,
    /// Who did the next step already and therefore cannot do it again: it takes two people.
    pub first_reader: Option<Who>,
    /// How many different steps are done in this attempt.
    pub done: usize,
    /// How many the assay has.
    pub of: usize,
    /// Since when the next step has been waited for.
    pub since: DateTime<Utc>,
    /// When it should be done, where the catalogue says how long it takes.
    pub expected_at: Option<DateTime<Utc>>,
}

/// How far the bench is; absent when it is not at work on it, or when the catalogue names no steps.
pub fn work_progress(order: &Order, assay: &Assay, now: Moment) -> Option<WorkProgress> {
    let attempt = order.attempts.last().filter(|_| order.state == OrderState::InProcess)?;
    if assay.steps.is_empty() {
        return None;
    }
    let next = Next::of(&assay.steps, &attempt.steps);
    let step = next.step();
    let since = attempt.steps.last().map_or(attempt.started_at, |s| s.at);
    let hours = step.and_then(|s| s.hours).filter(|_| matches!(next, Next::Step(_)));
    let (words, first_reader) = match next {
        Next::Step(step) => {
            (hours.map_or_else(|| format!("{} next", step.name), |h| waiting(step, h, since, now)), None)
        }
        Next::SecondReader { step, first } => (format!("second reader to {}", step.name), Some(first.clone())),
        Next::Result => ("every step is done, result to enter".to_owned(), None),
    };
    let done = assay.steps.iter().filter(|s| attempt.steps.iter().any(|d| d.code == s.code)).count();
    Some(WorkProgress {
        words,
        next: step.map(|s| s.code.clone()),
        next_name: step.map(|s| s.name.clone()),
        first_reader,
        done,
        of: assay.steps.len(),
        since,
        expected_at: hours.map(|h| since + TimeDelta::hours(i64::from(h))),
    })
}

/// A step that takes its time: `culture, day 2 of 3`, `decalcify, hour 5 of 24`.
fn waiting(step: &Workstep, hours: u32, since: Moment, now: Moment) -> String {
    // A stated time may lie a moment ahead of the clock.
    let passed = (now - since).max(TimeDelta::zero());
    if passed >= TimeDelta::hours(i64::from(hours)) {
        return format!("{} to be ended", step.name);
    }
    if hours > 24 {
        format!("{}, day {} of {}", step.name, passed.num_days() + 1, hours.div_ceil(24))
    } else {
        format!("{}, hour {} of {hours}", step.name, passed.num_hours() + 1)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn steps() -> Vec<Workstep> {
        [
            ("SET-UP", "set up", None, 1),
            ("CULTURE", "culture", Some(72), 1),
            ("BAND", "band", None, 1),
            ("SCORE", "score", None, 2),
        ]
        .into_iter()
        .map(|(code, name, hours, readers)| Workstep {
            code: code.parse().unwrap(),
            name: name.to_owned(),
            hours,
            readers,
        })
        .collect()
    }

    fn done(code: &str, by: u128) -> StepDone {
        let by = Who { id: UserId(Uuid::from_u128(by)), name: format!("Tech {by}") };
        StepDone { code: code.parse().unwrap(), at: "2026-03-04T09:00:00Z".parse().unwrap(), by, note: None }
    }

    fn hint(done: &[StepDone]) -> String {
        Next::of(&steps(), done).hint()
    }

    #[test]
    fn what_follows() {
        assert_eq!(hint(&[]), "next is “set up” (SET-UP)");
        assert_eq!(hint(&[done("SET-UP", 1)]), "next is “culture” (CULTURE)");
        assert_eq!(hint(&[done("BAND", 1)]), "next is “score” (SCORE)");
        assert_eq!(hint(&[done("SCORE", 1)]), "next is a second reader for “score” (SCORE)");
        assert_eq!(hint(&[done("SCORE", 1), done("SCORE", 1)]), "next is a second reader for “score” (SCORE)");
        assert_eq!(hint(&[done("SCORE", 1), done("SCORE", 2)]), "next is the result");
        assert_eq!(hint(&[done("GONE", 1)]), "next is “set up” (SET-UP)");
        assert_eq!(Next::of(&[], &[]), Next::Result);
    }

    #[test]
    fn what_may_be_recorded() {
        let steps = steps();
        let may = |done: &[StepDone], wanted: usize, by: u128, explained: bool| {
            let by = UserId(Uuid::from_u128(by));
            Next::of(&steps, done).allows(&steps, wanted, by, explained).map_err(|(rule, _)| rule)
        };
        assert_eq!(may(&[], 0, 1, false), Ok(()));
        assert_eq!(may(&[], 2, 1, false), Err("step_left_out"));
        assert_eq!(may(&[], 2, 1, true), Ok(()));
        assert_eq!(may(&[done("BAND", 1)], 1, 1, true), Err("done_already"));
        assert_eq!(may(&[done("BAND", 1)], 3, 1, false), Ok(()));
        assert_eq!(may(&[done("SCORE", 1)], 3, 1, true), Err("second_reader"));
        assert_eq!(may(&[done("SCORE", 1)], 3, 2, false), Ok(()));
        assert_eq!(may(&[done("SCORE", 1), done("SCORE", 2)], 3, 3, true), Err("all_done"));
    }

    #[test]
    fn a_step_of_two_readers_is_never_left_out() {
        let mut steps = steps();
        steps.push(Workstep { code: "SIGN".parse().unwrap(), name: "sign".to_owned(), hours: None, readers: 1 });
        let by = UserId(Uuid::from_u128(2));
        for so_far in [vec![done("BAND", 1)], vec![done("SCORE", 1)]] {
            let refused = Next::of(&steps, &so_far).allows(&steps, 4, by, true).unwrap_err();
            assert_eq!(refused.0, "second_reader");
        }
    }

    #[test]
    fn a_culture_counts_its_days() {
        let steps = steps();
        let since: Moment = "2026-03-04T09:00:00Z".parse().unwrap();
        let after = |step: usize, hours: i64| {
            let hours_of = steps[step].hours.unwrap_or(12);
            waiting(&steps[step], hours_of, since, since + TimeDelta::hours(hours))
        };
        assert_eq!(after(1, -1), "culture, day 1 of 3");
        assert_eq!(after(1, 23), "culture, day 1 of 3");
        assert_eq!(after(1, 24), "culture, day 2 of 3");
        assert_eq!(after(1, 71), "culture, day 3 of 3");
        assert_eq!(after(1, 72), "culture to be ended");
        assert_eq!(after(2, 5), "band, hour 6 of 12");
    }
}

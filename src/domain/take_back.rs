//! Taking back a step: which steps can be, by whom, and for how long.
//!
//! A slip at the bench (the wrong tube, the wrong button) is noticed at once or by somebody else. Whoever notices it at
//! once takes it back; the journal keeps both. After that it is a fact, and corrected like any other.

use super::event::Recorded;
use super::machine::{OrderState, OrderTransition, SpecimenState, SpecimenTransition, anybody_for};
use super::{Actor, Moment, Refusal, Role, UserId};

/// How long a step can be taken back, seconds from when it was recorded; for everybody the same.
pub const UNDO_S: i64 = 30;
/// How long pages offer it, seconds (`reference/ux.md` §2). The rest of [`UNDO_S`] is for the way of the request, and for
/// pages that cannot count.
pub const OFFERED_S: i64 = 10;

/// The newest entry of a case's journal, as far as taking it back asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Who did it.
    pub by: UserId,
    /// When the server wrote it.
    pub at: Moment,
    /// What was asked: `specimen.receive`.
    pub command: String,
    /// What it changed, before and after.
    pub events: Vec<Recorded>,
}

impl Written {
    /// Whether this person can take it back at this time.
    ///
    /// # Errors
    /// The stable name of the rule, and a sentence that says what to do instead.
    pub fn can_be_taken_back(&self, by: &Actor, now: Moment) -> Result<(), (&'static str, String)> {
        reversible(&self.command).map_err(|instead| ("not_reversible", instead.to_owned()))?;
        if self.by != by.id {
            let why = "Somebody else took the newest step; only they can take it back. Speak to them.";
            return Err(("another_person", why.to_owned()));
        }
        if now - self.at > chrono::Duration::seconds(UNDO_S) {
            let why = format!(
                "It was done more than {UNDO_S} seconds ago: take the next step, or ask a supervisor what follows."
            );
            return Err(("too_late", why));
        }
        Ok(())
    }
}

/// Whether the commands of this name can be taken back.
///
/// # Errors
/// A sentence that says what to do instead.
pub fn reversible(command: &str) -> Result<(), &'static str> {
    match command.split_once('.') {
        Some(("specimen", "add")) => Err("A part that does not exist is entered in error."),
        Some(("specimen", step)) => SpecimenTransition::parse(step).map_or(Err(RECORD), part_step),
        Some(("order", step)) => OrderTransition::parse(step).map_or(Err(RECORD), order_step),
        Some(("case", "take_back")) => Err("What was taken back is done again by taking the step again."),
        Some(("result", _)) => Err("A result is followed by a new version: enter, correct or retract it."),
        Some(("report", "read")) => Err("That somebody said they have read it stays on record."),
        Some(("report", _)) => Err("A report is followed by a new version: edit, amend or void it."),
        Some(_) | None => Err(RECORD),
    }
}

const RECORD: &str = "It is a record by itself and is not taken back; what follows it is a record of its own.";

/// The steps of a part. What can be taken back touches this part, what its orders make of that, and nothing outside of
/// the case; nobody was told, nothing new came to be, and no second person took part.
///
/// # Errors
/// What is done instead.
pub const fn part_step(step: SpecimenTransition) -> Result<(), &'static str> {
    use SpecimenTransition as T;
    match step {
        T::Collect | T::Dispatch | T::Receive | T::Accept | T::AcceptWithCaveat | T::Start | T::Store => Ok(()),
        T::Plan => Err("A part that does not exist is entered in error."),
        T::MarkNotCollected => Err("Its orders have moved on: if it was taken after all, add it as a new part."),
        T::Hold => Err("A question is answered, not taken back: resolve it, or accept the part with a caveat."),
        T::Resolve => Err("The answer stays on record: put the part on hold again with the question."),
        T::ProposeRejection => Err("Withdraw the proposal."),
        T::WithdrawRejection => Err("Propose the rejection again."),
        T::Reject => Err("Two people decided and somebody was told: if the part is usable after all, add it anew."),
        T::Aliquot => Err("It made new parts: enter those in error that do not exist."),
        T::ReferOut => Err("Record its return from the referral laboratory."),
        T::ReturnFromReferral => Err("Refer it out again."),
        T::RetainedByReferral | T::Exhaust => Err("Add what is left of it as a new part."),
        T::Lose => Err("Record that it was found."),
        T::Find => Err("Record that it is lost."),
        T::Discard => Err("The disposal record stays: if the part is still there, a supervisor adds it anew."),
        T::EnterInError => Err("Add the part anew."),
    }
}

/// The steps of an order, by the same rule.
///
/// # Errors
/// What is done instead.
pub const fn order_step(step: OrderTransition) -> Result<(), &'static str> {
    use OrderTransition as T;
    match step {
        T::Start | T::Advance => Ok(()),
        T::Suggest | T::Await | T::MakeReady | T::Recollect | T::Reopen => {
            Err("The laboratory itself does this: take back or change what it follows from.")
        }
        T::Order => Err("Cancel the order."),
        T::Dismiss => Err("Order the assay."),
        T::Hold => Err("Release the order."),
        T::Release => Err("Hold the order again."),
        T::Fail => Err("The failed attempt stays on record: repeat the assay."),
        T::Repeat => Err("Close the order as not performed, or cancel it."),
        T::Result | T::Verify => Err("A result is followed by a new version: enter, correct or retract it."),
        T::Review => Err("Return it to the bench, and say why."),
        T::Return => Err("Send it to review again."),
        T::ReferOut => Err("It is on the send-out list: cancel the order, or enter the result when it comes."),
        T::NotPerform | T::Cancel | T::EnterInError => Err("Order the assay again."),
    }
}

/// Who may ever take a step that can be taken back.
pub(super) fn anybody() -> Vec<Role> {
    let parts = SpecimenTransition::ALL.iter().filter(|s| part_step(**s).is_ok());
    let orders = OrderTransition::ALL.iter().filter(|s| order_step(**s).is_ok());
    let mut roles: Vec<Role> = parts.flat_map(|s| anybody_for::<SpecimenState>(*s)).collect();
    roles.extend(orders.flat_map(|s| anybody_for::<OrderState>(*s)));
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// A refusal of taking back, about the newest step of a case.
pub(super) fn refusal(title: String, state: &'static str, (rule, detail): (&'static str, String)) -> Refusal {
    Refusal::Guard { title, rule, detail, state, allowed: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(command: &str) -> Written {
        Written { by: Actor::system().id, at: Moment::UNIX_EPOCH, command: command.to_owned(), events: Vec::new() }
    }

    #[test]
    fn the_declared_steps_can_be_taken_back_and_no_others() {
        let parts = SpecimenTransition::ALL.iter().map(|s| format!("specimen.{s}"));
        let orders = OrderTransition::ALL.iter().map(|s| format!("order.{s}"));
        let can: Vec<String> = parts.chain(orders).filter(|c| reversible(c).is_ok()).collect();
        let declared = [
            "specimen.collect",
            "specimen.dispatch",
            "specimen.receive",
            "specimen.accept",
            "specimen.accept_with_caveat",
            "specimen.start",
            "specimen.store",
            "order.start",
            "order.advance",
        ];
        assert_eq!(can, declared);
        for never in [
            "case.log",
            "case.take_back",
            "case.call",
            "specimen.add",
            "result.enter",
            "report.sign",
            "report.read",
            "x",
        ] {
            assert!(reversible(never).is_err(), "{never}");
        }
    }

    #[test]
    fn only_by_the_same_person_and_only_for_thirty_seconds() {
        let (by, entry) = (Actor::system(), written("specimen.receive"));
        let other = Actor { id: UserId(uuid::Uuid::from_u128(1)), roles: vec![Role::Supervisor], ..by.clone() };
        let after = |s: i64, ms: i64| entry.at + chrono::Duration::seconds(s) + chrono::Duration::milliseconds(ms);
        let rule = |by: &Actor, now: Moment| entry.can_be_taken_back(by, now).err().map(|(rule, _)| rule);
        assert_eq!(rule(&by, after(0, 0)), None);
        assert_eq!(rule(&by, after(UNDO_S, 0)), None);
        assert_eq!(rule(&by, after(UNDO_S, 1)), Some("too_late"));
        assert_eq!(rule(&other, after(0, 0)), Some("another_person"));
    }
}

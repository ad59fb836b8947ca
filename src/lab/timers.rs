//! What the laboratory does by itself: lapsed holds and overdue orders. Each firing is a command through the door.

use super::{Ask, Lab, LabError, Outcome};
use crate::domain::{Actor, Command, OrderId, Refusal, Target};
use crate::store::tables::orders;

/// Most firings of one kind in one round; the next round takes the rest.
const ROUND_MAX: i64 = 200;

/// How long an idempotency key counts, hours.
const KEY_LIFE_H: i64 = 24;

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fired {
    /// Holds whose policy fired.
    pub holds: usize,
    /// Orders noticed to be overdue.
    pub overdue: usize,
}

impl Lab {
    /// One round of the timers. Safe on several nodes at once: a command that is no longer due is refused.
    ///
    /// # Errors
    /// The store; a refusal of a single command is not an error.
    pub fn tick(&self) -> Result<Fired, LabError> {
        let now = self.now();
        let mut fired = Fired::default();
        let holds = self.store().read_now(|conn| orders::holds_lapsed(conn, now, ROUND_MAX))?;
        for id in holds {
            fired.holds += usize::from(self.fire(id, Command::LapseHold(id))?);
        }
        let late = self.store().read_now(|conn| orders::newly_overdue(conn, now, ROUND_MAX))?;
        for id in late {
            fired.overdue += usize::from(self.fire(id, Command::NoteOverdue(id))?);
        }
        self.note_round(|rounds| rounds.timers = Some(now));
        Ok(fired)
    }

    /// Forgets answers to repeated requests after a day, dead sessions, and forms that nobody sent.
    ///
    /// # Errors
    /// The store.
    pub fn tidy(&self) -> Result<(), LabError> {
        let now = self.now();
        let day_ago = now - chrono::Duration::hours(KEY_LIFE_H);
        let kept_since = now - chrono::Duration::days(super::drafts::KEPT_DAYS);
        self.store().write_now("tidy", move |tx| {
            crate::store::tables::idempotency::purge_before(tx, day_ago)?;
            crate::store::tables::login_failures::purge_before(tx, day_ago)?;
            crate::store::tables::sessions::purge_expired(tx, now)?;
            crate::store::tables::drafts::purge_before(tx, kept_since)?;
            Ok::<_, LabError>(())
        })?;
        self.note_round(|rounds| rounds.tidied = Some(now));
        Ok(())
    }

    fn fire(&self, id: OrderId, command: Command) -> Result<bool, LabError> {
        let ask = Ask::new(Actor::system(), Target::Order(id), command, "timer");
        match self.execute_now(ask) {
            Ok(Outcome::Done(_) | Outcome::Again(_)) => Ok(true),
            // Somebody was faster, or a person decides this hold (policy manual).
            Err(LabError::Refused(Refusal::Guard { .. } | Refusal::NotAllowed { .. }) | LabError::Stale { .. }) => {
                Ok(false)
            }
            Err(e) => Err(e),
        }
    }
}

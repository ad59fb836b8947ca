//! Which part may be given a label, and when. A label in advance of its part is how marrows are mixed up: one is
//! printed when its part is at hand, and a second time only for a stated reason (`reference/ux.md` §2.15).

use super::{Moment, Refusal, Specimen, SpecimenState};
use crate::text_enum;

/// How long after its logging a case's planned parts may still be labeled, minutes: the paper of one reception.
pub const LOGGING_MIN: i64 = 60;

text_enum! {
    /// Why a label is printed again. Coded, so that nothing about a patient can be typed here.
    pub enum ReprintReason {
        /// It cannot be read by eye or scanner.
        Unreadable = "unreadable",
        /// It was torn, wetted or came off.
        Damaged = "damaged",
        /// The printer gave nothing, or half of it.
        PrinterFailed = "printer_failed",
        /// It was printed and is not to be found.
        Misplaced = "misplaced",
        /// What stands on it was corrected.
        Corrected = "corrected",
    }
}

/// Whether this part may be labeled now, given when its case was logged.
///
/// # Errors
/// Says why not, and when it may.
pub fn may_label(part: &Specimen, logged_at: Moment, now: Moment) -> Result<(), Refusal> {
    let refuse = |rule, detail| Err(Refusal::guard(&format!("Specimen {}", part.label), part.state, rule, detail));
    match part.state {
        SpecimenState::Planned if (now - logged_at).num_minutes() < LOGGING_MIN => Ok(()),
        SpecimenState::Planned => {
            refuse("label_in_advance", "This part is not here yet. Its label is printed when it is taken or arrives.")
        }
        SpecimenState::NotCollected | SpecimenState::EnteredInError => {
            refuse("no_such_part", "There is no such part to put a label on.")
        }
        SpecimenState::Lost | SpecimenState::Discarded => {
            refuse("part_is_gone", "This part is not at hand. A found part is recorded as found first.")
        }
        SpecimenState::Collected
        | SpecimenState::InTransit
        | SpecimenState::Received
        | SpecimenState::OnHold
        | SpecimenState::Accepted
        | SpecimenState::InProcess
        | SpecimenState::Stored
        | SpecimenState::ReferredOut
        | SpecimenState::Rejected
        | SpecimenState::Exhausted => Ok(()),
    }
}

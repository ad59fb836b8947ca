//! One part per position: what nobody can know who sees only one case. The store's unique index guarantees it; here it
//! is said by whom a position is taken.

use super::LabError;
use super::execute::stream;
use super::questions::events::EventView;
use crate::domain::{Case, Moment, Refusal, Specimen};
use crate::store::tables::specimens;
use crate::store::{StoreError, Tx, journal};

/// Whether every part that this change puts away lies where nothing else lies.
///
/// # Errors
/// Names the part that lies there, and since when.
pub(super) fn has_room(tx: &mut Tx<'_>, before: &Case, after: &Case) -> Result<(), LabError> {
    for s in &after.specimens {
        let Some(slot) = s.slot() else { continue };
        if before.specimen(s.id).and_then(Specimen::slot).as_ref() == Some(&slot) {
            continue;
        }
        if let Some(other) = specimens::in_slot(tx, &slot)?.filter(|other| other.id != s.id) {
            let since = stored_since(tx, &other)?.map(|at| format!(" since {}", at.format("%Y-%m-%d %H:%M UTC")));
            let what = format!("{slot} is taken: {} lies there{}", other.label, since.unwrap_or_default());
            return Err(Refusal::field("/location", "occupied", what).into());
        }
    }
    Ok(())
}

/// When a part was put where it lies.
fn stored_since(tx: &mut Tx<'_>, s: &Specimen) -> Result<Option<Moment>, StoreError> {
    let entries = journal::stream(tx, &stream(s.case_id))?;
    let stored = |e: &EventView| {
        let puts = |what: &str| matches!(what, "specimen.store" | "specimen.return_from_referral");
        e.events.iter().any(|event| event.id == s.id.0 && puts(&event.what))
    };
    Ok(entries.into_iter().map(EventView::from).filter(stored).map(|e| e.recorded_at).next_back())
}

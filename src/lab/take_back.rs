//! What of a case can be taken back: its newest entry, as the domain asks for it.

use super::execute::stream;
use super::questions::events::EventView;
use super::{Lab, LabError, scope};
use crate::domain::take_back::Written;
use crate::domain::{Actor, CaseHeader, CaseId, UserId};
use crate::store::{DbConn, StoreError, journal};

/// An entry of a case's journal.
pub(super) fn written(conn: &mut DbConn, case: CaseId, seq: i64) -> Result<Option<Written>, StoreError> {
    let entry = journal::numbered(conn, &stream(case), seq)?;
    Ok(entry.map(|entry| {
        let by = UserId(entry.actor_id);
        let EventView { recorded_at: at, command, events, .. } = EventView::from(entry);
        Written { by, at, command, events }
    }))
}

impl Lab {
    /// The newest step of a case, as it was read with this journal number.
    ///
    /// # Errors
    /// The store; a case that is not theirs to see.
    pub async fn newest_step(&self, actor: &Actor, case: &CaseHeader, seq: i64) -> Result<Option<Written>, LabError> {
        scope::may_see(actor, case)?;
        let id = case.id;
        Ok(self.store().read(move |conn: &mut DbConn| written(conn, id, seq)).await?)
    }
}

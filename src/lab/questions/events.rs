//! The journal as a feed.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::event::Recorded;
use crate::domain::{Actor, Refusal, Role};
use crate::lab::{Lab, LabError};
use crate::store::journal::Entry;

/// One journal entry as it is shown.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EventView {
    /// Place in the laboratory's journal; the cursor of the feed.
    pub position: i64,
    /// Whose journal: `case:…`, `accounts`, `exports`, `catalogue`.
    pub stream: String,
    /// Number within it.
    pub seq: i64,
    /// When the server wrote it.
    pub recorded_at: DateTime<Utc>,
    /// When it happened, as stated.
    pub occurred_at: Option<DateTime<Utc>>,
    /// Who.
    pub actor: String,
    /// What was asked.
    pub command: String,
    /// Why.
    pub reason: Option<String>,
    /// Which request.
    pub request_id: String,
    /// What changed, before and after.
    pub events: Vec<Recorded>,
    /// Link of the chain.
    pub hash: String,
}

#[derive(serde::Deserialize)]
struct Body {
    #[serde(default)]
    events: Vec<Recorded>,
}

impl From<Entry> for EventView {
    fn from(e: Entry) -> Self {
        // Entries of other streams have no events; what they say is in command and reason.
        let events = serde_json::from_str::<Body>(&e.body).map(|b| b.events).unwrap_or_default();
        Self {
            position: e.position,
            stream: e.stream,
            seq: e.seq,
            recorded_at: e.recorded_at,
            occurred_at: e.occurred_at,
            actor: e.actor,
            command: e.command,
            reason: e.reason,
            request_id: e.request_id,
            events,
            hash: e.hash,
        }
    }
}

impl Lab {
    /// Entries after a position, oldest first: for whoever may read the whole trail.
    ///
    /// # Errors
    /// Other roles.
    pub async fn events(&self, actor: &Actor, after: i64, limit: i64) -> Result<Vec<EventView>, LabError> {
        if !actor.is_any(&[Role::Auditor, Role::Supervisor, Role::Interface]) {
            return Err(
                Refusal::Forbidden("The journal feed takes the role auditor, supervisor or interface.".into()).into()
            );
        }
        let now = self.now();
        let read = move |conn: &mut crate::store::DbConn| crate::store::journal::settled_after(conn, after, limit, now);
        let entries = self.store().read(read).await?;
        Ok(entries.into_iter().map(EventView::from).collect())
    }
}

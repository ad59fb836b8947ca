//! Exports that run beside the pages: who may see which, and how they are kept. What runs them is
//! [`crate::exchange`]'s; what is kept of them is here.

use chrono::Duration;
use uuid::Uuid;

use super::execute::absent;
use super::{Lab, LabError};
use crate::domain::{Actor, FieldError, Moment, Refusal, Role};
use crate::store::StoreError;
use crate::store::tables::export_jobs as rows;
use crate::text_enum;

pub use crate::store::tables::export_jobs::{Ending, Reach};

/// How long a file is kept, days.
pub const KEPT_DAYS: i64 = 7;
/// How many exports of one person may wait or run.
pub const OPEN_MAX: u64 = 5;
/// How many exports a list shows.
const LISTED: i64 = 200;
/// After so much silence of another node its exports are taken for dead, minutes.
const SILENT_MIN: i64 = 10;

text_enum! {
    /// Where an export stands.
    pub enum JobState {
        /// Waits for one of the two places.
        Queued = "queued",
        /// Is being written.
        Running = "running",
        /// Its file can be fetched.
        Done = "done",
        /// Ended without a file.
        Failed = "failed",
        /// Somebody wanted it no more.
        Canceled = "canceled",
    }
}

/// An export's identity (`UUIDv7`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct JobId(pub Uuid);

impl std::fmt::Display for JobId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// An export, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptJob {
    /// Identity.
    pub id: JobId,
    /// Who asked for it.
    pub user_id: Uuid,
    /// Their login name.
    pub user: String,
    /// What was asked for, JSON.
    pub request: String,
    /// Where it stands.
    pub state: JobState,
    /// How far it is.
    pub reach: Reach,
    /// Size of the file, bytes, once it is done.
    pub bytes: Option<u64>,
    /// Name of the file in the exports' folder, once it is done.
    pub file: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: Moment,
    /// When it ended.
    pub finished_at: Option<Moment>,
    /// When the file goes.
    pub expires_at: Moment,
}

fn kept(row: rows::ExportJob) -> Result<KeptJob, StoreError> {
    let state = JobState::parse(&row.state)
        .ok_or_else(|| StoreError::Corrupt { what: format!("an export in the unknown state {}", row.state) })?;
    Ok(KeptJob {
        id: JobId(row.id),
        user_id: row.user_id,
        user: row.user,
        request: row.request,
        state,
        reach: row.reach,
        bytes: row.bytes,
        file: row.file,
        error: row.error,
        created_at: row.created_at,
        finished_at: row.finished_at,
        expires_at: row.expires_at,
    })
}

impl Lab {
    /// Keeps an export that waits for its turn. Blocks.
    ///
    /// # Errors
    /// When this person has [`OPEN_MAX`] open already; the store.
    pub fn queue_export(&self, actor: &Actor, dataset: &str, request: &str) -> Result<JobId, LabError> {
        let now = self.now();
        let id = self.next_id();
        let new = rows::ExportJob {
            id,
            user_id: actor.id.0,
            user: actor.name.clone(),
            dataset: dataset.to_owned(),
            request: request.to_owned(),
            state: JobState::Queued.name().to_owned(),
            reach: Reach::default(),
            bytes: None,
            file: None,
            error: None,
            created_at: now,
            seen_at: now,
            finished_at: None,
            expires_at: now + Duration::days(KEPT_DAYS),
        };
        self.store().write_now("export.queue", move |tx| {
            if rows::open_of(tx, new.user_id)? >= OPEN_MAX {
                let why = format!("{OPEN_MAX} of your exports wait or run; let one end, or cancel it");
                return Err(Refusal::Invalid(vec![FieldError::new("/dataset", "too_many", why)]).into());
            }
            Ok::<_, LabError>(rows::insert(tx, &new)?)
        })?;
        Ok(JobId(id))
    }

    /// Notes that an export runs and how far it is. `false`: it is over, and whoever runs it stops. Blocks.
    ///
    /// # Errors
    /// The store.
    pub fn export_reached(&self, id: JobId, reach: Reach) -> Result<bool, LabError> {
        let now = self.now();
        let open = self
            .store()
            .write_now("export.progress", move |tx| Ok::<_, LabError>(rows::progress(tx, id.0, reach, now)?))?;
        self.wake_all();
        Ok(open)
    }

    /// Notes how an export ended. `false`: it had ended already, and its file is nobody's. Blocks.
    ///
    /// # Errors
    /// The store.
    pub fn export_ended(&self, id: JobId, ending: &Ending) -> Result<bool, LabError> {
        let (now, ending) = (self.now(), ending.clone());
        let ended =
            self.store().write_now("export.end", move |tx| Ok::<_, LabError>(rows::end(tx, id.0, &ending, now)?))?;
        self.wake_all();
        Ok(ended)
    }

    /// One export of this person's own.
    ///
    /// # Errors
    /// As if absent, when it is somebody else's.
    pub async fn own_export(&self, actor: &Actor, id: JobId) -> Result<KeptJob, LabError> {
        let found = self.store().read(move |conn| rows::find(conn, id.0)).await?;
        let job = found.map(kept).transpose()?.filter(|j| j.user_id == actor.id.0);
        job.ok_or_else(absent)
    }

    /// This person's exports, newest first; an admin sees everybody's.
    ///
    /// # Errors
    /// The store.
    pub async fn export_list(&self, actor: &Actor) -> Result<Vec<KeptJob>, LabError> {
        let whose = (!actor.is(Role::Admin)).then_some(actor.id.0);
        let found = self.store().read(move |conn| rows::list(conn, whose, LISTED)).await?;
        found.into_iter().map(|row| Ok(kept(row)?)).collect()
    }

    /// Ends the exports of a program that is gone: all that are open (`alone`: nobody else serves this database), or
    /// those of which nothing was heard for some minutes. Blocks.
    ///
    /// # Errors
    /// The store.
    pub fn fail_orphaned_exports(&self, alone: bool) -> Result<usize, LabError> {
        let now = self.now();
        let since = if alone { now + Duration::seconds(1) } else { now - Duration::minutes(SILENT_MIN) };
        let why = "The program was stopped before it was done. Start the export again.";
        self.store().write_now("export.orphans", move |tx| Ok(rows::fail_silent(tx, since, why, now)?))
    }

    /// The exports whose time is over, with their files. Blocks.
    ///
    /// # Errors
    /// The store.
    pub fn expired_exports(&self) -> Result<Vec<(JobId, Option<String>)>, LabError> {
        let now = self.now();
        let found = self.store().read_now(|conn| rows::expired(conn, now))?;
        Ok(found.into_iter().map(|(id, file)| (JobId(id), file)).collect())
    }

    /// Forgets an export whose file is gone. Blocks.
    ///
    /// # Errors
    /// The store.
    pub fn forget_export(&self, id: JobId) -> Result<(), LabError> {
        self.store().write_now("export.forget", move |tx| Ok(rows::delete(tx, id.0)?))
    }
}

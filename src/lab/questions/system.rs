//! The state of the program and its data, for whoever runs it: never anything about patients.

use std::path::PathBuf;

use crate::domain::{Actor, Moment, Refusal, Role};
use crate::lab::export_jobs::{JobState, KEPT_DAYS};
use crate::lab::upkeep::{self, Backup, Rounds, Verified};
use crate::lab::{Lab, LabError};
use crate::store::room::{Connections, Room};
use crate::store::tables::export_jobs;
use crate::store::{Engine, Store, StoreError, migrate};

/// Everything that the system's page shows.
#[derive(Debug, Clone)]
pub struct SystemView {
    /// The program's version.
    pub version: &'static str,
    /// Since when it runs.
    pub opened_at: Moment,
    /// Which engine holds the data.
    pub engine: Engine,
    /// The SQLite file.
    pub path: Option<PathBuf>,
    /// Schema steps that the database has, oldest first.
    pub applied: Vec<String>,
    /// Those that this program would add: none while it runs.
    pub pending: Vec<String>,
    /// Room on the disk.
    pub room: Room,
    /// The connections to the database.
    pub connections: Connections,
    /// Pages that listen for changes just now.
    pub listeners: usize,
    /// The journal's newest position.
    pub position: i64,
    /// The catalogue's version.
    pub catalogue: i64,
    /// How many exports of the last [`KEPT_DAYS`] days are in each state.
    pub exports: Vec<(JobState, u64)>,
    /// When the laboratory's own work was last carried through by this program.
    pub rounds: Rounds,
    /// The newest backup that was noted.
    pub backup: Option<Backup>,
    /// The last verification that was started here.
    pub verified: Option<Verified>,
    /// Whether one is under way.
    pub verifying: bool,
}

impl SystemView {
    /// How many exports of the last [`KEPT_DAYS`] days are in these states.
    pub fn exports_in(&self, states: &[JobState]) -> u64 {
        self.exports.iter().filter(|(state, _)| states.contains(state)).map(|(_, n)| n).sum()
    }
}

fn exports(store: &Store, now: Moment) -> Result<Vec<(JobState, u64)>, StoreError> {
    let since = now - chrono::Duration::days(KEPT_DAYS);
    let tallies = store.read_now(|conn| export_jobs::tallies(conn, since))?;
    Ok(tallies.into_iter().filter_map(|(state, n)| Some((JobState::parse(&state)?, n))).collect())
}

impl Lab {
    /// The state of the program and its data. Blocks.
    ///
    /// # Errors
    /// Other roles than admin; the store.
    pub fn system(&self, actor: &Actor) -> Result<SystemView, LabError> {
        if !actor.is(Role::Admin) {
            return Err(Refusal::Forbidden("The state of the system takes the role admin.".into()).into());
        }
        let store = self.store();
        let schema = migrate::status(store)?;
        Ok(SystemView {
            version: env!("CARGO_PKG_VERSION"),
            opened_at: self.opened_at(),
            engine: store.engine(),
            path: store.path().map(PathBuf::from),
            applied: schema.applied,
            pending: schema.pending,
            room: store.room()?,
            connections: store.connections(),
            listeners: self.listeners(),
            position: store.read_now(crate::store::journal::newest)?,
            catalogue: self.catalogue().version,
            exports: exports(store, self.now())?,
            rounds: self.rounds(),
            backup: upkeep::last_backup(store)?,
            verified: self.last_verified()?,
            verifying: self.is_verifying(),
        })
    }
}

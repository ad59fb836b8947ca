//! The laboratory: the one door for changes, and the questions.
//!
//! A change happens in [`Lab::execute`] and nowhere else. Questions are files under [`questions`]; each takes the
//! person and returns only what that person may see.

pub mod accounts;
pub mod catalogue;
pub mod clock;
pub mod demo;
pub mod drafts;
pub mod error;
pub mod execute;
pub mod export_jobs;
pub mod follows;
pub mod labels;
pub mod notes;
pub mod people;
pub mod questions;
mod room;
pub mod scope;
mod take_back;
pub mod timers;
pub mod upkeep;
pub mod verify;
pub mod views;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use chrono::DateTime;
use tokio::sync::broadcast;

pub use clock::{Clock, Ids, ManualClock, SystemClock};
pub use error::LabError;
pub use execute::{Answer, Ask, Done, Door, Expect, Once, Outcome};

use crate::domain::{Accession, Moment};
use crate::store::{Store, StoreError};
use catalogue::InForce;

/// How many changes a live page may lag behind before it is told to look again.
const WAKE_BACKLOG: usize = 1_024;

/// Something changed: what live pages wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wake {
    /// Place in the journal.
    pub position: i64,
    /// Which case; absent when it is not about a case.
    pub accession: Option<Accession>,
}

/// A running laboratory. Cheap to clone.
#[derive(Clone)]
pub struct Lab(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Ids,
    catalogue: std::sync::RwLock<Arc<InForce>>,
    wake: broadcast::Sender<Wake>,
    last_recorded_us: AtomicI64,
    hashing: accounts::Hashing,
    opened_at: Moment,
    verifying: AtomicBool,
    rounds: std::sync::Mutex<upkeep::Rounds>,
}

impl Lab {
    /// Opens the laboratory over a store. A store without a catalogue gets the one that ships with the program.
    ///
    /// # Errors
    /// When the store does not answer, or holds a catalogue that no longer fits.
    pub fn open(store: Store, clock: Arc<dyn Clock>, ids: Ids) -> Result<Self, LabError> {
        let opened_at = clock.now();
        let in_force = catalogue::open(&store, opened_at)?;
        let (wake, _) = broadcast::channel(WAKE_BACKLOG);
        Ok(Self(Arc::new(Inner {
            store,
            clock,
            ids,
            catalogue: std::sync::RwLock::new(Arc::new(in_force)),
            wake,
            last_recorded_us: AtomicI64::new(i64::MIN),
            hashing: accounts::Hashing::new(),
            opened_at,
            verifying: AtomicBool::new(false),
            rounds: std::sync::Mutex::default(),
        })))
    }

    /// The store, for questions and for backups.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The server's time.
    pub fn now(&self) -> Moment {
        self.0.clock.now()
    }

    /// The next identity.
    pub(crate) fn next_id(&self) -> uuid::Uuid {
        self.0.ids.next(self.now())
    }

    /// The catalogue in force.
    pub fn catalogue(&self) -> Arc<InForce> {
        Arc::clone(&self.0.catalogue.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    pub(crate) fn put_in_force(&self, next: InForce) {
        *self.0.catalogue.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(next);
    }

    /// Hears of every change from now on.
    pub fn listen(&self) -> broadcast::Receiver<Wake> {
        self.0.wake.subscribe()
    }

    /// How many listen just now.
    pub fn listeners(&self) -> usize {
        self.0.wake.receiver_count()
    }

    pub(crate) fn announce(&self, wake: Wake) {
        // Nobody listening is fine.
        drop(self.0.wake.send(wake));
    }

    /// The time of a journal entry: never the same twice, never backward while this process lives
    /// (`reference/reliability.md` §3, clock policy).
    pub(crate) fn recorded_at(&self) -> Moment {
        let now = self.now().timestamp_micros();
        let mut last = self.0.last_recorded_us.load(Ordering::Relaxed);
        loop {
            let next = now.max(last.saturating_add(1));
            match self.0.last_recorded_us.compare_exchange_weak(last, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return DateTime::from_timestamp_micros(next).unwrap_or_else(|| self.now()),
                Err(seen) => last = seen,
            }
        }
    }

    /// Sets the floor for [`Lab::recorded_at`] free again: a clock that tests and the demonstration turn back.
    pub fn forget_recorded_at(&self) {
        self.0.last_recorded_us.store(i64::MIN, Ordering::Relaxed);
    }

    /// Whether the database answers: what readiness means.
    ///
    /// # Errors
    /// What the store says.
    pub fn is_ready(&self) -> Result<(), StoreError> {
        self.0.store.read_now(|conn| crate::store::tables::catalogues::newest_version(conn).map(|_| ()))
    }
}

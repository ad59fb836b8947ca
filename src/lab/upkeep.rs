//! What upkeep last did: the newest backup, and the last time that everything was verified.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Lab, LabError, Wake};
use crate::domain::{Actor, Moment, Refusal, Role};
use crate::store::tables::meta;
use crate::store::{Store, StoreError};

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// A backup older than this is a fault, hours (`reference/ux.md` §2.16): a nightly one, and two hours to notice.
pub const BACKUP_MAX_H: i64 = 26;
/// How many faults of a verification are kept; the command line prints all.
const FAULTS_KEPT: usize = 20;

const BACKUP: &str = "upkeep.backup";
const VERIFIED: &str = "upkeep.verify";

/// After so long without a round the timers of this program have stopped, minutes; a round is due every few seconds.
pub const ROUND_MAX_MIN: i64 = 10;

/// When the laboratory's own work was last carried through here. Absent: not since this program opened the laboratory.
/// Kept by the program alone: another one that serves the same data has rounds of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rounds {
    /// Lapsed holds and overdue orders.
    pub timers: Option<Moment>,
    /// Old keys, dead sessions, forms that nobody sent.
    pub tidied: Option<Moment>,
}

/// A copy that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// When it was whole and on disk.
    pub at: DateTime<Utc>,
    /// Its size, bytes.
    pub bytes: u64,
}

/// Something that verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Which rule, as in [`super::verify::Finding`].
    pub rule: String,
    /// What it is about: a stream, a number, an id.
    pub subject: String,
}

/// The last time that everything was verified in this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// When it ended.
    pub at: DateTime<Utc>,
    /// How long it took, milliseconds.
    pub took_ms: i64,
    /// Cases compared.
    pub cases: u64,
    /// Journal entries recomputed.
    pub entries: u64,
    /// How many faults there are.
    pub faults: u64,
    /// The first of them.
    pub first: Vec<Fault>,
    /// Why it could not be carried through.
    pub failed: Option<String>,
}

impl Verified {
    /// Whether it was carried through and found nothing.
    pub const fn is_clean(&self) -> bool {
        self.faults == 0 && self.failed.is_none()
    }
}

fn keep<T: Serialize>(store: &Store, key: &'static str, value: &T) -> Result<(), StoreError> {
    let text = serde_json::to_string(value)
        .map_err(|e| StoreError::Unstorable { what: format!("a note without a JSON form ({e})") })?;
    store.write_now("upkeep.note", move |tx| meta::put(tx, key, &text))
}

fn kept<T: for<'de> Deserialize<'de>>(store: &Store, key: &'static str) -> Result<Option<T>, StoreError> {
    let text = store.read_now(|conn| meta::get(conn, key))?;
    // A note that does not read any more is as good as none: it says nothing about patients.
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Notes that a copy was taken.
///
/// # Errors
/// The store.
pub fn note_backup(store: &Store, at: Moment, bytes: u64) -> Result<(), StoreError> {
    keep(store, BACKUP, &Backup { at, bytes })
}

/// The newest copy that was noted.
///
/// # Errors
/// The store.
pub fn last_backup(store: &Store) -> Result<Option<Backup>, StoreError> {
    kept(store, BACKUP)
}

/// Gives the right to verify back, whatever happened.
struct Turn(Lab);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.0.verifying.store(false, Ordering::Release);
    }
}

impl Lab {
    /// Tells live pages of a change that is about no case: the outcome of a verification, the progress of an export.
    pub(crate) fn wake_all(&self) {
        let position = self.store().read_now(crate::store::journal::newest).unwrap_or_default();
        self.announce(Wake { position, accession: None });
    }

    /// When this program opened the laboratory.
    pub fn opened_at(&self) -> Moment {
        self.0.opened_at
    }

    /// When the laboratory's own work was last carried through here.
    pub fn rounds(&self) -> Rounds {
        *self.0.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a round that was carried through.
    pub(super) fn note_round(&self, note: impl FnOnce(&mut Rounds)) {
        note(&mut self.0.rounds.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether a verification that was started here is under way.
    pub fn is_verifying(&self) -> bool {
        self.0.verifying.load(Ordering::Acquire)
    }

    /// The outcome of the last verification that was started here.
    ///
    /// # Errors
    /// The store.
    pub fn last_verified(&self) -> Result<Option<Verified>, LabError> {
        Ok(kept(self.store(), VERIFIED)?)
    }

    /// Verifies everything on a thread of its own and keeps the outcome; at most one at a time, so that a second press
    /// changes nothing.
    ///
    /// # Errors
    /// Other roles than admin and auditor.
    pub fn start_verify(&self, by: &Actor) -> Result<(), LabError> {
        if !by.is_any(&[Role::Admin, Role::Auditor]) {
            return Err(Refusal::Forbidden("Verifying everything takes the role admin or auditor.".into()).into());
        }
        if self.0.verifying.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        let turn = Turn(self.clone());
        std::thread::spawn(move || {
            let lab = turn.0.clone();
            let begun = lab.now();
            let verdict = lab.verify();
            let at = lab.now();
            let took_ms = (at - begun).num_milliseconds();
            let said = match verdict {
                Ok(v) => Verified {
                    at,
                    took_ms,
                    cases: v.cases,
                    entries: v.entries,
                    faults: v.findings.len() as u64,
                    first: v
                        .findings
                        .into_iter()
                        .take(FAULTS_KEPT)
                        .map(|f| Fault { rule: f.rule.to_owned(), subject: f.subject })
                        .collect(),
                    failed: None,
                },
                Err(e) => {
                    let failed = Some(e.to_string());
                    Verified { at, took_ms, cases: 0, entries: 0, faults: 0, first: Vec::new(), failed }
                }
            };
            if let Err(error) = keep(lab.store(), VERIFIED, &said) {
                tracing::warn!(%error, "the outcome of a verification could not be kept");
            }
            drop(turn);
            lab.wake_all();
        });
        Ok(())
    }
}

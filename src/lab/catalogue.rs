//! The catalogue in force: loaded, versioned, journaled.

use std::ops::Deref;

use sha2::{Digest as _, Sha256};

use super::notes::Note;
use super::{Lab, LabError};
use crate::domain::decide::hex;
use crate::domain::{Actor, Catalogue, Moment, Refusal, Role};
use crate::store::journal::{self, NewEntry};
use crate::store::tables::catalogues;
use crate::store::{Store, StoreError};

/// The catalogue that ships with the program; the laboratory edits a copy.
pub const SHIPPED: &str = include_str!("../../fixtures/catalogue.toml");

/// A catalogue with its version.
#[derive(Debug, Clone)]
pub struct InForce {
    /// From 1.
    pub version: i64,
    /// The checked catalogue.
    pub catalogue: Catalogue,
    /// Its text, as loaded.
    pub text: String,
}

impl Deref for InForce {
    type Target = Catalogue;
    fn deref(&self) -> &Catalogue {
        &self.catalogue
    }
}

/// Reads and checks a catalogue.
///
/// # Errors
/// Every finding.
pub fn check(text: &str) -> Result<Catalogue, LabError> {
    Catalogue::parse(text).map_err(LabError::Catalogue)
}

/// The newest catalogue of the store; an empty store gets the shipped one.
pub(super) fn open(store: &Store, now: Moment) -> Result<InForce, LabError> {
    if let Some(row) = store.read_now(catalogues::newest)? {
        return Ok(InForce { version: row.version, catalogue: check(&row.text)?, text: row.text });
    }
    let catalogue = check(SHIPPED)?;
    put(store, Load { text: SHIPPED, by: &Actor::system(), now, reason: None, seen: None, request_id: "start" })?;
    Ok(InForce { version: 1, catalogue, text: SHIPPED.to_owned() })
}

/// A version to be put in force.
struct Load<'a> {
    text: &'a str,
    by: &'a Actor,
    now: Moment,
    reason: Option<String>,
    /// The version that the person has seen; absent where nobody looks first.
    seen: Option<i64>,
    request_id: &'a str,
}

fn put(store: &Store, load: Load<'_>) -> Result<i64, LabError> {
    let Load { now, reason, seen, .. } = load;
    let (text, by, request_id) = (load.text.to_owned(), load.by.clone(), load.request_id.to_owned());
    let sha256 = hex(&Sha256::digest(text.as_bytes()));
    store.write_now("catalogue.load", move |tx| {
        let newest = catalogues::newest_version(tx)?;
        if seen.is_some_and(|seen| seen != newest) {
            return Err(LabError::Refused(Refusal::Guard {
                title: "The catalogue was changed meanwhile".into(),
                rule: "changed_meanwhile",
                detail: format!(
                    "Version {newest} is in force now. What you typed is kept below; the difference is shown against that version. Look again, then decide."
                ),
                state: "in_force",
                allowed: Vec::new(),
            }));
        }
        let version = newest + 1;
        let row = catalogues::Catalogue {
            version,
            loaded_at: now,
            loaded_by: by.name.clone(),
            sha256: sha256.clone(),
            text: text.clone(),
        };
        catalogues::insert(tx, &row)?;
        let entry = NewEntry {
            stream: "catalogue".into(),
            recorded_at: now,
            occurred_at: None,
            actor_id: by.id.0,
            actor: by.name.clone(),
            command: Note::CatalogueLoad.name().to_owned(),
            reason: reason.clone(),
            request_id: request_id.clone(),
            body: serde_json::json!({ "format": 1, "version": version, "sha256": sha256 }).to_string(),
        };
        journal::append(tx, None, entry)?;
        Ok(version)
    })
}

/// A version that was ever in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// From 1.
    pub version: i64,
    /// When it came into force.
    pub loaded_at: Moment,
    /// Who loaded it (login name).
    pub loaded_by: String,
    /// Why, where a reason was given.
    pub reason: Option<String>,
    /// Its text, as loaded.
    pub text: String,
}

fn may_load(by: &Actor) -> Result<(), LabError> {
    if by.is_any(&[Role::Admin, Role::Supervisor, Role::System]) {
        return Ok(());
    }
    Err(Refusal::Forbidden("Loading a catalogue takes the role admin or supervisor.".into()).into())
}

impl Lab {
    /// Takes over a catalogue that another process has loaded meanwhile. Blocks.
    ///
    /// # Errors
    /// The store; a stored catalogue that no longer fits, and then the old one stays in force.
    pub fn refresh_catalogue(&self) -> Result<(), LabError> {
        let newest = self.store().read_now(catalogues::newest_version)?;
        if newest != self.catalogue().version
            && let Some(row) = self.store().read_now(catalogues::newest)?
        {
            self.put_in_force(InForce { version: row.version, catalogue: check(&row.text)?, text: row.text });
        }
        Ok(())
    }

    /// Loads a new version of the catalogue. Blocks.
    ///
    /// # Errors
    /// [`LabError::Catalogue`] with every finding; refused for anybody but admin and supervisor.
    pub fn load_catalogue(&self, text: String, by: &Actor, request_id: &str) -> Result<i64, LabError> {
        self.load(text, by, None, None, request_id)
    }

    /// Loads a new version over the one that the person has seen, for a stated reason. Blocks.
    ///
    /// # Errors
    /// As [`Lab::load_catalogue`]; no reason; another version in force than the one seen; the same text.
    pub fn load_catalogue_over(
        &self,
        seen: i64,
        text: String,
        by: &Actor,
        reason: &str,
        request_id: &str,
    ) -> Result<i64, LabError> {
        may_load(by)?;
        let mut check = crate::domain::text::Check::default();
        let reason = check.line("/reason", reason);
        check.done(()).map_err(LabError::Refused)?;
        if text == self.catalogue().text {
            return Err(Refusal::field("/text", "unchanged", "this is the catalogue in force, word for word").into());
        }
        self.load(text, by, Some(reason), Some(seen), request_id)
    }

    fn load(
        &self,
        text: String,
        by: &Actor,
        reason: Option<String>,
        seen: Option<i64>,
        request_id: &str,
    ) -> Result<i64, LabError> {
        may_load(by)?;
        let catalogue = check(&text)?;
        let now = self.recorded_at();
        let version = put(self.store(), Load { text: &text, by, now, reason, seen, request_id })?;
        self.put_in_force(InForce { version, catalogue, text });
        Ok(version)
    }

    /// Every version that was ever in force, the newest first. Blocks.
    ///
    /// # Errors
    /// Roles that may not load one; the store.
    pub fn catalogue_versions(&self, by: &Actor) -> Result<Vec<Version>, LabError> {
        may_load(by)?;
        let (rows, entries) = self
            .store()
            .read_now(|conn| Ok::<_, StoreError>((catalogues::list(conn)?, journal::stream(conn, "catalogue")?)))?;
        // One entry each, in the same order.
        let reasons = entries.into_iter().filter(|e| e.command == Note::CatalogueLoad.name()).map(|e| e.reason);
        let mut versions: Vec<Version> = rows
            .into_iter()
            .zip(reasons.chain(std::iter::repeat(None)))
            .map(|(row, reason)| Version {
                version: row.version,
                loaded_at: row.loaded_at,
                loaded_by: row.loaded_by,
                reason,
                text: row.text,
            })
            .collect();
        versions.reverse();
        Ok(versions)
    }
}

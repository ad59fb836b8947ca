//! The catalogue in force: loaded, versioned, journaled.

use std::ops::Deref;

use sha2::{Digest as _, Sha256};

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
    put(store, SHIPPED.to_owned(), Actor::system(), now, "start".to_owned())?;
    Ok(InForce { version: 1, catalogue, text: SHIPPED.to_owned() })
}

fn put(store: &Store, text: String, by: Actor, now: Moment, request_id: String) -> Result<i64, LabError> {
    let sha256 = hex(&Sha256::digest(text.as_bytes()));
    store
        .write_now("catalogue.load", move |tx| {
            let version = catalogues::newest_version(tx)? + 1;
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
                command: "catalogue.load".into(),
                reason: None,
                request_id: request_id.clone(),
                body: serde_json::json!({ "format": 1, "version": version, "sha256": sha256 }).to_string(),
            };
            journal::append(tx, None, entry)?;
            Ok::<_, StoreError>(version)
        })
        .map_err(LabError::from)
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
        if !by.is_any(&[Role::Admin, Role::Supervisor, Role::System]) {
            return Err(Refusal::Forbidden("Loading a catalogue takes the role admin or supervisor.".into()).into());
        }
        let catalogue = check(&text)?;
        let version = put(self.store(), text.clone(), by.clone(), self.recorded_at(), request_id.to_owned())?;
        self.put_in_force(InForce { version, catalogue, text });
        Ok(version)
    }
}

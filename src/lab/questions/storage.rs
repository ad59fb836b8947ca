//! What lies where, and what has been kept long enough.

use std::collections::BTreeMap;

use crate::domain::{
    Accession, Actor, Case, CaseId, Catalogue, Label, Moment, Refusal, Role, Slot, Specimen, SpecimenId, SpecimenKind,
    decide,
};
use crate::lab::{Lab, LabError};
use crate::store::aggregate::{self, Depth};
use crate::store::tables::specimens;

/// Roles that see what is stored.
const LABORATORY: &[Role] = &[Role::Tech, Role::Supervisor, Role::Pathologist, Role::Auditor];

/// A part in its position.
#[derive(Debug, Clone)]
pub struct Occupant {
    /// Where.
    pub slot: Slot,
    /// Which part.
    pub label: Label,
    /// Whose.
    pub patient: String,
    /// Until when it must be kept, if that is known.
    pub retain_until: Option<chrono::NaiveDate>,
}

/// A stored part that may be thrown away.
#[derive(Debug, Clone)]
pub struct Disposable {
    /// Which part.
    pub specimen: Specimen,
    /// Its case.
    pub accession: Accession,
    /// Whose.
    pub patient: String,
    /// It had to be kept until this day.
    pub kept_until: chrono::NaiveDate,
}

fn may_look(actor: &Actor) -> Result<(), LabError> {
    if actor.is_any(LABORATORY) {
        Ok(())
    } else {
        Err(Refusal::Forbidden("Storage is for the laboratory.".into()).into())
    }
}

/// The kinds of parts that are not kept for ever, each with the moment before which its case must have been complete: a
/// part cannot be past a retention that its report is younger than. The exact day, the domain knows.
pub(super) fn retentions(catalogue: &Catalogue, now: Moment) -> Vec<(SpecimenKind, Moment)> {
    let before = |days: u32| now - chrono::Duration::days(i64::from(days));
    catalogue.kinds.iter().filter_map(|k| Some((k.kind, before(k.retention_days?)))).collect()
}

impl Lab {
    /// How many positions of each storage place are occupied, by the place's code; empty places are absent.
    ///
    /// # Errors
    /// Roles outside the laboratory.
    pub async fn storage(&self, actor: &Actor) -> Result<BTreeMap<String, u32>, LabError> {
        may_look(actor)?;
        let slots = self.store().read(specimens::occupied).await?;
        let mut counts = BTreeMap::new();
        for slot in slots.iter().filter_map(|text| Slot::of_location(text)) {
            *counts.entry(slot.place().to_string()).or_insert(0) += 1;
        }
        Ok(counts)
    }

    /// What lies in a storage place, by position.
    ///
    /// # Errors
    /// A place that the catalogue does not have; roles outside the laboratory.
    pub async fn storage_place(&self, actor: &Actor, code: &str) -> Result<Vec<Occupant>, LabError> {
        may_look(actor)?;
        let place = self.catalogue().storage(code).map(|p| p.code.to_string());
        let place = place.ok_or_else(|| Refusal::NotFound(format!("There is no storage place {code}.")))?;
        let rows = self.store().read(move |conn| specimens::in_place(conn, &place)).await?;
        let occupant = |(s, p): (Specimen, crate::domain::Patient)| {
            Some(Occupant { slot: s.slot()?, label: s.label, patient: p.display(), retain_until: s.retain_until })
        };
        Ok(rows.into_iter().filter_map(occupant).collect())
    }

    /// Stored parts whose retention is over and that nothing waits for, longest over first; at most `limit`.
    ///
    /// # Errors
    /// Roles outside the laboratory.
    pub async fn past_retention(&self, actor: &Actor, limit: i64) -> Result<Vec<Disposable>, LabError> {
        may_look(actor)?;
        let (catalogue, now) = (self.catalogue(), self.now());
        let kinds = retentions(&catalogue, now);
        let parts = self.store().read(move |conn| {
            let found = specimens::long_stored(conn, &kinds, limit)?;
            let mut ids: Vec<CaseId> = found.iter().map(|(case, ..)| *case).collect();
            ids.sort();
            ids.dedup();
            Ok::<_, crate::store::StoreError>((found, aggregate::load_many(conn, &ids, Depth::WHOLE)?))
        });
        let (found, cases) = parts.await?;
        let cases: BTreeMap<CaseId, Case> = cases.into_iter().map(|w| (w.case.header.id, w.case)).collect();
        let disposable = |(id, part, _): (CaseId, SpecimenId, Label)| {
            let case = cases.get(&id)?;
            let s = case.specimen(part)?;
            let kept_until = decide::past_retention(case, s, &catalogue, now).ok()?;
            Some(Disposable {
                specimen: s.clone(),
                accession: case.header.accession,
                patient: case.patient.display(),
                kept_until,
            })
        };
        let mut all: Vec<_> = found.into_iter().filter_map(disposable).collect();
        all.sort_by(|a, b| (a.kept_until, &a.specimen.label).cmp(&(b.kept_until, &b.specimen.label)));
        Ok(all)
    }
}

//! Which marrow must be taken again, longest waiting first.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::cases::{Page, Place};
use crate::domain::decide::waiting_for;
use crate::domain::{Accession, Actor, Case, Catalogue, Code, Label, SpecimenKind, Urgency, Who};
use crate::lab::{Lab, LabError, scope};
use crate::store::aggregate::{self, Depth};
use crate::store::tables::cases;

/// A patient from whom something must be taken again: one line for each case, because it is one call and one puncture.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RecollectionLine {
    /// The case.
    pub accession: Accession,
    /// Name as on the wristband.
    pub patient: String,
    /// Record number.
    pub mrn: String,
    /// Date of birth.
    pub born: Option<NaiveDate>,
    /// Who asked for the examination.
    pub requester: String,
    /// The full name behind the login name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requester_name: Option<String>,
    /// Why it is examined (code).
    pub indication: Code,
    /// How fast.
    pub urgency: Urgency,
    /// Since when the oldest of the parts has been asked for.
    pub since: DateTime<Utc>,
    /// What must be taken again, oldest first.
    pub parts: Vec<Missing>,
}

/// One part that must be taken again.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Missing {
    /// The part that was refused, lost or not obtained.
    pub label: Label,
    /// Its kind.
    pub kind: SpecimenKind,
    /// Its container (code).
    pub container: Code,
    /// Why it must be taken again.
    pub reason: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Who in the laboratory asked for it; absent in records of before this was kept.
    pub asked_by: Option<Who>,
    /// The assays that wait for it (codes).
    pub assays: Vec<Code>,
}

impl Lab {
    /// A page of what must be taken again, longest waiting first, of the cases that this person may see.
    ///
    /// # Errors
    /// Refused for roles that see no patients.
    pub async fn recollections(
        &self,
        actor: &Actor,
        after: Option<Place>,
        limit: i64,
    ) -> Result<Page<RecollectionLine>, LabError> {
        scope::may_look(actor)?;
        let own = scope::own_only(actor);
        let depth = Depth { specimens: true, orders: true, results: false, reports: false };
        let (mut found, wholes) = self
            .store()
            .read(move |conn| {
                let found = cases::recollecting(conn, own.as_deref(), after, limit + 1)?;
                let ids: Vec<_> = found.iter().map(|(_, id)| *id).collect();
                Ok::<_, crate::store::StoreError>((found, aggregate::load_many(conn, &ids, depth)?))
            })
            .await?;
        let most = usize::try_from(limit).unwrap_or_default();
        let more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| more).map(|(since, id)| (*since, id.0));
        let catalogue = self.catalogue();
        let lines = found
            .iter()
            .filter_map(|(since, id)| {
                let whole = wholes.iter().find(|w| w.case.header.id == *id)?;
                Some(line(&whole.case, *since, &catalogue))
            })
            .collect();
        Ok(Page { lines, next })
    }
}

fn line(case: &Case, since: DateTime<Utc>, catalogue: &Catalogue) -> RecollectionLine {
    let h = &case.header;
    let parts = h.recollections.iter().filter(|r| r.is_open()).filter_map(|r| {
        let part = case.specimen(r.specimen)?;
        Some(Missing {
            label: part.label.clone(),
            kind: part.kind,
            container: part.container.clone(),
            reason: r.reason.clone(),
            since: r.opened_at,
            asked_by: r.asked_by.clone(),
            assays: waiting_for(case, catalogue, part.id).map(|o| o.assay.clone()).collect(),
        })
    });
    RecollectionLine {
        accession: h.accession,
        patient: case.patient.display(),
        mrn: case.patient.mrn.clone(),
        born: case.patient.born,
        requester: h.requester.clone(),
        requester_name: h.requester_name.clone(),
        indication: h.indication.clone(),
        urgency: h.urgency,
        since,
        parts: parts.collect(),
    }
}

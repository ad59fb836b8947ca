//! Critical findings: of a case, and those of all cases that somebody must still be told of.

use serde::Serialize;

use super::case::{Eyes, sees_drafts};
use crate::domain::critical::{CALLERS, CriticalClosed, CriticalFinding};
use crate::domain::{Accession, Actor, Case, Moment, Refusal, ResultState, Role};
use crate::lab::catalogue::InForce;
use crate::lab::{Lab, LabError};
use crate::store::tables::cases;

/// A critical finding with its name and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CriticalView {
    /// Its case.
    pub accession: Accession,
    /// What it is, in words, with what a person found or with the assay that found it.
    pub name: String,
    /// Its time has passed and nobody has heard it: to be escalated.
    pub overdue: bool,
    /// Since when nobody has to be told any more, and why.
    pub closed: Option<CriticalClosed>,
    /// The finding.
    #[serde(flatten)]
    pub finding: CriticalFinding,
}

/// A finding as it is shown.
pub fn critical_view(accession: Accession, f: &CriticalFinding, catalogue: &InForce, now: Moment) -> CriticalView {
    CriticalView {
        accession,
        name: f.words(catalogue),
        overdue: f.is_overdue(now),
        closed: f.closed(),
        finding: f.clone(),
    }
}

/// The findings of a case that this person may see. One that rests on a draft stays in the laboratory like the draft,
/// until somebody outside has heard it.
pub fn visible(case: &Case, eyes: Eyes<'_>) -> Vec<CriticalView> {
    let released = |f: &CriticalFinding| {
        let state = f.result.and_then(|id| case.result(id)).map(|r| r.state);
        state.is_some_and(|s| s == ResultState::Preliminary || s.is_verified())
    };
    let shown = case.header.critical.iter().filter(|f| sees_drafts(eyes.actor) || f.was_heard() || released(f));
    shown.map(|f| critical_view(case.header.accession, f, eyes.catalogue, eyes.now)).collect()
}

/// A finding that somebody must still be told of, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriticalLine {
    /// Name as on the wristband.
    pub patient: String,
    /// Record number.
    pub mrn: String,
    /// Who asked for the case, as people read it.
    pub requester: String,
    /// The finding.
    pub critical: CriticalView,
}

impl Lab {
    /// Open critical findings of all cases, the first to be due first; those of at most `limit` cases.
    ///
    /// # Errors
    /// Roles that do not call.
    pub async fn open_critical(&self, actor: &Actor, limit: i64) -> Result<Vec<CriticalLine>, LabError> {
        if !actor.is_any(CALLERS) && !actor.is(Role::Auditor) {
            return Err(Refusal::Forbidden("Critical findings are called by the laboratory.".into()).into());
        }
        let rows = self.store().read(move |conn| cases::critical(conn, limit)).await?;
        let (catalogue, now) = (self.catalogue(), self.now());
        let mut lines: Vec<CriticalLine> = Vec::new();
        for (header, patient) in rows {
            lines.extend(header.critical.iter().filter(|f| f.is_open()).map(|f| CriticalLine {
                patient: patient.display(),
                mrn: patient.mrn.clone(),
                requester: header.requested_by().to_owned(),
                critical: critical_view(header.accession, f, &catalogue, now),
            }));
        }
        lines.sort_by_key(|l| (l.critical.finding.due_at, l.critical.finding.id));
        Ok(lines)
    }
}

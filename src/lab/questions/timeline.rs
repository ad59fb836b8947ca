//! One patient across procedures: what was found each time.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::progress::{Stage, stage};
use crate::domain::series::{Series, series, verified_values};
use crate::domain::{Accession, Actor, Code, Interpretation, Patient, PatientId, ResultState, ResultValue};
use crate::lab::execute::absent;
use crate::lab::{Lab, LabError, scope};
use crate::store::StoreError;
use crate::store::aggregate;
use crate::store::tables::{cases, patients};

/// A patient's examinations, oldest first.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Timeline {
    /// Who.
    pub patient: Patient,
    /// Each examination.
    pub cases: Vec<TimelineCase>,
    /// Numbers followed across examinations, one series per method: verified values only.
    pub series: Vec<Series>,
}

/// One examination.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TimelineCase {
    /// The case.
    pub accession: Accession,
    /// Why (code).
    pub indication: Code,
    /// When the marrow was taken.
    pub collected_at: Option<DateTime<Utc>>,
    /// Where it stands.
    pub stage: Stage,
    /// The signed diagnosis.
    pub diagnosis: Option<String>,
    /// What was found.
    pub results: Vec<TimelineResult>,
}

/// One finding.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TimelineResult {
    /// Assay (code).
    pub assay: Code,
    /// What it says.
    pub interpretation: Interpretation,
    /// In one line.
    pub summary: String,
    /// `preliminary`, `final`, `corrected` …
    pub state: ResultState,
    /// Values, for plots.
    pub values: Vec<ResultValue>,
}

impl Lab {
    /// What this person may see of a patient.
    ///
    /// # Errors
    /// As if absent, when nothing of it is theirs to see.
    pub async fn timeline(&self, actor: &Actor, id: PatientId) -> Result<Timeline, LabError> {
        scope::may_look(actor)?;
        let found = self
            .store()
            .read(move |conn| {
                let Some(patient) = patients::find(conn, id)? else { return Ok::<_, StoreError>(None) };
                let ids = cases::of_patient(conn, id)?;
                Ok(Some((patient, aggregate::load_many(conn, &ids, aggregate::Depth::WHOLE)?)))
            })
            .await?;
        let (patient, all) = found.ok_or_else(absent)?;
        let visible: Vec<_> = all.into_iter().filter(|w| scope::may_see(actor, &w.case.header).is_ok()).collect();
        let values: Vec<_> = visible.iter().flat_map(|w| verified_values(&w.case)).collect();
        let seen: Vec<TimelineCase> = visible
            .into_iter()
            .map(|w| {
                let case = &w.case;
                TimelineCase {
                    accession: case.header.accession,
                    indication: case.header.indication.clone(),
                    collected_at: case.collected_at(),
                    stage: stage(case),
                    diagnosis: case.signed_report().map(|r| r.diagnosis.clone()),
                    results: case
                        .orders
                        .iter()
                        .filter_map(|o| {
                            let early = case.results_of(o.id).rfind(|r| r.state == ResultState::Preliminary);
                            let r = case.verified_result(o.id).or(early)?;
                            Some(TimelineResult {
                                assay: o.assay.clone(),
                                interpretation: r.interpretation,
                                summary: r.summary.clone(),
                                state: r.state,
                                values: r.values.clone(),
                            })
                        })
                        .collect(),
                }
            })
            .collect();
        if seen.is_empty() {
            return Err(absent());
        }
        Ok(Timeline { patient, cases: seen, series: series(&values) })
    }
}

//! What of a case does not fit together, or does not fit the patient's earlier marrows.

use serde::Serialize;

use crate::domain::correlation::{self, Flag};
use crate::domain::series::{Earlier, verified_values};
use crate::domain::{Accession, Actor, Case, ReportState};
use crate::lab::{Lab, LabError};
use crate::store::aggregate::{self, Depth};
use crate::store::tables::cases;
use crate::store::{DbConn, StoreError};

/// A flag, and what the open draft of the report says of it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FlagView {
    /// The flag.
    #[serde(flatten)]
    pub flag: Flag,
    /// What the open draft says of it.
    pub acknowledged: Option<String>,
}

/// The verified values of the patient's other cases.
///
/// # Errors
/// The store.
pub fn earlier(conn: &mut DbConn, case: &Case) -> Result<Vec<Earlier>, StoreError> {
    let mut others = cases::of_patient(conn, case.patient.id)?;
    others.retain(|id| *id != case.header.id);
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let found = aggregate::load_many(conn, &others, Depth::WHOLE)?;
    Ok(found.iter().flat_map(|whole| verified_values(&whole.case)).collect())
}

impl Lab {
    /// The flags of a case: what whoever signs must say something about.
    ///
    /// # Errors
    /// As if absent, when it is not theirs to see.
    pub async fn flags(&self, actor: &Actor, accession: Accession) -> Result<Vec<FlagView>, LabError> {
        let whole = self.case(actor, accession).await?;
        let case = whole.case;
        let known = case.clone();
        let earlier = self.store().read(move |conn| earlier(conn, &known)).await?;
        let said = case.reports.iter().rfind(|r| r.state == ReportState::Draft).map(|r| r.acknowledged.as_slice());
        Ok(correlation::flags(&case, &earlier)
            .into_iter()
            .map(|flag| FlagView { acknowledged: correlation::answered(&flag, said.unwrap_or_default()), flag })
            .collect())
    }
}

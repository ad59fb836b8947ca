//! What of a case does not fit together, or does not fit the patient's earlier marrows.

use serde::Serialize;

use crate::domain::correlation::{self, Flag};
use crate::domain::series::{Earlier, verified_values};
use crate::domain::{Accession, Actor, Case, ReportState};
use crate::lab::{Lab, LabError, scope};
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

/// The verified values of the patient's other cases, as far as this person may see them.
///
/// # Errors
/// The store.
pub fn earlier(conn: &mut DbConn, case: &Case, actor: &Actor) -> Result<Vec<Earlier>, StoreError> {
    let mut others = cases::of_patient(conn, case.patient.id)?;
    others.retain(|id| *id != case.header.id);
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let found = aggregate::load_many(conn, &others, Depth::WHOLE)?;
    let visible = found.iter().filter(|whole| scope::may_see(actor, &whole.case.header).is_ok());
    Ok(visible.flat_map(|whole| verified_values(&whole.case)).collect())
}

/// The flags of a case, with what the open draft says of each.
pub fn views(case: &Case, earlier: &[Earlier]) -> Vec<FlagView> {
    let draft = case.reports.iter().rfind(|r| r.state == ReportState::Draft);
    let said = draft.map_or(&[][..], |r| r.acknowledged.as_slice());
    correlation::flags(case, earlier)
        .into_iter()
        .map(|flag| FlagView { acknowledged: correlation::answered(&flag, said), flag })
        .collect()
}

impl Lab {
    /// The flags of a case: what whoever signs must say something about.
    ///
    /// # Errors
    /// As if absent, when it is not theirs to see.
    pub async fn flags(&self, actor: &Actor, accession: Accession) -> Result<Vec<FlagView>, LabError> {
        let case = self.case(actor, accession).await?.case;
        let earlier = self.earlier(actor, &case).await?;
        Ok(views(&case, &earlier))
    }

    /// The verified values of the patient's other cases, as far as this person may see them.
    ///
    /// # Errors
    /// The store.
    pub async fn earlier(&self, actor: &Actor, case: &Case) -> Result<Vec<Earlier>, LabError> {
        let (actor, case) = (actor.clone(), case.clone());
        Ok(self.store().read(move |conn| earlier(conn, &case, &actor)).await?)
    }
}

//! The list of cases.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::progress::Stage;
use crate::domain::{Accession, Actor, Code, Urgency};
use crate::lab::{Lab, LabError, scope};
use crate::store::tables::cases;

pub use crate::store::tables::cases::{CaseSort, Filter, Place};

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct CaseLine {
    /// People-facing number.
    pub accession: Accession,
    /// Record number: the second identifier.
    pub mrn: String,
    /// Name as on the wristband.
    pub patient: String,
    /// Date of birth.
    pub born: Option<chrono::NaiveDate>,
    /// Who asked.
    pub requester: String,
    /// Why (code).
    pub indication: Code,
    /// How fast.
    pub urgency: Urgency,
    /// Where it stands.
    pub stage: Stage,
    /// When it was logged.
    pub logged_at: DateTime<Utc>,
    /// When the first part was taken.
    pub collected_at: Option<DateTime<Utc>>,
    /// When the report can be expected.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether an assay is overdue.
    pub late: bool,
}

impl From<cases::Line> for CaseLine {
    fn from(l: cases::Line) -> Self {
        Self {
            accession: l.header.accession,
            mrn: l.patient.mrn.clone(),
            patient: l.patient.display(),
            born: l.patient.born,
            requester: l.header.requester,
            indication: l.header.indication,
            urgency: l.header.urgency,
            stage: l.stage,
            logged_at: l.header.logged_at,
            collected_at: l.collected_at,
            due_at: l.due_at,
            late: l.late,
        }
    }
}

/// A page of a list and where the next one begins.
#[derive(Debug, Clone)]
pub struct Page<T, P = Place> {
    /// The lines.
    pub lines: Vec<T>,
    /// The next page begins after this; absent on the last.
    pub next: Option<P>,
}

impl Lab {
    /// How many cases [`Lab::cases`] would show with each of these filters, all at one moment.
    ///
    /// # Errors
    /// As [`Lab::cases`].
    pub async fn count_cases(&self, actor: &Actor, mut filters: Vec<Filter>) -> Result<Vec<u64>, LabError> {
        scope::may_look(actor)?;
        if let Some(own) = scope::own_only(actor) {
            for filter in &mut filters {
                filter.requester = Some(own.clone());
            }
        }
        self.store()
            .read(move |conn| filters.iter().map(|f| cases::count_of(conn, f)).collect::<Result<_, _>>())
            .await
            .map_err(|e: crate::store::StoreError| e.into())
    }

    /// A page of cases of those that this person may see.
    ///
    /// # Errors
    /// Refused for roles that see no patients.
    pub async fn cases(
        &self,
        actor: &Actor,
        mut filter: Filter,
        sort: CaseSort,
        after: Option<Place>,
        limit: i64,
    ) -> Result<Page<CaseLine>, LabError> {
        scope::may_look(actor)?;
        if let Some(own) = scope::own_only(actor) {
            filter.requester = Some(own);
        }
        let mut lines = self.store().read(move |conn| cases::page(conn, &filter, sort, after, limit + 1)).await?;
        let more = i64::try_from(lines.len()).unwrap_or(i64::MAX) > limit;
        lines.truncate(usize::try_from(limit).unwrap_or_default());
        let next = lines.last().filter(|_| more).map(|l| l.place(sort));
        let lines = lines.into_iter().map(CaseLine::from).collect();
        Ok(Page { lines, next })
    }
}

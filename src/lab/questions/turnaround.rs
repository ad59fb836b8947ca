//! Turnaround: how often the laboratory keeps its own targets, per assay and urgency.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cases::Filter;
use super::export::clock_starts;
use crate::domain::progress::is_late;
use crate::domain::{Actor, Code, Refusal, Role, Urgency};
use crate::lab::{Lab, LabError};
use crate::store::StoreError;
use crate::store::aggregate::{self, Depth};
use crate::store::tables::cases;

/// The figures of one assay at one urgency. Hours are elapsed hours.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TurnaroundLine {
    /// Assay (code).
    pub assay: Code,
    /// Urgency.
    pub urgency: Urgency,
    /// Finished assays counted.
    pub finished: usize,
    /// Of those, within target.
    pub in_target: usize,
    /// The same in percent, one decimal; absent when nothing is finished.
    pub in_target_pct: Option<f64>,
    /// Median hours from receipt to verified result.
    pub received_p50_h: Option<f64>,
    /// 90th percentile.
    pub received_p90_h: Option<f64>,
    /// Median hours from collection to verified result.
    pub collected_p50_h: Option<f64>,
    /// 90th percentile.
    pub collected_p90_h: Option<f64>,
    /// Still open.
    pub open: usize,
    /// Of those, past the due time.
    pub late: usize,
}

#[derive(Default)]
struct Tally {
    received_min: Vec<i64>,
    collected_min: Vec<i64>,
    finished: usize,
    in_target: usize,
    open: usize,
    late: usize,
}

/// Who may see figures of the whole laboratory.
///
/// # Errors
/// Names who.
pub(super) fn may_see_figures(actor: &Actor) -> Result<(), LabError> {
    if actor.is_any(&[Role::Admin, Role::Supervisor, Role::Pathologist, Role::Auditor, Role::System]) {
        return Ok(());
    }
    Err(Refusal::Forbidden("Figures take the role admin, supervisor, pathologist or auditor.".into()).into())
}

/// The value below which a share of the sorted minutes lies (nearest rank), in hours to one decimal.
pub(super) fn percentile_h(sorted_min: &[i64], pct: usize) -> Option<f64> {
    let rank = (sorted_min.len() * pct).div_ceil(100).max(1);
    let minutes = *sorted_min.get(rank - 1)?;
    #[allow(clippy::cast_precision_loss)] // minutes of a few years fit a double exactly
    let tenths = (minutes as f64 / 6.0).round();
    Some(tenths / 10.0)
}

impl Lab {
    /// Figures over the cases logged in a span. Blocks: reads every case of the span.
    ///
    /// # Errors
    /// Roles without figures.
    pub fn turnaround(&self, actor: &Actor, filter: &Filter) -> Result<Vec<TurnaroundLine>, LabError> {
        may_see_figures(actor)?;
        let now = self.now();
        let mut tallies: BTreeMap<(Code, Urgency), Tally> = BTreeMap::new();
        let depth = Depth { specimens: true, orders: true, results: false, reports: false };
        self.store().snapshot(|conn| {
            cases::each_id(conn, filter, |conn, ids| {
                for whole in aggregate::load_many(conn, ids, depth)? {
                    for o in &whole.case.orders {
                        let tally = tallies.entry((o.assay.clone(), o.urgency)).or_default();
                        if o.state.is_open() {
                            tally.open += 1;
                            tally.late += usize::from(is_late(o, now));
                        }
                        let Some(done) = o.final_at else { continue };
                        let (collected, received) = clock_starts(&whole.case, o);
                        tally.finished += 1;
                        tally.in_target += usize::from(o.due_at.is_none_or(|due| done <= due));
                        tally.received_min.extend(received.map(|at| (done - at).num_minutes()));
                        tally.collected_min.extend(collected.map(|at| (done - at).num_minutes()));
                    }
                }
                Ok::<_, StoreError>(())
            })
        })?;
        Ok(tallies
            .into_iter()
            .filter(|(_, t)| t.finished + t.open > 0)
            .map(|((assay, urgency), mut t)| {
                t.received_min.sort_unstable();
                t.collected_min.sort_unstable();
                #[allow(clippy::cast_precision_loss)] // counts of assays
                let pct = (t.finished > 0).then(|| (t.in_target as f64 * 1000.0 / t.finished as f64).round() / 10.0);
                TurnaroundLine {
                    assay,
                    urgency,
                    finished: t.finished,
                    in_target: t.in_target,
                    in_target_pct: pct,
                    received_p50_h: percentile_h(&t.received_min, 50),
                    received_p90_h: percentile_h(&t.received_min, 90),
                    collected_p50_h: percentile_h(&t.collected_min, 50),
                    collected_p90_h: percentile_h(&t.collected_min, 90),
                    open: t.open,
                    late: t.late,
                }
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::percentile_h;

    #[test]
    fn percentiles_are_nearest_rank() {
        let minutes: Vec<i64> = (1..=10).map(|h| h * 60).collect();
        assert_eq!(percentile_h(&minutes, 50), Some(5.0));
        assert_eq!(percentile_h(&minutes, 90), Some(9.0));
        assert_eq!(percentile_h(&[90], 90), Some(1.5));
        assert_eq!(percentile_h(&[], 50), None);
    }
}

//! Which rows of a table are exported: those of a list, said in the words of the list's address.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::export::Dataset;
use super::turnaround_months::Kept;
use super::worklist::{View, WorkSort};
use crate::domain::{Actor, Case, CaseId, Catalogue, Code, Moment, OrderId, Refusal, SpecimenId, Urgency, decide};
use crate::store::aggregate::{self, Depth};
use crate::store::tables::cases::{self, CaseSort, Filter};
use crate::store::tables::orders::{self, Target};
use crate::store::tables::specimens;
use crate::store::{DbConn, StoreError};
use crate::text_enum;

/// How many parts are read at once.
const CHUNK: usize = 200;

text_enum! {
    /// Parts that a list shows for a reason of their own.
    pub enum Parts {
        /// Reception waits for them or must look at them.
        Awaited = "awaited",
        /// They have been kept long enough.
        PastRetention = "past_retention",
        /// They must be taken again.
        Recollect = "recollect",
    }
}

/// Which rows of the cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// All of them, the oldest case first.
    #[default]
    All,
    /// All of them, with the cases in this order.
    Sorted(CaseSort),
    /// Only of these orders: of ordered tests and of turnaround.
    Orders(OrderRows),
    /// Only of these parts: of parts and of rejections.
    Parts(PartRows),
}

/// Which orders. Absent means all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderRows {
    /// Only of this department, as it was when ordered.
    pub department: Option<Code>,
    /// Only this assay.
    pub assay: Option<Code>,
    /// Only this urgency.
    pub urgency: Option<Urgency>,
    /// How far they are.
    pub standing: Standing,
}

/// How far orders are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Wherever they stand.
    Any,
    /// With work still to come.
    Open {
        /// As this view of a bench's list shows them to whoever exports.
        view: View,
        /// In this order.
        sort: WorkSort,
    },
    /// With work still to come, and past the due time when they are exported.
    PastDue,
    /// With a result that became final.
    Final {
        /// At or after.
        from: Option<DateTime<Utc>>,
        /// Before.
        until: Option<DateTime<Utc>>,
        /// Only those that kept their due time so.
        target: Option<Target>,
    },
}

/// Which parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartRows {
    /// For a reason.
    For(Parts),
    /// In a position of this storage place.
    Stored(Code),
}

/// What an address, a form or a command line narrows rows by. Absent: not by that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// Orders of this department.
    pub department: Option<Code>,
    /// Orders of this assay.
    pub assay: Option<Code>,
    /// Orders of this urgency.
    pub urgency: Option<Urgency>,
    /// Open orders, as in this view of a bench's list.
    pub view: Option<View>,
    /// Orders that kept their due time so, or are open past it.
    pub kept: Option<Kept>,
    /// Orders whose result became final at or after.
    pub final_from: Option<Moment>,
    /// Orders whose result became final before.
    pub final_until: Option<Moment>,
    /// Parts that a list shows for this reason.
    pub parts: Option<Parts>,
    /// Parts in this storage place.
    pub place: Option<Code>,
    /// In which order: a [`WorkSort`] of a bench's list, else a [`CaseSort`].
    pub sort: Option<String>,
}

impl Narrowing {
    /// The rows that are meant.
    ///
    /// # Errors
    /// What the table cannot be narrowed by, and what excludes each other.
    pub fn rows(self, dataset: Dataset) -> Result<Rows, Refusal> {
        let of_orders = [
            ("department", self.department.is_some()),
            ("assay", self.assay.is_some()),
            ("urgency", self.urgency.is_some()),
            ("view", self.view.is_some()),
            ("kept", self.kept.is_some()),
            ("final_from", self.final_from.is_some()),
            ("final_to", self.final_until.is_some()),
        ];
        let of_parts = [("parts", self.parts.is_some()), ("place", self.place.is_some())];
        let first = |asked: &[(&'static str, bool)]| asked.iter().find(|(_, asked)| *asked).map(|(name, _)| *name);
        let (of_orders, of_parts) = (first(&of_orders), first(&of_parts));
        if let Some(sort) = self.sort.as_deref().filter(|_| self.view.is_none()) {
            let sort = sort.parse().map_err(|why: String| refused("sort", &why))?;
            return match of_orders.or(of_parts) {
                None => Ok(Rows::Sorted(sort)),
                Some(_) => Err(refused("sort", "only whole cases and the views of a bench's list are sorted")),
            };
        }
        let rows = match (of_orders, of_parts) {
            (None, None) => Rows::All,
            (Some(_), Some(name)) => return Err(refused(name, "orders and parts cannot be narrowed at once")),
            (Some(_), None) => Rows::Orders(OrderRows {
                standing: self.standing()?,
                department: self.department,
                assay: self.assay,
                urgency: self.urgency,
            }),
            (None, Some(_)) => Rows::Parts(match (self.parts, self.place) {
                (Some(parts), None) => PartRows::For(parts),
                (None, Some(place)) => PartRows::Stored(place),
                (Some(_), Some(_)) | (None, None) => {
                    return Err(refused("place", "say either why parts are listed, or where they lie"));
                }
            }),
        };
        rows.fits(dataset).map_err(|why| refused(of_orders.or(of_parts).unwrap_or("dataset"), &why))?;
        Ok(rows)
    }

    fn standing(&self) -> Result<Standing, Refusal> {
        let in_span = self.final_from.is_some() || self.final_until.is_some();
        let target = match (self.view, self.kept) {
            (Some(_), Some(_)) => return Err(refused("kept", "a view holds open orders")),
            (Some(_), None) if in_span => return Err(refused("final_from", "a view holds open orders")),
            (Some(view), None) => {
                let sort = self.sort.as_deref().map_or(Ok(WorkSort::Urgent), str::parse);
                return Ok(Standing::Open { view, sort: sort.map_err(|why| refused("sort", &why))? });
            }
            (None, Some(Kept::Open)) if in_span => {
                return Err(refused("final_from", "an open order has no final result"));
            }
            (None, Some(Kept::Open)) => return Ok(Standing::PastDue),
            (None, None) if !in_span => return Ok(Standing::Any),
            (None, None) => None,
            (None, Some(Kept::Yes)) => Some(Target::Kept),
            (None, Some(Kept::No)) => Some(Target::Missed),
            (None, Some(Kept::Unpromised)) => Some(Target::Unpromised),
        };
        Ok(Standing::Final { from: self.final_from, until: self.final_until, target })
    }
}

fn refused(name: &str, why: &str) -> Refusal {
    Refusal::field(format!("/{name}"), "impossible", why)
}

/// What is to be read of one case.
pub(super) type Wanted<T> = (CaseId, T);

impl Rows {
    /// Whether a table has such rows.
    ///
    /// # Errors
    /// Why not.
    pub fn fits(&self, dataset: Dataset) -> Result<(), String> {
        let no = || Err(format!("{dataset} cannot be narrowed by it"));
        match self {
            Self::All | Self::Sorted(_) => Ok(()),
            Self::Orders(rows) => match (dataset, &rows.standing) {
                (Dataset::Orders, _) | (Dataset::Turnaround, Standing::Any | Standing::Final { .. }) => Ok(()),
                (Dataset::Turnaround, Standing::Open { .. } | Standing::PastDue) => {
                    Err("turnaround holds finished orders only".to_owned())
                }
                (
                    Dataset::Cases
                    | Dataset::Specimens
                    | Dataset::Results
                    | Dataset::Reports
                    | Dataset::Events
                    | Dataset::Rejections,
                    _,
                ) => no(),
            },
            Self::Parts(_) => match dataset {
                Dataset::Specimens | Dataset::Rejections => Ok(()),
                Dataset::Cases
                | Dataset::Orders
                | Dataset::Results
                | Dataset::Reports
                | Dataset::Events
                | Dataset::Turnaround => no(),
            },
        }
    }
}

impl OrderRows {
    /// The same for the store, for whoever exports, at a moment.
    pub(super) fn filter(&self, who: &Actor, now: Moment) -> orders::Filter {
        orders::Filter {
            department: self.department.as_ref().map(ToString::to_string),
            assay: self.assay.as_ref().map(ToString::to_string),
            urgency: self.urgency,
            standing: match &self.standing {
                Standing::Any => orders::Standing::Any,
                Standing::Open { view, sort } => view.standing(who, *sort),
                Standing::PastDue => orders::Standing::PastDue(now),
                Standing::Final { from, until, target } => {
                    orders::Standing::Final { from: *from, until: *until, target: *target }
                }
            },
        }
    }
}

impl PartRows {
    /// Which parts these are now, in the order of their list; of those past retention, which may be.
    pub(super) fn parts(
        &self,
        conn: &mut DbConn,
        catalogue: &Catalogue,
        now: Moment,
    ) -> Result<Vec<Wanted<SpecimenId>>, StoreError> {
        match self {
            Self::For(Parts::Awaited) => specimens::awaited_ids(conn),
            Self::For(Parts::PastRetention) => {
                specimens::long_stored(conn, &super::storage::retentions(catalogue, now), i64::MAX)
                    .map(|found| found.into_iter().map(|(case, part, _)| (case, part)).collect())
            }
            Self::For(Parts::Recollect) => {
                let found = cases::recollecting(conn, None, None, i64::MAX)?;
                let ids: Vec<CaseId> = found.into_iter().map(|(_, id)| id).collect();
                let mut parts = Vec::new();
                for ids in ids.chunks(CHUNK) {
                    let loaded: BTreeMap<CaseId, _> =
                        cases::of_ids(conn, ids)?.into_iter().map(|c| (c.header.id, c.header)).collect();
                    for header in ids.iter().filter_map(|id| loaded.get(id)) {
                        let open = header.recollections.iter().filter(|r| r.is_open());
                        parts.extend(open.map(|r| (header.id, r.specimen)));
                    }
                }
                Ok(parts)
            }
            Self::Stored(place) => Ok(specimens::in_place(conn, place.as_str())?
                .into_iter()
                .map(|(part, _)| (part.case_id, part.id))
                .collect()),
        }
    }

    /// Whether a part of [`PartRows::parts`] is in the list indeed, now that its whole case is known.
    pub(super) fn holds(&self, case: &Case, part: SpecimenId, catalogue: &Catalogue, now: Moment) -> bool {
        match self {
            Self::For(Parts::PastRetention) => {
                case.specimen(part).is_some_and(|s| decide::past_retention(case, s, catalogue, now).is_ok())
            }
            Self::For(Parts::Awaited | Parts::Recollect) | Self::Stored(_) => true,
        }
    }

    /// How much of a case must be known for [`PartRows::holds`] and for a row of the part.
    pub(super) const fn depth(&self) -> Depth {
        match self {
            Self::For(Parts::PastRetention) => Depth::WHOLE,
            Self::For(Parts::Awaited | Parts::Recollect) | Self::Stored(_) => {
                Depth { specimens: true, orders: true, results: false, reports: true }
            }
        }
    }
}

/// Reads the cases of what is wanted, some at a time, and shows each with its case, in the order that is wanted; what is
/// of a case outside the filter is left out.
pub(super) fn each_with_case<T: Copy, E: From<StoreError>>(
    conn: &mut DbConn,
    filter: &Filter,
    wanted: &[Wanted<T>],
    depth: Depth,
    mut show: impl FnMut(&Case, T) -> Result<(), E>,
) -> Result<(), E> {
    for some in wanted.chunks(CHUNK) {
        let mut ids: Vec<CaseId> = some.iter().map(|(case, _)| *case).collect();
        ids.sort();
        ids.dedup();
        let ids: Vec<CaseId> = cases::within(conn, filter, &ids)?.into_iter().collect();
        let loaded = aggregate::load_many(conn, &ids, depth)?;
        let cases: BTreeMap<CaseId, Case> = loaded.into_iter().map(|w| (w.case.header.id, w.case)).collect();
        for (id, what) in some {
            if let Some(case) = cases.get(id) {
                show(case, *what)?;
            }
        }
    }
    Ok(())
}

/// Every order of these rows, page by page, with its case.
pub(super) fn each_order<E: From<StoreError>>(
    conn: &mut DbConn,
    rows: &orders::Filter,
    filter: &Filter,
    depth: Depth,
    mut show: impl FnMut(&Case, OrderId) -> Result<(), E>,
) -> Result<(), E> {
    orders::walk(conn, rows, |conn, page| each_with_case(conn, filter, page, depth, &mut show))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<Code> {
        Code::parse(text).ok()
    }

    #[test]
    fn words_of_a_list_become_its_rows() {
        let bench = Narrowing { department: code("FLOW"), view: Some(View::Overdue), ..Narrowing::default() };
        let rows = OrderRows {
            department: code("FLOW"),
            assay: None,
            urgency: None,
            standing: Standing::Open { view: View::Overdue, sort: WorkSort::Urgent },
        };
        assert_eq!(bench.rows(Dataset::Orders), Ok(Rows::Orders(rows)));
        assert_eq!(Narrowing::default().rows(Dataset::Events), Ok(Rows::All));
        let place = Narrowing { place: code("FREEZER-80A"), ..Narrowing::default() };
        assert!(matches!(place.rows(Dataset::Specimens), Ok(Rows::Parts(PartRows::Stored(_)))));
        let open = Narrowing { kept: Some(Kept::Open), ..Narrowing::default() };
        assert!(matches!(open.rows(Dataset::Orders), Ok(Rows::Orders(OrderRows { standing: Standing::PastDue, .. }))));
    }

    #[test]
    fn what_a_table_cannot_say_is_refused_and_not_ignored() {
        let none = Narrowing::default;
        let at = DateTime::from_timestamp(0, 0);
        for (dataset, narrowing, pointer) in [
            (Dataset::Cases, Narrowing { department: code("FLOW"), ..none() }, "/department"),
            (Dataset::Cases, Narrowing { sort: Some("label".into()), ..none() }, "/sort"),
            (Dataset::Orders, Narrowing { view: Some(View::All), sort: Some("oldest".into()), ..none() }, "/sort"),
            (Dataset::Orders, Narrowing { assay: code("IRON"), sort: Some("due".into()), ..none() }, "/sort"),
            (Dataset::Orders, Narrowing { place: code("FRIDGE"), ..none() }, "/place"),
            (Dataset::Turnaround, Narrowing { view: Some(View::All), ..none() }, "/view"),
            (Dataset::Turnaround, Narrowing { kept: Some(Kept::Open), ..none() }, "/kept"),
            (Dataset::Orders, Narrowing { view: Some(View::All), kept: Some(Kept::Yes), ..none() }, "/kept"),
            (Dataset::Orders, Narrowing { view: Some(View::All), final_from: at, ..none() }, "/final_from"),
            (Dataset::Orders, Narrowing { kept: Some(Kept::Open), final_until: at, ..none() }, "/final_from"),
            (Dataset::Orders, Narrowing { assay: code("IRON"), parts: Some(Parts::Awaited), ..none() }, "/parts"),
            (Dataset::Specimens, Narrowing { parts: Some(Parts::Awaited), place: code("FRIDGE"), ..none() }, "/place"),
        ] {
            match narrowing.clone().rows(dataset) {
                Err(Refusal::Invalid(errors)) => assert_eq!(errors[0].pointer, pointer, "{narrowing:?}"),
                other => panic!("{narrowing:?} of {dataset}: {other:?}"),
            }
        }
    }
}

//! Orders as figures count them: a few columns of each, never its whole body, so that a year is read in one pass.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::domain::{Moment, Urgency};
use crate::store::conn::MultiBackend;
use crate::store::schema::{cases, open, orders, specimens};
use crate::store::sql_types::{DbId, DbMoment};
use crate::store::{DbConn, StoreError};

/// How many cases are asked for at once.
const CHUNK: usize = 500;

/// One order and the moments that its clocks need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timed {
    /// The order.
    pub order: Uuid,
    /// Its case.
    pub case: Uuid,
    /// The case's number, as people read it.
    pub accession: String,
    /// Assay (code).
    pub assay: String,
    /// How fast it was asked for.
    pub urgency: Urgency,
    /// Who asked for the case (login name).
    pub requester: String,
    /// When the part that fed it was taken; of the case's first part where that one does not say.
    pub collected_at: Option<Moment>,
    /// When that part came through the door; of the case's first part where that one does not say.
    pub received_at: Option<Moment>,
    /// When its result was due.
    pub due_at: Option<Moment>,
    /// When its result became final; absent while it is open.
    pub final_at: Option<Moment>,
}

/// Orders whose result became final from one moment until before another, oldest first; of one assay or of all.
pub fn finished(conn: &mut DbConn, from: Moment, until: Moment, assay: Option<&str>) -> Result<Vec<Timed>, StoreError> {
    let mut query = timed()
        .filter(orders::final_at.ge(DbMoment(from)))
        .filter(orders::final_at.lt(DbMoment(until)))
        .order((orders::final_at, orders::id));
    if let Some(assay) = assay {
        query = query.filter(orders::assay.eq(assay.to_owned()));
    }
    load(conn, query)
}

/// Open orders that are past their due time, the longest first; of one assay or of all.
pub fn overdue(conn: &mut DbConn, now: Moment, assay: Option<&str>) -> Result<Vec<Timed>, StoreError> {
    let mut query =
        timed().filter(open::orders()).filter(orders::due_at.lt(DbMoment(now))).order((orders::due_at, orders::id));
    if let Some(assay) = assay {
        query = query.filter(orders::assay.eq(assay.to_owned()));
    }
    load(conn, query)
}

type Columns = (
    (DbId, DbId, String, String, String, String),
    (Option<DbMoment>, Option<DbMoment>, Option<DbMoment>, Option<DbMoment>),
);

type Source = diesel::dsl::LeftJoinOn<
    diesel::dsl::InnerJoin<orders::table, cases::table>,
    specimens::table,
    diesel::dsl::Eq<orders::specimen_id, diesel::dsl::Nullable<specimens::id>>,
>;

fn timed<'a>() -> diesel::dsl::IntoBoxed<'a, Source, MultiBackend> {
    orders::table
        .inner_join(cases::table)
        .left_join(specimens::table.on(orders::specimen_id.eq(specimens::id.nullable())))
        .into_boxed::<MultiBackend>()
}

fn load(conn: &mut DbConn, query: diesel::dsl::IntoBoxed<'_, Source, MultiBackend>) -> Result<Vec<Timed>, StoreError> {
    let rows: Vec<Columns> = query
        .select((
            (orders::id, cases::id, cases::accession, orders::assay, orders::urgency, cases::requester),
            (specimens::collected_at.nullable(), specimens::received_at.nullable(), orders::due_at, orders::final_at),
        ))
        .load(conn)?;
    let mut all = rows
        .into_iter()
        .map(|((order, case, accession, assay, urgency, requester), (collected, received, due, done))| {
            Ok(Timed {
                order: order.0,
                case: case.0,
                accession,
                assay,
                urgency: Urgency::parse(&urgency)
                    .ok_or_else(|| StoreError::Corrupt { what: format!("`{urgency}` is no urgency of an order") })?,
                requester,
                collected_at: collected.map(|m| m.0),
                received_at: received.map(|m| m.0),
                due_at: due.map(|m| m.0),
                final_at: done.map(|m| m.0),
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    fall_back(conn, &mut all)?;
    Ok(all)
}

/// Where the part says nothing, the case's first part does.
fn fall_back(conn: &mut DbConn, all: &mut [Timed]) -> Result<(), StoreError> {
    let mut wanted: Vec<Uuid> =
        all.iter().filter(|t| t.collected_at.is_none() || t.received_at.is_none()).map(|t| t.case).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut first: HashMap<Uuid, (Option<Moment>, Option<Moment>)> = HashMap::new();
    for cases in wanted.chunks(CHUNK) {
        let ids: Vec<DbId> = cases.iter().map(|id| DbId(*id)).collect();
        let rows: Vec<(DbId, Option<DbMoment>, Option<DbMoment>)> = specimens::table
            .filter(specimens::case_id.eq_any(ids))
            .select((specimens::case_id, specimens::collected_at, specimens::received_at))
            .load(conn)?;
        for (case, collected, received) in rows {
            let seen = first.entry(case.0).or_default();
            seen.0 = earliest(seen.0, collected);
            seen.1 = earliest(seen.1, received);
        }
    }
    for t in all {
        if let Some((collected, received)) = first.get(&t.case) {
            t.collected_at = t.collected_at.or(*collected);
            t.received_at = t.received_at.or(*received);
        }
    }
    Ok(())
}

fn earliest(a: Option<Moment>, b: Option<DbMoment>) -> Option<Moment> {
    [a, b.map(|m| m.0)].into_iter().flatten().min()
}

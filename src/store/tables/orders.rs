//! Orders: each row the whole order, with the columns that worklists and timers filter by.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::{from_body, to_body};
use crate::domain::{
    CaseHeader, CaseId, FAR, HoldPolicy, Moment, Order, OrderHold, OrderId, OrderState, Patient, Specimen, Urgency,
    UserId,
};
use crate::store::conn::MultiBackend;
use crate::store::schema::{cases, open, orders, patients, results, specimens};
use crate::store::sql_types::{DbId, DbJson, DbMoment};
use crate::store::{DbConn, StoreError, Tx};
use crate::text_enum;

/// Adds an order.
pub fn insert(tx: &mut Tx<'_>, o: &Order) -> Result<(), StoreError> {
    diesel::insert_into(orders::table)
        .values((
            orders::id.eq(DbId(o.id.0)),
            orders::case_id.eq(DbId(o.case_id.0)),
            orders::assay.eq(o.assay.as_str()),
            orders::department.eq(o.department.as_str()),
            orders::state.eq(o.state.name()),
            orders::urgency.eq(o.urgency.name()),
            orders::specimen_id.eq(o.specimen.map(|s| DbId(s.0))),
            orders::due_at.eq(o.due_at.map(DbMoment)),
            orders::urgent_by.eq(DbMoment(o.urgent_by())),
            orders::hold_until.eq(hold_until(o)),
            orders::overdue.eq(o.overdue_at.is_some()),
            orders::version.eq(o.version),
            orders::body.eq(to_body(o)?),
            orders::final_at.eq(o.final_at.map(DbMoment)),
            orders::worker.eq(o.worker().map(|w| DbId(w.0))),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

fn hold_until(o: &Order) -> Option<DbMoment> {
    // Only what a timer may carry out; a manual hold waits for a person and must not fill the timer's rounds.
    let automatic = |h: &&OrderHold| o.state == OrderState::Held && h.policy != HoldPolicy::Manual;
    o.hold.as_ref().filter(automatic).map(|h| DbMoment(h.deadline))
}

/// Writes a changed order, if nobody wrote since `seen`.
pub fn update(tx: &mut Tx<'_>, seen: i64, o: &Order) -> Result<bool, StoreError> {
    let row = orders::table.filter(orders::id.eq(DbId(o.id.0))).filter(orders::version.eq(seen));
    let rows = diesel::update(row)
        .set((
            orders::state.eq(o.state.name()),
            orders::specimen_id.eq(o.specimen.map(|s| DbId(s.0))),
            orders::due_at.eq(o.due_at.map(DbMoment)),
            orders::urgent_by.eq(DbMoment(o.urgent_by())),
            orders::hold_until.eq(hold_until(o)),
            orders::overdue.eq(o.overdue_at.is_some()),
            orders::version.eq(o.version),
            orders::body.eq(to_body(o)?),
            orders::final_at.eq(o.final_at.map(DbMoment)),
            orders::worker.eq(o.worker().map(|w| DbId(w.0))),
        ))
        .execute(&mut **tx)?;
    Ok(rows == 1)
}

/// All orders of a case, in the order they were asked for.
pub fn of_case(conn: &mut DbConn, case: CaseId) -> Result<Vec<Order>, StoreError> {
    let bodies: Vec<DbJson> =
        orders::table.filter(orders::case_id.eq(DbId(case.0))).order(orders::id).select(orders::body).load(conn)?;
    bodies.into_iter().map(from_body).collect()
}

/// All orders of these cases.
pub fn of_cases(conn: &mut DbConn, cases: &[CaseId]) -> Result<Vec<Order>, StoreError> {
    let ids: Vec<DbId> = cases.iter().map(|id| DbId(id.0)).collect();
    let bodies: Vec<DbJson> =
        orders::table.filter(orders::case_id.eq_any(ids)).order(orders::id).select(orders::body).load(conn)?;
    bodies.into_iter().map(from_body).collect()
}

/// Orders whose columns do not say what the order itself says.
pub fn odd(conn: &mut DbConn, cases: &[CaseId]) -> Result<Vec<String>, StoreError> {
    let ids: Vec<DbId> = cases.iter().map(|id| DbId(id.0)).collect();
    type Row = (
        (DbId, String, String, String, String, Option<DbId>),
        (Option<DbMoment>, DbMoment, Option<DbMoment>, bool, Option<DbMoment>, Option<DbId>, i64, DbJson),
    );
    let rows: Vec<Row> = orders::table
        .filter(orders::case_id.eq_any(ids))
        .select((
            (orders::id, orders::assay, orders::department, orders::state, orders::urgency, orders::specimen_id),
            (
                orders::due_at,
                orders::urgent_by,
                orders::hold_until,
                orders::overdue,
                orders::final_at,
                orders::worker,
                orders::version,
                orders::body,
            ),
        ))
        .load(conn)?;
    let mut odd = Vec::new();
    for (
        (id, assay, department, state, urgency, specimen),
        (due, urgent_by, hold, overdue, done, worker, version, body),
    ) in rows
    {
        let o: Order = from_body(body)?;
        let same = id.0 == o.id.0
            && assay == o.assay.as_str()
            && department == o.department.as_str()
            && state == o.state.name()
            && urgency == o.urgency.name()
            && specimen.map(|s| s.0) == o.specimen.map(|s| s.0)
            && due.map(|m| m.0) == o.due_at
            && urgent_by.0 == o.urgent_by()
            && hold.map(|m| m.0) == hold_until(&o).map(|m| m.0)
            && overdue == o.overdue_at.is_some()
            && done.map(|m| m.0) == o.final_at
            && worker.map(|w| w.0) == o.worker().map(|w| w.0)
            && version == o.version;
        if !same {
            odd.push(format!("{} {}", o.assay, o.id));
        }
    }
    Ok(odd)
}

/// Which case an order belongs to.
pub fn case_of(conn: &mut DbConn, id: OrderId) -> Result<Option<CaseId>, StoreError> {
    let case: Option<DbId> = orders::table.find(DbId(id.0)).select(orders::case_id).first(conn).optional()?;
    Ok(case.map(|id| CaseId(id.0)))
}

/// One line of a bench's list.
#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    /// The order.
    pub order: Order,
    /// The part that feeds it.
    pub specimen: Option<Specimen>,
    /// Its case.
    pub header: CaseHeader,
    /// Whose marrow.
    pub patient: Patient,
}

text_enum! {
    /// How a finished order kept its due time.
    pub enum Target {
        /// Finished by then.
        Kept = "kept",
        /// Finished later.
        Missed = "missed",
        /// It never had one.
        Unpromised = "unpromised",
    }
}

text_enum! {
    /// In which order open orders are listed.
    pub enum WorkSort {
        /// By when somebody must act.
        Urgent = "urgent",
        /// By when the result is due; those without a due time last.
        Due = "due",
        /// By the label of the part; those without a part last.
        Label = "label",
    }
}

/// How far the orders are that a list or an export shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Standing {
    /// Wherever they stand.
    #[default]
    Any,
    /// With work still to come.
    Open {
        /// Only these states; empty: every open one.
        states: Vec<OrderState>,
        /// Only those noticed to be overdue.
        overdue: bool,
        /// Only what this person has set up, or entered a result of that is still a draft.
        of: Option<UserId>,
        /// In which order.
        sort: WorkSort,
    },
    /// With work still to come, and due before then.
    PastDue(Moment),
    /// With a result that became final.
    Final {
        /// At or after.
        from: Option<Moment>,
        /// Before.
        until: Option<Moment>,
        /// Only those that kept their due time so.
        target: Option<Target>,
    },
}

/// Which orders a list or an export shows. Absent means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this department (code, as it was when ordered).
    pub department: Option<String>,
    /// Only this assay (code).
    pub assay: Option<String>,
    /// Only this urgency.
    pub urgency: Option<Urgency>,
    /// How far they are.
    pub standing: Standing,
}

type Source = diesel::dsl::LeftJoinOn<
    diesel::dsl::InnerJoin<orders::table, diesel::dsl::InnerJoin<cases::table, patients::table>>,
    specimens::table,
    diesel::dsl::Eq<orders::specimen_id, diesel::dsl::Nullable<specimens::id>>,
>;
type Query = diesel::dsl::IntoBoxed<'static, Source, MultiBackend>;

fn filtered(filter: &Filter) -> Query {
    let mut query = orders::table
        .inner_join(cases::table.inner_join(patients::table))
        .left_join(specimens::table.on(orders::specimen_id.eq(specimens::id.nullable())))
        .into_boxed::<MultiBackend>();
    if let Some(department) = &filter.department {
        query = query.filter(orders::department.eq(department.clone()));
    }
    if let Some(assay) = &filter.assay {
        query = query.filter(orders::assay.eq(assay.clone()));
    }
    if let Some(urgency) = filter.urgency {
        query = query.filter(orders::urgency.eq(urgency.name()));
    }
    match &filter.standing {
        Standing::Any => query,
        Standing::Open { states, overdue, of, sort: _ } => {
            query = query.filter(open::orders());
            if !states.is_empty() {
                let words: Vec<&'static str> = states.iter().map(|s| s.name()).collect();
                query = query.filter(orders::state.eq_any(words));
            }
            if *overdue {
                query = query.filter(orders::overdue.eq(true));
            }
            if let Some(who) = of {
                let drafts = results::table
                    .filter(open::drafts())
                    .filter(results::entered_by.eq(DbId(who.0)))
                    .select(results::order_id);
                query = query.filter(orders::worker.eq(DbId(who.0)).or(orders::id.eq_any(drafts)));
            }
            query
        }
        Standing::PastDue(now) => query.filter(open::orders()).filter(orders::due_at.lt(DbMoment(*now))),
        Standing::Final { from, until, target } => {
            query = query.filter(orders::final_at.is_not_null());
            if let Some(from) = from {
                query = query.filter(orders::final_at.ge(DbMoment(*from)));
            }
            if let Some(until) = until {
                query = query.filter(orders::final_at.lt(DbMoment(*until)));
            }
            match target {
                None => query,
                Some(Target::Kept) => query.filter(orders::final_at.le(orders::due_at)),
                Some(Target::Missed) => query.filter(orders::final_at.gt(orders::due_at)),
                Some(Target::Unpromised) => query.filter(orders::due_at.is_null()),
            }
        }
    }
}

/// How many orders a filter has.
pub fn count_of(conn: &mut DbConn, filter: &Filter) -> Result<u64, StoreError> {
    let orders: i64 = filtered(filter).count().get_result(conn)?;
    Ok(u64::try_from(orders).unwrap_or_default())
}

/// Where a page of orders ends: the next begins after it.
pub type Place = (DateTime<Utc>, uuid::Uuid);

/// A page of a filter's orders in the order of its list: late ones longest first, finished ones oldest first, open ones as
/// they are to be sorted, and all of them as they were asked for. `load` reads what is wanted of each.
fn page<T>(
    conn: &mut DbConn,
    filter: &Filter,
    after: Option<Place>,
    limit: i64,
    load: impl Fn(&mut DbConn, Query) -> QueryResult<Vec<T>>,
) -> Result<Vec<T>, StoreError> {
    let all = || filtered(filter);
    macro_rules! by {
        ($query:expr, $key:expr, $after:expr) => {{
            let mut query = $query;
            if let Some((at, id)) = $after {
                query = query.filter($key.gt(at.clone()).or($key.eq(at).and(orders::id.gt(DbId(id)))));
            }
            query.order(($key, orders::id))
        }};
    }
    let by_id = |query: Query, after: Option<uuid::Uuid>| match after {
        Some(id) => query.filter(orders::id.gt(DbId(id))).order(orders::id),
        None => query.order(orders::id),
    };
    let moment = after.map(|(at, id)| (DbMoment(at), id));
    // What has no key comes after everything that has one: `begun` says that the page before ended among these.
    let (keyed, rest, begun) = match filter.standing {
        Standing::Open { sort: WorkSort::Urgent, .. } => (by!(all(), orders::urgent_by, moment), None, None),
        Standing::PastDue(_) => (by!(all(), orders::due_at, moment), None, None),
        Standing::Final { .. } => (by!(all(), orders::final_at, moment), None, None),
        Standing::Any => (by_id(all(), after.map(|(_, id)| id)), None, None),
        Standing::Open { sort: WorkSort::Due, .. } => {
            let begun = after.filter(|(at, _)| *at == FAR).map(|(_, id)| id);
            let dated = all().filter(orders::due_at.is_not_null());
            (by!(dated, orders::due_at, moment), Some(all().filter(orders::due_at.is_null())), begun)
        }
        Standing::Open { sort: WorkSort::Label, .. } => {
            let label = after.map(|(_, id)| label_of(conn, id)).transpose()?.flatten();
            let begun = after.filter(|_| label.is_none()).map(|(_, id)| id);
            let place = label.zip(after).map(|(label, (_, id))| (label, id));
            let key = specimens::label.nullable();
            let labeled = all().filter(key.is_not_null());
            (by!(labeled, key, place), Some(all().filter(key.is_null())), begun)
        }
    };
    let mut found = if begun.is_some() { Vec::new() } else { load(conn, keyed.limit(limit))? };
    let room = limit - i64::try_from(found.len()).unwrap_or(limit);
    if let Some(rest) = rest.filter(|_| room > 0) {
        found.extend(load(conn, by_id(rest, begun).limit(room))?);
    }
    Ok(found)
}

/// The label of the part that feeds an order: where a page of a list by labels ended.
fn label_of(conn: &mut DbConn, order: uuid::Uuid) -> Result<Option<String>, StoreError> {
    let label: Option<String> = orders::table
        .inner_join(specimens::table.on(orders::specimen_id.eq(specimens::id.nullable())))
        .filter(orders::id.eq(DbId(order)))
        .select(specimens::label)
        .first(conn)
        .optional()?;
    Ok(label)
}

/// Where a page ends whose last order this is.
pub fn place(filter: &Filter, o: &Order) -> Place {
    let at = match filter.standing {
        Standing::Open { sort: WorkSort::Urgent, .. } => Some(o.urgent_by()),
        Standing::Open { sort: WorkSort::Due, .. } | Standing::PastDue(_) => o.due_at,
        Standing::Final { .. } => o.final_at,
        Standing::Any | Standing::Open { sort: WorkSort::Label, .. } => None,
    };
    (at.unwrap_or(FAR), o.id.0)
}

/// Every order of a filter, page by page in the order of its list: for exports, with constant memory.
pub fn walk<E: From<StoreError>>(
    conn: &mut DbConn,
    filter: &Filter,
    mut visit: impl FnMut(&mut DbConn, &[(CaseId, OrderId)]) -> Result<(), E>,
) -> Result<(), E> {
    let mut last = None;
    loop {
        let bodies: Vec<DbJson> =
            page(conn, filter, last, super::PAGE, |conn, query| query.select(orders::body).load(conn))?;
        let found: Vec<Order> = bodies.into_iter().map(from_body).collect::<Result<_, StoreError>>()?;
        let Some(end) = found.last() else { return Ok(()) };
        last = Some(place(filter, end));
        let ids: Vec<(CaseId, OrderId)> = found.iter().map(|o| (o.case_id, o.id)).collect();
        visit(conn, &ids)?;
    }
}

/// How many open orders a department has, by state and whether they are overdue: what its views count.
pub fn tallies(conn: &mut DbConn, department: &str) -> Result<Vec<(OrderState, bool, i64)>, StoreError> {
    let rows: Vec<(String, bool, i64)> = orders::table
        .filter(open::orders())
        .filter(orders::department.eq(department))
        .group_by((orders::overdue, orders::state))
        .select((orders::state, orders::overdue, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(state, overdue, n)| Some((OrderState::parse(&state)?, overdue, n))).collect())
}

/// A page of a bench's list.
pub fn worklist(conn: &mut DbConn, filter: &Filter, after: Option<Place>, limit: i64) -> Result<Vec<Work>, StoreError> {
    let rows: Vec<(DbJson, Option<DbJson>, DbJson, DbJson)> = page(conn, filter, after, limit, |conn, query| {
        query.select((orders::body, specimens::body.nullable(), cases::body, patients::body)).load(conn)
    })?;
    rows.into_iter()
        .map(|(o, s, c, p)| {
            Ok(Work {
                order: from_body(o)?,
                specimen: s.map(from_body).transpose()?,
                header: from_body(c)?,
                patient: from_body(p)?,
            })
        })
        .collect()
}

/// Held orders whose deadline has come.
pub fn holds_lapsed(conn: &mut DbConn, now: Moment, limit: i64) -> Result<Vec<OrderId>, StoreError> {
    let ids: Vec<DbId> = orders::table
        .filter(open::held_orders())
        .filter(orders::hold_until.le(DbMoment(now)))
        .order((orders::hold_until, orders::id))
        .limit(limit)
        .select(orders::id)
        .load(conn)?;
    Ok(ids.into_iter().map(|id| OrderId(id.0)).collect())
}

/// Open orders past their due time that nobody has noticed yet.
pub fn newly_overdue(conn: &mut DbConn, now: Moment, limit: i64) -> Result<Vec<OrderId>, StoreError> {
    let ids: Vec<DbId> = orders::table
        .filter(open::orders_coming_due())
        .filter(orders::due_at.le(DbMoment(now)))
        .order((orders::due_at, orders::id))
        .limit(limit)
        .select(orders::id)
        .load(conn)?;
    Ok(ids.into_iter().map(|id| OrderId(id.0)).collect())
}

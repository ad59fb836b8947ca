//! Which cases a person opened last.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use uuid::Uuid;

use crate::domain::CaseId;
use crate::store::conn::on_backend;
use crate::store::schema::opened_cases;
use crate::store::sql_types::{DbId, DbMoment};
use crate::store::{DbConn, StoreError, Tx};

/// Keeps that a person opened a case, and forgets which they opened before the last `keep`.
pub fn put(tx: &mut Tx<'_>, user: Uuid, case: CaseId, at: DateTime<Utc>, keep: i64) -> Result<(), StoreError> {
    let row = (
        opened_cases::user_id.eq(DbId(user)),
        opened_cases::case_id.eq(DbId(case.0)),
        opened_cases::opened_at.eq(DbMoment(at)),
    );
    on_backend!(&mut **tx, conn => diesel::insert_into(opened_cases::table)
        .values(row)
        .on_conflict((opened_cases::user_id, opened_cases::case_id))
        .do_update()
        .set(opened_cases::opened_at.eq(excluded(opened_cases::opened_at)))
        .execute(conn))?;
    let own = opened_cases::table.filter(opened_cases::user_id.eq(DbId(user)));
    let last: Option<DbMoment> = own
        .order(opened_cases::opened_at.desc())
        .offset(keep - 1)
        .select(opened_cases::opened_at)
        .first(&mut **tx)
        .optional()?;
    if let Some(last) = last {
        diesel::delete(own.filter(opened_cases::opened_at.lt(last))).execute(&mut **tx)?;
    }
    Ok(())
}

/// The cases that a person opened last, the latest first.
pub fn of_user(conn: &mut DbConn, user: Uuid, limit: i64) -> Result<Vec<CaseId>, StoreError> {
    let ids: Vec<DbId> = opened_cases::table
        .filter(opened_cases::user_id.eq(DbId(user)))
        .order((opened_cases::opened_at.desc(), opened_cases::case_id))
        .limit(limit)
        .select(opened_cases::case_id)
        .load(conn)?;
    Ok(ids.into_iter().map(|id| CaseId(id.0)).collect())
}

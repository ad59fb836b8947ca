//! What a person made of a case: whether to be told of it, and how far its journal has been seen.

use diesel::prelude::*;
use diesel::upsert::excluded;
use uuid::Uuid;

use crate::domain::CaseId;
use crate::store::conn::on_backend;
use crate::store::schema::follows;
use crate::store::sql_types::DbId;
use crate::store::{DbConn, StoreError, Tx};

/// One person's relation to one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    /// Which case.
    pub case: CaseId,
    /// Of what to be told; absent when never chosen.
    pub choice: Option<String>,
    /// The last number of the case's journal that this person had before their eyes; 0 for none.
    pub seen: i64,
    /// The last number of it that this person put away among the notices; 0 for none.
    pub told: i64,
}

type Row = (DbId, Option<String>, i64, i64);

fn follow((case, choice, seen, told): Row) -> Follow {
    Follow { case: CaseId(case.0), choice, seen, told }
}

/// Everything that a person follows or has looked at.
pub fn of_user(conn: &mut DbConn, user: Uuid) -> Result<Vec<Follow>, StoreError> {
    let rows: Vec<Row> = follows::table
        .filter(follows::user_id.eq(DbId(user)))
        .order(follows::case_id)
        .select((follows::case_id, follows::choice, follows::seen, follows::told))
        .load(conn)?;
    Ok(rows.into_iter().map(follow).collect())
}

/// One person's relation to one case, if there is any.
pub fn find(conn: &mut DbConn, user: Uuid, case: CaseId) -> Result<Option<Follow>, StoreError> {
    let row: Option<Row> = follows::table
        .find((DbId(user), DbId(case.0)))
        .select((follows::case_id, follows::choice, follows::seen, follows::told))
        .first(conn)
        .optional()?;
    Ok(row.map(follow))
}

/// Keeps of what a person wants to be told.
pub fn choose(tx: &mut Tx<'_>, user: Uuid, case: CaseId, choice: &str) -> Result<(), StoreError> {
    let row = (
        follows::user_id.eq(DbId(user)),
        follows::case_id.eq(DbId(case.0)),
        follows::choice.eq(Some(choice)),
        follows::seen.eq(0_i64),
        follows::told.eq(0_i64),
    );
    on_backend!(&mut **tx, conn => diesel::insert_into(follows::table)
        .values(row)
        .on_conflict((follows::user_id, follows::case_id))
        .do_update()
        .set(follows::choice.eq(excluded(follows::choice)))
        .execute(conn))?;
    Ok(())
}

/// Keeps that a person saw a case's journal up to this number. An older number changes nothing.
pub fn see(tx: &mut Tx<'_>, user: Uuid, case: CaseId, seq: i64) -> Result<(), StoreError> {
    let before = find(tx, user, case)?;
    if before.as_ref().is_some_and(|f| f.seen >= seq) {
        return Ok(());
    }
    let row = (
        follows::user_id.eq(DbId(user)),
        follows::case_id.eq(DbId(case.0)),
        follows::choice.eq(None::<String>),
        follows::seen.eq(seq),
        follows::told.eq(0_i64),
    );
    on_backend!(&mut **tx, conn => diesel::insert_into(follows::table)
        .values(row)
        .on_conflict((follows::user_id, follows::case_id))
        .do_update()
        .set(follows::seen.eq(excluded(follows::seen)))
        .execute(conn))?;
    Ok(())
}

/// Keeps that a person put the notices of a case away up to this number.
pub fn put_away(tx: &mut Tx<'_>, user: Uuid, case: CaseId, seq: i64) -> Result<(), StoreError> {
    let row = (
        follows::user_id.eq(DbId(user)),
        follows::case_id.eq(DbId(case.0)),
        follows::choice.eq(None::<String>),
        follows::seen.eq(0_i64),
        follows::told.eq(seq),
    );
    on_backend!(&mut **tx, conn => diesel::insert_into(follows::table)
        .values(row)
        .on_conflict((follows::user_id, follows::case_id))
        .do_update()
        .set(follows::told.eq(excluded(follows::told)))
        .execute(conn))?;
    Ok(())
}

//! Failed tries to sign in, by the name that was typed, whether or not there is such a person.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::store::conn::on_backend;
use crate::store::schema::login_failures;
use crate::store::sql_types::DbMoment;
use crate::store::{DbConn, StoreError, Tx};

/// The failures since the last success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginFailures {
    /// What was typed, lower case.
    pub name: String,
    /// How often.
    pub count: i64,
    /// When last.
    pub last_at: DateTime<Utc>,
}

/// The failures of a name, if there are any.
pub fn find(conn: &mut DbConn, name: &str) -> Result<Option<LoginFailures>, StoreError> {
    let row: Option<(String, i64, DbMoment)> = login_failures::table.find(name).first(conn).optional()?;
    Ok(row.map(|(name, count, last_at)| LoginFailures { name, count, last_at: last_at.0 }))
}

/// Counts one more; says how many there are now.
pub fn record(tx: &mut Tx<'_>, name: &str, at: DateTime<Utc>) -> Result<i64, StoreError> {
    Ok(on_backend!(&mut **tx, conn => diesel::insert_into(login_failures::table)
        .values((
            login_failures::name.eq(name),
            login_failures::count.eq(1_i64),
            login_failures::last_at.eq(DbMoment(at)),
        ))
        .on_conflict(login_failures::name)
        .do_update()
        .set((login_failures::count.eq(login_failures::count + 1_i64), login_failures::last_at.eq(DbMoment(at))))
        .returning(login_failures::count)
        .get_result(conn))?)
}

/// Forgets a name's failures: they signed in.
pub fn clear(tx: &mut Tx<'_>, name: &str) -> Result<(), StoreError> {
    diesel::delete(login_failures::table.find(name)).execute(&mut **tx)?;
    Ok(())
}

/// Forgets failures from before a moment; says how many names.
pub fn purge_before(tx: &mut Tx<'_>, moment: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(login_failures::table.filter(login_failures::last_at.lt(DbMoment(moment)))).execute(&mut **tx)?)
}

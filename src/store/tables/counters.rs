//! Numbers without a gap, such as the running part of an accession number.

use diesel::prelude::*;

use crate::store::conn::on_backend;
use crate::store::schema::counters;
use crate::store::{DbConn, StoreError, Tx};

/// The next number of a scope, from 1. Taken in the transaction that uses it, so a rollback gives it back; call it
/// last, because on PostgreSQL its row is locked until the COMMIT.
pub fn next(tx: &mut Tx<'_>, scope: &str) -> Result<i64, StoreError> {
    Ok(on_backend!(&mut **tx, conn => diesel::insert_into(counters::table)
        .values((counters::scope.eq(scope), counters::last.eq(1_i64)))
        .on_conflict(counters::scope)
        .do_update()
        .set(counters::last.eq(counters::last + 1_i64))
        .returning(counters::last)
        .get_result(conn))?)
}

/// The last number that was given out, 0 if none was.
pub fn last(conn: &mut DbConn, scope: &str) -> Result<i64, StoreError> {
    let last = counters::table.find(scope).select(counters::last).first(conn).optional()?;
    Ok(last.unwrap_or(0))
}

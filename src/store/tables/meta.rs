//! Facts about the database itself, by name: the mark of whose it is, and what upkeep last did.

use diesel::prelude::*;

use crate::store::conn::on_backend;
use crate::store::schema::trephine_meta;
use crate::store::{DbConn, StoreError, Tx};

/// What is kept under a name.
pub fn get(conn: &mut DbConn, key: &str) -> Result<Option<String>, StoreError> {
    Ok(trephine_meta::table.find(key).select(trephine_meta::value).first(conn).optional()?)
}

/// Keeps a value under a name, in the place of what was there.
pub fn put(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    on_backend!(&mut **tx, conn => diesel::insert_into(trephine_meta::table)
        .values((trephine_meta::key.eq(key), trephine_meta::value.eq(value)))
        .on_conflict(trephine_meta::key)
        .do_update()
        .set(trephine_meta::value.eq(value))
        .execute(conn))?;
    Ok(())
}

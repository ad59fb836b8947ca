//! Every catalogue that was ever in force.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::store::schema::catalogues;
use crate::store::sql_types::DbMoment;
use crate::store::{DbConn, StoreError, Tx};

/// One version of the catalogue, whole. Never changed, never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// 1, 2, 3 …
    pub version: i64,
    /// When it came into force.
    pub loaded_at: DateTime<Utc>,
    /// Who loaded it.
    pub loaded_by: String,
    /// The hash of the text, hexadecimal.
    pub sha256: String,
    /// The catalogue.
    pub text: String,
}

type Row = (i64, DbMoment, String, String, String);

fn catalogue(row: Row) -> Catalogue {
    let (version, loaded_at, loaded_by, sha256, text) = row;
    Catalogue { version, loaded_at: loaded_at.0, loaded_by, sha256, text }
}

/// Adds a version. One that exists is a [`StoreError::Conflict`].
pub fn insert(tx: &mut Tx<'_>, new: &Catalogue) -> Result<(), StoreError> {
    diesel::insert_into(catalogues::table)
        .values((
            catalogues::version.eq(new.version),
            catalogues::loaded_at.eq(DbMoment(new.loaded_at)),
            catalogues::loaded_by.eq(&new.loaded_by),
            catalogues::sha256.eq(&new.sha256),
            catalogues::text.eq(&new.text),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// The one in force.
pub fn newest(conn: &mut DbConn) -> Result<Option<Catalogue>, StoreError> {
    let row: Option<Row> = catalogues::table.order(catalogues::version.desc()).first(conn).optional()?;
    Ok(row.map(catalogue))
}

/// The number of the one in force, 0 if there is none: to see whether another node loaded one.
pub fn newest_version(conn: &mut DbConn) -> Result<i64, StoreError> {
    let version: Option<i64> =
        catalogues::table.order(catalogues::version.desc()).select(catalogues::version).first(conn).optional()?;
    Ok(version.unwrap_or(0))
}

/// An old one.
pub fn find(conn: &mut DbConn, version: i64) -> Result<Option<Catalogue>, StoreError> {
    let row: Option<Row> = catalogues::table.find(version).first(conn).optional()?;
    Ok(row.map(catalogue))
}

/// All of them, oldest first.
pub fn list(conn: &mut DbConn) -> Result<Vec<Catalogue>, StoreError> {
    let rows: Vec<Row> = catalogues::table.order(catalogues::version).load(conn)?;
    Ok(rows.into_iter().map(catalogue).collect())
}

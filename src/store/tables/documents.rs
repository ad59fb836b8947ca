//! Documents of other laboratories: the bytes, and what is known of them. Rows are only ever added.

use diesel::prelude::*;

use crate::domain::{CaseId, Document, DocumentId, Order};
use crate::store::schema::documents;
use crate::store::sql_types::{DbId, DbMoment};
use crate::store::{DbConn, StoreError, Tx};

/// Adds a document of an order.
pub fn insert(tx: &mut Tx<'_>, order: &Order, d: &Document, bytes: &[u8]) -> Result<(), StoreError> {
    let size = i64::try_from(d.size)
        .map_err(|_| StoreError::Unstorable { what: format!("a document of {} bytes", d.size) })?;
    diesel::insert_into(documents::table)
        .values((
            documents::id.eq(DbId(d.id.0)),
            documents::case_id.eq(DbId(order.case_id.0)),
            documents::order_id.eq(DbId(order.id.0)),
            documents::media_type.eq(d.media_type.name()),
            documents::file_name.eq(&d.file_name),
            documents::size.eq(size),
            documents::sha256.eq(&d.sha256),
            documents::bytes.eq(bytes),
            documents::added_by.eq(DbId(d.added_by.id.0)),
            documents::added_at.eq(DbMoment(d.added_at)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Which case a document belongs to.
pub fn case_of(conn: &mut DbConn, id: DocumentId) -> Result<Option<CaseId>, StoreError> {
    let case: Option<DbId> = documents::table.find(DbId(id.0)).select(documents::case_id).first(conn).optional()?;
    Ok(case.map(|id| CaseId(id.0)))
}

/// The bytes of a document.
pub fn bytes(conn: &mut DbConn, id: DocumentId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(documents::table.find(DbId(id.0)).select(documents::bytes).first(conn).optional()?)
}

/// The documents of a case, without their bytes: for verification.
pub fn of_case(conn: &mut DbConn, case: CaseId) -> Result<Vec<DocumentId>, StoreError> {
    let ids: Vec<DbId> = documents::table
        .filter(documents::case_id.eq(DbId(case.0)))
        .order(documents::id)
        .select(documents::id)
        .load(conn)?;
    Ok(ids.into_iter().map(|id| DocumentId(id.0)).collect())
}

/// Whether the columns of a document say what its order's body says. `false` also when there is no such row.
pub fn is_as_said(conn: &mut DbConn, order: &Order, d: &Document) -> Result<bool, StoreError> {
    type Row = (DbId, DbId, String, String, i64, String, DbId, DbMoment);
    let row: Option<Row> = documents::table
        .find(DbId(d.id.0))
        .select((
            documents::case_id,
            documents::order_id,
            documents::media_type,
            documents::file_name,
            documents::size,
            documents::sha256,
            documents::added_by,
            documents::added_at,
        ))
        .first(conn)
        .optional()?;
    Ok(row.is_some_and(|(case, of, media_type, file_name, size, sha256, added_by, added_at)| {
        case.0 == order.case_id.0
            && of.0 == order.id.0
            && media_type == d.media_type.name()
            && file_name == d.file_name
            && u64::try_from(size) == Ok(d.size)
            && sha256 == d.sha256
            && added_by.0 == d.added_by.id.0
            && added_at.0 == d.added_at
    }))
}

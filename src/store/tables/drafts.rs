//! Forms that somebody has begun and not sent yet.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::{from_body, to_body};
use crate::store::conn::on_backend;
use crate::store::schema::drafts;
use crate::store::sql_types::{DbId, DbJson, DbMoment};
use crate::store::{DbConn, StoreError, Tx};

/// One form in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Whose it is.
    pub user_id: Uuid,
    /// Which form.
    pub place: String,
    /// When it was first kept.
    pub begun_at: DateTime<Utc>,
    /// When it was last kept.
    pub updated_at: DateTime<Utc>,
    /// What was typed, field by field, in the order of the form.
    pub fields: Vec<(String, String)>,
}

type Row = (DbId, String, DbMoment, DbMoment, DbJson);

fn draft((user_id, place, begun_at, updated_at, body): Row) -> Result<Draft, StoreError> {
    Ok(Draft { user_id: user_id.0, place, begun_at: begun_at.0, updated_at: updated_at.0, fields: from_body(body)? })
}

/// Keeps a form; what was kept for the same place is replaced, but not when it was begun.
pub fn put(tx: &mut Tx<'_>, new: &Draft) -> Result<(), StoreError> {
    let body = to_body(&new.fields)?;
    on_backend!(&mut **tx, conn => diesel::insert_into(drafts::table)
        .values((
            drafts::user_id.eq(DbId(new.user_id)),
            drafts::place.eq(&new.place),
            drafts::begun_at.eq(DbMoment(new.begun_at)),
            drafts::updated_at.eq(DbMoment(new.updated_at)),
            drafts::body.eq(body.clone()),
        ))
        .on_conflict((drafts::user_id, drafts::place))
        .do_update()
        .set((drafts::updated_at.eq(DbMoment(new.updated_at)), drafts::body.eq(body)))
        .execute(conn))?;
    Ok(())
}

/// What this person has kept for a place.
pub fn find(conn: &mut DbConn, user_id: Uuid, place: &str) -> Result<Option<Draft>, StoreError> {
    let row: Option<Row> = drafts::table.find((DbId(user_id), place)).first(conn).optional()?;
    row.map(draft).transpose()
}

/// Everything that this person has kept, the newest first.
pub fn of_user(conn: &mut DbConn, user_id: Uuid) -> Result<Vec<Draft>, StoreError> {
    let rows: Vec<Row> = drafts::table
        .filter(drafts::user_id.eq(DbId(user_id)))
        .order((drafts::updated_at.desc(), drafts::place))
        .load(conn)?;
    rows.into_iter().map(draft).collect()
}

/// Forgets what this person has kept for a place. `false`: there was nothing.
pub fn delete(tx: &mut Tx<'_>, user_id: Uuid, place: &str) -> Result<bool, StoreError> {
    Ok(diesel::delete(drafts::table.find((DbId(user_id), place))).execute(&mut **tx)? == 1)
}

/// Forgets what was not touched since a moment; says how many.
pub fn purge_before(tx: &mut Tx<'_>, moment: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(drafts::table.filter(drafts::updated_at.lt(DbMoment(moment)))).execute(&mut **tx)?)
}

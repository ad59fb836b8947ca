//! Lists that a person keeps under a name.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use uuid::Uuid;

use crate::store::conn::on_backend;
use crate::store::schema::saved_views;
use crate::store::sql_types::{DbId, DbMoment};
use crate::store::{DbConn, StoreError, Tx};

/// One list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Identity.
    pub id: Uuid,
    /// Whose.
    pub user_id: Uuid,
    /// What that person calls it.
    pub name: String,
    /// Path and query.
    pub address: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

type Row = (DbId, DbId, String, String, DbMoment);

fn view((id, user_id, name, address, created_at): Row) -> SavedView {
    SavedView { id: id.0, user_id: user_id.0, name, address, created_at: created_at.0 }
}

/// Keeps a list; the same person's list of the same name is replaced.
pub fn put(tx: &mut Tx<'_>, new: &SavedView) -> Result<(), StoreError> {
    let row = (
        saved_views::id.eq(DbId(new.id)),
        saved_views::user_id.eq(DbId(new.user_id)),
        saved_views::name.eq(&new.name),
        saved_views::address.eq(&new.address),
        saved_views::created_at.eq(DbMoment(new.created_at)),
    );
    on_backend!(&mut **tx, conn => diesel::insert_into(saved_views::table)
        .values(row)
        .on_conflict((saved_views::user_id, saved_views::name))
        .do_update()
        .set(saved_views::address.eq(excluded(saved_views::address)))
        .execute(conn))?;
    Ok(())
}

/// One person's lists, by name.
pub fn of_user(conn: &mut DbConn, user: Uuid) -> Result<Vec<SavedView>, StoreError> {
    let rows: Vec<Row> = saved_views::table
        .filter(saved_views::user_id.eq(DbId(user)))
        .order((saved_views::name, saved_views::id))
        .load(conn)?;
    Ok(rows.into_iter().map(view).collect())
}

/// Forgets one of a person's lists. `false`: that person has no such list.
pub fn delete(tx: &mut Tx<'_>, user: Uuid, id: Uuid) -> Result<bool, StoreError> {
    let own = saved_views::table.filter(saved_views::id.eq(DbId(id))).filter(saved_views::user_id.eq(DbId(user)));
    Ok(diesel::delete(own).execute(&mut **tx)? == 1)
}

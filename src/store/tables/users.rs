//! The people who use Trephine.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::store::schema::users;
use crate::store::sql_types::{DbId, DbMoment};
use crate::store::{DbConn, StoreError, Tx};

/// One person. Never deleted: the journal names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// What the journal refers to.
    pub id: Uuid,
    /// What they sign in with: lower case, unique.
    pub name: String,
    /// What others see.
    pub full_name: String,
    /// The PHC string of their password.
    pub password_hash: String,
    /// Role words separated by single spaces.
    pub roles: String,
    /// Since when they may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

type Row = (DbId, String, String, String, String, Option<DbMoment>, DbMoment, i64);

fn user(row: Row) -> User {
    let (id, name, full_name, password_hash, roles, disabled_at, created_at, version) = row;
    User {
        id: id.0,
        name,
        full_name,
        password_hash,
        roles,
        disabled_at: disabled_at.map(|at| at.0),
        created_at: created_at.0,
        version,
    }
}

/// Adds a person. A taken name is a [`StoreError::Conflict`] on `users_name_key`.
pub fn insert(tx: &mut Tx<'_>, new: &User) -> Result<(), StoreError> {
    diesel::insert_into(users::table)
        .values((
            users::id.eq(DbId(new.id)),
            users::name.eq(&new.name),
            users::full_name.eq(&new.full_name),
            users::password_hash.eq(&new.password_hash),
            users::roles.eq(&new.roles),
            users::disabled_at.eq(new.disabled_at.map(DbMoment)),
            users::created_at.eq(DbMoment(new.created_at)),
            users::version.eq(new.version),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Replaces everything about a person except id and date of creation, if their version is still `seen`. `false`: it
/// is not, somebody else was faster.
pub fn update(tx: &mut Tx<'_>, seen: i64, user: &User) -> Result<bool, StoreError> {
    let rows = diesel::update(users::table.filter(users::id.eq(DbId(user.id))).filter(users::version.eq(seen)))
        .set((
            users::name.eq(&user.name),
            users::full_name.eq(&user.full_name),
            users::password_hash.eq(&user.password_hash),
            users::roles.eq(&user.roles),
            users::disabled_at.eq(user.disabled_at.map(DbMoment)),
            users::version.eq(user.version),
        ))
        .execute(&mut **tx)?;
    Ok(rows == 1)
}

/// By id.
pub fn find(conn: &mut DbConn, id: Uuid) -> Result<Option<User>, StoreError> {
    let row: Option<Row> = users::table.find(DbId(id)).first(conn).optional()?;
    Ok(row.map(user))
}

/// By the lower-case name.
pub fn find_by_name(conn: &mut DbConn, name: &str) -> Result<Option<User>, StoreError> {
    let row: Option<Row> = users::table.filter(users::name.eq(name)).first(conn).optional()?;
    Ok(row.map(user))
}

/// Everybody, by name.
pub fn list(conn: &mut DbConn) -> Result<Vec<User>, StoreError> {
    let rows: Vec<Row> = users::table.order(users::name).load(conn)?;
    Ok(rows.into_iter().map(user).collect())
}

/// Whether there is anybody at all.
pub fn any(conn: &mut DbConn) -> Result<bool, StoreError> {
    Ok(users::table.select(users::version).first::<i64>(conn).optional()?.is_some())
}

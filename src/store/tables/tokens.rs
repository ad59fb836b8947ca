//! The keys of programs that call the API.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::store::schema::tokens;
use crate::store::sql_types::{DbId, DbMoment};
use crate::store::{DbConn, StoreError, Tx};

/// One token. Never deleted: the journal names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What the journal refers to.
    pub id: Uuid,
    /// The hash of the secret; the secret itself is shown once and kept nowhere.
    pub hash: String,
    /// On whose behalf it acts.
    pub user_id: Uuid,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scope: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends: there is no token without an end.
    pub expires_at: DateTime<Utc>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, roughly.
    pub last_used_at: Option<DateTime<Utc>>,
}

type Row = (DbId, String, DbId, String, String, DbMoment, DbMoment, Option<DbMoment>, Option<DbMoment>);

fn token(row: Row) -> Token {
    let (id, hash, user_id, name, scope, created_at, expires_at, revoked_at, last_used_at) = row;
    Token {
        id: id.0,
        hash,
        user_id: user_id.0,
        name,
        scope,
        created_at: created_at.0,
        expires_at: expires_at.0,
        revoked_at: revoked_at.map(|at| at.0),
        last_used_at: last_used_at.map(|at| at.0),
    }
}

/// Adds a token.
pub fn insert(tx: &mut Tx<'_>, new: &Token) -> Result<(), StoreError> {
    diesel::insert_into(tokens::table)
        .values((
            tokens::id.eq(DbId(new.id)),
            tokens::hash.eq(&new.hash),
            tokens::user_id.eq(DbId(new.user_id)),
            tokens::name.eq(&new.name),
            tokens::scope.eq(&new.scope),
            tokens::created_at.eq(DbMoment(new.created_at)),
            tokens::expires_at.eq(DbMoment(new.expires_at)),
            tokens::revoked_at.eq(new.revoked_at.map(DbMoment)),
            tokens::last_used_at.eq(new.last_used_at.map(DbMoment)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// By id.
pub fn find(conn: &mut DbConn, id: Uuid) -> Result<Option<Token>, StoreError> {
    let row: Option<Row> = tokens::table.find(DbId(id)).first(conn).optional()?;
    Ok(row.map(token))
}

/// By the hash of the secret, valid or not.
pub fn find_by_hash(conn: &mut DbConn, hash: &str) -> Result<Option<Token>, StoreError> {
    let row: Option<Row> = tokens::table.filter(tokens::hash.eq(hash)).first(conn).optional()?;
    Ok(row.map(token))
}

/// Everybody's or one person's, the newest first.
pub fn list(conn: &mut DbConn, user_id: Option<Uuid>) -> Result<Vec<Token>, StoreError> {
    let mut query = tokens::table.order((tokens::created_at.desc(), tokens::id)).into_boxed();
    if let Some(id) = user_id {
        query = query.filter(tokens::user_id.eq(DbId(id)));
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows.into_iter().map(token).collect())
}

/// Takes a token back. `false`: it does not exist or was taken back before.
pub fn revoke(tx: &mut Tx<'_>, id: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let valid = tokens::table.filter(tokens::id.eq(DbId(id))).filter(tokens::revoked_at.is_null());
    let rows = diesel::update(valid).set(tokens::revoked_at.eq(DbMoment(at))).execute(&mut **tx)?;
    Ok(rows == 1)
}

/// Takes back every token of a person; says how many.
pub fn revoke_of_user(tx: &mut Tx<'_>, user_id: Uuid, at: DateTime<Utc>) -> Result<usize, StoreError> {
    let valid = tokens::table.filter(tokens::user_id.eq(DbId(user_id))).filter(tokens::revoked_at.is_null());
    Ok(diesel::update(valid).set(tokens::revoked_at.eq(DbMoment(at))).execute(&mut **tx)?)
}

/// Notes a use. `false`: there is no such token.
pub fn touch(tx: &mut Tx<'_>, id: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let rows =
        diesel::update(tokens::table.find(DbId(id))).set(tokens::last_used_at.eq(DbMoment(at))).execute(&mut **tx)?;
    Ok(rows == 1)
}

//! Who is signed in.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::store::schema::sessions;
use crate::store::sql_types::{DbId, DbMoment};
use crate::store::{DbConn, StoreError, Tx};

/// One signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The hash of the cookie; the cookie itself is kept nowhere.
    pub id_hash: String,
    /// Whose it is.
    pub user_id: Uuid,
    /// What their forms carry.
    pub csrf: String,
    /// When they signed in.
    pub created_at: DateTime<Utc>,
    /// When they were last seen.
    pub seen_at: DateTime<Utc>,
    /// When it ends in any case.
    pub expires_at: DateTime<Utc>,
    /// When they last gave their password: signing a report asks for a recent one.
    pub authenticated_at: DateTime<Utc>,
    /// At which bench they work.
    pub bench: Option<String>,
}

type Row = (String, DbId, String, DbMoment, DbMoment, DbMoment, DbMoment, Option<String>);

fn session(row: Row) -> Session {
    let (id_hash, user_id, csrf, created_at, seen_at, expires_at, authenticated_at, bench) = row;
    Session {
        id_hash,
        user_id: user_id.0,
        csrf,
        created_at: created_at.0,
        seen_at: seen_at.0,
        expires_at: expires_at.0,
        authenticated_at: authenticated_at.0,
        bench,
    }
}

/// Opens a session.
pub fn insert(tx: &mut Tx<'_>, new: &Session) -> Result<(), StoreError> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id_hash.eq(&new.id_hash),
            sessions::user_id.eq(DbId(new.user_id)),
            sessions::csrf.eq(&new.csrf),
            sessions::created_at.eq(DbMoment(new.created_at)),
            sessions::seen_at.eq(DbMoment(new.seen_at)),
            sessions::expires_at.eq(DbMoment(new.expires_at)),
            sessions::authenticated_at.eq(DbMoment(new.authenticated_at)),
            sessions::bench.eq(&new.bench),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// By the hash of the cookie, expired or not.
pub fn find(conn: &mut DbConn, id_hash: &str) -> Result<Option<Session>, StoreError> {
    let row: Option<Row> = sessions::table.find(id_hash).first(conn).optional()?;
    Ok(row.map(session))
}

/// Everybody's or one person's, the last seen first.
pub fn list(conn: &mut DbConn, user_id: Option<Uuid>) -> Result<Vec<Session>, StoreError> {
    let mut query = sessions::table.order((sessions::seen_at.desc(), sessions::id_hash)).into_boxed();
    if let Some(id) = user_id {
        query = query.filter(sessions::user_id.eq(DbId(id)));
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows.into_iter().map(session).collect())
}

/// Notes that they are still there. `false`: the session is gone.
pub fn touch(tx: &mut Tx<'_>, id_hash: &str, seen_at: DateTime<Utc>) -> Result<bool, StoreError> {
    let rows = diesel::update(sessions::table.find(id_hash))
        .set(sessions::seen_at.eq(DbMoment(seen_at)))
        .execute(&mut **tx)?;
    Ok(rows == 1)
}

/// Notes that they gave their password again. `false`: the session is gone.
pub fn set_authenticated(tx: &mut Tx<'_>, id_hash: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let rows = diesel::update(sessions::table.find(id_hash))
        .set((sessions::authenticated_at.eq(DbMoment(at)), sessions::seen_at.eq(DbMoment(at))))
        .execute(&mut **tx)?;
    Ok(rows == 1)
}

/// Notes the bench they work at. `false`: the session is gone.
pub fn set_bench(tx: &mut Tx<'_>, id_hash: &str, bench: Option<&str>) -> Result<bool, StoreError> {
    let rows = diesel::update(sessions::table.find(id_hash)).set(sessions::bench.eq(bench)).execute(&mut **tx)?;
    Ok(rows == 1)
}

/// Ends a session. `false`: there was none.
pub fn delete(tx: &mut Tx<'_>, id_hash: &str) -> Result<bool, StoreError> {
    Ok(diesel::delete(sessions::table.find(id_hash)).execute(&mut **tx)? == 1)
}

/// Ends every session of a person, except perhaps the one they sit at; says how many.
pub fn delete_of_user(tx: &mut Tx<'_>, user_id: Uuid, except: Option<&str>) -> Result<usize, StoreError> {
    let theirs = sessions::table
        .filter(sessions::user_id.eq(DbId(user_id)))
        // No session has an empty hash.
        .filter(sessions::id_hash.ne(except.unwrap_or("")));
    Ok(diesel::delete(theirs).execute(&mut **tx)?)
}

/// Removes sessions that ended before a moment; says how many.
pub fn purge_expired(tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.lt(DbMoment(now)))).execute(&mut **tx)?)
}

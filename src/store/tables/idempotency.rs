//! What was answered to a request, so that its retry changes nothing and gets the same answer.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::store::schema::idempotency;
use crate::store::sql_types::{DbId, DbMoment};
use crate::store::{DbConn, StoreError, Tx};

/// One answered request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Who asked: two people may use the same key.
    pub actor_id: Uuid,
    /// What the client named its request.
    pub key: String,
    /// The hash of what was asked: the same key with another body is a mistake.
    pub body_hash: String,
    /// The status that was answered.
    pub status: i32,
    /// The answer.
    pub answer: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

type Row = (DbId, String, String, i32, String, DbMoment);

/// What was answered to this key, if anything.
pub fn find(conn: &mut DbConn, actor_id: Uuid, key: &str) -> Result<Option<Answered>, StoreError> {
    let row: Option<Row> = idempotency::table.find((DbId(actor_id), key)).first(conn).optional()?;
    Ok(row.map(|(actor_id, key, body_hash, status, answer, created_at)| Answered {
        actor_id: actor_id.0,
        key,
        body_hash,
        status,
        answer,
        created_at: created_at.0,
    }))
}

/// Keeps an answer. A key that is taken is a [`StoreError::Conflict`]: two retries ran at once, and one of them won.
pub fn put(tx: &mut Tx<'_>, new: &Answered) -> Result<(), StoreError> {
    diesel::insert_into(idempotency::table)
        .values((
            idempotency::actor_id.eq(DbId(new.actor_id)),
            idempotency::key.eq(&new.key),
            idempotency::body_hash.eq(&new.body_hash),
            idempotency::status.eq(new.status),
            idempotency::answer.eq(&new.answer),
            idempotency::created_at.eq(DbMoment(new.created_at)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Forgets answers from before a moment; says how many.
pub fn purge_before(tx: &mut Tx<'_>, moment: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(idempotency::table.filter(idempotency::created_at.lt(DbMoment(moment)))).execute(&mut **tx)?)
}

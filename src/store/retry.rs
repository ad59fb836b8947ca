//! Writing to PostgreSQL: READ COMMITTED, and another try when others were in the way.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use diesel::connection::TransactionManager as _;
use diesel::r2d2::Pool;
use tracing::debug;

use super::conn::{DbConn, Manager, Pooled, begin, depth, unwind};
use super::lane::swallowed;
use super::{StoreError, Tx, checkout};

/// How often a transaction that lost against others is tried again.
const RETRIES: u32 = 5;
/// The first pause; it doubles, and is jittered so that those who met do not meet again.
const PAUSE: Duration = Duration::from_millis(4);
/// The pool's connections refuse to write unless a transaction says that it will.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

/// One durable transaction. `work` may run several times; only its last run counts.
pub(super) fn write<T, E: From<StoreError>>(
    pool: &Pool<Manager>,
    name: &'static str,
    mut work: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    for attempt in 0..=RETRIES {
        match once(pool, name, &mut work) {
            Attempt::Decided(result) => return result,
            Attempt::Contended => debug!(name, attempt, "others were changing the same rows"),
        }
        std::thread::sleep(pause(attempt));
    }
    Err(StoreError::Busy.into())
}

enum Attempt<T, E> {
    Decided(Result<T, E>),
    Contended,
}

fn once<T, E: From<StoreError>>(
    pool: &Pool<Manager>,
    name: &'static str,
    work: &mut impl FnMut(&mut Tx<'_>) -> Result<T, E>,
) -> Attempt<T, E> {
    let mut pooled = match started(pool) {
        Ok(pooled) => pooled,
        Err(error) => return Attempt::Decided(Err(error.into())),
    };
    let Pooled { conn, watch, .. } = &mut *pooled;
    let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut Tx::new(conn))));
    let result = match outcome {
        Ok(Ok(value)) if !watch.failed() => {
            if depth(conn) == Some(1) {
                match DbConn::commit_transaction(conn).map_err(StoreError::from_commit) {
                    Ok(()) => return Attempt::Decided(Ok(value)),
                    Err(StoreError::Busy) => return Attempt::Contended,
                    Err(error) => Err(E::from(error)),
                }
            } else {
                let why = format!("`{name}` left a transaction open, or closed ours");
                Err(E::from(StoreError::Unavailable { why }))
            }
        }
        Ok(Ok(_)) => Err(E::from(swallowed(name))),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(E::from(StoreError::Panicked { name })),
    };
    // A connection that cannot be rolled back is dropped by the pool, and the server rolls back.
    unwind(conn, 0);
    // The work's error may be a domain's own, in which the cause is no longer visible: the connection has seen it.
    if watch.contended() { Attempt::Contended } else { Attempt::Decided(result) }
}

/// A connection with an open transaction. A pooled connection may have died since it was last used, which only
/// BEGIN finds out; nothing has happened yet, so the next one is tried.
fn started(pool: &Pool<Manager>) -> Result<diesel::r2d2::PooledConnection<Manager>, StoreError> {
    let mut tries = 0;
    loop {
        let mut pooled = checkout(pool)?;
        pooled.watch.reset();
        match begin(&mut pooled.conn, BEGIN) {
            Ok(()) => return Ok(pooled),
            Err(error) if tries == pool.max_size() => return Err(error.into()),
            Err(_) => tries += 1,
        }
    }
}

fn pause(attempt: u32) -> Duration {
    let random = RandomState::new().build_hasher().finish();
    let whole = PAUSE * 2_u32.pow(attempt);
    whole / 2 + whole.mul_f64(f64::from(u16::try_from(random & 0xFFFF).unwrap_or(0)) / 65_536.0)
}

//! One connection type for both engines, and how a connection is prepared.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::{
    AnsiTransactionManager, Connection, Instrumentation, InstrumentationEvent, SimpleConnection as _,
    TransactionManager, TransactionManagerStatus,
};
use diesel::r2d2::{ManageConnection, R2D2Connection as _};
use diesel::result::Error as DieselError;
use diesel::{PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query};

use super::StoreError;
use super::error::is_worth_retrying;
use super::location::{Location, redact};

pub use multi::{DbConn, MultiBackend, MultiField, MultiRawValue, MultiRow};

// In a module of its own because the derive writes code that our lints would refuse.
mod multi {
    #![allow(missing_docs, clippy::pedantic, clippy::expect_used, clippy::panic)]
    use super::{PgConnection, SqliteConnection};

    /// A connection to either engine. A statement written against it runs on both.
    #[derive(diesel::MultiConnection)]
    pub enum DbConn {
        /// The embedded engine.
        Sqlite(SqliteConnection),
        /// The server.
        Pg(PgConnection),
    }
}

/// One expression, compiled once per engine: for what the common subset of the two leaves out (upsert, batch insert,
/// row locks).
macro_rules! on_backend {
    ($conn:expr, $inner:ident => $body:expr) => {
        match $conn {
            $crate::store::conn::DbConn::Sqlite($inner) => $body,
            $crate::store::conn::DbConn::Pg($inner) => $body,
        }
    };
}
pub(crate) use on_backend;

/// The oldest SQLite that may touch data: earlier ones have the WAL-reset corruption race and two CVEs.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 53, 2);

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The pool. It refuses to write: on SQLite for good, on PostgreSQL unless a transaction says READ WRITE.
    Pool,
    /// The writer thread, backups: writes.
    Write,
    /// Long read-only work: exports, verification.
    Snapshot,
    /// Migrations: writes, and may take long.
    Migrate,
}

/// Opens a connection and prepares it for its purpose. Never creates an SQLite file.
pub(super) fn connect(location: &Location, purpose: Purpose) -> Result<DbConn, StoreError> {
    match location {
        Location::Sqlite(path) => {
            let mut conn = open_sqlite(path)?;
            prepare_sqlite(&mut conn, purpose)?;
            Ok(conn)
        }
        Location::Postgres { url, .. } => {
            let conn = PgConnection::establish(url)
                .map_err(|error| StoreError::Unavailable { why: redact(&error.to_string(), url) })?;
            let mut conn = DbConn::Pg(conn);
            prepare_postgres(&mut conn, purpose)?;
            Ok(conn)
        }
    }
}

/// Opens the file and changes nothing in it, not even its journal mode: it may not be ours.
pub(super) fn open_sqlite(path: &Path) -> Result<DbConn, StoreError> {
    let mut url = String::from("file:");
    for &byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
    }
    // `rw`: a path mistyped, or a file removed under a running server, must not become a new empty database.
    url.push_str("?mode=rw");
    let conn = SqliteConnection::establish(&url)
        .map_err(|error| StoreError::Unavailable { why: format!("{}: {error}", path.display()) })?;
    let mut conn = DbConn::Sqlite(conn);
    conn.batch_execute("PRAGMA busy_timeout = 5000")?;
    Ok(conn)
}

/// The order matters: `busy_timeout` first, or the others fail when the file is locked.
pub(super) fn prepare_sqlite(conn: &mut DbConn, purpose: Purpose) -> Result<(), StoreError> {
    for setting in [
        "busy_timeout = 5000",
        "journal_mode = WAL",
        // NORMAL lost acknowledged writes in 27 of 30 power cuts.
        "synchronous = FULL",
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "temp_store = MEMORY",
        "secure_delete = ON",
        "wal_autocheckpoint = 4000",
        // So that REPLACE fires the triggers that keep the journal append-only.
        "recursive_triggers = ON",
    ] {
        conn.batch_execute(&format!("PRAGMA {setting}"))?;
    }
    match purpose {
        Purpose::Pool | Purpose::Snapshot => conn.batch_execute("PRAGMA query_only = ON")?,
        Purpose::Write | Purpose::Migrate => {}
    }
    Ok(())
}

fn prepare_postgres(conn: &mut DbConn, purpose: Purpose) -> Result<(), StoreError> {
    // diesel keeps seven SQLSTATEs; the rest are known by their text, so the text should be English. Only a
    // privileged role may set this; without it, a deadlock in another language is an error instead of a retry.
    drop(conn.batch_execute("SET lc_messages = 'C'"));
    let (statement, idle, read_only) = match purpose {
        Purpose::Pool => ("5s", "15s", "on"),
        Purpose::Write => ("5s", "15s", "off"),
        Purpose::Snapshot => ("0", "0", "on"),
        Purpose::Migrate => ("0", "0", "off"),
    };
    let lock = if purpose == Purpose::Migrate { "60s" } else { "3s" };
    conn.batch_execute(&format!(
        "SET statement_timeout = '{statement}'; SET idle_in_transaction_session_timeout = '{idle}'; \
         SET lock_timeout = '{lock}'; SET default_transaction_read_only = {read_only}; SET TIME ZONE 'UTC'"
    ))?;
    Ok(())
}

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}

/// The column `value` of a query that is fixed text: for what has no place in diesel's language (pragmas, catalogs).
pub(super) fn texts(conn: &mut DbConn, sql: &'static str) -> Result<Vec<String>, StoreError> {
    let rows: Vec<TextRow> = sql_query(sql).load(conn)?;
    Ok(rows.into_iter().map(|row| row.value).collect())
}

/// Refuses to run on a library that is known to damage files.
pub(super) fn check_sqlite_version(conn: &mut DbConn) -> Result<(), StoreError> {
    let found = texts(conn, "SELECT sqlite_version() AS value")?.concat();
    let mut numbers = found.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    if (next(), next(), next()) >= OLDEST_SQLITE {
        return Ok(());
    }
    let (a, b, c) = OLDEST_SQLITE;
    let why = format!("this program was linked with SQLite {found}; build it with {a}.{b}.{c} or newer");
    Err(StoreError::Unavailable { why })
}

/// Where the file system cannot share memory, SQLite stays in another mode without an error.
pub(super) fn check_sqlite_mode(conn: &mut DbConn) -> Result<(), StoreError> {
    if texts(conn, "SELECT journal_mode AS value FROM pragma_journal_mode")?.concat() == "wal" {
        return Ok(());
    }
    let why = "the file's place cannot hold a write-ahead log; put it on a local disk".to_owned();
    Err(StoreError::Unavailable { why })
}

/// What happened on a connection since the last look. Work returns its own error type and may even swallow a failed
/// statement, so the connection itself is asked.
#[derive(Default)]
pub(super) struct Watch {
    failed: AtomicBool,
    contended: AtomicBool,
}

impl Watch {
    /// Installs a watch on a connection.
    pub(super) fn install(conn: &mut DbConn) -> Arc<Self> {
        let watch = Arc::new(Self::default());
        conn.set_instrumentation(Watcher(Arc::clone(&watch)));
        watch
    }

    /// Forgets what was seen.
    pub(super) fn reset(&self) {
        self.failed.store(false, Ordering::Relaxed);
        self.contended.store(false, Ordering::Relaxed);
    }

    /// A statement failed and no savepoint took it back: a COMMIT would silently store nothing on PostgreSQL.
    pub(super) fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// A statement failed because of others (40001, 40P01): the whole transaction is worth another try.
    pub(super) fn contended(&self) -> bool {
        self.contended.load(Ordering::Relaxed)
    }
}

struct Watcher(Arc<Watch>);

impl Instrumentation for Watcher {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::FinishQuery { error: Some(error), .. } = event {
            self.0.failed.store(true, Ordering::Relaxed);
            if let DieselError::DatabaseError(kind, info) = error
                && is_worth_retrying(*kind, info.message())
            {
                self.0.contended.store(true, Ordering::Relaxed);
            }
        } else if let InstrumentationEvent::RollbackTransaction { .. } = event {
            // Sent before the rollback runs: if that fails, it counts as a failed statement again.
            self.0.failed.store(false, Ordering::Relaxed);
        }
    }
}

/// How deep in transactions and savepoints a connection is; `None` if its state is unknown.
pub(super) fn depth(conn: &mut DbConn) -> Option<u32> {
    match DbConn::transaction_manager_status_mut(conn) {
        TransactionManagerStatus::Valid(status) => Some(status.transaction_depth().map_or(0, u32::from)),
        TransactionManagerStatus::InError => None,
    }
}

/// Rolls back until `level` is reached (0: no transaction). `false`: it could not be, the connection is of no use.
pub(super) fn unwind(conn: &mut DbConn, level: u32) -> bool {
    loop {
        match depth(conn) {
            Some(now) if now == level => return true,
            Some(now) if now > level => {
                if DbConn::rollback_transaction(conn).is_err() {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

/// Begins the outermost transaction with the given statement.
pub(super) fn begin(conn: &mut DbConn, sql: &str) -> Result<(), DieselError> {
    on_backend!(conn, inner => AnsiTransactionManager::begin_transaction_sql(inner, sql))
}

/// A pooled connection.
pub(super) struct Pooled {
    pub(super) conn: DbConn,
    pub(super) watch: Arc<Watch>,
    used: Instant,
}

/// Makes connections for the pool, from the address and not by trying the engines in turn.
pub(super) struct Manager(pub(super) Location);

/// A connection that was idle this long is asked whether it still lives before somebody gets it.
const TRUSTED: Duration = Duration::from_secs(2);

impl ManageConnection for Manager {
    type Connection = Pooled;
    type Error = StoreError;

    fn connect(&self) -> Result<Pooled, StoreError> {
        let mut conn = connect(&self.0, Purpose::Pool)?;
        let watch = Watch::install(&mut conn);
        Ok(Pooled { conn, watch, used: Instant::now() })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), StoreError> {
        match &mut pooled.conn {
            // A file does not go away.
            DbConn::Sqlite(_) => Ok(()),
            DbConn::Pg(_) if pooled.used.elapsed() < TRUSTED => Ok(()),
            DbConn::Pg(conn) => conn.ping().map_err(StoreError::from),
        }
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.used = Instant::now();
        std::thread::panicking() || on_backend!(&mut pooled.conn, inner => inner.is_broken())
    }
}

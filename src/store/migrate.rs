//! The schema's versions: embedded, one directory per step, the same names for both engines.
//!
//! Before anything is changed: is the database ours, and do we know its schema? An existing SQLite file is copied
//! beside itself first.

use std::error::Error;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use diesel::backend::Backend;
use diesel::connection::{SimpleConnection as _, TransactionManager as _};
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use tracing::info;

use super::conn::{self, DbConn, Purpose, connect, texts};
use super::location::Location;
use super::{OpenOptions, Store, StoreError, backup};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// "TREP", set by the first migration.
const APPLICATION_ID: &str = "1414677840";

/// Which migrations a database has and which it lacks, by directory name, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Those it has.
    pub applied: Vec<String>,
    /// Those this program would add.
    pub pending: Vec<String>,
}

/// The state of an open store's schema.
pub fn status(store: &Store) -> Result<Status, StoreError> {
    store.read_now(read_status)
}

/// Compares the database with this program; a version from the future is an error.
fn read_status(conn: &mut DbConn) -> Result<Status, StoreError> {
    let known = match conn {
        DbConn::Sqlite(_) => known::<Sqlite>(&SQLITE),
        DbConn::Pg(_) => known::<Pg>(&POSTGRES),
    }?;
    let present = match conn {
        DbConn::Sqlite(_) => "SELECT name AS value FROM sqlite_schema WHERE name = '__diesel_schema_migrations'",
        DbConn::Pg(_) => {
            "SELECT table_name::text AS value FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = '__diesel_schema_migrations'"
        }
    };
    let found = if texts(conn, present)?.is_empty() {
        Vec::new()
    } else {
        texts(conn, "SELECT version AS value FROM __diesel_schema_migrations ORDER BY version")?
    };
    if let Some(newest) = found.iter().rfind(|version| !known.iter().any(|step| step.version == **version)) {
        let known = known.last().map(|step| step.name.clone()).unwrap_or_default();
        return Err(StoreError::NewerSchema { found: newest.clone(), known });
    }
    let (applied, pending): (Vec<_>, Vec<_>) = known.into_iter().partition(|step| found.contains(&step.version));
    let names = |steps: Vec<Step>| steps.into_iter().map(|step| step.name).collect();
    Ok(Status { applied: names(applied), pending: names(pending) })
}

struct Step {
    version: String,
    name: String,
}

fn known<DB: Backend>(source: &EmbeddedMigrations) -> Result<Vec<Step>, StoreError> {
    let mut steps: Vec<Step> = MigrationSource::<DB>::migrations(source)
        .map_err(|error| failed("a known one", error.as_ref()))?
        .iter()
        .map(|step| Step { version: step.name().version().to_string(), name: step.name().to_string() })
        .collect();
    steps.sort_by(|a, b| a.version.cmp(&b.version));
    Ok(steps)
}

fn failed(name: &str, error: &(dyn Error + Send + Sync)) -> StoreError {
    StoreError::Migration { name: name.to_owned(), why: error.to_string().replace('\n', "; ") }
}

/// Whether a file is still to be made at this path. Looks only at its first bytes.
pub(super) fn look_at_file(path: &Path, create: bool) -> Result<bool, StoreError> {
    let what = path.display().to_string();
    let cannot_read = || StoreError::file(format!("cannot read {what}"));
    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            return match folder {
                Some(folder) if !folder.is_dir() => Err(StoreError::Missing { what: folder.display().to_string() }),
                _ if create => Ok(true),
                _ => Err(StoreError::Missing { what }),
            };
        }
        Err(error) => return Err(cannot_read()(error)),
    };
    if !file.metadata().map_err(cannot_read())?.is_file() {
        return Err(StoreError::NotOurs { what });
    }
    let mut start = Vec::new();
    file.by_ref().take(16).read_to_end(&mut start).map_err(cannot_read())?;
    match start.as_slice() {
        b"SQLite format 3\0" => Ok(false),
        // Made and never filled: a crash of ours, or `touch`.
        [] if create => Ok(true),
        [] => Err(StoreError::Missing { what }),
        _ => Err(StoreError::NotOurs { what }),
    }
}

/// Makes sure that the file is ours and up to date.
pub(super) fn prepare_sqlite(path: &Path, is_new: bool, options: OpenOptions) -> Result<(), StoreError> {
    // Not yet `connect`: that would switch a stranger's file to WAL.
    let mut conn = conn::open_sqlite(path)?;
    conn::check_sqlite_version(&mut conn)?;
    let is_empty = texts(&mut conn, "SELECT name AS value FROM sqlite_schema LIMIT 1")?.is_empty();
    let mark = texts(&mut conn, "SELECT CAST(application_id AS TEXT) AS value FROM pragma_application_id")?.concat();
    if mark != APPLICATION_ID {
        let what = path.display().to_string();
        if !is_empty {
            return Err(StoreError::NotOurs { what });
        }
        if !is_new && !options.create {
            return Err(StoreError::Missing { what });
        }
    }
    let status = read_status(&mut conn)?;
    conn::prepare_sqlite(&mut conn, Purpose::Migrate)?;
    if let Some(first) = status.pending.first() {
        if !is_empty {
            if !options.migrate {
                return Err(StoreError::OlderSchema { pending: first.clone() });
            }
            let copy = backup_path(path, first);
            backup::copy_into(&mut conn, &copy)?;
            info!(copy = %copy.display(), "the database was copied before its schema is changed");
        }
        run_sqlite(&mut conn)?;
    }
    conn::check_sqlite_mode(&mut conn)
}

/// `lab.db.before-0005_name`, with a number if an earlier try left one.
fn backup_path(path: &Path, first: &str) -> PathBuf {
    let named = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".before-{first}{suffix}"));
        PathBuf::from(name)
    };
    let mut candidate = named("");
    let mut number = 2;
    while candidate.exists() {
        candidate = named(&format!("-{number}"));
        number += 1;
    }
    candidate
}

/// All steps in one transaction, so that a failing one leaves the file as it was.
fn run_sqlite(conn: &mut DbConn) -> Result<(), StoreError> {
    // A step may rebuild a table that others point to. No effect inside a transaction, hence before it.
    conn.batch_execute("PRAGMA foreign_keys = OFF")?;
    conn::begin(conn, "BEGIN IMMEDIATE")?;
    let done = run_sqlite_steps(conn);
    if done.is_ok() {
        DbConn::commit_transaction(conn).map_err(StoreError::from_commit)?;
    } else {
        conn::unwind(conn, 0);
    }
    conn.batch_execute("PRAGMA foreign_keys = ON")?;
    done
}

fn run_sqlite_steps(conn: &mut DbConn) -> Result<(), StoreError> {
    // Again, now that nobody else can migrate: another process may have been faster.
    let pending = read_status(conn)?.pending;
    if let DbConn::Sqlite(inner) = conn {
        for name in pending {
            inner.run_next_migration(SQLITE).map_err(|error| failed(&name, error.as_ref()))?;
            info!(name, "schema step applied");
        }
    }
    match texts(conn, "SELECT \"table\" AS value FROM pragma_foreign_key_check LIMIT 1")?.first() {
        Some(table) => Err(StoreError::Corrupt { what: format!("rows of {table} point to rows that do not exist") }),
        None => Ok(()),
    }
}

/// Makes sure that the database is ours and up to date.
pub(super) fn prepare_postgres(location: &Location, options: OpenOptions) -> Result<(), StoreError> {
    let mut conn = connect(location, Purpose::Migrate)?;
    let tables = texts(
        &mut conn,
        "SELECT table_name::text AS value FROM information_schema.tables WHERE table_schema = current_schema()",
    )?;
    let is_ours = tables.iter().any(|name| name == "trephine_meta");
    // diesel's own table comes first: a node may be interrupted between the two.
    let is_empty = tables.iter().all(|name| name == "__diesel_schema_migrations");
    if !is_ours && !is_empty {
        return Err(StoreError::NotOurs { what: location.to_string() });
    }
    if !is_ours && !options.create {
        return Err(StoreError::Missing { what: location.to_string() });
    }
    let pending = read_status(&mut conn)?.pending;
    match pending.first() {
        None => Ok(()),
        Some(first) if is_ours && !options.migrate => Err(StoreError::OlderSchema { pending: first.clone() }),
        Some(_) => run_postgres(&mut conn),
    }
}

/// Each step in its own transaction. Several nodes may start at once: who fails because another was faster looks
/// again instead of giving up. (A lock would be simpler; not every engine with this protocol has one.)
fn run_postgres(conn: &mut DbConn) -> Result<(), StoreError> {
    let mut last_failure = None;
    loop {
        let pending = read_status(conn)?.pending;
        let Some(name) = pending.first() else { return Ok(()) };
        let DbConn::Pg(inner) = conn else { return Ok(()) };
        match inner.run_next_migration(POSTGRES) {
            Ok(_) => info!(name, "schema step applied"),
            Err(error) => {
                conn::unwind(conn, 0);
                if last_failure.replace(pending.len()) == Some(pending.len()) {
                    return Err(failed(name, error.as_ref()));
                }
                std::thread::sleep(std::time::Duration::from_millis(300));
            }
        }
    }
}

/// Takes steps back, the newest first: for tests of `down.sql`.
#[cfg(test)]
pub(super) fn revert(conn: &mut DbConn, steps: usize) {
    for _ in 0..steps {
        match conn {
            DbConn::Sqlite(inner) => inner.revert_last_migration(SQLITE).map(drop).unwrap(),
            DbConn::Pg(inner) => inner.revert_last_migration(POSTGRES).map(drop).unwrap(),
        }
    }
}

/// Applies everything that is pending: for tests.
#[cfg(test)]
pub(super) fn apply(conn: &mut DbConn) {
    match conn {
        DbConn::Sqlite(_) => run_sqlite(conn).unwrap(),
        DbConn::Pg(_) => run_postgres(conn).unwrap(),
    }
}

//! What can go wrong in the store, in one line that says what to do.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};

/// An error of the store.
///
/// Everything but [`StoreError::CommitUnknown`] means that nothing was changed.
/// No message holds a value from a row, a password or a whole connection address.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file or database exists and belongs to something else.
    #[error("{what} is not a Trephine database and was left untouched; give the path of another one")]
    NotOurs {
        /// Which file or database.
        what: String,
    },
    /// There is nothing at this place, and the caller did not ask to create it.
    #[error("there is no Trephine database at {what}; check the spelling, or create it first")]
    Missing {
        /// Which file or database.
        what: String,
    },
    /// The address is not one the store can open.
    #[error("the database address cannot be used: {why}")]
    BadAddress {
        /// What is wrong with it and what would be right.
        why: String,
    },
    /// A newer program has been here.
    #[error("the database has schema {found} and this program knows {known}; install the newer Trephine")]
    NewerSchema {
        /// The newest migration in the database.
        found: String,
        /// The newest migration in this program.
        known: String,
    },
    /// The schema is older than this program needs and migrating was not asked for.
    #[error("the database still lacks schema {pending}; start the server once, which brings it up to date")]
    OlderSchema {
        /// The first migration that is missing.
        pending: String,
    },
    /// A migration failed and was taken back.
    #[error("the schema could not be brought to {name} and was left as it was: {why}")]
    Migration {
        /// Which migration.
        name: String,
        /// What the engine said.
        why: String,
    },
    /// Another server has the file.
    #[error("another Trephine server is using {what}; stop it first, or use another database")]
    InUse {
        /// Which file.
        what: String,
    },
    /// Too many changes are waiting, or too many people change the same thing.
    #[error("the database is busy and nothing was changed; try again in a moment")]
    Busy,
    /// The engine cannot be reached or cannot work.
    #[error("the database cannot work just now and nothing was changed: {why}")]
    Unavailable {
        /// What the engine said.
        why: String,
    },
    /// A unique value is taken. The name is `table_column_column_key` on both engines.
    #[error("the value is already taken ({constraint})")]
    Conflict {
        /// Which rule refused.
        constraint: String,
    },
    /// The stored data is damaged or was changed from outside.
    #[error("the database is damaged: {what}; stop, keep a copy of the file, and restore the last good backup")]
    Corrupt {
        /// What was found.
        what: String,
    },
    /// The change may or may not be stored: the answer to COMMIT never came or was an error.
    #[error("it is not known whether the change was saved; look before repeating it ({why})")]
    CommitUnknown {
        /// What the engine said.
        why: String,
    },
    /// The work panicked; its transaction was rolled back.
    #[error("`{name}` failed inside the program and nothing was changed; the log has the details")]
    Panicked {
        /// The name of the transaction.
        name: &'static str,
    },
    /// A value that not every engine can hold (a NUL character, a year before 1 or after 9999).
    #[error("{what} cannot be stored")]
    Unstorable {
        /// Which value and why.
        what: String,
    },
    /// The engine cannot do this; the text says what can.
    #[error("{what}")]
    Unsupported {
        /// What to use instead.
        what: String,
    },
    /// A file could not be read or written.
    #[error("{what}: {source}")]
    File {
        /// Which file and what was tried.
        what: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Anything else the database layer reports: a fault of the program rather than of its user.
    #[error("the database refused: {0}")]
    Diesel(DieselError),
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        if let DieselError::DatabaseError(kind, info) = error {
            return from_database(kind, info);
        }
        // Our own ToSql refuses what an engine could not hold; nothing else fails there.
        if let DieselError::SerializationError(what) = error {
            return Self::Unstorable { what: what.to_string() };
        }
        if let DieselError::DeserializationError(what) = error {
            return Self::Corrupt { what: format!("a stored value is unreadable ({what})") };
        }
        if let DieselError::RollbackErrorOnCommit { commit_error, .. } = error {
            return Self::CommitUnknown { why: commit_error.to_string() };
        }
        Self::Diesel(error)
    }
}

fn from_database(kind: DatabaseErrorKind, info: Box<dyn DatabaseErrorInformation + Send + Sync>) -> StoreError {
    let said = info.message();
    if matches!(kind, DatabaseErrorKind::UniqueViolation) {
        return StoreError::Conflict { constraint: constraint(info.as_ref()) };
    }
    if is_worth_retrying(kind, said) || is_lock_timeout(said) {
        return StoreError::Busy;
    }
    if matches!(kind, DatabaseErrorKind::ClosedConnection) || is_outage(said) {
        return StoreError::Unavailable { why: said.to_owned() };
    }
    if said.contains("database disk image is malformed") {
        return StoreError::Corrupt { what: said.to_owned() };
    }
    if said.contains("file is not a database") {
        return StoreError::NotOurs { what: "the file".to_owned() };
    }
    StoreError::Diesel(DieselError::DatabaseError(kind, info))
}

/// The name of the unique rule, spelled the same for both engines.
///
/// PostgreSQL hands over the constraint's name; SQLite says `UNIQUE constraint failed: cases.accession`. The
/// migrations name every PostgreSQL constraint by the pattern that can be built from SQLite's words.
fn constraint(info: &(dyn DatabaseErrorInformation + Send + Sync)) -> String {
    if let Some(name) = info.constraint_name() {
        return name.to_owned();
    }
    let said = info.message();
    let Some((_, columns)) = said.split_once("constraint failed: ") else {
        return said.to_owned();
    };
    if let Some(index) = columns.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let mut name = String::new();
    for column in columns.split(", ") {
        let (table, column) = column.split_once('.').unwrap_or(("", column));
        if name.is_empty() {
            name.push_str(table);
        }
        name.push('_');
        name.push_str(column);
    }
    name.push_str("_key");
    name
}

/// Others were changing the same rows at the same time, and the engine asks for another try (40001, 40P01). The code
/// for a deadlock reaches us only as text: diesel keeps a dozen SQLSTATEs and drops the rest.
pub(super) fn is_worth_retrying(kind: DatabaseErrorKind, said: &str) -> bool {
    matches!(kind, DatabaseErrorKind::SerializationFailure)
        || ["deadlock detected", "could not serialize access", "restart transaction"]
            .iter()
            .any(|text| said.contains(text))
}

/// Somebody else held a lock for longer than we are ready to wait.
fn is_lock_timeout(said: &str) -> bool {
    ["canceling statement due to lock timeout", "database is locked", "database table is locked"]
        .iter()
        .any(|text| said.contains(text))
}

/// The engine, its disk or the way to it is in trouble.
fn is_outage(said: &str) -> bool {
    [
        "database or disk is full",
        "disk I/O error",
        "unable to open database file",
        "attempt to write a readonly database",
        "out of memory",
        "canceling statement due to statement timeout",
        "terminating connection",
        "the database system is",
        "too many clients",
        "remaining connection slots",
        "No space left on device",
        "could not extend file",
        "server closed the connection",
        "no connection to the server",
        "connection to server",
    ]
    .iter()
    .any(|text| said.contains(text))
}

impl StoreError {
    /// For an error of the operating system: `what` says which file and what was tried.
    pub(super) fn file(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::File { what, source }
    }

    /// For what was said by COMMIT: only a refusal by rule is certain to have undone the transaction.
    pub(super) fn from_commit(error: DieselError) -> Self {
        let error = Self::from(error);
        if let Self::Diesel(DieselError::DatabaseError(DatabaseErrorKind::Unknown, info)) = error {
            return Self::CommitUnknown { why: info.message().to_owned() };
        }
        if let Self::Unavailable { why } = error {
            return Self::CommitUnknown { why };
        }
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unique(said: &str) -> String {
        constraint(&said.to_owned())
    }

    #[test]
    fn sqlite_words_become_the_postgres_name() {
        assert_eq!(unique("UNIQUE constraint failed: cases.accession"), "cases_accession_key");
        assert_eq!(unique("UNIQUE constraint failed: results.order_id, results.number"), "results_order_id_number_key");
        assert_eq!(unique("UNIQUE constraint failed: index 'by_name'"), "by_name");
    }

    #[test]
    fn every_message_is_one_line() {
        let errors = [
            StoreError::NotOurs { what: "a.db".into() },
            StoreError::Missing { what: "a.db".into() },
            StoreError::BadAddress { why: "no".into() },
            StoreError::NewerSchema { found: "9".into(), known: "1".into() },
            StoreError::OlderSchema { pending: "1".into() },
            StoreError::InUse { what: "a.db".into() },
            StoreError::Busy,
            StoreError::Unavailable { why: "x".into() },
            StoreError::Conflict { constraint: "a_b_key".into() },
            StoreError::Corrupt { what: "x".into() },
            StoreError::CommitUnknown { why: "x".into() },
            StoreError::Panicked { name: "x" },
        ];
        for error in errors {
            assert!(!error.to_string().contains('\n'), "{error}");
        }
    }
}

//! Databases for tests: one per engine, empty, with a name of its own, gone afterwards.

// They are for tests, which panic.
#![allow(clippy::missing_panics_doc)]

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

use super::{Engine, OpenOptions, Store};

/// The address of a PostgreSQL server on which tests may make databases.
const SERVER: &str = "TREPHINE_TEST_POSTGRES";
/// Set to `1` by who has no PostgreSQL at hand.
const SQLITE_ONLY: &str = "TREPHINE_TEST_SQLITE_ONLY";

/// A place for one test's data.
pub struct Database {
    /// Its address, for [`Store::open`].
    pub url: String,
    /// Which engine it belongs to.
    pub engine: Engine,
    cleanup: Cleanup,
}

enum Cleanup {
    Folder(tempfile::TempDir),
    Server { admin: String, name: String },
}

/// One empty database of every engine. Fails without PostgreSQL, unless that was asked for: a test that did not run
/// must not look like one that passed.
pub fn engines() -> Vec<Database> {
    let mut all = vec![sqlite()];
    all.extend(postgres());
    all
}

/// An SQLite file's place in an empty folder.
pub fn sqlite() -> Database {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("lab.db").display());
    Database { url, engine: Engine::Sqlite, cleanup: Cleanup::Folder(folder) }
}

/// An empty database on the test server.
pub fn postgres() -> Option<Database> {
    let Ok(admin) = std::env::var(SERVER) else {
        if std::env::var(SQLITE_ONLY).is_ok_and(|value| value == "1") {
            eprintln!("skipped on PostgreSQL: {SQLITE_ONLY}=1");
            return None;
        }
        panic!("set {SERVER} to the address of a PostgreSQL server for tests, or {SQLITE_ONLY}=1 to go without");
    };
    let name = format!("trephine_test_{:016x}", RandomState::new().build_hasher().finish());
    run(&admin, &format!("CREATE DATABASE {name}"));
    let url = with_database(&admin, &name);
    Some(Database { url, engine: Engine::Postgres, cleanup: Cleanup::Server { admin, name } })
}

impl Database {
    /// The store in this place, made if there is none yet.
    pub fn open(&self) -> Store {
        Store::open(&self.url, Self::options()).unwrap()
    }

    /// What [`Database::open`] asks for.
    pub fn options() -> OpenOptions {
        OpenOptions { create: true, migrate: true, ..OpenOptions::default() }
    }

    /// The folder of an SQLite file.
    pub fn folder(&self) -> &std::path::Path {
        match &self.cleanup {
            Cleanup::Folder(folder) => folder.path(),
            Cleanup::Server { .. } => panic!("PostgreSQL has no folder"),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Cleanup::Server { admin, name } = &self.cleanup {
            run(admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

fn run(server: &str, sql: &str) {
    PgConnection::establish(server).unwrap().batch_execute(sql).unwrap();
}

fn with_database(url: &str, name: &str) -> String {
    let (place, parameters) = url.split_once('?').map_or((url, None), |(place, rest)| (place, Some(rest)));
    let scheme = place.find("://").unwrap() + 3;
    let end = place[scheme..].find('/').map_or(place.len(), |at| scheme + at);
    let parameters = parameters.map(|rest| format!("?{rest}")).unwrap_or_default();
    format!("{}/{name}{parameters}", &place[..end])
}

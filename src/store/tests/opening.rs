use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

use super::super::conn::{self, Purpose};
use super::super::tables::{cases, counters};
use super::super::testing::{Database, engines, postgres, sqlite};
use super::super::{OpenOptions, Store, StoreError, backup, integrity, migrate};

const LOOK: OpenOptions = OpenOptions { create: false, migrate: false, exclusive: false, readers: 2 };

fn url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

fn refusal(url: &str, options: OpenOptions) -> StoreError {
    match Store::open(url, options) {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => error,
    }
}

#[test]
fn nothing_is_made_without_being_asked() {
    for database in engines() {
        let missing = refusal(&database.url, LOOK);
        assert!(matches!(missing, StoreError::Missing { .. }), "{missing}");
        let store = database.open();
        assert!(migrate::status(&store).unwrap().pending.is_empty());
        drop(store);
        Store::open(&database.url, LOOK).unwrap();
    }
    let database = sqlite();
    let folder = database.folder().join("no/such/folder/lab.db");
    assert!(matches!(refusal(&url(&folder), Database::options()), StoreError::Missing { .. }));
    let empty = database.folder().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    assert!(matches!(refusal(&url(&empty), LOOK), StoreError::Missing { .. }));
    Store::open(&url(&empty), Database::options()).unwrap();
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let database = sqlite();
    let folder = database.folder();
    let other = folder.join("other.db");
    SqliteConnection::establish(other.to_str().unwrap())
        .unwrap()
        .batch_execute("CREATE TABLE x (y); PRAGMA user_version = 3")
        .unwrap();
    let text = folder.join("text.db");
    std::fs::write(&text, "Dear diary, today I was not a database.").unwrap();
    let short = folder.join("short.db");
    std::fs::write(&short, "SQLite").unwrap();
    for path in [&other, &text, &short] {
        let before = std::fs::read(path).unwrap();
        for options in [LOOK, OpenOptions { exclusive: true, ..Database::options() }] {
            let error = refusal(&url(path), options);
            assert!(matches!(&error, StoreError::NotOurs { what } if Path::new(what) == path), "{error}");
        }
        assert_eq!(std::fs::read(path).unwrap(), before);
        assert!(!folder.join(format!("{}-wal", path.display())).exists());
    }
    assert!(matches!(refusal(&url(folder), Database::options()), StoreError::NotOurs { .. }));

    let Some(database) = postgres() else { return };
    diesel::PgConnection::establish(&database.url).unwrap().batch_execute("CREATE TABLE x (y int)").unwrap();
    let error = refusal(&database.url, Database::options());
    assert!(matches!(error, StoreError::NotOurs { .. }), "{error}");
}

#[test]
fn a_newer_schema_is_refused() {
    for database in engines() {
        let store = database.open();
        let mut conn = conn::connect(store.location(), Purpose::Migrate).unwrap();
        conn.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')").unwrap();
        drop(store);
        let newest = migrate_names().last().unwrap().clone();
        let error = refusal(&database.url, Database::options());
        assert!(
            matches!(&error, StoreError::NewerSchema { found, known } if found == "9999" && *known == newest),
            "{error}"
        );
    }
}

fn migrate_names() -> Vec<String> {
    migrate::status(&sqlite().open()).unwrap().applied
}

#[test]
fn an_older_schema_is_copied_and_brought_up_to_date() {
    for database in engines() {
        let store = database.open();
        store.write_now("bump", |tx| counters::next(tx, "n")).unwrap();
        let mut conn = conn::connect(store.location(), Purpose::Migrate).unwrap();
        migrate::revert(&mut conn, migrate_names().len() - 2);
        drop((conn, store));
        let error = refusal(&database.url, LOOK);
        assert!(matches!(&error, StoreError::OlderSchema { pending } if pending == "0003_accounts"), "{error}");
        let store = Store::open(&database.url, OpenOptions { migrate: true, ..LOOK }).unwrap();
        assert_eq!(migrate::status(&store).unwrap().applied, migrate_names());
        assert_eq!(store.read_now(|conn| counters::last(conn, "n")).unwrap(), 1);
        if store.path().is_some() {
            let copy = database.folder().join("lab.db.before-0003_accounts");
            let error = refusal(&url(&copy), LOOK);
            assert!(matches!(&error, StoreError::OlderSchema { pending } if pending == "0003_accounts"), "{error}");
        }
    }
}

/// What was to be taken again before the list had a column is on it afterwards, whatever the decimals of its moment.
#[test]
fn recollections_of_before_are_on_the_list() {
    let opened = |at: &str, satisfied: &str| format!(r#"{{"opened_at": "{at}", "satisfied_by": {satisfied}}}"#);
    let bodies = [
        (1, opened("2026-03-04T09:00:00Z", "null"), Some("2026-03-04T09:00:00Z")),
        (2, opened("2026-03-04T08:00:00.123Z", "null"), Some("2026-03-04T08:00:00.123Z")),
        (
            3,
            [
                opened("2026-03-01T08:00:00Z", "\"x\""),
                opened("2026-03-04T07:00:00.000001Z", "null"),
                opened("2026-03-05T08:00:00Z", "null"),
            ]
            .join(","),
            Some("2026-03-04T07:00:00.000001Z"),
        ),
        (4, opened("2026-03-04T08:00:00Z", "\"x\""), None),
        (5, String::new(), None),
    ];
    for database in engines() {
        let store = database.open();
        let mut conn = conn::connect(store.location(), Purpose::Migrate).unwrap();
        // Back to the four steps before recollections were on a list.
        migrate::revert(&mut conn, migrate_names().len() - 4);
        let patient = "00000000-0000-0000-0000-000000000001";
        conn.batch_execute(&format!(
            "INSERT INTO patients (id, mrn, family_name, given_name, name_key, sex, version, body)
             VALUES ('{patient}', 'M1', 'A', 'B', 'a b', 'unknown', 1, '{{}}')"
        ))
        .unwrap();
        for (n, recollections, _) in &bodies {
            let hash = "0".repeat(64);
            conn.batch_execute(&format!(
                "INSERT INTO cases (id, accession, patient_id, indication, urgency, requester, stage, logged_at, late,
                                    version, journal_seq, journal_hash, body)
                 VALUES ('00000000-0000-0000-0000-00000000000{n}', 'C{n}', '{patient}', 'X', 'routine', 'r', 'in_lab',
                         '2026-03-04T09:00:00.000000Z', FALSE, 1, 1, '{hash}', '{{\"recollections\": [{recollections}]}}')"
            ))
            .unwrap();
        }
        drop((conn, store));
        let store = Store::open(&database.url, OpenOptions { migrate: true, ..LOOK }).unwrap();
        let listed = store.read_now(|conn| cases::recollecting(conn, None, None, 10)).unwrap();
        let listed: Vec<_> = listed.into_iter().map(|(at, id)| (id.0.as_u128(), at)).collect();
        let mut expected: Vec<(u128, chrono::DateTime<chrono::Utc>)> =
            bodies.iter().filter_map(|(n, _, at)| Some((*n, at.as_ref()?.parse().unwrap()))).collect();
        expected.sort_by_key(|(_, at)| *at);
        assert_eq!(listed, expected);
    }
}

#[test]
fn many_may_start_at_once() {
    for database in engines() {
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| database.open().write_now("bump", |tx| counters::next(tx, "n")).unwrap());
            }
        });
        assert_eq!(database.open().read_now(|conn| counters::last(conn, "n")).unwrap(), 6);
    }
}

#[test]
fn a_second_server_is_refused() {
    let database = sqlite();
    let server = OpenOptions { exclusive: true, ..Database::options() };
    let first = Store::open(&database.url, server).unwrap();
    let error = refusal(&database.url, server);
    assert!(matches!(error, StoreError::InUse { .. }));
    assert!(error.to_string().contains("lab.db"), "{error}");
    // The command line works beside it.
    let beside = database.open();
    beside.write_now("bump", |tx| counters::next(tx, "n")).unwrap();
    assert_eq!(first.write_now("bump", |tx| counters::next(tx, "n")).unwrap(), 2);
    drop(first);
    Store::open(&database.url, server).unwrap();
}

#[test]
fn odd_names_are_names() {
    let database = sqlite();
    for name in ["a b.db", "50%41.db", "what?.db", "x#y&mode=memory.db", "mærket.db"] {
        let path = database.folder().join(name);
        let store = Store::open(&url(&path), Database::options()).unwrap();
        assert_eq!(store.path(), Some(path.as_path()));
        store.write_now("bump", |tx| counters::next(tx, "n")).unwrap();
        drop(store);
        assert!(path.is_file(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn files_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let database = sqlite();
    let store = Store::open(&database.url, OpenOptions { exclusive: true, ..Database::options() }).unwrap();
    store.write_now("bump", |tx| counters::next(tx, "n")).unwrap();
    backup::backup(&store, &database.folder().join("copy.db")).unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(database.folder()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
        seen += 1;
    }
    assert!(seen >= 5, "file, log, index, lock, copy");
}

#[test]
fn a_copy_is_whole() {
    let database = sqlite();
    let store = database.open();
    store.write_now("bump", |tx| counters::next(tx, "n")).unwrap();
    let dest = database.folder().join("copy.db");
    // While a snapshot reads and others write.
    store
        .snapshot(|_| {
            backup::backup(&store, &dest)?;
            store.write_now("bump", |tx| counters::next(tx, "n"))
        })
        .unwrap();
    let names: Vec<_> = std::fs::read_dir(database.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().all(|name| !name.contains(".part")), "{names:?}");
    let copy = Store::open(&url(&dest), LOOK).unwrap();
    assert_eq!(copy.read_now(|conn| counters::last(conn, "n")).unwrap(), 1);
    assert_eq!(copy.snapshot(integrity::complaints).unwrap(), [""; 0]);
    let error = backup::backup(&store, &dest).unwrap_err();
    assert!(error.to_string().contains("copy.db exists and is not overwritten"), "{error}");
    let nowhere = backup::backup(&store, &database.folder().join("no/copy.db")).unwrap_err();
    assert!(matches!(nowhere, StoreError::File { .. }), "{nowhere}");

    let Some(database) = postgres() else { return };
    let store = database.open();
    let error = backup::backup(&store, &dest).unwrap_err();
    assert!(error.to_string().contains("pg_dump"), "{error}");
    assert_eq!(store.snapshot(integrity::complaints).unwrap(), [""; 0]);
}

#[test]
fn damage_is_reported() {
    let database = sqlite();
    let store = database.open();
    store
        .write_now("damage", |tx| {
            tx.batch_execute("PRAGMA writable_schema = ON")?;
            Ok::<(), StoreError>(())
        })
        .unwrap();
    drop(store);
    let mut conn = SqliteConnection::establish(database.folder().join("lab.db").to_str().unwrap()).unwrap();
    conn.batch_execute(
        "PRAGMA foreign_keys = OFF; INSERT INTO tokens (id, hash, user_id, name, scope, created_at, expires_at) \
         VALUES ('00000000-0000-0000-0000-000000000001', 'h', '00000000-0000-0000-0000-000000000002', 'n', 's', \
         '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z')",
    )
    .unwrap();
    let complaints = database.open().snapshot(integrity::complaints).unwrap();
    assert_eq!(complaints, ["rows of tokens point to rows that do not exist"]);
}

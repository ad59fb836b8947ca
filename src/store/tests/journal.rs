use std::sync::mpsc;

use diesel::connection::SimpleConnection as _;
use uuid::Uuid;

use super::super::journal::{self, Entry, Follower, Head, NewEntry, START};
use super::super::testing::{engines, sqlite};
use super::super::{Store, StoreError, Tx};
use super::moment;

pub(super) fn append_simple(tx: &mut Tx<'_>, stream: &str, head: Option<(i64, String)>) -> Result<Head, StoreError> {
    let new = NewEntry {
        stream: stream.to_owned(),
        recorded_at: moment(1),
        occurred_at: Some(moment(0)),
        actor_id: Uuid::from_u128(1),
        actor: "t.nguyen".to_owned(),
        command: "receive_specimen".to_owned(),
        reason: None,
        request_id: "r-1".to_owned(),
        body: r#"{"state":["in_transit","received"],"b":1,"a":"é"}"#.to_owned(),
    };
    journal::append(tx, head, new)
}

fn append(store: &Store, stream: &'static str) -> Head {
    store.write_now("append", move |tx| append_simple(tx, stream, None)).unwrap()
}

#[test]
fn streams_are_chains() {
    for database in engines() {
        let store = database.open();
        for stream in ["b", "a", "b", "B", "b"] {
            append(&store, stream);
        }
        let b = store.read_now(|conn| journal::stream(conn, "b")).unwrap();
        assert_eq!(b.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(b[0].previous, START);
        assert_eq!(b[1].previous, b[0].hash);
        assert_eq!(b[2].previous, b[1].hash);
        for entry in &b {
            assert_eq!(journal::recompute(entry), entry.hash);
            assert_eq!(entry.body, r#"{"state":["in_transit","received"],"b":1,"a":"é"}"#);
        }
        // The same order on both engines: bytes, not a language.
        let names = store.read_now(journal::streams).unwrap();
        assert_eq!(names, [("B".to_owned(), 1), ("a".to_owned(), 1), ("b".to_owned(), 3)]);
        // The head that the caller knows saves a look-up.
        let known = Some((b[2].seq, b[2].hash.clone()));
        let fourth = store.write_now("append", move |tx| append_simple(tx, "b", known.clone())).unwrap();
        assert_eq!(fourth.seq, 4);
        let stale = Some((b[2].seq, b[2].hash.clone()));
        let refused = store.write_now("append", move |tx| append_simple(tx, "b", stale.clone()));
        assert!(
            matches!(&refused, Err(StoreError::Conflict { constraint }) if constraint == "journal_stream_seq_key"),
            "{refused:?}"
        );
        assert_eq!(store.read_now(journal::newest).unwrap(), fourth.position);
        let rest = store.read_now(|conn| journal::after(conn, b[1].position, 2)).unwrap();
        assert_eq!(rest.iter().map(|entry| entry.stream.as_str()).collect::<Vec<_>>(), ["B", "b"]);
    }
}

#[test]
fn every_entry_is_visited_in_order() {
    for database in engines() {
        let store = database.open();
        store
            .write_now("fill", |tx| {
                for _ in 0..7 {
                    for stream in ["s", "t", "u"] {
                        append_simple(tx, stream, None)?;
                    }
                }
                let mut head = None;
                for _ in 0..1_200 {
                    let end = append_simple(tx, "long", head)?;
                    head = Some((end.seq, end.hash));
                }
                Ok::<(), StoreError>(())
            })
            .unwrap();
        let mut seen = Vec::new();
        store
            .snapshot(|conn| {
                journal::each(conn, |entry| {
                    seen.push((entry.stream, entry.seq));
                    Ok::<(), StoreError>(())
                })
            })
            .unwrap();
        let mut expected: Vec<(String, i64)> = (1..=1_200).map(|seq| ("long".to_owned(), seq)).collect();
        expected.extend(["s", "t", "u"].iter().flat_map(|name| (1..=7).map(|seq| ((*name).to_owned(), seq))));
        assert_eq!(seen, expected);
        let stopped = store.snapshot(|conn| journal::each(conn, |_| Err(StoreError::Busy)));
        assert!(matches!(stopped, Err(StoreError::Busy)));
    }
}

#[test]
fn entries_cannot_be_changed() {
    for database in engines() {
        let store = database.open();
        append(&store, "s");
        let mut attempts =
            vec!["UPDATE journal SET reason = 'x'", "DELETE FROM journal", "INSERT INTO journal SELECT * FROM journal"];
        if store.path().is_some() {
            attempts.push(
                "INSERT OR REPLACE INTO journal SELECT position, stream, seq, recorded_at, occurred_at, actor_id, actor, \
                 'other', reason, request_id, body, previous, hash FROM journal",
            );
        } else {
            attempts.push("TRUNCATE journal");
            attempts.push(
                "INSERT INTO journal (stream, seq, recorded_at, actor_id, actor, command, request_id, body, previous, hash) \
                 SELECT stream, seq, recorded_at, actor_id, actor, command, request_id, body, previous, hash FROM journal \
                 ON CONFLICT (stream, seq) DO UPDATE SET command = 'other'",
            );
        }
        for attempt in attempts {
            let refused = store.write_now("tamper", move |tx| Ok::<(), StoreError>(tx.batch_execute(attempt)?));
            assert!(refused.is_err(), "{attempt}");
        }
        let entries = store.read_now(|conn| journal::stream(conn, "s")).unwrap();
        assert_eq!((entries.len(), entries[0].command.as_str()), (1, "receive_specimen"));
    }
}

#[test]
fn what_one_engine_cannot_hold_is_refused_by_both() {
    for database in engines() {
        let store = database.open();
        for (body, fits) in [("{}", true), ("{", false), ("", false), ("{\"a\":\"\0\"}", false)] {
            let wrote = store.write_now("append", move |tx| {
                let mut new = example();
                body.clone_into(&mut new.body);
                journal::append(tx, None, new)
            });
            assert_eq!(wrote.is_ok(), fits, "{body:?}");
        }
        let wrote = store.write_now("append", |tx| {
            let mut new = example();
            new.recorded_at = chrono::DateTime::from_timestamp(400_000_000_000, 0).unwrap();
            journal::append(tx, None, new)
        });
        assert!(matches!(wrote, Err(StoreError::Unstorable { .. })), "{wrote:?}");
    }
}

fn example() -> NewEntry {
    NewEntry {
        stream: "s".to_owned(),
        recorded_at: moment(1),
        occurred_at: None,
        actor_id: Uuid::from_u128(1),
        actor: "a".to_owned(),
        command: "c".to_owned(),
        reason: None,
        request_id: "r".to_owned(),
        body: "{}".to_owned(),
    }
}

#[test]
fn every_field_is_covered_by_the_hash() {
    let entry = Entry {
        position: 1,
        stream: "case:1".to_owned(),
        seq: 1,
        recorded_at: moment(1),
        occurred_at: None,
        actor_id: Uuid::from_u128(1),
        actor: "a".to_owned(),
        command: "c".to_owned(),
        reason: None,
        request_id: "r".to_owned(),
        body: "{}".to_owned(),
        previous: START.to_owned(),
        hash: String::new(),
    };
    let hash = journal::recompute(&entry);
    // Fixed for ever: a change here would make every stored chain look forged.
    assert_eq!(hash, "c781c733ff6df11ce08c4070be700480de76863befcf28008dcea3e79ac20538");
    let changes: [fn(&mut Entry); 12] = [
        |entry| entry.stream.push('0'),
        |entry| entry.seq += 1,
        |entry| entry.recorded_at = moment(2),
        |entry| entry.occurred_at = Some(moment(0)),
        |entry| entry.actor_id = Uuid::from_u128(2),
        |entry| entry.actor.push('c'),
        |entry| entry.command.insert(0, 'a'),
        |entry| entry.reason = Some(String::new()),
        |entry| entry.request_id.push('x'),
        |entry| entry.body.push(' '),
        |entry| entry.previous.replace_range(0..1, "1"),
        |entry| {
            entry.actor = "ac".to_owned();
            entry.command.clear();
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut other = entry.clone();
        change(&mut other);
        assert_ne!(journal::recompute(&other), hash, "change {number}");
    }
}

#[test]
fn damage_from_outside_is_found() {
    let database = sqlite();
    let store = database.open();
    append(&store, "s");
    append(&store, "s");
    store
        .write_now("tamper", |tx| {
            tx.batch_execute("DROP TRIGGER journal_refuses_update; UPDATE journal SET actor = 'x' WHERE seq = 1")?;
            Ok::<(), StoreError>(())
        })
        .unwrap();
    let entries = store.read_now(|conn| journal::stream(conn, "s")).unwrap();
    assert_ne!(journal::recompute(&entries[0]), entries[0].hash);
    assert_eq!(journal::recompute(&entries[1]), entries[1].hash);
}

#[test]
fn a_follower_misses_nothing() {
    for database in engines() {
        let store = database.open();
        append(&store, "before");
        let start = store.read_now(journal::newest).unwrap();
        let mut follower = Follower::after(start);
        let mut news = |store: &Store| -> Vec<String> {
            let entries = store.read_now(|conn| follower.next(conn, 100)).unwrap();
            entries.into_iter().map(|entry| entry.stream).collect()
        };
        assert_eq!(news(&store), [""; 0]);
        append(&store, "one");
        // A change that is undone takes its number with it on PostgreSQL.
        let undone: Result<(), StoreError> = store.write_now("undone", |tx| {
            append_simple(tx, "undone", None)?;
            Err(StoreError::Busy)
        });
        assert!(undone.is_err());
        append(&store, "two");
        assert_eq!(news(&store), ["one", "two"]);
        assert_eq!(news(&store), [""; 0]);
        if store.path().is_some() {
            continue;
        }
        let slow = store.clone();
        let (reached, wait) = mpsc::channel();
        let (release, released) = mpsc::channel();
        let writer = std::thread::spawn(move || {
            slow.write_now("slow", move |tx| {
                append_simple(tx, "slow", None)?;
                reached.send(()).unwrap();
                released.recv().unwrap();
                Ok::<(), StoreError>(())
            })
        });
        wait.recv().unwrap();
        append(&store, "fast");
        assert_eq!(news(&store), ["fast"]);
        release.send(()).unwrap();
        writer.join().unwrap().unwrap();
        append(&store, "last");
        assert_eq!(news(&store), ["slow", "last"]);
        assert_eq!(news(&store), [""; 0]);
    }
}

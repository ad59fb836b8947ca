use std::pin::pin;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, RwLock, mpsc};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use uuid::Uuid;

use super::super::conn::{self, DbConn, Purpose};
use super::super::lane::QUEUE;
use super::super::schema::{counters, trephine_meta};
use super::super::tables::counters as numbers;
use super::super::testing::{engines, postgres, sqlite};
use super::super::{Engine, Store, StoreError, Tx};
use super::{Refusal, moment};

fn count(store: &Store, scope: &'static str) -> i64 {
    store.read_now(|conn| numbers::last(conn, scope)).unwrap()
}

fn bump(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    numbers::next(tx, "n")
}

/// Violates a unique rule.
fn clash(conn: &mut DbConn) -> Result<(), StoreError> {
    diesel::insert_into(trephine_meta::table)
        .values((trephine_meta::key.eq("product"), trephine_meta::value.eq("other")))
        .execute(conn)?;
    Ok(())
}

/// Occupies the lane until the sender is used or dropped.
fn occupy(store: &Store) -> (mpsc::Sender<()>, std::thread::JoinHandle<Result<(), StoreError>>) {
    let (release, wait) = mpsc::channel::<()>();
    let (running, started) = mpsc::channel::<()>();
    let store = store.clone();
    let thread = std::thread::spawn(move || {
        store.write_now("occupy", move |_| {
            let _ = running.send(());
            let _ = wait.recv();
            Ok(())
        })
    });
    started.recv().unwrap();
    (release, thread)
}

#[test]
fn what_is_written_is_read() {
    for database in engines() {
        let store = database.open();
        assert_eq!(store.engine(), database.engine);
        assert_eq!(store.write_now("bump", bump).unwrap(), 1);
        assert_eq!(store.write_now("bump", bump).unwrap(), 2);
        assert_eq!(count(&store, "n"), 2);
        let again = store.clone();
        drop(store);
        assert_eq!(again.write_now("bump", bump).unwrap(), 3);
        drop(again);
        assert_eq!(count(&database.open(), "n"), 3);
    }
}

#[test]
fn async_and_blocking_calls_work_inside_a_runtime() {
    for database in engines() {
        let store = database.open();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            assert_eq!(store.write("bump", bump).await.unwrap(), 1);
            assert_eq!(store.write_now("bump", bump).unwrap(), 2);
            let seen: i64 = store.read(|conn| numbers::last(conn, "n")).await.unwrap();
            assert_eq!(seen, 2);
            let refused: Result<(), Refusal> = store.write("refuse", |_| Err(Refusal::Rule)).await;
            assert!(matches!(refused, Err(Refusal::Rule)));
        });
    }
}

#[test]
fn only_a_transaction_can_write() {
    for database in engines() {
        let store = database.open();
        let insert = |conn: &mut DbConn| -> Result<(), StoreError> {
            diesel::insert_into(counters::table)
                .values((counters::scope.eq("x"), counters::last.eq(1_i64)))
                .execute(conn)?;
            Ok(())
        };
        assert!(store.read_now(insert).is_err(), "{}", database.engine);
        assert!(store.snapshot(insert).is_err(), "{}", database.engine);
        assert_eq!(count(&store, "x"), 0);
    }
}

#[test]
fn a_failing_job_is_undone_alone() {
    for database in engines() {
        let store = database.open();
        let refused: Result<(), Refusal> = store.write_now("refuse", |tx| {
            bump(tx)?;
            Err(Refusal::Rule)
        });
        assert!(matches!(refused, Err(Refusal::Rule)));
        let panicked: Result<(), StoreError> = store.write_now("panic", |tx| {
            bump(tx)?;
            tx.transaction(|_| -> Result<(), diesel::result::Error> { panic!("on purpose") })?;
            Ok(())
        });
        assert!(matches!(panicked, Err(StoreError::Panicked { name: "panic" })));
        let taken: Result<(), StoreError> = store.write_now("clash", |tx| clash(tx));
        assert!(
            matches!(&taken, Err(StoreError::Conflict { constraint }) if constraint == "trephine_meta_key_key"),
            "{taken:?}"
        );
        assert_eq!(count(&store, "n"), 0);
        assert_eq!(store.write_now("bump", bump).unwrap(), 1);
    }
}

#[test]
fn going_on_after_a_failed_statement_is_refused() {
    for database in engines() {
        let store = database.open();
        let swallowed: Result<(), StoreError> = store.write_now("swallow", |tx| {
            bump(tx)?;
            drop(clash(tx));
            Ok(())
        });
        assert!(matches!(swallowed, Err(StoreError::Unsupported { .. })), "{} {swallowed:?}", database.engine);
        assert_eq!(count(&store, "n"), 0);
        // In a savepoint it is fine.
        let tried: Result<i64, StoreError> = store.write_now("try", |tx| {
            bump(tx)?;
            let failed = tx.savepoint(|tx| {
                bump(tx)?;
                clash(tx)
            });
            assert!(matches!(failed, Err(StoreError::Conflict { .. })));
            tx.savepoint(bump)
        });
        assert_eq!(tried.unwrap(), 2);
        assert_eq!(count(&store, "n"), 2);
    }
}

#[test]
fn sixty_four_threads_leave_no_gap() {
    for database in engines() {
        let store = database.open();
        let threads: Vec<_> = (0..64)
            .map(|thread| {
                let store = store.clone();
                std::thread::spawn(move || {
                    let mut numbers = Vec::new();
                    for round in 0..20 {
                        let wrote: Result<i64, Refusal> = store.write_now("mixed", move |tx| {
                            let number = bump(tx)?;
                            match (thread + round) % 8 {
                                0 => Err(Refusal::Rule),
                                1 => panic!("on purpose"),
                                2 => {
                                    clash(tx)?;
                                    Ok(number)
                                }
                                _ => Ok(number),
                            }
                        });
                        let expected = (thread + round) % 8 > 2;
                        assert_eq!(wrote.is_ok(), expected, "{wrote:?}");
                        numbers.extend(wrote);
                    }
                    numbers
                })
            })
            .collect();
        let mut numbers: Vec<i64> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        numbers.sort_unstable();
        let expected: Vec<i64> = (1..=64 * 20 * 5 / 8).collect();
        assert_eq!(numbers, expected, "{}", database.engine);
        assert_eq!(count(&store, "n"), 800);
    }
}

#[test]
fn a_full_queue_answers_busy() {
    let database = sqlite();
    let store = database.open();
    let (release, occupied) = occupy(&store);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..QUEUE {
        // Polled once, it is in the queue; what is then dropped is stored all the same.
        assert!(pin!(store.write("bump", bump)).as_mut().poll(&mut context).is_pending());
    }
    let refused = pin!(store.write("bump", bump)).as_mut().poll(&mut context);
    assert!(matches!(refused, Poll::Ready(Err(StoreError::Busy))));
    drop(release);
    occupied.join().unwrap().unwrap();
    // The blocking twin waits for its place, behind all the others.
    assert_eq!(store.write_now("bump", bump).unwrap(), i64::try_from(QUEUE).unwrap() + 1);
}

#[test]
fn a_full_gate_answers_busy() {
    let Some(database) = postgres() else { return };
    let store = database.open();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let closed = Arc::new(RwLock::new(()));
        let hold = closed.write().unwrap();
        let mut context = Context::from_waker(Waker::noop());
        let mut waiting = Vec::new();
        for _ in 0..QUEUE {
            let closed = Arc::clone(&closed);
            let mut write = Box::pin(store.write("wait", move |tx| {
                drop(closed.read());
                bump(tx)
            }));
            assert!(write.as_mut().poll(&mut context).is_pending());
            waiting.push(write);
        }
        let refused = pin!(store.write("bump", bump)).as_mut().poll(&mut context);
        assert!(matches!(refused, Poll::Ready(Err(StoreError::Busy))));
        let refused = pin!(store.read(|conn| numbers::last(conn, "n"))).as_mut().poll(&mut context);
        assert!(matches!(refused, Poll::Ready(Err(StoreError::Busy))));
        drop(hold);
        // Who goes away gives up the place.
        waiting.truncate(40);
        let numbers = futures_util::future::join_all(waiting).await;
        assert!(numbers.iter().all(Result::is_ok), "{numbers:?}");
        assert_eq!(store.write("bump", bump).await.unwrap(), 41);
    });
}

#[test]
fn closing_stores_what_waits_and_folds_the_log() {
    let database = sqlite();
    let store = database.open();
    let (release, occupied) = occupy(&store);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..300 {
        assert!(pin!(store.write("bump", bump)).as_mut().poll(&mut context).is_pending());
    }
    drop(release);
    occupied.join().unwrap().unwrap();
    drop(store);
    let log = std::fs::metadata(database.folder().join("lab.db-wal")).map_or(0, |file| file.len());
    assert_eq!(log, 0);
    assert_eq!(count(&database.open(), "n"), 300);
}

#[test]
fn the_log_is_folded_when_idle() {
    let database = sqlite();
    let store = database.open();
    let text = "x".repeat(2 << 20);
    store
        .write_now("large", move |tx| {
            diesel::insert_into(trephine_meta::table)
                .values((trephine_meta::key.eq("large"), trephine_meta::value.eq(&text)))
                .execute(&mut **tx)?;
            Ok::<(), StoreError>(())
        })
        .unwrap();
    let log = database.folder().join("lab.db-wal");
    assert!(std::fs::metadata(&log).unwrap().len() > 1 << 20);
    let patience = Instant::now();
    while std::fs::metadata(&log).unwrap().len() > 0 {
        assert!(patience.elapsed() < Duration::from_secs(5));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(store.write_now("bump", bump).unwrap(), 1);
}

type Job = fn(&mut Tx<'_>) -> Result<i64, StoreError>;

/// Several jobs that are certain to share one transaction.
fn together(store: &Store, jobs: &[Job]) -> Vec<Result<i64, StoreError>> {
    let (release, occupied) = occupy(store);
    let mut context = Context::from_waker(Waker::noop());
    let mut futures: Vec<_> = jobs.iter().map(|&job| Box::pin(store.write("together", job))).collect();
    for future in &mut futures {
        assert!(future.as_mut().poll(&mut context).is_pending());
    }
    drop(release);
    drop(occupied.join().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    futures.into_iter().map(|future| runtime.block_on(future)).collect()
}

#[test]
fn a_failing_commit_fails_everybody_and_stores_nothing() {
    let database = sqlite();
    let store = database.open();
    let answers = together(
        &store,
        &[
            bump,
            |tx| {
                // Checked only by COMMIT: the one way to make a COMMIT fail on purpose.
                tx.batch_execute("PRAGMA defer_foreign_keys = ON")?;
                super::tables::sign_in(tx, "nobody", Uuid::from_u128(7), moment(0))?;
                Ok(0)
            },
            bump,
        ],
    );
    for answer in &answers {
        assert!(matches!(answer, Err(StoreError::CommitUnknown { .. })), "{answer:?}");
    }
    assert_eq!(count(&store, "n"), 0);
    assert_eq!(store.write_now("bump", bump).unwrap(), 1);
}

#[test]
fn a_lost_transaction_is_not_half_stored() {
    let database = sqlite();
    let store = database.open();
    let answers = together(
        &store,
        &[
            bump,
            // As SQLite does on its own when the disk is full.
            |tx| {
                tx.batch_execute("ROLLBACK")?;
                Err(StoreError::Busy)
            },
            bump,
            bump,
        ],
    );
    assert!(matches!(answers[0], Err(StoreError::Unavailable { .. })), "{answers:?}");
    assert!(matches!(answers[1], Err(StoreError::Busy)), "{answers:?}");
    assert!(matches!((&answers[2], &answers[3]), (Ok(1), Ok(2))), "{answers:?}");
    assert_eq!(count(&store, "n"), 2);
}

#[test]
fn another_process_may_write_in_between() {
    let database = sqlite();
    let store = database.open();
    let mut other = conn::connect(store.location(), Purpose::Write).unwrap();
    conn::begin(&mut other, "BEGIN IMMEDIATE").unwrap();
    let writer = std::thread::spawn({
        let store = store.clone();
        move || store.write_now("bump", bump)
    });
    std::thread::sleep(Duration::from_millis(200));
    assert!(conn::unwind(&mut other, 0));
    assert_eq!(writer.join().unwrap().unwrap(), 1);
}

#[test]
fn a_job_cannot_wait_for_itself() {
    let database = sqlite();
    let store = database.open();
    let inner = store.clone();
    let nested: Result<i64, StoreError> = store.write_now("outer", move |_| inner.write_now("inner", bump));
    assert!(matches!(nested, Err(StoreError::Unsupported { .. })));
    // The last handle goes inside a job.
    let (done, wait) = mpsc::channel();
    let inner = store.clone();
    let future = Box::pin(async move {
        let held = inner.clone();
        inner
            .write("last", move |tx| {
                let _held = &held;
                let _ = done.send(());
                bump(tx)
            })
            .await
    });
    let mut future = future;
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(future);
    drop(store);
    wait.recv().unwrap();
    let patience = Instant::now();
    while count(&database.open(), "n") != 1 {
        assert!(patience.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn a_snapshot_sees_one_moment() {
    for database in engines() {
        let store = database.open();
        store.write_now("bump", bump).unwrap();
        store
            .snapshot(|conn| {
                assert_eq!(numbers::last(conn, "n")?, 1);
                store.write_now("bump", bump)?;
                assert_eq!(numbers::last(conn, "n")?, 1, "{}", database.engine);
                Ok::<(), StoreError>(())
            })
            .unwrap();
        assert_eq!(count(&store, "n"), 2);
    }
}

#[test]
fn connections_are_prepared() {
    let database = sqlite();
    let store = database.open();
    let settings = "SELECT (SELECT journal_mode FROM pragma_journal_mode) || (SELECT synchronous FROM pragma_synchronous) \
        || (SELECT foreign_keys FROM pragma_foreign_keys) || (SELECT trusted_schema FROM pragma_trusted_schema) \
        || (SELECT cell_size_check FROM pragma_cell_size_check) || (SELECT temp_store FROM pragma_temp_store) \
        || (SELECT secure_delete FROM pragma_secure_delete) || (SELECT recursive_triggers FROM pragma_recursive_triggers) \
        || (SELECT timeout FROM pragma_busy_timeout) AS value";
    let read = store.read_now(|conn| conn::texts(conn, settings)).unwrap();
    let written = store.write_now("settings", |tx| conn::texts(tx, settings)).unwrap();
    assert_eq!(read, ["wal21012115000"]);
    assert_eq!(written, read);
    let Some(database) = postgres() else { return };
    let store = database.open();
    let settings = "SELECT current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' ' \
        || current_setting('idle_in_transaction_session_timeout') || ' ' || current_setting('default_transaction_read_only') \
        || ' ' || current_setting('TimeZone') || ' ' || current_setting('transaction_isolation') AS value";
    let read = store.read_now(|conn| conn::texts(conn, settings)).unwrap();
    assert_eq!(read, ["5s 3s 15s on UTC read committed"]);
    let long = store.snapshot(|conn| conn::texts(conn, settings)).unwrap();
    assert_eq!(long, ["0 3s 0 on UTC repeatable read"]);
}

#[test]
fn postgres_serialization_failures_are_tried_again() {
    let Some(database) = postgres() else { return };
    let store = database.open();
    let runs = Arc::new(AtomicU32::new(0));
    let fail = "DO $$ BEGIN RAISE EXCEPTION 'restart' USING ERRCODE = '40001'; END $$";
    let counted = Arc::clone(&runs);
    let number: Result<i64, Refusal> = store.write_now("retry", move |tx| {
        let number = bump(tx)?;
        if counted.fetch_add(1, Ordering::SeqCst) < 3 {
            // The cause is lost on the way, as it is in a domain's error.
            tx.batch_execute(fail).map_err(|_| Refusal::Rule)?;
        }
        Ok(number)
    });
    assert_eq!(number.unwrap(), 1);
    assert_eq!(runs.load(Ordering::SeqCst), 4);
    let hopeless: Result<(), Refusal> = store.write_now("hopeless", move |tx| Ok(tx.batch_execute(fail)?));
    assert!(matches!(hopeless, Err(Refusal::Store(StoreError::Busy))), "{hopeless:?}");
    assert_eq!(count(&store, "n"), 1);
}

#[test]
fn postgres_deadlocks_are_tried_again() {
    let Some(database) = postgres() else { return };
    let store = database.open();
    for scope in ["a", "b"] {
        store.write_now("seed", move |tx| numbers::next(tx, scope)).unwrap();
    }
    let met = Arc::new(Barrier::new(2));
    let first_runs = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = [["a", "b"], ["b", "a"]]
        .into_iter()
        .map(|scopes| {
            let (store, met, first_runs) = (store.clone(), Arc::clone(&met), Arc::clone(&first_runs));
            std::thread::spawn(move || {
                store.write_now("cross", move |tx| {
                    numbers::next(tx, scopes[0])?;
                    if first_runs.fetch_add(1, Ordering::SeqCst) < 2 {
                        met.wait();
                    }
                    numbers::next(tx, scopes[1])
                })
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
    assert_eq!((count(&store, "a"), count(&store, "b")), (3, 3));
}

const KILL_ALL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[test]
fn postgres_connections_that_died_are_replaced() {
    let Some(database) = postgres() else { return };
    let store = database.open();
    store.write_now("bump", bump).unwrap();
    let mut other = conn::connect(store.location(), Purpose::Write).unwrap();
    other.batch_execute(KILL_ALL).unwrap();
    assert_eq!(store.write_now("bump", bump).unwrap(), 2);
}

#[test]
fn a_connection_that_dies_before_commit_leaves_the_outcome_unknown() {
    let Some(database) = postgres() else { return };
    let store = database.open();
    let location = store.location().clone();
    let wrote: Result<i64, StoreError> = store.write_now("cut", move |tx| {
        let number = bump(tx)?;
        conn::connect(&location, Purpose::Write)?.batch_execute(KILL_ALL)?;
        std::thread::sleep(Duration::from_millis(100));
        Ok(number)
    });
    assert!(matches!(wrote, Err(StoreError::CommitUnknown { .. })), "{wrote:?}");
    assert_eq!(store.write_now("bump", bump).unwrap(), 1);
}

#[test]
fn a_server_that_is_away_is_unavailable() {
    let refused = Store::open("postgres://u:secret@127.0.0.1:1/t", super::super::OpenOptions::default());
    let Err(StoreError::Unavailable { why }) = refused else { panic!("not refused") };
    assert!(!why.contains("secret"), "{why}");
    assert_eq!(Engine::Postgres.to_string(), "PostgreSQL");
}

#[test]
#[ignore = "measures; run it alone with --release"]
fn throughput() {
    for database in engines() {
        let store = database.open();
        for callers in [1, 16, 64, 256] {
            let done = Arc::new(AtomicUsize::new(0));
            let worst = Arc::new(AtomicUsize::new(0));
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let started = Instant::now();
            runtime.block_on(async {
                let tasks = (0..callers).map(|caller: u32| {
                    let (store, done, worst) = (store.clone(), Arc::clone(&done), Arc::clone(&worst));
                    async move {
                        let mut head = (0, super::super::journal::START.to_owned());
                        while started.elapsed() < Duration::from_secs(3) {
                            let asked = Instant::now();
                            let known = head.clone();
                            let stream = format!("case {callers} {caller}");
                            let end = store
                                .write("append", move |tx| {
                                    super::journal::append_simple(tx, &stream, Some(known.clone()))
                                })
                                .await
                                .unwrap();
                            head = (end.seq, end.hash);
                            done.fetch_add(1, Ordering::Relaxed);
                            let took = usize::try_from(asked.elapsed().as_micros()).unwrap();
                            worst.fetch_max(took, Ordering::Relaxed);
                        }
                    }
                });
                futures_util::future::join_all(tasks).await;
            });
            eprintln!(
                "{} {callers} callers: {} journal entries/s, worst {} us",
                database.engine,
                done.load(Ordering::Relaxed) / 3,
                worst.load(Ordering::Relaxed)
            );
        }
    }
}

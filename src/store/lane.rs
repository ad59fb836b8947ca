//! The one thread that writes to SQLite.
//!
//! Jobs wait in a bounded queue. The thread takes what is there, runs each job in a savepoint of one transaction,
//! commits once, and only then answers. So the cost of the disk is shared by everybody who was waiting (54,000
//! durable transactions a second at 64 callers, where a pool of connections made 5,000), and nobody ever meets
//! "database is locked".

use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::connection::{SimpleConnection as _, TransactionManager as _};
use tracing::{error, warn};

use super::conn::{DbConn, Purpose, Watch, begin, connect, depth, unwind};
use super::location::Location;
use super::{StoreError, Tx};

/// How many jobs may wait. A full queue answers `Busy` at once: a late answer helps nobody.
pub(super) const QUEUE: usize = 1_024;
/// How many jobs share a COMMIT at most.
const BATCH: usize = 256;
/// A batch that has run this long is committed, so that short jobs do not wait for a row of long ones.
const BATCH_TIME: Duration = Duration::from_millis(20);
/// A single job above this is worth a line in the log: everybody waits for it.
const SLOW: Duration = Duration::from_millis(50);
/// So long without work, the write-ahead log is folded into the file.
const IDLE: Duration = Duration::from_millis(500);
/// After a try that a reader prevented.
const IDLE_AGAIN: Duration = Duration::from_secs(10);
/// A write-ahead log smaller than this is left alone when idle.
const WAL_WORTH_TRUNCATING: u64 = 1 << 20;

thread_local! {
    static ON_LANE: Cell<bool> = const { Cell::new(false) };
}

/// Whether this is the writer thread: it must not wait for itself.
pub(super) fn on_lane() -> bool {
    ON_LANE.get()
}

/// The handle: dropping it lets the queue run dry, folds the log into the file and ends the thread.
pub(super) struct Lane {
    jobs: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Lane {
    /// Opens the only write connection and starts the thread.
    pub(super) fn start(path: &Path) -> Result<Self, StoreError> {
        let location = Location::Sqlite(path.to_owned());
        let writer = Writer::open(&location)?;
        let (jobs, queue) = sync_channel(QUEUE);
        let worker = Worker { location, wal: wal_path(path), writer: Some(writer), queue };
        let thread = std::thread::Builder::new()
            .name("store-lane".to_owned())
            .spawn(move || worker.run())
            .map_err(StoreError::file("the writer thread"))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Puts a job in the queue, or says at once that there is no room.
    pub(super) fn offer(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        match self.jobs.as_ref().map(|jobs| jobs.try_send(job)) {
            Some(Ok(())) => Ok(()),
            Some(Err(TrySendError::Full(_))) => Err(StoreError::Busy),
            Some(Err(TrySendError::Disconnected(_))) | None => Err(stopped()),
        }
    }

    /// Puts a job in the queue, waiting for room: for imports, which would rather be slow than fail.
    pub(super) fn push(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        match self.jobs.as_ref().map(|jobs| jobs.send(job)) {
            Some(Ok(())) => Ok(()),
            Some(Err(_)) | None => Err(stopped()),
        }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.jobs = None;
        let Some(thread) = self.thread.take() else { return };
        // The last handle may have been inside a job.
        if thread.thread().id() != std::thread::current().id() && thread.join().is_err() {
            error!("the writer thread ended in a panic");
        }
    }
}

/// What a caller sees when the thread is gone.
pub(super) fn stopped() -> StoreError {
    StoreError::Unavailable { why: "the writer thread has stopped; restart the program".to_owned() }
}

fn wal_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// What the thread does with a job: run it, and after the COMMIT answer it.
pub(super) trait Job: Send {
    /// Runs inside the open transaction.
    fn run(&mut self, writer: &mut Writer) -> Ran;
    /// Tells the caller, once the batch is decided.
    fn answer(self: Box<Self>, batch: &Batch);
}

/// Whether the transaction survived a job.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ran {
    /// Its changes are kept, or undone back to its savepoint.
    Contained,
    /// The engine rolled the whole transaction back (disk full, I/O error): the batch is lost.
    Lost,
}

/// How a batch ended.
pub(super) enum Batch {
    /// Every job's own result stands.
    Stored,
    /// It never began, or the engine gave it up: nothing is stored.
    Lost(String),
    /// The same, because somebody else (the CLI) kept the file locked.
    Busy,
    /// COMMIT itself failed.
    Unknown(String),
}

impl Batch {
    fn error(&self) -> Option<StoreError> {
        match self {
            Self::Stored => None,
            Self::Lost(why) => Some(StoreError::Unavailable { why: why.clone() }),
            Self::Busy => Some(StoreError::Busy),
            Self::Unknown(why) => Some(StoreError::CommitUnknown { why: why.clone() }),
        }
    }
}

/// The write connection.
pub(super) struct Writer {
    conn: DbConn,
    watch: Arc<Watch>,
}

impl Writer {
    fn open(location: &Location) -> Result<Self, StoreError> {
        let mut conn = connect(location, Purpose::Write)?;
        let watch = Watch::install(&mut conn);
        Ok(Self { conn, watch })
    }
}

/// A job that knows its types.
pub(super) struct Typed<T, E, W, A> {
    name: &'static str,
    work: W,
    answer: A,
    result: Option<Result<T, E>>,
}

impl<T, E, W, A> Typed<T, E, W, A>
where
    W: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    E: From<StoreError> + Send + 'static,
    A: FnOnce(Result<T, E>) + Send + 'static,
    T: Send + 'static,
{
    /// `answer` is called exactly once, unless the thread dies.
    pub(super) fn boxed(name: &'static str, work: W, answer: A) -> Box<dyn Job> {
        Box::new(Self { name, work, answer, result: None })
    }
}

impl<T, E, W, A> Job for Typed<T, E, W, A>
where
    W: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    E: From<StoreError> + Send + 'static,
    A: FnOnce(Result<T, E>) + Send + 'static,
    T: Send + 'static,
{
    fn run(&mut self, writer: &mut Writer) -> Ran {
        let started = Instant::now();
        let (result, ran) = in_savepoint(writer, self.name, &mut self.work);
        self.result = Some(result);
        let took = started.elapsed();
        // What says that it is a batch is long on purpose, and runs before a server or beside an idle one.
        if took > SLOW && !self.name.starts_with("batch.") {
            warn!(name = self.name, milliseconds = took.as_millis(), "a slow transaction kept all others waiting");
        }
        ran
    }

    fn answer(self: Box<Self>, batch: &Batch) {
        let Self { work, answer, result, .. } = *self;
        // What the work captured goes before the caller goes on.
        drop(work);
        answer(match (result, batch.error()) {
            // A refusal stands, whatever became of the batch.
            (Some(Err(own)), _) => Err(own),
            (Some(Ok(_)) | None, Some(error)) => Err(E::from(error)),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(E::from(stopped())),
        });
    }
}

fn in_savepoint<T, E: From<StoreError>>(
    writer: &mut Writer,
    name: &'static str,
    work: &mut impl FnMut(&mut Tx<'_>) -> Result<T, E>,
) -> (Result<T, E>, Ran) {
    let conn = &mut writer.conn;
    if let Err(error) = DbConn::begin_transaction(conn) {
        return (Err(StoreError::from(error).into()), Ran::Lost);
    }
    writer.watch.reset();
    let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut Tx::new(conn))));
    let error = match outcome {
        Ok(Ok(value)) => match keep(conn, &writer.watch, name) {
            Ok(()) => return (Ok(value), Ran::Contained),
            Err(error) => E::from(error),
        },
        Ok(Err(error)) => error,
        // The hook has printed where.
        Err(_) => E::from(StoreError::Panicked { name }),
    };
    let ran = if unwind(conn, 1) { Ran::Contained } else { Ran::Lost };
    (Err(error), ran)
}

fn keep(conn: &mut DbConn, watch: &Watch, name: &'static str) -> Result<(), StoreError> {
    if watch.failed() {
        return Err(swallowed(name));
    }
    if depth(conn) != Some(2) {
        return Err(StoreError::Unavailable { why: format!("`{name}` left a transaction open, or closed ours") });
    }
    Ok(DbConn::commit_transaction(conn)?)
}

/// Work that goes on after a failed statement would store half of what it meant on SQLite, and nothing at all on
/// PostgreSQL, whose COMMIT then rolls back without a word.
pub(super) fn swallowed(name: &'static str) -> StoreError {
    StoreError::Unsupported {
        what: format!("`{name}` went on after a failed statement and was undone; use a savepoint to try something"),
    }
}

struct Worker {
    location: Location,
    wal: PathBuf,
    writer: Option<Writer>,
    queue: Receiver<Box<dyn Job>>,
}

impl Worker {
    fn run(mut self) {
        ON_LANE.set(true);
        let mut waiting = VecDeque::with_capacity(BATCH);
        let mut rest = Some(IDLE);
        loop {
            if waiting.is_empty() {
                let next = match rest {
                    Some(time) => self.queue.recv_timeout(time),
                    None => self.queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
                };
                match next {
                    Ok(job) => waiting.push_back(job),
                    Err(RecvTimeoutError::Timeout) => {
                        rest = if self.fold_log(WAL_WORTH_TRUNCATING) { None } else { Some(IDLE_AGAIN) };
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            while waiting.len() < BATCH
                && let Ok(job) = self.queue.try_recv()
            {
                waiting.push_back(job);
            }
            self.batch(&mut waiting);
            rest = Some(IDLE);
        }
        self.fold_log(0);
    }

    /// Runs as many of the waiting jobs as fit into one transaction, and answers them.
    fn batch(&mut self, waiting: &mut VecDeque<Box<dyn Job>>) {
        let mut done = Vec::with_capacity(waiting.len());
        let outcome = match self.begin() {
            Ok(mut writer) => {
                let outcome = run_and_commit(&mut writer, waiting, &mut done);
                // After anything but success the connection's state is not worth guessing at.
                if let Batch::Stored = outcome {
                    self.writer = Some(writer);
                }
                outcome
            }
            Err(outcome) => {
                done.extend(waiting.drain(..));
                outcome
            }
        };
        if let Some(error) = outcome.error() {
            error!(jobs = done.len(), %error, "a batch of changes failed");
        }
        for job in done {
            if catch_unwind(AssertUnwindSafe(|| job.answer(&outcome))).is_err() {
                error!("answering a caller panicked");
            }
        }
    }

    /// The write connection with an open transaction.
    fn begin(&mut self) -> Result<Writer, Batch> {
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => Writer::open(&self.location).map_err(|error| Batch::Lost(error.to_string()))?,
        };
        match begin(&mut writer.conn, "BEGIN IMMEDIATE").map_err(StoreError::from) {
            Ok(()) => Ok(writer),
            Err(StoreError::Busy) => {
                self.writer = Some(writer);
                Err(Batch::Busy)
            }
            Err(error) => Err(Batch::Lost(error.to_string())),
        }
    }

    /// Moves the write-ahead log into the file and empties it. `false`: a reader still needs it, come back later.
    fn fold_log(&mut self, worth: u64) -> bool {
        let size = std::fs::metadata(&self.wal).map_or(0, |file| file.len());
        if size <= worth {
            return true;
        }
        let Some(writer) = &mut self.writer else { return true };
        // Never waits for readers: somebody may want to write meanwhile.
        let conn = &mut writer.conn;
        let folded = conn
            .batch_execute("PRAGMA busy_timeout = 0")
            .and_then(|()| conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)"));
        if let Err(error) = conn.batch_execute("PRAGMA busy_timeout = 5000") {
            warn!(%error, "the write connection was replaced");
            self.writer = None;
        }
        if let Err(error) = folded {
            warn!(%error, "the write-ahead log could not be folded into the file");
        }
        std::fs::metadata(&self.wal).map_or(0, |file| file.len()) < size
    }
}

fn run_and_commit(writer: &mut Writer, waiting: &mut VecDeque<Box<dyn Job>>, done: &mut Vec<Box<dyn Job>>) -> Batch {
    let started = Instant::now();
    while let Some(mut job) = waiting.pop_front() {
        let ran = job.run(writer);
        done.push(job);
        if ran == Ran::Lost {
            return Batch::Lost("a change failed in a way that undid all changes made with it; try again".to_owned());
        }
        if started.elapsed() > BATCH_TIME {
            break;
        }
    }
    match DbConn::commit_transaction(&mut writer.conn) {
        Ok(()) => Batch::Stored,
        // Out of space, the log's last frame is not whole, and an earlier end of the log counts: certainly not stored.
        // After a failed fsync, in contrast, the frame may be there, and count after a crash.
        Err(error) if error.to_string().contains("disk is full") => Batch::Lost(error.to_string()),
        Err(error) => Batch::Unknown(error.to_string()),
    }
}

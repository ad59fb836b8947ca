//! Everything that is kept: the only module that knows SQL.
//!
//! One store for two engines. SQLite is written by one thread that commits many callers' work at once
//! ([`Store::write`], `lane.rs`); PostgreSQL by a pool, with retries (`retry.rs`). Reading goes through a pool whose
//! connections refuse to write on either engine, so a change can happen only where a [`Tx`] is at hand.

// SQLite and PostgreSQL are names, not code.
#![allow(clippy::doc_markdown)]

mod error;
mod location;

pub mod aggregate;
pub mod backup;
pub mod conn;
pub mod integrity;
pub mod journal;
mod lane;
pub mod migrate;
mod mounts;
mod retry;
pub mod room;
pub mod schema;
pub mod sql_types;
pub mod tables;

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::File;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use diesel::r2d2::{HandleError, Pool, PooledConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::warn;

pub use conn::DbConn;
pub use error::StoreError;

use conn::{Manager, Purpose, connect};
use lane::{Lane, Typed};
use location::Location;

/// Which database engine holds the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one: a file, one writing process at a time.
    Sqlite,
    /// A server, or anything that speaks its wire protocol.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// How to open a store.
#[derive(Debug, Clone, Copy)]
pub struct OpenOptions {
    /// Make the SQLite file (or the tables, in an empty PostgreSQL database) if there is nothing yet.
    pub create: bool,
    /// Bring an older schema up to date, after a backup.
    pub migrate: bool,
    /// Take the lock that keeps a second server off an SQLite file. The command line works without it.
    pub exclusive: bool,
    /// How many connections to keep: for reading on SQLite, for everything on PostgreSQL.
    pub readers: u32,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { create: false, migrate: false, exclusive: false, readers: 8 }
    }
}

/// How long to wait for others who are opening the same database.
const OPENING: Duration = Duration::from_secs(5);

/// The way to the data. Cloning is cheap; when the last clone goes, waiting changes are stored first.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    location: Location,
    pool: Pool<Manager>,
    writing: Writing,
}

enum Writing {
    /// In this order: the lane ends before the lock is given up.
    Lane { lane: Lane, _lock: Option<File> },
    /// The pool, and the gate in front of it.
    Pool { gate: Gate },
}

impl Store {
    /// Opens the database at `sqlite:PATH`, `postgres://…` or `postgresql://…`, after making sure that it is ours and
    /// that this program knows its schema.
    pub fn open(url: &str, options: OpenOptions) -> Result<Self, StoreError> {
        let location = Location::parse(url)?;
        let until = Instant::now() + OPENING;
        loop {
            match Self::open_once(&location, options) {
                // Another process is making the file, turning its log on or recovering it: SQLite gives up on that at
                // once, whatever `busy_timeout` says.
                Err(StoreError::Busy) if Instant::now() < until => std::thread::sleep(OPENING / 250),
                outcome => return outcome,
            }
        }
    }

    fn open_once(location: &Location, options: OpenOptions) -> Result<Self, StoreError> {
        let writing = match location {
            Location::Sqlite(path) => open_sqlite(path, options)?,
            Location::Postgres { .. } => {
                migrate::prepare_postgres(location, options)?;
                Writing::Pool { gate: Gate::new(options.readers) }
            }
        };
        let pool = Pool::builder()
            .max_size(options.readers.max(1))
            .min_idle(Some(1))
            // A file's connections do not wear out. A server's are renewed, so that a failover is followed.
            .max_lifetime(matches!(writing, Writing::Pool { .. }).then_some(Duration::from_mins(30)))
            .connection_timeout(Duration::from_secs(2))
            .error_handler(Box::new(LogPoolErrors))
            .build_unchecked(Manager(location.clone()));
        Ok(Self { inner: Arc::new(Inner { location: location.clone(), pool, writing }) })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self.inner.location {
            Location::Sqlite(_) => Engine::Sqlite,
            Location::Postgres { .. } => Engine::Postgres,
        }
    }

    /// The SQLite file.
    pub fn path(&self) -> Option<&Path> {
        match &self.inner.location {
            Location::Sqlite(path) => Some(path),
            Location::Postgres { .. } => None,
        }
    }

    /// Runs `work` as one durable transaction: when this returns `Ok`, the change is on disk; when it returns an
    /// error other than [`StoreError::CommitUnknown`], nothing was changed.
    ///
    /// `work` may run more than once (PostgreSQL retries), so it must not have effects of its own. It blocks all
    /// other writers on SQLite, so hashing, parsing and rendering come before. If the caller goes away, the work is
    /// done all the same. `name` is for the log.
    pub async fn write<T, E>(
        &self,
        name: &'static str,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.inner.writing {
            Writing::Lane { lane, .. } => {
                let (sender, receiver) = tokio::sync::oneshot::channel();
                lane.offer(Typed::boxed(name, work, move |result| {
                    // The caller may be gone; the change is stored all the same.
                    drop(sender.send(result));
                }))?;
                receiver.await.unwrap_or_else(|_| Err(lane::stopped().into()))
            }
            Writing::Pool { gate } => {
                let pass = gate.enter().await?;
                let inner = Arc::clone(&self.inner);
                in_background(name, move || {
                    let _pass = pass;
                    retry::write(&inner.pool, name, work)
                })
                .await
            }
        }
    }

    /// [`Store::write`] for code that blocks: the command line, imports. Waits for a place in the queue.
    pub fn write_now<T, E>(
        &self,
        name: &'static str,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.inner.writing {
            Writing::Lane { lane, .. } => {
                if lane::on_lane() {
                    let what = format!("`{name}` was started inside another transaction; hand it the `Tx` instead");
                    return Err(StoreError::Unsupported { what }.into());
                }
                let (sender, receiver) = mpsc::sync_channel(1);
                lane.push(Typed::boxed(name, work, move |result| drop(sender.send(result))))?;
                receiver.recv().unwrap_or_else(|_| Err(lane::stopped().into()))
            }
            Writing::Pool { .. } => retry::write(&self.inner.pool, name, work),
        }
    }

    /// Reads on this thread. Right on SQLite, where it takes 12–50 µs; on PostgreSQL, for code that may block.
    pub fn read_now<T, E>(&self, read: impl FnOnce(&mut DbConn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let mut pooled = checkout(&self.inner.pool)?;
        read(&mut pooled.conn)
    }

    /// Reads: on SQLite at once on this thread (a hop to another would cost more than the read), on PostgreSQL on the
    /// runtime's blocking threads.
    pub async fn read<T, E>(&self, read: impl FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.inner.writing {
            Writing::Lane { .. } => self.read_now(read),
            Writing::Pool { gate } => {
                let pass = gate.enter().await?;
                let store = self.clone();
                in_background("read", move || {
                    let _pass = pass;
                    store.read_now(read)
                })
                .await
            }
        }
    }

    /// Reads for as long as it takes, on a connection of its own, everything as it was at one moment: for exports and
    /// verification. Blocks.
    pub fn snapshot<T, E>(&self, read: impl FnOnce(&mut DbConn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let mut conn = connect(&self.inner.location, Purpose::Snapshot)?;
        begin_snapshot(&mut conn)?;
        let result = read(&mut conn);
        conn::unwind(&mut conn, 0);
        result
    }

    fn location(&self) -> &Location {
        &self.inner.location
    }
}

fn begin_snapshot(conn: &mut DbConn) -> Result<(), StoreError> {
    use diesel::connection::SimpleConnection as _;
    match conn {
        DbConn::Sqlite(_) => {
            conn::begin(conn, "BEGIN DEFERRED")?;
            // SQLite's snapshot starts with the first read.
            conn.batch_execute("SELECT count(*) FROM sqlite_schema")?;
        }
        DbConn::Pg(_) => conn::begin(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?,
    }
    Ok(())
}

/// An open write transaction. Only [`Store::write`] makes one, so what takes a `Tx` cannot run outside of one.
pub struct Tx<'a> {
    conn: &'a mut DbConn,
}

impl<'a> Tx<'a> {
    fn new(conn: &'a mut DbConn) -> Self {
        Self { conn }
    }

    /// Tries something that may fail without undoing what came before it: for imports that answer row by row.
    pub fn savepoint<T, E>(&mut self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        use diesel::connection::TransactionManager as _;
        DbConn::begin_transaction(self.conn).map_err(StoreError::from)?;
        let result = work(&mut Tx::new(self.conn));
        if result.is_ok() {
            DbConn::commit_transaction(self.conn).map_err(StoreError::from)?;
        } else {
            DbConn::rollback_transaction(self.conn).map_err(StoreError::from)?;
        }
        result
    }
}

impl Deref for Tx<'_> {
    type Target = DbConn;

    fn deref(&self) -> &DbConn {
        self.conn
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut DbConn {
        self.conn
    }
}

fn open_sqlite(path: &Path, options: OpenOptions) -> Result<Writing, StoreError> {
    let is_new = migrate::look_at_file(path, options.create)?;
    mounts::refuse_network(path)?;
    let lock = if options.exclusive { Some(take_lock(path)?) } else { None };
    if is_new {
        create_private(path)?;
    }
    migrate::prepare_sqlite(path, is_new, options)?;
    Ok(Writing::Lane { lane: Lane::start(path)?, _lock: lock })
}

/// Patient data: readable by its owner only. SQLite gives its side files the same mode.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(StoreError::file(format!("cannot create {}", path.display())))
}

fn take_lock(path: &Path) -> Result<File, StoreError> {
    // Two names of one file (a link, a relative path) are one lock.
    let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let mut name = real.as_os_str().to_owned();
    name.push(".lock");
    let lock_path = PathBuf::from(name);
    create_private(&lock_path)?;
    let failed = || StoreError::file(format!("cannot lock {}", lock_path.display()));
    let file = File::options().append(true).open(&lock_path).map_err(failed())?;
    // The file stays when we go: removing it would let two servers lock two different files of that name.
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse { what: path.display().to_string() }),
        Err(std::fs::TryLockError::Error(error)) => Err(failed()(error)),
    }
}

fn checkout(pool: &Pool<Manager>) -> Result<PooledConnection<Manager>, StoreError> {
    pool.get().map_err(|error| {
        // r2d2 appends the last failure to connect, and only as text; without one, every connection is simply taken.
        match error.to_string().split_once("waiting for connection: ") {
            Some((_, why)) => {
                let why = why.rsplit("nothing was changed: ").next().unwrap_or(why);
                StoreError::Unavailable { why: why.to_owned() }
            }
            None => StoreError::Busy,
        }
    })
}

async fn in_background<T, E>(name: &'static str, work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(failure) if failure.is_panic() => Err(StoreError::Panicked { name }.into()),
        Err(_) => Err(StoreError::Unavailable { why: "the program is shutting down".to_owned() }.into()),
    }
}

/// Lets callers to the pool one by one, in the order in which they came. Without it, each would hold a thread while it
/// waits, and the pool, which keeps no order, would let some of them wait for a second.
struct Gate {
    waiting: Arc<AtomicUsize>,
    open: Arc<Semaphore>,
}

/// The right to one of the pool's connections. Given back when dropped.
struct Pass {
    _place: Place,
    _permit: OwnedSemaphorePermit,
}

impl Gate {
    fn new(connections: u32) -> Self {
        let connections = usize::try_from(connections.max(1)).unwrap_or(1);
        Self { waiting: Arc::default(), open: Arc::new(Semaphore::new(connections)) }
    }

    /// As many may wait as in the lane's queue.
    async fn enter(&self) -> Result<Pass, StoreError> {
        let place = Place(Arc::clone(&self.waiting));
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= lane::QUEUE {
            return Err(StoreError::Busy);
        }
        match Arc::clone(&self.open).acquire_owned().await {
            Ok(permit) => Ok(Pass { _place: place, _permit: permit }),
            Err(_) => Err(StoreError::Unavailable { why: "the program is shutting down".to_owned() }),
        }
    }
}

struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Debug)]
struct LogPoolErrors;

impl HandleError<StoreError> for LogPoolErrors {
    fn handle_error(&self, error: StoreError) {
        warn!(%error, "a database connection failed");
    }
}

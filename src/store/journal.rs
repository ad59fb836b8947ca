//! The append-only journal: one chain of SHA-256 hashes per stream.
//!
//! The chain shows that an entry was changed, removed from the middle or reordered. It cannot show that the end was
//! cut off, nor that an entry was true when it was written.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use diesel::dsl::{max, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::schema::journal;
use super::sql_types::{DbId, DbMoment};
use super::{DbConn, StoreError, Tx};

/// What the first entry of a stream has as its previous hash.
pub const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// How many entries are in memory at once while all are read.
const PAGE: i64 = 500;

/// Set apart from anything else that is hashed, and changed if the encoding ever changes.
const FORM: &[u8] = b"trephine journal 1";

/// One entry, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The order of arrival in this database, with gaps. Not covered by the hash: the engine gives it out.
    pub position: i64,
    /// Whose history this is, such as one case.
    pub stream: String,
    /// 1, 2, 3 … within the stream.
    pub seq: i64,
    /// The server's clock.
    pub recorded_at: DateTime<Utc>,
    /// What the user stated.
    pub occurred_at: Option<DateTime<Utc>>,
    /// Who did it.
    pub actor_id: Uuid,
    /// Their name at the time.
    pub actor: String,
    /// What was done.
    pub command: String,
    /// Why, where a reason was given.
    pub reason: Option<String>,
    /// The request that asked for it.
    pub request_id: String,
    /// What changed: canonical JSON, exactly the bytes that were hashed.
    pub body: String,
    /// The hash of the entry before, or [`START`].
    pub previous: String,
    /// This entry's hash, 64 hexadecimal digits.
    pub hash: String,
}

/// What the caller knows of an entry to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// See [`Entry::stream`].
    pub stream: String,
    /// See [`Entry::recorded_at`].
    pub recorded_at: DateTime<Utc>,
    /// See [`Entry::occurred_at`].
    pub occurred_at: Option<DateTime<Utc>>,
    /// See [`Entry::actor_id`].
    pub actor_id: Uuid,
    /// See [`Entry::actor`].
    pub actor: String,
    /// See [`Entry::command`].
    pub command: String,
    /// See [`Entry::reason`].
    pub reason: Option<String>,
    /// See [`Entry::request_id`].
    pub request_id: String,
    /// See [`Entry::body`].
    pub body: String,
}

/// The end of a stream after an append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The new entry's place in the database.
    pub position: i64,
    /// Its number in the stream.
    pub seq: i64,
    /// Its hash, the next entry's `previous`.
    pub hash: String,
}

/// Adds an entry to its stream.
///
/// `head` is the stream's last number and hash, for a caller that keeps them (a case's row does; a new stream's are
/// `(0, START)`): without it they are looked up. A wrong one is refused as a [`StoreError::Conflict`] if the number
/// is taken, and found by verification otherwise.
pub fn append(tx: &mut Tx<'_>, head: Option<(i64, String)>, new: NewEntry) -> Result<Head, StoreError> {
    refuse_nul(&new)?;
    let (last, previous) = match head {
        Some(head) => head,
        None => journal::table
            .filter(journal::stream.eq(&new.stream))
            .order(journal::seq.desc())
            .select((journal::seq, journal::hash))
            .first(&mut **tx)
            .optional()?
            .unwrap_or_else(|| (0, START.to_owned())),
    };
    let NewEntry { stream, recorded_at, occurred_at, actor_id, actor, command, reason, request_id, body } = new;
    let mut entry = Entry {
        position: 0,
        stream,
        seq: last + 1,
        recorded_at,
        occurred_at,
        actor_id,
        actor,
        command,
        reason,
        request_id,
        body,
        previous,
        hash: String::new(),
    };
    entry.hash = recompute(&entry);
    let position = diesel::insert_into(journal::table)
        .values((
            journal::stream.eq(&entry.stream),
            journal::seq.eq(entry.seq),
            journal::recorded_at.eq(DbMoment(entry.recorded_at)),
            journal::occurred_at.eq(entry.occurred_at.map(DbMoment)),
            journal::actor_id.eq(DbId(entry.actor_id)),
            journal::actor.eq(&entry.actor),
            journal::command.eq(&entry.command),
            journal::reason.eq(&entry.reason),
            journal::request_id.eq(&entry.request_id),
            journal::body.eq(&entry.body),
            journal::previous.eq(&entry.previous),
            journal::hash.eq(&entry.hash),
        ))
        .returning(journal::position)
        .get_result(&mut **tx)?;
    Ok(Head { position, seq: entry.seq, hash: entry.hash })
}

/// PostgreSQL's text cannot hold this character; SQLite's can, and would then differ.
fn refuse_nul(new: &NewEntry) -> Result<(), StoreError> {
    let texts = [&new.stream, &new.actor, &new.command, &new.request_id, &new.body];
    if texts.into_iter().chain(&new.reason).any(|text| text.contains('\0')) {
        return Err(StoreError::Unstorable { what: "a NUL character in a journal entry".to_owned() });
    }
    Ok(())
}

/// The hash that the entry should have, from everything in it but its position and its hash.
pub fn recompute(entry: &Entry) -> String {
    let mut hasher = Sha256::new();
    hasher.update(FORM);
    field(&mut hasher, entry.previous.as_bytes());
    field(&mut hasher, entry.stream.as_bytes());
    field(&mut hasher, &entry.seq.to_be_bytes());
    field(&mut hasher, &entry.recorded_at.timestamp_micros().to_be_bytes());
    optional(&mut hasher, entry.occurred_at.map(|at| at.timestamp_micros().to_be_bytes()));
    field(&mut hasher, entry.actor_id.as_bytes());
    field(&mut hasher, entry.actor.as_bytes());
    field(&mut hasher, entry.command.as_bytes());
    optional(&mut hasher, entry.reason.as_ref());
    field(&mut hasher, entry.request_id.as_bytes());
    field(&mut hasher, entry.body.as_bytes());
    hex(&hasher.finalize())
}

/// The length first, so that no two entries have the same bytes in a row.
fn field(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update((bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}

/// Absent and empty must differ.
fn optional(hasher: &mut Sha256, value: Option<impl AsRef<[u8]>>) {
    match value {
        None => hasher.update([0]),
        Some(bytes) => {
            hasher.update([1]);
            field(hasher, bytes.as_ref());
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

type Row = (
    i64,
    String,
    i64,
    DbMoment,
    Option<DbMoment>,
    DbId,
    String,
    String,
    Option<String>,
    String,
    String,
    String,
    String,
);

fn entry(row: Row) -> Entry {
    let (
        position,
        stream,
        seq,
        recorded_at,
        occurred_at,
        actor_id,
        actor,
        command,
        reason,
        request_id,
        body,
        previous,
        hash,
    ) = row;
    Entry {
        position,
        stream,
        seq,
        recorded_at: recorded_at.0,
        occurred_at: occurred_at.map(|at| at.0),
        actor_id: actor_id.0,
        actor,
        command,
        reason,
        request_id,
        body,
        previous,
        hash,
    }
}

/// A whole stream, oldest first.
pub fn stream(conn: &mut DbConn, name: &str) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> = journal::table.filter(journal::stream.eq(name)).order(journal::seq).load(conn)?;
    Ok(rows.into_iter().map(entry).collect())
}

/// These streams, oldest entry first.
pub fn streams_named(conn: &mut DbConn, names: Vec<String>) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> = journal::table.filter(journal::stream.eq_any(names)).order(journal::position).load(conn)?;
    Ok(rows.into_iter().map(entry).collect())
}

/// That something was done, without what: for telling people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// See [`Entry::position`].
    pub position: i64,
    /// See [`Entry::stream`].
    pub stream: String,
    /// See [`Entry::seq`].
    pub seq: i64,
    /// See [`Entry::recorded_at`].
    pub recorded_at: DateTime<Utc>,
    /// See [`Entry::actor_id`].
    pub actor_id: Uuid,
    /// See [`Entry::command`].
    pub command: String,
}

/// What was done in these streams since a moment, newest first.
pub fn marks(conn: &mut DbConn, streams: Vec<String>, since: DateTime<Utc>) -> Result<Vec<Mark>, StoreError> {
    let rows: Vec<(i64, String, i64, DbMoment, DbId, String)> = journal::table
        .filter(journal::stream.eq_any(streams))
        .filter(journal::recorded_at.ge(DbMoment(since)))
        .order(journal::position.desc())
        .select((
            journal::position,
            journal::stream,
            journal::seq,
            journal::recorded_at,
            journal::actor_id,
            journal::command,
        ))
        .load(conn)?;
    let mark = |(position, stream, seq, at, by, command): (i64, String, i64, DbMoment, DbId, String)| Mark {
        position,
        stream,
        seq,
        recorded_at: at.0,
        actor_id: by.0,
        command,
    };
    Ok(rows.into_iter().map(mark).collect())
}

/// The entries at these positions, newest first.
pub fn at(conn: &mut DbConn, positions: Vec<i64>) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> =
        journal::table.filter(journal::position.eq_any(positions)).order(journal::position.desc()).load(conn)?;
    Ok(rows.into_iter().map(entry).collect())
}

/// When an entry of a stream was recorded.
pub fn recorded_at(conn: &mut DbConn, name: &str, seq: i64) -> Result<Option<DateTime<Utc>>, StoreError> {
    let at: Option<DbMoment> = journal::table
        .filter(journal::stream.eq(name))
        .filter(journal::seq.eq(seq))
        .select(journal::recorded_at)
        .first(conn)
        .optional()?;
    Ok(at.map(|at| at.0))
}

/// One entry of a stream.
pub fn numbered(conn: &mut DbConn, name: &str, seq: i64) -> Result<Option<Entry>, StoreError> {
    let row: Option<Row> =
        journal::table.filter(journal::stream.eq(name)).filter(journal::seq.eq(seq)).first(conn).optional()?;
    Ok(row.map(entry))
}

/// Up to `limit` entries after a position, in the order of positions.
///
/// On SQLite a position that was not seen will never appear. On PostgreSQL it may: of two transactions that run at
/// once, the one with the higher position may commit first. Who must miss nothing there uses a [`Follower`].
pub fn after(conn: &mut DbConn, position: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> =
        journal::table.filter(journal::position.gt(position)).order(journal::position).limit(limit).load(conn)?;
    Ok(rows.into_iter().map(entry).collect())
}

/// [`after`], up to the first gap that a transaction still under way may fill: for readers who remember nothing but
/// the last position. A gap is final when nobody is writing to the journal, or when it is older than [`LATE`].
pub fn settled_after(
    conn: &mut DbConn,
    position: i64,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Entry>, StoreError> {
    let mut entries = after(conn, position, limit)?;
    // A single writer commits in the order of its numbers.
    if matches!(conn, DbConn::Sqlite(_)) || settled(&entries, position, now) == entries.len() {
        return Ok(entries);
    }
    // Who may still fill a gap before what was just read has held this lock since before that was read.
    let writers = "SELECT 'x' AS value FROM pg_locks WHERE relation = 'journal'::regclass \
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
                   AND mode = 'RowExclusiveLock' AND granted LIMIT 1";
    if super::conn::texts(conn, writers)?.is_empty() {
        let last = entries.last().map_or(position, |entry| entry.position);
        entries = after(conn, position, limit)?;
        entries.retain(|entry| entry.position <= last);
    } else {
        entries.truncate(settled(&entries, position, now));
    }
    Ok(entries)
}

/// How many of these come before the first gap that may still be filled.
fn settled(entries: &[Entry], position: i64, now: DateTime<Utc>) -> usize {
    let mut next = position.max(0).saturating_add(1);
    let settled = entries.iter().take_while(|entry| {
        let fits = entry.position == next || (now - entry.recorded_at).to_std().is_ok_and(|age| age > LATE);
        next = entry.position.saturating_add(1);
        fits
    });
    settled.count()
}

/// How long a position that was skipped may still be filled: longer than any transaction is allowed to live.
const LATE: Duration = Duration::from_mins(1);
/// How many skipped positions are remembered. Engines that give out numbers with large holes need only the last.
const GAPS: i64 = 1_000;

/// Reads the journal as it grows and misses nothing, late comers included: how one node learns what others did.
#[derive(Debug, Clone)]
pub struct Follower {
    position: i64,
    gaps: BTreeMap<i64, Instant>,
}

impl Follower {
    /// Starts after a position, such as [`newest`].
    pub fn after(position: i64) -> Self {
        Self { position, gaps: BTreeMap::new() }
    }

    /// Up to `limit` entries that are new, each given out once; late comers first, and beyond the limit.
    pub fn next(&mut self, conn: &mut DbConn, limit: i64) -> Result<Vec<Entry>, StoreError> {
        let mut found = self.late(conn)?;
        for entry in after(conn, self.position, limit)? {
            let skipped = (self.position + 1).max(entry.position - GAPS)..entry.position;
            // A single writer commits in the order of its numbers: there, a gap is only a change that was undone.
            if let DbConn::Pg(_) = conn {
                self.gaps.extend(skipped.map(|position| (position, Instant::now())));
            }
            self.position = entry.position;
            found.push(entry);
        }
        Ok(found)
    }

    fn late(&mut self, conn: &mut DbConn) -> Result<Vec<Entry>, StoreError> {
        if self.gaps.is_empty() {
            return Ok(Vec::new());
        }
        let wanted: Vec<i64> = self.gaps.keys().copied().collect();
        let rows: Vec<Row> =
            journal::table.filter(journal::position.eq_any(wanted)).order(journal::position).load(conn)?;
        let found: Vec<Entry> = rows.into_iter().map(entry).collect();
        for entry in &found {
            self.gaps.remove(&entry.position);
        }
        self.gaps.retain(|_, since| since.elapsed() < LATE);
        Ok(found)
    }
}

/// Which entries somebody looks for. Absent means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// Only of this stream.
    pub stream: Option<String>,
    /// Only by this person (login name at the time).
    pub actor: Option<String>,
    /// Only commands that begin so: `user.`, `specimen.reject`.
    pub command: Option<String>,
    /// Recorded at or after.
    pub from: Option<DateTime<Utc>>,
    /// Recorded before.
    pub until: Option<DateTime<Utc>>,
}

/// Up to `limit` entries that fit, the newest first, before a position.
pub fn look(conn: &mut DbConn, look: &Look, before: Option<i64>, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let mut query = journal::table.into_boxed::<super::conn::MultiBackend>();
    if let Some(stream) = &look.stream {
        query = query.filter(journal::stream.eq(stream.clone()));
    }
    if let Some(actor) = &look.actor {
        query = query.filter(journal::actor.eq(actor.clone()));
    }
    if let Some(command) = &look.command {
        let beginning = command.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.filter(journal::command.like(format!("{beginning}%")).escape('\\'));
    }
    if let Some(from) = look.from {
        query = query.filter(journal::recorded_at.ge(DbMoment(from)));
    }
    if let Some(until) = look.until {
        query = query.filter(journal::recorded_at.lt(DbMoment(until)));
    }
    if let Some(before) = before {
        query = query.filter(journal::position.lt(before));
    }
    let rows: Vec<Row> = query.order(journal::position.desc()).limit(limit).load(conn)?;
    Ok(rows.into_iter().map(entry).collect())
}

/// When each person last did something in a stream with a command, by account.
pub fn last_by_actor(conn: &mut DbConn, stream: &str, command: &str) -> Result<Vec<(Uuid, DateTime<Utc>)>, StoreError> {
    let last: Vec<(DbId, Option<i64>)> = journal::table
        .filter(journal::stream.eq(stream))
        .filter(journal::command.eq(command))
        .group_by(journal::actor_id)
        .select((journal::actor_id, max(journal::position)))
        .load(conn)?;
    let positions: Vec<i64> = last.into_iter().filter_map(|(_, position)| position).collect();
    let rows: Vec<(DbId, DbMoment)> = journal::table
        .filter(journal::position.eq_any(positions))
        .select((journal::actor_id, journal::recorded_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, at)| (id.0, at.0)).collect())
}

/// The newest position, 0 for an empty journal.
pub fn newest(conn: &mut DbConn) -> Result<i64, StoreError> {
    let newest: Option<i64> = journal::table.select(max(journal::position)).get_result(conn)?;
    Ok(newest.unwrap_or(0))
}

/// Every stream with the number of its last entry, in the order of names.
pub fn streams(conn: &mut DbConn) -> Result<Vec<(String, i64)>, StoreError> {
    let rows: Vec<(String, Option<i64>)> = journal::table
        .group_by(journal::stream)
        .select((journal::stream, max(journal::seq)))
        .order(journal::stream)
        .load(conn)?;
    Ok(rows.into_iter().map(|(name, last)| (name, last.unwrap_or(0))).collect())
}

/// Hands every entry to `visit`, stream by stream, oldest first, a few hundred in memory at a time. Call it inside
/// [`super::Store::snapshot`], or the pages are of different moments.
pub fn each<E: From<StoreError>>(conn: &mut DbConn, mut visit: impl FnMut(Entry) -> Result<(), E>) -> Result<(), E> {
    let mut last: Option<(String, i64)> = None;
    loop {
        let page = page(conn, last.as_ref())?;
        let Some(end) = page.last() else { return Ok(()) };
        last = Some((end.stream.clone(), end.seq));
        for entry in page {
            visit(entry)?;
        }
    }
}

fn page(conn: &mut DbConn, after: Option<&(String, i64)>) -> Result<Vec<Entry>, StoreError> {
    let mut query = journal::table.order((journal::stream, journal::seq)).limit(PAGE).into_boxed();
    if let Some((stream, seq)) = after {
        // A row comparison goes straight through the unique index on both engines.
        query = query
            .filter(sql::<Bool>("(stream, seq) > (").bind::<Text, _>(stream).sql(", ").bind::<BigInt, _>(seq).sql(")"));
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows.into_iter().map(entry).collect())
}

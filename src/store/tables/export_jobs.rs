//! Exports that run beside the pages. A row lives as long as its file.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::store::schema::{export_jobs, users};
use crate::store::sql_types::{DbId, DbJson, DbMoment};
use crate::store::{DbConn, StoreError, Tx};

/// One export, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportJob {
    /// Identity.
    pub id: Uuid,
    /// Who asked for it.
    pub user_id: Uuid,
    /// Their login name.
    pub user: String,
    /// Which table.
    pub dataset: String,
    /// What was asked for, JSON.
    pub request: String,
    /// `queued`, `running`, `done`, `failed` or `canceled`.
    pub state: String,
    /// How far it is.
    pub reach: Reach,
    /// Size of the file, bytes, once it is done.
    pub bytes: Option<u64>,
    /// Name of the file in the exports' folder; there exactly when it is done.
    pub file: Option<String>,
    /// Why it failed, for whoever asked.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When the program that runs it last said so.
    pub seen_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// When row and file go.
    pub expires_at: DateTime<Utc>,
}

/// How far an export is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reach {
    /// Rows written.
    pub rows: u64,
    /// Cases read.
    pub cases: u64,
    /// Cases to read; 0 while they are not counted.
    pub cases_total: u64,
}

/// How an export ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// With a file.
    Done {
        /// Its name in the exports' folder.
        file: String,
        /// Its size.
        bytes: u64,
    },
    /// Without, and why.
    Failed(String),
    /// Somebody wanted it no more.
    Canceled,
}

type Progress = (i64, i64, i64);
type Times = (DbMoment, DbMoment, Option<DbMoment>, DbMoment);
type Row = (DbId, DbId, String, String, DbJson, String, Progress, Option<i64>, Option<String>, Option<String>, Times);

fn big(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

fn job(row: Row) -> ExportJob {
    let (id, user_id, user, dataset, request, state, (rows, cases, total), bytes, file, error, times) = row;
    let (created_at, seen_at, finished_at, expires_at) = times;
    ExportJob {
        id: id.0,
        user_id: user_id.0,
        user,
        dataset,
        request: request.0,
        state,
        reach: Reach { rows: count(rows), cases: count(cases), cases_total: count(total) },
        bytes: bytes.map(count),
        file,
        error,
        created_at: created_at.0,
        seen_at: seen_at.0,
        finished_at: finished_at.map(|at| at.0),
        expires_at: expires_at.0,
    }
}

macro_rules! selected {
    () => {
        export_jobs::table.inner_join(users::table).select((
            export_jobs::id,
            export_jobs::user_id,
            users::name,
            export_jobs::dataset,
            export_jobs::request,
            export_jobs::state,
            (export_jobs::rows_done, export_jobs::cases_done, export_jobs::cases_total),
            export_jobs::bytes,
            export_jobs::file,
            export_jobs::error,
            (export_jobs::created_at, export_jobs::seen_at, export_jobs::finished_at, export_jobs::expires_at),
        ))
    };
}

/// Adds an export that waits for its turn. Its progress, file and ending are not looked at.
pub fn insert(tx: &mut Tx<'_>, new: &ExportJob) -> Result<(), StoreError> {
    diesel::insert_into(export_jobs::table)
        .values((
            export_jobs::id.eq(DbId(new.id)),
            export_jobs::user_id.eq(DbId(new.user_id)),
            export_jobs::dataset.eq(&new.dataset),
            export_jobs::request.eq(DbJson(new.request.clone())),
            export_jobs::state.eq("queued"),
            export_jobs::rows_done.eq(0),
            export_jobs::cases_done.eq(0),
            export_jobs::cases_total.eq(0),
            export_jobs::created_at.eq(DbMoment(new.created_at)),
            export_jobs::seen_at.eq(DbMoment(new.seen_at)),
            export_jobs::expires_at.eq(DbMoment(new.expires_at)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Notes that it runs, and how far it is. `false`: it is over, or gone; whoever runs it stops.
pub fn progress(tx: &mut Tx<'_>, id: Uuid, reach: Reach, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let open = export_jobs::table.find(DbId(id)).filter(export_jobs::state.eq_any(["queued", "running"]));
    let rows = diesel::update(open)
        .set((
            export_jobs::state.eq("running"),
            export_jobs::rows_done.eq(big(reach.rows)),
            export_jobs::cases_done.eq(big(reach.cases)),
            export_jobs::cases_total.eq(big(reach.cases_total)),
            export_jobs::seen_at.eq(DbMoment(now)),
        ))
        .execute(&mut **tx)?;
    Ok(rows == 1)
}

/// Ends it. `false`: it had ended already.
pub fn end(tx: &mut Tx<'_>, id: Uuid, ending: &Ending, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let (state, file, bytes, error) = match ending {
        Ending::Done { file, bytes } => ("done", Some(file), Some(big(*bytes)), None),
        Ending::Failed(why) => ("failed", None, None, Some(why)),
        Ending::Canceled => ("canceled", None, None, None),
    };
    let open = export_jobs::table.find(DbId(id)).filter(export_jobs::state.eq_any(["queued", "running"]));
    let rows = diesel::update(open)
        .set((
            export_jobs::state.eq(state),
            export_jobs::file.eq(file),
            export_jobs::bytes.eq(bytes),
            export_jobs::error.eq(error),
            export_jobs::finished_at.eq(Some(DbMoment(now))),
        ))
        .execute(&mut **tx)?;
    Ok(rows == 1)
}

/// Ends everything that nobody has said a word about since then; says how many.
pub fn fail_silent(tx: &mut Tx<'_>, since: DateTime<Utc>, why: &str, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let silent = export_jobs::table
        .filter(export_jobs::state.eq_any(["queued", "running"]))
        .filter(export_jobs::seen_at.lt(DbMoment(since)));
    let rows = diesel::update(silent)
        .set((
            export_jobs::state.eq("failed"),
            export_jobs::error.eq(Some(why)),
            export_jobs::finished_at.eq(Some(DbMoment(now))),
        ))
        .execute(&mut **tx)?;
    Ok(rows)
}

/// One export.
pub fn find(conn: &mut DbConn, id: Uuid) -> Result<Option<ExportJob>, StoreError> {
    let row: Option<Row> = selected!().filter(export_jobs::id.eq(DbId(id))).first(conn).optional()?;
    Ok(row.map(job))
}

/// Everybody's or one person's, newest first.
pub fn list(conn: &mut DbConn, user_id: Option<Uuid>, most: i64) -> Result<Vec<ExportJob>, StoreError> {
    let order = (export_jobs::created_at.desc(), export_jobs::id.desc());
    let rows: Vec<Row> = match user_id {
        Some(id) => selected!().filter(export_jobs::user_id.eq(DbId(id))).order(order).limit(most).load(conn)?,
        None => selected!().order(order).limit(most).load(conn)?,
    };
    Ok(rows.into_iter().map(job).collect())
}

/// How many of a person's wait or run.
pub fn open_of(conn: &mut DbConn, user_id: Uuid) -> Result<u64, StoreError> {
    let n: i64 = export_jobs::table
        .filter(export_jobs::user_id.eq(DbId(user_id)))
        .filter(export_jobs::state.eq_any(["queued", "running"]))
        .count()
        .get_result(conn)?;
    Ok(count(n))
}

/// How many there are in each state, of those asked for since then.
pub fn tallies(conn: &mut DbConn, since: DateTime<Utc>) -> Result<Vec<(String, u64)>, StoreError> {
    let rows: Vec<(String, i64)> = export_jobs::table
        .filter(export_jobs::created_at.ge(DbMoment(since)))
        .group_by(export_jobs::state)
        .select((export_jobs::state, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(state, n)| (state, count(n))).collect())
}

/// Those whose time is over, with their files.
pub fn expired(conn: &mut DbConn, now: DateTime<Utc>) -> Result<Vec<(Uuid, Option<String>)>, StoreError> {
    let rows: Vec<(DbId, Option<String>)> = export_jobs::table
        .filter(export_jobs::expires_at.lt(DbMoment(now)))
        .order(export_jobs::expires_at)
        .select((export_jobs::id, export_jobs::file))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, file)| (id.0, file)).collect())
}

/// Removes a row, after its file.
pub fn delete(tx: &mut Tx<'_>, id: Uuid) -> Result<(), StoreError> {
    diesel::delete(export_jobs::table.find(DbId(id))).execute(&mut **tx)?;
    Ok(())
}

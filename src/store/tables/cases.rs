//! Cases: the header, and the columns that lists filter and sort by.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::{from_body, to_body};
use crate::domain::progress::Stage;
use crate::domain::{Accession, CaseHeader, CaseId, FAR, Moment, Patient, PatientId};
use crate::store::conn::{MultiBackend, on_backend};
use crate::store::schema::{cases, open, patients};
use crate::store::sql_types::{DbId, DbJson, DbMoment};
use crate::store::{DbConn, StoreError, Tx};
use crate::text_enum;

/// The last entry of a case's journal, kept with the case so that an append reads nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainHead {
    /// Its number: also how often anything about the case changed.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

/// What lists filter and sort by, derived from the whole case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derived {
    /// Where it stands.
    pub stage: Stage,
    /// When the first part was taken.
    pub collected_at: Option<Moment>,
    /// When the report can be expected.
    pub due_at: Option<Moment>,
    /// Whether an open assay was noticed to be overdue.
    pub late: bool,
    /// When the report was first signed as complete.
    pub closed_at: Option<Moment>,
    /// Since when the oldest part that is still to be taken again has been asked for.
    pub recollect_since: Option<Moment>,
    /// By when somebody must be told of the most pressing critical finding that nobody has heard yet.
    pub critical_due_at: Option<Moment>,
}

/// Adds a case. A taken `external_ref` is a [`StoreError::Conflict`].
pub fn insert(tx: &mut Tx<'_>, c: &CaseHeader, derived: Derived, head: &ChainHead) -> Result<(), StoreError> {
    diesel::insert_into(cases::table)
        .values((
            cases::id.eq(DbId(c.id.0)),
            cases::accession.eq(c.accession.to_string()),
            cases::external_ref.eq(&c.external_ref),
            cases::patient_id.eq(DbId(c.patient_id.0)),
            cases::indication.eq(c.indication.as_str()),
            cases::urgency.eq(c.urgency.name()),
            cases::requester.eq(&c.requester),
            cases::stage.eq(derived.stage.name()),
            cases::logged_at.eq(DbMoment(c.logged_at)),
            (
                cases::collected_at.eq(derived.collected_at.map(DbMoment)),
                cases::due_at.eq(derived.due_at.map(DbMoment)),
                cases::late.eq(derived.late),
                cases::closed_at.eq(derived.closed_at.map(DbMoment)),
                cases::recollect_since.eq(derived.recollect_since.map(DbMoment)),
                cases::critical_due_at.eq(derived.critical_due_at.map(DbMoment)),
                cases::version.eq(c.version),
                cases::journal_seq.eq(head.seq),
                cases::journal_hash.eq(&head.hash),
                cases::body.eq(to_body(c)?),
            ),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes a changed header (or `None`: it did not change) and the derived columns, if nobody wrote since `seen`.
pub fn update(
    tx: &mut Tx<'_>,
    id: CaseId,
    seen: i64,
    changed: Option<&CaseHeader>,
    derived: Derived,
    head: &ChainHead,
) -> Result<bool, StoreError> {
    let row = cases::table.filter(cases::id.eq(DbId(id.0))).filter(cases::journal_seq.eq(seen));
    let columns = (
        cases::stage.eq(derived.stage.name()),
        cases::collected_at.eq(derived.collected_at.map(DbMoment)),
        cases::due_at.eq(derived.due_at.map(DbMoment)),
        cases::late.eq(derived.late),
        cases::closed_at.eq(derived.closed_at.map(DbMoment)),
        cases::recollect_since.eq(derived.recollect_since.map(DbMoment)),
        cases::critical_due_at.eq(derived.critical_due_at.map(DbMoment)),
        cases::journal_seq.eq(head.seq),
        cases::journal_hash.eq(&head.hash),
    );
    let rows = match changed {
        Some(c) => diesel::update(row)
            .set((columns, cases::version.eq(c.version), cases::body.eq(to_body(c)?)))
            .execute(&mut **tx)?,
        None => diesel::update(row).set(columns).execute(&mut **tx)?,
    };
    Ok(rows == 1)
}

/// A case as loaded for a command: the header, whose it is, and its journal's head.
pub struct Loaded {
    /// The case as a whole.
    pub header: CaseHeader,
    /// Whose marrow.
    pub patient: Patient,
    /// Its journal's last entry.
    pub head: ChainHead,
}

/// Reads a case; `lock` holds its row until the COMMIT on PostgreSQL (on SQLite the lane serializes already).
pub fn find(conn: &mut DbConn, id: CaseId, lock: bool) -> Result<Option<Loaded>, StoreError> {
    if lock && let DbConn::Pg(pg) = conn {
        let found: Option<DbId> = cases::table.find(DbId(id.0)).select(cases::id).for_update().first(pg).optional()?;
        if found.is_none() {
            return Ok(None);
        }
    }
    let row: Option<(DbJson, DbJson, i64, String)> = cases::table
        .inner_join(patients::table)
        .filter(cases::id.eq(DbId(id.0)))
        .select((cases::body, patients::body, cases::journal_seq, cases::journal_hash))
        .first(conn)
        .optional()?;
    row.map(|(header, patient, seq, hash)| {
        Ok(Loaded { header: from_body(header)?, patient: from_body(patient)?, head: ChainHead { seq, hash } })
    })
    .transpose()
}

/// Which case has this number.
pub fn id_of(conn: &mut DbConn, accession: Accession) -> Result<Option<CaseId>, StoreError> {
    let id: Option<DbId> =
        cases::table.filter(cases::accession.eq(accession.to_string())).select(cases::id).first(conn).optional()?;
    Ok(id.map(|id| CaseId(id.0)))
}

/// The numbers of these cases.
pub fn accessions(conn: &mut DbConn, ids: &[CaseId]) -> Result<Vec<(CaseId, String)>, StoreError> {
    let ids: Vec<DbId> = ids.iter().map(|id| DbId(id.0)).collect();
    let rows: Vec<(DbId, String)> =
        cases::table.filter(cases::id.eq_any(ids)).select((cases::id, cases::accession)).load(conn)?;
    Ok(rows.into_iter().map(|(id, accession)| (CaseId(id.0), accession)).collect())
}

/// Which case has this sender's reference.
pub fn by_external_ref(conn: &mut DbConn, reference: &str) -> Result<Option<CaseId>, StoreError> {
    let id: Option<DbId> =
        cases::table.filter(cases::external_ref.eq(reference)).select(cases::id).first(conn).optional()?;
    Ok(id.map(|id| CaseId(id.0)))
}

/// All cases of a patient, oldest first.
pub fn of_patient(conn: &mut DbConn, patient: PatientId) -> Result<Vec<CaseId>, StoreError> {
    let ids: Vec<DbId> = cases::table
        .filter(cases::patient_id.eq(DbId(patient.0)))
        .order((cases::logged_at, cases::id))
        .limit(500)
        .select(cases::id)
        .load(conn)?;
    Ok(ids.into_iter().map(|id| CaseId(id.0)).collect())
}

/// Which cases a list or an export shows. Absent means all.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Only in this stage.
    pub stage: Option<Stage>,
    /// Only with this indication.
    pub indication: Option<String>,
    /// Only asked for by this person.
    pub requester: Option<String>,
    /// Logged at or after.
    pub from: Option<DateTime<Utc>>,
    /// Logged before.
    pub to: Option<DateTime<Utc>>,
    /// Only late (or only not late) ones.
    pub late: Option<bool>,
}

/// Where a page ends: the next begins after it.
pub type Place = (DateTime<Utc>, uuid::Uuid);

/// One line of a list of cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The case.
    pub header: CaseHeader,
    /// Whose marrow.
    pub patient: Patient,
    /// Where it stands.
    pub stage: Stage,
    /// When the report can be expected.
    pub due_at: Option<Moment>,
    /// Whether an assay is overdue.
    pub late: bool,
    /// When the first part was taken.
    pub collected_at: Option<Moment>,
}

type LineRow = (DbJson, DbJson, String, Option<DbMoment>, bool, Option<DbMoment>);

fn line(row: LineRow) -> Result<Line, StoreError> {
    let (header, patient, stage, due_at, late, collected_at) = row;
    Ok(Line {
        header: from_body(header)?,
        patient: from_body(patient)?,
        stage: Stage::parse(&stage)
            .ok_or_else(|| StoreError::Corrupt { what: format!("`{stage}` is no stage of a case") })?,
        due_at: due_at.map(|m| m.0),
        late,
        collected_at: collected_at.map(|m| m.0),
    })
}

type Joined = diesel::dsl::InnerJoin<cases::table, patients::table>;

type Query = diesel::dsl::IntoBoxed<'static, Joined, MultiBackend>;

fn filtered(filter: &Filter) -> Query {
    let mut query = cases::table.inner_join(patients::table).into_boxed::<MultiBackend>();
    if let Some(stage) = filter.stage {
        query = query.filter(cases::stage.eq(stage.name()));
    }
    if let Some(indication) = &filter.indication {
        query = query.filter(cases::indication.eq(indication.clone()));
    }
    if let Some(requester) = &filter.requester {
        query = query.filter(cases::requester.eq(requester.clone()));
    }
    if let Some(from) = filter.from {
        query = query.filter(cases::logged_at.ge(DbMoment(from)));
    }
    if let Some(to) = filter.to {
        query = query.filter(cases::logged_at.lt(DbMoment(to)));
    }
    if let Some(late) = filter.late {
        query = query.filter(cases::late.eq(late));
    }
    query
}

text_enum! {
    /// In which order cases are listed.
    pub enum CaseSort {
        /// Logged last first.
        Newest = "newest",
        /// By when the report can be expected; those of which that is not known last, newest first.
        Due = "due",
        /// Logged first first.
        Oldest = "oldest",
    }
}

/// A page of a filter's cases; `load` reads what is wanted of each.
fn sorted<T>(
    conn: &mut DbConn,
    filter: &Filter,
    sort: CaseSort,
    after: Option<Place>,
    limit: i64,
    load: impl Fn(&mut DbConn, Query) -> QueryResult<Vec<T>>,
) -> Result<Vec<T>, StoreError> {
    let all = || filtered(filter);
    let (newest, oldest) = ((cases::logged_at.desc(), cases::id.desc()), (cases::logged_at, cases::id));
    match (sort, after) {
        (CaseSort::Newest, None) => Ok(load(conn, all().order(newest).limit(limit))?),
        (CaseSort::Newest, Some((at, id))) => {
            let same = cases::logged_at.eq(DbMoment(at)).and(cases::id.lt(DbId(id)));
            let rest = all().filter(cases::logged_at.lt(DbMoment(at)).or(same));
            Ok(load(conn, rest.order(newest).limit(limit))?)
        }
        (CaseSort::Oldest, None) => Ok(load(conn, all().order(oldest).limit(limit))?),
        (CaseSort::Oldest, Some((at, id))) => {
            let same = cases::logged_at.eq(DbMoment(at)).and(cases::id.gt(DbId(id)));
            let rest = all().filter(cases::logged_at.gt(DbMoment(at)).or(same));
            Ok(load(conn, rest.order(oldest).limit(limit))?)
        }
        (CaseSort::Due, after) => {
            // Those without a date come last, by their ids, which are made in the order of logging.
            let begun = after.filter(|(at, _)| *at == FAR);
            let mut dated = all().filter(cases::due_at.is_not_null());
            if let Some((at, id)) = after {
                let same = cases::due_at.eq(DbMoment(at)).and(cases::id.gt(DbId(id)));
                dated = dated.filter(cases::due_at.gt(DbMoment(at)).or(same));
            }
            let mut found = match begun {
                Some(_) => Vec::new(),
                None => load(conn, dated.order((cases::due_at, cases::id)).limit(limit))?,
            };
            let room = limit - i64::try_from(found.len()).unwrap_or(limit);
            if room > 0 {
                let mut undated = all().filter(cases::due_at.is_null());
                if let Some((_, id)) = begun {
                    undated = undated.filter(cases::id.lt(DbId(id)));
                }
                found.extend(load(conn, undated.order((cases::due_at.desc(), cases::id.desc())).limit(room))?);
            }
            Ok(found)
        }
    }
}

/// A page of cases.
pub fn page(
    conn: &mut DbConn,
    filter: &Filter,
    sort: CaseSort,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Line>, StoreError> {
    let rows: Vec<LineRow> = sorted(conn, filter, sort, after, limit, |conn, query| {
        query
            .select((cases::body, patients::body, cases::stage, cases::due_at, cases::late, cases::collected_at))
            .load(conn)
    })?;
    rows.into_iter().map(line).collect()
}

impl Line {
    /// Where a page ends whose last line this is.
    pub fn place(&self, sort: CaseSort) -> Place {
        let at = match sort {
            CaseSort::Newest | CaseSort::Oldest => self.header.logged_at,
            CaseSort::Due => self.due_at.unwrap_or(FAR),
        };
        (at, self.header.id.0)
    }
}

/// What is needed to know whether a case is on somebody's list: no more than columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which case.
    pub id: CaseId,
    /// How far its journal is.
    pub seq: i64,
    /// Where it stands.
    pub stage: Stage,
    /// When it was logged.
    pub logged_at: Moment,
    /// When the report was first signed as complete.
    pub closed_at: Option<Moment>,
}

/// The newest cases that this person asked for, and these, newest first.
pub fn standing(conn: &mut DbConn, requester: &str, ids: &[CaseId], limit: i64) -> Result<Vec<Standing>, StoreError> {
    let ids: Vec<DbId> = ids.iter().map(|id| DbId(id.0)).collect();
    let rows: Vec<(DbId, i64, String, DbMoment, Option<DbMoment>)> = cases::table
        .filter(cases::requester.eq(requester.to_owned()).or(cases::id.eq_any(ids)))
        .order((cases::logged_at.desc(), cases::id.desc()))
        .limit(limit)
        .select((cases::id, cases::journal_seq, cases::stage, cases::logged_at, cases::closed_at))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, seq, stage, logged_at, closed_at)| {
            Ok(Standing {
                id: CaseId(id.0),
                seq,
                stage: Stage::parse(&stage)
                    .ok_or_else(|| StoreError::Corrupt { what: format!("`{stage}` is no stage of a case") })?,
                logged_at: logged_at.0,
                closed_at: closed_at.map(|at| at.0),
            })
        })
        .collect()
}

/// These cases as lines of a list, newest first.
pub fn lines(conn: &mut DbConn, ids: &[CaseId]) -> Result<Vec<Line>, StoreError> {
    let ids: Vec<DbId> = ids.iter().map(|id| DbId(id.0)).collect();
    let rows: Vec<LineRow> = cases::table
        .inner_join(patients::table)
        .filter(cases::id.eq_any(ids))
        .order((cases::logged_at.desc(), cases::id.desc()))
        .select((cases::body, patients::body, cases::stage, cases::due_at, cases::late, cases::collected_at))
        .load(conn)?;
    rows.into_iter().map(line).collect()
}

/// A page of the cases with a part that must be taken again, longest waiting first: since when, and which.
pub fn recollecting(
    conn: &mut DbConn,
    requester: Option<&str>,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<(Moment, CaseId)>, StoreError> {
    let mut query = cases::table.filter(open::recollections()).into_boxed::<MultiBackend>();
    if let Some(requester) = requester {
        query = query.filter(cases::requester.eq(requester.to_owned()));
    }
    if let Some((at, id)) = after {
        let later = cases::recollect_since.gt(DbMoment(at));
        query = query.filter(later.or(cases::recollect_since.eq(DbMoment(at)).and(cases::id.gt(DbId(id)))));
    }
    let rows: Vec<(Option<DbMoment>, DbId)> = query
        .order((cases::recollect_since, cases::id))
        .limit(limit)
        .select((cases::recollect_since, cases::id))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(since, id)| Some((since?.0, CaseId(id.0)))).collect())
}

/// Cases with a critical finding that nobody has heard yet, the first to be due first.
pub fn critical(conn: &mut DbConn, limit: i64) -> Result<Vec<(CaseHeader, Patient)>, StoreError> {
    let rows: Vec<(DbJson, DbJson)> = cases::table
        .inner_join(patients::table)
        .filter(open::critical())
        .order((cases::critical_due_at, cases::id))
        .limit(limit)
        .select((cases::body, patients::body))
        .load(conn)?;
    rows.into_iter().map(|(header, patient)| Ok((from_body(header)?, from_body(patient)?))).collect()
}

/// How many cases a filter has.
pub fn count_of(conn: &mut DbConn, filter: &Filter) -> Result<u64, StoreError> {
    let cases: i64 = filtered(filter).count().get_result(conn)?;
    Ok(u64::try_from(cases).unwrap_or_default())
}

/// Those of these cases that a filter has.
pub fn within(conn: &mut DbConn, filter: &Filter, ids: &[CaseId]) -> Result<BTreeSet<CaseId>, StoreError> {
    if *filter == Filter::default() {
        return Ok(ids.iter().copied().collect());
    }
    let ids: Vec<DbId> = ids.iter().map(|id| DbId(id.0)).collect();
    let found: Vec<DbId> = filtered(filter).filter(cases::id.eq_any(ids)).select(cases::id).load(conn)?;
    Ok(found.into_iter().map(|id| CaseId(id.0)).collect())
}

/// The identities of all cases of a filter, oldest first, page by page: for exports, with constant memory.
pub fn each_id<E: From<StoreError>>(
    conn: &mut DbConn,
    filter: &Filter,
    visit: impl FnMut(&mut DbConn, &[CaseId]) -> Result<(), E>,
) -> Result<(), E> {
    each_id_by(conn, filter, CaseSort::Oldest, visit)
}

/// The same in another order.
pub fn each_id_by<E: From<StoreError>>(
    conn: &mut DbConn,
    filter: &Filter,
    sort: CaseSort,
    mut visit: impl FnMut(&mut DbConn, &[CaseId]) -> Result<(), E>,
) -> Result<(), E> {
    let mut last: Option<Place> = None;
    loop {
        let page: Vec<(DbMoment, Option<DbMoment>, DbId)> =
            sorted(conn, filter, sort, last, super::PAGE, |conn, query| {
                query.select((cases::logged_at, cases::due_at, cases::id)).load(conn)
            })?;
        let Some((logged, due, id)) = page.last() else { return Ok(()) };
        let at = match sort {
            CaseSort::Newest | CaseSort::Oldest => logged.0,
            CaseSort::Due => due.map_or(FAR, |due| due.0),
        };
        last = Some((at, id.0));
        let ids: Vec<CaseId> = page.iter().map(|(.., id)| CaseId(id.0)).collect();
        visit(conn, &ids)?;
    }
}

/// Headers, patients and journal heads of these cases.
pub fn of_ids(conn: &mut DbConn, ids: &[CaseId]) -> Result<Vec<Loaded>, StoreError> {
    let ids: Vec<DbId> = ids.iter().map(|id| DbId(id.0)).collect();
    let rows: Vec<(DbJson, DbJson, i64, String)> = cases::table
        .inner_join(patients::table)
        .filter(cases::id.eq_any(ids))
        .order((cases::logged_at, cases::id))
        .select((cases::body, patients::body, cases::journal_seq, cases::journal_hash))
        .load(conn)?;
    rows.into_iter()
        .map(|(header, patient, seq, hash)| {
            Ok(Loaded { header: from_body(header)?, patient: from_body(patient)?, head: ChainHead { seq, hash } })
        })
        .collect()
}

/// The derived columns as stored, to be compared with what the case says.
pub fn derived(conn: &mut DbConn, id: CaseId) -> Result<Option<Derived>, StoreError> {
    type Row = (String, Option<DbMoment>, Option<DbMoment>, bool, Option<DbMoment>, Option<DbMoment>, Option<DbMoment>);
    let row: Option<Row> = cases::table
        .find(DbId(id.0))
        .select((
            cases::stage,
            cases::collected_at,
            cases::due_at,
            cases::late,
            cases::closed_at,
            cases::recollect_since,
            cases::critical_due_at,
        ))
        .first(conn)
        .optional()?;
    row.map(|(stage, collected_at, due_at, late, closed_at, recollect_since, critical_due_at)| {
        Ok(Derived {
            stage: Stage::parse(&stage)
                .ok_or_else(|| StoreError::Corrupt { what: format!("`{stage}` is no stage of a case") })?,
            collected_at: collected_at.map(|m| m.0),
            due_at: due_at.map(|m| m.0),
            late,
            closed_at: closed_at.map(|m| m.0),
            recollect_since: recollect_since.map(|m| m.0),
            critical_due_at: critical_due_at.map(|m| m.0),
        })
    })
    .transpose()
}

/// How many cases there are: for verification, never on a page.
pub fn count(conn: &mut DbConn) -> Result<i64, StoreError> {
    Ok(on_backend!(conn, c => cases::table.count().get_result(c))?)
}

/// Cases whose columns do not say what the header itself says.
pub fn odd(conn: &mut DbConn, cases: &[CaseId]) -> Result<Vec<String>, StoreError> {
    let ids: Vec<DbId> = cases.iter().map(|id| DbId(id.0)).collect();
    type Row = ((String, Option<String>, DbId, String, String), (String, DbMoment, i64, DbJson));
    let rows: Vec<Row> = cases::table
        .filter(cases::id.eq_any(ids))
        .select((
            (cases::accession, cases::external_ref, cases::patient_id, cases::indication, cases::urgency),
            (cases::requester, cases::logged_at, cases::version, cases::body),
        ))
        .load(conn)?;
    let mut odd = Vec::new();
    for ((accession, external_ref, patient, indication, urgency), (requester, logged_at, version, body)) in rows {
        let c: CaseHeader = from_body(body)?;
        let same = accession == c.accession.to_string()
            && external_ref == c.external_ref
            && patient.0 == c.patient_id.0
            && indication == c.indication.as_str()
            && urgency == c.urgency.name()
            && requester == c.requester
            && logged_at.0 == c.logged_at
            && version == c.version;
        if !same {
            odd.push(c.accession.to_string());
        }
    }
    Ok(odd)
}

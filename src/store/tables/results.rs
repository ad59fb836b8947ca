//! Results: each row one version.

use diesel::prelude::*;

use super::{from_body, to_body};
use crate::domain::{CaseId, ResultId, ResultVersion};
use crate::store::schema::results;
use crate::store::sql_types::{DbId, DbJson};
use crate::store::{DbConn, StoreError, Tx};

/// Adds a version.
pub fn insert(tx: &mut Tx<'_>, case: CaseId, r: &ResultVersion) -> Result<(), StoreError> {
    diesel::insert_into(results::table)
        .values((
            results::id.eq(DbId(r.id.0)),
            results::case_id.eq(DbId(case.0)),
            results::order_id.eq(DbId(r.order.0)),
            results::number.eq(r.number),
            results::state.eq(r.state.name()),
            results::entered_by.eq(DbId(r.entered_by.id.0)),
            results::version.eq(r.version),
            results::body.eq(to_body(r)?),
            results::karyotype_terms.eq(r.karyotype_terms()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes a changed version (its state, who read it), if nobody wrote since `seen`.
pub fn update(tx: &mut Tx<'_>, seen: i64, r: &ResultVersion) -> Result<bool, StoreError> {
    let row = results::table.filter(results::id.eq(DbId(r.id.0))).filter(results::version.eq(seen));
    let rows = diesel::update(row)
        .set((results::state.eq(r.state.name()), results::version.eq(r.version), results::body.eq(to_body(r)?)))
        .execute(&mut **tx)?;
    Ok(rows == 1)
}

/// All versions of all results of a case, in the order they were entered.
pub fn of_case(conn: &mut DbConn, case: CaseId) -> Result<Vec<ResultVersion>, StoreError> {
    of_cases(conn, &[case]).map(|rows| rows.into_iter().map(|(_, r)| r).collect())
}

/// All versions of all results of these cases.
pub fn of_cases(conn: &mut DbConn, cases: &[CaseId]) -> Result<Vec<(CaseId, ResultVersion)>, StoreError> {
    let ids: Vec<DbId> = cases.iter().map(|id| DbId(id.0)).collect();
    let rows: Vec<(DbId, DbJson)> = results::table
        .filter(results::case_id.eq_any(ids))
        .order(results::id)
        .select((results::case_id, results::body))
        .load(conn)?;
    rows.into_iter().map(|(case, body)| Ok((CaseId(case.0), from_body(body)?))).collect()
}

/// Identity, order, number, state, who entered it, version, body, words to find its karyotype by.
type Columns = (DbId, DbId, i64, String, DbId, i64, DbJson, Option<String>);

/// Result versions whose columns do not say what the version itself says.
pub fn odd(conn: &mut DbConn, cases: &[CaseId]) -> Result<Vec<String>, StoreError> {
    let ids: Vec<DbId> = cases.iter().map(|id| DbId(id.0)).collect();
    let rows: Vec<Columns> = results::table
        .filter(results::case_id.eq_any(ids))
        .select((
            results::id,
            results::order_id,
            results::number,
            results::state,
            results::entered_by,
            results::version,
            results::body,
            results::karyotype_terms,
        ))
        .load(conn)?;
    let mut odd = Vec::new();
    for (id, order, number, state, entered_by, version, body, terms) in rows {
        let r: ResultVersion = from_body(body)?;
        let same = id.0 == r.id.0
            && order.0 == r.order.0
            && number == r.number
            && state == r.state.name()
            && entered_by.0 == r.entered_by.id.0
            && version == r.version
            && terms == r.karyotype_terms();
        if !same {
            odd.push(format!("result {}", r.id));
        }
    }
    Ok(odd)
}

/// Cases with a version of a karyotype that has this term (lower case), newest first. The version may be an old one.
pub fn cases_with_term(conn: &mut DbConn, term: &str, limit: i64) -> Result<Vec<CaseId>, StoreError> {
    let plain: String = term.chars().filter(|c| !matches!(c, '%' | '_' | '|' | '\\')).collect();
    let ids: Vec<DbId> = results::table
        .filter(results::karyotype_terms.is_not_null())
        .filter(results::karyotype_terms.like(format!("%|{plain}|%")))
        .order(results::id.desc())
        .limit(limit)
        .select(results::case_id)
        .load(conn)?;
    let mut cases: Vec<CaseId> = Vec::new();
    for id in ids {
        if !cases.contains(&CaseId(id.0)) {
            cases.push(CaseId(id.0));
        }
    }
    Ok(cases)
}

/// Which case a result belongs to.
pub fn case_of(conn: &mut DbConn, id: ResultId) -> Result<Option<CaseId>, StoreError> {
    let case: Option<DbId> = results::table.find(DbId(id.0)).select(results::case_id).first(conn).optional()?;
    Ok(case.map(|id| CaseId(id.0)))
}

//! Reports: each row one version, its signed bytes included.

use diesel::prelude::*;

use super::{from_body, to_body};
use crate::domain::{CaseId, Report, ReportState};
use crate::store::schema::reports;
use crate::store::sql_types::{DbId, DbJson};
use crate::store::{DbConn, StoreError, Tx};

/// Adds a version.
pub fn insert(tx: &mut Tx<'_>, r: &Report) -> Result<(), StoreError> {
    diesel::insert_into(reports::table)
        .values((
            reports::id.eq(DbId(r.id.0)),
            reports::case_id.eq(DbId(r.case_id.0)),
            reports::number.eq(r.number),
            reports::state.eq(r.state.name()),
            reports::version.eq(r.version),
            reports::body.eq(to_body(r)?),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes a changed version, if nobody wrote since `seen`.
pub fn update(tx: &mut Tx<'_>, seen: i64, r: &Report) -> Result<bool, StoreError> {
    let row = reports::table.filter(reports::id.eq(DbId(r.id.0))).filter(reports::version.eq(seen));
    let rows = diesel::update(row)
        .set((reports::state.eq(r.state.name()), reports::version.eq(r.version), reports::body.eq(to_body(r)?)))
        .execute(&mut **tx)?;
    Ok(rows == 1)
}

/// All versions of a case's report, oldest first.
pub fn of_case(conn: &mut DbConn, case: CaseId) -> Result<Vec<Report>, StoreError> {
    of_cases(conn, &[case])
}

/// All versions of the reports of these cases.
pub fn of_cases(conn: &mut DbConn, cases: &[CaseId]) -> Result<Vec<Report>, StoreError> {
    let ids: Vec<DbId> = cases.iter().map(|id| DbId(id.0)).collect();
    let bodies: Vec<DbJson> =
        reports::table.filter(reports::case_id.eq_any(ids)).order(reports::id).select(reports::body).load(conn)?;
    bodies.into_iter().map(from_body).collect()
}

/// Those of these cases whose report was ever revised after it was final, and the revision stands.
pub fn revised(conn: &mut DbConn, cases: &[CaseId]) -> Result<Vec<CaseId>, StoreError> {
    let ids: Vec<DbId> = cases.iter().map(|id| DbId(id.0)).collect();
    let states = [ReportState::Appended, ReportState::Amended, ReportState::Corrected].map(ReportState::name);
    let found: Vec<DbId> = reports::table
        .filter(reports::case_id.eq_any(ids))
        .filter(reports::state.eq_any(states))
        .select(reports::case_id)
        .distinct()
        .load(conn)?;
    Ok(found.into_iter().map(|id| CaseId(id.0)).collect())
}

/// Report versions whose columns do not say what the version itself says.
pub fn odd(conn: &mut DbConn, cases: &[CaseId]) -> Result<Vec<String>, StoreError> {
    let ids: Vec<DbId> = cases.iter().map(|id| DbId(id.0)).collect();
    let rows: Vec<(DbId, i64, String, i64, DbJson)> = reports::table
        .filter(reports::case_id.eq_any(ids))
        .select((reports::id, reports::number, reports::state, reports::version, reports::body))
        .load(conn)?;
    let mut odd = Vec::new();
    for (id, number, state, version, body) in rows {
        let r: Report = from_body(body)?;
        if (id.0, number, state.as_str(), version) != (r.id.0, r.number, r.state.name(), r.version) {
            odd.push(format!("report {}", r.id));
        }
    }
    Ok(odd)
}

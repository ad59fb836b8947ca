//! Specimens: each row the whole part, with the columns that lists filter by.

use diesel::prelude::*;

use super::{from_body, to_body};
use crate::domain::{CaseHeader, CaseId, Label, Moment, Patient, Slot, Specimen, SpecimenId, SpecimenKind};
use crate::store::schema::{cases, open, patients, specimens};
use crate::store::sql_types::{DbId, DbJson, DbMoment};
use crate::store::{DbConn, StoreError, Tx};

/// Adds a part.
pub fn insert(tx: &mut Tx<'_>, s: &Specimen) -> Result<(), StoreError> {
    diesel::insert_into(specimens::table)
        .values((
            specimens::id.eq(DbId(s.id.0)),
            specimens::case_id.eq(DbId(s.case_id.0)),
            specimens::label.eq(s.label.to_string()),
            specimens::kind.eq(s.kind.name()),
            specimens::state.eq(s.state.name()),
            specimens::container.eq(s.container.as_str()),
            specimens::location.eq(&s.location),
            specimens::collected_at.eq(s.collected_at.map(DbMoment)),
            specimens::received_at.eq(s.received_at.map(DbMoment)),
            specimens::version.eq(s.version),
            specimens::body.eq(to_body(s)?),
            specimens::slot.eq(slot(s)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

fn slot(s: &Specimen) -> Option<String> {
    s.slot().map(|slot| slot.to_string())
}

/// Writes a changed part, if nobody wrote since `seen`.
pub fn update(tx: &mut Tx<'_>, seen: i64, s: &Specimen) -> Result<bool, StoreError> {
    let row = specimens::table.filter(specimens::id.eq(DbId(s.id.0))).filter(specimens::version.eq(seen));
    let rows = diesel::update(row)
        .set((
            specimens::state.eq(s.state.name()),
            specimens::location.eq(&s.location),
            specimens::collected_at.eq(s.collected_at.map(DbMoment)),
            specimens::received_at.eq(s.received_at.map(DbMoment)),
            specimens::version.eq(s.version),
            specimens::body.eq(to_body(s)?),
            specimens::slot.eq(slot(s)),
        ))
        .execute(&mut **tx)?;
    Ok(rows == 1)
}

/// All parts of a case, in the order they were made.
pub fn of_case(conn: &mut DbConn, case: CaseId) -> Result<Vec<Specimen>, StoreError> {
    let bodies: Vec<DbJson> = specimens::table
        .filter(specimens::case_id.eq(DbId(case.0)))
        .order(specimens::id)
        .select(specimens::body)
        .load(conn)?;
    bodies.into_iter().map(from_body).collect()
}

/// All parts of these cases.
pub fn of_cases(conn: &mut DbConn, cases: &[CaseId]) -> Result<Vec<Specimen>, StoreError> {
    let ids: Vec<DbId> = cases.iter().map(|id| DbId(id.0)).collect();
    let bodies: Vec<DbJson> = specimens::table
        .filter(specimens::case_id.eq_any(ids))
        .order(specimens::id)
        .select(specimens::body)
        .load(conn)?;
    bodies.into_iter().map(from_body).collect()
}

/// Which case a label belongs to. (A label begins with its case's number, but a row is proof.)
pub fn case_of(conn: &mut DbConn, label: &Label) -> Result<Option<CaseId>, StoreError> {
    let id: Option<DbId> = specimens::table
        .filter(specimens::label.eq(label.to_string()))
        .select(specimens::case_id)
        .first(conn)
        .optional()?;
    Ok(id.map(|id| CaseId(id.0)))
}

/// Labels of parts whose columns do not say what the part itself says.
pub fn odd(conn: &mut DbConn, cases: &[CaseId]) -> Result<Vec<String>, StoreError> {
    let ids: Vec<DbId> = cases.iter().map(|id| DbId(id.0)).collect();
    type Row = (
        (String, String, String, String, Option<String>, Option<String>),
        (Option<DbMoment>, Option<DbMoment>, i64, DbJson),
    );
    let rows: Vec<Row> = specimens::table
        .filter(specimens::case_id.eq_any(ids))
        .select((
            (
                specimens::label,
                specimens::kind,
                specimens::state,
                specimens::container,
                specimens::location,
                specimens::slot,
            ),
            (specimens::collected_at, specimens::received_at, specimens::version, specimens::body),
        ))
        .load(conn)?;
    let mut odd = Vec::new();
    for ((label, kind, state, container, location, taken), (collected, received, version, body)) in rows {
        let s: Specimen = from_body(body)?;
        let same = label == s.label.to_string()
            && kind == s.kind.name()
            && state == s.state.name()
            && container == s.container.as_str()
            && location == s.location
            && taken == slot(&s)
            && collected.map(|m| m.0) == s.collected_at
            && received.map(|m| m.0) == s.received_at
            && version == s.version;
        if !same {
            odd.push(s.label.to_string());
        }
    }
    Ok(odd)
}

/// One line of reception's list.
#[derive(Debug, Clone, PartialEq)]
pub struct Awaited {
    /// The part.
    pub specimen: Specimen,
    /// Its case.
    pub header: CaseHeader,
    /// Whose marrow.
    pub patient: Patient,
}

/// Parts that somebody waits for or must look at: received and held ones first, then those on their way, oldest first.
pub fn awaited(conn: &mut DbConn, after: Option<uuid::Uuid>, limit: i64) -> Result<Vec<Awaited>, StoreError> {
    let mut query = specimens::table
        .inner_join(cases::table.inner_join(patients::table))
        .filter(open::specimens())
        .into_boxed::<crate::store::conn::MultiBackend>();
    if let Some(id) = after {
        query = query.filter(specimens::id.gt(DbId(id)));
    }
    let rows: Vec<(DbJson, DbJson, DbJson)> =
        query.order(specimens::id).limit(limit).select((specimens::body, cases::body, patients::body)).load(conn)?;
    rows.into_iter()
        .map(|(s, c, p)| Ok(Awaited { specimen: from_body(s)?, header: from_body(c)?, patient: from_body(p)? }))
        .collect()
}

/// Every part of [`awaited`], in its order: for exports.
pub fn awaited_ids(conn: &mut DbConn) -> Result<Vec<(CaseId, SpecimenId)>, StoreError> {
    let rows: Vec<(DbId, DbId)> = specimens::table
        .filter(open::specimens())
        .order(specimens::id)
        .select((specimens::case_id, specimens::id))
        .load(conn)?;
    Ok(rows.into_iter().map(|(case, id)| (CaseId(case.0), SpecimenId(id.0))).collect())
}

/// The newest parts that are worked on at this place, with whose they are; in the order in which they were made.
pub fn at_bench(conn: &mut DbConn, place: &str, limit: i64) -> Result<Vec<(Specimen, Patient)>, StoreError> {
    let rows: Vec<(DbJson, DbJson)> = specimens::table
        .inner_join(cases::table.inner_join(patients::table))
        .filter(open::at_bench())
        .filter(specimens::location.eq(place))
        .order(specimens::id.desc())
        .limit(limit)
        .select((specimens::body, patients::body))
        .load(conn)?;
    rows.into_iter().rev().map(|(s, p)| Ok((from_body(s)?, from_body(p)?))).collect()
}

/// The part that occupies a position.
pub fn in_slot(conn: &mut DbConn, slot: &Slot) -> Result<Option<Specimen>, StoreError> {
    let body: Option<DbJson> =
        specimens::table.filter(specimens::slot.eq(slot.to_string())).select(specimens::body).first(conn).optional()?;
    body.map(from_body).transpose()
}

/// Every part that occupies a position of a place, with whose it is, by position.
pub fn in_place(conn: &mut DbConn, place: &str) -> Result<Vec<(Specimen, Patient)>, StoreError> {
    // LIKE reads the `_` of a code as any character; whose slot it is, is read from the part.
    let rows: Vec<(DbJson, DbJson)> = specimens::table
        .inner_join(cases::table.inner_join(patients::table))
        .filter(specimens::slot.like(format!("{place}:%")))
        .order(specimens::slot)
        .select((specimens::body, patients::body))
        .load(conn)?;
    let rows: Vec<(Specimen, Patient)> =
        rows.into_iter().map(|(s, p)| Ok((from_body(s)?, from_body(p)?))).collect::<Result<_, StoreError>>()?;
    Ok(rows.into_iter().filter(|(s, _)| s.slot().is_some_and(|slot| *slot.place() == *place)).collect())
}

/// Every occupied position.
pub fn occupied(conn: &mut DbConn) -> Result<Vec<String>, StoreError> {
    let slots: Vec<Option<String>> =
        specimens::table.filter(specimens::slot.is_not_null()).select(specimens::slot).load(conn)?;
    Ok(slots.into_iter().flatten().collect())
}

/// Stored parts of these kinds whose case was complete before the kind's moment, longest complete first: what may be
/// past its retention.
pub fn long_stored(
    conn: &mut DbConn,
    kinds: &[(SpecimenKind, Moment)],
    limit: i64,
) -> Result<Vec<(CaseId, SpecimenId, Label)>, StoreError> {
    let mut found = Vec::new();
    for (kind, before) in kinds {
        let rows: Vec<(DbMoment, DbId, DbJson)> = specimens::table
            .inner_join(cases::table)
            .filter(open::stored())
            .filter(specimens::kind.eq(kind.name()))
            .filter(cases::closed_at.lt(DbMoment(*before)))
            .order((cases::closed_at, specimens::id))
            .limit(limit)
            .select((cases::closed_at.assume_not_null(), specimens::case_id, specimens::body))
            .load(conn)?;
        for (closed, case, body) in rows {
            let s: Specimen = from_body(body)?;
            found.push((closed.0, CaseId(case.0), s.id, s.label));
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, case, id, label)| (case, id, label)).collect())
}

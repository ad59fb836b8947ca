//! A case as one thing: loaded whole, written as the difference of two states.

use std::collections::BTreeMap;

use super::tables::cases::{ChainHead, Derived, Loaded};
use super::tables::{cases, orders, patients, reports, results, specimens};
use super::{DbConn, StoreError, Tx};
use crate::domain::{Case, CaseId};

/// A case and the head of its journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// The case.
    pub case: Case,
    /// The last entry of its journal.
    pub head: ChainHead,
}

/// Loads a case; `lock` as in [`cases::find`].
pub fn load(conn: &mut DbConn, id: CaseId, lock: bool) -> Result<Option<Whole>, StoreError> {
    let Some(Loaded { header, patient, head }) = cases::find(conn, id, lock)? else { return Ok(None) };
    let case = Case {
        header,
        patient,
        specimens: specimens::of_case(conn, id)?,
        orders: orders::of_case(conn, id)?,
        results: results::of_case(conn, id)?,
        reports: reports::of_case(conn, id)?,
    };
    Ok(Some(Whole { case, head }))
}

/// Which rows to load with the headers: an export reads no more than it prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // four tables, each read or not
pub struct Depth {
    /// Parts.
    pub specimens: bool,
    /// Orders.
    pub orders: bool,
    /// Results.
    pub results: bool,
    /// Reports.
    pub reports: bool,
}

impl Depth {
    /// Everything.
    pub const WHOLE: Self = Self { specimens: true, orders: true, results: true, reports: true };
}

/// Loads several cases in at most five statements, oldest first.
pub fn load_many(conn: &mut DbConn, ids: &[CaseId], depth: Depth) -> Result<Vec<Whole>, StoreError> {
    let headers = cases::of_ids(conn, ids)?;
    let mut place: BTreeMap<CaseId, usize> = BTreeMap::new();
    let mut all: Vec<Whole> = Vec::with_capacity(headers.len());
    for Loaded { header, patient, head } in headers {
        place.insert(header.id, all.len());
        let case = Case {
            header,
            patient,
            specimens: Vec::new(),
            orders: Vec::new(),
            results: Vec::new(),
            reports: Vec::new(),
        };
        all.push(Whole { case, head });
    }
    let specimens = if depth.specimens { specimens::of_cases(conn, ids)? } else { Vec::new() };
    for s in specimens {
        if let Some(whole) = place.get(&s.case_id).and_then(|at| all.get_mut(*at)) {
            whole.case.specimens.push(s);
        }
    }
    let orders = if depth.orders { orders::of_cases(conn, ids)? } else { Vec::new() };
    for o in orders {
        if let Some(whole) = place.get(&o.case_id).and_then(|at| all.get_mut(*at)) {
            whole.case.orders.push(o);
        }
    }
    let results = if depth.results { results::of_cases(conn, ids)? } else { Vec::new() };
    for (id, r) in results {
        if let Some(whole) = place.get(&id).and_then(|at| all.get_mut(*at)) {
            whole.case.results.push(r);
        }
    }
    let reports = if depth.reports { reports::of_cases(conn, ids)? } else { Vec::new() };
    for r in reports {
        if let Some(whole) = place.get(&r.case_id).and_then(|at| all.get_mut(*at)) {
            whole.case.reports.push(r);
        }
    }
    Ok(all)
}

/// What in these cases has columns that do not say what the row's body says.
pub fn odd(conn: &mut DbConn, ids: &[CaseId]) -> Result<Vec<String>, StoreError> {
    let mut all = cases::odd(conn, ids)?;
    all.extend(specimens::odd(conn, ids)?);
    all.extend(orders::odd(conn, ids)?);
    all.extend(results::odd(conn, ids)?);
    all.extend(reports::odd(conn, ids)?);
    Ok(all)
}

/// Writes a new case; `new_patient`: its patient is new too.
pub fn insert(
    tx: &mut Tx<'_>,
    case: &Case,
    new_patient: bool,
    derived: Derived,
    head: &ChainHead,
) -> Result<(), StoreError> {
    if new_patient {
        patients::insert(tx, &case.patient)?;
    }
    cases::insert(tx, &case.header, derived, head)?;
    case.specimens.iter().try_for_each(|s| specimens::insert(tx, s))?;
    case.orders.iter().try_for_each(|o| orders::insert(tx, o))?;
    case.results.iter().try_for_each(|r| results::insert(tx, case.header.id, r))?;
    case.reports.iter().try_for_each(|r| reports::insert(tx, r))
}

/// Writes what changed between two states of a case. `false`: somebody else wrote meanwhile; nothing may be kept.
pub fn update(
    tx: &mut Tx<'_>,
    before: &Whole,
    after: &Case,
    derived: Derived,
    head: &ChainHead,
) -> Result<bool, StoreError> {
    let changed = (before.case.header != after.header).then_some(&after.header);
    if !cases::update(tx, after.header.id, before.head.seq, changed, derived, head)? {
        return Ok(false);
    }
    for s in &after.specimens {
        match before.case.specimen(s.id) {
            None => specimens::insert(tx, s)?,
            Some(old) if old.version != s.version && !specimens::update(tx, old.version, s)? => return Ok(false),
            Some(_) => {}
        }
    }
    for o in &after.orders {
        match before.case.order(o.id) {
            None => orders::insert(tx, o)?,
            Some(old) if old.version != o.version && !orders::update(tx, old.version, o)? => return Ok(false),
            Some(_) => {}
        }
    }
    for r in &after.results {
        match before.case.result(r.id) {
            None => results::insert(tx, after.header.id, r)?,
            Some(old) if old.version != r.version && !results::update(tx, old.version, r)? => return Ok(false),
            Some(_) => {}
        }
    }
    for r in &after.reports {
        match before.case.report(r.id) {
            None => reports::insert(tx, r)?,
            Some(old) if old.version != r.version && !reports::update(tx, old.version, r)? => return Ok(false),
            Some(_) => {}
        }
    }
    Ok(true)
}

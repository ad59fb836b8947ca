//! Patients: found by record number, and by name through a normalized key.

use diesel::prelude::*;

use super::{from_body, to_body};
use crate::domain::text::name_key;
use crate::domain::{Patient, PatientId};
use crate::store::schema::patients;
use crate::store::sql_types::{DbId, DbJson};
use crate::store::{DbConn, StoreError, Tx};

/// How many patients a search by name shows at most.
pub const SEARCH_MAX: i64 = 50;

/// Adds a patient.
pub fn insert(tx: &mut Tx<'_>, p: &Patient) -> Result<(), StoreError> {
    diesel::insert_into(patients::table)
        .values((
            patients::id.eq(DbId(p.id.0)),
            patients::mrn.eq(&p.mrn),
            patients::family_name.eq(&p.family_name),
            patients::given_name.eq(&p.given_name),
            patients::name_key.eq(name_key(&format!("{} {}", p.family_name, p.given_name))),
            patients::born.eq(p.born.map(|d| d.to_string())),
            patients::sex.eq(p.sex.name()),
            patients::version.eq(p.version),
            patients::body.eq(to_body(p)?),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// By identity.
pub fn find(conn: &mut DbConn, id: PatientId) -> Result<Option<Patient>, StoreError> {
    let body: Option<DbJson> = patients::table.find(DbId(id.0)).select(patients::body).first(conn).optional()?;
    body.map(from_body).transpose()
}

/// By record number, exactly.
pub fn find_by_mrn(conn: &mut DbConn, mrn: &str) -> Result<Option<Patient>, StoreError> {
    let body: Option<DbJson> =
        patients::table.filter(patients::mrn.eq(mrn)).select(patients::body).first(conn).optional()?;
    body.map(from_body).transpose()
}

/// By the beginning of the family name, however it is typed.
pub fn by_name(conn: &mut DbConn, start: &str) -> Result<Vec<Patient>, StoreError> {
    let low = name_key(start);
    // Ranges over the key are the same on both engines; LIKE is not.
    let high = format!("{low}\u{10FFFF}");
    let bodies: Vec<DbJson> = patients::table
        .filter(patients::name_key.ge(low))
        .filter(patients::name_key.lt(high))
        .order((patients::name_key, patients::id))
        .limit(SEARCH_MAX)
        .select(patients::body)
        .load(conn)?;
    bodies.into_iter().map(from_body).collect()
}

/// Every patient, in order of identity, one by one, and whether the columns say what the record itself says.
pub fn each<E: From<StoreError>>(
    conn: &mut DbConn,
    mut visit: impl FnMut(Patient, bool) -> Result<(), E>,
) -> Result<(), E> {
    let mut last = None;
    loop {
        let mut query = patients::table.order(patients::id).limit(super::PAGE).into_boxed();
        if let Some(id) = last {
            query = query.filter(patients::id.gt(DbId(id)));
        }
        type Row = (DbId, String, String, String, String, Option<String>, String, i64, DbJson);
        let page: Vec<Row> = query
            .select((
                patients::id,
                patients::mrn,
                patients::family_name,
                patients::given_name,
                patients::name_key,
                patients::born,
                patients::sex,
                patients::version,
                patients::body,
            ))
            .load(conn)
            .map_err(StoreError::from)?;
        let Some((id, ..)) = page.last() else { return Ok(()) };
        last = Some(id.0);
        for (_, mrn, family, given, key, born, sex, version, body) in page {
            let p: Patient = from_body(body)?;
            let same = mrn == p.mrn
                && family == p.family_name
                && given == p.given_name
                && key == name_key(&format!("{} {}", p.family_name, p.given_name))
                && born == p.born.map(|d| d.to_string())
                && sex == p.sex.name()
                && version == p.version;
            visit(p, same)?;
        }
    }
}

//! One box: a label, a case number, a record number, or the beginning of a name. The words never travel in a URL.

use serde::Serialize;

use crate::domain::decide::normal_mrn;
use crate::domain::{Accession, Actor, Label, Patient, PatientId, Refusal};
use crate::lab::{Lab, LabError, scope};
use crate::store::StoreError;
use crate::store::aggregate;
use crate::store::tables::{cases, patients, specimens};

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Found {
    /// The part, when a label was given.
    pub specimen: Option<Label>,
    /// Cases, newest first, with two identifiers each.
    pub cases: Vec<FoundCase>,
}

/// One case that was found.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FoundCase {
    /// The case.
    pub accession: Accession,
    /// Whose.
    pub patient_id: PatientId,
    /// Name.
    pub patient: String,
    /// Record number.
    pub mrn: String,
    /// Date of birth.
    pub born: Option<chrono::NaiveDate>,
}

/// Most cases that a search shows.
const CASES_MAX: usize = 50;

impl Lab {
    /// Finds what this person may see.
    ///
    /// # Errors
    /// A number whose check character does not fit, with the character.
    pub async fn search(&self, actor: &Actor, words: &str) -> Result<Found, LabError> {
        scope::may_look(actor)?;
        let words = words.trim().to_owned();
        if words.is_empty() || words.chars().count() > 100 {
            return Err(
                Refusal::field("/q", "out_of_range", "type a label, a case number, a record number or a name").into()
            );
        }
        let compact: String = words.chars().filter(|c| !c.is_whitespace()).collect();
        let upper = compact.to_ascii_uppercase();
        let upper = upper.trim_start_matches("]C1");
        if upper.starts_with("BM") && upper.chars().nth(2).is_some_and(|c| c.is_ascii_digit()) {
            return self.by_number(actor, upper).await;
        }
        let (own, key) = (scope::own_only(actor), words);
        let found = self
            .store()
            .read(move |conn| {
                let mut people: Vec<Patient> = patients::find_by_mrn(conn, &normal_mrn(&key))?.into_iter().collect();
                if people.is_empty() && key.chars().count() >= 2 {
                    people = patients::by_name(conn, &key)?;
                }
                let mut out = Vec::new();
                for p in people {
                    let ids = cases::of_patient(conn, p.id)?;
                    for loaded in cases::of_ids(conn, &ids)?.into_iter().rev() {
                        let mine = own.as_ref().is_none_or(|name| *name == loaded.header.requester);
                        if mine && out.len() < CASES_MAX {
                            out.push(found_case(loaded.header.accession, &p));
                        }
                    }
                }
                Ok::<_, StoreError>(out)
            })
            .await?;
        Ok(Found { specimen: None, cases: found })
    }

    async fn by_number(&self, actor: &Actor, text: &str) -> Result<Found, LabError> {
        let label = Label::parse(text);
        let accession = match &label {
            Ok(label) => label.accession(),
            Err(_) => Accession::parse(text).map_err(|why| Refusal::field("/q", "malformed", why))?,
        };
        let wanted = label.ok();
        let key = wanted.clone();
        let found = self
            .store()
            .read(move |conn| {
                let id = match &key {
                    Some(label) => specimens::case_of(conn, label)?,
                    None => cases::id_of(conn, accession)?,
                };
                match id {
                    Some(id) => aggregate::load(conn, id, false),
                    None => Ok::<_, StoreError>(None),
                }
            })
            .await?;
        let mine = found.filter(|w| scope::may_see(actor, &w.case.header).is_ok());
        Ok(match mine {
            Some(w) => Found { specimen: wanted, cases: vec![found_case(w.case.header.accession, &w.case.patient)] },
            None => Found { specimen: None, cases: Vec::new() },
        })
    }
}

fn found_case(accession: Accession, p: &Patient) -> FoundCase {
    FoundCase { accession, patient_id: p.id, patient: p.display(), mrn: p.mrn.clone(), born: p.born }
}

//! One box: a label, a case number, a record number, the beginning of a name, or a change of the chromosomes. The words never travel in a URL.

use serde::Serialize;

use crate::domain::decide::normal_mrn;
use crate::domain::{Accession, Actor, CaseId, Label, Patient, PatientId, Refusal, iscn};
use crate::lab::{Lab, LabError, scope};
use crate::store::StoreError;
use crate::store::aggregate;
use crate::store::tables::{cases, patients, results, specimens};

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
/// Most result versions that a search for a karyotype looks at.
const KARYOTYPES_MAX: i64 = 400;

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
        let (own, key, term) = (scope::own_only(actor), words.clone(), words);
        let found = self
            .store()
            .read(move |conn| {
                let mut people: Vec<Patient> = patients::find_by_mrn(conn, &normal_mrn(&key))?.into_iter().collect();
                if people.is_empty() {
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
        match iscn::query_term(&term) {
            Some(term) if found.is_empty() => self.by_karyotype(actor, term).await,
            Some(_) | None => Ok(Found { specimen: None, cases: found }),
        }
    }

    /// Cases whose karyotype in force has a term, such as `del(5q)` or `complex`.
    async fn by_karyotype(&self, actor: &Actor, term: String) -> Result<Found, LabError> {
        let actor = actor.clone();
        let found = self
            .store()
            .read(move |conn| {
                let ids = results::cases_with_term(conn, &term, KARYOTYPES_MAX)?;
                let wanted = format!("|{term}|");
                let whole = aggregate::load_many(conn, &ids, aggregate::Depth::WHOLE)?;
                let mut out: Vec<(CaseId, FoundCase)> = whole
                    .into_iter()
                    .map(|w| w.case)
                    .filter(|case| scope::may_see(&actor, &case.header).is_ok())
                    .filter(|case| {
                        let said = case.orders.iter().filter_map(|o| case.verified_result(o.id)?.karyotype_terms());
                        said.into_iter().any(|terms| terms.contains(&wanted))
                    })
                    .map(|case| (case.header.id, found_case(case.header.accession, &case.patient)))
                    .collect();
                out.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
                Ok::<_, StoreError>(out.into_iter().map(|(_, case)| case).take(CASES_MAX).collect())
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

pub(crate) fn found_case(accession: Accession, p: &Patient) -> FoundCase {
    FoundCase { accession, patient_id: p.id, patient: p.display(), mrn: p.mrn.clone(), born: p.born }
}

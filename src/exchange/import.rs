//! Bulk logging: a file's cases through the one door, every row answered, the same file twice changing nothing.

use std::sync::Arc;

use serde::Serialize;

use super::import_cases::{FileError, ParsedCase, RowError, Sheet, parse, refused};
use crate::domain::{Actor, Command, Target};
use crate::lab::{Ask, Door, Lab, LabError, Outcome};

/// How many cases go into one transaction.
const CHUNK: usize = 100;

/// What came of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum RowAnswer {
    /// Its case was logged.
    Logged {
        /// Physical line.
        line: u64,
        /// The case.
        accession: String,
    },
    /// Its case was there already; nothing changed.
    Unchanged {
        /// Physical line.
        line: u64,
        /// The case.
        accession: String,
    },
    /// It was refused.
    Refused(RowError),
}

/// What came of a file.
#[derive(Debug, Clone, Serialize)]
pub struct Imported {
    /// Cases logged (or, in a dry run, that would be).
    pub logged: usize,
    /// Cases that were there already.
    pub unchanged: usize,
    /// Rows refused.
    pub refused: usize,
    /// Every row, in line order.
    pub rows: Vec<RowAnswer>,
    /// Every complaint.
    #[serde(skip)]
    pub errors: Vec<RowError>,
    /// The separator that was found.
    pub separator: char,
    /// The file as it was sent, to write the refused rows back.
    #[serde(skip)]
    pub sheet: Arc<Sheet>,
}

/// Why a file was not read at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file itself.
    #[error("{0}")]
    File(FileError),
    /// The laboratory.
    #[error(transparent)]
    Lab(#[from] LabError),
}

/// Logs every case of a file. A case is logged whole or not at all; a refused one does not keep the others out.
/// `dry_run` does the same and takes everything back.
///
/// # Errors
/// A file that is none of ours; the store.
pub fn run(
    lab: &Lab,
    actor: &Actor,
    bytes: &[u8],
    dry_run: bool,
    mut progress: impl FnMut(usize, usize),
) -> Result<Imported, ImportError> {
    let zone = lab.catalogue().laboratory.time_zone;
    let parsed = parse(bytes, zone).map_err(ImportError::File)?;
    let mut out = Imported {
        logged: 0,
        unchanged: 0,
        refused: 0,
        rows: Vec::new(),
        errors: Vec::new(),
        separator: parsed.separator,
        sheet: parsed.sheet,
    };
    for error in parsed.errors {
        out.rows.push(RowAnswer::Refused(error.clone()));
        out.errors.push(error);
    }
    let total = parsed.cases.len();
    // A rehearsal is one transaction, so that cases of one patient see each other as they would.
    let size = if dry_run { total.max(1) } else { CHUNK };
    let mut done = 0;
    for chunk in parsed.cases.chunks(size) {
        let (job, by) = (chunk.to_vec(), actor.clone());
        let work =
            move |door: &mut Door<'_, '_>| job.iter().map(|case| log(door, &by, case)).collect::<Result<Vec<_>, _>>();
        let answers = if dry_run { lab.rehearse("batch.import", work)? } else { lab.batch("batch.import", work)? };
        for (case, answer) in chunk.iter().zip(answers) {
            let rows = |make: &dyn Fn(u64) -> RowAnswer| case.rows.iter().map(|line| make(*line)).collect::<Vec<_>>();
            match answer {
                Logged::Now(accession) => {
                    out.logged += 1;
                    out.rows.extend(rows(&|line| RowAnswer::Logged { line, accession: accession.clone() }));
                }
                Logged::Before(accession) => {
                    out.unchanged += 1;
                    out.rows.extend(rows(&|line| RowAnswer::Unchanged { line, accession: accession.clone() }));
                }
                Logged::Refused(errors) => {
                    out.rows.extend(errors.iter().cloned().map(RowAnswer::Refused));
                    out.errors.extend(errors);
                }
            }
        }
        done += chunk.len();
        progress(done, total);
    }
    out.refused = out.errors.iter().map(|e| e.line).collect::<std::collections::BTreeSet<_>>().len();
    out.rows.sort_by_key(RowAnswer::line);
    out.errors.sort_by_key(|e| e.line);
    Ok(out)
}

impl RowAnswer {
    const fn line(&self) -> u64 {
        match self {
            Self::Logged { line, .. } | Self::Unchanged { line, .. } => *line,
            Self::Refused(e) => e.line,
        }
    }
}

enum Logged {
    Now(String),
    Before(String),
    Refused(Vec<RowError>),
}

fn log(door: &mut Door<'_, '_>, by: &Actor, case: &ParsedCase) -> Result<Logged, LabError> {
    let ask = Ask::new(by.clone(), Target::New, Command::LogCase(case.log.clone()), "import");
    match door.attempt(&ask) {
        Ok(Outcome::Done(done)) => Ok(Logged::Now(done.case.header.accession.to_string())),
        Ok(Outcome::Again(_)) => Ok(Logged::Before(String::new())),
        Err(LabError::AlreadyLogged { accession }) => Ok(Logged::Before(accession)),
        Err(LabError::Refused(refusal)) => Ok(Logged::Refused(refused(case, &refusal))),
        Err(other) => Err(other),
    }
}

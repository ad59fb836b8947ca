//! A CSV file of cases, one row per part: bytes in, cases to log out, and an answer for every row that is not among them.
//!
//! Only the shape of a cell is judged here: that a date is a date, that a number is whole, that the rows of one case
//! agree. Whether a code exists and whether a value makes sense is for the domain to say; [`refused`] and [`locate`] take
//! what it says back to the line and column that it is about.

mod columns;
mod reading;
mod sheet;

use std::collections::HashMap;
use std::sync::Arc;

use chrono_tz::Tz;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;

pub use self::columns::Column;
use self::columns::INHERITED;
use self::reading::Reading;
pub(super) use self::reading::{Misread, moment};
pub use self::sheet::{CELL_BYTES_MAX, FILE_BYTES_MAX, FileError, ROWS_MAX, Sheet};
pub(super) use self::sheet::{ERROR_COLUMNS, shortened};
use crate::domain::{FieldError, LogCase, Refusal};

/// The code of a row that has nothing wrong with it and whose case is not logged, because it is logged whole or not at all.
pub const REFUSED_WITH_CASE: &str = "refused_with_case";

/// What is wrong with one row, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RowError {
    /// The physical line on which the row begins, from 1 (the header is on line 1, and a quoted cell may span lines).
    pub line: u64,
    /// The data row, from 1; blank rows do not count.
    pub row: u64,
    /// The column; absent when it is about the row as a whole.
    pub column: Option<String>,
    /// What the cell says, shortened.
    pub value: String,
    /// What is wrong, stable, `snake_case`: the codes of [`FieldError`], and `not_a_date`, `not_a_time`, `no_such_time`,
    /// `ambiguous_time`, `not_a_number`, `malformed`, `mismatch`, `refused_with_case`.
    pub code: String,
    /// A sentence that says what to do.
    pub message: String,
}

/// A case as the file has it, ready to be given to the door.
#[derive(Debug, Clone)]
pub struct ParsedCase {
    /// The sender's own reference.
    pub external_ref: String,
    /// The physical line of each part's row, in the order of the parts.
    pub rows: Vec<u64>,
    /// What to log.
    pub log: Box<LogCase>,
    sheet: Arc<Sheet>,
    /// The place in the sheet of each part's row.
    records: Vec<usize>,
}

/// What a file came to. Every row is in exactly one of `cases` or has at least one of `errors`.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The separator that the header uses: `,`, `;` or TAB.
    pub separator: char,
    /// The cases of which every row could be read, in the order of their first rows.
    pub cases: Vec<ParsedCase>,
    /// What is wrong with the other rows, by line.
    pub errors: Vec<RowError>,
    /// The file as it was sent, for [`Sheet::errors_csv`].
    pub sheet: Arc<Sheet>,
}

/// Reads a file. Times without an offset are local times in `zone`, the laboratory's.
///
/// # Errors
/// A [`FileError`] when the file as a whole cannot be read; what is wrong with single rows is in [`Parsed::errors`].
pub fn parse(bytes: &[u8], zone: Tz) -> Result<Parsed, FileError> {
    let sheet = Arc::new(Sheet::read(bytes)?);
    let mut errors = Vec::new();
    let (groups, broken) = group(&sheet, &mut errors);
    let torn = cases_named_by(&sheet, &broken);

    let mut cases = Vec::new();
    for (external_ref, records) in groups {
        let mut reading = Reading { sheet: &sheet, zone, record: 0, errors: Vec::new() };
        let log = reading.case(&records);
        let broken_line = torn.get(external_ref.as_str()).copied();
        match log {
            Some(log) if reading.errors.is_empty() && broken_line.is_none() => cases.push(ParsedCase {
                rows: records.iter().map(|r| sheet.line(*r)).collect(),
                external_ref,
                log: Box::new(log),
                sheet: Arc::clone(&sheet),
                records,
            }),
            Some(_) | None => {
                let found = reading.errors;
                errors.extend(sheet.with_the_rest(&records, found, broken_line));
            }
        }
    }
    // Stable, so that the errors of one row stay in the order of the columns in which they were read.
    errors.sort_by_key(|e| e.line);
    Ok(Parsed { separator: sheet.separator, cases, errors, sheet })
}

/// The rows of each case in file order, and the rows that cannot be told apart into cells or belong to no case.
fn group(sheet: &Sheet, errors: &mut Vec<RowError>) -> (Vec<(String, Vec<usize>)>, Vec<usize>) {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut broken = Vec::new();
    for (index, record) in sheet.records.iter().enumerate() {
        if let Some(error) = sheet.misfit(index, record) {
            errors.push(error);
            broken.push(index);
            continue;
        }
        if sheet.is_derived(record) {
            continue;
        }
        let reference: String = sheet.cell(index, Column::ExternalRef).nfc().collect();
        if reference.is_empty() {
            let message = "each row names its case: rows with the same external_ref are the parts of one case";
            errors.push(sheet.error(index, Some(Column::ExternalRef), "missing", message));
            continue;
        }
        let place = *places.entry(reference.clone()).or_insert_with(|| {
            groups.push((reference, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, records)) = groups.get_mut(place) {
            records.push(index);
        }
    }
    (groups, broken)
}

/// The cases that a broken row may belong to, with its line. Where a cell is missing or too many, the reference may stand
/// in the wrong column, so every cell counts: a case must not be logged without the part that could not be read.
fn cases_named_by(sheet: &Sheet, broken: &[usize]) -> HashMap<String, u64> {
    let rows = broken.iter().filter_map(|index| sheet.records.get(*index));
    rows.flat_map(|record| record.cells.iter().map(|cell| (cell.trim().nfc().collect(), record.line))).collect()
}

/// Takes one field that the domain refused back to the line and column it came from.
pub fn locate(case: &ParsedCase, error: &FieldError) -> RowError {
    let steps: Vec<&str> = error.pointer.split('/').skip(1).collect();
    let (part, column) = match steps.as_slice() {
        ["specimens", part] => (part.parse().unwrap_or(0), None),
        ["specimens", part, field, ..] => (part.parse().unwrap_or(0), part_column(field)),
        ["procedure", "performed_at", ..] => (0, Some(Column::ProcedureAt)),
        // A fault of the parts as a whole is not a fault of the first part's cells.
        ["specimens"] | [] => (0, None),
        ["patient" | "procedure", field, ..] | [field, ..] => (0, Column::parse(field)),
    };
    let record = case.records.get(part).or_else(|| case.records.first()).copied().unwrap_or_default();
    // An empty cell of a part takes the value of the case, so that is where the fault is.
    let inherited = INHERITED.iter().find(|(own, _)| Some(*own) == column && case.sheet.cell(record, *own).is_empty());
    let column = inherited.map(|(_, of_case)| *of_case).or(column);
    case.sheet.error(record, column, &error.code, error.message.clone())
}

fn part_column(field: &str) -> Option<Column> {
    match field {
        "site" => Some(Column::PartSite),
        "side" => Some(Column::PartSide),
        "not_collected" => Some(Column::NotCollectedReason),
        other => Column::parse(other),
    }
}

/// The answer for every row of a case that the domain refused: where the fault is, and that the other rows go with it.
pub fn refused(case: &ParsedCase, refusal: &Refusal) -> Vec<RowError> {
    let first = case.records.first().copied().unwrap_or_default();
    let whole = |code: &str, message: &str| vec![case.sheet.error(first, None, code, message)];
    let found = match refusal {
        Refusal::Invalid(fields) => fields.iter().map(|field| locate(case, field)).collect(),
        Refusal::Guard { rule, detail, .. } => whole(rule, detail),
        Refusal::NotAllowed { detail, .. } => whole("not_allowed", detail),
        Refusal::Forbidden(why) => whole("forbidden", why),
        Refusal::NotFound(what) => whole("not_found", what),
    };
    let mut errors = case.sheet.with_the_rest(&case.records, found, None);
    errors.sort_by_key(|e| e.line);
    errors
}

#[cfg(test)]
mod tests;

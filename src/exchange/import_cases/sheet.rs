//! A file as it was sent: its rows, each with its physical line, and the same file with what is wrong beside each row.

use std::collections::{BTreeMap, HashSet};

use super::columns::Column;
use super::{REFUSED_WITH_CASE, RowError};

/// Most data rows of one file.
pub const ROWS_MAX: u64 = 50_000;
/// Largest file, bytes.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Largest cell, bytes.
pub const CELL_BYTES_MAX: usize = 1024 * 1024;
/// Longest value that an error repeats, characters.
const VALUE_CHARS_MAX: usize = 80;

/// The columns that [`Sheet::errors_csv`] adds; accepted in a file, so that a corrected one can be sent as it is.
pub(in crate::exchange) const ERROR_COLUMNS: [&str; 4] = ["error_line", "error_column", "error_code", "error_message"];

/// Columns of our own `specimens` export that say what became of a part after it was logged: accepted and not read.
pub(super) const NOT_READ: [&str; 14] = [
    "accession",
    "case_key",
    "patient_key",
    "birth_year",
    "label",
    "state",
    "stage",
    "remaining_ul",
    "received_at",
    "accepted_at",
    "caveats",
    "rejected_reason",
    "location",
    "parent",
];

/// Why a file cannot be read at all. No row of it was looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Too many bytes.
    #[error("the file is larger than {} MiB; split it", FILE_BYTES_MAX / (1024 * 1024))]
    TooLarge,
    /// Too many rows.
    #[error("the file has more than {ROWS_MAX} rows; split it")]
    TooManyRows,
    /// Not UTF-8.
    #[error("line {line} is not UTF-8; save the file as “CSV UTF-8”")]
    NotUtf8 {
        /// Where the first byte that does not fit is.
        line: u64,
    },
    /// A quoted cell that never ends, so that nobody knows where the rows after it begin.
    #[error("the quotation mark that opens a cell on line {line} is never closed")]
    OpenQuote {
        /// Where the cell begins.
        line: u64,
    },
    /// Nothing but blank lines.
    #[error("the file is empty; the first row names the columns")]
    NoHeader,
    /// Columns that mean nothing here.
    #[error("there is no column “{}”; the columns are {}", .0.join("”, “"), column_names())]
    UnknownColumns(Vec<String>),
    /// Columns that must be there.
    #[error("the header lacks the column {}", .0.iter().map(|c| c.name()).collect::<Vec<_>>().join(", "))]
    MissingColumns(Vec<Column>),
    /// One column twice.
    #[error("the column {0} is there twice")]
    RepeatedColumn(String),
}

fn column_names() -> String {
    Column::ALL.iter().map(|c| c.name()).collect::<Vec<_>>().join(", ")
}

/// A file as it was sent: its header and its rows, each with its line.
#[derive(Debug)]
pub struct Sheet {
    pub(super) separator: char,
    /// Whether it began with a byte order mark, as spreadsheets write it and need it back.
    marked: bool,
    pub(super) header: Vec<String>,
    /// Where each column is.
    places: BTreeMap<Column, usize>,
    pub(super) records: Vec<Record>,
}

/// One row as it was sent.
#[derive(Debug)]
pub(super) struct Record {
    /// The physical line on which it begins.
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
    /// The first cell that goes on after its closing quotation mark.
    stray: Option<usize>,
}

impl Sheet {
    /// Whether the row is a part made from another (in our own export): it came out of the laboratory, not into it, and
    /// reading it as a new part would count its volume twice.
    pub(super) fn is_derived(&self, record: &Record) -> bool {
        let parent = self.header.iter().position(|name| name == "parent");
        parent.and_then(|at| record.cells.get(at)).is_some_and(|cell| !cell.trim().is_empty())
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, FileError> {
        Self::open(bytes, &|name| Column::parse(name).is_some(), places)
    }

    /// Reads a file of any kind of rows. `known` says which names are columns, to find the separator; `judge` sees the
    /// header before any row is read, and may refuse it.
    pub(in crate::exchange) fn open<E: From<FileError>>(
        bytes: &[u8],
        known: &dyn Fn(&str) -> bool,
        judge: impl FnOnce(&[String]) -> Result<BTreeMap<Column, usize>, E>,
    ) -> Result<Self, E> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(FileError::TooLarge.into());
        }
        let text = std::str::from_utf8(bytes).map_err(|e| {
            let before = bytes.iter().take(e.valid_up_to()).filter(|b| **b == b'\n').count();
            FileError::NotUtf8 { line: before as u64 + 1 }
        })?;
        let unmarked = text.strip_prefix('\u{feff}');
        let rest = unmarked.unwrap_or(text);
        let separator = sniff(rest, known);

        let mut rows = Rows { rest, line: 1, separator };
        let header = loop {
            let record = rows.next_record()?.ok_or(FileError::NoHeader)?;
            if !record.is_blank() {
                break record.cells.iter().map(|name| name.trim().to_owned()).collect::<Vec<_>>();
            }
        };
        let places = judge(&header)?;
        let mut records = Vec::new();
        while let Some(record) = rows.next_record()? {
            if record.is_blank() {
                continue;
            }
            if records.len() as u64 == ROWS_MAX {
                return Err(FileError::TooManyRows.into());
            }
            records.push(record);
        }
        Ok(Self { separator, marked: unmarked.is_some(), header, places, records })
    }

    /// How many rows there are.
    pub(in crate::exchange) fn len(&self) -> usize {
        self.records.len()
    }

    /// The names of the columns.
    pub(in crate::exchange) fn header(&self) -> &[String] {
        &self.header
    }

    /// The separator that the header uses.
    pub(in crate::exchange) const fn separator(&self) -> char {
        self.separator
    }

    /// The cell under that name without the spaces around it; empty when there is none.
    pub(in crate::exchange) fn named(&self, record: usize, name: &str) -> &str {
        let place = self.header.iter().position(|column| column == name);
        place.and_then(|at| self.records.get(record)?.cells.get(at)).map_or("", |cell| cell.trim())
    }

    /// What is wrong with a row, in the column of that name.
    pub(in crate::exchange) fn fault(
        &self,
        record: usize,
        name: Option<&str>,
        code: &str,
        message: impl Into<String>,
    ) -> RowError {
        RowError {
            line: self.line(record),
            row: record as u64 + 1,
            column: name.map(str::to_owned),
            value: name.map(|name| shortened(self.named(record, name))).unwrap_or_default(),
            code: code.to_owned(),
            message: message.into(),
        }
    }

    /// What keeps a row from being read cell by cell.
    pub(in crate::exchange) fn torn(&self, record: usize) -> Option<RowError> {
        self.records.get(record).and_then(|row| self.misfit(record, row))
    }

    pub(in crate::exchange) fn line(&self, record: usize) -> u64 {
        self.records.get(record).map_or(0, |r| r.line)
    }

    /// The cell without the spaces around it; empty when there is none.
    pub(super) fn cell(&self, record: usize, column: Column) -> &str {
        let place = self.places.get(&column);
        place.and_then(|at| self.records.get(record)?.cells.get(*at)).map_or("", |cell| cell.trim())
    }

    pub(super) fn error(
        &self,
        record: usize,
        column: Option<Column>,
        code: &str,
        message: impl Into<String>,
    ) -> RowError {
        RowError {
            line: self.line(record),
            row: record as u64 + 1,
            column: column.map(|c| c.name().to_owned()),
            value: column.map(|c| shortened(self.cell(record, c))).unwrap_or_default(),
            code: code.to_owned(),
            message: message.into(),
        }
    }

    /// What keeps a row from being read cell by cell.
    pub(super) fn misfit(&self, index: usize, record: &Record) -> Option<RowError> {
        let (cells, columns) = (record.cells.len(), self.header.len());
        if let Some(at) = record.stray {
            let message = "a cell goes on after its closing quotation mark; write a quotation mark inside a cell twice";
            let mut error = self.error(index, None, "malformed", message);
            error.column = self.header.get(at).cloned();
            return Some(error);
        }
        (cells != columns).then(|| {
            let message = format!(
                "this row has {cells} cells and the header has {columns}; look for a separator too many or too few, or a missing quotation mark"
            );
            self.error(index, None, "malformed", message)
        })
    }

    /// What was found, and for every other row of the case that it is refused with the case.
    pub(super) fn with_the_rest(
        &self,
        records: &[usize],
        found: Vec<RowError>,
        broken_line: Option<u64>,
    ) -> Vec<RowError> {
        let told: HashSet<u64> = found.iter().map(|e| e.line).collect();
        let culprit = found.iter().map(|e| e.line).min().or(broken_line).unwrap_or_default();
        let message = format!("line {culprit} has an error, and a case is logged whole or not at all");
        let mut errors = found;
        for record in records.iter().filter(|r| !told.contains(&self.line(**r))) {
            errors.push(self.error(*record, None, REFUSED_WITH_CASE, message.clone()));
        }
        errors
    }

    /// The rows with errors as they were sent, each once, and what is wrong with each, so that the file can be corrected
    /// and sent again: a case comes back with all its rows.
    ///
    /// The same separator and byte order mark as sent. Cells too few are filled up with empty ones; cells too many are
    /// put together into the last one, which is where an unquoted separator usually tore them apart.
    pub fn errors_csv(&self, errors: &[RowError]) -> Vec<u8> {
        let mut by_row: BTreeMap<u64, Vec<&RowError>> = BTreeMap::new();
        for error in errors {
            by_row.entry(error.row).or_default().push(error);
        }
        let mut out = if self.marked { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        // What was wrong the last time has been seen.
        let kept: Vec<usize> = (0..self.header.len())
            .filter(|at| self.header.get(*at).is_none_or(|name| !ERROR_COLUMNS.contains(&name.as_str())))
            .collect();
        let header = kept.iter().filter_map(|at| self.header.get(*at)).map(String::as_str);
        self.put(&mut out, header.chain(ERROR_COLUMNS));
        for (row, errors) in by_row {
            let index = usize::try_from(row).ok().and_then(|row| row.checked_sub(1));
            let Some(record) = index.and_then(|index| self.records.get(index)) else { continue };
            let surplus = record.cells.get(self.header.len()..).unwrap_or_default();
            let mut cells: Vec<String> =
                kept.iter().map(|at| record.cells.get(*at).cloned().unwrap_or_default()).collect();
            if let Some(last) = cells.last_mut() {
                for cell in surplus {
                    last.push(self.separator);
                    last.push_str(cell);
                }
            }
            let all = |of: fn(&RowError) -> &str| errors.iter().map(|e| of(e)).collect::<Vec<_>>().join("; ");
            cells.push(record.line.to_string());
            cells.push(all(|e| e.column.as_deref().unwrap_or_default()));
            cells.push(all(|e| &e.code));
            cells.push(all(|e| &e.message));
            self.put(&mut out, cells.iter().map(String::as_str));
        }
        out
    }

    fn put<'a>(&self, out: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) {
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                out.extend(self.separator.to_string().bytes());
            }
            if cell.contains([self.separator, '"', '\r', '\n']) {
                out.extend(format!("\"{}\"", cell.replace('"', "\"\"")).bytes());
            } else {
                out.extend(cell.bytes());
            }
        }
        out.extend(b"\r\n");
    }
}

impl Record {
    /// Blank lines and rows of nothing but separators are what spreadsheets leave behind.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// The separator under which the header names the most columns.
fn sniff(text: &str, known: &dyn Fn(&str) -> bool) -> char {
    let names = |separator: char| {
        let mut rows = Rows { rest: text, line: 1, separator };
        let header = loop {
            match rows.next_record() {
                Ok(Some(record)) if record.is_blank() => {}
                Ok(Some(record)) => break record.cells,
                Ok(None) | Err(_) => break Vec::new(),
            }
        };
        header.iter().filter(|name| known(name.trim())).count()
    };
    // The first of equals is the comma: `max_by_key` would take the last.
    [',', ';', '\t'].into_iter().rev().max_by_key(|separator| names(*separator)).unwrap_or(',')
}

fn places(header: &[String]) -> Result<BTreeMap<Column, usize>, FileError> {
    let mut places = BTreeMap::new();
    let mut unknown = Vec::new();
    let mut seen = HashSet::new();
    for (at, name) in header.iter().enumerate() {
        if !seen.insert(name.as_str()) && !name.is_empty() {
            return Err(FileError::RepeatedColumn(shortened(name)));
        }
        match Column::parse(name) {
            Some(column) => {
                places.insert(column, at);
            }
            None if NOT_READ.contains(&name.as_str()) || ERROR_COLUMNS.contains(&name.as_str()) => {}
            // A file without a header has data here, and of that only a little belongs into an answer.
            None if unknown.len() < 5 => unknown.push(shortened(name)),
            None => {}
        }
    }
    if !unknown.is_empty() {
        return Err(FileError::UnknownColumns(unknown));
    }
    let missing: Vec<Column> = Column::REQUIRED.into_iter().filter(|c| !places.contains_key(c)).collect();
    if missing.is_empty() { Ok(places) } else { Err(FileError::MissingColumns(missing)) }
}

pub(in crate::exchange) fn shortened(text: &str) -> String {
    let mut chars = text.chars();
    let mut short: String = chars.by_ref().take(VALUE_CHARS_MAX).collect();
    if chars.next().is_some() {
        short.pop();
        short.push('…');
    }
    short
}

/// RFC 4180, read strictly.
///
/// A lenient reader takes a lost quotation mark for text and swallows the rows that follow; here that is an error, and each
/// row knows the physical line on which it begins.
struct Rows<'a> {
    rest: &'a str,
    /// The line on which `rest` begins.
    pub(super) line: u64,
    pub(super) separator: char,
}

impl Rows<'_> {
    fn next_record(&mut self) -> Result<Option<Record>, FileError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut record = Record { line: self.line, cells: Vec::new(), stray: None };
        loop {
            let mut cell = String::new();
            if self.rest.starts_with('"') {
                self.quoted(&mut cell)?;
                if !(self.rest.is_empty()
                    || self.rest.starts_with([self.separator, '\n'])
                    || self.rest.starts_with("\r\n"))
                {
                    record.stray.get_or_insert(record.cells.len());
                }
            }
            let end = self.rest.find([self.separator, '\n']).unwrap_or(self.rest.len());
            let (plain, rest) = self.rest.split_at(end);
            let last = !rest.starts_with(self.separator);
            cell.push_str(plain.strip_suffix('\r').filter(|_| last).unwrap_or(plain));
            record.cells.push(cell);
            // All three separators and the line feed are one byte long.
            self.rest = rest.get(1..).unwrap_or_default();
            if last {
                self.line += 1;
                return Ok(Some(record));
            }
            if self.rest.is_empty() {
                record.cells.push(String::new());
                return Ok(Some(record));
            }
        }
    }

    /// The inside of a quoted cell; `rest` is then behind its closing mark.
    fn quoted(&mut self, cell: &mut String) -> Result<(), FileError> {
        let opened = self.line;
        loop {
            let inside = self.rest.get(1..).unwrap_or_default();
            let Some(end) = inside.find('"') else {
                return Err(FileError::OpenQuote { line: opened });
            };
            let (text, rest) = inside.split_at(end);
            cell.push_str(text);
            self.line += text.bytes().filter(|b| *b == b'\n').count() as u64;
            self.rest = rest.get(1..).unwrap_or_default();
            if !self.rest.starts_with('"') {
                return Ok(());
            }
            // Two marks stand for one.
            cell.push('"');
        }
    }
}

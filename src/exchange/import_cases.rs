//! A CSV file of cases, one row per part: bytes in, cases to log out, and an answer for every row that is not among them.
//!
//! Only the shape of a cell is judged here: that a date is a date, that a number is whole, that the rows of one case
//! agree. Whether a code exists and whether a value makes sense is for the domain to say; [`refused`] and [`locate`] take
//! what it says back to the line and column that it is about.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveTime, SubsecRound as _, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;

use crate::domain::command::{NewSpecimen, OrdersInput, PatientInput, ProcedureInput, Suggested};
use crate::domain::{Code, FieldError, LogCase, Refusal, Sex, SpecimenKind};
use crate::text_enum;

/// Most data rows of one file.
pub const ROWS_MAX: u64 = 50_000;
/// Largest file, bytes.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Largest cell, bytes.
pub const CELL_BYTES_MAX: usize = 1024 * 1024;
/// Longest value that an error repeats, characters.
const VALUE_CHARS_MAX: usize = 80;

/// The columns that [`Sheet::errors_csv`] adds; accepted in a file, so that a corrected one can be sent as it is.
pub(super) const ERROR_COLUMNS: [&str; 4] = ["error_line", "error_column", "error_code", "error_message"];

/// Columns of our own `specimens` export that say what became of a part after it was logged: accepted and not read.
const NOT_READ: [&str; 14] = [
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

/// The code of a row that has nothing wrong with it and whose case is not logged, because it is logged whole or not at all.
pub const REFUSED_WITH_CASE: &str = "refused_with_case";

text_enum! {
    /// A column that is read.
    pub enum Column {
        /// The sender's own reference; rows that share it are the parts of one case.
        ExternalRef = "external_ref",
        /// Medical record number.
        Mrn = "mrn",
        /// Family name.
        FamilyName = "family_name",
        /// Given names.
        GivenName = "given_name",
        /// Date of birth.
        Born = "born",
        /// Recorded sex: `female`, `male`, `other` or `unknown`.
        Sex = "sex",
        /// Who asks: a login name, or the name on the form.
        Requester = "requester",
        /// Why (catalogue code).
        Indication = "indication",
        /// `routine` or `urgent`; the indication's usual urgency when empty.
        Urgency = "urgency",
        /// The clinical question in the requester's words.
        ClinicalNote = "clinical_note",
        /// When the puncture was done or is planned.
        ProcedureAt = "procedure_at",
        /// Who held the needle.
        Operator = "operator",
        /// Where (catalogue code).
        Site = "site",
        /// `left`, `right` or `midline`.
        Side = "side",
        /// What the needle brought: `obtained`, `dry_tap` or `abandoned`.
        Outcome = "outcome",
        /// What the part is.
        Kind = "kind",
        /// What it is in (catalogue code).
        Container = "container",
        /// Which pull of the syringe, from 1.
        PullNumber = "pull_number",
        /// Volume in whole µL.
        VolumeUl = "volume_ul",
        /// Length in whole mm.
        LengthMm = "length_mm",
        /// Where this part was taken, when that differs from the puncture.
        PartSite = "part_site",
        /// On which side, when that differs from the puncture.
        PartSide = "part_side",
        /// When this part was taken, when that differs from the puncture.
        CollectedAt = "collected_at",
        /// Time into fixative.
        FixedAt = "fixed_at",
        /// `ambient`, `refrigerated` or `frozen`.
        Temperature = "temperature",
        /// Why it was not obtained (catalogue code).
        NotCollectedReason = "not_collected_reason",
        /// `suggested`, or assay codes separated by `;` or a space.
        Orders = "orders",
    }
}

/// How the text of a column is compared between the rows of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// As written.
    Text,
    /// Upper and lower case are the same.
    Word,
    /// Two ways to write one moment are the same.
    Time,
    /// A list of words, however separated.
    Words,
}

impl Column {
    /// The columns without which no case can be logged. The cells may still be empty: that is for the domain to refuse.
    ///
    /// `orders` is among them so that nobody logs a month of marrows with no work on them by forgetting a column.
    pub const REQUIRED: [Self; 8] = [
        Self::ExternalRef,
        Self::Mrn,
        Self::FamilyName,
        Self::Requester,
        Self::Indication,
        Self::Kind,
        Self::Container,
        Self::Orders,
    ];

    /// Whether it says something about the whole case, so that every row of the case must say the same.
    pub const fn is_about_case(self) -> bool {
        self.compared_as().is_some()
    }

    /// How the rows of a case are compared in this column; `None` where each row speaks for its own part.
    const fn compared_as(self) -> Option<Shape> {
        match self {
            Self::ExternalRef
            | Self::Mrn
            | Self::FamilyName
            | Self::GivenName
            | Self::Born
            | Self::Requester
            | Self::ClinicalNote
            | Self::Operator => Some(Shape::Text),
            Self::Sex | Self::Indication | Self::Urgency | Self::Site | Self::Side | Self::Outcome => Some(Shape::Word),
            Self::ProcedureAt => Some(Shape::Time),
            Self::Orders => Some(Shape::Words),
            Self::Kind
            | Self::Container
            | Self::PullNumber
            | Self::VolumeUl
            | Self::LengthMm
            | Self::PartSite
            | Self::PartSide
            | Self::CollectedAt
            | Self::FixedAt
            | Self::Temperature
            | Self::NotCollectedReason => None,
        }
    }
}

/// Where a part's cell is empty, it has the value of the case from the second column.
const INHERITED: [(Column, Column); 3] =
    [(Column::PartSite, Column::Site), (Column::PartSide, Column::Side), (Column::CollectedAt, Column::ProcedureAt)];

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

/// Reads cells into values and remembers everything that does not fit.
struct Reading<'a> {
    sheet: &'a Sheet,
    zone: Tz,
    /// The row being read.
    record: usize,
    errors: Vec<RowError>,
}

impl Reading<'_> {
    /// One case; `None` when a cell that it cannot do without could not be read, which has then been recorded.
    fn case(&mut self, records: &[usize]) -> Option<LogCase> {
        let (&first, others) = records.split_first()?;
        self.record = first;
        // Everything is read before anything is given up, so that all that is wrong is said at once.
        let patient = PatientInput {
            mrn: self.text(Column::Mrn).unwrap_or_default(),
            family_name: self.text(Column::FamilyName).unwrap_or_default(),
            given_name: self.text(Column::GivenName).unwrap_or_default(),
            born: self.date(Column::Born),
            sex: self.word(Column::Sex).unwrap_or(Sex::Unknown),
        };
        let requester = self.text(Column::Requester).unwrap_or_default();
        let indication = self.needed(Column::Indication, Self::code);
        let urgency = self.word(Column::Urgency);
        let clinical_note = self.text(Column::ClinicalNote);
        let procedure = ProcedureInput {
            performed_at: self.time(Column::ProcedureAt),
            operator: self.text(Column::Operator),
            site: self.code(Column::Site),
            side: self.word(Column::Side),
            outcome: self.word(Column::Outcome),
        };
        let orders = self.orders();
        for other in others {
            self.agrees(first, *other);
        }
        let specimens: Vec<Option<NewSpecimen>> = records
            .iter()
            .map(|record| {
                self.record = *record;
                self.part()
            })
            .collect();
        Some(LogCase {
            external_ref: Some(self.sheet.cell(first, Column::ExternalRef).to_owned()),
            patient,
            requester,
            indication: indication?,
            urgency,
            clinical_note,
            procedure,
            specimens: specimens.into_iter().collect::<Option<_>>()?,
            orders,
            reason: None,
        })
    }

    fn part(&mut self) -> Option<NewSpecimen> {
        let kind = self.needed(Column::Kind, Self::word::<SpecimenKind>);
        let container = self.needed(Column::Container, Self::code);
        let pull_number = self.number(Column::PullNumber, "a pull has a small whole number, 1 for the first");
        let volume_ul = self.number(Column::VolumeUl, "a volume is a whole number of µL: 2.5 mL is 2500");
        let length_mm = self.number(Column::LengthMm, "a length is a whole number of mm: 1.5 cm is 15");
        let site = self.code(Column::PartSite);
        let side = self.word(Column::PartSide);
        let collected_at = self.time(Column::CollectedAt);
        let fixed_at = self.time(Column::FixedAt);
        let temperature = self.word(Column::Temperature);
        let not_collected = self.code(Column::NotCollectedReason);
        Some(NewSpecimen {
            kind: kind?,
            container: container?,
            pull_number,
            volume_ul,
            length_mm,
            site,
            side,
            collected_at,
            fixed_at,
            temperature,
            not_collected,
        })
    }

    /// Whether another row of the case says the same about the case as its first row does.
    fn agrees(&mut self, first: usize, other: usize) {
        for column in Column::ALL {
            let (here, there) = (self.sheet.cell(other, *column), self.sheet.cell(first, *column));
            let Some(shape) = column.compared_as().filter(|_| here != there && *column != Column::ExternalRef) else {
                continue;
            };
            if self.comparable(shape, here) == self.comparable(shape, there) {
                continue;
            }
            // What the other row says is not repeated: it may be another person's name.
            let line = self.sheet.line(first);
            let message = format!("line {line} says otherwise, and both rows are of one case");
            self.errors.push(self.sheet.error(other, Some(*column), "mismatch", message));
        }
    }

    fn comparable(&self, shape: Shape, cell: &str) -> String {
        match shape {
            Shape::Text => cell.nfc().collect(),
            Shape::Word => cell.to_ascii_lowercase(),
            Shape::Time => moment(cell, self.zone).map_or_else(|_| cell.to_owned(), |at| at.to_rfc3339()),
            Shape::Words => words(cell).collect::<Vec<_>>().join(" ").to_ascii_lowercase(),
        }
    }

    fn fail(&mut self, column: Column, code: &str, message: impl Into<String>) {
        self.errors.push(self.sheet.error(self.record, Some(column), code, message));
    }

    /// The cell, or nothing when it is empty. An oversized one is recorded and read no further.
    fn text(&mut self, column: Column) -> Option<String> {
        let cell = self.sheet.cell(self.record, column);
        if cell.len() > CELL_BYTES_MAX {
            self.fail(column, "too_long", format!("a cell holds at most {CELL_BYTES_MAX} bytes"));
            return None;
        }
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    /// A value that a row cannot do without.
    fn needed<T>(&mut self, column: Column, read: impl FnOnce(&mut Self, Column) -> Option<T>) -> Option<T> {
        if self.sheet.cell(self.record, column).is_empty() {
            self.fail(column, "missing", "this is needed");
            return None;
        }
        read(self, column)
    }

    fn read<T>(&mut self, column: Column, read: impl FnOnce(&str) -> Result<T, Misread>) -> Option<T> {
        let text = self.text(column)?;
        match read(&text) {
            Ok(value) => Some(value),
            Err(Misread { code, message }) => {
                self.fail(column, code, message);
                None
            }
        }
    }

    fn code(&mut self, column: Column) -> Option<Code> {
        self.read(column, |text| Code::parse(text).map_err(|why| Misread::new("malformed", why)))
    }

    fn word<T: FromStr<Err = String>>(&mut self, column: Column) -> Option<T> {
        self.read(column, |text| text.to_ascii_lowercase().parse().map_err(|why| Misread::new("unknown_code", why)))
    }

    fn number<T: FromStr>(&mut self, column: Column, hint: &str) -> Option<T> {
        self.read(column, |text| {
            let digits = text.strip_prefix('-').unwrap_or(text);
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(Misread::new("not_a_number", hint));
            }
            // Only a sign or too many digits can be wrong now.
            text.parse().map_err(|_| Misread::new("out_of_range", format!("this does not fit; {hint}")))
        })
    }

    fn date(&mut self, column: Column) -> Option<NaiveDate> {
        self.read(column, date)
    }

    fn time(&mut self, column: Column) -> Option<DateTime<Utc>> {
        let zone = self.zone;
        self.read(column, |text| moment(text, zone))
    }

    fn orders(&mut self) -> OrdersInput {
        let orders = self.read(Column::Orders, |text| {
            if text.eq_ignore_ascii_case(SUGGESTED) {
                return Ok(OrdersInput::Suggested(Suggested::Suggested));
            }
            if words(text).any(|word| word.eq_ignore_ascii_case(SUGGESTED)) {
                let message = "write “suggested” alone, or the codes of all assays";
                return Err(Misread::new("malformed", message));
            }
            let codes: Result<_, _> = words(text).map(Code::parse).collect();
            codes.map(OrdersInput::Codes).map_err(|why| Misread::new("malformed", why))
        });
        // A marrow may come before its request does.
        orders.unwrap_or_else(|| OrdersInput::Codes(Vec::new()))
    }
}

/// The word that orders the indication's set.
const SUGGESTED: &str = "suggested";

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ';' || c.is_whitespace()).filter(|word| !word.is_empty())
}

/// Why a cell cannot be read.
pub(super) struct Misread {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Misread {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// `2026-03-29`, and nothing that merely resembles it: 29/03/26 could be read in three ways.
fn date(text: &str) -> Result<NaiveDate, Misread> {
    let fits = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    if !fits {
        return Err(Misread::new("not_a_date", "write the date as year-month-day, such as 2026-03-02"));
    }
    NaiveDate::from_str(text).map_err(|_| Misread::new("not_a_date", "there is no such day in the calendar"))
}

/// RFC 3339 with an offset, or date and time of day in `zone`.
pub(super) fn moment(text: &str, zone: Tz) -> Result<DateTime<Utc>, Misread> {
    let shape = || {
        let message = "write the time as 2026-03-02 09:40 (the laboratory's own clock) or, with an offset, 2026-03-02T09:40:00+00:00";
        Misread::new("not_a_time", message)
    };
    let (Some(day), Some("T" | "t" | " "), Some(clock)) = (text.get(..10), text.get(10..11), text.get(11..)) else {
        return Err(shape());
    };
    let day = date(day).map_err(|wrong| Misread { code: "not_a_time", ..wrong })?;
    let offset_at = clock.find(['Z', 'z', '+', '-']);
    let (clock, offset) = clock.split_at(offset_at.unwrap_or(clock.len()));
    let local = day.and_time(time_of_day(clock).ok_or_else(shape)?);
    if !offset.is_empty() {
        let offset = offset_of(offset).ok_or_else(shape)?;
        let at = offset.from_local_datetime(&local).single().ok_or_else(shape)?;
        return Ok(at.to_utc());
    }
    let message = |what: &str| format!("the clocks change in {} that night: {what}", zone.name());
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) => Ok(at.to_utc()),
        MappedLocalTime::Ambiguous(early, late) => {
            let what = format!("this time comes twice; write {} or {}", early.to_rfc3339(), late.to_rfc3339());
            Err(Misread::new("ambiguous_time", message(&what)))
        }
        MappedLocalTime::None => {
            let what = "this time is left out; correct it, or write it with its offset";
            Err(Misread::new("no_such_time", message(what)))
        }
    }
}

/// `09:40`, `09:40:15` or `09:40:15.25`, in whole microseconds.
fn time_of_day(text: &str) -> Option<NaiveTime> {
    let digits = |range: Range<usize>| text.get(range)?.bytes().all(|b| b.is_ascii_digit()).then_some(());
    digits(0..2)?;
    digits(3..5)?;
    if text.len() == 5 {
        return NaiveTime::parse_from_str(text, "%H:%M").ok();
    }
    digits(6..8)?;
    // A leap second has no place in the count of microseconds since 1970, so it is refused rather than moved.
    let time = NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok().filter(|_| text.get(6..8) != Some("60"))?;
    Some(time.trunc_subsecs(6))
}

/// `Z` or `±hh:mm`.
fn offset_of(text: &str) -> Option<FixedOffset> {
    if text.eq_ignore_ascii_case("z") {
        return FixedOffset::east_opt(0);
    }
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let pair =
        |two: &str| two.parse::<i32>().ok().filter(|_| two.len() == 2 && two.bytes().all(|b| b.is_ascii_digit()));
    let seconds = pair(hours)? * 3600 + pair(minutes).filter(|m| *m < 60)? * 60;
    FixedOffset::east_opt(if text.starts_with('-') { -seconds } else { seconds })
}

/// A file as it was sent: its header and its rows, each with its line.
#[derive(Debug)]
pub struct Sheet {
    separator: char,
    /// Whether it began with a byte order mark, as spreadsheets write it and need it back.
    marked: bool,
    header: Vec<String>,
    /// Where each column is.
    places: BTreeMap<Column, usize>,
    records: Vec<Record>,
}

/// One row as it was sent.
#[derive(Debug)]
struct Record {
    /// The physical line on which it begins.
    line: u64,
    cells: Vec<String>,
    /// The first cell that goes on after its closing quotation mark.
    stray: Option<usize>,
}

impl Sheet {
    /// Whether the row is a part made from another (in our own export): it came out of the laboratory, not into it, and
    /// reading it as a new part would count its volume twice.
    fn is_derived(&self, record: &Record) -> bool {
        let parent = self.header.iter().position(|name| name == "parent");
        parent.and_then(|at| record.cells.get(at)).is_some_and(|cell| !cell.trim().is_empty())
    }

    fn read(bytes: &[u8]) -> Result<Self, FileError> {
        Self::open(bytes, &|name| Column::parse(name).is_some(), places)
    }

    /// Reads a file of any kind of rows. `known` says which names are columns, to find the separator; `judge` sees the
    /// header before any row is read, and may refuse it.
    pub(super) fn open<E: From<FileError>>(
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
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// The names of the columns.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// The separator that the header uses.
    pub(super) const fn separator(&self) -> char {
        self.separator
    }

    /// The cell under that name without the spaces around it; empty when there is none.
    pub(super) fn named(&self, record: usize, name: &str) -> &str {
        let place = self.header.iter().position(|column| column == name);
        place.and_then(|at| self.records.get(record)?.cells.get(at)).map_or("", |cell| cell.trim())
    }

    /// What is wrong with a row, in the column of that name.
    pub(super) fn fault(&self, record: usize, name: Option<&str>, code: &str, message: impl Into<String>) -> RowError {
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
    pub(super) fn torn(&self, record: usize) -> Option<RowError> {
        self.records.get(record).and_then(|row| self.misfit(record, row))
    }

    pub(super) fn line(&self, record: usize) -> u64 {
        self.records.get(record).map_or(0, |r| r.line)
    }

    /// The cell without the spaces around it; empty when there is none.
    fn cell(&self, record: usize, column: Column) -> &str {
        let place = self.places.get(&column);
        place.and_then(|at| self.records.get(record)?.cells.get(*at)).map_or("", |cell| cell.trim())
    }

    fn error(&self, record: usize, column: Option<Column>, code: &str, message: impl Into<String>) -> RowError {
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
    fn misfit(&self, index: usize, record: &Record) -> Option<RowError> {
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
    fn with_the_rest(&self, records: &[usize], found: Vec<RowError>, broken_line: Option<u64>) -> Vec<RowError> {
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
    fn is_blank(&self) -> bool {
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

pub(super) fn shortened(text: &str) -> String {
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
    line: u64,
    separator: char,
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

#[cfg(test)]
mod tests;

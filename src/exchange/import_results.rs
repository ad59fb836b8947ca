//! A CSV file of results of one assay: every row through the one door, every row answered, the same file twice changing
//! nothing.
//!
//! The columns are those of the assay's form (`domain/results/form`), or the keys of its catalogue entry where it has no
//! shape. A row is equal to what is there when entering it would make the same version; it never takes the place of a
//! verified or released result, nor of somebody else's draft.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde::Serialize;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error as Word, StrDeserializer};

use super::import_cases::{ERROR_COLUMNS, FileError, Misread, RowError, Sheet, moment, shortened};
use crate::domain::catalogue::{Assay, ValueKind};
use crate::domain::command::NewResult;
use crate::domain::results::form::{self, Input};
use crate::domain::results::{Reading, ShapeKind};
use crate::domain::{
    Accession, Actor, Case, Command, FieldError, Interpretation, Label, Order, OrderId, OrderState, Refusal,
    ResultState, ResultValue, ResultVersion, Target,
};
use crate::lab::{Ask, Door, Lab, LabError};
use crate::text_enum;

/// How many rows go into one transaction: as long as it lasts, nobody else changes their cases.
const CHUNK: usize = 50;

text_enum! {
    /// A column that files of every assay have.
    pub enum Column {
        /// The case; it has one order of this assay.
        Accession = "accession",
        /// The order, where a case has several of this assay.
        OrderId = "order_id",
        /// The part that fed the order.
        Label = "label",
        /// `abnormal` or `detected`, `normal` or `not_detected`, `indeterminate`, `inadequate`.
        Interpretation = "interpretation",
        /// The finding in one line; made from the rest when empty and the assay has a shape.
        Summary = "summary",
        /// Free text.
        Comment = "comment",
        /// When the work was done; now when empty.
        PerformedAt = "performed_at",
        /// The laboratory that did it, when not ours.
        PerformedBy = "performed_by",
    }
}

/// The columns that say which order a row is about; a file has at least one.
const WHICH: [Column; 3] = [Column::Accession, Column::OrderId, Column::Label];

/// Why a file was not read at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The assay is not in the catalogue.
    #[error("there is no assay {0} in the catalogue")]
    NoSuchAssay(String),
    /// The file itself.
    #[error(transparent)]
    File(#[from] FileError),
    /// Columns that mean nothing here.
    #[error("there is no column “{}” for this assay; its template names them", .0.join("”, “"))]
    UnknownColumns(Vec<String>),
    /// Columns that must be there.
    #[error("the header lacks the column {0}")]
    MissingColumn(&'static str),
    /// The laboratory.
    #[error(transparent)]
    Lab(#[from] LabError),
}

/// What came of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[schema(as = ImportedResult)]
pub enum RowAnswer {
    /// Its result was entered; it waits for a second person.
    Entered {
        /// Physical line.
        line: u64,
        /// The case.
        accession: String,
        /// The order.
        order: OrderId,
    },
    /// That result was there already; nothing changed.
    Unchanged {
        /// Physical line.
        line: u64,
        /// The case.
        accession: String,
        /// The order.
        order: OrderId,
    },
    /// It was refused.
    Refused(RowError),
}

/// What came of a file.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = ImportedResults)]
pub struct Imported {
    /// Results entered (or, in a dry run, that would be).
    pub entered: usize,
    /// Results that were there already.
    pub unchanged: usize,
    /// Rows refused.
    pub refused: usize,
    /// Every row, in line order; of a refused one every fault.
    pub rows: Vec<RowAnswer>,
    /// The separator that was found.
    pub separator: char,
    /// Every complaint.
    #[serde(skip)]
    pub errors: Vec<RowError>,
    /// The file as it was sent, to write the refused rows back.
    #[serde(skip)]
    pub sheet: Arc<Sheet>,
}

impl RowAnswer {
    const fn line(&self) -> u64 {
        match self {
            Self::Entered { line, .. } | Self::Unchanged { line, .. } => *line,
            Self::Refused(e) => e.line,
        }
    }
}

/// The header row for an assay, with as many rows of each list as its form shows at first.
///
/// # Errors
/// An assay that is not in the catalogue.
pub fn template(lab: &Lab, assay: &str) -> Result<Vec<String>, ImportError> {
    let catalogue = lab.catalogue();
    let assay = catalogue.assay(assay).ok_or_else(|| ImportError::NoSuchAssay(assay.to_owned()))?;
    let fixed = Column::ALL.iter().map(|c| c.name().to_owned());
    let own = assay.shape.map_or_else(|| plain_columns(assay), form::template);
    Ok(fixed.chain(own).collect())
}

/// The columns of an assay without a shape: its keys, and for a percentage what it is a percentage of.
fn plain_columns(assay: &Assay) -> Vec<String> {
    let mut out = Vec::new();
    for spec in &assay.values {
        out.push(spec.key.clone());
        if !spec.denominators.is_empty() {
            out.push(format!("{}.of", spec.key));
        }
    }
    out
}

fn is_column(assay: &Assay, name: &str) -> bool {
    Column::parse(name).is_some()
        || match assay.shape {
            Some(shape) => form::field_of(shape, name).is_some(),
            None => plain_columns(assay).iter().any(|column| column == name),
        }
}

/// Enters every result of a file. `dry_run` does the same and takes everything back.
///
/// # Errors
/// A file that is none of ours; the store.
pub fn run(
    lab: &Lab,
    actor: &Actor,
    assay: &str,
    bytes: &[u8],
    dry_run: bool,
    request_id: &str,
    mut progress: impl FnMut(usize, usize),
) -> Result<Imported, ImportError> {
    let catalogue = lab.catalogue();
    let assay = catalogue.assay(assay).ok_or_else(|| ImportError::NoSuchAssay(assay.to_owned()))?;
    let sheet = Sheet::open(bytes, &|name| is_column(assay, name), |header| judge(assay, header))?;
    let sheet = Arc::new(sheet);
    let bench = Bench { sheet: &sheet, assay, zone: catalogue.laboratory.time_zone };
    let mut rows = Vec::new();
    let mut answers = Vec::new();
    for record in 0..sheet.len() {
        match bench.row(record) {
            Ok(row) => rows.push(row),
            Err(errors) => answers.extend(errors.into_iter().map(RowAnswer::Refused)),
        }
    }
    let total = rows.len();
    // A rehearsal is one transaction, so that rows of one order see each other as they would.
    let size = if dry_run { total.max(1) } else { CHUNK };
    let mut given: HashMap<OrderId, u64> = HashMap::new();
    for (done, chunk) in rows.chunks(size).enumerate() {
        let desk = Desk {
            by: actor.clone(),
            assay: assay.clone(),
            sheet: Arc::clone(&sheet),
            request_id: request_id.to_owned(),
        };
        let (job, before) = (chunk.to_vec(), given.clone());
        let work = move |door: &mut Door<'_, '_>| {
            let mut given = before.clone();
            let answers = job.iter().map(|row| desk.enter(door, row, &mut given)).collect::<Result<Vec<_>, _>>()?;
            Ok((answers, given))
        };
        let (found, now_given) =
            if dry_run { lab.rehearse("batch.import", work)? } else { lab.batch("batch.import", work)? };
        answers.extend(found.into_iter().flatten());
        given = now_given;
        progress((done * size + chunk.len()).min(total), total);
    }
    answers.sort_by_key(RowAnswer::line);
    let errors: Vec<RowError> = answers
        .iter()
        .filter_map(|answer| match answer {
            RowAnswer::Refused(error) => Some(error.clone()),
            RowAnswer::Entered { .. } | RowAnswer::Unchanged { .. } => None,
        })
        .collect();
    let count = |kind: fn(&RowAnswer) -> bool| answers.iter().filter(|a| kind(a)).count();
    Ok(Imported {
        entered: count(|a| matches!(a, RowAnswer::Entered { .. })),
        unchanged: count(|a| matches!(a, RowAnswer::Unchanged { .. })),
        refused: errors.iter().map(|e| e.line).collect::<HashSet<_>>().len(),
        separator: sheet.separator(),
        rows: answers,
        errors,
        sheet,
    })
}

/// Whether the header is one of this assay's.
fn judge<T: Default>(assay: &Assay, header: &[String]) -> Result<T, ImportError> {
    let mut seen = HashSet::new();
    let mut unknown = Vec::new();
    for name in header {
        if !seen.insert(name.as_str()) && !name.is_empty() {
            return Err(FileError::RepeatedColumn(shortened(name)).into());
        }
        if !is_column(assay, name) && !ERROR_COLUMNS.contains(&name.as_str()) && unknown.len() < 5 {
            unknown.push(shortened(name));
        }
    }
    if !unknown.is_empty() {
        return Err(ImportError::UnknownColumns(unknown));
    }
    if !WHICH.iter().any(|c| seen.contains(c.name())) {
        return Err(ImportError::MissingColumn("accession, order_id or label"));
    }
    if !seen.contains(Column::Interpretation.name()) {
        return Err(ImportError::MissingColumn(Column::Interpretation.name()));
    }
    Ok(T::default())
}

/// A row that could be read.
#[derive(Debug, Clone)]
struct Row {
    record: usize,
    accession: Option<Accession>,
    order: Option<OrderId>,
    label: Option<Label>,
    /// Whether the file says when the work was done.
    dated: bool,
    new: NewResult,
}

/// Reads the rows of a sheet.
struct Bench<'a> {
    sheet: &'a Sheet,
    assay: &'a Assay,
    zone: chrono_tz::Tz,
}

impl Bench<'_> {
    fn cell(&self, record: usize, name: &str) -> Option<String> {
        Some(self.sheet.named(record, name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// One row, or everything that is wrong with it.
    fn row(&self, record: usize) -> Result<Row, Vec<RowError>> {
        if let Some(torn) = self.sheet.torn(record) {
            return Err(vec![torn]);
        }
        let mut errors = Vec::new();
        let accession = self.read(record, Column::Accession, &mut errors, |text| {
            Accession::parse(text).map_err(|why| Misread { code: "malformed", message: why })
        });
        let order = self.read(record, Column::OrderId, &mut errors, |text| {
            uuid::Uuid::try_parse(text)
                .map(OrderId)
                .map_err(|_| Misread { code: "malformed", message: "an order has an id such as the API gives".into() })
        });
        let label = self.read(record, Column::Label, &mut errors, |text| {
            Label::parse(text).map_err(|why| Misread { code: "malformed", message: why })
        });
        if WHICH.iter().all(|column| self.cell(record, column.name()).is_none()) {
            errors.push(self.sheet.fault(record, None, "missing", "say which case, order or part this is about"));
        }
        let interpretation = self.read(record, Column::Interpretation, &mut errors, |text| {
            let word: StrDeserializer<'_, Word> = text.into_deserializer();
            Interpretation::read(word).map_err(|why| Misread { code: "unknown_code", message: why.to_string() })
        });
        if self.cell(record, Column::Interpretation.name()).is_none() {
            let name = Some(Column::Interpretation.name());
            errors.push(self.sheet.fault(record, name, "missing", "this is needed"));
        }
        let performed_at = self.read(record, Column::PerformedAt, &mut errors, |text| moment(text, self.zone));
        let (details, values) = match self.assay.shape {
            Some(shape) => (self.details(record, shape, &mut errors), Vec::new()),
            None => (None, self.values(record, &mut errors)),
        };
        let text = |column: Column| self.cell(record, column.name());
        let new = interpretation.map(|interpretation| NewResult {
            interpretation,
            summary: text(Column::Summary),
            details,
            values,
            comment: text(Column::Comment),
            performed_by: text(Column::PerformedBy),
            performed_at,
        });
        match new {
            Some(new) if errors.is_empty() => {
                Ok(Row { record, accession, order, label, dated: performed_at.is_some(), new })
            }
            Some(_) | None => Err(errors),
        }
    }

    fn read<T>(
        &self,
        record: usize,
        column: Column,
        errors: &mut Vec<RowError>,
        read: impl FnOnce(&str) -> Result<T, Misread>,
    ) -> Option<T> {
        let text = self.cell(record, column.name())?;
        match read(&text) {
            Ok(value) => Some(value),
            Err(Misread { code, message }) => {
                errors.push(self.sheet.fault(record, Some(column.name()), code, message));
                None
            }
        }
    }

    fn details(
        &self,
        record: usize,
        shape: ShapeKind,
        errors: &mut Vec<RowError>,
    ) -> Option<crate::domain::results::Details> {
        // A time without an offset is the laboratory's own; the form itself takes only exact moments.
        let mut times: BTreeMap<String, Result<String, Misread>> = BTreeMap::new();
        for name in self.sheet.header() {
            if form::field_of(shape, name).is_some_and(|f| matches!(f.input, Input::Moment))
                && let Some(text) = self.cell(record, name)
            {
                times.insert(name.clone(), moment(&text, self.zone).map(|at| at.to_rfc3339()));
            }
        }
        let get = |name: &str| match times.get(name) {
            Some(Ok(exact)) => Some(exact.clone()),
            Some(Err(_)) | None => self.cell(record, name),
        };
        match form::read(shape, &get) {
            Ok(details) => details,
            Err(found) => {
                for e in found {
                    let place = place_of(shape, &get, &e.pointer);
                    let exact = place.as_ref().and_then(|name| times.get(name)).and_then(|t| t.as_ref().err());
                    let (code, message) =
                        exact.map_or((e.code.as_str(), &e.message), |misread| (misread.code, &misread.message));
                    errors.push(self.sheet.fault(record, place.as_deref(), code, message.clone()));
                }
                None
            }
        }
    }

    fn values(&self, record: usize, errors: &mut Vec<RowError>) -> Vec<ResultValue> {
        let mut out = Vec::new();
        for spec in &self.assay.values {
            let denominator = self.cell(record, &format!("{}.of", spec.key));
            let Some(text) = self.cell(record, &spec.key) else { continue };
            let mut value = ResultValue {
                key: spec.key.clone(),
                number: None,
                text: None,
                unit: None,
                qualifier: None,
                denominator,
            };
            match spec.kind {
                ValueKind::Number => match Reading::parse(&text) {
                    Ok(reading) => (value.number, value.qualifier) = (reading.value, reading.qualifier),
                    Err(why) => errors.push(self.sheet.fault(record, Some(&spec.key), "not_a_number", why)),
                },
                ValueKind::Text | ValueKind::Coded => value.text = Some(text),
            }
            out.push(value);
        }
        out
    }
}

/// The column that a pointer of the domain is about; `None`: the row as a whole.
fn place_of(shape: ShapeKind, get: form::Get<'_>, pointer: &str) -> Option<String> {
    let inside = pointer.strip_prefix("/details")?;
    let inside = inside.strip_prefix(&format!("/{shape}")).unwrap_or_default();
    Some(form::place(shape, get, inside)).filter(|cell| form::field_of(shape, cell).is_some())
}

/// Who enters, and into what: everything that a row needs beside itself.
struct Desk {
    by: Actor,
    assay: Assay,
    sheet: Arc<Sheet>,
    request_id: String,
}

impl Desk {
    /// Enters one row; its refusal is an answer, too.
    fn enter(
        &self,
        door: &mut Door<'_, '_>,
        row: &Row,
        given: &mut HashMap<OrderId, u64>,
    ) -> Result<Vec<RowAnswer>, LabError> {
        match self.attempt(door, row, given) {
            Ok(answer) => Ok(vec![answer]),
            Err(Stop::Row(errors)) => Ok(errors.into_iter().map(RowAnswer::Refused).collect()),
            Err(Stop::Lab(LabError::Refused(refusal))) => {
                Ok(self.faults(row, &refusal).into_iter().map(RowAnswer::Refused).collect())
            }
            Err(Stop::Lab(other)) => Err(other),
        }
    }

    fn attempt(
        &self,
        door: &mut Door<'_, '_>,
        row: &Row,
        given: &mut HashMap<OrderId, u64>,
    ) -> Result<RowAnswer, Stop> {
        let whole = door.case(&self.by, &target(row))?;
        let case = &whole.case;
        let order = self.order(case, row)?.id;
        let (line, accession) = (self.sheet.line(row.record), case.header.accession.to_string());
        let would = door.would_enter(&self.by, &whole, order, &row.new)?;
        let stop = |code: &str, message: String| Stop::Row(vec![self.sheet.fault(row.record, None, code, message)]);
        let open = case.results_of(order).rfind(|r| matches!(r.state, ResultState::Draft | ResultState::Preliminary));
        for there in open.into_iter().chain(case.verified_result(order)) {
            if same(row, there, &would) {
                return Ok(RowAnswer::Unchanged { line, accession, order });
            }
        }
        if case.verified_result(order).is_some() {
            let message = "another result is verified, and no file overwrites it; a pathologist writes a new version";
            return Err(stop("already_verified", message.to_owned()));
        }
        if let Some(line) = given.get(&order) {
            return Err(stop("duplicate", format!("line {line} gives another result for the same order")));
        }
        match open {
            Some(there) if there.state == ResultState::Preliminary => {
                let message = "another result is released as preliminary; a person must look at both";
                return Err(stop("already_released", message.to_owned()));
            }
            Some(there) if there.entered_by.id != self.by.id => {
                let message = format!("another result, entered by {}, waits to be verified", there.entered_by.name);
                return Err(stop("already_entered", message));
            }
            Some(_) | None => {}
        }
        let command = Command::EnterResult(order, Box::new(row.new.clone()));
        door.attempt(&Ask::new(self.by.clone(), Target::Order(order), command, self.request_id.clone()))?;
        given.insert(order, line);
        Ok(RowAnswer::Entered { line, accession, order })
    }

    /// The order that a row is about: everything that it says must agree, and nothing is guessed.
    fn order<'c>(&self, case: &'c Case, row: &Row) -> Result<&'c Order, Stop> {
        let stop = |column: Column, code: &str, message: String| {
            Stop::Row(vec![self.sheet.fault(row.record, Some(column.name()), code, message)])
        };
        let accession = case.header.accession;
        if row.accession.is_some_and(|a| a != accession) {
            return Err(stop(Column::Accession, "mismatch", format!("order or part belong to case {accession}")));
        }
        if let Some(label) = &row.label
            && label.accession() != accession
        {
            return Err(stop(Column::Label, "mismatch", format!("the order belongs to case {accession}")));
        }
        let part = match &row.label {
            Some(label) => Some(
                case.labeled(label)
                    .ok_or_else(|| stop(Column::Label, "not_found", format!("there is no part {label}")))?
                    .id,
            ),
            None => None,
        };
        let fed_by = |o: &Order| o.attempts.last().and_then(|a| a.specimen).or(o.specimen);
        let code = &self.assay.code;
        if let Some(id) = row.order {
            let order = case.order(id).filter(|o| o.assay == *code);
            let order = order.ok_or_else(|| stop(Column::OrderId, "wrong_assay", format!("not an order of {code}")))?;
            if part.is_some_and(|part| fed_by(order) != Some(part)) {
                return Err(stop(Column::Label, "mismatch", "this order is fed by another part".to_owned()));
            }
            return Ok(order);
        }
        // What was taken back or never begun takes no result; what is final may have this very one.
        let alive = |o: &&Order| o.assay == *code && (o.state.is_open() || o.state == OrderState::Final);
        let all: Vec<&Order> = case.orders.iter().filter(alive).collect();
        let column = if row.label.is_some() { Column::Label } else { Column::Accession };
        let fed: Vec<&Order> =
            all.iter().copied().filter(|o| part.is_none_or(|part| fed_by(o) == Some(part))).collect();
        match fed.as_slice() {
            [one] => Ok(one),
            [] if all.is_empty() => {
                Err(stop(column, "not_found", format!("{code} is not ordered in case {accession}")))
            }
            [] => Err(stop(column, "mismatch", format!("this part does not feed {code}"))),
            [..] => Err(stop(column, "ambiguous", format!("there are several orders of {code}; give order_id"))),
        }
    }

    fn faults(&self, row: &Row, refusal: &Refusal) -> Vec<RowError> {
        let whole = |code: &str, message: &str| vec![self.sheet.fault(row.record, None, code, message)];
        match refusal {
            Refusal::Invalid(fields) => fields.iter().map(|field| self.fault(row, field)).collect(),
            Refusal::Guard { rule, detail, .. } => whole(rule, detail),
            Refusal::NotAllowed { title, detail, .. } => whole("not_allowed", &format!("{title}. {detail}")),
            Refusal::Forbidden(why) => whole("forbidden", why),
            Refusal::NotFound(what) => {
                let column = WHICH.into_iter().find(|c| !self.sheet.named(row.record, c.name()).is_empty());
                vec![self.sheet.fault(row.record, column.map(Column::name), "not_found", what.clone())]
            }
        }
    }

    /// A field that the domain refused, at its column.
    fn fault(&self, row: &Row, error: &FieldError) -> RowError {
        let get = |name: &str| Some(self.sheet.named(row.record, name).to_owned());
        let column = match self.assay.shape {
            Some(shape) if error.pointer.starts_with("/details") => place_of(shape, &get, &error.pointer),
            Some(_) | None => {
                let steps: Vec<&str> = error.pointer.split('/').skip(1).collect();
                match steps.as_slice() {
                    ["values", place, field] => {
                        let key = place.parse().ok().and_then(|i: usize| row.new.values.get(i)).map(|v| v.key.clone());
                        key.map(|key| if *field == "denominator" { format!("{key}.of") } else { key })
                    }
                    [name] if Column::parse(name).is_some() => Some((*name).to_owned()),
                    _ => None,
                }
            }
        };
        self.sheet.fault(row.record, column.as_deref(), &error.code, error.message.clone())
    }
}

/// Why a row was not entered.
enum Stop {
    /// Something is wrong with it.
    Row(Vec<RowError>),
    /// The laboratory says so.
    Lab(LabError),
}

impl From<LabError> for Stop {
    fn from(e: LabError) -> Self {
        Self::Lab(e)
    }
}

/// The most exact of what a row says about where it belongs.
fn target(row: &Row) -> Target {
    match (row.order, &row.label, row.accession) {
        (Some(id), _, _) => Target::Order(id),
        (None, Some(label), _) => Target::Case(label.accession()),
        (None, None, Some(accession)) => Target::Case(accession),
        // A row that says none of them was refused when it was read.
        (None, None, None) => Target::New,
    }
}

/// Whether what is there says what entering the row would say.
fn same(row: &Row, there: &ResultVersion, would: &ResultVersion) -> bool {
    there.interpretation == would.interpretation
        && there.summary == would.summary
        && there.details == would.details
        && there.values == would.values
        && there.comment == would.comment
        && there.performed_by == would.performed_by
        && (!row.dated || there.performed_at == would.performed_at)
}

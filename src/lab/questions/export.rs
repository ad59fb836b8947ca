//! Whole tables of the laboratory, row by row, from one snapshot: what CSV, NDJSON and XLSX are made from.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::cases::Filter;
use super::export_rows::{self, Rows};
use crate::domain::decide::hex;
use crate::domain::progress::{is_late, progress, specimen_stage};
use crate::domain::{Actor, Case, Moment, Order, Refusal, Role, Specimen, SpecimenState};
use crate::lab::catalogue::InForce;
use crate::lab::notes::Note;
use crate::lab::{Lab, LabError};
use crate::store::aggregate::{self, Depth};
use crate::store::tables::cases::{self, CaseSort};
use crate::store::tables::orders;
use crate::store::{DbConn, StoreError, journal};
use crate::text_enum;

text_enum! {
    /// What can be exported.
    pub enum Dataset {
        /// One row per case.
        Cases = "cases",
        /// One row per part; with full identifiers also the importer's format.
        Specimens = "specimens",
        /// One row per ordered assay.
        Orders = "orders",
        /// One row per value of each result version.
        Results = "results",
        /// One row per report version.
        Reports = "reports",
        /// One row per thing that happened.
        Events = "events",
        /// One row per finished assay with its times.
        Turnaround = "turnaround",
        /// One row per part that was rejected, lost, not obtained or accepted with a caveat.
        Rejections = "rejections",
    }
}

text_enum! {
    /// How much of a patient's identity goes out.
    pub enum Identifiers {
        /// None: no name, number, date of birth, reference or free text; keys differ from export to export.
        None = "none",
        /// The same, with keys that stay the same between exports of this laboratory.
        Pseudonym = "pseudonym",
        /// Everything. Takes a stated reason.
        Full = "full",
    }
}

/// What is in a column, so that a dialect knows what it may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Typed by people or partners.
    Text,
    /// A code, label, number-like identifier: only letters, digits and a few marks.
    Code,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A date.
    Date,
    /// A moment.
    Time,
    /// Yes or no.
    Boolean,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Stable name; only ever added at the end.
    pub name: &'static str,
    /// What is in it.
    pub kind: Kind,
    /// Whether it is left empty unless identifiers are full.
    pub identifying: bool,
}

const fn open(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, identifying: false }
}

const fn phi(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, identifying: true }
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Not known.
    Empty,
    /// Text or code.
    Text(String),
    /// Whole number.
    Integer(i64),
    /// Number.
    Number(f64),
    /// Date.
    Date(NaiveDate),
    /// Moment.
    Time(Moment),
    /// Yes or no.
    Boolean(bool),
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

macro_rules! cell_from {
    ($($t:ty => |$v:ident| $e:expr),+ $(,)?) => {$(
        impl From<$t> for Cell {
            fn from($v: $t) -> Self {
                $e
            }
        }
    )+};
}
cell_from! {
    String => |v| if v.is_empty() { Cell::Empty } else { Cell::Text(v) },
    &str => |v| Cell::from(v.to_owned()),
    &String => |v| Cell::from(v.clone()),
    &crate::domain::Code => |v| Cell::Text(v.to_string()),
    i64 => |v| Cell::Integer(v),
    u32 => |v| Cell::Integer(v.into()),
    u8 => |v| Cell::Integer(v.into()),
    f64 => |v| Cell::Number(v),
    NaiveDate => |v| Cell::Date(v),
    Moment => |v| Cell::Time(v),
    bool => |v| Cell::Boolean(v),
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Which table.
    pub dataset: Dataset,
    /// Which cases.
    pub filter: Filter,
    /// Which of their rows. Absent in requests of before rows could be narrowed.
    #[serde(default)]
    pub rows: Rows,
    /// How much identity.
    pub identifiers: Identifiers,
    /// Why, for full identifiers.
    pub reason: Option<String>,
    /// Which columns, in this order; all of them, in theirs, when absent. [`chosen`] checks the names.
    pub columns: Option<Vec<String>>,
}

/// How far an export is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows written so far.
    pub rows: u64,
    /// Cases read so far; where rows are narrowed, orders or parts.
    pub cases: u64,
    /// Cases, orders or parts to read, counted in the same snapshot.
    pub cases_total: u64,
}

/// Looks at the progress after every case, and may end the export there.
pub type Watch<'w> = &'w mut dyn FnMut(Progress) -> ControlFlow<()>;

const CASE_COLUMNS: &[Column] = &[
    phi("accession", Kind::Code),
    open("case_key", Kind::Code),
    open("patient_key", Kind::Code),
    phi("external_ref", Kind::Text),
    phi("mrn", Kind::Code),
    phi("family_name", Kind::Text),
    phi("given_name", Kind::Text),
    phi("born", Kind::Date),
    open("birth_year", Kind::Integer),
    open("sex", Kind::Code),
    phi("requester", Kind::Text),
    open("indication", Kind::Code),
    open("urgency", Kind::Code),
    phi("clinical_note", Kind::Text),
    open("procedure_at", Kind::Time),
    phi("operator", Kind::Text),
    open("site", Kind::Code),
    open("side", Kind::Code),
    open("outcome", Kind::Code),
];

/// The columns of a dataset.
pub fn columns(dataset: Dataset) -> Vec<Column> {
    use Kind::{Boolean, Code, Date, Integer, Number, Text, Time};
    let of_case = |own: &[Column]| CASE_COLUMNS.iter().chain(own).copied().collect::<Vec<_>>();
    let short = |own: &[Column]| CASE_COLUMNS.iter().take(3).chain(own).copied().collect::<Vec<_>>();
    match dataset {
        Dataset::Cases => of_case(&[
            open("stage", Code),
            open("logged_at", Time),
            open("collected_at", Time),
            open("received_at", Time),
            open("due_at", Time),
            open("signed_at", Time),
            open("late", Boolean),
            open("specimens", Integer),
            open("orders", Integer),
            open("orders_final", Integer),
            open("orders_open", Integer),
        ]),
        Dataset::Specimens => of_case(&[
            phi("label", Code),
            open("kind", Code),
            open("state", Code),
            open("stage", Code),
            open("container", Code),
            open("pull_number", Integer),
            open("volume_ul", Integer),
            open("remaining_ul", Integer),
            open("length_mm", Integer),
            open("part_site", Code),
            open("part_side", Code),
            open("collected_at", Time),
            open("received_at", Time),
            open("accepted_at", Time),
            open("fixed_at", Time),
            open("temperature", Code),
            open("not_collected_reason", Code),
            open("caveats", Code),
            open("rejected_reason", Code),
            phi("location", Text),
            phi("parent", Code),
            open("orders", Code),
        ]),
        Dataset::Orders => short(&[
            phi("order_id", Code),
            open("assay", Code),
            open("department", Code),
            open("state", Code),
            open("urgency", Code),
            open("need", Code),
            open("required", Boolean),
            open("origin", Code),
            phi("label", Code),
            open("ordered_at", Time),
            open("started_at", Time),
            open("attempts", Integer),
            open("failed_reason", Code),
            open("due_at", Time),
            open("overdue_at", Time),
            open("final_at", Time),
            open("closing_reason", Code),
            phi("closing_text", Text),
            phi("referral_laboratory", Text),
            phi("why", Text),
        ]),
        Dataset::Results => short(&[
            open("assay", Code),
            phi("result_id", Code),
            open("version", Integer),
            open("state", Code),
            open("revision", Code),
            open("interpretation", Code),
            phi("summary", Text),
            open("key", Code),
            open("number", Number),
            open("qualifier", Code),
            phi("text", Text),
            open("unit", Text),
            open("denominator", Code),
            open("performed_at", Time),
            phi("performed_by", Text),
            phi("entered_by", Text),
            open("entered_at", Time),
            phi("verified_by", Text),
            open("verified_at", Time),
            phi("reason", Text),
            phi("disclaimers", Text),
        ]),
        Dataset::Reports => short(&[
            phi("report_id", Code),
            open("version", Integer),
            open("kind", Code),
            open("state", Code),
            phi("diagnosis", Text),
            phi("dx_who5", Text),
            phi("dx_icc", Text),
            phi("comment", Text),
            phi("reason", Text),
            phi("told", Text),
            phi("signed_by", Text),
            open("signed_at", Time),
            phi("sha256", Code),
        ]),
        Dataset::Events => short(&[
            phi("position", Integer),
            open("seq", Integer),
            open("recorded_at", Time),
            open("occurred_at", Time),
            phi("actor", Text),
            open("command", Code),
            open("what", Code),
            open("hl7_event", Code),
            open("subject", Code),
            phi("subject_id", Code),
            open("changed_fields", Text),
            phi("reason", Text),
            phi("request_id", Code),
            phi("hash", Code),
        ]),
        Dataset::Turnaround => short(&[
            open("assay", Code),
            open("department", Code),
            open("urgency", Code),
            open("indication", Code),
            open("collected_at", Time),
            open("received_at", Time),
            open("started_at", Time),
            open("final_at", Time),
            open("due_at", Time),
            open("collected_to_final_h", Number),
            open("received_to_final_h", Number),
            open("in_target", Boolean),
        ]),
        Dataset::Rejections => short(&[
            phi("label", Code),
            open("kind", Code),
            open("container", Code),
            open("what", Code),
            open("reason", Code),
            phi("text", Text),
            open("at", Time),
            phi("proposed_by", Text),
            phi("decided_by", Text),
            phi("told", Text),
            phi("operator", Text),
            open("site", Code),
            open("outcome", Code),
            open("collected_on", Date),
        ]),
    }
}

/// The columns that a request asks for, each with its place in the dataset.
///
/// # Errors
/// A name that the dataset does not have, a name twice, or none at all; rows that it does not have.
pub fn chosen(request: &Request) -> Result<Vec<(usize, Column)>, Refusal> {
    request.rows.fits(request.dataset).map_err(|why| Refusal::field("/dataset", "impossible", why))?;
    let all = columns(request.dataset);
    let Some(names) = &request.columns else { return Ok(all.into_iter().enumerate().collect()) };
    let refuse = |code, why: String| Err(Refusal::field("/columns", code, why));
    if names.is_empty() {
        return refuse("missing", "choose at least one column".to_owned());
    }
    let mut chosen: Vec<(usize, Column)> = Vec::with_capacity(names.len());
    for name in names {
        // A name that two places share (`collected_at` never does within one dataset) would be a defect of the tables.
        match all.iter().position(|c| c.name == name) {
            None => return refuse("unknown", format!("{} has no column {name:?}", request.dataset)),
            Some(at) if chosen.iter().any(|(seen, _)| *seen == at) => {
                return refuse("twice", format!("the column {name} is asked for twice"));
            }
            Some(at) => chosen.extend(all.get(at).map(|c| (at, *c))),
        }
    }
    Ok(chosen)
}

/// Who may export, and with how much identity (`reference/reliability.md` §2.2; admins may, by the decision).
///
/// # Errors
/// Names who may; asks for the reason.
pub fn may_export(actor: &Actor, request: &Request) -> Result<(), LabError> {
    if !actor.is_any(&[Role::Admin, Role::Supervisor, Role::Pathologist, Role::Auditor, Role::System]) {
        return Err(
            Refusal::Forbidden("Exporting takes the role admin, supervisor, pathologist or auditor.".into()).into()
        );
    }
    if request.identifiers == Identifiers::Full {
        if !actor.is_any(&[Role::Admin, Role::Supervisor, Role::Pathologist, Role::System]) {
            return Err(Refusal::Forbidden("An auditor exports without identifiers.".into()).into());
        }
        let reason = request.reason.as_deref().map(str::trim).unwrap_or_default();
        if reason.chars().count() < 5 || reason.chars().count() > 500 || reason.chars().any(char::is_control) {
            return Err(Refusal::field(
                "/reason",
                "missing",
                "say why identities must leave the laboratory (5 to 500 characters)",
            )
            .into());
        }
    }
    Ok(())
}

/// Turns a patient or a case into a key.
struct Keys {
    secret: String,
}

impl Keys {
    fn key(&self, what: &str, id: uuid::Uuid) -> String {
        let mut hasher = Sha256::new();
        for piece in [self.secret.as_str(), what, &id.to_string()] {
            hasher.update(piece.len().to_be_bytes());
            hasher.update(piece.as_bytes());
        }
        hex(hasher.finalize().get(..8).unwrap_or_default())
    }
}

type Sink<'s> = &'s mut dyn FnMut(&[Cell]) -> Result<(), StoreError>;

/// Why an export ended before its last row.
enum Ended {
    /// Whoever watched had enough.
    Early,
    Failed(StoreError),
}

impl From<StoreError> for Ended {
    fn from(e: StoreError) -> Self {
        Self::Failed(e)
    }
}

impl Lab {
    /// Streams a dataset into `sink`, cases oldest first, from one snapshot, in constant memory. Journaled before the
    /// first row leaves, and again when the last has left. Blocks. Returns the number of rows.
    ///
    /// # Errors
    /// Refusals of [`may_export`] and [`chosen`]; the store; whatever the sink says.
    pub fn export(&self, actor: &Actor, request: &Request, request_id: &str, sink: Sink<'_>) -> Result<u64, LabError> {
        let mut rows = 0;
        let mut watch = |progress: Progress| {
            rows = progress.rows;
            ControlFlow::Continue(())
        };
        self.export_watched(actor, request, request_id, sink, &mut watch)?;
        Ok(rows)
    }

    /// [`Lab::export`] that somebody watches, and may end early. `false`: it was ended, and what left is not whole.
    ///
    /// # Errors
    /// As [`Lab::export`].
    pub fn export_watched(
        &self,
        actor: &Actor,
        request: &Request,
        request_id: &str,
        sink: Sink<'_>,
        watch: Watch<'_>,
    ) -> Result<bool, LabError> {
        may_export(actor, request)?;
        chosen(request)?;
        self.note_export(actor, request, Note::ExportBegin, None, request_id)?;
        let (rows, whole) = self.run_export(actor, request, sink, u64::MAX, watch)?;
        let command = if whole { Note::ExportEnd } else { Note::ExportCancel };
        self.note_export(actor, request, command, Some(rows), request_id)?;
        Ok(whole)
    }

    /// The first rows of an export, to look at. Journaled as such. Blocks.
    ///
    /// # Errors
    /// As [`Lab::export`].
    pub fn export_preview(
        &self,
        actor: &Actor,
        request: &Request,
        most: u64,
        request_id: &str,
    ) -> Result<Vec<Vec<Cell>>, LabError> {
        may_export(actor, request)?;
        chosen(request)?;
        self.note_export(actor, request, Note::ExportPreview, Some(most), request_id)?;
        let mut rows = Vec::new();
        let mut sink = |cells: &[Cell]| {
            rows.push(cells.to_vec());
            Ok(())
        };
        self.run_export(actor, request, &mut sink, most, &mut |_| ControlFlow::Continue(()))?;
        Ok(rows)
    }

    /// Notes that the finished file of an export was fetched. Blocks.
    ///
    /// # Errors
    /// The store.
    pub fn note_fetched_export(&self, actor: &Actor, request: &Request, request_id: &str) -> Result<(), LabError> {
        self.note_export(actor, request, Note::ExportFetch, None, request_id)
    }

    fn note_export(
        &self,
        actor: &Actor,
        request: &Request,
        command: Note,
        rows: Option<u64>,
        request_id: &str,
    ) -> Result<(), LabError> {
        let body = json!({
            "format": 1,
            "dataset": request.dataset.name(),
            "identifiers": request.identifiers.name(),
            "stage": request.filter.stage.map(crate::domain::progress::Stage::name),
            "indication": request.filter.indication,
            "from": request.filter.from,
            "to": request.filter.to,
            "of": request.rows,
            "columns": request.columns,
            "rows": rows,
        });
        let (lab, actor) = (self.clone(), actor.clone());
        let (reason, request_id) = (request.reason.clone(), request_id.to_owned());
        // Two exports may end at the same moment, now that they run beside one another.
        self.write_account("export.note", move |tx| {
            Ok(lab.note(tx, "exports", &actor, command, reason.as_deref(), &body, &request_id)?)
        })
    }

    /// The rows themselves, at most so many; says how many, and whether nobody ended it early.
    fn run_export(
        &self,
        actor: &Actor,
        request: &Request,
        sink: Sink<'_>,
        most: u64,
        watch: Watch<'_>,
    ) -> Result<(u64, bool), LabError> {
        let secret = match request.identifiers {
            // A new secret each time: keys of two exports cannot be joined.
            Identifiers::None => self.next_id().to_string() + &self.next_id().to_string(),
            Identifiers::Pseudonym | Identifiers::Full => self.pseudonym_secret()?,
        };
        let catalogue = self.catalogue();
        let mut writer = Writer {
            keys: Keys { secret },
            hidden: columns(request.dataset)
                .iter()
                .map(|c| c.identifying && request.identifiers != Identifiers::Full)
                .collect(),
            order: request.columns.as_ref().map(|_| chosen(request)).transpose()?,
            catalogue: &catalogue,
            now: self.now(),
            rows: 0,
            most,
            sink,
        };
        let (dataset, now) = (request.dataset, writer.now);
        let mut progress = Progress::default();
        let mut read = |writer: &Writer<'_>, progress: &mut Progress| {
            progress.cases += 1;
            progress.rows = writer.rows;
            if writer.rows >= most || watch(*progress).is_break() { Err(Ended::Early) } else { Ok(()) }
        };
        let ended = self.store().snapshot(|conn| match &request.rows {
            Rows::All | Rows::Sorted(_) => {
                let sort = match request.rows {
                    Rows::Sorted(sort) => sort,
                    Rows::All | Rows::Orders(_) | Rows::Parts(_) => CaseSort::Oldest,
                };
                progress.cases_total = cases::count_of(conn, &request.filter)?;
                cases::each_id_by(conn, &request.filter, sort, |conn, ids| {
                    let mut wholes = aggregate::load_many(conn, ids, depth(dataset))?;
                    wholes.sort_by_key(|w| ids.iter().position(|id| *id == w.case.header.id));
                    for whole in wholes {
                        writer.whole(conn, dataset, &whole.case)?;
                        read(&writer, &mut progress)?;
                    }
                    Ok(())
                })
            }
            Rows::Orders(rows) => {
                let rows = rows.filter(actor, now);
                progress.cases_total = orders::count_of(conn, &rows)?;
                export_rows::each_order(conn, &rows, &request.filter, depth(dataset), |case, order| {
                    if let Some(order) = case.order(order) {
                        writer.of_order(dataset, case, order)?;
                    }
                    read(&writer, &mut progress)
                })
            }
            Rows::Parts(rows) => {
                let parts = rows.parts(conn, &catalogue, now)?;
                progress.cases_total = parts.len() as u64;
                export_rows::each_with_case(conn, &request.filter, &parts, rows.depth(), |case, part| {
                    if let Some(part) = case.specimen(part).filter(|p| rows.holds(case, p.id, &catalogue, now)) {
                        writer.of_part(dataset, case, part)?;
                    }
                    read(&writer, &mut progress)
                })
            }
        });
        match ended {
            Ok(()) => Ok((writer.rows, true)),
            Err(Ended::Early) => Ok((writer.rows, false)),
            Err(Ended::Failed(e)) => Err(e.into()),
        }
    }

    /// The secret behind stable pseudonyms: derived from the first journal entry, which nobody sees in an export.
    fn pseudonym_secret(&self) -> Result<String, LabError> {
        let first = self.store().read_now(|conn| journal::after(conn, 0, 1))?;
        Ok(first.first().map_or_else(|| "empty".to_owned(), |e| e.hash.clone()))
    }
}

const fn depth(dataset: Dataset) -> Depth {
    let none = Depth { specimens: false, orders: false, results: false, reports: false };
    match dataset {
        Dataset::Cases => Depth { specimens: true, orders: true, results: true, reports: true },
        Dataset::Specimens => Depth { specimens: true, orders: true, reports: true, ..none },
        Dataset::Orders | Dataset::Turnaround => Depth { specimens: true, orders: true, ..none },
        Dataset::Results => Depth { orders: true, results: true, ..none },
        Dataset::Reports => Depth { reports: true, ..none },
        Dataset::Rejections => Depth { specimens: true, ..none },
        Dataset::Events => none,
    }
}

struct Writer<'w> {
    keys: Keys,
    hidden: Vec<bool>,
    /// The chosen columns; all when absent.
    order: Option<Vec<(usize, Column)>>,
    catalogue: &'w InForce,
    now: Moment,
    rows: u64,
    most: u64,
    sink: Sink<'w>,
}

/// Hours between two moments, to the hundredth.
fn hours(from: Option<Moment>, to: Option<Moment>) -> Cell {
    match (from, to) {
        #[allow(clippy::cast_precision_loss)] // minutes of a few years fit a double exactly
        (Some(a), Some(b)) => Cell::Number(((b - a).num_minutes() as f64 / 60.0 * 100.0).round() / 100.0),
        _ => Cell::Empty,
    }
}

impl Writer<'_> {
    fn put(&mut self, mut cells: Vec<Cell>) -> Result<(), StoreError> {
        for (cell, hide) in cells.iter_mut().zip(&self.hidden) {
            if *hide {
                *cell = Cell::Empty;
            }
        }
        if self.rows >= self.most {
            return Ok(());
        }
        self.rows += 1;
        let Some(order) = &self.order else { return (self.sink)(&cells) };
        let chosen: Vec<Cell> = order.iter().filter_map(|(at, _)| cells.get(*at).cloned()).collect();
        (self.sink)(&chosen)
    }

    fn keys(&self, case: &Case) -> Vec<Cell> {
        vec![
            case.header.accession.to_string().into(),
            self.keys.key("case", case.header.id.0).into(),
            self.keys.key("patient", case.patient.id.0).into(),
        ]
    }

    fn of_case(&self, case: &Case) -> Vec<Cell> {
        use chrono::Datelike as _;
        let (h, p) = (&case.header, &case.patient);
        // Ages of 90 and more are one group when identities stay home.
        let oldest = self.now.year() - 90;
        let mut cells = self.keys(case);
        cells.extend([
            h.external_ref.as_deref().into(),
            Cell::from(&p.mrn),
            Cell::from(&p.family_name),
            Cell::from(&p.given_name),
            p.born.into(),
            p.born.map(|b| i64::from(b.year().max(oldest))).into(),
            p.sex.name().into(),
            Cell::from(&h.requester),
            Cell::from(&h.indication),
            h.urgency.name().into(),
            h.clinical_note.as_deref().into(),
            h.procedure.performed_at.into(),
            h.procedure.operator.as_deref().into(),
            h.procedure.site.as_ref().into(),
            h.procedure.side.map(crate::domain::Side::name).into(),
            h.procedure.outcome.name().into(),
        ]);
        cells
    }

    /// Every row of a case.
    fn whole(&mut self, conn: &mut DbConn, dataset: Dataset, case: &Case) -> Result<(), StoreError> {
        match dataset {
            Dataset::Cases => self.case(case),
            Dataset::Specimens | Dataset::Rejections => {
                case.specimens.iter().try_for_each(|s| self.of_part(dataset, case, s))
            }
            Dataset::Orders | Dataset::Turnaround => {
                case.orders.iter().try_for_each(|o| self.of_order(dataset, case, o))
            }
            Dataset::Results => self.results(case),
            Dataset::Reports => self.reports(case),
            Dataset::Events => {
                let entries = journal::stream(conn, &crate::lab::execute::stream(case.header.id))?;
                self.events(case, entries)
            }
        }
    }

    /// The row of an order, if the table has one for it.
    fn of_order(&mut self, dataset: Dataset, case: &Case, o: &Order) -> Result<(), StoreError> {
        match dataset {
            Dataset::Orders => self.order(case, o),
            Dataset::Turnaround => self.turnaround(case, o),
            Dataset::Cases
            | Dataset::Specimens
            | Dataset::Results
            | Dataset::Reports
            | Dataset::Events
            | Dataset::Rejections => Ok(()),
        }
    }

    /// The row of a part, if the table has one for it.
    fn of_part(&mut self, dataset: Dataset, case: &Case, s: &Specimen) -> Result<(), StoreError> {
        match dataset {
            Dataset::Specimens => self.specimen(case, s),
            Dataset::Rejections => self.rejections(case, s),
            Dataset::Cases
            | Dataset::Orders
            | Dataset::Results
            | Dataset::Reports
            | Dataset::Events
            | Dataset::Turnaround => Ok(()),
        }
    }

    fn case(&mut self, case: &Case) -> Result<(), StoreError> {
        let progress = progress(case, self.catalogue, self.now);
        let signed = case.reports.iter().filter(|r| r.state.is_complete()).filter_map(|r| r.signature.as_ref());
        let mut cells = self.of_case(case);
        let count = |n: usize| Cell::Integer(i64::try_from(n).unwrap_or(i64::MAX));
        cells.extend([
            progress.stage.name().into(),
            case.header.logged_at.into(),
            case.collected_at().into(),
            case.received_at().into(),
            progress.expected_at.into(),
            signed.map(|s| s.at).min().into(),
            case.orders.iter().any(|o| is_late(o, self.now)).into(),
            count(case.specimens.len()),
            count(case.orders.len()),
            count(case.orders.iter().filter(|o| o.final_at.is_some()).count()),
            count(case.orders.iter().filter(|o| o.state.is_open()).count()),
        ]);
        self.put(cells)
    }

    fn specimen(&mut self, case: &Case, s: &Specimen) -> Result<(), StoreError> {
        let asked: Vec<String> = case
            .orders
            .iter()
            .filter(|o| o.parent.is_none() && o.state != crate::domain::OrderState::Suggested)
            .map(|o| o.assay.to_string())
            .collect();
        let mut cells = self.of_case(case);
        let caveats: Vec<&str> = s.caveats.iter().map(|c| c.reason.as_str()).collect();
        let rejected = s.rejection.as_ref().filter(|_| s.state == SpecimenState::Rejected);
        cells.extend([
            s.label.to_string().into(),
            s.kind.name().into(),
            s.state.name().into(),
            specimen_stage(case, s).name().into(),
            Cell::from(&s.container),
            s.pull_number.into(),
            s.volume.map(|v| v.received_ul()).into(),
            s.remaining_ul().into(),
            s.length_mm.into(),
            s.site.as_ref().into(),
            s.side.map(crate::domain::Side::name).into(),
            s.collected_at.into(),
            s.received_at.into(),
            s.accepted_at.into(),
            s.fixed_at.into(),
            s.temperature.map(crate::domain::Temperature::name).into(),
            s.not_collected.as_ref().into(),
            caveats.join(";").into(),
            rejected.map(|r| &r.reason).into(),
            s.location.as_deref().into(),
            s.parent.and_then(|id| case.specimen(id)).map(|p| p.label.to_string()).into(),
            asked.join(";").into(),
        ]);
        self.put(cells)
    }

    fn order(&mut self, case: &Case, o: &Order) -> Result<(), StoreError> {
        let mut cells = self.keys(case);
        cells.extend([
            o.id.to_string().into(),
            Cell::from(&o.assay),
            Cell::from(&o.department),
            o.state.name().into(),
            o.urgency.name().into(),
            o.need.name().into(),
            o.required.into(),
            o.origin.name().into(),
            o.specimen.and_then(|id| case.specimen(id)).map(|s| s.label.to_string()).into(),
            o.ordered_at.into(),
            o.attempts.first().map(|a| a.started_at).into(),
            Cell::Integer(i64::try_from(o.attempts.len()).unwrap_or(i64::MAX)),
            o.attempts.iter().rev().find_map(|a| a.failed.as_ref()).into(),
            o.due_at.into(),
            o.overdue_at.into(),
            o.final_at.into(),
            o.closing.as_ref().and_then(|c| c.reason.as_ref()).into(),
            o.closing.as_ref().and_then(|c| c.text.as_deref()).into(),
            o.referral.as_ref().map(|r| r.laboratory.as_str()).into(),
            o.why.as_deref().into(),
        ]);
        self.put(cells)
    }

    fn results(&mut self, case: &Case) -> Result<(), StoreError> {
        for r in &case.results {
            let assay = case.order(r.order).map(|o| o.assay.to_string());
            let mut values: Vec<Option<&crate::domain::ResultValue>> = r.values.iter().map(Some).collect();
            if values.is_empty() {
                values.push(None);
            }
            for v in values {
                let mut cells = self.keys(case);
                cells.extend([
                    assay.clone().into(),
                    r.id.to_string().into(),
                    r.number.into(),
                    r.state.name().into(),
                    r.revision.map(crate::domain::Revision::name).into(),
                    r.interpretation.name().into(),
                    Cell::from(&r.summary),
                    v.map(|v| v.key.as_str()).into(),
                    v.and_then(|v| v.number).into(),
                    v.and_then(|v| v.qualifier).map(crate::domain::Qualifier::name).into(),
                    v.and_then(|v| v.text.as_deref()).into(),
                    v.and_then(|v| v.unit.as_deref()).into(),
                    v.and_then(|v| v.denominator.as_deref()).into(),
                    r.performed_at.into(),
                    r.performed_by.as_deref().into(),
                    Cell::from(&r.entered_by.name),
                    r.entered_at.into(),
                    r.verified_by.as_ref().map(|w| w.name.as_str()).into(),
                    r.verified_at.into(),
                    r.reason.as_deref().into(),
                    r.disclaimers.join(" | ").into(),
                ]);
                self.put(cells)?;
            }
        }
        Ok(())
    }

    fn reports(&mut self, case: &Case) -> Result<(), StoreError> {
        for r in &case.reports {
            let mut cells = self.keys(case);
            cells.extend([
                r.id.to_string().into(),
                r.number.into(),
                r.kind.name().into(),
                r.state.name().into(),
                Cell::from(&r.diagnosis),
                r.dx_who5.as_deref().into(),
                r.dx_icc.as_deref().into(),
                r.comment.as_deref().into(),
                r.reason.as_deref().into(),
                r.told.as_ref().map(|t| t.who.as_str()).into(),
                r.signature.as_ref().map(|s| s.by.name.as_str()).into(),
                r.signature.as_ref().map(|s| s.at).into(),
                r.signature.as_ref().map(|s| s.sha256.as_str()).into(),
            ]);
            self.put(cells)?;
        }
        Ok(())
    }

    fn events(&mut self, case: &Case, entries: Vec<journal::Entry>) -> Result<(), StoreError> {
        for entry in entries {
            let view = super::events::EventView::from(entry);
            for event in &view.events {
                let fields: Vec<&str> = event.changes.iter().map(|c| c.field.as_str()).collect();
                let mut cells = self.keys(case);
                cells.extend([
                    view.position.into(),
                    view.seq.into(),
                    view.recorded_at.into(),
                    view.occurred_at.into(),
                    Cell::from(&view.actor),
                    Cell::from(&view.command),
                    Cell::from(&event.what),
                    event.hl7.as_deref().into(),
                    Cell::from(&event.subject),
                    event.id.to_string().into(),
                    fields.join(" ").into(),
                    view.reason.as_deref().into(),
                    Cell::from(&view.request_id),
                    Cell::from(&view.hash),
                ]);
                self.put(cells)?;
            }
        }
        Ok(())
    }

    fn turnaround(&mut self, case: &Case, o: &Order) -> Result<(), StoreError> {
        if o.final_at.is_none() {
            return Ok(());
        }
        let (collected, received) = clock_starts(case, o);
        let mut cells = self.keys(case);
        cells.extend([
            Cell::from(&o.assay),
            Cell::from(&o.department),
            o.urgency.name().into(),
            Cell::from(&case.header.indication),
            collected.into(),
            received.into(),
            o.attempts.first().map(|a| a.started_at).into(),
            o.final_at.into(),
            o.due_at.into(),
            hours(collected, o.final_at),
            hours(received, o.final_at),
            o.due_at.zip(o.final_at).map(|(due, done)| done <= due).into(),
        ]);
        self.put(cells)
    }

    fn rejections(&mut self, case: &Case, s: &Specimen) -> Result<(), StoreError> {
        let rejected = s.rejection.as_ref().filter(|_| s.state == SpecimenState::Rejected);
        let line = if let Some(r) = rejected {
            Some(("rejected", Some(r.reason.to_string()), Some(r.text.clone()), r.decided_at))
        } else if let Some(reason) = &s.not_collected {
            Some(("not_collected", Some(reason.to_string()), None, case.header.procedure.performed_at))
        } else if s.state == SpecimenState::Lost {
            Some(("lost", None, s.location.clone(), None))
        } else {
            s.caveats
                .first()
                .map(|c| ("accepted_with_caveat", Some(c.reason.to_string()), Some(c.text.clone()), Some(c.at)))
        };
        let Some((what, reason, text, at)) = line else { return Ok(()) };
        self.rejection(case, s, what, reason, text, at)
    }

    fn rejection(
        &mut self,
        case: &Case,
        s: &Specimen,
        what: &str,
        reason: Option<String>,
        text: Option<String>,
        at: Option<Moment>,
    ) -> Result<(), StoreError> {
        let zone = self.catalogue.laboratory.time_zone;
        let mut cells = self.keys(case);
        cells.extend([
            s.label.to_string().into(),
            s.kind.name().into(),
            Cell::from(&s.container),
            what.into(),
            reason.into(),
            text.into(),
            at.into(),
            s.rejection.as_ref().map(|r| r.proposed_by.name.as_str()).into(),
            s.rejection.as_ref().and_then(|r| r.decided_by.as_ref()).map(|w| w.name.as_str()).into(),
            s.rejection.as_ref().and_then(|r| r.told.as_deref()).into(),
            case.header.procedure.operator.as_deref().into(),
            s.site.as_ref().into(),
            case.header.procedure.outcome.name().into(),
            s.collected_at.map(|c| c.with_timezone(&zone).date_naive()).into(),
        ]);
        self.put(cells)
    }
}

/// When the clocks of an order started: at collection and at receipt of the part that fed it.
pub(super) fn clock_starts(case: &Case, o: &Order) -> (Option<Moment>, Option<Moment>) {
    let part = o.specimen.and_then(|id| case.specimen(id));
    (
        part.and_then(|s| s.collected_at).or_else(|| case.collected_at()),
        part.and_then(|s| s.received_at).or_else(|| case.received_at()),
    )
}

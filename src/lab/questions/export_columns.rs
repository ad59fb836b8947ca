//! What stands in an export: the columns of every table, and what a cell may hold.

use chrono::NaiveDate;
use serde::Serialize;

use super::export::Dataset;
use crate::domain::Moment;

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

//! What a bench can do: an assay, the parts that can feed it, how long they last, when it is due, what it measures.

use chrono::Datelike as _;
use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::domain::results::ShapeKind;
use crate::domain::{Code, LimitAction, Qualifier, SpecimenKind, Temperature, Urgency};
use crate::text_enum;

/// One orderable test (domain.md §9.1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assay {
    /// Its code, such as `FLOW-AL`.
    pub code: Code,
    /// Its name as reports print it.
    pub name: String,
    /// The department whose worklist it is on.
    pub department: Code,
    /// LOINC codes of its result; several where one order reports several terms. Empty where none is sourced.
    #[serde(default)]
    pub loinc: Vec<String>,
    /// Whether it wants pull 1: blood dilutes every later pull (domain.md §1.2). Another pull is used with a caveat.
    #[serde(default)]
    pub pull_one: bool,
    /// Whether it must have a shared tube before any analyzer that could carry over nucleic acid (domain.md §1.3).
    #[serde(default)]
    pub molecular_first: bool,
    /// The days of the week on which it cannot be set up (`Sat`, `Sun`, …).
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub not_on: Vec<Weekday>,
    /// The assay that is offered in its place when it fails for good.
    pub fail_substitute: Option<Code>,
    /// What can feed it, most wanted first; substitutes last.
    pub feeds: Vec<Feed>,
    /// What the bench does between set-up and result, in order. Empty: the laboratory does not follow it that closely.
    #[serde(default)]
    pub steps: Vec<Workstep>,
    /// When its result is due.
    pub turnaround: Vec<Target>,
    /// How its numbers may be qualified (below a limit, not detected, …). Empty: a number stands as it is.
    #[serde(default)]
    pub qualifiers: Vec<Qualifier>,
    /// The shape of its result. Absent: plain values.
    #[serde(default)]
    pub shape: Option<ShapeKind>,
    /// The values that its result may carry: of a shaped one those that are required or bounded here.
    #[serde(default)]
    pub values: Vec<ValueSpec>,
}

impl Assay {
    /// The target for that urgency; where the laboratory promises only one speed, that one.
    pub fn target(&self, urgency: Urgency) -> Option<&Target> {
        self.turnaround.iter().find(|t| t.urgency == urgency).or_else(|| self.turnaround.first())
    }

    /// The value with that key.
    pub fn value(&self, key: &str) -> Option<&ValueSpec> {
        self.values.iter().find(|v| v.key == key)
    }

    /// Whether it can be set up on that local day.
    pub fn sets_up_on(&self, date: NaiveDate) -> bool {
        !self.not_on.contains(&date.weekday())
    }
}

/// One sort of part that can feed an assay: these kinds, in this container, in at least this amount, for so long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// The kinds of part.
    pub kinds: Vec<SpecimenKind>,
    /// The container that the part is in.
    pub container: Code,
    /// The least volume with which the assay can be tried, µL.
    pub min_ul: Option<u32>,
    /// The volume that the bench asks for, µL.
    pub ideal_ul: Option<u32>,
    /// The length below which a core is read with a caveat, mm. A short core is never refused for it.
    pub min_mm: Option<u32>,
    /// The length that the bench asks for, mm.
    pub ideal_mm: Option<u32>,
    /// Whether it only stands in for the usual part after a dry tap (domain.md §1.3).
    #[serde(default)]
    pub substitute: bool,
    /// How long it lasts at each temperature. Empty: age does not matter.
    #[serde(default)]
    pub windows: Vec<Window>,
}

/// One step of the bench's work on an assay: set up, culture, harvest …
///
/// The steps of a published procedure differ between laboratories, so they are data of the catalogue, never constants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Workstep {
    /// Its code, such as `HARVEST`; its own within the assay.
    pub code: Code,
    /// Its name as it follows “Done:”, such as `harvest`.
    pub name: String,
    /// How long it usually takes, h, 1 or more: a culture, a fixation. Absent: it is not waited for.
    pub hours: Option<u32>,
    /// How many people must do it, each by themselves: 1, or 2 where a second reader is asked for.
    #[serde(default = "one_reader")]
    pub readers: u8,
}

const fn one_reader() -> u8 {
    1
}

/// How long a part stays fit for an assay at one temperature (domain.md §2, stability model).
///
/// Hours run from collection (fixed tissue: from the time into fixative) to the set-up of the assay, not to receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The temperature at which it is kept or traveled.
    pub temperature: Temperature,
    /// Up to this age it is as good as new, h. Absent: until `warn_h`.
    pub ideal_h: Option<u32>,
    /// From this age the bench is warned, h.
    pub warn_h: Option<u32>,
    /// Beyond this age `at_limit` applies, h. `0`: never fit at this temperature.
    pub limit_h: Option<u32>,
    /// What happens beyond the limit.
    #[serde(default = "no_action")]
    pub at_limit: LimitAction,
}

const fn no_action() -> LimitAction {
    LimitAction::None
}

text_enum! {
    /// The moment from which a turnaround target runs. Laboratories count from receipt; patients feel collection.
    pub enum ClockStart {
        /// The needle.
        Collected = "collected",
        /// Arrival in the laboratory.
        Received = "received",
    }
}

text_enum! {
    /// How a turnaround target counts.
    pub enum ClockUnit {
        /// Elapsed hours, nights and weekends included.
        Hours = "hours",
        /// Days on which the laboratory works.
        WorkingDays = "working_days",
        /// Days of the calendar.
        CalendarDays = "calendar_days",
    }
}

/// By when a result is due (domain.md §4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TurnaroundTarget)]
pub struct Target {
    /// The urgency it applies to.
    pub urgency: Urgency,
    /// The moment from which it runs.
    pub from: ClockStart,
    /// How many units, 1 or more.
    pub amount: u32,
    /// What is counted.
    pub unit: ClockUnit,
    /// The share of results that should meet it, 1–100 %.
    pub goal_pct: u32,
}

text_enum! {
    /// What sort of value a result carries.
    pub enum ValueKind {
        /// A number, with a unit unless it is a plain count or ratio.
        Number = "number",
        /// Words or a formal string.
        Text = "text",
        /// One of a list of codes.
        Coded = "coded",
    }
}

/// One value that a result may carry (domain.md §5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueSpec {
    /// Its stable name in JSON and CSV: `snake_case`, with the unit at the end where there is one (`blasts_pct`).
    pub key: String,
    /// Its name as people read it.
    pub name: String,
    /// What sort of value it is.
    pub kind: ValueKind,
    /// The unit of a number, such as `%`.
    pub unit: Option<String>,
    /// The least number that makes sense.
    pub min: Option<f64>,
    /// The greatest number that makes sense.
    pub max: Option<f64>,
    /// Whether a number must be whole: a count of cells.
    #[serde(default)]
    pub whole: bool,
    /// The codes of a coded value, in the order in which they are offered.
    #[serde(default)]
    pub codes: Vec<String>,
    /// What a percentage may be a percentage of. Not empty: one of them must be stated with the number.
    #[serde(default)]
    pub denominators: Vec<String>,
    /// Whether a result without it is incomplete.
    #[serde(default)]
    pub required: bool,
}

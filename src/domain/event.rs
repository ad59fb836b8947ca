//! What happened: the journal's format.
//!
//! An event names the step, and carries what is true of its subject afterwards. The journal keeps, of that, the fields
//! that changed with their value before and after; folding those changes from the first entry on must give the rows
//! exactly, and each `before` must be what the fold so far says.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{CaseHeader, Order, Patient, Report, ResultVersion, Specimen};

/// What an event is about, with what is true of it afterwards.
#[derive(Debug, Clone, PartialEq)]
pub enum Entity {
    /// A patient.
    Patient(Patient),
    /// The case as a whole.
    Case(CaseHeader),
    /// A part.
    Specimen(Specimen),
    /// An ordered assay.
    Order(Order),
    /// A result version.
    Result(ResultVersion),
    /// A report version.
    Report(Report),
}

impl Entity {
    /// `patient`, `case`, `specimen`, `order`, `result` or `report`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Patient(_) => "patient",
            Self::Case(_) => "case",
            Self::Specimen(_) => "specimen",
            Self::Order(_) => "order",
            Self::Result(_) => "result",
            Self::Report(_) => "report",
        }
    }

    /// Its id.
    pub const fn id(&self) -> uuid::Uuid {
        match self {
            Self::Patient(p) => p.id.0,
            Self::Case(c) => c.id.0,
            Self::Specimen(s) => s.id.0,
            Self::Order(o) => o.id.0,
            Self::Result(r) => r.id.0,
            Self::Report(r) => r.id.0,
        }
    }

    /// All its fields, by name.
    pub fn fields(&self) -> Map<String, Value> {
        let value = match self {
            Self::Patient(p) => serde_json::to_value(p),
            Self::Case(c) => serde_json::to_value(c),
            Self::Specimen(s) => serde_json::to_value(s),
            Self::Order(o) => serde_json::to_value(o),
            Self::Result(r) => serde_json::to_value(r),
            Self::Report(r) => serde_json::to_value(r),
        };
        match value {
            Ok(Value::Object(map)) => map,
            // Plain structs with string keys always serialize to objects; an empty map would fail `verify` loudly.
            Ok(_) | Err(_) => Map::new(),
        }
    }
}

/// One thing that happened within a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The step: `specimen.receive`, `order.make_ready`, `specimen.volume` …
    pub what: String,
    /// HL7 v2.9 specimen event code, where there is one.
    pub hl7: Option<&'static str>,
    /// What is true afterwards.
    pub after: Entity,
}

/// One changed field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Change {
    /// Which field.
    pub field: String,
    /// Its value before; null when it did not exist.
    pub before: Value,
    /// Its value after.
    pub after: Value,
}

/// An event as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Recorded {
    /// The step.
    pub what: String,
    /// HL7 v2.9 specimen event code.
    pub hl7: Option<String>,
    /// `patient`, `case`, `specimen`, `order`, `result` or `report`.
    pub subject: String,
    /// Which one.
    pub id: uuid::Uuid,
    /// The fields that changed.
    pub changes: Vec<Change>,
}

/// The differences between two states of the same thing.
pub fn changes(before: Option<&Map<String, Value>>, after: &Map<String, Value>) -> Vec<Change> {
    after
        .iter()
        .filter_map(|(field, value)| {
            let old = before.and_then(|map| map.get(field));
            (old != Some(value) && !(before.is_none() && value.is_null())).then(|| Change {
                field: field.clone(),
                before: old.cloned().unwrap_or(Value::Null),
                after: value.clone(),
            })
        })
        .collect()
}

/// Applies recorded changes to what the fold says so far.
///
/// # Errors
/// Names the field whose `before` is not what the fold says: the journal contradicts itself.
pub fn fold(state: &mut Map<String, Value>, changes: &[Change]) -> Result<(), String> {
    for change in changes {
        let now = state.get(&change.field).unwrap_or(&Value::Null);
        if *now != change.before {
            return Err(format!("field {} was {now}, the entry says {}", change.field, change.before));
        }
        state.insert(change.field.clone(), change.after.clone());
    }
    Ok(())
}

/// Takes recorded changes off again: the state before them.
///
/// # Errors
/// Names the field whose `after` is not what the state says: the changes are not the last ones.
pub fn unfold(state: &mut Map<String, Value>, changes: &[Change]) -> Result<(), String> {
    for change in changes {
        let now = state.get(&change.field).unwrap_or(&Value::Null);
        if *now != change.after {
            return Err(format!("field {} is {now}, the entry left {}", change.field, change.after));
        }
        state.insert(change.field.clone(), change.before.clone());
    }
    Ok(())
}

/// Whether a folded state and a row say the same; a field that was never set is null.
pub fn same(folded: &Map<String, Value>, row: &Map<String, Value>) -> Result<(), String> {
    for (field, value) in row {
        let said = folded.get(field).unwrap_or(&Value::Null);
        if said != value {
            return Err(format!("field {field} is {value}, the journal says {said}"));
        }
    }
    match folded.keys().find(|field| !row.contains_key(*field)) {
        Some(field) => Err(format!("field {field} is missing")),
        None => Ok(()),
    }
}

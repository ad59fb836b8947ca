//! The laboratory's catalogue: everything that one laboratory does differently from the next, as checked data.
//!
//! Published requirements contradict each other (domain.md §2), so nothing in this folder holds a clinical figure. The
//! figures are in a TOML file that the laboratory edits; [`Catalogue::parse`] reads and checks it as a whole.

mod assay;
mod check;
pub mod choose;
pub mod due;
pub mod fitness;
mod indication;
pub mod known;
mod laboratory;
mod material;
mod read;
mod reason;
#[cfg(test)]
mod sample;
mod words;

use serde::Serialize;

pub use assay::{Assay, ClockStart, ClockUnit, Feed, Target, ValueKind, ValueSpec, Window};
pub use choose::{NoPart, choose};
pub use due::{due, hold_deadline, working_days_between};
pub use fitness::{Fitness, Obstacle, PartFacts, Verdict, fitness};
pub use indication::{Hold, Indication, Reflex, ReflexWhen, Suggestion};
pub use laboratory::Laboratory;
pub use material::{Container, Department, Kind, Site};
pub use reason::{FailReason, NotCollectedReason, PlainReason, Reason, ReasonAction};

use crate::domain::SpecimenKind;

/// Something wrong with a catalogue: where, and what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub struct Finding {
    /// The place, such as `assay[FLOW-AL].feeds[0].container`, or `line 12` where the text is not even TOML.
    pub path: String,
    /// What is wrong with it, as a sentence without its full stop.
    pub message: String,
}

impl Finding {
    fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// One version of the catalogue. Every code in it that names something in it is known to exist.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Catalogue {
    /// The laboratory itself.
    pub laboratory: Laboratory,
    /// Its departments.
    pub departments: Vec<Department>,
    /// The containers it accepts.
    pub containers: Vec<Container>,
    /// What it knows about each kind of part.
    pub kinds: Vec<Kind>,
    /// Where the needle can go in.
    pub sites: Vec<Site>,
    /// Faults of a specimen.
    pub reasons: Vec<Reason>,
    /// Why a planned part was not obtained.
    pub not_collected_reasons: Vec<NotCollectedReason>,
    /// Why a specimen waits for an answer (on hold).
    pub query_reasons: Vec<PlainReason>,
    /// What was done before a specimen was declared lost.
    pub lost_reasons: Vec<PlainReason>,
    /// Why an assay gave no result.
    pub fail_reasons: Vec<FailReason>,
    /// Why an order was canceled.
    pub cancel_reasons: Vec<PlainReason>,
    /// Why an order was not performed.
    pub not_performed_reasons: Vec<PlainReason>,
    /// Why a result or report was changed after it was final.
    pub correction_reasons: Vec<PlainReason>,
    /// What can be ordered.
    pub assays: Vec<Assay>,
    /// Why a marrow is examined.
    pub indications: Vec<Indication>,
    /// What one result sets off.
    pub reflexes: Vec<Reflex>,
}

impl Catalogue {
    /// Reads a catalogue from TOML and checks it.
    ///
    /// # Errors
    /// Every finding at once: all rows that cannot be read or, when each can, all that contradict another.
    pub fn parse(toml_text: &str) -> Result<Self, Vec<Finding>> {
        let catalogue = read::read(toml_text)?;
        let findings = check::check(&catalogue);
        if findings.is_empty() { Ok(catalogue) } else { Err(findings) }
    }

    /// The department with that code.
    pub fn department(&self, code: &str) -> Option<&Department> {
        self.departments.iter().find(|d| d.code == *code)
    }

    /// The container with that code.
    pub fn container(&self, code: &str) -> Option<&Container> {
        self.containers.iter().find(|c| c.code == *code)
    }

    /// What is known about that kind of part.
    pub fn kind(&self, kind: SpecimenKind) -> Option<&Kind> {
        self.kinds.iter().find(|k| k.kind == kind)
    }

    /// The site with that code.
    pub fn site(&self, code: &str) -> Option<&Site> {
        self.sites.iter().find(|s| s.code == *code)
    }

    /// The fault of a specimen with that code.
    pub fn reason(&self, code: &str) -> Option<&Reason> {
        self.reasons.iter().find(|r| r.code == *code)
    }

    /// The reason for not collecting with that code.
    pub fn not_collected_reason(&self, code: &str) -> Option<&NotCollectedReason> {
        self.not_collected_reasons.iter().find(|r| r.code == *code)
    }

    /// The query with that code.
    pub fn query_reason(&self, code: &str) -> Option<&PlainReason> {
        plain(&self.query_reasons, code)
    }

    /// The reason for a loss with that code.
    pub fn lost_reason(&self, code: &str) -> Option<&PlainReason> {
        plain(&self.lost_reasons, code)
    }

    /// The reason for a failure with that code, if that assay can fail so.
    pub fn fail_reason(&self, assay: &str, code: &str) -> Option<&FailReason> {
        self.fail_reasons_for(assay).find(|r| r.code == *code)
    }

    /// The ways in which that assay can fail.
    pub fn fail_reasons_for(&self, assay: &str) -> impl Iterator<Item = &FailReason> {
        self.fail_reasons.iter().filter(move |r| r.assays.is_empty() || r.assays.iter().any(|a| a == assay))
    }

    /// The reason for canceling with that code.
    pub fn cancel_reason(&self, code: &str) -> Option<&PlainReason> {
        plain(&self.cancel_reasons, code)
    }

    /// The reason for not performing with that code.
    pub fn not_performed_reason(&self, code: &str) -> Option<&PlainReason> {
        plain(&self.not_performed_reasons, code)
    }

    /// The reason for a correction with that code.
    pub fn correction_reason(&self, code: &str) -> Option<&PlainReason> {
        plain(&self.correction_reasons, code)
    }

    /// The assay with that code.
    pub fn assay(&self, code: &str) -> Option<&Assay> {
        self.assays.iter().find(|a| a.code == *code)
    }

    /// The indication with that code.
    pub fn indication(&self, code: &str) -> Option<&Indication> {
        self.indications.iter().find(|i| i.code == *code)
    }

    /// What that outcome of that assay sets off in a case with that indication.
    pub fn reflexes_for(&self, assay: &str, when: ReflexWhen, indication: &str) -> impl Iterator<Item = &Reflex> {
        self.reflexes.iter().filter(move |r| {
            r.when_assay == *assay
                && r.when == when
                && (r.indications.is_empty() || r.indications.iter().any(|i| i == indication))
        })
    }
}

fn plain<'a>(reasons: &'a [PlainReason], code: &str) -> Option<&'a PlainReason> {
    reasons.iter().find(|r| r.code == *code)
}

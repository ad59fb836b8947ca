//! One marrow examination: the procedure, its parts, the work on them, and the report.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Accession, CaseId, Code, CriticalFinding, Document, DocumentId, Label, Order, OrderId, PatientId, ProcedureOutcome,
    Report, ReportId, ResultId, ResultVersion, SampleDecision, Sex, Side, Specimen, SpecimenId, SpecimenKind, Urgency,
    UserId, Who,
};

/// A moment in UTC, whole microseconds.
pub type Moment = DateTime<Utc>;

/// Who the marrow came from. Shared by all cases of that person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Patient {
    /// Identity.
    pub id: PatientId,
    /// Medical record number, as the requester writes it (upper case, without spaces).
    pub mrn: String,
    /// Family name.
    pub family_name: String,
    /// Given names.
    pub given_name: String,
    /// Date of birth, when known.
    pub born: Option<NaiveDate>,
    /// Recorded sex.
    pub sex: Sex,
    /// How often the record changed, from 1.
    pub version: i64,
}

impl Patient {
    /// `OKAFOR, Amara`, as on the wristband.
    pub fn display(&self) -> String {
        format!("{}, {}", self.family_name.to_uppercase(), self.given_name)
    }
}

/// The puncture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Procedure {
    /// When it was done (or is planned).
    pub performed_at: Option<DateTime<Utc>>,
    /// Who held the needle.
    pub operator: Option<String>,
    /// Where (catalogue code).
    pub site: Option<Code>,
    /// Which side.
    pub side: Option<Side>,
    /// What it brought.
    pub outcome: ProcedureOutcome,
}

/// A part that must be taken again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Recollection {
    /// The part that was refused or lost.
    pub specimen: SpecimenId,
    /// Its kind.
    pub kind: SpecimenKind,
    /// Why.
    pub reason: String,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// The part that answered it.
    pub satisfied_by: Option<SpecimenId>,
    /// Who asked for it. Absent in records of before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<Who>,
    /// Why it is not needed any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<RecollectionClosed>,
}

/// Why a part need not be taken again after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RecollectionClosed {
    /// In words, as a sentence.
    pub why: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

impl Recollection {
    /// Whether somebody still has to take it again.
    pub const fn is_open(&self) -> bool {
        self.satisfied_by.is_none() && self.closed.is_none()
    }
}

/// Somebody outside the laboratory said that they have read a version of the report: it reached them
/// (`reference/ux.md` §2.3: an amended result forces a new acknowledgment).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReportReading {
    /// Which version.
    pub report: ReportId,
    /// Who read it.
    pub by: Who,
    /// When they said so.
    pub at: DateTime<Utc>,
}

/// What is true of the case as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseHeader {
    /// Identity.
    pub id: CaseId,
    /// People-facing number.
    pub accession: Accession,
    /// The sender's own reference; the same reference is the same case.
    pub external_ref: Option<String>,
    /// Whose marrow.
    pub patient_id: PatientId,
    /// Who asked (login name, or the name on the form).
    pub requester: String,
    /// The full name behind that login name, as the account said it when the case was logged: what is printed. Left out
    /// of the JSON where there is no such account, so that a row from before still says what its journal says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester_name: Option<String>,
    /// Why (catalogue code).
    pub indication: Code,
    /// How fast.
    pub urgency: Urgency,
    /// The clinical question in the requester's words.
    pub clinical_note: Option<String>,
    /// The puncture.
    pub procedure: Procedure,
    /// Parts to be taken again.
    pub recollections: Vec<Recollection>,
    /// Who goes first while the sample is scarce.
    #[serde(default)]
    pub sample_decision: Option<SampleDecision>,
    /// What somebody must be told of at once, in the order in which it was found. Left out of the JSON while there is
    /// none, so that a row from before still says what its journal says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub critical: Vec<CriticalFinding>,
    /// Who said when that they have read which version of the report, in that order; once per person and version. Beside
    /// the report and not in it: what was signed never changes. Left out of the JSON while there is none, as above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<ReportReading>,
    /// When it was logged.
    pub logged_at: DateTime<Utc>,
    /// Who logged it.
    pub logged_by: Who,
    /// How often the header changed, from 1.
    pub version: i64,
}

impl CaseHeader {
    /// Who asked, as people read it: the full name where it is known.
    pub fn requested_by(&self) -> &str {
        self.requester_name.as_deref().unwrap_or(&self.requester)
    }
}

/// A case with everything that hangs on it: what a command decides about, and what one transaction writes.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The case as a whole.
    pub header: CaseHeader,
    /// Whose marrow.
    pub patient: Patient,
    /// Its parts, in label order.
    pub specimens: Vec<Specimen>,
    /// Its ordered assays, in the order they were asked for.
    pub orders: Vec<Order>,
    /// All versions of all results.
    pub results: Vec<ResultVersion>,
    /// All versions of the report.
    pub reports: Vec<Report>,
}

impl Case {
    /// The part with this id.
    pub fn specimen(&self, id: SpecimenId) -> Option<&Specimen> {
        self.specimens.iter().find(|s| s.id == id)
    }

    /// The part with this label.
    pub fn labeled(&self, label: &Label) -> Option<&Specimen> {
        self.specimens.iter().find(|s| s.label == *label)
    }

    /// The order with this id.
    pub fn order(&self, id: OrderId) -> Option<&Order> {
        self.orders.iter().find(|o| o.id == id)
    }

    /// The document with this id, and the order that it belongs to.
    pub fn document(&self, id: DocumentId) -> Option<(&Order, &Document)> {
        self.orders.iter().find_map(|o| o.documents.iter().find(|d| d.id == id).map(|d| (o, d)))
    }

    /// The result version with this id.
    pub fn result(&self, id: ResultId) -> Option<&ResultVersion> {
        self.results.iter().find(|r| r.id == id)
    }

    /// The report version with this id.
    pub fn report(&self, id: ReportId) -> Option<&Report> {
        self.reports.iter().find(|r| r.id == id)
    }

    /// All versions of an order's result, oldest first.
    pub fn results_of(&self, order: OrderId) -> impl DoubleEndedIterator<Item = &ResultVersion> {
        self.results.iter().filter(move |r| r.order == order)
    }

    /// The verified version in force for an order.
    pub fn verified_result(&self, order: OrderId) -> Option<&ResultVersion> {
        self.results_of(order).rfind(|r| r.state.is_verified())
    }

    /// The newest signed version of the report that stands.
    pub fn signed_report(&self) -> Option<&Report> {
        self.reports.iter().rfind(|r| r.state.is_signed())
    }

    /// Who said when that they have read this version of the report.
    pub fn readings_of(&self, report: ReportId) -> impl Iterator<Item = &ReportReading> {
        self.header.readings.iter().filter(move |r| r.report == report)
    }

    /// The version of the report that this person has not said to have read: the newest signed one that stands.
    pub fn unread_report(&self, by: UserId) -> Option<&Report> {
        self.signed_report().filter(|r| self.readings_of(r.id).all(|read| read.by.id != by))
    }

    /// What this person said last to have read of the report.
    pub fn last_reading(&self, by: UserId) -> Option<(&Report, &ReportReading)> {
        let last = self.header.readings.iter().rfind(|r| r.by.id == by)?;
        self.report(last.report).map(|report| (report, last))
    }

    /// When the first part was taken.
    pub fn collected_at(&self) -> Option<Moment> {
        self.specimens.iter().filter_map(|s| s.collected_at).min()
    }

    /// When the first part came through the door.
    pub fn received_at(&self) -> Option<Moment> {
        self.specimens.iter().filter_map(|s| s.received_at).min()
    }
}

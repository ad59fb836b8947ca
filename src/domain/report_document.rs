//! What the integrated report says, as one value: the bytes that are signed, and what every rendering is made from.
//!
//! Order and content: `reference/domain.md` §6.1 (42 CFR 493.1291(c); CAP synoptic elements; NG47).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Actor, Case, Catalogue, Interpretation, Moment, OrderState, Report, ResultValue, SpecimenState};

/// The assembled report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReportDocument {
    /// Format of this document, from 1.
    pub format: u32,
    /// Laboratory name.
    pub laboratory: String,
    /// Laboratory address.
    pub laboratory_address: String,
    /// Case number.
    pub accession: String,
    /// Version number.
    pub version: i64,
    /// `preliminary`, `final`, `appended`, `amended` or `corrected`.
    pub status: String,
    /// Second identifier.
    pub mrn: String,
    /// Patient's name.
    pub patient: String,
    /// Date of birth.
    pub born: Option<String>,
    /// Recorded sex.
    pub sex: String,
    /// Who asked.
    pub requester: String,
    /// Indication in words.
    pub indication: String,
    /// The clinical question.
    pub clinical_note: Option<String>,
    /// When the puncture was done.
    pub procedure_at: Option<DateTime<Utc>>,
    /// Each part with its quality.
    pub specimens: Vec<DocumentPart>,
    /// Diagnosis in words.
    pub diagnosis: String,
    /// WHO-HAEM5 diagnosis.
    pub dx_who5: Option<String>,
    /// ICC 2022 diagnosis.
    pub dx_icc: Option<String>,
    /// Verified findings, one per assay.
    pub findings: Vec<DocumentFinding>,
    /// What is still to come, with dates.
    pub pending: Vec<DocumentPending>,
    /// What was not done, and why.
    pub not_done: Vec<DocumentNotDone>,
    /// Correlation and comment.
    pub comment: Option<String>,
    /// Why this version follows an earlier one.
    pub reason: Option<String>,
    /// What changed against the version before: old and new, side by side.
    pub changes: Vec<DocumentChange>,
    /// Who was told of the change.
    pub told: Option<String>,
    /// Earlier versions.
    pub history: Vec<DocumentVersion>,
    /// Signer's name.
    pub signed_by: String,
    /// When.
    pub signed_at: DateTime<Utc>,
}

/// One part as the report names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentPart {
    /// Label.
    pub label: String,
    /// Kind, container, site and side in words.
    pub what: String,
    /// Condition: accepted, rejected with its reason, not collected with its reason …
    pub condition: String,
    /// Flaws it was accepted with.
    pub caveats: Vec<String>,
    /// When it was taken.
    pub collected_at: Option<DateTime<Utc>>,
    /// When it came.
    pub received_at: Option<DateTime<Utc>>,
}

/// One verified finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentFinding {
    /// Assay code.
    pub assay: String,
    /// Assay name.
    pub name: String,
    /// `final`, `corrected`, `amended`, `appended` or `preliminary`.
    pub status: String,
    /// Version of the result.
    pub version: i64,
    /// What it says.
    pub interpretation: Interpretation,
    /// In one line.
    pub summary: String,
    /// Values.
    pub values: Vec<ResultValue>,
    /// Free text.
    pub comment: Option<String>,
    /// Caveats.
    pub disclaimers: Vec<String>,
    /// Performing laboratory.
    pub performed_by: String,
    /// Who verified it.
    pub verified_by: Option<String>,
    /// When.
    pub verified_at: Option<DateTime<Utc>>,
}

/// One assay still to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentPending {
    /// Assay code.
    pub assay: String,
    /// Assay name.
    pub name: String,
    /// Where it stands.
    pub state: String,
    /// When it is expected.
    pub expected: Option<DateTime<Utc>>,
}

/// One assay that was not done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentNotDone {
    /// Assay code.
    pub assay: String,
    /// Assay name.
    pub name: String,
    /// Why.
    pub why: String,
}

/// Old and new of one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentChange {
    /// What.
    pub what: String,
    /// As it was signed before.
    pub before: String,
    /// As it is now.
    pub after: String,
}

/// One earlier version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentVersion {
    /// Its number.
    pub version: i64,
    /// Its state now.
    pub status: String,
    /// When it was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// By whom.
    pub signed_by: Option<String>,
    /// SHA-256 of its bytes.
    pub sha256: Option<String>,
    /// Why it was revised or voided.
    pub reason: Option<String>,
}

impl ReportDocument {
    /// Assembles the report from verified results.
    pub fn assemble(case: &Case, report: &Report, signer: &Actor, catalogue: &Catalogue, now: Moment) -> Self {
        let name = |code: &str| catalogue.assay(code).map_or_else(|| code.to_owned(), |a| a.name.clone());
        let mut findings = Vec::new();
        let mut pending = Vec::new();
        let mut not_done = Vec::new();
        for order in &case.orders {
            let code = order.assay.to_string();
            let preliminary = case.results_of(order.id).rfind(|r| r.state == super::ResultState::Preliminary);
            if let Some(r) = case.verified_result(order.id).or(preliminary) {
                findings.push(DocumentFinding {
                    name: name(&code),
                    assay: code.clone(),
                    status: r.state.name().to_owned(),
                    version: r.number,
                    interpretation: r.interpretation,
                    summary: r.summary.clone(),
                    values: r.values.clone(),
                    comment: r.comment.clone(),
                    disclaimers: r.disclaimers.clone(),
                    performed_by: r.performed_by.clone().unwrap_or_else(|| catalogue.laboratory.name.clone()),
                    verified_by: r.verified_by.as_ref().or(r.released_by.as_ref()).map(|w| w.name.clone()),
                    verified_at: r.verified_at,
                });
            }
            match order.state {
                OrderState::Final | OrderState::Suggested | OrderState::EnteredInError => {}
                OrderState::NotPerformed | OrderState::Cancelled | OrderState::Failed => {
                    let closing = order.closing.as_ref().map(|c| match (&c.reason, &c.text) {
                        (Some(code), Some(text)) => format!("{code}: {text}"),
                        (Some(code), None) => code.to_string(),
                        (None, text) => text.clone().unwrap_or_default(),
                    });
                    let failed = order.attempts.last().and_then(|a| {
                        a.failed
                            .as_ref()
                            .map(|f| format!("failed ({f}) {}", a.failed_note.as_deref().unwrap_or_default()))
                    });
                    let why = [Some(order.state.words()), closing, failed]
                        .into_iter()
                        .flatten()
                        .collect::<Vec<_>>()
                        .join("; ");
                    not_done.push(DocumentNotDone { name: name(&code), assay: code, why: why.trim().to_owned() });
                }
                OrderState::Ordered
                | OrderState::Held
                | OrderState::AwaitingSpecimen
                | OrderState::Ready
                | OrderState::InProcess
                | OrderState::Resulted
                | OrderState::InReview
                | OrderState::ReferredOut
                | OrderState::NeedsRecollect => pending.push(DocumentPending {
                    name: name(&code),
                    assay: code,
                    state: order.state.words(),
                    expected: order.due_at,
                }),
            }
        }
        let before = case.reports.iter().rfind(|r| r.id != report.id && r.state.is_signed());
        Self {
            format: 1,
            laboratory: catalogue.laboratory.name.clone(),
            laboratory_address: catalogue.laboratory.address.clone(),
            accession: case.header.accession.to_string(),
            version: report.number,
            status: report.state.name().to_owned(),
            mrn: case.patient.mrn.clone(),
            patient: case.patient.display(),
            born: case.patient.born.map(|d| d.to_string()),
            sex: case.patient.sex.words(),
            requester: case.header.requester.clone(),
            indication: catalogue
                .indication(case.header.indication.as_str())
                .map_or_else(|| case.header.indication.to_string(), |i| i.name.clone()),
            clinical_note: case.header.clinical_note.clone(),
            procedure_at: case.header.procedure.performed_at,
            specimens: case
                .specimens
                .iter()
                .filter(|s| s.parent.is_none() && s.state != SpecimenState::EnteredInError)
                .map(|s| part(s, catalogue))
                .collect(),
            diagnosis: report.diagnosis.clone(),
            dx_who5: report.dx_who5.clone(),
            dx_icc: report.dx_icc.clone(),
            changes: before.map(|b| differences(b, report, &findings)).unwrap_or_default(),
            findings,
            pending,
            not_done,
            comment: report.comment.clone(),
            reason: report.reason.clone(),
            told: report.told.as_ref().map(|t| t.who.clone()),
            history: case
                .reports
                .iter()
                .filter(|r| r.id != report.id && r.signature.is_some())
                .map(|r| DocumentVersion {
                    version: r.number,
                    status: r.state.name().to_owned(),
                    signed_at: r.signature.as_ref().map(|s| s.at),
                    signed_by: r.signature.as_ref().map(|s| s.by.name.clone()),
                    sha256: r.signature.as_ref().map(|s| s.sha256.clone()),
                    reason: r.reason.clone(),
                })
                .collect(),
            signed_by: signer.full_name.clone(),
            signed_at: now,
        }
    }

    /// The exact text that is signed: JSON, two spaces, in the declared field order.
    pub fn text(&self) -> String {
        // Only strings, numbers and lists: this cannot fail, and an empty document would fail `verify`.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Reads a signed document back.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

fn part(s: &super::Specimen, catalogue: &Catalogue) -> DocumentPart {
    let site = s.site.as_ref().and_then(|c| catalogue.site(c.as_str())).map(|x| x.name.clone());
    let container =
        catalogue.container(s.container.as_str()).map_or_else(|| s.container.to_string(), |c| c.name.clone());
    let what = [
        Some(s.kind.words()),
        Some(container),
        s.side.map(super::Side::words),
        site,
        s.pull_number.map(|p| format!("pull {p}")),
    ];
    let condition = match (&s.rejection, &s.not_collected) {
        (Some(r), _) if s.state == SpecimenState::Rejected => format!("rejected ({}): {}", r.reason, r.text),
        (_, Some(reason)) => format!("not collected ({reason})"),
        _ => s.state.words(),
    };
    DocumentPart {
        label: s.label.to_string(),
        what: what.into_iter().flatten().collect::<Vec<_>>().join(", "),
        condition,
        caveats: s.caveats.iter().map(|c| c.text.clone()).collect(),
        collected_at: s.collected_at,
        received_at: s.received_at,
    }
}

/// Old and new against the version signed before.
fn differences(before: &Report, now: &Report, findings: &[DocumentFinding]) -> Vec<DocumentChange> {
    let mut changes = Vec::new();
    let mut compare = |what: &str, old: &str, new: &str| {
        if old != new {
            changes.push(DocumentChange { what: what.to_owned(), before: old.to_owned(), after: new.to_owned() });
        }
    };
    compare("Diagnosis", &before.diagnosis, &now.diagnosis);
    compare("WHO-HAEM5", before.dx_who5.as_deref().unwrap_or_default(), now.dx_who5.as_deref().unwrap_or_default());
    compare("ICC 2022", before.dx_icc.as_deref().unwrap_or_default(), now.dx_icc.as_deref().unwrap_or_default());
    compare("Comment", before.comment.as_deref().unwrap_or_default(), now.comment.as_deref().unwrap_or_default());
    let old = ReportDocument::read(&before.document).map(|d| d.findings).unwrap_or_default();
    for finding in findings {
        let was = old.iter().find(|f| f.assay == finding.assay);
        compare(&finding.name, was.map_or("", |f| f.summary.as_str()), &finding.summary);
    }
    // A withdrawn result is a change too: it must not vanish without a word.
    for gone in old.iter().filter(|f| !findings.iter().any(|n| n.assay == f.assay)) {
        compare(&gone.name, &gone.summary, "");
    }
    changes
}

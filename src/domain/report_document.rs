//! What the integrated report says, as one value: the bytes that are signed, and what every rendering is made from.
//!
//! Order and content: `reference/domain.md` §6.1 (42 CFR 493.1291(c); CAP synoptic elements; NG47).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::correlation::{self, Flag};
use super::series::{self, Earlier};
use super::{
    Actor, Case, Catalogue, Interpretation, Moment, Order, OrderState, Report, ResultState, ResultValue, SpecimenState,
    result_words,
};
use crate::text_enum;

/// Format of the documents that are assembled now. Texts of every earlier format stay readable for ever: what came
/// later is empty in them.
const FORMAT: u32 = 2;

text_enum! {
    /// The heading under which a finding stands (`reference/domain.md` §6.1, per-modality sections).
    pub enum Modality {
        /// Smears and imprints under the microscope.
        Morphology = "morphology",
        /// Core and clot sections, their stains and immunohistochemistry.
        Histology = "histology",
        /// Immunophenotyping and flow MRD.
        FlowCytometry = "flow_cytometry",
        /// Fluorescence in situ hybridization.
        Fish = "fish",
        /// Banded chromosomes.
        Karyotype = "karyotype",
        /// Nucleic acid: PCR, sequencing, fragment analysis.
        Molecular = "molecular",
        /// Cultures.
        Microbiology = "microbiology",
        /// From a bench with none of these headings.
        Other = "other",
    }
}

impl Modality {
    /// The heading for a department of the catalogue, by its code.
    pub fn of_department(code: &str) -> Self {
        match code {
            "MORPHOLOGY" => Self::Morphology,
            "HISTOLOGY" => Self::Histology,
            "FLOW" => Self::FlowCytometry,
            "FISH" => Self::Fish,
            "KARYO" => Self::Karyotype,
            "MOLECULAR" => Self::Molecular,
            "MICRO" => Self::Microbiology,
            _ => Self::Other,
        }
    }

    /// The heading as it prints.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Morphology => "Morphology",
            Self::Histology => "Histology",
            Self::FlowCytometry => "Flow cytometry",
            Self::Fish => "FISH",
            Self::Karyotype => "Karyotype",
            Self::Molecular => "Molecular genetics",
            Self::Microbiology => "Microbiology",
            Self::Other => "Other findings",
        }
    }
}

/// The assembled report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReportDocument {
    /// Format of this document, from 1.
    pub format: u32,
    /// Laboratory name.
    pub laboratory: String,
    /// Laboratory address.
    pub laboratory_address: String,
    /// IANA zone in which the report prints its times; absent in format 1, which prints UTC.
    #[serde(default)]
    pub time_zone: Option<String>,
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
    /// The values that matter most, `variable: result` (CAP synoptic elements). From format 2.
    #[serde(default)]
    pub synoptic: Vec<DocumentLine>,
    /// Verified findings, one per assay.
    pub findings: Vec<DocumentFinding>,
    /// Serial values of the patient. From format 2.
    #[serde(default)]
    pub trends: Vec<DocumentTrend>,
    /// What is still to come, with dates.
    pub pending: Vec<DocumentPending>,
    /// What was not done, and why.
    pub not_done: Vec<DocumentNotDone>,
    /// Findings that do not fit together, and what was said about it. From format 2.
    #[serde(default)]
    pub flags: Vec<DocumentFlag>,
    /// Correlation and comment.
    pub comment: Option<String>,
    /// Critical communications (`reference/domain.md` §6.2). From format 2.
    #[serde(default)]
    pub calls: Vec<DocumentCall>,
    /// Why this version follows an earlier one.
    pub reason: Option<String>,
    /// What changed against the version before: old and new, side by side.
    pub changes: Vec<DocumentChange>,
    /// Who was told of the change.
    pub told: Option<String>,
    /// When they were told. From format 2.
    #[serde(default)]
    pub told_at: Option<DateTime<Utc>>,
    /// How they were told (telephone, in person, message). From format 2.
    #[serde(default)]
    pub told_how: Option<String>,
    /// Earlier versions.
    pub history: Vec<DocumentVersion>,
    /// Signer's name.
    pub signed_by: String,
    /// When.
    pub signed_at: DateTime<Utc>,
    /// What the signature means (21 CFR 11.50). From format 2.
    #[serde(default)]
    pub attestation: Option<String>,
}

/// One printed line: `name: value`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentLine {
    /// What, as people read it.
    pub name: String,
    /// The value in words, with its unit.
    pub value: String,
    /// What belongs beside it: where it comes from, or how it is to be read.
    #[serde(default)]
    pub note: Option<String>,
}

/// One critical communication: who was told what, when, how, and whether they read it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentCall {
    /// The finding.
    pub finding: String,
    /// Who was told; empty while nobody has been called.
    pub recipient: String,
    /// In what role.
    pub role: String,
    /// When; absent while nobody has been called.
    pub at: Option<DateTime<Utc>>,
    /// How (telephone, in person, message).
    pub method: String,
    /// Who told them.
    pub by: String,
    /// Whether they read it back.
    pub read_back: bool,
    /// What came of it: understood, no answer …
    pub outcome: String,
}

/// One contradiction between findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentFlag {
    /// The contradiction.
    pub text: String,
    /// Who acknowledged it, and in what words; absent when nobody did.
    pub acknowledged: Option<String>,
}

/// Serial values of one measurand of one patient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentTrend {
    /// What was measured.
    pub name: String,
    /// Unit, as it prints.
    pub unit: String,
    /// Whether it is drawn on a logarithmic axis, as residual disease is.
    pub log: bool,
    /// The values, oldest first.
    pub points: Vec<DocumentPoint>,
}

/// One value of a trend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentPoint {
    /// When the part was taken.
    pub at: DateTime<Utc>,
    /// The case.
    pub accession: String,
    /// The value; absent when nothing was detected.
    pub value: Option<f64>,
    /// The sensitivity of that run, when nothing was detected.
    pub below: Option<f64>,
    /// The method. Values of two methods are never joined.
    pub method: String,
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
    /// The heading under which it stands; absent in format 1.
    #[serde(default)]
    pub section: Option<Modality>,
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
    /// The values as they print. From format 2; [`DocumentFinding::printed`] reads every format.
    #[serde(default)]
    pub lines: Vec<DocumentLine>,
    /// Free text.
    pub comment: Option<String>,
    /// What else has to be said about it, one sentence each. From format 2.
    #[serde(default)]
    pub remarks: Vec<String>,
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

/// What a report is assembled from.
#[derive(Debug, Clone, Copy)]
pub struct Ingredients<'a> {
    /// The case with its verified results.
    pub case: &'a Case,
    /// The version that is being signed.
    pub report: &'a Report,
    /// Who signs it.
    pub signer: &'a Actor,
    /// The catalogue in force.
    pub catalogue: &'a Catalogue,
    /// When it is signed.
    pub now: Moment,
    /// Serial values of the patient.
    pub trends: &'a [DocumentTrend],
    /// Critical communications of the case.
    pub calls: &'a [DocumentCall],
    /// Contradictions between the findings.
    pub flags: &'a [DocumentFlag],
}

impl DocumentFinding {
    /// The values as they print, whatever the format of the document.
    pub fn printed(&self) -> Vec<DocumentLine> {
        if self.lines.is_empty() { result_words::lines(&self.values, None) } else { self.lines.clone() }
    }
}

impl ReportDocument {
    /// Assembles the report from verified results.
    pub fn assemble(from: Ingredients<'_>) -> Self {
        let Ingredients { case, report, signer, catalogue, now, .. } = from;
        let findings: Vec<_> = case.orders.iter().filter_map(|o| finding(case, o, catalogue)).collect();
        let before = case.reports.iter().rfind(|r| r.id != report.id && r.state.is_signed());
        Self {
            format: FORMAT,
            laboratory: catalogue.laboratory.name.clone(),
            laboratory_address: catalogue.laboratory.address.clone(),
            time_zone: Some(catalogue.laboratory.time_zone.name().to_owned()),
            accession: case.header.accession.to_string(),
            version: report.number,
            status: report.state.name().to_owned(),
            mrn: case.patient.mrn.clone(),
            patient: case.patient.display(),
            born: case.patient.born.map(|d| d.to_string()),
            sex: case.patient.sex.words(),
            requester: case.header.requested_by().to_owned(),
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
            changes: before.map(|b| differences(b, report, &findings, catalogue)).unwrap_or_default(),
            synoptic: synoptic(&findings, catalogue),
            findings,
            trends: from.trends.to_vec(),
            pending: case.orders.iter().filter_map(|o| pending(o, catalogue)).collect(),
            not_done: case.orders.iter().filter_map(|o| not_done(o, catalogue)).collect(),
            flags: from.flags.to_vec(),
            comment: report.comment.clone(),
            calls: from.calls.to_vec(),
            reason: report.reason.clone(),
            told: report.told.as_ref().map(|t| t.who.clone()),
            told_at: report.told.as_ref().map(|t| t.at),
            told_how: report.told.as_ref().and_then(|t| t.how.clone()),
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
            attestation: Some(report.kind.attestation()),
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

fn assay_name(catalogue: &Catalogue, order: &Order) -> String {
    catalogue.assay(order.assay.as_str()).map_or_else(|| order.assay.to_string(), |a| a.name.clone())
}

/// Serial values of the patient, this marrow's among them: one trend per measurand, its methods side by side. Only what
/// was measured in more than one marrow is a trend.
pub fn trends(case: &Case, earlier: &[Earlier]) -> Vec<DocumentTrend> {
    let values: Vec<Earlier> = earlier.iter().cloned().chain(series::verified_values(case)).collect();
    let mut out: Vec<(String, Option<String>, DocumentTrend)> = Vec::new();
    for s in series::series(&values) {
        let of = s.denominator.as_ref().map_or_else(String::new, |d| format!(", of {}", d.replace('_', " ")));
        let points = s.points.iter().map(|p| DocumentPoint {
            at: p.at,
            accession: p.accession.clone(),
            value: p.value,
            below: p.below,
            method: format!("{}{of}", s.assay),
        });
        let points: Vec<_> = points.collect();
        match out.iter_mut().find(|(key, item, _)| *key == s.key && *item == s.item) {
            Some((_, _, trend)) => trend.points.extend(points),
            None => out.push((s.key, s.item, DocumentTrend { name: s.name, unit: s.unit, log: s.log, points })),
        }
    }
    // The international scale is the same curve in the unit that is compared between laboratories.
    let scaled: Vec<Option<String>> =
        out.iter().filter(|(key, _, _)| key == "is_pct").map(|(_, item, _)| item.clone()).collect();
    out.retain(|(key, item, _)| key != "ratio_pct" || !scaled.contains(item));
    let mut trends: Vec<DocumentTrend> = out.into_iter().map(|(_, _, trend)| trend).collect();
    for trend in &mut trends {
        trend.points.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.method.cmp(&b.method)));
    }
    trends.retain(|t| t.points.iter().any(|p| t.points.first().is_some_and(|first| first.accession != p.accession)));
    trends
}

/// What does not fit, and what the signer makes of it.
pub fn flags(flags: &[Flag], report: &Report) -> Vec<DocumentFlag> {
    let said = |flag: &Flag| correlation::answered(flag, &report.acknowledged);
    flags.iter().map(|flag| DocumentFlag { text: correlation::in_one_line(flag), acknowledged: said(flag) }).collect()
}

/// What is known of an order: its verified result, or what was released early.
fn finding(case: &Case, order: &Order, catalogue: &Catalogue) -> Option<DocumentFinding> {
    let preliminary = case.results_of(order.id).rfind(|r| r.state == ResultState::Preliminary);
    let r = case.verified_result(order.id).or(preliminary)?;
    Some(DocumentFinding {
        name: assay_name(catalogue, order),
        section: Some(Modality::of_department(order.department.as_str())),
        assay: order.assay.to_string(),
        status: r.state.name().to_owned(),
        version: r.number,
        interpretation: r.interpretation,
        summary: r.summary.clone(),
        values: r.values.clone(),
        lines: r
            .lines(catalogue.assay(order.assay.as_str()))
            .into_iter()
            .map(|l| DocumentLine { name: l.name, value: l.value, note: None })
            .collect(),
        comment: r.comment.clone(),
        // Where a text departs from ISCN is for the bench; the report has the text itself.
        remarks: r.remarks.iter().filter(|n| n.code != "iscn").map(|n| n.text.clone()).collect(),
        disclaimers: r.disclaimers.clone(),
        performed_by: r.performed_by.clone().unwrap_or_else(|| catalogue.laboratory.name.clone()),
        verified_by: r.verified_by.as_ref().or(r.released_by.as_ref()).map(|w| w.name.clone()),
        verified_at: r.verified_at,
    })
}

fn pending(order: &Order, catalogue: &Catalogue) -> Option<DocumentPending> {
    match order.state {
        OrderState::Final
        | OrderState::Suggested
        | OrderState::EnteredInError
        | OrderState::NotPerformed
        | OrderState::Cancelled
        | OrderState::Failed => None,
        OrderState::Ordered
        | OrderState::Held
        | OrderState::AwaitingSpecimen
        | OrderState::Ready
        | OrderState::InProcess
        | OrderState::Resulted
        | OrderState::InReview
        | OrderState::ReferredOut
        | OrderState::NeedsRecollect => Some(DocumentPending {
            name: assay_name(catalogue, order),
            assay: order.assay.to_string(),
            state: order.state.words(),
            expected: order.due_at,
        }),
    }
}

fn not_done(order: &Order, catalogue: &Catalogue) -> Option<DocumentNotDone> {
    if !matches!(order.state, OrderState::NotPerformed | OrderState::Cancelled | OrderState::Failed) {
        return None;
    }
    let closing = order.closing.as_ref().map(|c| match (&c.reason, &c.text) {
        (Some(code), Some(text)) => format!("{code}: {text}"),
        (Some(code), None) => code.to_string(),
        (None, text) => text.clone().unwrap_or_default(),
    });
    let failed = order.attempts.last().and_then(|a| {
        a.failed.as_ref().map(|f| format!("failed ({f}) {}", a.failed_note.as_deref().unwrap_or_default()))
    });
    let why = [Some(order.state.words()), closing, failed].into_iter().flatten().collect::<Vec<_>>().join("; ");
    Some(DocumentNotDone {
        name: assay_name(catalogue, order),
        assay: order.assay.to_string(),
        why: why.trim().to_owned(),
    })
}

/// What the synoptic table gathers, in its order (CAP bone marrow synoptic elements, `reference/domain.md` §6.1): keys of
/// the catalogue's values.
const SYNOPTIC: &[&str] = &[
    "cellularity",
    "cellularity_pct",
    "me_ratio",
    "blasts_pct",
    "plasma_cells_pct",
    "lymphocytes_pct",
    "dysplasia_erythroid_pct",
    "dysplasia_granulocytic_pct",
    "dysplasia_megakaryocytic_pct",
    "ring_sideroblasts_pct",
    "storage_iron",
    "reticulin",
    "collagen",
    "mrd_pct",
    "is_pct",
];

/// The values that matter most, each with the assay it comes from.
fn synoptic(findings: &[DocumentFinding], catalogue: &Catalogue) -> Vec<DocumentLine> {
    let of = |key: &'static str| {
        findings.iter().flat_map(move |f| {
            f.values.iter().filter(move |v| v.key == key).map(move |v| DocumentLine {
                name: result_words::name(catalogue.assay(&f.assay), key),
                value: result_words::words(v),
                note: Some(f.name.clone()),
            })
        })
    };
    SYNOPTIC.iter().flat_map(|key| of(key)).collect()
}

fn part(s: &super::Specimen, catalogue: &Catalogue) -> DocumentPart {
    let site = s.site.as_ref().and_then(|c| catalogue.site(c.as_str())).map(|x| x.name.to_lowercase());
    let place: Vec<String> = s.side.map(super::Side::words).into_iter().chain(site).collect();
    // A smear is on a slide, and a tube is what says which pull may feed what.
    let container = catalogue.container(s.container.as_str()).filter(|c| !c.slide).map(|c| c.name.clone());
    let what = [
        Some(s.kind.words()),
        container,
        Some(place.join(" ")).filter(|place| !place.is_empty()),
        s.pull_number.map(|p| format!("pull {p}")),
    ];
    let condition = condition(s, catalogue);
    DocumentPart {
        label: s.label.to_string(),
        what: what.into_iter().flatten().collect::<Vec<_>>().join(", "),
        condition,
        caveats: s.caveats.iter().map(|c| c.text.clone()).collect(),
        collected_at: s.collected_at,
        received_at: s.received_at,
    }
}

/// In what condition the part was when the laboratory judged it. Where it lies since is no matter of the report: a tube
/// that is put away does not change what is signed.
fn condition(s: &super::Specimen, catalogue: &Catalogue) -> String {
    if let Some(reason) = &s.not_collected {
        let name = catalogue.not_collected_reason(reason.as_str()).map_or(reason.as_str(), |r| r.name.as_str());
        return format!("not collected: {}", name.to_lowercase());
    }
    match (s.state, &s.rejection) {
        (SpecimenState::Rejected | SpecimenState::Discarded, Some(r)) => {
            let name = catalogue.reason(r.reason.as_str()).map_or(r.reason.as_str(), |x| x.name.as_str());
            format!("rejected, {}: {}", name.to_lowercase(), r.text)
        }
        (
            SpecimenState::Accepted
            | SpecimenState::InProcess
            | SpecimenState::Stored
            | SpecimenState::ReferredOut
            | SpecimenState::Exhausted
            | SpecimenState::Discarded,
            _,
        ) => SpecimenState::Accepted.words(),
        (
            SpecimenState::Planned
            | SpecimenState::NotCollected
            | SpecimenState::Collected
            | SpecimenState::InTransit
            | SpecimenState::Received
            | SpecimenState::OnHold
            | SpecimenState::Rejected
            | SpecimenState::Lost
            | SpecimenState::EnteredInError,
            _,
        ) => s.state.words(),
    }
}

/// Old and new against the version signed before.
fn differences(
    before: &Report,
    now: &Report,
    findings: &[DocumentFinding],
    catalogue: &Catalogue,
) -> Vec<DocumentChange> {
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
        // A value that was put right shows even when the sentence about it stayed (42 CFR 493.1291(k)).
        if let Some(was) = was {
            let assay = catalogue.assay(&finding.assay);
            let old = if was.lines.is_empty() { result_words::lines(&was.values, assay) } else { was.lines.clone() };
            let value = |lines: &[DocumentLine], name: &str| {
                lines.iter().find(|l| l.name == name).map_or_else(String::new, |l| l.value.clone())
            };
            let gone = old.iter().filter(|o| !finding.lines.iter().any(|l| l.name == o.name));
            for line in finding.lines.iter().chain(gone) {
                let what = format!("{}: {}", finding.name, line.name);
                compare(&what, &value(&old, &line.name), &value(&finding.lines, &line.name));
            }
        }
    }
    // A withdrawn result is a change too: it must not vanish without a word.
    for gone in old.iter().filter(|f| !findings.iter().any(|n| n.assay == f.assay)) {
        compare(&gone.name, &gone.summary, "");
    }
    changes
}

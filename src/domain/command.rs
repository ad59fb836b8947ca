//! Everything that people, interfaces and timers can do to a case. A closed set: what is not here cannot happen.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::correlation::Acknowledgment;
use super::results::Details;
use super::{
    Accession, CallMethod, CallOutcome, Code, CriticalId, HoldPolicy, Interpretation, Label, Moment, NewDocument,
    OrderId, OrderTransition, ProcedureOutcome, ReportId, ReportKind, ResultId, ResultValue, Revision, Role, Sex, Side,
    SpecimenKind, SpecimenTransition, Temperature, Told, Urgency,
    machine::{self, ReportTransition, ResultTransition},
};

/// The patient as the requester writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatientInput {
    /// Medical record number: 1 to 32 letters, digits, `-`, `/` or `.`.
    pub mrn: String,
    /// Family name.
    pub family_name: String,
    /// Given names; may be empty.
    #[serde(default)]
    pub given_name: String,
    /// Date of birth.
    #[serde(default)]
    pub born: Option<NaiveDate>,
    /// Recorded sex.
    #[serde(default = "unknown_sex")]
    pub sex: Sex,
}

const fn unknown_sex() -> Sex {
    Sex::Unknown
}

/// The puncture as logged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcedureInput {
    /// When it was done (or is planned), RFC 3339.
    #[serde(default)]
    pub performed_at: Option<DateTime<Utc>>,
    /// Who held the needle.
    #[serde(default)]
    pub operator: Option<String>,
    /// Where (catalogue code).
    #[serde(default)]
    pub site: Option<Code>,
    /// Which side.
    #[serde(default)]
    pub side: Option<Side>,
    /// What it brought; `obtained` when left out.
    #[serde(default)]
    pub outcome: Option<ProcedureOutcome>,
}

/// One part as logged. With `not_collected` it was expected and not obtained; with `collected_at` (or the procedure's
/// time) it was taken; with neither it is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSpecimen {
    /// What it is.
    pub kind: SpecimenKind,
    /// What it is in (catalogue code).
    pub container: Code,
    /// Which pull, from 1 (aspirates and clots).
    #[serde(default)]
    pub pull_number: Option<u8>,
    /// Volume in whole µL (liquids).
    #[serde(default)]
    pub volume_ul: Option<u32>,
    /// Length in whole mm (cores).
    #[serde(default)]
    pub length_mm: Option<u32>,
    /// Where, when it differs from the procedure (bilateral cores).
    #[serde(default)]
    pub site: Option<Code>,
    /// Which side, when it differs from the procedure.
    #[serde(default)]
    pub side: Option<Side>,
    /// When it was taken, when it differs from the procedure.
    #[serde(default)]
    pub collected_at: Option<DateTime<Utc>>,
    /// Time into fixative (fixed tissue).
    #[serde(default)]
    pub fixed_at: Option<DateTime<Utc>>,
    /// How it is kept.
    #[serde(default)]
    pub temperature: Option<Temperature>,
    /// Why it was not obtained (catalogue code).
    #[serde(default)]
    pub not_collected: Option<Code>,
}

/// Which assays to order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum OrdersInput {
    /// `"suggested"`: the indication's set.
    Suggested(Suggested),
    /// These assays (catalogue codes).
    Codes(Vec<Code>),
}

/// The one word `suggested`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Suggested {
    /// Take the indication's set.
    Suggested,
}

/// Log a case: patient, request, puncture, parts and assays at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogCase {
    /// The sender's own reference; the same reference never makes a second case.
    #[serde(default)]
    pub external_ref: Option<String>,
    /// Whose marrow.
    pub patient: PatientInput,
    /// Who asks: a login name, or the name on the form.
    pub requester: String,
    /// Why (catalogue code).
    pub indication: Code,
    /// How fast; the indication's usual urgency when left out.
    #[serde(default)]
    pub urgency: Option<Urgency>,
    /// The clinical question in the requester's words.
    #[serde(default)]
    pub clinical_note: Option<String>,
    /// The puncture.
    #[serde(default)]
    pub procedure: ProcedureInput,
    /// The parts, 1 to 40.
    pub specimens: Vec<NewSpecimen>,
    /// The assays: codes, or `"suggested"`.
    pub orders: OrdersInput,
    /// Why it is logged although something about it is amiss, such as too small a sample; kept with the journal entry.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What a step of custody needs; each step reads the fields it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecimenStep {
    /// When it happened, if not now (RFC 3339).
    #[serde(default)]
    pub occurred_at: Option<DateTime<Utc>>,
    /// Where the part is now (receive, start, store, return).
    #[serde(default)]
    pub location: Option<String>,
    /// Reason (catalogue code).
    #[serde(default)]
    pub reason: Option<Code>,
    /// In words (hold: the question; reject: what was seen; find, resolve: how identity was verified).
    #[serde(default)]
    pub note: Option<String>,
    /// Who was told (reject, lose), or who answers (hold).
    #[serde(default)]
    pub told: Option<String>,
    /// Temperature observed (receive) or kept at.
    #[serde(default)]
    pub temperature: Option<Temperature>,
    /// Where to (dispatch).
    #[serde(default)]
    pub destination: Option<String>,
    /// Courier's number.
    #[serde(default)]
    pub tracking: Option<String>,
    /// Which laboratory (`refer_out`).
    #[serde(default)]
    pub laboratory: Option<String>,
    /// Which test (`refer_out`).
    #[serde(default)]
    pub test: Option<String>,
    /// When the result is expected (`refer_out`).
    #[serde(default)]
    pub expected_on: Option<NaiveDate>,
    /// Both identifiers on the part match the request (accept); `true` when left out, because scanning the label is the check.
    #[serde(default)]
    pub identifiers_match: Option<bool>,
    /// Volume in µL (collect), or volume discarded (exhaust).
    #[serde(default)]
    pub volume_ul: Option<u32>,
    /// Pull number (collect).
    #[serde(default)]
    pub pull_number: Option<u8>,
    /// Length in mm (collect, accept).
    #[serde(default)]
    pub length_mm: Option<u32>,
    /// Side (collect, resolve: what the missing side turned out to be).
    #[serde(default)]
    pub side: Option<Side>,
    /// Site (collect).
    #[serde(default)]
    pub site: Option<Code>,
    /// Time into fixative (collect).
    #[serde(default)]
    pub fixed_at: Option<DateTime<Utc>>,
    /// Decalcifying agent (store, start).
    #[serde(default)]
    pub decalcification: Option<String>,
    /// Whether it is to be taken again (`mark_not_collected`). Not when left out.
    #[serde(default)]
    pub recollect: Option<bool>,
    /// Signed declaration in words (identity fixes).
    #[serde(default)]
    pub declaration: Option<String>,
    /// Why times are out of order, or why a rule is overridden.
    #[serde(default)]
    pub override_reason: Option<String>,
}

/// One part to be made from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChildInput {
    /// What it is; the parent's kind makes it an aliquot, another kind a derivative.
    pub kind: SpecimenKind,
    /// What it is in (catalogue code).
    pub container: Code,
    /// Volume taken from the parent, µL (liquids).
    #[serde(default)]
    pub volume_ul: Option<u32>,
    /// Where it is put.
    #[serde(default)]
    pub location: Option<String>,
}

/// Order one assay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// Which assay (catalogue code).
    pub assay: Code,
    /// How fast; the case's urgency when left out.
    #[serde(default)]
    pub urgency: Option<Urgency>,
    /// Why.
    #[serde(default)]
    pub why: Option<String>,
    /// The order that leads to this one: makes it a reflex.
    #[serde(default)]
    pub parent: Option<OrderId>,
}

/// Who goes first while the sample is scarce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanSample {
    /// The orders that are served first, in this order; every other one comes after them.
    pub order: Vec<OrderId>,
    /// Why.
    #[serde(default)]
    pub note: Option<String>,
}

/// What a step of an order needs; each step reads the fields it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderStep {
    /// When it happened, if not now.
    #[serde(default)]
    pub occurred_at: Option<DateTime<Utc>>,
    /// Reason (catalogue code).
    #[serde(default)]
    pub reason: Option<Code>,
    /// In words.
    #[serde(default)]
    pub note: Option<String>,
    /// Run, plate or panel (start).
    #[serde(default)]
    pub run: Option<String>,
    /// Which part to use (start), when not the linked one.
    #[serde(default)]
    pub specimen: Option<Label>,
    /// Which step of the bench was done (advance; code of the assay's catalogue entry).
    #[serde(default)]
    pub workstep: Option<Code>,
    /// Volume consumed, µL (start); the assay's minimum when left out.
    #[serde(default)]
    pub used_ul: Option<u32>,
    /// Policy (hold).
    #[serde(default)]
    pub policy: Option<HoldPolicy>,
    /// Deadline (hold).
    #[serde(default)]
    pub deadline: Option<DateTime<Utc>>,
    /// Why a rule is overridden; a supervisor or pathologist writes it.
    #[serde(default)]
    pub override_reason: Option<String>,
    /// Which laboratory (`refer_out`).
    #[serde(default)]
    pub laboratory: Option<String>,
    /// Courier's number (`refer_out`).
    #[serde(default)]
    pub tracking: Option<String>,
    /// When the result is expected (`refer_out`).
    #[serde(default)]
    pub expected_on: Option<NaiveDate>,
}

/// A result as entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewResult {
    /// What it says; `detected` and `not_detected` are read as `abnormal` and `normal`.
    #[serde(deserialize_with = "Interpretation::read")]
    pub interpretation: Interpretation,
    /// The finding in one line; made from the details when left out.
    #[serde(default)]
    pub summary: Option<String>,
    /// The finding in the shape of its assay. Needed for assays with a shape, unless the material is inadequate.
    #[serde(default)]
    pub details: Option<Details>,
    /// Values by the keys of the assay's catalogue entry: only for assays without a shape.
    #[serde(default)]
    pub values: Vec<ResultValue>,
    /// Free text.
    #[serde(default)]
    pub comment: Option<String>,
    /// Laboratory that performed it, when not ours.
    #[serde(default)]
    pub performed_by: Option<String>,
    /// When the work was done, if not now.
    #[serde(default)]
    pub performed_at: Option<DateTime<Utc>>,
}

impl NewResult {
    /// The finding in one line: as typed, or made from the details.
    pub fn headline(&self) -> String {
        let made = || self.details.as_ref().map(|d| d.headline(self.interpretation));
        self.summary.clone().or_else(made).unwrap_or_default()
    }
}

/// A new version of a verified result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviseResult {
    /// Corrected, amended or appended.
    pub revision: Revision,
    /// Why.
    pub reason: String,
    /// Who was told.
    pub told: Told,
    /// The new content, whole.
    pub result: NewResult,
}

/// The text of a report version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportText {
    /// What kind of version.
    pub kind: ReportKind,
    /// The diagnosis in words.
    pub diagnosis: String,
    /// WHO-HAEM5 diagnosis.
    #[serde(default)]
    pub dx_who5: Option<String>,
    /// ICC 2022 diagnosis.
    #[serde(default)]
    pub dx_icc: Option<String>,
    /// Correlation and comment.
    #[serde(default)]
    pub comment: Option<String>,
    /// What the signer makes of findings that do not fit: each open flag needs words before the report is signed.
    #[serde(default)]
    pub acknowledged: Vec<Acknowledgment>,
    /// Why it follows a final version (appended, amended, corrected).
    #[serde(default)]
    pub reason: Option<String>,
    /// Who was told (appended, amended, corrected).
    #[serde(default)]
    pub told: Option<Told>,
}

/// A call about a critical finding: one that is known, or a new one with its code and words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordCall {
    /// The finding that is known. Exactly one of this and `code`.
    #[serde(default)]
    pub finding: Option<CriticalId>,
    /// The trigger of a new finding, raised by hand (catalogue code).
    #[serde(default)]
    pub code: Option<Code>,
    /// What was found, with `code`.
    #[serde(default)]
    pub text: Option<String>,
    /// Who was called.
    pub recipient: String,
    /// What the recipient is to the patient.
    pub role: String,
    /// How.
    pub method: CallMethod,
    /// When, if not now.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
    /// What came of it.
    pub outcome: CallOutcome,
    /// Whether the recipient read the finding back; only who was reached can.
    #[serde(default)]
    pub read_back: bool,
    /// Whom it was escalated to.
    #[serde(default)]
    pub escalated_to: Option<String>,
    /// In words.
    #[serde(default)]
    pub note: Option<String>,
}

/// One thing that is done to one case.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Log a case.
    LogCase(Box<LogCase>),
    /// Add a part.
    AddSpecimen(Box<NewSpecimen>),
    /// Take a step of custody.
    MoveSpecimen(Label, SpecimenTransition, Box<SpecimenStep>),
    /// Make parts from a part.
    Aliquot(Label, Vec<ChildInput>),
    /// Order an assay.
    OrderAssay(Box<NewOrder>),
    /// Decide who goes first while the sample is scarce.
    PlanSample(Box<PlanSample>),
    /// Take a step of an order.
    MoveOrder(OrderId, OrderTransition, Box<OrderStep>),
    /// Attach the performing laboratory's original.
    AttachDocument(OrderId, Box<NewDocument>),
    /// Record a call about a critical finding.
    RecordCall(Box<RecordCall>),
    /// Enter a result.
    EnterResult(OrderId, Box<NewResult>),
    /// Release a result as preliminary.
    ReleaseResult(ResultId),
    /// Verify a result.
    VerifyResult(ResultId),
    /// Begin a new version of a verified result.
    ReviseResult(ResultId, Box<ReviseResult>),
    /// Withdraw a result.
    RetractResult(ResultId, String, Option<Told>),
    /// Begin a version of the report.
    DraftReport(Box<ReportText>),
    /// Change the text of a draft.
    EditReport(ReportId, Box<ReportText>),
    /// Sign a draft. The edge has checked the signer's password within the last five minutes.
    SignReport(ReportId),
    /// Say that one has read a version. Said again it changes nothing.
    ReadReport(ReportId),
    /// Withdraw a version.
    VoidReport(ReportId, String, Option<Told>),
    /// A held order's deadline has come (timer).
    LapseHold(OrderId),
    /// An order is past its due time (timer).
    NoteOverdue(OrderId),
    /// Take back the newest step of the case, by the person who took it, at once ([`super::take_back`]).
    TakeBack,
}

impl Command {
    /// Its stable name in the journal, e.g. `specimen.receive`.
    pub fn name(&self) -> String {
        match self {
            Self::LogCase(_) => "case.log".into(),
            Self::AddSpecimen(_) => "specimen.add".into(),
            Self::MoveSpecimen(_, step, _) => format!("specimen.{step}"),
            Self::Aliquot(..) => "specimen.aliquot".into(),
            Self::OrderAssay(_) => "order.order".into(),
            Self::PlanSample(_) => "case.plan_sample".into(),
            Self::MoveOrder(_, step, _) => format!("order.{step}"),
            Self::AttachDocument(..) => "order.attach".into(),
            Self::RecordCall(_) => "case.call".into(),
            Self::EnterResult(..) => "result.enter".into(),
            Self::ReleaseResult(_) => "result.release".into(),
            Self::VerifyResult(_) => "result.verify".into(),
            Self::ReviseResult(..) => "result.revise".into(),
            Self::RetractResult(..) => "result.retract".into(),
            Self::DraftReport(_) => "report.draft".into(),
            Self::EditReport(..) => "report.edit".into(),
            Self::SignReport(_) => "report.sign".into(),
            Self::ReadReport(_) => "report.read".into(),
            Self::VoidReport(..) => "report.void".into(),
            Self::LapseHold(_) => "order.lapse".into(),
            Self::NoteOverdue(_) => "order.overdue".into(),
            Self::TakeBack => "case.take_back".into(),
        }
    }

    /// The roles that may ever give this command: the role × command table. Which of them may give it *now* is in the
    /// machine's row for the current state.
    pub fn roles(&self) -> Vec<Role> {
        use Role::{Hematologist, Interface, Pathologist, Supervisor, System, Tech};
        match self {
            // Reference: reliability.md §2.2; interfaces create, and hematologists plan a procedure (domain.md §7.2 row 1).
            Self::LogCase(_) => vec![Tech, Supervisor, Hematologist, Interface],
            Self::AddSpecimen(_) => vec![Tech, Supervisor],
            // What goes without cannot be had again: seniors decide, and the requester for own cases.
            Self::PlanSample(_) => vec![Supervisor, Pathologist, Hematologist],
            Self::MoveSpecimen(_, step, _) => machine::anybody_for::<machine::SpecimenState>(*step).collect(),
            Self::Aliquot(..) => machine::anybody_for::<machine::SpecimenState>(SpecimenTransition::Aliquot).collect(),
            Self::OrderAssay(_) => {
                machine::anybody_for::<machine::OrderState>(OrderTransition::Order).filter(|r| *r != System).collect()
            }
            Self::MoveOrder(_, step, _) => {
                machine::anybody_for::<machine::OrderState>(*step).filter(|r| *r != System).collect()
            }
            Self::AttachDocument(..) => super::document::ATTACHERS.to_vec(),
            Self::RecordCall(_) => super::critical::CALLERS.to_vec(),
            Self::EnterResult(..) => machine::anybody_for::<machine::ResultState>(ResultTransition::Enter).collect(),
            Self::ReleaseResult(_) => machine::anybody_for::<machine::ResultState>(ResultTransition::Release).collect(),
            Self::VerifyResult(_) => machine::anybody_for::<machine::ResultState>(ResultTransition::Verify).collect(),
            Self::ReviseResult(..) => machine::anybody_for::<machine::ResultState>(ResultTransition::Revise).collect(),
            Self::RetractResult(..) => machine::anybody_for::<machine::ResultState>(ResultTransition::Retract)
                .filter(|r| *r != System)
                .collect(),
            Self::DraftReport(_) | Self::EditReport(..) => {
                machine::anybody_for::<machine::ReportState>(ReportTransition::Draft).collect()
            }
            Self::SignReport(_) => machine::anybody_for::<machine::ReportState>(ReportTransition::SignFinal).collect(),
            Self::ReadReport(_) => machine::anybody_for::<machine::ReportState>(ReportTransition::Read).collect(),
            Self::VoidReport(..) => machine::anybody_for::<machine::ReportState>(ReportTransition::Void).collect(),
            Self::LapseHold(_) | Self::NoteOverdue(_) => vec![System],
            // Whoever may take a step that can be taken back; that it is the same person is decided with the step.
            Self::TakeBack => super::take_back::anybody(),
        }
    }

    /// Why, as the person said: kept with the journal entry.
    pub fn reason(&self) -> Option<String> {
        let say = |code: &Option<Code>, note: &Option<String>| match (code, note) {
            (Some(code), Some(note)) => Some(format!("{code}: {note}")),
            (Some(code), None) => Some(code.to_string()),
            (None, note) => note.clone(),
        };
        match self {
            Self::MoveSpecimen(_, _, step) => say(&step.reason, &step.note).or_else(|| step.override_reason.clone()),
            Self::MoveOrder(_, _, step) => say(&step.reason, &step.note).or_else(|| step.override_reason.clone()),
            Self::ReviseResult(_, revise) => Some(revise.reason.clone()),
            Self::RetractResult(_, reason, _) | Self::VoidReport(_, reason, _) => Some(reason.clone()),
            Self::DraftReport(text) | Self::EditReport(_, text) => text.reason.clone(),
            Self::OrderAssay(order) => order.why.clone(),
            Self::PlanSample(plan) => plan.note.clone(),
            Self::LogCase(log) => log.reason.clone(),
            Self::AddSpecimen(_)
            | Self::Aliquot(..)
            | Self::AttachDocument(..)
            | Self::RecordCall(_)
            | Self::EnterResult(..)
            | Self::ReleaseResult(_)
            | Self::VerifyResult(_)
            | Self::SignReport(_)
            | Self::ReadReport(_)
            | Self::LapseHold(_)
            | Self::NoteOverdue(_)
            | Self::TakeBack => None,
        }
    }

    /// When it happened, as the person states.
    pub fn occurred_at(&self) -> Option<Moment> {
        match self {
            Self::MoveSpecimen(_, _, step) => step.occurred_at,
            Self::MoveOrder(_, _, step) => step.occurred_at,
            Self::EnterResult(_, result) => result.performed_at,
            Self::RecordCall(call) => call.at,
            Self::LogCase(log) => log.procedure.performed_at,
            Self::AddSpecimen(part) => part.collected_at,
            Self::Aliquot(..)
            | Self::OrderAssay(_)
            | Self::AttachDocument(..)
            | Self::PlanSample(_)
            | Self::ReleaseResult(_)
            | Self::VerifyResult(_)
            | Self::ReviseResult(..)
            | Self::RetractResult(..)
            | Self::DraftReport(_)
            | Self::EditReport(..)
            | Self::SignReport(_)
            | Self::ReadReport(_)
            | Self::VoidReport(..)
            | Self::LapseHold(_)
            | Self::NoteOverdue(_)
            | Self::TakeBack => None,
        }
    }
}

/// Which case a command is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A new case.
    New,
    /// The case with this number.
    Case(Accession),
    /// The case that this order belongs to.
    Order(OrderId),
    /// The case that this result belongs to.
    Result(ResultId),
}

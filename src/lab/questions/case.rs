//! One case, whole, as one person may see it; and its parts, orders, results and reports one by one.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::domain::catalogue::{Verdict, fitness};
use crate::domain::machine::Machine;
use crate::domain::progress::{Progress, SpecimenStage, is_late, progress, specimen_stage};
use crate::domain::report_document::ReportDocument;
use crate::domain::sample_plan::{SamplePlan, sample_plan};
use crate::domain::workstep::{WorkProgress, work_progress};
use crate::domain::{
    Accession, Actor, Attempt, Case, CaseId, Caveat, Closing, Code, Document, Label, Ledger, LimitAction, Moment, Need,
    Order, OrderHold, OrderId, OrderState, Origin, Patient, Procedure, Query, Recollection, Referral, Rejection,
    Report, ReportId, ReportTransition, ResultId, ResultState, ResultVersion, Role, Side, Specimen, SpecimenId,
    SpecimenKind, SpecimenState, Temperature, Urgency, Who,
};
use crate::lab::catalogue::InForce;
use crate::lab::execute::absent;
use crate::lab::questions::critical::CriticalView;
use crate::lab::questions::events::EventView;
use crate::lab::{Lab, LabError, scope};
use crate::store::StoreError;
use crate::store::aggregate::{self, Whole};
use crate::store::journal;
use crate::store::tables::{cases, orders, results, specimens};

/// What a view is made with.
#[derive(Clone, Copy)]
pub struct Eyes<'a> {
    /// Who looks.
    pub actor: &'a Actor,
    /// The catalogue in force.
    pub catalogue: &'a InForce,
    /// When.
    pub now: Moment,
}

/// A case.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CaseView {
    /// Identity.
    pub id: CaseId,
    /// People-facing number.
    pub accession: Accession,
    /// Changes with everything about the case; the `ETag`.
    pub version: i64,
    /// Sender's reference.
    pub external_ref: Option<String>,
    /// Whose marrow.
    pub patient: Patient,
    /// Who asked: login name, or the name on the form.
    pub requester: String,
    /// The full name behind the login name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requester_name: Option<String>,
    /// Why (code).
    pub indication: Code,
    /// Why, in words.
    pub indication_name: String,
    /// How fast.
    pub urgency: Urgency,
    /// The clinical question.
    pub clinical_note: Option<String>,
    /// The puncture.
    pub procedure: Procedure,
    /// When it was logged.
    pub logged_at: DateTime<Utc>,
    /// By whom.
    pub logged_by: Who,
    /// Parts to be taken again.
    pub recollections: Vec<Recollection>,
    /// What its waiting assays need of its liquid parts, and who goes first.
    pub sample_plan: SamplePlan,
    /// What somebody must be, or was, told of at once.
    pub critical: Vec<CriticalView>,
    /// Where it stands.
    pub progress: Progress,
    /// Its parts.
    pub specimens: Vec<SpecimenView>,
    /// Its assays.
    pub orders: Vec<OrderView>,
    /// Results that this person may see.
    pub results: Vec<ResultView>,
    /// Report versions that this person may see.
    pub reports: Vec<ReportView>,
}

/// How fit a part is for an assay of its case.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FitnessView {
    /// The order.
    pub order: OrderId,
    /// The assay.
    pub assay: Code,
    /// In one word.
    pub verdict: Verdict,
    /// Until when it may be set up.
    pub usable_until: Option<DateTime<Utc>>,
    /// Whole hours left; negative when past.
    pub hours_left: Option<i64>,
    /// What happens at the limit.
    pub action: LimitAction,
    /// Why, in a sentence.
    pub why: String,
}

/// A part.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SpecimenView {
    /// Identity.
    pub id: SpecimenId,
    /// Its case.
    pub accession: Accession,
    /// What is printed on it.
    pub label: Label,
    /// The `ETag`.
    pub version: i64,
    /// What it is.
    pub kind: SpecimenKind,
    /// Where it is in its life.
    pub state: SpecimenState,
    /// Where it stands as people say it.
    pub stage: SpecimenStage,
    /// The part it was made from.
    pub parent: Option<SpecimenId>,
    /// Container (code).
    pub container: Code,
    /// Site (code).
    pub site: Option<Code>,
    /// Side.
    pub side: Option<Side>,
    /// Pull number.
    pub pull_number: Option<u8>,
    /// Volume account, µL.
    pub volume: Option<Ledger>,
    /// What is left, µL.
    pub remaining_ul: Option<u32>,
    /// Length, mm.
    pub length_mm: Option<u32>,
    /// Into fixative.
    pub fixed_at: Option<DateTime<Utc>>,
    /// Decalcifying agent.
    pub decalcification: Option<String>,
    /// Taken.
    pub collected_at: Option<DateTime<Utc>>,
    /// Came through the door.
    pub received_at: Option<DateTime<Utc>>,
    /// Found fit.
    pub accepted_at: Option<DateTime<Utc>>,
    /// How it is kept.
    pub temperature: Option<Temperature>,
    /// Where it is.
    pub location: Option<String>,
    /// Why it was not taken (code).
    pub not_collected: Option<Code>,
    /// Flaws it was accepted with.
    pub caveats: Vec<Caveat>,
    /// A refusal, proposed or decided.
    pub rejection: Option<Rejection>,
    /// An open question.
    pub query: Option<Query>,
    /// Where it was sent.
    pub referral: Option<Referral>,
    /// May be thrown away after this day.
    pub retain_until: Option<NaiveDate>,
    /// Fitness for each open assay of the case.
    pub fitness: Vec<FitnessView>,
    /// Steps this person may take now.
    pub allowed: Vec<&'static str>,
}

/// An ordered assay.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OrderView {
    /// Identity.
    pub id: OrderId,
    /// Its case.
    pub accession: Accession,
    /// The `ETag`.
    pub version: i64,
    /// Assay (code).
    pub assay: Code,
    /// Assay in words.
    pub name: String,
    /// Bench (code).
    pub department: Code,
    /// Where the work stands.
    pub state: OrderState,
    /// How fast.
    pub urgency: Urgency,
    /// How much the indication wants it.
    pub need: Need,
    /// Whether the final report waits for it.
    pub required: bool,
    /// Where it came from.
    pub origin: Origin,
    /// Why it was ordered.
    pub why: Option<String>,
    /// The order that led to it.
    pub parent: Option<OrderId>,
    /// The part that feeds it.
    pub specimen: Option<Label>,
    /// Why no part can feed it.
    pub why_no_part: Option<String>,
    /// A decision put off.
    pub hold: Option<OrderHold>,
    /// All tries.
    pub attempts: Vec<Attempt>,
    /// What was overridden or must be disclaimed.
    pub overrides: Vec<Closing>,
    /// Where it was sent.
    pub referral: Option<Referral>,
    /// The performing laboratory's originals, oldest first; the bytes are at `/documents/{id}`.
    pub documents: Vec<Document>,
    /// Why it ended without a result.
    pub closing: Option<Closing>,
    /// Who asked.
    pub ordered_by: Who,
    /// When.
    pub ordered_at: DateTime<Utc>,
    /// When it is due.
    pub due_at: Option<DateTime<Utc>>,
    /// Past its due time.
    pub late: bool,
    /// Until when its part may be set up.
    pub usable_until: Option<DateTime<Utc>>,
    /// When its result became final.
    pub final_at: Option<DateTime<Utc>>,
    /// How far the bench is; absent when it is not at work on it.
    pub progress: Option<WorkProgress>,
    /// Steps this person may take now.
    pub allowed: Vec<&'static str>,
}

/// A result version with the assay it belongs to.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ResultView {
    /// Its case.
    pub accession: Accession,
    /// Assay (code).
    pub assay: Code,
    /// Assay in words.
    pub name: String,
    /// Steps this person may take now.
    pub allowed: Vec<&'static str>,
    /// The version itself; its `version` is the `ETag`.
    #[serde(flatten)]
    pub result: ResultVersion,
}

/// Somebody who said that they have read a report version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ReadBy {
    /// Who.
    pub by: Who,
    /// When they said so.
    pub at: DateTime<Utc>,
}

/// A report version.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ReportView {
    /// Its case.
    pub accession: Accession,
    /// Whether a later signed version stands in its place.
    pub superseded: bool,
    /// Steps this person may take now.
    pub allowed: Vec<&'static str>,
    /// Who said when that they have read it.
    pub read_by: Vec<ReadBy>,
    /// The signed document, read back from its exact bytes.
    pub content: Option<ReportDocument>,
    /// The version itself; its `version` is the `ETag`.
    #[serde(flatten)]
    pub report: Report,
}

/// Steps this person may take from a state.
fn allowed<M: Machine>(state: M, actor: &Actor) -> Vec<&'static str> {
    state.rows().filter(|row| actor.is_any(row.who)).map(|row| M::step_word(row.step)).collect()
}

/// Whether drafts are shown: never outside the laboratory.
pub(super) fn sees_drafts(actor: &Actor) -> bool {
    actor.is_any(&[Role::Tech, Role::Supervisor, Role::Pathologist, Role::Auditor, Role::System])
}

/// Everything about a case that this person may see.
pub fn case_view(case: &Case, seq: i64, eyes: Eyes<'_>) -> CaseView {
    let h = &case.header;
    CaseView {
        id: h.id,
        accession: h.accession,
        version: seq,
        external_ref: h.external_ref.clone(),
        patient: case.patient.clone(),
        requester: h.requester.clone(),
        requester_name: h.requester_name.clone(),
        indication_name: eyes
            .catalogue
            .indication(h.indication.as_str())
            .map_or_else(|| h.indication.to_string(), |i| i.name.clone()),
        indication: h.indication.clone(),
        urgency: h.urgency,
        clinical_note: h.clinical_note.clone(),
        procedure: h.procedure.clone(),
        logged_at: h.logged_at,
        logged_by: h.logged_by.clone(),
        recollections: h.recollections.clone(),
        sample_plan: sample_plan(case, eyes.catalogue),
        critical: super::critical::visible(case, eyes),
        progress: progress(case, eyes.catalogue, eyes.now),
        specimens: case.specimens.iter().map(|s| specimen_view(case, s, eyes)).collect(),
        orders: case.orders.iter().map(|o| order_view(case, o, eyes)).collect(),
        results: case
            .results
            .iter()
            .filter(|r| sees_drafts(eyes.actor) || is_released(r))
            .map(|r| result_view(case, r, eyes))
            .collect(),
        reports: case
            .reports
            .iter()
            .filter(|r| sees_drafts(eyes.actor) || r.signature.is_some())
            .map(|r| report_view(case, r, eyes))
            .collect(),
    }
}

/// Released early, verified, or withdrawn after that: what may leave the laboratory.
fn is_released(r: &ResultVersion) -> bool {
    r.state == ResultState::Preliminary
        || r.state.is_verified()
        || (r.state == ResultState::Retracted && r.verified_by.is_some())
}

/// A part.
pub fn specimen_view(case: &Case, s: &Specimen, eyes: Eyes<'_>) -> SpecimenView {
    let reasons: Vec<Code> = s.caveats.iter().map(|c| c.reason.clone()).collect();
    let dry = crate::domain::decide::after_dry_tap(case, eyes.catalogue);
    let fit = |o: &Order| {
        let assay = eyes.catalogue.assay(o.assay.as_str())?;
        let facts = crate::domain::decide::facts(s, &reasons, dry);
        let f = fitness(eyes.catalogue, assay, &facts, eyes.now);
        Some(FitnessView {
            order: o.id,
            assay: o.assay.clone(),
            verdict: f.verdict,
            usable_until: f.usable_until,
            hours_left: f.usable_until.map(|u| (u - eyes.now).num_hours()),
            action: f.action,
            why: f.why,
        })
    };
    let waiting = |o: &&Order| {
        matches!(
            o.state,
            OrderState::Ordered
                | OrderState::Held
                | OrderState::AwaitingSpecimen
                | OrderState::Ready
                | OrderState::NeedsRecollect
                | OrderState::Failed
        )
    };
    SpecimenView {
        id: s.id,
        accession: case.header.accession,
        label: s.label.clone(),
        version: s.version,
        kind: s.kind,
        state: s.state,
        stage: specimen_stage(case, s),
        parent: s.parent,
        container: s.container.clone(),
        site: s.site.clone(),
        side: s.side,
        pull_number: s.pull_number,
        volume: s.volume,
        remaining_ul: s.remaining_ul(),
        length_mm: s.length_mm,
        fixed_at: s.fixed_at,
        decalcification: s.decalcification.clone(),
        collected_at: s.collected_at,
        received_at: s.received_at,
        accepted_at: s.accepted_at,
        temperature: s.temperature,
        location: s.location.clone(),
        not_collected: s.not_collected.clone(),
        caveats: s.caveats.clone(),
        rejection: s.rejection.clone(),
        query: s.query.clone(),
        referral: s.referral.clone(),
        retain_until: s.retain_until,
        fitness: if s.state.is_living() {
            case.orders.iter().filter(waiting).filter_map(fit).collect()
        } else {
            Vec::new()
        },
        allowed: allowed(s.state, eyes.actor),
    }
}

/// An order.
pub fn order_view(case: &Case, o: &Order, eyes: Eyes<'_>) -> OrderView {
    OrderView {
        id: o.id,
        accession: case.header.accession,
        version: o.version,
        assay: o.assay.clone(),
        name: eyes.catalogue.assay(o.assay.as_str()).map_or_else(|| o.assay.to_string(), |a| a.name.clone()),
        department: o.department.clone(),
        state: o.state,
        urgency: o.urgency,
        need: o.need,
        required: o.required,
        origin: o.origin,
        why: o.why.clone(),
        parent: o.parent,
        specimen: o.specimen.and_then(|id| case.specimen(id)).map(|s| s.label.clone()),
        why_no_part: o.why_no_part.clone(),
        hold: o.hold.clone(),
        attempts: o.attempts.clone(),
        overrides: o.overrides.clone(),
        referral: o.referral.clone(),
        documents: super::documents::visible(case, o, eyes.actor).to_vec(),
        closing: o.closing.clone(),
        ordered_by: o.ordered_by.clone(),
        ordered_at: o.ordered_at,
        due_at: o.due_at,
        late: is_late(o, eyes.now),
        usable_until: o.usable_until,
        final_at: o.final_at,
        progress: eyes.catalogue.assay(o.assay.as_str()).and_then(|a| work_progress(o, a, eyes.now)),
        allowed: allowed(o.state, eyes.actor),
    }
}

/// A result version.
pub fn result_view(case: &Case, r: &ResultVersion, eyes: Eyes<'_>) -> ResultView {
    let assay = case.order(r.order).map(|o| o.assay.clone());
    let name = assay.as_ref().and_then(|c| eyes.catalogue.assay(c.as_str())).map(|a| a.name.clone());
    ResultView {
        accession: case.header.accession,
        name: name.unwrap_or_default(),
        assay: assay.unwrap_or_else(|| case.header.indication.clone()),
        allowed: allowed(r.state, eyes.actor),
        result: r.clone(),
    }
}

/// A report version.
pub fn report_view(case: &Case, r: &Report, eyes: Eyes<'_>) -> ReportView {
    const READ: &str = ReportTransition::Read.name();
    let unread = case.unread_report(eyes.actor.id).is_some_and(|newest| newest.id == r.id);
    ReportView {
        accession: case.header.accession,
        superseded: case.signed_report().is_some_and(|newest| newest.number > r.number),
        allowed: allowed(r.state, eyes.actor).into_iter().filter(|step| *step != READ || unread).collect(),
        read_by: case.readings_of(r.id).map(|read| ReadBy { by: read.by.clone(), at: read.at }).collect(),
        content: ReportDocument::read(&r.document),
        report: r.clone(),
    }
}

impl Lab {
    /// A case with its journal number, for somebody who may see it.
    ///
    /// # Errors
    /// As if absent, when it is not theirs to see.
    pub async fn case(&self, actor: &Actor, accession: Accession) -> Result<Whole, LabError> {
        self.whole(actor, move |conn| cases::id_of(conn, accession)).await
    }

    /// The case that this part belongs to.
    ///
    /// # Errors
    /// As [`Lab::case`].
    pub async fn case_of_label(&self, actor: &Actor, label: Label) -> Result<Whole, LabError> {
        self.whole(actor, move |conn| specimens::case_of(conn, &label)).await
    }

    /// The case that this order belongs to.
    ///
    /// # Errors
    /// As [`Lab::case`].
    pub async fn case_of_order(&self, actor: &Actor, id: OrderId) -> Result<Whole, LabError> {
        self.whole(actor, move |conn| orders::case_of(conn, id)).await
    }

    /// The case that this result belongs to.
    ///
    /// # Errors
    /// As [`Lab::case`].
    pub async fn case_of_result(&self, actor: &Actor, id: ResultId) -> Result<Whole, LabError> {
        self.whole(actor, move |conn| results::case_of(conn, id)).await
    }

    async fn whole(
        &self,
        actor: &Actor,
        find: impl FnOnce(&mut crate::store::DbConn) -> Result<Option<CaseId>, StoreError> + Send + 'static,
    ) -> Result<Whole, LabError> {
        scope::may_look(actor)?;
        let found = self
            .store()
            .read(move |conn| match find(conn)? {
                Some(id) => aggregate::load(conn, id, false),
                None => Ok(None),
            })
            .await?;
        let whole = found.ok_or_else(absent)?;
        scope::may_see(actor, &whole.case.header)?;
        Ok(whole)
    }

    /// A report version by its id, with its case.
    ///
    /// # Errors
    /// As [`Lab::case`].
    pub async fn report(&self, actor: &Actor, accession: Accession, id: ReportId) -> Result<(Whole, Report), LabError> {
        let whole = self.case(actor, accession).await?;
        let report = whole.case.report(id).cloned().ok_or_else(absent)?;
        Ok((whole, report))
    }

    /// The whole journal of a case, for somebody who may see it.
    ///
    /// # Errors
    /// As [`Lab::case`].
    pub async fn case_history(&self, actor: &Actor, accession: Accession) -> Result<Vec<EventView>, LabError> {
        let whole = self.case(actor, accession).await?;
        let stream = crate::lab::execute::stream(whole.case.header.id);
        let entries = self.store().read(move |conn| journal::stream(conn, &stream)).await?;
        let mut views: Vec<EventView> = entries.into_iter().map(EventView::from).collect();
        if !sees_drafts(actor) {
            // Drafts never leave the laboratory, by the journal either: outside, one sees that something happened.
            for view in &mut views {
                for event in &mut view.events {
                    // An original and a critical finding say what the draft says.
                    event.changes.retain(|c| !matches!(c.field.as_str(), "documents" | "critical"));
                }
                for event in view.events.iter_mut().filter(|e| matches!(e.subject.as_str(), "result" | "report")) {
                    event.changes.retain(|c| matches!(c.field.as_str(), "state" | "verified_at" | "number"));
                    view.reason = None;
                }
            }
        }
        Ok(views)
    }
}

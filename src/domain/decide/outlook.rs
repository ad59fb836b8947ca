//! What logging a case would order, and which of its parts would feed each assay: told while the form is still being
//! filled in, by the same routing that decides when it is logged.

use super::super::catalogue::{Verdict, fitness};
use super::super::sample_plan::{Promised, sample_plan};
use super::super::text::Check;
use super::super::{
    Accession, Actor, CaseHeader, CaseId, Code, LimitAction, LogCase, Moment, Need, OrderState, Patient, PatientId,
    Refusal, SpecimenId, Urgency,
};
use super::log_case::{self, PartDraft, SPECIMENS_MAX};
use super::{Circumstances, Work};

/// What a case in the making comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outlook {
    /// Each assay that would be ordered or suggested, in the order of the indication's set.
    pub orders: Vec<Prospect>,
}

/// One assay of a case in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prospect {
    /// The assay (code).
    pub assay: Code,
    /// How much the indication wants it.
    pub need: Need,
    /// Why it is suggested; absent when a person asked for it by name.
    pub why: Option<String>,
    /// The part that would feed it, as an index into the logged parts; or, in a sentence, why none can.
    pub part: Result<usize, String>,
    /// What is wrong with that part for this assay, in sentences; absent when nothing is.
    pub caveat: Option<String>,
    /// Whether `caveat` will print on the result, or the part is past its limit. A question for the day of set-up is not.
    pub flawed: bool,
    /// Whether it would go without, because the assays before it need what there is.
    pub scarce: bool,
    /// When it would be due.
    pub due_at: Option<Moment>,
}

impl Prospect {
    /// Whether the case is logged with this amiss only for a reason: an assay that the report waits for and that cannot
    /// be done from what was taken, or only badly.
    pub fn needs_reason(&self) -> bool {
        let wanted = match self.need {
            Need::Mandatory | Need::Recommended => true,
            Need::Conditional | Need::Hold => false,
        };
        wanted && (self.part.is_err() || self.flawed || self.scarce)
    }
}

/// Looks ahead. Fields that are missing or wrong are passed over: they are refused when the case is logged. An assay that
/// somebody asked for by an unknown code is left out.
///
/// # Errors
/// Roles that may never log a case.
pub fn outlook(log: &LogCase, by: &Actor, at: &mut Circumstances<'_>) -> Result<Outlook, Refusal> {
    super::may(&super::Command::LogCase(Box::new(log.clone())), by)?;
    let catalogue = at.catalogue;
    // Nothing of it is kept, so any number will do.
    let accession = Accession::new(0, 1).map_err(|why| Refusal::field("", "numbers_used_up", why))?;
    let mut passed_over = Check::default();
    let procedure = log_case::procedure(log, at, &mut passed_over);
    let drafts: Vec<PartDraft> = log
        .specimens
        .iter()
        .take(SPECIMENS_MAX)
        .map(|new| {
            let taken = log_case::check_part("", new, &procedure, catalogue, at.now, &mut passed_over);
            PartDraft::of(new, &procedure, catalogue, taken)
        })
        .collect();
    let wishes = log_case::wanted(log, catalogue, &mut passed_over);
    let usual = catalogue.indication(log.indication.as_str()).map(|i| i.urgency);
    let urgency = log.urgency.or(usual).unwrap_or(Urgency::Routine);
    let input = &log.patient;
    let patient = Patient {
        id: PatientId((at.ids)()),
        mrn: input.mrn.clone(),
        family_name: input.family_name.clone(),
        given_name: input.given_name.clone(),
        born: input.born,
        sex: input.sex,
        version: 1,
    };
    let header = CaseHeader {
        id: CaseId((at.ids)()),
        accession,
        external_ref: None,
        patient_id: patient.id,
        requester: log_case::requester(&log.requester),
        requester_name: None,
        indication: log.indication.clone(),
        urgency,
        clinical_note: None,
        procedure,
        recollections: Vec::new(),
        sample_decision: None,
        critical: Vec::new(),
        readings: Vec::new(),
        logged_at: at.now,
        logged_by: by.who(),
        version: 1,
    };
    let mut work = Work { case: log_case::empty(header, patient), events: Vec::new(), by, at };
    // Which row a part came from: a kind that is made in the laboratory gets no label here and feeds nothing.
    let mut rows: Vec<(SpecimenId, usize)> = Vec::new();
    for (row, draft) in drafts.into_iter().enumerate() {
        if work.add_part(draft).is_ok() {
            rows.extend(work.case.specimens.last().map(|s| (s.id, row)));
        }
    }
    for wish in wishes {
        work.new_order(wish, urgency);
    }
    work.route();
    Ok(Outlook { orders: prospects(&work, &rows) })
}

fn prospects(work: &Work<'_, '_>, rows: &[(SpecimenId, usize)]) -> Vec<Prospect> {
    let (case, catalogue) = (&work.case, work.at.catalogue);
    let without: Vec<_> =
        sample_plan(case, catalogue).proposed.into_iter().filter(|s| !s.fits).map(|s| s.order).collect();
    let prospect = |order: &super::Order| {
        let assay = catalogue.assay(order.assay.as_str())?;
        let part = match (order.state, order.specimen) {
            // Not routed before somebody wants it; the same choice says what it would get.
            (OrderState::Suggested, _) => work.best_part(assay, &Promised::default()),
            (_, Some(part)) => Ok(part),
            (_, None) => Err(order.why_no_part.clone().unwrap_or_default()),
        };
        let fed = part.as_ref().ok().and_then(|id| case.specimen(*id));
        // Of a part that is still to be taken nobody can say how old it is.
        let judged = fed
            .filter(|s| s.collected_at.is_some())
            .map(|s| work.with_facts(s, |facts| fitness(catalogue, assay, facts, work.at.now)));
        let flawed = judged
            .as_ref()
            .is_some_and(|fit| fit.verdict == Verdict::PastLimit || fit.action == LimitAction::RunWithDisclaimer);
        let caveat = judged.filter(|fit| match fit.verdict {
            Verdict::Ideal | Verdict::Usable => false,
            Verdict::Warn | Verdict::PastLimit | Verdict::Unfit | Verdict::NoWindow => true,
        });
        Some(Prospect {
            assay: order.assay.clone(),
            need: order.need,
            why: order.why.clone(),
            part: part.map(|id| rows.iter().find(|(part, _)| *part == id).map_or(0, |(_, row)| *row)),
            caveat: caveat.map(|fit| fit.why),
            flawed,
            scarce: without.contains(&order.id),
            due_at: order.due_at,
        })
    };
    case.orders.iter().filter_map(prospect).collect()
}

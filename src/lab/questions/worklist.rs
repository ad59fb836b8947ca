//! What a bench must do now, most urgent first.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::cases::Page;
use crate::domain::progress::is_late;
use crate::domain::workstep::{WorkProgress, work_progress};
use crate::domain::{
    Accession, Actor, Catalogue, Code, FAR, Label, Moment, OrderId, OrderState, Refusal, Role, SpecimenKind,
    SpecimenState, Temperature, Urgency,
};
use crate::lab::{Lab, LabError, scope};
use crate::store::StoreError;
pub use crate::store::tables::orders::WorkSort;
use crate::store::tables::orders::{self, Filter, Standing, Work};
use crate::store::tables::specimens::{self, Awaited};
use crate::text_enum;

text_enum! {
    /// Which part of a bench's list.
    pub enum View {
        /// Everything open.
        All = "all",
        /// To be set up.
        ToDo = "to_do",
        /// On the bench or at another laboratory.
        Running = "running",
        /// Waiting for a second person.
        ToReview = "to_review",
        /// Past the due time.
        Overdue = "overdue",
        /// Waiting for a part, a decision or a repeat.
        Waiting = "waiting",
        /// What whoever looks has set up, or entered a result of that is still a draft.
        Mine = "mine",
    }
}

impl View {
    /// Which orders it shows to this person, and in which order.
    pub(super) fn standing(self, who: &Actor, sort: WorkSort) -> Standing {
        let of = (self == Self::Mine).then_some(who.id);
        Standing::Open { states: self.states(), overdue: self == Self::Overdue, of, sort }
    }

    fn states(self) -> Vec<OrderState> {
        match self {
            Self::All | Self::Overdue | Self::Mine => Vec::new(),
            Self::ToDo => vec![OrderState::Ready],
            Self::Running => vec![OrderState::InProcess, OrderState::ReferredOut],
            Self::ToReview => vec![OrderState::Resulted, OrderState::InReview],
            Self::Waiting => vec![
                OrderState::Ordered,
                OrderState::Held,
                OrderState::AwaitingSpecimen,
                OrderState::NeedsRecollect,
                OrderState::Failed,
            ],
        }
    }
}

/// One line of a bench's list: an assay to work on, or at reception a part to take in.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct WorkLine {
    /// The case.
    pub accession: Accession,
    /// Name as on the wristband.
    pub patient: String,
    /// Record number.
    pub mrn: String,
    /// How fast.
    pub urgency: Urgency,
    /// Why (code).
    pub indication: Code,
    /// The part.
    pub label: Option<Label>,
    /// What the part is.
    pub kind: Option<SpecimenKind>,
    /// What it is in (catalogue code).
    pub container: Option<Code>,
    /// Where the part is.
    pub location: Option<String>,
    /// Where the part stands.
    pub specimen_state: Option<SpecimenState>,
    /// How it traveled.
    pub temperature: Option<Temperature>,
    /// The version of the part.
    pub specimen_version: Option<i64>,
    /// The order; absent at reception.
    pub order: Option<OrderId>,
    /// The version of the order.
    pub order_version: Option<i64>,
    /// The department whose work it is (code, as it was when ordered); absent at reception.
    pub department: Option<Code>,
    /// The assay (code).
    pub assay: Option<Code>,
    /// Where the work stands.
    pub state: Option<OrderState>,
    /// When it is due.
    pub due_at: Option<DateTime<Utc>>,
    /// Past due.
    pub late: bool,
    /// Until when the part may be set up.
    pub usable_until: Option<DateTime<Utc>>,
    /// Whole hours left for setting up; negative when past.
    pub usable_hours: Option<i64>,
    /// By when somebody must act.
    pub urgent_by: Option<DateTime<Utc>>,
    /// Caveats of the part, as they print.
    pub caveats: Vec<String>,
    /// Why it waits.
    pub waits_for: Option<String>,
    /// How far the bench is; absent when it is not at work on it.
    pub progress: Option<WorkProgress>,
    /// Steps this person may take now.
    pub allowed: Vec<&'static str>,
}

/// Which lines of a bench's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Only {
    /// Which part of the list.
    pub view: View,
    /// Only this assay.
    pub assay: Option<Code>,
    /// Only what is urgent.
    pub urgent: bool,
    /// In which order.
    pub sort: WorkSort,
}

impl Only {
    /// A whole view, most urgent first.
    pub const fn all(view: View) -> Self {
        Self { view, assay: None, urgent: false, sort: WorkSort::Urgent }
    }
}

/// Where a page of a bench's list ends.
pub type WorkPlace = (DateTime<Utc>, uuid::Uuid);

impl Lab {
    /// A page of a department's list. `RECEPTION` lists parts, every other department orders.
    ///
    /// # Errors
    /// An unknown department; roles that do not work on benches.
    pub async fn worklist(
        &self,
        actor: &Actor,
        department: &str,
        only: &Only,
        after: Option<WorkPlace>,
        limit: i64,
    ) -> Result<Page<WorkLine, WorkPlace>, LabError> {
        may_work(actor)?;
        let department = department.to_ascii_uppercase();
        let catalogue = self.catalogue();
        if catalogue.department(&department).is_none() {
            return Err(Refusal::NotFound(format!("There is no department {department}.")).into());
        }
        let now = self.now();
        let who = actor.clone();
        if department == "RECEPTION" {
            let after = after.map(|(_, id)| id);
            let mut rows = self.store().read(move |conn| specimens::awaited(conn, after, limit + 1)).await?;
            let more = cut(&mut rows, limit);
            let next = rows.last().filter(|_| more).map(|r| (FAR, r.specimen.id.0));
            return Ok(Page { lines: rows.into_iter().map(|r| reception_line(r, &who)).collect(), next });
        }
        let bench = Filter {
            department: Some(department),
            assay: only.assay.as_ref().map(ToString::to_string),
            urgency: only.urgent.then_some(Urgency::Urgent),
            standing: only.view.standing(actor, only.sort),
        };
        let asked = bench.clone();
        let mut rows = self.store().read(move |conn| orders::worklist(conn, &asked, after, limit + 1)).await?;
        let more = cut(&mut rows, limit);
        let next = rows.last().filter(|_| more).map(|r| orders::place(&bench, &r.order));
        Ok(Page { lines: rows.into_iter().map(|r| bench_line(r, &who, &catalogue, now)).collect(), next })
    }

    /// How many lines each view of a department has; exactly those that [`Lab::worklist`] lists without a filter.
    ///
    /// # Errors
    /// As [`Lab::worklist`].
    pub async fn view_counts(&self, actor: &Actor, department: &str) -> Result<Vec<(View, i64)>, LabError> {
        may_work(actor)?;
        let department = department.to_ascii_uppercase();
        let standing = View::Mine.standing(actor, WorkSort::Urgent);
        let own = Filter { department: Some(department.clone()), standing, ..Filter::default() };
        let (tallies, own) = self
            .store()
            .read(move |conn| Ok::<_, StoreError>((orders::tallies(conn, &department)?, orders::count_of(conn, &own)?)))
            .await?;
        let own = i64::try_from(own).unwrap_or(i64::MAX);
        let count = |view: View| {
            if view == View::Mine {
                return own;
            }
            let states = view.states();
            let fits = |state: &OrderState| states.is_empty() || states.contains(state);
            let counted = tallies.iter().filter(|(s, overdue, _)| fits(s) && (*overdue || view != View::Overdue));
            counted.map(|(_, _, n)| n).sum()
        };
        Ok(View::ALL.iter().map(|view| (*view, count(*view))).collect())
    }

    /// What waits for a second person, in every department, most urgent first.
    ///
    /// # Errors
    /// Roles that do not verify.
    pub async fn to_verify(&self, actor: &Actor, limit: i64) -> Result<Vec<WorkLine>, LabError> {
        if !actor.is_any(&[Role::Supervisor, Role::Pathologist, Role::Auditor]) {
            return Err(Refusal::Forbidden("Verifying takes the role supervisor or pathologist.".into()).into());
        }
        let bench = Filter { standing: View::ToReview.standing(actor, WorkSort::Urgent), ..Filter::default() };
        let rows = self.store().read(move |conn| orders::worklist(conn, &bench, None, limit)).await?;
        let (catalogue, now) = (self.catalogue(), self.now());
        Ok(rows.into_iter().map(|r| bench_line(r, actor, &catalogue, now)).collect())
    }
}

fn may_work(actor: &Actor) -> Result<(), LabError> {
    scope::may_look(actor)?;
    if actor.is_any(&[Role::Tech, Role::Supervisor, Role::Pathologist, Role::Auditor]) {
        Ok(())
    } else {
        Err(Refusal::Forbidden("Worklists are for the laboratory.".into()).into())
    }
}

fn cut<T>(rows: &mut Vec<T>, limit: i64) -> bool {
    let limit = usize::try_from(limit).unwrap_or_default();
    let more = rows.len() > limit;
    rows.truncate(limit);
    more
}

fn reception_line(row: Awaited, actor: &Actor) -> WorkLine {
    use crate::domain::machine::Machine as _;
    let Awaited { specimen: s, header, patient } = row;
    WorkLine {
        accession: header.accession,
        patient: patient.display(),
        mrn: patient.mrn.clone(),
        urgency: header.urgency,
        indication: header.indication,
        label: Some(s.label),
        kind: Some(s.kind),
        container: Some(s.container),
        location: s.location,
        specimen_state: Some(s.state),
        temperature: s.temperature,
        specimen_version: Some(s.version),
        order: None,
        order_version: None,
        department: None,
        assay: None,
        state: None,
        due_at: None,
        late: false,
        usable_until: None,
        usable_hours: None,
        urgent_by: None,
        caveats: s.caveats.into_iter().map(|c| c.text).collect(),
        waits_for: match (&s.query, &s.rejection) {
            (_, Some(r)) => Some(format!("rejection proposed by {}: {}", r.proposed_by.name, r.text)),
            (Some(q), None) => Some(format!("{} (asked of {})", q.text, q.owner)),
            (None, None) => None,
        },
        progress: None,
        allowed: s.state.rows().filter(|r| actor.is_any(r.who)).map(|r| r.step.name()).collect(),
    }
}

fn bench_line(row: Work, actor: &Actor, catalogue: &Catalogue, now: Moment) -> WorkLine {
    use crate::domain::machine::Machine as _;
    let Work { order: o, specimen, header, patient } = row;
    let urgent_by = o.urgent_by();
    let waits_for = match o.state {
        OrderState::Held => o.hold.as_ref().map(|h| format!("held: {}", h.policy.words())),
        OrderState::Failed => {
            o.attempts.last().and_then(|a| a.failed.as_ref()).map(|f| format!("failed: {f}; repeat or close it"))
        }
        OrderState::ReferredOut => o.referral.as_ref().map(|r| format!("at {}", r.laboratory)),
        OrderState::Ordered | OrderState::AwaitingSpecimen | OrderState::Ready | OrderState::NeedsRecollect => {
            o.why_no_part.clone()
        }
        OrderState::Suggested
        | OrderState::InProcess
        | OrderState::Resulted
        | OrderState::InReview
        | OrderState::Final
        | OrderState::NotPerformed
        | OrderState::Cancelled
        | OrderState::EnteredInError => None,
    };
    let setting_up =
        matches!(o.state, OrderState::Ordered | OrderState::Held | OrderState::AwaitingSpecimen | OrderState::Ready);
    let usable_until = o.usable_until.filter(|_| setting_up);
    WorkLine {
        accession: header.accession,
        patient: patient.display(),
        mrn: patient.mrn.clone(),
        urgency: o.urgency,
        indication: header.indication,
        label: specimen.as_ref().map(|s| s.label.clone()),
        kind: specimen.as_ref().map(|s| s.kind),
        container: specimen.as_ref().map(|s| s.container.clone()),
        location: specimen.as_ref().and_then(|s| s.location.clone()),
        specimen_state: specimen.as_ref().map(|s| s.state),
        temperature: specimen.as_ref().and_then(|s| s.temperature),
        specimen_version: specimen.as_ref().map(|s| s.version),
        order: Some(o.id),
        order_version: Some(o.version),
        late: is_late(&o, now),
        usable_until,
        usable_hours: usable_until.map(|u| (u - now).num_hours()),
        urgent_by: Some(urgent_by).filter(|u| *u < FAR),
        caveats: specimen.map(|s| s.caveats.into_iter().map(|c| c.text).collect()).unwrap_or_default(),
        waits_for,
        progress: catalogue.assay(o.assay.as_str()).and_then(|a| work_progress(&o, a, now)),
        allowed: o.state.rows().filter(|r| actor.is_any(r.who)).map(|r| r.step.name()).collect(),
        state: Some(o.state),
        due_at: o.due_at,
        department: Some(o.department),
        assay: Some(o.assay),
    }
}

//! A story: one case, as a list of things that people do at certain moments. Nothing here changes anything; the list is
//! carried out by [`super::perform`].

use chrono::{NaiveDate, TimeDelta};

use crate::domain::command::{OrderStep, PatientInput, ReportText, ReviseResult, SpecimenStep};
use crate::domain::{
    Code, HoldPolicy, Moment, OrderTransition, ProcedureOutcome, Side, SpecimenKind, SpecimenTransition, Temperature,
    Told, Urgency, command::NewResult,
};

/// One case from its beginning to its end. What lies after now is never carried out.
pub(super) struct Story {
    /// What it is about, for the log of what went wrong.
    pub(super) name: &'static str,
    /// What happens, in any order: time sorts it.
    pub(super) steps: Vec<Step>,
}

/// One thing that one person does.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) at: Moment,
    /// Login name.
    pub(super) who: &'static str,
    pub(super) act: Act,
}

/// What is done. Parts go by the end of their label (`A1`, `C1-1`), orders by their assay.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Log(Box<Log>),
    Add(Box<Part>),
    Move(String, SpecimenTransition, Box<SpecimenStep>),
    Split(String, Vec<Child>),
    Order(NewWork),
    /// These assays are served first while the sample is scarce, and why.
    Plan(&'static [&'static str], &'static str),
    Work(&'static str, OrderTransition, Box<OrderStep>),
    /// Set up on another part than the one that is linked.
    StartOn(&'static str, String, Box<OrderStep>),
    /// The other laboratory's original for an assay, as a text.
    Attach(&'static str, String),
    Enter(&'static str, Box<NewResult>),
    Release(&'static str),
    Verify(&'static str),
    Revise(&'static str, Box<ReviseResult>),
    Retract(&'static str, String, Option<Told>),
    Draft(Box<ReportText>),
    Edit(Box<ReportText>),
    Sign,
    /// That one has read the newest version of the report that stands.
    Read,
    /// The newest version of the report.
    Void(String, Option<Told>),
}

/// A case as it is logged.
#[derive(Clone, Debug)]
pub(super) struct Log {
    pub(super) external_ref: Option<String>,
    pub(super) patient: PatientInput,
    pub(super) requester: &'static str,
    pub(super) indication: &'static str,
    pub(super) urgency: Option<Urgency>,
    pub(super) note: &'static str,
    pub(super) performed_at: Option<Moment>,
    pub(super) operator: Option<&'static str>,
    pub(super) site: Option<&'static str>,
    pub(super) side: Option<Side>,
    pub(super) outcome: ProcedureOutcome,
    pub(super) parts: Vec<Part>,
    /// Empty: what the indication suggests.
    pub(super) orders: Vec<&'static str>,
}

/// One part.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) kind: SpecimenKind,
    pub(super) container: &'static str,
    pub(super) pull: Option<u8>,
    pub(super) ul: Option<u32>,
    pub(super) mm: Option<u32>,
    pub(super) side: Option<Side>,
    /// Traveled in the cold.
    pub(super) cold: bool,
    /// Why it was not obtained.
    pub(super) missing: Option<&'static str>,
    /// When it was taken, if not with the others.
    pub(super) taken: Option<Moment>,
}

impl Part {
    const fn new(kind: SpecimenKind, container: &'static str) -> Self {
        Self { kind, container, pull: None, ul: None, mm: None, side: None, cold: false, missing: None, taken: None }
    }

    pub(super) const fn smear() -> Self {
        Self { pull: Some(1), ..Self::new(SpecimenKind::Smear, "SLIDE") }
    }

    pub(super) const fn imprint() -> Self {
        Self::new(SpecimenKind::Imprint, "SLIDE")
    }

    pub(super) const fn tube(container: &'static str, pull: u8, ul: u32) -> Self {
        Self { pull: Some(pull), ul: Some(ul), ..Self::new(SpecimenKind::Aspirate, container) }
    }

    pub(super) const fn blood(container: &'static str, ul: u32) -> Self {
        Self { ul: Some(ul), ..Self::new(SpecimenKind::Blood, container) }
    }

    pub(super) const fn clot(ul: u32) -> Self {
        Self { pull: Some(2), ul: Some(ul), ..Self::new(SpecimenKind::Clot, "FORMALIN") }
    }

    pub(super) const fn core(container: &'static str, mm: u32) -> Self {
        Self { mm: Some(mm), ..Self::new(SpecimenKind::Core, container) }
    }

    pub(super) const fn on_side(self, side: Side) -> Self {
        Self { side: Some(side), ..self }
    }

    pub(super) const fn cold(self) -> Self {
        Self { cold: true, ..self }
    }

    pub(super) const fn taken(self, at: Moment) -> Self {
        Self { taken: Some(at), ..self }
    }

    /// Expected, and not obtained.
    pub(super) const fn missing(self, why: &'static str) -> Self {
        Self { missing: Some(why), ul: None, mm: None, pull: None, ..self }
    }

    pub(super) fn in_fixative(&self) -> bool {
        matches!(self.container, "FORMALIN" | "AZF" | "BPLUS")
    }

    pub(super) const fn temperature(&self) -> Temperature {
        if self.cold { Temperature::Refrigerated } else { Temperature::Ambient }
    }
}

/// A part that is made from another.
#[derive(Clone, Debug)]
pub(super) struct Child {
    pub(super) kind: SpecimenKind,
    pub(super) container: &'static str,
    pub(super) ul: Option<u32>,
    pub(super) location: String,
}

/// An assay that is ordered later.
#[derive(Clone, Debug)]
pub(super) struct NewWork {
    pub(super) assay: &'static str,
    pub(super) why: &'static str,
    /// The order that leads to it.
    pub(super) parent: Option<&'static str>,
    pub(super) urgency: Option<Urgency>,
}

/// A catalogue code. One that is mistyped is absent, and the door says what is missing.
pub(super) fn code(text: &str) -> Option<Code> {
    Code::parse(text).ok()
}

/// A step of custody with a place.
pub(super) fn place(location: &str) -> SpecimenStep {
    SpecimenStep { location: Some(location.to_owned()), ..SpecimenStep::default() }
}

/// A step of custody with a coded reason and words.
pub(super) fn because(reason: &str, note: &str) -> SpecimenStep {
    SpecimenStep { reason: code(reason), note: Some(note.to_owned()), ..SpecimenStep::default() }
}

/// A step of an order with a coded reason and words.
pub(super) fn order_because(reason: &str, note: &str) -> OrderStep {
    OrderStep { reason: code(reason), note: Some(note.to_owned()), ..OrderStep::default() }
}

/// A step of an order in words only.
pub(super) fn order_note(note: &str) -> OrderStep {
    OrderStep { note: Some(note.to_owned()), ..OrderStep::default() }
}

/// A hold that somebody sets by hand.
pub(super) fn order_hold(policy: HoldPolicy, deadline: Moment, note: &str) -> OrderStep {
    OrderStep { policy: Some(policy), deadline: Some(deadline), ..order_note(note) }
}

/// An order that goes to another laboratory.
pub(super) fn order_out(laboratory: &str, expected_on: NaiveDate, tracking: &str) -> OrderStep {
    OrderStep {
        laboratory: Some(laboratory.to_owned()),
        expected_on: Some(expected_on),
        tracking: Some(tracking.to_owned()),
        ..OrderStep::default()
    }
}

/// Somebody was told, by telephone, a few minutes before.
pub(super) fn told(who: &str, at: Moment) -> Told {
    Told { who: who.to_owned(), at: at - TimeDelta::minutes(4), how: Some("telephone".to_owned()) }
}

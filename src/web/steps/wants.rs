//! Which fields each step has: two tables.

use crate::domain::{OrderTransition, SpecimenTransition};

/// A field that a step may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    When,
    /// What the place is called: a word of the family `field-place`.
    Location(&'static str),
    Fault,
    Query,
    Lost,
    NotCollected,
    Recollect,
    FailReason,
    CancelReason,
    NotPerformedReason,
    /// What is written: a word of the family `field-note`.
    Note(&'static str),
    /// Who heard of it: a word of the family `field-told`.
    Told(&'static str),
    Temperature,
    Destination,
    Tracking,
    Laboratory,
    Test,
    ExpectedOn,
    Volume,
    Pull,
    Length,
    Side,
    Site,
    Fixed,
    Decalcification,
    Declaration,
    Override,
    Match,
    Policy,
    Deadline,
    Run,
    Part,
    Used,
    Workstep,
}

use Want as W;

/// The fields of a step of custody: those in front, and those behind “More”.
pub(super) const fn specimen_wants(step: SpecimenTransition) -> (&'static [Want], &'static [Want]) {
    use SpecimenTransition as T;
    match step {
        T::Plan | T::Aliquot | T::WithdrawRejection | T::RetainedByReferral | T::Discard => (&[], &[]),
        T::Collect => {
            (&[W::When, W::Site, W::Side, W::Pull, W::Volume, W::Length, W::Fixed, W::Temperature], &[W::Override])
        }
        T::MarkNotCollected => (&[W::NotCollected, W::Recollect], &[W::Note("in-words")]),
        T::Dispatch => (&[W::Destination, W::Tracking], &[W::When, W::Override]),
        T::Receive => (&[W::Temperature], &[W::When, W::Location("where-it-is-put"), W::Override]),
        T::Accept => (&[W::Match], &[W::Length, W::When]),
        T::AcceptWithCaveat => (&[W::Fault], &[W::Note("in-words"), W::Length, W::Declaration]),
        T::Hold => (&[W::Query, W::Note("the-question"), W::Told("who-answers-it")], &[]),
        T::Resolve => (&[W::Note("how-it-was-answered")], &[W::Side, W::Declaration]),
        T::ProposeRejection => (&[W::Fault, W::Note("what-is-wrong-with-it")], &[]),
        T::Reject => (&[W::Told("who-was-told-that-it-is-rejected")], &[W::Note("in-words")]),
        T::Start => (&[W::Location("which-bench")], &[W::Decalcification, W::When, W::Override]),
        T::Store => (&[W::Location("where-it-is-put")], &[W::Temperature, W::Decalcification, W::When]),
        T::ReferOut => (&[W::Laboratory, W::Test, W::ExpectedOn], &[W::Tracking, W::When]),
        T::ReturnFromReferral => (&[W::Location("where-it-is-put")], &[W::When]),
        T::Exhaust => (&[], &[W::Note("why-what-is-left-is-written-off")]),
        T::Lose => (&[W::Lost, W::Note("where-it-was-looked-for"), W::Told("who-was-told")], &[]),
        T::Find => (&[W::Note("how-its-identity-was-verified-again"), W::Location("where-it-is-put")], &[]),
        T::EnterInError => (&[W::Note("why-it-never-existed")], &[]),
    }
}

/// The fields of a step of an order: those in front, and those behind “More”.
pub(super) const fn order_wants(step: OrderTransition) -> (&'static [Want], &'static [Want]) {
    use OrderTransition as T;
    match step {
        T::Suggest
        | T::Order
        | T::Release
        | T::Await
        | T::MakeReady
        | T::Repeat
        | T::Result
        | T::Review
        | T::Verify
        | T::Reopen
        | T::Recollect => (&[], &[]),
        T::Dismiss => (&[W::Note("why-it-is-not-needed")], &[]),
        T::Hold => (&[W::Policy, W::Deadline], &[]),
        T::Start => (&[W::Run], &[W::Part, W::Used, W::When, W::Override]),
        T::Advance => (&[W::Workstep, W::Note("why-steps-before-it-are-left-out")], &[W::When, W::Override]),
        T::Fail => (&[W::FailReason, W::Note("in-words")], &[W::When]),
        T::Return => (&[W::Note("what-must-be-looked-at-again")], &[]),
        T::ReferOut => (&[W::Laboratory, W::ExpectedOn], &[W::Tracking, W::When]),
        T::NotPerform => (&[W::NotPerformedReason], &[W::Note("in-words")]),
        T::Cancel => (&[W::CancelReason], &[W::Note("in-words")]),
        T::EnterInError => (&[W::Note("why-it-was-never-meant")], &[]),
    }
}

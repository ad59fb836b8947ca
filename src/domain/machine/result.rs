//! One version of one assay's result.

use super::{Row, machine};
use crate::domain::Role::{Interface as I, Pathologist as P, Supervisor as S, System, Tech as T};
use crate::text_enum;

text_enum! {
    /// Where one version of a result stands. A version is never overwritten.
    pub enum ResultState {
        /// Entered; never leaves the laboratory.
        Draft = "draft",
        /// Released early by a named person, incomplete.
        Preliminary = "preliminary",
        /// Verified by a second person.
        Final = "final",
        /// An error in an earlier final version put right.
        Corrected = "corrected",
        /// Content of an earlier final version changed.
        Amended = "amended",
        /// Text added to an earlier final version.
        Appended = "appended",
        /// Withdrawn.
        Retracted = "retracted",
    }
}

text_enum! {
    /// What can be done with a result.
    pub enum ResultTransition {
        /// Enter the first version.
        Enter = "enter",
        /// Begin a new version of a verified result.
        Revise = "revise",
        /// Release it early as preliminary.
        Release = "release",
        /// Verify it.
        Verify = "verify",
        /// Verify a correction.
        VerifyCorrection = "verify_correction",
        /// Verify an amendment.
        VerifyAmendment = "verify_amendment",
        /// Verify an addendum.
        VerifyAddendum = "verify_addendum",
        /// Withdraw it.
        Retract = "retract",
    }
}

use ResultState as St;
use ResultTransition as Tr;

machine!(
    ResultState,
    ResultTransition,
    "result",
    &[
        Row {
            from: &[],
            step: Tr::Enter,
            to: Some(St::Draft),
            who: &[T, S, P, I],
            guard: "order in process, referred out or resulted; values checked",
            effect: "caveats of the part become disclaimers",
            hl7: None
        },
        Row {
            from: &[],
            step: Tr::Revise,
            to: Some(St::Draft),
            who: &[P],
            guard: "an earlier version is verified; reason; who was told",
            effect: "the earlier version stays in force until this one is verified",
            hl7: None
        },
        Row {
            from: &[St::Draft],
            step: Tr::Release,
            to: Some(St::Preliminary),
            who: &[S, P],
            guard: "first version; not the person who entered it",
            effect: "the requester sees it, marked preliminary",
            hl7: None
        },
        Row {
            from: &[St::Draft, St::Preliminary],
            step: Tr::Verify,
            to: Some(St::Final),
            who: &[S, P],
            guard: "first version; neither enterer nor last editor",
            effect: "order final",
            hl7: None
        },
        Row {
            from: &[St::Draft],
            step: Tr::VerifyCorrection,
            to: Some(St::Corrected),
            who: &[S, P],
            guard: "a correction; neither enterer nor last editor",
            effect: "supersedes; a signed report must be revised",
            hl7: None
        },
        Row {
            from: &[St::Draft],
            step: Tr::VerifyAmendment,
            to: Some(St::Amended),
            who: &[S, P],
            guard: "an amendment; neither enterer nor last editor",
            effect: "supersedes; a signed report must be revised",
            hl7: None
        },
        Row {
            from: &[St::Draft],
            step: Tr::VerifyAddendum,
            to: Some(St::Appended),
            who: &[S, P],
            guard: "an addendum; neither enterer nor last editor",
            effect: "supersedes; a signed report must be revised",
            hl7: None
        },
        Row {
            from: &[St::Draft, St::Preliminary],
            step: Tr::Retract,
            to: Some(St::Retracted),
            who: &[S, P, System],
            guard: "a reason",
            effect: "kept and readable; replaced by a later entry",
            hl7: None
        },
        Row {
            from: &[St::Final, St::Corrected, St::Amended, St::Appended],
            step: Tr::Retract,
            to: Some(St::Retracted),
            who: &[P],
            guard: "a reason; who was told",
            effect: "an order left without a verified result opens again",
            hl7: None
        },
    ]
);

impl ResultState {
    /// Whether a second person stands behind it.
    pub const fn is_verified(self) -> bool {
        match self {
            Self::Final | Self::Corrected | Self::Amended | Self::Appended => true,
            Self::Draft | Self::Preliminary | Self::Retracted => false,
        }
    }
}

//! One version of the integrated report.

use super::{Row, machine};
use crate::domain::Role::{Hematologist as H, Pathologist as P};
use crate::text_enum;

text_enum! {
    /// Where one version of the integrated report stands. Every issued version stays readable.
    pub enum ReportState {
        /// Being written.
        Draft = "draft",
        /// Signed with work outstanding; names what is pending.
        Preliminary = "preliminary",
        /// Signed, complete.
        Final = "final",
        /// Text added after final; earlier content untouched.
        Appended = "appended",
        /// Content changed after final.
        Amended = "amended",
        /// An error put right after final.
        Corrected = "corrected",
        /// Withdrawn (identity error) or a discarded draft.
        Void = "void",
    }
}

text_enum! {
    /// What can be done with a report.
    pub enum ReportTransition {
        /// Begin a version.
        Draft = "draft",
        /// Change the text of a draft.
        Edit = "edit",
        /// Sign as preliminary.
        SignPreliminary = "sign_preliminary",
        /// Sign as final.
        SignFinal = "sign_final",
        /// Sign an addendum.
        SignAppended = "sign_appended",
        /// Sign an amendment.
        SignAmended = "sign_amended",
        /// Sign a correction.
        SignCorrected = "sign_corrected",
        /// Say that one has read it.
        Read = "read",
        /// Withdraw it.
        Void = "void",
    }
}

use ReportState as St;
use ReportTransition as Tr;

machine!(
    ReportState,
    ReportTransition,
    "report",
    &[
        Row {
            from: &[],
            step: Tr::Draft,
            to: Some(St::Draft),
            who: &[P],
            guard: "no other draft is open",
            effect: "assembled from verified results",
            hl7: None
        },
        Row {
            from: &[St::Draft],
            step: Tr::Edit,
            to: None,
            who: &[P],
            guard: "none",
            effect: "the diagnostician is the last to have edited it",
            hl7: None
        },
        Row {
            from: &[St::Draft],
            step: Tr::SignPreliminary,
            to: Some(St::Preliminary),
            who: &[P],
            guard: "no final version yet; password again; the signer made the diagnosis (42 CFR 493.1273(d))",
            effect: "names what is pending, with dates; bound to the SHA-256 of its bytes",
            hl7: None
        },
        Row {
            from: &[St::Draft],
            step: Tr::SignFinal,
            to: Some(St::Final),
            who: &[P],
            guard: "no final version yet; every required order at an end; password again; the signer made the diagnosis",
            effect: "bound to the SHA-256 of its bytes",
            hl7: None
        },
        Row {
            from: &[St::Draft],
            step: Tr::SignAppended,
            to: Some(St::Appended),
            who: &[P],
            guard: "after final; diagnosis unchanged; reason; who was told; password again",
            effect: "bound to the SHA-256 of its bytes",
            hl7: None
        },
        Row {
            from: &[St::Draft],
            step: Tr::SignAmended,
            to: Some(St::Amended),
            who: &[P],
            guard: "after final; reason; who was told; password again",
            effect: "shows old and new",
            hl7: None
        },
        Row {
            from: &[St::Draft],
            step: Tr::SignCorrected,
            to: Some(St::Corrected),
            who: &[P],
            guard: "after final; reason; who was told; password again",
            effect: "shows old and new",
            hl7: None
        },
        Row {
            from: &[St::Preliminary, St::Final, St::Appended, St::Amended, St::Corrected],
            step: Tr::Read,
            to: None,
            who: &[H],
            guard: "no later version stands in its place",
            effect: "kept with the case: who, when, which version; a later version asks again",
            hl7: None
        },
        Row {
            from: &[St::Draft, St::Preliminary, St::Final, St::Appended, St::Amended, St::Corrected],
            step: Tr::Void,
            to: Some(St::Void),
            who: &[P],
            guard: "a reason; for a signed version who was told",
            effect: "stays readable, marked void",
            hl7: None
        },
    ]
);

impl ReportState {
    /// Whether it was signed as complete.
    pub const fn is_complete(self) -> bool {
        match self {
            Self::Final | Self::Appended | Self::Amended | Self::Corrected => true,
            Self::Draft | Self::Preliminary | Self::Void => false,
        }
    }

    /// Whether it was signed at all and stands.
    pub const fn is_signed(self) -> bool {
        match self {
            Self::Preliminary | Self::Final | Self::Appended | Self::Amended | Self::Corrected => true,
            Self::Draft | Self::Void => false,
        }
    }
}

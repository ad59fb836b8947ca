//! Work on one ordered assay (`reference/domain.md` §7.3).

use super::{Row, machine};
use crate::domain::Role::{Hematologist as H, Interface as I, Pathologist as P, Supervisor as S, System, Tech as T};
use crate::text_enum;

text_enum! {
    /// Where the work on one assay stands.
    pub enum OrderState {
        /// The indication proposes it; nobody has asked for it yet.
        Suggested = "suggested",
        /// Asked for.
        Ordered = "ordered",
        /// Secured, to be decided by a deadline.
        Held = "held",
        /// No fit part is here yet.
        AwaitingSpecimen = "awaiting_specimen",
        /// A fit part is here.
        Ready = "ready",
        /// On the bench.
        InProcess = "in_process",
        /// A result was entered.
        Resulted = "resulted",
        /// A second person is reading it.
        InReview = "in_review",
        /// Verified.
        Final = "final",
        /// At another laboratory.
        ReferredOut = "referred_out",
        /// Its part was refused or lost and nothing else can feed it.
        NeedsRecollect = "needs_recollect",
        /// An attempt failed; somebody decides what next.
        Failed = "failed",
        /// Will not be done; prints as a line in the report.
        NotPerformed = "not_performed",
        /// Taken back.
        Cancelled = "cancelled",
        /// Never meant.
        EnteredInError = "entered_in_error",
    }
}

text_enum! {
    /// What can be done with an order.
    pub enum OrderTransition {
        /// Propose it (from the indication).
        Suggest = "suggest",
        /// Ask for it.
        Order = "order",
        /// Turn a suggestion down.
        Dismiss = "dismiss",
        /// Secure it, decide later.
        Hold = "hold",
        /// Let a held order go on.
        Release = "release",
        /// Wait for a part.
        Await = "await",
        /// A fit part is here.
        MakeReady = "make_ready",
        /// Set it up.
        Start = "start",
        /// A step of the bench is done.
        Advance = "advance",
        /// The attempt failed.
        Fail = "fail",
        /// Try again: a new attempt of the same order.
        Repeat = "repeat",
        /// Enter its result.
        Result = "result",
        /// Begin to check it.
        Review = "review",
        /// Send it back to the bench.
        Return = "return",
        /// Verify it.
        Verify = "verify",
        /// Do it again because its only result was retracted.
        Reopen = "reopen",
        /// Send it to another laboratory.
        ReferOut = "refer_out",
        /// Ask for another part.
        Recollect = "recollect",
        /// Say that it will not be done.
        NotPerform = "not_perform",
        /// Take it back.
        Cancel = "cancel",
        /// It was never meant.
        EnterInError = "enter_in_error",
    }
}

use OrderState as St;
use OrderTransition as Tr;

/// Every state before the result is final (and still alive).
const PRE_FINAL: &[St] = &[
    St::Suggested,
    St::Ordered,
    St::Held,
    St::AwaitingSpecimen,
    St::Ready,
    St::InProcess,
    St::Resulted,
    St::InReview,
    St::ReferredOut,
    St::NeedsRecollect,
    St::Failed,
];

machine!(
    OrderState,
    OrderTransition,
    "order",
    &[
        Row {
            from: &[],
            step: Tr::Suggest,
            to: Some(St::Suggested),
            who: &[System],
            guard: "the indication's set says so",
            effect: "the reason is kept",
            hl7: None
        },
        Row {
            from: &[],
            step: Tr::Order,
            to: Some(St::Ordered),
            who: &[T, S, H, P, I, System],
            guard: "the assay is in the catalogue and not already open on this case",
            effect: "a part is looked for; reflex and add-on keep their parent",
            hl7: None
        },
        Row {
            from: &[St::Suggested],
            step: Tr::Order,
            to: Some(St::Ordered),
            who: &[S, H, P],
            guard: "none",
            effect: "a part is looked for",
            hl7: None
        },
        Row {
            from: &[St::Suggested],
            step: Tr::Dismiss,
            to: Some(St::Cancelled),
            who: &[S, H, P],
            guard: "a reason",
            effect: "the dismissed suggestion stays on record",
            hl7: None
        },
        Row {
            from: &[St::Ordered, St::AwaitingSpecimen, St::Ready],
            step: Tr::Hold,
            to: Some(St::Held),
            who: &[T, S, H, P, I],
            guard: "a policy and a deadline",
            effect: "the part is still secured",
            hl7: None
        },
        Row {
            from: &[St::Held],
            step: Tr::Release,
            to: Some(St::Ordered),
            who: &[T, S, H, P, System],
            guard: "none; at the deadline the policy auto_perform does it",
            effect: "a part is looked for",
            hl7: None
        },
        Row {
            from: &[St::Ordered, St::Ready, St::NeedsRecollect],
            step: Tr::Await,
            to: Some(St::AwaitingSpecimen),
            who: &[System],
            guard: "no fit part is accepted",
            effect: "says which part it waits for, or why none can feed it",
            hl7: None
        },
        Row {
            from: &[St::Ordered, St::AwaitingSpecimen, St::NeedsRecollect],
            step: Tr::MakeReady,
            to: Some(St::Ready),
            who: &[System],
            guard: "the linked part is accepted and fit",
            effect: "appears on the bench's list",
            hl7: None
        },
        Row {
            from: &[St::Ready],
            step: Tr::Start,
            to: Some(St::InProcess),
            who: &[T, S],
            guard: "the part is fit or a senior overrides in words; enough volume; pull 1 where the assay wants it",
            effect: "a new attempt; the volume is debited",
            hl7: Some("S51")
        },
        Row {
            from: &[St::InProcess],
            step: Tr::Advance,
            to: None,
            who: &[T, S, P],
            guard: "a step of the assay, the next one; a later one takes a note; a step of two readers takes two people",
            effect: "kept with the attempt. No HL7 event: bench steps are out of the scope of specimen tracking",
            hl7: None
        },
        Row {
            from: &[St::InProcess],
            step: Tr::Fail,
            to: Some(St::Failed),
            who: &[T, S],
            guard: "a coded reason",
            effect: "the attempt is kept; a substitute assay may follow",
            hl7: Some("S52")
        },
        Row {
            from: &[St::Failed],
            step: Tr::Repeat,
            to: Some(St::Ready),
            who: &[T, S],
            guard: "a part is still fit",
            effect: "a new attempt of the same order",
            hl7: None
        },
        Row {
            from: &[St::InProcess, St::ReferredOut, St::Resulted],
            step: Tr::Result,
            to: Some(St::Resulted),
            who: &[T, S, P, I],
            guard: "the values are checked against the catalogue",
            effect: "a draft version; an earlier draft is retracted",
            hl7: None
        },
        Row {
            from: &[St::Resulted],
            step: Tr::Review,
            to: Some(St::InReview),
            who: &[S, P],
            guard: "not the person who entered it",
            effect: "on the reader's list",
            hl7: None
        },
        Row {
            from: &[St::InReview],
            step: Tr::Return,
            to: Some(St::Resulted),
            who: &[S, P],
            guard: "a reason",
            effect: "back to the bench with the reason",
            hl7: None
        },
        Row {
            from: &[St::Resulted, St::InReview],
            step: Tr::Verify,
            to: Some(St::Final),
            who: &[S, P],
            guard: "verifier is neither enterer nor last editor. Legal from resulted too: reading and verifying may be one act, the second person is what counts",
            effect: "the result version is final; retention and the report move on",
            hl7: None
        },
        Row {
            from: &[St::Final],
            step: Tr::Reopen,
            to: Some(St::InProcess),
            who: &[System],
            guard: "its only verified result was retracted",
            effect: "the reference lacks this row; without it a retraction would leave a final order with no result",
            hl7: None
        },
        Row {
            from: &[St::Ready, St::InProcess],
            step: Tr::ReferOut,
            to: Some(St::ReferredOut),
            who: &[T, S],
            guard: "laboratory and expected date",
            effect: "appears on the send-out list",
            hl7: None
        },
        Row {
            from: &[St::Ordered, St::AwaitingSpecimen, St::Ready, St::InProcess],
            step: Tr::Recollect,
            to: Some(St::NeedsRecollect),
            who: &[System],
            guard: "its part was rejected or lost and no other can feed it",
            effect: "on the recollection list until a new part can feed it",
            hl7: None
        },
        Row {
            from: PRE_FINAL,
            step: Tr::NotPerform,
            to: Some(St::NotPerformed),
            who: &[S, P],
            guard: "a coded reason",
            effect: "prints as a line in the report",
            hl7: None
        },
        Row {
            from: PRE_FINAL,
            step: Tr::Cancel,
            to: Some(St::Cancelled),
            who: &[H, S, P, System],
            guard: "a coded reason; a hematologist cancels own cases only; at the deadline the policy auto_cancel does it",
            effect: "drafts are retracted; work already done is noted",
            hl7: None
        },
        Row {
            from: PRE_FINAL,
            step: Tr::EnterInError,
            to: Some(St::EnteredInError),
            who: &[S],
            guard: "a reason in words",
            effect: "drafts are retracted; the journal stays",
            hl7: None
        },
    ]
);

impl OrderState {
    /// Whether work or a decision is still due.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Ordered
            | Self::Held
            | Self::AwaitingSpecimen
            | Self::Ready
            | Self::InProcess
            | Self::Resulted
            | Self::InReview
            | Self::ReferredOut
            | Self::NeedsRecollect
            | Self::Failed => true,
            Self::Suggested | Self::Final | Self::NotPerformed | Self::Cancelled | Self::EnteredInError => false,
        }
    }
}

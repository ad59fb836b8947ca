//! Custody of one physical part (`reference/domain.md` §7.2).

use super::{Row, machine};
use crate::domain::Role::{
    self, Hematologist as H, Interface as I, Pathologist as P, Supervisor as S, System, Tech as T,
};
use crate::text_enum;

text_enum! {
    /// Where one physical part is in its life.
    pub enum SpecimenState {
        /// Expected; not taken yet.
        Planned = "planned",
        /// Expected and not obtained (a dry tap is this, never a rejection).
        NotCollected = "not_collected",
        /// Taken from the patient.
        Collected = "collected",
        /// On its way.
        InTransit = "in_transit",
        /// At the laboratory's door.
        Received = "received",
        /// Waiting for a question to be answered.
        OnHold = "on_hold",
        /// Fit to be worked on.
        Accepted = "accepted",
        /// On a bench.
        InProcess = "in_process",
        /// Put away.
        Stored = "stored",
        /// At another laboratory.
        ReferredOut = "referred_out",
        /// Refused, with a reason and a second person.
        Rejected = "rejected",
        /// Nothing left.
        Exhausted = "exhausted",
        /// Nobody knows where.
        Lost = "lost",
        /// Thrown away after its retention.
        Discarded = "discarded",
        /// Never existed.
        EnteredInError = "entered_in_error",
    }
}

text_enum! {
    /// What can be done with a part.
    pub enum SpecimenTransition {
        /// Expect it.
        Plan = "plan",
        /// Take it.
        Collect = "collect",
        /// Say that it could not be taken.
        MarkNotCollected = "mark_not_collected",
        /// Send it off.
        Dispatch = "dispatch",
        /// Take it in at the door.
        Receive = "receive",
        /// Find it fit.
        Accept = "accept",
        /// Find it irreplaceable: work on it and print the caveat on every result it touches.
        AcceptWithCaveat = "accept_with_caveat",
        /// Ask a question first.
        Hold = "hold",
        /// Answer the question.
        Resolve = "resolve",
        /// Say that it should be refused (first person).
        ProposeRejection = "propose_rejection",
        /// Take that back.
        WithdrawRejection = "withdraw_rejection",
        /// Refuse it (second person).
        Reject = "reject",
        /// Take it to a bench.
        Start = "start",
        /// Make parts from it.
        Aliquot = "aliquot",
        /// Put it away.
        Store = "store",
        /// Send it to another laboratory.
        ReferOut = "refer_out",
        /// It came back.
        ReturnFromReferral = "return_from_referral",
        /// The other laboratory kept it.
        RetainedByReferral = "retained_by_referral",
        /// Nothing is left of it.
        Exhaust = "exhaust",
        /// It cannot be found.
        Lose = "lose",
        /// It was found.
        Find = "find",
        /// Throw it away.
        Discard = "discard",
        /// It never existed.
        EnterInError = "enter_in_error",
    }
}

use SpecimenState as St;
use SpecimenTransition as Tr;

const LABORATORY: &[Role] = &[T, S];

machine!(
    SpecimenState,
    SpecimenTransition,
    "specimen",
    &[
        Row {
            from: &[],
            step: Tr::Plan,
            to: Some(St::Planned),
            who: &[T, S, H, I],
            guard: "procedure and indication are known",
            effect: "label made; orders linked",
            hl7: Some("S38")
        },
        Row {
            from: &[St::Planned],
            step: Tr::Collect,
            to: Some(St::Collected),
            who: &[T, S, H, P],
            guard: "taken no later than now; container and site; liquid: pull number and volume; fixed tissue: time into fixative. A missing side is caught at acceptance, because parts do arrive without one",
            effect: "stability clocks start per assay",
            hl7: Some("S39")
        },
        Row {
            from: &[St::Planned],
            step: Tr::MarkNotCollected,
            to: Some(St::NotCollected),
            who: &[T, S, H, P],
            guard: "a coded reason",
            effect: "its orders move to a substitute part; without one they wait and say so (nothing is closed silently)",
            hl7: Some("S40")
        },
        Row {
            from: &[St::Collected, St::Accepted, St::Stored],
            step: Tr::Dispatch,
            to: Some(St::InTransit),
            who: LABORATORY,
            guard: "destination",
            effect: "custody leaves",
            hl7: Some("S41")
        },
        Row {
            from: &[St::Collected, St::InTransit],
            step: Tr::Receive,
            to: Some(St::Received),
            who: LABORATORY,
            guard: "received no earlier than taken; temperature observed",
            effect: "receipt clock starts",
            hl7: Some("S42")
        },
        Row {
            from: &[St::Received],
            step: Tr::Accept,
            to: Some(St::Accepted),
            who: LABORATORY,
            guard: "both identifiers match; side present; container usable for at least one order; no rejection proposed",
            effect: "orders become ready",
            hl7: Some("S43")
        },
        Row {
            from: &[St::Received],
            step: Tr::AcceptWithCaveat,
            to: Some(St::Accepted),
            who: LABORATORY,
            guard: "a coded reason whose patient identity is not in doubt",
            effect: "the caveat prints on every result it touches; orders it is unfit for look for another part",
            hl7: Some("S43")
        },
        Row {
            from: &[St::OnHold],
            step: Tr::AcceptWithCaveat,
            to: Some(St::Accepted),
            who: &[S],
            guard: "a coded reason; an identity reason also takes a signed declaration",
            effect: "the caveat prints on every result it touches",
            hl7: Some("S43")
        },
        Row {
            from: &[St::Received, St::Accepted],
            step: Tr::Hold,
            to: Some(St::OnHold),
            who: LABORATORY,
            guard: "a query and who answers it",
            effect: "clocks keep running",
            hl7: None
        },
        Row {
            from: &[St::OnHold],
            step: Tr::Resolve,
            to: Some(St::Accepted),
            who: &[S],
            guard: "the discrepancy is resolved in words; an identity fix takes a signed declaration and a second person",
            effect: "a permanent caveat on every result",
            hl7: Some("S45")
        },
        Row {
            from: &[St::Received, St::OnHold, St::Accepted],
            step: Tr::ProposeRejection,
            to: None,
            who: LABORATORY,
            guard: "a coded reason in words",
            effect: "waits for a second person",
            hl7: None
        },
        Row {
            from: &[St::Received, St::OnHold, St::Accepted],
            step: Tr::WithdrawRejection,
            to: None,
            who: LABORATORY,
            guard: "a rejection is proposed",
            effect: "the proposal is gone; the journal keeps it",
            hl7: None
        },
        Row {
            from: &[St::Received, St::OnHold, St::Accepted],
            step: Tr::Reject,
            to: Some(St::Rejected),
            who: &[S],
            guard: "proposed by another person; somebody was told",
            effect: "a recollection is asked for; its orders need another part; siblings untouched",
            hl7: Some("S44")
        },
        Row {
            from: &[St::Accepted, St::Stored],
            step: Tr::Start,
            to: Some(St::InProcess),
            who: LABORATORY,
            guard: "bench (location)",
            effect: "on the bench",
            hl7: Some("S51")
        },
        Row {
            from: &[St::InProcess],
            step: Tr::Aliquot,
            to: None,
            who: LABORATORY,
            guard: "the amounts fit into what is left",
            effect: "children inherit identity, times and caveats",
            hl7: Some("S50")
        },
        Row {
            from: &[St::InProcess, St::Accepted],
            step: Tr::Store,
            to: Some(St::Stored),
            who: LABORATORY,
            guard: "location",
            effect: "retention is reckoned from the last final",
            hl7: Some("S47")
        },
        Row {
            from: &[St::Received, St::OnHold, St::Accepted, St::InProcess, St::Stored],
            step: Tr::ReferOut,
            to: Some(St::ReferredOut),
            who: LABORATORY,
            guard: "laboratory, test and expected date",
            effect: "the orders it feeds may be referred with it",
            hl7: Some("S41")
        },
        Row {
            from: &[St::ReferredOut],
            step: Tr::ReturnFromReferral,
            to: Some(St::Stored),
            who: LABORATORY,
            guard: "location",
            effect: "back in custody",
            hl7: Some("S42")
        },
        Row {
            from: &[St::ReferredOut],
            step: Tr::RetainedByReferral,
            to: Some(St::Exhausted),
            who: LABORATORY,
            guard: "none",
            effect: "kept by the referral laboratory",
            hl7: Some("S42")
        },
        Row {
            from: &[St::Received, St::OnHold, St::Accepted, St::InProcess, St::Stored],
            step: Tr::Exhaust,
            to: Some(St::Exhausted),
            who: &[T, S, System],
            guard: "nothing remains, or what remains is written off in words",
            effect: "orders not started look for another part",
            hl7: Some("S51")
        },
        Row {
            from: &[
                St::Collected,
                St::InTransit,
                St::Received,
                St::OnHold,
                St::Accepted,
                St::InProcess,
                St::Stored,
                St::ReferredOut
            ],
            step: Tr::Lose,
            to: Some(St::Lost),
            who: &[S],
            guard: "where it was looked for; somebody was told",
            effect: "a recollection is asked for; its orders need another part",
            hl7: None
        },
        Row {
            from: &[St::Lost],
            step: Tr::Find,
            to: Some(St::Received),
            who: &[S],
            guard: "identity verified again, in words",
            effect: "clocks are reckoned again from collection",
            hl7: Some("S42")
        },
        Row {
            from: &[St::Stored],
            step: Tr::Discard,
            to: Some(St::Discarded),
            who: &[S],
            guard: "retention over; no open order; report final",
            effect: "disposal record. The supervisor decides, not the admin, who sees no patient (reliability §2.2)",
            hl7: Some("S49")
        },
        Row {
            from: &[
                St::Planned,
                St::Collected,
                St::InTransit,
                St::Received,
                St::OnHold,
                St::Accepted,
                St::InProcess,
                St::Stored,
                St::ReferredOut,
                St::Lost
            ],
            step: Tr::EnterInError,
            to: Some(St::EnteredInError),
            who: &[S],
            guard: "no verified result rests on it; a reason in words",
            effect: "orders look for another part; the journal stays",
            hl7: None
        },
    ]
);

impl SpecimenState {
    /// Whether the laboratory holds it and could work on it now.
    pub const fn is_workable(self) -> bool {
        matches!(self, Self::Accepted | Self::InProcess | Self::Stored)
    }

    /// Whether it is still coming or here, so that an order may count on it.
    pub const fn is_living(self) -> bool {
        match self {
            Self::Planned
            | Self::Collected
            | Self::InTransit
            | Self::Received
            | Self::OnHold
            | Self::Accepted
            | Self::InProcess
            | Self::Stored
            | Self::ReferredOut => true,
            Self::NotCollected
            | Self::Rejected
            | Self::Exhausted
            | Self::Lost
            | Self::Discarded
            | Self::EnteredInError => false,
        }
    }
}

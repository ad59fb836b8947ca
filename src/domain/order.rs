//! One ordered assay and the work on it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    CaseId, Code, Document, HoldPolicy, Moment, Need, OrderId, OrderState, Referral, SpecimenId, Urgency, UserId, Who,
};
use crate::text_enum;

text_enum! {
    /// Where an order came from.
    pub enum Origin {
        /// Somebody asked for it.
        Requested = "requested",
        /// The indication's set.
        Indication = "indication",
        /// The laboratory's reflex rule (HL7 0065 `G`).
        Reflex = "reflex",
        /// Added later to a part already here (HL7 0065 `A`).
        AddOn = "add_on",
    }
}

/// One try at the assay. An earlier try is never overwritten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// On which part.
    pub specimen: Option<SpecimenId>,
    /// Set up when (stability counts from collection to here).
    pub started_at: DateTime<Utc>,
    /// By whom.
    pub started_by: Who,
    /// Run, plate or panel.
    pub run: Option<String>,
    /// Volume consumed, µL.
    pub used_ul: Option<u32>,
    /// Why it failed (catalogue code).
    pub failed: Option<Code>,
    /// In words.
    pub failed_note: Option<String>,
    /// When it failed.
    pub failed_at: Option<DateTime<Utc>>,
    /// What the bench did since, oldest first. Absent where nothing is recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepDone>,
}

/// One step of the bench that was done. A step that two people do is there twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StepDone {
    /// Which step (catalogue code, as it was then).
    pub code: Code,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Who,
    /// In words; why steps before it were left out.
    pub note: Option<String>,
}

/// A decision put off to a deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OrderHold {
    /// What happens then.
    pub policy: HoldPolicy,
    /// When.
    pub deadline: DateTime<Utc>,
}

/// Why an order ended without a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Closing {
    /// Reason (catalogue code), where one fits.
    pub reason: Option<Code>,
    /// In words.
    pub text: Option<String>,
    /// Who decided.
    pub by: Who,
    /// When.
    pub at: DateTime<Utc>,
}

/// One ordered assay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Order {
    /// Identity.
    pub id: OrderId,
    /// Its case.
    pub case_id: CaseId,
    /// Which assay (catalogue code).
    pub assay: Code,
    /// Which bench (catalogue code, as it was when ordered).
    pub department: Code,
    /// Where the work stands.
    pub state: OrderState,
    /// How fast.
    pub urgency: Urgency,
    /// How much the indication wants it.
    pub need: Need,
    /// Whether the final report must wait for it.
    pub required: bool,
    /// Where it came from.
    pub origin: Origin,
    /// Why it was ordered, in words.
    pub why: Option<String>,
    /// The order that led to this one (reflex, add-on, substitute).
    pub parent: Option<OrderId>,
    /// The part that feeds it.
    pub specimen: Option<SpecimenId>,
    /// Why no part can feed it.
    pub why_no_part: Option<String>,
    /// A decision put off.
    pub hold: Option<OrderHold>,
    /// All tries, oldest first.
    pub attempts: Vec<Attempt>,
    /// An override that a senior put in words (part past its limit, wrong pull …).
    pub overrides: Vec<Closing>,
    /// Where it was sent.
    pub referral: Option<Referral>,
    /// The performing laboratory's originals, oldest first. Left out of the JSON while there is none, so that a row from
    /// before documents were kept still says what its journal says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// Why it ended without a result.
    pub closing: Option<Closing>,
    /// Who asked.
    pub ordered_by: Who,
    /// When.
    pub ordered_at: DateTime<Utc>,
    /// When the result is due by the laboratory's own target.
    pub due_at: Option<DateTime<Utc>>,
    /// Until when its part is usable for it (limit of the window).
    pub usable_until: Option<DateTime<Utc>>,
    /// When it was noticed to be late.
    pub overdue_at: Option<DateTime<Utc>>,
    /// When its result became final.
    pub final_at: Option<DateTime<Utc>>,
    /// How often it changed, from 1.
    pub version: i64,
}

impl Order {
    /// By when somebody must act: the earliest of due, dying and the hold's deadline. Far in the future when nothing presses.
    pub fn urgent_by(&self) -> Moment {
        let waiting_for_setup = matches!(
            self.state,
            OrderState::Ordered | OrderState::Held | OrderState::AwaitingSpecimen | OrderState::Ready
        );
        let dying = self.usable_until.filter(|_| waiting_for_setup);
        let deadline = self.hold.as_ref().filter(|_| self.state == OrderState::Held).map(|h| h.deadline);
        [self.due_at, dying, deadline].into_iter().flatten().min().unwrap_or(FAR)
    }

    /// Who has set it up: whoever started the newest try, unless that has failed.
    pub fn worker(&self) -> Option<UserId> {
        self.attempts.last().filter(|a| a.failed.is_none()).map(|a| a.started_by.id)
    }

    /// Whether its result comes from another laboratory: it was sent there, and not set up here since.
    pub fn is_done_elsewhere(&self) -> bool {
        self.referral.as_ref().is_some_and(|r| self.attempts.last().is_none_or(|a| a.started_at <= r.sent_at))
    }

    /// Whether work on it has begun.
    pub fn is_started(&self) -> bool {
        !self.attempts.is_empty()
    }
}

/// The moment that stands for “nothing presses”: 9999-01-01.
pub const FAR: Moment = match chrono::DateTime::from_timestamp(253_370_764_800, 0) {
    Some(far) => far,
    None => chrono::DateTime::UNIX_EPOCH,
};

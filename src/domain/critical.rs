//! A finding that somebody must be told of now, and the calls about it (`reference/domain.md` §6.2).

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::{Code, CriticalId, Moment, OrderId, ResultId, Role, Who};
use crate::text_enum;

/// Who records a call: whoever in the laboratory makes one.
pub const CALLERS: &[Role] = &[Role::Tech, Role::Supervisor, Role::Pathologist];

text_enum! {
    /// How somebody was called. Direct oral contact is preferred (`reference/domain.md` §6.2).
    pub enum CallMethod {
        /// By telephone.
        Telephone = "telephone",
        /// Face to face.
        InPerson = "in_person",
        /// A written message.
        Message = "message",
    }
}

text_enum! {
    /// What came of a call.
    pub enum CallOutcome {
        /// The recipient heard it.
        Reached = "reached",
        /// Nobody answered.
        NoAnswer = "no_answer",
        /// A message was left.
        LeftMessage = "left_message",
        /// The person who answered would not take it.
        Refused = "refused",
    }
}

/// One call. Never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Call {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Who called.
    pub by: Who,
    /// Who was called.
    pub recipient: String,
    /// What the recipient is to the patient, e.g. `hematology registrar`.
    pub role: String,
    /// How.
    pub method: CallMethod,
    /// What came of it.
    pub outcome: CallOutcome,
    /// Whether the recipient read the finding back.
    pub read_back: bool,
    /// Whom it was escalated to.
    pub escalated_to: Option<String>,
    /// In words.
    pub note: Option<String>,
}

impl Call {
    /// Whether the duty is done with it: the recipient heard it and read it back.
    pub fn closes(&self) -> bool {
        self.outcome == CallOutcome::Reached && self.read_back
    }
}

/// A finding that somebody must be told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CriticalFinding {
    /// Identity.
    pub id: CriticalId,
    /// Which trigger (catalogue code).
    pub code: Code,
    /// What was found, where a person raised it by hand.
    pub text: Option<String>,
    /// The order whose result says so; absent when raised by hand.
    pub order: Option<OrderId>,
    /// The first result version that said so.
    pub result: Option<ResultId>,
    /// Since when it is known.
    pub opened_at: DateTime<Utc>,
    /// By when somebody must have heard it.
    pub due_at: DateTime<Utc>,
    /// The calls, in the order in which they were recorded.
    pub calls: Vec<Call>,
    /// When somebody had heard it and read it back.
    pub closed_at: Option<DateTime<Utc>>,
}

impl CriticalFinding {
    /// Whether somebody must still be told.
    pub const fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// Whether its time has passed and nobody has heard it: to be escalated.
    pub fn is_overdue(&self, now: Moment) -> bool {
        self.is_open() && now > self.due_at
    }

    /// The end of the time to tell somebody.
    pub(crate) fn due(opened_at: Moment, within_min: u32) -> Moment {
        opened_at + Duration::minutes(i64::from(within_min))
    }
}

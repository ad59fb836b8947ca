//! Why a marrow is examined, what that asks for, and what one result sets off.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use crate::domain::{Code, HoldPolicy, Need, Urgency};
use crate::text_enum;

/// A clinical question and the assays it suggests (domain.md §9.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Indication {
    /// Its code, such as `AML-NEW`.
    pub code: Code,
    /// Its name as people say it.
    pub name: String,
    /// SNOMED CT concept of the condition, where there is exactly one (domain.md §3.3).
    pub snomed: Option<String>,
    /// The urgency of a case with this question unless the requester says otherwise.
    pub urgency: Urgency,
    /// A sentence for whoever takes or orders the sample.
    pub advice: Option<String>,
    /// What it suggests.
    pub set: Vec<Suggestion>,
}

/// One assay that an indication suggests, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Suggestion {
    /// The assay.
    pub assay: Code,
    /// How much it is wanted.
    pub need: Need,
    /// Why, in a few words, for the person who may leave it out.
    pub why: String,
    /// The condition, in words, under which a conditional suggestion becomes an order.
    pub when: Option<String>,
    /// How long a held order waits and what then happens.
    pub hold: Option<Hold>,
}

/// A held order's deadline. Laboratories publish opposite defaults for different assays (domain.md §7.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// What happens at the deadline.
    pub policy: HoldPolicy,
    /// The deadline is on this working day after the start, 1 or more.
    pub working_days: u32,
    /// At this local time.
    pub cutoff: NaiveTime,
}

text_enum! {
    /// What sets a reflex off.
    pub enum ReflexWhen {
        /// The assay failed for good.
        Failed = "failed",
        /// Its result became final and is abnormal.
        Abnormal = "abnormal",
    }
}

/// One result that asks for another assay without anybody ordering it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reflex {
    /// The assay whose outcome sets it off.
    pub when_assay: Code,
    /// The outcome.
    pub when: ReflexWhen,
    /// The indications for which it holds. Empty: all.
    #[serde(default)]
    pub indications: Vec<Code>,
    /// The assay to order.
    pub order: Code,
    /// Why, in a few words.
    pub why: String,
}

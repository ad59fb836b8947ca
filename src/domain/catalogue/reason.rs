//! Why something did not go as planned: the coded reasons that people choose from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::Code;
use crate::text_enum;

text_enum! {
    /// What a fault of a specimen leads to unless somebody decides otherwise (domain.md §9.2).
    pub enum ReasonAction {
        /// The part cannot be used. Needs a second person (domain.md §7.2 row 9).
        Reject = "reject",
        /// The part is used and the caveat prints on every result it touches.
        Caveat = "caveat",
        /// A senior decides.
        Consult = "consult",
    }
}

/// A fault of a specimen: a reason to reject it, to accept it with a caveat, or to call it unfit for an assay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Its code, such as `CLOTTED`.
    pub code: Code,
    /// Its name as people say it.
    pub name: String,
    /// Specimen reject reason, HL7 table 0490. Absent where the table has no word for it (domain.md §3.1).
    pub hl7_0490: Option<String>,
    /// What is offered first. Marrow is irreplaceable, so most faults are a caveat or a question.
    pub default_action: ReasonAction,
    /// The sentence that prints on each result made from a part accepted with this fault.
    pub caveat_text: String,
    /// The assays that this fault makes pointless: the part is unfit for them and stays good for the others.
    #[serde(default)]
    pub unfit_for: Vec<Code>,
    /// What this fault means for one assay where it differs from `default_action`.
    #[serde(default)]
    pub per_assay: BTreeMap<Code, ReasonAction>,
}

impl Reason {
    /// What this fault leads to for that assay.
    pub fn action_for(&self, assay: &str) -> ReasonAction {
        self.per_assay.get(assay).copied().unwrap_or(self.default_action)
    }
}

/// Why a planned part was never obtained. An outcome of the collection, never a rejection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotCollectedReason {
    /// Its code, such as `DRY_TAP`.
    pub code: Code,
    /// Its name as people say it.
    pub name: String,
    /// Whether the orders on the part look for a substitute part instead of ending as not performed.
    #[serde(default)]
    pub reroutes: bool,
}

/// Why an attempt at an assay gave no result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FailReason {
    /// Its code, such as `NO_METAPHASES`.
    pub code: Code,
    /// Its name as people say it.
    pub name: String,
    /// The assays that can fail this way. Empty: any.
    #[serde(default)]
    pub assays: Vec<Code>,
}

/// A reason with nothing more to it than a code and a name (cancel, not performed, query, lost, correction).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlainReason {
    /// Its code, such as `DUPLICATE`.
    pub code: Code,
    /// Its name as people say it.
    pub name: String,
}

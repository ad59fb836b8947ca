//! One version of one assay's result.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{OrderId, ResultId, ResultState, SpecimenId, Who};
use crate::text_enum;

text_enum! {
    /// What the result says, never a bare “negative”.
    pub enum Interpretation {
        /// Abnormal, or detected.
        Abnormal = "abnormal",
        /// Normal, or not detected.
        Normal = "normal",
        /// Cannot be decided from this.
        Indeterminate = "indeterminate",
        /// The material could not be assessed.
        Inadequate = "inadequate",
    }
}

text_enum! {
    /// How a number is to be read.
    pub enum Qualifier {
        /// Below that number.
        Below = "below",
        /// Above that number.
        Above = "above",
        /// About that number.
        About = "about",
        /// Not detected; the number, if any, is the sensitivity of this run.
        NotDetected = "not_detected",
    }
}

text_enum! {
    /// Why a verified result gets a new version (FHIR and HL7 v2 words; `reference/domain.md` §6.3).
    pub enum Revision {
        /// An error is put right.
        Corrected = "corrected",
        /// Content changes.
        Amended = "amended",
        /// Text is added.
        Appended = "appended",
    }
}

/// One checked value: key, number or text, unit, qualifier, and for a percentage what it is a percentage of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultValue {
    /// What was measured; a key of the assay's catalogue entry, e.g. `blasts_pct`.
    pub key: String,
    /// The number, for numeric keys.
    #[serde(default)]
    pub number: Option<f64>,
    /// The text or code, for other keys.
    #[serde(default)]
    pub text: Option<String>,
    /// Unit as the catalogue writes it; filled in when left out.
    #[serde(default)]
    pub unit: Option<String>,
    /// How to read the number.
    #[serde(default)]
    pub qualifier: Option<Qualifier>,
    /// What a percentage is a percentage of.
    #[serde(default)]
    pub denominator: Option<String>,
}

/// Who was told of a change, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// Who was told.
    pub who: String,
    /// When.
    pub at: DateTime<Utc>,
    /// How (telephone, in person, message).
    #[serde(default)]
    pub how: Option<String>,
}

/// One version of one assay's result. Verified versions never change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ResultVersion {
    /// Identity.
    pub id: ResultId,
    /// The order it answers.
    pub order: OrderId,
    /// The part it was made from.
    pub specimen: Option<SpecimenId>,
    /// From 1, without gaps, per order.
    pub number: i64,
    /// Where this version stands.
    pub state: ResultState,
    /// Why it replaces an earlier verified version.
    pub revision: Option<Revision>,
    /// The version it replaces.
    pub replaces: Option<ResultId>,
    /// Why it was revised, returned or retracted.
    pub reason: Option<String>,
    /// Who was told of the revision or retraction.
    pub told: Option<Told>,
    /// What it says.
    pub interpretation: Interpretation,
    /// The finding in one line.
    pub summary: String,
    /// Checked values.
    pub values: Vec<ResultValue>,
    /// Free text.
    pub comment: Option<String>,
    /// Caveats and disclaimers that print with it.
    pub disclaimers: Vec<String>,
    /// Laboratory that performed it, when not ours.
    pub performed_by: Option<String>,
    /// When the work was done.
    pub performed_at: DateTime<Utc>,
    /// Who entered it (and last edited it: a draft is replaced, never edited).
    pub entered_by: Who,
    /// When.
    pub entered_at: DateTime<Utc>,
    /// Who released it as preliminary.
    pub released_by: Option<Who>,
    /// Who verified it.
    pub verified_by: Option<Who>,
    /// When.
    pub verified_at: Option<DateTime<Utc>>,
    /// How often it changed, from 1.
    pub version: i64,
}

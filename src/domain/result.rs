//! One version of one assay's result.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::catalogue::Assay;
use super::result_words;
use super::results::{Details, Line, Remark};
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

impl Interpretation {
    /// Reads the word, or the word that molecular benches use for the same: `detected`, `not_detected`.
    ///
    /// # Errors
    /// What a deserializer says of an unknown word.
    pub fn read<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<'de, str>::deserialize(d)?;
        match word.as_ref() {
            "detected" => Ok(Self::Abnormal),
            "not_detected" => Ok(Self::Normal),
            other => other.parse().map_err(serde::de::Error::custom),
        }
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
    /// The text or code, for other keys; for a number that several items have, which one (probe, variant, population).
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
    /// The finding in the shape of its assay. Absent for assays without a shape, and for inadequate material.
    #[serde(default)]
    pub details: Option<Details>,
    /// What the reader should know and that blocks nothing.
    #[serde(default)]
    pub remarks: Vec<Remark>,
    /// Checked values by stable keys; of a shaped result they follow from its details.
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

impl ResultVersion {
    /// The words by which its karyotype is found, as the database keeps them: `|del(5q)|complex|`, lower case.
    pub fn karyotype_terms(&self) -> Option<String> {
        let terms = self.values.iter().find(|v| v.key == super::results::TERMS)?.text.as_deref()?;
        Some(format!("|{}|", terms.to_lowercase().replace("; ", "|")))
    }

    /// The finding line by line, as pages and reports print it. The catalogue's entry names plain values.
    pub fn lines(&self, assay: Option<&Assay>) -> Vec<Line> {
        let Some(details) = &self.details else {
            let plain = result_words::lines(&self.values, assay);
            return plain.into_iter().map(|l| Line { name: l.name, value: l.value }).collect();
        };
        details.lines()
    }
}

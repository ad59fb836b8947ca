//! Names of diagnoses that the report offers. Any other words may be typed: classifications grow faster than catalogues.

use serde::{Deserialize, Serialize};

use crate::text_enum;

text_enum! {
    /// A classification of blood cancers; a report names its diagnosis in either or both (`reference/domain.md` §6.1).
    pub enum Classification {
        /// The 5th edition of the WHO classification, WHO-HAEM5.
        Who5 = "who5",
        /// The International Consensus Classification of 2022.
        Icc = "icc",
    }
}

impl Classification {
    /// What it is called, the same in every language.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Who5 => "WHO-HAEM5",
            Self::Icc => "ICC 2022",
        }
    }
}

/// An entity of a classification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Diagnosis {
    /// Whose entity it is.
    pub system: Classification,
    /// Its name as the report says it; once per classification.
    pub name: String,
    /// ICD-O-3 morphology with its behavior, such as `9877/3`; absent where there is none or it is not known.
    #[serde(default)]
    pub icd_o: Option<String>,
}

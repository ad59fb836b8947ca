//! One version of the integrated report.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::correlation::Acknowledgment;
use super::{CaseId, ReportId, ReportState, Told, Who};
use crate::text_enum;

text_enum! {
    /// What kind of version is being written.
    pub enum ReportKind {
        /// Signed with work outstanding.
        Preliminary = "preliminary",
        /// Complete.
        Final = "final",
        /// Text added after final.
        Appended = "appended",
        /// Content changed after final.
        Amended = "amended",
        /// An error put right after final.
        Corrected = "corrected",
    }
}

impl ReportKind {
    /// Whether it follows a final version and so takes a reason and somebody who was told.
    pub const fn is_revision(self) -> bool {
        match self {
            Self::Appended | Self::Amended | Self::Corrected => true,
            Self::Preliminary | Self::Final => false,
        }
    }

    /// What its signature means (21 CFR 11.50).
    pub fn attestation(self) -> String {
        format!("I made this diagnosis and sign the {self} report.")
    }
}

/// A signature: who, when, meaning what, over which bytes (21 CFR 11.50, 11.70).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Signature {
    /// The signer.
    pub by: Who,
    /// When.
    pub at: DateTime<Utc>,
    /// What the signature means.
    pub meaning: String,
    /// SHA-256 of the document's bytes, hexadecimal.
    pub sha256: String,
}

/// One version of the integrated report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Report {
    /// Identity.
    pub id: ReportId,
    /// Its case.
    pub case_id: CaseId,
    /// From 1, without gaps, per case.
    pub number: i64,
    /// What kind of version.
    pub kind: ReportKind,
    /// Where this version stands.
    pub state: ReportState,
    /// The diagnosis in words.
    pub diagnosis: String,
    /// WHO-HAEM5 diagnosis.
    pub dx_who5: Option<String>,
    /// ICC 2022 diagnosis.
    pub dx_icc: Option<String>,
    /// Correlation and comment.
    pub comment: Option<String>,
    /// What the signer makes of findings that do not fit.
    #[serde(default)]
    pub acknowledged: Vec<Acknowledgment>,
    /// Why it follows an earlier version.
    pub reason: Option<String>,
    /// Who was told.
    pub told: Option<Told>,
    /// Who made the diagnosis: the last to write it, and the only one who may sign it (42 CFR 493.1273(d)).
    pub diagnostician: Who,
    /// When it was begun.
    pub drafted_at: DateTime<Utc>,
    /// The signature.
    pub signature: Option<Signature>,
    /// The exact text that was signed. Empty until signed.
    pub document: String,
    /// How often it changed, from 1.
    pub version: i64,
}

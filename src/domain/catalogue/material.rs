//! What comes out of the patient and what it travels in: departments, containers, kinds of part, sites.

use serde::{Deserialize, Serialize};

use crate::domain::{Code, SpecimenKind};

/// A bench or room that does a group of assays and has a worklist of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Its code, such as `FLOW`.
    pub code: Code,
    /// Its name as people say it.
    pub name: String,
    /// Diagnostic service section, HL7 table 0074 (`HM`, `CG`, …). Absent where the table has no word for it.
    pub hl7_0074: Option<String>,
}

/// A tube, pot, slide or block, by what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Container {
    /// Its code, such as `EDTA`.
    pub code: Code,
    /// Its name as people say it, such as `Sodium heparin`.
    pub name: String,
    /// Additive, HL7 table 0371. Absent for what the table lacks (RPMI, saline, AZF, B-plus, cytogenetics medium).
    pub hl7_0371: Option<String>,
    /// Whether it stops blood from clotting.
    #[serde(default)]
    pub anticoagulant: bool,
    /// Whether it fixes tissue: cells in it are dead, and the stability clock runs from the time into fixative.
    #[serde(default)]
    pub fixative: bool,
    /// Whether it is a glass slide, so that neither volume nor length is asked for.
    #[serde(default)]
    pub slide: bool,
}

/// What the laboratory knows about one kind of part. The kinds themselves are a closed list ([`SpecimenKind`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// The kind.
    pub kind: SpecimenKind,
    /// Its name as people say it, such as `Trephine core`.
    pub name: String,
    /// SNOMED CT concept of the specimen, where the free Global Patient Set has one (domain.md §3.3).
    pub snomed: Option<String>,
    /// Specimen type, HL7 table 0487.
    pub hl7_0487: Option<String>,
    /// The containers it usually comes in, most usual first.
    pub containers: Vec<Code>,
    /// Days to keep it after the last final report (domain.md §7.5). Absent: kept until somebody decides.
    pub retention_days: Option<u32>,
}

/// Where the needle went in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Its code, such as `PIC`.
    pub code: Code,
    /// Its name, such as `Posterior iliac crest`.
    pub name: String,
    /// SNOMED CT concept of the body structure (domain.md §3.3).
    pub snomed: Option<String>,
    /// Body part, HL7 table 0550.
    pub hl7_0550: Option<String>,
    /// Body-part modifier besides the side, HL7 table 0495 (`POS`, `ANT`).
    pub hl7_0495: Option<String>,
    /// Whether the body has two of it, so that left or right must be stated. A part from any other site is midline.
    #[serde(default)]
    pub paired: bool,
}

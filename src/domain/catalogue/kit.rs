//! What is handed out together for a puncture and comes back together.

use serde::{Deserialize, Serialize};

use crate::domain::{Code, SpecimenKind};

/// A set of tubes, pots and slides. Logging a case from a kit writes its parts in one choice; it orders nothing and
/// promises nothing about what came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Kit {
    /// Its code, such as `ACUTE`.
    pub code: Code,
    /// Its name as people say it.
    pub name: String,
    /// The clinical questions that it is made for; it is offered first for them.
    #[serde(default)]
    pub indications: Vec<Code>,
    /// What is in it, in the order in which it is filled.
    pub parts: Vec<KitPart>,
}

/// One part of a kit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KitPart {
    /// What it is; a kind that comes out of the patient.
    pub kind: SpecimenKind,
    /// What it is in (code).
    pub container: Code,
    /// Which pull fills it, from 1 (aspirates, clots and smears).
    pub pull_number: Option<u8>,
    /// How far it is usually filled, µL (liquids). Becomes the volume of a part only when a person says so.
    pub fill_ul: Option<u32>,
}

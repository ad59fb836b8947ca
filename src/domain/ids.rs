//! Typed identifiers: a specimen's id can never be passed where an order's is meant.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

id! {
    /// A patient (`UUIDv7`).
    PatientId,
    /// A case: one marrow examination (`UUIDv7`).
    CaseId,
    /// One physical part (`UUIDv7`).
    SpecimenId,
    /// One ordered assay (`UUIDv7`).
    OrderId,
    /// One version of one assay's result (`UUIDv7`).
    ResultId,
    /// One version of the integrated report (`UUIDv7`).
    ReportId,
    /// A performing laboratory's document (`UUIDv7`).
    DocumentId,
    /// A critical finding (`UUIDv7`).
    CriticalId,
    /// A person or an interface with an account (`UUIDv7`).
    UserId,
}

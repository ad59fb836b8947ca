//! Why the laboratory did not do what it was asked.

use crate::domain::{Case, Refusal};
use crate::store::StoreError;

/// Nothing was written, unless the store says that it does not know.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// A rule refused.
    #[error("{0}")]
    Refused(Refusal),
    /// Somebody changed it since the caller looked.
    #[error("it was changed since you looked")]
    Stale {
        /// As it is now.
        current: Box<Case>,
        /// The case's journal number now.
        seq: i64,
    },
    /// This idempotency key was used with another body.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// The sender's reference names a case that exists.
    #[error("the reference names case {accession} already")]
    AlreadyLogged {
        /// That case.
        accession: String,
    },
    /// A catalogue that does not fit.
    #[error("the catalogue does not fit: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Catalogue(Vec<crate::domain::catalogue::Finding>),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for LabError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

//! The store on both engines.

mod journal;
mod opening;
mod schema;
mod tables;
mod types;
mod writing;

use chrono::{DateTime, Utc};

use super::StoreError;

/// A fixed moment, so many seconds after the start of 2026.
fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600 + seconds, 123_456_000).unwrap()
}

/// An error type such as the layers above have: the store's, or a refusal of its own.
#[derive(Debug)]
enum Refusal {
    Store(StoreError),
    Rule,
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<diesel::result::Error> for Refusal {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

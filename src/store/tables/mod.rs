//! One file per table, with every statement on it. Rows stay inside: what goes in and out are plain values.

pub mod cases;
pub mod catalogues;
pub mod counters;
pub mod documents;
pub mod export_jobs;
pub mod figures;
pub mod idempotency;
pub mod login_failures;
pub mod meta;
pub mod orders;
pub mod patients;
pub mod reports;
pub mod results;
pub mod sessions;
pub mod specimens;
pub mod tokens;
pub mod users;

use super::StoreError;
use super::sql_types::DbJson;

/// How many rows an export or a verification holds at once.
const PAGE: i64 = 200;

/// A whole thing as the JSON of its row.
fn to_body<T: serde::Serialize>(value: &T) -> Result<DbJson, StoreError> {
    serde_json::to_string(value)
        .map(DbJson)
        .map_err(|e| StoreError::Unstorable { what: format!("a value without a JSON form ({e})") })
}

/// A row's JSON as the whole thing; what does not parse was not written by us.
#[allow(clippy::needless_pass_by_value)] // so that it maps over rows as it is
fn from_body<T: serde::de::DeserializeOwned>(body: DbJson) -> Result<T, StoreError> {
    serde_json::from_str(&body.0)
        .map_err(|e| StoreError::Corrupt { what: format!("a row does not read as what it should be ({e})") })
}

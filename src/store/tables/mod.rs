//! One file per table: a plain struct for its row, and every statement on it.

pub mod catalogues;
pub mod counters;
pub mod idempotency;
pub mod login_failures;
pub mod sessions;
pub mod tokens;
pub mod users;

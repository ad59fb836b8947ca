//! Who runs the laboratory: exports, turnaround, people, catalogue, journal, system.

pub(super) mod catalogue;
pub(super) mod catalogue_diff;
pub(super) mod catalogue_edit;
pub(super) mod catalogue_tables;
pub(super) mod export_jobs;
pub(super) mod exports;
pub(super) mod journal;
pub(super) mod system;
pub(super) mod turnaround;
pub(super) mod turnaround_orders;
pub(super) mod turnaround_plots;
pub(super) mod users;

use actix_web::http::StatusCode;

use crate::edge::Problem;

/// A question that reads much, asked while too many such questions are being answered.
fn busy() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "The laboratory is busy", "Try again in a moment.")
}

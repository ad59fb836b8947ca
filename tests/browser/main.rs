//! The gates: the real program on a seeded laboratory, looked at and used in a real browser.
// Tests say what they mean in the fewest words; the pedantic lints are for the program.
#![allow(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    clippy::unnecessary_literal_unwrap
)]

#[allow(dead_code)] // shared with tests/it, which uses all of it
#[path = "../it/support/http.rs"]
mod http;

mod addresses;
mod axe;
mod chrome;
mod flow_export;
mod flow_find;
mod flow_log_a_case;
mod flow_result;
mod flow_scan;
mod hand;
mod keys;
mod list;
mod live;
mod pages;
mod pseudo;
mod shots;
mod site;
mod speed;
mod station;
mod tab;

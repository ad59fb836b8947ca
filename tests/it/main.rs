//! Trephine from outside: one binary of tests, each of which starts what it needs and stops it.
// Tests say what they mean in the fewest words; the pedantic lints are for the program.
#![allow(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    clippy::unnecessary_literal_unwrap
)]

mod support;

mod architecture;
mod bench;
mod contract;
mod crash;
mod critical;
mod desks;
mod documents;
mod exports;
mod findings;
mod follows;
mod labels;
mod lists;
mod logging;
mod machines;
mod model;
mod month;
mod office;
mod races;
mod readings;
mod recollections;
mod reports;
mod results;
mod scarce;
mod shell;
mod start;
mod style;
mod take_back;
mod worksteps;

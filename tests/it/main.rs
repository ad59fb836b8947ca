//! Trephine from outside: one binary of tests, each of which starts what it needs and stops it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

mod architecture;
mod contract;
mod crash;
mod machines;
mod races;
mod start;

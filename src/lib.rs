//! Trephine: bone marrow specimens from the needle to the integrated report.
//!
//! The rooms, and which may know which, are described in `src/README.md`.

pub mod api;
pub mod cli;
pub mod domain;
pub mod edge;
pub mod exchange;
pub mod lab;
pub mod store;
pub mod web;

//! Formats in and out: values in, bytes out, or bytes in, commands out.

pub mod chart;
pub mod csv_out;
pub mod export_file;
pub mod import;
pub mod import_cases;
pub mod import_results;
pub mod jobs;
pub mod labels;
pub mod pdf;
pub mod xlsx_out;

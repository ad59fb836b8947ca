//! The questions: one file per read model. Each takes the person who asks and returns only what that person may see.

pub mod case;
pub mod cases;
pub mod critical;
pub mod documents;
pub mod dry_run;
mod entry;
pub mod events;
pub mod export;
mod export_cells;
mod export_columns;
pub mod export_rows;
pub mod flags;
pub mod journal;
pub mod logging;
pub mod mine;
pub mod recollections;
pub mod search;
pub mod storage;
pub mod system;
pub mod timeline;
pub mod turnaround;
pub mod turnaround_months;
pub mod worklist;

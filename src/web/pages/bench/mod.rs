//! The bench: scan station, worklists, custody step by step, storage, labels, and the work on one ordered test.

pub(super) mod check_in;
pub(super) mod document;
pub(super) mod label_queue;
pub(super) mod labels;
pub(super) mod order;
pub(super) mod order_show;
pub(super) mod press;
pub(super) mod recollections;
pub(super) mod scan;
pub(super) mod scan_help;
pub(super) mod specimen_step;
pub(super) mod station;
pub(super) mod storage;
pub(super) mod take_back;
pub(super) mod worklist;
pub(super) mod worklist_table;

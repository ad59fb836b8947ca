//! Who asked for the marrow: my patients, the tracker, a patient across marrows, what one is told.

pub(super) mod follow;
pub(super) mod notices;
pub(super) mod patients;
pub(super) mod timeline;
pub(super) mod tracker;
pub(super) mod tracker_answer;
pub(super) mod tracker_work;

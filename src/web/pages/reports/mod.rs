//! The integrated report: written, signed, read; and the queue of those to sign.

pub(super) mod compose;
pub(super) mod form;
pub(super) mod read;
pub(super) mod show;
pub(super) mod sign;

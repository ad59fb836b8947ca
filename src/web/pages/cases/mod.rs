//! A case as the laboratory keeps it: the list, logging one, its page, its critical findings.

pub(super) mod critical;
pub(super) mod list;
pub(super) mod new;
pub(super) mod show;

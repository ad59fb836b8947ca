//! What everybody has: signing in, the start, search, the palette, the lock, saved lists.

pub(super) mod home;
pub(super) mod lock;
pub(super) mod palette;
pub(super) mod search;
pub(in crate::web) mod sign_in;
pub(super) mod views;

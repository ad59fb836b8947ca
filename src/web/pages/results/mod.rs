//! Results: entered, understood while typed, read, compared, verified.

pub(super) mod compare;
pub(super) mod evidence;
pub(super) mod form_words;
pub(super) mod iscn;
pub(super) mod result;
pub(super) mod result_form;
pub(super) mod result_read;
pub(super) mod result_show;
pub(super) mod sources;
pub(super) mod tally;
pub(super) mod understood;
pub(super) mod verify;

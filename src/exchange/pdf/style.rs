//! Sizes and inks of the printed report: black on white, so that a fax of it is still read.

use super::text::Style;

const INK: [u8; 3] = [27, 26, 33];
const MUTED: [u8; 3] = [74, 71, 82];
const CAUTION: [u8; 3] = [118, 72, 0];
/// Rules between rows.
pub(super) const LINE: [u8; 3] = [200, 196, 188];
/// Words across the page, behind its text.
pub(super) const FAINT: [u8; 3] = [228, 225, 220];
/// Values joined in a drawing, and marks.
pub(super) const SERIES: [u8; 3] = [67, 56, 155];

const fn style(size: f32, bold: bool, ink: [u8; 3]) -> Style {
    Style { size, bold, ink }
}

pub(super) const TITLE: Style = style(15.0, true, INK);
pub(super) const HEADING: Style = style(10.5, true, INK);
pub(super) const LEAD: Style = style(11.5, true, INK);
pub(super) const FINDING: Style = style(9.5, true, INK);
pub(super) const BODY: Style = style(9.0, false, INK);
pub(super) const STRONG: Style = style(9.0, true, INK);
pub(super) const LABEL: Style = style(9.0, false, MUTED);
/// Name of a value, and the value.
pub(super) const NAME: Style = style(8.5, false, MUTED);
pub(super) const VALUE: Style = style(8.5, false, INK);
pub(super) const SMALL: Style = style(7.5, false, MUTED);
pub(super) const CELL: Style = style(8.0, false, INK);
pub(super) const CELL_HEAD: Style = style(8.0, true, MUTED);
pub(super) const CAVEAT: Style = style(9.0, false, CAUTION);
pub(super) const NOTICE: Style = style(11.0, true, CAUTION);
pub(super) const CHANGED: Style = style(9.5, true, CAUTION);
pub(super) const RUNNING: Style = style(7.5, false, MUTED);
pub(super) const RUNNING_STRONG: Style = style(8.5, true, INK);
/// Words in a drawing.
pub(super) const DRAWING: Style = style(crate::exchange::chart::WORDS, false, MUTED);

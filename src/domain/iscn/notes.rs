//! The findings: what there is to say about a text, and the stable code of each kind.

use super::glyphs::Span;
use super::{Finding, Level, Status};
use crate::text_enum;

text_enum! {
    /// What a finding is about. These words are stable: programs may rely on them, messages may change.
    pub enum Code {
        /// There is no text.
        EmptyText = "empty_text",
        /// Blanks before or after the text.
        SpaceAround = "space_around",
        /// More than one line.
        LineBreak = "line_break",
        /// A character that does not show.
        HiddenCharacter = "hidden_character",
        /// A character that looks like the right one.
        LookAlike = "look_alike",
        /// A character that has no place here.
        ForeignCharacter = "foreign_character",
        /// A bracket without its partner.
        Bracket = "bracket",
        /// A slash with nothing beside it, or too many.
        Slash = "slash",
        /// A second donor.
        Donors = "donors",
        /// A clone without a slash before it.
        MissingSlash = "missing_slash",
        /// A full stop that is missing, or in the wrong place.
        FullStop = "full_stop",
        /// Text that is neither a karyotype nor FISH.
        OtherText = "other_text",
        /// A blank inside a karyotype.
        Space = "space",
        /// The number of cells is missing.
        CellsMissing = "cells_missing",
        /// A number of cells that cannot be, or is not understood.
        Cells = "cells",
        /// Fewer cells in all than usual.
        FewCells = "few_cells",
        /// The number of chromosomes is missing.
        ModalMissing = "modal_missing",
        /// A number of chromosomes that is unlikely, or not understood.
        Modal = "modal",
        /// A range of chromosome numbers that is none.
        ModalRange = "modal_range",
        /// A comma that is missing.
        Comma = "comma",
        /// A level of ploidy that does not fit the number of chromosomes.
        PloidyLevel = "ploidy_level",
        /// The sex chromosomes are missing.
        SexMissing = "sex_missing",
        /// The sex chromosomes are written in another way than usual.
        SexWritten = "sex_written",
        /// A sex chromosome that is lost or rearranged is also listed as normal.
        SexPart = "sex_part",
        /// The sex chromosomes and the recorded sex of the patient differ.
        SexMismatch = "sex_mismatch",
        /// Nothing between two commas.
        EmptyChange = "empty_change",
        /// Kept as typed.
        NotUnderstood = "not_understood",
        /// The detailed form, kept as typed.
        DetailedForm = "detailed_form",
        /// A chromosome that does not exist.
        NoSuchChromosome = "no_such_chromosome",
        /// A band that the chromosome does not have.
        NoSuchBand = "no_such_band",
        /// A breakpoint that cannot be read.
        Breakpoint = "breakpoint",
        /// The breakpoints are missing.
        BreakpointsMissing = "breakpoints_missing",
        /// Too many or too few chromosomes for this kind of change.
        ChromosomeCount = "chromosome_count",
        /// Too many or too few breakpoints for this kind of change.
        BreakpointCount = "breakpoint_count",
        /// Breakpoints in an unusual order.
        BreakpointOrder = "breakpoint_order",
        /// Chromosomes of a rearrangement in an unusual order.
        PartnerOrder = "partner_order",
        /// A short way of writing that is not usual in a karyotype.
        Shorthand = "shorthand",
        /// A derivative chromosome that is not made of what it is said to come from.
        Derivative = "derivative",
        /// A sign that is missing.
        Sign = "sign",
        /// Changes in an unusual order.
        ChangeOrder = "change_order",
        /// The changes do not add up to the number of chromosomes.
        Arithmetic = "arithmetic",
        /// A reference to a clone that is not there.
        Reference = "reference",
        /// A change in a single cell.
        SingleCell = "single_cell",
        /// A loss in two cells.
        LossInTwoCells = "loss_in_two_cells",
        /// Two clones that say the same.
        SameClone = "same_clone",
        /// Normal cells are not listed last.
        NormalLast = "normal_last",
        /// The head of a FISH string is written in another way than usual.
        FishHead = "fish_head",
        /// FISH that is kept as typed.
        FishNotUnderstood = "fish_not_understood",
    }
}

/// The findings so far.
#[derive(Debug, Default)]
pub(super) struct Notes(pub(super) Vec<Finding>);

impl Notes {
    pub(super) fn add(
        &mut self,
        level: Level,
        code: Code,
        at: Span,
        message: impl Into<String>,
        suggestion: Option<&str>,
    ) {
        let (position, length) = at;
        let suggestion = suggestion.map(str::to_owned);
        self.0.push(Finding { level, code, position, length, message: message.into(), suggestion });
    }

    pub(super) fn error(&mut self, code: Code, at: Span, message: impl Into<String>) {
        self.add(Level::Error, code, at, message, None);
    }

    pub(super) fn warn(&mut self, code: Code, at: Span, message: impl Into<String>) {
        self.add(Level::Warning, code, at, message, None);
    }

    pub(super) fn not_modelled(&mut self, code: Code, at: Span, message: impl Into<String>) {
        self.add(Level::NotModelled, code, at, message, None);
    }

    pub(super) fn worst(&self) -> Status {
        match self.0.iter().map(|f| f.level).max() {
            None => Status::Ok,
            Some(Level::Warning) => Status::Warnings,
            Some(Level::NotModelled) => Status::NotModelled,
            Some(Level::Error) => Status::Error,
        }
    }
}

//! What a scanner reads: Code 128 in lines, Data Matrix in squares.

use barcoders::sym::code128::Code128;
use datamatrix::{DataMatrix, SymbolList};

use crate::domain::Label;

/// A symbol in modules; dark is `true`. Its quiet zone is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Symbol {
    /// Code 128 (ISO/IEC 15417), quiet zone 10 modules on either side.
    Linear {
        /// From left to right.
        bars: Vec<bool>,
        /// The same in the words of a ZPL printer, with its code sets.
        zpl: String,
    },
    /// Data Matrix ECC 200 (ISO/IEC 16022), quiet zone 1 module all around.
    Matrix {
        /// Row by row.
        cells: Vec<bool>,
        /// Modules in a row.
        width: usize,
        /// What it says.
        text: String,
    },
}

/// Modules that stay white beside Code 128 (ISO/IEC 15417 §4.2: 10 X).
pub(super) const LINEAR_QUIET: usize = 10;
/// Modules that stay white around Data Matrix (ISO/IEC 16022: 1 X; 2 forgive a printer's edge).
pub(super) const MATRIX_QUIET: usize = 2;

/// A stretch of Code 128 in one code set.
enum Run {
    /// Letters, digits and hyphens, one each.
    B(String),
    /// Digits in pairs.
    C(String),
}

/// The label without the hyphens that are for the eye: a Code 128 with them would not fit a tube. It reads back as the
/// same label ([`Label::parse`]); hyphens before the ordinals of children stay, because those are not for the eye.
pub(super) fn compact(label: &Label) -> String {
    let text = label.to_string();
    let mut pieces = text.split('-');
    let head: String = pieces.by_ref().take(3).collect();
    pieces.fold(head, |out, child| out + "-" + child)
}

/// Digits go in pairs where that is shorter: runs of six or more within the text, or four or more at its end
/// (ISO/IEC 15417 annex E).
fn runs(text: &str) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let enough = if digits == rest.len() { 4 } else { 6 };
        if digits >= enough {
            let (single, pairs) = rest.split_at(digits % 2);
            plain.push_str(single);
            if !plain.is_empty() {
                out.push(Run::B(std::mem::take(&mut plain)));
            }
            let (pairs, tail) = pairs.split_at(digits - digits % 2);
            out.push(Run::C(pairs.to_owned()));
            rest = tail;
        } else {
            let (word, tail) = rest.split_at(digits.max(first.len_utf8()));
            plain.push_str(word);
            rest = tail;
        }
    }
    if !plain.is_empty() {
        out.push(Run::B(plain));
    }
    out
}

/// Code 128 of a label, if it has one.
pub(super) fn linear(label: &Label) -> Option<Symbol> {
    let (mut coded, mut zpl) = (String::new(), String::new());
    for run in runs(&compact(label)) {
        // The first invocation starts the symbol, the others change its code set; ZPL tells the two apart.
        let start = coded.is_empty();
        let (set, word, text) = match run {
            Run::B(text) => ('\u{181}', if start { ">:" } else { ">6" }, text),
            Run::C(text) => ('\u{106}', if start { ">;" } else { ">5" }, text),
        };
        coded.push(set);
        coded.push_str(&text);
        zpl.push_str(word);
        zpl.push_str(&text);
    }
    let symbol = Code128::new(coded).ok()?;
    Some(Symbol::Linear { bars: symbol.encode().into_iter().map(|bit| bit == 1).collect(), zpl })
}

/// Data Matrix of a label, if it has one.
pub(super) fn matrix(label: &Label) -> Option<Symbol> {
    let text = label.to_string();
    let symbol = DataMatrix::encode(text.as_bytes(), SymbolList::default().enforce_square()).ok()?;
    let bitmap = symbol.bitmap();
    Some(Symbol::Matrix { cells: bitmap.bits().to_vec(), width: bitmap.width(), text })
}

impl Symbol {
    /// Width in modules, with its quiet zone.
    pub(super) fn total_modules(&self) -> usize {
        match self {
            Self::Linear { bars, .. } => bars.len() + 2 * LINEAR_QUIET,
            Self::Matrix { width, .. } => width + 2 * MATRIX_QUIET,
        }
    }
}

//! Where everything stands on a label, in millimeters from its upper left corner.

use super::symbol::{LINEAR_QUIET, MATRIX_QUIET, Symbol, linear, matrix};
use super::{PartLabel, Stock};

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// Left edge.
    pub x: f64,
    /// Baseline.
    pub y: f64,
    /// Height of the letters' square.
    pub size: f64,
    /// How wide it is set; narrower than natural where it would not fit.
    pub width: Option<f64>,
    /// Drawn heavier.
    pub bold: bool,
    /// What it says.
    pub text: String,
}

/// A label, laid out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Face {
    /// Width and height.
    pub size: (f64, f64),
    /// What a scanner reads; absent only if no symbol could be made, and then the number stands alone.
    pub symbol: Option<Placed>,
    /// From top to bottom.
    pub lines: Vec<Line>,
}

/// A symbol in its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    /// What it is.
    pub symbol: Symbol,
    /// Left edge of its first dark module.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// One module.
    pub module: f64,
    /// Height of the bars; a matrix is as high as it is wide.
    pub height: f64,
    /// The widest it may be with its quiet zone, on a printer that has to round the module to dots.
    pub room: f64,
}

/// The narrowest bar that a hand scanner and a printer of 203 dpi agree on: two dots.
const LINEAR_MODULE: f64 = 0.25;
/// A Data Matrix is not made larger than it needs.
const MATRIX_MODULE_MAX: f64 = 0.4;
/// Mean width of a letter, of its height: generous, so that a line is rather narrowed than cut by the edge.
const LETTER: f64 = 0.58;
/// The same for bold letters.
const LETTER_BOLD: f64 = 0.64;
/// The narrowest that a name is set, of its natural width, before it is cut.
const NARROWEST: f64 = 0.62;

/// Whether a line may lose its end. A number or an identifier never does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    Never,
    End,
}

/// Lays a label out.
pub(super) fn lay(label: &PartLabel) -> Face {
    match label.stock {
        Stock::Tube => tube(label),
        Stock::Slide => slide(label),
        Stock::Cassette => cassette(label),
    }
}

fn tube(label: &PartLabel) -> Face {
    let size = label.stock.size_mm();
    let (width, _) = size;
    let bars = linear(&label.label);
    // A label of many generations is too long for bars: its matrix stands beside the text instead.
    let fits = |s: &Symbol| modules(s.total_modules()) * LINEAR_MODULE <= width;
    let number = label.label.to_string();
    let ids = format!("MRN {}  {}", label.mrn, label.born_words());
    if let Some(symbol) = bars.filter(fits) {
        let dark = modules(symbol.total_modules() - 2 * LINEAR_QUIET) * LINEAR_MODULE;
        let placed =
            Placed { symbol, x: (width - dark) / 2.0, y: 5.2, module: LINEAR_MODULE, height: 7.6, room: width };
        let text = |y, size, bold, text: String, cut| line((1.5, y), size, width - 3.0, bold, text, cut);
        return Face {
            size,
            symbol: Some(placed),
            lines: vec![
                text(4.3, 3.6, true, number, Cut::Never),
                text(16.0, 2.9, true, label.patient.clone(), Cut::End),
                text(18.8, 2.5, false, ids, Cut::Never),
                text(21.5, 2.5, false, label.part_words(), Cut::End),
                text(24.1, 2.3, false, label.collected_words(), Cut::End),
            ],
        };
    }
    let side = 16.0;
    let text = |y, size, bold, text: String, cut| line((side + 1.5, y), size, width - side - 3.0, bold, text, cut);
    Face {
        size,
        symbol: square(label, (0.5, 6.0), side),
        lines: vec![
            line((1.5, 4.3), 3.6, width - 3.0, true, number, Cut::Never),
            text(8.8, 2.9, true, label.patient.clone(), Cut::End),
            text(12.4, 2.5, false, format!("MRN {}", label.mrn), Cut::Never),
            text(15.6, 2.5, false, label.born_words(), Cut::Never),
            text(18.8, 2.5, false, label.part_words(), Cut::End),
            text(22.0, 2.3, false, label.collected_words(), Cut::End),
        ],
    }
}

fn slide(label: &PartLabel) -> Face {
    let size = label.stock.size_mm();
    let side = 9.0;
    let beside = |y, size, bold, text: String, cut| line((side + 0.8, y), size, 22.0 - side - 1.6, bold, text, cut);
    let below = |y, size, bold, text: String, cut| line((0.8, y), size, 20.4, bold, text, cut);
    let number = label.label.to_string();
    // The end of the number tells the slides of one case apart.
    let tail = number.splitn(3, '-').nth(2).unwrap_or(&number).to_owned();
    Face {
        size,
        symbol: square(label, (0.0, 0.0), side),
        lines: vec![
            beside(4.2, 3.8, true, tail, Cut::Never),
            beside(7.4, 2.1, false, label.part_words(), Cut::End),
            below(11.2, 2.3, true, number, Cut::Never),
            below(14.0, 2.3, true, label.patient.clone(), Cut::End),
            below(16.5, 2.1, false, format!("MRN {}", label.mrn), Cut::Never),
            below(18.9, 2.1, false, label.born_words(), Cut::Never),
            below(21.2, 2.0, false, label.collected_words(), Cut::End),
        ],
    }
}

fn cassette(label: &PartLabel) -> Face {
    let size = label.stock.size_mm();
    let side = 6.8;
    let text = |y, size, bold, text: String, cut| line((side + 0.4, y), size, 28.0 - side - 0.8, bold, text, cut);
    Face {
        size,
        symbol: square(label, (0.1, 0.1), side),
        lines: vec![
            text(1.9, 1.9, true, label.label.to_string(), Cut::Never),
            text(3.6, 1.7, true, label.patient.clone(), Cut::End),
            text(5.1, 1.5, false, format!("MRN {}  {}", label.mrn, label.born_words()), Cut::Never),
            text(6.6, 1.5, false, format!("{}, {}", label.part_words(), label.collected_words()), Cut::End),
        ],
    }
}

/// A Data Matrix with its quiet zone in a square of that side.
fn square(label: &PartLabel, (x, y): (f64, f64), side: f64) -> Option<Placed> {
    let symbol = matrix(&label.label)?;
    let module = (side / modules(symbol.total_modules())).min(MATRIX_MODULE_MAX);
    let quiet = modules(MATRIX_QUIET) * module;
    let height = modules(symbol.total_modules() - 2 * MATRIX_QUIET) * module;
    Some(Placed { symbol, x: x + quiet, y: y + quiet, module, height, room: side })
}

fn line((x, y): (f64, f64), size: f64, room: f64, bold: bool, text: String, cut: Cut) -> Line {
    let natural = |text: &str| text.chars().map(em).sum::<f64>() * if bold { LETTER_BOLD } else { LETTER } * size;
    let mut text = text;
    if cut == Cut::End && natural(&text) * NARROWEST > room {
        while !text.is_empty() && natural(&text) * NARROWEST > room - size {
            text.pop();
        }
        text.truncate(text.trim_end().len());
        text.push('…');
    }
    let width = (natural(&text) > room).then_some(room);
    Line { x, y, size, width, bold, text }
}

/// How wide a letter is beside a Latin one.
fn em(c: char) -> f64 {
    // Hangul, kana and ideographs stand in squares.
    if c >= '\u{1100}' && !('\u{1e00}'..'\u{2e80}').contains(&c) { 1.75 } else { 1.0 }
}

/// A count of modules as a factor.
fn modules(count: usize) -> f64 {
    // A symbol has at most a few hundred modules.
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

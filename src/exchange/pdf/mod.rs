//! The report as a PDF: A4, PDF/A-2a and PDF/UA-1, checked while it is written.
//!
//! The words and their order come from `domain/report_text.rs`; here they only find their place. The same version in the
//! same standing gives the same bytes: there is no clock and no chance in here.

mod draw;
mod fonts;
mod issue;
mod layout;
#[cfg(test)]
pub(crate) mod samples;
mod style;
#[cfg(test)]
mod tests;
mod text;

pub use issue::Issue;
use layout::{Cell, HEIGHT, Layout, MEASURE, Role};
use text::{Line, Typesetter};

use crate::domain::report_document::{DocumentLine, ReportDocument};
use crate::domain::report_text::{Piece, Section, Standing, Table};
use crate::exchange::chart;

/// Why there is no PDF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// A font file of this build is broken.
    #[error("the font {0} cannot be read")]
    Font(&'static str),
    /// The writer refused the document.
    #[error("the PDF cannot be written: {0}")]
    Write(String),
}

/// What is printed.
#[derive(Debug, Clone, Copy)]
pub struct Print<'a> {
    /// The document, read from its signed text.
    pub document: &'a ReportDocument,
    /// SHA-256 of the signed text, hexadecimal; none for a preview.
    pub sha256: Option<&'a str>,
    /// Where this version stands now.
    pub standing: Standing,
}

/// What stands at the top and the foot of every page.
struct Running {
    /// Top left.
    who: Vec<Line>,
    /// Top right.
    which: Vec<Line>,
    /// Bottom left.
    foot: Vec<Line>,
    /// Between the top of the page and its text, points.
    top: f32,
    /// Between the top of the page and the end of its text, points.
    bottom: f32,
}

/// Lines that a running head may take. The identity at the beginning of the report has all of it.
const RUNNING_MAX: usize = 5;
/// From the top of the page to the running head, and from the foot to the end of the page, points.
const MARGIN: f32 = 30.0;
/// Room for `page 12 of 345`, points.
const PAGE_WORDS: f32 = 90.0;

/// The report as a PDF.
///
/// # Errors
/// The writer refuses it: a report that is no valid PDF/A and PDF/UA is not given out.
pub fn render(print: &Print<'_>) -> Result<Vec<u8>, PdfError> {
    let d = print.document;
    let mut typesetter = Typesetter::new()?;
    let running = running(&mut typesetter, print);
    let mut page = Layout::new(&mut typesetter, running.top, running.bottom);
    page.text(&d.title(), style::TITLE, Role::Heading(1, d.title()), 0.0);
    page.outline.push(layout::Entry { title: d.title(), page: 0, y: 0.0 });
    page.space(3.0);
    if let Some(notice) = d.notice(print.standing) {
        page.caution(&notice.sentence, style::NOTICE);
        page.space(3.0);
    }
    if let Some(changed) = d.changed() {
        page.caution(&changed, style::CHANGED);
        page.space(3.0);
    }
    identity(&mut page, &d.identity());
    for section in d.sections(print.sha256) {
        draw_section(&mut page, d, &section);
    }
    note_missing(&mut page);
    let Layout { pages, tree, outline, leaves, .. } = page;
    draw::write(print, &typesetter, &running, draw::Laid { pages, tree, outline, leaves })
}

fn running(typesetter: &mut Typesetter, print: &Print<'_>) -> Running {
    let d = print.document;
    let mut set = |lines: &[(String, text::Style)], width: f32| {
        let all = lines.iter().flat_map(|(text, style)| typesetter.lines(text, *style, width));
        all.take(RUNNING_MAX).collect::<Vec<_>>()
    };
    let (strong, plain) = (style::RUNNING_STRONG, style::RUNNING);
    let who = set(&[(d.patient.clone(), strong), (format!("MRN {}", d.mrn), strong)], MEASURE * 0.62);
    let which = set(&[(format!("Case {}", d.accession), strong), (d.version_words(), strong)], MEASURE * 0.36);
    let hash = print.sha256.map_or_else(|| "Not signed".to_owned(), |h| format!("SHA-256 of the signed text: {h}"));
    let laboratory = format!("{}, {}", d.laboratory, d.laboratory_address);
    let foot = set(&[(laboratory, plain), (hash, plain)], MEASURE - PAGE_WORDS);
    #[allow(clippy::cast_precision_loss)] // at most RUNNING_MAX
    let height = |lines: usize, style: text::Style| lines as f32 * style.leading();
    let top = MARGIN + height(who.len().max(which.len()), strong) + 16.0;
    let bottom = HEIGHT - MARGIN - height(foot.len(), plain) - 10.0;
    Running { who, which, foot, top, bottom }
}

fn pair(l: &DocumentLine) -> [Cell<'_>; 2] {
    [
        Cell { text: &l.name, style: style::LABEL, role: Role::RowHead },
        Cell { text: &l.value, style: style::STRONG, role: Role::Cell },
    ]
}

/// Two pairs beside each other.
fn identity(page: &mut Layout<'_>, lines: &[DocumentLine]) {
    let widths = [MEASURE * 0.13, MEASURE * 0.41, MEASURE * 0.15, MEASURE * 0.31];
    let rows: Vec<Vec<Cell<'_>>> = lines.chunks(2).map(|two| two.iter().flat_map(pair).collect()).collect();
    page.table(&widths, None, &rows);
    page.space(4.0);
}

fn draw_section(page: &mut Layout<'_>, d: &ReportDocument, section: &Section<'_>) {
    page.space(6.5);
    page.heading(section.title, style::HEADING);
    for (i, piece) in section.body.iter().enumerate() {
        match piece {
            Piece::Finding { name, standing } => {
                page.space(if i > 0 { 5.0 } else { 0.0 });
                page.titled(name, style::FINDING, standing, style::SMALL);
            }
            Piece::Lead(text) => paragraph(page, text, style::LEAD),
            Piece::Strong(text) => paragraph(page, text, style::STRONG),
            Piece::Text(text) => paragraph(page, text, style::BODY),
            Piece::Small(text) => paragraph(page, text, style::SMALL),
            Piece::Caveat(text) => page.caution(text, style::CAVEAT),
            Piece::Lines(lines) => {
                // Who performed and verified it is not read without it.
                let goes_on = matches!(section.body.get(i + 1), Some(Piece::Small(_)));
                pairs(page, lines, goes_on);
            }
            Piece::Table(table) => draw_table(page, table),
            Piece::Trend(trend) => {
                if let Some(scene) = chart::trend(trend, d) {
                    page.figure(scene);
                }
            }
        }
        page.space(1.5);
    }
}

fn paragraph(page: &mut Layout<'_>, text: &str, style: text::Style) {
    page.text(text, style, Role::Paragraph, 0.0);
}

/// `name: value`, two to a row where both halves of the page hold them in one line. With `goes_on`, the last row stays
/// with what follows it.
fn pairs(page: &mut Layout<'_>, lines: &[DocumentLine], goes_on: bool) {
    if lines.iter().any(|l| l.note.is_some()) {
        return noted(page, lines, goes_on);
    }
    let half = [MEASURE * 0.23, MEASURE * 0.27];
    let fits = |page: &mut Layout<'_>, l: &DocumentLine| {
        let [name, value] = line(l).map(|cell| page.typesetter.width(cell.text, cell.style) + layout::GAP);
        (name <= half[0], value <= half[1])
    };
    let fitting: Vec<(bool, bool)> = lines.iter().map(|l| fits(page, l)).collect();
    let names = if fitting.iter().all(|(name, _)| *name) { half[0] } else { MEASURE * 0.34 };
    let short = |i: usize| fitting.get(i).is_some_and(|(name, value)| *name && *value);
    let all: Vec<(bool, &DocumentLine)> = lines.iter().enumerate().map(|(i, l)| (short(i), l)).collect();
    let mut runs = all.chunk_by(|(a, _), (b, _)| a == b).peekable();
    while let Some(run) = runs.next() {
        let paired = run.len() > 1 && run.iter().all(|(short, _)| *short);
        let (to_a_row, widths) =
            if paired { (2, vec![half[0], half[1], half[0], half[1]]) } else { (1, vec![names, MEASURE - names]) };
        let mut rows: Vec<Vec<Cell<'_>>> =
            run.chunks(to_a_row).map(|row| row.iter().flat_map(|(_, l)| line(l)).collect()).collect();
        if let Some(last) = rows.last_mut() {
            let empty = || Cell { text: "", style: style::VALUE, role: Role::Cell };
            last.resize_with(widths.len(), empty);
        }
        page.list(&widths, &rows, goes_on && runs.peek().is_none());
    }
}

fn line(l: &DocumentLine) -> [Cell<'_>; 2] {
    [
        Cell { text: &l.name, style: style::NAME, role: Role::RowHead },
        Cell { text: &l.value, style: style::VALUE, role: Role::Cell },
    ]
}

/// `name: value`, and what belongs beside it.
fn noted(page: &mut Layout<'_>, lines: &[DocumentLine], goes_on: bool) {
    let rows: Vec<Vec<Cell<'_>>> = lines
        .iter()
        .map(|l| {
            let note = l.note.as_deref().unwrap_or_default();
            line(l).into_iter().chain([Cell { text: note, style: style::SMALL, role: Role::Cell }]).collect()
        })
        .collect();
    page.list(&[MEASURE * 0.23, MEASURE * 0.35, MEASURE * 0.42], &rows, goes_on);
}

fn draw_table(page: &mut Layout<'_>, table: &Table) {
    let head: Vec<Cell<'_>> =
        table.heads.iter().map(|h| Cell { text: h, style: style::CELL_HEAD, role: Role::Head }).collect();
    let cell = |text| Cell { text, style: style::CELL, role: Role::Cell };
    let rows: Vec<Vec<Cell<'_>>> = table.rows.iter().map(|r| r.iter().map(|t| cell(t.as_str())).collect()).collect();
    let widths = columns(page.typesetter, &head, &rows);
    page.table(&widths, Some(&head), &rows);
    page.space(4.0);
}

/// How wide the columns are: no word is broken while there is room for all (a label is one word), and what is left goes
/// where lines are long. Points, [`MEASURE`] in all.
fn columns(typesetter: &mut Typesetter, head: &[Cell<'_>], rows: &[Vec<Cell<'_>>]) -> Vec<f32> {
    let most = MEASURE * 0.45;
    let mut needs = vec![0.0_f32; head.len()];
    let mut wishes = needs.clone();
    for row in std::iter::once(head).chain(rows.iter().map(Vec::as_slice)) {
        for ((cell, need), wish) in row.iter().zip(&mut needs).zip(&mut wishes) {
            let mut wide = |text: &str| (typesetter.width(text, cell.style) + layout::GAP + 0.5).min(most);
            *need = cell.text.split_whitespace().take(200).map(&mut wide).fold(*need, f32::max);
            *wish = cell.text.lines().take(200).map(&mut wide).fold(*wish, f32::max);
        }
    }
    let (need, wish): (f32, f32) = (needs.iter().sum(), wishes.iter().sum());
    let shares = needs.iter().zip(&wishes);
    if need >= MEASURE {
        needs.iter().map(|n| n / need * MEASURE).collect()
    } else if wish >= MEASURE {
        let share = (MEASURE - need) / (wish - need);
        shares.map(|(n, w)| n + (w - n) * share).collect()
    } else {
        wishes.iter().map(|w| w / wish * MEASURE).collect()
    }
}

/// A character that no face has is a mark in the text; here it is named, so that nothing vanishes.
fn note_missing(page: &mut Layout<'_>) {
    let missing = page.typesetter.missing();
    if !missing.is_empty() {
        page.space(8.0);
        let note = format!("Characters that cannot be printed stand as {}: {}.", text::MARK, missing.join(", "));
        page.text(&note, style::SMALL, Role::Paragraph, 0.0);
    }
}

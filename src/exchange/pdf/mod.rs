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
    page.table(&widths, None, &rows, true);
}

fn draw_section(page: &mut Layout<'_>, d: &ReportDocument, section: &Section<'_>) {
    page.space(8.0);
    page.heading(section.title, style::HEADING);
    for piece in &section.body {
        match piece {
            Piece::Lead(text) => page.text(text, style::LEAD, Role::Paragraph, 0.0),
            Piece::Finding { name, standing } => {
                page.space(4.0);
                page.ensure(70.0);
                page.text(name, style::FINDING, Role::Heading(3, name.clone()), 0.0);
                page.text(standing, style::SMALL, Role::Paragraph, 0.0);
            }
            Piece::Strong(text) => page.text(text, style::STRONG, Role::Paragraph, 0.0),
            Piece::Text(text) => page.text(text, style::BODY, Role::Paragraph, 0.0),
            Piece::Caveat(text) => page.caution(text, style::CAVEAT),
            Piece::Small(text) => page.text(text, style::SMALL, Role::Paragraph, 0.0),
            Piece::Lines(lines) => pairs(page, lines),
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

fn pairs(page: &mut Layout<'_>, lines: &[DocumentLine]) {
    let noted = lines.iter().any(|l| l.note.is_some());
    let widths = if noted { [0.30, 0.36, 0.34].as_slice() } else { [0.30, 0.70].as_slice() };
    let widths: Vec<f32> = widths.iter().map(|w| w * MEASURE).collect();
    let rows: Vec<Vec<Cell<'_>>> = lines
        .iter()
        .map(|l| {
            let name = Cell { text: &l.name, style: style::LABEL, role: Role::RowHead };
            let value = Cell { text: &l.value, style: style::BODY, role: Role::Cell };
            let note = Cell { text: l.note.as_deref().unwrap_or_default(), style: style::SMALL, role: Role::Cell };
            [name, value, note].into_iter().take(widths.len()).collect()
        })
        .collect();
    page.table(&widths, None, &rows, false);
}

fn draw_table(page: &mut Layout<'_>, table: &Table) {
    // As wide as the longest word of a column wants, between an eighth and a half of what there is.
    let wish = |i: usize| {
        let cells = table.rows.iter().filter_map(|r| r.get(i)).map(|c| c.chars().count().min(60));
        let head = table.heads.get(i).map_or(0, |h| h.chars().count() + 2);
        cells.max().unwrap_or(0).max(head)
    };
    #[allow(clippy::cast_precision_loss)] // at most 60
    let wishes: Vec<f32> = (0..table.heads.len()).map(|i| (wish(i) as f32).max(9.0)).collect();
    let all: f32 = wishes.iter().sum();
    let widths: Vec<f32> = wishes.iter().map(|w| w / all * MEASURE).collect();
    let head: Vec<Cell<'_>> =
        table.heads.iter().map(|h| Cell { text: h, style: style::CELL_HEAD, role: Role::Head }).collect();
    let cell = |text| Cell { text, style: style::CELL, role: Role::Cell };
    let rows: Vec<Vec<Cell<'_>>> = table.rows.iter().map(|r| r.iter().map(|t| cell(t.as_str())).collect()).collect();
    page.table(&widths, Some(&head), &rows, true);
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

//! From blocks to pages: paragraphs, tables whose rows split and whose heads repeat, figures. Nothing is drawn here.

use super::text::{Line, Style, Typesetter};
use crate::exchange::chart::Scene;

/// A4, points.
pub(super) const WIDTH: f32 = 595.28;
/// A4, points.
pub(super) const HEIGHT: f32 = 841.89;
/// Left and right of the text, points.
pub(super) const EDGE: f32 = 51.0;
/// Between the columns of a table, points.
pub(super) const GAP: f32 = 8.0;
/// The width of the text, points.
pub(super) const MEASURE: f32 = WIDTH - 2.0 * EDGE;

/// Something at its place on a page.
pub(super) struct Placed {
    /// The part of the document it belongs to; none for ornament.
    pub(super) leaf: Option<usize>,
    pub(super) what: Drawn,
}

/// What is at a place. Points from the top left of the page.
pub(super) enum Drawn {
    /// A line of text, by the left end of its baseline.
    Text(Line, Style, f32, f32),
    /// A straight line: from, to, thickness, ink.
    Rule((f32, f32), (f32, f32), f32, [u8; 3]),
    /// A drawing, by its top left corner.
    Figure(Scene, f32, f32),
}

/// What a part of the document is, for those who hear it.
#[derive(Debug, Clone)]
pub(super) enum Role {
    Heading(u16, String),
    Paragraph,
    Table,
    Row,
    /// Head of a column.
    Head,
    /// Head of a row.
    RowHead,
    Cell,
    Figure(String),
}

/// The document as a tree, in reading order.
#[derive(Debug, Clone)]
pub(super) enum Branch {
    Group(Role, Vec<Branch>),
    Leaf(usize),
}

/// One cell of a table.
pub(super) struct Cell<'a> {
    pub(super) text: &'a str,
    pub(super) style: Style,
    pub(super) role: Role,
}

/// A heading of the outline: its words, its page from 0, its height on that page.
pub(super) struct Entry {
    pub(super) title: String,
    pub(super) page: usize,
    pub(super) y: f32,
}

/// What must not stay alone at the foot of a page: headings, and the head of a table.
struct Kept {
    /// The first thing of it on the last page.
    placed: usize,
    /// The first entry of the outline that belongs to it.
    entry: usize,
    /// Where it begins, points.
    y: f32,
}

impl Drawn {
    fn lower(&mut self, by: f32) {
        match self {
            Self::Text(_, _, _, y) | Self::Figure(_, _, y) => *y += by,
            Self::Rule(from, to, _, _) => {
                from.1 += by;
                to.1 += by;
            }
        }
    }
}

/// Fills pages from top to bottom.
pub(super) struct Layout<'t> {
    pub(super) typesetter: &'t mut Typesetter,
    pub(super) pages: Vec<Vec<Placed>>,
    pub(super) tree: Vec<Branch>,
    pub(super) outline: Vec<Entry>,
    pub(super) leaves: usize,
    top: f32,
    bottom: f32,
    y: f32,
    kept: Option<Kept>,
}

impl<'t> Layout<'t> {
    /// Pages whose text stands between `top` and `bottom`, points from the top of the page.
    pub(super) fn new(typesetter: &'t mut Typesetter, top: f32, bottom: f32) -> Self {
        let (tree, outline) = (Vec::new(), Vec::new());
        Self { typesetter, pages: vec![Vec::new()], tree, outline, leaves: 0, top, bottom, y: top, kept: None }
    }

    fn place(&mut self, leaf: Option<usize>, what: Drawn) {
        if let Some(page) = self.pages.last_mut() {
            page.push(Placed { leaf, what });
        }
    }

    fn leaf(&mut self) -> usize {
        self.leaves += 1;
        self.leaves - 1
    }

    /// What is placed from here on goes with what follows it.
    fn keep(&mut self) {
        let placed = self.pages.last().map_or(0, Vec::len);
        self.kept.get_or_insert(Kept { placed, entry: self.outline.len(), y: self.y });
    }

    /// Something follows: what was kept may stay.
    fn release(&mut self) {
        self.kept = None;
    }

    /// Turns the page and takes along what is kept; says whether there was something.
    fn turn(&mut self) -> bool {
        let kept = self.kept.take().filter(|k| k.y > self.top);
        let mut next = Vec::new();
        let from = self.y;
        self.y = self.top;
        let moved = kept.is_some();
        if let Some(kept) = kept {
            next = self.pages.last_mut().map(|page| page.split_off(kept.placed.min(page.len()))).unwrap_or_default();
            let by = self.top - kept.y;
            for placed in &mut next {
                placed.what.lower(by);
            }
            for entry in self.outline.iter_mut().skip(kept.entry) {
                entry.page += 1;
                entry.y += by;
            }
            self.y = from + by;
        }
        self.pages.push(next);
        moved
    }

    fn left(&self) -> f32 {
        self.bottom - self.y
    }

    /// Turns the page unless that much room is left.
    pub(super) fn ensure(&mut self, height: f32) {
        if self.left() < height && self.y > self.top {
            self.turn();
        }
    }

    pub(super) fn space(&mut self, height: f32) {
        if self.y > self.top {
            self.y += height;
        }
    }

    /// The heading of a section, with a rule under it; never alone at the foot of a page.
    pub(super) fn heading(&mut self, text: &str, style: Style) {
        self.ensure(style.leading() + 6.0);
        self.keep();
        let entry = Entry { title: text.to_owned(), page: self.pages.len().saturating_sub(1), y: self.y };
        self.outline.push(entry);
        self.text(text, style, Role::Heading(2, text.to_owned()), 0.0);
        let y = self.y + 0.5;
        self.place(None, Drawn::Rule((EDGE, y), (EDGE + MEASURE, y), 0.8, style.ink));
        self.y += 4.0;
    }

    /// A heading, and a note in small print behind it, or below it when the line is too short for both.
    pub(super) fn titled(&mut self, title: &str, style: Style, note: &str, small: Style) {
        self.ensure(style.leading());
        self.keep();
        let end = self.text(title, style, Role::Heading(3, title.to_owned()), 0.0);
        let x = EDGE + end + 8.0;
        let mut lines = self.typesetter.lines(note, small, MEASURE);
        match lines.pop() {
            Some(line) if lines.is_empty() && !line.rtl && x + line.width <= EDGE + MEASURE => {
                let (leaf, baseline) = (self.leaf(), self.y - style.leading() + style.size * 1.07);
                self.place(Some(leaf), Drawn::Text(line, small, x, baseline));
                self.tree.push(Branch::Group(Role::Paragraph, vec![Branch::Leaf(leaf)]));
            }
            Some(_) | None => {
                self.text(note, small, Role::Paragraph, 0.0);
            }
        }
    }

    /// A paragraph; how far its last line reaches, points from the left edge of the text.
    pub(super) fn text(&mut self, text: &str, style: Style, role: Role, indent: f32) -> f32 {
        let lines = self.typesetter.lines(text, style, MEASURE - indent);
        let leaf = self.leaf();
        let mut end = indent;
        for line in lines {
            if self.left() < style.leading() {
                self.turn();
            }
            let x = EDGE + indent + inset(&line, MEASURE - indent);
            let baseline = self.y + style.size * 1.07;
            end = x - EDGE + line.width;
            self.place(Some(leaf), Drawn::Text(line, style, x, baseline));
            self.y += style.leading();
            if !matches!(role, Role::Heading(..)) {
                self.release();
            }
        }
        self.tree.push(Branch::Group(role, vec![Branch::Leaf(leaf)]));
        end
    }

    /// A paragraph with a line down its left side, on every page that it takes.
    pub(super) fn caution(&mut self, text: &str, style: Style) {
        self.ensure(style.leading() + 4.0);
        let (begin, first) = (self.y, self.pages.len());
        self.text(text, style, Role::Paragraph, 9.0);
        let (x, last, end) = (EDGE + 2.0, self.pages.len(), self.y - 1.0);
        let (top, bottom) = (self.top, self.bottom);
        for (page, number) in self.pages.iter_mut().zip(1usize..).skip(first.saturating_sub(1)) {
            let from = if number == first { begin } else { top };
            let to = if number == last { end } else { bottom };
            page.push(Placed { leaf: None, what: Drawn::Rule((x, from + 2.0), (x, to), 2.0, style.ink) });
        }
        self.space(2.0);
    }

    /// Rows of a table without head and rules. `widths` are points and add up to [`MEASURE`]. With `goes_on`, the last
    /// row stays with what follows it.
    pub(super) fn list(&mut self, widths: &[f32], rows: &[Vec<Cell<'_>>], goes_on: bool) {
        let mut branches = Vec::new();
        for (row, left) in rows.iter().zip((0..rows.len()).rev()) {
            let kept = goes_on && left == 0;
            if kept {
                self.keep();
            }
            branches.extend(self.row(widths, row, false, None, kept));
        }
        self.tree.push(Branch::Group(Role::Table, branches));
    }

    /// A table. `widths` are points and add up to [`MEASURE`].
    pub(super) fn table(&mut self, widths: &[f32], head: Option<&[Cell<'_>]>, rows: &[Vec<Cell<'_>>]) {
        let mut branches = Vec::new();
        if let Some(head) = head {
            self.keep();
            branches.extend(self.row(widths, head, true, None, true));
        }
        for row in rows {
            branches.extend(self.row(widths, row, true, head, false));
        }
        self.tree.push(Branch::Group(Role::Table, branches));
    }

    /// One row, on as many pages as it takes. On each new page `head` is repeated. A row that is `kept` goes with the
    /// next one.
    fn row(
        &mut self,
        widths: &[f32],
        cells: &[Cell<'_>],
        ruled: bool,
        head: Option<&[Cell<'_>]>,
        kept: bool,
    ) -> Option<Branch> {
        let pad = if ruled { 2.0 } else { 0.6 };
        let mut set = Vec::new();
        let mut branches = Vec::new();
        let mut x = EDGE;
        for (cell, width) in cells.iter().zip(widths) {
            let lines = self.typesetter.lines(cell.text, cell.style, width - GAP);
            let leaf = self.leaf();
            branches.push(Branch::Group(cell.role.clone(), vec![Branch::Leaf(leaf)]));
            set.push((x, width - GAP, leaf, cell.style, lines.into_iter()));
            x += width;
        }
        let leading = cells.iter().map(|c| c.style.leading()).fold(0.0, f32::max);
        if leading <= 0.0 {
            return None;
        }
        // Words of two sizes stand on one line.
        let ascent = cells.iter().map(|c| c.style.size * 1.07).fold(0.0, f32::max);
        loop {
            let longest = set.iter().map(|(.., lines)| lines.len()).max().unwrap_or(0);
            #[allow(clippy::cast_precision_loss)] // a count of lines
            let height = longest as f32 * leading + 2.0 * pad;
            let splits = height > (self.bottom - self.top) / 3.0;
            if height > self.left() && (!splits || self.left() < 3.0 * leading + 2.0 * pad) && self.y > self.top {
                self.turn_within(widths, head);
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a small positive count
            let fit = (((self.left() - 2.0 * pad) / leading) as usize).clamp(1, longest.max(1));
            for (x, width, leaf, style, lines) in &mut set {
                for (line, i) in lines.take(fit).zip(0u16..) {
                    let baseline = self.y + pad + f32::from(i) * leading + ascent;
                    let x = *x + inset(&line, *width);
                    if let Some(page) = self.pages.last_mut() {
                        page.push(Placed { leaf: Some(*leaf), what: Drawn::Text(line, *style, x, baseline) });
                    }
                }
            }
            #[allow(clippy::cast_precision_loss)] // a count of lines
            let used = fit as f32 * leading;
            self.y += used + 2.0 * pad;
            if !kept {
                self.release();
            }
            if longest <= fit {
                break;
            }
            self.turn_within(widths, head);
        }
        if ruled {
            self.place(None, Drawn::Rule((EDGE, self.y), (EDGE + MEASURE, self.y), 0.4, super::style::LINE));
        }
        Some(Branch::Group(Role::Row, branches))
    }

    /// Turns the page within a table, whose head is there again: seen, not heard twice.
    fn turn_within(&mut self, widths: &[f32], head: Option<&[Cell<'_>]>) {
        // A head that had no row yet came along.
        if self.turn() {
            return;
        }
        let Some(head) = head else { return };
        let before = self.pages.last().map_or(0, Vec::len);
        self.row(widths, head, true, None, true);
        for placed in self.pages.last_mut().into_iter().flat_map(|p| p.iter_mut().skip(before)) {
            placed.leaf = None;
        }
    }

    /// A drawing, never split.
    pub(super) fn figure(&mut self, scene: Scene) {
        self.ensure(scene.height + 4.0);
        let (leaf, y, height) = (self.leaf(), self.y, scene.height);
        let role = Role::Figure(scene.description.clone());
        self.place(Some(leaf), Drawn::Figure(scene, EDGE, y));
        self.tree.push(Branch::Group(role, vec![Branch::Leaf(leaf)]));
        self.y += height + 4.0;
        self.release();
    }
}

/// How far from the left a line begins.
pub(super) fn inset(line: &Line, width: f32) -> f32 {
    if line.rtl { (width - line.width).max(0.0) } else { 0.0 }
}

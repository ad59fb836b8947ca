//! From blocks to pages: paragraphs, tables whose rows split and whose heads repeat, figures. Nothing is drawn here.

use super::text::{Line, Style, Typesetter};
use crate::exchange::chart::Scene;

/// A4, points.
pub(super) const WIDTH: f32 = 595.28;
/// A4, points.
pub(super) const HEIGHT: f32 = 841.89;
/// Left and right of the text, points.
pub(super) const EDGE: f32 = 51.0;
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
}

impl<'t> Layout<'t> {
    /// Pages whose text stands between `top` and `bottom`, points from the top of the page.
    pub(super) fn new(typesetter: &'t mut Typesetter, top: f32, bottom: f32) -> Self {
        let (tree, outline) = (Vec::new(), Vec::new());
        Self { typesetter, pages: vec![Vec::new()], tree, outline, leaves: 0, top, bottom, y: top }
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

    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = self.top;
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
        self.ensure(style.leading() + 46.0);
        let entry = Entry { title: text.to_owned(), page: self.pages.len().saturating_sub(1), y: self.y };
        self.outline.push(entry);
        self.text(text, style, Role::Heading(2, text.to_owned()), 0.0);
        let y = self.y + 0.5;
        self.place(None, Drawn::Rule((EDGE, y), (EDGE + MEASURE, y), 0.8, style.ink));
        self.y += 5.0;
    }

    /// A paragraph.
    pub(super) fn text(&mut self, text: &str, style: Style, role: Role, indent: f32) {
        let lines = self.typesetter.lines(text, style, MEASURE - indent);
        let leaf = self.leaf();
        for line in lines {
            if self.left() < style.leading() {
                self.turn();
            }
            let x = EDGE + indent + inset(&line, MEASURE - indent);
            let baseline = self.y + style.size * 1.07;
            self.place(Some(leaf), Drawn::Text(line, style, x, baseline));
            self.y += style.leading();
        }
        self.tree.push(Branch::Group(role, vec![Branch::Leaf(leaf)]));
    }

    /// A paragraph with a line down its left side.
    pub(super) fn caution(&mut self, text: &str, style: Style) {
        self.ensure(style.leading() + 4.0);
        let (from, page) = (self.y, self.pages.len());
        self.text(text, style, Role::Paragraph, 9.0);
        let from = if self.pages.len() == page { from } else { self.top };
        let (x, to) = (EDGE + 2.0, self.y - 1.0);
        self.place(None, Drawn::Rule((x, from + 2.0), (x, to), 2.0, style.ink));
        self.space(2.0);
    }

    /// A table. `widths` are points and add up to [`MEASURE`].
    pub(super) fn table(&mut self, widths: &[f32], head: Option<&[Cell<'_>]>, rows: &[Vec<Cell<'_>>], ruled: bool) {
        let mut branches = Vec::new();
        if let Some(head) = head {
            self.ensure(60.0);
            branches.extend(self.row(widths, head, true, None));
        }
        for row in rows {
            branches.extend(self.row(widths, row, ruled, head));
        }
        self.tree.push(Branch::Group(Role::Table, branches));
        self.space(4.0);
    }

    /// One row, on as many pages as it takes. On each new page `head` is repeated.
    fn row(&mut self, widths: &[f32], cells: &[Cell<'_>], ruled: bool, head: Option<&[Cell<'_>]>) -> Option<Branch> {
        const GAP: f32 = 8.0;
        const PAD: f32 = 2.0;
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
        loop {
            let longest = set.iter().map(|(.., lines)| lines.len()).max().unwrap_or(0);
            #[allow(clippy::cast_precision_loss)] // a count of lines
            let height = longest as f32 * leading + 2.0 * PAD;
            let splits = height > (self.bottom - self.top) / 3.0;
            if height > self.left() && (!splits || self.left() < 3.0 * leading + 2.0 * PAD) && self.y > self.top {
                self.turn();
                self.repeat(widths, head);
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a small positive count
            let fit = (((self.left() - 2.0 * PAD) / leading) as usize).clamp(1, longest.max(1));
            for (x, width, leaf, style, lines) in &mut set {
                for (line, i) in lines.take(fit).zip(0u16..) {
                    let baseline = self.y + PAD + f32::from(i) * leading + style.size * 1.07;
                    let x = *x + inset(&line, *width);
                    if let Some(page) = self.pages.last_mut() {
                        page.push(Placed { leaf: Some(*leaf), what: Drawn::Text(line, *style, x, baseline) });
                    }
                }
            }
            #[allow(clippy::cast_precision_loss)] // a count of lines
            let used = fit as f32 * leading;
            self.y += used + 2.0 * PAD;
            if longest <= fit {
                break;
            }
            self.turn();
            self.repeat(widths, head);
        }
        if ruled {
            self.place(None, Drawn::Rule((EDGE, self.y), (EDGE + MEASURE, self.y), 0.4, super::style::LINE));
        }
        Some(Branch::Group(Role::Row, branches))
    }

    /// The head of a table again: seen, not heard twice.
    fn repeat(&mut self, widths: &[f32], head: Option<&[Cell<'_>]>) {
        let Some(head) = head else { return };
        let before = self.pages.last().map_or(0, Vec::len);
        self.row(widths, head, true, None);
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
    }
}

/// How far from the left a line begins.
pub(super) fn inset(line: &Line, width: f32) -> f32 {
    if line.rtl { (width - line.width).max(0.0) } else { 0.0 }
}

//! Laid-out pages into the PDF: glyphs, rules, drawings, the tree of tags, the outline.

use chrono::{Datelike as _, Timelike as _};
use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::validate::{Accessibility, Archival};
use krilla::configure::{ConfigurationBuilder, PdfVersion};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};

use super::layout::{Branch, Drawn, EDGE, Entry, HEIGHT, MEASURE, Placed, Role, WIDTH, inset};
use super::text::{Line, Style, Typesetter};
use super::{MARGIN, PdfError, Print, Running, style};
use crate::exchange::chart::{Anchor, Form, Ink, Place, RADIUS, Scene, Shape};

/// Pages that are laid out.
pub(super) struct Laid {
    pub(super) pages: Vec<Vec<Placed>>,
    pub(super) tree: Vec<Branch>,
    pub(super) outline: Vec<Entry>,
    pub(super) leaves: usize,
}

fn refused(why: impl std::fmt::Debug) -> PdfError {
    PdfError::Write(format!("{why:?}"))
}

/// Writes the file.
///
/// # Errors
/// The writer refuses it.
pub(super) fn write(
    print: &Print<'_>,
    typesetter: &Typesetter,
    running: &Running,
    laid: Laid,
) -> Result<Vec<u8>, PdfError> {
    let configuration = ConfigurationBuilder::new()
        .with_version(PdfVersion::Pdf17)
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(refused)?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    document.set_metadata(metadata(print));
    let word = print.document.notice(print.standing).map(|n| n.word);
    let count = laid.pages.len();
    let mut leaves: Vec<Vec<Identifier>> = vec![Vec::new(); laid.leaves];
    for (number, placed) in (1usize..).zip(&laid.pages) {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| refused("page size"))?;
        let mut page = document.start_page_with(settings);
        {
            let mut pen = Pen { surface: page.surface(), typesetter };
            if let Some(word) = word {
                pen.artifact(ArtifactType::Watermark, |pen| pen.watermark(word));
            }
            pen.artifact(ArtifactType::Header, |pen| pen.header(running));
            pen.content(placed, &mut leaves);
            pen.artifact(ArtifactType::Footer, |pen| pen.footer(running, &format!("page {number} of {count}")));
            pen.surface.finish();
        }
        page.finish();
    }
    let mut outline = Outline::new();
    for entry in &laid.outline {
        let to = XyzDestination::new(entry.page, Point::from_xy(0.0, entry.y));
        outline.push_child(OutlineNode::new(entry.title.clone(), to));
    }
    document.set_outline(outline);
    let mut tree = TagTree::new();
    for branch in laid.tree {
        tree.push(node(branch, &mut leaves));
    }
    document.set_tag_tree(tree);
    document.finish().map_err(refused)
}

fn metadata(print: &Print<'_>) -> Metadata {
    let d = print.document;
    let at = d.signed_at;
    let small = |n: u32| u8::try_from(n).unwrap_or_default();
    let date = DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(format!("{} {}", d.title(), d.accession))
        .language("en".to_owned())
        .creator("Trephine".to_owned())
        .producer("Trephine".to_owned())
        .creation_date(date)
        .document_id(format!("{} {} {}", d.accession, d.version, print.sha256.unwrap_or("preview")))
}

/// A branch as the writer knows it. A leaf becomes the pieces that were drawn of it, on every page.
fn node(branch: Branch, leaves: &mut Vec<Vec<Identifier>>) -> Node {
    match branch {
        Branch::Leaf(leaf) => {
            // A leaf stands outside of a group nowhere; this keeps the tree whole if it ever does.
            let children = leaves.get_mut(leaf).map(std::mem::take).unwrap_or_default();
            Node::Group(TagGroup::with_children(Tag::Span, children.into_iter().map(Node::Leaf).collect()))
        }
        Branch::Group(role, branches) => {
            let mut group = group(role);
            for branch in branches {
                match branch {
                    Branch::Leaf(leaf) => {
                        for identifier in leaves.get_mut(leaf).map(std::mem::take).unwrap_or_default() {
                            group.push(identifier);
                        }
                    }
                    Branch::Group(..) => group.push(node(branch, leaves)),
                }
            }
            Node::Group(group)
        }
    }
}

fn group(role: Role) -> TagGroup {
    match role {
        Role::Heading(level, title) => {
            TagGroup::new(Tag::Hn(std::num::NonZeroU16::new(level).unwrap_or(std::num::NonZeroU16::MIN), Some(title)))
        }
        Role::Paragraph => TagGroup::new(Tag::P),
        Role::Table => TagGroup::new(Tag::Table),
        Role::Row => TagGroup::new(Tag::TR),
        Role::Head => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
        Role::RowHead => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
        Role::Cell => TagGroup::new(Tag::TD),
        Role::Figure(alt) => TagGroup::new(Tag::Figure(Some(alt))),
    }
}

/// Draws on one page.
struct Pen<'a> {
    surface: Surface<'a>,
    typesetter: &'a Typesetter,
}

fn paint([red, green, blue]: [u8; 3]) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

fn stroke([red, green, blue]: [u8; 3], width: f32) -> Stroke {
    Stroke { paint: rgb::Color::new(red, green, blue).into(), width, ..Stroke::default() }
}

fn path(points: &[Place], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    path.move_to(first.0, first.1);
    for (x, y) in rest {
        path.line_to(*x, *y);
    }
    if closed {
        path.close();
    }
    path.finish()
}

/// Four arcs, each as a cubic: 0.5523 is what makes them round.
fn circle((x, y): Place, r: f32) -> Option<Path> {
    let k = r * 0.5523;
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.cubic_to(x + r, y + k, x + k, y + r, x, y + r);
    path.cubic_to(x - k, y + r, x - r, y + k, x - r, y);
    path.cubic_to(x - r, y - k, x - k, y - r, x, y - r);
    path.cubic_to(x + k, y - r, x + r, y - k, x + r, y);
    path.close();
    path.finish()
}

impl Pen<'_> {
    fn artifact(&mut self, kind: ArtifactType, draw: impl FnOnce(&mut Self)) {
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
        draw(self);
        self.surface.end_tagged();
    }

    /// What belongs to one part of the document and stands together is one piece of tagged content.
    fn content(&mut self, placed: &[Placed], leaves: &mut [Vec<Identifier>]) {
        for run in placed.chunk_by(|a, b| a.leaf == b.leaf) {
            let leaf = run.first().and_then(|p| p.leaf).and_then(|leaf| leaves.get_mut(leaf));
            if let Some(pieces) = leaf {
                let figure = run.iter().any(|p| matches!(p.what, Drawn::Figure(..)));
                let tag = if figure { ContentTag::Other } else { ContentTag::Span(SpanTag::empty()) };
                pieces.push(self.surface.start_tagged(tag));
                for p in run {
                    self.draw(&p.what);
                }
                self.surface.end_tagged();
            } else {
                self.artifact(ArtifactType::Layout, |pen| {
                    for p in run {
                        pen.draw(&p.what);
                    }
                });
            }
        }
    }

    fn draw(&mut self, what: &Drawn) {
        match what {
            Drawn::Text(line, style, x, y) => self.line(line, *style, *x, *y),
            Drawn::Rule(from, to, width, ink) => self.stroke(&[*from, *to], *ink, *width),
            Drawn::Figure(scene, x, y) => self.scene(scene, *x, *y),
        }
    }

    fn line(&mut self, line: &Line, style: Style, x: f32, y: f32) {
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(paint(style.ink)));
        for run in &line.runs {
            if let Some(face) = self.typesetter.faces.get(run.face) {
                let at = Point::from_xy(x + run.x, y);
                self.surface.draw_glyphs(at, &run.glyphs, face.drawing.clone(), &run.text, style.size, false);
            }
        }
    }

    fn stroke(&mut self, points: &[Place], ink: [u8; 3], width: f32) {
        if let Some(path) = path(points, false) {
            self.surface.set_fill(None);
            self.surface.set_stroke(Some(stroke(ink, width)));
            self.surface.draw_path(&path);
        }
    }

    fn scene(&mut self, scene: &Scene, x: f32, y: f32) {
        self.surface.push_transform(&Transform::from_translate(x, y));
        for shape in &scene.shapes {
            match shape {
                Shape::Line(from, to, Ink::Axis) => self.stroke(&[*from, *to], style::DRAWING.ink, 0.8),
                Shape::Line(from, to, Ink::Grid) => self.stroke(&[*from, *to], style::LINE, 0.4),
                Shape::Polyline(points) => self.stroke(points, style::SERIES, 1.2),
                Shape::Mark { at, form, filled } => self.mark(*at, *form, *filled),
                Shape::Words { at: (x, y), anchor, text } => {
                    for line in self.words(text, style::DRAWING) {
                        let x = match anchor {
                            Anchor::Start => *x,
                            Anchor::Middle => x - line.width / 2.0,
                            Anchor::End => x - line.width,
                        };
                        self.line(&line, style::DRAWING, x, *y);
                    }
                }
            }
        }
        self.surface.pop();
    }

    fn mark(&mut self, at: Place, form: Form, filled: bool) {
        let outline = if form == Form::Circle { circle(at, RADIUS) } else { path(&form.corners(at), true) };
        if let Some(outline) = outline {
            self.surface.set_fill(Some(paint(if filled { style::SERIES } else { [255; 3] })));
            self.surface.set_stroke(Some(stroke(style::SERIES, 1.2)));
            self.surface.draw_path(&outline);
        }
    }

    /// A text that is one line by its nature.
    fn words(&self, text: &str, style: Style) -> Vec<Line> {
        self.typesetter.one_line(text, style)
    }

    fn header(&mut self, running: &Running) {
        let strong = style::RUNNING_STRONG;
        let column = |pen: &mut Self, lines: &[Line], right: bool, width: f32| {
            for (line, i) in lines.iter().zip(0u8..) {
                let x = if right { EDGE + MEASURE - line.width } else { EDGE + inset(line, width) };
                pen.line(line, strong, x, MARGIN + strong.size * 1.07 + f32::from(i) * strong.leading());
            }
        };
        column(self, &running.who, false, MEASURE * 0.62);
        column(self, &running.which, true, 0.0);
        let y = running.top - 11.0;
        self.stroke(&[(EDGE, y), (EDGE + MEASURE, y)], strong.ink, 0.8);
    }

    fn footer(&mut self, running: &Running, page: &str) {
        let plain = style::RUNNING;
        let first = running.bottom + 10.0 + plain.size * 1.07;
        self.stroke(&[(EDGE, running.bottom + 6.0), (EDGE + MEASURE, running.bottom + 6.0)], style::LINE, 0.6);
        for (line, i) in running.foot.iter().zip(0u8..) {
            self.line(line, plain, EDGE, first + f32::from(i) * plain.leading());
        }
        for line in self.words(page, style::RUNNING_STRONG) {
            self.line(&line, style::RUNNING_STRONG, EDGE + MEASURE - line.width, first);
        }
    }

    /// One word from corner to corner, behind the text.
    fn watermark(&mut self, word: &str) {
        let style = Style { size: 100.0, bold: true, ink: style::FAINT };
        let unit: f32 = self.words(word, style).iter().map(|l| l.width).sum();
        if unit <= 0.0 {
            return;
        }
        let size = (style.size * 760.0 / unit).min(150.0);
        let style = Style { size, ..style };
        let turn = Transform::from_rotate_at(-52.0, WIDTH / 2.0, HEIGHT / 2.0);
        self.surface.push_transform(&turn);
        for line in self.words(word, style) {
            self.line(&line, style, WIDTH / 2.0 - line.width / 2.0, HEIGHT / 2.0 + size * 0.36);
        }
        self.surface.pop();
    }
}

//! From a text to lines of glyphs: which face, which direction, where to break.
//!
//! User text is data: nothing in it is markup. What cannot be drawn becomes a visible mark and is remembered.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use harfrust::{Buffer, Direction, ShapeOptions, ShaperFont};
use krilla::text::{GlyphId, KrillaGlyph};
use unicode_bidi::ParagraphBidiInfo;
use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_segmentation::UnicodeSegmentation as _;

use super::PdfError;
use super::fonts::{BOLD, FALLBACK, Face, REGULAR, faces};

/// Stands for what cannot be drawn.
pub(super) const MARK: char = '\u{FFFD}';

/// Size and weight of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    /// Points.
    pub(super) size: f32,
    pub(super) bold: bool,
    /// Red, green, blue.
    pub(super) ink: [u8; 3],
}

impl Style {
    /// From one baseline to the next, points.
    pub(super) fn leading(self) -> f32 {
        self.size * 1.4
    }
}

/// Glyphs of one face, left to right.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) face: usize,
    /// The text that the glyphs stand for, in the order in which it is read.
    pub(super) text: String,
    pub(super) glyphs: Vec<KrillaGlyph>,
    /// From the beginning of the line, points.
    pub(super) x: f32,
}

/// One line, ready to be drawn.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) runs: Vec<Run>,
    /// Points, with the space at its end.
    pub(super) width: f32,
    /// Whether it begins at the right.
    pub(super) rtl: bool,
}

/// Sets text, and remembers what it could not draw.
pub(super) struct Typesetter {
    pub(super) faces: &'static [Face],
    shapers: Vec<ShaperFont<'static, 'static>>,
    missing: BTreeSet<char>,
}

/// A stretch of text that one face draws.
struct Segment {
    range: Range<usize>,
    face: usize,
}

impl Typesetter {
    pub(super) fn new() -> Result<Self, PdfError> {
        let faces = faces()?;
        let shapers = faces.iter().map(|f| ShaperFont::new(&f.shaping)).collect();
        Ok(Self { faces, shapers, missing: BTreeSet::new() })
    }

    /// What could not be drawn, as `U+1F9EC`; at most forty are named.
    pub(super) fn missing(&self) -> Vec<String> {
        let mut names: Vec<String> = self.missing.iter().take(40).map(|c| format!("U+{:04X}", u32::from(*c))).collect();
        if self.missing.len() > names.len() {
            names.push(format!("and {} more", self.missing.len() - names.len()));
        }
        names
    }

    /// Breaks a text into lines that are at most `width` points wide.
    pub(super) fn lines(&mut self, text: &str, style: Style, width: f32) -> Vec<Line> {
        let text = text.replace("\r\n", "\n").replace(['\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
        text.split('\n').flat_map(|paragraph| self.paragraph(paragraph, style, width)).collect()
    }

    /// A text as one line however wide, with no memory of what could not be drawn: words of our own, or words that stand
    /// elsewhere too.
    pub(super) fn one_line(&self, text: &str, style: Style) -> Vec<Line> {
        let mut apart = Self { faces: self.faces, shapers: self.shapers.clone(), missing: BTreeSet::new() };
        apart.lines(&text.replace('\n', " "), style, f32::MAX)
    }

    /// How wide the widest line of a text is, points, with no memory of what could not be drawn.
    pub(super) fn width(&mut self, text: &str, style: Style) -> f32 {
        let missing = std::mem::take(&mut self.missing);
        let width = self.lines(text, style, f32::MAX).iter().map(|l| l.width).fold(0.0, f32::max);
        self.missing = missing;
        width
    }

    fn paragraph(&mut self, paragraph: &str, style: Style, width: f32) -> Vec<Line> {
        if paragraph.is_empty() {
            return vec![Line { runs: Vec::new(), width: 0.0, rtl: false }];
        }
        let (text, segments) = self.segments(paragraph, style.bold);
        let bidi = ParagraphBidiInfo::new(&text, None);
        let rtl = bidi.paragraph_level.is_rtl();
        let advances = self.advances(&text, &segments, &bidi, style.size);
        let mut lines = Vec::new();
        for range in breaks(&text, &advances, width) {
            let (levels, visual) = bidi.visual_runs(range);
            let mut line = Line { runs: Vec::new(), width: 0.0, rtl };
            for stretch in visual {
                let backwards = levels.get(stretch.start).is_some_and(unicode_bidi::Level::is_rtl);
                let mut pieces: Vec<Segment> = segments.iter().filter_map(|s| overlap(s, &stretch)).collect();
                if backwards {
                    pieces.reverse();
                }
                for piece in pieces {
                    let part = text.get(piece.range).unwrap_or_default();
                    let glyphs = self.shape(part, piece.face, backwards);
                    let advance: f32 = glyphs.iter().map(|g| g.x_advance * style.size).sum();
                    line.runs.push(Run { face: piece.face, text: part.to_owned(), glyphs, x: line.width });
                    line.width += advance;
                }
            }
            lines.push(line);
        }
        lines
    }

    /// The text with marks where nothing can be drawn, and which face draws what.
    fn segments(&mut self, paragraph: &str, bold: bool) -> (String, Vec<Segment>) {
        let (text, segments) = self.covered(paragraph, bold);
        // A face may have the letters and still no glyph for how they join; what it leaves out becomes a mark, too.
        let mut holes = Vec::new();
        for s in &segments {
            let part = text.get(s.range.clone()).unwrap_or_default();
            let empty = |g: &&KrillaGlyph| g.glyph_id.to_u32() == 0;
            let glyphs = self.shape(part, s.face, false);
            holes.extend(glyphs.iter().filter(empty).map(|g| g.text_range.start + s.range.start));
        }
        if holes.is_empty() {
            return (text, segments);
        }
        let mut patched = String::with_capacity(text.len());
        for (at, letter) in text.grapheme_indices(true) {
            if holes.iter().any(|h| (at..at + letter.len()).contains(h)) {
                self.missing.extend(letter.chars());
                patched.push(MARK);
            } else {
                patched.push_str(letter);
            }
        }
        self.covered(&patched, bold)
    }

    fn covered(&mut self, paragraph: &str, bold: bool) -> (String, Vec<Segment>) {
        let text_face = if bold { BOLD } else { REGULAR };
        let mut text = String::with_capacity(paragraph.len());
        let mut segments: Vec<Segment> = Vec::new();
        for letter in paragraph.graphemes(true) {
            let letter = if letter == "\t" { "    " } else { letter };
            let before = segments.last().map(|s| s.face);
            let start = text.len();
            let face = if let Some(face) = self.face_for(letter, text_face, before) {
                text.push_str(letter);
                face
            } else {
                self.missing.extend(letter.chars().filter(|c| *c != MARK));
                text.push(MARK);
                text_face
            };
            match segments.last_mut() {
                Some(s) if s.face == face => s.range.end = text.len(),
                Some(_) | None => segments.push(Segment { range: start..text.len(), face }),
            }
        }
        (text, segments)
    }

    /// The first face that has all of a letter. What belongs to every script stays with the face before it.
    fn face_for(&self, letter: &str, text_face: usize, before: Option<usize>) -> Option<usize> {
        if letter.chars().any(is_hidden) {
            return None;
        }
        let all =
            |face: &usize| self.faces.get(*face).is_some_and(|f| letter.chars().all(|c| is_ignorable(c) || f.has(c)));
        let shared = letter.chars().all(|c| !c.is_alphanumeric());
        let first = before.filter(|_| shared).into_iter().chain([text_face]);
        first.chain(FALLBACK..self.faces.len()).find(all)
    }

    fn shape(&self, text: &str, face: usize, backwards: bool) -> Vec<KrillaGlyph> {
        let (Some(font), Some(shaper)) = (self.faces.get(face), self.shapers.get(face)) else { return Vec::new() };
        let em = font.drawing.units_per_em();
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(if backwards { Direction::RightToLeft } else { Direction::LeftToRight });
        if harfrust::shape(shaper, &mut buffer, ShapeOptions::default()).is_err() {
            return Vec::new();
        }
        let starts: BTreeSet<usize> = buffer.glyph_infos().iter().map(|i| i.cluster as usize).collect();
        let infos = buffer.glyph_infos().iter().zip(buffer.glyph_positions());
        #[allow(clippy::cast_precision_loss)] // font units, far below 2^24
        infos
            .map(|(info, at)| {
                let start = info.cluster as usize;
                let end = starts.range(start + 1..).next().copied().unwrap_or(text.len());
                let share = |units: i32| units as f32 / em;
                let (advance, dx, dy) = (share(at.x_advance), share(at.x_offset), share(at.y_offset));
                KrillaGlyph::new(GlyphId::new(info.glyph_id), advance, dx, dy, 0.0, start..end, None)
            })
            .collect()
    }

    /// How wide the letter is that begins at each byte, points.
    fn advances(
        &self,
        text: &str,
        segments: &[Segment],
        bidi: &ParagraphBidiInfo<'_>,
        size: f32,
    ) -> BTreeMap<usize, f32> {
        let mut advances = BTreeMap::new();
        for s in segments {
            let backwards = bidi.levels.get(s.range.start).is_some_and(unicode_bidi::Level::is_rtl);
            let part = text.get(s.range.clone()).unwrap_or_default();
            for g in self.shape(part, s.face, backwards) {
                *advances.entry(s.range.start + g.text_range.start).or_insert(0.0) += g.x_advance * size;
            }
        }
        advances
    }
}

fn overlap(s: &Segment, stretch: &Range<usize>) -> Option<Segment> {
    let range = s.range.start.max(stretch.start)..s.range.end.min(stretch.end);
    (!range.is_empty()).then_some(Segment { range, face: s.face })
}

/// Where the lines begin and end: at the last place that Unicode allows (UAX 14), or within a word that is wider than
/// the line, between two letters.
fn breaks(text: &str, advances: &BTreeMap<usize, f32>, width: f32) -> Vec<Range<usize>> {
    let allowed: BTreeSet<usize> =
        linebreaks(text).filter(|(_, o)| *o == BreakOpportunity::Allowed).map(|(at, _)| at).collect();
    let mut lines = Vec::new();
    let (mut start, mut used, mut candidate) = (0, 0.0, None);
    // Width since the candidate, to carry over to the next line.
    let mut since = 0.0;
    for (at, letter) in text.grapheme_indices(true) {
        if at > start && allowed.contains(&at) {
            (candidate, since) = (Some(at), 0.0);
        }
        let advance: f32 = advances.range(at..at + letter.len()).map(|(_, w)| w).sum();
        let space = letter.chars().all(char::is_whitespace);
        if used + advance > width && at > start && !space {
            let (end, carried) = candidate.map_or((at, 0.0), |end| (end, since));
            lines.push(start..end);
            (start, used, candidate) = (end, carried, None);
            since = carried;
            // What was carried may itself be wider than a line only if a single letter is.
        }
        used += advance;
        since += advance;
    }
    lines.push(start..text.len());
    lines
}

/// Has no shape of its own and does no harm: joiners, marks of direction, variation selectors, places to break.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}')
}

/// Must be seen although it has no shape, or may not stand in an archival PDF: controls, what turns the direction of
/// other text around, tags, private characters, noncharacters.
fn is_hidden(c: char) -> bool {
    let code = u32::from(c);
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2061}'..='\u{206F}' | '\u{FEFF}' | '\u{E000}'..='\u{F8FF}')
        || matches!(code, 0xE_0000..=0xE_0FFF | 0xF_0000.. | 0xFDD0..=0xFDEF)
        || code & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style { size: 9.0, bold: false, ink: [0; 3] };

    fn set(text: &str, width: f32) -> (Vec<Line>, Vec<String>) {
        let mut typesetter = Typesetter::new().unwrap();
        let lines = typesetter.lines(text, STYLE, width);
        (lines, typesetter.missing())
    }

    fn words(line: &Line) -> String {
        line.runs.iter().map(|r| r.text.as_str()).collect()
    }

    #[test]
    fn lines_break_between_words_and_fit() {
        let (lines, missing) = set(&"Hypercellular marrow with 62 % blasts. ".repeat(40), 200.0);
        assert!(lines.len() > 10 && missing.is_empty());
        for line in &lines {
            let text = words(line);
            assert!(line.width <= 200.0 + 4.0, "{} {text}", line.width);
            assert!(!text.starts_with(' '), "{text:?}");
        }
        assert_eq!(lines.iter().map(words).collect::<String>(), "Hypercellular marrow with 62 % blasts. ".repeat(40));
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken_between_letters() {
        let karyotype = "t(9;22)(q34;q11.2),".repeat(52);
        for long in [karyotype, "x".repeat(984), "漢".repeat(300)] {
            let (lines, _) = set(&long, 150.0);
            assert!(lines.iter().all(|l| l.width <= 150.01), "{long}");
            assert_eq!(lines.iter().map(words).collect::<String>(), long);
        }
    }

    #[test]
    fn every_script_that_people_are_named_in_has_a_face() {
        for text in [
            "Müller Łukasz Željko",
            "Ελένη",
            "Дмитрий",
            "שרה כהן",
            "محمد علی",
            "राजेश कुमार",
            "রহিম",
            "ਹਰਪ੍ਰੀਤ",
            "પટેલ",
            "முருகன்",
            "రాము",
            "ಕನ್ನಡ",
            "മലയാളം",
            "สมชาย",
            "ສົມຊາຍ",
            "សុខា",
            "အောင်",
            "გიორგი",
            "Արմեն",
            "አበበ",
            "王小明",
            "たなか タロウ",
            "김철수",
            "→ ≥ ∅ ½ ⁹",
        ] {
            let (_, missing) = set(text, 300.0);
            assert!(missing.is_empty(), "{text}: {missing:?}");
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_marked_and_named() {
        let (lines, missing) = set("a\u{1F9EC}b\u{202E}c\u{0}d\u{E000}", 300.0);
        assert_eq!(words(&lines[0]), "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}");
        assert_eq!(missing, ["U+0000", "U+202E", "U+E000", "U+1F9EC"]);
    }

    #[test]
    fn hebrew_is_set_from_the_right() {
        let (lines, _) = set("שלום 12 abc", 300.0);
        assert!(lines[0].rtl);
        assert_eq!(lines[0].runs.first().map(|r| r.text.as_str()), Some("abc"));
    }
}

//! Tier 0, characters: what was typed, read as plain characters, each with its place.

use unicode_normalization::UnicodeNormalization;

use super::notes::{Code, Notes};
use super::{DIGITS_MAX, Level, QUOTE_MAX};

/// A normalised character and its place in the text as typed, from 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    pub(super) c: char,
    pub(super) at: usize,
}
/// Where something stands in the text as typed: position from 1, and length.
pub(super) type Span = (usize, usize);

pub(super) fn span(glyphs: &[Glyph]) -> Span {
    match (glyphs.first(), glyphs.last()) {
        (Some(first), Some(last)) => (first.at, last.at.saturating_sub(first.at) + 1),
        _ => (1, 0),
    }
}

/// The place right after some glyphs.
pub(super) fn after(glyphs: &[Glyph]) -> Span {
    let (position, length) = span(glyphs);
    (position + length, 0)
}

pub(super) fn string(glyphs: &[Glyph]) -> String {
    glyphs.iter().map(|g| g.c).collect()
}

pub(super) fn trim(mut glyphs: &[Glyph]) -> &[Glyph] {
    while let [Glyph { c: ' ', .. }, rest @ ..] | [rest @ .., Glyph { c: ' ', .. }] = glyphs {
        glyphs = rest;
    }
    glyphs
}

/// A piece of the text in quotation marks, shortened where it is long.
pub(super) fn quote(piece: &str) -> String {
    if piece.chars().count() <= QUOTE_MAX {
        return format!("“{piece}”");
    }
    let short: String = piece.chars().take(QUOTE_MAX).collect();
    format!("“{short}…”")
}

/// `1 cell`, `20 cells`.
pub(super) fn counted(n: impl Into<u64>, noun: &str, plural: &str) -> String {
    let n = n.into();
    format!("{n} {}", if n == 1 { noun } else { plural })
}

/// A number of at most [`DIGITS_MAX`] digits, and nothing else.
pub(super) fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= DIGITS_MAX && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// Each glyph with its index and how deep in brackets it stands; the outermost brackets themselves stand at 0.
pub(super) fn depths(glyphs: &[Glyph]) -> impl Iterator<Item = (usize, usize, Glyph)> {
    let mut depth = 0_usize;
    glyphs.iter().enumerate().map(move |(index, glyph)| {
        let here = match glyph.c {
            '(' | '[' => {
                depth += 1;
                depth - 1
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                depth
            }
            _ => depth,
        };
        (index, here, *glyph)
    })
}

/// What a typed character turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Plain,
    Space,
    LineBreak,
    /// Takes no room on the screen.
    Hidden,
    /// Stands for a plain character.
    LookAlike,
    /// Has no place in such a text.
    Foreign,
}

fn belongs(c: char) -> bool {
    c.is_ascii_alphanumeric() || ",./()[]+-~?;:*<>_=|#'\"".contains(c)
}

/// What one typed character is, and what it is read as.
fn recognise(c: char) -> (Sort, String) {
    let one = |sort, plain: char| (sort, String::from(plain));
    match c {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => one(Sort::LineBreak, ' '),
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => (Sort::Hidden, String::new()),
        '×' => one(Sort::Plain, 'x'), // the sign in print
        '\u{2010}'..='\u{2015}' | '\u{2212}' => one(Sort::LookAlike, '-'),
        '\u{223c}' | '\u{2dc}' => one(Sort::LookAlike, '~'),
        '‘' | '’' | '´' | '`' | '\u{2032}' => one(Sort::LookAlike, '\''),
        '“' | '”' | '\u{2033}' => one(Sort::LookAlike, '"'),
        '\u{2044}' | '\u{2215}' => one(Sort::LookAlike, '/'),
        '\u{425}' | '\u{3a7}' => one(Sort::LookAlike, 'X'), // Cyrillic ha, Greek chi
        '\u{423}' | '\u{3a5}' => one(Sort::LookAlike, 'Y'), // Cyrillic u, Greek upsilon
        '\u{445}' => one(Sort::LookAlike, 'x'),
        '\u{441}' => one(Sort::LookAlike, 'c'),
        '\u{440}' => one(Sort::LookAlike, 'p'),
        c if c.is_whitespace() => one(Sort::Space, ' '),
        c if belongs(c) => one(Sort::Plain, c),
        c => {
            let plain: String = std::iter::once(c).nfkc().collect();
            let sort = if !plain.is_empty() && plain.chars().all(belongs) { Sort::LookAlike } else { Sort::Foreign };
            (sort, plain)
        }
    }
}

/// The text as it is read, without what stands around it; says what was not plain.
pub(super) fn normalise(typed: &[char], notes: &mut Notes) -> Vec<Glyph> {
    let blank = |c: &char| c.is_whitespace();
    let Some(first) = typed.iter().position(|c| !blank(c)) else {
        notes.error(Code::EmptyText, (1, typed.len()), "There is no text.");
        return Vec::new();
    };
    let end = typed.iter().rposition(|c| !blank(c)).map_or(typed.len(), |last| last + 1);
    for (at, length) in [(1, first), (end + 1, typed.len() - end)] {
        if length > 0 {
            notes.add(Level::Warning, Code::SpaceAround, (at, length), "There is space around the text.", Some(""));
        }
    }
    let mut glyphs = Vec::with_capacity(end - first);
    let mut run: Option<(Sort, usize, String)> = None;
    for (index, c) in typed.iter().enumerate().take(end).skip(first) {
        let (sort, plain) = recognise(*c);
        glyphs.extend(plain.chars().map(|c| Glyph { c, at: index + 1 }));
        match &mut run {
            Some((running, _, read)) if *running == sort => read.push_str(&plain),
            _ => {
                if let Some(done) = run.replace((sort, index, plain)) {
                    remark(typed, done, index, notes);
                }
            }
        }
    }
    if let Some(done) = run {
        remark(typed, done, end, notes);
    }
    if glyphs.iter().all(|g| g.c == ' ') {
        notes.error(Code::EmptyText, (1, typed.len()), "There is no text.");
    }
    glyphs
}

/// Says what there is to say about a run of characters of one sort.
fn remark(typed: &[char], run: (Sort, usize, String), end: usize, notes: &mut Notes) {
    let (sort, start, read) = run;
    let at = (start + 1, end - start);
    let as_typed: String = typed.get(start..end).unwrap_or_default().iter().collect();
    match sort {
        Sort::Plain | Sort::Space => {}
        Sort::LineBreak => notes.error(Code::LineBreak, at, "The text goes over more than one line."),
        Sort::Hidden => {
            let message = "There is a character here that does not show; it is left out.";
            notes.add(Level::Warning, Code::HiddenCharacter, at, message, Some(""));
        }
        Sort::LookAlike => {
            let message = format!("{} is read as {}.", quote(&as_typed), quote(&read));
            notes.add(Level::Warning, Code::LookAlike, at, message, Some(&read));
        }
        Sort::Foreign => {
            let meant = match as_typed.as_str() {
                "{" => Some("("),
                "}" => Some(")"),
                "\\" => Some("/"),
                _ => None,
            };
            let shown: String = as_typed.chars().filter(|c| !c.is_control()).collect();
            let message = if shown.is_empty() {
                "A control character has no place in a karyotype.".to_owned()
            } else {
                format!("{} has no place in a karyotype.", quote(&shown))
            };
            notes.add(Level::Error, Code::ForeignCharacter, at, message, meant);
        }
    }
}

/// Every bracket has its partner.
pub(super) fn balance(glyphs: &[Glyph], notes: &mut Notes) {
    let mut open: Vec<Glyph> = Vec::new();
    for glyph in glyphs {
        let partner = match glyph.c {
            '(' | '[' => {
                open.push(*glyph);
                continue;
            }
            ')' => '(',
            ']' => '[',
            _ => continue,
        };
        match open.pop() {
            Some(opened) if opened.c == partner => {}
            Some(opened) => {
                let meant = if opened.c == '(' { ")" } else { "]" };
                let message =
                    format!("“{}” closes the “{}” at position {}, which does not fit.", glyph.c, opened.c, opened.at);
                notes.add(Level::Error, Code::Bracket, (glyph.at, 1), message, Some(meant));
            }
            None => notes.error(Code::Bracket, (glyph.at, 1), format!("“{}” closes nothing.", glyph.c)),
        }
    }
    for opened in open {
        notes.error(Code::Bracket, (opened.at, 1), format!("“{}” is never closed.", opened.c));
    }
}

//! Tier 1, shape: where one clone ends and the next begins, what is FISH, and what stands between commas.

use super::DIGITS_MAX;
use super::glyphs::{Glyph, Span, depths, span, trim};
use super::notes::{Code, Notes};

/// What stands before a piece of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slash {
    /// Nothing: it is the first.
    None,
    /// `/`: another clone.
    Clone,
    /// `//`: the donor's cells.
    Donor,
}

/// What stands between two slashes.
pub(super) struct Piece<'g> {
    pub(super) glyphs: &'g [Glyph],
    pub(super) slash: Slash,
    pub(super) slash_at: Span,
}

/// Cuts at the slashes outside brackets.
pub(super) fn pieces<'g>(glyphs: &'g [Glyph], notes: &mut Notes) -> Vec<Piece<'g>> {
    let mut all = Vec::new();
    let (mut start, mut slash, mut slash_at) = (0, Slash::None, (1, 0));
    let mut next = 0;
    for (index, depth, glyph) in depths(glyphs) {
        if index < next || depth > 0 || glyph.c != '/' {
            continue;
        }
        let run = glyphs.iter().skip(index).take_while(|g| g.c == '/').count();
        next = index + run;
        all.push(Piece { glyphs: trim(&glyphs[start..index]), slash, slash_at });
        start = next;
        slash_at = span(&glyphs[index..next]);
        slash = if run == 1 { Slash::Clone } else { Slash::Donor };
        if run > 2 {
            let message = "One slash parts clones and two part recipient from donor; there are more here.";
            notes.error(Code::Slash, slash_at, message);
        }
    }
    all.push(Piece { glyphs: trim(&glyphs[start..]), slash, slash_at });
    all
}

/// How a part of a piece is joined to what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// It is the first.
    Start,
    /// By a full stop.
    Dot,
    /// By another mark, where FISH wants a full stop.
    OtherMark,
    /// By nothing, where FISH wants a full stop.
    NoDot,
    /// By nothing, where a clone wants a slash.
    NoSlash,
    /// By nothing: some other text after the number of cells.
    Loose,
}

/// A karyotype, a FISH string or some other text.
pub(super) struct Part<'g> {
    pub(super) glyphs: &'g [Glyph],
    pub(super) join: Join,
    /// The full stop, or the place where something is missing.
    pub(super) join_at: Span,
}

/// Cuts a piece into the karyotype and what follows it.
pub(super) fn parts(glyphs: &[Glyph]) -> Vec<Part<'_>> {
    let mut all = Vec::new();
    let (mut start, mut join, mut join_at) = (0, Join::Start, (1, 0));
    let mut before = None;
    for (index, depth, glyph) in depths(glyphs) {
        if glyph.c == ' ' {
            continue;
        }
        let closed = before.replace(glyph.c) == Some(']');
        if depth > 0 {
            continue;
        }
        let rest = &glyphs[index..];
        let next = match glyph.c {
            '.' if closed || names_a_tail(&rest[1..]) => Join::Dot,
            ',' | ';' if closed && fish_header(&rest[1..]).is_some() => Join::OtherMark,
            '.' | ',' | '[' | ')' | ']' => continue,
            _ if !closed => continue,
            _ if fish_header(rest).is_some() => Join::NoDot,
            _ if begins_a_clone(rest) => Join::NoSlash,
            _ => Join::Loose,
        };
        all.push(Part { glyphs: trim(&glyphs[start..index]), join, join_at });
        join = next;
        (start, join_at) = match next {
            Join::Dot | Join::OtherMark => (index + 1, (glyph.at, 1)),
            Join::Start | Join::NoDot | Join::NoSlash | Join::Loose => (index, (glyph.at, 0)),
        };
    }
    all.push(Part { glyphs: trim(&glyphs[start..]), join, join_at });
    all
}

/// Whether a clone begins here: a number or a range of numbers, and a comma.
pub(super) fn begins_a_clone(glyphs: &[Glyph]) -> bool {
    let mut rest = glyphs.iter().map(|g| g.c).filter(|c| *c != ' ').take(2 * DIGITS_MAX).peekable();
    let mut digits = 0;
    while rest.next_if(char::is_ascii_digit).is_some() {
        digits += 1;
    }
    if rest.next_if(|c| matches!(c, '~' | '-')).is_some() {
        while rest.next_if(char::is_ascii_digit).is_some() {}
    }
    digits > 0 && rest.next() == Some(',')
}

/// How a FISH string begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    /// On interphase nuclei (`nuc ish`), not metaphases (`ish`).
    pub(super) nuclei: bool,
    /// How many glyphs it takes.
    pub(super) length: usize,
    /// Written as it should be.
    pub(super) tidy: bool,
}

/// The head of a FISH string, if one begins here.
pub(super) fn fish_header(glyphs: &[Glyph]) -> Option<Header> {
    let lower = |index: usize| glyphs.get(index).map(|g: &Glyph| g.c.to_ascii_lowercase());
    let word = |from: usize, word: &str| word.chars().enumerate().all(|(i, c)| lower(from + i) == Some(c));
    let blanks = |from: usize| glyphs.iter().skip(from).take_while(|g| g.c == ' ').count();
    let start = blanks(0);
    let nuclei = word(start, "nuc");
    let gap = if nuclei { blanks(start + 3) } else { 0 };
    let ish = start + if nuclei { 3 + gap } else { 0 };
    let length = ish + 3;
    let ends = !lower(length).is_some_and(|c| c.is_ascii_alphabetic());
    if !word(ish, "ish") || !ends {
        return None;
    }
    let shouted = glyphs.iter().take(length).any(|g| g.c.is_ascii_uppercase());
    Some(Header { nuclei, length, tidy: !shouted && (!nuclei || gap == 1) })
}

/// Whether what follows a full stop is FISH, an array or sequencing.
fn names_a_tail(glyphs: &[Glyph]) -> bool {
    let word: String = glyphs
        .iter()
        .map(|g| g.c.to_ascii_lowercase())
        .skip_while(|c| *c == ' ')
        .take_while(char::is_ascii_alphabetic)
        .take(DIGITS_MAX)
        .collect();
    fish_header(glyphs).is_some() || ["arr", "ogm", "rsa", "seq", "sseq"].contains(&word.as_str())
}

/// One thing between commas: what it says, and the bracketed counts after it.
pub(super) struct Token<'g> {
    pub(super) body: &'g [Glyph],
    pub(super) counts: Vec<&'g [Glyph]>,
    /// The comma before it; for the first, the place where it begins.
    pub(super) comma_at: Span,
}

/// Cuts a clone at the commas outside brackets.
pub(super) fn tokens(glyphs: &[Glyph]) -> Vec<Token<'_>> {
    let mut all = Vec::new();
    let (mut start, mut body_end, mut group, mut counts) = (0, None, 0, Vec::new());
    let mut comma_at = (span(glyphs).0, 0);
    for (index, depth, glyph) in depths(glyphs) {
        match glyph.c {
            '[' if depth == 0 => {
                body_end.get_or_insert(index);
                group = index;
            }
            ']' if depth == 0 => counts.push(&glyphs[group..=index]),
            ',' if depth == 0 => {
                let body = &glyphs[start..body_end.take().unwrap_or(index)];
                all.push(Token { body, counts: std::mem::take(&mut counts), comma_at });
                start = index + 1;
                comma_at = (glyph.at, 1);
            }
            _ => {}
        }
    }
    all.push(Token { body: &glyphs[start..body_end.unwrap_or(glyphs.len())], counts, comma_at });
    all
}

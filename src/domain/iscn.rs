//! Karyotype and FISH text, checked in tiers. A check never blocks: the text stays as typed and the findings say what
//! is wrong, what is unusual, and what this program does not understand yet.
//!
//! - Tier 0, characters: look-alikes are read as what they stand for, brackets balance, the text is one line. What fails
//!   here is read no further.
//! - Tier 1, shape: clones between slashes, donor after a double slash, each with a number of chromosomes, sex
//!   chromosomes and a number of cells; FISH after a full stop.
//! - Tier 2, sense, where it is sure: whole chromosomes gained and lost against the number of chromosomes, clones of too
//!   few cells.
//!
//! Everything else (what a translocation or an `idem` means) is kept, and said to be not modelled. The rules are in our
//! own words; nothing is copied from the published nomenclature.

use crate::text_enum;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

text_enum! {
    /// What a check came to: the worst of its findings.
    pub enum Status {
        /// Everything was understood and fits.
        Ok = "ok",
        /// Everything was understood; something is unusual.
        Warnings = "warnings",
        /// Something was kept as typed because it is not understood here; it may well be right.
        NotModelled = "not_modelled",
        /// Something is surely wrong.
        Error = "error",
    }
}

text_enum! {
    /// How grave one finding is.
    pub enum Level {
        /// Unusual, or typed unusually.
        Warning = "warning",
        /// Kept as typed; not understood here.
        NotModelled = "not_modelled",
        /// Surely wrong.
        Error = "error",
    }
}

/// One thing to say about one place in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = IscnFinding)]
pub struct Finding {
    /// How grave it is.
    pub level: Level,
    /// Where it begins, in characters of the text as typed, counted from 1.
    pub position: usize,
    /// How many characters it covers; 0 for a place between characters.
    pub length: usize,
    /// What is to be said, in plain English.
    pub message: String,
    /// What to put in place of the covered characters (empty: take them out), where that is sure.
    pub suggestion: Option<String>,
}

/// One clone (or the normal cells) of a karyotype.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = IscnClone)]
pub struct Clone {
    /// The clone as typed, without the slashes around it and without a FISH tail.
    pub text: String,
    /// Lowest and highest number of chromosomes; the same twice when one number was given.
    pub modal: Option<(u32, u32)>,
    /// The sex chromosomes, such as `XX`; a constitutional `c` stays with them.
    pub sex: Option<String>,
    /// How many cells.
    pub cells: Option<u32>,
    /// Written with `cp`: put together from cells that differ.
    pub composite: bool,
    /// Everything after the sex chromosomes, normalised, in the order typed. Nothing is left out.
    pub abnormalities: Vec<String>,
}

/// A checked text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = IscnChecked)]
pub struct Checked {
    /// The text as typed.
    pub text: String,
    /// The worst of the findings.
    pub status: Status,
    /// What there is to say, in the order of the text.
    pub findings: Vec<Finding>,
    /// The clones of the karyotype. FISH is told in `plain` only, for now.
    pub clones: Vec<Clone>,
    /// What was understood, in plain English.
    pub plain: String,
}

/// Fewer cells than this in all is said.
const USUAL_CELLS: u64 = 20;
/// Numbers of chromosomes that need no remark.
const USUAL_MODAL: std::ops::RangeInclusive<u32> = 23..=126;
/// Numbers of chromosomes that are reckoned from two of each.
const NEAR_DIPLOID: std::ops::RangeInclusive<u32> = 35..=57;
/// Longest number read, in digits.
const DIGITS_MAX: usize = 6;
/// Longest piece of the text repeated in a message, in characters.
const QUOTE_MAX: usize = 60;

/// The symbols of changes that are known by name, and whether one alone (no sign before it) surely leaves the number of
/// chromosomes as it is.
const SYMBOLS: &[(&str, &str, bool)] = &[
    ("add", "material of unknown origin", true),
    ("del", "deletion", true),
    ("der", "derivative chromosome", false),
    ("dic", "dicentric chromosome", false),
    ("dmin", "double minutes", false),
    ("dup", "duplication", true),
    ("hsr", "homogeneously staining region", false),
    ("i", "isochromosome", false),
    ("idem", "the changes of the clone before", false),
    ("idic", "isodicentric chromosome", false),
    ("inc", "incomplete karyotype", false),
    ("ins", "insertion", true),
    ("inv", "inversion", true),
    ("mar", "marker chromosome", false),
    ("r", "ring chromosome", false),
    ("rob", "whole-arm translocation", false),
    ("sdl", "the changes of a sideline", false),
    ("sl", "the changes of the stemline", false),
    ("t", "translocation", true),
    ("tas", "telomeric association", false),
    ("tri", "triplication", false),
    ("trp", "triplication", false),
];

/// Checks a karyotype, a FISH string or both. It never fails: whatever the text, there is an answer.
pub fn check(text: &str) -> Checked {
    let typed: Vec<char> = text.chars().collect();
    let mut notes = Notes::default();
    let glyphs = normalise(&typed, &mut notes);
    balance(&glyphs, &mut notes);
    let mut reading = Reading::new(&typed, notes);
    if reading.notes.worst() != Status::Error {
        reading.whole(&glyphs);
    }
    if !reading.anything {
        reading.sentences = vec!["This text could not be read.".into()];
    }
    let Reading { notes, clones, sentences, .. } = reading;
    let status = notes.worst();
    let mut findings = notes.0;
    findings.sort_by_key(|f| (f.position, std::cmp::Reverse(f.level)));
    Checked { text: text.to_owned(), status, findings, clones, plain: sentences.join(" ") }
}

/// A normalised character and its place in the text as typed, from 1.
#[derive(Debug, Clone, Copy)]
struct Glyph {
    c: char,
    at: usize,
}

/// Where something stands in the text as typed: position from 1, and length.
type Span = (usize, usize);

fn span(glyphs: &[Glyph]) -> Span {
    match (glyphs.first(), glyphs.last()) {
        (Some(first), Some(last)) => (first.at, last.at.saturating_sub(first.at) + 1),
        _ => (1, 0),
    }
}

/// The place right after some glyphs.
fn after(glyphs: &[Glyph]) -> Span {
    let (position, length) = span(glyphs);
    (position + length, 0)
}

fn string(glyphs: &[Glyph]) -> String {
    glyphs.iter().map(|g| g.c).collect()
}

fn trim(mut glyphs: &[Glyph]) -> &[Glyph] {
    while let [Glyph { c: ' ', .. }, rest @ ..] | [rest @ .., Glyph { c: ' ', .. }] = glyphs {
        glyphs = rest;
    }
    glyphs
}

/// A piece of the text in quotation marks, shortened where it is long.
fn quote(piece: &str) -> String {
    if piece.chars().count() <= QUOTE_MAX {
        return format!("“{piece}”");
    }
    let short: String = piece.chars().take(QUOTE_MAX).collect();
    format!("“{short}…”")
}

/// `1 cell`, `20 cells`.
fn counted(n: impl Into<u64>, noun: &str, plural: &str) -> String {
    let n = n.into();
    format!("{n} {}", if n == 1 { noun } else { plural })
}

fn cells_in_words(n: u32) -> String {
    counted(n, "cell", "cells")
}

/// A number of at most [`DIGITS_MAX`] digits, and nothing else.
fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= DIGITS_MAX && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// Each glyph with its index and how deep in brackets it stands; the outermost brackets themselves stand at 0.
fn depths(glyphs: &[Glyph]) -> impl Iterator<Item = (usize, usize, Glyph)> {
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

/// The findings so far.
#[derive(Debug, Default)]
struct Notes(Vec<Finding>);

impl Notes {
    fn add(&mut self, level: Level, at: Span, message: impl Into<String>, suggestion: Option<&str>) {
        let (position, length) = at;
        self.0.push(Finding {
            level,
            position,
            length,
            message: message.into(),
            suggestion: suggestion.map(str::to_owned),
        });
    }

    fn error(&mut self, at: Span, message: impl Into<String>) {
        self.add(Level::Error, at, message, None);
    }

    fn warn(&mut self, at: Span, message: impl Into<String>) {
        self.add(Level::Warning, at, message, None);
    }

    fn not_modelled(&mut self, at: Span, message: impl Into<String>) {
        self.add(Level::NotModelled, at, message, None);
    }

    fn worst(&self) -> Status {
        match self.0.iter().map(|f| f.level).max() {
            None => Status::Ok,
            Some(Level::Warning) => Status::Warnings,
            Some(Level::NotModelled) => Status::NotModelled,
            Some(Level::Error) => Status::Error,
        }
    }
}

// Tier 0: characters.

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
fn normalise(typed: &[char], notes: &mut Notes) -> Vec<Glyph> {
    let blank = |c: &char| c.is_whitespace();
    let Some(first) = typed.iter().position(|c| !blank(c)) else {
        notes.error((1, typed.len()), "There is no text.");
        return Vec::new();
    };
    let end = typed.iter().rposition(|c| !blank(c)).map_or(typed.len(), |last| last + 1);
    for (at, length) in [(1, first), (end + 1, typed.len() - end)] {
        if length > 0 {
            notes.add(Level::Warning, (at, length), "There is space around the text.", Some(""));
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
        notes.error((1, typed.len()), "There is no text.");
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
        Sort::LineBreak => notes.error(at, "The text goes over more than one line."),
        Sort::Hidden => {
            notes.add(Level::Warning, at, "There is a character here that does not show; it is left out.", Some(""));
        }
        Sort::LookAlike => {
            let message = format!("{} is read as {}.", quote(&as_typed), quote(&read));
            notes.add(Level::Warning, at, message, Some(&read));
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
            notes.add(Level::Error, at, message, meant);
        }
    }
}

/// Every bracket has its partner.
fn balance(glyphs: &[Glyph], notes: &mut Notes) {
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
                notes.add(Level::Error, (glyph.at, 1), message, Some(meant));
            }
            None => notes.error((glyph.at, 1), format!("“{}” closes nothing.", glyph.c)),
        }
    }
    for opened in open {
        notes.error((opened.at, 1), format!("“{}” is never closed.", opened.c));
    }
}

// Tier 1: shape.

/// What stands before a piece of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slash {
    /// Nothing: it is the first.
    None,
    /// `/`: another clone.
    Clone,
    /// `//`: the donor's cells.
    Donor,
}

/// What stands between two slashes.
struct Piece<'g> {
    glyphs: &'g [Glyph],
    slash: Slash,
    slash_at: Span,
}

/// Cuts at the slashes outside brackets.
fn pieces<'g>(glyphs: &'g [Glyph], notes: &mut Notes) -> Vec<Piece<'g>> {
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
            notes.error(slash_at, message);
        }
    }
    all.push(Piece { glyphs: trim(&glyphs[start..]), slash, slash_at });
    all
}

/// How a part of a piece is joined to what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
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
struct Part<'g> {
    glyphs: &'g [Glyph],
    join: Join,
    /// The full stop, or the place where something is missing.
    join_at: Span,
}

/// Cuts a piece into the karyotype and what follows it.
fn parts(glyphs: &[Glyph]) -> Vec<Part<'_>> {
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
fn begins_a_clone(glyphs: &[Glyph]) -> bool {
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
struct Header {
    /// On interphase nuclei (`nuc ish`), not metaphases (`ish`).
    nuclei: bool,
    /// How many glyphs it takes.
    length: usize,
    /// Written as it should be.
    tidy: bool,
}

/// The head of a FISH string, if one begins here.
fn fish_header(glyphs: &[Glyph]) -> Option<Header> {
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
struct Token<'g> {
    body: &'g [Glyph],
    counts: Vec<&'g [Glyph]>,
    /// The comma before it; for the first, the place where it begins.
    comma_at: Span,
}

/// Cuts a clone at the commas outside brackets.
fn tokens(glyphs: &[Glyph]) -> Vec<Token<'_>> {
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

/// What one thing after the sex chromosomes does.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    /// A whole chromosome more or less.
    Whole { gain: bool, which: String, constitutional: bool },
    /// Not understood, but it surely leaves the number of chromosomes as it is.
    Neutral,
    /// Not understood.
    Other,
}

/// The symbol a change begins with, after any sign or question mark.
fn symbol(token: &str) -> Option<(&'static str, &'static str, bool)> {
    let bare = token.trim_start_matches(['+', '-', '?']);
    let word: String = bare.chars().take_while(char::is_ascii_lowercase).collect();
    SYMBOLS.iter().find(|(symbol, _, _)| *symbol == word).copied()
}

/// Whether a change that is not understood surely leaves the number of chromosomes alone.
fn surely_neutral(token: &str) -> bool {
    let plain = !token.starts_with(['+', '-', '?']) && symbol(token).is_some_and(|(_, _, neutral)| neutral);
    // Sex chromosomes stand in the sex part or in the change, and whole arms may cost a chromosome.
    plain && token.contains('(') && !["X", "Y", "?", "p10", "q10", "cen"].iter().any(|s| token.contains(s))
}

/// What has been read so far.
struct Reading<'t> {
    typed: &'t [char],
    notes: Notes,
    clones: Vec<Clone>,
    sentences: Vec<String>,
    /// Whether there was anything to read but marks.
    anything: bool,
    /// The FISH string read last, if nothing else came after it.
    fish: Option<Header>,
    /// From the first clone to the last.
    clones_at: Option<Span>,
}

impl<'t> Reading<'t> {
    fn new(typed: &'t [char], notes: Notes) -> Self {
        Self { typed, notes, clones: Vec::new(), sentences: Vec::new(), anything: false, fish: None, clones_at: None }
    }

    fn as_typed(&self, at: Span) -> String {
        let start = at.0.saturating_sub(1);
        self.typed.get(start..start + at.1).unwrap_or_default().iter().collect()
    }

    /// The whole text.
    fn whole(&mut self, glyphs: &[Glyph]) {
        let pieces = pieces(glyphs, &mut self.notes);
        let donors = pieces.iter().filter(|p| p.slash == Slash::Donor).count();
        for piece in pieces.iter().filter(|p| p.slash == Slash::Donor).skip(1) {
            self.notes.not_modelled(piece.slash_at, "More than one donor is not checked yet.");
        }
        let nothing = pieces.iter().all(|p| p.glyphs.is_empty());
        if donors > 0 {
            self.sentences.push("Recipient:".into());
        }
        for (index, piece) in pieces.iter().enumerate() {
            if piece.slash == Slash::Donor {
                self.fish = None;
                self.sentences.push("Donor:".into());
            }
            if !piece.glyphs.is_empty() {
                self.piece(piece.glyphs);
                continue;
            }
            let follower = pieces.get(index + 1);
            let empty_side = match follower {
                Some(next) => next.slash == Slash::Donor && piece.slash == Slash::None,
                None => piece.slash == Slash::Donor,
            };
            if empty_side && !nothing {
                self.sentences.push("No cells.".into());
            } else if piece.slash != Slash::None {
                self.notes.error(piece.slash_at, "There is nothing after this slash.");
            } else if let Some(next) = follower {
                self.notes.error(next.slash_at, "There is nothing before this slash.");
            }
        }
        self.sum_up();
    }

    /// What there is to say about all clones together.
    fn sum_up(&mut self) {
        let all: Option<Vec<u32>> = self.clones.iter().map(|c| c.cells).collect();
        let (Some(cells), Some(at)) = (all, self.clones_at) else { return };
        let sum: u64 = cells.iter().copied().map(u64::from).sum();
        let said = counted(sum, "cell", "cells");
        if cells.len() > 1 {
            self.sentences.push(format!("{said} in all."));
        }
        if sum < USUAL_CELLS {
            self.notes.warn(at, format!("{said} in all; {USUAL_CELLS} are usual."));
        }
    }

    /// What stands between two slashes.
    fn piece(&mut self, glyphs: &[Glyph]) {
        let parts = parts(glyphs);
        for part in &parts {
            let header = fish_header(part.glyphs);
            match part.join {
                Join::Start if part.glyphs.is_empty() => {
                    if let Some(next) = parts.get(1) {
                        let message = "A full stop joins FISH to the karyotype before it; there is none.";
                        self.notes.add(Level::Warning, next.join_at, message, Some(""));
                    }
                    continue;
                }
                Join::Dot if part.glyphs.is_empty() => {
                    self.notes.add(Level::Warning, part.join_at, "There is nothing after this full stop.", Some(""));
                    continue;
                }
                Join::Dot if header.is_none() && begins_a_clone(part.glyphs) => {
                    let message = "A slash parts clones, not a full stop.";
                    self.notes.add(Level::Error, part.join_at, message, Some("/"));
                }
                Join::Dot if header.is_none() => {
                    self.loose(part.glyphs);
                    continue;
                }
                Join::NoDot | Join::OtherMark => {
                    self.notes.add(Level::Warning, part.join_at, "A full stop joins FISH to the karyotype.", Some("."));
                }
                Join::NoSlash => {
                    self.notes.add(Level::Error, part.join_at, "The slash between two clones is missing.", Some("/"));
                }
                Join::Loose => {
                    self.loose(part.glyphs);
                    continue;
                }
                Join::Start | Join::Dot => {}
            }
            match (header, self.fish) {
                (Some(header), _) => self.fish(part.glyphs, header),
                (None, Some(before)) if !begins_a_clone(part.glyphs) => {
                    self.fish(part.glyphs, Header { length: 0, tidy: true, ..before });
                }
                (None, _) => {
                    self.fish = None;
                    self.karyotype(part.glyphs);
                }
            }
        }
    }

    /// Some text that is neither a karyotype nor FISH.
    fn loose(&mut self, glyphs: &[Glyph]) {
        self.anything = true;
        let quoted = quote(&self.as_typed(span(glyphs)));
        self.notes.not_modelled(span(glyphs), format!("{quoted} is kept as typed and not checked."));
        self.sentences.push(format!("Kept as typed and not checked: {quoted}."));
    }

    /// One clone.
    fn karyotype(&mut self, part: &[Glyph]) {
        self.anything = true;
        let at = span(part);
        let first = self.clones_at.map_or(at.0, |(first, _)| first);
        self.clones_at = Some((first, (at.0 + at.1).saturating_sub(first)));
        let mut clone = Clone { text: self.as_typed(at), ..Clone::default() };

        let begins = leading_words(part);
        if begins > 0 {
            self.loose(trim(&part[..begins]));
        }
        let rest = self.without_spaces(&part[begins..]);
        if rest.is_empty() {
            self.clones.push(clone);
            return;
        }

        let tokens = tokens(&rest);
        let count_at = self.counts(&tokens, &mut clone);
        let changes = self.tokens(&tokens, &mut clone);
        if count_at.is_none() {
            let message = "The number of cells in square brackets is missing at the end of the clone.";
            self.notes.warn(after(&rest), message);
        }
        let unread = changes.iter().any(|(_, change)| !matches!(change, Change::Whole { .. }));
        let normal = !unread && clone.abnormalities.is_empty() && is_normal(&clone);
        if let (Some(count_at), false) = (count_at, normal) {
            self.clonality(&clone, &changes, count_at);
        }
        self.sentences.push(sentence(&clone, &changes, normal));
        self.clones.push(clone);
    }

    /// The glyphs without the spaces among them; says where they were.
    fn without_spaces(&mut self, glyphs: &[Glyph]) -> Vec<Glyph> {
        for run in glyphs.chunk_by(|a, b| (a.c == ' ') == (b.c == ' ')) {
            if run.first().is_some_and(|g| g.c == ' ') {
                self.notes.add(Level::Warning, span(run), "A karyotype is written without spaces.", Some(""));
            }
        }
        glyphs.iter().filter(|g| g.c != ' ').copied().collect()
    }

    /// The bracketed numbers of a clone: the one that closes it, and those of single changes. Gives the place of the
    /// first.
    fn counts(&mut self, tokens: &[Token<'_>], clone: &mut Clone) -> Option<Span> {
        let closing = tokens.last().and_then(|t| t.counts.last()).copied();
        if let Some((cells, composite)) = closing.and_then(|group| self.count(group)) {
            clone.cells = Some(cells);
            clone.composite = composite;
        }
        let all: Vec<&[Glyph]> = tokens.iter().flat_map(|t| t.counts.iter().copied()).collect();
        let inner = all.len().saturating_sub(usize::from(closing.is_some()));
        for group in all.iter().take(inner) {
            let at = span(group);
            match self.count(group) {
                _ if closing.is_none() => {
                    self.notes.error(at, "The number of cells closes a clone; nothing of the clone comes after it.");
                }
                _ if !clone.composite => {
                    self.notes.warn(at, "Only a composite karyotype counts the cells of single changes.");
                }
                Some((cells, _)) if clone.cells.is_some_and(|all| cells > all) => {
                    self.notes.error(at, "A change cannot be in more cells than the composite karyotype has.");
                }
                Some(_) | None => {}
            }
        }
        closing.map(span)
    }

    /// `[n]` or `[cpn]`: how many cells, and whether composite.
    fn count(&mut self, group: &[Glyph]) -> Option<(u32, bool)> {
        let at = span(group);
        let inner = string(group.get(1..group.len().saturating_sub(1)).unwrap_or_default());
        let (digits, composite) = match inner.strip_prefix("cp") {
            Some(digits) => (digits, true),
            None => (inner.as_str(), false),
        };
        match number(digits) {
            Some(0) => self.notes.error(at, "A clone has at least one cell."),
            Some(cells) => return Some((cells, composite)),
            None if digits.is_empty() => self.notes.error(at, "The number of cells is missing in these brackets."),
            None if digits.bytes().all(|b| b.is_ascii_digit()) => {
                self.notes.error(at, "This is not a likely number of cells.");
            }
            None => {
                let quoted = quote(&string(group));
                let message =
                    format!("{quoted} is kept as typed; it is not a number of cells that is understood here.");
                self.notes.not_modelled(at, message);
            }
        }
        None
    }

    /// Everything between the commas of a clone, and the arithmetic of it.
    fn tokens(&mut self, tokens: &[Token<'_>], clone: &mut Clone) -> Vec<(String, Change)> {
        let mut rest = tokens.iter();
        let Some(first) = rest.next() else { return Vec::new() };
        let digits = first.body.iter().take_while(|g| g.c.is_ascii_digit()).count();
        let mut queue: Vec<&Token<'_>> = Vec::new();
        let mut sex_at = None;
        let glued = self.modal(first, clone);
        // A number with something behind it, such as a level of ploidy, is not reckoned with.
        let bare = digits == first.body.len() || matches!(glued, Some(Glued::Sex(_)));
        match glued {
            Some(Glued::Sex(sex)) => clone.sex = Some(sex),
            Some(Glued::Unread) => queue.push(first),
            None => {}
        }
        if clone.sex.is_none() {
            match rest.next() {
                None => {
                    let end = first.counts.first().map_or(after(first.body), |g| (span(g).0, 0));
                    self.notes.error(end, "The sex chromosomes are missing.");
                }
                Some(token) => match self.sex(token) {
                    Some(sex) => {
                        clone.sex = Some(sex);
                        sex_at = Some(span(token.body));
                    }
                    None if token.body.is_empty() => {}
                    None => queue.push(token),
                },
            }
        }
        queue.extend(rest);

        let mut changes = Vec::new();
        for token in queue {
            changes.push(self.change(token, std::ptr::eq(token, first)));
        }
        clone.abnormalities =
            changes.iter().map(|(token, _)| token.clone()).filter(|token| !token.is_empty()).collect();
        if bare {
            self.arithmetic(clone, &changes, span(&first.body[..digits]), sex_at);
        }
        changes
    }

    /// The number of chromosomes. Gives what else stands before the first comma.
    fn modal(&mut self, token: &Token<'_>, clone: &mut Clone) -> Option<Glued> {
        let body = token.body;
        let at = span(body);
        if body.is_empty() {
            self.notes.error(token.comma_at, "The number of chromosomes is missing.");
            return None;
        }
        let digits = |from: usize| body.iter().skip(from).take_while(|g| g.c.is_ascii_digit()).count();
        let low_end = digits(0);
        let ranged = body.get(low_end).is_some_and(|g| matches!(g.c, '~' | '-')) && digits(low_end + 1) > 0;
        let end = if ranged { low_end + 1 + digits(low_end + 1) } else { low_end };
        let (read, rest) = body.split_at(end);
        let rest_text = string(rest);

        if low_end == 0 {
            if let Some(sex) = sex_letters(&rest_text) {
                self.notes.error((at.0, 0), "A clone begins with the number of chromosomes.");
                return Some(Glued::Sex(sex));
            }
            if rest_text.starts_with('?') {
                let message = format!("{} is kept as typed; the number is not certain.", quote(&rest_text));
                self.notes.not_modelled(at, message);
                return None;
            }
            self.notes.error(at, format!("A clone begins with the number of chromosomes, not {}.", quote(&rest_text)));
            return Some(Glued::Unread);
        }

        let low = number(&string(&body[..low_end]));
        let high = if ranged { number(&string(&read[low_end + 1..])) } else { low };
        let (Some(low), Some(high)) = (low, high) else {
            self.notes.error(span(read), "This is not a likely number of chromosomes.");
            return None;
        };
        if low == 0 || high == 0 {
            self.notes.error(span(read), "A cell has chromosomes.");
            return None;
        }
        let after_mark = rest_text.trim_start_matches(['.', ';', ':']);
        if let Some(sex) = sex_letters(after_mark) {
            let message = "A comma parts the number of chromosomes from the sex chromosomes.";
            self.notes.add(Level::Error, span(rest), message, Some(&format!(",{after_mark}")));
            clone.modal = Some((low.min(high), low.max(high)));
            self.modal_remarks(low, high, ranged, span(read));
            return Some(Glued::Sex(sex));
        }
        if !rest.is_empty() {
            let message = format!("{} is kept as typed and not checked yet.", quote(&rest_text));
            self.notes.not_modelled(span(rest), message);
        }
        clone.modal = Some((low.min(high), low.max(high)));
        self.modal_remarks(low, high, ranged, span(read));
        None
    }

    /// What is odd about a number or range of chromosomes.
    fn modal_remarks(&mut self, low: u32, high: u32, ranged: bool, at: Span) {
        if low > high {
            let message = "A range goes from the lower to the higher number.";
            self.notes.add(Level::Error, at, message, Some(&format!("{high}~{low}")));
        } else if ranged && low == high {
            self.notes.add(Level::Warning, at, "A range has two different numbers.", Some(&low.to_string()));
        } else if !USUAL_MODAL.contains(&low) || !USUAL_MODAL.contains(&high) {
            self.notes.warn(at, "This is an unusual number of chromosomes.");
        }
    }

    /// The sex chromosomes; none if this is something else, which is then a change.
    fn sex(&mut self, token: &Token<'_>) -> Option<String> {
        let text = string(token.body);
        let at = span(token.body);
        if text.is_empty() {
            self.notes.error(token.comma_at, "The sex chromosomes are missing.");
            return None;
        }
        if let Some(sex) = sex_letters(&text) {
            return Some(sex);
        }
        let upper = text.to_ascii_uppercase();
        if let Some(sex) = sex_letters(&upper) {
            let message = "The sex chromosomes are written in capital letters.";
            self.notes.add(Level::Warning, at, message, Some(&sex));
            return Some(sex);
        }
        if matches!(upper.as_str(), "XO" | "X0") {
            self.notes.add(Level::Error, at, "A missing sex chromosome is not written.", Some("X"));
            return Some("X".into());
        }
        let signed = text.strip_prefix(['+', '-']).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()));
        let relation = ["idem", "sl", "sdl"].iter().any(|word| text.starts_with(word));
        if !relation && (signed || symbol(&text).is_some_and(|_| text.contains('(') || text.starts_with(['+', '-']))) {
            self.notes.error((at.0, 0), "The sex chromosomes are missing before this change.");
        }
        None
    }

    /// One thing after the sex chromosomes. `said` when there is a finding about it already.
    fn change(&mut self, token: &Token<'_>, said: bool) -> (String, Change) {
        let text = string(token.body);
        let at = span(token.body);
        if text.is_empty() {
            self.notes.error(token.comma_at, "There is nothing after this comma.");
            return (text, Change::Other);
        }
        if said {
            return (text, Change::Other);
        }
        if let Some((gain, name)) = signed(&text) {
            let (which, constitutional) = name.strip_suffix('c').map_or((name, false), |which| (which, true));
            let known = matches!(which, "X" | "Y")
                || (!which.starts_with('0') && number(which).is_some_and(|n| (1..=22).contains(&n)));
            if known {
                return (text.clone(), Change::Whole { gain, which: which.to_owned(), constitutional });
            }
            if !which.is_empty() && which.bytes().all(|b| b.is_ascii_digit()) {
                self.notes.error(at, format!("There is no chromosome {}.", quote(which)));
                return (text, Change::Other);
            }
        }
        let quoted = quote(&text);
        let message = match symbol(&text) {
            Some((_, name, _)) => format!("{quoted} ({name}) is kept as typed and not checked yet."),
            None => format!("{quoted} is kept as typed; it is not understood here."),
        };
        self.notes.not_modelled(at, message);
        let change = if surely_neutral(&text) { Change::Neutral } else { Change::Other };
        (text, change)
    }

    // Tier 2: sense.

    /// Whole chromosomes gained and lost against the number of chromosomes, where nothing else changes it.
    fn arithmetic(&mut self, clone: &Clone, changes: &[(String, Change)], modal_at: Span, sex_at: Option<Span>) {
        let (Some((low, high)), Some(sex)) = (clone.modal, clone.sex.as_deref()) else { return };
        let (mut plus, mut minus, mut sex_plus, mut sex_lost) = (0_i64, 0_i64, 0_i64, Vec::new());
        for (_, change) in changes {
            match change {
                Change::Whole { gain, which, .. } => match (*gain, matches!(which.as_str(), "X" | "Y")) {
                    (true, false) => plus += 1,
                    (false, false) => minus += 1,
                    (true, true) => sex_plus += 1,
                    (false, true) => sex_lost.push(which.as_str()),
                },
                Change::Neutral => {}
                Change::Other => return,
            }
        }
        if low != high || clone.composite {
            return;
        }
        let constitutional = sex.ends_with('c');
        if constitutional && (sex_plus > 0 || !sex_lost.is_empty()) {
            return;
        }
        let letters = sex.trim_end_matches('c');
        if let ([lost], 2, Some(at)) = (sex_lost.as_slice(), letters.len(), sex_at) {
            let left = letters.replacen(lost, "", 1);
            let suggestion = (left.len() == 1).then_some(left.as_str());
            let message = "After the loss of a sex chromosome only what is left stands here.";
            self.notes.add(Level::Warning, at, message, suggestion);
            return;
        }
        let letters = i64::try_from(letters.len()).unwrap_or(i64::MAX / 2);
        let sum = 44 + letters + sex_plus + plus - minus;
        if sum == i64::from(low) {
            return;
        }
        if NEAR_DIPLOID.contains(&low) {
            let message = format!("The sex chromosomes and the changes make {sum} chromosomes, not {low}.");
            self.notes.add(Level::Error, modal_at, message, Some(&sum.to_string()));
        } else {
            let message = "The number of chromosomes is checked only where it is near 46.";
            self.notes.not_modelled(modal_at, message);
        }
    }

    /// Whether there are enough cells to call it a clone.
    fn clonality(&mut self, clone: &Clone, changes: &[(String, Change)], at: Span) {
        if is_constitutional(clone, changes) {
            return;
        }
        let losses = changes.iter().all(|(_, c)| matches!(c, Change::Whole { gain: false, constitutional: false, .. }));
        match clone.cells {
            Some(1) if clone.composite => self.notes.warn(at, "A composite karyotype is made of two cells or more."),
            Some(1) => self.notes.warn(at, "A change in a single cell is not a clone (non-clonal)."),
            Some(2) if losses && !changes.is_empty() && !clone.composite => {
                self.notes.warn(at, "A loss makes a clone from three cells on.");
            }
            Some(_) | None => {}
        }
    }

    /// A FISH string.
    fn fish(&mut self, part: &[Glyph], header: Header) {
        self.anything = true;
        self.fish = Some(header);
        let (head, body) = part.split_at(header.length.min(part.len()));
        if !header.tidy {
            let right = if header.nuclei { "nuc ish" } else { "ish" };
            self.notes.add(Level::Warning, span(head), format!("This is written {}.", quote(right)), Some(right));
        }
        let mut start = 0;
        let mut group = 0;
        for (index, depth, glyph) in depths(body) {
            if depth > 0 {
                continue;
            }
            if glyph.c == '[' {
                group = index;
            } else if glyph.c == ']' {
                self.signals(&body[start..group], Some(&body[group..=index]), header);
                start = index + 1;
            }
        }
        let rest = trim(&body[start..]);
        if !rest.is_empty() || start == 0 {
            let noun = if header.nuclei { "nuclei" } else { "cells" };
            self.notes.warn(after(part), format!("The number of {noun} in square brackets is missing."));
            self.signals(rest, None, header);
        }
    }

    /// What a FISH string says before one of its counts.
    fn signals(&mut self, glyphs: &[Glyph], group: Option<&[Glyph]>, header: Header) {
        let mut glyphs = trim(glyphs);
        while let [Glyph { c: ',', .. }, rest @ ..] = glyphs {
            glyphs = trim(rest);
        }
        let cells = group.and_then(|group| self.scored(group));
        let (one, many) = if header.nuclei { ("interphase nucleus", "interphase nuclei") } else { ("cell", "cells") };
        let place = match cells {
            Some((None, all)) => format!(" in {}", counted(all, one, many)),
            Some((Some(some), all)) => format!(" in {some} of {}", counted(all, one, many)),
            None => String::new(),
        };
        let name = if header.nuclei { "FISH" } else { "Metaphase FISH" };
        if glyphs.is_empty() {
            let at = group.map_or((self.typed.len() + 1, 0), span);
            self.notes.not_modelled(at, "There is no probe before this; it is kept as typed.");
            self.sentences.push(format!("{name}{place}."));
            return;
        }
        let read = if header.nuclei { probes(glyphs) } else { None };
        if let Some(read) = read {
            self.sentences.push(format!("{name}{place}: {}.", read.join(", ")));
            return;
        }
        let quoted = quote(&self.as_typed(span(glyphs)));
        self.notes.not_modelled(span(glyphs), format!("{quoted} is kept as typed and not checked yet."));
        self.sentences.push(format!("{name}{place}, kept as typed and not checked: {quoted}."));
    }

    /// `[n]` or `[abnormal/n]` of a FISH string.
    fn scored(&mut self, group: &[Glyph]) -> Option<(Option<u32>, u32)> {
        let at = span(group);
        let text: String = string(group).chars().filter(|c| !matches!(c, ' ' | '[' | ']')).collect();
        let read = match text.split_once('/') {
            Some((some, all)) => number(some).map(Some).zip(number(all)),
            None => number(&text).map(|all| (None, all)),
        };
        match read {
            Some((_, 0)) => self.notes.error(at, "At least one cell is scored."),
            Some((Some(some), all)) if some > all => {
                self.notes.error(at, "There cannot be more abnormal cells than cells scored.");
            }
            Some(read) => return Some(read),
            None if text.is_empty() => self.notes.error(at, "The number of cells is missing in these brackets."),
            None => {
                let message = format!("{} is kept as typed; it is not a number of cells.", quote(&string(group)));
                self.notes.not_modelled(at, message);
            }
        }
        None
    }
}

/// What stood before the first comma besides a number.
enum Glued {
    /// The sex chromosomes.
    Sex(String),
    /// Something else, and no number.
    Unread,
}

/// How much of a part is words before (or instead of) a clone, such as `mos` or `nonclonal`.
fn leading_words(part: &[Glyph]) -> usize {
    let word: String = part.iter().map(|g| g.c).take_while(char::is_ascii_alphabetic).collect();
    let about_a_clone = sex_letters(&word.to_ascii_uppercase()).is_some()
        || matches!(word.to_ascii_uppercase().as_str(), "XO")
        || symbol(&word).is_some();
    if word.is_empty() || about_a_clone {
        return 0;
    }
    depths(part)
        .zip(part.iter().skip(1))
        .find(|((index, depth, before), glyph)| {
            *depth == 0
                && matches!(before.c, ' ' | ':')
                && glyph.c.is_ascii_digit()
                && begins_a_clone(&part[index + 1..])
        })
        .map_or(part.len(), |((index, _, _), _)| index + 1)
}

/// Sex chromosomes, possibly constitutional, if the text is nothing else.
fn sex_letters(text: &str) -> Option<String> {
    let letters = text.strip_suffix('c').unwrap_or(text);
    let fits = !letters.is_empty() && letters.bytes().all(|b| matches!(b, b'X' | b'Y'));
    fits.then(|| text.to_owned())
}

/// A sign and what follows it.
fn signed(text: &str) -> Option<(bool, &str)> {
    text.strip_prefix('+').map(|rest| (true, rest)).or_else(|| text.strip_prefix('-').map(|rest| (false, rest)))
}

fn is_normal(clone: &Clone) -> bool {
    clone.modal == Some((46, 46)) && matches!(clone.sex.as_deref(), Some("XX" | "XY")) && !clone.composite
}

/// Whether all there is was there from birth.
fn is_constitutional(clone: &Clone, changes: &[(String, Change)]) -> bool {
    let inborn = |change: &Change| matches!(change, Change::Whole { constitutional: true, .. });
    changes.iter().all(|(_, change)| inborn(change))
        && (!changes.is_empty() || clone.sex.as_deref().is_some_and(|sex| sex.ends_with('c')))
}

/// A clone in plain English.
fn sentence(clone: &Clone, changes: &[(String, Change)], normal: bool) -> String {
    let people = match clone.sex.as_deref() {
        Some("XX") => "female ",
        Some("XY") => "male ",
        _ => "",
    };
    let cells = clone.cells.map_or(String::new(), |n| format!(" in {}", cells_in_words(n)));
    if normal {
        return format!("A normal {people}karyotype{cells}.");
    }
    let plain = changes.is_empty() || is_constitutional(clone, changes);
    let noun = match (clone.composite, plain, clone.cells) {
        (true, _, _) => "composite karyotype",
        (false, true, _) => "karyotype",
        (false, false, Some(1)) => "single-cell finding",
        (false, false, _) => "clone",
    };
    let modal = match clone.modal {
        Some((low, high)) if low == high => format!(" with {}", counted(low, "chromosome", "chromosomes")),
        Some((low, high)) => format!(" with {low} to {high} chromosomes"),
        None => String::new(),
    };
    let sex = match (people, clone.sex.as_deref()) {
        ("", Some(sex)) => match sex.strip_suffix('c') {
            Some(letters) => format!(", sex chromosomes {letters} (constitutional),"),
            None if sex.len() == 1 => format!(", sex chromosome {sex},"),
            None => format!(", sex chromosomes {sex},"),
        },
        _ => String::new(),
    };
    let sex = if cells.is_empty() { sex.trim_end_matches(',') } else { &sex };
    let mut text = format!("A {people}{noun}{modal}{sex}{cells}");
    let (mut read, mut kept) = (Vec::new(), Vec::new());
    for run in changes.chunk_by(|a, b| a == b) {
        let Some((token, change)) = run.first() else { continue };
        match change {
            Change::Whole { gain, which, constitutional } => {
                let kind = if *constitutional { "constitutional " } else { "" };
                let done = if *gain { "gain" } else { "loss" };
                let times = if run.len() > 1 { format!(" ({} times)", run.len()) } else { String::new() };
                read.push(format!("{kind}{done} of chromosome {which}{times}"));
            }
            Change::Neutral | Change::Other if token.is_empty() => {}
            Change::Neutral | Change::Other => kept.push(token.as_str()),
        }
    }
    if !read.is_empty() {
        text.push_str(": ");
        text.push_str(&read.join(", "));
    }
    if !kept.is_empty() {
        text.push_str(if read.is_empty() { ": " } else { "; " });
        text.push_str("kept as typed and not checked: ");
        text.push_str(&kept.join(", "));
    }
    text.push('.');
    text
}

/// The plain signal counts of a FISH string, such as `(D8Z2x3)` or `13q14(DLEUx1,LAMPx2)`; none if it says more.
fn probes(glyphs: &[Glyph]) -> Option<Vec<String>> {
    let mut all = Vec::new();
    let mut start = 0;
    let commas = depths(glyphs).filter(|(_, depth, g)| *depth == 0 && g.c == ',').map(|(index, _, _)| index);
    for end in commas.chain([glyphs.len()]) {
        probe_group(&string(trim(&glyphs[start..end])), &mut all)?;
        start = end + 1;
    }
    Some(all)
}

/// One `locus(probes)` of a FISH string; none if it says more than counts.
fn probe_group(text: &str, all: &mut Vec<String>) -> Option<()> {
    let (locus, rest) = text.split_once('(')?;
    let (inner, outer) = rest.split_once(')')?;
    let locus = locus.trim();
    if !locus.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'X' | b'Y')) {
        return None;
    }
    let place = if locus.is_empty() { String::new() } else { format!(" at {locus}") };
    let together = match outer {
        "" => None,
        times => Some(number(times.strip_prefix('x')?)?),
    };
    for item in inner.split(',').map(str::trim) {
        let own = item.rsplit_once('x').and_then(|(name, times)| Some((name, number(times)?)));
        let (name, times) = match (together, own) {
            (None, Some(own)) => own,
            (Some(times), None) => (item, times),
            (None, None) | (Some(_), Some(_)) => return None,
        };
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'\'' | b':' | b'/');
        // `con` and `sep` say more than a count, however they are spaced.
        if name.contains("con")
            || name.contains("sep")
            || !name.starts_with(|c: char| c.is_ascii_alphanumeric())
            || !name.bytes().all(fits)
        {
            return None;
        }
        all.push(format!("{} for {name}{place}", counted(times, "signal", "signals")));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OK: Status = Status::Ok;
    const WARN: Status = Status::Warnings;
    const KEPT: Status = Status::NotModelled;
    const ERR: Status = Status::Error;

    /// Text, status, and the findings as `level position+length`, in order.
    const TABLE: &[(&str, Status, &str)] = &[
        // Understood.
        ("46,XX[20]", OK, ""),
        ("46,XY[30]", OK, ""),
        ("46,XX[25]/46,XY[5]", OK, ""),
        ("47,XY,+8[11]/46,XY[9]", OK, ""),
        ("45,XX,-7[20]", OK, ""),
        ("45,X,-Y[14]/46,XY[6]", OK, ""),
        ("45,X,-X[5]/46,XX[15]", OK, ""),
        ("47,XX,+X[7]/46,XX[13]", OK, ""),
        ("46,X,-Y,+8[12]/46,XY[8]", OK, ""),
        ("48,XX,+8,+21[8]/47,XX,+8[6]/46,XX[6]", OK, ""),
        ("48,XY,+8,+8[10]/46,XY[10]", OK, ""),
        ("55,XX,+3,+5,+7,+9,+11,+15,+15,+19,+21[20]", OK, ""),
        ("47,XXYc[20]", OK, ""),
        ("48,XY,+8,+21c[6]/47,XY,+21c[14]", OK, ""),
        ("48,XXYc,+8[20]", OK, ""),
        ("47,XXX[20]", OK, ""),
        ("45~47,XX,-7,+8,+21[cp20]", OK, ""),
        ("45-47,XX,-7,+8[cp20]", OK, ""),
        ("44~46,XY,-5[4],-7[6],+8[3][cp20]", OK, ""),
        ("46,XX[3]//46,XY[17]", OK, ""),
        ("//46,XX[20]", OK, ""),
        ("46,XY[20]//", OK, ""),
        ("46,XX[20].nuc ish(D8Z2x2)[200]", OK, ""),
        ("46,XY[20].nuc ish 13q14.3(DLEUx2)[200]", OK, ""),
        ("nuc ish(D21S259x3)[200]", OK, ""),
        ("nuc ish(D8Z2×3)[37/200]", OK, ""),
        ("nuc ish(D8Z2,MYC)x3[50/200]", OK, ""),
        ("nuc ish 13q14(DLEUx1,LAMPx2)[180],17p13(TP53x1)[20/200]", OK, ""),
        ("nuc ish(TP53x1)[120/200]/(TP53x2)[80/200]", OK, ""),
        ("46,XX[20].nuc ish(D8Z2x2)[200]/47,XX,+8[3]", OK, ""),
        // Unusual.
        ("46,XX[12]", WARN, "warning 1+9"),
        ("47,XX,+8[1]/46,XX[19]", WARN, "warning 9+3"),
        ("46,XX[1]/47,XX,+8[19]", OK, ""),
        ("45,XY,-7[2]/46,XY[18]", WARN, "warning 9+3"),
        ("47,XY,+8[2]/46,XY[18]", OK, ""),
        ("45~46,XX,-7[cp1]/46,XX[19]", WARN, "warning 12+5"),
        ("47,XY,+21c[1]/48,XY,+8,+21c[19]", OK, ""),
        ("46, XX [20]", WARN, "warning 4+1, warning 7+1"),
        (" 46,XX[20]\n", WARN, "warning 1+1, warning 11+1"),
        ("46,XX", WARN, "warning 6+0"),
        ("46,xx[20]", WARN, "warning 4+2"),
        ("45,XX,\u{2212}7[20]", WARN, "warning 7+1"),
        ("４６,XX[20]", WARN, "warning 1+2"),
        ("46,\u{425}\u{423}[20]", WARN, "warning 4+2"),
        ("46,XX\u{200b}[20]", WARN, "warning 6+1"),
        ("46,XX[20].", WARN, "warning 10+1"),
        ("46,XX[20]nuc ish(D8Z2x2)[200]", WARN, "warning 10+0"),
        ("46,XX[20] nuc ish(D8Z2x2)[200]", WARN, "warning 11+0"),
        ("46,XX[20],nuc ish(D8Z2x2)[200]", WARN, "warning 10+1"),
        ("46,XX[20]; nuc ish(D8Z2x2)[200]", WARN, "warning 10+1"),
        ("45~46,XX,-X[cp20]", OK, ""),
        ("46,XX[20].nucish(D8Z2x2)[200]", WARN, "warning 11+6"),
        ("NUC ISH(D8Z2x2)[200]", WARN, "warning 1+7"),
        ("nuc ish(D8Z2x2)", WARN, "warning 16+0"),
        (".nuc ish(D8Z2x2)[200]", WARN, "warning 1+1"),
        ("46~46,XX[cp20]", WARN, "warning 1+5"),
        ("45,XY,-Y[20]", WARN, "warning 4+2"),
        ("47,XX,+8[3],+9[20]", ERR, "error 1+2, warning 9+3"),
        // Kept.
        ("46,XX,t(9;22)(q34;q11.2)[20]", KEPT, "not_modelled 7+18"),
        ("46,XY,del(5)(q13q33)[20]", KEPT, "not_modelled 7+14"),
        ("46,XX,inv(16)(p13q22)[20]", KEPT, "not_modelled 7+15"),
        ("44,XY,del(5)(q22q35),-7,-17[14]/46,XY[6]", KEPT, "not_modelled 7+14"),
        ("47,XX,+mar[20]", KEPT, "not_modelled 7+4"),
        ("45,XX,der(13;14)(q10;q10)[20]", KEPT, "not_modelled 7+19"),
        ("45,XX,t(13;14)(q10;q10)[20]", KEPT, "not_modelled 7+17"),
        ("46,X,t(X;18)(p11;q11)[20]", KEPT, "not_modelled 6+16"),
        ("46,X,del(X)(q22)[20]", KEPT, "not_modelled 6+11"),
        ("47,XX,+8[10]/48,idem,+21[10]", KEPT, "not_modelled 17+4"),
        ("47,XX,+8[10]/48,sl,+21[6]/49,sdl1,+9[4]", KEPT, "not_modelled 17+2, not_modelled 30+4"),
        ("69<3n>,XXX[20]", KEPT, "not_modelled 3+4"),
        ("50<3n>,XXX[20]", KEPT, "not_modelled 3+4"),
        ("92,XXYY[20]", KEPT, "not_modelled 1+2"),
        ("46,XX,?del(7)(q22)[20]", KEPT, "not_modelled 7+12"),
        ("46,XY,+8,inc[20]", KEPT, "not_modelled 10+3"),
        ("?,XX[20]", KEPT, "not_modelled 1+1"),
        ("46,?[20]", KEPT, "not_modelled 4+1"),
        ("46,XX[?]", KEPT, "not_modelled 6+3"),
        ("46,XX[10/20]", KEPT, "not_modelled 6+7"),
        ("mos 47,XX,+8[5]/46,XX[15]", KEPT, "not_modelled 1+3"),
        ("46,XY[19]/nonclonal 45,X,-Y[1]", KEPT, "not_modelled 11+9, warning 28+3"),
        ("No metaphases", KEPT, "not_modelled 1+13"),
        ("46,XX[20] normal", KEPT, "not_modelled 11+6"),
        ("46,XX[20].arr(1-22,X)x2", KEPT, "not_modelled 11+13"),
        ("nuc ish(ABL1,BCR)x3(ABL1 con BCRx2)[200]", KEPT, "not_modelled 8+28"),
        ("46,XX[20].ish t(9;22)(ABL1-;BCR+)[5]", KEPT, "not_modelled 15+19"),
        ("46,XX[9]//46,XY[9]//46,XX[2]", KEPT, "not_modelled 19+2"),
        // Wrong.
        ("", ERR, "error 1+0"),
        ("  ", ERR, "error 1+2"),
        ("\u{feff}", ERR, "error 1+1, warning 1+1"),
        (".", ERR, "error 1+1, error 2+0, warning 2+0"),
        ("46,XX\n[20]", ERR, "error 6+1"),
        ("46,XX,t(9;22(q34;q11)[20]", ERR, "error 8+1"),
        ("46,XX[20", ERR, "error 6+1"),
        ("46,XX20]", ERR, "error 8+1"),
        ("46,XX(20]", ERR, "error 9+1"),
        ("46,XX{20}", ERR, "error 6+1, error 9+1"),
        ("46,XX[20]\\46,XY[3]", ERR, "error 10+1"),
        ("46,XÉ[20]", ERR, "error 5+1"),
        ("46,X\u{0}[20]", ERR, "error 5+1"),
        ("46XX[20]", ERR, "error 3+2"),
        ("46.XX[20]", ERR, "error 3+3"),
        ("XX[20]", ERR, "error 1+0"),
        ("XX,46[20]", ERR, "error 1+0, not_modelled 4+2"),
        (",XX[20]", ERR, "error 1+0"),
        ("0,XX[20]", ERR, "error 1+1"),
        ("t(9;22)(q34;q11)[20]", ERR, "error 1+16, error 17+0"),
        ("46[20]", ERR, "error 3+0"),
        ("46,[20]", ERR, "error 3+1"),
        ("46,+8[20]", ERR, "error 4+0"),
        ("46,t(9;22)(q34;q11)[20]", ERR, "error 4+0, not_modelled 4+16"),
        ("45,XO[20]", ERR, "error 4+2"),
        ("47,XX[20]", ERR, "error 1+2"),
        ("46,XX,+8[20]", ERR, "error 1+2"),
        ("46,XY,-7[20]", ERR, "error 1+2"),
        ("46,X[20]", ERR, "error 1+2"),
        ("46,XX,-5,del(7)(q22)[20]", ERR, "error 1+2, not_modelled 10+11"),
        ("47,XX,+23[20]", ERR, "error 7+3"),
        ("47,XX,+0[20]", ERR, "error 7+2"),
        ("46,XX,[20]", ERR, "error 6+1"),
        ("46,,XX[20]", ERR, "error 3+1, not_modelled 5+2"),
        ("46,XX[0]", ERR, "error 6+3"),
        ("46,XX[]", ERR, "error 6+2"),
        ("46,XX[cp]", ERR, "error 6+4"),
        ("46,XX[12345678]", ERR, "error 6+10"),
        ("46,XX[20],+8", ERR, "error 1+2, error 6+4, warning 13+0"),
        ("47~45,XX,-7,+8[cp20]", ERR, "error 1+5"),
        ("45~47,XX,-7[9],+8[3][cp8]/46,XX[12]", ERR, "error 12+3"),
        ("46,XX[20]/", ERR, "error 10+1"),
        ("/46,XX[20]", ERR, "error 1+1"),
        ("//", ERR, "error 1+2, error 1+2"),
        ("46,XX[10]///46,XY[10]", ERR, "error 10+3"),
        ("46,XX[10]46,XY[10]", ERR, "error 10+0"),
        ("46,XX[10].46,XY[10]", ERR, "error 10+1"),
        ("nuc ish(D8Z2x3)[201/200]", ERR, "error 16+9"),
        ("nuc ish(D8Z2x3)[0]", ERR, "error 16+3"),
        ("nuc ish(D8Z2x3)[]", ERR, "error 16+2"),
        ("460,XX[20]", KEPT, "not_modelled 1+3, warning 1+3"),
        ("1234567,XX[20]", ERR, "error 1+7"),
    ];

    fn brief(checked: &Checked) -> String {
        let one = |f: &Finding| format!("{} {}+{}", f.level, f.position, f.length);
        checked.findings.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn table() {
        let mut wrong = Vec::new();
        for (text, status, findings) in TABLE {
            let checked = check(text);
            if checked.status != *status || brief(&checked) != *findings {
                wrong.push(format!("{text:?}: {} ({})\n    {:?}", checked.status, brief(&checked), checked.findings));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn plain_english() {
        for (text, plain) in [
            ("46,XX[20]", "A normal female karyotype in 20 cells."),
            ("46,XY", "A normal male karyotype."),
            (
                "47,XY,+8[11]/46,XY[9]",
                "A male clone with 47 chromosomes in 11 cells: gain of chromosome 8. \
                 A normal male karyotype in 9 cells. 20 cells in all.",
            ),
            (
                "44,XX,t(9;22)(q34;q11),-7,-7[20]",
                "A female clone with 44 chromosomes in 20 cells: loss of chromosome 7 (2 times); \
                 kept as typed and not checked: t(9;22)(q34;q11).",
            ),
            ("45,X,-Y[20]", "A clone with 45 chromosomes, sex chromosome X, in 20 cells: loss of chromosome Y."),
            ("47,XXYc[20]", "A karyotype with 47 chromosomes, sex chromosomes XXY (constitutional), in 20 cells."),
            (
                "47,XY,+21c[20]",
                "A male karyotype with 47 chromosomes in 20 cells: constitutional gain of chromosome 21.",
            ),
            (
                "45~47,XX,-7,+mar[cp20]",
                "A female composite karyotype with 45 to 47 chromosomes in 20 cells: loss of chromosome 7; \
                 kept as typed and not checked: +mar.",
            ),
            ("47,XXX", "A karyotype with 47 chromosomes, sex chromosomes XXX."),
            (
                "//46,XX[20].nuc ish(DXZ1x2)[1/500]",
                "Recipient: No cells. Donor: A normal female karyotype in 20 cells. \
                 FISH in 1 of 500 interphase nuclei: 2 signals for DXZ1.",
            ),
            ("nuc ish 17p13(TP53x1)[1]", "FISH in 1 interphase nucleus: 1 signal for TP53 at 17p13."),
            (
                "ish del(22)(q11q11)(HIRA-)[5]",
                "Metaphase FISH in 5 cells, kept as typed and not checked: “del(22)(q11q11)(HIRA-)”.",
            ),
            ("No growth", "Kept as typed and not checked: “No growth”."),
            ("46,XX[20", "This text could not be read."),
        ] {
            assert_eq!(check(text).plain, plain, "{text}");
        }
    }

    #[test]
    fn clones_are_told_apart() {
        let checked = check("45~47, XX,-7[5],+8 [cp12]/46,XX,t(8;21)(q22;q22)[8].nuc ish(D8Z2x2)[200]");
        let [composite, single] = checked.clones.as_slice() else { panic!("{:?}", checked.clones) };
        let expected = Clone {
            text: "45~47, XX,-7[5],+8 [cp12]".into(),
            modal: Some((45, 47)),
            sex: Some("XX".into()),
            cells: Some(12),
            composite: true,
            abnormalities: vec!["-7".into(), "+8".into()],
        };
        assert_eq!(*composite, expected);
        assert_eq!(single.text, "46,XX,t(8;21)(q22;q22)[8]");
        assert_eq!(single.abnormalities, ["t(8;21)(q22;q22)"]);
    }

    #[test]
    fn findings_name_the_token_and_suggest() {
        let kept = check("46,XX,t(9;22)(q34;q11)[20]");
        assert_eq!(
            kept.findings[0].message,
            "“t(9;22)(q34;q11)” (translocation) is kept as typed and not checked yet."
        );
        for (text, repaired) in [
            ("47,XX[20]", "46,XX[20]"),
            ("46,XX,+8[20]", "47,XX,+8[20]"),
            ("46XX[20]", "46,XX[20]"),
            ("46.XX[20]", "46,XX[20]"),
            ("45,XO[20]", "45,X[20]"),
            ("45,XY,-Y[20]", "45,X,-Y[20]"),
            ("46,xx[20]", "46,XX[20]"),
            ("46, XX[20]", "46,XX[20]"),
            ("45,XX,–7[20]", "45,XX,-7[20]"),
            ("46,XX[10]46,XY[10]", "46,XX[10]/46,XY[10]"),
            ("46,XX[20].", "46,XX[20]"),
            ("46,XX[20]nuc ish(D8Z2x2)[200]", "46,XX[20].nuc ish(D8Z2x2)[200]"),
            ("nucish(D8Z2x2)[200]", "nuc ish(D8Z2x2)[200]"),
        ] {
            let [finding] = check(text).findings.try_into().expect("one finding");
            let Finding { position, length, suggestion, .. } = finding;
            let typed: Vec<char> = text.chars().collect();
            let (before, rest) = typed.split_at(position - 1);
            let new: String = before
                .iter()
                .copied()
                .chain(suggestion.unwrap().chars())
                .chain(rest[length..].iter().copied())
                .collect();
            assert_eq!(new, repaired);
            assert_eq!(check(repaired).status, Status::Ok, "{repaired}");
        }
    }

    #[test]
    fn prints_as_json() {
        let json = serde_json::to_value(check("47,XX,+8[20]/")).unwrap();
        assert_eq!(json["status"], "error");
        assert_eq!(json["findings"][0]["level"], "error");
        assert_eq!(json["clones"][0]["modal"], serde_json::json!([47, 47]));
    }

    /// What holds for every text.
    fn sane(text: &str) {
        let checked = check(text);
        let length = text.chars().count();
        assert_eq!(checked.text, text);
        assert_eq!(checked.status == Status::Ok, checked.findings.is_empty());
        assert!(!checked.plain.is_empty());
        assert!(checked.findings.is_sorted_by_key(|f| f.position));
        for finding in &checked.findings {
            assert!(finding.position >= 1 && finding.position + finding.length <= length + 1, "{finding:?}");
            assert!(!finding.message.is_empty());
        }
        for clone in &checked.clones {
            assert!(!clone.text.is_empty() && text.contains(&clone.text), "{clone:?}");
            assert!(clone.modal.is_none_or(|(low, high)| low <= high));
        }
        assert_eq!(check(text), checked);
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in "\\PC*|[\\s\\S]{0,40}") {
            sane(&text);
        }

        #[test]
        fn any_jumble_has_an_answer(
            bits in proptest::collection::vec(
                proptest::sample::select(vec![
                    "46", "45", "47", ",", "XX", "XY", "X", "+8", "-7", "t(9;22)(q34;q11)", "[", "]", "(", ")", "/",
                    "//", ".", " ", "nuc ish", "ish", "20", "cp", "[20]", "[cp3]", "idem", "~", "-", "?", "mos", "c",
                    "(D8Z2x2)", "x2", "[1/200]", "\u{2212}", "\n", "É", "99999999999999999999", "<3n>", "arr", ";", ":",
                ]),
                0..24,
            )
        ) {
            sane(&bits.concat());
        }

        #[test]
        fn whole_chromosomes_add_up(gains in proptest::collection::vec(1_u32..=22, 0..8), off in 0_u32..3) {
            let modal = 46 + u32::try_from(gains.len()).unwrap() + off;
            let list = gains.iter().fold(String::new(), |list, n| format!("{list},+{n}"));
            let expected = if off == 0 { Status::Ok } else { Status::Error };
            let checked = check(&format!("{modal},XX{list}[20]"));
            prop_assert_eq!(checked.status, expected);
        }
    }
}

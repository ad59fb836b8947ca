//! Karyotype and FISH text, checked in tiers. A check never blocks: the text stays as typed and the findings say what
//! is wrong, what is unusual, and what this program does not understand.
//!
//! - Tier 0, characters (`glyphs`): look-alikes are read as what they stand for, brackets balance, the text is one line.
//!   What fails here is read no further.
//! - Tier 1, shape (`split`, `clone`, `change`, `fish`): a tree (`tree`) of clones with their changes, donor after a
//!   double slash, FISH after a full stop. What is not understood stays in the tree with its text.
//! - Tier 2, sense (`rules`, `bands`, `arithmetic`): chromosomes, breakpoints and bands of each change; the changes
//!   against the number of chromosomes.
//! - Tier 3, all clones together (`assess`): what `idem` refers to, cells enough to be a clone, order.
//!
//! `print` writes the normal form, `words` plain English, `facts` and `terms` what follows and what to search by. The
//! rules are in our own words; nothing is copied from the published nomenclature.

mod arithmetic;
mod assess;
mod bands;
mod change;
mod clone;
mod facts;
mod fish;
mod glyphs;
mod notes;
mod print;
mod rules;
mod split;
mod terms;
#[cfg(test)]
mod tests;
pub mod tree;
mod words;

use serde::Serialize;
use utoipa::ToSchema;

use crate::text_enum;
use glyphs::{Glyph, Span, balance, counted, normalise, quote, span, string, trim};
use notes::Notes;
use split::{Header, Piece, Slash, begins_a_clone, fish_header, parts, pieces};
use tree::{Item, Node, Origin, Text};

pub use arithmetic::CountCheck;
pub use facts::{Facts, sex_findings};
pub use fish::{FishResult, FishSignal, Pattern, ProbeCounts, fish, nuc_ish};
pub use notes::Code;
pub use terms::{matches, query_term};

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
    /// What kind of finding it is; stable.
    pub code: Code,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = IscnClone)]
pub struct Clone {
    /// The clone as typed, without the slashes around it and without a FISH tail.
    pub text: String,
    /// Where it begins, in characters of the text as typed, counted from 1.
    pub position: usize,
    /// Lowest and highest number of chromosomes; the same twice when one number was given.
    pub modal: Option<(u32, u32)>,
    /// The level of ploidy that changes are counted from, in haploid sets; none where not given.
    pub ploidy: Option<u32>,
    /// The sex chromosomes, such as `XX`; a constitutional `c` stays with them.
    pub sex: Option<String>,
    /// How many cells.
    pub cells: Option<u32>,
    /// Written with `cp`: put together from cells that differ.
    pub composite: bool,
    /// Everything after the sex chromosomes, normalised, in the order typed. Nothing is left out.
    pub abnormalities: Vec<String>,
    /// The clone that `idem`, `sl` or `sdl` refers to, counted from 1.
    pub refers_to: Option<usize>,
    /// Whether the changes make the number of chromosomes.
    pub count_check: CountCheck,
    /// 46 chromosomes, XX or XY, and no change.
    pub normal: bool,
    /// Of the donor's cells.
    pub donor: bool,
    /// The clone in plain English.
    pub plain: String,
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
    /// The text in normal form; none where something is wrong or not understood.
    pub normalized: Option<String>,
    /// The clones of the karyotype.
    pub clones: Vec<Clone>,
    /// The results of FISH.
    pub fish: Vec<FishResult>,
    /// What follows from the clones.
    pub facts: Facts,
    /// Words to search by: `del(5q)`, `t(9;22)`, `t(9;22)(q34;q11.2)`, `-7`, `complex`, `normal`, …
    pub terms: Vec<String>,
    /// What was understood, in plain English.
    pub plain: String,
}

/// Fewer cells than this in all is said.
const USUAL_CELLS: u32 = 20;
/// Numbers of chromosomes that need no remark.
const USUAL_MODAL: std::ops::RangeInclusive<u32> = 23..=126;
/// Longest number read, in digits.
const DIGITS_MAX: usize = 6;
/// Longest piece of the text repeated in a message, in characters.
const QUOTE_MAX: usize = 60;
/// Longest text that is read, in characters. Of 444 real karyotypes the longest has 984 (`reference/interop.md` §3).
const TEXT_MAX: usize = 8_000;

/// Checks a karyotype, a FISH string or both. It never fails: whatever the text, there is an answer.
pub fn check(text: &str) -> Checked {
    let typed: Vec<char> = text.chars().collect();
    let mut reading = Reading { typed: &typed, notes: Notes::default(), text: Text::default(), fish: None };
    if typed.len() > TEXT_MAX {
        let message = format!("The text has more than {TEXT_MAX} characters; it is kept as typed and not read.");
        reading.notes.not_modelled(Code::OtherText, (1, typed.len()), message);
    } else {
        let glyphs = normalise(&typed, &mut reading.notes);
        balance(&glyphs, &mut reading.notes);
        if reading.notes.worst() != Status::Error {
            reading.whole(&glyphs);
        }
    }
    let Reading { mut notes, text: tree, .. } = reading;
    for item in &tree.items {
        if let Node::Clone(clone) = &item.node {
            rules::check(clone, &mut notes);
        }
    }
    let assessment = assess::Assessment::of(&tree, &mut notes);
    let has_donor = tree.items.iter().any(|item| item.join == tree::Join::Donor);
    let (facts, terms) = facts::of(&assessment, has_donor);
    let clones: Vec<Clone> = assessment.members.iter().map(|member| clone_view(member, &typed)).collect();
    let plain = plain(&tree, &clones, &facts, &typed);
    let status = notes.worst();
    let mut findings = notes.0;
    findings.sort_by_key(|f| (f.position, std::cmp::Reverse(f.level)));
    let normalized = matches!(status, Status::Ok | Status::Warnings).then(|| tree.to_string());
    let fish = fish::results(&tree);
    Checked { text: text.to_owned(), status, findings, normalized, clones, fish, facts, terms, plain }
}

fn as_typed(typed: &[char], at: Span) -> String {
    let start = at.0.saturating_sub(1);
    typed.get(start..start + at.1).unwrap_or_default().iter().collect()
}

fn clone_view(member: &assess::Member<'_>, typed: &[char]) -> Clone {
    let clone = member.clone;
    Clone {
        text: as_typed(typed, rules::at(clone.at)),
        position: clone.at.position,
        modal: clone.modal.map(|modal| (modal.low, modal.high)),
        ploidy: clone.level,
        sex: clone.sex.as_ref().map(ToString::to_string),
        cells: clone.cells.map(|cells| cells.count),
        composite: clone.cells.is_some_and(|cells| cells.composite),
        abnormalities: clone
            .changes
            .iter()
            .map(|change| tree::Change { cells: None, ..change.clone() }.to_string())
            .collect(),
        refers_to: member.refers_to.map(|index| index + 1),
        count_check: member.count_check,
        normal: member.normal,
        donor: member.donor,
        plain: words::sentence(member),
    }
}

/// The whole text in plain English.
fn plain(tree: &Text, clones: &[Clone], facts: &Facts, typed: &[char]) -> String {
    let mut sentences: Vec<String> = Vec::new();
    let mut of_clones = clones.iter();
    if facts.has_donor {
        sentences.push("Recipient:".into());
    }
    for item in &tree.items {
        if item.join == tree::Join::Donor {
            sentences.push("Donor:".into());
        }
        match &item.node {
            Node::Clone(_) => sentences.extend(of_clones.next().map(|clone| clone.plain.clone())),
            Node::Fish(fish) => sentences.extend(fish::sentences(fish, |at| as_typed(typed, at))),
            Node::Unknown(text) => sentences.push(format!("Kept as typed and not checked: {}.", quote(text))),
            Node::Nothing => sentences.push("No cells.".into()),
        }
    }
    if let (Some(cells), [_, _, ..]) = (facts.total_cells, clones) {
        sentences.push(format!("{} in all.", counted(cells, "cell", "cells")));
    }
    if sentences.is_empty() {
        sentences.push("This text could not be read.".into());
    }
    sentences.join(" ")
}

/// What has been read so far.
struct Reading<'t> {
    typed: &'t [char],
    notes: Notes,
    text: Text,
    /// The FISH string read last, if nothing else came after it.
    fish: Option<Header>,
}

impl Reading<'_> {
    fn push(&mut self, join: tree::Join, node: Node) {
        let join = if self.text.items.is_empty() && join != tree::Join::Donor { tree::Join::Start } else { join };
        self.text.items.push(Item { join, node });
    }

    /// The whole text.
    fn whole(&mut self, glyphs: &[Glyph]) {
        let pieces = pieces(glyphs, &mut self.notes);
        for piece in pieces.iter().filter(|p| p.slash == Slash::Donor).skip(1) {
            self.notes.not_modelled(Code::Donors, piece.slash_at, "More than one donor is not checked yet.");
        }
        let nothing = pieces.iter().all(|p| p.glyphs.is_empty());
        for (index, piece) in pieces.iter().enumerate() {
            if piece.slash == Slash::Donor {
                self.fish = None;
            }
            if piece.glyphs.is_empty() {
                self.nothing(piece, pieces.get(index + 1), nothing);
            } else {
                self.piece(piece);
            }
        }
    }

    /// Nothing between two slashes, or beside one.
    fn nothing(&mut self, piece: &Piece<'_>, follower: Option<&Piece<'_>>, all: bool) {
        let empty_side = match follower {
            Some(next) => next.slash == Slash::Donor && piece.slash == Slash::None,
            None => piece.slash == Slash::Donor,
        };
        if empty_side && !all {
            let join = if piece.slash == Slash::Donor { tree::Join::Donor } else { tree::Join::Start };
            self.push(join, Node::Nothing);
        } else if piece.slash != Slash::None {
            self.notes.error(Code::Slash, piece.slash_at, "There is nothing after this slash.");
        } else if let Some(next) = follower {
            self.notes.error(Code::Slash, next.slash_at, "There is nothing before this slash.");
        }
    }

    /// What stands between two slashes.
    fn piece(&mut self, piece: &Piece<'_>) {
        let mut join = match piece.slash {
            Slash::None => tree::Join::Start,
            Slash::Clone => tree::Join::Slash,
            Slash::Donor => tree::Join::Donor,
        };
        let parts = parts(piece.glyphs);
        for part in &parts {
            let header = fish_header(part.glyphs);
            match part.join {
                split::Join::Start if part.glyphs.is_empty() => {
                    if let Some(next) = parts.get(1) {
                        let message = "A full stop joins FISH to the karyotype before it; there is none.";
                        self.notes.add(Level::Warning, Code::FullStop, next.join_at, message, Some(""));
                    }
                    continue;
                }
                split::Join::Dot if part.glyphs.is_empty() => {
                    let message = "There is nothing after this full stop.";
                    self.notes.add(Level::Warning, Code::FullStop, part.join_at, message, Some(""));
                    continue;
                }
                split::Join::Dot if header.is_none() && begins_a_clone(part.glyphs) => {
                    let message = "A slash parts clones, not a full stop.";
                    self.notes.add(Level::Error, Code::FullStop, part.join_at, message, Some("/"));
                }
                split::Join::Dot if header.is_none() => {
                    self.loose(join, part.glyphs);
                    join = tree::Join::Loose;
                    continue;
                }
                split::Join::NoDot | split::Join::OtherMark => {
                    let message = "A full stop joins FISH to the karyotype.";
                    self.notes.add(Level::Warning, Code::FullStop, part.join_at, message, Some("."));
                }
                split::Join::NoSlash => {
                    let message = "The slash between two clones is missing.";
                    self.notes.add(Level::Error, Code::MissingSlash, part.join_at, message, Some("/"));
                }
                split::Join::Loose => {
                    self.loose(tree::Join::Loose, part.glyphs);
                    continue;
                }
                split::Join::Start | split::Join::Dot => {}
            }
            self.part(join, part.glyphs, header);
            join = tree::Join::Stop;
        }
    }

    /// A clone or a FISH string.
    fn part(&mut self, join: tree::Join, glyphs: &[Glyph], header: Option<Header>) {
        match (header, self.fish) {
            (Some(header), _) => {
                self.fish = Some(header);
                let fish = fish::read(glyphs, header, false, &mut self.notes);
                self.push(join, Node::Fish(fish));
            }
            (None, Some(before)) if !begins_a_clone(glyphs) => {
                let header = Header { length: 0, tidy: true, ..before };
                let fish = fish::read(glyphs, header, true, &mut self.notes);
                self.push(join, Node::Fish(fish));
            }
            (None, _) => {
                self.fish = None;
                self.karyotype(join, glyphs);
            }
        }
    }

    /// Some text that is neither a karyotype nor FISH.
    fn loose(&mut self, join: tree::Join, glyphs: &[Glyph]) {
        let quoted = quote(&as_typed(self.typed, span(glyphs)));
        let message = format!("{quoted} is kept as typed and not checked.");
        self.notes.not_modelled(Code::OtherText, span(glyphs), message);
        self.push(join, Node::Unknown(string(glyphs)));
    }

    /// One clone, after words that may stand before it.
    fn karyotype(&mut self, join: tree::Join, part: &[Glyph]) {
        let (before, rest) = part.split_at(clone::leading_words(part).min(part.len()));
        let before = trim(before);
        let origin = Origin::parse(string(before).trim_end_matches(':')).filter(|_| !rest.is_empty());
        let worded = !before.is_empty() && origin.is_none();
        if worded {
            self.loose(join, before);
        }
        if !rest.is_empty() {
            let clone = clone::clone(rest, origin, &mut self.notes);
            self.push(if worded { tree::Join::Loose } else { join }, Node::Clone(Box::new(clone)));
        }
    }
}

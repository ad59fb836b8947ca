//! In situ hybridization: `nuc ish` and `ish` strings, read and written (`reference/domain.md` §5.2).
//!
//! Nearly half of the strings that people type have errors (`reference/interop.md` §3), so laboratories enter what they
//! counted and [`nuc_ish`] writes the string.

use serde::Serialize;
use utoipa::ToSchema;

use super::change::{place, rearrangement};
use super::glyphs::{Glyph, Span, after, counted, depths, number, quote, span, string, trim};
use super::notes::{Code, Notes};
use super::split::Header;
use super::tree::{Copies, Fish, Hybridization, Link, Node, ProbeSet, Range, Scored, Signal, Text};
use super::{Level, check};

/// Most brackets in one part of a FISH string; more is kept as typed.
const BRACKETS_MAX: usize = 12;

/// One result of a FISH string.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = IscnFish)]
pub struct FishResult {
    /// On interphase nuclei (`nuc ish`); otherwise on metaphases (`ish`).
    pub nuclei: bool,
    /// The locus (`13q14.3`) or the rearranged chromosome looked at; empty where none is given.
    pub target: String,
    /// What was seen of each probe.
    pub signals: Vec<FishSignal>,
    /// Cells that show this; none where only one number is given.
    pub showing: Option<u32>,
    /// Cells scored.
    pub scored: Option<u32>,
}

/// What was seen of one probe, or of several together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = IscnFishSignal)]
pub struct FishSignal {
    /// The probe, or those that lie together or apart.
    pub probes: Vec<String>,
    /// How the probes lie, where there are several.
    pub pattern: Option<Link>,
    /// Fewest and most signals; none where they were not counted.
    pub copies: Option<(u32, u32)>,
    /// Too many to count.
    pub amplified: bool,
    /// Seen (true) or missing (false) on a metaphase chromosome; none where signals were counted.
    pub present: Option<bool>,
}

/// Reads a FISH string, alone or behind a karyotype. Empty where there is none that is understood.
pub fn fish(text: &str) -> Vec<FishResult> {
    check(text).fish
}

/// What one probe set showed, to be written as `nuc ish`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeCounts {
    /// The locus before the bracket, such as `13q14.3`; most laboratories leave it out.
    pub locus: Option<String>,
    /// The signals in one cell.
    pub pattern: Pattern,
    /// The cells that show it; none to give the cells scored alone.
    pub showing: Option<u32>,
    /// The cells scored.
    pub scored: u32,
}

/// The kinds of probe sets and what is counted of each (`reference/domain.md` §5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// Each probe with its signals.
    Enumeration(Vec<(String, u32)>),
    /// Two probes on two chromosomes: signals of each in all, and how many of them are fused.
    DualFusion {
        /// The probes and all their signals.
        probes: [(String, u32); 2],
        /// Fusions.
        fused: u32,
    },
    /// One probe of two colors around a gene: signals in all, and how many of them came apart.
    BreakApart {
        /// The gene.
        gene: String,
        /// Signals of either color.
        copies: u32,
        /// Signals that came apart.
        separated: u32,
    },
}

/// Writes a `nuc ish` string. None where there is nothing to write, a name cannot stand in such a string, or the numbers
/// cannot be: no cells scored, more cells showing than scored, more fusions than signals.
pub fn nuc_ish(counts: &[ProbeCounts]) -> Option<String> {
    let findings: Option<Vec<Hybridization>> = counts.iter().map(hybridization).collect();
    let findings = findings.filter(|findings| !findings.is_empty())?;
    Some(Fish { nuclei: true, continued: false, findings }.to_string())
}

fn hybridization(counts: &ProbeCounts) -> Option<Hybridization> {
    let possible = counts.scored > 0 && counts.showing.is_none_or(|showing| showing <= counts.scored);
    let target = counts.locus.clone().unwrap_or_default();
    if !possible || !is_locus(&target) {
        return None;
    }
    let sets = match &counts.pattern {
        Pattern::Enumeration(probes) => vec![enumeration(probes)?],
        Pattern::DualFusion { probes: [one, other], fused } => {
            let all = enumeration(&[one.clone(), other.clone()])?;
            let linked = link(&one.0, Link::Connected, &other.0, *fused);
            if *fused > one.1.min(other.1) {
                return None;
            }
            if *fused == 0 { vec![all] } else { vec![all, linked] }
        }
        Pattern::BreakApart { gene, copies, separated } => {
            let all = enumeration(&[(gene.clone(), *copies)])?;
            let linked = link(&format!("5'{gene}"), Link::Separated, &format!("3'{gene}"), *separated);
            if separated > copies {
                return None;
            }
            if *separated == 0 { vec![all] } else { vec![all, linked] }
        }
    };
    let scored = Some(Scored { showing: counts.showing, all: counts.scored });
    Some(Hybridization { target, sets, scored, ..Hybridization::default() })
}

/// `(D8Z2x3)`, or `(ABL1,BCR)x2` where several probes have the same number of signals.
fn enumeration(probes: &[(String, u32)]) -> Option<ProbeSet> {
    let (_, first) = probes.first()?;
    if !probes.iter().all(|(name, _)| is_probe(name)) {
        return None;
    }
    let together = probes.len() > 1 && probes.iter().all(|(_, copies)| copies == first);
    let signal = |(name, copies): &(String, u32)| Signal {
        probe: name.clone(),
        linked: Vec::new(),
        copies: if together { Copies::NotSaid } else { Copies::Count(Range::one(*copies)) },
    };
    let group = probes.iter().map(signal).collect();
    Some(ProbeSet { groups: vec![group], times: together.then(|| Range::one(*first)) })
}

fn link(one: &str, link: Link, other: &str, copies: u32) -> ProbeSet {
    let signal = Signal {
        probe: one.to_owned(),
        linked: vec![(link, other.to_owned())],
        copies: Copies::Count(Range::one(copies)),
    };
    ProbeSet { groups: vec![vec![signal]], times: None }
}

/// Whether a probe may be called so: a gene or locus, letters and digits with few marks among them.
fn is_probe(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '\'' | ':' | '/' | '_');
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= 40
        && name.chars().all(fits)
        && split_link(name).is_none()
        && split_copies(name).1 == Copies::NotSaid
}

fn is_locus(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_ascii_digit()
            || matches!(c, 'p' | 'q' | 'X' | 'Y' | 'c' | 'e' | 'n' | 't' | 'r' | '.' | '~' | '?' | '-' | ';')
    })
}

/// Reads a FISH string that begins with its head; `continued` where it goes on from the one before and has none.
pub(super) fn read(part: &[Glyph], header: Header, continued: bool, notes: &mut Notes) -> Fish {
    let (head, body) = part.split_at(header.length.min(part.len()));
    if !header.tidy {
        let right = if header.nuclei { "nuc ish" } else { "ish" };
        let message = format!("This is written {}.", quote(right));
        notes.add(Level::Warning, Code::FishHead, span(head), message, Some(right));
    }
    let mut fish = Fish { nuclei: header.nuclei, continued, findings: Vec::new() };
    let (mut start, mut group) = (0, 0);
    for (index, depth, glyph) in depths(body) {
        if depth > 0 {
            continue;
        }
        if glyph.c == '[' {
            group = index;
        } else if glyph.c == ']' {
            let before = body.get(start..group).unwrap_or_default();
            signals(before, body.get(group..=index), &mut fish, notes);
            start = index + 1;
        }
    }
    let rest = trim(body.get(start..).unwrap_or_default());
    if !rest.is_empty() || start == 0 {
        let noun = if header.nuclei { "nuclei" } else { "cells" };
        let message = format!("The number of {noun} in square brackets is missing.");
        notes.warn(Code::CellsMissing, after(part), message);
        signals(rest, None, &mut fish, notes);
    }
    fish
}

/// What a FISH string says before one of its counts.
fn signals(glyphs: &[Glyph], group: Option<&[Glyph]>, fish: &mut Fish, notes: &mut Notes) {
    let mut glyphs = trim(glyphs);
    while let [Glyph { c: ',', .. }, rest @ ..] = glyphs {
        glyphs = trim(rest);
    }
    let scored = group.and_then(|group| scored(group, notes));
    if glyphs.is_empty() {
        let at = group.map_or((1, 0), span);
        notes.not_modelled(Code::FishNotUnderstood, at, "There is no probe before this; it is kept as typed.");
        fish.findings.push(Hybridization { at: place(at), scored, ..Hybridization::default() });
        return;
    }
    let mut start = 0;
    let commas = depths(glyphs).filter(|(_, depth, g)| *depth == 0 && g.c == ',').map(|(index, _, _)| index);
    let ends: Vec<usize> = commas.chain([glyphs.len()]).collect();
    let mut read: Option<Vec<Hybridization>> = Some(Vec::new());
    for end in ends {
        let piece = trim(glyphs.get(start..end).unwrap_or_default());
        let one = probes(piece, fish.nuclei);
        read = read.zip(one).map(|(mut all, one)| {
            all.push(one);
            all
        });
        start = end + 1;
    }
    match read {
        Some(mut all) => {
            if let Some(last) = all.last_mut() {
                last.scored = scored;
            }
            fish.findings.extend(all);
        }
        None => {
            let at = span(glyphs);
            let message = format!("{} is kept as typed and not checked.", quote(&string(glyphs)));
            notes.not_modelled(Code::FishNotUnderstood, at, message);
            let target = string(glyphs);
            fish.findings.push(Hybridization { at: place(at), target, sets: Vec::new(), scored });
        }
    }
}

/// `[n]` or `[showing/n]`.
fn scored(group: &[Glyph], notes: &mut Notes) -> Option<Scored> {
    let at = span(group);
    let text: String = string(group).chars().filter(|c| !matches!(c, ' ' | '[' | ']')).collect();
    let read = match text.split_once('/') {
        Some((some, all)) => number(some).map(Some).zip(number(all)),
        None => number(&text).map(|all| (None, all)),
    };
    match read {
        Some((_, 0)) => notes.error(Code::Cells, at, "At least one cell is scored."),
        Some((Some(some), all)) if some > all => {
            notes.error(Code::Cells, at, "There cannot be more abnormal cells than cells scored.");
        }
        Some((showing, all)) => return Some(Scored { showing, all }),
        None if text.is_empty() => notes.error(Code::Cells, at, "The number of cells is missing in these brackets."),
        None => {
            let message = format!("{} is kept as typed; it is not a number of cells.", quote(&string(group)));
            notes.not_modelled(Code::Cells, at, message);
        }
    }
    None
}

/// `locus(probes)x2(probes)`, or on metaphases `del(22)(q11.2q11.2)(HIRA-)`.
fn probes(glyphs: &[Glyph], nuclei: bool) -> Option<Hybridization> {
    let brackets: Vec<(usize, usize)> = brackets(glyphs)?;
    let (first, _) = *brackets.first()?;
    let without_blanks = |glyphs: &[Glyph]| glyphs.iter().filter(|g| g.c != ' ').copied().collect::<Vec<_>>();
    // The rearrangement on a metaphase is as many brackets as read as one.
    let taken = (1..brackets.len()).rev().find_map(|taken| {
        let (_, end) = *brackets.get(taken - 1)?;
        let head = without_blanks(glyphs.get(..=end)?);
        (!nuclei && rearrangement(&head).is_some()).then_some((taken, end + 1))
    });
    let (taken, from) = taken.unwrap_or((0, first));
    let target = string(&without_blanks(glyphs.get(..from)?));
    if taken == 0 && !is_locus(&target) {
        return None;
    }
    let mut sets = Vec::new();
    let mut next = from;
    for (open, close) in brackets.into_iter().skip(taken) {
        sets = outside(glyphs.get(next..open)?, sets)?;
        sets.push(probe_set(&string(glyphs.get(open + 1..close)?))?);
        next = close + 1;
    }
    let sets = outside(glyphs.get(next..)?, sets)?;
    Some(Hybridization { at: place(span(glyphs)), target, sets, scored: None })
}

/// The outermost round brackets of a piece.
fn brackets(glyphs: &[Glyph]) -> Option<Vec<(usize, usize)>> {
    let mut all = Vec::new();
    let mut open = 0;
    for (index, depth, glyph) in depths(glyphs) {
        match (depth, glyph.c) {
            (0, '(') => open = index,
            (0, ')') => all.push((open, index)),
            _ => {}
        }
    }
    (all.len() <= BRACKETS_MAX).then_some(all)
}

/// What stands behind a bracket: nothing, or `x2` for all its probes.
fn outside(glyphs: &[Glyph], mut sets: Vec<ProbeSet>) -> Option<Vec<ProbeSet>> {
    let text: String = string(glyphs).chars().filter(|c| *c != ' ').collect();
    if text.is_empty() {
        return Some(sets);
    }
    let times = range(text.strip_prefix('x')?)?;
    let last = sets.last_mut()?;
    // A number for all and one of its own would say two things.
    let said = |signal: &Signal| signal.copies != Copies::NotSaid;
    if last.groups.iter().flatten().any(said) {
        return None;
    }
    last.times = Some(times);
    Some(sets)
}

fn range(text: &str) -> Option<Range> {
    match text.split_once(['~', '-']) {
        Some((low, high)) => {
            let (low, high) = (number(low)?, number(high)?);
            Some(Range { low: low.min(high), high: low.max(high) })
        }
        None => number(text).map(Range::one),
    }
}

fn probe_set(inner: &str) -> Option<ProbeSet> {
    let groups: Option<Vec<Vec<Signal>>> =
        inner.split(';').map(|group| group.split(',').map(signal).collect::<Option<Vec<Signal>>>()).collect();
    Some(ProbeSet { groups: groups?, times: None })
}

fn signal(text: &str) -> Option<Signal> {
    let (rest, copies) = split_copies(text.trim());
    let mut names = Vec::new();
    let mut left = rest;
    let mut links = Vec::new();
    while let Some((name, link, after)) = split_link(left) {
        names.push(name.trim());
        links.push(link);
        left = after;
        if links.len() > BRACKETS_MAX {
            return None;
        }
    }
    names.push(left.trim());
    if !names.iter().all(|name| is_probe(name)) {
        return None;
    }
    let mut names = names.into_iter().map(str::to_owned);
    let probe = names.next()?;
    Some(Signal { probe, linked: links.into_iter().zip(names).collect(), copies })
}

/// The number behind a probe.
fn split_copies(text: &str) -> (&str, Copies) {
    if let Some((rest, tail)) = text.rsplit_once('x')
        && let Some(count) = range(tail)
    {
        return (rest.trim_end(), Copies::Count(count));
    }
    let marks = [(" amp", Copies::Amplified), ("++", Copies::Doubled), ("+", Copies::Present), ("-", Copies::Absent)];
    for (mark, copies) in marks {
        if let Some(rest) = text.strip_suffix(mark) {
            return (rest.trim_end(), copies);
        }
    }
    (text, Copies::NotSaid)
}

/// The first `con` or `sep` between two probes; it may stand without blanks, for names of genes have no small letters
/// before or after it.
fn split_link(text: &str) -> Option<(&str, Link, &str)> {
    let small = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase());
    Link::ALL
        .iter()
        .flat_map(|link| text.match_indices(link.name()).map(|(index, word)| (index, *link, word)))
        .filter_map(|(index, link, word)| Some((index, link, text.get(..index)?, text.get(index + word.len()..)?)))
        .filter(|(_, _, before, after)| !small(before.chars().next_back()) && !small(after.chars().next()))
        .min_by_key(|(index, ..)| *index)
        .map(|(_, link, before, after)| (before, link, after))
}

/// The results of all FISH strings of a text. Probes that share one number of cells all get it.
pub(super) fn results(text: &Text) -> Vec<FishResult> {
    let mut all = Vec::new();
    for item in &text.items {
        let Node::Fish(fish) = &item.node else { continue };
        let mut cells = None;
        let mut of_fish: Vec<FishResult> = Vec::new();
        for finding in fish.findings.iter().rev() {
            cells = finding.scored.or(cells);
            if !finding.sets.is_empty() {
                of_fish.push(FishResult {
                    nuclei: fish.nuclei,
                    target: finding.target.clone(),
                    signals: finding.sets.iter().flat_map(results_of).collect(),
                    showing: cells.and_then(|scored| scored.showing),
                    scored: cells.map(|scored| scored.all),
                });
            }
        }
        all.extend(of_fish.into_iter().rev());
    }
    all
}

fn results_of(set: &ProbeSet) -> impl Iterator<Item = FishSignal> + '_ {
    set.groups.iter().flatten().map(|signal| {
        let counted = match signal.copies {
            Copies::Count(range) => Some(range),
            Copies::NotSaid => set.times,
            Copies::Amplified | Copies::Present | Copies::Doubled | Copies::Absent => None,
        };
        FishSignal {
            probes: std::iter::once(&signal.probe)
                .chain(signal.linked.iter().map(|(_, probe)| probe))
                .cloned()
                .collect(),
            pattern: signal.linked.first().map(|(link, _)| *link),
            copies: counted.map(|range| (range.low, range.high)),
            amplified: signal.copies == Copies::Amplified,
            present: match signal.copies {
                Copies::Present | Copies::Doubled => Some(true),
                Copies::Absent => Some(false),
                Copies::NotSaid | Copies::Count(_) | Copies::Amplified => None,
            },
        }
    })
}

/// A FISH string in plain English, one sentence for each count of cells.
pub(super) fn sentences(fish: &Fish, typed: impl Fn(Span) -> String) -> Vec<String> {
    let (one, many) = if fish.nuclei { ("interphase nucleus", "interphase nuclei") } else { ("cell", "cells") };
    let name = if fish.nuclei { "FISH" } else { "Metaphase FISH" };
    let mut all = Vec::new();
    let mut said: Vec<String> = Vec::new();
    for (index, finding) in fish.findings.iter().enumerate() {
        let unread = finding.sets.is_empty();
        let last = index + 1 == fish.findings.len();
        let place = match finding.scored {
            Some(Scored { showing: None, all }) => format!(" in {}", counted(all, one, many)),
            Some(Scored { showing: Some(some), all }) => format!(" in {some} of {}", counted(all, one, many)),
            None => String::new(),
        };
        if unread {
            let kept = quote(&typed((finding.at.position, finding.at.length)));
            let nothing = finding.target.is_empty();
            all.push(if nothing {
                format!("{name}{place}.")
            } else {
                format!("{name}{place}, kept as typed and not checked: {kept}.")
            });
            continue;
        }
        let at = match (finding.target.as_str(), fish.nuclei) {
            ("", _) => String::new(),
            (target, true) => format!(" at {target}"),
            (target, false) => format!(" on {target}"),
        };
        said.extend(finding.sets.iter().flat_map(results_of).map(|signal| format!("{}{at}", in_words(&signal))));
        if finding.scored.is_some() || last {
            all.push(format!("{name}{place}: {}.", std::mem::take(&mut said).join(", ")));
        }
    }
    all
}

fn in_words(signal: &FishSignal) -> String {
    let names = signal.probes.join(" and ");
    let (one, many) = match signal.pattern {
        Some(Link::Connected) => ("fusion of", "fusions of"),
        Some(Link::Separated) => ("separated signal of", "separated signals of"),
        None => ("signal for", "signals for"),
    };
    match (signal.copies, signal.present) {
        (Some((low, high)), _) if low == high => format!("{} {names}", counted(low, one, many)),
        (Some((low, high)), _) => format!("{low} to {high} {many} {names}"),
        (None, _) if signal.amplified => format!("amplification of {names}"),
        (None, Some(true)) => format!("{names} present"),
        (None, Some(false)) => format!("{names} missing"),
        (None, None) => format!("{many} {names}"),
    }
}

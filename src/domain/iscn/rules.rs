//! Tier 2, one change at a time: how many chromosomes and breakpoints each kind of rearrangement takes, whether the bands
//! exist, and the usual order (`reference/domain.md` §5.3, tier 2).

use super::Level;
use super::bands;
use super::glyphs::Span;
use super::notes::{Code, Notes};
use super::tree::{
    Arm, Band, Breaks, Change, Chromosome, Karyotype, Kind, Partner, Place, Rearrangement, Sign, Symbol,
};

/// Without an upper bound.
const MANY: usize = usize::MAX;

/// What a kind of rearrangement takes.
struct Takes {
    /// Fewest and most chromosomes.
    chromosomes: (usize, usize),
    /// Fewest and most breakpoints of each chromosome.
    breaks: (usize, usize),
    /// The breakpoints may be left out.
    bare: bool,
}

const fn takes(symbol: Symbol) -> Takes {
    let (chromosomes, breaks, bare) = match symbol {
        Symbol::Add | Symbol::Fis | Symbol::Fra | Symbol::I | Symbol::Idic | Symbol::Ider => ((1, 1), (1, 1), false),
        Symbol::Del => ((1, 1), (1, 2), false),
        Symbol::Der | Symbol::Rec => ((1, MANY), (1, 1), true),
        Symbol::Dic => ((1, MANY), (1, 2), false),
        Symbol::Dup | Symbol::Trp | Symbol::Qdp | Symbol::Inv => ((1, 1), (2, 2), false),
        Symbol::Hsr => ((0, 1), (1, 1), true),
        // Three breakpoints in all: one where it goes, two where it comes from.
        Symbol::Ins => ((1, 2), (1, 3), false),
        Symbol::R => ((0, MANY), (2, 2), true),
        Symbol::Rob => ((2, 2), (1, 1), false),
        Symbol::T | Symbol::Tas => ((2, MANY), (1, 1), false),
        Symbol::Trc => ((2, MANY), (1, 2), false),
        Symbol::Upd => ((1, 1), (1, 1), true),
    };
    Takes { chromosomes, breaks, bare }
}

/// Checks every change of a clone, and the order in which they stand.
pub(super) fn check(clone: &Karyotype, notes: &mut Notes) {
    for change in &clone.changes {
        for kind in std::iter::once(&change.kind).chain(&change.or) {
            match kind {
                Kind::Rearranged(rearrangement) => outermost(rearrangement, notes),
                Kind::Marker(_) if change.sign.is_none() => {
                    let message = "A marker is an additional chromosome; the + before it is missing.";
                    notes.add(Level::Warning, Code::Sign, at(change.at), message, None);
                }
                Kind::Related(_) if change.sign.is_some() => {
                    notes.error(Code::Sign, at(change.at), "The changes of another clone have no sign before them.");
                }
                Kind::Whole(_)
                | Kind::Marker(_)
                | Kind::DoubleMinutes
                | Kind::Related(_)
                | Kind::Incomplete
                | Kind::Unknown(_) => {}
            }
        }
    }
    order(clone, notes);
}

pub(super) fn at(place: Place) -> Span {
    (place.position, place.length)
}

fn outermost(r: &Rearrangement, notes: &mut Notes) {
    rearrangement(r, notes);
    for part in &r.parts {
        rearrangement(part, notes);
    }
    let bare = r.symbol == Symbol::Der && r.parts.is_empty() && matches!(r.breaks, Breaks::Missing);
    if bare && r.chromosomes.iter().all(|p| p.chromosome != Chromosome::Unknown) {
        let message = "What this derivative chromosome came from is not said.";
        notes.warn(Code::Derivative, at(r.at), message);
    }
    // A derivative of one chromosome is made of that chromosome.
    if let (Symbol::Der, [partner], [_, ..]) = (r.symbol, r.chromosomes.as_slice(), r.parts.as_slice()) {
        let named = |part: &Rearrangement| {
            part.chromosomes.is_empty()
                || part
                    .chromosomes
                    .iter()
                    .any(|p| matches!(p.chromosome, c if c == partner.chromosome || c == Chromosome::Unknown))
        };
        if partner.chromosome != Chromosome::Unknown && !r.parts.iter().any(named) {
            let message = format!("Chromosome {partner} has no part in what this derivative came from.");
            notes.error(Code::Derivative, at(r.at), message);
        }
    }
}

fn rearrangement(r: &Rearrangement, notes: &mut Notes) {
    let takes = takes(r.symbol);
    let count = r.chromosomes.len();
    let chromosomes_fit = (takes.chromosomes.0..=takes.chromosomes.1).contains(&count);
    if !chromosomes_fit {
        let message =
            format!("{} takes {}; there {}.", quoted(r.symbol), plural(takes.chromosomes, "chromosome"), are(count));
        notes.error(Code::ChromosomeCount, at(r.chromosomes_at), message);
    }
    partner_order(r, notes);
    let short = r.chromosomes.iter().any(|p| p.arm.is_some());
    match &r.breaks {
        Breaks::Missing if short => {
            let centromere = |p: &Partner| p.arm.map(|arm| format!("({})({}10)", p.chromosome, arm));
            let whole_arm = match (r.symbol, r.chromosomes.as_slice()) {
                (Symbol::I, [partner]) => centromere(partner),
                _ => None,
            };
            let message = "The arm is written short; a karyotype gives the chromosome and then the breakpoints.";
            let covered = if whole_arm.is_some() {
                (r.chromosomes_at.position - 1, r.chromosomes_at.length + 2)
            } else {
                at(r.at)
            };
            notes.add(Level::Warning, Code::Shorthand, covered, message, whole_arm.as_deref());
        }
        Breaks::Missing if takes.bare || count == 0 => {}
        Breaks::Missing => notes.warn(Code::BreakpointsMissing, at(r.at), "The breakpoints are not given."),
        Breaks::Detailed(text) => {
            let message = format!("The detailed form {} is kept as typed and not checked.", super::glyphs::quote(text));
            notes.not_modelled(Code::DetailedForm, at(r.breaks_at), message);
        }
        Breaks::Bands(groups) if chromosomes_fit => {
            let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
            breakpoint_counts(r, &takes, &sizes, notes);
            for (partner, group) in r.chromosomes.iter().zip(groups) {
                let named =
                    group.iter().flat_map(|b| std::iter::once(&b.band).chain(b.other.as_ref().map(|(_, band)| band)));
                for band in named {
                    if !bands::exists(partner.chromosome, band) {
                        no_such_band(r, *partner, band, notes);
                    }
                }
                breakpoint_order(r, partner.chromosome, group.iter().map(|b| &b.band), notes);
            }
        }
        Breaks::Bands(_) => {}
    }
}

fn no_such_band(r: &Rearrangement, partner: Partner, band: &Band, notes: &mut Notes) {
    let near = bands::nearest(partner.chromosome, band);
    let mut message = format!("Chromosome {} has no band {band}", partner.chromosome);
    if !near.is_empty() {
        message.push_str("; the nearest are ");
        message.push_str(&near.join(", "));
    }
    message.push('.');
    notes.error(Code::NoSuchBand, at(r.breaks_at), message);
}

fn quoted(symbol: Symbol) -> String {
    format!("“{symbol}”")
}

fn are(count: usize) -> String {
    if count == 1 { "is 1".into() } else { format!("are {count}") }
}

/// `2 chromosomes`, `1 or 2 breakpoints`, `2 chromosomes or more`.
fn plural((low, high): (usize, usize), noun: &str) -> String {
    match (low, high) {
        (1, 1) => format!("1 {noun}"),
        (low, high) if low == high => format!("{low} {noun}s"),
        (1, MANY) => format!("1 {noun} or more"),
        (low, MANY) => format!("{low} {noun}s or more"),
        (low, high) if high == low + 1 => format!("{low} or {high} {noun}s"),
        (low, high) => format!("{low} to {high} {noun}s"),
    }
}

fn breakpoint_counts(r: &Rearrangement, takes: &Takes, sizes: &[usize], notes: &mut Notes) {
    let place = at(r.breaks_at);
    let count = r.chromosomes.len();
    if sizes.len() != count {
        let given = if sizes.len() == 1 { "is 1".to_owned() } else { format!("are {}", sizes.len()) };
        let message = format!("Each of the {count} chromosomes needs its own breakpoints; there {given}.");
        let message = if count == 1 { "One chromosome has one list of breakpoints.".to_owned() } else { message };
        notes.error(Code::BreakpointCount, place, message);
        return;
    }
    let all: usize = sizes.iter().sum();
    let fits = match r.symbol {
        Symbol::Ins => all == 3,
        // A dicentric of two chromosomes has one breakpoint on each.
        Symbol::Dic if count > 1 => sizes.iter().all(|n| *n == 1),
        Symbol::Trc => sizes.iter().all(|n| (1..=2).contains(n)),
        Symbol::Add
        | Symbol::Del
        | Symbol::Der
        | Symbol::Dic
        | Symbol::Dup
        | Symbol::Fis
        | Symbol::Fra
        | Symbol::Hsr
        | Symbol::I
        | Symbol::Idic
        | Symbol::Ider
        | Symbol::Inv
        | Symbol::Qdp
        | Symbol::R
        | Symbol::Rec
        | Symbol::Rob
        | Symbol::T
        | Symbol::Tas
        | Symbol::Trp
        | Symbol::Upd => sizes.iter().all(|n| (takes.breaks.0..=takes.breaks.1).contains(n)),
    };
    if !fits {
        let wanted = if r.symbol == Symbol::Ins {
            "3 breakpoints: where it goes, and both ends of what is inserted".to_owned()
        } else if count == 1 {
            plural(takes.breaks, "breakpoint")
        } else {
            format!("{} of each chromosome", plural((takes.breaks.0, takes.breaks.0), "breakpoint"))
        };
        notes.error(Code::BreakpointCount, place, format!("{} takes {wanted}; there {}.", quoted(r.symbol), are(all)));
    }
}

/// A deletion, an inversion or a ring names the short arm first; on the long arm, what is nearer the centromere first.
/// The order of a duplication or insertion says which way round it lies, and is free.
fn breakpoint_order<'b>(
    r: &Rearrangement,
    chromosome: Chromosome,
    group: impl Iterator<Item = &'b Band>,
    notes: &mut Notes,
) {
    if !matches!(r.symbol, Symbol::Del | Symbol::Inv | Symbol::R) {
        return;
    }
    let group: Vec<&Band> = group.collect();
    let [first, second] = group.as_slice() else { return };
    let both_short = first.arm == Some(Arm::Short) && second.arm == Some(Arm::Short);
    let (Some(one), Some(other)) = (bands::extent(chromosome, first), bands::extent(chromosome, second)) else {
        return;
    };
    if !both_short && other.1 < one.0 {
        let message = "The short arm is named before the long arm, and on the long arm the band nearer the centromere.";
        let turned = format!("{second}{first}");
        notes.add(Level::Warning, Code::BreakpointOrder, at(r.breaks_at), message, Some(&turned));
    }
}

/// A sex chromosome is named first, then the lowest number; what follows in a rearrangement of three or more is free.
fn partner_order(r: &Rearrangement, notes: &mut Notes) {
    if !matches!(r.symbol, Symbol::T | Symbol::Dic | Symbol::Rob | Symbol::Tas | Symbol::Der | Symbol::Trc) {
        return;
    }
    let known: Vec<Chromosome> = r.chromosomes.iter().map(|p| p.chromosome).collect();
    let Some((first, rest)) = known.split_first() else { return };
    if known.contains(&Chromosome::Unknown) || (r.symbol == Symbol::Der && matches!(r.breaks, Breaks::Missing)) {
        return;
    }
    if rest.iter().any(|c| c < first) {
        let message = "A sex chromosome is named first, then the lowest number.";
        notes.warn(Code::PartnerOrder, at(r.chromosomes_at), message);
    }
}

/// Where a change stands in the usual order: sex chromosomes, 1 to 22, then what has no number. Within one chromosome
/// whole chromosomes come before what is rearranged.
fn rank(change: &Change) -> Option<(u8, u8)> {
    let of = |chromosome: Chromosome| match chromosome {
        Chromosome::X => 1,
        Chromosome::Y => 2,
        Chromosome::Autosome(n) => 2 + n.get(),
        Chromosome::Unknown => 30,
    };
    match &change.kind {
        Kind::Whole(chromosome) => Some((of(*chromosome), 0)),
        Kind::Rearranged(r) => match r.chromosomes.first() {
            Some(first) => Some((of(first.chromosome), u8::from(change.sign != Some(Sign::Loss)))),
            None => Some((31, 0)),
        },
        Kind::Marker(_) => Some((32, 0)),
        Kind::DoubleMinutes => Some((33, 0)),
        Kind::Incomplete => Some((34, 0)),
        Kind::Related(_) | Kind::Unknown(_) => None,
    }
}

fn order(clone: &Karyotype, notes: &mut Notes) {
    let mut highest = None;
    for change in &clone.changes {
        let Some((place, _)) = rank(change) else { continue };
        // Rings of unknown origin, markers and double minutes stand last in any order.
        let place = place.min(30);
        if highest.is_some_and(|highest| place < highest) {
            let message =
                "Changes are listed in the order of the chromosomes: X and Y, then 1 to 22, then what has no number.";
            notes.warn(Code::ChangeOrder, at(change.at), message);
            return;
        }
        highest = Some(place);
    }
}

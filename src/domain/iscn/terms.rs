//! Words to search by, and the search itself.
//!
//! A term is canonical: chromosomes of a translocation in the usual order, both the short form (`del(5q)`, `t(9;22)`)
//! and the form with its breakpoints. Only clonal changes have terms.

use super::Checked;
use super::bands::covers;
use super::change::change as read_change;
use super::glyphs::Glyph;
use super::tree::{Arm, Band, Breakpoint, Breaks, Change, Chromosome, Kind, Rearrangement, Sign, Symbol};

/// The terms of one change.
pub(super) fn of_change(change: &Change) -> Vec<String> {
    let mut all = Vec::new();
    for kind in std::iter::once(&change.kind).chain(&change.or) {
        match kind {
            Kind::Whole(chromosome) => all.extend(change.sign.map(|sign| format!("{sign}{chromosome}"))),
            Kind::Rearranged(r) => {
                let r = ordered(r);
                if let Some(short) = short(&r) {
                    all.push(short);
                }
                all.push(plain(&r).to_string());
            }
            Kind::Marker(_) => all.push("mar".into()),
            Kind::DoubleMinutes => all.push("dmin".into()),
            Kind::Related(_) | Kind::Incomplete | Kind::Unknown(_) => {}
        }
    }
    if change.constitutional {
        for term in &mut all {
            term.push('c');
        }
    }
    all
}

/// Without question marks on chromosomes: they are searched for as what they may be.
fn plain(r: &Rearrangement) -> Rearrangement {
    let mut r = r.clone();
    for partner in &mut r.chromosomes {
        partner.doubtful = false;
    }
    r
}

/// With the chromosomes of a translocation in the usual order.
pub(super) fn ordered(r: &Rearrangement) -> Rearrangement {
    let mut r = r.clone();
    if !matches!(r.symbol, Symbol::T | Symbol::Dic | Symbol::Rob) {
        return r;
    }
    let groups = match &r.breaks {
        Breaks::Bands(groups) if groups.len() == r.chromosomes.len() => Some(groups.clone()),
        Breaks::Bands(_) | Breaks::Missing | Breaks::Detailed(_) => None,
    };
    let mut order: Vec<usize> = (0..r.chromosomes.len()).collect();
    let chromosome = |index: &usize| r.chromosomes.get(*index).map(|p| p.chromosome);
    if r.chromosomes.len() == 2 {
        order.sort_by_key(chromosome);
    } else if let Some(lowest) = (0..r.chromosomes.len()).min_by_key(chromosome) {
        // Of three or more the order says what went where; it is a circle that may begin anywhere.
        order.rotate_left(lowest);
    }
    r.chromosomes = order.iter().filter_map(|index| r.chromosomes.get(*index).copied()).collect();
    if let Some(groups) = groups {
        r.breaks = Breaks::Bands(order.iter().filter_map(|index| groups.get(*index).cloned()).collect());
    }
    r
}

/// `t(9;22)`, `inv(16)`, or with the arm where one arm is concerned: `del(5q)`, `i(17q)`.
fn short(r: &Rearrangement) -> Option<String> {
    let names: Vec<String> = r.chromosomes.iter().map(|p| p.chromosome.to_string()).collect();
    let symbol = r.symbol;
    if names.is_empty() {
        return None;
    }
    let arm = match (symbol, r.chromosomes.as_slice(), &r.breaks) {
        (Symbol::I, [partner], Breaks::Bands(groups)) => {
            groups.concat().first().and_then(|b| b.band.arm).or(partner.arm)
        }
        (Symbol::Del | Symbol::Add | Symbol::Dup | Symbol::Trp | Symbol::Qdp, [_], Breaks::Bands(groups)) => {
            let arms: Vec<Option<Arm>> = groups.concat().iter().map(|b| b.band.arm).collect();
            let first = arms.first().copied().flatten();
            first.filter(|_| arms.iter().all(|arm| *arm == first))
        }
        (_, [partner], Breaks::Missing) => partner.arm,
        _ => None,
    };
    let arm = arm.map_or("", Arm::name);
    Some(format!("{symbol}({}{arm})", names.join(";")))
}

/// Whether a checked text has what is asked for: a term such as `del(5q)`, `t(9;22)`, `-7`, `complex`; `monosomy 7`,
/// `trisomy 8`, `5q-`; or a change with breakpoints, where a coarser band finds a finer one (`t(9;22)(q34;q11)` finds
/// `t(9;22)(q34.1;q11.2)`). Letters may be large or small. An empty question finds nothing.
pub fn matches(checked: &Checked, query: &str) -> bool {
    let query: String =
        query.trim().chars().map(|c| if matches!(c, '\u{2212}' | '\u{2013}') { '-' } else { c }).collect();
    let query = query.to_ascii_lowercase();
    if query.is_empty() {
        return false;
    }
    let query = spelled_out(&query).unwrap_or(query);
    if checked.terms.iter().any(|term| term.eq_ignore_ascii_case(&query)) {
        return true;
    }
    let Some(wanted) = rearranged(&query) else { return false };
    checked.terms.iter().filter_map(|term| rearranged(&term.to_ascii_lowercase())).any(|term| found(&wanted, &term))
}

/// The term that a query asks for, in lower case, if it reads like one: `del(5q)`, `t(9;22)`, `-7`, `monosomy 7`, `5q-`,
/// `complex`.
pub fn query_term(query: &str) -> Option<String> {
    let query: String =
        query.trim().chars().map(|c| if matches!(c, '\u{2212}' | '\u{2013}') { '-' } else { c }).collect();
    let query = query.to_ascii_lowercase();
    let query = spelled_out(&query).unwrap_or(query);
    let named = [
        "normal",
        "complex",
        "monosomal",
        "hypodiploid",
        "hyperdiploid",
        "near-haploid",
        "near-triploid",
        "near-tetraploid",
    ];
    let whole =
        query.strip_prefix(['+', '-']).is_some_and(|rest| Chromosome::parse(&rest.to_ascii_uppercase()).is_some());
    (whole || named.contains(&query.as_str()) || rearranged(&query).is_some()).then_some(query)
}

/// `monosomy 7`, `trisomy 8`, `5q-` in symbols.
fn spelled_out(query: &str) -> Option<String> {
    for (word, sign) in [("monosomy", '-'), ("trisomy", '+')] {
        if let Some(which) = query.strip_prefix(word) {
            return Some(format!("{sign}{}", which.trim()));
        }
    }
    let arm = query.strip_prefix("del ").or_else(|| query.strip_suffix('-'))?.trim();
    let digits = arm.trim_end_matches(['p', 'q']);
    (arm.len() == digits.len() + 1 && Chromosome::parse(&digits.to_ascii_uppercase()).is_some())
        .then(|| format!("del({arm})"))
}

/// A rearrangement in small letters; X and Y are written large to be read.
fn rearranged(text: &str) -> Option<Rearrangement> {
    let upper = text.replace('x', "X").replace('y', "Y");
    let glyphs: Vec<Glyph> =
        upper.chars().filter(|c| *c != ' ').enumerate().map(|(index, c)| Glyph { c, at: index + 1 }).collect();
    match read_change(&glyphs) {
        Ok(Change { kind: Kind::Rearranged(r), .. }) => Some(ordered(&r)),
        Ok(_) | Err(_) => None,
    }
}

fn found(wanted: &Rearrangement, term: &Rearrangement) -> bool {
    let names = |r: &Rearrangement| r.chromosomes.iter().map(|p| p.chromosome).collect::<Vec<_>>();
    if wanted.symbol != term.symbol || names(wanted) != names(term) || wanted.parts.len() > term.parts.len() {
        return false;
    }
    if !wanted.parts.iter().zip(&term.parts).all(|(wanted, term)| found(wanted, term)) {
        return false;
    }
    match (&wanted.breaks, &term.breaks) {
        (Breaks::Missing, _) => {
            let arms: Vec<Option<Arm>> = wanted.chromosomes.iter().map(|p| p.arm).collect();
            arms.iter().all(Option::is_none)
        }
        (Breaks::Bands(wanted), Breaks::Bands(term)) => {
            wanted.len() == term.len() && wanted.iter().zip(term).all(|(wanted, term)| same_breaks(wanted, term))
        }
        (Breaks::Bands(_) | Breaks::Detailed(_), _) => wanted.breaks == term.breaks,
    }
}

fn same_breaks(wanted: &[Breakpoint], term: &[Breakpoint]) -> bool {
    let band = |wanted: &Band, term: &Band| wanted.arm == term.arm && covers(&wanted.name, &term.name);
    wanted.len() == term.len() && wanted.iter().zip(term).all(|(wanted, term)| band(&wanted.band, &term.band))
}

/// Whether a change is one of the rearrangements of core-binding factor: t(8;21), inv(16), t(16;16).
pub(super) fn core_binding_factor(change: &Change) -> bool {
    let terms = of_change(change);
    terms.iter().any(|term| matches!(term.as_str(), "t(8;21)" | "inv(16)" | "t(16;16)"))
}

/// Whether a change is a loss of one whole autosome.
pub(super) fn autosomal_monosomy(change: &Change) -> bool {
    let autosome = matches!(change.kind, Kind::Whole(Chromosome::Autosome(_)));
    autosome && change.sign == Some(Sign::Loss) && !change.constitutional && !change.doubtful
}

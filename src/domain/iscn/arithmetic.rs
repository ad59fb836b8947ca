//! Tier 2, arithmetic: what the sex chromosomes and the changes make, against the number of chromosomes
//! (`reference/domain.md` §5.3, tier 2).

use super::tree::{Breaks, Change, Chromosome, Karyotype, Kind, Range, Rearrangement, Related, Sign, Symbol};
use crate::text_enum;

text_enum! {
    /// Whether the changes of a clone make its number of chromosomes.
    pub enum CountCheck {
        /// They do.
        Agrees = "agrees",
        /// They do not.
        Differs = "differs",
        /// Not asked: the clone is put together from cells that differ (`cp`).
        Composite = "composite",
        /// Not asked: the number is a range, so cells differ.
        Range = "range",
        /// Not asked: something is not known, incomplete or not understood.
        NotKnown = "not_known",
    }
}

/// A number that is known only to lie between two others, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Between {
    pub(super) low: i64,
    pub(super) high: i64,
}

impl Between {
    pub(super) const fn exactly(n: i64) -> Self {
        Self { low: n, high: n }
    }

    fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }

    fn times(self, range: Range) -> Self {
        let ends = [
            self.low * i64::from(range.low),
            self.low * i64::from(range.high),
            self.high * i64::from(range.low),
            self.high * i64::from(range.high),
        ];
        Self { low: ends.into_iter().min().unwrap_or(0), high: ends.into_iter().max().unwrap_or(0) }
    }

    fn or(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    pub(super) fn has(self, n: u32) -> bool {
        (self.low..=self.high).contains(&i64::from(n))
    }
}

/// Autosomes of one haploid set.
const AUTOSOMES: i64 = 22;

/// The level of ploidy that a number of chromosomes is nearest to.
pub(super) const fn nearest_level(modal: u32) -> u32 {
    match modal {
        0..=34 => 1,
        35..=57 => 2,
        58..=80 => 3,
        81..=103 => 4,
        104..=126 => 5,
        127..=149 => 6,
        150..=172 => 7,
        _ => 8,
    }
}

/// The number of chromosomes that a clone of its own makes on a level of ploidy; none where something is not known.
pub(super) fn made(clone: &Karyotype, level: u32) -> Option<Between> {
    let sex = clone.sex.as_ref()?;
    if sex.doubtful || sex.letters.is_empty() {
        return None;
    }
    let letters = i64::try_from(sex.letters.len()).ok()?;
    let start = Between::exactly(AUTOSOMES * i64::from(level) + letters);
    // Sex chromosomes from birth (`c`) stand as they were, before any loss.
    add(start, &clone.changes, !sex.constitutional)
}

/// The number of chromosomes that the changes of a subclone make of the clone that they refer to.
pub(super) fn made_of(base: u32, clone: &Karyotype) -> Option<Between> {
    let times = clone.changes.iter().find_map(|change| match change.kind {
        Kind::Related(_) => Some(change.times.unwrap_or(Range::one(1))),
        Kind::Whole(_)
        | Kind::Rearranged(_)
        | Kind::Marker(_)
        | Kind::DoubleMinutes
        | Kind::Incomplete
        | Kind::Unknown(_) => None,
    })?;
    let start = Between::exactly(i64::from(base)).times(times);
    add(start, &clone.changes, false)
}

/// Which clone a clone refers to, and how.
pub(super) fn related(clone: &Karyotype) -> Option<(Related, &Change)> {
    clone.changes.iter().find_map(|change| match change.kind {
        Kind::Related(related) => Some((related, change)),
        Kind::Whole(_)
        | Kind::Rearranged(_)
        | Kind::Marker(_)
        | Kind::DoubleMinutes
        | Kind::Incomplete
        | Kind::Unknown(_) => None,
    })
}

/// `listed`: the sex chromosomes stand before the changes, without those that are lost or rearranged.
fn add(start: Between, changes: &[Change], listed: bool) -> Option<Between> {
    changes.iter().try_fold(start, |sum, change| effect(change, listed).map(|effect| sum.plus(effect)))
}

/// What one change does to the number of chromosomes.
fn effect(change: &Change, listed: bool) -> Option<Between> {
    let mut effect = effect_of(change, &change.kind, listed)?;
    for other in &change.or {
        effect = effect.or(effect_of(change, other, listed)?);
    }
    if change.doubtful && change.sign.is_some() && matches!(change.kind, Kind::Whole(_)) {
        effect = effect.or(Between::exactly(0));
    }
    Some(effect)
}

fn effect_of(change: &Change, kind: &Kind, listed: bool) -> Option<Between> {
    let times = change.count.or(change.times).unwrap_or(Range::one(1));
    let signed = |n: i64| match change.sign {
        Some(Sign::Gain) => Some(Between::exactly(n).times(times)),
        Some(Sign::Loss) => Some(Between::exactly(-n).times(times)),
        None => None,
    };
    match kind {
        // The sex chromosomes that stand first are what is left after the loss.
        Kind::Whole(chromosome) if chromosome.is_sex() && listed && change.sign == Some(Sign::Loss) => {
            Some(Between::exactly(0))
        }
        Kind::Whole(_) => signed(1),
        Kind::Marker(_) => signed(1).or(Some(Between::exactly(1).times(times))),
        Kind::DoubleMinutes | Kind::Related(_) => Some(Between::exactly(0)),
        Kind::Rearranged(r) => match change.sign {
            Some(_) => signed(1),
            None => unsigned(r, listed).map(|effect| effect.times(change.times.unwrap_or(Range::one(1)))),
        },
        Kind::Incomplete | Kind::Unknown(_) => None,
    }
}

/// A rearrangement without a sign stands in place of the chromosomes that it names: of several it makes as many again
/// (translocation, insertion) or one (derivative, dicentric, ring).
fn unsigned(r: &Rearrangement, listed: bool) -> Option<Between> {
    let named = i64::try_from(r.chromosomes.len()).ok()?;
    let made = match r.symbol {
        Symbol::T | Symbol::Ins => named,
        Symbol::Fis => named + 1,
        Symbol::Hsr | Symbol::Upd | Symbol::Fra => {
            return Some(Between::exactly(i64::from(listed && r.chromosomes.iter().any(|p| p.chromosome.is_sex()))));
        }
        Symbol::Tas => return None,
        // A ring that replaces no chromosome is one more.
        Symbol::R if named == 0 => return Some(Between::exactly(1)),
        Symbol::Add
        | Symbol::Del
        | Symbol::Der
        | Symbol::Dic
        | Symbol::Dup
        | Symbol::I
        | Symbol::Idic
        | Symbol::Ider
        | Symbol::Inv
        | Symbol::Qdp
        | Symbol::R
        | Symbol::Rec
        | Symbol::Rob
        | Symbol::Trc
        | Symbol::Trp => 1,
    };
    // A sex chromosome that is rearranged is not listed among the normal ones.
    let replaced = r.chromosomes.iter().filter(|p| !(listed && p.chromosome.is_sex())).count();
    let effect = Between::exactly(made - i64::try_from(replaced).ok()?);
    // Two whole arms that join may leave the other two behind, or lose them (Robertsonian, also written with `t`).
    let whole_arms = matches!(&r.breaks, Breaks::Bands(groups) if groups.iter().flatten().all(|b| b.band.name == "10"));
    Some(if r.symbol == Symbol::T && whole_arms { effect.or(Between::exactly(effect.low - 1)) } else { effect })
}

/// How many sex chromosomes of a clone are rearranged (without a sign), or lost: those that its sex part leaves out.
pub(super) fn sexes_left_out(changes: &[Change]) -> Vec<Chromosome> {
    let mut all = Vec::new();
    for change in changes {
        match (&change.kind, change.sign) {
            (Kind::Whole(chromosome), Some(Sign::Loss)) => all.push(*chromosome),
            (Kind::Rearranged(r), None) => all.extend(r.chromosomes.iter().map(|p| p.chromosome)),
            (
                Kind::Whole(_)
                | Kind::Rearranged(_)
                | Kind::Marker(_)
                | Kind::DoubleMinutes
                | Kind::Related(_)
                | Kind::Incomplete
                | Kind::Unknown(_),
                _,
            ) => {}
        }
    }
    all.retain(|chromosome| chromosome.is_sex());
    all
}

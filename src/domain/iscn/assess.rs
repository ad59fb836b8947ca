//! Tier 3, all clones together: which clone refers to which, whether the numbers add up, whether there are cells enough,
//! and in which order the clones stand (`reference/domain.md` §5.3).

use std::collections::{BTreeMap, BTreeSet};

use super::arithmetic::{Between, CountCheck, made, made_of, nearest_level, related, sexes_left_out};
use super::glyphs::counted;
use super::notes::{Code, Notes};
use super::rules::at;
use super::tree::{Change, Karyotype, Kind, Related, Sexes, Sign, Text};
use super::tree::{Join, Node};
use super::{Level, USUAL_CELLS};

/// Cells that make a clone of a gain or a structural change (`reference/domain.md` §5.3).
pub(super) const CELLS_FOR_A_CLONE: u64 = 2;
/// Cells that make a clone of a loss (`reference/domain.md` §5.3).
pub(super) const CELLS_FOR_A_LOSS: u64 = 3;

/// One clone with what follows from the clones around it.
#[derive(Debug)]
pub(super) struct Member<'t> {
    pub(super) clone: &'t Karyotype,
    /// Of the donor's cells.
    pub(super) donor: bool,
    /// The clone that it refers to (`idem`), by index.
    pub(super) refers_to: Option<usize>,
    /// All its changes, those of the clone that it refers to first.
    pub(super) all: Vec<&'t Change>,
    /// Whether the changes make the number of chromosomes.
    pub(super) count_check: CountCheck,
    /// The sex chromosomes with those put back that were lost or rearranged.
    pub(super) complement: Option<String>,
    /// 46 chromosomes, XX or XY, and no change.
    pub(super) normal: bool,
}

impl Member<'_> {
    /// Only what was there from birth, and something that was.
    pub(super) fn constitutional(&self) -> bool {
        let born = self.clone.sex.as_ref().is_some_and(|sex| sex.constitutional);
        self.all.iter().all(|change| change.constitutional) && (born || !self.all.is_empty())
    }
}

/// The key of a change: two clones have the same change when the keys are equal.
pub(super) fn key(change: &Change) -> String {
    Change { cells: None, times: None, ..change.clone() }.to_string()
}

/// All clones, and the cells in which each change was seen.
pub(super) struct Assessment<'t> {
    pub(super) members: Vec<Member<'t>>,
    /// Cells by side (donor) and change; none where a number of cells is not known.
    seen: BTreeMap<(bool, String), Option<u64>>,
}

impl<'t> Assessment<'t> {
    /// Whether a change is in cells enough to be a clone. Where no cells were counted there is no reason to doubt it.
    pub(super) fn clonal(&self, donor: bool, change: &Change) -> bool {
        let loss = matches!(change.kind, Kind::Whole(_)) && change.sign == Some(Sign::Loss);
        let needed = if loss { CELLS_FOR_A_LOSS } else { CELLS_FOR_A_CLONE };
        self.seen.get(&(donor, key(change))).copied().flatten().is_none_or(|cells| cells >= needed)
    }

    /// Looks at all clones of a text and says what is odd.
    pub(super) fn of(text: &'t Text, notes: &mut Notes) -> Self {
        let mut members: Vec<Member<'t>> = Vec::new();
        let mut donor = false;
        for item in &text.items {
            donor |= item.join == Join::Donor;
            if let Node::Clone(clone) = &item.node {
                let member = Self::member(&members, clone, donor, notes);
                members.push(member);
            }
        }
        let mut all = Self { members, seen: BTreeMap::new() };
        all.count_cells();
        all.clonality(notes);
        all.listing(notes);
        all.total(notes);
        all
    }

    fn member(before: &[Member<'t>], clone: &'t Karyotype, donor: bool, notes: &mut Notes) -> Member<'t> {
        let refers_to = refers_to(before, clone, donor, notes);
        let base = refers_to.and_then(|index| before.get(index));
        let mut all: Vec<&Change> = base.map(|base| base.all.clone()).unwrap_or_default();
        for change in &clone.changes {
            if matches!(change.kind, Kind::Related(_)) {
                continue;
            }
            // A loss in a subclone takes away what the other clone had gained.
            let undone = (base.is_some() && change.sign == Some(Sign::Loss))
                .then(|| all.iter().position(|had| had.sign != Some(Sign::Loss) && had.kind == change.kind))
                .flatten();
            match undone {
                Some(index) => drop(all.remove(index)),
                None => all.push(change),
            }
        }
        let complement = match (&clone.sex, base) {
            (Some(sex), _) => complement(sex, &clone.changes),
            (None, Some(base)) => base.complement.clone(),
            (None, None) => None,
        };
        let plain = clone.changes.is_empty() && clone.unread.is_empty() && clone.level.is_none_or(|level| level == 2);
        let letters = clone.sex.as_ref().filter(|sex| !sex.constitutional && !sex.doubtful).map(|s| s.letters.as_str());
        let normal = plain
            && clone.modal.is_some_and(|modal| (modal.low, modal.high) == (46, 46))
            && matches!(letters, Some("XX" | "XY"))
            && !clone.cells.is_some_and(|cells| cells.composite);
        let count_check = count_check(before, clone, base, notes);
        Member { clone, donor, refers_to, all, count_check, complement, normal }
    }

    fn count_cells(&mut self) {
        for member in &self.members {
            let composite = member.clone.cells.is_some_and(|cells| cells.composite);
            let keys: BTreeMap<String, Option<u32>> = member
                .all
                .iter()
                .map(|change| (key(change), change.cells.filter(|_| composite).or(member.clone.cells.map(|c| c.count))))
                .collect();
            for (key, cells) in keys {
                let sum = self.seen.entry((member.donor, key)).or_insert(Some(0));
                *sum = sum.zip(cells).map(|(sum, cells)| sum + u64::from(cells));
            }
        }
    }

    /// Whether there are enough cells to call it a clone.
    fn clonality(&self, notes: &mut Notes) {
        for member in self.members.iter().filter(|member| !member.normal && !member.constitutional()) {
            let Some(cells) = member.clone.cells else { continue };
            let place = at(member.clone.cells_at);
            let own: Vec<&Change> = member.clone.changes.iter().filter(|c| !c.constitutional).collect();
            let few: Vec<&Change> = own
                .iter()
                .copied()
                .filter(|change| !matches!(change.kind, Kind::Related(_)) && !self.clonal(member.donor, change))
                .collect();
            if cells.composite {
                if cells.count == 1 {
                    let message = "A composite karyotype is made of two cells or more.";
                    notes.warn(Code::SingleCell, place, message);
                }
                continue;
            }
            if cells.count == 1 && (!few.is_empty() || own.is_empty()) {
                let message = "A change in a single cell is not a clone (non-clonal).";
                notes.warn(Code::SingleCell, place, message);
            } else if !few.is_empty() {
                let names: Vec<String> = few.iter().map(|change| key(change)).collect();
                let message = format!("A loss makes a clone from three cells on ({}).", names.join(", "));
                notes.warn(Code::LossInTwoCells, place, message);
            }
        }
    }

    /// The same clone twice; normal cells before abnormal ones.
    fn listing(&self, notes: &mut Notes) {
        let mut seen = BTreeSet::new();
        for member in &self.members {
            let bare = Karyotype { cells: None, ..member.clone.clone() };
            if !seen.insert((member.donor, bare.to_string())) {
                notes.warn(Code::SameClone, at(member.clone.at), "This clone is listed before.");
            }
        }
        let abnormal = |member: &Member<'_>| !member.normal && !member.constitutional();
        // Single cells that are no clone may be told after the normal cells.
        let clone =
            |member: &Member<'_>| abnormal(member) && member.all.iter().any(|change| self.clonal(member.donor, change));
        for (index, member) in self.members.iter().enumerate() {
            let later = self.members.get(index + 1..).unwrap_or_default();
            if !abnormal(member) && later.iter().any(|l| l.donor == member.donor && clone(l)) {
                notes.warn(Code::NormalLast, at(member.clone.at), "Normal cells are listed after abnormal clones.");
                return;
            }
        }
    }

    /// The cells of all clones; none where one is not known.
    pub(super) fn cells(&self, counts: impl Fn(&Member<'_>) -> bool) -> Option<u32> {
        let chosen = self.members.iter().filter(|member| counts(member));
        let cells: Option<Vec<u32>> = chosen.map(|member| member.clone.cells.map(|c| c.count)).collect();
        cells?.into_iter().try_fold(0_u32, u32::checked_add)
    }

    fn total(&self, notes: &mut Notes) {
        let (Some(first), Some(last)) = (self.members.first(), self.members.last()) else { return };
        let Some(sum) = self.cells(|_| true) else { return };
        if sum < USUAL_CELLS {
            let start = first.clone.at.position;
            let place = (start, (last.clone.at.position + last.clone.at.length).saturating_sub(start));
            let said = counted(sum, "cell", "cells");
            notes.warn(Code::FewCells, place, format!("{said} in all; {USUAL_CELLS} are usual."));
        }
    }
}

/// The sex chromosomes with those put back that the changes took out.
fn complement(sex: &Sexes, changes: &[Change]) -> Option<String> {
    if sex.doubtful {
        return None;
    }
    let mut letters = sex.letters.clone();
    if !sex.constitutional && letters.len() < 2 {
        letters.extend(
            sexes_left_out(changes).iter().flat_map(|chromosome| chromosome.to_string().chars().collect::<Vec<_>>()),
        );
    }
    let mut letters: Vec<char> = letters.chars().take(16).collect();
    letters.sort_unstable();
    Some(letters.into_iter().collect())
}

/// The clone that a clone refers to. The stemline is the first abnormal clone of the same side, a sideline the ones after.
fn refers_to(before: &[Member<'_>], clone: &Karyotype, donor: bool, notes: &mut Notes) -> Option<usize> {
    let (related, change) = related(clone)?;
    let lines: Vec<usize> = before
        .iter()
        .enumerate()
        .filter(|(_, member)| member.donor == donor && !member.normal)
        .map(|(index, _)| index)
        .collect();
    let found = match related {
        Related::Idem | Related::Stemline => lines.first(),
        Related::Sideline(None) => lines.last(),
        Related::Sideline(Some(number)) => usize::try_from(number).ok().filter(|n| *n > 0).and_then(|n| lines.get(n)),
    };
    if found.is_none() {
        let message = match related {
            Related::Idem | Related::Stemline => "There is no abnormal clone before this one to refer to.",
            Related::Sideline(_) => "There is no such sideline before this clone.",
        };
        notes.error(Code::Reference, at(change.at), message);
    }
    found.copied()
}

/// The number of chromosomes against what the changes make.
fn count_check(before: &[Member<'_>], clone: &Karyotype, base: Option<&Member<'_>>, notes: &mut Notes) -> CountCheck {
    let Some(modal) = clone.modal.filter(|_| clone.unread.is_empty()) else { return CountCheck::NotKnown };
    if clone.cells.is_some_and(|cells| cells.composite) {
        return CountCheck::Composite;
    }
    if modal.low != modal.high {
        return CountCheck::Range;
    }
    let said = modal.low;
    if let Some((related, change)) = related(clone) {
        let of = |member: &Member<'_>| {
            let modal = member.clone.modal.filter(|modal| modal.low == modal.high)?;
            made_of(modal.low, clone)
        };
        let Some(sum) = base.and_then(of) else { return CountCheck::NotKnown };
        if sum.has(said) {
            return CountCheck::Agrees;
        }
        if matches!(related, Related::Idem) && before.last().and_then(of).is_some_and(|sum| sum.has(said)) {
            let message = "“idem” stands for the first abnormal clone; the number fits the clone just before this one.";
            notes.warn(Code::Reference, at(change.at), message);
            return CountCheck::Agrees;
        }
        differs(clone, sum, "The clone referred to and the changes", notes);
        return CountCheck::Differs;
    }
    let levels = clone.level.map_or_else(|| vec![nearest_level(said), 2], |level| vec![level]);
    let sums: Option<Vec<Between>> = levels.iter().map(|level| made(clone, *level)).collect();
    let Some(sums) = sums else { return CountCheck::NotKnown };
    if sums.iter().any(|sum| sum.has(said)) {
        return CountCheck::Agrees;
    }
    let Some(sum) = sums.first().copied() else { return CountCheck::NotKnown };
    if sex_listed_twice(clone, sum, said, notes) {
        return CountCheck::Agrees;
    }
    if clone.level.is_none() && nearest_level(said) != 2 {
        let message =
            "The changes do not make this number of chromosomes; the level of ploidy, such as <3n>, is not given.";
        notes.warn(Code::PloidyLevel, at(clone.modal_at), message);
        return CountCheck::NotKnown;
    }
    differs(clone, sum, "The sex chromosomes and the changes", notes);
    CountCheck::Differs
}

fn differs(clone: &Karyotype, sum: Between, what: &str, notes: &mut Notes) {
    let said = clone.modal.map_or(0, |modal| modal.low);
    let (makes, suggestion) = if sum.low == sum.high {
        (sum.low.to_string(), (sum.low > 0).then(|| sum.low.to_string()))
    } else {
        (format!("{} to {}", sum.low, sum.high), None)
    };
    let message = format!("{what} make {makes} chromosomes, not {said}.");
    notes.add(Level::Error, Code::Arithmetic, at(clone.modal_at), message, suggestion.as_deref());
}

/// A sex chromosome that is lost or rearranged and still listed among the normal ones: a warning, and the number of
/// chromosomes fits after all.
fn sex_listed_twice(clone: &Karyotype, sum: Between, said: u32, notes: &mut Notes) -> bool {
    let Some(sex) = clone.sex.as_ref().filter(|sex| !sex.constitutional) else { return false };
    let out = sexes_left_out(&clone.changes);
    let Some(many) = i64::try_from(out.len()).ok().filter(|n| *n > 0) else { return false };
    if i64::from(said) < sum.low - many || i64::from(said) > sum.high - many {
        return false;
    }
    let mut left = sex.letters.clone();
    for chromosome in out {
        left = left.replacen(&chromosome.to_string(), "", 1);
    }
    if left == sex.letters {
        return false;
    }
    let message = "Only the normal sex chromosomes stand here: not one that is lost or rearranged.";
    let suggestion = (!left.is_empty()).then_some(left.as_str());
    notes.add(Level::Warning, Code::SexPart, at(clone.sex_at), message, suggestion);
    true
}

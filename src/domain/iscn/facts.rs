//! What follows from a checked karyotype and others ask for: facts, and the comparison with the recorded sex.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::assess::{Assessment, Member, key};
use super::notes::Code;
use super::terms::{autosomal_monosomy, core_binding_factor, of_change};
use super::tree::{Change, Kind};
use super::{Checked, Finding, Level};
use crate::domain::vocabulary::Sex;

/// Distinct clonal changes that make a karyotype complex.
const COMPLEX: usize = 3;

/// What follows from the clones together.
///
/// Only clonal changes count, and none that was there from birth. A change in two clones is one change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = IscnFacts)]
#[allow(clippy::struct_excessive_bools)] // each answers a question of its own; no two make a state
pub struct Facts {
    /// There are clones, and none has a clonal change; what is not understood speaks against it.
    pub is_normal: bool,
    /// Distinct clonal changes. Markers count as many as there are at least; the level of ploidy is no change.
    pub abnormality_count: usize,
    /// Three distinct clonal changes or more.
    pub is_complex: bool,
    /// One clone lost two different autosomes, or one autosome beside a structural change. Rearrangements of
    /// core-binding factor (t(8;21), inv(16), t(16;16)) rule it out, a lost X or Y does not count, and neither does a
    /// marker, which may be what is left of the lost chromosome.
    pub is_monosomal: bool,
    /// Cells of all clones; none where one does not say, or there is no clone. Compare it with the metaphases analyzed.
    pub total_cells: Option<u32>,
    /// Cells of all clones that are not normal; none where one does not say, or there is no clone.
    pub abnormal_cells: Option<u32>,
    /// The sex chromosomes of each clone with those put back that were lost or rearranged; none where not known.
    pub sexes: Vec<Option<String>>,
    /// Written with `//`: there is a recipient and a donor.
    pub has_donor: bool,
}

fn clonal<'t>(all: &Assessment<'t>, member: &Member<'t>) -> Vec<&'t Change> {
    let changes = member.all.iter().copied();
    changes.filter(|change| !change.constitutional && all.clonal(member.donor, change)).collect()
}

fn is_monosomal(changes: &[&Change]) -> bool {
    let lost: BTreeSet<String> = changes.iter().filter(|change| autosomal_monosomy(change)).map(|c| key(c)).collect();
    let structural = changes.iter().any(|change| matches!(change.kind, Kind::Rearranged(_)));
    let factor = changes.iter().any(|change| core_binding_factor(change));
    !factor && (lost.len() >= 2 || (lost.len() == 1 && structural))
}

/// The facts, and the terms to search by.
pub(super) fn of(all: &Assessment<'_>, has_donor: bool) -> (Facts, Vec<String>) {
    let mut distinct: BTreeSet<(bool, String)> = BTreeSet::new();
    let (mut count, mut terms): (usize, Vec<String>) = (0, Vec::new());
    let mut monosomal = false;
    let mut unknown = false;
    let mut ploidy: Vec<&'static str> = Vec::new();
    for member in &all.members {
        let changes = clonal(all, member);
        unknown |= !member.clone.unread.is_empty();
        for change in &changes {
            let understood = !matches!(change.kind, Kind::Unknown(_) | Kind::Incomplete);
            unknown |= !understood;
            if understood && distinct.insert((member.donor, key(change))) {
                let markers = change.count.filter(|_| matches!(change.kind, Kind::Marker(_)));
                count += markers.and_then(|range| usize::try_from(range.low).ok()).unwrap_or(1);
                terms.extend(of_change(change));
            }
        }
        // What was there from birth is found as well, with its `c`.
        for change in member.all.iter().filter(|change| change.constitutional) {
            terms.extend(of_change(change));
        }
        let diploid = member.clone.level.is_none_or(|level| level == 2);
        monosomal |= diploid && is_monosomal(&changes);
        // Cells of another level of ploidy need no other change.
        let clone = member.all.is_empty() || !changes.is_empty();
        if clone && !member.normal && !member.constitutional() {
            ploidy.extend(ploidy_term(member));
        }
    }
    let single =
        |member: &Member<'_>| clonal(all, member).is_empty() && !member.all.is_empty() && !member.constitutional();
    let readable = |member: &Member<'_>| member.normal || single(member);
    let is_normal = !unknown && all.members.iter().all(readable) && all.members.iter().any(|member| member.normal);
    let some = !all.members.is_empty();
    let facts = Facts {
        is_normal,
        abnormality_count: count,
        is_complex: count >= COMPLEX,
        is_monosomal: monosomal,
        total_cells: all.cells(|_| true).filter(|_| some),
        abnormal_cells: all.cells(|member| !member.normal).filter(|_| some),
        sexes: all.members.iter().map(|member| member.complement.clone()).collect(),
        has_donor,
    };
    let named = [(facts.is_normal, "normal"), (facts.is_complex, "complex"), (facts.is_monosomal, "monosomal")];
    terms.extend(named.into_iter().filter(|(holds, _)| *holds).map(|(_, term)| term.to_owned()));
    terms.extend(ploidy.into_iter().map(str::to_owned));
    let mut seen = BTreeSet::new();
    terms.retain(|term| seen.insert(term.clone()));
    (facts, terms)
}

/// The word for a number of chromosomes that is not 46.
fn ploidy_term(member: &Member<'_>) -> Option<&'static str> {
    let modal = member.clone.modal?;
    let word = |n: u32| match n {
        0..=34 => Some("near-haploid"),
        35..=45 => Some("hypodiploid"),
        46 => None,
        47..=57 => Some("hyperdiploid"),
        58..=80 => Some("near-triploid"),
        81..=103 => Some("near-tetraploid"),
        _ => Some("polyploid"),
    };
    word(modal.low).filter(|low| word(modal.high) == Some(low))
}

/// Compares the sex chromosomes with the recorded sex of the patient (`reference/domain.md` §5.3, tier 3). The donor's
/// cells are not the patient's, and a lone X may have lost a Y: neither is compared.
pub fn sex_findings(checked: &Checked, recorded: Sex) -> Option<Finding> {
    let (expected, other) = match recorded {
        Sex::Female => ("female", "XY"),
        Sex::Male => ("male", "XX"),
        Sex::Other | Sex::Unknown => return None,
    };
    let differs = |sex: &str| match recorded {
        Sex::Female => sex.contains('Y'),
        Sex::Male => sex.len() > 1 && !sex.contains('Y'),
        Sex::Other | Sex::Unknown => false,
    };
    let clones = checked.clones.iter().zip(&checked.facts.sexes);
    let (clone, sex) = clones
        .filter_map(|(clone, sex)| Some((clone, sex.as_deref()?)))
        .find(|(clone, sex)| !clone.donor && differs(sex))?;
    let message = format!(
        "The patient is recorded as {expected}, and these cells have {sex}. After a transplant from a donor ({other}) \
         this may be chimerism, which is written with a double slash (//); otherwise check the specimen's identity."
    );
    Some(Finding {
        level: Level::Warning,
        code: Code::SexMismatch,
        position: clone.position,
        length: clone.text.chars().count(),
        message,
        suggestion: None,
    })
}

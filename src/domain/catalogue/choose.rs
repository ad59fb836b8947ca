//! Which part of a case feeds an assay best, or in one sentence why none can.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::fitness::{Fitness, Obstacle, PartFacts, Verdict, fitness, weight};
use super::words::{container_name, list, uncapitalized};
use super::{Assay, Catalogue};
use crate::domain::{Code, SpecimenKind};

/// Why no part of a case can feed an assay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NoPart {
    /// What stands in the way.
    pub obstacle: Obstacle,
    /// The same as a plain sentence for the requester.
    pub why: String,
}

impl std::fmt::Display for NoPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.why)
    }
}

/// The part of a case that feeds the assay best, by its key, or why none can.
///
/// In this order: not past its limit; no substitute; no warning; the feed that the assay wants more; the lower pull (blood
/// dilutes each further one); the better verdict; the larger volume; the earlier in `parts`. What other orders will take
/// from the same part is not known here.
///
/// # Errors
/// The obstacle of the part that came closest.
pub fn choose<K: Clone>(
    catalogue: &Catalogue,
    assay: &Assay,
    parts: &[(K, PartFacts<'_>)],
    now: DateTime<Utc>,
) -> Result<K, NoPart> {
    let judged: Vec<(&K, &PartFacts<'_>, Fitness)> =
        parts.iter().map(|(key, part)| (key, part, fitness(catalogue, assay, part, now))).collect();
    let best = judged.iter().filter(|(_, _, fit)| fit.can_feed()).min_by_key(|(_, part, fit)| {
        let substitute = fit.feed.and_then(|index| assay.feeds.get(index)).is_some_and(|feed| feed.substitute);
        (
            fit.verdict == Verdict::PastLimit,
            substitute,
            fit.verdict.severity().max(Verdict::Usable.severity()),
            fit.feed,
            part.pull_number.unwrap_or(u8::MAX),
            fit.verdict.severity(),
            Reverse(part.remaining_ul),
        )
    });
    if let Some((key, _, _)) = best {
        return Ok((*key).clone());
    }
    Err(explain(catalogue, assay, &judged))
}

fn explain<K>(catalogue: &Catalogue, assay: &Assay, judged: &[(&K, &PartFacts<'_>, Fitness)]) -> NoPart {
    // The right sort of part, and something is wrong with it: say what, of the one that the assay wants most.
    let closest = judged.iter().filter(|(_, _, fit)| fit.feed.is_some()).min_by_key(|(_, _, fit)| {
        (fit.obstacle == Some(Obstacle::SubstituteOnly), fit.verdict.severity(), weight(fit.action), fit.feed)
    });
    if let Some((_, part, fit)) = closest {
        let tube = container_name(catalogue, &part.container);
        let why = format!("{} cannot use the {} in {tube}: {}", assay.name, part.kind.words(), uncapitalized(&fit.why));
        return NoPart { obstacle: fit.obstacle.unwrap_or(Obstacle::Condition), why };
    }
    let wants: Vec<_> = assay
        .feeds
        .iter()
        .filter(|feed| !feed.substitute)
        .flat_map(|feed| feed.kinds.iter().map(|kind| (*kind, &feed.container)))
        .collect();
    let has: Vec<_> = judged.iter().map(|(_, part, _)| (part.kind, &part.container)).collect();
    let kinds: BTreeSet<SpecimenKind> = wants.iter().chain(&has).map(|(kind, _)| *kind).collect();
    let name_kind = kinds.len() > 1;
    let needs = sorts(catalogue, &wants, name_kind, "or");
    if has.is_empty() {
        let why = format!("{} needs {needs}; nothing has been collected.", assay.name);
        return NoPart { obstacle: Obstacle::NothingCollected, why };
    }
    let right_kind = judged.iter().any(|(_, _, fit)| fit.obstacle == Some(Obstacle::WrongContainer));
    let obstacle = if right_kind { Obstacle::WrongContainer } else { Obstacle::WrongKind };
    let have = sorts(catalogue, &has, name_kind, "and");
    NoPart { obstacle, why: format!("{} needs {needs}; this case has {have} only.", assay.name) }
}

/// "EDTA or sodium heparin", or with kinds "aspirate in EDTA or sodium heparin, or block".
fn sorts(catalogue: &Catalogue, sorts: &[(SpecimenKind, &Code)], name_kind: bool, word: &str) -> String {
    let containers = |of: Option<SpecimenKind>| {
        let mut names: Vec<String> = Vec::new();
        for (_, container) in sorts.iter().filter(|(kind, _)| of.is_none_or(|of| of == *kind)) {
            let name = container_name(catalogue, container);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        list(&names, word)
    };
    if !name_kind {
        return containers(None);
    }
    let mut kinds: Vec<SpecimenKind> = Vec::new();
    for (kind, _) in sorts {
        if !kinds.contains(kind) {
            kinds.push(*kind);
        }
    }
    let groups: Vec<String> = kinds
        .into_iter()
        .map(|kind| {
            let (kind, within) = (kind.words(), containers(Some(kind)));
            // "block in block" says nothing twice.
            if kind == within { kind } else { format!("{kind} in {within}") }
        })
        .collect();
    match groups.as_slice() {
        [] | [_] => groups.concat(),
        [first @ .., last] => format!("{}, {word} {last}", first.join(", ")),
    }
}

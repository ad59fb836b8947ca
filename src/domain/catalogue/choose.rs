//! Which part of a case feeds an assay best, or in one sentence why none can.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::fitness::{Fitness, Obstacle, PartFacts, Verdict, fitness, weight};
use super::words::{container_name, list, part_name, uncapitalized};
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
        let part = part_name(catalogue, part.kind, &part.container);
        let why = format!("{} cannot use the {part}: {}", assay.name, uncapitalized(&fit.why));
        return NoPart { obstacle: fit.obstacle.unwrap_or(Obstacle::Condition), why };
    }
    // What is made in the laboratory (a block, a pellet) is nothing to ask the requester for.
    let wants: Vec<_> = assay
        .feeds
        .iter()
        .filter(|feed| !feed.substitute)
        .flat_map(|feed| feed.kinds.iter().map(|kind| (*kind, &feed.container)))
        .filter(|(kind, _)| kind.letter().is_some())
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
    if !name_kind {
        return list(&distinct(sorts.iter().map(|(_, container)| container_name(catalogue, container))), word);
    }
    let kinds = distinct(sorts.iter().map(|(kind, _)| *kind));
    let groups: Vec<String> = kinds
        .into_iter()
        .map(|kind| {
            let containers = distinct(sorts.iter().filter(|(k, _)| *k == kind).map(|(_, container)| *container));
            match containers.as_slice() {
                [only] => part_name(catalogue, kind, only),
                several => {
                    let names: Vec<String> = several.iter().map(|code| container_name(catalogue, code)).collect();
                    format!("{} in {}", kind.words(), list(&names, word))
                }
            }
        })
        .collect();
    match groups.as_slice() {
        // A list of lists needs its comma.
        [first @ .., last] if groups.iter().any(|group| group.contains(&format!(" {word} "))) && !first.is_empty() => {
            format!("{}, {word} {last}", first.join(", "))
        }
        groups => list(groups, word),
    }
}

/// Each item once, in the order of its first appearance.
fn distinct<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = Vec::new();
    for item in items {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::super::sample;
    use super::*;
    use crate::domain::Temperature;

    fn taken() -> DateTime<Utc> {
        "2026-07-06T11:00:00Z".parse().unwrap()
    }

    fn part(kind: SpecimenKind, container: &str) -> PartFacts<'static> {
        PartFacts {
            kind,
            container: container.parse().unwrap(),
            temperature: Temperature::Ambient,
            clock_start: Some(taken()),
            remaining_ul: kind.is_liquid().then_some(4_000),
            length_mm: None,
            pull_number: None,
            after_dry_tap: false,
            reasons: &[],
            acid_decalcified: false,
        }
    }

    fn tube(container: &str, pull: u8) -> PartFacts<'static> {
        PartFacts { pull_number: Some(pull), ..part(SpecimenKind::Aspirate, container) }
    }

    fn older(hours: i64, part: PartFacts<'static>) -> PartFacts<'static> {
        PartFacts { clock_start: Some(taken() - TimeDelta::hours(hours)), ..part }
    }

    fn left(ul: u32, part: PartFacts<'static>) -> PartFacts<'static> {
        PartFacts { remaining_ul: Some(ul), ..part }
    }

    fn fresh_core(after_dry_tap: bool) -> PartFacts<'static> {
        PartFacts { temperature: Temperature::Refrigerated, after_dry_tap, ..part(SpecimenKind::Core, "RPMI") }
    }

    fn pick(assay: &str, parts: Vec<PartFacts<'static>>) -> Result<usize, NoPart> {
        let catalogue = Catalogue::parse(sample::TEXT).unwrap();
        let parts: Vec<(usize, PartFacts<'static>)> = parts.into_iter().enumerate().collect();
        choose(&catalogue, catalogue.assay(assay).unwrap(), &parts, taken())
    }

    #[test]
    fn the_best_part() {
        let table: Vec<(&str, &str, Vec<PartFacts<'static>>, usize)> = vec![
            ("the container it wants more", "FLOW-AL", vec![tube("HEPARIN", 1), tube("EDTA", 2)], 1),
            ("the lower pull of equal tubes", "FLOW-AL", vec![tube("EDTA", 3), tube("EDTA", 2)], 1),
            ("pull 1 when it is wanted", "FLOW-MRD", vec![tube("EDTA", 2), tube("EDTA", 1)], 1),
            ("else the lowest there is", "FLOW-MRD", vec![tube("EDTA", 3), tube("EDTA", 2)], 1),
            ("enough of it before the lower pull", "FLOW-MRD", vec![left(1_000, tube("EDTA", 1)), tube("EDTA", 2)], 1),
            (
                "a fresh one before the container it wants more",
                "FLOW-AL",
                vec![older(30, tube("EDTA", 1)), tube("HEPARIN", 2)],
                1,
            ),
            (
                "one past its limit only if there is no other",
                "FLOW-AL",
                vec![older(50, tube("EDTA", 1)), older(30, tube("HEPARIN", 2))],
                1,
            ),
            ("and then rather than nothing", "FLOW-AL", vec![older(50, tube("EDTA", 1))], 0),
            ("the fuller of equal tubes", "FLOW-AL", vec![left(3_500, tube("EDTA", 1)), tube("EDTA", 1)], 1),
            (
                "the fresher of equal tubes",
                "FLOW-AL",
                vec![older(20, tube("EDTA", 1)), left(3_500, tube("EDTA", 1))],
                1,
            ),
            ("the first of what is all the same", "FLOW-AL", vec![tube("EDTA", 1), tube("EDTA", 1)], 0),
            ("a substitute only after a dry tap", "FLOW-AL", vec![fresh_core(false), tube("EDTA", 1)], 1),
            ("a substitute after a dry tap", "FLOW-AL", vec![part(SpecimenKind::Smear, "SLIDE"), fresh_core(true)], 1),
            (
                "a regular part under a warning before a substitute",
                "FLOW-AL",
                vec![fresh_core(true), older(30, tube("EDTA", 1))],
                1,
            ),
            (
                "a substitute before a regular part past its limit",
                "FLOW-AL",
                vec![older(50, tube("EDTA", 1)), fresh_core(true)],
                1,
            ),
        ];
        for (what, assay, parts, expected) in table {
            assert_eq!(pick(assay, parts), Ok(expected), "{what}");
        }
    }

    #[test]
    fn why_none_can() {
        let clotted: &'static [Code] = Box::leak(Box::new(["CLOTTED".parse().unwrap()]));
        let table: Vec<(&str, Vec<PartFacts<'static>>, Obstacle, &str)> = vec![
            (
                "KARYO",
                vec![tube("EDTA", 1)],
                Obstacle::WrongContainer,
                "Karyotype needs sodium heparin; this case has EDTA only.",
            ),
            (
                "KARYO",
                vec![tube("EDTA", 1), tube("STERILE", 2), tube("EDTA", 3)],
                Obstacle::WrongContainer,
                "Karyotype needs sodium heparin; this case has EDTA and sterile tube only.",
            ),
            (
                "FLOW-AL",
                vec![tube("STERILE", 1)],
                Obstacle::WrongContainer,
                "Flow cytometry needs EDTA or sodium heparin; this case has sterile tube only.",
            ),
            (
                "FLOW-AL",
                vec![part(SpecimenKind::Core, "FORMALIN"), part(SpecimenKind::Smear, "SLIDE")],
                Obstacle::WrongContainer,
                "Flow cytometry needs aspirate in EDTA or sodium heparin; this case has core in formalin and smear only.",
            ),
            (
                "KARYO",
                vec![part(SpecimenKind::Smear, "SLIDE")],
                Obstacle::WrongKind,
                "Karyotype needs aspirate in sodium heparin; this case has smear only.",
            ),
            (
                "FISH-MDS",
                vec![],
                Obstacle::NothingCollected,
                "FISH needs aspirate in EDTA or core in formalin; nothing has been collected.",
            ),
            (
                "KARYO",
                vec![left(200, tube("HEPARIN", 1)), tube("EDTA", 1)],
                Obstacle::NotEnough,
                "Karyotype cannot use the aspirate in sodium heparin: 0.2 mL is left; at least 0.5 mL is needed.",
            ),
            (
                "FLOW-AL",
                vec![fresh_core(false), left(0, tube("EDTA", 1))],
                Obstacle::NotEnough,
                "Flow cytometry cannot use the aspirate in EDTA: nothing is left; at least 1 mL is needed.",
            ),
            (
                "FISH-MDS",
                vec![older(100, tube("EDTA", 1))],
                Obstacle::PastLimit,
                "FISH cannot use the aspirate in EDTA: the aspirate is 100 h old; the limit is 96 h.",
            ),
            (
                "KARYO",
                vec![PartFacts { reasons: clotted, ..tube("HEPARIN", 1) }],
                Obstacle::Condition,
                "Karyotype cannot use the aspirate in sodium heparin: the tube was clotted.",
            ),
            (
                "MORPH-ASP",
                vec![part(SpecimenKind::Imprint, "SLIDE")],
                Obstacle::SubstituteOnly,
                "Morphology cannot use the imprint: the imprint only stands in for the usual part after a dry tap.",
            ),
        ];
        for (assay, parts, obstacle, why) in table {
            let no = pick(assay, parts).unwrap_err();
            assert_eq!((no.obstacle, no.to_string().as_str()), (obstacle, why));
        }
    }

    /// Which part of a case feeds each assay, by the catalogue that ships.
    fn routed(parts: &[PartFacts<'static>], indication: &str) -> Vec<(String, Result<usize, String>)> {
        let catalogue = Catalogue::parse(sample::DEFAULT).unwrap();
        let parts: Vec<(usize, PartFacts<'static>)> = parts.iter().cloned().enumerate().collect();
        let set = &catalogue.indication(indication).unwrap().set;
        set.iter()
            .map(|s| {
                let assay = catalogue.assay(s.assay.as_str()).unwrap();
                (s.assay.to_string(), choose(&catalogue, assay, &parts, taken()).map_err(|no| no.why))
            })
            .collect()
    }

    fn smear() -> PartFacts<'static> {
        part(SpecimenKind::Smear, "SLIDE")
    }

    /// What a kit is made for can be done from it, filled as usual.
    #[test]
    fn every_kit_feeds_what_its_questions_ask_for() {
        let catalogue = Catalogue::parse(sample::DEFAULT).unwrap();
        assert!(catalogue.kits.len() >= 5, "{:?}", catalogue.kits);
        for kit in &catalogue.kits {
            let parts: Vec<PartFacts<'static>> = kit
                .parts
                .iter()
                .map(|p| PartFacts {
                    pull_number: p.pull_number,
                    remaining_ul: p.fill_ul,
                    ..part(p.kind, p.container.as_str())
                })
                .collect();
            assert!(!kit.indications.is_empty(), "{} is for nothing", kit.code);
            for indication in &kit.indications {
                let set = &catalogue.indication(indication.as_str()).unwrap().set;
                for (assay, fed) in routed(&parts, indication.as_str()) {
                    let need = set.iter().find(|s| s.assay == *assay.as_str()).unwrap().need;
                    // What needs marrow in a block is made here; what only may follow needs no tube of its own.
                    assert!(
                        fed.is_ok() || need != crate::domain::Need::Mandatory,
                        "{}: {indication} needs {assay}: {fed:?}",
                        kit.code
                    );
                }
            }
        }
    }

    #[test]
    fn an_ordinary_marrow() {
        let parts = [
            smear(),
            tube("EDTA", 1),
            tube("NAHEP", 2),
            part(SpecimenKind::Core, "FORMALIN"),
            part(SpecimenKind::Blood, "EDTA"),
        ];
        let expected = [
            ("MORPH-ASP", 0),
            ("FLOW-AL", 1),
            ("KARYO", 2),
            ("NGS-MYE", 1),
            ("FLT3-NPM1", 1),
            ("FISH-AML", 1),
            ("HIST-CORE", 3),
            ("FISH-RAPID", 1),
        ];
        assert_eq!(routed(&parts, "AML-NEW"), expected.map(|(assay, part)| (assay.to_owned(), Ok(part))));
    }

    #[test]
    fn a_dry_tap() {
        let dry = |part| PartFacts { after_dry_tap: true, ..part };
        let blood = dry(part(SpecimenKind::Blood, "EDTA"));
        let parts = [
            dry(part(SpecimenKind::Imprint, "SLIDE")),
            dry(part(SpecimenKind::Core, "FORMALIN")),
            fresh_core(true),
            blood,
        ];
        let expected = [("HIST-CORE", 1), ("RETIC", 1), ("MPN-GENE", 3), ("BCRABL-Q", 3), ("KARYO", 2), ("NGS-MYE", 2)];
        assert_eq!(routed(&parts, "MPN"), expected.map(|(assay, part)| (assay.to_owned(), Ok(part))));
        let unfed = routed(&parts, "AML-NEW").into_iter().find(|(_, part)| part.is_err());
        assert_eq!(unfed, None);
    }

    #[test]
    fn the_wrong_tube() {
        let karyotype = routed(&[tube("EDTA", 1)], "BMF").into_iter().find(|(assay, _)| assay == "KARYO");
        let why = "Karyotype needs sodium heparin, cytogenetics medium or lithium heparin; this case has EDTA only.";
        assert_eq!(karyotype.unwrap().1, Err(why.to_owned()));
        let histology = routed(&[tube("EDTA", 1), smear()], "MYELOMA").into_iter().filter(|(_, part)| part.is_err());
        let whys: Vec<String> = histology.filter_map(|(_, part)| part.err()).collect();
        let expected = [
            "Trephine histology needs core in formalin, AZF or B-plus fixative; this case has aspirate in EDTA and smear only.",
            "Immunohistochemistry needs core in formalin, AZF or B-plus fixative, or clot in formalin or AZF; this case has aspirate in EDTA and smear only.",
        ];
        assert_eq!(whys, expected);
    }
}

//! What a kit may hold: what could be logged part by part.

use super::{Catalogue, Finding, indexed};
use crate::domain::SpecimenKind;
use crate::domain::catalogue::KitPart;

/// Most parts of a kit: as many as one puncture has.
const MOST_PARTS: usize = 40;
/// Largest volume, µL: as much as anybody draws.
const MOST_UL: u32 = 200_000;
/// Highest pull of one puncture.
const MOST_PULLS: u8 = 20;

pub(super) fn sizes(c: &Catalogue) -> Vec<Finding> {
    let wrong = c.kits.iter().filter(|k| !(1..=MOST_PARTS).contains(&k.parts.len()));
    wrong
        .map(|k| Finding::new(format!("kit[{}].parts", k.code), format!("a kit has 1 to {MOST_PARTS} parts")))
        .collect()
}

pub(super) fn parts(c: &Catalogue) -> Vec<Finding> {
    let all = c.kits.iter().flat_map(|k| indexed(&format!("kit[{}].parts", k.code), &k.parts));
    all.flat_map(|(path, part)| faults(c, &path, part)).collect()
}

fn faults(c: &Catalogue, path: &str, part: &KitPart) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |field: &str, message: String| findings.push(Finding::new(format!("{path}.{field}"), message));
    let kind = part.kind;
    if kind.letter().is_none() {
        find("kind", format!("a {} is made in the laboratory and comes in no kit", kind.words()));
    }
    // A kind or a container that does not exist at all has its finding already.
    if c.container(part.container.as_str()).is_some()
        && c.kind(kind).is_some_and(|k| !k.containers.contains(&part.container))
    {
        find("container", format!("{} is not among the containers of kind[{kind}]", part.container));
    }
    match part.fill_ul {
        Some(_) if !kind.is_liquid() => find("fill_ul", format!("a {} has no volume", kind.words())),
        Some(ul) if !(1..=MOST_UL).contains(&ul) => find("fill_ul", format!("it is between 1 and {MOST_UL} µL")),
        Some(_) | None => {}
    }
    let pulled = matches!(kind, SpecimenKind::Aspirate | SpecimenKind::Clot | SpecimenKind::Smear);
    match part.pull_number {
        Some(_) if !pulled => {
            find("pull_number", format!("a {} does not come from a pull of the syringe", kind.words()));
        }
        Some(pull) if !(1..=MOST_PULLS).contains(&pull) => {
            find("pull_number", format!("it is between 1 and {MOST_PULLS}"));
        }
        Some(_) | None => {}
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;

    const TUBE: &str = "{ kind = \"aspirate\", container = \"EDTA\", pull_number = 1, fill_ul = 3000 }";

    #[test]
    fn what_a_kit_may_hold() {
        let with = |from: &str, to: &str| TUBE.replace(from, to);
        let core = "{ kind = \"core\", container = \"FORMALIN\", pull_number = 1 }";
        let full = vec![TUBE; 41].join(", ");
        let table = [
            (with(TUBE, ""), "kit[ACUTE].parts", "1 to 40 parts"),
            (full, "kit[ACUTE].parts", "1 to 40 parts"),
            (with("\"EDTA\"", "\"FORMALIN\""), "kit[ACUTE].parts[0].container", "not among the containers"),
            (with("\"EDTA\"", "\"X\""), "kit[ACUTE].parts[0].container", "no container X"),
            (with("\"aspirate\"", "\"clot\""), "kit[ACUTE].parts[0].kind", "describes clot"),
            (with("= 3000", "= 0"), "kit[ACUTE].parts[0].fill_ul", "between 1 and"),
            (with("= 1", "= 0"), "kit[ACUTE].parts[0].pull_number", "between 1 and"),
            (core.to_owned(), "kit[ACUTE].parts[0].pull_number", "does not come from a pull"),
        ];
        for (part, path, message) in table {
            if part.contains("clot") {
                // Its volume is wrong as well.
                assert_found(&[(TUBE, &part.replace(", fill_ul = 3000", ""), path, message)]);
            } else {
                assert_found(&[(TUBE, &part, path, message)]);
            }
        }
        let questions = "indications = [\"AML-NEW\", \"INFECTION\"]";
        let unknown = "indications = [\"AML-NEW\", \"AML\"]";
        assert_found(&[(questions, unknown, "kit[ACUTE].indications[1]", "no indication AML")]);
    }
}

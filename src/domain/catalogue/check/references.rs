//! A code that names something names something that is there.

use std::collections::BTreeMap;

use super::{Catalogue, Finding, indexed};
use crate::domain::Code;

pub(super) fn departments(c: &Catalogue) -> Vec<Finding> {
    let named = c.assays.iter().map(|a| (format!("assay[{}].department", a.code), &a.department));
    unknown(named, "department", |code| c.department(code).is_some())
}

pub(super) fn containers(c: &Catalogue) -> Vec<Finding> {
    let usual = c.kinds.iter().flat_map(|k| indexed(&format!("kind[{}].containers", k.kind), &k.containers));
    let fed = c.assays.iter().flat_map(|a| {
        let feeds = indexed(&format!("assay[{}].feeds", a.code), &a.feeds);
        feeds.map(|(path, feed)| (format!("{path}.container"), &feed.container))
    });
    let kits = c.kits.iter().flat_map(|k| {
        let parts = indexed(&format!("kit[{}].parts", k.code), &k.parts);
        parts.map(|(path, part)| (format!("{path}.container"), &part.container))
    });
    unknown(usual.chain(fed).chain(kits), "container", |code| c.container(code).is_some())
}

pub(super) fn kinds(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for assay in &c.assays {
        for (path, feed) in indexed(&format!("assay[{}].feeds", assay.code), &assay.feeds) {
            for (path, kind) in indexed(&format!("{path}.kinds"), &feed.kinds) {
                if c.kind(*kind).is_none() {
                    findings.push(Finding::new(path, format!("no [[kind]] describes {kind}")));
                }
            }
        }
    }
    for kit in &c.kits {
        let strange =
            indexed(&format!("kit[{}].parts", kit.code), &kit.parts).filter(|(_, p)| c.kind(p.kind).is_none());
        findings.extend(
            strange.map(|(path, part)| {
                Finding::new(format!("{path}.kind"), format!("no [[kind]] describes {}", part.kind))
            }),
        );
    }
    findings
}

pub(super) fn assays(c: &Catalogue) -> Vec<Finding> {
    let mut named: Vec<(String, &Code)> = Vec::new();
    for reason in &c.reasons {
        named.extend(indexed(&format!("reason[{}].unfit_for", reason.code), &reason.unfit_for));
        named.extend(reason.per_assay.keys().map(|code| (format!("reason[{}].per_assay.{code}", reason.code), code)));
    }
    for reason in &c.fail_reasons {
        named.extend(indexed(&format!("fail_reason[{}].assays", reason.code), &reason.assays));
    }
    for assay in &c.assays {
        named.extend(assay.fail_substitute.iter().map(|code| (format!("assay[{}].fail_substitute", assay.code), code)));
    }
    for indication in &c.indications {
        let set = indexed(&format!("indication[{}].set", indication.code), &indication.set);
        named.extend(set.map(|(path, suggestion)| (format!("{path}.assay"), &suggestion.assay)));
    }
    for (path, reflex) in indexed("reflex", &c.reflexes) {
        named.push((format!("{path}.when_assay"), &reflex.when_assay));
        named.push((format!("{path}.order"), &reflex.order));
    }
    unknown(named, "assay", |code| c.assay(code).is_some())
}

pub(super) fn indications(c: &Catalogue) -> Vec<Finding> {
    let mut named: Vec<(String, &Code)> = Vec::new();
    for (path, reflex) in indexed("reflex", &c.reflexes) {
        named.extend(indexed(&format!("{path}.indications"), &reflex.indications));
    }
    for kit in &c.kits {
        named.extend(indexed(&format!("kit[{}].indications", kit.code), &kit.indications));
    }
    unknown(named, "indication", |code| c.indication(code).is_some())
}

fn unknown<'a>(
    named: impl IntoIterator<Item = (String, &'a Code)>,
    section: &str,
    exists: impl Fn(&str) -> bool,
) -> Vec<Finding> {
    let missing = named.into_iter().filter(|(_, code)| !exists(code.as_str()));
    missing.map(|(path, code)| Finding::new(path, format!("there is no {section} {code}"))).collect()
}

/// What stands in for a failed assay must not lead back to it: two failures would order each other for ever.
pub(super) fn loops(c: &Catalogue) -> Vec<Finding> {
    let next: BTreeMap<&Code, &Code> =
        c.assays.iter().filter_map(|a| Some((&a.code, a.fail_substitute.as_ref()?))).collect();
    let mut findings: Vec<Finding> = c
        .assays
        .iter()
        .filter(|assay| {
            let chain = std::iter::successors(next.get(&assay.code), |code| next.get(*code));
            chain.take(c.assays.len()).any(|code| **code == assay.code)
        })
        .map(|a| Finding::new(format!("assay[{}].fail_substitute", a.code), "it leads back to this assay"))
        .collect();
    let own = indexed("reflex", &c.reflexes).filter(|(_, reflex)| reflex.order == reflex.when_assay);
    findings.extend(own.map(|(path, _)| Finding::new(format!("{path}.order"), "it orders the assay that set it off")));
    findings
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;

    #[test]
    fn unknown_codes() {
        assert_found(&[
            (
                "name = \"Flow MRD\"\ndepartment = \"FLOW\"",
                "name = \"Flow MRD\"\ndepartment = \"FLWO\"",
                "assay[FLOW-MRD].department",
                "no department FLWO",
            ),
            (
                "containers = [\"SLIDE\"] # smear",
                "containers = [\"SLIDE\", \"GLASS\"]",
                "kind[smear].containers[1]",
                "no container GLASS",
            ),
            ("unfit_for = [\"KARYO\"]", "unfit_for = [\"KARIO\"]", "reason[CLOTTED].unfit_for[0]", "no assay KARIO"),
            ("FLOW-AL = \"consult\"", "FLOW = \"consult\"", "reason[CLOTTED].per_assay.FLOW", "no assay FLOW"),
            ("assays = [\"KARYO\"]", "assays = [\"K\"]", "fail_reason[NO_METAPHASES].assays[0]", "no assay K"),
            (
                "fail_substitute = \"FISH-MDS\"",
                "fail_substitute = \"FISH\"",
                "assay[KARYO].fail_substitute",
                "no assay FISH",
            ),
            ("order = \"KARYO\"", "order = \"KARIO\"", "reflex[0].order", "no assay KARIO"),
            ("indications = [\"AML-NEW\"]", "indications = [\"AML\"]", "reflex[0].indications[0]", "no indication AML"),
        ]);
    }

    #[test]
    fn kinds() {
        let imprint = "[[kind]]\nkind = \"imprint\"\nname = \"Imprint\"\ncontainers = [\"SLIDE\"]\n";
        assert_found(&[(imprint, "", "assay[MORPH-ASP].feeds[1].kinds[0]", "describes imprint")]);
    }

    #[test]
    fn loops() {
        assert_found(&[
            (
                "fail_substitute = \"FISH-MDS\"",
                "fail_substitute = \"KARYO\"",
                "assay[KARYO].fail_substitute",
                "leads back",
            ),
            ("order = \"KARYO\"", "order = \"FLOW-AL\"", "reflex[0].order", "set it off"),
        ]);
    }
}

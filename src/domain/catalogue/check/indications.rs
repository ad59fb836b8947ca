//! What a clinical question asks for, what a result sets off, what a fault means.

use super::{Catalogue, Finding, indexed, repeated};
use crate::domain::catalogue::{ReasonAction, ReflexWhen, Suggestion};
use crate::domain::{Code, Need};

/// Longest hold, working days.
const LONGEST_HOLD: u32 = 60;

/// Every suggestion of every indication with its path.
fn suggestions(c: &Catalogue) -> impl Iterator<Item = (String, &Suggestion)> {
    c.indications.iter().flat_map(|i| {
        let path = format!("indication[{}]", i.code);
        i.set.iter().map(move |s| (format!("{path}.set[{}]", s.assay), s))
    })
}

pub(super) fn sets(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for indication in &c.indications {
        let path = format!("indication[{}].set", indication.code);
        if indication.set.is_empty() {
            findings.push(Finding::new(path.clone(), "it suggests nothing"));
        }
        let assays = indexed(&path, &indication.set).map(|(path, suggestion)| (path, &suggestion.assay));
        findings.extend(repeated(assays, |assay| format!("{assay} is suggested twice")));
    }
    findings
}

pub(super) fn conditions(c: &Catalogue) -> Vec<Finding> {
    let wrong = suggestions(c).filter(|(_, s)| (s.need == Need::Conditional) != s.when.is_some());
    wrong
        .map(|(path, s)| {
            let message = if s.when.is_some() {
                "only a conditional suggestion has a condition"
            } else {
                "a conditional suggestion says when"
            };
            Finding::new(format!("{path}.when"), message)
        })
        .collect()
}

pub(super) fn holds(c: &Catalogue) -> Vec<Finding> {
    suggestions(c)
        .filter_map(|(path, s)| {
            let message = match (&s.hold, s.need == Need::Hold) {
                (None, true) => "a held assay says how long it waits and what then happens".to_owned(),
                (Some(_), false) => "only a held assay has a hold".to_owned(),
                (Some(hold), true) if !(1..=LONGEST_HOLD).contains(&hold.working_days) => {
                    format!("a hold lasts between 1 and {LONGEST_HOLD} working days")
                }
                (Some(_), true) | (None, false) => return None,
            };
            Some(Finding::new(format!("{path}.hold"), message))
        })
        .collect()
}

pub(super) fn reflexes(c: &Catalogue) -> Vec<Finding> {
    let rows = indexed("reflex", &c.reflexes).flat_map(|(path, r)| {
        // A reflex for every indication is one for each of them.
        let all: Vec<Option<&Code>> =
            if r.indications.is_empty() { vec![None] } else { r.indications.iter().map(Some).collect() };
        all.into_iter().map(move |indication| (path.clone(), (&r.when_assay, r.when, &r.order, indication)))
    });
    let mut findings = repeated(rows, |(assay, _, order, _)| format!("{assay} sets off {order} twice"));
    let doubled = indexed("reflex", &c.reflexes).filter(|(_, r)| {
        let substitute = c.assay(r.when_assay.as_str()).and_then(|a| a.fail_substitute.as_ref());
        r.when == ReflexWhen::Failed && substitute == Some(&r.order)
    });
    findings.extend(
        doubled.map(|(path, r)| Finding::new(path, format!("the fail_substitute of {} already says so", r.when_assay))),
    );
    findings
}

/// A fault that makes an assay pointless cannot at the same time be a mere caveat for it.
pub(super) fn faults(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for reason in &c.reasons {
        let path = format!("reason[{}].unfit_for", reason.code);
        let assays = indexed(&path, &reason.unfit_for);
        findings.extend(repeated(assays, |assay| format!("{assay} is there twice")));
        let both = indexed(&path, &reason.unfit_for)
            .filter(|(_, assay)| reason.per_assay.get(*assay) == Some(&ReasonAction::Caveat));
        findings
            .extend(both.map(|(path, assay)| Finding::new(path, format!("per_assay calls it a caveat for {assay}"))));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;

    const FLOW: &str = "{ assay = \"FLOW-AL\", need = \"mandatory\", why = \"Immunophenotype\" },";
    const HELD: &str = "hold = { policy = \"auto_cancel\", working_days = 4, cutoff = \"16:00\" }";

    #[test]
    fn sets() {
        assert_found(&[
            (FLOW, &format!("{FLOW}{FLOW}"), "indication[AML-NEW].set[1]", "FLOW-AL is suggested twice"),
            (
                "set = [{ assay = \"CULT\", need = \"mandatory\", why = \"Fever\" }]",
                "set = []",
                "indication[INFECTION].set",
                "nothing",
            ),
        ]);
    }

    #[test]
    fn conditions() {
        let path = "indication[AML-NEW].set[FLOW-AL].when";
        assert_found(&[
            (FLOW, &FLOW.replace("mandatory", "conditional"), path, "says when"),
            (FLOW, &FLOW.replace(" },", ", when = \"always\" },"), path, "only a conditional"),
        ]);
    }

    #[test]
    fn holds() {
        let path = "indication[AML-NEW].set[FISH-MDS].hold";
        assert_found(&[
            (&format!(", {HELD}"), "", path, "how long it waits"),
            (HELD, &HELD.replace("= 4", "= 0"), path, "between 1 and 60"),
            (HELD, &HELD.replace("= 4", "= 61"), path, "between 1 and 60"),
            (
                FLOW,
                &FLOW.replace(" },", &format!(", {HELD} }},")),
                "indication[AML-NEW].set[FLOW-AL].hold",
                "only a held",
            ),
        ]);
    }

    #[test]
    fn reflexes() {
        let reflex = "[[reflex]]\nwhen_assay = \"FLOW-AL\"\nwhen = \"abnormal\"\nindications = [\"AML-NEW\"]\norder = \"KARYO\"\nwhy = \"Prognosis\"\n";
        let failed =
            "[[reflex]]\nwhen_assay = \"KARYO\"\nwhen = \"failed\"\norder = \"FISH-MDS\"\nwhy = \"No metaphases\"\n";
        assert_found(&[
            (reflex, &format!("{reflex}{reflex}"), "reflex[1]", "FLOW-AL sets off KARYO twice"),
            (reflex, failed, "reflex[0]", "already says so"),
        ]);
    }

    #[test]
    fn faults() {
        let unfit = "unfit_for = [\"KARYO\"]";
        assert_found(&[
            (unfit, "unfit_for = [\"KARYO\", \"KARYO\"]", "reason[CLOTTED].unfit_for[1]", "twice"),
            ("FLOW-AL = \"consult\"", "KARYO = \"caveat\"", "reason[CLOTTED].unfit_for[0]", "caveat for KARYO"),
        ]);
    }
}

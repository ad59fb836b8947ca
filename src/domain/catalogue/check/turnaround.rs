//! When results are due.

use std::collections::BTreeSet;

use super::{Catalogue, Finding, indexed, repeated};
use crate::domain::Need;

/// Largest number of units of a target.
const MOST: u32 = 10_000;

pub(super) fn figures(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for assay in &c.assays {
        let path = format!("assay[{}].turnaround", assay.code);
        if assay.turnaround.is_empty() {
            findings.push(Finding::new(path.clone(), "it has no target"));
        }
        let urgencies = indexed(&path, &assay.turnaround).map(|(path, target)| (path, target.urgency));
        findings.extend(repeated(urgencies, |urgency| format!("there are two targets for {urgency}")));
        for (path, target) in indexed(&path, &assay.turnaround) {
            if !(1..=MOST).contains(&target.amount) {
                findings.push(Finding::new(format!("{path}.amount"), format!("a target is between 1 and {MOST}")));
            }
            if !(1..=100).contains(&target.goal_pct) {
                findings.push(Finding::new(format!("{path}.goal_pct"), "a goal is between 1 and 100 %"));
            }
        }
    }
    findings
}

/// What an indication orders with the case must have a target for that indication's urgency.
pub(super) fn promised(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut said = BTreeSet::new();
    for indication in &c.indications {
        for suggestion in indication.set.iter().filter(|s| s.need != Need::Hold) {
            // An assay that is not there, or has no target at all, has its finding already.
            let Some(assay) = c.assay(suggestion.assay.as_str()).filter(|a| !a.turnaround.is_empty()) else {
                continue;
            };
            let (urgency, code) = (indication.urgency, &indication.code);
            let missing = assay.turnaround.iter().all(|target| target.urgency != urgency);
            if missing && said.insert((&assay.code, urgency)) {
                let message = format!("there is no target for {urgency}, the urgency of indication[{code}]");
                findings.push(Finding::new(format!("assay[{}].turnaround", assay.code), message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;

    const ROUTINE: &str =
        "{ urgency = \"routine\", from = \"received\", amount = 1, unit = \"working_days\", goal_pct = 90 },";
    const CULT: &str =
        "[{ urgency = \"routine\", from = \"received\", amount = 42, unit = \"calendar_days\", goal_pct = 90 }]";

    #[test]
    fn figures() {
        let again = ROUTINE.replace("routine", "urgent");
        assert_found(&[
            (CULT, "[]", "assay[CULT].turnaround", "no target"),
            (ROUTINE, &again, "assay[FLOW-AL].turnaround[1]", "two targets for urgent"),
            ("amount = 42", "amount = 0", "assay[CULT].turnaround[0].amount", "between"),
            ("amount = 42", "amount = 10001", "assay[CULT].turnaround[0].amount", "between"),
            (CULT, &CULT.replace("90", "0"), "assay[CULT].turnaround[0].goal_pct", "between"),
            (CULT, &CULT.replace("90", "101"), "assay[CULT].turnaround[0].goal_pct", "between"),
        ]);
    }

    #[test]
    fn promised() {
        let set = "set = [ # AML-NEW";
        let with_culture = "set = [\n  { assay = \"CULT\", need = \"mandatory\", why = \"Fever\" },";
        assert_found(&[(
            set,
            with_culture,
            "assay[CULT].turnaround",
            "no target for urgent, the urgency of indication[AML-NEW]",
        )]);
    }
}

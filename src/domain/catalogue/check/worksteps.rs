//! What the bench does, step by step.

use super::rows::fault_of_text;
use super::{Catalogue, Finding, repeated};

/// Longest step, h: a culture of twelve weeks.
const MOST_H: u32 = 2_016;
/// Most people who do one step.
const MOST_READERS: u8 = 2;

pub(super) fn steps(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for assay in &c.assays {
        let paths: Vec<String> =
            assay.steps.iter().map(|s| format!("assay[{}].steps[{}]", assay.code, s.code)).collect();
        let codes = paths.iter().cloned().zip(assay.steps.iter().map(|s| &s.code));
        findings.extend(repeated(codes, |code| format!("the step {code} is there twice")));
        for (path, step) in paths.iter().zip(&assay.steps) {
            if let Some(fault) = fault_of_text(&step.name) {
                findings.push(Finding::new(format!("{path}.name"), fault));
            }
            if step.hours.is_some_and(|h| !(1..=MOST_H).contains(&h)) {
                findings.push(Finding::new(format!("{path}.hours"), format!("a step lasts between 1 and {MOST_H} h")));
            }
            if !(1..=MOST_READERS).contains(&step.readers) {
                findings.push(Finding::new(format!("{path}.readers"), "one or two people do a step"));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;

    #[test]
    fn what_a_step_must_be() {
        let place = "fail_substitute = \"FISH-MDS\"";
        let with = |steps: &str| format!("{place}\nsteps = [{steps}]");
        let table = [
            (
                "{ code = \"BAND\", name = \"band\" }, { code = \"band\", name = \"band\" }",
                "assay[KARYO].steps[BAND]",
                "twice",
            ),
            ("{ code = \"BAND\", name = \"\" }", "assay[KARYO].steps[BAND].name", "empty"),
            ("{ code = \"BAND\", name = \"band\", hours = 0 }", "assay[KARYO].steps[BAND].hours", "between 1"),
            ("{ code = \"BAND\", name = \"band\", hours = 2017 }", "assay[KARYO].steps[BAND].hours", "2016"),
            ("{ code = \"BAND\", name = \"band\", readers = 0 }", "assay[KARYO].steps[BAND].readers", "one or two"),
            ("{ code = \"BAND\", name = \"band\", readers = 3 }", "assay[KARYO].steps[BAND].readers", "one or two"),
        ];
        for (steps, path, message) in table {
            assert_found(&[(place, &with(steps), path, message)]);
        }
    }
}

//! A trigger that can be raised, by a result that there can be.

use super::super::{Assay, Condition, ValueKind};
use super::{Catalogue, Finding, indexed};
use crate::domain::results::ShapeKind;

/// Longest time to tell somebody, minutes: a week. What can wait longer is not critical.
const WITHIN_MAX: u32 = 7 * 24 * 60;

pub(super) fn times(c: &Catalogue) -> Vec<Finding> {
    let wrong = c.criticals.iter().filter(|t| !(1..=WITHIN_MAX).contains(&t.within_min));
    let message = format!("somebody is told within 1 to {WITHIN_MAX} minutes");
    wrong.map(|t| Finding::new(format!("critical[{}].within_min", t.code), message.clone())).collect()
}

pub(super) fn triggers(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for trigger in &c.criticals {
        let path = format!("critical[{}]", trigger.code);
        if trigger.when.is_empty() && !trigger.manual {
            findings.push(Finding::new(&path, "nothing raises it: say when, or manual = true"));
        }
        for (path, condition) in indexed(&format!("{path}.when"), &trigger.when) {
            let unknown = condition.indications.iter().filter(|i| c.indication(i.as_str()).is_none());
            findings.extend(unknown.map(|code| Finding::new(&path, format!("there is no indication {code}"))));
            let faults = match c.assay(condition.assay.as_str()) {
                None => vec![format!("there is no assay {}", condition.assay)],
                Some(assay) => faults(condition, assay),
            };
            findings.extend(faults.into_iter().map(|message| Finding::new(&path, message)));
        }
    }
    findings
}

fn faults(condition: &Condition, assay: &Assay) -> Vec<String> {
    let mut faults = Vec::new();
    if condition.interpretation.is_none() && condition.value.is_none() && condition.probe.is_none() {
        faults.push("every result of that assay would be critical".to_owned());
    }
    if condition.probe.is_some() && assay.shape != Some(ShapeKind::Fish) {
        faults.push(format!("{} has no probes", assay.code));
    }
    if condition.probe.as_ref().is_some_and(|p| p.split("::").any(|gene| gene.trim().is_empty())) {
        faults.push("name the probe by its genes, such as PML::RARA".to_owned());
    }
    let compared = (condition.at_least, condition.equals.as_ref());
    match (&condition.value, compared) {
        (None, (None, None)) => {}
        (None, (Some(_), _) | (_, Some(_))) => faults.push("say which value is compared".to_owned()),
        (Some(_), (None, None) | (Some(_), Some(_))) => {
            faults.push("a value needs at_least or equals, and not both".to_owned());
        }
        (Some(key), (Some(least), None)) => match assay.value(key) {
            None => faults.push(format!("{} has no value {key}", assay.code)),
            Some(v) if v.kind != ValueKind::Number => faults.push(format!("{key} of {} is no number", assay.code)),
            Some(v) if !least.is_finite() || v.max.is_some_and(|max| least > max) => {
                faults.push(format!("no {key} of {} is that large", assay.code));
            }
            Some(_) => {}
        },
        (Some(key), (None, Some(code))) => match assay.value(key) {
            None => faults.push(format!("{} has no value {key}", assay.code)),
            Some(v) if v.kind != ValueKind::Coded => faults.push(format!("{key} of {} has no codes", assay.code)),
            Some(v) if !v.codes.contains(code) => faults.push(format!("{key} of {} is never {code}", assay.code)),
            Some(_) => {}
        },
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;

    /// The only condition of the sample.
    const CONDITION: &str = "interpretation = \"abnormal\", assay = \"FLOW-AL\"";

    #[test]
    fn times() {
        let path = "critical[LEUKEMIA].within_min";
        assert_found(&[
            ("within_min = 120", "within_min = 0", path, "within 1 to 10080 minutes"),
            ("within_min = 120", "within_min = 10081", path, "within 1 to 10080 minutes"),
        ]);
    }

    #[test]
    fn triggers() {
        let path = "critical[LEUKEMIA].when[0]";
        let flow = "assay = \"FLOW-AL\"";
        let core = "assay = \"HIST-CORE\"";
        let rows = [
            (format!("{CONDITION}, indications = [\"AML-OLD\"]"), "no indication AML-OLD"),
            ("assay = \"CORE\", interpretation = \"abnormal\"".to_owned(), "no assay CORE"),
            (flow.to_owned(), "every result"),
            (format!("{CONDITION}, at_least = 20"), "which value"),
            (format!("{CONDITION}, value = \"blasts_pct\""), "at_least or equals"),
            (format!("{core}, value = \"reticulin\", equals = \"MF-1\", at_least = 1"), "not both"),
            (format!("{core}, value = \"reticulum\", equals = \"MF-1\""), "no value reticulum"),
            (format!("{core}, value = \"reticulin\", equals = \"MF-9\""), "never MF-9"),
            (format!("{core}, value = \"reticulin\", at_least = 1"), "no number"),
            (format!("{core}, probe = \"PML::RARA\""), "no probes"),
            (format!("{flow}, value = \"blasts_pct\", at_least = 101"), "that large"),
            (format!("{flow}, value = \"blasts_pct\", at_least = nan"), "that large"),
            (format!("{flow}, value = \"blasts_pct\", equals = \"many\""), "no codes"),
            (format!("{flow}, value = \"blast_pct\", at_least = 20"), "no value blast_pct"),
        ];
        for (to, message) in &rows {
            assert_found(&[(CONDITION, to.as_str(), path, *message)]);
        }
        assert_found(&[("manual = true", "manual = false", "critical[HLH]", "nothing raises it")]);
    }

    #[test]
    fn a_code_is_there_once_and_a_name_can_be_read() {
        assert_found(&[
            ("code = \"HLH\"", "code = \"LEUKEMIA\"", "critical[LEUKEMIA]", "LEUKEMIA is there twice"),
            ("name = \"Hemophagocytosis\"", "name = \" \"", "critical[HLH].name", "it is empty"),
        ]);
    }
}

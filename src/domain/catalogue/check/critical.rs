//! A trigger that can be raised, by a result that there can be.

use super::super::ValueKind;
use super::{Catalogue, Finding, indexed};

/// Longest time to tell somebody, minutes: a week. What can wait longer is not critical.
const WITHIN_MAX: u32 = 7 * 24 * 60;

pub(super) fn triggers(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for trigger in &c.criticals {
        let path = format!("critical[{}]", trigger.code);
        if !(1..=WITHIN_MAX).contains(&trigger.within_min) {
            let message = format!("somebody is told within 1 to {WITHIN_MAX} minutes");
            findings.push(Finding::new(format!("{path}.within_min"), message));
        }
        if trigger.when.is_empty() && !trigger.manual {
            findings.push(Finding::new(&path, "nothing raises it: say when, or manual = true"));
        }
        for (path, condition) in indexed(&format!("{path}.when"), &trigger.when) {
            if condition.interpretation.is_none() && condition.value.is_none() {
                findings.push(Finding::new(&path, "every result of that assay would be critical"));
            }
            let Some(assay) = c.assay(condition.assay.as_str()) else {
                findings.push(Finding::new(&path, format!("there is no assay {}", condition.assay)));
                continue;
            };
            for code in condition.indications.iter().filter(|i| c.indication(i.as_str()).is_none()) {
                findings.push(Finding::new(&path, format!("there is no indication {code}")));
            }
            let compared = (condition.at_least, condition.equals.as_ref());
            let message = match (&condition.value, compared) {
                (None, (None, None)) => continue,
                (None, _) => "say which value is compared".to_owned(),
                (Some(_), (None, None) | (Some(_), Some(_))) => {
                    "a value needs at_least or equals, and not both".to_owned()
                }
                (Some(key), compared) => match (assay.value(key).map(|v| (v.kind, &v.codes)), compared) {
                    (Some((ValueKind::Number, _)), (Some(least), None)) if least.is_finite() => continue,
                    (Some((ValueKind::Coded, codes)), (None, Some(code))) if codes.contains(code) => continue,
                    (None, _) => format!("{} has no value {key}", assay.code),
                    (Some(_), _) => format!("{key} of {} cannot be compared so", assay.code),
                },
            };
            findings.push(Finding::new(path, message));
        }
    }
    findings
}

//! What a result may carry.

use super::{Catalogue, Finding, indexed, repeated};
use crate::domain::catalogue::{ValueKind, ValueSpec};

/// Longest key or code of a value, characters.
const LONGEST: usize = 40;

/// Keys become JSON fields and CSV columns, so they are plain and stable.
pub(super) fn keys(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for assay in &c.assays {
        let path = format!("assay[{}].values", assay.code);
        let keys = indexed(&path, &assay.values).map(|(path, value)| (path, value.key.as_str()));
        findings.extend(repeated(keys, |key| format!("{key} is there twice")));
        for (path, value) in indexed(&path, &assay.values) {
            if !is_key(&value.key) {
                let message = format!("“{}” is not snake_case (a–z, 0–9 and _)", value.key.escape_default());
                findings.push(Finding::new(format!("{path}.key"), message));
            }
            for (path, denominator) in indexed(&format!("{path}.denominators"), &value.denominators) {
                if !is_key(denominator) {
                    let message = format!("“{}” is not snake_case (a–z, 0–9 and _)", denominator.escape_default());
                    findings.push(Finding::new(path, message));
                }
            }
        }
    }
    findings
}

fn is_key(text: &str) -> bool {
    text.len() <= LONGEST
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !text.contains("__")
        && !text.ends_with('_')
}

pub(super) fn specs(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for assay in &c.assays {
        for value in &assay.values {
            let path = format!("assay[{}].values[{}]", assay.code, value.key);
            let faults = match value.kind {
                ValueKind::Number => faults_of_number(value),
                ValueKind::Text => faults_of_words(value),
                ValueKind::Coded => faults_of_coded(value),
            };
            findings.extend(faults.into_iter().map(|message| Finding::new(path.clone(), message)));
        }
    }
    findings
}

fn faults_of_number(value: &ValueSpec) -> Vec<&'static str> {
    let mut faults = Vec::new();
    let bounds = [value.min, value.max];
    if bounds.iter().flatten().any(|bound| !bound.is_finite()) {
        faults.push("min and max are finite numbers");
    } else if let [Some(min), Some(max)] = bounds
        && min >= max
    {
        faults.push("min is less than max");
    }
    if value.whole && bounds.iter().flatten().any(|bound| bound.fract() != 0.0) {
        faults.push("a whole number has whole bounds");
    }
    if !value.codes.is_empty() {
        faults.push("a number has no codes");
    }
    let percent = value.unit.as_deref() == Some("%");
    if value.key.ends_with("_pct") && !percent {
        faults.push("a key that ends with _pct has the unit %");
    }
    if !value.denominators.is_empty() && !percent {
        faults.push("only a percentage has denominators");
    }
    if value.unit.as_ref().is_some_and(|unit| unit.trim().is_empty() || unit.chars().count() > LONGEST) {
        faults.push("the unit is empty or too long; leave it out for a plain number");
    }
    faults
}

fn faults_of_words(value: &ValueSpec) -> Vec<&'static str> {
    let mut faults = numeric_parts(value);
    if !value.codes.is_empty() {
        faults.push("a text has no codes");
    }
    faults
}

fn faults_of_coded(value: &ValueSpec) -> Vec<&'static str> {
    let mut faults = numeric_parts(value);
    if value.codes.len() < 2 {
        faults.push("a coded value has at least two codes to choose from");
    }
    if !repeated(value.codes.iter().map(|code| (String::new(), code)), |_| String::new()).is_empty() {
        faults.push("a code is there twice");
    }
    let is_code =
        |code: &String| !code.is_empty() && code.len() <= LONGEST && code.chars().all(|c| c.is_ascii_graphic());
    if !value.codes.iter().all(is_code) {
        faults.push("a code is 1 to 40 letters, digits and signs without spaces");
    }
    faults
}

/// What only a number may have.
fn numeric_parts(value: &ValueSpec) -> Vec<&'static str> {
    let mut faults = Vec::new();
    if value.unit.is_some() || !value.denominators.is_empty() {
        faults.push("only a number has a unit or denominators");
    }
    if value.min.is_some() || value.max.is_some() || value.whole {
        faults.push("only a number has bounds or is whole");
    }
    faults
}

/// A qualifier says how to read a number.
pub(super) fn qualifiers(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for assay in &c.assays {
        let path = format!("assay[{}].qualifiers", assay.code);
        if !assay.qualifiers.is_empty() && assay.values.iter().all(|v| v.kind != ValueKind::Number) {
            findings.push(Finding::new(path.clone(), "it has no number that could be qualified"));
        }
        let words = indexed(&path, &assay.qualifiers).map(|(path, qualifier)| (path, *qualifier));
        findings.extend(repeated(words, |qualifier| format!("{qualifier} is there twice")));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;
    use super::is_key;

    const BLASTS: &str = "key = \"blasts_pct\", name = \"Blasts\", kind = \"number\", unit = \"%\", min = 0, max = 100, denominators = [\"all_events\"]";
    const GRADE: &str = "kind = \"coded\", codes = [\"MF-0\", \"MF-1\"]";

    fn blasts(tail: &str) -> String {
        format!("key = \"blasts_pct\", name = \"Blasts\", {tail}")
    }

    #[test]
    fn keys() {
        for key in ["a", "blasts_pct", "a1_b2"] {
            assert!(is_key(key), "{key}");
        }
        for key in ["", "_a", "1a", "a__b", "a_", "A", "a-b", "é", &"a".repeat(41)] {
            assert!(!is_key(key), "{key}");
        }
        assert_found(&[
            ("key = \"viability_pct\"", "key = \"blasts_pct\"", "assay[FLOW-AL].values[1]", "twice"),
            ("key = \"viability_pct\"", "key = \"Viability_pct\"", "assay[FLOW-AL].values[1].key", "snake_case"),
            ("[\"all_events\"]", "[\"all events\"]", "assay[FLOW-AL].values[0].denominators[0]", "snake_case"),
        ]);
    }

    #[test]
    fn numbers() {
        let path = "assay[FLOW-AL].values[blasts_pct]";
        let cases = [
            ("kind = \"number\", unit = \"%\", min = 100, max = 0", "min is less"),
            ("kind = \"number\", unit = \"%\", min = 5, max = 5", "min is less"),
            ("kind = \"number\", unit = \"%\", max = nan", "finite"),
            ("kind = \"number\", unit = \"%\", min = -inf", "finite"),
            ("kind = \"number\", unit = \"%\", min = 0.5, whole = true", "whole bounds"),
            ("kind = \"number\", unit = \"%\", codes = [\"A\"]", "no codes"),
            ("kind = \"number\", unit = \"g\"", "has the unit %"),
            ("kind = \"number\"", "has the unit %"),
        ];
        for (tail, message) in cases {
            assert_found(&[(BLASTS, &blasts(tail), path, message)]);
        }
        let me = "key = \"me_ratio\", name = \"M:E ratio\", kind = \"number\"";
        let path = "assay[MORPH-ASP].values[me_ratio]";
        assert_found(&[
            (me, &format!("{me}, denominators = [\"all\"]"), path, "only a percentage"),
            (me, &format!("{me}, unit = \" \""), path, "empty"),
        ]);
    }

    #[test]
    fn words_and_codes() {
        let path = "assay[HIST-CORE].values[reticulin]";
        assert_found(&[
            (GRADE, "kind = \"coded\"", path, "at least two"),
            (GRADE, "kind = \"coded\", codes = [\"MF-0\"]", path, "at least two"),
            (GRADE, "kind = \"coded\", codes = [\"MF-0\", \"MF-0\"]", path, "twice"),
            (GRADE, "kind = \"coded\", codes = [\"MF 0\", \"MF 1\"]", path, "without spaces"),
            (GRADE, &format!("{GRADE}, unit = \"%\""), path, "only a number"),
            (GRADE, &format!("{GRADE}, max = 3"), path, "only a number"),
            (GRADE, "kind = \"text\", codes = [\"MF-0\"]", path, "no codes"),
            (GRADE, "kind = \"text\", whole = true", path, "only a number"),
        ]);
    }

    #[test]
    fn qualifiers() {
        let iscn = "values = [{ key = \"iscn\"";
        let flow = "qualifiers = [\"below\"]";
        assert_found(&[
            (iscn, "qualifiers = [\"below\"]\nvalues = [{ key = \"iscn\"", "assay[KARYO].qualifiers", "no number"),
            (flow, "qualifiers = [\"below\", \"below\"]", "assay[FLOW-AL].qualifiers[1]", "twice"),
        ]);
    }
}

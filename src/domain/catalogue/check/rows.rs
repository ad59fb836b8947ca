//! What every row has: a name that can be read, a code of its own. And the rows that must be there.

use super::{Catalogue, Finding, repeated};
use crate::domain::catalogue::known;

/// Longest name or sentence that a page and a report have room for, characters.
const LONGEST: usize = 300;

/// Every row that has a code: its section, its code, its name.
fn coded(c: &Catalogue) -> Vec<(&'static str, &str, &str)> {
    let mut rows = Vec::new();
    rows.extend(c.departments.iter().map(|r| ("department", r.code.as_str(), r.name.as_str())));
    rows.extend(c.containers.iter().map(|r| ("container", r.code.as_str(), r.name.as_str())));
    rows.extend(c.kinds.iter().map(|r| ("kind", r.kind.name(), r.name.as_str())));
    rows.extend(c.sites.iter().map(|r| ("site", r.code.as_str(), r.name.as_str())));
    rows.extend(c.storages.iter().map(|r| ("storage", r.code.as_str(), r.name.as_str())));
    rows.extend(c.reasons.iter().map(|r| ("reason", r.code.as_str(), r.name.as_str())));
    rows.extend(c.not_collected_reasons.iter().map(|r| ("not_collected_reason", r.code.as_str(), r.name.as_str())));
    rows.extend(c.fail_reasons.iter().map(|r| ("fail_reason", r.code.as_str(), r.name.as_str())));
    let plain = [
        ("query_reason", &c.query_reasons),
        ("lost_reason", &c.lost_reasons),
        ("cancel_reason", &c.cancel_reasons),
        ("not_performed_reason", &c.not_performed_reasons),
        ("correction_reason", &c.correction_reasons),
    ];
    for (section, reasons) in plain {
        rows.extend(reasons.iter().map(|r| (section, r.code.as_str(), r.name.as_str())));
    }
    rows.extend(c.assays.iter().map(|r| ("assay", r.code.as_str(), r.name.as_str())));
    rows.extend(c.indications.iter().map(|r| ("indication", r.code.as_str(), r.name.as_str())));
    rows.extend(c.criticals.iter().map(|r| ("critical", r.code.as_str(), r.name.as_str())));
    rows.extend(c.kits.iter().map(|r| ("kit", r.code.as_str(), r.name.as_str())));
    rows
}

/// Nobody can work without at least one of each.
pub(super) fn enough(c: &Catalogue) -> Vec<Finding> {
    let sections = [
        ("department", c.departments.len()),
        ("container", c.containers.len()),
        ("kind", c.kinds.len()),
        ("site", c.sites.len()),
        ("query_reason", c.query_reasons.len()),
        ("lost_reason", c.lost_reasons.len()),
        ("correction_reason", c.correction_reasons.len()),
        ("assay", c.assays.len()),
        ("indication", c.indications.len()),
    ];
    let empty = sections.into_iter().filter(|(_, rows)| *rows == 0);
    empty.map(|(section, _)| Finding::new(section, "there is none")).collect()
}

/// Every text that people read.
pub(super) fn names(c: &Catalogue) -> Vec<Finding> {
    let mut texts: Vec<(String, &str)> = vec![
        ("laboratory.name".to_owned(), &c.laboratory.name),
        ("laboratory.address".to_owned(), &c.laboratory.address),
    ];
    texts.extend(c.laboratory.holidays.iter().map(|(day, name)| (format!("laboratory.holidays.{day}"), name.as_str())));
    texts.extend(coded(c).into_iter().map(|(section, code, name)| (format!("{section}[{code}].name"), name)));
    texts.extend(c.reasons.iter().map(|r| (format!("reason[{}].caveat_text", r.code), r.caveat_text.as_str())));
    for assay in &c.assays {
        let named =
            assay.values.iter().map(|v| (format!("assay[{}].values[{}].name", assay.code, v.key), v.name.as_str()));
        texts.extend(named);
    }
    for indication in &c.indications {
        let path = format!("indication[{}]", indication.code);
        texts.extend(indication.advice.iter().map(|advice| (format!("{path}.advice"), advice.as_str())));
        for suggestion in &indication.set {
            let path = format!("{path}.set[{}]", suggestion.assay);
            texts.push((format!("{path}.why"), &suggestion.why));
            texts.extend(suggestion.when.iter().map(|when| (format!("{path}.when"), when.as_str())));
        }
    }
    texts.extend(c.diagnoses.iter().map(|d| (format!("diagnosis[{}: {}].name", d.system, d.name), d.name.as_str())));
    texts.extend(c.reflexes.iter().map(|r| (format!("reflex[{}].why", r.when_assay), r.why.as_str())));
    texts.into_iter().filter_map(|(path, text)| Some(Finding::new(path, fault_of_text(text)?))).collect()
}

pub(super) fn fault_of_text(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        Some("it is empty".to_owned())
    } else if text.trim() != text {
        Some("it begins or ends with a space".to_owned())
    } else if text.chars().any(char::is_control) {
        Some("it has a line break or another control character".to_owned())
    } else if text.chars().count() > LONGEST {
        Some(format!("it is longer than {LONGEST} characters"))
    } else {
        None
    }
}

/// A position must have a name: a letter and two digits.
pub(super) fn storage_sizes(c: &Catalogue) -> Vec<Finding> {
    let faults = c.storages.iter().filter_map(|s| Some(Finding::new(format!("storage[{}]", s.code), s.fault()?)));
    faults.collect()
}

pub(super) fn unique_codes(c: &Catalogue) -> Vec<Finding> {
    let rows = coded(c).into_iter().map(|(section, code, _)| (format!("{section}[{code}]"), (section, code)));
    repeated(rows, |(_, code)| format!("{code} is there twice"))
}

/// The codes that the program itself names.
pub(super) fn known_codes(c: &Catalogue) -> Vec<Finding> {
    let rows = coded(c);
    let wanted = [
        ("department", known::RECEPTION),
        ("reason", known::ACID_DECALCIFIED),
        ("not_collected_reason", known::DRY_TAP),
        ("not_collected_reason", known::PROCEDURE_ABANDONED),
        ("fail_reason", known::TECHNICAL),
        ("cancel_reason", known::REQUESTER),
        ("cancel_reason", known::HOLD_LAPSED),
        ("not_performed_reason", known::QNS),
        ("not_performed_reason", known::UNFIT),
        ("not_performed_reason", known::REJECTED),
        ("not_performed_reason", known::LOST),
        ("not_performed_reason", known::NOT_COLLECTED),
        ("not_performed_reason", known::FAILED),
    ];
    wanted
        .into_iter()
        .filter(|(section, code)| !rows.iter().any(|(s, c, _)| s == section && c == code))
        .map(|(section, code)| Finding::new(format!("{section}[{code}]"), "the program needs this code; it is missing"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;
    use super::fault_of_text;

    #[test]
    fn enough() {
        let query = "[[query_reason]]\ncode = \"NO_REQUEST\"\nname = \"No request\"\n";
        let lost = "[[lost_reason]]\ncode = \"SEARCHED\"\nname = \"Searched everywhere\"\n";
        assert_found(&[(query, "", "query_reason", "none"), (lost, "", "lost_reason", "none")]);
    }

    #[test]
    fn storage_sizes() {
        assert_found(&[
            ("rows = 8", "rows = 27", "storage[BOX-1]", "26 rows"),
            ("rows = 8", "rows = 0", "storage[BOX-1]", "1 to 26"),
            ("columns = 12", "columns = 100", "storage[BOX-1]", "99 columns"),
        ]);
    }

    #[test]
    fn names() {
        assert_found(&[
            ("name = \"Flow bench\"", "name = \"\"", "department[FLOW].name", "empty"),
            ("name = \"Flow bench\"", "name = \" Flow\"", "department[FLOW].name", "space"),
            ("name = \"Flow bench\"", "name = \"Flow\\nbench\"", "department[FLOW].name", "control"),
            ("caveat_text = \"The tube was clotted.\"", "caveat_text = \" \"", "reason[CLOTTED].caveat_text", "empty"),
            ("2026-12-25 = \"Christmas Day\"", "2026-12-25 = \"\"", "laboratory.holidays.2026-12-25", "empty"),
            ("name = \"Viability\"", "name = \"\"", "assay[FLOW-AL].values[viability_pct].name", "empty"),
            ("why = \"Immunophenotype\"", "why = \"\"", "indication[AML-NEW].set[FLOW-AL].why", "empty"),
        ]);
        assert_eq!(fault_of_text(&"x".repeat(300)), None);
        assert!(fault_of_text(&"x".repeat(301)).is_some());
    }

    #[test]
    fn unique_codes() {
        assert_found(&[
            (
                "code = \"STERILE\"",
                "code = \"STERILE\"\nname = \"Pot\"\n[[container]]\ncode = \"STERILE\"",
                "container[STERILE]",
                "twice",
            ),
            (
                "kind = \"core\"\n",
                "kind = \"core\"\nname = \"Core\"\ncontainers = [\"FORMALIN\", \"RPMI\"]\n[[kind]]\nkind = \"core\"\n",
                "kind[core]",
                "twice",
            ),
            (
                "code = \"HOLD_LAPSED\"",
                "code = \"HOLD_LAPSED\"\nname = \"x\"\n[[cancel_reason]]\ncode = \"hold_lapsed\"",
                "cancel_reason[HOLD_LAPSED]",
                "twice",
            ),
        ]);
    }

    #[test]
    fn known_codes() {
        assert_found(&[
            ("code = \"DRY_TAP\"", "code = \"DRYTAP\"", "not_collected_reason[DRY_TAP]", "program needs"),
            ("code = \"HOLD_LAPSED\"", "code = \"LAPSED\"", "cancel_reason[HOLD_LAPSED]", "program needs"),
        ]);
    }
}

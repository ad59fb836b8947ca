//! What must hold for a catalogue before anybody works with it. One small function per rule; all findings at once.

mod critical;
mod diagnoses;
mod feeds;
mod indications;
mod kits;
mod laboratory;
mod references;
mod rows;
mod standards;
mod turnaround;
mod values;
mod worksteps;

use std::collections::BTreeSet;

use super::{Catalogue, Finding};

type Check = fn(&Catalogue) -> Vec<Finding>;

const CHECKS: &[Check] = &[
    laboratory::hours,
    laboratory::days,
    rows::enough,
    rows::names,
    rows::unique_codes,
    rows::known_codes,
    rows::storage_sizes,
    references::departments,
    references::containers,
    references::kinds,
    references::assays,
    references::indications,
    references::loops,
    standards::loinc,
    standards::snomed,
    standards::hl7,
    feeds::regular_feed,
    feeds::kinds,
    feeds::usual_containers,
    feeds::substitutes_last,
    feeds::amounts,
    feeds::windows,
    feeds::pull_one,
    feeds::container_contents,
    turnaround::figures,
    turnaround::promised,
    worksteps::steps,
    values::keys,
    values::specs,
    values::qualifiers,
    indications::sets,
    indications::conditions,
    indications::holds,
    indications::reflexes,
    indications::faults,
    critical::times,
    critical::triggers,
    kits::sizes,
    kits::parts,
    diagnoses::unique,
    diagnoses::icd_o,
];

/// Runs every check. What a row contains was read already; here rows are compared with each other and with the standards.
pub(super) fn check(catalogue: &Catalogue) -> Vec<Finding> {
    CHECKS.iter().flat_map(|check| check(catalogue)).collect()
}

/// A finding for each key that came before.
fn repeated<K: Ord>(keys: impl IntoIterator<Item = (String, K)>, message: impl Fn(&K) -> String) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for (path, key) in keys {
        if seen.contains(&key) {
            findings.push(Finding::new(path, message(&key)));
        } else {
            seen.insert(key);
        }
    }
    findings
}

/// `path[0]`, `path[1]`, … with what is there.
fn indexed<'a, T>(path: &str, items: &'a [T]) -> impl Iterator<Item = (String, &'a T)> + use<'a, T> {
    let path = path.to_owned();
    items.iter().enumerate().map(move |(index, item)| (format!("{path}[{index}]"), item))
}

/// Runs one table of a check's tests: a small sound catalogue, one replacement in it, the one finding that must follow.
#[cfg(test)]
fn assert_found(table: &[(&str, &str, &str, &str)]) {
    for (from, to, path, message) in table {
        let text = super::sample::changed(&[(from, to)]);
        let findings = Catalogue::parse(&text).expect_err(&format!("“{to}” was accepted"));
        let found: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1, "“{to}”: one finding was expected: {found:#?}");
        assert_eq!(findings[0].path, *path, "“{to}”: {found:#?}");
        assert!(findings[0].message.contains(message), "“{to}”: {found:#?} does not say “{message}”");
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Catalogue, sample};

    #[test]
    fn the_sample_is_sound() {
        assert_eq!(Catalogue::parse(sample::TEXT).err(), None);
    }

    #[test]
    fn every_finding_comes_at_once() {
        let text = sample::changed(&[
            ("loinc = [\"101119-6\"]", "loinc = [\"101119-7\"]"),
            ("hl7_0371 = \"EDTK\"", "hl7_0371 = \"EDTQ\""),
            ("warn_h = 24, limit_h = 48", "warn_h = 72, limit_h = 48"),
        ]);
        let mut paths: Vec<String> =
            Catalogue::parse(&text).expect_err("unsound").into_iter().map(|finding| finding.path).collect();
        paths.sort();
        assert_eq!(
            paths,
            ["assay[FLOW-AL].feeds[0].windows[0]", "assay[FLOW-AL].loinc[0]", "container[EDTA].hl7_0371"]
        );
    }
}

//! The names of diagnoses, and their codes.

use super::{Catalogue, Finding, repeated};

/// The place of an entity.
fn path(d: &super::super::Diagnosis) -> String {
    format!("diagnosis[{}: {}]", d.system, d.name)
}

/// A name stands once in its classification: twice, one of the two has the wrong code.
pub(super) fn unique(c: &Catalogue) -> Vec<Finding> {
    let rows = c.diagnoses.iter().map(|d| (path(d), (d.system, d.name.to_lowercase())));
    repeated(rows, |(system, _)| format!("it is there twice in {}", system.title()))
}

/// The form of the codes; which of them exist is not in here.
pub(super) fn icd_o(c: &Catalogue) -> Vec<Finding> {
    let coded = c.diagnoses.iter().filter_map(|d| Some((d, d.icd_o.as_deref()?)));
    coded
        .filter(|(_, code)| !is_morphology(code))
        .map(|(d, code)| {
            let shown = code.escape_default();
            Finding::new(format!("{}.icd_o", path(d)), format!("“{shown}” is no ICD-O-3 morphology such as 9877/3"))
        })
        .collect()
}

/// Four digits from 8000 on, and a behavior: 0 benign, 1 uncertain, 2 in situ, 3 malignant, 6 metastatic, 9 not known.
fn is_morphology(code: &str) -> bool {
    code.split_once('/').is_some_and(|(histology, behavior)| {
        histology.len() == 4
            && histology.bytes().all(|b| b.is_ascii_digit())
            && histology.starts_with(['8', '9'])
            && matches!(behavior, "0" | "1" | "2" | "3" | "6" | "9")
    })
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;
    use super::is_morphology;

    #[test]
    fn unique() {
        let again = "[[diagnosis]]\nsystem = \"icc\"\nname = \"aml with mutated NPM1\"\n[[kit]]\ncode = \"ACUTE\"";
        assert_found(&[(
            "[[kit]]\ncode = \"ACUTE\"",
            again,
            "diagnosis[icc: aml with mutated NPM1]",
            "twice in ICC 2022",
        )]);
    }

    #[test]
    fn names() {
        assert_found(&[("AML with mutated NPM1", " ", "diagnosis[icc:  ].name", "empty")]);
    }

    #[test]
    fn icd_o() {
        let path = "diagnosis[icc: AML with mutated NPM1].icd_o";
        assert_found(&[("9877/3", "9877", path, "no ICD-O-3"), ("9877/3", "C42.1", path, "such as 9877/3")]);
        for (code, good) in
            [("9765/1", true), ("9877/33", false), ("987/3", false), ("9877/4", false), ("7877/3", false)]
        {
            assert_eq!(is_morphology(code), good, "{code}");
        }
    }
}

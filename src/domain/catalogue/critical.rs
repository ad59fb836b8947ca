//! Which findings are critical: told to somebody at once, and by when (`reference/domain.md` §6.2).

use serde::{Deserialize, Serialize};

use crate::domain::results::{Details, ProbeOutcome};
use crate::domain::{Code, Interpretation, Qualifier, ResultVersion};

/// A trigger of the laboratory's policy for critical findings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Critical {
    /// Its code, such as `ACUTE_LEUKEMIA`.
    pub code: Code,
    /// Its name as people say it.
    pub name: String,
    /// Within how many minutes somebody must have heard it, 1 to 10,080 (a week).
    pub within_min: u32,
    /// Whether a person may raise it by hand.
    #[serde(default)]
    pub manual: bool,
    /// Any of these results raises it. Empty: only a person does.
    #[serde(default)]
    pub when: Vec<Condition>,
}

/// What a result says that makes it critical.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Of which assay.
    pub assay: Code,
    /// What it says as a whole. Absent: whatever it says.
    pub interpretation: Option<Interpretation>,
    /// In cases with one of these indications. Empty: in any.
    #[serde(default)]
    pub indications: Vec<Code>,
    /// Which value counts (a key of the assay). Needs `at_least` or `equals`.
    pub value: Option<String>,
    /// The number from which that value counts, in the unit of the value.
    pub at_least: Option<f64>,
    /// The code that the value must have.
    pub equals: Option<String>,
    /// The FISH probe that must be abnormal by its own cut-off (`reference/domain.md` §5.2), such as `PML::RARA`.
    pub probe: Option<String>,
}

impl Critical {
    /// Whether a result of that assay, in a case with that indication, raises it.
    pub fn is_raised_by(&self, assay: &str, indication: &str, result: &ResultVersion) -> bool {
        self.when.iter().any(|c| {
            c.assay == *assay
                && (c.indications.is_empty() || c.indications.iter().any(|i| i == indication))
                && c.holds(result)
        })
    }
}

impl Condition {
    fn holds(&self, r: &ResultVersion) -> bool {
        if self.interpretation.is_some_and(|wanted| wanted != r.interpretation) {
            return false;
        }
        if self.probe.as_ref().is_some_and(|wanted| !shows(r, wanted)) {
            return false;
        }
        let Some(key) = &self.value else { return true };
        r.values.iter().filter(|v| v.key == *key).any(|v| {
            // What lies below a number, or was not found, does not reach it.
            let counts = !matches!(v.qualifier, Some(Qualifier::Below | Qualifier::NotDetected));
            let enough = self.at_least.is_none_or(|least| counts && v.number.is_some_and(|n| n >= least));
            enough && self.equals.as_ref().is_none_or(|code| v.text.as_ref() == Some(code))
        })
    }
}

/// Whether a FISH result has that probe, and calls it abnormal.
fn shows(r: &ResultVersion, wanted: &str) -> bool {
    let Some(Details::Fish(fish)) = &r.details else { return false };
    fish.probes.iter().any(|p| p.outcome == Some(ProbeOutcome::Abnormal) && names(&p.name, wanted))
}

/// Whether the name of a probe names everything that is wanted: makers write `PML::RARA`, `PML-RARA` and `PML/RARA DF`.
fn names(name: &str, wanted: &str) -> bool {
    let name = name.to_uppercase();
    wanted.to_uppercase().split("::").all(|gene| name.contains(gene))
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_probe_is_known_by_its_genes() {
        for name in ["PML::RARA", "PML-RARA", "pml/rara dual fusion"] {
            assert!(names(name, "PML::RARA"), "{name}");
        }
        for name in ["RARA break-apart", "BCR::ABL1"] {
            assert!(!names(name, "PML::RARA"), "{name}");
        }
        assert!(names("del(5q) EGR1", "del(5q)"));
    }
}

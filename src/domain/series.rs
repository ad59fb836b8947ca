//! One patient's numbers across procedures: what a trend is drawn from.
//!
//! Points of different methods are never one line: each series is one key of one assay (and one probe or target), and
//! *not detected* keeps the sensitivity of its own run (`reference/domain.md` §8, feature 13).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Accession, Case, Code, Qualifier, ResultValue};

/// What is followed: key, name, unit, whether the axis is logarithmic.
const FOLLOWED: &[(&str, &str, &str, bool)] = &[
    ("is_pct", "on the international scale", "% IS", true),
    ("ratio_pct", "to the control gene", "%", true),
    ("mrd_pct", "Residual disease", "%", true),
    ("blasts_pct", "Blasts", "%", false),
    ("plasma_cells_pct", "Plasma cells", "%", false),
    ("ring_sideroblasts_pct", "Ring sideroblasts", "%", false),
    ("probe_pct", "Abnormal nuclei", "%", false),
    ("vaf_pct", "Allele fraction", "%", false),
    ("cellularity_pct", "Cellularity", "%", false),
];

/// One value at one procedure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = SeriesPoint)]
pub struct Point {
    /// When the marrow was taken.
    pub at: DateTime<Utc>,
    /// In which case.
    pub accession: String,
    /// What was measured. Absent when nothing was.
    pub value: Option<f64>,
    /// Below this: the limit or the sensitivity of that run, when nothing was measured.
    pub below: Option<f64>,
}

/// One number followed by one method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Series {
    /// Stable key, such as `mrd_pct`.
    pub key: String,
    /// By which assay (code).
    pub assay: Code,
    /// Which probe, variant or target, where the assay has several.
    pub item: Option<String>,
    /// Name for a heading.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Percentage of what; points with another denominator are another series.
    pub denominator: Option<String>,
    /// Whether the axis is logarithmic.
    pub log: bool,
    /// The points, oldest first.
    pub points: Vec<Point>,
}

/// What an earlier case of the same patient found: one verified value.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// In which case.
    pub accession: Accession,
    /// When its marrow was taken.
    pub at: DateTime<Utc>,
    /// By which assay.
    pub assay: Code,
    /// Which target, of a quantified transcript.
    pub target: Option<String>,
    /// The value.
    pub value: ResultValue,
}

/// The verified values of a case, for its later ones.
pub fn verified_values(case: &Case) -> Vec<Earlier> {
    let Some(at) = case.collected_at().or(case.header.procedure.performed_at) else { return Vec::new() };
    let mut out = Vec::new();
    for order in &case.orders {
        let Some(result) = case.verified_result(order.id) else { continue };
        let target = result.values.iter().find(|v| v.key == "target").and_then(|v| v.text.clone());
        out.extend(result.values.iter().map(|value| Earlier {
            accession: case.header.accession,
            at,
            assay: order.assay.clone(),
            target: target.clone(),
            value: value.clone(),
        }));
    }
    out
}

/// Series with at least one number, oldest point first, the most telling ones first.
pub fn series(values: &[Earlier]) -> Vec<Series> {
    let mut out: Vec<Series> = Vec::new();
    for (key, name, unit, log) in FOLLOWED {
        for found in values.iter().filter(|e| e.value.key == *key) {
            let item = found.target.clone().or_else(|| found.value.text.clone());
            let same = |s: &&mut Series| {
                s.key == *key && s.assay == found.assay && s.item == item && s.denominator == found.value.denominator
            };
            let point = Point {
                at: found.at,
                accession: found.accession.to_string(),
                value: measured(&found.value),
                below: measured(&found.value).is_none().then_some(found.value.number).flatten(),
            };
            match out.iter_mut().find(same) {
                Some(series) => series.points.push(point),
                None => out.push(Series {
                    key: (*key).to_owned(),
                    assay: found.assay.clone(),
                    name: item.as_ref().map_or_else(|| (*name).to_owned(), |i| format!("{i}: {}", name.to_lowercase())),
                    item,
                    unit: (*unit).to_owned(),
                    denominator: found.value.denominator.clone(),
                    log: *log,
                    points: vec![point],
                }),
            }
        }
    }
    for series in &mut out {
        series.points.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.accession.cmp(&b.accession)));
    }
    out.retain(|s| s.points.iter().any(|p| p.value.is_some() || p.below.is_some()));
    out
}

/// The number, when something was measured.
fn measured(value: &ResultValue) -> Option<f64> {
    match value.qualifier {
        None | Some(Qualifier::About | Qualifier::Above) => value.number,
        Some(Qualifier::Below | Qualifier::NotDetected) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn earlier(
        day: u32,
        assay: &str,
        key: &str,
        number: Option<f64>,
        qualifier: Option<Qualifier>,
        of: Option<&str>,
    ) -> Earlier {
        Earlier {
            accession: Accession::new(26, day).unwrap(),
            at: format!("2026-01-{day:02}T09:00:00Z").parse().unwrap(),
            assay: assay.parse().unwrap(),
            target: None,
            value: ResultValue {
                key: key.to_owned(),
                number,
                text: None,
                unit: Some("%".to_owned()),
                qualifier,
                denominator: of.map(str::to_owned),
            },
        }
    }

    #[test]
    fn methods_and_denominators_are_never_joined() {
        let values = [
            earlier(3, "MORPH-ASP", "blasts_pct", Some(40.0), None, Some("nucleated_cells")),
            earlier(1, "MORPH-ASP", "blasts_pct", Some(60.0), None, Some("nucleated_cells")),
            earlier(3, "FLOW-AL", "blasts_pct", Some(30.0), None, Some("cd45_positive")),
            earlier(5, "FLOW-AL", "blasts_pct", Some(20.0), None, Some("leukocytes")),
        ];
        let found = series(&values);
        assert_eq!(found.len(), 3);
        let smear: Vec<_> = found[0].points.iter().map(|p| p.value).collect();
        assert_eq!(smear, [Some(60.0), Some(40.0)]);
    }

    #[test]
    fn not_detected_keeps_the_sensitivity_of_its_run() {
        let values = [
            earlier(1, "FLOW-MRD", "mrd_pct", Some(0.4), None, None),
            earlier(2, "FLOW-MRD", "mrd_pct", Some(0.002), Some(Qualifier::NotDetected), None),
            earlier(3, "FLOW-MRD", "mrd_pct", Some(0.0005), Some(Qualifier::Below), None),
            earlier(4, "FLOW-MRD", "mrd_pct", None, Some(Qualifier::NotDetected), None),
        ];
        let found = series(&values);
        assert_eq!(found.len(), 1);
        assert!(found[0].log);
        let points: Vec<_> = found[0].points.iter().map(|p| (p.value, p.below)).collect();
        assert_eq!(points, [(Some(0.4), None), (None, Some(0.002)), (None, Some(0.0005)), (None, None)]);
    }
}

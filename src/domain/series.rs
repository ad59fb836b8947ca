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

/// Values that are text and are compared with earlier ones all the same.
const COMPARED_TEXTS: &[&str] = &["iscn", "molecular_response"];

/// How a number differs from an earlier one of the same measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// So many units more (less than 0: fewer).
    By(f64),
    /// So many times as much: numbers that are followed on a logarithmic scale.
    Times(f64),
}

/// The newest earlier value that is the same measurement as this one: same assay, key, item, denominator and target, of
/// a marrow taken before. None for values that nobody compares, such as how many cells were counted.
pub fn before<'e>(
    now: &ResultValue,
    assay: &Code,
    target: Option<&str>,
    at: DateTime<Utc>,
    earlier: &'e [Earlier],
) -> Option<&'e Earlier> {
    let is_text = COMPARED_TEXTS.contains(&now.key.as_str());
    let compared = is_text || now.unit.as_deref() == Some("%");
    let same = |e: &&Earlier| {
        e.assay == *assay
            && e.at < at
            && e.target.as_deref() == target
            && e.value.key == now.key
            && e.value.denominator == now.denominator
            && (is_text || e.value.text == now.text)
    };
    earlier.iter().filter(same).max_by_key(|e| e.at).filter(|_| compared)
}

/// How far two values are apart, where both were measured.
pub fn change(before: &ResultValue, now: &ResultValue) -> Option<Change> {
    let (old, new) = (measured(before)?, measured(now)?);
    let log = FOLLOWED.iter().any(|(key, _, _, log)| *key == now.key && *log);
    if log { (old > 0.0).then(|| Change::Times(new / old)) } else { Some(Change::By(new - old)) }
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
    fn a_value_is_compared_with_the_newest_of_its_own_kind_before_it() {
        let found = |day, assay, number| earlier(day, assay, "mrd_pct", Some(number), None, None);
        let all = [
            found(1, "FLOW-MRD", 4.0),
            found(3, "FLOW-MRD", 2.0),
            found(9, "FLOW-MRD", 1.0),
            found(4, "MORPH-ASP", 8.0),
        ];
        let Earlier { value: now, assay, at, .. } = found(5, "FLOW-MRD", 0.5);
        let newest = before(&now, &assay, None, at, &all).unwrap();
        assert_eq!(newest, &all[1], "not after it, not by another assay");
        assert_eq!(change(&newest.value, &now), Some(Change::Times(0.25)));
        let blasts = |number| earlier(1, "MORPH-ASP", "blasts_pct", Some(number), None, None).value;
        assert_eq!(change(&blasts(5.0), &blasts(8.0)), Some(Change::By(3.0)));
        assert!(before(&now, &assay, Some("x"), at, &all).is_none(), "another target");
        let count = ResultValue { unit: None, ..now };
        assert!(before(&count, &assay, None, at, &all).is_none(), "a count is not compared");
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

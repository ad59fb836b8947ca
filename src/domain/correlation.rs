//! Findings of one marrow that do not fit each other, or the patient's earlier ones.
//!
//! A flag says what differs and what could explain it. It blocks nothing by itself: whoever signs says in words what
//! they make of it (`reference/domain.md` §7.3, §8 features 10 and 11). Every flag names the result versions that it
//! rests on, so that words about an old version do not answer for a new one.

use serde::{Deserialize, Serialize};

use super::results::Line;
use super::series::Earlier;
use super::{Case, Interpretation, Order, Qualifier, ResultId, ResultValue, ResultVersion, iscn, result_words};
use crate::text_enum;

/// How far two counts of the same cells may be apart, percentage points. Flow reads fewer blasts than the eye (median
/// 13 points fewer, from 68 fewer to 56 more [USCAP]): a smaller difference is no news.
const APART_PCT: f64 = 13.0;
/// Blasts from which a leukemia is acute, % (unsourced in `reference/domain.md`).
const ACUTE_PCT: f64 = 20.0;
/// Plasma cells that define myeloma, % (unsourced in `reference/domain.md`).
const MYELOMA_PCT: f64 = 10.0;
/// Ring sideroblasts that make one look for SF3B1, % (`reference/domain.md` §8, feature 11).
const RINGS_PCT: f64 = 5.0;
/// How many times a followed marker must rise to be news (unsourced).
const RISE: f64 = 10.0;

text_enum! {
    /// What does not fit.
    pub enum FlagCode {
        /// Blasts by flow and by the eye.
        Blasts = "blasts_flow_morphology",
        /// `PML::RARA` without its translocation, or the other way round.
        PmlRara = "pml_rara_karyotype",
        /// A loss of 5q by one method only.
        Del5q = "del5q_fish_karyotype",
        /// Plasma cells by smear, core and flow.
        PlasmaCells = "plasma_cells_methods",
        /// Ring sideroblasts without SF3B1.
        RingsWithoutSf3b1 = "ring_sideroblasts_sf3b1",
        /// Fibrosis without a driver of a myeloproliferative neoplasm.
        FibrosisWithoutDriver = "fibrosis_without_driver",
        /// The sex chromosomes and the recorded sex.
        Sex = "sex_chromosomes",
        /// A result and the patient's earlier one.
        Delta = "delta_earlier",
    }
}

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = CorrelationFlag)]
pub struct Flag {
    /// Names this flag on these result versions; what an acknowledgment refers to.
    pub key: String,
    /// What does not fit.
    pub code: FlagCode,
    /// In one or two sentences, with what could explain it.
    pub text: String,
    /// The findings side by side.
    pub evidence: Vec<Line>,
}

/// What the signer makes of a flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgment {
    /// The flag's key.
    pub flag: String,
    /// In words.
    pub words: String,
}

/// One result with the assay behind it.
#[derive(Clone, Copy)]
struct Found<'a> {
    order: &'a Order,
    result: &'a ResultVersion,
}

impl<'a> Found<'a> {
    fn value(&self, key: &str) -> Option<&'a ResultValue> {
        self.result.values.iter().find(|v| v.key == key)
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        self.value(key).and_then(|v| v.text.as_deref())
    }

    /// A named item of several: the abnormal nuclei of one probe, say.
    fn item(&self, key: &str, names: &[&str]) -> Option<&'a ResultValue> {
        let named = |v: &&ResultValue| v.text.as_deref().is_some_and(|t| names.iter().any(|n| t.contains(n)));
        self.result.values.iter().filter(|v| v.key == key).find(named)
    }

    fn line(&self, value: &ResultValue) -> Line {
        let words = result_words::words(&ResultValue { text: None, ..value.clone() });
        let dilution = self
            .text("hemodilution")
            .filter(|h| *h != "none")
            .map_or_else(String::new, |h| format!("; hemodilution {}", h.replace('_', " ")));
        let item = value.text.as_ref().filter(|_| value.number.is_some()).map_or_else(String::new, |t| format!(" {t}"));
        Line { name: format!("{}{item}", self.order.assay), value: format!("{words}{dilution}") }
    }
}

/// Everything that does not fit among the verified results of a case, and against the patient's earlier ones.
pub fn flags(case: &Case, earlier: &[Earlier]) -> Vec<Flag> {
    let found: Vec<Found<'_>> = case
        .orders
        .iter()
        .filter_map(|order| case.verified_result(order.id).map(|result| Found { order, result }))
        .filter(|f| f.result.interpretation != Interpretation::Inadequate)
        .collect();
    let mut out = Vec::new();
    out.extend(blasts(&found));
    out.extend(pml_rara(&found));
    out.extend(del5q(&found));
    out.extend(plasma_cells(&found));
    out.extend(rings(&found));
    out.extend(fibrosis(&found));
    out.extend(sex(case, &found));
    out.extend(found.iter().filter_map(|f| delta(case, f, earlier)));
    out
}

fn flag(code: FlagCode, on: &[ResultId], text: impl Into<String>, evidence: Vec<Line>) -> Flag {
    let mut ids: Vec<String> = on.iter().map(ToString::to_string).collect();
    ids.sort();
    ids.dedup();
    Flag { key: format!("{code}:{}", ids.join("+")), code, text: text.into(), evidence }
}

fn with<'f, 'a>(found: &'f [Found<'a>], key: &str) -> impl Iterator<Item = (Found<'a>, &'a ResultValue)> + 'f {
    let key = key.to_owned();
    found.iter().filter_map(move |f| f.value(&key).map(|v| (*f, v)))
}

/// Whether two percentages are far apart, or on two sides of a threshold that matters.
fn apart(a: f64, b: f64, threshold: f64) -> bool {
    (a - b).abs() >= APART_PCT || (a >= threshold) != (b >= threshold)
}

fn blasts(found: &[Found<'_>]) -> Option<Flag> {
    let eye = with(found, "blasts_pct").find(|(f, _)| f.result.values.iter().any(|v| v.key == "smear_quality"))?;
    let flow = with(found, "blasts_pct").find(|(f, _)| f.value("events").is_some())?;
    let (a, b) = (eye.1.number?, flow.1.number?);
    apart(a, b, ACUTE_PCT).then(|| {
        let text = "Blasts by flow and by the eye differ. They are counted among other cells, flow loses blasts in preparation, and blood in the marrow dilutes both.";
        flag(FlagCode::Blasts, &[eye.0.result.id, flow.0.result.id], text, vec![eye.0.line(eye.1), flow.0.line(flow.1)])
    })
}

/// Karyotypes with their text; one that could not be read at all says nothing.
fn karyotypes<'f, 'a>(
    found: &'f [Found<'a>],
) -> impl Iterator<Item = (Found<'a>, &'a ResultValue, iscn::Checked)> + 'f {
    with(found, "iscn").filter_map(|(f, v)| {
        let checked = iscn::check(v.text.as_deref()?);
        (!checked.clones.is_empty()).then_some((f, v, checked))
    })
}

/// Whether a karyotype has an abnormality that begins like one of these.
fn has(checked: &iscn::Checked, starts: &[&str]) -> bool {
    checked.clones.iter().flat_map(|c| &c.abnormalities).any(|a| {
        let a = a.replace(['?', ' '], "");
        starts.iter().any(|s| a.starts_with(s))
    })
}

/// A change seen by FISH (or PCR) and not in the karyotype, or the other way round.
fn against_karyotype(found: &[Found<'_>], names: &[&str], starts: &[&str], code: FlagCode, what: &str) -> Option<Flag> {
    let probe = found.iter().find_map(|f| f.item("probe_pct", names).map(|v| (*f, v)));
    let (molecular, value) = probe.or_else(|| {
        let target = |f: &&Found<'_>| f.text("target").is_some_and(|t| names.contains(&t));
        found.iter().find(target).and_then(|f| f.value("ratio_pct").map(|v| (*f, v)))
    })?;
    let positive = match value.key.as_str() {
        "probe_pct" => {
            let outcome = molecular.result.details.as_ref();
            match outcome {
                Some(super::results::Details::Fish(fish)) => fish.probes.iter().any(|p| {
                    p.outcome == Some(super::results::ProbeOutcome::Abnormal)
                        && names.iter().any(|n| p.name.contains(n))
                }),
                Some(_) | None => molecular.result.interpretation == Interpretation::Abnormal,
            }
        }
        _ => value.qualifier != Some(Qualifier::NotDetected),
    };
    let (karyotype, text, checked) = karyotypes(found).next()?;
    let seen = has(&checked, starts);
    (positive != seen).then(|| {
        let (yes, no) = if positive {
            (molecular.order.assay.to_string(), "the karyotype")
        } else {
            ("the karyotype".to_owned(), molecular.order.assay.as_str())
        };
        let why = if positive {
            "It may be cryptic, in cells that do not divide, or in too few cells to be among the metaphases."
        } else {
            "The probe may not cover the change, or the clone may grow in culture only."
        };
        let evidence = vec![
            molecular.line(value),
            Line { name: karyotype.order.assay.to_string(), value: text.text.clone().unwrap_or_default() },
        ];
        flag(
            code,
            &[molecular.result.id, karyotype.result.id],
            format!("{what} is seen by {yes} and not by {no}. {why}"),
            evidence,
        )
    })
}

fn pml_rara(found: &[Found<'_>]) -> Option<Flag> {
    against_karyotype(
        found,
        &["PML::RARA", "PML-RARA"],
        &["t(15;17)", "der(15)t(15;17)", "der(17)t(15;17)", "ins(15;17)", "ins(17;15)"],
        FlagCode::PmlRara,
        "PML::RARA",
    )
}

fn del5q(found: &[Found<'_>]) -> Option<Flag> {
    against_karyotype(
        found,
        &["del(5q)", "5q31", "EGR1"],
        &["del(5)(q", "-5", "i(5)(p", "der(5)"],
        FlagCode::Del5q,
        "A loss of 5q",
    )
}

fn plasma_cells(found: &[Found<'_>]) -> Option<Flag> {
    let mut seen: Vec<(Found<'_>, &ResultValue, f64)> = Vec::new();
    for key in ["plasma_cells_pct", "cd138_pct"] {
        seen.extend(with(found, key).filter_map(|(f, v)| v.number.map(|n| (f, v, n))));
    }
    let low = seen.iter().map(|(_, _, n)| *n).min_by(f64::total_cmp)?;
    let high = seen.iter().map(|(_, _, n)| *n).max_by(f64::total_cmp)?;
    (seen.len() >= 2 && apart(low, high, MYELOMA_PCT)).then(|| {
        let ids: Vec<ResultId> = seen.iter().map(|(f, _, _)| f.result.id).collect();
        let text = "Plasma cells differ between the methods. They are patchy, the core shows more than the smear, and flow sees fewest.";
        flag(FlagCode::PlasmaCells, &ids, text, seen.iter().map(|(f, v, _)| f.line(v)).collect())
    })
}

fn rings(found: &[Found<'_>]) -> Option<Flag> {
    let (iron, value) = with(found, "ring_sideroblasts_pct").find(|(_, v)| v.number.is_some_and(|n| n >= RINGS_PCT))?;
    let (panel, variants) = with(found, "variants").next()?;
    let listed = variants.text.as_deref().unwrap_or_default();
    (!listed.contains("SF3B1")).then(|| {
        let text = "Ring sideroblasts without a variant of SF3B1. Look for alcohol, copper, lead, drugs; or the gene was not covered.";
        let evidence = vec![iron.line(value), Line { name: panel.order.assay.to_string(), value: listed.to_owned() }];
        flag(FlagCode::RingsWithoutSf3b1, &[iron.result.id, panel.result.id], text, evidence)
    })
}

fn fibrosis(found: &[Found<'_>]) -> Option<Flag> {
    let (core, grade) = with(found, "reticulin").find(|(_, v)| matches!(v.text.as_deref(), Some("MF-2" | "MF-3")))?;
    let genes = found.iter().find(|f| f.value("jak2_v617f").is_some())?;
    let called = ["jak2_v617f", "calr", "mpl"].map(|key| genes.text(key));
    let none = called.iter().all(|c| *c == Some("not_detected"));
    none.then(|| {
        let text = "Marked fibrosis without JAK2, CALR or MPL. Triple-negative disease is rare: consider other causes of fibrosis.";
        let evidence = vec![
            Line { name: core.order.assay.to_string(), value: grade.text.clone().unwrap_or_default() },
            Line { name: genes.order.assay.to_string(), value: "JAK2 V617F, CALR, MPL not detected".to_owned() },
        ];
        flag(FlagCode::FibrosisWithoutDriver, &[core.result.id, genes.result.id], text, evidence)
    })
}

fn sex(case: &Case, found: &[Found<'_>]) -> Option<Flag> {
    let (f, value, finding) = karyotypes(found)
        .find_map(|(f, v, c)| iscn::sex_findings(&c, case.patient.sex).map(|finding| (f, v, finding)))?;
    let typed = value.text.clone().unwrap_or_default();
    Some(flag(
        FlagCode::Sex,
        &[f.result.id],
        finding.message,
        vec![Line { name: f.order.assay.to_string(), value: typed }],
    ))
}

/// What changed against the patient's newest earlier value of the same assay.
fn delta(case: &Case, f: &Found<'_>, earlier: &[Earlier]) -> Option<Flag> {
    let at = case.collected_at().or(case.header.procedure.performed_at)?;
    let target = f.text("target");
    for key in ["is_pct", "ratio_pct", "mrd_pct", "blasts_pct"] {
        let Some(now) = f.value(key) else { continue };
        let before = earlier
            .iter()
            .filter(|e| e.assay == f.order.assay && e.value.key == key && e.at < at)
            .filter(|e| e.target.as_deref() == target && e.value.denominator == now.denominator)
            .max_by_key(|e| e.at);
        let Some(before) = before else { continue };
        let (old, new) = (level(&before.value), level(now));
        let news = match key {
            "blasts_pct" => old.unwrap_or(0.0) < 5.0 && new.unwrap_or(0.0) >= 5.0,
            _ => match (old, new) {
                (None, Some(_)) => true,
                (Some(old), Some(new)) => new >= old * RISE || (key == "is_pct" && old <= 0.1 && new > 0.1),
                (Some(_) | None, None) => false,
            },
        };
        if news {
            let text = format!(
                "{} has risen since {}: confirm with what is left or with a new sample, and tell the requester.",
                match key {
                    "blasts_pct" => "The blast count".to_owned(),
                    "mrd_pct" => "Residual disease".to_owned(),
                    _ => target.unwrap_or("The transcript").to_owned(),
                },
                before.accession
            );
            let evidence = vec![
                Line {
                    name: format!("{}, {}", before.accession, before.at.date_naive()),
                    value: result_words::words(&before.value),
                },
                f.line(now),
            ];
            return Some(flag(FlagCode::Delta, &[f.result.id], text, evidence));
        }
    }
    None
}

/// The number, when something was measured.
fn level(value: &ResultValue) -> Option<f64> {
    match value.qualifier {
        None | Some(Qualifier::About | Qualifier::Above) => value.number.filter(|n| *n > 0.0),
        Some(Qualifier::Below | Qualifier::NotDetected) => None,
    }
}

/// The flags that nobody has said anything about.
pub fn unanswered<'f>(flags: &'f [Flag], said: &[Acknowledgment]) -> Vec<&'f Flag> {
    flags.iter().filter(|f| !said.iter().any(|a| a.flag == f.key && !a.words.trim().is_empty())).collect()
}

/// A flag and what was said of it, on one line.
pub fn answered(flag: &Flag, said: &[Acknowledgment]) -> Option<String> {
    said.iter().find(|a| a.flag == flag.key).map(|a| a.words.clone())
}

/// Evidence on one line, for refusals and lists.
pub fn in_one_line(flag: &Flag) -> String {
    let evidence: Vec<String> = flag.evidence.iter().map(|l| format!("{} {}", l.name, l.value)).collect();
    format!("{} ({})", flag.text, evidence.join("; "))
}

//! Each shape against the rules of `reference/domain.md` §5, with the published thresholds.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::FieldError;

/// A result as sent, completed: with its remarks, or what did not fit.
fn complete(details: Value, says: Interpretation) -> Result<(Details, Vec<Remark>), Vec<FieldError>> {
    let mut details: Details =
        serde_json::from_value(details).map_err(|e| vec![FieldError::new("", "json", e.to_string())])?;
    let bench = Bench {
        assay: "X",
        interpretation: says,
        sex: Sex::Female,
        pull: Some(1),
        age_h: Some(20.0),
        commented: false,
    };
    let (mut check, mut remarks) = (Check::default(), Vec::new());
    let at = format!("/details/{}", details.kind());
    details.complete(&bench, &mut Fields::new(&mut check, &mut remarks, at));
    if check.errors.is_empty() { Ok((details, remarks)) } else { Err(check.errors) }
}

fn normal(details: Value) -> Result<(Details, Vec<Remark>), Vec<FieldError>> {
    complete(details, Interpretation::Normal)
}

fn abnormal(details: Value) -> Result<(Details, Vec<Remark>), Vec<FieldError>> {
    complete(details, Interpretation::Abnormal)
}

/// `with` replaces what stands at a JSON pointer.
fn with(mut value: Value, changes: &[(&str, Value)]) -> Value {
    for (pointer, new) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match value.pointer_mut(parent).unwrap() {
            Value::Object(map) => drop(map.insert(key.to_owned(), new.clone())),
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = new.clone(),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => panic!("{other}"),
        }
    }
    value
}

fn errors(outcome: Result<(Details, Vec<Remark>), Vec<FieldError>>) -> Vec<(String, String)> {
    outcome.err().unwrap_or_default().into_iter().map(|e| (e.pointer, e.code)).collect()
}

fn codes(outcome: Result<(Details, Vec<Remark>), Vec<FieldError>>) -> Vec<String> {
    outcome.unwrap().1.into_iter().map(|r| r.code).collect()
}

fn found(details: &Details, key: &str) -> ResultValue {
    details.values().into_iter().find(|v| v.key == key).unwrap_or_else(|| panic!("no {key}"))
}

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

// --- Flow -----------------------------------------------------------------------------------------------------------

fn flow() -> Value {
    json!({ "flow": { "panel": "Acute leukemia v4", "events": 100_000, "viability_pct": 91, "cd45_events": 95_000,
        "populations": [
            { "name": "Blasts", "kind": "blasts", "abnormal": true, "share": { "percent": 40, "of": "cd45_positive" },
              "phenotype": [{ "marker": "CD34", "expression": "normal" }, { "marker": "CD7", "expression": "dim", "positive_pct": 60 }] },
            { "name": "Lymphocytes", "kind": "b_cells", "share": { "percent": 12, "of": "cd45_positive" } }] } })
}

fn mrd(disease: &str, abnormal: u64, eligible: u64) -> Value {
    json!({ "flow": { "panel": "MRD", "events": eligible, "mrd": { "disease": disease, "approach": "laip_dfn",
        "abnormal_events": abnormal, "eligible_events": eligible, "of": "cd45_positive" } } })
}

#[test]
fn flow_says_what_it_found_and_of_what() {
    let (details, remarks) = abnormal(flow()).unwrap();
    assert_eq!(remarks, []);
    let blasts = found(&details, "blasts_pct");
    assert_eq!((blasts.number, blasts.denominator.as_deref()), (Some(40.0), Some("cd45_positive")));
    assert_eq!(details.headline(Interpretation::Abnormal), "Blasts 40 % of CD45 positive (CD34+, CD7 dim 60 %).");
    assert!(
        details.lines().iter().any(|l| l.name == "Blasts" && l.value.starts_with("abnormal, 40 % of CD45 positive"))
    );
}

#[test]
fn flow_rules() {
    for (changes, expected) in [
        (vec![("/flow/populations/1/share/percent", json!(61))], one("/details/flow/populations", "over_100")),
        (
            vec![("/flow/populations/0/share/percent", json!(140))],
            vec![
                ("/details/flow/populations/0/share/percent".to_owned(), "out_of_range".to_owned()),
                ("/details/flow/populations".to_owned(), "over_100".to_owned()),
            ],
        ),
        (vec![("/flow/cd45_events", json!(100_001))], one("/details/flow/cd45_events", "impossible")),
        (vec![("/flow/viability_pct", json!(101))], one("/details/flow/viability_pct", "out_of_range")),
        (vec![("/flow/panel", json!(" "))], one("/details/flow/panel", "missing")),
        (
            vec![("/flow/populations/0/share/of", json!("all_events")), ("/flow/populations/0/events", json!(2_000))],
            one("/details/flow/populations/0/share/percent", "disagrees"),
        ),
    ] {
        assert_eq!(errors(abnormal(with(flow(), &changes))), expected, "{changes:?}");
    }
    // Sums are per denominator: 61 % of something else is no more than 100 %.
    let other = [("/flow/populations/1/share", json!({ "percent": 61, "of": "lymphocytes" }))];
    assert!(abnormal(with(flow(), &other)).is_ok());
    // Below 70 % alive every percentage is doubted [CMH].
    assert_eq!(codes(abnormal(with(flow(), &[("/flow/viability_pct", json!(69.9))]))), ["low_viability"]);
    assert!(codes(abnormal(with(flow(), &[("/flow/viability_pct", json!(70))]))).is_empty());
}

/// Limit of detection 20 events, of quantification 50: 5 000 000 events give 0.0004 % and 0.001 %.
#[test]
fn mrd_limits_follow_from_the_events() {
    let (details, _) = normal(mrd("MM", 3, 5_000_000)).unwrap();
    assert_eq!(found(&details, "lod_pct").number, Some(0.0004));
    assert_eq!(found(&details, "lloq_pct").number, Some(0.001));
    let stated = [("/flow/mrd/lod_pct", json!(0.0001))];
    assert_eq!(codes(normal(with(mrd("MM", 3, 5_000_000), &stated))), ["limit_too_low"]);
}

/// Four states, not two [ALL-MRD]; AML needs more than 500 000 CD45 positive events [ELN-TAB]; myeloma calls 20 events
/// [MAYO-MMMRD].
#[test]
fn mrd_has_four_states() {
    for (disease, cells, events, status) in [
        ("ALL", 5, 1_000_000, "negative"),
        ("ALL", 5, 100_000, "negative_insufficient_sensitivity"),
        ("AML", 5, 500_001, "negative"),
        ("AML", 5, 500_000, "negative_insufficient_sensitivity"),
        ("MM", 19, 5_000_000, "negative"),
        ("MM", 19, 1_000_000, "negative_insufficient_sensitivity"),
        ("MM", 20, 5_000_000, "positive_not_quantifiable"),
        ("MM", 49, 5_000_000, "positive_not_quantifiable"),
        ("MM", 50, 5_000_000, "positive"),
        ("ALL", 400, 1_000_000, "positive"),
    ] {
        let says = if status.starts_with("positive") { Interpretation::Abnormal } else { Interpretation::Normal };
        let (details, _) = complete(mrd(disease, cells, events), says).unwrap();
        assert_eq!(found(&details, "mrd_status").text.as_deref(), Some(status), "{disease} {cells}/{events}");
        // Whatever is found is never both found and not found.
        let other = if status.starts_with("positive") { Interpretation::Normal } else { Interpretation::Abnormal };
        assert_eq!(
            errors(complete(mrd(disease, cells, events), other)),
            one("/details/flow/mrd/status", "contradicts")
        );
    }
    let positive = [("/flow/mrd/status", json!("positive"))];
    assert!(
        errors(normal(with(mrd("ALL", 5, 1_000_000), &positive)))
            .contains(&("/details/flow/mrd/status".to_owned(), "below_detection".to_owned()))
    );
    let negative = [("/flow/mrd/status", json!("negative"))];
    assert_eq!(
        errors(normal(with(mrd("ALL", 5, 100_000), &negative))),
        one("/details/flow/mrd/status", "not_sensitive_enough")
    );
    assert_eq!(errors(normal(mrd("ALL", 0, 0))), one("/details/flow/mrd/eligible_events", "out_of_range"));
    assert_eq!(errors(abnormal(mrd("ALL", 51, 50))), one("/details/flow/mrd/abnormal_events", "impossible"));
    let typed = [("/flow/mrd/percent", json!(0.4))];
    assert_eq!(
        errors(abnormal(with(mrd("ALL", 400, 1_000_000), &typed))),
        one("/details/flow/mrd/percent", "disagrees")
    );
    // Old samples and later pulls are said.
    let old = [("/flow/mrd/age_h", json!(73)), ("/flow/mrd/pull", json!(2))];
    assert_eq!(codes(normal(with(mrd("AML", 5, 900_000), &old))), ["old_sample", "not_first_pull"]);
}

proptest! {
    /// Whatever the counts: limits are positive and in order, the percentage is abnormal ÷ eligible, and the state
    /// follows from them.
    #[test]
    fn mrd_arithmetic(eligible in 1_u64..50_000_000, share in 0_u64..=1_000_000) {
        let cells = eligible.saturating_mul(share) / 1_000_000;
        let says = if cells >= 20 { Interpretation::Abnormal } else { Interpretation::Normal };
        let Ok((details, _)) = complete(mrd("ALL", cells, eligible), says) else {
            // At very few events 20 of them are more than all: nothing can be called.
            prop_assert!(eligible < 20 || (15..=25).contains(&cells));
            return Ok(());
        };
        let (lod, lloq) = (found(&details, "lod_pct").number.unwrap(), found(&details, "lloq_pct").number.unwrap());
        prop_assert!(lod > 0.0 && lloq > lod);
        let percent = found(&details, "mrd_pct");
        if percent.qualifier.is_none() {
            let exact = real(cells) / real(eligible) * 100.0;
            prop_assert!((percent.number.unwrap() - exact).abs() <= exact * 0.01 + 1e-9);
        }
        // Completed twice, it is the same.
        let again = complete(serde_json::to_value(&details).unwrap(), says).unwrap();
        prop_assert_eq!(again.0, details);
    }
}

// --- FISH -----------------------------------------------------------------------------------------------------------

fn fish() -> Value {
    json!({ "fish": { "probes": [{ "name": "PML::RARA", "kind": "dual_fusion", "scored": 200, "abnormal": 30,
        "cutoff_pct": 1.5 }], "nuc_ish": "nuc ish(PML,RARA)x3(PML con RARAx2)[30/200]" } })
}

#[test]
fn fish_counts_percentage_and_text_agree() {
    let (details, _) = abnormal(fish()).unwrap();
    let percent = found(&details, "probe_pct");
    assert_eq!(
        (percent.number, percent.text.as_deref(), percent.denominator.as_deref()),
        (Some(15.0), Some("PML::RARA"), Some("nuclei"))
    );
    for (changes, pointer, code) in [
        (vec![("/fish/probes/0/abnormal", json!(201))], "/details/fish/probes/0/abnormal", "impossible"),
        (vec![("/fish/probes/0/percent", json!(15.6))], "/details/fish/probes/0/percent", "disagrees"),
        (vec![("/fish/probes/0/outcome", json!("normal"))], "/details/fish/probes/0/outcome", "disagrees"),
        (vec![("/fish/probes/0/cutoff_pct", Value::Null)], "/details/fish/probes/0/cutoff_pct", "missing"),
        (vec![("/fish/nuc_ish", json!("nuc ish(PML,RARA)x2[300]"))], "/details/fish/nuc_ish", "disagrees"),
        (vec![("/fish/probes/0/scored", json!(0))], "/details/fish/probes/0/scored", "out_of_range"),
    ] {
        assert!(
            errors(abnormal(with(fish(), &changes))).contains(&(pointer.to_owned(), code.to_owned())),
            "{changes:?}"
        );
    }
    // Half a percentage point is rounding.
    assert!(abnormal(with(fish(), &[("/fish/probes/0/percent", json!(15.5))])).is_ok());
    // The abnormal nuclei in the text are those that were counted.
    let other = [("/fish/nuc_ish", json!("nuc ish(PML,RARA)x3(PML con RARAx2)[31/200]"))];
    assert_eq!(errors(abnormal(with(fish(), &other))), one("/details/fish/nuc_ish", "disagrees"));
    // Two signals of each locus are written for whoever writes nothing.
    let normal_probe = json!({ "fish": { "probes": [{ "name": "+8", "kind": "enumeration", "loci": "D8Z2", "scored": 200,
        "abnormal": 0 }] } });
    let (details, _) = normal(normal_probe).unwrap();
    assert_eq!(found(&details, "nuc_ish").text.as_deref(), Some("nuc ish(D8Z2x2)[200]"));
    // Below the cut-off is not abnormal.
    let below = with(fish(), &[("/fish/probes/0/cutoff_pct", json!(20))]);
    let (details, _) = normal(below.clone()).unwrap();
    assert!(details.lines()[0].value.starts_with("below cutoff"));
    assert_eq!(errors(abnormal(below)), one("/details/fish/probes", "contradicts"));
    // Fewer than 200 nuclei are said; the enriched cells of myeloma are fewer.
    let few = [("/fish/probes/0/scored", json!(100)), ("/fish/nuc_ish", Value::Null)];
    assert_eq!(codes(abnormal(with(fish(), &few))), ["few_nuclei"]);
    let enriched = [few[0].clone(), few[1].clone(), ("/fish/enrichment", json!("cd138"))];
    assert!(codes(abnormal(with(fish(), &enriched))).is_empty());
}

// --- Karyotype ------------------------------------------------------------------------------------------------------

fn karyotype(iscn: &str) -> Value {
    json!({ "karyotype": { "analyzed": 20, "counted": 22, "karyotyped": 5, "banding": "G", "iscn": iscn } })
}

#[test]
fn a_karyotype_never_blocks_and_says_what_is_odd() {
    let (details, remarks) = normal(karyotype("46,XX[20]")).unwrap();
    assert_eq!(remarks, []);
    assert!(details.lines().iter().any(|l| l.name == "In words"));
    assert!(codes(abnormal(karyotype("46,XX,t(9;22)(q34;q11)[12]/46,XX[5]"))).contains(&"cells_disagree".to_owned()));
    for nonsense in ["not a karyotype at all", "46,XX,del(5)(q13q33[20]", "((((", "46"] {
        let outcome = abnormal(karyotype(nonsense)).unwrap();
        assert!(outcome.1.iter().any(|r| r.code == "iscn" && r.pointer == "/iscn"), "{nonsense}");
    }
    assert!(codes(abnormal(karyotype("46,XX[20]"))).contains(&"reads_normal".to_owned()));
    let few = with(karyotype("46,XX[8]"), &[("/karyotype/analyzed", json!(8)), ("/karyotype/karyotyped", json!(2))]);
    assert!(codes(normal(few)).contains(&"few_metaphases".to_owned()));
    for (changes, pointer, code) in [
        (("/karyotype/counted", json!(19)), "/details/karyotype/counted", "impossible"),
        (("/karyotype/karyotyped", json!(21)), "/details/karyotype/karyotyped", "impossible"),
        (("/karyotype/iscn", Value::Null), "/details/karyotype/iscn", "missing"),
    ] {
        assert_eq!(errors(normal(with(karyotype("46,XX[20]"), &[changes]))), one(pointer, code));
    }
}

// --- Transcript -----------------------------------------------------------------------------------------------------

fn transcript(target: &Value, control: f64) -> Value {
    json!({ "transcript": { "target": "BCR::ABL1", "transcript": "e14a2", "target_copies": target, "control_gene": "ABL1",
        "control_copies": control, "conversion_factor": 0.8 } })
}

/// The classes of [PH-IS] after [CROSS15].
#[test]
fn molecular_response() {
    for (is, class) in [
        (1.01, "none"),
        (1.0, "MR2"),
        (0.11, "MR2"),
        (0.1, "MMR"),
        (0.011, "MMR"),
        (0.01, "MR4"),
        (0.0033, "MR4"),
        (0.0032, "MR4.5"),
        (0.0011, "MR4.5"),
        (0.001, "MR5"),
    ] {
        assert_eq!(MolecularResponse::detectable(is).name(), class, "{is}");
    }
    for (gene, copies, class) in [
        (ControlGene::Abl1, 9_999.0, "inadequate"),
        (ControlGene::Abl1, 10_000.0, "MR4"),
        (ControlGene::Abl1, 31_999.0, "MR4"),
        (ControlGene::Abl1, 32_000.0, "MR4.5"),
        (ControlGene::Abl1, 100_000.0, "MR5"),
        (ControlGene::Gusb, 23_999.0, "inadequate"),
        (ControlGene::Gusb, 24_000.0, "MR4"),
        (ControlGene::Gusb, 77_000.0, "MR4.5"),
        (ControlGene::Gusb, 240_000.0, "MR5"),
    ] {
        assert_eq!(MolecularResponse::undetectable(gene, copies).unwrap().name(), class, "{gene} {copies}");
    }
    assert_eq!(MolecularResponse::undetectable(ControlGene::Bcr, 1e6), None);
}

#[test]
fn transcript_levels_are_computed_and_checked() {
    let (details, _) = abnormal(transcript(&json!(50), 50_000.0)).unwrap();
    assert_eq!(found(&details, "ratio_pct").number, Some(0.1));
    assert_eq!(found(&details, "is_pct").number, Some(0.08));
    assert_eq!(found(&details, "log_reduction").number, Some(3.1));
    assert_eq!(found(&details, "molecular_response").text.as_deref(), Some("MMR"));
    assert_eq!(details.headline(Interpretation::Abnormal), "BCR::ABL1 0.08 % IS, MMR.");
    for typed in [json!("ND"), json!(0), json!("not detected")] {
        let (details, _) = normal(transcript(&typed, 50_000.0)).unwrap();
        assert_eq!(found(&details, "is_pct").qualifier, Some(crate::domain::Qualifier::NotDetected));
        assert_eq!(
            details.headline(Interpretation::Normal),
            "BCR::ABL1 not detected with 50\u{2009}000 copies of ABL1, MR4.5."
        );
    }
    let class = |c: &str| [("/transcript/response", json!(c))];
    // A class that the control copies cannot support is refused.
    assert_eq!(
        errors(normal(with(transcript(&json!("ND"), 20_000.0), &class("MR4.5")))),
        one("/details/transcript/response", "not_supported")
    );
    assert!(normal(with(transcript(&json!("ND"), 32_000.0), &class("MR4.5"))).is_ok());
    // Fewer than 10 000 copies of ABL1 cannot say “not detected”.
    assert_eq!(
        errors(normal(transcript(&json!("ND"), 9_000.0))),
        one("/details/transcript/control_copies", "contradicts")
    );
    assert_eq!(
        errors(normal(transcript(&json!("ND"), 0.0))),
        one("/details/transcript/control_copies", "out_of_range")
    );
    assert_eq!(
        errors(abnormal(transcript(&json!("ND"), 50_000.0))),
        one("/details/transcript/target_copies", "contradicts")
    );
    assert_eq!(
        errors(normal(transcript(&json!(5), 50_000.0))),
        one("/details/transcript/target_copies", "contradicts")
    );
    // p190 has no international scale.
    let p190 = [("/transcript/transcript", json!("e1a2")), ("/transcript/is_pct", json!(0.1))];
    assert_eq!(
        errors(abnormal(with(transcript(&json!(50), 50_000.0), &p190))),
        one("/details/transcript/is_pct", "no_scale")
    );
    let typed = [("/transcript/is_pct", json!(0.2))];
    assert_eq!(
        errors(abnormal(with(transcript(&json!(50), 50_000.0), &typed))),
        one("/details/transcript/is_pct", "disagrees")
    );
}

proptest! {
    /// More copies of the target never give a deeper response, and more control copies never a shallower one.
    #[test]
    fn response_is_monotone(a in 0.0_f64..200.0, b in 0.0_f64..200.0, c in 1.0_f64..1e6, d in 1.0_f64..1e6) {
        let (low, high) = if a <= b { (a, b) } else { (b, a) };
        prop_assert!(MolecularResponse::detectable(low) >= MolecularResponse::detectable(high));
        let (few, many) = if c <= d { (c, d) } else { (d, c) };
        let depth = |copies| match MolecularResponse::undetectable(ControlGene::Abl1, copies) {
            Some(MolecularResponse::Inadequate) | None => -1,
            Some(class) => MolecularResponse::ALL.iter().position(|x| *x == class).map_or(-1, |p| i32::try_from(p).unwrap_or(-1)),
        };
        prop_assert!(depth(few) <= depth(many));
    }

    /// Whatever is measured: completed twice it is the same, and the class is the one of its level.
    #[test]
    fn transcript_arithmetic(copies in 1_u32..1_000_000, control in 10_000_u32..500_000) {
        let sent = transcript(&json!(copies), f64::from(control));
        let (details, _) = abnormal(sent).unwrap();
        let is = found(&details, "is_pct").number.unwrap();
        let exact = f64::from(copies) / f64::from(control) * 100.0 * 0.8;
        prop_assert!((is - exact).abs() <= exact * 0.011);
        prop_assert_eq!(found(&details, "molecular_response").text.unwrap(), MolecularResponse::detectable(is).name());
        let (again, _) = abnormal(serde_json::to_value(&details).unwrap()).unwrap();
        prop_assert_eq!(again, details);
    }
}

// --- Genes and panels -----------------------------------------------------------------------------------------------

#[test]
fn genes() {
    let itd = json!({ "genes": { "genes": [
        { "name": "FLT3 ITD", "call": "detected", "itd_size_bp": 42, "allelic_ratio": 0.6 },
        { "name": "NPM1", "call": "not_detected" }] } });
    let (details, remarks) = abnormal(itd.clone()).unwrap();
    assert_eq!(remarks, []);
    assert_eq!(found(&details, "flt3_itd").text.as_deref(), Some("detected"));
    assert_eq!(found(&details, "itd_size_bp").number, Some(42.0));
    assert_eq!(errors(normal(itd.clone())), one("/details/genes/genes", "contradicts"));
    assert_eq!(codes(abnormal(with(itd.clone(), &[("/genes/genes/0/itd_size_bp", json!(43))]))), ["out_of_frame"]);
    assert_eq!(
        errors(abnormal(with(itd.clone(), &[("/genes/genes/1/vaf_pct", json!(3))]))),
        one("/details/genes/genes/1/call", "contradicts")
    );
    let odd = [
        ("/genes/genes/0/vaf_pct", json!(0.4)),
        ("/genes/genes/0/lod_pct", json!(0.5)),
        ("/genes/genes/0/hgvs_c", json!("V617F")),
    ];
    assert_eq!(codes(abnormal(with(itd.clone(), &odd))), ["hgvs", "below_detection"]);
    assert_eq!(
        errors(abnormal(with(itd, &[("/genes/genes/0/vaf_pct", json!(120))]))),
        one("/details/genes/genes/0/vaf_pct", "out_of_range")
    );
}

#[test]
fn panels() {
    let sent = json!({ "ngs": { "panel": "Myeloid 54 v3", "lod_vaf_pct": 2, "variants": [
        { "gene": "SRSF2", "hgvs_c": "c.284C>A", "hgvs_p": "p.(Pro95His)", "vaf_pct": 41, "tier": 1, "depth": 1200 }] } });
    let (details, remarks) = abnormal(sent.clone()).unwrap();
    assert_eq!(remarks, []);
    assert_eq!(details.headline(Interpretation::Abnormal), "SRSF2 c.284C>A p.(Pro95His) 41 %.");
    assert_eq!(errors(normal(sent.clone())), one("/details/ngs/variants", "contradicts"));
    // A variant of unknown significance does not make the result abnormal.
    assert!(normal(with(sent.clone(), &[("/ngs/variants/0/tier", json!(3))])).is_ok());
    assert_eq!(codes(abnormal(with(sent.clone(), &[("/ngs/variants/0/vaf_pct", json!(1.5))]))), ["below_detection"]);
    assert_eq!(
        errors(abnormal(with(sent.clone(), &[("/ngs/not_detected", json!(["srsf2"]))]))),
        one("/details/ngs/variants/0/gene", "contradicts")
    );
    assert_eq!(
        errors(abnormal(with(sent, &[("/ngs/variants/0/tier", json!(5))]))),
        one("/details/ngs/variants/0/tier", "out_of_range")
    );
}

// --- Morphology, iron, histology, culture, clonality -----------------------------------------------------------------

fn smear() -> Value {
    json!({ "morphology": { "smear_quality": "good", "differential": { "tally": "cells", "blasts": 100, "neutrophils": 250,
        "erythroid": 100, "lymphocytes": 50 } } })
}

#[test]
fn a_differential_adds_up() {
    let (details, remarks) = abnormal(smear()).unwrap();
    assert_eq!(remarks, []);
    assert_eq!(found(&details, "blasts_pct").number, Some(20.0));
    assert_eq!(found(&details, "cells_counted").number, Some(500.0));
    assert_eq!(found(&details, "me_ratio").number, Some(2.5));
    let blasts = with(smear(), &[("/morphology/blasts_in_me", json!(true))]);
    assert_eq!(found(&abnormal(blasts).unwrap().0, "me_ratio").number, Some(3.5));
    let percent = |sum: f64| {
        json!({ "morphology": { "smear_quality": "good", "differential": { "tally": "percent",
        "counted": 500, "blasts": sum - 60.0, "neutrophils": 60.0 } } })
    };
    for (sum, fits) in [(99.5, true), (100.5, true), (99.4, false), (100.6, false)] {
        assert_eq!(abnormal(percent(sum)).is_ok(), fits, "{sum}");
    }
    for (changes, pointer, code) in [
        (("/morphology/differential/counted", json!(499)), "/details/morphology/differential/counted", "disagrees"),
        (("/morphology/differential/blasts", json!(0.5)), "/details/morphology/differential/blasts", "not_whole"),
        (("/morphology/me_ratio", json!(4)), "/details/morphology/me_ratio", "disagrees"),
        (("/morphology/differential", Value::Null), "/details/morphology/differential", "missing"),
        (("/morphology/smear_quality", json!("aparticulate")), "/details/morphology/description", "missing"),
    ] {
        let said = errors(abnormal(with(smear(), std::slice::from_ref(&changes))));
        assert!(said.contains(&(pointer.to_owned(), code.to_owned())), "{changes:?}: {said:?}");
    }
    // Fewer than 200 cells are a limited count; acute leukemia asks for 500 [AML-COUNT].
    let of = |cells: u32| json!({ "morphology": { "smear_quality": "good", "differential": { "tally": "cells", "neutrophils": cells } } });
    assert_eq!(codes(normal(of(199))), ["limited_count"]);
    assert_eq!(codes(normal(of(200))), ["short_count"]);
    assert!(codes(normal(of(500))).is_empty());
}

#[test]
fn sections_of_bone() {
    let core = |mm: f64, more: &[(&str, Value)]| {
        with(json!({ "histology": { "core_length_mm": mm, "measured": "slide", "cellularity_pct": 60 } }), more)
    };
    assert!(codes(normal(core(15.0, &[]))).is_empty());
    assert_eq!(codes(normal(core(14.9, &[]))), ["short_core"]);
    // MF-2 and MF-3 advise a trichrome [MF-GRADE].
    assert_eq!(codes(abnormal(core(20.0, &[("/histology/reticulin", json!("MF-2"))]))), ["trichrome_advised"]);
    let stained = [("/histology/reticulin", json!("MF-3")), ("/histology/collagen", json!("dense"))];
    assert!(codes(abnormal(core(20.0, &stained))).is_empty());
    assert_eq!(codes(normal(core(20.0, &[("/histology/decalcification", json!("acid"))]))), ["acid"]);
    assert_eq!(
        errors(normal(core(20.0, &[("/histology/evaluable_mm", json!(21))]))),
        one("/details/histology/evaluable_mm", "impossible")
    );
    assert_eq!(
        errors(normal(core(20.0, &[("/histology/cellularity_pct", json!(101))]))),
        one("/details/histology/cellularity_pct", "out_of_range")
    );
}

#[test]
fn iron_clonality_and_culture() {
    let iron = json!({ "iron": { "storage_iron": "2+", "ring_sideroblasts_pct": 18, "precursors_counted": 60 } });
    let (details, remarks) = abnormal(iron).unwrap();
    assert_eq!(remarks[0].code, "limited_count");
    assert_eq!(found(&details, "ring_sideroblasts_pct").denominator.as_deref(), Some("erythroid_precursors"));
    let clone = json!({ "clonality": { "ig": "clonal", "tr": "polyclonal" } });
    assert!(abnormal(clone.clone()).is_ok());
    assert_eq!(errors(normal(clone)), one("/details/clonality/ig", "contradicts"));
    let grown = json!({ "culture": { "growth": "growth", "organisms": [{ "name": "Brucella melitensis" }] } });
    assert!(abnormal(grown.clone()).is_ok());
    assert_eq!(errors(normal(grown)), one("/details/culture/growth", "contradicts"));
    assert_eq!(
        errors(abnormal(json!({ "culture": { "growth": "none" } }))),
        one("/details/culture/growth", "contradicts")
    );
}

// --- All of them ----------------------------------------------------------------------------------------------------

#[test]
fn unknown_fields_are_refused_in_every_shape() {
    for kind in ShapeKind::ALL {
        let outcome = serde_json::from_value::<Details>(json!({ kind.name(): { "surprise": 1 } }));
        assert!(outcome.is_err(), "{kind}");
    }
}

#[test]
fn numbers_as_people_write_them() {
    for (number, text) in [
        (0.0, "0"),
        (12.0, "12"),
        (12.5, "12.5"),
        (0.0004, "0.0004"),
        (0.00001, "0.00001"),
        (1234.56, "1234.6"),
        (-0.0, "0"),
        (99.999, "100"),
    ] {
        assert_eq!(plain(number), text);
    }
    assert_eq!(grouped(1_234_567), "1\u{2009}234\u{2009}567");
    assert_eq!((grouped(999), grouped(1_000)), ("999".to_owned(), "1\u{2009}000".to_owned()));
}

proptest! {
    /// A reading is understood or refused, never a panic; what is understood reads back the same.
    #[test]
    fn readings_never_panic(typed in "\\PC{0,20}") {
        if let Ok(read) = Reading::parse(&typed) {
            let json = serde_json::to_string(&read).unwrap();
            prop_assert_eq!(serde_json::from_str::<Reading>(&json).unwrap(), read);
            prop_assert!(!read.words("%").is_empty());
        }
    }

    /// Every look at a variant's name ends.
    #[test]
    fn hgvs_never_panics(typed in "\\PC{0,40}") {
        let _ = looks_like_hgvs(&typed);
        let _ = looks_like_hgvs(&format!("c.{typed}"));
        let _ = looks_like_hgvs(&format!("p.{typed}"));
    }
}

/// A panel of thirty variants made a headline of genes without their burden, and other shapes one that no line holds.
#[test]
fn a_headline_of_many_findings_fits_one_line_and_counts_the_rest() {
    let variant = |i: u32| json!({ "gene": "TET2", "hgvs_c": format!("c.{}C>T", 1000 + i), "hgvs_p": "p.(Gln1000*)", "vaf_pct": 12, "tier": 2 });
    let variants: Vec<Value> = (0..30).map(variant).collect();
    let panel = json!({ "ngs": { "panel": "Myeloid 54 v3", "lod_vaf_pct": 2, "variants": variants } });
    let (details, _) = abnormal(panel).unwrap();
    let headline = details.headline(Interpretation::Abnormal);
    assert!(
        headline.starts_with("TET2 c.1000C>T p.(Gln1000*) 12 %; ") && headline.ends_with("; and 25 more."),
        "{headline}"
    );
    assert!(headline.chars().count() <= LINE_MAX, "{headline}");
    let long = ["x".repeat(300), "y".to_owned()];
    assert_eq!(listed(&long, "; ", 200), "2 findings, listed below");
    assert_eq!(listed(&long[1..], "; ", 200), "y");
}

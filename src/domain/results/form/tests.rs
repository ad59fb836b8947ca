//! The tables against the schemas of the shapes, and the way there and back.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::{PartialSchema as _, ToSchema as _};

use super::*;

/// Every property of a shape by its path, with whether it is required and the words it may be.
#[derive(Debug, PartialEq, Eq)]
struct Leaf {
    required: bool,
    words: Vec<String>,
}

fn schema_leaves(shape: ShapeKind) -> BTreeMap<String, Leaf> {
    let mut parts = Vec::new();
    Details::schemas(&mut parts);
    let parts: BTreeMap<String, Value> =
        parts.into_iter().map(|(name, schema)| (name, serde_json::to_value(schema).unwrap())).collect();
    let details = serde_json::to_value(Details::schema()).unwrap();
    let variants = details["oneOf"].as_array().unwrap();
    let variant = variants.iter().find_map(|v| v["properties"].get(shape.name())).unwrap();
    let mut out = BTreeMap::new();
    leaves(variant, "", true, &parts, &mut out);
    out
}

/// Follows a reference, and what may also be null.
fn resolved<'v>(schema: &'v Value, parts: &'v BTreeMap<String, Value>) -> &'v Value {
    if let Some(one) = schema["oneOf"].as_array()
        && let Some(inner) = one.iter().find(|s| s.get("$ref").is_some())
    {
        return resolved(inner, parts);
    }
    match schema["$ref"].as_str() {
        Some(place) => resolved(&parts[place.rsplit('/').next().unwrap()], parts),
        None => schema,
    }
}

fn leaves(schema: &Value, at: &str, required: bool, parts: &BTreeMap<String, Value>, out: &mut BTreeMap<String, Leaf>) {
    let schema = resolved(schema, parts);
    if let Some(properties) = schema["properties"].as_object() {
        let must: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, property) in properties.iter().filter(|(_, p)| p["readOnly"] != json!(true)) {
            let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
            leaves(property, &path, must.contains(&name.as_str()), parts, out);
        }
        return;
    }
    if schema["type"] == json!("array") && resolved(&schema["items"], parts).get("properties").is_some() {
        // The objects of a list have a row; that the list must be there is said by the list.
        return leaves(&schema["items"], at, required, parts, out);
    }
    let words = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    out.insert(at.to_owned(), Leaf { required, words });
}

fn table_leaves(shape: ShapeKind) -> BTreeMap<String, Leaf> {
    let mut out = BTreeMap::new();
    let denominators: Vec<String> = Denominator::ALL.iter().map(|d| d.name().to_owned()).collect();
    let mut put = |f: &Field, at: String| {
        if let Input::Share(_) = f.input {
            // A share is a whole: both, or neither.
            out.insert(format!("{at}.percent"), Leaf { required: true, words: Vec::new() });
            out.insert(format!("{at}.of"), Leaf { required: true, words: denominators.clone() });
        } else if let Input::Markers = f.input {
            let expressions = Expression::ALL.iter().map(|e| e.name().to_owned()).collect();
            out.insert(format!("{at}.marker"), Leaf { required: true, words: Vec::new() });
            out.insert(format!("{at}.expression"), Leaf { required: true, words: expressions });
            out.insert(format!("{at}.positive_pct"), Leaf { required: false, words: Vec::new() });
        } else {
            let mut words = Vec::new();
            if let Input::Choice(all) = f.input {
                words.extend(all().into_iter().map(|(word, _)| word.to_owned()));
            }
            out.insert(at, Leaf { required: f.needed, words });
        }
    };
    for item in table(shape) {
        match item {
            Item::Field(f) => put(f, f.name.to_owned()),
            Item::Section(s) => s.fields.iter().for_each(|f| put(f, format!("{}.{}", s.name, f.name))),
            Item::Rows(r) => r.fields.iter().for_each(|f| put(f, format!("{}.{}", r.name, f.name))),
        }
    }
    out
}

#[test]
fn every_table_has_every_property_of_its_shape_and_no_other() {
    for shape in ShapeKind::ALL {
        assert_eq!(table_leaves(*shape), schema_leaves(*shape), "{shape}");
    }
}

/// One example of each shape in which every property says something.
fn full() -> Vec<Details> {
    let flow = json!({"flow": {
        "panel": "AML 4-tube, v3", "tubes": 4, "viability_pct": 92.5, "events": 1_500_000, "cd45_events": 1_400_000,
        "gating": "CD45/SSC", "lineage": "myeloid", "clonality": "none", "kappa_lambda_ratio": 1.3,
        "hemodilution": "mild", "correlation": "Fits the smear.\nNo second population.",
        "populations": [
            {"name": "Blasts", "kind": "blasts", "abnormal": true,
             "share": {"percent": {"value": 0.001, "qualifier": "below"}, "of": "cd45_positive"}, "events": 300,
             "phenotype": [
                {"marker": "CD34", "expression": "normal"}, {"marker": "CD117", "expression": "dim", "positive_pct": 80.5},
                {"marker": "CD7", "expression": "neg"}, {"marker": "cytoplasmic CD3", "expression": "heterogeneous"},
                {"marker": "odd \"one\"+", "expression": "normal"}, {"marker": "dim", "expression": "neg"}]},
            {"name": "Monocytes", "kind": "monocytes", "share": {"percent": 12, "of": "leukocytes"}}],
        "mrd": {"disease": "AML", "approach": "laip_dfn", "abnormal_events": 300, "eligible_events": 1_400_000,
            "of": "cd45_positive", "percent": {"value": 0.00143, "qualifier": "not_detected"}, "lod_pct": 0.00143,
            "lloq_pct": 0.00357, "status": "positive", "pull": 1, "age_h": 20.5, "time_point": "after induction"}}});
    let fish = json!({"fish": {"enrichment": "cd138", "readers": 2, "nuc_ish": "nuc ish(EGR1x1)[30/200]",
        "probes": [{"name": "del(5q)", "kind": "enumeration", "loci": "EGR1,D5S630", "lot": "A 1", "scored": 200,
            "abnormal": 30, "pattern": "1R2G", "percent": 15.0, "cutoff_pct": 3.5, "outcome": "abnormal"}]}});
    let karyotype = json!({"karyotype": {"banding": "G", "band_resolution": 400, "counted": 22, "analyzed": 20,
        "karyotyped": 5, "iscn": "46,XX,del(5)(q13q33)[15]/46,XX[5]", "iscn_edition": "2024",
        "cultures": [{"kind": "24 h, unstimulated", "harvested_at": "2026-03-05T09:00:00Z", "mitotic_index_pct": 2.5}]}});
    let transcript = json!({"transcript": {"target": "BCR::ABL1", "transcript": "e13a2+e14a2", "target_copies": 12,
        "control_gene": "ABL1", "control_copies": 45_000.5, "replicates": 3, "ratio_pct": 0.0267,
        "conversion_factor": 0.8, "is_pct": {"value": 0.0213, "qualifier": "about"}, "log_reduction": 3.7,
        "response": "MMR"}});
    let genes = json!({"genes": {"method": "Fragment analysis", "genes": [{"name": "FLT3-ITD", "call": "detected",
        "hgvs_c": "c.1800_1821dup", "hgvs_p": "p.(Phe594fs)", "vaf_pct": {"value": 90.0, "qualifier": "above"},
        "depth": 1000, "lod_pct": 1.0, "itd_size_bp": 24, "allelic_ratio": 0.52, "variant": "tandem duplication"}]}});
    let ngs = json!({"ngs": {"panel": "Myeloid 54, v2", "lod_vaf_pct": 2.0, "mean_depth": 1500,
        "genes_failed": ["CEBPA", "SRSF2"], "not_detected": ["TP53"],
        "variants": [{"gene": "TET2", "transcript": "NM_001127208.3", "hgvs_c": "c.2746C>T", "hgvs_p": "p.(Gln916*)",
            "vaf_pct": 43.2, "depth": 1800, "tier": 1}]}});
    let clonality = json!({"clonality": {"ig": "clonal", "tr": "not_tested", "method": "EuroClonality NGS",
        "rearrangements": ["IGHV3-23, 102 bp; functional", "IGK"]}});
    let morphology = json!({"morphology": {"smear_quality": "good", "particles": "2+", "cellularity": "normal",
        "hemodilution": "none", "me_ratio": 2.5, "blasts_in_me": true, "megakaryocytes": "reduced",
        "dysplasia": {"erythroid_pct": 15, "granulocytic_pct": 0.0, "megakaryocytic_pct": 20.5},
        "description": "Hypogranular.\nPelger forms.",
        "differential": {"tally": "percent", "counted": 500, "blasts": 6.5, "promyelocytes": 1, "myelocytes": 2,
            "metamyelocytes": 3, "bands": 4, "neutrophils": 40, "eosinophils": 5, "basophils": 0.5, "monocytes": 3,
            "erythroid": 20, "lymphocytes": 10, "plasma_cells": 2, "other": 3}}});
    let iron = json!({"iron": {"storage_iron": "3+", "ring_sideroblasts_pct": 15.5, "precursors_counted": 100}});
    let histology = json!({"histology": {"core_length_mm": 16.5, "measured": "gross", "pieces": 2, "evaluable_mm": 14.0,
        "intertrabecular_areas": 12, "particles": "1+", "cellularity_pct": 80, "expected_cellularity_pct": 40,
        "architecture": "Disturbed", "blasts": {"percent": 8, "of": "nucleated_cells"},
        "plasma_cells": {"percent": {"qualifier": "not_detected"}, "of": "nucleated_cells"}, "reticulin": "MF-1",
        "collagen": "not_done", "fixative": "Formalin", "decalcification": "edta", "description": "Packed marrow.",
        "stains": [{"marker": "CD138", "result": "partial", "share": {"percent": 5, "of": "marrow_space"}, "note": "clusters"}]}});
    let culture = json!({"culture": {"growth": "growth", "acid_fast": "not_seen", "incubated_days": 42,
        "organisms": [{"name": "Mycobacterium avium", "susceptibility": "Clarithromycin: S\nRifampicin: R"}]}});
    [flow, fish, karyotype, transcript, genes, ngs, clonality, morphology, iron, histology, culture]
        .into_iter()
        .map(|x| serde_json::from_value(x.clone()).unwrap_or_else(|e| panic!("{e}: {x}")))
        .collect()
}

fn back(shape: ShapeKind, cells: &[(String, String)]) -> Result<Option<Details>, Vec<FieldError>> {
    read(shape, &|name| cells.iter().find(|(n, _)| n == name).map(|(_, text)| text.clone()))
}

#[test]
fn what_is_printed_reads_back_to_the_same() {
    let examples = full();
    let kinds: Vec<ShapeKind> = examples.iter().map(Details::kind).collect();
    assert_eq!(kinds, ShapeKind::ALL, "one example of each shape");
    for details in examples {
        let printed = cells(&details);
        for (cell, _) in &printed {
            assert!(field_of(details.kind(), cell).is_some(), "{cell}");
        }
        // Full examples: every field of the table says something, or the example proves nothing about it.
        let said: Vec<String> = template(details.kind())
            .into_iter()
            .filter(|cell| !cell.contains(".1.") && !cell.contains(".2.") && !cell.contains(".3."))
            .filter(|cell| !printed.iter().any(|(c, _)| c == cell))
            .collect();
        assert_eq!(said, Vec::<String>::new(), "{} leaves these out", details.kind());
        assert_eq!(back(details.kind(), &printed).unwrap(), Some(details));
    }
}

fn refused(shape: ShapeKind, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let cells: Vec<(String, String)> = typed.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    back(shape, &cells).unwrap_err().into_iter().map(|e| (e.pointer, e.code)).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn everything_that_cannot_be_read_is_said_at_once_with_its_place() {
    let typed = [
        ("events", "many"),
        ("viability_pct", "0,9"),
        // The first row is empty: the second is number 0 of the result.
        ("populations.1.name", "Blasts"),
        ("populations.1.kind", "blast"),
        ("populations.1.share.percent", "5"),
        ("populations.1.phenotype", "CD34 CD117 dim"),
        ("populations.1.abnormal", "perhaps"),
    ];
    let found = refused(ShapeKind::Flow, &typed);
    let expected = [
        ("/details/flow/panel", "missing"),
        ("/details/flow/viability_pct", "not_a_number"),
        ("/details/flow/events", "not_a_number"),
        ("/details/flow/populations/0/kind", "unknown_code"),
        ("/details/flow/populations/0/abnormal", "malformed"),
        ("/details/flow/populations/0/share/of", "missing"),
        ("/details/flow/populations/0/phenotype", "malformed"),
    ];
    assert_eq!(found, pairs(&expected));
}

#[test]
fn a_number_that_does_not_fit_its_field_is_said_with_its_place() {
    let found = refused(ShapeKind::Culture, &[("growth", "none"), ("incubated_days", "99999999999")]);
    assert_eq!(found, pairs(&[("/details/culture/incubated_days", "malformed")]));
    let rows = [
        ("probes.1.name", "x"),
        ("probes.1.kind", "other"),
        ("probes.1.scored", "5"),
        ("probes.1.abnormal", "99999999999"),
    ];
    assert_eq!(refused(ShapeKind::Fish, &rows), pairs(&[("/details/fish/probes/0/abnormal", "malformed")]));
}

#[test]
fn nothing_typed_is_no_details() {
    assert_eq!(back(ShapeKind::Flow, &[]), Ok(None));
    assert_eq!(back(ShapeKind::Flow, &[("populations.0.abnormal".to_owned(), "no".to_owned())]), Ok(None));
    // One cell is something, and then what it needs is missing.
    assert!(back(ShapeKind::Flow, &[("tubes".to_owned(), "3".to_owned())]).is_err());
}

#[test]
fn a_pointer_finds_its_cell() {
    let typed = |name: &str| (name == "populations.2.name").then(|| "Blasts".to_owned());
    for (pointer, cell) in [
        ("/populations/0/share/percent", "populations.2.share.percent"),
        ("/populations/0/share", "populations.2.share.percent"),
        ("/populations/0/phenotype/4/marker", "populations.2.phenotype"),
        ("/populations", "populations"),
        ("/mrd/status", "mrd.status"),
        ("/mrd/percent/value", "mrd.percent"),
        ("/events", "events"),
        ("/nothing", ""),
        ("", ""),
    ] {
        assert_eq!(place(ShapeKind::Flow, &typed, pointer), cell, "{pointer}");
    }
}

#[test]
fn a_cell_is_known_or_it_is_not() {
    for known in ["panel", "populations.0.share.percent", "populations.49.phenotype", "mrd.of"] {
        assert!(field_of(ShapeKind::Flow, known).is_some(), "{known}");
    }
    for unknown in [
        "",
        "plain",
        "populations",
        "populations.50.name",
        "populations.00.name",
        "populations.0.share",
        "mrd",
        "mrd.x",
        "panel.x",
    ] {
        assert!(field_of(ShapeKind::Flow, unknown).is_none(), "{unknown}");
    }
    assert!(field_of(ShapeKind::Karyotype, "plain").is_none(), "made by the program, never typed");
}

#[test]
fn phenotypes_as_benches_write_them() {
    let read = |text: &str| markers(text).map(|all| print_markers(&all));
    for (typed, printed) in [
        ("CD34+ CD117 dim CD7-", "CD34+ CD117 dim CD7-"),
        ("CD34+, HLA-DR+; CD7 −\nCD56 partial (40%)", "CD34+ HLA-DR+ CD7- CD56 partial 40 %"),
        ("CD34 pos CD7 neg CD19 Bright 12.5 %", "CD34+ CD7- CD19 bright 12.5 %"),
        ("\"cytoplasmic CD3\" dim cMPO+", "\"cytoplasmic CD3\" dim cMPO+"),
        ("", ""),
    ] {
        assert_eq!(read(typed).as_deref(), Ok(printed), "{typed}");
        assert_eq!(read(printed).as_deref(), Ok(printed));
    }
    for bad in ["CD34", "CD34 CD117 dim", "dim", "+", "40 %", "CD34+ 40 % 50 %", "CD34+CD38-", "\"CD34", "CD34 40 %"] {
        assert!(markers(bad).is_err(), "{bad}");
    }
}

#[test]
fn whole_numbers_may_have_their_thousands_apart() {
    assert_eq!(whole("1 500 000"), Some(1_500_000));
    assert_eq!(whole("500\u{2009}000"), Some(500_000));
    for bad in ["1,000", "-1", "1.5", "", "12a"] {
        assert_eq!(whole(bad), None, "{bad}");
    }
}

//! Results in the shape of their assay, for tests that need some.

use serde_json::{Value, json};

/// Details that fit what the result says, drawn by `dice`. `None` for inadequate material, which needs none.
pub fn details(assay: &str, says: &str, dice: &dyn Fn(&str) -> u64) -> Option<Value> {
    if says == "inadequate" {
        return None;
    }
    let found = says == "abnormal";
    // Nothing is detected in what is normal or cannot be decided.
    let pick = |question: &str, from: u64, to: u64| from + dice(question) % (to - from + 1);
    Some(match assay {
        "MORPH-ASP" => {
            let blasts = if found { pick("blasts", 100, 400) } else { pick("blasts", 0, 20) };
            json!({ "morphology": { "smear_quality": "good", "particles": "2+", "differential": {
                "tally": "cells", "blasts": blasts, "erythroid": 50, "lymphocytes": 30, "plasma_cells": 5,
                "neutrophils": 415 - blasts } } })
        }
        "IRON" => json!({ "iron": { "storage_iron": "2+", "ring_sideroblasts_pct": pick("rings", 0, 40),
            "precursors_counted": 100 } }),
        "HIST-CORE" => json!({ "histology": { "core_length_mm": pick("length", 8, 24), "measured": "gross",
            "cellularity_pct": pick("cells", 20, 90), "reticulin": "MF-1", "description": "As described." } }),
        "HIST-CLOT" => json!({ "histology": { "particles": "1+", "cellularity_pct": pick("cells", 20, 90) } }),
        "IHC" => json!({ "histology": { "stains": [{ "marker": "CD138", "result": "positive",
            "share": { "percent": pick("plasma", 1, 80), "of": "nucleated_cells" } }] } }),
        "RETIC" => json!({ "histology": { "reticulin": "MF-2", "collagen": "focal" } }),
        "FLOW-AL" => json!({ "flow": { "panel": "Acute leukemia", "viability_pct": pick("alive", 71, 98),
            "events": 100_000, "populations": [{ "name": "Blasts", "kind": "blasts", "abnormal": found,
            "share": { "percent": pick("blasts", 1, 80), "of": "cd45_positive" } }] } }),
        "FLOW-LPD" => json!({ "flow": { "panel": "Lymphoid", "viability_pct": pick("alive", 71, 98), "events": 200_000,
            "clonality": if found { "kappa" } else { "polyclonal" } } }),
        "FLOW-MRD" => json!({ "flow": { "panel": "AML residual disease", "viability_pct": pick("alive", 71, 98),
            "events": 1_000_000, "cd45_events": 900_000, "mrd": { "disease": "AML", "approach": "laip_dfn",
            "abnormal_events": if found { pick("cells", 60, 9_000) } else { pick("cells", 0, 10) },
            "eligible_events": 900_000, "of": "cd45_positive" } } }),
        "KARYO" => json!({ "karyotype": { "analyzed": 20, "counted": 20, "banding": "G",
            "iscn": if found { "47,XX,+8[12]/46,XX[8]" } else { "46,XX[20]" } } }),
        "BCRABL-Q" | "FUSION-Q" => {
            let target = if assay == "BCRABL-Q" { "BCR::ABL1" } else { "NPM1" };
            json!({ "transcript": { "target": target, "control_gene": "ABL1", "control_copies": 50_000,
                "target_copies": if found { json!(pick("copies", 1, 9_000)) } else { json!("ND") },
                "conversion_factor": (assay == "BCRABL-Q").then_some(0.8) } })
        }
        "FLT3-NPM1" => {
            let call = if found { "detected" } else { "not_detected" };
            json!({ "genes": { "genes": [{ "name": "FLT3 ITD", "call": call },
                { "name": "FLT3 TKD", "call": "not_detected" }, { "name": "NPM1", "call": call }] } })
        }
        "MPN-GENE" => json!({ "genes": { "genes": [{ "name": "JAK2 V617F",
            "call": if found { "detected" } else { "not_detected" } }] } }),
        "NGS-MYE" => {
            let variants = json!([{ "gene": "SRSF2", "hgvs_c": "c.284C>A", "hgvs_p": "p.(Pro95His)",
                "vaf_pct": pick("vaf", 3, 49), "tier": 1 }]);
            json!({ "ngs": { "panel": "Myeloid 54 v3", "lod_vaf_pct": 2,
                "variants": if found { variants } else { json!([]) } } })
        }
        "CLONAL" => json!({ "clonality": { "ig": if found { "clonal" } else { "polyclonal" }, "tr": "polyclonal" } }),
        "CULT" => json!({ "culture": { "growth": if found { "growth" } else { "none" },
            "organisms": if found { json!([{ "name": "Brucella melitensis" }]) } else { json!([]) } } }),
        fish if fish.starts_with("FISH") => json!({ "fish": { "enrichment": "cd138", "probes": [{ "name": "PML::RARA",
            "kind": "dual_fusion", "scored": 200, "abnormal": if found { pick("nuclei", 20, 190) } else { 2 },
            "cutoff_pct": 5 }], "nuc_ish": "nuc ish(PML,RARA)x2[200]" } }),
        other => panic!("no shape for {other}"),
    })
}

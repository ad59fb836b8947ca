//! Results in the shape of their assay, what does not fit between them, and the patient's series: over HTTP.

use serde_json::{Value, json};

use crate::machines::{House, on_both_engines, report_text, sign};
use crate::support::{Engine, shapes};

on_both_engines!(
    every_assay_takes_its_shape_and_gives_it_back,
    what_does_not_fit_is_told_with_its_pointer,
    findings_that_contradict_each_other_are_flagged,
    a_flag_is_answered_in_words_before_the_report_is_signed,
    words_about_an_old_version_do_not_answer_for_a_new_one,
    a_rise_against_an_earlier_marrow_is_flagged_and_drawn,
    a_karyotype_is_found_by_what_is_in_it,
);

/// A case with material for every assay, all of it accepted.
struct Bench<'h> {
    house: &'h House,
    accession: String,
    case: Value,
}

impl<'h> Bench<'h> {
    fn new(house: &'h House, assays: &[&str], change: impl FnOnce(&mut Value)) -> Self {
        let mut body = house.case(&json!(assays));
        let aspirate = |container: &str, pull: u8| json!({ "kind": "aspirate", "container": container, "pull_number": pull, "volume_ul": 20_000 });
        body["specimens"] = json!([
            aspirate("EDTA", 1), aspirate("NAHEP", 2), aspirate("STERILE", 3),
            { "kind": "core", "container": "FORMALIN", "length_mm": 20, "fixed_at": "2026-03-04T08:05:00Z" },
            { "kind": "clot", "container": "FORMALIN", "pull_number": 4, "volume_ul": 2_000, "fixed_at": "2026-03-04T08:05:00Z" },
            { "kind": "smear", "container": "SLIDE" }, { "kind": "smear", "container": "SLIDE" },
        ]);
        change(&mut body);
        let case = house.log(&body);
        let accession = case["accession"].as_str().unwrap().to_owned();
        for part in case["specimens"].as_array().unwrap() {
            let label = part["label"].as_str().unwrap();
            let tech = &house.staff.tech;
            tech.step(label, &json!({ "transition": "receive", "temperature": "ambient" })).expect(200);
            let accepted = tech.step(label, &json!({ "transition": "accept" }));
            // Not every case has an order for every part.
            assert!(accepted.status == 200 || accepted.json()["rule"] == "feeds_nothing", "{}", accepted.text);
        }
        Self { house, accession, case }
    }

    fn order(&self, assay: &str) -> String {
        let orders = self.case["orders"].as_array().unwrap();
        orders.iter().find(|o| o["assay"] == assay).unwrap()["id"].as_str().unwrap().to_owned()
    }

    fn start(&self, assay: &str) {
        self.house.staff.tech.order_step(&self.order(assay), &json!({ "transition": "start" })).expect(200);
    }

    fn enter(&self, assay: &str, says: &str, details: &Value) -> crate::support::Reply {
        let resource = format!("/api/v1/orders/{}", self.order(assay));
        let body = json!({ "interpretation": says, "details": details });
        self.house.staff.tech.post_current(&resource, &format!("{resource}/results"), &body)
    }

    /// Set up, entered and verified.
    fn find(&self, assay: &str, says: &str, details: &Value) -> Value {
        self.start(assay);
        let entered = self.enter(assay, says, details).expect(201).json();
        self.house.verify(&self.house.staff.supervisor, entered["id"].as_str().unwrap()).expect(200).json()
    }

    fn flags(&self) -> Vec<Value> {
        let path = format!("/api/v1/cases/{}/flags", self.accession);
        self.house.staff.pathologist.get(&path).expect(200).json()["items"].as_array().unwrap().clone()
    }

    fn codes(&self) -> Vec<String> {
        self.flags().iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect()
    }
}

fn every_assay_takes_its_shape_and_gives_it_back(engine: Engine) {
    let house = House::open(engine);
    let catalogue = house.staff.tech.get("/api/v1/catalogue").expect(200).json()["catalogue"].clone();
    let all: Vec<(String, String)> = catalogue["assays"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| (a["code"].as_str().unwrap().to_owned(), a["shape"].as_str().unwrap().to_owned()))
        .collect();
    let codes: Vec<&str> = all.iter().map(|(code, _)| code.as_str()).collect();
    let bench = Bench::new(&house, &codes, |_| {});
    for (code, shape) in &all {
        for says in ["abnormal", "normal"] {
            if says == "abnormal" {
                bench.start(code);
            }
            let sent = shapes::details(code, says, &|_| 7).unwrap();
            let entered = bench.enter(code, says, &sent).expect(201).json();
            let given = &entered["details"];
            assert_eq!(given.as_object().unwrap().keys().collect::<Vec<_>>(), [shape], "{code}");
            // Sent back as it was given, it says the same.
            let again = bench.enter(code, says, given).expect(201).json();
            assert_eq!(&again["details"], given, "{code}");
            assert_eq!(again["values"], entered["values"], "{code}");
            assert!(
                !entered["summary"].as_str().unwrap().is_empty() && !entered["values"].as_array().unwrap().is_empty()
            );
        }
        // The words of molecular benches.
        let sent = shapes::details(code, "abnormal", &|_| 7).unwrap();
        assert_eq!(bench.enter(code, "detected", &sent).expect(201).json()["interpretation"], "abnormal");
    }
    house.server.assert_verified();
}

fn what_does_not_fit_is_told_with_its_pointer(engine: Engine) {
    let house = House::open(engine);
    let bench = Bench::new(&house, &["FLOW-MRD", "BCRABL-Q", "KARYO", "MORPH-ASP"], |_| {});
    for assay in ["FLOW-MRD", "BCRABL-Q", "KARYO", "MORPH-ASP"] {
        bench.start(assay);
    }
    let journal = house.server.journal();
    let sent = |assay: &str, says: &str| shapes::details(assay, says, &|_| 7).unwrap();
    let changed = |mut value: Value, pointer: &str, new: Value| {
        *value.pointer_mut(pointer).unwrap() = new;
        value
    };
    let mut unknown = sent("KARYO", "normal");
    unknown["karyotype"]["metaphases"] = json!(20);
    for (assay, says, details, pointer) in [
        (
            "FLOW-MRD",
            "abnormal",
            changed(sent("FLOW-MRD", "abnormal"), "/flow/mrd/abnormal_events", json!(900_001)),
            "/details/flow/mrd/abnormal_events",
        ),
        (
            "FLOW-MRD",
            "abnormal",
            changed(sent("FLOW-MRD", "abnormal"), "/flow/viability_pct", json!(101)),
            "/details/flow/viability_pct",
        ),
        (
            "FLOW-MRD",
            "abnormal",
            changed(sent("FLOW-MRD", "abnormal"), "/flow/mrd/of", json!("everything")),
            "/details/flow/mrd/of",
        ),
        (
            "BCRABL-Q",
            "abnormal",
            changed(sent("BCRABL-Q", "abnormal"), "/transcript/target_copies", json!("many")),
            "/details/transcript/target_copies",
        ),
        (
            "BCRABL-Q",
            "normal",
            changed(sent("BCRABL-Q", "normal"), "/transcript/control_copies", json!(9_000)),
            "/details/transcript/control_copies",
        ),
        ("KARYO", "normal", unknown, "/details/karyotype/metaphases"),
        ("KARYO", "normal", sent("MORPH-ASP", "normal"), "/details/morphology"),
        (
            "MORPH-ASP",
            "normal",
            changed(sent("MORPH-ASP", "normal"), "/morphology/differential/erythroid", json!(0.5)),
            "/details/morphology/differential/erythroid",
        ),
        ("MORPH-ASP", "normal", Value::Null, "/details"),
    ] {
        let reply = bench.enter(assay, says, &details).expect(422);
        let errors = reply.json()["errors"].as_array().unwrap().clone();
        let pointers: Vec<&str> = errors.iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        assert!(pointers.contains(&pointer), "{assay}: {pointers:?}, not {pointer}: {}", reply.text);
    }
    assert_eq!(house.server.journal(), journal, "what did not fit left a trace");
    // Readings as people type them are shown back as understood.
    let typed = changed(sent("BCRABL-Q", "normal"), "/transcript/target_copies", json!("not detected"));
    let entered = bench.enter("BCRABL-Q", "not_detected", &typed).expect(201).json();
    assert_eq!(entered["details"]["transcript"]["target_copies"]["qualifier"], "not_detected");
    assert_eq!(entered["details"]["transcript"]["response"], "MR4.5");
    // A karyotype that cannot be read is kept with remarks, and blocks nothing.
    let odd = json!({ "karyotype": { "analyzed": 20, "iscn": "46,XX,del(5)(q13q33[20]" } });
    let entered = bench.enter("KARYO", "abnormal", &odd).expect(201).json();
    assert_eq!(entered["details"]["karyotype"]["iscn"], "46,XX,del(5)(q13q33[20]");
    assert!(entered["remarks"].as_array().unwrap().iter().any(|r| r["code"] == "iscn"), "{entered}");
}

fn smear(blasts: u32, plasma: u32) -> Value {
    json!({ "morphology": { "smear_quality": "good", "hemodilution": "mild", "differential": { "tally": "cells",
        "blasts": blasts, "plasma_cells": plasma, "erythroid": 100, "neutrophils": 400 - blasts - plasma } } })
}

fn flow(blasts: u32) -> Value {
    json!({ "flow": { "panel": "AL", "events": 100_000, "viability_pct": 90, "populations": [{ "name": "Blasts",
        "kind": "blasts", "abnormal": true, "share": { "percent": blasts, "of": "cd45_positive" } }] } })
}

fn probe(name: &str, abnormal: u32) -> Value {
    json!({ "fish": { "enrichment": "none", "probes": [{ "name": name, "kind": "dual_fusion", "scored": 200,
        "abnormal": abnormal, "cutoff_pct": 5 }] } })
}

fn chromosomes(iscn: &str) -> Value {
    json!({ "karyotype": { "analyzed": 20, "iscn": iscn } })
}

fn findings_that_contradict_each_other_are_flagged(engine: Engine) {
    let house = House::open(engine);
    let case = |assays: &[(&str, &str, Value)]| {
        let codes: Vec<&str> = assays.iter().map(|(code, _, _)| *code).collect();
        let bench = Bench::new(&house, &codes, |_| {});
        for (code, says, details) in assays {
            bench.find(code, says, details);
        }
        bench.codes()
    };
    let none: Vec<String> = Vec::new();
    // Flow reads fewer blasts than the eye; 13 points are usual [USCAP], and 20 % makes the diagnosis.
    for (eye, flow_pct, flagged) in
        [(300, 40, true), (300, 50, false), (100, 21, false), (100, 19, true), (95, 19, false)]
    {
        let found = case(&[("MORPH-ASP", "abnormal", smear(eye, 5)), ("FLOW-AL", "abnormal", flow(flow_pct))]);
        assert_eq!(
            found,
            if flagged { vec!["blasts_flow_morphology".to_owned()] } else { none.clone() },
            "{eye} {flow_pct}"
        );
    }
    // PML::RARA and its translocation.
    let normal = "46,XX[20]";
    let apl = "46,XX,t(15;17)(q24;q21)[18]/46,XX[2]";
    let five = "46,XX,del(5)(q15q33)[13]/46,XX[7]";
    for (assay, name, cells, iscn, code) in [
        ("FISH-RAPID", "PML::RARA", 150, normal, "pml_rara_karyotype"),
        ("FISH-RAPID", "PML::RARA", 150, apl, ""),
        ("FISH-RAPID", "PML::RARA", 0, apl, "pml_rara_karyotype"),
        ("FISH-RAPID", "PML::RARA", 0, normal, ""),
        ("FISH-MDS", "del(5q)", 60, normal, "del5q_fish_karyotype"),
        ("FISH-MDS", "del(5q)", 60, five, ""),
        ("FISH-MDS", "del(5q)", 2, five, "del5q_fish_karyotype"),
        // Below the cut-off is not found.
        ("FISH-MDS", "del(5q)", 9, normal, ""),
    ] {
        let says = |abnormal: bool| if abnormal { "abnormal" } else { "normal" };
        let found =
            case(&[(assay, says(cells >= 10), probe(name, cells)), ("KARYO", says(iscn != normal), chromosomes(iscn))]);
        let expected = if code.is_empty() { none.clone() } else { vec![code.to_owned()] };
        assert_eq!(found, expected, "{name} {cells} {iscn}");
    }
    // Plasma cells by smear and core.
    let core = json!({ "histology": { "core_length_mm": 20, "measured": "gross", "cellularity_pct": 60,
        "plasma_cells": { "percent": 40, "of": "nucleated_cells" }, "description": "Sheets." } });
    let found = case(&[("MORPH-ASP", "abnormal", smear(5, 30)), ("HIST-CORE", "abnormal", core)]);
    assert_eq!(found, ["plasma_cells_methods"]);
    // Ring sideroblasts without SF3B1; fibrosis without a driver.
    let iron = json!({ "iron": { "storage_iron": "2+", "ring_sideroblasts_pct": 18 } });
    let panel = |gene: &str| {
        json!({ "ngs": { "panel": "M54", "lod_vaf_pct": 2, "variants": [{ "gene": gene,
        "hgvs_c": "c.2098A>G", "vaf_pct": 30, "tier": 1 }] } })
    };
    assert_eq!(
        case(&[("IRON", "abnormal", iron.clone()), ("NGS-MYE", "abnormal", panel("TET2"))]),
        ["ring_sideroblasts_sf3b1"]
    );
    assert_eq!(case(&[("IRON", "abnormal", iron), ("NGS-MYE", "abnormal", panel("SF3B1"))]), none);
    let reticulin = json!({ "histology": { "reticulin": "MF-3", "collagen": "dense" } });
    let drivers = json!({ "genes": { "genes": [{ "name": "JAK2 V617F", "call": "not_detected" },
        { "name": "CALR", "call": "not_detected" }, { "name": "MPL", "call": "not_detected" }] } });
    assert_eq!(case(&[("RETIC", "abnormal", reticulin), ("MPN-GENE", "normal", drivers)]), ["fibrosis_without_driver"]);
    // Another sex than recorded.
    assert_eq!(case(&[("KARYO", "normal", chromosomes("46,XY[20]"))]), ["sex_chromosomes"]);
}

fn a_flag_is_answered_in_words_before_the_report_is_signed(engine: Engine) {
    let house = House::open(engine);
    let staff = &house.staff;
    let bench = Bench::new(&house, &["MORPH-ASP", "FLOW-AL"], |_| {});
    bench.find("MORPH-ASP", "abnormal", &smear(300, 0));
    bench.find("FLOW-AL", "abnormal", &flow(20));
    let flag = bench.flags()[0].clone();
    assert!(flag["evidence"][0]["value"].as_str().unwrap().contains("hemodilution mild"), "{flag}");
    let draft = house.draft_report(&staff.pathologist, &bench.accession, "final");
    let journal = house.server.journal();
    let refused = house.report_post(&staff.pathologist, &bench.accession, &sign(&draft)).expect(409);
    assert_eq!(refused.json()["rule"], "flags_open");
    assert!(refused.json()["detail"].as_str().unwrap().contains("Blasts by flow"), "{}", refused.text);
    assert_eq!(house.server.journal(), journal + 1, "the password was given, and nothing else happened");
    let mut text = report_text("final");
    text["acknowledged"] = json!([{ "flag": flag["key"], "words": "  " }]);
    let edit = |text: &Value| json!({ "action": "edit", "report": draft, "text": text });
    let blank = house.report_post(&staff.pathologist, &bench.accession, &edit(&text)).expect(422);
    assert_eq!(blank.json()["errors"][0]["pointer"], "/acknowledged/0/words");
    text["acknowledged"] = json!([{ "flag": flag["key"], "words": "Diluted; the smear counts." }]);
    house.report_post(&staff.pathologist, &bench.accession, &edit(&text)).expect(200);
    assert_eq!(bench.flags()[0]["acknowledged"], "Diluted; the smear counts.");
    house.report_post(&staff.pathologist, &bench.accession, &sign(&draft)).expect(200);
}

fn words_about_an_old_version_do_not_answer_for_a_new_one(engine: Engine) {
    let house = House::open(engine);
    let staff = &house.staff;
    let bench = Bench::new(&house, &["MORPH-ASP", "FLOW-AL"], |_| {});
    bench.find("MORPH-ASP", "abnormal", &smear(300, 0));
    let counted = bench.find("FLOW-AL", "abnormal", &flow(20));
    let old = bench.flags()[0]["key"].clone();
    let body = json!({ "revision": "corrected", "reason": "Gate", "result": { "interpretation": "abnormal", "details": flow(30) },
        "told": { "who": "Dr Marlow", "at": "2026-03-04T08:50:00Z" } });
    let revised =
        house.result_post(&staff.pathologist2, counted["id"].as_str().unwrap(), "correct", &body).expect(201).json();
    house.verify(&staff.supervisor, revised["id"].as_str().unwrap()).expect(200);
    assert_ne!(bench.flags()[0]["key"], old);
    let mut text = report_text("final");
    text["acknowledged"] = json!([{ "flag": old, "words": "Diluted." }]);
    let draft = house
        .report_post(&staff.pathologist, &bench.accession, &json!({ "action": "draft", "text": text }))
        .expect(201);
    let draft = draft.json()["id"].as_str().unwrap().to_owned();
    let refused = house.report_post(&staff.pathologist, &bench.accession, &sign(&draft)).expect(409);
    assert_eq!(refused.json()["rule"], "flags_open");
}

fn a_rise_against_an_earlier_marrow_is_flagged_and_drawn(engine: Engine) {
    let house = House::open(engine);
    let patient = json!({ "mrn": "M777777", "family_name": "Okonkwo", "given_name": "Ada", "born": "1961-05-02", "sex": "female" });
    let measured = |copies: Value, taken: &str, says: &str| {
        let bench = Bench::new(&house, &["BCRABL-Q"], |body| {
            body["patient"] = patient.clone();
            body["procedure"]["performed_at"] = json!(taken);
            for part in body["specimens"].as_array_mut().unwrap() {
                part.as_object_mut().unwrap().remove("fixed_at");
            }
            body["specimens"].as_array_mut().unwrap().truncate(1);
        });
        let details = json!({ "transcript": { "target": "BCR::ABL1", "transcript": "e14a2", "target_copies": copies,
            "control_gene": "ABL1", "control_copies": 50_000, "conversion_factor": 0.8 } });
        bench.find("BCRABL-Q", says, &details);
        bench
    };
    let first = measured(json!("ND"), "2026-03-04T07:00:00Z", "normal");
    assert!(first.codes().is_empty());
    let second = measured(json!(40), "2026-03-04T07:30:00Z", "abnormal");
    assert_eq!(second.codes(), ["delta_earlier"]);
    let evidence = &second.flags()[0]["evidence"];
    assert!(evidence[0]["name"].as_str().unwrap().starts_with(&first.accession), "{evidence}");
    // An earlier marrow has nothing to be compared with, however late its result came.
    assert!(first.codes().is_empty());
    let id = house.staff.tech.get(&format!("/api/v1/cases/{}", first.accession)).json()["patient"]["id"].clone();
    let path = format!("/api/v1/patients/{}/timeline", id.as_str().unwrap());
    let timeline = house.staff.hematologist.get(&path).expect(200).json();
    let is = timeline["series"].as_array().unwrap().iter().find(|s| s["key"] == "is_pct").unwrap().clone();
    assert_eq!(
        (is["log"].as_bool(), is["assay"].as_str(), is["item"].as_str()),
        (Some(true), Some("BCRABL-Q"), Some("BCR::ABL1"))
    );
    let points: Vec<(Value, Value)> =
        is["points"].as_array().unwrap().iter().map(|p| (p["accession"].clone(), p["value"].clone())).collect();
    assert_eq!(points, [(json!(first.accession), Value::Null), (json!(second.accession), json!(0.064))]);
    // The signed report draws it once: the ratio is the same curve.
    let key = second.flags()[0]["key"].clone();
    let mut text = report_text("final");
    text["acknowledged"] = json!([{ "flag": key, "words": "Confirmed." }]);
    let draft = json!({ "action": "draft", "text": text });
    let draft = house.report_post(&house.staff.pathologist, &second.accession, &draft).expect(201).json();
    let signing = sign(draft["id"].as_str().unwrap());
    let signed = house.report_post(&house.staff.pathologist, &second.accession, &signing).expect(200).json();
    let document: Value = serde_json::from_str(signed["document"].as_str().unwrap()).unwrap();
    let names: Vec<&str> = document["trends"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["BCR::ABL1: on the international scale"]);
    assert_eq!(document["trends"][0]["points"].as_array().unwrap().len(), 2);
    assert_eq!(document["flags"][0]["acknowledged"], "Confirmed.");
}

fn a_karyotype_is_found_by_what_is_in_it(engine: Engine) {
    let house = House::open(engine);
    let complex = Bench::new(&house, &["KARYO"], |_| {});
    complex.find("KARYO", "abnormal", &chromosomes("44,XX,del(5)(q22q35),-7,-17[14]/46,XX[6]"));
    let philadelphia = Bench::new(&house, &["KARYO"], |_| {});
    let found = philadelphia.find("KARYO", "abnormal", &chromosomes("46,XX,t(9;22)(q34;q11)[20]"));
    let search = |who: &crate::support::Token, words: &str| -> Vec<String> {
        let answer = who.post("/api/v1/search", &json!({ "q": words })).expect(200).json();
        answer["cases"].as_array().unwrap().iter().map(|c| c["accession"].as_str().unwrap().to_owned()).collect()
    };
    let tech = &house.staff.tech;
    for words in ["del(5q)", "complex", "monosomal", "-7", "monosomy 7", "5q-"] {
        assert_eq!(search(tech, words), [complex.accession.clone()], "{words}");
    }
    assert_eq!(search(tech, "t(9;22)"), [philadelphia.accession.clone()]);
    assert_eq!(search(tech, "t(9;22)(q34;q11)"), [philadelphia.accession.clone()]);
    assert!(search(tech, "t(8;21)").is_empty() && search(tech, "%").is_empty());
    // Who may not see a case does not find it.
    assert!(search(&house.stranger, "t(9;22)").is_empty());
    // A corrected karyotype is found by what it says now.
    let body = json!({ "revision": "corrected", "reason": "Misread", "told": { "who": "Dr Marlow", "at": "2026-03-04T08:50:00Z" },
        "result": { "interpretation": "abnormal", "details": chromosomes("46,XX,t(8;21)(q22;q22)[20]") } });
    let revised = house
        .result_post(&house.staff.pathologist2, found["id"].as_str().unwrap(), "correct", &body)
        .expect(201)
        .json();
    house.verify(&house.staff.supervisor, revised["id"].as_str().unwrap()).expect(200);
    assert!(search(tech, "t(9;22)").is_empty());
    assert_eq!(search(tech, "t(8;21)"), [philadelphia.accession.clone()]);
    house.server.assert_verified();
}

//! Documents to draw in tests: a small one, a full one, and one that nobody should write.

use crate::domain::Interpretation;
use crate::domain::report_document::{
    DocumentCall, DocumentChange, DocumentFinding, DocumentFlag, DocumentLine, DocumentNotDone, DocumentPart,
    DocumentPending, DocumentPoint, DocumentTrend, DocumentVersion, Modality, ReportDocument,
};

/// The hash that the samples are printed with.
pub(crate) const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn line(name: &str, value: &str) -> DocumentLine {
    DocumentLine { name: name.into(), value: value.into(), note: None }
}

fn finding(name: &str, section: Modality, summary: &str, lines: Vec<DocumentLine>) -> DocumentFinding {
    DocumentFinding {
        assay: name.to_uppercase(),
        name: name.into(),
        section: Some(section),
        status: "final".into(),
        version: 1,
        interpretation: Interpretation::Abnormal,
        summary: summary.into(),
        values: Vec::new(),
        lines,
        comment: None,
        remarks: Vec::new(),
        disclaimers: Vec::new(),
        performed_by: "Fenbridge Hospital Hematology Laboratory".into(),
        verified_by: Some("Dr L. Ferreira".into()),
        verified_at: Some("2026-03-05T15:20:00Z".parse().unwrap()),
    }
}

/// One part, one finding.
pub(crate) fn small() -> ReportDocument {
    ReportDocument {
        format: 2,
        laboratory: "Fenbridge Hospital Hematology Laboratory".into(),
        laboratory_address: "12 Willow Lane, Fenbridge FB1 2XY".into(),
        time_zone: Some("Europe/London".into()),
        accession: "BM26-000417K".into(),
        version: 1,
        status: "final".into(),
        mrn: "0084417732".into(),
        patient: "OKAFOR, Amara".into(),
        born: Some("1968-03-12".into()),
        sex: "female".into(),
        requester: "Dr E. Marlow".into(),
        indication: "Suspected acute leukemia".into(),
        clinical_note: Some("Pancytopenia, circulating blasts. New AML?".into()),
        procedure_at: Some("2026-03-04T09:10:00Z".parse().unwrap()),
        specimens: vec![DocumentPart {
            label: "BM26-000417K-A1".into(),
            what: "aspirate, EDTA, left, posterior iliac crest, pull 1".into(),
            condition: "stored".into(),
            caveats: Vec::new(),
            collected_at: Some("2026-03-04T09:12:00Z".parse().unwrap()),
            received_at: Some("2026-03-04T09:58:00Z".parse().unwrap()),
        }],
        diagnosis: "Acute myeloid leukemia with mutated NPM1.".into(),
        dx_who5: Some("Acute myeloid leukaemia with NPM1 mutation".into()),
        dx_icc: Some("AML with mutated NPM1".into()),
        synoptic: vec![DocumentLine {
            note: Some("Aspirate smear, differential count".into()),
            ..line("Blasts", "62 % of nucleated cells")
        }],
        findings: vec![finding(
            "Aspirate smear, differential count",
            Modality::Morphology,
            "Hypercellular; 62 % blasts with cup-like nuclei.",
            vec![line("Blasts", "62 % of nucleated cells"), line("Cells counted", "500")],
        )],
        trends: Vec::new(),
        pending: Vec::new(),
        not_done: Vec::new(),
        flags: Vec::new(),
        comment: None,
        calls: Vec::new(),
        reason: None,
        changes: Vec::new(),
        told: None,
        told_at: None,
        told_how: None,
        history: Vec::new(),
        signed_by: "Dr L. Ferreira".into(),
        signed_at: "2026-03-06T11:05:00Z".parse().unwrap(),
        attestation: Some("I made this diagnosis and sign the final report.".into()),
    }
}

/// Every section, with a corrected value.
pub(crate) fn full() -> ReportDocument {
    let mut d = small();
    d.version = 2;
    d.status = "corrected".into();
    d.specimens.push(DocumentPart {
        label: "BM26-000417K-C1".into(),
        what: "core, formalin, left, posterior iliac crest".into(),
        condition: "stored".into(),
        caveats: vec!["Core of 8 mm, shorter than 15 mm; three intertrabecular areas.".into()],
        ..d.specimens[0].clone()
    });
    d.specimens.push(DocumentPart {
        label: "BM26-000417K-A2".into(),
        what: "aspirate, heparin, left, posterior iliac crest, pull 2".into(),
        condition: "rejected (CLOTTED): clotted throughout".into(),
        ..d.specimens[0].clone()
    });
    d.specimens.push(DocumentPart {
        label: "BM26-000417K-T1".into(),
        what: "clot, formalin".into(),
        condition: "not collected (DRY_TAP)".into(),
        caveats: Vec::new(),
        collected_at: None,
        received_at: None,
    });
    d.synoptic = vec![
        DocumentLine { note: Some("Trephine histology".into()), ..line("Cellularity", "90 %") },
        DocumentLine {
            note: Some("Aspirate smear, differential count".into()),
            ..line("Blasts", "62 % of nucleated cells")
        },
        DocumentLine {
            note: Some("Flow cytometry, acute leukemia panel".into()),
            ..line("Blasts", "58 % of CD45 positive cells")
        },
        DocumentLine { note: Some("Trephine histology".into()), ..line("Reticulin", "MF 1") },
    ];
    let mut flow = finding(
        "Flow cytometry, acute leukemia panel",
        Modality::FlowCytometry,
        "Myeloid blasts, CD34 negative, HLA-DR negative.",
        vec![
            line("Blasts", "58 % of CD45 positive cells"),
            line("Viability", "94 %"),
            line("Phenotype", "CD13+ CD33+ CD117+ CD34− HLA-DR− MPO+"),
        ],
    );
    flow.disclaimers = vec!["Tube was 31 h old when stained; the limit is 24 h.".into()];
    flow.comment = Some("A cup-like immunophenotype; suggests NPM1 with FLT3-ITD.".into());
    let karyotype = finding(
        "Karyotype",
        Modality::Karyotype,
        "Normal female karyotype.",
        vec![line("ISCN string", "46,XX[20]"), line("Metaphases analyzed", "20"), line("Band resolution", "400")],
    );
    let mut molecular = finding(
        "Myeloid NGS panel",
        Modality::Molecular,
        "NPM1 and FLT3-ITD mutated.",
        vec![
            line("NPM1", "NM_002520.7:c.860_863dup p.(Trp288Cysfs*12), VAF 44 %"),
            line("FLT3 ITD", "detected, 54 bp, allelic ratio 0.62"),
            line("Limit of detection, VAF", "2 %"),
        ],
    );
    molecular.status = "corrected".into();
    molecular.version = 2;
    molecular.performed_by = "Northern Genomics Reference Laboratory".into();
    molecular.remarks = vec!["Variants of uncertain significance are not listed.".into()];
    let histology = finding(
        "Trephine histology",
        Modality::Histology,
        "Packed marrow, sheets of blasts.",
        vec![line("Cellularity", "90 %"), line("Reticulin", "MF 1"), line("Evaluable length", "8 mm")],
    );
    d.findings.extend([histology, flow, karyotype, molecular]);
    let point = |day: &str, accession: &str, value, below, method: &str| DocumentPoint {
        at: format!("{day}T09:00:00Z").parse().unwrap(),
        accession: accession.into(),
        value,
        below,
        method: method.into(),
    };
    d.trends = vec![DocumentTrend {
        name: "NPM1 transcripts".into(),
        unit: "%".into(),
        log: true,
        points: vec![
            point("2025-03-01", "BM25-000031W", Some(420.0), None, "RT-qPCR"),
            point("2025-04-20", "BM25-000077F", Some(1.8), None, "RT-qPCR"),
            point("2025-06-02", "BM25-000120P", None, Some(0.001), "RT-qPCR"),
            point("2025-09-14", "BM25-000301D", None, Some(0.01), "NGS"),
            point("2026-01-12", "BM26-000012X", Some(0.03), None, "RT-qPCR"),
            point("2026-03-04", "BM26-000417K", Some(38.0), None, "RT-qPCR"),
        ],
    }];
    d.pending = vec![DocumentPending {
        assay: "FISH_AML".into(),
        name: "FISH, AML panel".into(),
        state: "in process".into(),
        expected: Some("2026-03-11T17:00:00Z".parse().unwrap()),
    }];
    d.not_done = vec![DocumentNotDone {
        assay: "CULTURE".into(),
        name: "Mycobacterial culture".into(),
        why: "not performed; NO_MATERIAL: no sterile tube was taken".into(),
    }];
    d.flags = vec![DocumentFlag {
        text: "Blasts differ by 4 points between smear and flow cytometry.".into(),
        acknowledged: Some("Dr L. Ferreira: hemodilution of the second pull.".into()),
    }];
    d.comment = Some(
        "The morphology, immunophenotype and genotype agree. NPM1 mutated without adverse cytogenetics; the FLT3-ITD \
         allelic ratio is ≥ 0.5. Blast percentage by flow (58 %) is expected below the smear (62 %) after lysis.\n\
         Suggest NPM1 transcripts in blood and marrow after two courses (ELN 2021)."
            .into(),
    );
    d.calls = vec![DocumentCall {
        finding: "New acute leukemia".into(),
        recipient: "Dr E. Marlow".into(),
        role: "requesting hematologist".into(),
        at: Some("2026-03-04T12:31:00Z".parse().unwrap()),
        method: "telephone".into(),
        by: "Dr L. Ferreira".into(),
        read_back: true,
        outcome: "understood; patient admitted".into(),
    }];
    d.reason = Some("The FLT3-ITD allelic ratio was transcribed as 0.26.".into());
    d.told = Some("Dr E. Marlow".into());
    d.told_at = Some("2026-03-06T10:50:00Z".parse().unwrap());
    d.told_how = Some("telephone".into());
    d.changes = vec![DocumentChange {
        what: "Myeloid NGS panel: FLT3 ITD".into(),
        before: "detected, 54 bp, allelic ratio 0.26".into(),
        after: "detected, 54 bp, allelic ratio 0.62".into(),
    }];
    d.history = vec![DocumentVersion {
        version: 1,
        status: "final".into(),
        signed_at: Some("2026-03-05T16:00:00Z".parse().unwrap()),
        signed_by: Some("Dr L. Ferreira".into()),
        sha256: Some(HASH.chars().rev().collect()),
        reason: None,
    }];
    d.attestation = Some("I made this diagnosis and sign the corrected report.".into());
    d
}

/// Long and strange text wherever text can stand.
pub(crate) fn hostile() -> ReportDocument {
    let mut d = full();
    d.patient = "كوهين, مريم שרה 王小明 ".repeat(6);
    d.diagnosis = "x".repeat(984);
    d.comment = Some("Ein sehr langer Kommentar \u{202E}evil\u{202C} \u{0} \u{1F9EC}\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} <b>bold</b> ".repeat(80));
    d.findings[0].summary = "ISCN ".to_owned() + &"t(9;22)(q34;q11.2),".repeat(52);
    d.findings[0].lines = (0..200).map(|i| line(&format!("Value {i}"), &"7".repeat(1 + i % 90))).collect();
    d.specimens[0].condition = "क्षतिग्रस्त नमूना ".repeat(120);
    d.clinical_note =
        Some("\u{FEFF}\u{FFFF}\u{E000}e\u{301}\u{301}\u{301}\r\n\r\n\tx\u{2028}y".to_owned() + &"\u{300}".repeat(400));
    d
}

/// What [`full`] says, in order: the PDF and the page are both held to this list.
pub(crate) const SAID: &[&str] = &[
    "Bone marrow examination: corrected report",
    "Changed since version 1: The FLT3-ITD allelic ratio was transcribed as 0.26. See “What changed” below.",
    "OKAFOR, Amara",
    "BM26-000417K",
    "0084417732",
    "Version 2, corrected",
    "12 March 1968",
    "Europe/London",
    "Indication and history",
    "Suspected acute leukemia",
    "4 March 2026 09:10",
    "Specimens",
    "Caveat: Core of 8 mm, shorter than 15 mm; three intertrabecular areas.",
    "rejected (CLOTTED): clotted throughout",
    "not collected (DRY_TAP)",
    "Diagnosis",
    "Acute myeloid leukemia with mutated NPM1.",
    "Synopsis",
    "58 % of CD45 positive cells",
    "Morphology",
    "Hypercellular; 62 % blasts with cup-like nuclei.",
    "Performed by Fenbridge Hospital Hematology Laboratory. Verified by Dr L. Ferreira, 5 March 2026 15:20.",
    "Histology",
    "Flow cytometry",
    "Caveat: Tube was 31 h old when stained; the limit is 24 h.",
    "Karyotype",
    "46,XX[20]",
    "Molecular genetics",
    "corrected, version 2, abnormal",
    "NM_002520.7:c.860_863dup p.(Trp288Cysfs*12), VAF 44 %",
    "Note: Variants of uncertain significance are not listed.",
    "Performed by Northern Genomics Reference Laboratory.",
    "Course",
    "not detected (sensitivity 0.001 %)",
    "Still to come",
    "in process, expected 11 March 2026",
    "Not done",
    "NO_MATERIAL: no sterile tube was taken",
    "Correlation",
    "Acknowledged: Dr L. Ferreira: hemodilution of the second pull.",
    "Comment",
    "the FLT3-ITD allelic ratio is ≥ 0.5",
    "Critical communications",
    "4 March 2026 12:31, telephone",
    "Signature",
    "I made this diagnosis and sign the corrected report.",
    HASH,
    "What changed",
    "The FLT3-ITD allelic ratio was transcribed as 0.26.",
    "Dr E. Marlow, 6 March 2026 10:50, telephone",
    "allelic ratio 0.26",
    "allelic ratio 0.62",
    "Revision history",
];

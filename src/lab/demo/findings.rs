//! What the benches find: one result per assay, drawn from the diagnosis, with the values that the catalogue asks for.

use super::diagnoses::Dx;
use super::dice::{Dice, rounded};
use crate::domain::command::NewResult;
use crate::domain::{Interpretation, Qualifier, ResultValue, Sex};

/// What a bench sees beside the diagnosis.
pub(super) struct Sample<'d> {
    /// Chance.
    pub(super) dice: &'d mut Dice,
    /// The patient's sex, for the karyotype.
    pub(super) sex: Sex,
    /// How long the core is, mm.
    pub(super) core_mm: u32,
    /// Whether blood diluted the marrow.
    pub(super) hemodilute: bool,
    /// The level of the followed marker, when this patient has a series.
    pub(super) level: Option<f64>,
}

/// What that assay finds in that disease.
pub(super) fn finding(assay: &str, dx: &Dx, sample: &mut Sample<'_>) -> NewResult {
    // A followed marker is abnormal when it is there, whatever the disease usually shows.
    let followed = matches!(assay, "BCRABL-Q" | "FUSION-Q" | "FLOW-MRD");
    let abnormal = match sample.level {
        Some(level) if followed => level > 0.0,
        Some(_) | None => dx.abnormal.contains(&assay),
    };
    let (summary, values) = match assay {
        "MORPH-ASP" => morphology(dx, sample),
        "IRON" => iron(dx, sample),
        "HIST-CORE" => histology(dx, abnormal, sample),
        "HIST-CLOT" => clot(sample),
        "IHC" => stains(dx, sample),
        "RETIC" => reticulin(dx),
        "FLOW-AL" => leukemia_flow(dx, abnormal, sample),
        "FLOW-LPD" => lymphoid_flow(dx, abnormal, sample),
        "FLOW-MRD" => residual_flow(dx, sample),
        "KARYO" => karyotype(dx, abnormal, sample),
        "BCRABL-Q" => bcr_abl(dx, sample),
        "FUSION-Q" => fusion(dx, sample),
        "FLT3-NPM1" => flt3_npm1(dx, sample),
        "MPN-GENE" => drivers(dx, sample),
        "NGS-MYE" => sequencing(dx, abnormal, sample),
        "CLONAL" => clonality(abnormal),
        "CULT" => culture(dx),
        _ => fish(assay, dx, abnormal, sample),
    };
    let interpretation = if abnormal { Interpretation::Abnormal } else { Interpretation::Normal };
    NewResult { interpretation, summary, values, comment: None, performed_by: None, performed_at: None }
}

fn value(key: &str) -> ResultValue {
    ResultValue { key: key.to_owned(), number: None, text: None, unit: None, qualifier: None, denominator: None }
}

fn number(key: &str, number: f64) -> ResultValue {
    ResultValue { number: Some(number), ..value(key) }
}

fn count(key: &str, count: u32) -> ResultValue {
    number(key, f64::from(count))
}

fn share(key: &str, percent: f64, of: &str) -> ResultValue {
    ResultValue { denominator: Some(of.to_owned()), ..number(key, percent) }
}

fn word(key: &str, text: &str) -> ResultValue {
    ResultValue { text: Some(text.to_owned()), ..value(key) }
}

fn absent(key: &str) -> ResultValue {
    ResultValue { qualifier: Some(Qualifier::NotDetected), ..value(key) }
}

/// As many decimals as a laboratory gives: many for little, few for much.
fn figures(level: f64) -> f64 {
    match level {
        l if l >= 10.0 => rounded(l, 0),
        l if l >= 1.0 => rounded(l, 1),
        l if l >= 0.1 => rounded(l, 2),
        l if l >= 0.01 => rounded(l, 3),
        l => rounded(l, 4),
    }
}

type Found = (String, Vec<ResultValue>);

fn morphology(dx: &Dx, sample: &mut Sample<'_>) -> Found {
    let dice = &mut *sample.dice;
    let blasts = dice.real(dx.blasts, 1);
    let plasma = dice.real(dx.plasma, 1);
    let lymphocytes = dice.real(dx.lymphocytes, 1).min(rounded(98.0 - blasts - plasma, 1)).max(0.0);
    let erythroid = rounded((100.0 - blasts - plasma - lymphocytes) * dice.real((0.22, 0.34), 2), 1);
    let myeloid = 100.0 - blasts - plasma - lymphocytes - erythroid;
    let dysplasia = dice.real(dx.dysplasia, 0);
    let (quality, particles, dilution) = if sample.hemodilute {
        ("hemodilute", "0", "marked")
    } else {
        ("good", dice.pick(&["1+", "2+", "3+"]), "none")
    };
    let cells = if sample.hemodilute { 300 } else { 500 };
    let seen = if sample.hemodilute { "Blood with few marrow cells and no particles." } else { dx.smear };
    let cellularity = match (dx.cellularity.0, sample.hemodilute) {
        (_, true) => "not_assessable",
        (low, false) if low < 20.0 => "reduced",
        (low, false) if low >= 55.0 => "increased",
        (_, false) => "normal",
    };
    let mut values = vec![
        share("blasts_pct", blasts, "nucleated_cells"),
        count("cells_counted", cells),
        word("smear_quality", quality),
        word("particles", particles),
        word("cellularity", cellularity),
        number("me_ratio", rounded(myeloid / erythroid.max(1.0), 1)),
        share("erythroid_pct", erythroid, "nucleated_cells"),
        share("plasma_cells_pct", plasma, "nucleated_cells"),
        share("lymphocytes_pct", lymphocytes, "nucleated_cells"),
        word("hemodilution", dilution),
        word("description", seen),
    ];
    if dysplasia >= 10.0 {
        values.push(number("dysplasia_erythroid_pct", dysplasia));
        values.push(number("dysplasia_granulocytic_pct", rounded(dysplasia * 0.6, 0)));
    }
    let lead = if plasma >= 10.0 {
        format!("Plasma cells {plasma} %, blasts {blasts} %")
    } else {
        format!("Blasts {blasts} %")
    };
    (format!("{lead}. {seen}"), values)
}

fn iron(dx: &Dx, sample: &mut Sample<'_>) -> Found {
    let rings = sample.dice.real(dx.rings, 0);
    let grade = sample.dice.pick(&["1+", "2+", "2+", "3+"]);
    let summary = format!("Storage iron {grade}, ring sideroblasts {rings} % of erythroid precursors.");
    (summary, vec![word("storage_iron", grade), share("ring_sideroblasts_pct", rings, "erythroid_precursors")])
}

fn histology(dx: &Dx, abnormal: bool, sample: &mut Sample<'_>) -> Found {
    let length = sample.core_mm;
    // Cores shrink in processing.
    let evaluable = rounded(f64::from(length) * sample.dice.real((0.72, 0.9), 2), 0);
    let cellularity = sample.dice.real(dx.cellularity, 0);
    let mut values = vec![
        count("core_length_mm", length),
        count("pieces", sample.dice.amount(1, 2)),
        number("evaluable_mm", evaluable),
        count("intertrabecular_areas", length / 2),
        number("cellularity_pct", cellularity),
        word("reticulin", dx.reticulin),
        word("description", dx.core),
    ];
    if abnormal && dx.plasma.0 >= 10.0 {
        // The core shows more of them than the smear.
        let plasma = rounded((dx.plasma.1 * 1.15).min(95.0), 0);
        values.push(share("plasma_cells_pct", plasma, "nucleated_cells"));
    }
    (format!("Core {length} mm, cellularity {cellularity} %, {}. {}", dx.reticulin, dx.core), values)
}

fn clot(sample: &mut Sample<'_>) -> Found {
    let cellularity = sample.dice.real((30.0, 60.0), 0);
    let values = vec![
        word("particles", "2+"),
        number("cellularity_pct", cellularity),
        word("description", "Particles with trilineage marrow."),
    ];
    (format!("Particles present, cellularity {cellularity} %."), values)
}

fn stains(dx: &Dx, sample: &mut Sample<'_>) -> Found {
    let mut values = vec![word("markers", dx.markers)];
    if dx.disease == "MM" {
        let low = dx.plasma.0;
        let plasma = sample.dice.real((low, (dx.plasma.1 * 1.1).min(95.0)), 0);
        values.push(share("cd138_pct", plasma, "nucleated_cells"));
    }
    (dx.markers.to_owned(), values)
}

fn reticulin(dx: &Dx) -> Found {
    let collagen = if dx.reticulin == "MF-2" { "focal" } else { "none" };
    (
        format!("Reticulin {}, collagen {collagen}.", dx.reticulin),
        vec![word("reticulin", dx.reticulin), word("collagen", collagen)],
    )
}

fn leukemia_flow(dx: &Dx, abnormal: bool, sample: &mut Sample<'_>) -> Found {
    let dice = &mut *sample.dice;
    // Flow reads fewer blasts than the eye.
    let blasts = rounded(dice.real(dx.blasts, 1) * dice.real((0.7, 1.05), 2), 1).min(98.0);
    let viability = dice.real((82.0, 98.0), 0);
    let events = dice.amount(48_000, 110_000);
    let lineage = if abnormal { dx.lineage } else { "none" };
    let summary = if abnormal {
        format!("{blasts} % blasts of CD45+ events: {}.", dx.phenotype)
    } else {
        format!("No aberrant blast population; CD34+ progenitors {blasts} % of CD45+ events.")
    };
    let values = vec![
        share("blasts_pct", blasts, "cd45_positive"),
        number("viability_pct", viability),
        count("events", events),
        count("cd45_events", events - events / 12),
        word("lineage", lineage),
        word("hemodilution", if sample.hemodilute { "marked" } else { "none" }),
        word("phenotype", if abnormal { dx.phenotype } else { "No aberrant population." }),
    ];
    (summary, values)
}

fn lymphoid_flow(dx: &Dx, abnormal: bool, sample: &mut Sample<'_>) -> Found {
    let dice = &mut *sample.dice;
    let plasma = dx.disease == "MM";
    let (of, range) = if plasma { ("plasma_cells", (60.0, 99.0)) } else { ("lymphocytes", (35.0, 92.0)) };
    let percent = if abnormal { dice.real(range, 1) } else { 0.0 };
    let clonality = if abnormal { dx.clonality } else { "polyclonal" };
    let ratio = match clonality {
        "kappa" => dice.real((12.0, 60.0), 1),
        "lambda" => dice.real((0.02, 0.09), 2),
        _ => dice.real((1.1, 2.2), 1),
    };
    let summary = if abnormal {
        let cells = if plasma { "plasma cells" } else { "lymphocytes" };
        format!("{percent} % of {cells} are clonal ({clonality}): {}.", dx.phenotype)
    } else {
        "No clonal B-, T- or plasma cell population.".to_owned()
    };
    let mut values = vec![
        share("abnormal_pct", percent, of),
        number("viability_pct", dice.real((80.0, 98.0), 0)),
        count("events", dice.amount(90_000, 260_000)),
        word("clonality", clonality),
        number("kappa_lambda_ratio", ratio),
        word("phenotype", if abnormal { dx.phenotype } else { "No aberrant population." }),
    ];
    if plasma {
        // Flow sees a third of what the smear shows.
        values.push(share("plasma_cells_pct", rounded(dx.plasma.0 * 0.35, 1), "all_events"));
    }
    (summary, values)
}

fn residual_flow(dx: &Dx, sample: &mut Sample<'_>) -> Found {
    let dice = &mut *sample.dice;
    let myeloma = dx.disease == "MM";
    let events = if myeloma { dice.amount(4_200_000, 8_000_000) } else { dice.amount(700_000, 1_600_000) };
    let of = if myeloma { "all_events" } else { "cd45_positive" };
    let all = f64::from(events);
    let (lod, lloq) = (rounded(2_000.0 / all, 5), rounded(5_000.0 / all, 5));
    let level = figures(sample.level.unwrap_or_else(|| dice.real(dx.mrd, 4)));
    let abnormal_events = (level / 100.0 * all).round();
    let found = level >= lloq;
    let residual = if found {
        share("mrd_pct", level, of)
    } else {
        ResultValue { denominator: Some(of.to_owned()), ..absent("mrd_pct") }
    };
    let summary = if found {
        format!("Residual disease detected: {level} % ({}).", dx.disease)
    } else {
        format!("No residual disease detected at a sensitivity of {lod} %.")
    };
    let values = vec![
        word("disease", dx.disease),
        residual,
        number("abnormal_events", abnormal_events),
        number("viability_pct", dice.real((84.0, 98.0), 0)),
        count("events", events),
        count("cd45_events", events - events / 20),
        number("lod_pct", lod),
        number("lloq_pct", lloq),
        word("approach", if myeloma { "dfn" } else { "laip_dfn" }),
        word("hemodilution", if sample.hemodilute { "marked" } else { "none" }),
        word("phenotype", if found { dx.phenotype } else { "No aberrant population." }),
    ];
    (summary, values)
}

fn karyotype(dx: &Dx, abnormal: bool, sample: &mut Sample<'_>) -> Found {
    let chromosomes = if sample.sex == Sex::Female { "XX" } else { "XY" };
    let pattern = if abnormal { dx.iscn } else { "46,{sx}[20]" };
    let iscn = pattern.replace("{sx}", chromosomes);
    let cultures = if dx.indication == "CLL" { "72 h CpG, 24 h" } else { "24 h and 48 h, unstimulated" };
    let values = vec![
        word("iscn", &iscn),
        count("metaphases_counted", 20),
        count("metaphases_analyzed", 20),
        count("metaphases_karyotyped", sample.dice.amount(5, 10)),
        count("band_resolution", 50 * sample.dice.amount(7, 10)),
        word("banding", "G"),
        word("cultures", cultures),
    ];
    let words = if abnormal { "Abnormal karyotype" } else { "Normal karyotype" };
    (format!("{words}: {iscn}"), values)
}

/// The probes of a FISH assay and its string when nothing is wrong.
fn probes(assay: &str, indication: &str) -> (&'static str, &'static str) {
    match assay {
        "FISH-MDS" => (
            "5q31 (EGR1), 7cen/7q31, 8cen, 20q12",
            "nuc ish(EGR1,D5S630)x2[200],(D7Z1,D7S486)x2[200],(D8Z2x2)[200],(D20S108x2)[200]",
        ),
        "FISH-CLL" => {
            ("ATM, 12cen, 13q14, TP53", "nuc ish(ATMx2)[200],(D12Z3x2)[200],(D13S319,LAMP1)x2[200],(TP53,D17Z1)x2[200]")
        }
        "FISH-LYM" => ("BCL2::IGH, BCL6 and MYC break-apart", "nuc ish(BCL2,IGH)x2[200],(BCL6x2)[200],(MYCx2)[200]"),
        "FISH-MM" => (
            "CKS1B/CDKN2C, CCND1::IGH, FGFR3::IGH, TP53",
            "nuc ish(CKS1B,CDKN2C)x2[100],(CCND1,IGH)x2[100],(FGFR3,IGH)x2[100],(TP53,D17Z1)x2[100]",
        ),
        "FISH-RAPID" if matches!(indication, "ALL-NEW" | "CML-DX") => {
            ("BCR::ABL1 dual fusion", "nuc ish(ABL1,BCR)x2[200]")
        }
        "FISH-RAPID" => ("PML::RARA dual fusion", "nuc ish(PML,RARA)x2[200]"),
        _ => (
            "RUNX1::RUNX1T1, CBFB, KMT2A, MECOM",
            "nuc ish(MECOMx2)[200],(RUNX1T1,RUNX1)x2[200],(KMT2Ax2)[200],(CBFBx2)[200]",
        ),
    }
}

fn fish(assay: &str, dx: &Dx, abnormal: bool, sample: &mut Sample<'_>) -> Found {
    let (names, normal) = probes(assay, dx.indication);
    let scored = if assay == "FISH-MM" { 100 } else { 200 };
    let abnormal = abnormal && !dx.nuc_ish.is_empty();
    let percent = if abnormal { sample.dice.real(dx.fish, 0) } else { sample.dice.real((0.0, 2.0), 0) };
    let cells = (percent / 100.0 * f64::from(scored)).round();
    let string = if abnormal { dx.nuc_ish.replace("{n}", &cells.to_string()) } else { normal.to_owned() };
    let mut values = vec![
        word("probes", names),
        count("cells_scored", scored),
        number("abnormal_cells", cells),
        number("abnormal_pct", rounded(cells / f64::from(scored) * 100.0, 1)),
        number("cutoff_pct", 5.0),
        word("nuc_ish", &string),
    ];
    if assay == "FISH-MM" {
        values.push(word("enrichment", "cd138"));
    }
    let summary = if abnormal {
        format!("Abnormal in {cells} of {scored} nuclei: {string}")
    } else {
        format!("Normal: {string}")
    };
    (summary, values)
}

/// The class of molecular response (domain.md §5.4).
fn response(level: f64, control: u32) -> &'static str {
    if level > 0.0 {
        return match level {
            l if l <= 0.001 => "MR5",
            l if l <= 0.0032 => "MR4.5",
            l if l <= 0.01 => "MR4",
            l if l <= 0.1 => "MMR",
            l if l <= 1.0 => "MR2",
            _ => "none",
        };
    }
    match control {
        100_000.. => "MR5",
        32_000.. => "MR4.5",
        10_000.. => "MR4",
        ..10_000 => "inadequate",
    }
}

fn bcr_abl(dx: &Dx, sample: &mut Sample<'_>) -> Found {
    let control = sample.dice.amount(42_000, 240_000);
    let level = sample.level.unwrap_or_else(|| sample.dice.real(dx.level, 4));
    let mut values = vec![count("control_copies", control), word("control_gene", "ABL1")];
    if level <= 0.0 {
        values.push(absent("is_pct"));
        let class = response(0.0, control);
        if dx.indication == "CML-MON" {
            values.push(word("molecular_response", class));
            return (format!("BCR::ABL1 not detected in {control} copies of ABL1, {class}."), values);
        }
        values.push(word("transcript", "none"));
        return (format!("BCR::ABL1 not detected in {control} copies of ABL1."), values);
    }
    let level = figures(level);
    // The laboratory's conversion factor is 0.82.
    let ratio = figures(level / 0.82);
    values.extend([
        word("transcript", if control.is_multiple_of(3) { "e13a2" } else { "e14a2" }),
        number("is_pct", level),
        number("ratio_pct", ratio),
        number("target_copies", (ratio / 100.0 * f64::from(control)).round()),
    ]);
    if dx.indication != "CML-MON" {
        return (format!("BCR::ABL1 detected, {level} % IS."), values);
    }
    let class = response(level, control);
    values.push(number("log_reduction", rounded(2.0 - level.log10(), 1)));
    values.push(word("molecular_response", class));
    let words = if class == "none" { "no molecular response" } else { class };
    (format!("BCR::ABL1 {level} % IS, {words}."), values)
}

fn fusion(dx: &Dx, sample: &mut Sample<'_>) -> Found {
    let control = sample.dice.amount(30_000, 160_000);
    let level = figures(sample.level.unwrap_or_else(|| sample.dice.real(dx.level, 3)));
    let mut values = vec![word("target", dx.target), count("control_copies", control), word("control_gene", "ABL1")];
    if level <= 0.0 {
        values.push(absent("ratio_pct"));
        return (format!("{} not detected in {control} copies of ABL1.", dx.target), values);
    }
    values.push(number("ratio_pct", level));
    values.push(number("target_copies", (level / 100.0 * f64::from(control)).round()));
    (format!("{} {level} % of ABL1.", dx.target), values)
}

const fn found(yes: bool) -> &'static str {
    if yes { "detected" } else { "not_detected" }
}

fn flt3_npm1(dx: &Dx, sample: &mut Sample<'_>) -> Found {
    let mut values =
        vec![word("flt3_itd", found(dx.itd)), word("flt3_tkd", "not_detected"), word("npm1", found(dx.npm1))];
    if dx.itd {
        values.push(number("flt3_itd_ratio", sample.dice.real((0.2, 0.9), 2)));
        values.push(count("flt3_itd_size_bp", 3 * sample.dice.amount(7, 40)));
    }
    let say = |yes: bool| if yes { "detected" } else { "not detected" };
    (format!("NPM1 {}, FLT3 ITD {}, FLT3 TKD not detected.", say(dx.npm1), say(dx.itd)), values)
}

fn drivers(dx: &Dx, sample: &mut Sample<'_>) -> Found {
    match dx.driver {
        "JAK2" => {
            let burden = sample.dice.real(dx.vaf, 0);
            let values = vec![
                word("jak2_v617f", "detected"),
                number("jak2_v617f_pct", burden),
                word("calr", "not_tested"),
                word("mpl", "not_tested"),
            ];
            (format!("JAK2 V617F detected, {burden} %."), values)
        }
        "CALR" => (
            "CALR type 1 detected; JAK2 V617F not detected.".to_owned(),
            vec![word("jak2_v617f", "not_detected"), word("calr", "type_1"), word("mpl", "not_detected")],
        ),
        _ => (
            "JAK2 V617F, CALR and MPL not detected.".to_owned(),
            vec![word("jak2_v617f", "not_detected"), word("calr", "not_detected"), word("mpl", "not_detected")],
        ),
    }
}

fn sequencing(dx: &Dx, abnormal: bool, sample: &mut Sample<'_>) -> Found {
    let variants = if abnormal { dx.variants } else { PLAIN_VARIANTS };
    let mut values = vec![
        word("variants", variants),
        word("panel", "Myeloid 54 genes, version 3.2"),
        number("lod_vaf_pct", 2.0),
        count("mean_depth", sample.dice.amount(900, 2_600)),
    ];
    if abnormal {
        values.push(number("highest_vaf_pct", sample.dice.real(dx.vaf, 0)));
    }
    if sample.dice.chance(12) {
        values.push(word("genes_failed", "CEBPA (62 % of the coding region above 250x)"));
    }
    (variants.to_owned(), values)
}

const PLAIN_VARIANTS: &str = "No pathogenic or likely pathogenic variant.";

fn clonality(abnormal: bool) -> Found {
    if abnormal {
        let found = "IGHV3-23/IGHJ4, 42 bp junction";
        (
            format!("Clonal immunoglobulin rearrangement: {found}."),
            vec![word("ig", "clonal"), word("tr", "polyclonal"), word("rearrangements", found)],
        )
    } else {
        let found = vec![word("ig", "polyclonal"), word("tr", "polyclonal")];
        ("No clonal rearrangement.".to_owned(), found)
    }
}

fn culture(dx: &Dx) -> Found {
    if dx.organisms.is_empty() {
        return ("No growth after 42 days.".to_owned(), vec![word("growth", "none"), word("acid_fast", "not_seen")]);
    }
    (
        format!("Growth: {}.", dx.organisms),
        vec![word("growth", "growth"), word("acid_fast", "seen"), word("organisms", dx.organisms)],
    )
}

//! What the benches find: one result per assay in its own shape, drawn from the diagnosis.

use super::diagnoses::Dx;
use super::dice::{Dice, rounded};
use crate::domain::command::NewResult;
use crate::domain::results::{
    AcidFast, Banding, Cellularity, Clonality, CloneType, Collagen, ControlGene, Culture, Decalcification, Denominator,
    Details, Differential, Dysplasia, Enrichment, Expression, Fish, Flow, Gene, Genes, Growth, Hemodilution, Histology,
    Iron, Karyotype, Lineage, Marker, Measured, Megakaryocytes, MetaphaseCulture, Morphology, Mrd, MrdApproach,
    MrdDisease, Ngs, Organism, Particles, Population, PopulationKind, Presence, Probe, ProbeKind, Reading, Rearranged,
    Reticulin, Share, SmearQuality, Stain, StainResult, StorageIron, Tally, Transcript, TranscriptType, Variant,
};
use crate::domain::{Interpretation, Sex};

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
    let abnormal = dx.abnormal.contains(&assay);
    let (abnormal, details) = match assay {
        "MORPH-ASP" => (abnormal, Details::Morphology(morphology(dx, sample))),
        "IRON" => (abnormal, Details::Iron(iron(dx, sample))),
        "HIST-CORE" => (abnormal, Details::Histology(histology(dx, abnormal, sample))),
        "HIST-CLOT" => (abnormal, Details::Histology(clot(sample))),
        "IHC" => (abnormal, Details::Histology(stains(dx, sample))),
        "RETIC" => (abnormal, Details::Histology(reticulin(dx))),
        "FLOW-AL" => (abnormal, Details::Flow(leukemia_flow(dx, abnormal, sample))),
        "FLOW-LPD" => (abnormal, Details::Flow(lymphoid_flow(dx, abnormal, sample))),
        "FLOW-MRD" => residual_flow(dx, sample),
        "KARYO" => (abnormal, Details::Karyotype(karyotype(dx, abnormal, sample))),
        "BCRABL-Q" => bcr_abl(dx, sample),
        "FUSION-Q" => fusion(dx, sample),
        "FLT3-NPM1" => genes(flt3_npm1(dx, sample)),
        "MPN-GENE" => genes(drivers(dx, sample)),
        "NGS-MYE" => sequencing(dx, abnormal, sample),
        "CLONAL" => (abnormal, Details::Clonality(clonality(abnormal))),
        "CULT" => culture(dx),
        _ => fish(assay, dx, abnormal, sample),
    };
    let interpretation = if abnormal { Interpretation::Abnormal } else { Interpretation::Normal };
    NewResult {
        interpretation,
        summary: None,
        details: Some(details),
        values: Vec::new(),
        comment: None,
        performed_by: None,
        performed_at: None,
    }
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

/// A share of so many, as a whole number.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // shares between 0 and 100 % of a count
fn part_of(percent: f64, of: u32) -> u32 {
    (percent.clamp(0.0, 100.0) / 100.0 * f64::from(of)).round() as u32
}

fn dilution(sample: &Sample<'_>) -> Hemodilution {
    if sample.hemodilute { Hemodilution::Marked } else { Hemodilution::None }
}

fn morphology(dx: &Dx, sample: &mut Sample<'_>) -> Morphology {
    let hemodilution = Some(dilution(sample));
    let dice = &mut *sample.dice;
    let counted = if sample.hemodilute { 300 } else { 500 };
    let (blasts, plasma) = (part_of(dice.real(dx.blasts, 1), counted), part_of(dice.real(dx.plasma, 1), counted));
    let left = counted - (blasts + plasma).min(counted);
    let lymphocytes = part_of(dice.real(dx.lymphocytes, 1), counted).min(left);
    let left = left - lymphocytes;
    let erythroid = part_of(dice.real((22.0, 34.0), 0), left);
    let myeloid = left - erythroid;
    let of_myeloid = |percent: f64| f64::from(part_of(percent, myeloid));
    let (promyelocytes, myelocytes, metamyelocytes) = (of_myeloid(6.0), of_myeloid(11.0), of_myeloid(15.0));
    let (bands, eosinophils, monocytes) = (of_myeloid(24.0), of_myeloid(5.0), of_myeloid(4.0));
    let rest = promyelocytes + myelocytes + metamyelocytes + bands + eosinophils + monocytes;
    let dysplasia = dice.real(dx.dysplasia, 0);
    let cellularity = match (dx.cellularity.0, sample.hemodilute) {
        (_, true) => Cellularity::NotAssessable,
        (low, false) if low < 20.0 => Cellularity::Reduced,
        (low, false) if low >= 55.0 => Cellularity::Increased,
        (_, false) => Cellularity::Normal,
    };
    let particles = if sample.hemodilute {
        Particles::None
    } else {
        dice.pick(&[Particles::One, Particles::Two, Particles::Three])
    };
    Morphology {
        smear_quality: if sample.hemodilute { SmearQuality::Hemodilute } else { SmearQuality::Good },
        particles: Some(particles),
        cellularity: Some(cellularity),
        hemodilution,
        differential: Some(Differential {
            tally: Tally::Cells,
            counted: None,
            blasts: f64::from(blasts),
            promyelocytes,
            myelocytes,
            metamyelocytes,
            bands,
            neutrophils: f64::from(myeloid) - rest,
            eosinophils,
            basophils: 0.0,
            monocytes,
            erythroid: f64::from(erythroid),
            lymphocytes: f64::from(lymphocytes),
            plasma_cells: f64::from(plasma),
            other: 0.0,
        }),
        me_ratio: None,
        blasts_in_me: false,
        megakaryocytes: Some(if dx.cellularity.0 < 20.0 { Megakaryocytes::Reduced } else { Megakaryocytes::Normal }),
        dysplasia: (dysplasia >= 10.0).then(|| Dysplasia {
            erythroid_pct: Some(dysplasia),
            granulocytic_pct: Some(rounded(dysplasia * 0.6, 0)),
            megakaryocytic_pct: None,
        }),
        description: Some(
            if sample.hemodilute { "Blood with few marrow cells and no particles." } else { dx.smear }.to_owned(),
        ),
    }
}

fn iron(dx: &Dx, sample: &mut Sample<'_>) -> Iron {
    Iron {
        ring_sideroblasts_pct: Some(sample.dice.real(dx.rings, 0)),
        storage_iron: sample.dice.pick(&[StorageIron::One, StorageIron::Two, StorageIron::Two, StorageIron::Three]),
        precursors_counted: Some(100),
    }
}

fn histology(dx: &Dx, abnormal: bool, sample: &mut Sample<'_>) -> Histology {
    let length = sample.core_mm;
    // Cores shrink in processing.
    let evaluable = rounded(f64::from(length) * sample.dice.real((0.72, 0.9), 2), 0);
    // The core shows more plasma cells than the smear.
    let plasma = (abnormal && dx.plasma.0 >= 10.0)
        .then(|| Share::exactly(rounded((dx.plasma.1 * 1.15).min(95.0), 0), Denominator::NucleatedCells));
    let dense = dx.reticulin == "MF-2" || dx.reticulin == "MF-3";
    Histology {
        core_length_mm: Some(f64::from(length)),
        measured: Some(Measured::Gross),
        pieces: Some(sample.dice.amount(1, 2)),
        evaluable_mm: Some(evaluable),
        intertrabecular_areas: Some(length / 2),
        cellularity_pct: Some(sample.dice.real(dx.cellularity, 0)),
        reticulin: Reticulin::parse(dx.reticulin),
        collagen: dense.then_some(Collagen::Focal),
        plasma_cells: plasma,
        fixative: Some("Neutral buffered formalin".to_owned()),
        decalcification: Some(Decalcification::Edta),
        description: Some(dx.core.to_owned()),
        ..Histology::default()
    }
}

fn clot(sample: &mut Sample<'_>) -> Histology {
    Histology {
        particles: Some(Particles::Two),
        cellularity_pct: Some(sample.dice.real((30.0, 60.0), 0)),
        description: Some("Particles with trilineage marrow.".to_owned()),
        ..Histology::default()
    }
}

fn stains(dx: &Dx, sample: &mut Sample<'_>) -> Histology {
    let plasma = dx.disease == "MM";
    let (marker, of) =
        if plasma { ("CD138", (dx.plasma.0, (dx.plasma.1 * 1.1).min(95.0))) } else { ("CD34", dx.blasts) };
    let share = Share::exactly(sample.dice.real(of, 0), Denominator::NucleatedCells);
    let stain = Stain { marker: marker.to_owned(), result: StainResult::Positive, share: Some(share), note: None };
    Histology { stains: vec![stain], description: Some(dx.markers.to_owned()), ..Histology::default() }
}

fn reticulin(dx: &Dx) -> Histology {
    let collagen = if dx.reticulin == "MF-2" { Collagen::Focal } else { Collagen::None };
    Histology { reticulin: Reticulin::parse(dx.reticulin), collagen: Some(collagen), ..Histology::default() }
}

/// `CD34+ CD117 dim CD7-` as markers; what is not a marker is left out.
fn markers(phenotype: &str) -> Vec<Marker> {
    let mut out: Vec<Marker> = Vec::new();
    for word in phenotype.split([' ', ',']).filter(|w| !w.is_empty()) {
        let name = word.trim_end_matches(['+', '-']);
        if let Some(expression) = Expression::parse(word) {
            if let Some(last) = out.last_mut() {
                last.expression = expression;
            }
        } else if ["CD", "cyCD", "HLA-", "MPO", "TdT"].iter().any(|start| name.starts_with(start)) {
            let expression = if word.ends_with('-') { Expression::Negative } else { Expression::Normal };
            out.push(Marker { marker: name.to_owned(), expression, positive_pct: None });
        }
    }
    out
}

fn plain_flow(panel: &str, events: u32) -> Flow {
    Flow {
        panel: panel.to_owned(),
        tubes: None,
        viability_pct: None,
        events: u64::from(events),
        cd45_events: None,
        gating: None,
        populations: Vec::new(),
        lineage: None,
        clonality: None,
        kappa_lambda_ratio: None,
        hemodilution: None,
        correlation: None,
        mrd: None,
    }
}

fn leukemia_flow(dx: &Dx, abnormal: bool, sample: &mut Sample<'_>) -> Flow {
    let hemodilution = Some(dilution(sample));
    let dice = &mut *sample.dice;
    // Flow reads fewer blasts than the eye.
    let blasts = rounded(dice.real(dx.blasts, 1) * dice.real((0.7, 1.05), 2), 1).min(98.0);
    let events = dice.amount(48_000, 110_000);
    let population = Population {
        name: if abnormal { "Blasts" } else { "CD34+ progenitors" }.to_owned(),
        kind: PopulationKind::Blasts,
        abnormal,
        share: Share::exactly(blasts, Denominator::Cd45Positive),
        events: None,
        phenotype: if abnormal { markers(dx.phenotype) } else { Vec::new() },
    };
    Flow {
        tubes: Some(4),
        viability_pct: Some(dice.real((82.0, 98.0), 0)),
        cd45_events: Some(u64::from(events - events / 12)),
        gating: Some("CD45 against side scatter".to_owned()),
        populations: vec![population],
        lineage: Some(if abnormal { Lineage::parse(dx.lineage).unwrap_or(Lineage::None) } else { Lineage::None }),
        hemodilution,
        ..plain_flow("Acute leukemia, 10 colors, version 4", events)
    }
}

fn lymphoid_flow(dx: &Dx, abnormal: bool, sample: &mut Sample<'_>) -> Flow {
    let hemodilution = Some(dilution(sample));
    let dice = &mut *sample.dice;
    let plasma = dx.disease == "MM";
    let (name, kind, of, range) = if plasma {
        ("Clonal plasma cells", PopulationKind::Other, Denominator::PlasmaCells, (60.0, 99.0))
    } else {
        ("Clonal B cells", PopulationKind::BCells, Denominator::Lymphocytes, (35.0, 92.0))
    };
    let mut populations = Vec::new();
    if abnormal {
        let share = Share::exactly(dice.real(range, 1), of);
        let phenotype = markers(dx.phenotype);
        populations.push(Population { name: name.to_owned(), kind, abnormal, share, events: None, phenotype });
    }
    if plasma {
        // Flow sees a third of what the smear shows.
        let share = Share::exactly(rounded(dx.plasma.0 * 0.35, 1), Denominator::AllEvents);
        let (name, kind) = ("Plasma cells".to_owned(), PopulationKind::PlasmaCells);
        populations.push(Population { name, kind, abnormal: false, share, events: None, phenotype: Vec::new() });
    }
    let clonality = if abnormal { CloneType::parse(dx.clonality) } else { Some(CloneType::Polyclonal) };
    let ratio = match clonality {
        Some(CloneType::Kappa) => dice.real((12.0, 60.0), 1),
        Some(CloneType::Lambda) => dice.real((0.02, 0.09), 2),
        _ => dice.real((1.1, 2.2), 1),
    };
    Flow {
        viability_pct: Some(dice.real((80.0, 98.0), 0)),
        populations,
        clonality,
        kappa_lambda_ratio: Some(ratio),
        hemodilution,
        ..plain_flow("Lymphoproliferative, 10 colors, version 2", dice.amount(90_000, 260_000))
    }
}

fn residual_flow(dx: &Dx, sample: &mut Sample<'_>) -> (bool, Details) {
    let hemodilution = Some(dilution(sample));
    let dice = &mut *sample.dice;
    let myeloma = dx.disease == "MM";
    let events = if myeloma { dice.amount(4_200_000, 8_000_000) } else { dice.amount(700_000, 1_600_000) };
    let level = figures(sample.level.unwrap_or_else(|| dice.real(dx.mrd, 4)));
    let eligible = if myeloma { events } else { events - events / 20 };
    let abnormal_events = part_of(level, eligible);
    let mrd = Mrd {
        disease: MrdDisease::parse(dx.disease).unwrap_or(MrdDisease::Aml),
        approach: if myeloma { MrdApproach::Dfn } else { MrdApproach::LaipDfn },
        abnormal_events: u64::from(abnormal_events),
        eligible_events: u64::from(eligible),
        of: if myeloma { Denominator::AllEvents } else { Denominator::Cd45Positive },
        percent: None,
        lod_pct: None,
        lloq_pct: None,
        status: None,
        pull: None,
        age_h: None,
        time_point: None,
    };
    let flow = Flow {
        viability_pct: Some(dice.real((84.0, 98.0), 0)),
        cd45_events: Some(u64::from(events - events / 20)),
        hemodilution,
        mrd: Some(mrd),
        ..plain_flow(if myeloma { "Myeloma residual disease" } else { "AML residual disease" }, events)
    };
    // Twenty events are a population.
    (abnormal_events >= 20, Details::Flow(flow))
}

fn karyotype(dx: &Dx, abnormal: bool, sample: &mut Sample<'_>) -> Karyotype {
    let chromosomes = if sample.sex == Sex::Female { "XX" } else { "XY" };
    let pattern = if abnormal { dx.iscn } else { "46,{sx}[20]" };
    let kinds: &[&str] = if dx.indication == "CLL" { &["72 h, CpG", "24 h"] } else { &["24 h", "48 h"] };
    Karyotype {
        cultures: kinds
            .iter()
            .map(|kind| MetaphaseCulture { kind: (*kind).to_owned(), harvested_at: None, mitotic_index_pct: None })
            .collect(),
        banding: Some(Banding::G),
        band_resolution: Some(50 * sample.dice.amount(7, 10)),
        counted: Some(20),
        analyzed: 20,
        karyotyped: Some(sample.dice.amount(5, 10)),
        iscn: Some(pattern.replace("{sx}", chromosomes)),
        iscn_edition: Some("2024".to_owned()),
        plain: None,
    }
}

type ProbeRow = (&'static str, ProbeKind, &'static str);

/// The probes of a FISH assay: name, design, loci.
fn probes(assay: &str, indication: &str) -> &'static [ProbeRow] {
    use ProbeKind::{BreakApart, DualFusion, Enumeration};
    match assay {
        "FISH-MDS" => &[
            ("del(5q)", Enumeration, "EGR1,D5S630"),
            ("del(7q)/-7", Enumeration, "D7S486,D7Z1"),
            ("+8", Enumeration, "D8Z2"),
            ("del(20q)", Enumeration, "D20S108"),
        ],
        "FISH-CLL" => &[
            ("del(11q) ATM", Enumeration, "ATM"),
            ("+12", Enumeration, "D12Z3"),
            ("del(13q)", Enumeration, "D13S319,LAMP1"),
            ("del(17p) TP53", Enumeration, "TP53,D17Z1"),
        ],
        "FISH-LYM" => &[
            ("IGH::BCL2", DualFusion, "BCL2,IGH"),
            ("BCL6 rearrangement", BreakApart, "BCL6"),
            ("MYC rearrangement", BreakApart, "MYC"),
        ],
        "FISH-MM" => &[
            ("1q gain", Enumeration, "CKS1B,CDKN2C"),
            ("IGH::CCND1", DualFusion, "CCND1,IGH"),
            ("IGH::FGFR3", DualFusion, "FGFR3,IGH"),
            ("del(17p) TP53", Enumeration, "TP53,D17Z1"),
        ],
        "FISH-RAPID" if matches!(indication, "ALL-NEW" | "CML-DX") => &[("BCR::ABL1", DualFusion, "ABL1,BCR")],
        "FISH-RAPID" => &[("PML::RARA", DualFusion, "PML,RARA")],
        _ => &[
            ("RUNX1::RUNX1T1", DualFusion, "RUNX1T1,RUNX1"),
            ("CBFB rearrangement", BreakApart, "CBFB"),
            ("KMT2A rearrangement", BreakApart, "KMT2A"),
            ("MECOM rearrangement", BreakApart, "MECOM"),
        ],
    }
}

fn fish(assay: &str, dx: &Dx, abnormal: bool, sample: &mut Sample<'_>) -> (bool, Details) {
    let rows = probes(assay, dx.indication);
    let scored = if assay == "FISH-MM" { 100 } else { 200 };
    let first = |loci: &str| loci.split(',').next().unwrap_or_default().to_owned();
    let hit = rows.iter().position(|(_, _, loci)| dx.nuc_ish.contains(&first(loci))).filter(|_| abnormal);
    let cells = part_of(sample.dice.real(dx.fish, 0), scored);
    let probes: Vec<Probe> = rows
        .iter()
        .enumerate()
        .map(|(i, (name, kind, loci))| Probe {
            name: (*name).to_owned(),
            kind: *kind,
            loci: Some((*loci).to_owned()),
            lot: None,
            scored,
            // A few nuclei overlap by chance.
            abnormal: if hit == Some(i) { cells } else { sample.dice.amount(0, scored / 50) },
            pattern: (hit == Some(i) && *kind == ProbeKind::DualFusion).then(|| "1R1G2F".to_owned()),
            percent: None,
            cutoff_pct: Some(5.0),
            outcome: None,
        })
        .collect();
    let nuc_ish = hit.map_or_else(
        || {
            let normal = rows.iter().map(|(_, _, loci)| {
                if loci.contains(',') { format!("({loci})x2[{scored}]") } else { format!("({loci}x2)[{scored}]") }
            });
            format!("nuc ish{}", normal.collect::<Vec<_>>().join(","))
        },
        |_| dx.nuc_ish.replace("{n}", &cells.to_string()),
    );
    let enrichment = Some(if assay == "FISH-MM" { Enrichment::Cd138 } else { Enrichment::None });
    let found = probes.iter().any(|p| f64::from(p.abnormal) / f64::from(p.scored) * 100.0 >= 5.0);
    (found, Details::Fish(Fish { probes, enrichment, readers: Some(2), nuc_ish: Some(nuc_ish) }))
}

/// A transcript with so many copies, of which the shape computes the rest.
fn transcript(target: &str, level: f64, factor: f64, control: u32, kind: Option<TranscriptType>) -> (bool, Details) {
    let copies = (level / factor / 100.0 * f64::from(control)).round();
    let found = level > 0.0;
    let transcript = Transcript {
        target: target.to_owned(),
        transcript: kind,
        target_copies: if found { Reading::exactly(copies.max(1.0)) } else { Reading::NOT_DETECTED },
        control_gene: ControlGene::Abl1,
        control_copies: f64::from(control),
        replicates: Some(2),
        ratio_pct: None,
        conversion_factor: (target == "BCR::ABL1").then_some(factor),
        is_pct: None,
        log_reduction: None,
        response: None,
    };
    (found, Details::Transcript(transcript))
}

fn bcr_abl(dx: &Dx, sample: &mut Sample<'_>) -> (bool, Details) {
    let control = sample.dice.amount(42_000, 240_000);
    let level = figures(sample.level.unwrap_or_else(|| sample.dice.real(dx.level, 4)));
    let kind = match level > 0.0 {
        true if control.is_multiple_of(3) => TranscriptType::E13a2,
        true => TranscriptType::E14a2,
        false => TranscriptType::None,
    };
    // The laboratory's conversion factor.
    transcript("BCR::ABL1", level, 0.82, control, Some(kind))
}

fn fusion(dx: &Dx, sample: &mut Sample<'_>) -> (bool, Details) {
    let control = sample.dice.amount(30_000, 160_000);
    let level = figures(sample.level.unwrap_or_else(|| sample.dice.real(dx.level, 3)));
    transcript(dx.target, level, 1.0, control, None)
}

fn gene(name: &str, found: bool) -> Gene {
    Gene {
        name: name.to_owned(),
        call: if found { Presence::Detected } else { Presence::NotDetected },
        hgvs_c: None,
        hgvs_p: None,
        vaf_pct: None,
        depth: None,
        lod_pct: None,
        itd_size_bp: None,
        allelic_ratio: None,
        variant: None,
    }
}

fn genes(genes: Vec<Gene>) -> (bool, Details) {
    let found = genes.iter().any(|g| g.call == Presence::Detected);
    (found, Details::Genes(Genes { genes, method: Some("Allele-specific PCR and fragment length".to_owned()) }))
}

fn flt3_npm1(dx: &Dx, sample: &mut Sample<'_>) -> Vec<Gene> {
    let mut itd = gene("FLT3 ITD", dx.itd);
    if dx.itd {
        itd.allelic_ratio = Some(sample.dice.real((0.2, 0.9), 2));
        itd.itd_size_bp = Some(3 * sample.dice.amount(7, 40));
    }
    vec![itd, gene("FLT3 TKD", false), gene("NPM1", dx.npm1)]
}

fn drivers(dx: &Dx, sample: &mut Sample<'_>) -> Vec<Gene> {
    let mut jak2 = gene("JAK2 V617F", dx.driver == "JAK2");
    jak2.lod_pct = Some(0.5);
    if dx.driver == "JAK2" {
        jak2.vaf_pct = Some(Reading::exactly(sample.dice.real(dx.vaf, 0)));
        return vec![jak2];
    }
    let mut calr = gene("CALR", dx.driver == "CALR");
    calr.variant = (dx.driver == "CALR").then(|| "type 1".to_owned());
    vec![jak2, calr, gene("MPL", false)]
}

/// The variants that a diagnosis lists: `NPM1 c.860_863dup p.(Trp288Cysfs*12) VAF 42 % (tier I); …`.
fn variants(listed: &str) -> Vec<Variant> {
    listed
        .split("; ")
        .filter_map(|text| {
            let (name, rest) = text.split_once(" VAF ")?;
            let mut words = name.split_whitespace();
            let (gene, coding) = (words.next()?.to_owned(), words.next()?.to_owned());
            let protein = words.next().map(str::to_owned);
            let vaf = rest.split_whitespace().next()?.parse().ok()?;
            let tier = if rest.contains("tier III") {
                3
            } else if rest.contains("tier II") {
                2
            } else {
                1
            };
            Some(Variant {
                gene,
                transcript: None,
                hgvs_c: coding,
                hgvs_p: protein,
                vaf_pct: Reading::exactly(vaf),
                depth: None,
                tier: Some(tier),
            })
        })
        .collect()
}

fn sequencing(dx: &Dx, abnormal: bool, sample: &mut Sample<'_>) -> (bool, Details) {
    let variants = if abnormal { variants(dx.variants) } else { Vec::new() };
    let ngs = Ngs {
        panel: "Myeloid 54 genes, version 3.2".to_owned(),
        lod_vaf_pct: 2.0,
        mean_depth: Some(sample.dice.amount(900, 2_600)),
        genes_failed: if sample.dice.chance(12) { vec!["CEBPA".to_owned()] } else { Vec::new() },
        not_detected: Vec::new(),
        variants,
    };
    (!ngs.variants.is_empty(), Details::Ngs(ngs))
}

fn clonality(abnormal: bool) -> Clonality {
    Clonality {
        ig: if abnormal { Rearranged::Clonal } else { Rearranged::Polyclonal },
        tr: Rearranged::Polyclonal,
        rearrangements: if abnormal { vec!["IGHV3-23/IGHJ4, 42 bp junction".to_owned()] } else { Vec::new() },
        method: Some("Fragment length".to_owned()),
    }
}

fn culture(dx: &Dx) -> (bool, Details) {
    let grown = !dx.organisms.is_empty();
    let organism = Organism { name: dx.organisms.to_owned(), susceptibility: None };
    let culture = Culture {
        growth: if grown { Growth::Growth } else { Growth::None },
        acid_fast: Some(if grown { AcidFast::Seen } else { AcidFast::NotSeen }),
        organisms: if grown { vec![organism] } else { Vec::new() },
        incubated_days: Some(if grown { 19 } else { 42 }),
    };
    (grown, Details::Culture(culture))
}

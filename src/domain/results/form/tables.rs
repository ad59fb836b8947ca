//! The tables: for each shape its fields in the order of reading. A test holds them against the shapes' own schemas.

use super::{Field, Input, Item, Rows, Section};
use crate::domain::results::{
    AcidFast, Banding, Cellularity, CloneType, Collagen, ControlGene, Decalcification, Denominator, Enrichment, Growth,
    Hemodilution, Lineage, Measured, Megakaryocytes, MolecularResponse, MrdApproach, MrdDisease, MrdStatus, Particles,
    PopulationKind, Presence, ProbeKind, ProbeOutcome, Rearranged, Reticulin, SmearQuality, StainResult, StorageIron,
    Tally, TranscriptType,
};

use Denominator as Of;
use Input::{Count, Line, Lines, Markers, Moment, Note, Number, Share, Words, YesNo};

/// The words of one of our vocabularies, in their declared order.
macro_rules! choice {
    ($words:ty) => {
        Input::Choice(|| <$words>::ALL.iter().map(|w| (w.name(), words(w.name()))).collect())
    };
}

/// A word as people read it.
fn words(word: &str) -> String {
    let own = match word {
        "laip" => "LAIP (phenotype at diagnosis)",
        "dfn" => "different from normal (DfN)",
        "laip_dfn" => "LAIP and DfN",
        "cd45_positive" => "CD45-positive events",
        "cd138" => "CD138-selected",
        "edta" => "EDTA",
        "t_clonal" => "T-cell clonal",
        "b_lymphoid" => "B lymphoid",
        "t_lymphoid" => "T lymphoid",
        "b_cells" => "B cells",
        "t_cells" => "T cells",
        "nk_cells" => "NK cells",
        "gross" => "fresh, at the bench",
        "slide" => "on the slide",
        "negative_insufficient_sensitivity" => "negative, but not sensitive enough",
        "below_cutoff" => "below the cut-off",
        _ => "",
    };
    if own.is_empty() { word.replace('_', " ") } else { own.to_owned() }
}

const fn field(name: &'static str, label: &'static str, input: Input) -> Field {
    Field { name, label, hint: "", input, needed: false }
}

const fn needed(name: &'static str, label: &'static str, input: Input) -> Field {
    Field { name, label, hint: "", input, needed: true }
}

impl Field {
    const fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    const fn alone(self) -> Item {
        Item::Field(self)
    }
}

const READING: &str = "0.05, <0.001, >90, ~5, 1e-5 or ND";
const COMPUTED: &str = "Computed when left empty";
const CELLS: &[Denominator] = &[
    Of::AllEvents,
    Of::Cd45Positive,
    Of::Leukocytes,
    Of::MononuclearCells,
    Of::Lymphocytes,
    Of::Blasts,
    Of::PlasmaCells,
];
const TISSUE: &[Denominator] = &[Of::NucleatedCells, Of::MarrowSpace, Of::PlasmaCells, Of::Blasts, Of::Lymphocytes];

pub(super) const FLOW: &[Item] = &[
    needed("panel", "Panel and its version", Line).alone(),
    field("tubes", "Tubes", Count("")).alone(),
    field("viability_pct", "Viability", Number("%")).alone(),
    needed("events", "Events acquired", Count("")).alone(),
    field("cd45_events", "Events with CD45", Count("")).alone(),
    Item::Rows(Rows {
        name: "populations",
        label: "Populations",
        one: "Population",
        shown: 3,
        most: 50,
        needed: false,
        fields: &[
            needed("name", "Name", Line),
            needed("kind", "Kind", choice!(PopulationKind)),
            field("abnormal", "Abnormal", YesNo),
            needed("share", "Share", Share(CELLS)).hint(READING),
            field("events", "Events", Count("")),
            field("phenotype", "Phenotype", Markers).hint("CD34+ CD117 dim CD7- CD56 partial 40 %"),
        ],
    }),
    Item::Section(Section {
        name: "mrd",
        label: "Residual disease",
        hint: "Only when residual disease was looked for. The limits follow from the events: 20 for detection, 50 for \
               quantification.",
        fields: &[
            needed("disease", "Disease", choice!(MrdDisease)),
            needed("approach", "Approach", choice!(MrdApproach)),
            needed("abnormal_events", "Abnormal events", Count("")),
            needed("eligible_events", "Eligible events", Count("")).hint("The denominator"),
            needed("of", "Eligible are", choice!(Denominator)),
            field("percent", "Residual disease", Input::Reading("%")).hint(COMPUTED),
            field("lod_pct", "Limit of detection", Number("%")).hint(COMPUTED),
            field("lloq_pct", "Limit of quantification", Number("%")).hint(COMPUTED),
            field("status", "Status", choice!(MrdStatus)).hint(COMPUTED),
            field("pull", "Pull", Count("")).hint("From the part when left empty"),
            field("age_h", "Age at set-up", Number("h")).hint("From the part when left empty"),
            field("time_point", "Time point", Line).hint("After induction, day 29 …"),
        ],
    }),
    field("lineage", "Lineage of the blasts", choice!(Lineage)).alone(),
    field("clonality", "Clonality", choice!(CloneType)).alone(),
    field("kappa_lambda_ratio", "Kappa to lambda", Number("")).alone(),
    field("hemodilution", "Hemodilution", choice!(Hemodilution)).alone(),
    field("gating", "Gating", Line).alone(),
    field("correlation", "Correlation with morphology", Note).alone(),
];

pub(super) const FISH: &[Item] = &[
    Item::Rows(Rows {
        name: "probes",
        label: "Probes",
        one: "Probe",
        shown: 4,
        most: 40,
        needed: true,
        fields: &[
            needed("name", "Looks for", Line).hint("PML::RARA, del(5q) …"),
            needed("kind", "Design", choice!(ProbeKind)),
            needed("scored", "Nuclei scored", Count("")),
            needed("abnormal", "Abnormal nuclei", Count("")),
            field("cutoff_pct", "Cut-off", Number("%")).hint("From here on called abnormal"),
            field("percent", "Abnormal", Number("%")).hint(COMPUTED),
            field("outcome", "Outcome", choice!(ProbeOutcome)).hint(COMPUTED),
            field("pattern", "Abnormal pattern", Line).hint("1R1G2F"),
            field("loci", "Loci", Line).hint("EGR1,D5S630"),
            field("lot", "Maker and lot", Line),
        ],
    }),
    field("enrichment", "Enrichment", choice!(Enrichment)).alone(),
    field("readers", "Readers", Count("")).alone(),
    field("nuc_ish", "ISCN (nuc ish)", Note).hint("Kept as typed").alone(),
];

pub(super) const KARYOTYPE: &[Item] = &[
    field("iscn", "Karyotype (ISCN)", Note).hint("Kept as typed, and shown back in plain English").alone(),
    field("counted", "Metaphases counted", Count("")).alone(),
    needed("analyzed", "Metaphases analyzed", Count("")).alone(),
    field("karyotyped", "Metaphases karyotyped", Count("")).alone(),
    field("banding", "Banding", choice!(Banding)).alone(),
    field("band_resolution", "Resolution", Count("bands")).alone(),
    field("iscn_edition", "ISCN edition", Line).hint("2024").alone(),
    Item::Rows(Rows {
        name: "cultures",
        label: "Cultures",
        one: "Culture",
        shown: 2,
        most: 20,
        needed: false,
        fields: &[
            needed("kind", "Type", Line).hint("24 h, unstimulated"),
            field("harvested_at", "Harvested", Moment).hint("2026-03-26 09:40"),
            field("mitotic_index_pct", "Mitotic index", Number("%")),
        ],
    }),
];

pub(super) const TRANSCRIPT: &[Item] = &[
    needed("target", "Target", Line).hint("BCR::ABL1, PML::RARA, NPM1 …").alone(),
    field("transcript", "Transcript", choice!(TranscriptType)).alone(),
    needed("target_copies", "Target copies", Input::Reading("copies")).hint("A number, or ND for not detected").alone(),
    needed("control_gene", "Control gene", choice!(ControlGene)).alone(),
    needed("control_copies", "Control copies", Number("copies")).alone(),
    field("replicates", "Replicates", Count("")).alone(),
    field("conversion_factor", "Conversion factor", Number("")).hint("To the international scale").alone(),
    field("ratio_pct", "Ratio to control gene", Input::Reading("%")).hint(COMPUTED).alone(),
    field("is_pct", "International scale", Input::Reading("% IS")).hint(COMPUTED).alone(),
    field("log_reduction", "Log reduction", Number("")).hint(COMPUTED).alone(),
    field("response", "Molecular response", choice!(MolecularResponse)).hint(COMPUTED).alone(),
];

pub(super) const GENES: &[Item] = &[
    Item::Rows(Rows {
        name: "genes",
        label: "Genes",
        one: "Gene",
        shown: 3,
        most: 50,
        needed: true,
        fields: &[
            needed("name", "Gene or alteration", Line).hint("JAK2 V617F, FLT3-ITD …"),
            needed("call", "Call", choice!(Presence)),
            field("vaf_pct", "Allele fraction", Input::Reading("%")).hint(READING),
            field("lod_pct", "Limit of detection", Number("%")),
            field("hgvs_c", "Coding (HGVS)", Line).hint("c.1849G>T"),
            field("hgvs_p", "Protein (HGVS)", Line).hint("p.(Val617Phe)"),
            field("variant", "Kind of variant", Line).hint("type 1"),
            field("itd_size_bp", "ITD length", Count("bp")),
            field("allelic_ratio", "ITD allelic ratio", Number("")),
            field("depth", "Depth", Count("")),
        ],
    }),
    field("method", "Method", Line).alone(),
];

pub(super) const NGS: &[Item] = &[
    needed("panel", "Panel and its version", Line).alone(),
    needed("lod_vaf_pct", "Limit of detection", Number("% of reads")).alone(),
    field("mean_depth", "Mean depth", Count("")).alone(),
    Item::Rows(Rows {
        name: "variants",
        label: "Variants",
        one: "Variant",
        shown: 3,
        most: 60,
        needed: false,
        fields: &[
            needed("gene", "Gene", Line),
            needed("hgvs_c", "Coding (HGVS)", Line).hint("c.1849G>T"),
            field("hgvs_p", "Protein (HGVS)", Line).hint("p.(Val617Phe)"),
            needed("vaf_pct", "Allele fraction", Input::Reading("%")).hint(READING),
            field("depth", "Depth", Count("")),
            field("tier", "Tier", Count("")).hint("1 to 4"),
            field("transcript", "Transcript", Line).hint("NM_004972.4"),
        ],
    }),
    field("not_detected", "Nothing found in", Words).hint("Genes to be named: ASXL1, TP53").alone(),
    field("genes_failed", "Not enough coverage in", Words).hint("Genes: CEBPA, SRSF2").alone(),
];

pub(super) const CLONALITY: &[Item] = &[
    needed("ig", "Immunoglobulin genes", choice!(Rearranged)).alone(),
    needed("tr", "T-cell receptor genes", choice!(Rearranged)).alone(),
    field("rearrangements", "Rearrangements", Lines).hint("One to a line").alone(),
    field("method", "Method", Line).alone(),
];

pub(super) const MORPHOLOGY: &[Item] = &[
    needed("smear_quality", "Smear", choice!(SmearQuality)).alone(),
    field("particles", "Particles", choice!(Particles)).alone(),
    field("cellularity", "Cellularity", choice!(Cellularity)).alone(),
    field("hemodilution", "Hemodilution", choice!(Hemodilution)).alone(),
    Item::Section(Section {
        name: "differential",
        label: "Differential",
        hint: "Nucleated cells without megakaryocytes. Empty is zero.",
        fields: &[
            needed("tally", "Numbers are", choice!(Tally)),
            field("counted", "Cells counted", Count("")).hint("Their sum, if the numbers are cells"),
            field("blasts", "Blasts", Number("")),
            field("promyelocytes", "Promyelocytes", Number("")),
            field("myelocytes", "Myelocytes", Number("")),
            field("metamyelocytes", "Metamyelocytes", Number("")),
            field("bands", "Band forms", Number("")),
            field("neutrophils", "Neutrophils", Number("")),
            field("eosinophils", "Eosinophils", Number("")),
            field("basophils", "Basophils", Number("")),
            field("monocytes", "Monocytes", Number("")),
            field("erythroid", "Erythroid precursors", Number("")),
            field("lymphocytes", "Lymphocytes", Number("")),
            field("plasma_cells", "Plasma cells", Number("")),
            field("other", "Other cells", Number("")),
        ],
    }),
    field("me_ratio", "Myeloid to erythroid", Number(": 1")).hint(COMPUTED).alone(),
    field("blasts_in_me", "Blasts count as myeloid in this ratio", YesNo).alone(),
    field("megakaryocytes", "Megakaryocytes", choice!(Megakaryocytes)).alone(),
    Item::Section(Section {
        name: "dysplasia",
        label: "Dysplasia",
        hint: "",
        fields: &[
            field("erythroid_pct", "Erythroid", Number("%")),
            field("granulocytic_pct", "Granulocytic", Number("%")),
            field("megakaryocytic_pct", "Megakaryocytic", Number("%")),
        ],
    }),
    field("description", "Description", Note).alone(),
];

pub(super) const IRON: &[Item] = &[
    needed("storage_iron", "Storage iron", choice!(StorageIron)).alone(),
    field("ring_sideroblasts_pct", "Ring sideroblasts", Number("% of erythroid precursors")).alone(),
    field("precursors_counted", "Precursors counted", Count("")).alone(),
];

pub(super) const HISTOLOGY: &[Item] = &[
    field("core_length_mm", "Length of the core", Number("mm")).alone(),
    field("measured", "Measured", choice!(Measured)).alone(),
    field("pieces", "Pieces", Count("")).alone(),
    field("evaluable_mm", "Evaluable length", Number("mm")).alone(),
    field("intertrabecular_areas", "Intertrabecular areas", Count("")).alone(),
    field("particles", "Particles (clot section)", choice!(Particles)).alone(),
    field("cellularity_pct", "Cellularity", Number("%")).alone(),
    field("expected_cellularity_pct", "Expected at that age", Number("%")).alone(),
    field("architecture", "Architecture", Note).alone(),
    field("blasts", "Blasts", Share(TISSUE)).hint(READING).alone(),
    field("plasma_cells", "Plasma cells", Share(TISSUE)).hint(READING).alone(),
    field("reticulin", "Reticulin", choice!(Reticulin)).alone(),
    field("collagen", "Collagen", choice!(Collagen)).alone(),
    Item::Rows(Rows {
        name: "stains",
        label: "Stains",
        one: "Stain",
        shown: 3,
        most: 60,
        needed: false,
        fields: &[
            needed("marker", "Marker", Line).hint("CD138, CD34, Congo red …"),
            needed("result", "Result", choice!(StainResult)),
            field("share", "Share", Share(TISSUE)).hint(READING),
            field("note", "In words", Line),
        ],
    }),
    field("fixative", "Fixative", Line).alone(),
    field("decalcification", "Decalcification", choice!(Decalcification)).alone(),
    field("description", "Description", Note).alone(),
];

pub(super) const CULTURE: &[Item] = &[
    needed("growth", "Growth", choice!(Growth)).alone(),
    field("acid_fast", "Acid-fast stain", choice!(AcidFast)).alone(),
    Item::Rows(Rows {
        name: "organisms",
        label: "Organisms",
        one: "Organism",
        shown: 1,
        most: 20,
        needed: false,
        fields: &[needed("name", "Name", Line), field("susceptibility", "Susceptibility", Note)],
    }),
    field("incubated_days", "Incubated so far", Count("days")).alone(),
];

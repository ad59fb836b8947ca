//! A transcript quantified by RT-qPCR, on the international scale where there is one (`reference/domain.md` §5.4).

use serde::{Deserialize, Serialize};

use super::{
    Bench, Fields, Line, Reading, Shape, grouped, line, number, opt_line, plain, rounded, says, significant, text,
    value,
};
use crate::domain::{Interpretation, ResultValue};
use crate::text_enum;

text_enum! {
    /// Which `BCR::ABL1` transcript.
    pub enum TranscriptType {
        /// b2a2, p210.
        E13a2 = "e13a2",
        /// b3a2, p210.
        E14a2 = "e14a2",
        /// Both p210 transcripts.
        Both = "e13a2+e14a2",
        /// p190: no international scale.
        E1a2 = "e1a2",
        /// p230: no international scale.
        E19a2 = "e19a2",
        /// Another one.
        Other = "other",
        /// None found.
        None = "none",
    }
}

impl TranscriptType {
    /// Whether the international scale is defined for it: p210 only.
    pub const fn has_scale(self) -> bool {
        match self {
            Self::E13a2 | Self::E14a2 | Self::Both | Self::None => true,
            Self::E1a2 | Self::E19a2 | Self::Other => false,
        }
    }
}

text_enum! {
    /// The gene whose copies say how much could have been found.
    pub enum ControlGene {
        /// ABL1.
        Abl1 = "ABL1",
        /// GUSB.
        Gusb = "GUSB",
        /// BCR.
        Bcr = "BCR",
    }
}

impl ControlGene {
    /// Copies needed for an undetectable transcript to count as MR4, MR4.5 and MR5 ([PH-IS] after [CROSS15]; GUSB is
    /// unsourced in `reference/domain.md`, and for BCR nothing is known there).
    const fn needed(self) -> Option<[f64; 3]> {
        match self {
            Self::Abl1 => Some([10_000.0, 32_000.0, 100_000.0]),
            Self::Gusb => Some([24_000.0, 77_000.0, 240_000.0]),
            Self::Bcr => None,
        }
    }

    /// Copies below which the sample cannot be assessed.
    const fn least(self) -> Option<f64> {
        match self {
            Self::Abl1 => Some(10_000.0),
            Self::Gusb => Some(24_000.0),
            Self::Bcr => None,
        }
    }
}

text_enum! {
    /// The class of molecular response in chronic myeloid leukemia.
    pub enum MolecularResponse {
        /// More than 1 % IS.
        None = "none",
        /// At most 1 % IS.
        Mr2 = "MR2",
        /// At most 0.1 % IS: the major response.
        Mmr = "MMR",
        /// At most 0.01 % IS, or undetectable with enough control copies.
        Mr4 = "MR4",
        /// At most 0.0032 % IS, or undetectable with enough control copies.
        Mr45 = "MR4.5",
        /// At most 0.001 % IS, or undetectable with enough control copies.
        Mr5 = "MR5",
        /// Too few control copies to say.
        Inadequate = "inadequate",
    }
}

impl MolecularResponse {
    /// The class of a detectable transcript at this level, % IS [PH-IS].
    pub fn detectable(is_pct: f64) -> Self {
        match is_pct {
            p if p <= 0.001 => Self::Mr5,
            p if p <= 0.0032 => Self::Mr45,
            p if p <= 0.01 => Self::Mr4,
            p if p <= 0.1 => Self::Mmr,
            p if p <= 1.0 => Self::Mr2,
            _ => Self::None,
        }
    }

    /// The class of an undetectable transcript with so many control copies. `None`: nothing is known for that gene.
    pub fn undetectable(gene: ControlGene, control_copies: f64) -> Option<Self> {
        let [mr4, mr45, mr5] = gene.needed()?;
        Some(match control_copies {
            c if c >= mr5 => Self::Mr5,
            c if c >= mr45 => Self::Mr45,
            c if c >= mr4 => Self::Mr4,
            _ => Self::Inadequate,
        })
    }

    /// How deep, for comparing.
    const fn depth(self) -> u8 {
        match self {
            Self::Inadequate | Self::None => 0,
            Self::Mr2 => 1,
            Self::Mmr => 2,
            Self::Mr4 => 3,
            Self::Mr45 => 4,
            Self::Mr5 => 5,
        }
    }
}

/// A quantified transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transcript {
    /// What is quantified: `BCR::ABL1`, `PML::RARA`, `NPM1` …
    pub target: String,
    /// Which transcript of it.
    #[serde(default)]
    pub transcript: Option<TranscriptType>,
    /// Copies of the target; `ND` when none.
    pub target_copies: Reading,
    /// The control gene.
    pub control_gene: ControlGene,
    /// Copies of the control gene.
    pub control_copies: f64,
    /// How often it was measured.
    #[serde(default)]
    pub replicates: Option<u8>,
    /// Target among control copies, %; computed when left out.
    #[serde(default)]
    pub ratio_pct: Option<Reading>,
    /// The laboratory's factor to the international scale.
    #[serde(default)]
    pub conversion_factor: Option<f64>,
    /// On the international scale, %; computed when left out and a factor is given. Only for p210 `BCR::ABL1`.
    #[serde(default)]
    pub is_pct: Option<Reading>,
    /// Powers of ten below the standard baseline of 100 % IS; computed when left out.
    #[serde(default)]
    pub log_reduction: Option<f64>,
    /// The class of response; computed when left out. A class that the control copies cannot support is refused.
    #[serde(default)]
    pub response: Option<MolecularResponse>,
}

impl Transcript {
    fn has_scale(&self) -> bool {
        self.target == "BCR::ABL1" && self.transcript.is_none_or(TranscriptType::has_scale)
    }

    /// The class that follows from level and control copies.
    pub fn computed_response(&self) -> Option<MolecularResponse> {
        if !self.has_scale() {
            return None;
        }
        if self.target_copies.is_not_detected() {
            return MolecularResponse::undetectable(self.control_gene, self.control_copies);
        }
        if self.control_gene.least().is_some_and(|least| self.control_copies < least) {
            return Some(MolecularResponse::Inadequate);
        }
        self.is_pct.and_then(|r| r.value).map(MolecularResponse::detectable)
    }

    fn ratio(&mut self, fields: &mut Fields<'_>) {
        let computed = match self.target_copies.value {
            Some(copies) if !self.target_copies.is_not_detected() && self.control_copies > 0.0 => Some(Reading {
                value: Some(significant(copies / self.control_copies * 100.0)),
                qualifier: self.target_copies.qualifier,
            }),
            _ if self.target_copies.is_not_detected() => Some(Reading::NOT_DETECTED),
            Some(_) | None => None,
        };
        same(fields, "ratio_pct", &mut self.ratio_pct, computed, "target ÷ control copies in percent");
        let on_scale = match (self.ratio_pct, self.conversion_factor) {
            (Some(r), _) if r.is_not_detected() => Some(Reading::NOT_DETECTED),
            (Some(Reading { value: Some(ratio), qualifier }), Some(factor)) => {
                Some(Reading { value: Some(significant(ratio * factor)), qualifier })
            }
            (Some(_) | None, _) => None,
        };
        if self.has_scale() {
            same(fields, "is_pct", &mut self.is_pct, on_scale, "ratio × conversion factor");
        } else if self.is_pct.is_some() {
            fields.fail("is_pct", "no_scale", "the international scale exists for p210 BCR::ABL1 only; give the ratio");
        }
    }
}

/// A stated reading is kept if it agrees with what was computed (5 %), and filled in when left out.
fn same(fields: &mut Fields<'_>, field: &str, stated: &mut Option<Reading>, computed: Option<Reading>, what: &str) {
    match (*stated, computed) {
        (None, Some(computed)) => *stated = Some(computed),
        (Some(a), Some(b)) if a.is_not_detected() != b.is_not_detected() => {
            fields.fail(
                field,
                "disagrees",
                format!("{what} is {}, not {}; correct one of them", b.words("%"), a.words("%")),
            );
        }
        (Some(Reading { value: Some(a), .. }), Some(Reading { value: Some(b), .. }))
            if (a - b).abs() > b.abs() * 0.05 =>
        {
            fields.fail(
                field,
                "disagrees",
                format!("{what} is {} %, not {} %; correct one of them", plain(b), plain(a)),
            );
        }
        (Some(_), _) | (None, None) => {}
    }
}

impl Shape for Transcript {
    fn complete(&mut self, bench: &Bench<'_>, fields: &mut Fields<'_>) {
        fields.line("target", &mut self.target);
        fields.reading("target_copies", self.target_copies, 0.0, 1e9, "copies");
        fields.within("control_copies", self.control_copies, 0.0, 1e9, "copies");
        if self.control_copies <= 0.0 {
            fields.fail(
                "control_copies",
                "out_of_range",
                "without control copies nothing can be said: fail the attempt instead",
            );
            return;
        }
        if let Some(factor) = self.conversion_factor {
            fields.within("conversion_factor", factor, 0.01, 100.0, "");
        }
        // No copies are not detected, however it is typed.
        if self.target_copies.value == Some(0.0) {
            self.target_copies = Reading::NOT_DETECTED;
        }
        self.ratio(fields);
        if let Some(is) = self.is_pct.and_then(Reading::measured).filter(|p| *p > 0.0) {
            let computed = self.has_scale().then(|| rounded(2.0 - is.log10(), 1));
            fields.agree("log_reduction", &mut self.log_reduction, computed, 0.15, "the log reduction from 100 % IS");
        }
        if let Some(reduction) = self.log_reduction {
            fields.within("log_reduction", reduction, -3.0, 10.0, "");
        }
        let computed = self.computed_response();
        match (self.response, computed) {
            (None, computed) => self.response = computed,
            (Some(stated), Some(computed)) if stated.depth() > computed.depth() => fields.fail(
                "response",
                "not_supported",
                format!(
                    "{} copies of {} support {}, not {stated}",
                    plain(self.control_copies),
                    self.control_gene,
                    if computed == MolecularResponse::Inadequate {
                        "no class (inadequate)".to_owned()
                    } else {
                        computed.to_string()
                    },
                ),
            ),
            (Some(stated), Some(computed)) if stated != computed => {
                fields.remark("response", "another_class", format!("By its level this is {computed}."));
            }
            (Some(_), Some(_)) => {}
            (Some(_), None) => {
                fields.fail("response", "no_scale", "there is no class of response for this target and control gene")
            }
        }
        if self.control_gene.least().is_some_and(|least| self.control_copies < least) {
            let text = format!(
                "Fewer than {} copies of {}: the sample is inadequate to exclude the transcript.",
                plain(self.control_gene.least().unwrap_or_default()),
                self.control_gene
            );
            fields.remark("control_copies", "few_control_copies", text);
            if bench.interpretation == Interpretation::Normal {
                fields.fail(
                    "control_copies",
                    "contradicts",
                    "with so few control copies “not detected” cannot be said; enter it as inadequate",
                );
            }
        }
        let detected = !self.target_copies.is_not_detected();
        if detected && bench.interpretation == Interpretation::Normal {
            fields.fail("target_copies", "contradicts", "copies were found; the result cannot say not detected");
        }
        if !detected && bench.interpretation == Interpretation::Abnormal {
            fields.fail("target_copies", "contradicts", "no copies were found; the result cannot say detected");
        }
    }

    fn values(&self) -> Vec<ResultValue> {
        let reading = |key: &str, r: Reading, unit: Option<&str>| ResultValue {
            number: r.value,
            qualifier: r.qualifier,
            unit: unit.map(str::to_owned),
            ..value(key)
        };
        let mut out = vec![text("target", self.target.clone())];
        out.extend(self.transcript.map(|t| text("transcript", t.name())));
        out.extend(self.is_pct.map(|r| reading("is_pct", r, Some("%"))));
        out.extend(self.ratio_pct.map(|r| reading("ratio_pct", r, Some("%"))));
        out.push(reading("target_copies", self.target_copies, None));
        out.push(number("control_copies", self.control_copies, None));
        out.push(text("control_gene", self.control_gene.name()));
        out.extend(self.log_reduction.map(|x| number("log_reduction", x, None)));
        out.extend(self.response.map(|r| text("molecular_response", r.name())));
        out
    }

    fn lines(&self) -> Vec<Line> {
        let mut out = vec![line("Target", self.target.clone())];
        opt_line(&mut out, "Transcript", self.transcript, |t| t.name().to_owned());
        opt_line(&mut out, "International scale", self.is_pct, |r| r.words("% IS"));
        opt_line(&mut out, "Ratio to control gene", self.ratio_pct, |r| r.words("%"));
        out.push(line("Target copies", self.target_copies.words("")));
        out.push(line("Control gene", format!("{}, {} copies", self.control_gene, copies(self.control_copies))));
        opt_line(&mut out, "Log reduction", self.log_reduction, plain);
        opt_line(&mut out, "Molecular response", self.response, |r| r.name().to_owned());
        opt_line(&mut out, "Conversion factor", self.conversion_factor, plain);
        opt_line(&mut out, "Replicates", self.replicates, |n| n.to_string());
        out
    }

    fn headline(&self, interpretation: Interpretation) -> String {
        let response = self.response.filter(|r| r.depth() > 0).map_or_else(String::new, |r| format!(", {r}"));
        match (self.is_pct, self.ratio_pct) {
            (Some(is), _) if !is.is_not_detected() => format!("{} {}{response}.", self.target, is.words("% IS")),
            (_, Some(ratio)) if !ratio.is_not_detected() => {
                format!("{} {} of {}.", self.target, ratio.words("%"), self.control_gene)
            }
            _ if self.target_copies.is_not_detected() => format!(
                "{} not detected with {} copies of {}{response}.",
                self.target,
                copies(self.control_copies),
                self.control_gene
            ),
            _ => format!("{}: {}.", self.target, says(interpretation).to_lowercase()),
        }
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // bounded by `within`, and never negative
fn copies(n: f64) -> String {
    if (1_000.0..=1e12).contains(&n) { grouped(n.round() as u64) } else { plain(n) }
}

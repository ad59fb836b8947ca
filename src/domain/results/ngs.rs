//! A sequencing panel: variants with allele fraction and depth, and what could not be looked at
//! (`reference/domain.md` §5.4).

use serde::{Deserialize, Serialize};

use super::genes::{allele_fraction, hgvs};
use super::{
    Bench, Denominator, Fields, LINE_MAX, Line, Reading, Shape, Share, count, line, listed, number, opt_line, plain,
    says, share, text,
};
use crate::domain::{Interpretation, ResultValue};

/// One variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// The gene.
    pub gene: String,
    /// Its transcript, such as `NM_004972.4`.
    #[serde(default)]
    pub transcript: Option<String>,
    /// Coding description (HGVS).
    pub hgvs_c: String,
    /// Protein description (HGVS).
    #[serde(default)]
    pub hgvs_p: Option<String>,
    /// Variant among all reads, %.
    pub vaf_pct: Reading,
    /// Reads at that place.
    #[serde(default)]
    pub depth: Option<u32>,
    /// Tier of clinical significance, 1 to 4.
    #[serde(default)]
    pub tier: Option<u8>,
}

/// A sequencing result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ngs {
    /// The panel and its version.
    pub panel: String,
    /// The least allele fraction that the panel finds, %.
    pub lod_vaf_pct: f64,
    /// Mean depth.
    #[serde(default)]
    pub mean_depth: Option<u32>,
    /// The variants.
    #[serde(default)]
    pub variants: Vec<Variant>,
    /// Genes without enough coverage to exclude a variant.
    #[serde(default)]
    pub genes_failed: Vec<String>,
    /// Genes in which nothing was found and that should be named.
    #[serde(default)]
    pub not_detected: Vec<String>,
}

impl Variant {
    fn name(&self) -> String {
        let protein = self.hgvs_p.as_ref().map_or_else(String::new, |p| format!(" {p}"));
        format!("{} {}{protein}", self.gene, self.hgvs_c)
    }

    fn words(&self) -> String {
        let mut out = vec![self.hgvs_c.clone()];
        out.extend(self.hgvs_p.clone());
        out.push(format!("{} of reads", self.vaf_pct.words("%")));
        out.extend(self.depth.map(|d| format!("depth {d}")));
        out.extend(self.tier.map(|t| format!("tier {t}")));
        out.extend(self.transcript.clone());
        out.join(", ")
    }
}

impl Shape for Ngs {
    fn complete(&mut self, bench: &Bench<'_>, fields: &mut Fields<'_>) {
        fields.line("panel", &mut self.panel);
        fields.percent("lod_vaf_pct", Some(self.lod_vaf_pct));
        fields.at_most("variants", self.variants.len(), 60);
        fields.at_most("genes_failed", self.genes_failed.len(), 600);
        fields.at_most("not_detected", self.not_detected.len(), 600);
        for (i, v) in self.variants.iter_mut().enumerate() {
            let at = format!("variants/{i}");
            fields.line(&format!("{at}/gene"), &mut v.gene);
            fields.opt_line(&format!("{at}/transcript"), &mut v.transcript);
            let mut coding = Some(std::mem::take(&mut v.hgvs_c));
            hgvs(&format!("{at}/hgvs_c"), &mut coding, fields);
            match coding {
                Some(coding) => v.hgvs_c = coding,
                None => fields.fail(&format!("{at}/hgvs_c"), "missing", "the variant's name, such as c.1849G>T"),
            }
            hgvs(&format!("{at}/hgvs_p"), &mut v.hgvs_p, fields);
            allele_fraction(&format!("{at}/vaf_pct"), v.vaf_pct, Some(self.lod_vaf_pct), fields);
            if v.tier.is_some_and(|t| !(1..=4).contains(&t)) {
                fields.fail(&format!("{at}/tier"), "out_of_range", "1 to 4");
            }
        }
        for (field, genes) in [("genes_failed", &mut self.genes_failed), ("not_detected", &mut self.not_detected)] {
            for (i, gene) in genes.iter_mut().enumerate() {
                fields.line(&format!("{field}/{i}"), gene);
            }
        }
        for (i, v) in self.variants.iter().enumerate() {
            if self.not_detected.iter().any(|g| g.eq_ignore_ascii_case(&v.gene)) {
                fields.fail(
                    &format!("variants/{i}/gene"),
                    "contradicts",
                    format!("{} is also named under not detected", v.gene),
                );
            }
        }
        if !self.genes_failed.is_empty() {
            fields.remark(
                "genes_failed",
                "incomplete_coverage",
                format!("Not enough coverage to exclude a variant in {}.", self.genes_failed.join(", ")),
            );
        }
        if self.variants.is_empty() && bench.interpretation == Interpretation::Abnormal {
            fields.fail("variants", "contradicts", "no variant is named; the result cannot say detected");
        }
        // Variants of unknown or no significance (tiers 3 and 4) do not make a result abnormal.
        let relevant = self.variants.iter().any(|v| v.tier.is_none_or(|t| t <= 2));
        if relevant && bench.interpretation == Interpretation::Normal {
            fields.fail(
                "variants",
                "contradicts",
                "a variant of tier 1 or 2, or without a tier, is named; the result cannot say not detected",
            );
        }
    }

    fn values(&self) -> Vec<ResultValue> {
        let names: Vec<String> =
            self.variants.iter().map(|v| format!("{} {}", v.name(), v.vaf_pct.words("%"))).collect();
        let listed = if names.is_empty() { "No variant".to_owned() } else { names.join("; ") };
        let mut out = vec![text("variants", listed), text("panel", self.panel.clone())];
        out.push(number("lod_vaf_pct", self.lod_vaf_pct, Some("%")));
        for v in &self.variants {
            let found = share("vaf_pct", &Share { percent: v.vaf_pct, of: Denominator::Reads });
            out.push(ResultValue { text: Some(v.name()), ..found });
        }
        let highest = self.variants.iter().filter_map(|v| v.vaf_pct.measured()).max_by(f64::total_cmp);
        out.extend(highest.map(|x| number("highest_vaf_pct", x, Some("%"))));
        out.extend(self.mean_depth.map(|d| count("mean_depth", d.into())));
        if !self.genes_failed.is_empty() {
            out.push(text("genes_failed", self.genes_failed.join(", ")));
        }
        out
    }

    fn lines(&self) -> Vec<Line> {
        let mut out: Vec<Line> = self.variants.iter().map(|v| line(v.gene.clone(), v.words())).collect();
        if out.is_empty() {
            out.push(line("Variants", "none found"));
        }
        if !self.not_detected.is_empty() {
            out.push(line("Not detected", self.not_detected.join(", ")));
        }
        if !self.genes_failed.is_empty() {
            out.push(line("Not enough coverage", self.genes_failed.join(", ")));
        }
        out.push(line("Panel", self.panel.clone()));
        out.push(line("Sensitivity", format!("{} % of reads", plain(self.lod_vaf_pct))));
        opt_line(&mut out, "Mean depth", self.mean_depth, |d| d.to_string());
        out
    }

    fn headline(&self, interpretation: Interpretation) -> String {
        let names: Vec<String> =
            self.variants.iter().map(|v| format!("{} {}", v.name(), v.vaf_pct.words("%"))).collect();
        if names.is_empty() {
            return format!("{}: no variant at {} %.", says(interpretation), plain(self.lod_vaf_pct));
        }
        format!("{}.", listed(&names, "; ", LINE_MAX - 1))
    }
}

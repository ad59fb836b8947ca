//! Single genes by whatever method: allele-specific PCR, fragment length, Sanger (`reference/domain.md` §5.4).

use serde::{Deserialize, Serialize};

use super::{
    Bench, Denominator, Fields, LINE_MAX, Line, Presence, Reading, Shape, Share, count, line, listed, looks_like_hgvs,
    number, opt_line, plain, says, share, text,
};
use crate::domain::{Interpretation, ResultValue};

/// One gene or one alteration of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Gene {
    /// What was looked for, such as `JAK2 V617F` or `FLT3-ITD`.
    pub name: String,
    /// Whether it was found.
    pub call: Presence,
    /// Coding description (HGVS).
    #[serde(default)]
    pub hgvs_c: Option<String>,
    /// Protein description (HGVS).
    #[serde(default)]
    pub hgvs_p: Option<String>,
    /// Mutant among all alleles, %.
    #[serde(default)]
    pub vaf_pct: Option<Reading>,
    /// Reads or copies at that place.
    #[serde(default)]
    pub depth: Option<u32>,
    /// The least that this run could find, %.
    #[serde(default)]
    pub lod_pct: Option<f64>,
    /// Length of an internal tandem duplication, base pairs.
    #[serde(default)]
    pub itd_size_bp: Option<u32>,
    /// Mutant to wild-type signal of an internal tandem duplication.
    #[serde(default)]
    pub allelic_ratio: Option<f64>,
    /// Which kind, such as `type 1`.
    #[serde(default)]
    pub variant: Option<String>,
}

/// Single genes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Genes {
    /// The genes.
    pub genes: Vec<Gene>,
    /// How they were looked at.
    #[serde(default)]
    pub method: Option<String>,
}

impl Gene {
    fn complete(&mut self, at: &str, fields: &mut Fields<'_>) {
        fields.line(&format!("{at}/name"), &mut self.name);
        fields.opt_line(&format!("{at}/variant"), &mut self.variant);
        hgvs(&format!("{at}/hgvs_c"), &mut self.hgvs_c, fields);
        hgvs(&format!("{at}/hgvs_p"), &mut self.hgvs_p, fields);
        fields.percent(&format!("{at}/lod_pct"), self.lod_pct);
        if let Some(vaf) = self.vaf_pct {
            allele_fraction(&format!("{at}/vaf_pct"), vaf, self.lod_pct, fields);
        }
        if let Some(size) = self.itd_size_bp {
            fields.within(&format!("{at}/itd_size_bp"), size.into(), 3.0, 1_000.0, "bp");
            if !size.is_multiple_of(3) {
                let text =
                    format!("{size} bp is not a multiple of three: an internal tandem duplication stays in frame.");
                fields.remark(&format!("{at}/itd_size_bp"), "out_of_frame", text);
            }
        }
        if let Some(ratio) = self.allelic_ratio {
            fields.within(&format!("{at}/allelic_ratio"), ratio, 0.0, 1_000.0, "");
        }
        let found = self.vaf_pct.and_then(Reading::measured).is_some_and(|v| v > 0.0) || self.itd_size_bp.is_some();
        if found && self.call == Presence::NotDetected {
            fields.fail(
                &format!("{at}/call"),
                "contradicts",
                format!("{} has a value and cannot be not detected", self.name),
            );
        }
    }

    fn words(&self) -> String {
        let mut out = vec![self.call.words()];
        out.extend(self.variant.clone());
        out.extend(self.hgvs_c.clone());
        out.extend(self.hgvs_p.clone());
        out.extend(self.vaf_pct.map(|v| format!("{} of alleles", v.words("%"))));
        out.extend(self.itd_size_bp.map(|s| format!("{s} bp")));
        out.extend(self.allelic_ratio.map(|r| format!("allelic ratio {}", plain(r))));
        out.extend(self.depth.map(|d| format!("depth {d}")));
        out.extend(self.lod_pct.map(|l| format!("sensitivity {} %", plain(l))));
        out.join(", ")
    }
}

/// Cleans a variant's name and says when it looks odd.
pub(super) fn hgvs(field: &str, text: &mut Option<String>, fields: &mut Fields<'_>) {
    fields.opt_line(field, text);
    if let Some(typed) = text.as_deref()
        && !looks_like_hgvs(typed)
    {
        fields.remark(
            field,
            "hgvs",
            format!("“{typed}” does not look like a variant's name (c.1849G>T, p.(Val617Phe)); it is kept."),
        );
    }
}

/// A variant allele fraction: 0 to 100, and said when it is below what the run can find.
pub(super) fn allele_fraction(field: &str, vaf: Reading, lod_pct: Option<f64>, fields: &mut Fields<'_>) {
    fields.reading(field, vaf, 0.0, 100.0, "%");
    if let (Some(vaf), Some(lod)) = (vaf.measured(), lod_pct)
        && vaf < lod
    {
        fields.remark(
            field,
            "below_detection",
            format!("{} % lies below the limit of detection of {} %.", plain(vaf), plain(lod)),
        );
    }
}

impl Shape for Genes {
    fn complete(&mut self, bench: &Bench<'_>, fields: &mut Fields<'_>) {
        fields.opt_line("method", &mut self.method);
        fields.at_most("genes", self.genes.len(), 50);
        if self.genes.is_empty() {
            fields.fail("genes", "missing", "at least one gene");
        }
        for (i, gene) in self.genes.iter_mut().enumerate() {
            gene.complete(&format!("genes/{i}"), fields);
        }
        let found = self.genes.iter().any(|g| g.call == Presence::Detected);
        if found && bench.interpretation == Interpretation::Normal {
            fields.fail("genes", "contradicts", "something was detected; the result cannot say not detected");
        }
        if !found && bench.interpretation == Interpretation::Abnormal {
            fields.fail("genes", "contradicts", "nothing was detected; the result cannot say detected");
        }
    }

    fn values(&self) -> Vec<ResultValue> {
        let mut out = Vec::new();
        for gene in &self.genes {
            out.push(text(&key(&gene.name), gene.call.name()));
            if let Some(percent) = gene.vaf_pct {
                let found = share("vaf_pct", &Share { percent, of: Denominator::Reads });
                out.push(ResultValue { text: Some(gene.name.clone()), ..found });
            }
            let named = |v: ResultValue| ResultValue { text: Some(gene.name.clone()), ..v };
            out.extend(
                gene.itd_size_bp
                    .map(|n| named(ResultValue { unit: Some("bp".to_owned()), ..count("itd_size_bp", n.into()) })),
            );
            out.extend(gene.allelic_ratio.map(|x| named(number("itd_ratio", x, None))));
        }
        out
    }

    fn lines(&self) -> Vec<Line> {
        let mut out: Vec<Line> = self.genes.iter().map(|g| line(g.name.clone(), g.words())).collect();
        opt_line(&mut out, "Method", self.method.clone(), |x| x);
        out
    }

    fn headline(&self, interpretation: Interpretation) -> String {
        let found: Vec<String> = self
            .genes
            .iter()
            .filter(|g| g.call == Presence::Detected)
            .map(|g| format!("{} {}", g.name, g.words()))
            .collect();
        if !found.is_empty() {
            return format!("{}.", listed(&found, "; ", LINE_MAX - 1));
        }
        let absent: Vec<String> =
            self.genes.iter().filter(|g| g.call == Presence::NotDetected).map(|g| g.name.clone()).collect();
        if absent.is_empty() {
            format!("{}.", says(interpretation))
        } else {
            format!("{} not detected.", listed(&absent, ", ", LINE_MAX - 14))
        }
    }
}

/// `JAK2 V617F` as a stable key: `jak2_v617f`.
fn key(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('_') && !out.is_empty() {
            out.push('_');
        }
    }
    out.trim_end_matches('_').to_owned()
}

//! Chromosomes: cultures, metaphases, and the ISCN text, which never blocks (`reference/domain.md` §5.3).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Bench, Fields, LINE_MAX, Line, Shape, count, line, number, opt_line, plain, says, text};
use crate::domain::{Interpretation, ResultValue, iscn};
use crate::text_enum;

/// Metaphases that are usually analyzed [MAYO-CHRBM]; fewer is said and kept.
const USUAL_METAPHASES: u32 = 20;

text_enum! {
    /// How chromosomes are banded.
    pub enum Banding {
        /// Giemsa.
        G = "G",
        /// Reverse.
        R = "R",
        /// Quinacrine.
        Q = "Q",
    }
}

/// The key of the value that holds the words to search by.
pub const TERMS: &str = "karyotype_terms";

/// One culture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MetaphaseCulture {
    /// Its type, such as `24 h, unstimulated` or `72 h, CpG`.
    pub kind: String,
    /// When it was harvested.
    #[serde(default)]
    pub harvested_at: Option<DateTime<Utc>>,
    /// Metaphases among cells, %.
    #[serde(default)]
    pub mitotic_index_pct: Option<f64>,
}

/// A karyotype.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Karyotype {
    /// The cultures.
    #[serde(default)]
    pub cultures: Vec<MetaphaseCulture>,
    /// How the chromosomes were banded.
    #[serde(default)]
    pub banding: Option<Banding>,
    /// Bands per haploid set.
    #[serde(default)]
    pub band_resolution: Option<u32>,
    /// Metaphases counted.
    #[serde(default)]
    pub counted: Option<u32>,
    /// Metaphases analyzed, band by band.
    pub analyzed: u32,
    /// Metaphases laid out.
    #[serde(default)]
    pub karyotyped: Option<u32>,
    /// The ISCN text, as typed. Absent only when no metaphase was found.
    #[serde(default)]
    pub iscn: Option<String>,
    /// The edition of ISCN it follows, such as `2024`.
    #[serde(default)]
    pub iscn_edition: Option<String>,
    /// What the text says in plain English: made by the program, never typed.
    #[serde(default)]
    #[schema(read_only)]
    pub plain: Option<String>,
}

impl Shape for Karyotype {
    fn complete(&mut self, bench: &Bench<'_>, fields: &mut Fields<'_>) {
        fields.at_most("cultures", self.cultures.len(), 20);
        for (i, culture) in self.cultures.iter_mut().enumerate() {
            fields.line(&format!("cultures/{i}/kind"), &mut culture.kind);
            fields.percent(&format!("cultures/{i}/mitotic_index_pct"), culture.mitotic_index_pct);
        }
        fields.opt_line("iscn_edition", &mut self.iscn_edition);
        fields.opt_note("iscn", &mut self.iscn);
        for (field, n) in
            [("counted", self.counted), ("analyzed", Some(self.analyzed)), ("karyotyped", self.karyotyped)]
        {
            if n.is_some_and(|n| n > 1_000) {
                fields.fail(field, "out_of_range", "at most 1 000 metaphases");
            }
        }
        if let Some(resolution) = self.band_resolution {
            fields.within("band_resolution", f64::from(resolution), 100.0, 1_000.0, "bands");
        }
        if self.counted.is_some_and(|n| n < self.analyzed) {
            fields.fail(
                "counted",
                "impossible",
                format!("{} were analyzed; at least as many were counted", self.analyzed),
            );
        }
        if self.karyotyped.is_some_and(|n| n > self.analyzed) {
            fields.fail("karyotyped", "impossible", format!("only {} were analyzed", self.analyzed));
        }
        if self.analyzed < USUAL_METAPHASES && bench.interpretation != Interpretation::Inadequate {
            fields.remark(
                "analyzed",
                "few_metaphases",
                format!("{} metaphases analyzed; {USUAL_METAPHASES} are usual.", self.analyzed),
            );
        }
        let Some(typed) = self.iscn.clone() else {
            self.plain = None;
            if bench.interpretation != Interpretation::Inadequate {
                fields.fail("iscn", "missing", "write the karyotype, or enter the result as inadequate");
            }
            return;
        };
        if typed.contains('\n') {
            self.iscn = Some(typed.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        let checked = iscn::check(&typed);
        for finding in &checked.findings {
            let fix = finding.suggestion.as_ref().map_or_else(String::new, |s| format!(" Suggested: “{s}”."));
            fields.remark("iscn", "iscn", format!("At character {}: {}{fix}", finding.position, finding.message));
        }
        if checked.findings.iter().any(|f| f.level == iscn::Level::NotModelled) {
            fields.remark("iscn", "iscn_kept", "Part of the karyotype was not understood and is kept as typed.");
        }
        if let Some(sum) = checked.facts.total_cells.filter(|sum| *sum != self.analyzed) {
            fields.remark(
                "iscn",
                "cells_disagree",
                format!("The clones add up to {sum} cells; {} metaphases were analyzed.", self.analyzed),
            );
        }
        if let Some(finding) = iscn::sex_findings(&checked, bench.sex) {
            fields.remark("iscn", "sex", finding.message);
        }
        if checked.facts.is_normal && bench.interpretation == Interpretation::Abnormal {
            fields.remark("iscn", "reads_normal", "The text shows no abnormality, and the result says abnormal.");
        }
        if checked.facts.abnormality_count > 0 && bench.interpretation == Interpretation::Normal {
            fields.remark("iscn", "reads_abnormal", "The text shows a clonal abnormality, and the result says normal.");
        }
        self.plain = Some(checked.plain).filter(|p| !p.is_empty());
    }

    fn values(&self) -> Vec<ResultValue> {
        let mut out = Vec::new();
        out.extend(self.iscn.as_ref().map(|t| text("iscn", t.clone())));
        let terms = self.iscn.as_ref().map(|t| iscn::check(t).terms).unwrap_or_default();
        if !terms.is_empty() {
            out.push(text(TERMS, terms.join("; ")));
        }
        out.extend(self.counted.map(|n| count("metaphases_counted", n.into())));
        out.push(count("metaphases_analyzed", self.analyzed.into()));
        out.extend(self.karyotyped.map(|n| count("metaphases_karyotyped", n.into())));
        out.extend(self.band_resolution.map(|n| number("band_resolution", n.into(), None)));
        out.extend(self.banding.map(|b| text("banding", b.name())));
        if !self.cultures.is_empty() {
            let kinds: Vec<&str> = self.cultures.iter().map(|c| c.kind.as_str()).collect();
            out.push(text("cultures", kinds.join("; ")));
        }
        out
    }

    fn lines(&self) -> Vec<Line> {
        let mut out = Vec::new();
        opt_line(&mut out, "Karyotype", self.iscn.clone(), |x| x);
        opt_line(&mut out, "In words", self.plain.clone(), |x| x);
        let counted = self.counted.map_or_else(String::new, |n| format!("{n} counted, "));
        let laid_out = self.karyotyped.map_or_else(String::new, |n| format!(", {n} karyotyped"));
        out.push(line("Metaphases", format!("{counted}{} analyzed{laid_out}", self.analyzed)));
        let banding = self.banding.map(|b| format!("{b}-banding"));
        let resolution = self.band_resolution.map(|n| format!("{n} bands"));
        let banding: Vec<String> = [banding, resolution].into_iter().flatten().collect();
        if !banding.is_empty() {
            out.push(line("Banding", banding.join(", ")));
        }
        let cultures: Vec<String> = self
            .cultures
            .iter()
            .map(|c| {
                let index =
                    c.mitotic_index_pct.map_or_else(String::new, |m| format!(" (mitotic index {} %)", plain(m)));
                format!("{}{index}", c.kind)
            })
            .collect();
        if !cultures.is_empty() {
            out.push(line("Cultures", cultures.join("; ")));
        }
        opt_line(&mut out, "ISCN edition", self.iscn_edition.clone(), |x| x);
        out
    }

    fn headline(&self, interpretation: Interpretation) -> String {
        let said = says(interpretation).replace("Nothing abnormal", "Normal");
        match &self.iscn {
            // The text itself is printed whole below it.
            Some(iscn) if said.chars().count() + 2 + iscn.chars().count() <= LINE_MAX => format!("{said}: {iscn}"),
            Some(_) => format!("{} karyotype, {} metaphases.", says(interpretation), self.analyzed),
            None => "No metaphases.".to_owned(),
        }
    }
}

//! FISH: nuclei scored per probe, against the laboratory's cut-off; counts, percentage and text agree
//! (`reference/domain.md` §5.2).

use serde::{Deserialize, Serialize};

use super::{
    Bench, Denominator, Fields, LINE_MAX, Line, Shape, Share, count, line, listed, number, opt_line, plain, rounded,
    says, share, text,
};
use crate::domain::{Interpretation, ResultValue, iscn};
use crate::text_enum;

/// Nuclei that are usually scored; fewer is said and kept (unsourced in `reference/domain.md`; the enriched cells of
/// myeloma are fewer).
const USUAL_NUCLEI: u32 = 200;
/// How far a stated percentage may be from abnormal ÷ scored, percentage points.
const PERCENT_SLACK: f64 = 0.5;

text_enum! {
    /// How a probe shows a change.
    pub enum ProbeKind {
        /// Copies of a place are counted.
        Enumeration = "enumeration",
        /// Two colors of one gene come apart.
        BreakApart = "break_apart",
        /// Two genes come together.
        DualFusion = "dual_fusion",
        /// Three colors.
        TriColor = "tri_color",
        /// Another design.
        Other = "other",
    }
}

text_enum! {
    /// What one probe says.
    pub enum ProbeOutcome {
        /// No abnormal nuclei.
        Normal = "normal",
        /// Abnormal nuclei at or above the cut-off.
        Abnormal = "abnormal",
        /// Some abnormal nuclei, below the cut-off.
        BelowCutoff = "below_cutoff",
    }
}

text_enum! {
    /// Whether cells were selected first.
    pub enum Enrichment {
        /// As they came.
        None = "none",
        /// Plasma cells, by CD138.
        Cd138 = "cd138",
    }
}

/// One probe set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// What it looks for, such as `PML::RARA` or `del(5q)`.
    pub name: String,
    /// How it shows a change.
    pub kind: ProbeKind,
    /// Its loci as ISCN writes them, such as `EGR1,D5S630`; needed to write the `nuc ish` text.
    #[serde(default)]
    pub loci: Option<String>,
    /// Maker and lot.
    #[serde(default)]
    pub lot: Option<String>,
    /// Nuclei scored.
    pub scored: u32,
    /// Abnormal nuclei.
    pub abnormal: u32,
    /// The abnormal signal pattern, such as `1R1G2F`.
    #[serde(default)]
    pub pattern: Option<String>,
    /// Abnormal among scored, %; computed when left out.
    #[serde(default)]
    pub percent: Option<f64>,
    /// From where the laboratory calls this pattern of this probe abnormal, %.
    #[serde(default)]
    pub cutoff_pct: Option<f64>,
    /// What it says; computed when left out.
    #[serde(default)]
    pub outcome: Option<ProbeOutcome>,
}

/// A FISH result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fish {
    /// The probe sets.
    pub probes: Vec<Probe>,
    /// Whether cells were selected first.
    #[serde(default)]
    pub enrichment: Option<Enrichment>,
    /// How many people scored.
    #[serde(default)]
    pub readers: Option<u8>,
    /// The ISCN text; kept as typed, and written when left out and every probe is normal.
    #[serde(default)]
    pub nuc_ish: Option<String>,
}

impl Probe {
    fn complete(&mut self, at: &str, fields: &mut Fields<'_>) {
        fields.line(&format!("{at}/name"), &mut self.name);
        fields.opt_line(&format!("{at}/loci"), &mut self.loci);
        fields.opt_line(&format!("{at}/lot"), &mut self.lot);
        fields.opt_line(&format!("{at}/pattern"), &mut self.pattern);
        fields.percent(&format!("{at}/percent"), self.percent);
        fields.percent(&format!("{at}/cutoff_pct"), self.cutoff_pct);
        if self.scored == 0 || self.scored > 10_000 {
            fields.fail(&format!("{at}/scored"), "out_of_range", "1 to 10 000 nuclei");
            return;
        }
        if self.abnormal > self.scored {
            fields.fail(
                &format!("{at}/abnormal"),
                "impossible",
                format!("more than the {} nuclei that were scored", self.scored),
            );
            return;
        }
        let percent = f64::from(self.abnormal) / f64::from(self.scored) * 100.0;
        let what = format!("{} of {} nuclei in percent", self.abnormal, self.scored);
        fields.agree(&format!("{at}/percent"), &mut self.percent, Some(rounded(percent, 1)), PERCENT_SLACK, &what);
        let computed = match self.cutoff_pct {
            _ if self.abnormal == 0 => ProbeOutcome::Normal,
            Some(cutoff) if percent < cutoff => ProbeOutcome::BelowCutoff,
            Some(_) => ProbeOutcome::Abnormal,
            None => {
                let field = format!("{at}/cutoff_pct");
                fields.fail(
                    &field,
                    "missing",
                    "abnormal nuclei were counted: from which percentage does your laboratory call them abnormal?",
                );
                return;
            }
        };
        match self.outcome {
            None => self.outcome = Some(computed),
            Some(stated) if (stated == ProbeOutcome::Abnormal) != (computed == ProbeOutcome::Abnormal) => {
                fields.fail(
                    &format!("{at}/outcome"),
                    "disagrees",
                    format!(
                        "{} % against a cut-off of {} % is {}; correct one of them",
                        plain(rounded(percent, 1)),
                        self.cutoff_pct.map_or_else(|| "none".to_owned(), plain),
                        computed.words()
                    ),
                );
            }
            Some(_) => {}
        }
    }

    fn words(&self) -> String {
        let outcome = self.outcome.map_or_else(String::new, ProbeOutcome::words);
        let percent = self.percent.map_or_else(String::new, plain);
        let cutoff = self.cutoff_pct.map_or_else(String::new, |c| format!(", cut-off {} %", plain(c)));
        let pattern = self.pattern.as_ref().map_or_else(String::new, |p| format!(", {p}"));
        format!("{outcome}: {} of {} nuclei ({percent} %{cutoff}){pattern}", self.abnormal, self.scored)
    }
}

impl Shape for Fish {
    fn complete(&mut self, bench: &Bench<'_>, fields: &mut Fields<'_>) {
        fields.opt_note("nuc_ish", &mut self.nuc_ish);
        fields.at_most("probes", self.probes.len(), 40);
        if self.probes.is_empty() {
            fields.fail("probes", "missing", "at least one probe set");
        }
        for (i, probe) in self.probes.iter_mut().enumerate() {
            probe.complete(&format!("probes/{i}"), fields);
        }
        if self.enrichment != Some(Enrichment::Cd138)
            && let Some(few) = self.probes.iter().find(|p| p.scored < USUAL_NUCLEI)
        {
            fields.remark(
                "probes",
                "few_nuclei",
                format!("{}: {} nuclei scored; {USUAL_NUCLEI} are usual.", few.name, few.scored),
            );
        }
        let abnormal = self.probes.iter().any(|p| p.outcome == Some(ProbeOutcome::Abnormal));
        match bench.interpretation {
            Interpretation::Normal if abnormal => {
                fields.fail("probes", "contradicts", "a probe is abnormal; the result cannot say normal");
            }
            Interpretation::Abnormal if !abnormal => {
                fields.fail("probes", "contradicts", "no probe is abnormal; the result cannot say abnormal");
            }
            Interpretation::Normal
            | Interpretation::Abnormal
            | Interpretation::Indeterminate
            | Interpretation::Inadequate => {}
        }
        if self.nuc_ish.is_none() {
            self.nuc_ish = self.normal_text();
        }
        self.text_agrees(fields);
    }

    fn values(&self) -> Vec<ResultValue> {
        let names: Vec<&str> = self.probes.iter().map(|p| p.name.as_str()).collect();
        let mut out = vec![text("probes", names.join(", "))];
        out.extend(self.probes.iter().map(|p| u64::from(p.scored)).min().map(|n| count("cells_scored", n)));
        for p in &self.probes {
            if let Some(percent) = p.percent {
                let found = share("probe_pct", &Share::exactly(percent, Denominator::Nuclei));
                out.push(ResultValue { text: Some(p.name.clone()), ..found });
            }
        }
        let highest = self.probes.iter().filter(|p| p.outcome == Some(ProbeOutcome::Abnormal));
        if let Some(p) = highest.max_by(|a, b| a.percent.unwrap_or(0.0).total_cmp(&b.percent.unwrap_or(0.0))) {
            out.push(count("abnormal_cells", u64::from(p.abnormal)));
            out.extend(p.percent.map(|x| share("abnormal_pct", &Share::exactly(x, Denominator::Nuclei))));
            out.extend(p.cutoff_pct.map(|x| number("cutoff_pct", x, Some("%"))));
        }
        out.extend(self.enrichment.map(|e| text("enrichment", e.name())));
        out.extend(self.nuc_ish.as_ref().map(|t| text("nuc_ish", t.clone())));
        out
    }

    fn lines(&self) -> Vec<Line> {
        let mut out: Vec<Line> = self.probes.iter().map(|p| line(p.name.clone(), p.words())).collect();
        opt_line(&mut out, "Enrichment", self.enrichment, |e| e.words().to_uppercase().replace("NONE", "none"));
        opt_line(&mut out, "Readers", self.readers, |n| n.to_string());
        opt_line(&mut out, "ISCN", self.nuc_ish.clone(), |x| x);
        out
    }

    fn headline(&self, interpretation: Interpretation) -> String {
        let abnormal: Vec<String> = self
            .probes
            .iter()
            .filter(|p| p.outcome == Some(ProbeOutcome::Abnormal))
            .map(|p| format!("{} in {} % of {} nuclei", p.name, p.percent.map_or_else(String::new, plain), p.scored))
            .collect();
        if abnormal.is_empty() {
            let names: Vec<String> = self.probes.iter().map(|p| p.name.clone()).collect();
            format!("{}: {}.", says(interpretation), listed(&names, ", ", LINE_MAX - 50))
        } else {
            format!("{}.", listed(&abnormal, "; ", LINE_MAX - 1))
        }
    }
}

impl Fish {
    /// The text of a result in which every probe is normal: two signals of each locus. Abnormal patterns are the
    /// reader's to write.
    fn normal_text(&self) -> Option<String> {
        let two = |probe: &Probe| {
            let loci = probe.loci.as_ref().filter(|_| probe.outcome != Some(ProbeOutcome::Abnormal))?;
            let loci = loci.split(',').map(|locus| (locus.trim().to_owned(), 2)).collect();
            let pattern = iscn::Pattern::Enumeration(loci);
            Some(iscn::ProbeCounts { locus: None, pattern, showing: None, scored: probe.scored })
        };
        iscn::nuc_ish(&self.probes.iter().map(two).collect::<Option<Vec<_>>>()?)
    }

    /// The numbers in brackets are the nuclei scored and the abnormal ones. Text that cannot be read is kept with a
    /// remark: it never blocks.
    fn text_agrees(&self, fields: &mut Fields<'_>) {
        let Some(text) = &self.nuc_ish else { return };
        let checked = iscn::check(text);
        for found in &checked.fish {
            if let Some(scored) = found.scored
                && !self.probes.iter().any(|p| p.scored == scored)
            {
                let text = format!("[{scored}] is not among the nuclei scored; correct the text or the count");
                fields.fail("nuc_ish", "disagrees", text);
            } else if let Some(showing) = found.showing
                && !self.probes.iter().any(|p| p.abnormal == showing)
            {
                let text =
                    format!("{showing} abnormal nuclei were counted for no probe; correct the text or the count");
                fields.fail("nuc_ish", "disagrees", text);
            }
        }
        for finding in checked.findings {
            fields.remark("nuc_ish", "iscn", format!("At character {}: {}", finding.position, finding.message));
        }
    }
}

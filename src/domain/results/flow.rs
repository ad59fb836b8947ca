//! Flow cytometry: populations with their denominators, clonality, and residual disease (`reference/domain.md` §5.1).

use serde::{Deserialize, Serialize};

use super::{
    Bench, Denominator, Fields, LINE_MAX, Line, Reading, Shape, Share, capital, count, grouped, line, listed, number,
    opt_line, plain, real, rounded, says, share, significant, text,
};
use crate::domain::{Interpretation, Qualifier, ResultValue};
use crate::text_enum;

/// Viable cells below which every result of the tube carries a warning, % [CMH].
const VIABLE_PCT: f64 = 70.0;
/// Events of one abnormal population that can be told from noise: the limit of detection (rule of thumb; myeloma
/// laboratories call a cluster of 20 events [MAYO-MMMRD]).
const LOD_EVENTS: f64 = 20.0;
/// Events of one abnormal population that can be counted: the limit of quantification (rule of thumb).
const LLOQ_EVENTS: f64 = 50.0;
/// Events with CD45 that a negative AML result needs more than [ELN-TAB].
const AML_EVENTS: u64 = 500_000;
/// Age of the sample from which its viability is doubted in AML residual disease, h [ELN-TAB].
const AML_AGE_H: f64 = 72.0;

text_enum! {
    /// How strongly a marker is seen.
    pub enum Expression {
        /// Not there.
        Negative = "neg",
        /// Weaker than on its normal counterpart.
        Dim = "dim",
        /// As on its normal counterpart.
        Normal = "normal",
        /// Stronger than on its normal counterpart.
        Bright = "bright",
        /// On some of the cells.
        Partial = "partial",
        /// From weak to strong.
        Heterogeneous = "heterogeneous",
    }
}

text_enum! {
    /// What sort of cells a population is.
    pub enum PopulationKind {
        /// Blasts.
        Blasts = "blasts",
        /// Plasma cells.
        PlasmaCells = "plasma_cells",
        /// B cells.
        BCells = "b_cells",
        /// T cells.
        TCells = "t_cells",
        /// NK cells.
        NkCells = "nk_cells",
        /// Monocytes.
        Monocytes = "monocytes",
        /// Granulocytes.
        Granulocytes = "granulocytes",
        /// Something else.
        Other = "other",
    }
}

text_enum! {
    /// Whether lymphocytes or plasma cells come from one cell.
    pub enum CloneType {
        /// One light chain: kappa.
        Kappa = "kappa",
        /// One light chain: lambda.
        Lambda = "lambda",
        /// Two clones.
        Biclonal = "biclonal",
        /// Many.
        Polyclonal = "polyclonal",
        /// T cells from one cell.
        TClonal = "t_clonal",
        /// None found.
        None = "none",
    }
}

text_enum! {
    /// The lineage of blasts.
    pub enum Lineage {
        /// Myeloid.
        Myeloid = "myeloid",
        /// B lymphoid.
        BLymphoid = "b_lymphoid",
        /// T lymphoid.
        TLymphoid = "t_lymphoid",
        /// More than one.
        Mixed = "mixed",
        /// None that could be told.
        Undifferentiated = "undifferentiated",
        /// No blasts to speak of.
        None = "none",
    }
}

text_enum! {
    /// How much blood is in the marrow.
    pub enum Hemodilution {
        /// Hardly any.
        None = "none",
        /// Some.
        Mild = "mild",
        /// So much that percentages are too low.
        Marked = "marked",
        /// Nobody looked.
        NotAssessed = "not_assessed",
    }
}

text_enum! {
    /// Which disease is followed.
    pub enum MrdDisease {
        /// Acute myeloid leukemia.
        Aml = "AML",
        /// Acute lymphoblastic leukemia.
        All = "ALL",
        /// Myeloma.
        Mm = "MM",
        /// Chronic lymphocytic leukemia.
        Cll = "CLL",
    }
}

impl MrdDisease {
    /// The sensitivity without which “not found” does not count as negative, %.
    ///
    /// ALL 0.01 % [ALL-MRD]; myeloma 0.001 % [ARROZ]; AML 0.1 % and CLL 0.01 % are unsourced in `reference/domain.md`.
    const fn required_pct(self) -> f64 {
        match self {
            Self::Aml => 0.1,
            Self::All | Self::Cll => 0.01,
            Self::Mm => 0.001,
        }
    }
}

text_enum! {
    /// How residual cells are told from normal ones.
    pub enum MrdApproach {
        /// The leukemia's own phenotype at diagnosis.
        Laip = "laip",
        /// Different from normal.
        Dfn = "dfn",
        /// Both.
        LaipDfn = "laip_dfn",
        /// A standard panel.
        Standard = "standard",
    }
}

text_enum! {
    /// Residual disease, in four states and not two [ALL-MRD].
    pub enum MrdStatus {
        /// Not found, with enough sensitivity.
        Negative = "negative",
        /// Not found, but it could not have been.
        NegativeInsufficient = "negative_insufficient_sensitivity",
        /// Found, too little to count.
        PositiveNotQuantifiable = "positive_not_quantifiable",
        /// Found and counted.
        Positive = "positive",
    }
}

/// One marker of a phenotype.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Marker {
    /// Its name, such as `CD34`.
    pub marker: String,
    /// How strongly it is seen.
    pub expression: Expression,
    /// On how many of the cells, %.
    #[serde(default)]
    pub positive_pct: Option<f64>,
}

/// One population of cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Its name as reported.
    pub name: String,
    /// What sort of cells.
    pub kind: PopulationKind,
    /// Whether it is abnormal.
    #[serde(default)]
    pub abnormal: bool,
    /// How many, of what.
    pub share: Share,
    /// How many events.
    #[serde(default)]
    pub events: Option<u64>,
    /// Its markers.
    #[serde(default)]
    pub phenotype: Vec<Marker>,
}

/// Residual disease.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mrd {
    /// Which disease.
    pub disease: MrdDisease,
    /// How it is looked for.
    pub approach: MrdApproach,
    /// Abnormal events.
    pub abnormal_events: u64,
    /// Events that could have been abnormal: the denominator.
    pub eligible_events: u64,
    /// What these are.
    pub of: Denominator,
    /// Abnormal among eligible; computed when left out.
    #[serde(default)]
    pub percent: Option<Reading>,
    /// Limit of detection, %: 20 events; computed when left out.
    #[serde(default)]
    pub lod_pct: Option<f64>,
    /// Lower limit of quantification, %: 50 events; computed when left out.
    #[serde(default)]
    pub lloq_pct: Option<f64>,
    /// Which of the four states; computed when left out.
    #[serde(default)]
    pub status: Option<MrdStatus>,
    /// The pull it was made from; taken from the part when left out.
    #[serde(default)]
    pub pull: Option<u8>,
    /// How old the sample was at set-up, h; taken from the part when left out.
    #[serde(default)]
    pub age_h: Option<f64>,
    /// When in the treatment, such as “after induction”.
    #[serde(default)]
    pub time_point: Option<String>,
}

/// A flow cytometry result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// The panel and its version.
    pub panel: String,
    /// How many tubes.
    #[serde(default)]
    pub tubes: Option<u32>,
    /// Living cells, %.
    #[serde(default)]
    pub viability_pct: Option<f64>,
    /// All events.
    pub events: u64,
    /// Events with CD45.
    #[serde(default)]
    pub cd45_events: Option<u64>,
    /// How the gates were set.
    #[serde(default)]
    pub gating: Option<String>,
    /// The populations.
    #[serde(default)]
    pub populations: Vec<Population>,
    /// Lineage of the blasts.
    #[serde(default)]
    pub lineage: Option<Lineage>,
    /// One clone or many.
    #[serde(default)]
    pub clonality: Option<CloneType>,
    /// Kappa to lambda.
    #[serde(default)]
    pub kappa_lambda_ratio: Option<f64>,
    /// Blood in the marrow.
    #[serde(default)]
    pub hemodilution: Option<Hemodilution>,
    /// How it fits the morphology, in words.
    #[serde(default)]
    pub correlation: Option<String>,
    /// Residual disease.
    #[serde(default)]
    pub mrd: Option<Mrd>,
}

impl Mrd {
    fn complete(&mut self, bench: &Bench<'_>, cd45: Option<u64>, fields: &mut Fields<'_>) {
        fields.opt_line("mrd/time_point", &mut self.time_point);
        self.pull = self.pull.or(bench.pull);
        self.age_h = self.age_h.or(bench.age_h.map(|h| rounded(h, 1)));
        if self.abnormal_events > self.eligible_events {
            fields.fail(
                "mrd/abnormal_events",
                "impossible",
                format!("more than the {} events that could be", grouped(self.eligible_events)),
            );
            return;
        }
        if self.eligible_events == 0 {
            fields.fail("mrd/eligible_events", "out_of_range", "1 or more; without events nothing was looked at");
            return;
        }
        fields.percent("mrd/lod_pct", self.lod_pct);
        fields.percent("mrd/lloq_pct", self.lloq_pct);
        let eligible = real(self.eligible_events);
        let (lod, lloq) = (significant(LOD_EVENTS / eligible * 100.0), significant(LLOQ_EVENTS / eligible * 100.0));
        for (field, stated, computed, name) in [
            ("mrd/lod_pct", &mut self.lod_pct, lod, "limit of detection"),
            ("mrd/lloq_pct", &mut self.lloq_pct, lloq, "lower limit of quantification"),
        ] {
            match *stated {
                Some(typed) if typed < computed * 0.99 => fields.remark(
                    field,
                    "limit_too_low",
                    format!(
                        "The {name} of {} events is {} %, not {} %.",
                        grouped(self.eligible_events),
                        plain(computed),
                        plain(typed)
                    ),
                ),
                Some(_) => {}
                None => *stated = Some(computed),
            }
        }
        // A stated limit counts where it is higher; the least bit of slack, so that 20 events are 20 events.
        let limit = |stated: Option<f64>, events: f64| {
            let exact = events / eligible * 100.0;
            stated.filter(|s| *s > exact * 1.01).unwrap_or(exact) * (1.0 - 1e-9)
        };
        let (lod, lloq) = (limit(self.lod_pct, LOD_EVENTS), limit(self.lloq_pct, LLOQ_EVENTS));
        let percent = real(self.abnormal_events) / eligible * 100.0;
        match &mut self.percent {
            Some(stated) => {
                fields.reading("mrd/percent", *stated, 0.0, 100.0, "%");
                if let Some(typed) = stated.measured()
                    && (typed - percent).abs() > (percent * 0.1).max(lod / 2.0)
                {
                    fields.fail(
                        "mrd/percent",
                        "disagrees",
                        format!(
                            "{} of {} events are {} %, not {} %; correct one of them",
                            grouped(self.abnormal_events),
                            grouped(self.eligible_events),
                            plain(significant(percent)),
                            plain(typed)
                        ),
                    );
                }
            }
            None if percent < lod => {
                self.percent = Some(Reading { value: self.lod_pct, qualifier: Some(Qualifier::NotDetected) });
            }
            None => self.percent = Some(Reading::exactly(significant(percent))),
        }
        self.state(percent, lod, lloq, cd45, fields);
        if self.disease == MrdDisease::Aml && self.age_h.is_some_and(|h| h > AML_AGE_H) {
            fields.remark("mrd/age_h", "old_sample", "Set up more than 72 h after collection: cells may have died.");
        }
        if self.pull.is_some_and(|p| p > 1) {
            fields.remark("mrd/pull", "not_first_pull", "Not the first pull: blood may have diluted the marrow.");
        }
    }

    /// Which of the four states follows from the events, and whether what was typed fits.
    fn state(&mut self, percent: f64, lod: f64, lloq: f64, cd45: Option<u64>, fields: &mut Fields<'_>) {
        let enough = lod <= self.disease.required_pct() * (1.0 + 1e-9)
            && (self.disease != MrdDisease::Aml || cd45.unwrap_or(self.eligible_events) > AML_EVENTS);
        let computed = match percent {
            p if p >= lloq => MrdStatus::Positive,
            p if p >= lod => MrdStatus::PositiveNotQuantifiable,
            _ if enough => MrdStatus::Negative,
            _ => MrdStatus::NegativeInsufficient,
        };
        match self.status {
            None => self.status = Some(computed),
            Some(MrdStatus::Positive) if percent < lod => fields.fail(
                "mrd/status",
                "below_detection",
                format!(
                    "{} % lies below the limit of detection of {} %: it cannot be counted as positive",
                    plain(significant(percent)),
                    plain(lod)
                ),
            ),
            Some(MrdStatus::Negative) if !enough => fields.fail(
                "mrd/status",
                "not_sensitive_enough",
                format!(
                    "negative needs a sensitivity of {} %{}; state negative_insufficient_sensitivity",
                    plain(self.disease.required_pct()),
                    if self.disease == MrdDisease::Aml { " and more than 500 000 CD45 positive events" } else { "" }
                ),
            ),
            Some(stated) if stated != computed => {
                fields.remark("mrd/status", "another_state", format!("By its events this is {}.", computed.words()))
            }
            Some(_) => {}
        }
    }

    /// In words, with the sensitivity of this run.
    fn words(&self) -> String {
        let percent = self.percent.unwrap_or(Reading::NOT_DETECTED);
        let of = self.of.words().replace("cd45", "CD45");
        match self.status {
            Some(MrdStatus::Positive) | None => format!("{} of {of}", percent.words("%")),
            Some(MrdStatus::PositiveNotQuantifiable) => format!(
                "detected, too little to count (below {} % of {of})",
                self.lloq_pct.map_or_else(String::new, plain)
            ),
            Some(MrdStatus::Negative) => {
                format!("not detected at a sensitivity of {} % of {of}", self.lod_pct.map_or_else(String::new, plain))
            }
            Some(MrdStatus::NegativeInsufficient) => format!(
                "not detected, but the sensitivity of {} % is not enough to exclude it",
                self.lod_pct.map_or_else(String::new, plain)
            ),
        }
    }
}

impl Shape for Flow {
    fn complete(&mut self, bench: &Bench<'_>, fields: &mut Fields<'_>) {
        fields.line("panel", &mut self.panel);
        fields.opt_line("gating", &mut self.gating);
        fields.opt_note("correlation", &mut self.correlation);
        fields.percent("viability_pct", self.viability_pct);
        if let Some(ratio) = self.kappa_lambda_ratio {
            fields.within("kappa_lambda_ratio", ratio, 0.0, 10_000.0, "");
        }
        if self.cd45_events.is_some_and(|n| n > self.events) {
            fields.fail("cd45_events", "impossible", format!("more than all {} events", grouped(self.events)));
        }
        if self.viability_pct.is_some_and(|v| v < VIABLE_PCT) {
            fields.remark(
                "viability_pct",
                "low_viability",
                "Fewer than 70 % of the cells were alive: percentages may mislead.",
            );
        }
        fields.at_most("populations", self.populations.len(), 50);
        let mut sums: Vec<(Denominator, f64)> = Vec::new();
        for (i, p) in self.populations.iter_mut().enumerate() {
            let at = format!("populations/{i}");
            fields.line(&format!("{at}/name"), &mut p.name);
            fields.share(&format!("{at}/share"), Some(&p.share));
            fields.at_most(&format!("{at}/phenotype"), p.phenotype.len(), 60);
            for (j, m) in p.phenotype.iter_mut().enumerate() {
                fields.line(&format!("{at}/phenotype/{j}/marker"), &mut m.marker);
                fields.percent(&format!("{at}/phenotype/{j}/positive_pct"), m.positive_pct);
            }
            if p.events.is_some_and(|n| n > self.events) {
                fields.fail(
                    &format!("{at}/events"),
                    "impossible",
                    format!("more than all {} events", grouped(self.events)),
                );
            }
            if p.share.of == Denominator::AllEvents
                && let (Some(n), Some(percent)) = (p.events, p.share.percent.measured())
                && self.events > 0
            {
                let computed = real(n) / real(self.events) * 100.0;
                if (computed - percent).abs() > (percent * 0.1).max(0.5) {
                    fields.fail(
                        &format!("{at}/share/percent"),
                        "disagrees",
                        format!(
                            "{} of {} events are {} %, not {} %; correct one of them",
                            grouped(n),
                            grouped(self.events),
                            plain(rounded(computed, 2)),
                            plain(percent)
                        ),
                    );
                }
            }
            let percent = p.share.percent.measured().unwrap_or(0.0);
            match sums.iter_mut().find(|(of, _)| *of == p.share.of) {
                Some((_, sum)) => *sum += percent,
                None => sums.push((p.share.of, percent)),
            }
        }
        for (of, sum) in sums.into_iter().filter(|(_, sum)| *sum > 100.5) {
            fields.fail(
                "populations",
                "over_100",
                format!("the populations add up to {} % of {}; at most 100 % fit", plain(rounded(sum, 1)), of.words()),
            );
        }
        if let Some(mrd) = &mut self.mrd {
            if mrd.eligible_events > self.events {
                fields.fail(
                    "mrd/eligible_events",
                    "impossible",
                    format!("more than all {} events", grouped(self.events)),
                );
            }
            mrd.complete(bench, self.cd45_events, fields);
        }
        let found = self.mrd.as_ref().and_then(|m| m.status);
        let positive = matches!(found, Some(MrdStatus::Positive | MrdStatus::PositiveNotQuantifiable));
        if found.is_some() && bench.interpretation == Interpretation::Normal && positive {
            fields.fail("mrd/status", "contradicts", "residual disease was found; the result cannot say not detected");
        }
        if found.is_some() && bench.interpretation == Interpretation::Abnormal && !positive {
            fields.fail("mrd/status", "contradicts", "no residual disease was found; the result cannot say detected");
        }
    }

    fn values(&self) -> Vec<ResultValue> {
        let mut out = Vec::new();
        for (kind, key) in [(PopulationKind::Blasts, "blasts_pct"), (PopulationKind::PlasmaCells, "plasma_cells_pct")] {
            if let Some(p) = self.populations.iter().find(|p| p.kind == kind) {
                out.push(share(key, &p.share));
            }
        }
        out.extend(
            self.populations
                .iter()
                .filter(|p| p.abnormal)
                .map(|p| ResultValue { text: Some(p.name.clone()), ..share("abnormal_pct", &p.share) }),
        );
        out.extend(self.viability_pct.map(|v| number("viability_pct", v, Some("%"))));
        out.push(count("events", self.events));
        out.extend(self.cd45_events.map(|n| count("cd45_events", n)));
        out.extend(self.lineage.map(|x| text("lineage", x.name())));
        out.extend(self.clonality.map(|x| text("clonality", x.name())));
        out.extend(self.kappa_lambda_ratio.map(|x| number("kappa_lambda_ratio", x, None)));
        out.extend(self.hemodilution.map(|x| text("hemodilution", x.name())));
        let phenotype = phenotype(&self.populations);
        if !phenotype.is_empty() {
            out.push(text("phenotype", phenotype));
        }
        if let Some(mrd) = &self.mrd {
            out.push(text("disease", mrd.disease.name()));
            if let Some(percent) = mrd.percent {
                out.push(share("mrd_pct", &Share { percent, of: mrd.of }));
            }
            out.push(count("abnormal_events", mrd.abnormal_events));
            out.extend(mrd.lod_pct.map(|x| number("lod_pct", x, Some("%"))));
            out.extend(mrd.lloq_pct.map(|x| number("lloq_pct", x, Some("%"))));
            out.extend(mrd.status.map(|x| text("mrd_status", x.name())));
            out.push(text("approach", mrd.approach.name()));
        }
        out
    }

    fn lines(&self) -> Vec<Line> {
        let mut out = vec![line("Panel", self.panel.clone())];
        for p in &self.populations {
            let events = p.events.map_or_else(String::new, |n| format!(" ({} events)", grouped(n)));
            let markers = markers(&p.phenotype);
            let markers = if markers.is_empty() { markers } else { format!(": {markers}") };
            let abnormal = if p.abnormal { "abnormal, " } else { "" };
            out.push(line(capital(&p.name), format!("{abnormal}{}{events}{markers}", p.share.words())));
        }
        if let Some(mrd) = &self.mrd {
            out.push(line(format!("Residual disease ({})", mrd.disease), mrd.words()));
            out.push(line(
                "Events",
                format!("{} abnormal of {} eligible", grouped(mrd.abnormal_events), grouped(mrd.eligible_events)),
            ));
            if let (Some(lod), Some(lloq)) = (mrd.lod_pct, mrd.lloq_pct) {
                out.push(line("Limits", format!("detection {} %, quantification {} %", plain(lod), plain(lloq))));
            }
            opt_line(&mut out, "Time point", mrd.time_point.clone(), |x| x);
            let sample =
                [mrd.pull.map(|p| format!("pull {p}")), mrd.age_h.map(|h| format!("{} h old at set-up", plain(h)))];
            let sample: Vec<String> = sample.into_iter().flatten().collect();
            if !sample.is_empty() {
                out.push(line("Sample", sample.join(", ")));
            }
        }
        opt_line(&mut out, "Lineage", self.lineage, Lineage::words);
        opt_line(&mut out, "Clonality", self.clonality, CloneType::words);
        opt_line(&mut out, "Kappa to lambda", self.kappa_lambda_ratio, plain);
        opt_line(&mut out, "Hemodilution", self.hemodilution, Hemodilution::words);
        opt_line(&mut out, "Viability", self.viability_pct, |v| format!("{} %", plain(v)));
        let cd45 = self.cd45_events.map_or_else(String::new, |n| format!(", {} with CD45", grouped(n)));
        out.push(line("Events acquired", format!("{}{cd45}", grouped(self.events))));
        opt_line(&mut out, "Gating", self.gating.clone(), |x| x);
        opt_line(&mut out, "Correlation", self.correlation.clone(), |x| x);
        out
    }

    fn headline(&self, interpretation: Interpretation) -> String {
        if let Some(mrd) = &self.mrd {
            return format!("Residual disease {}.", mrd.words());
        }
        let abnormal: Vec<String> = self
            .populations
            .iter()
            .filter(|p| p.abnormal)
            .map(|p| {
                let markers = markers(&p.phenotype);
                let markers = if markers.is_empty() { markers } else { format!(" ({markers})") };
                format!("{} {}{markers}", capital(&p.name), p.share.words())
            })
            .collect();
        if abnormal.is_empty() {
            format!("{}.", says(interpretation))
        } else {
            format!("{}.", listed(&abnormal, "; ", LINE_MAX - 1))
        }
    }
}

/// `CD34+, CD117 dim, CD7 partial 40 %`.
fn markers(phenotype: &[Marker]) -> String {
    let each = phenotype.iter().map(|m| {
        let how = match m.expression {
            Expression::Negative => format!("{}-", m.marker),
            Expression::Normal => format!("{}+", m.marker),
            Expression::Dim | Expression::Bright | Expression::Partial | Expression::Heterogeneous => {
                format!("{} {}", m.marker, m.expression)
            }
        };
        m.positive_pct.map_or_else(|| how.clone(), |p| format!("{how} {} %", plain(p)))
    });
    each.collect::<Vec<_>>().join(", ")
}

fn phenotype(populations: &[Population]) -> String {
    let each = populations.iter().filter(|p| p.abnormal && !p.phenotype.is_empty());
    each.map(|p| format!("{}: {}", p.name, markers(&p.phenotype))).collect::<Vec<_>>().join("; ")
}

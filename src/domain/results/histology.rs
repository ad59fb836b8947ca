//! Sections of core or clot: length and what of it can be read, cellularity, architecture, fibrosis, stains
//! (`reference/domain.md` §5.5).

use serde::{Deserialize, Serialize};

use super::morphology::Particles;
use super::{
    Bench, Denominator, Fields, LINE_MAX, Line, Shape, Share, count, line, listed, number, opt_line, plain, share, text,
};
use crate::domain::{Interpretation, ResultValue};
use crate::text_enum;

/// The length that a core should have, mm [MERZIANU]; a shorter one is read all the same.
const GOOD_LENGTH_MM: f64 = 15.0;

text_enum! {
    /// When a core was measured: it shrinks by about 15 % in processing [MERZIANU].
    pub enum Measured {
        /// Fresh, at the bench.
        Gross = "gross",
        /// On the slide.
        Slide = "slide",
    }
}

text_enum! {
    /// Reticulin fibers [MF-GRADE].
    pub enum Reticulin {
        /// Scattered, not crossing.
        Mf0 = "MF-0",
        /// A loose network.
        Mf1 = "MF-1",
        /// Dense, with focal collagen at most.
        Mf2 = "MF-2",
        /// Dense, with coarse collagen.
        Mf3 = "MF-3",
    }
}

text_enum! {
    /// Collagen on a trichrome stain.
    pub enum Collagen {
        /// None.
        None = "none",
        /// In places.
        Focal = "focal",
        /// Dense.
        Dense = "dense",
        /// Not stained.
        NotDone = "not_done",
    }
}

text_enum! {
    /// How the bone was softened. Acid destroys nucleic acid.
    pub enum Decalcification {
        /// Not at all.
        None = "none",
        /// EDTA.
        Edta = "edta",
        /// Acid.
        Acid = "acid",
    }
}

text_enum! {
    /// What one stain shows.
    pub enum StainResult {
        /// Stained.
        Positive = "positive",
        /// Not stained.
        Negative = "negative",
        /// In part.
        Partial = "partial",
        /// Cannot be told.
        Equivocal = "equivocal",
        /// The stain did not work.
        Failed = "failed",
    }
}

/// One immunohistochemical or special stain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stain {
    /// The marker, such as `CD138`.
    pub marker: String,
    /// What it shows.
    pub result: StainResult,
    /// Of which cells, how many.
    #[serde(default)]
    pub share: Option<Share>,
    /// In words.
    #[serde(default)]
    pub note: Option<String>,
}

/// Histology.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Histology {
    /// Length of the core, mm.
    #[serde(default)]
    pub core_length_mm: Option<f64>,
    /// When that was measured.
    #[serde(default)]
    pub measured: Option<Measured>,
    /// In how many pieces.
    #[serde(default)]
    pub pieces: Option<u32>,
    /// How much of it can be read, mm.
    #[serde(default)]
    pub evaluable_mm: Option<f64>,
    /// Areas between trabeculae.
    #[serde(default)]
    pub intertrabecular_areas: Option<u32>,
    /// Particles, in a clot section.
    #[serde(default)]
    pub particles: Option<Particles>,
    /// Cells among cells and fat, %.
    #[serde(default)]
    pub cellularity_pct: Option<f64>,
    /// What is expected at that age, %.
    #[serde(default)]
    pub expected_cellularity_pct: Option<f64>,
    /// Architecture, in words.
    #[serde(default)]
    pub architecture: Option<String>,
    /// Blasts.
    #[serde(default)]
    pub blasts: Option<Share>,
    /// Plasma cells.
    #[serde(default)]
    pub plasma_cells: Option<Share>,
    /// Reticulin fibers.
    #[serde(default)]
    pub reticulin: Option<Reticulin>,
    /// Collagen.
    #[serde(default)]
    pub collagen: Option<Collagen>,
    /// Immunohistochemistry and special stains.
    #[serde(default)]
    pub stains: Vec<Stain>,
    /// The fixative.
    #[serde(default)]
    pub fixative: Option<String>,
    /// How the bone was softened.
    #[serde(default)]
    pub decalcification: Option<Decalcification>,
    /// What is seen, in words.
    #[serde(default)]
    pub description: Option<String>,
}

impl Stain {
    fn words(&self) -> String {
        let mut out = vec![self.result.words()];
        out.extend(self.share.map(|s| s.words()));
        out.extend(self.note.clone());
        out.join(", ")
    }
}

impl Shape for Histology {
    fn complete(&mut self, bench: &Bench<'_>, fields: &mut Fields<'_>) {
        fields.opt_note("architecture", &mut self.architecture);
        fields.opt_note("description", &mut self.description);
        fields.opt_line("fixative", &mut self.fixative);
        fields.percent("cellularity_pct", self.cellularity_pct);
        fields.percent("expected_cellularity_pct", self.expected_cellularity_pct);
        fields.share("blasts", self.blasts.as_ref());
        fields.share("plasma_cells", self.plasma_cells.as_ref());
        for (field, mm) in [("core_length_mm", self.core_length_mm), ("evaluable_mm", self.evaluable_mm)] {
            if let Some(mm) = mm {
                fields.within(field, mm, 0.0, 120.0, "mm");
            }
        }
        fields.at_most("stains", self.stains.len(), 60);
        for (i, stain) in self.stains.iter_mut().enumerate() {
            fields.line(&format!("stains/{i}/marker"), &mut stain.marker);
            fields.opt_line(&format!("stains/{i}/note"), &mut stain.note);
            fields.share(&format!("stains/{i}/share"), stain.share.as_ref());
        }
        if let (Some(length), Some(evaluable)) = (self.core_length_mm, self.evaluable_mm)
            && evaluable > length
        {
            fields.fail("evaluable_mm", "impossible", format!("longer than the core of {} mm", plain(length)));
        }
        if self.core_length_mm.is_some() && self.measured.is_none() {
            fields.remark(
                "measured",
                "measured_when",
                "Say whether the core was measured fresh or on the slide: it shrinks by about 15 %.",
            );
        }
        if let Some(length) = self.core_length_mm.filter(|mm| *mm < GOOD_LENGTH_MM)
            && bench.interpretation != Interpretation::Inadequate
        {
            fields.remark(
                "core_length_mm",
                "short_core",
                format!(
                    "A core of {} mm may not be representative; {} mm are aimed for.",
                    plain(length),
                    plain(GOOD_LENGTH_MM)
                ),
            );
        }
        let dense = matches!(self.reticulin, Some(Reticulin::Mf2 | Reticulin::Mf3));
        if dense && matches!(self.collagen, None | Some(Collagen::NotDone)) {
            fields.remark("collagen", "trichrome_advised", "With MF-2 or MF-3 a trichrome stain is advised.");
        }
        if self.decalcification == Some(Decalcification::Acid) {
            fields.remark("decalcification", "acid", "Decalcified in acid: no molecular or FISH work on this block.");
        }
    }

    fn values(&self) -> Vec<ResultValue> {
        let mut out = Vec::new();
        out.extend(self.core_length_mm.map(|x| number("core_length_mm", x, Some("mm"))));
        out.extend(self.measured.map(|x| text("measured", x.name())));
        out.extend(self.pieces.map(|n| count("pieces", n.into())));
        out.extend(self.evaluable_mm.map(|x| number("evaluable_mm", x, Some("mm"))));
        out.extend(self.intertrabecular_areas.map(|n| count("intertrabecular_areas", n.into())));
        out.extend(self.particles.map(|x| text("particles", x.name())));
        out.extend(
            self.cellularity_pct.map(|p| share("cellularity_pct", &Share::exactly(p, Denominator::MarrowSpace))),
        );
        out.extend(self.reticulin.map(|x| text("reticulin", x.name())));
        out.extend(self.collagen.map(|x| text("collagen", x.name())));
        out.extend(self.blasts.map(|s| share("blasts_pct", &s)));
        out.extend(self.plasma_cells.map(|s| share("plasma_cells_pct", &s)));
        for stain in &self.stains {
            let found = text("stain", format!("{} {}", stain.marker, stain.result.name()));
            out.push(match stain.share {
                Some(s) => ResultValue { text: found.text, ..share("stain", &s) },
                None => found,
            });
        }
        if let Some(s) = self.stains.iter().find(|s| s.marker.eq_ignore_ascii_case("CD138")).and_then(|s| s.share) {
            out.push(share("cd138_pct", &s));
        }
        out.extend(self.decalcification.map(|x| text("decalcification", x.name())));
        out.extend(self.fixative.as_ref().map(|x| text("fixative", x.clone())));
        out.extend(self.architecture.as_ref().map(|x| text("architecture", x.clone())));
        out.extend(self.description.as_ref().map(|x| text("description", x.clone())));
        out
    }

    fn lines(&self) -> Vec<Line> {
        let mut out = Vec::new();
        opt_line(&mut out, "Core length", self.core_length_mm, |mm| {
            let when = self.measured.map_or_else(String::new, |m| {
                if m == Measured::Gross { " (fresh)".to_owned() } else { " (on the slide)".to_owned() }
            });
            let pieces =
                self.pieces.map_or_else(String::new, |n| format!(", {n} {}", if n == 1 { "piece" } else { "pieces" }));
            format!("{} mm{when}{pieces}", plain(mm))
        });
        opt_line(&mut out, "Evaluable length", self.evaluable_mm, |mm| format!("{} mm", plain(mm)));
        opt_line(&mut out, "Intertrabecular areas", self.intertrabecular_areas, |n| n.to_string());
        opt_line(&mut out, "Particles", self.particles, Particles::words);
        opt_line(&mut out, "Cellularity", self.cellularity_pct, |p| {
            let expected =
                self.expected_cellularity_pct.map_or_else(String::new, |e| format!(" (expected {} %)", plain(e)));
            format!("{} %{expected}", plain(p))
        });
        opt_line(&mut out, "Architecture", self.architecture.clone(), |x| x);
        opt_line(&mut out, "Blasts", self.blasts, |s| s.words());
        opt_line(&mut out, "Plasma cells", self.plasma_cells, |s| s.words());
        opt_line(&mut out, "Reticulin", self.reticulin, |r| r.name().to_owned());
        opt_line(&mut out, "Collagen", self.collagen, Collagen::words);
        out.extend(self.stains.iter().map(|s| line(s.marker.clone(), s.words())));
        let handling = [
            self.fixative.clone(),
            self.decalcification.map(|d| format!("decalcification: {}", d.words().replace("edta", "EDTA"))),
        ];
        let handling: Vec<String> = handling.into_iter().flatten().collect();
        if !handling.is_empty() {
            out.push(line("Fixation", handling.join("; ")));
        }
        opt_line(&mut out, "Description", self.description.clone(), |x| x);
        out
    }

    fn headline(&self, interpretation: Interpretation) -> String {
        let mut out = Vec::new();
        out.extend(self.core_length_mm.map(|mm| format!("core {} mm", plain(mm))));
        out.extend(self.cellularity_pct.map(|p| format!("cellularity {} %", plain(p))));
        out.extend(self.reticulin.map(|r| r.name().to_owned()));
        out.extend(self.plasma_cells.map(|s| format!("plasma cells {}", s.percent.words("%"))));
        out.extend(self.blasts.map(|s| format!("blasts {}", s.percent.words("%"))));
        if out.is_empty() {
            out.extend(self.stains.iter().map(|s| format!("{} {}", s.marker, s.result.words())));
        }
        let said = super::says(interpretation);
        if out.is_empty() { format!("{said}.") } else { format!("{said}: {}.", listed(&out, ", ", LINE_MAX - 50)) }
    }
}

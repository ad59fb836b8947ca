//! The aspirate under the microscope: a differential that adds up, dysplasia per lineage, and how good the smear is
//! (`reference/domain.md` §5.5).

use serde::{Deserialize, Serialize};

use super::flow::Hemodilution;
use super::{
    Bench, Denominator, Fields, Line, Shape, Share, count, line, number, opt_line, plain, rounded, share, text,
};
use crate::domain::{Interpretation, ResultValue};
use crate::text_enum;

/// Cells below which a differential is called limited.
pub const LIMITED_BELOW: u32 = 200;
/// Cells that acute leukemia asks for [AML-COUNT].
pub const FULL_COUNT: u32 = 500;
/// How far the percentages may be from 100, percentage points.
const SUM_SLACK: f64 = 0.5;

text_enum! {
    /// How good the smear is.
    pub enum SmearQuality {
        /// Good.
        Good = "good",
        /// Readable.
        Suboptimal = "suboptimal",
        /// Without particles.
        Aparticulate = "aparticulate",
        /// Mostly blood.
        Hemodilute = "hemodilute",
        /// Clotted.
        Clotted = "clotted",
    }
}

text_enum! {
    /// How many particles.
    pub enum Particles {
        /// None.
        None = "0",
        /// Few.
        One = "1+",
        /// Some.
        Two = "2+",
        /// Many.
        Three = "3+",
    }
}

text_enum! {
    /// How full of cells the particles are.
    pub enum Cellularity {
        /// Fewer than expected at that age.
        Reduced = "reduced",
        /// As expected.
        Normal = "normal",
        /// More.
        Increased = "increased",
        /// No particles to tell from.
        NotAssessable = "not_assessable",
    }
}

text_enum! {
    /// Megakaryocytes, counted apart from the differential.
    pub enum Megakaryocytes {
        /// None seen.
        Absent = "absent",
        /// Few.
        Reduced = "reduced",
        /// Enough.
        Normal = "normal",
        /// Many.
        Increased = "increased",
    }
}

text_enum! {
    /// What the numbers of a differential are.
    pub enum Tally {
        /// Cells, as the counter counted them.
        Cells = "cells",
        /// Percent.
        Percent = "percent",
    }
}

/// A class in percent of all counted cells, as it prints: one decimal.
pub fn percent_of(cells: f64, all: f64) -> f64 {
    rounded(cells / all.max(1.0) * 100.0, 1)
}

/// A differential count of nucleated marrow cells. Megakaryocytes are not part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Differential {
    /// Whether the numbers are cells or percent.
    pub tally: Tally,
    /// How many cells were counted, 1 to 5000. With a tally of cells it is their sum, and may be left out.
    #[serde(default)]
    pub counted: Option<u32>,
    /// Blasts.
    #[serde(default)]
    pub blasts: f64,
    /// Promyelocytes.
    #[serde(default)]
    pub promyelocytes: f64,
    /// Myelocytes.
    #[serde(default)]
    pub myelocytes: f64,
    /// Metamyelocytes.
    #[serde(default)]
    pub metamyelocytes: f64,
    /// Band forms.
    #[serde(default)]
    pub bands: f64,
    /// Segmented neutrophils.
    #[serde(default)]
    pub neutrophils: f64,
    /// Eosinophils and their precursors.
    #[serde(default)]
    pub eosinophils: f64,
    /// Basophils and their precursors.
    #[serde(default)]
    pub basophils: f64,
    /// Monocytes and their precursors.
    #[serde(default)]
    pub monocytes: f64,
    /// Precursors of red cells.
    #[serde(default)]
    pub erythroid: f64,
    /// Lymphocytes.
    #[serde(default)]
    pub lymphocytes: f64,
    /// Plasma cells.
    #[serde(default)]
    pub plasma_cells: f64,
    /// Others.
    #[serde(default)]
    pub other: f64,
}

impl Differential {
    /// Every class with its name, in the order of reading.
    fn classes(&self) -> [(&'static str, &'static str, f64); 13] {
        [
            ("blasts", "Blasts", self.blasts),
            ("promyelocytes", "Promyelocytes", self.promyelocytes),
            ("myelocytes", "Myelocytes", self.myelocytes),
            ("metamyelocytes", "Metamyelocytes", self.metamyelocytes),
            ("bands", "Band forms", self.bands),
            ("neutrophils", "Neutrophils", self.neutrophils),
            ("eosinophils", "Eosinophils", self.eosinophils),
            ("basophils", "Basophils", self.basophils),
            ("monocytes", "Monocytes", self.monocytes),
            ("erythroid", "Erythroid precursors", self.erythroid),
            ("lymphocytes", "Lymphocytes", self.lymphocytes),
            ("plasma_cells", "Plasma cells", self.plasma_cells),
            ("other", "Other cells", self.other),
        ]
    }

    fn sum(&self) -> f64 {
        self.classes().iter().map(|(_, _, n)| n).sum()
    }

    /// A class in percent.
    fn percent(&self, number: f64) -> f64 {
        match self.tally {
            Tally::Percent => number,
            Tally::Cells => percent_of(number, self.sum()),
        }
    }

    /// Granulocytes and their precursors to red cell precursors; blasts count where the laboratory counts them.
    fn me_ratio(&self, with_blasts: bool) -> Option<f64> {
        let myeloid = self.promyelocytes
            + self.myelocytes
            + self.metamyelocytes
            + self.bands
            + self.neutrophils
            + self.eosinophils
            + self.basophils
            + if with_blasts { self.blasts } else { 0.0 };
        (self.erythroid > 0.0).then(|| rounded(myeloid / self.erythroid, 1))
    }

    fn complete(&mut self, fields: &mut Fields<'_>) {
        let cells = self.tally == Tally::Cells;
        for (name, _, n) in self.classes() {
            let field = format!("differential/{name}");
            fields.within(&field, n, 0.0, if cells { 5_000.0 } else { 100.0 }, if cells { "cells" } else { "%" });
            if cells && n.fract() != 0.0 {
                fields.fail(&field, "not_whole", "a tally counts whole cells; state percent if these are percentages");
            }
        }
        let sum = self.sum();
        if cells {
            if !(1.0..=5_000.0).contains(&sum) {
                fields.fail(
                    "differential",
                    "out_of_range",
                    format!("the cells add up to {}; 1 to 5000 can be counted", plain(sum)),
                );
                return;
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to 5000, see above
            let total = sum.round() as u32;
            match self.counted {
                Some(stated) if stated != total => {
                    fields.fail(
                        "differential/counted",
                        "disagrees",
                        format!("the classes add up to {total} cells, not {stated}; correct one of them"),
                    );
                }
                Some(_) => {}
                None => self.counted = Some(total),
            }
        } else {
            if (sum - 100.0).abs() > SUM_SLACK {
                fields.fail(
                    "differential",
                    "sum",
                    format!("the classes add up to {} %; they must make 100 %", plain(rounded(sum, 1))),
                );
            }
            match self.counted {
                None => fields.fail("differential/counted", "missing", "how many cells were counted?"),
                Some(n) => fields.within("differential/counted", n.into(), 1.0, 5_000.0, "cells"),
            }
        }
    }
}

/// Dysplastic cells of each lineage, %.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dysplasia {
    /// Of the red series.
    #[serde(default)]
    pub erythroid_pct: Option<f64>,
    /// Of the granulocytic series.
    #[serde(default)]
    pub granulocytic_pct: Option<f64>,
    /// Of the megakaryocytes.
    #[serde(default)]
    pub megakaryocytic_pct: Option<f64>,
}

/// Aspirate morphology.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Morphology {
    /// How good the smear is.
    pub smear_quality: SmearQuality,
    /// How many particles.
    #[serde(default)]
    pub particles: Option<Particles>,
    /// How full of cells they are.
    #[serde(default)]
    pub cellularity: Option<Cellularity>,
    /// Blood in the marrow.
    #[serde(default)]
    pub hemodilution: Option<Hemodilution>,
    /// The differential. Absent only where no cells could be counted.
    #[serde(default)]
    pub differential: Option<Differential>,
    /// Myeloid to erythroid; computed when left out.
    #[serde(default)]
    pub me_ratio: Option<f64>,
    /// Whether blasts count as myeloid in that ratio.
    #[serde(default)]
    pub blasts_in_me: bool,
    /// Megakaryocytes.
    #[serde(default)]
    pub megakaryocytes: Option<Megakaryocytes>,
    /// Dysplasia.
    #[serde(default)]
    pub dysplasia: Option<Dysplasia>,
    /// What is seen, in words.
    #[serde(default)]
    pub description: Option<String>,
}

impl Shape for Morphology {
    fn complete(&mut self, bench: &Bench<'_>, fields: &mut Fields<'_>) {
        fields.opt_note("description", &mut self.description);
        if let Some(d) = self.dysplasia {
            fields.percent("dysplasia/erythroid_pct", d.erythroid_pct);
            fields.percent("dysplasia/granulocytic_pct", d.granulocytic_pct);
            fields.percent("dysplasia/megakaryocytic_pct", d.megakaryocytic_pct);
        }
        if self.smear_quality == SmearQuality::Aparticulate {
            if self.particles.is_some_and(|p| p != Particles::None) {
                fields.fail("particles", "contradicts", "an aparticulate smear has no particles");
            }
            if !bench.commented && self.description.is_none() {
                fields.fail("description", "missing", "no particles: say in words what this smear can still tell");
            }
        }
        let Some(differential) = &mut self.differential else {
            if bench.interpretation != Interpretation::Inadequate {
                fields.fail("differential", "missing", "a differential is needed unless the material is inadequate");
            }
            return;
        };
        differential.complete(fields);
        let ratio = differential.me_ratio(self.blasts_in_me);
        fields.agree(
            "me_ratio",
            &mut self.me_ratio,
            ratio,
            ratio.unwrap_or(0.0) * 0.1 + 0.1,
            "the ratio of myeloid to erythroid cells",
        );
        let counted = differential.counted.unwrap_or(0);
        if counted < LIMITED_BELOW {
            fields.remark(
                "differential/counted",
                "limited_count",
                format!("Limited count: {counted} cells; fewer than {LIMITED_BELOW}."),
            );
        } else if counted < FULL_COUNT {
            fields.remark(
                "differential/counted",
                "short_count",
                format!("{counted} cells counted; criteria for acute leukemia ask for {FULL_COUNT}."),
            );
        }
    }

    fn values(&self) -> Vec<ResultValue> {
        let mut out = Vec::new();
        let of = Denominator::NucleatedCells;
        if let Some(d) = &self.differential {
            for (name, _, n) in d.classes() {
                if n > 0.0 || ["blasts", "erythroid", "lymphocytes", "plasma_cells"].contains(&name) {
                    out.push(share(&format!("{name}_pct"), &Share::exactly(d.percent(n), of)));
                }
            }
            out.extend(d.counted.map(|n| count("cells_counted", n.into())));
        }
        out.push(text("smear_quality", self.smear_quality.name()));
        out.extend(self.particles.map(|x| text("particles", x.name())));
        out.extend(self.cellularity.map(|x| text("cellularity", x.name())));
        out.extend(self.me_ratio.map(|x| number("me_ratio", x, None)));
        if let Some(d) = self.dysplasia {
            for (key, percent, of) in [
                ("dysplasia_erythroid_pct", d.erythroid_pct, Denominator::ErythroidCells),
                ("dysplasia_granulocytic_pct", d.granulocytic_pct, Denominator::GranulocyticCells),
                ("dysplasia_megakaryocytic_pct", d.megakaryocytic_pct, Denominator::Megakaryocytes),
            ] {
                out.extend(percent.map(|p| share(key, &Share::exactly(p, of))));
            }
        }
        out.extend(self.megakaryocytes.map(|x| text("megakaryocytes", x.name())));
        out.extend(self.hemodilution.map(|x| text("hemodilution", x.name())));
        out.extend(self.description.as_ref().map(|x| text("description", x.clone())));
        out
    }

    fn lines(&self) -> Vec<Line> {
        let mut out = vec![line("Smear", self.smear_quality.words())];
        opt_line(&mut out, "Particles", self.particles, Particles::words);
        opt_line(&mut out, "Cellularity", self.cellularity, Cellularity::words);
        if let Some(d) = &self.differential {
            let counted = d.counted.map_or_else(String::new, |n| format!("{n} nucleated cells"));
            out.push(line("Differential", counted));
            for (_, name, n) in d.classes().into_iter().filter(|(name, _, n)| *n > 0.0 || *name == "blasts") {
                out.push(line(name, format!("{} %", plain(d.percent(n)))));
            }
        }
        opt_line(&mut out, "Myeloid to erythroid", self.me_ratio, |r| format!("{} : 1", plain(r)));
        opt_line(&mut out, "Megakaryocytes", self.megakaryocytes, Megakaryocytes::words);
        if let Some(d) = self.dysplasia {
            opt_line(&mut out, "Erythroid dysplasia", d.erythroid_pct, |p| {
                format!("{} % of erythroid cells", plain(p))
            });
            opt_line(&mut out, "Granulocytic dysplasia", d.granulocytic_pct, |p| {
                format!("{} % of granulocytic cells", plain(p))
            });
            opt_line(&mut out, "Megakaryocytic dysplasia", d.megakaryocytic_pct, |p| {
                format!("{} % of megakaryocytes", plain(p))
            });
        }
        opt_line(&mut out, "Hemodilution", self.hemodilution, Hemodilution::words);
        opt_line(&mut out, "Description", self.description.clone(), |x| x);
        out
    }

    fn headline(&self, _: Interpretation) -> String {
        let Some(d) = &self.differential else {
            return format!("Smear {}; no differential.", self.smear_quality.words());
        };
        let blasts = format!("Blasts {} %", plain(d.percent(d.blasts)));
        let plasma = d.percent(d.plasma_cells);
        let lead = if plasma >= 10.0 {
            format!("Plasma cells {} %, blasts {} %", plain(plasma), plain(d.percent(d.blasts)))
        } else {
            blasts
        };
        format!("{lead} of {} cells.", d.counted.unwrap_or(0))
    }
}

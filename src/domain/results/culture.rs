//! Culture of marrow for bacteria, mycobacteria and fungi.

use serde::{Deserialize, Serialize};

use super::{Bench, Fields, LINE_MAX, Line, Shape, count, line, listed, opt_line, text};
use crate::domain::{Interpretation, ResultValue};
use crate::text_enum;

text_enum! {
    /// What grew.
    pub enum Growth {
        /// Nothing.
        None = "none",
        /// Something that matters.
        Growth = "growth",
        /// Something from the skin.
        Contaminant = "contaminant",
    }
}

text_enum! {
    /// What the stain for mycobacteria shows.
    pub enum AcidFast {
        /// Bacilli.
        Seen = "seen",
        /// None.
        NotSeen = "not_seen",
        /// Nobody looked.
        NotDone = "not_done",
    }
}

/// One organism.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Organism {
    /// Its name.
    pub name: String,
    /// To what it is susceptible, in words.
    #[serde(default)]
    pub susceptibility: Option<String>,
}

/// A culture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MicrobialCulture)]
pub struct Culture {
    /// What grew.
    pub growth: Growth,
    /// The stain for mycobacteria.
    #[serde(default)]
    pub acid_fast: Option<AcidFast>,
    /// What it is.
    #[serde(default)]
    pub organisms: Vec<Organism>,
    /// Days of incubation so far.
    #[serde(default)]
    pub incubated_days: Option<u32>,
}

impl Shape for Culture {
    fn complete(&mut self, bench: &Bench<'_>, fields: &mut Fields<'_>) {
        fields.at_most("organisms", self.organisms.len(), 20);
        for (i, o) in self.organisms.iter_mut().enumerate() {
            fields.line(&format!("organisms/{i}/name"), &mut o.name);
            fields.opt_note(&format!("organisms/{i}/susceptibility"), &mut o.susceptibility);
        }
        if let Some(days) = self.incubated_days {
            fields.within("incubated_days", days.into(), 0.0, 365.0, "days");
        }
        match self.growth {
            Growth::None if !self.organisms.is_empty() => {
                fields.fail("growth", "contradicts", "organisms are named; something grew");
            }
            Growth::None
                if bench.interpretation == Interpretation::Abnormal && self.acid_fast != Some(AcidFast::Seen) =>
            {
                fields.fail("growth", "contradicts", "nothing grew; the result cannot say detected");
            }
            Growth::Growth if bench.interpretation == Interpretation::Normal => {
                fields.fail("growth", "contradicts", "something grew; the result cannot say not detected");
            }
            Growth::None | Growth::Growth | Growth::Contaminant => {}
        }
    }

    fn values(&self) -> Vec<ResultValue> {
        let mut out = vec![text("growth", self.growth.name())];
        out.extend(self.acid_fast.map(|a| text("acid_fast", a.name())));
        if !self.organisms.is_empty() {
            let names: Vec<&str> = self.organisms.iter().map(|o| o.name.as_str()).collect();
            out.push(text("organisms", names.join(", ")));
        }
        out.extend(self.incubated_days.map(|d| count("incubated_days", d.into())));
        out
    }

    fn lines(&self) -> Vec<Line> {
        let mut out = vec![line("Growth", self.growth.words())];
        for o in &self.organisms {
            out.push(line(o.name.clone(), o.susceptibility.clone().unwrap_or_else(|| "grown".to_owned())));
        }
        opt_line(&mut out, "Acid-fast stain", self.acid_fast, AcidFast::words);
        opt_line(&mut out, "Incubated", self.incubated_days, |d| format!("{d} days"));
        out
    }

    fn headline(&self, _: Interpretation) -> String {
        let names: Vec<String> = self.organisms.iter().map(|o| o.name.clone()).collect();
        let after = self.incubated_days.map_or_else(String::new, |d| format!(" after {d} days"));
        match self.growth {
            Growth::None => format!("No growth{after}."),
            Growth::Growth if names.is_empty() => format!("Growth{after}."),
            Growth::Growth => format!("{} grown{after}.", listed(&names, ", ", LINE_MAX - 50)),
            Growth::Contaminant => format!("Contaminant{after}."),
        }
    }
}

//! Rearranged immunoglobulin and T-cell receptor genes: one clone, a few, or many.

use serde::{Deserialize, Serialize};

use super::{Bench, Fields, Line, Shape, line, opt_line, says, text};
use crate::domain::{Interpretation, ResultValue};
use crate::text_enum;

text_enum! {
    /// What the fragments look like.
    pub enum Rearranged {
        /// One clone.
        Clonal = "clonal",
        /// A few.
        Oligoclonal = "oligoclonal",
        /// Many: normal.
        Polyclonal = "polyclonal",
        /// Not looked at.
        NotTested = "not_tested",
        /// No usable product.
        Failed = "failed",
    }
}

/// A clonality result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClonalityResult)]
pub struct Clonality {
    /// Immunoglobulin genes.
    pub ig: Rearranged,
    /// T-cell receptor genes.
    pub tr: Rearranged,
    /// The rearrangements found.
    #[serde(default)]
    pub rearrangements: Vec<String>,
    /// How they were looked at.
    #[serde(default)]
    pub method: Option<String>,
}

impl Shape for Clonality {
    fn complete(&mut self, bench: &Bench<'_>, fields: &mut Fields<'_>) {
        fields.opt_line("method", &mut self.method);
        fields.at_most("rearrangements", self.rearrangements.len(), 40);
        for (i, found) in self.rearrangements.iter_mut().enumerate() {
            fields.line(&format!("rearrangements/{i}"), found);
        }
        let clonal = [self.ig, self.tr].contains(&Rearranged::Clonal);
        if clonal && bench.interpretation == Interpretation::Normal {
            fields.fail("ig", "contradicts", "a clone was found; the result cannot say not detected");
        }
        let any = clonal || [self.ig, self.tr].contains(&Rearranged::Oligoclonal);
        if !any && bench.interpretation == Interpretation::Abnormal {
            fields.fail("ig", "contradicts", "no clone was found; the result cannot say detected");
        }
    }

    fn values(&self) -> Vec<ResultValue> {
        let mut out = vec![text("ig", self.ig.name()), text("tr", self.tr.name())];
        if !self.rearrangements.is_empty() {
            out.push(text("rearrangements", self.rearrangements.join("; ")));
        }
        out
    }

    fn lines(&self) -> Vec<Line> {
        let mut out =
            vec![line("Immunoglobulin genes", self.ig.words()), line("T-cell receptor genes", self.tr.words())];
        if !self.rearrangements.is_empty() {
            out.push(line("Rearrangements", self.rearrangements.join("; ")));
        }
        opt_line(&mut out, "Method", self.method.clone(), |x| x);
        out
    }

    fn headline(&self, interpretation: Interpretation) -> String {
        format!("{}: IG {}, TR {}.", says(interpretation), self.ig.words(), self.tr.words())
    }
}

//! Iron stain: stores, and ring sideroblasts among red cell precursors (`reference/domain.md` §5.5).

use serde::{Deserialize, Serialize};

use super::{Bench, Denominator, Fields, Line, Shape, Share, count, line, opt_line, plain, share, text};
use crate::domain::{Interpretation, ResultValue};
use crate::text_enum;

text_enum! {
    /// Iron in the stores [PO-REPORT].
    pub enum StorageIron {
        /// None.
        Absent = "0",
        /// A trace.
        One = "1+",
        /// Normal.
        Two = "2+",
        /// More than normal.
        Three = "3+",
        /// Far more.
        Four = "4+",
        /// No particles to look at.
        NotAssessable = "not_assessable",
    }
}

/// Red cell precursors that are usually counted for ring sideroblasts.
const USUAL_PRECURSORS: u32 = 100;

/// An iron stain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Iron {
    /// Iron in the stores.
    pub storage_iron: StorageIron,
    /// Ring sideroblasts among red cell precursors, %.
    #[serde(default)]
    pub ring_sideroblasts_pct: Option<f64>,
    /// How many precursors were counted.
    #[serde(default)]
    pub precursors_counted: Option<u32>,
}

impl Shape for Iron {
    fn complete(&mut self, _: &Bench<'_>, fields: &mut Fields<'_>) {
        fields.percent("ring_sideroblasts_pct", self.ring_sideroblasts_pct);
        if let Some(n) = self.precursors_counted {
            fields.within("precursors_counted", n.into(), 1.0, 5_000.0, "cells");
            if n < USUAL_PRECURSORS && self.ring_sideroblasts_pct.is_some() {
                fields.remark("precursors_counted", "limited_count", format!("Only {n} precursors could be counted."));
            }
        }
    }

    fn values(&self) -> Vec<ResultValue> {
        let mut out = vec![text("storage_iron", self.storage_iron.name())];
        let rings = self.ring_sideroblasts_pct.map(|p| Share::exactly(p, Denominator::ErythroidPrecursors));
        out.extend(rings.map(|s| share("ring_sideroblasts_pct", &s)));
        out.extend(self.precursors_counted.map(|n| count("precursors_counted", n.into())));
        out
    }

    fn lines(&self) -> Vec<Line> {
        let mut out = vec![line("Storage iron", self.storage_iron.words())];
        opt_line(&mut out, "Ring sideroblasts", self.ring_sideroblasts_pct, |p| {
            format!("{} % of erythroid precursors", plain(p))
        });
        opt_line(&mut out, "Precursors counted", self.precursors_counted, |n| n.to_string());
        out
    }

    fn headline(&self, _: Interpretation) -> String {
        let rings = self
            .ring_sideroblasts_pct
            .map_or_else(String::new, |p| format!(", ring sideroblasts {} % of erythroid precursors", plain(p)));
        format!("Storage iron {}{rings}.", self.storage_iron.words())
    }
}

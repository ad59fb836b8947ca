//! What each kind of assay finds: one shape per file, checked as a hematopathologist would check it.
//!
//! A shape says three things about itself: what does not fit (errors, with the JSON pointer, and remarks that block
//! nothing), its values by stable keys (for CSV, trends and correlation), and its lines as the report prints them.
//! Which assay has which shape is the catalogue's business; an assay without one carries plain values
//! (`reference/domain.md` §5).

mod clonality;
mod culture;
mod fish;
mod flow;
pub mod form;
mod genes;
mod hgvs;
mod histology;
mod iron;
mod karyotype;
mod morphology;
mod ngs;
mod reading;
#[cfg(test)]
mod tests;
mod transcript;

use serde::{Deserialize, Serialize};

pub use clonality::{Clonality, Rearranged};
pub use culture::{AcidFast, Culture, Growth, Organism};
pub use fish::{Enrichment, Fish, Probe, ProbeKind, ProbeOutcome};
pub use flow::{
    CloneType, Expression, Flow, Hemodilution, Lineage, Marker, Mrd, MrdApproach, MrdDisease, MrdStatus, Population,
    PopulationKind,
};
pub use genes::{Gene, Genes};
pub use hgvs::looks_like_hgvs;
pub use histology::{Collagen, Decalcification, Histology, Measured, Reticulin, Stain, StainResult};
pub use iron::{Iron, StorageIron};
pub use karyotype::{Banding, Karyotype, MetaphaseCulture, TERMS};
pub use morphology::{
    Cellularity, Differential, Dysplasia, FULL_COUNT, LIMITED_BELOW, Megakaryocytes, Morphology, Particles,
    SmearQuality, Tally, percent_of,
};
pub use ngs::{Ngs, Variant};
pub use reading::{Denominator, Presence, Reading, Share};
pub use transcript::{ControlGene, MolecularResponse, Transcript, TranscriptType};

use super::text::{Check, LINE_MAX};
use super::{Interpretation, ResultValue, Sex};
use crate::text_enum;

text_enum! {
    /// Which shape an assay's result has.
    pub enum ShapeKind {
        /// Flow cytometry, with or without residual disease.
        Flow = "flow",
        /// FISH probes.
        Fish = "fish",
        /// Chromosomes.
        Karyotype = "karyotype",
        /// A transcript, quantified.
        Transcript = "transcript",
        /// Single genes, by whatever method.
        Genes = "genes",
        /// A sequencing panel.
        Ngs = "ngs",
        /// Rearrangements of immunoglobulin and T-cell receptor genes.
        Clonality = "clonality",
        /// The aspirate under the microscope.
        Morphology = "morphology",
        /// Iron stain.
        Iron = "iron",
        /// Sections of core or clot.
        Histology = "histology",
        /// Microbial culture.
        Culture = "culture",
    }
}

/// A result in the shape of its assay: `{"flow": {…}}`. The tag names shape and version, and is kept for ever: a shape
/// that changes so that old results no longer read becomes a new tag (`flow_2`) beside the old one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ResultDetails)]
pub enum Details {
    /// Flow cytometry.
    Flow(Flow),
    /// FISH.
    Fish(Fish),
    /// Karyotype.
    Karyotype(Karyotype),
    /// Quantified transcript.
    Transcript(Transcript),
    /// Single genes.
    Genes(Genes),
    /// Sequencing panel.
    Ngs(Ngs),
    /// Clonality of lymphocytes.
    Clonality(Clonality),
    /// Aspirate morphology.
    Morphology(Morphology),
    /// Iron stain.
    Iron(Iron),
    /// Histology.
    Histology(Histology),
    /// Culture.
    Culture(Culture),
}

/// What the bench knows beside the result itself.
#[derive(Debug, Clone, Copy)]
pub struct Bench<'a> {
    /// The assay's code.
    pub assay: &'a str,
    /// What the result says as a whole.
    pub interpretation: Interpretation,
    /// The patient's recorded sex.
    pub sex: Sex,
    /// The pull that fed it, from 1.
    pub pull: Option<u8>,
    /// How old the part was at set-up, h.
    pub age_h: Option<f64>,
    /// Whether it comes with a comment.
    pub commented: bool,
}

/// Something the reader should know, that blocks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ResultRemark)]
pub struct Remark {
    /// Stable name of the rule, such as `limited_count`.
    pub code: String,
    /// The field, as a JSON pointer into `details`.
    pub pointer: String,
    /// What is to be known, as a sentence.
    pub text: String,
}

/// One line of a result as reports and pages print it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ResultLine)]
pub struct Line {
    /// What.
    pub name: String,
    /// The finding in words, with unit and denominator.
    pub value: String,
}

/// Errors and remarks of one result, under one JSON pointer.
pub struct Fields<'c> {
    check: &'c mut Check,
    remarks: &'c mut Vec<Remark>,
    at: String,
}

impl<'c> Fields<'c> {
    /// For a result whose details are at this pointer.
    pub fn new(check: &'c mut Check, remarks: &'c mut Vec<Remark>, at: impl Into<String>) -> Self {
        Self { check, remarks, at: at.into() }
    }

    /// A field that does not fit.
    fn fail(&mut self, field: &str, code: &str, message: impl Into<String>) {
        self.check.fail(format!("{}/{field}", self.at), code, message);
    }

    /// Something to know.
    fn remark(&mut self, field: &str, code: &str, text: impl Into<String>) {
        self.remarks.push(Remark { code: code.to_owned(), pointer: format!("/{field}"), text: text.into() });
    }

    /// A number between bounds, both included.
    fn within(&mut self, field: &str, value: f64, low: f64, high: f64, unit: &str) {
        if !value.is_finite() || value < low || value > high {
            let text = format!("{} does not fit: {} to {} {unit}", plain(value), plain(low), plain(high));
            self.fail(field, "out_of_range", text.trim_end());
        }
    }

    /// A percentage, 0 to 100.
    fn percent(&mut self, field: &str, value: Option<f64>) {
        if let Some(value) = value {
            self.within(field, value, 0.0, 100.0, "%");
        }
    }

    /// A share: its number between 0 and 100.
    fn share(&mut self, field: &str, share: Option<&Share>) {
        if let Some(share) = share {
            self.reading(&format!("{field}/percent"), share.percent, 0.0, 100.0, "%");
        }
    }

    /// The number of a reading between bounds; only *not detected* may go without one.
    fn reading(&mut self, field: &str, reading: Reading, low: f64, high: f64, unit: &str) {
        match reading.value {
            Some(value) => self.within(field, value, low, high, unit),
            None if reading.is_not_detected() => {}
            None => self.fail(field, "missing", "a number is needed, or ND for not detected"),
        }
    }

    /// One required line of text, cleaned.
    fn line(&mut self, field: &str, text: &mut String) {
        *text = self.check.line(&format!("{}/{field}", self.at), text);
    }

    /// One optional line of text, cleaned.
    fn opt_line(&mut self, field: &str, text: &mut Option<String>) {
        *text = self.check.opt_line(&format!("{}/{field}", self.at), text.as_deref());
    }

    /// Several optional lines of text, cleaned.
    fn opt_note(&mut self, field: &str, text: &mut Option<String>) {
        *text = self.check.opt_note(&format!("{}/{field}", self.at), text.as_deref());
    }

    /// At most so many entries.
    fn at_most(&mut self, field: &str, count: usize, most: usize) {
        if count > most {
            self.fail(field, "too_many", format!("at most {most} entries fit here"));
        }
    }

    /// `stated` is kept if it agrees with what was computed, and filled in when left out.
    fn agree(&mut self, field: &str, stated: &mut Option<f64>, computed: Option<f64>, slack: f64, what: &str) {
        match (*stated, computed) {
            (Some(stated), Some(computed)) if (stated - computed).abs() > slack => self.fail(
                field,
                "disagrees",
                format!("{what} is {}, not {}; correct one of them", plain(computed), plain(stated)),
            ),
            (None, Some(computed)) => *stated = Some(computed),
            (Some(_), _) | (None, None) => {}
        }
    }
}

/// What every shape does.
trait Shape {
    /// Cleans texts, fills in what follows from the rest, and says what does not fit.
    fn complete(&mut self, bench: &Bench<'_>, fields: &mut Fields<'_>);
    /// The values by stable keys.
    fn values(&self) -> Vec<ResultValue>;
    /// The lines as printed, in the order of reading.
    fn lines(&self) -> Vec<Line>;
    /// The finding in one line, for who did not type one.
    fn headline(&self, interpretation: Interpretation) -> String;
}

impl Details {
    /// Which shape this is.
    pub const fn kind(&self) -> ShapeKind {
        match self {
            Self::Flow(_) => ShapeKind::Flow,
            Self::Fish(_) => ShapeKind::Fish,
            Self::Karyotype(_) => ShapeKind::Karyotype,
            Self::Transcript(_) => ShapeKind::Transcript,
            Self::Genes(_) => ShapeKind::Genes,
            Self::Ngs(_) => ShapeKind::Ngs,
            Self::Clonality(_) => ShapeKind::Clonality,
            Self::Morphology(_) => ShapeKind::Morphology,
            Self::Iron(_) => ShapeKind::Iron,
            Self::Histology(_) => ShapeKind::Histology,
            Self::Culture(_) => ShapeKind::Culture,
        }
    }

    fn shape(&self) -> &dyn Shape {
        match self {
            Self::Flow(x) => x,
            Self::Fish(x) => x,
            Self::Karyotype(x) => x,
            Self::Transcript(x) => x,
            Self::Genes(x) => x,
            Self::Ngs(x) => x,
            Self::Clonality(x) => x,
            Self::Morphology(x) => x,
            Self::Iron(x) => x,
            Self::Histology(x) => x,
            Self::Culture(x) => x,
        }
    }

    /// Cleans texts, fills in what follows from the rest, and says what does not fit.
    pub fn complete(&mut self, bench: &Bench<'_>, fields: &mut Fields<'_>) {
        let shape: &mut dyn Shape = match self {
            Self::Flow(x) => x,
            Self::Fish(x) => x,
            Self::Karyotype(x) => x,
            Self::Transcript(x) => x,
            Self::Genes(x) => x,
            Self::Ngs(x) => x,
            Self::Clonality(x) => x,
            Self::Morphology(x) => x,
            Self::Iron(x) => x,
            Self::Histology(x) => x,
            Self::Culture(x) => x,
        };
        shape.complete(bench, fields);
    }

    /// The values by stable keys: what CSV, trends, correlation and critical triggers read.
    pub fn values(&self) -> Vec<ResultValue> {
        self.shape().values()
    }

    /// The lines as printed, in the order of reading.
    pub fn lines(&self) -> Vec<Line> {
        self.shape().lines()
    }

    /// The finding in one line, for who did not type one.
    pub fn headline(&self, interpretation: Interpretation) -> String {
        self.shape().headline(interpretation)
    }
}

/// A number as people write it: no exponent, no needless zeros.
pub fn plain(number: f64) -> String {
    let magnitude = number.abs();
    let decimals = match magnitude {
        m if m >= 100.0 => 1,
        m if m >= 1.0 => 2,
        m if m >= 0.01 => 4,
        _ => 7,
    };
    let text = format!("{number:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A whole number with its thousands set apart, as benches read event counts.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{2009}');
        }
        out.push(c);
    }
    out
}

/// A count as a number for arithmetic: exact up to 2^53, far above any count of cells.
#[allow(clippy::cast_precision_loss)] // counts are bounded by the fields' limits
const fn real(count: u64) -> f64 {
    count as f64
}

/// Rounded to so many decimals.
fn rounded(number: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (number * scale).round() / scale
}

/// Rounded to three significant digits, for figures that span many powers of ten.
fn significant(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    #[allow(clippy::cast_possible_truncation)] // the power of ten of a finite number fits easily
    let magnitude = number.abs().log10().floor() as i32;
    rounded(number, 2 - magnitude)
}

fn value(key: &str) -> ResultValue {
    ResultValue { key: key.to_owned(), number: None, text: None, unit: None, qualifier: None, denominator: None }
}

fn number(key: &str, number: f64, unit: Option<&str>) -> ResultValue {
    ResultValue { number: Some(number), unit: unit.map(str::to_owned), ..value(key) }
}

fn count(key: &str, count: u64) -> ResultValue {
    number(key, real(count), None)
}

fn text(key: &str, text: impl Into<String>) -> ResultValue {
    ResultValue { text: Some(text.into()), ..value(key) }
}

fn share(key: &str, share: &Share) -> ResultValue {
    ResultValue {
        number: share.percent.value,
        qualifier: share.percent.qualifier,
        unit: Some("%".to_owned()),
        denominator: Some(share.of.name().to_owned()),
        ..value(key)
    }
}

fn line(name: impl Into<String>, value: impl Into<String>) -> Line {
    Line { name: name.into(), value: value.into() }
}

/// `value` in words, when there is one.
fn opt_line<T>(lines: &mut Vec<Line>, name: &str, value: Option<T>, words: impl FnOnce(T) -> String) {
    if let Some(value) = value {
        lines.push(line(name, words(value)));
    }
}

/// Items in one line: as many as fit in so many characters, then how many more there are (they are printed whole below it).
fn listed(items: &[String], separator: &str, most: usize) -> String {
    let first = |n: usize| {
        let shown = items.get(..n).unwrap_or(items).join(separator);
        match (n, items.len() - n) {
            (_, 0) => shown,
            (0, all) => format!("{all} findings, listed below"),
            (_, more) => format!("{shown}{separator}and {more} more"),
        }
    };
    (0..=items.len()).rev().map(first).find(|text| text.chars().count() <= most).unwrap_or_else(|| first(0))
}

/// First letter in upper case.
fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The interpretation in words, to begin a line with.
fn says(interpretation: Interpretation) -> &'static str {
    match interpretation {
        Interpretation::Abnormal => "Abnormal",
        Interpretation::Normal => "Nothing abnormal",
        Interpretation::Indeterminate => "Cannot be decided",
        Interpretation::Inadequate => "The material could not be assessed",
    }
}

//! Labels of parts: values in, bytes out. One layout in millimeters ([`face`]) is drawn twice, as SVG for a browser
//! ([`svg`]) and as ZPL for a label printer ([`zpl`]), so that both put the same things in the same places.
//!
//! Every label carries its number in letters, the symbol that says the same to a scanner, and two identifiers of the
//! patient (name, and record number with date of birth; `reference/ux.md` §1, NHS service manual).

mod face;
mod symbol;
#[cfg(test)]
mod tests;

pub mod svg;
pub mod zpl;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::domain::{Case, Catalogue, Label, Moment, Specimen, SpecimenKind};
use crate::text_enum;

text_enum! {
    /// The sizes of label that the laboratory has in its printers.
    pub enum Stock {
        /// On a tube or pot, along its side.
        Tube = "tube",
        /// On the frosted end of a glass slide.
        Slide = "slide",
        /// On the front of a tissue cassette.
        Cassette = "cassette",
    }
}

impl Stock {
    /// Width and height in millimeters. The `@page` rules of the stylesheet say the same.
    pub const fn size_mm(self) -> (f64, f64) {
        match self {
            Self::Tube => (50.0, 25.0),
            Self::Slide => (22.0, 22.0),
            Self::Cassette => (28.0, 7.0),
        }
    }

    /// Which label a part takes: its container says whether it is a slide, its kind whether it is in a cassette.
    pub fn of(part: &Specimen, catalogue: &Catalogue) -> Self {
        let on_glass = catalogue.container(part.container.as_str()).is_some_and(|c| c.slide);
        match part.kind {
            _ if on_glass => Self::Slide,
            SpecimenKind::Slide | SpecimenKind::Smear | SpecimenKind::Imprint => Self::Slide,
            SpecimenKind::Block => Self::Cassette,
            SpecimenKind::Aspirate
            | SpecimenKind::Core
            | SpecimenKind::Clot
            | SpecimenKind::Blood
            | SpecimenKind::Pellet
            | SpecimenKind::NucleicAcid => Self::Tube,
        }
    }
}

/// What stands on a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartLabel {
    /// The part; its text begins with the case's accession.
    pub label: Label,
    /// On what it is printed.
    pub stock: Stock,
    /// `OKAFOR, Amara`.
    pub patient: String,
    /// Record number.
    pub mrn: String,
    /// Date of birth, when known.
    pub born: Option<NaiveDate>,
    /// What it is: `Aspirate`.
    pub kind: String,
    /// What it is in: `EDTA`. Absent on glass, where it says nothing.
    pub container: Option<String>,
    /// Which pull of the syringe, from 1.
    pub pull: Option<u8>,
    /// When it was taken.
    pub collected_at: Option<Moment>,
    /// In which zone that is written.
    pub zone: Tz,
}

impl PartLabel {
    /// The label of a part of this case.
    pub fn of(case: &Case, part: &Specimen, catalogue: &Catalogue) -> Self {
        let stock = Stock::of(part, catalogue);
        let container = catalogue.container(part.container.as_str());
        Self {
            label: part.label.clone(),
            stock,
            patient: case.patient.display(),
            mrn: case.patient.mrn.clone(),
            born: case.patient.born,
            kind: catalogue.kind(part.kind).map_or_else(|| part.kind.words(), |k| k.name.clone()),
            container: container.filter(|_| stock == Stock::Tube).map(|c| c.name.clone()),
            pull: part.pull_number,
            collected_at: part.collected_at,
            zone: catalogue.laboratory.time_zone,
        }
    }

    fn born_words(&self) -> String {
        self.born.map_or_else(|| "DOB not known".to_owned(), |d| format!("DOB {}", d.format("%d %b %Y")))
    }

    fn part_words(&self) -> String {
        let pull = self.pull.map(|p| format!("pull {p}"));
        [Some(self.kind.clone()), self.container.clone(), pull].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn collected_words(&self) -> String {
        match self.collected_at {
            Some(at) => format!("taken {}", at.with_timezone(&self.zone).format("%d %b %Y %H:%M")),
            None => "taken: not known".to_owned(),
        }
    }
}

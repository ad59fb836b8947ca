//! The columns of a file of cases.

use crate::text_enum;

text_enum! {
    /// A column that is read.
    pub enum Column {
        /// The sender's own reference; rows that share it are the parts of one case.
        ExternalRef = "external_ref",
        /// Medical record number.
        Mrn = "mrn",
        /// Family name.
        FamilyName = "family_name",
        /// Given names.
        GivenName = "given_name",
        /// Date of birth.
        Born = "born",
        /// Recorded sex: `female`, `male`, `other` or `unknown`.
        Sex = "sex",
        /// Who asks: a login name, or the name on the form.
        Requester = "requester",
        /// Why (catalogue code).
        Indication = "indication",
        /// `routine` or `urgent`; the indication's usual urgency when empty.
        Urgency = "urgency",
        /// The clinical question in the requester's words.
        ClinicalNote = "clinical_note",
        /// When the puncture was done or is planned.
        ProcedureAt = "procedure_at",
        /// Who held the needle.
        Operator = "operator",
        /// Where (catalogue code).
        Site = "site",
        /// `left`, `right` or `midline`.
        Side = "side",
        /// What the needle brought: `obtained`, `dry_tap` or `abandoned`.
        Outcome = "outcome",
        /// What the part is.
        Kind = "kind",
        /// What it is in (catalogue code).
        Container = "container",
        /// Which pull of the syringe, from 1.
        PullNumber = "pull_number",
        /// Volume in whole µL.
        VolumeUl = "volume_ul",
        /// Length in whole mm.
        LengthMm = "length_mm",
        /// Where this part was taken, when that differs from the puncture.
        PartSite = "part_site",
        /// On which side, when that differs from the puncture.
        PartSide = "part_side",
        /// When this part was taken, when that differs from the puncture.
        CollectedAt = "collected_at",
        /// Time into fixative.
        FixedAt = "fixed_at",
        /// `ambient`, `refrigerated` or `frozen`.
        Temperature = "temperature",
        /// Why it was not obtained (catalogue code).
        NotCollectedReason = "not_collected_reason",
        /// `suggested`, or assay codes separated by `;` or a space.
        Orders = "orders",
    }
}

/// How the text of a column is compared between the rows of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// As written.
    Text,
    /// Upper and lower case are the same.
    Word,
    /// Two ways to write one moment are the same.
    Time,
    /// A list of words, however separated.
    Words,
}

impl Column {
    /// The columns without which no case can be logged. The cells may still be empty: that is for the domain to refuse.
    ///
    /// `orders` is among them so that nobody logs a month of marrows with no work on them by forgetting a column.
    pub const REQUIRED: [Self; 8] = [
        Self::ExternalRef,
        Self::Mrn,
        Self::FamilyName,
        Self::Requester,
        Self::Indication,
        Self::Kind,
        Self::Container,
        Self::Orders,
    ];

    /// Whether it says something about the whole case, so that every row of the case must say the same.
    pub const fn is_about_case(self) -> bool {
        self.compared_as().is_some()
    }

    /// How the rows of a case are compared in this column; `None` where each row speaks for its own part.
    pub(super) const fn compared_as(self) -> Option<Shape> {
        match self {
            Self::ExternalRef
            | Self::Mrn
            | Self::FamilyName
            | Self::GivenName
            | Self::Born
            | Self::Requester
            | Self::ClinicalNote
            | Self::Operator => Some(Shape::Text),
            Self::Sex | Self::Indication | Self::Urgency | Self::Site | Self::Side | Self::Outcome => Some(Shape::Word),
            Self::ProcedureAt => Some(Shape::Time),
            Self::Orders => Some(Shape::Words),
            Self::Kind
            | Self::Container
            | Self::PullNumber
            | Self::VolumeUl
            | Self::LengthMm
            | Self::PartSite
            | Self::PartSide
            | Self::CollectedAt
            | Self::FixedAt
            | Self::Temperature
            | Self::NotCollectedReason => None,
        }
    }
}

/// Where a part's cell is empty, it has the value of the case from the second column.
pub(super) const INHERITED: [(Column, Column); 3] =
    [(Column::PartSite, Column::Site), (Column::PartSide, Column::Side), (Column::CollectedAt, Column::ProcedureAt)];

//! The small closed vocabularies of a marrow examination. What a laboratory may change lives in the catalogue instead.

use crate::text_enum;

text_enum! {
    /// What a physical part is. The letter of its label follows from it.
    pub enum SpecimenKind {
        /// Liquid marrow drawn in one pull.
        Aspirate = "aspirate",
        /// A trephine core.
        Core = "core",
        /// A smear made at the bedside or from an anticoagulated aspirate.
        Smear = "smear",
        /// A touch imprint of a core.
        Imprint = "imprint",
        /// Clotted marrow or particles for sections.
        Clot = "clot",
        /// Peripheral blood taken with the marrow.
        Blood = "blood",
        /// A paraffin block (derived from a core or clot).
        Block = "block",
        /// A slide (derived).
        Slide = "slide",
        /// A fixed cell pellet (derived).
        Pellet = "pellet",
        /// Extracted nucleic acid (derived).
        NucleicAcid = "nucleic_acid",
    }
}

impl SpecimenKind {
    /// The letter of the specimen label: A aspirate, C core, S smear or imprint, T clot, B blood.
    ///
    /// Derived kinds carry their parent's label with an ordinal and never start one of their own.
    pub const fn letter(self) -> Option<char> {
        match self {
            Self::Aspirate => Some('A'),
            Self::Core => Some('C'),
            Self::Smear | Self::Imprint => Some('S'),
            Self::Clot => Some('T'),
            Self::Blood => Some('B'),
            Self::Block | Self::Slide | Self::Pellet | Self::NucleicAcid => None,
        }
    }

    /// Whether its amount is a volume (µL) rather than a length or a count.
    pub const fn is_liquid(self) -> bool {
        match self {
            Self::Aspirate | Self::Blood | Self::Pellet | Self::NucleicAcid | Self::Clot => true,
            Self::Core | Self::Smear | Self::Imprint | Self::Block | Self::Slide => false,
        }
    }

    /// Whether it comes from the marrow itself, so that site and side must be known.
    pub const fn is_marrow(self) -> bool {
        !matches!(self, Self::Blood)
    }
}

text_enum! {
    /// Side of the body the needle entered.
    pub enum Side {
        /// Left.
        Left = "left",
        /// Right.
        Right = "right",
        /// A midline site (the sternum).
        Midline = "midline",
    }
}

text_enum! {
    /// How fast the answer is needed.
    pub enum Urgency {
        /// The published routine targets apply.
        Routine = "routine",
        /// The urgent targets apply (suspected acute leukemia).
        Urgent = "urgent",
    }
}

text_enum! {
    /// Sex as recorded by the requester.
    pub enum Sex {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
        /// Recorded as neither.
        Other = "other",
        /// Not known.
        Unknown = "unknown",
    }
}

text_enum! {
    /// At which temperature a part is kept or traveled.
    pub enum Temperature {
        /// Room temperature.
        Ambient = "ambient",
        /// 2–8 °C.
        Refrigerated = "refrigerated",
        /// Frozen.
        Frozen = "frozen",
    }
}

text_enum! {
    /// What becomes of an assay when its part has passed the limit of its window.
    pub enum LimitAction {
        /// The assay may not be started.
        Reject = "reject",
        /// The assay runs and its result carries the caveat.
        RunWithDisclaimer = "run_with_disclaimer",
        /// A senior decides (an override with a reason).
        Consult = "consult",
        /// Nothing: age does not matter here.
        None = "none",
    }
}

text_enum! {
    /// What the needle brought.
    pub enum ProcedureOutcome {
        /// Liquid marrow was obtained.
        Obtained = "obtained",
        /// Nothing could be aspirated: an outcome of the collection, never a rejection.
        DryTap = "dry_tap",
        /// The procedure was stopped.
        Abandoned = "abandoned",
    }
}

text_enum! {
    /// What happens to a held order when its deadline comes (reference: hold orders with opposite defaults).
    pub enum HoldPolicy {
        /// It is performed unless somebody cancels it.
        AutoPerform = "auto_perform",
        /// It is canceled unless somebody releases it.
        AutoCancel = "auto_cancel",
        /// It waits for a person.
        Manual = "manual",
    }
}

text_enum! {
    /// How much an indication wants an assay.
    pub enum Need {
        /// Ordered with the case.
        Mandatory = "mandatory",
        /// Ordered with the case unless left out.
        Recommended = "recommended",
        /// Suggested: ordered when a condition arises.
        Conditional = "conditional",
        /// Held: secured now, decided by a deadline.
        Hold = "hold",
    }
}

text_enum! {
    /// Who somebody is in the laboratory. One person may have several.
    pub enum Role {
        /// Logs, moves and works on specimens; enters results.
        Tech = "tech",
        /// Verifies, rejects, decides.
        Supervisor = "supervisor",
        /// Asks: orders, follows, reads.
        Hematologist = "hematologist",
        /// Reads morphology, verifies, signs reports.
        Pathologist = "pathologist",
        /// Runs the system: accounts, catalogue, exports (de-identified unless a reason is given).
        Admin = "admin",
        /// Reads everything, changes nothing.
        Auditor = "auditor",
        /// A machine that sends orders and results; never verifies, never signs.
        Interface = "interface",
        /// The laboratory's own timers. No person or token can hold it.
        System = "system",
    }
}

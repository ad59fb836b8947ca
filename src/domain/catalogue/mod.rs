//! The laboratory's catalogue: everything that one laboratory does differently from the next, as checked data.
//!
//! Published requirements contradict each other (domain.md §2), so nothing in this folder holds a clinical figure. The
//! figures are in a TOML file that the laboratory edits; [`Catalogue::parse`] reads and checks it as a whole.

mod assay;
mod check;
pub mod choose;
mod critical;
mod diagnosis;
pub mod due;
pub mod fitness;
mod indication;
mod kit;
pub mod known;
mod laboratory;
mod material;
mod read;
mod reason;
#[cfg(test)]
mod sample;
pub mod sections;
mod storage;
mod words;

use serde::Serialize;

pub use assay::{Assay, ClockStart, ClockUnit, Feed, Target, ValueKind, ValueSpec, Window, Workstep};
pub use choose::{NoPart, choose};
pub use critical::{Condition, Critical};
pub use diagnosis::{Classification, Diagnosis};
pub use due::{due, hold_deadline, working_days_between};
pub use fitness::{Fitness, Obstacle, PartFacts, Verdict, fitness};
pub use indication::{Hold, Indication, Reflex, ReflexWhen, Suggestion};
pub use kit::{Kit, KitPart};
pub use laboratory::Laboratory;
pub use material::{Container, Department, Kind, Site};
pub use reason::{FailReason, NotCollectedReason, PlainReason, Reason, ReasonAction};
pub use storage::Storage;

use crate::domain::SpecimenKind;

/// Something wrong with a catalogue: where, and what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub struct Finding {
    /// The place, such as `assay[FLOW-AL].feeds[0].container`, or `line 12` where the text is not even TOML.
    pub path: String,
    /// What is wrong with it, as a sentence without its full stop.
    pub message: String,
}

impl Finding {
    fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// One version of the catalogue. Every code in it that names something in it is known to exist.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Catalogue {
    /// The laboratory itself.
    pub laboratory: Laboratory,
    /// Its departments.
    pub departments: Vec<Department>,
    /// The containers it accepts.
    pub containers: Vec<Container>,
    /// What it knows about each kind of part.
    pub kinds: Vec<Kind>,
    /// Where the needle can go in.
    pub sites: Vec<Site>,
    /// Where parts are kept, by position.
    pub storages: Vec<Storage>,
    /// Faults of a specimen.
    pub reasons: Vec<Reason>,
    /// Why a planned part was not obtained.
    pub not_collected_reasons: Vec<NotCollectedReason>,
    /// Why a specimen waits for an answer (on hold).
    pub query_reasons: Vec<PlainReason>,
    /// What was done before a specimen was declared lost.
    pub lost_reasons: Vec<PlainReason>,
    /// Why an assay gave no result.
    pub fail_reasons: Vec<FailReason>,
    /// Why an order was canceled.
    pub cancel_reasons: Vec<PlainReason>,
    /// Why an order was not performed.
    pub not_performed_reasons: Vec<PlainReason>,
    /// Why a result or report was changed after it was final.
    pub correction_reasons: Vec<PlainReason>,
    /// What can be ordered.
    pub assays: Vec<Assay>,
    /// Why a marrow is examined.
    pub indications: Vec<Indication>,
    /// What one result sets off.
    pub reflexes: Vec<Reflex>,
    /// What somebody must be told of at once.
    pub criticals: Vec<Critical>,
    /// What is handed out together for a puncture.
    pub kits: Vec<Kit>,
    /// Names of diagnoses that the report offers.
    pub diagnoses: Vec<Diagnosis>,
}

impl Catalogue {
    /// Reads a catalogue from TOML and checks it.
    ///
    /// # Errors
    /// Every finding at once: all rows that cannot be read or, when each can, all that contradict another.
    pub fn parse(toml_text: &str) -> Result<Self, Vec<Finding>> {
        let catalogue = read::read(toml_text)?;
        let findings = check::check(&catalogue);
        if findings.is_empty() { Ok(catalogue) } else { Err(findings) }
    }

    /// The department with that code.
    pub fn department(&self, code: &str) -> Option<&Department> {
        self.departments.iter().find(|d| d.code == *code)
    }

    /// The container with that code.
    pub fn container(&self, code: &str) -> Option<&Container> {
        self.containers.iter().find(|c| c.code == *code)
    }

    /// The storage place with that code.
    pub fn storage(&self, code: &str) -> Option<&Storage> {
        self.storages.iter().find(|s| s.code == *code)
    }

    /// What is known about that kind of part.
    pub fn kind(&self, kind: SpecimenKind) -> Option<&Kind> {
        self.kinds.iter().find(|k| k.kind == kind)
    }

    /// The site with that code.
    pub fn site(&self, code: &str) -> Option<&Site> {
        self.sites.iter().find(|s| s.code == *code)
    }

    /// The fault of a specimen with that code.
    pub fn reason(&self, code: &str) -> Option<&Reason> {
        self.reasons.iter().find(|r| r.code == *code)
    }

    /// The reason for not collecting with that code.
    pub fn not_collected_reason(&self, code: &str) -> Option<&NotCollectedReason> {
        self.not_collected_reasons.iter().find(|r| r.code == *code)
    }

    /// The query with that code.
    pub fn query_reason(&self, code: &str) -> Option<&PlainReason> {
        plain(&self.query_reasons, code)
    }

    /// The reason for a loss with that code.
    pub fn lost_reason(&self, code: &str) -> Option<&PlainReason> {
        plain(&self.lost_reasons, code)
    }

    /// The reason for a failure with that code, if that assay can fail so.
    pub fn fail_reason(&self, assay: &str, code: &str) -> Option<&FailReason> {
        self.fail_reasons_for(assay).find(|r| r.code == *code)
    }

    /// The ways in which that assay can fail.
    pub fn fail_reasons_for(&self, assay: &str) -> impl Iterator<Item = &FailReason> {
        self.fail_reasons.iter().filter(move |r| r.assays.is_empty() || r.assays.iter().any(|a| a == assay))
    }

    /// The reason for canceling with that code.
    pub fn cancel_reason(&self, code: &str) -> Option<&PlainReason> {
        plain(&self.cancel_reasons, code)
    }

    /// The reason for not performing with that code.
    pub fn not_performed_reason(&self, code: &str) -> Option<&PlainReason> {
        plain(&self.not_performed_reasons, code)
    }

    /// The reason for a correction with that code.
    pub fn correction_reason(&self, code: &str) -> Option<&PlainReason> {
        plain(&self.correction_reasons, code)
    }

    /// The assay with that code.
    pub fn assay(&self, code: &str) -> Option<&Assay> {
        self.assays.iter().find(|a| a.code == *code)
    }

    /// The indication with that code.
    pub fn indication(&self, code: &str) -> Option<&Indication> {
        self.indications.iter().find(|i| i.code == *code)
    }

    /// The kit with that code.
    pub fn kit(&self, code: &str) -> Option<&Kit> {
        self.kits.iter().find(|k| k.code == *code)
    }

    /// The entities of that classification, in the order of the file.
    pub fn diagnoses_of(&self, system: Classification) -> impl Iterator<Item = &Diagnosis> {
        self.diagnoses.iter().filter(move |d| d.system == system)
    }

    /// The critical finding with that code.
    pub fn critical(&self, code: &str) -> Option<&Critical> {
        self.criticals.iter().find(|c| c.code == *code)
    }

    /// What that outcome of that assay sets off in a case with that indication.
    pub fn reflexes_for(&self, assay: &str, when: ReflexWhen, indication: &str) -> impl Iterator<Item = &Reflex> {
        self.reflexes.iter().filter(move |r| {
            r.when_assay == *assay
                && r.when == when
                && (r.indications.is_empty() || r.indications.iter().any(|i| i == indication))
        })
    }
}

fn plain<'a>(reasons: &'a [PlainReason], code: &str) -> Option<&'a PlainReason> {
    reasons.iter().find(|r| r.code == *code)
}

#[cfg(test)]
mod tests {
    use chrono::Datelike as _;

    use super::{Catalogue, ReflexWhen, sample};
    use crate::domain::{Need, SpecimenKind, Urgency};

    fn default_catalogue() -> Catalogue {
        Catalogue::parse(sample::DEFAULT).unwrap()
    }

    #[test]
    fn the_default_catalogue_has_no_findings() {
        let findings: Vec<String> =
            Catalogue::parse(sample::DEFAULT).err().unwrap_or_default().iter().map(ToString::to_string).collect();
        assert_eq!(findings, Vec::<String>::new());
    }

    /// Every row of domain.md §9.1.
    #[test]
    fn the_default_assays() {
        let c = default_catalogue();
        let codes: Vec<&str> = c.assays.iter().map(|a| a.code.as_str()).collect();
        let expected = [
            "MORPH-ASP",
            "IRON",
            "HIST-CORE",
            "HIST-CLOT",
            "IHC",
            "RETIC",
            "FLOW-AL",
            "FLOW-LPD",
            "FLOW-MRD",
            "KARYO",
            "FISH-AML",
            "FISH-MDS",
            "FISH-CLL",
            "FISH-LYM",
            "FISH-MM",
            "FISH-RAPID",
            "BCRABL-Q",
            "FUSION-Q",
            "FLT3-NPM1",
            "MPN-GENE",
            "NGS-MYE",
            "CLONAL",
            "CULT",
        ];
        assert_eq!(codes, expected);
    }

    /// Every row of domain.md §9.2, and its HL7 code.
    #[test]
    fn the_default_reasons() {
        let c = default_catalogue();
        let codes: Vec<(&str, &str)> =
            c.reasons.iter().map(|r| (r.code.as_str(), r.hl7_0490.as_deref().unwrap_or_default())).collect();
        let expected = [
            ("UNLABELED", "RM"),
            ("MISMATCH_ID", "RI"),
            ("NAME_MISSPELLED", "RS"),
            ("NO_PATIENT_ID", "RA"),
            ("NO_NAME", "RE"),
            ("NO_COLLECTION_TIME", "RD"),
            ("NO_COLLECTOR", "RP"),
            ("CLOTTED", "RC"),
            ("HEMOLYZED", "RH"),
            ("QNS", "QS"),
            ("TOO_OLD", "EX"),
            ("LEAK_BROKEN", "RB"),
            ("FROZEN", "RR"),
            ("OVERHEATED", "RR"),
            ("WRONG_TEMP", "RR"),
            ("CONTAMINATED", "RN"),
            ("WRONG_ANTICOAGULANT", ""),
            ("FIXED_BEFORE_FLOW", ""),
            ("NON_VIABLE", ""),
            ("APARTICULATE", ""),
            ("HEMODILUTE", ""),
            ("FORMALIN_VAPOUR", ""),
            ("ACID_DECALCIFIED", ""),
            ("SIDE_MISSING", ""),
            ("SIDES_POOLED", ""),
            ("SHARED_TUBE_CONTAMINATION_RISK", ""),
            ("NO_REQUEST", ""),
            ("DUPLICATE", ""),
            ("HIGH_RISK_NOT_ACCEPTED", ""),
        ];
        assert_eq!(codes, expected);
        let not_collected: Vec<&str> = c.not_collected_reasons.iter().map(|r| r.code.as_str()).collect();
        assert_eq!(
            not_collected,
            ["DRY_TAP", "PROCEDURE_ABANDONED", "PATIENT_DECLINED", "INSUFFICIENT_PULL", "NOT_INDICATED"]
        );
    }

    /// Every row of domain.md §9.3, and what each wants at least.
    #[test]
    fn the_default_indications() {
        let c = default_catalogue();
        let mandatory: Vec<(&str, String)> = c
            .indications
            .iter()
            .map(|i| {
                let assays: Vec<&str> =
                    i.set.iter().filter(|s| s.need == Need::Mandatory).map(|s| s.assay.as_str()).collect();
                (i.code.as_str(), assays.join(" "))
            })
            .collect();
        let expected = [
            ("AML-NEW", "MORPH-ASP FLOW-AL KARYO NGS-MYE FLT3-NPM1 FISH-AML"),
            ("APL-SUSPECT", "MORPH-ASP FISH-RAPID FLOW-AL KARYO FLT3-NPM1 NGS-MYE"),
            ("AML-MRD", "MORPH-ASP"),
            ("ALL-NEW", "MORPH-ASP FLOW-AL KARYO FISH-RAPID"),
            ("MDS", "MORPH-ASP IRON HIST-CORE KARYO"),
            ("MPN", "HIST-CORE RETIC MPN-GENE BCRABL-Q"),
            ("CML-DX", "KARYO FISH-RAPID BCRABL-Q"),
            ("CML-MON", "BCRABL-Q"),
            ("MYELOMA", "MORPH-ASP HIST-CORE IHC FLOW-LPD FISH-MM"),
            ("MM-MRD", "FLOW-MRD"),
            ("CLL", "FLOW-LPD HIST-CORE"),
            ("LYMPHOMA", "HIST-CORE"),
            ("BMF", "HIST-CORE MORPH-ASP KARYO"),
            ("INFECTION", "HIST-CORE CULT"),
            ("POST-TX", "MORPH-ASP"),
        ];
        assert_eq!(mandatory, expected.map(|(code, assays)| (code, assays.to_owned())));
        // The trephine bleeds in APL, and plasma cells do not divide.
        let suggests =
            |indication: &str, assay: &str| c.indication(indication).unwrap().set.iter().any(|s| s.assay == assay);
        assert!(!suggests("APL-SUSPECT", "HIST-CORE") && !suggests("MYELOMA", "KARYO"));
    }

    #[test]
    fn the_default_lists() {
        let c = default_catalogue();
        for kind in SpecimenKind::ALL {
            assert!(c.kind(*kind).is_some(), "{kind}");
        }
        for code in ["RECEPTION", "FLOW", "FISH", "KARYO", "MOLECULAR", "MORPHOLOGY", "HISTOLOGY", "MICRO"] {
            assert!(c.department(code).is_some(), "{code}");
        }
        for (code, hl7) in
            [("EDTA", "EDTK"), ("NAHEP", "HEPN"), ("LIHEP", "HEPL"), ("ACD", "ACDA"), ("FORMALIN", "BF10")]
        {
            assert_eq!(c.container(code).unwrap().hl7_0371.as_deref(), Some(hl7));
        }
        for code in ["AZF", "BPLUS", "RPMI", "SALINE", "MEDIUM", "SLIDE", "STERILE", "PLAIN", "BLOCK"] {
            assert!(c.container(code).is_some(), "{code}");
        }
        for (code, paired) in [("PIC", true), ("AIC", true), ("TIBIA", true), ("STERNUM", false), ("VERTEBRA", false)] {
            assert_eq!(c.site(code).unwrap().paired, paired, "{code}");
        }
        assert!(c.container("PLASTIC").is_none() && c.site("FEMUR").is_none() && c.assay("MAGIC").is_none());
        // A holiday that falls on a weekend is a slip of whoever typed it: England moves it to a weekday.
        for (day, name) in &c.laboratory.holidays {
            assert!(day.weekday().number_from_monday() <= 5, "{name} {day}");
        }
        assert_eq!(
            [2026, 2027].map(|year| c.laboratory.holidays.keys().filter(|day| day.year() == year).count()),
            [8, 8]
        );
    }

    #[test]
    fn lookups() {
        let c = default_catalogue();
        assert_eq!(c.assay("FLOW-AL").unwrap().target(Urgency::Urgent).unwrap().amount, 8);
        assert_eq!(c.assay("KARYO").unwrap().value("iscn").unwrap().key, "iscn");
        assert!(
            c.fail_reason("KARYO", "NO_METAPHASES").is_some() && c.fail_reason("NGS-MYE", "NO_METAPHASES").is_none()
        );
        assert!(c.fail_reason("NGS-MYE", "TECHNICAL").is_some());
        assert_eq!(c.reason("CLOTTED").unwrap().action_for("BCRABL-Q"), super::ReasonAction::Reject);
        assert_eq!(c.reason("CLOTTED").unwrap().action_for("NGS-MYE"), super::ReasonAction::Caveat);
        let reflexes = |assay, when, indication| {
            c.reflexes_for(assay, when, indication).map(|r| r.order.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(reflexes("MORPH-ASP", ReflexWhen::Abnormal, "AML-MRD"), ["FISH-AML", "NGS-MYE"]);
        assert!(reflexes("MORPH-ASP", ReflexWhen::Failed, "AML-MRD").is_empty());
        assert!(reflexes("MORPH-ASP", ReflexWhen::Abnormal, "INFECTION").is_empty());
        assert!(
            c.cancel_reason("HOLD_LAPSED").is_some()
                && c.not_performed_reason("QNS").is_some()
                && c.query_reason("IDENTITY").is_some()
        );
        assert!(
            c.lost_reason("IN_TRANSIT").is_some()
                && c.correction_reason("TRANSCRIPTION").is_some()
                && c.not_collected_reason("DRY_TAP").unwrap().reroutes
        );
    }

    /// Both classifications are offered, and what the laboratory of the demonstration writes is among it.
    #[test]
    fn the_default_diagnoses() {
        use super::Classification::{Icc, Who5};
        let c = default_catalogue();
        for (system, names) in [
            (Who5, ["Acute myeloid leukemia with NPM1 mutation", "Polycythemia vera", "Plasma cell myeloma"]),
            (Icc, ["AML with mutated NPM1", "MDS with mutated SF3B1", "CML, BCR::ABL1-positive, chronic phase"]),
        ] {
            assert!(c.diagnoses_of(system).count() >= 40, "{system}");
            for name in names {
                assert!(c.diagnoses_of(system).any(|d| d.name == name), "{system}: {name}");
            }
        }
        let npm1 = c.diagnoses_of(Icc).find(|d| d.name == "AML with mutated NPM1").unwrap();
        assert_eq!(npm1.icd_o.as_deref(), Some("9877/3"));
    }

    /// One speed promised: it holds for the other urgency as well.
    #[test]
    fn a_missing_target_falls_back() {
        let c = Catalogue::parse(sample::TEXT).unwrap();
        assert_eq!(c.assay("CULT").unwrap().target(Urgency::Urgent).unwrap().amount, 42);
    }

    /// What the API sends: names as declared, and a schema for every part.
    #[test]
    fn json() {
        let json = serde_json::to_value(default_catalogue()).unwrap();
        assert_eq!(json["laboratory"]["time_zone"], "Europe/London");
        assert_eq!(json["laboratory"]["working_days"][0], "Mon");
        assert_eq!(json["laboratory"]["holidays"]["2026-12-25"], "Christmas Day");
        assert_eq!(json["assays"][6]["code"], "FLOW-AL");
        assert_eq!(json["assays"][6]["feeds"][0]["windows"][0]["at_limit"], "consult");
        let mut schemas = Vec::new();
        <Catalogue as utoipa::ToSchema>::schemas(&mut schemas);
        let names: Vec<&str> = schemas.iter().map(|(name, _)| name.as_str()).collect();
        for name in [
            "Laboratory",
            "Assay",
            "Feed",
            "Window",
            "TurnaroundTarget",
            "ValueSpec",
            "Indication",
            "Suggestion",
            "Hold",
            "Reflex",
        ] {
            assert!(names.contains(&name), "{name} is not in {names:?}");
        }
    }
}

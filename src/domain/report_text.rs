//! The report in words: which sections it has, in which order, and what each says. Pages and the PDF draw these and add
//! no word of their own, so that they cannot say two different things.
//!
//! Order: `reference/domain.md` §6.1.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::progress::capital;
use super::report_document::{
    DocumentCall, DocumentFinding, DocumentFlag, DocumentLine, DocumentPart, DocumentPoint, DocumentTrend, Modality,
    ReportDocument,
};

/// Where a printed version stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not signed: a preview of a draft.
    Preview,
    /// The newest signed version.
    Current,
    /// A later signed version, of this number, stands in its place.
    Superseded(i64),
    /// Withdrawn.
    Void,
}

/// What is said across every page, and at its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// One word, for the watermark.
    pub word: &'static str,
    /// The same as a sentence.
    pub sentence: String,
}

/// The section with old and new, side by side.
const CHANGED: &str = "What changed";

/// One section.
#[derive(Debug, Clone, PartialEq)]
pub struct Section<'a> {
    /// Its heading.
    pub title: &'static str,
    /// What it says.
    pub body: Vec<Piece<'a>>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece<'a> {
    /// What matters most: the diagnosis.
    Lead(String),
    /// The heading of one finding, with its standing.
    Finding {
        /// The assay.
        name: String,
        /// Status, version, interpretation.
        standing: String,
    },
    /// A statement.
    Strong(String),
    /// Text.
    Text(String),
    /// Something to be careful about.
    Caveat(String),
    /// Small print.
    Small(String),
    /// `name: value`, one per line.
    Lines(Vec<DocumentLine>),
    /// A table.
    Table(Table),
    /// Serial values, drawn; a [`Piece::Table`] with the same values follows.
    Trend(&'a DocumentTrend),
}

/// A table of text. Every row has as many cells as there are heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it shows, for those who do not see it.
    pub caption: &'static str,
    /// Heads of the columns.
    pub heads: &'static [&'static str],
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl ReportDocument {
    /// What the document is: `Bone marrow examination: final report`.
    pub fn title(&self) -> String {
        format!("Bone marrow examination: {} report", self.status)
    }

    /// `Version 2, amended`.
    pub fn version_words(&self) -> String {
        format!("Version {}, {}", self.version, self.status)
    }

    /// What a reader must know before anything else, if anything.
    pub fn notice(&self, standing: Standing) -> Option<Notice> {
        let notice = |word, sentence: &str| Some(Notice { word, sentence: sentence.to_owned() });
        match standing {
            Standing::Void => notice("VOID", "Void. Do not use this version."),
            Standing::Superseded(by) => {
                Some(Notice { word: "SUPERSEDED", sentence: format!("Superseded. Version {by} stands in its place.") })
            }
            Standing::Preview => notice("NOT SIGNED", "Not signed. This is a preview and not a report."),
            Standing::Current if self.status == "preliminary" => {
                notice("PRELIMINARY", "Preliminary. Work is still open; what is to come is named below.")
            }
            Standing::Current => None,
        }
    }

    /// That this version changes a signed one, and why: said at the beginning, beside the status
    /// (`reference/domain.md` §6.3).
    pub fn changed(&self) -> Option<String> {
        let reason = self.reason.as_deref()?.trim();
        let since =
            self.history.iter().map(|v| v.version).max().map_or_else(String::new, |n| format!(" since version {n}"));
        let stop = if reason.ends_with(['.', '!', '?']) { "" } else { "." };
        Some(format!("Changed{since}: {reason}{stop} See “{CHANGED}” below."))
    }

    /// The zone in which times are printed.
    pub fn zone(&self) -> Tz {
        self.time_zone.as_deref().and_then(|z| z.parse().ok()).unwrap_or(Tz::UTC)
    }

    /// A moment as the report prints it: `4 March 2026 09:40`.
    pub fn stamp(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone()).format("%-d %B %Y %H:%M").to_string()
    }

    fn day(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone()).format("%-d %B %Y").to_string()
    }

    fn when(&self, at: Option<DateTime<Utc>>) -> String {
        at.map_or_else(unknown, |at| self.stamp(at))
    }

    /// Whose marrow, which case, which version.
    pub fn identity(&self) -> Vec<DocumentLine> {
        let born = self.born.as_deref().map_or_else(unknown, |text| {
            let date: Result<NaiveDate, _> = text.parse();
            date.map_or_else(|_| text.to_owned(), |d| d.format("%-d %B %Y").to_string())
        });
        vec![
            line("Patient", self.patient.clone()),
            line("Case", self.accession.clone()),
            line("MRN", self.mrn.clone()),
            line("Report", self.version_words()),
            line("Born", born),
            line("Requester", self.requester.clone()),
            line("Sex", capital(&self.sex)),
            line("Times are in", self.zone().name().replace('_', " ")),
        ]
    }

    /// The report after its identity, in the order of `reference/domain.md` §6.1. `sha256` is the hash of the signed text;
    /// without one it is a preview.
    pub fn sections(&self, sha256: Option<&str>) -> Vec<Section<'_>> {
        let mut all = vec![self.indication_section(), self.specimens_section(), self.diagnosis_section()];
        let mut add = |title, body: Vec<Piece<'static>>| {
            if !body.is_empty() {
                all.push(Section { title, body });
            }
        };
        if !self.synoptic.is_empty() {
            add("Synopsis", vec![Piece::Lines(self.synoptic.clone())]);
        }
        if self.findings.is_empty() {
            add("Findings", vec![Piece::Text("None verified.".to_owned())]);
        }
        let headings = Modality::ALL.iter().map(|m| Some(*m)).chain([None]);
        for heading in headings {
            let under = self.findings.iter().filter(|f| f.section == heading);
            add(heading.map_or("Findings", Modality::heading), under.flat_map(|f| self.finding(f)).collect());
        }
        let course: Vec<_> = self.trends.iter().filter(|t| t.points.len() >= 2).flat_map(|t| self.trend(t)).collect();
        if !course.is_empty() {
            all.push(Section { title: "Course", body: course });
        }
        all.extend(self.closing_sections(sha256));
        all
    }

    fn indication_section(&self) -> Section<'_> {
        let mut lines = vec![line("Indication", self.indication.clone())];
        lines.extend(self.clinical_note.iter().map(|note| line("Clinical question", note.clone())));
        lines.push(line("Procedure", self.when(self.procedure_at)));
        Section { title: "Indication and history", body: vec![Piece::Lines(lines)] }
    }

    fn specimens_section(&self) -> Section<'_> {
        let row = |p: &DocumentPart| {
            let caveats = p.caveats.iter().map(|c| caveat(c));
            let condition = std::iter::once(p.condition.clone()).chain(caveats).collect::<Vec<_>>().join("\n");
            vec![p.label.clone(), p.what.clone(), condition, self.when(p.collected_at), self.when(p.received_at)]
        };
        let rows: Vec<_> = self.specimens.iter().map(row).collect();
        let body = if rows.is_empty() {
            Piece::Text("None.".to_owned())
        } else {
            Piece::Table(Table {
                caption: "Parts of the examination",
                heads: &["Part", "What it is", "Condition", "Taken", "Received"],
                rows,
            })
        };
        Section { title: "Specimens", body: vec![body] }
    }

    fn diagnosis_section(&self) -> Section<'_> {
        let mut body = vec![Piece::Lead(self.diagnosis.clone())];
        let who = self.dx_who5.iter().map(|dx| line("WHO 5th edition", dx.clone()));
        let icc = self.dx_icc.iter().map(|dx| line("ICC 2022", dx.clone()));
        let classified: Vec<_> = who.chain(icc).collect();
        if !classified.is_empty() {
            body.push(Piece::Lines(classified));
        }
        Section { title: "Diagnosis", body }
    }

    fn finding(&self, f: &DocumentFinding) -> Vec<Piece<'static>> {
        let standing = format!("{}, version {}, {}", f.status, f.version, f.interpretation.words());
        let mut body = vec![Piece::Finding { name: f.name.clone(), standing }, Piece::Strong(f.summary.clone())];
        let lines = f.printed();
        if !lines.is_empty() {
            body.push(Piece::Lines(lines));
        }
        body.extend(f.comment.iter().cloned().map(Piece::Text));
        body.extend(f.disclaimers.iter().map(|d| Piece::Caveat(caveat(d))));
        body.extend(f.remarks.iter().map(|r| Piece::Small(format!("Note: {r}"))));
        let mut by = format!("Performed by {}.", f.performed_by);
        if let Some(who) = &f.verified_by {
            let verb = if f.verified_at.is_some() { "Verified" } else { "Released early" };
            let at = f.verified_at.map(|at| format!(", {}", self.stamp(at))).unwrap_or_default();
            by = format!("{by} {verb} by {who}{at}.");
        }
        body.push(Piece::Small(by));
        body
    }

    fn trend<'a>(&self, t: &'a DocumentTrend) -> Vec<Piece<'a>> {
        let row = |p: &DocumentPoint| vec![self.day(p.at), p.accession.clone(), t.value(p), p.method.clone()];
        vec![
            Piece::Finding { name: t.name.clone(), standing: t.unit.clone() },
            Piece::Trend(t),
            Piece::Table(Table {
                caption: "The same values",
                heads: &["Taken", "Case", "Value", "Method"],
                rows: t.points.iter().map(row).collect(),
            }),
        ]
    }

    fn closing_sections(&self, sha256: Option<&str>) -> Vec<Section<'_>> {
        let mut all = Vec::new();
        let mut add = |title, body: Vec<Piece<'static>>| {
            if !body.is_empty() {
                all.push(Section { title, body });
            }
        };
        let pending = self.pending.iter().map(|p| {
            let expected = p.expected.map(|at| format!(", expected {}", self.day(at))).unwrap_or_default();
            line(&p.name, format!("{}{expected}", p.state))
        });
        add("Still to come", lines(pending.collect()));
        add("Not done", lines(self.not_done.iter().map(|n| line(&n.name, n.why.clone())).collect()));
        add("Correlation", self.flags.iter().flat_map(flag).collect());
        add("Comment", self.comment.iter().cloned().map(Piece::Text).collect());
        if !self.calls.is_empty() {
            let rows = self.calls.iter().map(|c| self.call(c)).collect();
            let heads: &[&str] = &["Finding", "Told", "When and how", "By", "Read back", "Outcome"];
            add("Critical communications", vec![Piece::Table(Table { caption: "Who was told", heads, rows })]);
        }
        add("Signature", self.signature(sha256));
        add(CHANGED, self.changes_section());
        add("Revision history", self.revisions());
        all
    }

    fn call(&self, c: &DocumentCall) -> Vec<String> {
        let told = if c.role.is_empty() { c.recipient.clone() } else { format!("{}, {}", c.recipient, c.role) };
        vec![
            c.finding.clone(),
            told,
            c.at.map(|at| format!("{}, {}", self.stamp(at), c.method)).unwrap_or_default(),
            c.by.clone(),
            if c.at.is_none() {
                ""
            } else if c.read_back {
                "yes"
            } else {
                "no"
            }
            .to_owned(),
            c.outcome.clone(),
        ]
    }

    fn signature(&self, sha256: Option<&str>) -> Vec<Piece<'static>> {
        let Some(hash) = sha256 else { return vec![Piece::Text("Not signed.".to_owned())] };
        let mut body = vec![Piece::Strong(format!("{}, {}", self.signed_by, self.stamp(self.signed_at)))];
        body.extend(self.attestation.iter().cloned().map(Piece::Text));
        body.push(Piece::Small(format!("SHA-256 of the signed text: {hash}")));
        body
    }

    fn changes_section(&self) -> Vec<Piece<'static>> {
        let mut body = Vec::new();
        if let Some(reason) = &self.reason {
            let how = self.told_how.as_ref().map(|how| format!(", {how}")).unwrap_or_default();
            let at = self.told_at.map(|at| format!(", {}", self.stamp(at))).unwrap_or_default();
            let told = self.told.as_ref().map(|who| line("Told", format!("{who}{at}{how}")));
            body.push(Piece::Lines(std::iter::once(line("Why it changed", reason.clone())).chain(told).collect()));
        }
        if !self.changes.is_empty() {
            let known = |text: &str| if text.trim().is_empty() { "(nothing)".to_owned() } else { text.to_owned() };
            let row =
                |c: &super::report_document::DocumentChange| vec![c.what.clone(), known(&c.before), known(&c.after)];
            body.push(Piece::Table(Table {
                caption: "Old and new, side by side",
                heads: &["What", "Before", "Now"],
                rows: self.changes.iter().map(row).collect(),
            }));
        }
        body
    }

    fn revisions(&self) -> Vec<Piece<'static>> {
        let mut body = Vec::new();
        if !self.history.is_empty() {
            let row = |v: &super::report_document::DocumentVersion| {
                let who = v.signed_by.clone().unwrap_or_else(unknown);
                let hash = v.sha256.as_ref().map(|h| format!("\nSHA-256 {h}")).unwrap_or_default();
                vec![
                    v.version.to_string(),
                    v.status.clone(),
                    format!("{who}, {}{hash}", self.when(v.signed_at)),
                    v.reason.clone().unwrap_or_default(),
                ]
            };
            body.push(Piece::Table(Table {
                caption: "Earlier versions",
                heads: &["Version", "Status", "Signed", "Why"],
                rows: self.history.iter().map(row).collect(),
            }));
        }
        body
    }
}

impl DocumentTrend {
    /// A value as it prints: `0.012 %`, `not detected (sensitivity 0.001 %)`.
    pub fn value(&self, p: &DocumentPoint) -> String {
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        match (p.value, p.below) {
            (Some(value), _) => format!("{value}{unit}"),
            (None, Some(below)) => format!("not detected (sensitivity {below}{unit})"),
            (None, None) => "not detected (sensitivity not stated)".to_owned(),
        }
    }

    /// The trend in a sentence, for those who do not see it drawn.
    pub fn spoken(&self, document: &ReportDocument) -> String {
        let points = self.points.iter().map(|p| format!("{}: {}", document.day(p.at), self.value(p)));
        format!("{} over time. {}.", self.name, points.collect::<Vec<_>>().join("; "))
    }
}

fn line(name: &str, value: String) -> DocumentLine {
    DocumentLine { name: name.to_owned(), value, note: None }
}

fn lines(all: Vec<DocumentLine>) -> Vec<Piece<'static>> {
    if all.is_empty() { Vec::new() } else { vec![Piece::Lines(all)] }
}

/// What is not known is said, never left empty.
fn unknown() -> String {
    "Not known".to_owned()
}

fn caveat(text: &str) -> String {
    format!("Caveat: {text}")
}

fn flag(f: &DocumentFlag) -> [Piece<'static>; 2] {
    let said = f.acknowledged.as_ref().map_or_else(|| "Not acknowledged.".to_owned(), |a| format!("Acknowledged: {a}"));
    [Piece::Caveat(f.text.clone()), Piece::Text(said)]
}

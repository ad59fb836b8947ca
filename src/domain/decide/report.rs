//! The integrated report: drafted, signed, revised, withdrawn. Every signed version stays, byte for byte.

use sha2::{Digest, Sha256};

use super::super::command::ReportText;
use super::super::correlation::{self, Acknowledgment, Flag};
use super::super::critical;
use super::super::report_document::{self, Ingredients, ReportDocument};
use super::super::text::Check;
use super::super::{
    Actor, Case, Entity, Event, FieldError, Order, OrderId, OrderState, Refusal, Report, ReportId, ReportKind,
    ReportReading, ReportState, ReportTransition, ResultState, Signature, Told,
};
use super::result::told;
use super::{Circumstances, Subject, Work};

/// Most flags that one report says something about.
const ACKNOWLEDGED_MAX: usize = 40;

/// What stands in the way of a signature, beside who signs.
#[derive(Debug, Clone, PartialEq)]
pub enum Hindrance {
    /// Required work that a final report waits for.
    OrdersOpen(Vec<OrderId>),
    /// What does not fit together and nobody has said anything about.
    FlagsOpen(Vec<Flag>),
    /// A revision of this order's result that is not verified yet.
    RevisionOpen(OrderId),
}

/// What stands in the way of signing this version, in the order in which it is refused; empty: nothing does.
pub fn hindrances(case: &Case, report: &Report, flags: &[Flag]) -> Vec<Hindrance> {
    // Invariant 2 of `reference/domain.md` §7.4: final, canceled, not performed, or failed with a comment.
    let ended = |o: &Order| o.state == OrderState::Failed && o.attempts.last().is_some_and(|a| a.failed_note.is_some());
    let waits = |o: &&Order| report.kind == ReportKind::Final && o.required && o.state.is_open() && !ended(o);
    let open: Vec<OrderId> = case.orders.iter().filter(waits).map(|o| o.id).collect();
    let unsaid: Vec<Flag> = correlation::unanswered(flags, &report.acknowledged).into_iter().cloned().collect();
    let revision = case
        .results
        .iter()
        .find(|r| r.revision.is_some() && r.state == ResultState::Draft)
        .filter(|_| report.kind != ReportKind::Preliminary);
    let all = [
        (!open.is_empty()).then_some(Hindrance::OrdersOpen(open)),
        (!unsaid.is_empty()).then_some(Hindrance::FlagsOpen(unsaid)),
        revision.map(|r| Hindrance::RevisionOpen(r.order)),
    ];
    all.into_iter().flatten().collect()
}

/// The version that this text would make, of the open draft or of a new one, and what does not fit yet. Nothing is
/// decided: for a preview while it is written.
pub fn would_write(
    case: &Case,
    text: &ReportText,
    by: &Actor,
    at: &mut Circumstances<'_>,
) -> (Report, Vec<FieldError>) {
    let mut work = Work { case: case.clone(), events: Vec::new(), by, at };
    let open = case.reports.iter().find(|r| r.state == ReportState::Draft).cloned();
    let mut report = open.unwrap_or_else(|| work.begun(text.kind));
    let unfit = work.write(&mut report, text).done(());
    let errors = match unfit {
        Err(Refusal::Invalid(errors)) => errors,
        Ok(()) | Err(_) => Vec::new(),
    };
    (report, errors)
}

impl Work<'_, '_> {
    pub(super) fn draft_report(&mut self, text: &ReportText) -> Result<Subject, Refusal> {
        if let Some(open) = self.case.reports.iter().find(|r| r.state == ReportState::Draft) {
            return Err(Refusal::guard(
                &self.report_name(open),
                open.state,
                "draft_open",
                "A draft is open: sign, change or void it first.",
            ));
        }
        let mut report = self.begun(text.kind);
        self.write(&mut report, text).done(())?;
        let id = report.id;
        self.put_report(ReportTransition::Draft.name(), report);
        Ok(Subject::Report(id))
    }

    /// A version that says nothing yet.
    fn begun(&mut self, kind: ReportKind) -> Report {
        Report {
            id: ReportId((self.at.ids)()),
            case_id: self.case.header.id,
            number: self.case.reports.iter().map(|r| r.number).max().unwrap_or(0) + 1,
            kind,
            state: ReportState::Draft,
            diagnosis: String::new(),
            dx_who5: None,
            dx_icc: None,
            comment: None,
            acknowledged: Vec::new(),
            reason: None,
            told: None,
            diagnostician: self.by.who(),
            drafted_at: self.at.now,
            signature: None,
            document: String::new(),
            version: 0,
        }
    }

    pub(super) fn edit_report(&mut self, id: ReportId, text: &ReportText) -> Result<Subject, Refusal> {
        let mut report = self.find_report(id)?;
        self.guard_step("report", &self.report_name(&report), report.state, ReportTransition::Edit)?;
        self.write(&mut report, text).done(())?;
        report.diagnostician = self.by.who();
        self.put_report(ReportTransition::Edit.name(), report);
        Ok(Subject::Report(id))
    }

    /// Writes the text into a version; what comes back is what does not fit.
    fn write(&self, report: &mut Report, text: &ReportText) -> Check {
        let complete = self.case.reports.iter().rfind(|r| r.id != report.id && r.state.is_complete());
        let mut check = Check::default();
        if text.kind.is_revision() && complete.is_none() {
            check.fail(
                "/kind",
                "nothing_to_revise",
                "nothing final is signed yet: write a preliminary or final report",
            );
        }
        if !text.kind.is_revision() && complete.is_some() {
            check.fail(
                "/kind",
                "already_final",
                "a final report is signed: write an appended, amended or corrected version",
            );
        }
        report.kind = text.kind;
        report.diagnosis = check.note("/diagnosis", &text.diagnosis);
        report.dx_who5 = check.opt_line("/dx_who5", text.dx_who5.as_deref());
        report.dx_icc = check.opt_line("/dx_icc", text.dx_icc.as_deref());
        report.comment = check.opt_note("/comment", text.comment.as_deref());
        if text.acknowledged.len() > ACKNOWLEDGED_MAX {
            check.fail("/acknowledged", "too_many", format!("at most {ACKNOWLEDGED_MAX} entries fit here"));
        }
        report.acknowledged = Vec::new();
        for (i, said) in text.acknowledged.iter().take(ACKNOWLEDGED_MAX).enumerate() {
            let flag = check.opt_line(&format!("/acknowledged/{i}/flag"), Some(&said.flag)).unwrap_or_default();
            let words = check.note(&format!("/acknowledged/{i}/words"), &said.words);
            report.acknowledged.push(Acknowledgment { flag, words });
        }
        report.reason = check.opt_note("/reason", text.reason.as_deref());
        report.told = text.told.as_ref().map(|t| told("/told", t, self.at.now, &mut check));
        if text.kind.is_revision() {
            if report.reason.is_none() {
                check.fail("/reason", "missing", "say why the report changes");
            }
            if report.told.is_none() {
                check.fail("/told", "missing", "say who was told of the change");
            }
        }
        if text.kind == ReportKind::Appended && complete.is_some_and(|c| c.diagnosis != report.diagnosis) {
            check.fail(
                "/diagnosis",
                "diagnosis_changed",
                "an addendum leaves the diagnosis as it is; a changed diagnosis is an amendment",
            );
        }
        check
    }

    pub(super) fn sign_report(&mut self, id: ReportId) -> Result<Subject, Refusal> {
        let mut report = self.find_report(id)?;
        let name = self.report_name(&report);
        let step = match report.kind {
            ReportKind::Preliminary => ReportTransition::SignPreliminary,
            ReportKind::Final => ReportTransition::SignFinal,
            ReportKind::Appended => ReportTransition::SignAppended,
            ReportKind::Amended => ReportTransition::SignAmended,
            ReportKind::Corrected => ReportTransition::SignCorrected,
        };
        let row = self.guard_step("report", &name, report.state, step)?;
        if !self.at.reauthenticated {
            return Err(Refusal::Forbidden("Signing takes the signer's password again.".into()));
        }
        if report.diagnostician.id != self.by.id {
            return Err(Refusal::guard(
                &name,
                report.state,
                "not_the_diagnostician",
                "The one who made the diagnosis signs it; edit the draft to make it yours.",
            ));
        }
        let flags = correlation::flags(&self.case, self.at.earlier);
        if let Some(first) = hindrances(&self.case, &report, &flags).first() {
            return Err(self.hindered(&report, first));
        }
        report.state = row.to.unwrap_or(report.state);
        let document = ReportDocument::assemble(Ingredients {
            case: &self.case,
            report: &report,
            signer: self.by,
            catalogue: self.at.catalogue,
            now: self.at.now,
            trends: &report_document::trends(&self.case, self.at.earlier),
            calls: &critical::document_calls(&self.case, self.at.catalogue),
            flags: &report_document::flags(&flags, &report),
        });
        report.document = document.text();
        report.signature = Some(Signature {
            by: self.by.who(),
            at: self.at.now,
            meaning: report.kind.attestation(),
            sha256: hex(&Sha256::digest(report.document.as_bytes())),
        });
        let complete = report.state.is_complete();
        self.put_report(step.name(), report);
        if complete {
            let stored: Vec<_> = self.case.specimens.iter().filter(|s| s.state.is_living()).cloned().collect();
            for mut s in stored {
                let until = self.retention(&s);
                if s.retain_until != until {
                    s.retain_until = until;
                    self.put_specimen("retain", None, s);
                }
            }
        }
        Ok(Subject::Report(id))
    }

    fn hindered(&self, report: &Report, by: &Hindrance) -> Refusal {
        let order = |id: &OrderId| self.case.order(*id);
        let (rule, detail) = match by {
            Hindrance::OrdersOpen(ids) => {
                let open: Vec<String> =
                    ids.iter().filter_map(order).map(|o| format!("{} ({})", o.assay, o.state.words())).collect();
                let way = "Sign a preliminary report, or bring each to its end.";
                ("orders_open", format!("Still open: {}. {way}", open.join(", ")))
            }
            Hindrance::FlagsOpen(flags) => {
                let open: Vec<String> = flags.iter().map(correlation::in_one_line).collect();
                let way = "Say in words what you make of what does not fit, then sign:";
                ("flags_open", format!("{way} {}", open.join(" ")))
            }
            Hindrance::RevisionOpen(id) => {
                let code = order(id).map_or_else(String::new, |o| o.assay.to_string());
                ("revision_open", format!("A revision of {code} waits to be verified."))
            }
        };
        Refusal::guard(&self.report_name(report), report.state, rule, detail)
    }

    /// It reached whom it is for. Said once per person and version; only of what stands, so that nobody acts on words
    /// that were replaced (`reference/ux.md` §2.3).
    pub(super) fn read_report(&mut self, id: ReportId) -> Result<Subject, Refusal> {
        let report = self.find_report(id)?;
        let name = self.report_name(&report);
        self.guard_step("report", &name, report.state, ReportTransition::Read)?;
        if let Some(newest) = self.case.signed_report().filter(|newest| newest.id != id) {
            let way = format!("Report {} stands in its place: read that one.", newest.number);
            return Err(Refusal::guard(&name, report.state, "superseded", way));
        }
        if self.case.readings_of(id).all(|r| r.by.id != self.by.id) {
            let reading = ReportReading { report: id, by: self.by.who(), at: self.at.now };
            // About the report, and nothing of it changes: what was signed stays as it is.
            let what = format!("report.{}", ReportTransition::Read);
            self.events.push(Event { what, hl7: None, after: Entity::Report(report) });
            self.put_header("readings", |header| header.readings.push(reading));
        }
        Ok(Subject::Report(id))
    }

    pub(super) fn void_report(
        &mut self,
        id: ReportId,
        reason: &str,
        told_whom: Option<&Told>,
    ) -> Result<Subject, Refusal> {
        let mut report = self.find_report(id)?;
        let row = self.guard_step("report", &self.report_name(&report), report.state, ReportTransition::Void)?;
        let mut check = Check::default();
        let reason = check.note("/reason", reason);
        let said = match told_whom {
            Some(t) => Some(told("/told", t, self.at.now, &mut check)),
            None if report.state.is_signed() => {
                check.fail("/told", "missing", "a signed version is withdrawn only when somebody was told");
                None
            }
            None => None,
        };
        check.done(())?;
        report.state = row.to.unwrap_or(report.state);
        report.reason = Some(reason);
        report.told = said;
        self.put_report(ReportTransition::Void.name(), report);
        Ok(Subject::Report(id))
    }

    fn report_name(&self, report: &Report) -> String {
        format!("Report {} of {}", report.number, self.case.header.accession)
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

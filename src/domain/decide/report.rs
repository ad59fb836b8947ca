//! The integrated report: drafted, signed, revised, withdrawn. Every signed version stays, byte for byte.

use sha2::{Digest, Sha256};

use super::super::command::ReportText;
use super::super::correlation::{self, Acknowledgment};
use super::super::critical;
use super::super::report_document::{self, Ingredients, ReportDocument};
use super::super::text::Check;
use super::super::{
    OrderState, Refusal, Report, ReportId, ReportKind, ReportState, ReportTransition, ResultState, Signature, Told,
};
use super::result::told;
use super::{Subject, Work};

/// Most flags that one report says something about.
const ACKNOWLEDGED_MAX: usize = 40;

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
        let mut report = Report {
            id: ReportId((self.at.ids)()),
            case_id: self.case.header.id,
            number: self.case.reports.iter().map(|r| r.number).max().unwrap_or(0) + 1,
            kind: text.kind,
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
        };
        self.write(&mut report, text)?;
        let id = report.id;
        self.put_report(ReportTransition::Draft.name(), report);
        Ok(Subject::Report(id))
    }

    pub(super) fn edit_report(&mut self, id: ReportId, text: &ReportText) -> Result<Subject, Refusal> {
        let mut report = self.find_report(id)?;
        self.guard_step("report", &self.report_name(&report), report.state, ReportTransition::Edit)?;
        self.write(&mut report, text)?;
        report.diagnostician = self.by.who();
        self.put_report(ReportTransition::Edit.name(), report);
        Ok(Subject::Report(id))
    }

    fn write(&self, report: &mut Report, text: &ReportText) -> Result<(), Refusal> {
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
        check.done(())
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
        if report.kind == ReportKind::Final {
            self.everything_ended(&report)?;
        }
        let flags = correlation::flags(&self.case, self.at.earlier);
        let open: Vec<String> =
            correlation::unanswered(&flags, &report.acknowledged).into_iter().map(correlation::in_one_line).collect();
        if !open.is_empty() {
            let detail = format!("Say in words what you make of what does not fit, then sign: {}", open.join(" "));
            return Err(Refusal::guard(&name, report.state, "flags_open", detail));
        }
        if let Some(open) = self
            .case
            .results
            .iter()
            .find(|r| r.revision.is_some() && r.state == ResultState::Draft)
            .filter(|_| report.kind != ReportKind::Preliminary)
        {
            let code = self.case.order(open.order).map_or_else(String::new, |o| o.assay.to_string());
            return Err(Refusal::guard(
                &name,
                report.state,
                "revision_open",
                format!("A revision of {code} waits to be verified."),
            ));
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

    /// Invariant 2 of `reference/domain.md` §7.4: final, canceled, not performed, or failed with a comment.
    fn everything_ended(&self, report: &Report) -> Result<(), Refusal> {
        let open: Vec<String> = self
            .case
            .orders
            .iter()
            .filter(|o| o.required && o.state.is_open())
            .filter(|o| !(o.state == OrderState::Failed && o.attempts.last().is_some_and(|a| a.failed_note.is_some())))
            .map(|o| format!("{} ({})", o.assay, o.state.words()))
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        Err(Refusal::guard(
            &self.report_name(report),
            report.state,
            "orders_open",
            format!("Still open: {}. Sign a preliminary report, or bring each to its end.", open.join(", ")),
        ))
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

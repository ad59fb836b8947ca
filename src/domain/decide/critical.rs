//! Critical findings: raised by a result as soon as it is entered, because people call before a second person reads it
//! (`reference/domain.md` §6.2), and closed by a call that was read back.

use super::super::command::RecordCall;
use super::super::critical::{Call, CallOutcome, CriticalFinding};
use super::super::text::Check;
use super::super::{Code, CriticalId, Refusal, ResultId};
use super::{CLOCK_SLACK_MIN, Subject, Work};

/// Most findings of one case, and most calls about one finding.
const FINDINGS_MAX: usize = 100;

impl Work<'_, '_> {
    /// Opens what this result version raises, once per trigger and order: a later version of the same finding was called
    /// already, or is still to be.
    pub(super) fn note_critical(&mut self, id: ResultId) {
        let header = &self.case.header;
        let Some((r, o)) = self.case.result(id).and_then(|r| Some((r, self.case.order(r.order)?))) else { return };
        let known = |code: &Code| header.critical.iter().any(|f| f.code == *code && f.order == Some(o.id));
        let raised: Vec<(Code, u32)> = self
            .at
            .catalogue
            .criticals
            .iter()
            .filter(|c| c.is_raised_by(o.assay.as_str(), header.indication.as_str(), r) && !known(&c.code))
            .map(|c| (c.code.clone(), c.within_min))
            .collect();
        let (order, now) = (o.id, self.at.now);
        for (code, within_min) in raised {
            let finding = CriticalFinding {
                id: CriticalId((self.at.ids)()),
                code,
                text: None,
                order: Some(order),
                result: Some(id),
                opened_at: now,
                due_at: CriticalFinding::due(now, within_min),
                calls: Vec::new(),
                closed_at: None,
            };
            self.put_header("critical", |h| h.critical.push(finding));
        }
    }

    pub(super) fn record_call(&mut self, new: &RecordCall) -> Result<Subject, Refusal> {
        let now = self.at.now;
        let mut check = Check::default();
        let at = new.at.unwrap_or(now);
        super::log_case::sane_time("/at", at, now, &mut check);
        if at > now + chrono::Duration::minutes(CLOCK_SLACK_MIN) {
            check.fail("/at", "in_the_future", "that time has not come yet");
        }
        let call = Call {
            at,
            by: self.by.who(),
            recipient: check.line("/recipient", &new.recipient),
            role: check.line("/role", &new.role),
            method: new.method,
            outcome: new.outcome,
            read_back: new.read_back,
            escalated_to: check.opt_line("/escalated_to", new.escalated_to.as_deref()),
            note: check.opt_note("/note", new.note.as_deref()),
        };
        if new.read_back && new.outcome != CallOutcome::Reached {
            check.fail("/read_back", "impossible", "only who was reached can read it back");
        }
        let text = check.opt_line("/text", new.text.as_deref());
        let mut finding = match (new.finding, &new.code) {
            (Some(id), None) => self.open_finding(id, at, text.is_some(), &mut check)?,
            (None, Some(code)) => self.raised_by_hand(code, text, at, &mut check),
            (Some(_), Some(_)) => {
                return Err(one_of("a finding that is known, or the code of a new one, and not both"));
            }
            (None, None) => return Err(one_of("say which finding, or the code of a new one")),
        };
        check.done(())?;
        if call.closes() {
            finding.closed_at = Some(at.max(finding.opened_at));
        }
        finding.calls.push(call);
        let subject = Subject::Critical(finding.id);
        self.put_header("call", |h| match h.critical.iter_mut().find(|f| f.id == finding.id) {
            Some(known) => *known = finding,
            None => h.critical.push(finding),
        });
        Ok(subject)
    }

    fn open_finding(
        &self,
        id: CriticalId,
        at: super::Moment,
        has_text: bool,
        check: &mut Check,
    ) -> Result<CriticalFinding, Refusal> {
        let found = self.case.header.critical.iter().find(|f| f.id == id).cloned();
        let finding = found.ok_or_else(|| Refusal::NotFound(format!("There is no critical finding {id}.")))?;
        if has_text {
            check.fail("/text", "impossible", "the finding says what it is; write a note instead");
        }
        // Clocks of a telephone log and of the server differ by minutes.
        if at < finding.opened_at - chrono::Duration::minutes(CLOCK_SLACK_MIN) {
            check.fail("/at", "out_of_order", "nobody can be told before it was found");
        }
        if !finding.is_open() || finding.calls.len() >= FINDINGS_MAX {
            return Err(Refusal::Guard {
                title: format!("Critical finding {} of {} is closed", finding.code, self.case.header.accession),
                rule: "already_closed",
                detail: "Somebody heard it and read it back; that stays as it is.".into(),
                state: "closed",
                allowed: Vec::new(),
            });
        }
        Ok(finding)
    }

    /// A finding that no result says in a form that a rule could read: a person knows it and has called.
    fn raised_by_hand(
        &mut self,
        code: &Code,
        text: Option<String>,
        at: super::Moment,
        check: &mut Check,
    ) -> CriticalFinding {
        let within_min = match self.at.catalogue.critical(code.as_str()) {
            Some(trigger) if trigger.manual => trigger.within_min,
            Some(_) => {
                check.fail("/code", "not_manual", format!("{code} is raised by results only"));
                0
            }
            None => {
                check.fail("/code", "unknown_code", format!("{code} is not a critical finding of the catalogue"));
                0
            }
        };
        if text.is_none() {
            check.fail("/text", "missing", "say what was found");
        }
        if self.case.header.critical.len() >= FINDINGS_MAX {
            check.fail("/code", "too_many", "this case has as many critical findings as fit");
        }
        CriticalFinding {
            id: CriticalId((self.at.ids)()),
            code: code.clone(),
            text,
            order: None,
            result: None,
            opened_at: at,
            due_at: CriticalFinding::due(at, within_min),
            calls: Vec::new(),
            closed_at: None,
        }
    }
}

fn one_of(why: &str) -> Refusal {
    Refusal::field("/finding", "malformed", why)
}

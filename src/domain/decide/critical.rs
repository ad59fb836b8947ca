//! Critical findings: raised by a result as soon as it is entered, because people call before a second person reads it
//! (`reference/domain.md` §6.2), and closed by a call that was read back.

use super::super::catalogue::Critical;
use super::super::command::RecordCall;
use super::super::critical::{Call, CallOutcome, CriticalClosed, CriticalClosing, CriticalFinding};
use super::super::text::Check;
use super::super::{Case, Code, CriticalId, Entity, OrderId, Refusal, ResultState, ResultVersion};
use super::{CLOCK_SLACK_MIN, Subject, Work};

/// Most findings of one case that people can raise by hand. What a result raises is never left out.
const FINDINGS_MAX: usize = 100;
/// Most calls about one finding.
const CALLS_MAX: usize = 100;

/// The versions of an order's result that count: the one in force, then what waits to be verified.
fn standing(case: &Case, order: OrderId) -> Vec<&ResultVersion> {
    let waiting = |r: &&ResultVersion| matches!(r.state, ResultState::Preliminary | ResultState::Draft);
    case.verified_result(order).into_iter().chain(case.results_of(order).filter(waiting)).collect()
}

impl Work<'_, '_> {
    /// What the result versions that this command touched raise, and what they do not say any more. Each trigger opens
    /// once for an order: a later version that says the same was called already, or is still to be. After a denial, it
    /// opens again.
    pub(super) fn settle_critical(&mut self) {
        let mut touched: Vec<OrderId> = Vec::new();
        for event in &self.events {
            if let Entity::Result(r) = &event.after
                && !touched.contains(&r.order)
            {
                touched.push(r.order);
            }
        }
        let mut findings = self.case.header.critical.clone();
        for order in touched {
            self.settle_order(order, &mut findings);
        }
        if findings != self.case.header.critical {
            self.put_header("critical", |h| h.critical = findings);
        }
    }

    fn settle_order(&mut self, order: OrderId, findings: &mut Vec<CriticalFinding>) {
        let (catalogue, now) = (self.at.catalogue, self.at.now);
        let Some(assay) = self.case.order(order).map(|o| &o.assay) else { return };
        let indication = self.case.header.indication.as_str();
        let standing = standing(&self.case, order);
        let first =
            |c: &Critical| standing.iter().find(|r| c.is_raised_by(assay.as_str(), indication, r)).map(|r| r.id);
        for finding in findings.iter_mut().filter(|f| f.order == Some(order) && f.denied.is_none()) {
            // While the version that raised it stands, so does the finding, whatever the policy says by now.
            if standing.iter().any(|r| Some(r.id) == finding.result) {
                continue;
            }
            let successor = catalogue.critical(finding.code.as_str()).and_then(first);
            match successor {
                Some(_) => finding.result = successor,
                None => {
                    let why = if standing.is_empty() { CriticalClosing::Withdrawn } else { CriticalClosing::Replaced };
                    finding.denied = Some(CriticalClosed { at: now, why });
                }
            }
        }
        for trigger in &catalogue.criticals {
            let known = findings.iter().any(|f| f.code == trigger.code && f.order == Some(order) && f.denied.is_none());
            let Some(result) = first(trigger).filter(|_| !known) else { continue };
            findings.push(CriticalFinding {
                id: CriticalId((self.at.ids)()),
                code: trigger.code.clone(),
                text: None,
                order: Some(order),
                assay: Some(assay.clone()),
                result: Some(result),
                opened_at: now,
                due_at: CriticalFinding::due(now, trigger.within_min),
                calls: Vec::new(),
                denied: None,
            });
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
        let refused = |rule, detail: &str| {
            let title = format!("Critical finding {} of {} takes no call", finding.code, self.case.header.accession);
            Err(Refusal::Guard { title, rule, detail: detail.into(), state: "closed", allowed: Vec::new() })
        };
        match finding.closed().map(|c| c.why) {
            Some(CriticalClosing::Heard) => {
                refused("already_closed", "Somebody heard it and read it back; that stays as it is.")
            }
            Some(CriticalClosing::Replaced | CriticalClosing::Withdrawn) => {
                refused("already_closed", "The result does not say so any more: there is nothing to tell.")
            }
            None if finding.calls.len() >= CALLS_MAX => refused("too_many", "It has as many calls as fit."),
            None => Ok(finding),
        }
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
        if at < self.case.header.logged_at - chrono::Duration::minutes(CLOCK_SLACK_MIN) {
            check.fail("/at", "out_of_order", "nothing can be found before the case was logged");
        }
        if self.case.header.critical.len() >= FINDINGS_MAX {
            check.fail("/code", "too_many", "this case has as many critical findings as fit");
        }
        CriticalFinding {
            id: CriticalId((self.at.ids)()),
            code: code.clone(),
            text,
            order: None,
            assay: None,
            result: None,
            opened_at: at,
            due_at: CriticalFinding::due(at, within_min),
            calls: Vec::new(),
            denied: None,
        }
    }
}

fn one_of(why: &str) -> Refusal {
    Refusal::field("/finding", "malformed", why)
}

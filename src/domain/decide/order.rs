//! Steps of an order (`reference/domain.md` §7.3).

use chrono::Duration;

use super::super::catalogue::{Assay, ReflexWhen, Verdict, fitness};
use super::super::command::{NewOrder, OrderStep, PlanSample};
use super::super::sample_plan::{SampleDecision, waits};
use super::super::text::Check;
use super::super::{
    Attempt, Closing, Code, Debit, LimitAction, Moment, Need, Order, OrderHold, OrderId, OrderState, OrderTransition,
    Origin, Referral, Refusal, ResultState, ResultTransition, Role, Specimen, StepDone,
};
use super::log_case::{ORDERS_MAX, Wish};
use super::{Subject, Work, assay, part};
use crate::domain::workstep::Next;

use OrderTransition as Tr;

/// Longest a decision may be put off, days.
const HOLD_DAYS_MAX: i64 = 60;

impl Work<'_, '_> {
    pub(super) fn order_assay(&mut self, new: &NewOrder) -> Result<Subject, Refusal> {
        let mut check = Check::default();
        let why = check.opt_note("/why", new.why.as_deref());
        if self.at.catalogue.assay(new.assay.as_str()).is_none() {
            check.fail("/assay", "unknown_code", format!("{} is not an assay of the catalogue", new.assay));
        }
        if self.case.orders.len() >= ORDERS_MAX {
            check.fail("/assay", "too_many", "this case has as many orders as fit");
        }
        if let Some(parent) = new.parent
            && self.case.order(parent).is_none()
        {
            check.fail("/parent", "unknown", "there is no such order on this case");
        }
        check.done(())?;
        if let Some(open) = self
            .case
            .orders
            .iter()
            .find(|o| o.assay == new.assay && (o.state.is_open() || o.state == OrderState::Suggested))
        {
            return Err(Refusal::guard(
                &assay(&self.case, open),
                open.state,
                "already_open",
                "This assay is already on the case; take a step of that order instead.",
            ));
        }
        let origin = match new.parent {
            Some(_) => Origin::Reflex,
            None if self.case.received_at().is_some() => Origin::AddOn,
            None => Origin::Requested,
        };
        let urgency = new.urgency.unwrap_or(self.case.header.urgency);
        let id = self.new_order(
            Wish { assay: new.assay.clone(), need: Need::Mandatory, origin, why, hold: None, parent: new.parent },
            urgency,
        );
        self.route();
        Ok(Subject::Order(id))
    }

    /// Records who goes first while the sample is scarce, and gives the material out again in that order.
    pub(super) fn plan_sample(&mut self, plan: &PlanSample) -> Result<Subject, Refusal> {
        let mut check = Check::default();
        let note = check.opt_note("/note", plan.note.as_deref());
        if plan.order.is_empty() {
            check.fail("/order", "missing", "name at least the order that goes first");
        }
        for (i, id) in plan.order.iter().enumerate() {
            let pointer = format!("/order/{i}");
            match self.case.order(*id) {
                None => check.fail(pointer, "unknown", "there is no such order on this case"),
                Some(o) if !waits(o) => {
                    check.fail(pointer, "not_waiting", format!("{} is {} and waits for no material", o.assay, o.state));
                }
                Some(o) if plan.order.iter().take(i).any(|before| before == id) => {
                    check.fail(pointer, "repeated", format!("{} is there twice", o.assay));
                }
                Some(_) => {}
            }
        }
        check.done(())?;
        let decision = SampleDecision { order: plan.order.clone(), note, by: self.by.who(), at: self.at.now };
        self.put_header("plan_sample", |h| h.sample_decision = Some(decision));
        self.route();
        Ok(Subject::Case)
    }

    pub(super) fn move_order(&mut self, id: OrderId, step: Tr, d: &OrderStep) -> Result<Subject, Refusal> {
        let mut o = self.find_order(id)?;
        let row = self.guard_step("order", &assay(&self.case, &o), o.state, step)?;
        let at = self.when(d.occurred_at)?;
        let mut check = Check::default();
        let note = check.opt_note("/note", d.note.as_deref());
        let run = check.opt_line("/run", d.run.as_deref());
        check.opt_note("/override_reason", d.override_reason.as_deref());
        let laboratory = check.opt_line("/laboratory", d.laboratory.as_deref());
        let tracking = check.opt_line("/tracking", d.tracking.as_deref());
        check.done(())?;

        match step {
            Tr::Order => {
                // Asked for now: its clock starts now, whenever the suggestion was made.
                o.required = true;
                o.ordered_at = self.at.now;
                o.ordered_by = self.by.who();
                if self.case.received_at().is_some() {
                    o.origin = Origin::AddOn;
                }
            }
            Tr::Dismiss => {
                let text = note
                    .clone()
                    .or_else(|| d.reason.as_ref().map(ToString::to_string))
                    .ok_or_else(|| Refusal::field("/note", "missing", "say why the suggestion is not taken"))?;
                o.closing = Some(self.closing(d.reason.clone(), Some(text), at));
            }
            Tr::Hold => {
                let policy = d.policy.ok_or_else(|| {
                    Refusal::field(
                        "/policy",
                        "missing",
                        "say what happens at the deadline: auto_perform, auto_cancel or manual",
                    )
                })?;
                let deadline = d.deadline.ok_or_else(|| Refusal::field("/deadline", "missing", "say until when"))?;
                if deadline <= self.at.now || deadline > self.at.now + Duration::days(HOLD_DAYS_MAX) {
                    return Err(Refusal::field(
                        "/deadline",
                        "out_of_range",
                        format!("between now and {HOLD_DAYS_MAX} days from now"),
                    ));
                }
                o.hold = Some(OrderHold { policy, deadline });
            }
            // Released, it is wanted like any other: the final report waits for it.
            Tr::Release => {
                o.hold = None;
                o.required = true;
            }
            Tr::Review => self.second_person(&o)?,
            Tr::Start => return self.start(o, d, run, at),
            Tr::Advance => self.advance(&mut o, d, note.clone(), at)?,
            Tr::Fail => {
                let reason =
                    self.order_reason(d.reason.as_ref(), |c, r| c.fail_reason(o.assay.as_str(), r).is_some())?;
                if let Some(attempt) = o.attempts.last_mut() {
                    attempt.failed = Some(reason);
                    attempt.failed_note.clone_from(&note);
                    attempt.failed_at = Some(at);
                }
            }
            Tr::Repeat => {
                let fit = o.specimen.and_then(|id| self.case.specimen(id)).is_some_and(|s| s.state.is_workable());
                if !fit {
                    return Err(Refusal::guard(
                        &assay(&self.case, &o),
                        o.state,
                        "no_part",
                        "No part is left for another attempt: choose a substitute assay, or close it as not performed.",
                    ));
                }
            }
            Tr::Return => {
                let reason = note
                    .clone()
                    .ok_or_else(|| Refusal::field("/note", "missing", "say what must be looked at again"))?;
                let draft = self.case.results_of(id).rfind(|r| r.state == ResultState::Draft).cloned();
                if let Some(mut draft) = draft {
                    draft.reason = Some(format!("Returned: {reason}"));
                    self.put_result("return", draft);
                }
            }
            Tr::ReferOut => {
                let laboratory =
                    laboratory.ok_or_else(|| Refusal::field("/laboratory", "missing", "say which laboratory"))?;
                o.referral =
                    Some(Referral {
                        laboratory,
                        test: o.assay.to_string(),
                        tracking,
                        expected_on: Some(d.expected_on.ok_or_else(|| {
                            Refusal::field("/expected_on", "missing", "say when the result is expected")
                        })?),
                        sent_at: at,
                    });
            }
            Tr::NotPerform => {
                let reason = self.order_reason(d.reason.as_ref(), |c, r| c.not_performed_reason(r).is_some())?;
                o.closing = Some(self.closing(Some(reason), note.clone(), at));
            }
            Tr::Cancel => {
                let own = self.by.name == self.case.header.requester;
                if self.by.is(Role::Hematologist) && !self.by.is_any(&[Role::Supervisor, Role::Pathologist]) && !own {
                    return Err(Refusal::Forbidden("A hematologist cancels orders of own cases only.".into()));
                }
                let reason = self.order_reason(d.reason.as_ref(), |c, r| c.cancel_reason(r).is_some())?;
                let text = match (note.clone(), o.is_started()) {
                    (text, false) => text,
                    (text, true) => Some(format!("{} Work had begun.", text.unwrap_or_default()).trim().to_owned()),
                };
                o.closing = Some(self.closing(Some(reason), text, at));
            }
            Tr::EnterInError => {
                let text =
                    note.clone().ok_or_else(|| Refusal::field("/note", "missing", "say why it was never meant"))?;
                o.closing = Some(self.closing(None, Some(text), at));
            }
            Tr::Result => {
                return Err(Refusal::field(
                    "/transition",
                    "impossible",
                    format!("post the result to /orders/{id}/results"),
                ));
            }
            Tr::Verify => {
                return Err(Refusal::field(
                    "/transition",
                    "impossible",
                    "post to /results/{id}/verify: it is the result that is verified",
                ));
            }
            // The laboratory's own consequences; `roles` lets nobody come here.
            Tr::Suggest | Tr::Await | Tr::MakeReady | Tr::Recollect | Tr::Reopen => {
                return Err(Refusal::Forbidden("Only the laboratory itself takes this step.".into()));
            }
        }
        let gives_up = step == Tr::NotPerform && o.state == OrderState::Failed;
        if let Some(to) = row.to {
            o.state = to;
        }
        let (state, code) = (o.state, o.assay.clone());
        self.put_order(step.name(), row.hl7, o);
        if matches!(state, OrderState::Cancelled | OrderState::NotPerformed | OrderState::EnteredInError) {
            self.retract_drafts(id, "The order ended.");
        }
        if step == Tr::Fail {
            self.reflex(id, &code, ReflexWhen::Failed);
        }
        if gives_up {
            self.substitute(id, &code);
        }
        self.route();
        Ok(Subject::Order(id))
    }

    /// Sets an assay up: the part is fit or a senior says why not; the volume is debited to the microliter.
    fn start(&mut self, mut o: Order, d: &OrderStep, run: Option<String>, at: Moment) -> Result<Subject, Refusal> {
        let id = o.id;
        let who = assay(&self.case, &o);
        let Some(spec) = self.at.catalogue.assay(o.assay.as_str()) else {
            return Err(Refusal::guard(
                &who,
                o.state,
                "not_in_catalogue",
                "This assay is no longer in the catalogue; close the order or load the catalogue again.",
            ));
        };
        let mut s = match (&d.specimen, o.specimen.and_then(|p| self.case.specimen(p))) {
            (Some(label), _) => self.find_specimen(label)?,
            (None, Some(linked)) => linked.clone(),
            (None, None) => return Err(Refusal::guard(&who, o.state, "no_part", "No part feeds it.")),
        };
        if !s.state.is_workable() {
            return Err(Refusal::guard(
                &part(&s),
                s.state,
                "not_workable",
                "Only an accepted part that is here can be worked on.",
            ));
        }
        self.in_order(s.accepted_at.map(|t| ("acceptance", t)), "setting up", at, d.override_reason.as_deref())?;
        self.check_fitness(&mut o, spec, &s, d, at)?;

        let feed = spec.feeds.iter().find(|f| f.kinds.contains(&s.kind) && f.container == s.container);
        let used_ul = if s.kind.is_liquid() { d.used_ul.or_else(|| feed.and_then(|f| f.min_ul)) } else { None };
        if !s.kind.is_liquid() && d.used_ul.is_some() {
            return Err(Refusal::field("/used_ul", "impossible", format!("a {} has no volume", s.kind.words())));
        }
        let mut debited = false;
        if let (Some(used), Some(ledger)) = (used_ul, s.volume) {
            let Some(after) = ledger.debit(Debit::Used, used) else {
                return Err(Refusal::guard(
                    &part(&s),
                    s.state,
                    "not_enough",
                    format!(
                        "{used} µL are needed and {} µL are left: give used_ul for a smaller set-up, or use another part.",
                        ledger.remaining_ul()
                    ),
                ));
            };
            s.volume = Some(after);
            debited = used > 0;
        }
        let number = u32::try_from(o.attempts.len()).unwrap_or(u32::MAX).saturating_add(1);
        o.attempts.push(Attempt {
            number,
            specimen: Some(s.id),
            started_at: at,
            started_by: self.by.who(),
            run,
            used_ul,
            failed: None,
            failed_note: None,
            failed_at: None,
            steps: Vec::new(),
        });
        o.specimen = Some(s.id);
        o.state = OrderState::InProcess;
        if debited {
            self.put_specimen("use", None, s);
        }
        self.put_order(Tr::Start.name(), Some("S51"), o);
        self.route();
        Ok(Subject::Order(id))
    }

    /// Records a step of the bench: the next one, or with a note a later one, and a step of two readers by two people.
    fn advance(&self, o: &mut Order, d: &OrderStep, note: Option<String>, at: Moment) -> Result<(), Refusal> {
        let (who, state) = (assay(&self.case, o), o.state);
        let refuse = |rule: &'static str, detail: String| Refusal::guard(&who, state, rule, detail);
        let steps = self.at.catalogue.assay(o.assay.as_str()).map(|a| a.steps.as_slice()).unwrap_or_default();
        if steps.is_empty() {
            return Err(refuse("no_steps", "The catalogue names no steps for this assay; enter its result.".into()));
        }
        let Some(attempt) = o.attempts.last_mut() else {
            return Err(refuse("not_set_up", "It was not set up here, so no step can be done.".into()));
        };
        let next = Next::of(steps, &attempt.steps);
        let code = d.workstep.as_ref().ok_or_else(|| {
            Refusal::field("/workstep", "missing", format!("say which step is done; {}", next.hint()))
        })?;
        let Some(wanted) = steps.iter().position(|s| s.code == *code) else {
            let message = format!("{code} is not a step of {}; {}", o.assay, next.hint());
            return Err(Refusal::field("/workstep", "unknown_code", message));
        };
        next.allows(steps, wanted, self.by.id, note.is_some())
            .map_err(|(rule, why)| refuse(rule, format!("{why}; {}.", next.hint())))?;

        let last = attempt.steps.last().map_or(("set-up", attempt.started_at), |s| ("the step before it", s.at));
        // Unstated, it happened now; the clocks of two servers may differ by a moment.
        let at = if d.occurred_at.is_none() { at.max(last.1) } else { at };
        self.in_order(Some(last), "this step", at, d.override_reason.as_deref())?;
        attempt.steps.push(StepDone { code: code.clone(), at, by: self.by.who(), note });
        Ok(())
    }

    /// Fit, or overridden in words by a senior; a disclaimer is kept with the order and prints with its result.
    fn check_fitness(
        &self,
        o: &mut Order,
        spec: &Assay,
        s: &Specimen,
        d: &OrderStep,
        at: Moment,
    ) -> Result<(), Refusal> {
        let who = assay(&self.case, o);
        let fit = self.with_facts(s, |facts| fitness(self.at.catalogue, spec, facts, at));
        let remark = |text: String| Closing { reason: None, text: Some(text), by: self.by.who(), at };
        let blocks =
            matches!(fit.verdict, Verdict::Unfit) || matches!(fit.action, LimitAction::Reject | LimitAction::Consult);
        if blocks {
            let senior = self.by.is_any(&[Role::Supervisor, Role::Pathologist]);
            match d.override_reason.as_deref().map(str::trim).filter(|r| !r.is_empty()) {
                Some(reason) if senior => o.overrides.push(remark(format!("{} Overridden: {reason}", fit.why))),
                Some(_) => {
                    return Err(Refusal::guard(
                        &who,
                        o.state,
                        "unfit",
                        format!("{} A supervisor may override this.", fit.why),
                    ));
                }
                None => {
                    return Err(Refusal::guard(
                        &who,
                        o.state,
                        "unfit",
                        format!("{} A supervisor may override it with override_reason.", fit.why),
                    ));
                }
            }
        } else {
            o.overrides.extend(fit.disclaimers.iter().cloned().map(remark));
        }
        if spec.pull_one
            && let Some(pull) = s.pull_number.filter(|p| *p > 1)
        {
            // Domain.md §1.2: a caveat line on the MRD result, never a block.
            o.overrides.push(remark(format!(
                "From pull {pull}; pull 1 is asked for. Dilution with blood may hide residual disease."
            )));
        }
        Ok(())
    }

    /// The verifier is neither the enterer nor the last editor, by person, not by role.
    pub(super) fn second_person(&self, o: &Order) -> Result<(), Refusal> {
        let entered =
            self.case.results_of(o.id).rfind(|r| matches!(r.state, ResultState::Draft | ResultState::Preliminary));
        match entered {
            Some(r) if r.entered_by.id == self.by.id => Err(Refusal::guard(
                &assay(&self.case, o),
                o.state,
                "second_person",
                "Nobody verifies their own result: another person must read it.",
            )),
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn retract_drafts(&mut self, order: OrderId, why: &str) {
        let drafts: Vec<_> = self
            .case
            .results_of(order)
            .filter(|r| matches!(r.state, ResultState::Draft | ResultState::Preliminary))
            .cloned()
            .collect();
        for mut draft in drafts {
            draft.state = ResultState::Retracted;
            draft.reason = Some(why.to_owned());
            self.put_result(ResultTransition::Retract.name(), draft);
        }
    }

    /// What the catalogue asks for after this outcome: suggested orders become orders, missing ones are added.
    pub(super) fn reflex(&mut self, from: OrderId, code: &Code, when: ReflexWhen) {
        let rules: Vec<_> = self
            .at
            .catalogue
            .reflexes_for(code.as_str(), when, self.case.header.indication.as_str())
            .map(|r| (r.order.clone(), r.why.clone()))
            .collect();
        for (wanted, why) in rules {
            self.follow(from, wanted, why);
        }
    }

    /// The assay that the catalogue puts in the place of one that failed for good (`reference/domain.md` §7.3).
    fn substitute(&mut self, from: OrderId, code: &Code) {
        let assay = self.at.catalogue.assay(code.as_str());
        if let Some(wanted) = assay.and_then(|a| a.fail_substitute.clone()) {
            self.follow(from, wanted, format!("{code} failed for good"));
        }
    }

    /// Adds an order as the consequence of another, or makes one of a suggestion, unless it is there.
    fn follow(&mut self, from: OrderId, wanted: Code, why: String) {
        let existing = self
            .case
            .orders
            .iter()
            .find(|o| {
                o.assay == wanted
                    && !matches!(o.state, OrderState::Cancelled | OrderState::EnteredInError | OrderState::NotPerformed)
            })
            .cloned();
        match existing {
            Some(mut o) if o.state == OrderState::Suggested => {
                o.state = OrderState::Ordered;
                o.origin = Origin::Reflex;
                o.required = true;
                o.ordered_at = self.at.now;
                o.ordered_by = self.by.who();
                o.parent = Some(from);
                o.why = Some(why);
                self.put_order(Tr::Order.name(), None, o);
            }
            None if self.case.orders.len() < ORDERS_MAX => {
                let urgency = self.case.header.urgency;
                self.new_order(
                    Wish {
                        assay: wanted,
                        need: Need::Mandatory,
                        origin: Origin::Reflex,
                        why: Some(why),
                        hold: None,
                        parent: Some(from),
                    },
                    urgency,
                );
            }
            Some(_) | None => {}
        }
    }

    fn closing(&self, reason: Option<Code>, text: Option<String>, at: Moment) -> Closing {
        Closing { reason, text: text.filter(|t| !t.is_empty()), by: self.by.who(), at }
    }

    fn order_reason(
        &self,
        code: Option<&Code>,
        known: impl Fn(&super::super::Catalogue, &str) -> bool,
    ) -> Result<Code, Refusal> {
        let code =
            code.ok_or_else(|| Refusal::field("/reason", "missing", "a coded reason is needed; see the catalogue"))?;
        if known(self.at.catalogue, code.as_str()) {
            Ok(code.clone())
        } else {
            Err(Refusal::field("/reason", "unknown_code", format!("{code} is not such a reason of the catalogue")))
        }
    }
}

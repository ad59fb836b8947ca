//! Results: entered, read by a second person, revised, withdrawn. Nothing is ever overwritten.

use super::super::catalogue::{ReflexWhen, ValueKind, ValueSpec};
use super::super::command::{NewResult, ReviseResult};
use super::super::text::Check;
use super::super::{
    Interpretation, Moment, Order, OrderId, OrderState, OrderTransition, Qualifier, Refusal, ResultId, ResultState,
    ResultTransition, ResultValue, ResultVersion, Revision, Told,
};
use super::{CLOCK_SLACK_MIN, Subject, Work, assay};

/// Most values of one result.
pub const VALUES_MAX: usize = 100;

impl Work<'_, '_> {
    pub(super) fn enter_result(&mut self, id: OrderId, new: &NewResult) -> Result<Subject, Refusal> {
        let mut o = self.find_order(id)?;
        let row = self.guard_step("order", &assay(&self.case, &o), o.state, OrderTransition::Result)?;
        let draft = self.version(&o, new, "")?;
        let id = draft.id;
        self.retract_drafts(o.id, "Replaced by a later entry.");
        self.put_result(ResultTransition::Enter.name(), draft);
        o.state = row.to.unwrap_or(OrderState::Resulted);
        self.put_order(OrderTransition::Result.name(), None, o);
        self.note_critical(id);
        Ok(Subject::Result(id))
    }

    /// A checked draft, with the caveats of the part that fed it.
    fn version(&mut self, o: &Order, new: &NewResult, pointer: &str) -> Result<ResultVersion, Refusal> {
        let mut check = Check::default();
        let summary = check.line(&format!("{pointer}/summary"), &new.summary);
        let comment = check.opt_note(&format!("{pointer}/comment"), new.comment.as_deref());
        let mut performed_by = check.opt_line(&format!("{pointer}/performed_by"), new.performed_by.as_deref());
        let performed_at = new.performed_at.unwrap_or(self.at.now);
        if performed_at > self.at.now + chrono::Duration::minutes(CLOCK_SLACK_MIN) {
            check.fail(format!("{pointer}/performed_at"), "in_the_future", "that time has not come yet");
        }
        super::log_case::sane_time(&format!("{pointer}/performed_at"), performed_at, self.at.now, &mut check);
        let started = o.attempts.last().map(|a| a.started_at);
        if started.is_some_and(|s| performed_at < s) {
            check.fail(
                format!("{pointer}/performed_at"),
                "out_of_order",
                "the work cannot be done before it was set up",
            );
        }
        let spec = self.at.catalogue.assay(o.assay.as_str());
        let values =
            values(pointer, &new.values, spec.map_or(&[], |a| a.values.as_slice()), new.interpretation, &mut check);
        if let Some(referral) = &o.referral
            && performed_by.is_none()
        {
            // 42 CFR 493.1291(i): the performing laboratory is named.
            performed_by = Some(referral.laboratory.clone());
        }
        check.done(())?;

        let specimen = o.attempts.last().and_then(|a| a.specimen).or(o.specimen);
        let mut disclaimers: Vec<String> = specimen
            .and_then(|s| self.case.specimen(s))
            .map(|s| s.caveats.iter().map(|c| c.text.clone()).collect())
            .unwrap_or_default();
        disclaimers.extend(o.overrides.iter().filter_map(|x| x.text.clone()));
        let mut printed = std::collections::HashSet::new();
        disclaimers.retain(|line| printed.insert(line.clone()));
        let number = self.case.results_of(o.id).map(|r| r.number).max().unwrap_or(0) + 1;
        Ok(ResultVersion {
            id: ResultId((self.at.ids)()),
            order: o.id,
            specimen,
            number,
            state: ResultState::Draft,
            revision: None,
            replaces: None,
            reason: None,
            told: None,
            interpretation: new.interpretation,
            summary,
            values,
            comment,
            disclaimers,
            performed_by,
            performed_at,
            entered_by: self.by.who(),
            entered_at: self.at.now,
            released_by: None,
            verified_by: None,
            verified_at: None,
            version: 0,
        })
    }

    pub(super) fn release_result(&mut self, id: ResultId) -> Result<Subject, Refusal> {
        let mut r = self.find_result(id)?;
        let row = self.guard_step("result", &self.result_name(&r), r.state, ResultTransition::Release)?;
        if r.revision.is_some() {
            return Err(Refusal::guard(
                &self.result_name(&r),
                r.state,
                "revision",
                "A revision is verified, not released early.",
            ));
        }
        self.not_own(&r)?;
        r.state = row.to.unwrap_or(r.state);
        r.released_by = Some(self.by.who());
        self.put_result(ResultTransition::Release.name(), r);
        self.note_critical(id);
        Ok(Subject::Result(id))
    }

    pub(super) fn verify_result(&mut self, id: ResultId) -> Result<Subject, Refusal> {
        let mut r = self.find_result(id)?;
        let step = match r.revision {
            None => ResultTransition::Verify,
            Some(Revision::Corrected) => ResultTransition::VerifyCorrection,
            Some(Revision::Amended) => ResultTransition::VerifyAmendment,
            Some(Revision::Appended) => ResultTransition::VerifyAddendum,
        };
        let row = self.guard_step("result", &self.result_name(&r), r.state, step)?;
        self.not_own(&r)?;
        self.original_attached(&r, &self.result_name(&r))?;
        let mut o = self.find_order(r.order)?;
        let verified_order = if r.revision.is_none() {
            let row = self.guard_step("order", &assay(&self.case, &o), o.state, OrderTransition::Verify)?;
            row.to
        } else {
            None
        };
        r.state = row.to.unwrap_or(r.state);
        r.verified_by = Some(self.by.who());
        r.verified_at = Some(self.at.now);
        let abnormal = r.interpretation == Interpretation::Abnormal;
        self.put_result(step.name(), r);
        self.note_critical(id);
        if let Some(to) = verified_order {
            o.state = to;
            o.final_at = Some(self.at.now);
            let code = o.assay.clone();
            let from = o.id;
            self.put_order(OrderTransition::Verify.name(), None, o);
            if abnormal {
                self.reflex(from, &code, ReflexWhen::Abnormal);
            }
            self.route();
        }
        Ok(Subject::Result(id))
    }

    pub(super) fn revise_result(&mut self, id: ResultId, revise: &ReviseResult) -> Result<Subject, Refusal> {
        let old = self.find_result(id)?;
        let name = self.result_name(&old);
        if !self.by.is(super::super::Role::Pathologist) {
            return Err(Refusal::Forbidden("A verified result is revised by a pathologist.".into()));
        }
        if !old.state.is_verified() {
            return Err(Refusal::guard(
                &name,
                old.state,
                "not_verified",
                "Only a verified result gets a new version; enter the result again instead.",
            ));
        }
        if self.case.verified_result(old.order).map(|r| r.id) != Some(id) {
            return Err(Refusal::guard(
                &name,
                old.state,
                "superseded",
                "A later version is in force; revise that one.",
            ));
        }
        if self.case.results_of(old.order).any(|r| r.state == ResultState::Draft) {
            return Err(Refusal::guard(&name, old.state, "revision_open", "A revision is waiting to be verified."));
        }
        let mut check = Check::default();
        let reason = check.note("/reason", &revise.reason);
        let told = told("/told", &revise.told, self.at.now, &mut check);
        check.done(())?;
        let o = self.find_order(old.order)?;
        let mut draft = self.version(&o, &revise.result, "/result")?;
        draft.revision = Some(revise.revision);
        draft.replaces = Some(id);
        draft.reason = Some(reason);
        draft.told = Some(told);
        let new_id = draft.id;
        self.put_result(ResultTransition::Revise.name(), draft);
        self.note_critical(new_id);
        Ok(Subject::Result(new_id))
    }

    pub(super) fn retract_result(
        &mut self,
        id: ResultId,
        reason: &str,
        told_whom: Option<&Told>,
    ) -> Result<Subject, Refusal> {
        let mut r = self.find_result(id)?;
        let was_verified = r.state.is_verified();
        let row = self.guard_step("result", &self.result_name(&r), r.state, ResultTransition::Retract)?;
        let mut check = Check::default();
        let reason = check.note("/reason", reason);
        let said = match told_whom {
            Some(t) => Some(told("/told", t, self.at.now, &mut check)),
            None if was_verified => {
                check.fail("/told", "missing", "a verified result is withdrawn only when somebody was told");
                None
            }
            None => None,
        };
        check.done(())?;
        r.state = row.to.unwrap_or(r.state);
        r.reason = Some(reason);
        r.told = said;
        let order = r.order;
        self.put_result(ResultTransition::Retract.name(), r);
        let mut o = self.find_order(order)?;
        if o.state == OrderState::Final && self.case.verified_result(order).is_none() {
            self.retract_drafts(order, "The version it revises was withdrawn.");
            o.state = OrderState::InProcess;
            o.final_at = None;
            self.put_order(OrderTransition::Reopen.name(), None, o);
        }
        self.route();
        Ok(Subject::Result(id))
    }

    fn not_own(&self, r: &ResultVersion) -> Result<(), Refusal> {
        if r.entered_by.id == self.by.id {
            return Err(Refusal::guard(
                &self.result_name(r),
                r.state,
                "second_person",
                "Nobody verifies their own result: another person must read it.",
            ));
        }
        Ok(())
    }

    fn result_name(&self, r: &ResultVersion) -> String {
        let code = self.case.order(r.order).map_or_else(String::new, |o| o.assay.to_string());
        format!("Result {code} version {} of {}", r.number, self.case.header.accession)
    }
}

/// Who was told: a name, and a time that has come.
pub(super) fn told(pointer: &str, told: &Told, now: Moment, check: &mut Check) -> Told {
    let who = check.line(&format!("{pointer}/who"), &told.who);
    let how = check.opt_line(&format!("{pointer}/how"), told.how.as_deref());
    super::log_case::sane_time(&format!("{pointer}/at"), told.at, now, check);
    if told.at > now + chrono::Duration::minutes(CLOCK_SLACK_MIN) {
        check.fail(format!("{pointer}/at"), "in_the_future", "that time has not come yet");
    }
    Told { who, at: told.at, how }
}

/// Checks the values against the catalogue's specification of the assay (`reference/domain.md` §5).
fn values(
    pointer: &str,
    given: &[ResultValue],
    specs: &[ValueSpec],
    interpretation: Interpretation,
    check: &mut Check,
) -> Vec<ResultValue> {
    if given.len() > VALUES_MAX {
        check.fail(format!("{pointer}/values"), "too_many", format!("at most {VALUES_MAX} values"));
    }
    let mut out: Vec<ResultValue> = Vec::new();
    for (i, value) in given.iter().take(VALUES_MAX).enumerate() {
        let at = |field: &str| format!("{pointer}/values/{i}/{field}");
        let Some(spec) = specs.iter().find(|s| s.key == value.key) else {
            let known: Vec<_> = specs.iter().map(|s| s.key.as_str()).collect();
            check.fail(at("key"), "unknown_key", format!("this assay reports: {}", known.join(", ")));
            continue;
        };
        if out.iter().any(|v| v.key == value.key) {
            check.fail(at("key"), "duplicate", format!("{} is given twice", value.key));
            continue;
        }
        let text = check.opt_note(&at("text"), value.text.as_deref());
        match spec.kind {
            ValueKind::Number => number(&at, value, spec, check),
            ValueKind::Text => {
                if text.is_none() {
                    check.fail(at("text"), "missing", format!("{} is a text", spec.name));
                }
            }
            ValueKind::Coded => match &text {
                Some(code) if spec.codes.iter().any(|c| c == code) => {}
                Some(_) | None => check.fail(at("text"), "unknown_code", format!("one of: {}", spec.codes.join(", "))),
            },
        }
        if spec.kind != ValueKind::Number && (value.number.is_some() || value.qualifier.is_some()) {
            check.fail(at("number"), "impossible", format!("{} is not a number", spec.name));
        }
        if let (Some(unit), Some(expected)) = (&value.unit, &spec.unit)
            && unit != expected
        {
            check.fail(at("unit"), "wrong_unit", format!("{} is given in {expected}", spec.name));
        }
        out.push(ResultValue {
            key: value.key.clone(),
            number: value.number,
            text,
            unit: spec.unit.clone(),
            qualifier: value.qualifier,
            denominator: value.denominator.clone(),
        });
    }
    if interpretation != Interpretation::Inadequate {
        for spec in specs.iter().filter(|s| s.required) {
            if !out.iter().any(|v| v.key == spec.key) && !given.iter().any(|v| v.key == spec.key) {
                check.fail(
                    format!("{pointer}/values"),
                    "missing",
                    format!("{} ({}) is needed unless the material is inadequate", spec.name, spec.key),
                );
            }
        }
    }
    out
}

fn number(at: &impl Fn(&str) -> String, value: &ResultValue, spec: &ValueSpec, check: &mut Check) {
    match value.number {
        None if value.qualifier == Some(Qualifier::NotDetected) => {}
        None => check.fail(at("number"), "missing", format!("{} is a number", spec.name)),
        Some(n) if !n.is_finite() => check.fail(at("number"), "not_a_number", "a plain number is needed"),
        Some(n) => {
            if spec.min.is_some_and(|min| n < min) || spec.max.is_some_and(|max| n > max) {
                let bound = |b: Option<f64>| b.map_or_else(|| "…".to_owned(), |x| x.to_string());
                check.fail(
                    at("number"),
                    "out_of_range",
                    format!(
                        "{n} does not fit: {} to {} {}",
                        bound(spec.min),
                        bound(spec.max),
                        spec.unit.as_deref().unwrap_or_default()
                    )
                    .trim_end()
                    .to_owned(),
                );
            }
            if spec.whole && n.fract() != 0.0 {
                check.fail(at("number"), "not_whole", format!("{} is a whole number", spec.name));
            }
        }
    }
    match &value.denominator {
        // Every percentage carries what it is a percentage of.
        None if !spec.denominators.is_empty() => check.fail(
            at("denominator"),
            "missing",
            format!("a percentage of what? One of: {}", spec.denominators.join(", ")),
        ),
        Some(d) if !spec.denominators.contains(d) => check.fail(
            at("denominator"),
            "unknown_code",
            if spec.denominators.is_empty() {
                format!("{} has no denominator", spec.name)
            } else {
                format!("one of: {}", spec.denominators.join(", "))
            },
        ),
        Some(_) | None => {}
    }
}

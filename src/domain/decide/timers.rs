//! What happens when nobody does anything.

use super::super::{Closing, Code, HoldPolicy, OrderId, OrderState, OrderTransition, Refusal};
use super::{Subject, Work, assay};

impl Work<'_, '_> {
    /// A held order's deadline has come: its policy fires (`reference/domain.md` §7.3, opposite defaults).
    pub(super) fn lapse_hold(&mut self, id: OrderId) -> Result<Subject, Refusal> {
        let mut o = self.find_order(id)?;
        let who = assay(&self.case, &o);
        let Some(hold) = o.hold.clone().filter(|_| o.state == OrderState::Held) else {
            return Err(Refusal::guard(&who, o.state, "not_held", "It is not held."));
        };
        if hold.deadline > self.at.now {
            return Err(Refusal::guard(
                &who,
                o.state,
                "not_yet",
                format!("Its deadline is {}.", hold.deadline.to_rfc3339()),
            ));
        }
        match hold.policy {
            HoldPolicy::AutoPerform => {
                self.guard_step("order", &who, o.state, OrderTransition::Release)?;
                o.state = OrderState::Ordered;
                o.hold = None;
                o.required = true;
                self.put_order(OrderTransition::Release.name(), None, o);
            }
            HoldPolicy::AutoCancel => {
                self.guard_step("order", &who, o.state, OrderTransition::Cancel)?;
                o.state = OrderState::Cancelled;
                o.closing = Some(Closing {
                    reason: Code::parse("HOLD_LAPSED").ok(),
                    text: Some("Nobody released it before its deadline.".into()),
                    by: self.by.who(),
                    at: self.at.now,
                });
                self.put_order(OrderTransition::Cancel.name(), None, o);
            }
            HoldPolicy::Manual => return Err(Refusal::guard(&who, o.state, "manual", "A person decides this one.")),
        }
        self.route();
        Ok(Subject::Order(id))
    }

    /// An open order is past its due time: said once, so that lists and live pages learn of it.
    pub(super) fn note_overdue(&mut self, id: OrderId) -> Result<Subject, Refusal> {
        let mut o = self.find_order(id)?;
        if !o.state.is_open() || o.overdue_at.is_some() || o.due_at.is_none_or(|due| due > self.at.now) {
            return Err(Refusal::guard(&assay(&self.case, &o), o.state, "not_overdue", "It is not newly overdue."));
        }
        o.overdue_at = Some(self.at.now);
        self.put_order("overdue", None, o);
        Ok(Subject::Order(id))
    }
}

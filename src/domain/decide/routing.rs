//! Which part feeds which order, and what that makes of the order: the consequence of every step.

use super::super::catalogue::{Assay, PartFacts, Verdict, choose, due, fitness};
use super::super::sample_plan::{Promised, waits};
use super::super::{
    Case, Catalogue, Code, Moment, Order, OrderId, OrderState, OrderTransition, ProcedureOutcome, Specimen,
    SpecimenState, Temperature,
};
use super::Work;
use crate::domain::catalogue::{ClockStart, Laboratory};

impl Work<'_, '_> {
    /// What the catalogue needs to know of a part.
    pub(super) fn with_facts<T>(&self, s: &Specimen, f: impl FnOnce(&PartFacts<'_>) -> T) -> T {
        let reasons: Vec<Code> = s.caveats.iter().map(|c| c.reason.clone()).collect();
        f(&facts(s, &reasons, after_dry_tap(&self.case, self.at.catalogue)))
    }

    fn verdict(&self, assay: &Assay, s: &Specimen) -> Verdict {
        self.with_facts(s, |facts| fitness(self.at.catalogue, assay, facts, self.at.now).verdict)
    }

    /// Whether any open order could use this part.
    pub(super) fn feeds_something(&self, s: &Specimen) -> bool {
        self.case
            .orders
            .iter()
            .filter(|o| o.state.is_open() || o.state == OrderState::Suggested)
            .filter_map(|o| self.at.catalogue.assay(o.assay.as_str()))
            .any(|assay| self.verdict(assay, s) != Verdict::Unfit)
    }

    /// Finds a part for every order that still needs one, moves the orders along, and settles what must be taken again.
    pub(super) fn route(&mut self) {
        self.feed();
        self.settle_recollections(None);
    }

    /// Finds a part for every order that still needs one, and moves the orders along.
    pub(super) fn feed(&mut self) {
        // While a person has said who goes first, what those before need is not offered to those after.
        let decided = self.case.header.sample_decision.as_ref().map(|d| d.order.clone()).unwrap_or_default();
        let mut ids: Vec<_> = self.case.orders.iter().map(|o| o.id).collect();
        ids.sort_by_key(|id| decided.iter().position(|d| d == id).unwrap_or(usize::MAX));
        let mut promised = Promised::default();
        for id in ids {
            // A recollected order may find another part at once: at most one extra turn.
            for _ in 0..2 {
                let Some(order) = self.case.order(id).cloned() else { break };
                if !self.route_one(&order, &promised) {
                    break;
                }
            }
            if decided.contains(&id) {
                self.promise(id, &mut promised);
            }
        }
    }

    /// Keeps for an order that waits what it needs at least of the part that feeds it.
    fn promise(&self, id: OrderId, promised: &mut Promised) {
        let Some(order) = self.case.order(id).filter(|o| waits(o)) else { return };
        let part = order.specimen.and_then(|id| self.case.specimen(id));
        let assay = self.at.catalogue.assay(order.assay.as_str());
        if let Some((part, assay)) = part.zip(assay)
            && let Some(feed) =
                assay.feeds.iter().find(|f| f.kinds.contains(&part.kind) && f.container == part.container)
        {
            promised.keep(part.id, feed.min_ul.unwrap_or_default());
        }
    }

    /// One order; true when another look is worth it.
    fn route_one(&mut self, before: &Order, promised: &Promised) -> bool {
        let catalogue = self.at.catalogue;
        let Some(assay) = catalogue.assay(before.assay.as_str()) else { return false };
        let mut order = before.clone();
        let linked = order.specimen.and_then(|id| self.case.specimen(id)).cloned();
        let linked_gone = linked.as_ref().is_some_and(|s| {
            matches!(s.state, SpecimenState::Rejected | SpecimenState::Lost | SpecimenState::EnteredInError)
        });

        match order.state {
            OrderState::InProcess if linked_gone => {
                order.state = OrderState::NeedsRecollect;
                order.specimen = None;
                order.usable_until = None;
                order.why_no_part =
                    linked.map(|s| format!("{} is {} and was being worked on", s.label, s.state.words()));
                self.put_order(OrderTransition::Recollect.name(), None, order);
                return true;
            }
            OrderState::Ordered
            | OrderState::Held
            | OrderState::AwaitingSpecimen
            | OrderState::Ready
            | OrderState::NeedsRecollect => {}
            OrderState::InProcess
            | OrderState::Resulted
            | OrderState::InReview
            | OrderState::ReferredOut
            | OrderState::Failed => {
                self.set_due(&mut order, assay);
                if order != *before {
                    self.put_order("due", None, order);
                }
                return false;
            }
            OrderState::Suggested
            | OrderState::Final
            | OrderState::NotPerformed
            | OrderState::Cancelled
            | OrderState::EnteredInError => return false,
        }

        let keep = linked.filter(|s| {
            s.state.is_living()
                && s.state != SpecimenState::ReferredOut
                && !matches!(self.verdict(assay, &promised.rest(s)), Verdict::Unfit | Verdict::PastLimit)
        });
        let found = match keep {
            Some(s) => Ok(s.id),
            None => self.best_part(assay, promised).or_else(|why| {
                // Past its limit is still better than nothing while it lives: a senior may override.
                order
                    .specimen
                    .filter(|id| {
                        self.case.specimen(*id).is_some_and(|s| {
                            s.state.is_living() && self.verdict(assay, &promised.rest(s)) != Verdict::Unfit
                        })
                    })
                    .ok_or(why)
            }),
        };
        let target = match found {
            Ok(id) => {
                order.specimen = Some(id);
                order.why_no_part = None;
                let part = self.case.specimen(id).cloned();
                order.usable_until = part
                    .as_ref()
                    .and_then(|s| self.with_facts(s, |f| fitness(catalogue, assay, f, self.at.now)).usable_until);
                if part.is_some_and(|s| s.state.is_workable()) {
                    OrderState::Ready
                } else {
                    OrderState::AwaitingSpecimen
                }
            }
            Err(why) => {
                order.specimen = None;
                order.usable_until = None;
                order.why_no_part = Some(why);
                if self.lost_a_feeder(assay) { OrderState::NeedsRecollect } else { OrderState::AwaitingSpecimen }
            }
        };
        self.set_due(&mut order, assay);
        let step = match (order.state, target) {
            // A held order keeps its place; only its part is secured.
            (OrderState::Held, _) => None,
            (now, then) if now == then => None,
            (_, OrderState::Ready) => Some(OrderTransition::MakeReady),
            (_, OrderState::NeedsRecollect) => Some(OrderTransition::Recollect),
            (_, _) => Some(OrderTransition::Await),
        };
        if let Some(step) = step {
            order.state = target;
            self.put_order(step.name(), None, order);
        } else if order != *before {
            self.put_order("link", None, order);
        }
        false
    }

    pub(super) fn best_part(&self, assay: &Assay, promised: &Promised) -> Result<super::super::SpecimenId, String> {
        let living: Vec<Specimen> = self
            .case
            .specimens
            .iter()
            .filter(|s| s.state.is_living() && s.state != SpecimenState::ReferredOut && s.rejection.is_none())
            .map(|s| promised.rest(s))
            .collect();
        let reasons: Vec<Vec<Code>> =
            living.iter().map(|s| s.caveats.iter().map(|c| c.reason.clone()).collect()).collect();
        let dry = after_dry_tap(&self.case, self.at.catalogue);
        let facts: Vec<_> = living.iter().zip(&reasons).map(|(s, r)| (s.id, facts(s, r, dry))).collect();
        choose(self.at.catalogue, assay, &facts, self.at.now).map_err(|no| no.why)
    }

    /// Whether a part that was refused or lost could have fed this assay.
    fn lost_a_feeder(&self, assay: &Assay) -> bool {
        self.case
            .specimens
            .iter()
            .filter(|s| matches!(s.state, SpecimenState::Rejected | SpecimenState::Lost))
            .any(|s| assay.feeds.iter().any(|f| f.kinds.contains(&s.kind) && f.container == s.container))
    }

    /// The laboratory's own target, once its clock has started.
    fn set_due(&self, order: &mut Order, assay: &Assay) {
        order.due_at = due_of(&self.at.catalogue.laboratory, assay, &self.case, order).or(order.due_at);
    }
}

/// When an order is due by the laboratory's own target: from receipt or collection, as the catalogue says, of the part
/// that feeds it. None while that clock has not started.
pub fn due_of(laboratory: &Laboratory, assay: &Assay, case: &Case, order: &Order) -> Option<Moment> {
    let target = assay.target(order.urgency)?;
    let part = order.specimen.and_then(|id| case.specimen(id));
    let start = match target.from {
        ClockStart::Collected => part.and_then(|s| s.collected_at).or_else(|| case.collected_at()),
        ClockStart::Received => part.and_then(|s| s.received_at).or_else(|| case.received_at()),
    }?;
    // An order added later cannot have been due before it was asked for.
    Some(due(laboratory, target, start.max(order_start(order))))
}

fn order_start(order: &Order) -> Moment {
    match order.origin {
        super::super::Origin::Requested | super::super::Origin::Indication => Moment::MIN_UTC,
        super::super::Origin::Reflex | super::super::Origin::AddOn => order.ordered_at,
    }
}

/// Whether substitute parts count: the tap was dry, or a part could not be taken for a reason that re-routes.
pub fn after_dry_tap(case: &Case, catalogue: &Catalogue) -> bool {
    let reroutes = |code: &Code| catalogue.not_collected_reason(code.as_str()).is_some_and(|r| r.reroutes);
    case.header.procedure.outcome == ProcedureOutcome::DryTap
        || case.specimens.iter().any(|s| s.not_collected.as_ref().is_some_and(reroutes))
}

/// What the catalogue needs to know of a part. `reasons` are the codes of its caveats.
pub fn facts<'r>(s: &Specimen, reasons: &'r [Code], after_dry_tap: bool) -> PartFacts<'r> {
    let acid = s.decalcification.as_deref().is_some_and(|agent| {
        let agent = agent.to_ascii_lowercase();
        // EDTA is an acid by name and not by deed: FISH works on EDTA-decalcified cores (domain.md §2).
        !agent.contains("edta") && ["acid", "formic", "nitric", "hcl"].iter().any(|a| agent.contains(a))
    });
    PartFacts {
        kind: s.kind,
        container: s.container.clone(),
        temperature: s.temperature.unwrap_or(Temperature::Ambient),
        clock_start: s.clock_start(),
        remaining_ul: s.remaining_ul(),
        length_mm: s.length_mm,
        pull_number: s.pull_number,
        after_dry_tap,
        reasons,
        acid_decalcified: acid,
    }
}

//! Parts that must be taken again (`reference/domain.md` §7.2 rows 3, 9 and 16): a puncture that nobody needs is never asked for,
//! and one that somebody needs is on the list until it is answered.

use super::super::{
    Case, Catalogue, Order, OrderState, ProcedureOutcome, Recollection, RecollectionClosed, Specimen, SpecimenId,
    SpecimenState,
};
use super::Work;
use crate::domain::catalogue::known;

/// The orders that still need this part, because it could feed them and nothing else does.
pub fn waiting_for<'c>(case: &'c Case, catalogue: &'c Catalogue, part: SpecimenId) -> impl Iterator<Item = &'c Order> {
    concerned(case, catalogue, part).filter(|o| lacks_part(case, o))
}

/// The orders that this part could feed, whatever became of them.
fn concerned<'c>(case: &'c Case, catalogue: &'c Catalogue, part: SpecimenId) -> impl Iterator<Item = &'c Order> {
    let part = case.specimen(part);
    case.orders.iter().filter(move |o| part.is_some_and(|s| could_feed(catalogue, o, s)))
}

fn could_feed(catalogue: &Catalogue, order: &Order, part: &Specimen) -> bool {
    let assay = catalogue.assay(order.assay.as_str());
    assay.is_some_and(|a| a.feeds.iter().any(|f| f.kinds.contains(&part.kind) && f.container == part.container))
}

/// Whether work on an order is still to come and no part that is there can feed it.
fn lacks_part(case: &Case, order: &Order) -> bool {
    let gone = |s: &Specimen| {
        matches!(
            s.state,
            SpecimenState::NotCollected | SpecimenState::Rejected | SpecimenState::Lost | SpecimenState::EnteredInError
        )
    };
    match order.state {
        OrderState::Ordered
        | OrderState::Held
        | OrderState::AwaitingSpecimen
        | OrderState::Ready
        | OrderState::InProcess
        | OrderState::ReferredOut
        | OrderState::NeedsRecollect
        | OrderState::Failed => order.specimen.and_then(|id| case.specimen(id)).is_none_or(gone),
        OrderState::Suggested
        | OrderState::Resulted
        | OrderState::InReview
        | OrderState::Final
        | OrderState::NotPerformed
        | OrderState::Cancelled
        | OrderState::EnteredInError => false,
    }
}

impl Work<'_, '_> {
    /// Asks for a part to be taken again. Whether anything needs it is settled once the orders have looked for others.
    pub(super) fn ask_again(&mut self, part: &Specimen, reason: String) {
        let asked = Recollection {
            specimen: part.id,
            kind: part.kind,
            reason,
            opened_at: self.at.now,
            satisfied_by: None,
            asked_by: Some(self.by.who()),
            closed: None,
        };
        self.put_header("recollect", |h| h.recollections.push(asked));
    }

    /// After orders were routed: opens what an order needs again, and closes what no order needs any more.
    /// `added` is the part that was just added to the case, if one was.
    pub(super) fn settle_recollections(&mut self, added: Option<SpecimenId>) {
        for (part, reason) in self.unasked() {
            if let Some(part) = self.case.specimen(part).cloned() {
                self.ask_again(&part, reason);
            }
        }
        let ends: Vec<(usize, End)> = self
            .case
            .header
            .recollections
            .iter()
            .enumerate()
            .filter(|(_, r)| r.is_open())
            .filter_map(|(at, r)| Some((at, self.end_of(r, added)?)))
            .collect();
        if ends.is_empty() {
            return;
        }
        let at = self.at.now;
        self.put_header("recollected", |h| {
            for (place, end) in ends {
                let Some(r) = h.recollections.get_mut(place) else { continue };
                match end {
                    End::Satisfied(part) => r.satisfied_by = Some(part),
                    End::Closed(why) => r.closed = Some(RecollectionClosed { why, at }),
                }
            }
        });
    }

    /// Refused or lost parts that an order needs anew, after their recollection had ended.
    fn unasked(&self) -> Vec<(SpecimenId, String)> {
        let mut missing: Vec<(SpecimenId, String)> = Vec::new();
        for order in self.case.orders.iter().filter(|o| o.state == OrderState::NeedsRecollect) {
            let feeds =
                |id: SpecimenId| self.case.specimen(id).is_some_and(|s| could_feed(self.at.catalogue, order, s));
            let asked = &self.case.header.recollections;
            if asked.iter().any(|r| r.is_open() && feeds(r.specimen)) || missing.iter().any(|(id, _)| feeds(*id)) {
                continue;
            }
            // The newest; one that was satisfied by itself was found again and is not missing.
            let gone = |id: SpecimenId| {
                let state = self.case.specimen(id).map(|s| s.state);
                matches!(state, Some(SpecimenState::Rejected | SpecimenState::Lost))
            };
            missing.extend(
                asked.iter().rfind(|r| gone(r.specimen) && feeds(r.specimen)).map(|r| (r.specimen, r.reason.clone())),
            );
        }
        missing
    }

    /// How an open recollection ends now, if it does.
    fn end_of(&self, r: &Recollection, added: Option<SpecimenId>) -> Option<End> {
        let found = self.case.specimen(r.specimen).is_some_and(|s| s.state.is_living());
        if found {
            return Some(End::Satisfied(r.specimen));
        }
        if waiting_for(&self.case, self.at.catalogue, r.specimen).next().is_some() {
            return None;
        }
        let open = concerned(&self.case, self.at.catalogue, r.specimen).filter(|o| o.state.is_open());
        let fed: Vec<SpecimenId> = open.filter_map(|o| o.specimen).filter(|id| *id != r.specimen).collect();
        if let Some(answer) = added.filter(|id| fed.contains(id)) {
            return Some(End::Satisfied(answer));
        }
        let feeders: Vec<String> =
            self.case.specimens.iter().filter(|s| fed.contains(&s.id)).map(|s| s.label.to_string()).collect();
        Some(End::Closed(match feeders.as_slice() {
            [] => "No test waits for it.".to_owned(),
            [one] => format!("{one} feeds its tests."),
            several => format!("{} feed its tests.", several.join(", ")),
        }))
    }

    /// A tap that was planned and brought nothing was dry: that is the outcome of the puncture (`reference/domain.md` §1.3).
    pub(super) fn note_dry_tap(&mut self) {
        let mut drawn = self
            .case
            .specimens
            .iter()
            .filter(|s| s.parent.is_none() && s.kind.is_liquid() && s.kind.is_marrow())
            .filter(|s| s.state != SpecimenState::EnteredInError)
            .peekable();
        let any = drawn.peek().is_some();
        let dry = drawn.all(|s| {
            s.state == SpecimenState::NotCollected && s.not_collected.as_ref().is_some_and(|r| *r == *known::DRY_TAP)
        });
        if any && dry && self.case.header.procedure.outcome == ProcedureOutcome::Obtained {
            self.put_header("dry_tap", |h| h.procedure.outcome = ProcedureOutcome::DryTap);
        }
    }
}

enum End {
    Satisfied(SpecimenId),
    Closed(String),
}

//! What the open orders of a case need of its liquid parts, what is left, and who goes first when it is not enough.
//!
//! Derived every time from the catalogue's amounts; only a person's decision is kept.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::catalogue::{Assay, Feed};
use super::{
    Case, Catalogue, Code, Need, Order, OrderId, OrderState, Specimen, SpecimenId, SpecimenKind, Urgency, Who,
};

/// Who goes first, as a person decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SampleDecision {
    /// The orders that are served first, in this order; every other one comes after them.
    pub order: Vec<OrderId>,
    /// Why.
    pub note: Option<String>,
    /// Who decided.
    pub by: Who,
    /// When.
    pub at: DateTime<Utc>,
}

/// One assay's share of what is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Share {
    /// The order.
    pub order: OrderId,
    /// Its assay (code).
    pub assay: Code,
    /// From parts of this kind.
    pub kind: SpecimenKind,
    /// In this container (code).
    pub container: Code,
    /// The least it can be tried with, µL.
    pub min_ul: u32,
    /// What the bench asks for, µL.
    pub ideal_ul: u32,
    /// Whether its least is still there after those before it. What does not fit needs another part, or will not be done.
    pub fits: bool,
}

/// The parts of one kind in one sort of container, and what is asked of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SampleGroup {
    /// Their kind.
    pub kind: SpecimenKind,
    /// Their container (code).
    pub container: Code,
    /// What the waiting assays need at least, µL.
    pub needed_ul: u32,
    /// What the benches ask for, µL.
    pub ideal_ul: u32,
    /// What is left, µL.
    pub available_ul: u32,
    /// How much is missing for the least of all, µL; 0 when it is enough.
    pub short_by_ul: u32,
}

/// What a case's orders need and what there is. The amounts are sums over the groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SamplePlan {
    /// How much is missing, µL; 0 when it is enough.
    pub short_by_ul: u32,
    /// What the waiting assays need at least, µL.
    pub needed_ul: u32,
    /// What is left, µL.
    pub available_ul: u32,
    /// Container by container.
    pub groups: Vec<SampleGroup>,
    /// In which order the material goes to the assays: as decided, else as the laboratory proposes.
    pub proposed: Vec<Share>,
    /// What a person decided.
    pub decided: Option<SampleDecision>,
}

impl SamplePlan {
    /// Whether an assay goes without: not enough in all, or no single tube holds what one assay needs.
    pub fn is_short(&self) -> bool {
        self.proposed.iter().any(|s| !s.fits)
    }
}

/// Whether an order still has to be given its material.
pub const fn waits(order: &Order) -> bool {
    matches!(
        order.state,
        OrderState::Ordered
            | OrderState::Held
            | OrderState::AwaitingSpecimen
            | OrderState::Ready
            | OrderState::NeedsRecollect
    )
}

/// The plan of a case. Parts whose volume nobody measured are left out: about them nothing can be said.
pub fn sample_plan(case: &Case, catalogue: &Catalogue) -> SamplePlan {
    let mut left: Vec<(&Specimen, u32)> = case
        .specimens
        .iter()
        .filter(|s| s.state.is_living() && s.rejection.is_none() && s.kind.is_liquid())
        .filter_map(|s| Some((s, s.remaining_ul()?)))
        .collect();
    // The lower pull is given first: blood dilutes each further one.
    left.sort_by_key(|(s, _)| s.pull_number.unwrap_or(u8::MAX));
    let mut groups: BTreeMap<(SpecimenKind, Code), SampleGroup> = BTreeMap::new();
    for (s, ul) in &left {
        let group = groups.entry((s.kind, s.container.clone())).or_insert_with(|| SampleGroup {
            kind: s.kind,
            container: s.container.clone(),
            needed_ul: 0,
            ideal_ul: 0,
            available_ul: 0,
            short_by_ul: 0,
        });
        group.available_ul = group.available_ul.saturating_add(*ul);
    }

    let mut proposed = Vec::new();
    for order in in_turn(case, catalogue) {
        let Some(assay) = catalogue.assay(order.assay.as_str()) else { continue };
        let Some((kind, feed)) = source(case, order, assay, &groups) else { continue };
        let min_ul = feed.min_ul.unwrap_or_default();
        let ideal_ul = feed.ideal_ul.unwrap_or(min_ul).max(min_ul);
        if let Some(group) = groups.get_mut(&(kind, feed.container.clone())) {
            group.needed_ul = group.needed_ul.saturating_add(min_ul);
            group.ideal_ul = group.ideal_ul.saturating_add(ideal_ul);
        }
        // From one tube: what is left in two is not poured together.
        let tube =
            left.iter_mut().find(|(s, ul)| s.kind == kind && s.container == feed.container && *ul >= min_ul.max(1));
        let fits = tube.is_some();
        if let Some((_, ul)) = tube {
            *ul -= min_ul;
        }
        let (id, assay, container) = (order.id, order.assay.clone(), feed.container.clone());
        proposed.push(Share { order: id, assay, kind, container, min_ul, ideal_ul, fits });
    }

    let mut groups: Vec<SampleGroup> = groups.into_values().filter(|g| g.needed_ul > 0).collect();
    for group in &mut groups {
        group.short_by_ul = group.needed_ul.saturating_sub(group.available_ul);
    }
    let sum = |amount: fn(&SampleGroup) -> u32| groups.iter().map(amount).fold(0, u32::saturating_add);
    SamplePlan {
        short_by_ul: sum(|g| g.short_by_ul),
        needed_ul: sum(|g| g.needed_ul),
        available_ul: sum(|g| g.available_ul),
        groups,
        proposed,
        decided: case.header.sample_decision.clone(),
    }
}

/// The waiting orders, first served first: as decided; then by need, by urgency, molecular assays before any analyzer that
/// could carry over (domain.md §1.3), the one whose part dies first, and as they were asked for.
pub fn in_turn<'c>(case: &'c Case, catalogue: &Catalogue) -> Vec<&'c Order> {
    let decided = case.header.sample_decision.as_ref().map(|d| d.order.as_slice()).unwrap_or_default();
    let mut orders: Vec<&Order> = case.orders.iter().filter(|o| waits(o)).collect();
    orders.sort_by_key(|o| {
        let place = decided.iter().position(|id| *id == o.id).unwrap_or(usize::MAX);
        let need = match o.need {
            Need::Mandatory => 0,
            Need::Recommended => 1,
            Need::Conditional => 2,
            Need::Hold => 3,
        };
        let molecular = catalogue.assay(o.assay.as_str()).is_some_and(|a| a.molecular_first);
        let dies = o.usable_until.unwrap_or(DateTime::<Utc>::MAX_UTC);
        (place, need, Reverse(o.urgency == Urgency::Urgent), Reverse(molecular), dies, o.ordered_at, o.id)
    });
    orders
}

/// Which parts an order draws on: those of the part that feeds it, else the first that it wants and the case has. None
/// when it lives on something that has no volume.
fn source<'a>(
    case: &Case,
    order: &Order,
    assay: &'a Assay,
    groups: &BTreeMap<(SpecimenKind, Code), SampleGroup>,
) -> Option<(SpecimenKind, &'a Feed)> {
    let fits = |f: &&Feed, s: &Specimen| f.kinds.contains(&s.kind) && f.container == s.container;
    if let Some(part) = order.specimen.and_then(|id| case.specimen(id)) {
        let feed = assay.feeds.iter().find(|f| fits(f, part))?;
        return groups.contains_key(&(part.kind, part.container.clone())).then_some((part.kind, feed));
    }
    assay.feeds.iter().filter(|f| !f.substitute).find_map(|f| {
        let kind = f.kinds.iter().find(|kind| groups.contains_key(&(**kind, f.container.clone())))?;
        Some((*kind, f))
    })
}

/// What orders before an order have been promised, part by part, µL.
#[derive(Debug, Default)]
pub struct Promised(BTreeMap<SpecimenId, u32>);

impl Promised {
    /// Keeps that much of a part for an order.
    pub fn keep(&mut self, part: SpecimenId, ul: u32) {
        let kept = self.0.entry(part).or_default();
        *kept = kept.saturating_add(ul);
    }

    /// The part as whoever comes next finds it: without what is promised.
    pub fn rest(&self, part: &Specimen) -> Specimen {
        let mut rest = part.clone();
        if let (Some(kept), Some(ledger)) = (self.0.get(&part.id), rest.volume) {
            rest.volume = ledger.debit(super::Debit::Used, (*kept).min(ledger.remaining_ul()));
        }
        rest
    }
}

//! What another catalogue would have changed, tried on the cases of the last weeks.
//!
//! Both catalogues are asked the same pure questions about the same facts: which assays an indication suggests, and when
//! each order would be due. Not compared: which part would have fed a test, faults, reflexes, critical findings.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveTime};

use crate::domain::catalogue::Suggestion;
use crate::domain::decide::due_of;
use crate::domain::{Actor, Catalogue, Code, Moment, Refusal, Role};
use crate::lab::{Lab, LabError};
use crate::store::StoreError;
use crate::store::aggregate::{self, Depth};
use crate::store::tables::cases::{self, Filter};

/// How far back cases are tried, days.
pub const DAYS: i64 = 30;

/// How the due times of one assay would move.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DueMoves {
    /// Orders that would have been due earlier.
    pub earlier: usize,
    /// Orders that would have been due later.
    pub later: usize,
    /// Orders of an assay that the other catalogue lacks.
    pub gone: usize,
}

/// How the suggestions of one indication would differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuggestionMoves {
    /// Cases with that question.
    pub cases: usize,
    /// Assays that would be suggested as well.
    pub added: Vec<Code>,
    /// Assays that would no longer be suggested.
    pub dropped: Vec<Code>,
    /// Assays that would be suggested otherwise: more or less wanted, held longer, on another condition.
    pub changed: Vec<Code>,
    /// Whether the other catalogue lacks the indication.
    pub gone: bool,
}

/// What was compared, and what differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRun {
    /// Cases logged at or after this.
    pub from: Moment,
    /// How many.
    pub cases: usize,
    /// Their orders.
    pub orders: usize,
    /// Of those, with a due time by either catalogue.
    pub timed: usize,
    /// Assays with orders whose due time would move.
    pub due: BTreeMap<Code, DueMoves>,
    /// Indications with cases whose suggestions would differ.
    pub suggestions: BTreeMap<Code, SuggestionMoves>,
}

impl DryRun {
    /// Whether nothing that was compared differs.
    pub fn is_same(&self) -> bool {
        self.due.is_empty() && self.suggestions.is_empty()
    }

    /// How many orders would have been due at another time.
    pub fn moved(&self) -> usize {
        self.due.values().map(|d| d.earlier + d.later).sum()
    }

    /// How many cases would have had other suggestions.
    pub fn suggested_otherwise(&self) -> usize {
        self.suggestions.values().map(|s| s.cases).sum()
    }
}

impl Lab {
    /// Tries another catalogue on the cases of the last [`DAYS`] days. Blocks; changes nothing.
    ///
    /// # Errors
    /// Roles that may not load a catalogue; the store.
    pub fn catalogue_dry_run(&self, actor: &Actor, other: &Catalogue) -> Result<DryRun, LabError> {
        if !actor.is_any(&[Role::Admin, Role::Supervisor]) {
            return Err(Refusal::Forbidden("Trying a catalogue takes the role admin or supervisor.".into()).into());
        }
        let now_in_force = self.catalogue();
        let laboratory = &now_in_force.laboratory;
        let from = laboratory.moment(laboratory.local_date(self.now() - Duration::days(DAYS)), NaiveTime::MIN);
        let filter = Filter { from: Some(from), ..Filter::default() };
        let mut run =
            DryRun { from, cases: 0, orders: 0, timed: 0, due: BTreeMap::new(), suggestions: BTreeMap::new() };
        let depth = Depth { specimens: true, orders: true, results: false, reports: false };
        self.store().snapshot(|conn| {
            cases::each_id(conn, &filter, |conn, ids| {
                for whole in aggregate::load_many(conn, ids, depth)? {
                    let case = &whole.case;
                    run.cases += 1;
                    if let Some(moves) = suggestions(&now_in_force, other, &case.header.indication) {
                        run.suggestions.entry(case.header.indication.clone()).or_insert(moves).cases += 1;
                    }
                    for order in &case.orders {
                        run.orders += 1;
                        let old = now_in_force.assay(order.assay.as_str());
                        let new = other.assay(order.assay.as_str());
                        let before = old.and_then(|a| due_of(&now_in_force.laboratory, a, case, order));
                        let after = new.and_then(|a| due_of(&other.laboratory, a, case, order));
                        run.timed += usize::from(before.is_some() || after.is_some());
                        if before == after && (old.is_none() || new.is_some()) {
                            continue;
                        }
                        let moves = run.due.entry(order.assay.clone()).or_default();
                        match (before, after) {
                            (_, _) if new.is_none() => moves.gone += 1,
                            (Some(before), Some(after)) if after < before => moves.earlier += 1,
                            (_, _) => moves.later += 1,
                        }
                    }
                }
                Ok::<_, StoreError>(())
            })
        })?;
        Ok(run)
    }
}

/// How the suggestions of an indication differ between two catalogues; None when they do not.
fn suggestions(old: &Catalogue, new: &Catalogue, indication: &Code) -> Option<SuggestionMoves> {
    let before = old.indication(indication.as_str()).map_or(&[][..], |i| &i.set);
    let Some(after) = new.indication(indication.as_str()) else {
        return Some(SuggestionMoves { gone: true, ..SuggestionMoves::default() });
    };
    let codes = |set: &[Suggestion]| set.iter().map(|s| s.assay.clone()).collect::<BTreeSet<_>>();
    let (had, has) = (codes(before), codes(&after.set));
    let asked = |set: &[Suggestion], code: &Code| {
        set.iter().find(|s| s.assay == *code).map(|s| (s.need, s.when.clone(), s.hold.clone()))
    };
    let moves = SuggestionMoves {
        cases: 0,
        added: has.difference(&had).cloned().collect(),
        dropped: had.difference(&has).cloned().collect(),
        changed: had.intersection(&has).filter(|c| asked(before, c) != asked(&after.set, c)).cloned().collect(),
        gone: false,
    };
    let same = moves.added.is_empty() && moves.dropped.is_empty() && moves.changed.is_empty();
    (!same).then_some(moves)
}

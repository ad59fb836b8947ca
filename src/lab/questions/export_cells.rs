//! A case as rows of an export: which cells each table has, which of them are hidden, in which order they leave.

use sha2::{Digest as _, Sha256};

use super::export::{Dataset, Sink};
use super::export_columns::{Cell, Column};
use crate::domain::decide::hex;
use crate::domain::progress::{is_late, progress, specimen_stage};
use crate::domain::{Case, Moment, Order, Specimen, SpecimenState};
use crate::lab::catalogue::InForce;
use crate::store::aggregate::Depth;
use crate::store::{DbConn, StoreError, journal};

/// Turns a patient or a case into a key.
pub(super) struct Keys {
    pub(super) secret: String,
}

impl Keys {
    fn key(&self, what: &str, id: uuid::Uuid) -> String {
        let mut hasher = Sha256::new();
        for piece in [self.secret.as_str(), what, &id.to_string()] {
            hasher.update(piece.len().to_be_bytes());
            hasher.update(piece.as_bytes());
        }
        hex(hasher.finalize().get(..8).unwrap_or_default())
    }
}

pub(super) const fn depth(dataset: Dataset) -> Depth {
    let none = Depth { specimens: false, orders: false, results: false, reports: false };
    match dataset {
        Dataset::Cases => Depth { specimens: true, orders: true, results: true, reports: true },
        Dataset::Specimens => Depth { specimens: true, orders: true, reports: true, ..none },
        Dataset::Orders | Dataset::Turnaround => Depth { specimens: true, orders: true, ..none },
        Dataset::Results => Depth { orders: true, results: true, ..none },
        Dataset::Reports => Depth { reports: true, ..none },
        Dataset::Rejections => Depth { specimens: true, ..none },
        Dataset::Events => none,
    }
}

pub(super) struct Writer<'w> {
    pub(super) keys: Keys,
    pub(super) hidden: Vec<bool>,
    /// The chosen columns; all when absent.
    pub(super) order: Option<Vec<(usize, Column)>>,
    pub(super) catalogue: &'w InForce,
    pub(super) now: Moment,
    pub(super) rows: u64,
    pub(super) most: u64,
    pub(super) sink: Sink<'w>,
}

/// Hours between two moments, to the hundredth.
fn hours(from: Option<Moment>, to: Option<Moment>) -> Cell {
    match (from, to) {
        #[allow(clippy::cast_precision_loss)] // minutes of a few years fit a double exactly
        (Some(a), Some(b)) => Cell::Number(((b - a).num_minutes() as f64 / 60.0 * 100.0).round() / 100.0),
        _ => Cell::Empty,
    }
}

impl Writer<'_> {
    fn put(&mut self, mut cells: Vec<Cell>) -> Result<(), StoreError> {
        for (cell, hide) in cells.iter_mut().zip(&self.hidden) {
            if *hide {
                *cell = Cell::Empty;
            }
        }
        if self.rows >= self.most {
            return Ok(());
        }
        self.rows += 1;
        let Some(order) = &self.order else { return (self.sink)(&cells) };
        let chosen: Vec<Cell> = order.iter().filter_map(|(at, _)| cells.get(*at).cloned()).collect();
        (self.sink)(&chosen)
    }

    fn keys(&self, case: &Case) -> Vec<Cell> {
        vec![
            case.header.accession.to_string().into(),
            self.keys.key("case", case.header.id.0).into(),
            self.keys.key("patient", case.patient.id.0).into(),
        ]
    }

    fn of_case(&self, case: &Case) -> Vec<Cell> {
        use chrono::Datelike as _;
        let (h, p) = (&case.header, &case.patient);
        // Ages of 90 and more are one group when identities stay home.
        let oldest = self.now.year() - 90;
        let mut cells = self.keys(case);
        cells.extend([
            h.external_ref.as_deref().into(),
            Cell::from(&p.mrn),
            Cell::from(&p.family_name),
            Cell::from(&p.given_name),
            p.born.into(),
            p.born.map(|b| i64::from(b.year().max(oldest))).into(),
            p.sex.name().into(),
            Cell::from(&h.requester),
            Cell::from(&h.indication),
            h.urgency.name().into(),
            h.clinical_note.as_deref().into(),
            h.procedure.performed_at.into(),
            h.procedure.operator.as_deref().into(),
            h.procedure.site.as_ref().into(),
            h.procedure.side.map(crate::domain::Side::name).into(),
            h.procedure.outcome.name().into(),
        ]);
        cells
    }

    /// Every row of a case.
    pub(super) fn whole(&mut self, conn: &mut DbConn, dataset: Dataset, case: &Case) -> Result<(), StoreError> {
        match dataset {
            Dataset::Cases => self.case(case),
            Dataset::Specimens | Dataset::Rejections => {
                case.specimens.iter().try_for_each(|s| self.of_part(dataset, case, s))
            }
            Dataset::Orders | Dataset::Turnaround => {
                case.orders.iter().try_for_each(|o| self.of_order(dataset, case, o))
            }
            Dataset::Results => self.results(case),
            Dataset::Reports => self.reports(case),
            Dataset::Events => {
                let entries = journal::stream(conn, &crate::lab::execute::stream(case.header.id))?;
                self.events(case, entries)
            }
        }
    }

    /// The row of an order, if the table has one for it.
    pub(super) fn of_order(&mut self, dataset: Dataset, case: &Case, o: &Order) -> Result<(), StoreError> {
        match dataset {
            Dataset::Orders => self.order(case, o),
            Dataset::Turnaround => self.turnaround(case, o),
            Dataset::Cases
            | Dataset::Specimens
            | Dataset::Results
            | Dataset::Reports
            | Dataset::Events
            | Dataset::Rejections => Ok(()),
        }
    }

    /// The row of a part, if the table has one for it.
    pub(super) fn of_part(&mut self, dataset: Dataset, case: &Case, s: &Specimen) -> Result<(), StoreError> {
        match dataset {
            Dataset::Specimens => self.specimen(case, s),
            Dataset::Rejections => self.rejections(case, s),
            Dataset::Cases
            | Dataset::Orders
            | Dataset::Results
            | Dataset::Reports
            | Dataset::Events
            | Dataset::Turnaround => Ok(()),
        }
    }

    fn case(&mut self, case: &Case) -> Result<(), StoreError> {
        let progress = progress(case, self.catalogue, self.now);
        let signed = case.reports.iter().filter(|r| r.state.is_complete()).filter_map(|r| r.signature.as_ref());
        let mut cells = self.of_case(case);
        let count = |n: usize| Cell::Integer(i64::try_from(n).unwrap_or(i64::MAX));
        cells.extend([
            progress.stage.name().into(),
            case.header.logged_at.into(),
            case.collected_at().into(),
            case.received_at().into(),
            progress.expected_at.into(),
            signed.map(|s| s.at).min().into(),
            case.orders.iter().any(|o| is_late(o, self.now)).into(),
            count(case.specimens.len()),
            count(case.orders.len()),
            count(case.orders.iter().filter(|o| o.final_at.is_some()).count()),
            count(case.orders.iter().filter(|o| o.state.is_open()).count()),
        ]);
        self.put(cells)
    }

    fn specimen(&mut self, case: &Case, s: &Specimen) -> Result<(), StoreError> {
        let asked: Vec<String> = case
            .orders
            .iter()
            .filter(|o| o.parent.is_none() && o.state != crate::domain::OrderState::Suggested)
            .map(|o| o.assay.to_string())
            .collect();
        let mut cells = self.of_case(case);
        let caveats: Vec<&str> = s.caveats.iter().map(|c| c.reason.as_str()).collect();
        let rejected = s.rejection.as_ref().filter(|_| s.state == SpecimenState::Rejected);
        cells.extend([
            s.label.to_string().into(),
            s.kind.name().into(),
            s.state.name().into(),
            specimen_stage(case, s).name().into(),
            Cell::from(&s.container),
            s.pull_number.into(),
            s.volume.map(|v| v.received_ul()).into(),
            s.remaining_ul().into(),
            s.length_mm.into(),
            s.site.as_ref().into(),
            s.side.map(crate::domain::Side::name).into(),
            s.collected_at.into(),
            s.received_at.into(),
            s.accepted_at.into(),
            s.fixed_at.into(),
            s.temperature.map(crate::domain::Temperature::name).into(),
            s.not_collected.as_ref().into(),
            caveats.join(";").into(),
            rejected.map(|r| &r.reason).into(),
            s.location.as_deref().into(),
            s.parent.and_then(|id| case.specimen(id)).map(|p| p.label.to_string()).into(),
            asked.join(";").into(),
        ]);
        self.put(cells)
    }

    fn order(&mut self, case: &Case, o: &Order) -> Result<(), StoreError> {
        let mut cells = self.keys(case);
        cells.extend([
            o.id.to_string().into(),
            Cell::from(&o.assay),
            Cell::from(&o.department),
            o.state.name().into(),
            o.urgency.name().into(),
            o.need.name().into(),
            o.required.into(),
            o.origin.name().into(),
            o.specimen.and_then(|id| case.specimen(id)).map(|s| s.label.to_string()).into(),
            o.ordered_at.into(),
            o.attempts.first().map(|a| a.started_at).into(),
            Cell::Integer(i64::try_from(o.attempts.len()).unwrap_or(i64::MAX)),
            o.attempts.iter().rev().find_map(|a| a.failed.as_ref()).into(),
            o.due_at.into(),
            o.overdue_at.into(),
            o.final_at.into(),
            o.closing.as_ref().and_then(|c| c.reason.as_ref()).into(),
            o.closing.as_ref().and_then(|c| c.text.as_deref()).into(),
            o.referral.as_ref().map(|r| r.laboratory.as_str()).into(),
            o.why.as_deref().into(),
        ]);
        self.put(cells)
    }

    fn results(&mut self, case: &Case) -> Result<(), StoreError> {
        for r in &case.results {
            let assay = case.order(r.order).map(|o| o.assay.to_string());
            let mut values: Vec<Option<&crate::domain::ResultValue>> = r.values.iter().map(Some).collect();
            if values.is_empty() {
                values.push(None);
            }
            for v in values {
                let mut cells = self.keys(case);
                cells.extend([
                    assay.clone().into(),
                    r.id.to_string().into(),
                    r.number.into(),
                    r.state.name().into(),
                    r.revision.map(crate::domain::Revision::name).into(),
                    r.interpretation.name().into(),
                    Cell::from(&r.summary),
                    v.map(|v| v.key.as_str()).into(),
                    v.and_then(|v| v.number).into(),
                    v.and_then(|v| v.qualifier).map(crate::domain::Qualifier::name).into(),
                    v.and_then(|v| v.text.as_deref()).into(),
                    v.and_then(|v| v.unit.as_deref()).into(),
                    v.and_then(|v| v.denominator.as_deref()).into(),
                    r.performed_at.into(),
                    r.performed_by.as_deref().into(),
                    Cell::from(&r.entered_by.name),
                    r.entered_at.into(),
                    r.verified_by.as_ref().map(|w| w.name.as_str()).into(),
                    r.verified_at.into(),
                    r.reason.as_deref().into(),
                    r.disclaimers.join(" | ").into(),
                ]);
                self.put(cells)?;
            }
        }
        Ok(())
    }

    fn reports(&mut self, case: &Case) -> Result<(), StoreError> {
        for r in &case.reports {
            let mut cells = self.keys(case);
            cells.extend([
                r.id.to_string().into(),
                r.number.into(),
                r.kind.name().into(),
                r.state.name().into(),
                Cell::from(&r.diagnosis),
                r.dx_who5.as_deref().into(),
                r.dx_icc.as_deref().into(),
                r.comment.as_deref().into(),
                r.reason.as_deref().into(),
                r.told.as_ref().map(|t| t.who.as_str()).into(),
                r.signature.as_ref().map(|s| s.by.name.as_str()).into(),
                r.signature.as_ref().map(|s| s.at).into(),
                r.signature.as_ref().map(|s| s.sha256.as_str()).into(),
            ]);
            self.put(cells)?;
        }
        Ok(())
    }

    fn events(&mut self, case: &Case, entries: Vec<journal::Entry>) -> Result<(), StoreError> {
        for entry in entries {
            let view = super::events::EventView::from(entry);
            for event in &view.events {
                let fields: Vec<&str> = event.changes.iter().map(|c| c.field.as_str()).collect();
                let mut cells = self.keys(case);
                cells.extend([
                    view.position.into(),
                    view.seq.into(),
                    view.recorded_at.into(),
                    view.occurred_at.into(),
                    Cell::from(&view.actor),
                    Cell::from(&view.command),
                    Cell::from(&event.what),
                    event.hl7.as_deref().into(),
                    Cell::from(&event.subject),
                    event.id.to_string().into(),
                    fields.join(" ").into(),
                    view.reason.as_deref().into(),
                    Cell::from(&view.request_id),
                    Cell::from(&view.hash),
                ]);
                self.put(cells)?;
            }
        }
        Ok(())
    }

    fn turnaround(&mut self, case: &Case, o: &Order) -> Result<(), StoreError> {
        if o.final_at.is_none() {
            return Ok(());
        }
        let (collected, received) = clock_starts(case, o);
        let mut cells = self.keys(case);
        cells.extend([
            Cell::from(&o.assay),
            Cell::from(&o.department),
            o.urgency.name().into(),
            Cell::from(&case.header.indication),
            collected.into(),
            received.into(),
            o.attempts.first().map(|a| a.started_at).into(),
            o.final_at.into(),
            o.due_at.into(),
            hours(collected, o.final_at),
            hours(received, o.final_at),
            o.due_at.zip(o.final_at).map(|(due, done)| done <= due).into(),
        ]);
        self.put(cells)
    }

    fn rejections(&mut self, case: &Case, s: &Specimen) -> Result<(), StoreError> {
        let rejected = s.rejection.as_ref().filter(|_| s.state == SpecimenState::Rejected);
        let line = if let Some(r) = rejected {
            Some(("rejected", Some(r.reason.to_string()), Some(r.text.clone()), r.decided_at))
        } else if let Some(reason) = &s.not_collected {
            Some(("not_collected", Some(reason.to_string()), None, case.header.procedure.performed_at))
        } else if s.state == SpecimenState::Lost {
            Some(("lost", None, s.location.clone(), None))
        } else {
            s.caveats
                .first()
                .map(|c| ("accepted_with_caveat", Some(c.reason.to_string()), Some(c.text.clone()), Some(c.at)))
        };
        let Some((what, reason, text, at)) = line else { return Ok(()) };
        self.rejection(case, s, what, reason, text, at)
    }

    fn rejection(
        &mut self,
        case: &Case,
        s: &Specimen,
        what: &str,
        reason: Option<String>,
        text: Option<String>,
        at: Option<Moment>,
    ) -> Result<(), StoreError> {
        let zone = self.catalogue.laboratory.time_zone;
        let mut cells = self.keys(case);
        cells.extend([
            s.label.to_string().into(),
            s.kind.name().into(),
            Cell::from(&s.container),
            what.into(),
            reason.into(),
            text.into(),
            at.into(),
            s.rejection.as_ref().map(|r| r.proposed_by.name.as_str()).into(),
            s.rejection.as_ref().and_then(|r| r.decided_by.as_ref()).map(|w| w.name.as_str()).into(),
            s.rejection.as_ref().and_then(|r| r.told.as_deref()).into(),
            case.header.procedure.operator.as_deref().into(),
            s.site.as_ref().into(),
            case.header.procedure.outcome.name().into(),
            s.collected_at.map(|c| c.with_timezone(&zone).date_naive()).into(),
        ]);
        self.put(cells)
    }
}

/// When the clocks of an order started: at collection and at receipt of the part that fed it.
pub(in crate::lab) fn clock_starts(case: &Case, o: &Order) -> (Option<Moment>, Option<Moment>) {
    let part = o.specimen.and_then(|id| case.specimen(id));
    (
        part.and_then(|s| s.collected_at).or_else(|| case.collected_at()),
        part.and_then(|s| s.received_at).or_else(|| case.received_at()),
    )
}

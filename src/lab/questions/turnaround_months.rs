//! Turnaround month by month: per assay the share in target and how long it took, and exactly the orders behind each
//! figure. Figures and lists come from the same rows, so that they cannot differ.
//!
//! An order counts in the month (of the laboratory's zone) in which its result became final. It is in target when that
//! was not after its due time. What it took is elapsed time, from the event that the catalogue's target names.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, Months, NaiveDate, NaiveTime};

use super::turnaround::{may_see_figures, percentile_h};
use crate::domain::catalogue::ClockStart;
use crate::domain::{Accession, Actor, Catalogue, Code, Moment, Urgency};
use crate::lab::catalogue::InForce;
use crate::lab::{Lab, LabError, scope};
use crate::store::tables::figures::{self, Timed};
use crate::text_enum;

/// Below this many orders no percentile is given: it would be the story of single cases (`reference/ux.md` §2.10).
pub const ENOUGH: usize = 5;
/// Most months at once.
pub const MONTHS_MAX: u32 = 24;

text_enum! {
    /// Which of the orders that a figure counts.
    pub enum Kept {
        /// In target.
        Yes = "yes",
        /// Finished after the due time.
        No = "no",
        /// Finished, and never had a due time: its clock never started.
        Unpromised = "unpromised",
        /// Not finished, and past the due time now; whatever the months are.
        Open = "open",
    }
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First day of the first month.
    pub first: NaiveDate,
    /// How many months, 1 to [`MONTHS_MAX`].
    pub months: u32,
    /// Only this assay.
    pub assay: Option<String>,
    /// Only this urgency.
    pub urgency: Option<Urgency>,
    /// Only cases of this requester (login name).
    pub requester: Option<String>,
}

impl Span {
    /// The months up to and with the one of a day.
    pub fn until(day: NaiveDate, months: u32) -> Self {
        let months = months.clamp(1, MONTHS_MAX);
        let this = day.with_day(1).unwrap_or(day);
        let first = this.checked_sub_months(Months::new(months - 1)).unwrap_or(this);
        Self { first, months, assay: None, urgency: None, requester: None }
    }

    /// The first days of its months.
    pub fn each(&self) -> Vec<NaiveDate> {
        (0..self.months.min(MONTHS_MAX)).filter_map(|n| self.first.checked_add_months(Months::new(n))).collect()
    }

    /// The day after its last.
    pub fn ends(&self) -> NaiveDate {
        self.first.checked_add_months(Months::new(self.months.min(MONTHS_MAX))).unwrap_or(self.first)
    }

    fn fits(&self, t: &Timed) -> bool {
        self.urgency.is_none_or(|u| u == t.urgency) && self.requester.as_ref().is_none_or(|r| *r == t.requester)
    }
}

/// The figures of some orders.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figure {
    /// Finished.
    pub finished: usize,
    /// Of those, in target.
    pub in_target: usize,
    /// Of those, after their due time.
    pub late: usize,
    /// The share in target of those that had a due time, percent, one decimal.
    pub in_target_pct: Option<f64>,
    /// Half took at most this long, hours; absent below [`ENOUGH`].
    pub p50_h: Option<f64>,
    /// Nine of ten took at most this long, hours.
    pub p90_h: Option<f64>,
}

/// The figures of one assay, or of all together.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Assay (code); absent: all together.
    pub assay: Option<Code>,
    /// Over all months.
    pub total: Figure,
    /// Month by month, as [`Span::each`].
    pub months: Vec<Figure>,
    /// Open now and past the due time.
    pub open_late: usize,
}

/// Everything that the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// All assays together; without percentiles, since a culture and a stain have no common clock.
    pub all: Series,
    /// Each assay with anything to count, in the catalogue's order.
    pub assays: Vec<Series>,
    /// Who asked for what was counted, before that was narrowed: login names.
    pub requesters: Vec<String>,
}

impl Figures {
    /// Leaves out the first months if nothing was finished in them: a laboratory that began in August has no figure for
    /// June. Gives the span that is left; at least one month is.
    pub fn begin_with_work(&mut self, span: Span) -> Span {
        let idle =
            self.all.months.iter().take_while(|f| f.finished == 0).count().min(self.all.months.len().saturating_sub(1));
        let Some(first) = span.each().get(idle).copied() else { return span };
        for series in std::iter::once(&mut self.all).chain(&mut self.assays) {
            series.months.drain(..idle.min(series.months.len()));
        }
        let months = span.months.saturating_sub(u32::try_from(idle).unwrap_or_default());
        Span { first, months, ..span }
    }
}

/// An order behind a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderLine {
    /// The order.
    pub order: uuid::Uuid,
    /// Its case; absent for roles that see no patients.
    pub accession: Option<Accession>,
    /// Assay (code).
    pub assay: String,
    /// How fast.
    pub urgency: Urgency,
    /// Who asked.
    pub requester: String,
    /// When its clock started.
    pub started_at: Option<Moment>,
    /// When it was due.
    pub due_at: Option<Moment>,
    /// When its result became final.
    pub final_at: Option<Moment>,
    /// Elapsed, minutes.
    pub took_min: Option<i64>,
}

/// The orders behind a figure, and how many there are of each sort.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderList {
    /// Those that were asked for.
    pub lines: Vec<OrderLine>,
    /// How many of each sort; `None` counts all that are finished.
    pub counts: Vec<(Option<Kept>, usize)>,
}

fn kept(t: &Timed) -> Kept {
    match (t.final_at, t.due_at) {
        (None, _) => Kept::Open,
        (Some(_), None) => Kept::Unpromised,
        (Some(done), Some(due)) if done <= due => Kept::Yes,
        (Some(_), Some(_)) => Kept::No,
    }
}

/// The event from which an assay's clock runs by the catalogue in force; receipt where it no longer names the assay.
pub fn clock(catalogue: &Catalogue, assay: &str, urgency: Urgency) -> ClockStart {
    catalogue.assay(assay).and_then(|a| a.target(urgency)).map_or(ClockStart::Received, |t| t.from)
}

fn started_at(catalogue: &Catalogue, t: &Timed) -> Option<Moment> {
    match clock(catalogue, &t.assay, t.urgency) {
        ClockStart::Collected => t.collected_at,
        ClockStart::Received => t.received_at,
    }
}

#[derive(Default)]
struct Tally {
    figure: Figure,
    took_min: Vec<i64>,
}

impl Tally {
    fn add(&mut self, t: &Timed, took_min: Option<i64>) {
        self.figure.finished += 1;
        match kept(t) {
            Kept::Yes => self.figure.in_target += 1,
            Kept::No => self.figure.late += 1,
            Kept::Unpromised | Kept::Open => {}
        }
        self.took_min.extend(took_min);
    }

    fn done(mut self, percentiles: bool) -> Figure {
        let promised = self.figure.in_target + self.figure.late;
        #[allow(clippy::cast_precision_loss)] // counts of orders
        let pct = (promised > 0).then(|| (self.figure.in_target as f64 * 1000.0 / promised as f64).round() / 10.0);
        self.figure.in_target_pct = pct;
        if percentiles && self.took_min.len() >= ENOUGH {
            self.took_min.sort_unstable();
            self.figure.p50_h = percentile_h(&self.took_min, 50);
            self.figure.p90_h = percentile_h(&self.took_min, 90);
        }
        self.figure
    }
}

/// What is counted for one assay, or for all.
struct Count {
    total: Tally,
    months: Vec<Tally>,
    open_late: usize,
}

impl Count {
    fn new(months: usize) -> Self {
        Self { total: Tally::default(), months: (0..months).map(|_| Tally::default()).collect(), open_late: 0 }
    }

    fn add(&mut self, month: usize, t: &Timed, took_min: Option<i64>) {
        self.total.add(t, took_min);
        if let Some(tally) = self.months.get_mut(month) {
            tally.add(t, took_min);
        }
    }

    fn done(self, assay: Option<Code>) -> Series {
        let percentiles = assay.is_some();
        Series {
            assay,
            total: self.total.done(percentiles),
            months: self.months.into_iter().map(|m| m.done(percentiles)).collect(),
            open_late: self.open_late,
        }
    }
}

impl Lab {
    /// Figures month by month. Blocks: reads a few columns of every order of the span, once.
    ///
    /// # Errors
    /// Roles without figures.
    pub fn turnaround_by_month(&self, actor: &Actor, span: &Span) -> Result<Figures, LabError> {
        may_see_figures(actor)?;
        let catalogue = self.catalogue();
        let (finished, overdue) = self.timed(&catalogue, span)?;
        let months = span.each();
        let zone = catalogue.laboratory.time_zone;
        let mut all = Count::new(months.len());
        let mut assays: BTreeMap<String, Count> = BTreeMap::new();
        let mut requesters = BTreeSet::new();
        for t in &finished {
            requesters.insert(t.requester.clone());
            if !span.fits(t) {
                continue;
            }
            let Some(done) = t.final_at else { continue };
            let day = done.with_timezone(&zone).date_naive();
            let month = months.partition_point(|first| *first <= day).saturating_sub(1);
            let took = started_at(&catalogue, t).map(|from| (done - from).num_minutes());
            all.add(month, t, took);
            assays.entry(t.assay.clone()).or_insert_with(|| Count::new(months.len())).add(month, t, took);
        }
        for t in overdue.iter().filter(|t| span.fits(t)) {
            all.open_late += 1;
            assays.entry(t.assay.clone()).or_insert_with(|| Count::new(months.len())).open_late += 1;
        }
        let place = |code: &Code| catalogue.assays.iter().position(|a| a.code == *code).unwrap_or(usize::MAX);
        let mut assays: Vec<Series> =
            assays.into_iter().filter_map(|(code, count)| Some(count.done(Some(Code::parse(&code).ok()?)))).collect();
        assays.sort_by_key(|s| s.assay.as_ref().map(place));
        Ok(Figures { all: all.done(None), assays, requesters: requesters.into_iter().collect() })
    }

    /// The orders behind a figure: the same rows, one by one, oldest first. Blocks.
    ///
    /// # Errors
    /// Roles without figures.
    pub fn turnaround_orders(&self, actor: &Actor, span: &Span, which: Option<Kept>) -> Result<OrderList, LabError> {
        may_see_figures(actor)?;
        let sees_cases = scope::may_look(actor).is_ok();
        let catalogue = self.catalogue();
        let (mut finished, mut overdue) = self.timed(&catalogue, span)?;
        finished.retain(|t| span.fits(t));
        overdue.retain(|t| span.fits(t));
        let count = |which: Kept| finished.iter().filter(|t| kept(t) == which).count();
        let counts = vec![
            (None, finished.len()),
            (Some(Kept::Yes), count(Kept::Yes)),
            (Some(Kept::No), count(Kept::No)),
            (Some(Kept::Unpromised), count(Kept::Unpromised)),
            (Some(Kept::Open), overdue.len()),
        ];
        let wanted: Vec<Timed> = match which {
            None => finished,
            Some(Kept::Open) => overdue,
            Some(which) => finished.into_iter().filter(|t| kept(t) == which).collect(),
        };
        let lines = wanted.into_iter().map(|t| line(&catalogue, t, sees_cases)).collect();
        Ok(OrderList { lines, counts })
    }

    fn timed(&self, catalogue: &InForce, span: &Span) -> Result<(Vec<Timed>, Vec<Timed>), LabError> {
        let start = |day| catalogue.laboratory.moment(day, NaiveTime::MIN);
        let (from, until, now) = (start(span.first), start(span.ends()), self.now());
        let assay = span.assay.as_deref();
        Ok(self.store().snapshot(|conn| {
            Ok::<_, crate::store::StoreError>((
                figures::finished(conn, from, until, assay)?,
                figures::overdue(conn, now, assay)?,
            ))
        })?)
    }
}

fn line(catalogue: &Catalogue, t: Timed, sees_cases: bool) -> OrderLine {
    let started_at = started_at(catalogue, &t);
    OrderLine {
        order: t.order,
        accession: Accession::parse(&t.accession).ok().filter(|_| sees_cases),
        urgency: t.urgency,
        started_at,
        due_at: t.due_at,
        final_at: t.final_at,
        took_min: started_at.zip(t.final_at).map(|(from, to)| (to - from).num_minutes()),
        assay: t.assay,
        requester: t.requester,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_ends_with_the_month_of_its_day() {
        let span = Span::until("2026-03-31".parse().unwrap(), 6);
        assert_eq!(span.first.to_string(), "2025-10-01");
        assert_eq!(span.each().last().unwrap().to_string(), "2026-03-01");
        assert_eq!(span.ends().to_string(), "2026-04-01");
        assert_eq!(Span::until("2026-03-31".parse().unwrap(), 0).each().len(), 1);
    }

    #[test]
    fn months_before_the_first_work_are_left_out_and_one_always_stays() {
        let figures = |finished: &[usize]| Figures {
            all: Series {
                assay: None,
                total: Figure::default(),
                months: finished.iter().map(|n| Figure { finished: *n, ..Figure::default() }).collect(),
                open_late: 0,
            },
            assays: Vec::new(),
            requesters: Vec::new(),
        };
        let span = || Span::until("2026-03-31".parse().unwrap(), 3);
        for (finished, months, first) in
            [([0, 2, 0], 2, "2026-02-01"), ([1, 0, 0], 3, "2026-01-01"), ([0, 0, 0], 1, "2026-03-01")]
        {
            let mut all = figures(&finished);
            let left = all.begin_with_work(span());
            assert_eq!((left.months, left.first.to_string().as_str()), (months, first), "{finished:?}");
            assert_eq!(all.all.months.len(), left.each().len(), "{finished:?}");
        }
    }

    #[test]
    fn few_orders_have_a_share_and_no_percentile() {
        let at = |h: i64| chrono::DateTime::from_timestamp(h * 3600, 0);
        let timed = |done, due| Timed {
            order: uuid::Uuid::nil(),
            case: uuid::Uuid::nil(),
            accession: String::new(),
            assay: "IRON".into(),
            urgency: Urgency::Routine,
            requester: String::new(),
            collected_at: None,
            received_at: at(0),
            due_at: due,
            final_at: done,
        };
        let mut tally = Tally::default();
        for t in [timed(at(1), at(1)), timed(at(2), at(1)), timed(at(3), at(9)), timed(at(4), None)] {
            tally.add(&t, Some(60));
        }
        let figure = tally.done(true);
        assert_eq!((figure.finished, figure.in_target, figure.late), (4, 2, 1));
        assert_eq!((figure.in_target_pct, figure.p50_h), (Some(66.7), None));
    }
}

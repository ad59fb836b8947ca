//! How long a part is kept, and when it may go.

use chrono::NaiveDate;

use super::part;
use crate::domain::{Case, Catalogue, Moment, Order, OrderState, Refusal, Specimen};

/// The day until which a part had to be kept, if it may be thrown away now.
///
/// # Errors
/// Why it must be kept: an open order, a report to come, a retention that is not over or not known.
pub fn past_retention(case: &Case, s: &Specimen, catalogue: &Catalogue, now: Moment) -> Result<NaiveDate, Refusal> {
    let waits = |o: &Order| o.state.is_open() && o.state != OrderState::Failed;
    if case.orders.iter().any(waits) {
        return Err(Refusal::guard(
            &part(s),
            s.state,
            "open_order",
            "An order of this case is still open; it may need this part.",
        ));
    }
    if !case.reports.iter().any(|r| r.state.is_complete()) {
        return Err(Refusal::guard(&part(s), s.state, "report_open", "The report is not final yet."));
    }
    match s.retain_until.or_else(|| retention(case, s, catalogue)) {
        Some(until) if now.date_naive() <= until => {
            Err(Refusal::guard(&part(s), s.state, "retention", format!("It must be kept until {until}.")))
        }
        Some(until) => Ok(until),
        None => Err(Refusal::guard(
            &part(s),
            s.state,
            "retention",
            "The catalogue has no retention for this kind; a laboratory must set one before anything is thrown away.",
        )),
    }
}

/// Retention runs from the last final of the case (`reference/domain.md` §7.5); unknown until the report is complete.
pub(super) fn retention(case: &Case, s: &Specimen, catalogue: &Catalogue) -> Option<NaiveDate> {
    let days = catalogue.kind(s.kind).and_then(|k| k.retention_days)?;
    let complete = || case.reports.iter().filter(|r| r.state.is_complete());
    let signed = complete().filter_map(|r| r.signature.as_ref()).map(|x| x.at);
    let last = case.orders.iter().filter_map(|o| o.final_at).chain(signed).max()?;
    complete().next().is_some().then(|| last.date_naive() + chrono::Duration::days(i64::from(days)))
}

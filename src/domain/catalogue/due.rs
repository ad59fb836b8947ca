//! When something is due, on the laboratory's own calendar and clocks.
//!
//! Hours are elapsed time. Days end at closing time, because a result that leaves at closing time is on time. The day on
//! which something starts is day 0, whatever the hour: what arrives on Friday evening is counted from Monday, exactly as
//! what arrived on Friday morning is.
//!
//! Where the clocks change, a wall-clock time may not exist or may exist twice. A time that is skipped in spring is moved
//! forward by the gap (01:30 becomes 02:30 in London); of a time that comes twice in autumn the later one is meant, since
//! until then the laboratory's clocks have not finished showing it. Neither can make a deadline earlier than it reads.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::{ClockUnit, Hold, Laboratory, Target};

/// The moment at which a result is due whose clock started at `start`. See the module for how days are counted.
pub fn due(lab: &Laboratory, target: &Target, start: DateTime<Utc>) -> DateTime<Utc> {
    let first = lab.local_date(start);
    match target.unit {
        ClockUnit::Hours => TimeDelta::try_hours(i64::from(target.amount))
            .and_then(|hours| start.checked_add_signed(hours))
            .unwrap_or(DateTime::<Utc>::MAX_UTC),
        ClockUnit::CalendarDays => lab.moment(calendar_day(first, target.amount), lab.closes),
        ClockUnit::WorkingDays => lab.moment(working_day(lab, first, target.amount), lab.closes),
    }
}

/// The moment at which a held order's policy fires, if its hold began at `start`.
pub fn hold_deadline(lab: &Laboratory, hold: &Hold, start: DateTime<Utc>) -> DateTime<Utc> {
    lab.moment(working_day(lab, lab.local_date(start), hold.working_days), hold.cutoff)
}

/// How many working days come after the local day of `from`, up to and including the local day of `to`.
///
/// What is due in n working days is due on the day for which this gives n. 0 when `to` is not after `from`.
pub fn working_days_between(lab: &Laboratory, from: DateTime<Utc>, to: DateTime<Utc>) -> u32 {
    let last = lab.local_date(to);
    let days = lab.local_date(from).iter_days().skip(1).take_while(|day| *day <= last);
    days.fold(0, |count, day| count + u32::from(lab.is_working_day(day)))
}

/// The day `amount` days after `first`.
fn calendar_day(first: NaiveDate, amount: u32) -> NaiveDate {
    first.checked_add_days(Days::new(u64::from(amount))).map_or_else(never, |day| day.min(never()))
}

/// The day that stands for "beyond every calendar": far enough, and no conversion of it can overflow.
fn never() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default()
}

/// The `amount`th working day after `first`.
fn working_day(lab: &Laboratory, first: NaiveDate, amount: u32) -> NaiveDate {
    // The check of the catalogue refuses a laboratory that never works; a value built by hand must not loop for ever.
    if lab.working_days.is_empty() {
        return calendar_day(first, amount);
    }
    let Some(index) = amount.checked_sub(1) else {
        return first;
    };
    let last = never();
    let mut working = first.iter_days().skip(1).take_while(|day| *day <= last).filter(|day| lab.is_working_day(*day));
    working.nth(index as usize).unwrap_or(last)
}

/// The moment at which clocks in `zone` show `local`.
pub(super) fn moment(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    if let Some(at) = zone.from_local_datetime(&local).latest() {
        return at.to_utc();
    }
    // In a gap: reading the wall clock with the offset of the day before moves it forward by what was skipped.
    let day_before = local.checked_sub_days(Days::new(1)).unwrap_or(local);
    let offset = zone.offset_from_utc_datetime(&day_before).fix().local_minus_utc();
    local
        .checked_sub_signed(TimeDelta::seconds(i64::from(offset)))
        .map_or(DateTime::<Utc>::MAX_UTC, |utc| utc.and_utc())
}

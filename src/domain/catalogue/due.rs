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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Catalogue, ClockStart, sample};
    use super::*;
    use crate::domain::{HoldPolicy, Urgency};

    /// The sample's laboratory (Monday to Friday, 08:00 to 18:00) in that zone, with the holidays of Easter and Christmas.
    fn lab(zone: &str) -> Laboratory {
        let easter = "2026-04-03 = \"Good Friday\"\n2026-04-06 = \"Easter Monday\"\n2026-12-28 = \"Boxing Day\"\n[[department]]\ncode = \"RECEPTION\"";
        let text = sample::changed(&[("Europe/London", zone), ("[[department]]\ncode = \"RECEPTION\"", easter)]);
        Catalogue::parse(&text).unwrap().laboratory
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn target(amount: u32, unit: ClockUnit) -> Target {
        Target { urgency: Urgency::Routine, from: ClockStart::Received, amount, unit, goal_pct: 90 }
    }

    #[test]
    fn due_times() {
        use ClockUnit::{CalendarDays, Hours, WorkingDays};
        let (london, chicago) = ("Europe/London", "America/Chicago");
        let table = [
            // Hours are elapsed hours, whatever the clocks on the wall do in between.
            (london, 8, Hours, "2026-03-28T20:00:00Z", "2026-03-29T04:00:00Z"),
            (london, 24, Hours, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"),
            (chicago, 24, Hours, "2026-03-07T18:00:00Z", "2026-03-08T18:00:00Z"),
            // Friday morning, Friday evening, Saturday and Sunday all count from Monday, here in the first week of summer time.
            (london, 1, WorkingDays, "2026-03-27T09:00:00Z", "2026-03-30T17:00:00Z"),
            (london, 1, WorkingDays, "2026-03-27T21:30:00Z", "2026-03-30T17:00:00Z"),
            (london, 1, WorkingDays, "2026-03-28T09:00:00Z", "2026-03-30T17:00:00Z"),
            (london, 1, WorkingDays, "2026-03-29T09:00:00Z", "2026-03-30T17:00:00Z"),
            (london, 3, WorkingDays, "2026-03-30T09:00:00Z", "2026-04-02T17:00:00Z"),
            // Over the end of summer time: 18:00 is 18:00 UTC again.
            (london, 1, WorkingDays, "2026-10-23T15:00:00Z", "2026-10-26T18:00:00Z"),
            // Over Easter and over Christmas.
            (london, 1, WorkingDays, "2026-04-02T09:00:00Z", "2026-04-07T17:00:00Z"),
            (london, 1, WorkingDays, "2026-12-24T09:00:00Z", "2026-12-29T18:00:00Z"),
            // 21:00 on Friday in Chicago is Saturday in UTC: the local day counts.
            (chicago, 1, WorkingDays, "2026-03-07T03:00:00Z", "2026-03-09T23:00:00Z"),
            (chicago, 1, WorkingDays, "2026-10-30T15:00:00Z", "2026-11-03T00:00:00Z"),
            // Calendar days skip nothing: this one ends on Good Friday.
            (london, 14, CalendarDays, "2026-03-20T09:00:00Z", "2026-04-03T17:00:00Z"),
            (chicago, 2, CalendarDays, "2026-03-07T03:00:00Z", "2026-03-08T23:00:00Z"),
            // The leap day is a day, and in 2028 a Tuesday.
            (london, 1, CalendarDays, "2028-02-28T09:00:00Z", "2028-02-29T18:00:00Z"),
            (london, 2, CalendarDays, "2028-02-28T09:00:00Z", "2028-03-01T18:00:00Z"),
            (london, 1, WorkingDays, "2028-02-28T09:00:00Z", "2028-02-29T18:00:00Z"),
            (london, 2, CalendarDays, "2027-02-27T09:00:00Z", "2027-03-01T18:00:00Z"),
        ];
        for (zone, amount, unit, start, expected) in table {
            assert_eq!(
                due(&lab(zone), &target(amount, unit), at(start)),
                at(expected),
                "{amount} {unit} from {start} in {zone}"
            );
        }
    }

    #[test]
    fn wall_clocks_that_jump() {
        let table = [
            // In the gap: forward by what was skipped.
            ("Europe/London", "2026-03-29T01:30:00", "2026-03-29T01:30:00Z"),
            ("America/Chicago", "2026-03-08T02:30:00", "2026-03-08T08:30:00Z"),
            // Samoa skipped the whole of 30 December 2011.
            ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T22:00:00Z"),
            // Twice: the later one.
            ("Europe/London", "2026-10-25T01:30:00", "2026-10-25T01:30:00Z"),
            ("America/Chicago", "2026-11-01T01:30:00", "2026-11-01T07:30:00Z"),
            // Once.
            ("Europe/London", "2026-03-29T00:59:00", "2026-03-29T00:59:00Z"),
            ("Europe/London", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z"),
        ];
        for (zone, local, expected) in table {
            assert_eq!(moment(zone.parse().unwrap(), local.parse().unwrap()), at(expected), "{local} in {zone}");
        }
    }

    #[test]
    fn hold_deadlines() {
        let hold =
            |working_days| Hold { policy: HoldPolicy::AutoCancel, working_days, cutoff: "16:00".parse().unwrap() };
        let table = [
            (2, "2026-03-26T09:00:00Z", "2026-03-30T15:00:00Z"),
            (4, "2026-03-26T09:00:00Z", "2026-04-01T15:00:00Z"),
            (1, "2026-03-27T20:00:00Z", "2026-03-30T15:00:00Z"),
            (2, "2026-04-01T09:00:00Z", "2026-04-07T15:00:00Z"),
        ];
        for (days, start, expected) in table {
            assert_eq!(
                hold_deadline(&lab("Europe/London"), &hold(days), at(start)),
                at(expected),
                "{days} from {start}"
            );
        }
    }

    #[test]
    fn counting_working_days() {
        let table = [
            ("2026-03-27T09:00:00Z", "2026-03-27T17:00:00Z", 0),
            ("2026-03-27T09:00:00Z", "2026-03-29T17:00:00Z", 0),
            ("2026-03-27T09:00:00Z", "2026-03-30T01:00:00Z", 1),
            ("2026-03-27T09:00:00Z", "2026-04-10T01:00:00Z", 8),
            ("2026-03-30T09:00:00Z", "2026-03-27T09:00:00Z", 0),
        ];
        for (from, to, expected) in table {
            assert_eq!(working_days_between(&lab("Europe/London"), at(from), at(to)), expected, "{from} to {to}");
        }
    }

    /// What the check of a catalogue would refuse must still neither panic nor hang.
    #[test]
    fn absurd_targets() {
        let start = at("2026-03-27T09:00:00Z");
        let mut lab = lab("Europe/London");
        for unit in ClockUnit::ALL {
            assert!(due(&lab, &target(0, *unit), start) >= start);
            assert!(due(&lab, &target(u32::MAX, *unit), start) > start);
        }
        lab.working_days.clear();
        assert_eq!(due(&lab, &target(3, ClockUnit::WorkingDays), start), at("2026-03-30T17:00:00Z"));
    }

    proptest! {
        #[test]
        fn days_are_what_is_counted(
            minutes in 0_i64..2 * 366 * 24 * 60,
            amount in 1_u32..40,
            zone in prop::sample::select(vec!["Europe/London", "America/Chicago", "Australia/Lord_Howe", "Pacific/Auckland", "UTC"]),
        ) {
            let lab = lab(zone);
            let start = at("2026-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
            let end = due(&lab, &target(amount, ClockUnit::WorkingDays), start);
            prop_assert!(end > start);
            prop_assert!(lab.is_working_day(lab.local_date(end)));
            prop_assert_eq!(working_days_between(&lab, start, end), amount);
            prop_assert_eq!(end.with_timezone(&lab.time_zone).time(), lab.closes);
            prop_assert!(due(&lab, &target(amount + 1, ClockUnit::WorkingDays), start) > end);

            let end = due(&lab, &target(amount, ClockUnit::CalendarDays), start);
            prop_assert_eq!((lab.local_date(end) - lab.local_date(start)).num_days(), i64::from(amount));
        }
    }
}

//! The laboratory's days as the stories need them: “two working days later, in the morning”, “a moment ago”.

use chrono::{NaiveDate, NaiveTime, TimeDelta, Timelike as _};

use super::dice::Dice;
use crate::domain::Moment;
use crate::domain::catalogue::Laboratory;

/// The laboratory's calendar, seen from the moment that the demonstration calls now.
pub(super) struct Calendar {
    lab: Laboratory,
    /// Now.
    pub(super) now: Moment,
}

impl Calendar {
    pub(super) const fn new(lab: Laboratory, now: Moment) -> Self {
        Self { lab, now }
    }

    /// The local day of a moment.
    pub(super) fn date(&self, at: Moment) -> NaiveDate {
        self.lab.local_date(at)
    }

    /// The moment at which the laboratory's clocks show that time on that day.
    pub(super) fn on(&self, day: NaiveDate, hour: u32, minute: u32) -> Moment {
        self.lab.moment(day, NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN))
    }

    pub(super) fn is_working_day(&self, day: NaiveDate) -> bool {
        self.lab.is_working_day(day)
    }

    /// The `n`th working day after `day`; `day` itself for 0.
    pub(super) fn working_days_after(&self, day: NaiveDate, n: i64) -> NaiveDate {
        self.nth(day, n, |d| d.succ_opt())
    }

    /// The `n`th working day before `day`; `day` itself for 0.
    pub(super) fn working_days_before(&self, day: NaiveDate, n: i64) -> NaiveDate {
        self.nth(day, n, |d| d.pred_opt())
    }

    fn nth(&self, day: NaiveDate, n: i64, step: impl Fn(NaiveDate) -> Option<NaiveDate>) -> NaiveDate {
        let mut found = day;
        for _ in 0..n {
            // A laboratory that rests for two months would be no laboratory.
            for _ in 0..60 {
                found = step(found).unwrap_or(found);
                if self.is_working_day(found) {
                    break;
                }
            }
        }
        found
    }

    /// The working day on or before `day`.
    pub(super) fn working_day_until(&self, day: NaiveDate) -> NaiveDate {
        if self.is_working_day(day) { day } else { self.working_days_before(day, 1) }
    }

    /// The working days of the last so many days before today, oldest first.
    pub(super) fn working_days_of_the_last(&self, days: usize) -> Vec<NaiveDate> {
        let today = self.date(self.now);
        let mut found: Vec<NaiveDate> =
            today.iter_days().rev().skip(1).take(days).filter(|day| self.is_working_day(*day)).collect();
        found.reverse();
        found
    }

    /// A time on the `n`th working day before today.
    pub(super) fn back(&self, n: i64, hour: u32, minute: u32) -> Moment {
        self.on(self.working_days_before(self.date(self.now), n), hour, minute)
    }

    /// So many minutes before now, whatever the hour.
    pub(super) fn ago(&self, minutes: i64) -> Moment {
        self.now - TimeDelta::minutes(minutes)
    }

    /// So many minutes before now if the laboratory was open then, else the end of its last working day.
    pub(super) fn desk(&self, minutes: i64) -> Moment {
        let at = self.ago(minutes);
        if self.lab.is_open(at) {
            return at;
        }
        let today = self.date(at);
        let closes = self.lab.moment(today, self.lab.closes);
        let day = if self.is_working_day(today) && at >= closes { today } else { self.working_days_before(today, 1) };
        self.lab.moment(day, self.lab.closes) - TimeDelta::minutes(20 + minutes % 60)
    }

    /// That moment if the laboratory is open, else some time in the first hours of its next day.
    pub(super) fn office(&self, at: Moment, dice: &mut Dice) -> Moment {
        if self.lab.is_open(at) {
            return at;
        }
        let today = self.date(at);
        let early = self.is_working_day(today) && at < self.lab.moment(today, self.lab.opens);
        let day = if early { today } else { self.working_days_after(today, 1) };
        self.lab.moment(day, self.lab.opens) + TimeDelta::seconds(dice.between(15 * 60, 150 * 60))
    }

    /// Some time during the working hours of the `n`th working day after a moment; for 0 some hours later.
    pub(super) fn later(&self, at: Moment, n: i64, dice: &mut Dice) -> Moment {
        if n == 0 {
            return self.office(at + TimeDelta::seconds(dice.between(2 * 3_600, 5 * 3_600)), dice);
        }
        let day = self.working_days_after(self.date(at), n);
        self.lab.moment(day, self.lab.opens) + TimeDelta::seconds(dice.between(30 * 60, 9 * 3_600))
    }

    /// The hour that the laboratory's clocks show.
    pub(super) fn hour(&self, at: Moment) -> u32 {
        at.with_timezone(&self.lab.time_zone).hour()
    }
}

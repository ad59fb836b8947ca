//! Times as people type and read them, in the laboratory's zone.

use chrono::{
    DateTime, Datelike as _, Days, FixedOffset, NaiveDate, NaiveTime, SubsecRound as _, TimeDelta, TimeZone as _,
    Weekday,
};
use chrono_tz::Tz;
use maud::{Markup, html};

use super::language::{t, word};
use crate::domain::Moment;

/// `Thu 26 March`, with the year when it is not this one.
pub(crate) fn day(at: Moment, zone: Tz, now: Moment) -> String {
    let local = at.with_timezone(&zone);
    let (weekday, day, month) = (weekday(local.weekday()), local.day(), month(local.month()));
    if local.year() == now.with_timezone(&zone).year() {
        t!("date-weekday", weekday = weekday, day = day, month = month)
    } else {
        t!("date-weekday-year", weekday = weekday, day = day, month = month, year = local.year().to_string())
    }
}

fn weekday(day: Weekday) -> String {
    word("weekday", &day.number_from_monday().to_string())
}

fn month(month: u32) -> String {
    word("month", &month.to_string())
}

/// `Thu 26 March 09:40`.
pub(crate) fn full(at: Moment, zone: Tz, now: Moment) -> String {
    t!("date-time", date = day(at, zone, now), time = at.with_timezone(&zone).format("%H:%M").to_string())
}

/// The same moment as [`parse`] reads it, with its offset: `2026-03-26 09:40:00+00:00`.
pub(crate) fn exact(at: Moment, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S%.f%:z").to_string()
}

/// A date without a time: `12 March 1968`.
pub(crate) fn date(day: NaiveDate) -> String {
    t!("date-day", day = day.day(), month = month(day.month()), year = day.year().to_string())
}

/// Whole years between two dates.
pub(crate) fn age(born: NaiveDate, on: NaiveDate) -> Option<u32> {
    on.years_since(born)
}

/// How a moment is stated in `<time datetime>`.
fn machine(at: Moment) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The moment with its time, as an element.
pub(crate) fn stamp(at: Moment, zone: Tz, now: Moment) -> Markup {
    html! { time datetime=(machine(at)) { (full(at, zone, now)) } }
}

/// The moment's day, as an element.
pub(crate) fn stamp_day(at: Moment, zone: Tz, now: Moment) -> Markup {
    html! { time datetime=(at.with_timezone(&zone).format("%Y-%m-%d")) { (day(at, zone, now)) } }
}

/// From here on a length is said in days, hours: nobody reads 94 hours as four days less two hours.
pub(crate) const DAYS_FROM_H: u32 = 48;

/// How long until then, or since: `2 h 18 m`, `14 days`. Whole minutes, from [`DAYS_FROM_H`] on whole days; what is begun
/// does not count.
pub(crate) fn length(span: TimeDelta) -> String {
    let minutes = span.num_minutes().abs();
    let hours = minutes / 60;
    if minutes < 60 {
        t!("length-minutes", minutes = minutes)
    } else if hours < i64::from(DAYS_FROM_H) {
        t!("length-hours", hours = hours, minutes = format!("{:02}", minutes % 60))
    } else {
        t!("length-days", days = hours / 24)
    }
}

/// A length that is a statistic: `7.5 h`, from [`DAYS_FROM_H`] on `3.4 days`. `scale` decides on the unit: the length
/// itself, or the end of the axis that it stands beside.
pub(crate) fn figure(hours: f64, scale: f64) -> String {
    if scale < f64::from(DAYS_FROM_H) {
        t!("length-figure", hours = hours)
    } else {
        t!("length-days", days = (hours / 2.4).round() / 10.0)
    }
}

/// Reads a time as it is typed: `now`, `-2h`, `-30m`, `-1d`, `0940`, `09:40`, `yesterday 2350`, `26 March 09:40`,
/// `2026-03-26 09:40`, or RFC 3339 with its offset. Without a day it is today's.
///
/// # Errors
/// A sentence that says what to type instead.
pub(crate) fn parse(text: &str, zone: Tz, now: Moment) -> Result<Moment, String> {
    let text = text.trim();
    if NOW.contains(&text.to_lowercase().as_str()) {
        return Ok(now);
    }
    if let Ok(exact) = DateTime::<FixedOffset>::parse_from_rfc3339(&text.replacen(' ', "T", 1)) {
        return Ok(exact.to_utc().trunc_subsecs(6));
    }
    if let Some(ago) = text.strip_prefix(['-', '−']) {
        return before(ago, now).ok_or_else(how);
    }
    let spaced = text.replace([',', 'T'], " ");
    let (day_text, time_text) = spaced.trim().rsplit_once(' ').unwrap_or(("", spaced.trim()));
    let time = clock(time_text).ok_or_else(how)?;
    let today = now.with_timezone(&zone).date_naive();
    let day = match day_text.trim() {
        "" => today,
        word if TODAY.contains(&word.to_lowercase().as_str()) => today,
        word if YESTERDAY.contains(&word.to_lowercase().as_str()) => {
            today.checked_sub_days(Days::new(1)).unwrap_or(today)
        }
        written => parse_date_near(written, Some(today.year())).ok_or_else(how)?,
    };
    let local = day.and_time(time);
    match zone.from_local_datetime(&local) {
        chrono::LocalResult::Single(at) => Ok(at.to_utc()),
        chrono::LocalResult::None => {
            Err("the clocks were put forward that night and skipped this time; look at it again".to_owned())
        }
        chrono::LocalResult::Ambiguous(first, second) => Err(format!(
            "the clocks were put back that night and showed this time twice; write {} or {}",
            first.format("%Y-%m-%d %H:%M:%S%:z"),
            second.format("%Y-%m-%d %H:%M:%S%:z")
        )),
    }
}

fn how() -> String {
    "type a time such as 0940, now, -2h, yesterday 2350 or 2026-03-26 09:40".to_owned()
}

fn before(ago: &str, now: Moment) -> Option<Moment> {
    let ago = ago.trim().to_ascii_lowercase();
    let digits = ago.find(|c: char| !c.is_ascii_digit()).unwrap_or(ago.len());
    let (number, unit) = ago.split_at_checked(digits)?;
    let number: i64 = number.parse().ok().filter(|n| *n <= 10_000)?;
    let span = match unit.trim() {
        "h" => TimeDelta::try_hours(number)?,
        "m" | "min" => TimeDelta::try_minutes(number)?,
        "d" => TimeDelta::try_days(number)?,
        _ => return None,
    };
    now.checked_sub_signed(span)
}

fn clock(text: &str) -> Option<NaiveTime> {
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    let plain = digits.len() == 4 || (digits.len() == 3 && text.contains(':')) || digits.len() == 6;
    if !plain || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = if digits.len() == 3 { format!("0{digits}") } else { digits };
    let part = |from: usize| digits.get(from..from + 2).and_then(|d| d.parse::<u32>().ok());
    NaiveTime::from_hms_opt(part(0)?, part(2)?, part(4).unwrap_or(0))
}

/// Reads a date as it is typed: `1968-03-12` or `12 March 1968`. `12/3/1968` may be two days, so it is not guessed.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    parse_date_near(text.trim(), None)
}

// What people type is read in every language, whichever the page is in.
const NOW: [&str; 2] = ["now", "jetzt"];
const TODAY: [&str; 2] = ["today", "heute"];
const YESTERDAY: [&str; 2] = ["yesterday", "gestern"];

const MONTHS_GERMAN: [&str; 12] = [
    "januar",
    "februar",
    "märz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn parse_date_near(text: &str, year: Option<i32>) -> Option<NaiveDate> {
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return (1000..=9999).contains(&day.year()).then_some(day);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let words = match words.as_slice() {
        // A weekday in front is what our own pages show.
        [first, rest @ ..] if first.chars().all(char::is_alphabetic) && rest.len() >= 2 => rest,
        all => all,
    };
    let (day, month, year) = match words {
        [day, month] => (day, month, year?),
        [day, month, year] => (day, month, year.parse::<i32>().ok().filter(|y| (1000..=9999).contains(y))?),
        _ => return None,
    };
    let month = month.trim_end_matches('.').to_lowercase();
    let find = |names: [&str; 12]| names.iter().position(|m| month.len() >= 3 && m.starts_with(&month));
    let at = find(MONTHS).or_else(|| find(MONTHS_GERMAN))?;
    NaiveDate::from_ymd_opt(year, u32::try_from(at + 1).ok()?, day.trim_end_matches('.').parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::language::Language;
    use crate::web::reader::{self, Reader};

    const LONDON: Tz = chrono_tz::Europe::London;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn times_as_they_are_typed() {
        // A Thursday, 10:42 in London (UTC: it is winter).
        let now = at("2026-03-05T10:42:00Z");
        let table = [
            ("now", "2026-03-05T10:42:00Z"),
            ("NOW", "2026-03-05T10:42:00Z"),
            ("-2h", "2026-03-05T08:42:00Z"),
            ("-90m", "2026-03-05T09:12:00Z"),
            ("- 1 d", "2026-03-04T10:42:00Z"),
            ("0940", "2026-03-05T09:40:00Z"),
            ("09:40", "2026-03-05T09:40:00Z"),
            ("9:40", "2026-03-05T09:40:00Z"),
            ("yesterday 2350", "2026-03-04T23:50:00Z"),
            ("2026-03-04 09:40", "2026-03-04T09:40:00Z"),
            ("2026-03-04T09:40", "2026-03-04T09:40:00Z"),
            ("Wed 4 March, 09:40", "2026-03-04T09:40:00Z"),
            ("4 Mar 2025 0940", "2025-03-04T09:40:00Z"),
            // Summer time.
            ("2025-07-04 09:40", "2025-07-04T08:40:00Z"),
            ("2025-07-04T09:40:00+02:00", "2025-07-04T07:40:00Z"),
            ("2025-10-26 01:30:00+01:00", "2025-10-26T00:30:00Z"),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text, LONDON, now), Ok(at(expected)), "{text}");
        }
        for bad in ["", "940", "2540", "0960", "soon", "-2", "-x", "4/3/2026 0940", "2026-02-30 0940", "31 Juni 0940"] {
            assert!(parse(bad, LONDON, now).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_shown_can_be_typed() {
        let now = at("2026-03-05T10:42:00Z");
        for text in ["2026-03-04T23:10:00Z", "2025-07-01T22:59:00Z", "2026-03-05T00:00:00Z"] {
            assert_eq!(parse(&full(at(text), LONDON, now), LONDON, now), Ok(at(text)));
        }
    }

    /// 29 March 2026, 01:00 to 02:00 does not exist in London; 25 October 2026, 01:00 to 02:00 is there twice.
    #[test]
    fn nights_on_which_the_clocks_change() {
        let now = at("2026-10-25T12:00:00Z");
        assert!(parse("2026-03-29 01:30", LONDON, now).unwrap_err().contains("skipped"));
        let why = parse("0130", LONDON, now).unwrap_err();
        assert!(why.contains("2026-10-25 01:30:00+01:00") && why.contains("2026-10-25 01:30:00+00:00"), "{why}");
        assert_eq!(parse("2026-10-25 01:30:00+01:00", LONDON, now), Ok(at("2026-10-25T00:30:00Z")));
        assert_eq!(parse("0300", LONDON, now), Ok(at("2026-10-25T03:00:00Z")));
    }

    #[test]
    fn times_as_they_are_shown() {
        let now = at("2026-03-05T10:42:00Z");
        assert_eq!(full(at("2026-03-26T09:40:00Z"), LONDON, now), "Thu 26 March 09:40");
        assert_eq!(full(at("2026-06-26T09:40:00Z"), LONDON, now), "Fri 26 June 10:40");
        assert_eq!(day(at("2025-12-31T23:59:00Z"), LONDON, now), "Wed 31 December 2025");
        assert_eq!(length(TimeDelta::minutes(138)), "2 h 18 m");
        assert_eq!(length(TimeDelta::minutes(-65)), "1 h 05 m");
        assert_eq!(length(TimeDelta::hours(14 * 24)), "14 days");
    }

    #[test]
    fn late_by_94_hours_is_said_in_days() {
        let said = |hours: i64| length(TimeDelta::hours(hours));
        assert_eq!((said(94).as_str(), said(-94).as_str(), said(48).as_str()), ("3 days", "3 days", "2 days"));
        assert_eq!(length(TimeDelta::minutes(48 * 60 - 1)), "47 h 59 m");
        assert_eq!((figure(47.9, 47.9).as_str(), figure(60.0, 60.0).as_str()), ("47.9 h", "2.5 days"));
        assert_eq!(figure(24.0, 96.0), "1 day", "beside others on an axis of days");
        let german = Reader { language: Language::German, ..reader::current() };
        let said = reader::scoped_now(german, || (length(TimeDelta::hours(94)), figure(60.0, 60.0)));
        assert_eq!(said, ("3 Tage".to_owned(), "2,5 Tage".to_owned()));
    }

    #[test]
    fn dates_are_not_guessed() {
        assert_eq!(parse_date("1968-03-12"), NaiveDate::from_ymd_opt(1968, 3, 12));
        assert_eq!(parse_date("12 Mar 1968"), NaiveDate::from_ymd_opt(1968, 3, 12));
        for bad in ["3/12/1968", "12 March", "12 March 68", "1968-13-01", "0068-03-12"] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }
}

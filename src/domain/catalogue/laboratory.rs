//! Where and when the laboratory works: its place, its zone, its opening hours, its days off.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::due;

/// The laboratory itself. Every local time in the catalogue is a wall-clock time in its zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Laboratory {
    /// Its name as reports print it (42 CFR 493.1291(c) asks for name and address on every report).
    pub name: String,
    /// Its postal address, one line.
    pub address: String,
    /// Whom to call about a sample, as it is dialed from outside. Absent: not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The IANA time zone, such as `Europe/London`.
    #[serde(with = "zone_name")]
    #[schema(value_type = String, example = "Europe/London")]
    pub time_zone: Tz,
    /// When reception opens, local time.
    pub opens: NaiveTime,
    /// When the working day ends, local time. A target counted in days is due at this time.
    pub closes: NaiveTime,
    /// The days of the week on which the laboratory works (`Mon` … `Sun`).
    #[schema(value_type = Vec<String>)]
    pub working_days: Vec<Weekday>,
    /// The days off, each with its name. They are no working days whatever the day of the week.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    pub holidays: BTreeMap<NaiveDate, String>,
}

impl Laboratory {
    /// The local calendar day on which `at` falls.
    pub fn local_date(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.time_zone).date_naive()
    }

    /// The local day of the week on which `at` falls.
    pub fn local_weekday(&self, at: DateTime<Utc>) -> Weekday {
        self.local_date(at).weekday()
    }

    /// Whether the laboratory works on that local day.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.working_days.contains(&date.weekday()) && !self.holidays.contains_key(&date)
    }

    /// Whether the laboratory is open at that moment.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        let local = at.with_timezone(&self.time_zone);
        self.is_working_day(local.date_naive()) && (self.opens..self.closes).contains(&local.time())
    }

    /// The moment at which the laboratory's clocks show `time` on `date`; see [`due`] for what happens when the
    /// clocks change.
    pub fn moment(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        due::moment(self.time_zone, date.and_time(time))
    }
}

/// The zone as its IANA name: `chrono-tz` is built without its serde feature.
mod zone_name {
    use chrono_tz::Tz;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    pub fn serialize<S: Serializer>(zone: &Tz, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(zone.name())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Tz, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(d)?;
        name.parse().map_err(|_| {
            serde::de::Error::custom(format!("“{}” is no IANA time zone such as Europe/London", name.escape_default()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Catalogue, sample};

    #[test]
    fn open_hours_are_local() {
        let lab = Catalogue::parse(sample::TEXT).unwrap().laboratory;
        let table = [
            ("2026-07-06T06:59:00Z", false),
            ("2026-07-06T07:00:00Z", true),
            ("2026-07-06T16:59:00Z", true),
            ("2026-07-06T17:00:00Z", false),
            ("2026-12-24T17:30:00Z", true),
            ("2026-12-25T12:00:00Z", false),
            ("2026-07-05T12:00:00Z", false),
        ];
        for (at, open) in table {
            assert_eq!(lab.is_open(at.parse().unwrap()), open, "{at}");
        }
    }

    #[test]
    fn a_day_is_a_local_day() {
        let lab = Catalogue::parse(sample::TEXT).unwrap().laboratory;
        let late = "2026-07-06T23:30:00Z".parse().unwrap();
        assert_eq!(lab.local_date(late).to_string(), "2026-07-07");
        assert_eq!(lab.local_weekday(late), chrono::Weekday::Tue);
    }

    #[test]
    fn a_zone_must_exist() {
        let text = sample::changed(&[("Europe/London", "Europe/Cambridge")]);
        let findings = Catalogue::parse(&text).unwrap_err();
        assert!(findings[0].message.contains("“Europe/Cambridge” is no IANA time zone"), "{findings:?}");
    }
}

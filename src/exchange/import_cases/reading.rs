//! Cells as values: what a row and a case say, and everything that does not fit.

use std::ops::Range;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveTime, SubsecRound as _, TimeZone as _, Utc};
use chrono_tz::Tz;
use unicode_normalization::UnicodeNormalization as _;

use super::RowError;
use super::columns::{Column, Shape};
use super::sheet::{CELL_BYTES_MAX, Sheet};
use crate::domain::command::{NewSpecimen, OrdersInput, PatientInput, ProcedureInput, Suggested};
use crate::domain::{Code, LogCase, Sex, SpecimenKind};

/// Reads cells into values and remembers everything that does not fit.
pub(super) struct Reading<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) zone: Tz,
    /// The row being read.
    pub(super) record: usize,
    pub(super) errors: Vec<RowError>,
}

impl Reading<'_> {
    /// One case; `None` when a cell that it cannot do without could not be read, which has then been recorded.
    pub(super) fn case(&mut self, records: &[usize]) -> Option<LogCase> {
        let (&first, others) = records.split_first()?;
        self.record = first;
        // Everything is read before anything is given up, so that all that is wrong is said at once.
        let patient = PatientInput {
            mrn: self.text(Column::Mrn).unwrap_or_default(),
            family_name: self.text(Column::FamilyName).unwrap_or_default(),
            given_name: self.text(Column::GivenName).unwrap_or_default(),
            born: self.date(Column::Born),
            sex: self.word(Column::Sex).unwrap_or(Sex::Unknown),
        };
        let requester = self.text(Column::Requester).unwrap_or_default();
        let indication = self.needed(Column::Indication, Self::code);
        let urgency = self.word(Column::Urgency);
        let clinical_note = self.text(Column::ClinicalNote);
        let procedure = ProcedureInput {
            performed_at: self.time(Column::ProcedureAt),
            operator: self.text(Column::Operator),
            site: self.code(Column::Site),
            side: self.word(Column::Side),
            outcome: self.word(Column::Outcome),
        };
        let orders = self.orders();
        for other in others {
            self.agrees(first, *other);
        }
        let specimens: Vec<Option<NewSpecimen>> = records
            .iter()
            .map(|record| {
                self.record = *record;
                self.part()
            })
            .collect();
        Some(LogCase {
            external_ref: Some(self.sheet.cell(first, Column::ExternalRef).to_owned()),
            patient,
            requester,
            indication: indication?,
            urgency,
            clinical_note,
            procedure,
            specimens: specimens.into_iter().collect::<Option<_>>()?,
            orders,
            reason: None,
        })
    }

    fn part(&mut self) -> Option<NewSpecimen> {
        let kind = self.needed(Column::Kind, Self::word::<SpecimenKind>);
        let container = self.needed(Column::Container, Self::code);
        let pull_number = self.number(Column::PullNumber, "a pull has a small whole number, 1 for the first");
        let volume_ul = self.number(Column::VolumeUl, "a volume is a whole number of µL: 2.5 mL is 2500");
        let length_mm = self.number(Column::LengthMm, "a length is a whole number of mm: 1.5 cm is 15");
        let site = self.code(Column::PartSite);
        let side = self.word(Column::PartSide);
        let collected_at = self.time(Column::CollectedAt);
        let fixed_at = self.time(Column::FixedAt);
        let temperature = self.word(Column::Temperature);
        let not_collected = self.code(Column::NotCollectedReason);
        Some(NewSpecimen {
            kind: kind?,
            container: container?,
            pull_number,
            volume_ul,
            length_mm,
            site,
            side,
            collected_at,
            fixed_at,
            temperature,
            not_collected,
        })
    }

    /// Whether another row of the case says the same about the case as its first row does.
    fn agrees(&mut self, first: usize, other: usize) {
        for column in Column::ALL {
            let (here, there) = (self.sheet.cell(other, *column), self.sheet.cell(first, *column));
            let Some(shape) = column.compared_as().filter(|_| here != there && *column != Column::ExternalRef) else {
                continue;
            };
            if self.comparable(shape, here) == self.comparable(shape, there) {
                continue;
            }
            // What the other row says is not repeated: it may be another person's name.
            let line = self.sheet.line(first);
            let message = format!("line {line} says otherwise, and both rows are of one case");
            self.errors.push(self.sheet.error(other, Some(*column), "mismatch", message));
        }
    }

    fn comparable(&self, shape: Shape, cell: &str) -> String {
        match shape {
            Shape::Text => cell.nfc().collect(),
            Shape::Word => cell.to_ascii_lowercase(),
            Shape::Time => moment(cell, self.zone).map_or_else(|_| cell.to_owned(), |at| at.to_rfc3339()),
            Shape::Words => words(cell).collect::<Vec<_>>().join(" ").to_ascii_lowercase(),
        }
    }

    fn fail(&mut self, column: Column, code: &str, message: impl Into<String>) {
        self.errors.push(self.sheet.error(self.record, Some(column), code, message));
    }

    /// The cell, or nothing when it is empty. An oversized one is recorded and read no further.
    fn text(&mut self, column: Column) -> Option<String> {
        let cell = self.sheet.cell(self.record, column);
        if cell.len() > CELL_BYTES_MAX {
            self.fail(column, "too_long", format!("a cell holds at most {CELL_BYTES_MAX} bytes"));
            return None;
        }
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    /// A value that a row cannot do without.
    fn needed<T>(&mut self, column: Column, read: impl FnOnce(&mut Self, Column) -> Option<T>) -> Option<T> {
        if self.sheet.cell(self.record, column).is_empty() {
            self.fail(column, "missing", "this is needed");
            return None;
        }
        read(self, column)
    }

    fn read<T>(&mut self, column: Column, read: impl FnOnce(&str) -> Result<T, Misread>) -> Option<T> {
        let text = self.text(column)?;
        match read(&text) {
            Ok(value) => Some(value),
            Err(Misread { code, message }) => {
                self.fail(column, code, message);
                None
            }
        }
    }

    fn code(&mut self, column: Column) -> Option<Code> {
        self.read(column, |text| Code::parse(text).map_err(|why| Misread::new("malformed", why)))
    }

    fn word<T: FromStr<Err = String>>(&mut self, column: Column) -> Option<T> {
        self.read(column, |text| text.to_ascii_lowercase().parse().map_err(|why| Misread::new("unknown_code", why)))
    }

    fn number<T: FromStr>(&mut self, column: Column, hint: &str) -> Option<T> {
        self.read(column, |text| {
            let digits = text.strip_prefix('-').unwrap_or(text);
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(Misread::new("not_a_number", hint));
            }
            // Only a sign or too many digits can be wrong now.
            text.parse().map_err(|_| Misread::new("out_of_range", format!("this does not fit; {hint}")))
        })
    }

    fn date(&mut self, column: Column) -> Option<NaiveDate> {
        self.read(column, date)
    }

    fn time(&mut self, column: Column) -> Option<DateTime<Utc>> {
        let zone = self.zone;
        self.read(column, |text| moment(text, zone))
    }

    fn orders(&mut self) -> OrdersInput {
        let orders = self.read(Column::Orders, |text| {
            if text.eq_ignore_ascii_case(SUGGESTED) {
                return Ok(OrdersInput::Suggested(Suggested::Suggested));
            }
            if words(text).any(|word| word.eq_ignore_ascii_case(SUGGESTED)) {
                let message = "write “suggested” alone, or the codes of all assays";
                return Err(Misread::new("malformed", message));
            }
            let codes: Result<_, _> = words(text).map(Code::parse).collect();
            codes.map(OrdersInput::Codes).map_err(|why| Misread::new("malformed", why))
        });
        // A marrow may come before its request does.
        orders.unwrap_or_else(|| OrdersInput::Codes(Vec::new()))
    }
}

/// The word that orders the indication's set.
const SUGGESTED: &str = "suggested";

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ';' || c.is_whitespace()).filter(|word| !word.is_empty())
}

/// Why a cell cannot be read.
pub(in crate::exchange) struct Misread {
    pub(in crate::exchange) code: &'static str,
    pub(in crate::exchange) message: String,
}

impl Misread {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// `2026-03-29`, and nothing that merely resembles it: 29/03/26 could be read in three ways.
fn date(text: &str) -> Result<NaiveDate, Misread> {
    let fits = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    if !fits {
        return Err(Misread::new("not_a_date", "write the date as year-month-day, such as 2026-03-02"));
    }
    NaiveDate::from_str(text).map_err(|_| Misread::new("not_a_date", "there is no such day in the calendar"))
}

/// RFC 3339 with an offset, or date and time of day in `zone`.
pub(in crate::exchange) fn moment(text: &str, zone: Tz) -> Result<DateTime<Utc>, Misread> {
    let shape = || {
        let message = "write the time as 2026-03-02 09:40 (the laboratory's own clock) or, with an offset, 2026-03-02T09:40:00+00:00";
        Misread::new("not_a_time", message)
    };
    let (Some(day), Some("T" | "t" | " "), Some(clock)) = (text.get(..10), text.get(10..11), text.get(11..)) else {
        return Err(shape());
    };
    let day = date(day).map_err(|wrong| Misread { code: "not_a_time", ..wrong })?;
    let offset_at = clock.find(['Z', 'z', '+', '-']);
    let (clock, offset) = clock.split_at(offset_at.unwrap_or(clock.len()));
    let local = day.and_time(time_of_day(clock).ok_or_else(shape)?);
    if !offset.is_empty() {
        let offset = offset_of(offset).ok_or_else(shape)?;
        let at = offset.from_local_datetime(&local).single().ok_or_else(shape)?;
        return Ok(at.to_utc());
    }
    let message = |what: &str| format!("the clocks change in {} that night: {what}", zone.name());
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) => Ok(at.to_utc()),
        MappedLocalTime::Ambiguous(early, late) => {
            let what = format!("this time comes twice; write {} or {}", early.to_rfc3339(), late.to_rfc3339());
            Err(Misread::new("ambiguous_time", message(&what)))
        }
        MappedLocalTime::None => {
            let what = "this time is left out; correct it, or write it with its offset";
            Err(Misread::new("no_such_time", message(what)))
        }
    }
}

/// `09:40`, `09:40:15` or `09:40:15.25`, in whole microseconds.
fn time_of_day(text: &str) -> Option<NaiveTime> {
    let digits = |range: Range<usize>| text.get(range)?.bytes().all(|b| b.is_ascii_digit()).then_some(());
    digits(0..2)?;
    digits(3..5)?;
    if text.len() == 5 {
        return NaiveTime::parse_from_str(text, "%H:%M").ok();
    }
    digits(6..8)?;
    // A leap second has no place in the count of microseconds since 1970, so it is refused rather than moved.
    let time = NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok().filter(|_| text.get(6..8) != Some("60"))?;
    Some(time.trunc_subsecs(6))
}

/// `Z` or `±hh:mm`.
fn offset_of(text: &str) -> Option<FixedOffset> {
    if text.eq_ignore_ascii_case("z") {
        return FixedOffset::east_opt(0);
    }
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let pair =
        |two: &str| two.parse::<i32>().ok().filter(|_| two.len() == 2 && two.bytes().all(|b| b.is_ascii_digit()));
    let seconds = pair(hours)? * 3600 + pair(minutes).filter(|m| *m < 60)? * 60;
    FixedOffset::east_opt(if text.starts_with('-') { -seconds } else { seconds })
}

//! How ids, moments and JSON are stored: natively on PostgreSQL, as checked text on SQLite.
//!
//! The wrappers are for statements inside the store. Rows that leave it hold plain `Uuid`, `DateTime<Utc>` and
//! `String`.

use chrono::{DateTime, NaiveDate, Timelike as _, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, SqlType, Text, Timestamptz, Uuid as PgUuid};
use diesel::sqlite::{Sqlite, SqliteValue};
use std::io::Write as _;
use uuid::Uuid;

use super::conn::{MultiBackend, MultiRawValue};

/// `uuid`, or `TEXT` of 36 lower-case characters.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951), sqlite_type(name = "Text"))]
pub struct SqlId;

/// `timestamptz`, or `TEXT` of 27 characters that sort as time: `2026-01-01T00:00:00.000000Z`.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Text"))]
pub struct SqlMoment;

/// `jsonb`, or `TEXT` that passes `json_valid`. PostgreSQL reorders keys: never hash what comes back.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807), sqlite_type(name = "Text"))]
pub struct SqlJson;

/// An id in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = SqlId)]
pub struct DbId(pub Uuid);

/// A moment in a statement, whole microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = SqlMoment)]
pub struct DbMoment(pub DateTime<Utc>);

/// JSON text in a statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = SqlJson)]
pub struct DbJson(pub String);

// What the derive writes for the built-in types: the enum of connections forwards to the engine's own impl.
macro_rules! on_multi_backend {
    ($($value:ty as $sql:ident),* $(,)?) => { $(
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                MultiBackend::lookup_sql_type::<$sql>(lookup)
            }
        }

        impl ToSql<$sql, MultiBackend> for $value {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value(($sql, self));
                Ok(IsNull::No)
            }
        }

        impl FromSql<$sql, MultiBackend> for $value {
            fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
                value.from_sql::<Self, $sql>()
            }
        }
    )* };
}

on_multi_backend!(DbId as SqlId, DbMoment as SqlMoment, DbJson as SqlJson);

impl ToSql<SqlId, Pg> for DbId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<PgUuid, Pg>::to_sql(&self.0, out)
    }
}

impl FromSql<SqlId, Pg> for DbId {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Uuid as FromSql<PgUuid, Pg>>::from_sql(value).map(Self)
    }
}

impl ToSql<SqlId, Sqlite> for DbId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.hyphenated().to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<SqlId, Sqlite> for DbId {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = value.read_text();
        // Upper case or braces would compare unequal in the database: only one spelling is right.
        match Uuid::try_parse(text) {
            Ok(id) if text.len() == 36 && !text.bytes().any(|b| b.is_ascii_uppercase()) => Ok(Self(id)),
            _ => Err("an id is not a lower-case UUID".into()),
        }
    }
}

impl ToSql<SqlMoment, Pg> for DbMoment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let moment = storable(self.0)?;
        // `out.reborrow()`: the value is written at once, so it need not live as long as the query.
        ToSql::<Timestamptz, Pg>::to_sql(&moment, &mut out.reborrow())
    }
}

impl FromSql<SqlMoment, Pg> for DbMoment {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <DateTime<Utc> as FromSql<Timestamptz, Pg>>::from_sql(value).map(Self)
    }
}

impl ToSql<SqlMoment, Sqlite> for DbMoment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(moment_text(self.0)?);
        Ok(IsNull::No)
    }
}

impl FromSql<SqlMoment, Sqlite> for DbMoment {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        parse_moment(value.read_text()).map(Self).ok_or_else(|| "a moment is not in its fixed form".into())
    }
}

/// PostgreSQL's binary form of jsonb: this byte, then the text.
const JSONB_FORM: u8 = 1;

impl ToSql<SqlJson, Pg> for DbJson {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[JSONB_FORM])?;
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<SqlJson, Pg> for DbJson {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes() {
            [JSONB_FORM, text @ ..] => Ok(Self(std::str::from_utf8(text)?.to_owned())),
            _ => Err("jsonb in an unknown binary form".into()),
        }
    }
}

impl ToSql<SqlJson, Sqlite> for DbJson {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        ToSql::<Text, Sqlite>::to_sql(self.0.as_str(), out)
    }
}

impl FromSql<SqlJson, Sqlite> for DbJson {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self(value.read_text().to_owned()))
    }
}

/// Whole microseconds, and a year of four digits; anything else would break the fixed width, or come back changed.
fn storable(moment: DateTime<Utc>) -> Result<DateTime<Utc>, &'static str> {
    use chrono::Datelike as _;
    let whole = DateTime::from_timestamp_micros(moment.timestamp_micros()).ok_or(OUT_OF_RANGE)?;
    if (1..=9999).contains(&whole.year()) { Ok(whole) } else { Err(OUT_OF_RANGE) }
}

const OUT_OF_RANGE: &str = "a moment before year 1 or after year 9999";

/// The fixed form: 27 characters, UTC, microseconds. Refuses years that do not have four digits.
pub fn moment_text(moment: DateTime<Utc>) -> Result<String, &'static str> {
    use chrono::Datelike as _;
    let moment = storable(moment)?;
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    put(&mut text[0..4], moment.year().unsigned_abs());
    put(&mut text[5..7], moment.month());
    put(&mut text[8..10], moment.day());
    put(&mut text[11..13], moment.hour());
    put(&mut text[14..16], moment.minute());
    put(&mut text[17..19], moment.second());
    put(&mut text[20..26], moment.nanosecond() / 1_000);
    Ok(text.iter().map(|&byte| char::from(byte)).collect())
}

/// Decimal digits, right-aligned into zeros. By hand because chrono's formatter is the dearest part of an insert.
fn put(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
}

/// Reads the fixed form and nothing else.
pub fn parse_moment(text: &str) -> Option<DateTime<Utc>> {
    let bytes: &[u8; 27] = text.as_bytes().try_into().ok()?;
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (26, b'Z')];
    if marks.iter().any(|&(at, mark)| bytes[at] != mark) {
        return None;
    }
    let year = i32::try_from(get(&bytes[0..4])?).ok()?;
    NaiveDate::from_ymd_opt(year, get(&bytes[5..7])?, get(&bytes[8..10])?)
        .filter(|_| year > 0)?
        .and_hms_micro_opt(get(&bytes[11..13])?, get(&bytes[14..16])?, get(&bytes[17..19])?, get(&bytes[20..26])?)
        .filter(|time| time.nanosecond() < 1_000_000_000)
        .map(|time| time.and_utc())
}

fn get(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

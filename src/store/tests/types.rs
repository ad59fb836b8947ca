use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use proptest::prelude::*;
use uuid::Uuid;

use super::super::schema::{patients, users};
use super::super::sql_types::{DbId, DbJson, DbMoment, moment_text, parse_moment};
use super::super::testing::engines;
use super::super::{DbConn, Store, StoreError};
use super::moment;

fn at(year: i32, micro: u32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap().and_hms_micro_opt(23, 59, 59, micro).unwrap().and_utc()
}

fn insert(
    store: &Store,
    number: u128,
    created: DateTime<Utc>,
    disabled: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    store.write_now("insert", move |tx| {
        diesel::insert_into(users::table)
            .values((
                users::id.eq(DbId(Uuid::from_u128(number))),
                users::name.eq(format!("u{number}")),
                users::full_name.eq("U"),
                users::password_hash.eq("x"),
                users::roles.eq(""),
                users::disabled_at.eq(disabled.map(DbMoment)),
                users::created_at.eq(DbMoment(created)),
                users::version.eq(1_i64),
            ))
            .execute(&mut **tx)?;
        Ok(())
    })
}

type Found = Vec<(DbId, Option<DbMoment>, DbMoment)>;

fn found(conn: &mut DbConn) -> Result<Found, StoreError> {
    Ok(users::table
        .order((users::created_at, users::id))
        .select((users::id, users::disabled_at, users::created_at))
        .load(conn)?)
}

#[test]
fn ids_and_moments_come_back_unchanged() {
    for database in engines() {
        let store = database.open();
        let samples = [
            (u128::MAX, at(1, 0), None),
            (1, at(1969, 999_999), Some(at(9999, 999_999))),
            (2, at(2026, 1), Some(at(1, 0))),
            (3, at(9999, 999_999), None),
        ];
        for (number, created, disabled) in samples {
            insert(&store, number, created, disabled).unwrap();
        }
        let expected: Vec<_> = samples
            .iter()
            .map(|&(number, created, disabled)| {
                (DbId(Uuid::from_u128(number)), disabled.map(DbMoment), DbMoment(created))
            })
            .collect();
        assert_eq!(store.read_now(found).unwrap(), expected, "{}", database.engine);
        // Filters: bound as a value, a list, a null.
        let picked: i64 = store
            .read_now(|conn| {
                Ok::<_, StoreError>(
                    users::table
                        .filter(users::id.eq_any([DbId(Uuid::from_u128(1)), DbId(Uuid::from_u128(2))]))
                        .filter(users::disabled_at.gt(DbMoment(at(2000, 0))))
                        .count()
                        .get_result(conn)?,
                )
            })
            .unwrap();
        assert_eq!(picked, 1);
    }
}

#[test]
fn what_would_change_on_the_way_is_cut_or_refused() {
    for database in engines() {
        let store = database.open();
        // Below a microsecond, and before 1970, where cutting towards zero would round up.
        let fine = at(1960, 1) + chrono::TimeDelta::nanoseconds(999);
        insert(&store, 1, fine, None).unwrap();
        assert_eq!(store.read_now(found).unwrap()[0].2, DbMoment(at(1960, 1)), "{}", database.engine);
        for year in [-1, 0, 10_000, 200_000] {
            for (created, disabled) in [(at(year, 0), None), (moment(0), Some(at(year, 0)))] {
                let refused = insert(&store, 2, created, disabled);
                assert!(
                    matches!(refused, Err(StoreError::Unstorable { .. })),
                    "{} {year} {refused:?}",
                    database.engine
                );
            }
        }
        assert_eq!(store.read_now(found).unwrap().len(), 1);
    }
}

#[test]
fn json_comes_back_with_the_same_meaning() {
    for database in engines() {
        let store = database.open();
        let json = r#"{"b": [1, 2.50, null, true], "a": {"é": "\u0007\"\\"}}"#;
        let put = |body: &'static str, number: u128| {
            store.write_now("insert", move |tx| {
                diesel::insert_into(patients::table)
                    .values((
                        patients::id.eq(DbId(Uuid::from_u128(number))),
                        patients::mrn.eq(format!("m{number}")),
                        patients::family_name.eq("F"),
                        patients::given_name.eq("G"),
                        patients::name_key.eq("f g"),
                        patients::sex.eq("unknown"),
                        patients::version.eq(1_i64),
                        patients::body.eq(DbJson(body.to_owned())),
                    ))
                    .execute(&mut **tx)?;
                Ok::<(), StoreError>(())
            })
        };
        put(json, 1).unwrap();
        assert!(put("{", 2).is_err());
        let DbJson(back) =
            store.read_now(|conn| Ok::<_, StoreError>(patients::table.select(patients::body).first(conn)?)).unwrap();
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&back), value(json), "{}", database.engine);
    }
}

proptest! {
    #[test]
    fn moments_keep_their_order_and_their_value(a in -62_135_596_800_000_000_i64..=253_402_300_799_999_999,
                                                b in -62_135_596_800_000_000_i64..=253_402_300_799_999_999) {
        let [one, two] = [a, b].map(|micros| DateTime::from_timestamp_micros(micros).unwrap());
        let [first, second] = [one, two].map(|moment| moment_text(moment).unwrap());
        prop_assert_eq!(first.len(), 27);
        prop_assert_eq!(first.cmp(&second), one.cmp(&two));
        prop_assert_eq!(parse_moment(&first), Some(one));
        prop_assert_eq!(&first, &one.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string());
    }

    #[test]
    fn nothing_but_the_fixed_form_is_read(text in "[0-9TZ:.+-]{20,30}") {
        if let Some(moment) = parse_moment(&text) {
            prop_assert_eq!(moment_text(moment).unwrap(), text);
        }
    }
}

#[test]
fn other_forms_are_not_read() {
    for text in [
        "0000-01-01T00:00:00.000000Z",
        "2026-02-30T00:00:00.000000Z",
        "2026-01-01T24:00:00.000000Z",
        "2026-01-01T23:59:60.000000Z",
        "2026-01-01 00:00:00.000000Z",
        "2026-01-01T00:00:00.000000+",
        "2026-01-01T00:00:00.00000Z",
        "+026-01-01T00:00:00.000000Z",
        "２026-01-01T00:00:00.0000Z",
    ] {
        assert_eq!(parse_moment(text), None, "{text}");
    }
}

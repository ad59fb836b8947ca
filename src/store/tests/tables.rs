use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::tables::{catalogues, counters, drafts, idempotency, login_failures, sessions, tokens, users};
use super::super::testing::engines;
use super::super::{Store, StoreError, Tx};
use super::moment;

fn write<T: Send + 'static>(
    store: &Store,
    work: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    store.write_now("test", work)
}

fn user(number: u128, name: &str) -> users::User {
    users::User {
        id: Uuid::from_u128(number),
        name: name.to_owned(),
        full_name: "Somebody".to_owned(),
        password_hash: "$argon2id$".to_owned(),
        roles: "tech admin".to_owned(),
        disabled_at: None,
        created_at: moment(0),
        version: 1,
    }
}

pub(super) fn sign_in(tx: &mut Tx<'_>, id_hash: &str, user_id: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
    sessions::insert(
        tx,
        &sessions::Session {
            id_hash: id_hash.to_owned(),
            user_id,
            csrf: "c".to_owned(),
            created_at: at,
            seen_at: at,
            expires_at: at + chrono::TimeDelta::hours(12),
            authenticated_at: at,
            bench: None,
        },
    )
}

#[test]
fn people() {
    for database in engines() {
        let store = database.open();
        assert!(!store.read_now(users::any).unwrap());
        let [zoe, adam] = [user(1, "zoe"), user(2, "adam")];
        for new in [zoe.clone(), adam.clone()] {
            write(&store, move |tx| users::insert(tx, &new)).unwrap();
        }
        assert!(store.read_now(users::any).unwrap());
        let taken = write(&store, |tx| users::insert(tx, &user(3, "zoe")));
        assert!(
            matches!(&taken, Err(StoreError::Conflict { constraint }) if constraint == "users_name_key"),
            "{taken:?}"
        );
        let taken = write(&store, |tx| users::insert(tx, &user(1, "other")));
        assert!(
            matches!(&taken, Err(StoreError::Conflict { constraint }) if constraint == "users_id_key"),
            "{taken:?}"
        );
        assert!(write(&store, |tx| users::insert(tx, &user(4, "Upper"))).is_err());

        assert_eq!(store.read_now(|conn| users::find(conn, zoe.id)).unwrap(), Some(zoe.clone()));
        assert_eq!(store.read_now(|conn| users::find_by_name(conn, "adam")).unwrap(), Some(adam.clone()));
        assert_eq!(store.read_now(|conn| users::find_by_name(conn, "nobody")).unwrap(), None);
        assert_eq!(store.read_now(users::list).unwrap(), [adam, zoe.clone()]);

        let changed = users::User { disabled_at: Some(moment(9)), version: 2, roles: String::new(), ..zoe };
        let update = changed.clone();
        assert!(write(&store, move |tx| users::update(tx, 1, &update)).unwrap());
        let update = changed.clone();
        assert!(!write(&store, move |tx| users::update(tx, 1, &update)).unwrap());
        assert_eq!(store.read_now(|conn| users::find(conn, changed.id)).unwrap(), Some(changed));
    }
}

#[test]
fn signed_in_browsers() {
    for database in engines() {
        let store = database.open();
        let id = Uuid::from_u128(1);
        assert!(write(&store, move |tx| sign_in(tx, "none", id, moment(0))).is_err(), "a session without a user");
        write(&store, |tx| users::insert(tx, &user(1, "a"))).unwrap();
        for (number, hash) in ["one", "two", "three"].into_iter().enumerate() {
            let at = moment(i64::try_from(number).unwrap());
            write(&store, move |tx| sign_in(tx, hash, id, at)).unwrap();
        }
        write(&store, |tx| {
            assert!(sessions::touch(tx, "one", moment(50))?);
            assert!(sessions::set_bench(tx, "one", Some("flow"))?);
            assert!(sessions::set_authenticated(tx, "two", moment(40))?);
            assert!(!sessions::touch(tx, "gone", moment(50))?);
            Ok(())
        })
        .unwrap();
        let one = store.read_now(|conn| sessions::find(conn, "one")).unwrap().unwrap();
        assert_eq!((one.seen_at, one.bench.as_deref(), one.authenticated_at), (moment(50), Some("flow"), moment(0)));
        let hashes = |store: &Store, user| -> Vec<String> {
            let all = store.read_now(|conn| sessions::list(conn, user)).unwrap();
            all.into_iter().map(|session| session.id_hash).collect()
        };
        assert_eq!(hashes(&store, Some(id)), ["one", "two", "three"]);
        assert_eq!(hashes(&store, Some(Uuid::from_u128(9))), [""; 0]);
        assert_eq!(write(&store, move |tx| sessions::delete_of_user(tx, id, Some("two"))).unwrap(), 2);
        assert_eq!(hashes(&store, None), ["two"]);
        assert_eq!(write(&store, |tx| sessions::purge_expired(tx, moment(100))).unwrap(), 0);
        assert_eq!(write(&store, |tx| sessions::purge_expired(tx, moment(90_000))).unwrap(), 1);
        assert!(!write(&store, |tx| sessions::delete(tx, "two")).unwrap());
    }
}

#[test]
fn keys_of_programs() {
    for database in engines() {
        let store = database.open();
        let token = tokens::Token {
            id: Uuid::from_u128(5),
            hash: "h".to_owned(),
            user_id: Uuid::from_u128(1),
            name: "analyzer".to_owned(),
            scope: "results".to_owned(),
            created_at: moment(0),
            expires_at: moment(1_000),
            revoked_at: None,
            last_used_at: None,
        };
        let new = token.clone();
        write(&store, move |tx| {
            users::insert(tx, &user(1, "a"))?;
            tokens::insert(tx, &new)
        })
        .unwrap();
        assert_eq!(store.read_now(|conn| tokens::find_by_hash(conn, "h")).unwrap(), Some(token.clone()));
        assert_eq!(store.read_now(|conn| tokens::list(conn, Some(token.user_id))).unwrap(), vec![token.clone()]);
        let id = token.id;
        assert!(write(&store, move |tx| tokens::touch(tx, id, moment(3))).unwrap());
        assert!(write(&store, move |tx| tokens::revoke(tx, id, moment(4))).unwrap());
        assert!(!write(&store, move |tx| tokens::revoke(tx, id, moment(5))).unwrap());
        let user_id = token.user_id;
        assert_eq!(write(&store, move |tx| tokens::revoke_of_user(tx, user_id, moment(6))).unwrap(), 0);
        let now = store.read_now(|conn| tokens::find(conn, id)).unwrap().unwrap();
        assert_eq!((now.last_used_at, now.revoked_at), (Some(moment(3)), Some(moment(4))));
        let mut twin = token;
        twin.id = Uuid::from_u128(6);
        let refused = write(&store, move |tx| tokens::insert(tx, &twin));
        assert!(
            matches!(&refused, Err(StoreError::Conflict { constraint }) if constraint == "tokens_hash_key"),
            "{refused:?}"
        );
    }
}

#[test]
fn failed_tries() {
    for database in engines() {
        let store = database.open();
        assert_eq!(store.read_now(|conn| login_failures::find(conn, "eve")).unwrap(), None);
        for expected in 1..=3 {
            let count = write(&store, move |tx| login_failures::record(tx, "eve", moment(expected))).unwrap();
            assert_eq!(count, expected);
        }
        let found = store.read_now(|conn| login_failures::find(conn, "eve")).unwrap().unwrap();
        assert_eq!((found.count, found.last_at), (3, moment(3)));
        assert_eq!(write(&store, |tx| login_failures::purge_before(tx, moment(3))).unwrap(), 0);
        write(&store, |tx| login_failures::clear(tx, "eve")).unwrap();
        assert_eq!(store.read_now(|conn| login_failures::find(conn, "eve")).unwrap(), None);
    }
}

#[test]
fn answers_are_given_again() {
    for database in engines() {
        let store = database.open();
        let answered = idempotency::Answered {
            actor_id: Uuid::from_u128(1),
            key: "k".to_owned(),
            body_hash: "b".to_owned(),
            status: 201,
            answer: "{}".to_owned(),
            created_at: moment(0),
        };
        let new = answered.clone();
        write(&store, move |tx| idempotency::put(tx, &new)).unwrap();
        let find = |actor| store.read_now(|conn| idempotency::find(conn, Uuid::from_u128(actor), "k")).unwrap();
        assert_eq!(find(1), Some(answered.clone()));
        assert_eq!(find(2), None);
        let taken = write(&store, move |tx| idempotency::put(tx, &answered));
        assert!(
            matches!(&taken, Err(StoreError::Conflict { constraint }) if constraint == "idempotency_actor_id_key_key"),
            "{taken:?}"
        );
        assert_eq!(write(&store, |tx| idempotency::purge_before(tx, moment(0))).unwrap(), 0);
        assert_eq!(write(&store, |tx| idempotency::purge_before(tx, moment(1))).unwrap(), 1);
        assert_eq!(find(1), None);
    }
}

#[test]
fn catalogues_are_kept() {
    for database in engines() {
        let store = database.open();
        assert_eq!(store.read_now(catalogues::newest).unwrap(), None);
        assert_eq!(store.read_now(catalogues::newest_version).unwrap(), 0);
        let catalogue = |version: i64| catalogues::Catalogue {
            version,
            loaded_at: moment(version),
            loaded_by: "a".to_owned(),
            sha256: "0".repeat(64),
            text: format!("catalogue {version}"),
        };
        for version in [1, 2] {
            write(&store, move |tx| catalogues::insert(tx, &catalogue(version))).unwrap();
        }
        assert!(matches!(
            write(&store, move |tx| catalogues::insert(tx, &catalogue(2))),
            Err(StoreError::Conflict { .. })
        ));
        assert_eq!(store.read_now(catalogues::newest).unwrap(), Some(catalogue(2)));
        assert_eq!(store.read_now(catalogues::newest_version).unwrap(), 2);
        assert_eq!(store.read_now(|conn| catalogues::find(conn, 1)).unwrap(), Some(catalogue(1)));
        assert_eq!(store.read_now(catalogues::list).unwrap(), [catalogue(1), catalogue(2)]);
    }
}

#[test]
fn counters_count_per_scope() {
    for database in engines() {
        let store = database.open();
        let next = |scope: &'static str| write(&store, move |tx| counters::next(tx, scope)).unwrap();
        assert_eq!((next("a"), next("a"), next("b"), next("a")), (1, 2, 1, 3));
        assert_eq!(store.read_now(|conn| counters::last(conn, "a")).unwrap(), 3);
    }
}

#[test]
fn begun_forms() {
    for database in engines() {
        let store = database.open();
        for (number, name) in [(1, "zoe"), (2, "adam")] {
            write(&store, move |tx| users::insert(tx, &user(number, name))).unwrap();
        }
        let draft = |number: u128, place: &str, begun: i64, updated: i64, value: &str| drafts::Draft {
            user_id: Uuid::from_u128(number),
            place: place.to_owned(),
            begun_at: moment(begun),
            updated_at: moment(updated),
            // The order of the fields, and the same name twice, survive.
            fields: vec![("z".into(), value.into()), ("a".into(), "1".into()), ("z".into(), "2".into())],
        };
        let kept = [
            draft(1, "cases/new#1", 0, 0, "x"),
            draft(1, "cases/new#2", 1, 1, "y"),
            draft(2, "cases/new#1", 0, 0, "w"),
        ];
        for new in kept.clone() {
            write(&store, move |tx| drafts::put(tx, &new)).unwrap();
        }
        let again = draft(1, "cases/new#1", 5, 5, "later");
        let put = again.clone();
        write(&store, move |tx| drafts::put(tx, &put)).unwrap();
        let now = drafts::Draft { begun_at: moment(0), ..again };
        let zoe = Uuid::from_u128(1);
        assert_eq!(store.read_now(|conn| drafts::find(conn, zoe, "cases/new#1")).unwrap(), Some(now.clone()));
        assert_eq!(store.read_now(|conn| drafts::of_user(conn, zoe)).unwrap(), [now, kept[1].clone()]);
        assert!(write(&store, move |tx| drafts::delete(tx, zoe, "cases/new#2")).unwrap());
        assert!(!write(&store, move |tx| drafts::delete(tx, zoe, "cases/new#2")).unwrap());
        assert_eq!(write(&store, |tx| drafts::purge_before(tx, moment(5))).unwrap(), 1);
        assert_eq!(store.read_now(|conn| drafts::of_user(conn, Uuid::from_u128(2))).unwrap(), []);
        assert_eq!(store.read_now(|conn| drafts::of_user(conn, zoe)).unwrap().len(), 1);
    }
}

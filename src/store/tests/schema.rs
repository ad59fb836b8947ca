use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, SqlType, Text};
use diesel::{Column, debug_query, dsl::sql, pg::Pg, sqlite::Sqlite};

use super::super::conn::{self, DbConn, Purpose, texts};
use super::super::schema::open;
use super::super::sql_types::{SqlId, SqlJson, SqlMoment};
use super::super::testing::{engines, postgres, sqlite};
use super::super::{migrate, schema};

/// A leaked copy: tests may ask what is not known at compile time.
fn ask(conn: &mut DbConn, question: &str) -> Vec<String> {
    texts(conn, Box::leak(question.to_owned().into_boxed_str())).unwrap()
}

/// Everything that the migrations make, as text.
fn dump(conn: &mut DbConn) -> Vec<String> {
    let question = match conn {
        DbConn::Sqlite(_) => {
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS value FROM sqlite_schema \
             UNION ALL SELECT 'application_id ' || application_id FROM pragma_application_id ORDER BY 1"
        }
        DbConn::Pg(_) => {
            "SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' \
                 || coalesce(collation_name, '') || ' ' || coalesce(column_default, '') || is_identity AS value \
                 FROM information_schema.columns WHERE table_schema = current_schema() \
             UNION ALL SELECT 'constraint ' || conname || ' ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) \
                 FROM pg_constraint WHERE connamespace = current_schema()::regnamespace \
             UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = current_schema() \
             UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal \
             UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc \
                 WHERE pronamespace = current_schema()::regnamespace ORDER BY 1"
        }
    };
    ask(conn, question)
}

#[test]
fn every_step_can_be_taken_back_and_again() {
    for database in engines() {
        let store = database.open();
        let steps = migrate::status(&store).unwrap().applied.len();
        let mut conn = conn::connect(store.location(), Purpose::Migrate).unwrap();
        let first = dump(&mut conn);
        assert!(first.len() > 50, "{first:#?}");
        migrate::revert(&mut conn, steps);
        let empty = dump(&mut conn);
        assert!(
            empty.iter().all(|line| line.contains("__diesel_schema_migrations") || line == "application_id 0"),
            "{empty:#?}"
        );
        migrate::apply(&mut conn);
        assert_eq!(dump(&mut conn), first);
    }
}

#[test]
fn both_engines_have_the_same_steps() {
    let names = |engine: &str| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let mut names: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    for database in engines() {
        // A new folder is embedded only when migrate.rs is compiled again: touch it.
        assert_eq!(migrate::status(&database.open()).unwrap().applied, names("sqlite"));
    }
}

trait Described {
    const POSTGRES: &str;
    const SQLITE: &str;
    const NULL: &str = "NO";
}

macro_rules! described {
    ($($sql:ty, $postgres:literal, $sqlite:literal;)*) => { $(
        impl Described for $sql { const POSTGRES: &str = $postgres; const SQLITE: &str = $sqlite; }
    )* };
}

described! {
    Text, "text", "TEXT";
    BigInt, "bigint", "INTEGER";
    Integer, "integer", "INTEGER";
    Bool, "boolean", "INTEGER";
    Binary, "bytea", "BLOB";
    SqlId, "uuid", "TEXT";
    SqlMoment, "timestamp with time zone", "TEXT";
    SqlJson, "jsonb", "TEXT";
}

impl<T: Described + SqlType> Described for Nullable<T> {
    const POSTGRES: &str = T::POSTGRES;
    const SQLITE: &str = T::SQLITE;
    const NULL: &str = "YES";
}

trait Columns {
    fn describe(table: &str, is_postgres: bool, lines: &mut Vec<String>);
}

macro_rules! columns {
    ($($column:ident)*) => {
        impl<$($column: Column),*> Columns for ($($column,)*) where $($column::SqlType: Described),* {
            fn describe(table: &str, is_postgres: bool, lines: &mut Vec<String>) {
                $(
                    let (postgres, sqlite) = (<$column::SqlType>::POSTGRES, <$column::SqlType>::SQLITE);
                    let (name, null) = ($column::NAME, <$column::SqlType>::NULL);
                    lines.push(format!("{table}.{name} {} {null}", if is_postgres { postgres } else { sqlite }));
                )*
            }
        }
    };
}

columns!(A B);
columns!(A B C);
columns!(A B C D E);
columns!(A B C D E F);
columns!(A B C D E F G H);
columns!(A B C D E F G H I);
columns!(A B C D E F G H I J);
columns!(A B C D E F G H I J K);
columns!(A B C D E F G H I J K L);
columns!(A B C D E F G H I J K L M);
columns!(A B C D E F G H I J K L M N);
columns!(A B C D E F G H I J K L M N O);
columns!(A B C D E F G H I J K L M N O P Q);
columns!(A B C D E F G H I J K L M N O P Q R);
columns!(A B C D E F G H I J K L M N O P Q R S);

fn all<C: Columns>(_: C, table: &str, is_postgres: bool, lines: &mut Vec<String>) {
    C::describe(table, is_postgres, lines);
}

fn declared(is_postgres: bool) -> Vec<String> {
    let mut lines = Vec::new();
    macro_rules! tables {
        ($($table:ident)*) => { $( all(schema::$table::all_columns, stringify!($table), is_postgres, &mut lines); )* };
    }
    tables! {
        trephine_meta counters idempotency journal users sessions tokens login_failures catalogues
        patients cases specimens orders results reports documents export_jobs saved_views opened_cases
        follows drafts
    }
    lines
}

#[test]
fn schema_rs_is_what_the_migrations_make() {
    for database in engines() {
        let store = database.open();
        let question = match database.engine {
            super::super::Engine::Sqlite => {
                "SELECT m.name || '.' || c.name || ' ' || c.type || CASE c.\"notnull\" WHEN 1 THEN ' NO' ELSE ' YES' END \
                     AS value FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c \
                 WHERE m.type = 'table' AND m.name <> '__diesel_schema_migrations' ORDER BY m.name, c.cid"
            }
            super::super::Engine::Postgres => {
                "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS value \
                 FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND table_name <> '__diesel_schema_migrations' \
                 ORDER BY table_name COLLATE \"C\", ordinal_position"
            }
        };
        let made = store.read_now(|conn| texts(conn, question)).unwrap();
        let mut declared = declared(store.path().is_none());
        // By table, and within one in the order of its columns.
        declared.sort_by(|a, b| a.split('.').next().cmp(&b.split('.').next()));
        assert_eq!(made, declared, "{}", database.engine);
    }
}

#[test]
fn every_sqlite_table_is_strict() {
    let store = sqlite();
    let loose = store.open().read_now(|conn| {
        texts(conn, "SELECT name AS value FROM pragma_table_list WHERE schema = 'main' AND NOT strict ORDER BY name")
    });
    assert_eq!(loose.unwrap(), ["__diesel_schema_migrations", "sqlite_schema"]);
}

#[test]
fn every_postgres_text_sorts_by_bytes() {
    let Some(database) = postgres() else { return };
    let other = database.open().read_now(|conn| {
        texts(
            conn,
            "SELECT (table_name || '.' || column_name)::text AS value FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name <> '__diesel_schema_migrations' \
             AND data_type LIKE '%char%' OR (table_schema = current_schema() AND data_type = 'text' \
             AND collation_name IS DISTINCT FROM 'C')",
        )
    });
    assert_eq!(other.unwrap(), [""; 0]);
}

/// The name that `StoreError::Conflict` builds from SQLite's words is the name that PostgreSQL has.
#[test]
fn every_unique_rule_is_named_by_the_pattern() {
    let Some(database) = postgres() else { return };
    let rules = database.open().read_now(|conn| {
        texts(
            conn,
            "SELECT i.indexrelid::regclass || ' ' || i.indrelid::regclass || '_' || (SELECT string_agg(attname, '_' \
                 ORDER BY place) FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place) \
                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number) || '_key' AS value \
             FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
             WHERE i.indisunique AND c.relnamespace = current_schema()::regnamespace \
             AND c.relname <> '__diesel_schema_migrations'",
        )
    });
    let rules = rules.unwrap();
    assert!(rules.len() >= 24, "{rules:#?}");
    for rule in rules {
        let (name, pattern) = rule.split_once(' ').unwrap();
        assert_eq!(name, pattern);
    }
}

/// What the two engines' files must say in the same words: the lists of allowed values, and the indexes.
#[test]
fn both_engines_have_the_same_rules() {
    let words = |engine: &str| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        let mut found = Vec::new();
        for name in names {
            let text = std::fs::read_to_string(name.join("up.sql")).unwrap();
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for (start, end) in [("CHECK (", " IN ( '"), ("CHECK (", " IN ('")] {
                for (at, _) in text.match_indices(start) {
                    let rest = &text[at + start.len()..];
                    if let Some(list) = rest.find(end).filter(|&list| list < 20) {
                        let close = rest.find("'))").unwrap();
                        found.push(format!("{} {}", &rest[..list], rest[list..close].replace("( ", "(")));
                    }
                }
            }
            for (at, _) in text.match_indices("CREATE INDEX") {
                found.push(text[at..].split(';').next().unwrap().to_owned());
            }
            for marker in ["CONSTRAINT ", "REFERENCES "] {
                for (at, _) in text.match_indices(marker) {
                    found.push(text[at..at + text[at..].find(')').unwrap()].to_owned());
                }
            }
        }
        found.sort();
        found
    };
    let words = [words("sqlite"), words("postgres")];
    assert_eq!(words[0], words[1]);
    assert!(words[0].iter().filter(|line| line.contains(" IN ('")).count() >= 12, "{words:#?}");
}

#[test]
fn questions_about_open_work_use_their_index() {
    use schema::{cases, orders, results, specimens};
    let flow = || sql::<Bool>("orders.department = 'flow'");
    macro_rules! plans {
        ($query:expr) => {
            ($query, debug_query::<Sqlite, _>(&$query).to_string(), debug_query::<Pg, _>(&$query).to_string())
        };
    }
    let (_, worklist_sqlite, worklist_postgres) = plans!(
        orders::table.select(orders::id).filter(open::orders()).filter(flow()).order((orders::urgent_by, orders::id))
    );
    let dated = || orders::table.select(orders::id).filter(open::orders()).filter(flow());
    let (_, dated_sqlite, dated_postgres) =
        plans!(dated().filter(orders::due_at.is_not_null()).order((orders::due_at, orders::id)));
    let (_, drafts_sqlite, drafts_postgres) = plans!(
        results::table
            .select(results::order_id)
            .filter(open::drafts())
            .filter(sql::<Bool>("results.entered_by = '00000000-0000-0000-0000-000000000000'"))
    );
    let (_, expected_sqlite, expected_postgres) =
        plans!(cases::table.select(cases::id).filter(cases::due_at.is_not_null()).order((cases::due_at, cases::id)));
    let (_, tallied_sqlite, tallied_postgres) = plans!(
        orders::table
            .filter(open::orders())
            .filter(sql::<Bool>("orders.department = 'FLOW'"))
            .group_by((orders::overdue, orders::state))
            .select((orders::overdue, orders::state, diesel::dsl::count_star()))
    );
    let (_, held_sqlite, held_postgres) =
        plans!(orders::table.select(orders::id).filter(open::held_orders()).order(orders::hold_until));
    let (_, due_sqlite, due_postgres) =
        plans!(orders::table.select(orders::id).filter(open::orders_coming_due()).order(orders::due_at));
    let (_, awaited_sqlite, awaited_postgres) = plans!(
        specimens::table
            .select(specimens::id)
            .filter(open::specimens())
            .filter(sql::<Bool>("specimens.state = 'received'"))
            .order(specimens::id)
    );
    let (_, recollect_sqlite, recollect_postgres) =
        plans!(cases::table.select(cases::id).filter(open::recollections()).order((cases::recollect_since, cases::id)));
    let (_, critical_sqlite, critical_postgres) =
        plans!(cases::table.select(cases::id).filter(open::critical()).order((cases::critical_due_at, cases::id)));
    let expected = [
        ("cases_critical", [critical_sqlite, critical_postgres]),
        ("cases_recollect", [recollect_sqlite, recollect_postgres]),
        ("orders_due", [dated_sqlite, dated_postgres]),
        ("orders_tallied", [tallied_sqlite, tallied_postgres]),
        ("results_drafts", [drafts_sqlite, drafts_postgres]),
        ("cases_due", [expected_sqlite, expected_postgres]),
        ("orders_worklist", [worklist_sqlite, worklist_postgres]),
        ("orders_held", [held_sqlite, held_postgres]),
        ("orders_coming_due", [due_sqlite, due_postgres]),
        ("specimens_awaited", [awaited_sqlite, awaited_postgres]),
    ];
    for database in engines() {
        let store = database.open();
        let mut conn = conn::connect(store.location(), Purpose::Migrate).unwrap();
        for (index, [sqlite, postgres]) in &expected {
            let plan = if store.path().is_some() {
                explain(&mut conn, &format!("EXPLAIN QUERY PLAN {sqlite}"))
            } else {
                conn.batch_execute("SET enable_seqscan = off; SET enable_bitmapscan = off").unwrap();
                explain(&mut conn, &format!("EXPLAIN {postgres}"))
            };
            assert!(plan.contains(index), "{index}: {plan}");
            assert!(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "{index}: {plan}");
        }
    }
}

#[derive(QueryableByName)]
struct SqlitePlan {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresPlan {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

fn explain(conn: &mut DbConn, question: &str) -> String {
    match conn {
        DbConn::Sqlite(conn) => {
            let rows: Vec<SqlitePlan> = diesel::sql_query(question).load(conn).unwrap();
            rows.into_iter().map(|row| row.detail).collect::<Vec<_>>().join("; ")
        }
        DbConn::Pg(conn) => {
            let rows: Vec<PostgresPlan> = diesel::sql_query(question).load(conn).unwrap();
            rows.into_iter().map(|row| row.line).collect::<Vec<_>>().join("; ")
        }
    }
}

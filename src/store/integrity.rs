//! What the engine itself can say about the state of its data. `verify` adds what the journal says.

use super::StoreError;
use super::conn::{DbConn, texts};

/// Every complaint of the engine, one line each; none is good. Reads the whole SQLite file.
pub fn complaints(conn: &mut DbConn) -> Result<Vec<String>, StoreError> {
    match conn {
        DbConn::Sqlite(_) => {
            let mut found = texts(conn, "SELECT integrity_check AS value FROM pragma_integrity_check")?;
            found.retain(|line| line != "ok");
            let orphans = texts(conn, "SELECT DISTINCT \"table\" AS value FROM pragma_foreign_key_check")?;
            found.extend(orphans.iter().map(|table| format!("rows of {table} point to rows that do not exist")));
            Ok(found)
        }
        DbConn::Pg(_) => texts(
            conn,
            "SELECT 'constraint ' || conname || ' was never checked' AS value FROM pg_constraint \
             WHERE NOT convalidated AND connamespace = current_schema()::regnamespace \
             UNION ALL \
             SELECT 'index ' || indexrelid::regclass::text || ' is unusable' FROM pg_index \
             JOIN pg_class ON pg_class.oid = indexrelid \
             WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace",
        ),
    }
}

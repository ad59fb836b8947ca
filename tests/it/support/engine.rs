//! A fresh database on each engine. PostgreSQL comes from `TREPHINE_TEST_POSTGRES` (an admin URL), which `tests/run`
//! sets; without it a test fails, unless `TREPHINE_TEST_SQLITE_ONLY=1` says out loud that PostgreSQL is left out.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A database of its own, gone when dropped.
pub struct Engine {
    pub name: &'static str,
    pub url: String,
    _dir: Option<tempfile::TempDir>,
    drop_sql: Option<(String, String)>,
}

impl Engine {
    pub fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("lab.db").display());
        Self { name: "SQLite", url, _dir: Some(dir), drop_sql: None }
    }

    pub fn postgres() -> Option<Self> {
        let Ok(admin) = std::env::var("TREPHINE_TEST_POSTGRES") else {
            assert!(
                std::env::var("TREPHINE_TEST_SQLITE_ONLY").is_ok_and(|v| v == "1"),
                "set TREPHINE_TEST_POSTGRES (tests/run does), or TREPHINE_TEST_SQLITE_ONLY=1 to leave PostgreSQL out"
            );
            eprintln!("PostgreSQL left out by TREPHINE_TEST_SQLITE_ONLY=1");
            return None;
        };
        let name = format!("it_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        PgConnection::establish(&admin).unwrap().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        let (base, query) = admin.split_once('?').map_or((admin.as_str(), None), |(b, q)| (b, Some(q)));
        let (server, _) = base.rsplit_once('/').unwrap();
        let url = format!("{server}/{name}{}", query.map(|q| format!("?{q}")).unwrap_or_default());
        let drop_sql = Some((admin, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        Some(Self { name: "PostgreSQL", url, _dir: None, drop_sql })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some((admin, sql)) = &self.drop_sql
            && let Ok(mut conn) = PgConnection::establish(admin)
        {
            let _ = conn.batch_execute(sql);
        }
    }
}

/// Every engine.
pub fn engines() -> Vec<Engine> {
    std::iter::once(Engine::sqlite()).chain(Engine::postgres()).collect()
}

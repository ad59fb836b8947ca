//! Settings: flag, then environment, then file, then default. Secrets never by flag.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;

use super::Failure;
use crate::lab::{Ids, Lab, SystemClock};
use crate::store::{OpenOptions, Store};

/// Where the data is when nobody says otherwise.
const DEFAULT_DATABASE: &str = "sqlite:trephine.db";
/// Where the server listens when nobody says otherwise.
const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

/// Flags that every command has.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// `sqlite:PATH` or `postgres://…`
    #[arg(long, global = true, env = "TREPHINE_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Settings file; `trephine.toml` in the current folder is read when it is there
    #[arg(long, global = true, env = "TREPHINE_CONFIG")]
    config: Option<PathBuf>,
    /// Data as JSON
    #[arg(long, global = true)]
    json: bool,
    /// What the log tells: error, warn, info, debug
    #[arg(long, global = true, env = "TREPHINE_LOG")]
    log: Option<String>,
}

/// The settings file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database_url: Option<String>,
    listen: Option<String>,
    behind_tls: Option<bool>,
    metrics_listen: Option<String>,
    log: Option<String>,
}

/// Everything that is set.
#[derive(Debug)]
pub struct Settings {
    /// Where the data is.
    pub database_url: String,
    /// Where to listen, by file or default; a command's own flag comes first.
    pub listen: String,
    /// A TLS proxy stands in front.
    pub behind_tls: bool,
    /// Where metrics are shown.
    pub metrics_listen: Option<String>,
    /// Data as JSON.
    pub json: bool,
    log: tracing::Level,
}

impl Settings {
    /// Reads what is set.
    pub fn resolve(common: Common) -> Result<Self, Failure> {
        let file = read_file(common.config.as_deref())?;
        let log = common.log.or(file.log).unwrap_or_else(|| "info".to_owned());
        let log = log
            .parse()
            .map_err(|_| Failure::Configuration(format!("log: {log} is none of error, warn, info, debug")))?;
        Ok(Self {
            database_url: common.database_url.or(file.database_url).unwrap_or_else(|| DEFAULT_DATABASE.to_owned()),
            listen: file.listen.unwrap_or_else(|| DEFAULT_LISTEN.to_owned()),
            behind_tls: file.behind_tls.unwrap_or(false),
            metrics_listen: file.metrics_listen,
            json: common.json,
            log,
        })
    }

    /// Starts the log on stderr: words on a terminal, JSON lines otherwise. Other commands than serving only warn.
    pub fn start_log(&self, serving: bool) {
        use std::io::IsTerminal as _;
        let level = if serving { self.log } else { self.log.min(tracing::Level::WARN) };
        let base = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_target(false);
        // Starting twice is impossible here; a second start would only leave the first in place.
        if std::io::stderr().is_terminal() {
            let log = base.with_ansi(std::env::var_os("NO_COLOR").is_none()).finish();
            drop(tracing::subscriber::set_global_default(log));
        } else {
            drop(tracing::subscriber::set_global_default(base.json().flatten_event(true).finish()));
        }
    }

    /// Opens the store for a command.
    pub fn store(&self, options: OpenOptions) -> Result<Store, Failure> {
        Store::open(&self.database_url, options).map_err(Failure::from)
    }

    /// Opens the laboratory for a command beside a server that may be running.
    pub fn lab(&self) -> Result<Lab, Failure> {
        let store = self.store(OpenOptions { create: true, migrate: true, ..OpenOptions::default() })?;
        open_lab(store)
    }

    /// Opens the laboratory only if its database exists.
    pub fn existing_lab(&self) -> Result<Lab, Failure> {
        open_lab(self.store(OpenOptions::default())?)
    }
}

/// A laboratory over a store, on the machine's clock.
pub fn open_lab(store: Store) -> Result<Lab, Failure> {
    let ids = Ids::random().map_err(Failure::Failed)?;
    Lab::open(store, Arc::new(SystemClock), ids).map_err(Failure::from)
}

fn read_file(named: Option<&std::path::Path>) -> Result<File, Failure> {
    let path = named.map_or_else(|| PathBuf::from("trephine.toml"), std::path::Path::to_path_buf);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && named.is_none() => return Ok(File::default()),
        Err(e) => return Err(Failure::Configuration(format!("{}: {e}", path.display()))),
    };
    toml::from_str(&text).map_err(|e| Failure::Configuration(format!("{}: {e}", path.display())))
}

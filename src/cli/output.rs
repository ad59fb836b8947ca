//! What the command line says, and with which exit code it ends.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use crate::domain::Refusal;
use crate::lab::LabError;
use crate::store::StoreError;

/// Why a command ended badly. The numbers are a contract.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It was tried and failed.
    #[error("{0}")]
    Failed(String),
    /// The words of the command do not fit.
    #[error("{0}")]
    Usage(String),
    /// A setting does not fit.
    #[error("{0}")]
    Configuration(String),
    /// The database.
    #[error("{0}")]
    Database(String),
    /// What it names does not exist.
    #[error("{0}")]
    NotFound(String),
    /// Something stands against it.
    #[error("{0}")]
    Conflict(String),
}

impl Failure {
    /// The exit code.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
            Self::Configuration(_) => 3,
            Self::Database(_) => 4,
            Self::NotFound(_) => 5,
            Self::Conflict(_) => 6,
        })
    }
}

impl From<StoreError> for Failure {
    fn from(e: StoreError) -> Self {
        match &e {
            StoreError::BadAddress { .. } => Self::Configuration(e.to_string()),
            StoreError::Conflict { .. } | StoreError::InUse { .. } => Self::Conflict(e.to_string()),
            StoreError::Missing { .. } => Self::NotFound(e.to_string()),
            StoreError::File { .. } | StoreError::Unsupported { .. } => Self::Failed(e.to_string()),
            StoreError::NotOurs { .. }
            | StoreError::NewerSchema { .. }
            | StoreError::OlderSchema { .. }
            | StoreError::Migration { .. }
            | StoreError::Busy
            | StoreError::Unavailable { .. }
            | StoreError::Corrupt { .. }
            | StoreError::CommitUnknown { .. }
            | StoreError::Panicked { .. }
            | StoreError::Unstorable { .. }
            | StoreError::Diesel(_) => Self::Database(e.to_string()),
        }
    }
}

impl From<LabError> for Failure {
    fn from(e: LabError) -> Self {
        match e {
            LabError::Store(e) => e.into(),
            LabError::Refused(Refusal::NotFound(why)) => Self::NotFound(why),
            LabError::Refused(Refusal::Invalid(fields)) if fields.iter().any(|f| f.code == "taken") => {
                Self::Conflict(Refusal::Invalid(fields).to_string())
            }
            LabError::Refused(Refusal::Invalid(fields)) => Self::Usage(Refusal::Invalid(fields).to_string()),
            LabError::AlreadyLogged { .. } | LabError::Stale { .. } | LabError::KeyReused => {
                Self::Conflict(e.to_string())
            }
            LabError::Refused(Refusal::NotAllowed { .. } | Refusal::Guard { .. } | Refusal::Forbidden(_))
            | LabError::Catalogue(_) => Self::Failed(e.to_string()),
        }
    }
}

/// Prints data on stdout. A reader that went away is no failure.
pub fn print(text: &str) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout().lock();
    let result =
        out.write_all(text.as_bytes()).and_then(|()| if text.ends_with('\n') { Ok(()) } else { out.write_all(b"\n") });
    match result.and_then(|()| out.flush()) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(e) => Err(Failure::Failed(format!("stdout: {e}"))),
    }
}

/// Prints one line on stdout. A reader that went away is no failure.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints a value as JSON on stdout.
pub fn print_json(value: &impl serde::Serialize) -> Result<ExitCode, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Failure::Failed(e.to_string()))?;
    print(&text)
}

/// Tells how far something has come: a bar on a terminal, otherwise one line per tenth.
pub struct Progress {
    what: &'static str,
    tenth: usize,
    bar: bool,
    began: std::time::Instant,
}

impl Progress {
    /// Begins.
    pub fn new(what: &'static str) -> Self {
        Self { what, tenth: 0, bar: std::io::stderr().is_terminal(), began: std::time::Instant::now() }
    }

    /// `done` of `total`. Says nothing in the first second.
    pub fn at(&mut self, done: usize, total: usize) {
        let tenth = (done * 10).checked_div(total).unwrap_or(10);
        if self.began.elapsed().as_secs() < 1 || tenth <= self.tenth {
            return;
        }
        self.tenth = tenth;
        if self.bar {
            eprint!("\r{} {}{} {done}/{total}", self.what, "█".repeat(tenth), "·".repeat(10 - tenth.min(10)));
            if tenth >= 10 {
                eprintln!();
            }
        } else {
            eprintln!("{}: {} %", self.what, tenth * 10);
        }
    }
}

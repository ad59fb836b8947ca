//! `trephine migrate`, `verify`, `backup`, `restore`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use super::Failure;
use super::config::{Settings, open_lab};
use super::output::{line, print_json};
use crate::store::{OpenOptions, Store, backup as copy, migrate as schema};

/// Flags of `migrate`.
#[derive(Debug, clap::Args)]
pub struct MigrateArgs {
    /// Show and change nothing
    #[arg(long)]
    status: bool,
}

/// Runs `migrate`.
pub fn migrate(args: &MigrateArgs, settings: &Settings) -> Result<ExitCode, Failure> {
    let options =
        OpenOptions { create: !args.status, migrate: !args.status, exclusive: !args.status, ..OpenOptions::default() };
    let status = match settings.store(options) {
        Ok(store) => schema::status(&store)?,
        Err(Failure::Database(why)) if args.status => {
            eprintln!("trephine: {why}");
            return Ok(ExitCode::FAILURE);
        }
        Err(e) => return Err(e),
    };
    if settings.json {
        return print_json(&json!({ "applied": status.applied, "pending": status.pending }));
    }
    for name in &status.applied {
        line(&format!("applied {name}"));
    }
    for name in &status.pending {
        line(&format!("pending {name}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Flags of `verify`.
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {}

/// Runs `verify`.
pub fn verify(settings: &Settings) -> Result<ExitCode, Failure> {
    let verdict = settings.existing_lab()?.verify()?;
    if settings.json {
        print_json(&verdict)?;
    } else {
        for f in &verdict.findings {
            line(&format!("{}\t{}\t{}", f.rule, f.subject, f.message));
        }
    }
    eprintln!(
        "trephine: {} cases and {} journal entries checked, {} findings",
        verdict.cases,
        verdict.entries,
        verdict.findings.len()
    );
    Ok(if verdict.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Flags of `backup`.
#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// Where to; must not exist
    file: PathBuf,
    /// Copy nothing: note that this file was written by another tool, such as `pg_dump`
    #[arg(long)]
    noted: bool,
}

/// Runs `backup`; the age of the newest one is on the system's page.
pub fn backup(args: &BackupArgs, settings: &Settings) -> Result<ExitCode, Failure> {
    let store = settings.store(OpenOptions::default())?;
    if !args.noted {
        copy::backup(&store, &args.file)?;
    }
    let size = std::fs::metadata(&args.file).map_err(|e| Failure::NotFound(format!("{}: {e}", args.file.display())))?;
    if size.len() == 0 {
        return Err(Failure::Failed(format!("{} is empty: that is no backup", args.file.display())));
    }
    let now = crate::lab::Clock::now(&crate::lab::SystemClock);
    // The copy is whole whether or not it can be noted.
    if let Err(error) = crate::lab::upkeep::note_backup(&store, now, size.len()) {
        eprintln!("trephine: the backup could not be noted for the system's page: {error}");
    }
    let done = if args.noted { "noted:" } else { "written to" };
    eprintln!("trephine: backup {done} {}", args.file.display());
    Ok(ExitCode::SUCCESS)
}

/// Flags of `restore`.
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// The backup
    file: PathBuf,
}

/// Runs `restore`: checks the copy completely before anything is touched, and keeps what it replaces.
pub fn restore(args: &RestoreArgs, settings: &Settings) -> Result<ExitCode, Failure> {
    let Some(path) = settings.database_url.strip_prefix("sqlite:").map(PathBuf::from) else {
        return Err(Failure::Usage("restore puts an SQLite file in place; for PostgreSQL use pg_restore".into()));
    };
    if !args.file.exists() {
        return Err(Failure::NotFound(format!("there is no backup at {}", args.file.display())));
    }
    let fresh = beside(&path, "restoring");
    let io = |what: &Path, e: &std::io::Error| Failure::Failed(format!("{}: {e}", what.display()));
    std::fs::copy(&args.file, &fresh).map_err(|e| io(&fresh, &e))?;
    let checked = check(&fresh);
    if let Err(e) = checked {
        clear(&fresh);
        return Err(e);
    }
    if path.exists() {
        // Taking the server's lock proves that no server runs; closing writes back what is in its log.
        let options = OpenOptions { exclusive: true, ..OpenOptions::default() };
        // Any other failure is a damaged file: a reason to restore, and it is kept as it is.
        if let Err(crate::store::StoreError::InUse { what }) = Store::open(&settings.database_url, options) {
            clear(&fresh);
            return Err(Failure::Conflict(format!("a server is using {what}; stop it first")));
        }
        let stamp = crate::lab::Clock::now(&crate::lab::SystemClock).format("%Y%m%dT%H%M%S").to_string();
        let kept = beside(&path, &format!("replaced-{stamp}"));
        for suffix in ["", "-wal", "-shm"] {
            let (from, to) = (with(&path, suffix), with(&kept, suffix));
            if from.exists() {
                std::fs::rename(&from, &to).map_err(|e| io(&from, &e))?;
            }
        }
        eprintln!("trephine: the replaced database is kept as {}", kept.display());
    }
    std::fs::rename(&fresh, &path).map_err(|e| io(&fresh, &e))?;
    clear(&fresh);
    eprintln!("trephine: {} restored to {}", args.file.display(), path.display());
    Ok(ExitCode::SUCCESS)
}

fn check(fresh: &Path) -> Result<(), Failure> {
    let store =
        Store::open(&format!("sqlite:{}", fresh.display()), OpenOptions { migrate: true, ..OpenOptions::default() })?;
    let verdict = open_lab(store)?.verify()?;
    match verdict.findings.first() {
        None => Ok(()),
        Some(first) => Err(Failure::Failed(format!(
            "the backup does not verify and was not put in place: {} findings, the first: {} {} {}",
            verdict.findings.len(),
            first.rule,
            first.subject,
            first.message
        ))),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    with(path, &format!(".{suffix}"))
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn clear(fresh: &Path) {
    for suffix in ["", "-wal", "-shm", ".lock"] {
        // Temporary files of this command; one that stays behind does no harm.
        drop(std::fs::remove_file(with(fresh, suffix)));
    }
}

//! `trephine demo`: a believable laboratory in seconds.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::Failure;
use super::config::{Settings, open_lab};
use super::output::line;
use super::serve::{Site, bind, serve};
use crate::lab::{Clock as _, Ids, Lab, ManualClock, SystemClock};
use crate::store::{OpenOptions, Store};

/// Flags of `demo`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Keep the database in this folder instead of a temporary one
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8080", env = "TREPHINE_LISTEN")]
    listen: String,
    /// The same seed makes the same laboratory
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many cases of the last 90 days
    #[arg(long, default_value_t = 320)]
    cases: usize,
    /// Make the database and stop
    #[arg(long)]
    no_serve: bool,
}

/// Runs the command.
pub fn run(args: Args, _settings: &Settings) -> Result<ExitCode, Failure> {
    let listener = if args.no_serve { None } else { Some(bind(&args.listen, false)?) };
    let temporary = args.dir.is_none();
    let dir = args.dir.unwrap_or_else(|| std::env::temp_dir().join(format!("trephine-demo-{}", std::process::id())));
    std::fs::create_dir_all(&dir).map_err(|e| Failure::Failed(format!("{}: {e}", dir.display())))?;
    let path = dir.join("demo.db");
    if path.exists() {
        return Err(Failure::Conflict(format!(
            "{} exists; give another --dir, or serve it with: trephine serve --database-url sqlite:{}",
            path.display(),
            path.display()
        )));
    }
    let url = format!("sqlite:{}", path.display());
    let options = OpenOptions { create: true, migrate: true, exclusive: true, ..OpenOptions::default() };
    let store = Store::open(&url, options)?;
    let now = SystemClock.now();
    let clock = Arc::new(ManualClock::new(crate::lab::demo::begins_at(now)));
    let began = std::time::Instant::now();
    let past = Lab::open(store.clone(), clock.clone(), Ids::seeded(args.seed))?;
    let seeded = crate::lab::demo::seed(&past, &clock, args.seed, now, args.cases)?;
    drop(past);
    eprintln!(
        "trephine: {} cases by {} commands in {:.1} s, in {}",
        seeded.cases,
        seeded.commands,
        began.elapsed().as_secs_f64(),
        path.display()
    );

    let mut shown: Vec<(String, String, String)> = Vec::new();
    for account in &seeded.accounts {
        if !shown.iter().any(|(role, ..)| *role == account.role.name()) {
            shown.push((account.role.name().to_owned(), account.name.clone(), account.password.clone()));
        }
    }
    line(&format!("http://{}", args.listen));
    for (role, name, password) in &shown {
        line(&format!("{role:<13} {name:<14} {password}"));
    }
    let result = match listener {
        None => Ok(ExitCode::SUCCESS),
        Some(listener) => {
            let lab = open_lab(store)?;
            serve(lab, Site { listener, behind_tls: false, metrics: None, demo_accounts: shown, exports_dir: None })
        }
    };
    if temporary && !args.no_serve {
        // A temporary laboratory leaves nothing behind; what cannot be removed is only temporary files.
        drop(std::fs::remove_dir_all(&dir));
    }
    result
}

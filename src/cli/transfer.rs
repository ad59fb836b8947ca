//! `trephine import` and `export`.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use clap::Subcommand;

use super::Failure;
use super::config::Settings;
use super::output::{Progress, line, print, print_json};
use crate::domain::progress::Stage;
use crate::domain::{Code, Urgency};
use crate::exchange::csv_out::{self, Dialect, Format, Kind};
use crate::exchange::export_file;
use crate::exchange::import::{self, ImportError};
use crate::exchange::import_cases::{RowError, Sheet};
use crate::exchange::import_results;
use crate::lab::accounts::operator;
use crate::lab::questions::cases::Filter;
use crate::lab::questions::export::{Dataset, Identifiers, Progress as Reached, Request};
use crate::lab::questions::export_rows::{Narrowing, Parts};
use crate::lab::questions::turnaround_months::Kept;
use crate::lab::questions::worklist::View;
use crate::store::StoreError;

/// Bulk logging.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Log the cases of a CSV; every row is answered, and the same file twice changes nothing
    Cases {
        /// The file; its columns are described in fixtures/README.md
        file: PathBuf,
        /// Decide everything and take it back
        #[arg(long)]
        dry_run: bool,
        /// Write the refused rows here, with what to mend
        #[arg(long)]
        errors: Option<PathBuf>,
    },
    /// Enter the results of a CSV, all of one assay; every row is answered, and the same file twice changes nothing
    Results {
        /// The assay (catalogue code)
        assay: String,
        /// The file; `--template` names its columns
        #[arg(required_unless_present = "template")]
        file: Option<PathBuf>,
        /// Whose results they are: the account that enters them, which may then not verify them
        #[arg(long, required_unless_present = "template")]
        user: Option<String>,
        /// Decide everything and take it back
        #[arg(long)]
        dry_run: bool,
        /// Write the refused rows here, with what to mend
        #[arg(long)]
        errors: Option<PathBuf>,
        /// Print the header row for this assay, and read nothing
        #[arg(long, conflicts_with_all = ["file", "dry_run", "errors"])]
        template: bool,
    },
}

/// Runs `import`.
pub fn import(command: ImportCommand, settings: &Settings) -> Result<ExitCode, Failure> {
    match command {
        ImportCommand::Cases { file, dry_run, errors } => cases(&file, dry_run, errors.as_deref(), settings),
        ImportCommand::Results { assay, file: Some(file), user: Some(user), dry_run, errors, template: _ } => {
            results(&assay.to_ascii_uppercase(), &file, &user, dry_run, errors.as_deref(), settings)
        }
        ImportCommand::Results { assay, .. } => {
            let columns = import_results::template(&settings.existing_lab()?, &assay.to_ascii_uppercase());
            print(&columns.map_err(|e| unread(None, e))?.join(","))
        }
    }
}

fn cases(file: &Path, dry_run: bool, errors: Option<&Path>, settings: &Settings) -> Result<ExitCode, Failure> {
    let bytes = std::fs::read(file).map_err(|e| Failure::NotFound(format!("{}: {e}", file.display())))?;
    let lab = settings.lab()?;
    let mut progress = Progress::new("import");
    let imported = import::run(&lab, &operator(), &bytes, dry_run, |done, total| progress.at(done, total)).map_err(
        |e| match e {
            ImportError::File(e) => Failure::Failed(format!("{}: {e}", file.display())),
            ImportError::Lab(e) => e.into(),
        },
    )?;
    let done = format!("{} cases logged, {} unchanged", imported.logged, imported.unchanged);
    if settings.json {
        print_json(&imported)?;
    }
    tell(&done, imported.refused, &imported.sheet, &imported.errors, &Said { dry_run, errors, json: settings.json })
}

fn results(
    assay: &str,
    file: &Path,
    user: &str,
    dry_run: bool,
    errors: Option<&Path>,
    settings: &Settings,
) -> Result<ExitCode, Failure> {
    let bytes = std::fs::read(file).map_err(|e| Failure::NotFound(format!("{}: {e}", file.display())))?;
    let lab = settings.existing_lab()?;
    let mut progress = Progress::new("import");
    // Not the operator: whoever runs this could then verify what they entered.
    let by = lab.user(user)?;
    let tick = |done, total| progress.at(done, total);
    let imported =
        import_results::run(&lab, &by, assay, &bytes, dry_run, "import", tick).map_err(|e| unread(Some(file), e))?;
    let done = format!("{} results entered, {} unchanged", imported.entered, imported.unchanged);
    if settings.json {
        print_json(&imported)?;
    }
    tell(&done, imported.refused, &imported.sheet, &imported.errors, &Said { dry_run, errors, json: settings.json })
}

/// How an import is told.
struct Said<'a> {
    dry_run: bool,
    /// Where the refused rows go.
    errors: Option<&'a Path>,
    /// The complaints were printed already, as JSON.
    json: bool,
}

/// Every complaint, the refused rows as a file to mend, and how many rows came to what.
fn tell(done: &str, refused: usize, sheet: &Sheet, errors: &[RowError], said: &Said<'_>) -> Result<ExitCode, Failure> {
    if let Some(path) = said.errors {
        std::fs::write(path, sheet.errors_csv(errors))
            .map_err(|e| Failure::Failed(format!("{}: {e}", path.display())))?;
    }
    if !said.json {
        for e in errors {
            line(&format!("line {}, {}: {} ({})", e.line, e.column.as_deref().unwrap_or("row"), e.message, e.code));
        }
    }
    let would = if said.dry_run { " (dry run: nothing was written)" } else { "" };
    eprintln!("trephine: {done}; {refused} rows refused{would}");
    Ok(if errors.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Why a file of results was not read at all.
fn unread(file: Option<&Path>, error: import_results::ImportError) -> Failure {
    use import_results::ImportError as E;
    match error {
        E::NoSuchAssay(_) => Failure::NotFound(error.to_string()),
        E::Lab(e) => e.into(),
        E::File(_) | E::UnknownColumns(_) | E::MissingColumn(_) => {
            Failure::Failed(file.map_or_else(|| error.to_string(), |file| format!("{}: {error}", file.display())))
        }
    }
}

/// Flags of `export`.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// cases, specimens, orders, results, reports, events, turnaround, rejections
    dataset: Dataset,
    /// csv or ndjson
    #[arg(long, default_value = "csv")]
    format: String,
    /// Cases logged on or after this day (laboratory's zone) or moment
    #[arg(long)]
    from: Option<String>,
    /// Cases logged before this day or moment
    #[arg(long)]
    to: Option<String>,
    /// Only cases in this stage
    #[arg(long)]
    stage: Option<Stage>,
    /// Only cases with this indication
    #[arg(long)]
    indication: Option<Code>,
    /// Only cases asked for by this person
    #[arg(long)]
    requester: Option<String>,
    /// Only late cases
    #[arg(long)]
    late: bool,
    /// Only orders of this department
    #[arg(long)]
    department: Option<Code>,
    /// Only orders of this assay
    #[arg(long)]
    assay: Option<Code>,
    /// Only orders of this urgency: routine, urgent
    #[arg(long)]
    urgency: Option<Urgency>,
    /// Only open orders, as in this view of a worklist: `all`, `to_do`, `running`, `to_review`, `overdue`, `waiting`
    #[arg(long)]
    view: Option<View>,
    /// Only finished orders that were in target (yes), late (no), without a due time (unpromised); or open late ones (open)
    #[arg(long)]
    kept: Option<Kept>,
    /// Only orders whose result became final on or after this day or moment
    #[arg(long)]
    final_from: Option<String>,
    /// Only orders whose result became final before this day or moment
    #[arg(long)]
    final_to: Option<String>,
    /// Only parts that are listed for this reason: `awaited`, `past_retention`, `recollect`
    #[arg(long)]
    parts: Option<Parts>,
    /// Only parts in this storage place
    #[arg(long)]
    place: Option<Code>,
    /// In which order: of a view `urgent`, `due`, `label`; of whole cases `oldest`, `newest`, `due`
    #[arg(long)]
    sort: Option<String>,
    /// machine (exact) or excel (byte order mark, formulas neutralized)
    #[arg(long, default_value = "machine")]
    dialect: Dialect,
    /// none, pseudonym, full
    #[arg(long, default_value = "none")]
    identifiers: Identifiers,
    /// Why, for full identifiers
    #[arg(long)]
    reason: Option<String>,
    /// Zone of times; the laboratory's when left out
    #[arg(long)]
    tz: Option<String>,
    /// Only these columns, in this order, with commas between
    #[arg(long)]
    columns: Option<String>,
    /// Write here, with a manifest beside it; stdout when left out
    #[arg(short, long)]
    output: Option<PathBuf>,
}

fn moment(text: &str, zone: Tz) -> Result<DateTime<Utc>, Failure> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.to_utc());
    }
    let day: NaiveDate = text.parse().map_err(|_| {
        Failure::Usage(format!("{text} is neither a day (2026-03-01) nor a moment (2026-03-01T00:00:00Z)"))
    })?;
    day.and_time(NaiveTime::MIN)
        .and_local_timezone(zone)
        .earliest()
        .map(|at| at.to_utc())
        .ok_or_else(|| Failure::Usage(format!("{text} does not begin in {zone}")))
}

fn count(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// Runs `export`.
pub fn export(args: ExportArgs, settings: &Settings) -> Result<ExitCode, Failure> {
    let kind = args.format.parse::<Kind>().map_err(|why| Failure::Usage(format!("--format: {why}")))?;
    let lab = settings.existing_lab()?;
    let zone = match &args.tz {
        None => lab.catalogue().laboratory.time_zone,
        Some(name) => {
            name.parse().map_err(|_| Failure::Usage(format!("--tz: {name} is no IANA zone such as Europe/London")))?
        }
    };
    let day = |text: Option<&str>| text.map(|t| moment(t, zone)).transpose();
    let narrowing = Narrowing {
        department: args.department,
        assay: args.assay,
        urgency: args.urgency,
        view: args.view,
        kept: args.kept,
        final_from: day(args.final_from.as_deref())?,
        final_until: day(args.final_to.as_deref())?,
        parts: args.parts,
        place: args.place,
        sort: args.sort,
    };
    let request = Request {
        dataset: args.dataset,
        rows: narrowing.rows(args.dataset).map_err(crate::lab::LabError::Refused)?,
        filter: Filter {
            stage: args.stage,
            indication: args.indication.map(|code| code.to_string()),
            requester: args.requester,
            from: day(args.from.as_deref())?,
            to: day(args.to.as_deref())?,
            late: args.late.then_some(true),
        },
        identifiers: args.identifiers,
        reason: args.reason,
        columns: args.columns.as_deref().map(csv_out::column_names),
    };
    let format = Format { kind, dialect: args.dialect, zone };
    if let Some(path) = args.output {
        let mut progress = Progress::new("export");
        let mut watch = |at: Reached| {
            progress.at(count(at.cases), count(at.cases_total));
            ControlFlow::Continue(())
        };
        let written = export_file::write(&lab, &operator(), &request, format, "cli", &path, &mut watch)?;
        let Some(written) = written else { return Ok(ExitCode::FAILURE) };
        eprintln!("trephine: {} rows, sha256 {}, in {}", written.rows, written.sha256, path.display());
        return Ok(ExitCode::SUCCESS);
    }
    let mut stdout = std::io::stdout().lock();
    let mut out = |chunk: Vec<u8>| {
        let what = || "stdout".to_owned();
        std::io::Write::write_all(&mut stdout, &chunk).map_err(|source| StoreError::File { what: what(), source })
    };
    let result = csv_out::send(&lab, &operator(), &request, format, "cli", &mut out);
    match result {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(crate::lab::LabError::Store(StoreError::File { source, .. }))
            if source.kind() == std::io::ErrorKind::BrokenPipe =>
        {
            Ok(ExitCode::SUCCESS)
        }
        Err(e) => Err(e.into()),
    }
}

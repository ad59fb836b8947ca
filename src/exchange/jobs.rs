//! Exports that run beside the pages: they survive leaving the page, can be watched and canceled, and leave a file
//! that only whoever asked for it may fetch.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use super::csv_out::{self, Format, Written};
use super::export_file;
use crate::domain::{Actor, Moment, Refusal};
use crate::lab::export_jobs::{Ending, JobId, JobState, KeptJob, Reach};
use crate::lab::questions::export::{self, Progress};
use crate::lab::{Lab, LabError};
use crate::store::StoreError;

/// How many exports are written at the same time.
const AT_ONCE: usize = 2;
/// How often progress is stored.
const STORED_EVERY: Duration = Duration::from_secs(1);
/// How many rows a preview shows.
pub const PREVIEW_ROWS: u64 = 20;

/// What an export is asked to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// Which rows and columns.
    pub request: export::Request,
    /// As which file.
    pub format: Format,
}

/// An export, as whoever may see it sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Identity.
    pub id: JobId,
    /// Login name of who asked for it.
    pub user: String,
    /// Whether the file is theirs to fetch now.
    pub fetchable: bool,
    /// What was asked for; absent only if a later version of the program cannot read it.
    pub wanted: Option<Wanted>,
    /// Where it stands.
    pub state: JobState,
    /// How far it is.
    pub reach: Reach,
    /// Size of the file, bytes, once it is done.
    pub bytes: Option<u64>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: Moment,
    /// When it ended.
    pub finished_at: Option<Moment>,
    /// When the file goes.
    pub expires_at: Moment,
}

/// A finished file, for whoever asked for it.
#[derive(Debug)]
pub struct Fetched {
    /// What it is called; nothing of a patient.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its size, bytes.
    pub bytes: u64,
    /// The open file.
    pub file: std::fs::File,
}

/// The first rows of an export, as text in the form of its CSV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The columns' names.
    pub columns: Vec<&'static str>,
    /// At most [`PREVIEW_ROWS`].
    pub rows: Vec<Vec<String>>,
}

/// What an export that runs here tells without the database.
#[derive(Default)]
struct Live {
    rows: AtomicU64,
    cases: AtomicU64,
    cases_total: AtomicU64,
    canceled: AtomicBool,
}

impl Live {
    fn note(&self, at: Progress) {
        self.rows.store(at.rows, Ordering::Relaxed);
        self.cases.store(at.cases, Ordering::Relaxed);
        self.cases_total.store(at.cases_total, Ordering::Relaxed);
    }

    fn reach(&self) -> Reach {
        Reach {
            rows: self.rows.load(Ordering::Relaxed),
            cases: self.cases.load(Ordering::Relaxed),
            cases_total: self.cases_total.load(Ordering::Relaxed),
        }
    }
}

/// The exports of a server. Cheap to clone.
#[derive(Clone)]
pub struct Jobs(Arc<Inner>);

struct Inner {
    lab: Lab,
    dir: PathBuf,
    places: Arc<Semaphore>,
    live: Mutex<HashMap<JobId, Arc<Live>>>,
}

impl Jobs {
    /// Exports of this laboratory, with their files in `dir`, which is made when the first one needs it.
    pub fn new(lab: Lab, dir: PathBuf) -> Self {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        Self(Arc::new(Inner { lab, dir, places, live: Mutex::default() }))
    }

    /// Where files go when nobody says otherwise: beside the SQLite file, else in the current folder.
    pub fn default_dir(lab: &Lab) -> PathBuf {
        match lab.store().path() {
            Some(path) => {
                let mut name = path.as_os_str().to_owned();
                name.push(".exports");
                PathBuf::from(name)
            }
            None => PathBuf::from("trephine-exports"),
        }
    }

    /// Starts an export, which goes on whether or not somebody waits for it. Needs a tokio runtime.
    ///
    /// # Errors
    /// Whoever may not export this; a column that does not exist; too many open exports of this person.
    pub async fn start(&self, actor: &Actor, wanted: Wanted) -> Result<JobId, LabError> {
        export::may_export(actor, &wanted.request)?;
        export::chosen(&wanted.request)?;
        let text = serde_json::to_string(&wanted)
            .map_err(|e| StoreError::Unstorable { what: format!("an export's request ({e})") })?;
        let (lab, by, dataset) = (self.0.lab.clone(), actor.clone(), wanted.request.dataset.name());
        let id = blocking(move || lab.queue_export(&by, dataset, &text)).await?;
        let live = Arc::new(Live::default());
        self.live().insert(id, Arc::clone(&live));
        let (jobs, actor) = (self.clone(), actor.clone());
        tokio::spawn(async move {
            // The semaphore is never closed; without a place the export would simply run.
            let place = Arc::clone(&jobs.0.places).acquire_owned().await;
            let run = jobs.clone();
            let ran = tokio::task::spawn_blocking(move || run.run(id, &actor, &wanted, &live)).await;
            drop(place);
            jobs.live().remove(&id);
            if ran.is_err() {
                tracing::error!(job = %id, "an export panicked");
                let lab = jobs.0.lab.clone();
                let why = Ending::Failed("Something went wrong here. Start the export again.".to_owned());
                drop(blocking(move || lab.export_ended(id, &why)).await);
            }
        });
        Ok(id)
    }

    /// Ends an export that waits or runs. One that has ended stays as it is.
    ///
    /// # Errors
    /// As if absent, when it is somebody else's.
    pub async fn cancel(&self, actor: &Actor, id: JobId) -> Result<(), LabError> {
        let job = self.0.lab.own_export(actor, id).await?;
        if let Some(live) = self.live().get(&job.id) {
            live.canceled.store(true, Ordering::Relaxed);
        }
        let lab = self.0.lab.clone();
        blocking(move || lab.export_ended(id, &Ending::Canceled)).await?;
        Ok(())
    }

    /// This person's exports, newest first. An admin sees everybody's, without the files.
    ///
    /// # Errors
    /// The store.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Job>, LabError> {
        let kept = self.0.lab.export_list(actor).await?;
        Ok(kept.into_iter().map(|k| self.view(actor, k)).collect())
    }

    /// One export of this person's own.
    ///
    /// # Errors
    /// As if absent, when it is somebody else's.
    pub async fn get(&self, actor: &Actor, id: JobId) -> Result<Job, LabError> {
        Ok(self.view(actor, self.0.lab.own_export(actor, id).await?))
    }

    /// The finished file, for whoever asked for it and may still export.
    ///
    /// # Errors
    /// As if absent, when it is somebody else's, not done, or gone.
    pub async fn open(&self, actor: &Actor, id: JobId) -> Result<Fetched, LabError> {
        let kept = self.0.lab.own_export(actor, id).await?;
        let job = self.view(actor, kept.clone());
        let (Some(wanted), Some(file), Some(bytes), true) = (job.wanted, kept.file, kept.bytes, job.fetchable) else {
            return Err(no_file());
        };
        // Roles may have been taken away since.
        export::may_export(actor, &wanted.request)?;
        let path = self.0.dir.join(file);
        let (lab, actor, request) = (self.0.lab.clone(), actor.clone(), wanted.request.clone());
        let file = blocking(move || {
            let what = path.display().to_string();
            let file = match std::fs::File::open(&path) {
                Ok(file) => file,
                // A restored database remembers files that its machine does not have.
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(no_file()),
                Err(source) => return Err(StoreError::File { what, source }.into()),
            };
            lab.note_fetched_export(&actor, &request, &format!("job-{id}"))?;
            Ok(file)
        })
        .await?;
        let name = csv_out::file_name(wanted.request.dataset, wanted.format);
        Ok(Fetched { name, media_type: wanted.format.media_type(), bytes, file })
    }

    /// The first rows, to look at before starting. Journaled, as every look at rows.
    ///
    /// # Errors
    /// Whoever may not export this; a column that does not exist; the store.
    pub async fn preview(&self, actor: &Actor, wanted: Wanted, request_id: &str) -> Result<Preview, LabError> {
        let (lab, actor, request_id) = (self.0.lab.clone(), actor.clone(), request_id.to_owned());
        blocking(move || {
            let chosen: Vec<_> = export::chosen(&wanted.request)?.into_iter().map(|(_, c)| c).collect();
            let cells = lab.export_preview(&actor, &wanted.request, PREVIEW_ROWS, &request_id)?;
            let text = |row: &Vec<export::Cell>| {
                row.iter().zip(&chosen).map(|(cell, c)| csv_out::csv_text(*c, cell, wanted.format)).collect()
            };
            Ok(Preview { columns: chosen.iter().map(|c| c.name).collect(), rows: cells.iter().map(text).collect() })
        })
        .await
    }

    /// What the timers do: ends exports of programs that are gone (`starting`: this one has just begun and, on SQLite,
    /// is alone), and removes files and rows whose time is over. Blocks.
    ///
    /// # Errors
    /// The store. A file that cannot be removed is tried again next time.
    pub fn tidy(&self, starting: bool) -> Result<(), LabError> {
        let lab = &self.0.lab;
        lab.fail_orphaned_exports(starting && lab.store().path().is_some())?;
        for (id, file) in lab.expired_exports()? {
            if file.is_none_or(|name| self.remove(&name)) {
                lab.forget_export(id)?;
            }
        }
        Ok(())
    }

    /// Removes a file with its manifest. `false`: it is still there.
    fn remove(&self, name: &str) -> bool {
        let path = self.0.dir.join(name);
        let gone = |path: &Path| match std::fs::remove_file(path) {
            Ok(()) => true,
            Err(e) => e.kind() == std::io::ErrorKind::NotFound,
        };
        gone(&export_file::manifest_path(&path)) & gone(&path)
    }

    fn live(&self) -> std::sync::MutexGuard<'_, HashMap<JobId, Arc<Live>>> {
        self.0.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn view(&self, actor: &Actor, kept: KeptJob) -> Job {
        let live = self.live().get(&kept.id).map(|l| l.reach());
        let open = matches!(kept.state, JobState::Queued | JobState::Running);
        Job {
            id: kept.id,
            fetchable: kept.state == JobState::Done && kept.user_id == actor.id.0 && kept.expires_at > self.0.lab.now(),
            user: kept.user,
            wanted: serde_json::from_str(&kept.request).ok(),
            state: kept.state,
            reach: live.filter(|_| open).unwrap_or(kept.reach),
            bytes: kept.bytes,
            error: kept.error,
            created_at: kept.created_at,
            finished_at: kept.finished_at,
            expires_at: kept.expires_at,
        }
    }

    /// Writes the file, on a thread that may block.
    fn run(&self, id: JobId, actor: &Actor, wanted: &Wanted, live: &Live) {
        let lab = &self.0.lab;
        // Canceled while it waited, or the database is gone: then there is nobody to tell.
        if !lab.export_reached(id, Reach::default()).unwrap_or(false) {
            return;
        }
        let name = format!("{id}.{}", wanted.format.kind);
        let ending = match self.write(id, actor, wanted, live, &name) {
            Ok(Some(written)) => Ending::Done { file: name.clone(), bytes: written.bytes },
            Ok(None) => Ending::Canceled,
            Err(error) => {
                tracing::warn!(job = %id, %error, "an export broke off");
                Ending::Failed(failure_words(&error))
            }
        };
        let stored = lab
            .export_reached(id, live.reach())
            .and_then(|_| lab.export_ended(id, &ending))
            .inspect_err(|error| tracing::warn!(job = %id, %error, "an export's end could not be noted"));
        if matches!(ending, Ending::Done { .. }) && !stored.unwrap_or(false) {
            self.remove(&name);
        }
    }

    fn write(
        &self,
        id: JobId,
        actor: &Actor,
        wanted: &Wanted,
        live: &Live,
        name: &str,
    ) -> Result<Option<Written>, LabError> {
        export_file::make_private_dir(&self.0.dir)?;
        let mut stored = Instant::now();
        let mut watch = |at: Progress| {
            live.note(at);
            if live.canceled.load(Ordering::Relaxed) {
                return ControlFlow::Break(());
            }
            if stored.elapsed() >= STORED_EVERY {
                stored = Instant::now();
                // Canceled from another node. What cannot be stored now is stored a second later.
                if matches!(self.0.lab.export_reached(id, live.reach()), Ok(false)) {
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        };
        let path = self.0.dir.join(name);
        let request_id = format!("job-{id}");
        export_file::write(&self.0.lab, actor, &wanted.request, wanted.format, &request_id, &path, &mut watch)
    }
}

/// Why an export failed, for whoever asked for it: what they can mend, and nothing of the machine it ran on.
fn failure_words(error: &LabError) -> String {
    match error {
        LabError::Refused(refusal) => refusal.to_string(),
        LabError::Store(StoreError::Unsupported { what }) => format!("{what}."),
        LabError::Store(_)
        | LabError::Stale { .. }
        | LabError::KeyReused
        | LabError::AlreadyLogged { .. }
        | LabError::Catalogue(_) => {
            "It could not be written. Start it again; if it fails again, ask whoever runs the server.".to_owned()
        }
    }
}

fn no_file() -> LabError {
    Refusal::NotFound("This export has no file to fetch.".into()).into()
}

/// Runs what blocks where it may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LabError> + Send + 'static,
) -> Result<T, LabError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(StoreError::Busy.into()))
}

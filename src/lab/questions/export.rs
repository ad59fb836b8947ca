//! Whole tables of the laboratory, row by row, from one snapshot: what CSV, NDJSON and XLSX are made from.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::cases::Filter;
pub(in crate::lab) use super::export_cells::clock_starts;
use super::export_cells::{Keys, Writer, depth};
pub use super::export_columns::{Cell, Column, Kind, columns};
use super::export_rows::{self, Rows};
use crate::domain::{Actor, Refusal, Role};
use crate::lab::notes::Note;
use crate::lab::{Lab, LabError};
use crate::store::aggregate;
use crate::store::tables::cases::{self, CaseSort};
use crate::store::tables::orders;
use crate::store::{StoreError, journal};
use crate::text_enum;

text_enum! {
    /// What can be exported.
    pub enum Dataset {
        /// One row per case.
        Cases = "cases",
        /// One row per part; with full identifiers also the importer's format.
        Specimens = "specimens",
        /// One row per ordered assay.
        Orders = "orders",
        /// One row per value of each result version.
        Results = "results",
        /// One row per report version.
        Reports = "reports",
        /// One row per thing that happened.
        Events = "events",
        /// One row per finished assay with its times.
        Turnaround = "turnaround",
        /// One row per part that was rejected, lost, not obtained or accepted with a caveat.
        Rejections = "rejections",
    }
}

text_enum! {
    /// How much of a patient's identity goes out.
    pub enum Identifiers {
        /// None: no name, number, date of birth, reference or free text; keys differ from export to export.
        None = "none",
        /// The same, with keys that stay the same between exports of this laboratory.
        Pseudonym = "pseudonym",
        /// Everything. Takes a stated reason.
        Full = "full",
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Which table.
    pub dataset: Dataset,
    /// Which cases.
    pub filter: Filter,
    /// Which of their rows. Absent in requests of before rows could be narrowed.
    #[serde(default)]
    pub rows: Rows,
    /// How much identity.
    pub identifiers: Identifiers,
    /// Why, for full identifiers.
    pub reason: Option<String>,
    /// Which columns, in this order; all of them, in theirs, when absent. [`chosen`] checks the names.
    pub columns: Option<Vec<String>>,
}

/// How far an export is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows written so far.
    pub rows: u64,
    /// Cases read so far; where rows are narrowed, orders or parts.
    pub cases: u64,
    /// Cases, orders or parts to read, counted in the same snapshot.
    pub cases_total: u64,
}

/// Looks at the progress after every case, and may end the export there.
pub type Watch<'w> = &'w mut dyn FnMut(Progress) -> ControlFlow<()>;

/// The columns that a request asks for, each with its place in the dataset.
///
/// # Errors
/// A name that the dataset does not have, a name twice, or none at all; rows that it does not have.
pub fn chosen(request: &Request) -> Result<Vec<(usize, Column)>, Refusal> {
    request.rows.fits(request.dataset).map_err(|why| Refusal::field("/dataset", "impossible", why))?;
    let all = columns(request.dataset);
    let Some(names) = &request.columns else { return Ok(all.into_iter().enumerate().collect()) };
    let refuse = |code, why: String| Err(Refusal::field("/columns", code, why));
    if names.is_empty() {
        return refuse("missing", "choose at least one column".to_owned());
    }
    let mut chosen: Vec<(usize, Column)> = Vec::with_capacity(names.len());
    for name in names {
        // A name that two places share (`collected_at` never does within one dataset) would be a defect of the tables.
        match all.iter().position(|c| c.name == name) {
            None => return refuse("unknown", format!("{} has no column {name:?}", request.dataset)),
            Some(at) if chosen.iter().any(|(seen, _)| *seen == at) => {
                return refuse("twice", format!("the column {name} is asked for twice"));
            }
            Some(at) => chosen.extend(all.get(at).map(|c| (at, *c))),
        }
    }
    Ok(chosen)
}

/// Who may export, and with how much identity (`reference/reliability.md` §2.2; admins may, by the decision).
///
/// # Errors
/// Names who may; asks for the reason.
pub fn may_export(actor: &Actor, request: &Request) -> Result<(), LabError> {
    if !actor.is_any(&[Role::Admin, Role::Supervisor, Role::Pathologist, Role::Auditor, Role::System]) {
        return Err(
            Refusal::Forbidden("Exporting takes the role admin, supervisor, pathologist or auditor.".into()).into()
        );
    }
    if request.identifiers == Identifiers::Full {
        if !actor.is_any(&[Role::Admin, Role::Supervisor, Role::Pathologist, Role::System]) {
            return Err(Refusal::Forbidden("An auditor exports without identifiers.".into()).into());
        }
        let reason = request.reason.as_deref().map(str::trim).unwrap_or_default();
        if reason.chars().count() < 5 || reason.chars().count() > 500 || reason.chars().any(char::is_control) {
            return Err(Refusal::field(
                "/reason",
                "missing",
                "say why identities must leave the laboratory (5 to 500 characters)",
            )
            .into());
        }
    }
    Ok(())
}

pub(super) type Sink<'s> = &'s mut dyn FnMut(&[Cell]) -> Result<(), StoreError>;

/// Why an export ended before its last row.
enum Ended {
    /// Whoever watched had enough.
    Early,
    Failed(StoreError),
}

impl From<StoreError> for Ended {
    fn from(e: StoreError) -> Self {
        Self::Failed(e)
    }
}

impl Lab {
    /// Streams a dataset into `sink`, cases oldest first, from one snapshot, in constant memory. Journaled before the
    /// first row leaves, and again when the last has left. Blocks. Returns the number of rows.
    ///
    /// # Errors
    /// Refusals of [`may_export`] and [`chosen`]; the store; whatever the sink says.
    pub fn export(&self, actor: &Actor, request: &Request, request_id: &str, sink: Sink<'_>) -> Result<u64, LabError> {
        let mut rows = 0;
        let mut watch = |progress: Progress| {
            rows = progress.rows;
            ControlFlow::Continue(())
        };
        self.export_watched(actor, request, request_id, sink, &mut watch)?;
        Ok(rows)
    }

    /// [`Lab::export`] that somebody watches, and may end early. `false`: it was ended, and what left is not whole.
    ///
    /// # Errors
    /// As [`Lab::export`].
    pub fn export_watched(
        &self,
        actor: &Actor,
        request: &Request,
        request_id: &str,
        sink: Sink<'_>,
        watch: Watch<'_>,
    ) -> Result<bool, LabError> {
        may_export(actor, request)?;
        chosen(request)?;
        self.note_export(actor, request, Note::ExportBegin, None, request_id)?;
        let (rows, whole) = self.run_export(actor, request, sink, u64::MAX, watch)?;
        let command = if whole { Note::ExportEnd } else { Note::ExportCancel };
        self.note_export(actor, request, command, Some(rows), request_id)?;
        Ok(whole)
    }

    /// The first rows of an export, to look at. Journaled as such. Blocks.
    ///
    /// # Errors
    /// As [`Lab::export`].
    pub fn export_preview(
        &self,
        actor: &Actor,
        request: &Request,
        most: u64,
        request_id: &str,
    ) -> Result<Vec<Vec<Cell>>, LabError> {
        may_export(actor, request)?;
        chosen(request)?;
        self.note_export(actor, request, Note::ExportPreview, Some(most), request_id)?;
        let mut rows = Vec::new();
        let mut sink = |cells: &[Cell]| {
            rows.push(cells.to_vec());
            Ok(())
        };
        self.run_export(actor, request, &mut sink, most, &mut |_| ControlFlow::Continue(()))?;
        Ok(rows)
    }

    /// Notes that the finished file of an export was fetched. Blocks.
    ///
    /// # Errors
    /// The store.
    pub fn note_fetched_export(&self, actor: &Actor, request: &Request, request_id: &str) -> Result<(), LabError> {
        self.note_export(actor, request, Note::ExportFetch, None, request_id)
    }

    fn note_export(
        &self,
        actor: &Actor,
        request: &Request,
        command: Note,
        rows: Option<u64>,
        request_id: &str,
    ) -> Result<(), LabError> {
        let body = json!({
            "format": 1,
            "dataset": request.dataset.name(),
            "identifiers": request.identifiers.name(),
            "stage": request.filter.stage.map(crate::domain::progress::Stage::name),
            "indication": request.filter.indication,
            "from": request.filter.from,
            "to": request.filter.to,
            "of": request.rows,
            "columns": request.columns,
            "rows": rows,
        });
        let (lab, actor) = (self.clone(), actor.clone());
        let (reason, request_id) = (request.reason.clone(), request_id.to_owned());
        // Two exports may end at the same moment, now that they run beside one another.
        self.write_account("export.note", move |tx| {
            Ok(lab.note(tx, "exports", &actor, command, reason.as_deref(), &body, &request_id)?)
        })
    }

    /// The rows themselves, at most so many; says how many, and whether nobody ended it early.
    fn run_export(
        &self,
        actor: &Actor,
        request: &Request,
        sink: Sink<'_>,
        most: u64,
        watch: Watch<'_>,
    ) -> Result<(u64, bool), LabError> {
        let secret = match request.identifiers {
            // A new secret each time: keys of two exports cannot be joined.
            Identifiers::None => self.next_id().to_string() + &self.next_id().to_string(),
            Identifiers::Pseudonym | Identifiers::Full => self.pseudonym_secret()?,
        };
        let catalogue = self.catalogue();
        let mut writer = Writer {
            keys: Keys { secret },
            hidden: columns(request.dataset)
                .iter()
                .map(|c| c.identifying && request.identifiers != Identifiers::Full)
                .collect(),
            order: request.columns.as_ref().map(|_| chosen(request)).transpose()?,
            catalogue: &catalogue,
            now: self.now(),
            rows: 0,
            most,
            sink,
        };
        let (dataset, now) = (request.dataset, writer.now);
        let mut progress = Progress::default();
        let mut read = |writer: &Writer<'_>, progress: &mut Progress| {
            progress.cases += 1;
            progress.rows = writer.rows;
            if writer.rows >= most || watch(*progress).is_break() { Err(Ended::Early) } else { Ok(()) }
        };
        let ended = self.store().snapshot(|conn| match &request.rows {
            Rows::All | Rows::Sorted(_) => {
                let sort = match request.rows {
                    Rows::Sorted(sort) => sort,
                    Rows::All | Rows::Orders(_) | Rows::Parts(_) => CaseSort::Oldest,
                };
                progress.cases_total = cases::count_of(conn, &request.filter)?;
                cases::each_id_by(conn, &request.filter, sort, |conn, ids| {
                    let mut wholes = aggregate::load_many(conn, ids, depth(dataset))?;
                    wholes.sort_by_key(|w| ids.iter().position(|id| *id == w.case.header.id));
                    for whole in wholes {
                        writer.whole(conn, dataset, &whole.case)?;
                        read(&writer, &mut progress)?;
                    }
                    Ok(())
                })
            }
            Rows::Orders(rows) => {
                let rows = rows.filter(actor, now);
                progress.cases_total = orders::count_of(conn, &rows)?;
                export_rows::each_order(conn, &rows, &request.filter, depth(dataset), |case, order| {
                    if let Some(order) = case.order(order) {
                        writer.of_order(dataset, case, order)?;
                    }
                    read(&writer, &mut progress)
                })
            }
            Rows::Parts(rows) => {
                let parts = rows.parts(conn, &catalogue, now)?;
                progress.cases_total = parts.len() as u64;
                export_rows::each_with_case(conn, &request.filter, &parts, rows.depth(), |case, part| {
                    if let Some(part) = case.specimen(part).filter(|p| rows.holds(case, p.id, &catalogue, now)) {
                        writer.of_part(dataset, case, part)?;
                    }
                    read(&writer, &mut progress)
                })
            }
        });
        match ended {
            Ok(()) => Ok((writer.rows, true)),
            Err(Ended::Early) => Ok((writer.rows, false)),
            Err(Ended::Failed(e)) => Err(e.into()),
        }
    }

    /// The secret behind stable pseudonyms: derived from the first journal entry, which nobody sees in an export.
    fn pseudonym_secret(&self) -> Result<String, LabError> {
        let first = self.store().read_now(|conn| journal::after(conn, 0, 1))?;
        Ok(first.first().map_or_else(|| "empty".to_owned(), |e| e.hash.clone()))
    }
}

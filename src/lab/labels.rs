//! Printing labels: who may, which parts, and a line in the journal for each label that leaves, before it leaves.
//!
//! A label has a journal stream of its own (`label:BM26-000417K-A1`), so that how often a tube was labeled, by whom and
//! why, is one short question.

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;

use super::execute::absent;
use super::notes::Note;
use super::{Lab, LabError};
use crate::domain::labeling::{ReprintReason, may_label};
use crate::domain::{Actor, Case, Label, Moment, Patient, Refusal, Role, Specimen};
use crate::store::journal::{self, Entry};
use crate::store::tables::specimens;
use crate::store::{DbConn, StoreError};

/// Who prints labels: those who hold the parts.
pub const PRINTERS: &[Role] = &[Role::Tech, Role::Supervisor];

/// How long after it was asked for a print may be fetched, minutes. Later it is a reprint.
const FETCH_MIN: i64 = 10;

/// One printing of one label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// The printing; labels printed together share it.
    pub id: Uuid,
    /// Which label.
    pub label: Label,
    /// When.
    pub at: Moment,
    /// Login name of who printed it.
    pub by: String,
    /// Why again; absent for a first label.
    pub reason: Option<ReprintReason>,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct PrintRequest {
    /// Which labels, all of one case.
    pub labels: Vec<Label>,
    /// Why again; needed as soon as one of them was printed before.
    pub reason: Option<ReprintReason>,
    /// The form or request behind it: the same one asked twice is one printing.
    pub key: Option<String>,
    /// Asked for at the queue of a bench, whose labels are scanned back before they are used.
    pub scan_back: bool,
}

/// A part at a bench, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenchPart {
    /// The part.
    pub specimen: Specimen,
    /// Whose.
    pub patient: Patient,
}

/// The labels of a bench: no state of their own, but what the journal says of the parts that are there
/// (`reference/ux.md` §2.15).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelQueue {
    /// Parts whose label was never printed, in the order in which they were made.
    pub waiting: Vec<BenchPart>,
    /// Parts whose label was printed here and not scanned back yet.
    pub unchecked: Vec<BenchPart>,
}

/// Of so many newest parts at a bench the queue is made.
const QUEUE_OF: i64 = 400;

fn stream(label: &Label) -> String {
    format!("label:{label}")
}

fn print(label: &Label, entry: &Entry) -> Result<(Print, Option<String>), StoreError> {
    let body: serde_json::Value = serde_json::from_str(&entry.body)
        .map_err(|e| StoreError::Corrupt { what: format!("a label's journal entry does not read ({e})") })?;
    let id = body.get("print").and_then(|v| v.as_str()).and_then(|v| v.parse().ok());
    let id = id.ok_or_else(|| StoreError::Corrupt { what: "a label's journal entry names no printing".to_owned() })?;
    let key = body.get("key").and_then(|v| v.as_str()).map(str::to_owned);
    let reason = entry.reason.as_deref().and_then(ReprintReason::parse);
    Ok((Print { id, label: label.clone(), at: entry.recorded_at, by: entry.actor.clone(), reason }, key))
}

fn prints(conn: &mut DbConn, label: &Label) -> Result<Vec<(Print, Option<String>)>, StoreError> {
    let entries = journal::stream(conn, &stream(label))?;
    entries.iter().filter(|e| e.command != Note::LabelCheck.name()).map(|entry| print(label, entry)).collect()
}

/// How a label stands, by the entries of its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    NeverPrinted,
    /// Printed at a queue, and nobody scanned it since its last print.
    Unchecked,
    Done,
}

fn standing<'e>(entries: impl Iterator<Item = &'e Entry>) -> Standing {
    let (mut now, mut scan_back) = (Standing::NeverPrinted, false);
    for entry in entries {
        let body: serde_json::Value = serde_json::from_str(&entry.body).unwrap_or_default();
        scan_back |= body.get("scan_back").and_then(serde_json::Value::as_bool).unwrap_or_default();
        let checked = entry.command == Note::LabelCheck.name() || !scan_back;
        now = if checked { Standing::Done } else { Standing::Unchecked };
    }
    now
}

/// Whether this person prints labels.
///
/// # Errors
/// Names who does.
pub fn may_print(actor: &Actor) -> Result<(), LabError> {
    if actor.is_any(PRINTERS) {
        Ok(())
    } else {
        Err(Refusal::Forbidden("Printing labels takes the role tech or supervisor.".into()).into())
    }
}

impl Lab {
    /// Notes in the journal that these labels of a case are printed now, and says which printing it is. All or nothing.
    ///
    /// # Errors
    /// A role that does not print; a part that is not to be labeled now; a second print without its reason.
    pub async fn print_labels(
        &self,
        actor: &Actor,
        case: &Case,
        request: PrintRequest,
        request_id: &str,
    ) -> Result<Uuid, LabError> {
        may_print(actor)?;
        if request.labels.is_empty() {
            return Err(Refusal::field("/labels", "missing", "choose which labels to print").into());
        }
        let now = self.now();
        for label in &request.labels {
            let part = case.labeled(label).ok_or_else(absent)?;
            may_label(part, case.header.logged_at, now)?;
        }
        let id = self.next_id();
        let (lab, actor, request_id) = (self.clone(), actor.clone(), request_id.to_owned());
        let work = move || {
            let store = lab.clone();
            store.write_account("labels.print", move |tx| {
                let mut entries = Vec::new();
                for label in &request.labels {
                    let before = prints(tx, label)?;
                    let same = |k: &Option<String>| k.is_some() && *k == request.key;
                    if let Some((again, _)) = before.iter().rev().find(|(p, k)| same(k) && p.by == actor.name) {
                        return Ok(again.id);
                    }
                    if !before.is_empty() && request.reason.is_none() {
                        let why = format!("{label} was printed before: say why it is printed again");
                        return Err(Refusal::field("/reason", "missing", why).into());
                    }
                    entries.push((label, !before.is_empty()));
                }
                for (label, again) in entries {
                    let command = if again { Note::LabelReprint } else { Note::LabelPrint };
                    let reason = request.reason.filter(|_| again).map(ReprintReason::name);
                    let body = json!({ "format": 1, "label": label, "print": id, "key": request.key, "scan_back": request.scan_back });
                    lab.note(tx, &stream(label), &actor, command, reason, &body, &request_id)?;
                }
                Ok(id)
            })
        };
        blocking(work).await
    }

    /// The labels that wait at a place, such as `Flow cytometry`: of the parts that came there or were made there.
    ///
    /// # Errors
    /// A role that does not print; the store.
    pub async fn label_queue(&self, actor: &Actor, place: &str) -> Result<LabelQueue, LabError> {
        may_print(actor)?;
        let place = place.to_owned();
        let read = move |conn: &mut DbConn| {
            let parts = specimens::at_bench(conn, &place, QUEUE_OF)?;
            let names = parts.iter().map(|(s, _)| stream(&s.label)).collect();
            let mut entries: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
            for entry in journal::streams_named(conn, names)? {
                entries.entry(entry.stream.clone()).or_default().push(entry);
            }
            let mut queue = LabelQueue::default();
            for (specimen, patient) in parts {
                let of = entries.get(&stream(&specimen.label)).map(Vec::as_slice).unwrap_or_default();
                match standing(of.iter()) {
                    Standing::NeverPrinted => queue.waiting.push(BenchPart { specimen, patient }),
                    Standing::Unchecked => queue.unchecked.push(BenchPart { specimen, patient }),
                    Standing::Done => {}
                }
            }
            Ok::<_, LabError>(queue)
        };
        self.store().read(read).await
    }

    /// Notes that a printed label was scanned back and is the one that was asked for.
    ///
    /// # Errors
    /// A role that does not print; a label that waits for no check.
    pub async fn check_label(&self, actor: &Actor, label: Label, request_id: &str) -> Result<(), LabError> {
        may_print(actor)?;
        let (lab, actor, request_id) = (self.clone(), actor.clone(), request_id.to_owned());
        blocking(move || {
            let store = lab.clone();
            store.write_account("labels.check", move |tx| {
                if standing(journal::stream(tx, &stream(&label))?.iter()) != Standing::Unchecked {
                    let why = format!("{label} waits for no check: it was not printed here, or was checked already");
                    return Err(Refusal::field("/code", "not_printed", why).into());
                }
                let body = json!({ "format": 1, "label": label });
                lab.note(tx, &stream(&label), &actor, Note::LabelCheck, None, &body, &request_id)?;
                Ok(())
            })
        })
        .await
    }

    /// Every printing of these labels, oldest first within each, for somebody who prints.
    ///
    /// # Errors
    /// A role that does not print; the store.
    pub async fn label_prints(&self, actor: &Actor, labels: Vec<Label>) -> Result<Vec<Print>, LabError> {
        may_print(actor)?;
        self.store()
            .read(move |conn| {
                let mut all = Vec::new();
                for label in &labels {
                    all.extend(prints(conn, label)?.into_iter().map(|(p, _)| p));
                }
                Ok(all)
            })
            .await
    }

    /// Which of these labels belong to a printing that this person asked for just now.
    ///
    /// # Errors
    /// A printing of somebody else, or of some time ago: it is asked for again, with its reason.
    pub async fn fetch_print(&self, actor: &Actor, labels: Vec<Label>, id: Uuid) -> Result<Vec<Label>, LabError> {
        let now = self.now();
        let fresh = |p: &Print| p.id == id && p.by == actor.name && (now - p.at).num_minutes() < FETCH_MIN;
        let all = self.label_prints(actor, labels).await?;
        let found: Vec<Label> = all.into_iter().filter(fresh).map(|p| p.label).collect();
        if found.is_empty() { Err(absent()) } else { Ok(found) }
    }
}

/// Runs what blocks where it may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LabError> + Send + 'static,
) -> Result<T, LabError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(StoreError::Busy.into()))
}

//! The journal as people look through it: newest first, filtered, and its chains checked.
//!
//! Who sees no patients (an admin) sees that something happened, when, by whom and which fields it changed; never the
//! values, the reason or the case's number. The feed of programs (`events.rs`) refuses that role altogether.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};

use crate::domain::event::Recorded;
use crate::domain::{Accession, Actor, CaseId, Moment, Refusal, Role};
use crate::lab::verify::Verdict;
use crate::lab::{Lab, LabError, execute, scope};
use crate::store::journal::{self, Entry, Look};
use crate::store::tables::cases;

/// Streams without patients: what happens to accounts, exports (counts and reasons, no rows) and the catalogue.
const OFFICE: &[&str] = &["accounts", "exports", "catalogue"];

/// What somebody looks for. Absent means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Only about this case.
    pub case: Option<Accession>,
    /// Only of this stream that is no case's: `accounts`, `exports`, `catalogue`.
    pub stream: Option<String>,
    /// Only by this person (login name at the time).
    pub actor: Option<String>,
    /// Only commands that begin so.
    pub command: Option<String>,
    /// Recorded at or after.
    pub from: Option<Moment>,
    /// Recorded before.
    pub until: Option<Moment>,
}

/// One entry as this person may see it.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalLine {
    /// Place in the journal; the cursor.
    pub position: i64,
    /// Whose journal.
    pub stream: String,
    /// Number within it.
    pub seq: i64,
    /// Which case; absent when it is none's, or not for this person.
    pub accession: Option<Accession>,
    /// When the server wrote it.
    pub recorded_at: Moment,
    /// When it happened, as stated.
    pub occurred_at: Option<Moment>,
    /// Who.
    pub actor: String,
    /// What was asked.
    pub command: String,
    /// Why.
    pub reason: Option<String>,
    /// What changed; without values for a person who sees no patients.
    pub events: Vec<Recorded>,
    /// What an entry that is no case's says.
    pub facts: Map<String, Value>,
    /// Whether the values were left out.
    pub veiled: bool,
    /// Link of the chain.
    pub hash: String,
}

/// A page of the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalPage {
    /// Newest first.
    pub lines: Vec<JournalLine>,
    /// The next page begins before this position.
    pub next: Option<i64>,
}

fn may_read(actor: &Actor) -> Result<(), LabError> {
    if actor.is_any(&[Role::Admin, Role::Auditor, Role::Supervisor]) {
        return Ok(());
    }
    Err(Refusal::Forbidden("The journal takes the role auditor, supervisor or admin.".into()).into())
}

impl Lab {
    /// A page of the journal, newest first.
    ///
    /// # Errors
    /// Other roles than auditor, supervisor and admin; a case that does not exist, or not for this person.
    pub async fn journal_page(
        &self,
        actor: &Actor,
        sought: Sought,
        before: Option<i64>,
        limit: i64,
    ) -> Result<JournalPage, LabError> {
        may_read(actor)?;
        let sees_cases = scope::may_look(actor).is_ok();
        if sought.case.is_some() && !sees_cases {
            return Err(execute::absent());
        }
        self.store()
            .read(move |conn| {
                let case = match sought.case {
                    None => None,
                    Some(number) => Some(cases::id_of(conn, number)?.ok_or_else(execute::absent)?),
                };
                let look = Look {
                    stream: case.map(execute::stream).or(sought.stream),
                    actor: sought.actor,
                    command: sought.command,
                    from: sought.from,
                    until: sought.until,
                };
                let mut entries = journal::look(conn, &look, before, limit + 1)?;
                let more = i64::try_from(entries.len()).unwrap_or(i64::MAX) > limit;
                entries.truncate(usize::try_from(limit).unwrap_or_default());
                let ids: Vec<CaseId> =
                    entries.iter().filter_map(case_of).collect::<BTreeSet<_>>().into_iter().collect();
                let numbers: HashMap<CaseId, String> = cases::accessions(conn, &ids)?.into_iter().collect();
                let next = entries.last().filter(|_| more).map(|e| e.position);
                let lines = entries.into_iter().map(|e| line(e, &numbers, sees_cases)).collect();
                Ok(JournalPage { lines, next })
            })
            .await
    }

    /// Recomputes every chain that these streams are: each entry's hash, its number, and that it binds the one before.
    /// Blocks.
    ///
    /// # Errors
    /// Roles that may not read the journal; the store.
    pub fn check_chains(&self, actor: &Actor, streams: &BTreeSet<String>) -> Result<Verdict, LabError> {
        may_read(actor)?;
        self.verify_streams(streams)
    }
}

fn case_of(entry: &Entry) -> Option<CaseId> {
    entry.stream.strip_prefix("case:").and_then(|id| uuid::Uuid::parse_str(id).ok()).map(CaseId)
}

fn line(entry: Entry, numbers: &HashMap<CaseId, String>, sees_cases: bool) -> JournalLine {
    let veiled = !sees_cases && !OFFICE.contains(&entry.stream.as_str());
    let number = case_of(&entry).and_then(|id| numbers.get(&id)).and_then(|n| Accession::parse(n).ok());
    let mut facts = match serde_json::from_str::<Value>(&entry.body) {
        Ok(Value::Object(facts)) => facts,
        Ok(_) | Err(_) => Map::new(),
    };
    facts.remove("format");
    let events = facts.remove("events").and_then(|e| serde_json::from_value::<Vec<Recorded>>(e).ok());
    let mut events = events.unwrap_or_default();
    if veiled {
        facts.clear();
        for change in events.iter_mut().flat_map(|e| &mut e.changes) {
            change.before = Value::Null;
            change.after = Value::Null;
        }
    }
    JournalLine {
        position: entry.position,
        seq: entry.seq,
        accession: number.filter(|_| !veiled),
        recorded_at: entry.recorded_at,
        occurred_at: entry.occurred_at,
        actor: entry.actor,
        command: entry.command,
        reason: entry.reason.filter(|_| !veiled),
        events,
        facts,
        veiled,
        hash: entry.hash,
        stream: entry.stream,
    }
}

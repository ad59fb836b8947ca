//! `trephine verify`: the journal folded again, every row compared, every hash recomputed, every invariant checked.
//! Reads only.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::execute::{derived, stream};
use super::{Lab, LabError};
use crate::domain::decide::hex;
use crate::domain::event::{self, Recorded};
use crate::domain::machine::{Machine, OrderState, ReportState, ResultState, SpecimenState};
use crate::domain::take_back::reversible;
use crate::domain::{Accession, Case, Entity, Patient};
use crate::store::StoreError;
use crate::store::aggregate::{self, Depth, Whole};
use crate::store::journal::{self, Entry, START};
use crate::store::tables::cases::Filter;
use crate::store::tables::{cases, catalogues, counters, documents, patients, sessions, tokens, users};

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Finding {
    /// Which rule: `chain`, `fold`, `row`, `I7` … (numbers as in `reference/reliability.md` §3).
    pub rule: &'static str,
    /// What it is about.
    pub subject: String,
    /// What is wrong.
    pub message: String,
}

/// What was looked at and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Verdict {
    /// Cases compared.
    pub cases: u64,
    /// Journal entries recomputed.
    pub entries: u64,
    /// What is wrong; empty when clean.
    pub findings: Vec<Finding>,
}

impl Verdict {
    fn add(&mut self, rule: &'static str, subject: impl Into<String>, message: impl Into<String>) {
        self.findings.push(Finding { rule, subject: subject.into(), message: message.into() });
    }

    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

type Fold = HashMap<Uuid, Map<String, Value>>;

impl Lab {
    /// Verifies everything from one snapshot. Blocks.
    ///
    /// # Errors
    /// Only when the store cannot be read; what is wrong in it is a finding.
    pub fn verify(&self) -> Result<Verdict, LabError> {
        let mut verdict = Verdict::default();
        let catalogue = self.catalogue();
        let now = self.now();
        self.store().snapshot(|conn| {
            for problem in crate::store::integrity::complaints(conn)? {
                verdict.add("I25", "database", problem);
            }
            let people: HashMap<Uuid, String> = users::list(conn)?.into_iter().map(|u| (u.id, u.roles)).collect();
            self.check_accounts(conn, &people, &mut verdict)?;

            // First pass: every entry of every stream, hash by hash.
            let mut heads: HashMap<String, (i64, String)> = HashMap::new();
            journal::each(conn, |entry| {
                verdict.entries += 1;
                check_entry(&entry, &mut heads, &people, &mut verdict);
                Ok::<_, StoreError>(())
            })?;

            // Second pass: every case, folded from its entries and compared with its rows.
            let mut known_patients: HashMap<Uuid, Map<String, Value>> = HashMap::new();
            let mut highest: BTreeMap<u8, u32> = BTreeMap::new();
            let mut seen: BTreeMap<u8, u32> = BTreeMap::new();
            let mut streams = 0_u64;
            cases::each_id(conn, &Filter::default(), |conn, ids| {
                for whole in aggregate::load_many(conn, ids, Depth::WHOLE)? {
                    verdict.cases += 1;
                    let accession = whole.case.header.accession;
                    let entry = highest.entry(accession.year()).or_default();
                    *entry = (*entry).max(accession.number());
                    *seen.entry(accession.year()).or_default() += 1;
                    let name = stream(whole.case.header.id);
                    if heads.contains_key(&name) {
                        streams += 1;
                    }
                    check_head(&whole, heads.get(&name), &mut verdict);
                    let entries = journal::stream(conn, &name)?;
                    check_fold(&whole.case, &entries, &mut known_patients, &mut verdict);
                    check_rules(&whole.case, &mut verdict);
                    check_documents(conn, &whole.case, &mut verdict)?;
                    for odd in aggregate::odd(conn, &[whole.case.header.id])? {
                        let subject = format!("{accession} {odd}");
                        verdict.add("row", subject, "the columns that lists use do not say what the row itself says");
                    }
                    if let Some(stored) = cases::derived(conn, whole.case.header.id)? {
                        let said = derived(&whole.case, &catalogue, now);
                        // Expected dates move with the catalogue; the rest is a fact.
                        let facts = |d: &cases::Derived| {
                            (d.stage, d.collected_at, d.late, d.closed_at, d.recollect_since, d.critical_due_at)
                        };
                        if facts(&stored) != facts(&said) {
                            verdict.add(
                                "row",
                                accession.to_string(),
                                "the list's columns do not say what the case says",
                            );
                        }
                    }
                }
                Ok::<_, StoreError>(())
            })?;
            let journaled = heads.keys().filter(|s| s.starts_with("case:")).count() as u64;
            if journaled != streams {
                verdict.add("fold", "journal", format!("{} journals belong to no case", journaled - streams));
            }
            check_numbers(conn, &highest, &seen, &mut verdict)?;
            check_patients(conn, &known_patients, &mut verdict)
        })?;
        Ok(verdict)
    }

    /// Recomputes the chains of these streams from one snapshot: hashes, numbers and links, not what they say. Blocks.
    ///
    /// # Errors
    /// Only when the store cannot be read.
    pub(super) fn verify_streams(&self, streams: &std::collections::BTreeSet<String>) -> Result<Verdict, LabError> {
        let mut verdict = Verdict::default();
        self.store().snapshot(|conn| {
            let people: HashMap<Uuid, String> = users::list(conn)?.into_iter().map(|u| (u.id, u.roles)).collect();
            let mut heads = HashMap::new();
            for name in streams {
                for entry in journal::stream(conn, name)? {
                    verdict.entries += 1;
                    check_entry(&entry, &mut heads, &people, &mut verdict);
                }
            }
            Ok::<_, StoreError>(())
        })?;
        Ok(verdict)
    }

    fn check_accounts(
        &self,
        conn: &mut crate::store::DbConn,
        people: &HashMap<Uuid, String>,
        verdict: &mut Verdict,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let disabled: Vec<Uuid> =
            users::list(conn)?.into_iter().filter(|u| u.disabled_at.is_some()).map(|u| u.id).collect();
        for t in tokens::list(conn, None)? {
            if disabled.contains(&t.user_id) && t.revoked_at.is_none() && t.expires_at > now {
                verdict.add("I23", format!("token {}", t.id), "belongs to a disabled account and is not revoked");
            }
        }
        for id in disabled {
            if !sessions::list(conn, Some(id))?.is_empty() {
                verdict.add("I23", format!("account {id}"), "is disabled and has an open session");
            }
        }
        for (id, roles) in people {
            let words: Vec<&str> = roles.split(' ').collect();
            let clinical = ["tech", "supervisor", "hematologist", "pathologist"];
            if words.contains(&"admin") && words.iter().any(|w| clinical.contains(w)) {
                verdict.add("I22", format!("account {id}"), "is admin and holds a clinical role");
            }
        }
        if catalogues::newest(conn)?.is_none() {
            verdict.add("row", "catalogue", "no catalogue is loaded");
        }
        Ok(())
    }
}

/// I2, I3, I4: the actor exists, numbers follow each other, the hash is right and binds the one before.
fn check_entry(
    entry: &Entry,
    heads: &mut HashMap<String, (i64, String)>,
    people: &HashMap<Uuid, String>,
    verdict: &mut Verdict,
) {
    let subject = || format!("{} entry {}", entry.stream, entry.seq);
    let (last, previous) = heads.get(&entry.stream).cloned().unwrap_or_else(|| (0, START.to_owned()));
    if entry.seq != last + 1 {
        verdict.add("I3", subject(), format!("follows number {last}: an entry is missing or doubled"));
    }
    if entry.previous != previous {
        verdict.add("I4", subject(), "does not bind the entry before it");
    }
    if journal::recompute(entry) != entry.hash {
        verdict.add("I4", subject(), "its hash does not fit its content: it was changed");
    }
    if !entry.actor_id.is_nil() && !people.contains_key(&entry.actor_id) {
        verdict.add("I2", subject(), "names a person without an account");
    }
    heads.insert(entry.stream.clone(), (entry.seq, entry.hash.clone()));
}

fn check_head(whole: &Whole, head: Option<&(i64, String)>, verdict: &mut Verdict) {
    let subject = whole.case.header.accession.to_string();
    match head {
        None => verdict.add("fold", subject, "has no journal"),
        Some((seq, hash)) if *seq != whole.head.seq || *hash != whole.head.hash => {
            verdict.add("I4", subject, format!("its row says {} entries, the journal has {seq}", whole.head.seq));
        }
        Some(_) => {}
    }
}

#[derive(serde::Deserialize)]
struct Body {
    events: Vec<Recorded>,
}

/// I1 and I5: every row is the fold of its events, and only declared steps occur.
fn check_fold(
    case: &Case,
    entries: &[Entry],
    known_patients: &mut HashMap<Uuid, Map<String, Value>>,
    verdict: &mut Verdict,
) {
    let accession = case.header.accession;
    let mut fold: Fold = HashMap::new();
    let mut last = Step::default();
    for entry in entries {
        let Ok(body) = serde_json::from_str::<Body>(&entry.body) else {
            verdict.add("I1", format!("{accession} entry {}", entry.seq), "its body does not read");
            continue;
        };
        let takes_back = entry.command == TAKE_BACK;
        let mut step = Step { by: entry.actor_id, command: entry.command.clone(), before: HashMap::new() };
        for e in body.events {
            let state = fold.entry(e.id).or_default();
            step.before.entry(e.id).or_insert_with(|| state.clone());
            let before = state.get("state").and_then(Value::as_str).map(str::to_owned);
            if let Err(why) = event::fold(state, &e.changes) {
                verdict.add("I1", format!("{accession} entry {} ({})", entry.seq, e.what), why);
            }
            let after = state.get("state").and_then(Value::as_str).map(str::to_owned);
            if takes_back {
                // Not a row of a machine: where it leads is looked at below, with all that it put back.
            } else if let Err(why) = declared(&e, before.as_deref(), after.as_deref()) {
                verdict.add("I5", format!("{accession} entry {} ({})", entry.seq, e.what), why);
            }
            if e.subject == "patient" {
                known_patients.insert(e.id, state.clone());
            }
        }
        if takes_back && let Err(why) = last.is_taken_back_by(&step, &fold) {
            verdict.add("I5", format!("{accession} entry {}", entry.seq), why);
        }
        last = step;
    }
    let rows = std::iter::once(Entity::Case(case.header.clone()))
        .chain(case.specimens.iter().cloned().map(Entity::Specimen))
        .chain(case.orders.iter().cloned().map(Entity::Order))
        .chain(case.results.iter().cloned().map(Entity::Result))
        .chain(case.reports.iter().cloned().map(Entity::Report));
    let mut count = 0;
    for row in rows {
        count += 1;
        let name = format!("{accession} {} {}", row.kind(), row.id());
        match fold.get(&row.id()) {
            None => verdict.add("I1", name, "has a row and no journal entry"),
            Some(said) => {
                if let Err(why) = event::same(said, &row.fields()) {
                    verdict.add("I1", name, why);
                }
            }
        }
    }
    let journaled = fold.iter().filter(|(id, _)| **id != case.patient.id.0).count();
    if journaled > count {
        verdict.add("I1", accession.to_string(), format!("{} journaled things have no row", journaled - count));
    }
}

const TAKE_BACK: &str = "case.take_back";

/// An entry, and what the things that it changed were before.
#[derive(Default)]
struct Step {
    by: Uuid,
    command: String,
    before: Fold,
}

impl Step {
    /// Whether the entry after this one put back everything that this one changed, and nothing else.
    fn is_taken_back_by(&self, next: &Self, after: &Fold) -> Result<(), String> {
        reversible(&self.command).map_err(|_| format!("takes back “{}”, which cannot be", self.command))?;
        if self.by != next.by {
            return Err("takes back what somebody else did".into());
        }
        let content = |fold: &Fold, id: &Uuid| {
            let mut fields = fold.get(id).cloned().unwrap_or_default();
            // A field that was never set is not in the fold; put back, it is there as null.
            fields.retain(|name, value| name != "version" && !value.is_null());
            fields
        };
        let things = self.before.keys().chain(next.before.keys());
        match things.into_iter().find(|id| content(&self.before, id) != content(after, id)) {
            Some(id) => Err(format!("leaves {id} unlike it was before the step that it takes back")),
            None => Ok(()),
        }
    }
}

/// Whether the machine has this step between these states.
fn declared(e: &Recorded, before: Option<&str>, after: Option<&str>) -> Result<(), String> {
    let step = e.what.split_once('.').map_or("", |(_, step)| step);
    match e.subject.as_str() {
        "specimen" => row_exists::<SpecimenState>(step, before, after),
        "order" => row_exists::<OrderState>(step, before, after),
        "result" => row_exists::<ResultState>(step, before, after),
        "report" => row_exists::<ReportState>(step, before, after),
        _ => Ok(()),
    }
}

fn row_exists<M: Machine>(step: &str, before: Option<&str>, after: Option<&str>) -> Result<(), String> {
    if before == after {
        // A note on something that stays where it is (a link, a debit, a due time).
        return Ok(());
    }
    let fits = M::TABLE.iter().any(|row| {
        let from = match before {
            // A derived part is born accepted from its parent's aliquot step.
            None => row.from.is_empty() || (M::NAME == "specimen" && step == "derive"),
            Some(word) => row.from.iter().any(|s| s.word() == word),
        };
        let to = match row.to {
            Some(to) => Some(to.word()) == after,
            None => before == after,
        };
        let birth = before.is_none() && M::NAME == "specimen" && step == "derive" && after == Some("accepted");
        birth || (from && to && M::step_word(row.step) == step)
    });
    if fits {
        Ok(())
    } else {
        Err(format!(
            "the {} machine has no step {step} from {} to {}",
            M::NAME,
            before.unwrap_or("nothing"),
            after.unwrap_or("nothing")
        ))
    }
}

/// The invariants that a case must keep by itself.
fn check_rules(case: &Case, verdict: &mut Verdict) {
    let name = case.header.accession.to_string();
    for s in &case.specimens {
        let label = s.label.to_string();
        if s.label.accession() != case.header.accession {
            verdict.add("I15", &label, "its label names another case");
        }
        if s.volume.is_some_and(|v| !v.is_sound()) {
            verdict.add("I12", &label, "more volume went out than came in");
        }
        let children: u64 = case
            .specimens
            .iter()
            .filter(|c| c.parent == Some(s.id))
            .filter_map(|c| c.volume.map(|v| u64::from(v.received_ul())))
            .sum();
        if s.volume.is_some_and(|v| u64::from(v.children_ul()) != children) {
            verdict.add("I12", &label, "its children do not add up to what went into them");
        }
        if let Some(parent) = s.parent
            && case.specimen(parent).is_none_or(|p| p.id >= s.id)
        {
            verdict.add("I14", &label, "its parent is not on the case or younger than itself");
        }
        if s.state == SpecimenState::Rejected {
            let whole = s
                .rejection
                .as_ref()
                .is_some_and(|r| r.told.is_some() && r.decided_by.as_ref().is_some_and(|d| d.id != r.proposed_by.id));
            if !whole {
                verdict.add("I13", &label, "was rejected without a second person or without telling anybody");
            }
        }
        if s.state == SpecimenState::NotCollected && s.not_collected.is_none() {
            verdict.add("I13", &label, "was not collected and no reason is kept");
        }
    }
    for o in &case.orders {
        let subject = format!("{name} {}", o.assay);
        if o.state == OrderState::Final {
            if case.verified_result(o.id).is_none() {
                verdict.add("I7", &subject, "is final without a verified result");
            }
            if o.attempts.is_empty() && o.referral.is_none() {
                verdict.add("I20", &subject, "is final and was never set up");
            }
        }
        let mut numbers: Vec<i64> = case.results_of(o.id).map(|r| r.number).collect();
        numbers.sort_unstable();
        if numbers.iter().zip(1_i64..).any(|(n, expected)| *n != expected) {
            verdict.add("I10", &subject, "its result versions are not 1, 2, 3 …");
        }
    }
    for r in case.results.iter().filter(|r| r.state.is_verified()) {
        match &r.verified_by {
            Some(v) if v.id != r.entered_by.id && r.verified_at.is_some_and(|at| at >= r.entered_at) => {}
            _ => verdict.add("I7", format!("{name} result {}", r.id), "was not verified by a second person afterwards"),
        }
        if r.revision.is_some() && (r.reason.is_none() || r.told.is_none()) {
            verdict.add(
                "I10",
                format!("{name} result {}", r.id),
                "was revised without a reason or without telling anybody",
            );
        }
    }
    check_reports(case, &name, verdict);
}

/// What another laboratory sent is kept as it came: every document of an order has its bytes, and they fit their hash.
fn check_documents(conn: &mut crate::store::DbConn, case: &Case, verdict: &mut Verdict) -> Result<(), StoreError> {
    let name = case.header.accession;
    for o in &case.orders {
        for d in &o.documents {
            let subject = format!("{name} {} document {}", o.assay, d.id);
            if !documents::is_as_said(conn, o, d)? {
                verdict.add("document", &subject, "its row does not say what its order says");
            }
            // One at a time: a case may hold many megabytes.
            match documents::bytes(conn, d.id)? {
                None => verdict.add("document", &subject, "has no bytes"),
                Some(bytes) if hex(&Sha256::digest(&bytes)) != d.sha256 => {
                    verdict.add("document", &subject, "its bytes do not fit their hash: they were changed");
                }
                Some(_) => {}
            }
        }
    }
    for id in documents::of_case(conn, case.header.id)? {
        if case.document(id).is_none() {
            verdict.add("document", format!("{name} document {id}"), "has a row and no journal entry");
        }
    }
    Ok(())
}

/// I8, I9, I10: what was signed is what is kept, by the one who made the diagnosis, with nothing open; and only what was
/// signed was said to be read.
fn check_reports(case: &Case, name: &str, verdict: &mut Verdict) {
    for (i, read) in case.header.readings.iter().enumerate() {
        let signed = case.report(read.report).and_then(|r| r.signature.as_ref()).is_some_and(|s| s.at <= read.at);
        let again = case.header.readings.iter().take(i).any(|r| (r.report, r.by.id) == (read.report, read.by.id));
        if !signed || again {
            verdict.add(
                "reading",
                format!("{name} reading {}", i + 1),
                "is of nothing that was signed, or is there twice",
            );
        }
    }
    for (r, expected) in case.reports.iter().zip(1_i64..) {
        let subject = format!("{name} report {}", r.number);
        if r.number != expected {
            verdict.add("I10", &subject, "the report's versions are not 1, 2, 3 …");
        }
        match &r.signature {
            Some(s) => {
                if hex(&Sha256::digest(r.document.as_bytes())) != s.sha256 {
                    verdict.add("I9", &subject, "the signature does not fit the bytes: the document was changed");
                }
                if s.by.id != r.diagnostician.id {
                    verdict.add("I9", &subject, "was signed by somebody who did not make the diagnosis");
                }
            }
            None if r.state.is_signed() => verdict.add("I9", &subject, "is signed without a signature"),
            None => {}
        }
        if r.kind.is_revision() && r.state.is_complete() && (r.reason.is_none() || r.told.is_none()) {
            verdict.add("I10", &subject, "was revised without a reason or without telling anybody");
        }
    }
}

/// I15: numbers are unique by the database; here that none is missing.
fn check_numbers(
    conn: &mut crate::store::DbConn,
    highest: &BTreeMap<u8, u32>,
    seen: &BTreeMap<u8, u32>,
    verdict: &mut Verdict,
) -> Result<(), StoreError> {
    for (year, last) in highest {
        let counter = counters::last(conn, &format!("accession:{year:02}"))?;
        if counter != i64::from(*last) || seen.get(year) != Some(last) {
            let first = Accession::new(*year, 1).map_or_else(|e| e, |a| a.to_string());
            verdict.add(
                "I15",
                format!("numbers of year {year:02}"),
                format!(
                    "{} cases from {first} on, counter at {counter}, highest {last}: there is a gap",
                    seen.get(year).copied().unwrap_or_default()
                ),
            );
        }
    }
    Ok(())
}

fn check_patients(
    conn: &mut crate::store::DbConn,
    known: &HashMap<Uuid, Map<String, Value>>,
    verdict: &mut Verdict,
) -> Result<(), StoreError> {
    patients::each(conn, |p: Patient, same| {
        let id = p.id;
        if !same {
            verdict.add(
                "row",
                format!("patient {id}"),
                "the columns that lists use do not say what the row itself says",
            );
        }
        match known.get(&id.0) {
            None => verdict.add("I1", format!("patient {id}"), "has a row and no journal entry"),
            Some(said) => {
                if let Err(why) = event::same(said, &Entity::Patient(p).fields()) {
                    verdict.add("I1", format!("patient {id}"), why);
                }
            }
        }
        Ok::<_, StoreError>(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_take_back_puts_back_everything_and_nothing_else() {
        let thing = |state: &str, version: i64| {
            Map::from_iter([("state".to_owned(), Value::from(state)), ("version".to_owned(), Value::from(version))])
        };
        let (one, two, me) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let step = |command: &str, by: Uuid, before: Fold| Step { by, command: command.to_owned(), before };
        let took = || step("specimen.receive", me, Fold::from([(one, thing("collected", 1))]));
        let back = |by: Uuid| step(TAKE_BACK, by, Fold::from([(one, thing("received", 2))]));
        let now = Fold::from([(one, thing("collected", 3)), (two, thing("ready", 2))]);
        assert_eq!(took().is_taken_back_by(&back(me), &now), Ok(()));
        assert!(took().is_taken_back_by(&back(two), &now).is_err(), "another person");
        let left = Fold::from([(one, thing("received", 3))]);
        assert!(took().is_taken_back_by(&back(me), &left).is_err(), "something was left as it was");
        let mut more = back(me);
        more.before.insert(two, thing("awaiting_specimen", 1));
        assert!(took().is_taken_back_by(&more, &now).is_err(), "something else was changed");
        let lost = step("specimen.lose", me, took().before);
        assert!(lost.is_taken_back_by(&back(me), &now).is_err(), "a step that cannot be taken back");
    }
}

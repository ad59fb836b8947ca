//! A person's own list: what they asked for or follow, what is new in it, and what they are told. Derived from the
//! journal and from what they follow every time; nothing of it is stored.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::cases::CaseLine;
use super::events::EventView;
use crate::domain::progress::Stage;
use crate::domain::{Accession, Actor, Case, CaseId, OrderId, ResultState, Role};
use crate::lab::execute::stream;
use crate::lab::follows::{Choice, Follow};
use crate::lab::{Lab, LabError, scope};
use crate::store::aggregate::{self, Depth};
use crate::store::tables::cases::{self, Standing};
use crate::store::tables::{follows, reports};
use crate::store::{DbConn, StoreError, journal};

/// Most cases of one person that are looked through; older ones are in the list of cases.
const CASES: i64 = 300;
/// How long what is done, and what was never looked at, stays in the list, days.
pub const RECENT_DAYS: i64 = 30;
/// Most notices that are shown.
const NOTICES: usize = 60;

/// Why a case is in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// A result or a report was released since this person last opened it, or they have not said yet that they have read
    /// the report.
    New,
    /// The laboratory is at work.
    Waiting,
    /// At its end within the last [`RECENT_DAYS`].
    Done,
}

/// A case of one's own list.
#[derive(Debug, Clone)]
pub struct MyCase {
    /// Which, and where it stands.
    pub line: CaseLine,
    /// Why it is in the list.
    pub group: Group,
    /// Of what this person is told.
    pub choice: Choice,
    /// When something was last released that this person has not seen.
    pub news_at: Option<DateTime<Utc>>,
    /// How many releases of results and reports they have not seen.
    pub news: usize,
    /// The version of the report that they are asked to read: its number, and when it was signed.
    pub to_read: Option<(i64, DateTime<Utc>)>,
    /// Assays with a released result.
    pub results_in: usize,
    /// Assays that count: open, or with a released result.
    pub of: usize,
    /// The next result that is due: when, and of which assay.
    pub next: Option<(DateTime<Utc>, String)>,
    /// When the report was first signed as complete.
    pub closed_at: Option<DateTime<Utc>>,
}

/// Something that a person is told.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Which case.
    pub accession: Accession,
    /// Whose marrow: name as on the wristband.
    pub patient: String,
    /// Record number: the second identifier.
    pub mrn: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The journal's word for what was done.
    pub command: String,
    /// What it was done to: an assay, or a label. Absent for the case as a whole.
    pub subject: Option<String>,
    /// Whether they have neither opened the case since nor put the notice away.
    pub unread: bool,
}

/// The cases of a person, with what they made of each.
struct Mine {
    cases: Vec<(Standing, Follow)>,
    marks: Vec<journal::Mark>,
}

impl Mine {
    /// Reads as few columns as answer the question.
    fn read(conn: &mut DbConn, actor: &Actor, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let kept = follows::of_user(conn, actor.id.0)?;
        if kept.is_empty() && !actor.is(Role::Hematologist) {
            return Ok(Self { cases: Vec::new(), marks: Vec::new() });
        }
        let chosen: Vec<CaseId> = kept.iter().filter(|f| f.choice.is_some()).map(|f| f.case).collect();
        let kept: HashMap<CaseId, follows::Follow> = kept.into_iter().map(|f| (f.case, f)).collect();
        let asked: Vec<Standing> = cases::standing(conn, &actor.name, &[], CASES)?;
        let own: Vec<CaseId> = asked.iter().map(|s| s.id).collect();
        let others: Vec<CaseId> = chosen.into_iter().filter(|id| !own.contains(id)).collect();
        let others = if others.is_empty() { Vec::new() } else { cases::standing(conn, "", &others, CASES)? };
        let asked = asked.into_iter().map(|s| (s, true));
        let all = asked.chain(others.into_iter().map(|s| (s, false)));
        let cases: Vec<(Standing, Follow)> = all
            .map(|(s, own)| (s, Follow::of(kept.get(&s.id), own)))
            .filter(|(_, follow)| follow.choice != Choice::Off)
            .collect();
        let changed = cases.iter().filter(|(s, follow)| s.seq > follow.seen).map(|(s, _)| stream(s.id)).collect();
        let marks = journal::marks(conn, changed, now - TimeDelta::days(RECENT_DAYS))?;
        Ok(Self { cases, marks })
    }

    /// What was done in a case.
    fn marks(&self, id: CaseId) -> impl Iterator<Item = &journal::Mark> {
        let name = stream(id);
        self.marks.iter().filter(move |m| m.stream == name)
    }
}

/// Whether somebody is told of an entry: never of what they did themselves.
fn is_told(actor: &Actor, follow: Follow, mark: &journal::Mark) -> bool {
    mark.actor_id != actor.id.0 && follow.choice.tells(&mark.command)
}

impl Lab {
    /// A person's own list, each case in its group; within a group reports to be read and then the newest news first, the soonest date first (late
    /// ones before), the newest end first.
    ///
    /// # Errors
    /// Refused for roles that see no patients.
    pub async fn mine(&self, actor: &Actor) -> Result<Vec<MyCase>, LabError> {
        scope::may_look(actor)?;
        let (who, now, catalogue) = (actor.clone(), self.now(), self.catalogue());
        let depth = Depth { specimens: false, orders: true, results: true, reports: true };
        let (mine, lines, wholes) = self
            .store()
            .read(move |conn| {
                let mut mine = Mine::read(conn, &who, now)?;
                let recent = |at: DateTime<Utc>| now - at <= TimeDelta::days(RECENT_DAYS);
                let unread = |mine: &Mine, s: &Standing, f: Follow| {
                    mine.marks(s.id).any(|m| m.seq > f.seen && Choice::is_release(&m.command))
                };
                let ids: Vec<CaseId> = mine.cases.iter().map(|(s, _)| s.id).collect();
                let revised = if who.is(Role::Hematologist) { reports::revised(conn, &ids)? } else { Vec::new() };
                let shown: Vec<(Standing, Follow)> = mine
                    .cases
                    .iter()
                    .copied()
                    .filter(|(s, f)| {
                        group(s.stage) == Group::Waiting
                            || recent(s.closed_at.unwrap_or(s.logged_at))
                            || unread(&mine, s, *f)
                            || revised.contains(&s.id)
                    })
                    .collect();
                mine.cases = shown;
                let ids: Vec<CaseId> = mine.cases.iter().map(|(s, _)| s.id).collect();
                let lines = cases::lines(conn, &ids)?;
                let wholes = aggregate::load_many(conn, &ids, depth)?;
                Ok::<_, StoreError>((mine, lines, wholes))
            })
            .await?;
        let wholes: HashMap<CaseId, Case> = wholes.into_iter().map(|w| (w.case.header.id, w.case)).collect();
        let mut all: Vec<MyCase> = Vec::new();
        for line in lines {
            let Some((s, follow)) = mine.cases.iter().find(|(s, _)| s.id == line.header.id) else { continue };
            let Some(case) = wholes.get(&line.header.id) else { continue };
            if scope::may_see(actor, &line.header).is_err() {
                continue;
            }
            let news: Vec<_> =
                mine.marks(s.id).filter(|m| m.seq > follow.seen && Choice::is_release(&m.command)).collect();
            let to_read = to_read(actor, case, now);
            let recent = now - s.closed_at.unwrap_or(s.logged_at) <= TimeDelta::days(RECENT_DAYS);
            if news.is_empty() && to_read.is_none() && group(s.stage) == Group::Done && !recent {
                continue; // its report was revised long ago, or is read
            }
            let (results_in, of, next) =
                counts(case, |o| catalogue.assay(o).map_or_else(|| o.to_owned(), |a| a.name.clone()));
            all.push(MyCase {
                group: if news.is_empty() && to_read.is_none() { group(s.stage) } else { Group::New },
                choice: follow.choice,
                news_at: news.iter().map(|m| m.recorded_at).max(),
                news: news.len(),
                to_read,
                results_in,
                of,
                next,
                closed_at: s.closed_at,
                line: CaseLine::from(line),
            });
        }
        all.sort_by_key(|c| match c.group {
            Group::New => {
                let newest = c.news_at.max(c.to_read.map(|(_, at)| at));
                (0, c.to_read.is_none(), newest.map_or(0, |at| -at.timestamp()))
            }
            Group::Waiting => (1, !c.line.late, c.next.as_ref().map_or(i64::MAX, |(at, _)| at.timestamp())),
            Group::Done => (2, false, -c.closed_at.unwrap_or(c.line.logged_at).timestamp()),
        });
        Ok(all)
    }

    /// How many notices a person has not read.
    ///
    /// # Errors
    /// The store.
    pub async fn unread(&self, actor: &Actor) -> Result<usize, LabError> {
        if !actor.is_any(scope::CLINICAL) {
            return Ok(0);
        }
        let (who, now) = (actor.clone(), self.now());
        let mine = self.store().read(move |conn| Mine::read(conn, &who, now)).await?;
        let of = |(s, follow): &(Standing, Follow)| {
            mine.marks(s.id).filter(|m| follow.is_unread(m.seq) && is_told(actor, *follow, m)).count()
        };
        Ok(mine.cases.iter().map(of).sum())
    }

    /// What a person is told, newest first: of the last [`RECENT_DAYS`], what they did not see by opening the case.
    ///
    /// # Errors
    /// Refused for roles that see no patients.
    pub async fn notices(&self, actor: &Actor) -> Result<Vec<Notice>, LabError> {
        scope::may_look(actor)?;
        let (who, now) = (actor.clone(), self.now());
        let depth = Depth { specimens: true, orders: true, results: true, reports: false };
        let (mine, entries, wholes) = self
            .store()
            .read(move |conn| {
                let mut mine = Mine::read(conn, &who, now)?;
                let follows: HashMap<String, Follow> = mine.cases.iter().map(|(s, f)| (stream(s.id), *f)).collect();
                mine.marks.retain(|m| follows.get(&m.stream).is_some_and(|f| m.seq > f.seen && is_told(&who, *f, m)));
                mine.marks.truncate(NOTICES);
                let entries = journal::at(conn, mine.marks.iter().map(|m| m.position).collect())?;
                let ids: Vec<CaseId> =
                    mine.cases.iter().filter(|(s, _)| mine.marks(s.id).next().is_some()).map(|(s, _)| s.id).collect();
                let wholes = aggregate::load_many(conn, &ids, depth)?;
                Ok::<_, StoreError>((mine, entries, wholes))
            })
            .await?;
        let catalogue = self.catalogue();
        let mut notices = Vec::new();
        for entry in entries {
            let found = mine.cases.iter().find(|(s, _)| stream(s.id) == entry.stream);
            let Some((s, follow)) = found else { continue };
            let Some(case) = wholes.iter().find(|w| w.case.header.id == s.id).map(|w| &w.case) else { continue };
            if scope::may_see(actor, &case.header).is_err() {
                continue;
            }
            let unread = follow.is_unread(entry.seq);
            let view = EventView::from(entry);
            let name = |code: &str| catalogue.assay(code).map_or_else(|| code.to_owned(), |a| a.name.clone());
            notices.push(Notice {
                accession: case.header.accession,
                patient: case.patient.display(),
                mrn: case.patient.mrn.clone(),
                at: view.recorded_at,
                subject: subject(case, &view, name),
                command: view.command,
                unread,
            });
        }
        Ok(notices)
    }

    /// Puts away every notice that there is now.
    ///
    /// # Errors
    /// The store.
    pub async fn put_notices_away(&self, actor: &Actor) -> Result<(), LabError> {
        let (who, now) = (actor.clone(), self.now());
        let mine = self.store().read(move |conn| Mine::read(conn, &who, now)).await?;
        let user = actor.id.0;
        let unread: Vec<(CaseId, i64)> = mine
            .cases
            .iter()
            .filter(|(s, follow)| mine.marks(s.id).any(|m| follow.is_unread(m.seq) && is_told(actor, *follow, m)))
            .map(|(s, _)| (s.id, s.seq))
            .collect();
        if unread.is_empty() {
            return Ok(());
        }
        let write = move |tx: &mut crate::store::Tx<'_>| {
            unread.iter().try_for_each(|(id, seq)| follows::put_away(tx, user, *id, *seq))
        };
        self.store().write("notices", write).await.map_err(LabError::from)
    }
}

/// Where a case is in the list when there is nothing new.
const fn group(stage: Stage) -> Group {
    match stage {
        Stage::Expected | Stage::InLab | Stage::Testing | Stage::Resulted | Stage::Preliminary => Group::Waiting,
        Stage::Reported | Stage::Closed | Stage::Void => Group::Done,
    }
}

/// The version of the report that this person is asked to read, if it was signed within the last [`RECENT_DAYS`].
fn to_read(actor: &Actor, case: &Case, now: DateTime<Utc>) -> Option<(i64, DateTime<Utc>)> {
    let report = case.unread_report(actor.id).filter(|_| actor.is(Role::Hematologist))?;
    let signed_at = report.signature.as_ref()?.at;
    (now - signed_at <= TimeDelta::days(RECENT_DAYS)).then_some((report.number, signed_at))
}

/// Results that are in, assays that count, and the next one due.
fn counts(case: &Case, name: impl Fn(&str) -> String) -> (usize, usize, Option<(DateTime<Utc>, String)>) {
    let released = |id: OrderId| {
        case.verified_result(id).is_some() || case.results_of(id).any(|r| r.state == ResultState::Preliminary)
    };
    let results_in = case.orders.iter().filter(|o| released(o.id)).count();
    let open = || case.orders.iter().filter(|o| o.state.is_open() && !released(o.id));
    let next = open().filter_map(|o| Some((o.due_at?, o))).min_by_key(|(due, _)| *due);
    (results_in, results_in + open().count(), next.map(|(due, o)| (due, name(o.assay.as_str()))))
}

/// What an entry is about, by its first event of the kind that its command names.
fn subject(case: &Case, entry: &EventView, name: impl Fn(&str) -> String) -> Option<String> {
    let (machine, _) = entry.command.split_once('.')?;
    let id = entry.events.iter().find(|e| e.subject == machine)?.id;
    let order = case.result(crate::domain::ResultId(id)).map_or(OrderId(id), |r| r.order);
    let part = case.specimens.iter().find(|s| s.id.0 == id).map(|s| s.label.to_string());
    part.or_else(|| case.order(order).map(|o| name(o.assay.as_str())))
}

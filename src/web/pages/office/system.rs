//! `/system`: the state of the program and its data. Each line that is not as it should be says what to run.

use actix_web::{HttpResponse, web};
use chrono::TimeDelta;
use maud::{Markup, html};

use super::busy;
use crate::domain::Moment;
use crate::lab::export_jobs::{JobState, KEPT_DAYS};
use crate::lab::questions::system::SystemView;
use crate::lab::upkeep::{BACKUP_MAX_H, ROUND_MAX_MIN, Verified};
use crate::store::Engine;
use crate::web::error::PageError;
use crate::web::language::{english, rich, t};
use crate::web::layout::Page;
use crate::web::live::Part;
use crate::web::parts::{card, hidden, stamp, status};
use crate::web::session::{Person, Posted};
use crate::web::words::Status;
use crate::web::{done, see_other, time};

/// Less free room than this is a fault, bytes: a backup and a migration each need room for a whole copy.
const FREE_MIN: u64 = 1 << 30;

/// `GET /system`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    let parts = live(&person).await?;
    Ok(Page::of(&person, t!("nav-system")).main("page page--middle").live().render(html! {
        h1 { (t!("nav-system")) }
        @for part in &parts { (part.markup) }
    }))
}

/// The parts that change.
///
/// # Errors
/// Other roles than admin.
pub(crate) async fn live(person: &Person) -> Result<Vec<Part>, PageError> {
    let (lab, actor) = (person.lab.clone(), person.actor().clone());
    let view = web::block(move || lab.system(&actor)).await.map_err(|_| busy())??;
    Ok(vec![
        Part { id: "system-data", markup: data(person, &view) },
        Part { id: "system-jobs", markup: jobs(person, &view) },
        Part { id: "system-verify", markup: verify(person, &view) },
        Part { id: "system-program", markup: program(person, &view) },
    ])
}

/// `POST /system/verify`
pub(crate) async fn post_verify(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    person.lab.start_verify(person.actor())?;
    let back = Some(fields.get("next")).filter(|n| crate::web::session::is_local(n)).unwrap_or("/system");
    std::future::ready(Ok(see_other(&done(back, "system-verify")))).await
}

/// Bytes as people read them, in powers of ten.
fn bytes(n: u64) -> String {
    let units = [("GB", 1_000_000_000_u64), ("MB", 1_000_000), ("kB", 1_000)];
    let (unit, size) = units.into_iter().find(|(_, size)| n >= *size).unwrap_or(("kB", 1_000));
    #[allow(clippy::cast_precision_loss)] // one decimal of it is shown
    let value = (n as f64 / size as f64 * 10.0).round() / 10.0;
    t!("system-bytes", value = value, unit = unit)
}

/// One fact, whether it is as it should be, and what to run if not.
fn fact(name: &str, good: bool, value: &Markup, remedy: Option<&str>) -> Markup {
    html! {
        div {
            dt { (name) }
            dd {
                @if good { (value) }
                @else { (status(&Status::new("prob", t!("system-fault")))) " " (value) }
                @if let Some(run) = remedy.filter(|_| !good) {
                    p .small { (rich!("system-run", command = html! { code .id .hash { (run) } })) }
                }
            }
        }
    }
}

fn data(person: &Person, v: &SystemView) -> Markup {
    let age = v.backup.as_ref().map(|b| person.now - b.at);
    let fresh = age.is_some_and(|age| age <= TimeDelta::hours(BACKUP_MAX_H));
    let backup = html! {
        @match v.backup.as_ref().zip(age) {
            Some((b, age)) => { (stamp(person, b.at)) " (" (t!("system-ago", length = time::length(age))) ", " (bytes(b.bytes)) ")" },
            None => (t!("system-no-backup")),
        }
    };
    let run = match v.engine {
        Engine::Sqlite => "trephine backup FILE",
        Engine::Postgres => "pg_dump --format=custom --file=FILE DATABASE && trephine backup --noted FILE",
    };
    let room = v.room.free.is_none_or(|free| free >= FREE_MIN.max(v.room.used));
    html! {
        div #system-data {
            (card("system-data-h", &t!("system-data"), &html! {}, &html! {
                dl .facts .facts--table .inset {
                    (fact(&t!("system-backup"), fresh, &backup, Some(run)))
                    (fact(&t!("system-engine"), true, &html! { span translate="no" { (v.engine) } @if let Some(path) = &v.path { " " span .muted .hash translate="no" { (path.display()) } } }, None))
                    (fact(&t!("system-schema"), v.pending.is_empty(), &html! {
                        @if v.pending.is_empty() { (t!("system-schema-applied", count = v.applied.len())) }
                        @else { (t!("system-schema-pending", count = v.pending.len())) ": " code .id { (v.pending.join(", ")) } }
                        @if let Some(last) = v.applied.last() { " " code .muted .id { (last) } }
                    }, Some("trephine migrate")))
                    (fact(&t!("system-size"), true, &html! { (bytes(v.room.used)) }, None))
                    @if let Some(free) = v.room.free {
                        (fact(&t!("system-free"), room, &html! { (bytes(free)) }, Some("df -h")))
                        @if !room { div { dt {} dd .small { (t!("system-free-why")) } } }
                    }
                }
            }))
        }
    }
}

/// What runs beside the pages: exports, and what the laboratory does by itself.
fn jobs(person: &Person, v: &SystemView) -> Markup {
    let open = v.exports_in(&[JobState::Queued, JobState::Running]);
    let failed = v.exports_in(&[JobState::Failed]);
    // A program that has just begun need not have had a round yet.
    let since = v.rounds.timers.unwrap_or(v.opened_at);
    let on_time = person.now - since <= TimeDelta::minutes(ROUND_MAX_MIN);
    let round = |at: Option<Moment>| {
        html! {
            @match at {
                Some(at) => (stamp(person, at)),
                None => (t!("system-no-round")),
            }
        }
    };
    html! {
        div #system-jobs {
            (card("system-jobs-h", &t!("system-jobs"), &html! {}, &html! {
                dl .facts .facts--table .inset {
                    (fact(&t!("nav-exports"), failed == 0, &html! {
                        (t!("system-exports-open", count = open))
                        " "
                        (t!("system-exports-failed", count = failed, days = KEPT_DAYS))
                        @if failed > 0 { p .small { (rich!("system-exports-why", link = html! { a href="/exports#export-jobs" { (t!("nav-exports")) } })) } }
                    }, None))
                    (fact(&t!("system-timers"), on_time, &round(v.rounds.timers), Some("trephine serve")))
                    (fact(&t!("system-tidied"), true, &round(v.rounds.tidied), None))
                }
            }))
        }
    }
}

fn verify(person: &Person, v: &SystemView) -> Markup {
    html! {
        div #system-verify {
            (card("system-verify-h", &t!("system-verify"), &html! {}, &html! {
                div .plain {
                    (outcome(person, v.verified.as_ref(), v.verifying))
                    p .hint { (t!("system-verify-hint")) }
                    form action="/system/verify" method="post" data-swap="system-verify" {
                        (hidden(person))
                        button .btn data-focus disabled[v.verifying] { (t!("system-verify-now")) }
                    }
                }
            }))
        }
    }
}

/// What the last verification of everything found.
pub(super) fn outcome(person: &Person, last: Option<&Verified>, running: bool) -> Markup {
    html! {
        @if running { p { (status(&Status::new("work", t!("system-verifying")))) } }
        @match last {
            None => p { (t!("system-never-verified")) },
            Some(v) => {
                p {
                    @if v.is_clean() { (status(&Status::new("final", t!("system-clean")))) }
                    @else { (status(&Status::new("prob", t!("system-fault")))) }
                    " "
                    (rich!("system-verified", when = stamp(person, v.at), entries = v.entries, cases = v.cases, faults = v.faults, seconds = v.took_ms / 1000))
                }
                @if let Some(why) = &v.failed { p .note { (english(why)) } }
                @if let Some(first) = v.first.first() {
                    div .note {
                        p { (rich!("system-first-fault", rule = html! { code .id { (first.rule) } }, subject = html! { strong { (first.subject) } })) }
                        @if v.first.len() > 1 {
                            ul { @for f in v.first.iter().skip(1) { li { code .id { (f.rule) } " " (f.subject) } } }
                        }
                        p { (rich!("system-run", command = html! { code .id { "trephine verify" } })) }
                    }
                }
            },
        }
    }
}

fn program(person: &Person, v: &SystemView) -> Markup {
    let up = person.now - v.opened_at;
    html! {
        div #system-program {
            (card("system-program-h", &t!("system-program"), &html! {}, &html! {
                dl .facts .facts--table .inset {
                    (fact(&t!("system-version"), true, &html! { span .num { (v.version) } }, None))
                    (fact(&t!("system-up"), true, &html! { (stamp(person, v.opened_at)) " (" (time::length(up)) ")" }, None))
                    (fact(&t!("system-connections"), true, &html! { (t!("system-connections-of", busy = v.connections.open.saturating_sub(v.connections.idle), open = v.connections.open, most = v.connections.most)) }, None))
                    (fact(&t!("system-listeners"), true, &html! { span .num { (v.listeners) } }, None))
                    (fact(&t!("system-journal"), true, &html! { a href="/journal" { span .num { (v.position) } } }, None))
                    (fact(&t!("nav-catalogue"), true, &html! { a href="/catalogue" { (t!("system-catalogue", version = v.catalogue)) } }, None))
                }
            }))
        }
    }
}

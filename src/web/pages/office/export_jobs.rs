//! The exports under way and of the last days: a part of `/exports` that changes by itself.

use std::io::Read as _;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use maud::{Markup, html};
use uuid::Uuid;

use crate::exchange::jobs::{Jobs, Wanted};
use crate::lab::export_jobs::{JobId, JobState, KeptJob};
use crate::web::error::PageError;
use crate::web::language::{english, t, word};
use crate::web::parts::{card, hidden, icon, known, stamp, status, table};
use crate::web::session::{Person, Posted};
use crate::web::words::Status;
use crate::web::{done, see_other};

/// How much of a file is read at once, bytes.
const CHUNK: usize = 64 * 1024;

/// Everything this person may see of them, newest first.
///
/// # Errors
/// The store.
pub(super) async fn draw(person: &Person) -> Result<Markup, PageError> {
    let jobs = person.lab.export_list(person.actor()).await?;
    let heads = [t!("export-table"), t!("export-by"), t!("export-when"), t!("export-state"), t!("export-deed")];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = jobs.iter().map(|job| row(person, job)).collect();
    Ok(html! {
        div #export-jobs {
            (card("export-jobs-h", &t!("export-history"), &html! {}, &html! {
                @if rows.is_empty() { p .empty { (t!("export-none")) } }
                @else { (table(&html! { (t!("export-history-caption")) }, &heads, &rows)) }
            }))
        }
    })
}

fn row(person: &Person, job: &KeptJob) -> Vec<Markup> {
    let wanted: Option<Wanted> = serde_json::from_str(&job.request).ok();
    let what = wanted.map(|w| (word("export-dataset", w.request.dataset.name()), w.format.kind.name()));
    let open = matches!(job.state, JobState::Queued | JobState::Running);
    let own = job.user_id == person.actor().id.0;
    let look = match job.state {
        JobState::Queued => "wait",
        JobState::Running => "work",
        JobState::Done => "final",
        JobState::Failed => "prob",
        JobState::Canceled => "off",
    };
    vec![
        html! { @match what { Some((table, kind)) => { b { (table) } " " span .muted { (kind) } }, None => (known(None::<&str>)) } },
        html! { (job.user) },
        stamp(person, job.created_at),
        html! {
            (status(&Status::new(look, word("export-state", job.state.name()))))
            @if open || job.state == JobState::Done { " " span .num { (t!("export-rows", rows = job.reach.rows)) } }
            @if open && job.reach.cases_total > 0 {
                progress max=(job.reach.cases_total) value=(job.reach.cases) aria-label=(t!("export-progress")) {}
            }
            @if let Some(why) = &job.error { p .small { (english(why)) } }
        },
        html! {
            @if open && own {
                form action={ "/exports/" (job.id) "/cancel" } method="post" {
                    (hidden(person))
                    button .btn .btn--sm { (t!("export-cancel")) }
                }
            } @else if job.state == JobState::Done && own && job.expires_at > person.now {
                a .btn .btn--sm href={ "/exports/" (job.id) "/file" } { (icon("down")) (t!("export-fetch")) }
            } @else { span .muted { (t!("turn-none")) } }
        },
    ]
}

/// `POST /exports/{id}/cancel`
pub(crate) async fn cancel(
    posted: Posted,
    id: web::Path<Uuid>,
    jobs: web::Data<Jobs>,
) -> Result<HttpResponse, PageError> {
    jobs.cancel(posted.person.actor(), JobId(*id)).await?;
    Ok(see_other(&done("/exports#export-jobs", "export-cancel")))
}

/// `GET /exports/{id}/file`
pub(crate) async fn file(
    person: Person,
    id: web::Path<Uuid>,
    jobs: web::Data<Jobs>,
) -> Result<HttpResponse, PageError> {
    let mut found = jobs.open(person.actor(), JobId(*id)).await?;
    let size = found.bytes;
    let body = futures_util::stream::unfold(Some(()), move |turn| {
        let read = turn.map(|()| {
            let mut chunk = vec![0; CHUNK];
            found.file.read(&mut chunk).map(|n| {
                chunk.truncate(n);
                web::Bytes::from(chunk)
            })
        });
        std::future::ready(match read {
            None => None,
            Some(Ok(chunk)) if chunk.is_empty() => None,
            Some(Ok(chunk)) => Some((Ok(chunk), Some(()))),
            // A broken file ends the answer early: it never looks whole.
            Some(Err(e)) => Some((Err(e), None)),
        })
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, found.media_type))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", found.name)))
        .no_chunking(size)
        .streaming(body))
}

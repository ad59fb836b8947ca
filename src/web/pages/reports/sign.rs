//! `/sign`: cases whose results are in and whose report is not signed as complete; and which case follows which.

use actix_web::HttpResponse;
use maud::{Markup, html};

use crate::domain::progress::Stage;
use crate::domain::{Accession, Role};
use crate::edge::Problem;
use crate::lab::questions::cases::{CaseLine, CaseSort, Filter};
use crate::lab::questions::export::Dataset;
use crate::web::error::PageError;
use crate::web::language::{rich, t};
use crate::web::layout::Page;
use crate::web::live::Part;
use crate::web::pages::cases::critical;
use crate::web::parts::{ExportOf, flag, list_tools, mrn, stamp, stamp_day, status, table};
use crate::web::session::Person;
use crate::web::time::length;
use crate::web::words;

/// Lines of each group.
const LINES: i64 = 100;

/// `GET /sign`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    let parts = live(&person).await?;
    let critical = critical::list(&person).await?;
    Ok(Page::of(&person, t!("sign-title")).live().render(html! {
        h1 { (t!("sign-title")) }
        (critical)
        @for part in &parts { (part.markup) }
        (list_tools(&person, &person.here, None))
    }))
}

/// The two groups, as they change by themselves.
///
/// # Errors
/// Refused for who does not sign.
pub(crate) async fn live(person: &Person) -> Result<Vec<Part>, PageError> {
    if !person.actor().is_any(&[Role::Pathologist, Role::Auditor]) {
        return Err(Problem::forbidden("Signing takes the role pathologist.").into());
    }
    let (ready, early) = queue(person).await?;
    let (name, empty) = (t!("sign-ready", count = ready.len()), t!("sign-ready-empty"));
    let ready = group(person, Stage::Resulted, "ready", &name, &ready, &empty);
    let (name, empty) = (t!("sign-early", count = early.len()), t!("sign-early-empty"));
    let early = group(person, Stage::Preliminary, "early", &name, &early, &empty);
    Ok(vec![Part { id: "ready", markup: ready }, Part { id: "early", markup: early }])
}

/// Cases with all results in, and cases with a preliminary report; each oldest due first.
async fn queue(person: &Person) -> Result<(Vec<CaseLine>, Vec<CaseLine>), PageError> {
    let of = |stage| Filter { stage: Some(stage), ..Filter::default() };
    let mut ready = person.lab.cases(person.actor(), of(Stage::Resulted), CaseSort::Due, None, LINES).await?.lines;
    let mut early = person.lab.cases(person.actor(), of(Stage::Preliminary), CaseSort::Due, None, LINES).await?.lines;
    for lines in [&mut ready, &mut early] {
        // What nothing more is to come for waits for its signature only, and comes first.
        lines.sort_by_key(|l| (l.due_at, l.collected_at.unwrap_or(l.logged_at)));
    }
    Ok((ready, early))
}

/// The case that follows this one among those whose results are in: the one after it, else the first.
///
/// # Errors
/// The store.
pub(crate) async fn next(person: &Person, after: Accession) -> Result<Option<String>, PageError> {
    let (ready, _) = queue(person).await?;
    let at = ready.iter().position(|l| l.accession == after);
    let rest = ready.iter().cycle().skip(at.map_or(0, |i| i + 1)).take(ready.len());
    Ok(rest.map(|l| l.accession).find(|a| *a != after).map(|a| format!("/cases/{a}/report")))
}

fn group(person: &Person, stage: Stage, id: &str, name: &str, lines: &[CaseLine], empty: &str) -> Markup {
    let heads = [
        t!("order-case"),
        t!("patient"),
        t!("order-question"),
        t!("sign-stands"),
        t!("sign-due"),
        t!("verify-next-step"),
    ];
    html! {
        section #(id) .card aria-labelledby={ (id) "-title" } {
            header .section-head {
                h2 #{ (id) "-title" } { (name) }
                span .muted .small { (t!("sign-oldest-first")) }
                (ExportOf::of(Dataset::Cases).only("stage", Some(stage.name())).link(person))
            }
            @if lines.is_empty() { p .empty { (empty) } }
            @else {
                (table(
                    &html! { span .sr-only { (name) } },
                    &heads.each_ref().map(String::as_str),
                    &lines.iter().map(|l| row(person, l)).collect::<Vec<_>>(),
                ))
            }
        }
    }
}

fn row(person: &Person, l: &CaseLine) -> Vec<Markup> {
    let question =
        person.catalogue.indication(l.indication.as_str()).map_or_else(|| l.indication.to_string(), |i| i.name.clone());
    let report = format!("/cases/{}/report", l.accession);
    vec![
        html! { a .row-link .id href={ "/cases/" (l.accession) } { (l.accession) } },
        html! { b translate="no" { (l.patient) } br; span .num .muted { (mrn(&l.mrn)) } },
        html! { (question) " " (flag(l.urgency)) },
        html! { (status(&words::stage(l.stage))) @if l.late { " " (status(&words::late())) } },
        html! {
            @match (l.due_at, l.collected_at) {
                (Some(due), _) => { (stamp(person, due)) }
                (None, Some(taken)) => { (rich!("sign-waits", when = stamp_day(person, taken), since = length(person.now - taken))) }
                (None, None) => { span .muted { (t!("verify-no-due")) } }
            }
        },
        html! { a .btn .btn--sm href=(report) { (t!("sign-write")) } },
    ]
}

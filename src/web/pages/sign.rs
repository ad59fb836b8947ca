//! `/sign`: cases whose results are in and whose report is not signed as complete.

use actix_web::HttpResponse;
use maud::{Markup, html};

use crate::domain::Role;
use crate::domain::progress::Stage;
use crate::edge::Problem;
use crate::lab::questions::cases::{CaseLine, Filter};
use crate::web::error::PageError;
use crate::web::layout::Page;
use crate::web::parts::{flag, mrn, stamp_day, status, table};
use crate::web::session::Person;
use crate::web::words;

/// Lines of each group.
const LINES: i64 = 100;

/// `GET /sign`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    if !person.actor().is_any(&[Role::Pathologist, Role::Auditor]) {
        return Err(Problem::forbidden("Signing takes the role pathologist.").into());
    }
    let of = |stage| Filter { stage: Some(stage), ..Filter::default() };
    let mut ready = person.lab.cases(person.actor(), of(Stage::Resulted), None, LINES).await?.lines;
    let mut early = person.lab.cases(person.actor(), of(Stage::Preliminary), None, LINES).await?.lines;
    for lines in [&mut ready, &mut early] {
        lines.sort_by_key(|l| l.collected_at.unwrap_or(l.logged_at));
    }
    let critical = super::critical::list(&person).await?;
    Ok(Page::of(&person, format!("To sign: {}", ready.len())).render(html! {
        h1 { "To sign" }
        (critical)
        (group(&person, "ready", "All results are in", &ready, "Nothing to sign."))
        (group(&person, "early", "A preliminary report is signed", &early, "No case waits for its final report."))
    }))
}

fn group(person: &Person, id: &str, name: &str, lines: &[CaseLine], empty: &str) -> Markup {
    html! {
        section .card aria-labelledby=(id) {
            header .section-head { h2 #(id) { (name) " (" (lines.len()) ")" } span .muted .small { "Oldest first" } }
            @if lines.is_empty() { p .empty { (empty) } }
            @else {
                (table(
                    &html! { span .sr-only { (name) } },
                    &["Case", "Patient", "Question", "Where it stands", "Taken", "Next step"],
                    &lines.iter().map(|l| row(person, l)).collect::<Vec<_>>(),
                ))
            }
        }
    }
}

fn row(person: &Person, l: &CaseLine) -> Vec<Markup> {
    let question =
        person.catalogue.indication(l.indication.as_str()).map_or_else(|| l.indication.to_string(), |i| i.name.clone());
    vec![
        html! { a .row-link .id href={ "/cases/" (l.accession) } { (l.accession) } },
        html! { b { (l.patient) } br; span .num .muted { (mrn(&l.mrn)) } },
        html! { (question) " " (flag(l.urgency)) },
        status(&words::stage(l.stage)),
        l.collected_at.map_or_else(|| html! { span .muted { "Not known" } }, |at| stamp_day(person, at)),
        html! { a .btn .btn--row href={ "/cases/" (l.accession) "/report" } { "Write the report" } },
    ]
}

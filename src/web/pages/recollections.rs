//! `/recollections`: which marrow must be taken again, longest waiting first.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::case_list::place;
use crate::lab::questions::recollections::{Missing, RecollectionLine};
use crate::web::error::PageError;
use crate::web::fields::Fields;
use crate::web::layout::Page;
use crate::web::parts::{flag, known, mrn, stamp, table};
use crate::web::session::Person;
use crate::web::{time, words};

/// Lines of a page.
const LINES: i64 = 50;

/// `GET /recollections?after=`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let fields = Fields::new(query.into_inner());
    let page = person.lab.recollections(person.actor(), place(fields.get("after")), LINES).await?;
    Ok(Page::of(&person, "To take again").render(html! {
        h1 { "To take again" }
        p .muted { "A part leaves this list when another one feeds its tests, or when no test waits for it any more." }
        section .card {
            @if page.lines.is_empty() { p .empty { "Nothing must be taken again." } }
            @else {
                (table(
                    &html! { "What must be taken again, longest waiting first" },
                    &["Patient", "Case", "Part", "Why", "Tests that wait", "Asked for"],
                    &page.lines.iter().flat_map(|l| l.parts.iter().map(|m| row(&person, l, m))).collect::<Vec<_>>(),
                ))
            }
        }
        @if let Some((at, id)) = page.next {
            p { a .btn rel="next" href={ "/recollections?after=" (at.timestamp_micros()) "." (id) } { "Next " (LINES) } }
        }
    }))
}

fn row(person: &Person, l: &RecollectionLine, m: &Missing) -> Vec<Markup> {
    let c = &person.catalogue;
    let container = c.container(m.container.as_str()).map_or_else(|| m.container.to_string(), |x| x.name.clone());
    let tests: Vec<String> = m
        .assays
        .iter()
        .map(|code| c.assay(code.as_str()).map_or_else(|| code.to_string(), |a| a.name.clone()))
        .collect();
    vec![
        html! {
            b { (l.patient) } " " (flag(l.urgency)) br;
            span .num .muted { (mrn(&l.mrn)) @if let Some(born) = l.born { ", born " (time::date(born)) } }
        },
        html! { a .row-link .id href=(person.case_path(l.accession)) { (l.accession) } br; span .muted { "for " (l.requester) } },
        html! { span .id { (m.label) } br; (words::capital(&m.kind.words())) ", " (container) },
        html! { (m.reason) },
        html! { (tests.join(", ")) },
        html! { (stamp(person, m.since)) br; span .muted { "by " (known(m.asked_by.as_ref().map(|w| &w.name))) } },
    ]
}

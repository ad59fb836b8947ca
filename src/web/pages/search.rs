//! `/search`: one box for a label, a case number, a record number or a name. The words never travel in an address.

use actix_web::HttpResponse;
use maud::html;

use crate::lab::questions::search::{Found, FoundCase};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::layout::Page;
use crate::web::parts::{Field, known, mrn, table};
use crate::web::session::{Person, Posted};
use crate::web::{see_other, time};

/// `GET /search`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    std::future::ready(Ok(render(&person, &Draft::default(), None))).await
}

/// `POST /search`
pub(crate) async fn post(posted: Posted) -> Result<HttpResponse, PageError> {
    answer(&posted.person, posted.fields).await
}

/// Finds what is in the field `q`.
pub(crate) async fn answer(person: &Person, fields: Fields) -> Result<HttpResponse, PageError> {
    let found = match person.lab.search(person.actor(), fields.get("q")).await {
        Ok(found) => found,
        Err(e) => return Ok(render(person, &Draft::refused(fields, e), None)),
    };
    match (&found.specimen, found.cases.as_slice()) {
        (Some(label), [_]) if !person.is_requester() => Ok(see_other(&format!("/scan?label={label}"))),
        (_, [only]) => Ok(see_other(&person.case_path(only.accession))),
        (_, _) => Ok(render(person, &Draft::fresh(fields), Some(&found))),
    }
}

fn render(person: &Person, draft: &Draft, found: Option<&Found>) -> HttpResponse {
    Page::of(person, "Find a patient or case").draft(draft).render(html! {
        h1 { "Find a patient or case" }
        form .card .plain action="/search" method="post" role="search" aria-label="By number or name" novalidate {
            input type="hidden" name="csrf" value=(person.signed_in.csrf);
            (Field::new("q", "Label, case number, record number, or the beginning of a name").focus().input(draft))
            button .btn .btn--primary { "Find" }
        }
        @if let Some(found) = found {
            @if found.cases.is_empty() {
                p role="status" { "Nothing that you may see fits “" (draft.fields.get("q")) "”. Check the number, or try the family name." }
            } @else {
                section .card {
                    (table(
                        &html! { (found.cases.len()) " cases, newest first" },
                        &["Case", "Patient", "Born", "MRN"],
                        &found.cases.iter().map(|c| row(person, c)).collect::<Vec<_>>(),
                    ))
                }
            }
        }
    })
}

fn row(person: &Person, c: &FoundCase) -> Vec<maud::Markup> {
    vec![
        html! { a .row-link .id href=(person.case_path(c.accession)) { (c.accession) } },
        html! { b { (c.patient) } },
        known(c.born.map(time::date)),
        html! { span .num { (mrn(&c.mrn)) } },
    ]
}

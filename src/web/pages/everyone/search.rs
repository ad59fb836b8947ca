//! `/search`: one box for a label, a case number, a record number or a name. The words never travel in an address.

use actix_web::HttpResponse;
use maud::{Markup, html};

use super::palette;
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::t;
use crate::web::layout::Page;
use crate::web::parts::Field;
use crate::web::see_other;
use crate::web::session::{Person, Posted};

/// What the ids of the list begin with.
const PAGE: &str = "search";

/// `GET /search`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    let list = palette::list(&person, "", PAGE).await?;
    Ok(render(&person, &Draft::default(), &list))
}

/// `POST /search`
pub(crate) async fn post(posted: Posted) -> Result<HttpResponse, PageError> {
    answer(&posted.person, posted.fields).await
}

/// Finds what is in the field `q`: straight to the only thing that fits, else a list.
pub(crate) async fn answer(person: &Person, fields: Fields) -> Result<HttpResponse, PageError> {
    let found = match person.lab.search(person.actor(), fields.get("q")).await {
        Ok(found) => found,
        Err(e) => return Ok(render(person, &Draft::refused(fields, e), &html! {})),
    };
    match (&found.specimen, found.cases.as_slice()) {
        (Some(label), [_]) if !person.is_requester() => Ok(see_other(&format!("/scan?label={label}"))),
        (_, [only]) => Ok(see_other(&person.case_path(only.accession))),
        (_, _) => {
            let list = palette::found(person, fields.get("q"), PAGE, &found);
            Ok(render(person, &Draft::fresh(fields), &list))
        }
    }
}

fn render(person: &Person, draft: &Draft, list: &Markup) -> HttpResponse {
    Page::of(person, t!("find-label")).draft(draft).main("page page--middle").render(html! {
        h1 { (t!("find-label")) }
        form .card .plain action="/search" method="post" role="search" aria-label=(t!("find-by")) novalidate {
            input type="hidden" name="csrf" value=(person.signed_in.csrf);
            (Field::new("q", &t!("find-what")).hint(&t!("find-hint")).focus().input(draft))
            button .btn .btn--primary { (t!("find-go")) }
        }
        (list)
    })
}

//! `/catalogue`: what is in force, section by section, as people read it; and its versions.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::{busy, catalogue_diff as diff, catalogue_tables as tables};
use crate::domain::Role;
use crate::edge::Problem;
use crate::lab::catalogue::Version;
use crate::web::error::PageError;
use crate::web::fields::Fields;
use crate::web::language::{rich, t, word};
use crate::web::layout::Page;
use crate::web::parts::{known, named, stamp, table};
use crate::web::session::Person;

/// Whether this person may edit the catalogue: the laboratory says the same when it is loaded.
pub(super) fn may_edit(person: &Person) -> bool {
    person.actor().is_any(&[Role::Admin, Role::Supervisor])
}

fn may_look(person: &Person) -> Result<(), PageError> {
    let staff = [Role::Admin, Role::Supervisor, Role::Pathologist, Role::Tech, Role::Auditor, Role::Hematologist];
    if person.actor().is_any(&staff) { Ok(()) } else { Err(Problem::not_found().into()) }
}

/// `GET /catalogue?section=`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    may_look(&person)?;
    let fields = Fields::new(query.into_inner());
    let section = tables::Section::parse(fields.get("section")).unwrap_or(tables::Section::Assays);
    let catalogue = &person.catalogue;
    let page = Page::of(&person, t!("nav-catalogue")).render(html! {
        header .title {
            h1 { (t!("nav-catalogue")) }
            @if may_edit(&person) {
                a .btn .btn--primary href="/catalogue/edit" { (t!("catalogue-edit")) }
                a .btn href="/catalogue/versions" { (t!("catalogue-versions")) }
            }
        }
        p .lead { (t!("catalogue-lead", version = catalogue.version, laboratory = catalogue.laboratory.name.as_str())) }
        section .card {
            nav .tabs .tabs--in aria-label=(t!("catalogue-sections")) {
                @for s in tables::Section::ALL {
                    a href={ "/catalogue?section=" (s.name()) } aria-current=[(*s == section).then_some("page")] { (word("catalogue-section", s.name())) }
                }
            }
            (tables::draw(catalogue, section))
        }
    });
    std::future::ready(Ok(page)).await
}

async fn versions(person: &Person) -> Result<Vec<Version>, PageError> {
    let (lab, by) = (person.lab.clone(), person.actor().clone());
    Ok(web::block(move || lab.catalogue_versions(&by)).await.map_err(|_| busy())??)
}

/// `GET /catalogue/versions`
pub(crate) async fn list(person: Person) -> Result<HttpResponse, PageError> {
    let all = versions(&person).await?;
    let heads = [
        t!("catalogue-version"),
        t!("catalogue-since"),
        t!("catalogue-by"),
        t!("catalogue-reason"),
        t!("catalogue-file"),
    ];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|v| {
            vec![
                html! { a .row-link .num href={ "/catalogue/versions/" (v.version) } { (t!("system-catalogue", version = v.version)) } },
                stamp(&person, v.loaded_at),
                named(&v.loaded_by),
                known(v.reason.as_ref()),
                html! { a href={ "/catalogue/versions/" (v.version) "/text" } { (t!("catalogue-download")) } },
            ]
        })
        .collect();
    Ok(Page::of(&person, t!("catalogue-versions")).render(html! {
        p { a href="/catalogue" { (t!("catalogue-back")) } }
        h1 { (t!("catalogue-versions")) }
        section .card { (table(&html! { (t!("catalogue-versions-caption")) }, &heads, &rows)) }
    }))
}

/// `GET /catalogue/versions/{version}`: what it changed.
pub(crate) async fn version(person: Person, number: web::Path<i64>) -> Result<HttpResponse, PageError> {
    let all = versions(&person).await?;
    let at = all.iter().position(|v| v.version == *number).ok_or_else(Problem::not_found)?;
    let (Some(this), before) = (all.get(at), all.get(at + 1)) else { return Err(Problem::not_found().into()) };
    let title = t!("catalogue-version-title", version = this.version);
    Ok(Page::of(&person, title.as_str()).render(html! {
        p { a href="/catalogue/versions" { (t!("catalogue-versions")) } }
        h1 { (title) }
        p .lead { (rich!("catalogue-loaded", when = stamp(&person, this.loaded_at), by = html! { strong translate="no" { (this.loaded_by) } })) }
        @if let Some(reason) = &this.reason { p { (reason) } }
        p { a href={ "/catalogue/versions/" (this.version) "/text" } { (t!("catalogue-download")) } }
        @match before {
            None => p .note { (t!("catalogue-first")) },
            Some(before) => {
                h2 { (t!("catalogue-diff", version = before.version)) }
                (diff::draw(&before.text, &this.text))
            }
        }
    }))
}

/// `GET /catalogue/versions/{version}/text`
pub(crate) async fn text(person: Person, number: web::Path<i64>) -> Result<HttpResponse, PageError> {
    let found = versions(&person).await?.into_iter().find(|v| v.version == *number).ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/toml; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"catalogue-{number}.toml\"")))
        .body(found.text))
}

//! `/views`: the lists that a person keeps under a name.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};
use uuid::Uuid;

use crate::lab::views::SavedView;
use crate::web::error::PageError;
use crate::web::fields::Draft;
use crate::web::language::t;
use crate::web::layout::Page;
use crate::web::parts::{Field, table};
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other};

/// `GET /views`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    std::future::ready(Ok(render(&person, &Draft::default()))).await
}

/// `POST /views`: keeps a list, and goes back to it.
pub(crate) async fn post(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    match person.lab.save_view(person.actor(), fields.get("name"), fields.get("address")).await {
        Ok(address) => Ok(see_other(&done(address.as_str(), "view"))),
        Err(e) => Ok(render(&person, &Draft::refused(fields, e))),
    }
}

/// `POST /views/{id}/forget`
pub(crate) async fn forget(posted: Posted, id: web::Path<Uuid>) -> Result<HttpResponse, PageError> {
    posted.person.lab.forget_view(posted.person.actor(), id.into_inner()).await?;
    Ok(see_other(&done("/views", "view-forgotten")))
}

fn render(person: &Person, draft: &Draft) -> HttpResponse {
    let (name, address) = (t!("view-name"), draft.fields.get("address"));
    Page::of(person, t!("view-title")).draft(draft).main("page page--middle").render(html! {
        h1 { (t!("view-title")) }
        @if draft.problem.is_some() {
            form .card .plain action="/views" method="post" novalidate {
                input type="hidden" name="csrf" value=(person.signed_in.csrf);
                input type="hidden" name="address" value=(address);
                (Field::new("name", &name).width("m").focus().input(draft))
                button .btn .btn--primary data-submit { (t!("view-keep")) }
            }
        }
        section .card {
            @if person.views.is_empty() {
                p .empty { (t!("view-none")) }
            } @else {
                (table(
                    &html! { (t!("view-caption")) },
                    &[&name, &t!("view-list"), &t!("view-forget")],
                    &person.views.iter().map(|v| row(person, v)).collect::<Vec<_>>(),
                ))
            }
        }
    })
}

fn row(person: &Person, v: &SavedView) -> Vec<Markup> {
    vec![
        html! { a .row-link href=(v.address) { (v.name) } },
        html! { span .id .wrap { (v.address) } },
        html! {
            form action={ "/views/" (v.id) "/forget" } method="post" {
                input type="hidden" name="csrf" value=(person.signed_in.csrf);
                button .btn .btn--sm { (t!("view-forget")) span .sr-only { ": " (v.name) } }
            }
        },
    ]
}

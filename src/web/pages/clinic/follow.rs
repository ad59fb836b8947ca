//! Of what to be told about a case: the control of the tracker and of the laboratory's page of the case.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use crate::domain::{Accession, Refusal};
use crate::lab::follows::Choice;
use crate::web::error::PageError;
use crate::web::language::{t, word};
use crate::web::pages::seen::Seen;
use crate::web::parts::icon;
use crate::web::see_other;
use crate::web::session::{Person, Posted, is_local};

/// The control, for anybody who sees the case. Not a live part: it would take back a choice that is being made.
pub(in crate::web::pages) fn draw(person: &Person, accession: Accession, choice: Choice) -> Markup {
    html! {
        section #follow .card .no-print aria-labelledby="follow-title" {
            header .section-head { h2 #follow-title { (t!("follow-title")) } }
            form .inset action={ "/track/" (accession) } method="post" data-swap="follow bell" {
                input type="hidden" name="csrf" value=(person.signed_in.csrf);
                input type="hidden" name="next" value=(person.path);
                div .field {
                    label for="follow-choice" { (t!("follow-label")) }
                    select #follow-choice .input name="choice" {
                        @for c in Choice::ALL.iter().rev() {
                            option value=(c.name()) selected[*c == choice] { (word("follow-choice", c.name())) }
                        }
                    }
                }
                button .btn data-focus { (icon("bell")) (t!("follow-keep")) }
            }
        }
    }
}

/// `POST /track/{accession}`: keeps the choice, and goes back to the page that it was made on.
pub(crate) async fn post(posted: Posted, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let seen = Seen::by_accession(&person, &accession).await?;
    let choice = Choice::parse(fields.get("choice"))
        .ok_or_else(|| Refusal::field("/choice", "unknown", "choose of what you want to be told"))?;
    person.lab.choose(person.actor(), seen.view.accession, choice).await?;
    let tracker = format!("/track/{}", seen.view.accession);
    Ok(see_other(fields.opt("next").as_deref().filter(|next| is_local(next)).unwrap_or(&tracker)))
}

//! `/iscn`: what a karyotype or FISH text says, and what is wrong or unusual in it. It never blocks anything; the same
//! reading stands beside the form of a result (`understood.rs`).

use actix_web::HttpResponse;
use maud::{Markup, html};

use crate::domain::iscn::{self, Checked, Finding, Status};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::{english, t, word};
use crate::web::layout::Page;
use crate::web::parts::{Field, icon};
use crate::web::session::{Person, Posted};

/// Longest text that is read, characters: more than any karyotype of the month's fixtures by far.
const TEXT_MAX: usize = 4_000;

/// `GET /iscn`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    std::future::ready(Ok(render(&person, &Draft::default()))).await
}

/// `POST /iscn`: nothing is kept.
pub(crate) async fn post(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    std::future::ready(Ok(render(&person, &Draft::fresh(fields)))).await
}

fn render(person: &Person, draft: &Draft) -> HttpResponse {
    let (title, label, hint) = (t!("iscn-title"), t!("iscn-text"), t!("iscn-text-hint"));
    Page::of(person, title.clone()).script("check.js").render(html! {
        h1 { (title) }
        p .lead { (t!("iscn-lead")) }
        form .card .plain action="/iscn" method="post" data-check="iscn-found" {
            input type="hidden" name="csrf" value=(person.signed_in.csrf);
            (Field::new("text", &label).hint(&hint).area(draft, 3))
            button .btn .btn--primary data-checks=(t!("iscn-checked")) { (t!("iscn-check")) }
        }
        section #iscn-found .card .plain aria-label=(t!("iscn-found")) { (found(&draft.fields, "text")) }
    })
}

/// The reading of the text in a field of a form; words about the empty field.
pub(crate) fn found(fields: &Fields, field: &str) -> Markup {
    let text: String = fields.get(field).chars().take(TEXT_MAX).collect();
    if text.is_empty() {
        return html! { p .muted { (t!("iscn-empty")) } };
    }
    let checked = iscn::check(&text);
    // Positions count from the beginning of what was typed, and blanks before it are not read here.
    let before = fields.raw(field).chars().take_while(|c| c.is_whitespace()).count();
    html! {
        p { (standing(checked.status)) }
        @if !checked.plain.is_empty() { p .prose lang="en" { (checked.plain) } }
        @if !checked.findings.is_empty() {
            ul .plain-list { @for f in &checked.findings { (finding(&checked, f, field, before)) } }
        }
        @if let Some(normal) = checked.normalized.as_ref().filter(|n| **n != checked.text) {
            p .small { (t!("iscn-normal")) " " span .id .hash { (normal) } }
        }
    }
}

/// What the check came to: a shape, and words.
fn standing(status: Status) -> Markup {
    let look = match status {
        Status::Ok => "final",
        Status::Warnings | Status::NotModelled => "attn",
        Status::Error => "prob",
    };
    html! { span .status .{ "status--" (look) } { (icon(look)) (word("iscn-status", status.name())) } }
}

fn finding(checked: &Checked, f: &Finding, field: &str, before: usize) -> Markup {
    let covered: String = checked.text.chars().skip(f.position.saturating_sub(1)).take(f.length).collect();
    html! {
        li .small {
            strong { (t!("iscn-at", position = f.position + before)) } " "
            @if !covered.is_empty() { mark .id { (covered) } " " }
            (english(&f.message))
            @if let Some(fix) = &f.suggestion {
                " "
                button .btn .btn--sm type="button" data-fix=(fix) data-at=(f.position + before) data-length=(f.length) data-in=(field) {
                    @if fix.is_empty() { (t!("iscn-take-out")) } @else { (t!("iscn-put-in", fix = fix.as_str())) }
                }
            }
        }
    }
}

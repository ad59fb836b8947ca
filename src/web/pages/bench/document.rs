//! The other laboratory's original: attached on the order's page, saved from `/documents/{id}`.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};
use uuid::Uuid;

use super::order;
use crate::domain::document::ATTACHERS;
use crate::domain::{Command, Document, DocumentId, OrderId, OrderState, Target};
use crate::edge::Problem;
use crate::edge::attachment::attachment;
use crate::lab::questions::case::OrderView;
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::{rich, t};
use crate::web::pages::seen::Seen;
use crate::web::parts::{card, named, seen, stamp, table};
use crate::web::session::Person;
use crate::web::upload::Uploaded;
use crate::web::{done, see_other, words};

/// `GET /documents/{id}`
pub(crate) async fn get(person: Person, id: web::Path<Uuid>) -> Result<HttpResponse, PageError> {
    let (document, bytes) = person.lab.document(person.actor(), DocumentId(*id)).await?;
    Ok(attachment(&document, bytes))
}

/// `POST /orders/{id}/documents`
pub(crate) async fn post(mut sent: Uploaded, id: web::Path<Uuid>) -> Result<HttpResponse, PageError> {
    let order = OrderId(*id);
    let accession = Seen::by_order(&sent.person, *id).await?.view.accession;
    let read = sent.document();
    let Uploaded { person, fields, .. } = sent;
    let problem = match read.and_then(|new| deed(&fields, order, Command::AttachDocument(order, Box::new(new)))) {
        Err(refusal) => refusal.into(),
        Ok(deed) => match deed.act(&person, &fields).await {
            Ok(to) => return Ok(see_other(&to)),
            Err(e) => explain(&person, accession, e).await,
        },
    };
    let found = Seen::by_order(&person, *id).await?;
    order::render(&person, &found, *id, &Draft::refused(fields, at_the_file(problem))).await
}

fn deed(fields: &Fields, order: OrderId, command: Command) -> Result<Deed, crate::domain::Refusal> {
    Deed::seen(fields, Target::Order(order), command, done(&format!("/orders/{order}#documents"), "attach"))
}

/// The page has one field for name and content.
fn at_the_file(mut problem: Problem) -> Problem {
    crate::web::parts::rename(&mut problem.errors, |p| (p == "/bytes").then(|| "/file_name".to_owned()));
    problem
}

/// The documents of an order that was sent out, and the form for another.
pub(crate) fn section(person: &Person, o: &OrderView, draft: &Draft) -> Markup {
    if o.referral.is_none() {
        return html! {};
    }
    let attaches = person.actor().is_any(ATTACHERS) && o.state != OrderState::EnteredInError;
    let heads = [t!("doc-document"), t!("doc-size"), t!("doc-attached"), t!("doc-sha256")];
    card(
        "documents",
        &t!("doc-title"),
        &html! { span .muted .small { (o.documents.len()) } },
        &html! {
            @if o.documents.is_empty() {
                p .empty { (t!("doc-none")) }
            } @else {
                (table(
                    &html! { span .sr-only { (t!("doc-caption")) } },
                    &heads.each_ref().map(String::as_str),
                    &o.documents.iter().map(|d| row(person, d)).collect::<Vec<_>>(),
                ))
            }
            @if attaches { (form(person, o, draft)) }
        },
    )
}

fn row(person: &Person, d: &Document) -> Vec<Markup> {
    vec![
        html! { a .row-link href={ "/documents/" (d.id) } download { (d.file_name) } },
        html! { span .num { (size_words(d.size)) } },
        html! { (rich!("case-by", when = stamp(person, d.added_at), who = named(&d.added_by.name))) },
        html! { span .id .small { (d.sha256.get(..16).unwrap_or(&d.sha256)) "…" } },
    ]
}

fn form(person: &Person, o: &OrderView, draft: &Draft) -> Markup {
    let error = draft.error("file_name");
    html! {
        form .inset action={ "/orders/" (o.id) "/documents" } method="post" enctype="multipart/form-data" {
            (seen(person, o.version))
            div .field .field--error[error.is_some()] {
                label for="file_name" { (t!("doc-attach")) }
                p .hint #file_name-hint { (t!("doc-attach-hint")) }
                @if let Some(why) = error {
                    p .error #file_name-error { span .sr-only { (t!("error")) ": " } (words::message("file_name", why)) }
                }
                input .input type="file" id="file_name" name="document" required aria-describedby="file_name-hint"
                    accept=".pdf,.txt,.png,.jpg,.jpeg,.hl7,application/pdf,text/plain,image/png,image/jpeg";
            }
            button .btn { (t!("doc-attach-do")) }
        }
    }
}

/// Bytes as people read them.
fn size_words(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MiB", bytes >> 20, ((bytes & 0xf_ffff) * 10) >> 20),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes() {
        for (bytes, words) in [(1, "1 B"), (1024, "1 KiB"), (1025, "2 KiB"), (1_572_864, "1.5 MiB")] {
            assert_eq!(super::size_words(bytes), words);
        }
    }
}

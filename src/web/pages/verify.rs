//! `/verify`: what waits for a second person, most urgent first.

use actix_web::HttpResponse;
use maud::{Markup, html};

use crate::lab::questions::worklist::WorkLine;
use crate::web::error::PageError;
use crate::web::layout::Page;
use crate::web::parts::{flag, mrn, stamp, status, table};
use crate::web::session::Person;
use crate::web::words;

/// Lines of the page.
const LINES: i64 = 200;

/// `GET /verify`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    let lines = person.lab.to_verify(person.actor(), LINES).await?;
    let critical = super::critical::list(&person).await?;
    Ok(Page::of(&person, format!("To verify: {}", lines.len())).render(html! {
        h1 { "To verify" }
        (critical)
        p .muted { "Nobody verifies their own result: what you entered yourself, another person must read." }
        section .card {
            @if lines.is_empty() { p .empty { "Nothing waits for a second person." } }
            @else {
                (table(
                    &html! { "Results to verify, most urgent first" },
                    &["Test", "Patient", "State", "Due", "Next step"],
                    &lines.iter().map(|l| row(&person, l)).collect::<Vec<_>>(),
                ))
            }
        }
    }))
}

fn row(person: &Person, l: &WorkLine) -> Vec<Markup> {
    let name = l.assay.as_ref().map_or_else(String::new, |code| {
        person.catalogue.assay(code.as_str()).map_or_else(|| code.to_string(), |a| a.name.clone())
    });
    let to = l.order.map(|id| format!("/orders/{id}/newest")).unwrap_or_default();
    vec![
        html! { a .row-link href=(to) { (name) } " " (flag(l.urgency)) br; a .row-link .id .small href=(person.case_path(l.accession)) { (l.accession) } },
        html! { b { (l.patient) } br; span .num .muted { (mrn(&l.mrn)) } },
        html! { @if let Some(state) = l.state { (status(&words::order(state))) } @if l.late { " " (status(&words::late())) } },
        l.due_at.map_or_else(|| html! { span .muted { "Not set" } }, |due| stamp(person, due)),
        html! { a .btn .btn--row href=(to) { "Check" } },
    ]
}

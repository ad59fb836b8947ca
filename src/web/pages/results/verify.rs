//! `/verify`: what waits for a second person, most urgent first; and which entry follows which.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use crate::domain::OrderId;
use crate::domain::catalogue::Department;
use crate::lab::questions::export::Dataset;
use crate::lab::questions::worklist::{View, WorkLine};
use crate::web::error::PageError;
use crate::web::fields::Fields;
use crate::web::language::t;
use crate::web::layout::Page;
use crate::web::live::Part;
use crate::web::pages::cases::critical;
use crate::web::parts::{ExportOf, flag, list_tools, mrn, stamp, status, table};
use crate::web::session::Person;
use crate::web::words;

/// Most entries that are counted.
const COUNTED: i64 = 500;
/// Most entries that are shown at a time; the bench tells them apart.
const SHOWN: usize = 60;

/// `GET /verify?bench=FLOW`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let query = Fields::new(query.into_inner());
    let export = ExportOf::of(Dataset::Orders)
        .only("department", Some(query.get("bench")))
        .only("view", Some(View::ToReview.name()));
    let parts = live(&person, &query).await?;
    let critical = critical::list(&person).await?;
    Ok(Page::of(&person, t!("verify-title")).live().render(html! {
        h1 { (t!("verify-title")) }
        (critical)
        @for part in &parts { (part.markup) }
        p .hint { (t!("verify-hint")) }
        (list_tools(&person, &person.here, Some(&export)))
    }))
}

/// The list, as it changes by itself.
///
/// # Errors
/// As [`crate::lab::Lab::to_verify`].
pub(crate) async fn live(person: &Person, query: &Fields) -> Result<Vec<Part>, PageError> {
    let lines = person.lab.to_verify(person.actor(), COUNTED).await?;
    Ok(vec![Part { id: "queue", markup: queue(person, &lines, query.get("bench")) }])
}

/// The entry's place in the list, and which follows it.
pub(crate) struct Place {
    /// From 1.
    pub(crate) at: usize,
    pub(crate) of: usize,
    /// The page of the next entry; at the end, of the first.
    pub(crate) next: Option<String>,
}

/// Where an order stands in the list; None when it is not in it, or for somebody who does not verify.
///
/// # Errors
/// The store.
pub(crate) async fn place(person: &Person, order: OrderId) -> Result<Option<Place>, PageError> {
    // Somebody who may not verify has no list.
    let Ok(lines) = person.lab.to_verify(person.actor(), COUNTED).await else { return Ok(None) };
    let all: Vec<OrderId> = lines.iter().filter_map(|l| l.order).collect();
    let Some(i) = all.iter().position(|o| *o == order) else { return Ok(None) };
    let next = all.iter().cycle().skip(i + 1).take(all.len() - 1).next();
    Ok(Some(Place { at: i + 1, of: all.len(), next: next.map(|o| format!("/orders/{o}/newest")) }))
}

/// The page of the entry after this one.
///
/// # Errors
/// The store.
pub(crate) async fn next(person: &Person, order: OrderId) -> Result<Option<String>, PageError> {
    Ok(place(person, order).await?.and_then(|p| p.next))
}

fn bench_of<'p>(person: &'p Person, l: &WorkLine) -> Option<&'p Department> {
    person.catalogue.department(l.department.as_ref()?.as_str())
}

fn queue(person: &Person, lines: &[WorkLine], bench: &str) -> Markup {
    let on = |l: &&WorkLine| bench.is_empty() || bench_of(person, l).is_some_and(|d| d.code == *bench);
    let mine: Vec<&WorkLine> = lines.iter().filter(on).collect();
    let late = mine.iter().filter(|l| l.late).count();
    let heads = [t!("verify-test"), t!("patient"), t!("verify-state"), t!("order-due"), t!("verify-next-step")];
    html! {
        section #queue .card aria-labelledby="queue-title" {
            header .section-head {
                h2 #queue-title data-focus { (t!("verify-count", count = mine.len())) }
                @if late > 0 { (status(&words::Status::new("attn", t!("verify-late", count = late)))) }
            }
            (benches(person, lines, bench))
            @if mine.is_empty() { p .empty { (t!("verify-empty")) } }
            @else {
                (table(
                    &html! { (t!("verify-caption")) },
                    &heads.each_ref().map(String::as_str),
                    &mine.iter().take(SHOWN).map(|l| row(person, l)).collect::<Vec<_>>(),
                ))
                @if mine.len() > SHOWN { p .inset .small .muted { (t!("verify-more", count = mine.len() - SHOWN)) } }
            }
        }
    }
}

/// The benches that have something to verify, with how many.
fn benches(person: &Person, lines: &[WorkLine], bench: &str) -> Markup {
    let count = |d: &Department| lines.iter().filter(|l| bench_of(person, l).is_some_and(|b| b.code == d.code)).count();
    let all: Vec<(&Department, usize)> = person
        .catalogue
        .departments
        .iter()
        .map(|d| (d, count(d)))
        .filter(|(d, n)| *n > 0 || d.code == *bench)
        .collect();
    html! {
        @if all.len() > 1 {
            nav .tabs .tabs--in aria-label=(t!("verify-benches")) {
                a href="/verify" aria-current=[bench.is_empty().then_some("true")] { (t!("verify-all")) " (" (lines.len()) ")" }
                @for (d, n) in &all {
                    a href={ "/verify?bench=" (d.code) } aria-current=[(d.code == *bench).then_some("true")] { (d.name) " (" (n) ")" }
                }
            }
        }
    }
}

fn row(person: &Person, l: &WorkLine) -> Vec<Markup> {
    let name = l.assay.as_ref().map_or_else(String::new, |code| {
        person.catalogue.assay(code.as_str()).map_or_else(|| code.to_string(), |a| a.name.clone())
    });
    let to = l.order.map(|id| format!("/orders/{id}/newest")).unwrap_or_default();
    vec![
        html! { a .row-link href=(to) { (name) } " " (flag(l.urgency)) br; span .id .small { (l.accession) } },
        html! { b translate="no" { (l.patient) } br; span .num .muted { (mrn(&l.mrn)) } },
        html! { @if let Some(state) = l.state { (status(&words::order(state))) } @if l.late { " " (status(&words::late())) } },
        l.due_at.map_or_else(|| html! { span .muted { (t!("verify-no-due")) } }, |due| stamp(person, due)),
        html! { a .btn .btn--sm href=(to) { (t!("verify-check")) } },
    ]
}

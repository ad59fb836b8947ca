//! `/recollections`: which marrow must be taken again, longest waiting first.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use crate::domain::Catalogue;
use crate::lab::questions::export::Dataset;
use crate::lab::questions::export_rows::Parts;
use crate::lab::questions::recollections::{Missing, RecollectionLine};
use crate::web::error::PageError;
use crate::web::fields::Fields;
use crate::web::language::{english, rich, t};
use crate::web::layout::Page;
use crate::web::pages::cases::list::place;
use crate::web::parts::{ExportOf, flag, known_name, list_tools, mrn, named, stamp, table};
use crate::web::session::Person;
use crate::web::{time, words};

/// Lines of a page.
const LINES: i64 = 50;

/// `GET /recollections?after=`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let fields = Fields::new(query.into_inner());
    let page = person.lab.recollections(person.actor(), place(fields.get("after")), LINES).await?;
    let export = ExportOf::of(Dataset::Rejections).only("parts", Some(Parts::Recollect.name()));
    let heads =
        [t!("patient"), t!("case-number"), t!("case-part"), t!("log-test-why"), t!("again-waits"), t!("again-asked")];
    Ok(Page::of(&person, t!("again-title")).render(html! {
        h1 { (t!("again-title")) }
        p .muted { (t!("again-lead")) }
        section .card {
            @if page.lines.is_empty() { p .empty { (t!("again-none")) } }
            @else {
                (table(
                    &html! { (t!("again-caption")) },
                    &heads.each_ref().map(String::as_str),
                    &page.lines.iter().flat_map(|l| l.parts.iter().map(|m| row(&person, l, m))).collect::<Vec<_>>(),
                ))
            }
        }
        @if let Some((at, id)) = page.next {
            p { a .btn rel="next" href={ "/recollections?after=" (at.timestamp_micros()) "." (id) } { (t!("case-list-next", count = LINES)) } }
        }
        (list_tools(&person, &person.here, Some(&export)))
    }))
}

/// Why, with the catalogue's name in place of its code: `CLOTTED: a clot on the stick` is kept so.
fn reason(c: &Catalogue, kept: &str) -> String {
    let (code, text) = kept.split_once(": ").map_or((kept, None), |(code, text)| (code, Some(text)));
    let fault = || c.reason(code).map(|r| r.name.as_str());
    let lost = || c.lost_reason(code).map(|r| r.name.as_str());
    let untaken = || c.not_collected_reason(code).map(|r| r.name.as_str());
    match (fault().or_else(lost).or_else(untaken), text) {
        (Some(name), Some(text)) if text != name => format!("{name}: {text}"),
        (Some(name), Some(_) | None) => name.to_owned(),
        (None, _) => kept.to_owned(),
    }
}

fn row(person: &Person, l: &RecollectionLine, m: &Missing) -> Vec<Markup> {
    let c = &person.catalogue;
    let container = c.container(m.container.as_str()).map_or_else(|| m.container.to_string(), |x| x.name.clone());
    let kind = c.kind(m.kind).map_or_else(|| words::capital(&m.kind.words()), |k| k.name.clone());
    let tests: Vec<String> = m
        .assays
        .iter()
        .map(|code| c.assay(code.as_str()).map_or_else(|| code.to_string(), |a| a.name.clone()))
        .collect();
    vec![
        html! {
            b translate="no" { (l.patient) } " " (flag(l.urgency)) br;
            span .num .muted { (mrn(&l.mrn)) @if let Some(born) = l.born { ", " (t!("again-born", date = time::date(born))) } }
        },
        html! { a .row-link .id href=(person.case_path(l.accession)) { (l.accession) } br; span .muted { (rich!("again-for", requester = named(l.requester_name.as_deref().unwrap_or(&l.requester)))) } },
        html! { span .id { (m.label) } br; (kind) ", " (container) },
        html! { (english(&reason(c, &m.reason))) },
        html! { (tests.join(", ")) },
        html! { (stamp(person, m.since)) br; span .muted { (rich!("again-by", who = known_name(m.asked_by.as_ref().map(|w| w.name.as_str())))) } },
    ]
}

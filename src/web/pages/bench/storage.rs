//! `/storage`: what lies where; `/storage/{place}`: the map of one place; `/storage/discard`: what has been kept long
//! enough.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::press;
use crate::domain::catalogue::Storage;
use crate::domain::{Command, Label, SpecimenTransition, Target};
use crate::edge::Problem;
use crate::lab::questions::export::Dataset;
use crate::lab::questions::export_rows::Parts;
use crate::lab::questions::storage::{Disposable, Occupant};
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::language::{english, t, word};
use crate::web::layout::Page;
use crate::web::parts::{ExportOf, hidden, icon, list_tools, named, table};
use crate::web::session::{Person, Posted};
use crate::web::time;

/// Most parts that one page offers for discarding.
const DISCARD_MAX: i64 = 100;

/// `GET /storage`
pub(crate) async fn home(person: Person) -> Result<HttpResponse, PageError> {
    let occupied = person.lab.storage(person.actor()).await?;
    let rows: Vec<Vec<Markup>> = person
        .catalogue
        .storages
        .iter()
        .map(|place| {
            let taken = occupied.get(place.code.as_str()).copied().unwrap_or(0);
            vec![
                html! { a .row-link href={ "/storage/" (place.code) } { (place.name) } " " span .id .muted { (place.code) } },
                html! { (word("field-temperature", place.temperature.name())) },
                html! { (place.size().saturating_sub(taken)) },
                html! { (taken) },
            ]
        })
        .collect();
    let heads = [t!("storage-place"), t!("storage-temperature"), t!("storage-free"), t!("storage-occupied")];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    Ok(Page::of(&person, t!("storage-title")).render(html! {
        div .title { h1 { (t!("storage-title")) } a href="/storage/discard" { (t!("storage-discard")) } }
        @if rows.is_empty() { p .card .empty { (t!("storage-none")) } }
        @else { section .card { (table(&html! { span .sr-only { (t!("storage-title")) } }, &heads, &rows)) } }
        (list_tools(&person, &person.here, None))
    }))
}

/// `GET /storage/{place}`
pub(crate) async fn place(person: Person, path: web::Path<String>) -> Result<HttpResponse, PageError> {
    let code = path.to_ascii_uppercase();
    let occupants = person.lab.storage_place(person.actor(), &code).await?;
    let place = person.catalogue.storage(&code).ok_or_else(Problem::not_found)?;
    let free = place.size().saturating_sub(u32::try_from(occupants.len()).unwrap_or(u32::MAX));
    let export = ExportOf::of(Dataset::Specimens).only("place", Some(&code));
    let at: HashMap<(u8, u8), &Occupant> = occupants.iter().map(|o| ((o.slot.row(), o.slot.column()), o)).collect();
    Ok(Page::of(&person, place.name.clone()).main("page bench").render(html! {
        div .title {
            h1 { (place.name) }
            span .id { (place.code) }
            span { (word("field-temperature", place.temperature.name())) }
            a href="/storage" { (t!("storage-title")) }
        }
        p { strong { (t!("storage-counts", free = free, all = place.size())) } }
        p .hint { (t!("storage-map-hint")) }
        (map(place, &at))
        (contents(&occupants))
        (list_tools(&person, &person.here, Some(&export)))
    }))
}

/// The map: a table of rows and columns, which reads like one too.
fn map(place: &Storage, at: &HashMap<(u8, u8), &Occupant>) -> Markup {
    let title = t!("storage-map", place = place.name.as_str());
    html! {
        section .card .slots tabindex="0" role="region" aria-label=(title) {
            table {
                caption .sr-only { (title) }
                thead { tr {
                    th scope="col" { span .sr-only { (t!("storage-row")) } }
                    @for column in 1..=place.columns { th scope="col" { (column) } }
                } }
                tbody {
                    @for row in 1..=place.rows {
                        tr {
                            th scope="row" { (char::from(b'A' + row.saturating_sub(1))) }
                            @for column in 1..=place.columns {
                                @match at.get(&(row, column)) {
                                    Some(o) => { td .taken { a .id href={ "/scan?label=" (o.label) } { (o.label) } } }
                                    None => { td { span .muted { (t!("storage-cell-free")) } } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn contents(occupants: &[Occupant]) -> Markup {
    let heads = [t!("storage-position"), t!("bench-part"), t!("patient"), t!("storage-kept-until")];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut sorted: Vec<&Occupant> = occupants.iter().collect();
    sorted.sort_by_key(|o| (o.slot.row(), o.slot.column()));
    let rows: Vec<Vec<Markup>> = sorted
        .iter()
        .map(|o| {
            vec![
                html! { b { (o.slot.position()) } },
                html! { a .row-link .id href={ "/scan?label=" (o.label) } { (o.label) } },
                named(&o.patient),
                o.retain_until.map_or_else(
                    || html! { span .muted { (t!("storage-until-report")) } },
                    |d| html! { (time::date(d)) },
                ),
            ]
        })
        .collect();
    html! {
        section .card {
            @if rows.is_empty() { p .empty { (t!("storage-empty")) } }
            @else { (table(&html! { (t!("storage-list")) }, &heads, &rows)) }
        }
    }
}

/// `GET /storage/discard`
pub(crate) async fn get_discard(person: Person) -> Result<HttpResponse, PageError> {
    discard_page(&person, 0, &[]).await
}

/// `POST /storage/discard`: every selected part, each with its own answer.
pub(crate) async fn post_discard(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let (mut done, mut refused) = (0, Vec::new());
    for line in fields.all("line") {
        let Some((label, version)) = line.rsplit_once('.').and_then(|(l, v)| Some((Label::parse(l).ok()?, v))) else {
            continue;
        };
        let step = SpecimenTransition::Discard;
        let command = Command::MoveSpecimen(label.clone(), step, Box::default());
        let key = format!("{}.{label}", fields.get("key"));
        let seen = fields.clone().with("version", version).with("key", key);
        let target = Target::Case(label.accession());
        let outcome = Deed::seen(&seen, target, command, String::new())?.act(&person, &seen).await;
        match outcome {
            Ok(_) => done += 1,
            Err(e) => refused.push((label.clone(), explain(&person, label.accession(), e).await)),
        }
    }
    discard_page(&person, done, &refused).await
}

async fn discard_page(person: &Person, done: usize, refused: &[(Label, Problem)]) -> Result<HttpResponse, PageError> {
    let parts = person.lab.past_retention(person.actor(), DISCARD_MAX).await?;
    let export = ExportOf::of(Dataset::Specimens).only("parts", Some(Parts::PastRetention.name()));
    let discards = person.actor().is(crate::domain::Role::Supervisor);
    Ok(Page::of(person, t!("storage-discard-title")).render(html! {
        div .title { h1 { (t!("storage-discard-title")) } a href="/storage" { (t!("storage-title")) } }
        form #discards .card action="/storage/discard" method="post" data-swap="discards" {
            (hidden(person))
            button type="submit" disabled hidden {}
            p .inset .hint { (t!("storage-discard-hint")) }
            @if done > 0 { p .done .inset role="status" { (icon("final")) (t!("storage-discarded", count = done)) } }
            @if !refused.is_empty() {
                div .inset role="alert" {
                    p .error { (t!("bench-refused-count", count = refused.len())) }
                    ul .plain-list { @for (label, p) in refused { li { span .id { (label) } " " (english(&press::sentence(p))) } } }
                }
            }
            @if parts.is_empty() { p .empty { (t!("storage-discard-none")) } }
            @else {
                (discard_table(&parts, discards))
                @if discards { div .inset .actions { button .btn .btn--primary { (t!("storage-discard-selected")) } } }
            }
        }
        (list_tools(person, "/storage/discard", Some(&export)))
    }))
}

fn discard_table(parts: &[Disposable], discards: bool) -> Markup {
    let mut heads = vec![t!("bench-part"), t!("patient"), t!("scan-place"), t!("storage-had-to-be-kept")];
    if discards {
        heads.insert(0, t!("bench-select"));
    }
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = parts
        .iter()
        .map(|d| {
            let label = &d.specimen.label;
            let mut row = vec![
                html! { a .row-link .id href={ "/scan?label=" (label) } { (label) } },
                named(&d.patient),
                html! { (d.specimen.location.as_deref().unwrap_or_default()) },
                html! { (time::date(d.kept_until)) },
            ];
            if discards {
                let what = t!("bench-select-line", part = label.to_string());
                row.insert(0, html! {
                    label .tick__box { input type="checkbox" name="line" value={ (label) "." (d.specimen.version) } aria-label=(what); }
                });
            }
            row
        })
        .collect();
    table(&html! { (t!("storage-discard-caption", count = parts.len())) }, &heads, &rows)
}

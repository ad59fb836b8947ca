//! `/cases/{accession}/check-in`: the parts of a kit, scanned in one after another.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::scan;
use super::station::Station;
use crate::domain::{SpecimenState, SpecimenTransition};
use crate::lab::questions::case::SpecimenView;
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::t;
use crate::web::layout::Page;
use crate::web::live::Part;
use crate::web::pages::seen::{Seen, part_words};
use crate::web::parts::{Field, seen, status, table, when};
use crate::web::session::Person;
use crate::web::words;

/// `GET /cases/{accession}/check-in?label=&temperature=`
pub(crate) async fn get(
    person: Person,
    accession: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let fields = Fields::new(query.into_inner());
    let found = Seen::by_accession(&person, &accession).await?;
    let accession = found.view.accession;
    let station = Station::check_in(accession, &fields);
    let hit = scan::hit(&person, &fields).await?;
    let title = t!("scan-kit-title", case = accession.to_string());
    Ok(Page::of(&person, title.clone()).about(found.banner(&person)).main("page bench").live().station().render(
        html! {
            div .title { h1 { (title) } a href=(person.case_path(accession)) { (t!("scan-kit-back")) } }
            div .scan {
                (station.field(&person, None))
                (station.card(&person, &hit)?)
            }
            (kit(&person, &found).markup)
        },
    ))
}

/// The parts of an open check-in that change by themselves.
pub(crate) async fn live(person: &Person, accession: &str) -> Result<Vec<Part>, PageError> {
    Ok(vec![kit(person, &Seen::by_accession(person, accession).await?)])
}

/// Where a part of a kit stands at the door.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AtDoor {
    /// Not taken yet, as far as anybody wrote down.
    Planned,
    /// Taken, and not here.
    Missing,
    /// Here, or past it.
    Here,
    /// Never comes.
    Gone,
}

const fn at_door(state: SpecimenState) -> AtDoor {
    use SpecimenState as St;
    match state {
        St::Planned => AtDoor::Planned,
        St::Collected | St::InTransit => AtDoor::Missing,
        St::Received
        | St::OnHold
        | St::Accepted
        | St::InProcess
        | St::Stored
        | St::ReferredOut
        | St::Rejected
        | St::Exhausted
        | St::Lost
        | St::Discarded => AtDoor::Here,
        St::NotCollected | St::EnteredInError => AtDoor::Gone,
    }
}

/// What is here and what is missing, by name.
fn kit(person: &Person, found: &Seen) -> Part {
    let parts: Vec<&SpecimenView> = found.view.specimens.iter().filter(|s| s.parent.is_none()).collect();
    let those = |at: AtDoor| parts.iter().filter(move |s| at_door(s.state) == at);
    let missing: Vec<String> =
        those(AtDoor::Missing).chain(those(AtDoor::Planned)).map(|s| s.label.to_string()).collect();
    let rows: Vec<Vec<Markup>> = parts.iter().map(|s| row(person, found, s)).collect();
    let caption = html! { (t!("scan-kit-counts", here = those(AtDoor::Here).count(), all = parts.len())) };
    let heads = [t!("scan-part"), t!("scan-status"), t!("scan-taken"), t!("bench-step")];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let markup = html! {
        section #kit .card aria-label=(t!("scan-kit-parts")) {
            @if missing.is_empty() { p .done .inset { (t!("scan-kit-done")) } }
            @else { p .inset { strong { (t!("scan-kit-missing", labels = missing.join(", "))) } } }
            (table(&caption, &heads, &rows))
        }
    };
    Part { id: "kit", markup }
}

fn row(person: &Person, found: &Seen, s: &SpecimenView) -> Vec<Markup> {
    vec![
        html! { span .id { (s.label) } br; span .small { (part_words(person, s)) } },
        status(&words::specimen(s.state)),
        when(person, s.collected_at),
        match at_door(s.state) {
            AtDoor::Planned => planned(person, found, s),
            AtDoor::Missing => html! { (t!("scan-kit-scan")) },
            AtDoor::Here | AtDoor::Gone => {
                html! { a .row-link href={ "/scan?label=" (s.label) } { (t!("bench-open")) } }
            }
        },
    ]
}

/// A planned part either was taken after all, or was not: one form each.
fn planned(person: &Person, found: &Seen, s: &SpecimenView) -> Markup {
    let reasons: Vec<_> =
        person.catalogue.not_collected_reasons.iter().map(|r| (r.code.to_string(), r.name.clone())).collect();
    let back = format!("/cases/{}/check-in", found.view.accession);
    let collect =
        format!("/specimens/{}/steps/{}?back={}", s.label, SpecimenTransition::Collect, crate::web::encode(&back));
    let none = format!("/specimens/{}/steps/{}", s.label, SpecimenTransition::MarkNotCollected);
    let id = s.label.to_string();
    html! {
        @if s.allowed.contains(&"collect") { a .btn .btn--row href=(collect) { (t!("scan-kit-collect")) } }
        @if s.allowed.contains(&"mark_not_collected") {
            form .filters action=(none) method="post" novalidate {
                (seen(person, s.version))
                input type="hidden" name="back" value=(back);
                (Field::new("reason", &t!("scan-kit-why", label = id.as_str())).data().within(&id).select(&Draft::default(), &t!("field-choose"), &reasons))
                button .btn { (t!("scan-kit-not-obtained")) }
            }
        }
    }
}

//! `/track/{accession}`: where is my marrow result?
//!
//! The answer in a sentence, the date, what is in, what is still to come, and whether the reader must act.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::follow;
use super::tracker_answer::hero;
use super::tracker_work::{ended, reports, so_far, to_come};
use crate::domain::progress::SpecimenStage;
use crate::lab::questions::case::SpecimenView;
use crate::lab::questions::events::EventView;
use crate::web::error::PageError;
use crate::web::language::{rich, t};
use crate::web::layout::Page;
use crate::web::live::{Part, Piece, Pieces};
use crate::web::pages::seen::{Seen, history, journal, part_words};
use crate::web::parts::{card, status};
use crate::web::session::Person;
use crate::web::words;

/// How many changes are shown before “whole history”.
const LATEST: usize = 3;

/// `GET /track/{accession}`
pub(crate) async fn get(person: Person, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let seen = Seen::by_accession(&person, &accession).await?;
    let entries = history(&person, seen.view.accession).await?;
    let earlier = person.lab.timeline(person.actor(), seen.view.patient.id).await?.cases.len();
    let choice = person.lab.follow(person.actor(), seen.view.accession).await?.choice;
    seen.looked_at(&person).await;
    let title = t!(
        "track-title",
        accession = seen.view.accession.to_string(),
        stage = words::stage(seen.view.progress.stage).word
    );
    let page = Page::of(&person, title).about(seen.banner(&person)).main("page tracker").live();
    let (main, side): (Vec<Part>, Vec<Part>) = parts(&person, &seen, &entries, &mut Pieces::Whole)
        .into_iter()
        .partition(|p| p.id != "samples" && p.id != "recent");
    let mut main = main.into_iter();
    Ok(page.render(html! {
        @if let Some(answer) = main.next() { (answer.markup) }
        div .main .stack { @for part in main { (part.markup) } }
        aside .side .stack aria-label=(t!("track-details")) {
            (follow::draw(&person, seen.view.accession, choice))
            (ask(&person, &seen))
            @for part in side { (part.markup) }
            (before(&seen, earlier))
        }
    }))
}

/// `GET /track/{accession}/history`: everything that happened, newest first.
pub(crate) async fn whole(person: Person, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let seen = Seen::by_accession(&person, &accession).await?;
    let entries = history(&person, seen.view.accession).await?;
    let number = seen.view.accession;
    let title = t!("track-history", accession = number.to_string());
    Ok(Page::of(&person, title).about(seen.banner(&person)).main("page page--middle").render(html! {
        h1 { (rich!("track-history", accession = html! { span .id { (number) } })) }
        p .no-print { a .btn href={ "/track/" (number) } { (t!("report-back")) } }
        section .card { (journal(&person, &seen, &entries, usize::MAX)) }
    }))
}

/// What changes on an open page: each part by itself, so that a change sends little. Whoever has the page in sight has
/// seen it.
pub(crate) async fn live(person: &Person, accession: &str) -> Result<Vec<Piece>, PageError> {
    let seen = Seen::by_accession(person, accession).await?;
    let entries = history(person, seen.view.accession).await?;
    seen.looked_at(person).await;
    let mut pieces = Pieces::Apart(Vec::new());
    let around = parts(person, &seen, &entries, &mut pieces);
    Ok(around.into_iter().map(Piece::from).chain(pieces.apart()).collect())
}

fn parts(person: &Person, seen: &Seen, entries: &[EventView], pieces: &mut Pieces) -> Vec<Part> {
    vec![
        Part { id: "hero", markup: hero(person, seen) },
        Part { id: "reports", markup: reports(person, seen) },
        Part { id: "sofar", markup: so_far(person, seen, pieces) },
        Part { id: "tocome", markup: to_come(person, seen, entries, pieces) },
        Part { id: "ended", markup: ended(seen) },
        Part { id: "samples", markup: samples(person, seen, pieces) },
        Part { id: "recent", markup: latest(person, seen, entries) },
    ]
}

fn samples(person: &Person, seen: &Seen, pieces: &mut Pieces) -> Markup {
    let top = seen.view.specimens.iter().filter(|s| s.parent.is_none());
    html! {
        div #samples {
            (card("samples-title", &t!("track-samples"), &html! {}, &html! {
                ul .tree { @for s in top { (pieces.put(format!("part-{}", s.id), |_| sample(person, seen, s))) } }
            }))
        }
    }
}

/// A part with what was made of it.
fn sample(person: &Person, seen: &Seen, s: &SpecimenView) -> Markup {
    let children: Vec<_> = seen.view.specimens.iter().filter(|c| c.parent == Some(s.id)).collect();
    let place = s.location.as_ref().filter(|_| s.stage != SpecimenStage::Exception);
    html! {
        li id=[s.parent.is_none().then(|| format!("part-{}", s.id))] {
            @if s.parent.is_none() { b { (part_words(person, s)) } } @else { (part_words(person, s)) }
            " " span .id .small .muted { (s.label.part()) }
            div .where { (status(&words::specimen(s.state))) @if let Some(at) = place { span .muted { (at) } } }
            @for c in &s.caveats { p .caveat .small { (t!("track-caveat", text = c.text.as_str())) } }
            @if !children.is_empty() { ul { @for c in children { (sample(person, seen, c)) } } }
        }
    }
}

fn latest(person: &Person, seen: &Seen, entries: &[EventView]) -> Markup {
    let count = entries.len();
    html! {
        div #recent {
            (card("recent-title", &t!("track-latest"), &html! {}, &html! {
                (journal(person, seen, entries, LATEST))
                @if count > LATEST {
                    p .inset .no-print {
                        a href={ "/track/" (seen.view.accession) "/history" } { (t!("track-whole", count = count)) }
                    }
                }
            }))
        }
    }
}

/// Whom to call, and what else can be done.
fn ask(person: &Person, seen: &Seen) -> Markup {
    let lab = &person.catalogue.laboratory;
    let number = html! { span .id { (seen.view.accession) } };
    let (opens, closes) = (lab.opens.format("%H:%M").to_string(), lab.closes.format("%H:%M").to_string());
    card(
        "lab",
        &t!("track-ask"),
        &html! {},
        &html! {
            div .inset .stack .small {
                p {
                    (lab.name) ": "
                    @if let Some(phone) = &lab.phone { strong .num { a href={ "tel:" (phone.replace(' ', "")) } { (phone) } } ", " }
                    (t!("track-hours", opens = opens, closes = closes)) " "
                    (rich!("track-quote", number = number))
                }
                p .no-print { a href={ "/cases/" (seen.view.accession) } { (t!("track-orders")) } }
            }
        },
    )
}

/// The same patient's other marrows.
fn before(seen: &Seen, marrows: usize) -> Markup {
    html! {
        @if marrows > 1 {
            p .no-print {
                a .btn href={ "/patients/" (seen.view.patient.id) } { (t!("track-before", count = marrows - 1)) }
            }
        }
    }
}

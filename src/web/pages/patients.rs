//! `/patients`: the hematologist's own patients, by what there is to read.

use actix_web::HttpResponse;
use maud::{Markup, html};

use crate::domain::progress::Stage;
use crate::lab::questions::cases::{CaseLine, Filter};
use crate::web::error::PageError;
use crate::web::layout::Page;
use crate::web::parts::{flag, mrn, stamp_day, status};
use crate::web::session::Person;
use crate::web::{time, words};

/// Most cases of the page; older ones are found by searching.
const LINES: i64 = 150;
/// Most finished cases that are shown; all of them are in the list of cases.
const DONE: usize = 12;

/// `GET /patients`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    let filter = Filter { requester: Some(person.actor().name.clone()), ..Filter::default() };
    let page = person.lab.cases(person.actor(), filter, None, LINES).await?;
    let (mut read, mut waiting, mut done) = (Vec::new(), Vec::new(), Vec::new());
    for line in &page.lines {
        match line.stage {
            Stage::Resulted | Stage::Preliminary => read.push(line),
            Stage::Expected | Stage::InLab | Stage::Testing => waiting.push(line),
            Stage::Reported | Stage::Closed | Stage::Void => done.push(line),
        }
    }
    let older = page.next.is_some() || done.len() > DONE;
    done.truncate(DONE);
    // Bad news first, then the soonest.
    waiting.sort_by_key(|l| (!l.late, l.due_at.unwrap_or(crate::domain::FAR)));
    let late = waiting.iter().filter(|l| l.late).count();
    let title = if late == 0 { "My patients".to_owned() } else { format!("My patients: {late} late") };
    Ok(Page::of(&person, title).main("page page--middle").render(html! {
        h1 { "My patients" }
        @if page.lines.is_empty() {
            section .card .plain {
                p { "You have not asked for a marrow yet. What you ask for appears here." }
            }
        }
        (group(&person, "read", "Results to read", "All results or a preliminary report are in", &read))
        (group(&person, "waiting", "Waiting", "Late ones first, then the soonest", &waiting))
        (group(&person, "done", "Done", "Newest first", &done))
        @if older { p { a .btn href="/cases" { "Older cases" } } }
    }))
}

fn group(person: &Person, id: &str, name: &str, order: &str, lines: &[&CaseLine]) -> Markup {
    if lines.is_empty() {
        return html! {};
    }
    html! {
        section .card aria-labelledby=(id) {
            header .section-head {
                h2 #(id) { (name) " (" (lines.len()) ")" }
                span .muted .small { (order) }
            }
            ul .people { @for line in lines { (person_line(person, line)) } }
        }
    }
}

fn person_line(person: &Person, l: &CaseLine) -> Markup {
    let question =
        person.catalogue.indication(l.indication.as_str()).map_or_else(|| l.indication.to_string(), |i| i.name.clone());
    html! {
        li .people__row {
            div .people__who {
                a .people__name href=(person.case_path(l.accession)) { (l.patient) }
                span .small {
                    "Born " (l.born.map_or_else(|| "not known".to_owned(), time::date)) ", MRN " span .num { (mrn(&l.mrn)) }
                }
                span .small .muted { (question) ", " span .id { (l.accession) } }
            }
            div .people__state {
                (status(&words::stage(l.stage)))
                @if l.late { (status(&words::late())) }
                (flag(l.urgency))
                @match l.due_at {
                    Some(due) => { span .small { @if due < person.now { "Was expected " } @else { "Expected " } strong { (stamp_day(person, due)) } } }
                    None => {
                        @match l.collected_at {
                            Some(at) => { span .small .muted { "Taken " (stamp_day(person, at)) } }
                            None => { span .small .muted { "No date yet" } }
                        }
                    }
                }
            }
        }
    }
}

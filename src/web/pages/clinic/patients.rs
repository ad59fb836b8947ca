//! `/patients`: one's own list: what is new, what is waited for, what is done.

use actix_web::HttpResponse;
use maud::{Markup, html};

use crate::domain::progress::Stage;
use crate::lab::follows::Choice;
use crate::lab::questions::mine::{Group, MyCase, RECENT_DAYS};
use crate::web::error::PageError;
use crate::web::language::{rich, t};
use crate::web::layout::Page;
use crate::web::live::Part;
use crate::web::parts::{flag, icon, list_tools, mrn, stamp, stamp_day, status};
use crate::web::session::Person;
use crate::web::{time, words};

/// `GET /patients`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    let mine = person.lab.mine(person.actor()).await?;
    let late = mine.iter().filter(|c| c.group == Group::Waiting && c.line.late).count();
    let title = if late == 0 { t!("mine-title") } else { t!("mine-title-late", late = late) };
    Ok(Page::of(&person, title).main("page page--middle").live().render(html! {
        div .title {
            h1 { (t!("mine-title")) }
            a .btn href="/search" { (icon("find")) (t!("mine-find")) }
        }
        @for part in parts(&person, &mine) { (part.markup) }
        p { a .btn href="/cases" { (t!("mine-older")) } }
        // Which of these cases are here is what this person has read: no file could say the same for anybody else.
        (list_tools(&person, "/patients", None))
    }))
}

/// What changes on an open page: each group.
pub(crate) async fn live(person: &Person) -> Result<Vec<Part>, PageError> {
    Ok(parts(person, &person.lab.mine(person.actor()).await?))
}

fn parts(person: &Person, mine: &[MyCase]) -> Vec<Part> {
    let of = |group: Group| mine.iter().filter(|c| c.group == group).collect::<Vec<_>>();
    let [new, waiting, done] = [Group::New, Group::Waiting, Group::Done].map(of);
    let empty = html! {
        div #mine-empty { @if mine.is_empty() { section .card .plain { p { (t!("mine-empty")) } } } }
    };
    let done_title = t!("mine-done", count = done.len(), days = RECENT_DAYS);
    vec![
        Part { id: "mine-empty", markup: empty },
        Part {
            id: "mine-new",
            markup: group(person, "mine-new", &t!("mine-new", count = new.len()), &t!("mine-new-order"), &new),
        },
        Part {
            id: "mine-waiting",
            markup: group(
                person,
                "mine-waiting",
                &t!("mine-waiting", count = waiting.len()),
                &t!("mine-waiting-order"),
                &waiting,
            ),
        },
        Part { id: "mine-done", markup: group(person, "mine-done", &done_title, &t!("mine-done-order"), &done) },
    ]
}

fn group(person: &Person, id: &str, name: &str, order: &str, cases: &[&MyCase]) -> Markup {
    let title = format!("{id}-title");
    html! {
        div id=(id) {
            @if !cases.is_empty() {
                section .card aria-labelledby=(title) {
                    header .section-head {
                        h2 id=(title) { (name) }
                        span .muted .small { (order) }
                    }
                    ul .people { @for case in cases { (row(person, case)) } }
                }
            }
        }
    }
}

fn row(person: &Person, c: &MyCase) -> Markup {
    let l = &c.line;
    let question =
        person.catalogue.indication(l.indication.as_str()).map_or_else(|| l.indication.to_string(), |i| i.name.clone());
    html! {
        li .people__row {
            div .people__who {
                a .people__name translate="no" href={ "/track/" (l.accession) } { (l.patient) }
                span .small {
                    (t!("mine-born", date = l.born.map_or_else(|| t!("not-known"), time::date))) ", "
                    (t!("mrn")) " " span .num { (mrn(&l.mrn)) }
                }
                span .small .muted { (question) ", " span .id { (l.accession) } }
            }
            div .people__state {
                div .where {
                    (status(&words::stage(l.stage)))
                    @if let Some((number, _)) = c.to_read { span .count .count--new { (t!("mine-to-read", number = number)) } }
                    @if c.group == Group::New && c.news > 0 { span .count .count--new { (t!("mine-news", count = c.news)) } }
                    @if l.late && c.group != Group::Done { (status(&words::late())) }
                    (flag(l.urgency))
                }
                @if c.of > 0 && c.group != Group::Done { span .small { (t!("mine-in", n = c.results_in, of = c.of)) } }
                (when(person, c))
                @if c.choice == Choice::Never { span .small .muted { (t!("mine-quiet")) } }
            }
        }
    }
}

/// The date that counts for the group: of the news, of the next result, of the end.
fn when(person: &Person, c: &MyCase) -> Markup {
    let day = |at| html! { strong { (stamp_day(person, at)) } };
    html! {
        span .small {
            @match (c.group, c.news_at, &c.next) {
                (Group::New, Some(at), _) => { (rich!("mine-released", when = stamp(person, at))) }
                (Group::New, None, _) if let Some((_, at)) = c.to_read => { (rich!("mine-signed", when = stamp(person, at))) }
                (Group::Waiting, _, Some((at, test))) if *at < person.now => { (rich!("mine-was-due", when = day(*at), test = test)) }
                (Group::Waiting, _, Some((at, test))) => { (rich!("mine-next", when = day(*at), test = test)) }
                (Group::Done, _, _) => {
                    @if let Some(at) = c.closed_at { (rich!("mine-signed", when = stamp_day(person, at))) }
                    @else { (t!("mine-no-report")) }
                }
                (Group::New | Group::Waiting, _, _) => {
                    @match (c.line.due_at, c.line.stage) {
                        (Some(at), _) => { (rich!("mine-report-due", when = day(at))) }
                        (None, Stage::Resulted | Stage::Preliminary) => { (t!("mine-signature")) }
                        (None, _) => { (t!("mine-no-date")) }
                    }
                }
            }
        }
    }
}

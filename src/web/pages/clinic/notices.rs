//! `/notices`: what somebody is told about the cases that they follow.

use actix_web::HttpResponse;
use maud::{Markup, html};

use crate::lab::questions::mine::{Notice, RECENT_DAYS};
use crate::web::error::PageError;
use crate::web::language::{rich, t};
use crate::web::layout::{Page, bell};
use crate::web::live::Part;
use crate::web::parts::{icon, mrn, stamp};
use crate::web::session::{Person, Posted};
use crate::web::{see_other, words};

/// `GET /notices`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    let notices = person.lab.notices(person.actor()).await?;
    Ok(Page::of(&person, t!("follow-notices")).main("page page--middle").live().render(html! {
        h1 { (t!("follow-notices")) }
        p .muted { (t!("follow-notices-hint", days = RECENT_DAYS)) }
        (list(&person, &notices))
    }))
}

/// `POST /notices`: puts all of them away.
pub(crate) async fn post(posted: Posted) -> Result<HttpResponse, PageError> {
    posted.person.lab.put_notices_away(posted.person.actor()).await?;
    Ok(see_other("/notices"))
}

/// What changes on an open page: the list.
pub(crate) async fn live(person: &Person) -> Result<Vec<Part>, PageError> {
    let notices = person.lab.notices(person.actor()).await?;
    Ok(vec![Part { id: "notices", markup: list(person, &notices) }])
}

/// The count in the bar, on every live page.
pub(crate) async fn bell_part(person: &Person) -> Result<Part, PageError> {
    let unread = person.lab.unread(person.actor()).await?;
    Ok(Part { id: "bell", markup: bell(person, unread) })
}

fn list(person: &Person, notices: &[Notice]) -> Markup {
    let unread = notices.iter().filter(|n| n.unread).count();
    html! {
        section #notices .card aria-labelledby="notices-title" {
            header .section-head {
                h2 #notices-title { (t!("follow-unread", count = unread)) }
                @if unread > 0 {
                    form action="/notices" method="post" data-swap="notices bell" {
                        input type="hidden" name="csrf" value=(person.signed_in.csrf);
                        button .btn .btn--sm { (t!("follow-put-away")) }
                    }
                }
            }
            @if notices.is_empty() { p .empty { (t!("follow-no-notices")) } }
            ul .people {
                @for n in notices {
                    li .people__row {
                        div .people__who {
                            a .people__name translate="no" href={ "/track/" (n.accession) } { (n.patient) }
                            span .small { (t!("mrn")) " " span .num { (mrn(&n.mrn)) } ", " span .id { (n.accession) } }
                            span { @if n.unread { strong { (what(n)) } } @else { (what(n)) } }
                        }
                        div .people__state {
                            @if n.unread { span .status .status--work { (icon("bell")) (t!("follow-new")) } }
                            span .small { (stamp(person, n.at)) }
                        }
                    }
                }
            }
        }
    }
}

fn what(n: &Notice) -> Markup {
    let done = words::command(&n.command);
    match &n.subject {
        Some(subject) => rich!("track-entry", subject = subject, done = done),
        None => html! { (words::capital(&done)) },
    }
}

//! A report is read, and said to be read: by whom it is for, version by version.
//!
//! A version that changes what somebody has read asks again and says what changed (`reference/ux.md` §2.3).

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::show;
use crate::domain::{Command, Report, ReportState, Role, Target};
use crate::edge::Problem;
use crate::lab::questions::case::ReportView;
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::Draft;
use crate::web::language::{english, rich, t};
use crate::web::pages::seen::Seen;
use crate::web::parts::{hidden, icon, named, stamp};
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other, words};

/// `POST /cases/{accession}/reports/{number}/read`
pub(crate) async fn post(posted: Posted, path: web::Path<(String, i64)>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let seen = Seen::by_accession(&person, &path.0).await?;
    let found = seen.view.reports.iter().find(|r| r.report.number == path.1).ok_or_else(Problem::not_found)?;
    let (accession, command) = (seen.view.accession, Command::ReadReport(found.report.id));
    let to = done(&person.case_path(accession), "report-read");
    match Deed::new(Target::Case(accession), command, move |_| to.clone()).act(&person, &fields).await {
        Ok(to) => Ok(see_other(&to)),
        Err(e) => {
            let problem = explain(&person, accession, e).await;
            let seen = Seen::by_accession(&person, &path.0).await?;
            show::render(&person, &seen, path.1, &Draft::refused(fields, problem))
        }
    }
}

/// The version that this person is asked to read: only who the report is for is asked.
pub(in crate::web::pages) fn asked<'a>(person: &Person, seen: &'a Seen) -> Option<&'a Report> {
    seen.case.unread_report(person.actor().id).filter(|_| person.actor().is(Role::Hematologist))
}

/// Asks to read the newest version and to say so, with what it changed of the one that this person read before.
pub(in crate::web::pages) fn ask(person: &Person, seen: &Seen) -> Markup {
    let Some(new) = asked(person, seen) else { return html! {} };
    let place = format!("/cases/{}/reports/{}", seen.view.accession, new.number);
    let report = html! { a href=(place) { (t!("report-number", number = new.number)) } };
    html! {
        div .note .no-print {
            p { strong { (t!("track-to-do")) " " } (rich!("read-ask", report = report)) }
            @if let Some((old, reading)) = seen.case.last_reading(person.actor().id).filter(|(old, _)| old.number < new.number) {
                p .small {
                    (rich!("read-changes", new = new.number, old = old.number, when = stamp(person, reading.at)))
                    @if let Some(reason) = &new.reason { " " (english(&words::sentence(reason))) }
                }
                @if old.diagnosis == new.diagnosis { p .small { (t!("report-same-diagnosis")) } } @else {
                    p .small { (t!("report-diagnosis-before")) " " s { (english(&old.diagnosis)) } }
                    p .small { (t!("report-diagnosis-now")) " " strong { (english(&new.diagnosis)) } }
                }
            }
            form .actions action={ (place) "/read" } method="post" {
                (hidden(person))
                button .btn .btn--primary { (t!("read-say", number = new.number)) }
            }
        }
    }
}

/// That the version that this person read last is void: nothing else tells them once no other stands in its place.
pub(in crate::web::pages) fn withdrawn(person: &Person, seen: &Seen) -> Markup {
    let last = seen.case.last_reading(person.actor().id).filter(|(old, _)| old.state == ReportState::Void);
    html! {
        @if let Some((old, reading)) = last {
            p .stamp .stamp--prob {
                (icon("prob")) strong { (rich!("read-void", number = old.number, when = stamp(person, reading.at))) } " " (t!("report-do-not-use"))
            }
        }
    }
}

/// Who said when that they have read this version. What stands and nobody has read says so; in the laboratory only,
/// outside of it one is asked.
pub(in crate::web::pages) fn said(person: &Person, r: &ReportView) -> Markup {
    let own = r.read_by.iter().find(|read| read.by.id == person.actor().id);
    html! {
        @if let (Some(read), true) = (own, person.is_requester()) {
            (rich!("read-by-you", when = stamp(person, read.at)))
        } @else {
            @for (i, read) in r.read_by.iter().enumerate() {
                @if i > 0 { br; }
                (rich!("read-by", who = named(&read.by.name), when = stamp(person, read.at)))
            }
            @if r.read_by.is_empty() && !r.superseded && r.report.state.is_signed() && !person.is_requester() {
                span .muted { (t!("read-by-nobody")) }
            }
        }
    }
}

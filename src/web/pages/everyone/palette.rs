//! `/palette`: what the box finds while somebody types, and what else can be done from here. A fragment of HTML, asked
//! for by POST so that no name and no number stands in an address; `/search` shows the same without JavaScript.

use actix_web::HttpResponse;
use maud::{Markup, html};

use crate::edge::Problem;
use crate::lab::questions::search::{Found, FoundCase};
use crate::lab::{LabError, scope};
use crate::web::error::PageError;
use crate::web::language::{Language, english, t, word};
use crate::web::layout;
use crate::web::parts::{known, mrn};
use crate::web::reader::Theme;
use crate::web::session::{Person, Posted};
use crate::web::{time, words};

/// The box over a page, whose ids are not those of the same list on the page of `/search`.
const BOX: &str = "palette";

/// Fewer letters than this are no beginning of a name; a name of another script may be one character long.
const LETTERS_MIN: usize = 2;

/// `POST /palette`
pub(crate) async fn post(posted: Posted) -> Result<HttpResponse, PageError> {
    let list = list(&posted.person, posted.fields.get("q"), BOX).await?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(list.into_string()))
}

/// What there is for these words: what they name, and the pages and views whose names they are part of. Without words:
/// what was opened last, and everything that can be done. Its ids begin with `at`.
///
/// # Errors
/// The store.
pub(crate) async fn list(person: &Person, q: &str, at: &str) -> Result<Markup, PageError> {
    let looks = person.actor().is_any(scope::CLINICAL);
    let first = if q.is_empty() && looks {
        let last = person.lab.opened_last(person.actor()).await?;
        group(at, "last", &t!("palette-last"), &last.iter().map(|c| case_line(person, c)).collect::<Vec<_>>())
    } else if (q.chars().count() >= LETTERS_MIN || !q.is_ascii()) && looks {
        match person.lab.search(person.actor(), q).await {
            Ok(found) => found_groups(person, q, at, &found),
            Err(LabError::Refused(refusal)) => {
                let problem = Problem::from(refusal);
                let why = problem.errors.first().map_or(problem.detail.as_str(), |e| e.message.as_str());
                html! { p .empty role="status" { (english(&words::sentence(why))) } }
            }
            Err(e) => return Err(e.into()),
        }
    } else {
        html! {}
    };
    let fits = |name: &str| name.to_lowercase().contains(&q.to_lowercase());
    let views: Vec<Markup> =
        person.views.iter().filter(|v| fits(&v.name)).map(|v| html! { a href=(v.address) { (v.name) } }).collect();
    Ok(html! {
        div .palette__list id={ (at) "-list" } {
            (first)
            (group(at, "views", &t!("view-title"), &views))
            (group(at, "commands", &t!("palette-do"), &commands(person, fits)))
        }
    })
}

/// As [`list`], for words that were already looked up.
pub(crate) fn found(person: &Person, q: &str, at: &str, found: &Found) -> Markup {
    html! { div .palette__list id={ (at) "-list" } { (found_groups(person, q, at, found)) } }
}

fn group(at: &str, id: &str, title: &str, lines: &[Markup]) -> Markup {
    let id = format!("{at}-{id}");
    html! {
        @if !lines.is_empty() {
            section .card aria-labelledby=(id) {
                h2 id=(id) { (title) }
                ul .palette__lines { @for line in lines { li { (line) } } }
            }
        }
    }
}

/// What was found, one group per patient.
fn found_groups(person: &Person, q: &str, at: &str, found: &Found) -> Markup {
    let label = found.specimen.as_ref().filter(|_| !person.is_requester());
    let mut patients: Vec<&FoundCase> = Vec::new();
    for case in &found.cases {
        if !patients.iter().any(|p| p.patient_id == case.patient_id) {
            patients.push(case);
        }
    }
    html! {
        @if found.cases.is_empty() { p .empty role="status" { (t!("find-nothing", q = q)) } }
        @else { p .sr-only role="status" { (t!("find-count", count = found.cases.len())) } }
        @for (i, p) in patients.iter().enumerate() {
            @let id = format!("{at}-found-{i}");
            section .card aria-labelledby=(id) {
                h2 id=(id) translate="no" { (p.patient) }
                p .palette__who {
                    span { (t!("born")) " " (known(p.born.map(time::date))) }
                    span .num { (t!("mrn")) " " (mrn(&p.mrn)) }
                }
                ul .palette__lines {
                    @for case in found.cases.iter().filter(|c| c.patient_id == p.patient_id) {
                        @if let Some(label) = label {
                            li { a href={ "/scan?label=" (label) } { span .id { (label) } } }
                        }
                        li { a href=(person.case_path(case.accession)) { (t!("find-case")) " " span .id { (case.accession) } } }
                    }
                }
            }
        }
    }
}

/// A case with two identifiers of its patient.
fn case_line(person: &Person, c: &FoundCase) -> Markup {
    html! {
        a href=(person.case_path(c.accession)) {
            span .id { (c.accession) } " " b translate="no" { (c.patient) }
            span .muted { (t!("born")) " " (known(c.born.map(time::date))) }
            span .muted .num { (t!("mrn")) " " (mrn(&c.mrn)) }
        }
    }
}

/// Everything that can be done from anywhere and whose name fits.
fn commands(person: &Person, fits: impl Fn(&str) -> bool) -> Vec<Markup> {
    let pages = layout::entries(person).into_iter().map(|(href, name, _)| {
        let name = word("nav", name);
        (name.clone(), html! { a href=(href) { (name) } })
    });
    let views = (t!("view-title"), html! { a href="/views" { (t!("view-title")) } });
    let choose = |name: &str, value: &str, text: String| {
        let form = html! {
            form action="/preferences" method="post" {
                input type="hidden" name="next" value="/";
                button name=(name) value=(value) { (text) }
            }
        };
        (text, form)
    };
    let themes =
        Theme::ALL.map(|theme| choose("theme", theme.name(), t!("palette-theme", theme = word("theme", theme.name()))));
    let languages = Language::CHOICES.map(|l| choose("lang", l.tag(), t!("palette-language", language = l.own_name())));
    let out = html! {
        form action="/sign-out" method="post" {
            input type="hidden" name="csrf" value=(person.signed_in.csrf);
            button { (t!("sign-out")) }
        }
    };
    pages
        .chain([views])
        .chain(themes)
        .chain(languages)
        .chain([(t!("sign-out"), out)])
        .filter(|(name, _)| fits(name))
        .map(|(_, line)| line)
        .collect()
}

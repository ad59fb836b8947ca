//! The frame of every page: head, bar, what was done, what went wrong, content.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::assets::{Asset, MARK, STYLE};
use super::fields::{Draft, name_of};
use super::parts::icon;
use super::session::Person;
use super::words;
use crate::domain::Role;
use crate::edge::Problem;

/// Every icon on a 24 grid; every status owns a silhouette of its own.
const SPRITE: &str = include_str!("assets/sprite.svg");

/// A page in the making.
pub(crate) struct Page<'a> {
    title: String,
    person: Option<&'a Person>,
    banner: Option<Markup>,
    problem: Option<&'a Problem>,
    scripts: Vec<&'static Asset>,
    main: &'static str,
    status: StatusCode,
    find: bool,
}

impl<'a> Page<'a> {
    /// A page without anybody: signing in, and errors.
    pub(crate) fn bare(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            person: None,
            banner: None,
            problem: None,
            scripts: Vec::new(),
            main: "page page--narrow",
            status: StatusCode::OK,
            find: true,
        }
    }

    /// A page for somebody.
    pub(crate) fn of(person: &'a Person, title: impl Into<String>) -> Self {
        Self { person: Some(person), main: "page", ..Self::bare(&title.into()) }
    }

    /// Whose marrow the page is about: always in sight.
    pub(crate) fn about(self, banner: Markup) -> Self {
        Self { banner: Some(banner), ..self }
    }

    /// With what went wrong first, and the status of that.
    pub(crate) fn draft(self, draft: &'a Draft) -> Self {
        Self { problem: draft.problem.as_ref(), status: draft.status(), ..self }
    }

    pub(crate) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The class of the content.
    pub(crate) fn main(self, main: &'static str) -> Self {
        Self { main, ..self }
    }

    /// A page that scans: its module, and no second field that could catch a scan.
    pub(crate) fn scans(mut self, script: &'static Asset) -> Self {
        self.scripts.push(script);
        self.find = false;
        self
    }

    /// The answer.
    #[allow(clippy::needless_pass_by_value)] // a page hands its content over
    pub(crate) fn render(self, content: Markup) -> HttpResponse {
        let title = if self.problem.is_some() { format!("Error: {}", self.title) } else { self.title.clone() };
        let markup = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="format-detection" content="telephone=no";
                    meta name="color-scheme" content="light dark";
                    title { (title) " – Trephine" }
                    link rel="icon" type="image/svg+xml" href=(MARK.url);
                    link rel="stylesheet" href=(STYLE.url);
                    @for script in &self.scripts { script type="module" src=(script.url) {} }
                }
                body {
                    a .skip href="#main" { "Skip to the content" }
                    (PreEscaped(SPRITE))
                    (bar(self.person, self.find))
                    @if let Some(banner) = &self.banner { (banner) }
                    main #main .(self.main) {
                        @if let Some(done) = self.person.and_then(|p| p.done).filter(|_| self.problem.is_none()) {
                            p .done role="status" { (icon("final")) (done) }
                        }
                        @if let Some(problem) = self.problem { (summary(problem)) }
                        (content)
                    }
                    (foot(self.person))
                }
            }
        };
        HttpResponse::build(self.status).content_type("text/html; charset=utf-8").body(markup.into_string())
    }
}

/// What went wrong, first on the page, in the same words as at the fields.
fn summary(problem: &Problem) -> Markup {
    html! {
        section .errors role="alert" tabindex="-1" aria-labelledby="errors-title" {
            h2 #errors-title { (icon("prob")) (problem.title) }
            @if problem.errors.is_empty() {
                p { (problem.detail) }
                @if let Some(state) = &problem.state {
                    p .small { "It is now: " strong { (state.replace('_', " ")) } "." }
                }
                @if let Some(allowed) = problem.allowed.as_ref().filter(|a| !a.is_empty()) {
                    p .small {
                        "What can be done instead: "
                        (allowed.iter().map(|s| words::step(s)).collect::<Vec<_>>().join(", ")) "."
                    }
                }
            } @else {
                ul .errors__list {
                    @for e in &problem.errors {
                        @let name = name_of(&e.pointer);
                        li { a href={ "#" (name) } { (words::message(&name, &e.message)) } }
                    }
                }
            }
            @if let Some(seconds) = problem.retry_after_s.filter(|_| !problem.detail.contains("Try again in")) { p .small { "Try again in " (seconds) " s." } }
        }
    }
}

/// One entry of the main navigation: where, what it is called, and which paths belong to it.
type Entry = (&'static str, &'static str, &'static [&'static str]);

/// The pages that this person is likely to want, in order. What they may do there, the laboratory decides.
fn entries(person: &Person) -> Vec<Entry> {
    let actor = person.actor();
    let bench = actor.is_any(&[Role::Tech, Role::Supervisor]);
    let lab = bench || actor.is_any(&[Role::Pathologist, Role::Auditor]);
    let logs = bench || actor.is(Role::Hematologist);
    let figures = actor.is_any(&[Role::Admin, Role::Supervisor, Role::Pathologist, Role::Auditor]);
    let all: [(bool, Entry); 10] = [
        (actor.is(Role::Hematologist), ("/patients", "My patients", &["/patients", "/track"])),
        (actor.is(Role::Pathologist), ("/sign", "To sign", &["/sign"])),
        (bench, ("/scan", "Scan", &["/scan", "/specimens"])),
        (logs, ("/cases/new", "Log a case", &["/cases/new"])),
        (lab, ("/worklists", "Worklists", &["/worklists", "/orders"])),
        (
            actor.is_any(&[Role::Supervisor, Role::Pathologist, Role::Auditor]),
            ("/verify", "To verify", &["/verify", "/results"]),
        ),
        (lab || actor.is(Role::Hematologist), ("/recollections", "To take again", &["/recollections"])),
        (lab, ("/cases", "Cases", &["/cases"])),
        (figures, ("/exports", "Exports", &["/exports"])),
        (figures, ("/turnaround", "Turnaround", &["/turnaround"])),
    ];
    all.into_iter().filter(|(shown, _)| *shown).map(|(_, entry)| entry).collect()
}

/// The entry that a path belongs to: the longest that fits.
fn current(entries: &[Entry], path: &str) -> Option<&'static str> {
    let fits = |p: &&&str| path == **p || path.strip_prefix(**p).is_some_and(|rest| rest.starts_with('/'));
    entries
        .iter()
        .filter_map(|(href, _, under)| under.iter().filter(fits).map(|p| p.len()).max().map(|n| (n, *href)))
        .max()
        .map(|(_, href)| href)
}

fn bar(person: Option<&Person>, find: bool) -> Markup {
    let entries = person.map(entries).unwrap_or_default();
    let here = person.and_then(|p| current(&entries, &p.path));
    let looks = person.is_some_and(|p| p.actor().is_any(crate::lab::scope::CLINICAL));
    html! {
        header .topbar {
            a .brand href="/" {
                svg .mark aria-hidden="true" { use href="#mark" {} }
                span translate="no" { "Trephine" }
            }
            @if let Some(person) = person {
                nav .topnav aria-label="Main" {
                    @for (href, name, _) in &entries {
                        a href=(href) aria-current=[(here == Some(*href)).then_some("page")] { (name) }
                    }
                }
                @if looks && find {
                    form .find role="search" action="/search" method="post" {
                        input type="hidden" name="csrf" value=(person.signed_in.csrf);
                        (icon("find"))
                        input type="search" name="q" aria-label="Find a patient or case" placeholder="MRN, name or number" autocomplete="off" spellcheck="false" maxlength="100";
                    }
                    a .find-link href="/search" aria-label="Find a patient or case" { (icon("find")) }
                }
            }
        }
    }
}

fn foot(person: Option<&Person>) -> Markup {
    html! {
        footer .foot {
            @if let Some(person) = person {
                p {
                    "Signed in as " strong { (person.actor().full_name) } " ("
                    (person.actor().roles.iter().map(|r| r.words()).collect::<Vec<_>>().join(", ")) ")"
                }
                form action="/sign-out" method="post" {
                    input type="hidden" name="csrf" value=(person.signed_in.csrf);
                    button .btn .btn--sm { "Sign out" }
                }
            }
        }
    }
}

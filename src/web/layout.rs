//! The frame of every page: head, bar, what was done, what went wrong, content.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::assets;
use super::fields::{Draft, name_of};
use super::language::{Language, english, rich, t, word};
use super::parts::icon;
use super::reader::{self, Theme};
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
    scripts: Vec<&'static str>,
    live: bool,
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
            live: false,
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

    /// With a module of its own, by the name of its file.
    pub(crate) fn script(mut self, file: &'static str) -> Self {
        self.scripts.push(file);
        self
    }

    /// A page that scans: its module, and no second field that could catch a scan.
    pub(crate) fn scans(mut self, file: &'static str) -> Self {
        self.find = false;
        self.script(file)
    }

    /// A page of which parts change by themselves; [`super::pages::live`] gives them.
    pub(crate) fn live(self) -> Self {
        Self { live: true, ..self }
    }

    /// The answer.
    #[allow(clippy::needless_pass_by_value)] // a page hands its content over
    pub(crate) fn render(self, content: Markup) -> HttpResponse {
        let title =
            if self.problem.is_some() { t!("error-title", title = self.title.as_str()) } else { self.title.clone() };
        let reader = reader::current();
        let theme = Some(reader.theme).filter(|t| *t != Theme::System).map(Theme::name);
        let markup = html! {
            (DOCTYPE)
            html lang=(reader.language.tag()) data-theme=[theme] {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="format-detection" content="telephone=no";
                    meta name="color-scheme" content=(theme.unwrap_or("light dark"));
                    title { (title) " – Trephine" }
                    link rel="icon" type="image/svg+xml" href=(assets::url("mark.svg"));
                    link rel="stylesheet" href=(assets::url("trephine.css"));
                    @if self.person.is_some() { script type="module" src=(assets::url("app.js")) {} }
                    @for script in &self.scripts { script type="module" src=(assets::url(script)) {} }
                }
                body {
                    a .skip href="#main" { (t!("skip")) }
                    (PreEscaped(SPRITE))
                    (bar(self.person, self.find))
                    @if let Some(banner) = &self.banner { (banner) }
                    main #main .(self.main) data-live[self.live] {
                        @if self.live { p #live-lost .note role="status" hidden { (t!("live-lost")) } }
                        @let done = self.person.and_then(|p| p.done.as_ref()).filter(|_| self.problem.is_none());
                        @if let Some(done) = done { p .done role="status" { (icon("final")) (done) } }
                        @if let Some(problem) = self.problem { (summary(problem)) }
                        (content)
                    }
                    @if self.person.is_some() { p #said .sr-only role="status" aria-live="polite" {} }
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
            h2 #errors-title { (icon("prob")) (english(&problem.title)) }
            @if problem.errors.is_empty() {
                p { (english(&problem.detail)) }
                @if let Some(state) = &problem.state {
                    p .small { (rich!("it-is-now", state = html! { strong { (english(&state.replace('_', " "))) } })) }
                }
                @if let Some(allowed) = problem.allowed.as_ref().filter(|a| !a.is_empty()) {
                    @let steps = allowed.iter().map(|s| words::step(s)).collect::<Vec<_>>().join(", ");
                    p .small { (t!("what-instead", steps = steps)) }
                }
            } @else {
                ul .errors__list {
                    @for e in &problem.errors {
                        @let name = name_of(&e.pointer);
                        li { a href={ "#" (name) } { (words::message(&name, &e.message)) } }
                    }
                }
            }
            @if let Some(seconds) = problem.retry_after_s.filter(|_| !problem.detail.contains("Try again in")) {
                p .small { (t!("try-again-in", seconds = seconds)) }
            }
        }
    }
}

/// One entry of the main navigation: where, its word, and which paths belong to it.
type Entry = (&'static str, &'static str, &'static [&'static str]);

/// The pages that this person is likely to want, in order. What they may do there, the laboratory decides.
fn entries(person: &Person) -> Vec<Entry> {
    let actor = person.actor();
    let bench = actor.is_any(&[Role::Tech, Role::Supervisor]);
    let lab = bench || actor.is_any(&[Role::Pathologist, Role::Auditor]);
    let logs = bench || actor.is(Role::Hematologist);
    let verifies = actor.is_any(&[Role::Supervisor, Role::Pathologist, Role::Auditor]);
    let figures = actor.is_any(&[Role::Admin, Role::Supervisor, Role::Pathologist, Role::Auditor]);
    let all: [(bool, Entry); 10] = [
        (actor.is(Role::Hematologist), ("/patients", "patients", &["/patients", "/track"])),
        (actor.is(Role::Pathologist), ("/sign", "sign", &["/sign"])),
        (bench, ("/scan", "scan", &["/scan", "/specimens"])),
        (logs, ("/cases/new", "log", &["/cases/new"])),
        (lab, ("/worklists", "worklists", &["/worklists", "/orders"])),
        (verifies, ("/verify", "verify", &["/verify", "/results"])),
        (lab || actor.is(Role::Hematologist), ("/recollections", "again", &["/recollections"])),
        (lab, ("/cases", "cases", &["/cases"])),
        (figures, ("/exports", "exports", &["/exports"])),
        (figures, ("/turnaround", "turnaround", &["/turnaround"])),
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
                nav .topnav aria-label=(t!("main-navigation")) {
                    @for (href, name, _) in &entries {
                        a href=(href) aria-current=[(here == Some(*href)).then_some("page")] { (word("nav", name)) }
                    }
                }
                @if looks && find {
                    form .find role="search" action="/search" method="post" {
                        input type="hidden" name="csrf" value=(person.signed_in.csrf);
                        (icon("find"))
                        input type="search" name="q" aria-label=(t!("find-label")) placeholder=(t!("find-placeholder")) autocomplete="off" spellcheck="false" maxlength="100";
                    }
                    a .find-link href="/search" aria-label=(t!("find-label")) { (icon("find")) }
                }
            }
        }
    }
}

fn foot(person: Option<&Person>) -> Markup {
    html! {
        footer .foot {
            @if let Some(person) = person {
                @let roles = person.actor().roles.iter().map(|r| word("role", r.name())).collect::<Vec<_>>().join(", ");
                p { (rich!("signed-in-as", name = html! { strong { (person.actor().full_name) } }, roles = roles)) }
            }
            (preferences(person))
            @if let Some(person) = person {
                form action="/sign-out" method="post" {
                    input type="hidden" name="csrf" value=(person.signed_in.csrf);
                    button .btn .btn--sm { (t!("sign-out")) }
                }
            }
        }
    }
}

/// Language and theme of this device.
fn preferences(person: Option<&Person>) -> Markup {
    let reader = reader::current();
    let here = person.map_or("/sign-in", |p| p.path.as_str());
    html! {
        form .prefs action="/preferences" method="post" {
            input type="hidden" name="next" value=(here);
            label for="pref-lang" { (t!("language")) }
            select #pref-lang .input name="lang" {
                @for l in Language::CHOICES {
                    option value=(l.tag()) lang=(l.tag()) selected[l == reader.language] { (l.own_name()) }
                }
            }
            label for="pref-theme" { (t!("theme")) }
            select #pref-theme .input name="theme" {
                @for theme in Theme::ALL {
                    option value=(theme.name()) selected[theme == reader.theme] { (word("theme", theme.name())) }
                }
            }
            button .btn .btn--sm { (t!("show")) }
        }
    }
}

//! The frame of every page: head, bar, what was done, what went wrong, content.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::assets;
use super::conflict;
use super::dialogs;
use super::fields::{Draft, Fields, name_of};
use super::language::{Language, english, rich, t, word};
use super::parts::icon;
use super::reader::{self, Theme};
use super::session::Person;
use super::words;
use crate::domain::Role;
use crate::edge::Problem;
use crate::lab::views::SavedView;

/// Every icon on a 24 grid; every status owns a silhouette of its own.
const SPRITE: &str = include_str!("assets/sprite.svg");

/// A page in the making.
pub(crate) struct Page<'a> {
    title: String,
    person: Option<&'a Person>,
    banner: Option<Markup>,
    problem: Option<&'a Problem>,
    typed: Option<&'a Fields>,
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
            typed: None,
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
        Self { problem: draft.problem.as_ref(), typed: Some(&draft.fields), status: draft.status(), ..self }
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

    /// A page with a scan station.
    pub(crate) fn station(self) -> Self {
        self.scans("scan.js").script("camera.js")
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
        let unread = self.person.map_or(0, |p| p.unread);
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
                    title { @if unread > 0 { "(" (unread) ") " } (title) " – Trephine" }
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
                        @if let Some(problem) = self.problem { (summary(self.person, problem, self.typed)) }
                        (content)
                    }
                    @if self.person.is_some() { p #said .sr-only role="status" aria-live="polite" {} }
                    (foot(self.person))
                    @if let Some(person) = self.person { (dialogs::palette(person)) (dialogs::lock(person)) }
                }
            }
        };
        HttpResponse::build(self.status).content_type("text/html; charset=utf-8").body(markup.into_string())
    }
}

/// What went wrong, first on the page, in the same words as at the fields.
pub(crate) fn summary(person: Option<&Person>, problem: &Problem, typed: Option<&Fields>) -> Markup {
    let changed = person.zip(problem.changed.as_deref());
    html! {
        section .errors role="alert" tabindex="-1" aria-labelledby="errors-title" {
            h2 #errors-title { (icon("prob")) (english(&problem.title)) }
            @if problem.errors.is_empty() {
                @if let Some((person, changed)) = changed { p { (conflict::lead(person, changed)) } }
                @else { p { (english(&problem.detail)) } }
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
        @if let (Some((person, changed)), Some(typed)) = (changed, typed) { (conflict::show(person, changed, typed)) }
    }
}

/// One entry of the main navigation: where, its word, and which paths belong to it.
pub(crate) type Entry = (&'static str, &'static str, &'static [&'static str]);

/// The pages that this person is likely to want, in order. What they may do there, the laboratory decides.
pub(crate) fn entries(person: &Person) -> Vec<Entry> {
    let actor = person.actor();
    let bench = actor.is_any(&[Role::Tech, Role::Supervisor]);
    let lab = bench || actor.is_any(&[Role::Pathologist, Role::Auditor]);
    let logs = bench || actor.is(Role::Hematologist);
    let verifies = actor.is_any(&[Role::Supervisor, Role::Pathologist, Role::Auditor]);
    let figures = person.exports();
    let office = actor.is(Role::Admin);
    let all: [(bool, Entry); 16] = [
        (actor.is(Role::Hematologist), ("/patients", "patients", &["/patients", "/track", "/notices"])),
        (actor.is(Role::Pathologist), ("/sign", "sign", &["/sign"])),
        (bench, ("/scan", "scan", &["/scan", "/specimens"])),
        (logs, ("/cases/new", "log", &["/cases/new"])),
        (lab, ("/worklists", "worklists", &["/worklists", "/orders"])),
        (verifies, ("/verify", "verify", &["/verify", "/results"])),
        (lab || actor.is(Role::Hematologist), ("/recollections", "again", &["/recollections"])),
        (bench, ("/labels", "labels", &["/labels"])),
        (lab, ("/storage", "storage", &["/storage"])),
        (lab, ("/cases", "cases", &["/cases"])),
        (figures, ("/exports", "exports", &["/exports"])),
        (figures, ("/turnaround", "turnaround", &["/turnaround"])),
        (office, ("/users", "users", &["/users"])),
        (office, ("/catalogue", "catalogue", &["/catalogue"])),
        (office || actor.is(Role::Auditor), ("/journal", "journal", &["/journal"])),
        (office, ("/system", "system", &["/system"])),
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
                    @for entry in entries.iter().take(INLINE) { (link(entry, here)) }
                    (menu("more", &t!("nav-menu-more"), entries.get(INLINE..).unwrap_or_default(), here, &person.views))
                    (menu("menu", &t!("nav-menu"), &entries, here, &person.views))
                }
                @if looks && find {
                    form .find role="search" action="/search" method="post" {
                        input type="hidden" name="csrf" value=(person.signed_in.csrf);
                        (icon("find"))
                        input type="search" name="q" aria-label=(t!("find-label")) placeholder=(t!("find-placeholder")) autocomplete="off" spellcheck="false" maxlength="100";
                        button .btn--key type="button" data-palette hidden { span .sr-only { (t!("palette-title")) " " } kbd { "Ctrl K" } }
                    }
                    a .find-link href="/search" aria-label=(t!("find-label")) { (icon("find")) }
                }
                @if looks { (bell(person, person.unread)) }
                (me(person))
            }
        }
    }
}

/// How many entries stand side by side in the bar; the others are under “More”.
const INLINE: usize = 5;

/// The keys of two entries, by where they lead.
const SHORTCUTS: [(&str, &str); 2] = [("/scan", "F2"), ("/cases/new", "F9")];

fn link((href, name, _): &Entry, here: Option<&str>) -> Markup {
    let key = SHORTCUTS.iter().find(|(to, _)| to == href).map(|(_, key)| *key);
    html! {
        a href=(href) aria-current=[(here == Some(*href)).then_some("page")] aria-keyshortcuts=[key] title=[key] { (word("nav", name)) }
    }
}

/// Entries and saved views that open below a word: what has no room in the bar, or everything where it is narrow.
fn menu(class: &str, title: &str, entries: &[Entry], here: Option<&str>, views: &[SavedView]) -> Markup {
    let holds = entries.iter().any(|(href, _, _)| here == Some(*href));
    html! {
        @if !entries.is_empty() || !views.is_empty() {
            details .drop .{ "drop--" (class) } name="bar" {
                summary aria-current=[holds.then_some("true")] { (title) }
                ul .drop__list {
                    @for entry in entries { li { (link(entry, here)) } }
                    @for view in views { li { a href=(view.address) { (view.name) } } }
                    @if !views.is_empty() { li { a .muted href="/views" { (t!("view-title")) } } }
                }
            }
        }
    }
}

/// Who works here, and at which bench.
fn me(person: &Person) -> Markup {
    let bench = person.signed_in.bench.as_deref();
    let bench = bench.and_then(|b| person.catalogue.department(b)).map(|d| d.name.as_str());
    html! {
        details .drop .drop--me name="bar" {
            summary {
                span translate="no" { (person.actor().full_name) @if let Some(bench) = bench { span .muted .small { (bench) } } }
            }
            ul .drop__list {
                @if bench.is_some() { li { a href="/worklists" { (t!("nav-bench")) } } }
                li { a href="/views" { (t!("view-title")) } }
                li {
                    form action="/sign-out" method="post" {
                        input type="hidden" name="csrf" value=(person.signed_in.csrf);
                        button { (t!("sign-out")) }
                    }
                }
            }
        }
    }
}

/// What this person has not read of what they are told; a live part of every live page.
pub(crate) fn bell(person: &Person, unread: usize) -> Markup {
    let here = person.path == "/notices";
    html! {
        a #bell .bell href="/notices" data-count=(unread) aria-current=[here.then_some("page")] aria-label=(t!("follow-bell", count = unread)) {
            (icon("bell"))
            @if unread > 0 { span .bell__count aria-hidden="true" { @if unread > 99 { "99+" } @else { (unread) } } }
        }
    }
}

fn foot(person: Option<&Person>) -> Markup {
    html! {
        footer .foot {
            @if let Some(person) = person {
                @let roles = person.actor().roles.iter().map(|r| word("role", r.name())).collect::<Vec<_>>().join(", ");
                p { (rich!("signed-in-as", name = html! { strong translate="no" { (person.actor().full_name) } }, roles = roles)) }
            }
            @if person.is_some() { (dialogs::keys()) }
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

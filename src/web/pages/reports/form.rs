//! The page on which a report is written: the text, what does not fit with room for words, the report as it would be
//! signed, what still stands in the way, and the signature.

use actix_web::HttpResponse;
use maud::{Markup, html};

use super::compose::{self, FLAGS_MAX, word};
use super::show::document;
use crate::domain::catalogue::Classification;
use crate::domain::correlation;
use crate::domain::decide::{Hindrance, hindrances};
use crate::domain::report_document::{self, Ingredients, ReportDocument};
use crate::domain::series::Earlier;
use crate::domain::{FieldError, OrderState, OrderTransition, Report, ReportKind, critical};
use crate::lab::questions::case::OrderView;
use crate::lab::questions::flags::{self, FlagView};
use crate::web::drafts;
use crate::web::fields::{Draft, Fields, name_of};
use crate::web::language::{self, english, rich, t};
use crate::web::layout::Page;
use crate::web::pages::results::result::told_fields;
use crate::web::pages::results::sources;
use crate::web::pages::seen::Seen;
use crate::web::parts::{Field, card, choices, icon, named, seen as seen_fields, status, when};
use crate::web::session::Person;
use crate::web::words;

/// Everything that the page is made of.
pub(super) struct Composing<'a> {
    pub(super) person: &'a Person,
    pub(super) seen: &'a Seen,
    pub(super) draft: &'a Draft,
    pub(super) earlier: &'a [Earlier],
    /// The draft that is saved, if any.
    pub(super) open: Option<&'a Report>,
    /// The version that the form would make.
    pub(super) report: &'a Report,
    /// What of the form does not fit yet.
    pub(super) unfit: &'a [FieldError],
    /// What changed since the page was opened.
    pub(super) changes: Markup,
    /// The page of the next case to sign.
    pub(super) next: Option<String>,
}

/// The whole page.
pub(super) fn page(c: &Composing<'_>) -> HttpResponse {
    let accession = c.seen.view.accession;
    let action = format!("/cases/{accession}/report");
    let place = compose::place(accession);
    let title = t!("compose-title", accession = accession.to_string());
    Page::of(c.person, title).about(c.seen.banner(c.person)).draft(c.draft).script("check.js").render(html! {
        div .title {
            h1 { (rich!("compose-heading", accession = html! { span .id { (accession) } })) }
            @if let Some(open) = c.open { (status(&words::report(open.state))) }
        }
        (c.changes)
        (drafts::taken_up(c.person, &place, c.draft))
        form .compose action=(action) method="post" novalidate data-check="preview standing" data-draft=(place) {
            section .card .plain .compose__text aria-label=(t!("compose-text")) { (text(c)) }
            (preview(c))
            div .compose__sign .stack { (standing(c)) (signature(c, &action)) }
        }
        @if let Some(open) = c.open { (discard(c, open)) }
    })
}

fn text(c: &Composing<'_>) -> Markup {
    let version = c.open.map_or(c.seen.view.version, |r| r.version);
    let revises = c.seen.case.reports.iter().any(|r| r.state.is_complete());
    let kinds: Vec<ReportKind> = ReportKind::ALL.iter().copied().filter(|k| k.is_revision() == revises).collect();
    let draft = c.draft;
    html! {
        (seen_fields(c.person, drafts::version(draft, version)))
        (drafts::carried(&compose::place(c.seen.view.accession)))
        @if let Some(open) = c.open { input type="hidden" name="report" value=(open.id); }
        (Field::new("kind", &t!("compose-kind")).radios(draft, &choices(&kinds, ReportKind::name, "compose-kind")))
        (Field::new("diagnosis", &t!("compose-diagnosis")).area(draft, 3))
        (entity(c, "dx_who5", Classification::Who5, "who5"))
        (entity(c, "dx_icc", Classification::Icc, "icc"))
        (Field::new("comment", &t!("compose-comment")).optional().area(draft, 5))
        (flag_fields(&flags::views(&c.seen.case, c.earlier), draft))
        @if revises {
            (Field::new("reason", &t!("compose-reason")).area(draft, 2))
            (told_fields(draft, None))
        }
        div .actions {
            button .btn name="do" value="preview" data-checks=(t!("compose-previewed")) { (t!("compose-preview-update")) }
            button .btn .btn--primary[c.open.is_none()] name="do" value="save" { (t!("compose-save")) }
        }
        (drafts::said())
    }
}

/// The diagnosis in a classification: the catalogue's entities are suggested, anything may be typed.
fn entity(c: &Composing<'_>, name: &str, system: Classification, list: &'static str) -> Markup {
    let (hint, all) = (t!("compose-suggested"), &c.person.catalogue);
    let field = Field::new(name, system.title()).optional().list(list);
    html! {
        @if all.diagnoses_of(system).next().is_some() { (field.hint(&hint).input(c.draft)) } @else { (field.input(c.draft)) }
        datalist id=(list) translate="no" {
            @for d in all.diagnoses_of(system) { option value=(d.name) label=[d.icd_o.as_deref()] {} }
        }
    }
}

/// What does not fit, each with its evidence and room for words.
fn flag_fields(flags: &[FlagView], draft: &Draft) -> Markup {
    let label = t!("compose-flag-words");
    html! {
        @if !flags.is_empty() {
            fieldset .stack #acknowledged {
                legend { (t!("compose-flags", count = flags.len())) }
                p .hint { (t!("compose-flags-hint")) }
                @for (i, view) in flags.iter().take(FLAGS_MAX).enumerate() {
                    @let name = format!("flags.{i}.words");
                    @let said = Draft { fields: words_on(view, &name, draft), problem: draft.problem.clone(), kept_at: None };
                    div .stack .misfit {
                        p { strong { (english(&view.flag.text)) } }
                        ul .plain-list .small {
                            @for line in &view.flag.evidence { li { span .muted { (line.name) } " " (line.value) } }
                        }
                        input type="hidden" name={ "flags." (i) ".key" } value=(view.flag.key);
                        (Field::new(&name, &label).area(&said, 2))
                    }
                }
            }
        }
    }
}

/// What was typed on a flag in this form; else what the draft says of it.
fn words_on(view: &FlagView, name: &str, draft: &Draft) -> Fields {
    // By its key: flags come and go while somebody writes, and the words on one must never stand on another.
    let is_this = |i: &usize| draft.fields.get(&format!("flags.{i}.key")) == view.flag.key;
    let typed = (0..FLAGS_MAX).find(is_this).and_then(|i| draft.fields.opt(&format!("flags.{i}.words")));
    let typed = typed.or_else(|| view.acknowledged.clone()).unwrap_or_default();
    Fields::default().with(name, typed)
}

/// The report that signing this version now would give.
pub(super) fn assembled(person: &Person, seen: &Seen, report: &Report, earlier: &[Earlier]) -> ReportDocument {
    let mut document = ReportDocument::assemble(Ingredients {
        case: &seen.case,
        report,
        signer: person.actor(),
        catalogue: &person.catalogue,
        now: person.now,
        trends: &report_document::trends(&seen.case, earlier),
        calls: &critical::document_calls(&seen.case, &person.catalogue),
        flags: &report_document::flags(&correlation::flags(&seen.case, earlier), report),
    });
    report.kind.name().clone_into(&mut document.status);
    document
}

/// Exactly what would be signed now, drawn as a signed report is.
fn preview(c: &Composing<'_>) -> Markup {
    html! {
        section #preview .card .compose__preview aria-labelledby="preview-title" {
            header .section-head { h2 #preview-title { (t!("compose-preview")) } span .muted .small { (t!("compose-not-signed")) } }
            (document(&assembled(c.person, c.seen, c.report, c.earlier), None))
        }
    }
}

/// Whether the form is exactly what is saved.
fn is_saved(c: &Composing<'_>) -> bool {
    c.open.is_some_and(|open| open == c.report)
}

/// What still stands in the way of a signature, before anybody presses.
fn standing(c: &Composing<'_>) -> Markup {
    let flags = correlation::flags(&c.seen.case, c.earlier);
    let hindrances = hindrances(&c.seen.case, c.report, &flags);
    let others = c.open.filter(|o| o.diagnostician.id != c.person.actor().id);
    let free = hindrances.is_empty() && c.unfit.is_empty() && is_saved(c) && others.is_none();
    let body = html! {
        @if let Some(open) = c.open { (sources::hidden(c.seen, &word(c.person, c.seen, open, c.earlier))) }
        @if free { p { span .status .status--final { (icon("final")) (t!("compose-free")) } } }
        ul .plain-list .ways {
            @for e in c.unfit {
                @let name = name_of(&e.pointer);
                li { (icon("attn")) a href={ "#" (name) } { (words::message(&name, &e.message)) } }
            }
            @for h in &hindrances { (hindered(c, h)) }
            @if !is_saved(c) { li { (icon("attn")) span { (t!("compose-unsaved")) } } }
            @if let Some(open) = others { li { (icon("attn")) span { (rich!("compose-others", name = named(&open.diagnostician.name))) } } }
        }
        (pending(c))
    };
    html! { div #standing { (card("standing-title", &t!("compose-standing"), &html! {}, &html! { div .inset .stack { (body) } })) } }
}

fn hindered(c: &Composing<'_>, by: &Hindrance) -> Markup {
    html! {
        li {
            (icon("attn"))
            @match by {
                Hindrance::OrdersOpen(ids) => { span { (t!("compose-orders-open", count = ids.len())) } }
                Hindrance::FlagsOpen(open) => { a href="#acknowledged" { (t!("compose-flags-open", count = open.len())) } }
                Hindrance::RevisionOpen(id) => {
                    @let name = c.seen.view.orders.iter().find(|o| o.id == *id).map_or("", |o| o.name.as_str());
                    a href={ "/orders/" (id) "/newest" } { (t!("compose-revision-open", name = name)) }
                }
            }
        }
    }
}

/// The tests that are not final, each with the ways to sign without it.
fn pending(c: &Composing<'_>) -> Markup {
    let open: Vec<&OrderView> = c.seen.view.orders.iter().filter(|o| o.required && o.state.is_open()).collect();
    let back = format!("/cases/{}/report", c.seen.view.accession);
    let ends = [OrderTransition::NotPerform, OrderTransition::Cancel];
    html! {
        @if !open.is_empty() {
            details .more open[c.report.kind == ReportKind::Final] {
                summary { (t!("compose-pending", count = open.len())) }
                p .hint { (t!("compose-pending-hint")) }
                ul .plain-list {
                    @for o in &open {
                        li {
                            a href={ "/orders/" (o.id) } { (o.name) } " " (status(&words::order(o.state)))
                            @if o.state != OrderState::Resulted { p .small .muted { (rich!("compose-expected", when = when(c.person, o.due_at))) } }
                            @for step in ends.iter().filter(|s| o.allowed.contains(&s.name())) {
                                a .btn .btn--sm href={ "/orders/" (o.id) "/steps/" (step) "?back=" (crate::web::encode(&back)) } { (words::step(step.name())) } " "
                            }
                        }
                    }
                }
            }
        }
    }
}

fn signature(c: &Composing<'_>, action: &str) -> Markup {
    let Some(open) = c.open else { return html! {} };
    let mine = open.diagnostician.id == c.person.actor().id;
    let kind = language::word("compose-kind", c.report.kind.name());
    let password = t!("compose-password");
    let body = html! {
        div .inset .stack {
            @if mine {
                p { (t!("compose-attest", kind = kind.as_str())) }
                (Field::new("password", &password).password("current-password").width("m").input(c.draft))
                div .actions {
                    button .btn .btn--primary .btn--bench formaction={ (action) "/sign" } name="then" value="next" data-submit { (t!("sign-and-next")) }
                    button .btn .btn--bench formaction={ (action) "/sign" } { (t!("sign-only")) }
                    @if let Some(next) = &c.next { a .btn .btn--bench href=(next) { (t!("verify-skip")) } }
                }
            } @else { p { (rich!("compose-not-yours", name = named(&open.diagnostician.name))) } }
        }
    };
    card("signature", &t!("compose-signature"), &html! {}, &body)
}

fn discard(c: &Composing<'_>, open: &Report) -> Markup {
    html! {
        details .card .more .inset {
            summary { (t!("compose-discard")) }
            form action={ "/cases/" (c.seen.view.accession) "/reports/" (open.number) "/void" } method="post" novalidate {
                (seen_fields(c.person, open.version))
                (drafts::carried(&compose::place(c.seen.view.accession)))
                (Field::new("reason", &t!("result-why")).within("discard").input(&Draft::default()))
                button .btn { (t!("compose-discard")) }
            }
        }
    }
}

//! What of a case changes by itself: each sheet is drawn into the page and sent again when it differs.

use maud::{Markup, html};

use crate::domain::{OrderState, Role, SpecimenState, Temperature};
use crate::lab::questions::case::{OrderView, ReportView, ResultView, SpecimenView};
use crate::lab::questions::events::EventView;
use crate::web::language::{english, rich, t, word};
use crate::web::live::Part;
use crate::web::pages::cases::critical;
use crate::web::pages::reports::read;
use crate::web::pages::results::result_form;
use crate::web::pages::seen::{Seen, journal, part_words};
use crate::web::parts::{card, flag, known, named, stamp, stamp_day, status, table};
use crate::web::session::Person;
use crate::web::steps::{order_steps, specimen_steps};
use crate::web::words;

/// Journal entries that are shown at once.
const FIRST: usize = 8;

/// All of them; the page puts each in its place.
pub(super) fn all(person: &Person, seen: &Seen, entries: &[EventView]) -> Vec<Part> {
    let of = |id: &'static str, content: Markup| Part { id, markup: html! { div id=(id) { (content) } } };
    vec![
        of("case-head", head(seen)),
        of("case-critical", critical::found(person, seen)),
        of("case-parts", parts(person, seen)),
        of("case-tests", tests(person, seen)),
        of("case-results", results(person, seen)),
        of("case-reports", reports(person, seen)),
        of("case-history", history(person, seen, entries)),
    ]
}

fn head(seen: &Seen) -> Markup {
    let v = &seen.view;
    html! {
        div .title {
            h1 { span .id { (v.accession) } }
            (status(&words::stage(v.progress.stage)))
            @if !v.progress.late.is_empty() { (status(&words::late())) }
            (flag(v.urgency))
        }
        p .lead { (english(&v.progress.sentence)) }
    }
}

fn parts(person: &Person, seen: &Seen) -> Markup {
    let needed =
        |s: &SpecimenView| seen.view.orders.iter().any(|o| o.state.is_open() && o.specimen.as_ref() == Some(&s.label));
    let heads = [t!("case-label"), t!("log-kind"), t!("case-state"), t!("case-where"), t!("case-next")];
    table(
        &html! { span .sr-only { (t!("case-parts-caption")) } },
        &heads.each_ref().map(String::as_str),
        &seen.view.specimens.iter().map(|s| part(person, s, needed(s))).collect::<Vec<_>>(),
    )
}

fn part(person: &Person, s: &SpecimenView, needed: bool) -> Vec<Markup> {
    // What lies in store and nobody waits for is only looked at.
    let idle = s.state == SpecimenState::Stored && !needed;
    let next =
        specimen_steps(s).into_iter().next().map(|step| if idle { t!("bench-open") } else { words::step(step.name()) });
    vec![
        html! { a .row-link .id href={ "/scan?label=" (s.label) } { (s.label) } },
        html! {
            (part_words(person, s))
            @if let Some(kept) = s.temperature.filter(|t| *t != Temperature::Ambient) { p .small .muted { (word("case-temperature", kept.name())) } }
            @for c in &s.caveats { p .caveat .small { (rich!("case-caveat", text = c.text)) } }
        },
        status(&words::specimen(s.state)),
        known(s.location.as_ref()),
        match next {
            Some(step) => {
                html! { a .btn .btn--sm href={ "/scan?label=" (s.label) } { (step) span .sr-only { ": " (s.label) } } }
            }
            None => html! { span .muted { (t!("case-next-none")) } },
        },
    ]
}

fn tests(person: &Person, seen: &Seen) -> Markup {
    let v = &seen.view;
    if v.orders.is_empty() {
        return html! { p .empty { (t!("case-tests-none")) } };
    }
    let heads = [t!("log-test"), t!("case-state"), t!("case-part"), t!("log-test-due"), t!("case-next")];
    table(
        &html! { span .sr-only { (t!("case-tests-caption")) } },
        &heads.each_ref().map(String::as_str),
        &v.orders.iter().map(|o| test(person, o)).collect::<Vec<_>>(),
    )
}

fn test(person: &Person, o: &OrderView) -> Vec<Markup> {
    let next = order_steps(&o.allowed).into_iter().next();
    let benched = o.progress.as_ref().is_some_and(|p| p.next.is_some());
    let enters = o.allowed.contains(&"result") && o.state != OrderState::Resulted && !benched;
    vec![
        html! {
            a .row-link href={ "/orders/" (o.id) } { (o.name) } " " (flag(o.urgency))
            @if let Some(why) = &o.why { p .small .muted { (why) } }
            @if !o.required { p .small .muted { (t!("case-not-required")) } }
        },
        html! {
            (status(&words::order(o.state)))
            @if let Some(p) = &o.progress { p .small { (english(&words::capital(&p.words))) } }
            @if o.late { " " (status(&words::late())) }
        },
        match (&o.specimen, &o.why_no_part) {
            (Some(label), _) => html! { a .id href={ "/scan?label=" (label) } { (label) } },
            (None, Some(why)) => html! { span .small { (english(why)) } },
            (None, None) => html! { span .muted { (t!("case-part-none")) } },
        },
        o.due_at.map_or_else(|| html! { span .muted { (t!("log-test-due-later")) } }, |due| stamp_day(person, due)),
        match next {
            Some(_) | None if enters => html! {
                a .btn .btn--sm href={ "/orders/" (o.id) "#enter" } { (t!("case-enter")) span .sr-only { ": " (o.name) } }
            },
            Some(step) => html! {
                a .btn .btn--sm href={ "/orders/" (o.id) } { (words::step(step.name())) span .sr-only { ": " (o.name) } }
            },
            None => html! { span .muted { (t!("case-next-none")) } },
        },
    ]
}

fn results(person: &Person, seen: &Seen) -> Markup {
    let v = &seen.view;
    if v.results.is_empty() {
        return html! {};
    }
    let heads = [t!("log-test"), t!("case-finding"), t!("case-version"), t!("case-state"), t!("case-verified")];
    card(
        "results",
        &t!("case-results"),
        &html! {},
        &table(
            &html! { span .sr-only { (t!("case-results-caption")) } },
            &heads.each_ref().map(String::as_str),
            &v.results.iter().map(|r| result(person, r)).collect::<Vec<_>>(),
        ),
    )
}

fn result(person: &Person, r: &ResultView) -> Vec<Markup> {
    vec![
        html! { a .row-link href={ "/results/" (r.result.id) } { (r.name) } },
        html! {
            (r.result.summary)
            details .more id={ "full-" (r.result.id) } {
                summary { (t!("case-in-full")) span .sr-only { ": " (r.name) } }
                (result_form::finding(person.catalogue.assay(r.assay.as_str()), &r.result))
            }
        },
        html! { (r.result.number) },
        status(&words::result(r.result.state)),
        match (&r.result.verified_by, r.result.verified_at) {
            (Some(who), Some(at)) => rich!("case-by", when = stamp(person, at), who = named(&who.name)),
            (_, _) => html! { span .muted { (t!("case-not-yet")) } },
        },
    ]
}

fn reports(person: &Person, seen: &Seen) -> Markup {
    let v = &seen.view;
    let writes = person.actor().is(Role::Pathologist);
    if v.reports.is_empty() && !writes {
        return html! {};
    }
    let heads = [t!("case-version"), t!("case-state"), t!("case-signed"), t!("case-read"), t!("case-diagnosis")];
    card(
        "reports",
        &t!("case-reports"),
        &html! {},
        &html! {
            @if v.reports.is_empty() { p .empty { (t!("case-reports-none")) } } @else {
                (table(
                    &html! { span .sr-only { (t!("case-reports-caption")) } },
                    &heads.each_ref().map(String::as_str),
                    &v.reports.iter().map(|r| report(person, r)).collect::<Vec<_>>(),
                ))
            }
            @if writes { p .inset { a .btn href={ "/cases/" (v.accession) "/report" } { (t!("case-report-write")) } } }
        },
    )
}

fn report(person: &Person, r: &ReportView) -> Vec<Markup> {
    let signed = r.report.signature.as_ref();
    let name = t!("case-report", number = r.report.number);
    vec![
        match signed {
            Some(_) => html! { a .row-link href={ "/cases/" (r.accession) "/reports/" (r.report.number) } { (name) } },
            None => html! { (name) },
        },
        html! {
            (status(&words::report(r.report.state)))
            @if r.superseded { " " span .muted { (t!("case-superseded")) } }
        },
        match signed {
            Some(s) => rich!("case-by", when = stamp(person, s.at), who = named(&s.by.name)),
            None => html! { span .muted { (t!("case-not-yet")) } },
        },
        read::said(person, r),
        html! { (r.report.diagnosis) },
    ]
}

fn history(person: &Person, seen: &Seen, entries: &[EventView]) -> Markup {
    card(
        "history",
        &t!("case-history"),
        &html! { span .muted .small { (t!("case-entries", count = entries.len())) } },
        &html! {
            (journal(person, seen, entries, FIRST))
            @if entries.len() > FIRST {
                p .inset { a href={ "/track/" (seen.view.accession) "/history" } { (t!("case-history-all")) } }
            }
        },
    )
}

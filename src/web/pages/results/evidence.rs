//! What a result is judged by, beside it: how it came about, and what was found in this patient before.

use maud::{Markup, html};

use super::sources;
use crate::domain::{Accession, Code};
use crate::lab::questions::case::{OrderView, ResultView};
use crate::lab::questions::flags::FlagView;
use crate::lab::questions::timeline::{Timeline, TimelineCase, TimelineResult};
use crate::web::language::{english, rich, t};
use crate::web::pages::seen::{Seen, part_words};
use crate::web::parts::{card, facts, known, named, stamp, stamp_day, when};
use crate::web::session::Person;

/// Most earlier examinations that are shown.
const EARLIER: usize = 8;

/// Everything of the case that a second person judges a result by, in one word.
pub(crate) fn word(seen: &Seen, r: &ResultView) -> String {
    let order = seen.case.order(r.result.order);
    let part = r.result.specimen.and_then(|id| seen.case.specimen(id));
    sources::word(&(&r.result, order, part, &seen.case.patient))
}

/// How a result came about: the question, the part and its caveats, the attempt, the originals.
pub(crate) fn origin(person: &Person, found: &Seen, r: &ResultView, o: &OrderView) -> Markup {
    let part = r.result.specimen.and_then(|id| found.view.specimens.iter().find(|s| s.id == id));
    let started = o
        .attempts
        .last()
        .map(|a| rich!("order-by", when = stamp(person, a.started_at), who = named(&a.started_by.name)));
    let unknown = || html! { span .muted { (t!("not-known")) } };
    let pairs = [
        (t!("order-question"), html! { (found.view.indication_name) }),
        (t!("result-asked"), known(found.view.clinical_note.as_ref())),
        (
            t!("order-part"),
            part.map_or_else(
                unknown,
                |s| html! { a .id href={ "/scan?label=" (s.label) } { (s.label) } " " (part_words(person, s)) },
            ),
        ),
        (t!("result-taken"), when(person, part.and_then(|s| s.collected_at))),
        (t!("result-received"), when(person, part.and_then(|s| s.received_at))),
        (t!("order-started"), started.unwrap_or_else(unknown)),
        (t!("order-attempts"), html! { (o.attempts.len()) }),
        (t!("order-due"), when(person, o.due_at)),
    ];
    let pairs: Vec<(&str, Markup)> = pairs.iter().map(|(name, value)| (name.as_str(), html! { (value) })).collect();
    card(
        "evidence",
        &t!("result-origin"),
        &html! {},
        &html! {
            div .inset .stack {
                (facts(&pairs))
                @if let Some(s) = part { @for c in &s.caveats { p .note { strong { (t!("result-caveat")) } " " (c.text) } } }
                @if !o.documents.is_empty() {
                    ul .plain-list {
                        @for d in &o.documents {
                            li { (t!("result-original")) " " a href={ "/documents/" (d.id) } download { (d.file_name) } ", " (stamp(person, d.added_at)) }
                        }
                    }
                }
                p { a href={ "/orders/" (o.id) } { (t!("result-whole-order")) } }
            }
        },
    )
}

/// What does not fit among the verified results of the case.
pub(crate) fn misfits(flags: &[FlagView]) -> Markup {
    if flags.is_empty() {
        return html! {};
    }
    let body = html! {
        @for view in flags {
            article .finding {
                p .finding__text { (english(&view.flag.text)) }
                ul .plain-list .finding__by { @for line in &view.flag.evidence { li { (line.name) ": " (line.value) } } }
            }
        }
    };
    card("misfits", &t!("result-misfits"), &html! { span .muted .small { (flags.len()) } }, &body)
}

/// What was found in this patient before, the same test first; the newest examination open, the older ones folded.
pub(crate) fn previous(person: &Person, timeline: &Timeline, now: Accession, assay: &Code) -> Markup {
    let others: Vec<&TimelineCase> = timeline.cases.iter().rev().filter(|c| c.accession != now).collect();
    let body = html! {
        @if others.is_empty() { p .empty { (t!("result-no-earlier")) } }
        @for (i, case) in others.iter().take(EARLIER).enumerate() { (examination(person, case, assay, i == 0)) }
        @if others.len() > EARLIER { p .inset .small .muted { (t!("result-older", count = others.len() - EARLIER)) } }
    };
    card("previous", &t!("result-earlier"), &html! { span .muted .small { (others.len()) } }, &body)
}

fn examination(person: &Person, case: &TimelineCase, assay: &Code, open: bool) -> Markup {
    let (same, rest): (Vec<&TimelineResult>, Vec<_>) = case.results.iter().partition(|x| x.assay == *assay);
    let name = |x: &TimelineResult| {
        person.catalogue.assay(x.assay.as_str()).map_or_else(|| x.assay.to_string(), |a| a.name.clone())
    };
    html! {
        article .finding {
            h3 {
                a .id href=(person.case_path(case.accession)) { (case.accession) }
                @if let Some(at) = case.collected_at { " " (stamp_day(person, at)) }
            }
            @if let Some(dx) = &case.diagnosis { p .finding__text { (dx) } }
            @for x in &same { p .finding__text { strong { (name(x)) ": " } (x.summary) } }
            @if !rest.is_empty() {
                details .more .finding__text open[open && same.is_empty()] {
                    summary { (t!("result-others-then", count = rest.len())) }
                    @for x in &rest { p .small { (name(x)) ": " (x.summary) } }
                }
            }
        }
    }
}

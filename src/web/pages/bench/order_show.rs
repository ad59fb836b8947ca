//! An order as it is read: facts, how far the bench is, attempts, versions of its result.

use maud::{Markup, html};

use crate::domain::{Attempt, Code};
use crate::lab::questions::case::{OrderView, ResultView};
use crate::web::language::{english, rich, t};
use crate::web::pages::seen::{Seen, volume_words};
use crate::web::parts::{card, facts, known, known_name, named, seen, stamp, status, table, when};
use crate::web::session::Person;
use crate::web::{steps, words};

/// What there is to know about an order.
pub(super) fn about(person: &Person, found: &Seen, o: &OrderView) -> Markup {
    let part = match (&o.specimen, &o.why_no_part) {
        (Some(label), _) => html! { a .id href={ "/scan?label=" (label) } { (label) } },
        (None, Some(why)) => english(why),
        (None, None) => html! { span .muted { (t!("order-no-part")) } },
    };
    let department =
        person.catalogue.department(o.department.as_str()).map_or_else(|| o.department.to_string(), |d| d.name.clone());
    let why = o.why.as_ref().map_or_else(|| known(None::<String>), |why| english(why));
    let mut pairs = vec![
        (t!("order-case"), html! { a .id href=(person.case_path(o.accession)) { (o.accession) } }),
        (t!("order-question"), html! { (found.view.indication_name) }),
        (t!("order-bench"), html! { (department) }),
        (t!("order-part"), part),
        (t!("order-due"), when(person, o.due_at)),
        (t!("order-ordered"), by(&stamp(person, o.ordered_at), &o.ordered_by.name)),
        (t!("order-why"), why),
    ];
    if o.attempts.is_empty() {
        let limit = o.usable_until.map_or_else(|| html! { (t!("order-no-limit")) }, |at| stamp(person, at));
        pairs.push((t!("order-start-by"), limit));
    }
    if let Some(hold) = &o.hold {
        let then = english(&hold.policy.words());
        pairs.push((t!("order-held-until"), rich!("order-held", when = stamp(person, hold.deadline), then = then)));
    }
    if let Some(r) = &o.referral {
        let expected = known(r.expected_on.map(crate::web::time::date));
        pairs.push((t!("order-sent-to"), rich!("order-sent", laboratory = r.laboratory.as_str(), when = expected)));
    }
    if let Some(c) = &o.closing {
        let reason = c.reason.as_ref().map(ToString::to_string);
        let text = [reason, c.text.clone()].into_iter().flatten().collect::<Vec<_>>().join(": ");
        pairs.push((t!("order-ended"), html! { (text) ", " (named(&c.by.name)) ", " (stamp(person, c.at)) }));
    }
    let pairs: Vec<(&str, Markup)> = pairs.iter().map(|(name, value)| (name.as_str(), html! { (value) })).collect();
    html! {
        section .card .plain aria-label=(t!("order-facts")) {
            (facts(&pairs))
            @for text in o.overrides.iter().filter_map(|x| x.text.as_ref()) {
                p .note { strong { (t!("result-prints-with-it")) } " " (text) }
            }
        }
    }
}

fn by(when: &Markup, who: &str) -> Markup {
    rich!("order-by", when = when, who = named(who))
}

/// How far the bench is, and one press for the next step.
pub(super) fn bench(person: &Person, o: &OrderView) -> Markup {
    let Some(progress) = &o.progress else { return html! {} };
    let done = t!("order-steps-done", done = progress.done, all = progress.of);
    let press = steps::advance(person, &o.allowed, Some(progress));
    html! {
        section .card aria-labelledby="bench" {
            header .section-head { h2 #bench { (english(&words::capital(&progress.words))) } span .muted .small { (done) } }
            @if let Some(due) = progress.expected_at {
                p .inset .small { (rich!("order-step-due", when = stamp(person, due))) @if due < person.now { " " (status(&words::late())) } }
            }
            @if let Some(press) = press {
                form .inset action={ "/orders/" (o.id) "/steps/advance" } method="post" { (seen(person, o.version)) (press) }
            } @else if let Some(first) = &progress.first_reader {
                p .inset { (t!("order-second-reader", first = first.name.as_str())) }
            }
        }
    }
}

/// Every try, with what the bench did in it.
pub(super) fn attempts(person: &Person, found: &Seen, o: &OrderView) -> Markup {
    let rows: Vec<Vec<Markup>> = o
        .attempts
        .iter()
        .map(|a| {
            let part = a.specimen.and_then(|id| found.case.specimen(id)).map(|s| s.label.to_string());
            vec![
                html! { (a.number) },
                by(&stamp(person, a.started_at), &a.started_by.name),
                known(part),
                known(a.run.as_ref()),
                known(a.used_ul.map(volume_words)),
                html! { (outcome(person, a)) (steps_done(person, o, a)) },
            ]
        })
        .collect();
    let heads = [
        t!("order-attempt"),
        t!("order-started"),
        t!("order-part"),
        t!("order-run"),
        t!("order-used"),
        t!("order-outcome"),
    ];
    card(
        "attempts",
        &t!("order-attempts"),
        &html! {},
        &table(
            &html! { span .sr-only { (t!("order-attempts-caption")) } },
            &heads.each_ref().map(String::as_str),
            &rows,
        ),
    )
}

fn outcome(person: &Person, a: &Attempt) -> Markup {
    let name = |code: &Code| {
        let reason = person.catalogue.fail_reasons.iter().find(|r| r.code == *code);
        reason.map_or_else(|| code.to_string(), |r| r.name.clone())
    };
    html! {
        @match &a.failed {
            Some(code) => {
                strong { (t!("order-failed", reason = name(code))) }
                @if let Some(note) = &a.failed_note { p .small { (note) } }
            }
            None => { span .muted { (t!("order-not-failed")) } }
        }
    }
}

fn steps_done(person: &Person, o: &OrderView, a: &Attempt) -> Markup {
    let assay = person.catalogue.assay(o.assay.as_str());
    let name = |code: &Code| {
        let step = assay.and_then(|a| a.steps.iter().find(|s| s.code == *code));
        step.map_or_else(|| code.to_string(), |s| words::capital(&s.name))
    };
    html! {
        @if !a.steps.is_empty() {
            ol .small {
                @for s in &a.steps {
                    li {
                        (name(&s.code)) ", " (by(&stamp(person, s.at), &s.by.name))
                        @if let Some(note) = &s.note { ": " (note) }
                    }
                }
            }
        }
    }
}

/// Every version of its result.
pub(super) fn versions(person: &Person, results: &[&ResultView]) -> Markup {
    let rows: Vec<Vec<Markup>> = results
        .iter()
        .rev()
        .map(|r| {
            vec![
                html! { a .row-link href={ "/results/" (r.result.id) } { (t!("result-version", number = r.result.number)) } },
                status(&words::result(r.result.state)),
                html! { (r.result.summary) @if let Some(reason) = &r.result.reason { p .small .muted { (reason) } } },
                html! { (named(&r.result.entered_by.name)) ", " (stamp(person, r.result.entered_at)) },
                known_name(r.result.verified_by.as_ref().map(|w| w.name.as_str())),
            ]
        })
        .collect();
    let heads =
        [t!("order-version"), t!("order-state"), t!("order-finding"), t!("order-entered"), t!("order-verified-by")];
    card(
        "versions",
        &t!("order-versions"),
        &html! { span .muted .small { (t!("order-newest-first")) } },
        &table(
            &html! { span .sr-only { (t!("order-versions-caption")) } },
            &heads.each_ref().map(String::as_str),
            &rows,
        ),
    )
}

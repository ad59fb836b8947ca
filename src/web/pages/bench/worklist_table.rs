//! The table of a bench's list: groups, countdowns, one press per line, and one for all that are selected.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::press::{Line, sentence};
use super::worklist::{Bench, RECEPTION, view_name};
use crate::domain::{OrderState, SpecimenTransition, Urgency};
use crate::edge::Problem;
use crate::lab::questions::worklist::{View, WorkLine};
use crate::web::language::{english, t, word};
use crate::web::live::Part;
use crate::web::pages::seen::material;
use crate::web::parts::{flag, hidden, icon, mrn, named, stamp, status};
use crate::web::session::Person;
use crate::web::{steps, time, words};

/// A part that must be started within a shift needs attention.
const SHIFT_H: i64 = 8;
/// A countdown's bar is full at this many hours: the longest limit of a liquid part that benches wait for.
const BAR_H: i64 = 72;

/// What came of a press for several lines.
pub(super) struct Answer {
    /// Which step, as the button says it; empty for a press of one line.
    pub(super) step: String,
    pub(super) done: usize,
    /// Of which line; of none when it is no line's step.
    pub(super) refused: Vec<(Option<Line>, Problem)>,
}

pub(super) fn needs_attention(l: &WorkLine) -> bool {
    let waits = l.state.is_none_or(|state| !begun(state));
    l.late || l.usable_hours.is_some_and(|h| h < SHIFT_H) || (waits && l.urgency == Urgency::Urgent)
}

/// Whether a bench is at work on it, or was.
fn begun(state: OrderState) -> bool {
    matches!(state, OrderState::InProcess | OrderState::Resulted | OrderState::InReview | OrderState::ReferredOut)
}

/// The list as it is now; one form for all its presses.
pub(super) fn part(person: &Person, bench: &Bench, answer: Option<&Answer>) -> Part {
    // What presses stands apart unless somebody chose another order, which that would tear.
    let apart = bench.sorted().is_none();
    let (urgent, rest): (Vec<_>, Vec<_>) = bench.page.lines.iter().partition(|l| apart && needs_attention(l));
    let markup = html! {
        form #list .card action=(bench.here()) method="post" data-swap="list undo" data-step-of=(t!("bench-selected", count = "{n}")) {
            (hidden(person))
            // Enter in a tick box would press the first button of the form: it is one that does nothing.
            button type="submit" disabled hidden {}
            @if bench.code != RECEPTION { (views(bench)) }
            @if let Some(answer) = answer { (answered(bench, answer)) }
            @if bench.page.lines.is_empty() { (empty(bench)) }
            @else {
                (table(person, bench, &urgent, &rest))
                (bulk(person, bench))
            }
        }
    };
    Part { id: "list", markup }
}

fn views(bench: &Bench) -> Markup {
    html! {
        nav .tabs .tabs--in aria-label=(t!("bench-views")) {
            @for (view, count) in &bench.counts {
                a href=(bench.address(*view)) aria-current=[(*view == bench.only.view).then_some("page")] {
                    (view_name(*view)) " "
                    span .count .count--prob[*view == View::Overdue && *count > 0] { (count) }
                }
            }
        }
    }
}

fn empty(bench: &Bench) -> Markup {
    let running = bench.counts.iter().find(|(v, _)| *v == View::Running).map_or(0, |(_, n)| *n);
    html! { p .empty { @if running > 0 && bench.only.view != View::Running { (t!("bench-empty-running", count = running)) } @else { (t!("bench-empty")) } } }
}

/// What was done and what was not, line by line: never a silent half.
fn answered(bench: &Bench, answer: &Answer) -> Markup {
    let name = |line: &Line| {
        let of = bench.page.lines.iter().find(|l| l.order == Some(line.order));
        of.map_or_else(String::new, |l| l.label.as_ref().map_or_else(|| l.accession.to_string(), ToString::to_string))
    };
    html! {
        @if answer.done > 0 {
            p .done .inset role="status" { (icon("final")) (t!("bench-done-count", step = step_name(&answer.step), count = answer.done)) }
        }
        @if answer.done == 0 && answer.refused.is_empty() { p .inset .error role="alert" { (t!("bench-none-selected")) } }
        @if !answer.refused.is_empty() {
            div .inset role="alert" {
                p .error { (t!("bench-refused-count", count = answer.refused.len())) }
                ul .plain-list {
                    @for (line, problem) in &answer.refused {
                        li { @if let Some(line) = line { span .id { (name(line)) } " " } (english(&sentence(problem))) }
                    }
                }
            }
        }
    }
}

/// What a step is called: `start`, or `advance:CODE`, which the button's own name says better.
fn step_name(step: &str) -> String {
    words::step(step.split(':').next().unwrap_or(step))
}

fn table(person: &Person, bench: &Bench, urgent: &[&WorkLine], rest: &[&WorkLine]) -> Markup {
    let rest_name = bench.sorted().map_or_else(|| t!("bench-next"), |sort| word("bench-sort", sort.name()));
    let groups = [(t!("bench-attention"), urgent), (rest_name, rest)];
    let reception = bench.code == RECEPTION;
    let heads =
        [t!("bench-part"), t!("patient"), t!("bench-test"), t!("bench-usable"), t!("bench-due"), t!("bench-step")];
    let arrivals = [t!("bench-part"), t!("patient"), t!("bench-material"), t!("bench-state"), t!("bench-step")];
    let names: &[String] = if reception { &arrivals } else { &heads };
    html! {
        table .rows .wl role="table" {
            caption .sr-only { (bench.name) " · " (word("bench-sort", bench.only.sort.name())) }
            thead role="rowgroup" {
                tr role="row" {
                    @if !reception { th role="columnheader" scope="col" { span .sr-only { (t!("bench-select")) } } }
                    @for head in names { th role="columnheader" scope="col" { (head) } }
                }
            }
            @for (title, lines) in &groups {
                @if !lines.is_empty() {
                    tbody role="rowgroup" {
                        tr role="row" .group {
                            th role="rowheader" scope="rowgroup" colspan=(names.len() + usize::from(!reception)) { (title) " (" (lines.len()) ")" }
                        }
                        @for line in *lines { @if reception { (arrival(person, line, &arrivals)) } @else { (row(person, line, &heads)) } }
                    }
                }
            }
        }
    }
}

/// A part that is to come, or to be taken in: what a hand looks for on the rack.
fn arrival(person: &Person, l: &WorkLine, heads: &[String; 5]) -> Markup {
    let [part, patient, what, state, step] = heads;
    let material = l.kind.zip(l.container.as_ref()).map(|(kind, container)| material(person, kind, container.as_str()));
    html! {
        tr role="row" .item {
            td role="cell" data-th=(part) { div { (named_part(person, l)) } }
            td role="cell" data-th=(patient) { div { (whose(l)) } }
            td role="cell" data-th=(what) { div { (named(&material.unwrap_or_default())) " " (flag(l.urgency)) } }
            td role="cell" data-th=(state) { div {
                (l.specimen_state.map(|s| status(&words::specimen(s))).unwrap_or_default())
                @if let Some(why) = &l.waits_for { p .small .muted { (english(why)) } }
                @for caveat in &l.caveats { p .caveat .small { (t!("bench-caveat", text = caveat.as_str())) } }
            } }
            td role="cell" data-th=(step) { div { (at_reception(l)) } }
        }
    }
}

/// The part by its label, and where it is.
fn named_part(person: &Person, l: &WorkLine) -> Markup {
    html! {
        @match &l.label {
            Some(label) => { a .row-link .id href={ "/scan?label=" (label) } { (label) } }
            None => { a .row-link .id href=(person.case_path(l.accession)) { (l.accession) } }
        }
        @if let Some(place) = &l.location { br; span .muted translate="no" { (place) } }
    }
}

fn whose(l: &WorkLine) -> Markup {
    html! { b translate="no" { (l.patient) } br; span .num .muted { (mrn(&l.mrn)) } }
}

fn row(person: &Person, l: &WorkLine, heads: &[String; 6]) -> Markup {
    let test = l
        .assay
        .as_ref()
        .map(|code| person.catalogue.assay(code.as_str()).map_or_else(|| code.to_string(), |a| a.name.clone()));
    let [part, patient, assay, usable_head, due_head, step] = heads;
    let what = l.label.as_ref().map_or_else(|| l.accession.to_string(), ToString::to_string);
    html! {
        tr role="row" .item {
            td role="cell" .tick { (tick(person, l, &what)) }
            td role="cell" data-th=(part) { div { (named_part(person, l)) } }
            td role="cell" data-th=(patient) { div { (whose(l)) } }
            td role="cell" data-th=(assay) { div {
                @if let (Some(name), Some(id)) = (&test, l.order) { a .row-link href={ "/orders/" (id) } { (name) } }
                @if let Some(state) = l.state { br; (status(&words::order(state))) }
                " " (flag(l.urgency))
                @if let Some(p) = &l.progress { p .small { (english(&words::capital(&p.words))) } }
                @if let Some(why) = &l.waits_for { p .small .muted { (english(why)) } }
                @for caveat in &l.caveats { p .caveat .small { (t!("bench-caveat", text = caveat.as_str())) } }
            } }
            td role="cell" data-th=(usable_head) { div { (usable(person, l)) } }
            td role="cell" data-th=(due_head) { div {
                @match l.due_at {
                    Some(due) => { b { (stamp(person, due)) } @if l.late { br; (status(&words::late())) } }
                    None => { span .muted { (t!("bench-not-set")) } }
                }
            } }
            td role="cell" data-th=(step) { div { (next(person, l, &what)) } }
        }
    }
}

/// The box that selects a line, with the steps that it allows for whoever counts what all of a selection allow.
fn tick(person: &Person, l: &WorkLine, what: &str) -> Markup {
    let presses = presses(person, l);
    let (Some(order), Some(version), false) = (l.order, l.order_version, presses.is_empty()) else { return html! {} };
    let steps = presses.iter().map(|(step, _)| step.as_str()).collect::<Vec<_>>().join(" ");
    html! {
        label .tick__box {
            input type="checkbox" name="line" value={ (order) "." (version) } data-steps=(steps) aria-label=(t!("bench-select-line", part = what));
        }
    }
}

/// What one press may do. Nothing begins by one press on what has expired: somebody looks at the part and decides.
fn presses(person: &Person, l: &WorkLine) -> Vec<(String, String)> {
    if expired(person, l) {
        return Vec::new();
    }
    l.state.map(|state| steps::presses(person, &l.allowed, state, l.progress.as_ref())).unwrap_or_default()
}

fn expired(person: &Person, l: &WorkLine) -> bool {
    l.usable_until.is_some_and(|until| until < person.now)
}

fn usable(person: &Person, l: &WorkLine) -> Markup {
    let Some(until) = l.usable_until else {
        let said = if l.state.is_some_and(begun) { t!("bench-started") } else { t!("bench-no-limit") };
        return html! { span .muted { (said) } };
    };
    let left = until - person.now;
    let (look, text) = if left < chrono::TimeDelta::zero() {
        ("prob", t!("bench-expired", length = time::length(left)))
    } else if left < chrono::TimeDelta::hours(SHIFT_H) {
        ("attn", time::length(left))
    } else {
        ("final", time::length(left))
    };
    let width = (left.num_minutes() * 100 / (BAR_H * 60)).clamp(0, 100);
    html! {
        span .clock .{ "clock--" (look) } data-until=(until.timestamp()) data-warn=(SHIFT_H * 3600) data-full=(BAR_H * 3600) {
            (icon(look)) " " span .clock__text { (text) }
            svg .clock__bar viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" {
                rect .clock__track width="100" height="4" {}
                rect .clock__left width=(width) height="4" {}
            }
        }
    }
}

/// The next step of a line: one press where that is enough, else on to its form.
fn next(person: &Person, l: &WorkLine, what: &str) -> Markup {
    let (Some(order), Some(version)) = (l.order, l.order_version) else { return at_reception(l) };
    if l.allowed.contains(&"verify") {
        return html! { a .btn .btn--row href={ "/orders/" (order) "/newest" } { (t!("bench-check")) } };
    }
    if l.state == Some(OrderState::Resulted) {
        return html! { span .muted { (t!("bench-second")) } };
    }
    if expired(person, l)
        && let Some(label) = &l.label
    {
        return html! { a .btn .btn--row href={ "/scan?label=" (label) } { (t!("bench-decide")) } };
    }
    if let Some((step, name)) = presses(person, l).into_iter().next() {
        return html! {
            button .btn .btn--row name="press" value={ (order) "." (version) "." (step) } { (name) span .sr-only { " " (what) } }
        };
    }
    if l.allowed.contains(&"result") {
        return html! { a .btn .btn--row href={ "/orders/" (order) "#enter" } { (t!("bench-enter")) } };
    }
    if steps::order_steps(&l.allowed).is_empty() {
        return html! { span .muted { (t!("bench-none")) } };
    }
    html! { a .btn .btn--row href={ "/orders/" (order) } { (t!("bench-open")) } }
}

/// At reception every step is about a part in the hand: its card asks for both identifiers.
fn at_reception(l: &WorkLine) -> Markup {
    let Some(label) = &l.label else { return html! { span .muted { (t!("bench-none")) } } };
    let first = ["receive", "accept", "resolve"].into_iter().find(|s| l.allowed.contains(s));
    let step = first.and_then(SpecimenTransition::parse).map(|t| words::step(t.name()));
    html! { a .btn .btn--row href={ "/scan?label=" (label) } { (step.unwrap_or_else(|| t!("bench-open"))) } }
}

/// The bar for what is selected: every step that some line allows; `bench.js` leaves those that all selected ones allow,
/// and without it the answer says of each line why not.
fn bulk(person: &Person, bench: &Bench) -> Markup {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for line in &bench.page.lines {
        all.extend(presses(person, line));
    }
    if all.is_empty() {
        return html! {};
    }
    html! {
        div .bulk role="group" aria-label=(t!("bench-bulk")) {
            strong #bulk-count role="status" {}
            @for (step, name) in &all {
                button .btn .btn--primary name="step" value=(step) data-name=(name) { (name) }
            }
            p .small { (t!("bench-bulk-hint")) }
            p #bulk-nothing .small hidden { (t!("bench-bulk-nothing")) }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lab::questions::worklist::View;
    use crate::web::language::word_if;

    #[test]
    fn every_view_has_a_name() {
        for view in View::ALL {
            assert!(word_if("bench-view", view.name()).is_some(), "{view}");
        }
    }
}

//! The head of the tracker: the answer, the date, whether to act, and what counts how.

use maud::{Markup, html};

use super::tracker_work;
use super::tracker_work::{counting, look};
use crate::domain::progress::Stage;
use crate::domain::{Moment, OrderState, ProcedureOutcome, Recollection, ReportState, SpecimenState};
use crate::web::language::{rich, t, word};
use crate::web::pages::reports::read;
use crate::web::pages::seen::Seen;
use crate::web::parts::{flag, icon, stamp, stamp_day};
use crate::web::session::Person;
use crate::web::time;

pub(super) fn hero(person: &Person, seen: &Seen) -> Markup {
    let v = &seen.view;
    let p = &v.progress;
    let since = |due: Moment| time::length(person.now - due);
    let late: Vec<String> = v
        .orders
        .iter()
        .filter(|o| o.late)
        .map(|o| {
            o.due_at
                .map_or_else(|| o.name.clone(), |due| t!("track-late-by", test = o.name.as_str(), length = since(due)))
        })
        .collect();
    let pdf = v.reports.iter().rfind(|r| r.report.state.is_signed() && r.report.signature.is_some());
    let missing = missing(seen);
    html! {
        section #hero .hero .card aria-labelledby="answer" {
            div .hero__top {
                ul .meta {
                    li .id { (v.accession) }
                    li { (v.indication_name) " " (flag(v.urgency)) }
                    @if let Some(at) = v.procedure.performed_at { li { (rich!("track-taken", when = stamp(person, at))) } }
                    @if let Some(note) = &v.clinical_note { li { (t!("track-question", text = note.as_str())) } }
                }
                h1 #answer { (answer(person, seen, &missing)) }
                @if let Some(at) = p.expected_at {
                    @let when = html! { strong { (stamp_day(person, at)) } };
                    p .hero__eta {
                        @if at < person.now { (rich!("track-was-expected", when = when)) } @else { (rich!("track-expected", when = when)) }
                    }
                }
                @if !late.is_empty() {
                    p .hero__eta { (icon("attn")) (rich!("track-late", tests = html! { strong { (late.join(", ")) } })) }
                }
                (read::withdrawn(person, seen))
                (to_do(person, seen, &missing))
            }
            (tally(seen))
            @if let Some(r) = pdf {
                p .actions .no-print {
                    a .btn .btn--primary href={ "/cases/" (v.accession) "/reports/" (r.report.number) "/pdf" } { (icon("down")) (t!("track-pdf")) }
                }
            }
        }
    }
}

/// Parts that somebody must take again because a test waits for them.
fn missing(seen: &Seen) -> Vec<&Recollection> {
    let waits = seen.view.orders.iter().any(|o| o.state == OrderState::NeedsRecollect);
    seen.view.recollections.iter().filter(|r| waits && r.is_open()).collect()
}

/// The answer in a sentence or two. Bad news takes the place of the counts.
fn answer(person: &Person, seen: &Seen, missing: &[&Recollection]) -> Markup {
    let p = &seen.view.progress;
    let report = || seen.view.reports.iter().rfind(|r| r.report.state.is_complete()).map(|r| &r.report);
    let went = |s: SpecimenState| matches!(s, SpecimenState::Collected | SpecimenState::InTransit);
    html! {
        @for r in missing { (t!("track-unusable", part = part_name(person, seen, r), reason = reason(person, r))) " " }
        @match p.stage {
            Stage::Reported => {
                @match report().and_then(|r| r.signature.as_ref().map(|s| (r.state, s.at))) {
                    Some((ReportState::Final, at)) => { (t!("track-signed", day = time::day(at, person.zone(), person.now))) }
                    Some((_, at)) => { (t!("track-signed-again", day = time::day(at, person.zone(), person.now))) }
                    None => { (t!("track-signed-some-day")) }
                }
            }
            Stage::Void => { (t!("track-void")) }
            Stage::Closed => { (t!("track-closed")) }
            Stage::Resulted => { (t!("track-resulted", n = p.results_in, count = count(p.results_in))) }
            Stage::Expected if seen.view.specimens.iter().any(|s| went(s.state)) => { (t!("track-on-its-way")) }
            Stage::Expected => { (t!("track-not-taken")) }
            Stage::InLab | Stage::Testing | Stage::Preliminary => {
                @if p.stage == Stage::Preliminary { (t!("track-preliminary")) " " }
                @if p.results_in > 0 { (t!("track-results-in", n = p.results_in, count = count(p.results_in))) " " }
                @else if missing.is_empty() { (t!("track-in-lab")) " " }
                @if p.to_come == 0 { (t!("track-nothing-to-come")) } @else { (t!("track-to-come", n = p.to_come, count = count(p.to_come))) }
            }
        }
        @if missing.is_empty() && p.stage != Stage::Reported && seen.view.procedure.outcome == ProcedureOutcome::DryTap {
            " " (t!("track-dry-tap"))
        }
    }
}

/// What somebody outside the laboratory must do: always said, also when it is nothing.
fn to_do(person: &Person, seen: &Seen, missing: &[&Recollection]) -> Markup {
    let waiting = |state: OrderState| seen.view.orders.iter().filter(move |o| o.state == state);
    let tests: Vec<&str> = waiting(OrderState::NeedsRecollect).map(|o| o.name.as_str()).collect();
    let asked = read::asked(person, seen);
    let changed = tracker_work::changed_since(seen, seen.case.last_reading(person.actor().id).map(|(_, r)| r.at));
    html! {
        @if !missing.is_empty() {
            p .note { strong { (t!("track-to-do")) " " } (t!("track-repeat", tests = tests.join(", "))) }
        }
        @if asked.is_some() { (read::ask(person, seen)) }
        @else if changed {
            p .note { strong { (t!("track-to-do")) " " } (t!("track-read-change")) }
        } @else if missing.is_empty() && seen.view.progress.stage == Stage::Reported {
            p .small .muted { (t!("track-read-report")) }
        } @else if missing.is_empty() {
            p .small .muted { (t!("track-nothing-to-do")) }
        }
    }
}

/// A part as the catalogue calls it, with its container: a case may have several of a kind.
fn part_name(person: &Person, seen: &Seen, r: &Recollection) -> String {
    let kind = person.catalogue.kind(r.kind).map_or_else(|| r.kind.words(), |k| k.name.to_lowercase());
    let part = seen.view.specimens.iter().find(|s| s.id == r.specimen);
    let container = part.and_then(|s| person.catalogue.container(s.container.as_str())).filter(|c| !c.slide);
    match container {
        Some(container) => t!("track-part-in", kind = kind, container = container.name.as_str()),
        None => kind,
    }
}

/// Why it must be taken again. What begins with a code of the catalogue is said in the catalogue's words.
fn reason(person: &Person, r: &Recollection) -> String {
    let code = r.reason.split_once(": ").map_or(r.reason.as_str(), |(code, _)| code);
    let c = &person.catalogue;
    let name = c.reason(code).map(|x| &x.name).or_else(|| c.not_collected_reason(code).map(|x| &x.name));
    name.map_or_else(|| r.reason.trim_end_matches('.').to_owned(), |name| name.to_lowercase())
}

/// A small number as a word that begins a sentence.
fn count(n: usize) -> String {
    match n {
        1..=12 => word("track-count", &n.to_string()),
        _ => n.to_string(),
    }
}

/// Width of the bar of tests in its own units, whatever their number: it is stretched to its place.
const BAR_UNITS: usize = 600;
/// Between two segments.
const BAR_GAP: usize = 3;

/// One segment for each test, and what they mean in words.
fn tally(seen: &Seen) -> Markup {
    const ORDER: [&str; 6] = ["final", "prelim", "attn", "prob", "work", "wait"];
    let looks: Vec<&str> = counting(seen).iter().map(|o| look(seen, o).look).collect();
    if looks.is_empty() {
        return html! {};
    }
    let counts = ORDER.map(|look| (look, looks.iter().filter(|l| **l == look).count()));
    let segments: Vec<&str> = counts.iter().flat_map(|(look, n)| std::iter::repeat_n(*look, *n)).collect();
    let step = BAR_UNITS / segments.len();
    let width = step * segments.len();
    html! {
        div .tally {
            svg .tally__bar viewBox={ "0 0 " (width) " 12" } preserveAspectRatio="none" aria-hidden="true" {
                @for (i, look) in segments.iter().enumerate() {
                    rect .{ "seg seg--" (look) } x=(i * step) y="1" width=(step - BAR_GAP) height="10" rx="2" {}
                    @if *look == "work" { rect .seg-half x=(i * step) y="1" width=(step / 2) height="10" rx="2" {} }
                }
            }
            ul .tally__key aria-label=(t!("track-by-status")) {
                @for (look, n) in counts.iter().filter(|(_, n)| *n > 0) {
                    li .status .{ "status--" (look) } { (icon(look)) (n) " " (word("track-tally", look)) }
                }
            }
        }
    }
}

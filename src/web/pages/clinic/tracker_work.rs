//! The body of the tracker: reports, results so far, what is still to come, what was not done.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use maud::{Markup, html};

use crate::domain::progress::Stage;
use crate::domain::{FAR, Interpretation, Moment, OrderState, ResultState, ResultVersion};
use crate::lab::questions::case::{OrderView, ResultView};
use crate::lab::questions::events::EventView;
use crate::web::language::{english, rich, t, word};
use crate::web::live::Pieces;
use crate::web::pages::reports::read;
use crate::web::pages::results::result_form;
use crate::web::pages::seen::Seen;
use crate::web::parts::{card, named, stamp, stamp_day, status};
use crate::web::session::Person;
use crate::web::words::{self, Status};

/// The newest released version of an order's result.
fn released<'a>(seen: &'a Seen, o: &OrderView) -> Option<&'a ResultView> {
    let of = |r: &&ResultView| r.result.order == o.id;
    let verified = seen.view.results.iter().filter(of).rfind(|r| r.result.state.is_verified());
    verified.or_else(|| seen.view.results.iter().filter(of).rfind(|r| r.result.state == ResultState::Preliminary))
}

/// How an order counts for somebody who waits for it.
pub(super) fn look(seen: &Seen, o: &OrderView) -> Status {
    if let Some(r) = released(seen, o) {
        return words::result(r.result.state);
    }
    let plain = words::order(o.state);
    if o.late && plain.look != "prob" { words::late() } else { plain }
}

/// Orders that count: neither merely suggested nor taken back.
pub(super) fn counting(seen: &Seen) -> Vec<&OrderView> {
    let counts = |o: &&OrderView| o.state.is_open() || o.state == OrderState::Final || released(seen, o).is_some();
    seen.view.orders.iter().filter(counts).collect()
}

/// Whether a result or a report stands in the place of one that was final before; of what came after a moment, if one is
/// given.
pub(super) fn changed_since(seen: &Seen, read_at: Option<Moment>) -> bool {
    let later = |at: Option<Moment>| read_at.is_none_or(|read| at.is_some_and(|at| at > read));
    let revised = |r: &ResultView| r.result.revision.is_some() && later(r.result.verified_at);
    let result = seen.view.orders.iter().filter_map(|o| released(seen, o)).any(revised);
    let newest = seen.case.signed_report().filter(|r| r.kind.is_revision());
    result || newest.is_some_and(|r| later(r.signature.as_ref().map(|s| s.at)))
}

pub(super) fn reports(person: &Person, seen: &Seen) -> Markup {
    let signed: Vec<_> = seen.view.reports.iter().filter(|r| r.report.signature.is_some()).rev().collect();
    if signed.is_empty() {
        return html! { div #reports {} };
    }
    let body = html! {
        @for r in signed {
            article .finding {
                h3 { a href={ "/cases/" (r.accession) "/reports/" (r.report.number) } { (t!("report-number", number = r.report.number)) } }
                span {
                    (status(&words::report(r.report.state)))
                    @if r.superseded { " " span .small .muted { (t!("track-superseded")) } }
                }
                p .finding__text { @if r.superseded { (english(&r.report.diagnosis)) } @else { strong { (english(&r.report.diagnosis)) } } }
                @if let Some(reason) = r.report.reason.as_ref().filter(|_| r.report.kind.is_revision() && !r.superseded) {
                    p .finding__text .note { strong { (t!("track-changed")) " " } (english(&words::sentence(reason))) }
                }
                @if let Some(s) = &r.report.signature {
                    p .finding__by { span { (rich!("track-signed-by", who = named(&s.by.name), when = stamp(person, s.at))) } span { (read::said(person, r)) } }
                }
            }
        }
    };
    html! { div #reports { (card("reports-title", &t!("track-reports"), &html! {}, &body)) } }
}

pub(super) fn so_far(person: &Person, seen: &Seen, pieces: &mut Pieces) -> Markup {
    let mut results: Vec<(&OrderView, &ResultView)> =
        seen.view.orders.iter().filter_map(|o| released(seen, o).map(|r| (o, r))).collect();
    results.sort_by_key(|(_, r)| std::cmp::Reverse(r.result.verified_at.unwrap_or(r.result.entered_at)));
    let first = seen.view.orders.iter().filter(|o| o.state.is_open()).filter_map(|o| o.due_at).min();
    let body = html! {
        @if results.is_empty() {
            p .empty {
                (t!("track-no-result"))
                @if let Some(at) = first { " " (rich!("track-first-result", when = html! { strong { (stamp_day(person, at)) } })) }
            }
        }
        @for (o, r) in results { (pieces.put(format!("result-{}", o.id), |pieces| result(person, seen, o, r, pieces))) }
    };
    let reported = matches!(seen.view.progress.stage, Stage::Reported | Stage::Closed);
    let title = if reported { t!("track-results") } else { t!("track-sofar") };
    html! { div #sofar { (card("sofar-title", &title, &html! {}, &body)) } }
}

fn result(person: &Person, seen: &Seen, o: &OrderView, r: &ResultView, pieces: &mut Pieces) -> Markup {
    let v = &r.result;
    let more = v.details.is_some() || !v.values.is_empty();
    html! {
        article .finding id={ "result-" (o.id) } {
            h3 { (o.name) }
            (status(&words::result(v.state)))
            p .finding__text {
                @if v.interpretation == Interpretation::Inadequate { (t!("track-inadequate")) " " }
                strong { (english(&v.summary)) }
            }
            (changed(person, seen, o, v))
            @if more {
                (pieces.put(format!("full-{}", o.id), |_| in_full(person, o, v)))
            }
            @if let Some(comment) = &v.comment { p .finding__text .small { (english(comment)) } }
            @for line in &v.disclaimers { p .finding__text .caveat .small { (t!("track-caveat", text = line.as_str())) } }
            p .finding__by {
                span {
                    @match (&v.verified_by, v.verified_at, &v.released_by) {
                        (Some(who), Some(at), _) => { (rich!("track-verified-by", who = named(&who.name), when = stamp(person, at))) }
                        (_, _, Some(who)) => {
                            (rich!("track-released-by", who = named(&who.name)))
                            @if let Some(due) = o.due_at { " " (rich!("track-final-due", when = stamp_day(person, due))) }
                        }
                        (_, _, None) => { (t!("track-nobody")) }
                    }
                }
                @if !more { a href={ "/results/" (v.id) } { (t!("track-full")) span .sr-only { ": " (o.name) } } }
            }
        }
    }
}

fn in_full(person: &Person, o: &OrderView, v: &ResultVersion) -> Markup {
    html! {
        details .more .finding__text .small id={ "full-" (o.id) } {
            summary { (t!("track-in-full")) span .sr-only { ": " (o.name) } }
            div lang="en" { (result_form::finding(person.catalogue.assay(o.assay.as_str()), v)) }
            a href={ "/results/" (v.id) } { (t!("track-full")) span .sr-only { ": " (o.name) } }
        }
    }
}

/// What a new version of a result changed, why and when.
fn changed(person: &Person, seen: &Seen, o: &OrderView, v: &ResultVersion) -> Markup {
    let Some(kind) = v.revision else { return html! {} };
    let old = v.replaces.and_then(|id| seen.view.results.iter().find(|r| r.result.id == id)).map(|r| &r.result);
    let assay = person.catalogue.assay(o.assay.as_str());
    let lines = |v: &ResultVersion| v.lines(assay).into_iter().map(|l| (l.name, l.value)).collect::<Vec<_>>();
    let (now, before) = (lines(v), old.map(lines).unwrap_or_default());
    let known: BTreeSet<_> = before.iter().collect();
    let value = |name: &str| before.iter().find(|(n, _)| n == name).map(|(_, old)| old.as_str());
    let differ: Vec<_> = now.iter().filter(|line| !before.is_empty() && !known.contains(line)).collect();
    html! {
        div .finding__text .note {
            p {
                strong { (word("result-state", kind.name())) }
                @if let Some(at) = v.verified_at { ", " (stamp(person, at)) } ". "
                @if let Some(reason) = &v.reason { (english(&words::sentence(reason))) }
            }
            @if let Some(old) = old.filter(|old| old.summary != v.summary) {
                p .small { (t!("track-before-it-said")) " " s { (english(&old.summary)) } }
            }
            @if !differ.is_empty() {
                ul .plain-list .small lang="en" {
                    @for (name, new) in differ { li { (name) ": " @if let Some(old) = value(name) { s { (old) } " → " } strong { (new) } } }
                }
            }
            @if let Some(told) = &v.told { p .small { (rich!("track-told", who = named(&told.who), when = stamp(person, told.at))) } }
        }
    }
}

pub(super) fn to_come(person: &Person, seen: &Seen, entries: &[EventView], pieces: &mut Pieces) -> Markup {
    let mut open: Vec<&OrderView> =
        seen.view.orders.iter().filter(|o| o.state.is_open() && released(seen, o).is_none()).collect();
    let reported = matches!(seen.view.progress.stage, Stage::Reported | Stage::Closed | Stage::Void);
    if open.is_empty() && reported {
        return html! { div #tocome {} };
    }
    open.sort_by_key(|o| o.due_at.unwrap_or(FAR));
    let body = html! {
        @for o in &open { (pieces.put(format!("coming-{}", o.id), |_| coming(person, seen, o, entries))) }
        @if !reported {
            div .assay {
                div .assay__name { b { (t!("track-report")) } (status(&Status::new("wait", t!("track-waiting")))) }
                p .assay__step { @if open.iter().any(|o| o.required) { (t!("track-when-final")) } @else { (t!("track-all-final")) } }
                p .assay__when { (date(person, seen.view.progress.expected_at)) }
            }
        }
    };
    let order = html! { span .muted .small { (t!("track-soonest-first")) } };
    html! { div #tocome { (card("tocome-title", &t!("track-tocome"), &order, &body)) } }
}

fn date(person: &Person, at: Option<Moment>) -> Markup {
    match at {
        Some(at) => html! { b { (stamp_day(person, at)) } },
        None => html! { span .muted { (t!("track-no-date")) } },
    }
}

fn coming(person: &Person, seen: &Seen, o: &OrderView, entries: &[EventView]) -> Markup {
    let moved = first_due(o, entries).filter(|first| {
        let day = |at: Moment| at.with_timezone(&person.zone()).date_naive();
        o.due_at.is_some_and(|due| day(due) != day(*first))
    });
    html! {
        div .assay id={ "coming-" (o.id) } {
            div .assay__name { b { (o.name) } (status(&look(seen, o))) }
            div .assay__step {
                p { (stage_words(o)) @if let Some(p) = o.progress.as_ref().filter(|_| !person.is_requester()) { ": " (english(&p.words)) } }
                @if let Some(p) = o.progress.as_ref().filter(|p| p.of > 1) {
                    p .small .muted { (t!("track-step", n = (p.done + 1).min(p.of), of = p.of)) }
                    (bar(p.done, p.of))
                }
            }
            p .assay__when {
                @if o.state == OrderState::NeedsRecollect { span .muted { (t!("track-after-sample")) } }
                @else { (date(person, o.due_at)) }
                @if let Some(first) = moved { s .small .muted { (stamp_day(person, first)) } }
                @if o.due_at.is_some() && o.state != OrderState::NeedsRecollect { span .small .muted { @if o.late { (t!("track-was-due")) } @else { (t!("track-on-time")) } } }
            }
            (why(person, o))
        }
    }
}

/// Width of the bar of steps in its own units, as wide as it is drawn.
const STEPS_UNITS: usize = 192;

/// One segment for each step of the bench: done, at work, still to do.
fn bar(done: usize, of: usize) -> Markup {
    let step = STEPS_UNITS / of.max(1);
    html! {
        svg .tally__bar .steps-bar viewBox={ "0 0 " (step * of) " 12" } preserveAspectRatio="none" aria-hidden="true" {
            @for i in 0..of {
                @let look = match i.cmp(&done) {
                    Ordering::Less => "seg-half",
                    Ordering::Equal => "seg seg--work",
                    Ordering::Greater => "seg seg--wait",
                };
                rect .(look) x=(i * step) y="2" width=(step - 3) height="8" rx="2" {}
                @if i == done { rect .seg-half x=(i * step) y="2" width=(step / 2) height="8" rx="2" {} }
            }
        }
    }
}

/// When it was due at first, if the journal says that the date was another one.
fn first_due(o: &OrderView, entries: &[EventView]) -> Option<Moment> {
    let events = entries.iter().flat_map(|e| &e.events).filter(|e| e.id == o.id.0);
    let mut dates = events.flat_map(|e| &e.changes).filter(|c| c.field == "due_at");
    dates.find_map(|c| c.before.as_str()?.parse().ok())
}

/// What is going on with a test, for somebody outside the laboratory.
fn stage_words(o: &OrderView) -> String {
    if o.state == OrderState::InProcess && o.attempts.len() > 1 {
        return t!("track-again");
    }
    word("track-order", o.state.name())
}

/// Why it takes longer or waits, in a sentence or two, and whether it needs anything of the reader.
fn why(person: &Person, o: &OrderView) -> Markup {
    let failed = o.attempts.iter().rfind(|a| a.failed.is_some());
    let waits = o.state == OrderState::NeedsRecollect;
    let said = failed.is_some() || o.hold.is_some() || o.referral.is_some() || o.why_no_part.is_some();
    if !said && !o.late && !waits {
        return html! {};
    }
    html! {
        div .assay__why .note {
            p {
                @if let Some(a) = failed {
                    @let reason = a.failed.as_ref().and_then(|c| person.catalogue.fail_reason(o.assay.as_str(), c.as_str()));
                    @let reason = reason.map_or_else(|| t!("track-attempt-failed"), |r| r.name.to_lowercase());
                    @if o.state == OrderState::InProcess { (t!("track-why-again", reason = reason)) } @else { (t!("track-why", reason = reason)) }
                    @if let Some(note) = &a.failed_note { " " (english(&words::sentence(note))) }
                } @else if let Some(hold) = &o.hold {
                    (rich!("track-held", when = stamp(person, hold.deadline), then = word("track-hold", hold.policy.name())))
                } @else if let Some(r) = &o.referral {
                    (t!("track-sent", laboratory = r.laboratory.as_str()))
                } @else if let Some(text) = &o.why_no_part {
                    (english(&words::sentence(text)))
                } @else if o.late {
                    (t!("track-no-reason"))
                }
                " "
                @if waits { strong { (t!("track-new-sample")) } } @else if o.late || failed.is_some() { (t!("track-no-new-sample")) }
            }
        }
    }
}

/// Tests that ended without a result, and why.
pub(super) fn ended(seen: &Seen) -> Markup {
    let closed = |o: &&OrderView| matches!(o.state, OrderState::NotPerformed | OrderState::Cancelled);
    let list: Vec<&OrderView> = seen.view.orders.iter().filter(closed).collect();
    if list.is_empty() {
        return html! { div #ended {} };
    }
    let body = html! {
        @for o in list {
            article .finding {
                h3 { (o.name) }
                (status(&words::order(o.state)))
                @if let Some(text) = o.closing.as_ref().and_then(|c| c.text.as_ref()) { p .finding__text { (english(&words::sentence(text))) } }
            }
        }
    };
    html! { div #ended { (card("ended-title", &t!("track-ended"), &html! {}, &body)) } }
}

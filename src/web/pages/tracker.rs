//! `/track/{accession}`: where is my marrow result?
//!
//! The answer in a sentence, the date, what is in, what is still to come, and whether the reader must act.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::{Seen, history, journal, part_words, result_form};
use crate::domain::progress::{Progress, SpecimenStage, Stage};
use crate::domain::{FAR, Interpretation, OrderState, ResultState};
use crate::lab::questions::case::{OrderView, ResultView};
use crate::lab::questions::events::EventView;
use crate::web::error::PageError;
use crate::web::layout::Page;
use crate::web::live::Part;
use crate::web::parts::{card, flag, icon, stamp, stamp_day, status};
use crate::web::session::Person;
use crate::web::words::{self, Status};

/// How many changes are shown before “whole history”.
const LATEST: usize = 3;

/// `GET /track/{accession}`
pub(crate) async fn get(person: Person, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let seen = Seen::by_accession(&person, &accession).await?;
    let entries = history(&person, seen.view.accession).await?;
    let title = format!("{}: {}", seen.view.accession, words::stage(seen.view.progress.stage).word);
    let page = Page::of(&person, title).about(seen.banner(&person)).main("page tracker").live();
    Ok(page.render(html! { @for part in parts(&person, &seen, &entries) { (part.markup) } }))
}

/// What changes on an open page: all of it.
pub(crate) async fn live(person: &Person, accession: &str) -> Result<Vec<Part>, PageError> {
    let seen = Seen::by_accession(person, accession).await?;
    let entries = history(person, seen.view.accession).await?;
    Ok(parts(person, &seen, &entries))
}

fn parts(person: &Person, seen: &Seen, entries: &[EventView]) -> Vec<Part> {
    let main = html! {
        div #track-main .main {
            (reports(person, seen))
            (so_far(person, seen))
            (to_come(person, seen))
            (ended(seen))
        }
    };
    let side = html! {
        aside #track-side .side aria-label="Case details" {
            (samples(person, seen))
            (latest(person, seen, entries))
            (ask(person, seen))
        }
    };
    vec![
        Part { id: "hero", markup: hero(person, seen) },
        Part { id: "track-main", markup: main },
        Part { id: "track-side", markup: side },
    ]
}

/// The newest released version of an order's result.
fn released<'a>(seen: &'a Seen, o: &OrderView) -> Option<&'a ResultView> {
    let of = |r: &&ResultView| r.result.order == o.id;
    let verified = seen.view.results.iter().filter(of).rfind(|r| r.result.state.is_verified());
    verified.or_else(|| seen.view.results.iter().filter(of).rfind(|r| r.result.state == ResultState::Preliminary))
}

/// How an order counts for somebody who waits for it.
fn look(seen: &Seen, o: &OrderView) -> Status {
    if let Some(r) = released(seen, o) {
        return words::result(r.result.state);
    }
    let plain = words::order(o.state);
    if o.late && plain.look != "prob" { words::late() } else { plain }
}

/// Orders that count: neither merely suggested nor taken back.
fn counting(seen: &Seen) -> Vec<&OrderView> {
    let counts = |o: &&OrderView| o.state.is_open() || o.state == OrderState::Final || released(seen, o).is_some();
    seen.view.orders.iter().filter(counts).collect()
}

fn hero(person: &Person, seen: &Seen) -> Markup {
    let v = &seen.view;
    let p = &v.progress;
    let (answer, rest) = answer(p);
    let late: Vec<&str> = v.orders.iter().filter(|o| o.late).map(|o| o.name.as_str()).collect();
    html! {
        section #hero .hero .card aria-labelledby="answer" {
            div .hero__top {
                ul .meta {
                    li .id { (v.accession) }
                    li { (v.indication_name) " " (flag(v.urgency)) }
                    @if let Some(at) = v.procedure.performed_at { li { "Taken " (stamp(person, at)) } }
                    @if let Some(note) = &v.clinical_note { li { "Question: " (note) } }
                }
                h1 #answer { (answer) }
                @match p.expected_at {
                    Some(at) => {
                        p .hero__eta {
                            (if at < person.now { "The report was expected " } else { "The report is expected " })
                            strong { (stamp_day(person, at)) } "."
                        }
                    }
                    None => { @if !rest.is_empty() { p .hero__eta { (rest) } } }
                }
                @if !late.is_empty() {
                    p .hero__eta { (icon("attn")) "Late: " strong { (late.join(", ")) } "." }
                }
                @if let Some(action) = &p.action { p .note { strong { "What to do: " } (action) } }
                @else if p.stage != Stage::Reported { p .small .muted { "You do not have to do anything." } }
            }
            (tally(seen))
        }
    }
}

/// The domain's sentence in two: the answer, and what it says of the report. What to do is shown by itself.
fn answer(p: &Progress) -> (String, String) {
    let sentence = p.action.as_ref().and_then(|a| p.sentence.strip_suffix(a.as_str())).unwrap_or(&p.sentence);
    let (report, answer): (Vec<&str>, Vec<&str>) = sentence
        .trim()
        .split_inclusive(". ")
        .map(str::trim)
        .partition(|s| s.starts_with("The report is expected") || s.starts_with("The report was expected"));
    (answer.join(" "), report.join(" "))
}

/// One segment for each test, and what they mean in words.
fn tally(seen: &Seen) -> Markup {
    const ORDER: [(&str, &str); 6] = [
        ("final", "final"),
        ("prelim", "preliminary"),
        ("attn", "late"),
        ("prob", "with a problem"),
        ("work", "in progress"),
        ("wait", "waiting"),
    ];
    let looks: Vec<&str> = counting(seen).iter().map(|o| look(seen, o).look).collect();
    if looks.is_empty() {
        return html! {};
    }
    let counts = ORDER.map(|(look, word)| (look, word, looks.iter().filter(|l| **l == look).count()));
    let segments: Vec<&str> = counts.iter().flat_map(|(look, _, n)| std::iter::repeat_n(*look, *n)).collect();
    let width = segments.len() * 40;
    html! {
        div .tally {
            svg .tally__bar viewBox={ "0 0 " (width) " 12" } preserveAspectRatio="none" aria-hidden="true" {
                @for (i, look) in segments.iter().enumerate() {
                    rect .{ "seg seg--" (look) } x=(i * 40 + 1) y="1" width="37" height="10" rx="2" {}
                    @if *look == "work" { rect .seg-half x=(i * 40 + 1) y="1" width="18" height="10" rx="2" {} }
                }
            }
            ul .tally__key aria-label="Tests by status" {
                @for (look, word, n) in counts.iter().filter(|(_, _, n)| *n > 0) {
                    li .status .{ "status--" (look) } { (icon(look)) (n) " " (word) }
                }
            }
        }
    }
}

fn reports(person: &Person, seen: &Seen) -> Markup {
    let signed: Vec<_> = seen.view.reports.iter().filter(|r| r.report.signature.is_some()).rev().collect();
    if signed.is_empty() {
        return html! {};
    }
    card(
        "report",
        "Report",
        &html! {},
        &html! {
            @for r in signed {
                article .finding {
                    h3 { a href={ "/cases/" (r.accession) "/reports/" (r.report.number) } { "Report " (r.report.number) } }
                    span {
                        (status(&words::report(r.report.state)))
                        @if r.superseded { " " span .small .muted { "superseded" } }
                    }
                    p .finding__text { @if r.superseded { (r.report.diagnosis) } @else { strong { (r.report.diagnosis) } } }
                    @if let Some(s) = &r.report.signature {
                        p .finding__by { span { "Signed by " (s.by.name) ", " (stamp(person, s.at)) } }
                    }
                }
            }
        },
    )
}

fn so_far(person: &Person, seen: &Seen) -> Markup {
    let mut results: Vec<(&OrderView, &ResultView)> =
        seen.view.orders.iter().filter_map(|o| released(seen, o).map(|r| (o, r))).collect();
    results.sort_by_key(|(_, r)| std::cmp::Reverse(r.result.verified_at.unwrap_or(r.result.entered_at)));
    card(
        "sofar",
        "Results so far",
        &html! {},
        &html! {
            @if results.is_empty() { p .empty { "No result is released yet." } }
            @for (o, r) in results {
                article .finding {
                    h3 { (o.name) }
                    (status(&words::result(r.result.state)))
                    p .finding__text {
                        @if r.result.interpretation == Interpretation::Inadequate { "Could not be assessed. " }
                        strong { (r.result.summary) }
                    }
                    @if r.result.details.is_some() || !r.result.values.is_empty() {
                        details .more .finding__text .small {
                            summary { "In full" span .sr-only { ": " (o.name) } }
                            (result_form::finding(person.catalogue.assay(o.assay.as_str()), &r.result))
                        }
                    }
                    @if let Some(comment) = &r.result.comment { p .finding__text .small { (comment) } }
                    @for line in &r.result.disclaimers { p .finding__text .caveat .small { "Caveat: " (line) } }
                    @if r.result.revision.is_some() && let Some(reason) = &r.result.reason {
                        p .finding__text .note { strong { "Changed: " } (reason) }
                    }
                    p .finding__by {
                        span {
                            @match (&r.result.verified_by, r.result.verified_at, &r.result.released_by) {
                                (Some(who), Some(at), _) => { "Verified by " (who.name) ", " (stamp(person, at)) "." }
                                (_, _, Some(who)) => { "Released early by " (who.name) "." @if let Some(due) = o.due_at { " Final due " (stamp_day(person, due)) "." } }
                                (_, _, None) => { "Not known by whom." }
                            }
                        }
                        a href={ "/results/" (r.result.id) } { "Full result" span .sr-only { ": " (o.name) } }
                    }
                }
            }
        },
    )
}

fn to_come(person: &Person, seen: &Seen) -> Markup {
    let mut open: Vec<&OrderView> =
        seen.view.orders.iter().filter(|o| o.state.is_open() && released(seen, o).is_none()).collect();
    if open.is_empty() && seen.view.progress.stage == Stage::Reported {
        return html! {};
    }
    open.sort_by_key(|o| o.due_at.unwrap_or(FAR));
    card(
        "tocome",
        "Still to come",
        &html! { span .muted .small { "Soonest first" } },
        &html! {
            @for o in &open { (coming(person, seen, o)) }
            @if seen.view.progress.stage != Stage::Reported {
                div .assay {
                    div .assay__name { b { "Integrated report" } (status(&Status { look: "wait", word: "Waiting".into() })) }
                    p .assay__step { (if open.iter().any(|o| o.required) { "Is written when the tests are final" } else { "All tests are final" }) }
                    p .assay__when { (date(person, seen.view.progress.expected_at)) }
                }
            }
        },
    )
}

fn date(person: &Person, at: Option<crate::domain::Moment>) -> Markup {
    match at {
        Some(at) => html! { b { (stamp_day(person, at)) } },
        None => html! { span .muted { "No date yet" } },
    }
}

fn coming(person: &Person, seen: &Seen, o: &OrderView) -> Markup {
    html! {
        div .assay {
            div .assay__name { b { (o.name) } (status(&look(seen, o))) }
            p .assay__step { (stage_words(o)) @if let Some(p) = &o.progress { ": " (p.words) } }
            p .assay__when {
                (date(person, o.due_at))
                @if o.due_at.is_some() { span .small .muted { (if o.late { "was due" } else { "on time" }) } }
            }
            @if let Some(why) = why(person, o) { p .assay__why .note { (why) } }
        }
    }
}

/// What is going on with a test, for somebody outside the laboratory.
fn stage_words(o: &OrderView) -> &'static str {
    match o.state {
        OrderState::Suggested => "Not asked for",
        OrderState::Ordered | OrderState::AwaitingSpecimen => "Waits for its sample",
        OrderState::Held => "Secured; to be decided",
        OrderState::Ready => "The sample is here; not started yet",
        OrderState::InProcess if o.attempts.len() > 1 => "Being done again",
        OrderState::InProcess => "Being done",
        OrderState::Resulted | OrderState::InReview => "Done; a second person checks it",
        OrderState::Final => "Final",
        OrderState::ReferredOut => "At another laboratory",
        OrderState::NeedsRecollect => "Needs a new sample",
        OrderState::Failed => "An attempt failed; the laboratory decides what next",
        OrderState::NotPerformed => "Was not done",
        OrderState::Cancelled => "Canceled",
        OrderState::EnteredInError => "Entered in error",
    }
}

/// Why it takes longer or waits, in a sentence or two.
fn why(person: &Person, o: &OrderView) -> Option<String> {
    let failed = o.attempts.iter().rfind(|a| a.failed.is_some()).map(|a| {
        let reason = a.failed.as_ref().and_then(|c| person.catalogue.fail_reason(o.assay.as_str(), c.as_str()));
        let reason = reason.map_or_else(|| "an attempt failed".to_owned(), |r| r.name.to_lowercase());
        let again = if o.state == OrderState::Failed { "" } else { ", so it is done again" };
        match &a.failed_note {
            Some(note) => format!("Why: {reason}{again}. {}", words::sentence(note)),
            None => format!("Why: {reason}{again}."),
        }
    });
    let hold = o.hold.as_ref().map(|h| {
        let until = crate::web::time::full(h.deadline, person.zone(), person.now);
        format!("Held until {until}; then: {}.", h.policy.words())
    });
    let sent = o.referral.as_ref().map(|r| format!("Sent to {}.", r.laboratory));
    failed.or(hold).or(sent).or_else(|| o.why_no_part.as_ref().map(|w| words::sentence(w)))
}

/// Tests that ended without a result, and suggestions.
fn ended(seen: &Seen) -> Markup {
    let closed = |o: &&OrderView| matches!(o.state, OrderState::NotPerformed | OrderState::Cancelled);
    let list: Vec<&OrderView> = seen.view.orders.iter().filter(closed).collect();
    if list.is_empty() {
        return html! {};
    }
    card(
        "ended",
        "Not done",
        &html! {},
        &html! {
            @for o in list {
                article .finding {
                    h3 { (o.name) }
                    (status(&words::order(o.state)))
                    @if let Some(text) = o.closing.as_ref().and_then(|c| c.text.as_ref()) { p .finding__text { (text) } }
                }
            }
        },
    )
}

fn samples(person: &Person, seen: &Seen) -> Markup {
    let v = &seen.view;
    let top = v.specimens.iter().filter(|s| s.parent.is_none());
    card(
        "samples",
        "Where the sample is",
        &html! {},
        &html! {
            ul .tree {
                @for s in top {
                    li {
                        b { (part_words(person, s)) }
                        div .where { (status(&words::specimen(s.state))) @if let Some(at) = s.location.as_ref().filter(|_| s.stage != SpecimenStage::Exception) { span .muted { (at) } } }
                        @for c in &s.caveats { p .caveat .small { "Caveat: " (c.text) } }
                        @let children: Vec<_> = v.specimens.iter().filter(|c| c.parent == Some(s.id)).collect();
                        @if !children.is_empty() {
                            ul { @for c in children { li { (part_words(person, c)) " " (status(&words::specimen(c.state))) } } }
                        }
                    }
                }
            }
        },
    )
}

fn latest(person: &Person, seen: &Seen, entries: &[EventView]) -> Markup {
    let count = entries.len();
    card(
        "recent",
        "Latest changes",
        &html! {},
        &html! {
            (journal(person, seen, entries, LATEST))
            @if count > LATEST {
                details .more .inset { summary { "Whole history (" (count) ")" } (journal(person, seen, entries, usize::MAX)) }
            }
        },
    )
}

fn ask(person: &Person, seen: &Seen) -> Markup {
    let lab = &person.catalogue.laboratory;
    card(
        "lab",
        "Ask the lab",
        &html! {},
        &html! {
            div .inset .small {
                p {
                    (lab.name) ", " (lab.opens.format("%H:%M")) " to " (lab.closes.format("%H:%M")) ". Quote "
                    span .id { (seen.view.accession) } "."
                }
                p { a href={ "/cases/" (seen.view.accession) } { "Order or cancel tests" } }
            }
        },
    )
}

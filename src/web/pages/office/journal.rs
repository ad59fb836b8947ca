//! `/journal`: everything that happened, newest first. Its whole state is in the address.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, web};
use chrono::NaiveTime;
use maud::{Markup, html};
use serde_json::Value;

use super::{busy, system};
use crate::domain::{Accession, Refusal, Role};
use crate::lab::questions::journal::{JournalLine, JournalPage, Sought};
use crate::lab::scope;
use crate::lab::verify::Verdict;
use crate::web::encode;
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::language::{english, rich, t};
use crate::web::layout::Page;
use crate::web::parts::{Field, card, hidden, stamp, status};
use crate::web::session::Person;
use crate::web::words::{self, Status};

/// Entries of a page.
const LINES: i64 = 50;
/// Longest value that is shown whole, characters.
const VALUE_MAX: usize = 300;
/// What the address carries from page to page.
const NAMES: [&str; 6] = ["case", "stream", "actor", "command", "from", "to"];

/// `GET /journal?case=&stream=&actor=&command=&from=&to=&before=&open=&check=`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let fields = Fields::new(query.into_inner());
    let before = fields.get("before").parse().ok();
    let sought = match read(&person, &fields) {
        Ok(sought) => sought,
        Err(refusal) => {
            // Refused for a field, not for the person: who may look at all is asked first.
            person.lab.journal_page(person.actor(), Sought::default(), None, 1).await?;
            return Ok(render(&person, &Draft::refused(fields, refusal), None, None));
        }
    };
    let page = match person.lab.journal_page(person.actor(), sought, before, LINES).await {
        Ok(page) => page,
        Err(crate::lab::LabError::Refused(Refusal::NotFound(_))) if fields.opt("case").is_some() => {
            let why = Refusal::field("/case", "unknown", "there is no case with this number");
            return Ok(render(&person, &Draft::refused(fields, why), None, None));
        }
        Err(e) => return Err(e.into()),
    };
    let verdict = if fields.get("check") == "1" { Some(check(&person, &page).await?) } else { None };
    Ok(render(&person, &Draft::fresh(fields), Some(&page), verdict.as_ref()))
}

fn read(person: &Person, fields: &Fields) -> Result<Sought, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let start = |day: Option<chrono::NaiveDate>| day.map(|d| person.catalogue.laboratory.moment(d, NaiveTime::MIN));
    let case = match fields.opt("case") {
        None => None,
        Some(text) => match Accession::parse(&text) {
            Ok(number) => Some(number),
            Err(why) => {
                r.fail("case", "malformed", why);
                None
            }
        },
    };
    let from = start(r.date("from"));
    let until = start(r.date("to").and_then(|d| d.succ_opt()));
    r.done(Sought {
        case,
        stream: fields.opt("stream"),
        actor: fields.opt("actor").map(|a| a.to_lowercase()),
        command: fields.opt("command"),
        from,
        until,
    })
}

/// Recomputes the chains of everything on this page.
async fn check(person: &Person, page: &JournalPage) -> Result<Verdict, PageError> {
    let streams: BTreeSet<String> = page.lines.iter().map(|l| l.stream.clone()).collect();
    let (lab, actor) = (person.lab.clone(), person.actor().clone());
    Ok(web::block(move || lab.check_chains(&actor, &streams)).await.map_err(|_| busy())??)
}

fn address(fields: &Fields, more: &str) -> String {
    let kept: Vec<String> =
        NAMES.iter().filter_map(|name| fields.opt(name).map(|v| format!("{name}={}", encode(&v)))).collect();
    let all: Vec<String> = kept.into_iter().chain((!more.is_empty()).then(|| more.to_owned())).collect();
    if all.is_empty() { "/journal".to_owned() } else { format!("/journal?{}", all.join("&")) }
}

fn render(person: &Person, draft: &Draft, page: Option<&JournalPage>, verdict: Option<&Verdict>) -> HttpResponse {
    let sees_cases = scope::may_look(person.actor()).is_ok();
    let fields = &draft.fields;
    let here = fields.opt("before").map_or_else(String::new, |b| format!("before={}", encode(&b)));
    Page::of(person, t!("nav-journal")).draft(draft).render(html! {
        h1 { (t!("nav-journal")) }
        p .lead { (t!("journal-lead")) }
        @if !sees_cases { p .note { (t!("journal-veiled-note")) } }
        form .filters action="/journal" method="get" {
            @if sees_cases { (Field::new("case", &t!("journal-case")).hint("BM26-000417K").input(draft)) }
            (Field::new("stream", &t!("journal-stream")).select(draft, &t!("journal-all"), &[
                ("accounts".to_owned(), t!("journal-accounts")),
                ("exports".to_owned(), t!("nav-exports")),
                ("catalogue".to_owned(), t!("nav-catalogue")),
            ]))
            (Field::new("actor", &t!("journal-actor")).hint(&t!("journal-actor-hint")).input(draft))
            (Field::new("command", &t!("journal-command")).hint(&t!("journal-command-hint")).input(draft))
            (Field::new("from", &t!("journal-from")).hint("2026-01-01").input(draft))
            (Field::new("to", &t!("journal-to")).hint("2026-01-31").input(draft))
            button .btn { (t!("show")) }
        }
        (chain(person, fields, &here, page, verdict))
        @if let Some(page) = page {
            section .card aria-label=(t!("journal-entries")) {
                @if page.lines.is_empty() { p .empty { (t!("journal-empty")) } }
                @else { ol .entries { @for line in &page.lines { (entry(person, fields, &here, line)) } } }
            }
            div .actions {
                @if let Some(next) = page.next { a .btn rel="next" href=(address(fields, &format!("before={next}"))) { (t!("journal-older")) } }
                @if fields.opt("before").is_some() { a .btn href=(address(fields, "")) { (t!("journal-newest")) } }
                a .btn href="/exports?dataset=events" { (t!("journal-export")) }
            }
        }
    })
}

/// The state of the chain: what was checked just now, and when everything was.
fn chain(
    person: &Person,
    fields: &Fields,
    here: &str,
    page: Option<&JournalPage>,
    verdict: Option<&Verdict>,
) -> Markup {
    let everything = person.actor().is_any(&[Role::Admin, Role::Auditor]);
    let last = person.lab.last_verified().ok().flatten();
    html! {
        (card("journal-chain", &t!("journal-chain"), &html! {}, &html! {
            div .plain {
                @if let Some(v) = verdict {
                    div role="status" {
                        p {
                            @if v.is_clean() { (status(&Status::new("final", t!("system-clean")))) }
                            @else { (status(&Status::new("prob", t!("system-fault")))) }
                            " "
                            (rich!("journal-checked", when = stamp(person, person.now), entries = v.entries, faults = v.findings.len()))
                        }
                        @if !v.is_clean() {
                            ul .note { @for f in v.findings.iter().take(20) { li { code .id { (f.rule) } " " (f.subject) ": " (english(&f.message)) } } }
                        }
                    }
                }
                (system::outcome(person, last.as_ref(), person.lab.is_verifying()))
                div .actions {
                    @if page.is_some_and(|p| !p.lines.is_empty()) {
                        a .btn href=(address(fields, &[here, "check=1"].iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join("&"))) { (t!("journal-check")) }
                    }
                    @if everything {
                        form action="/system/verify" method="post" {
                            (hidden(person))
                            input type="hidden" name="next" value="/journal";
                            button .btn disabled[person.lab.is_verifying()] { (t!("system-verify-now")) }
                        }
                    }
                }
            }
        }))
    }
}

/// One entry. What it changed is long and is drawn for the one entry that the address opens.
fn entry(person: &Person, fields: &Fields, here: &str, l: &JournalLine) -> Markup {
    let place = l.position.to_string();
    let stream = match l.stream.as_str() {
        "accounts" => t!("journal-accounts"),
        "exports" => t!("nav-exports"),
        "catalogue" => t!("nav-catalogue"),
        stream if stream.starts_with("case:") => t!("journal-a-case"),
        // A label holds its case's number, which not everybody may see.
        stream => match stream.strip_prefix("label:") {
            Some(label) if !l.veiled => label.to_owned(),
            Some(_) => t!("journal-a-label"),
            None => stream.to_owned(),
        },
    };
    html! {
        li {
            div .entries__head {
                (stamp(person, l.recorded_at))
                strong { (words::capital(&words::command(&l.command))) }
                @match l.accession {
                    Some(number) => a .id href=(person.case_path(number)) { (number) },
                    None => span { (stream) },
                }
                span { (rich!("journal-by", who = html! { a translate="no" href=(address(&Fields::default().with("actor", l.actor.as_str()), "")) { (l.actor) } })) }
                @if let Some(reason) = &l.reason { span .muted { "(" (reason) ")" } }
            }
            @let more = t!("journal-more", count = l.events.iter().map(|e| e.changes.len()).sum::<usize>());
            @if fields.opt("open").as_ref() == Some(&place) {
                details .more id={ "e" (place) } open { summary { (more) } (details(person, l)) }
            } @else {
                @let open = format!("open={place}#e{place}");
                @let open = if here.is_empty() { open } else { format!("{here}&{open}") };
                a .small id={ "e" (place) } href=(address(fields, &open)) { (more) }
            }
        }
    }
}

fn details(person: &Person, l: &JournalLine) -> Markup {
    html! {
        @for e in &l.events {
            h3 { (e.what.replace(['.', '_'], " ")) }
            @if l.veiled {
                p .small { (e.changes.iter().map(|c| c.field.replace('_', " ")).collect::<Vec<_>>().join(", ")) }
            } @else {
                dl .facts .facts--table .small {
                    @for c in &e.changes {
                        div {
                            dt { (c.field.replace('_', " ")) }
                            dd {
                                @if !c.before.is_null() { del { (value(&c.before)) } " " span aria-hidden="true" { "→" } " " }
                                ins { (value(&c.after)) }
                            }
                        }
                    }
                }
            }
        }
        @if !l.facts.is_empty() {
            dl .facts .facts--table .small { @for (name, v) in &l.facts { div { dt { (name.replace('_', " ")) } dd { (value(v)) } } } }
        }
        dl .facts .small {
            div { dt { (t!("journal-place")) } dd .num { (l.position) } }
            div { dt { (t!("journal-number")) } dd .num { (l.seq) } }
            @if let Some(at) = l.occurred_at { div { dt { (t!("journal-occurred")) } dd { (stamp(person, at)) } } }
            div { dt { (t!("journal-hash")) } dd .id .hash { (l.hash) } }
        }
    }
}

/// A value as it stands in the journal; long ones are cut, and say so.
fn value(v: &Value) -> Markup {
    let text = match v {
        Value::Null => return html! { span .muted { (t!("journal-nothing")) } },
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => v.to_string(),
    };
    let cut: String = text.chars().take(VALUE_MAX).collect();
    html! { (cut) @if cut.len() < text.len() { "… " span .muted { (t!("journal-cut", count = text.chars().count())) } } }
}

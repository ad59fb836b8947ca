//! Critical findings: on the case's page with the form for a call, and the list of those that nobody has heard yet.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::show;
use crate::domain::command::RecordCall;
use crate::domain::critical::{CALLERS, Call, CriticalClosed, CriticalClosing};
use crate::domain::{CallMethod, CallOutcome, Command, CriticalId, Refusal, Target};
use crate::lab::questions::critical::{CriticalLine, CriticalView};
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::language::{rich, t, word};
use crate::web::pages::seen::Seen;
use crate::web::parts::{Field, card, choices, hidden, mrn, named, stamp, status, table};
use crate::web::session::{Person, Posted};
use crate::web::words::Status;
use crate::web::{done, see_other};

/// Cases of the list.
const LINES: i64 = 100;

/// `POST /cases/{accession}/calls`
pub(crate) async fn post(posted: Posted, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let number = Seen::by_accession(&person, &accession).await?.view.accession;
    let problem = match read(&person, &fields) {
        Err(refusal) => refusal.into(),
        Ok(call) => {
            let to = done(&format!("/cases/{number}#critical"), "call");
            let command = Command::RecordCall(Box::new(call));
            match Deed::new(Target::Case(number), command, move |_| to.clone()).act(&person, &fields).await {
                Ok(to) => return Ok(see_other(&to)),
                Err(e) => explain(&person, number, e).await,
            }
        }
    };
    show::render(&person, &accession, &Draft::refused(fields, problem)).await
}

fn read(person: &Person, fields: &Fields) -> Result<RecordCall, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    // One list: what is known by its id, what is new by its code.
    let finding = fields.get("finding").parse().ok().map(CriticalId);
    let code = if finding.is_some() { None } else { r.code("finding") };
    let (method, outcome) = (r.word::<CallMethod>("method"), r.word::<CallOutcome>("outcome"));
    for (name, missing) in [("method", method.is_none()), ("outcome", outcome.is_none())] {
        if missing && fields.opt(name).is_none() {
            r.fail(name, "missing", "choose one");
        }
    }
    let (text, at, escalated_to, note) = (r.opt("text"), r.time("at"), r.opt("escalated_to"), r.opt("note"));
    let call = method.zip(outcome).map(|(method, outcome)| RecordCall {
        finding,
        code,
        text,
        recipient: fields.get("recipient").to_owned(),
        role: fields.get("role").to_owned(),
        method,
        at,
        outcome,
        read_back: fields.get("read_back") == "yes",
        escalated_to,
        note,
    });
    r.found(call)
}

/// The critical findings of a case, and the form for a call. `found` is [`found`], which changes by itself.
pub(crate) fn section(person: &Person, seen: &Seen, found: &Markup, draft: &Draft) -> Markup {
    let v = &seen.view;
    let calls = person.actor().is_any(CALLERS);
    if v.critical.is_empty() && !calls {
        // Its place is kept for what may still be found.
        return found.clone();
    }
    let open: Vec<&CriticalView> = v.critical.iter().filter(|c| c.finding.is_open()).collect();
    card(
        "critical",
        &t!("case-critical"),
        &html! {},
        &html! {
            (found)
            @if calls { (form(person, seen, &open, draft)) }
        },
    )
}

/// What must be, or was, called.
pub(crate) fn found(person: &Person, seen: &Seen) -> Markup {
    let v = &seen.view;
    html! {
        @if v.critical.is_empty() && person.actor().is_any(CALLERS) { p .empty { (t!("case-critical-none")) } }
        @for c in &v.critical { (finding(person, c)) }
    }
}

fn finding(person: &Person, c: &CriticalView) -> Markup {
    let f = &c.finding;
    let rows: Vec<Vec<Markup>> = f.calls.iter().map(|call| call_row(person, call)).collect();
    let name = html! { strong { (c.name) } };
    let heads = [t!("call-when"), t!("call-caller"), t!("call-recipient"), t!("call-outcome")];
    html! {
        div .inset {
            p {
                @match c.closed {
                    Some(CriticalClosed { at, why }) => {
                        @let at = stamp(person, at);
                        @match why {
                            CriticalClosing::Heard => { (rich!("call-heard", name = name, when = at)) }
                            CriticalClosing::Replaced => { (rich!("call-replaced", name = name, when = at)) }
                            CriticalClosing::Withdrawn => { (rich!("call-withdrawn", name = name, when = at)) }
                        }
                    }
                    None => { (rich!("call-open", name = name, when = stamp(person, f.due_at))) (escalate(c)) }
                }
            }
            @if let Some(denied) = f.denied && f.was_heard() {
                p { strong { (t!("call-denied")) } " " (rich!("call-denied-since", when = stamp(person, denied.at))) }
            }
            @if rows.is_empty() { p .muted .small { (t!("call-none")) } } @else {
                (table(
                    &html! { span .sr-only { (t!("call-caption", name = c.name.as_str())) } },
                    &heads.each_ref().map(String::as_str),
                    &rows,
                ))
            }
        }
    }
}

fn call_row(person: &Person, call: &Call) -> Vec<Markup> {
    vec![
        stamp(person, call.at),
        named(&call.by.name),
        html! { (named(&call.recipient)) ", " (call.role) },
        html! {
            (word("call-method", call.method.name())) ": " (word("call-result", call.outcome.name()))
            @if call.read_back { ", " (t!("call-read")) } @else if call.outcome == CallOutcome::Reached { ", " (t!("call-unread")) }
            @if let Some(to) = &call.escalated_to { p .small { (rich!("call-escalated-to", who = named(to))) } }
            @if let Some(note) = &call.note { p .small .muted { (note) } }
        },
    ]
}

/// Said as soon as the time has passed.
fn escalate(c: &CriticalView) -> Markup {
    html! { @if c.overdue { " " (status(&Status::new("prob", t!("call-overdue")))) " " strong { (t!("call-escalate")) } } }
}

fn form(person: &Person, seen: &Seen, open: &[&CriticalView], draft: &Draft) -> Markup {
    let sent = draft.fields.get("form") == "call";
    let fresh = Draft::fresh(match open {
        [only] => Fields::default().with("finding", only.finding.id.to_string()),
        _ => Fields::default(),
    });
    let draft = if sent && draft.problem.is_some() { draft } else { &fresh };
    let known = open.iter().map(|c| (c.finding.id.to_string(), c.name.clone()));
    let manual = person.catalogue.criticals.iter().filter(|c| c.manual);
    let manual = manual.map(|c| (c.code.to_string(), t!("call-new", name = c.name.as_str())));
    let findings: Vec<_> = known.chain(manual).collect();
    let yes = [("yes".to_owned(), t!("call-read-back-yes"))];
    let methods = choices(CallMethod::ALL, CallMethod::name, "call-method");
    let outcomes = choices(CallOutcome::ALL, CallOutcome::name, "call-result");
    html! {
        details .more .inset #record-call open[sent || !open.is_empty()] {
            summary { (t!("call-record")) }
            form action={ "/cases/" (seen.view.accession) "/calls" } method="post" novalidate {
                (hidden(person))
                input type="hidden" name="form" value="call";
                div .grid {
                    (Field::new("finding", &t!("call-finding")).within("call").select(draft, &t!("log-choose"), &findings))
                    (Field::new("text", &t!("call-text")).within("call").hint(&t!("call-text-hint")).optional().input(draft))
                    (Field::new("recipient", &t!("call-who")).within("call").input(draft))
                    (Field::new("role", &t!("call-role")).within("call").hint(&t!("call-role-hint")).input(draft))
                    (Field::new("at", &t!("call-when")).within("call").hint(&t!("call-when-hint")).optional().input(draft))
                    (Field::new("escalated_to", &t!("call-escalated")).within("call").optional().input(draft))
                }
                (Field::new("method", &t!("call-how")).within("call").radios(draft, &methods))
                (Field::new("outcome", &t!("call-outcome")).within("call").radios(draft, &outcomes))
                (Field::new("read_back", &t!("call-read-back")).within("call").boxes(draft, &yes))
                (Field::new("note", &t!("call-note")).within("call").optional().input(draft))
                button .btn data-submit { (t!("call-record-do")) }
                p .hint { (t!("call-forever")) }
            }
        }
    }
}

/// What somebody must still be told of, in all cases, the first to be due first. Nothing when there is nothing.
///
/// # Errors
/// As [`crate::lab::Lab::open_critical`].
pub(crate) async fn list(person: &Person) -> Result<Markup, PageError> {
    let lines = person.lab.open_critical(person.actor(), LINES).await?;
    if lines.is_empty() {
        return Ok(html! {});
    }
    let rows: Vec<Vec<Markup>> = lines.iter().enumerate().map(|(i, l)| row(person, l, i == 0)).collect();
    let heads = [t!("call-finding"), t!("patient"), t!("log-requester"), t!("call-by"), t!("case-next")];
    Ok(card(
        "critical",
        &t!("call-list", count = lines.len()),
        &html! {},
        &table(&html! { span .sr-only { (t!("call-list-caption")) } }, &heads.each_ref().map(String::as_str), &rows),
    ))
}

/// The first is the one to call now.
fn row(person: &Person, l: &CriticalLine, is_first: bool) -> Vec<Markup> {
    let c = &l.critical;
    let to = format!("/cases/{}#critical", c.accession);
    vec![
        html! { a .row-link href=(to) { (c.name) } br; span .id .small { (c.accession) } },
        html! { b translate="no" { (l.patient) } br; span .num .muted { (mrn(&l.mrn)) } },
        named(&l.requester),
        html! { @if c.overdue { (status(&Status::new("prob", t!("call-overdue")))) " " } (stamp(person, c.finding.due_at)) },
        html! { a .btn .btn--sm .btn--primary[is_first] href=(to) { (t!("call-record")) span .sr-only translate="no" { ": " (l.patient) } } },
    ]
}

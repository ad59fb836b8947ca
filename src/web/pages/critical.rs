//! Critical findings: on the case's page with the form for a call, and the list of those that nobody has heard yet.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::{Seen, case_show};
use crate::domain::command::RecordCall;
use crate::domain::critical::{CALLERS, CriticalClosed, CriticalClosing};
use crate::domain::{CallMethod, CallOutcome, Command, CriticalId, Refusal, Target};
use crate::lab::questions::critical::{CriticalLine, CriticalView};
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::parts::{Field, card, flag, hidden, mrn, options, stamp, table};
use crate::web::session::{Person, Posted};
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
    case_show::render(&person, &accession, &Draft::refused(fields, problem)).await
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

/// The critical findings of a case, and the form for a call.
pub(crate) fn section(person: &Person, seen: &Seen, draft: &Draft) -> Markup {
    let v = &seen.view;
    let calls = person.actor().is_any(CALLERS);
    if v.critical.is_empty() && !calls {
        return html! {};
    }
    let open: Vec<&CriticalView> = v.critical.iter().filter(|c| c.finding.is_open()).collect();
    card(
        "critical",
        "Critical findings",
        &html! { span .muted .small { (open.len()) " to be called" } },
        &html! {
            @if v.critical.is_empty() { p .empty { "None." } }
            @for c in &v.critical { (finding(person, c)) }
            @if calls { (form(person, seen, &open, draft)) }
        },
    )
}

fn finding(person: &Person, c: &CriticalView) -> Markup {
    let f = &c.finding;
    let rows: Vec<Vec<Markup>> = f
        .calls
        .iter()
        .map(|call| {
            vec![
                stamp(person, call.at),
                html! { (call.by.name) },
                html! { (call.recipient) ", " (call.role) },
                html! {
                    (call.method.words()) ": " (call.outcome.words())
                    @if call.read_back { ", read back" } @else if call.outcome == CallOutcome::Reached { ", not read back" }
                    @if let Some(to) = &call.escalated_to { p .small { "Escalated to " (to) } }
                    @if let Some(note) = &call.note { p .small .muted { (note) } }
                },
            ]
        })
        .collect();
    html! {
        div .inset {
            p {
                strong { (c.name) }
                @match c.closed {
                    Some(CriticalClosed { at, why }) => { " – " (closing(why)) " " (stamp(person, at)) }
                    None => { " – to be called by " (stamp(person, f.due_at)) (escalate(c)) }
                }
            }
            @if let Some(denied) = f.denied && f.was_heard() {
                p { strong { "The result does not say so any more" } ", since " (stamp(person, denied.at))
                    ": whoever heard it has to hear that too." }
            }
            @if rows.is_empty() { p .muted .small { "No call yet." } } @else {
                (table(&html! { span .sr-only { "Calls about " (c.name) } }, &["When", "Caller", "Recipient", "Outcome"], &rows))
            }
        }
    }
}

/// Why nobody has to be told any more.
const fn closing(why: CriticalClosing) -> &'static str {
    match why {
        CriticalClosing::Heard => "heard and read back",
        CriticalClosing::Replaced => "not to be called: a later version of the result does not say so,",
        CriticalClosing::Withdrawn => "not to be called: the result was withdrawn",
    }
}

/// Said as soon as the time has passed.
fn escalate(c: &CriticalView) -> Markup {
    html! { @if c.overdue { " " strong { "Past its time and nobody has heard it: escalate." } } }
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
    let findings: Vec<_> = known.chain(manual.map(|c| (c.code.to_string(), format!("New: {}", c.name)))).collect();
    let yes = [("yes".to_owned(), "Read back by the recipient".to_owned())];
    html! {
        details .more .inset open[sent || !open.is_empty()] {
            summary { "Record a call" }
            form action={ "/cases/" (seen.view.accession) "/calls" } method="post" novalidate {
                (hidden(person))
                input type="hidden" name="form" value="call";
                div .grid {
                    (Field::new("finding", "Finding").within("call").select(draft, "Choose", &findings))
                    (Field::new("text", "What was found").within("call").hint("For a new finding").optional().input(draft))
                    (Field::new("recipient", "Who was called").within("call").input(draft))
                    (Field::new("role", "Role").within("call").hint("Such as hematology registrar").input(draft))
                    (Field::new("at", "When").within("call").hint("Now, when left empty").optional().input(draft))
                    (Field::new("escalated_to", "Escalated to").within("call").optional().input(draft))
                }
                (Field::new("method", "How").within("call").radios(draft, &options(CallMethod::ALL, CallMethod::name, CallMethod::words)))
                (Field::new("outcome", "Outcome").within("call").radios(draft, &options(CallOutcome::ALL, CallOutcome::name, CallOutcome::words)))
                (Field::new("read_back", "Read-back").within("call").boxes(draft, &yes))
                (Field::new("note", "Note").within("call").optional().input(draft))
                button .btn { "Record the call" }
                p .hint { "A call cannot be changed. The finding is closed by a call that was heard and read back." }
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
    let rows: Vec<Vec<Markup>> = lines.iter().map(|l| row(person, l)).collect();
    Ok(card(
        "critical",
        "Critical findings to be called",
        &html! { span .muted .small { (lines.len()) } },
        &table(
            &html! { span .sr-only { "Critical findings that nobody has heard yet" } },
            &["Finding", "Patient", "Requester", "Call by", "Next step"],
            &rows,
        ),
    ))
}

fn row(person: &Person, l: &CriticalLine) -> Vec<Markup> {
    let c = &l.critical;
    let to = format!("/cases/{}#critical", c.accession);
    vec![
        html! { a .row-link href=(to) { (c.name) } br; span .id .small { (c.accession) } },
        html! { b { (l.patient) } br; span .num .muted { (mrn(&l.mrn)) } },
        html! { (l.requester) },
        html! { (stamp(person, c.finding.due_at)) (escalate(c)) @if c.overdue { " " (flag(crate::domain::Urgency::Urgent)) } },
        html! { a .btn .btn--row href=(to) { "Record a call" } },
    ]
}

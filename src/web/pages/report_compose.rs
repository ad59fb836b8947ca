//! `/cases/{accession}/report`: write the report, read the preview, sign it with the password.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::Seen;
use super::report_show::document;
use super::result::{told, told_fields};
use crate::domain::command::ReportText;
use crate::domain::correlation::{self, Acknowledgment};
use crate::domain::report_document::{self, Ingredients, ReportDocument};
use crate::domain::series::Earlier;
use crate::domain::{Command, Refusal, Report, ReportId, ReportKind, ReportState, Role, Target, critical};
use crate::edge::Problem;
use crate::lab::accounts::SignInError;
use crate::lab::questions::flags::{self, FlagView};
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::layout::Page;
use crate::web::parts::{Field, card, options, seen as seen_fields, stamp, status};
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other, words};

/// `GET /cases/{accession}/report`
pub(crate) async fn get(person: Person, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let seen = Seen::by_accession(&person, &accession).await?;
    let draft = Draft::fresh(start(&seen));
    render(&person, &seen, &draft).await
}

/// `POST /cases/{accession}/report`: begin a draft, or change it.
pub(crate) async fn post(posted: Posted, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let seen = Seen::by_accession(&person, &accession).await?;
    let problem = match write(&person, &seen, &fields).await {
        Ok(to) => return Ok(see_other(&to)),
        Err(problem) => problem,
    };
    let seen = Seen::by_accession(&person, &accession).await?;
    render(&person, &seen, &Draft::refused(fields, problem)).await
}

/// `POST /cases/{accession}/report/sign`
pub(crate) async fn sign(posted: Posted, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let seen = Seen::by_accession(&person, &accession).await?;
    let problem = match give_signature(&person, &seen, &fields).await {
        Ok(to) => return Ok(see_other(&to)),
        Err(problem) => problem,
    };
    let seen = Seen::by_accession(&person, &accession).await?;
    render(&person, &seen, &Draft { fields: start(&seen), problem: Some(problem) }).await
}

/// The draft that is open, if any.
fn open(seen: &Seen) -> Option<&Report> {
    seen.case.reports.iter().find(|r| r.state == ReportState::Draft)
}

/// What the form begins with: the draft, or what was signed last.
fn start(seen: &Seen) -> Fields {
    let complete = seen.case.reports.iter().any(|r| r.state.is_complete());
    let before = open(seen).or_else(|| seen.case.reports.iter().rfind(|r| r.state.is_signed()));
    let kind = match open(seen) {
        Some(draft) => draft.kind,
        None if complete => ReportKind::Amended,
        None if seen.view.progress.to_come > 0 => ReportKind::Preliminary,
        None => ReportKind::Final,
    };
    let text = |t: Option<&String>| t.cloned().unwrap_or_default();
    let draft = open(seen);
    Fields::default()
        .with("kind", kind.name())
        .with("diagnosis", before.map(|r| r.diagnosis.clone()).unwrap_or_default())
        .with("dx_who5", text(before.and_then(|r| r.dx_who5.as_ref())))
        .with("dx_icc", text(before.and_then(|r| r.dx_icc.as_ref())))
        .with("comment", text(before.and_then(|r| r.comment.as_ref())))
        .with("reason", text(draft.and_then(|r| r.reason.as_ref())))
        .with("told.who", draft.and_then(|r| r.told.as_ref()).map(|t| t.who.clone()).unwrap_or_default())
        .with("told.at", draft.and_then(|r| r.told.as_ref()).map(|t| t.at.to_rfc3339()).unwrap_or_default())
        .with("told.how", draft.and_then(|r| r.told.as_ref()).and_then(|t| t.how.clone()).unwrap_or_default())
}

fn read(person: &Person, fields: &Fields) -> Result<ReportText, Refusal> {
    let told = told(person, fields)?;
    let mut r = Reader::new(fields, person.zone(), person.now);
    let kind = r.word::<ReportKind>("kind");
    if fields.opt("kind").is_none() {
        r.fail("kind", "missing", "choose the kind of report");
    }
    let text = kind.map(|kind| ReportText {
        kind,
        diagnosis: fields.get("diagnosis").to_owned(),
        dx_who5: fields.opt("dx_who5"),
        dx_icc: fields.opt("dx_icc"),
        comment: fields.opt("comment"),
        acknowledged: acknowledged(fields),
        reason: fields.opt("reason"),
        told,
    });
    r.found(text)
}

/// The words on each flag, by the keys that the form carried.
fn acknowledged(fields: &Fields) -> Vec<Acknowledgment> {
    (0..FLAGS_MAX)
        .map_while(|i| fields.opt(&format!("flags.{i}.key")).map(|key| (i, key)))
        .filter_map(|(i, flag)| fields.opt(&format!("flags.{i}.words")).map(|words| Acknowledgment { flag, words }))
        .collect()
}

/// Most flags that a form shows.
const FLAGS_MAX: usize = 40;

async fn write(person: &Person, seen: &Seen, fields: &Fields) -> Result<String, Problem> {
    let accession = seen.view.accession;
    let text = Box::new(read(person, fields)?);
    let to = done(&format!("/cases/{accession}/report"), "draft");
    let target = Target::Case(accession);
    let deed = match report_id(fields) {
        Some(id) => Deed::seen(fields, target, Command::EditReport(id, text), to)?,
        None => Deed::seen(fields, target, Command::DraftReport(text), to)?,
    };
    match deed.act(person, fields).await {
        Ok(to) => Ok(to),
        Err(e) => Err(explain(person, accession, e).await),
    }
}

async fn give_signature(person: &Person, seen: &Seen, fields: &Fields) -> Result<String, Problem> {
    let accession = seen.view.accession;
    let id = report_id(fields).ok_or_else(Problem::not_found)?;
    let number = seen.case.report(id).map(|r| r.number).ok_or_else(Problem::not_found)?;
    let to = done(&format!("/cases/{accession}/reports/{number}"), "sign");
    let deed = Deed::seen(fields, Target::Case(accession), Command::SignReport(id), to)?;
    if fields.raw("password").is_empty() {
        return Err(Problem::field("/password", "missing", "type your password; it is your signature"));
    }
    match person.lab.give_password_again(person.actor(), fields.raw("password")).await {
        Ok(()) => {}
        Err(SignInError::Wrong) => {
            return Err(Problem::field("/password", "wrong", "that is not your password; nothing is signed"));
        }
        Err(other) => return Err(other.into()),
    }
    match deed.reauthenticated().act(person, fields).await {
        Ok(to) => Ok(to),
        Err(e) => Err(explain(person, accession, e).await),
    }
}

fn report_id(fields: &Fields) -> Option<ReportId> {
    uuid::Uuid::parse_str(fields.get("report")).ok().map(ReportId)
}

async fn render(person: &Person, seen: &Seen, draft: &Draft) -> Result<HttpResponse, PageError> {
    if !person.actor().is(Role::Pathologist) {
        return Err(Problem::forbidden("Writing a report takes the role pathologist.").into());
    }
    let v = &seen.view;
    let earlier = person.lab.earlier(person.actor(), &seen.case).await?;
    let flags = flags::views(&seen.case, &earlier);
    let open = open(seen);
    let waiting: Vec<&str> =
        v.orders.iter().filter(|o| o.required && o.state.is_open()).map(|o| o.name.as_str()).collect();
    let title = format!("Report of {}", v.accession);
    Ok(Page::of(person, title).about(seen.banner(person)).draft(draft).render(html! {
        div .title {
            h1 { "Report of " span .id { (v.accession) } }
            @if let Some(open) = open { (status(&words::report(open.state))) }
        }
        @if !waiting.is_empty() {
            p .note { strong { "Not final yet: " } (waiting.join(", ")) ". A final report waits for them; a preliminary one names them as pending." }
        }
        @if let Some(open) = open {
            (preview(person, seen, open, &earlier))
            (signature(person, seen, open, draft))
            details .card .more .inset open[draft.problem.is_some() && draft.error("password").is_none()] {
                summary { "Change the draft" }
                (text_form(person, seen, Some(open), draft, &flags))
            }
            (discard(person, seen, open))
        } @else {
            div .split {
                section .card .plain aria-label="Text" { (text_form(person, seen, None, draft, &flags)) }
                aside .stack aria-label="Evidence" { (findings(person, seen)) }
            }
        }
    }))
}

fn text_form(person: &Person, seen: &Seen, open: Option<&Report>, draft: &Draft, flags: &[FlagView]) -> Markup {
    let v = &seen.view;
    let version = open.map_or(v.version, |r| r.version);
    let revises = seen.case.reports.iter().any(|r| r.state.is_complete());
    let kinds: Vec<ReportKind> = ReportKind::ALL.iter().copied().filter(|k| k.is_revision() == revises).collect();
    html! {
        form action={ "/cases/" (v.accession) "/report" } method="post" novalidate {
            (seen_fields(person, version))
            @if let Some(open) = open { input type="hidden" name="report" value=(open.id); }
            (Field::new("kind", "Kind of report").radios(draft, &options(&kinds, ReportKind::name, ReportKind::words)))
            (Field::new("diagnosis", "Diagnosis").area(draft, 3))
            div .grid {
                (Field::new("dx_who5", "WHO 5th edition").optional().input(draft))
                (Field::new("dx_icc", "ICC 2022").optional().input(draft))
            }
            (Field::new("comment", "Correlation and comment").optional().area(draft, 5))
            (flag_fields(flags, draft))
            @if revises {
                (Field::new("reason", "Why the report changes").area(draft, 2))
                (told_fields(draft, None))
            }
            button .btn .btn--primary { "Save and preview" }
        }
    }
}

/// What does not fit, each with room for words.
fn flag_fields(flags: &[FlagView], draft: &Draft) -> Markup {
    html! {
        @if !flags.is_empty() {
            fieldset .values #acknowledged {
                legend { "What does not fit" }
                p .hint { "Say in words what you make of each. The report is signed when every one has an answer." }
                @for (i, view) in flags.iter().take(FLAGS_MAX).enumerate() {
                    @let name = format!("flags.{i}.words");
                    @let said = Draft { fields: words_on(view, &name, draft), problem: draft.problem.clone() };
                    div .stack .misfit {
                        p { strong { (view.flag.text) } }
                        ul .plain-list {
                            @for line in &view.flag.evidence { li { span .muted { (line.name) } " " (line.value) } }
                        }
                        input type="hidden" name={ "flags." (i) ".key" } value=(view.flag.key);
                        (Field::new(&name, "What you make of it").area(&said, 2))
                    }
                }
            }
        }
    }
}

/// What was typed on a flag in this form; else what the draft says of it.
fn words_on(view: &FlagView, name: &str, draft: &Draft) -> Fields {
    let typed = draft.fields.opt(name).or_else(|| view.acknowledged.clone()).unwrap_or_default();
    Fields::default().with(name, typed)
}

/// What the results say, beside the text that is being written.
fn findings(person: &Person, seen: &Seen) -> Markup {
    let inn: Vec<_> = seen
        .view
        .results
        .iter()
        .filter(|r| r.result.state.is_verified() || r.result.state == crate::domain::ResultState::Preliminary)
        .collect();
    card(
        "findings",
        "Findings",
        &html! {},
        &html! {
            @if inn.is_empty() { p .empty { "No result is verified yet." } }
            @for r in inn {
                article .finding {
                    h3 { a href={ "/results/" (r.result.id) } { (r.name) } }
                    (status(&words::result(r.result.state)))
                    p .finding__text { (r.result.summary) }
                    @if let Some(at) = r.result.verified_at { p .finding__by { (stamp(person, at)) } }
                }
            }
        },
    )
}

/// Exactly what would be signed now.
fn preview(person: &Person, seen: &Seen, open: &Report, earlier: &[Earlier]) -> Markup {
    let mut assembled = ReportDocument::assemble(Ingredients {
        case: &seen.case,
        report: open,
        signer: person.actor(),
        catalogue: &person.catalogue,
        now: person.now,
        trends: &report_document::trends(&seen.case, earlier),
        calls: &critical::document_calls(&seen.case, &person.catalogue),
        flags: &report_document::flags(&correlation::flags(&seen.case, earlier), open),
    });
    open.kind.name().clone_into(&mut assembled.status);
    html! {
        section .card aria-labelledby="preview" {
            header .section-head { h2 #preview { "Preview" } span .muted .small { "Not signed" } }
            (document(&assembled, None))
        }
    }
}

fn signature(person: &Person, seen: &Seen, open: &Report, draft: &Draft) -> Markup {
    let mine = open.diagnostician.id == person.actor().id;
    card(
        "signature",
        "Signature",
        &html! {},
        &html! {
            @if mine {
                form .inset action={ "/cases/" (seen.view.accession) "/report/sign" } method="post" novalidate {
                    (seen_fields(person, open.version))
                    input type="hidden" name="report" value=(open.id);
                    p { "I made this diagnosis and sign the " strong { (open.kind.words()) } " report." }
                    (Field::new("password", "Your password").password("current-password").width("m").input(draft))
                    button .btn .btn--primary .btn--bench { "Sign the " (open.kind.words()) " report" }
                }
            } @else {
                p .inset { (open.diagnostician.name) " made this diagnosis and signs it. To sign it yourself, change the draft and make it yours." }
            }
        },
    )
}

fn discard(person: &Person, seen: &Seen, open: &Report) -> Markup {
    html! {
        details .card .more .inset {
            summary { "Discard the draft" }
            form action={ "/cases/" (seen.view.accession) "/reports/" (open.number) "/void" } method="post" novalidate {
                (seen_fields(person, open.version))
                (Field::new("reason", "Why").within("discard").input(&Draft::default()))
                button .btn { "Discard the draft" }
            }
        }
    }
}

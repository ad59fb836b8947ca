//! `/cases/{accession}/report`: write the report, read the preview, sign it with the password.

use actix_web::{HttpResponse, web};

use super::{form, sign as queue};
use crate::domain::command::ReportText;
use crate::domain::correlation::Acknowledgment;
use crate::domain::report_document::ReportDocument;
use crate::domain::series::Earlier;
use crate::domain::{Accession, Command, Refusal, Report, ReportId, ReportKind, ReportState, Role, Target};
use crate::edge::Problem;
use crate::lab::accounts::SignInError;
use crate::web::act::{Deed, explain};
use crate::web::drafts;
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::pages::results::result::told;
use crate::web::pages::results::sources;
use crate::web::pages::seen::Seen;
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other};

/// `GET /cases/{accession}/report`
pub(crate) async fn get(person: Person, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let seen = Seen::by_accession(&person, &accession).await?;
    let kept = drafts::begin(&person, &place(seen.view.accession), &["told.at"]).await?;
    let draft = kept.unwrap_or_else(|| Draft::fresh(start(&seen)));
    render(&person, &seen, &draft).await
}

/// `POST /cases/{accession}/report`: begin a draft or change it; or only look at what the text would make.
pub(crate) async fn post(posted: Posted, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let seen = Seen::by_accession(&person, &accession).await?;
    if fields.get("do") == "preview" {
        return render(&person, &seen, &Draft::fresh(fields)).await;
    }
    let problem = match write(&person, &seen, &fields, "draft").await {
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
    render(&person, &seen, &Draft::refused(fields, problem)).await
}

/// Where the form of a case's report is kept while it is written.
pub(super) fn place(accession: Accession) -> String {
    format!("cases/{accession}/report")
}

async fn render(person: &Person, seen: &Seen, draft: &Draft) -> Result<HttpResponse, PageError> {
    if !person.actor().is(Role::Pathologist) {
        return Err(Problem::forbidden("Writing a report takes the role pathologist.").into());
    }
    let earlier = person.lab.earlier(person.actor(), &seen.case).await?;
    let text = text_of(person, seen, &draft.fields);
    let (report, unfit) = person.lab.would_write(person.actor(), &seen.case, &text);
    let composing = form::Composing {
        person,
        seen,
        draft,
        earlier: &earlier,
        open: open(seen),
        report: &report,
        unfit: &unfit,
        changes: sources::changes(person, seen, draft).await?,
        next: queue::next(person, seen.view.accession).await?,
    };
    Ok(form::page(&composing))
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

/// The text as far as it can be read: for looking, not for saving.
fn text_of(person: &Person, seen: &Seen, fields: &Fields) -> ReportText {
    let usual = start(seen);
    let kind = fields.get("kind").parse().or_else(|_| usual.get("kind").parse()).unwrap_or(ReportKind::Preliminary);
    ReportText {
        kind,
        diagnosis: fields.get("diagnosis").to_owned(),
        dx_who5: fields.opt("dx_who5"),
        dx_icc: fields.opt("dx_icc"),
        comment: fields.opt("comment"),
        acknowledged: acknowledged(fields),
        reason: fields.opt("reason"),
        told: told(person, fields).ok().flatten(),
    }
}

fn read(person: &Person, seen: &Seen, fields: &Fields) -> Result<ReportText, Refusal> {
    let told = told(person, fields)?;
    let mut r = Reader::new(fields, person.zone(), person.now);
    let kind = r.word::<ReportKind>("kind");
    if fields.opt("kind").is_none() {
        r.fail("kind", "missing", "choose the kind of report");
    }
    let text = kind.map(|kind| ReportText { kind, told, ..text_of(person, seen, fields) });
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
pub(super) const FLAGS_MAX: usize = 40;

/// Begins the draft or changes it; `said` is what the page then says was done.
async fn write(person: &Person, seen: &Seen, fields: &Fields, said: &str) -> Result<String, Problem> {
    let accession = seen.view.accession;
    let text = Box::new(read(person, seen, fields)?);
    let to = done(&format!("/cases/{accession}/report"), said);
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

/// Signs what the page showed: the saved text, with everything that it rests on as it was. Text that is not saved yet is
/// saved instead, and read once more before it is signed.
async fn give_signature(person: &Person, seen: &Seen, fields: &Fields) -> Result<String, Problem> {
    let accession = seen.view.accession;
    let id = report_id(fields).ok_or_else(Problem::not_found)?;
    let saved = seen.case.report(id).ok_or_else(Problem::not_found)?;
    let text = read(person, seen, fields)?;
    if saved.state == ReportState::Draft && person.lab.would_write(person.actor(), &seen.case, &text).0 != *saved {
        return write(person, seen, fields, "reread").await;
    }
    let earlier = person.lab.earlier(person.actor(), &seen.case).await?;
    sources::unchanged(fields, &word(person, seen, saved, &earlier))?;
    let to = match queue::next(person, accession).await.ok().flatten().filter(|_| fields.get("then") == "next") {
        Some(next) => done(&next, "sign"),
        None if fields.get("then") == "next" => done("/sign", "sign"),
        None => done(&format!("/cases/{accession}/reports/{}", saved.number), "sign"),
    };
    let deed = Deed::seen(fields, Target::Case(accession), Command::SignReport(id), to)?.while_at(seen.view.version);
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

/// What signing this version would put into the report, in one word.
pub(super) fn word(person: &Person, seen: &Seen, report: &Report, earlier: &[Earlier]) -> String {
    let document = form::assembled(person, seen, report, earlier);
    // The moment of signing is the only thing that may differ.
    sources::word(&ReportDocument { signed_at: report.drafted_at, ..document })
}

fn report_id(fields: &Fields) -> Option<ReportId> {
    uuid::Uuid::parse_str(fields.get("report")).ok().map(ReportId)
}

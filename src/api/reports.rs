//! `/cases/{accession}/reports`: draft, edit, sign, read, void.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::access::Caller;
use super::cases::accession;
use super::json::{Strict, parse};
use super::reply::{Carry, carry_out, shown, visible};
use crate::domain::command::ReportText;
use crate::domain::decide::Subject;
use crate::domain::{Command, ReportId, Target, Told};
use crate::edge::Problem;
use crate::edge::printed::{Names, not_signed, printed};
use crate::exchange::pdf::Issue;
use crate::lab::questions::case::ReportView;

/// What is done with the report.
#[derive(Debug, Clone, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum ReportAction {
    /// Begin a version.
    Draft {
        /// Its text and kind.
        text: ReportText,
    },
    /// Change a draft.
    Edit {
        /// Which.
        report: ReportId,
        /// Its text and kind.
        text: ReportText,
    },
    /// Sign a draft as what it is: preliminary, final, appended, amended or corrected.
    Sign {
        /// Which.
        report: ReportId,
        /// The signer's password, given again for this signature.
        password: String,
    },
    /// Say that one has read a version: the newest that stands. Said again it changes nothing.
    Read {
        /// Which.
        report: ReportId,
    },
    /// Withdraw a version.
    Void {
        /// Which.
        report: ReportId,
        /// Why.
        reason: String,
        /// Who was told; needed when it was signed.
        #[serde(default)]
        told: Option<Told>,
    },
}

/// Reads the action first and then its fields, so that a complaint names its place (serde's tagged enums lose it).
fn action(mut body: Value) -> Result<ReportAction, Problem> {
    let Some(map) = body.as_object_mut() else {
        return Err(Problem::field("", "malformed", "a JSON object is needed"));
    };
    let Some(name) = map.shift_remove("action") else {
        return Err(Problem::field("/action", "missing", "draft, edit, sign, read or void"));
    };
    let rest = body.to_string();
    let rest = rest.as_bytes();
    Ok(match name.as_str() {
        Some("draft") => {
            let Draft { text } = parse(rest)?;
            ReportAction::Draft { text }
        }
        Some("edit") => {
            let Edit { report, text } = parse(rest)?;
            ReportAction::Edit { report, text }
        }
        Some("sign") => {
            let Sign { report, password } = parse(rest)?;
            ReportAction::Sign { report, password }
        }
        Some("read") => {
            let Read { report } = parse(rest)?;
            ReportAction::Read { report }
        }
        Some("void") => {
            let Void { report, reason, told } = parse(rest)?;
            ReportAction::Void { report, reason, told }
        }
        Some(_) | None => return Err(Problem::field("/action", "unknown", "draft, edit, sign, read or void")),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    text: ReportText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    report: ReportId,
    text: ReportText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sign {
    report: ReportId,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    report: ReportId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Void {
    report: ReportId,
    reason: String,
    #[serde(default)]
    told: Option<Told>,
}

/// Draft, edit, sign or void a report version, or say that one has read it.
#[utoipa::path(post, path = "/api/v1/cases/{accession}/reports", tag = "reports", request_body = ReportAction,
    params(("accession" = String, Path, description = "Case number"),
        ("If-Match" = Option<String>, Header, description = "ETag of the report version; needed for edit, sign and void")),
    responses((status = 200, description = "Edited, signed, read or voided", body = ReportView),
        (status = 201, description = "Drafted", body = ReportView), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
pub async fn post_report(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<Value>,
) -> Result<HttpResponse, Problem> {
    let accession = accession(&path)?;
    let (command, subject, reauthenticated) = match action(body.value)? {
        ReportAction::Draft { text } => (Command::DraftReport(Box::new(text)), Subject::Case, false),
        ReportAction::Edit { report, text } => {
            (Command::EditReport(report, Box::new(text)), Subject::Report(report), false)
        }
        ReportAction::Sign { report, password } => {
            let command = Command::SignReport(report);
            // Roles before the password: whoever may not sign does not get to try one.
            crate::domain::decide::may(&command, &caller.actor)?;
            caller.lab.give_password_again(&caller.actor, &password).await?;
            (command, Subject::Report(report), true)
        }
        ReportAction::Read { report } => (Command::ReadReport(report), Subject::Report(report), false),
        ReportAction::Void { report, reason, told } => {
            (Command::VoidReport(report, reason, told), Subject::Report(report), false)
        }
    };
    let drafted = matches!(command, Command::DraftReport(_));
    // The password stays out of the fingerprint: a fast hash of it would let whoever has the file guess.
    let hash =
        if let Command::SignReport(report) = &command { format!("sign {accession} {report}") } else { body.hash };
    // Who read it is added beside what was signed, which does not change; it has no address of its own.
    let reads = matches!(command, Command::ReadReport(_));
    let make = if drafted || reads { Carry::add } else { Carry::change };
    let carry = Carry { reauthenticated, ..make(&req, Target::Case(accession), subject, command, hash)? };
    let carry = if reads { Carry { status: StatusCode::OK, ..carry } } else { carry };
    carry_out(&caller, carry).await
}

/// One report version, by its number.
#[utoipa::path(get, path = "/api/v1/cases/{accession}/reports/{number}", tag = "reports",
    params(("accession" = String, Path, description = "Case number"), ("number" = i64, Path, description = "Version, from 1")),
    responses((status = 200, body = ReportView), (status = 404, body = Problem)))]
pub async fn get_report(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (text, number) = path.into_inner();
    let number: i64 = number.parse().map_err(|_| Problem::not_found())?;
    let whole = caller.lab.case(&caller.actor, accession(&text)?).await?;
    let seen = visible(&caller, &whole);
    let found = seen.reports.iter().find(|r| r.report.number == number).ok_or_else(Problem::not_found)?;
    Ok(shown(&caller, &Subject::Report(found.report.id), &whole))
}

/// A signed version as a PDF (PDF/A-2a, PDF/UA-1), marked when it is superseded or void.
#[utoipa::path(get, path = "/api/v1/cases/{accession}/reports/{number}/pdf", tag = "reports",
    params(("accession" = String, Path, description = "Case number"), ("number" = i64, Path, description = "Version, from 1")),
    responses((status = 200, description = "The report; its ETag changes with its standing", content_type = "application/pdf", body = Vec<u8>),
        (status = 404, body = Problem), (status = 409, description = "Never signed", body = Problem)))]
pub async fn get_report_pdf(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (text, number) = path.into_inner();
    let number: i64 = number.parse().map_err(|_| Problem::not_found())?;
    let whole = caller.lab.case(&caller.actor, accession(&text)?).await?;
    let seen = visible(&caller, &whole);
    let found = seen.reports.iter().find(|r| r.report.number == number).ok_or_else(Problem::not_found)?;
    let issue = Issue::of(&whole.case, &found.report).ok_or_else(not_signed)?;
    printed(Names { tag: issue.tag(), disposition: issue.disposition() }, move || issue.pdf()).await
}

//! `/cases`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::access::Caller;
use super::json::Strict;
use super::reply::{Carry, carry_out, cursor, key, limit, list, place, query, shown, span};
use super::results::Nothing;
use crate::domain::command::{NewOrder, NewSpecimen, PlanSample, RecordCall};
use crate::domain::decide::Subject;
use crate::domain::progress::Stage;
use crate::domain::{Accession, Command, LogCase, Target};
use crate::edge::Problem;
use crate::lab::Expect;
use crate::lab::questions::case::{CaseView, OrderView, SpecimenView};
use crate::lab::questions::cases::{CaseLine, Filter};
use crate::lab::questions::critical::CriticalView;
use crate::lab::questions::events::EventView;
use crate::lab::questions::flags::FlagView;

/// Reads an accession from the path.
pub(super) fn accession(text: &str) -> Result<Accession, Problem> {
    Accession::parse(text).map_err(|why| Problem::field("/accession", "malformed", why))
}

/// Log a case.
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", request_body = LogCase, responses(
    (status = 201, description = "Logged: accession, labels, and for each order the part that feeds it or why none can", body = CaseView),
    (status = 409, description = "The reference names a case already", body = Problem),
    (status = 422, description = "Fields that do not fit, each with its JSON pointer", body = Problem)))]
pub async fn post_case(req: HttpRequest, caller: Caller, body: Strict<LogCase>) -> Result<HttpResponse, Problem> {
    // There is no version of what is not there yet.
    let carry = Carry {
        target: Target::New,
        command: Command::LogCase(Box::new(body.value)),
        expect: Expect::Any,
        hash: body.hash,
        key: key(&req)?,
        status: StatusCode::CREATED,
        subject: Subject::Case,
        reauthenticated: false,
    };
    carry_out(&caller, carry).await
}

/// Filters of the list of cases.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CasesQuery {
    /// Only in this stage.
    status: Option<Stage>,
    /// Only with this indication (code).
    indication: Option<String>,
    /// Only asked for by this person.
    requester: Option<String>,
    /// Logged at or after (RFC 3339).
    from: Option<DateTime<Utc>>,
    /// Logged before (RFC 3339).
    to: Option<DateTime<Utc>>,
    /// Only late, or only not late.
    late: Option<bool>,
    /// 1 to 200; 50 when left out.
    limit: Option<i64>,
    /// The `next` of the last answer.
    cursor: Option<String>,
}

/// List cases, newest first.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", params(CasesQuery),
    responses((status = 200, description = "A page; `Link: rel=\"next\"` when there is more", body = [CaseLine])))]
pub async fn get_cases(req: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let q: CasesQuery = query(&req)?;
    span(q.from, q.to)?;
    let filter = Filter {
        stage: q.status,
        indication: q.indication.map(|i| i.to_ascii_uppercase()),
        requester: q.requester,
        from: q.from,
        to: q.to,
        late: q.late,
    };
    let page = caller.lab.cases(&caller.actor, filter, place(q.cursor.as_deref())?, limit(q.limit)?).await?;
    Ok(list(&req, &page.lines, page.next.map(cursor)))
}

/// One case with everything.
#[utoipa::path(get, path = "/api/v1/cases/{accession}", tag = "cases",
    params(("accession" = String, Path, description = "Case number, e.g. BM26-000417K")),
    responses((status = 200, body = CaseView), (status = 404, body = Problem)))]
pub async fn get_case(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let whole = caller.lab.case(&caller.actor, accession(&path)?).await?;
    Ok(shown(&caller, &Subject::Case, &whole))
}

/// What of a case does not fit together, or does not fit the patient's earlier marrows. Whoever signs says something
/// about each: `acknowledged` of the report's text, by the flag's key.
#[utoipa::path(get, path = "/api/v1/cases/{accession}/flags", tag = "cases",
    params(("accession" = String, Path, description = "Case number")),
    responses((status = 200, description = "Every flag, with what the open draft says of it", body = [FlagView]),
        (status = 404, body = Problem)))]
pub async fn get_flags(req: HttpRequest, caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let views: Vec<FlagView> = caller.lab.flags(&caller.actor, accession(&path)?).await?;
    Ok(list(&req, &views, None))
}

/// The journal of a case.
#[utoipa::path(get, path = "/api/v1/cases/{accession}/history", tag = "cases",
    params(("accession" = String, Path, description = "Case number")),
    responses((status = 200, description = "Every entry, oldest first", body = [EventView])))]
pub async fn get_history(req: HttpRequest, caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let views: Vec<EventView> = caller.lab.case_history(&caller.actor, accession(&path)?).await?;
    Ok(list(&req, &views, None))
}

/// Add a part.
#[utoipa::path(post, path = "/api/v1/cases/{accession}/specimens", tag = "cases", request_body = NewSpecimen,
    params(("accession" = String, Path, description = "Case number")),
    responses((status = 201, body = SpecimenView), (status = 422, body = Problem)))]
pub async fn post_specimen(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<NewSpecimen>,
) -> Result<HttpResponse, Problem> {
    let command = Command::AddSpecimen(Box::new(body.value));
    carry_out(&caller, Carry::add(&req, Target::Case(accession(&path)?), Subject::Case, command, body.hash)?).await
}

/// Order an assay.
#[utoipa::path(post, path = "/api/v1/cases/{accession}/orders", tag = "cases", request_body = NewOrder,
    params(("accession" = String, Path, description = "Case number")),
    responses((status = 201, body = OrderView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn post_order(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<NewOrder>,
) -> Result<HttpResponse, Problem> {
    let command = Command::OrderAssay(Box::new(body.value));
    carry_out(&caller, Carry::add(&req, Target::Case(accession(&path)?), Subject::Case, command, body.hash)?).await
}

/// Decide who goes first while the sample is scarce.
#[utoipa::path(post, path = "/api/v1/cases/{accession}/sample-plan", tag = "cases", request_body = PlanSample,
    params(("accession" = String, Path, description = "Case number"),
        ("If-Match" = String, Header, description = "ETag of the case")),
    responses((status = 200, body = CaseView), (status = 412, body = Problem), (status = 422, body = Problem),
        (status = 428, body = Problem)))]
pub async fn post_sample_plan(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<PlanSample>,
) -> Result<HttpResponse, Problem> {
    let command = Command::PlanSample(Box::new(body.value));
    carry_out(&caller, Carry::change(&req, Target::Case(accession(&path)?), Subject::Case, command, body.hash)?).await
}

/// Take back the newest step of the case: only who took it can, within 30 seconds, while nothing came after it, and only
/// steps that touch nothing outside of the case. Every field gets its value from before in a new entry of the journal;
/// versions go on.
#[utoipa::path(post, path = "/api/v1/cases/{accession}/undo", tag = "cases", request_body = Nothing,
    params(("accession" = String, Path, description = "Case number"),
        ("If-Match" = String, Header, description = "ETag of the case as that step left it")),
    responses((status = 200, body = CaseView), (status = 403, body = Problem),
        (status = 409, description = "`rule` says why not, `detail` what to do instead", body = Problem),
        (status = 412, body = Problem), (status = 422, description = "The position it lay in is taken", body = Problem),
        (status = 428, body = Problem)))]
pub async fn post_undo(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<Nothing>,
) -> Result<HttpResponse, Problem> {
    let command = Command::TakeBack;
    carry_out(&caller, Carry::change(&req, Target::Case(accession(&path)?), Subject::Case, command, body.hash)?).await
}

/// Record a call about a critical finding; with `code` and `text`, about one that a person raises.
#[utoipa::path(post, path = "/api/v1/cases/{accession}/calls", tag = "cases", request_body = RecordCall,
    params(("accession" = String, Path, description = "Case number")),
    responses((status = 201, description = "The finding with its calls", body = CriticalView),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn post_call(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<RecordCall>,
) -> Result<HttpResponse, Problem> {
    let command = Command::RecordCall(Box::new(body.value));
    carry_out(&caller, Carry::add(&req, Target::Case(accession(&path)?), Subject::Case, command, body.hash)?).await
}

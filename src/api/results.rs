//! `/results`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::Caller;
use super::json::Strict;
use super::orders::id;
use super::reply::{Carry, carry_out, shown, visible};
use crate::domain::command::ReviseResult;
use crate::domain::decide::Subject;
use crate::domain::{Command, ResultId, Target, Told};
use crate::edge::Problem;
use crate::lab::questions::case::ResultView;

/// Nothing more needs to be said.
#[derive(Debug, Clone, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Why a result or report is withdrawn, and who was told.
#[derive(Debug, Clone, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Why.
    pub reason: String,
    /// Who was told; needed when it was verified or signed.
    #[serde(default)]
    pub told: Option<Told>,
}

/// One result version.
#[utoipa::path(get, path = "/api/v1/results/{id}", tag = "results", params(("id" = Uuid, Path, description = "Result version")),
    responses((status = 200, body = ResultView), (status = 404, body = Problem)))]
pub async fn get_result(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let id = ResultId(id(&path)?);
    let whole = caller.lab.case_of_result(&caller.actor, id).await?;
    // Drafts never leave the laboratory: what the case view hides is hidden here too.
    if !visible(&caller, &whole).results.iter().any(|r| r.result.id == id) {
        return Err(Problem::not_found());
    }
    Ok(shown(&caller, &Subject::Result(id), &whole))
}

fn step(req: &HttpRequest, id: ResultId, command: Command, hash: String) -> Result<Carry, Problem> {
    Carry::change(req, Target::Result(id), Subject::Result(id), command, hash)
}

/// Release a result early, as preliminary.
#[utoipa::path(post, path = "/api/v1/results/{id}/release", tag = "results", request_body = Nothing,
    params(("id" = Uuid, Path, description = "Result version"), ("If-Match" = String, Header, description = "ETag")),
    responses((status = 200, body = ResultView), (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn post_release(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<Nothing>,
) -> Result<HttpResponse, Problem> {
    let id = ResultId(id(&path)?);
    carry_out(&caller, step(&req, id, Command::ReleaseResult(id), body.hash)?).await
}

/// Verify a result: by another person than the one who entered it.
#[utoipa::path(post, path = "/api/v1/results/{id}/verify", tag = "results", request_body = Nothing,
    params(("id" = Uuid, Path, description = "Result version"), ("If-Match" = String, Header, description = "ETag")),
    responses((status = 200, body = ResultView), (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn post_verify(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<Nothing>,
) -> Result<HttpResponse, Problem> {
    let id = ResultId(id(&path)?);
    carry_out(&caller, step(&req, id, Command::VerifyResult(id), body.hash)?).await
}

/// Begin a new version of a verified result.
#[utoipa::path(post, path = "/api/v1/results/{id}/correct", tag = "results", request_body = ReviseResult,
    params(("id" = Uuid, Path, description = "Result version in force"), ("If-Match" = String, Header, description = "ETag")),
    responses((status = 201, description = "The new draft; it waits for a second person", body = ResultView),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
pub async fn post_correct(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<ReviseResult>,
) -> Result<HttpResponse, Problem> {
    let id = ResultId(id(&path)?);
    let command = Command::ReviseResult(id, Box::new(body.value));
    carry_out(&caller, step(&req, id, command, body.hash)?.created()).await
}

/// Withdraw a result.
#[utoipa::path(post, path = "/api/v1/results/{id}/retract", tag = "results", request_body = Withdrawal,
    params(("id" = Uuid, Path, description = "Result version"), ("If-Match" = String, Header, description = "ETag")),
    responses((status = 200, body = ResultView), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
pub async fn post_retract(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<Withdrawal>,
) -> Result<HttpResponse, Problem> {
    let id = ResultId(id(&path)?);
    let Withdrawal { reason, told } = body.value;
    carry_out(&caller, step(&req, id, Command::RetractResult(id, reason, told), body.hash)?).await
}

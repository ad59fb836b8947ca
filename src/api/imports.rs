//! `/imports`: files through the one door, every row answered.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::access::Caller;
use super::json::body_error;
use super::reply::query;
use crate::domain::machine::anybody_for;
use crate::domain::{Refusal, ResultState, ResultTransition};
use crate::edge::Problem;
use crate::exchange::import_results::{self, ImportError, Imported};
use crate::store::StoreError;

/// How a file is imported.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Decide everything and take it back; false when left out.
    #[serde(default)]
    dry_run: bool,
}

/// Enter the results of a CSV file, all of one assay. Columns: `accession`, `order_id` or `label`; `interpretation`,
/// `summary`, `comment`, `performed_at`, `performed_by`; then the dotted paths of the assay's details
/// (`populations.0.share.percent`), or its keys. The same file twice changes nothing; a verified result is never overwritten.
#[utoipa::path(post, path = "/api/v1/imports/results/{assay}", tag = "imports",
    request_body(content = String, content_type = "text/csv"),
    params(("assay" = String, Path, description = "Assay (catalogue code)"), ImportQuery),
    responses((status = 200, description = "Every row is answered; refused rows do not keep the others out", body = Imported),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem),
        (status = 415, body = Problem), (status = 422, body = Problem)))]
pub async fn post_results(
    req: HttpRequest,
    caller: Caller,
    assay: web::Path<String>,
    body: Result<web::Bytes, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    // Whoever may never enter a result learns nothing from the answers to rows.
    let roles: Vec<_> = anybody_for::<ResultState>(ResultTransition::Enter).collect();
    if !caller.actor.is_any(&roles) {
        let names: Vec<&str> = roles.iter().map(|r| r.name()).collect();
        return Err(Refusal::Forbidden(format!("“result.enter” takes the role {}.", names.join(" or "))).into());
    }
    let ImportQuery { dry_run } = query(&req)?;
    let is_csv = req
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("text/csv")));
    if !is_csv {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not-csv",
            "CSV is needed",
            "Send Content-Type: text/csv.",
        ));
    }
    let bytes = body.map_err(|e| body_error(&e))?;
    let (code, request_id) = (assay.to_ascii_uppercase(), caller.request_id.0.clone());
    let Caller { lab, actor, .. } = caller;
    let work = move || import_results::run(&lab, &actor, &code, &bytes, dry_run, &request_id, |_, _| {});
    let imported = web::block(work).await.map_err(|_| Problem::from(StoreError::Busy))?;
    imported.map(|answer| HttpResponse::Ok().json(answer)).map_err(|e| match e {
        ImportError::NoSuchAssay(_) => Problem::not_found(),
        ImportError::Lab(e) => e.into(),
        ImportError::File(_) | ImportError::UnknownColumns(_) | ImportError::MissingColumn(_) => {
            Problem::field("", "malformed", e.to_string())
        }
    })
}

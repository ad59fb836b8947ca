//! `/search` and `/patients`. What is searched for travels in the body, never in the URL.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::Caller;
use super::json::Strict;
use super::orders::id;
use crate::domain::PatientId;
use crate::edge::Problem;
use crate::lab::questions::search::Found;
use crate::lab::questions::timeline::Timeline;

/// What to look for.
#[derive(Debug, Clone, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchBody {
    /// A label, a case number, a record number, or the beginning of a name.
    pub q: String,
}

/// Find.
#[utoipa::path(post, path = "/api/v1/search", tag = "search", request_body = SearchBody,
    responses((status = 200, body = Found), (status = 422, description = "Says which character does not fit", body = Problem)))]
pub async fn post_search(caller: Caller, body: Strict<SearchBody>) -> Result<HttpResponse, Problem> {
    let found = caller.lab.search(&caller.actor, &body.value.q).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// A patient across procedures.
#[utoipa::path(get, path = "/api/v1/patients/{id}/timeline", tag = "search", params(("id" = Uuid, Path, description = "Patient")),
    responses((status = 200, body = Timeline), (status = 404, body = Problem)))]
pub async fn get_timeline(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let timeline = caller.lab.timeline(&caller.actor, PatientId(id(&path)?)).await?;
    Ok(HttpResponse::Ok().json(timeline))
}

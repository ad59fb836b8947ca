//! `/recollections`.

use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::access::Caller;
use super::reply::{cursor, limit, list, place, query};
use crate::edge::Problem;
use crate::lab::questions::recollections::RecollectionLine;

/// Which page of the list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecollectionsQuery {
    /// 1 to 200 cases; 50 when left out.
    limit: Option<i64>,
    /// The `next` of the last answer.
    cursor: Option<String>,
}

/// What must be taken again, longest waiting first; one item for each case.
#[utoipa::path(get, path = "/api/v1/recollections", tag = "recollections", params(RecollectionsQuery),
    responses((status = 200, description = "A page; `Link: rel=\"next\"` when there is more", body = [RecollectionLine]),
        (status = 403, body = Problem)))]
pub async fn get_recollections(req: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let q: RecollectionsQuery = query(&req)?;
    let page = caller.lab.recollections(&caller.actor, place(q.cursor.as_deref())?, limit(q.limit)?).await?;
    Ok(list(&req, &page.lines, page.next.map(cursor)))
}

//! `/worklists`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::access::Caller;
use super::reply::{cursor, limit, list, place, query};
use crate::edge::Problem;
use crate::lab::questions::worklist::{Only, View, WorkLine, WorkSort};

/// Which part of the list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorklistQuery {
    /// Which part; all when left out.
    view: Option<View>,
    /// In which order; most urgent first when left out. Reception's list has one order.
    sort: Option<WorkSort>,
    /// 1 to 200; 50 when left out.
    limit: Option<i64>,
    /// The `next` of the last answer.
    cursor: Option<String>,
}

/// A bench's list.
#[utoipa::path(get, path = "/api/v1/worklists/{department}", tag = "worklists",
    params(("department" = String, Path, description = "Department code, e.g. flow"), WorklistQuery),
    responses((status = 200, body = [WorkLine]), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn get_worklist(req: HttpRequest, caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let q: WorklistQuery = query(&req)?;
    let view = q.view.unwrap_or(View::All);
    let after = place(q.cursor.as_deref())?;
    let only = Only { sort: q.sort.unwrap_or(WorkSort::Urgent), ..Only::all(view) };
    let page = caller.lab.worklist(&caller.actor, &path, &only, after, limit(q.limit)?).await?;
    Ok(list(&req, &page.lines, page.next.map(cursor)))
}

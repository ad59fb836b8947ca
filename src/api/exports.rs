//! `/exports` and `/turnaround`.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::access::Caller;
use super::reply::{query, span};
use crate::domain::progress::Stage;
use crate::domain::{Code, Urgency};
use crate::edge::Problem;
use crate::exchange::csv_out::{self, Dialect, Format, Kind};
use crate::lab::questions::cases::Filter;
use crate::lab::questions::export::{self, Dataset, Identifiers, Request};
use crate::lab::questions::export_rows::{Narrowing, Parts};
use crate::lab::questions::turnaround::TurnaroundLine;
use crate::lab::questions::turnaround_months::Kept;
use crate::lab::questions::worklist::View;
use crate::store::StoreError;

/// Filters and form of an export.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Only cases in this stage.
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
    /// Only orders of this department (code, as it was when ordered). This and what follows narrows the rows of `orders`
    /// and, but for open ones, of `turnaround`.
    department: Option<String>,
    /// Only orders of this assay (code).
    assay: Option<String>,
    /// Only orders of this urgency.
    urgency: Option<Urgency>,
    /// Only open orders, as this view of a worklist shows them to the caller.
    view: Option<View>,
    /// Only finished orders that kept their due time so; `open`: open ones that are past it.
    kept: Option<Kept>,
    /// Only orders whose result became final at or after (RFC 3339).
    final_from: Option<DateTime<Utc>>,
    /// Only orders whose result became final before (RFC 3339).
    final_to: Option<DateTime<Utc>>,
    /// Only parts that a list shows for this reason; of `specimens` and `rejections`.
    parts: Option<Parts>,
    /// Only parts in this storage place (code); of `specimens` and `rejections`.
    place: Option<String>,
    /// In which order: of a `view` `urgent` (when left out), `due` or `label`; of rows that are not narrowed the order of
    /// their cases, `oldest` (when left out), `newest` or `due`.
    sort: Option<String>,
    /// `machine` when left out.
    dialect: Option<Dialect>,
    /// `none` when left out.
    identifiers: Option<Identifiers>,
    /// Why, when identifiers are full.
    reason: Option<String>,
    /// IANA zone of times; the laboratory's when left out.
    tz: Option<String>,
    /// Only these columns, in this order, with commas between.
    columns: Option<String>,
}

/// An export: `{dataset}.csv`, `.ndjson`, `.xlsx`, or `{dataset}.datapackage.json` for the manifest of the same rows.
#[utoipa::path(get, path = "/api/v1/exports/{file}", tag = "exports",
    params(("file" = String, Path, description = "e.g. specimens.csv, orders.ndjson, results.xlsx, cases.datapackage.json"), ExportQuery),
    responses((status = 200, description = "Streamed; a broken stream is never a whole file", content_type = "text/csv", body = String),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn get_export(req: HttpRequest, caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let q: ExportQuery = query(&req)?;
    span(q.from, q.to)?;
    span(q.final_from, q.final_to)?;
    let (name, ending) = path.split_once('.').ok_or_else(Problem::not_found)?;
    let dataset = Dataset::parse(name).ok_or_else(Problem::not_found)?;
    let zone = match &q.tz {
        None => caller.lab.catalogue().laboratory.time_zone,
        Some(name) => {
            name.parse::<Tz>().map_err(|_| Problem::field("?tz", "unknown", "an IANA zone such as Europe/London"))?
        }
    };
    let dialect = q.dialect.unwrap_or(Dialect::Machine);
    let kind = match ending {
        "csv" | "datapackage.json" => Kind::Csv,
        "ndjson" => Kind::Ndjson,
        "xlsx" => Kind::Xlsx,
        _ => return Err(Problem::not_found()),
    };
    let narrowing = Narrowing {
        department: code("?department", q.department)?,
        assay: code("?assay", q.assay)?,
        urgency: q.urgency,
        view: q.view,
        kept: q.kept,
        final_from: q.final_from,
        final_until: q.final_to,
        parts: q.parts,
        place: code("?place", q.place)?,
        sort: q.sort,
    };
    let request = Request {
        dataset,
        rows: narrowing.rows(dataset)?,
        filter: Filter {
            stage: q.status,
            indication: q.indication.map(|i| i.to_ascii_uppercase()),
            requester: q.requester,
            from: q.from,
            to: q.to,
            late: q.late,
        },
        identifiers: q.identifiers.unwrap_or(Identifiers::None),
        reason: q.reason,
        columns: q.columns.as_deref().map(csv_out::column_names),
    };
    export::may_export(&caller.actor, &request)?;
    export::chosen(&request)?;
    let format = Format { kind, dialect, zone };
    let request_id = caller.request_id.0.clone();
    if ending == "datapackage.json" {
        let Caller { lab, actor, .. } = caller;
        let manifest = web::block(move || {
            let written = csv_out::write(&lab, &actor, &request, format, &request_id, &mut |_| Ok(()))?;
            let name = csv_out::file_name(dataset, format);
            Ok::<_, crate::lab::LabError>(csv_out::manifest(&lab, &request, format, &name, Some(&written)))
        })
        .await
        .map_err(|_| Problem::from(StoreError::Busy))??;
        return Ok(HttpResponse::Ok().json(manifest));
    }
    let attachment = format!("attachment; filename=\"{}\"", csv_out::file_name(dataset, format));
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((header::CONTENT_DISPOSITION, attachment))
        .streaming(csv_out::stream(caller.lab, caller.actor, request, format, request_id)))
}

/// A code of the catalogue in a query, in either case.
fn code(pointer: &str, text: Option<String>) -> Result<Option<Code>, Problem> {
    text.map(|t| Code::parse(&t).map_err(|why| Problem::field(pointer, "malformed", why))).transpose()
}

/// The span of the figures.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TurnaroundQuery {
    /// Cases logged at or after; 90 days ago when left out.
    from: Option<DateTime<Utc>>,
    /// Cases logged before; now when left out.
    to: Option<DateTime<Utc>>,
    /// Only with this indication (code).
    indication: Option<String>,
}

/// Turnaround figures per assay and urgency.
#[utoipa::path(get, path = "/api/v1/turnaround", tag = "exports", params(TurnaroundQuery),
    responses((status = 200, body = [TurnaroundLine]), (status = 403, body = Problem)))]
pub async fn get_turnaround(req: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let q: TurnaroundQuery = query(&req)?;
    span(q.from, q.to)?;
    let now = caller.lab.now();
    let filter = Filter {
        from: Some(q.from.unwrap_or(now - chrono::Duration::days(90))),
        to: q.to,
        indication: q.indication.map(|i| i.to_ascii_uppercase()),
        ..Filter::default()
    };
    let lines = web::block(move || caller.lab.turnaround(&caller.actor, &filter))
        .await
        .map_err(|_| Problem::from(StoreError::Busy))??;
    Ok(super::reply::list(&req, &lines, None))
}

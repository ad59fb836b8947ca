//! `/specimens`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::access::Caller;
use super::json::Strict;
use super::reply::{Carry, answer, carry_out, key, list, outcome, query, shown};
use crate::domain::command::{ChildInput, SpecimenStep};
use crate::domain::decide::Subject;
use crate::domain::labeling::ReprintReason;
use crate::domain::machine::SpecimenTransition;
use crate::domain::{Command, FieldError, Label, Target};
use crate::edge::Problem;
use crate::exchange::labels::zpl::{Resolution, zpl};
use crate::exchange::labels::{PartLabel, svg::svg};
use crate::lab::Expect;
use crate::lab::labels::PrintRequest;
use crate::lab::questions::case::SpecimenView;
use crate::lab::questions::events::EventView;
use crate::text_enum;

/// Most labels in one bulk request.
pub const BULK_MAX: usize = 200;

fn label(text: &str) -> Result<Label, Problem> {
    Label::parse(text).map_err(|why| Problem::field("/label", "malformed", why))
}

/// A step of custody: the transition's name beside the fields it reads.
#[derive(Debug, Clone, Deserialize, Serialize, utoipa::ToSchema)]
pub struct SpecimenTransitionBody {
    /// Which step.
    pub transition: SpecimenTransition,
    /// What it needs.
    #[serde(flatten)]
    pub step: SpecimenStep,
}

/// Splits `transition` from the rest, so that unknown fields are still refused.
pub(super) fn split<T: serde::de::DeserializeOwned, S: serde::de::DeserializeOwned>(
    mut body: Value,
) -> Result<(T, S), Problem> {
    let Some(map) = body.as_object_mut() else {
        return Err(Problem::field("", "malformed", "a JSON object is needed"));
    };
    let Some(name) = map.shift_remove("transition") else {
        return Err(Problem::field("/transition", "missing", "say which step"));
    };
    let step = serde_json::from_value(name).map_err(|e| Problem::field("/transition", "unknown", e.to_string()))?;
    Ok((step, super::json::parse(body.to_string().as_bytes())?))
}

/// One part.
#[utoipa::path(get, path = "/api/v1/specimens/{label}", tag = "specimens",
    params(("label" = String, Path, description = "Label, e.g. BM26-000417K-A1")),
    responses((status = 200, description = "With stage, fitness per assay, and the steps you may take", body = SpecimenView),
        (status = 404, body = Problem)))]
pub async fn get_specimen(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let label = label(&path)?;
    let whole = caller.lab.case_of_label(&caller.actor, label.clone()).await?;
    Ok(shown(&caller, &Subject::Specimen(label), &whole))
}

/// The journal of a part.
#[utoipa::path(get, path = "/api/v1/specimens/{label}/history", tag = "specimens",
    params(("label" = String, Path, description = "Label")),
    responses((status = 200, description = "Entries about this part, oldest first", body = [EventView])))]
pub async fn get_history(req: HttpRequest, caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let label = label(&path)?;
    let whole = caller.lab.case_of_label(&caller.actor, label.clone()).await?;
    let id = whole.case.labeled(&label).map(|s| s.id.0).ok_or_else(Problem::not_found)?;
    let entries = caller.lab.case_history(&caller.actor, whole.case.header.accession).await?;
    let views: Vec<EventView> = entries
        .into_iter()
        .filter_map(|mut v| {
            v.events.retain(|e| e.id == id);
            (!v.events.is_empty()).then_some(v)
        })
        .collect();
    Ok(list(&req, &views, None))
}

/// How a label is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LabelQuery {
    /// `svg` or `zpl`; what `Accept` says when left out, and SVG when that says nothing.
    format: Option<LabelFormat>,
    /// Dots per inch of the printer, for ZPL; 203 when left out.
    dpi: Option<Resolution>,
    /// Why again; needed when this label was printed before.
    reason: Option<ReprintReason>,
}

text_enum! {
    /// The form of a label.
    pub enum LabelFormat {
        /// A picture at true size.
        Svg = "svg",
        /// The commands of a label printer (ZPL II).
        Zpl = "zpl",
    }
}

/// A part's label, to be printed now: noted in the journal before it leaves (who, which, why, when).
#[utoipa::path(get, path = "/api/v1/specimens/{label}/label", tag = "specimens",
    params(("label" = String, Path, description = "Label"), LabelQuery),
    responses((status = 200, description = "SVG, or ZPL II as `application/zpl`", content_type = "image/svg+xml", body = String),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, description = "The part is not at hand", body = Problem),
        (status = 422, description = "Printed before, and no reason", body = Problem)))]
pub async fn get_label(req: HttpRequest, caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let q: LabelQuery = query(&req)?;
    let label = label(&path)?;
    let accept = req.headers().get("accept").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let format = q.format.unwrap_or(if accept.contains("zpl") { LabelFormat::Zpl } else { LabelFormat::Svg });
    let whole = caller.lab.case_of_label(&caller.actor, label.clone()).await?;
    let request = PrintRequest { labels: vec![label.clone()], reason: q.reason, key: None, scan_back: false };
    caller.lab.print_labels(&caller.actor, &whole.case, request, &caller.request_id.0).await?;
    let part = whole.case.labeled(&label).ok_or_else(Problem::not_found)?;
    let printed = PartLabel::of(&whole.case, part, &caller.lab.catalogue());
    Ok(match format {
        LabelFormat::Svg => HttpResponse::Ok().content_type("image/svg+xml").body(svg(&printed)),
        LabelFormat::Zpl => {
            let resolution = q.dpi.unwrap_or(Resolution::Dpi203);
            HttpResponse::Ok().content_type("application/zpl").body(zpl(&printed, resolution))
        }
    })
}

/// Take a step of custody.
#[utoipa::path(post, path = "/api/v1/specimens/{label}/transitions", tag = "specimens",
    request_body = SpecimenTransitionBody,
    params(("label" = String, Path, description = "Label"), ("If-Match" = String, Header, description = "ETag of the part")),
    responses((status = 200, body = SpecimenView), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
pub async fn post_transition(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<Value>,
) -> Result<HttpResponse, Problem> {
    let label = label(&path)?;
    let (transition, step): (SpecimenTransition, SpecimenStep) = split(body.value)?;
    let command = Command::MoveSpecimen(label.clone(), transition, Box::new(step));
    let carry = Carry::change(&req, Target::Case(label.accession()), Subject::Specimen(label), command, body.hash)?;
    carry_out(&caller, carry).await
}

/// One part of a bulk request.
#[derive(Debug, Clone, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkItem {
    /// Its label, as typed or scanned.
    pub label: String,
    /// The version you saw; without it the state alone decides.
    #[serde(default)]
    pub version: Option<i64>,
}

/// The same step for many parts.
#[derive(Debug, Clone, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkBody {
    /// Which step.
    pub transition: SpecimenTransition,
    /// Which parts, 1 to 200.
    pub specimens: Vec<BulkItem>,
    /// What the step needs.
    #[serde(default)]
    pub step: SpecimenStep,
}

/// The answer about one part of a bulk request.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct BulkAnswer {
    /// As it was given.
    pub label: String,
    /// HTTP status for this part.
    pub status: u16,
    /// The part afterwards, when the step was taken.
    #[schema(value_type = Option<SpecimenView>)]
    pub specimen: Option<Value>,
    /// Why not, when it was not.
    pub problem: Option<Problem>,
}

/// The same step for many parts: one answer per label, in order; each part is its own all-or-nothing.
#[utoipa::path(post, path = "/api/v1/specimens/transitions", tag = "specimens", request_body = BulkBody,
    responses((status = 200, description = "Every label answered; `failed` counts those that were refused", body = [BulkAnswer]),
        (status = 422, body = Problem)))]
pub async fn post_many_transitions(
    req: HttpRequest,
    caller: Caller,
    body: Strict<BulkBody>,
) -> Result<HttpResponse, Problem> {
    let BulkBody { transition, specimens, step } = body.value;
    if specimens.is_empty() || specimens.len() > BULK_MAX {
        let why = format!("between 1 and {BULK_MAX} labels");
        return Err(Problem::invalid(vec![FieldError::new("/specimens", "out_of_range", why)]));
    }
    let key = key(&req)?;
    let mut answers = Vec::with_capacity(specimens.len());
    for (i, item) in specimens.into_iter().enumerate() {
        let result = match Label::parse(&item.label) {
            Err(why) => Err(Problem::field(format!("/specimens/{i}/label"), "malformed", why)),
            Ok(label) => {
                let carry = Carry {
                    target: Target::Case(label.accession()),
                    command: Command::MoveSpecimen(label.clone(), transition, Box::new(step.clone())),
                    expect: item.version.map_or(Expect::Any, Expect::Version),
                    hash: format!("{}#{label}", body.hash),
                    key: key.as_ref().map(|k| format!("{k}#{label}")),
                    status: StatusCode::OK,
                    subject: Subject::Specimen(label),
                    reauthenticated: false,
                };
                outcome(&caller, carry).await
            }
        };
        answers.push(match result {
            Ok((status, answer)) => BulkAnswer {
                label: item.label,
                status: status.map_or(200, |s| s.as_u16()),
                specimen: serde_json::from_str(&answer.body).ok(),
                problem: None,
            },
            Err(problem) => BulkAnswer {
                label: item.label,
                status: problem.status,
                specimen: None,
                problem: Some(problem.with_request(&caller.request_id)),
            },
        });
    }
    let failed = answers.iter().filter(|a| a.problem.is_some()).count();
    Ok(answer(StatusCode::OK, &json!({ "items": answers, "failed": failed })))
}

/// Parts to be made from a part.
#[derive(Debug, Clone, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AliquotsBody {
    /// What is made, 1 to 40.
    pub children: Vec<ChildInput>,
}

/// Split a part.
#[utoipa::path(post, path = "/api/v1/specimens/{label}/aliquots", tag = "specimens", request_body = AliquotsBody,
    params(("label" = String, Path, description = "Label"), ("If-Match" = String, Header, description = "ETag of the part")),
    responses((status = 201, description = "`parent` and the new `specimens`", body = [SpecimenView]),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
pub async fn post_aliquots(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<AliquotsBody>,
) -> Result<HttpResponse, Problem> {
    let label = label(&path)?;
    let command = Command::Aliquot(label.clone(), body.value.children);
    let carry = Carry::change(&req, Target::Case(label.accession()), Subject::Specimen(label), command, body.hash)?;
    carry_out(&caller, carry.created()).await
}

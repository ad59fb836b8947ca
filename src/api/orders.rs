//! `/orders`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::access::Caller;
use super::json::Strict;
use super::reply::{Carry, carry_out, shown};
use super::specimens::split;
use crate::domain::command::{NewResult, OrderStep};
use crate::domain::decide::Subject;
use crate::domain::machine::OrderTransition;
use crate::domain::{Command, OrderId, Target};
use crate::edge::Problem;
use crate::lab::questions::case::{OrderView, ResultView};

/// A step of an order: the transition's name beside the fields it reads.
#[derive(Debug, Clone, Deserialize, Serialize, utoipa::ToSchema)]
pub struct OrderTransitionBody {
    /// Which step.
    pub transition: OrderTransition,
    /// What it needs.
    #[serde(flatten)]
    pub step: OrderStep,
}

pub(super) fn id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}

/// One order.
#[utoipa::path(get, path = "/api/v1/orders/{id}", tag = "orders", params(("id" = Uuid, Path, description = "Order")),
    responses((status = 200, body = OrderView), (status = 404, body = Problem)))]
pub async fn get_order(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let id = OrderId(id(&path)?);
    let whole = caller.lab.case_of_order(&caller.actor, id).await?;
    Ok(shown(&caller, &Subject::Order(id), &whole))
}

/// Take a step of an order.
#[utoipa::path(post, path = "/api/v1/orders/{id}/transitions", tag = "orders", request_body = OrderTransitionBody,
    params(("id" = Uuid, Path, description = "Order"), ("If-Match" = String, Header, description = "ETag of the order")),
    responses((status = 200, body = OrderView), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
pub async fn post_transition(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<Value>,
) -> Result<HttpResponse, Problem> {
    let id = OrderId(id(&path)?);
    let (transition, step): (OrderTransition, OrderStep) = split(body.value)?;
    let command = Command::MoveOrder(id, transition, Box::new(step));
    let carry = Carry::change(&req, Target::Order(id), Subject::Order(id), command, body.hash)?;
    carry_out(&caller, carry).await
}

/// Enter a result.
#[utoipa::path(post, path = "/api/v1/orders/{id}/results", tag = "orders", request_body = NewResult,
    params(("id" = Uuid, Path, description = "Order"), ("If-Match" = String, Header, description = "ETag of the order")),
    responses((status = 201, body = ResultView), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
pub async fn post_result(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    body: Strict<NewResult>,
) -> Result<HttpResponse, Problem> {
    let id = OrderId(id(&path)?);
    let command = Command::EnterResult(id, Box::new(body.value));
    let carry = Carry::change(&req, Target::Order(id), Subject::Order(id), command, body.hash)?;
    carry_out(&caller, carry.created()).await
}

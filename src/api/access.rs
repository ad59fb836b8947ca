//! Who may call what: one table row per route, checked before any handler runs. What has no row does not answer.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, ResponseError as _, web};

use super::routes::{Permission, ROUTES};
use crate::domain::Actor;
use crate::edge::{Problem, RequestId};
use crate::lab::Lab;
use crate::lab::accounts::{Bearer, Scope};
use crate::lab::catalogue::InForce;
use crate::lab::questions::case::Eyes;

/// A caller with a valid token, and what every handler needs.
#[derive(Clone)]
pub struct Caller {
    /// The laboratory.
    pub lab: Lab,
    /// On whose behalf.
    pub actor: Actor,
    /// The request.
    pub request_id: RequestId,
}

impl Caller {
    /// With whose eyes a case is looked at.
    pub fn eyes<'a>(&'a self, catalogue: &'a InForce) -> Eyes<'a> {
        Eyes { actor: &self.actor, catalogue, now: self.lab.now() }
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request_id = RequestId::of(req);
        let lab = req.app_data::<web::Data<Lab>>().map(|d| d.get_ref().clone());
        let bearer = req.extensions().get::<Bearer>().cloned();
        std::future::ready(match (lab, bearer) {
            (Some(lab), Some(bearer)) => Ok(Self { lab, actor: bearer.actor, request_id }),
            _ => Err(Problem::unauthorized().with_request(&request_id)),
        })
    }
}

/// What a token of this scope may call.
fn covers(scope: Scope, permission: Permission) -> bool {
    match scope {
        Scope::All => true,
        Scope::Read => matches!(permission, Permission::Look | Permission::Public),
        Scope::Export => matches!(permission, Permission::Export | Permission::Public),
    }
}

/// The middleware of `/api/v1`.
///
/// # Errors
/// 401, 403, 404, 405 as problems.
pub async fn check<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let id = RequestId::of(req.request());
    match admit(&req).await {
        Ok(bearer) => {
            if let Some(bearer) = bearer {
                req.extensions_mut().insert(bearer);
            }
            next.call(req).await.map(ServiceResponse::map_into_left_body)
        }
        Err(problem) => {
            let res = problem.with_request(&id).error_response();
            Ok(req.into_response(res).map_into_right_body())
        }
    }
}

async fn admit(req: &ServiceRequest) -> Result<Option<Bearer>, Problem> {
    let pattern = req.match_pattern().unwrap_or_default();
    let rows: Vec<_> = ROUTES.iter().filter(|r| r.pattern() == pattern).collect();
    let row = rows.iter().find(|r| r.method() == req.method());
    let permission = row.map(|r| r.permission);
    if permission == Some(Permission::Public) {
        return Ok(None);
    }
    // Nobody learns from a status which paths exist before showing a token.
    let secret = req
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, secret)| secret)
        .ok_or_else(Problem::unauthorized)?;
    let lab = req.app_data::<web::Data<Lab>>().ok_or_else(Problem::not_found)?;
    let bearer = lab.bearer(secret.trim()).await?.ok_or_else(Problem::unauthorized)?;
    let Some(permission) = permission else {
        if rows.is_empty() {
            return Err(Problem::not_found());
        }
        let allowed: Vec<String> = rows.iter().map(|r| r.method().to_string()).collect();
        return Err(Problem {
            allow: Some(allowed.join(", ")),
            ..Problem::new(
                actix_web::http::StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "This resource has no such method",
                format!("Use {}.", allowed.join(" or ")),
            )
        });
    };
    if !covers(bearer.scope, permission) {
        return Err(Problem::forbidden(format!("A token of scope {} does not cover this.", bearer.scope)));
    }
    Ok(Some(bearer))
}

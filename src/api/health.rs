//! `/health`: is it alive, and is it ready to work.

use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::lab::Lab;

/// Registers both; proxies ask with HEAD too.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/health/live").route(web::get().to(get_live)).route(web::head().to(get_live)));
    cfg.service(web::resource("/health/ready").route(web::get().to(get_ready)).route(web::head().to(get_ready)));
}

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200, description = "Alive")))]
pub async fn get_live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

/// The database answers.
#[utoipa::path(get, path = "/health/ready", tag = "health",
    responses((status = 200, description = "Ready"), (status = 503, description = "The database does not answer")))]
pub async fn get_ready(lab: web::Data<Lab>) -> HttpResponse {
    let lab = lab.get_ref().clone();
    match web::block(move || lab.is_ready()).await {
        Ok(Ok(())) => HttpResponse::Ok().json(json!({ "status": "ready" })),
        Ok(Err(_)) | Err(_) => HttpResponse::ServiceUnavailable().json(json!({ "status": "not ready" })),
    }
}

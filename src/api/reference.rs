//! `/state-machines` and `/catalogue`: the declared tables, as every part of the program reads them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::access::Caller;
use super::reply::{answer, list};
use crate::domain::Catalogue;
use crate::domain::machine::{self, MachineView};
use crate::edge::Problem;

/// The four declared machines.
#[utoipa::path(get, path = "/api/v1/state-machines", tag = "reference", responses((status = 200, body = [MachineView])))]
pub async fn get_state_machines(req: HttpRequest, _caller: Caller) -> Result<HttpResponse, Problem> {
    Ok(list(&req, &machine::all(), None))
}

/// The catalogue in force.
#[utoipa::path(get, path = "/api/v1/catalogue", tag = "reference", responses((status = 200, body = Catalogue)))]
pub async fn get_catalogue(caller: Caller) -> Result<HttpResponse, Problem> {
    let in_force = caller.lab.catalogue();
    Ok(answer(StatusCode::OK, &json!({ "version": in_force.version, "catalogue": in_force.catalogue })))
}

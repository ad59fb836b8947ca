//! JSON over HTTP: the table of routes with their permissions, requests and answers, and the OpenAPI made from them.
//! A handler builds a command or asks a question; it holds no rule.

pub mod access;
pub mod cases;
pub mod docs;
pub mod documents;
pub mod exports;
pub mod feed;
pub mod health;
pub mod imports;
pub mod json;
pub mod openapi;
pub mod orders;
pub mod recollections;
pub mod reference;
pub mod reply;
pub mod reports;
pub mod results;
pub mod routes;
pub mod search;
pub mod specimens;
pub mod worklists;

use actix_web::{middleware::from_fn, web};

use crate::edge::guard::BODY_MAX;

/// Registers the API.
pub fn configure(cfg: &mut web::ServiceConfig) {
    let mut scope = web::scope("/api/v1").wrap(from_fn(access::check)).app_data(web::PayloadConfig::new(BODY_MAX));
    let mut paths: Vec<&str> = routes::ROUTES.iter().map(|r| r.path).collect();
    paths.dedup();
    let mut done: Vec<&str> = Vec::new();
    for path in paths {
        if done.contains(&path) {
            continue;
        }
        done.push(path);
        let mut resource = web::resource(path);
        for row in routes::ROUTES.iter().filter(|r| r.path == path) {
            resource = resource.route((row.handler)());
        }
        scope = scope.service(resource);
    }
    cfg.service(scope);
    health::configure(cfg);
    docs::configure(cfg);
}

//! `/api/openapi.json` and `/api/docs`: the document, and a page to read it.

use actix_web::{HttpResponse, web};
use maud::{DOCTYPE, html};
use utoipa::openapi::path::{Operation, Parameter};

use super::openapi;

/// Registers both.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/api/openapi.json", web::get().to(get_document));
    cfg.route("/api/docs", web::get().to(get_page));
}

async fn get_document() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(openapi::text())
}

async fn get_page() -> HttpResponse {
    let document = openapi::document();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "API – Trephine" }
            }
            body {
                main {
                    h1 { "Trephine API" }
                    p { "Every operation, made from the code. The whole document: " a href="/api/openapi.json" { "openapi.json" } "." }
                    @for (path, item) in &document.paths.paths {
                        @for (verb, operation) in operations(item) {
                            section {
                                h2 { code { (verb) " " (path) } }
                                p { (operation.summary.clone().unwrap_or_default()) }
                                @if let Some(parameters) = &operation.parameters {
                                    ul {
                                        @for p in parameters.iter().filter_map(inline) {
                                            li { code { (p.name) } " – " (p.description.clone().unwrap_or_default()) }
                                        }
                                    }
                                }
                                p { "Answers: " (operation.responses.responses.keys().cloned().collect::<Vec<_>>().join(", ")) }
                            }
                        }
                    }
                }
            }
        }
    };
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page.into_string())
}

fn operations(item: &utoipa::openapi::PathItem) -> Vec<(&'static str, &Operation)> {
    [("GET", &item.get), ("POST", &item.post)]
        .into_iter()
        .filter_map(|(verb, op)| op.as_ref().map(|op| (verb, op)))
        .collect()
}

/// A parameter that is written out where it is used; ours all are.
fn inline(p: &utoipa::openapi::RefOr<Parameter>) -> Option<&Parameter> {
    match p {
        utoipa::openapi::RefOr::T(p) => Some(p),
        utoipa::openapi::RefOr::Ref(_) => None,
    }
}

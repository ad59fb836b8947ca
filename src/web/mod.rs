//! HTML pages for people: rendered here, working without JavaScript, holding no rule.
//!
//! A page asks the laboratory a question and draws the answer; a form becomes one command and goes through the one door.
//! Which buttons there are is in the views' `allowed`; why something is refused is said by whoever refused it.

mod act;
mod assets;
mod conflict;
mod dialogs;
mod drafts;
mod error;
mod fields;
mod language;
mod layout;
mod live;
mod pages;
mod parts;
mod reader;
mod resume;
mod session;
mod steps;
mod time;
mod upload;
mod words;

use actix_web::body::BoxBody;
use actix_web::dev::{HttpServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::{
    FromRequest, Handler, HttpMessage as _, HttpRequest, HttpResponse, Responder, ResponseError as _, web,
};

use crate::domain::{Accession, Actor};
use crate::edge::guard::BODY_MAX;
use crate::edge::{Problem, RequestId};
use crate::lab::Lab;
use error::PageError;

/// How the pages are served.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whether cookies are for HTTPS only. Off for the demonstration on the own machine.
    pub secure_cookies: bool,
    /// Accounts that the sign-in page shows: role, name, password. Empty but in the demonstration.
    pub demo_accounts: Vec<(String, String, String)>,
    /// Where the files of exports go; absent for [`Jobs::default_dir`](crate::exchange::jobs::Jobs::default_dir).
    pub exports_dir: Option<std::path::PathBuf>,
}

/// Adds the pages to a server that carries the [`Lab`](crate::lab::Lab) as `web::Data`.
pub fn configure(cfg: &mut web::ServiceConfig, settings: Settings) {
    cfg.app_data(web::Data::new(settings))
        .app_data(web::FormConfig::default().limit(BODY_MAX))
        .route("/assets/{hash}/{file}", web::get().to(assets::get))
        .route("/assets/{hash}/{file}", web::head().to(assets::get))
        .route("/preferences", web::post().to(reader::post))
        .service(post("/drafts", drafts::post))
        .service(post("/drafts/discard", drafts::discard))
        .route("/live", web::get().to(live::get));
    pages::configure(cfg);
    cfg.default_service(web::to(not_found));
}

/// What is at no address: a page for people, JSON for programs.
pub async fn not_found(req: HttpRequest) -> HttpResponse {
    let problem = Problem::not_found().with_request(&RequestId::of(&req));
    if req.path().starts_with("/api/") {
        std::future::ready(problem.error_response()).await
    } else {
        reader::scoped_now(reader::Reader::of(&req), || PageError::from(problem).error_response())
    }
}

/// A page that is only looked at.
fn page<F, A>(path: &str, get: F) -> impl HttpServiceFactory + use<F, A>
where
    F: Handler<A> + Clone,
    A: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path).route(web::get().to(get.clone())).route(web::head().to(get)).wrap(from_fn(finish))
}

/// A page with a form that is sent to the same address.
fn form<F, A, G, B>(path: &str, get: F, post: G) -> impl HttpServiceFactory + use<F, A, G, B>
where
    F: Handler<A> + Clone,
    A: FromRequest + 'static,
    F::Output: Responder + 'static,
    G: Handler<B>,
    B: FromRequest + 'static,
    G::Output: Responder + 'static,
{
    web::resource(path)
        .route(web::get().to(get.clone()))
        .route(web::head().to(get))
        .route(web::post().to(post))
        .wrap(from_fn(finish))
}

/// Where a form of another page is sent.
fn post<G, B>(path: &str, post: G) -> impl HttpServiceFactory + use<G, B>
where
    G: Handler<B>,
    B: FromRequest + 'static,
    G::Output: Responder + 'static,
{
    web::resource(path).route(web::post().to(post)).wrap(from_fn(finish))
}

/// Makes the page for its reader, and gives the page of an error the id of its request.
async fn finish(
    req: ServiceRequest,
    next: Next<impl actix_web::body::MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let id = RequestId::of(req.request());
    let reader = reader::Reader::of(req.request());
    // An error is drawn here as well: later nobody knows its reader.
    reader::scoped(reader, async {
        let res = next.call(req).await?.map_into_boxed_body();
        opened(&res).await;
        let answer = match res.response().error().and_then(|e| e.as_error::<PageError>()) {
            Some(PageError::Problem(p)) if p.request_id.is_empty() => p.as_ref().clone().with_request(&id),
            Some(PageError::Problem(p)) => p.as_ref().clone(),
            Some(PageError::SignIn(_) | PageError::Resume(_)) | None => return Ok(res),
        };
        Ok(res.into_response(PageError::from(answer).error_response()))
    })
    .await
}

/// Keeps that somebody opened a case, for the list of what they opened last.
async fn opened<B>(res: &ServiceResponse<B>) {
    let req = res.request();
    let path: Vec<&str> = req.path().split('/').skip(1).collect();
    let looked = *req.method() == Method::GET && res.status().is_success();
    let (Some(lab), true, ["cases" | "track", number]) = (req.app_data::<web::Data<Lab>>(), looked, path.as_slice())
    else {
        return;
    };
    let actor = req.extensions().get::<Actor>().cloned();
    if let (Some(actor), Ok(accession)) = (actor, Accession::parse(number)) {
        // A convenience: the page is shown although it could not be noted.
        lab.note_opened(&actor, accession).await.ok();
    }
}

/// On to another page, after a form.
fn see_other(to: &str) -> HttpResponse {
    let mut res = HttpResponse::SeeOther().finish();
    let to = HeaderValue::from_str(to).unwrap_or_else(|_| HeaderValue::from_static("/"));
    res.headers_mut().insert(header::LOCATION, to);
    res
}

/// An address with what was done.
fn done(path: &str, word: &str) -> String {
    let (path, place) = path.split_once('#').map_or((path, String::new()), |(p, place)| (p, format!("#{place}")));
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}done={word}{place}")
}

/// A value in the query of an address.
fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(done("/scan?label=x", "accept"), "/scan?label=x&done=accept");
        assert_eq!(done("/cases/x#orders", "cancel"), "/cases/x?done=cancel#orders");
        assert_eq!(encode("/cases?late=1&x=ü"), "/cases%3Flate%3D1%26x%3D%C3%BC");
    }
}

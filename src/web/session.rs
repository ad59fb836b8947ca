//! Who looks at a page, and whether a form came from one of our own pages.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use chrono_tz::Tz;
use subtle::ConstantTimeEq as _;

use super::error::PageError;
use super::fields::Fields;
use super::{Settings, resume, words};
use crate::domain::{Actor, Moment, Role};
use crate::edge::{Problem, RequestId};
use crate::lab::Lab;
use crate::lab::accounts::SignedIn;
use crate::lab::catalogue::InForce;
use crate::lab::questions::case::Eyes;
use crate::lab::views::SavedView;

type Later<T> = Pin<Box<dyn Future<Output = Result<T, PageError>>>>;

/// Somebody signed in, and what a page about them needs. A page that takes a `Person` is closed to everybody else;
/// an `Authorization` header means nothing here.
pub(crate) struct Person {
    pub(crate) lab: Lab,
    pub(crate) signed_in: SignedIn,
    pub(crate) catalogue: Arc<InForce>,
    pub(crate) now: Moment,
    pub(crate) request_id: String,
    pub(crate) path: String,
    /// The path with its query.
    pub(crate) here: String,
    /// What was just done, in fixed words.
    pub(crate) done: Option<String>,
    /// The lists that this person keeps: in the bar of every page.
    pub(crate) views: Vec<SavedView>,
    /// How many notices this person has not read.
    pub(crate) unread: usize,
}

impl Person {
    pub(crate) fn actor(&self) -> &Actor {
        &self.signed_in.actor
    }

    pub(crate) fn zone(&self) -> Tz {
        self.catalogue.laboratory.time_zone
    }

    /// What a view is made with.
    pub(crate) fn eyes(&self) -> Eyes<'_> {
        Eyes { actor: self.actor(), catalogue: &self.catalogue, now: self.now }
    }

    /// Whether this person reads cases as a requester: the tracker, not the laboratory's page.
    pub(crate) fn is_requester(&self) -> bool {
        self.actor().is(Role::Hematologist)
            && !self.actor().is_any(&[Role::Tech, Role::Supervisor, Role::Pathologist, Role::Auditor])
    }

    /// Whether this person is offered exports and figures. What they may have, the laboratory decides.
    pub(crate) fn exports(&self) -> bool {
        self.actor().is_any(&[Role::Admin, Role::Supervisor, Role::Pathologist, Role::Auditor])
    }

    /// The same person a moment later, on a page that stays open.
    pub(crate) fn renew(&mut self) {
        self.now = self.lab.now();
        self.catalogue = self.lab.catalogue();
        self.done = None;
    }

    /// The page about a case for this person.
    pub(crate) fn case_path(&self, accession: impl std::fmt::Display) -> String {
        if self.is_requester() { format!("/track/{accession}") } else { format!("/cases/{accession}") }
    }

    async fn of(req: &HttpRequest) -> Result<Self, PageError> {
        let id = RequestId::of(req);
        let (Some(lab), Some(settings)) = (req.app_data::<web::Data<Lab>>(), req.app_data::<web::Data<Settings>>())
        else {
            let problem = Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Something went wrong here",
                "The server is not set up. Quote the request id when you ask for help.",
            );
            return Err(problem.with_request(&id).into());
        };
        let signed_in = match req.cookie(cookie_name(settings)) {
            Some(cookie) => lab.session(cookie.value()).await.map_err(|e| Problem::from(e).with_request(&id))?,
            None => None,
        };
        let Some(signed_in) = signed_in else { return Err(PageError::SignIn(sign_in_path(req))) };
        let query = web::Query::<Vec<(String, String)>>::from_query(req.query_string());
        let query = Fields::new(query.map(web::Query::into_inner).unwrap_or_default());
        req.extensions_mut().insert(signed_in.actor.clone());
        let views = lab.saved_views(&signed_in.actor).await.map_err(|e| Problem::from(e).with_request(&id))?;
        let unread = lab.unread(&signed_in.actor).await.map_err(|e| Problem::from(e).with_request(&id))?;
        Ok(Self {
            views,
            unread,
            lab: lab.get_ref().clone(),
            signed_in,
            catalogue: lab.catalogue(),
            now: lab.now(),
            request_id: id.0,
            path: req.path().to_owned(),
            here: req.uri().path_and_query().map_or_else(String::new, |p| p.as_str().to_owned()),
            done: words::done(query.get("done")),
        })
    }
}

impl FromRequest for Person {
    type Error = PageError;
    type Future = Later<Self>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { Self::of(&req).await })
    }
}

/// A form that a signed-in person sent from one of our pages.
pub(crate) struct Posted {
    pub(crate) person: Person,
    pub(crate) fields: Fields,
}

impl FromRequest for Posted {
    type Error = PageError;
    type Future = Later<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let fields = fields(req, payload);
        let req = req.clone();
        Box::pin(async move {
            let person = match Person::of(&req).await {
                Ok(person) => person,
                Err(PageError::SignIn(to)) => return Err(resume::refuse(&req, fields, to).await),
                Err(e) => return Err(e),
            };
            let fields = fields.await?;
            genuine(&req, &person, &fields)?;
            Ok(Self { person, fields })
        })
    }
}

/// A form that somebody sent who is not signed in yet: it must come from our own page.
pub(crate) struct Unsigned {
    pub(crate) fields: Fields,
    pub(crate) request_id: RequestId,
}

impl FromRequest for Unsigned {
    type Error = PageError;
    type Future = Later<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let fields = fields(req, payload);
        let req = req.clone();
        Box::pin(async move {
            let request_id = RequestId::of(&req);
            if !from_here(req.headers()) {
                return Err(foreign().with_request(&request_id).into());
            }
            Ok(Self { fields: fields.await?, request_id })
        })
    }
}

/// Whether a form came from a page of this person's session.
///
/// # Errors
/// When it did not; nothing may be done.
pub(crate) fn genuine(req: &HttpRequest, person: &Person, fields: &Fields) -> Result<(), PageError> {
    let elsewhere = site(req.headers()).is_some_and(|s| s == "cross-site");
    if elsewhere || !same(fields.raw("csrf"), &person.signed_in.csrf) {
        return Err(foreign().with_request(&RequestId::of(req)).into());
    }
    Ok(())
}

fn fields(req: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<Fields, PageError>> + use<> {
    let id = RequestId::of(req);
    let form = web::Form::<Vec<(String, String)>>::from_request(req, payload);
    async move {
        form.await.map(|f| Fields::new(f.into_inner())).map_err(|e| {
            let code = e.as_response_error().status_code();
            let detail = if code == StatusCode::PAYLOAD_TOO_LARGE {
                "What was sent is too large. Nothing was done."
            } else {
                "What was sent is not a form. Nothing was done."
            };
            Problem::new(code, "malformed", "This form cannot be read", detail).with_request(&id).into()
        })
    }
}

fn foreign() -> Problem {
    Problem::forbidden(
        "This form did not come from this session. Nothing was done: go back, reload the page, and try again.",
    )
}

/// Compares secrets without telling by the time it takes where they differ.
pub(crate) fn same(given: &str, expected: &str) -> bool {
    !expected.is_empty() && bool::from(given.as_bytes().ct_eq(expected.as_bytes()))
}

pub(crate) fn site(headers: &HeaderMap) -> Option<&str> {
    headers.get("sec-fetch-site").and_then(|v| v.to_str().ok())
}

/// Whether a form was sent from this site: what the browser says, else the origin it names. A program names neither.
fn from_here(headers: &HeaderMap) -> bool {
    if let Some(site) = site(headers) {
        return matches!(site, "same-origin" | "none");
    }
    let text = |name: header::HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, o)| o.eq_ignore_ascii_case(host)),
        (Some(_), None) => false,
    }
}

/// Whether a path leads to a page of this site and nowhere else.
pub(crate) fn is_local(path: &str) -> bool {
    path.len() <= 512
        && path.starts_with('/')
        && !path.starts_with("//")
        && !path.starts_with("/sign-")
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

/// Where to sign in, and what to come back to.
fn sign_in_path(req: &HttpRequest) -> String {
    let here = req.uri().path_and_query().map_or("/", |p| p.as_str());
    if *req.method() == Method::GET && here != "/" && is_local(here) {
        format!("/sign-in?next={}", super::encode(here))
    } else {
        "/sign-in".to_owned()
    }
}

/// The cookie's name; the prefix makes browsers insist on Secure, Path=/ and no Domain.
pub(crate) const fn cookie_name(settings: &Settings) -> &'static str {
    if settings.secure_cookies { "__Host-sid" } else { "sid" }
}

/// The session's cookie; without a secret it is taken away.
pub(crate) fn cookie(settings: &Settings, secret: Option<String>) -> Cookie<'static> {
    let gone = secret.is_none();
    let mut cookie = Cookie::build(cookie_name(settings), secret.unwrap_or_default())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(settings.secure_cookies)
        .finish();
    if gone {
        cookie.make_removal();
    }
    cookie
}

/// The secret of a session, if the browser has one.
pub(crate) fn secret(req: &HttpRequest, settings: &Settings) -> Option<String> {
    req.cookie(cookie_name(settings)).map(|c| c.value().to_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn only_paths_of_this_site_are_come_back_to() {
        for path in ["/", "/patients", "/cases/BM26-000417K?done=accept", "/worklists/FLOW?view=to_do"] {
            assert!(is_local(path), "{path}");
        }
        let long = format!("/{}", "a".repeat(600));
        for path in [
            "",
            "patients",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "/a\r\nX: y",
            "/a b",
            "/sign-out",
            "/ü",
            &long,
        ] {
            assert!(!is_local(path), "{path}");
        }
    }

    #[test]
    fn a_token_fits_whole_or_not_at_all() {
        assert!(same("abc", "abc"));
        for given in ["", "ab", "abd", "abcd"] {
            assert!(!same(given, "abc"), "{given}");
        }
        assert!(!same("", ""), "no token never fits");
    }

    #[test]
    fn a_form_from_elsewhere_is_noticed() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in pairs {
                map.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            map
        };
        let host = ("host", "lab.example:8080");
        for ok in [
            vec![host],
            vec![host, ("sec-fetch-site", "same-origin"), ("origin", "null")],
            vec![host, ("origin", "https://lab.example:8080")],
        ] {
            assert!(from_here(&headers(&ok)), "{ok:?}");
        }
        for bad in [
            vec![host, ("sec-fetch-site", "cross-site")],
            vec![host, ("sec-fetch-site", "same-site")],
            vec![host, ("origin", "https://evil.example")],
            vec![host, ("origin", "null")],
            vec![("origin", "https://lab.example")],
        ] {
            assert!(!from_here(&headers(&bad)), "{bad:?}");
        }
    }

    #[test]
    fn the_cookie_is_strict() {
        let strict = cookie(&Settings { secure_cookies: true, ..Settings::default() }, Some("x".into()));
        assert_eq!(strict.to_string(), "__Host-sid=x; HttpOnly; SameSite=Lax; Secure; Path=/");
        let plain = cookie(&Settings::default(), Some("x".into()));
        assert_eq!(plain.to_string(), "sid=x; HttpOnly; SameSite=Lax; Path=/");
    }
}

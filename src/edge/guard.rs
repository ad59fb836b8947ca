//! Around every request: an id, a deadline, and the headers that every answer carries.

use std::time::Duration;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, ResponseError as _};

use super::Problem;

/// A request must have its answer's head by then. (A streamed body may take longer; it has its own limits.)
pub const DEADLINE: Duration = Duration::from_secs(10);
/// Largest request body, bytes.
pub const BODY_MAX: usize = 256 * 1024;
/// Largest body of an import, bytes.
pub const IMPORT_MAX: usize = 64 * 1024 * 1024;

pub(super) const ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Strict: nothing inline, nothing from elsewhere.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
     frame-ancestors 'none'";

/// What a page may ask the browser for: the camera, which reads labels at a scan station. Nobody else gets it through us.
pub const PERMISSIONS: &str = "camera=(self), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

/// The id of a request: the caller's own if it is a plain word, else a new one.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl FromRequest for RequestId {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self::of(req)))
    }
}

impl RequestId {
    /// The id of this request.
    pub fn of(req: &HttpRequest) -> Self {
        req.extensions().get::<Self>().cloned().unwrap_or_else(|| Self("unknown".to_owned()))
    }
}

fn id_of(headers: &HeaderMap, new: impl FnOnce() -> uuid::Uuid) -> RequestId {
    let given = headers.get(ID_HEADER).and_then(|v| v.to_str().ok());
    let plain = |s: &&str| (1..=64).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    RequestId(given.filter(plain).map_or_else(|| new().to_string(), str::to_owned))
}

/// The headers that every answer carries.
pub fn secure(headers: &mut HeaderMap) {
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(header::CONTENT_SECURITY_POLICY, CSP);
    set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    // Patient data is never kept by a browser or a proxy; fixed assets say otherwise themselves.
    set(header::CACHE_CONTROL, "no-store");
}

/// The middleware.
///
/// # Errors
/// 408 when the deadline passes; whatever the service says.
pub async fn guard<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let id = id_of(req.headers(), || {
        // No laboratory, no clock to ask: a random id will do.
        uuid::Builder::from_random_bytes(rand::random()).into_uuid()
    });
    req.extensions_mut().insert(id.clone());
    let method = req.method().clone();
    let started = std::time::Instant::now();
    let answer = tokio::time::timeout(DEADLINE, next.call(req)).await;
    let mut res = match answer {
        Err(_) => {
            tracing::warn!(request_id = %id.0, %method, "no answer within the deadline");
            return Err(Problem::timeout().with_request(&id).into());
        }
        Ok(res) => name_problem(res?, &id),
    };
    let pattern = res.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let took_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    // The pattern, never the path: a path may name a case.
    tracing::debug!(request_id = %id.0, %method, pattern, status = res.status().as_u16(), took_us, "answered");
    super::metrics::count(res.status().as_u16(), took_us);
    secure(res.headers_mut());
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        res.headers_mut().insert(ID_HEADER, value);
    }
    Ok(res)
}

/// A problem that a handler returned without the id of its request gets it here, so that no handler can forget.
fn name_problem<B: MessageBody>(res: ServiceResponse<B>, id: &RequestId) -> ServiceResponse<EitherBody<B>> {
    let problem = res.response().error().and_then(|e| e.as_error::<Problem>()).filter(|p| p.request_id.is_empty());
    match problem.cloned() {
        Some(problem) => {
            let answer = problem.with_request(id).error_response();
            ServiceResponse::new(res.into_parts().0, answer).map_into_right_body()
        }
        None => res.map_into_left_body(),
    }
}

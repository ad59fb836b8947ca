//! One way to say that something went wrong: RFC 9457, and the same words on a page. Never patient data.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use super::RequestId;
use super::guard::secure;
use crate::domain::{Accession, FieldError, Refusal};
use crate::lab::LabError;
use crate::lab::accounts::SignInError;
use crate::lab::questions::events::EventView;
use crate::store::StoreError;

/// Where the problem types are explained; a stable name, not an address to fetch.
const TYPES: &str = "https://trephine.invalid/problems/";

/// A problem as every client sees it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Stable name of the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about, in one line.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What to do, in one sentence.
    pub detail: String,
    /// The current state, when a machine refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The rule that refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Steps that are legal instead, when a machine refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Vec<String>>,
    /// Fields that do not fit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The current representation, when the caller's was stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub current: Option<serde_json::Value>,
    /// Seconds after which to try again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<i64>,
    /// To be quoted when asking for help.
    pub request_id: String,
    /// Methods that the resource has, for the Allow header of a 405.
    #[serde(skip)]
    pub allow: Option<String>,
    /// What others did since the caller looked, for a page that shows it; JSON has `current`.
    #[serde(skip)]
    pub changed: Option<Box<Changed>>,
}

/// What happened to a case meanwhile.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Which case.
    pub accession: Accession,
    /// Which part, order or result of it the caller wanted to change; absent for the case as a whole.
    pub subject: Option<uuid::Uuid>,
    /// Its journal, as far as this reader may see it, oldest first.
    pub entries: Vec<EventView>,
    /// Whether what was asked for can still be done, as things are now.
    pub open: bool,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(status: StatusCode, kind: &str, title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("{TYPES}{kind}"),
            title: title.into(),
            status: status.as_u16(),
            detail: detail.into(),
            state: None,
            rule: None,
            allowed: None,
            errors: Vec::new(),
            current: None,
            retry_after_s: None,
            request_id: String::new(),
            allow: None,
            changed: None,
        }
    }

    /// With the id of the request.
    #[must_use]
    pub fn with_request(mut self, id: &RequestId) -> Self {
        self.request_id.clone_from(&id.0);
        self
    }

    /// The deadline passed.
    pub fn timeout() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "timeout",
            "The request took too long",
            "Send it again; with the same Idempotency-Key nothing is done twice.",
        )
    }

    /// No such resource, or not theirs to see.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", "There is nothing here by that name.")
    }

    /// No credential, or one that does not count.
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Not signed in",
            "Send a valid token: Authorization: Bearer trp_…",
        )
    }

    /// This credential may not do this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed for you", detail)
    }

    /// Fields that do not fit.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = errors.iter().map(|e| format!("{}: {}", e.pointer, e.message)).collect::<Vec<_>>().join("; ");
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Something does not fit", detail) }
    }

    /// One field that does not fit.
    pub fn field(pointer: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(pointer, code, message)])
    }

    /// The status as a code.
    pub fn code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let words = |steps: Vec<&'static str>| Some(steps.into_iter().map(str::to_owned).collect());
        match refusal {
            Refusal::NotAllowed { title, detail, state, allowed } => Self {
                state: Some(state.to_owned()),
                allowed: words(allowed),
                ..Self::new(StatusCode::CONFLICT, "transition-not-allowed", title, detail)
            },
            Refusal::Guard { title, rule, detail, state, allowed } => Self {
                state: Some(state.to_owned()),
                rule: Some(rule.to_owned()),
                allowed: words(allowed),
                ..Self::new(StatusCode::CONFLICT, "rule-refused", title, detail)
            },
            Refusal::Invalid(errors) => Self::invalid(errors),
            Refusal::Forbidden(why) => Self::forbidden(why),
            Refusal::NotFound(why) => Self { detail: why, ..Self::not_found() },
        }
    }
}

impl From<LabError> for Problem {
    fn from(error: LabError) -> Self {
        match error {
            LabError::Refused(refusal) => refusal.into(),
            LabError::Stale { seq, .. } => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "stale",
                "It was changed since you looked",
                format!("Look at it again, then decide; the case is now at {seq}."),
            ),
            LabError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "This Idempotency-Key was used for another request",
                "Use a new key for a new request.",
            ),
            LabError::AlreadyLogged { accession } => Self::new(
                StatusCode::CONFLICT,
                "already-logged",
                format!("This reference is case {accession}"),
                "The same external_ref never makes a second case.",
            ),
            LabError::Catalogue(findings) => Self::invalid(
                findings.into_iter().map(|f| FieldError::new(format!("/{}", f.path), "catalogue", f.message)).collect(),
            ),
            LabError::Store(e) => e.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let busy = |kind: &str, title: &str| Self {
            retry_after_s: Some(1),
            ..Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                kind,
                title,
                "Nothing was written. Try again in a moment, with the same Idempotency-Key.",
            )
        };
        match &error {
            StoreError::Busy => busy("busy", "The laboratory is busy"),
            StoreError::Unavailable { .. } => {
                tracing::error!(%error, "the store is unavailable");
                busy("unavailable", "The database does not answer")
            }
            StoreError::CommitUnknown { .. } => {
                tracing::error!(%error, "a commit ended unknown");
                Self {
                    retry_after_s: Some(1),
                    ..Self::new(
                        StatusCode::SERVICE_UNAVAILABLE,
                        "commit-unknown",
                        "It is not known whether this was written",
                        "Send it again with the same Idempotency-Key, or look before repeating it.",
                    )
                }
            }
            StoreError::Conflict { .. } => Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "Somebody else was faster",
                "Look again; what you wanted to add may be there already.",
            ),
            StoreError::Unstorable { what } => Self::field("", "unstorable", format!("{what} cannot be stored")),
            StoreError::NotOurs { .. }
            | StoreError::Missing { .. }
            | StoreError::BadAddress { .. }
            | StoreError::NewerSchema { .. }
            | StoreError::OlderSchema { .. }
            | StoreError::Migration { .. }
            | StoreError::InUse { .. }
            | StoreError::Corrupt { .. }
            | StoreError::Panicked { .. }
            | StoreError::Unsupported { .. }
            | StoreError::File { .. }
            | StoreError::Diesel(_) => {
                // The inside half of an error stays inside.
                tracing::error!(%error, "the store failed");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "Something went wrong here",
                    "Nothing was written. Quote the request id when you ask for help.",
                )
            }
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => Self::new(
                StatusCode::FORBIDDEN,
                "wrong-password",
                "Name or password does not fit",
                "Check both and try again.",
            ),
            SignInError::Wait { seconds } => Self {
                retry_after_s: Some(seconds),
                ..Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "too-many-tries",
                    "Too many wrong tries",
                    format!("Try again in {seconds} s."),
                )
            },
            SignInError::Lab(e) => e.into(),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.title, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code()
    }

    fn error_response(&self) -> HttpResponse {
        let mut res = HttpResponse::build(self.code()).content_type("application/problem+json").json(self);
        if let Some(value) = self.retry_after_s.and_then(|s| HeaderValue::from_str(&s.to_string()).ok()) {
            res.headers_mut().insert(header::RETRY_AFTER, value);
        }
        if let Some(value) = self.allow.as_deref().and_then(|a| HeaderValue::from_str(a).ok()) {
            res.headers_mut().insert(header::ALLOW, value);
        }
        if self.code() == StatusCode::UNAUTHORIZED {
            res.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Ok(value) = HeaderValue::from_str(&self.request_id)
            && !self.request_id.is_empty()
        {
            res.headers_mut().insert(super::guard::ID_HEADER, value);
        }
        secure(res.headers_mut());
        res
    }
}

//! Something went wrong, as a page: the same words as in JSON.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use maud::html;

use super::language::{english, rich, t};
use super::layout::Page;
use super::pages;
use super::resume::Unsent;
use crate::domain::Refusal;
use crate::edge::{Problem, guard};
use crate::lab::LabError;
use crate::lab::accounts::SignInError;

/// Why a page cannot be shown.
#[derive(Debug)]
pub(crate) enum PageError {
    /// The reader has to sign in first; where to.
    SignIn(String),
    /// As well, and the form that was sent goes on afterwards.
    Resume(Box<Unsent>),
    /// Anything else.
    Problem(Box<Problem>),
}

macro_rules! from {
    ($($t:ty),+) => {$(
        impl From<$t> for PageError {
            fn from(e: $t) -> Self {
                Self::Problem(Box::new(e.into()))
            }
        }
    )+};
}
from!(Problem, LabError, Refusal, SignInError);

impl std::fmt::Display for PageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SignIn(_) | Self::Resume(_) => f.write_str("not signed in"),
            Self::Problem(p) => p.fmt(f),
        }
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignIn(_) => StatusCode::SEE_OTHER,
            Self::Resume(_) => StatusCode::UNAUTHORIZED,
            Self::Problem(p) => p.code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut res = match self {
            Self::SignIn(to) => super::see_other(to),
            Self::Resume(unsent) => pages::everyone::sign_in::resume(unsent),
            Self::Problem(p) => page(p),
        };
        guard::secure(res.headers_mut());
        res
    }
}

fn page(p: &Problem) -> HttpResponse {
    let mut res = Page::bare(&p.title).status(p.code()).render(html! {
        div .card .plain {
            h1 { (english(&p.title)) }
            p { (english(&p.detail)) }
            p { a .btn .btn--primary href="/" { (t!("first-page")) } }
            @if !p.request_id.is_empty() {
                p .small .muted { (rich!("quote-request", id = html! { span .id .hash { (p.request_id) } })) }
            }
        }
    });
    if let Some(value) = p.retry_after_s.and_then(|s| HeaderValue::from_str(&s.to_string()).ok()) {
        res.headers_mut().insert(header::RETRY_AFTER, value);
    }
    res
}

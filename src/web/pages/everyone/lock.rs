//! `/unlock` and `/alive`: for a page that was left alone, and for one that is worked on without a request.

use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};
use maud::html;

use super::sign_in;
use crate::edge::Problem;
use crate::lab::Lab;
use crate::lab::accounts::SignInError;
use crate::web::Settings;
use crate::web::error::PageError;
use crate::web::language::english;
use crate::web::session::{Person, Unsigned, cookie};

/// `POST /unlock`: a new session for whoever gives a password; says whose, and the word for the page's forms.
pub(crate) async fn unlock(
    req: HttpRequest,
    lab: web::Data<Lab>,
    settings: web::Data<Settings>,
    sent: Unsigned,
) -> Result<HttpResponse, PageError> {
    match lab.sign_in(sent.fields.get("name"), sent.fields.raw("password")).await {
        Ok((fresh, actor)) => {
            let opened = sign_in::take_over(&req, &lab, &settings, &fresh, &actor, None).await?;
            let csrf = opened.map(|s| s.csrf).unwrap_or_default();
            let body = html! { p data-user=(actor.id.0) data-csrf=(csrf) {} };
            let mut res = HttpResponse::Ok().content_type("text/html; charset=utf-8").body(body.into_string());
            res.add_cookie(&cookie(&settings, Some(fresh))).ok();
            Ok(res)
        }
        Err(e @ (SignInError::Wrong | SignInError::Wait { .. })) => {
            let problem = Problem::from(e);
            let body = html! { p { (english(&problem.title)) ". " (english(&problem.detail)) } };
            // Not 401: that would say again that the session is over.
            let code = if problem.code().as_u16() == 401 {
                actix_web::http::StatusCode::FORBIDDEN
            } else {
                problem.status_code()
            };
            Ok(HttpResponse::build(code).content_type("text/html; charset=utf-8").body(body.into_string()))
        }
        Err(SignInError::Lab(e)) => Err(e.into()),
    }
}

/// `GET /alive`: whether the session counts; asking is use of it.
pub(crate) async fn alive(_person: Person) -> HttpResponse {
    std::future::ready(HttpResponse::NoContent().finish()).await
}

//! `/sign-in` and `/sign-out`.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};

use crate::edge::Problem;
use crate::lab::Lab;
use crate::lab::accounts::SignInError;
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::layout::Page;
use crate::web::parts::Field;
use crate::web::session::{Posted, Unsigned, cookie, is_local, secret};
use crate::web::{Settings, see_other, words};

/// `GET /sign-in`
pub(crate) async fn get(settings: web::Data<Settings>, query: web::Query<Vec<(String, String)>>) -> HttpResponse {
    let query = Fields::new(query.into_inner());
    let draft = Draft::fresh(Fields::default().with("next", query.get("next")));
    std::future::ready(render(&settings, &draft, words::done(query.get("done")).as_deref())).await
}

fn render(settings: &Settings, draft: &Draft, done: Option<&str>) -> HttpResponse {
    let mut res = Page::bare("Sign in").draft(draft).render(html! {
        div .card .plain {
            @if let Some(done) = done { p role="status" { (done) } }
            h1 { "Sign in" }
            form action="/sign-in" method="post" novalidate {
                input type="hidden" name="next" value=(draft.fields.get("next"));
                (Field::new("name", "Name").complete("username").focus().input(draft))
                (Field::new("password", "Password").password("current-password").input(draft))
                button .btn .btn--primary { "Sign in" }
            }
        }
        @if !settings.demo_accounts.is_empty() { (demo(settings)) }
    });
    // So that a browser names this site, and not “null”, as the origin of the form.
    res.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    res
}

fn demo(settings: &Settings) -> Markup {
    html! {
        section .card .plain aria-labelledby="demo" {
            h2 #demo { "Demonstration" }
            p { "Every patient here is invented. One press signs you in:" }
            ul .demo {
                @for (role, name, password) in &settings.demo_accounts {
                    li {
                        form action="/sign-in" method="post" {
                            input type="hidden" name="name" value=(name);
                            input type="hidden" name="password" value=(password);
                            button .btn { (words::capital(role)) }
                        }
                        span .small .muted { span .id { (name) } " / " span .id { (password) } }
                    }
                }
            }
        }
    }
}

/// `POST /sign-in`
pub(crate) async fn post(
    req: HttpRequest,
    lab: web::Data<Lab>,
    settings: web::Data<Settings>,
    sent: Unsigned,
) -> Result<HttpResponse, PageError> {
    let fields = sent.fields;
    match lab.sign_in(fields.get("name"), fields.raw("password")).await {
        Ok((fresh, _)) => {
            // Whoever sat here before is gone: a browser holds one session.
            if let Some(old) = secret(&req, &settings)
                && let Some(before) = lab.session(&old).await?
            {
                lab.sign_out(&before).await?;
            }
            let next = Some(fields.get("next")).filter(|n| is_local(n)).unwrap_or("/");
            let mut res = see_other(next);
            res.add_cookie(&cookie(&settings, Some(fresh))).ok();
            Ok(res)
        }
        Err(e @ (SignInError::Wrong | SignInError::Wait { .. })) => {
            let problem = Problem::from(e).with_request(&sent.request_id);
            Ok(render(&settings, &Draft::refused(fields, problem), None))
        }
        Err(SignInError::Lab(e)) => Err(e.into()),
    }
}

/// `POST /sign-out`
pub(crate) async fn out(settings: web::Data<Settings>, posted: Posted) -> Result<HttpResponse, PageError> {
    posted.person.lab.sign_out(&posted.person.signed_in).await?;
    let mut res = see_other("/sign-in?done=signed-out");
    res.add_cookie(&cookie(&settings, None)).ok();
    Ok(res)
}

//! `/sign-in` and `/sign-out`.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};

use crate::domain::{Actor, Role};
use crate::edge::Problem;
use crate::lab::accounts::{SignInError, SignedIn};
use crate::lab::{Lab, LabError};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::{t, word};
use crate::web::layout::Page;
use crate::web::parts::Field;
use crate::web::resume::{self, Unsent};
use crate::web::session::{Posted, Unsigned, cookie, is_local, secret};
use crate::web::{Settings, see_other, words};

/// The cookie with the bench that stands on this device.
const BENCH: &str = "bench";

/// What makes an account, typed on the server.
const MAKE_ACCOUNT: &str = "trephine user add";

/// `GET /sign-in`
pub(crate) async fn get(
    req: HttpRequest,
    lab: web::Data<Lab>,
    settings: web::Data<Settings>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let query = Fields::new(query.into_inner());
    let here = req.cookie(BENCH).map(|c| c.value().to_owned()).unwrap_or_default();
    let draft = Draft::fresh(Fields::default().with("next", query.get("next")).with(BENCH, here));
    let first = !lab.has_accounts().await?;
    let benches = benches(&lab);
    let ask = Ask { draft: &draft, unsent: None, benches: &benches, demo: &settings.demo_accounts, first };
    Ok(render(&ask, words::done(query.get("done")).as_deref(), StatusCode::OK))
}

/// What a page to sign in asks, and what rides along.
struct Ask<'a> {
    draft: &'a Draft,
    unsent: Option<&'a Unsent>,
    benches: &'a [(String, String)],
    demo: &'a [(String, String, String)],
    /// Nobody has an account yet.
    first: bool,
}

/// The page that a form gets whose session is over.
pub(crate) fn resume(unsent: &Unsent) -> HttpResponse {
    let draft = Draft::default();
    let ask = Ask { draft: &draft, unsent: Some(unsent), benches: &[], demo: &[], first: false };
    render(&ask, None, StatusCode::UNAUTHORIZED)
}

fn benches(lab: &Lab) -> Vec<(String, String)> {
    lab.catalogue().departments.iter().map(|d| (d.code.to_string(), d.name.clone())).collect()
}

fn render(ask: &Ask<'_>, done: Option<&str>, status: StatusCode) -> HttpResponse {
    let Ask { draft, unsent, benches, demo, first } = *ask;
    let page = Page::bare(&t!("signin-title")).draft(draft).script("reveal.js");
    let page = if status == StatusCode::OK { page } else { page.status(status) };
    let mut res = page.render(html! {
        div .card .plain {
            @if let Some(done) = done { p role="status" { (done) } }
            h1 { (t!("signin-title")) }
            @if unsent.is_some() { p .note role="status" { (t!("signin-kept")) } }
            @if first { p .note { (t!("signin-first")) " " code .id { (MAKE_ACCOUNT) } } }
            form action="/sign-in" method="post" novalidate {
                input type="hidden" name="next" value=(draft.fields.get("next"));
                @if let Some(unsent) = unsent { (unsent.carry()) }
                (Field::new("name", &t!("signin-name")).complete("username").focus().input(draft))
                (Field::new("password", &t!("signin-password")).password("current-password").input(draft))
                button .btn .btn--sm type="button" data-reveal="password" aria-pressed="false" hidden { (t!("signin-reveal")) }
                @if !benches.is_empty() {
                    (Field::new(BENCH, &t!("signin-bench")).data().hint(&t!("signin-bench-hint")).optional()
                        .select(draft, &t!("signin-no-bench"), benches))
                }
                button .btn .btn--primary data-submit { (t!("signin-title")) }
            }
        }
        @if !demo.is_empty() { (demonstration(demo)) }
    });
    // So that a browser names this site, and not “null”, as the origin of the form.
    res.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    res
}

fn demonstration(accounts: &[(String, String, String)]) -> Markup {
    html! {
        section .card .plain aria-labelledby="demo" {
            h2 #demo { (t!("signin-demo")) }
            p { (t!("signin-demo-how")) }
            ul .demo {
                @for (role, name, password) in accounts {
                    li {
                        form action="/sign-in" method="post" {
                            input type="hidden" name="name" value=(name);
                            input type="hidden" name="password" value=(password);
                            button .btn { (word("role", role)) }
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
    let unsent = Unsent::carried(&fields);
    match lab.sign_in(fields.get("name"), fields.raw("password")).await {
        Ok((fresh, actor)) => {
            let owner = match &unsent {
                Some(unsent) => resume::owner(&req, unsent).await?,
                None => None,
            };
            let bench = fields.opt(BENCH);
            let opened = take_over(&req, &lab, &settings, &fresh, &actor, bench.clone()).await?;
            let mut res = match (&unsent, opened) {
                (Some(unsent), Some(opened)) if owner == Some(actor.id) => onward(unsent, &opened),
                // What somebody else had typed is theirs; it is not sent, and not shown.
                (Some(_), _) => see_other("/"),
                (None, _) => see_other(Some(fields.get("next")).filter(|n| is_local(n)).unwrap_or("/")),
            };
            res.add_cookie(&cookie(&settings, Some(fresh))).ok();
            if let Some(bench) = bench {
                res.add_cookie(&bench_cookie(&settings, bench)).ok();
            }
            Ok(res)
        }
        Err(e @ (SignInError::Wrong | SignInError::Wait { .. })) => {
            let until = match &e {
                SignInError::Wait { seconds } => Some(lab.now() + chrono::Duration::seconds(*seconds)),
                SignInError::Wrong | SignInError::Lab(_) => None,
            };
            let problem = Problem::from(e).with_request(&sent.request_id);
            let zone = lab.catalogue().laboratory.time_zone;
            let until =
                until.map(|at| t!("signin-until", time = at.with_timezone(&zone).format("%H:%M:%S").to_string()));
            let draft = Draft::refused(fields, problem);
            let benches = if unsent.is_some() { Vec::new() } else { benches(&lab) };
            let status = draft.status();
            let demo = &settings.demo_accounts;
            let ask = Ask { draft: &draft, unsent: unsent.as_ref(), benches: &benches, demo, first: false };
            Ok(render(&ask, until.as_deref(), status))
        }
        Err(SignInError::Lab(e)) => Err(e.into()),
    }
}

/// Ends whatever session this browser had: it holds one. The new one works at the bench that was chosen, else at the
/// bench of the same person's session before. Returns the new session.
///
/// # Errors
/// The store.
pub(crate) async fn take_over(
    req: &HttpRequest,
    lab: &Lab,
    settings: &Settings,
    fresh: &str,
    actor: &Actor,
    bench: Option<String>,
) -> Result<Option<SignedIn>, LabError> {
    let mut before = None;
    if let Some(old) = secret(req, settings) {
        before = lab.lapsed(&old).await?.filter(|l| l.user == actor.id).and_then(|l| l.bench);
        if let Some(old) = lab.session(&old).await? {
            lab.sign_out(&old).await?;
        }
    }
    let opened = lab.session(fresh).await?;
    let known = bench.or(before).filter(|b| lab.catalogue().department(b).is_some());
    if let (Some(opened), Some(bench)) = (&opened, known)
        && actor.is_any(&[Role::Tech, Role::Supervisor])
    {
        lab.set_bench(opened, Some(bench)).await?;
    }
    Ok(opened)
}

fn bench_cookie(settings: &Settings, bench: String) -> Cookie<'static> {
    Cookie::build(BENCH, bench)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(settings.secure_cookies)
        .max_age(Duration::days(365))
        .finish()
}

/// Sends on what was typed before the session ended: by itself with a module, by one press without.
fn onward(unsent: &Unsent, opened: &SignedIn) -> HttpResponse {
    let mut res = Page::bare(&t!("signin-back")).script("resume.js").render(html! {
        div .card .plain {
            h1 { (t!("signin-back")) }
            p { (t!("signin-send-why")) }
            form action=(unsent.to()) method="post" data-resume {
                (unsent.again(&opened.csrf))
                button .btn .btn--primary autofocus { (t!("signin-send")) }
            }
        }
    });
    res.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    res
}

/// `POST /sign-out`
pub(crate) async fn out(settings: web::Data<Settings>, posted: Posted) -> Result<HttpResponse, PageError> {
    posted.person.lab.sign_out(&posted.person.signed_in).await?;
    let mut res = see_other("/sign-in?done=signed-out");
    res.add_cookie(&cookie(&settings, None)).ok();
    Ok(res)
}

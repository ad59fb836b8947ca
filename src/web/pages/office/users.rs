//! `/users`: the people with an account, their roles, locks and passwords.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::busy;
use crate::domain::{Refusal, Role};
use crate::edge::Problem;
use crate::lab::LabError;
use crate::lab::accounts::PASSWORD_MIN;
use crate::lab::people::PersonLine;
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::{rich, t, word};
use crate::web::layout::Page;
use crate::web::parts::{Field, card, choices, hidden, seen, stamp, status, table};
use crate::web::session::{Person, Posted};
use crate::web::words::Status;
use crate::web::{done, see_other};

/// Roles that a person can be given here: all but the laboratory's own.
fn roles() -> Vec<(String, String)> {
    let given: Vec<Role> = Role::ALL.iter().copied().filter(|r| *r != Role::System).collect();
    choices(&given, Role::name, "role")
}

fn chosen(fields: &Fields) -> Vec<Role> {
    fields.all("roles").filter_map(Role::parse).collect()
}

fn path(name: &str) -> String {
    format!("/users/{}", crate::web::encode(name))
}

/// `GET /users`
pub(crate) async fn list(person: Person) -> Result<HttpResponse, PageError> {
    let people = person.lab.people(person.actor()).await?;
    let heads = [t!("user-account"), t!("user-full-name"), t!("user-roles"), t!("user-seen"), t!("user-state")];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = people.iter().map(|p| row(&person, p)).collect();
    let open = people.iter().filter(|p| p.account.disabled_at.is_none()).count();
    Ok(Page::of(&person, t!("nav-users")).render(html! {
        header .title {
            h1 { (t!("nav-users")) }
            a .btn .btn--primary href="/users/new" { (t!("user-add")) }
        }
        section .card { (table(&html! { (t!("user-caption", count = people.len(), open = open)) }, &heads, &rows)) }
    }))
}

fn row(person: &Person, p: &PersonLine) -> Vec<Markup> {
    vec![
        html! { a .row-link .id translate="no" href=(path(&p.account.name)) { (p.account.name) } },
        html! { b translate="no" { (p.account.full_name) } },
        html! { (role_words(p)) },
        last_seen(person, p),
        state(person, p),
    ]
}

fn role_words(p: &PersonLine) -> String {
    p.account.roles.iter().map(|r| word("role", r.name())).collect::<Vec<_>>().join(", ")
}

fn last_seen(person: &Person, p: &PersonLine) -> Markup {
    html! {
        @match p.last_seen {
            Some(at) => (stamp(person, at)),
            None => span .muted { (t!("user-never")) },
        }
        @if p.sessions > 0 { " " span .muted { (t!("user-sessions", count = p.sessions)) } }
    }
}

fn state(person: &Person, p: &PersonLine) -> Markup {
    html! {
        @if let Some(since) = p.account.disabled_at {
            (status(&Status::new("off", t!("user-disabled")))) " " (stamp(person, since))
        } @else if let Some(until) = p.waits_until {
            (status(&Status::new("attn", t!("user-waits")))) " " (stamp(person, until))
        } @else {
            (t!("user-active"))
            @if p.failures > 0 { " " span .muted { (t!("user-failures", count = p.failures)) } }
        }
    }
}

/// `GET /users/new`
pub(crate) async fn new(person: Person) -> Result<HttpResponse, PageError> {
    person.lab.people(person.actor()).await?;
    Ok(render_new(&person, &Draft::default()))
}

fn render_new(person: &Person, draft: &Draft) -> HttpResponse {
    Page::of(person, t!("user-add")).draft(draft).main("page page--middle").render(html! {
        p { a href="/users" { (t!("user-back")) } }
        h1 { (t!("user-add")) }
        form .card .plain action="/users/new" method="post" novalidate {
            (hidden(person))
            (Field::new("name", &t!("user-name")).hint(&t!("user-name-hint")).width("m").input(draft))
            (Field::new("full_name", &t!("user-full-name")).hint(&t!("user-full-name-hint")).width("m").input(draft))
            (Field::new("roles", &t!("user-roles")).hint(&t!("user-roles-hint")).boxes(draft, &roles()))
            p .hint { (t!("user-password-made")) }
            button .btn .btn--primary { (t!("user-add")) }
        }
    })
}

/// `POST /users/new`
pub(crate) async fn add(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let (lab, by, id) = (person.lab.clone(), person.actor().clone(), person.request_id.clone());
    let (name, full_name, roles) = (fields.get("name").to_owned(), fields.get("full_name").to_owned(), chosen(&fields));
    let made = web::block(move || lab.hire(&by, &name, &full_name, &roles, &id)).await.map_err(|_| busy())?;
    match made {
        Ok(password) => {
            let title = t!("user-added");
            Ok(once(&person, &title, &fields.get("name").to_lowercase(), &password))
        }
        Err(e) => Ok(render_new(&person, &Draft::refused(fields, e))),
    }
}

/// A password, shown this once.
fn once(person: &Person, title: &str, name: &str, password: &str) -> HttpResponse {
    let mut res = Page::of(person, title).main("page page--middle").render(html! {
        h1 { (title) }
        section .card .plain {
            p { (rich!("user-password-of", name = html! { strong .id { (name) } })) }
            p .figures { strong .id .password { (password) } }
            p .note { (t!("user-password-once", least = PASSWORD_MIN)) }
            p { a .btn .btn--primary href=(path(name)) { (t!("user-password-passed-on")) } }
        }
    });
    res.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    res
}

/// `GET /users/{name}`
pub(crate) async fn get(person: Person, name: web::Path<String>) -> Result<HttpResponse, PageError> {
    let p = person.lab.person(person.actor(), &name).await?;
    let draft = fresh(&p);
    Ok(render(&person, &p, &draft))
}

fn fresh(p: &PersonLine) -> Draft {
    let fields = p.account.roles.iter().map(|r| ("roles".to_owned(), r.name().to_owned())).collect();
    Draft::fresh(Fields::new(fields))
}

fn render(person: &Person, p: &PersonLine, draft: &Draft) -> HttpResponse {
    let account = &p.account;
    let deed = |deed: &str| format!("{}/{deed}", path(&account.name));
    let locked = account.disabled_at.is_some();
    Page::of(person, account.full_name.as_str()).draft(draft).main("page page--middle").render(html! {
        p { a href="/users" { (t!("user-back")) } }
        header .title { h1 translate="no" { (account.full_name) } (state(person, p)) }
        section .card .plain {
            dl .facts .facts--table {
                div { dt { (t!("user-name")) } dd .id translate="no" { (account.name) } }
                div { dt { (t!("user-roles")) } dd { (role_words(p)) } }
                div { dt { (t!("user-seen")) } dd { (last_seen(person, p)) } }
                div { dt { (t!("user-made")) } dd { (stamp(person, account.created_at)) } }
            }
            p { a href={ "/journal?stream=accounts&actor=" (crate::web::encode(&account.name)) } { (t!("user-journal")) } }
        }
        (card("user-roles", &t!("user-roles"), &html! {}, &html! {
            form .inset action=(deed("roles")) method="post" novalidate {
                (seen(person, p.version))
                (Field::new("roles", &t!("user-roles-of")).hint(&t!("user-roles-hint")).boxes(draft, &roles()))
                button .btn .btn--primary { (t!("user-roles-save")) }
            }
        }))
        (card("user-access", &t!("user-access"), &html! {}, &html! {
            div .plain {
                form action=(deed("sign-out")) method="post" {
                    (hidden(person))
                    p .hint { (t!("user-sign-out-hint")) }
                    button .btn { (t!("user-sign-out")) }
                }
                form action=(deed("password")) method="post" {
                    (hidden(person))
                    p .hint { (t!("user-password-hint")) }
                    button .btn { (t!("user-password-new")) }
                }
                @if locked {
                    form action=(deed("unlock")) method="post" {
                        (hidden(person))
                        p .hint { (t!("user-unlock-hint")) }
                        button .btn { (t!("user-unlock")) }
                    }
                } @else {
                    form action=(deed("lock")) method="post" {
                        (hidden(person))
                        p .hint { (t!("user-lock-hint")) }
                        button .btn { (t!("user-lock")) }
                    }
                }
            }
        }))
    })
}

/// `POST /users/{name}/{deed}`
pub(crate) async fn post(posted: Posted, at: web::Path<(String, String)>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let (name, deed) = at.into_inner();
    let (lab, by, id) = (person.lab.clone(), person.actor().clone(), person.request_id.clone());
    let (whom, what, sent) = (name.clone(), deed.clone(), fields.clone());
    let outcome = web::block(move || match what.as_str() {
        "roles" => {
            let version = sent.get("version").parse().map_err(|_| {
                Refusal::field(
                    "/version",
                    "missing",
                    "this form does not say what you saw; reload the page and try again",
                )
            })?;
            lab.set_roles(&by, &whom, &chosen(&sent), version, &id).map(|()| None)
        }
        "lock" => lab.lock_account(&by, &whom, &id).map(|()| None),
        "unlock" => lab.unlock_account(&by, &whom, &id).map(|()| None),
        "sign-out" => lab.sign_out_everywhere(&by, &whom, &id).map(|()| None),
        "password" => lab.renew_password(&by, &whom, &id).map(Some),
        _ => Err(LabError::Refused(Refusal::NotFound("There is nothing here by that name.".into()))),
    })
    .await
    .map_err(|_| busy())?;
    match outcome {
        Ok(None) => Ok(see_other(&done(&path(&name), &format!("user-{deed}")))),
        Ok(Some(password)) => Ok(once(&person, &t!("user-password-new"), &name, &password)),
        Err(e) => {
            let problem = Problem::from(e);
            // Whoever may not look is told so by the question itself.
            let p = person.lab.person(person.actor(), &name).await?;
            let mut draft = if deed == "roles" { Draft::fresh(fields) } else { fresh(&p) };
            draft.problem = Some(problem);
            Ok(render(&person, &p, &draft))
        }
    }
}

//! `/`: on to the page that this person starts with.

use actix_web::HttpResponse;

use crate::domain::Role;
use crate::web::error::PageError;
use crate::web::pages::bench::worklist;
use crate::web::see_other;
use crate::web::session::Person;

/// `GET /`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    let actor = person.actor();
    let homes = [
        (Role::Tech, worklist::bench_path(&person)),
        (Role::Hematologist, "/patients".to_owned()),
        (Role::Supervisor, "/verify".to_owned()),
        (Role::Pathologist, "/sign".to_owned()),
        (Role::Admin, "/exports".to_owned()),
        (Role::Auditor, "/cases".to_owned()),
    ];
    let home = homes.into_iter().find(|(role, _)| actor.is(*role)).map(|(_, path)| path);
    let home = std::future::ready(home).await;
    home.map(|path| see_other(&path))
        .ok_or_else(|| crate::edge::Problem::forbidden("This account is for programs; there is no page for it.").into())
}

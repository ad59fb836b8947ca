//! `/cases/{accession}`: the laboratory's page of a case. What changes by itself is in parts of their own; the forms stand
//! beside them, so that nothing that somebody types is replaced.

mod forms;
mod read;
mod sheets;

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::critical;
use crate::domain::{Command, Refusal, Target};
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::{rich, t, word};
use crate::web::layout::Page;
use crate::web::live::Part;
use crate::web::pages::clinic::follow;
use crate::web::pages::seen::{Seen, history};
use crate::web::parts::{card, facts, known, known_name, named, stamp, when};
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other};

/// `GET /cases/{accession}`
pub(crate) async fn get(person: Person, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    render(&person, &accession, &Draft::default()).await
}

/// `POST /cases/{accession}/parts`
pub(crate) async fn add_part(posted: Posted, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let command = read::part(&person, &fields).map(|p| Command::AddSpecimen(Box::new(p)));
    add(&person, fields, &accession, command, "part").await
}

/// `POST /cases/{accession}/orders`
pub(crate) async fn add_order(posted: Posted, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let command = read::order(&person, &fields).map(|o| Command::OrderAssay(Box::new(o)));
    add(&person, fields, &accession, command, "assay").await
}

/// `POST /cases/{accession}/sample-plan`
pub(crate) async fn plan_sample(posted: Posted, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let seen = Seen::by_accession(&person, &accession).await?;
    let accession = seen.view.accession;
    let problem = match read::plan(&person, &fields, &seen) {
        Err(refusal) => refusal.into(),
        Ok(plan) => {
            let command = Command::PlanSample(Box::new(plan));
            let to = done(&format!("/cases/{accession}"), "sample-plan");
            match Deed::seen(&fields, Target::Case(accession), command, to)?.act(&person, &fields).await {
                Ok(to) => return Ok(see_other(&to)),
                Err(e) => explain(&person, accession, e).await,
            }
        }
    };
    render(&person, &accession.to_string(), &Draft::refused(fields, problem)).await
}

async fn add(
    person: &Person,
    fields: Fields,
    text: &str,
    command: Result<Command, Refusal>,
    word: &'static str,
) -> Result<HttpResponse, PageError> {
    let accession = Seen::by_accession(person, text).await?.view.accession;
    let command = match command {
        Ok(command) => command,
        Err(refusal) => return render(person, text, &Draft::refused(fields, refusal)).await,
    };
    let to = done(&format!("/cases/{accession}"), word);
    match Deed::new(Target::Case(accession), command, move |_| to.clone()).act(person, &fields).await {
        Ok(to) => Ok(see_other(&to)),
        Err(e) => {
            let problem = explain(person, accession, e).await;
            render(person, text, &Draft::refused(fields, problem)).await
        }
    }
}

/// The parts of the page that change by themselves.
///
/// # Errors
/// As the page itself.
pub(crate) async fn live(person: &Person, accession: &str) -> Result<Vec<Part>, PageError> {
    let seen = Seen::by_accession(person, accession).await?;
    let entries = history(person, seen.view.accession).await?;
    Ok(sheets::all(person, &seen, &entries))
}

pub(super) async fn render(person: &Person, text: &str, draft: &Draft) -> Result<HttpResponse, PageError> {
    let seen = Seen::by_accession(person, text).await?;
    let entries = history(person, seen.view.accession).await?;
    let choice = person.lab.follow(person.actor(), seen.view.accession).await?.choice;
    let v = &seen.view;
    let sheets = sheets::all(person, &seen, &entries);
    let sheet = |id: &str| sheets.iter().find(|s| s.id == id).map(|s| s.markup.clone()).unwrap_or_default();
    // What somebody must still be told comes first; what was heard is history.
    let to_be_called = v.critical.iter().any(|c| c.finding.is_open());
    let critical = critical::section(person, &seen, &sheet("case-critical"), draft);
    let page = Page::of(person, t!("case-title", number = v.accession.to_string())).live();
    Ok(page.about(seen.banner(person)).draft(draft).render(html! {
        (sheet("case-head"))
        @if to_be_called { (critical) }
        (card("tests", &t!("log-tests"), &html! {}, &html! {
            (sheet("case-tests"))
            (forms::order(person, &seen, draft))
        }))
        (forms::scarce(person, &seen, draft))
        (sheet("case-results"))
        (sheet("case-reports"))
        (card("parts", &t!("case-parts"), &labels(&seen), &html! {
            (sheet("case-parts"))
            (forms::part(person, &seen, draft))
        }))
        (request(person, &seen))
        @if !to_be_called { (critical) }
        (follow::draw(person, v.accession, choice))
        (sheet("case-history"))
    }))
}

/// To the labels of all parts, as they are stuck on.
fn labels(seen: &Seen) -> Markup {
    html! { a .btn .btn--sm href={ "/cases/" (seen.view.accession) "/labels" } { (t!("case-labels")) } }
}

fn request(person: &Person, seen: &Seen) -> Markup {
    let v = &seen.view;
    let site = v.procedure.site.as_ref().and_then(|c| person.catalogue.site(c.as_str())).map(|s| s.name.clone());
    let side = v.procedure.side.map(|side| word("case-side", side.name()).to_lowercase());
    let place = [site, side].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let pairs = [
        (t!("case-question"), html! { (v.indication_name) }),
        (t!("log-requester"), named(v.requester_name.as_deref().unwrap_or(&v.requester))),
        (t!("log-urgency"), html! { (word("case-urgency", v.urgency.name())) }),
        (t!("log-performed"), when(person, v.procedure.performed_at)),
        (t!("log-operator"), known_name(v.procedure.operator.as_deref())),
        (t!("log-site"), known(Some(place))),
        (t!("log-outcome"), html! { (word("case-outcome", v.procedure.outcome.name())) }),
        (t!("case-logged"), rich!("case-by", when = stamp(person, v.logged_at), who = named(&v.logged_by.name))),
        (t!("log-reference"), known(v.external_ref.as_ref())),
    ];
    let pairs: Vec<(&str, Markup)> = pairs.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    html! {
        section .card .plain aria-label=(t!("log-request")) {
            (facts(&pairs))
            @if let Some(note) = &v.clinical_note { p { (rich!("case-asked", note = note)) } }
            p { a href={ "/track/" (v.accession) } { (t!("case-as-requester")) } }
        }
    }
}

//! Forms that are kept while somebody fills them in, for any page: `<form data-draft="PLACE">` is saved by `drafts.js`.
//!
//! A place is the path of the page without its first slash, and `#` with a number where a page has several such forms
//! (`cases/new#3f9a0c1d`). A page takes a draft up with [`take_up`]; the form's hidden field `draft` names its place, and
//! what is done with such a form forgets it ([`super::act`]). Without JavaScript a page offers a button of its own.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{Markup, html};

use super::act::nonce;
use super::error::PageError;
use super::fields::{Draft, Fields};
use super::language::t;
use super::see_other;
use super::session::{Person, Posted, is_local};
use super::time;
use crate::domain::{Moment, UserId};
use crate::lab::Lab;
use crate::lab::drafts::Draft as Kept;

/// What belongs to one showing of a form, or is a secret: never kept.
const NOT_KEPT: &[&str] = &["csrf", "key", "password", "place", "draft", "do", "next", "sources", "since"];

/// `POST /drafts`: keeps what stands in a form; answers with one quiet line.
pub(crate) async fn post(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let at = keep(&person, &place_of(&fields), &fields).await?;
    let said = t!("draft-saved", time = at.with_timezone(&person.zone()).format("%H:%M").to_string());
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(said))
}

/// `POST /drafts/discard`: forgets a form, and goes back to where the button was.
pub(crate) async fn discard(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    person.lab.discard_draft(person.actor(), fields.get("place")).await?;
    let next = Some(fields.get("next")).filter(|n| is_local(n)).unwrap_or("/");
    Ok(see_other(next))
}

/// Keeps what stands in a form; says when.
///
/// # Errors
/// As [`crate::lab::Lab::keep_draft`].
pub(crate) async fn keep(person: &Person, place: &str, fields: &Fields) -> Result<Moment, PageError> {
    Ok(person.lab.keep_draft(person.actor().id, place, kept(fields)).await?)
}

/// Keeps a form for whoever it is of, whose session ended before it was sent: it rides along on the page to sign in, but
/// somebody else may sign in there, or nobody. A form without a place, or too long for one, only rides along.
pub(crate) async fn keep_lapsed(lab: &Lab, owner: UserId, fields: &Fields) {
    let place = place_of(fields);
    if !place.is_empty()
        && let Err(error) = lab.keep_draft(owner, &place, kept(fields)).await
    {
        tracing::warn!(%error, "a form of an ended session could not be kept");
    }
}

/// The place that a form names.
fn place_of(fields: &Fields) -> String {
    fields.opt("place").unwrap_or_else(|| fields.get("draft").to_owned())
}

fn kept(fields: &Fields) -> Vec<(String, String)> {
    let kept = fields.pairs().filter(|(name, _)| !NOT_KEPT.contains(name));
    kept.map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
}

/// The form of a place as this person left it, with its times as they were meant; None when there is none. It holds the
/// version that it saw: what changed since then is found when it is sent, as if the page had stayed open.
///
/// # Errors
/// The store.
pub(crate) async fn begin(person: &Person, place: &str, times: &[&str]) -> Result<Option<Draft>, PageError> {
    Ok(take_up(person, place).await?.map(|(mut fields, kept_at)| {
        settle(person, &mut fields, times.iter().copied(), kept_at);
        Draft::taken_up(fields, kept_at)
    }))
}

/// `now` and `-2h` mean another moment later, so that what they meant then is written into the field.
pub(crate) fn settle<'n>(person: &Person, fields: &mut Fields, names: impl Iterator<Item = &'n str>, now: Moment) {
    for name in names {
        if let Some(settled) = settled(person, fields.get(name), now) {
            fields.set(name, settled);
        }
    }
}

fn settled(person: &Person, typed: &str, now: Moment) -> Option<String> {
    let zone = person.zone();
    let minute = |at: Moment| at.timestamp().div_euclid(60);
    let at = time::parse(typed, zone, now).ok()?;
    let shown = time::full(at, zone, now);
    // On the night when the clocks are put back the same words are two moments.
    let again = time::parse(&shown, zone, now).ok().filter(|again| minute(*again) == minute(at));
    Some(if again.is_some() { shown } else { time::exact(at, zone) })
}

/// The version that a form saw: of one that was begun before, or is shown once more, what it saw at first; `now` for a
/// fresh one, and where the page says what changed since.
pub(crate) fn version(draft: &Draft, now: i64) -> i64 {
    let said = draft.problem.as_ref().is_some_and(|p| p.code() == StatusCode::PRECONDITION_FAILED);
    draft.fields.get("version").parse().ok().filter(|_| !said).unwrap_or(now)
}

/// What a kept form carries, so that what is done with it forgets it.
pub(crate) fn carried(place: &str) -> Markup {
    html! { input type="hidden" name="draft" value=(place); }
}

/// The quiet line at the end of a kept form.
pub(crate) fn said() -> Markup {
    html! { p .hint data-draft-said data-lost=(t!("draft-lost")) {} }
}

/// Above a form that was begun before: since when, and the way to begin afresh.
pub(crate) fn taken_up(person: &Person, place: &str, draft: &Draft) -> Markup {
    html! {
        @if let Some(at) = draft.kept_at {
            form .note action="/drafts/discard" method="post" {
                (t!("draft-taken-up", when = time::full(at, person.zone(), person.now))) " "
                input type="hidden" name="csrf" value=(person.signed_in.csrf);
                input type="hidden" name="place" value=(place);
                input type="hidden" name="next" value=(person.path);
                button .btn .btn--sm { (t!("draft-discard")) }
            }
        }
    }
}

/// What this person has typed into a form before, if it was kept, and when: `-2h` was meant from then.
///
/// # Errors
/// The store.
pub(crate) async fn take_up(person: &Person, place: &str) -> Result<Option<(Fields, Moment)>, PageError> {
    Ok(person.lab.draft(person.actor(), place).await?.map(|d| (Fields::new(d.fields), d.updated_at)))
}

/// A place of its own for one more form of a page.
pub(crate) fn new_place(page: &str) -> String {
    format!("{page}#{}", nonce().get(..8).unwrap_or_default())
}

/// Where a form of this place is shown with what was kept.
pub(crate) fn address(place: &str) -> String {
    match place.split_once('#') {
        Some((page, number)) => format!("/{page}?draft={number}"),
        None => format!("/{place}"),
    }
}

/// The forms that were begun and not sent, to go on with or to discard. `what` is what a form was about.
pub(crate) fn list(person: &Person, kept: &[Kept], what: impl Fn(&Fields) -> String) -> Markup {
    html! {
        @for d in kept {
            @let about = what(&Fields::new(d.fields.clone()));
            li {
                a href=(address(&d.place)) { (t!("draft-go-on", when = time::full(d.begun_at, person.zone(), person.now))) }
                @if !about.is_empty() { b { (about) } }
                form action="/drafts/discard" method="post" {
                    input type="hidden" name="csrf" value=(person.signed_in.csrf);
                    input type="hidden" name="place" value=(d.place);
                    input type="hidden" name="next" value=(person.path);
                    button .btn .btn--sm { (t!("draft-discard")) @if !about.is_empty() { span .sr-only { ": " (about) } } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{address, new_place};

    #[test]
    fn a_form_is_found_again_by_its_place() {
        assert_eq!(address("cases/new#3f9a0c1d"), "/cases/new?draft=3f9a0c1d");
        assert_eq!(address("orders/7/result"), "/orders/7/result");
        let place = new_place("cases/new");
        assert!(place.starts_with("cases/new#") && place.len() == 18 && place != new_place("cases/new"), "{place}");
    }
}

//! What a decision rests on: whoever verifies or signs has read it, and when it has changed since the page was opened
//! nothing is verified or signed. The page then says what changed.

use actix_web::http::StatusCode;
use maud::{Markup, html};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::domain::decide::hex;
use crate::edge::Problem;
use crate::lab::questions::events::EventView;
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::t;
use crate::web::pages::seen::{Seen, history, journal};
use crate::web::parts::card;
use crate::web::session::Person;

/// Most entries of the journal that are shown.
const SHOWN: usize = 20;
/// The rule that withholds what was asked.
const RULE: &str = "sources_changed";

/// What is judged by, in one word: another word, another thing.
pub(crate) fn word(of: &impl Serialize) -> String {
    // What cannot be written is never the same as what the page carried.
    let text = serde_json::to_vec(of).unwrap_or_else(|e| format!("{e}{:?}", crate::web::act::nonce()).into_bytes());
    hex(&Sha256::digest(text))
}

/// What a form carries: the word for what its page showed, and how far the journal was.
pub(crate) fn hidden(seen: &Seen, word: &str) -> Markup {
    html! {
        input type="hidden" name="sources" value=(word);
        input type="hidden" name="since" value=(seen.view.version);
    }
}

/// Whether everything is as the page showed it.
///
/// # Errors
/// That it is not.
pub(crate) fn unchanged(fields: &Fields, word: &str) -> Result<(), Problem> {
    if fields.get("sources") == word {
        return Ok(());
    }
    let detail = "Something that this rests on changed after you opened the page. Nothing was verified or signed: the page now shows how it is. Read it again, then decide.";
    let problem = Problem::new(StatusCode::PRECONDITION_FAILED, "stale", "What you read has changed", detail);
    Err(Problem { rule: Some(RULE.to_owned()), ..problem })
}

/// What happened to the case since the page was opened, when that is why nothing was done.
///
/// # Errors
/// As the journal of the case.
pub(crate) async fn changes(person: &Person, seen: &Seen, draft: &Draft) -> Result<Markup, PageError> {
    let refused = draft.problem.as_ref().is_some_and(|p| p.rule.as_deref() == Some(RULE));
    let Some(since) = draft.fields.get("since").parse::<i64>().ok().filter(|_| refused) else { return Ok(html! {}) };
    let all = history(person, seen.view.accession).await?;
    let news: Vec<EventView> = all.into_iter().filter(|e| e.seq > since).collect();
    let body = html! {
        @if news.is_empty() { p .empty { (t!("sign-changed-elsewhere")) } }
        @else { (journal(person, seen, &news, SHOWN)) }
    };
    Ok(card("changed", &t!("sign-changed"), &html! {}, &body))
}

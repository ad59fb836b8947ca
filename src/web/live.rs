//! `GET /live?of=/worklists/FLOW`: the parts of a page that change by themselves, as server-sent HTML.
//!
//! Each live page gives its parts in a function of its own (`pages::live`), the same that draws them into the page. Here
//! is only when they are drawn again: after a change in the laboratory, at most every [`PAUSE`], and sent if they differ.

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use maud::{Markup, html};
use sha2::{Digest as _, Sha256};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use super::error::PageError;
use super::fields::Fields;
use super::pages;
use super::reader::{self, Reader};
use super::session::Person;
use crate::edge::Problem;
use crate::lab::Wake;

/// A comment is sent this often, so that proxies keep the line open.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Changes this close together are shown as one.
const PAUSE: Duration = Duration::from_millis(150);

/// A part of a page that is replaced when it changes.
pub(crate) struct Part {
    /// The id of the element.
    pub(crate) id: &'static str,
    /// The whole element, with that id.
    pub(crate) markup: Markup,
}

/// What is sent of a page: an element by its id.
#[derive(Debug)]
pub(crate) struct Piece {
    /// The id of the element.
    pub(crate) id: Cow<'static, str>,
    /// The whole element, with that id.
    pub(crate) markup: Markup,
}

impl From<Part> for Piece {
    fn from(part: Part) -> Self {
        Self { id: Cow::Borrowed(part.id), markup: part.markup }
    }
}

/// How a part that holds many things is drawn: whole into a page, and apart onto a line, so that a change sends the thing
/// that changed and not its neighbors.
pub(crate) enum Pieces {
    /// Each in its place.
    Whole,
    /// Each by itself; in its place is an empty element of its id, where `swap.js` leaves what the page already shows.
    Apart(Vec<Piece>),
}

impl Pieces {
    /// What stands in the place of the element with this id.
    pub(crate) fn put(&mut self, id: String, draw: impl FnOnce(&mut Self) -> Markup) -> Markup {
        let Self::Apart(pieces) = self else { return draw(self) };
        let (at, place) = (pieces.len(), html! { div id=(id) data-keep {} });
        // What it holds in turn finds its place only after it.
        pieces.push(Piece { id: Cow::Owned(id), markup: html! {} });
        let markup = draw(self);
        if let Self::Apart(pieces) = self
            && let Some(piece) = pieces.get_mut(at)
        {
            piece.markup = markup;
        }
        place
    }

    /// What was drawn apart; it is sent after the parts that have the places.
    pub(crate) fn apart(self) -> Vec<Piece> {
        match self {
            Self::Whole => Vec::new(),
            Self::Apart(pieces) => pieces,
        }
    }
}

/// A page in somebody's sight.
struct Watch {
    person: Person,
    reader: Reader,
    path: String,
    query: Fields,
    wakes: Receiver<Wake>,
    sent: HashMap<Cow<'static, str>, [u8; 32]>,
}

/// `GET /live?of=`
pub(crate) async fn get(req: HttpRequest, person: Person) -> Result<HttpResponse, PageError> {
    let query = web::Query::<Vec<(String, String)>>::from_query(req.query_string());
    let query = Fields::new(query.map(web::Query::into_inner).unwrap_or_default());
    let of = query.get("of").to_owned();
    let (path, of_query) = of.split_once('?').unwrap_or((of.as_str(), ""));
    let of_query = web::Query::<Vec<(String, String)>>::from_query(of_query);
    let mut watch = Watch {
        reader: Reader::of(&req),
        path: path.to_owned(),
        query: Fields::new(of_query.map(web::Query::into_inner).unwrap_or_default()),
        wakes: person.lab.listen(),
        person,
        sent: HashMap::new(),
    };
    // Refused before the first byte: what is not live, and what this person may not see.
    let first = watch.news().await?.ok_or_else(Problem::not_found)?;
    let events = stream::unfold((watch, Some(first)), |(mut watch, first)| async move {
        let text = match first {
            Some(first) => format!("retry: 2000\n\n{first}"),
            None => watch.next().await?,
        };
        Some((Ok::<_, actix_web::Error>(web::Bytes::from(text)), (watch, None)))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(events))
}

impl Watch {
    /// What is sent next; None at the end.
    async fn next(&mut self) -> Option<String> {
        match tokio::time::timeout(KEEP_ALIVE, self.wakes.recv()).await {
            Err(_) => return Some(": still here\n\n".to_owned()),
            Ok(Err(RecvError::Closed)) => return None,
            Ok(Ok(_) | Err(RecvError::Lagged(_))) => {}
        }
        tokio::time::sleep(PAUSE).await;
        while !matches!(self.wakes.try_recv(), Err(TryRecvError::Empty | TryRecvError::Closed)) {}
        match self.person.lab.is_signed_in(&self.person.signed_in).await {
            Ok(true) => {}
            Ok(false) => return Some("event: gone\ndata:\n\n".to_owned()),
            // The next change tries again; the page says by itself when the line is lost.
            Err(_) => return Some(": busy\n\n".to_owned()),
        }
        match self.news().await {
            Ok(Some(news)) if !news.is_empty() => Some(news),
            Ok(Some(_)) => Some(": nothing new\n\n".to_owned()),
            Ok(None) | Err(_) => Some("event: gone\ndata:\n\n".to_owned()),
        }
    }

    /// The parts that differ from what was sent, as events; None when the page has none.
    async fn news(&mut self) -> Result<Option<String>, PageError> {
        self.person.renew();
        let drawn = reader::scoped(self.reader, pages::live(&self.person, &self.path, &self.query)).await?;
        let Some(parts) = drawn else { return Ok(None) };
        let mut news = String::new();
        let before = std::mem::take(&mut self.sent);
        for part in parts {
            let text = part.markup.into_string();
            let hash = <[u8; 32]>::from(Sha256::digest(without_keys(&text).as_bytes()));
            let known = before.get(&part.id) == Some(&hash);
            // What is gone is forgotten: should it come back, its place is empty.
            self.sent.insert(part.id, hash);
            if !known {
                news.push_str("event: part\n");
                for line in text.split('\n') {
                    news.push_str("data: ");
                    news.push_str(line);
                    news.push('\n');
                }
                news.push('\n');
            }
        }
        Ok(Some(news))
    }
}

/// Markup without the words that make each form good once: they differ every time.
fn without_keys(text: &str) -> String {
    const KEY: &str = "name=\"key\" value=\"";
    let mut out = String::with_capacity(text.len());
    for (i, piece) in text.split(KEY).enumerate() {
        out.push_str(if i == 0 { piece } else { piece.split_once('"').map_or(piece, |(_, rest)| rest) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::without_keys;

    #[test]
    fn forms_that_differ_by_their_key_only_are_the_same() {
        let form = |key: &str| format!("<b>x</b><input name=\"key\" value=\"{key}\"><i>y</i>");
        assert_eq!(without_keys(&form("0a")), without_keys(&form("1b")));
        assert_eq!(without_keys("<b>x</b>"), "<b>x</b>");
    }
}

//! `/events` (the journal as a feed) and `/live` (server-sent events).

use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;

use super::access::Caller;
use super::reply::{limit, list, query};
use crate::edge::Problem;
use crate::lab::questions::events::EventView;
use crate::lab::scope;

/// A comment is sent this often, so that proxies keep the line open.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Where the feed goes on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// Entries after this position; from the beginning when left out.
    after: Option<i64>,
    /// The `next` of the last answer; the same as `after`.
    cursor: Option<i64>,
    /// 1 to 200; 50 when left out.
    limit: Option<i64>,
}

/// The journal, oldest first.
#[utoipa::path(get, path = "/api/v1/events", tag = "feed", params(EventsQuery),
    responses((status = 200, description = "`next` is the `after` of the next call", body = [EventView]), (status = 403, body = Problem)))]
pub async fn get_events(req: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let q: EventsQuery = query(&req)?;
    let size = limit(q.limit)?;
    let entries = caller.lab.events(&caller.actor, q.after.or(q.cursor).unwrap_or(0), size).await?;
    let full = i64::try_from(entries.len()).unwrap_or_default() == size;
    let next = entries.last().filter(|_| full).map(|e| e.position.to_string());
    Ok(list(&req, &entries, next))
}

/// Changes as they happen: `event: change` with the journal position and, for those who see patients, the case.
#[utoipa::path(get, path = "/api/v1/live", tag = "feed",
    responses((status = 200, description = "Server-sent events", content_type = "text/event-stream", body = String)))]
pub async fn get_live(caller: Caller) -> Result<HttpResponse, Problem> {
    scope::may_look(&caller.actor)?;
    // Who sees only own cases learns that something changed, not where.
    let names_cases = scope::own_only(&caller.actor).is_none();
    let receiver = caller.lab.listen();
    let events = stream::unfold(receiver, move |mut receiver| async move {
        let text = match tokio::time::timeout(KEEP_ALIVE, receiver.recv()).await {
            Err(_) => ": still here\n\n".to_owned(),
            Ok(Ok(wake)) => {
                let accession = wake.accession.filter(|_| names_cases);
                let data = json!({ "position": wake.position, "accession": accession });
                format!("event: change\ndata: {data}\n\n")
            }
            Ok(Err(RecvError::Lagged(_))) => "event: reload\ndata: {}\n\n".to_owned(),
            Ok(Err(RecvError::Closed)) => return None,
        };
        Some((Ok::<_, actix_web::Error>(web::Bytes::from(text)), receiver))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(events))
}

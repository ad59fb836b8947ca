//! How a handler reads preconditions and answers: ETag and If-Match, Idempotency-Key, representations.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::access::Caller;
use crate::domain::decide::Subject;
use crate::domain::{Case, Command, Target};
use crate::edge::Problem;
use crate::lab::questions::case::{CaseView, Eyes, case_view, order_view, report_view, result_view, specimen_view};
use crate::lab::questions::critical::critical_view;
use crate::lab::questions::documents::document_view;
use crate::lab::{Answer, Ask, Done, Expect, LabError, Once, Outcome};
use crate::store::aggregate::Whole;

/// Longest idempotency key, characters.
const KEY_MAX: usize = 128;

/// What is answered about a subject: the same whether it was read, written, or stale.
pub fn represent(subject: &Subject, case: &Case, seq: i64, eyes: Eyes<'_>) -> Value {
    let found = match subject {
        Subject::Case => value(&case_view(case, seq, eyes)),
        Subject::Specimen(label) => case.labeled(label).and_then(|s| value(&specimen_view(case, s, eyes))),
        Subject::Specimens(labels) => {
            let all: Vec<_> =
                labels.iter().filter_map(|l| case.labeled(l)).map(|s| specimen_view(case, s, eyes)).collect();
            let parent =
                labels.first().and_then(|l| case.labeled(l)).and_then(|s| s.parent).and_then(|id| case.specimen(id));
            Some(json!({
                "version": parent.map(|p| p.version),
                "parent": parent.map(|p| specimen_view(case, p, eyes)),
                "specimens": all,
            }))
        }
        Subject::Order(id) => case.order(*id).and_then(|o| value(&order_view(case, o, eyes))),
        Subject::Critical(id) => case
            .header
            .critical
            .iter()
            .find(|f| f.id == *id)
            .and_then(|f| value(&critical_view(case.header.accession, f, eyes.catalogue, eyes.now))),
        Subject::Document(id) => document_view(case, *id).and_then(|d| value(&d)),
        Subject::Result(id) => case.result(*id).and_then(|r| value(&result_view(case, r, eyes))),
        Subject::Report(id) => case.report(*id).and_then(|r| value(&report_view(case, r, eyes))),
    };
    found.unwrap_or(Value::Null)
}

fn value(view: &impl Serialize) -> Option<Value> {
    serde_json::to_value(view).ok()
}

/// An answer with its ETag: the representation's own version.
pub fn answer(status: StatusCode, body: &Value) -> HttpResponse {
    let text = body.to_string();
    raw(status, text, body.get("version").and_then(Value::as_i64))
}

fn raw(status: StatusCode, body: String, version: Option<i64>) -> HttpResponse {
    let mut res = HttpResponse::build(status);
    if let Some(tag) = version.and_then(|v| HeaderValue::from_str(&format!("\"{v}\"")).ok()) {
        res.insert_header((header::ETAG, tag));
    }
    res.content_type("application/json").body(body)
}

/// What the caller saw, from If-Match.
///
/// # Errors
/// 428 when it is needed and absent; 412 when it is no version of ours.
pub fn expected(req: &HttpRequest, needed: bool) -> Result<Expect, Problem> {
    let Some(given) = req.headers().get(header::IF_MATCH) else {
        if !needed {
            return Ok(Expect::Any);
        }
        return Err(Problem::new(
            StatusCode::PRECONDITION_REQUIRED,
            "precondition-required",
            "Say which version you saw",
            "Send If-Match with the ETag of the last answer about this resource.",
        ));
    };
    let text = given.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(Expect::Any);
    }
    let tag = text.strip_prefix("W/").unwrap_or(text).trim_matches('"');
    tag.parse().map(Expect::Version).map_err(|_| {
        Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "stale",
            "That is not a version of this resource",
            "Look at it again, and send its ETag.",
        )
    })
}

/// The idempotency key, if there is one.
///
/// # Errors
/// 422 for a key that is no plain word.
pub fn key(req: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(given) = req.headers().get("idempotency-key") else { return Ok(None) };
    let text = given.to_str().unwrap_or_default().trim().trim_matches('"');
    let plain = (1..=KEY_MAX).contains(&text.chars().count()) && text.chars().all(|c| c.is_ascii_graphic());
    if plain {
        return Ok(Some(text.to_owned()));
    }
    Err(Problem::field(
        "/Idempotency-Key",
        "malformed",
        format!("1 to {KEY_MAX} letters, digits and marks without spaces"),
    ))
}

/// A command with everything that HTTP says about it.
pub struct Carry {
    /// Which case.
    pub target: Target,
    /// What.
    pub command: Command,
    /// What the caller saw.
    pub expect: Expect,
    /// Hash of the request, for the key.
    pub hash: String,
    /// Key, if any.
    pub key: Option<String>,
    /// Status of success.
    pub status: StatusCode,
    /// What a stale caller is shown.
    pub subject: Subject,
    /// Whether the password was given again.
    pub reauthenticated: bool,
}

impl Carry {
    /// A change of what is there: If-Match is needed, and the answer is the same thing as it is now.
    ///
    /// # Errors
    /// As [`expected`] and [`key`].
    pub fn change(
        req: &HttpRequest,
        target: Target,
        subject: Subject,
        command: Command,
        hash: String,
    ) -> Result<Self, Problem> {
        let (expect, key) = (expected(req, true)?, key(req)?);
        Ok(Self { target, command, expect, hash, key, status: StatusCode::OK, subject, reauthenticated: false })
    }

    /// Something new beside what is there: If-Match is honored but not needed, and the answer is 201.
    ///
    /// # Errors
    /// As [`expected`] and [`key`].
    pub fn add(
        req: &HttpRequest,
        target: Target,
        subject: Subject,
        command: Command,
        hash: String,
    ) -> Result<Self, Problem> {
        let (expect, key) = (expected(req, false)?, key(req)?);
        Ok(Self { target, command, expect, hash, key, status: StatusCode::CREATED, subject, reauthenticated: false })
    }

    /// The change makes something new: the answer is 201.
    #[must_use]
    pub fn created(self) -> Self {
        Self { status: StatusCode::CREATED, ..self }
    }
}

/// Something of a case, as it is and as this caller sees it.
pub fn shown(caller: &Caller, subject: &Subject, whole: &Whole) -> HttpResponse {
    let catalogue = caller.lab.catalogue();
    answer(StatusCode::OK, &represent(subject, &whole.case, whole.head.seq, caller.eyes(&catalogue)))
}

/// A case as this caller sees it: what the view hides is hidden everywhere.
pub fn visible(caller: &Caller, whole: &Whole) -> CaseView {
    let catalogue = caller.lab.catalogue();
    case_view(&whole.case, whole.head.seq, caller.eyes(&catalogue))
}

/// Carries out a command and answers with the representation of what it was about.
///
/// # Errors
/// As [`crate::lab::Lab::execute`].
pub async fn carry_out(caller: &Caller, carry: Carry) -> Result<HttpResponse, Problem> {
    match outcome(caller, carry).await? {
        (Some(status), Answer { body, .. }) => {
            let parsed: Value = serde_json::from_str(&body).unwrap_or(Value::Null);
            let mut res = raw(status, body, parsed.get("version").and_then(Value::as_i64));
            if status == StatusCode::CREATED
                && let Some(place) = location(&parsed)
            {
                res.headers_mut().insert(header::LOCATION, place);
            }
            Ok(res)
        }
        (None, _) => Err(Problem::not_found()),
    }
}

/// Carries out a command; the answer as text, for bulk requests.
///
/// # Errors
/// As [`crate::lab::Lab::execute`].
pub async fn outcome(caller: &Caller, carry: Carry) -> Result<(Option<StatusCode>, Answer), Problem> {
    let Carry { target, command, expect, hash, key, status, subject, reauthenticated } = carry;
    let (actor, code) = (caller.actor.clone(), status.as_u16());
    let respond = move |done: &Done| {
        let eyes = Eyes { actor: &actor, catalogue: &done.catalogue, now: done.at };
        Answer { status: code, body: represent(&done.subject, &done.case, done.seq, eyes).to_string() }
    };
    let respond: crate::lab::execute::AnswerFn = Arc::new(respond);
    let mut ask = Ask::new(caller.actor.clone(), target, command, caller.request_id.0.clone());
    ask.expect = expect;
    ask.reauthenticated = reauthenticated;
    ask.once = key.map(|key| Once { key, body_hash: hash, answer: Arc::clone(&respond) });
    let answer = match caller.lab.execute(ask).await {
        Ok(Outcome::Done(done)) => respond(&done),
        Ok(Outcome::Again(answer)) => answer,
        Err(LabError::Stale { current, seq }) => {
            let catalogue = caller.lab.catalogue();
            let mut problem = Problem::from(LabError::Stale { current: current.clone(), seq });
            problem.current = Some(represent(&subject, &current, seq, caller.eyes(&catalogue)));
            return Err(problem.with_request(&caller.request_id));
        }
        Err(e) => return Err(Problem::from(e).with_request(&caller.request_id)),
    };
    Ok((StatusCode::from_u16(answer.status).ok(), answer))
}

fn location(body: &Value) -> Option<HeaderValue> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    if let (Some(accession), Some(number)) = (text("accession"), body.get("number").and_then(Value::as_i64))
        && body.get("diagnosis").is_some()
    {
        return HeaderValue::from_str(&format!("/api/v1/cases/{accession}/reports/{number}")).ok();
    }
    if let (Some(id), Some(_)) = (text("id"), text("sha256")) {
        return HeaderValue::from_str(&format!("/api/v1/documents/{id}")).ok();
    }
    let path = match (text("label"), text("assay"), text("id"), text("accession")) {
        (Some(label), ..) => format!("/api/v1/specimens/{label}"),
        (None, Some(_), Some(id), _) if body.get("interpretation").is_some() => format!("/api/v1/results/{id}"),
        (None, Some(_), Some(id), _) => format!("/api/v1/orders/{id}"),
        (.., Some(accession)) => format!("/api/v1/cases/{accession}"),
        _ => return None,
    };
    HeaderValue::from_str(&path).ok()
}

/// Reads the query strictly: an unknown filter is an error, not a shrug.
///
/// # Errors
/// 422 with what does not fit.
pub fn query<T: DeserializeOwned>(req: &HttpRequest) -> Result<T, Problem> {
    actix_web::web::Query::<T>::from_query(req.query_string())
        .map(actix_web::web::Query::into_inner)
        .map_err(|e| Problem::field("?", "malformed", e.to_string()).with_request(&crate::edge::RequestId::of(req)))
}

/// A span that a calendar holds: years 1 to 9999.
///
/// # Errors
/// 422 outside of that.
pub fn span(from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>) -> Result<(), Problem> {
    use chrono::Datelike as _;
    for (name, at) in [("?from", from), ("?to", to)] {
        if at.is_some_and(|at| !(1..=9999).contains(&at.year())) {
            return Err(Problem::field(name, "out_of_range", "a year between 1 and 9999"));
        }
    }
    Ok(())
}

/// How many lines a list shows: 1 to 200, 50 when not said.
///
/// # Errors
/// 422 outside of that.
pub fn limit(given: Option<i64>) -> Result<i64, Problem> {
    match given {
        None => Ok(50),
        Some(n) if (1..=200).contains(&n) => Ok(n),
        Some(_) => Err(Problem::field("?limit", "out_of_range", "1 to 200")),
    }
}

/// A place in a list as an opaque word.
pub fn cursor(place: (DateTime<Utc>, uuid::Uuid)) -> String {
    format!("{:x}.{}", place.0.timestamp_micros(), place.1.simple())
}

/// Reads [`cursor`].
///
/// # Errors
/// 422 when it is none of ours.
pub fn place(cursor: Option<&str>) -> Result<Option<(DateTime<Utc>, uuid::Uuid)>, Problem> {
    let Some(text) = cursor else { return Ok(None) };
    let read = || {
        let (at, id) = text.split_once('.')?;
        let at = DateTime::from_timestamp_micros(i64::from_str_radix(at, 16).ok()?)?;
        Some((at, uuid::Uuid::try_parse(id).ok()?))
    };
    read().map(Some).ok_or_else(|| Problem::field("?cursor", "malformed", "use the cursor of the last answer as it is"))
}

/// A page of a list: `items`, `next`, and the Link header.
#[allow(clippy::needless_pass_by_value)] // a fresh cursor, made for this answer
pub fn list(req: &HttpRequest, items: &impl Serialize, next: Option<String>) -> HttpResponse {
    let mut res = HttpResponse::Ok();
    if let Some(next) = &next {
        let kept: Vec<&str> =
            req.query_string().split('&').filter(|p| !p.is_empty() && !p.starts_with("cursor=")).collect();
        let rest = if kept.is_empty() { String::new() } else { format!("{}&", kept.join("&")) };
        let link = format!("<{}?{rest}cursor={next}>; rel=\"next\"", req.path());
        if let Ok(link) = HeaderValue::from_str(&link) {
            res.insert_header((header::LINK, link));
        }
    }
    res.json(json!({ "items": items, "next": next }))
}

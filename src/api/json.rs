//! Strict JSON: no duplicate keys, no unknown fields, no control characters; every complaint names its place.

use std::cell::RefCell;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use sha2::{Digest as _, Sha256};

use crate::domain::decide::hex;
use crate::edge::problem::Problem;
use crate::edge::{RequestId, guard};

/// A request body that passed.
pub struct Strict<T> {
    /// The value.
    pub value: T,
    /// SHA-256 of method, path and body, for the idempotency key.
    pub hash: String,
}

impl<T: DeserializeOwned + 'static> FromRequest for Strict<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let id = RequestId::of(req);
        let is_json =
            req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).is_some_and(|v| {
                v.split(';').next().is_some_and(|m| m.trim().eq_ignore_ascii_case("application/json"))
            });
        let start = format!("{} {}\n", req.method(), req.path());
        let bytes = web::Bytes::from_request(req, payload);
        Box::pin(async move {
            let bytes = bytes.await.map_err(|e| body_error(&e).with_request(&id))?;
            if !is_json {
                let e = Problem::new(
                    actix_web::http::StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "not-json",
                    "JSON is needed",
                    "Send Content-Type: application/json.",
                );
                return Err(e.with_request(&id));
            }
            let value = parse(&bytes).map_err(|e| e.with_request(&id))?;
            let mut hasher = Sha256::new();
            hasher.update(start.as_bytes());
            hasher.update(&bytes);
            Ok(Self { value, hash: hex(&hasher.finalize()) })
        })
    }
}

pub(super) fn body_error(e: &actix_web::Error) -> Problem {
    let status = e.as_response_error().status_code();
    if status == actix_web::http::StatusCode::PAYLOAD_TOO_LARGE {
        let detail = format!("At most {} KiB fit into one request.", guard::BODY_MAX / 1024);
        return Problem::new(status, "too-large", "The request is too large", detail);
    }
    broken_body()
}

/// The body ended before it was whole.
pub(super) fn broken_body() -> Problem {
    Problem::new(
        actix_web::http::StatusCode::BAD_REQUEST,
        "broken-body",
        "The request's body broke off",
        "Send it again, whole.",
    )
}

/// Parses a body.
///
/// # Errors
/// A [`Problem`] with the place.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let path = RefCell::new(Vec::new());
    let mut value = Strictly(&path).deserialize(&mut reader).and_then(|v| reader.end().map(|()| v)).map_err(|e| {
        let place = path.borrow().iter().fold(String::new(), |place, step| place + "/" + step);
        // Text that is no JSON at all has no place in the document; a key that comes twice has.
        let place = if e.is_data() { place } else { String::new() };
        Problem::field(place, "malformed", clip(&e.to_string()))
    })?;
    if let Err((pointer, message)) = plain(&value, &mut String::new()) {
        return Err(Problem::field(pointer, "control_character", message));
    }
    to_microseconds(&mut value);
    serde_path_to_error::deserialize(value).map_err(|e| {
        let (place, message) = (pointer(e.path()), e.inner().to_string());
        // A field that is not there has no place of its own; serde names it in words.
        match message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
            Some(field) if !place.ends_with(&format!("/{field}")) => {
                Problem::field(format!("{place}/{field}"), "missing", "this is needed")
            }
            Some(_) | None => Problem::field(place, "malformed", clip(&message)),
        }
    })
}

/// Cuts times to the microseconds that both engines keep: a moment with more would differ between a row's columns and its
/// body.
fn to_microseconds(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(cut) = microseconds(text) {
                *text = cut;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(to_microseconds),
        Value::Object(map) => map.values_mut().for_each(to_microseconds),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// An RFC 3339 moment with more than six decimals, cut to six; `None` for any other text.
fn microseconds(text: &str) -> Option<String> {
    let (whole, rest) = text.split_once('.')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits <= 6 || chrono::DateTime::parse_from_rfc3339(text).is_err() {
        return None;
    }
    Some(format!("{whole}.{}{}", rest.get(..6)?, rest.get(digits..)?))
}

/// Messages quote what was sent; the start of it is enough.
fn clip(text: &str) -> String {
    text.chars().take(300).collect()
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    use std::fmt::Write as _;
    path.iter().fold(String::new(), |mut out, segment| {
        match segment {
            Segment::Seq { index } => {
                let _ = write!(out, "/{index}");
            }
            Segment::Map { key } => {
                let _ = write!(out, "/{}", key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { variant } => {
                let _ = write!(out, "/{variant}");
            }
            Segment::Unknown => {}
        }
        out
    })
}

fn plain(value: &Value, at: &mut String) -> Result<(), (String, String)> {
    match value {
        Value::String(text) => match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            Some(c) => Err((at.clone(), format!("the character U+{:04X} cannot be kept; remove it", u32::from(c)))),
            None => Ok(()),
        },
        Value::Array(items) => items.iter().enumerate().try_for_each(|(i, v)| step(at, &i.to_string(), v)),
        Value::Object(map) => map.iter().try_for_each(|(k, v)| step(at, k, v)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn step(at: &mut String, key: &str, value: &Value) -> Result<(), (String, String)> {
    let length = at.len();
    at.push('/');
    at.push_str(&key.replace('~', "~0").replace('/', "~1"));
    let result = plain(value, at);
    at.truncate(length);
    result
}

/// Builds a [`Value`] and refuses a key that comes twice, remembering where it is. (Depth is limited by the parser.)
#[derive(Clone, Copy)]
struct Strictly<'p>(&'p RefCell<Vec<String>>);

impl Strictly<'_> {
    /// Reads one step deeper; where reading fails, the path stays to tell the place.
    fn inside<T, E>(self, step: &str, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.0.borrow_mut().push(step.replace('~', "~0").replace('/', "~1"));
        let value = read()?;
        self.0.borrow_mut().pop();
        Ok(value)
    }
}

impl<'de> DeserializeSeed<'de> for Strictly<'_> {
    type Value = Value;
    fn deserialize<D: serde::Deserializer<'de>>(self, d: D) -> Result<Value, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strictly<'_> {
    type Value = Value;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }
    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_f64<E: serde::de::Error>(self, v: f64) -> Result<Value, E> {
        Number::from_f64(v).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }
    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(Value::String(v.to_owned()))
    }
    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(Value::String(v))
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = self.inside(&items.len().to_string(), || seq.next_element_seed(self))? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let value = self.inside(&key, || {
                if map.contains_key(&key) {
                    return Err(A::Error::custom("the key comes twice"));
                }
                access.next_value_seed(self)
            })?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LogCase;
    use proptest::prelude::*;

    fn pointer_of(body: &str) -> String {
        parse::<LogCase>(body.as_bytes()).unwrap_err().errors[0].pointer.clone()
    }

    #[test]
    fn complaints_name_their_place() {
        assert_eq!(pointer_of(r#"{"patient":{"mrn":"1","mrn":"2","family_name":"x"}}"#), "/patient/mrn");
        assert_eq!(pointer_of(r#"{"patient":{"mrn":"1","family_name":"x","shoe":1}}"#), "/patient/shoe");
        assert_eq!(pointer_of("{\"patient\":{\"mrn\":\"1\\u0000\",\"family_name\":\"x\"}}"), "/patient/mrn");
        let body = r#"{"patient":{"mrn":"1","family_name":"x"},"requester":"r","indication":"MDS","specimens":[{"kind":"aspirat","container":"EDTA"}],"orders":"suggested"}"#;
        assert_eq!(pointer_of(body), "/specimens/0/kind");
        assert_eq!(pointer_of("{"), "");
        assert_eq!(pointer_of(&"[".repeat(10_000)), "");
    }

    /// A case logged with nanoseconds made `verify` report that its columns differ from its body.
    #[test]
    fn times_are_cut_to_microseconds() {
        for (sent, kept) in [
            ("2026-03-04T08:00:00.123456789Z", Some("2026-03-04T08:00:00.123456Z")),
            ("2026-03-04T08:00:00.1234567+01:00", Some("2026-03-04T08:00:00.123456+01:00")),
            ("2026-03-04T08:00:00.123456Z", None),
            ("2026-03-04T08:00:00Z", None),
            ("3.1415926535", None),
            ("see 2026-03-04T08:00:00.123456789Z", None),
        ] {
            assert_eq!(microseconds(sent).as_deref(), kept, "{sent}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse::<LogCase>(&bytes);
        }
    }
}

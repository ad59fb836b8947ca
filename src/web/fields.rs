//! What a form sent: kept as it was typed, and read into values with everything that does not fit said at once.
//!
//! A field is named like the JSON pointer of what it becomes, with dots (`specimens.0.volume_ul`), so that an error of
//! the domain finds its field without a table.

use std::str::FromStr;

use chrono::NaiveDate;
use chrono_tz::Tz;
use sha2::{Digest as _, Sha256};

use super::time;
use crate::domain::decide::hex;
use crate::domain::{Code, FieldError, Moment, Refusal};
use crate::edge::Problem;

/// The fields of a form, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(crate) fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Exactly as it was typed; empty when absent.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// Without spaces around it; empty when absent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// Absent when blank.
    pub(crate) fn opt(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|v| !v.is_empty()).map(str::to_owned)
    }

    /// Names and values as they were sent.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Every value under that name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(n, _)| n != name);
        self.0.push((name.to_owned(), value.into()));
    }

    /// One more value under a name.
    pub(crate) fn add(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// Without these.
    pub(crate) fn without(mut self, names: &[&str]) -> Self {
        self.0.retain(|(n, _)| !names.contains(&n.as_str()));
        self
    }

    /// With a default.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// What an idempotency key stands for: the path and everything typed, but no secrets.
    pub(crate) fn hash(&self, path: &str) -> String {
        let mut hasher = Sha256::new();
        hasher.update(path.as_bytes());
        for (name, value) in self.0.iter().filter(|(n, _)| n != "csrf" && n != "password") {
            for piece in [name, value] {
                hasher.update([0]);
                hasher.update(piece.as_bytes());
            }
        }
        hex(&hasher.finalize())
    }
}

/// A form as a page shows it: what is in it, and what was wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) fields: Fields,
    pub(crate) problem: Option<Problem>,
    /// When its fields were typed, if they were kept and not sent ([`super::drafts`]).
    pub(crate) kept_at: Option<Moment>,
}

impl Draft {
    /// A form with these values that nobody has sent yet.
    pub(crate) fn fresh(fields: Fields) -> Self {
        Self { fields, ..Self::default() }
    }

    /// A form that was sent and refused.
    pub(crate) fn refused(fields: Fields, problem: impl Into<Problem>) -> Self {
        Self { fields, problem: Some(problem.into()), kept_at: None }
    }

    /// A form that somebody has begun before.
    pub(crate) fn taken_up(fields: Fields, kept_at: Moment) -> Self {
        Self { fields, problem: None, kept_at: Some(kept_at) }
    }

    /// What is wrong with a field.
    pub(crate) fn error(&self, name: &str) -> Option<&str> {
        let errors = &self.problem.as_ref()?.errors;
        errors.iter().find(|e| name_of(&e.pointer) == name).map(|e| e.message.as_str())
    }

    /// The status that the page answers with.
    pub(crate) fn status(&self) -> actix_web::http::StatusCode {
        self.problem.as_ref().map_or(actix_web::http::StatusCode::OK, Problem::code)
    }
}

/// The field that a pointer is about.
pub(crate) fn name_of(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}

/// The pointer of a field.
pub(crate) fn pointer_of(name: &str) -> String {
    format!("/{}", name.replace('.', "/"))
}

/// Reads fields into values and notes what does not fit.
pub(crate) struct Reader<'a> {
    fields: &'a Fields,
    zone: Tz,
    now: Moment,
    errors: Vec<FieldError>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(fields: &'a Fields, zone: Tz, now: Moment) -> Self {
        Self { fields, zone, now, errors: Vec::new() }
    }

    pub(crate) fn fail(&mut self, name: &str, code: &str, message: impl Into<String>) {
        self.errors.push(FieldError::new(pointer_of(name), code, message));
    }

    /// Text as typed; the domain checks it.
    pub(crate) fn text(&self, name: &str) -> String {
        self.fields.get(name).to_owned()
    }

    pub(crate) fn opt(&self, name: &str) -> Option<String> {
        self.fields.opt(name)
    }

    fn parsed<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.fields.opt(name)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(why) => {
                self.fail(name, "malformed", why);
                None
            }
        }
    }

    pub(crate) fn code(&mut self, name: &str) -> Option<Code> {
        self.parsed(name, Code::parse)
    }

    /// A code that must be there.
    pub(crate) fn need_code(&mut self, name: &str, why: &str) -> Option<Code> {
        if self.fields.opt(name).is_none() {
            self.fail(name, "missing", why);
        }
        self.code(name)
    }

    /// A word of one of our vocabularies.
    pub(crate) fn word<E: FromStr<Err = String>>(&mut self, name: &str) -> Option<E> {
        self.parsed(name, str::parse)
    }

    pub(crate) fn whole<N: FromStr>(&mut self, name: &str) -> Option<N> {
        self.parsed(name, |t| t.parse().map_err(|_| "type a whole number".to_owned()))
    }

    /// A volume: whole µL, or `3 mL`.
    pub(crate) fn volume(&mut self, name: &str) -> Option<u32> {
        self.parsed(name, volume)
    }

    pub(crate) fn time(&mut self, name: &str) -> Option<Moment> {
        let (zone, now) = (self.zone, self.now);
        self.parsed(name, |t| time::parse(t, zone, now))
    }

    pub(crate) fn date(&mut self, name: &str) -> Option<NaiveDate> {
        self.parsed(name, |t| {
            time::parse_date(t).ok_or_else(|| "type a date such as 1968-03-12 or 12 March 1968".to_owned())
        })
    }

    /// # Errors
    /// Everything that did not fit.
    pub(crate) fn done<T>(self, value: T) -> Result<T, Refusal> {
        if self.errors.is_empty() { Ok(value) } else { Err(Refusal::Invalid(self.errors)) }
    }

    /// As [`Reader::done`], for a value that is there unless something did not fit.
    ///
    /// # Errors
    /// Everything that did not fit.
    pub(crate) fn found<T>(self, value: Option<T>) -> Result<T, Refusal> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            Some(_) | None => Err(Refusal::Invalid(self.errors)),
        }
    }
}

fn volume(text: &str) -> Result<u32, String> {
    let how = || "type whole µL such as 3000, or mL such as 3 mL".to_owned();
    let lower = text.to_lowercase().replace(' ', "");
    if let Some(ml) = lower.strip_suffix("ml") {
        let (whole, part) = ml.split_once(['.', ',']).unwrap_or((ml, ""));
        if part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return Err(how());
        }
        let whole: u32 = whole.parse().map_err(|_| how())?;
        let part: u32 = format!("{part:0<3}").parse().map_err(|_| how())?;
        return whole.checked_mul(1000).and_then(|ul| ul.checked_add(part)).ok_or_else(how);
    }
    let ul = lower.strip_suffix("µl").or_else(|| lower.strip_suffix("μl")).or_else(|| lower.strip_suffix("ul"));
    ul.unwrap_or(&lower).parse().map_err(|_| how())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_in_either_unit() {
        for (text, ul) in [("3000", 3000), ("3 mL", 3000), ("0.5ml", 500), ("1,25 mL", 1250), ("80 µL", 80)] {
            assert_eq!(volume(text), Ok(ul), "{text}");
        }
        for bad in ["3.5", "-1", "1.2345 mL", "much", "9999999 mL"] {
            assert!(volume(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_key_stands_for_what_was_typed_and_no_secret() {
        let form = |password: &str, name: &str| {
            Fields::new(vec![
                ("csrf".into(), password.into()),
                ("password".into(), password.into()),
                ("a".into(), name.into()),
            ])
        };
        assert_eq!(form("x", "1").hash("/p"), form("y", "1").hash("/p"));
        assert_ne!(form("x", "1").hash("/p"), form("x", "2").hash("/p"));
        assert_ne!(form("x", "1").hash("/p"), form("x", "1").hash("/q"));
    }

    #[test]
    fn an_error_finds_its_field() {
        let draft = Draft::refused(Fields::default(), Refusal::field("/specimens/0/volume_ul", "missing", "say it"));
        assert_eq!(draft.error("specimens.0.volume_ul"), Some("say it"));
        assert_eq!(draft.error("specimens.1.volume_ul"), None);
        assert_eq!(draft.status().as_u16(), 422);
    }
}

//! What a person keeps for themselves: lists under a name, and which cases they opened last. Personal, not clinical: it
//! decides nothing about a patient, so it goes neither through the one door nor into the journal.

use super::{Lab, LabError, scope};
use crate::domain::text::Check;
use crate::domain::{Accession, Actor, FieldError, Refusal};
use crate::lab::questions::search::{FoundCase, found_case};
use crate::store::StoreError;
pub use crate::store::tables::saved_views::SavedView;
use crate::store::tables::{cases, opened_cases, saved_views};

/// The lists that may be kept, each with the filters its address may carry. A filter here takes codes, days and
/// numbers: no list is found by a patient, so that no address of a patient is ever kept or shown.
const LISTS: &[(&str, &[&str])] = &[
    ("/cases", &["stage", "indication", "late", "requester", "from", "to", "sort"]),
    ("/worklists/*", &["view", "assay", "urgent", "sort"]),
    ("/verify", &["bench"]),
    ("/sign", &[]),
    ("/patients", &[]),
    ("/recollections", &[]),
    ("/turnaround", &["from", "months", "assay", "urgency", "requester"]),
    ("/turnaround/orders", &["from", "months", "assay", "urgency", "requester", "kept"]),
    ("/storage", &[]),
    ("/storage/*", &[]),
];

/// Longest value of a filter, characters.
const VALUE_MAX: usize = 60;
/// Most lists of one person.
pub const VIEWS_MAX: usize = 50;
/// Longest name of a list, characters.
pub const NAME_MAX: usize = 60;
/// How many of the cases opened last are kept.
pub const OPENED_MAX: i64 = 10;

/// The address of a list that may be kept: local, one of the lists above, and with nothing in it but filters. Its text
/// is as it stands in a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListAddress(String);

impl ListAddress {
    /// Reads a path and query. What only says where in the list one is (`after`, `done`) is left out.
    ///
    /// # Errors
    /// Why this address cannot be kept.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let fail = |why: &str| FieldError::new("/address", "impossible", why);
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let filters = filters_of(path).ok_or_else(|| fail("only a list of this laboratory can be saved"))?;
        let mut kept = Vec::new();
        for pair in query.split('&').filter(|p| !p.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if value.is_empty() || matches!(name, "after" | "done") {
                continue;
            }
            if !filters.contains(&name) || !is_code(value) {
                return Err(fail("this list is narrowed by something that must not stand in an address"));
            }
            kept.push(format!("{name}={value}"));
        }
        let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
        Ok(Self(format!("{path}{query}")))
    }

    /// The path and query.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn filters_of(path: &str) -> Option<&'static [&'static str]> {
    LISTS.iter().find_map(|(list, filters)| {
        let fits = match list.strip_suffix('*') {
            Some(start) => path.strip_prefix(start).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(is_plain)),
            None => path == *list,
        };
        fits.then_some(*filters)
    })
}

const fn is_plain(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')
}

/// A code, a day, a month or a small number. Never more than four digits but in a day or month: that could be a record
/// number.
fn is_code(value: &str) -> bool {
    let is_day = value.len() == 10 && value.parse::<chrono::NaiveDate>().is_ok();
    let is_month = value.len() == 7 && format!("{value}-01").parse::<chrono::NaiveDate>().is_ok();
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    value.len() <= VALUE_MAX && (is_day || is_month || digits <= 4) && value.bytes().all(|b| is_plain(b) || b == b'.')
}

impl Lab {
    /// Keeps a list under a name; that person's list of this name is replaced.
    ///
    /// # Errors
    /// A name that is missing or too long; an address that cannot be kept; too many lists.
    pub async fn save_view(&self, actor: &Actor, name: &str, address: &str) -> Result<ListAddress, LabError> {
        let mut check = Check::default();
        let name = check.line("/name", name);
        if name.chars().count() > NAME_MAX {
            check.fail("/name", "out_of_range", format!("at most {NAME_MAX} characters"));
        }
        check.done(()).map_err(LabError::Refused)?;
        let address = ListAddress::parse(address).map_err(|e| LabError::Refused(Refusal::Invalid(vec![e])))?;
        let new = SavedView {
            id: self.next_id(),
            user_id: actor.id.0,
            name,
            address: address.as_str().to_owned(),
            created_at: self.now(),
        };
        self.store()
            .write("view.save", move |tx| {
                let others = saved_views::of_user(tx, new.user_id)?.into_iter().filter(|v| v.name != new.name).count();
                if others >= VIEWS_MAX {
                    let why = format!("you have {VIEWS_MAX} saved views; delete one first");
                    return Err(LabError::Refused(Refusal::field("/name", "out_of_range", why)));
                }
                saved_views::put(tx, &new)?;
                Ok(())
            })
            .await?;
        Ok(address)
    }

    /// That person's lists, by name. One that could no longer be kept is left out.
    ///
    /// # Errors
    /// The store.
    pub async fn saved_views(&self, actor: &Actor) -> Result<Vec<SavedView>, LabError> {
        let user = actor.id.0;
        let all = self.store().read(move |conn| saved_views::of_user(conn, user)).await?;
        Ok(all.into_iter().filter(|v| ListAddress::parse(&v.address).is_ok()).collect())
    }

    /// Forgets one of that person's lists.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn forget_view(&self, actor: &Actor, id: uuid::Uuid) -> Result<(), LabError> {
        let user = actor.id.0;
        let found = self.store().write("view.forget", move |tx| saved_views::delete(tx, user, id)).await?;
        if found { Ok(()) } else { Err(Refusal::NotFound("There is no such view.".into()).into()) }
    }

    /// Keeps that a person opened a case.
    ///
    /// # Errors
    /// The store.
    pub async fn note_opened(&self, actor: &Actor, accession: Accession) -> Result<(), LabError> {
        let (user, now) = (actor.id.0, self.now());
        let found = self
            .store()
            .read(move |conn| {
                let Some(id) = cases::id_of(conn, accession)? else { return Ok::<_, StoreError>(None) };
                // Looking at the same page again is no news and no write.
                let last = opened_cases::of_user(conn, user, 1)?;
                Ok(Some(id).filter(|id| !last.contains(id)))
            })
            .await?;
        if let Some(id) = found {
            self.store().write("case.opened", move |tx| opened_cases::put(tx, user, id, now, OPENED_MAX)).await?;
        }
        Ok(())
    }

    /// The cases that a person opened last and may still see, the latest first.
    ///
    /// # Errors
    /// The store.
    pub async fn opened_last(&self, actor: &Actor) -> Result<Vec<FoundCase>, LabError> {
        let actor = actor.clone();
        let found = self
            .store()
            .read(move |conn| {
                let ids = opened_cases::of_user(conn, actor.id.0, OPENED_MAX)?;
                let mut loaded = cases::of_ids(conn, &ids)?;
                loaded.retain(|c| scope::may_see(&actor, &c.header).is_ok());
                loaded.sort_by_key(|c| ids.iter().position(|id| *id == c.header.id));
                Ok::<_, StoreError>(loaded)
            })
            .await?;
        Ok(found.into_iter().map(|c| found_case(c.header.accession, &c.patient)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_kept_without_the_place_in_them() {
        for (text, kept) in [
            ("/cases", "/cases"),
            ("/cases?stage=testing&indication=&late=1&after=17.x&done=accept", "/cases?stage=testing&late=1"),
            ("/worklists/FLOW?view=to_do", "/worklists/FLOW?view=to_do"),
            ("/worklists/FLOW?view=mine&sort=label", "/worklists/FLOW?view=mine&sort=label"),
            ("/cases?late=1&sort=due", "/cases?late=1&sort=due"),
            ("/turnaround?from=2026-01&months=6", "/turnaround?from=2026-01&months=6"),
            ("/cases?from=2026-01-31", "/cases?from=2026-01-31"),
            ("/verify?bench=FLOW", "/verify?bench=FLOW"),
            ("/storage/FREEZER-80A", "/storage/FREEZER-80A"),
        ] {
            assert_eq!(ListAddress::parse(text).map(|a| a.0), Ok(kept.to_owned()), "{text}");
        }
    }

    #[test]
    fn no_other_address_is_kept() {
        for text in [
            "",
            "cases",
            "//evil.example/cases",
            "https://evil.example/cases",
            "/\\evil.example",
            "/cases/BM26-000417K",
            "/track/BM26-000417K",
            "/search",
            "/search?q=Smith",
            "/cases?q=Smith",
            "/cases?mrn=4857773456",
            "/cases?stage=4857773456",
            "/cases?stage=485-777-3456",
            "/cases?indication=485%20777%203456",
            "/cases?stage=Smith%20Anna",
            "/cases#x",
            "/worklists/",
            "/worklists/FLOW/bench",
            "/worklists/../sign-out",
        ] {
            assert!(ListAddress::parse(text).is_err(), "{text}");
        }
    }
}

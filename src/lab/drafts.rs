//! Forms that somebody has begun and not sent yet: kept for a few days, readable by their author only.
//!
//! Nothing clinical: a draft is what stood in the fields of a form, and becomes something only when the form is sent.

use chrono::Duration;

use super::{Lab, LabError};
use crate::domain::{Actor, Moment, Refusal, UserId};
use crate::store::tables::drafts;

pub use crate::store::tables::drafts::Draft;

/// How long a draft is kept after it was last touched, days.
pub const KEPT_DAYS: i64 = 7;
/// Most drafts of one person; the oldest makes room.
pub const DRAFTS_MAX: usize = 30;
/// Most that one draft holds, bytes of names and values.
pub const BYTES_MAX: usize = 64 * 1024;
/// Longest name of a place, characters.
const PLACE_MAX: usize = 100;

/// Whether a place is one that a form can have: the path of its page and perhaps `#` with a number of its own.
fn is_place(place: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-_.#".contains(&b);
    !place.is_empty() && place.len() <= PLACE_MAX && place.bytes().all(plain)
}

impl Lab {
    /// Keeps what stands in a form, in place of what was kept for it before. Says when.
    ///
    /// # Errors
    /// A place that is none; more than [`BYTES_MAX`].
    pub async fn keep_draft(
        &self,
        author: UserId,
        place: &str,
        fields: Vec<(String, String)>,
    ) -> Result<Moment, LabError> {
        if !is_place(place) {
            return Err(Refusal::field("/place", "malformed", "this form has no place for a draft").into());
        }
        if fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > BYTES_MAX {
            return Err(Refusal::field("/fields", "too_many", "this is too long to be kept as a draft").into());
        }
        let now = self.now();
        let new = Draft { user_id: author.0, place: place.to_owned(), begun_at: now, updated_at: now, fields };
        self.store()
            .write("draft.keep", move |tx| {
                drafts::put(tx, &new)?;
                for old in drafts::of_user(tx, new.user_id)?.iter().skip(DRAFTS_MAX) {
                    drafts::delete(tx, new.user_id, &old.place)?;
                }
                Ok::<_, LabError>(now)
            })
            .await
    }

    /// What this person has kept for a place, and not too long ago.
    ///
    /// # Errors
    /// The store.
    pub async fn draft(&self, actor: &Actor, place: &str) -> Result<Option<Draft>, LabError> {
        let (id, place, oldest) = (actor.id.0, place.to_owned(), self.now() - Duration::days(KEPT_DAYS));
        let found = self.store().read(move |conn| drafts::find(conn, id, &place)).await?;
        Ok(found.filter(|d| d.updated_at >= oldest))
    }

    /// What this person has kept for all forms of a page, the newest first: `cases/new` finds `cases/new#1`.
    ///
    /// # Errors
    /// The store.
    pub async fn drafts_of(&self, actor: &Actor, page: &str) -> Result<Vec<Draft>, LabError> {
        let (id, oldest) = (actor.id.0, self.now() - Duration::days(KEPT_DAYS));
        let mut found = self.store().read(move |conn| drafts::of_user(conn, id)).await?;
        let here = |place: &str| place.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('#'));
        found.retain(|d| d.updated_at >= oldest && here(&d.place));
        Ok(found)
    }

    /// Forgets what this person has kept for a place.
    ///
    /// # Errors
    /// The store.
    pub async fn discard_draft(&self, actor: &Actor, place: &str) -> Result<(), LabError> {
        let (id, place) = (actor.id.0, place.to_owned());
        self.store()
            .write("draft.discard", move |tx| drafts::delete(tx, id, &place).map(|_| ()).map_err(LabError::from))
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::is_place;

    #[test]
    fn a_place_is_a_path_and_holds_nothing_else() {
        for place in ["cases/new#3f9a0c1d", "cases/new", "orders/0190-ab/result"] {
            assert!(is_place(place), "{place}");
        }
        for bad in ["", "cases/new?mrn=1", "OKONKWO, Ada", "a b", "ü", &"a".repeat(101)] {
            assert!(!is_place(bad), "{bad}");
        }
    }
}

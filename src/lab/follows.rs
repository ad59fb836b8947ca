//! What a person follows and has seen. Personal, not clinical: it decides nothing about a patient, so it goes neither
//! through the one door nor into the journal of a case.

use super::{Lab, LabError};
use crate::domain::{Accession, Actor, CaseId};
use crate::store::tables::follows;
use crate::text_enum;

text_enum! {
    /// Of what a person is told about a case. Each tells also what those before it tell.
    pub enum Choice {
        /// Not in this person's list at all.
        Off = "off",
        /// In the list, and told of nothing.
        Never = "never",
        /// Results and reports, and what is withdrawn of them.
        Final = "final",
        /// Also what is late, failed or cannot be used.
        Late = "late",
        /// Everything that happens and may leave the laboratory.
        Any = "any",
    }
}

impl Choice {
    /// The least choice that tells of a command; absent for what never leaves the laboratory: drafts and their checking.
    pub fn of_command(command: &str) -> Option<Self> {
        match command {
            "result.release" | "result.verify" | "result.retract" | "report.sign" | "report.void" => Some(Self::Final),
            "order.overdue"
            | "order.fail"
            | "order.not_perform"
            | "order.cancel"
            | "specimen.reject"
            | "specimen.lose"
            | "specimen.mark_not_collected" => Some(Self::Late),
            "result.enter" | "result.revise" | "report.draft" | "report.edit" | "order.review" | "order.return"
            | "order.attach" => None,
            _ => Some(Self::Any),
        }
    }

    /// Whether a command put something before the requester's eyes that they must read.
    pub fn is_release(command: &str) -> bool {
        Self::of_command(command) == Some(Self::Final)
    }

    /// Whether somebody with this choice is told of a command.
    pub fn tells(self, command: &str) -> bool {
        Self::of_command(command).is_some_and(|least| self >= least)
    }
}

/// One person's relation to one case, as it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Follow {
    /// Of what they are told.
    pub choice: Choice,
    /// The last number of the case's journal that they had before their eyes; 0 for none.
    pub seen: i64,
    /// The last number of it that they put away among the notices; 0 for none.
    pub told: i64,
}

impl Follow {
    /// What is kept, or else: the own requests are followed, those of others are not.
    pub(crate) fn of(kept: Option<&follows::Follow>, own: bool) -> Self {
        let by_default = if own { Choice::Late } else { Choice::Off };
        let choice = kept.and_then(|f| f.choice.as_deref()).and_then(Choice::parse).unwrap_or(by_default);
        Self { choice, seen: kept.map_or(0, |f| f.seen), told: kept.map_or(0, |f| f.told) }
    }

    /// Whether an entry of the case's journal is still unread as a notice.
    pub const fn is_unread(&self, seq: i64) -> bool {
        seq > self.seen && seq > self.told
    }
}

impl Lab {
    /// One person's relation to a case that they may see.
    ///
    /// # Errors
    /// As [`Lab::case`].
    pub async fn follow(&self, actor: &Actor, accession: Accession) -> Result<Follow, LabError> {
        let header = self.case(actor, accession).await?.case.header;
        let (user, own) = (actor.id.0, header.requester == actor.name);
        let kept = self.store().read(move |conn| follows::find(conn, user, header.id)).await?;
        Ok(Follow::of(kept.as_ref(), own))
    }

    /// Keeps of what a person wants to be told about a case that they may see.
    ///
    /// # Errors
    /// As [`Lab::case`].
    pub async fn choose(&self, actor: &Actor, accession: Accession, choice: Choice) -> Result<(), LabError> {
        let id = self.case(actor, accession).await?.case.header.id;
        let user = actor.id.0;
        self.store()
            .write("follow", move |tx| follows::choose(tx, user, id, choice.name()))
            .await
            .map_err(LabError::from)
    }

    /// Keeps that a person has seen a case as it was at this number of its journal. Writes only what is new.
    ///
    /// # Errors
    /// The store.
    pub async fn see(&self, actor: &Actor, id: CaseId, seq: i64) -> Result<(), LabError> {
        let user = actor.id.0;
        let kept = self.store().read(move |conn| follows::find(conn, user, id)).await?;
        if kept.is_some_and(|f| f.seen >= seq) {
            return Ok(());
        }
        self.store().write("see", move |tx| follows::see(tx, user, id, seq)).await.map_err(LabError::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{OrderTransition, SpecimenTransition};

    #[test]
    fn each_choice_tells_what_those_before_it_tell() {
        let told = |command: &str| Choice::ALL.iter().copied().filter(|c| c.tells(command)).collect::<Vec<_>>();
        assert_eq!(told("result.verify"), [Choice::Final, Choice::Late, Choice::Any]);
        assert_eq!(told("order.overdue"), [Choice::Late, Choice::Any]);
        assert_eq!(told("specimen.receive"), [Choice::Any]);
    }

    #[test]
    fn nobody_is_told_of_drafts() {
        for command in ["result.enter", "result.revise", "report.draft", "report.edit", "order.review", "order.return"]
        {
            assert!(!Choice::Any.tells(command), "{command}");
        }
    }

    /// A step that is renamed would no longer be told of.
    #[test]
    fn the_steps_that_are_told_of_exist() {
        for step in ["reject", "lose", "mark_not_collected"] {
            assert!(SpecimenTransition::parse(step).is_some(), "{step}");
        }
        for step in ["fail", "not_perform", "cancel", "review", "return"] {
            assert!(OrderTransition::parse(step).is_some(), "{step}");
        }
    }

    #[test]
    fn own_requests_are_followed_until_somebody_says_otherwise() {
        assert_eq!(Follow::of(None, true).choice, Choice::Late);
        assert_eq!(Follow::of(None, false).choice, Choice::Off);
        let kept = follows::Follow { case: CaseId(uuid::Uuid::nil()), choice: Some("off".into()), seen: 3, told: 5 };
        let follow = Follow::of(Some(&kept), true);
        assert_eq!(follow.choice, Choice::Off);
        assert!(!follow.is_unread(5) && follow.is_unread(6));
    }
}

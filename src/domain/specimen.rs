//! One physical part of a marrow examination.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    CaseId, Code, Label, Ledger, Moment, Side, Slot, SpecimenId, SpecimenKind, SpecimenState, Temperature, Who,
};

/// A flaw that was accepted because the part cannot be taken twice. It prints on every result it touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Caveat {
    /// Reason (catalogue code).
    pub reason: Code,
    /// As it prints.
    pub text: String,
    /// Who accepted it.
    pub by: Who,
    /// When.
    pub at: DateTime<Utc>,
}

/// A refusal in two steps: one person proposes, another decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Rejection {
    /// Reason (catalogue code).
    pub reason: Code,
    /// In words.
    pub text: String,
    /// Who proposed it.
    pub proposed_by: Who,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// The second person.
    pub decided_by: Option<Who>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Who was told.
    pub told: Option<String>,
}

/// A question that keeps a part on hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Query {
    /// The question.
    pub text: String,
    /// Reason (catalogue code), where one fits.
    pub reason: Option<Code>,
    /// Who answers it.
    pub owner: String,
    /// Who asked.
    pub by: Who,
    /// When.
    pub at: DateTime<Utc>,
}

/// A part or an order sent to another laboratory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Referral {
    /// Which laboratory.
    pub laboratory: String,
    /// Which test.
    pub test: String,
    /// Courier's number.
    pub tracking: Option<String>,
    /// When the result is expected.
    pub expected_on: Option<NaiveDate>,
    /// When it went.
    pub sent_at: DateTime<Utc>,
}

/// One physical part: a tube, a core, a smear, a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Specimen {
    /// Identity.
    pub id: SpecimenId,
    /// Its case.
    pub case_id: CaseId,
    /// What is printed on it.
    pub label: Label,
    /// What it is.
    pub kind: SpecimenKind,
    /// Where it is in its life.
    pub state: SpecimenState,
    /// The part it was made from.
    pub parent: Option<SpecimenId>,
    /// What it is in (catalogue code).
    pub container: Code,
    /// Where it was taken (catalogue code).
    pub site: Option<Code>,
    /// On which side.
    pub side: Option<Side>,
    /// Which pull of the syringe, from 1.
    pub pull_number: Option<u8>,
    /// Volume account in µL; absent when the volume is not known (unknown is never zero).
    pub volume: Option<Ledger>,
    /// Length in whole millimeters (cores).
    pub length_mm: Option<u32>,
    /// Time into fixative.
    pub fixed_at: Option<DateTime<Utc>>,
    /// Decalcifying agent; an acid closes the way to FISH and NGS.
    pub decalcification: Option<String>,
    /// When it was taken.
    pub collected_at: Option<DateTime<Utc>>,
    /// When it came through the door.
    pub received_at: Option<DateTime<Utc>>,
    /// When it was found fit.
    pub accepted_at: Option<DateTime<Utc>>,
    /// How it traveled or is kept.
    pub temperature: Option<Temperature>,
    /// Where it is.
    pub location: Option<String>,
    /// Why it could not be taken (catalogue code).
    pub not_collected: Option<Code>,
    /// Flaws it was accepted with.
    pub caveats: Vec<Caveat>,
    /// A refusal, proposed or decided.
    pub rejection: Option<Rejection>,
    /// An open question.
    pub query: Option<Query>,
    /// Where it was sent.
    pub referral: Option<Referral>,
    /// May be thrown away after this day.
    pub retain_until: Option<NaiveDate>,
    /// How often it changed, from 1.
    pub version: i64,
}

impl Specimen {
    /// When its stability clocks start: into fixative for fixed tissue, collection otherwise (`reference/domain.md` §2).
    pub fn clock_start(&self) -> Option<Moment> {
        self.fixed_at.or(self.collected_at)
    }

    /// The position that it occupies: only what is stored takes up room.
    pub fn slot(&self) -> Option<Slot> {
        self.location.as_deref().filter(|_| self.state == SpecimenState::Stored).and_then(Slot::of_location)
    }

    /// What is left of it, µL, when known.
    pub fn remaining_ul(&self) -> Option<u32> {
        self.volume.map(|v| v.remaining_ul())
    }
}

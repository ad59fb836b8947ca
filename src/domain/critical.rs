//! A finding that somebody must be told of now, and the calls about it (`reference/domain.md` §6.2).

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::report_document::DocumentCall;
use super::{Case, Catalogue, Code, CriticalId, Moment, OrderId, ResultId, ResultState, Role, Who};
use crate::text_enum;

/// Who records a call: whoever in the laboratory makes one.
pub const CALLERS: &[Role] = &[Role::Tech, Role::Supervisor, Role::Pathologist];

text_enum! {
    /// How somebody was called. Direct oral contact is preferred (`reference/domain.md` §6.2).
    pub enum CallMethod {
        /// By telephone.
        Telephone = "telephone",
        /// Face to face.
        InPerson = "in_person",
        /// A written message.
        Message = "message",
    }
}

text_enum! {
    /// What came of a call.
    pub enum CallOutcome {
        /// The recipient heard it.
        Reached = "reached",
        /// Nobody answered.
        NoAnswer = "no_answer",
        /// A message was left.
        LeftMessage = "left_message",
        /// The person who answered would not take it.
        Refused = "refused",
    }
}

text_enum! {
    /// Why nobody has to be told any more.
    pub enum CriticalClosing {
        /// Somebody heard it and read it back.
        Heard = "heard",
        /// A later version of the result does not say so.
        Replaced = "replaced",
        /// The result was withdrawn.
        Withdrawn = "withdrawn",
    }
}

/// One call. Never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Call {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Who called.
    pub by: Who,
    /// Who was called.
    pub recipient: String,
    /// What the recipient is to the patient, e.g. `hematology registrar`.
    pub role: String,
    /// How.
    pub method: CallMethod,
    /// What came of it.
    pub outcome: CallOutcome,
    /// Whether the recipient read the finding back.
    pub read_back: bool,
    /// Whom it was escalated to.
    pub escalated_to: Option<String>,
    /// In words.
    pub note: Option<String>,
}

impl Call {
    /// Whether the duty is done with it: the recipient heard it and read it back.
    pub fn closes(&self) -> bool {
        self.outcome == CallOutcome::Reached && self.read_back
    }
}

/// Since when nobody has to be told of a finding, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CriticalClosed {
    /// Since when.
    pub at: DateTime<Utc>,
    /// Why.
    pub why: CriticalClosing,
}

/// A finding that somebody must be told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CriticalFinding {
    /// Identity.
    pub id: CriticalId,
    /// Which trigger (catalogue code).
    pub code: Code,
    /// What was found, where a person raised it by hand.
    pub text: Option<String>,
    /// The order whose result says so; absent when raised by hand.
    pub order: Option<OrderId>,
    /// The assay of that order (catalogue code).
    pub assay: Option<Code>,
    /// The result version that says so: the first, or the one that replaced it.
    pub result: Option<ResultId>,
    /// Since when it is known.
    pub opened_at: DateTime<Utc>,
    /// By when somebody must have heard it.
    pub due_at: DateTime<Utc>,
    /// The calls, in the order in which they were recorded. Only the last can be one that closes.
    pub calls: Vec<Call>,
    /// Since when no version of the result says so any more, and whether that is a later version's doing or a
    /// withdrawal's; also where somebody had heard it before, who then has to hear this too.
    pub denied: Option<CriticalClosed>,
}

impl CriticalFinding {
    /// Since when nobody has to be told, and why: by the first of a call that was heard and read back, and the result
    /// not saying so any more.
    pub fn closed(&self) -> Option<CriticalClosed> {
        let heard = self.calls.iter().find(|c| c.closes());
        // A call was perhaps made minutes before the result was typed.
        heard.map(|c| CriticalClosed { at: c.at.max(self.opened_at), why: CriticalClosing::Heard }).or(self.denied)
    }

    /// Whether somebody must still be told.
    pub fn is_open(&self) -> bool {
        self.closed().is_none()
    }

    /// Whether its time has passed and nobody has heard it: to be escalated.
    pub fn is_overdue(&self, now: Moment) -> bool {
        self.is_open() && now > self.due_at
    }

    /// Whether somebody outside has heard it, read back or not.
    pub fn was_heard(&self) -> bool {
        self.calls.iter().any(|c| c.outcome == CallOutcome::Reached)
    }

    /// What it is, in words: the trigger's name with what a person found, or with the assay that found it.
    pub fn words(&self, catalogue: &Catalogue) -> String {
        let name = catalogue.critical(self.code.as_str()).map_or(self.code.as_str(), |c| c.name.as_str());
        match (&self.text, &self.assay) {
            (Some(text), _) => format!("{name}: {text}"),
            (None, Some(assay)) => {
                let assay = catalogue.assay(assay.as_str()).map_or(assay.as_str(), |a| a.name.as_str());
                format!("{name} ({assay})")
            }
            (None, None) => name.to_owned(),
        }
    }

    /// The end of the time to tell somebody.
    pub(crate) fn due(opened_at: Moment, within_min: u32) -> Moment {
        opened_at + Duration::minutes(i64::from(within_min))
    }
}

/// The critical communications of a case as its report prints them (`reference/domain.md` §6.1, §6.2): every call, and
/// each finding that nobody has heard yet. A finding that was denied before anybody was called is not one.
pub fn document_calls(case: &Case, catalogue: &Catalogue) -> Vec<DocumentCall> {
    let mut printed = Vec::new();
    for f in &case.header.critical {
        let finding = f.words(catalogue);
        let denied = f.denied.map_or("", |_| "; later not confirmed");
        printed.extend(f.calls.iter().map(|call| DocumentCall {
            finding: finding.clone(),
            recipient: call.recipient.clone(),
            role: call.role.clone(),
            at: Some(call.at),
            method: call.method.words(),
            by: call.by.name.clone(),
            read_back: call.read_back,
            outcome: format!("{}{denied}", call.outcome.words()),
        }));
        if f.is_open() {
            let draft = f.result.and_then(|id| case.result(id)).is_some_and(|r| r.state == ResultState::Draft);
            printed.push(DocumentCall {
                finding,
                recipient: String::new(),
                role: String::new(),
                at: None,
                method: String::new(),
                by: String::new(),
                read_back: false,
                outcome: if draft { "not yet communicated; not yet verified" } else { "not yet communicated" }
                    .to_owned(),
            });
        }
    }
    printed
}

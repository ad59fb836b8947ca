//! Where is my marrow result? Derived from the four machines every time, never stored as a second truth.

use chrono::{DateTime, Datelike, Utc};
use serde::Serialize;

use super::text::count_word;
use super::{Case, Catalogue, Moment, Order, OrderState, ProcedureOutcome, ResultState, Specimen, SpecimenState};
use crate::text_enum;

text_enum! {
    /// Where a case stands, in one word.
    pub enum Stage {
        /// Nothing has arrived.
        Expected = "expected",
        /// Parts are here, no work has begun.
        InLab = "in_lab",
        /// Work is going on.
        Testing = "testing",
        /// Every required assay is at its end; the report is not signed.
        Resulted = "resulted",
        /// A preliminary report is signed.
        Preliminary = "preliminary",
        /// The report is signed as complete.
        Reported = "reported",
        /// Ended without a report: nothing was obtained or everything was taken back.
        Closed = "closed",
        /// Entered in error.
        Void = "void",
    }
}

text_enum! {
    /// Where a part stands as people say it.
    pub enum SpecimenStage {
        /// Not taken yet.
        Planned = "planned",
        /// Taken.
        Collected = "collected",
        /// Here.
        Received = "received",
        /// Being worked on.
        Testing = "testing",
        /// Everything it feeds has a verified result.
        Resulted = "resulted",
        /// In a signed report.
        Reported = "reported",
        /// Something is wrong; see the state.
        Exception = "exception",
    }
}

/// What a hematologist asks between two patients.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Progress {
    /// In one word.
    pub stage: Stage,
    /// In one sentence.
    pub sentence: String,
    /// Results verified or released.
    pub results_in: usize,
    /// Assays still to come.
    pub to_come: usize,
    /// When the integrated report can be expected: the last due date of the required assays.
    pub expected_at: Option<DateTime<Utc>>,
    /// Assays that are late, by code.
    pub late: Vec<String>,
    /// What the requester must do, if anything.
    pub action: Option<String>,
}

/// Where the case stands.
pub fn stage(case: &Case) -> Stage {
    if case.reports.iter().any(|r| r.state.is_complete()) {
        return Stage::Reported;
    }
    if case.specimens.iter().all(|s| s.state == SpecimenState::EnteredInError)
        && case.orders.iter().all(|o| matches!(o.state, OrderState::EnteredInError | OrderState::Cancelled))
    {
        return Stage::Void;
    }
    if case.reports.iter().any(|r| r.state.is_signed()) {
        return Stage::Preliminary;
    }
    let required_open = case.orders.iter().any(|o| o.required && o.state.is_open());
    let any_final = case.orders.iter().any(|o| o.state == OrderState::Final);
    if !required_open && any_final {
        return Stage::Resulted;
    }
    let ended = case.orders.iter().all(|o| !o.state.is_open());
    if ended && !any_final {
        return Stage::Closed;
    }
    if case.orders.iter().any(Order::is_started) {
        return Stage::Testing;
    }
    if case.specimens.iter().any(|s| s.received_at.is_some()) { Stage::InLab } else { Stage::Expected }
}

/// Where a part stands, as people say it.
pub fn specimen_stage(case: &Case, s: &Specimen) -> SpecimenStage {
    match s.state {
        SpecimenState::Planned => SpecimenStage::Planned,
        SpecimenState::Collected | SpecimenState::InTransit => SpecimenStage::Collected,
        SpecimenState::NotCollected
        | SpecimenState::OnHold
        | SpecimenState::Rejected
        | SpecimenState::Lost
        | SpecimenState::EnteredInError => SpecimenStage::Exception,
        SpecimenState::Received
        | SpecimenState::Accepted
        | SpecimenState::InProcess
        | SpecimenState::Stored
        | SpecimenState::ReferredOut
        | SpecimenState::Exhausted
        | SpecimenState::Discarded => {
            let mut fed = case.orders.iter().filter(|o| o.specimen == Some(s.id)).peekable();
            if fed.peek().is_none() {
                return SpecimenStage::Received;
            }
            let fed: Vec<&Order> = fed.collect();
            if fed.iter().all(|o| !o.state.is_open()) {
                return if case.reports.iter().any(|r| r.state.is_complete()) {
                    SpecimenStage::Reported
                } else {
                    SpecimenStage::Resulted
                };
            }
            if fed.iter().any(|o| o.is_started()) { SpecimenStage::Testing } else { SpecimenStage::Received }
        }
    }
}

/// Whether an open order is past its due time.
pub fn is_late(order: &Order, now: Moment) -> bool {
    order.state.is_open() && order.due_at.is_some_and(|due| due < now)
}

/// The whole answer.
pub fn progress(case: &Case, catalogue: &Catalogue, now: Moment) -> Progress {
    let stage = stage(case);
    let results_in = case
        .orders
        .iter()
        .filter(|o| {
            case.verified_result(o.id).is_some() || case.results_of(o.id).any(|r| r.state == ResultState::Preliminary)
        })
        .count();
    let open: Vec<&Order> = case.orders.iter().filter(|o| o.state.is_open()).collect();
    let to_come = open.iter().filter(|o| !case.results_of(o.id).any(|r| r.state == ResultState::Preliminary)).count();
    let expected_at =
        open.iter().filter(|o| o.required).filter_map(|o| o.due_at).max().filter(|_| stage != Stage::Reported);
    let late: Vec<String> = open.iter().filter(|o| is_late(o, now)).map(|o| o.assay.to_string()).collect();
    let action = action(case);
    let day = |at: Moment| {
        let local = at.with_timezone(&catalogue.laboratory.time_zone);
        format!("{} {} {}", local.format("%a"), local.day(), local.format("%B"))
    };
    let results = |n: usize| {
        if n == 1 { "One result is in.".to_owned() } else { format!("{} results are in.", capital(&count_word(n))) }
    };
    let tests = |n: usize| {
        if n == 1 {
            "One test is still to come.".to_owned()
        } else {
            format!("{} tests are still to come.", capital(&count_word(n)))
        }
    };
    let when = |what: &str| {
        expected_at
            .map(|at| {
                format!(
                    " {what} {}.",
                    if at < now { format!("was expected {}", day(at)) } else { format!("is expected {}", day(at)) }
                )
            })
            .unwrap_or_default()
    };
    let sentence = match stage {
        Stage::Reported => {
            let signed = case
                .reports
                .iter()
                .rfind(|r| r.state.is_complete())
                .and_then(|r| r.signature.as_ref().map(|s| (r.state, s.at)));
            signed.map_or_else(
                || "The report is signed.".to_owned(),
                |(state, at)| format!("The {} report was signed {}.", state.words(), day(at)),
            )
        }
        Stage::Void => "This case was entered in error.".into(),
        Stage::Closed => "This case ended without a report.".into(),
        Stage::Resulted => {
            format!("All {} results are in. The report waits for its signature.", count_word(results_in))
        }
        Stage::Expected => {
            let coming = if case
                .specimens
                .iter()
                .any(|s| matches!(s.state, SpecimenState::Collected | SpecimenState::InTransit))
            {
                "The marrow was taken and has not reached the laboratory yet."
            } else {
                "The marrow has not been taken yet."
            };
            coming.to_owned()
        }
        Stage::InLab => format!("The marrow is in the laboratory. {}{}", tests(to_come), when("The report")),
        Stage::Testing | Stage::Preliminary => {
            let lead = if stage == Stage::Preliminary { "A preliminary report is signed. " } else { "" };
            let in_words = if results_in == 0 { String::new() } else { format!("{} ", results(results_in)) };
            format!(
                "{lead}{in_words}{}{}",
                if to_come == 0 { "Nothing else is to come.".to_owned() } else { tests(to_come) },
                when("The report")
            )
        }
    };
    let sentence = match (&action, case.header.procedure.outcome) {
        (Some(action), _) => format!("{sentence} {action}"),
        (None, ProcedureOutcome::DryTap) if stage != Stage::Reported => {
            format!("{sentence} The tap was dry; the work goes on with the core.")
        }
        (None, _) => sentence,
    };
    Progress { stage, sentence, results_in, to_come, expected_at, late, action }
}

/// What somebody outside the laboratory must do.
fn action(case: &Case) -> Option<String> {
    let missing: Vec<String> =
        case.header.recollections.iter().filter(|r| r.is_open()).map(|r| r.kind.words()).collect();
    let waiting: Vec<String> =
        case.orders.iter().filter(|o| o.state == OrderState::NeedsRecollect).map(|o| o.assay.to_string()).collect();
    (!missing.is_empty() && !waiting.is_empty())
        .then(|| format!("A repeat {} is needed for {}.", missing.join(" and "), waiting.join(", ")))
}

/// The first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

//! What things are called on a page: states with their look, steps, messages, the journal. Words only, no rules.

use maud::{Markup, html};

use super::language::{english, t, word, word_if};
use crate::domain::progress::Stage;
use crate::domain::{OrderState, ReportState, ResultState, SpecimenState};

/// How a status looks and what it says.
pub(crate) struct Status {
    /// `wait`, `work`, `prelim`, `final`, `attn`, `prob`, or `off` for what has ended quietly.
    pub(crate) look: &'static str,
    pub(crate) word: String,
}

impl Status {
    pub(crate) fn new(look: &'static str, word: impl Into<String>) -> Self {
        Self { look, word: word.into() }
    }
}

/// What is past its time.
pub(crate) fn late() -> Status {
    Status::new("attn", t!("late"))
}

/// Where a part is.
pub(crate) fn specimen(state: SpecimenState) -> Status {
    let look = match state {
        SpecimenState::Planned | SpecimenState::Collected | SpecimenState::InTransit => "wait",
        SpecimenState::NotCollected | SpecimenState::OnHold => "attn",
        SpecimenState::Received | SpecimenState::Accepted | SpecimenState::InProcess | SpecimenState::ReferredOut => {
            "work"
        }
        SpecimenState::Rejected | SpecimenState::Lost => "prob",
        SpecimenState::Stored | SpecimenState::Exhausted | SpecimenState::Discarded | SpecimenState::EnteredInError => {
            "off"
        }
    };
    Status { look, word: word("specimen-state", state.name()) }
}

/// Where the work on an assay stands.
pub(crate) fn order(state: OrderState) -> Status {
    let look = match state {
        OrderState::Suggested
        | OrderState::Ordered
        | OrderState::Held
        | OrderState::AwaitingSpecimen
        | OrderState::Ready => "wait",
        OrderState::InProcess | OrderState::Resulted | OrderState::InReview | OrderState::ReferredOut => "work",
        OrderState::Final => "final",
        OrderState::NeedsRecollect | OrderState::Failed => "prob",
        OrderState::NotPerformed | OrderState::Cancelled | OrderState::EnteredInError => "off",
    };
    Status { look, word: word("order-state", state.name()) }
}

/// Where a version of a result stands.
pub(crate) fn result(state: ResultState) -> Status {
    let look = match state {
        ResultState::Draft => "wait",
        ResultState::Preliminary => "prelim",
        ResultState::Final | ResultState::Corrected | ResultState::Amended | ResultState::Appended => "final",
        ResultState::Retracted => "prob",
    };
    Status { look, word: word("result-state", state.name()) }
}

/// Where a version of the report stands.
pub(crate) fn report(state: ReportState) -> Status {
    let look = match state {
        ReportState::Draft => "wait",
        ReportState::Preliminary => "prelim",
        ReportState::Final | ReportState::Appended | ReportState::Amended | ReportState::Corrected => "final",
        ReportState::Void => "prob",
    };
    Status { look, word: word("report-state", state.name()) }
}

/// Where a case stands.
pub(crate) fn stage(state: Stage) -> Status {
    let look = match state {
        Stage::Expected => "wait",
        Stage::InLab | Stage::Testing | Stage::Resulted => "work",
        Stage::Preliminary => "prelim",
        Stage::Reported => "final",
        Stage::Closed | Stage::Void => "off",
    };
    Status { look, word: word("stage", state.name()) }
}

/// What a step is called on its button. Unknown words are shown as they are.
pub(crate) fn step(step: &str) -> String {
    word_if("step", step).unwrap_or_else(|| capital(&step.replace('_', " ")))
}

/// What was done, after a redirect: fixed words, chosen by a word in the address.
pub(crate) fn done(code: &str) -> Option<String> {
    let plain = !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'-');
    word_if("done", code).filter(|_| plain)
}

/// A journal entry's command in words, without its subject: `received`, `result verified`.
pub(crate) fn command(command: &str) -> String {
    word_if("command", command).unwrap_or_else(|| command.replace(['.', '_'], " "))
}

/// The first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// What is wrong with a field, as a sentence that says which field it is about. What the domain says is English.
pub(crate) fn message(name: &str, text: &str) -> Markup {
    if text != "this is needed" {
        return english(&sentence(text));
    }
    let what = word_if("needed", name).unwrap_or_else(|| t!("needed-this"));
    html! { (what) }
}

/// A message as a sentence: a capital first, a full stop last.
pub(crate) fn sentence(text: &str) -> String {
    let text = capital(text.trim());
    if text.ends_with(['.', '?', '!', '…']) { text } else { format!("{text}.") }
}

/// The words of one of the domain's vocabularies: its family of messages, and how its codes are read off.
#[cfg(test)]
type Vocabulary = (&'static str, fn() -> Vec<&'static str>);

#[cfg(test)]
macro_rules! vocabularies {
    ($($family:literal => $t:ty),+ $(,)?) => {
        &[$(($family, || <$t>::ALL.iter().map(|v| v.name()).collect())),+]
    };
}

/// Every vocabulary of which pages show the words: `choices(Side::ALL, Side::name, "side")`, `word("side", code)`.
#[cfg(test)]
pub(crate) const VOCABULARIES: &[Vocabulary] = vocabularies! {
    "specimen-state" => SpecimenState,
    "order-state" => OrderState,
    "result-state" => ResultState,
    "report-state" => ReportState,
    "stage" => Stage,
    "sex" => crate::domain::Sex,
    "specimen-kind" => crate::domain::SpecimenKind,
    "side" => crate::domain::Side,
    "urgency" => crate::domain::Urgency,
    "temperature" => crate::domain::Temperature,
    "limit-action" => crate::domain::LimitAction,
    "procedure-outcome" => crate::domain::ProcedureOutcome,
    "hold-policy" => crate::domain::HoldPolicy,
    "need" => crate::domain::Need,
    "origin" => crate::domain::Origin,
    "worklist-view" => crate::lab::questions::worklist::View,
    "interpretation" => crate::domain::Interpretation,
    "qualifier" => crate::domain::Qualifier,
    "revision" => crate::domain::Revision,
    "report-kind" => crate::domain::ReportKind,
    "call-method" => crate::domain::CallMethod,
    "call-outcome" => crate::domain::CallOutcome,
    "critical-closing" => crate::domain::critical::CriticalClosing,
    "dataset" => crate::lab::questions::export::Dataset,
    "identifiers" => crate::lab::questions::export::Identifiers,
    "command" => crate::lab::notes::Note,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{OrderTransition, SpecimenTransition};

    #[test]
    fn every_vocabulary_has_its_words() {
        for (family, codes) in VOCABULARIES {
            for code in codes() {
                assert!(word_if(family, code).is_some(), "{family}: {code}");
            }
        }
    }

    /// The journal shows what was done in words. The commands about a case are read off where they are named; steps of
    /// the machines that no command takes are left out there as here.
    #[test]
    fn every_command_that_is_written_has_words() {
        let source = include_str!("../domain/command.rs");
        let names = source.split("pub fn name(&self) -> String {").nth(1).and_then(|s| s.split("\n    }\n").next());
        let fixed: Vec<&str> = names
            .unwrap()
            .split('"')
            .skip(1)
            .step_by(2)
            .filter(|name| name.contains('.') && !name.contains('{'))
            .collect();
        assert!(fixed.len() >= 17, "{fixed:?}");
        let none = [
            "specimen.plan",
            "order.suggest",
            "order.result",
            "order.verify",
            "order.await",
            "order.make_ready",
            "order.recollect",
            "order.reopen",
        ];
        let steps = SpecimenTransition::ALL.iter().map(|s| format!("specimen.{s}"));
        let steps = steps.chain(OrderTransition::ALL.iter().map(|s| format!("order.{s}")));
        for command in steps.filter(|s| !none.contains(&s.as_str())).chain(fixed.into_iter().map(str::to_owned)) {
            assert!(word_if("command", &command).is_some(), "{command}");
        }
    }

    /// Every step that leads back to a page has words for its button and for what was done.
    #[test]
    fn every_step_has_words() {
        let own = ["plan", "suggest", "await", "make_ready", "recollect", "reopen"];
        let steps =
            SpecimenTransition::ALL.iter().map(|s| s.name()).chain(OrderTransition::ALL.iter().map(|s| s.name()));
        for word in steps.filter(|s| !own.contains(s)) {
            assert!(done(word).is_some(), "{word}");
            assert!(!step(word).contains('_') && step(word).starts_with(char::is_uppercase), "{word}");
        }
    }

    #[test]
    fn messages_become_sentences() {
        assert_eq!(sentence("say where it was taken"), "Say where it was taken.");
        assert_eq!(sentence("A percentage of what? One of: x"), "A percentage of what? One of: x.");
        assert_eq!(sentence(""), ".");
    }
}

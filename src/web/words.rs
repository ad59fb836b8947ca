//! What things are called on a page: states with their look, steps, messages, the journal. Words only, no rules.

use crate::domain::progress::Stage;
use crate::domain::{OrderState, ReportState, ResultState, SpecimenState};

/// How a status looks and what it says.
pub(crate) struct Status {
    /// `wait`, `work`, `prelim`, `final`, `attn`, `prob`, or `off` for what has ended quietly.
    pub(crate) look: &'static str,
    pub(crate) word: &'static str,
}

const fn look(look: &'static str, word: &'static str) -> Status {
    Status { look, word }
}

pub(crate) const LATE: Status = look("attn", "Late");

/// Where a part is.
pub(crate) const fn specimen(state: SpecimenState) -> Status {
    match state {
        SpecimenState::Planned => look("wait", "Planned"),
        SpecimenState::NotCollected => look("attn", "Not obtained"),
        SpecimenState::Collected => look("wait", "Taken, not here yet"),
        SpecimenState::InTransit => look("wait", "On its way"),
        SpecimenState::Received => look("work", "Received"),
        SpecimenState::OnHold => look("attn", "On hold"),
        SpecimenState::Accepted => look("work", "Accepted"),
        SpecimenState::InProcess => look("work", "On the bench"),
        SpecimenState::Stored => look("work", "Stored"),
        SpecimenState::ReferredOut => look("work", "At another laboratory"),
        SpecimenState::Rejected => look("prob", "Rejected"),
        SpecimenState::Exhausted => look("off", "Used up"),
        SpecimenState::Lost => look("prob", "Lost"),
        SpecimenState::Discarded => look("off", "Discarded"),
        SpecimenState::EnteredInError => look("off", "Entered in error"),
    }
}

/// Where the work on an assay stands.
pub(crate) const fn order(state: OrderState) -> Status {
    match state {
        OrderState::Suggested => look("wait", "Suggested"),
        OrderState::Ordered => look("wait", "Ordered"),
        OrderState::Held => look("wait", "Held"),
        OrderState::AwaitingSpecimen => look("wait", "Waiting for its sample"),
        OrderState::Ready => look("wait", "Ready to start"),
        OrderState::InProcess => look("work", "In progress"),
        OrderState::Resulted => look("work", "Result entered"),
        OrderState::InReview => look("work", "Being checked"),
        OrderState::Final => look("final", "Final"),
        OrderState::ReferredOut => look("work", "At another laboratory"),
        OrderState::NeedsRecollect => look("prob", "New sample needed"),
        OrderState::Failed => look("prob", "Failed"),
        OrderState::NotPerformed => look("off", "Not performed"),
        OrderState::Cancelled => look("off", "Canceled"),
        OrderState::EnteredInError => look("off", "Entered in error"),
    }
}

/// Where a version of a result stands.
pub(crate) const fn result(state: ResultState) -> Status {
    match state {
        ResultState::Draft => look("wait", "Draft"),
        ResultState::Preliminary => look("prelim", "Preliminary"),
        ResultState::Final => look("final", "Final"),
        ResultState::Corrected => look("final", "Corrected"),
        ResultState::Amended => look("final", "Amended"),
        ResultState::Appended => look("final", "Appended"),
        ResultState::Retracted => look("prob", "Retracted"),
    }
}

/// Where a version of the report stands.
pub(crate) const fn report(state: ReportState) -> Status {
    match state {
        ReportState::Draft => look("wait", "Draft"),
        ReportState::Preliminary => look("prelim", "Preliminary"),
        ReportState::Final => look("final", "Final"),
        ReportState::Appended => look("final", "Appended"),
        ReportState::Amended => look("final", "Amended"),
        ReportState::Corrected => look("final", "Corrected"),
        ReportState::Void => look("prob", "Void"),
    }
}

/// Where a case stands.
pub(crate) const fn stage(stage: Stage) -> Status {
    match stage {
        Stage::Expected => look("wait", "Expected"),
        Stage::InLab => look("work", "In the laboratory"),
        Stage::Testing => look("work", "Testing"),
        Stage::Resulted => look("work", "All results in"),
        Stage::Preliminary => look("prelim", "Preliminary report"),
        Stage::Reported => look("final", "Reported"),
        Stage::Closed => look("off", "Closed"),
        Stage::Void => look("off", "Entered in error"),
    }
}

/// What a step is called on its button. Unknown words are shown as they are.
pub(crate) fn step(step: &str) -> String {
    let known = match step {
        "collect" => "Record collection",
        "mark_not_collected" => "Not obtained",
        "dispatch" => "Send off",
        "receive" => "Receive",
        "accept" => "Accept",
        "accept_with_caveat" => "Accept with a caveat",
        "hold" => "Put on hold",
        "resolve" => "Answer the question",
        "propose_rejection" => "Propose rejection",
        "withdraw_rejection" => "Withdraw the proposal",
        "reject" => "Reject",
        "start" => "Start",
        "aliquot" => "Split",
        "store" => "Store",
        "refer_out" => "Send to another laboratory",
        "return_from_referral" => "Back from the other laboratory",
        "retained_by_referral" => "Kept by the other laboratory",
        "exhaust" => "Used up",
        "lose" => "Cannot be found",
        "find" => "Found",
        "discard" => "Discard",
        "enter_in_error" => "Entered in error",
        "order" => "Order it",
        "dismiss" => "Not needed",
        "release" => "Release",
        "advance" => "Record a step",
        "fail" => "Attempt failed",
        "repeat" => "Try again",
        "result" => "Enter the result",
        "review" => "Begin to check",
        "return" => "Return to the bench",
        "verify" => "Verify",
        "not_perform" => "Will not be done",
        "cancel" => "Cancel",
        _ => "",
    };
    if known.is_empty() { capital(&step.replace('_', " ")) } else { known.to_owned() }
}

/// What was done, after a redirect: fixed words, chosen by a word in the address.
pub(crate) fn done(word: &str) -> Option<&'static str> {
    Some(match word {
        "log" => "The case is logged. These are its labels.",
        "part" => "The part is added.",
        "assay" => "The test is ordered.",
        "collect" => "Collection recorded.",
        "mark_not_collected" => "Recorded as not obtained. Its tests look for another part.",
        "dispatch" => "Sent off.",
        "receive" => "Received.",
        "accept" => "Accepted.",
        "accept_with_caveat" => "Accepted. The caveat prints on every result from this part.",
        "hold" => "Put on hold.",
        "resolve" => "Answered; the answer prints on its results.",
        "propose_rejection" => "Rejection proposed. Another person decides.",
        "withdraw_rejection" => "The proposal is withdrawn.",
        "reject" => "Rejected. A new sample is asked for if a test needs it.",
        "start" => "Started.",
        "aliquot" => "Split. Print the labels of the new parts now.",
        "store" => "Stored.",
        "refer_out" => "Sent to another laboratory.",
        "return_from_referral" => "Back in the laboratory.",
        "retained_by_referral" | "exhaust" => "Recorded as used up.",
        "lose" => "Recorded as lost. A new sample is asked for if a test needs it.",
        "find" => "Recorded as found.",
        "discard" => "Discarded.",
        "enter_in_error" => "Marked as entered in error.",
        "order" => "Ordered.",
        "dismiss" => "The suggestion is dismissed.",
        "release" => "Released.",
        "advance" => "The step is recorded.",
        "fail" => "The failed attempt is recorded.",
        "repeat" => "Ready for another attempt.",
        "result" => "The result is entered. Another person verifies it.",
        "review" => "You are checking this result.",
        "return" => "Returned to the bench.",
        "verify" => "Verified.",
        "not_perform" => "Recorded as not performed.",
        "cancel" => "Canceled.",
        "call" => "The call is recorded.",
        "attach" => "The document is attached.",
        "preliminary" => "Released as preliminary.",
        "revise" => "The new version waits for another person to verify it.",
        "retract" => "The result is withdrawn.",
        "draft" => "The draft is saved. Read the preview, then sign.",
        "sign" => "Signed.",
        "void" => "The version is void. It stays readable.",
        "bench" => "This is your bench now.",
        "sample-plan" => "Decided. The material is given out in this order.",
        "signed-out" => "You are signed out.",
        _ => return None,
    })
}

/// A journal entry's command in words, without its subject: `received`, `result verified`.
pub(crate) fn command(command: &str) -> String {
    let known = match command {
        "case.log" => "case logged",
        "case.plan_sample" => "decided who goes first",
        "specimen.add" => "part added",
        "specimen.collect" => "taken",
        "specimen.mark_not_collected" => "not obtained",
        "specimen.dispatch" => "sent off",
        "specimen.receive" => "received",
        "specimen.accept" => "accepted",
        "specimen.accept_with_caveat" => "accepted with a caveat",
        "specimen.hold" => "put on hold",
        "specimen.resolve" => "question answered",
        "specimen.propose_rejection" => "rejection proposed",
        "specimen.withdraw_rejection" => "rejection proposal withdrawn",
        "specimen.reject" => "rejected",
        "specimen.start" => "taken to the bench",
        "specimen.aliquot" => "split",
        "specimen.store" => "stored",
        "specimen.refer_out" | "order.refer_out" => "sent to another laboratory",
        "specimen.return_from_referral" => "back from the other laboratory",
        "specimen.retained_by_referral" => "kept by the other laboratory",
        "specimen.exhaust" => "used up",
        "specimen.lose" => "lost",
        "specimen.find" => "found again",
        "specimen.discard" => "discarded",
        "specimen.enter_in_error" | "order.enter_in_error" => "entered in error",
        "order.order" => "ordered",
        "order.dismiss" => "suggestion dismissed",
        "order.hold" => "held",
        "order.release" => "released",
        "order.start" => "started",
        "order.advance" => "a step done",
        "order.fail" => "attempt failed",
        "order.repeat" => "to be tried again",
        "order.review" => "being checked",
        "order.return" => "returned to the bench",
        "order.not_perform" => "will not be done",
        "order.cancel" => "canceled",
        "case.call" => "call about a critical finding recorded",
        "order.attach" => "original document attached",
        "order.lapse" => "hold lapsed",
        "order.overdue" => "past its due time",
        "result.enter" => "result entered",
        "result.release" => "preliminary result released",
        "result.verify" => "result verified",
        "result.revise" => "revision begun",
        "result.retract" => "result withdrawn",
        "report.draft" => "report begun",
        "report.edit" => "report draft changed",
        "report.sign" => "report signed",
        "report.void" => "report version withdrawn",
        _ => "",
    };
    if known.is_empty() { command.replace(['.', '_'], " ") } else { known.to_owned() }
}

/// The first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// What is wrong with a field, as a sentence that says which field it is about.
pub(crate) fn message(name: &str, text: &str) -> String {
    if text != "this is needed" {
        return sentence(text);
    }
    let what = match name {
        "patient.family_name" => "The family name",
        "requester" => "The requester",
        "summary" => "The finding in one line",
        "diagnosis" => "The diagnosis",
        "reason" => "A reason",
        "told.who" => "Who was told",
        _ => "This field",
    };
    format!("{what} is needed.")
}

/// A message as a sentence: a capital first, a full stop last.
pub(crate) fn sentence(text: &str) -> String {
    let text = capital(text.trim());
    if text.ends_with(['.', '?', '!', '…']) { text } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{OrderTransition, SpecimenTransition};

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

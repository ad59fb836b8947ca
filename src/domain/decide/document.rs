//! Attaching the performing laboratory's original to an order that was sent out (`reference/domain.md` §6.2, §7.3).

use super::super::document::{DOCUMENT_MAX, DOCUMENTS_MAX, NewDocument};
use super::super::text::Check;
use super::super::{Document, DocumentId, OrderId, OrderState, Refusal, ResultVersion};
use super::{Subject, Work, assay};

impl Work<'_, '_> {
    pub(super) fn attach_document(&mut self, id: OrderId, new: &NewDocument) -> Result<Subject, Refusal> {
        let mut o = self.find_order(id)?;
        let who = assay(&self.case, &o);
        let refuse = |rule, detail: &str| Err(Refusal::guard(&who, o.state, rule, detail));
        if o.referral.is_none() {
            return refuse("not_referred_out", "Only an order that was sent to another laboratory has its original.");
        }
        if o.state == OrderState::EnteredInError {
            return refuse("entered_in_error", "It was never meant; attach the document to the right order.");
        }
        if o.documents.iter().any(|d| d.sha256 == new.sha256()) {
            return refuse("already_attached", "Exactly this document is attached already.");
        }
        if o.documents.len() >= DOCUMENTS_MAX {
            return refuse("too_many_documents", "This order has as many documents as fit.");
        }
        let mut check = Check::default();
        let file_name = check.line("/file_name", new.file_name());
        if file_name.contains(['/', '\\']) {
            check.fail("/file_name", "malformed", "give the file's name without its folder");
        }
        let size = new.bytes().len();
        if size == 0 {
            check.fail("/bytes", "missing", "the document is empty");
        } else if size > DOCUMENT_MAX {
            check.fail("/bytes", "too_long", format!("at most {} MiB fit", DOCUMENT_MAX >> 20));
        } else if !new.media_type().fits(new.bytes()) {
            check.fail("/bytes", "wrong_type", format!("this is no {}; say what it is", new.media_type()));
        }
        check.done(())?;
        let document = Document {
            id: DocumentId((self.at.ids)()),
            file_name,
            media_type: new.media_type(),
            size: u64::try_from(size).unwrap_or(u64::MAX),
            sha256: new.sha256().to_owned(),
            added_by: self.by.who(),
            added_at: self.at.now,
        };
        let subject = Subject::Document(document.id);
        o.documents.push(document);
        self.put_order("attach", None, o);
        Ok(subject)
    }

    /// A transcription is read against the performing laboratory's original (42 CFR 493.1291(i)).
    pub(super) fn original_attached(&self, r: &ResultVersion, name: &str) -> Result<(), Refusal> {
        let missing = self.case.order(r.order).is_some_and(|o| o.is_done_elsewhere() && o.documents.is_empty());
        if missing {
            return Err(Refusal::guard(
                name,
                r.state,
                "original_missing",
                "It was done by another laboratory: attach that laboratory's document first, and read the result against it.",
            ));
        }
        Ok(())
    }
}

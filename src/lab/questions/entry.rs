//! What an entry or a report's text would come to, before anybody enters or saves it.

use crate::domain::command::{NewResult, ReportText};
use crate::domain::decide::{self, Circumstances};
use crate::domain::{Actor, Case, FieldError, OrderId, Refusal, Report, ResultVersion};
use crate::lab::Lab;

impl Lab {
    /// The version that this entry would make of an order's result: checked and completed as if it were entered now.
    /// Nothing is decided and nothing is written.
    ///
    /// # Errors
    /// What does not fit.
    pub fn would_enter(
        &self,
        actor: &Actor,
        case: &Case,
        order: OrderId,
        new: &NewResult,
    ) -> Result<ResultVersion, Refusal> {
        // Whoever set it up may have had a clock that was ahead: the work is not done before that.
        let set_up = case.order(order).and_then(|o| o.attempts.last()).map(|a| a.started_at);
        let (catalogue, now) = (self.catalogue(), set_up.map_or_else(|| self.now(), |at| at.max(self.now())));
        let mut ids = || self.0.ids.next(now);
        let mut at = Circumstances::of(now, &catalogue.catalogue, &mut ids);
        decide::would_enter(case, order, new, actor, &mut at)
    }

    /// The version that this text would make, of the open draft or of a new one, and what does not fit yet. Nothing is
    /// decided and nothing is written.
    pub fn would_write(&self, actor: &Actor, case: &Case, text: &ReportText) -> (Report, Vec<FieldError>) {
        let (catalogue, now) = (self.catalogue(), self.now());
        let mut ids = || self.0.ids.next(now);
        let mut at = Circumstances::of(now, &catalogue.catalogue, &mut ids);
        decide::would_write(case, text, actor, &mut at)
    }
}

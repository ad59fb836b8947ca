//! Takes back the newest step of a case: every field that it changed gets the value from before, as the journal kept it,
//! in events of a new entry. Versions go on; nothing is deleted.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::super::event::{Recorded, unfold};
use super::super::progress::stage;
use super::super::take_back::refusal;
use super::super::{Entity, OrderId, Refusal, SpecimenId};
use super::{Subject, Work};

/// The step in the journal, after the kind of what was put back: `specimen.take_back`. In no machine's table, because it
/// leads from where a step led to where that step came from.
const STEP: &str = "take_back";
const VERSION: &str = "version";

impl Work<'_, '_> {
    pub(super) fn take_back(&mut self) -> Result<Subject, Refusal> {
        let Some(entry) = self.at.newest else {
            return Err(self.cannot("nothing_there", "There is no step to take back."));
        };
        if let Err((rule, why)) = entry.can_be_taken_back(self.by, self.at.now) {
            return Err(self.cannot(rule, why));
        }
        let mut touched: Vec<Uuid> = Vec::new();
        for event in entry.events.iter().rev() {
            if !touched.contains(&event.id) {
                touched.push(event.id);
            }
        }
        for id in touched {
            let events = || entry.events.iter().filter(|e| e.id == id);
            self.put_back(id, events).map_err(|why| self.cannot("does_not_fit", why))?;
        }
        if self.events.is_empty() {
            return Err(self.cannot("nothing_there", "That step changed nothing."));
        }
        Ok(Subject::Case)
    }

    /// One thing as it was before these events.
    fn put_back<'e, I>(&mut self, id: Uuid, events: impl Fn() -> I) -> Result<(), String>
    where
        I: DoubleEndedIterator<Item = &'e Recorded>,
    {
        if self.case.header.id.0 == id {
            let now = Entity::Case(self.case.header.clone());
            let header = before(&now, events())?;
            self.put_header(STEP, |h| *h = header);
        } else if let Some(s) = self.case.specimen(SpecimenId(id)) {
            let specimen = before(&Entity::Specimen(s.clone()), events())?;
            self.put_specimen(STEP, None, specimen);
        } else if let Some(o) = self.case.order(OrderId(id)) {
            let order = before(&Entity::Order(o.clone()), events())?;
            self.put_order(STEP, None, order);
        } else {
            return Err("It changed something that steps at the bench do not change.".into());
        }
        Ok(())
    }

    fn cannot(&self, rule: &'static str, why: impl Into<String>) -> Refusal {
        let title = format!("The newest step of {} is not taken back", self.case.header.accession);
        refusal(title, stage(&self.case).name(), (rule, why.into()))
    }
}

/// What a thing was before these events; its version stays what it is, so that the next one follows it.
fn before<'e, T: DeserializeOwned>(
    now: &Entity,
    events: impl DoubleEndedIterator<Item = &'e Recorded>,
) -> Result<T, String> {
    let mut fields: Map<String, Value> = now.fields();
    let version = fields.get(VERSION).cloned();
    for event in events.rev() {
        unfold(&mut fields, &event.changes)?;
    }
    if fields.get(VERSION).is_none_or(Value::is_null) {
        return Err("That step made it: what exists is not taken back.".into());
    }
    if let Some(version) = version {
        fields.insert(VERSION.to_owned(), version);
    }
    serde_json::from_value(Value::Object(fields)).map_err(|e| format!("What it was before does not read: {e}"))
}

//! The form of a step as it was sent, read into what the command takes.

use super::form::CHILDREN;
use crate::domain::command::{ChildInput, OrderStep, SpecimenStep};
use crate::domain::{Label, Refusal, SpecimenKind};
use crate::web::fields::{Fields, Reader};
use crate::web::session::Person;

/// Reads the fields of a step of custody.
///
/// # Errors
/// What does not fit.
pub(crate) fn read_specimen(person: &Person, fields: &Fields) -> Result<SpecimenStep, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let step = SpecimenStep {
        occurred_at: r.time("occurred_at"),
        location: r.opt("location"),
        reason: r.code("reason"),
        note: r.opt("note"),
        told: r.opt("told"),
        temperature: r.word("temperature"),
        destination: r.opt("destination"),
        tracking: r.opt("tracking"),
        laboratory: r.opt("laboratory"),
        test: r.opt("test"),
        expected_on: r.date("expected_on"),
        identifiers_match: fields.opt("identifiers_match").map(|v| v == "true"),
        volume_ul: r.volume("volume_ul"),
        pull_number: r.whole("pull_number"),
        length_mm: r.whole("length_mm"),
        side: r.word("side"),
        site: r.code("site"),
        fixed_at: r.time("fixed_at"),
        decalcification: r.opt("decalcification"),
        recollect: fields.opt("recollect").map(|v| v == "true"),
        declaration: r.opt("declaration"),
        override_reason: r.opt("override_reason"),
    };
    r.done(step)
}

/// Reads the fields of a step of an order.
///
/// # Errors
/// What does not fit.
pub(crate) fn read_order(person: &Person, fields: &Fields) -> Result<OrderStep, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let specimen = match fields.opt("specimen").map(|text| Label::parse(&text)) {
        Some(Ok(label)) => Some(label),
        Some(Err(why)) => {
            r.fail("specimen", "malformed", why);
            None
        }
        None => None,
    };
    let step = OrderStep {
        occurred_at: r.time("occurred_at"),
        reason: r.code("reason"),
        note: r.opt("note"),
        run: r.opt("run"),
        specimen,
        workstep: r.code("workstep"),
        used_ul: r.volume("used_ul"),
        policy: r.word("policy"),
        deadline: r.time("deadline"),
        override_reason: r.opt("override_reason"),
        laboratory: r.opt("laboratory"),
        tracking: r.opt("tracking"),
        expected_on: r.date("expected_on"),
    };
    r.done(step)
}

/// Reads the rows for splitting a part; with each part the row that it stands in.
///
/// # Errors
/// What does not fit.
pub(crate) fn read_children(person: &Person, fields: &Fields) -> Result<(Vec<ChildInput>, Vec<usize>), Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let (mut parts, mut rows) = (Vec::new(), Vec::new());
    for row in 0..CHILDREN {
        let name = |field: &str| format!("children.{row}.{field}");
        let Some(kind) = r.word::<SpecimenKind>(&name("kind")) else { continue };
        let container = r.need_code(&name("container"), "say what it is in");
        let volume_ul = r.volume(&name("volume_ul"));
        let location = r.opt(&name("location"));
        if let Some(container) = container {
            parts.push(ChildInput { kind, container, volume_ul, location });
            rows.push(row);
        }
    }
    r.done((parts, rows))
}

//! The forms of a case's page as commands.

use crate::domain::command::{NewOrder, NewSpecimen, PlanSample};
use crate::domain::{OrderId, Refusal, SpecimenKind};
use crate::web::fields::{Fields, Reader};
use crate::web::pages::seen::Seen;
use crate::web::session::Person;

/// The places as typed: lower goes first, and of two with the same number the one that was moved there.
pub(super) fn plan(person: &Person, fields: &Fields, seen: &Seen) -> Result<PlanSample, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let mut order: Vec<(u32, OrderId)> = Vec::new();
    for share in &seen.view.sample_plan.proposed {
        let place = r.whole::<u32>(&format!("place.{}", share.order));
        order.extend(place.map(|place| (place, share.order)));
    }
    // A person writes 1 beside what must come first, and need not count on from there.
    let shown = |id: &OrderId| seen.view.sample_plan.proposed.iter().position(|s| s.order == *id).map(|at| at + 1);
    order.sort_by_key(|(place, id)| (*place, usize::try_from(*place).ok() == shown(id)));
    let note = r.opt("note");
    r.done(PlanSample { order: order.into_iter().map(|(_, id)| id).collect(), note })
}

/// A part that is added later.
pub(super) fn part(person: &Person, fields: &Fields) -> Result<NewSpecimen, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let kind = r.word::<SpecimenKind>("kind");
    if fields.opt("kind").is_none() {
        r.fail("kind", "missing", "say what it is");
    }
    let container = r.need_code("container", "say what it is in");
    let rest = (
        (r.whole("pull_number"), r.volume("volume_ul"), r.whole("length_mm")),
        (r.code("site"), r.word("side")),
        (r.time("collected_at"), r.time("fixed_at"), r.word("temperature"), r.code("not_collected")),
    );
    let ((pull_number, volume_ul, length_mm), (site, side), (collected_at, fixed_at, temperature, not_collected)) =
        rest;
    let part = kind.zip(container).map(|(kind, container)| NewSpecimen {
        kind,
        container,
        pull_number,
        volume_ul,
        length_mm,
        site,
        side,
        collected_at,
        fixed_at,
        temperature,
        not_collected,
    });
    r.found(part)
}

/// A test that is asked for later.
pub(super) fn order(person: &Person, fields: &Fields) -> Result<NewOrder, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let assay = r.need_code("assay", "choose a test");
    let (urgency, why) = (r.word("urgency"), r.opt("why"));
    r.found(assay.map(|assay| NewOrder { assay, urgency, why, parent: None }))
}

//! The ordinary cases: each indication's usual course, with what its results lead to.

use chrono::TimeDelta;

use super::bench::dry_kit;
use super::diagnoses::Dx;
use super::people::SUPERVISOR;
use super::story::{Act, Story, order_note};
use super::tale::{Arrival, Book, Tale};
use crate::domain::catalogue::hold_deadline;
use crate::domain::command::OrderStep;
use crate::domain::{Moment, OrderTransition, ProcedureOutcome, SpecimenKind};

/// How often each indication comes in, in hundred cases.
const MIX: &[(&str, i64)] = &[
    ("MDS", 17),
    ("MYELOMA", 14),
    ("MPN", 11),
    ("AML-NEW", 9),
    ("AML-MRD", 8),
    ("LYMPHOMA", 8),
    ("CLL", 7),
    ("CML-MON", 6),
    ("MM-MRD", 5),
    ("POST-TX", 4),
    ("ALL-NEW", 3),
    ("BMF", 3),
    ("APL-SUSPECT", 2),
    ("INFECTION", 2),
    ("CML-DX", 1),
];

/// The indication of the `n`th ordinary case: the mix in so many cases, spread evenly.
pub(super) fn indication(n: usize) -> &'static str {
    let whole: i64 = MIX.iter().map(|(_, share)| share).sum();
    // A step that has no factor in common with the whole visits every place once.
    let mut place = i64::try_from(n).unwrap_or(0) * 37 % whole.max(1);
    for (indication, share) in MIX {
        if place < *share {
            return indication;
        }
        place -= share;
    }
    "MDS"
}

/// From the needle to the shelf.
pub(super) fn ordinary(mut t: Tale<'_>) -> Story {
    if matches!(t.dx.indication, "MPN" | "BMF") && t.dice.chance(30) {
        dry_tap(&mut t);
    }
    t.arrive();
    let except: &[&str] = if t.dx.indication == "APL-SUSPECT" { &["FISH-RAPID"] } else { &[] };
    t.work_all(except);
    consequences(&mut t);
    early(&mut t);
    t.report();
    t.keep();
    t.end()
}

/// The tubes stay empty; what is left is a core for the benches that can live with it.
pub(super) fn dry_tap(t: &mut Tale<'_>) {
    t.log.outcome = ProcedureOutcome::DryTap;
    t.log.parts = dry_kit(&mut t.dice);
    t.dna = false;
    let imprints_are_read = t.ordered().contains(&"MORPH-ASP");
    t.log.parts.retain(|p| imprints_are_read || p.kind != SpecimenKind::Imprint);
}

fn early(t: &mut Tale<'_>) {
    match t.dx.indication {
        "AML-NEW" | "APL-SUSPECT" | "ALL-NEW" => t.report_early(&["MORPH-ASP", "FLOW-AL"]),
        "MDS" if t.dice.chance(35) => t.report_early(&["MORPH-ASP", "HIST-CORE"]),
        "MYELOMA" if t.dice.chance(40) => t.report_early(&["MORPH-ASP", "FLOW-LPD"]),
        "INFECTION" => t.report_early(&["HIST-CORE"]),
        _ => {}
    }
}

fn is_abnormal(dx: &Dx, assay: &str) -> bool {
    dx.abnormal.contains(&assay)
}

/// What one result leads to: reflexes of the catalogue, holds, suggestions that are taken or turned down.
pub(super) fn consequences(t: &mut Tale<'_>) {
    match t.dx.indication {
        "AML-NEW" => dismiss(t, "FISH-RAPID", "No feature of APL by morphology and flow."),
        "MDS" => dismiss(t, "FISH-MDS", "The karyotype succeeded."),
        "APL-SUSPECT" => rapid_fish(t),
        "AML-MRD" if is_abnormal(t.dx, "MORPH-ASP") => {
            let read = t.verified_at("MORPH-ASP");
            t.work_from("FISH-AML", read);
            t.work_from("NGS-MYE", read);
        }
        "ALL-NEW" => {
            if is_abnormal(t.dx, "FLOW-AL") {
                let read = t.verified_at("FLOW-AL");
                t.work_from("BCRABL-Q", read);
            }
            release_marker(t);
        }
        "LYMPHOMA" => lymphoma(t),
        "INFECTION" if is_abnormal(t.dx, "IHC") => {
            let at = t.verified_at("HIST-CORE") + TimeDelta::minutes(20);
            t.order_step(
                "IHC",
                at,
                t.pathologist(),
                OrderTransition::Order,
                order_note("Special stains on the granulomas."),
            );
            t.work_from("IHC", at);
        }
        _ => {}
    }
}

fn dismiss(t: &mut Tale<'_>, assay: &'static str, why: &str) {
    if t.dice.chance(45) {
        let at = t.book.calendar.office(t.last_verified() + TimeDelta::minutes(25), &mut t.dice);
        t.order_step(assay, at, t.pathologist(), OrderTransition::Dismiss, order_note(why));
    }
}

/// The rapid answer is released before it is verified; when the fusion is there, its level before treatment is measured.
fn rapid_fish(t: &mut Tale<'_>) {
    let started = t.set_up_from("FISH-RAPID", t.accepted);
    let entered = started + t.minutes(260, 420);
    t.enter("FISH-RAPID", entered);
    t.does(entered + TimeDelta::minutes(7), t.pathologist(), Act::Release("FISH-RAPID"));
    let verified = entered + t.minutes(40, 160);
    t.verify("FISH-RAPID", verified);
    if is_abnormal(t.dx, "FISH-RAPID") {
        t.work_from("FUSION-Q", verified);
    }
}

/// Who may decide for the requester: the requester, if there is an account, else the supervisor.
pub(super) fn decider(t: &Tale<'_>) -> &'static str {
    if t.asks_here() { t.log.requester } else { SUPERVISOR }
}

/// The held marker assay of a lymphoblastic leukemia: a person decides.
fn release_marker(t: &mut Tale<'_>) {
    let days = t.dice.between(2, 5);
    let at = t.book.calendar.later(t.accepted, days, &mut t.dice);
    let who = decider(t);
    t.order_step("CLONAL", at, who, OrderTransition::Release, order_note("Marker wanted for residual disease."));
    t.work_from("CLONAL", at);
}

/// When a held order's policy fires.
pub(super) fn deadline(t: &Tale<'_>, assay: &str) -> Moment {
    let set = t.book.catalogue.indication(t.dx.indication).map(|i| i.set.as_slice()).unwrap_or_default();
    let hold = set.iter().find(|s| s.assay == *assay).and_then(|s| s.hold.as_ref());
    hold.map_or(t.collected, |hold| hold_deadline(&t.book.catalogue.laboratory, hold, t.collected))
}

/// The karyotype is performed unless somebody cancels it; FISH is canceled unless somebody releases it.
fn lymphoma(t: &mut Tale<'_>) {
    if is_abnormal(t.dx, "HIST-CORE") {
        let at = t.book.calendar.later(t.accepted, 2, &mut t.dice);
        let why = "Infiltrate seen on the first sections.";
        t.order_step("FISH-LYM", at, t.pathologist(), OrderTransition::Release, order_note(why));
        let started = t.book.calendar.later(at, 1, &mut t.dice);
        t.start_on("FISH-LYM", "C1-1", started);
        t.finish("FISH-LYM", started);
        t.work_from("IHC", t.verified_at("HIST-CORE"));
    }
    if t.dice.chance(30) {
        let details = OrderStep {
            reason: super::story::code("NOT_NEEDED"),
            note: Some("Known disease; staging only.".to_owned()),
            ..OrderStep::default()
        };
        let who = decider(t);
        t.order_step("KARYO", t.accepted + TimeDelta::hours(2), who, OrderTransition::Cancel, details);
    } else {
        let lapsed = deadline(t, "KARYO") + TimeDelta::hours(13);
        let at = t.book.calendar.office(lapsed, &mut t.dice);
        t.work_from("KARYO", at);
    }
}

/// The hours at which ordinary punctures are done.
pub(super) fn puncture_time(
    book: &Book<'_>,
    day: chrono::NaiveDate,
    dice: &mut super::dice::Dice,
    early: bool,
) -> Moment {
    let last = if early { 13 } else { 15 };
    let hour = u32::try_from(dice.between(9, last)).unwrap_or(10);
    book.calendar.on(day, hour, dice.amount(0, 59)) + TimeDelta::seconds(dice.between(0, 59))
}

/// Logs it in the ordinary way, at that time.
pub(super) fn arrive_quickly(t: &mut Tale<'_>) {
    let received = t.collected + t.minutes(35, 80);
    let accepted = received + t.minutes(6, 15);
    t.arrive_as(Arrival::AtReception, received, accepted);
}

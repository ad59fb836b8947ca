//! What is going on now: the stories that a visitor finds whatever the day and the hour. Each is told backward from now,
//! so that it stands where it must: work that must be under way has begun, and what must wait still waits.
//!
//! Times that people keep are on the working days before today ([`Calendar::back`], [`Calendar::desk`]); what cannot wait
//! for a working day is a number of minutes ago ([`Calendar::ago`]).
//!
//! [`Calendar::back`]: super::calendar::Calendar::back
//! [`Calendar::desk`]: super::calendar::Calendar::desk
//! [`Calendar::ago`]: super::calendar::Calendar::ago

use chrono::TimeDelta;

use super::diagnoses::dx;
use super::ordinary::{arrive_quickly, dry_tap};
use super::past::{Cast, send_out};
use super::people::{ADEYEMI, MARLOW, NGUYEN, SORENSEN, SUPERVISOR, full_name};
use super::story::{Act, Part, Story, because, place};
use super::tale::Arrival;
use crate::domain::command::{OrderStep, SpecimenStep};
use crate::domain::{Moment, OrderTransition as Order, ReportKind, SpecimenTransition as Step};

type Scene = for<'b> fn(&mut Cast<'b>) -> Story;

/// Everything that goes on now. Every laboratory has all of it, however small.
const SCENES: &[Scene] = &[
    acute_leukemia_today,
    promyelocytes_on_the_road,
    tube_about_to_die,
    late_plasma_cell_fish,
    late_leukemia_fish,
    dry_tap_at_work,
    report_signed,
    |cast| ready_to_sign(cast, "CLL", "del(17p)", 21),
    |cast| ready_to_sign(cast, "MDS", "5q", 20),
    |cast| ready_to_sign(cast, "MYELOMA", "t(11;14)", 19),
    |cast| waiting_to_be_verified(cast, "MM-MRD", "Residual", &["FLOW-MRD", "MORPH-ASP"]),
    |cast| waiting_to_be_verified(cast, "CLL", "del(13q)", &["FLOW-LPD"]),
    |cast| waiting_to_be_verified(cast, "MYELOMA", "lambda", &["FLOW-LPD", "MORPH-ASP"]),
    |cast| waiting_to_be_verified(cast, "MDS", "SF3B1", &["FLOW-AL", "MORPH-ASP"]),
    being_read,
    at_reception,
    just_taken,
    proposed_rejection,
    open_recollection,
    question_open,
    lost_yesterday,
    failed_attempt,
    send_out_overdue,
    send_out_pending,
    holds_running,
    manual_hold_passed,
    |cast| planned(cast, 1, "MYELOMA", "lambda"),
    |cast| planned(cast, 1, "AML-MRD", "Complete"),
    |cast| planned(cast, 2, "CLL", "del(13q)"),
    |cast| planned(cast, 3, "MDS", "reactive"),
    scarce_aspirate,
];

/// How many cases that are.
pub(super) const COUNT: usize = SCENES.len();

/// All of them.
pub(super) fn scenes(cast: &mut Cast<'_>) -> Vec<Story> {
    let told = (0..).zip(SCENES).map(|(position, scene)| {
        cast.position = Some(position);
        scene(cast)
    });
    let told = told.collect();
    cast.position = None;
    told
}

fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

/// Came this morning, or last evening: everything is under way at once.
fn acute_leukemia_today(cast: &mut Cast<'_>) -> Story {
    let now = &cast.book.calendar;
    let collected = now.ago(330);
    let mut t = cast.tale("an acute leukemia today", dx("AML-NEW", "RUNX1T1"), collected);
    t.log.requester = MARLOW;
    t.arrive_as(Arrival::Ahead, now.ago(285), now.ago(278));
    t.start("MORPH-ASP", now.ago(255));
    t.start("FLOW-AL", now.ago(260));
    t.start("KARYO", now.ago(200));
    t.start("FLT3-NPM1", now.ago(180));
    t.start("FISH-AML", now.ago(150));
    t.start("HIST-CORE", now.ago(140));
    t.bench_work("MORPH-ASP", now.ago(255), now.ago(170));
    t.bench_work("FLOW-AL", now.ago(260), now.ago(75));
    t.bench_work("KARYO", now.ago(200), now.ago(200) + TimeDelta::days(5));
    t.bench_work("FLT3-NPM1", now.ago(180), now.ago(180) + TimeDelta::hours(30));
    t.bench_work("FISH-AML", now.ago(150), now.ago(150) + TimeDelta::hours(40));
    t.bench_work("HIST-CORE", now.ago(140), now.ago(140) + TimeDelta::days(3));
    t.enter("MORPH-ASP", now.ago(170));
    t.verify("MORPH-ASP", now.ago(120));
    t.enter("FLOW-AL", now.ago(75));
    t.does(now.ago(58), SUPERVISOR, Act::Release("FLOW-AL"));
    t.dna = false;
    t.custody_step(now.ago(270), NGUYEN, "A1", Step::Start, place("Flow bench 1"));
    t.custody_step(now.ago(201), SORENSEN, "A3", Step::Start, place("Cytogenetics hood 2"));
    t.custody_step(now.ago(141), ADEYEMI, "C1", Step::Start, place("Grossing station 1"));
    t.end()
}

/// On its way from another hospital.
fn promyelocytes_on_the_road(cast: &mut Cast<'_>) -> Story {
    let now = &cast.book.calendar;
    let mut t = cast.tale("promyelocytes on the road", dx("APL-SUSPECT", "PML::RARA"), now.ago(70));
    t.received = now.now + minutes(40);
    t.be_logged(Arrival::ByCourier);
    t.end()
}

/// An assay that has not been set up, and its tube dies in a few hours. Taken on a working day if any window allows that.
fn tube_about_to_die(cast: &mut Cast<'_>) -> Story {
    // The window in hours is the catalogue's; what fits best today is told.
    const CHOICES: &[(&str, &str, &str)] =
        &[("CLL", "del(13q)", "FLOW-LPD"), ("MDS", "increased blasts", "FLOW-AL"), ("BMF", "Hypocellular", "FISH-MDS")];
    let calendar = &cast.book.calendar;
    let taken = |assay: &str| {
        let windows = cast.book.catalogue.assay(assay).and_then(|a| a.feeds.first()).map(|f| f.windows.as_slice());
        let limit = windows.unwrap_or_default().iter().find_map(|w| w.limit_h.filter(|h| *h > 0)).unwrap_or(48);
        calendar.now + minutes(170) - TimeDelta::hours(i64::from(limit))
    };
    let strange = |at: Moment| {
        u8::from(!calendar.is_working_day(calendar.date(at))) + 2 * u8::from(!(7..19).contains(&calendar.hour(at)))
    };
    let best = CHOICES.iter().min_by_key(|(_, _, assay)| strange(taken(assay))).unwrap_or(&CHOICES[0]);
    let (indication, words, assay) = *best;
    let collected = taken(assay);
    let mut t = cast.tale("a tube about to die", dx(indication, words), collected);
    t.dna = false;
    arrive_quickly(&mut t);
    t.work_all(&[assay]);
    // Its tube stands on the bench; the other parts go their way.
    t.apart = vec!["A1"];
    t.keep();
    t.end()
}

/// Three weeks were promised and are over; too few plasma cells were scored so far.
fn late_plasma_cell_fish(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let collected = cast.days_ago(24);
    let mut t = cast.tale("plasma cell FISH, late", dx("MYELOMA", "t(11;14)"), collected);
    t.cap = Some(calendar.back(3, 15, 0));
    arrive_quickly(&mut t);
    t.work_all(&["FISH-MM"]);
    t.set_up_from("FISH-MM", t.accepted);
    t.keep();
    t.end()
}

/// Urgent, promised in three working days.
fn late_leukemia_fish(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let collected = calendar.back(7, 10, 25);
    let mut t = cast.tale("leukemia FISH, late", dx("AML-NEW", "NPM1"), collected);
    t.cap = Some(calendar.back(1, 16, 0));
    arrive_quickly(&mut t);
    t.work_all(&["FISH-AML"]);
    t.set_up_from("FISH-AML", t.accepted);
    t.keep();
    t.end()
}

/// Work goes on with the fresh core and blood.
fn dry_tap_at_work(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let mut t = cast.tale("a dry tap at work", dx("MPN", "myelofibrosis"), calendar.back(2, 10, 10));
    t.log.requester = MARLOW;
    dry_tap(&mut t);
    t.arrive_as(Arrival::AtReception, calendar.back(2, 11, 0), calendar.back(2, 11, 15));
    t.start("BCRABL-Q", calendar.back(2, 13, 0));
    t.start("KARYO", calendar.back(2, 13, 40));
    t.bench_work("KARYO", calendar.back(2, 13, 40), calendar.back(2, 13, 40) + TimeDelta::days(6));
    t.start("HIST-CORE", calendar.back(2, 14, 0));
    t.start("MPN-GENE", calendar.back(1, 10, 0));
    t.enter("BCRABL-Q", calendar.back(1, 15, 30));
    t.verify("BCRABL-Q", calendar.back(1, 16, 45));
    t.custody_step(calendar.back(2, 13, 39), SORENSEN, "C2", Step::Start, place("Cytogenetics hood 1"));
    t.custody_step(calendar.back(2, 13, 58), ADEYEMI, "C1", Step::Start, place("Grossing station 1"));
    t.end()
}

/// Signed today, or yesterday when today is still young.
fn report_signed(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let today = calendar.date(calendar.now);
    let hour = calendar.hour(calendar.now);
    let signed = match hour {
        ..9 => calendar.on(today.pred_opt().unwrap_or(today), 16, 40),
        9..18 => calendar.ago(45),
        18.. => calendar.on(today, 17, 25),
    };
    let collected = cast.days_ago(25);
    let mut t = cast.tale("a report just signed", dx("MDS", "increased blasts"), collected);
    t.log.requester = MARLOW;
    t.cap = Some(calendar.back(1, 15, 30));
    arrive_quickly(&mut t);
    t.work_all(&[]);
    let text = t.text(ReportKind::Final);
    t.sign(text, signed - minutes(35));
    t.keep();
    t.end()
}

/// Every result is in, and nobody has written the report.
fn ready_to_sign(cast: &mut Cast<'_>, indication: &'static str, words: &str, days: i64) -> Story {
    let collected = cast.days_ago(days);
    let mut t = cast.tale("ready to sign", dx(indication, words), collected);
    t.cap = Some(cast.book.calendar.back(1, 16, 30));
    arrive_quickly(&mut t);
    t.work_all(&[]);
    t.keep();
    t.end()
}

/// Entered by a tech, to be read by somebody else.
fn waiting_to_be_verified(
    cast: &mut Cast<'_>,
    indication: &'static str,
    words: &str,
    assays: &[&'static str],
) -> Story {
    let calendar = &cast.book.calendar;
    let mut t = cast.tale("waiting to be verified", dx(indication, words), calendar.back(2, 9, 40));
    t.dna = false;
    arrive_quickly(&mut t);
    for (i, assay) in assays.iter().enumerate() {
        let later = minutes(25 * i64::try_from(i).unwrap_or(0));
        t.start(assay, calendar.back(2, 13, 5) + later);
        let wait = t.dice.between(40, 150);
        t.enter(assay, calendar.desk(wait));
    }
    t.work_all(assays);
    t.keep();
    t.end()
}

/// Somebody reads it at this moment.
fn being_read(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let mut t = cast.tale("being read", dx("POST-TX", "residual"), calendar.back(2, 11, 15));
    t.dna = false;
    arrive_quickly(&mut t);
    for assay in ["MORPH-ASP", "FLOW-MRD"] {
        t.start(assay, calendar.back(2, 14, 30));
        t.enter(assay, calendar.desk(95));
    }
    let who = t.pathologist();
    t.order_step(
        "FLOW-MRD",
        calendar.desk(20).max(calendar.desk(95)) + minutes(4),
        who,
        Order::Review,
        OrderStep::default(),
    );
    t.end()
}

/// Received, not looked at yet.
fn at_reception(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let mut t = cast.tale("at reception", dx("MDS", "reactive"), calendar.ago(150));
    t.received = calendar.ago(18);
    t.be_logged(Arrival::AtReception);
    t.receive(t.received);
    t.end()
}

/// Taken, and not on its way yet.
fn just_taken(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let mut t = cast.tale("just taken", dx("CML-DX", "chronic"), calendar.ago(40));
    t.be_logged(Arrival::ByInterface);
    t.end()
}

/// One person proposes to refuse a tube; a second has to look.
fn proposed_rejection(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let mut t = cast.tale("a rejection proposed", dx("MDS", "SF3B1"), calendar.ago(230));
    t.apart = vec!["A2"];
    t.dna = false;
    t.arrive_as(Arrival::AtReception, calendar.ago(110), calendar.ago(96));
    let why = because("CLOTTED", "Clot of two centimeters; nothing to be drawn off.");
    t.custody_step(calendar.ago(90), NGUYEN, "A2", Step::ProposeRejection, why);
    t.end()
}

/// Refused by two people; a new tube has not come yet.
fn open_recollection(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let mut t = cast.tale("a recollection open", dx("AML-NEW", "myelodysplasia"), calendar.back(2, 9, 20));
    t.log.requester = MARLOW;
    t.apart = vec!["A3"];
    t.arrive_as(Arrival::AtReception, calendar.back(2, 10, 5), calendar.back(2, 10, 14));
    let why = because("CLOTTED", "Clotted through; the culture would fail.");
    t.custody_step(calendar.back(2, 10, 17), SORENSEN, "A3", Step::ProposeRejection, why);
    let decided = SpecimenStep { told: Some(full_name(t.log.requester)), ..SpecimenStep::default() };
    t.custody_step(calendar.back(2, 10, 45), SUPERVISOR, "A3", Step::Reject, decided);
    t.work_all(&["KARYO"]);
    t.keep();
    t.end()
}

/// A question that only the ward can answer, asked today.
fn question_open(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let mut t = cast.tale("a question open", dx("MYELOMA", "undetermined"), calendar.ago(190));
    t.apart = vec!["C1"];
    t.dna = false;
    t.arrive_as(Arrival::AtReception, calendar.ago(84), calendar.ago(70));
    let question = SpecimenStep {
        told: Some("Dr S. Iyer, operator".to_owned()),
        ..because("SIDE_MISSING", "Two cores were announced and one has come. From which side is it?")
    };
    t.custody_step(calendar.ago(55), NGUYEN, "C1", Step::Hold, question);
    t.end()
}

/// Nobody knows where the tube is.
fn lost_yesterday(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let mut t = cast.tale("a tube lost", dx("MDS", "reactive"), calendar.back(3, 9, 50));
    t.dna = false;
    t.arrive_as(Arrival::AtReception, calendar.back(3, 10, 40), calendar.back(3, 10, 55));
    t.cap = Some(calendar.back(1, 11, 0));
    t.work("FLOW-AL");
    t.cap = None;
    t.work_all(&["FLOW-AL", "NGS-MYE"]);
    let gone = SpecimenStep {
        told: Some(full_name(t.log.requester)),
        ..because("AT_RECEPTION", "Reception, the trolley, the tube station, all fridges.")
    };
    t.custody_step(calendar.back(1, 11, 30), SUPERVISOR, "A1", Step::Lose, gone);
    t.end()
}

/// No metaphases this morning; somebody has to decide what replaces them.
fn failed_attempt(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let mut t = cast.tale("a culture failed", dx("MDS", "SF3B1"), calendar.back(9, 10, 0));
    t.cap = Some(calendar.back(1, 17, 0));
    arrive_quickly(&mut t);
    t.work_all(&["KARYO"]);
    t.set_up_from("KARYO", t.accepted);
    t.fail("KARYO", calendar.desk(75), "NO_METAPHASES", "No metaphases in two cultures.");
    t.keep();
    t.end()
}

/// The reference laboratory is late.
fn send_out_overdue(cast: &mut Cast<'_>) -> Story {
    let collected = cast.days_ago(24);
    let mut t = cast.tale("a send-out overdue", dx("CML-DX", "chronic"), collected);
    t.log.orders = vec!["KARYO", "FISH-RAPID", "BCRABL-Q", "MORPH-ASP", "NGS-MYE"];
    t.cap = Some(cast.book.calendar.back(1, 15, 0));
    send_out(&mut t, "NGS-MYE");
    t.end()
}

/// The reference laboratory has some days left.
fn send_out_pending(cast: &mut Cast<'_>) -> Story {
    let collected = cast.book.calendar.back(4, 10, 30);
    let mut t = cast.tale("a send-out on time", dx("AML-NEW", "NPM1"), collected);
    send_out(&mut t, "NGS-MYE");
    t.end()
}

/// Two holds with opposite defaults, both still running.
fn holds_running(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let mut t = cast.tale("holds running", dx("LYMPHOMA", "follicular"), calendar.back(1, 14, 20));
    t.log.requester = MARLOW;
    t.dna = false;
    t.arrive_as(Arrival::AtReception, calendar.back(1, 15, 30), calendar.back(1, 15, 50));
    t.start("HIST-CORE", calendar.back(1, 16, 40));
    t.end()
}

/// Its deadline has passed, and only a person may decide.
fn manual_hold_passed(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let mut t = cast.tale("a manual hold past its deadline", dx("ALL-NEW", "BCR::ABL1"), calendar.back(13, 10, 5));
    t.cap = Some(calendar.back(1, 16, 0));
    arrive_quickly(&mut t);
    t.work_all(&[]);
    t.report_early(&["MORPH-ASP", "FLOW-AL"]);
    t.keep();
    t.end()
}

/// A poor tap: one tube that is not enough for three assays. Who waits is decided by a person, not by who comes first.
fn scarce_aspirate(cast: &mut Cast<'_>) -> Story {
    let calendar = &cast.book.calendar;
    let mut t = cast.tale("a scarce aspirate", dx("LYMPHOMA", "follicular"), calendar.ago(215));
    t.dna = false;
    t.log.requester = MARLOW;
    t.log.parts = vec![Part::tube("EDTA", 1, 1800)];
    t.log.orders = vec!["FLOW-LPD", "FISH-LYM", "NGS-MYE"];
    t.arrive_as(Arrival::AtReception, calendar.ago(128), calendar.ago(112));
    let why = "Flow answers the question of staging; the other two can be done on the lymph node.";
    t.does(calendar.ago(83), SUPERVISOR, Act::Plan(&["FLOW-LPD", "FISH-LYM"], why));
    t.end()
}

/// Planned by a hematologist for one of the next working days.
fn planned(cast: &mut Cast<'_>, days: i64, indication: &'static str, words: &str) -> Story {
    let calendar = &cast.book.calendar;
    let day = calendar.working_days_after(calendar.date(calendar.now), days);
    // Tomorrow there is something planned even when it is a Sunday: an inpatient.
    let tomorrow = calendar.date(calendar.now).succ_opt().unwrap_or(day);
    let day = if days == 1 && indication == "AML-MRD" { tomorrow } else { day };
    let mut t = cast.tale("planned", dx(indication, words), calendar.on(day, 9, 30));
    t.log.requester = if days == 2 { "h.lindqvist" } else { MARLOW };
    let who = t.log.requester;
    let log = t.log.clone();
    t.does(calendar.desk(60 + 35 * days), who, Act::Log(Box::new(log)));
    t.end()
}

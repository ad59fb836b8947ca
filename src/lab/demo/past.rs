//! What went differently: one story for each thing that can happen to a marrow, somewhere in the last three months.

use chrono::{NaiveDate, TimeDelta};

use super::diagnoses::{Dx, dx};
use super::dice::Dice;
use super::ordinary::{arrive_quickly, consequences, decider, dry_tap, puncture_time};
use super::people::{ADEYEMI, FERREIRA, HADDAD, MARLOW, NGUYEN, Patients, REQUESTERS, SORENSEN, SUPERVISOR, full_name};
use super::story::{Act, Child, Part, Story, because, order_because, order_hold, order_note, order_out, place, told};
use super::tale::{Arrival, Book, Tale};
use crate::domain::command::{OrderStep, PatientInput, ReviseResult, SpecimenStep};
use crate::domain::{
    HoldPolicy, Moment, OrderTransition as Order, ProcedureOutcome, ReportKind, Revision, Side, SpecimenKind,
    SpecimenTransition as Step,
};

/// Who tells the stories: hands out patients, requesters and dice.
pub(super) struct Cast<'b> {
    pub(super) book: &'b Book<'b>,
    pub(super) seed: u64,
    pub(super) patients: Patients,
    pub(super) told: usize,
    /// Which position of the storage places is for the story that is told, if any; each has its own.
    pub(super) position: Option<u8>,
}

impl<'b> Cast<'b> {
    /// The next story, about somebody new.
    pub(super) fn tale(&mut self, name: &'static str, dx: &'static Dx, collected: Moment) -> Tale<'b> {
        let mut dice = Dice::new(self.seed, self.told);
        let today = self.book.calendar.date(self.book.calendar.now);
        let patient = self.patients.somebody(&mut dice, today, dx.ages);
        self.tale_of(name, dx, collected, patient, dice)
    }

    /// The next story, about somebody known.
    pub(super) fn tale_of(
        &mut self,
        name: &'static str,
        dx: &'static Dx,
        collected: Moment,
        patient: PatientInput,
        mut dice: Dice,
    ) -> Tale<'b> {
        self.told += 1;
        let requester = dice.pick(REQUESTERS);
        let mut tale = Tale::new(self.book, name, dice, dx, patient, requester, collected);
        tale.position = self.position;
        tale
    }

    /// A puncture so many calendar days ago, or on the working day next to that.
    pub(super) fn days_ago(&self, days: i64) -> Moment {
        let calendar = &self.book.calendar;
        let day = calendar.date(calendar.now - TimeDelta::days(days));
        let mut dice = Dice::new(self.seed, 10_000 + self.told);
        let day = if calendar.is_working_day(day) || self.told.is_multiple_of(2) || days < 6 {
            calendar.working_day_until(day)
        } else {
            calendar.working_days_after(day, 1)
        };
        puncture_time(self.book, day, &mut dice, true)
    }
}

type Piece = for<'b> fn(&mut Cast<'b>, Moment) -> Story;

/// The stories and how many days ago each began. A small laboratory has the first of them.
const PIECES: &[(i64, Piece)] = &[
    (47, clotted_heparin),
    (40, culture_failure),
    (52, corrected_result),
    (33, dry_tap_added_part),
    (28, hemodilute_mrd),
    (44, lost_and_found),
    (58, sent_out_and_back),
    (36, not_enough),
    (61, voided_report),
    (30, identity_hold),
    (25, clotted_edta),
    (38, side_missing),
    (55, wrong_anticoagulant),
    (49, repeat_attempt),
    (43, amended_report),
    (57, appended_report),
    (22, returned_result),
    (65, retracted_result),
    (20, canceled_by_requester),
    (31, abandoned),
    (29, logged_twice),
    (45, both_sides),
    (63, clot_section),
    (35, held_by_hand),
    (26, planned_then_dry),
    (71, clotted_heparin),
    (19, clotted_heparin),
    (77, culture_failure_in_leukemia),
    (68, hemodilute_mrd),
    (82, sent_out_and_back),
    (74, dry_tap_added_part),
    (70, corrected_result),
];

/// At most so many of them.
pub(super) fn pieces(cast: &mut Cast<'_>, most: usize) -> Vec<Story> {
    let told = PIECES.iter().take(most);
    told.map(|(days, piece)| {
        let collected = cast.days_ago(*days);
        piece(cast, collected)
    })
    .collect()
}

// --- The same patient again ------------------------------------------------------------------------------------------

/// %IS of patients in molecular follow-up, oldest first: falling, then lost again, or not.
const CML: &[&[f64]] = &[
    &[8.4, 0.62, 0.041, 0.38],
    &[2.1, 0.19, 0.0028, 0.0],
    &[11.6, 1.9, 0.27, 1.4],
    &[0.52, 0.083, 0.0094, 0.021],
    &[4.7, 0.9, 0.06],
    &[0.14, 0.009, 0.0, 0.0051],
];

/// Transcript of NPM1 after each cycle, % of ABL1.
const NPM1: &[&[f64]] = &[&[1.9, 0.042, 0.0], &[0.7, 0.006, 0.31]];

/// Residual myeloma, %.
const MYELOMA: &[&[f64]] = &[&[0.061, 0.0021, 0.0], &[0.0, 0.0034]];

/// The diagnosis of one sample of a series, by its level.
type Reading = fn(f64) -> &'static Dx;

const SERIES: &[(&str, &[&[f64]], Reading)] = &[
    ("a patient with CML comes again", CML, |_| dx("CML-MON", "follow-up")),
    ("a patient with myeloma comes again", MYELOMA, |l| {
        dx("MM-MRD", if l > 0.0 { "Residual" } else { "No measurable" })
    }),
    ("a patient with AML comes again", NPM1, |l| dx("AML-MRD", if l > 0.0 { "with measurable" } else { "Complete" })),
];

/// Patients who come again: the last of each series some days ago.
pub(super) fn series(cast: &mut Cast<'_>, most: usize) -> Vec<Story> {
    let mut stories = Vec::new();
    for (name, patients, reading) in SERIES {
        for (i, levels) in patients.iter().enumerate() {
            if stories.len() + levels.len() <= most {
                stories.extend(follow(cast, name, *reading, levels, i));
            }
        }
    }
    stories
}

fn follow(cast: &mut Cast<'_>, name: &'static str, reading: Reading, levels: &[f64], nth: usize) -> Vec<Story> {
    let today = cast.book.calendar.date(cast.book.calendar.now);
    let mut first = Dice::new(cast.seed, cast.told);
    let patient = cast.patients.somebody(&mut first, today, (34, 76));
    let requester = first.pick(REQUESTERS);
    let gap = if levels.len() > 3 { 24 } else { 33 };
    let mut stories = Vec::new();
    for (i, level) in levels.iter().enumerate() {
        let left = i64::try_from(levels.len() - 1 - i).unwrap_or(0);
        let days = left * gap + 5 + 2 * i64::try_from(nth).unwrap_or(0);
        let collected = cast.days_ago(days);
        let dice = Dice::new(cast.seed, cast.told);
        let mut t = cast.tale_of(name, reading(*level), collected, patient.clone(), dice);
        t.log.requester = requester;
        t.level = Some(*level);
        t.arrive();
        if t.dx.indication == "AML-MRD" {
            marker_instead_of_flow(&mut t);
        } else {
            t.work_all(&[]);
        }
        t.report();
        t.keep();
        stories.push(t.end());
    }
    stories
}

/// The marker is more sensitive than flow: flow is taken back and the marker ordered.
fn marker_instead_of_flow(t: &mut Tale<'_>) {
    let at = t.accepted + TimeDelta::minutes(4);
    let who = decider(t);
    t.order_step("FLOW-MRD", at, who, Order::Cancel, order_because("NOT_NEEDED", "NPM1 is followed instead."));
    t.order_step("FUSION-Q", at + TimeDelta::minutes(1), who, Order::Order, OrderStep::default());
    t.work("MORPH-ASP");
    t.work_from("FUSION-Q", at + TimeDelta::minutes(2));
}

// --- Parts -----------------------------------------------------------------------------------------------------------

/// A tube is refused by two people; a new one comes and the order goes on.
fn clotted_heparin(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("a clotted heparin tube", dx("MDS", "increased blasts"), collected);
    t.apart = vec!["A2"];
    arrive_quickly(&mut t);
    let seen = t.accepted + TimeDelta::minutes(3);
    t.custody_step(seen, NGUYEN, "A2", Step::ProposeRejection, because("CLOTTED", "Firm clot through the whole tube."));
    let whom = full_name(t.log.requester);
    let decided = SpecimenStep { told: Some(whom), ..SpecimenStep::default() };
    let at = seen + t.minutes(12, 50);
    t.custody_step(at, SUPERVISOR, "A2", Step::Reject, decided);
    t.work_all(&["KARYO"]);
    let again = cast.book.calendar.later(t.accepted, 3, &mut t.dice);
    t.does(again + TimeDelta::minutes(15), NGUYEN, Act::Add(Box::new(Part::tube("NAHEP", 1, 4_000).taken(again))));
    let received = again + TimeDelta::minutes(48);
    let warm = SpecimenStep { temperature: Some(crate::domain::Temperature::Ambient), ..place("Reception") };
    t.custody_step(received, ADEYEMI, "A3", Step::Receive, warm);
    t.custody_step(received + TimeDelta::minutes(9), ADEYEMI, "A3", Step::Accept, SpecimenStep::default());
    t.custody_step(received + TimeDelta::minutes(17), SORENSEN, "A3", Step::Start, place("Cytogenetics hood 2"));
    t.custody_step(received + TimeDelta::hours(28), SORENSEN, "A3", Step::Store, place("Fridge F4, rack 7"));
    t.collected = again;
    t.work_from("KARYO", received + TimeDelta::minutes(10));
    t.report();
    t.keep();
    t.end()
}

/// Accepted with a caveat: the part is taken care of here.
fn with_caveat(t: &mut Tale<'_>, label: &'static str, reason: &str, note: &str) {
    t.apart.push(label);
    arrive_quickly(t);
    let at = t.accepted + TimeDelta::minutes(4);
    t.custody_step(at, NGUYEN, label, Step::AcceptWithCaveat, because(reason, note));
    // From here on it is a part like the others.
    t.accepted = at + TimeDelta::minutes(2);
    t.apart.retain(|l| *l != label);
}

fn hemodilute_mrd(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("a hemodilute first pull", dx("MM-MRD", "Residual"), collected);
    t.hemodilute = true;
    with_caveat(&mut t, "A1", "HEMODILUTE", "Pale, no particles on the first smear.");
    t.doubtful = vec!["FLOW-MRD"];
    t.work_all(&[]);
    t.report();
    t.keep();
    t.end()
}

/// No flow and no FISH from a clot; its DNA is still good.
fn clotted_edta(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("a clotted EDTA tube", dx("MDS", "SF3B1"), collected);
    with_caveat(&mut t, "A1", "CLOTTED", "Small clots; sieved.");
    t.work_all(&[]);
    t.report();
    t.keep();
    t.end()
}

fn side_missing(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("a core without its side", dx("LYMPHOMA", "No evidence"), collected);
    t.log.side = None;
    for part in &mut t.log.parts {
        part.side = (part.kind != SpecimenKind::Core).then_some(Side::Left);
    }
    with_caveat(&mut t, "C1", "SIDE_MISSING", "Request and pot say nothing; operator not reached.");
    t.work_all(&[]);
    consequences(&mut t);
    t.report();
    t.keep();
    t.end()
}

fn wrong_anticoagulant(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("lithium heparin", dx("CLL", "del(13q)"), collected);
    if let Some(part) = t.log.parts.iter_mut().find(|p| p.container == "NAHEP") {
        part.container = "LIHEP";
    }
    with_caveat(&mut t, "A2", "WRONG_ANTICOAGULANT", "Lithium instead of sodium heparin; culture tried all the same.");
    t.work_all(&[]);
    t.report();
    t.keep();
    t.end()
}

/// Whose tube it is must be settled first; a second person does, with a declaration.
fn identity_hold(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("two birth dates", dx("MDS", "5q"), collected);
    t.apart = vec!["A1"];
    arrive_quickly(&mut t);
    let asked = t.accepted + TimeDelta::minutes(5);
    let question = SpecimenStep {
        told: Some("Ward 7, charge nurse".to_owned()),
        ..because("MISMATCH_ID", "Birth date on the tube differs from the request by ten years. Which is right?")
    };
    t.custody_step(asked, NGUYEN, "A1", Step::Hold, question);
    let answered = asked + t.minutes(90, 150);
    let answer = SpecimenStep {
        declaration: Some(
            "I took and labeled this sample myself and confirm that it is this patient's. Dr S. Iyer".to_owned(),
        ),
        note: Some("Wristband and request agree; the date on the tube was mistyped.".to_owned()),
        ..SpecimenStep::default()
    };
    t.custody_step(answered, SUPERVISOR, "A1", Step::Resolve, answer);
    t.accepted = answered + TimeDelta::minutes(1);
    t.apart.clear();
    t.work_all(&[]);
    t.report();
    t.keep();
    t.end()
}

/// A tube is lost at the bench and found behind the rack.
fn lost_and_found(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("lost and found", dx("MDS", "SF3B1"), collected);
    t.dna = false;
    t.apart = vec!["A1"];
    arrive_quickly(&mut t);
    let accepted = t.accepted + TimeDelta::seconds(55);
    t.custody_step(accepted, NGUYEN, "A1", Step::Accept, SpecimenStep::default());
    t.custody_step(accepted + TimeDelta::minutes(8), NGUYEN, "A1", Step::Start, place("Flow bench 1"));
    t.work_all(&["NGS-MYE"]);
    let missed = cast.book.calendar.later(t.verified_at("FLOW-AL"), 1, &mut t.dice);
    let gone = SpecimenStep {
        told: Some(full_name(t.log.requester)),
        ..because("AT_BENCH", "Flow bench, fridges F1 to F4, the centrifuges, the waste.")
    };
    t.custody_step(missed, SUPERVISOR, "A1", Step::Lose, gone);
    let found = missed + t.minutes(100, 240);
    let again = SpecimenStep {
        note: Some("Behind the rack in F2; name, number and label agree with the request.".to_owned()),
        ..place("Reception")
    };
    t.custody_step(found, SUPERVISOR, "A1", Step::Find, again);
    t.custody_step(found + TimeDelta::minutes(6), NGUYEN, "A1", Step::Accept, SpecimenStep::default());
    t.work_from("NGS-MYE", found + TimeDelta::minutes(10));
    t.report();
    t.keep();
    t.end()
}

/// Too little for everything: one assay is done, the other is not, and the report says so.
fn not_enough(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("too little for everything", dx("MDS", "reactive"), collected);
    t.dna = false;
    t.apart = vec!["A1"];
    if let Some(part) = t.log.parts.iter_mut().find(|p| p.container == "EDTA") {
        part.ul = Some(1_400);
    }
    arrive_quickly(&mut t);
    let accepted = t.accepted + TimeDelta::seconds(55);
    t.custody_step(accepted, NGUYEN, "A1", Step::Accept, SpecimenStep::default());
    t.work_all(&["NGS-MYE"]);
    let at = t.verified_at("FLOW-AL") + TimeDelta::minutes(40);
    let at = cast.book.calendar.office(at, &mut t.dice);
    let empty =
        SpecimenStep { note: Some("Less than the assay's minimum is left.".to_owned()), ..SpecimenStep::default() };
    t.custody_step(at, NGUYEN, "A1", Step::Exhaust, empty);
    let why = order_because("QNS", "Flow took what there was; a second sample is not worth a second puncture.");
    t.order_step("NGS-MYE", at + TimeDelta::minutes(30), SUPERVISOR, Order::NotPerform, why);
    t.report();
    t.keep();
    t.end()
}

/// Cores from both sides, each in its own pot; a smear that was scanned twice.
fn both_sides(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("cores from both sides", dx("LYMPHOMA", "follicular"), collected);
    t.log.side = Some(Side::Left);
    let second = Part::core("FORMALIN", t.dice.amount(12, 20)).on_side(Side::Right);
    t.log.parts.insert(1, second);
    t.log.parts.push(Part::smear());
    t.apart = vec!["S1"];
    arrive_quickly(&mut t);
    let note = SpecimenStep {
        note: Some("No smear was made; the label was printed by mistake.".to_owned()),
        ..SpecimenStep::default()
    };
    t.custody_step(t.accepted + TimeDelta::minutes(12), SUPERVISOR, "S1", Step::EnterInError, note);
    t.work_all(&[]);
    consequences(&mut t);
    t.report();
    t.keep();
    t.end()
}

/// Particles in formalin beside the core.
fn clot_section(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("particles in formalin", dx("INFECTION", "Reactive"), collected);
    t.log.parts.push(Part::clot(900));
    t.log.orders = vec!["HIST-CORE", "HIST-CLOT", "CULT"];
    arrive_quickly(&mut t);
    t.work_all(&[]);
    t.report_early(&["HIST-CORE", "HIST-CLOT"]);
    t.report();
    t.keep();
    t.end()
}

// --- Dry taps --------------------------------------------------------------------------------------------------------

/// The culture of the fresh core fails; blood that is taken later is cultured instead.
fn dry_tap_added_part(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("a dry tap, and blood added later", dx("MPN", "myelofibrosis"), collected);
    dry_tap(&mut t);
    arrive_quickly(&mut t);
    t.work_all(&["KARYO"]);
    let started = t.set_up_from("KARYO", t.accepted);
    let failed = cast.book.calendar.later(started, 4, &mut t.dice);
    t.fail("KARYO", failed, "LOW_VIABILITY", "The core did not grow; blasts circulate, so blood was asked for.");
    let bled = cast.book.calendar.later(failed, 1, &mut t.dice);
    t.does(bled + TimeDelta::minutes(10), NGUYEN, Act::Add(Box::new(Part::blood("MEDIUM", 10_000).taken(bled))));
    let warm = SpecimenStep { temperature: Some(crate::domain::Temperature::Ambient), ..place("Reception") };
    t.custody_step(bled + TimeDelta::minutes(40), NGUYEN, "B2", Step::Receive, warm);
    t.custody_step(bled + TimeDelta::minutes(47), NGUYEN, "B2", Step::Accept, SpecimenStep::default());
    let again = bled + TimeDelta::minutes(70);
    t.custody_step(again + TimeDelta::minutes(15), SORENSEN, "B2", Step::Start, place("Cytogenetics hood 1"));
    t.custody_step(again + TimeDelta::hours(26), SORENSEN, "B2", Step::Store, place("Fridge F4, rack 22"));
    t.order_step("KARYO", again, SORENSEN, Order::Repeat, order_note("Second culture, from blood in medium."));
    t.start_on("KARYO", "B2", again + TimeDelta::minutes(20));
    t.finish("KARYO", again + TimeDelta::minutes(20));
    t.report();
    t.keep();
    t.end()
}

/// Planned as usual; at the bedside the tubes stay empty.
fn planned_then_dry(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("planned, and dry at the bedside", dx("BMF", "aplastic"), collected);
    dry_tap(&mut t);
    t.log.outcome = ProcedureOutcome::Obtained;
    t.log.requester = MARLOW;
    let received = collected + t.minutes(50, 90);
    let accepted = received + t.minutes(6, 15);
    t.arrive_as(Arrival::Planned, received, accepted);
    t.work_all(&[]);
    t.report();
    t.keep();
    t.end()
}

// --- Work ------------------------------------------------------------------------------------------------------------

/// No metaphases: FISH replaces the karyotype, on the pellet of the culture.
fn culture_failure(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("no metaphases", dx("MDS", "reactive"), collected);
    failing_culture(&mut t, "A2");
    let failed = cast.book.calendar.later(t.accepted, 8, &mut t.dice);
    t.fail("KARYO", failed, "NO_METAPHASES", "No metaphases in three cultures.");
    let who = t.pathologist();
    t.order_step("FISH-MDS", failed + TimeDelta::minutes(35), who, Order::Order, OrderStep::default());
    fish_on_pellet(&mut t, "A2-1", failed);
    let why = order_because("FAILED", "Replaced by FISH on the pellet.");
    t.order_step("KARYO", failed + TimeDelta::minutes(50), SUPERVISOR, Order::NotPerform, why);
    t.report();
    t.keep();
    t.end()
}

/// The same in a leukemia, where nobody had suggested that panel: a reflex of the failed order.
fn culture_failure_in_leukemia(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("no metaphases in a leukemia", dx("AML-NEW", "NPM1"), collected);
    failing_culture(&mut t, "A3");
    let failed = cast.book.calendar.later(t.accepted, 7, &mut t.dice);
    t.fail("KARYO", failed, "NO_METAPHASES", "Few poor metaphases, none to analyze.");
    t.order("FISH-MDS", failed + TimeDelta::minutes(35), SUPERVISOR, "The karyotype failed", Some("KARYO"));
    fish_on_pellet(&mut t, "A3-1", failed);
    let why = order_because("FAILED", "Replaced by FISH on the pellet.");
    t.order_step("KARYO", failed + TimeDelta::minutes(55), SUPERVISOR, Order::NotPerform, why);
    t.report();
    t.keep();
    t.end()
}

/// Everything but the karyotype, whose culture runs and leaves a pellet.
fn failing_culture(t: &mut Tale<'_>, heparin: &'static str) {
    t.apart = vec![heparin];
    arrive_quickly(t);
    let accepted = t.accepted + TimeDelta::seconds(70);
    t.custody_step(accepted, SORENSEN, heparin, Step::Accept, SpecimenStep::default());
    t.custody_step(accepted + TimeDelta::minutes(10), SORENSEN, heparin, Step::Start, place("Cytogenetics hood 2"));
    t.work_all(&["KARYO"]);
    t.set_up_from("KARYO", accepted + TimeDelta::minutes(10));
    let harvest = t.book.calendar.later(t.accepted, 5, &mut t.dice);
    t.freeze(heparin, SpecimenKind::Pellet, 300, "Freezer C-20A, box 9", SORENSEN, harvest);
    t.custody_step(harvest + TimeDelta::minutes(30), SORENSEN, heparin, Step::Store, place("Fridge F4, rack 18"));
}

fn fish_on_pellet(t: &mut Tale<'_>, pellet: &str, failed: Moment) {
    let started = t.book.calendar.later(failed, 1, &mut t.dice);
    t.start_on("FISH-MDS", pellet, started);
    t.finish("FISH-MDS", started);
}

/// The first library fails; the second attempt of the same order succeeds.
fn repeat_attempt(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("a library that failed", dx("MPN", "Essential"), collected);
    arrive_quickly(&mut t);
    t.work_all(&["NGS-MYE"]);
    let started = t.set_up_from("NGS-MYE", t.accepted);
    let failed = cast.book.calendar.later(started, 2, &mut t.dice);
    t.fail("NGS-MYE", failed, "NO_AMPLIFICATION", "Library below 1 nM.");
    let again = failed + TimeDelta::minutes(45);
    t.order_step("NGS-MYE", again, ADEYEMI, Order::Repeat, order_note("New extraction."));
    t.start("NGS-MYE", again + TimeDelta::minutes(30));
    t.finish("NGS-MYE", again + TimeDelta::minutes(30));
    t.report();
    t.keep();
    t.end()
}

/// Done by another laboratory, which is named with the result; its tube stays there.
fn sent_out_and_back(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("sent to a reference laboratory", dx("CML-DX", "chronic phase"), collected);
    t.log.orders = vec!["KARYO", "FISH-RAPID", "BCRABL-Q", "MORPH-ASP", "NGS-MYE"];
    let expected = send_out(&mut t, "NGS-MYE");
    let back = cast.book.calendar.working_days_after(expected, 1);
    let back = cast.book.calendar.on(back, 11, 5) + t.minutes(0, 200);
    let mut result = t.result("NGS-MYE");
    result.comment = Some("Transcribed from the reference laboratory's report; read by a second person.".to_owned());
    let original = format!("{REFERENCE}\r\nReport on NGS-MYE\r\n\r\n{}\r\n", result.headline());
    t.does(back - TimeDelta::minutes(6), NGUYEN, Act::Attach("NGS-MYE", original));
    t.enter_this("NGS-MYE", back, result);
    t.verify("NGS-MYE", back + TimeDelta::minutes(70));
    t.custody_step(back + TimeDelta::minutes(20), NGUYEN, "A1-1", Step::RetainedByReferral, SpecimenStep::default());
    t.report();
    t.keep();
    t.end()
}

/// Where orders go that the laboratory does not do itself.
pub(super) const REFERENCE: &str = "Northern Genomic Reference Laboratory, Leeds";

/// Works on everything else and sends one order away with an aliquot; the day on which it is expected.
pub(super) fn send_out(t: &mut Tale<'_>, assay: &'static str) -> NaiveDate {
    t.dna = false;
    t.apart = vec!["A1"];
    arrive_quickly(t);
    let accepted = t.accepted + TimeDelta::seconds(70);
    t.custody_step(accepted, NGUYEN, "A1", Step::Accept, SpecimenStep::default());
    t.custody_step(accepted + TimeDelta::minutes(7), NGUYEN, "A1", Step::Start, place("Molecular bench 3"));
    t.work_all(&[assay]);
    let sent = t.book.calendar.later(t.accepted, 1, &mut t.dice);
    let aliquot = Child {
        kind: SpecimenKind::Aspirate,
        container: "EDTA",
        ul: Some(1_000),
        location: "Send-outs, shelf 2".to_owned(),
    };
    t.does(sent - TimeDelta::minutes(20), ADEYEMI, Act::Split("A1".to_owned(), vec![aliquot]));
    let day = t.book.calendar.date(sent) + TimeDelta::days(14);
    let expected = t.book.calendar.working_day_until(day);
    let tracking = format!("RM {} GB", t.dice.between(1_000_000, 9_999_999));
    t.order_step(assay, sent, ADEYEMI, Order::ReferOut, order_out(REFERENCE, expected, &tracking));
    let parcel = SpecimenStep {
        laboratory: Some(REFERENCE.to_owned()),
        test: Some(assay.to_owned()),
        tracking: Some(tracking),
        expected_on: Some(expected),
        ..SpecimenStep::default()
    };
    t.custody_step(sent + TimeDelta::minutes(5), ADEYEMI, "A1-1", Step::ReferOut, parcel);
    t.custody_step(sent + TimeDelta::minutes(30), NGUYEN, "A1", Step::Store, place("Fridge F2, rack 31"));
    expected
}

/// Read, sent back to the bench with a question, entered again and verified.
fn returned_result(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("sent back to the bench", dx("MYELOMA", "lambda"), collected);
    arrive_quickly(&mut t);
    t.work_all(&["FLOW-LPD"]);
    let started = t.set_up_from("FLOW-LPD", t.accepted);
    let entered = cast.book.calendar.later(started, 0, &mut t.dice);
    t.enter("FLOW-LPD", entered);
    t.order_step("FLOW-LPD", entered + TimeDelta::minutes(25), SUPERVISOR, Order::Review, OrderStep::default());
    let why = order_note("CD45 gate cuts the plasma cells off; please gate again.");
    t.order_step("FLOW-LPD", entered + TimeDelta::minutes(40), SUPERVISOR, Order::Return, why);
    t.enter("FLOW-LPD", entered + TimeDelta::minutes(85));
    t.verify("FLOW-LPD", entered + TimeDelta::minutes(120));
    t.report();
    t.keep();
    t.end()
}

/// A hematologist holds an assay until the karyotype is known, and lets the hold lapse.
fn held_by_hand(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("held until the karyotype is known", dx("MDS", "5q"), collected);
    t.log.requester = MARLOW;
    arrive_quickly(&mut t);
    let calendar = &cast.book.calendar;
    let until = calendar.on(calendar.working_days_after(calendar.date(t.accepted), 6), 16, 0);
    let wait = order_hold(HoldPolicy::AutoCancel, until, "Only if the karyotype is normal.");
    t.order_step("NGS-MYE", t.accepted + TimeDelta::minutes(9), MARLOW, Order::Hold, wait);
    t.work_all(&["NGS-MYE"]);
    t.report();
    t.keep();
    t.end()
}

fn canceled_by_requester(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("taken back by the requester", dx("MYELOMA", "t(11;14)"), collected);
    t.log.requester = MARLOW;
    arrive_quickly(&mut t);
    t.work_all(&["FISH-MM"]);
    let at = t.accepted + TimeDelta::minutes(18);
    let why = order_because("REQUESTER", "Frail; the result would change nothing.");
    t.order_step("FISH-MM", at, MARLOW, Order::Cancel, why);
    t.report();
    t.keep();
    t.end()
}

// --- Results and reports after they were final -----------------------------------------------------------------------

/// Somebody who is not the reader of this case.
fn other(t: &Tale<'_>) -> &'static str {
    if t.pathologist() == FERREIRA { HADDAD } else { FERREIRA }
}

/// A slip of the pen is found after the report: the result and then the report are corrected, and the requester told.
fn corrected_result(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("a slip of the pen", dx("CLL", "del(13q)"), collected);
    arrive_quickly(&mut t);
    t.work_all(&[]);
    let reported = t.report();
    let found = cast.book.calendar.later(reported, 2, &mut t.dice);
    let mut result = t.result("FISH-CLL");
    result.comment = Some("The first version gave the number of cells of another patient.".to_owned());
    let revise = revise(&t, Revision::Corrected, "Number of abnormal cells mistyped.", found, result);
    t.does(found, t.pathologist(), Act::Revise("FISH-CLL", Box::new(revise)));
    t.does(found + TimeDelta::minutes(35), SUPERVISOR, Act::Verify("FISH-CLL"));
    let at = found + TimeDelta::minutes(60);
    let text = t.revision(ReportKind::Corrected, "FISH corrected: number of abnormal cells.", at);
    t.sign(text, at);
    t.keep();
    t.end()
}

fn revise(
    t: &Tale<'_>,
    revision: Revision,
    reason: &str,
    at: Moment,
    result: crate::domain::command::NewResult,
) -> ReviseResult {
    ReviseResult { revision, reason: reason.to_owned(), told: told(&full_name(t.log.requester), at), result }
}

/// A second look changes the diagnosis: an amended result, and an amended report.
fn amended_report(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("a second look", dx("MDS", "reactive"), collected);
    arrive_quickly(&mut t);
    t.work_all(&[]);
    let reported = t.report();
    let at = cast.book.calendar.later(reported, 3, &mut t.dice);
    let mut result = t.result("MORPH-ASP");
    result.interpretation = crate::domain::Interpretation::Indeterminate;
    result.summary = Some("On review mild dyserythropoiesis, 8 % of erythroid cells.".to_owned());
    let revise = revise(&t, Revision::Amended, "Reviewed at the multidisciplinary meeting.", at, result);
    t.does(at, other(&t), Act::Revise("MORPH-ASP", Box::new(revise)));
    t.does(at + TimeDelta::minutes(50), t.pathologist(), Act::Verify("MORPH-ASP"));
    let later = at + TimeDelta::minutes(80);
    let mut text = t.revision(ReportKind::Amended, "Reviewed at the multidisciplinary meeting.", later);
    "Idiopathic dysplasia of uncertain significance; repeat in six months".clone_into(&mut text.diagnosis);
    t.sign(text, later);
    t.keep();
    t.end()
}

/// A late addition that changes nothing of the diagnosis: an appended result, and an appended report.
fn appended_report(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("an addendum", dx("MPN", "Polycythemia"), collected);
    arrive_quickly(&mut t);
    t.work_all(&[]);
    let reported = t.report();
    let at = cast.book.calendar.later(reported, 4, &mut t.dice);
    let mut result = t.result("NGS-MYE");
    result.comment = Some("Addendum: TET2 of uncertain significance added after review of the panel.".to_owned());
    let revise = revise(&t, Revision::Appended, "Panel reviewed with the new transcript list.", at, result);
    t.does(at, t.pathologist(), Act::Revise("NGS-MYE", Box::new(revise)));
    t.does(at + TimeDelta::minutes(45), SUPERVISOR, Act::Verify("NGS-MYE"));
    let later = at + TimeDelta::minutes(70);
    let text = t.revision(ReportKind::Appended, "Sequencing addendum.", later);
    t.sign(text, later);
    t.keep();
    t.end()
}

/// A verified result is withdrawn; its order opens again and is answered again before the report.
fn retracted_result(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("a result withdrawn", dx("AML-MRD", "measurable residual disease"), collected);
    arrive_quickly(&mut t);
    let verified = t.work("FLOW-MRD");
    t.work("MORPH-ASP");
    let at = cast.book.calendar.office(verified + TimeDelta::minutes(130), &mut t.dice);
    let whom = told(&full_name(t.log.requester), at);
    let why = "Compensation of the run was wrong; the data are analyzed again.".to_owned();
    t.does(at, t.pathologist(), Act::Retract("FLOW-MRD", why, Some(whom)));
    t.enter("FLOW-MRD", at + TimeDelta::minutes(160));
    t.verify("FLOW-MRD", at + TimeDelta::minutes(200));
    t.report();
    t.keep();
    t.end()
}

/// A report that was signed under the wrong name is withdrawn and written again.
fn voided_report(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("a report under the wrong name", dx("MYELOMA", "undetermined"), collected);
    arrive_quickly(&mut t);
    t.work_all(&[]);
    let reported = t.report();
    let at = cast.book.calendar.later(reported, 1, &mut t.dice);
    let whom = told(&full_name(t.log.requester), at);
    let why = "The text belongs to another patient of the same list.".to_owned();
    t.does(at, t.pathologist(), Act::Void(why, Some(whom)));
    t.sign(t.text(ReportKind::Final), at + TimeDelta::minutes(20));
    t.keep();
    t.end()
}

// --- Cases that come to nothing --------------------------------------------------------------------------------------

/// The puncture was stopped: nothing was obtained, and everything is taken back.
fn abandoned(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("a puncture that was stopped", dx("MDS", "SF3B1"), collected);
    t.log.requester = MARLOW;
    t.log.outcome = ProcedureOutcome::Abandoned;
    t.log.parts = vec![
        Part::tube("EDTA", 1, 0).missing("PROCEDURE_ABANDONED"),
        Part::tube("NAHEP", 2, 0).missing("PROCEDURE_ABANDONED"),
        Part::core("FORMALIN", 0).missing("PROCEDURE_ABANDONED"),
    ];
    t.be_logged(Arrival::Ahead);
    let mut at = collected + TimeDelta::minutes(70);
    for assay in t.ordered() {
        at += TimeDelta::seconds(40);
        t.order_step(
            assay,
            at,
            MARLOW,
            Order::Cancel,
            order_because("REQUESTER", "Stopped; the patient could not lie down."),
        );
    }
    t.end()
}

/// Logged a second time by mistake.
fn logged_twice(cast: &mut Cast<'_>, collected: Moment) -> Story {
    let mut t = cast.tale("logged twice", dx("POST-TX", "Engrafted"), collected);
    t.be_logged(Arrival::Ahead);
    let mut at = collected + TimeDelta::minutes(95);
    for (label, _) in t.parts() {
        at += TimeDelta::seconds(30);
        let why = SpecimenStep {
            note: Some("The same puncture was logged by the ward.".to_owned()),
            ..SpecimenStep::default()
        };
        t.custody_step(at, SUPERVISOR, &label, Step::EnterInError, why);
    }
    for assay in ["MORPH-ASP", "FLOW-MRD", "FUSION-Q", "NGS-MYE"] {
        at += TimeDelta::seconds(30);
        t.order_step(assay, at, SUPERVISOR, Order::EnterInError, order_note("Logged twice."));
    }
    t.end()
}

//! Telling a story: what an ordinary case does from the needle to the shelf, in small pieces that each story puts together
//! in its own way. Times that are not given are those of [`super::bench`], on the laboratory's calendar.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, TimeDelta, Weekday};

use super::bench::{Bench, LIVING_CELLS, ON_DNA, Reader, SetUp, bench, kit};
use super::calendar::Calendar;
use super::diagnoses::Dx;
use super::dice::Dice;
use super::findings::{Sample, finding};
use super::people::{ADEYEMI, BRIDGE, FERREIRA, HADDAD, NGUYEN, OPERATORS, SORENSEN, STAFF, SUPERVISOR};
use super::story::{Act, Child, Log, NewWork, Part, Step, Story, order_because, place, told};
use crate::domain::catalogue::{Catalogue, Workstep};
use crate::domain::command::{NewResult, OrderStep, PatientInput, ReportText, SpecimenStep};
use crate::domain::{
    Moment, Need, OrderTransition, ProcedureOutcome, ReportKind, Role, Side, Slot, SpecimenKind, SpecimenTransition,
    Temperature, Urgency,
};

/// What all stories share.
pub(super) struct Book<'l> {
    pub(super) catalogue: &'l Catalogue,
    pub(super) calendar: Calendar,
}

/// How a case comes to be known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// Logged at reception when the parts arrive.
    AtReception,
    /// Logged by the requester after the puncture.
    Ahead,
    /// Logged by the hospital's interface.
    ByInterface,
    /// Planned days before by the requester.
    Planned,
    /// Logged ahead and sent by courier.
    ByCourier,
}

/// How long after its signature the requester reads a report.
const READ_AFTER: TimeDelta = TimeDelta::hours(20);

/// A story in the telling.
pub(super) struct Tale<'b> {
    pub(super) book: &'b Book<'b>,
    pub(super) dice: Dice,
    pub(super) dx: &'static Dx,
    pub(super) log: Log,
    pub(super) collected: Moment,
    pub(super) received: Moment,
    pub(super) accepted: Moment,
    /// Everything that is done in this story is done by then.
    pub(super) cap: Option<Moment>,
    /// The level of the marker that this patient is followed by.
    pub(super) level: Option<f64>,
    pub(super) hemodilute: bool,
    /// Parts that the story itself takes care of.
    pub(super) apart: Vec<&'static str>,
    /// Assays that only a supervisor can set up here, in words.
    pub(super) doubtful: Vec<&'static str>,
    /// Whether nucleic acid is stored for sequencing.
    pub(super) dna: bool,
    /// Its position in every storage place of the catalogue; absent for a story of the past, whose places are words.
    pub(super) position: Option<u8>,
    /// The storage places in which this story has used its position.
    filled: Vec<&'static str>,
    name: &'static str,
    reader: &'static str,
    steps: Vec<Step>,
    started: BTreeMap<&'static str, Moment>,
    verified: BTreeMap<&'static str, Moment>,
    signed: Option<Moment>,
}

impl<'b> Tale<'b> {
    pub(super) fn new(
        book: &'b Book<'b>,
        name: &'static str,
        mut dice: Dice,
        dx: &'static Dx,
        patient: PatientInput,
        requester: &'static str,
        collected: Moment,
    ) -> Self {
        let parts = kit(dx.indication, &mut dice);
        let has_core = parts.iter().any(|p| p.kind == SpecimenKind::Core);
        let only_blood = parts.iter().all(|p| p.kind == SpecimenKind::Blood);
        let side = if dice.chance(52) { Side::Right } else { Side::Left };
        let (site, side) = if only_blood {
            (None, None)
        } else if !has_core && dice.chance(10) {
            (Some("STERNUM"), None)
        } else {
            (Some(if dice.chance(95) { "PIC" } else { "AIC" }), Some(side))
        };
        let log = Log {
            external_ref: None,
            patient,
            requester,
            indication: dx.indication,
            urgency: None,
            note: dx.note,
            performed_at: Some(collected),
            operator: Some(dice.pick(OPERATORS)),
            site,
            side,
            outcome: ProcedureOutcome::Obtained,
            parts,
            orders: Vec::new(),
        };
        let reader = if dice.chance(60) { FERREIRA } else { HADDAD };
        let dna =
            dice.chance(45) && log.parts.iter().any(|p| p.kind == SpecimenKind::Aspirate && p.container == "EDTA");
        Self {
            book,
            dice,
            dx,
            log,
            collected,
            received: collected,
            accepted: collected,
            cap: None,
            level: None,
            hemodilute: false,
            apart: Vec::new(),
            doubtful: Vec::new(),
            dna,
            position: None,
            filled: Vec::new(),
            name,
            reader,
            steps: Vec::new(),
            started: BTreeMap::new(),
            verified: BTreeMap::new(),
            signed: None,
        }
    }

    /// The story as it was told.
    pub(super) fn end(self) -> Story {
        Story { name: self.name, steps: self.steps }
    }

    pub(super) fn does(&mut self, at: Moment, who: &'static str, act: Act) {
        self.steps.push(Step { at, who, act });
    }

    pub(super) fn is_urgent(&self) -> bool {
        let usual = self.book.catalogue.indication(self.dx.indication).map(|i| i.urgency);
        self.log.urgency.or(usual) == Some(Urgency::Urgent)
    }

    /// Whether the requester is one of the hematologists with an account.
    pub(super) fn asks_here(&self) -> bool {
        STAFF.iter().any(|s| s.name == self.log.requester && s.role == Role::Hematologist)
    }

    pub(super) fn minutes(&mut self, low: i64, high: i64) -> TimeDelta {
        TimeDelta::seconds(self.dice.between(low * 60, high * 60))
    }

    // --- Arriving ----------------------------------------------------------------------------------------------------

    /// The parts with the ends of their labels, in the order in which they are logged.
    pub(super) fn parts(&self) -> Vec<(String, Part)> {
        let mut counts: BTreeMap<char, u32> = BTreeMap::new();
        let numbered = self.log.parts.iter().map(|part| {
            let letter = part.kind.letter().unwrap_or('A');
            let count = counts.entry(letter).or_default();
            *count += 1;
            (format!("{letter}{count}"), part.clone())
        });
        numbered.collect()
    }

    /// The parts that were obtained and that the story leaves to the ordinary course.
    fn ordinary_parts(&self) -> Vec<(String, Part)> {
        let mut parts = self.parts();
        parts.retain(|(label, part)| part.missing.is_none() && !self.apart.iter().any(|a| a == label));
        parts
    }

    /// Logged, received and accepted as such cases are.
    pub(super) fn arrive(&mut self) {
        let calendar = &self.book.calendar;
        let closing = calendar.on(calendar.date(self.collected), 17, 40);
        let tomorrow = calendar.date(self.collected).succ_opt().filter(|d| calendar.is_working_day(*d));
        let received = if self.is_urgent() {
            self.collected + self.minutes(35, 110)
        } else {
            match tomorrow {
                // RNA and living cells do not like a night in a van; the others do not mind.
                Some(day) if self.dice.chance(8) && matches!(self.dx.indication, "MDS" | "LYMPHOMA" | "CLL") => {
                    calendar.on(day, 8, 10) + self.minutes(1, 50)
                }
                Some(_) | None => (self.collected + self.minutes(45, 200)).min(closing),
            }
        };
        let received = received.max(self.collected + TimeDelta::minutes(35));
        let accepted = received + if self.is_urgent() { self.minutes(4, 12) } else { self.minutes(8, 40) };
        let own = self.asks_here();
        let arrival = match self.dice.between(1, 100) {
            // A hold runs from the puncture, so what is held is not logged before it.
            1..=22 if own && !self.is_urgent() && self.dx.indication != "LYMPHOMA" => Arrival::Planned,
            23..=42 if own => Arrival::Ahead,
            43..=55 => Arrival::ByInterface,
            56..=63 => Arrival::ByCourier,
            _ => Arrival::AtReception,
        };
        self.arrive_as(arrival, received, accepted);
    }

    /// Logged in that way, received and accepted then.
    pub(super) fn arrive_as(&mut self, arrival: Arrival, received: Moment, accepted: Moment) {
        (self.received, self.accepted) = (received, accepted);
        self.be_logged(arrival);
        self.receive(received);
        self.accept(accepted);
    }

    pub(super) fn be_logged(&mut self, arrival: Arrival) {
        let requester = self.log.requester;
        let soon = self.collected + self.minutes(11, 18);
        match arrival {
            Arrival::AtReception => {
                let who = self.reception();
                self.does(self.received, who, Act::Log(Box::new(self.log.clone())));
            }
            Arrival::Ahead => {
                // A requester from elsewhere telephones.
                let who = if self.asks_here() { requester } else { NGUYEN };
                self.does(soon, who, Act::Log(Box::new(self.log.clone())));
            }
            Arrival::ByInterface => {
                self.log.external_ref =
                    Some(format!("HIS-{}-{}", self.log.patient.mrn, self.collected.timestamp() / 60));
                self.does(soon, BRIDGE, Act::Log(Box::new(self.log.clone())));
            }
            Arrival::ByCourier => {
                self.does(soon, NGUYEN, Act::Log(Box::new(self.log.clone())));
                self.dispatch(soon + TimeDelta::minutes(3));
            }
            Arrival::Planned => self.be_planned(requester),
        }
    }

    /// Sent by courier from the outreach clinic.
    pub(super) fn dispatch(&mut self, at: Moment) {
        let tracking = format!("CR-{}", self.dice.between(100_000, 999_999));
        for (i, (label, _)) in self.ordinary_parts().into_iter().enumerate() {
            let step = SpecimenStep {
                destination: Some("Central reception".to_owned()),
                tracking: Some(tracking.clone()),
                ..SpecimenStep::default()
            };
            let at = at + seconds(i);
            self.custody_step(at, NGUYEN, &label, SpecimenTransition::Dispatch, step);
        }
    }

    /// Planned by the requester some days before, and taken as planned.
    fn be_planned(&mut self, requester: &'static str) {
        let calendar = &self.book.calendar;
        let ahead = self.dice.between(1, 4);
        let day = calendar.working_days_before(calendar.date(self.collected), ahead);
        let at = calendar.on(day, 10, 0) + self.minutes(0, 300);
        let mut log = self.log.clone();
        for part in &mut log.parts {
            (part.ul, part.mm, part.missing) = (None, None, None);
        }
        self.does(at, requester, Act::Log(Box::new(log)));
        let taken = self.collected + self.minutes(11, 18);
        for (i, (label, part)) in self.parts().into_iter().enumerate() {
            let (step, details) = match part.missing {
                Some(why) => (
                    SpecimenTransition::MarkNotCollected,
                    SpecimenStep { reason: super::story::code(why), ..SpecimenStep::default() },
                ),
                None => (
                    SpecimenTransition::Collect,
                    SpecimenStep {
                        occurred_at: Some(self.collected),
                        volume_ul: part.ul,
                        pull_number: part.pull,
                        length_mm: part.mm,
                        fixed_at: part.in_fixative().then(|| self.collected + TimeDelta::minutes(5)),
                        ..SpecimenStep::default()
                    },
                ),
            };
            self.custody_step(taken + seconds(i), requester, &label, step, details);
        }
    }

    fn reception(&mut self) -> &'static str {
        self.dice.pick(&[NGUYEN, NGUYEN, ADEYEMI, SORENSEN])
    }

    pub(super) fn receive(&mut self, at: Moment) {
        let who = self.reception();
        for (i, (label, part)) in self.parts().into_iter().enumerate() {
            if part.missing.is_none() {
                let step = SpecimenStep { temperature: Some(part.temperature()), ..place("Reception") };
                self.custody_step(at + seconds(i + 4), who, &label, SpecimenTransition::Receive, step);
            }
        }
    }

    pub(super) fn accept(&mut self, at: Moment) {
        let who = self.reception();
        for (i, (label, _)) in self.ordinary_parts().into_iter().enumerate() {
            self.custody_step(at + seconds(i), who, &label, SpecimenTransition::Accept, SpecimenStep::default());
        }
    }

    pub(super) fn custody_step(
        &mut self,
        at: Moment,
        who: &'static str,
        label: &str,
        step: SpecimenTransition,
        details: SpecimenStep,
    ) {
        self.does(at, who, Act::Move(label.to_owned(), step, Box::new(details)));
    }

    // --- Working -----------------------------------------------------------------------------------------------------

    /// The assays that the indication orders with the case, as far as the laboratory has a bench for them.
    pub(super) fn ordered(&self) -> Vec<&'static str> {
        let set = self.book.catalogue.indication(self.dx.indication).map(|i| i.set.as_slice()).unwrap_or_default();
        let wanted = |assay: &str| {
            if self.log.orders.is_empty() {
                set.iter().any(|s| s.assay == *assay && matches!(s.need, Need::Mandatory | Need::Recommended))
            } else {
                self.log.orders.contains(&assay)
            }
        };
        super::bench::BENCHES.iter().map(|b| b.assay).filter(|assay| wanted(assay)).collect()
    }

    /// Does all of that, each in its usual time, except those that the story does itself.
    pub(super) fn work_all(&mut self, except: &[&str]) {
        for assay in self.ordered() {
            if !except.contains(&assay) {
                self.work(assay);
            }
        }
    }

    /// Sets an assay up, enters its result and verifies it, each in its usual time; when it was verified.
    pub(super) fn work(&mut self, assay: &'static str) -> Moment {
        self.work_from(assay, self.accepted)
    }

    /// The same for an assay that could not begin before.
    pub(super) fn work_from(&mut self, assay: &'static str, from: Moment) -> Moment {
        let started = self.set_up_from(assay, from);
        self.finish(assay, started)
    }

    /// Sets an assay up in its usual time; when.
    pub(super) fn set_up_from(&mut self, assay: &'static str, from: Moment) -> Moment {
        let started = self.set_up_time(bench(assay), from);
        self.start(assay, started);
        started
    }

    fn set_up_time(&mut self, b: &Bench, from: Moment) -> Moment {
        let calendar = &self.book.calendar;
        let duty = b.duty && self.is_urgent();
        let wished = match b.set_up {
            SetUp::Minutes(low, high) => {
                let at = from + self.minutes(low, high);
                if duty { at } else { calendar.office(at, &mut self.dice) }
            }
            SetUp::Days(low, high) => {
                let days = self.dice.between(low, high);
                calendar.later(from, days, &mut self.dice)
            }
        };
        // Before its tube dies, even if somebody has to stay for it.
        let dies = self.limit(b.assay) - TimeDelta::minutes(90);
        let soonest = from + self.minutes(12, 30);
        if wished <= dies { wished.max(soonest) } else { soonest }
    }

    /// Until when its usual part can be set up.
    fn limit(&self, assay: &str) -> Moment {
        let limits = self
            .book
            .catalogue
            .assay(assay)
            .and_then(|a| a.feeds.first())
            .into_iter()
            .flat_map(|f| f.windows.iter())
            .filter_map(|w| w.limit_h.filter(|h| *h > 0))
            .min();
        limits.map_or(DateTime::<chrono::Utc>::MAX_UTC, |h| self.collected + TimeDelta::hours(i64::from(h)))
    }

    fn finish_time(&mut self, b: &Bench, started: Moment) -> Moment {
        let calendar = &self.book.calendar;
        let slow = self.dice.chance(6);
        let at = if self.is_urgent() {
            let hours = self.dice.between(b.urgent_h.0 * 60, b.urgent_h.1 * 60) * if slow { 2 } else { 1 };
            let at = started + TimeDelta::minutes(hours);
            if b.duty { at } else { calendar.office(at, &mut self.dice) }
        } else {
            let days = self.dice.between(b.routine_days.0, b.routine_days.1);
            let days = if slow { days + (days / 2).max(2) } else { days };
            calendar.later(started, days, &mut self.dice)
        };
        let cap = self.cap.map(|cap| cap - TimeDelta::minutes(90) - TimeDelta::seconds(self.dice.between(0, 5_000)));
        cap.map_or(at, |cap| at.min(cap)).max(started + TimeDelta::minutes(25))
    }

    fn check_time(&mut self, b: &Bench, entered: Moment) -> Moment {
        let calendar = &self.book.calendar;
        let at = if self.is_urgent() { entered + self.minutes(12, 55) } else { entered + self.minutes(30, 330) };
        let at = if b.duty && self.is_urgent() { at } else { calendar.office(at, &mut self.dice) };
        let cap = self.cap.map(|cap| cap - TimeDelta::seconds(self.dice.between(0, 3_000)));
        cap.map_or(at, |cap| at.min(cap)).max(entered + TimeDelta::minutes(6))
    }

    pub(super) fn start(&mut self, assay: &'static str, at: Moment) {
        let b = bench(assay);
        let zone = self.book.catalogue.laboratory.time_zone;
        let day = at.with_timezone(&zone);
        let run = format!("{}-{}-{}", b.run, day.format("%y%m%d"), self.dice.between(1, 3));
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && assay == "FISH-MM";
        let late = at >= self.limit(assay) || weekend;
        let doubtful = self.doubtful.contains(&assay);
        let why = if late { "set up in spite of its age" } else { "set up in spite of its fault" };
        let step = OrderStep {
            run: Some(run),
            override_reason: (late || doubtful).then(|| format!("Marrow cannot be had again; {why}.")),
            ..OrderStep::default()
        };
        let who = if late || doubtful { SUPERVISOR } else { b.by };
        self.started.insert(assay, at);
        let tube = self.dna_tube().filter(|_| ON_DNA.contains(&assay) && at > self.accepted + TimeDelta::hours(3));
        match tube {
            Some(tube) => {
                let step = OrderStep { used_ul: Some(40), ..step };
                self.does(at, who, Act::StartOn(assay, format!("{tube}-1"), Box::new(step)));
            }
            None => self.does(at, who, Act::Work(assay, OrderTransition::Start, Box::new(step))),
        }
    }

    /// Sets an assay up on that part.
    pub(super) fn start_on(&mut self, assay: &'static str, label: &str, at: Moment) {
        let b = bench(assay);
        let zone = self.book.catalogue.laboratory.time_zone;
        let run = format!("{}-{}-1", b.run, at.with_timezone(&zone).format("%y%m%d"));
        self.started.insert(assay, at);
        let step = OrderStep { run: Some(run), ..OrderStep::default() };
        self.does(at, b.by, Act::StartOn(assay, label.to_owned(), Box::new(step)));
    }

    /// Enters and verifies, after a set-up at that time, each in its usual time; when it was verified.
    pub(super) fn finish(&mut self, assay: &'static str, started: Moment) -> Moment {
        let b = bench(assay);
        let entered = self.finish_time(b, started);
        self.bench_work(assay, started, entered);
        self.enter(assay, entered);
        let verified = self.check_time(b, entered);
        self.verify(assay, verified);
        verified
    }

    /// What the bench does between set-up and result, each step in its share of the time.
    pub(super) fn bench_work(&mut self, assay: &'static str, started: Moment, entered: Moment) {
        let (by, steps) = (bench(assay).by, self.book.catalogue.assay(assay).map(|a| a.steps.clone()));
        let steps = steps.unwrap_or_default();
        // A step without a duration is short.
        let hours = |step: &Workstep| i64::from(step.hours.unwrap_or(1));
        let whole: i64 = steps.iter().map(hours).sum::<i64>() + 1;
        let mut done = 0;
        for step in &steps {
            done += hours(step);
            let at =
                started + (entered - started) * i32::try_from(done).unwrap_or(1) / i32::try_from(whole).unwrap_or(1);
            let second = if by == NGUYEN { SORENSEN } else { NGUYEN };
            for (reader, later) in [(by, 0), (second, 20)].into_iter().take(usize::from(step.readers)) {
                let details = OrderStep { workstep: Some(step.code.clone()), ..OrderStep::default() };
                let at = at + TimeDelta::seconds(later);
                self.does(at, reader, Act::Work(assay, OrderTransition::Advance, Box::new(details)));
            }
        }
    }

    pub(super) fn enter(&mut self, assay: &'static str, at: Moment) {
        let result = self.result(assay);
        self.enter_this(assay, at, result);
    }

    pub(super) fn enter_this(&mut self, assay: &'static str, at: Moment, result: NewResult) {
        let machine = matches!(assay, "BCRABL-Q" | "NGS-MYE") && self.dice.chance(40);
        let who = if machine { BRIDGE } else { bench(assay).by };
        self.does(at, who, Act::Enter(assay, Box::new(result)));
    }

    /// What that assay finds in this case.
    pub(super) fn result(&mut self, assay: &str) -> NewResult {
        let core = self.log.parts.iter().find(|p| p.kind == SpecimenKind::Core).and_then(|p| p.mm);
        let mut sample = Sample {
            dice: &mut self.dice,
            sex: self.log.patient.sex,
            core_mm: core.unwrap_or(14),
            hemodilute: self.hemodilute,
            level: self.level,
        };
        finding(assay, self.dx, &mut sample)
    }

    pub(super) fn verify(&mut self, assay: &'static str, at: Moment) {
        let who = match bench(assay).reader {
            Reader::Supervisor => SUPERVISOR,
            Reader::Pathologist => self.reader,
        };
        self.verified.insert(assay, at);
        self.does(at, who, Act::Verify(assay));
    }

    pub(super) fn order_step(
        &mut self,
        assay: &'static str,
        at: Moment,
        who: &'static str,
        step: OrderTransition,
        details: OrderStep,
    ) {
        self.does(at, who, Act::Work(assay, step, Box::new(details)));
    }

    /// The attempt failed.
    pub(super) fn fail(&mut self, assay: &'static str, at: Moment, reason: &str, note: &str) {
        self.order_step(assay, at, bench(assay).by, OrderTransition::Fail, order_because(reason, note));
    }

    /// Ordered later, by somebody who may.
    pub(super) fn order(
        &mut self,
        assay: &'static str,
        at: Moment,
        who: &'static str,
        why: &'static str,
        parent: Option<&'static str>,
    ) {
        self.does(at, who, Act::Order(NewWork { assay, why, parent, urgency: None }));
    }

    // --- Reporting ---------------------------------------------------------------------------------------------------

    /// The pathologist who reads and signs this case.
    pub(super) const fn pathologist(&self) -> &'static str {
        self.reader
    }

    /// When the last result so far was verified.
    pub(super) fn last_verified(&self) -> Moment {
        self.verified.values().copied().max().unwrap_or(self.accepted)
    }

    pub(super) fn verified_at(&self, assay: &str) -> Moment {
        self.verified.get(assay).copied().unwrap_or(self.accepted)
    }

    /// The words of a report of that kind.
    pub(super) fn text(&self, kind: ReportKind) -> ReportText {
        let early = kind == ReportKind::Preliminary;
        ReportText {
            kind,
            diagnosis: if early { format!("Preliminary: {}", self.dx.diagnosis) } else { self.dx.diagnosis.to_owned() },
            dx_who5: self.dx.who5.filter(|_| !early).map(str::to_owned),
            dx_icc: self.dx.icc.filter(|_| !early).map(str::to_owned),
            comment: Some(if early { "Genetics to follow.".to_owned() } else { self.dx.comment.to_owned() }),
            acknowledged: Vec::new(),
            reason: None,
            told: None,
        }
    }

    /// The words of a report that follows a final one.
    pub(super) fn revision(&self, kind: ReportKind, reason: &str, at: Moment) -> ReportText {
        let who = super::people::full_name(self.log.requester);
        ReportText { reason: Some(reason.to_owned()), told: Some(told(&who, at)), ..self.text(kind) }
    }

    /// Drafts and signs a report.
    pub(super) fn sign(&mut self, text: ReportText, at: Moment) {
        let thinking = self.minutes(4, 30);
        if self.dice.chance(12) {
            // Begun by a colleague: whoever signs must be the last to have written it.
            let colleague = if self.reader == FERREIRA { HADDAD } else { FERREIRA };
            self.does(at, colleague, Act::Draft(Box::new(text.clone())));
            self.does(at + TimeDelta::minutes(2), self.reader, Act::Edit(Box::new(text)));
        } else {
            self.does(at, self.reader, Act::Draft(Box::new(text)));
        }
        self.does(at + thinking, self.reader, Act::Sign);
        // Whoever asked reads it the next day; reports of yesterday wait for the visitor.
        if self.asks_here() {
            self.does(at + thinking + READ_AFTER, self.log.requester, Act::Read);
        }
        self.signed = Some(self.signed.map_or(at + thinking, |before| before.max(at + thinking)));
    }

    /// A preliminary report when the first results are long before the last.
    pub(super) fn report_early(&mut self, first: &[&str]) {
        let first = first.iter().map(|assay| self.verified_at(assay)).max().unwrap_or(self.accepted);
        let pause = self.minutes(30, 200);
        let at = self.book.calendar.office(first + pause, &mut self.dice);
        if at + TimeDelta::hours(40) < self.last_verified() {
            self.sign(self.text(ReportKind::Preliminary), at);
        }
    }

    /// The final report in its usual time; when it was begun.
    pub(super) fn report(&mut self) -> Moment {
        let wait = if self.is_urgent() { self.minutes(30, 300) } else { self.minutes(60, 1_700) };
        let at = self.book.calendar.office(self.last_verified() + wait, &mut self.dice);
        self.sign(self.text(ReportKind::Final), at);
        at
    }

    // --- Keeping -----------------------------------------------------------------------------------------------------

    fn dna_tube(&self) -> Option<String> {
        let parts = self.ordinary_parts();
        let tube = parts.into_iter().find(|(_, p)| p.kind == SpecimenKind::Aspirate && p.container == "EDTA");
        tube.map(|(label, _)| label).filter(|_| self.dna)
    }

    /// Benches, blocks, nucleic acid, storage and disposal of the ordinary parts.
    pub(super) fn keep(&mut self) {
        let dna = self.dna_tube();
        for (label, part) in self.ordinary_parts() {
            match part.kind {
                SpecimenKind::Aspirate | SpecimenKind::Blood => {
                    let with_dna = dna.as_ref() == Some(&label);
                    self.keep_tube(&label, part.container, with_dna);
                }
                SpecimenKind::Core if part.in_fixative() => self.keep_core(&label),
                SpecimenKind::Core => self.use_up_fresh_core(&label),
                SpecimenKind::Smear | SpecimenKind::Imprint => self.file_slide(&label),
                SpecimenKind::Clot
                | SpecimenKind::Block
                | SpecimenKind::Slide
                | SpecimenKind::Pellet
                | SpecimenKind::NucleicAcid => {}
            }
        }
    }

    fn first_start(&self) -> Moment {
        self.started.values().copied().min().unwrap_or(self.accepted).min(self.accepted + TimeDelta::minutes(12))
    }

    fn keep_tube(&mut self, label: &str, container: &str, with_dna: bool) {
        let benches = match container {
            "NAHEP" => "Cytogenetics hood 2",
            "STERILE" => "Microbiology cabinet",
            _ => self.dice.pick(&["Flow bench 1", "Flow bench 2", "Molecular bench 3"]),
        };
        let taken = self.first_start().max(self.accepted + TimeDelta::minutes(2));
        self.custody_step(taken, NGUYEN, label, SpecimenTransition::Start, place(benches));
        if with_dna {
            let at = self.accepted + TimeDelta::minutes(95);
            let freezer = format!("Freezer M-20B, box {}", self.dice.between(11, 48));
            let freezer = self.slot("FREEZER-80A").unwrap_or(freezer);
            self.freeze(label, SpecimenKind::NucleicAcid, 200, &freezer, ADEYEMI, at);
        }
        let cells = self.started.iter().filter(|(assay, _)| LIVING_CELLS.contains(assay)).map(|(_, at)| *at).max();
        let mut away =
            cells.unwrap_or(self.accepted).max(self.accepted + TimeDelta::minutes(110)) + self.minutes(25, 80);
        if container == "NAHEP" && self.started.contains_key("KARYO") && self.dice.chance(45) {
            away = self.pellet(label).max(away);
        }
        if self.dice.chance(7) && with_dna {
            let note = "Remainder clotted; written off after nucleic acid was stored.";
            let step = SpecimenStep { note: Some(note.to_owned()), ..SpecimenStep::default() };
            let at = self.signed.unwrap_or_else(|| self.last_verified()) + TimeDelta::hours(20);
            self.custody_step(at, ADEYEMI, label, SpecimenTransition::Exhaust, step);
            return;
        }
        let shelf = format!("Fridge {}, rack {:02}", self.dice.pick(&["F1", "F2", "F4"]), self.dice.between(1, 40));
        let shelf = self.slot("FRIDGE-F2").unwrap_or(shelf);
        let step = SpecimenStep { temperature: Some(Temperature::Refrigerated), ..place(&shelf) };
        self.custody_step(away, NGUYEN, label, SpecimenTransition::Store, step);
        self.dispose(label);
    }

    /// The position of this story in a storage place; once, for one part.
    fn slot(&mut self, storage: &'static str) -> Option<String> {
        let (place, at) = (self.book.catalogue.storage(storage)?, self.position?);
        let (row, column) = (at.checked_div(place.columns)?, at.checked_rem(place.columns)?);
        if row >= place.rows || self.filled.contains(&storage) {
            return None;
        }
        self.filled.push(storage);
        Slot::new(place.code.clone(), row + 1, column + 1).map(|slot| slot.to_string())
    }

    /// The pellet of the karyotype; when it was made.
    fn pellet(&mut self, label: &str) -> Moment {
        let set_up = self.started.get("KARYO").copied().unwrap_or(self.accepted);
        let at = self.book.calendar.later(set_up, 2, &mut self.dice);
        let freezer = format!("Freezer C-20A, box {}", self.dice.between(1, 30));
        self.freeze(label, SpecimenKind::Pellet, 300, &freezer, SORENSEN, at);
        at + TimeDelta::minutes(20)
    }

    /// Makes the first part that is made from a tube, and freezes it.
    pub(super) fn freeze(
        &mut self,
        label: &str,
        kind: SpecimenKind,
        ul: u32,
        freezer: &str,
        who: &'static str,
        at: Moment,
    ) {
        let step = SpecimenStep { temperature: Some(Temperature::Frozen), ..place(freezer) };
        let child = Child { kind, container: "PLAIN", ul: Some(ul), location: "Bench".to_owned() };
        self.does(at, who, Act::Split(label.to_owned(), vec![child]));
        self.custody_step(at + TimeDelta::minutes(9), who, &format!("{label}-1"), SpecimenTransition::Store, step);
    }

    /// Weeks after the report, what is only kept that long goes.
    fn dispose(&mut self, label: &str) {
        let Some(signed) = self.signed else { return };
        // A case that goes on after its report keeps its parts.
        let end = signed.max(self.last_verified());
        if self.dice.chance(80) {
            let calendar = &self.book.calendar;
            let day = calendar.date(end + TimeDelta::days(self.dice.between(17, 26)));
            let at = calendar.on(calendar.working_days_after(day, 1), 15, 10) + self.minutes(0, 40);
            self.custody_step(at, SUPERVISOR, label, SpecimenTransition::Discard, SpecimenStep::default());
        }
    }

    fn keep_core(&mut self, label: &str) {
        let calendar = &self.book.calendar;
        let set_up = self.started.get("HIST-CORE").copied().unwrap_or(self.accepted + TimeDelta::minutes(30));
        let embedded = calendar.later(set_up, 1, &mut self.dice);
        let grossing = SpecimenStep { decalcification: Some("EDTA 24 h".to_owned()), ..place("Grossing station 1") };
        let taken = (set_up - TimeDelta::minutes(4)).max(self.accepted + TimeDelta::minutes(1));
        self.custody_step(taken, ADEYEMI, label, SpecimenTransition::Start, grossing);
        let drawer = format!("Block archive, cabinet {}, drawer {}", self.dice.between(1, 6), self.dice.between(1, 30));
        let block = Child { kind: SpecimenKind::Block, container: "BLOCK", ul: None, location: drawer.clone() };
        self.does(embedded, ADEYEMI, Act::Split(label.to_owned(), vec![block]));
        let gone = embedded + TimeDelta::minutes(3);
        self.custody_step(gone, ADEYEMI, label, SpecimenTransition::Exhaust, SpecimenStep::default());
        let block = format!("{label}-1");
        if self.dice.chance(30) {
            let cutting = embedded + TimeDelta::minutes(50);
            self.custody_step(cutting, ADEYEMI, &block, SpecimenTransition::Start, place("Microtome 2"));
            let tray = format!("Slide file, tray {}", self.dice.between(161, 220));
            let slide = || Child {
                kind: SpecimenKind::Slide,
                container: "SLIDE",
                ul: None,
                location: "Staining machine".to_owned(),
            };
            self.does(cutting + TimeDelta::minutes(9), ADEYEMI, Act::Split(block.clone(), vec![slide(), slide()]));
            for n in 1..=2 {
                let slide = format!("{block}-{n}");
                self.custody_step(
                    cutting + TimeDelta::hours(20),
                    ADEYEMI,
                    &slide,
                    SpecimenTransition::Store,
                    place(&tray),
                );
            }
        }
        let shelved = self.last_verified().max(embedded + TimeDelta::hours(3)) + self.minutes(30, 90);
        let shelved = self.book.calendar.office(shelved, &mut self.dice);
        self.custody_step(shelved, ADEYEMI, &block, SpecimenTransition::Store, place(&drawer));
    }

    fn use_up_fresh_core(&mut self, label: &str) {
        let taken = self.first_start().max(self.accepted + TimeDelta::minutes(2));
        self.custody_step(taken, SORENSEN, label, SpecimenTransition::Start, place("Cytogenetics hood 1"));
        let last = self.last_verified() + TimeDelta::minutes(50);
        let gone = self.book.calendar.office(last, &mut self.dice);
        self.custody_step(gone, SORENSEN, label, SpecimenTransition::Exhaust, SpecimenStep::default());
    }

    fn file_slide(&mut self, label: &str) {
        let read = self.verified_at("MORPH-ASP").max(self.verified_at("IRON"));
        let at = self.book.calendar.office(read.max(self.accepted) + TimeDelta::minutes(75), &mut self.dice);
        let tray = format!("Slide file, tray {}", self.dice.between(20, 160));
        self.custody_step(at, NGUYEN, label, SpecimenTransition::Store, place(&tray));
    }
}

/// Scanning takes some seconds per part.
fn seconds(n: usize) -> TimeDelta {
    TimeDelta::seconds(11 * i64::try_from(n).unwrap_or(0))
}

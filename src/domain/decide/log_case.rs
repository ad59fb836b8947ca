//! Logging a case: the request, the puncture, its parts and its assays, all or nothing.

use chrono::Duration;

use super::super::catalogue::{Catalogue, Hold, Suggestion, hold_deadline};
use super::super::command::{NewSpecimen, OrdersInput};
use super::super::text::Check;
use super::super::{
    Accession, Actor, CaseHeader, CaseId, Code, Command, Entity, Event, Ledger, LogCase, Moment, Need, Order,
    OrderHold, OrderId, OrderState, Origin, Patient, PatientId, Procedure, ProcedureOutcome, Refusal, Side, Specimen,
    SpecimenId, SpecimenKind, SpecimenState, Urgency,
};
use super::{CLOCK_SLACK_MIN, Circumstances, Decision, PAST_DAYS_MAX, Subject, Work, may};
use crate::domain::Case;

/// Most parts of one puncture.
pub const SPECIMENS_MAX: usize = 40;
/// Most assays on one case.
pub const ORDERS_MAX: usize = 60;
/// Parts of one puncture lie this close together, and fixation follows within this, hours.
const PUNCTURE_H: i64 = 48;
/// How far ahead a puncture is planned, days.
const PLANNED_DAYS_MAX: i64 = 366;
/// Largest volume of one part, µL (200 mL).
const VOLUME_UL_MAX: u32 = 200_000;
/// Longest core, mm.
const LENGTH_MM_MAX: u32 = 120;

/// Decides a new case. `known` is the patient already on file under that MRN.
///
/// # Errors
/// [`Refusal::Invalid`] with every field that does not fit; `identity_conflict` when the MRN belongs to somebody else.
pub fn log_case(
    log: &LogCase,
    accession: Accession,
    known: Option<&Patient>,
    by: &Actor,
    at: &mut Circumstances<'_>,
) -> Result<Decision, Refusal> {
    may(&Command::LogCase(Box::new(log.clone())), by)?;
    let catalogue = at.catalogue;
    let mut check = Check::default();

    let (patient, is_new) = patient(log, known, at, &mut check);
    let requester = requester(&check.line("/requester", &log.requester));
    let indication = catalogue.indication(log.indication.as_str());
    if indication.is_none() {
        check.fail(
            "/indication",
            "unknown_code",
            format!("{} is not in the catalogue; see GET /api/v1/catalogue", log.indication),
        );
    }
    let external_ref = check.opt_line("/external_ref", log.external_ref.as_deref());
    let clinical_note = check.opt_note("/clinical_note", log.clinical_note.as_deref());
    check.opt_note("/reason", log.reason.as_deref());
    let procedure = procedure(log, at, &mut check);
    if let (Some(born), Some(done)) = (log.patient.born, procedure.performed_at)
        && born > done.date_naive()
        && born <= at.now.date_naive()
    {
        check.fail("/patient/born", "out_of_order", "the puncture was done before this birth date; check both years");
    }

    if log.specimens.is_empty() {
        check.fail("/specimens", "missing", "a case has at least one part, planned or taken");
    }
    if log.specimens.len() > SPECIMENS_MAX {
        check.fail("/specimens", "too_many", format!("at most {SPECIMENS_MAX} parts fit into one case"));
    }
    let mut drafts = Vec::new();
    for (i, new) in log.specimens.iter().take(SPECIMENS_MAX).enumerate() {
        drafts.push(draft_part(&format!("/specimens/{i}"), new, &procedure, catalogue, at.now, &mut check));
    }
    let orders = wanted(log, catalogue, &mut check);
    check.done(())?;

    let now = at.now;
    let header = CaseHeader {
        id: CaseId((at.ids)()),
        accession,
        external_ref,
        patient_id: patient.id,
        requester,
        requester_name: at.requester_name.map(str::to_owned),
        indication: log.indication.clone(),
        urgency: log.urgency.or_else(|| indication.map(|i| i.urgency)).unwrap_or(Urgency::Routine),
        clinical_note,
        procedure,
        recollections: Vec::new(),
        sample_decision: None,
        critical: Vec::new(),
        readings: Vec::new(),
        logged_at: now,
        logged_by: by.who(),
        version: 1,
    };
    let urgency = header.urgency;
    let case = empty(header.clone(), patient.clone());
    let mut work = Work { case, events: Vec::new(), by, at };
    if is_new {
        work.events.push(Event { what: "patient.register".into(), hl7: None, after: Entity::Patient(patient) });
    }
    work.events.push(Event { what: "case.log".into(), hl7: None, after: Entity::Case(header) });
    for draft in drafts.into_iter().flatten() {
        work.add_part(draft)?;
    }
    for wish in orders {
        work.new_order(wish, urgency);
    }
    work.route();
    Ok(Decision { case: work.case, events: work.events, subject: Subject::Case })
}

/// A case that nothing belongs to yet.
pub(super) fn empty(header: CaseHeader, patient: Patient) -> Case {
    let (specimens, orders, results, reports) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    Case { header, patient, specimens, orders, results, reports }
}

pub(super) fn patient(
    log: &LogCase,
    known: Option<&Patient>,
    at: &mut Circumstances<'_>,
    check: &mut Check,
) -> (Patient, bool) {
    let input = &log.patient;
    let mrn = normal_mrn(&input.mrn);
    if mrn.is_empty() {
        check.fail("/patient/mrn", "missing", "the medical record number is the first of two identifiers");
    } else if mrn.chars().count() > 32 || mrn.chars().any(|c| !(c.is_alphanumeric() || "-/.".contains(c))) {
        check.fail("/patient/mrn", "malformed", "a record number has up to 32 letters, digits, - / or .");
    }
    let family_name = check.line("/patient/family_name", &input.family_name);
    let given_name = check.opt_line("/patient/given_name", Some(&input.given_name)).unwrap_or_default();
    if let Some(born) = input.born {
        if born > at.now.date_naive() {
            check.fail("/patient/born", "in_the_future", "nobody is born after today; check the year");
        } else if born < chrono::NaiveDate::from_ymd_opt(1880, 1, 1).unwrap_or_default() {
            check.fail("/patient/born", "out_of_range", "a birth date before 1880 is a slip; check the year");
        }
    }
    if let Some(known) = known {
        if !is_same_person(known, &family_name, &given_name, input.born) {
            check.fail(
                "/patient/mrn",
                "identity_conflict",
                "this record number belongs to a patient with another name or birth date; compare the wristband, then correct the number or the name",
            );
        }
        return (known.clone(), false);
    }
    (
        Patient {
            id: PatientId((at.ids)()),
            mrn,
            family_name,
            given_name,
            born: input.born,
            sex: input.sex,
            version: 1,
        },
        true,
    )
}

/// Whether a name and a birth date can be those of the patient on file under the same number. Two identifiers: the number
/// alone never makes two people one (domain.md §1.1; no automatic merge).
pub fn is_same_person(known: &Patient, family_name: &str, given_name: &str, born: Option<chrono::NaiveDate>) -> bool {
    let key = super::super::text::name_key;
    // Twins share number mix-ups, family name and birth date; a longer or shorter given name is the same person.
    let (a, b) = (key(&known.given_name), key(given_name));
    let same_given = a.is_empty() || b.is_empty() || a.starts_with(&b) || b.starts_with(&a);
    let same_birth = match (known.born, born) {
        (Some(a), Some(b)) => a == b,
        (None, _) | (_, None) => true,
    };
    key(&known.family_name) == key(family_name) && same_given && same_birth
}

/// A login name is one word and compares in lower case; a name on a form stays as it was written.
pub(crate) fn requester(text: &str) -> String {
    if text.contains(char::is_whitespace) { text.to_owned() } else { text.to_lowercase() }
}

/// A record number as it is compared: upper case, without spaces.
pub(crate) fn normal_mrn(mrn: &str) -> String {
    mrn.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

pub(super) fn procedure(log: &LogCase, at: &Circumstances<'_>, check: &mut Check) -> Procedure {
    let input = &log.procedure;
    if let Some(at_time) = input.performed_at {
        sane_time("/procedure/performed_at", at_time, at.now, check);
        if at_time > at.now + Duration::days(PLANNED_DAYS_MAX) {
            check.fail("/procedure/performed_at", "in_the_future", "that is more than a year ahead; check the year");
        }
    }
    place("/procedure", input.site.as_ref(), input.side, at.catalogue, check);
    Procedure {
        performed_at: input.performed_at,
        operator: check.opt_line("/procedure/operator", input.operator.as_deref()),
        site: input.site.clone(),
        side: side_of(input.site.as_ref(), input.side, at.catalogue),
        outcome: input.outcome.unwrap_or(ProcedureOutcome::Obtained),
    }
}

pub(super) fn place(pointer: &str, site: Option<&Code>, side: Option<Side>, catalogue: &Catalogue, check: &mut Check) {
    let Some(code) = site else { return };
    match catalogue.site(code.as_str()) {
        None => check.fail(format!("{pointer}/site"), "unknown_code", format!("{code} is not a site of the catalogue")),
        Some(site) if !site.paired && matches!(side, Some(Side::Left | Side::Right)) => {
            check.fail(format!("{pointer}/side"), "impossible", format!("{} has no left and right", site.name));
        }
        Some(site) if site.paired && side == Some(Side::Midline) => {
            check.fail(format!("{pointer}/side"), "impossible", format!("{} is left or right", site.name));
        }
        Some(_) => {}
    }
}

/// An unpaired site is the midline by itself.
fn side_of(site: Option<&Code>, side: Option<Side>, catalogue: &Catalogue) -> Option<Side> {
    side.or_else(|| site.and_then(|c| catalogue.site(c.as_str())).filter(|s| !s.paired).map(|_| Side::Midline))
}

/// A part that passed its checks and has no label yet.
pub(super) struct PartDraft {
    kind: SpecimenKind,
    container: Code,
    site: Option<Code>,
    side: Option<Side>,
    pull_number: Option<u8>,
    volume_ul: Option<u32>,
    length_mm: Option<u32>,
    collected_at: Option<Moment>,
    fixed_at: Option<Moment>,
    temperature: Option<super::super::Temperature>,
    not_collected: Option<Code>,
}

/// Checks one part as logged, against the procedure it belongs to.
pub(super) fn draft_part(
    pointer: &str,
    new: &NewSpecimen,
    procedure: &Procedure,
    catalogue: &Catalogue,
    now: Moment,
    check: &mut Check,
) -> Option<PartDraft> {
    let before = check.errors.len();
    let collected_at = check_part(pointer, new, procedure, catalogue, now, check);
    (check.errors.len() == before).then(|| PartDraft::of(new, procedure, catalogue, collected_at))
}

impl PartDraft {
    /// The part as it says itself; what it does not say is as with the puncture.
    pub(super) fn of(
        new: &NewSpecimen,
        procedure: &Procedure,
        catalogue: &Catalogue,
        collected_at: Option<Moment>,
    ) -> Self {
        let site = new.site.clone().or_else(|| procedure.site.clone()).filter(|_| new.kind.is_marrow());
        let own_side = new.site.is_some().then(|| side_of(new.site.as_ref(), new.side, catalogue));
        let side = own_side.unwrap_or_else(|| new.side.or(procedure.side)).filter(|_| new.kind.is_marrow());
        Self {
            kind: new.kind,
            container: new.container.clone(),
            site,
            side,
            pull_number: new.pull_number,
            volume_ul: new.volume_ul,
            length_mm: new.length_mm,
            collected_at,
            fixed_at: new.fixed_at,
            temperature: new.temperature,
            not_collected: new.not_collected.clone(),
        }
    }
}

/// What is wrong with a part; returns when it was taken, if it was.
pub(super) fn check_part(
    pointer: &str,
    new: &NewSpecimen,
    procedure: &Procedure,
    catalogue: &Catalogue,
    now: Moment,
    check: &mut Check,
) -> Option<Moment> {
    let at = |field: &str| format!("{pointer}/{field}");
    if new.kind.letter().is_none() {
        check.fail(
            at("kind"),
            "impossible",
            format!("a {} is made from another part; split that part instead", new.kind.words()),
        );
    }
    let container = catalogue.container(new.container.as_str());
    if container.is_none() {
        check.fail(at("container"), "unknown_code", format!("{} is not a container of the catalogue", new.container));
    }
    place(
        pointer,
        new.site.as_ref().or(procedure.site.as_ref().filter(|_| new.side.is_some())),
        new.side,
        catalogue,
        check,
    );
    measures(pointer, new.kind, new.volume_ul, new.length_mm, new.pull_number, check);
    let site = new.site.as_ref().or(procedure.site.as_ref()).filter(|_| new.kind.is_marrow());
    if let Some(reason) = &new.not_collected {
        if catalogue.not_collected_reason(reason.as_str()).is_none() {
            check.fail(at("not_collected"), "unknown_code", format!("{reason} is not a reason of the catalogue"));
        }
        if new.collected_at.is_some() || new.volume_ul.is_some() || new.length_mm.is_some() {
            check.fail(at("not_collected"), "impossible", "a part that was not obtained has no time, volume or length");
        }
    }
    let collected_at = times(pointer, new, procedure, now, check);
    if collected_at.is_some() {
        taken_is_complete(pointer, new.kind, site, new.pull_number, new.volume_ul, check);
        if container.is_some_and(|c| c.fixative) && new.fixed_at.is_none() {
            check.fail(
                at("fixed_at"),
                "missing",
                "tissue in fixative needs the time it went in; it decides what can be tested",
            );
        }
    }
    collected_at
}

/// What can be measured of a part, and within which bounds.
pub(super) fn measures(
    pointer: &str,
    kind: SpecimenKind,
    volume_ul: Option<u32>,
    length_mm: Option<u32>,
    pull: Option<u8>,
    check: &mut Check,
) {
    let at = |field: &str| format!("{pointer}/{field}");
    if let Some(volume) = volume_ul {
        if !kind.is_liquid() {
            check.fail(at("volume_ul"), "impossible", format!("a {} has no volume", kind.words()));
        }
        check.within(&at("volume_ul"), &volume, &1, &VOLUME_UL_MAX, "µL (leave it empty when it is not known)");
    }
    if let Some(length) = length_mm {
        if kind != SpecimenKind::Core {
            check.fail(at("length_mm"), "impossible", format!("a {} has no length", kind.words()));
        }
        check.within(&at("length_mm"), &length, &1, &LENGTH_MM_MAX, "mm");
    }
    if let Some(pull) = pull {
        if !matches!(kind, SpecimenKind::Aspirate | SpecimenKind::Clot | SpecimenKind::Smear) {
            check.fail(
                at("pull_number"),
                "impossible",
                format!("a {} does not come from a pull of the syringe", kind.words()),
            );
        }
        check.within(&at("pull_number"), &pull, &1, &20, "");
    }
}

/// A stated time that no laboratory means: years back.
pub(super) fn sane_time(pointer: &str, at: Moment, now: Moment, check: &mut Check) {
    if at < now - Duration::days(PAST_DAYS_MAX) {
        check.fail(pointer, "out_of_range", "that is more than ten years ago; check the year");
    }
}

/// Time into fixative: after collection, soon after it, and not in the future.
pub(super) fn fixation(pointer: &str, fixed: Moment, taken: Moment, now: Moment, check: &mut Check) {
    if fixed < taken {
        check.fail(pointer, "out_of_order", "it cannot go into fixative before it is taken");
    } else if fixed > now + Duration::minutes(CLOCK_SLACK_MIN) {
        check.fail(pointer, "in_the_future", "that time has not come yet");
    } else if fixed > taken + Duration::hours(PUNCTURE_H) {
        check.fail(pointer, "out_of_range", format!("more than {PUNCTURE_H} hours unfixed is a slip; check the date"));
    }
}

/// When a part was taken, if it was; every time must fit the others.
fn times(pointer: &str, new: &NewSpecimen, procedure: &Procedure, now: Moment, check: &mut Check) -> Option<Moment> {
    let at = |field: &str| format!("{pointer}/{field}");
    let latest = now + Duration::minutes(CLOCK_SLACK_MIN);
    if new.not_collected.is_some() {
        if new.fixed_at.is_some() {
            check.fail(at("fixed_at"), "impossible", "a part that was not obtained was not fixed");
        }
        return None;
    }
    // A puncture in the future plans its parts; one that was done has taken them.
    let performed = procedure.performed_at.filter(|t| *t <= latest);
    let collected_at = new.collected_at.or(performed);
    let Some(taken) = collected_at else {
        let measured = [
            ("volume_ul", new.volume_ul.is_some()),
            ("length_mm", new.length_mm.is_some()),
            ("fixed_at", new.fixed_at.is_some()),
        ];
        if let Some((field, _)) = measured.iter().find(|(_, given)| *given) {
            if procedure.performed_at.is_some() {
                check.fail(
                    at("collected_at"),
                    "in_the_future",
                    "the puncture lies in the future, yet the part was measured; check the date",
                );
            } else {
                check.fail(at(field), "impossible", "a planned part cannot be measured yet; say when it was taken");
            }
        }
        return None;
    };
    if taken > latest {
        check.fail(at("collected_at"), "in_the_future", "that time has not come yet; check the date and the zone");
    } else if taken < now - Duration::days(PAST_DAYS_MAX) {
        check.fail(at("collected_at"), "out_of_range", "that is more than ten years ago; check the year");
    } else if performed.is_some_and(|p| (taken - p).abs() > Duration::hours(PUNCTURE_H)) {
        check.fail(
            at("collected_at"),
            "out_of_range",
            format!(
                "all parts of one puncture are taken within {PUNCTURE_H} hours; log another puncture as another case"
            ),
        );
    }
    if let Some(fixed) = new.fixed_at {
        fixation(&at("fixed_at"), fixed, taken, now, check);
    }
    Some(taken)
}

/// What a taken part must carry (domain.md §7.2 row 2).
pub(super) fn taken_is_complete(
    pointer: &str,
    kind: SpecimenKind,
    site: Option<&Code>,
    pull: Option<u8>,
    volume_ul: Option<u32>,
    check: &mut Check,
) {
    if kind.is_marrow() && site.is_none() {
        check.fail(format!("{pointer}/site"), "missing", "say where it was taken");
    }
    if kind == SpecimenKind::Aspirate {
        if pull.is_none() {
            check.fail(
                format!("{pointer}/pull_number"),
                "missing",
                "an aspirate needs its pull number; every MRD assay asks for pull 1",
            );
        }
        if volume_ul.is_none() {
            check.fail(
                format!("{pointer}/volume_ul"),
                "missing",
                "an aspirate needs its volume in µL; an estimate is better than none",
            );
        }
    }
}

/// An assay that somebody or the indication wants.
pub(super) struct Wish {
    pub assay: Code,
    pub need: Need,
    pub origin: Origin,
    pub why: Option<String>,
    pub hold: Option<Hold>,
    pub parent: Option<OrderId>,
}

pub(super) fn wanted(log: &LogCase, catalogue: &Catalogue, check: &mut Check) -> Vec<Wish> {
    match &log.orders {
        OrdersInput::Suggested(_) => catalogue
            .indication(log.indication.as_str())
            .map(|i| i.set.iter().map(Wish::from).collect())
            .unwrap_or_default(),
        OrdersInput::Codes(codes) => {
            if codes.len() > ORDERS_MAX {
                check.fail("/orders", "too_many", format!("at most {ORDERS_MAX} assays fit into one case"));
            }
            let mut wishes: Vec<Wish> = Vec::new();
            for (i, code) in codes.iter().take(ORDERS_MAX).enumerate() {
                if catalogue.assay(code.as_str()).is_none() {
                    check.fail(
                        format!("/orders/{i}"),
                        "unknown_code",
                        format!("{code} is not an assay of the catalogue"),
                    );
                } else if wishes.iter().any(|w| w.assay == *code) {
                    check.fail(format!("/orders/{i}"), "duplicate", format!("{code} is ordered twice"));
                } else {
                    wishes.push(Wish {
                        assay: code.clone(),
                        need: Need::Mandatory,
                        origin: Origin::Requested,
                        why: None,
                        hold: None,
                        parent: None,
                    });
                }
            }
            wishes
        }
    }
}

impl From<&Suggestion> for Wish {
    fn from(s: &Suggestion) -> Self {
        let why = s.when.as_ref().map_or_else(|| s.why.clone(), |when| format!("{} ({when})", s.why));
        Self {
            assay: s.assay.clone(),
            need: s.need,
            origin: Origin::Indication,
            why: Some(why),
            hold: s.hold.clone(),
            parent: None,
        }
    }
}

impl Work<'_, '_> {
    /// Puts a checked part on the case: planned, then taken or not obtained, as the log says.
    pub(super) fn add_part(&mut self, draft: PartDraft) -> Result<super::super::Label, Refusal> {
        let label = self
            .next_label(draft.kind)
            .ok_or_else(|| Refusal::field("/kind", "impossible", "this kind is made from another part"))?;
        let mut specimen = Specimen {
            id: SpecimenId((self.at.ids)()),
            case_id: self.case.header.id,
            label: label.clone(),
            kind: draft.kind,
            state: SpecimenState::Planned,
            parent: None,
            container: draft.container,
            site: draft.site,
            side: draft.side,
            pull_number: draft.pull_number,
            volume: None,
            length_mm: draft.length_mm,
            fixed_at: None,
            decalcification: None,
            collected_at: None,
            received_at: None,
            accepted_at: None,
            temperature: draft.temperature,
            location: None,
            not_collected: None,
            caveats: Vec::new(),
            rejection: None,
            query: None,
            referral: None,
            retain_until: None,
            version: 0,
        };
        self.put_specimen("plan", Some("S38"), specimen.clone());
        if let Some(reason) = draft.not_collected {
            specimen.state = SpecimenState::NotCollected;
            specimen.not_collected = Some(reason);
            self.put_specimen("mark_not_collected", Some("S40"), specimen);
        } else if let Some(taken) = draft.collected_at {
            specimen.state = SpecimenState::Collected;
            specimen.collected_at = Some(taken);
            specimen.fixed_at = draft.fixed_at;
            specimen.volume = draft.volume_ul.map(Ledger::received);
            self.put_specimen("collect", Some("S39"), specimen);
        }
        Ok(label)
    }

    /// Adds an order in the state that its need calls for.
    pub(super) fn new_order(&mut self, wish: Wish, urgency: Urgency) -> OrderId {
        let id = OrderId((self.at.ids)());
        let catalogue = self.at.catalogue;
        let department =
            catalogue.assay(wish.assay.as_str()).map_or_else(|| wish.assay.clone(), |a| a.department.clone());
        let mut order = Order {
            id,
            case_id: self.case.header.id,
            assay: wish.assay,
            department,
            state: OrderState::Ordered,
            urgency,
            need: wish.need,
            required: matches!(wish.need, Need::Mandatory | Need::Recommended),
            origin: wish.origin,
            why: wish.why,
            parent: wish.parent,
            specimen: None,
            why_no_part: None,
            hold: None,
            attempts: Vec::new(),
            overrides: Vec::new(),
            referral: None,
            documents: Vec::new(),
            closing: None,
            ordered_by: self.by.who(),
            ordered_at: self.at.now,
            due_at: None,
            usable_until: None,
            overdue_at: None,
            final_at: None,
            version: 0,
        };
        match wish.need {
            Need::Mandatory | Need::Recommended => self.put_order("order", None, order),
            Need::Conditional => {
                order.state = OrderState::Suggested;
                self.put_order("suggest", None, order);
            }
            Need::Hold => {
                self.put_order("order", None, order.clone());
                if let Some(hold) = wish.hold {
                    // A planned puncture's hold runs from the needle, not from the day it was booked.
                    let planned = self.case.header.procedure.performed_at;
                    let start = self.case.collected_at().or(planned).unwrap_or(self.at.now);
                    order.hold = Some(OrderHold {
                        policy: hold.policy,
                        deadline: hold_deadline(&catalogue.laboratory, &hold, start),
                    });
                    order.state = OrderState::Held;
                    self.put_order("hold", None, order);
                }
            }
        }
        id
    }
}

//! Steps of custody (`reference/domain.md` §7.2).

use chrono::NaiveDate;

use super::super::command::{ChildInput, NewSpecimen, SpecimenStep};
use super::super::text::Check;
use super::super::{
    Caveat, Code, Debit, Label, Ledger, Moment, Query, Referral, Refusal, Rejection, Side, Slot, Specimen, SpecimenId,
    SpecimenKind, SpecimenState, SpecimenTransition,
};
use super::log_case::{SPECIMENS_MAX, draft_part, fixation, measures, place, sane_time, taken_is_complete};
use super::{Subject, Work, part};
use crate::domain::catalogue::known;

/// Most parts made from one part at a time.
pub const CHILDREN_MAX: usize = 40;

use SpecimenState as St;
use SpecimenTransition as Tr;

impl Work<'_, '_> {
    pub(super) fn add_specimen(&mut self, new: &NewSpecimen) -> Result<Subject, Refusal> {
        if self.case.specimens.len() >= SPECIMENS_MAX * 3 {
            return Err(Refusal::field("", "too_many", "this case has as many parts as fit"));
        }
        let mut check = Check::default();
        // A part added later is a puncture of its own hour: the case's procedure lends site and side, never its time.
        let mut procedure = self.case.header.procedure.clone();
        procedure.performed_at = None;
        let draft = draft_part("", new, &procedure, self.at.catalogue, self.at.now, &mut check);
        check.done(())?;
        let Some(draft) = draft else { return Err(Refusal::field("", "malformed", "the part does not fit")) };
        let label = self.add_part(draft)?;
        let added = self.find_specimen(&label)?;
        self.feed();
        self.settle_recollections(Some(added.id));
        Ok(Subject::Specimen(label))
    }

    pub(super) fn move_specimen(&mut self, label: &Label, step: Tr, d: &SpecimenStep) -> Result<Subject, Refusal> {
        let mut s = self.find_specimen(label)?;
        let row = self.guard_step("specimen", &part(&s), s.state, step)?;
        let at = self.when(d.occurred_at)?;
        let latest = [s.collected_at, s.received_at, s.accepted_at].into_iter().flatten().max();
        // Unstated, it happened now; the clocks of two servers may differ by a moment.
        let at = if d.occurred_at.is_none() { latest.map_or(at, |t| t.max(at)) } else { at };
        let before = latest.map(|t| ("what happened to it before", t));
        self.in_order(before, &format!("“{}”", step.words()), at, d.override_reason.as_deref())?;
        self.change(&mut s, step, d, at)?;
        if let Some(to) = row.to {
            s.state = to;
        }
        let gone = self.asks_again(&s, step, d);
        self.put_specimen(step.name(), row.hl7, s.clone());
        if let Some(reason) = gone {
            self.ask_again(&s, reason);
        }
        if step == Tr::MarkNotCollected {
            self.note_dry_tap();
        }
        self.route();
        Ok(Subject::Specimen(label.clone()))
    }

    /// Why the part must be taken again after this step, if it must.
    fn asks_again(&self, s: &Specimen, step: Tr, d: &SpecimenStep) -> Option<String> {
        match (step, &s.rejection, &s.not_collected) {
            (Tr::Reject, Some(r), _) => Some(format!("{}: {}", r.reason, r.text)),
            (Tr::Lose, ..) => {
                let place = d.reason.as_ref().and_then(|r| self.at.catalogue.lost_reason(r.as_str()));
                Some(place.map_or_else(|| "lost".to_owned(), |r| format!("{}: {}", r.code, r.name)))
            }
            (Tr::MarkNotCollected, _, Some(why)) if d.recollect == Some(true) => Some(format!("{why}: not obtained")),
            (_, _, _) => None,
        }
    }

    /// What a step writes on the part, once its guards hold.
    fn change(&mut self, s: &mut Specimen, step: Tr, d: &SpecimenStep, at: Moment) -> Result<(), Refusal> {
        let mut check = Check::default();
        let location = check.opt_line("/location", d.location.as_deref());
        let note = check.opt_note("/note", d.note.as_deref());
        let told = check.opt_line("/told", d.told.as_deref());
        let declaration = check.opt_note("/declaration", d.declaration.as_deref());
        check.opt_note("/override_reason", d.override_reason.as_deref());
        let destination = check.opt_line("/destination", d.destination.as_deref());
        let tracking = check.opt_line("/tracking", d.tracking.as_deref());
        let laboratory = check.opt_line("/laboratory", d.laboratory.as_deref());
        let test = check.opt_line("/test", d.test.as_deref());
        let decalcification = check.opt_line("/decalcification", d.decalcification.as_deref());
        if matches!(step, Tr::Accept | Tr::AcceptWithCaveat) {
            measures("", s.kind, None, d.length_mm, None, &mut check);
        }
        check.done(())?;

        match step {
            Tr::Plan => return Err(Refusal::NotFound("A part is planned by adding it to a case.".into())),
            Tr::Aliquot => {
                return Err(Refusal::field(
                    "/transition",
                    "impossible",
                    format!("to split a part, post its children to /specimens/{}/aliquots", s.label),
                ));
            }
            Tr::Collect => self.collect(s, d, at)?,
            Tr::MarkNotCollected => {
                let reason = self.reason("/reason", d.reason.as_ref(), |c, r| c.not_collected_reason(r).is_some())?;
                s.not_collected = Some(reason);
            }
            Tr::Dispatch => {
                let to = need("/destination", destination, "say where it goes")?;
                s.location = Some(match tracking {
                    Some(tracking) => format!("to {to}, {tracking}"),
                    None => format!("to {to}"),
                });
            }
            Tr::Receive => {
                s.temperature = Some(d.temperature.or(s.temperature).ok_or_else(|| {
                    Refusal::field("/temperature", "missing", "say how it traveled: ambient, refrigerated or frozen")
                })?);
                s.received_at = Some(at);
                s.location = Some(location.unwrap_or_else(|| "Reception".into()));
            }
            Tr::Accept => self.accept(s, d, at)?,
            Tr::AcceptWithCaveat => {
                let reason = self.caveat_reason(s, d)?;
                let asked = s.query.as_ref().filter(|q| q.reason.as_ref().is_some_and(is_identity));
                // Whichever flaw is named, an open question of whose part it is stays one.
                if asked.is_some_and(|q| q.by.id == self.by.id) {
                    return Err(Refusal::guard(
                        &part(s),
                        s.state,
                        "second_person",
                        "Whose part this is was asked by you: an identity fix takes a second person.",
                    ));
                }
                let identity = asked.is_some() || is_identity(&reason);
                if identity && (s.state != St::OnHold || declaration.is_none()) {
                    return Err(Refusal::guard(
                        &part(s),
                        s.state,
                        "identity_in_doubt",
                        "Whose part this is is in doubt: put it on hold; a supervisor releases it with a signed declaration.",
                    ));
                }
                self.add_caveat(s, &reason, note.as_deref(), at);
                s.accepted_at = Some(at);
                s.query = None;
                s.rejection = None;
                s.length_mm = d.length_mm.or(s.length_mm);
            }
            Tr::Hold => {
                let text =
                    note.ok_or_else(|| Refusal::field("/note", "missing", "write the question that must be answered"))?;
                let owner = told.ok_or_else(|| Refusal::field("/told", "missing", "say who answers it"))?;
                let reason = match &d.reason {
                    // A question, or the fault that raised it.
                    Some(_) => Some(self.reason("/reason", d.reason.as_ref(), |c, r| {
                        c.query_reason(r).is_some() || c.reason(r).is_some()
                    })?),
                    None => None,
                };
                s.query = Some(Query { text, reason, owner, by: self.by.who(), at });
            }
            Tr::Resolve => self.resolve(s, d, note.as_deref(), declaration.as_deref(), at)?,
            Tr::ProposeRejection => {
                if s.rejection.is_some() {
                    return Err(Refusal::guard(
                        &part(s),
                        s.state,
                        "already_proposed",
                        "A rejection is proposed already; another person decides it.",
                    ));
                }
                let reason = self.reason("/reason", d.reason.as_ref(), |c, r| c.reason(r).is_some())?;
                let text = note.ok_or_else(|| Refusal::field("/note", "missing", "say what is wrong with it"))?;
                s.rejection = Some(Rejection {
                    reason,
                    text,
                    proposed_by: self.by.who(),
                    proposed_at: at,
                    decided_by: None,
                    decided_at: None,
                    told: None,
                });
            }
            Tr::WithdrawRejection => {
                if s.rejection.take().is_none() {
                    return Err(Refusal::guard(&part(s), s.state, "nothing_proposed", "No rejection is proposed."));
                }
            }
            Tr::Reject => {
                let Some(proposal) = s.rejection.as_mut() else {
                    return Err(Refusal::guard(
                        &part(s),
                        s.state,
                        "second_person",
                        "Marrow cannot be taken twice: one person proposes a rejection (propose_rejection), another decides. Consider accept_with_caveat.",
                    ));
                };
                if proposal.proposed_by.id == self.by.id {
                    return Err(Refusal::guard(
                        &part(s),
                        s.state,
                        "second_person",
                        "The person who proposed the rejection cannot decide it.",
                    ));
                }
                proposal.told = Some(
                    told.ok_or_else(|| Refusal::field("/told", "missing", "say who was told that it is rejected"))?,
                );
                proposal.decided_by = Some(self.by.who());
                proposal.decided_at = Some(at);
            }
            Tr::Start => {
                s.location = Some(location.ok_or_else(|| Refusal::field("/location", "missing", "say which bench"))?);
                s.decalcification = decalcification.or_else(|| s.decalcification.clone());
            }
            Tr::Store => {
                s.location = Some(self.shelf(location)?);
                s.decalcification = decalcification.or_else(|| s.decalcification.clone());
                s.temperature = d.temperature.or(s.temperature);
                s.retain_until = self.retention(s);
            }
            Tr::ReferOut => {
                s.referral =
                    Some(Referral {
                        laboratory: need("/laboratory", laboratory, "say which laboratory")?,
                        test: need("/test", test, "say which test")?,
                        tracking,
                        expected_on: Some(d.expected_on.ok_or_else(|| {
                            Refusal::field("/expected_on", "missing", "say when the result is expected")
                        })?),
                        sent_at: at,
                    });
            }
            Tr::ReturnFromReferral => {
                s.location = Some(self.shelf(location)?);
            }
            Tr::RetainedByReferral => {}
            Tr::Exhaust => Self::exhaust(s, d, note.as_deref())?,
            Tr::Lose => {
                if d.reason.is_some() {
                    self.reason("/reason", d.reason.as_ref(), |c, r| c.lost_reason(r).is_some())?;
                }
                let looked =
                    note.clone().ok_or_else(|| Refusal::field("/note", "missing", "say where it was looked for"))?;
                let told = told.clone().ok_or_else(|| Refusal::field("/told", "missing", "say who was told"))?;
                s.location = Some(format!("lost; looked for: {looked}; told: {told}"));
            }
            Tr::Find => {
                let how = note
                    .clone()
                    .ok_or_else(|| Refusal::field("/note", "missing", "say how its identity was verified again"))?;
                s.location = Some(location.unwrap_or_else(|| "Reception".into()));
                s.received_at = s.received_at.or(Some(at));
                self.push_caveat(s, "IDENTITY_REVERIFIED", format!("Was lost and found; identity verified: {how}"), at);
            }
            Tr::Discard => self.may_discard(s)?,
            Tr::EnterInError => {
                if note.is_none() {
                    return Err(Refusal::field("/note", "missing", "say why it never existed"));
                }
                if self.case.results.iter().any(|r| r.specimen == Some(s.id) && r.state.is_verified()) {
                    return Err(Refusal::guard(
                        &part(s),
                        s.state,
                        "verified_result",
                        "A verified result rests on it; retract that first.",
                    ));
                }
            }
        }
        Ok(())
    }

    fn collect(&mut self, s: &mut Specimen, d: &SpecimenStep, at: Moment) -> Result<(), Refusal> {
        let catalogue = self.at.catalogue;
        let mut check = Check::default();
        s.site = d.site.clone().or_else(|| s.site.clone());
        if let Some(code) = &s.site
            && catalogue.site(code.as_str()).is_none()
        {
            check.fail("/site", "unknown_code", format!("{code} is not a site of the catalogue"));
        }
        s.side = d.side.or(s.side).or_else(|| {
            s.site.as_ref().and_then(|c| catalogue.site(c.as_str())).filter(|x| !x.paired).map(|_| Side::Midline)
        });
        s.pull_number = d.pull_number.or(s.pull_number);
        measures("", s.kind, d.volume_ul, d.length_mm, d.pull_number, &mut check);
        place("", s.site.as_ref(), s.side, catalogue, &mut check);
        sane_time("/occurred_at", at, self.at.now, &mut check);
        s.length_mm = d.length_mm.or(s.length_mm);
        s.volume = d.volume_ul.map(Ledger::received).or(s.volume);
        s.fixed_at = d.fixed_at.or(s.fixed_at);
        taken_is_complete("", s.kind, s.site.as_ref(), s.pull_number, d.volume_ul, &mut check);
        if catalogue.container(s.container.as_str()).is_some_and(|c| c.fixative) && s.fixed_at.is_none() {
            check.fail("/fixed_at", "missing", "tissue in fixative needs the time it went in");
        }
        if let Some(fixed) = s.fixed_at {
            fixation("/fixed_at", fixed, at, self.at.now, &mut check);
        }
        s.temperature = d.temperature.or(s.temperature);
        s.collected_at = Some(at);
        check.done(())
    }

    fn accept(&self, s: &mut Specimen, d: &SpecimenStep, at: Moment) -> Result<(), Refusal> {
        if d.identifiers_match == Some(false) {
            return Err(Refusal::guard(
                &part(s),
                s.state,
                "identifiers",
                "The identifiers do not match: put it on hold and ask, or propose a rejection with MISMATCH_ID.",
            ));
        }
        if s.rejection.is_some() {
            return Err(Refusal::guard(
                &part(s),
                s.state,
                "rejection_proposed",
                "A rejection is proposed: decide or withdraw it first, or accept with caveat.",
            ));
        }
        if s.kind.is_marrow() && s.side.is_none() && s.parent.is_none() {
            return Err(Refusal::guard(
                &part(s),
                s.state,
                "side_missing",
                "Its side is not known: hold it and ask, or accept with the caveat SIDE_MISSING.",
            ));
        }
        if !self.feeds_something(s) {
            return Err(Refusal::guard(
                &part(s),
                s.state,
                "feeds_nothing",
                "No open order can use it (wrong container?): accept with a caveat such as WRONG_ANTICOAGULANT, or order an assay that it can feed.",
            ));
        }
        s.length_mm = d.length_mm.or(s.length_mm);
        s.accepted_at = Some(at);
        Ok(())
    }

    fn resolve(
        &self,
        s: &mut Specimen,
        d: &SpecimenStep,
        note: Option<&str>,
        declaration: Option<&str>,
        at: Moment,
    ) -> Result<(), Refusal> {
        let how = note.ok_or_else(|| Refusal::field("/note", "missing", "say how the question was answered"))?;
        let query = s.query.take();
        if query.as_ref().and_then(|q| q.reason.as_ref()).is_some_and(is_identity) {
            if declaration.is_none() {
                return Err(Refusal::field(
                    "/declaration",
                    "missing",
                    "an identity fix takes a signed declaration in words",
                ));
            }
            if query.as_ref().is_some_and(|q| q.by.id == self.by.id) {
                return Err(Refusal::guard(
                    &part(s),
                    s.state,
                    "second_person",
                    "An identity fix takes a second person: not the one who asked.",
                ));
            }
        }
        s.side = d.side.or(s.side);
        s.accepted_at = s.accepted_at.or(Some(at));
        let question = query.as_ref().map_or("question", |q| q.text.as_str());
        let text = declaration.map_or_else(
            || format!("Held: {question} Resolved: {how}"),
            |w| format!("Held: {question} Resolved: {how} Declaration: {w}"),
        );
        let code = query.as_ref().and_then(|q| q.reason.as_ref()).map_or("RESOLVED", Code::as_str).to_owned();
        self.push_caveat(s, &code, text, at);
        Ok(())
    }

    fn exhaust(s: &mut Specimen, d: &SpecimenStep, note: Option<&str>) -> Result<(), Refusal> {
        let Some(ledger) = s.volume else { return Ok(()) };
        let left = ledger.remaining_ul();
        if left == 0 {
            return Ok(());
        }
        if note.is_none() && d.volume_ul != Some(left) {
            return Err(Refusal::guard(
                &part(s),
                s.state,
                "volume_left",
                format!("The account says {left} µL are left: use them, or say in words why they are written off."),
            ));
        }
        s.volume = ledger.debit(Debit::Discarded, left);
        Ok(())
    }

    fn may_discard(&self, s: &Specimen) -> Result<(), Refusal> {
        super::past_retention(&self.case, s, self.at.catalogue, self.at.now).map(drop)
    }

    pub(super) fn retention(&self, s: &Specimen) -> Option<NaiveDate> {
        super::retention::retention(&self.case, s, self.at.catalogue)
    }

    pub(super) fn aliquot(&mut self, label: &Label, children: &[ChildInput]) -> Result<Subject, Refusal> {
        let mut parent = self.find_specimen(label)?;
        let row = self.guard_step("specimen", &part(&parent), parent.state, Tr::Aliquot)?;
        let mut check = Check::default();
        if children.is_empty() || children.len() > CHILDREN_MAX {
            check.fail("/children", "out_of_range", format!("between 1 and {CHILDREN_MAX} parts at a time"));
        }
        let mut ledger = parent.volume;
        for (i, child) in children.iter().enumerate() {
            if self.at.catalogue.container(child.container.as_str()).is_none() {
                check.fail(
                    format!("/children/{i}/container"),
                    "unknown_code",
                    format!("{} is not a container of the catalogue", child.container),
                );
            }
            check.opt_line(&format!("/children/{i}/location"), child.location.as_deref());
            if !can_become(parent.kind, child.kind) {
                check.fail(
                    format!("/children/{i}/kind"),
                    "impossible",
                    format!("a {} cannot become a {}", parent.kind.words(), child.kind.words()),
                );
            } else if !parent.kind.is_liquid() && child.kind == parent.kind {
                check.fail(
                    format!("/children/{i}/kind"),
                    "impossible",
                    format!("a {} is not divided into more of itself; make blocks or slides", parent.kind.words()),
                );
            }
            if let Some(volume) = child.volume_ul {
                match ledger {
                    Some(account) => match account.debit(Debit::Child, volume) {
                        Some(after) => ledger = Some(after),
                        None => check.fail(
                            format!("/children/{i}/volume_ul"),
                            "not_enough",
                            format!("{volume} µL are asked for and {} µL are left", account.remaining_ul()),
                        ),
                    },
                    None => check.fail(
                        format!("/children/{i}/volume_ul"),
                        "unknown_volume",
                        "the parent's volume is not known, so no volume can be taken from it",
                    ),
                }
                if volume == 0 {
                    check.fail(format!("/children/{i}/volume_ul"), "out_of_range", "at least 1 µL");
                }
            } else if child.kind == parent.kind && parent.volume.is_some() {
                check.fail(format!("/children/{i}/volume_ul"), "missing", "an aliquot takes a volume from its parent");
            }
        }
        check.done(())?;
        parent.volume = ledger;
        let taken = self.case.specimens.iter().filter(|s| s.parent == Some(parent.id)).count();
        let mut labels = Vec::new();
        let mut made = Vec::new();
        for (i, child) in children.iter().enumerate() {
            let ordinal = u16::try_from(taken + i + 1)
                .map_err(|_| Refusal::field("/children", "too_many", "this part has as many children as fit"))?;
            if parent.label.generation() >= 8 {
                return Err(Refusal::field("/children", "too_many", "a part has at most 8 generations"));
            }
            let child_label = parent.label.child(ordinal);
            labels.push(child_label.clone());
            made.push(Specimen {
                id: SpecimenId((self.at.ids)()),
                label: child_label,
                kind: child.kind,
                state: St::Accepted,
                parent: Some(parent.id),
                container: child.container.clone(),
                volume: child.volume_ul.map(Ledger::received),
                length_mm: None,
                accepted_at: Some(self.at.now),
                location: child.location.clone().or_else(|| parent.location.clone()),
                rejection: None,
                query: None,
                referral: None,
                retain_until: None,
                version: 0,
                ..parent.clone()
            });
        }
        self.put_specimen("aliquot", row.hl7, parent);
        for child in made {
            self.put_specimen("derive", Some("S50"), child);
        }
        self.route();
        Ok(Subject::Specimens(labels))
    }

    /// Where a part is put away: a position of the catalogue in its one spelling, or words. That nothing else lies
    /// there, the store guarantees: it alone knows every case.
    fn shelf(&self, location: Option<String>) -> Result<String, Refusal> {
        let text = location.ok_or_else(|| Refusal::field("/location", "missing", "say where it is put"))?;
        let Some(slot) = Slot::read(&text) else { return Ok(text) };
        match self.at.catalogue.storage(slot.place().as_str()) {
            Some(place) if place.has(&slot) => Ok(slot.to_string()),
            Some(place) => Err(Refusal::field(
                "/location",
                "no_such_position",
                place.slot(place.rows, place.columns).map_or_else(
                    || format!("{} has no positions", place.name),
                    |last| format!("{} ends at {}; {} is beyond it", place.name, last.position(), slot.position()),
                ),
            )),
            // `Flow bench A1` is words; only what is spelt like a position must be one.
            None if Slot::of_location(&text).is_none() => Ok(text),
            None => Err(Refusal::field(
                "/location",
                "no_such_place",
                format!("{} is no storage place of the catalogue", slot.place()),
            )),
        }
    }

    fn reason(
        &self,
        pointer: &str,
        code: Option<&Code>,
        known: impl Fn(&super::super::Catalogue, &str) -> bool,
    ) -> Result<Code, Refusal> {
        let code =
            code.ok_or_else(|| Refusal::field(pointer, "missing", "a coded reason is needed; see the catalogue"))?;
        if known(self.at.catalogue, code.as_str()) {
            Ok(code.clone())
        } else {
            Err(Refusal::field(pointer, "unknown_code", format!("{code} is not such a reason of the catalogue")))
        }
    }

    fn caveat_reason(&self, s: &Specimen, d: &SpecimenStep) -> Result<Code, Refusal> {
        match (&d.reason, &s.rejection) {
            (None, Some(proposed)) => Ok(proposed.reason.clone()),
            (code, _) => self.reason("/reason", code.as_ref(), |c, r| c.reason(r).is_some()),
        }
    }

    fn add_caveat(&self, s: &mut Specimen, reason: &Code, note: Option<&str>, at: Moment) {
        let printed =
            self.at.catalogue.reason(reason.as_str()).map_or_else(|| reason.to_string(), |r| r.caveat_text.clone());
        let text = note.map_or_else(|| printed.clone(), |n| format!("{printed} ({n})"));
        s.caveats.push(Caveat { reason: reason.clone(), text, by: self.by.who(), at });
    }

    fn push_caveat(&self, s: &mut Specimen, code: &str, text: String, at: Moment) {
        if let Ok(reason) = Code::parse(code) {
            s.caveats.push(Caveat { reason, text, by: self.by.who(), at });
        }
    }
}

/// Reasons that put in doubt whose part this is; they take a declaration (`reference/domain.md` §7.2 rows 6, 8).
fn is_identity(reason: &Code) -> bool {
    matches!(
        reason.as_str(),
        known::IDENTITY | "UNLABELED" | "MISMATCH_ID" | "NAME_MISSPELLED" | "NO_PATIENT_ID" | "NO_NAME"
    )
}

fn need(pointer: &str, text: Option<String>, message: &str) -> Result<String, Refusal> {
    text.ok_or_else(|| Refusal::field(pointer, "missing", message))
}

/// What can be made from what: more of the same, a smear or clot from a liquid, an imprint from a core, and anything
/// that is only ever derived.
const fn can_become(parent: SpecimenKind, child: SpecimenKind) -> bool {
    use SpecimenKind as K;
    match child {
        K::Block | K::Slide | K::Pellet | K::NucleicAcid => true,
        K::Aspirate => matches!(parent, K::Aspirate),
        K::Blood => matches!(parent, K::Blood),
        K::Clot => matches!(parent, K::Aspirate | K::Clot),
        K::Smear => matches!(parent, K::Aspirate | K::Blood),
        K::Core | K::Imprint => matches!(parent, K::Core),
    }
}

//! Whether a part can feed an assay now, until when, and why.
//!
//! A tube that is dead for flow may be good for sequencing for twelve more days, so fitness belongs to a pair of part and
//! assay and is never a state of the part (domain.md §7.1). The clock runs from collection to the set-up of the assay.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::words::{duration_words, ml, part_name};
use super::{Assay, Catalogue, Feed, ReasonAction, Window, known};
use crate::domain::{Code, LimitAction, SpecimenKind, Temperature};
use crate::text_enum;

/// What must be known about a part to judge it. The caller gathers it; nothing here looks anything up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartFacts<'a> {
    /// Its kind.
    pub kind: SpecimenKind,
    /// The container it is in.
    pub container: Code,
    /// How it is kept, or traveled if it has not arrived.
    pub temperature: Temperature,
    /// Collection; for fixed tissue, the time into fixative. Absent: not recorded.
    pub clock_start: Option<DateTime<Utc>>,
    /// What is left of it, µL. Absent: not measured.
    pub remaining_ul: Option<u32>,
    /// Its length, mm. Absent: not measured.
    pub length_mm: Option<u32>,
    /// Which pull it came from, 1 or more. Absent: not recorded, or no aspirate.
    pub pull_number: Option<u8>,
    /// Whether the needle brought a dry tap, so that substitute parts may stand in.
    pub after_dry_tap: bool,
    /// The faults with which it was accepted.
    pub reasons: &'a [Code],
    /// Whether it was decalcified in acid.
    pub acid_decalcified: bool,
}

text_enum! {
    /// How fit a part is for an assay.
    pub enum Verdict {
        /// As good as new, and enough of it.
        Ideal = "ideal",
        /// Good; something about it is less than asked for.
        Usable = "usable",
        /// Good for now, or good with a caveat or a question: look at it first.
        Warn = "warn",
        /// Older than the limit of its window. `action` says what that means.
        PastLimit = "past_limit",
        /// It cannot feed this assay, at any age.
        Unfit = "unfit",
        /// Its age cannot be judged: no time is recorded, or no window is set for its temperature.
        NoWindow = "no_window",
    }
}

impl Verdict {
    /// How bad it is, 0 best.
    pub(super) const fn severity(self) -> u8 {
        match self {
            Self::Ideal => 0,
            Self::Usable => 1,
            Self::Warn => 2,
            Self::NoWindow => 3,
            Self::PastLimit => 4,
            Self::Unfit => 5,
        }
    }
}

text_enum! {
    /// What stands between a part, or a whole case, and an assay.
    pub enum Obstacle {
        /// There is no part at all.
        NothingCollected = "nothing_collected",
        /// No part of this kind can feed it.
        WrongKind = "wrong_kind",
        /// The kind is right and the container is not.
        WrongContainer = "wrong_container",
        /// It only stands in after a dry tap, and there was none.
        SubstituteOnly = "substitute_only",
        /// Too little is left.
        NotEnough = "not_enough",
        /// A fault of the part makes the assay pointless.
        Condition = "condition",
        /// It is older than its limit.
        PastLimit = "past_limit",
    }
}

/// How fit a part is for an assay at one moment, until when, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Fitness {
    /// The judgment.
    pub verdict: Verdict,
    /// The last moment at which the assay can be set up. Absent: age does not matter, or it is unfit anyway.
    pub usable_until: Option<DateTime<Utc>>,
    /// The moment from which its age is a warning.
    pub warn_from: Option<DateTime<Utc>>,
    /// What setting it up now would take: nothing, a caveat on the result, a senior, or it may not be.
    pub action: LimitAction,
    /// What stands in the way, if it is unfit or past its limit.
    pub obstacle: Option<Obstacle>,
    /// Which of the assay's feeds it matches (index into `feeds`).
    pub feed: Option<usize>,
    /// Why, in plain sentences, the most serious first.
    pub why: String,
    /// The sentences of `why` that a result must carry if it is set up now.
    pub disclaimers: Vec<String>,
}

impl Fitness {
    /// Whether it may be set up, be it with a caveat or a senior's consent.
    pub fn can_feed(&self) -> bool {
        match self.verdict {
            Verdict::Unfit => false,
            Verdict::Ideal | Verdict::Usable | Verdict::Warn | Verdict::PastLimit | Verdict::NoWindow => {
                self.action != LimitAction::Reject
            }
        }
    }
}

/// Judges one part for one assay at `now`, the moment of set-up.
pub fn fitness(catalogue: &Catalogue, assay: &Assay, part: &PartFacts<'_>, now: DateTime<Utc>) -> Fitness {
    let (index, feed) = match matching_feed(catalogue, assay, part) {
        Ok(found) => found,
        Err(remark) => return combine(vec![remark], None, None),
    };
    let window = feed.windows.iter().find(|w| w.temperature == part.temperature);
    let mut remarks = vec![
        age(assay, feed, window, part, now),
        dry_tap(feed, part),
        volume(feed, part),
        length(feed, part),
        pull(assay, part),
        calendar(catalogue, assay, now),
    ];
    remarks.extend(faults(catalogue, assay, part));
    combine(remarks, Some(index), window.zip(part.clock_start))
}

/// One thing to say about a part.
struct Remark {
    verdict: Verdict,
    action: LimitAction,
    obstacle: Option<Obstacle>,
    why: String,
}

impl Remark {
    /// Nothing to say.
    fn fine() -> Self {
        Self::usable(Verdict::Ideal, LimitAction::None, String::new())
    }

    fn usable(verdict: Verdict, action: LimitAction, why: String) -> Self {
        Self { verdict, action, obstacle: None, why }
    }

    fn unfit(obstacle: Obstacle, action: LimitAction, why: String) -> Self {
        Self { verdict: Verdict::Unfit, action, obstacle: Some(obstacle), why }
    }
}

/// How much an action asks for. The declared order of [`LimitAction`] is not this one.
pub(super) const fn weight(action: LimitAction) -> u8 {
    match action {
        LimitAction::None => 0,
        LimitAction::RunWithDisclaimer => 1,
        LimitAction::Consult => 2,
        LimitAction::Reject => 3,
    }
}

/// The worst verdict and the strongest action of all remarks, each remark in its own sentence.
fn combine(mut remarks: Vec<Remark>, feed: Option<usize>, clock: Option<(&Window, DateTime<Utc>)>) -> Fitness {
    remarks.sort_by_key(|r| Reverse((r.verdict.severity(), weight(r.action))));
    let verdict = remarks.first().map_or(Verdict::Ideal, |r| r.verdict);
    let action = remarks.iter().map(|r| r.action).max_by_key(|a| weight(*a)).unwrap_or(LimitAction::None);
    // Of a part that is out of the question nobody wants to hear how fresh it is.
    let matters = |r: &&Remark| !r.why.is_empty() && (verdict != Verdict::Unfit || r.action != LimitAction::None);
    let sentences: Vec<&str> = remarks.iter().filter(matters).map(|r| r.why.as_str()).collect();
    let after = |hours: Option<u32>| {
        let (_, start) = clock.filter(|_| verdict != Verdict::Unfit)?;
        start.checked_add_signed(TimeDelta::try_hours(i64::from(hours?))?)
    };
    Fitness {
        verdict,
        usable_until: after(clock.and_then(|(window, _)| window.limit_h)),
        warn_from: after(clock.and_then(|(window, _)| window.warn_h)),
        action,
        obstacle: remarks.iter().find_map(|r| r.obstacle),
        feed,
        why: sentences.join(" "),
        disclaimers: remarks.iter().filter(|r| r.action != LimitAction::None).map(|r| r.why.clone()).collect(),
    }
}

/// The feed that takes this kind in this container; the check of the catalogue allows no second one.
fn matching_feed<'a>(
    catalogue: &Catalogue,
    assay: &'a Assay,
    part: &PartFacts<'_>,
) -> Result<(usize, &'a Feed), Remark> {
    let takes = |feed: &Feed| feed.kinds.contains(&part.kind) && feed.container == part.container;
    let found = assay.feeds.iter().enumerate().find(|(_, feed)| takes(feed));
    found.ok_or_else(|| {
        if assay.feeds.iter().any(|feed| feed.kinds.contains(&part.kind)) {
            // A wrong tube of marrow cannot easily be had again, so a senior may still decide to try (domain.md §7.2).
            let part = part_name(catalogue, part.kind, &part.container);
            let why = format!("{} does not take {part}.", assay.name);
            Remark::unfit(Obstacle::WrongContainer, LimitAction::Consult, why)
        } else {
            let why = format!("{} cannot be done on this kind of part ({}).", assay.name, part.kind.words());
            Remark::unfit(Obstacle::WrongKind, LimitAction::Reject, why)
        }
    })
}

fn age(assay: &Assay, feed: &Feed, window: Option<&Window>, part: &PartFacts<'_>, now: DateTime<Utc>) -> Remark {
    if feed.windows.is_empty() {
        return Remark::usable(
            Verdict::Ideal,
            LimitAction::None,
            format!("The age of the {} does not matter.", part.kind.words()),
        );
    }
    let unknown = |why: String| Remark::usable(Verdict::NoWindow, LimitAction::Consult, why);
    let Some(window) = window else {
        return unknown(format!("No time limit is set for {} kept {}.", part.kind.words(), part.temperature.words()));
    };
    let too_old = |why: String| Remark {
        verdict: Verdict::PastLimit,
        action: window.at_limit,
        obstacle: Some(Obstacle::PastLimit),
        why,
    };
    if window.limit_h == Some(0) {
        return too_old(format!("{} takes nothing kept {}.", assay.name, part.temperature.words()));
    }
    let Some(start) = part.clock_start else {
        return unknown(format!("The age of the {} is not known: no collection time is recorded.", part.kind.words()));
    };
    // A start after now is a clock that runs ahead, not a part from the future.
    let age = (now - start).max(TimeDelta::zero());
    let reached = |hours: Option<u32>| hours.is_some_and(|h| age >= hours_long(h));
    let passed = |hours: Option<u32>| hours.is_some_and(|h| age > hours_long(h));
    let old = format!("The {} is {} old", part.kind.words(), duration_words(age));
    let limit = window.limit_h.map(|h| duration_words(hours_long(h)));
    if passed(window.limit_h) {
        return too_old(format!("{old}; the limit is {}.", limit.unwrap_or_default()));
    }
    let verdict = if reached(window.warn_h) {
        Verdict::Warn
    } else if passed(window.ideal_h) {
        Verdict::Usable
    } else {
        Verdict::Ideal
    };
    let until = limit.map(|limit| format!(" and good until {limit}")).unwrap_or_default();
    Remark::usable(verdict, LimitAction::None, format!("{old}{until}."))
}

fn dry_tap(feed: &Feed, part: &PartFacts<'_>) -> Remark {
    if !feed.substitute {
        return Remark::fine();
    }
    if part.after_dry_tap {
        let why = format!("The {} stands in for the usual part after a dry tap.", part.kind.words());
        Remark::usable(Verdict::Usable, LimitAction::None, why)
    } else {
        let why = format!("The {} only stands in for the usual part after a dry tap.", part.kind.words());
        Remark::unfit(Obstacle::SubstituteOnly, LimitAction::Consult, why)
    }
}

fn volume(feed: &Feed, part: &PartFacts<'_>) -> Remark {
    let Some(left) = part.remaining_ul else {
        return Remark::fine();
    };
    let has = if left == 0 { "Nothing".to_owned() } else { ml(left) };
    match (feed.min_ul, feed.ideal_ul) {
        (min, _) if left == 0 || min.is_some_and(|min| left < min) => {
            // An empty tube is a fact; less than the minimum is for a senior to risk, since it cannot be had again.
            let action = if left == 0 { LimitAction::Reject } else { LimitAction::Consult };
            let needs = min.map(|min| format!("; at least {} is needed", ml(min))).unwrap_or_default();
            Remark::unfit(Obstacle::NotEnough, action, format!("{has} is left{needs}."))
        }
        (_, Some(ideal)) if left < ideal => {
            let why = format!("{has} is left; {} is ideal.", ml(ideal));
            Remark::usable(Verdict::Usable, LimitAction::None, why)
        }
        (_, Some(_) | None) => Remark::fine(),
    }
}

fn length(feed: &Feed, part: &PartFacts<'_>) -> Remark {
    let Some(length) = part.length_mm else {
        return Remark::fine();
    };
    match (feed.min_mm, feed.ideal_mm) {
        (Some(min), _) if length < min => {
            let why = format!("The core is {length} mm long; {min} mm is the least for a full opinion.");
            Remark::usable(Verdict::Warn, LimitAction::RunWithDisclaimer, why)
        }
        (_, Some(ideal)) if length < ideal => {
            let why = format!("The core is {length} mm long; {ideal} mm is ideal.");
            Remark::usable(Verdict::Usable, LimitAction::None, why)
        }
        (_, Some(_) | None) => Remark::fine(),
    }
}

fn pull(assay: &Assay, part: &PartFacts<'_>) -> Remark {
    // Blood has no pulls: only liquid marrow is diluted from one pull to the next.
    if !assay.pull_one || part.kind != SpecimenKind::Aspirate {
        return Remark::fine();
    }
    let why = match part.pull_number {
        Some(1) => return Remark::fine(),
        Some(pull) => format!("{} wants pull 1; this is pull {pull}, so blood may dilute it.", assay.name),
        None => format!("{} wants pull 1; the pull of this part is not recorded.", assay.name),
    };
    Remark::usable(Verdict::Warn, LimitAction::RunWithDisclaimer, why)
}

fn calendar(catalogue: &Catalogue, assay: &Assay, now: DateTime<Utc>) -> Remark {
    let today = catalogue.laboratory.local_date(now);
    if assay.sets_up_on(today) {
        return Remark::fine();
    }
    let why = format!("{} is not set up on a {}.", assay.name, today.format("%A"));
    Remark::usable(Verdict::Warn, LimitAction::Consult, why)
}

/// What each fault with which the part was accepted means for this assay.
///
/// Somebody has already decided to keep the part, so a fault's own default of "reject" is no longer asked: only what the
/// catalogue says about this assay can still rule it out.
fn faults(catalogue: &Catalogue, assay: &Assay, part: &PartFacts<'_>) -> Vec<Remark> {
    let mut codes: BTreeSet<&str> = part.reasons.iter().map(Code::as_str).collect();
    // The laboratory's own remarks on a part are no faults: they print by themselves and rule nothing out.
    codes.retain(|code| !matches!(*code, "IDENTITY_REVERIFIED" | "RESOLVED"));
    if part.acid_decalcified {
        codes.insert(known::ACID_DECALCIFIED);
    }
    codes
        .into_iter()
        .map(|code| {
            let Some(reason) = catalogue.reason(code) else {
                // An older catalogue's fault: it still prints, and nobody can say any more what it rules out.
                let why = format!("It was accepted with a fault that is no longer in the catalogue ({code}).");
                return Remark::usable(Verdict::Usable, LimitAction::RunWithDisclaimer, why);
            };
            let why = reason.caveat_text.clone();
            let here = reason.per_assay.get(&assay.code);
            if reason.unfit_for.contains(&assay.code) || here == Some(&ReasonAction::Reject) {
                let action = match here.unwrap_or(&ReasonAction::Consult) {
                    ReasonAction::Reject => LimitAction::Reject,
                    ReasonAction::Caveat | ReasonAction::Consult => LimitAction::Consult,
                };
                Remark::unfit(Obstacle::Condition, action, why)
            } else if here == Some(&ReasonAction::Consult) {
                Remark::usable(Verdict::Warn, LimitAction::Consult, why)
            } else {
                Remark::usable(Verdict::Usable, LimitAction::RunWithDisclaimer, why)
            }
        })
        .collect()
}

fn hours_long(hours: u32) -> TimeDelta {
    TimeDelta::hours(i64::from(hours))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn catalogue() -> Catalogue {
        Catalogue::parse(sample::TEXT).unwrap()
    }

    /// Monday 12:00 in London.
    fn taken() -> DateTime<Utc> {
        "2026-07-06T11:00:00Z".parse().unwrap()
    }

    /// A good aspirate in EDTA, kept as it should be.
    fn edta() -> PartFacts<'static> {
        PartFacts {
            kind: SpecimenKind::Aspirate,
            container: "EDTA".parse().unwrap(),
            temperature: Temperature::Ambient,
            clock_start: Some(taken()),
            remaining_ul: Some(3_000),
            length_mm: None,
            pull_number: Some(1),
            after_dry_tap: false,
            reasons: &[],
            acid_decalcified: false,
        }
    }

    fn core(container: &str) -> PartFacts<'static> {
        let temperature = Temperature::Refrigerated;
        PartFacts {
            kind: SpecimenKind::Core,
            container: container.parse().unwrap(),
            temperature,
            remaining_ul: None,
            length_mm: Some(20),
            pull_number: None,
            ..edta()
        }
    }

    fn judge(assay: &str, part: &PartFacts<'_>, minutes: i64) -> Fitness {
        let c = catalogue();
        fitness(&c, c.assay(assay).unwrap(), part, taken() + TimeDelta::minutes(minutes))
    }

    /// Verdict, action and a piece of the sentence.
    fn assert_judged(fit: &Fitness, verdict: Verdict, action: LimitAction, why: &str) {
        assert_eq!((fit.verdict, fit.action), (verdict, action), "{}", fit.why);
        assert!(fit.why.contains(why), "“{}” does not say “{why}”", fit.why);
        assert_eq!(fit.disclaimers.is_empty(), action == LimitAction::None, "{:?}", fit.disclaimers);
    }

    #[test]
    fn age_at_each_border() {
        // FLOW-AL in EDTA: ideal to 18 h, warned from 24 h, limit 48 h, then consult.
        let table = [
            (-60, Verdict::Ideal, LimitAction::None, "The aspirate is 0 min old and good until 48 h."),
            (0, Verdict::Ideal, LimitAction::None, "0 min old"),
            (18 * 60, Verdict::Ideal, LimitAction::None, "18 h old"),
            (18 * 60 + 1, Verdict::Usable, LimitAction::None, "18 h old"),
            (24 * 60 - 1, Verdict::Usable, LimitAction::None, "23 h old"),
            (24 * 60, Verdict::Warn, LimitAction::None, "24 h old"),
            (48 * 60, Verdict::Warn, LimitAction::None, "48 h old and good until 48 h"),
            (48 * 60 + 1, Verdict::PastLimit, LimitAction::Consult, "The aspirate is 48 h old; the limit is 48 h."),
        ];
        for (minutes, verdict, action, why) in table {
            let fit = judge("FLOW-AL", &edta(), minutes);
            assert_judged(&fit, verdict, action, why);
            assert_eq!(fit.usable_until, Some(taken() + TimeDelta::hours(48)));
            assert_eq!(fit.warn_from, Some(taken() + TimeDelta::hours(24)));
            assert_eq!(fit.obstacle.is_some(), verdict == Verdict::PastLimit);
            assert!(fit.can_feed());
        }
    }

    #[test]
    fn what_happens_at_the_limit_is_the_catalogues() {
        let mrd = judge("FLOW-MRD", &edta(), 73 * 60);
        assert_judged(&mrd, Verdict::PastLimit, LimitAction::RunWithDisclaimer, "73 h old; the limit is 72 h");
        assert_eq!(mrd.disclaimers, ["The aspirate is 73 h old; the limit is 72 h."]);
        let fish = judge("FISH-MDS", &edta(), 97 * 60);
        assert_judged(&fish, Verdict::PastLimit, LimitAction::Reject, "97 h old");
        assert!(!fish.can_feed());
    }

    #[test]
    fn temperature_and_unknown_age() {
        let frozen = judge("FLOW-AL", &PartFacts { temperature: Temperature::Frozen, clock_start: None, ..edta() }, 0);
        assert_judged(&frozen, Verdict::PastLimit, LimitAction::Reject, "Flow cytometry takes nothing kept frozen.");
        let frozen = judge("FLOW-AL", &PartFacts { temperature: Temperature::Frozen, ..edta() }, 0);
        assert_judged(&frozen, Verdict::PastLimit, LimitAction::Reject, "Flow cytometry takes nothing kept frozen.");
        let cold = judge("FLOW-AL", &PartFacts { temperature: Temperature::Refrigerated, ..edta() }, 0);
        assert_judged(
            &cold,
            Verdict::NoWindow,
            LimitAction::Consult,
            "No time limit is set for aspirate kept refrigerated.",
        );
        assert_eq!((cold.usable_until, cold.warn_from), (None, None));
        let undated = judge("FLOW-AL", &PartFacts { clock_start: None, ..edta() }, 0);
        assert_judged(&undated, Verdict::NoWindow, LimitAction::Consult, "no collection time is recorded");
        // Fixed tissue: neither temperature nor age matter.
        let fixed = judge("HIST-CORE", &PartFacts { clock_start: None, ..core("FORMALIN") }, 0);
        assert_judged(&fixed, Verdict::Ideal, LimitAction::None, "does not matter");
    }

    #[test]
    fn kind_and_container() {
        let smear = PartFacts { kind: SpecimenKind::Smear, container: "SLIDE".parse().unwrap(), ..edta() };
        let fit = judge("FLOW-AL", &smear, 0);
        assert_judged(&fit, Verdict::Unfit, LimitAction::Reject, "cannot be done on this kind of part (smear)");
        assert_eq!((fit.obstacle, fit.feed, fit.usable_until), (Some(Obstacle::WrongKind), None, None));
        let fit = judge("KARYO", &edta(), 0);
        assert_judged(&fit, Verdict::Unfit, LimitAction::Consult, "Karyotype does not take aspirate in EDTA.");
        assert_eq!(fit.obstacle, Some(Obstacle::WrongContainer));
        assert!(!fit.can_feed());
    }

    #[test]
    fn substitutes_only_after_a_dry_tap() {
        let fit = judge("FLOW-AL", &core("RPMI"), 60);
        assert_judged(&fit, Verdict::Unfit, LimitAction::Consult, "only stands in");
        assert_eq!((fit.obstacle, fit.usable_until), (Some(Obstacle::SubstituteOnly), None));
        let fit = judge("FLOW-AL", &PartFacts { after_dry_tap: true, ..core("RPMI") }, 60);
        assert_judged(&fit, Verdict::Usable, LimitAction::None, "stands in for the usual part after a dry tap");
        assert_eq!(fit.usable_until, Some(taken() + TimeDelta::hours(48)));
    }

    #[test]
    fn amounts() {
        let table = [
            (None, Verdict::Ideal, LimitAction::None, "0 min old"),
            (Some(3_000), Verdict::Ideal, LimitAction::None, "0 min old"),
            (Some(2_999), Verdict::Usable, LimitAction::None, "2.999 mL is left; 3 mL is ideal."),
            (Some(1_000), Verdict::Usable, LimitAction::None, "1 mL is left"),
            (Some(999), Verdict::Unfit, LimitAction::Consult, "0.999 mL is left; at least 1 mL is needed."),
            (Some(0), Verdict::Unfit, LimitAction::Reject, "Nothing is left; at least 1 mL is needed."),
        ];
        for (remaining_ul, verdict, action, why) in table {
            assert_judged(&judge("FLOW-AL", &PartFacts { remaining_ul, ..edta() }, 0), verdict, action, why);
        }
        // Without a minimum an empty tube is still empty.
        assert_judged(
            &judge("FISH-MDS", &PartFacts { remaining_ul: Some(0), ..edta() }, 0),
            Verdict::Unfit,
            LimitAction::Reject,
            "Nothing is left.",
        );
        let table = [
            (None, Verdict::Ideal, LimitAction::None, ""),
            (Some(15), Verdict::Ideal, LimitAction::None, ""),
            (Some(14), Verdict::Usable, LimitAction::None, "14 mm long; 15 mm is ideal"),
            (Some(10), Verdict::Usable, LimitAction::None, "10 mm long"),
            (Some(9), Verdict::Warn, LimitAction::RunWithDisclaimer, "9 mm long; 10 mm is the least"),
        ];
        for (length_mm, verdict, action, why) in table {
            assert_judged(&judge("HIST-CORE", &PartFacts { length_mm, ..core("FORMALIN") }, 0), verdict, action, why);
        }
    }

    #[test]
    fn pulls() {
        let table = [
            (Some(1), Verdict::Ideal, LimitAction::None, ""),
            (Some(2), Verdict::Warn, LimitAction::RunWithDisclaimer, "Flow MRD wants pull 1; this is pull 2"),
            (None, Verdict::Warn, LimitAction::RunWithDisclaimer, "not recorded"),
        ];
        for (pull_number, verdict, action, why) in table {
            assert_judged(&judge("FLOW-MRD", &PartFacts { pull_number, ..edta() }, 0), verdict, action, why);
            assert_judged(
                &judge("FLOW-AL", &PartFacts { pull_number, ..edta() }, 0),
                Verdict::Ideal,
                LimitAction::None,
                "",
            );
        }
    }

    #[test]
    fn blood_has_no_pulls() {
        let c = Catalogue::parse(sample::DEFAULT).unwrap();
        let blood = PartFacts { kind: SpecimenKind::Blood, pull_number: None, after_dry_tap: true, ..edta() };
        let fit = fitness(&c, c.assay("FUSION-Q").unwrap(), &blood, taken());
        assert_judged(&fit, Verdict::Usable, LimitAction::None, "dry tap");
    }

    #[test]
    fn days_without_a_set_up() {
        // Taken on Monday: 108 h later it is Saturday in London, 107 h 59 min later still Friday evening … of British summer time.
        let part = PartFacts { clock_start: Some(taken() + TimeDelta::hours(48)), ..edta() };
        assert_judged(&judge("FISH-MDS", &part, 107 * 60 + 59), Verdict::Ideal, LimitAction::None, "");
        assert_judged(
            &judge("FISH-MDS", &part, 108 * 60),
            Verdict::Warn,
            LimitAction::Consult,
            "FISH is not set up on a Saturday.",
        );
    }

    #[test]
    fn faults_of_an_accepted_part() {
        let reasons = |codes: &[&str]| codes.iter().map(|code| code.parse().unwrap()).collect::<Vec<Code>>();
        let heparin = PartFacts { container: "HEPARIN".parse().unwrap(), ..edta() };
        let sterile = PartFacts { container: "STERILE".parse().unwrap(), ..edta() };
        let table = [
            // Pointless for a karyotype, a question for flow, a caveat for the rest.
            ("KARYO", &heparin, &["CLOTTED"][..], Verdict::Unfit, LimitAction::Consult, "The tube was clotted."),
            ("FLOW-AL", &heparin, &["CLOTTED"], Verdict::Warn, LimitAction::Consult, "The tube was clotted."),
            ("CULT", &sterile, &["CLOTTED"], Verdict::Usable, LimitAction::RunWithDisclaimer, "The tube was clotted."),
            // Rejecting is its default; it was accepted all the same, so only an assay's own word counts.
            ("FLOW-AL", &heparin, &["UNLABELED"], Verdict::Usable, LimitAction::RunWithDisclaimer, "without a label"),
            ("CULT", &sterile, &["UNLABELED"], Verdict::Unfit, LimitAction::Reject, "without a label"),
            (
                "FLOW-AL",
                &heparin,
                &["GONE"],
                Verdict::Usable,
                LimitAction::RunWithDisclaimer,
                "no longer in the catalogue (GONE)",
            ),
            (
                "FLOW-AL",
                &heparin,
                &["UNLABELED", "CLOTTED"],
                Verdict::Warn,
                LimitAction::Consult,
                "clotted. The tube came without",
            ),
        ];
        for (assay, part, codes, verdict, action, why) in table {
            let reasons = reasons(codes);
            assert_judged(&judge(assay, &PartFacts { reasons: &reasons, ..part.clone() }, 0), verdict, action, why);
        }
    }

    #[test]
    fn acid_is_a_fault_of_its_own() {
        let acid = PartFacts { acid_decalcified: true, ..core("FORMALIN") };
        let fit = judge("FISH-MDS", &acid, 0);
        assert_judged(&fit, Verdict::Unfit, LimitAction::Consult, "decalcified in acid");
        assert_eq!(fit.obstacle, Some(Obstacle::Condition));
        // Recorded both ways it is still one fault.
        let reasons = [known::ACID_DECALCIFIED.parse().unwrap()];
        assert_eq!(judge("FISH-MDS", &PartFacts { reasons: &reasons, ..acid.clone() }, 0), fit);
        assert_judged(
            &judge("HIST-CORE", &acid, 0),
            Verdict::Usable,
            LimitAction::RunWithDisclaimer,
            "decalcified in acid",
        );
    }

    #[test]
    fn the_worst_counts_and_everything_is_said() {
        let part = PartFacts { remaining_ul: Some(2_000), pull_number: Some(3), ..edta() };
        let fit = judge("FLOW-MRD", &part, 73 * 60);
        assert_judged(
            &fit,
            Verdict::PastLimit,
            LimitAction::RunWithDisclaimer,
            "the limit is 72 h. Flow MRD wants pull 1; this is pull 3",
        );
        assert_eq!(fit.disclaimers.len(), 2);
    }
}

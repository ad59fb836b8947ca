//! Whether a part can feed an assay now, until when, and why.
//!
//! A tube that is dead for flow may be good for sequencing for twelve more days, so fitness belongs to a pair of part and
//! assay and is never a state of the part (domain.md §7.1). The clock runs from collection to the set-up of the assay.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::words::{container_name, duration_words, ml};
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
        age(feed, window, part, now),
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
    let sentences: Vec<&str> = remarks.iter().map(|r| r.why.as_str()).filter(|why| !why.is_empty()).collect();
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
    }
}

/// The feed that takes this kind in this container, a regular one before a substitute.
fn matching_feed<'a>(
    catalogue: &Catalogue,
    assay: &'a Assay,
    part: &PartFacts<'_>,
) -> Result<(usize, &'a Feed), Remark> {
    let takes = |feed: &Feed| feed.kinds.contains(&part.kind) && feed.container == part.container;
    let found = assay.feeds.iter().enumerate().filter(|(_, feed)| takes(feed)).min_by_key(|(_, feed)| feed.substitute);
    found.ok_or_else(|| {
        let kind = part.kind.words();
        if assay.feeds.iter().any(|feed| feed.kinds.contains(&part.kind)) {
            // A wrong tube of marrow cannot easily be had again, so a senior may still decide to try (domain.md §7.2).
            let tube = container_name(catalogue, &part.container);
            let why = format!("{} does not take {kind} in {tube}.", assay.name);
            Remark::unfit(Obstacle::WrongContainer, LimitAction::Consult, why)
        } else {
            let why = format!("{} cannot be done on this kind of part ({kind}).", assay.name);
            Remark::unfit(Obstacle::WrongKind, LimitAction::Reject, why)
        }
    })
}

fn age(feed: &Feed, window: Option<&Window>, part: &PartFacts<'_>, now: DateTime<Utc>) -> Remark {
    if feed.windows.is_empty() {
        return Remark::usable(Verdict::Ideal, LimitAction::None, "Its age does not matter here.".to_owned());
    }
    let unknown = |why: String| Remark::usable(Verdict::NoWindow, LimitAction::Consult, why);
    let Some(window) = window else {
        let how = part.temperature.words();
        return unknown(format!("No time limit is set for a part kept {how}."));
    };
    let Some(start) = part.clock_start else {
        return unknown("Its age is unknown: no collection time is recorded.".to_owned());
    };
    // A start after now is a clock that runs ahead, not a part from the future.
    let age = (now - start).max(TimeDelta::zero());
    let reached = |hours: Option<u32>| hours.is_some_and(|h| age >= hours_long(h));
    let passed = |hours: Option<u32>| hours.is_some_and(|h| age > hours_long(h));
    let old = duration_words(age);
    let limit = window.limit_h.filter(|h| *h > 0).map(|h| duration_words(hours_long(h)));
    if passed(window.limit_h) || window.limit_h == Some(0) {
        let why = match limit {
            Some(limit) => format!("It is {old} old; the limit is {limit}."),
            None => format!("A part kept {} cannot be used.", part.temperature.words()),
        };
        let obstacle = Some(Obstacle::PastLimit);
        return Remark { verdict: Verdict::PastLimit, action: window.at_limit, obstacle, why };
    }
    let (verdict, mut why) = if reached(window.warn_h) {
        (Verdict::Warn, format!("It is {old} old"))
    } else if passed(window.ideal_h) {
        (Verdict::Usable, format!("It is {old} old"))
    } else {
        (Verdict::Ideal, format!("It is {old} old"))
    };
    if let Some(limit) = limit {
        // Writing to a String cannot fail.
        let _ = write!(why, " and good until {limit}");
    }
    why.push('.');
    Remark::usable(verdict, LimitAction::None, why)
}

fn dry_tap(feed: &Feed, part: &PartFacts<'_>) -> Remark {
    if !feed.substitute {
        return Remark::fine();
    }
    if part.after_dry_tap {
        let why = "It stands in for the usual part after a dry tap.".to_owned();
        Remark::usable(Verdict::Usable, LimitAction::None, why)
    } else {
        let why = "It only stands in for the usual part after a dry tap.".to_owned();
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

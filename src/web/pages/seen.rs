//! A case as somebody sees it, and the words that pages about cases share.

use maud::{Markup, html};
use uuid::Uuid;

use crate::domain::{Accession, Case, Label, OrderId, ResultId, Side, SpecimenKind};
use crate::edge::Problem;
use crate::lab::questions::case::{CaseView, SpecimenView, case_view};
use crate::lab::questions::events::EventView;
use crate::web::error::PageError;
use crate::web::language::{rich, t};
use crate::web::session::Person;
use crate::web::{parts, time, words};

/// A case as it is, and as this person sees it.
pub(crate) struct Seen {
    pub(crate) case: Case,
    pub(crate) view: CaseView,
}

impl Seen {
    pub(crate) fn of(person: &Person, case: Case, seq: i64) -> Self {
        let view = case_view(&case, seq, person.eyes());
        Self { case, view }
    }

    pub(crate) async fn by_accession(person: &Person, text: &str) -> Result<Self, PageError> {
        let accession = Accession::parse(text).map_err(|why| misread(&why))?;
        let whole = person.lab.case(person.actor(), accession).await?;
        Ok(Self::of(person, whole.case, whole.head.seq))
    }

    pub(crate) async fn by_label(person: &Person, label: Label) -> Result<Self, PageError> {
        let whole = person.lab.case_of_label(person.actor(), label).await?;
        Ok(Self::of(person, whole.case, whole.head.seq))
    }

    pub(crate) async fn by_order(person: &Person, id: Uuid) -> Result<Self, PageError> {
        let whole = person.lab.case_of_order(person.actor(), OrderId(id)).await?;
        Ok(Self::of(person, whole.case, whole.head.seq))
    }

    pub(crate) async fn by_result(person: &Person, id: Uuid) -> Result<Self, PageError> {
        let whole = person.lab.case_of_result(person.actor(), ResultId(id)).await?;
        Ok(Self::of(person, whole.case, whole.head.seq))
    }

    /// The part with this label.
    pub(crate) fn part(&self, label: &Label) -> Result<&SpecimenView, PageError> {
        Ok(self.view.specimens.iter().find(|s| s.label == *label).ok_or_else(Problem::not_found)?)
    }

    /// Keeps that this person has seen the case as it is. That it cannot be kept is no reason to withhold the page.
    pub(crate) async fn looked_at(&self, person: &Person) {
        if let Err(error) = person.lab.see(person.actor(), self.view.id, self.view.version).await {
            tracing::warn!(%error, "what was seen could not be kept");
        }
    }

    pub(crate) fn banner(&self, person: &Person) -> Markup {
        parts::case_banner(person, &self.view.patient, self.view.accession)
    }
}

/// A number in an address that cannot be one.
pub(crate) fn misread(why: &str) -> PageError {
    let mut problem = Problem::not_found();
    problem.detail = words::sentence(why);
    problem.into()
}

/// What a part is made of and what it is in: `Aspirate in EDTA`.
pub(crate) fn material(person: &Person, kind: SpecimenKind, container: &str) -> String {
    let c = &person.catalogue;
    let kind = c.kind(kind).map_or_else(|| words::capital(&kind.words()), |k| k.name.clone());
    match c.container(container).filter(|x| !x.slide) {
        Some(container) => t!("track-part-in", kind = kind, container = container.name.as_str()),
        None => kind,
    }
}

/// What a part is, in a line: `Aspirate in EDTA, pull 1, 4 mL, left posterior iliac crest`.
pub(crate) fn part_words(person: &Person, s: &SpecimenView) -> String {
    let c = &person.catalogue;
    let name = material(person, s.kind, s.container.as_str());
    let site = s.site.as_ref().and_then(|code| c.site(code.as_str())).map(|x| x.name.to_lowercase());
    let place = match (s.side, site) {
        (Some(Side::Left), Some(site)) => Some(t!("track-place-left", site = site)),
        (Some(Side::Right), Some(site)) => Some(t!("track-place-right", site = site)),
        (Some(Side::Midline) | None, site) => site,
        (Some(Side::Left | Side::Right), None) => None,
    };
    let more = [
        s.pull_number.map(|p| t!("track-pull", number = p)),
        s.volume.map(|v| volume_words(v.received_ul())),
        s.length_mm.map(|mm| t!("track-mm", mm = mm)),
        place,
    ];
    let more: Vec<String> = std::iter::once(name).chain(more.into_iter().flatten()).collect();
    more.join(", ")
}

/// Microliters as people read them.
pub(crate) fn volume_words(ul: u32) -> String {
    if ul < 100 { t!("track-ul", ul = ul) } else { t!("track-ml", ml = f64::from(ul) / 1000.0) }
}

/// The journal of a case in words, newest first; at most `most` entries.
pub(crate) fn journal(person: &Person, seen: &Seen, entries: &[EventView], most: usize) -> Markup {
    html! {
        ol .events {
            @for entry in entries.iter().rev().take(most) {
                li {
                    (time::stamp(entry.recorded_at, person.zone(), person.now))
                    span { (entry_words(person, seen, entry)) }
                }
            }
        }
    }
}

/// One entry: what it was about, what was done, by whom.
pub(crate) fn entry_words(person: &Person, seen: &Seen, entry: &EventView) -> Markup {
    let (machine, _) = entry.command.split_once('.').unwrap_or((entry.command.as_str(), ""));
    let subject = entry.events.iter().find(|e| e.subject == machine).map(|e| e.id);
    let name = subject.and_then(|id| subject_name(seen, id));
    let done = words::command(&entry.command);
    html! {
        @match name {
            Some(name) => { (rich!("track-entry", subject = name, done = done)) }
            None => { (words::capital(&done)) }
        }
        @if !person.is_requester() { span .muted { " " (rich!("track-entry-by", who = parts::named(&entry.actor))) } }
        @if let Some(reason) = entry.reason.as_ref().filter(|_| !person.is_requester()) { span .muted { " (" (reason) ")" } }
    }
}

/// What a journal entry's id is called: a label, or an assay's name.
pub(crate) fn subject_name(seen: &Seen, id: Uuid) -> Option<String> {
    let assay = |order: OrderId| seen.view.orders.iter().find(|o| o.id == order).map(|o| o.name.clone());
    seen.view
        .specimens
        .iter()
        .find(|s| s.id.0 == id)
        .map(|s| s.label.to_string())
        .or_else(|| assay(OrderId(id)))
        .or_else(|| seen.case.results.iter().find(|r| r.id.0 == id).and_then(|r| assay(r.order)))
}

/// The journal of a case.
pub(crate) async fn history(person: &Person, accession: Accession) -> Result<Vec<EventView>, PageError> {
    let entries = person.lab.case_history(person.actor(), accession).await?;
    Ok(entries)
}

#[cfg(test)]
mod tests {
    #[test]
    fn volumes() {
        for (ul, text) in [(80, "80 µL"), (500, "0.5 mL"), (3000, "3 mL"), (1250, "1.25 mL")] {
            assert_eq!(super::volume_words(ul), text);
        }
    }
}

//! One file per page.

mod case_list;
mod case_new;
mod case_show;
mod catalogue;
mod catalogue_diff;
mod catalogue_edit;
mod catalogue_tables;
mod check_in;
mod compare;
mod critical;
mod document;
mod evidence;
mod export_jobs;
mod exports;
mod form_words;
mod home;
mod iscn;
mod journal_page;
mod labels;
mod lock;
mod notices;
mod order;
mod order_show;
mod palette;
mod patients;
mod press;
mod recollections;
mod report_compose;
mod report_form;
mod report_show;
mod result;
mod result_form;
mod result_read;
mod result_show;
mod scan;
mod scan_help;
mod search;
mod sign;
pub(super) mod sign_in;
mod sources;
mod specimen_step;
mod station;
mod storage;
mod system;
mod take_back;
mod tally;
mod timeline;
mod tracker;
mod tracker_answer;
mod tracker_work;
mod turnaround;
mod turnaround_orders;
mod turnaround_plots;
mod understood;
mod users;
mod verify;
mod views;
mod worklist;
mod worklist_table;

use actix_web::web::ServiceConfig;
use maud::{Markup, html};
use uuid::Uuid;

use super::error::PageError;
use super::fields::Fields;
use super::language::{rich, t};
use super::live::Part;
use super::session::Person;
use super::{form, page, parts, post, time, words};
use crate::domain::{Accession, Case, Label, OrderId, ResultId, Side};
use crate::edge::Problem;
use crate::lab::questions::case::{CaseView, SpecimenView, case_view};
use crate::lab::questions::events::EventView;

/// The addresses of all pages.
pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(page("/", home::get))
        .service(form("/sign-in", sign_in::get, sign_in::post))
        .service(post("/sign-out", sign_in::out))
        .service(form("/search", search::get, search::post))
        .service(post("/palette", palette::post))
        .service(post("/unlock", lock::unlock))
        .service(page("/alive", lock::alive))
        .service(form("/views", views::get, views::post))
        .service(post("/views/{id}/forget", views::forget))
        .service(form("/cases/new", case_new::get, case_new::post))
        .service(page("/cases", case_list::get))
        .service(page("/cases/{accession}", case_show::get))
        .service(post("/cases/{accession}/parts", case_show::add_part))
        .service(post("/cases/{accession}/orders", case_show::add_order))
        .service(post("/cases/{accession}/sample-plan", case_show::plan_sample))
        .service(post("/cases/{accession}/undo", take_back::post))
        .service(post("/cases/{accession}/calls", critical::post))
        .service(form("/cases/{accession}/labels", labels::get_case, labels::post_case))
        .service(page("/cases/{accession}/labels.zpl", labels::zpl_case))
        .service(form("/cases/{accession}/report", report_compose::get, report_compose::post))
        .service(post("/cases/{accession}/report/sign", report_compose::sign))
        .service(page("/cases/{accession}/reports/{number}", report_show::get))
        .service(page("/cases/{accession}/reports/{number}/pdf", report_show::pdf))
        .service(post("/cases/{accession}/reports/{number}/void", report_show::void))
        .service(form("/scan", scan::get, scan::post))
        .service(form("/specimens/{label}/label", labels::get_part, labels::post_part))
        .service(page("/specimens/{label}/label.zpl", labels::zpl_part))
        .service(page("/scan/commands", scan_help::commands))
        .service(page("/scan/test", scan_help::test))
        .service(page("/cases/{accession}/check-in", check_in::get))
        .service(page("/storage", storage::home))
        .service(form("/storage/discard", storage::get_discard, storage::post_discard))
        .service(page("/storage/{place}", storage::place))
        .service(form("/specimens/{label}/steps/{step}", specimen_step::get, specimen_step::post))
        .service(page("/worklists", worklist::home))
        .service(form("/worklists/{department}", worklist::get, worklist::post))
        .service(post("/worklists/{department}/bench", worklist::bench))
        .service(page("/orders/{id}", order::get))
        .service(form("/orders/{id}/steps/{step}", order::get_step, order::post_step))
        .service(post("/orders/{id}/results", order::enter))
        .service(post("/orders/{id}/documents", document::post))
        .service(page("/documents/{id}", document::get))
        .service(page("/orders/{id}/newest", order::newest))
        .service(page("/verify", verify::get))
        .service(form("/iscn", iscn::get, iscn::post))
        .service(page("/results/{id}", result::get))
        .service(post("/results/{id}/{deed}", result::post))
        .service(page("/recollections", recollections::get))
        .service(page("/patients", patients::get))
        .service(page("/track/{accession}/history", tracker::whole))
        .service(page("/patients/{id}", timeline::get))
        .service(form("/notices", notices::get, notices::post))
        .service(form("/track/{accession}", tracker::get, tracker::post))
        .service(page("/sign", sign::get))
        .service(form("/exports", exports::get, exports::post))
        .service(page("/exports/{id}/file", export_jobs::file))
        .service(post("/exports/{id}/cancel", export_jobs::cancel))
        .service(post("/exports/download", exports::download))
        .service(page("/turnaround", turnaround::get))
        .service(page("/turnaround/orders", turnaround_orders::get))
        .service(page("/users", users::list))
        .service(form("/users/new", users::new, users::add))
        .service(page("/users/{name}", users::get))
        .service(post("/users/{name}/{deed}", users::post))
        .service(page("/system", system::get))
        .service(post("/system/verify", system::post_verify))
        .service(page("/catalogue", catalogue::get))
        .service(page("/catalogue/versions", catalogue::list))
        .service(page("/catalogue/versions/{version}", catalogue::version))
        .service(page("/catalogue/versions/{version}/text", catalogue::text))
        .service(form("/catalogue/edit", catalogue_edit::get, catalogue_edit::post))
        .service(page("/journal", journal_page::get));
}

/// The parts of a page that change by themselves; None where a page has none.
///
/// # Errors
/// What the page itself would say.
pub(crate) async fn live(person: &Person, path: &str, query: &Fields) -> Result<Option<Vec<Part>>, PageError> {
    let path: Vec<&str> = path.split('/').skip(1).collect();
    let mut parts = match path.as_slice() {
        ["patients"] => patients::live(person).await?,
        ["notices"] => notices::live(person).await?,
        ["track", accession] => tracker::live(person, accession).await?,
        ["cases", accession] if *accession != "new" => case_show::live(person, accession).await?,
        ["cases", accession, "check-in"] => check_in::live(person, accession).await?,
        ["worklists", department] => worklist::live(person, department, query).await?,
        ["exports"] => exports::live(person).await?,
        ["system"] => system::live(person).await?,
        ["sign"] => sign::live(person).await?,
        ["verify"] => verify::live(person, query).await?,
        _ => return Ok(None),
    };
    parts.push(notices::bell_part(person).await?);
    Ok(Some(parts))
}

/// A case as it is, and as this person sees it.
pub(crate) struct Seen {
    pub(crate) case: Case,
    pub(crate) view: CaseView,
}

impl Seen {
    fn of(person: &Person, case: Case, seq: i64) -> Self {
        let view = case_view(&case, seq, person.eyes());
        Self { case, view }
    }

    async fn by_accession(person: &Person, text: &str) -> Result<Self, PageError> {
        let accession = Accession::parse(text).map_err(|why| misread(&why))?;
        let whole = person.lab.case(person.actor(), accession).await?;
        Ok(Self::of(person, whole.case, whole.head.seq))
    }

    async fn by_label(person: &Person, label: Label) -> Result<Self, PageError> {
        let whole = person.lab.case_of_label(person.actor(), label).await?;
        Ok(Self::of(person, whole.case, whole.head.seq))
    }

    async fn by_order(person: &Person, id: Uuid) -> Result<Self, PageError> {
        let whole = person.lab.case_of_order(person.actor(), OrderId(id)).await?;
        Ok(Self::of(person, whole.case, whole.head.seq))
    }

    async fn by_result(person: &Person, id: Uuid) -> Result<Self, PageError> {
        let whole = person.lab.case_of_result(person.actor(), ResultId(id)).await?;
        Ok(Self::of(person, whole.case, whole.head.seq))
    }

    /// The part with this label.
    fn part(&self, label: &Label) -> Result<&SpecimenView, PageError> {
        Ok(self.view.specimens.iter().find(|s| s.label == *label).ok_or_else(Problem::not_found)?)
    }

    /// Keeps that this person has seen the case as it is. That it cannot be kept is no reason to withhold the page.
    async fn looked_at(&self, person: &Person) {
        if let Err(error) = person.lab.see(person.actor(), self.view.id, self.view.version).await {
            tracing::warn!(%error, "what was seen could not be kept");
        }
    }

    fn banner(&self, person: &Person) -> Markup {
        parts::case_banner(person, &self.view.patient, self.view.accession)
    }
}

/// A number in an address that cannot be one.
fn misread(why: &str) -> PageError {
    let mut problem = Problem::not_found();
    problem.detail = words::sentence(why);
    problem.into()
}

/// What a part is, in a line: `Aspirate in EDTA, pull 1, 4 mL, left posterior iliac crest`.
fn part_words(person: &Person, s: &SpecimenView) -> String {
    let c = &person.catalogue;
    let kind = c.kind(s.kind).map_or_else(|| words::capital(&s.kind.words()), |k| k.name.clone());
    let name = match c.container(s.container.as_str()).filter(|x| !x.slide) {
        Some(container) => t!("track-part-in", kind = kind, container = container.name.as_str()),
        None => kind,
    };
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
fn volume_words(ul: u32) -> String {
    if ul < 100 { t!("track-ul", ul = ul) } else { t!("track-ml", ml = f64::from(ul) / 1000.0) }
}

/// The journal of a case in words, newest first; at most `most` entries.
fn journal(person: &Person, seen: &Seen, entries: &[EventView], most: usize) -> Markup {
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
fn entry_words(person: &Person, seen: &Seen, entry: &EventView) -> Markup {
    let (machine, _) = entry.command.split_once('.').unwrap_or((entry.command.as_str(), ""));
    let subject = entry.events.iter().find(|e| e.subject == machine).map(|e| e.id);
    let name = subject.and_then(|id| subject_name(seen, id));
    let done = words::command(&entry.command);
    html! {
        @match name {
            Some(name) => { (rich!("track-entry", subject = name, done = done)) }
            None => { (words::capital(&done)) }
        }
        @if !person.is_requester() { span .muted { " " (t!("track-entry-by", who = entry.actor.as_str())) } }
        @if let Some(reason) = entry.reason.as_ref().filter(|_| !person.is_requester()) { span .muted { " (" (reason) ")" } }
    }
}

/// What a journal entry's id is called: a label, or an assay's name.
fn subject_name(seen: &Seen, id: Uuid) -> Option<String> {
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
async fn history(person: &Person, accession: Accession) -> Result<Vec<EventView>, PageError> {
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

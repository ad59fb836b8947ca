//! `/worklists/{department}`: what a bench must do, most urgent first.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::case_list::place;
use crate::domain::{OrderState, OrderTransition, SpecimenTransition};
use crate::lab::questions::cases;
use crate::lab::questions::worklist::{View, WorkLine, WorkPlace};
use crate::web::error::PageError;
use crate::web::fields::Fields;
use crate::web::layout::Page;
use crate::web::live::Part;
use crate::web::parts::{flag, hidden, icon, mrn, seen, stamp, status};
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other, steps, time, words};

/// Lines of a page.
const LINES: i64 = 100;
/// A part that must be started within a shift needs attention.
const SHIFT_H: i64 = 8;

const RECEPTION: &str = "RECEPTION";

/// The list of the bench where this person works.
pub(crate) fn bench_path(person: &Person) -> String {
    let known = person.signed_in.bench.as_deref().filter(|b| person.catalogue.department(b).is_some());
    format!("/worklists/{}", known.unwrap_or(RECEPTION))
}

/// `GET /worklists`
pub(crate) async fn home(person: Person) -> HttpResponse {
    std::future::ready(see_other(&bench_path(&person))).await
}

/// `POST /worklists/{department}/bench`
pub(crate) async fn bench(posted: Posted, department: web::Path<String>) -> Result<HttpResponse, PageError> {
    let code = department.to_ascii_uppercase();
    let known = posted.person.catalogue.department(&code).map(|d| d.code.to_string());
    let known = known.ok_or_else(crate::edge::Problem::not_found)?;
    posted.person.lab.set_bench(&posted.person.signed_in, Some(known.clone())).await?;
    Ok(see_other(&done(&format!("/worklists/{known}"), "bench")))
}

/// A bench's list as it is now.
struct Bench {
    code: String,
    name: String,
    view: View,
    page: cases::Page<WorkLine, WorkPlace>,
}

impl Bench {
    async fn of(person: &Person, department: &str, fields: &Fields) -> Result<Self, PageError> {
        let view = View::parse(fields.get("view")).unwrap_or(View::All);
        let page = person.lab.worklist(person.actor(), department, view, place(fields.get("after")), LINES).await?;
        let code = department.to_ascii_uppercase();
        let name = person.catalogue.department(&code).map_or_else(|| code.clone(), |d| d.name.clone());
        Ok(Self { code, name, view, page })
    }

    fn here(&self) -> String {
        format!("/worklists/{}?view={}", self.code, self.view)
    }

    /// What changes on an open page.
    fn list(&self, person: &Person) -> Part {
        let (urgent, rest): (Vec<_>, Vec<_>) = self.page.lines.iter().partition(|l| needs_attention(l));
        let markup = html! {
            section #list .card {
                @if self.code != RECEPTION { (views(&self.code, self.view)) }
                @if self.page.lines.is_empty() { p .empty { "Nothing waiting here." } }
                @else { (list(person, &self.name, &self.here(), &urgent, &rest)) }
            }
        };
        Part { id: "list", markup }
    }
}

/// The parts of an open list that change by themselves.
pub(crate) async fn live(person: &Person, department: &str, fields: &Fields) -> Result<Vec<Part>, PageError> {
    Ok(vec![Bench::of(person, department, fields).await?.list(person)])
}

/// `GET /worklists/{department}?view=`
pub(crate) async fn get(
    person: Person,
    department: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let fields = Fields::new(query.into_inner());
    let bench = Bench::of(&person, &department, &fields).await?;
    let urgent = bench.page.lines.iter().filter(|l| needs_attention(l)).count();
    let title = if urgent == 0 { bench.name.clone() } else { format!("{}: {urgent} need attention", bench.name) };
    Ok(Page::of(&person, title).main("page bench").live().render(html! {
        div .title {
            h1 { (bench.name) }
            (stamp(&person, person.now))
            @if person.signed_in.bench.as_deref() != Some(bench.code.as_str()) {
                form action={ "/worklists/" (bench.code) "/bench" } method="post" {
                    (hidden(&person))
                    button .btn .btn--sm { "This is my bench" }
                }
            }
        }
        (departments(&person, &bench.code))
        (bench.list(&person).markup)
        @if let Some((at, id)) = bench.page.next {
            p { a .btn rel="next" href={ (bench.here()) "&after=" (at.timestamp_micros()) "." (id) } { "Next " (LINES) } }
        }
    }))
}

fn needs_attention(l: &WorkLine) -> bool {
    l.late || l.usable_hours.is_some_and(|h| h < SHIFT_H) || l.urgency == crate::domain::Urgency::Urgent
}

fn departments(person: &Person, here: &str) -> Markup {
    html! {
        nav .tabs aria-label="Departments" {
            @for d in &person.catalogue.departments {
                a href={ "/worklists/" (d.code) } aria-current=[(d.code == *here).then_some("page")] { (d.name) }
            }
        }
    }
}

fn views(department: &str, here: View) -> Markup {
    html! {
        nav .tabs .tabs--in aria-label="Views" {
            @for view in View::ALL {
                a href={ "/worklists/" (department) "?view=" (view) } aria-current=[(*view == here).then_some("page")] {
                    (words::capital(&view.words()))
                }
            }
        }
    }
}

fn list(person: &Person, name: &str, here: &str, urgent: &[&WorkLine], rest: &[&WorkLine]) -> Markup {
    let groups = [("Needs attention", urgent), ("Next", rest)];
    html! {
        table .rows .wl role="table" {
            caption .sr-only { (name) ", most urgent first" }
            thead role="rowgroup" {
                tr role="row" {
                    @for head in ["Part", "Patient", "Test", "Usable for", "Result due", "Next step"] {
                        th role="columnheader" scope="col" { (head) }
                    }
                }
            }
            @for (title, lines) in groups {
                @if !lines.is_empty() {
                    tbody role="rowgroup" {
                        tr role="row" .group { th role="rowheader" scope="rowgroup" colspan="6" { (title) " (" (lines.len()) ")" } }
                        @for line in lines { (row(person, line, here)) }
                    }
                }
            }
        }
    }
}

fn row(person: &Person, l: &WorkLine, here: &str) -> Markup {
    let test = l
        .assay
        .as_ref()
        .map(|code| person.catalogue.assay(code.as_str()).map_or_else(|| code.to_string(), |a| a.name.clone()));
    html! {
        tr role="row" .item {
            td role="cell" data-th="Part" { div {
                @match &l.label {
                    Some(label) => { a .row-link .id href={ "/scan?label=" (label) } { (label) } }
                    None => { a .row-link .id href=(person.case_path(l.accession)) { (l.accession) } }
                }
                @if let Some(place) = &l.location { br; span .muted { (place) } }
            } }
            td role="cell" data-th="Patient" { div { b { (l.patient) } br; span .num .muted { (mrn(&l.mrn)) } } }
            td role="cell" data-th="Test" { div {
                @match (&test, l.order) {
                    (Some(name), Some(id)) => { a .row-link href={ "/orders/" (id) } { (name) } }
                    (_, _) => { (l.specimen_state.map(|s| status(&words::specimen(s))).unwrap_or_default()) }
                }
                " " (flag(l.urgency))
                @if let Some(state) = l.state { br; (status(&words::order(state))) }
                @if let Some(p) = &l.progress { p .small { (words::capital(&p.words)) } }
                @if let Some(why) = &l.waits_for { p .small .muted { (why) } }
                @for caveat in &l.caveats { p .caveat .small { "Caveat: " (caveat) } }
            } }
            td role="cell" data-th="Usable for" { div { (usable(person, l)) } }
            td role="cell" data-th="Result due" { div {
                @match l.due_at {
                    Some(due) => { b { (stamp(person, due)) } @if l.late { br; (status(&words::late())) } }
                    None => { span .muted { (if l.order.is_none() { "On its card" } else { "Not set" }) } }
                }
            } }
            td role="cell" data-th="Next step" { div { (next(person, l, here)) } }
        }
    }
}

fn usable(person: &Person, l: &WorkLine) -> Markup {
    let Some(until) = l.usable_until else {
        let begun = matches!(
            l.state,
            Some(OrderState::InProcess | OrderState::Resulted | OrderState::InReview | OrderState::ReferredOut)
        );
        return html! { span .muted { (if l.order.is_none() { "On its card" } else if begun { "Started" } else { "No limit known" }) } };
    };
    let left = until - person.now;
    let text = time::length(left);
    if left < chrono::TimeDelta::zero() {
        html! { span .clock .clock--prob { (icon("prob")) "Expired " (text) " ago" } }
    } else if left < chrono::TimeDelta::hours(SHIFT_H) {
        html! { span .clock .clock--attn { (icon("attn")) (text) } }
    } else {
        html! { span .clock { (text) } }
    }
}

/// The next step of a line: one press where that is enough, else on to its form.
fn next(person: &Person, l: &WorkLine, here: &str) -> Markup {
    let (Some(order), Some(version)) = (l.order, l.order_version) else { return at_reception(l) };
    if l.allowed.contains(&"verify") {
        return html! { a .btn .btn--row href={ "/orders/" (order) "/newest" } { "Check" } };
    }
    if l.state == Some(OrderState::Resulted) {
        return html! { span .muted { "Waits for a second person" } };
    }
    if let Some(press) = steps::advance(person, &l.allowed, l.progress.as_ref()) {
        return html! {
            form action={ "/orders/" (order) "/steps/advance" } method="post" {
                (seen(person, version))
                input type="hidden" name="back" value=(here);
                (press)
            }
        };
    }
    if l.allowed.contains(&"result") {
        return html! { a .btn .btn--row href={ "/orders/" (order) "#enter" } { "Enter the result" } };
    }
    let Some(step) = steps::order_steps(&l.allowed).into_iter().next() else {
        return html! { span .muted { "None for you" } };
    };
    if !steps::one_press(step) || step == OrderTransition::Order {
        return html! { a .btn .btn--row href={ "/orders/" (order) } { "Open" } };
    }
    html! {
        form action={ "/orders/" (order) "/steps/" (step) } method="post" {
            (seen(person, version))
            input type="hidden" name="back" value=(here);
            button .btn .btn--row { (words::step(step.name())) span .sr-only { " " (l.patient) } }
        }
    }
}

/// At reception every step is about a part in the hand: its card asks for both identifiers.
fn at_reception(l: &WorkLine) -> Markup {
    let Some(label) = &l.label else { return html! { span .muted { "None for you" } } };
    let first = ["receive", "accept", "resolve"].into_iter().find(|s| l.allowed.contains(s));
    let step = first.and_then(SpecimenTransition::parse).map(|t| words::step(t.name()));
    html! { a .btn .btn--row href={ "/scan?label=" (label) } { (step.unwrap_or_else(|| "Open".to_owned())) } }
}

//! `/worklists/{department}`: what a bench must do, most urgent first, under its scan station.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::press::{self, Line, Pressed};
use super::scan;
use super::station::{Hit, Station, problem};
use super::take_back::{self, Newest};
use super::worklist_table::{self, Answer};
use crate::domain::{Code, Label, Urgency};
use crate::lab::questions::cases;
use crate::lab::questions::export::Dataset;
use crate::lab::questions::export_rows::Parts;
use crate::lab::questions::worklist::{Only, View, WorkLine, WorkPlace, WorkSort};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::{t, word};
use crate::web::layout::Page;
use crate::web::live::Part;
use crate::web::pages::cases::list::place;
use crate::web::parts::{ExportOf, Field, choices, hidden, list_tools, stamp};
use crate::web::session::{Person, Posted};
use crate::web::{done, encode, see_other};

/// Lines of a page: with more, a page has more than 1500 elements.
pub(super) const LINES: i64 = 35;

pub(crate) const RECEPTION: &str = "RECEPTION";

/// The list of the bench where this person works.
pub(crate) fn bench_path(person: &Person) -> String {
    let known = person.signed_in.bench.as_deref().filter(|b| person.catalogue.department(b).is_some());
    format!("/worklists/{}", known.unwrap_or(RECEPTION))
}

/// The bench after this person's, in the catalogue's order.
pub(crate) fn next_bench(person: &Person) -> String {
    let all = &person.catalogue.departments;
    let at = person.signed_in.bench.as_deref().and_then(|b| all.iter().position(|d| d.code == *b));
    let next = at.and_then(|at| all.get(at + 1)).or_else(|| all.first());
    next.map_or_else(|| RECEPTION.to_owned(), |d| d.code.to_string())
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
pub(super) struct Bench {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) only: Only,
    /// Each view with the number of its lines.
    pub(super) counts: Vec<(View, i64)>,
    pub(super) page: cases::Page<WorkLine, WorkPlace>,
}

impl Bench {
    async fn of(person: &Person, department: &str, fields: &Fields) -> Result<Self, PageError> {
        let only = Only {
            view: View::parse(fields.get("view")).unwrap_or(View::All),
            assay: Code::parse(fields.get("assay")).ok(),
            urgent: fields.get("urgent") == "1",
            sort: WorkSort::parse(fields.get("sort")).unwrap_or(WorkSort::Urgent),
        };
        let page = person.lab.worklist(person.actor(), department, &only, place(fields.get("after")), LINES).await?;
        let code = department.to_ascii_uppercase();
        let counts = if code == RECEPTION { Vec::new() } else { person.lab.view_counts(person.actor(), &code).await? };
        let name = person.catalogue.department(&code).map_or_else(|| code.clone(), |d| d.name.clone());
        Ok(Self { code, name, only, counts, page })
    }

    /// The address of this list as it is filtered.
    pub(super) fn here(&self) -> String {
        self.address(self.only.view)
    }

    /// The order that somebody chose, unless it is the usual one.
    pub(super) fn sorted(&self) -> Option<WorkSort> {
        Some(self.only.sort).filter(|sort| *sort != WorkSort::Urgent)
    }

    /// The same lines as a file: reception's are parts, every other bench's are orders.
    fn export(&self) -> ExportOf {
        if self.code == RECEPTION {
            return ExportOf::of(Dataset::Specimens).only("parts", Some(Parts::Awaited.name()));
        }
        ExportOf::of(Dataset::Orders)
            .only("department", Some(&self.code))
            .only("view", Some(self.only.view.name()))
            .only("assay", self.only.assay.as_ref().map(Code::as_str))
            .only("urgency", self.only.urgent.then_some(Urgency::Urgent.name()))
            .only("sort", self.sorted().map(WorkSort::name))
    }

    pub(super) fn address(&self, view: View) -> String {
        let mut to = format!("/worklists/{}?view={view}", self.code);
        if let Some(assay) = &self.only.assay {
            to.push_str("&assay=");
            to.push_str(&encode(assay.as_str()));
        }
        if self.only.urgent {
            to.push_str("&urgent=1");
        }
        if let Some(sort) = self.sorted() {
            to.push_str("&sort=");
            to.push_str(sort.name());
        }
        to
    }
}

/// The parts of an open list that change by themselves.
pub(crate) async fn live(person: &Person, department: &str, fields: &Fields) -> Result<Vec<Part>, PageError> {
    Ok(vec![worklist_table::part(person, &Bench::of(person, department, fields).await?, None)])
}

/// `GET /worklists/{department}?view=&assay=&urgent=&label=`
pub(crate) async fn get(
    person: Person,
    department: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let fields = Fields::new(query.into_inner());
    let bench = Bench::of(&person, &department, &fields).await?;
    let hit = scan::hit(&person, &fields).await?;
    let newest = take_back::after_press(&person, &fields).await?;
    render(&person, &bench, &fields, &hit, None, newest.as_ref())
}

/// `POST /worklists/{department}`: a press of one line, of the card, or of every selected line.
pub(crate) async fn post(
    posted: Posted,
    department: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let asked = Fields::new(query.into_inner());
    if let Some(press) = fields.opt("press") {
        let bench = Bench::of(&person, &department, &asked).await?;
        let on = asked.opt("label").and_then(|l| Label::parse(&l).ok());
        let here = bench.here();
        let to = on.as_ref().map_or_else(|| here.clone(), |l| Station::at(here.clone(), &asked).address(l));
        return match press::one(&person, &fields, &press).await {
            Pressed::Done(step) if on.is_some() => Ok(see_other(&done(&to, &step))),
            // The list offers to take it back: its address says for a moment which test was pressed.
            Pressed::Done(step) => {
                let order = line_of(&press).map(|l| format!("{here}&pressed={}", l.order));
                Ok(see_other(&done(order.as_deref().unwrap_or(&here), &step)))
            }
            Pressed::Refused(refused) if on.is_some() => {
                render(&person, &bench, &asked, &problem(&refused), None, None)
            }
            Pressed::Refused(refused) => {
                let refused = line_of(&press).map(|l| (Some(l), *refused)).into_iter().collect();
                let answer = Answer { step: String::new(), done: 0, refused };
                render(&person, &bench, &asked, &Hit::Nothing, Some(&answer), None)
            }
        };
    }
    if let Some(which) = fields.opt("undo") {
        let bench = Bench::of(&person, &department, &asked).await?;
        return match take_back::named(&person, &fields, &which, &bench.here()).await {
            Ok(to) => Ok(see_other(&to)),
            Err(refused) => {
                let answer = Answer { step: String::new(), done: 0, refused: vec![(None, refused)] };
                render(&person, &bench, &asked, &Hit::Nothing, Some(&answer), None)
            }
        };
    }
    let step = fields.get("step").to_owned();
    let mut answer = Answer { step: step.clone(), done: 0, refused: Vec::new() };
    for line in fields.all("line").filter_map(Line::parse) {
        match press::take(&person, &fields, line, &step).await {
            Pressed::Done(_) => answer.done += 1,
            Pressed::Refused(refused) => answer.refused.push((Some(line), *refused)),
        }
    }
    let bench = Bench::of(&person, &department, &asked).await?;
    render(&person, &bench, &asked, &Hit::Nothing, Some(&answer), None)
}

/// The line of a press, `id.version.step`.
fn line_of(press: &str) -> Option<Line> {
    press.rsplit_once('.').and_then(|(line, _)| Line::parse(line))
}

fn render(
    person: &Person,
    bench: &Bench,
    fields: &Fields,
    hit: &Hit,
    answer: Option<&Answer>,
    newest: Option<&Newest>,
) -> Result<HttpResponse, PageError> {
    let urgent = bench.page.lines.iter().filter(|l| worklist_table::needs_attention(l)).count();
    let name = bench.name.as_str();
    let title = if urgent == 0 { name.to_owned() } else { t!("bench-title", bench = name, count = urgent) };
    let station = Station::at(bench.here(), fields);
    let on = match hit {
        Hit::Part(_, label, _) => Some(label),
        Hit::Nothing | Hit::Refused(..) => None,
    };
    let page = Page::of(person, title).main("page bench").live().station().script("clock.js").script("bench.js");
    Ok(page.render(html! {
        div .title {
            h1 { (name) }
            span #clock data-now=(person.now.timestamp()) data-minutes=(t!("length-minutes", minutes = "{m}"))
                data-hours=(t!("length-hours", hours = "{h}", minutes = "{m}")) data-expired=(t!("bench-expired", length = "{t}")) { (stamp(person, person.now)) }
            @if person.signed_in.bench.as_deref() != Some(bench.code.as_str()) {
                form action={ "/worklists/" (bench.code) "/bench" } method="post" {
                    (hidden(person))
                    button .btn .btn--sm { (t!("bench-mine")) }
                }
            }
        }
        div .title {
            (departments(person, &bench.code))
            @if bench.code != RECEPTION { (filters(person, bench)) }
        }
        div .scan {
            (station.field(person, on))
            (station.card(person, hit)?)
        }
        // Beside the list, which a live change draws anew.
        div #undo { @if let Some(newest) = newest { (newest.form_of_list(person, &bench.here())) } }
        (worklist_table::part(person, bench, answer).markup)
        @if let Some((at, id)) = bench.page.next {
            p { a .btn rel="next" href={ (bench.here()) "&after=" (at.timestamp_micros()) "." (id) } { (t!("bench-next-lines", count = LINES)) } }
        }
        (list_tools(person, &bench.here(), Some(&bench.export())))
    }))
}

fn departments(person: &Person, here: &str) -> Markup {
    html! {
        nav .tabs aria-label=(t!("bench-departments")) {
            @for d in &person.catalogue.departments {
                a href={ "/worklists/" (d.code) } aria-current=[(d.code == *here).then_some("page")] { (d.name) }
            }
        }
    }
}

/// What the list is narrowed to; all of it is in the address.
fn filters(person: &Person, bench: &Bench) -> Markup {
    let assays: Vec<_> = person
        .catalogue
        .assays
        .iter()
        .filter(|a| a.department == *bench.code)
        .map(|a| (a.code.to_string(), a.name.clone()))
        .collect();
    let chosen = bench.only.assay.as_ref().map(ToString::to_string).unwrap_or_default();
    let urgent = if bench.only.urgent { "1" } else { "" };
    let sort = bench.sorted().map_or("", WorkSort::name);
    let draft = Draft::fresh(Fields::default().with("assay", chosen).with("urgent", urgent).with("sort", sort));
    let sorts = choices(&[WorkSort::Due, WorkSort::Label], WorkSort::name, "bench-sort");
    let narrowed = bench.only.assay.is_some() || bench.only.urgent || bench.sorted().is_some();
    html! {
        details .more open[narrowed] {
            summary { (t!("bench-filter")) }
            form .filters action={ "/worklists/" (bench.code) } method="get" {
                input type="hidden" name="view" value=(bench.only.view);
                (Field::new("assay", &t!("bench-test")).data().select(&draft, &t!("bench-every-test"), &assays))
                (Field::new("urgent", &t!("bench-urgency")).select(&draft, &t!("bench-every-urgency"), &[("1".to_owned(), t!("urgent"))]))
                (Field::new("sort", &t!("list-sort")).select(&draft, &word("bench-sort", WorkSort::Urgent.name()), &sorts))
                button .btn { (t!("show")) }
                @if narrowed { a .btn href={ "/worklists/" (bench.code) "?view=" (bench.only.view) } { (t!("bench-no-filter")) } }
            }
        }
    }
}

/// A view's name.
pub(super) fn view_name(view: View) -> String {
    word("bench-view", view.name())
}

//! `/cases`: the list of cases. Its whole state is in the address.

use actix_web::{HttpResponse, web};
use chrono::{DateTime, NaiveDate, NaiveTime};
use maud::{Markup, html};
use uuid::Uuid;

use crate::domain::Refusal;
use crate::domain::progress::Stage;
use crate::lab::questions::cases::{CaseLine, CaseSort, Filter, Place};
use crate::lab::questions::export::Dataset;
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::language::{t, word};
use crate::web::layout::Page;
use crate::web::parts::{ExportOf, Field, choices, flag, list_tools, mrn, stamp_day, status, table};
use crate::web::session::Person;
use crate::web::{encode, words};

/// Lines of a page.
const LINES: i64 = 50;
/// What the address of a list says, under the names that an export takes as well.
const NAMES: [&str; 7] = ["stage", "indication", "requester", "from", "to", "late", "sort"];
/// The stages that somebody has work with.
const OPEN: [Stage; 5] = [Stage::Expected, Stage::InLab, Stage::Testing, Stage::Resulted, Stage::Preliminary];

/// `GET /cases`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let fields = Fields::new(query.into_inner());
    let after = place(fields.get("after"));
    let sort = CaseSort::parse(fields.get("sort")).unwrap_or(CaseSort::Newest);
    let (filter, draft) = match read(&person, &fields) {
        Ok(filter) => (filter, Draft::fresh(fields)),
        // What cannot be read filters nothing, and says so at its field.
        Err(refusal) => (Filter::default(), Draft::refused(fields, refusal)),
    };
    let tiles = tiles(&person, &filter, &draft.fields).await?;
    // What could not be read filters neither the list nor its export.
    let read = draft.problem.is_none();
    let export = NAMES
        .iter()
        .filter(|_| read)
        .fold(ExportOf::of(Dataset::Cases), |all, name| all.only(name, Some(draft.fields.get(name))));
    let page = person.lab.cases(person.actor(), filter, sort, after, LINES).await?;
    let next = page.next.map(|place| address(&draft.fields, place));
    let heads = [
        t!("case-number"),
        t!("patient"),
        t!("case-question"),
        t!("case-stage"),
        t!("case-logged"),
        t!("case-expected"),
    ];
    Ok(Page::of(&person, t!("case-list-title")).draft(&draft).render(html! {
        h1 { (t!("case-list-title")) }
        (tiles)
        (filters(&person, &draft))
        (list_tools(&person, &person.here, Some(&export)))
        section .card {
            @if page.lines.is_empty() {
                p .empty { (t!("case-list-none")) " " a href="/cases" { (t!("case-list-all")) } }
            } @else {
                (table(
                    &html! { (t!("case-list-caption")) " · " (word("case-sort", sort.name())) },
                    &heads.each_ref().map(String::as_str),
                    &page.lines.iter().map(|l| row(&person, l)).collect::<Vec<_>>(),
                ))
            }
        }
        div .actions {
            @if let Some(next) = next { a .btn rel="next" href=(next) { (t!("case-list-next", count = LINES)) } }
        }
    }))
}

/// What an address asks for.
fn read(person: &Person, fields: &Fields) -> Result<Filter, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    // Whole days of the laboratory; the last one included.
    let start = |day: Option<NaiveDate>| day.map(|d| person.catalogue.laboratory.moment(d, NaiveTime::MIN));
    let from = start(r.date("from"));
    let to = start(r.date("to").and_then(|d| d.succ_opt()));
    r.done(Filter {
        stage: Stage::parse(fields.get("stage")),
        indication: fields.opt("indication").map(|i| i.to_ascii_uppercase()),
        requester: fields.opt("requester"),
        from,
        to,
        late: (fields.get("late") == "1").then_some(true),
    })
}

/// How many there are in each stage within the other filters; each opens exactly what it counts.
async fn tiles(person: &Person, filter: &Filter, fields: &Fields) -> Result<Markup, PageError> {
    let mut asked: Vec<Filter> = OPEN.iter().map(|s| Filter { stage: Some(*s), ..filter.clone() }).collect();
    asked.push(Filter { late: Some(true), ..filter.clone() });
    let counts = person.lab.count_cases(person.actor(), asked).await?;
    let to = |name: &str, value: &str| match kept(fields, name, value) {
        Some(query) => format!("/cases?{query}"),
        None => "/cases".to_owned(),
    };
    let stages = OPEN.iter().zip(&counts).map(|(stage, count)| {
        let here = filter.stage == Some(*stage);
        (to("stage", if here { "" } else { stage.name() }), here, *count, status(&words::stage(*stage)))
    });
    let late = filter.late == Some(true);
    let late =
        counts.last().map(|count| (to("late", if late { "" } else { "1" }), late, *count, status(&words::late())));
    Ok(html! {
        nav aria-label=(t!("case-tiles")) {
            ul .tiles {
                @for (to, here, count, word) in stages.chain(late) {
                    li { a .tile href=(to) aria-current=[here.then_some("true")] { b .num { (count) } (word) } }
                }
            }
        }
    })
}

fn filters(person: &Person, draft: &Draft) -> Markup {
    let indications: Vec<_> =
        person.catalogue.indications.iter().map(|i| (i.code.to_string(), i.name.clone())).collect();
    let stages = choices(Stage::ALL, Stage::name, "stage");
    let sorts = choices(&[CaseSort::Due, CaseSort::Oldest], CaseSort::name, "case-sort");
    let only = [("1".to_owned(), t!("case-late-only"))];
    html! {
        form .filters action="/cases" method="get" {
            (Field::new("stage", &t!("case-stage")).select(draft, &t!("case-stage-any"), &stages))
            (Field::new("indication", &t!("case-question")).data().select(draft, &t!("case-question-any"), &indications))
            (Field::new("requester", &t!("log-requester")).input(draft))
            (Field::new("from", &t!("case-logged-from")).input(draft))
            (Field::new("to", &t!("case-logged-to")).input(draft))
            (Field::new("late", &t!("late")).select(draft, &t!("case-late-any"), &only))
            (Field::new("sort", &t!("list-sort")).select(draft, &word("case-sort", CaseSort::Newest.name()), &sorts))
            button .btn { (t!("show")) }
        }
    }
}

fn row(person: &Person, l: &CaseLine) -> Vec<Markup> {
    let question =
        person.catalogue.indication(l.indication.as_str()).map_or_else(|| l.indication.to_string(), |i| i.name.clone());
    vec![
        html! { a .row-link .id href=(person.case_path(l.accession)) { (l.accession) } },
        html! { b translate="no" { (l.patient) } br; span .num .muted { (mrn(&l.mrn)) } },
        html! { (question) " " (flag(l.urgency)) },
        html! { (status(&words::stage(l.stage))) @if l.late { " " (status(&words::late())) } },
        stamp_day(person, l.logged_at),
        match l.due_at {
            Some(due) => stamp_day(person, due),
            None => html! { span .muted { (t!("case-expected-none")) } },
        },
    ]
}

/// The filters as a query, with one of them changed. None when there are none.
fn kept(fields: &Fields, changed: &str, value: &str) -> Option<String> {
    let value_of = |name: &str| if name == changed { Some(value.to_owned()) } else { fields.opt(name) };
    let kept =
        NAMES.iter().filter_map(|name| Some(format!("{name}={}", encode(&value_of(name).filter(|v| !v.is_empty())?))));
    let kept: Vec<String> = kept.collect();
    (!kept.is_empty()).then(|| kept.join("&"))
}

fn address(fields: &Fields, (at, id): Place) -> String {
    let kept = kept(fields, "", "").map(|q| format!("{q}&")).unwrap_or_default();
    format!("/cases?{kept}after={}.{id}", at.timestamp_micros())
}

/// Where a page begins, as [`address`] writes it; anything else is the beginning.
pub(crate) fn place(text: &str) -> Option<Place> {
    let (micros, id) = text.split_once('.')?;
    Some((DateTime::from_timestamp_micros(micros.parse().ok()?)?, Uuid::parse_str(id).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_begins_where_this_one_ends() {
        let end = (DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap(), Uuid::from_u128(7));
        let fields = Fields::default().with("late", "1");
        let to = address(&fields, end);
        assert!(to.starts_with("/cases?late=1&after="), "{to}");
        assert_eq!(place(to.split_once("after=").unwrap().1), Some(end));
        assert_eq!(place("x"), None);
        assert_eq!(kept(&fields, "stage", "in_lab").as_deref(), Some("stage=in_lab&late=1"));
        assert_eq!(kept(&fields, "late", ""), None);
    }
}

//! `/cases`: the list of cases. Its whole state is in the address.

use actix_web::{HttpResponse, web};
use chrono::DateTime;
use maud::{Markup, html};
use uuid::Uuid;

use crate::domain::progress::Stage;
use crate::lab::questions::cases::{CaseLine, Filter, Place};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::layout::Page;
use crate::web::parts::{Field, choices, flag, mrn, stamp_day, status, table};
use crate::web::session::Person;
use crate::web::{encode, words};

/// Lines of a page.
const LINES: i64 = 50;

/// `GET /cases`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let fields = Fields::new(query.into_inner());
    let filter = Filter {
        stage: Stage::parse(fields.get("stage")),
        indication: fields.opt("indication").map(|i| i.to_ascii_uppercase()),
        late: (fields.get("late") == "1").then_some(true),
        ..Filter::default()
    };
    let page = person.lab.cases(person.actor(), filter, place(fields.get("after")), LINES).await?;
    let next = page.next.map(|place| address(&fields, place));
    let draft = Draft::fresh(fields);
    Ok(Page::of(&person, "Cases").render(html! {
        h1 { "Cases" }
        (filters(&person, &draft))
        section .card {
            @if page.lines.is_empty() {
                p .empty { "No case fits. " a href="/cases" { "Show all cases" } }
            } @else {
                (table(
                    &html! { "Cases, newest first" },
                    &["Case", "Patient", "Question", "Where it stands", "Logged", "Report expected"],
                    &page.lines.iter().map(|l| row(&person, l)).collect::<Vec<_>>(),
                ))
            }
        }
        @if let Some(next) = next { p { a .btn rel="next" href=(next) { "Next " (LINES) } } }
    }))
}

fn filters(person: &Person, draft: &Draft) -> Markup {
    let indications: Vec<_> =
        person.catalogue.indications.iter().map(|i| (i.code.to_string(), i.name.clone())).collect();
    let stages = choices(Stage::ALL, Stage::name, "stage");
    html! {
        form .filters action="/cases" method="get" {
            (Field::new("stage", "Where it stands").select(draft, "Anywhere", &stages))
            (Field::new("indication", "Question").select(draft, "Any", &indications))
            (Field::new("late", "Late").select(draft, "Late or not", &[("1".into(), "Only late ones".into())]))
            button .btn { "Show" }
        }
    }
}

fn row(person: &Person, l: &CaseLine) -> Vec<Markup> {
    let question =
        person.catalogue.indication(l.indication.as_str()).map_or_else(|| l.indication.to_string(), |i| i.name.clone());
    vec![
        html! { a .row-link .id href=(person.case_path(l.accession)) { (l.accession) } },
        html! { b { (l.patient) } br; span .num .muted { (mrn(&l.mrn)) } },
        html! { (question) " " (flag(l.urgency)) },
        html! { (status(&words::stage(l.stage))) @if l.late { " " (status(&words::late())) } },
        stamp_day(person, l.logged_at),
        match l.due_at {
            Some(due) => stamp_day(person, due),
            None => html! { span .muted { "Not expected" } },
        },
    ]
}

fn address(fields: &Fields, (at, id): Place) -> String {
    let kept: Vec<String> = ["stage", "indication", "late"]
        .iter()
        .filter_map(|name| fields.opt(name).map(|value| format!("{name}={}", encode(&value))))
        .chain([format!("after={}.{id}", at.timestamp_micros())])
        .collect();
    format!("/cases?{}", kept.join("&"))
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
    }
}

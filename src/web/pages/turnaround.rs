//! `/turnaround`: how often the laboratory keeps its own targets.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::Duration;
use maud::{Markup, html};

use crate::edge::Problem;
use crate::lab::questions::cases::Filter;
use crate::lab::questions::turnaround::TurnaroundLine;
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::layout::Page;
use crate::web::parts::{Field, flag, icon, table};
use crate::web::session::Person;

/// `GET /turnaround?days=`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let fields = Fields::new(query.into_inner());
    let days = fields.get("days").parse::<i64>().ok().filter(|d| [7, 30, 90, 365].contains(d)).unwrap_or(90);
    let filter = Filter { from: Some(person.now - Duration::days(days)), ..Filter::default() };
    let (lab, actor) = (person.lab.clone(), person.actor().clone());
    let lines = web::block(move || lab.turnaround(&actor, &filter)).await.map_err(|_| busy())??;
    let draft = Draft::fresh(Fields::default().with("days", days.to_string()));
    let spans = ["7", "30", "90", "365"].map(|d| (d.to_owned(), format!("Last {d} days")));
    Ok(Page::of(&person, "Turnaround").render(html! {
        h1 { "Turnaround" }
        p .muted { "From receipt, or from collection, to the verified result, in elapsed hours. “In target” counts against the catalogue’s own targets." }
        form .filters action="/turnaround" method="get" {
            (Field::new("days", "Cases logged in the").select(&draft, "Last 90 days", &spans))
            button .btn { "Show" }
        }
        section .card {
            @if lines.is_empty() { p .empty { "No test in this time." } }
            @else {
                (table(
                    &html! { "Turnaround of the last " (days) " days" },
                    &["Test", "Finished", "In target", "From receipt: half, 9 of 10", "From collection: half, 9 of 10", "Open"],
                    &lines.iter().map(|l| row(&person, l)).collect::<Vec<_>>(),
                ))
            }
        }
    }))
}

fn busy() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "The laboratory is busy", "Try again in a moment.")
}

fn row(person: &Person, l: &TurnaroundLine) -> Vec<Markup> {
    let name = person.catalogue.assay(l.assay.as_str()).map_or_else(|| l.assay.to_string(), |a| a.name.clone());
    let pair = |half: Option<f64>, nine: Option<f64>| match (half, nine) {
        (Some(half), Some(nine)) => html! { span .num { (half) " h, " (nine) " h" } },
        (_, _) => html! { span .muted { "Not known" } },
    };
    vec![
        html! { b { (name) } " " (flag(l.urgency)) },
        html! { span .num { (l.finished) } },
        match l.in_target_pct {
            Some(pct) => html! { span .num { (pct) " % (" (l.in_target) " of " (l.finished) ")" } },
            None => html! { span .muted { "Not known" } },
        },
        pair(l.received_p50_h, l.received_p90_h),
        pair(l.collected_p50_h, l.collected_p90_h),
        html! {
            span .num { (l.open) }
            @if l.late > 0 { " " span .status .status--attn { (icon("attn")) (l.late) " late" } }
        },
    ]
}

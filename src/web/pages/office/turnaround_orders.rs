//! `/turnaround/orders`: exactly the orders that a figure of `/turnaround` counts.

use actix_web::{HttpResponse, web};
use chrono::Duration;
use maud::{Markup, html};

use super::busy;
use super::turnaround::{assay_name, export_of, month_name, orders_address, span_of};
use crate::lab::questions::turnaround_months::{Kept, OrderLine, OrderList, Span};
use crate::web::error::PageError;
use crate::web::fields::Fields;
use crate::web::language::{t, word};
use crate::web::layout::Page;
use crate::web::parts::{flag, known, list_tools, named, stamp, status, table};
use crate::web::session::Person;
use crate::web::time;
use crate::web::words::{self, Status};

/// Lines of a page.
const LINES: usize = 45;

/// `GET /turnaround/orders?from=&months=&assay=&urgency=&requester=&kept=&after=`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let fields = Fields::new(query.into_inner());
    let span = span_of(&person, &fields);
    let kept = Kept::parse(fields.get("kept"));
    let (lab, actor, asked) = (person.lab.clone(), person.actor().clone(), span.clone());
    let list = web::block(move || lab.turnaround_orders(&actor, &asked, kept)).await.map_err(|_| busy())??;
    // A page begins after an order, so that a new one does not move lines from page to page.
    let after = fields.opt("after").and_then(|id| list.lines.iter().position(|l| l.order.to_string() == id));
    let begin = after.map_or(0, |at| at + 1);
    let lines: Vec<&OrderLine> = list.lines.iter().skip(begin).take(LINES).collect();
    let next = lines.last().filter(|_| begin + lines.len() < list.lines.len());
    let title = t!("turn-orders-title");
    Ok(Page::of(&person, title.as_str()).render(html! {
        h1 { (title) }
        p .lead { (about(&person, &span)) }
        p { a href={ "/turnaround?" (back(&span)) } { (t!("turn-back")) } }
        section .card {
            (tabs(&span, kept, &list))
            @if lines.is_empty() { p .empty { (t!("turn-orders-empty")) } }
            @else { (rows(&person, &lines, &list)) }
        }
        @if let Some(last) = next {
            p { a .btn rel="next" href={ (orders_address(&span, kept)) "&after=" (last.order) } { (t!("turn-next", count = LINES)) } }
        }
        (list_tools(&person, &person.here, Some(&export_of(&span, kept))))
    }))
}

/// The figures that this list is behind.
fn back(span: &Span) -> String {
    let address = orders_address(&Span { months: span.months.max(6), ..span.clone() }, None);
    let months = format!("months={}", span.months.max(6));
    let kept = address.split_once('?').map_or("", |(_, query)| query);
    // From today, so that a month of the past leads back to the page with its neighbors.
    kept.split('&')
        .filter(|p| !p.starts_with("from=") && !p.starts_with("months="))
        .fold(months, |all, p| all + "&" + p)
}

/// What is counted, in a sentence.
fn about(person: &Person, span: &Span) -> String {
    let test = span.assay.as_ref().map_or_else(|| t!("turn-all-tests"), |code| assay_name(person, code));
    let months = span.each();
    let (first, last) = (month_name(span.first), months.last().copied().map(month_name).unwrap_or_default());
    let when = if span.months == 1 { first } else { t!("turn-from-to", from = first, to = last) };
    let narrowed = [span.urgency.map(|u| word("turn-urgency", u.name())), span.requester.clone()];
    let mut parts = vec![test, when];
    parts.extend(narrowed.into_iter().flatten());
    parts.join(" · ")
}

fn tabs(span: &Span, kept: Option<Kept>, list: &OrderList) -> Markup {
    html! {
        nav .tabs .tabs--in aria-label=(t!("turn-sorts")) {
            @for (which, count) in &list.counts {
                // What there is none of needs no tab, unless it is the one that is shown.
                @if *count > 0 || *which == kept || which.is_none() {
                    @let name = which.map_or_else(|| t!("turn-kept-all"), |k| word("turn-kept", k.name()));
                    a href=(orders_address(span, *which)) aria-current=[(*which == kept).then_some("page")] {
                        (name) " " span .num { "(" (count) ")" }
                    }
                }
            }
        }
    }
}

fn rows(person: &Person, lines: &[&OrderLine], list: &OrderList) -> Markup {
    let heads = [
        t!("turn-case"),
        t!("turn-test"),
        t!("turn-requester"),
        t!("turn-started"),
        t!("turn-due"),
        t!("turn-final"),
        t!("turn-took"),
        t!("turn-kept"),
    ];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let caption = t!("turn-orders-caption", shown = lines.len(), count = list.lines.len());
    let cells: Vec<Vec<Markup>> = lines.iter().map(|l| row(person, l)).collect();
    table(&html! { (caption) }, &heads, &cells)
}

fn row(person: &Person, l: &OrderLine) -> Vec<Markup> {
    let when = |at: Option<_>| match at {
        Some(at) => stamp(person, at),
        None => known(None::<&str>),
    };
    let look = match (l.final_at, l.due_at) {
        (Some(done), Some(due)) if done <= due => Status::new("final", word("turn-kept", Kept::Yes.name())),
        (Some(_), Some(_)) => Status::new("attn", word("turn-kept", Kept::No.name())),
        (Some(_), None) => Status::new("off", word("turn-kept", Kept::Unpromised.name())),
        (None, _) => words::late(),
    };
    vec![
        match l.accession {
            Some(number) => html! { a .row-link .id href=(person.case_path(number)) { (number) } },
            None => html! { span .muted { (t!("turn-no-case")) } },
        },
        html! { (assay_name(person, &l.assay)) " " (flag(l.urgency)) },
        named(&l.requester),
        when(l.started_at),
        when(l.due_at),
        match l.final_at {
            Some(at) => stamp(person, at),
            None => html! { (t!("turn-still-open")) },
        },
        match l.took_min {
            Some(minutes) => html! { span .num { (time::length(Duration::minutes(minutes))) } },
            None => known(None::<&str>),
        },
        status(&look),
    ]
}

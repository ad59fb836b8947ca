//! `/turnaround`: how often the laboratory keeps its own targets, month by month. Its whole state is in the address.

use actix_web::{HttpResponse, web};
use chrono::{Datelike as _, NaiveDate};
use maud::{Markup, html};

use super::{busy, turnaround_plots as plots};
use crate::domain::catalogue::ClockStart;
use crate::domain::{Code, Urgency};
use crate::lab::questions::export::Dataset;
use crate::lab::questions::turnaround_months::{ENOUGH, Figure, Figures, Kept, MONTHS_MAX, Series, Span};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::{rich, t, word};
use crate::web::layout::Page;
use crate::web::parts::{ExportOf, Field, card, choices, list_tools, table};
use crate::web::session::Person;
use crate::web::{encode, time};

/// How many months a page shows unless its address says otherwise.
const MONTHS: u32 = 6;

/// What a page counts, as its address says it; what does not fit is left out.
pub(super) fn span_of(person: &Person, fields: &Fields) -> Span {
    let months = fields.get("months").parse().ok().filter(|m| (1..=MONTHS_MAX).contains(m)).unwrap_or(MONTHS);
    let today = person.catalogue.laboratory.local_date(person.now);
    let from = NaiveDate::parse_from_str(&format!("{}-01", fields.get("from")), "%Y-%m-%d").ok();
    let mut span = Span::until(today, months);
    if let Some(first) = from {
        span.first = first;
    }
    span.assay = fields.opt("assay").filter(|a| Code::parse(a).is_ok());
    span.urgency = Urgency::parse(fields.get("urgency"));
    span.requester = fields.opt("requester");
    span
}

/// The list of exactly the orders that a figure counts.
pub(super) fn orders_address(span: &Span, kept: Option<Kept>) -> String {
    address("/turnaround/orders", span, kept)
}

fn address(path: &str, span: &Span, kept: Option<Kept>) -> String {
    let mut to = format!("{path}?from={}&months={}", span.first.format("%Y-%m"), span.months);
    let more = [
        ("assay", span.assay.clone()),
        ("urgency", span.urgency.map(|u| u.name().to_owned())),
        ("requester", span.requester.clone()),
        ("kept", kept.map(|k| k.name().to_owned())),
    ];
    for (name, value) in more {
        if let Some(value) = value {
            to = format!("{to}&{name}={}", encode(&value));
        }
    }
    to
}

/// The orders that a figure counts, as a file.
pub(super) fn export_of(span: &Span, kept: Option<Kept>) -> ExportOf {
    let in_span = |day: Option<NaiveDate>| day.filter(|_| kept != Some(Kept::Open)).map(|d| d.to_string());
    // What is open and late now has no final result: it is in no month, and in the table of orders.
    let dataset = if kept == Some(Kept::Open) { Dataset::Orders } else { Dataset::Turnaround };
    ExportOf::of(dataset)
        .only("final_from", in_span(Some(span.first)).as_deref())
        .only("final_to", in_span(span.ends().pred_opt()).as_deref())
        .only("kept", kept.map(Kept::name))
        .only("assay", span.assay.as_deref())
        .only("urgency", span.urgency.map(Urgency::name))
        .only("requester", span.requester.as_deref())
}

/// The same span, of one of its months.
pub(super) fn month_of(span: &Span, first: NaiveDate) -> Span {
    Span { first, months: 1, ..span.clone() }
}

/// `March 2026`.
pub(super) fn month_name(first: NaiveDate) -> String {
    t!("turn-month", month = word("month", &first.month().to_string()), year = first.year().to_string())
}

/// What an assay is called; its code where the catalogue no longer names it.
pub(super) fn assay_name(person: &Person, code: &str) -> String {
    person.catalogue.assay(code).map_or_else(|| code.to_owned(), |a| a.name.clone())
}

/// `GET /turnaround?months=&assay=&urgency=&requester=`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let fields = Fields::new(query.into_inner());
    let span = span_of(&person, &fields);
    let (lab, actor, asked) = (person.lab.clone(), person.actor().clone(), span.clone());
    let mut figures = web::block(move || lab.turnaround_by_month(&actor, &asked)).await.map_err(|_| busy())??;
    let span = figures.begin_with_work(span);
    let one = span
        .assay
        .as_ref()
        .and_then(|code| figures.assays.iter().find(|s| s.assay.as_ref().is_some_and(|a| a == code.as_str())));
    let shown = one.unwrap_or(&figures.all);
    Ok(Page::of(&person, t!("turn-title")).render(html! {
        h1 { (t!("turn-title")) }
        p .lead { (t!("turn-lead")) }
        @if shown.total.finished > 0 || shown.open_late > 0 { (numbers(&span, shown)) }
        (filters(&person, &fields, &figures))
        @if shown.total.finished == 0 && shown.open_late == 0 {
            section .card { p .empty { (t!("turn-empty")) } }
        } @else {
            (plots::share(&person, &span, shown))
            @match one {
                Some(series) => {
                    (plots::lengths(&span, series))
                    (twin(&span, series))
                }
                None => (matrix(&person, &span, &figures)),
            }
        }
        (list_tools(&person, &person.here, Some(&export_of(&span, None))))
        (definitions(&person))
    }))
}

fn filters(person: &Person, fields: &Fields, figures: &Figures) -> Markup {
    let months: Vec<_> = [3_u32, 6, 12, 24].iter().map(|n| (n.to_string(), t!("turn-months", count = *n))).collect();
    let assays: Vec<_> = person.catalogue.assays.iter().map(|a| (a.code.to_string(), a.name.clone())).collect();
    let asked: Vec<_> = figures.requesters.iter().map(|r| (r.clone(), r.clone())).collect();
    let mut shown = fields.clone();
    if fields.opt("months").is_none() {
        shown.set("months", MONTHS.to_string());
    }
    let draft = Draft::fresh(shown);
    html! {
        form .filters action="/turnaround" method="get" {
            (Field::new("months", &t!("turn-span")).select(&draft, &t!("turn-months", count = MONTHS), &months))
            (Field::new("assay", &t!("turn-test")).data().select(&draft, &t!("turn-all-tests"), &assays))
            (Field::new("urgency", &t!("turn-urgency")).select(&draft, &t!("turn-any-urgency"), &choices(Urgency::ALL, Urgency::name, "turn-urgency")))
            (Field::new("requester", &t!("turn-requester")).data().select(&draft, &t!("turn-any-requester"), &asked))
            button .btn { (t!("show")) }
        }
    }
}

/// The figures of all months together, each a link to what it counts.
fn numbers(span: &Span, series: &Series) -> Markup {
    let f = &series.total;
    html! {
        dl .figures {
            div {
                dt { (t!("turn-in-target")) }
                dd { a href=(orders_address(span, Some(Kept::Yes))) { (share_words(f)) } }
                dd .small { (t!("turn-of", part = f.in_target, whole = f.in_target + f.late)) }
            }
            div { dt { (t!("turn-finished")) } dd { a href=(orders_address(span, None)) { (f.finished) } } }
            div { dt { (t!("turn-late")) } dd { a href=(orders_address(span, Some(Kept::No))) { (f.late) } } }
            div { dt { (t!("turn-open-late")) } dd { a href=(orders_address(span, Some(Kept::Open))) { (series.open_late) } } }
            @if series.assay.is_some() {
                div { dt { (t!("turn-half")) } dd { (hours(f.p50_h)) } }
                div { dt { (t!("turn-nine")) } dd { (hours(f.p90_h)) } }
            }
        }
        @if series.assay.is_some() && f.p50_h.is_none() { p .hint { (t!("turn-too-few", count = ENOUGH)) } }
    }
}

/// `92.3 %`, or that there is nothing to divide by.
fn share_words(f: &Figure) -> String {
    f.in_target_pct.map_or_else(|| t!("turn-none"), |pct| t!("turn-pct", pct = pct))
}

/// Elapsed hours; days where hours no longer say anything.
pub(super) fn hours(h: Option<f64>) -> String {
    h.map_or_else(|| t!("turn-too-few-short"), |h| time::figure(h, h))
}

/// The share of every assay in every month.
fn matrix(person: &Person, span: &Span, figures: &Figures) -> Markup {
    let months = span.each();
    let mut heads = vec![t!("turn-test"), t!("turn-whole"), t!("turn-half-nine")];
    heads.extend(months.iter().map(|m| plots::short(*m)));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = figures
        .assays
        .iter()
        .filter_map(|s| {
            let code = s.assay.as_ref()?.to_string();
            let of = Span { assay: Some(code.clone()), ..span.clone() };
            let mut row = vec![
                html! { a .row-link href=(address("/turnaround", &of, None)) { (assay_name(person, &code)) } },
                cell(&of, &s.total),
                html! {
                    @if let (Some(half), Some(nine)) = (s.total.p50_h, s.total.p90_h) { span .num { (time::figure(half, nine)) ", " (time::figure(nine, nine)) } }
                    @else { span .muted { (t!("turn-too-few-short")) } }
                },
            ];
            row.extend(months.iter().zip(&s.months).map(|(m, f)| cell(&month_of(&of, *m), f)));
            Some(row)
        })
        .collect();
    html! {
        section .card {
            div .plot tabindex="0" role="group" aria-label=(t!("turn-matrix")) {
                (table(&html! { (t!("turn-matrix")) }, &heads, &rows))
            }
        }
    }
}

/// One figure and the list behind it.
fn cell(span: &Span, f: &Figure) -> Markup {
    html! {
        @if f.finished == 0 { span .muted { (t!("turn-none")) } }
        @else { a .num href=(orders_address(span, None)) { (t!("turn-pct-of", pct = f.in_target_pct.map_or_else(|| t!("turn-none"), |pct| t!("turn-pct", pct = pct.round())), count = f.finished)) } }
    }
}

/// The plots' table: the same numbers in words.
fn twin(span: &Span, series: &Series) -> Markup {
    let heads = [
        t!("turn-in-month"),
        t!("turn-finished"),
        t!("turn-in-target"),
        t!("turn-late"),
        t!("turn-half"),
        t!("turn-nine"),
    ];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = span
        .each()
        .iter()
        .zip(&series.months)
        .map(|(m, f)| {
            let of = month_of(span, *m);
            let link = |kept, n: usize| html! { a .num href=(orders_address(&of, kept)) { (n) } };
            vec![
                html! { (month_name(*m)) },
                link(None, f.finished),
                html! { (link(Some(Kept::Yes), f.in_target)) " (" (share_words(f)) ")" },
                link(Some(Kept::No), f.late),
                html! { (hours(f.p50_h)) },
                html! { (hours(f.p90_h)) },
            ]
        })
        .collect();
    html! {
        details .more #turn-table {
            summary { (t!("turn-as-table")) }
            section .card { (table(&html! { (t!("turn-table")) }, &heads, &rows)) }
        }
    }
}

/// What is counted, from which event to which, and against what: on the page itself.
fn definitions(person: &Person) -> Markup {
    let heads = [t!("turn-test"), t!("turn-urgency"), t!("turn-starts"), t!("turn-target"), t!("turn-goal")];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = person
        .catalogue
        .assays
        .iter()
        .flat_map(|a| a.turnaround.iter().map(move |target| (a, target)))
        .map(|(a, target)| {
            let start = match target.from {
                ClockStart::Collected => t!("turn-from-collected"),
                ClockStart::Received => t!("turn-from-received"),
            };
            let amount = t!("turn-amount", amount = target.amount, unit = target.unit.name());
            vec![
                html! { (a.name) },
                html! { (word("turn-urgency", target.urgency.name())) },
                html! { (start) },
                html! { (amount) },
                html! { (t!("turn-pct", pct = target.goal_pct)) },
            ]
        })
        .collect();
    html! {
        (card("turn-how", &t!("turn-how"), &html! {}, &html! {
            div .plain {
                ul {
                    li { (t!("turn-how-month", zone = person.zone().name())) }
                    li { (t!("turn-how-target")) }
                    li { (t!("turn-how-took")) }
                    li { (t!("turn-how-share")) }
                    li { (t!("turn-how-few", count = ENOUGH)) }
                    li { (rich!("turn-how-export", link = html! { a href="/exports?dataset=turnaround" { (t!("nav-exports")) } })) }
                }
                details .more #turn-targets {
                    summary { (t!("turn-targets")) }
                    (table(&html! { (t!("turn-targets-caption", version = person.catalogue.version)) }, &heads, &rows))
                }
            }
        }))
    }
}

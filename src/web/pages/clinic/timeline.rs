//! `/patients/{id}`: one patient across marrows: what was found each time, and numbers over time.

use actix_web::{HttpResponse, web};
use maud::{Markup, PreEscaped, html};
use uuid::Uuid;

use crate::domain::PatientId;
use crate::domain::series::{Point, Series};
use crate::exchange::chart::{self, Plot, Plotted};
use crate::lab::questions::timeline::{Timeline, TimelineCase};
use crate::web::error::PageError;
use crate::web::language::{Language, current, english, rich, t, word_if};
use crate::web::layout::Page;
use crate::web::parts::{banner, card, stamp_day, status, table};
use crate::web::session::Person;
use crate::web::{time, words};

/// `GET /patients/{id}`
pub(crate) async fn get(person: Person, id: web::Path<Uuid>) -> Result<HttpResponse, PageError> {
    let timeline = person.lab.timeline(person.actor(), PatientId(*id)).await?;
    let plots = measurands(&timeline.series);
    Ok(Page::of(&person, t!("time-line-title"))
        .about(banner(&person, &timeline.patient))
        .main("page page--middle")
        .render(html! {
            h1 { (t!("time-line-title")) }
            @for (i, of) in plots.iter().enumerate() { (measurand(&person, i, of)) }
            (marrows(&person, &timeline))
        }))
}

/// The series of each measurand side by side: one method each.
fn measurands(series: &[Series]) -> Vec<Vec<&Series>> {
    let mut out: Vec<Vec<&Series>> = Vec::new();
    // The ratio is what the international scale was made from: it is drawn once.
    let scaled = |s: &Series| series.iter().any(|o| o.key == "is_pct" && (&o.assay, &o.item) == (&s.assay, &s.item));
    for s in series.iter().filter(|s| s.key != "ratio_pct" || !scaled(s)) {
        let same =
            |of: &&mut Vec<&Series>| of.first().is_some_and(|first| (&first.key, &first.item) == (&s.key, &s.item));
        match out.iter_mut().find(same) {
            Some(of) => of.push(s),
            None => out.push(vec![s]),
        }
    }
    out
}

/// Its name in the language of the page; what it was measured on is data.
fn name(s: &Series) -> String {
    let what = word_if("time-line-key", &s.key).unwrap_or_else(|| s.name.clone());
    s.item.as_ref().map_or_else(|| what.clone(), |item| format!("{item}: {what}"))
}

/// By which assay, and as a percentage of what.
fn method(person: &Person, s: &Series) -> String {
    let assay = person.catalogue.assay(s.assay.as_str()).map_or_else(|| s.assay.to_string(), |a| a.name.clone());
    match &s.denominator {
        Some(of) => t!("time-line-method", assay = assay, of = of.replace('_', " ")),
        None => assay,
    }
}

/// A value with its unit; what was not measured says below what.
fn value(s: &Series, p: &Point) -> String {
    match (p.value, p.below) {
        (Some(v), _) => t!("time-line-value", value = v, unit = s.unit.as_str()),
        (None, Some(v)) => t!("time-line-below", value = v, unit = s.unit.as_str()),
        (None, None) => t!("time-line-not-detected"),
    }
}

fn measurand(person: &Person, i: usize, of: &[&Series]) -> Markup {
    let Some(first) = of.first() else { return html! {} };
    let id = format!("plot-{i}");
    let mut all: Vec<(&Series, &Point)> = of.iter().flat_map(|s| s.points.iter().map(move |p| (*s, p))).collect();
    all.sort_by_key(|(_, p)| p.at);
    let newest = all.last();
    let day = |p: &Point| time::day(p.at, person.zone(), person.now);
    // One marrow is a value, not a course.
    let plotted = all.iter().filter(|(_, p)| p.value.or(p.below).is_some()).count() > 1;
    let open = all.iter().any(|(_, p)| p.value.is_none() && p.below.is_some());
    let plot = || Plot {
        id: id.clone(),
        title: t!("time-line-plot", name = name(first)),
        description: all.iter().map(|(s, p)| format!("{}: {}", day(p), value(s, p))).collect::<Vec<_>>().join("; "),
        unit: first.unit.clone(),
        log: first.log,
        decimal: if current() == Language::German { ',' } else { '.' },
        international: first.key == "is_pct",
        methods: of.iter().map(|s| (method(person, s), s.points.iter().map(|p| dot(person, s, p)).collect())).collect(),
    };
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .rev()
        .map(|(s, p)| {
            vec![
                stamp_day(person, p.at),
                html! { strong { (value(s, p)) } },
                html! { (method(person, s)) },
                html! { a .id href=(place(person, p)) { (p.accession) } },
            ]
        })
        .collect();
    let heads = [t!("time-line-taken"), t!("time-line-found"), t!("time-line-by"), t!("time-line-case")];
    card(
        &format!("{id}-head"),
        &name(first),
        &html! {},
        &html! {
            div .inset .stack {
                @if let Some((s, p)) = newest {
                    p .lead { (rich!("time-line-newest", value = html! { strong { (value(s, p)) } }, when = stamp_day(person, p.at))) }
                }
                @if plotted {
                    div .scroll tabindex="0" role="region" aria-label=(t!("time-line-plot", name = name(first))) {
                        (PreEscaped(chart::plot(&plot())))
                    }
                    ul .tally__key .small {
                        @for (n, s) in of.iter().enumerate() { li .sign { (PreEscaped(chart::legend(n, true))) (method(person, s)) } }
                        @if open { li .sign { (PreEscaped(chart::legend(0, false))) (t!("time-line-open")) } }
                    }
                }
            }
            details .more .inset open[!plotted] {
                summary { (t!("time-line-table")) span .sr-only { ": " (name(first)) } }
                (table(
                    &html! { span .sr-only { (t!("time-line-plot", name = name(first))) } },
                    &heads.each_ref().map(String::as_str),
                    &rows,
                ))
            }
        },
    )
}

fn dot(person: &Person, s: &Series, p: &Point) -> Plotted {
    let local = p.at.with_timezone(&person.zone()).date_naive();
    Plotted {
        at: p.at,
        value: p.value,
        below: p.below,
        href: place(person, p),
        title: format!("{}: {}, {}, {}", time::date(local), value(s, p), method(person, s), p.accession),
        date: time::date(local),
    }
}

/// The case of a value: its results and its report are there.
fn place(person: &Person, p: &Point) -> String {
    person.case_path(&p.accession)
}

/// Every marrow, newest first.
fn marrows(person: &Person, timeline: &Timeline) -> Markup {
    let count = timeline.cases.len();
    card(
        "marrows",
        &t!("time-line-marrows", count = count),
        &html! { span .small .muted { (t!("time-line-order")) } },
        &html! {
            @for c in timeline.cases.iter().rev() { (marrow(person, c)) }
        },
    )
}

fn marrow(person: &Person, c: &TimelineCase) -> Markup {
    let indication = person.catalogue.indication(c.indication.as_str());
    let question = indication.map_or_else(|| c.indication.to_string(), |i| i.name.clone());
    html! {
        article .finding {
            h3 {
                @match c.collected_at {
                    Some(at) => { (stamp_day(person, at)) }
                    None => { (t!("time-line-not-taken")) }
                }
                " " a .id href=(person.case_path(c.accession)) { (c.accession) }
            }
            (status(&words::stage(c.stage)))
            p .finding__text .small .muted { (question) }
            @if let Some(dx) = &c.diagnosis { p .finding__text { strong { (english(dx)) } } }
            @if let [only] = c.results.as_slice() {
                p .finding__text .small { (english(&only.summary)) }
            } @else if !c.results.is_empty() {
                details .more .finding__text .small {
                    summary { (t!("time-line-results", count = c.results.len())) span .sr-only { ": " (c.accession) } }
                    dl .facts .facts--table {
                        @for r in &c.results {
                            div {
                                dt { (person.catalogue.assay(r.assay.as_str()).map_or_else(|| r.assay.to_string(), |a| a.name.clone())) }
                                dd lang=[(current() != Language::English).then_some("en")] { (r.summary) }
                            }
                        }
                    }
                }
            }
        }
    }
}

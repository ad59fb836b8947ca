//! The plots of `/turnaround`: bars of the share in target, lines of how long it took. Every mark is a link to the
//! orders that it stands for; everything in them is in the table beside them too.

use chrono::{Datelike as _, NaiveDate};
use maud::{Markup, html};

use super::turnaround::{assay_name, hours, month_name, month_of, orders_address};
use crate::lab::questions::turnaround_months::{Figure, Series, Span};
use crate::web::language::{t, word};
use crate::web::parts::card;
use crate::web::session::Person;
use crate::web::time;

/// The drawing's size and the room around it, in its own units.
const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 150.0;
const LEFT: f64 = 42.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 18.0;

/// `Mar`, in German `Mär`, with its year where one begins.
pub(super) fn short(month: NaiveDate) -> String {
    let name = word("month-short", &month.month().to_string());
    if month.month() == 1 { format!("{name} {}", month.year()) } else { name }
}

/// Where month `n` of `of` begins and how wide it is.
fn column(n: usize, of: usize) -> (f64, f64) {
    #[allow(clippy::cast_precision_loss)] // at most two years of months
    let (n, of) = (n as f64, of.max(1) as f64);
    let width = (WIDTH - LEFT - RIGHT) / of;
    (LEFT + n * width, width)
}

/// Where a value of a scale from 0 to `most` lies.
fn height(value: f64, most: f64) -> f64 {
    HEIGHT - BOTTOM - (value / most).clamp(0.0, 1.0) * (HEIGHT - TOP - BOTTOM)
}

fn number(value: f64) -> String {
    format!("{value:.1}")
}

/// The frame of a plot: a scroll box, a title and a description, gridlines with their words, months below.
fn plot(id: &str, title: &str, description: &str, grid: &[(f64, String)], span: &Span, marks: &Markup) -> Markup {
    let months = span.each();
    html! {
        div .plot tabindex="0" role="group" aria-label=(title) {
            svg .chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="group" aria-labelledby={ (id) "-title " (id) "-desc" } {
                title id={ (id) "-title" } { (title) }
                desc id={ (id) "-desc" } { (description) }
                @for (y, text) in grid {
                    line .chart__grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(number(*y)) y2=(number(*y)) {}
                    text .chart__words x=(LEFT - 4.0) y=(number(*y + 2.5)) text-anchor="end" { (text) }
                }
                @for (n, month) in months.iter().enumerate() {
                    @let (x, width) = column(n, months.len());
                    text .chart__words x=(number(x + width / 2.0)) y=(number(HEIGHT - 6.0)) text-anchor="middle" { (short(*month)) }
                }
                (marks)
            }
        }
    }
}

/// The share in target, month by month, against the goal.
pub(super) fn share(person: &Person, span: &Span, series: &Series) -> Markup {
    let goal = goal(person, span);
    let title = match &series.assay {
        Some(code) => t!("turn-share-of", test = assay_name(person, code.as_str())),
        None => t!("turn-share"),
    };
    let grid: Vec<(f64, String)> =
        [0_u32, 50, 100].iter().map(|pct| (height(f64::from(*pct), 100.0), t!("turn-pct", pct = *pct))).collect();
    let months = span.each();
    let marks = html! {
        @for (n, (month, f)) in months.iter().zip(&series.months).enumerate() {
            @if let Some(pct) = f.in_target_pct {
                @let (x, width) = column(n, months.len());
                @let y = height(pct, 100.0);
                @let said = t!("turn-mark-share", month = month_name(*month), pct = pct, part = f.in_target, whole = f.in_target + f.late);
                a href=(orders_address(&month_of(span, *month), None)) aria-label=(said) {
                    rect .plot__hit x=(number(x)) y=(TOP) width=(number(width)) height=(HEIGHT - TOP) {}
                    rect .plot__bar x=(number(x + width * 0.22)) y=(number(y)) width=(number(width * 0.56)) height=(number(height(0.0, 100.0) - y)) {}
                    @if pct >= 15.0 { text .chart__words .plot__in x=(number(x + width / 2.0)) y=(number(height(0.0, 100.0) - 5.0)) text-anchor="middle" { (t!("turn-pct", pct = pct)) } }
                    @else { text .chart__words x=(number(x + width / 2.0)) y=(number(y - 3.0)) text-anchor="middle" { (t!("turn-pct", pct = pct)) } }
                }
            }
        }
        @if let Some(goal) = goal {
            @let y = height(f64::from(goal), 100.0);
            line .plot__goal x1=(LEFT) x2=(WIDTH - RIGHT) y1=(number(y)) y2=(number(y)) {}
        }
    };
    let description = match goal {
        Some(goal) => t!("turn-share-desc-goal", goal = goal),
        None => t!("turn-share-desc"),
    };
    card(
        "turn-share",
        &title,
        &html! {},
        &html! {
            div .plain {
                (plot("turn-share-plot", &title, &description, &grid, span, &marks))
                p .hint { (description) }
            }
        },
    )
}

/// The goal that holds for everything shown; None where several do.
fn goal(person: &Person, span: &Span) -> Option<u32> {
    let assays =
        person.catalogue.assays.iter().filter(|a| span.assay.as_ref().is_none_or(|code| a.code == *code.as_str()));
    let mut goals: Vec<u32> = assays
        .flat_map(|a| match span.urgency {
            Some(urgency) => a.target(urgency).map(|t| t.goal_pct).into_iter().collect::<Vec<_>>(),
            None => a.turnaround.iter().map(|t| t.goal_pct).collect(),
        })
        .collect();
    goals.sort_unstable();
    goals.dedup();
    match goals.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// How long half and nine of ten took, month by month.
pub(super) fn lengths(span: &Span, series: &Series) -> Markup {
    let title = t!("turn-lengths");
    let longest = series.months.iter().filter_map(|f| f.p90_h).fold(0.0, f64::max);
    if longest <= 0.0 {
        return html! {};
    }
    let most = round_up(longest);
    let grid: Vec<(f64, String)> =
        [0.0, 0.5, 1.0].iter().map(|part| (height(part * most, most), axis(part * most, most))).collect();
    let months = span.each();
    let line = |value: fn(&Figure) -> Option<f64>| {
        let mut runs: Vec<String> = vec![String::new()];
        for (n, f) in series.months.iter().enumerate() {
            let (x, width) = column(n, months.len());
            match (value(f), runs.last_mut()) {
                (Some(v), Some(run)) => *run = format!("{run}{:.1},{:.1} ", x + width / 2.0, height(v, most)),
                // A month without a figure is no point: the line does not pretend one.
                (None, _) => runs.push(String::new()),
                (Some(_), None) => {}
            }
        }
        runs.into_iter().filter(|run| run.matches(',').count() > 1).collect::<Vec<_>>()
    };
    let marks = html! {
        @for run in line(|f| f.p50_h).iter().chain(&line(|f| f.p90_h)) { polyline .chart__line points=(run) {} }
        @for (n, (month, f)) in months.iter().zip(&series.months).enumerate() {
            @if let Some((half, nine)) = f.p50_h.zip(f.p90_h) {
                @let (x, width) = column(n, months.len());
                @let at = x + width / 2.0;
                @let (low, high) = (height(half, most), height(nine, most));
                @let said = t!("turn-mark-length", month = month_name(*month), half = hours(f.p50_h), nine = hours(f.p90_h), count = f.finished);
                a href=(orders_address(&month_of(span, *month), None)) aria-label=(said) {
                    rect .plot__hit x=(number(x)) y=(TOP) width=(number(width)) height=(HEIGHT - TOP) {}
                    circle .chart__mark cx=(number(at)) cy=(number(low)) r="3" {}
                    polygon .chart__mark .chart__mark--hollow points={ (number(at)) "," (number(high - 4.0)) " " (number(at + 4.0)) "," (number(high)) " " (number(at)) "," (number(high + 4.0)) " " (number(at - 4.0)) "," (number(high)) } {}
                }
            }
        }
    };
    let description = t!("turn-lengths-desc");
    card(
        "turn-lengths",
        &title,
        &html! {},
        &html! {
            div .plain {
                (plot("turn-lengths-plot", &title, &description, &grid, span, &marks))
                p .hint { (description) }
            }
        },
    )
}

/// The end of a scale that holds this many hours: 1, 2, 4, 6, 8, 12 … hours, then whole days.
fn round_up(h: f64) -> f64 {
    let steps = [1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 24.0, 48.0, 72.0, 96.0, 144.0, 192.0, 240.0, 336.0, 480.0, 720.0];
    steps.into_iter().find(|step| *step >= h).unwrap_or_else(|| (h / 240.0).ceil() * 240.0)
}

/// A value beside a gridline, in the unit of the whole scale.
fn axis(h: f64, most: f64) -> String {
    time::figure(h, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_holds_what_is_on_it() {
        for h in [0.2, 1.0, 7.9, 100.0, 719.0, 5_000.0] {
            assert!(round_up(h) >= h && round_up(h) <= (h * 2.5).max(1.0), "{h}: {}", round_up(h));
        }
        assert!(height(0.0, 100.0) > height(100.0, 100.0));
        assert!(height(500.0, 100.0) >= TOP);
    }
}

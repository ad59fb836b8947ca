//! Serial values over time.
//!
//! `reference/interop.md` §7: a logarithmic axis for residual disease; what was not detected is drawn hollow at the
//! sensitivity of that run; it is never joined to a value as if it were zero, and two methods are never joined.

use chrono_tz::Tz;

use super::{Anchor, Form, Ink, Place, Scene, Shape};
use crate::domain::report_document::{DocumentPoint, DocumentTrend, ReportDocument};

const WIDTH: f32 = 480.0;
const HEIGHT: f32 = 190.0;
/// Where the plot begins and ends.
const LEFT: f32 = 52.0;
const RIGHT: f32 = 466.0;
const TOP: f32 = 22.0;
const BOTTOM: f32 = 166.0;
/// Room that a date takes, points.
const DATE: f32 = 66.0;

const FORMS: [Form; 4] = [Form::Circle, Form::Square, Form::Diamond, Form::Triangle];

/// Draws a trend; nothing when it has fewer than two values.
pub fn trend(t: &DocumentTrend, document: &ReportDocument) -> Option<Scene> {
    let mut points: Vec<&DocumentPoint> = t.points.iter().collect();
    points.sort_by_key(|p| p.at);
    let (first, last) = (points.first()?.at, points.last()?.at);
    if points.len() < 2 {
        return None;
    }
    let scale = Scale::of(&points, t.log);
    let span = last.signed_duration_since(first).num_seconds();
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // a share of the width, drawn to 0.1 point
    let across = |p: &DocumentPoint| {
        let share = if span == 0 { 0.5 } else { (p.at - first).num_seconds() as f64 / span as f64 };
        LEFT + 10.0 + (RIGHT - LEFT - 20.0) * share as f32
    };
    let mut shapes = frame(&scale, &t.unit);
    dates(&points, across, document.zone(), &mut shapes);
    let mut methods: Vec<&str> = Vec::new();
    for p in &points {
        if !methods.contains(&p.method.as_str()) {
            methods.push(&p.method);
        }
    }
    for (method, form) in methods.iter().zip(FORMS.iter().cycle()) {
        let of: Vec<(Place, bool)> = points
            .iter()
            .filter(|p| p.method == *method)
            .map(|p| ((across(p), scale.place(p.value.or(p.below))), p.value.is_some()))
            .collect();
        for stretch in of.split(|(_, found)| !found).filter(|s| s.len() > 1) {
            shapes.push(Shape::Polyline(stretch.iter().map(|(at, _)| *at).collect()));
        }
        shapes.extend(of.iter().map(|(at, found)| Shape::Mark { at: *at, form: *form, filled: *found }));
    }
    shapes.extend(legend(&methods, points.iter().any(|p| p.value.is_none())));
    Some(Scene {
        width: WIDTH,
        height: HEIGHT,
        title: format!("{} over time", t.name),
        description: t.spoken(document),
        shapes,
    })
}

/// From a value to a height.
struct Scale {
    log: bool,
    /// Ends of the scale: decades when logarithmic, values otherwise.
    low: f64,
    high: f64,
    ticks: Vec<f64>,
}

impl Scale {
    fn of(points: &[&DocumentPoint], log: bool) -> Self {
        let all = || points.iter().filter_map(|p| p.value.or(p.below)).filter(|v| v.is_finite());
        if log {
            let decades = || all().filter(|v| *v > 0.0).map(f64::log10);
            let low = decades().fold(f64::INFINITY, f64::min).floor();
            let high = decades().fold(f64::NEG_INFINITY, f64::max).ceil();
            let (low, high) = if low.is_finite() { (low, high.max(low + 1.0)) } else { (-3.0, 2.0) };
            let step = ((high - low) / 6.0).ceil().max(1.0);
            return Self { log, low, high, ticks: ticks(low, high, step) };
        }
        let low = all().fold(0.0, f64::min);
        let high = all().fold(0.0, f64::max);
        let high = if high > low { high } else { low + 1.0 };
        let step = nice((high - low) / 4.0);
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        Self { log, low, high, ticks: ticks(low, high, step) }
    }

    #[allow(clippy::cast_possible_truncation)] // drawn to 0.1 point
    fn height(&self, on_scale: f64) -> f32 {
        let share = ((on_scale - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        BOTTOM - (BOTTOM - TOP) * if share.is_finite() { share as f32 } else { 0.0 }
    }

    /// The height of a value. What is not on a logarithmic scale (zero, or no stated sensitivity) stands at its foot.
    fn place(&self, value: Option<f64>) -> f32 {
        match value.filter(|v| v.is_finite()) {
            Some(v) if self.log && v > 0.0 => self.height(v.log10()),
            Some(v) if !self.log => self.height(v),
            Some(_) | None => BOTTOM,
        }
    }

    fn label(&self, tick: f64) -> String {
        let value = if self.log { 10f64.powf(tick) } else { tick };
        // Two digits more than the scale needs, then without the zeros: 0.30000000000000004 prints 0.3.
        let decimals = if value == 0.0 { 0 } else { (2 - decade(value)).clamp(0, 12) };
        let text = format!("{value:.*}", usize::try_from(decimals).unwrap_or(0));
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    }
}

/// The decade of a number: 0 for 1 to 9, −2 for 0.01.
#[allow(clippy::cast_possible_truncation)] // an f64 has decades from −324 to 308
fn decade(value: f64) -> i32 {
    value.abs().log10().floor() as i32
}

/// At most eight marks of a scale.
pub(super) fn ticks(low: f64, high: f64, step: f64) -> Vec<f64> {
    (0..8u8).map(|i| low + f64::from(i) * step).take_while(|t| *t <= high + step * 0.01).collect()
}

/// The next 1, 2 or 5 of a decade.
pub(super) fn nice(step: f64) -> f64 {
    let base = 10f64.powi(decade(step));
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * base).find(|s| *s >= step).unwrap_or(step)
}

fn words(at: Place, anchor: Anchor, text: impl Into<String>) -> Shape {
    Shape::Words { at, anchor, text: text.into() }
}

fn frame(scale: &Scale, unit: &str) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for tick in &scale.ticks {
        let y = scale.height(*tick);
        shapes.push(Shape::Line((LEFT, y), (RIGHT, y), Ink::Grid));
        shapes.push(words((LEFT - 5.0, y + 2.6), Anchor::End, scale.label(*tick)));
    }
    shapes.push(Shape::Line((LEFT, TOP), (LEFT, BOTTOM), Ink::Axis));
    shapes.push(Shape::Line((LEFT, BOTTOM), (RIGHT, BOTTOM), Ink::Axis));
    shapes.push(words((LEFT - 5.0, TOP - 11.0), Anchor::End, clipped(unit, 12)));
    shapes
}

fn dates(points: &[&DocumentPoint], across: impl Fn(&DocumentPoint) -> f32, zone: Tz, shapes: &mut Vec<Shape>) {
    let Some(last) = points.last().map(|p| across(p)) else { return };
    let mut free = f32::MIN;
    for (i, p) in points.iter().enumerate() {
        let x = across(p);
        shapes.push(Shape::Line((x, BOTTOM), (x, BOTTOM + 3.0), Ink::Axis));
        let is_last = i + 1 == points.len();
        if x >= free && (is_last || x + DATE <= last || i == 0) {
            let text = p.at.with_timezone(&zone).format("%-d %b %Y").to_string();
            let anchor = if is_last && i > 0 { Anchor::End } else { Anchor::Middle };
            let at = if is_last && i > 0 { x + 10.0 } else { x };
            shapes.push(words((at, BOTTOM + 13.0), anchor, text));
            free = x + DATE;
        }
    }
}

fn legend(methods: &[&str], hollow: bool) -> Vec<Shape> {
    let mut shapes = Vec::new();
    let (mut x, y) = (LEFT + 10.0, TOP - 13.0);
    for (method, form) in methods.iter().zip(FORMS).take(3) {
        let name = clipped(method, 24);
        shapes.push(Shape::Mark { at: (x, y - 2.5), form, filled: true });
        shapes.push(words((x + 7.0, y), Anchor::Start, name));
        x += 115.0;
    }
    if hollow {
        shapes.push(words((RIGHT, y), Anchor::End, "hollow: not detected"));
    }
    shapes
}

/// A name that must fit into a drawing; the table beside it has all of it.
fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::pdf::samples;

    fn drawn(points: &[(i64, Option<f64>, Option<f64>, &str)], log: bool) -> Scene {
        let document = samples::small();
        let points = points.iter().map(|(day, value, below, method)| DocumentPoint {
            at: document.signed_at + chrono::TimeDelta::days(*day),
            accession: "BM26-000001C".into(),
            value: *value,
            below: *below,
            method: (*method).to_owned(),
        });
        let t = DocumentTrend { name: "MRD".into(), unit: "%".into(), log, points: points.collect() };
        trend(&t, &document).unwrap()
    }

    fn lines(scene: &Scene) -> Vec<usize> {
        let of = |s: &Shape| if let Shape::Polyline(p) = s { Some(p.len()) } else { None };
        scene.shapes.iter().filter_map(of).collect()
    }

    #[test]
    fn what_was_not_detected_is_hollow_and_joined_to_nothing() {
        let scene = drawn(
            &[
                (0, Some(12.0), None, "flow"),
                (30, Some(0.4), None, "flow"),
                (60, None, Some(0.01), "flow"),
                (90, Some(0.02), None, "flow"),
            ],
            true,
        );
        assert_eq!(lines(&scene), [2], "only the first two are joined");
        let marks = scene.shapes.iter().filter(|s| matches!(s, Shape::Mark { filled: false, .. })).count();
        assert_eq!(marks, 1);
    }

    #[test]
    fn two_methods_are_never_joined() {
        let scene =
            drawn(&[(0, Some(3.0), None, "flow"), (1, Some(2.0), None, "PCR"), (2, Some(1.0), None, "NGS")], true);
        assert_eq!(lines(&scene), Vec::<usize>::new());
    }

    #[test]
    fn a_logarithmic_scale_is_read_in_decades() {
        let scene = drawn(&[(0, Some(10.0), None, "flow"), (9, None, Some(0.001), "flow")], true);
        let said: Vec<&str> = scene
            .shapes
            .iter()
            .filter_map(|s| if let Shape::Words { text, .. } = s { Some(text.as_str()) } else { None })
            .collect();
        for tick in ["0.001", "0.01", "0.1", "1", "10"] {
            assert!(said.contains(&tick), "{tick}: {said:?}");
        }
    }

    #[test]
    fn numbers_that_cannot_be_drawn_stay_on_the_sheet() {
        for log in [true, false] {
            let scene = drawn(
                &[
                    (0, Some(0.0), None, "a"),
                    (0, Some(-5.0), None, "a"),
                    (0, None, None, "a"),
                    (0, Some(1e300), None, "a"),
                    (0, Some(1e-300), None, "a"),
                ],
                log,
            );
            for shape in &scene.shapes {
                if let Shape::Mark { at: (x, y), .. } = shape {
                    assert!((0.0..=WIDTH).contains(x) && (0.0..=HEIGHT).contains(y), "{shape:?}");
                }
            }
        }
    }
}

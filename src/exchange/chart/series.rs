//! One measurand over time for a page: every mark is a link, methods differ in shape and are never joined, and what was
//! not detected is an open triangle at the sensitivity of its run, never a zero (`reference/ux.md` §2.13).

use chrono::{DateTime, Utc};

use super::svg::{escape, write};
use super::trend::{nice, ticks};
use super::{Anchor, Form, Ink, Place, Shape};

const WIDTH: f32 = 640.0;
const HEIGHT: f32 = 250.0;
/// Where the plot begins and ends.
const LEFT: f32 = 92.0;
const RIGHT: f32 = 626.0;
const TOP: f32 = 24.0;
const BOTTOM: f32 = 218.0;
/// Room that a date takes, points.
const DATE: f32 = 70.0;
/// Half of the space in which a mark can be hit, points.
const REACH: f32 = 12.0;

/// The triangle is kept for what was not detected.
const FORMS: [Form; 3] = [Form::Circle, Form::Square, Form::Diamond];

/// Gridlines of a logarithmic axis in percent. 0.1 is MMR, 0.01 is MR4, 0.0032 is MR4.5 on the international scale.
const LEVELS: [(f64, &str); 8] =
    [(100.0, ""), (10.0, ""), (1.0, ""), (0.1, "MMR"), (0.01, "MR4"), (0.0032, "MR4.5"), (0.001, ""), (0.0001, "")];

/// One value of one method.
#[derive(Debug, Clone, PartialEq)]
pub struct Plotted {
    /// When the marrow was taken.
    pub at: DateTime<Utc>,
    /// What was measured; absent when nothing was detected.
    pub value: Option<f64>,
    /// The sensitivity of the run, when nothing was detected.
    pub below: Option<f64>,
    /// Where the link of the mark leads: an address of this site.
    pub href: String,
    /// The value in words, with its date and its method: what the link is called.
    pub title: String,
    /// The date below the axis.
    pub date: String,
}

/// A measurand with its methods.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// Unique on its page.
    pub id: String,
    /// What it is, in a few words.
    pub title: String,
    /// The same in sentences, for those who do not see it.
    pub description: String,
    /// Unit of the axis.
    pub unit: String,
    /// Whether the axis is logarithmic.
    pub log: bool,
    /// What stands between the whole and its decimals: `.` or `,`.
    pub decimal: char,
    /// Whether the axis is the international scale, which has names for its levels.
    pub international: bool,
    /// Each method with its values, oldest first.
    pub methods: Vec<(String, Vec<Plotted>)>,
}

/// From a value to a height.
struct Axis {
    log: bool,
    low: f64,
    high: f64,
}

impl Axis {
    fn of(plot: &Plot) -> Self {
        let all = || plot.methods.iter().flat_map(|(_, ps)| ps).filter_map(|p| p.value.or(p.below));
        let finite = || all().filter(|v| v.is_finite());
        if plot.log {
            let of = |v: f64| v.log10();
            let low = finite().filter(|v| *v > 0.0).map(of).fold(-3.0, f64::min).max(-5.0);
            let high = finite().filter(|v| *v > 0.0).map(of).fold(1.0, f64::max).min(2.0);
            return Self { log: true, low: low - 0.15, high: high + 0.1 };
        }
        let high = finite().fold(0.0, f64::max);
        let high = if high > 0.0 { high } else { 1.0 };
        let step = nice(high / 4.0);
        Self { log: false, low: 0.0, high: (high / step).ceil() * step }
    }

    #[allow(clippy::cast_possible_truncation)] // drawn to 0.1 point
    fn height(&self, value: f64) -> f32 {
        // Zero has no place on a logarithmic scale: it stands at its foot.
        let on_scale = if self.log { value.max(f64::MIN_POSITIVE).log10() } else { value };
        let share = ((on_scale - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        BOTTOM - (BOTTOM - TOP) * if share.is_finite() { share as f32 } else { 0.0 }
    }

    /// Gridlines with their words.
    fn grid(&self, plot: &Plot) -> Vec<(f32, String)> {
        let decimal = |number: String| number.replace('.', plot.decimal.encode_utf8(&mut [0; 4]));
        if self.log {
            let within = |v: f64| (self.low..=self.high).contains(&v.log10());
            let levels = LEVELS.iter().filter(|(v, name)| within(*v) && (plot.international || *name != "MR4.5"));
            return levels
                .map(|(v, name)| {
                    let name = if plot.international && !name.is_empty() { format!("{name} ") } else { String::new() };
                    (self.height(*v), format!("{name}{}", decimal(v.to_string())))
                })
                .collect();
        }
        let step = nice(self.high / 4.0);
        ticks(0.0, self.high, step).into_iter().map(|t| (self.height(t), decimal(number(t)))).collect()
    }
}

/// A number without the noise of its binary form: `0.1 + 0.2` prints 0.3.
fn number(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The plot as one `<svg>` element whose marks are links in the order of time.
pub fn plot(plot: &Plot) -> String {
    let axis = Axis::of(plot);
    let all = || plot.methods.iter().flat_map(|(_, points)| points);
    let (first, last) = (all().map(|p| p.at).min(), all().map(|p| p.at).max());
    let span = first.zip(last).map_or(0, |(a, b)| (b - a).num_seconds());
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // a share of the width, drawn to 0.1 point
    let across = |p: &Plotted| {
        let share = match (first, span) {
            (None, _) | (_, 0) => 0.5,
            (Some(first), span) => (p.at - first).num_seconds() as f64 / span as f64,
        };
        LEFT + 14.0 + (RIGHT - LEFT - 28.0) * share as f32
    };
    let place = |p: &Plotted| p.value.or(p.below).map(|v| (across(p), axis.height(v)));

    let mut out = format!(
        "<svg class=\"chart chart--wide\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         role=\"group\" aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">{}</title>\
         <desc id=\"{id}-desc\">{}</desc>",
        escape(&plot.title),
        escape(&plot.description),
        id = escape(&plot.id),
    );
    let mut shapes = Vec::new();
    for (y, words) in axis.grid(plot) {
        shapes.push(Shape::Line((LEFT, y), (RIGHT, y), Ink::Grid));
        shapes.push(Shape::Words { at: (LEFT - 6.0, y + 2.8), anchor: Anchor::End, text: words });
    }
    shapes.push(Shape::Line((LEFT, TOP), (LEFT, BOTTOM), Ink::Axis));
    shapes.push(Shape::Line((LEFT, BOTTOM), (RIGHT, BOTTOM), Ink::Axis));
    shapes.push(Shape::Words { at: (LEFT - 6.0, TOP - 10.0), anchor: Anchor::End, text: plot.unit.clone() });
    let mut marks: Vec<(&Plotted, Place, Form)> = Vec::new();
    for ((_, points), form) in plot.methods.iter().zip(FORMS.iter().cycle()) {
        // A line joins what was measured by one method without a break: what was not detected breaks it.
        for stretch in points.split(|p| p.value.is_none()).filter(|s| s.len() > 1) {
            shapes.push(Shape::Polyline(stretch.iter().filter_map(place).collect()));
        }
        let form = |p: &Plotted| if p.value.is_some() { *form } else { Form::Triangle };
        marks.extend(points.iter().filter_map(|p| Some((p, place(p)?, form(p)))));
    }
    marks.sort_by_key(|(p, _, _)| p.at);
    shapes.extend(dates(&marks));
    for shape in &shapes {
        write(&mut out, shape);
    }
    for (p, at, form) in &marks {
        out.push_str("<a href=\"");
        out.push_str(&escape(&p.href));
        out.push_str("\"><title>");
        out.push_str(&escape(&p.title));
        out.push_str("</title>");
        // A mark of six points is hard to hit.
        let (x, y) = at;
        out.push_str(&format_reach(*x, *y));
        write(&mut out, &Shape::Mark { at: *at, form: *form, filled: p.value.is_some() });
        out.push_str("</a>");
    }
    out.push_str("</svg>");
    out
}

fn format_reach(x: f32, y: f32) -> String {
    format!("<circle class=\"chart__reach\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{REACH}\"/>")
}

/// The dates that have room.
fn dates(marks: &[(&Plotted, Place, Form)]) -> Vec<Shape> {
    let mut free = f32::MIN;
    let mut shapes = Vec::new();
    for (p, (x, _), _) in marks {
        shapes.push(Shape::Line((*x, BOTTOM), (*x, BOTTOM + 3.0), Ink::Axis));
        if *x >= free {
            let at_end = *x > RIGHT - DATE / 2.0;
            let (at, anchor) = if at_end { (RIGHT, Anchor::End) } else { (*x, Anchor::Middle) };
            shapes.push(Shape::Words { at: (at, BOTTOM + 15.0), anchor, text: p.date.clone() });
            free = x + DATE;
        }
    }
    shapes
}

/// The sign of a method, for the legend beside the plot.
pub fn legend(method: usize, detected: bool) -> String {
    let form =
        if detected { FORMS.iter().cycle().nth(method).copied().unwrap_or(Form::Circle) } else { Form::Triangle };
    let mut out = String::from("<svg class=\"chart__sign\" viewBox=\"0 0 10 10\" aria-hidden=\"true\">");
    write(&mut out, &Shape::Mark { at: (5.0, 5.0), form, filled: detected });
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(day: i64, value: Option<f64>, below: Option<f64>) -> Plotted {
        let at = DateTime::from_timestamp(1_750_000_000 + day * 86_400, 0).unwrap();
        let date = at.format("%Y-%m-%d").to_string();
        Plotted { at, value, below, href: "/results/1".into(), title: format!("day {day} <&>"), date }
    }

    fn drawn(log: bool, methods: &[&[Plotted]]) -> String {
        plot(&Plot {
            id: "x".into(),
            title: "BCR::ABL1".into(),
            description: "falls".into(),
            unit: "% IS".into(),
            log,
            decimal: '.',
            international: log,
            methods: methods.iter().map(|m| ("m".to_owned(), m.to_vec())).collect(),
        })
    }

    fn count(text: &str, what: &str) -> usize {
        text.matches(what).count()
    }

    #[test]
    fn what_was_not_detected_is_an_open_triangle_at_its_sensitivity_and_breaks_the_line() {
        let text = drawn(
            true,
            &[&[
                point(0, Some(10.0), None),
                point(9, Some(0.5), None),
                point(20, None, Some(0.0032)),
                point(30, Some(0.02), None),
            ]],
        );
        assert_eq!(count(&text, "<polyline"), 1, "{text}");
        assert_eq!(count(&text, "chart__mark--hollow"), 1);
        assert_eq!(count(&text, "<a href"), 4);
        // The triangle stands on the gridline of its sensitivity, not at the foot of the plot.
        let grid = text.split("MR4.5").next().unwrap().rsplit("y1=\"").next().unwrap().split('"').next().unwrap();
        let y: f32 = grid.parse().unwrap();
        assert!(text.contains(&format!("cy=\"{y:.1}\" r=\"{REACH}\"")), "{text}");
        assert!(y < BOTTOM);
    }

    #[test]
    fn two_methods_are_never_joined_and_differ_in_shape() {
        let text = drawn(true, &[&[point(0, Some(3.0), None)], &[point(5, Some(2.0), None)]]);
        assert_eq!(count(&text, "<polyline"), 0);
        assert_eq!(count(&text, "<circle class=\"chart__mark\""), 1);
        assert_eq!(count(&text, "<polygon class=\"chart__mark\""), 1);
    }

    #[test]
    fn links_are_in_the_order_of_time_whatever_their_method() {
        let text = drawn(false, &[&[point(5, Some(3.0), None)], &[point(0, Some(2.0), None)]]);
        assert!(text.find("day 0").unwrap() < text.find("day 5").unwrap());
        assert!(text.contains("day 0 &lt;&amp;&gt;"), "text is data: {text}");
        assert!(!text.contains("style="));
    }

    #[test]
    fn the_levels_of_the_international_scale_have_their_names() {
        let text = drawn(true, &[&[point(0, Some(10.0), None)]]);
        for level in [">10<", ">1<", ">MMR 0.1<", ">MR4 0.01<", ">MR4.5 0.0032<", ">0.001<"] {
            assert!(text.contains(level), "{level}: {text}");
        }
    }
}

//! A scene as SVG: attributes and classes only, nothing that a strict content security policy forbids.

use std::fmt::Write as _;

use super::{Anchor, Form, Ink, Place, RADIUS, Scene, Shape};

/// The drawing as one `<svg>` element. `id` must be unique on its page; it names the title and the description.
pub fn svg(scene: &Scene, id: &str) -> String {
    let (w, h, id) = (scene.width, scene.height, escape(id));
    let mut out = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
        escape(&scene.title),
        escape(&scene.description)
    );
    for shape in &scene.shapes {
        write(&mut out, shape);
    }
    out.push_str("</svg>");
    out
}

pub(super) fn write(out: &mut String, shape: &Shape) {
    // Writing to a string cannot fail.
    let _ = match shape {
        Shape::Line((x1, y1), (x2, y2), ink) => {
            let class = match ink {
                Ink::Axis => "chart__axis",
                Ink::Grid => "chart__grid",
            };
            write!(out, "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>")
        }
        Shape::Polyline(points) => write!(out, "<polyline class=\"chart__line\" points=\"{}\"/>", list(points)),
        Shape::Mark { at: (x, y), form, filled } => {
            let class = if *filled { "chart__mark" } else { "chart__mark chart__mark--hollow" };
            if *form == Form::Circle {
                write!(out, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{RADIUS}\"/>")
            } else {
                write!(out, "<polygon class=\"{class}\" points=\"{}\"/>", list(&form.corners((*x, *y))))
            }
        }
        Shape::Words { at: (x, y), anchor, text } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let text = escape(text);
            write!(out, "<text class=\"chart__words\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>")
        }
    };
}

fn list(points: &[Place]) -> String {
    points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

pub(super) fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_data() {
        let scene = Scene {
            width: 10.0,
            height: 10.0,
            title: "<script>alert('x')</script>".into(),
            description: "a & b".into(),
            shapes: vec![Shape::Words { at: (1.0, 2.0), anchor: Anchor::Start, text: "< 5 \"%\"".into() }],
        };
        let text = svg(&scene, "x");
        assert!(text.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"), "{text}");
        assert!(text.contains("a &amp; b") && text.contains("&lt; 5 &quot;%&quot;"), "{text}");
        assert!(!text.contains("style=") && !text.contains("<script"), "{text}");
    }
}

//! A label as SVG at its true size: attributes only, so that a strict content security policy has nothing to forbid.

use std::fmt::Write as _;

use super::PartLabel;
use super::face::{Face, Line, Placed, lay};
use super::symbol::Symbol;

/// One `<svg>` element, which also stands alone as a file. Black on white whatever the page around it is.
pub fn svg(label: &PartLabel) -> String {
    let Face { size: (w, h), symbol, lines } = lay(label);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"label\" width=\"{w}mm\" height=\"{h}mm\" \
         viewBox=\"0 0 {w} {h}\" role=\"img\" aria-label=\"Label of {}\"><rect width=\"{w}\" height=\"{h}\" \
         fill=\"#fff\"/>",
        label.label
    );
    if let Some(placed) = symbol {
        write_symbol(&mut out, &placed);
    }
    for line in lines {
        write_line(&mut out, &line);
    }
    out.push_str("</svg>");
    out
}

fn write_symbol(out: &mut String, placed: &Placed) {
    let Placed { symbol, x, y, module, height, .. } = placed;
    out.push_str("<path fill=\"#000\" shape-rendering=\"crispEdges\" d=\"");
    match symbol {
        Symbol::Linear { bars, .. } => dark(out, bars, (*x, *y), *module, *height),
        Symbol::Matrix { cells, width, .. } => {
            let mut top = *y;
            for row in cells.chunks((*width).max(1)) {
                dark(out, row, (*x, top), *module, *module);
                top += module;
            }
        }
    }
    out.push_str("\"/>");
}

/// The dark stretches of a row, each as one rectangle of the path.
fn dark(out: &mut String, row: &[bool], (left, y): (f64, f64), module: f64, height: f64) {
    let mut x = left;
    for run in row.chunk_by(|a, b| a == b) {
        let width = module * f64::from(u32::try_from(run.len()).unwrap_or(u32::MAX));
        if run.first() == Some(&true) {
            // Writing to a string cannot fail.
            let _ = write!(out, "M{x:.3} {y:.3}h{width:.3}v{height:.3}h-{width:.3}z");
        }
        x += width;
    }
}

fn write_line(out: &mut String, line: &Line) {
    let Line { x, y, size, width, bold, text } = line;
    let weight = if *bold { " font-weight=\"700\"" } else { "" };
    let fit = width.map_or_else(String::new, |w| format!(" textLength=\"{w:.2}\" lengthAdjust=\"spacingAndGlyphs\""));
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = maud::PreEscaped(maud::html! { (text) }.into_string()).0;
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<text x=\"{x}\" y=\"{y}\" font-family=\"Arial, Helvetica, 'Liberation Sans', sans-serif\" \
         font-size=\"{size}\"{weight}{fit} fill=\"#000\">{text}</text>"
    );
}

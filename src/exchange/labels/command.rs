//! A command barcode: Code 128 of words that a scanner types into a page, as SVG.

use std::fmt::Write as _;

use barcoders::sym::code128::Code128;

use super::symbol::LINEAR_QUIET;

/// Width of a module in millimeters: wide enough for any scanner at arm's length.
const MODULE_MM: f64 = 0.3;
/// Height of the bars in millimeters.
const HEIGHT_MM: f64 = 14.0;

/// Code 128 of a text in capitals, digits and hyphens; None where the symbol has no such character.
pub fn code128(text: &str) -> Option<String> {
    // Code set B from its start character on.
    let bits = Code128::new(format!("\u{181}{text}")).ok()?.encode();
    let quiet = f64::from(u8::try_from(LINEAR_QUIET).unwrap_or(10)) * MODULE_MM;
    let mut bars = String::new();
    let mut x = quiet;
    for run in bits.chunk_by(|a, b| a == b) {
        let width = MODULE_MM * f64::from(u32::try_from(run.len()).unwrap_or(u32::MAX));
        if run.first() == Some(&1) {
            // Writing to a string cannot fail.
            let _ = write!(bars, "M{x:.3} 1h{width:.3}v{HEIGHT_MM}h-{width:.3}z");
        }
        x += width;
    }
    let (w, h) = (x + quiet, HEIGHT_MM + 2.0);
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"barcode\" width=\"{w:.2}mm\" height=\"{h:.2}mm\" \
         viewBox=\"0 0 {w:.3} {h:.3}\" aria-hidden=\"true\"><rect width=\"{w:.3}\" height=\"{h:.3}\" fill=\"#fff\"/>\
         <path fill=\"#000\" shape-rendering=\"crispEdges\" d=\"{bars}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::code128;

    #[test]
    fn a_command_has_bars_and_a_quiet_zone() {
        let svg = code128("CMD-OK").unwrap();
        // Start, six characters, check and stop: 11 modules each, 13 for the stop.
        let modules = 11.0 * 8.0 + 13.0 + 20.0;
        assert!(svg.contains(&format!("width=\"{:.2}mm\"", modules * 0.3)), "{svg}");
        assert!(svg.contains("d=\"M3.000 1h0.600"), "it begins with the start character of code set B: {svg}");
        assert_eq!(code128("Ü"), None);
    }
}

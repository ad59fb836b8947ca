//! A label in ZPL II, the language of most label printers.
//!
//! Nothing that people typed can become a command: every byte of it that is not a plain letter, digit or space is sent
//! as hexadecimal (`^FH`), in UTF-8 (`^CI28`). The printer's own font draws the text; a script that it does not have is
//! printed as blanks, so the number and the symbol, which are plain ASCII, always stand.

use std::fmt::Write as _;

use super::PartLabel;
use super::face::{Face, Line, Placed, lay};
use super::symbol::Symbol;
use crate::text_enum;

text_enum! {
    /// How fine the printer draws, dots per inch.
    pub enum Resolution {
        /// 203 dpi: 8 dots per millimeter.
        Dpi203 = "203",
        /// 300 dpi: 11.8 dots per millimeter.
        Dpi300 = "300",
    }
}

impl Resolution {
    const fn per_mm(self) -> f64 {
        match self {
            Self::Dpi203 => 203.2 / 25.4,
            Self::Dpi300 => 300.0 / 25.4,
        }
    }

    fn dots(self, mm: f64) -> u32 {
        let dots = (mm * self.per_mm()).round().clamp(0.0, 9_999.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped just above
        let dots = dots as u32;
        dots
    }

    /// Whole dots for a module, so that `count` of them have room.
    fn module(self, room: f64, count: usize, wanted: f64) -> u32 {
        let room = self.dots(room) / u32::try_from(count).unwrap_or(u32::MAX).max(1);
        room.min(self.dots(wanted)).max(1)
    }
}

/// One label, `^XA` to `^XZ`.
pub fn zpl(label: &PartLabel, resolution: Resolution) -> String {
    let Face { size: (w, h), symbol, lines } = lay(label);
    let mut out = format!("^XA^CI28^LH0,0^PW{}^LL{}\n", resolution.dots(w), resolution.dots(h));
    if let Some(placed) = symbol {
        write_symbol(&mut out, &placed, resolution);
    }
    for line in &lines {
        write_line(&mut out, line, resolution);
    }
    out.push_str("^PQ1^XZ\n");
    out
}

fn write_symbol(out: &mut String, placed: &Placed, r: Resolution) {
    let Placed { symbol, x, y, module, height, room } = placed;
    let dots = r.module(*room, symbol.total_modules(), *module);
    // Writing to a string cannot fail.
    let _ = match symbol {
        Symbol::Linear { bars, zpl } => {
            // In the middle as drawn, whatever rounding did to the module.
            let dark = u32::try_from(bars.len()).unwrap_or(u32::MAX).saturating_mul(dots);
            let left = r.dots(*room).saturating_sub(dark) / 2;
            let (top, height) = (r.dots(*y), r.dots(*height));
            writeln!(out, "^FO{left},{top}^BY{dots}^BCN,{height},N,N,N,N^FD{zpl}^FS")
        }
        // Label text is letters, digits and hyphens: nothing in it escapes.
        Symbol::Matrix { text, .. } => {
            writeln!(out, "^FO{},{}^BXN,{dots},200^FD{text}^FS", r.dots(*x), r.dots(*y))
        }
    };
}

fn write_line(out: &mut String, line: &Line, r: Resolution) {
    let Line { x, y, size, width, bold, text } = line;
    let height = r.dots(*size);
    // Font 0 is about half as wide as high; where the line is narrowed, so are its letters.
    let natural = f64::from(height) * if *bold { 1.0 } else { 0.92 };
    let letters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX).max(1);
    let wide = width.map_or(natural, |w| (f64::from(r.dots(w)) / f64::from(letters) / 0.55).min(natural));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a letter is a few dozen dots wide
    let wide = wide.clamp(4.0, 999.0) as u32;
    // ^FO places the top of the letters, a line its baseline.
    let top = r.dots((y - size * 0.8).max(0.0));
    // Writing to a string cannot fail.
    let _ = writeln!(out, "^FO{},{top}^A0N,{height},{wide}^FH_^FD{}^FS", r.dots(*x), escape(text));
}

/// Text as a field that holds nothing but text.
pub(super) fn escape(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b' ' | b',' | b'.' | b'-' | b':' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => out.push(char::from(byte)),
            // A control character has no place on a label.
            0..=31 | 127 => out.push(' '),
            other => {
                // Writing to a string cannot fail.
                let _ = write!(out, "_{other:02X}");
            }
        }
        out
    })
}

//! What the stylesheet and the modules promise: colors that can be told apart, in both themes, and files that stay small.
//!
//! The pairs are text, controls and marks on what they stand on. No browser is asked: what stands under a sticky bar or
//! in a scrolled box is the same pair of colors (tests/browser/axe.rs leaves those to this).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// WCAG 2.2, 1.4.3: text. 1.4.11: the edges of controls, and marks that say something.
const TEXT: f64 = 4.5;
const MARK: f64 = 3.0;

/// What stands on what, and by how much it must differ.
const PAIRS: &[(&str, &str, f64)] = &[
    ("ink", "canvas", TEXT),
    ("ink", "surface", TEXT),
    ("ink", "sunken", TEXT),
    ("ink", "accent-weak", TEXT),
    ("ink", "attn-bg", TEXT),
    ("ink", "prob-bg", TEXT),
    ("ink", "final-bg", TEXT),
    ("ink-2", "canvas", TEXT),
    ("ink-2", "surface", TEXT),
    ("ink-2", "sunken", TEXT),
    ("ink-2", "accent-weak", TEXT),
    ("ink-3", "canvas", TEXT),
    ("ink-3", "surface", TEXT),
    ("ink-3", "accent-weak", TEXT),
    ("accent", "canvas", TEXT),
    ("accent", "surface", TEXT),
    ("accent", "accent-weak", TEXT),
    ("accent-hover", "surface", TEXT),
    ("accent-hover", "accent-weak", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("focus", "canvas", MARK),
    ("focus", "surface", MARK),
    ("focus", "accent-weak", MARK),
    ("line-strong", "canvas", MARK),
    ("line-strong", "surface", MARK),
    ("brand-core", "surface", MARK),
    ("wait-fg", "surface", TEXT),
    ("wait-fg", "canvas", TEXT),
    ("work-fg", "surface", TEXT),
    ("work-fg", "work-bg", TEXT),
    ("prelim-fg", "surface", TEXT),
    ("prelim-fg", "prelim-bg", TEXT),
    ("final-fg", "surface", TEXT),
    ("final-fg", "final-bg", TEXT),
    ("attn-fg", "surface", TEXT),
    ("attn-fg", "attn-bg", TEXT),
    ("on-attn", "attn-solid", TEXT),
    ("prob-fg", "surface", TEXT),
    ("prob-fg", "prob-bg", TEXT),
    ("on-prob", "prob-solid", TEXT),
    ("prob-solid", "canvas", MARK),
    ("prob-solid", "surface", MARK),
];

/// Raw bytes of all modules, and of all stylesheets.
const JS_MAX: u64 = 40 * 1024;
const CSS_MAX: u64 = 45 * 1024;
const MODULE_LINES: usize = 150;

fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/assets")
}

/// The layer of tokens, without its comments.
fn tokens() -> String {
    let css = std::fs::read_to_string(assets().join("trephine.css")).unwrap();
    let start = css.find("@layer tokens {").expect("a layer of tokens");
    let layer = &css[start..];
    let end = layer.find("@layer base {").expect("the layer after the tokens");
    let mut plain = String::new();
    for piece in layer[..end].split("/*") {
        plain.push_str(piece.split_once("*/").map_or(piece, |(_, after)| after));
    }
    plain
}

/// Every color by its name: light, dark.
fn colors(tokens: &str) -> BTreeMap<String, [[f64; 3]; 2]> {
    let declared = tokens.split(';').filter_map(|d| d.rsplit_once("--").map(|(_, d)| d)?.split_once(':'));
    let color = |(name, value): (&str, &str)| {
        let value = value.trim();
        let both = value.strip_prefix("light-dark(").and_then(|v| v.strip_suffix(')'));
        let (light, dark) = both.map_or(Some((value, value)), |v| v.split_once(','))?;
        Some((name.trim().to_owned(), [hex(light)?, hex(dark)?]))
    };
    declared.filter_map(color).collect()
}

/// `#RRGGBB` as shares of one.
fn hex(text: &str) -> Option<[f64; 3]> {
    let digits = text.trim().strip_prefix('#').filter(|d| d.len() == 6)?;
    let part = |at: usize| Some(f64::from(u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?) / 255.0);
    Some([part(0)?, part(2)?, part(4)?])
}

/// Relative luminance (WCAG 2.2, glossary).
fn luminance(color: [f64; 3]) -> f64 {
    let [r, g, b] = color.map(|c| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Contrast ratio (WCAG 2.2, glossary).
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn colors_can_be_told_apart_in_both_themes() {
    let tokens = tokens();
    let colors = colors(&tokens);
    let mut wrong = Vec::new();
    for (front, back, least) in PAIRS {
        let (Some(f), Some(b)) = (colors.get(*front), colors.get(*back)) else {
            wrong.push(format!("--{front} or --{back} is no color of the tokens"));
            continue;
        };
        for (theme, f, b) in [("light", f[0], b[0]), ("dark", f[1], b[1])] {
            let ratio = contrast(f, b);
            if ratio < *least {
                wrong.push(format!("{theme}: --{front} on --{back} is {ratio:.2}, less than {least}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_color_has_a_pair() {
    // Hairlines only divide; what must be seen has --line-strong.
    let decoration = ["line"];
    let colors = colors(&tokens());
    let used = |name: &str| PAIRS.iter().any(|(f, b, _)| *f == name || *b == name) || decoration.contains(&name);
    let alone: Vec<_> = colors.keys().filter(|name| !used(name)).collect();
    assert!(alone.is_empty(), "colors without a pair in tests/it/style.rs: {alone:?}");
}

#[test]
fn tokens_are_colors_that_every_checker_reads() {
    let tokens = tokens();
    for word in ["oklch(", "oklab(", "color-mix(", "lab(", "lch(", "rgb(", "hsl("] {
        assert!(!tokens.contains(word), "{word}…) in the tokens: axe-core and this test read #RRGGBB");
    }
    let written = tokens.matches('#').count();
    let read: usize = colors(&tokens).values().map(|[light, dark]| if light == dark { 1 } else { 2 }).sum();
    assert_eq!(written, read, "a color of the tokens is not written as #RRGGBB");
}

#[test]
fn contrast_is_computed_as_wcag_says() {
    let [black, white, gray] = ["#000000", "#FFFFFF", "#767676"].map(|c| hex(c).unwrap());
    assert!((contrast(black, white) - 21.0).abs() < 0.001);
    assert!((contrast(white, gray) - 4.54).abs() < 0.01);
}

#[test]
fn what_a_page_loads_stays_small() {
    let (mut js, mut css, mut wrong) = (0, 0, Vec::new());
    for entry in std::fs::read_dir(assets()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::metadata(&path).unwrap().len();
        match path.extension().and_then(|e| e.to_str()) {
            Some("js") => {
                js += bytes;
                let lines = std::fs::read_to_string(&path).unwrap().lines().count();
                if lines > MODULE_LINES {
                    wrong.push(format!("{} has {lines} lines, more than {MODULE_LINES}", path.display()));
                }
            }
            Some("css") => css += bytes,
            _ => {}
        }
    }
    println!("modules {js} of {JS_MAX} bytes, stylesheet {css} of {CSS_MAX} bytes");
    assert!(js > 0 && css > 0, "no assets in {}", assets().display());
    if js > JS_MAX {
        wrong.push(format!("all modules are {js} bytes, more than {JS_MAX}"));
    }
    if css > CSS_MAX {
        wrong.push(format!("the stylesheet is {css} bytes, more than {CSS_MAX}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The declarations of every rule whose selectors name exactly this one, inside the blocks that `media` begins.
fn within(media: &str, selector: &str) -> Vec<String> {
    let css = std::fs::read_to_string(assets().join("trephine.css")).unwrap();
    let blocks = css.split(media).skip(1).map(|rest| rest.split("\n  @media").next().unwrap_or(rest));
    let rules = blocks.flat_map(|block| block.split('}').filter_map(|rule| rule.rsplit_once('{')));
    let named = |selectors: &str| selectors.lines().any(|l| l.split(", ").any(|s| s.trim() == selector));
    rules.filter(|(selectors, _)| named(selectors)).map(|(_, body)| body.to_owned()).collect()
}

#[test]
fn bug_the_palette_had_no_field_on_a_phone() {
    let narrow = "@media (max-width: 34rem)";
    assert!(within(narrow, ".topbar .find").iter().any(|body| body.contains("display: none")), "the bar's field stays");
    assert!(within(narrow, ".find").is_empty(), "a rule for the bar's field takes the palette's too");
}

#[test]
fn bug_the_patient_was_on_the_first_sheet_only() {
    // Chromium repeats a table's head on the next sheet only when it may not be broken.
    let print = "@media print";
    assert!(within(print, "body > .patient").iter().any(|body| body.contains("table-header-group")));
    assert!(within(print, ".patient").iter().any(|body| body.contains("break-inside: avoid")));
}

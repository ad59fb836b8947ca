//! axe-core: what a program can find of WCAG 2.0 to 2.2, levels A and AA, and its own best practices.

use serde_json::Value;

use crate::tab::Tab;

/// What axe cannot decide, and why that is no fault: rule, elements (CSS), why.
const UNDECIDED: &[(&str, &str, &str)] = &[
    (
        "color-contrast",
        ".topnav a, .tabs a, .tabs a *",
        "scrolled out of a narrow bar; its colors are pairs of tests/it/style.rs",
    ),
    ("th-has-data-cells", "table:has(th[scope=rowgroup])", "the heading of a group heads the rows of its tbody"),
    ("color-contrast", "svg.chart text", "drawn on a card or on a bar of the chart: pairs of tests/it/style.rs"),
];

const RUN: &str = "axe.run(document, {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'] },
  resultTypes: ['violations', 'incomplete'], elementRef: true,
}).then(({ violations, incomplete }) => {
  const known = KNOWN;
  const flat = (what, found) => found.flatMap((r) => r.nodes.map((n) => [`${what} ${r.id}`, n.target.flat().join(' '),
    n.any.concat(n.all, n.none).map((c) => [c.message, ...c.relatedNodes.slice(0, 2).map((o) => o.html.slice(0, 90))]
      .join(' ')).join('; ').slice(0, 400), known.some(([rule, at]) => rule === r.id && n.element.matches(at))]));
  return flat('violates', violations).concat(flat('may violate', incomplete).filter((n) => !n[3]));
})";

/// Something that axe objects to.
pub struct Fault {
    /// Whether it is sure, and which rule.
    pub rule: String,
    /// Which element: a CSS selector.
    pub place: String,
    pub why: String,
}

/// The script, as `tests/run` fetched it.
fn script() -> String {
    let path = std::env::var("TREPHINE_TEST_AXE").unwrap_or_else(|_| {
        panic!("TREPHINE_TEST_AXE names no axe.min.js; tests/run fetches it and sets the variable")
    });
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("TREPHINE_TEST_AXE={path}: {e}"))
}

impl Tab {
    /// Loads axe-core into the document that is shown; once for every document.
    pub fn load_axe(&mut self) {
        self.eval(&script());
    }

    /// What axe finds in the page as it is now.
    pub fn axe(&mut self) -> Vec<Fault> {
        let known: Vec<_> = UNDECIDED.iter().map(|(rule, place, _)| (rule, place)).collect();
        let found = self.eval(&RUN.replace("KNOWN", &serde_json::to_string(&known).unwrap()));
        let fault = |f: &Value| {
            let [rule, place, why] = [0, 1, 2].map(|i| f[i].as_str().unwrap_or_default().to_owned());
            Fault { rule, place, why }
        };
        found.as_array().unwrap().iter().map(fault).collect()
    }
}

//! The differential while it is counted: the sum as far as it is typed, percentages, and the counter on the keypad.
//!
//! The counter (`assets/counter.js`) only adds to the fields of the form; without JavaScript they are typed, and “Check”
//! gives the percentages.

use maud::{Markup, html};

use super::form_words::label;
use super::result_form::name;
use crate::domain::results::form::{Get, Input, Section};
use crate::domain::results::{FULL_COUNT, LIMITED_BELOW, Tally, percent_of, plain};
use crate::web::language::{current, t};
use crate::web::parts::known;

/// The keys of the number block, as rows of it, with the class that each counts: the commonest cells under the
/// fingers that rest. The minus key takes the last one back.
const KEYS: [(&str, &str, &str); 13] = [
    ("7", "7", "blasts"),
    ("8", "8", "promyelocytes"),
    ("9", "9", "monocytes"),
    ("Multiply", "×", "basophils"),
    ("4", "4", "neutrophils"),
    ("5", "5", "erythroid"),
    ("6", "6", "lymphocytes"),
    ("Add", "+", "eosinophils"),
    ("1", "1", "myelocytes"),
    ("2", "2", "metamyelocytes"),
    ("3", "3", "bands"),
    ("Divide", "÷", "plasma_cells"),
    ("0", "0", "other"),
];

/// What of a differential is typed so far.
pub(crate) struct Counted {
    section: &'static str,
    tally: Option<Tally>,
    /// Field, label, number.
    classes: Vec<(&'static str, &'static str, Option<f64>)>,
}

impl Counted {
    /// None for a section that is no differential.
    pub(crate) fn of(section: &Section, get: Get<'_>) -> Option<Self> {
        section.fields.iter().find(|f| f.name == "tally")?;
        let at = |field: &str| get(&format!("{}.{field}", section.name));
        let number = |field: &str| at(field)?.parse().ok().filter(|n: &f64| n.is_finite());
        let classes = section.fields.iter().filter(|f| matches!(f.input, Input::Number(_)));
        Some(Self {
            section: section.name,
            tally: at("tally").and_then(|t| Tally::parse(&t)),
            classes: classes.map(|f| (f.name, f.label, number(f.name))).collect(),
        })
    }

    fn sum(&self) -> Option<f64> {
        let typed: Vec<f64> = self.classes.iter().filter_map(|(_, _, n)| *n).collect();
        (!typed.is_empty()).then(|| typed.iter().sum())
    }

    /// The sum in words; None while nothing is typed.
    fn sum_words(&self) -> Option<String> {
        let sum = self.sum()?;
        // Ten thousandths are enough of what was typed, and hide what floating point adds.
        let number = plain((sum * 10_000.0).round() / 10_000.0);
        Some(match self.tally {
            Some(Tally::Percent) => t!("tally-sum-percent", sum = number),
            Some(Tally::Cells) => t!("tally-sum-cells", sum = number),
            None => t!("tally-sum", sum = number),
        })
    }

    /// Each class that was seen, in percent of the cells typed so far. Empty for percentages.
    pub(crate) fn percents(&self) -> Vec<(&'static str, f64, f64)> {
        let Some(sum) = self.sum().filter(|s| *s > 0.0 && self.tally == Some(Tally::Cells)) else { return Vec::new() };
        let seen = self.classes.iter().filter_map(|(_, label, n)| n.filter(|n| *n > 0.0).map(|n| (*label, n)));
        seen.map(|(label, n)| (label, n, percent_of(n, sum))).collect()
    }
}

/// The sum, and the counter where a module makes it work.
pub(crate) fn counter(c: &Counted) -> Markup {
    let count_of = |class: &str| c.classes.iter().find(|(name, ..)| *name == class);
    html! {
        @if let Some(sum) = c.sum_words() { p .sum { (sum) } }
        button #count .btn type="button" hidden { (t!("tally-start")) }
        section #pad .pad hidden tabindex="-1" aria-labelledby="pad-title" data-of=(name(c.section))
            data-percent=(t!("tally-are-percent")) data-scan=(t!("tally-scan")) data-reached=(t!("tally-reached"))
            data-back=(t!("tally-back")) lang=(current().tag())
        {
            header .title {
                h3 #pad-title { (t!("tally-title")) }
                p .num { output #pad-total { "0" } " / " span #pad-of { (FULL_COUNT) } }
                progress #pad-bar aria-label=(t!("tally-progress")) value="0" max=(FULL_COUNT) {}
            }
            div .pad__keys {
                @for (code, key, class) in KEYS {
                    @if let Some((name, text, _)) = count_of(class) {
                        button .pad__key type="button" data-code=(code) data-class=(name) {
                            kbd { (key) }
                            span { (label(text)) }
                            span .num { output { "0" } " " small {} }
                        }
                    }
                }
                button #pad-undo .pad__key type="button" data-code="Subtract" { kbd { "−" } span { (t!("tally-undo")) } }
            }
            div .actions .title {
                label for="pad-target" { (t!("tally-target")) }
                select #pad-target .input { @for n in [LIMITED_BELOW, FULL_COUNT] { option value=(n) selected[n == FULL_COUNT] { (n) } } }
                label .choice for="pad-tone" { input #pad-tone type="checkbox"; span { (t!("tally-tone")) } }
                button #pad-leave .btn type="button" { (t!("tally-leave")) }
            }
            p .hint { (t!("tally-hint")) }
            p #pad-said .hint role="status" {}
        }
    }
}

/// The percentages of what is typed so far: for the reading of the whole form.
pub(crate) fn percents(c: &Counted) -> Markup {
    let all = c.percents();
    html! {
        @if let Some(sum) = c.sum_words() { p { strong { (sum) } } }
        @if !all.is_empty() {
            dl .facts .facts--table {
                @for (name, n, percent) in &all {
                    div { dt { (label(name)) } dd .num { (plain(*percent)) " %" span .muted { " (" (known(Some(plain(*n)))) ")" } } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::results::ShapeKind;
    use crate::domain::results::form::{Item, table};

    fn counted(typed: &[(&str, &str)]) -> Counted {
        let differential = table(ShapeKind::Morphology).iter().find_map(|item| match item {
            Item::Section(s) if s.name == "differential" => Some(s),
            Item::Section(_) | Item::Field(_) | Item::Rows(_) => None,
        });
        let get = |cell: &str| typed.iter().find(|(n, _)| *n == cell).map(|(_, t)| (*t).to_owned());
        Counted::of(differential.unwrap(), &get).unwrap()
    }

    #[test]
    fn a_differential_is_added_up_as_far_as_it_is_typed() {
        assert_eq!(counted(&[]).sum_words(), None);
        let some = [("differential.blasts", "6.5"), ("differential.erythroid", "x")];
        assert_eq!(counted(&some).sum_words().as_deref(), Some("Sum: 6.5"));
        let full = [
            ("differential.tally", "percent"),
            ("differential.counted", "500"),
            ("differential.blasts", "6.5"),
            ("differential.erythroid", "20.1"),
        ];
        assert_eq!(counted(&full).sum_words().as_deref(), Some("Sum: 26.6 % (100 % are needed)"));
        assert!(counted(&full).percents().is_empty(), "they are percentages already");
    }

    #[test]
    fn cells_are_percentages_of_the_cells_so_far() {
        let typed = [("differential.tally", "cells"), ("differential.blasts", "1"), ("differential.bands", "2")];
        assert_eq!(counted(&typed).percents(), [("Blasts", 1.0, 33.3), ("Band forms", 2.0, 66.7)]);
    }

    #[test]
    fn every_class_of_the_differential_has_one_key() {
        let mut classes: Vec<_> = counted(&[]).classes.iter().map(|(name, ..)| *name).collect();
        let mut keys: Vec<_> = KEYS.iter().map(|(_, _, class)| *class).collect();
        classes.sort_unstable();
        keys.sort_unstable();
        assert_eq!(classes, keys);
    }
}

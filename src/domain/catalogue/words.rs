//! Amounts, ages and names as a sentence for people needs them.

use chrono::TimeDelta;

use super::Catalogue;
use crate::domain::{Code, SpecimenKind};

/// "a", "a or b", "a, b or c".
pub(super) fn list(names: &[String], word: &str) -> String {
    match names {
        [] | [_] => names.concat(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// A part in the middle of a sentence: "aspirate in EDTA", "smear", "block".
pub(super) fn part_name(catalogue: &Catalogue, kind: SpecimenKind, container: &Code) -> String {
    let (kind, within) = (kind.words(), container_name(catalogue, container));
    // A smear is always on a slide, and "block in block" says nothing twice.
    if catalogue.container(container.as_str()).is_some_and(|c| c.slide) || kind == within {
        kind
    } else {
        format!("{kind} in {within}")
    }
}

/// A container's name in the middle of a sentence.
pub(super) fn container_name(catalogue: &Catalogue, code: &Code) -> String {
    catalogue.container(code.as_str()).map_or_else(|| code.to_string(), |c| uncapitalized(&c.name))
}

/// Lower case at the beginning, unless the first word is an acronym (EDTA, RPMI).
pub(super) fn uncapitalized(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second.is_whitespace() => {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        (Some(_) | None, _) => text.to_owned(),
    }
}

/// "40 min", "30 h", "6 days": the largest unit that still tells one moment from the next.
pub(super) fn duration_words(length: TimeDelta) -> String {
    let hours = length.num_hours();
    match hours {
        0 => format!("{} min", length.num_minutes()),
        1..=119 => format!("{hours} h"),
        _ if hours % 24 == 0 => format!("{} days", hours / 24),
        _ => format!("{} days {} h", hours / 24, hours % 24),
    }
}

/// Microliters as people read them: "1.2 mL", "80 µL".
pub(super) fn ml(ul: u32) -> String {
    if ul < 100 {
        return format!("{ul} µL");
    }
    let thousandths = format!("{:03}", ul % 1000);
    match thousandths.trim_end_matches('0') {
        "" => format!("{} mL", ul / 1000),
        decimals => format!("{}.{decimals} mL", ul / 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes() {
        for (ul, text) in [
            (0, "0 µL"),
            (80, "80 µL"),
            (100, "0.1 mL"),
            (250, "0.25 mL"),
            (999, "0.999 mL"),
            (1000, "1 mL"),
            (1250, "1.25 mL"),
            (20_000, "20 mL"),
            (20_005, "20.005 mL"),
        ] {
            assert_eq!(ml(ul), text);
        }
    }

    #[test]
    fn durations() {
        for (minutes, text) in [
            (0, "0 min"),
            (59, "59 min"),
            (60, "1 h"),
            (119, "1 h"),
            (119 * 60, "119 h"),
            (120 * 60, "5 days"),
            (121 * 60, "5 days 1 h"),
            (336 * 60, "14 days"),
        ] {
            assert_eq!(duration_words(TimeDelta::minutes(minutes)), text);
        }
    }

    #[test]
    fn sentences() {
        let names = |n: usize| ["a", "b", "c"].iter().take(n).map(ToString::to_string).collect::<Vec<_>>();
        for (n, text) in [(0, ""), (1, "a"), (2, "a or b"), (3, "a, b or c")] {
            assert_eq!(list(&names(n), "or"), text);
        }
        for (from, to) in [
            ("Sodium heparin", "sodium heparin"),
            ("EDTA", "EDTA"),
            ("B-plus", "B-plus"),
            ("A part", "a part"),
            ("É tude", "é tude"),
            ("", ""),
            ("A", "A"),
        ] {
            assert_eq!(uncapitalized(from), to);
        }
    }
}

//! Amounts, ages and names as a sentence for people needs them.

use chrono::TimeDelta;

use super::Catalogue;
use crate::domain::Code;

/// "a", "a or b", "a, b or c".
pub(super) fn list(names: &[String], word: &str) -> String {
    match names {
        [] | [_] => names.concat(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
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

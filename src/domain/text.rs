//! Text as people type it, made safe to keep: trimmed, NFC, no control characters, bounded.

use super::FieldError;
use unicode_normalization::UnicodeNormalization;

/// Longest name, place or single line, in characters.
pub const LINE_MAX: usize = 200;
/// Longest note or comment, in characters.
pub const NOTE_MAX: usize = 4_000;

/// A check of several fields that reports everything wrong at once.
#[derive(Debug, Default)]
pub struct Check {
    /// What did not fit so far.
    pub errors: Vec<FieldError>,
}

impl Check {
    /// Records a field that does not fit.
    pub fn fail(&mut self, pointer: impl Into<String>, code: &str, message: impl Into<String>) {
        self.errors.push(FieldError::new(pointer, code, message));
    }

    /// Done: the value, or everything that was wrong.
    ///
    /// # Errors
    /// All recorded fields.
    pub fn done<T>(self, value: T) -> Result<T, super::Refusal> {
        if self.errors.is_empty() { Ok(value) } else { Err(super::Refusal::Invalid(self.errors)) }
    }

    fn clean(&mut self, pointer: &str, text: &str, max: usize, lines: bool) -> String {
        let text = composed(text);
        if text.chars().count() > max {
            self.fail(pointer, "too_long", format!("at most {max} characters fit here"));
        }
        let bad = |c: char| {
            (c.is_control() && !(lines && matches!(c, '\n' | '\r' | '\t')))
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        if let Some(c) = text.chars().find(|c| bad(*c)) {
            self.fail(
                pointer,
                "control_character",
                format!("the character U+{:04X} cannot be kept; remove it", u32::from(c)),
            );
        }
        text
    }

    /// One required line.
    pub fn line(&mut self, pointer: &str, text: &str) -> String {
        let text = self.clean(pointer, text, LINE_MAX, false);
        if text.is_empty() {
            self.fail(pointer, "missing", "this is needed");
        }
        text
    }

    /// One optional line; blank is the same as absent.
    pub fn opt_line(&mut self, pointer: &str, text: Option<&str>) -> Option<String> {
        text.map(|t| self.clean(pointer, t, LINE_MAX, false)).filter(|t| !t.is_empty())
    }

    /// A required note of several lines.
    pub fn note(&mut self, pointer: &str, text: &str) -> String {
        let text = self.clean(pointer, text, NOTE_MAX, true);
        if text.is_empty() {
            self.fail(pointer, "missing", "this is needed");
        }
        text
    }

    /// An optional note; blank is the same as absent.
    pub fn opt_note(&mut self, pointer: &str, text: Option<&str>) -> Option<String> {
        text.map(|t| self.clean(pointer, t, NOTE_MAX, true)).filter(|t| !t.is_empty())
    }

    /// A number that must lie within bounds, both included.
    pub fn within<N: PartialOrd + std::fmt::Display>(
        &mut self,
        pointer: &str,
        value: &N,
        low: &N,
        high: &N,
        unit: &str,
    ) {
        if value < low || value > high {
            self.fail(
                pointer,
                "out_of_range",
                format!("{value} does not fit: {low} to {high} {unit}").trim_end().to_owned(),
            );
        }
    }
}

/// Text as it is kept and compared: trimmed, in Unicode's composed form.
pub fn composed(text: &str) -> String {
    text.trim().nfc().collect()
}

/// How names are compared and searched: lower case, without accents and apostrophes, hyphens as spaces.
///
/// A curly apostrophe, a stroked letter or a hyphen is how a name was typed, never whose it is.
pub fn name_key(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '.' => {}
            '-' | '‐' | '‑' | '–' => plain.push(' '),
            'ß' => plain.push_str("ss"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            'ı' => plain.push('i'),
            other => plain.push(other),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A small count in words, for sentences that people read: `no`, `one` … `twelve`, then digits.
pub fn count_word(n: usize) -> String {
    const WORDS: [&str; 13] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(n).map_or_else(|| n.to_string(), |w| (*w).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_typed() {
        assert_eq!(name_key("  Ångström   Zoë "), "angstrom zoe");
        for (a, b) in [("O'Malley", "O’Malley"), ("Weiß", "WEISS"), ("Sørensen", "Sorensen"), ("Łuk", "Luk")] {
            assert_eq!(name_key(a), name_key(b));
        }
        assert_eq!(name_key("Al-Hashimi"), name_key("Al Hashimi"));
        assert_ne!(name_key("王"), name_key("李"));
    }

    #[test]
    fn control_characters_and_direction_overrides_are_refused() {
        for bad in ["a\0b", "a\u{7}b", "a\u{202e}b", "a\nb"] {
            let mut check = Check::default();
            check.line("/x", bad);
            assert_eq!(check.errors.len(), 1, "{bad:?}");
        }
        let mut check = Check::default();
        check.note("/x", "two\nlines");
        assert!(check.errors.is_empty());
    }
}

//! What the fields of a result's form are called, in the language of the page. The tables of the shapes say it in
//! English (`domain/results/form`); what the catalog of messages does not have stays as the table says it.

use crate::web::language::word_if;
use crate::web::words::capital;

/// A label or a heading.
pub(crate) fn label(text: &str) -> String {
    word_if("form-label", &slug(text)).unwrap_or_else(|| text.to_owned())
}

/// What helps to type a field.
pub(crate) fn hint(text: &str) -> String {
    word_if("form-hint", &slug(text)).unwrap_or_else(|| text.to_owned())
}

/// A word of one of the domain's vocabularies; `text` is what the table reads.
pub(crate) fn choice(code: &str, text: &str) -> String {
    word_if("form-word", code).unwrap_or_else(|| capital(text))
}

/// Most letters of a key that is made of a text.
const KEY_MAX: usize = 60;

/// A text as the last part of a key: `Cells counted` is `cells-counted`.
fn slug(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join("-").chars().take(KEY_MAX).collect::<String>().trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::results::ShapeKind;
    use crate::domain::results::form::{Field, Input, Item, table};
    use crate::web::language::Language;
    use crate::web::reader::{Reader, Theme, scoped_now};

    fn every_field(visit: &mut dyn FnMut(&Field)) {
        for item in ShapeKind::ALL.iter().flat_map(|s| table(*s)) {
            match item {
                Item::Field(f) => visit(f),
                Item::Section(s) => s.fields.iter().for_each(&mut *visit),
                Item::Rows(r) => r.fields.iter().for_each(&mut *visit),
            }
        }
    }

    /// Codes and examples (`MF-2`, `c.1849G>T`) are the same in every language.
    fn is_language(text: &str) -> bool {
        text.split(|c: char| !c.is_alphabetic()).any(|w| w.len() > 3 && w.chars().skip(1).all(char::is_lowercase))
    }

    #[test]
    fn every_label_of_every_shape_is_in_the_catalog() {
        let german = Reader { language: Language::German, theme: Theme::System };
        let mut missing = Vec::new();
        scoped_now(german, || {
            every_field(&mut |f| {
                if word_if("form-label", &slug(f.label)).is_none() {
                    missing.push(f.label.to_owned());
                }
                if let Input::Choice(words) = f.input {
                    let unsaid =
                        words().into_iter().filter(|(c, _)| is_language(c) && word_if("form-word", c).is_none());
                    missing.extend(unsaid.map(|(c, _)| c.to_owned()));
                }
            });
        });
        assert!(missing.is_empty(), "not in the catalog: {missing:?}");
    }

    #[test]
    fn a_text_is_a_key() {
        assert_eq!(slug("ISCN (nuc ish)"), "iscn-nuc-ish");
        assert_eq!(slug("T-cell receptor genes"), "t-cell-receptor-genes");
    }
}

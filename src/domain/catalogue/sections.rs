//! The text of a catalogue by its sections, so that a person can edit one of them and not two thousand lines.
//!
//! Text in, text out: nothing is read as TOML here, and whatever was replaced is checked as a whole afterward.

/// A run of lines under headings of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section<'t> {
    /// The first word of its headings, such as `assay`; [`HEAD`] for what comes before the first heading.
    pub name: &'t str,
    /// Its first line in the whole text, from 1.
    pub line: usize,
    /// Its lines, with the comments right above its first heading.
    pub text: &'t str,
}

/// The name of what comes before the first heading.
pub const HEAD: &str = "head";

/// The sections of a text in their order; put together again they are the text.
pub fn sections(text: &str) -> Vec<Section<'_>> {
    let mut found: Vec<(usize, usize, &str)> = vec![(0, 1, HEAD)];
    // Where the comments above the next heading begin.
    let mut comment: Option<(usize, usize)> = None;
    let mut offset = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        match heading(line) {
            Some(name) if found.last().is_none_or(|(_, _, last)| *last != name) => {
                let (begin, at) = comment.unwrap_or((offset, number));
                found.push((begin, at, name));
                comment = None;
            }
            None if line.starts_with('#') => comment = comment.or(Some((offset, number))),
            Some(_) | None => comment = None,
        }
        offset += line.len();
    }
    let ends = found.iter().skip(1).map(|(begin, _, _)| *begin).chain([text.len()]).collect::<Vec<_>>();
    found
        .into_iter()
        .zip(ends)
        .filter_map(|((begin, line, name), end)| Some(Section { name, line, text: text.get(begin..end)? }))
        .filter(|s| !s.text.is_empty())
        .collect()
}

/// The first word of a heading: `assay` of `[[assay]]`, `reason` of `[reason.per_assay]`.
fn heading(line: &str) -> Option<&str> {
    let inner = line.strip_prefix('[')?.trim_start_matches('[');
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')?;
    inner.get(..end).filter(|name| !name.is_empty() && inner.trim_end().ends_with(']'))
}

/// The one section with that name; None where there is none, or its lines are in several places.
pub fn section<'t>(text: &'t str, name: &str) -> Option<Section<'t>> {
    let mut all = sections(text).into_iter().filter(|s| s.name == name);
    all.next().filter(|_| all.next().is_none())
}

/// The text with another section in the place of the one with that name.
pub fn replaced(text: &str, name: &str, with: &str) -> Option<String> {
    section(text, name)?;
    let mut out = String::with_capacity(text.len() + with.len());
    for s in sections(text) {
        if s.name == name {
            out.push_str(with);
            if !with.is_empty() && !with.ends_with('\n') {
                out.push('\n');
            }
        } else {
            out.push_str(s.text);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn sections_put_together_are_the_text() {
        for text in [sample::DEFAULT, sample::TEXT, "", "# only\n", "[a]\nx = 1\n# b\n[[b]]\n[[b]]\n[a]\n"] {
            assert_eq!(sections(text).iter().map(|s| s.text).collect::<String>(), text);
        }
    }

    #[test]
    fn a_section_has_its_headings_and_the_comments_above_the_first() {
        let text = "x = 1\n\n# about a\n[[a]]\nv = [\n  1,\n]\n\n[[a]]\n[a.more]\n# about b\n[[b]]\n";
        let a = section(text, "a").unwrap();
        assert_eq!((a.line, a.text), (3, "# about a\n[[a]]\nv = [\n  1,\n]\n\n[[a]]\n[a.more]\n"));
        assert_eq!(section(text, HEAD).unwrap().text, "x = 1\n\n");
        assert_eq!(section(text, "b").unwrap().line, 11);
        assert!(section(text, "c").is_none() && section("[a]\n[b]\n[a]\n", "a").is_none());
    }

    #[test]
    fn one_section_is_replaced_and_nothing_else() {
        let text = sample::DEFAULT;
        let own = section(text, "reflex").unwrap();
        assert_eq!(replaced(text, "reflex", own.text).as_deref(), Some(text));
        let gone = replaced(text, "reflex", "").unwrap();
        assert_eq!(gone.len(), text.len() - own.text.len());
        assert!(replaced(text, "reflex", "# none").unwrap().contains("# none\n"));
        assert_eq!(replaced(text, "nothing", ""), None);
    }
}

//! TOML to rows. Each row is read on its own, so that one misspelt key does not hide the next one.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

use super::{Catalogue, Finding};

type Spanned<'i> = toml::Spanned<DeValue<'i>>;

/// Reads every section, or says which rows cannot be read. Nothing is compared with anything yet.
pub(super) fn read(text: &str) -> Result<Catalogue, Vec<Finding>> {
    let table = DeTable::parse(text)
        .map_err(|e| vec![Finding::new(line_of(text, &e).unwrap_or_else(|| "file".to_owned()), message(&e))])?;
    let sections = table.into_inner().into_iter().map(|(key, value)| (key.into_inner().into_owned(), value)).collect();
    let mut reader = Reader { text, sections, findings: Vec::new() };

    reader.share_windows();
    let laboratory = reader.table("laboratory");
    let catalogue = laboratory.map(|laboratory| Catalogue {
        laboratory,
        departments: reader.rows("department"),
        containers: reader.rows("container"),
        kinds: reader.rows("kind"),
        sites: reader.rows("site"),
        storages: reader.rows("storage"),
        reasons: reader.rows("reason"),
        not_collected_reasons: reader.rows("not_collected_reason"),
        query_reasons: reader.rows("query_reason"),
        lost_reasons: reader.rows("lost_reason"),
        fail_reasons: reader.rows("fail_reason"),
        cancel_reasons: reader.rows("cancel_reason"),
        not_performed_reasons: reader.rows("not_performed_reason"),
        correction_reasons: reader.rows("correction_reason"),
        assays: reader.rows("assay"),
        indications: reader.rows("indication"),
        reflexes: reader.rows("reflex"),
        criticals: reader.rows("critical"),
        kits: reader.rows("kit"),
        diagnoses: reader.rows("diagnosis"),
    });
    reader.finish(catalogue)
}

struct Reader<'i> {
    text: &'i str,
    sections: BTreeMap<String, Spanned<'i>>,
    findings: Vec<Finding>,
}

impl<'i> Reader<'i> {
    /// Puts the windows that `stability` names into the feeds that ask for them by that name.
    ///
    /// A dozen sets of windows serve all feeds of a laboratory: written out each time, nobody could see whether two
    /// feeds agree, let alone change them together. The rows never know: they hold the windows themselves.
    fn share_windows(&mut self) {
        let shared = match self.sections.remove("stability").map(Spanned::into_inner) {
            Some(DeValue::Table(shared)) => shared,
            Some(other) => {
                let message = format!("it gives names to windows and cannot be a single {}", other.type_str());
                self.findings.push(Finding::new("stability", message));
                return;
            }
            None => DeTable::new(),
        };
        let mut used = BTreeSet::new();
        let Some(assays) = self.sections.get_mut("assay") else { return };
        for (index, assay) in items(assays).iter_mut().enumerate() {
            let path = row_path("assay", index, assay);
            let DeValue::Table(assay) = assay.get_mut() else { continue };
            let Some(feeds) = assay.get_mut("feeds") else { continue };
            for (index, feed) in items(feeds).iter_mut().enumerate() {
                let DeValue::Table(feed) = feed.get_mut() else { continue };
                let Some(name) = feed.get("windows").and_then(|w| w.get_ref().as_str()).map(str::to_owned) else {
                    continue;
                };
                if let Some(windows) = shared.get(name.as_str())
                    && let Some(place) = feed.get_mut("windows")
                {
                    *place = windows.clone();
                } else {
                    feed.remove("windows");
                    let message = format!("stability gives the name “{}” to nothing", name.escape_default());
                    self.findings.push(Finding::new(format!("{path}.feeds[{index}].windows"), message));
                }
                used.insert(name);
            }
        }
        let unused = shared.keys().map(|name| name.get_ref().as_ref()).filter(|name: &&str| !used.contains(*name));
        self.findings.extend(unused.map(|name| Finding::new(format!("stability.{name}"), "no feed uses it")));
    }

    /// The one `[section]`, which must be there.
    fn table<T: DeserializeOwned>(&mut self, section: &str) -> Option<T> {
        let Some(value) = self.sections.remove(section) else {
            self.findings.push(Finding::new(section, "this section is missing"));
            return None;
        };
        self.row(section.to_owned(), value)
    }

    /// Every `[[section]]`; none is no fault here.
    fn rows<T: DeserializeOwned>(&mut self, section: &str) -> Vec<T> {
        let Some(value) = self.sections.remove(section) else {
            return Vec::new();
        };
        let span = value.span();
        let DeValue::Array(rows) = value.into_inner() else {
            let line = line(self.text, span.start);
            let message = format!("line {line}: write each entry under a [[{section}]] heading of its own");
            self.findings.push(Finding::new(section, message));
            return Vec::new();
        };
        rows.into_iter()
            .enumerate()
            .filter_map(|(index, row)| {
                let path = row_path(section, index, &row);
                self.row(path, row)
            })
            .collect()
    }

    fn row<T: DeserializeOwned>(&mut self, path: String, value: Spanned<'i>) -> Option<T> {
        let start = value.span().start;
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(row) => Some(row),
            Err(e) => {
                let line = line(self.text, e.span().map_or(start, |span| span.start));
                self.findings.push(Finding::new(path, format!("line {line}: {}", message(&e))));
                None
            }
        }
    }

    fn finish(mut self, catalogue: Option<Catalogue>) -> Result<Catalogue, Vec<Finding>> {
        // Without a laboratory the other sections were never asked for: calling them unknown would be noise.
        if catalogue.is_some() {
            let unknown = std::mem::take(&mut self.sections);
            self.findings.extend(unknown.into_iter().map(|(section, value)| {
                let line = line(self.text, value.span().start);
                Finding::new(section, format!("line {line}: there is no such section"))
            }));
        }
        match catalogue {
            Some(catalogue) if self.findings.is_empty() => Ok(catalogue),
            Some(_) | None => Err(self.findings),
        }
    }
}

/// The elements of an array; none of anything else, which the row itself will be told.
fn items<'a, 'i>(value: &'a mut Spanned<'i>) -> &'a mut [Spanned<'i>] {
    if let DeValue::Array(array) = value.get_mut() { array } else { &mut [] }
}

/// `section[CODE]`: what people call the row is its code, of a kind its kind, of a reflex the assay that sets it off.
fn row_path(section: &str, index: usize, row: &Spanned<'_>) -> String {
    let mut names = ["code", "kind", "when_assay"].into_iter();
    let label = row.get_ref().as_table().and_then(|t| names.find_map(|name| t.get(name)?.get_ref().as_str()));
    format!("{section}[{}]", label.map_or_else(|| index.to_string(), str::to_owned))
}

fn line_of(text: &str, e: &Error) -> Option<String> {
    e.span().map(|span| format!("line {}", line(text, span.start)))
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

/// The library's message on one line.
fn message(e: &Error) -> String {
    e.message().lines().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::{Catalogue, sample};

    fn findings(text: &str) -> Vec<String> {
        Catalogue::parse(text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_not_toml_is_found_by_its_line() {
        let found = findings("[laboratory]\nname = \"a\nopens = 1");
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("line 2: "), "{found:?}");
    }

    #[test]
    fn every_row_that_cannot_be_read_is_named_with_its_line() {
        let text = sample::changed(&[
            ("hl7_0074 = \"IMM\"", "hl7 = \"IMM\""),
            ("ideal_h = 18", "ideal_h = \"18\""),
            ("kind = \"smear\"", "kind = \"smudge\""),
            ("code = \"PIC\"\nname", "code = \"P I C\"\nname"),
        ]);
        let line = |part: &str| text.lines().position(|line| line.contains(part)).unwrap() + 1;
        let found = findings(&text);
        let expected = [
            (format!("department[FLOW]: line {}: unknown field `hl7`", line("hl7 = ")), "hl7_0074"),
            (format!("kind[smudge]: line {}: ", line("smudge")), "expected one of: aspirate"),
            (format!("site[P I C]: line {}: ", line("P I C")), "does not fit"),
            (format!("assay[FLOW-AL]: line {}: ", line("ideal_h = \"18\"")), "invalid type"),
        ];
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, (start, part)) in found.iter().zip(expected) {
            assert!(found.starts_with(&start) && found.contains(part), "{found} is not {start}…{part}");
        }
    }

    #[test]
    fn sections_that_are_missing_or_unknown() {
        assert_eq!(findings(""), ["laboratory: this section is missing"]);
        assert_eq!(findings(&format!("extra = 1\n{}", sample::TEXT)), ["extra: line 1: there is no such section"]);
        let text = sample::changed(&[("[[reflex]]", "[reflex]")]);
        let found = findings(&text);
        assert!(found.len() == 1 && found[0].contains("[[reflex]] heading of its own"), "{found:?}");
        let text = format!(
            "department = 3\n{}",
            sample::changed(&[(
                "[[department]]\ncode = \"RECEPTION\"\nname = \"Reception\"\n[[department]]\ncode = \"FLOW\"\nname = \"Flow bench\"\nhl7_0074 = \"IMM\"",
                ""
            )])
        );
        assert!(findings(&text)[0].contains("heading of its own"));
    }

    #[test]
    fn windows_by_name() {
        let list = "[{ temperature = \"ambient\", warn_h = 48, limit_h = 72, at_limit = \"run_with_disclaimer\" }]";
        let named = sample::changed(&[(list, "\"residual\"")]);
        let with = |definition: &str| format!("{definition}\n{named}");
        let catalogue = Catalogue::parse(&with(&format!("stability.residual = {list}"))).unwrap();
        assert_eq!(catalogue, Catalogue::parse(sample::TEXT).unwrap());
        let table = [
            (named.clone(), "assay[FLOW-MRD].feeds[0].windows: stability gives the name “residual” to nothing"),
            (
                with(&format!("stability.other = {list}\nstability.residual = {list}")),
                "stability.other: no feed uses it",
            ),
            (with("stability.residual = 3"), "assay[FLOW-MRD]: line 1: invalid type: integer `3`, expected a sequence"),
            (with("stability = 3"), "stability: it gives names to windows and cannot be a single integer"),
            (with("stability.residual = [{ warn_h = 1 }]"), "assay[FLOW-MRD]: line 1: missing field `temperature`"),
            (
                with("stability.residual = [{ temperature = \"ambient\" }]"),
                "assay[FLOW-MRD].feeds[0].windows[0]: it names no hours",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(findings(&text)[0], expected);
        }
    }

    /// Fields that no laboratory knows are refused at every depth.
    #[test]
    fn unknown_fields() {
        let places = [
            "opens = \"08:00\"",
            "code = \"RECEPTION\"",
            "code = \"EDTA\"\nname = \"EDTA\"",
            "kind = \"core\"\nname = \"Core\"",
            "code = \"PIC\"",
            "code = \"CLOTTED\"",
            "code = \"DRY_TAP\"",
            "code = \"NO_METAPHASES\"",
            "code = \"SLIP\"",
            "code = \"FLOW-MRD\"",
            "code = \"INFECTION\"",
            "when_assay = \"FLOW-AL\"",
        ];
        for place in places {
            let text = sample::changed(&[(place, &format!("{place}\nextra = 1"))]);
            let found = findings(&text);
            assert!(found.len() == 1 && found[0].contains("unknown field `extra`"), "{place}: {found:?}");
        }
        let inline = [
            "min_mm = 10",
            "ideal_h = 18",
            "amount = 42",
            "key = \"me_ratio\"",
            "why = \"Fever\"",
            "cutoff = \"16:00\"",
        ];
        for place in inline {
            let text = sample::changed(&[(place, &format!("{place}, extra = 1"))]);
            let found = findings(&text);
            assert!(found.len() == 1 && found[0].contains("unknown field `extra`"), "{place}: {found:?}");
        }
    }
}

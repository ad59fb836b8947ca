//! Values of a result as people read them, on pages and in the report.

use super::catalogue::Assay;
use super::progress::capital;
use super::report_document::DocumentLine;
use super::{Qualifier, ResultValue};

/// A value as people read it: `14 % of nucleated cells`, `< 0.001 %`, `not detected`; with the item it belongs to, where
/// an assay has several: `PML::RARA: 15 % of nuclei`.
pub fn words(v: &ResultValue) -> String {
    let unit = v.unit.as_ref().map(|u| format!(" {u}")).unwrap_or_default();
    let of = v
        .denominator
        .as_ref()
        .map(|d| format!(" of {}", d.replace('_', " ").replace("cd45", "CD45")))
        .unwrap_or_default();
    let number = match (v.qualifier, v.number) {
        (Some(Qualifier::Below), Some(n)) => Some(format!("< {n}{unit}{of}")),
        (Some(Qualifier::Above), Some(n)) => Some(format!("> {n}{unit}{of}")),
        (Some(Qualifier::About), Some(n)) => Some(format!("about {n}{unit}{of}")),
        (Some(Qualifier::NotDetected), Some(n)) => Some(format!("not detected (sensitivity {n}{unit})")),
        (Some(Qualifier::NotDetected), None) => Some("not detected".to_owned()),
        (None, Some(n)) => Some(format!("{n}{unit}{of}")),
        (Some(_) | None, None) => None,
    };
    match (number, v.text.as_deref().map(text)) {
        (Some(number), Some(item)) => format!("{item}: {number}"),
        (Some(words), None) | (None, Some(words)) => words,
        (None, None) => "not known".to_owned(),
    }
}

/// A code of the catalogue loses its underscores; everything else (`NM_004972.4:c.1849G>T`) is printed as it was written.
fn text(written: &str) -> String {
    let code = written.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if code { written.replace('_', " ") } else { written.to_owned() }
}

/// The name of a value: the catalogue's, or its key in words.
pub fn name(assay: Option<&Assay>, key: &str) -> String {
    assay.and_then(|a| a.value(key)).map_or_else(|| capital(&key.replace('_', " ")), |s| s.name.clone())
}

/// All values of a result as the report prints them, in the order in which they were given.
pub fn lines(values: &[ResultValue], assay: Option<&Assay>) -> Vec<DocumentLine> {
    values.iter().map(|v| DocumentLine { name: name(assay, &v.key), value: words(v), note: None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_words() {
        let v = |number, qualifier, text: Option<&str>| ResultValue {
            key: "k".into(),
            number,
            text: text.map(str::to_owned),
            unit: Some("%".into()),
            qualifier,
            denominator: Some("nucleated_cells".into()),
        };
        assert_eq!(words(&v(Some(14.0), None, None)), "14 % of nucleated cells");
        assert_eq!(words(&v(None, Some(Qualifier::NotDetected), None)), "not detected");
        assert_eq!(words(&v(Some(0.001), Some(Qualifier::NotDetected), None)), "not detected (sensitivity 0.001 %)");
        assert_eq!(words(&v(None, None, Some("b_lymphoid"))), "b lymphoid");
        assert_eq!(words(&v(None, None, Some("NM_004972.4:c.1849G>T"))), "NM_004972.4:c.1849G>T");
        assert_eq!(name(None, "blasts_pct"), "Blasts pct");
    }
}

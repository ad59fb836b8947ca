//! The rows for parts: which there are, and what a press adds to them or takes away. A row keeps its number, so that a
//! removed one moves nothing.

use crate::domain::Catalogue;
use crate::domain::decide::SPECIMENS_MAX;
use crate::web::fields::Fields;
use crate::web::pages::seen::volume_words;

/// Highest number of a row.
const NUMBER_MAX: usize = 999;

/// The name of a field of a row.
pub(super) fn field(row: usize, name: &str) -> String {
    format!("specimens.{row}.{name}")
}

/// The rows of a form, in order: as its field `rows` says, else those with anything in them, and never none.
pub(super) fn of(fields: &Fields) -> Vec<usize> {
    let said = fields.get("rows").split_whitespace().filter_map(|n| n.parse().ok());
    let mut rows = distinct(said);
    if rows.is_empty() {
        let named = fields.pairs().filter_map(|(name, _)| {
            let (row, _) = name.strip_prefix("specimens.")?.split_once('.')?;
            row.parse().ok()
        });
        rows = distinct(named);
        rows.sort_unstable();
    }
    if rows.is_empty() { vec![0] } else { rows }
}

fn distinct(numbers: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut rows = Vec::new();
    for number in numbers.filter(|n| *n <= NUMBER_MAX) {
        if !rows.contains(&number) && rows.len() < SPECIMENS_MAX {
            rows.push(number);
        }
    }
    rows
}

fn say(fields: &mut Fields, rows: &[usize]) {
    let words: Vec<String> = rows.iter().map(ToString::to_string).collect();
    fields.set("rows", words.join(" "));
}

fn is_blank(fields: &Fields, row: usize) -> bool {
    ["kind", "container", "volume_ul", "length_mm"].iter().all(|name| fields.opt(&field(row, name)).is_none())
}

/// One more row; the field to go on in.
pub(super) fn add(fields: &mut Fields) -> Option<String> {
    let mut rows = of(fields);
    let next = rows.iter().max().map_or(0, |n| n + 1);
    let room = rows.len() < SPECIMENS_MAX && next <= NUMBER_MAX;
    if room {
        rows.push(next);
    }
    say(fields, &rows);
    room.then(|| field(next, "kind"))
}

/// Without that row; the field to go on in.
pub(super) fn remove(fields: &mut Fields, row: &str) -> Option<String> {
    let gone: usize = row.parse().ok()?;
    let mut rows = of(fields);
    let at = rows.iter().position(|n| *n == gone)?;
    rows.remove(at);
    if rows.is_empty() {
        // An empty row stays to type in, under a number of its own: the old one's fields are still in the form.
        rows.push(gone + 1);
    }
    say(fields, &rows);
    rows.get(at.min(rows.len() - 1)).map(|row| field(*row, "kind"))
}

/// The parts of a kit, in place of blank rows and after the others.
pub(super) fn fill_from_kit(fields: &mut Fields, catalogue: &Catalogue, code: &str) {
    let Some(kit) = catalogue.kit(code) else { return };
    let mut rows = of(fields);
    rows.retain(|row| !is_blank(fields, *row));
    let first = of(fields).into_iter().max().map_or(0, |n| n + 1);
    let room = SPECIMENS_MAX.saturating_sub(rows.len());
    for (next, part) in (first..=NUMBER_MAX).zip(&kit.parts).take(room) {
        fields.set(&field(next, "kind"), part.kind.name());
        fields.set(&field(next, "container"), part.container.to_string());
        if let Some(pull) = part.pull_number {
            fields.set(&field(next, "pull_number"), pull.to_string());
        }
        if let Some(ul) = part.fill_ul {
            fields.set(&field(next, "fill_ul"), ul.to_string());
        }
        rows.push(next);
    }
    say(fields, &rows);
}

/// The rows with a usual volume that nobody has stated yet.
pub(super) fn unmeasured(fields: &Fields) -> Vec<usize> {
    let open = |row: &usize| {
        let stated = ["volume_ul", "not_collected"].iter().any(|name| fields.opt(&field(*row, name)).is_some());
        !stated && fields.get(&field(*row, "fill_ul")).parse::<u32>().is_ok()
    };
    of(fields).into_iter().filter(open).collect()
}

/// A person says that every tube is filled as its kit says.
pub(super) fn filled_as_usual(fields: &mut Fields) {
    for row in unmeasured(fields) {
        if let Ok(ul) = fields.get(&field(row, "fill_ul")).parse() {
            fields.set(&field(row, "volume_ul"), volume_words(ul));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::catalogue::{SHIPPED, check};

    #[test]
    fn rows_come_and_go_without_moving() {
        let mut fields = Fields::default();
        assert_eq!(of(&fields), [0]);
        assert_eq!(add(&mut fields).as_deref(), Some("specimens.1.kind"));
        fields.set("specimens.1.kind", "core");
        assert_eq!(remove(&mut fields, "0").as_deref(), Some("specimens.1.kind"));
        assert_eq!(of(&fields), [1]);
        remove(&mut fields, "1");
        assert_eq!(of(&fields), [2], "what stood in row 1 does not come back");
        assert_eq!(of(&Fields::default().with("rows", "3 x 3 1 5000")), [3, 1]);
        assert_eq!(of(&Fields::default().with("specimens.7.kind", "core")), [7]);
        let mut full = Fields::default().with("rows", (0..40).map(|n| n.to_string()).collect::<Vec<_>>().join(" "));
        assert_eq!(add(&mut full), None);
    }

    #[test]
    fn a_kit_fills_blank_rows_and_no_volume_is_made_up() {
        let catalogue = check(SHIPPED).unwrap();
        let mut fields = Fields::default().with("rows", "0 1").with("specimens.1.kind", "core");
        fill_from_kit(&mut fields, &catalogue, "ACUTE");
        assert_eq!(of(&fields), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!((fields.get("specimens.3.container"), fields.get("specimens.3.volume_ul")), ("EDTA", ""));
        assert_eq!(unmeasured(&fields), [3, 4, 5, 7]);
        fields.set("specimens.4.volume_ul", "1 mL");
        filled_as_usual(&mut fields);
        assert_eq!((fields.get("specimens.3.volume_ul"), fields.get("specimens.4.volume_ul")), ("5 mL", "1 mL"));
        assert_eq!(unmeasured(&fields), [0_usize; 0]);
    }
}

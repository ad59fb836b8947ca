//! A position of a storage place, written `FREEZER-1:B3`: one part lies in it at a time.

use super::Code;

/// Most rows of a place: one letter each.
pub const ROWS_MAX: u8 = 26;
/// Most columns of a place: two digits.
pub const COLUMNS_MAX: u8 = 99;

/// A position: the place's code, a row letter, a column number. Whether the place has it, the catalogue knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    place: Code,
    row: u8,
    column: u8,
}

impl Slot {
    /// The position in this row and column of a place, both counted from 1; None beyond `Z` and 99.
    pub fn new(place: Code, row: u8, column: u8) -> Option<Self> {
        ((1..=ROWS_MAX).contains(&row) && (1..=COLUMNS_MAX).contains(&column)).then_some(Self { place, row, column })
    }

    /// Reads a position as people type it: `freezer-1:b3`, `FREEZER-1 B03`. None for any other text, which is then a
    /// place in words.
    pub fn read(text: &str) -> Option<Self> {
        let (place, at) = text.trim().rsplit_once([':', ' '])?;
        let at = at.to_ascii_uppercase();
        let letter = at.bytes().next().filter(u8::is_ascii_uppercase)?;
        let digits = at.get(1..).filter(|d| !d.is_empty() && d.len() <= 2 && d.bytes().all(|b| b.is_ascii_digit()))?;
        Self::new(Code::parse(place).ok()?, letter - b'A' + 1, digits.parse().ok()?)
    }

    /// The position that a stored location names; only its one canonical spelling counts.
    pub fn of_location(location: &str) -> Option<Self> {
        Self::read(location).filter(|slot| slot.to_string() == location)
    }

    /// The code of its place.
    pub const fn place(&self) -> &Code {
        &self.place
    }

    /// Its row, from 1.
    pub const fn row(&self) -> u8 {
        self.row
    }

    /// Its column, from 1.
    pub const fn column(&self) -> u8 {
        self.column
    }

    /// Row letter and column: `B3`.
    pub fn position(&self) -> String {
        format!("{}{}", char::from(b'A' + self.row - 1), self.column)
    }
}

impl std::fmt::Display for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.place, self.position())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_has_one_spelling_and_is_read_in_several() {
        for text in ["FREEZER-1:B3", " freezer-1:b3 ", "FREEZER-1 B03", "freezer-1 b3"] {
            let slot = Slot::read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(slot.to_string(), "FREEZER-1:B3", "{text}");
            assert_eq!((slot.row(), slot.column()), (2, 3));
        }
        assert_eq!(Slot::of_location("FREEZER-1:B3").map(|s| s.position()), Some("B3".to_owned()));
        for other in ["freezer-1:b3", "FREEZER-1:B03", "FREEZER-1 B3"] {
            assert_eq!(Slot::of_location(other), None, "{other}");
        }
    }

    #[test]
    fn anything_else_is_a_place_in_words() {
        for text in [
            "",
            "Flow bench",
            "Fridge 2",
            "FREEZER-1:",
            "FREEZER-1:3B",
            "FREEZER-1:B0",
            "FREEZER-1:B100",
            ":B3",
            "Ü:B3",
        ] {
            assert_eq!(Slot::read(text), None, "{text}");
        }
        assert_eq!(Slot::new(Code::parse("F").unwrap(), 27, 1), None);
        assert_eq!(Slot::new(Code::parse("F").unwrap(), 1, 0), None);
    }
}

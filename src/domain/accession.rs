//! Accession numbers and specimen labels: what people read, type and scan.
//!
//! `BM26-000417K` is the 417th case of 2026; `K` is an ISO 7064 MOD 37,36 check character over the letters and digits
//! before it. `BM26-000417K-A1` is its first aspirate and `BM26-000417K-A1-2` the second part made from that.
//! Letters, digits and hyphen only, so that every scanner and keyboard carries them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

use super::SpecimenKind;

const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The ISO 7064 MOD 37,36 check character of the letters and digits in `text`; anything else in it is passed over.
pub fn check_character(text: &str) -> char {
    let mut product: u32 = 36;
    for value in text.chars().filter_map(|c| c.to_ascii_uppercase().to_digit(36)) {
        let sum = match (product + value) % 36 {
            0 => 36,
            sum => sum,
        };
        product = (sum * 2) % 37;
    }
    let check = (37 - product) % 36;
    char::from(ALPHABET.get(check as usize).copied().unwrap_or(b'0'))
}

/// The people-facing number of a case. Unique, gapless within a year, never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Accession {
    year: u8,
    number: u32,
}

impl Accession {
    /// The accession of the `number`th case (1 to 999 999) of a year (last two digits, 0 to 99).
    ///
    /// # Errors
    /// When either is out of range: the year's numbers are used up.
    pub fn new(year: u8, number: u32) -> Result<Self, String> {
        if year > 99 || number == 0 || number > 999_999 {
            return Err(format!("no accession number is left for year {year:02} (number {number})"));
        }
        Ok(Self { year, number })
    }

    /// Last two digits of the year.
    pub const fn year(self) -> u8 {
        self.year
    }

    /// The number within the year.
    pub const fn number(self) -> u32 {
        self.number
    }

    fn stem(self) -> String {
        format!("BM{:02}-{:06}", self.year, self.number)
    }

    /// Reads an accession as typed or scanned: lower case, spaces and missing hyphens are forgiven, a wrong check character is not.
    ///
    /// # Errors
    /// A sentence that says which character does not fit.
    pub fn parse(text: &str) -> Result<Self, String> {
        let chars = normalize(text)?;
        let (accession, rest) = Self::take(&chars)?;
        if let Some(c) = rest.first() {
            return Err(format!("“{c}” (character 12) is one too many for a case number such as BM26-000417K"));
        }
        Ok(accession)
    }

    fn take(chars: &[char]) -> Result<(Self, &[char]), String> {
        // Hyphens are for the eye: without them the number is 2 letters, 2 digits, 6 digits, 1 check character.
        let plain: Vec<(usize, char)> = chars.iter().copied().enumerate().filter(|(_, c)| *c != '-').take(11).collect();
        for (place, expected) in ['B', 'M'].into_iter().enumerate() {
            match plain.get(place) {
                Some((_, c)) if *c == expected => {}
                Some((_, c)) => {
                    return Err(format!("“{c}” (character {}) does not fit: a case number begins with BM", place + 1));
                }
                None => return Err("a case number looks like BM26-000417K".to_owned()),
            }
        }
        let mut digits = 0_u32;
        for place in 2..10 {
            let Some((_, c)) = plain.get(place) else {
                return Err(format!(
                    "the case number ends after {} characters; it looks like BM26-000417K",
                    plain.len()
                ));
            };
            let Some(digit) = c.to_digit(10) else {
                return Err(format!(
                    "“{c}” (character {}) does not fit: a digit belongs there, as in BM26-000417K",
                    place + 1
                ));
            };
            digits = digits * 10 + digit;
        }
        let year = u8::try_from(digits / 1_000_000).map_err(|_| "the year does not fit".to_owned())?;
        let accession = Self::new(year, digits % 1_000_000).map_err(|_| "000000 is not a case number".to_owned())?;
        let expected = check_character(&accession.stem());
        match plain.get(10) {
            Some((at, c)) if *c == expected => Ok((accession, chars.get(at + 1..).unwrap_or(&[]))),
            Some((_, c)) => Err(format!(
                "the check character does not fit: {} is not followed by “{c}”. One character was misread",
                accession.stem()
            )),
            None => Err(format!("the check character is missing after {}", accession.stem())),
        }
    }
}

impl fmt::Display for Accession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stem = self.stem();
        write!(f, "{stem}{}", check_character(&stem))
    }
}

/// The label of one physical part: the accession, a letter with an ordinal, and for derived parts their ordinals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    accession: Accession,
    letter: char,
    ordinal: u16,
    children: Vec<u16>,
}

impl Label {
    /// The label of the `ordinal`th part of a kind; `None` for derived kinds, which are labeled by [`Label::child`].
    pub fn of(accession: Accession, kind: SpecimenKind, ordinal: u16) -> Option<Self> {
        kind.letter().map(|letter| Self { accession, letter, ordinal, children: Vec::new() })
    }

    /// The label of the `ordinal`th part made from this one.
    #[must_use]
    pub fn child(&self, ordinal: u16) -> Self {
        let mut children = self.children.clone();
        children.push(ordinal);
        Self { children, ..self.clone() }
    }

    /// The case this part belongs to.
    pub const fn accession(&self) -> Accession {
        self.accession
    }

    /// The letter of its kind.
    pub const fn letter(&self) -> char {
        self.letter
    }

    /// Its number among the parts with the same letter.
    pub const fn ordinal(&self) -> u16 {
        self.ordinal
    }

    /// The part's own piece of the label, such as `A1` or `A1-2`: what tells the parts of one case apart.
    pub fn part(&self) -> String {
        let whole = format!("{}{}", self.letter, self.ordinal);
        std::iter::once(whole).chain(self.children.iter().map(ToString::to_string)).collect::<Vec<_>>().join("-")
    }

    /// How many generations it is away from a collected part (0 = collected itself).
    pub fn generation(&self) -> usize {
        self.children.len()
    }

    /// Reads a label as typed or scanned.
    ///
    /// # Errors
    /// A sentence that says which character does not fit.
    pub fn parse(text: &str) -> Result<Self, String> {
        let chars = normalize(text)?;
        let (accession, rest) = Accession::take(&chars)?;
        let rest: String = rest.iter().collect();
        let mut pieces = rest.strip_prefix('-').unwrap_or(&rest).split('-');
        let part = pieces.next().unwrap_or_default();
        let mut part_chars = part.chars();
        let letter = match part_chars.next() {
            Some(c) if "ACSTB".contains(c) => c,
            Some(c) => {
                return Err(format!(
                    "“{c}” after {accession} does not fit: a part is A, C, S, T or B, as in {accession}-A1"
                ));
            }
            None => return Err(format!("{accession} is a case; a label also names the part, as in {accession}-A1")),
        };
        let number = |text: &str| match text.parse::<u16>() {
            Ok(n) if n > 0 && !text.starts_with(['0', '+']) => Ok(n),
            _ => Err(format!("“{text}” in the label does not fit: a number belongs there, as in {accession}-A1-2")),
        };
        let ordinal = number(part_chars.as_str())?;
        let children = pieces.map(number).collect::<Result<Vec<_>, _>>()?;
        if children.len() > 8 {
            return Err("a label has at most 8 generations".to_owned());
        }
        Ok(Self { accession, letter, ordinal, children })
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.accession, self.part())
    }
}

/// Upper case, without spaces and without the `]C1` that a scanner may put in front.
fn normalize(text: &str) -> Result<Vec<char>, String> {
    let text = text.trim();
    let text = text.strip_prefix("]C1").or_else(|| text.strip_prefix("]d2")).unwrap_or(text);
    let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    if chars.is_empty() {
        return Err("nothing was typed; a case number looks like BM26-000417K".to_owned());
    }
    if chars.len() > 64 {
        return Err("that is too long for a case number or label".to_owned());
    }
    match chars.iter().position(|c| !(c.is_ascii_alphanumeric() || *c == '-')) {
        Some(at) => Err(format!(
            "“{}” (character {}) does not fit: only letters, digits and hyphens",
            chars.get(at).copied().unwrap_or(' ').escape_default(),
            at + 1
        )),
        None => Ok(chars),
    }
}

macro_rules! as_text {
    ($($name:ident => $example:literal),+) => {$(
        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::parse(text)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .examples([serde_json::json!($example)])
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}
as_text!(Accession => "BM26-000417K", Label => "BM26-000417K-A1");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Published examples of the hybrid system MOD 37,36 (ISO 7064; the Global Release Identifier standard).
    #[test]
    fn check_characters_of_published_examples() {
        assert_eq!(check_character("A12425GABC1234002"), 'M');
        assert_eq!(check_character("A12425GXY9876543P"), check_character("a12425gxy9876543p"));
    }

    #[test]
    fn typing_is_forgiven_but_a_wrong_check_character_is_not() {
        let accession = Accession::new(26, 417).unwrap();
        let text = accession.to_string();
        assert_eq!(Accession::parse(&format!(" {} ", text.to_lowercase())), Ok(accession));
        assert_eq!(Accession::parse(&text.replace('-', " ")), Ok(accession));
        assert!(Accession::parse(&text.replace("417", "471")).unwrap_err().contains("check character"));
        assert!(Accession::parse("BM2G-000417K").unwrap_err().contains("“G” (character 4)"));
        assert!(Accession::parse("XM26").unwrap_err().contains("“X” (character 1)"));
        assert!(Accession::parse("").is_err());
        assert!(Accession::parse(&format!("{text}9")).is_err());
    }

    #[test]
    fn labels_read_and_print() {
        let accession = Accession::new(26, 417).unwrap();
        let label = Label::of(accession, SpecimenKind::Aspirate, 1).unwrap();
        assert_eq!(label.to_string(), format!("{accession}-A1"));
        assert_eq!((label.part().as_str(), label.child(2).part().as_str()), ("A1", "A1-2"));
        assert_eq!(Label::parse(&format!("{accession}-a1-2")).unwrap(), label.child(2));
        assert!(Label::parse(&format!("{accession}-X1")).unwrap_err().contains('X'));
        assert!(Label::parse(&format!("{accession}-A01")).is_err());
        assert!(Label::parse(&accession.to_string()).unwrap_err().contains("also names the part"));
    }

    proptest! {
        #[test]
        fn every_accession_reads_back(year in 0_u8..100, number in 1_u32..1_000_000) {
            let accession = Accession::new(year, number).unwrap();
            prop_assert_eq!(Accession::parse(&accession.to_string()), Ok(accession));
        }

        /// Every single substitution and every swap of neighbors is noticed, save the swap pairs that MOD 37,36 itself cannot see.
        #[test]
        fn single_misreadings_are_noticed(number in 1_u32..1_000_000, place in 0_usize..10, other in 0_usize..36) {
            let text: Vec<char> = Accession::new(26, number).unwrap().to_string().chars().filter(|c| *c != '-').collect();
            let mut wrong = text.clone();
            wrong[place] = char::from(ALPHABET[other]);
            prop_assume!(wrong != text);
            prop_assert!(Accession::parse(&wrong.into_iter().collect::<String>()).is_err());
        }

        #[test]
        fn reading_never_panics(text in "\\PC*") {
            let _ = Accession::parse(&text);
            let _ = Label::parse(&text);
        }
    }
}

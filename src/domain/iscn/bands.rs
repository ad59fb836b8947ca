//! The bands of every human chromosome, as on an idiogram of 850 bands: which exist, and in which order they lie.
//!
//! The names are facts that public genome browsers list beside coordinates. Each arm is written from the end of the
//! short arm to the end of the long arm. A coarser name (`q34` or `q34.1` for `q34.11`) is valid wherever a finer one
//! begins with it.

use super::tree::{Arm, Band, Chromosome};

/// The finest bands of a chromosome: the short arm from its end to the centromere, the long arm from the centromere.
struct Row {
    short: &'static str,
    long: &'static str,
}

#[rustfmt::skip] // one line per arm
const AUTOSOMES: [Row; 22] = [
    Row { short: "36.33 36.32 36.31 36.23 36.22 36.21 36.13 36.12 36.11 35.3 35.2 35.1 34.3 34.2 34.1 33 32.3 32.2 32.1 31.3 31.2 31.1 22.3 22.2 22.1 21.3 21.2 21.1 13.3 13.2 13.1 12 11.2 11.1",
          long: "11 12 21.1 21.2 21.3 22 23.1 23.2 23.3 24.1 24.2 24.3 25.1 25.2 25.3 31.1 31.2 31.3 32.1 32.2 32.3 41 42.11 42.12 42.13 42.2 42.3 43 44" },
    Row { short: "25.3 25.2 25.1 24.3 24.2 24.1 23.3 23.2 23.1 22.3 22.2 22.1 21 16.3 16.2 16.1 15 14 13.3 13.2 13.1 12 11.2 11.1",
          long: "11.1 11.2 12.1 12.2 12.3 13 14.1 14.2 14.3 21.1 21.2 21.3 22.1 22.2 22.3 23.1 23.2 23.3 24.1 24.2 24.3 31.1 31.2 31.3 32.1 32.2 32.3 33.1 33.2 33.3 34 35 36.1 36.2 36.3 37.1 37.2 37.3" },
    Row { short: "26.3 26.2 26.1 25.3 25.2 25.1 24.3 24.2 24.1 23 22.3 22.2 22.1 21.33 21.32 21.31 21.2 21.1 14.3 14.2 14.1 13 12.3 12.2 12.1 11.2 11.1",
          long: "11.1 11.2 12.1 12.2 12.3 13.11 13.12 13.13 13.2 13.31 13.32 13.33 21.1 21.2 21.3 22.1 22.2 22.3 23 24 25.1 25.2 25.31 25.32 25.33 26.1 26.2 26.31 26.32 26.33 27.1 27.2 27.3 28 29" },
    Row { short: "16.3 16.2 16.1 15.33 15.32 15.31 15.2 15.1 14 13 12 11",
          long: "11 12 13.1 13.2 13.3 21.1 21.21 21.22 21.23 21.3 22.1 22.2 22.3 23 24 25 26 27 28.1 28.2 28.3 31.1 31.21 31.22 31.23 31.3 32.1 32.2 32.3 33 34.1 34.2 34.3 35.1 35.2" },
    Row { short: "15.33 15.32 15.31 15.2 15.1 14.3 14.2 14.1 13.3 13.2 13.1 12 11",
          long: "11.1 11.2 12.1 12.2 12.3 13.1 13.2 13.3 14.1 14.2 14.3 15 21.1 21.2 21.3 22.1 22.2 22.3 23.1 23.2 23.3 31.1 31.2 31.3 32 33.1 33.2 33.3 34 35.1 35.2 35.3" },
    Row { short: "25.3 25.2 25.1 24.3 24.2 24.1 23 22.3 22.2 22.1 21.33 21.32 21.31 21.2 21.1 12.3 12.2 12.1 11.2 11.1",
          long: "11.1 11.2 12 13 14.1 14.2 14.3 15 16.1 16.2 16.3 21 22.1 22.2 22.31 22.32 22.33 23.1 23.2 23.3 24.1 24.2 24.3 25.1 25.2 25.3 26 27" },
    Row { short: "22.3 22.2 22.1 21.3 21.2 21.1 15.3 15.2 15.1 14.3 14.2 14.1 13 12.3 12.2 12.1 11.2 11.1",
          long: "11.1 11.21 11.22 11.23 21.11 21.12 21.13 21.2 21.3 22.1 22.2 22.3 31.1 31.2 31.31 31.32 31.33 32.1 32.2 32.3 33 34 35 36.1 36.2 36.3" },
    Row { short: "23.3 23.2 23.1 22 21.3 21.2 21.1 12 11.23 11.22 11.21 11.1",
          long: "11.1 11.21 11.22 11.23 12.1 12.2 12.3 13.1 13.2 13.3 21.11 21.12 21.13 21.2 21.3 22.1 22.2 22.3 23.1 23.2 23.3 24.11 24.12 24.13 24.21 24.22 24.23 24.3" },
    Row { short: "24.3 24.2 24.1 23 22.3 22.2 22.1 21.3 21.2 21.1 13.3 13.2 13.1 12 11.2 11.1",
          long: "11 12 13 21.11 21.12 21.13 21.2 21.31 21.32 21.33 22.1 22.2 22.31 22.32 22.33 31.1 31.2 31.3 32 33.1 33.2 33.3 34.11 34.12 34.13 34.2 34.3" },
    Row { short: "15.3 15.2 15.1 14 13 12.33 12.32 12.31 12.2 12.1 11.23 11.22 11.21 11.1",
          long: "11.1 11.21 11.22 11.23 21.1 21.2 21.3 22.1 22.2 22.3 23.1 23.2 23.31 23.32 23.33 24.1 24.2 24.31 24.32 24.33 25.1 25.2 25.3 26.11 26.12 26.13 26.2 26.3" },
    Row { short: "15.5 15.4 15.3 15.2 15.1 14.3 14.2 14.1 13 12 11.2 11.12 11.11",
          long: "11 12.1 12.2 12.3 13.1 13.2 13.3 13.4 13.5 14.1 14.2 14.3 21 22.1 22.2 22.3 23.1 23.2 23.3 24.1 24.2 24.3 25" },
    Row { short: "13.33 13.32 13.31 13.2 13.1 12.3 12.2 12.1 11.23 11.22 11.21 11.1",
          long: "11 12 13.11 13.12 13.13 13.2 13.3 14.1 14.2 14.3 15 21.1 21.2 21.31 21.32 21.33 22 23.1 23.2 23.3 24.11 24.12 24.13 24.21 24.22 24.23 24.31 24.32 24.33" },
    Row { short: "13 12 11.2 11.1",
          long: "11 12.11 12.12 12.13 12.2 12.3 13.1 13.2 13.3 14.11 14.12 14.13 14.2 14.3 21.1 21.2 21.31 21.32 21.33 22.1 22.2 22.3 31.1 31.2 31.3 32.1 32.2 32.3 33.1 33.2 33.3 34" },
    Row { short: "13 12 11.2 11.1",
          long: "11.1 11.2 12 13.1 13.2 13.3 21.1 21.2 21.3 22.1 22.2 22.3 23.1 23.2 23.3 24.1 24.2 24.3 31.1 31.2 31.3 32.11 32.12 32.13 32.2 32.31 32.32 32.33" },
    Row { short: "13 12 11.2 11.1",
          long: "11.1 11.2 12 13.1 13.2 13.3 14 15.1 15.2 15.3 21.1 21.2 21.3 22.1 22.2 22.31 22.32 22.33 23 24.1 24.2 24.3 25.1 25.2 25.3 26.1 26.2 26.3" },
    Row { short: "13.3 13.2 13.13 13.12 13.11 12.3 12.2 12.1 11.2 11.1",
          long: "11.1 11.2 12.1 12.2 13 21 22.1 22.2 22.3 23.1 23.2 23.3 24.1 24.2 24.3" },
    Row { short: "13.3 13.2 13.1 12 11.2 11.1",
          long: "11.1 11.2 12 21.1 21.2 21.31 21.32 21.33 22 23.1 23.2 23.3 24.1 24.2 24.3 25.1 25.2 25.3" },
    Row { short: "11.32 11.31 11.23 11.22 11.21 11.1",
          long: "11.1 11.2 12.1 12.2 12.3 21.1 21.2 21.31 21.32 21.33 22.1 22.2 22.3 23" },
    Row { short: "13.3 13.2 13.13 13.12 13.11 12 11",
          long: "11 12 13.11 13.12 13.13 13.2 13.31 13.32 13.33 13.41 13.42 13.43" },
    Row { short: "13 12.3 12.2 12.1 11.23 11.22 11.21 11.1",
          long: "11.1 11.21 11.22 11.23 12 13.11 13.12 13.13 13.2 13.31 13.32 13.33" },
    Row { short: "13 12 11.2 11.1",
          long: "11.1 11.2 21.1 21.2 21.3 22.11 22.12 22.13 22.2 22.3" },
    Row { short: "13 12 11.2 11.1",
          long: "11.1 11.21 11.22 11.23 12.1 12.2 12.3 13.1 13.2 13.31 13.32 13.33" },
];

#[rustfmt::skip] // one line per arm
const X: Row = Row {
    short: "22.33 22.32 22.31 22.2 22.13 22.12 22.11 21.3 21.2 21.1 11.4 11.3 11.23 11.22 11.21 11.1",
    long: "11.1 11.2 12 13.1 13.2 13.3 21.1 21.2 21.31 21.32 21.33 22.1 22.2 22.3 23 24 25 26.1 26.2 26.3 27.1 27.2 27.3 28",
};

const Y: Row = Row { short: "11.32 11.31 11.2 11.1", long: "11.1 11.21 11.221 11.222 11.223 11.23 12" };

fn row(chromosome: Chromosome) -> Option<&'static Row> {
    match chromosome {
        Chromosome::Autosome(n) => AUTOSOMES.get(usize::from(n.get()).checked_sub(1)?),
        Chromosome::X => Some(&X),
        Chromosome::Y => Some(&Y),
        Chromosome::Unknown => None,
    }
}

impl Row {
    const fn arm(&self, arm: Arm) -> &'static str {
        match arm {
            Arm::Short => self.short,
            Arm::Long => self.long,
        }
    }
}

/// Whether a coarser name covers a band: `34` covers `34.1`, `34.1` covers `34.11`; `3` covers neither as a band.
pub(super) fn covers(coarse: &str, fine: &str) -> bool {
    fine.strip_prefix(coarse).is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || coarse.contains('.'))
}

/// Whether a chromosome has a band. What is uncertain (`?`) is left out of the question; `p10` and `q10` are the two
/// faces of the centromere, and every chromosome has them. True where the chromosome is not known.
pub(super) fn exists(chromosome: Chromosome, band: &Band) -> bool {
    let Some(row) = row(chromosome) else { return true };
    let Some(arm) = band.arm else { return true };
    let name = band.name.replace('?', "");
    // One digit is a region, not yet a band; an uncertain band may have lost a digit.
    let region = name.len() == 1 && row.arm(arm).split(' ').any(|leaf| leaf.starts_with(&name));
    name.is_empty()
        || name == "10"
        || name == "ter"
        || (region && band.name.contains('?'))
        || row.arm(arm).split(' ').any(|leaf| covers(&name, leaf))
}

/// The bands of a chromosome whose names are nearest to one that it does not have, at most three.
pub(super) fn nearest(chromosome: Chromosome, band: &Band) -> Vec<String> {
    let (Some(row), Some(arm)) = (row(chromosome), band.arm) else { return Vec::new() };
    let (whole, fine) = band.name.split_once('.').unwrap_or((&band.name, ""));
    let number = |text: &str| text.parse::<i32>().ok();
    let wanted = number(whole).unwrap_or(0);
    let mut names: Vec<&str> = Vec::new();
    for leaf in row.arm(arm).split(' ') {
        let parent = leaf.split('.').next().unwrap_or(leaf);
        // A sub-band that does not exist is answered with its sisters, a band with bands.
        let name = if parent == whole && !fine.is_empty() { leaf } else { parent };
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    let distance = |name: &str| {
        let (parent, rest) = name.split_once('.').unwrap_or((name, ""));
        let digit = |text: &str| text.bytes().next().map_or(0, i32::from);
        ((number(parent).unwrap_or(0) - wanted).abs(), (digit(rest) - digit(fine)).abs())
    };
    names.sort_by_key(|name| distance(name));
    names.into_iter().take(3).map(|name| format!("{}{name}", arm.letter())).collect()
}

/// Where a band lies on its chromosome, counted in finest bands from the end of the short arm: first and last. None for
/// what has no place (`?`, a band that does not exist).
pub(super) fn extent(chromosome: Chromosome, band: &Band) -> Option<(usize, usize)> {
    let row = row(chromosome)?;
    let arm = band.arm?;
    let short = row.short.split(' ').count();
    let all = row.arm(arm).split(' ').count();
    let (base, centromere) = match arm {
        Arm::Short => (0, short - 1),
        Arm::Long => (short, short),
    };
    match band.name.as_str() {
        "10" => return Some((centromere, centromere)),
        "ter" => {
            let end = if arm == Arm::Short { 0 } else { short + all - 1 };
            return Some((end, end));
        }
        _ => {}
    }
    let mut within = row.arm(arm).split(' ').enumerate().filter(|(_, leaf)| covers(&band.name, leaf)).map(|(i, _)| i);
    let first = within.next()?;
    Some((base + first, base + within.last().unwrap_or(first)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(text: &str) -> Band {
        let (arm, name) = text.split_at(1);
        Band { arm: Arm::parse(arm), name: name.to_owned() }
    }

    #[test]
    fn bands_of_the_850_level_and_coarser_exist() {
        let chromosome = |text| Chromosome::parse(text).unwrap();
        for (which, bands) in [
            ("1", "p36 p36.3 p36.33 q10 q42.13 qter"),
            ("5", "q13 q33 q31.1 p15.3"),
            ("9", "q34 q34.1 q34.12 p24"),
            ("16", "p13.1 p13.11 q22 p13"),
            ("22", "q11.2 q11 q11.23 p13"),
            ("Y", "q11.221 q11.22 q12"),
            ("X", "p22.3 q27.3"),
        ] {
            for name in bands.split(' ') {
                assert!(exists(chromosome(which), &band(name)), "{which}{name}");
                assert!(extent(chromosome(which), &band(name)).is_some(), "{which}{name}");
            }
        }
        for (which, name, near) in [
            ("5", "q38", "q35, q34, q33"),
            ("9", "q35", "q34, q33, q32"),
            ("22", "q11.3", "q11.21, q11.22, q11.23"),
            ("21", "q31", "q22, q21, q11"),
            ("17", "p14", "p13, p12, p11"),
            ("5", "q3", "q11, q12, q13"),
        ] {
            assert!(!exists(chromosome(which), &band(name)), "{which}{name}");
            assert_eq!(nearest(chromosome(which), &band(name)).join(", "), near);
        }
    }

    /// The public list for assembly 37 of the human genome has 862 bands on the 24 chromosomes.
    #[test]
    fn every_band_is_listed_once() {
        let rows = AUTOSOMES.iter().chain([&X, &Y]);
        let all: Vec<&str> = rows.flat_map(|row| [row.short, row.long]).collect();
        assert_eq!(all.iter().map(|arm| arm.split(' ').count()).sum::<usize>(), 862);
        for arm in all {
            let mut seen = std::collections::BTreeSet::new();
            assert!(arm.split(' ').all(|leaf| seen.insert(leaf)), "{arm}");
        }
    }
}

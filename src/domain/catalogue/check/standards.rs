//! Codes of other people's systems: LOINC, SNOMED CT, HL7 v2 tables.
//!
//! A wrong one does no harm here and much harm at whoever receives it, so it is refused where it is typed.

use super::{Catalogue, Finding, indexed};

/// HL7 table 0074, diagnostic service section, as far as marrow needs it (domain.md §3.2).
const HL7_0074: &[&str] = &["CG", "HM", "IMM", "GE", "SP", "OSL"];
/// HL7 table 0371, additive (domain.md §3.2).
const HL7_0371: &[&str] = &[
    "EDTK", "EDTK15", "EDTK75", "EDTN", "HEPN", "HEPL", "HEPA", "ACDA", "ACDB", "C32", "C38", "F10", "BF10", "BOUIN",
    "CARS", "NONE",
];
/// HL7 table 0487, specimen type, as far as marrow needs it (domain.md §3.2).
const HL7_0487: &[&str] = &["MAR", "ASP", "BX", "BON", "BONE", "BLD", "BLDV", "TISS"];
/// HL7 table 0490, specimen reject reason, complete (domain.md §3.1).
const HL7_0490: &[&str] = &["EX", "QS", "RB", "RC", "RD", "RA", "RE", "RH", "RI", "RM", "RN", "RP", "RR", "RS"];
/// HL7 table 0495, body-part modifier, as far as marrow needs it (domain.md §3.2).
const HL7_0495: &[&str] = &["L", "R", "BIL", "POS", "ANT"];
/// HL7 table 0550, body part, as far as marrow needs it (domain.md §3.2).
const HL7_0550: &[&str] = &["BMAR", "ILCR", "ILIAC", "STER", "TIBIA", "VERTL"];

/// Well-formed LOINC terms that public code maps give for marrow and that are about blood (domain.md §3.4, trap).
const LOINC_OF_BLOOD: &[&str] = &["26446-5", "26450-7", "26463-0", "74455-7"];

pub(super) fn loinc(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for assay in &c.assays {
        for (path, code) in indexed(&format!("assay[{}].loinc", assay.code), &assay.loinc) {
            if !is_loinc(code) {
                let message = format!("“{}” is no LOINC code: its check digit does not fit", code.escape_default());
                findings.push(Finding::new(path, message));
            } else if LOINC_OF_BLOOD.contains(&code.as_str()) {
                findings.push(Finding::new(path, format!("{code} is a term for blood, not for marrow")));
            }
        }
    }
    findings
}

/// Whether `code` is digits, a hyphen and the mod-10 check digit of those digits (LOINC's is the Luhn sum).
fn is_loinc(code: &str) -> bool {
    let Some((number, check)) = code.split_once('-') else {
        return false;
    };
    if number.is_empty() || number.len() > 7 || check.len() != 1 {
        return false;
    }
    let Some(digits) = digits(number) else {
        return false;
    };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { *digit })
        .sum();
    check == ((10 - sum % 10) % 10).to_string()
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

pub(super) fn snomed(c: &Catalogue) -> Vec<Finding> {
    let kinds = c.kinds.iter().map(|k| (format!("kind[{}].snomed", k.kind), &k.snomed));
    let sites = c.sites.iter().map(|s| (format!("site[{}].snomed", s.code), &s.snomed));
    let indications = c.indications.iter().map(|i| (format!("indication[{}].snomed", i.code), &i.snomed));
    kinds
        .chain(sites)
        .chain(indications)
        .filter_map(|(path, code)| Some((path, code.as_ref()?)))
        .filter(|(_, code)| !is_snomed(code))
        .map(|(path, code)| {
            let message = format!("“{}” is no SNOMED CT id: its check digit does not fit", code.escape_default());
            Finding::new(path, message)
        })
        .collect()
}

/// Whether `code` is 6 to 18 digits whose last is the Verhoeff check digit of the others.
fn is_snomed(code: &str) -> bool {
    const ROUND: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let Some(digits) = digits(code) else {
        return false;
    };
    // Place n is sent n times round, so its permutation has to be built up with the place.
    let mut permutation: [u32; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    let mut sum = 0;
    for digit in digits.iter().rev() {
        sum = dihedral(sum, permutation[*digit as usize]);
        permutation = permutation.map(|d| ROUND[d as usize]);
    }
    (6..=18).contains(&digits.len()) && !code.starts_with('0') && sum == 0
}

/// Multiplication in the symmetry group of the pentagon, on which Verhoeff's check digit rests.
const fn dihedral(a: u32, b: u32) -> u32 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b) % 5,
        (false, true) => 5 + (a + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

pub(super) fn hl7(c: &Catalogue) -> Vec<Finding> {
    let mut codes: Vec<(String, &str, &[&str], &Option<String>)> = Vec::new();
    codes.extend(c.departments.iter().map(|d| (format!("department[{}]", d.code), "0074", HL7_0074, &d.hl7_0074)));
    codes.extend(c.containers.iter().map(|r| (format!("container[{}]", r.code), "0371", HL7_0371, &r.hl7_0371)));
    codes.extend(c.kinds.iter().map(|k| (format!("kind[{}]", k.kind), "0487", HL7_0487, &k.hl7_0487)));
    codes.extend(c.reasons.iter().map(|r| (format!("reason[{}]", r.code), "0490", HL7_0490, &r.hl7_0490)));
    for site in &c.sites {
        codes.push((format!("site[{}]", site.code), "0495", HL7_0495, &site.hl7_0495));
        codes.push((format!("site[{}]", site.code), "0550", HL7_0550, &site.hl7_0550));
    }
    codes
        .into_iter()
        .filter_map(|(path, table, known, code)| Some((path, table, known, code.as_ref()?)))
        .filter(|(_, _, known, code)| !known.contains(&code.as_str()))
        .map(|(path, table, known, code)| {
            let message = format!("HL7 table {table} has no “{}”; known: {}", code.escape_default(), known.join(", "));
            Finding::new(format!("{path}.hl7_{table}"), message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;
    use super::{is_loinc, is_snomed};

    /// Every LOINC code of domain.md §3.4, and the six of its trap.
    #[test]
    fn loinc_check_digits() {
        let good = [
            "48807-2", "33721-2", "33893-9", "101119-6", "11138-5", "11118-7", "74227-0", "74228-8", "74230-4",
            "74231-2", "74232-0", "74233-8", "55147-3", "46434-7", "50195-7", "82905-1", "72208-2", "72212-4",
            "75034-9", "54447-8", "55201-8", "26446-5", "74455-7",
        ];
        for code in good {
            assert!(is_loinc(code), "{code}");
        }
        let bad = [
            "74452-5", "74454-1", "74455-8", "74456-6", "74457-4", "74463-2", "", "-", "48807", "48807-", "48807-22",
            "4880x-2",
        ];
        for code in bad {
            assert!(!is_loinc(code), "{code}");
        }
    }

    #[test]
    fn loinc_in_a_catalogue() {
        let here = "loinc = [\"101119-6\"]";
        assert_found(&[
            (here, "loinc = [\"101119-6\", \"74452-5\"]", "assay[FLOW-AL].loinc[1]", "check digit"),
            (here, "loinc = [\"26446-5\"]", "assay[FLOW-AL].loinc[0]", "blood"),
        ]);
    }

    /// Every SNOMED CT id of domain.md §3.3; then one digit changed, two swapped, too short.
    #[test]
    fn snomed_check_digits() {
        let good = [
            "119359002",
            "396997002",
            "309105004",
            "258433009",
            "441652008",
            "441479001",
            "258566005",
            "441673008",
            "430268003",
            "49401003",
            "234326005",
            "50590007",
            "14016003",
            "29850006",
            "56873002",
            "12611008",
            "7771000",
            "24028007",
            "91861009",
            "109995007",
            "92818009",
            "109992005",
            "109994006",
            "109989006",
            "306058006",
            "127034005",
            "52967002",
        ];
        for code in good {
            assert!(is_snomed(code), "{code}");
        }
        for code in ["119359003", "119395002", "", "00", "11935900x", "0119359002"] {
            assert!(!is_snomed(code), "{code}");
        }
    }

    #[test]
    fn snomed_in_a_catalogue() {
        assert_found(&[
            ("snomed = \"396997002\"", "snomed = \"396997003\"", "kind[aspirate].snomed", "check digit"),
            ("snomed = \"29850006\"", "snomed = \"29850060\"", "site[PIC].snomed", "check digit"),
            ("snomed = \"91861009\"", "snomed = \"AML\"", "indication[AML-NEW].snomed", "check digit"),
        ]);
    }

    #[test]
    fn hl7() {
        assert_found(&[
            ("hl7_0074 = \"IMM\"", "hl7_0074 = \"FLOW\"", "department[FLOW].hl7_0074", "0074"),
            ("hl7_0371 = \"EDTK\"", "hl7_0371 = \"EDTA\"", "container[EDTA].hl7_0371", "0371"),
            ("hl7_0487 = \"MAR\"", "hl7_0487 = \"BMA\"", "kind[aspirate].hl7_0487", "0487"),
            ("hl7_0490 = \"RC\"", "hl7_0490 = \"CLOT\"", "reason[CLOTTED].hl7_0490", "0490"),
            ("hl7_0495 = \"POS\"", "hl7_0495 = \"PIC\"", "site[PIC].hl7_0495", "0495"),
            ("hl7_0550 = \"ILCR\"", "hl7_0550 = \"CREST\"", "site[PIC].hl7_0550", "0550"),
        ]);
    }
}

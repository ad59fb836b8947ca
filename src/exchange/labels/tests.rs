//! What was printed reads back, and nothing typed becomes a command.

use std::fmt::Write as _;

use chrono::NaiveDate;
use datamatrix::DataMatrix;
use proptest::prelude::*;

use super::face::lay;
use super::symbol::{LINEAR_QUIET, Symbol, compact, linear, matrix};
use super::zpl::{Resolution, escape, zpl};
use super::{PartLabel, Stock, svg::svg};
use crate::domain::{Accession, Label, SpecimenKind};

/// The widths of bars and spaces of each value, from ISO/IEC 15417 table 1; 103 to 105 start, 106 stops.
const WIDTHS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312",
    "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212",
    "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121",
    "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331",
    "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131", "311123",
    "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224", "111422", "121124",
    "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114",
    "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];

/// Reads bars as a scanner does: widths, values, check character, code sets B and C.
fn scan(bars: &[bool]) -> String {
    let widths: String = bars.chunk_by(|a, b| a == b).map(|run| run.len().to_string()).collect();
    let (body, stop) = widths.split_at(widths.len() - 7);
    assert_eq!(stop, WIDTHS[106]);
    let values: Vec<usize> = body
        .as_bytes()
        .chunks(6)
        .map(|six| WIDTHS.iter().position(|w| w.as_bytes() == six).expect("a known pattern"))
        .collect();
    let (check, values) = values.split_last().unwrap();
    let sum = values[0] + values.iter().enumerate().map(|(at, v)| at * v).sum::<usize>();
    assert_eq!(sum % 103, *check);
    let mut pairs = match values[0] {
        104 => false,
        105 => true,
        other => panic!("starts in set {other}"),
    };
    let mut text = String::new();
    for value in &values[1..] {
        match (pairs, *value) {
            (true, 100) => pairs = false,
            (false, 99) => pairs = true,
            (true, v) => write!(text, "{v:02}").unwrap(),
            (false, v) => text.push(char::from(u8::try_from(v + 32).unwrap())),
        }
    }
    text
}

/// What a printer makes of the fields of a label: `^FH` undone, one text per `^FD`.
fn fields(zpl: &str) -> Vec<String> {
    let undo = |field: &str| {
        let mut bytes = Vec::new();
        let mut rest = field.bytes();
        while let Some(b) = rest.next() {
            if b == b'_' {
                let hex = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
            } else {
                bytes.push(b);
            }
        }
        String::from_utf8(bytes).unwrap()
    };
    zpl.split("^FD").skip(1).map(|rest| undo(rest.split("^FS").next().unwrap())).collect()
}

/// The commands of a label, without what they are told.
fn commands(zpl: &str) -> Vec<String> {
    zpl.split('^').skip(1).map(|c| c.chars().take(2).collect()).collect()
}

fn sample(label: Label, stock: Stock, patient: &str, mrn: &str) -> PartLabel {
    PartLabel {
        label,
        stock,
        patient: patient.to_owned(),
        mrn: mrn.to_owned(),
        born: NaiveDate::from_ymd_opt(1968, 3, 12),
        kind: "Aspirate".to_owned(),
        container: Some("EDTA".to_owned()),
        pull: Some(1),
        collected_at: chrono::DateTime::from_timestamp(1_774_517_000, 0),
        zone: chrono_tz::Europe::London,
    }
}

fn labels() -> impl Strategy<Value = Label> {
    (0_u8..100, 1_u32..1_000_000, 0_usize..5, 1_u16..400, prop::collection::vec(1_u16..40, 0..4)).prop_map(
        |(year, number, kind, ordinal, children)| {
            let kinds = [
                SpecimenKind::Aspirate,
                SpecimenKind::Core,
                SpecimenKind::Smear,
                SpecimenKind::Clot,
                SpecimenKind::Blood,
            ];
            let first = Label::of(Accession::new(year, number).unwrap(), kinds[kind], ordinal).unwrap();
            children.into_iter().fold(first, |label, child| label.child(child))
        },
    )
}

proptest! {
    #[test]
    fn bars_read_back_as_the_same_label(label in labels()) {
        let Some(Symbol::Linear { bars, zpl }) = linear(&label) else { panic!("no bars") };
        let read = scan(&bars);
        prop_assert_eq!(&read, &compact(&label));
        prop_assert_eq!(Label::parse(&read), Ok(label.clone()));
        // The printer is told the same text, in its own words for the code sets.
        let told = [">:", ">;", ">5", ">6"].iter().fold(zpl, |t, word| t.replace(word, ""));
        prop_assert_eq!(told, read);
    }

    #[test]
    fn squares_read_back_as_the_same_label(label in labels()) {
        let Some(Symbol::Matrix { cells, width, .. }) = matrix(&label) else { panic!("no squares") };
        let read = String::from_utf8(DataMatrix::decode(&cells, width).unwrap()).unwrap();
        prop_assert_eq!(Label::parse(&read), Ok(label));
    }

    /// Whatever a patient is called, the printer is told the same commands, and reads the name as text.
    #[test]
    fn no_name_becomes_a_command(
        label in labels(), patient in "\\PC{0,60}|[\\^~_\\\\>A-Z ]{0,40}", mrn in "[\\^~_A-Z0-9]{1,20}", at in 0_usize..3,
    ) {
        let stock = Stock::ALL[at];
        for resolution in Resolution::ALL {
            let hostile = zpl(&sample(label.clone(), stock, &patient, &mrn), *resolution);
            let plain = zpl(&sample(label.clone(), stock, "OKAFOR, Amara", "1234567890"), *resolution);
            prop_assert_eq!(commands(&hostile), commands(&plain));
            prop_assert!(!hostile.contains('~') && !hostile.contains('\\') && hostile.is_ascii());
            let said = fields(&hostile);
            prop_assert!(said.iter().any(|f| f.contains(mrn.as_str())), "{:?}", said);
            prop_assert!(said.iter().any(|f| *f == label.to_string()));
        }
        prop_assert_eq!(fields(&format!("^FD{}^FS", escape(&patient))), [patient]);
    }

    /// Number and identifiers are never cut, nothing leaves the label, and the symbol keeps its quiet zone.
    #[test]
    fn everything_stands_on_the_label(label in labels(), patient in "\\PC{0,80}", at in 0_usize..3) {
        let sample = sample(label, Stock::ALL[at], &patient, "1234567890");
        let face = lay(&sample);
        let (w, h) = face.size;
        for line in &face.lines {
            prop_assert!(line.x >= 0.0 && line.y <= h && line.y - line.size >= -0.6, "{line:?}");
            prop_assert!(line.width.is_none_or(|x| line.x + x <= w), "{line:?}");
        }
        prop_assert!(face.lines.iter().any(|l| l.text == sample.label.to_string()));
        prop_assert!(face.lines.iter().any(|l| l.text.contains("MRN 1234567890")));
        let placed = face.symbol.expect("a symbol");
        let total = f64::from(u32::try_from(placed.symbol.total_modules()).unwrap()) * placed.module;
        prop_assert!(total <= placed.room + 1e-9 && placed.room <= w, "{total} of {}", placed.room);
        if matches!(placed.symbol, Symbol::Linear { .. }) {
            prop_assert!(placed.x >= 10.0 * placed.module - 1e-9);
        }
        prop_assert_eq!(LINEAR_QUIET, 10);
    }
}

#[test]
fn a_tubes_bars_fit_its_label_with_children_too() {
    let first = Label::of(Accession::new(26, 417).unwrap(), SpecimenKind::Aspirate, 1).unwrap();
    for label in [first.clone(), first.child(2)] {
        let face = lay(&sample(label.clone(), Stock::Tube, "OKAFOR, Amara", "1234567890"));
        let symbol = face.symbol.expect("a symbol").symbol;
        assert!(matches!(symbol, Symbol::Linear { .. }), "{label}");
    }
    let deep = (1..6).fold(first, |l, n| l.child(n));
    let face = lay(&sample(deep, Stock::Tube, "OKAFOR, Amara", "1234567890"));
    assert!(matches!(face.symbol.expect("a symbol").symbol, Symbol::Matrix { .. }));
}

#[test]
fn a_label_is_drawn_without_style_and_escapes_names() {
    let label = Label::of(Accession::new(26, 417).unwrap(), SpecimenKind::Smear, 1).unwrap();
    let drawn = svg(&sample(label, Stock::Slide, "O'NEIL <b>, \"Ann\" & Co", "12345"));
    assert!(!drawn.contains("style") && !drawn.contains("<b>"), "{drawn}");
    assert!(drawn.contains("&lt;b&gt;") && drawn.contains("width=\"22mm\""), "{drawn}");
}

#[test]
fn zpl_says_its_label_in_full() {
    let label = Label::of(Accession::new(26, 417).unwrap(), SpecimenKind::Aspirate, 1).unwrap();
    let said = zpl(&sample(label, Stock::Tube, "MÜLLER^XZ~JA, Zoë", "1234567890"), Resolution::Dpi203);
    assert!(said.starts_with("^XA^CI28^LH0,0^PW400^LL200\n"), "{said}");
    assert!(said.contains("^BY2^BCN,61,N,N,N,N^FD>:BM>526000417>6"), "{said}");
    assert!(said.contains("^FDM_C3_9CLLER_5EXZ_7EJA, Zo_C3_AB^FS"), "{said}");
}

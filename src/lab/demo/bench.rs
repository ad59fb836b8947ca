//! How the benches of the demonstration laboratory work: who, where, how soon, how long, and what a case is made of.

use super::dice::Dice;
use super::people::{ADEYEMI, NGUYEN, SORENSEN};
use super::story::Part;

/// How soon an accepted part is set up.
#[derive(Clone, Copy)]
pub(super) enum SetUp {
    /// After so many minutes.
    Minutes(i64, i64),
    /// On the so manieth working day.
    Days(i64, i64),
}

/// Who reads what was entered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Supervisor,
    Pathologist,
}

/// One assay's bench.
pub(super) struct Bench {
    pub(super) assay: &'static str,
    /// The tech.
    pub(super) by: &'static str,
    pub(super) reader: Reader,
    /// Prefix of its run numbers.
    pub(super) run: &'static str,
    pub(super) set_up: SetUp,
    /// Working days until the result is entered.
    pub(super) routine_days: (i64, i64),
    /// Hours until then when it is urgent.
    pub(super) urgent_h: (i64, i64),
    /// Works at night and on weekends when it is urgent.
    pub(super) duty: bool,
}

/// The benches; what is set up first stands first.
pub(super) const BENCHES: &[Bench] = &[
    row("MORPH-ASP", NGUYEN, Reader::Pathologist, "MO", SetUp::Minutes(40, 200), (0, 1), (2, 5)).on_duty(),
    row("FISH-RAPID", SORENSEN, Reader::Supervisor, "FR", SetUp::Minutes(30, 120), (1, 1), (5, 20)).on_duty(),
    row("FLOW-AL", NGUYEN, Reader::Supervisor, "FC", SetUp::Minutes(25, 100), (0, 1), (2, 5)).on_duty(),
    row("FLOW-LPD", NGUYEN, Reader::Supervisor, "FC", SetUp::Minutes(60, 200), (0, 1), (5, 20)),
    row("FLOW-MRD", NGUYEN, Reader::Supervisor, "FC", SetUp::Minutes(60, 200), (1, 2), (5, 20)),
    row("BCRABL-Q", ADEYEMI, Reader::Supervisor, "QP", SetUp::Minutes(45, 150), (4, 8), (20, 40)),
    row("FUSION-Q", ADEYEMI, Reader::Supervisor, "QP", SetUp::Minutes(45, 150), (5, 8), (40, 90)),
    row("KARYO", SORENSEN, Reader::Supervisor, "KT", SetUp::Minutes(60, 200), (8, 13), (90, 140)),
    row("FISH-MM", SORENSEN, Reader::Supervisor, "FM", SetUp::Minutes(40, 150), (6, 12), (60, 110)),
    row("CULT", NGUYEN, Reader::Supervisor, "CU", SetUp::Minutes(30, 100), (26, 28), (900, 980)),
    row("HIST-CORE", ADEYEMI, Reader::Pathologist, "HI", SetUp::Minutes(60, 200), (3, 5), (40, 70)),
    row("HIST-CLOT", ADEYEMI, Reader::Pathologist, "HI", SetUp::Minutes(60, 200), (3, 5), (40, 70)),
    row("IRON", NGUYEN, Reader::Pathologist, "MO", SetUp::Minutes(120, 320), (1, 2), (18, 30)),
    row("FLT3-NPM1", ADEYEMI, Reader::Supervisor, "FN", SetUp::Minutes(60, 240), (1, 2), (22, 44)),
    row("FISH-AML", SORENSEN, Reader::Supervisor, "FA", SetUp::Days(0, 1), (3, 7), (20, 36)),
    row("FISH-MDS", SORENSEN, Reader::Supervisor, "FD", SetUp::Days(1, 1), (3, 7), (20, 36)),
    row("FISH-CLL", SORENSEN, Reader::Supervisor, "FK", SetUp::Days(1, 1), (3, 7), (20, 36)),
    row("FISH-LYM", SORENSEN, Reader::Supervisor, "FL", SetUp::Days(1, 2), (3, 7), (20, 36)),
    row("IHC", ADEYEMI, Reader::Pathologist, "IH", SetUp::Days(2, 3), (1, 3), (20, 44)),
    row("RETIC", ADEYEMI, Reader::Pathologist, "HI", SetUp::Days(2, 3), (1, 3), (20, 44)),
    row("MPN-GENE", ADEYEMI, Reader::Supervisor, "JK", SetUp::Days(1, 3), (4, 6), (60, 100)),
    row("NGS-MYE", ADEYEMI, Reader::Supervisor, "NG", SetUp::Days(1, 3), (4, 6), (110, 160)),
    row("CLONAL", ADEYEMI, Reader::Supervisor, "CL", SetUp::Days(1, 3), (7, 11), (160, 220)),
];

const fn row(
    assay: &'static str,
    by: &'static str,
    reader: Reader,
    run: &'static str,
    set_up: SetUp,
    routine_days: (i64, i64),
    urgent_h: (i64, i64),
) -> Bench {
    Bench { assay, by, reader, run, set_up, routine_days, urgent_h, duty: false }
}

impl Bench {
    const fn on_duty(self) -> Self {
        Self { duty: true, ..self }
    }
}

/// The bench of an assay; an assay that has none is worked on like the first.
pub(super) fn bench(assay: &str) -> &'static Bench {
    BENCHES.iter().find(|b| b.assay == assay).unwrap_or(&BENCHES[0])
}

/// Assays that want living cells at room temperature: their tube goes into the cold only after them.
pub(super) const LIVING_CELLS: &[&str] = &["FLOW-AL", "FLOW-LPD", "FLOW-MRD", "FISH-MM", "CULT", "MORPH-ASP"];

/// Assays that can be set up on stored nucleic acid.
pub(super) const ON_DNA: &[&str] = &["NGS-MYE", "CLONAL"];

/// A volume in steps of half a milliliter, µL.
fn ml(dice: &mut Dice, low: u32, high: u32) -> u32 {
    500 * dice.amount(low * 2, high * 2)
}

/// What a puncture for that indication brings when all goes well.
pub(super) fn kit(indication: &str, dice: &mut Dice) -> Vec<Part> {
    match indication {
        "AML-NEW" => vec![
            Part::smear(),
            Part::smear(),
            Part::tube("EDTA", 1, ml(dice, 5, 6)),
            Part::tube("EDTA", 2, ml(dice, 4, 5)),
            Part::tube("NAHEP", 3, ml(dice, 3, 5)),
            Part::core("FORMALIN", dice.amount(13, 24)),
        ],
        "APL-SUSPECT" | "ALL-NEW" => vec![
            Part::smear(),
            Part::smear(),
            Part::tube("EDTA", 1, ml(dice, 5, 6)),
            Part::tube("EDTA", 2, ml(dice, 4, 5)),
            Part::tube("NAHEP", 3, ml(dice, 3, 5)),
        ],
        "AML-MRD" => vec![Part::tube("EDTA", 1, ml(dice, 5, 7)), Part::tube("EDTA", 2, ml(dice, 3, 5)), Part::smear()],
        "MDS" => vec![
            Part::smear(),
            Part::smear(),
            Part::tube("EDTA", 1, ml(dice, 4, 6)),
            Part::tube("NAHEP", 2, ml(dice, 3, 5)),
            Part::core("FORMALIN", dice.amount(9, 24)),
        ],
        "MPN" => vec![
            Part::tube("EDTA", 1, ml(dice, 4, 5)),
            Part::tube("NAHEP", 2, ml(dice, 3, 4)),
            Part::core("FORMALIN", dice.amount(14, 26)),
            Part::blood("EDTA", ml(dice, 6, 10)),
        ],
        "CML-DX" => vec![Part::smear(), Part::tube("EDTA", 1, ml(dice, 5, 6)), Part::tube("NAHEP", 2, ml(dice, 3, 5))],
        "CML-MON" => vec![Part::blood("EDTA", ml(dice, 10, 18)).cold()],
        "MYELOMA" => vec![
            Part::smear(),
            Part::tube("EDTA", 1, ml(dice, 3, 5)),
            Part::tube("NAHEP", 2, ml(dice, 4, 6)),
            Part::core("FORMALIN", dice.amount(12, 24)),
        ],
        "MM-MRD" | "POST-TX" => vec![Part::tube("EDTA", 1, ml(dice, 5, 7)), Part::smear()],
        "CLL" => vec![
            Part::tube("EDTA", 1, ml(dice, 4, 5)),
            Part::tube("NAHEP", 2, ml(dice, 3, 5)),
            Part::core("FORMALIN", dice.amount(12, 24)),
        ],
        "LYMPHOMA" => vec![
            Part::core("FORMALIN", dice.amount(14, 26)),
            Part::tube("EDTA", 1, ml(dice, 4, 5)),
            Part::tube("NAHEP", 2, ml(dice, 3, 4)),
        ],
        "BMF" => vec![
            Part::smear(),
            Part::tube("EDTA", 1, ml(dice, 4, 5)),
            Part::tube("NAHEP", 2, ml(dice, 3, 4)),
            Part::core("FORMALIN", dice.amount(18, 28)),
        ],
        _ => vec![Part::core("FORMALIN", dice.amount(14, 24)), Part::tube("STERILE", 1, ml(dice, 3, 4))],
    }
}

/// The same when the tap was dry: tubes stay empty, and the core is divided.
pub(super) fn dry_kit(dice: &mut Dice) -> Vec<Part> {
    vec![
        Part::tube("EDTA", 1, 0).missing("DRY_TAP"),
        Part::tube("NAHEP", 2, 0).missing("DRY_TAP"),
        Part::core("FORMALIN", dice.amount(14, 22)),
        Part::core("RPMI", dice.amount(7, 12)),
        Part::imprint(),
        Part::blood("EDTA", 500 * dice.amount(12, 20)),
    ]
}

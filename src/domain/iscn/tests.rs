//! The tests of the whole: texts and what must be said of them.

use super::*;
use proptest::prelude::*;

const OK: Status = Status::Ok;
const WARN: Status = Status::Warnings;
const KEPT: Status = Status::NotModelled;
const ERR: Status = Status::Error;

/// Text, status, and the findings as `level position+length`, in order.
const TABLE: &[(&str, Status, &str)] = &[
    // Understood.
    ("46,XX[20]", OK, ""),
    ("46,XY[30]", OK, ""),
    ("46,XX[25]/46,XY[5]", OK, ""),
    ("47,XY,+8[11]/46,XY[9]", OK, ""),
    ("45,XX,-7[20]", OK, ""),
    ("45,X,-Y[14]/46,XY[6]", OK, ""),
    ("45,X,-X[5]/46,XX[15]", OK, ""),
    ("47,XX,+X[7]/46,XX[13]", OK, ""),
    ("46,X,-Y,+8[12]/46,XY[8]", OK, ""),
    ("48,XX,+8,+21[8]/47,XX,+8[6]/46,XX[6]", OK, ""),
    ("48,XY,+8,+8[10]/46,XY[10]", OK, ""),
    ("55,XX,+3,+5,+7,+9,+11,+15,+15,+19,+21[20]", OK, ""),
    ("47,XXYc[20]", OK, ""),
    ("48,XY,+8,+21c[6]/47,XY,+21c[14]", OK, ""),
    ("48,XXYc,+8[20]", OK, ""),
    ("47,XXX[20]", OK, ""),
    ("45~47,XX,-7,+8,+21[cp20]", OK, ""),
    ("45-47,XX,-7,+8[cp20]", OK, ""),
    ("44~46,XY,-5[4],-7[6],+8[3][cp20]", OK, ""),
    ("46,XX[3]//46,XY[17]", OK, ""),
    ("//46,XX[20]", OK, ""),
    ("46,XY[20]//", OK, ""),
    ("46,XX[20].nuc ish(D8Z2x2)[200]", OK, ""),
    ("46,XY[20].nuc ish 13q14.3(DLEUx2)[200]", OK, ""),
    ("nuc ish(D21S259x3)[200]", OK, ""),
    ("nuc ish(D8Z2×3)[37/200]", OK, ""),
    ("nuc ish(D8Z2,MYC)x3[50/200]", OK, ""),
    ("nuc ish 13q14(DLEUx1,LAMPx2)[180],17p13(TP53x1)[20/200]", OK, ""),
    ("nuc ish(TP53x1)[120/200]/(TP53x2)[80/200]", OK, ""),
    ("46,XX[20].nuc ish(D8Z2x2)[200]/47,XX,+8[3]", WARN, "warning 1+9"),
    // Unusual.
    ("46,XX[12]", WARN, "warning 1+9"),
    ("47,XX,+8[1]/46,XX[19]", WARN, "warning 9+3"),
    ("46,XX[1]/47,XX,+8[19]", WARN, "warning 1+8"),
    ("45,XY,-7[2]/46,XY[18]", WARN, "warning 9+3"),
    ("47,XY,+8[2]/46,XY[18]", OK, ""),
    ("45~46,XX,-7[cp1]/46,XX[19]", WARN, "warning 12+5"),
    ("47,XY,+21c[1]/48,XY,+8,+21c[19]", WARN, "warning 1+13"),
    ("46, XX [20]", WARN, "warning 4+1, warning 7+1"),
    (" 46,XX[20]\n", WARN, "warning 1+1, warning 11+1"),
    ("46,XX", WARN, "warning 6+0"),
    ("46,xx[20]", WARN, "warning 4+2"),
    ("45,XX,\u{2212}7[20]", WARN, "warning 7+1"),
    ("４６,XX[20]", WARN, "warning 1+2"),
    ("46,\u{425}\u{423}[20]", WARN, "warning 4+2"),
    ("46,XX\u{200b}[20]", WARN, "warning 6+1"),
    ("46,XX[20].", WARN, "warning 10+1"),
    ("46,XX[20]nuc ish(D8Z2x2)[200]", WARN, "warning 10+0"),
    ("46,XX[20] nuc ish(D8Z2x2)[200]", WARN, "warning 11+0"),
    ("46,XX[20],nuc ish(D8Z2x2)[200]", WARN, "warning 10+1"),
    ("46,XX[20]; nuc ish(D8Z2x2)[200]", WARN, "warning 10+1"),
    ("45~46,XX,-X[cp20]", OK, ""),
    ("46,XX[20].nucish(D8Z2x2)[200]", WARN, "warning 11+6"),
    ("NUC ISH(D8Z2x2)[200]", WARN, "warning 1+7"),
    ("nuc ish(D8Z2x2)", WARN, "warning 16+0"),
    (".nuc ish(D8Z2x2)[200]", WARN, "warning 1+1"),
    ("46~46,XX[cp20]", WARN, "warning 1+5"),
    ("45,XY,-Y[20]", WARN, "warning 4+2"),
    ("47,XX,+8[3],+9[20]", ERR, "error 1+2, warning 9+3"),
    // Kept.
    ("46,XX,t(9;22)(q34;q11.2)[20]", OK, ""),
    ("46,XY,del(5)(q13q33)[20]", OK, ""),
    ("46,XX,inv(16)(p13q22)[20]", OK, ""),
    ("44,XY,del(5)(q22q35),-7,-17[14]/46,XY[6]", OK, ""),
    ("47,XX,+mar[20]", OK, ""),
    ("45,XX,der(13;14)(q10;q10)[20]", OK, ""),
    ("45,XX,t(13;14)(q10;q10)[20]", OK, ""),
    ("46,X,t(X;18)(p11;q11)[20]", OK, ""),
    ("46,X,del(X)(q22)[20]", OK, ""),
    ("47,XX,+8[10]/48,idem,+21[10]", OK, ""),
    ("47,XX,+8[10]/48,sl,+21[6]/49,sdl1,+9[4]", OK, ""),
    ("69<3n>,XXX[20]", OK, ""),
    ("50<3n>,XXX[20]", ERR, "error 1+2"),
    ("92,XXYY[20]", OK, ""),
    ("46,XX,?del(7)(q22)[20]", OK, ""),
    ("46,XY,+8,inc[20]", OK, ""),
    ("?,XX[20]", KEPT, "not_modelled 1+1"),
    ("46,?[20]", WARN, "warning 4+1"),
    ("46,XX[?]", KEPT, "not_modelled 6+3"),
    ("46,XX[10/20]", KEPT, "not_modelled 6+7"),
    ("mos 47,XX,+8[5]/46,XX[15]", OK, ""),
    ("46,XY[19]/nonclonal 45,X,-Y[1]", KEPT, "not_modelled 11+9, warning 28+3"),
    ("No metaphases", KEPT, "not_modelled 1+13"),
    ("46,XX[20] normal", KEPT, "not_modelled 11+6"),
    ("46,XX[20].arr(1-22,X)x2", KEPT, "not_modelled 11+13"),
    ("nuc ish(ABL1,BCR)x3(ABL1 con BCRx2)[200]", OK, ""),
    ("46,XX[20].ish t(9;22)(ABL1-;BCR+)[5]", OK, ""),
    ("46,XX[9]//46,XY[9]//46,XX[2]", KEPT, "not_modelled 19+2"),
    // Wrong.
    ("", ERR, "error 1+0"),
    ("  ", ERR, "error 1+2"),
    ("\u{feff}", ERR, "error 1+1, warning 1+1"),
    (".", ERR, "error 1+1, error 2+0, warning 2+0"),
    ("46,XX\n[20]", ERR, "error 6+1"),
    ("46,XX,t(9;22(q34;q11)[20]", ERR, "error 8+1"),
    ("46,XX[20", ERR, "error 6+1"),
    ("46,XX20]", ERR, "error 8+1"),
    ("46,XX(20]", ERR, "error 9+1"),
    ("46,XX{20}", ERR, "error 6+1, error 9+1"),
    ("46,XX[20]\\46,XY[3]", ERR, "error 10+1"),
    ("46,XÉ[20]", ERR, "error 5+1"),
    ("46,X\u{0}[20]", ERR, "error 5+1"),
    ("46XX[20]", ERR, "error 3+2"),
    ("46.XX[20]", ERR, "error 3+3"),
    ("XX[20]", ERR, "error 1+0"),
    ("XX,46[20]", ERR, "error 1+0, error 4+2"),
    (",XX[20]", ERR, "error 1+0"),
    ("0,XX[20]", ERR, "error 1+1"),
    ("t(9;22)(q34;q11)[20]", ERR, "error 1+16, error 17+0"),
    ("46[20]", ERR, "error 3+0"),
    ("46,[20]", ERR, "error 3+1"),
    ("46,+8[20]", ERR, "error 4+0"),
    ("46,t(9;22)(q34;q11)[20]", ERR, "error 4+0"),
    ("45,XO[20]", ERR, "error 4+2"),
    ("47,XX[20]", ERR, "error 1+2"),
    ("46,XX,+8[20]", ERR, "error 1+2"),
    ("46,XY,-7[20]", ERR, "error 1+2"),
    ("46,X[20]", ERR, "error 1+2"),
    ("46,XX,-5,del(7)(q22)[20]", ERR, "error 1+2"),
    ("47,XX,+23[20]", ERR, "error 8+2"),
    ("47,XX,+0[20]", ERR, "error 8+1"),
    ("46,XX,[20]", ERR, "error 6+1"),
    ("46,,XX[20]", ERR, "error 3+1, not_modelled 5+2"),
    ("46,XX[0]", ERR, "error 6+3"),
    ("46,XX[]", ERR, "error 6+2"),
    ("46,XX[cp]", ERR, "error 6+4"),
    ("46,XX[12345678]", ERR, "error 6+10"),
    ("46,XX[20],+8", ERR, "error 1+2, error 6+4, warning 13+0"),
    ("47~45,XX,-7,+8[cp20]", ERR, "error 1+5"),
    ("45~47,XX,-7[9],+8[3][cp8]/46,XX[12]", ERR, "error 12+3"),
    ("46,XX[20]/", ERR, "error 10+1"),
    ("/46,XX[20]", ERR, "error 1+1"),
    ("//", ERR, "error 1+2, error 1+2"),
    ("46,XX[10]///46,XY[10]", ERR, "error 10+3"),
    ("46,XX[10]46,XY[10]", ERR, "error 10+0"),
    ("46,XX[10].46,XY[10]", ERR, "error 10+1"),
    ("nuc ish(D8Z2x3)[201/200]", ERR, "error 16+9"),
    ("nuc ish(D8Z2x3)[0]", ERR, "error 16+3"),
    ("nuc ish(D8Z2x3)[]", ERR, "error 16+2"),
    ("460,XX[20]", WARN, "warning 1+3, warning 1+3"),
    ("1234567,XX[20]", ERR, "error 1+7"),
];

fn brief(checked: &Checked) -> String {
    let one = |f: &Finding| format!("{} {}+{}", f.level, f.position, f.length);
    checked.findings.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[test]
fn table() {
    let mut wrong = Vec::new();
    for (text, status, findings) in TABLE {
        let checked = check(text);
        if checked.status != *status || brief(&checked) != *findings {
            wrong.push(format!("{text:?}: {} ({})\n    {:?}", checked.status, brief(&checked), checked.findings));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn plain_english() {
    for (text, plain) in [
        ("46,XX[20]", "A normal female karyotype in 20 cells."),
        ("46,XY", "A normal male karyotype."),
        (
            "47,XY,+8[11]/46,XY[9]",
            "A male clone with 47 chromosomes in 11 cells: gain of chromosome 8. \
             A normal male karyotype in 9 cells. 20 cells in all.",
        ),
        (
            "44,XX,t(9;22)(q34;q11),-7,-7[20]",
            "A female clone with 44 chromosomes in 20 cells: translocation between \
             chromosomes 9 (q34) and 22 (q11); loss of chromosome 7 (2 times).",
        ),
        ("45,X,-Y[20]", "A clone with 45 chromosomes, sex chromosome X, in 20 cells: loss of chromosome Y."),
        ("47,XXYc[20]", "A karyotype with 47 chromosomes, sex chromosomes XXY (constitutional), in 20 cells."),
        ("47,XY,+21c[20]", "A male karyotype with 47 chromosomes in 20 cells: constitutional gain of chromosome 21."),
        (
            "45~47,XX,-7,+mar[cp20]",
            "A female composite karyotype with 45 to 47 chromosomes in 20 cells: loss of chromosome 7; a marker chromosome.",
        ),
        ("47,XXX", "A karyotype with 47 chromosomes, sex chromosomes XXX."),
        (
            "//46,XX[20].nuc ish(DXZ1x2)[1/500]",
            "Recipient: No cells. Donor: A normal female karyotype in 20 cells. \
             FISH in 1 of 500 interphase nuclei: 2 signals for DXZ1.",
        ),
        ("nuc ish 17p13(TP53x1)[1]", "FISH in 1 interphase nucleus: 1 signal for TP53 at 17p13."),
        ("ish del(22)(q11q11)(HIRA-)[5]", "Metaphase FISH in 5 cells: HIRA missing on del(22)(q11q11)."),
        ("No growth", "Kept as typed and not checked: “No growth”."),
        ("46,XX[20", "This text could not be read."),
    ] {
        assert_eq!(check(text).plain, plain, "{text}");
    }
}

#[test]
fn clones_are_told_apart() {
    let checked = check("45~47, XX,-7[5],+8 [cp12]/46,XX,t(8;21)(q22;q22)[8].nuc ish(D8Z2x2)[200]");
    let [composite, single] = checked.clones.as_slice() else { panic!("{:?}", checked.clones) };
    assert_eq!(composite.text, "45~47, XX,-7[5],+8 [cp12]");
    assert_eq!((composite.modal, composite.sex.as_deref()), (Some((45, 47)), Some("XX")));
    assert_eq!((composite.cells, composite.composite), (Some(12), true));
    assert_eq!(composite.abnormalities, ["-7", "+8"]);
    assert_eq!(single.text, "46,XX,t(8;21)(q22;q22)[8]");
    assert_eq!(single.abnormalities, ["t(8;21)(q22;q22)"]);
}

#[test]
fn findings_name_the_token_and_suggest() {
    let kept = check("46,XX,del5q[20]");
    assert_eq!(kept.findings[0].message, "“del5q” is kept as typed; it is not understood here.");
    for (text, repaired) in [
        ("47,XX[20]", "46,XX[20]"),
        ("46,XX,+8[20]", "47,XX,+8[20]"),
        ("46XX[20]", "46,XX[20]"),
        ("46.XX[20]", "46,XX[20]"),
        ("45,XO[20]", "45,X[20]"),
        ("45,XY,-Y[20]", "45,X,-Y[20]"),
        ("46,xx[20]", "46,XX[20]"),
        ("46, XX[20]", "46,XX[20]"),
        ("45,XX,–7[20]", "45,XX,-7[20]"),
        ("46,XX[10]46,XY[10]", "46,XX[10]/46,XY[10]"),
        ("46,XX[20].", "46,XX[20]"),
        ("46,XX[20]nuc ish(D8Z2x2)[200]", "46,XX[20].nuc ish(D8Z2x2)[200]"),
        ("nucish(D8Z2x2)[200]", "nuc ish(D8Z2x2)[200]"),
    ] {
        let [finding] = check(text).findings.try_into().expect("one finding");
        let Finding { position, length, suggestion, .. } = finding;
        let typed: Vec<char> = text.chars().collect();
        let (before, rest) = typed.split_at(position - 1);
        let new: String =
            before.iter().copied().chain(suggestion.unwrap().chars()).chain(rest[length..].iter().copied()).collect();
        assert_eq!(new, repaired);
        assert_eq!(check(repaired).status, Status::Ok, "{repaired}");
    }
}

#[test]
fn prints_as_json() {
    let json = serde_json::to_value(check("47,XX,+8[20]/")).unwrap();
    assert_eq!(json["status"], "error");
    assert_eq!(json["findings"][0]["level"], "error");
    assert_eq!(json["clones"][0]["modal"], serde_json::json!([47, 47]));
}

/// What holds for every text.
fn sane(text: &str) {
    let checked = check(text);
    let length = text.chars().count();
    assert_eq!(checked.text, text);
    assert_eq!(checked.status == Status::Ok, checked.findings.is_empty());
    assert!(!checked.plain.is_empty());
    assert!(checked.findings.is_sorted_by_key(|f| f.position));
    for finding in &checked.findings {
        assert!(finding.position >= 1 && finding.position + finding.length <= length + 1, "{finding:?}");
        assert!(!finding.message.is_empty());
    }
    for clone in &checked.clones {
        assert!(!clone.text.is_empty() && text.contains(&clone.text), "{clone:?}");
        assert!(clone.modal.is_none_or(|(low, high)| low <= high));
    }
    assert_eq!(check(text), checked);
    if let Some(normal) = &checked.normalized {
        let again = check(normal);
        assert_eq!(again.normalized.as_ref(), Some(normal), "{text}");
        assert_eq!(again.clones.len(), checked.clones.len(), "{text}");
        assert_eq!((again.terms, again.facts), (checked.terms, checked.facts), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_has_an_answer(text in "\\PC*|[\\s\\S]{0,40}") {
        sane(&text);
    }

    #[test]
    fn any_jumble_has_an_answer(
        bits in proptest::collection::vec(
            proptest::sample::select(vec![
                "46", "45", "47", ",", "XX", "XY", "X", "+8", "-7", "t(9;22)(q34;q11)", "[", "]", "(", ")", "/",
                "//", ".", " ", "nuc ish", "ish", "20", "cp", "[20]", "[cp3]", "idem", "~", "-", "?", "mos", "c",
                "(D8Z2x2)", "x2", "[1/200]", "\u{2212}", "\n", "É", "99999999999999999999", "<3n>", "arr", ";", ":",
            ]),
            0..24,
        )
    ) {
        sane(&bits.concat());
    }

    #[test]
    fn whole_chromosomes_add_up(mut gains in proptest::collection::vec(1_u32..=22, 0..8), off in 0_u32..3) {
        gains.sort_unstable();
        let modal = 46 + u32::try_from(gains.len()).unwrap() + off;
        let list = gains.iter().fold(String::new(), |list, n| format!("{list},+{n}"));
        let expected = if off == 0 { Status::Ok } else { Status::Error };
        let checked = check(&format!("{modal},XX{list}[20]"));
        prop_assert_eq!(checked.status, expected);
    }
}

// The corpus: each row was judged before the program saw it.

/// One row of `fixtures/iscn.tsv`.
struct Row<'t> {
    text: String,
    status: &'t str,
    /// Terms, or `code@position` of findings that must be there.
    expected: &'t str,
    /// Why the program is wrong here, where that is known.
    open: Option<&'t str>,
}

fn corpus() -> Vec<Row<'static>> {
    let tsv = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/iscn.tsv"));
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_else(|| panic!("a cell is missing: {line}"));
        let (text, status, expected, source) = (cell(), cell(), cell(), cell());
        Row { text: text.to_owned(), status, expected, open: source.strip_prefix("open: ") }
    };
    tsv.lines().skip(1).map(row).collect()
}

/// What of a row is not as judged.
fn misjudged(row: &Row<'_>) -> Option<String> {
    let checked = check(&row.text);
    let findings: Vec<String> = checked.findings.iter().map(|f| format!("{}@{}", f.code, f.position)).collect();
    let said = if row.expected.contains('@') {
        row.expected.split(' ').all(|wanted| findings.iter().any(|found| found == wanted))
    } else {
        let words =
            |terms: &[String]| terms.join(" ").split(' ').map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
        words(&checked.terms) == words(&[row.expected.to_owned()])
    };
    let right = said && checked.status.name() == row.status;
    (!right).then(|| {
        let found = format!("{} [{}] {{{}}}", checked.status, findings.join(" "), checked.terms.join(" "));
        format!("{}\n    judged  {} {}\n    program {found}", row.text, row.status, row.expected)
    })
}

/// Prints the share judged right and demands all but the rows marked `open: reason`, which must be wrong.
#[test]
fn corpus_is_judged_right() {
    let rows = corpus();
    assert!(rows.len() >= 150, "{} rows", rows.len());
    let wrong: Vec<(&Row<'_>, String)> = rows.iter().filter_map(|row| Some((row, misjudged(row)?))).collect();
    let open = rows.iter().filter(|row| row.open.is_some()).count();
    println!("{} of {} judged right; {open} open", rows.len() - wrong.len(), rows.len());
    let new: Vec<&str> = wrong.iter().filter(|(row, _)| row.open.is_none()).map(|(_, why)| why.as_str()).collect();
    assert!(new.is_empty(), "{}", new.join("\n"));
    assert_eq!(wrong.len(), open, "an open row is right by now");
}

/// Normalising twice changes nothing, and loses no clone.
#[test]
fn the_normal_form_is_its_own_normal_form() {
    for row in corpus() {
        sane(&row.text);
    }
}

// Facts, terms and search.

#[test]
fn facts_follow_from_clonal_changes() {
    // Text; changes, complex, monosomal, cells in all, abnormal cells.
    for (text, count, complex, monosomal, cells, abnormal) in [
        ("46,XX[20]", 0, false, false, Some(20), Some(0)),
        ("46,XX,t(9;22)(q34;q11.2)[15]/46,XX[5]", 1, false, false, Some(20), Some(15)),
        ("44,XY,del(5)(q22q35),-7,-17[14]/46,XY[6]", 3, true, true, Some(20), Some(14)),
        // One monosomy beside a structural change.
        ("45,XX,inv(3)(q21q26.2),-7[20]", 2, false, true, Some(20), Some(20)),
        // Core-binding factor, a lost Y and a marker do not make it monosomal.
        ("45,XX,-7,inv(16)(p13.1q22)[20]", 2, false, false, Some(20), Some(20)),
        ("45,X,-Y,t(3;5)(q25;q35)[20]", 2, false, false, Some(20), Some(20)),
        ("46,XX,-7,+mar[20]", 2, false, false, Some(20), Some(20)),
        // A single cell, a loss in two cells, and what was there from birth do not count.
        ("47,XX,+8[1]/46,XX[19]", 0, false, false, Some(20), Some(1)),
        ("45,XY,-7[2]/46,XY[18]", 0, false, false, Some(20), Some(2)),
        ("47,XY,+21c[20]", 0, false, false, Some(20), Some(20)),
        // The same change in two clones is one; a loss in 2 + 2 cells is clonal.
        ("45,XY,-7[2]/46,idem,+8[2]/46,XY[16]", 2, false, false, Some(20), Some(4)),
        ("46,XX,t(9;22)(q34;q11.2)[3]/47,idem,+8[17]", 2, false, false, Some(20), Some(20)),
        ("46,XX", 0, false, false, None, Some(0)),
    ] {
        let facts = check(text).facts;
        let found = (facts.abnormality_count, facts.is_complex, facts.is_monosomal, facts.total_cells);
        assert_eq!(found, (count, complex, monosomal, cells), "{text}");
        assert_eq!(facts.abnormal_cells, abnormal, "{text}");
    }
    for (text, normal) in [
        ("46,XX[20]", true),
        ("46,XY[19]/45,X,-Y[1]", true),
        ("46,XX[3]//46,XY[17]", true),
        ("47,XX,+8[1]/46,XX[19]", true),
        ("47,XX,+8[2]/46,XX[18]", false),
        ("47,XXYc[20]", false),
        ("46,XX,xyz(5)[3]/46,XX[17]", false),
        ("nuc ish(D8Z2x2)[200]", false),
        ("", false),
    ] {
        assert_eq!(check(text).facts.is_normal, normal, "{text}");
    }
    assert!(check("46,XX[3]//46,XY[17]").facts.has_donor);
}

#[test]
fn sex_chromosomes_against_the_recorded_sex() {
    use crate::domain::vocabulary::Sex;
    for (text, sex, warned) in [
        ("46,XX[20]", Sex::Female, false),
        ("46,XX[20]", Sex::Male, true),
        ("46,XY[20]", Sex::Female, true),
        ("46,XY[20]", Sex::Unknown, false),
        ("45,X,-Y[20]", Sex::Male, false),
        ("45,X,-Y[20]", Sex::Female, true),
        ("45,X,-X[20]", Sex::Male, true),
        ("45,X[20]", Sex::Male, false),
        ("46,X,t(X;18)(p11;q11)[20]", Sex::Female, false),
        ("46,Y,t(X;18)(p11;q11)[20]", Sex::Male, false),
        ("46,XX,t(9;22)(q34;q11.2)[3]/47,idem,+8[17]", Sex::Male, true),
        ("47,XXYc[20]", Sex::Male, false),
        ("46,XX[3]//46,XY[17]", Sex::Female, false),
        ("//46,XX[20]", Sex::Male, false),
        ("No metaphases", Sex::Male, false),
    ] {
        let finding = sex_findings(&check(text), sex);
        assert_eq!(finding.is_some(), warned, "{text} {sex}");
        if let Some(finding) = finding {
            assert_eq!((finding.code, finding.level), (Code::SexMismatch, Level::Warning));
            assert!(finding.message.contains("transplant"), "{}", finding.message);
        }
    }
}

#[test]
fn searches_find_what_they_ask_for() {
    let text = "44,XX,t(9;22)(q34.1;q11.2),del(5)(q13q33),-7,i(17)(q10),-18[20]";
    let yes = "t(9;22) | t(22;9) | T(9;22) | t(9;22)(q34;q11) | t(9;22)(q34.1;q11.2) | del(5q) | del(5) | 5q- | del 5q | -7 | \
               monosomy 7 | \u{2212}7 | i(17q) | i(17)(q10) | complex | monosomal | hypodiploid | del(5)(q13q33) | Complex";
    let no = "t(9;21) | t(9;22)(q31;q11) | del(5p) | del(7q) | 7q- | +7 | trisomy 8 | normal | -1 | -17 | inv(16) | 9 | \
              del(5)(q13) | hyperdiploid";
    let checked = check(text);
    for query in yes.split(" | ") {
        assert!(matches(&checked, query), "{query}: {:?}", checked.terms);
    }
    for query in no.split(" | ").chain([""]) {
        assert!(!matches(&checked, query), "{query}");
    }
    assert!(matches(&check("46,XY,t(22;9)(q11.2;q34)[20]"), "t(9;22)(q34;q11)"));
    assert!(matches(&check("46,X,t(X;18)(p11;q11)[20]"), "t(x;18)"));
}

#[test]
fn numbers_are_checked_where_cells_agree() {
    for (text, verdict) in [
        ("47,XX,+8[20]", CountCheck::Agrees),
        ("46,XX,+8[20]", CountCheck::Differs),
        ("45~47,XX,+8[cp20]", CountCheck::Composite),
        ("45~47,XX,+8[20]", CountCheck::Range),
        ("46,XX,+8,inc[20]", CountCheck::NotKnown),
        ("46,XXYc,-X[20]", CountCheck::Agrees),
        ("45,X,dic(X;15)(q11;p11)[20]", CountCheck::Agrees),
        ("48,XX,+mar1x2[20]", CountCheck::Agrees),
        ("46,XX,-7,+2~5mar[20]", CountCheck::Differs),
        ("48,XX,-7,+2~5mar[20]", CountCheck::Agrees),
    ] {
        assert_eq!(check(text).clones[0].count_check, verdict, "{text}");
    }
}

#[test]
fn changes_in_plain_english() {
    for (text, plain) in [
        ("del(5)(q13q33)", "deletion of the long arm of chromosome 5 between q13 and q33"),
        ("del(7)(q22)", "deletion of the long arm of chromosome 7 from q22 to its end"),
        ("t(9;22)(q34.1;q11.2)", "translocation between chromosomes 9 (q34.1) and 22 (q11.2)"),
        ("t(9;22;14)(q34;q11.2;q24)", "three-way translocation between chromosomes 9 (q34), 22 (q11.2) and 14 (q24)"),
        ("inv(16)(p13.1q22)", "inversion of chromosome 16 between p13.1 and q22"),
        ("i(17)(q10)", "isochromosome of the long arm of chromosome 17"),
        ("add(19)(p13)", "additional material of unknown origin on chromosome 19 (p13)"),
        ("der(7)t(1;7)(q21;p22)", "derivative chromosome 7 from translocation between chromosomes 1 (q21) and 7 (p22)"),
        ("der(13;14)(q10;q10)", "whole-arm translocation joining the long arm of 13 and the long arm of 14"),
        ("?del(7)(q22)", "possible deletion of the long arm of chromosome 7 from q22 to its end"),
        ("5~20dmin", "5 to 20 double minutes"),
        ("+r", "additional ring chromosome of unknown origin"),
        ("del(5)(q?)", "deletion of part of the long arm of chromosome 5"),
        (
            "der(?)t(?;11)(?;q13)",
            "derivative chromosome of unknown origin from translocation between an unknown chromosome (unknown band) and \
             chromosome 11 (q13)",
        ),
        ("idem", "all changes of the first abnormal clone"),
        ("+21c", "constitutional gain of chromosome 21"),
        ("t(2;5)(p23;q35)dn", "translocation between chromosomes 2 (p23) and 5 (q35), not inherited"),
    ] {
        let said = check(&format!("46,XX,{text}")).plain;
        assert!(said.contains(plain), "{text}: {said}");
    }
}

// FISH.

#[test]
fn fish_strings_are_written_from_counts() {
    let counts = |pattern, showing, scored| ProbeCounts { locus: None, pattern, showing, scored };
    let probe = |name: &str, copies| (name.to_owned(), copies);
    let fusion = |fused| Pattern::DualFusion { probes: [probe("ABL1", 3), probe("BCR", 3)], fused };
    let apart = |separated| Pattern::BreakApart { gene: "KMT2A".into(), copies: 2, separated };
    for (pattern, showing, text) in [
        (Pattern::Enumeration(vec![probe("D8Z2", 3)]), Some(74), "nuc ish(D8Z2x3)[74/200]"),
        (Pattern::Enumeration(vec![probe("TP53", 1), probe("D17Z1", 2)]), Some(52), "nuc ish(TP53x1,D17Z1x2)[52/200]"),
        (Pattern::Enumeration(vec![probe("TP53", 2), probe("D17Z1", 2)]), None, "nuc ish(TP53,D17Z1)x2[200]"),
        (fusion(2), Some(150), "nuc ish(ABL1,BCR)x3(ABL1 con BCRx2)[150/200]"),
        (apart(1), Some(88), "nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[88/200]"),
        (apart(0), None, "nuc ish(KMT2Ax2)[200]"),
    ] {
        let written = nuc_ish(&[counts(pattern, showing, 200)]).unwrap();
        assert_eq!(written, text);
        let checked = check(&written);
        assert_eq!((checked.status, checked.normalized.as_deref()), (Status::Ok, Some(text)));
        assert_eq!((checked.fish[0].showing, checked.fish[0].scored), (showing, Some(200)));
    }
    let two = [
        counts(Pattern::Enumeration(vec![probe("D8Z2", 2)]), None, 200),
        ProbeCounts {
            locus: Some("17p13".into()),
            ..counts(Pattern::Enumeration(vec![probe("TP53", 1)]), Some(9), 100)
        },
    ];
    assert_eq!(nuc_ish(&two).unwrap(), "nuc ish(D8Z2x2)[200],17p13(TP53x1)[9/100]");
    for (pattern, showing, scored) in [
        (Pattern::Enumeration(vec![]), None, 200),
        (Pattern::Enumeration(vec![probe("A)B", 1)]), None, 200),
        (Pattern::Enumeration(vec![probe("MYCx2", 1)]), None, 200),
        (Pattern::Enumeration(vec![probe("MYC", 1)]), Some(201), 200),
        (Pattern::Enumeration(vec![probe("MYC", 1)]), None, 0),
        (fusion(4), None, 200),
        (apart(3), None, 200),
    ] {
        assert_eq!(nuc_ish(&[counts(pattern, showing, scored)]), None);
    }
    assert_eq!(nuc_ish(&[]), None);
}

#[test]
fn fish_strings_are_read() {
    let [one, other] = fish("nuc ish(ABL1,BCR)x3(ABL1 con BCRx2)[150/200],(D8Z2x2)[200]").try_into().unwrap();
    assert_eq!((one.showing, one.scored, other.showing, other.scored), (Some(150), Some(200), None, Some(200)));
    let of =
        |signal: &FishSignal| (signal.probes.join(" "), signal.pattern.map(super::tree::Link::name), signal.copies);
    let signals: Vec<_> = one.signals.iter().map(of).collect();
    assert_eq!(
        signals,
        [
            ("ABL1".to_owned(), None, Some((3, 3))),
            ("BCR".to_owned(), None, Some((3, 3))),
            ("ABL1 BCR".to_owned(), Some("con"), Some((2, 2))),
        ]
    );
    let metaphase = fish("46,XX[20].ish del(22)(q11.2q11.2)(HIRA-)[5]");
    assert_eq!(metaphase[0].target, "del(22)(q11.2q11.2)");
    assert_eq!((metaphase[0].signals[0].present, metaphase[0].nuclei), (Some(false), false));
    assert!(fish("46,XX[20]").is_empty());
}

// Any tree and any text.

/// Trees: what is printed is parsed to the same tree.
mod trees {
    use super::super::glyphs::Glyph;
    use super::super::tree::*;
    use super::super::{change, clone, notes};
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn chromosome() -> impl Strategy<Value = Chromosome> {
        prop_oneof![
            8 => (1_u8..=22).prop_map(|n| Chromosome::Autosome(std::num::NonZeroU8::new(n).unwrap())),
            1 => Just(Chromosome::X),
            1 => Just(Chromosome::Y),
            1 => Just(Chromosome::Unknown),
        ]
    }

    fn band() -> impl Strategy<Value = Band> {
        let arm = select(vec![Arm::Short, Arm::Long]);
        let name = select(vec!["10", "13", "21.3", "34.12", "ter", "?", "1?3", "2?2.1"]);
        (arm, name).prop_map(|(arm, name)| Band { arm: Some(arm), name: name.to_owned() })
    }

    fn breakpoint() -> impl Strategy<Value = Breakpoint> {
        let other = option::weighted(0.2, (select(vec![Joint::To, Joint::Or]), band()));
        (any::<bool>(), band(), other).prop_map(|(doubtful, band, other)| Breakpoint { doubtful, band, other })
    }

    fn rearrangement(symbols: &'static [Symbol]) -> impl Strategy<Value = Rearrangement> {
        let partner = (chromosome(), any::<bool>()).prop_map(|(chromosome, doubtful)| Partner {
            chromosome,
            doubtful: doubtful && chromosome != Chromosome::Unknown,
            arm: None,
        });
        let modifier = option::weighted(0.1, select(Modifier::ALL.to_vec()));
        let groups = vec(vec(breakpoint(), 1..3), 1..4);
        (modifier, select(symbols), vec(partner, 1..4), option::of(groups)).prop_map(
            |(modifier, symbol, chromosomes, groups)| Rearrangement {
                at: Place::default(),
                doubtful: false,
                modifier,
                symbol,
                chromosomes,
                chromosomes_at: Place::default(),
                breaks: groups.map_or(Breaks::Missing, Breaks::Bands),
                breaks_at: Place::default(),
                parts: Vec::new(),
            },
        )
    }

    fn range(from: u32) -> impl Strategy<Value = Range> {
        (from..40, 0_u32..5).prop_map(|(low, more)| Range { low, high: low + more })
    }

    fn change() -> impl Strategy<Value = Change> {
        let sign = || select(vec![Sign::Gain, Sign::Loss]);
        let plain = rearrangement(Symbol::ALL).prop_map(Kind::Rearranged);
        let derived = (rearrangement(&[Symbol::Der]), vec(rearrangement(&[Symbol::T, Symbol::Del, Symbol::Add]), 1..4))
            .prop_map(|(r, parts)| Kind::Rearranged(Rearrangement { parts, ..r }));
        let related =
            select(vec![Related::Idem, Related::Stemline, Related::Sideline(None), Related::Sideline(Some(2))]);
        let kind = prop_oneof![
            4 => (sign(), chromosome()).prop_map(|(sign, c)| (Some(sign), None, Kind::Whole(c))),
            4 => (option::of(sign()), plain).prop_map(|(sign, kind)| (sign, None, kind)),
            2 => (option::of(sign()), derived).prop_map(|(sign, kind)| (sign, None, kind)),
            1 => (sign(), option::of(range(1)), option::of(1_u32..9))
                .prop_map(|(sign, count, number)| (Some(sign), count, Kind::Marker(number))),
            1 => option::of(range(1)).prop_map(|count| (None, count, Kind::DoubleMinutes)),
            1 => related.prop_map(|related| (None, None, Kind::Related(related))),
            1 => Just((None, None, Kind::Incomplete)),
        ];
        (
            kind,
            any::<bool>(),
            option::weighted(0.2, range(1)),
            any::<bool>(),
            option::of(select(Inherited::ALL.to_vec())),
        )
            .prop_map(|((sign, count, kind), doubtful, times, constitutional, inherited)| Change {
                sign,
                doubtful,
                count,
                times,
                constitutional,
                inherited,
                ..Change::of(kind)
            })
    }

    fn karyotype() -> impl Strategy<Value = Karyotype> {
        let sex = (select(vec!["X", "XX", "XY", "XXY"]), any::<bool>(), any::<bool>());
        let cells = (1_u32..99, any::<bool>()).prop_map(|(count, composite)| Cells { count, composite });
        (range(20), option::of(1_u32..=8), sex, vec(change(), 0..6), option::of(cells)).prop_map(
            |(modal, level, (letters, constitutional, doubtful), changes, cells)| Karyotype {
                modal: Some(modal),
                level,
                sex: Some(Sexes { letters: letters.to_owned(), constitutional, doubtful }),
                changes,
                cells,
                ..Karyotype::default()
            },
        )
    }

    fn glyphs(text: &str) -> Vec<Glyph> {
        text.chars().enumerate().map(|(index, c)| Glyph { c, at: index + 1 }).collect()
    }

    proptest! {
        #[test]
        fn what_is_printed_is_parsed_to_the_same_change(tree in change()) {
            let text = tree.to_string();
            let bare: Vec<Glyph> = glyphs(&text).into_iter().filter(|g| g.c != ' ').collect();
            match change::change(&bare) {
                Ok(read) => prop_assert_eq!(read, tree, "{}", text),
                Err(fault) => prop_assert!(false, "{}: {:?}", text, fault),
            }
        }

        #[test]
        fn what_is_printed_is_parsed_to_the_same_clone(tree in karyotype()) {
            let text = tree.to_string();
            let read = clone::clone(&glyphs(&text), None, &mut notes::Notes::default());
            prop_assert_eq!(&read, &tree, "{}", text);
            prop_assert_eq!(read.to_string(), text);
        }
    }
}

proptest! {
    /// Real-looking strings with a few characters changed, left out or put in.
    #[test]
    fn any_mutation_of_the_corpus_has_an_answer(
        which in any::<proptest::sample::Index>(),
        cuts in proptest::collection::vec((any::<proptest::sample::Index>(), 0_usize..4, "[-+,;:()\\[\\]/.x~?<>a-z0-9XY ]{0,3}"), 1..4),
    ) {
        let rows = corpus();
        let mut text: Vec<char> = rows[which.index(rows.len())].text.chars().collect();
        for (at, out, put) in cuts {
            let at = at.index(text.len() + 1);
            let end = (at + out).min(text.len());
            text.splice(at..end, put.chars());
        }
        sane(&text.into_iter().collect::<String>());
    }
}

/// Whatever is repeated, the longest text that is read gets its answer, and a longer one is kept unread.
#[test]
fn long_texts_are_bounded() {
    for piece in ["(", "47,XX,+8[3]/", "del(5)(q13q33),", "der(5)", "?", "idem,", "nuc ish(A con ", "46,XX,sdl,+8[2]/"]
    {
        sane(&piece.repeat(7_900 / piece.len()));
    }
    let long = check(&"46,XX[20]/".repeat(5_000));
    assert_eq!((long.status, long.clones.len()), (Status::NotModelled, 0));
}

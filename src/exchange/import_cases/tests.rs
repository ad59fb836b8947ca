use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use chrono_tz::Europe::London;
use proptest::prelude::*;
use uuid::Uuid;

use super::columns::*;
use super::reading::*;
use super::sheet::*;
use super::*;
use crate::domain::command::{OrdersInput, Suggested};
use crate::domain::decide::{Circumstances, log_case};
use crate::domain::{Accession, Actor, Catalogue, Code, Patient, Role, Side, UserId};

const HEADER: &str = "external_ref,mrn,family_name,requester,indication,procedure_at,site,side,kind,container,pull_number,\
                      volume_ul,length_mm,part_side,fixed_at,orders";
const A1: &str = "R1,4071,Okafor,e.marlow,MDS,2026-03-02 09:40,PIC,left,aspirate,EDTA,1,3000,,,,suggested";
const A2: &str =
    "R1,4071,Okafor,e.marlow,MDS,2026-03-02T09:40:00Z,PIC,LEFT,core,FORMALIN,,,16,right,2026-03-02 09:52,Suggested";
const B1: &str = "R2,4072,Nagy,e.marlow,MDS,2026-03-02 11:00,PIC,right,smear,SLIDE,1,,,,,karyo; IRON";

fn file(rows: &[&str]) -> String {
    let mut text = HEADER.to_owned();
    for row in rows {
        let _ = write!(text, "\r\n{row}");
    }
    text
}

fn parsed(rows: &[&str]) -> Parsed {
    parse(file(rows).as_bytes(), London).unwrap()
}

/// Line, column and code of every error.
fn brief(errors: &[RowError]) -> Vec<(u64, &str, &str)> {
    errors.iter().map(|e| (e.line, e.column.as_deref().unwrap_or_default(), e.code.as_str())).collect()
}

/// What becomes of one row with one cell changed.
fn with(row: &str, from: &str, to: &str) -> Vec<(String, String)> {
    assert_eq!(row.matches(from).count(), 1, "“{from}” must be in the row exactly once");
    let errors = parsed(&[&row.replace(from, to)]).errors;
    errors.into_iter().map(|e| (e.column.unwrap_or_default(), e.code)).collect()
}

fn one(column: &str, code: &str) -> Vec<(String, String)> {
    vec![(column.to_owned(), code.to_owned())]
}

#[test]
fn rows_with_one_reference_are_one_case_wherever_they_stand() {
    let parsed = parsed(&[A1, B1, A2]);
    assert_eq!(parsed.errors, []);
    assert_eq!(parsed.separator, ',');
    let [a, b] = parsed.cases.as_slice() else { panic!("two cases") };
    assert_eq!((a.external_ref.as_str(), a.rows.as_slice()), ("R1", [2, 4].as_slice()));
    assert_eq!((b.external_ref.as_str(), b.rows.as_slice()), ("R2", [3].as_slice()));
    assert_eq!(a.log.external_ref.as_deref(), Some("R1"));
    let [aspirate, core] = a.log.specimens.as_slice() else { panic!("two parts") };
    assert_eq!((aspirate.pull_number, aspirate.volume_ul, aspirate.side), (Some(1), Some(3000), None));
    assert_eq!((core.length_mm, core.volume_ul, core.side), (Some(16), None, Some(Side::Right)));
    assert_eq!(a.log.procedure.side, Some(Side::Left));
    assert_eq!(a.log.orders, OrdersInput::Suggested(Suggested::Suggested));
    let codes = ["KARYO", "IRON"].map(|c| Code::parse(c).unwrap());
    assert_eq!(b.log.orders, OrdersInput::Codes(codes.to_vec()));
}

#[test]
fn the_separator_is_seen_and_the_byte_order_mark_is_not() {
    for (separator, end) in [(',', "\r\n"), (';', "\n"), ('\t', "\r\n")] {
        // The list of orders holds a semicolon, so it must stand in quotation marks there.
        let row = B1.replace(',', &separator.to_string()).replace("karyo; IRON", "\"karyo; IRON\"");
        let header = HEADER.replace(',', &separator.to_string());
        let text = format!("\u{feff}{end}{header}{end}{end}{row}{end}");
        let parsed = parse(text.as_bytes(), London).unwrap();
        assert_eq!((parsed.separator, parsed.errors.len(), parsed.cases.len()), (separator, 0, 1));
        assert_eq!(parsed.cases[0].rows, [4], "blank lines count as lines and are no rows");
        assert!(parsed.sheet.errors_csv(&[]).starts_with("\u{feff}external_ref".as_bytes()));
    }
}

#[test]
fn a_header_that_is_not_understood_refuses_the_file() {
    let read = |text: &str| parse(text.as_bytes(), London).map(|p| p.cases.len());
    let unknown = read(&format!("{HEADER},blood_group\r\n")).unwrap_err();
    assert_eq!(unknown, FileError::UnknownColumns(vec!["blood_group".into()]));
    assert!(unknown.to_string().contains("“blood_group”"));
    assert_eq!(read(&HEADER.replace("mrn", "MRN")), Err(FileError::UnknownColumns(vec!["MRN".into()])));
    assert_eq!(read(&HEADER.replace(",orders", "")), Err(FileError::MissingColumns(vec![Column::Orders])));
    assert_eq!(read(&format!("{HEADER},mrn")), Err(FileError::RepeatedColumn("mrn".into())));
    assert_eq!(read(""), Err(FileError::NoHeader));
    assert_eq!(read("\u{feff}\r\n \r\n"), Err(FileError::NoHeader));
    assert_eq!(read(HEADER), Ok(0));
    let also: Vec<&str> = NOT_READ.iter().chain(&ERROR_COLUMNS).copied().filter(|c| *c != "parent").collect();
    assert_eq!(read(&format!("{HEADER},{}\r\n{B1}{}", also.join(","), ",?".repeat(also.len()))), Ok(1));
    // A part made from another came out of a laboratory: read again, its volume would count twice.
    assert_eq!(read(&format!("{HEADER},parent\r\n{B1},BM26-0000017-A1")), Ok(0));
}

#[test]
fn a_file_that_cannot_be_told_apart_is_refused_as_a_whole() {
    let mut bytes = file(&[A1, B1]).into_bytes();
    bytes.extend(b"\r\nR3,\xe9");
    assert_eq!(parse(&bytes, London).err(), Some(FileError::NotUtf8 { line: 4 }));
    let open = file(&[A1, &B1.replace("Nagy", "\"Nagy"), A2]);
    assert_eq!(parse(open.as_bytes(), London).err(), Some(FileError::OpenQuote { line: 3 }));
    assert_eq!(parse(&vec![b' '; FILE_BYTES_MAX + 1], London).err(), Some(FileError::TooLarge));
}

#[test]
fn the_limits_are_where_they_are_said_to_be() {
    let rows = |n: usize| format!("{HEADER}{}", format!("\n{B1}").repeat(n));
    let most = usize::try_from(ROWS_MAX).unwrap();
    assert_eq!(parse(rows(most).as_bytes(), London).unwrap().cases.len(), 1);
    assert_eq!(parse(rows(most + 1).as_bytes(), London).err(), Some(FileError::TooManyRows));

    let name = "x".repeat(CELL_BYTES_MAX);
    assert_eq!(with(B1, "Nagy", &name), []);
    assert_eq!(with(B1, "Nagy", &format!("{name}x")), one("family_name", "too_long"));
}

#[test]
fn the_rows_of_a_case_agree_about_the_case() {
    assert_eq!(brief(&parsed(&[A1, A2]).errors), [], "case of letters and ways to write a time do not matter");
    let other = A2.replace("Okafor", "Okonkwo").replace(",PIC,", ",,");
    let parsed = parsed(&[A1, &other, B1]);
    let expected = [(2, "", REFUSED_WITH_CASE), (3, "family_name", "mismatch"), (3, "site", "mismatch")];
    assert_eq!(brief(&parsed.errors), expected);
    assert_eq!(parsed.cases.len(), 1);
    assert!(!parsed.errors.iter().any(|e| e.message.contains("Okafor")), "no message repeats another row's name");
}

#[test]
fn a_row_that_falls_apart_takes_the_case_it_names_with_it() {
    // One cell too many in front: the reference is not where it should be, and still found.
    let shifted = format!(",{A2}");
    let errors = parsed(&[A1, B1, &shifted]).errors;
    assert_eq!(brief(&errors), [(2, "", REFUSED_WITH_CASE), (4, "", "malformed")]);
    assert!(errors[1].message.contains("17 cells and the header has 16"), "{}", errors[1].message);

    let stray = A2.replace("Okafor", "\"Oka\"for");
    assert_eq!(brief(&parsed(&[A1, &stray]).errors), [(2, "", REFUSED_WITH_CASE), (3, "family_name", "malformed")]);
    assert_eq!(brief(&parsed(&[&A1.replacen("R1", " ", 1)]).errors), [(2, "external_ref", "missing")]);
}

#[test]
fn cells_are_read_as_what_they_are() {
    assert_eq!(with(A1, "3000", "3,5"), one("", "malformed"));
    for (cell, code) in [("2.5", "not_a_number"), ("+1", "not_a_number"), ("３", "not_a_number"), ("-", "not_a_number")]
    {
        assert_eq!(with(A1, "3000", cell), one("volume_ul", code), "{cell}");
    }
    for cell in ["-1", "99999999999", "-0"] {
        assert_eq!(with(A1, "3000", cell), one("volume_ul", "out_of_range"), "{cell}");
    }
    assert_eq!(with(A1, "EDTA,1", "EDTA,300"), one("pull_number", "out_of_range"));
    assert_eq!(with(A1, "left", "L"), one("side", "unknown_code"));
    assert_eq!(with(A1, "EDTA", "EDTA/K2"), one("container", "malformed"));
    assert_eq!(with(A1, "EDTA", ""), one("container", "missing"));
    assert_eq!(with(A1, "aspirate", "pull"), one("kind", "unknown_code"));
    assert_eq!(with(A1, "suggested", "suggested KARYO"), one("orders", "malformed"));
    assert_eq!(with(A1, "suggested", "\"KARYO,IRON\""), one("orders", "malformed"));
    // What only the catalogue can know is left to the domain, and so is a name that is not there.
    assert_eq!(with(A1, "EDTA", "PURPLE"), []);
    assert_eq!(with(A1, "Okafor", ""), []);
    assert_eq!(with(A1, "suggested", ""), []);
}

#[test]
fn times_are_read_with_an_offset_or_by_the_clock_on_the_wall() {
    let read =
        |text: &str| moment(text, London).map(|at| at.format("%dT%H:%M:%S%.f").to_string()).map_err(|wrong| wrong.code);
    for (text, expected) in [
        ("2026-03-02 09:40", Ok("02T09:40:00")),
        ("2026-03-30 09:40", Ok("30T08:40:00")),
        ("2026-03-30T09:40:05", Ok("30T08:40:05")),
        ("2026-03-30t09:40:05.123456789z", Ok("30T09:40:05.123456")),
        ("2026-03-30 09:40+05:30", Ok("30T04:10:00")),
        ("2026-03-29T02:10:00+01:00", Ok("29T01:10:00")),
        ("2026-03-29 00:59", Ok("29T00:59:00")),
        ("2026-03-29 01:00", Err("no_such_time")),
        ("2026-03-29 01:59:59", Err("no_such_time")),
        ("2026-03-29 02:00", Ok("29T01:00:00")),
        ("2025-10-26 01:30", Err("ambiguous_time")),
        ("2025-10-26T01:30:00+00:00", Ok("26T01:30:00")),
        ("2025-10-26T01:30:00+01:00", Ok("26T00:30:00")),
        ("2026-02-29 10:00", Err("not_a_time")),
        ("2026-03-02", Err("not_a_time")),
        ("2026-03-02 24:00", Err("not_a_time")),
        ("2026-03-02 9:40", Err("not_a_time")),
        ("2026-03-02 09:40:60", Err("not_a_time")),
        ("2026-03-02 09:40 +01:00", Err("not_a_time")),
        ("2026-03-02 09:40:00+0100", Err("not_a_time")),
        ("2026-03-02 09:40:00+24:00", Err("not_a_time")),
        ("02/03/2026 09:40", Err("not_a_time")),
        ("+026-03-02 09:40", Err("not_a_time")),
    ] {
        assert_eq!(read(text), expected.map(str::to_owned), "{text}");
    }
    let Err(wrong) = moment("2025-10-26 01:30", London) else { panic!("it comes twice") };
    assert!(wrong.message.contains("2025-10-26T01:30:00+01:00 or 2025-10-26T01:30:00+00:00"), "{}", wrong.message);
    assert_eq!(with(A1, "2026-03-02 09:40", "2026-03-29 01:30"), one("procedure_at", "no_such_time"));
}

#[test]
fn what_the_domain_refuses_is_taken_back_to_its_cell() {
    let parsed = parsed(&[A1, A2]);
    let case = &parsed.cases[0];
    let at = |pointer: &str| {
        let error = locate(case, &FieldError::new(pointer, "out_of_range", "why"));
        assert_eq!((error.code.as_str(), error.message.as_str()), ("out_of_range", "why"));
        (error.line, error.row, error.column.unwrap_or_default(), error.value)
    };
    let place = |line, column: &str, value: &str| (line, line - 1, column.to_owned(), value.to_owned());
    assert_eq!(at("/patient/mrn"), place(2, "mrn", "4071"));
    assert_eq!(at("/procedure/performed_at"), place(2, "procedure_at", "2026-03-02 09:40"));
    assert_eq!(at("/procedure/operator"), place(2, "operator", ""));
    assert_eq!(at("/orders/3"), place(2, "orders", "suggested"));
    assert_eq!(at("/specimens"), place(2, "", ""));
    assert_eq!(at("/specimens/1/length_mm"), place(3, "length_mm", "16"));
    assert_eq!(at("/specimens/1/side"), place(3, "part_side", "right"));
    assert_eq!(at("/specimens/0/side"), place(2, "side", "left"), "the part has it from the case");
    assert_eq!(at("/specimens/0/collected_at"), place(2, "procedure_at", "2026-03-02 09:40"));
    assert_eq!(at("/specimens/1/not_collected"), place(3, "not_collected_reason", ""));
    assert_eq!(at("/specimens/40/kind"), place(2, "kind", "aspirate"));
    assert_eq!(at("/somewhere/else"), place(2, "", ""));
    assert_eq!(at(""), place(2, "", ""));

    let refusal = Refusal::field("/specimens/1/length_mm", "out_of_range", "why");
    assert_eq!(brief(&refused(case, &refusal)), [(2, "", REFUSED_WITH_CASE), (3, "length_mm", "out_of_range")]);
    let refusal = Refusal::Forbidden("no".into());
    assert_eq!(brief(&refused(case, &refusal)), [(2, "", "forbidden"), (3, "", REFUSED_WITH_CASE)]);
}

#[test]
fn refused_rows_come_back_as_sent_with_what_is_wrong() {
    let two = A1.replace("3000", "3 mL").replace("left", "L");
    let rows = [two.as_str(), B1, A2, "R3,4073,\"Smith, Jr.\",e.marlow,MDS,,,,smear,SLIDE,1,,,,,IRON,,one too many"];
    let first = parsed(&rows);
    let back = String::from_utf8(first.sheet.errors_csv(&first.errors)).unwrap();
    let lines: Vec<&str> = back.lines().collect();
    assert_eq!(lines[0], format!("{HEADER},error_line,error_column,error_code,error_message"));
    let start = format!("{two},2,side; volume_ul,unknown_code; not_a_number,\"expected one of: left");
    assert!(lines[1].starts_with(&start), "{}", lines[1]);
    assert!(lines[2].starts_with(&format!("{A2},4,side,mismatch,")), "{}", lines[2]);
    assert!(
        lines[3].starts_with(
            "R3,4073,\"Smith, Jr.\",e.marlow,MDS,,,,smear,SLIDE,1,,,,,\"IRON,,one too many\",5,,malformed,"
        )
    );
    assert_eq!(lines.len(), 4);

    // Corrected and sent again as it is: the columns that tell what was wrong are not in the way.
    let corrected = back.replace("3 mL", "3000").replace(",L,", ",left,").replace("\"IRON,,one too many\"", "IRON");
    let second = parse(corrected.as_bytes(), London).unwrap();
    assert_eq!((brief(&second.errors), second.cases.len()), (vec![], 2));
    let again = String::from_utf8(second.sheet.errors_csv(&[])).unwrap();
    assert_eq!(again.trim_end(), lines[0], "and they are not there twice the next time");
}

#[test]
fn a_long_value_is_shortened() {
    let errors = parsed(&[&A1.replace("left", &"é".repeat(300))]).errors;
    assert_eq!(errors[0].value, format!("{}…", "é".repeat(79)));
}

fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A laboratory that logs every case it is given and remembers its patients.
struct Bench {
    catalogue: Catalogue,
    by: Actor,
    known: BTreeMap<String, Patient>,
    ids: u128,
}

impl Bench {
    fn new() -> Self {
        let catalogue = Catalogue::parse(&String::from_utf8(fixture("catalogue.toml")).unwrap()).unwrap();
        let (name, full_name) = ("t.tech".to_owned(), "T. Tech".to_owned());
        let by = Actor { id: UserId(Uuid::from_u128(1)), name, full_name, roles: vec![Role::Tech] };
        Self { catalogue, by, known: BTreeMap::new(), ids: 1 }
    }

    /// What the domain refuses, with every row of the case that it refuses.
    fn log(&mut self, case: &ParsedCase) -> Vec<RowError> {
        let now: DateTime<Utc> = "2026-04-15T12:00:00Z".parse().unwrap();
        let ids = &mut self.ids;
        let mut next = || {
            *ids += 1;
            Uuid::from_u128(*ids)
        };
        let mut at = Circumstances::of(now, &self.catalogue, &mut next);
        let known = self.known.get(&case.log.patient.mrn);
        match log_case(&case.log, Accession::new(26, 1).unwrap(), known, &self.by, &mut at) {
            Ok(decision) => {
                assert_eq!(decision.case.specimens.len(), case.rows.len());
                let patient = decision.case.patient;
                self.known.insert(patient.mrn.clone(), patient);
                Vec::new()
            }
            Err(refusal) => refused(case, &refusal),
        }
    }

    fn import(&mut self, name: &str) -> (Parsed, Vec<RowError>) {
        let parsed = parse(&fixture(name), self.catalogue.laboratory.time_zone).unwrap();
        let mut errors = parsed.errors.clone();
        for case in &parsed.cases {
            errors.extend(self.log(case));
        }
        errors.sort_by_key(|e| e.line);
        (parsed, errors)
    }
}

#[test]
fn a_month_of_a_laboratory_is_logged_without_a_question() {
    let mut bench = Bench::new();
    let (parsed, errors) = bench.import("month.csv");
    assert_eq!(errors, []);
    assert!(parsed.cases.len() >= 220 && parsed.sheet.records.len() >= 1_000);
    assert!(bench.known.len() < parsed.cases.len(), "some patients come twice");
    for indication in &bench.catalogue.indications {
        assert!(parsed.cases.iter().any(|c| c.log.indication == indication.code), "{}", indication.code);
    }
}

#[test]
fn every_bad_row_is_answered_with_its_line_column_and_code() {
    let mut bench = Bench::new();
    bench.import("month.csv");
    let (parsed, errors) = bench.import("month.bad.csv");
    let found: Vec<String> =
        brief(&errors).iter().map(|(line, column, code)| format!("{line},{column},{code}")).collect();
    let answers = String::from_utf8(fixture("month.bad.answers.csv")).unwrap();
    assert_eq!(found, answers.lines().skip(1).collect::<Vec<_>>());
    let answered: HashSet<u64> = errors.iter().map(|e| e.row).collect();
    assert_eq!(answered.len(), parsed.sheet.records.len(), "no row of this file is good");
    let back = parsed.sheet.errors_csv(&errors);
    let again = parse(&back, London).unwrap();
    assert_eq!(again.sheet.records.len(), parsed.sheet.records.len());
}

/// Cells that come close to what is asked for.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[A-C0-9]{1,2}",
        "(2026-03-(02|29|32)|2025-10-26)[ T]0[0-9]:[0-6]0(Z|\\+01:00)?",
        "(left|aspirate|core|suggested|dry_tap|KARYO;IRON|-?[0-9]{1,11})",
        "[\"',;\t\r\n é\u{0}-]{0,6}",
        "\\PC{0,12}",
    ]
}

proptest! {
    #[test]
    fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes, London);
        let behind_a_header = [HEADER.as_bytes(), b"\r\n", bytes.as_slice()].concat();
        let _ = parse(&behind_a_header, London);
    }

    /// No row is lost: it is in a case or has an error, never both, and comes back when it is refused.
    #[test]
    fn every_row_is_answered_once(
        rows in proptest::collection::vec(proptest::collection::vec(cell(), 15..18), 0..8),
        quoted in any::<bool>(),
    ) {
        let mut text = HEADER.to_owned();
        for row in &rows {
            let cells: Vec<String> = row
                .iter()
                .map(|c| if quoted { format!("\"{}\"", c.replace('"', "\"\"")) } else { c.clone() })
                .collect();
            let _ = write!(text, "\r\n{}", cells.join(","));
        }
        let Ok(parsed) = parse(text.as_bytes(), London) else { return Ok(()) };
        let logged: Vec<u64> = parsed.cases.iter().flat_map(|c| c.rows.iter().copied()).collect();
        let refused: HashSet<u64> = parsed.errors.iter().map(|e| e.line).collect();
        for record in &parsed.sheet.records {
            let times = logged.iter().filter(|line| **line == record.line).count();
            prop_assert_eq!(times + usize::from(refused.contains(&record.line)), 1);
        }
        let again = parse(&parsed.sheet.errors_csv(&parsed.errors), London).unwrap();
        prop_assert_eq!(again.sheet.records.len(), refused.len());
        let widths: HashSet<usize> = again.sheet.records.iter().map(|r| r.cells.len()).collect();
        prop_assert!(widths.iter().all(|w| *w == again.sheet.header.len()));
        if quoted {
            let lines = parsed.sheet.records.iter().map(|r| r.line);
            prop_assert!(lines.clone().zip(lines.skip(1)).all(|(a, b)| a < b));
        }
    }

    /// Whatever is in a cell comes back as it was sent.
    #[test]
    fn a_refused_row_comes_back_unchanged(name in "[\\PC\"\r\n,;\t]{0,20}") {
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        let parsed = parsed(&[&A1.replace("Okafor", &quoted).replace("left", "L")]);
        let again = parse(&parsed.sheet.errors_csv(&parsed.errors), London).unwrap();
        prop_assert_eq!(&again.sheet.records[0].cells[..16], &parsed.sheet.records[0].cells[..16]);
    }
}

//! The PDF as readers get it: drawn as pictures, read back as text.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use proptest::prelude::*;

use super::samples::{HASH, SAID, full, hostile, small};
use super::*;
use reader::{read, squeezed};

/// The tests over HTTP read with the same eyes.
#[path = "../../../tests/it/support/pdf.rs"]
mod reader;

fn printed(document: &ReportDocument, standing: Standing) -> Vec<u8> {
    let sha256 = (standing != Standing::Preview).then_some(HASH);
    render(&Print { document, sha256, standing }).unwrap()
}

#[test]
fn every_page_names_the_patient_the_case_the_version_and_itself() {
    for (document, least) in [(small(), 1), (full(), 2), (hostile(), 5)] {
        let pages = read(&printed(&document, Standing::Current));
        assert!(pages.len() >= least, "{} pages", pages.len());
        for (i, page) in pages.iter().enumerate() {
            let number = format!("page{}of{}", i + 1, pages.len());
            for needed in
                [document.mrn.as_str(), &document.accession, &squeezed(&document.version_words()), &number, HASH]
            {
                assert!(page.contains(needed), "{needed} is missing on page {}: {page}", i + 1);
            }
            if document.patient == "OKAFOR, Amara" {
                assert!(page.contains("OKAFOR,Amara"), "{page}");
            }
        }
    }
}

#[test]
fn the_pdf_says_what_the_report_says_in_its_order() {
    let text = read(&printed(&full(), Standing::Current)).concat();
    let mut from = 0;
    for said in SAID {
        let found = text.get(from..).and_then(|rest| rest.find(&squeezed(said)));
        let found =
            found.unwrap_or_else(|| panic!("{said:?} is missing after {:?}", text.get(from.saturating_sub(80)..from)));
        from += found;
    }
}

/// The heading of a section and the name of a finding stood alone at the foot of a page, as did who verified a finding at
/// the head of the next.
#[test]
fn what_belongs_together_is_on_one_page() {
    let mut turned = 0;
    for height in 0..70 {
        let mut d = small();
        d.comment = Some("Second comment.".into());
        d.clinical_note = Some("Line.\n".repeat(height) + "End.");
        d.trends = full().trends;
        let pages = read(&printed(&d, Standing::Current));
        turned = turned.max(pages.len());
        for together in [
            ["Synopsis", "62 % of nucleated cells"],
            ["Morphology Aspirate smear, differential count", "Hypercellular; 62 % blasts with cup-like nuclei."],
            ["Cells counted 500", "Performed by"],
            ["Course NPM1 transcripts", "hollow: not detected"],
            ["Taken Case Value Method", "1 March 2025"],
            ["Comment", "Second comment."],
            ["Part What it is", "BM26-000417K-A1"],
        ] {
            let both = together.map(squeezed).concat();
            let [first, second] = together.map(squeezed);
            let one = |page: &String| {
                page.contains(&both) || page.split_once(&first).is_some_and(|(_, after)| after.contains(&second))
            };
            assert!(pages.iter().any(one), "{together:?} stand apart with {height} lines before them: {pages:#?}");
        }
    }
    assert!(turned > 2, "the lines moved everything over the foot of a page");
}

/// `BM26-00/0417K-A1`.
#[test]
fn a_label_is_not_broken_while_there_is_room() {
    let mut typesetter = Typesetter::new().unwrap();
    let d = full();
    let cell = |text| Cell { text, style: style::CELL, role: Role::Cell };
    let long = "smear, slide with a frosted end, left, posterior iliac crest, pull 1. ".repeat(9);
    let rows: Vec<Vec<Cell<'_>>> = d.specimens.iter().map(|p| vec![cell(&p.label), cell(&long), cell(&long)]).collect();
    let widths = columns(&mut typesetter, &[cell("Part"), cell("What it is"), cell("Condition")], &rows);
    assert!((widths.iter().sum::<f32>() - MEASURE).abs() < 0.1, "{widths:?}");
    let lines = typesetter.lines("BM26-000417K-A1", style::CELL, widths[0] - layout::GAP);
    assert_eq!(lines.len(), 1, "{widths:?}");
}

#[test]
fn the_standing_is_written_across_every_page() {
    for (standing, word) in
        [(Standing::Void, "VOID"), (Standing::Superseded(3), "SUPERSEDED"), (Standing::Preview, "NOTSIGNED")]
    {
        let pages = read(&printed(&full(), standing));
        assert!(pages.iter().all(|p| p.contains(word)), "{word}");
        assert!(read(&printed(&full(), Standing::Current)).iter().all(|p| !p.contains(word)), "{word}");
    }
    let preliminary = ReportDocument { status: "preliminary".into(), ..small() };
    assert!(read(&printed(&preliminary, Standing::Current)).iter().all(|p| p.contains("PRELIMINARY")));
}

#[test]
fn the_same_version_gives_the_same_bytes() {
    for document in [full(), hostile()] {
        assert!(printed(&document, Standing::Current) == printed(&document, Standing::Current));
    }
    assert!(printed(&full(), Standing::Current) != printed(&full(), Standing::Void));
}

#[test]
fn long_and_strange_text_is_all_there() {
    let pages = read(&printed(&hostile(), Standing::Current));
    let text = pages.concat();
    for said in ["U+202E", "U+0000", "U+1F9EC", "<b>bold</b>", "Value199"] {
        assert!(text.contains(said), "{said}");
    }
    assert!(text.matches('x').count() >= 984);
}

#[test]
fn a_document_of_format_1_is_still_printed() {
    let mut json: serde_json::Value = serde_json::from_str(&small().text()).unwrap();
    let map = json.as_object_mut().unwrap();
    for new in ["time_zone", "synoptic", "trends", "flags", "calls", "told_at", "told_how", "attestation"] {
        map.remove(new).unwrap();
    }
    map["format"] = 1.into();
    map["findings"] = serde_json::json!([{
        "assay": "ASPIRATE", "name": "Aspirate smear", "status": "final", "version": 1, "interpretation": "abnormal",
        "summary": "62 % blasts", "comment": null, "disclaimers": [], "performed_by": "Fenbridge",
        "values": [{ "key": "blasts_pct", "number": 62.0, "unit": "%" }], "verified_by": "Dr L. Ferreira",
        "verified_at": "2026-03-05T15:20:00Z",
    }]);
    let old = ReportDocument::read(&json.to_string()).unwrap();
    let text = read(&printed(&old, Standing::Current)).concat();
    for said in ["Blastspct62%", "TimesareinUTC", "4March202609:12"] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

/// Pages as pictures, gray. A changed page must be looked at: run with `TREPHINE_BLESS=1` to accept.
#[test]
fn pages_look_as_they_did() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/report");
    for (name, bytes) in [
        ("small", printed(&small(), Standing::Current)),
        ("corrected", printed(&full(), Standing::Current)),
        ("superseded", printed(&small(), Standing::Superseded(2))),
    ] {
        let pages = pictures(bytes);
        // A page that is no longer there leaves no picture behind.
        let beyond = dir.join(format!("{name}-{}.png", pages.len() + 1));
        if std::env::var_os("TREPHINE_BLESS").is_some() && beyond.exists() {
            std::fs::remove_file(&beyond).unwrap();
        }
        assert!(!beyond.exists(), "{} has no page", beyond.display());
        for (i, (width, height, gray)) in pages.into_iter().enumerate() {
            let path = dir.join(format!("{name}-{}.png", i + 1));
            if std::env::var_os("TREPHINE_BLESS").is_some() {
                std::fs::create_dir_all(&dir).unwrap();
                let mut out = png::Encoder::new(std::fs::File::create(&path).unwrap(), width, height);
                out.set_color(png::ColorType::Grayscale);
                out.write_header().unwrap().write_image_data(&gray).unwrap();
            }
            let file = std::io::BufReader::new(std::fs::File::open(&path).unwrap());
            let mut golden = png::Decoder::new(file).read_info().unwrap();
            let mut expected = vec![0; golden.output_buffer_size().unwrap()];
            golden.next_frame(&mut expected).unwrap();
            assert_eq!(expected.len(), gray.len(), "{} has another size", path.display());
            let differ = expected.iter().zip(&gray).filter(|(a, b)| a.abs_diff(**b) > 48).count();
            assert!(differ * 2000 < gray.len(), "{} differs in {differ} points", path.display());
        }
    }
}

fn pictures(pdf: Vec<u8>) -> Vec<(u32, u32, Vec<u8>)> {
    let pdf = Pdf::new(pdf).unwrap();
    let draw = |page| {
        let scale = PixmapSettings { x_scale: 1.25, y_scale: 1.25, bg_color: WHITE };
        let (cache, settings) = (RenderCache::new(), InterpreterSettings::default());
        let map = hayro::render(page, &cache, &settings, &RenderSettings::default(), &scale);
        let gray = map.data().iter().map(|p| p.g).collect();
        (u32::from(map.width()), u32::from(map.height()), gray)
    };
    pdf.pages().iter().map(draw).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_document_is_printed(
        words in proptest::collection::vec(any::<String>(), 12),
        long in "[\\PC\\n]{0,600}",
        rows in 0usize..30,
        numbers in proptest::collection::vec((any::<i32>(), proptest::option::of(any::<f64>()), proptest::option::of(any::<f64>())), 0..8),
        log in any::<bool>(),
    ) {
        let mut d = full();
        let mut next = words.into_iter().cycle();
        let mut word = || next.next().unwrap_or_default();
        (d.patient, d.mrn, d.accession, d.status) = (word(), word(), word(), word());
        (d.laboratory_address, d.indication, d.diagnosis) = (word(), word(), long);
        (d.specimens[0].what, d.findings[0].summary, d.signed_by) = (word(), word(), word());
        d.born = Some(word());
        let line = d.synoptic[0].clone();
        d.synoptic = (0..rows).map(|_| DocumentLine { value: word(), ..line.clone() }).collect();
        let point = d.trends[0].points[0].clone();
        d.trends[0].log = log;
        d.trends[0].points = numbers
            .into_iter()
            .map(|(s, value, below)| crate::domain::report_document::DocumentPoint {
                at: point.at + chrono::TimeDelta::seconds(s.into()), value, below, ..point.clone()
            })
            .collect();
        let pdf = render(&Print { document: &d, sha256: Some(HASH), standing: Standing::Current });
        prop_assert!(pdf.is_ok(), "{:?}", pdf.err());
    }
}

//! Tables to take away: spreadsheets, chosen columns, and exports that run beside the pages; on every engine.

use std::io::{Cursor, Read as _};
use std::time::{Duration, Instant};

use calamine::{Data, Reader as _, Xlsx};
use chrono_tz::Tz;
use serde_json::json;
use trephine::domain::{Actor, ReportState, ResultState, SpecimenState};
use trephine::exchange::csv_out::{Dialect, Format, Kind};
use trephine::exchange::jobs::{Job, Jobs, Wanted};
use trephine::lab::export_jobs::{Ending, JobId, JobState, OPEN_MAX};
use trephine::lab::questions::cases::Filter;
use trephine::lab::questions::export::{Dataset, Identifiers, Request, columns};
use trephine::lab::questions::export_rows::Rows;

use crate::machines::{House, journal_since, on_both_engines};
use crate::support::Engine;

on_both_engines!(
    a_spreadsheet_says_what_the_csv_says,
    columns_are_chosen_and_ordered_in_every_format,
    an_export_runs_beside_the_pages_and_is_its_owners,
    a_canceled_export_leaves_nothing,
    a_restart_ends_what_was_running,
    files_go_after_a_week,
    a_preview_is_short_and_journaled,
    nobody_queues_without_end,
);

const FULL: &str = "identifiers=full&reason=Annual%20audit%207";

/// A few cases with everything in them, and with what a spreadsheet would spoil.
fn filled(engine: Engine) -> House {
    let house = House::open(engine);
    for (mrn, name, note) in
        [("000123", "=HYPERLINK(1)", "=1+1"), ("1E5", "+Okonkwo", "@sum"), ("2026-03-04", "O'Neil", "a\n\"b\", c")]
    {
        let mut body = house.case(&json!(["NGS-MYE"]));
        body["patient"]["mrn"] = json!(mrn);
        body["patient"]["family_name"] = json!(name);
        body["patient"]["given_name"] = json!("Ada");
        body["clinical_note"] = json!(note.replace('\n', " "));
        house.log(&body);
    }
    house.result(ResultState::Final);
    house.report(ReportState::Final);
    house.part(SpecimenState::Rejected);
    house.part(SpecimenState::Lost);
    house
}

/// What a cell says, in the words of the CSV.
fn words(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(s) => s.clone(),
        Data::Float(f) => f.to_string(),
        Data::Int(i) => i.to_string(),
        Data::Bool(b) => b.to_string(),
        Data::DateTime(at) => {
            let (y, m, d, h, min, s, ms) = at.to_ymd_hms_milli();
            format!("{y:04}-{m:02}-{d:02}T{h:02}:{min:02}:{s:02}.{ms:03}")
        }
        other => panic!("a cell of another kind: {other:?}"),
    }
}

/// A time of the CSV as a spreadsheet keeps it: wall clock, milliseconds. Dates and everything else as they are.
fn wall(text: &str) -> String {
    match chrono::DateTime::parse_from_rfc3339(text) {
        Ok(at) => at.naive_local().format("%Y-%m-%dT%H:%M:%S%.3f").to_string(),
        Err(_) => text.parse::<chrono::NaiveDate>().map_or_else(|_| text.to_owned(), |d| format!("{d}T00:00:00.000")),
    }
}

fn a_spreadsheet_says_what_the_csv_says(engine: Engine) {
    let house = filled(engine);
    for dataset in Dataset::ALL {
        let query = format!("{FULL}&tz=America/New_York");
        let csv = house.staff.admin.get(&format!("/api/v1/exports/{dataset}.csv?{query}")).expect(200);
        let (reply, bytes) = house.staff.admin.bytes(&format!("/api/v1/exports/{dataset}.xlsx?{query}"));
        assert_eq!(reply.status, 200);
        assert!(reply.header("content-type").unwrap().contains("spreadsheetml"), "{reply:?}");
        assert!(reply.header("content-disposition").unwrap().contains(&format!("trephine-{dataset}.xlsx")));
        let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names(), [dataset.name(), "About"]);
        let sheet = book.worksheet_range(dataset.name()).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.text.as_bytes());
        let expected: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert!(expected.len() > 1, "{dataset} is empty");
        assert_eq!(sheet.rows().len(), expected.len(), "{dataset}");
        let kinds = columns(*dataset);
        for (row, (cells, record)) in sheet.rows().zip(&expected).enumerate() {
            for (at, text) in record.iter().enumerate() {
                let cell = cells.get(at).unwrap_or(&Data::Empty);
                use trephine::lab::questions::export::Kind as K;
                let typed = row == 0
                    || match kinds[at].kind {
                        K::Text | K::Code => matches!(cell, Data::String(_) | Data::Empty),
                        K::Integer | K::Number => matches!(cell, Data::Float(_) | Data::Int(_) | Data::Empty),
                        K::Date | K::Time => matches!(cell, Data::DateTime(_) | Data::Empty),
                        K::Boolean => matches!(cell, Data::Bool(_) | Data::Empty),
                    };
                assert!(typed, "{dataset}.{} is {cell:?}", kinds[at].name);
                let is_text = matches!(cell, Data::String(_));
                let said = if is_text { text.to_owned() } else { wall(text) };
                assert_eq!(words(cell), said, "{dataset}.{} in row {row}", kinds[at].name);
            }
        }
        let formulas = book.worksheet_formula(dataset.name()).unwrap();
        assert!(formulas.rows().flatten().all(String::is_empty), "{dataset} has a formula");
        let about = book.worksheet_range("About").unwrap();
        let said = |name: &str| about.rows().find(|r| r[0].to_string() == name).map(|r| r[1].to_string()).unwrap();
        assert_eq!(said("Rows"), (expected.len() - 1).to_string());
        assert_eq!(said("Exported by"), "a.lindgren");
        assert!(said("Time zone").starts_with("America/New_York"));
    }
    house.server.assert_verified();
}

fn columns_are_chosen_and_ordered_in_every_format(engine: Engine) {
    let house = filled(engine);
    let admin = &house.staff.admin;
    let whole = admin.get("/api/v1/exports/specimens.csv?identifiers=pseudonym").expect(200).text;
    let some =
        admin.get("/api/v1/exports/specimens.csv?identifiers=pseudonym&columns=state,kind,%20case_key").expect(200);
    let pick = |text: &str, names: &[&str]| -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let heads = reader.headers().unwrap().clone();
        let at: Vec<usize> = names.iter().map(|n| heads.iter().position(|h| h == *n).unwrap()).collect();
        reader.records().map(|r| at.iter().map(|i| r.as_ref().unwrap()[*i].to_owned()).collect()).collect()
    };
    assert!(some.text.starts_with("state,kind,case_key\r\n"), "{}", some.text);
    let wanted = pick(&whole, &["state", "kind", "case_key"]);
    assert_eq!(pick(&some.text, &["state", "kind", "case_key"]), wanted);
    let lines =
        admin.get("/api/v1/exports/specimens.ndjson?identifiers=pseudonym&columns=state,kind,case_key").expect(200);
    let first: serde_json::Value = serde_json::from_str(lines.text.lines().next().unwrap()).unwrap();
    assert_eq!(first.as_object().unwrap().keys().collect::<Vec<_>>(), ["state", "kind", "case_key"]);
    let (_, bytes) = admin.bytes("/api/v1/exports/specimens.xlsx?identifiers=pseudonym&columns=state,kind,case_key");
    let sheet = Xlsx::new(Cursor::new(bytes)).unwrap().worksheet_range("specimens").unwrap();
    let rows: Vec<Vec<String>> = sheet.rows().skip(1).map(|r| r.iter().map(words).collect()).collect();
    assert_eq!(rows, wanted);
    let manifest = admin.get("/api/v1/exports/specimens.datapackage.json?columns=state,kind").expect(200).json();
    assert_eq!(manifest["resources"][0]["schema"]["fields"].as_array().unwrap().len(), 2);
    // What is hidden stays hidden, however it is asked for.
    let hidden = admin.get("/api/v1/exports/specimens.csv?columns=label,mrn,family_name").expect(200);
    assert!(hidden.text.lines().skip(1).all(|l| l.trim() == ",,"), "{}", hidden.text);
    for wrong in ["nothing", "state,state", ","] {
        let reply = admin.get(&format!("/api/v1/exports/specimens.csv?columns={wrong}"));
        assert_eq!((reply.status, reply.json()["errors"][0]["pointer"].as_str()), (422, Some("/columns")), "{wrong}");
    }
}

fn wanted(dataset: Dataset, kind: Kind) -> Wanted {
    Wanted {
        request: Request {
            dataset,
            filter: Filter::default(),
            rows: Rows::All,
            identifiers: Identifiers::Pseudonym,
            reason: None,
            columns: None,
        },
        format: Format { kind, dialect: Dialect::Machine, zone: Tz::UTC },
    }
}

struct Office {
    house: House,
    jobs: Jobs,
    dir: tempfile::TempDir,
    admin: Actor,
    supervisor: Actor,
}

impl Office {
    fn open(engine: Engine) -> Self {
        let house = filled(engine);
        let dir = tempfile::tempdir().unwrap();
        let jobs = Jobs::new(house.server.lab.clone(), dir.path().join("exports"));
        let (admin, supervisor) =
            (house.server.lab.user("a.lindgren").unwrap(), house.server.lab.user("s.iqbal").unwrap());
        Self { house, jobs, dir, admin, supervisor }
    }

    fn files(&self) -> Vec<String> {
        let Ok(found) = std::fs::read_dir(self.dir.path().join("exports")) else { return Vec::new() };
        found.map(|f| f.unwrap().file_name().into_string().unwrap()).collect()
    }

    async fn ended(&self, who: &Actor, id: JobId) -> Job {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let job = self.jobs.get(who, id).await.unwrap();
            if !matches!(job.state, JobState::Queued | JobState::Running) {
                return job;
            }
            assert!(Instant::now() < until, "{job:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Runs on a runtime as the server's, so that what is spawned lives as long.
fn run<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

fn an_export_runs_beside_the_pages_and_is_its_owners(engine: Engine) {
    let office = Office::open(engine);
    let before = office.house.server.journal();
    run(async {
        for kind in Kind::ALL {
            let id = office.jobs.start(&office.admin, wanted(Dataset::Specimens, *kind)).await.unwrap();
            let job = office.ended(&office.admin, id).await;
            assert_eq!((job.state, job.error.as_deref(), job.fetchable), (JobState::Done, None, true));
            assert_eq!(job.reach.cases, job.reach.cases_total);
            assert!(job.reach.rows >= 7, "{:?}", job.reach);
            let mut fetched = office.jobs.open(&office.admin, id).await.unwrap();
            let mut bytes = Vec::new();
            fetched.file.read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes.len() as u64, fetched.bytes);
            assert_eq!(job.bytes, Some(fetched.bytes));
            if *kind == Kind::Csv {
                let direct = office.house.staff.admin.get("/api/v1/exports/specimens.csv?identifiers=pseudonym&tz=UTC");
                assert_eq!(String::from_utf8(bytes).unwrap(), direct.expect(200).text);
            }
            #[cfg(unix)]
            {
                use std::os::unix::fs::MetadataExt as _;
                assert_eq!(fetched.file.metadata().unwrap().mode() & 0o077, 0, "others read the file");
            }
            // Nobody else's: not to fetch, not to look at, not to cancel. An admin sees that it is there.
            assert!(office.jobs.open(&office.supervisor, id).await.is_err());
            assert!(office.jobs.get(&office.supervisor, id).await.is_err());
            assert!(office.jobs.cancel(&office.supervisor, id).await.is_err());
        }
        let theirs = office.jobs.start(&office.supervisor, wanted(Dataset::Cases, Kind::Csv)).await.unwrap();
        office.ended(&office.supervisor, theirs).await;
        let seen = office.jobs.list(&office.admin).await.unwrap();
        assert_eq!(seen.len(), Kind::ALL.len() + 1);
        assert_eq!((seen[0].id, seen[0].user.as_str(), seen[0].fetchable), (theirs, "s.iqbal", false));
        assert!(office.jobs.open(&office.admin, theirs).await.is_err());
        let own = office.jobs.list(&office.supervisor).await.unwrap();
        assert_eq!(own.iter().map(|j| j.id).collect::<Vec<_>>(), [theirs]);
        // Whoever may not export may not start one either.
        let tech = office.house.server.lab.user("t.nguyen").unwrap();
        assert!(office.jobs.start(&tech, wanted(Dataset::Cases, Kind::Csv)).await.is_err());
    });
    let notes = journal_since(&office.house, before);
    let count = |command: &str| notes.iter().filter(|e| e["command"] == command).count();
    // The three kinds, the supervisor's, and the one over HTTP.
    assert_eq!((count("export.begin"), count("export.end"), count("export.fetch")), (5, 5, 3));
    office.house.server.assert_verified();
}

fn a_canceled_export_leaves_nothing(engine: Engine) {
    let office = Office::open(engine);
    run(async {
        let id = office.jobs.start(&office.admin, wanted(Dataset::Events, Kind::Xlsx)).await.unwrap();
        office.jobs.cancel(&office.admin, id).await.unwrap();
        let job = office.ended(&office.admin, id).await;
        assert_eq!((job.state, job.fetchable), (JobState::Canceled, false));
        assert!(office.jobs.open(&office.admin, id).await.is_err());
        // Whatever was being written is gone once its writer has noticed.
        let until = Instant::now() + Duration::from_secs(20);
        while !office.files().is_empty() {
            assert!(Instant::now() < until, "{:?}", office.files());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // What has ended stays as it is.
        let done = office.jobs.start(&office.admin, wanted(Dataset::Cases, Kind::Csv)).await.unwrap();
        assert_eq!(office.ended(&office.admin, done).await.state, JobState::Done);
        office.jobs.cancel(&office.admin, done).await.unwrap();
        assert_eq!(office.jobs.get(&office.admin, done).await.unwrap().state, JobState::Done);
    });
}

fn a_restart_ends_what_was_running(engine: Engine) {
    let office = Office::open(engine);
    let lab = &office.house.server.lab;
    let request = serde_json::to_string(&wanted(Dataset::Cases, Kind::Csv)).unwrap();
    let id = lab.queue_export(&office.admin, "cases", &request).unwrap();
    assert!(lab.export_reached(id, Default::default()).unwrap());
    // Another node of the same PostgreSQL may still be at it; an SQLite file has one server.
    office.jobs.tidy(true).unwrap();
    let state = || run(office.jobs.get(&office.admin, id)).unwrap();
    if lab.store().path().is_none() {
        assert_eq!(state().state, JobState::Running);
        office.house.server.at("2026-03-04T10:30:00Z");
        office.jobs.tidy(false).unwrap();
    }
    assert_eq!(state().state, JobState::Failed);
    assert!(state().error.unwrap().contains("stopped"));
    // Whoever still wrote it hears that it is over.
    assert!(!lab.export_reached(id, Default::default()).unwrap());
    assert!(!lab.export_ended(id, &Ending::Done { file: "x".into(), bytes: 1 }).unwrap());
}

fn files_go_after_a_week(engine: Engine) {
    let office = Office::open(engine);
    let id = run(async {
        let id = office.jobs.start(&office.admin, wanted(Dataset::Cases, Kind::Ndjson)).await.unwrap();
        office.ended(&office.admin, id).await;
        id
    });
    assert_eq!(office.files().len(), 2, "the file and its manifest");
    office.house.server.at("2026-03-11T08:00:00Z");
    office.jobs.tidy(false).unwrap();
    assert!(run(office.jobs.open(&office.admin, id)).is_ok());
    office.house.server.at("2026-03-12T09:00:00Z");
    assert!(run(office.jobs.open(&office.admin, id)).is_err(), "its time is over");
    office.jobs.tidy(false).unwrap();
    assert_eq!((office.files().len(), run(office.jobs.list(&office.admin)).unwrap().len()), (0, 0));
}

fn a_preview_is_short_and_journaled(engine: Engine) {
    let office = Office::open(engine);
    let before = office.house.server.journal();
    let mut asked = wanted(Dataset::Events, Kind::Csv);
    asked.request.columns = Some(vec!["command".into(), "what".into()]);
    let shown = run(office.jobs.preview(&office.admin, asked.clone(), "test")).unwrap();
    assert_eq!((shown.columns.as_slice(), shown.rows.len()), (&["command", "what"][..], 20));
    let whole = office.house.staff.admin.get("/api/v1/exports/events.csv?columns=command,what").expect(200).text;
    let mut reader = csv::Reader::from_reader(whole.as_bytes());
    let first: Vec<Vec<String>> =
        reader.records().take(20).map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(shown.rows, first);
    assert_eq!(journal_since(&office.house, before)[0]["command"], "export.preview");
    asked.request.columns = Some(vec!["nothing".into()]);
    assert!(run(office.jobs.preview(&office.admin, asked, "test")).is_err());
}

fn nobody_queues_without_end(engine: Engine) {
    let office = Office::open(engine);
    let lab = &office.house.server.lab;
    let queue = |who: &Actor| lab.queue_export(who, "cases", "{}");
    for _ in 0..OPEN_MAX {
        queue(&office.admin).unwrap();
    }
    assert!(queue(&office.admin).is_err());
    queue(&office.supervisor).unwrap();
}

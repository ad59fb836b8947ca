//! `/exports`: tables to take away.

use actix_web::HttpResponse;
use actix_web::http::header;
use chrono::NaiveTime;
use chrono_tz::Tz;
use maud::html;

use crate::domain::Refusal;
use crate::exchange::csv_out::{self, Dialect, Format, Kind};
use crate::lab::questions::cases::Filter;
use crate::lab::questions::export::{self, Dataset, Identifiers, Request};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::layout::Page;
use crate::web::parts::{Field, hidden, icon, options};
use crate::web::session::{Person, Posted};

/// `GET /exports`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    let plain = Request {
        dataset: Dataset::Cases,
        filter: Filter::default(),
        identifiers: Identifiers::None,
        reason: None,
        columns: None,
    };
    export::may_export(person.actor(), &plain)?;
    let fields = Fields::default()
        .with("dataset", Dataset::Cases.name())
        .with("identifiers", Identifiers::None.name())
        .with("dialect", "excel")
        .with("zone", person.zone().name());
    std::future::ready(Ok(render(&person, &Draft::fresh(fields)))).await
}

/// `POST /exports/download`
pub(crate) async fn download(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let (request, format) = match read(&person, &fields) {
        Ok(read) => read,
        Err(refusal) => return Ok(render(&person, &Draft::refused(fields, refusal))),
    };
    // Refused before the first byte, so that the answer is a page and not a broken file.
    if let Err(e) = export::may_export(person.actor(), &request) {
        return Ok(render(&person, &Draft::refused(fields, e)));
    }
    let name = csv_out::file_name(request.dataset, format);
    let body = csv_out::stream(person.lab.clone(), person.actor().clone(), request, format, person.request_id.clone());
    let answer = HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, format.media_type()))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(body);
    std::future::ready(Ok(answer)).await
}

fn read(person: &Person, fields: &Fields) -> Result<(Request, Format), Refusal> {
    let Ok(zone) = fields.get("zone").parse::<Tz>() else {
        return Err(Refusal::field("/zone", "unknown", "type a zone such as Europe/London or UTC"));
    };
    let mut r = Reader::new(fields, zone, person.now);
    let dataset = r.word::<Dataset>("dataset");
    let identifiers = r.word::<Identifiers>("identifiers");
    for (name, missing) in [("dataset", dataset.is_none()), ("identifiers", identifiers.is_none())] {
        if missing && fields.opt(name).is_none() {
            r.fail(name, "missing", "choose one");
        }
    }
    let (kind, dialect) = match fields.get("dialect") {
        "machine" => (Kind::Csv, Dialect::Machine),
        "ndjson" => (Kind::Ndjson, Dialect::Machine),
        _ => (Kind::Csv, Dialect::Excel),
    };
    // Whole days of the laboratory; the last one included.
    let start = |day: Option<chrono::NaiveDate>| day.map(|d| person.catalogue.laboratory.moment(d, NaiveTime::MIN));
    let from = start(r.date("from"));
    let to = start(r.date("to").and_then(|d| d.succ_opt()));
    let reason = r.opt("reason");
    let request = dataset.zip(identifiers).map(|(dataset, identifiers)| Request {
        dataset,
        filter: Filter { from, to, ..Filter::default() },
        identifiers,
        reason,
        columns: None,
    });
    Ok((r.found(request)?, Format { kind, dialect, zone }))
}

fn render(person: &Person, draft: &Draft) -> HttpResponse {
    let dialects = [
        ("excel".to_owned(), "For a spreadsheet".to_owned()),
        ("machine".to_owned(), "CSV for programs".to_owned()),
        ("ndjson".to_owned(), "NDJSON".to_owned()),
    ];
    let identifiers = [
        (Identifiers::None.name().to_owned(), "None: nobody can be recognized".to_owned()),
        (Identifiers::Pseudonym.name().to_owned(), "Pseudonyms: the same key for the same patient".to_owned()),
        (Identifiers::Full.name().to_owned(), "Full: names and numbers, with a reason".to_owned()),
    ];
    Page::of(person, "Exports").draft(draft).main("page page--middle").render(html! {
        h1 { "Exports" }
        form .card .plain action="/exports/download" method="post" novalidate {
            (hidden(person))
            (Field::new("dataset", "Table").radios(draft, &options(Dataset::ALL, Dataset::name, Dataset::words)))
            (Field::new("identifiers", "Identifiers").radios(draft, &identifiers))
            (Field::new("reason", "Reason").hint("For full identifiers; it is kept in the journal").input(draft))
            div .grid {
                (Field::new("from", "Cases logged from").hint("2026-01-01 or 1 January 2026").optional().input(draft))
                (Field::new("to", "to, that day included").optional().input(draft))
                (Field::new("zone", "Time zone").hint("In which times are written").input(draft))
            }
            (Field::new("dialect", "File").radios(draft, &dialects))
            button .btn .btn--primary .btn--bench { (icon("down")) "Download" }
            p .hint { "Every export is written to the journal: who, what, why, how many rows." }
        }
    })
}

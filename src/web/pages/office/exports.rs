//! `/exports`: tables to take away. What is wanted is in a form that works without JavaScript: every button sends all
//! of it and gets it back; columns are chosen by ticks and moved by buttons.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use chrono::NaiveTime;
use chrono_tz::Tz;
use maud::{Markup, html};

use super::export_jobs;
use crate::domain::progress::Stage;
use crate::domain::{Moment, Refusal, Urgency};
use crate::exchange::csv_out::{self, Dialect, Format, Kind};
use crate::exchange::jobs::{Jobs, PREVIEW_ROWS, Preview, Wanted};
use crate::lab::questions::cases::{CaseSort, Filter};
use crate::lab::questions::export::{self, Column, Dataset, Identifiers, Request};
use crate::lab::questions::export_rows::{Narrowing, Parts, Rows};
use crate::lab::questions::turnaround_months::Kept;
use crate::lab::questions::worklist::{View, WorkSort};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::language::{t, word};
use crate::web::layout::Page;
use crate::web::live::Part;
use crate::web::parts::{Field, choices, hidden, icon, table};
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other};

/// The fields by which the rows of a table are narrowed, beside the cases they are of.
const fn narrowed_by(dataset: Dataset) -> &'static [&'static str] {
    match dataset {
        Dataset::Orders => &["department", "assay", "urgency", "view", "kept", "final_from", "final_to", "sort"],
        Dataset::Turnaround => &["department", "assay", "urgency", "kept", "final_from", "final_to"],
        Dataset::Specimens | Dataset::Rejections => &["parts", "place"],
        Dataset::Cases => &["sort"],
        Dataset::Results | Dataset::Reports | Dataset::Events => &[],
    }
}

/// `GET /exports`: what the address names is filled in, by the names that lists use in theirs.
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let plain = Request {
        dataset: Dataset::Cases,
        filter: Filter::default(),
        rows: Rows::All,
        identifiers: Identifiers::None,
        reason: None,
        columns: None,
    };
    export::may_export(person.actor(), &plain)?;
    let asked = Fields::new(query.into_inner());
    let dataset = Dataset::parse(asked.get("dataset")).unwrap_or(Dataset::Cases);
    let mut fields = Fields::default()
        .with("dataset", dataset.name())
        .with("identifiers", Identifiers::None.name())
        .with("dialect", "excel")
        .with("zone", person.zone().name());
    let cases = ["stage", "indication", "late", "requester", "from", "to"];
    for name in cases.iter().chain(narrowed_by(dataset)).chain(&["zone", "dialect", "identifiers"]) {
        if let Some(value) = asked.opt(name) {
            fields.set(name, value);
        }
    }
    let draft = Draft::fresh(arranged(fields, None));
    render(&person, &draft, None).await
}

/// The parts that change.
///
/// # Errors
/// The store.
pub(crate) async fn live(person: &Person) -> Result<Vec<Part>, PageError> {
    Ok(vec![Part { id: "export-jobs", markup: export_jobs::draw(person).await? }])
}

/// Columns in the order of the form: those it knows first, every other one of the dataset behind; all ticked where
/// nothing is known. A button may have moved one.
fn arranged(fields: Fields, moved: Option<(&str, i64)>) -> Fields {
    let dataset = Dataset::parse(fields.get("dataset")).unwrap_or(Dataset::Cases);
    let all: Vec<&'static str> = export::columns(dataset).iter().map(|c| c.name).collect();
    // Of another dataset: begin anew.
    let same = fields.get("arranged") == dataset.name();
    let mut order: Vec<&'static str> = Vec::new();
    if same {
        order.extend(fields.all("order").filter_map(|name| all.iter().copied().find(|c| *c == name)));
        order.dedup();
    }
    let rest: Vec<&'static str> = all.into_iter().filter(|c| !order.contains(c)).collect();
    order.extend(rest);
    if let Some((name, by)) = moved
        && let Some(at) = order.iter().position(|c| *c == name)
        && let Some(to) = i64::try_from(at).ok().and_then(|at| usize::try_from(at + by).ok())
        && to < order.len()
    {
        order.swap(at, to);
    }
    let ticked: Vec<&'static str> =
        order.iter().copied().filter(|c| !same || fields.all("columns").any(|t| t == *c)).collect();
    let mut kept = fields.without(&["order", "columns", "arranged"]);
    kept.set("arranged", dataset.name());
    for name in order {
        kept.add("order", name);
    }
    for name in ticked {
        kept.add("columns", name);
    }
    kept
}

/// `POST /exports`: arranges, previews, or starts.
pub(crate) async fn post(posted: Posted, jobs: web::Data<Jobs>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let button = fields.get("deed").to_owned();
    let moved = button.strip_prefix("up:").map(|c| (c, -1)).or_else(|| button.strip_prefix("down:").map(|c| (c, 1)));
    let fields = arranged(fields, moved);
    if moved.is_some() || button == "columns" {
        return render(&person, &Draft::fresh(fields), None).await;
    }
    let wanted = match read(&person, &fields) {
        Ok((request, format)) => Wanted { request, format },
        Err(refusal) => return render(&person, &Draft::refused(fields, refusal), None).await,
    };
    if button == "start" {
        return match jobs.start(person.actor(), wanted).await {
            Ok(_) => Ok(see_other(&done("/exports#export-jobs", "export-start"))),
            Err(e) => render(&person, &Draft::refused(fields, e), None).await,
        };
    }
    match jobs.preview(person.actor(), wanted, &person.request_id).await {
        Ok(preview) => render(&person, &Draft::fresh(fields), Some(&preview)).await,
        Err(e) => render(&person, &Draft::refused(fields, e), None).await,
    }
}

/// `POST /exports/download`: the whole file at once, for a table that is small enough to wait for.
pub(crate) async fn download(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let fields = arranged(fields, None);
    let (request, format) = match read(&person, &fields) {
        Ok(read) => read,
        Err(refusal) => return render(&person, &Draft::refused(fields, refusal), None).await,
    };
    // Refused before the first byte, so that the answer is a page and not a broken file.
    if let Err(e) = export::may_export(person.actor(), &request) {
        return render(&person, &Draft::refused(fields, e), None).await;
    }
    if let Err(e) = export::chosen(&request) {
        return render(&person, &Draft::refused(fields, e), None).await;
    }
    let name = csv_out::file_name(request.dataset, format);
    let body = csv_out::stream(person.lab.clone(), person.actor().clone(), request, format, person.request_id.clone());
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, format.media_type()))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(body))
}

/// What the form wants.
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
    let stage = r.word::<Stage>("stage");
    let (kind, dialect) = match fields.get("dialect") {
        "machine" => (Kind::Csv, Dialect::Machine),
        "ndjson" => (Kind::Ndjson, Dialect::Machine),
        "xlsx" => (Kind::Xlsx, Dialect::Excel),
        _ => (Kind::Csv, Dialect::Excel),
    };
    // Whole days of the laboratory; the last one included.
    let start = |day: Option<chrono::NaiveDate>| -> Option<Moment> {
        day.map(|d| person.catalogue.laboratory.moment(d, NaiveTime::MIN))
    };
    let from = start(r.date("from"));
    let to = start(r.date("to").and_then(|d| d.succ_opt()));
    let narrowing = Narrowing {
        department: r.code("department"),
        assay: r.code("assay"),
        urgency: r.word("urgency"),
        view: r.word("view"),
        kept: r.word("kept"),
        final_from: start(r.date("final_from")),
        final_until: start(r.date("final_to").and_then(|d| d.succ_opt())),
        parts: r.word("parts"),
        place: r.code("place"),
        sort: r.opt("sort"),
    };
    let rows = dataset.map(|dataset| narrowing.rows(dataset)).transpose()?;
    let filter = Filter {
        stage,
        indication: fields.opt("indication").map(|i| i.to_ascii_uppercase()),
        requester: fields.opt("requester"),
        from,
        to,
        late: (fields.get("late") == "1").then_some(true),
    };
    let reason = r.opt("reason");
    // A form from before columns could be chosen has none, and means all.
    let chosen: Vec<String> = fields
        .all("order")
        .filter(|name| fields.all("columns").any(|ticked| ticked == *name))
        .map(str::to_owned)
        .collect();
    let columns = fields.opt("order").map(|_| chosen);
    let request = dataset.zip(rows).zip(identifiers).map(|((dataset, rows), identifiers)| Request {
        dataset,
        filter,
        rows,
        identifiers,
        reason,
        columns,
    });
    Ok((r.found(request)?, Format { kind, dialect, zone }))
}

async fn render(person: &Person, draft: &Draft, preview: Option<&Preview>) -> Result<HttpResponse, PageError> {
    let jobs = export_jobs::draw(person).await?;
    let dialects: Vec<_> =
        ["excel", "xlsx", "machine", "ndjson"].iter().map(|d| ((*d).to_owned(), word("export-file", d))).collect();
    let identifiers: Vec<_> =
        Identifiers::ALL.iter().map(|i| (i.name().to_owned(), word("export-identifiers", i.name()))).collect();
    Ok(Page::of(person, t!("nav-exports")).draft(draft).live().render(html! {
        h1 { (t!("nav-exports")) }
        form #export-form .card .plain action="/exports" method="post" novalidate {
            (hidden(person))
            // The first button of a form is what Enter presses.
            button .sr-only name="deed" value="preview" tabindex="-1" aria-hidden="true" { (t!("export-preview")) }
            div .grid {
                (Field::new("dataset", &t!("export-table")).select(draft, &t!("export-choose"), &choices(Dataset::ALL, Dataset::name, "export-dataset")))
                div .field { button .btn name="deed" value="columns" { (t!("export-show-columns")) } }
            }
            (filters(person, draft))
            (rows(person, draft))
            (columns(draft))
            (Field::new("identifiers", &t!("export-identifiers")).radios(draft, &identifiers))
            (Field::new("reason", &t!("export-reason")).hint(&t!("export-reason-hint")).input(draft))
            div .grid {
                (Field::new("zone", &t!("export-zone")).hint(&t!("export-zone-hint")).input(draft))
            }
            (Field::new("dialect", &t!("export-file")).radios(draft, &dialects))
            div .actions {
                button .btn name="deed" value="preview" { (t!("export-preview")) }
                button .btn .btn--primary name="deed" value="start" { (t!("export-start")) }
                button .btn formaction="/exports/download" { (icon("down")) (t!("export-download")) }
            }
            p .hint { (t!("export-journaled")) }
            @if let Some(preview) = preview { (preview_table(preview)) }
        }
        (jobs)
    }))
}

/// Which cases: the same names as the list of cases has in its address.
fn filters(person: &Person, draft: &Draft) -> Markup {
    let indications: Vec<_> =
        person.catalogue.indications.iter().map(|i| (i.code.to_string(), i.name.clone())).collect();
    html! {
        fieldset .grid-row {
            legend { (t!("export-which-cases")) }
            (Field::new("stage", &t!("export-stage")).select(draft, &t!("export-any"), &choices(Stage::ALL, Stage::name, "stage")))
            (Field::new("indication", &t!("catalogue-question")).data().select(draft, &t!("export-any"), &indications))
            (Field::new("late", &t!("late")).select(draft, &t!("export-any"), &[("1".to_owned(), t!("export-only-late"))]))
            (Field::new("requester", &t!("turn-requester")).hint(&t!("journal-actor-hint")).input(draft))
            (Field::new("from", &t!("export-from")).hint("2026-01-01").input(draft))
            (Field::new("to", &t!("export-to")).hint("2026-01-31").input(draft))
        }
    }
}

/// Which rows of those cases: what the chosen table can be narrowed by.
fn rows(person: &Person, draft: &Draft) -> Markup {
    let c = &person.catalogue;
    let dataset = Dataset::parse(draft.fields.get("dataset"));
    let names = dataset.map_or(&[][..], narrowed_by);
    let cases = dataset == Some(Dataset::Cases);
    let any = t!("export-any-row");
    let named = |all: &mut dyn Iterator<Item = (String, String)>| all.collect::<Vec<_>>();
    let field = |name: &str| match name {
        "department" => Field::new(name, &t!("export-department")).select(
            draft,
            &any,
            &named(&mut c.departments.iter().map(|d| (d.code.to_string(), d.name.clone()))),
        ),
        "assay" => Field::new(name, &t!("turn-test")).select(
            draft,
            &any,
            &named(&mut c.assays.iter().map(|a| (a.code.to_string(), a.name.clone()))),
        ),
        "urgency" => Field::new(name, &t!("turn-urgency")).select(
            draft,
            &any,
            &choices(Urgency::ALL, Urgency::name, "turn-urgency"),
        ),
        "view" => {
            Field::new(name, &t!("export-view")).select(draft, &any, &choices(View::ALL, View::name, "bench-view"))
        }
        "kept" => Field::new(name, &t!("turn-kept")).select(draft, &any, &choices(Kept::ALL, Kept::name, "turn-kept")),
        "sort" if cases => Field::new(name, &t!("list-sort")).select(
            draft,
            &word("case-sort", CaseSort::Oldest.name()),
            &choices(&[CaseSort::Newest, CaseSort::Due], CaseSort::name, "case-sort"),
        ),
        "sort" => Field::new(name, &t!("list-sort")).hint(&t!("export-sort-hint")).select(
            draft,
            &word("bench-sort", WorkSort::Urgent.name()),
            &choices(&[WorkSort::Due, WorkSort::Label], WorkSort::name, "bench-sort"),
        ),
        "final_from" => Field::new(name, &t!("export-final-from")).hint("2026-01-01").input(draft),
        "final_to" => Field::new(name, &t!("export-to")).hint("2026-01-31").input(draft),
        "parts" => {
            Field::new(name, &t!("export-parts")).select(draft, &any, &choices(Parts::ALL, Parts::name, "export-parts"))
        }
        _ => Field::new(name, &t!("storage-place")).select(
            draft,
            &any,
            &named(&mut c.storages.iter().map(|p| (p.code.to_string(), p.name.clone()))),
        ),
    };
    html! {
        @if !names.is_empty() {
            fieldset .grid-row {
                legend { (t!("export-which-rows")) }
                @for name in names { (field(name)) }
            }
        }
    }
}

/// Ticks and, for each column, a button up and a button down.
fn columns(draft: &Draft) -> Markup {
    let fields = &draft.fields;
    let dataset = Dataset::parse(fields.get("dataset")).unwrap_or(Dataset::Cases);
    let all: Vec<Column> = export::columns(dataset);
    let order: Vec<&Column> = fields.all("order").filter_map(|name| all.iter().find(|c| c.name == name)).collect();
    let ticked = fields.all("columns").count();
    html! {
        input type="hidden" name="arranged" value=(fields.get("arranged"));
        details .more #export-columns open[draft.error("columns").is_some()] {
            summary { (t!("export-columns", chosen = ticked, count = order.len())) }
            @if let Some(why) = draft.error("columns") { p .error #columns { (crate::web::words::message("columns", why)) } }
            ol .picks {
                @for (n, c) in order.iter().enumerate() {
                    li {
                        input type="hidden" name="order" value=(c.name);
                        label .choice {
                            input type="checkbox" name="columns" value=(c.name) checked[fields.all("columns").any(|t| t == c.name)];
                            span { code .id { (c.name) } @if c.identifying { " " span .muted .small { (t!("export-identifying")) } } }
                        }
                        button .btn .btn--sm name="deed" value={ "up:" (c.name) } disabled[n == 0] aria-label=(t!("export-up", column = c.name)) { "↑" }
                        button .btn .btn--sm name="deed" value={ "down:" (c.name) } disabled[n + 1 == order.len()] aria-label=(t!("export-down", column = c.name)) { "↓" }
                    }
                }
            }
        }
    }
}

fn preview_table(preview: &Preview) -> Markup {
    let rows: Vec<Vec<Markup>> = preview
        .rows
        .iter()
        .map(|row| {
            row.iter().map(|text| html! { @if text.is_empty() { span .muted { "–" } } @else { (text) } }).collect()
        })
        .collect();
    html! {
        div .plot #preview tabindex="0" role="group" aria-label=(t!("export-preview")) {
            @if rows.is_empty() { p { (t!("export-no-rows")) } }
            @else { (table(&html! { (t!("export-first-rows", shown = rows.len(), most = PREVIEW_ROWS)) }, &preview.columns, &rows)) }
        }
    }
}

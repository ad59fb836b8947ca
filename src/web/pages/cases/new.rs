//! `/cases/new`: log a case on one page. What the laboratory makes of it so far (the patient on file, the tests and what
//! would feed them, the times) is shown while it is filled in: at every press without JavaScript, and by itself with it.

mod form;
mod outlook;
mod read;
mod rows;

use actix_web::{HttpResponse, web};

use crate::domain::decide::{Outlook, Prospect, is_same_person};
use crate::domain::{Command, Moment, Patient, Refusal, Role, Target};
use crate::edge::Problem;
use crate::lab::drafts::Draft as Kept;
use crate::web::act::Deed;
use crate::web::drafts;
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::parts::rename;
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other, time};

/// The page as drafts know it.
const PAGE: &str = "cases/new";

/// Fields that hold a moment, besides those of the rows.
const TIMES: [&str; 1] = ["procedure.performed_at"];
/// Fields of a row that hold a moment.
const ROW_TIMES: [&str; 2] = ["collected_at", "fixed_at"];

/// The patient on file under the number that was typed.
enum OnFile {
    /// No number was typed.
    Unasked,
    /// Nobody has it yet.
    New,
    /// Somebody, and what else was typed fits.
    Same(Patient),
    /// Somebody, and what else was typed does not fit: a question, never an answer.
    Other(Patient),
}

/// The page with everything that is known about the case so far.
struct View {
    place: String,
    draft: Draft,
    on_file: OnFile,
    outlook: Option<Outlook>,
    /// Which row each part of the outlook came from.
    parts: Vec<usize>,
    /// When the puncture was, if it was already.
    performed: bool,
    focus: Option<String>,
    kept: Vec<Kept>,
}

/// `GET /cases/new?draft=`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let query = Fields::new(query.into_inner());
    let wanted = query.opt("draft").map(|number| format!("{PAGE}#{number}"));
    let taken_up = match &wanted {
        Some(place) => drafts::take_up(&person, place).await?,
        None => None,
    };
    let mut kept = person.lab.drafts_of(person.actor(), PAGE).await?;
    kept.retain(|d| Some(&d.place) != wanted.as_ref());
    let place = wanted.filter(|_| taken_up.is_some()).unwrap_or_else(|| drafts::new_place(PAGE));
    let mut fields = match taken_up {
        Some((mut fields, kept_at)) => {
            settle_times(&person, &mut fields, kept_at);
            fields
        }
        None => Fields::default(),
    };
    if fields.opt("orders_how").is_none() {
        fields.set("orders_how", "suggested");
    }
    if person.actor().is(Role::Hematologist) && fields.opt("requester").is_none() {
        fields.set("requester", person.actor().name.clone());
    }
    let view = look(&person, place, Draft::fresh(fields), None).await?;
    let focus = next_empty(&person, &view.draft.fields);
    Ok(form::render(&person, &View { focus, kept, ..view }))
}

/// `POST /cases/new`
pub(crate) async fn post(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, mut fields } = posted;
    let place = fields.opt("draft").unwrap_or_else(|| drafts::new_place(PAGE));
    let (deed, of) = fields.get("do").split_once('.').unwrap_or((fields.get("do"), ""));
    let (deed, of) = (deed.to_owned(), of.to_owned());
    let focus = match deed.as_str() {
        "" => return log(&person, fields, place).await,
        "draft" => {
            drafts::keep(&person, &place, &fields).await?;
            return Ok(see_other(&done(&drafts::address(&place), "draft-kept")));
        }
        "add" => rows::add(&mut fields),
        "remove" => rows::remove(&mut fields, &of),
        "kit" => {
            rows::fill_from_kit(&mut fields, &person.catalogue, &of);
            Some("do.filled".to_owned())
        }
        "filled" => {
            rows::filled_as_usual(&mut fields);
            next_empty(&person, &fields)
        }
        "known" => {
            if let Some(known) = person.lab.patient_on_file(person.actor(), fields.get("patient.mrn")).await? {
                fill(&mut fields, &known, true);
            }
            Some("indication".to_owned())
        }
        "tests" => None,
        // Enter in any field: nothing is logged by accident, and a scanned wristband finds its patient.
        _ => Some(String::new()),
    };
    let mut view = look(&person, place, Draft::fresh(fields), focus).await?;
    // What was found has filled some fields: on to the first that is still empty.
    if view.focus.as_deref() == Some("") {
        view.focus = next_empty(&person, &view.draft.fields);
    }
    Ok(form::render(&person, &view))
}

/// The first field that nobody has filled in of those that every case needs.
fn next_empty(person: &Person, fields: &Fields) -> Option<String> {
    let catalogue = &person.catalogue;
    let first =
        ["patient.mrn", "patient.family_name", "indication", "requester", "procedure.performed_at", "procedure.site"];
    let of_rows = rows::of(fields).into_iter().flat_map(|row| {
        let container = catalogue.container(fields.get(&rows::field(row, "container")));
        let fixed = container.is_some_and(|c| c.fixative).then(|| rows::field(row, "fixed_at"));
        let liquid = container.is_some_and(|c| !c.slide && !c.fixative).then(|| rows::field(row, "volume_ul"));
        [Some(rows::field(row, "kind")), liquid, fixed].into_iter().flatten()
    });
    first.into_iter().map(str::to_owned).chain(of_rows).find(|name| fields.opt(name).is_none())
}

/// Everything that is known about the case so far. Times become absolute, and a patient on file fills what is empty.
async fn look(person: &Person, place: String, mut draft: Draft, focus: Option<String>) -> Result<View, PageError> {
    settle_times(person, &mut draft.fields, person.now);
    let on_file = on_file(person, &mut draft.fields).await?;
    let mut r = Reader::new(&draft.fields, person.zone(), person.now);
    let (log, parts) = read::read(&mut r, &draft.fields);
    let performed = log.as_ref().and_then(|l| l.procedure.performed_at).is_some_and(|at| at <= person.now);
    // Whoever may not log is told so when they try.
    let outlook = log.and_then(|log| person.lab.outlook(person.actor(), &log).ok());
    Ok(View { place, draft, on_file, outlook, parts, performed, focus, kept: Vec::new() })
}

/// Who has the number that was typed, and whether that fits with what else was typed. Fills what is empty.
async fn on_file(person: &Person, fields: &mut Fields) -> Result<OnFile, PageError> {
    let Some(mrn) = fields.opt("patient.mrn") else { return Ok(OnFile::Unasked) };
    let Some(known) = person.lab.patient_on_file(person.actor(), &mrn).await? else { return Ok(OnFile::New) };
    let family = fields.opt("patient.family_name").unwrap_or_else(|| known.family_name.clone());
    let born = time::parse_date(fields.get("patient.born"));
    if is_same_person(&known, &family, fields.get("patient.given_name"), born) {
        fill(fields, &known, false);
        Ok(OnFile::Same(known))
    } else {
        Ok(OnFile::Other(known))
    }
}

/// Writes the patient on file into the form: into what is empty, or over what was typed when a person says so.
fn fill(fields: &mut Fields, known: &Patient, over: bool) {
    let born = known.born.map(|d| d.to_string()).unwrap_or_default();
    let sex = known.sex.name();
    for (name, value) in [
        ("patient.family_name", known.family_name.as_str()),
        ("patient.given_name", known.given_name.as_str()),
        ("patient.born", born.as_str()),
        ("patient.sex", sex),
    ] {
        if !value.is_empty() && (over || fields.opt(name).is_none()) {
            fields.set(name, value);
        }
    }
}

/// `now` and `-2h` mean another moment a minute later, so what was read is written into the field.
fn settle_times(person: &Person, fields: &mut Fields, now: Moment) {
    let of_rows = rows::of(fields).into_iter().flat_map(|row| ROW_TIMES.map(|name| rows::field(row, name)));
    let names: Vec<String> = TIMES.into_iter().map(str::to_owned).chain(of_rows).collect();
    drafts::settle(person, fields, names.iter().map(String::as_str), now);
}

async fn log(person: &Person, mut fields: Fields, place: String) -> Result<HttpResponse, PageError> {
    fields.set("draft", place.clone());
    let mut r = Reader::new(&fields, person.zone(), person.now);
    let (log, parts) = read::read(&mut r, &fields);
    let log = match r.found(log) {
        Ok(log) => log,
        Err(refusal) => return refused(person, place, fields, refusal.into()).await,
    };
    let performed = log.procedure.performed_at.is_some_and(|at| at <= person.now);
    let outlook = person.lab.outlook(person.actor(), &log)?;
    if performed && log.reason.is_none() && outlook.orders.iter().any(Prospect::needs_reason) {
        let why = Refusal::field("/reason", "missing", "this is needed");
        return refused(person, place, fields, why.into()).await;
    }
    let tracks = person.is_requester();
    let onward = move |d: &crate::lab::Done| {
        let folder = if tracks { "track" } else { "cases" };
        done(&format!("/{folder}/{}", d.case.header.accession), "log")
    };
    match Deed::new(Target::New, Command::LogCase(Box::new(log)), onward).act(person, &fields).await {
        Ok(to) => Ok(see_other(&to)),
        Err(e) => {
            let mut problem = Problem::from(e);
            rename(&mut problem.errors, |pointer| read::of_row(pointer, &parts));
            refused(person, place, fields, problem).await
        }
    }
}

async fn refused(person: &Person, place: String, fields: Fields, problem: Problem) -> Result<HttpResponse, PageError> {
    let view = look(person, place, Draft::refused(fields, problem), None).await?;
    Ok(form::render(person, &view))
}

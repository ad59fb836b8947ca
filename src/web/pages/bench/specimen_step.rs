//! `/specimens/{label}/steps/{step}`: one step of custody, as a page with its form. What the station's card sends and is
//! refused comes back in the card's place.

use actix_web::{HttpResponse, web};
use maud::html;

use crate::domain::{Command, Label, Refusal, SpecimenState, SpecimenTransition, Target};
use crate::edge::Problem;
use crate::lab::questions::case::SpecimenView;
use crate::web::act::{Deed, explain, mark_open};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::t;
use crate::web::layout::{self, Page};
use crate::web::pages::seen::{Seen, misread, part_words};
use crate::web::parts::{rename, seen, status};
use crate::web::session::{Person, Posted, is_local};
use crate::web::{done, see_other, steps, words};

/// `GET /specimens/{label}/steps/{step}`
pub(crate) async fn get(
    person: Person,
    path: web::Path<(String, String)>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let (label, step) = parse(&path)?;
    let found = Seen::by_label(&person, label.clone()).await?;
    let asked = Fields::new(query.into_inner());
    let mut fields = defaults(&person, found.part(&label)?);
    for name in ["back", "reason"] {
        if let Some(value) = asked.opt(name) {
            fields.set(name, value);
        }
    }
    // A command barcode names the fault; its name is what is wrong, until somebody says more.
    let fault = asked.opt("reason").and_then(|r| person.catalogue.reason(&r).map(|r| r.name.clone()));
    if let Some(fault) = fault.filter(|_| step == SpecimenTransition::ProposeRejection) {
        fields.set("note", fault);
    }
    let draft = Draft::fresh(fields);
    render(&person, &found, &label, step, &draft)
}

/// `POST /specimens/{label}/steps/{step}`
pub(crate) async fn post(posted: Posted, path: web::Path<(String, String)>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let (label, step) = parse(&path)?;
    let rows = match command(&person, &fields, &label, step) {
        Ok((command, rows)) => match act(&person, &fields, &label, step, command).await {
            Ok(to) => return Ok(see_other(&to)),
            Err(problem) => Err((problem, rows)),
        },
        Err(refusal) => Err((refusal.into(), Vec::new())),
    };
    let Err((mut problem, rows)): Result<(), (Problem, Vec<usize>)> = rows else {
        return Err(Problem::not_found().into());
    };
    rename(&mut problem.errors, |p| of_row(p, &rows));
    let found = Seen::by_label(&person, label.clone()).await?;
    mark_open(&mut problem, found.part(&label)?.allowed.contains(&step.name()));
    render(&person, &found, &label, step, &Draft::refused(fields, problem))
}

fn parse(path: &(String, String)) -> Result<(Label, SpecimenTransition), PageError> {
    let label = Label::parse(&path.0).map_err(|why| misread(&why))?;
    let step = SpecimenTransition::parse(&path.1).ok_or_else(Problem::not_found)?;
    Ok((label, step))
}

fn command(
    person: &Person,
    fields: &Fields,
    label: &Label,
    step: SpecimenTransition,
) -> Result<(Command, Vec<usize>), Refusal> {
    if step == SpecimenTransition::Aliquot {
        let (children, rows) = steps::read_children(person, fields)?;
        return Ok((Command::Aliquot(label.clone(), children), rows));
    }
    let details = steps::read_specimen(person, fields)?;
    Ok((Command::MoveSpecimen(label.clone(), step, Box::new(details)), Vec::new()))
}

async fn act(
    person: &Person,
    fields: &Fields,
    label: &Label,
    step: SpecimenTransition,
    command: Command,
) -> Result<String, Problem> {
    let accession = label.accession();
    // What was made by a split has no label yet: that comes next, wherever the split was pressed.
    let to =
        if step == SpecimenTransition::Aliquot { format!("/specimens/{label}/label") } else { back(fields, label) };
    let to = done(&to, step.name());
    let deed = Deed::seen(fields, Target::Case(accession), command, to)?;
    match deed.act(person, fields).await {
        Ok(to) => Ok(to),
        Err(e) => Err(explain(person, accession, e).await),
    }
}

/// Where the person came from.
fn back(fields: &Fields, label: &Label) -> String {
    fields.opt("back").filter(|b| is_local(b)).unwrap_or_else(|| format!("/scan?label={label}"))
}

/// The domain counts the parts it was given, the form its rows.
fn of_row(pointer: &str, rows: &[usize]) -> Option<String> {
    if pointer == "/children" {
        return Some("/children/0/kind".to_owned());
    }
    let (index, field) = pointer.strip_prefix("/children/")?.split_once('/')?;
    let row = rows.get(index.parse::<usize>().ok()?)?;
    Some(format!("/children/{row}/{field}"))
}

/// The bench that this person is signed in at, as a place.
pub(crate) fn bench_name(person: &Person) -> Option<String> {
    let bench = person.signed_in.bench.as_deref()?;
    person.catalogue.department(bench).map(|d| d.name.clone())
}

/// What a step's form begins with: what is known of the part, and where this person works.
pub(crate) fn defaults(person: &Person, s: &SpecimenView) -> Fields {
    let mut fields = Fields::default();
    let mut set = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            fields.set(name, value);
        }
    };
    set("temperature", s.temperature.map(|t| t.name().to_owned()));
    set("site", s.site.as_ref().map(ToString::to_string));
    set("side", s.side.map(|x| x.name().to_owned()));
    set("pull_number", s.pull_number.map(|p| p.to_string()));
    set("length_mm", s.length_mm.map(|l| l.to_string()));
    if matches!(s.state, SpecimenState::Collected | SpecimenState::InTransit | SpecimenState::Accepted) {
        set("location", bench_name(person));
    }
    set("reason", s.rejection.as_ref().map(|r| r.reason.to_string()));
    fields
}

fn render(
    person: &Person,
    found: &Seen,
    label: &Label,
    step: SpecimenTransition,
    draft: &Draft,
) -> Result<HttpResponse, PageError> {
    let s = found.part(label)?;
    let offered = s.allowed.contains(&step.name());
    let back = back(&draft.fields, label);
    let name = words::step(step.name());
    let title = format!("{name} {label}");
    let title = if draft.problem.is_some() { t!("error-title", title = title) } else { title };
    Ok(Page::of(person, title).about(found.banner(person)).status(draft.status()).render(html! {
        div .title {
            h1 { (name) }
            span .id { (label) }
            (status(&words::specimen(s.state)))
        }
        p { (part_words(person, s)) }
        section #hit .card .plain data-tone=[draft.problem.is_some().then_some("stop")] data-label=(label) aria-label=(name) {
            @if let Some(problem) = &draft.problem { (layout::summary(Some(person), problem, Some(&draft.fields))) }
            @if offered {
                form .plain action={ "/specimens/" (label) "/steps/" (step) } method="post" novalidate data-swap="hit" {
                    (seen(person, s.version))
                    input type="hidden" name="back" value=(back);
                    (steps::specimen_form(person, s, step, None, draft))
                    div .actions {
                        button .btn .btn--primary .btn--bench { (name) }
                        a .btn .btn--bench href=(back) { (t!("field-back")) }
                    }
                }
            } @else {
                p { (t!("field-not-open")) }
                p { a .btn href=(back) { (t!("field-back")) } }
            }
        }
    }))
}

//! `/specimens/{label}/steps/{step}`: one step of custody, as a page with its form.

use actix_web::{HttpResponse, web};
use maud::html;

use super::{Seen, misread, part_words};
use crate::domain::{Command, Label, Refusal, SpecimenTransition, Target};
use crate::edge::Problem;
use crate::lab::questions::case::SpecimenView;
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::layout::Page;
use crate::web::parts::{rename, seen, status};
use crate::web::session::{Person, Posted, is_local};
use crate::web::{done, see_other, steps, words};

/// `GET /specimens/{label}/steps/{step}`
pub(crate) async fn get(person: Person, path: web::Path<(String, String)>) -> Result<HttpResponse, PageError> {
    let (label, step) = parse(&path)?;
    let found = Seen::by_label(&person, label.clone()).await?;
    let draft = Draft::fresh(defaults(found.part(&label)?));
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
    let to = done(&back(fields, label), step.name());
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

/// What a step's form begins with: what is known of the part.
pub(crate) fn defaults(s: &SpecimenView) -> Fields {
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
    let title = format!("{} {label}", words::step(step.name()));
    Ok(Page::of(person, title).about(found.banner(person)).draft(draft).render(html! {
        div .title {
            h1 { (words::step(step.name())) }
            span .id { (label) }
            (status(&words::specimen(s.state)))
        }
        p { (part_words(person, s)) }
        @if offered {
            form .card .plain action={ "/specimens/" (label) "/steps/" (step) } method="post" novalidate {
                (seen(person, s.version))
                input type="hidden" name="back" value=(back);
                (steps::specimen_form(person, s, step, None, draft))
                div .actions {
                    button .btn .btn--primary .btn--bench { (words::step(step.name())) }
                    a .btn .btn--bench href=(back) { "Back" }
                }
            }
        } @else {
            p { "This step is not open to you now." }
            p { a .btn href=(back) { "Back" } }
        }
    }))
}

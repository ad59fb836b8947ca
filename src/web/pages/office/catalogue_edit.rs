//! `/catalogue/edit`: another catalogue as text; checked, compared and tried before it is put in force.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::catalogue::may_edit;
use super::{busy, catalogue_diff as diff};
use crate::domain::catalogue::sections::{self, HEAD};
use crate::domain::{FieldError, Refusal};
use crate::edge::Problem;
use crate::lab::LabError;
use crate::lab::catalogue::check;
use crate::lab::questions::dry_run::{DAYS, DryRun};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::{english, rich, t, word_if};
use crate::web::layout::Page;
use crate::web::parts::{Field, hidden, known, stamp_day, table};
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other};

/// Of the whole file: no one section.
const WHOLE: &str = "all";

fn allowed(person: &Person) -> Result<(), PageError> {
    if may_edit(person) {
        return Ok(());
    }
    Err(Refusal::Forbidden("Loading a catalogue takes the role admin or supervisor.".into()).into())
}

/// `GET /catalogue/edit?section=`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    allowed(&person)?;
    let section = Fields::new(query.into_inner()).get("section").to_owned();
    let in_force = &person.catalogue;
    let page = match section.as_str() {
        "" => choose(&person),
        WHOLE => render(&person, &opened(WHOLE, &in_force.text, in_force.version), None),
        name => {
            let own = sections::section(&in_force.text, name).ok_or_else(Problem::not_found)?;
            render(&person, &opened(name, own.text, in_force.version), None)
        }
    };
    std::future::ready(Ok(page)).await
}

fn opened(section: &str, text: &str, version: i64) -> Draft {
    let fields = Fields::default().with("section", section).with("text", text).with("seen", version.to_string());
    Draft::fresh(fields)
}

/// Which section to edit: two thousand lines in one field help nobody.
fn choose(person: &Person) -> HttpResponse {
    let text = &person.catalogue.text;
    let all = sections::sections(text);
    Page::of(person, t!("catalogue-edit")).main("page page--middle").render(html! {
        p { a href="/catalogue" { (t!("catalogue-back")) } }
        h1 { (t!("catalogue-edit")) }
        section .card .plain {
            p { (t!("catalogue-choose")) }
            ul .plain-list {
                @for s in all.iter().filter(|s| sections::section(text, s.name).is_some()) {
                    li { a .row-link href={ "/catalogue/edit?section=" (s.name) } { (section_name(s.name)) } " " span .muted { (t!("catalogue-lines", count = s.text.lines().count())) } }
                }
                li { a .row-link href={ "/catalogue/edit?section=" (WHOLE) } { (section_name(WHOLE)) } " " span .muted { (t!("catalogue-lines", count = text.lines().count())) } }
            }
        }
    })
}

fn section_name(name: &str) -> String {
    word_if("catalogue-part", name).unwrap_or_else(|| name.to_owned())
}

/// What was found about a text that fits.
struct Tried {
    whole: String,
    run: DryRun,
}

/// `POST /catalogue/edit`: checks and tries; with the word `load` also puts it in force.
pub(crate) async fn post(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, mut fields } = posted;
    allowed(&person)?;
    // Browsers send the line ends of forms; the file has its own.
    let text = fields.raw("text").replace("\r\n", "\n");
    fields.set("text", text.clone());
    let in_force = &person.catalogue;
    let section = fields.get("section").to_owned();
    let whole = if section == WHOLE { Some(text) } else { sections::replaced(&in_force.text, &section, &text) };
    let Some(whole) = whole else {
        let gone =
            Refusal::field("/text", "unknown", "this section is not in the catalogue in force; edit the whole file");
        return Ok(render(&person, &Draft::refused(fields, gone), None));
    };
    let other = match check(&whole) {
        Ok(other) => other,
        Err(e) => return Ok(render(&person, &Draft::refused(fields, found(e)), None)),
    };
    let (lab, by) = (person.lab.clone(), person.actor().clone());
    let run = web::block(move || lab.catalogue_dry_run(&by, &other)).await.map_err(|_| busy())??;
    let tried = Tried { whole, run };
    if fields.get("deed") != "load" {
        return Ok(render(&person, &Draft::fresh(fields), Some(&tried)));
    }
    let (lab, by, id) = (person.lab.clone(), person.actor().clone(), person.request_id.clone());
    let (seen, whole, reason) = (fields.get("seen").parse(), tried.whole.clone(), fields.get("reason").to_owned());
    let Ok(seen) = seen else {
        let why =
            Refusal::field("/seen", "missing", "this form does not say what you saw; reload the page and try again");
        return Ok(render(&person, &Draft::refused(fields, why), Some(&tried)));
    };
    let loaded =
        web::block(move || lab.load_catalogue_over(seen, whole, &by, &reason, &id)).await.map_err(|_| busy())?;
    match loaded {
        Ok(version) => Ok(see_other(&done(&format!("/catalogue/versions/{version}"), "catalogue-load"))),
        Err(e) => {
            // What is in force now is what the next try is compared with.
            fields.set("seen", person.lab.catalogue().version.to_string());
            Ok(render(&person, &Draft::refused(fields, e), Some(&tried)))
        }
    }
}

/// Every finding is about the one field.
fn found(error: LabError) -> Problem {
    match error {
        LabError::Catalogue(findings) => {
            let all = findings
                .into_iter()
                .map(|f| FieldError::new("/text", "catalogue", format!("{}: {}", f.path, f.message)));
            Refusal::Invalid(all.collect()).into()
        }
        other @ (LabError::Refused(_)
        | LabError::Stale { .. }
        | LabError::KeyReused
        | LabError::AlreadyLogged { .. }
        | LabError::Store(_)) => other.into(),
    }
}

fn render(person: &Person, draft: &Draft, tried: Option<&Tried>) -> HttpResponse {
    let section = draft.fields.get("section");
    let title = t!("catalogue-edit-title", section = section_name(section));
    let begins = sections::section(&person.catalogue.text, section).map(|s| s.line).filter(|_| section != HEAD);
    let wrong = draft.error("text").is_some();
    Page::of(person, title.as_str()).draft(draft).render(html! {
        p { a href="/catalogue/edit" { (t!("catalogue-other-section")) } }
        h1 { (title) }
        form .card .plain action="/catalogue/edit" method="post" novalidate {
            (hidden(person))
            input type="hidden" name="section" value=(section);
            input type="hidden" name="seen" value=(draft.fields.get("seen"));
            div .field .field--error[wrong] {
                label for="text" { (t!("catalogue-text")) }
                p .hint #text-hint {
                    (t!("catalogue-text-hint"))
                    @if let Some(line) = begins { " " (t!("catalogue-begins", line = line)) }
                }
                @if wrong {
                    ul .error #text-error {
                        @for e in draft.problem.iter().flat_map(|p| &p.errors) { li { (english(&e.message)) } }
                    }
                }
                // A first line break would be swallowed.
                textarea .input .code #text name="text" rows="28" spellcheck="false" autocapitalize="off" autocomplete="off" aria-describedby=(if wrong { "text-hint text-error" } else { "text-hint" }) aria-invalid=[wrong.then_some("true")] { "\n" (draft.fields.raw("text")) }
            }
            button .btn .btn--primary[tried.is_none()] name="deed" value="check" { (t!("catalogue-check")) }
            @if let Some(tried) = tried {
                (result(person, tried))
                @if tried.whole != person.catalogue.text {
                    (Field::new("reason", &t!("catalogue-reason")).hint(&t!("catalogue-reason-hint")).input(draft))
                    button .btn .btn--primary name="deed" value="load" { (t!("catalogue-load", version = person.catalogue.version + 1)) }
                }
            }
        }
    })
}

/// What the text would change: its lines, and what it would have meant for the last cases.
fn result(person: &Person, tried: &Tried) -> Markup {
    html! {
        section .grid-row aria-labelledby="difference" {
            div .stack {
                h2 #difference { (t!("catalogue-diff", version = person.catalogue.version)) }
                (diff::draw(&person.catalogue.text, &tried.whole))
                h2 { (t!("catalogue-run")) }
                (trial(person, &tried.run))
            }
        }
    }
}

fn trial(person: &Person, run: &DryRun) -> Markup {
    let due: Vec<Vec<Markup>> = run
        .due
        .iter()
        .map(|(assay, d)| {
            vec![html! { span .id { (assay) } }, html! { (d.earlier) }, html! { (d.later) }, html! { (d.gone) }]
        })
        .collect();
    let codes = |codes: &[crate::domain::Code]| {
        known(Some(codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")))
    };
    let suggestions: Vec<Vec<Markup>> = run
        .suggestions
        .iter()
        .map(|(indication, s)| {
            vec![
                html! { span .id { (indication) } @if s.gone { " " (t!("catalogue-run-gone")) } },
                html! { (s.cases) },
                codes(&s.added),
                codes(&s.dropped),
                codes(&s.changed),
            ]
        })
        .collect();
    let due_heads =
        [t!("turn-test"), t!("catalogue-run-earlier"), t!("catalogue-run-later"), t!("catalogue-run-missing")];
    let due_heads: Vec<&str> = due_heads.iter().map(String::as_str).collect();
    let heads = [
        t!("catalogue-question"),
        t!("catalogue-run-cases"),
        t!("catalogue-run-added"),
        t!("catalogue-run-dropped"),
        t!("catalogue-run-changed"),
    ];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    html! {
        p { (rich!("catalogue-run-compared", days = DAYS, from = stamp_day(person, run.from), cases = run.cases, orders = run.orders, timed = run.timed)) }
        @if run.is_same() { p { strong { (t!("catalogue-run-same")) } } }
        @else { p { strong { (t!("catalogue-run-moved", moved = run.moved(), timed = run.timed)) " " (t!("catalogue-run-suggested", suggested = run.suggested_otherwise(), cases = run.cases)) } } }
        @if !due.is_empty() { (table(&html! { (t!("catalogue-run-due")) }, &due_heads, &due)) }
        @if !suggestions.is_empty() { (table(&html! { (t!("catalogue-run-suggestions")) }, &heads, &suggestions)) }
        p .hint { (t!("catalogue-run-not")) }
    }
}

//! `/cases/new`: log a case.

use actix_web::HttpResponse;
use maud::{Markup, html};

use crate::domain::command::{NewSpecimen, OrdersInput, PatientInput, ProcedureInput, Suggested};
use crate::domain::{
    Code, Command, LogCase, ProcedureOutcome, Refusal, Role, Sex, Side, SpecimenKind, Target, Temperature, Urgency,
};
use crate::edge::Problem;
use crate::web::act::Deed;
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::layout::Page;
use crate::web::parts::{Field, hidden, options, rename};
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other};

/// Rows for parts; empty ones are passed over.
const ROWS: usize = 8;
/// Rows that are open from the start.
const OPEN: usize = 3;

/// `GET /cases/new`
pub(crate) async fn get(person: Person) -> Result<HttpResponse, PageError> {
    let mut fields = Fields::default().with("orders_how", "suggested");
    if person.actor().is(Role::Hematologist) {
        fields.set("requester", person.actor().name.clone());
    }
    std::future::ready(Ok(render(&person, &Draft::fresh(fields)))).await
}

/// `POST /cases/new`
pub(crate) async fn post(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let (log, rows) = match read(&person, &fields) {
        Ok(read) => read,
        Err(refusal) => return Ok(render(&person, &Draft::refused(fields, refusal))),
    };
    let tracks = person.is_requester();
    let onward = move |d: &crate::lab::Done| {
        let folder = if tracks { "track" } else { "cases" };
        done(&format!("/{folder}/{}", d.case.header.accession), "log")
    };
    match Deed::new(Target::New, Command::LogCase(Box::new(log)), onward).act(&person, &fields).await {
        Ok(to) => Ok(see_other(&to)),
        Err(e) => {
            let mut problem = Problem::from(e);
            rename(&mut problem.errors, |pointer| of_row(pointer, &rows));
            Ok(render(&person, &Draft::refused(fields, problem)))
        }
    }
}

/// The domain counts the parts it was given, the form its rows; assays are one group of boxes.
fn of_row(pointer: &str, rows: &[usize]) -> Option<String> {
    if pointer == "/specimens" {
        return Some("/specimens/0/kind".to_owned());
    }
    if pointer.starts_with("/orders/") {
        return Some("/orders".to_owned());
    }
    let (index, field) = pointer.strip_prefix("/specimens/")?.split_once('/')?;
    let row = rows.get(index.parse::<usize>().ok()?)?;
    // Site and side of a part are those of the puncture in this form.
    if matches!(field, "site") { Some("/procedure/site".to_owned()) } else { Some(format!("/specimens/{row}/{field}")) }
}

fn read(person: &Person, fields: &Fields) -> Result<(LogCase, Vec<usize>), Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let patient = PatientInput {
        mrn: r.text("patient.mrn"),
        family_name: r.text("patient.family_name"),
        given_name: r.text("patient.given_name"),
        born: r.date("patient.born"),
        sex: r.word("patient.sex").unwrap_or(Sex::Unknown),
    };
    let indication = r.need_code("indication", "choose why the marrow is examined");
    let procedure = ProcedureInput {
        performed_at: r.time("procedure.performed_at"),
        operator: r.opt("procedure.operator"),
        site: r.code("procedure.site"),
        side: r.word("procedure.side"),
        outcome: r.word("procedure.outcome"),
    };
    let urgency = r.word("urgency");
    let (mut specimens, mut rows) = (Vec::new(), Vec::new());
    for row in 0..ROWS {
        if let Some(part) = read_part(&mut r, row) {
            specimens.push(part);
            rows.push(row);
        }
    }
    let orders = if fields.get("orders_how") == "codes" {
        let mut codes = Vec::new();
        for text in fields.all("orders") {
            match Code::parse(text) {
                Ok(code) => codes.push(code),
                Err(why) => r.fail("orders", "malformed", why),
            }
        }
        OrdersInput::Codes(codes)
    } else {
        OrdersInput::Suggested(Suggested::Suggested)
    };
    let (external_ref, requester, clinical_note) = (r.opt("external_ref"), r.text("requester"), r.opt("clinical_note"));
    let log = indication.map(|indication| LogCase {
        external_ref,
        patient,
        requester,
        indication,
        urgency,
        clinical_note,
        procedure,
        specimens,
        orders,
        reason: None,
    });
    Ok((r.found(log)?, rows))
}

/// One row, unless nothing stands in it.
fn read_part(r: &mut Reader<'_>, row: usize) -> Option<NewSpecimen> {
    const FIELDS: [&str; 9] = [
        "kind",
        "container",
        "pull_number",
        "volume_ul",
        "length_mm",
        "fixed_at",
        "side",
        "collected_at",
        "not_collected",
    ];
    let name = |field: &str| format!("specimens.{row}.{field}");
    if FIELDS.iter().all(|f| r.opt(&name(f)).is_none()) {
        return None;
    }
    let kind = r.word::<SpecimenKind>(&name("kind"));
    if r.opt(&name("kind")).is_none() {
        r.fail(&name("kind"), "missing", "say what this part is, or empty its row");
    }
    let container = r.need_code(&name("container"), "say what it is in");
    let part = NewSpecimen {
        kind: kind.unwrap_or(SpecimenKind::Aspirate),
        container: container?,
        pull_number: r.whole(&name("pull_number")),
        volume_ul: r.volume(&name("volume_ul")),
        length_mm: r.whole(&name("length_mm")),
        site: None,
        side: r.word(&name("side")),
        collected_at: r.time(&name("collected_at")),
        fixed_at: r.time(&name("fixed_at")),
        temperature: r.word(&name("temperature")),
        not_collected: r.code(&name("not_collected")),
    };
    kind.map(|_| part)
}

fn render(person: &Person, draft: &Draft) -> HttpResponse {
    Page::of(person, "Log a case").draft(draft).render(html! {
        h1 { "Log a case" }
        form .stack action="/cases/new" method="post" novalidate {
            (hidden(person))
            (patient(draft))
            (request(person, draft))
            (puncture(person, draft))
            (specimens(person, draft))
            (orders(person, draft))
            p { button .btn .btn--primary .btn--bench { "Log the case" } }
        }
    })
}

fn patient(draft: &Draft) -> Markup {
    html! {
        fieldset .card .plain {
            legend { h2 { "Patient" } }
            p .hint { "Two identifiers: the record number and the name, as on the wristband." }
            div .grid {
                (Field::new("patient.mrn", "Record number (MRN)").focus().input(draft))
                (Field::new("patient.family_name", "Family name").input(draft))
                (Field::new("patient.given_name", "Given names").optional().input(draft))
                (Field::new("patient.born", "Born").hint("1968-03-12 or 12 March 1968").optional().input(draft))
                (Field::new("patient.sex", "Sex").select(draft, "Not known", &options(&[Sex::Female, Sex::Male, Sex::Other], Sex::name, Sex::words)))
            }
        }
    }
}

fn request(person: &Person, draft: &Draft) -> Markup {
    let indications: Vec<_> =
        person.catalogue.indications.iter().map(|i| (i.code.to_string(), i.name.clone())).collect();
    html! {
        fieldset .card .plain {
            legend { h2 { "Request" } }
            div .grid {
                (Field::new("indication", "Why the marrow is examined").select(draft, "Choose", &indications))
                (Field::new("requester", "Requester").hint("Login name, or the name on the form").input(draft))
                (Field::new("urgency", "Urgency").select(draft, "As usual for this question", &options(Urgency::ALL, Urgency::name, Urgency::words)))
                (Field::new("external_ref", "Request number").optional().input(draft))
            }
            (Field::new("clinical_note", "Clinical question").optional().area(draft, 2))
        }
    }
}

fn puncture(person: &Person, draft: &Draft) -> Markup {
    let sites: Vec<_> = person.catalogue.sites.iter().map(|s| (s.code.to_string(), s.name.clone())).collect();
    html! {
        fieldset .card .plain {
            legend { h2 { "Puncture" } }
            div .grid {
                (Field::new("procedure.performed_at", "When").hint("0940, now, -2h, yesterday 2350, 2026-03-26 09:40. Empty: planned").input(draft))
                (Field::new("procedure.operator", "Who held the needle").optional().input(draft))
                (Field::new("procedure.site", "Site").select(draft, "Not known", &sites))
                (Field::new("procedure.side", "Side").select(draft, "Not known", &options(Side::ALL, Side::name, Side::words)))
                (Field::new("procedure.outcome", "Outcome").select(draft, "Marrow obtained", &options(&[ProcedureOutcome::DryTap, ProcedureOutcome::Abandoned], ProcedureOutcome::name, ProcedureOutcome::words)))
            }
        }
    }
}

fn specimens(person: &Person, draft: &Draft) -> Markup {
    let used = |row: usize| {
        let prefix = format!("specimens.{row}.");
        ["kind", "container", "volume_ul"].iter().any(|f| draft.fields.opt(&format!("{prefix}{f}")).is_some())
    };
    let more = (OPEN..ROWS).any(used);
    html! {
        fieldset .card .plain {
            legend { h2 { "Parts" } }
            p .hint { "One row for each tube, core or slide. Leave rows that you do not need empty." }
            @for row in 0..OPEN { (part(person, draft, row)) }
            details .more open[more] {
                summary { "More parts" }
                @for row in OPEN..ROWS { (part(person, draft, row)) }
            }
        }
    }
}

fn part(person: &Person, draft: &Draft, row: usize) -> Markup {
    let c = &person.catalogue;
    let kinds: Vec<_> = c
        .kinds
        .iter()
        .filter(|k| k.kind.letter().is_some())
        .map(|k| (k.kind.name().to_owned(), k.name.clone()))
        .collect();
    let containers: Vec<_> = c.containers.iter().map(|k| (k.code.to_string(), k.name.clone())).collect();
    let missing: Vec<_> = c.not_collected_reasons.iter().map(|k| (k.code.to_string(), k.name.clone())).collect();
    let field = |name: &str, label: &'static str| Field::new(format!("specimens.{row}.{name}"), label);
    html! {
        fieldset .grid-row {
            legend { "Part " (row + 1) }
            (field("kind", "What it is").select(draft, "None", &kinds))
            (field("container", "In").select(draft, "Choose", &containers))
            (field("pull_number", "Pull").mode("numeric").width("s").input(draft))
            (field("volume_ul", "Volume (µL or mL)").width("s").input(draft))
            (field("length_mm", "Length (mm)").mode("numeric").width("s").input(draft))
            (field("fixed_at", "Into fixative at").width("s").input(draft))
            (field("collected_at", "Taken, if not with the puncture").width("s").input(draft))
            (field("side", "Side, if another").select(draft, "As above", &options(Side::ALL, Side::name, Side::words)))
            (field("temperature", "Kept").select(draft, "Not said", &options(Temperature::ALL, Temperature::name, Temperature::words)))
            (field("not_collected", "Not obtained, because").select(draft, "It was obtained", &missing))
        }
    }
}

fn orders(person: &Person, draft: &Draft) -> Markup {
    let assays: Vec<_> = person.catalogue.assays.iter().map(|a| (a.code.to_string(), a.name.clone())).collect();
    let how = [
        ("suggested".to_owned(), "What is usual for this question".to_owned()),
        ("codes".to_owned(), "These tests".to_owned()),
    ];
    html! {
        fieldset .card .plain {
            legend { h2 { "Tests" } }
            (Field::new("orders_how", "Which tests").radios(draft, &how))
            details .more open[draft.fields.get("orders_how") == "codes"] {
                summary { "Choose tests" }
                (Field::new("orders", "Tests").hint("Counts only with “These tests” above").boxes(draft, &assays))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::of_row;

    #[test]
    fn errors_find_their_row() {
        let rows = [0, 2, 5];
        assert_eq!(of_row("/specimens/1/volume_ul", &rows).as_deref(), Some("/specimens/2/volume_ul"));
        assert_eq!(of_row("/specimens/2/site", &rows).as_deref(), Some("/procedure/site"));
        assert_eq!(of_row("/orders/3", &rows).as_deref(), Some("/orders"));
        assert_eq!(of_row("/specimens", &rows).as_deref(), Some("/specimens/0/kind"));
        assert_eq!(of_row("/patient/mrn", &rows), None);
    }
}

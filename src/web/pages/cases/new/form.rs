//! The page of a new case: four fieldsets, in the order in which a request is read.

use actix_web::HttpResponse;
use maud::{Markup, html};

use super::{OnFile, View, outlook, rows};
use crate::domain::{Patient, ProcedureOutcome, Sex, Side, SpecimenKind, Temperature, Urgency};
use crate::web::fields::Draft;
use crate::web::language::{rich, t, word};
use crate::web::layout::Page;
use crate::web::parts::{Field, choices, hidden, icon, known, mrn, status};
use crate::web::session::Person;
use crate::web::words::Status;
use crate::web::{drafts, time};

pub(super) fn render(person: &Person, v: &View) -> HttpResponse {
    let d = &v.draft;
    let about = |f: &crate::web::fields::Fields| {
        let named = ["patient.family_name", "patient.mrn"].into_iter().find_map(|name| f.opt(name));
        named.map_or_else(|| t!("log-draft-nobody", count = rows::of(f).len()), |text| text.to_uppercase())
    };
    Page::of(person, t!("log-title")).draft(d).script("drafts.js").script("log.js").render(html! {
        h1 { (t!("log-title")) }
        @if !v.kept.is_empty() {
            section .card .plain aria-labelledby="drafts" {
                h2 #drafts { (t!("draft-title")) }
                ul .demo { (drafts::list(person, &v.kept, about)) }
            }
        }
        form #log .stack action="/cases/new" method="post" novalidate data-draft=(v.place) {
            div #log-page .stack {
                (hidden(person))
                input type="hidden" name="draft" value=(v.place);
                input type="hidden" name="rows" value=(row_numbers(v));
                (patient(person, v))
                (request(person, v))
                (specimens(person, v))
                (outlook::fieldset(person, v))
            }
            div .actions {
                button .btn .btn--primary .btn--bench data-submit { (t!("log-submit")) }
                button .btn .btn--bench name="do" value="draft" { (t!("draft-keep")) }
                p .hint data-draft-said data-lost=(t!("draft-lost")) { (t!("draft-kept-days", days = crate::lab::drafts::KEPT_DAYS)) }
            }
        }
    })
}

fn row_numbers(v: &View) -> String {
    rows::of(&v.draft.fields).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// A field, with the focus if the page puts it there.
fn at<'a>(v: &View, field: Field<'a>) -> Field<'a> {
    if v.focus.as_deref() == Some(field.name()) { field.focus() } else { field }
}

fn patient(person: &Person, v: &View) -> Markup {
    let d = &v.draft;
    let sexes = choices(&[Sex::Female, Sex::Male, Sex::Other], Sex::name, "sex");
    html! {
        fieldset .card .plain {
            legend { h2 { (t!("patient")) } }
            div .filters {
                (at(v, Field::new("patient.mrn", &t!("log-mrn")).hint(&t!("log-mrn-hint"))).input(d))
                // The first button of the form: what Enter presses, in every field.
                button .btn name="do" value="find" { (icon("find")) (t!("log-find")) }
            }
            div #log-known { (on_file(person, v)) }
            div .grid {
                (at(v, Field::new("patient.family_name", &t!("log-family"))).input(d))
                (Field::new("patient.given_name", &t!("log-given")).optional().input(d))
                (Field::new("patient.born", &t!("born")).hint(&t!("log-born-hint")).optional().input(d))
                (Field::new("patient.sex", &t!("sex")).select(d, &t!("not-known"), &sexes))
            }
        }
    }
}

/// The patient on file, for a spoken second check; or that what was typed is about somebody else.
fn on_file(person: &Person, v: &View) -> Markup {
    match &v.on_file {
        OnFile::Unasked => html! {},
        OnFile::New => html! { p .hint { (t!("log-patient-new")) } },
        OnFile::Same(p) => html! {
            div .known {
                p { (status(&Status::new("final", t!("log-patient-found")))) }
                (identity(person, p))
                p .hint { (t!("log-patient-ask")) }
            }
        },
        OnFile::Other(p) => html! {
            div .known .known--other role="alert" {
                p { (status(&Status::new("prob", t!("log-patient-other")))) }
                (identity(person, p))
                p { (t!("log-patient-which")) }
                div .actions {
                    button .btn name="do" value="known" { (t!("log-patient-take")) }
                    a .btn href="#patient.mrn" { (t!("log-patient-number")) }
                }
            }
        },
    }
}

fn identity(person: &Person, p: &Patient) -> Markup {
    let age = p.born.and_then(|born| time::age(born, person.catalogue.laboratory.local_date(person.now)));
    html! {
        p .known__who translate="no" { (p.display()) }
        dl .facts {
            div {
                dt { (t!("born")) }
                dd { (known(p.born.map(time::date))) @if let Some(years) = age { " (" (t!("years", years = years)) ")" } }
            }
            div { dt { (t!("sex")) } dd { (word("sex", p.sex.name())) } }
            div { dt { (t!("mrn")) } dd .num { (mrn(&p.mrn)) } }
        }
    }
}

fn request(person: &Person, v: &View) -> Markup {
    let d = &v.draft;
    let indications: Vec<_> =
        person.catalogue.indications.iter().map(|i| (i.code.to_string(), i.name.clone())).collect();
    let advice = person.catalogue.indication(d.fields.get("indication")).and_then(|i| i.advice.as_ref());
    html! {
        fieldset .card .plain {
            legend { h2 { (t!("log-request")) } }
            div .grid {
                (at(v, Field::new("indication", &t!("log-indication")).data()).select(d, &t!("log-choose"), &indications))
                (at(v, Field::new("requester", &t!("log-requester")).hint(&t!("log-requester-hint"))).input(d))
                (Field::new("urgency", &t!("log-urgency")).select(d, &t!("log-urgency-usual"), &choices(Urgency::ALL, Urgency::name, "case-urgency")))
                (Field::new("external_ref", &t!("log-reference")).optional().input(d))
            }
            @if let Some(advice) = advice { p .note { (advice) } }
            (Field::new("clinical_note", &t!("log-note")).optional().area(d, 2))
        }
    }
}

/// A moment: how it is typed, or how it was read.
fn moment(person: &Person, v: &View, name: &str, label: &str, empty: &str, width: &'static str) -> Markup {
    let d = &v.draft;
    let read = time::parse(d.fields.get(name), person.zone(), person.now).ok();
    let hint = match read {
        None => empty.to_owned(),
        Some(at) => {
            let (when, span) = (time::full(at, person.zone(), person.now), time::length(person.now - at));
            if at > person.now {
                t!("log-time-ahead", when = when, span = span)
            } else {
                t!("log-time-ago", when = when, span = span)
            }
        }
    };
    at(v, Field::new(name, label).hint(&hint).width(width)).input(d)
}

fn specimens(person: &Person, v: &View) -> Markup {
    let d = &v.draft;
    let c = &person.catalogue;
    let sites: Vec<_> = c.sites.iter().map(|s| (s.code.to_string(), s.name.clone())).collect();
    let outcomes = [ProcedureOutcome::DryTap, ProcedureOutcome::Abandoned];
    let all = rows::of(&d.fields);
    let unmeasured = rows::unmeasured(&d.fields);
    html! {
        fieldset .card .plain {
            legend { h2 { (t!("log-specimens")) } }
            div .grid {
                (moment(person, v, "procedure.performed_at", &t!("log-performed"), &t!("log-time-hint"), ""))
                (at(v, Field::new("procedure.site", &t!("log-site")).data()).select(d, &t!("not-known"), &sites))
                (Field::new("procedure.side", &t!("log-side")).select(d, &t!("not-known"), &choices(Side::ALL, Side::name, "case-side")))
                (Field::new("procedure.outcome", &t!("log-outcome")).select(d, &t!("case-outcome-obtained"), &choices(&outcomes, ProcedureOutcome::name, "case-outcome")))
                (Field::new("procedure.operator", &t!("log-operator")).optional().input(d))
            }
            (kits(person, v))
            @for (place, row) in all.iter().enumerate() { (part(person, v, *row, place + 1)) }
            div .actions {
                button .btn name="do" value="add" { (t!("log-part-add")) }
                @if !unmeasured.is_empty() {
                    button .btn name="do" value="filled" autofocus[v.focus.as_deref() == Some("do.filled")] { (t!("log-filled", count = unmeasured.len())) }
                }
            }
        }
    }
}

/// The kits, those for the chosen question first.
fn kits(person: &Person, v: &View) -> Markup {
    let question = v.draft.fields.get("indication");
    let fits = |k: &&crate::domain::catalogue::Kit| k.indications.iter().any(|i| *i == *question);
    let (first, rest): (Vec<_>, Vec<_>) = person.catalogue.kits.iter().partition(fits);
    html! {
        @if !(first.is_empty() && rest.is_empty()) {
            div .kits role="group" aria-labelledby="kits" {
                p #kits { b { (t!("log-kits")) } " " span .hint { (t!("log-kits-hint")) } }
                div .actions {
                    @for (kit, usual) in first.iter().map(|k| (k, true)).chain(rest.iter().map(|k| (k, false))) {
                        button .btn .btn--sm name="do" value={ "kit." (kit.code) } {
                            (kit.name) span .muted { (t!("log-kit-parts", count = kit.parts.len())) }
                            @if usual { span .flag { (t!("log-kit-usual")) } }
                        }
                    }
                }
            }
        }
    }
}

/// One part: what its kind needs in front, everything else behind.
fn part(person: &Person, v: &View, row: usize, place: usize) -> Markup {
    let (c, d) = (&person.catalogue, &v.draft);
    let name = |field: &str| rows::field(row, field);
    let kind = SpecimenKind::parse(d.fields.get(&name("kind")));
    let container = c.container(d.fields.get(&name("container")));
    // Of an empty row nobody knows yet what it will need.
    let (liquid, core) = (kind.is_none_or(SpecimenKind::is_liquid), kind.is_none_or(|k| k == SpecimenKind::Core));
    let pulled = kind.is_none_or(|k| matches!(k, SpecimenKind::Aspirate | SpecimenKind::Clot | SpecimenKind::Smear));
    let fixed = container.is_none_or(|x| x.fixative) && kind.is_none_or(|k| !k.is_liquid() && k != SpecimenKind::Smear);
    let here = |field: &str| d.fields.opt(&name(field)).is_some() || d.error(&name(field)).is_some();
    let fields = [
        ("pull_number", pulled),
        ("volume_ul", liquid),
        ("length_mm", core),
        ("fixed_at", fixed),
        ("collected_at", false),
        ("side", false),
        ("temperature", false),
        ("not_collected", false),
    ];
    let shown = |front: bool| {
        fields.into_iter().filter(move |(field, wanted)| (*wanted || here(field)) == front).map(|(field, _)| field)
    };
    let kinds: Vec<_> = c
        .kinds
        .iter()
        .filter(|k| k.kind.letter().is_some())
        .map(|k| (k.kind.name().to_owned(), k.name.clone()))
        .collect();
    let containers: Vec<_> = c.containers.iter().map(|k| (k.code.to_string(), k.name.clone())).collect();
    let removal = t!("log-part-remove", place = place);
    html! {
        fieldset .grid-row .part id={ "part-" (row) } {
            legend { (t!("log-part", place = place)) }
            (at(v, Field::new(name("kind"), &t!("log-kind"))).select(d, &t!("log-kind-none"), &kinds))
            (at(v, Field::new(name("container"), &t!("log-container")).data()).select(d, &t!("log-choose"), &containers))
            @for field in shown(true) { (field_of(person, v, &name(field), field)) }
            @if let Some(fill) = d.fields.opt(&name("fill_ul")) { input type="hidden" name=(name("fill_ul")) value=(fill); }
            div .part__foot {
                details .more id={ "more-" (row) } {
                    summary { (t!("log-part-more")) " " span .sr-only { (t!("log-part-of", place = place)) } }
                    div .grid { @for field in shown(false) { (field_of(person, v, &name(field), field)) } }
                }
                button .btn .btn--sm name="do" value={ "remove." (row) } aria-label=(removal) { (t!("log-remove")) }
            }
        }
    }
}

/// One field of a part, by its name.
fn field_of(person: &Person, v: &View, name: &str, field: &str) -> Markup {
    let d: &Draft = &v.draft;
    let c = &person.catalogue;
    match field {
        "pull_number" => Field::new(name, &t!("log-pull")).mode("numeric").width("s").input(d),
        "volume_ul" => at(v, Field::new(name, &t!("log-volume")).hint(&t!("log-volume-hint")).width("s")).input(d),
        "length_mm" => Field::new(name, &t!("log-length")).mode("numeric").width("s").input(d),
        "fixed_at" => moment(person, v, name, &t!("log-fixed"), &t!("log-fixed-hint"), "s"),
        "collected_at" => moment(person, v, name, &t!("log-taken"), &t!("log-taken-hint"), "s"),
        "side" => Field::new(name, &t!("log-side-own")).select(
            d,
            &t!("log-side-same"),
            &choices(Side::ALL, Side::name, "case-side"),
        ),
        "temperature" => Field::new(name, &t!("log-kept")).select(
            d,
            &t!("log-kept-unsaid"),
            &choices(Temperature::ALL, Temperature::name, "case-temperature"),
        ),
        _ => {
            let missing: Vec<_> =
                c.not_collected_reasons.iter().map(|k| (k.code.to_string(), k.name.clone())).collect();
            Field::new(name, &t!("log-missing")).select(d, &t!("log-obtained"), &missing)
        }
    }
}

/// Which part of the form a test would be fed by: `Part 2: Aspirate, EDTA`.
pub(super) fn part_words(person: &Person, v: &View, row: usize) -> Markup {
    let c = &person.catalogue;
    let get = |field: &str| v.draft.fields.get(&rows::field(row, field)).to_owned();
    let place = rows::of(&v.draft.fields).iter().position(|r| *r == row).map_or(0, |at| at + 1);
    let kind = SpecimenKind::parse(&get("kind")).and_then(|k| c.kind(k)).map(|k| k.name.clone()).unwrap_or_default();
    let within =
        c.container(&get("container")).filter(|x| !x.slide).map(|x| format!(", {}", x.name)).unwrap_or_default();
    rich!(
        "log-from",
        part = html! { a href={ "#part-" (row) } { (t!("log-part", place = place)) } },
        what = format!("{kind}{within}")
    )
}

//! What may be added to a case, and decided about it.

use maud::{Markup, html};

use crate::domain::{Code, Role, Temperature, Urgency};
use crate::web::fields::Draft;
use crate::web::language::{rich, t};
use crate::web::pages::seen::{Seen, volume_words};
use crate::web::parts::seen as seen_version;
use crate::web::parts::{Field, card, choices, hidden, named, stamp, status, table};
use crate::web::session::Person;
use crate::web::words::Status;

/// The draft of one form of the page: what was typed if it was this form that was refused.
fn of<'a>(draft: &'a Draft, form: &str, fresh: &'a Draft) -> (bool, &'a Draft) {
    let open = draft.problem.is_some() && draft.fields.get("form") == form;
    (open, if open { draft } else { fresh })
}

/// Another part of the same puncture.
pub(super) fn part(person: &Person, seen: &Seen, draft: &Draft) -> Markup {
    if !person.actor().is_any(&[Role::Tech, Role::Supervisor]) {
        return html! {};
    }
    let c = &person.catalogue;
    let kinds = c.kinds.iter().filter(|k| k.kind.letter().is_some());
    let kinds: Vec<_> = kinds.map(|k| (k.kind.name().to_owned(), k.name.clone())).collect();
    let containers: Vec<_> = c.containers.iter().map(|k| (k.code.to_string(), k.name.clone())).collect();
    let fresh = Draft::default();
    let (open, draft) = of(draft, "part", &fresh);
    let temperatures = choices(Temperature::ALL, Temperature::name, "case-temperature");
    html! {
        details .more .inset #add-part open[open] {
            summary { (t!("log-part-add")) }
            form action={ "/cases/" (seen.view.accession) "/parts" } method="post" novalidate {
                (hidden(person))
                input type="hidden" name="form" value="part";
                div .grid {
                    (Field::new("kind", &t!("log-kind")).select(draft, &t!("log-choose"), &kinds))
                    (Field::new("container", &t!("log-container")).data().select(draft, &t!("log-choose"), &containers))
                    (Field::new("collected_at", &t!("log-taken")).hint(&t!("case-taken-hint")).input(draft))
                    (Field::new("pull_number", &t!("log-pull")).mode("numeric").input(draft))
                    (Field::new("volume_ul", &t!("log-volume")).hint(&t!("log-volume-hint")).input(draft))
                    (Field::new("length_mm", &t!("log-length")).mode("numeric").input(draft))
                    (Field::new("fixed_at", &t!("log-fixed")).hint(&t!("log-fixed-hint")).input(draft))
                    (Field::new("temperature", &t!("log-kept")).select(draft, &t!("log-kept-unsaid"), &temperatures))
                }
                button .btn data-submit { (t!("case-part-add")) }
            }
        }
    }
}

/// Another test.
pub(super) fn order(person: &Person, seen: &Seen, draft: &Draft) -> Markup {
    let orders = [Role::Tech, Role::Supervisor, Role::Hematologist, Role::Pathologist];
    if !person.actor().is_any(&orders) {
        return html! {};
    }
    let assays: Vec<_> = person.catalogue.assays.iter().map(|a| (a.code.to_string(), a.name.clone())).collect();
    let fresh = Draft::default();
    let (open, draft) = of(draft, "order", &fresh);
    let urgencies = choices(Urgency::ALL, Urgency::name, "case-urgency");
    html! {
        details .more .inset #add-order open[open] {
            summary { (t!("case-order-add")) }
            form action={ "/cases/" (seen.view.accession) "/orders" } method="post" novalidate {
                (hidden(person))
                input type="hidden" name="form" value="order";
                div .grid {
                    (Field::new("assay", &t!("log-test")).data().select(draft, &t!("log-choose"), &assays))
                    (Field::new("urgency", &t!("log-urgency")).select(draft, &t!("case-urgency-same"), &urgencies))
                    (Field::new("why", &t!("log-test-why")).optional().input(draft))
                }
                button .btn data-submit { (t!("case-order-do")) }
            }
        }
    }
}

/// Who goes first, when the sample is not enough for all.
pub(super) fn scarce(person: &Person, seen: &Seen, draft: &Draft) -> Markup {
    let plan = &seen.view.sample_plan;
    if !plan.is_short() && plan.decided.is_none() {
        return html! {};
    }
    let c = &person.catalogue;
    let name = |code: &Code| c.assay(code.as_str()).map_or_else(|| code.to_string(), |a| a.name.clone());
    let decides = person.actor().is_any(&[Role::Supervisor, Role::Pathologist, Role::Hematologist]);
    let fresh = Draft::default();
    let (open, draft) = of(draft, "sample-plan", &fresh);
    let fits = |fits: bool| {
        if fits {
            html! { (t!("case-fits")) }
        } else {
            status(&Status::new("attn", t!("case-fits-not")))
        }
    };
    let rows = plan.proposed.iter().zip(1..).map(|(s, place): (_, usize)| {
        let field = format!("place.{}", s.order);
        let typed = if open { draft.fields.get(&field).to_owned() } else { place.to_string() };
        let kind = c.kind(s.kind).map_or_else(|| s.kind.words(), |k| k.name.clone());
        let container = c.container(s.container.as_str()).map_or(s.container.as_str(), |x| x.name.as_str());
        vec![
            html! {
                @if decides {
                    input .input .field--s name=(field) id=(field) value=(typed) inputmode="numeric" form="sample-plan"
                        autocomplete="off" aria-label=(t!("case-place-of", test = name(&s.assay)));
                } @else { (place) }
            },
            html! { (name(&s.assay)) },
            html! { (t!("case-needs", least = volume_words(s.min_ul), better = volume_words(s.ideal_ul))) },
            html! { (t!("case-from", kind = kind, container = container)) },
            fits(s.fits),
        ]
    });
    let short = if plan.short_by_ul > 0 {
        t!("case-short", volume = volume_words(plan.short_by_ul))
    } else {
        t!("case-short-tube")
    };
    let heads = [t!("case-place"), t!("log-test"), t!("case-needs-head"), t!("log-test-from"), t!("case-fits-head")];
    card(
        "scarce",
        &t!("case-scarce"),
        &html! { span .small { (short) } },
        &html! {
            @if let Some(d) = &plan.decided {
                p .inset {
                    (rich!("case-decided", who = named(&d.by.name), when = stamp(person, d.at)))
                    @if let Some(note) = &d.note { " " (note) }
                }
            }
            (table(
                &html! { span .sr-only { (t!("case-scarce-caption")) } },
                &heads.each_ref().map(String::as_str),
                &rows.collect::<Vec<_>>(),
            ))
            @if decides {
                form .inset #sample-plan action={ "/cases/" (seen.view.accession) "/sample-plan" } method="post" novalidate {
                    (seen_version(person, seen.view.version))
                    input type="hidden" name="form" value="sample-plan";
                    (Field::new("note", &t!("log-test-why")).optional().input(draft))
                    button .btn { (t!("case-decide")) }
                }
            }
        },
    )
}

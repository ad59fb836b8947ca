//! The tests that a case would get: why each, from which part, and why one cannot be done.

use maud::{Markup, html};

use super::{View, form, rows};
use crate::domain::Need;
use crate::domain::decide::Prospect;
use crate::web::language::{english, t, word};
use crate::web::parts::{Field, stamp_day, status, table};
use crate::web::session::Person;
use crate::web::words::{Status, capital};

/// Which tests, and what they come to.
pub(super) fn fieldset(person: &Person, v: &View) -> Markup {
    let d = &v.draft;
    let how = [("suggested".to_owned(), t!("log-tests-usual")), ("codes".to_owned(), t!("log-tests-these"))];
    let assays: Vec<_> = person.catalogue.assays.iter().map(|a| (a.code.to_string(), a.name.clone())).collect();
    html! {
        fieldset .card .plain {
            legend { h2 { (t!("log-tests")) } }
            (Field::new("orders_how", &t!("log-tests-which")).radios(d, &how))
            details .more #choose-tests open[d.fields.get("orders_how") == "codes"] {
                summary { (t!("log-tests-choose")) }
                (Field::new("orders", &t!("log-tests")).hint(&t!("log-tests-choose-hint")).boxes(d, &assays))
            }
            div #log-tests .stack { (outlook(person, v)) }
            p { button .btn name="do" value="tests" { (t!("log-tests-show")) } }
        }
    }
}

fn outlook(person: &Person, v: &View) -> Markup {
    let Some(outlook) = &v.outlook else { return html! { p .muted { (t!("log-tests-need")) } } };
    if outlook.orders.is_empty() {
        return html! { p .muted { (t!("log-tests-none")) } };
    }
    let amiss = outlook.orders.iter().filter(|o| o.needs_reason()).count();
    let heads = [t!("log-test"), t!("log-test-why"), t!("log-test-from"), t!("log-test-due")];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<_> = outlook.orders.iter().map(|o| row(person, v, o)).collect();
    html! {
        (table(&html! { span .sr-only { (t!("log-tests-caption")) } }, &heads, &rows))
        @if amiss > 0 && v.performed {
            div .note {
                p { b { (t!("log-amiss", count = amiss)) } " " (t!("log-amiss-hint")) }
                (Field::new("reason", &t!("log-reason")).hint(&t!("log-reason-hint")).input(&v.draft))
            }
        }
    }
}

fn row(person: &Person, v: &View, o: &Prospect) -> Vec<Markup> {
    let name = person.catalogue.assay(o.assay.as_str()).map_or_else(|| o.assay.to_string(), |a| a.name.clone());
    let waits = match o.need {
        Need::Mandatory => None,
        Need::Recommended | Need::Conditional | Need::Hold => Some(word("case-need", o.need.name())),
    };
    vec![
        html! { b { (name) } @if let Some(waits) = waits { p .small .muted { (waits) } } },
        html! { @match &o.why { Some(why) => { (why) } None => { span .muted { (t!("log-test-asked")) } } } },
        html! {
            @match &o.part {
                Ok(part) => {
                    (form::part_words(person, v, v.parts.get(*part).copied().unwrap_or_default()))
                    @if o.scarce { p { (status(&Status::new("attn", t!("log-test-scarce")))) } }
                    @if let Some(caveat) = &o.caveat { p .small .caveat { (english(&capital(caveat))) } }
                }
                Err(_) if rows::of(&v.draft.fields).is_empty() || v.parts.is_empty() => { span .muted { (t!("log-test-nothing")) } }
                Err(why) => {
                    p { (status(&Status::new("attn", t!("log-test-cannot")))) }
                    p .small { (english(why)) }
                }
            }
        },
        match o.due_at {
            Some(due) => stamp_day(person, due),
            None => html! { span .muted { (t!("log-test-due-later")) } },
        },
    ]
}

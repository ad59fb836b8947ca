//! A form that was refused because somebody changed the same thing meanwhile: what is different now, what was typed, and
//! the two ways on. It works for every form that says which version it saw, from the journal's entries since then.

use std::collections::BTreeSet;

use maud::{Markup, html};
use serde_json::Value;

use super::act::nonce;
use super::fields::Fields;
use super::language::{english, rich, t, word_if};
use super::parts::{named, table};
use super::session::Person;
use super::{time, words};
use crate::domain::Moment;
use crate::edge::problem::Changed;
use crate::lab::questions::events::EventView;

/// Fields that follow from others, or mean nothing to people.
const SILENT: &[&str] = &["id", "version", "case_id", "patient_id", "recorded_at", "progress"];
/// More of a nested value is not shown.
const VALUE_MAX: usize = 160;

/// One thing that is different.
struct Difference {
    what: String,
    before: String,
    now: String,
    typed: String,
}

/// Who changed what since the form was opened, side by side with what was typed, and the choice.
pub(crate) fn show(person: &Person, changed: &Changed, fields: &Fields) -> Markup {
    let Some((entries, version)) = since(changed, fields.get("version").parse().ok()) else { return html! {} };
    let rows: Vec<Vec<Markup>> = differences(person, &entries, fields)
        .into_iter()
        .map(|d| vec![html! { (d.what) }, html! { (d.before) }, html! { (d.now) }, html! { b { (d.typed) } }])
        .collect();
    // What needs the password again needs the form itself again.
    let signs = fields.pairs().any(|(name, _)| name.contains("password"));
    html! {
        section #conflict .card aria-labelledby="conflict-title" {
            header .section-head { h2 #conflict-title { (t!("conflict-title")) } }
            ol .events {
                @for entry in &entries {
                    li {
                        (time::stamp(entry.recorded_at, person.zone(), person.now))
                        span { (rich!("conflict-who", who = named(&entry.actor), what = words::command(&entry.command))) }
                    }
                }
            }
            @if !rows.is_empty() {
                (table(
                    &html! { (t!("conflict-caption")) },
                    &[&t!("conflict-field"), &t!("conflict-before"), &t!("conflict-now"), &t!("conflict-typed")],
                    &rows,
                ))
            }
            div .inset .actions {
                @if changed.open && !signs {
                    form action=(person.here) method="post" {
                        input type="hidden" name="csrf" value=(person.signed_in.csrf);
                        input type="hidden" name="key" value=(nonce());
                        input type="hidden" name="version" value=(version);
                        @for (name, value) in fields.pairs().filter(|(n, _)| !matches!(*n, "csrf" | "key" | "version")) {
                            input type="hidden" name=(name) value=(value);
                        }
                        button .btn .btn--primary { (t!("conflict-mine")) }
                    }
                }
                @if changed.open { (afresh(person, fields)) }
                @else { a .btn href=(person.case_path(changed.accession)) { (t!("conflict-theirs")) } }
            }
            p .inset .hint { @if changed.open { (t!("conflict-kept")) } @else { (t!("conflict-closed")) } }
        }
    }
}

/// The way to the same form without what was typed; where that was kept, it is forgotten.
fn afresh(person: &Person, fields: &Fields) -> Markup {
    let to = form_page(&person.path);
    html! {
        @match fields.opt("draft") {
            Some(place) => form action="/drafts/discard" method="post" {
                input type="hidden" name="csrf" value=(person.signed_in.csrf);
                input type="hidden" name="place" value=(place);
                input type="hidden" name="next" value=(to);
                button .btn { (t!("conflict-afresh")) }
            },
            None => a .btn href=(to) { (t!("conflict-afresh")) },
        }
    }
}

/// The page that the form of this address stands on: its own, or the one above it where it is only sent there.
fn form_page(path: &str) -> String {
    let pieces: Vec<&str> = path.split('/').skip(1).collect();
    match pieces.as_slice() {
        ["orders", id, "results" | "documents"] => format!("/orders/{id}"),
        ["results", id, _] => format!("/results/{id}"),
        ["cases", number, "report", "sign"] => format!("/cases/{number}/report"),
        ["cases", number, "reports", version, "void"] => format!("/cases/{number}/reports/{version}"),
        ["cases", number, "parts" | "orders" | "sample-plan" | "calls"] => format!("/cases/{number}"),
        _ => path.to_owned(),
    }
}

/// The entries since the version that the form saw, and the version now. The case itself counts its journal; a part, an
/// order and a result count their own changes, and the journal keeps those counts too.
fn since(changed: &Changed, seen: Option<i64>) -> Option<(Vec<&EventView>, i64)> {
    let seen = seen?;
    let Some(subject) = changed.subject else {
        let entries: Vec<_> = changed.entries.iter().filter(|e| e.seq > seen).collect();
        let version = entries.last()?.seq;
        return Some((entries, version));
    };
    let version = |e: &EventView| {
        let own = e.events.iter().filter(|e| e.id == subject).flat_map(|e| &e.changes);
        own.filter(|c| c.field == "version").filter_map(|c| c.after.as_i64()).max()
    };
    let start = changed.entries.iter().position(|e| version(e).is_some_and(|v| v > seen))?;
    let entries: Vec<_> = changed.entries.get(start..)?.iter().collect();
    let now = entries.iter().filter_map(|e| version(e)).max()?;
    Some((entries, now))
}

/// Every field that changed since, with its first value and its last, and what was typed into the field of that name.
fn differences(person: &Person, entries: &[&EventView], fields: &Fields) -> Vec<Difference> {
    let changes = || entries.iter().flat_map(|e| &e.events).flat_map(|e| e.changes.iter().map(move |c| (e, c)));
    let mut done = BTreeSet::new();
    let mut all = Vec::new();
    for (event, first) in changes().filter(|(_, c)| !SILENT.contains(&c.field.as_str())) {
        if !done.insert((event.id, first.field.as_str())) {
            continue;
        }
        let same = |(e, c): &(&crate::domain::event::Recorded, &crate::domain::event::Change)| {
            e.id == event.id && c.field == first.field
        };
        let last = changes().rfind(same).map_or(first, |(_, c)| c);
        let typed: Vec<&str> = fields
            .pairs()
            .filter(|(name, value)| name.rsplit('.').next() == Some(first.field.as_str()) && !value.trim().is_empty())
            .map(|(_, value)| value)
            .collect();
        let shown = |value: &Value| shown(person, &event.subject, &first.field, value);
        all.push(Difference {
            what: words::capital(&name(&first.field)),
            before: shown(&first.before),
            now: shown(&last.after),
            typed: if typed.is_empty() { t!("conflict-nothing") } else { typed.join(", ") },
        });
    }
    // What was typed first: that is what must be decided.
    let nothing = t!("conflict-nothing");
    all.sort_by_key(|d| d.typed == nothing);
    all
}

fn name(field: &str) -> String {
    word_if("conflict-field", field).unwrap_or_else(|| field.replace('_', " "))
}

/// A value of the journal as people read it.
fn shown(person: &Person, subject: &str, field: &str, value: &Value) -> String {
    let text = match value {
        Value::Null => return t!("conflict-nothing"),
        Value::String(code) if field == "state" => {
            word_if(&format!("{subject}-state"), code).unwrap_or_else(|| code.clone())
        }
        Value::String(text) => {
            text.parse::<Moment>().map_or_else(|_| text.clone(), |at| time::full(at, person.zone(), person.now))
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(all) => all.iter().map(|v| shown(person, subject, "", v)).collect::<Vec<_>>().join("; "),
        Value::Object(map) => map
            .iter()
            .filter(|(k, v)| !v.is_null() && !SILENT.contains(&k.as_str()))
            .map(|(k, v)| format!("{}: {}", name(k), shown(person, subject, k, v)))
            .collect::<Vec<_>>()
            .join(", "),
    };
    if text.is_empty() {
        t!("conflict-nothing")
    } else if text.chars().count() > VALUE_MAX {
        text.chars().take(VALUE_MAX).chain(['…']).collect()
    } else {
        text
    }
}

/// A sentence of the problem itself: who was first.
pub(crate) fn lead(person: &Person, changed: &Changed) -> Markup {
    match changed.entries.last() {
        Some(last) => html! {
            (rich!("conflict-lead", who = named(&last.actor), when = time::full(last.recorded_at, person.zone(), person.now)))
        },
        None => english("Look again, then decide."),
    }
}

#[cfg(test)]
mod tests {
    use super::form_page;

    #[test]
    fn leaving_mine_leads_to_a_page_that_can_be_opened() {
        for (sent, page) in [
            ("/specimens/BM26-000417K-A1/steps/store", "/specimens/BM26-000417K-A1/steps/store"),
            ("/orders/7/results", "/orders/7"),
            ("/results/7/revise", "/results/7"),
            ("/cases/BM26-000417K/report", "/cases/BM26-000417K/report"),
            ("/cases/BM26-000417K/report/sign", "/cases/BM26-000417K/report"),
            ("/cases/BM26-000417K/sample-plan", "/cases/BM26-000417K"),
        ] {
            assert_eq!(form_page(sent), page);
        }
    }
}

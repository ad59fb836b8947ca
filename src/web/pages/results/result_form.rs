//! The form of a result: drawn from the table of its assay's shape, or from the catalogue's values where it has none.
//!
//! A cell of the table is a field named `details.<cell>`. “Add a row” is a submit button: the page comes back with
//! everything that was typed, and nothing is entered. `result_read.rs` reads it.

use maud::{Markup, html};

use super::form_words::{choice, hint, label};
use super::result_show::says;
use super::tally;
use crate::domain::catalogue::{Assay, ValueKind, ValueSpec};
use crate::domain::results::form::{self, Input, Item};
use crate::domain::results::{Denominator, Reading, ShapeKind};
use crate::domain::{Interpretation, Qualifier};
use crate::web::fields::Draft;
use crate::web::language::{english, t, word};
use crate::web::parts::Field;
use crate::web::words;

pub(crate) use super::result_show::finding;

/// The fields. `entered` says whether it is a first entry (time and place of the work are asked for).
pub(crate) fn fields(assay: Option<&Assay>, draft: &Draft, entered: bool) -> Markup {
    let specs = assay.map_or(&[][..], |a| a.values.as_slice());
    let qualifiers = assay.map_or(&[][..], |a| a.qualifiers.as_slice());
    let shape = assay.and_then(|a| a.shape);
    let all: Vec<(String, String)> =
        Interpretation::ALL.iter().map(|i| (i.name().to_owned(), says(assay, *i))).collect();
    let (one_line, made, comment) = (t!("result-one-line"), t!("result-one-line-made"), t!("result-comment"));
    let summary = Field::new("summary", &one_line);
    html! {
        (Field::new("interpretation", &t!("result-says")).radios(draft, &all))
        @if let Some(shape) = shape {
            (summary.hint(&made).optional().input(draft))
            (details(shape, draft))
        } @else { (summary.input(draft)) }
        @if shape.is_none() && !specs.is_empty() {
            fieldset .values #values {
                legend { (t!("result-values")) }
                p .hint { (t!("result-values-hint")) }
                @for spec in specs { (value(spec, qualifiers, draft)) }
            }
        }
        (Field::new("comment", &comment).optional().area(draft, 3))
        @if entered {
            div .grid {
                (Field::new("performed_at", &t!("result-performed-at")).hint(&t!("result-performed-at-hint")).input(draft))
                (Field::new("performed_by", &t!("result-performed-by")).hint(&t!("result-performed-by-hint")).optional().input(draft))
            }
        }
    }
}

/// The first button of a form is the one that the Enter key presses: it must not be “add a row”.
pub(crate) fn first_button(text: &str) -> Markup {
    html! { button .sr-only tabindex="-1" aria-hidden="true" { (text) } }
}

/// The field of a cell.
pub(crate) fn name(cell: &str) -> String {
    format!("details.{cell}")
}

/// The fields of a shape, in the order of reading.
fn details(shape: ShapeKind, draft: &Draft) -> Markup {
    let get = |cell: &str| draft.fields.opt(&name(cell));
    let table = form::table(shape);
    // Fields that follow each other stand in one grid; lists and sections stand by themselves.
    let runs = table.chunk_by(|a, b| matches!((a, b), (Item::Field(_), Item::Field(_))));
    html! {
        div .typed #details {
            @if let Some(why) = draft.error("details") { p .error { span .sr-only { (t!("error")) ": " } (english(&words::sentence(why))) } }
            p .hint { (t!("result-details-hint")) }
            @for run in runs {
                @match run {
                    [Item::Section(section)] => (section_fields(section, &get, draft)),
                    [Item::Rows(rows)] => (row_fields(rows, &get, draft)),
                    fields => {
                        div .grid {
                            @for item in fields {
                                @if let Item::Field(f) = item { (input(f, f.name, true, false, draft)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A part of the form that folds away: on a phone its heading stays in sight.
fn group(id: &str, title: &str, draft: &Draft, body: &Markup) -> Markup {
    let failed = draft.error(id).is_some();
    html! {
        details .typed__group .field--error[failed] #(id) open {
            summary #{ (id) "-title" } { (title) }
            fieldset .stack aria-labelledby={ (id) "-title" } {
                (group_error(id, draft))
                (body)
            }
        }
    }
}

fn section_fields(section: &form::Section, get: form::Get<'_>, draft: &Draft) -> Markup {
    let body = html! {
        @if !section.hint.is_empty() { p .hint { (hint(section.hint)) } }
        div .grid .grid--tight {
            @for f in section.fields { (input(f, &format!("{}.{}", section.name, f.name), false, false, draft)) }
        }
        @if let Some(counted) = tally::Counted::of(section, get) { (tally::counter(&counted)) }
    };
    group(&name(section.name), &label(section.label), draft, &body)
}

fn row_fields(rows: &form::Rows, get: form::Get<'_>, draft: &Draft) -> Markup {
    let asked = draft.fields.get(&shown(rows.name)).parse().unwrap_or(0);
    let last = rows.typed(get).last().map_or(0, |row| row + 1);
    let count = rows.shown.max(asked).max(last).min(rows.most);
    let added = draft.fields.get(ADD) == rows.name;
    let body = html! {
        @if rows.shown > 1 { p .hint { (t!("result-rows-hint")) } }
        input type="hidden" name=(shown(rows.name)) value=(count);
        @for row in 0..count {
            fieldset .grid-row {
                legend { (label(rows.one)) " " (row + 1) }
                @for (i, f) in rows.fields.iter().enumerate() {
                    (input(f, &format!("{}.{row}.{}", rows.name, f.name), true, added && i == 0 && row + 1 == count, draft))
                }
            }
        }
        @if count < rows.most {
            div { button .btn name=(ADD) value=(rows.name) { (word("result-add", rows.name)) } }
        }
    };
    group(&name(rows.name), &label(rows.label), draft, &body)
}

fn group_error(id: &str, draft: &Draft) -> Markup {
    html! { @if let Some(why) = draft.error(id) { p .error { span .sr-only { (t!("error")) ": " } (english(&words::sentence(why))) } } }
}

/// The button that adds a row to a list, and the field that says how many rows a list shows.
pub(super) const ADD: &str = "add";

pub(super) fn shown(list: &str) -> String {
    format!("rows.{list}")
}

/// One field of the table. `says_optional` is off where nearly nothing is needed; a computed value is never missing.
fn input(f: &form::Field, cell: &str, says_optional: bool, focus: bool, draft: &Draft) -> Markup {
    let typed = |cell: &str| draft.fields.opt(&name(cell));
    let unit = match f.input {
        Input::Number(unit) | Input::Count(unit) | Input::Reading(unit) => unit,
        Input::Share(_) => "%",
        Input::Line
        | Input::Note
        | Input::Choice(_)
        | Input::YesNo
        | Input::Lines
        | Input::Words
        | Input::Markers
        | Input::Moment => "",
    };
    let label = if unit.is_empty() { label(f.label) } else { format!("{} ({unit})", label(f.label)) };
    // A reading is shown back as understood.
    let understood = |cell: &str| {
        let reading = Reading::parse(&typed(cell)?).ok()?;
        Some(t!("result-read-as", reading = reading.words(unit)))
    };
    let help = match f.input {
        Input::Reading(_) => understood(cell).unwrap_or_else(|| hint(f.hint)),
        Input::Share(_) => understood(&format!("{cell}.percent")).unwrap_or_else(|| hint(f.hint)),
        Input::Line
        | Input::Note
        | Input::Number(_)
        | Input::Count(_)
        | Input::Choice(_)
        | Input::YesNo
        | Input::Lines
        | Input::Words
        | Input::Markers
        | Input::Moment => hint(f.hint),
    };
    let frame = |cell: &str| {
        let field = Field::new(name(cell), &label);
        let field = if help.is_empty() { field } else { field.hint(&help) };
        let field = if focus { field.focus() } else { field };
        if f.needed || !says_optional || f.hint.contains("left empty") { field } else { field.optional() }
    };
    match f.input {
        Input::Line | Input::Words | Input::Markers | Input::Moment => frame(cell).input(draft),
        Input::Note | Input::Lines => frame(cell).area(draft, 2),
        Input::Number(_) => frame(cell).mode("decimal").width("s").input(draft),
        Input::Count(_) => frame(cell).mode("numeric").width("s").input(draft),
        Input::Reading(_) => frame(cell).width("s").input(draft),
        Input::Choice(words) => {
            let empty = if f.needed { t!("result-choose") } else { t!("result-not-said") };
            let all: Vec<_> = words().into_iter().map(|(word, text)| (word.to_owned(), choice(word, &text))).collect();
            frame(cell).select(draft, &empty, &all)
        }
        Input::YesNo => frame(cell).boxes(draft, &[("yes".to_owned(), t!("result-yes"))]),
        Input::Share(usual) => {
            let percentage_of = t!("result-percentage-of");
            let of = Field::new(name(&format!("{cell}.of")), &percentage_of);
            html! {
                div .value {
                    (frame(&format!("{cell}.percent")).input(draft))
                    (of.select(draft, &t!("result-choose"), &denominators(usual)))
                }
            }
        }
    }
}

/// Every denominator, the usual ones first.
fn denominators(usual: &[Denominator]) -> Vec<(String, String)> {
    let rest = Denominator::ALL.iter().filter(|d| !usual.contains(d));
    let all: Vec<Denominator> = usual.iter().chain(rest).copied().collect();
    all.iter().map(|d| (d.name().to_owned(), choice(d.name(), &d.words()))).collect()
}

fn read_as_words(qualifiers: &[Qualifier]) -> Vec<(String, String)> {
    qualifiers.iter().map(|q| (q.name().to_owned(), word("result-qualifier", q.name()))).collect()
}

fn value(spec: &ValueSpec, qualifiers: &[Qualifier], draft: &Draft) -> Markup {
    let name = |part: &str| format!("values.{}.{part}", spec.key);
    let label = match &spec.unit {
        Some(unit) => format!("{} ({unit})", spec.name),
        None => spec.name.clone(),
    };
    let plain =
        |codes: &[String]| codes.iter().map(|c| (c.clone(), choice(c, &c.replace('_', " ")))).collect::<Vec<_>>();
    let (read_as, of, choose) = (t!("result-read-as-field"), t!("result-percentage-of"), t!("result-choose"));
    let needed = |field: Field<'_>| if spec.required { field.input(draft) } else { field.optional().input(draft) };
    match spec.kind {
        ValueKind::Number => {
            let range = match (spec.min, spec.max) {
                (Some(min), Some(max)) => Some(t!("result-range", min = min, max = max)),
                (_, _) => None,
            };
            let field = Field::new(name("number"), &label);
            let field = match &range {
                Some(range) => field.hint(range),
                None => field,
            };
            html! {
                div .value {
                    (needed(field))
                    @if !qualifiers.is_empty() {
                        (Field::new(name("qualifier"), &read_as).select(draft, &t!("result-exactly"), &read_as_words(qualifiers)))
                    }
                    @if !spec.denominators.is_empty() {
                        (Field::new(name("denominator"), &of).select(draft, &choose, &plain(&spec.denominators)))
                    }
                }
            }
        }
        ValueKind::Text => {
            let field = Field::new(name("text"), &label);
            if spec.required { field.area(draft, 2) } else { field.optional().area(draft, 2) }
        }
        ValueKind::Coded => {
            let field = Field::new(name("text"), &label);
            let list = plain(&spec.codes);
            if spec.required {
                field.select(draft, &choose, &list)
            } else {
                field.optional().select(draft, &t!("result-not-reported"), &list)
            }
        }
    }
}

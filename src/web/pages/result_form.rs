//! The form of a result: drawn from the table of its assay's shape, or from the catalogue's values where it has none.
//!
//! A cell of the table is a field named `details.<cell>`. “Add a row” is a submit button: the page comes back with
//! everything that was typed, and nothing is entered.

use maud::{Markup, html};

use crate::domain::catalogue::{Assay, ValueKind, ValueSpec};
use crate::domain::command::NewResult;
use crate::domain::results::form::{self, Input, Item};
use crate::domain::results::{Denominator, Details, Reading, Remark, ShapeKind, plain};
use crate::domain::{FieldError, Interpretation, Qualifier, Refusal, ResultValue, ResultVersion};
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::parts::{Field, options};
use crate::web::session::Person;
use crate::web::{time, words};

/// The fields. `entered` says whether it is a first entry (time and place of the work are asked for).
pub(crate) fn fields(assay: Option<&Assay>, draft: &Draft, entered: bool) -> Markup {
    let specs = assay.map_or(&[][..], |a| a.values.as_slice());
    let qualifiers = assay.map_or(&[][..], |a| a.qualifiers.as_slice());
    let shape = assay.and_then(|a| a.shape);
    let says: Vec<(String, String)> =
        Interpretation::ALL.iter().map(|i| (i.name().to_owned(), says(assay, *i))).collect();
    let summary = Field::new("summary", "The finding in one line");
    html! {
        @if shape.is_some() {
            // The first button of a form is the one that the Enter key presses: it must not be “add a row”.
            button .sr-only tabindex="-1" aria-hidden="true" { "Enter" }
        }
        (Field::new("interpretation", "What it says").radios(draft, &says))
        @if let Some(shape) = shape {
            (summary.hint("Made from what is typed below, if left empty").optional().input(draft))
            (details(shape, draft))
        } @else { (summary.input(draft)) }
        @if shape.is_none() && !specs.is_empty() {
            fieldset .values #values {
                legend { "Values" }
                p .hint { "Numbers may be typed as <0.001, >90, ~5, 1e-5 or ND (not detected). An empty value is not reported." }
                @for spec in specs { (value(spec, qualifiers, draft)) }
            }
        }
        (Field::new("comment", "Comment").optional().area(draft, 3))
        @if entered {
            div .grid {
                (Field::new("performed_at", "When the work was done").hint("Now, if left empty. 0940, -2h").input(draft))
                (Field::new("performed_by", "Laboratory that did it").hint("If not ours").optional().input(draft))
            }
        }
    }
}

/// What a result says, in the words of its bench: a molecular one detects.
pub(crate) fn says(assay: Option<&Assay>, interpretation: Interpretation) -> String {
    let molecular = match assay.and_then(|a| a.shape) {
        Some(ShapeKind::Transcript | ShapeKind::Genes | ShapeKind::Ngs) => true,
        Some(
            ShapeKind::Flow
            | ShapeKind::Fish
            | ShapeKind::Karyotype
            | ShapeKind::Clonality
            | ShapeKind::Morphology
            | ShapeKind::Iron
            | ShapeKind::Histology
            | ShapeKind::Culture,
        )
        | None => false,
    };
    match interpretation {
        Interpretation::Abnormal if molecular => "Detected".to_owned(),
        Interpretation::Normal if molecular => "Not detected".to_owned(),
        Interpretation::Abnormal
        | Interpretation::Normal
        | Interpretation::Indeterminate
        | Interpretation::Inadequate => words::capital(&interpretation.words()),
    }
}

/// The field of a cell.
fn name(cell: &str) -> String {
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
            @if let Some(why) = draft.error("details") { p .error { span .sr-only { "Error: " } (words::sentence(why)) } }
            p .hint { "Leave everything here empty only when the material could not be assessed." }
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

fn section_fields(section: &form::Section, get: form::Get<'_>, draft: &Draft) -> Markup {
    let id = name(section.name);
    html! {
        fieldset .typed__group #(id) .field--error[draft.error(&id).is_some()] {
            legend { (section.label) }
            @if !section.hint.is_empty() { p .hint { (section.hint) } }
            (group_error(&id, draft))
            div .grid .grid--tight {
                @for f in section.fields { (input(f, &format!("{}.{}", section.name, f.name), false, false, draft)) }
            }
            @if let Some(sum) = sum(section, get) { p .sum { "Sum: " strong .num { (sum) } } }
        }
    }
}

/// The sum of a differential's classes as typed so far, with its unit; `None` elsewhere, and while nothing is typed.
fn sum(section: &form::Section, get: form::Get<'_>) -> Option<String> {
    let tally = get(&format!("{}.tally", section.name));
    section.fields.iter().find(|f| f.name == "tally")?;
    let classes = section.fields.iter().filter(|f| matches!(f.input, Input::Number(_)));
    let typed: Vec<f64> = classes.filter_map(|f| get(&format!("{}.{}", section.name, f.name))?.parse().ok()).collect();
    let unit = match tally.as_deref() {
        Some("percent") => " % (100 % are needed)",
        Some("cells") => " cells",
        Some(_) | None => "",
    };
    (!typed.is_empty()).then(|| format!("{}{unit}", plain(typed.iter().sum())))
}

fn row_fields(rows: &form::Rows, get: form::Get<'_>, draft: &Draft) -> Markup {
    let id = name(rows.name);
    let asked = draft.fields.get(&shown(rows.name)).parse().unwrap_or(0);
    let last = rows.typed(get).last().map_or(0, |row| row + 1);
    let count = rows.shown.max(asked).max(last).min(rows.most);
    let added = draft.fields.get(ADD) == rows.name;
    html! {
        fieldset .typed__group #(id) .field--error[draft.error(&id).is_some()] {
            legend { (rows.label) }
            @if rows.shown > 1 { p .hint { "Rows that you do not need stay empty." } }
            (group_error(&id, draft))
            input type="hidden" name=(shown(rows.name)) value=(count);
            @for row in 0..count {
                fieldset .grid-row {
                    legend { (rows.one) " " (row + 1) }
                    @for (i, f) in rows.fields.iter().enumerate() {
                        (input(f, &format!("{}.{row}.{}", rows.name, f.name), true, added && i == 0 && row + 1 == count, draft))
                    }
                }
            }
            @if count < rows.most {
                div { button .btn name=(ADD) value=(rows.name) { "Add a " (rows.one.to_lowercase()) } }
            }
        }
    }
}

fn group_error(id: &str, draft: &Draft) -> Markup {
    html! { @if let Some(why) = draft.error(id) { p .error { span .sr-only { "Error: " } (words::sentence(why)) } } }
}

/// The button that adds a row to a list, and the field that says how many rows a list shows.
const ADD: &str = "add";

fn shown(list: &str) -> String {
    format!("rows.{list}")
}

/// The form with one row more, when that is what was pressed.
pub(crate) fn one_more(assay: Option<&Assay>, fields: &Fields) -> Option<Fields> {
    let (list, shape) = (fields.opt(ADD)?, assay?.shape?);
    form::table(shape).iter().find_map(|item| match item {
        Item::Rows(rows) if rows.name == list => {
            let count = fields.get(&shown(&list)).parse().unwrap_or(rows.shown);
            Some(fields.clone().with(&shown(&list), rows.most.min(count + 1).to_string()))
        }
        Item::Rows(_) | Item::Section(_) | Item::Field(_) => None,
    })
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
    let label = if unit.is_empty() { f.label.to_owned() } else { format!("{} ({unit})", f.label) };
    // A reading is shown back as understood.
    let understood = |cell: &str| {
        let reading = Reading::parse(&typed(cell)?).ok()?;
        Some(format!("Read as {}", reading.words(unit)))
    };
    let hint = match f.input {
        Input::Reading(_) => understood(cell).unwrap_or_else(|| f.hint.to_owned()),
        Input::Share(_) => understood(&format!("{cell}.percent")).unwrap_or_else(|| f.hint.to_owned()),
        Input::Line
        | Input::Note
        | Input::Number(_)
        | Input::Count(_)
        | Input::Choice(_)
        | Input::YesNo
        | Input::Lines
        | Input::Words
        | Input::Markers
        | Input::Moment => f.hint.to_owned(),
    };
    let frame = |cell: &str| {
        let field = Field::new(name(cell), &label);
        let field = if hint.is_empty() { field } else { field.hint(&hint) };
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
            frame(cell).select(draft, if f.needed { "Choose" } else { "Not said" }, &worded(words()))
        }
        Input::YesNo => frame(cell).boxes(draft, &[("yes".to_owned(), "Yes".to_owned())]),
        Input::Share(usual) => {
            let of = Field::new(name(&format!("{cell}.of")), "Percentage of");
            html! {
                div .value {
                    (frame(&format!("{cell}.percent")).input(draft))
                    (of.select(draft, "Choose", &denominators(usual)))
                }
            }
        }
    }
}

fn worded(words: Vec<(&'static str, String)>) -> Vec<(String, String)> {
    words.into_iter().map(|(word, text)| (word.to_owned(), words::capital(&text))).collect()
}

/// Every denominator, the usual ones first.
fn denominators(usual: &[Denominator]) -> Vec<(String, String)> {
    let rest = Denominator::ALL.iter().filter(|d| !usual.contains(d));
    let all: Vec<Denominator> = usual.iter().chain(rest).copied().collect();
    let read = |d: Denominator| d.words().replace("cd45", "CD45");
    options(&all, Denominator::name, read)
}

fn value(spec: &ValueSpec, qualifiers: &[Qualifier], draft: &Draft) -> Markup {
    let name = |part: &str| format!("values.{}.{part}", spec.key);
    let label = match &spec.unit {
        Some(unit) => format!("{} ({unit})", spec.name),
        None => spec.name.clone(),
    };
    let plain =
        |codes: &[String]| codes.iter().map(|c| (c.clone(), words::capital(&c.replace('_', " ")))).collect::<Vec<_>>();
    let needed = |field: Field<'_>| if spec.required { field.input(draft) } else { field.optional().input(draft) };
    match spec.kind {
        ValueKind::Number => {
            let range = match (spec.min, spec.max) {
                (Some(min), Some(max)) => Some(format!("{min} to {max}")),
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
                        (Field::new(name("qualifier"), "Read as").select(draft, "Exactly", &options(qualifiers, Qualifier::name, Qualifier::words)))
                    }
                    @if !spec.denominators.is_empty() {
                        (Field::new(name("denominator"), "Percentage of").select(draft, "Choose", &plain(&spec.denominators)))
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
                field.select(draft, "Choose", &list)
            } else {
                field.optional().select(draft, "Not reported", &list)
            }
        }
    }
}

/// Reads the form; with the keys in the order of the values, for errors.
///
/// # Errors
/// What does not fit.
pub(crate) fn read(
    person: &Person,
    assay: Option<&Assay>,
    fields: &Fields,
) -> Result<(NewResult, Vec<String>), Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let interpretation = r.word::<Interpretation>("interpretation");
    if fields.opt("interpretation").is_none() {
        r.fail("interpretation", "missing", "choose what the result says");
    }
    let shape = assay.and_then(|a| a.shape);
    let details = shape.and_then(|shape| read_details(person, shape, fields, &mut r));
    let mut values = Vec::new();
    for spec in assay.filter(|_| shape.is_none()).map_or(&[][..], |a| a.values.as_slice()) {
        values.extend(read_value(&mut r, spec));
    }
    let keys = values.iter().map(|v| v.key.clone()).collect();
    let (summary, comment, performed_by) = (r.opt("summary"), r.opt("comment"), r.opt("performed_by"));
    let performed_at = r.time("performed_at");
    let result = interpretation.map(|interpretation| NewResult {
        interpretation,
        summary,
        details,
        values,
        comment,
        performed_by,
        performed_at,
    });
    Ok((r.found(result)?, keys))
}

/// What is typed into a cell; a time as the exact moment it stands for.
fn typed(person: &Person, shape: ShapeKind, fields: &Fields, cell: &str) -> Option<Result<String, String>> {
    let text = fields.opt(&name(cell))?;
    let moment = form::field_of(shape, cell).is_some_and(|f| matches!(f.input, Input::Moment));
    if moment {
        return Some(time::parse(&text, person.zone(), person.now).map(|at| at.to_rfc3339()));
    }
    Some(Ok(text))
}

fn read_details(person: &Person, shape: ShapeKind, fields: &Fields, r: &mut Reader<'_>) -> Option<Details> {
    // A time that cannot be read stays as it was typed, so that the form names its field.
    let get =
        |cell: &str| typed(person, shape, fields, cell).map(|t| t.unwrap_or_else(|_| fields.raw(&name(cell)).into()));
    match form::read(shape, &get) {
        Ok(details) => details,
        Err(found) => {
            for e in found {
                let cell = cell_of(shape, fields, &e.pointer);
                let why = typed(person, shape, fields, &cell).and_then(Result::err).unwrap_or(e.message);
                r.fail(&name(&cell), &e.code, why);
            }
            None
        }
    }
}

/// The cell, list or section that a pointer such as `/details/flow/populations/0/share` is about.
fn cell_of(shape: ShapeKind, fields: &Fields, pointer: &str) -> String {
    let inside = pointer.strip_prefix(&format!("/details/{shape}")).unwrap_or_default();
    form::place(shape, &|cell| fields.opt(&name(cell)), inside)
}

fn read_value(r: &mut Reader<'_>, spec: &ValueSpec) -> Option<ResultValue> {
    let name = |part: &str| format!("values.{}.{part}", spec.key);
    let mut value =
        ResultValue { key: spec.key.clone(), number: None, text: None, unit: None, qualifier: None, denominator: None };
    match spec.kind {
        ValueKind::Number => {
            let typed = r.opt(&name("number"));
            value.qualifier = r.word(&name("qualifier"));
            if typed.is_none() && value.qualifier.is_none() {
                return None;
            }
            if let Some(text) = typed {
                match number(&text) {
                    Some((qualifier, number)) => {
                        value.qualifier = qualifier.or(value.qualifier);
                        value.number = number;
                    }
                    None => {
                        r.fail(&name("number"), "not_a_number", "type a number such as 12, <0.001, >90, 1e-5 or ND");
                        return None;
                    }
                }
            }
            value.denominator = r.opt(&name("denominator"));
        }
        ValueKind::Text | ValueKind::Coded => value.text = Some(r.opt(&name("text"))?),
    }
    Some(value)
}

/// A number as it is typed, with what stands before it.
fn number(text: &str) -> Option<(Option<Qualifier>, Option<f64>)> {
    let text = text.trim();
    if ["nd", "not detected"].iter().any(|w| text.eq_ignore_ascii_case(w)) {
        return Some((Some(Qualifier::NotDetected), None));
    }
    let (qualifier, rest) = match text.chars().next()? {
        '<' => (Some(Qualifier::Below), text.get(1..)?),
        '>' => (Some(Qualifier::Above), text.get(1..)?),
        '~' | '≈' => (Some(Qualifier::About), text.trim_start_matches(['~', '≈'])),
        _ => (None, text),
    };
    let number: f64 = rest.trim().parse().ok()?;
    number.is_finite().then_some((qualifier, Some(number)))
}

/// Puts the errors of values at their fields: the domain counts the values it was given, and names a missing one.
pub(crate) fn place(errors: &mut [FieldError], assay: Option<&Assay>, fields: &Fields, keys: &[String]) {
    for error in errors {
        if let Some(shape) = assay.and_then(|a| a.shape) {
            // A revision's result stands below /result.
            let pointer = error.pointer.strip_prefix("/result").unwrap_or(&error.pointer).to_owned();
            // What was read before the laboratory was asked has its field's own name already.
            let inside = pointer.starts_with(&format!("/details/{shape}"));
            error.pointer = match (inside, cell_of(shape, fields, &pointer)) {
                (true, cell) if cell.is_empty() => "/details".to_owned(),
                (true, cell) => format!("/details/{}", cell.replace('.', "/")),
                (false, _) => pointer,
            };
            continue;
        }
        let missing = error.pointer.ends_with("/values").then(|| {
            let named = |s: &&ValueSpec| error.message.contains(&format!("({})", s.key));
            assay.and_then(|a| a.values.iter().find(named))
        });
        if let Some(spec) = missing.flatten() {
            let field = if spec.kind == ValueKind::Number { "number" } else { "text" };
            error.pointer = format!("/values/{}/{field}", spec.key);
            error.message = error.message.replace(&format!(" ({})", spec.key), "");
        } else if let Some(pointer) = of_value(&error.pointer, keys) {
            error.pointer = pointer;
        }
    }
}

fn of_value(pointer: &str, keys: &[String]) -> Option<String> {
    let pointer = pointer.strip_prefix("/result").unwrap_or(pointer);
    let Some(rest) = pointer.strip_prefix("/values/") else { return Some(pointer.to_owned()) };
    let (index, field) = rest.split_once('/')?;
    let key = keys.get(index.parse::<usize>().ok()?)?;
    Some(format!("/values/{key}/{field}"))
}

/// A form that begins with what a version says.
pub(crate) fn from_version(person: &Person, version: &ResultVersion) -> Fields {
    let mut fields = Fields::default()
        .with("interpretation", version.interpretation.name())
        .with("summary", version.summary.clone())
        .with("comment", version.comment.clone().unwrap_or_default());
    if let Some(details) = &version.details {
        for (cell, text) in form::cells(details) {
            let moment = form::field_of(details.kind(), &cell).is_some_and(|f| matches!(f.input, Input::Moment));
            let exact = text.parse().ok().filter(|_| moment).map(|at| time::exact(at, person.zone()));
            fields.set(&name(&cell), exact.unwrap_or(text));
        }
        // Its values follow from it.
        return fields;
    }
    for v in &version.values {
        if let Some(number) = v.number {
            fields.set(&format!("values.{}.number", v.key), number.to_string());
        }
        if let Some(q) = v.qualifier {
            fields.set(&format!("values.{}.qualifier", v.key), q.name());
            let sign = match q {
                Qualifier::Below => "<",
                Qualifier::Above => ">",
                Qualifier::About => "~",
                Qualifier::NotDetected => "",
            };
            let number = v.number.map_or_else(|| "ND".to_owned(), |n| format!("{sign}{n}"));
            fields.set(&format!("values.{}.number", v.key), number);
        }
        if let Some(d) = &v.denominator {
            fields.set(&format!("values.{}.denominator", v.key), d.clone());
        }
        if let Some(t) = &v.text {
            fields.set(&format!("values.{}.text", v.key), t.clone());
        }
    }
    fields
}

/// The finding line by line, and what the reader should know.
pub(crate) fn finding(assay: Option<&Assay>, version: &ResultVersion) -> Markup {
    let lines = version.lines(assay);
    html! {
        @if !lines.is_empty() {
            dl .facts .facts--table {
                @for line in &lines { div { dt { (line.name) } dd { (line.value) } } }
            }
        }
        (to_know(&version.remarks))
    }
}

/// What blocks nothing and should be known.
fn to_know(remarks: &[Remark]) -> Markup {
    html! {
        @if !remarks.is_empty() {
            div .note {
                p { strong { "To know" } }
                ul .plain-list { @for remark in remarks { li { (remark.text) } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_differential_is_added_up_as_far_as_it_is_typed() {
        let differential = form::table(ShapeKind::Morphology).iter().find_map(|item| match item {
            Item::Section(s) if s.name == "differential" => Some(s),
            Item::Section(_) | Item::Field(_) | Item::Rows(_) => None,
        });
        let of = |typed: &[(&str, &str)]| {
            let get = |cell: &str| typed.iter().find(|(n, _)| *n == cell).map(|(_, t)| (*t).to_owned());
            sum(differential.unwrap(), &get)
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("differential.blasts", "6.5"), ("differential.erythroid", "x")]).as_deref(), Some("6.5"));
        let full = [
            ("differential.tally", "percent"),
            ("differential.counted", "500"),
            ("differential.blasts", "6.5"),
            ("differential.erythroid", "20"),
        ];
        assert_eq!(of(&full).as_deref(), Some("26.5 % (100 % are needed)"));
    }

    #[test]
    fn one_row_more_keeps_what_was_typed() {
        let catalogue = crate::domain::Catalogue::parse(crate::lab::catalogue::SHIPPED).unwrap();
        let assay = catalogue.assay("FLOW-AL");
        assert!(assay.is_some_and(|a| a.shape == Some(ShapeKind::Flow)));
        let typed = Fields::default().with("details.panel", "AML").with("rows.populations", "3");
        assert!(one_more(assay, &typed).is_none(), "another button was pressed");
        let more = one_more(assay, &typed.with("add", "populations")).unwrap();
        assert_eq!((more.get("rows.populations"), more.get("details.panel")), ("4", "AML"));
        let full = more.with("rows.populations", "50");
        assert_eq!(one_more(assay, &full).unwrap().get("rows.populations"), "50");
    }

    #[test]
    fn an_error_of_the_laboratory_stands_at_the_field_that_was_typed() {
        let catalogue = crate::domain::Catalogue::parse(crate::lab::catalogue::SHIPPED).unwrap();
        // The first row is empty: the laboratory counts from the second.
        let fields = Fields::default().with("details.populations.1.name", "Blasts");
        let mut errors = [
            "/details/flow/populations/0/share/percent",
            "/result/details/flow/populations/0/phenotype/3/marker",
            "/details/flow/mrd/status",
            "/details",
            "/details/flow",
            "/result/summary",
        ]
        .map(|pointer| FieldError::new(pointer, "x", "x"));
        place(&mut errors, catalogue.assay("FLOW-AL"), &fields, &[]);
        let places: Vec<&str> = errors.iter().map(|e| e.pointer.as_str()).collect();
        let expected = [
            "/details/populations/1/share/percent",
            "/details/populations/1/phenotype",
            "/details/mrd/status",
            "/details",
            "/details",
            "/summary",
        ];
        assert_eq!(places, expected);
    }

    #[test]
    fn numbers_as_benches_type_them() {
        assert_eq!(number("12.5"), Some((None, Some(12.5))));
        assert_eq!(number("<0.001"), Some((Some(Qualifier::Below), Some(0.001))));
        assert_eq!(number("> 90"), Some((Some(Qualifier::Above), Some(90.0))));
        assert_eq!(number("1e-5"), Some((None, Some(1e-5))));
        assert_eq!(number("~5"), Some((Some(Qualifier::About), Some(5.0))));
        assert_eq!(number("nd"), Some((Some(Qualifier::NotDetected), None)));
        for bad in ["", "many", "inf", "NaN", "1,5", "<"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }

    #[test]
    fn errors_find_their_value() {
        let keys = ["blasts_pct".to_owned(), "events".to_owned()];
        assert_eq!(of_value("/values/1/number", &keys).as_deref(), Some("/values/events/number"));
        assert_eq!(of_value("/result/values/0/denominator", &keys).as_deref(), Some("/values/blasts_pct/denominator"));
        assert_eq!(of_value("/result/summary", &keys).as_deref(), Some("/summary"));
        assert_eq!(of_value("/values", &keys).as_deref(), Some("/values"));
    }
}

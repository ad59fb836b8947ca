//! What the form of a result becomes: a result to enter, errors at their fields, and a version back as a form.

use super::result_form::{ADD, name, shown};
use crate::domain::catalogue::{Assay, ValueKind, ValueSpec};
use crate::domain::command::NewResult;
use crate::domain::results::Details;
use crate::domain::results::ShapeKind;
use crate::domain::results::form::{self, Input, Item};
use crate::domain::{FieldError, Interpretation, Qualifier, Refusal, ResultValue, ResultVersion};
use crate::web::fields::{Fields, Reader};
use crate::web::session::Person;
use crate::web::time;

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

#[cfg(test)]
mod tests {
    use super::*;

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

//! The form of a result, built from what the catalogue says an assay reports.

use maud::{Markup, html};

use crate::domain::catalogue::{Assay, ValueKind, ValueSpec};
use crate::domain::command::NewResult;
use crate::domain::{FieldError, Interpretation, Qualifier, Refusal, ResultValue, ResultVersion};
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::parts::{Field, options};
use crate::web::session::Person;
use crate::web::words;

pub(crate) use crate::domain::result_words::{name as value_name, words as value_words};

/// The fields. `entered` says whether it is a first entry (time and place of the work are asked for).
pub(crate) fn fields(assay: Option<&Assay>, draft: &Draft, entered: bool) -> Markup {
    let specs = assay.map_or(&[][..], |a| a.values.as_slice());
    let qualifiers = assay.map_or(&[][..], |a| a.qualifiers.as_slice());
    html! {
        (Field::new("interpretation", "What it says").radios(draft, &options(Interpretation::ALL, Interpretation::name, Interpretation::words)))
        (Field::new("summary", "The finding in one line").input(draft))
        @if !specs.is_empty() {
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
    let mut values = Vec::new();
    for spec in assay.map_or(&[][..], |a| a.values.as_slice()) {
        values.extend(read_value(&mut r, spec));
    }
    let keys = values.iter().map(|v| v.key.clone()).collect();
    let (summary, comment, performed_by) = (r.text("summary"), r.opt("comment"), r.opt("performed_by"));
    let performed_at = r.time("performed_at");
    let result = interpretation.map(|interpretation| NewResult {
        interpretation,
        summary: Some(summary),
        details: None,
        values,
        comment,
        performed_by,
        performed_at,
    });
    Ok((r.found(result)?, keys))
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
pub(crate) fn place(errors: &mut [FieldError], assay: Option<&Assay>, keys: &[String]) {
    for error in errors {
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
pub(crate) fn from_version(version: &ResultVersion) -> Fields {
    let mut fields = Fields::default()
        .with("interpretation", version.interpretation.name())
        .with("summary", version.summary.clone())
        .with("comment", version.comment.clone().unwrap_or_default());
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

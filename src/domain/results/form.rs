//! How a result is typed: one declared table per shape, from which the page draws its form and the file its columns.
//!
//! A *cell* is one typed text under a dotted path such as `populations.0.share.percent`. [`read`] makes [`Details`] of
//! cells and names every cell that does not fit; [`cells`] is the way back, for revising and for templates. The table says
//! what a field is called and how it is typed, never what is right: that is the shape's own business.

mod tables;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde_json::{Map, Number, Value};

use super::{Denominator, Details, Expression, Marker, Reading, ShapeKind};
use crate::domain::FieldError;

/// How a field is typed.
#[derive(Debug, Clone, Copy)]
pub enum Input {
    /// One line.
    Line,
    /// Several lines.
    Note,
    /// A number, in this unit (empty: none).
    Number(&'static str),
    /// A whole number of these.
    Count(&'static str),
    /// A number with how to read it (`<0.001`, `ND`), in this unit.
    Reading(&'static str),
    /// One of these words, each with what people read.
    Choice(fn() -> Vec<(&'static str, String)>),
    /// Yes, or not: nothing typed is no.
    YesNo,
    /// A percentage and what it is a percentage of; the usual denominators come first. Two cells: `percent` and `of`.
    Share(&'static [Denominator]),
    /// A list, one entry to a line.
    Lines,
    /// A list of single words such as genes, separated by commas, semicolons or lines.
    Words,
    /// A phenotype in one line: `CD34+ CD117 dim CD7-`.
    Markers,
    /// A moment (RFC 3339; the edge reads what people type).
    Moment,
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name within its group, as in JSON.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// What helps to type it; empty: nothing.
    pub hint: &'static str,
    /// How it is typed.
    pub input: Input,
    /// Whether its group is nothing without it.
    pub needed: bool,
}

/// Fields that are one object of the shape: absent when nothing is typed.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Its name, as in JSON.
    pub name: &'static str,
    /// Its heading.
    pub label: &'static str,
    /// What helps to type it; empty: nothing.
    pub hint: &'static str,
    /// Its fields, in the order of reading.
    pub fields: &'static [Field],
}

/// A list of objects with the same fields, one to a row. Rows in which nothing is typed vanish.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    /// Its name, as in JSON.
    pub name: &'static str,
    /// Its heading.
    pub label: &'static str,
    /// What one row is.
    pub one: &'static str,
    /// How many rows a form shows at first.
    pub shown: usize,
    /// How many rows there may be.
    pub most: usize,
    /// Whether there must be a row.
    pub needed: bool,
    /// The fields of a row, in the order of reading.
    pub fields: &'static [Field],
}

/// One thing of a form, in the order of reading.
#[derive(Debug, Clone, Copy)]
pub enum Item {
    /// A field.
    Field(Field),
    /// An object.
    Section(Section),
    /// A list.
    Rows(Rows),
}

/// What reads a cell: the typed text, or nothing.
pub type Get<'g> = &'g dyn Fn(&str) -> Option<String>;

/// The table of a shape.
pub fn table(shape: ShapeKind) -> &'static [Item] {
    match shape {
        ShapeKind::Flow => tables::FLOW,
        ShapeKind::Fish => tables::FISH,
        ShapeKind::Karyotype => tables::KARYOTYPE,
        ShapeKind::Transcript => tables::TRANSCRIPT,
        ShapeKind::Genes => tables::GENES,
        ShapeKind::Ngs => tables::NGS,
        ShapeKind::Clonality => tables::CLONALITY,
        ShapeKind::Morphology => tables::MORPHOLOGY,
        ShapeKind::Iron => tables::IRON,
        ShapeKind::Histology => tables::HISTOLOGY,
        ShapeKind::Culture => tables::CULTURE,
    }
}

impl Field {
    /// The names of its cells below its own path: itself, or two for a share.
    pub const fn cells(&self) -> &'static [&'static str] {
        match self.input {
            Input::Share(_) => &[".percent", ".of"],
            Input::Line
            | Input::Note
            | Input::Number(_)
            | Input::Count(_)
            | Input::Reading(_)
            | Input::Choice(_)
            | Input::YesNo
            | Input::Lines
            | Input::Words
            | Input::Markers
            | Input::Moment => &[""],
        }
    }

    fn is_typed(&self, at: &str, get: Get<'_>) -> bool {
        self.cells().iter().filter_map(|cell| typed(get, &format!("{at}{cell}"))).any(|text| match self.input {
            // “No” is what nothing typed says, too.
            Input::YesNo => yes(&text) != Some(false),
            Input::Line
            | Input::Note
            | Input::Number(_)
            | Input::Count(_)
            | Input::Reading(_)
            | Input::Choice(_)
            | Input::Share(_)
            | Input::Lines
            | Input::Words
            | Input::Markers
            | Input::Moment => true,
        })
    }
}

impl Rows {
    /// The rows in which something is typed, in order.
    pub fn typed(&self, get: Get<'_>) -> Vec<usize> {
        (0..self.most).filter(|row| any_typed(self.fields, &format!("{}.{row}", self.name), get)).collect()
    }
}

fn any_typed(fields: &[Field], at: &str, get: Get<'_>) -> bool {
    fields.iter().any(|f| f.is_typed(&format!("{at}.{}", f.name), get))
}

/// Whether anything of the shape is typed.
pub fn is_typed(shape: ShapeKind, get: Get<'_>) -> bool {
    table(shape).iter().any(|item| match item {
        Item::Field(f) => f.is_typed(f.name, get),
        Item::Section(s) => any_typed(s.fields, s.name, get),
        Item::Rows(r) => !r.typed(get).is_empty(),
    })
}

fn typed(get: Get<'_>, cell: &str) -> Option<String> {
    get(cell).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Calls `visit` with every field in which something may be typed and its path: of a list, the rows that are not empty.
fn walk(shape: ShapeKind, get: Get<'_>, visit: &mut dyn FnMut(&Field, &str)) {
    for item in table(shape) {
        match item {
            Item::Field(f) => visit(f, f.name),
            Item::Section(s) => {
                if any_typed(s.fields, s.name, get) {
                    s.fields.iter().for_each(|f| visit(f, &format!("{}.{}", s.name, f.name)));
                }
            }
            Item::Rows(r) => {
                for row in r.typed(get) {
                    r.fields.iter().for_each(|f| visit(f, &format!("{}.{row}.{}", r.name, f.name)));
                }
            }
        }
    }
}

/// The field that a cell belongs to; `None` where the shape has no such cell.
pub fn field_of(shape: ShapeKind, cell: &str) -> Option<&'static Field> {
    let steps: Vec<&str> = cell.split('.').collect();
    let among = |fields: &'static [Field], rest: &[&str]| {
        let (name, tail) = rest.split_first()?;
        let field = fields.iter().find(|f| f.name == *name)?;
        let fits = |cell: &&&str| cell.split('.').skip(1).eq(tail.iter().copied());
        field.cells().iter().find(fits).map(|_| field)
    };
    table(shape).iter().find_map(|item| match (item, steps.as_slice()) {
        (Item::Field(f), all) => among(std::slice::from_ref(f), all),
        (Item::Section(s), [name, rest @ ..]) if *name == s.name => among(s.fields, rest),
        (Item::Rows(r), [name, row, rest @ ..]) if *name == r.name => {
            let row = row.parse::<usize>().ok().filter(|n| *n < r.most && n.to_string() == **row);
            row.and_then(|_| among(r.fields, rest))
        }
        (Item::Section(_) | Item::Rows(_), _) => None,
    })
}

/// Every cell of a shape, of a list as many rows as a form shows at first: the header of a template.
pub fn template(shape: ShapeKind) -> Vec<String> {
    let mut out = Vec::new();
    let mut put = |f: &Field, at: &str| out.extend(f.cells().iter().map(|cell| format!("{at}{cell}")));
    for item in table(shape) {
        match item {
            Item::Field(f) => put(f, f.name),
            Item::Section(s) => s.fields.iter().for_each(|f| put(f, &format!("{}.{}", s.name, f.name))),
            Item::Rows(r) => {
                for row in 0..r.shown {
                    r.fields.iter().for_each(|f| put(f, &format!("{}.{row}.{}", r.name, f.name)));
                }
            }
        }
    }
    out
}

/// The JSON of a shape, without its tag. What cannot be read as what it should be stays text, so that whoever reads the
/// JSON says which field it is; rows and sections in which nothing is typed are not there.
pub fn to_json(shape: ShapeKind, get: Get<'_>) -> Value {
    let mut out = Map::new();
    for item in table(shape) {
        match item {
            Item::Field(f) => put(&mut out, f, f.name, get),
            Item::Section(s) => {
                if any_typed(s.fields, s.name, get) {
                    out.insert(s.name.to_owned(), object(s.fields, s.name, get));
                }
            }
            Item::Rows(r) => {
                let rows: Vec<Value> =
                    r.typed(get).into_iter().map(|row| object(r.fields, &format!("{}.{row}", r.name), get)).collect();
                if !rows.is_empty() || r.needed {
                    out.insert(r.name.to_owned(), Value::Array(rows));
                }
            }
        }
    }
    Value::Object(out)
}

fn object(fields: &[Field], at: &str, get: Get<'_>) -> Value {
    let mut out = Map::new();
    for f in fields {
        put(&mut out, f, &format!("{at}.{}", f.name), get);
    }
    Value::Object(out)
}

fn put(out: &mut Map<String, Value>, field: &Field, at: &str, get: Get<'_>) {
    let value = if let Input::Share(_) = field.input {
        let percent = typed(get, &format!("{at}.percent")).map(|text| ("percent".to_owned(), Value::String(text)));
        let of = typed(get, &format!("{at}.of")).map(|text| ("of".to_owned(), Value::String(text)));
        let share: Map<String, Value> = percent.into_iter().chain(of).collect();
        (!share.is_empty()).then_some(Value::Object(share))
    } else {
        typed(get, at).map(|text| value(field.input, text))
    };
    if let Some(value) = value {
        out.insert(field.name.to_owned(), value);
    }
}

fn value(input: Input, text: String) -> Value {
    let list = |items: Vec<&str>| Value::Array(items.into_iter().map(Value::from).collect());
    match input {
        Input::Line | Input::Note | Input::Reading(_) | Input::Choice(_) | Input::Share(_) | Input::Moment => {
            text.into()
        }
        Input::Number(_) => number(&text).and_then(Number::from_f64).map_or_else(|| text.into(), Value::Number),
        Input::Count(_) => whole(&text).map_or_else(|| text.into(), Value::from),
        Input::YesNo => yes(&text).map_or_else(|| text.into(), Value::Bool),
        Input::Lines => list(split(&text, &['\n'])),
        Input::Words => list(split(&text, &['\n', ',', ';'])),
        Input::Markers => {
            markers(&text).ok().and_then(|markers| serde_json::to_value(markers).ok()).unwrap_or_else(|| text.into())
        }
    }
}

fn split<'t>(text: &'t str, at: &[char]) -> Vec<&'t str> {
    text.split(at).map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn number(text: &str) -> Option<f64> {
    text.trim_end_matches('%').trim().parse().ok().filter(|n: &f64| n.is_finite())
}

/// A whole number; spaces between its digits are how benches set thousands apart.
fn whole(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

fn yes(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// Reads cells into the details of a result: everything that cannot be read is said at once, with the pointer
/// `/details/<shape>/<path>` that the shape itself would use. `None`: nothing is typed.
///
/// # Errors
/// The fields that are missing or cannot be read.
pub fn read(shape: ShapeKind, get: Get<'_>) -> Result<Option<Details>, Vec<FieldError>> {
    if !is_typed(shape, get) {
        return Ok(None);
    }
    let mut errors = Vec::new();
    walk(shape, get, &mut |field, at| fit(field, at, get, &mut errors));
    if !errors.is_empty() {
        // Pointers count the rows that are there, as the shape's own do.
        return Err(errors
            .into_iter()
            .map(|(cell, code, message)| FieldError::new(pointer(shape, get, &cell), code, message))
            .collect());
    }
    let mut tagged = Map::new();
    tagged.insert(shape.name().to_owned(), to_json(shape, get));
    serde_path_to_error::deserialize(Value::Object(tagged)).map(Some).map_err(|e| {
        let steps = e.path().to_string().replace(['.', '['], "/").replace(']', "");
        let at = steps.strip_prefix(shape.name()).unwrap_or_default().to_owned();
        vec![FieldError::new(format!("/details/{shape}{at}"), "malformed", e.into_inner().to_string())]
    })
}

/// What is wrong with one field: its cell, a stable code, and what to do.
fn fit(field: &Field, at: &str, get: Get<'_>, errors: &mut Vec<(String, &'static str, String)>) {
    let mut fail = |cell: String, code, message: String| errors.push((cell, code, message));
    if let Input::Share(_) = field.input {
        let (percent_at, of_at) = (format!("{at}.percent"), format!("{at}.of"));
        match (typed(get, &percent_at), typed(get, &of_at)) {
            (None, None) if field.needed => fail(percent_at, "missing", format!("{} is needed", field.label)),
            (None, None) => {}
            (None, Some(_)) => fail(percent_at, "missing", "how many percent?".to_owned()),
            (Some(percent), of) => {
                if let Err(why) = Reading::parse(&percent) {
                    fail(percent_at, "not_a_number", why);
                }
                match of {
                    None => fail(of_at, "missing", "a percentage of what?".to_owned()),
                    Some(of) => {
                        if let Err(why) = of.parse::<Denominator>() {
                            fail(of_at, "unknown_code", why);
                        }
                    }
                }
            }
        }
        return;
    }
    let Some(text) = typed(get, at) else {
        if field.needed {
            fail(at.to_owned(), "missing", format!("{} is needed", field.label));
        }
        return;
    };
    let wrong = match field.input {
        Input::Number(_) if number(&text).is_none() => {
            Some(("not_a_number", format!("“{text}” is not a number; write it with a point, such as 0.5")))
        }
        Input::Count(_) if whole(&text).is_none() => {
            Some(("not_a_number", format!("“{text}” is not a whole number without a sign")))
        }
        Input::Reading(_) => Reading::parse(&text).err().map(|why| ("not_a_number", why)),
        Input::Choice(words) if !words().iter().any(|(word, _)| *word == text) => {
            let known: Vec<&str> = words().into_iter().map(|(word, _)| word).collect();
            Some(("unknown_code", format!("one of: {}", known.join(", "))))
        }
        Input::YesNo if yes(&text).is_none() => Some(("malformed", "write yes or no".to_owned())),
        Input::Markers => markers(&text).err().map(|why| ("malformed", why)),
        Input::Moment if text.parse::<DateTime<Utc>>().is_err() => {
            Some(("not_a_time", "write the time with its offset, such as 2026-03-02T09:40:00+00:00".to_owned()))
        }
        Input::Line
        | Input::Note
        | Input::Lines
        | Input::Words
        | Input::Share(_)
        | Input::Number(_)
        | Input::Count(_)
        | Input::Choice(_)
        | Input::YesNo
        | Input::Moment => None,
    };
    if let Some((code, message)) = wrong {
        fail(at.to_owned(), code, message);
    }
}

/// The JSON pointer of a cell: `populations.2.share.percent` is `/details/flow/populations/0/share/percent` when the
/// rows before it are empty.
fn pointer(shape: ShapeKind, get: Get<'_>, cell: &str) -> String {
    let rows = |name: &str, row: &str| {
        let list = table(shape).iter().find_map(|item| match item {
            Item::Rows(r) if r.name == name => Some(r),
            Item::Rows(_) | Item::Field(_) | Item::Section(_) => None,
        })?;
        let row: usize = row.parse().ok()?;
        list.typed(get).iter().position(|r| *r == row)
    };
    let mut steps: Vec<String> = cell.split('.').map(str::to_owned).collect();
    if let [name, row, ..] = steps.as_mut_slice()
        && let Some(place) = rows(name, row)
    {
        *row = place.to_string();
    }
    format!("/details/{shape}/{}", steps.join("/"))
}

/// The cell that a pointer below `/details/<shape>` is about (`/populations/0/phenotype/2/marker`): the nearest one that
/// can be typed, or the name of the list or section; empty for the details as a whole.
pub fn place(shape: ShapeKind, get: Get<'_>, pointer: &str) -> String {
    let mut steps: Vec<String> = pointer.split('/').filter(|step| !step.is_empty()).map(str::to_owned).collect();
    for item in table(shape) {
        if let Item::Rows(r) = item
            && let [name, row, ..] = steps.as_mut_slice()
            && name == r.name
            && let Some(there) = row.parse().ok().and_then(|i: usize| r.typed(get).get(i).copied())
        {
            *row = there.to_string();
        }
    }
    while !steps.is_empty() {
        let path = steps.join(".");
        let group = |item: &Item| match item {
            Item::Section(s) => s.name == path,
            Item::Rows(r) => r.name == path,
            Item::Field(_) => false,
        };
        if field_of(shape, &path).is_some() || table(shape).iter().any(group) {
            return path;
        }
        // A share as a whole is its first cell.
        let percent = format!("{path}.percent");
        if field_of(shape, &percent).is_some() {
            return percent;
        }
        steps.pop();
    }
    String::new()
}

/// The cells of details, in the order of reading: what [`read`] reads back to the same details.
pub fn cells(details: &Details) -> Vec<(String, String)> {
    let shape = details.kind();
    let json = serde_json::to_value(details).unwrap_or_default();
    let Some(json) = json.get(shape.name()) else { return Vec::new() };
    let mut out = Vec::new();
    let mut take = |field: &Field, at: String, value: Option<&Value>| {
        if let Some(value) = value.filter(|v| !v.is_null()) {
            print(field.input, at, value, &mut out);
        }
    };
    for item in table(shape) {
        match item {
            Item::Field(f) => take(f, f.name.to_owned(), json.get(f.name)),
            Item::Section(s) => {
                let section = json.get(s.name);
                for f in s.fields {
                    take(f, format!("{}.{}", s.name, f.name), section.and_then(|v| v.get(f.name)));
                }
            }
            Item::Rows(r) => {
                let rows = json.get(r.name).and_then(Value::as_array);
                for (i, row) in rows.into_iter().flatten().enumerate() {
                    for f in r.fields {
                        take(f, format!("{}.{i}.{}", r.name, f.name), row.get(f.name));
                    }
                }
            }
        }
    }
    out
}

fn print(input: Input, at: String, value: &Value, out: &mut Vec<(String, String)>) {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let reading = |value: &Value| Reading::deserialize(value).map_or_else(|_| text(value), Reading::typed);
    let lines = |value: &Value| {
        let items = value.as_array().into_iter().flatten().filter_map(Value::as_str);
        items.collect::<Vec<_>>().join("\n")
    };
    let printed = match input {
        Input::Line | Input::Note | Input::Choice(_) | Input::Moment | Input::Count(_) => text(value),
        // Written without exponent, in as many digits as it takes to read the same number.
        Input::Number(_) => value.as_f64().map_or_else(|| text(value), |n| n.to_string()),
        Input::Reading(_) => reading(value),
        Input::YesNo if value == &Value::Bool(false) => String::new(),
        Input::YesNo => "yes".to_owned(),
        Input::Lines | Input::Words => lines(value),
        Input::Markers => Vec::<Marker>::deserialize(value).map_or_else(|_| text(value), |all| print_markers(&all)),
        Input::Share(_) => {
            if let Some(percent) = value.get("percent") {
                out.push((format!("{at}.percent"), reading(percent)));
            }
            if let Some(of) = value.get("of") {
                out.push((format!("{at}.of"), text(of)));
            }
            return;
        }
    };
    if !printed.is_empty() {
        out.push((at, printed));
    }
}

use serde::Deserialize as _;

/// Reads a phenotype as benches write it: `CD34+ CD117 dim 80 % CD7-, "cytoplasmic CD3" bright`. Markers stand apart by
/// spaces, commas, semicolons or lines; a name of several words stands in quotation marks.
///
/// # Errors
/// Which marker does not say how strongly it is seen.
pub fn markers(text: &str) -> Result<Vec<Marker>, String> {
    let mut out: Vec<Marker> = Vec::new();
    // A name that waits for how strongly it is seen.
    let mut open: Option<String> = None;
    let mut tokens = tokens(text)?.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if let (Token::Word(word), None) = (&token, &open)
            && let Some(percent) = percent(word, matches!(tokens.peek(), Some(Token::Word(next)) if next == "%"))
        {
            if word.ends_with(|c: char| c.is_ascii_digit()) {
                // The sign stood apart.
                tokens.next();
            }
            match out.last_mut() {
                Some(marker) if marker.positive_pct.is_none() => marker.positive_pct = Some(percent),
                Some(_) | None => {
                    return Err(format!("“{word}”: a percentage follows its marker, such as CD7 partial 40 %"));
                }
            }
            continue;
        }
        let mut put = |marker: String, expression| out.push(Marker { marker, expression, positive_pct: None });
        match (token, open.take()) {
            (Token::Quoted(name), None) => open = Some(name),
            (Token::Word(word), None) => match signed(&word) {
                Some(("", _)) => return Err(format!("“{word}”: which marker?")),
                Some((name, _)) if name.contains(['+', '−']) => {
                    return Err(format!("“{word}”: put a space between markers"));
                }
                Some((name, expression)) => put(name.to_owned(), expression),
                None if expression(&word).is_some() => return Err(format!("“{word}”: which marker?")),
                None => open = Some(word),
            },
            (Token::Word(word), Some(name)) => match (expression(&word), signed(&word)) {
                (Some(expression), _) | (None, Some(("", expression))) => put(name, expression),
                (None, _) => return Err(unsaid(&name)),
            },
            (Token::Quoted(_), Some(name)) => return Err(unsaid(&name)),
        }
    }
    open.map_or(Ok(out), |name| Err(unsaid(&name)))
}

fn unsaid(name: &str) -> String {
    format!(
        "“{name}”: say how strongly it is seen, such as {name}+, {name}- or {name} dim, bright, partial, heterogeneous"
    )
}

enum Token {
    Word(String),
    Quoted(String),
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')') {
            continue;
        }
        let mut word = String::new();
        if c == '"' {
            loop {
                match chars.next() {
                    // Two marks stand for one.
                    Some('"') if chars.peek() == Some(&'"') => {
                        chars.next();
                        word.push('"');
                    }
                    Some('"') => break,
                    Some(inside) => word.push(inside),
                    None => return Err("a quotation mark is never closed".to_owned()),
                }
            }
            out.push(Token::Quoted(word));
            continue;
        }
        word.push(c);
        while let Some(next) = chars.next_if(|c| !c.is_whitespace() && !matches!(c, ',' | ';' | '(' | ')' | '"')) {
            word.push(next);
        }
        out.push(Token::Word(word));
    }
    Ok(out)
}

/// `CD34+` in two; `None` where no sign ends the word.
fn signed(word: &str) -> Option<(&str, Expression)> {
    let positive = word.strip_suffix('+').map(|name| (name, Expression::Normal));
    positive.or_else(|| word.strip_suffix(['-', '−', '–']).map(|name| (name, Expression::Negative)))
}

fn expression(word: &str) -> Option<Expression> {
    let word = word.to_lowercase();
    match word.as_str() {
        "negative" => Some(Expression::Negative),
        "pos" | "positive" => Some(Expression::Normal),
        other => Expression::parse(other),
    }
}

/// `40%`, or `40` when the sign follows by itself.
fn percent(word: &str, sign_follows: bool) -> Option<f64> {
    let digits = word.strip_suffix('%').or(Some(word).filter(|_| sign_follows))?;
    digits.parse().ok().filter(|n: &f64| n.is_finite() && *n >= 0.0)
}

/// A phenotype in one line, as [`markers`] reads it.
pub fn print_markers(all: &[Marker]) -> String {
    let each = all.iter().map(|m| {
        let plain = m.marker.chars().all(|c| c.is_alphanumeric() || "-/.:".contains(c))
            && m.marker.ends_with(|c: char| c.is_alphanumeric())
            && expression(&m.marker).is_none();
        let name = if plain { m.marker.clone() } else { format!("\"{}\"", m.marker.replace('"', "\"\"")) };
        let how = match (m.expression, plain) {
            (Expression::Negative, true) => format!("{name}-"),
            (Expression::Normal, true) => format!("{name}+"),
            (e, _) => format!("{name} {e}"),
        };
        m.positive_pct.map_or_else(|| how.clone(), |p| format!("{how} {p} %"))
    });
    each.collect::<Vec<_>>().join(" ")
}

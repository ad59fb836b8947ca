//! The language of a page: every text a person reads comes from one catalog of messages (`messages/*/*.ftl`).
//!
//! The language of a request is ambient while its page is made (`reader.rs`): [`t!`](crate::web::language::t) and
//! [`rich!`](crate::web::language::rich) read it, so that no function passes it along. Text of the laboratory itself
//! (the catalogue, results, reports) is data and stays as it was written; what only exists in English (what the domain
//! says when it refuses) is marked as English by [`english`].

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use maud::{Markup, PreEscaped, html};
use unic_langid::LanguageIdentifier;

use super::reader;

/// A language that pages can be read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Language {
    /// English as written in the United States.
    English,
    /// German.
    German,
    /// English with marks around every message and two fifths longer: shows text that escaped the catalog, and pages
    /// that a longer language would break. Chosen by its cookie only.
    Pseudo,
}

impl Language {
    /// Those that a person may choose.
    pub(crate) const CHOICES: [Self; 2] = [Self::English, Self::German];

    /// As in `<html lang>`.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Pseudo => "qps",
        }
    }

    /// Its name in itself.
    pub(crate) const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::Pseudo => "⟦Ƥşḗŭḓǿ⟧",
        }
    }

    /// Reads a tag such as `de` or `de-AT`.
    pub(crate) fn parse(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "de" => Some(Self::German),
            "qps" => Some(Self::Pseudo),
            _ => None,
        }
    }

    /// The language that a request asks for: chosen on this device, else what the browser prefers, else English.
    pub(crate) fn wanted(chosen: Option<&str>, accepted: &str) -> Self {
        chosen.and_then(Self::parse).or_else(|| preferred(accepted)).unwrap_or(Self::English)
    }
}

/// The first language of an `Accept-Language` list that there is, by its weights.
fn preferred(wanted: &str) -> Option<Language> {
    let mut all: Vec<(f32, Language)> = wanted
        .split(',')
        .filter_map(|item| {
            let (tag, weight) = item.split_once(";q=").unwrap_or((item, "1"));
            let language = Language::parse(tag.trim()).filter(|l| *l != Language::Pseudo)?;
            Some((weight.trim().parse().ok()?, language))
        })
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.first().map(|(_, language)| *language)
}

/// The language of the page that is being made; English outside of any.
pub(crate) fn current() -> Language {
    reader::current().language
}

/// The files of one language: name and text.
type Files = &'static [(&'static str, &'static str)];

macro_rules! files {
    ($dir:literal) => {
        &[
            ("common", include_str!(concat!("messages/", $dir, "/common.ftl"))),
            ("words", include_str!(concat!("messages/", $dir, "/words.ftl"))),
            ("case", include_str!(concat!("messages/", $dir, "/case.ftl"))),
            ("bench", include_str!(concat!("messages/", $dir, "/bench.ftl"))),
            ("clinic", include_str!(concat!("messages/", $dir, "/clinic.ftl"))),
            ("results", include_str!(concat!("messages/", $dir, "/results.ftl"))),
            ("office", include_str!(concat!("messages/", $dir, "/office.ftl"))),
            ("labels", include_str!(concat!("messages/", $dir, "/labels.ftl"))),
        ]
    };
}

const ENGLISH: Files = files!("en");
const GERMAN: Files = files!("de");

type Bundle = FluentBundle<FluentResource>;

/// One bundle per language that has files. A file that does not parse gives what it has; a test refuses it.
static BUNDLES: LazyLock<HashMap<Language, Bundle>> = LazyLock::new(|| {
    let english = bundle("en-US", ENGLISH, |_, _| None);
    let german = bundle("de-DE", GERMAN, |value, _| match value {
        FluentValue::Number(n) => Some(n.as_string().replace('.', ",")),
        FluentValue::String(_) | FluentValue::Custom(_) | FluentValue::None | FluentValue::Error => None,
    });
    HashMap::from([(Language::English, english), (Language::German, german)])
});

type Formatter = fn(&FluentValue<'_>, &intl_memoizer::concurrent::IntlLangMemoizer) -> Option<String>;

fn bundle(tag: &str, files: Files, numbers: Formatter) -> Bundle {
    let mut bundle = Bundle::new_concurrent(tag.parse::<LanguageIdentifier>().into_iter().collect());
    // Left-to-right languages only so far; the marks would end up in attributes and copied text.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(numbers));
    for (_, text) in files {
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(some, _)| some);
        drop(bundle.add_resource(resource));
    }
    bundle
}

fn lookup(language: Language, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let bundle = BUNDLES.get(&language)?;
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    Some(bundle.format_pattern(pattern, args, &mut errors).into_owned())
}

/// A message with its values in the current language; English where that language lacks it, the key where both do.
pub(crate) fn say(key: &str, values: &[(&'static str, FluentValue<'_>)]) -> String {
    known(key, values).unwrap_or_else(|| key.to_owned())
}

/// As [`say`]; None when there is no such message in any language.
pub(crate) fn known(key: &str, values: &[(&'static str, FluentValue<'_>)]) -> Option<String> {
    let args: FluentArgs<'_> = values.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
    let args = (!values.is_empty()).then_some(&args);
    match current() {
        Language::English => lookup(Language::English, key, args),
        Language::German => lookup(Language::German, key, args).or_else(|| lookup(Language::English, key, args)),
        Language::Pseudo => lookup(Language::English, key, args).map(|text| pseudo(&text)),
    }
}

/// The word for one of a family: `word("specimen-state", "in_transit")` is the message `specimen-state-in-transit`.
pub(crate) fn word(family: &str, code: &str) -> String {
    word_if(family, code).unwrap_or_else(|| code.replace('_', " "))
}

/// As [`word`], if there is such a message.
pub(crate) fn word_if(family: &str, code: &str) -> Option<String> {
    known(&key_of(family, code), &[])
}

fn key_of(family: &str, code: &str) -> String {
    format!("{family}-{}", code.replace(['_', '.'], "-").to_ascii_lowercase())
}

/// Text that only exists in English, marked as such on a page in another language.
pub(crate) fn english(text: &str) -> Markup {
    html! { @if current() == Language::English { (text) } @else { span lang="en" { (text) } } }
}

/// A message whose values are markup: `tracker-expected = Expected { $when }.`
pub(crate) fn say_rich(key: &str, values: &[(&'static str, Markup)]) -> Markup {
    // A value stands as one private letter while the text is escaped.
    let marks: Vec<_> = (0u32..).map(|i| char::from_u32(0xE000 + i).unwrap_or('\u{F8FF}')).take(values.len()).collect();
    let placed: Vec<_> =
        values.iter().zip(&marks).map(|((name, _), mark)| (*name, FluentValue::from(mark.to_string()))).collect();
    let text = html! { (say(key, &placed)) }.into_string();
    let filled = values.iter().zip(&marks).fold(text, |text, ((_, value), mark)| text.replace(*mark, &value.0));
    PreEscaped(filled)
}

/// `⟦Šçàñ à ţûƀé~~~⟧`: readable, longer, and marked on both ends. What stands between private letters is left alone.
fn pseudo(text: &str) -> String {
    const PLAIN: &str = "aceginorsuyACEGINORSUY";
    const MARKED: &str = "áçéğíñóřšúýÁÇÉĞÍÑÓŘŠÚÝ";
    let mut out = String::from("⟦");
    for c in text.chars() {
        out.push(PLAIN.chars().position(|p| p == c).and_then(|i| MARKED.chars().nth(i)).unwrap_or(c));
    }
    // In words, so that a longer line breaks where a line of a longer language would.
    for i in 0..text.chars().count() * 2 / 5 {
        out.push_str(if i > 0 && i % 8 == 0 { " ~" } else { "~" });
    }
    out.push('⟧');
    out
}

/// A message of the catalog: `t!("scan-title")`, `t!("scan-found", count = 3)`.
macro_rules! t {
    ($key:literal) => { $crate::web::language::say($key, &[]) };
    ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::web::language::say($key, &[$((stringify!($name), fluent_bundle::FluentValue::from($value))),+])
    };
}

/// A message whose values are markup: `rich!("tracker-expected", when = stamp(…))`.
macro_rules! rich {
    ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::web::language::say_rich($key, &[$((stringify!($name), maud::html! { ($value) })),+])
    };
}

pub(crate) use {rich, t};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    /// The ids of the messages of a language, with the variables each uses.
    fn messages(files: Files) -> Vec<(String, BTreeSet<String>)> {
        let mut all = Vec::new();
        for (name, text) in files {
            assert!(FluentResource::try_new((*text).to_owned()).is_ok(), "{name}.ftl does not parse");
            let mut key = String::new();
            for line in text.lines() {
                if line.starts_with(|c: char| c.is_ascii_lowercase())
                    && let Some((id, _)) = line.split_once('=')
                {
                    id.trim().clone_into(&mut key);
                    all.push((key.clone(), BTreeSet::new()));
                }
                for piece in line.split('$').skip(1) {
                    let end = piece.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(piece.len());
                    if let Some((_, vars)) = all.last_mut() {
                        vars.insert(piece.get(..end).unwrap_or_default().to_owned());
                    }
                }
            }
        }
        all
    }

    /// Every file of Rust in a folder and its folders; this one, which speaks about messages, left out.
    fn sources(dir: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("language.rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                found.push((path, source));
            }
        }
    }

    /// The first argument of every call of `name`, where it is a text.
    fn quoted(text: &str, name: &str) -> BTreeSet<String> {
        text.match_indices(name)
            .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
            .filter_map(|(at, _)| text[at + name.len()..].trim_start().strip_prefix('"')?.split('"').next())
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn every_language_says_everything_once_with_the_same_values() {
        let (english, german) = (messages(ENGLISH), messages(GERMAN));
        for all in [&english, &german] {
            let ids: BTreeSet<_> = all.iter().map(|(id, _)| id).collect();
            let twice: Vec<_> =
                ids.iter().filter(|id| all.iter().filter(|(other, _)| other == **id).count() > 1).collect();
            assert!(twice.is_empty(), "said twice: {twice:?}");
        }
        let german: HashMap<_, _> = german.into_iter().collect();
        for (id, vars) in &english {
            let theirs = german.get(id).unwrap_or_else(|| panic!("{id} is not said in German"));
            assert_eq!(vars, theirs, "{id}: not the same values");
        }
        assert_eq!(german.len(), english.len(), "German says what English does not");
    }

    #[test]
    fn every_key_in_the_source_is_in_the_catalog_and_the_other_way_round() {
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut files);
        let source: String = files.into_iter().map(|(_, source)| source).collect();
        let mut used = quoted(&source, "t!(");
        used.extend(quoted(&source, "rich!("));
        used.extend(quoted(&source, "say("));
        let mut families = quoted(&source, "word(");
        families.extend(quoted(&source, "word_if("));
        // The family of `choices(ALL, name, "family")` is its only text.
        families.extend(source.split("choices(").skip(1).filter_map(|rest| rest.split('"').nth(1)).map(str::to_owned));
        families.extend(crate::web::words::VOCABULARIES.iter().map(|(family, _)| (*family).to_owned()));
        let families: BTreeSet<_> = families.into_iter().map(|f| format!("{f}-")).collect();
        let ids: BTreeSet<_> = messages(ENGLISH).into_iter().map(|(id, _)| id).collect();
        let missing: Vec<_> = used.iter().filter(|k| !ids.contains(*k)).collect();
        assert!(missing.is_empty(), "not in the catalog: {missing:?}");
        let idle: Vec<_> = ids
            .iter()
            .filter(|id| !used.contains(*id) && !families.iter().any(|f| id.starts_with(f.as_str())))
            .collect();
        assert!(idle.is_empty(), "nobody says: {idle:?}");
    }

    /// What a template may hold: names that are the same in every language, commands, and classes.
    const NO_LANGUAGE: [&str; 6] = ["SNOMED CT", "Enter", "Ctrl K", "trephine verify", "Trephine", "light dark"];

    /// What stands between the braces of every `html!`, and the lines that give a page or a field its name.
    fn templates(source: &str) -> String {
        let mut out = String::new();
        for rest in source.split("html! {").skip(1) {
            let (mut depth, mut quoted, mut escaped) = (1_usize, false, false);
            for c in rest.chars() {
                match c {
                    _ if escaped => escaped = false,
                    '\\' if quoted => escaped = true,
                    '"' => quoted = !quoted,
                    '{' if !quoted => depth += 1,
                    '}' if !quoted => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                out.push(c);
            }
            out.push('\n');
        }
        let named = ["Page::of(", "Page::bare(", "Field::new(", ".hint("];
        let outside = source.lines().filter(|l| named.iter().any(|n| l.contains(n)) && !out.contains(l.trim()));
        let outside: Vec<_> = outside.map(str::to_owned).collect();
        out + &outside.join("\n")
    }

    /// The text in templates that is no message: a literal with a capital letter or two words, outside of attributes
    /// that hold codes and of calls that name a message.
    fn bare_text(source: &str) -> Vec<String> {
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        let mut found = Vec::new();
        for line in templates(source).lines() {
            let pieces: Vec<&str> = line.split('"').collect();
            for (i, text) in pieces.iter().enumerate().skip(1).step_by(2) {
                let before = pieces.get(i - 1).copied().unwrap_or_default().trim_end();
                let codes = ["=", "t!(", "rich!(", "word(", "word_if(", "format!(", "script(", ".format("];
                let read = ["aria-label=", "title=", "placeholder=", "data-th="];
                let is_code = codes.iter().any(|c| before.ends_with(c)) && !read.iter().any(|r| before.ends_with(r));
                let words =
                    text.split_whitespace().filter(|w| w.len() > 1 && w.chars().all(char::is_alphabetic)).count();
                let capital = text.trim_start().starts_with(char::is_uppercase) && text.chars().any(char::is_lowercase);
                if !is_code && (words >= 2 || capital) {
                    found.push((*text).to_owned());
                }
            }
        }
        found
    }

    #[test]
    fn no_template_holds_bare_text() {
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut files);
        let mut wrong = Vec::new();
        for (path, source) in &files {
            let bare = bare_text(source).into_iter();
            let bare: Vec<_> = bare.filter(|t| !NO_LANGUAGE.contains(&t.as_str()) && !t.starts_with("page ")).collect();
            if !bare.is_empty() {
                wrong.push(format!("{}: {bare:?}", path.display()));
            }
        }
        assert!(wrong.is_empty(), "text that is in no catalog:\n{}", wrong.join("\n"));
    }

    #[test]
    fn bare_text_is_found_and_codes_are_not() {
        let bare = |line: &str| bare_text(line).len();
        assert_eq!(bare(r#"html! { h1 { "Find a patient" } }"#), 1);
        assert_eq!(bare(r#"html! { th { "Case" } a aria-label="Main menu" {} } fn x() { y("Not shown") }"#), 2);
        assert_eq!(bare(r#"Page::of(&person, "Cases")"#), 1);
        assert_eq!(bare(r#"html! { p class="card plain" { (t!("find-label")) } @if x == "final" {} }"#), 0);
    }

    #[test]
    fn a_browser_gets_its_language() {
        assert_eq!(preferred("fr, de-AT;q=0.8, en;q=0.7"), Some(Language::German));
        assert_eq!(preferred("en-GB,en;q=0.9,de;q=0.8"), Some(Language::English));
        assert_eq!(preferred("qps, fr"), None, "the pseudo language is never preferred");
    }

    #[test]
    fn markup_stands_where_the_message_says_and_only_there() {
        let bold = html! { b { "<" } };
        let said = say_rich("signed-in-as", &[("name", bold), ("roles", html! { "x" })]);
        assert_eq!(said.0, "Signed in as <b>&lt;</b> (x)");
        let pseudo = reader::Reader { language: Language::Pseudo, ..reader::current() };
        let said = reader::scoped_now(pseudo, || say("sign-out", &[]));
        assert!(said.starts_with('⟦') && said.ends_with("~⟧"), "{said}");
    }
}

//! Pieces that pages share: icons, statuses, the patient's banner, fields of forms, tables, buttons.

use maud::{Markup, html};

use super::act::nonce;
use super::fields::Draft;
use super::language::{t, word};
use super::session::Person;
use super::words::{self, Status};
use super::{encode, time};
use crate::domain::{Accession, FieldError, Moment, Patient, Urgency};
use crate::lab::questions::export::Dataset;
use crate::lab::views::ListAddress;

/// An icon of the sprite.
pub(crate) fn icon(name: &str) -> Markup {
    html! { svg .icon aria-hidden="true" { use href={ "#i-" (name) } {} } }
}

/// A status: silhouette, word, and sometimes a fill.
pub(crate) fn status(s: &Status) -> Markup {
    html! { span .status .{ "status--" (s.look) } { (icon(s.look)) (s.word) } }
}

/// Urgency is not a status: ink on paper, so that red keeps one meaning.
pub(crate) fn flag(urgency: Urgency) -> Markup {
    match urgency {
        Urgency::Urgent => html! { span .flag { (t!("urgent")) } },
        Urgency::Routine => html! {},
    }
}

/// What is not known is said, never left empty.
pub(crate) fn known(text: Option<impl std::fmt::Display>) -> Markup {
    match text.map(|t| t.to_string()).filter(|t| !t.trim().is_empty()) {
        Some(text) => html! { (text) },
        None => html! { span .muted { (t!("not-known")) } },
    }
}

/// The name of a person: data, which no browser translates.
pub(crate) fn named(name: &str) -> Markup {
    html! { span translate="no" { (name) } }
}

/// The name of a person, or that it is not known.
pub(crate) fn known_name(name: Option<&str>) -> Markup {
    name.map_or_else(|| known(None::<&str>), named)
}

/// A moment, or that it is not known.
pub(crate) fn when(person: &Person, at: Option<Moment>) -> Markup {
    match at {
        Some(at) => stamp(person, at),
        None => html! { span .muted { (t!("not-known")) } },
    }
}

/// A moment in the laboratory's zone.
pub(crate) fn stamp(person: &Person, at: Moment) -> Markup {
    time::stamp(at, person.zone(), person.now)
}

/// The day of a moment in the laboratory's zone.
pub(crate) fn stamp_day(person: &Person, at: Moment) -> Markup {
    time::stamp_day(at, person.zone(), person.now)
}

/// Whose marrow: never truncated, on every page that acts on it.
pub(crate) fn banner(person: &Person, p: &Patient) -> Markup {
    identity(person, p, None)
}

/// As [`banner`], with the case's number on every printed sheet.
pub(crate) fn case_banner(person: &Person, p: &Patient, accession: Accession) -> Markup {
    identity(person, p, Some(accession))
}

fn identity(person: &Person, p: &Patient, accession: Option<Accession>) -> Markup {
    let today = person.catalogue.laboratory.local_date(person.now);
    html! {
        section .patient aria-label=(t!("patient")) {
            p .patient__name translate="no" { (p.display()) }
            dl {
                div {
                    dt { (t!("born")) }
                    dd {
                        @if let Some(born) = p.born {
                            (time::date(born))
                            @if let Some(years) = time::age(born, today) { " (" (t!("years", years = years)) ")" }
                        } @else { (t!("not-known")) }
                    }
                }
                div { dt { (t!("sex")) } dd { (word("sex", p.sex.name())) } }
                div { dt { (t!("mrn")) } dd .num { (mrn(&p.mrn)) } }
                @if let Some(accession) = accession { div .only-print { dt { (t!("find-case")) } dd .id { (accession) } } }
            }
        }
    }
}

/// A record number as it is read: long digit runs in threes.
pub(crate) fn mrn(number: &str) -> String {
    if number.len() == 10 && number.bytes().all(|b| b.is_ascii_digit()) {
        let (a, rest) = number.split_at(3);
        let (b, c) = rest.split_at(3);
        format!("{a} {b} {c}")
    } else {
        number.to_owned()
    }
}

/// What every form carries.
pub(crate) fn hidden(person: &Person) -> Markup {
    html! {
        input type="hidden" name="csrf" value=(person.signed_in.csrf);
        input type="hidden" name="key" value=(nonce());
    }
}

/// What a form about something seen carries.
pub(crate) fn seen(person: &Person, version: i64) -> Markup {
    html! { (hidden(person)) input type="hidden" name="version" value=(version); }
}

/// One field of a form.
pub(crate) struct Field<'a> {
    name: String,
    label: &'a str,
    hint: Option<&'a str>,
    id: Option<String>,
    kind: &'static str,
    mode: Option<&'static str>,
    complete: &'static str,
    width: &'static str,
    optional: bool,
    data: bool,
    list: Option<&'static str>,
    focus: bool,
}

impl<'a> Field<'a> {
    pub(crate) fn new(name: impl Into<String>, label: &'a str) -> Self {
        Self {
            name: name.into(),
            label,
            hint: None,
            id: None,
            kind: "text",
            mode: None,
            complete: "off",
            width: "",
            optional: false,
            data: false,
            list: None,
            focus: false,
        }
    }

    pub(crate) fn hint(self, hint: &'a str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// An id of its own, where several forms of a page have this field.
    pub(crate) fn within(self, form: &str) -> Self {
        Self { id: Some(format!("{form}.{}", self.name)), ..self }
    }

    pub(crate) fn password(self, complete: &'static str) -> Self {
        Self { kind: "password", complete, ..self }
    }

    pub(crate) fn complete(self, complete: &'static str) -> Self {
        Self { complete, ..self }
    }

    pub(crate) fn mode(self, mode: &'static str) -> Self {
        Self { mode: Some(mode), ..self }
    }

    /// `s`, `m` or the whole width.
    pub(crate) fn width(self, width: &'static str) -> Self {
        Self { width, ..self }
    }

    pub(crate) fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// What can be chosen are names of the catalogue or of people, which no browser translates.
    pub(crate) fn data(self) -> Self {
        Self { data: true, ..self }
    }

    /// The id of a `datalist`: what it holds is suggested, and anything else may be typed.
    pub(crate) fn list(self, list: &'static str) -> Self {
        Self { list: Some(list), ..self }
    }

    pub(crate) fn focus(self) -> Self {
        Self { focus: true, ..self }
    }

    /// What it is sent as.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.name)
    }

    fn described(&self, draft: &Draft) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.id()));
        let error = draft.error(&self.name).map(|_| format!("{}-error", self.id()));
        let all: Vec<String> = hint.into_iter().chain(error).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    fn frame(&self, draft: &Draft, control: &Markup) -> Markup {
        let error = draft.error(&self.name);
        html! {
            div .field .{ "field--" (self.width) } .field--error[error.is_some()] {
                label for=(self.id()) { (self.label) @if self.optional { span .muted { " " (t!("optional")) } } }
                @if let Some(hint) = self.hint { p .hint id={ (self.id()) "-hint" } { (hint) } }
                @if let Some(why) = error {
                    p .error id={ (self.id()) "-error" } { span .sr-only { (t!("error")) ": " } (words::message(&self.name, why)) }
                }
                (control)
            }
        }
    }

    /// A line.
    pub(crate) fn input(&self, draft: &Draft) -> Markup {
        let value = if self.kind == "password" { "" } else { draft.fields.raw(&self.name) };
        let invalid = draft.error(&self.name).map(|_| "true");
        self.frame(
            draft,
            &html! {
                input .input type=(self.kind) id=(self.id()) name=(self.name) value=(value) inputmode=[self.mode] list=[self.list]
                    autocomplete=(self.complete) spellcheck="false" autofocus[self.focus]
                    aria-describedby=[self.described(draft)] aria-invalid=[invalid];
            },
        )
    }

    /// Several lines.
    pub(crate) fn area(&self, draft: &Draft, rows: u8) -> Markup {
        let invalid = draft.error(&self.name).map(|_| "true");
        self.frame(
            draft,
            &html! {
                textarea .input id=(self.id()) name=(self.name) rows=(rows) aria-describedby=[self.described(draft)]
                    aria-invalid=[invalid] { (draft.fields.raw(&self.name)) }
            },
        )
    }

    /// One of several, in a list; `empty` is what stands for none.
    pub(crate) fn select(&self, draft: &Draft, empty: &str, options: &[(String, String)]) -> Markup {
        let value = draft.fields.get(&self.name);
        let invalid = draft.error(&self.name).map(|_| "true");
        self.frame(draft, &html! {
            select .input id=(self.id()) name=(self.name) autofocus[self.focus] aria-describedby=[self.described(draft)] aria-invalid=[invalid] {
                option value="" { (empty) }
                @for (code, name) in options {
                    option value=(code) selected[value == code] translate=[self.data.then_some("no")] { (name) }
                }
            }
        })
    }

    /// One of several, side by side.
    pub(crate) fn radios(&self, draft: &Draft, options: &[(String, String)]) -> Markup {
        let value = draft.fields.get(&self.name);
        let error = draft.error(&self.name);
        html! {
            fieldset .field .field--error[error.is_some()] aria-describedby=[self.described(draft)] {
                legend { (self.label) }
                @if let Some(hint) = self.hint { p .hint id={ (self.id()) "-hint" } { (hint) } }
                @if let Some(why) = error {
                    p .error id={ (self.id()) "-error" } { span .sr-only { (t!("error")) ": " } (words::message(&self.name, why)) }
                }
                div .choices {
                    @for (i, (code, name)) in options.iter().enumerate() {
                        @let id = if i == 0 { self.id().to_owned() } else { format!("{}-{i}", self.id()) };
                        label .choice for=(id) {
                            input type="radio" id=(id) name=(self.name) value=(code) checked[value == code];
                            span { (name) }
                        }
                    }
                }
            }
        }
    }

    /// Any of several.
    pub(crate) fn boxes(&self, draft: &Draft, options: &[(String, String)]) -> Markup {
        let error = draft.error(&self.name);
        html! {
            fieldset .field .field--error[error.is_some()] aria-describedby=[self.described(draft)] {
                legend { (self.label) }
                @if let Some(hint) = self.hint { p .hint id={ (self.id()) "-hint" } { (hint) } }
                @if let Some(why) = error {
                    p .error id={ (self.id()) "-error" } { span .sr-only { (t!("error")) ": " } (words::message(&self.name, why)) }
                }
                div .choices .choices--grid {
                    @for (i, (code, name)) in options.iter().enumerate() {
                        @let id = if i == 0 { self.id().to_owned() } else { format!("{}-{i}", self.id()) };
                        label .choice for=(id) {
                            input type="checkbox" id=(id) name=(self.name) value=(code)
                                checked[draft.fields.all(&self.name).any(|v| v == code)];
                            span { (name) }
                        }
                    }
                }
            }
        }
    }
}

/// Options from a list of our own words, in the words of a family of messages.
pub(crate) fn choices<T: Copy>(all: &[T], name: fn(T) -> &'static str, family: &str) -> Vec<(String, String)> {
    all.iter().map(|v| (name(*v).to_owned(), word(family, name(*v)))).collect()
}

/// The rows of a list as an export of them is asked for: a table, and what narrows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExportOf(String);

impl ExportOf {
    /// All rows of a table.
    pub(crate) fn of(dataset: Dataset) -> Self {
        Self(format!("/exports?dataset={}", dataset.name()))
    }

    /// Only those with this value, if there is one.
    pub(crate) fn only(mut self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            self.0 = format!("{}&{name}={}", self.0, encode(value));
        }
        self
    }

    /// The link to it, for who may export.
    pub(crate) fn link(&self, person: &Person) -> Markup {
        html! { @if person.exports() { a .btn .btn--sm href=(self.0) { (icon("down")) (t!("view-export")) } } }
    }
}

/// What can be done with a list: take it away as a file, or keep it under a name. `here` is the list's path and query.
/// Shows nothing for a list that neither this person may export nor anybody can keep.
pub(crate) fn list_tools(person: &Person, here: &str, export: Option<&ExportOf>) -> Markup {
    let address = ListAddress::parse(here).ok();
    html! {
        div .list-tools {
            @if let Some(export) = export { (export.link(person)) }
            @if let Some(address) = &address {
                details .more #save-view {
                    summary { (t!("view-save")) }
                    form .list-tools__form action="/views" method="post" novalidate {
                        input type="hidden" name="csrf" value=(person.signed_in.csrf);
                        input type="hidden" name="address" value=(address.as_str());
                        (Field::new("name", &t!("view-name")).within("save-view").width("m").input(&Draft::default()))
                        button .btn { (t!("view-keep")) }
                    }
                }
            }
        }
    }
}

/// A table that becomes cards where it is narrow. Its roles are said, because stacking takes them away.
pub(crate) fn table(caption: &Markup, heads: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        table .rows role="table" {
            caption { (caption) }
            thead role="rowgroup" {
                tr role="row" { @for head in heads { th role="columnheader" scope="col" { (head) } } }
            }
            tbody role="rowgroup" {
                @for row in rows {
                    tr role="row" {
                        @for (cell, head) in row.iter().zip(heads) { td role="cell" data-th=(head) { div { (cell) } } }
                    }
                }
            }
        }
    }
}

/// Facts about something, in pairs.
pub(crate) fn facts(pairs: &[(&str, Markup)]) -> Markup {
    html! { dl .facts { @for (name, value) in pairs { div { dt { (name) } dd { (value) } } } } }
}

/// A card with a heading.
pub(crate) fn card(id: &str, title: &str, aside: &Markup, body: &Markup) -> Markup {
    html! {
        section .card aria-labelledby=(id) {
            header .section-head { h2 id=(id) { (title) } (aside) }
            (body)
        }
    }
}

/// An error's place on a page that has no such field of its own.
pub(crate) fn rename(errors: &mut [FieldError], rename: impl Fn(&str) -> Option<String>) {
    for error in errors {
        if let Some(pointer) = rename(&error.pointer) {
            error.pointer = pointer;
        }
    }
}

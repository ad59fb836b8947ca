//! What the server makes of a form of a result while it is typed: the karyotype in words, percentages, computed values
//! such as the class of molecular response, what should be known, and what still does not fit. The domain says it all,
//! by the functions that take the entry; nothing is entered.

use maud::{Markup, html};

use super::tally::{self, Counted};
use super::{compare, iscn, result_form, result_read, result_show};
use crate::domain::catalogue::Assay;
use crate::domain::results::ShapeKind;
use crate::domain::results::form::{self, Item};
use crate::domain::series::Earlier;
use crate::domain::{Interpretation, OrderId, Refusal};
use crate::web::fields::Fields;
use crate::web::language::{english, t};
use crate::web::pages::seen::Seen;
use crate::web::parts::card;
use crate::web::session::Person;
use crate::web::words;

/// Most things that do not fit yet that are listed: a form that is just begun lacks nearly everything.
const LISTED: usize = 6;

/// A form of a result as it is typed so far, for one order of a case.
pub(crate) struct Typed<'a> {
    pub(crate) person: &'a Person,
    pub(crate) seen: &'a Seen,
    pub(crate) order: OrderId,
    /// None where the catalogue no longer has the assay.
    pub(crate) assay: Option<&'a Assay>,
    pub(crate) fields: &'a Fields,
    /// What was found in this patient before.
    pub(crate) earlier: &'a [Earlier],
}

impl Typed<'_> {
    /// The reading of the form, as a part of the page: the element `understood`.
    pub(crate) fn section(&self) -> Markup {
        let body = html! { div .inset .stack { (self.reading()) } };
        html! { div #understood { (card("understood-title", &t!("result-understood"), &html! {}, &body)) } }
    }

    fn reading(&self) -> Markup {
        let fields = self.fields;
        let shape = self.assay.and_then(|a| a.shape);
        let get = |cell: &str| fields.opt(&result_form::name(cell));
        if fields.opt("summary").is_none() && !shape.is_some_and(|s| form::is_typed(s, &get)) {
            return html! { p .muted { (t!("result-understood-empty")) } };
        }
        let text = match shape {
            Some(ShapeKind::Karyotype) => Some("details.iscn"),
            Some(ShapeKind::Fish) => Some("details.nuc_ish"),
            Some(
                ShapeKind::Flow
                | ShapeKind::Transcript
                | ShapeKind::Genes
                | ShapeKind::Ngs
                | ShapeKind::Clonality
                | ShapeKind::Morphology
                | ShapeKind::Iron
                | ShapeKind::Histology
                | ShapeKind::Culture,
            )
            | None => None,
        };
        let counted = shape.map_or(&[][..], form::table).iter().find_map(|item| match item {
            Item::Section(s) => Counted::of(s, &get),
            Item::Field(_) | Item::Rows(_) => None,
        });
        html! {
            @if let Some(field) = text.filter(|f| fields.opt(f).is_some()) { (iscn::found(fields, field)) }
            @if let Some(counted) = &counted { (tally::percents(counted)) }
            (self.whole())
            @if text.is_some() { p .small { a href="/iscn" { (t!("iscn-title")) } } }
        }
    }

    /// The whole entry as it would be read, as far as it fits.
    fn whole(&self) -> Markup {
        let Self { person, seen, order, assay, fields, earlier } = *self;
        // What it says is often chosen last; until then nothing is concluded from it.
        let unsaid = fields.opt("interpretation").is_none();
        let fields =
            if unsaid { &fields.clone().with("interpretation", Interpretation::Indeterminate.name()) } else { fields };
        let would = result_read::read(person, assay, fields)
            .and_then(|(new, _)| person.lab.would_enter(person.actor(), &seen.case, order, &new));
        match would {
            Ok(version) => html! {
                p { strong { (english(&version.summary)) } }
                (result_show::finding(assay, &version))
                (compare::table(person, seen, order, &version.values, earlier))
            },
            Err(Refusal::Invalid(errors)) => html! {
                p { (t!("result-not-yet", count = errors.len())) }
                ul .plain-list .small {
                    @for e in errors.iter().take(LISTED) { li { (words::message("", &e.message)) } }
                }
            },
            Err(other) => html! { p { (english(&crate::edge::Problem::from(other).detail)) } },
        }
    }
}

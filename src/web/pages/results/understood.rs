//! What the server makes of a form of a result while it is typed: the karyotype in words, percentages, computed values
//! such as the class of molecular response, what should be known, and what still does not fit. The domain says it all,
//! by the functions that take the entry; nothing is entered.

use maud::{Markup, html};

use super::compare;
use super::iscn;
use super::result_form;
use super::result_read;
use super::result_show;
use super::tally::{self, Counted};
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

/// The reading of a form, as a part of the page: the element `understood`.
pub(crate) fn section(
    person: &Person,
    seen: &Seen,
    order: OrderId,
    assay: Option<&Assay>,
    fields: &Fields,
    earlier: &[Earlier],
) -> Markup {
    let body = html! { div .inset .stack { (reading(person, seen, order, assay, fields, earlier)) } };
    html! { div #understood { (card("understood-title", &t!("result-understood"), &html! {}, &body)) } }
}

fn reading(
    person: &Person,
    seen: &Seen,
    order: OrderId,
    assay: Option<&Assay>,
    fields: &Fields,
    earlier: &[Earlier],
) -> Markup {
    let shape = assay.and_then(|a| a.shape);
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
        (whole(person, seen, order, assay, fields, earlier))
        @if text.is_some() { p .small { a href="/iscn" { (t!("iscn-title")) } } }
    }
}

/// The whole entry as it would be read, as far as it fits.
fn whole(
    person: &Person,
    seen: &Seen,
    order: OrderId,
    assay: Option<&Assay>,
    fields: &Fields,
    earlier: &[Earlier],
) -> Markup {
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

//! Values beside what the same assay found in this patient before, each with the change.

use maud::{Markup, html};

use crate::domain::results::plain;
use crate::domain::series::{self, Change, Earlier};
use crate::domain::{OrderId, ResultValue, result_words};
use crate::web::language::{english, t};
use crate::web::pages::seen::Seen;
use crate::web::parts;
use crate::web::session::Person;

/// The values that were found before too, one to a row; nothing where none was.
pub(crate) fn table(
    person: &Person,
    seen: &Seen,
    order: OrderId,
    values: &[ResultValue],
    earlier: &[Earlier],
) -> Markup {
    let taken = seen.case.collected_at().or(seen.case.header.procedure.performed_at).unwrap_or(person.now);
    let Some(assay) = seen.case.order(order).map(|o| &o.assay) else { return html! {} };
    let target = values.iter().find(|v| v.key == "target").and_then(|v| v.text.as_deref());
    let pairs = values.iter().filter_map(|v| Some((v, series::before(v, assay, target, taken, earlier)?)));
    let entry = person.catalogue.assay(assay.as_str());
    let rows: Vec<Vec<Markup>> = pairs
        .map(|(now, before)| {
            vec![
                html! { (english(&result_words::name(entry, &now.key))) },
                html! { strong { (english(&result_words::words(now))) } },
                html! { (change(&before.value, now)) },
                html! {
                    (english(&result_words::words(&before.value))) br;
                    span .small { a .id href=(person.case_path(before.accession)) { (before.accession) } ", " (parts::stamp_day(person, before.at)) }
                },
            ]
        })
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    let heads = [t!("result-value"), t!("result-now"), t!("result-change"), t!("result-before")];
    html! {
        div .compare { (parts::table(&html! { (t!("result-compared")) }, &heads.each_ref().map(String::as_str), &rows)) }
    }
}

/// The change in words: a sign and a number, or a factor; also that it did not change.
fn change(before: &ResultValue, now: &ResultValue) -> Markup {
    let rounded = |n: f64| plain((n * 100.0).round() / 100.0);
    html! {
        @match series::change(before, now) {
            Some(Change::By(by)) if by > 0.0 => { "+" (rounded(by)) }
            Some(Change::By(by)) if by < 0.0 => { "−" (rounded(-by)) }
            Some(Change::Times(times)) if times >= 1.0 => { "× " (rounded(times)) }
            Some(Change::Times(times)) if times > 0.0 => { "÷ " (rounded(1.0 / times)) }
            Some(Change::By(_) | Change::Times(_)) => { (t!("result-unchanged")) }
            None if before.text == now.text && before.qualifier == now.qualifier => { (t!("result-unchanged")) }
            None => { (t!("result-changed")) }
        }
    }
}

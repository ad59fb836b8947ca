//! The form of a step, drawn from its row of the tables.

use maud::{Markup, html};

use super::wants::{Want, Want as W, order_wants, specimen_wants};
use crate::domain::catalogue::PlainReason;
use crate::domain::{HoldPolicy, OrderTransition, Side, SpecimenKind, SpecimenTransition, Temperature};
use crate::lab::questions::case::{OrderView, SpecimenView};
use crate::web::fields::Draft;
use crate::web::language::{t, word};
use crate::web::parts::Field;
use crate::web::session::Person;
use crate::web::words;

/// How many parts a form makes from one part at a time.
pub(super) const CHILDREN: usize = 4;

/// What a step's form is about.
#[derive(Clone, Copy)]
enum About<'a> {
    Part(&'a SpecimenView),
    Order(&'a OrderView),
}

/// The fields of a step of a part. `form` keeps their ids apart where a page has several forms.
pub(crate) fn specimen_form(
    person: &Person,
    s: &SpecimenView,
    step: SpecimenTransition,
    form: Option<&str>,
    draft: &Draft,
) -> Markup {
    if step == SpecimenTransition::Aliquot {
        return children(person, form, draft);
    }
    let (front, more) = specimen_wants(step);
    form_of(person, About::Part(s), front, more, form, draft)
}

/// The fields of a step of an order.
pub(crate) fn order_form(
    person: &Person,
    o: &OrderView,
    step: OrderTransition,
    form: Option<&str>,
    draft: &Draft,
) -> Markup {
    let (front, more) = order_wants(step);
    form_of(person, About::Order(o), front, more, form, draft)
}

fn form_of(
    person: &Person,
    about: About<'_>,
    front: &[Want],
    more: &[Want],
    form: Option<&str>,
    draft: &Draft,
) -> Markup {
    let fits = |w: &&Want| match about {
        About::Order(_) => true,
        About::Part(s) => {
            let pulled = matches!(s.kind, SpecimenKind::Aspirate | SpecimenKind::Clot | SpecimenKind::Smear);
            let fixed = person.catalogue.container(s.container.as_str()).is_some_and(|c| c.fixative);
            (**w != W::Pull || pulled)
                && (**w != W::Volume || s.kind.is_liquid())
                && (**w != W::Length || s.kind == SpecimenKind::Core)
                && (!matches!(w, W::Site | W::Side) || s.kind.is_marrow())
                && (**w != W::Fixed || fixed)
        }
    };
    let draw = |w: &Want| want(person, about, *w, form, draft);
    let mut behind = more.iter().filter(fits).peekable();
    html! {
        @for w in front.iter().filter(fits) { (draw(w)) }
        @if behind.peek().is_some() {
            details .more open[draft.problem.is_some()] {
                summary { (t!("field-more")) }
                @for w in behind { (draw(w)) }
            }
        }
    }
}

fn plain(reasons: &[PlainReason]) -> Vec<(String, String)> {
    reasons.iter().map(|r| (r.code.to_string(), r.name.clone())).collect()
}

fn want(person: &Person, about: About<'_>, want: Want, form: Option<&str>, draft: &Draft) -> Markup {
    let c = &person.catalogue;
    let choose =
        |label: &str, list: &[(String, String)]| field(form, "reason", label).select(draft, &t!("field-choose"), list);
    let yes_no = |yes: String, no: String| [("true".to_owned(), yes), ("false".to_owned(), no)];
    match want {
        W::When => field(form, "occurred_at", &t!("field-when")).hint(&t!("field-when-hint")).width("m").input(draft),
        W::Location(which) => place(person, which, form, draft),
        W::Fault => {
            let list: Vec<_> = c.reasons.iter().map(|r| (r.code.to_string(), r.name.clone())).collect();
            choose(&t!("field-fault"), &list)
        }
        W::Query => choose(&t!("field-query"), &plain(&c.query_reasons)),
        W::Lost => choose(&t!("field-lost"), &plain(&c.lost_reasons)),
        W::Recollect => field(form, "recollect", &t!("field-recollect"))
            .radios(draft, &yes_no(t!("field-recollect-yes"), t!("field-no"))),
        W::NotCollected => {
            let list: Vec<_> = c.not_collected_reasons.iter().map(|r| (r.code.to_string(), r.name.clone())).collect();
            choose(&t!("field-not-collected"), &list)
        }
        W::FailReason => {
            let assay = match about {
                About::Order(o) => o.assay.as_str(),
                About::Part(_) => "",
            };
            let list: Vec<_> = c.fail_reasons_for(assay).map(|r| (r.code.to_string(), r.name.clone())).collect();
            choose(&t!("field-failed"), &list)
        }
        W::CancelReason => choose(&t!("field-canceled"), &plain(&c.cancel_reasons)),
        W::NotPerformedReason => choose(&t!("field-not-performed"), &plain(&c.not_performed_reasons)),
        W::Note(which) => field(form, "note", &word("field-note", which)).area(draft, 2),
        W::Told(which) => field(form, "told", &word("field-told", which)).width("m").input(draft),
        W::Temperature => field(form, "temperature", &t!("field-temperature")).radios(draft, &temperatures()),
        W::Destination => field(form, "destination", &t!("field-destination")).width("m").input(draft),
        W::Tracking => field(form, "tracking", &t!("field-tracking")).width("m").optional().input(draft),
        W::Laboratory => field(form, "laboratory", &t!("field-laboratory")).width("m").input(draft),
        W::Test => field(form, "test", &t!("field-test")).width("m").input(draft),
        W::ExpectedOn => {
            field(form, "expected_on", &t!("field-expected-on")).hint(&t!("field-date-hint")).width("m").input(draft)
        }
        W::Volume => {
            field(form, "volume_ul", &t!("field-volume")).hint(&t!("field-volume-hint")).width("s").input(draft)
        }
        W::Pull => field(form, "pull_number", &t!("field-pull")).mode("numeric").width("s").input(draft),
        W::Length => field(form, "length_mm", &t!("field-length")).mode("numeric").width("s").input(draft),
        W::Side => field(form, "side", &t!("field-side")).select(
            draft,
            &t!("not-known"),
            &words_of(Side::ALL, Side::name, |code| word("field-side", code)),
        ),
        W::Site => {
            let list: Vec<_> = c.sites.iter().map(|s| (s.code.to_string(), s.name.clone())).collect();
            field(form, "site", &t!("field-site")).select(draft, &t!("field-choose"), &list)
        }
        W::Fixed => field(form, "fixed_at", &t!("field-fixed")).hint(&t!("field-fixed-hint")).width("m").input(draft),
        W::Decalcification => field(form, "decalcification", &t!("field-decalcification"))
            .hint(&t!("field-decalcification-hint"))
            .width("m")
            .input(draft),
        W::Declaration => field(form, "declaration", &t!("field-declaration")).area(draft, 2),
        W::Override => {
            field(form, "override_reason", &t!("field-override")).hint(&t!("field-override-hint")).area(draft, 2)
        }
        W::Match => field(form, "identifiers_match", &t!("field-match"))
            .radios(draft, &yes_no(t!("field-match-yes"), t!("field-no"))),
        W::Policy => field(form, "policy", &t!("field-policy")).select(
            draft,
            &t!("field-choose"),
            &words_of(HoldPolicy::ALL, HoldPolicy::name, |code| word("field-policy", code)),
        ),
        W::Deadline => {
            field(form, "deadline", &t!("field-deadline")).hint(&t!("field-deadline-hint")).width("m").input(draft)
        }
        W::Run => field(form, "run", &t!("field-run")).width("m").optional().input(draft),
        W::Part => {
            field(form, "specimen", &t!("field-part")).hint(&t!("field-part-hint")).width("m").optional().input(draft)
        }
        W::Used => {
            field(form, "used_ul", &t!("field-used")).hint(&t!("field-used-hint")).width("s").optional().input(draft)
        }
        W::Workstep => {
            let assay = match about {
                About::Order(o) => c.assay(o.assay.as_str()),
                About::Part(_) => None,
            };
            let steps = assay.map(|a| a.steps.as_slice()).unwrap_or_default();
            let list: Vec<_> = steps.iter().map(|s| (s.code.to_string(), words::capital(&s.name))).collect();
            field(form, "workstep", &t!("field-workstep")).select(draft, &t!("field-choose"), &list)
        }
    }
}

/// A field whose id is of its form, where a page has several.
fn field<'l>(form: Option<&str>, name: &str, label: &'l str) -> Field<'l> {
    let field = Field::new(name, label);
    match form {
        Some(form) => field.within(form),
        None => field,
    }
}

/// The words of a vocabulary, as choices.
fn words_of<T: Copy>(all: &[T], name: fn(T) -> &'static str, say: impl Fn(&str) -> String) -> Vec<(String, String)> {
    all.iter().map(|v| (name(*v).to_owned(), say(name(*v)))).collect()
}

/// How a part traveled or is kept, as choices.
pub(crate) fn temperatures() -> Vec<(String, String)> {
    words_of(Temperature::ALL, Temperature::name, |code| word("field-temperature", code))
}

/// A place as it is typed: words, or a position of the storage map.
fn place(person: &Person, which: &str, form: Option<&str>, draft: &Draft) -> Markup {
    let label = word("field-place", which);
    let mapped = which == "where-it-is-put" && !person.catalogue.storages.is_empty();
    let hint = person.catalogue.storages.first().and_then(|p| p.slot(1, 1));
    let hint = hint.map(|slot| t!("field-place-hint", example = slot.to_string()));
    let mut field = field(form, "location", &label).width("m");
    if let Some(hint) = hint.as_deref().filter(|_| mapped) {
        field = field.hint(hint);
    }
    field.input(draft)
}

/// The rows for splitting a part.
fn children(person: &Person, form: Option<&str>, draft: &Draft) -> Markup {
    let c = &person.catalogue;
    let kinds: Vec<_> = c.kinds.iter().map(|k| (k.kind.name().to_owned(), k.name.clone())).collect();
    let containers: Vec<_> = c.containers.iter().map(|k| (k.code.to_string(), k.name.clone())).collect();
    let name = |row: usize, name: &str| format!("children.{row}.{name}");
    html! {
        p .hint { (t!("field-children-hint")) }
        @for row in 0..CHILDREN {
            fieldset .grid-row {
                legend { (t!("field-child", number = row + 1)) }
                (field(form, &name(row, "kind"), &t!("field-child-kind")).select(draft, &t!("field-none"), &kinds))
                (field(form, &name(row, "container"), &t!("field-child-container")).select(draft, &t!("field-choose"), &containers))
                (field(form, &name(row, "volume_ul"), &t!("field-volume")).hint(&t!("field-volume-hint")).width("s").input(draft))
                (field(form, &name(row, "location"), &word("field-place", "where-it-is-put")).width("s").input(draft))
            }
        }
    }
}

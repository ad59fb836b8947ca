//! The steps that a part or an order can take: which is offered first and which takes one press. Their forms are drawn
//! and read in the files beside this one.
//!
//! Which step is offered comes from the views' `allowed`; which field is needed, the domain says when one is missing.

mod form;
mod read;
mod wants;

use maud::{Markup, html};

pub(crate) use self::form::{order_form, specimen_form, temperatures};
pub(crate) use self::read::{read_children, read_order, read_specimen};
use super::language::t;
use super::session::Person;
use crate::domain::workstep::WorkProgress;
use crate::domain::{Code, OrderState, OrderTransition, SpecimenTransition};
use crate::lab::questions::case::SpecimenView;

/// Steps of an order that one press may take, right from a list.
pub(crate) const fn one_press(step: OrderTransition) -> bool {
    use OrderTransition as T;
    matches!(step, T::Order | T::Release | T::Start | T::Repeat | T::Review)
}

/// Steps of an order that a press of a list or a card carries out.
pub(crate) const fn is_pressable(step: OrderTransition) -> bool {
    one_press(step) || matches!(step, OrderTransition::Advance)
}

/// What one press can do for an order now, most likely first: the step as a form says it (`start`,
/// `advance:HYBRIDIZE`), and what its button says.
pub(crate) fn presses(
    person: &Person,
    allowed: &[&'static str],
    state: OrderState,
    progress: Option<&WorkProgress>,
) -> Vec<(String, String)> {
    if state == OrderState::Resulted {
        return Vec::new();
    }
    if let Some((code, name)) = next_workstep(person, allowed, progress) {
        return vec![(
            format!("{}:{code}", OrderTransition::Advance),
            t!("bench-done", step = super::words::capital(name)),
        )];
    }
    let steps = order_steps(allowed).into_iter().filter(|s| one_press(*s) && *s != OrderTransition::Order);
    steps.map(|s| (s.name().to_owned(), super::words::step(s.name()))).collect()
}

/// The next step of the bench, unless this person was the first of its two readers.
fn next_workstep<'p>(
    person: &Person,
    allowed: &[&'static str],
    progress: Option<&'p WorkProgress>,
) -> Option<(&'p Code, &'p str)> {
    let progress = progress.filter(|_| allowed.contains(&OrderTransition::Advance.name()))?;
    let own = progress.first_reader.as_ref().is_some_and(|who| who.id == person.actor().id);
    let (code, name) = progress.next.as_ref().zip(progress.next_name.as_ref()).filter(|_| !own)?;
    Some((code, name.as_str()))
}

/// The steps in the order in which a person most likely wants them.
pub(crate) fn specimen_steps(s: &SpecimenView) -> Vec<SpecimenTransition> {
    use SpecimenTransition as T;
    const FIRST: &[SpecimenTransition] = &[
        T::Collect,
        T::Receive,
        T::Accept,
        T::Resolve,
        T::Start,
        T::Aliquot,
        T::Store,
        T::Find,
        T::ReturnFromReferral,
        T::AcceptWithCaveat,
        T::Hold,
    ];
    let mut steps: Vec<_> = s.allowed.iter().filter_map(|w| SpecimenTransition::parse(w)).collect();
    if s.rejection.is_none() {
        steps.retain(|t| !matches!(t, T::Reject | T::WithdrawRejection));
    } else {
        steps.retain(|t| *t != T::ProposeRejection);
    }
    let decides = s.rejection.is_some();
    steps.sort_by_key(|t| {
        if decides && matches!(t, T::Reject | T::WithdrawRejection) {
            0
        } else {
            1 + FIRST.iter().position(|f| f == t).unwrap_or(FIRST.len())
        }
    });
    steps
}

/// The steps in the order in which a person most likely wants them; entering and verifying have forms of their own.
pub(crate) fn order_steps(allowed: &[&'static str]) -> Vec<OrderTransition> {
    use OrderTransition as T;
    const FIRST: &[OrderTransition] =
        &[T::Start, T::Advance, T::Order, T::Release, T::Repeat, T::Review, T::Fail, T::Return];
    let mut steps: Vec<_> = allowed.iter().filter_map(|w| OrderTransition::parse(w)).collect();
    steps.retain(|t| !matches!(t, T::Result | T::Verify));
    steps.sort_by_key(|t| FIRST.iter().position(|f| f == t).unwrap_or(FIRST.len()));
    steps
}

/// The one press that records the next step of the bench: hidden fields and button, for a form of its own. None when
/// only the result is missing, when this person may not, or was the first of its two readers.
pub(crate) fn advance(person: &Person, allowed: &[&'static str], progress: Option<&WorkProgress>) -> Option<Markup> {
    let (code, name) = next_workstep(person, allowed, progress)?;
    Some(html! {
        input type="hidden" name="workstep" value=(code);
        button .btn .btn--primary .btn--bench { (t!("bench-done", step = super::words::capital(name))) }
    })
}

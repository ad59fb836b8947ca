//! The forms of the steps that a part or an order can take: which fields each has, and how they are read.
//!
//! Which step is offered comes from the views' `allowed`; which field is needed, the domain says when one is missing.

use maud::{Markup, html};

use super::fields::{Draft, Fields, Reader};
use super::language::{t, word};
use super::parts::Field;
use super::session::Person;
use crate::domain::catalogue::PlainReason;
use crate::domain::command::{ChildInput, OrderStep, SpecimenStep};
use crate::domain::workstep::WorkProgress;
use crate::domain::{
    Code, HoldPolicy, Label, OrderState, OrderTransition, Refusal, Side, SpecimenKind, SpecimenTransition, Temperature,
};
use crate::lab::questions::case::{OrderView, SpecimenView};

/// How many parts a form makes from one part at a time.
pub(crate) const CHILDREN: usize = 4;

/// A field that a step may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    When,
    /// What the place is called: a word of the family `field-place`.
    Location(&'static str),
    Fault,
    Query,
    Lost,
    NotCollected,
    Recollect,
    FailReason,
    CancelReason,
    NotPerformedReason,
    /// What is written: a word of the family `field-note`.
    Note(&'static str),
    /// Who heard of it: a word of the family `field-told`.
    Told(&'static str),
    Temperature,
    Destination,
    Tracking,
    Laboratory,
    Test,
    ExpectedOn,
    Volume,
    Pull,
    Length,
    Side,
    Site,
    Fixed,
    Decalcification,
    Declaration,
    Override,
    Match,
    Policy,
    Deadline,
    Run,
    Part,
    Used,
    Workstep,
}

use Want as W;

/// The fields of a step of custody: those in front, and those behind “More”.
const fn specimen_wants(step: SpecimenTransition) -> (&'static [Want], &'static [Want]) {
    use SpecimenTransition as T;
    match step {
        T::Plan | T::Aliquot | T::WithdrawRejection | T::RetainedByReferral | T::Discard => (&[], &[]),
        T::Collect => {
            (&[W::When, W::Site, W::Side, W::Pull, W::Volume, W::Length, W::Fixed, W::Temperature], &[W::Override])
        }
        T::MarkNotCollected => (&[W::NotCollected, W::Recollect], &[W::Note("in-words")]),
        T::Dispatch => (&[W::Destination, W::Tracking], &[W::When, W::Override]),
        T::Receive => (&[W::Temperature], &[W::When, W::Location("where-it-is-put"), W::Override]),
        T::Accept => (&[W::Match], &[W::Length, W::When]),
        T::AcceptWithCaveat => (&[W::Fault], &[W::Note("in-words"), W::Length, W::Declaration]),
        T::Hold => (&[W::Query, W::Note("the-question"), W::Told("who-answers-it")], &[]),
        T::Resolve => (&[W::Note("how-it-was-answered")], &[W::Side, W::Declaration]),
        T::ProposeRejection => (&[W::Fault, W::Note("what-is-wrong-with-it")], &[]),
        T::Reject => (&[W::Told("who-was-told-that-it-is-rejected")], &[W::Note("in-words")]),
        T::Start => (&[W::Location("which-bench")], &[W::Decalcification, W::When, W::Override]),
        T::Store => (&[W::Location("where-it-is-put")], &[W::Temperature, W::Decalcification, W::When]),
        T::ReferOut => (&[W::Laboratory, W::Test, W::ExpectedOn], &[W::Tracking, W::When]),
        T::ReturnFromReferral => (&[W::Location("where-it-is-put")], &[W::When]),
        T::Exhaust => (&[], &[W::Note("why-what-is-left-is-written-off")]),
        T::Lose => (&[W::Lost, W::Note("where-it-was-looked-for"), W::Told("who-was-told")], &[]),
        T::Find => (&[W::Note("how-its-identity-was-verified-again"), W::Location("where-it-is-put")], &[]),
        T::EnterInError => (&[W::Note("why-it-never-existed")], &[]),
    }
}

/// The fields of a step of an order: those in front, and those behind “More”.
const fn order_wants(step: OrderTransition) -> (&'static [Want], &'static [Want]) {
    use OrderTransition as T;
    match step {
        T::Suggest
        | T::Order
        | T::Release
        | T::Await
        | T::MakeReady
        | T::Repeat
        | T::Result
        | T::Review
        | T::Verify
        | T::Reopen
        | T::Recollect => (&[], &[]),
        T::Dismiss => (&[W::Note("why-it-is-not-needed")], &[]),
        T::Hold => (&[W::Policy, W::Deadline], &[]),
        T::Start => (&[W::Run], &[W::Part, W::Used, W::When, W::Override]),
        T::Advance => (&[W::Workstep, W::Note("why-steps-before-it-are-left-out")], &[W::When, W::Override]),
        T::Fail => (&[W::FailReason, W::Note("in-words")], &[W::When]),
        T::Return => (&[W::Note("what-must-be-looked-at-again")], &[]),
        T::ReferOut => (&[W::Laboratory, W::ExpectedOn], &[W::Tracking, W::When]),
        T::NotPerform => (&[W::NotPerformedReason], &[W::Note("in-words")]),
        T::Cancel => (&[W::CancelReason], &[W::Note("in-words")]),
        T::EnterInError => (&[W::Note("why-it-was-never-meant")], &[]),
    }
}

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
            let list: Vec<_> = steps.iter().map(|s| (s.code.to_string(), super::words::capital(&s.name))).collect();
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

/// Reads the fields of a step of custody.
///
/// # Errors
/// What does not fit.
pub(crate) fn read_specimen(person: &Person, fields: &Fields) -> Result<SpecimenStep, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let step = SpecimenStep {
        occurred_at: r.time("occurred_at"),
        location: r.opt("location"),
        reason: r.code("reason"),
        note: r.opt("note"),
        told: r.opt("told"),
        temperature: r.word("temperature"),
        destination: r.opt("destination"),
        tracking: r.opt("tracking"),
        laboratory: r.opt("laboratory"),
        test: r.opt("test"),
        expected_on: r.date("expected_on"),
        identifiers_match: fields.opt("identifiers_match").map(|v| v == "true"),
        volume_ul: r.volume("volume_ul"),
        pull_number: r.whole("pull_number"),
        length_mm: r.whole("length_mm"),
        side: r.word("side"),
        site: r.code("site"),
        fixed_at: r.time("fixed_at"),
        decalcification: r.opt("decalcification"),
        recollect: fields.opt("recollect").map(|v| v == "true"),
        declaration: r.opt("declaration"),
        override_reason: r.opt("override_reason"),
    };
    r.done(step)
}

/// Reads the fields of a step of an order.
///
/// # Errors
/// What does not fit.
pub(crate) fn read_order(person: &Person, fields: &Fields) -> Result<OrderStep, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let specimen = match fields.opt("specimen").map(|text| Label::parse(&text)) {
        Some(Ok(label)) => Some(label),
        Some(Err(why)) => {
            r.fail("specimen", "malformed", why);
            None
        }
        None => None,
    };
    let step = OrderStep {
        occurred_at: r.time("occurred_at"),
        reason: r.code("reason"),
        note: r.opt("note"),
        run: r.opt("run"),
        specimen,
        workstep: r.code("workstep"),
        used_ul: r.volume("used_ul"),
        policy: r.word("policy"),
        deadline: r.time("deadline"),
        override_reason: r.opt("override_reason"),
        laboratory: r.opt("laboratory"),
        tracking: r.opt("tracking"),
        expected_on: r.date("expected_on"),
    };
    r.done(step)
}

/// Reads the rows for splitting a part; with each part the row that it stands in.
///
/// # Errors
/// What does not fit.
pub(crate) fn read_children(person: &Person, fields: &Fields) -> Result<(Vec<ChildInput>, Vec<usize>), Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let (mut parts, mut rows) = (Vec::new(), Vec::new());
    for row in 0..CHILDREN {
        let name = |field: &str| format!("children.{row}.{field}");
        let Some(kind) = r.word::<SpecimenKind>(&name("kind")) else { continue };
        let container = r.need_code(&name("container"), "say what it is in");
        let volume_ul = r.volume(&name("volume_ul"));
        let location = r.opt(&name("location"));
        if let Some(container) = container {
            parts.push(ChildInput { kind, container, volume_ul, location });
            rows.push(row);
        }
    }
    r.done((parts, rows))
}

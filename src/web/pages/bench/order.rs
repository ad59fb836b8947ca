//! `/orders/{id}`: the work on one ordered test, with the forms of its steps and of its result.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};
use uuid::Uuid;

use super::{document, order_show};
use crate::domain::decide::Subject;
use crate::domain::{Command, OrderId, OrderState, OrderTransition, ResultId, ResultState, Target};
use crate::edge::Problem;
use crate::lab::questions::case::{OrderView, ResultView};
use crate::web::act::{Deed, explain, mark_open};
use crate::web::drafts;
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::{rich, t};
use crate::web::layout::Page;
use crate::web::pages::results::understood::Typed;
use crate::web::pages::results::{evidence, result_form, result_read};
use crate::web::pages::seen::Seen;
use crate::web::parts::{card, flag, seen, status};
use crate::web::session::{Person, Posted, is_local};
use crate::web::{done, see_other, steps, words};

/// `GET /orders/{id}`
pub(crate) async fn get(person: Person, id: web::Path<Uuid>) -> Result<HttpResponse, PageError> {
    let found = Seen::by_order(&person, *id).await?;
    let kept = drafts::begin(&person, &place(*id), &["performed_at"]).await?;
    render(&person, &found, *id, &kept.unwrap_or_default()).await
}

/// Where the form of an order's result is kept while it is filled in.
fn place(id: Uuid) -> String {
    format!("orders/{id}/result")
}

/// `GET /orders/{id}/newest`: on to the version of its result that waits for a second person.
pub(crate) async fn newest(person: Person, id: web::Path<Uuid>) -> Result<HttpResponse, PageError> {
    let found = Seen::by_order(&person, *id).await?;
    let waiting = found.view.results.iter().rfind(|r| {
        r.result.order == OrderId(*id) && matches!(r.result.state, ResultState::Draft | ResultState::Preliminary)
    });
    Ok(see_other(&waiting.map_or_else(|| format!("/orders/{id}"), |r| format!("/results/{}", r.result.id))))
}

/// `POST /orders/{id}/results`
pub(crate) async fn enter(posted: Posted, id: web::Path<Uuid>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let order = OrderId(*id);
    let found = Seen::by_order(&person, *id).await?;
    let accession = found.view.accession;
    let assay = view(&found, order)?.assay.clone();
    let assay = person.catalogue.assay(assay.as_str());
    if let Some(more) = result_read::one_more(assay, &fields) {
        return render(&person, &found, *id, &Draft::fresh(more)).await;
    }
    if fields.opt(CHECK).is_some() {
        return render(&person, &found, *id, &Draft::fresh(fields)).await;
    }
    let problem = match result_read::read(&person, assay, &fields) {
        Err(refusal) => refusal.into(),
        Ok((result, keys)) => {
            let command = Command::EnterResult(order, Box::new(result));
            let back = format!("/orders/{id}");
            // On to the result, which shows what was understood and what should be known.
            let deed =
                Deed::seen(&fields, Target::Order(order), command, String::new())?.then(move |d| match &d.subject {
                    Subject::Result(new) => done(&format!("/results/{new}"), "result"),
                    Subject::Case
                    | Subject::Specimen(_)
                    | Subject::Specimens(_)
                    | Subject::Order(_)
                    | Subject::Critical(_)
                    | Subject::Report(_)
                    | Subject::Document(_) => done(&back, "result"),
                });
            match deed.act(&person, &fields).await {
                Ok(to) => return Ok(see_other(&to)),
                Err(e) => {
                    let mut problem = explain(&person, accession, e).await;
                    result_read::place(&mut problem.errors, assay, &fields, &keys);
                    problem
                }
            }
        }
    };
    let found = Seen::by_order(&person, *id).await?;
    let mut problem: Problem = problem;
    mark_open(&mut problem, view(&found, order)?.allowed.contains(&"result"));
    render(&person, &found, *id, &Draft::refused(fields, problem)).await
}

/// The button that has a form read and enters nothing.
const CHECK: &str = "check";

/// `GET /orders/{id}/steps/{step}`
pub(crate) async fn get_step(
    person: Person,
    path: web::Path<(Uuid, String)>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let (id, step) = (path.0, parse(&path.1)?);
    let found = Seen::by_order(&person, id).await?;
    // Where the step is begun from is where it leads back to.
    let back = query.iter().find(|(name, _)| name == "back").map(|(_, to)| to.clone()).unwrap_or_default();
    render_step(&person, &found, id, step, &Draft::fresh(Fields::default().with("back", back)))
}

/// `POST /orders/{id}/steps/{step}`
pub(crate) async fn post_step(posted: Posted, path: web::Path<(Uuid, String)>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let (id, step) = (path.0, parse(&path.1)?);
    let mut problem = match act(&person, &fields, id, step).await {
        Ok(to) => return Ok(see_other(&to)),
        Err(problem) => problem,
    };
    let found = Seen::by_order(&person, id).await?;
    mark_open(&mut problem, view(&found, OrderId(id))?.allowed.contains(&step.name()));
    render_step(&person, &found, id, step, &Draft::refused(fields, problem))
}

fn parse(step: &str) -> Result<OrderTransition, PageError> {
    Ok(OrderTransition::parse(step).ok_or_else(Problem::not_found)?)
}

fn view(found: &Seen, id: OrderId) -> Result<&OrderView, PageError> {
    Ok(found.view.orders.iter().find(|o| o.id == id).ok_or_else(Problem::not_found)?)
}

fn back(fields: &Fields, id: Uuid) -> String {
    fields.opt("back").filter(|b| is_local(b)).unwrap_or_else(|| format!("/orders/{id}"))
}

async fn act(person: &Person, fields: &Fields, id: Uuid, step: OrderTransition) -> Result<String, Problem> {
    let details = steps::read_order(person, fields)?;
    let order = OrderId(id);
    let command = Command::MoveOrder(order, step, Box::new(details));
    let deed = Deed::seen(fields, Target::Order(order), command, done(&back(fields, id), step.name()))?;
    match deed.act(person, fields).await {
        Ok(to) => Ok(to),
        Err(e) => match person.lab.case_of_order(person.actor(), order).await {
            Ok(whole) => Err(explain(person, whole.case.header.accession, e).await),
            Err(_) => Err(e.into()),
        },
    }
}

fn render_step(
    person: &Person,
    found: &Seen,
    id: Uuid,
    step: OrderTransition,
    draft: &Draft,
) -> Result<HttpResponse, PageError> {
    let o = view(found, OrderId(id))?;
    let back = back(&draft.fields, id);
    let name = words::step(step.name());
    Ok(Page::of(person, format!("{name}: {}", o.name)).about(found.banner(person)).draft(draft).render(html! {
        div .title { h1 { (name) } (status(&words::order(o.state))) }
        p { (o.name) ", " span .id { (o.accession) } @if let Some(part) = &o.specimen { ", " (rich!("order-of-part", part = html! { span .id { (part) } })) } }
        @if o.allowed.contains(&step.name()) {
            form .card .plain action={ "/orders/" (id) "/steps/" (step) } method="post" novalidate {
                (seen(person, o.version))
                input type="hidden" name="back" value=(back);
                (steps::order_form(person, o, step, None, draft))
                div .actions {
                    button .btn .btn--primary .btn--bench { (name) }
                    a .btn .btn--bench href=(back) { (t!("order-back")) }
                }
            }
        } @else {
            p { (t!("order-step-closed")) }
            p { a .btn href=(back) { (t!("order-back")) } }
        }
    }))
}

pub(super) async fn render(person: &Person, found: &Seen, id: Uuid, draft: &Draft) -> Result<HttpResponse, PageError> {
    let o = view(found, OrderId(id))?;
    let results: Vec<&ResultView> = found.view.results.iter().filter(|r| r.result.order == o.id).collect();
    let enters = o.allowed.contains(&"result");
    let entry = if enters { Some(entry(person, found, o, &results, draft).await?) } else { None };
    let title = t!("order-title", name = o.name.as_str(), accession = o.accession.to_string());
    Ok(Page::of(person, title).about(found.banner(person)).draft(draft).script("check.js").script("counter.js").render(
        html! {
            div .title {
                h1 { (o.name) }
                (status(&words::order(o.state)))
                @if o.late { (status(&words::late())) }
                (flag(o.urgency))
            }
            (order_show::about(person, found, o))
            (order_show::bench(person, o))
            @if let Some(entry) = &entry { (entry) }
            (document::section(person, o, draft))
            (step_forms(person, o))
            @if !o.attempts.is_empty() { (order_show::attempts(person, found, o)) }
            @if !results.is_empty() { (order_show::versions(person, &results)) }
        },
    ))
}

/// The form of the result, and beside it what is made of it and what was found in this patient before.
async fn entry(
    person: &Person,
    found: &Seen,
    o: &OrderView,
    results: &[&ResultView],
    draft: &Draft,
) -> Result<Markup, PageError> {
    let assay = person.catalogue.assay(o.assay.as_str());
    let begun = draft.problem.is_some() || draft.fields.opt("version").is_some();
    let place = place(o.id.0);
    // Entering again begins with what waits to be verified.
    let waits = results.iter().rfind(|r| r.result.state == ResultState::Draft && r.result.revision.is_none());
    let start = waits.map(|r| Draft::fresh(result_read::from_version(person, &r.result)));
    let draft = start.as_ref().filter(|_| !begun).unwrap_or(draft);
    let earlier = person.lab.earlier(person.actor(), &found.case).await?;
    let timeline = person.lab.timeline(person.actor(), found.view.patient.id).await?;
    let form = html! {
        form .inset action={ "/orders/" (o.id) "/results" } method="post" novalidate data-check="understood"
            data-draft=(place)
        {
            (result_form::first_button(&t!("order-enter")))
            (seen(person, drafts::version(draft, o.version)))
            (drafts::carried(&place))
            (result_form::fields(assay, draft, true))
            p .hint { (t!("order-enter-hint")) }
            div .actions {
                button .btn .btn--primary data-submit { (t!("order-enter")) }
                button .btn name=(CHECK) value="1" data-checks=(t!("order-checked")) { (t!("order-check")) }
            }
            (drafts::said())
        }
    };
    let form = html! { (drafts::taken_up(person, &place, draft)) (form) };
    let again = o.state == OrderState::Resulted;
    let typed = Typed { person, seen: found, order: o.id, assay, fields: &draft.fields, earlier: &earlier };
    Ok(html! {
        div .split .entry {
            @if again {
                details .card .more .inset #enter open[begun] {
                    summary { (t!("order-enter-again")) }
                    (form)
                }
            } @else { (card("enter", &t!("order-enter"), &html! {}, &form)) }
            aside .stack tabindex="0" role="region" aria-label=(t!("result-evidence")) {
                (typed.section())
                (evidence::previous(person, &timeline, o.accession, &o.assay))
            }
        }
    })
}

fn step_forms(person: &Person, o: &OrderView) -> Markup {
    let mut all = steps::order_steps(&o.allowed);
    all.retain(|s| *s != OrderTransition::Advance || o.progress.as_ref().is_some_and(|p| p.next.is_some()));
    if all.is_empty() {
        return html! {};
    }
    let fresh = Draft::default();
    let enters = o.allowed.contains(&"result");
    html! {
        section .card .plain aria-label=(t!("order-steps")) {
            div .hit__next {
                @for (i, step) in all.iter().enumerate() {
                    @let first = i == 0 && !enters && steps::one_press(*step);
                    @let name = words::step(step.name());
                    @let form = html! {
                        form action={ "/orders/" (o.id) "/steps/" (step) } method="post" novalidate {
                            (seen(person, o.version))
                            (steps::order_form(person, o, *step, Some(step.name()), &fresh))
                            button .btn .btn--bench .btn--primary[first] { (name) }
                        }
                    };
                    @if first { div .primary { (form) } }
                    @else { details .step { summary .btn .btn--bench { (name) } div .step__body { (form) } } }
                }
            }
        }
    }
}

/// The result with this id, if this person may see it.
pub(crate) fn result_view(found: &Seen, id: ResultId) -> Result<&ResultView, PageError> {
    Ok(found.view.results.iter().find(|r| r.result.id == id).ok_or_else(Problem::not_found)?)
}

//! `/orders/{id}`: the work on one ordered test, with the forms of its steps and of its result.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};
use uuid::Uuid;

use super::{Seen, result_form};
use crate::domain::decide::Subject;
use crate::domain::{Code, Command, OrderId, OrderState, OrderTransition, ResultId, ResultState, Target};
use crate::edge::Problem;
use crate::lab::questions::case::{OrderView, ResultView};
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::layout::Page;
use crate::web::parts::{card, facts, flag, known, seen, stamp, status, table, when};
use crate::web::session::{Person, Posted, is_local};
use crate::web::{done, see_other, steps, words};

/// `GET /orders/{id}`
pub(crate) async fn get(person: Person, id: web::Path<Uuid>) -> Result<HttpResponse, PageError> {
    let found = Seen::by_order(&person, *id).await?;
    render(&person, &found, *id, &Draft::default())
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
    if let Some(more) = result_form::one_more(assay, &fields) {
        return render(&person, &found, *id, &Draft::fresh(more));
    }
    let problem = match result_form::read(&person, assay, &fields) {
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
                    result_form::place(&mut problem.errors, assay, &fields, &keys);
                    problem
                }
            }
        }
    };
    let found = Seen::by_order(&person, *id).await?;
    render(&person, &found, *id, &Draft::refused(fields, problem))
}

/// `GET /orders/{id}/steps/{step}`
pub(crate) async fn get_step(person: Person, path: web::Path<(Uuid, String)>) -> Result<HttpResponse, PageError> {
    let (id, step) = (path.0, parse(&path.1)?);
    let found = Seen::by_order(&person, id).await?;
    render_step(&person, &found, id, step, &Draft::default())
}

/// `POST /orders/{id}/steps/{step}`
pub(crate) async fn post_step(posted: Posted, path: web::Path<(Uuid, String)>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let (id, step) = (path.0, parse(&path.1)?);
    let problem = match act(&person, &fields, id, step).await {
        Ok(to) => return Ok(see_other(&to)),
        Err(problem) => problem,
    };
    let found = Seen::by_order(&person, id).await?;
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
        p { (o.name) ", " span .id { (o.accession) } @if let Some(part) = &o.specimen { ", part " span .id { (part) } } }
        @if o.allowed.contains(&step.name()) {
            form .card .plain action={ "/orders/" (id) "/steps/" (step) } method="post" novalidate {
                (seen(person, o.version))
                input type="hidden" name="back" value=(back);
                (steps::order_form(person, o, step, None, draft))
                div .actions {
                    button .btn .btn--primary .btn--bench { (name) }
                    a .btn .btn--bench href=(back) { "Back" }
                }
            }
        } @else {
            p { "This step is not open to you now." }
            p { a .btn href=(back) { "Back" } }
        }
    }))
}

pub(super) fn render(person: &Person, found: &Seen, id: Uuid, draft: &Draft) -> Result<HttpResponse, PageError> {
    let o = view(found, OrderId(id))?;
    let results: Vec<&ResultView> = found.view.results.iter().filter(|r| r.result.order == o.id).collect();
    Ok(Page::of(person, format!("{} of {}", o.name, o.accession)).about(found.banner(person)).draft(draft).render(
        html! {
            div .title {
                h1 { (o.name) }
                (status(&words::order(o.state)))
                @if o.late { (status(&words::late())) }
                (flag(o.urgency))
            }
            (about(person, found, o))
            (bench(person, o))
            @if o.allowed.contains(&"result") { (entry(person, o, &results, draft)) }
            (super::document::section(person, o, draft))
            (step_forms(person, o))
            @if !o.attempts.is_empty() { (attempts(person, found, o)) }
            @if !results.is_empty() { (versions(person, &results)) }
        },
    ))
}

fn about(person: &Person, found: &Seen, o: &OrderView) -> Markup {
    let part = match (&o.specimen, &o.why_no_part) {
        (Some(label), _) => html! { a .id href={ "/scan?label=" (label) } { (label) } },
        (None, Some(why)) => html! { (why) },
        (None, None) => html! { span .muted { "None yet" } },
    };
    let closing = o.closing.as_ref().map(|c| {
        let reason = c.reason.as_ref().map(ToString::to_string);
        let text = [reason, c.text.clone()].into_iter().flatten().collect::<Vec<_>>().join(": ");
        html! { (text) ", " (c.by.name) ", " (stamp(person, c.at)) }
    });
    let department =
        person.catalogue.department(o.department.as_str()).map_or_else(|| o.department.to_string(), |d| d.name.clone());
    let mut pairs = vec![
        ("Case", html! { a .id href=(person.case_path(o.accession)) { (o.accession) } }),
        ("Question", html! { (found.view.indication_name) }),
        ("Bench", html! { (department) }),
        ("Part", part),
        ("Start by", o.usable_until.map_or_else(|| html! { "No limit known" }, |at| stamp(person, at))),
        ("Result due", when(person, o.due_at)),
        ("Ordered", html! { (stamp(person, o.ordered_at)) " by " (o.ordered_by.name) }),
        ("Why", known(o.why.as_ref())),
    ];
    if let Some(hold) = &o.hold {
        pairs.push(("Held until", html! { (stamp(person, hold.deadline)) ", then: " (hold.policy.words()) }));
    }
    if let Some(r) = &o.referral {
        pairs.push((
            "Sent to",
            html! { (r.laboratory) ", expected " (known(r.expected_on.map(crate::web::time::date))) },
        ));
    }
    if let Some(closing) = closing {
        pairs.push(("Ended", closing));
    }
    html! {
        section .card .plain aria-label="Facts" {
            (facts(&pairs))
            @for text in o.overrides.iter().filter_map(|x| x.text.as_ref()) { p .note { strong { "Prints on its result: " } (text) } }
        }
    }
}

/// How far the bench is, and one press for the next step.
fn bench(person: &Person, o: &OrderView) -> Markup {
    let Some(progress) = &o.progress else { return html! {} };
    card(
        "bench",
        &words::capital(&progress.words),
        &html! { span .muted .small { (progress.done) " of " (progress.of) " steps done" } },
        &html! {
            @if let Some(due) = progress.expected_at { p .inset .small .muted { "To be ended " (stamp(person, due)) } }
            @if let Some(press) = steps::advance(person, &o.allowed, Some(progress)) {
                form .inset action={ "/orders/" (o.id) "/steps/advance" } method="post" { (seen(person, o.version)) (press) }
            } @else if let Some(first) = &progress.first_reader {
                p .inset { (first.name) " did it first; it takes another person." }
            }
        },
    )
}

fn entry(person: &Person, o: &OrderView, results: &[&ResultView], draft: &Draft) -> Markup {
    let assay = person.catalogue.assay(o.assay.as_str());
    let begun = draft.problem.is_some() || draft.fields.opt("version").is_some();
    // Entering again begins with what waits to be verified.
    let waits = results.iter().rfind(|r| r.result.state == ResultState::Draft && r.result.revision.is_none());
    let start = waits.map(|r| Draft::fresh(result_form::from_version(person, &r.result)));
    let draft = start.as_ref().filter(|_| !begun).unwrap_or(draft);
    let form = html! {
        form .inset action={ "/orders/" (o.id) "/results" } method="post" novalidate {
            (seen(person, o.version))
            (result_form::fields(assay, draft, true))
            p .hint { "Another person verifies it. An earlier entry that nobody verified is replaced and stays readable." }
            button .btn .btn--primary { "Enter the result" }
        }
    };
    if o.state == OrderState::Resulted {
        return html! {
            details .card .more .inset #enter open[begun] {
                summary { "Enter the result again" }
                (form)
            }
        };
    }
    card("enter", "Enter the result", &html! {}, &form)
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
        section .card .plain aria-label="Steps" {
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

fn attempts(person: &Person, found: &Seen, o: &OrderView) -> Markup {
    let rows: Vec<Vec<Markup>> = o
        .attempts
        .iter()
        .map(|a| {
            let part = a.specimen.and_then(|id| found.case.specimen(id)).map(|s| s.label.to_string());
            let outcome = match (&a.failed, &a.failed_note) {
                (Some(code), Some(note)) => format!("failed ({code}): {note}"),
                (Some(code), None) => format!("failed ({code})"),
                (None, _) => "no failure recorded".to_owned(),
            };
            let assay = person.catalogue.assay(o.assay.as_str());
            let name = |code: &Code| {
                let step = assay.and_then(|a| a.steps.iter().find(|s| s.code == *code));
                step.map_or_else(|| code.to_string(), |s| words::capital(&s.name))
            };
            vec![
                html! { (a.number) },
                html! { (stamp(person, a.started_at)) " by " (a.started_by.name) },
                known(part),
                known(a.run.as_ref()),
                known(a.used_ul.map(super::volume_words)),
                html! {
                    (outcome)
                    @if !a.steps.is_empty() {
                        ol .small {
                            @for s in &a.steps {
                                li {
                                    (name(&s.code)) ", " (stamp(person, s.at)) " by " (s.by.name)
                                    @if let Some(note) = &s.note { ": " (note) }
                                }
                            }
                        }
                    }
                },
            ]
        })
        .collect();
    card(
        "attempts",
        "Attempts",
        &html! {},
        &table(
            &html! { span .sr-only { "Attempts at this test" } },
            &["Attempt", "Started", "Part", "Run", "Used", "Outcome"],
            &rows,
        ),
    )
}

fn versions(person: &Person, results: &[&ResultView]) -> Markup {
    let rows: Vec<Vec<Markup>> = results
        .iter()
        .rev()
        .map(|r| {
            vec![
                html! { a .row-link href={ "/results/" (r.result.id) } { "Version " (r.result.number) } },
                status(&words::result(r.result.state)),
                html! { (r.result.summary) @if let Some(reason) = &r.result.reason { p .small .muted { (reason) } } },
                html! { (r.result.entered_by.name) ", " (stamp(person, r.result.entered_at)) },
                known(r.result.verified_by.as_ref().map(|w| w.name.clone())),
            ]
        })
        .collect();
    card(
        "versions",
        "Results",
        &html! { span .muted .small { "Newest first" } },
        &table(
            &html! { span .sr-only { "Versions of this result" } },
            &["Version", "State", "Finding", "Entered", "Verified by"],
            &rows,
        ),
    )
}

/// The result with this id, if this person may see it.
pub(crate) fn result_view(found: &Seen, id: ResultId) -> Result<&ResultView, PageError> {
    Ok(found.view.results.iter().find(|r| r.result.id == id).ok_or_else(Problem::not_found)?)
}

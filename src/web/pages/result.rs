//! `/results/{id}`: one version of a result, with what a second person needs to judge it beside it.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};
use uuid::Uuid;

use super::order::result_view;
use super::result_form;
use super::{Seen, part_words};
use crate::domain::command::{OrderStep, ReviseResult};
use crate::domain::decide::Subject;
use crate::domain::{
    Command, OrderTransition, Refusal, ResultId, ResultState, ResultTransition, Revision, Target, Told,
};
use crate::edge::Problem;
use crate::lab::questions::case::{OrderView, ResultView};
use crate::lab::questions::timeline::{Timeline, TimelineCase};
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::layout::Page;
use crate::web::parts::{Field, card, facts, options, seen, stamp, stamp_day, status};
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other, words};

/// `GET /results/{id}`
pub(crate) async fn get(person: Person, id: web::Path<Uuid>) -> Result<HttpResponse, PageError> {
    render(&person, ResultId(*id), &Draft::default()).await
}

/// `POST /results/{id}/{deed}`
pub(crate) async fn post(posted: Posted, path: web::Path<(Uuid, String)>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let id = ResultId(path.0);
    let found = Seen::by_result(&person, path.0).await?;
    let r = result_view(&found, id)?;
    let assay = person.catalogue.assay(r.assay.as_str());
    if path.1 == "revise"
        && let Some(more) = result_form::one_more(assay, &fields)
    {
        return render(&person, id, &Draft::fresh(more.with("form", "revise"))).await;
    }
    let mut keys = Vec::new();
    let here = format!("/results/{}", path.0);
    let deed = match path.1.as_str() {
        "verify" => deed(&fields, id, Command::VerifyResult(id), done("/verify", "verify")),
        "preliminary" => deed(&fields, id, Command::ReleaseResult(id), done(&here, "preliminary")),
        "return" => {
            let step = OrderStep { note: fields.opt("note"), ..OrderStep::default() };
            let order = r.result.order;
            let command = Command::MoveOrder(order, OrderTransition::Return, Box::new(step));
            Deed::seen(&fields, Target::Order(order), command, done("/verify", "return"))
        }
        "review" => {
            let order = r.result.order;
            let command = Command::MoveOrder(order, OrderTransition::Review, Box::default());
            Deed::seen(&fields, Target::Order(order), command, done(&here, "review"))
        }
        "revise" => revision(&person, assay, &fields).and_then(|(revise, of)| {
            keys = of;
            let to = deed(&fields, id, Command::ReviseResult(id, Box::new(revise)), String::new())?;
            Ok(to.then(move |d| match &d.subject {
                Subject::Result(new) => done(&format!("/results/{new}"), "revise"),
                Subject::Case
                | Subject::Specimen(_)
                | Subject::Specimens(_)
                | Subject::Order(_)
                | Subject::Critical(_)
                | Subject::Document(_)
                | Subject::Report(_) => here.clone(),
            }))
        }),
        "retract" => told(&person, &fields).and_then(|told| {
            let command = Command::RetractResult(id, fields.get("reason").to_owned(), told);
            deed(&fields, id, command, done(&here, "retract"))
        }),
        _ => return Err(Problem::not_found().into()),
    };
    let problem = match deed {
        Ok(deed) => match deed.act(&person, &fields).await {
            Ok(to) => return Ok(see_other(&to)),
            Err(e) => explain(&person, found.view.accession, e).await,
        },
        Err(refusal) => refusal.into(),
    };
    let mut problem: Problem = problem;
    result_form::place(&mut problem.errors, assay, &fields, &keys);
    render(&person, id, &Draft::refused(fields.with("form", path.1.clone()), problem)).await
}

fn deed(fields: &Fields, id: ResultId, command: Command, to: String) -> Result<Deed, Refusal> {
    Deed::seen(fields, Target::Result(id), command, to)
}

/// Who was told, if the form says anybody.
pub(crate) fn told(person: &Person, fields: &Fields) -> Result<Option<Told>, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let at = r.time("told.at").unwrap_or(person.now);
    let told = r.opt("told.who").map(|who| Told { who, at, how: fields.opt("told.how") });
    r.done(told)
}

/// The fields of who was told; `form` keeps their ids apart where a page has them twice.
pub(crate) fn told_fields(draft: &Draft, form: Option<&str>) -> Markup {
    let field = |name: &'static str, label: &'static str| match form {
        Some(form) => Field::new(name, label).within(form),
        None => Field::new(name, label),
    };
    html! {
        div .grid {
            (field("told.who", "Who was told").input(draft))
            (field("told.at", "When").hint("Now, if left empty").input(draft))
            (field("told.how", "How").hint("By telephone, in person …").optional().input(draft))
        }
    }
}

fn revision(
    person: &Person,
    assay: Option<&crate::domain::catalogue::Assay>,
    fields: &Fields,
) -> Result<(ReviseResult, Vec<String>), Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let kind = r.word::<Revision>("revision");
    if fields.opt("revision").is_none() {
        r.fail("revision", "missing", "choose what kind of change it is");
    }
    let said = told(person, fields)?;
    if said.is_none() {
        r.fail("told.who", "missing", "say who was told of the change");
    }
    let reason = r.text("reason");
    let (revision, told) = r.found(kind.zip(said))?;
    let (result, keys) = result_form::read(person, assay, fields)?;
    Ok((ReviseResult { revision, reason, told, result }, keys))
}

async fn render(person: &Person, id: ResultId, draft: &Draft) -> Result<HttpResponse, PageError> {
    let found = Seen::by_result(person, id.0).await?;
    let r = result_view(&found, id)?;
    let order = found.view.orders.iter().find(|o| o.id == r.result.order).ok_or_else(Problem::not_found)?;
    let timeline = person.lab.timeline(person.actor(), found.view.patient.id).await?;
    let title = format!("{}, version {}", r.name, r.result.number);
    Ok(Page::of(person, title).about(found.banner(person)).draft(draft).render(html! {
        div .title {
            h1 { (r.name) }
            (status(&words::result(r.result.state)))
            span .muted { "Version " (r.result.number) " of " a .id href=(person.case_path(r.accession)) { (r.accession) } }
        }
        div .split {
            div .stack {
                (content(person, r))
                (acts(person, &found, r, order, draft))
            }
            aside .stack aria-label="Evidence" {
                (evidence(person, &found, r, order))
                (previous(person, &timeline, r))
            }
        }
    }))
}

fn content(person: &Person, r: &ResultView) -> Markup {
    let v = &r.result;
    let assay = person.catalogue.assay(r.assay.as_str());
    card(
        "finding",
        "Finding",
        &html! { span .small { (result_form::says(assay, v.interpretation)) } },
        &html! {
            div .inset .stack {
                p .lead { strong { (v.summary) } }
                (result_form::finding(assay, v))
                @if let Some(comment) = &v.comment { p .prose { (comment) } }
                @for line in &v.disclaimers { p .note { strong { "Prints with it: " } (line) } }
                @if let Some(kind) = v.revision { p { strong { (words::capital(&kind.words())) ". " } (v.reason.as_deref().unwrap_or_default()) } }
                @else if let Some(reason) = &v.reason { p .note { (reason) } }
                @if let Some(told) = &v.told { p .small { "Told: " (told.who) ", " (stamp(person, told.at)) } }
                p .small .muted {
                    "Entered by " (v.entered_by.name) ", " (stamp(person, v.entered_at)) ". "
                    @if let Some(who) = &v.released_by { "Released early by " (who.name) ". " }
                    @match (&v.verified_by, v.verified_at) {
                        (Some(who), Some(at)) => { "Verified by " (who.name) ", " (stamp(person, at)) "." }
                        (_, _) => { "Not verified yet." }
                    }
                }
            }
        },
    )
}

/// What this person may do with it now.
fn acts(person: &Person, found: &Seen, r: &ResultView, o: &OrderView, draft: &Draft) -> Markup {
    let id = r.result.id;
    let may = |step: &str| r.allowed.contains(&step);
    let open = r.result.state == ResultState::Draft || r.result.state == ResultState::Preliminary;
    let verifies = open && r.allowed.iter().any(|s| s.starts_with("verify"));
    let in_force = found.case.verified_result(r.result.order).is_some_and(|v| v.id == id);
    let revises = in_force
        && crate::domain::machine::anybody_for::<ResultState>(ResultTransition::Revise)
            .any(|role| person.actor().is(role));
    let at = |deed: &str| format!("/results/{id}/{deed}");
    let failed = |deed: &str| draft.fields.get("form") == deed;
    let fresh = Draft::default();
    let of = |deed: &str| if failed(deed) { draft } else { &fresh };
    if !verifies && !revises && !may("retract") {
        return html! {};
    }
    html! {
        section .card .plain .stack aria-label="What to do" {
            @if verifies {
                div .actions {
                    form action=(at("verify")) method="post" { (seen(person, r.result.version)) button .btn .btn--primary .btn--bench { "Verify" } }
                    @if may("release") {
                        form action=(at("preliminary")) method="post" { (seen(person, r.result.version)) button .btn .btn--bench { "Release as preliminary" } }
                    }
                    @if o.allowed.contains(&"review") {
                        form action=(at("review")) method="post" { (seen(person, o.version)) button .btn .btn--bench { "Begin to check" } }
                    }
                }
            }
            @if o.allowed.contains(&"return") && verifies {
                details .more open[failed("return")] {
                    summary { "Return to the bench" }
                    form action=(at("return")) method="post" novalidate {
                        (seen(person, o.version))
                        (Field::new("note", "What must be looked at again").area(of("return"), 2))
                        button .btn { "Return to the bench" }
                    }
                }
            }
            @if revises { (revise(person, r, if failed("revise") { Some(draft) } else { None })) }
            @if may("retract") {
                details .more open[failed("retract")] {
                    summary { "Withdraw this result" }
                    form action=(at("retract")) method="post" novalidate {
                        (seen(person, r.result.version))
                        @let form = (!failed("retract")).then_some("retract");
                        (match form { Some(form) => Field::new("reason", "Why").within(form), None => Field::new("reason", "Why") }.area(of("retract"), 2))
                        @if r.result.state.is_verified() { (told_fields(of("retract"), form)) }
                        button .btn { "Withdraw" }
                    }
                }
            }
        }
    }
}

fn revise(person: &Person, r: &ResultView, failed: Option<&Draft>) -> Markup {
    let start = Draft::fresh(result_form::from_version(person, &r.result));
    let draft = failed.unwrap_or(&start);
    html! {
        details .more open[failed.is_some()] {
            summary { "Write a new version" }
            form action={ "/results/" (r.result.id) "/revise" } method="post" novalidate {
                (seen(person, r.result.version))
                (Field::new("revision", "Kind of change").radios(draft, &options(Revision::ALL, Revision::name, Revision::words)))
                @let form = failed.is_none().then_some("revise");
                (match form { Some(form) => Field::new("reason", "Why").within(form), None => Field::new("reason", "Why") }.area(draft, 2))
                (told_fields(draft, form))
                (result_form::fields(person.catalogue.assay(r.assay.as_str()), draft, false))
                button .btn .btn--primary { "Write the new version" }
            }
        }
    }
}

fn evidence(person: &Person, found: &Seen, r: &ResultView, o: &OrderView) -> Markup {
    let part = r.result.specimen.and_then(|id| found.view.specimens.iter().find(|s| s.id == id));
    let last = o.attempts.last();
    card(
        "evidence",
        "How it came about",
        &html! {},
        &html! {
            div .inset {
                (facts(&[
                    ("Question", html! { (found.view.indication_name) }),
                    ("Asked", html! { (found.view.clinical_note.as_deref().unwrap_or("Not known")) }),
                    ("Part", match part {
                        Some(s) => html! { span .id { (s.label) } " " (part_words(person, s)) },
                        None => html! { span .muted { "Not known" } },
                    }),
                    ("Started", match last {
                        Some(a) => html! { (stamp(person, a.started_at)) " by " (a.started_by.name) },
                        None => html! { span .muted { "Not known" } },
                    }),
                    ("Attempts", html! { (o.attempts.len()) }),
                    ("Due", crate::web::parts::when(person, o.due_at)),
                ]))
                @if let Some(s) = part { @for c in &s.caveats { p .note { strong { "Caveat: " } (c.text) } } }
                p { a href={ "/orders/" (o.id) } { "The whole order" } }
            }
        },
    )
}

/// What was found in this patient before, the same test first.
fn previous(person: &Person, timeline: &Timeline, r: &ResultView) -> Markup {
    let others: Vec<&TimelineCase> = timeline.cases.iter().rev().filter(|c| c.accession != r.accession).collect();
    card(
        "previous",
        "This patient before",
        &html! {},
        &html! {
            @if others.is_empty() { p .empty { "No earlier examination here." } }
            @for case in others {
                article .finding {
                    h3 {
                        a .id href=(person.case_path(case.accession)) { (case.accession) }
                        @if let Some(at) = case.collected_at { " " (stamp_day(person, at)) }
                    }
                    @if let Some(dx) = &case.diagnosis { p .finding__text { (dx) } }
                    @let same = case.results.iter().filter(|x| x.assay == r.assay);
                    @let rest = case.results.iter().filter(|x| x.assay != r.assay);
                    @for (x, bold) in same.map(|x| (x, true)).chain(rest.map(|x| (x, false))) {
                        p .finding__text .small {
                            @let name = person.catalogue.assay(x.assay.as_str()).map_or_else(|| x.assay.to_string(), |a| a.name.clone());
                            @if bold { strong { (name) ": " (x.summary) } } @else { (name) ": " (x.summary) }
                        }
                    }
                }
            }
        },
    )
}

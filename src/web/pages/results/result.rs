//! `/results/{id}`: one version of a result, with what a second person needs to judge it beside it.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};
use uuid::Uuid;

use super::{compare, evidence, result_form, result_read, result_show, sources, verify};
use crate::domain::command::{OrderStep, ReviseResult};
use crate::domain::decide::Subject;
use crate::domain::series::Earlier;
use crate::domain::{
    Command, OrderTransition, Refusal, ResultId, ResultState, ResultTransition, Revision, Target, Told,
};
use crate::edge::Problem;
use crate::lab::questions::case::{OrderView, ResultView};
use crate::lab::questions::flags;
use crate::web::act::{Deed, explain};
use crate::web::drafts;
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::language::{rich, t, word};
use crate::web::layout::Page;
use crate::web::pages::bench::order::result_view;
use crate::web::pages::seen::Seen;
use crate::web::parts::{Field, card, choices, named, seen, stamp, status};
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other, words};

/// `GET /results/{id}`
pub(crate) async fn get(person: Person, id: web::Path<Uuid>) -> Result<HttpResponse, PageError> {
    let kept = drafts::begin(&person, &place(ResultId(*id)), &["told.at"]).await?;
    let draft = kept.map(|d| Draft { fields: d.fields.with("form", "revise"), ..d });
    render(&person, ResultId(*id), &draft.unwrap_or_default()).await
}

/// Where the form of a new version is kept while it is filled in.
fn place(id: ResultId) -> String {
    format!("results/{id}/revise")
}

/// `POST /results/{id}/{deed}`
pub(crate) async fn post(posted: Posted, path: web::Path<(Uuid, String)>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let id = ResultId(path.0);
    let found = Seen::by_result(&person, path.0).await?;
    let r = result_view(&found, id)?;
    let assay = person.catalogue.assay(r.assay.as_str());
    if path.1 == "revise"
        && let Some(more) = result_read::one_more(assay, &fields)
    {
        return render(&person, id, &Draft::fresh(more.with("form", "revise"))).await;
    }
    let mut keys = Vec::new();
    let here = format!("/results/{}", path.0);
    let order = r.result.order;
    // On to the next entry, or back to the list.
    let onward = if fields.get("then") == "next" { verify::next(&person, order).await? } else { None };
    let onward = onward.unwrap_or_else(|| "/verify".to_owned());
    let deed = match path.1.as_str() {
        "verify" => match sources::unchanged(&fields, &evidence::word(&found, r)) {
            Ok(()) => deed(&fields, id, Command::VerifyResult(id), done(&onward, "verify"))
                .map(|deed| deed.while_at(found.view.version)),
            Err(problem) => return render(&person, id, &Draft::refused(fields.with("form", "verify"), problem)).await,
        },
        "preliminary" => deed(&fields, id, Command::ReleaseResult(id), done(&here, "preliminary")),
        "return" => {
            let step = OrderStep { note: fields.opt("note"), ..OrderStep::default() };
            let command = Command::MoveOrder(order, OrderTransition::Return, Box::new(step));
            Deed::seen(&fields, Target::Order(order), command, done(&onward, "return"))
        }
        "review" => {
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
    result_read::place(&mut problem.errors, assay, &fields, &keys);
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
    let (who, at, how) = (t!("result-told-who"), t!("result-told-at"), t!("result-told-how"));
    let (now, such) = (t!("result-told-at-hint"), t!("result-told-how-hint"));
    let place = |field: Field<'_>| match form {
        Some(form) => field.within(form).input(draft),
        None => field.input(draft),
    };
    html! {
        div .grid {
            (place(Field::new("told.who", &who)))
            (place(Field::new("told.at", &at).hint(&now)))
            (place(Field::new("told.how", &how).hint(&such).optional()))
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
    let (result, keys) = result_read::read(person, assay, fields)?;
    Ok((ReviseResult { revision, reason, told, result }, keys))
}

async fn render(person: &Person, id: ResultId, draft: &Draft) -> Result<HttpResponse, PageError> {
    let found = Seen::by_result(person, id.0).await?;
    let r = result_view(&found, id)?;
    let order = found.view.orders.iter().find(|o| o.id == r.result.order).ok_or_else(Problem::not_found)?;
    let timeline = person.lab.timeline(person.actor(), found.view.patient.id).await?;
    let earlier = person.lab.earlier(person.actor(), &found.case).await?;
    let misfits = flags::views(&found.case, &earlier);
    let changes = sources::changes(person, &found, draft).await?;
    let place = if is_open(r) { verify::place(person, r.result.order).await? } else { None };
    let title = t!("result-title", name = r.name.as_str(), number = r.result.number);
    Ok(Page::of(person, title).about(found.banner(person)).draft(draft).script("check.js").render(html! {
        div .title {
            h1 { (r.name) }
            (status(&words::result(r.result.state)))
            span .muted {
                (rich!("result-version-of", number = html! { (r.result.number) }, case = html! { a .id href=(person.case_path(r.accession)) { (r.accession) } }))
            }
            @if let Some(place) = &place { span .muted { (t!("verify-place", at = place.at, of = place.of)) } }
        }
        (changes)
        div .split {
            div .stack {
                (content(person, &found, r, &earlier))
                (acts(person, &found, r, order, place.as_ref(), draft))
            }
            aside .stack aria-label=(t!("result-evidence")) {
                (evidence::origin(person, &found, r, order))
                (evidence::misfits(&misfits))
                (evidence::previous(person, &timeline, r.accession, &r.assay))
            }
        }
    }))
}

/// Whether it waits for a second person.
fn is_open(r: &ResultView) -> bool {
    r.result.state == ResultState::Draft || r.result.state == ResultState::Preliminary
}

fn content(person: &Person, found: &Seen, r: &ResultView, earlier: &[Earlier]) -> Markup {
    let v = &r.result;
    let assay = person.catalogue.assay(r.assay.as_str());
    let by = |who: &str, at: Markup| rich!("order-by", when = at, who = named(who));
    card(
        "finding",
        &t!("result-finding"),
        &html! { strong { (result_show::says(assay, v.interpretation)) } },
        &html! {
            div .inset .stack {
                p .lead { strong { (v.summary) } }
                (result_show::finding(assay, v))
                (compare::table(person, found, v.order, &v.values, earlier))
                @if let Some(comment) = &v.comment { p .prose { (comment) } }
                @for line in &v.disclaimers { p .note { strong { (t!("result-prints-with-it")) } " " (line) } }
                @if let Some(kind) = v.revision { p { strong { (word("result-revision", kind.name())) ". " } (v.reason.as_deref().unwrap_or_default()) } }
                @else if let Some(reason) = &v.reason { p .note { (reason) } }
                @if let Some(told) = &v.told { p .small { (rich!("result-told", who = named(&told.who), when = stamp(person, told.at))) } }
                dl .facts .small {
                    div { dt { (t!("result-entered")) } dd { (by(&v.entered_by.name, stamp(person, v.entered_at))) } }
                    @if let Some(who) = &v.released_by { div { dt { (t!("result-released")) } dd { (named(&who.name)) } } }
                    div {
                        dt { (t!("result-verified")) }
                        dd {
                            @match (&v.verified_by, v.verified_at) {
                                (Some(who), Some(at)) => { (by(&who.name, stamp(person, at))) }
                                (_, _) => { (t!("result-not-verified")) }
                            }
                        }
                    }
                }
            }
        },
    )
}

/// What this person may do with it now.
fn acts(
    person: &Person,
    found: &Seen,
    r: &ResultView,
    o: &OrderView,
    place: Option<&verify::Place>,
    draft: &Draft,
) -> Markup {
    let verifies = is_open(r) && r.allowed.iter().any(|s| s.starts_with("verify"));
    let in_force = found.case.verified_result(r.result.order).is_some_and(|v| v.id == r.result.id);
    let revises = in_force
        && crate::domain::machine::anybody_for::<ResultState>(ResultTransition::Revise)
            .any(|role| person.actor().is(role));
    let retracts = r.allowed.contains(&"retract");
    let skip = place.and_then(|p| p.next.as_ref()).filter(|_| verifies);
    if !verifies && !revises && !retracts {
        return html! {};
    }
    html! {
        section .card .plain .stack #decide aria-label=(t!("result-acts")) {
            @if verifies { (verifying(person, found, r, o, skip.map(String::as_str), draft)) }
            @if revises { (revise(person, r, Some(draft).filter(|d| d.fields.get("form") == "revise"))) }
            @if retracts { (retract(person, r, draft)) }
        }
    }
}

/// Verify and go on, or hand it back. Whoever entered it reads why it is not theirs to verify.
fn verifying(
    person: &Person,
    found: &Seen,
    r: &ResultView,
    o: &OrderView,
    skip: Option<&str>,
    draft: &Draft,
) -> Markup {
    let at = |deed: &str| format!("/results/{}/{deed}", r.result.id);
    let own = r.result.entered_by.id == person.actor().id;
    let returned = draft.fields.get("form") == "return";
    let fresh = Draft::default();
    let said = if returned { draft } else { &fresh };
    html! {
        @if own { p .note { (t!("verify-own")) } }
        div .actions {
            @if !own {
                form action=(at("verify")) method="post" {
                    (seen(person, r.result.version))
                    (sources::hidden(found, &evidence::word(found, r)))
                    div .actions {
                        button .btn .btn--primary .btn--bench name="then" value="next" data-submit { (t!("verify-and-next")) }
                        button .btn .btn--bench { (t!("verify-only")) }
                    }
                }
                @if r.allowed.contains(&"release") {
                    form action=(at("preliminary")) method="post" { (seen(person, r.result.version)) button .btn .btn--bench { (t!("result-release")) } }
                }
                @if o.allowed.contains(&"review") {
                    form action=(at("review")) method="post" { (seen(person, o.version)) button .btn .btn--bench { (t!("verify-begin")) } }
                }
            }
            @if let Some(skip) = skip { a .btn .btn--bench href=(skip) { (t!("verify-skip")) } }
        }
        @if o.allowed.contains(&"return") {
            details .more open[returned] {
                summary { (t!("verify-return")) }
                form action=(at("return")) method="post" novalidate {
                    (seen(person, o.version))
                    input type="hidden" name="then" value="next";
                    (Field::new("note", &t!("verify-return-why")).area(said, 2))
                    button .btn { (t!("verify-return")) }
                }
            }
        }
    }
}

fn retract(person: &Person, r: &ResultView, draft: &Draft) -> Markup {
    let failed = draft.fields.get("form") == "retract";
    let fresh = Draft::default();
    let draft = if failed { draft } else { &fresh };
    let form = (!failed).then_some("retract");
    html! {
        details .more open[failed] {
            summary { (t!("result-withdraw-it")) }
            form action={ "/results/" (r.result.id) "/retract" } method="post" novalidate {
                (seen(person, r.result.version))
                (why(form, draft))
                @if r.result.state.is_verified() { (told_fields(draft, form)) }
                button .btn { (t!("result-withdraw")) }
            }
        }
    }
}

/// The reason of a change; `form` keeps its id apart.
fn why(form: Option<&str>, draft: &Draft) -> Markup {
    let label = t!("result-why");
    let field = Field::new("reason", &label);
    match form {
        Some(form) => field.within(form).area(draft, 2),
        None => field.area(draft, 2),
    }
}

fn revise(person: &Person, r: &ResultView, failed: Option<&Draft>) -> Markup {
    let start = Draft::fresh(result_read::from_version(person, &r.result));
    let draft = failed.unwrap_or(&start);
    let form = failed.is_none().then_some("revise");
    let kinds = choices(Revision::ALL, Revision::name, "result-revision");
    let place = place(r.result.id);
    html! {
        details .more open[failed.is_some()] {
            summary { (t!("result-new-version")) }
            (drafts::taken_up(person, &place, draft))
            form action={ "/results/" (r.result.id) "/revise" } method="post" novalidate data-draft=(place) {
                (result_form::first_button(&t!("result-write-new-version")))
                (seen(person, drafts::version(draft, r.result.version)))
                (drafts::carried(&place))
                (Field::new("revision", &t!("result-kind-of-change")).radios(draft, &kinds))
                (why(form, draft))
                (told_fields(draft, form))
                (result_form::fields(person.catalogue.assay(r.assay.as_str()), draft, false))
                button .btn .btn--primary { (t!("result-write-new-version")) }
                (drafts::said())
            }
        }
    }
}

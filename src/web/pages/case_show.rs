//! `/cases/{accession}`: the laboratory's page of a case.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::{Seen, history, journal, part_words, result_form};
use crate::domain::command::{NewOrder, NewSpecimen, PlanSample};
use crate::domain::{Code, Command, OrderId, OrderState, Refusal, Role, SpecimenKind, Target, Temperature, Urgency};
use crate::lab::labels::PRINTERS;
use crate::lab::questions::case::{OrderView, ReportView, ResultView, SpecimenView};
use crate::lab::questions::events::EventView;
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::layout::Page;
use crate::web::parts::seen as seen_version;
use crate::web::parts::{Field, card, facts, flag, hidden, known, options, stamp, stamp_day, status, table, when};
use crate::web::session::{Person, Posted};
use crate::web::steps::{order_steps, specimen_steps};
use crate::web::words::Status;
use crate::web::{done, see_other, words};

/// `GET /cases/{accession}`
pub(crate) async fn get(person: Person, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    render(&person, &accession, &Draft::default()).await
}

/// `POST /cases/{accession}/parts`
pub(crate) async fn add_part(posted: Posted, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let command = read_part(&person, &fields).map(|p| Command::AddSpecimen(Box::new(p)));
    add(&person, fields, &accession, command, "part").await
}

/// `POST /cases/{accession}/orders`
pub(crate) async fn add_order(posted: Posted, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let command = read_order(&person, &fields).map(|o| Command::OrderAssay(Box::new(o)));
    add(&person, fields, &accession, command, "assay").await
}

/// `POST /cases/{accession}/sample-plan`
pub(crate) async fn plan_sample(posted: Posted, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let seen = Seen::by_accession(&person, &accession).await?;
    let accession = seen.view.accession;
    let problem = match read_plan(&person, &fields, &seen) {
        Err(refusal) => refusal.into(),
        Ok(plan) => {
            let command = Command::PlanSample(Box::new(plan));
            let to = done(&format!("/cases/{accession}"), "sample-plan");
            match Deed::seen(&fields, Target::Case(accession), command, to)?.act(&person, &fields).await {
                Ok(to) => return Ok(see_other(&to)),
                Err(e) => explain(&person, accession, e).await,
            }
        }
    };
    render(&person, &accession.to_string(), &Draft::refused(fields, problem)).await
}

/// The places as typed: lower goes first, and of two with the same number the one that was moved there.
fn read_plan(person: &Person, fields: &Fields, seen: &Seen) -> Result<PlanSample, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let mut order: Vec<(u32, OrderId)> = Vec::new();
    for share in &seen.view.sample_plan.proposed {
        let place = r.whole::<u32>(&format!("place.{}", share.order));
        order.extend(place.map(|place| (place, share.order)));
    }
    // A person writes 1 beside what must come first, and need not count on from there.
    let shown = |id: &OrderId| seen.view.sample_plan.proposed.iter().position(|s| s.order == *id).map(|at| at + 1);
    order.sort_by_key(|(place, id)| (*place, usize::try_from(*place).ok() == shown(id)));
    let note = r.opt("note");
    r.done(PlanSample { order: order.into_iter().map(|(_, id)| id).collect(), note })
}

async fn add(
    person: &Person,
    fields: Fields,
    text: &str,
    command: Result<Command, Refusal>,
    word: &'static str,
) -> Result<HttpResponse, PageError> {
    let accession = Seen::by_accession(person, text).await?.view.accession;
    let command = match command {
        Ok(command) => command,
        Err(refusal) => return render(person, text, &Draft::refused(fields, refusal)).await,
    };
    let to = done(&format!("/cases/{accession}"), word);
    match Deed::new(Target::Case(accession), command, move |_| to.clone()).act(person, &fields).await {
        Ok(to) => Ok(see_other(&to)),
        Err(e) => {
            let problem = explain(person, accession, e).await;
            render(person, text, &Draft::refused(fields, problem)).await
        }
    }
}

fn read_part(person: &Person, fields: &Fields) -> Result<NewSpecimen, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let kind = r.word::<SpecimenKind>("kind");
    if fields.opt("kind").is_none() {
        r.fail("kind", "missing", "say what it is");
    }
    let container = r.need_code("container", "say what it is in");
    let rest = (
        (r.whole("pull_number"), r.volume("volume_ul"), r.whole("length_mm")),
        (r.code("site"), r.word("side")),
        (r.time("collected_at"), r.time("fixed_at"), r.word("temperature"), r.code("not_collected")),
    );
    let ((pull_number, volume_ul, length_mm), (site, side), (collected_at, fixed_at, temperature, not_collected)) =
        rest;
    let part = kind.zip(container).map(|(kind, container)| NewSpecimen {
        kind,
        container,
        pull_number,
        volume_ul,
        length_mm,
        site,
        side,
        collected_at,
        fixed_at,
        temperature,
        not_collected,
    });
    r.found(part)
}

fn read_order(person: &Person, fields: &Fields) -> Result<NewOrder, Refusal> {
    let mut r = Reader::new(fields, person.zone(), person.now);
    let assay = r.need_code("assay", "choose a test");
    let (urgency, why) = (r.word("urgency"), r.opt("why"));
    r.found(assay.map(|assay| NewOrder { assay, urgency, why, parent: None }))
}

pub(super) async fn render(person: &Person, text: &str, draft: &Draft) -> Result<HttpResponse, PageError> {
    let seen = Seen::by_accession(person, text).await?;
    let entries = history(person, seen.view.accession).await?;
    let v = &seen.view;
    let page = Page::of(person, format!("Case {}", v.accession)).about(seen.banner(person)).draft(draft);
    Ok(page.render(html! {
        div .title {
            h1 { span .id { (v.accession) } }
            (status(&words::stage(v.progress.stage)))
            (flag(v.urgency))
        }
        p .lead { (v.progress.sentence) }
        (super::critical::section(person, &seen, draft))
        (request(person, &seen))
        (card("parts", "Parts", &html! { span .muted .small { (v.specimens.len()) } }, &html! {
            (table(
                &html! { span .sr-only { "Parts of this case" } },
                &["Label", "What it is", "State", "Where", "Next step"],
                &v.specimens.iter().map(|s| part_row(person, s)).collect::<Vec<_>>(),
            ))
            @if person.actor().is_any(PRINTERS) { p .inset { a .btn .btn--sm href={ "/cases/" (v.accession) "/labels" } { "Labels" } } }
            (add_part_form(person, &seen, draft))
        }))
        (card("tests", "Tests", &html! { span .muted .small { (v.orders.len()) } }, &html! {
            @if v.orders.is_empty() { p .empty { "No test is ordered." } }
            @else {
                (table(
                    &html! { span .sr-only { "Ordered tests" } },
                    &["Test", "State", "Part", "Due", "Next step"],
                    &v.orders.iter().map(|o| order_row(person, o)).collect::<Vec<_>>(),
                ))
            }
            (add_order_form(person, &seen, draft))
        }))
        (scarce(person, &seen, draft))
        (results(person, &seen))
        (reports(person, &seen))
        (journal_card(person, &seen, &entries))
    }))
}

fn request(person: &Person, seen: &Seen) -> Markup {
    let v = &seen.view;
    let site = v.procedure.site.as_ref().and_then(|c| person.catalogue.site(c.as_str())).map(|s| s.name.clone());
    let pairs = [
        ("Question", html! { (v.indication_name) }),
        ("Requester", html! { (v.requester) }),
        ("Taken", when(person, v.procedure.performed_at)),
        ("By", known(v.procedure.operator.as_ref())),
        ("Site", known(site.map(|s| v.procedure.side.map_or(s.clone(), |side| format!("{s}, {}", side.words()))))),
        ("Outcome", html! { (v.procedure.outcome.words()) }),
        ("Logged", html! { (stamp(person, v.logged_at)) " by " (v.logged_by.name) }),
        ("Request number", known(v.external_ref.as_ref())),
    ];
    html! {
        section .card .plain aria-label="Request" {
            (facts(&pairs))
            @if let Some(note) = &v.clinical_note { p { span .muted { "Asked: " } (note) } }
            p { a href={ "/track/" (v.accession) } { "As the requester sees it" } }
        }
    }
}

fn part_row(person: &Person, s: &SpecimenView) -> Vec<Markup> {
    let next = specimen_steps(s).into_iter().next();
    vec![
        html! { a .row-link .id href={ "/scan?label=" (s.label) } { (s.label) } },
        html! {
            (part_words(person, s))
            @for c in &s.caveats { p .caveat .small { "Caveat: " (c.text) } }
        },
        status(&words::specimen(s.state)),
        known(s.location.as_ref()),
        match next {
            Some(step) => html! { a .btn .btn--sm href={ "/scan?label=" (s.label) } { (words::step(step.name())) } },
            None => html! { span .muted { "None for you" } },
        },
    ]
}

fn order_row(person: &Person, o: &OrderView) -> Vec<Markup> {
    let next = order_steps(&o.allowed).into_iter().next();
    let benched = o.progress.as_ref().is_some_and(|p| p.next.is_some());
    let enters = o.allowed.contains(&"result") && o.state != OrderState::Resulted && !benched;
    vec![
        html! {
            a .row-link href={ "/orders/" (o.id) } { (o.name) } " " (flag(o.urgency))
            @if !o.required { span .muted .small { " not needed for the report" } }
        },
        html! { (status(&words::order(o.state))) @if let Some(p) = &o.progress { p .small { (words::capital(&p.words)) } } @if o.late { " " (status(&words::late())) } },
        match (&o.specimen, &o.why_no_part) {
            (Some(label), _) => html! { span .id { (label) } },
            (None, Some(why)) => html! { span .small { (why) } },
            (None, None) => html! { span .muted { "None yet" } },
        },
        o.due_at.map_or_else(|| html! { span .muted { "Not set" } }, |due| stamp_day(person, due)),
        match next {
            Some(_) | None if enters => {
                html! { a .btn .btn--sm href={ "/orders/" (o.id) "#enter" } { "Enter the result" } }
            }
            Some(step) => html! { a .btn .btn--sm href={ "/orders/" (o.id) } { (words::step(step.name())) } },
            None => html! { span .muted { "None for you" } },
        },
    ]
}

fn add_part_form(person: &Person, seen: &Seen, draft: &Draft) -> Markup {
    if !person.actor().is_any(&[Role::Tech, Role::Supervisor]) {
        return html! {};
    }
    let c = &person.catalogue;
    let kinds: Vec<_> = c
        .kinds
        .iter()
        .filter(|k| k.kind.letter().is_some())
        .map(|k| (k.kind.name().to_owned(), k.name.clone()))
        .collect();
    let containers: Vec<_> = c.containers.iter().map(|k| (k.code.to_string(), k.name.clone())).collect();
    let open = draft.problem.is_some() && draft.fields.get("form") == "part";
    let fresh = Draft::default();
    let draft = if open { draft } else { &fresh };
    html! {
        details .more .inset open[open] {
            summary { "Add a part" }
            form action={ "/cases/" (seen.view.accession) "/parts" } method="post" novalidate {
                (hidden(person))
                input type="hidden" name="form" value="part";
                div .grid {
                    (Field::new("kind", "What it is").select(draft, "Choose", &kinds))
                    (Field::new("container", "In").select(draft, "Choose", &containers))
                    (Field::new("collected_at", "Taken").hint("0940, -2h. Empty: planned").input(draft))
                    (Field::new("pull_number", "Pull").mode("numeric").input(draft))
                    (Field::new("volume_ul", "Volume").hint("Whole µL, or 3 mL").input(draft))
                    (Field::new("length_mm", "Length in mm").mode("numeric").input(draft))
                    (Field::new("fixed_at", "Into fixative").input(draft))
                    (Field::new("temperature", "Kept").select(draft, "Not said", &options(Temperature::ALL, Temperature::name, Temperature::words)))
                }
                button .btn { "Add the part" }
            }
        }
    }
}

fn add_order_form(person: &Person, seen: &Seen, draft: &Draft) -> Markup {
    let orders = [Role::Tech, Role::Supervisor, Role::Hematologist, Role::Pathologist];
    if !person.actor().is_any(&orders) {
        return html! {};
    }
    let assays: Vec<_> = person.catalogue.assays.iter().map(|a| (a.code.to_string(), a.name.clone())).collect();
    let open = draft.problem.is_some() && draft.fields.get("form") == "order";
    let fresh = Draft::default();
    let draft = if open { draft } else { &fresh };
    html! {
        details .more .inset open[open] {
            summary { "Order a test" }
            form action={ "/cases/" (seen.view.accession) "/orders" } method="post" novalidate {
                (hidden(person))
                input type="hidden" name="form" value="order";
                div .grid {
                    (Field::new("assay", "Test").select(draft, "Choose", &assays))
                    (Field::new("urgency", "Urgency").select(draft, "As the case", &options(Urgency::ALL, Urgency::name, Urgency::words)))
                    (Field::new("why", "Why").optional().input(draft))
                }
                button .btn { "Order the test" }
            }
        }
    }
}

/// What is missing of the sample and who goes first; with a form for whoever may decide it.
fn scarce(person: &Person, seen: &Seen, draft: &Draft) -> Markup {
    let plan = &seen.view.sample_plan;
    if !plan.is_short() {
        return html! {};
    }
    let c = &person.catalogue;
    let name = |code: &Code| c.assay(code.as_str()).map_or_else(|| code.to_string(), |a| a.name.clone());
    let decides = person.actor().is_any(&[Role::Supervisor, Role::Pathologist, Role::Hematologist]);
    let open = draft.problem.is_some() && draft.fields.get("form") == "sample-plan";
    let fresh = Draft::default();
    let draft = if open { draft } else { &fresh };
    let fits = |fits: bool| {
        if fits {
            html! { "Fits" }
        } else {
            html! { (status(&Status { look: "attn", word: "Does not fit".into() })) }
        }
    };
    let rows = plan.proposed.iter().zip(1..).map(|(s, place): (_, usize)| {
        let field = format!("place.{}", s.order);
        let typed = if open { draft.fields.get(&field).to_owned() } else { place.to_string() };
        vec![
            html! {
                @if decides {
                    input .input .field--s name=(field) id=(field) value=(typed) inputmode="numeric" form="sample-plan"
                        autocomplete="off" aria-label={ "Place of " (name(&s.assay)) };
                } @else { (place) }
            },
            html! { (name(&s.assay)) },
            html! { (super::volume_words(s.min_ul)) ", better " (super::volume_words(s.ideal_ul)) },
            html! { (words::capital(&s.kind.words())) " in " (c.container(s.container.as_str()).map_or(s.container.as_str(), |x| x.name.as_str())) },
            fits(s.fits),
        ]
    });
    let short = if plan.short_by_ul > 0 {
        format!("{} short", super::volume_words(plan.short_by_ul))
    } else {
        "No tube holds enough".to_owned()
    };
    card(
        "scarce",
        "Not enough sample",
        &html! { span .small { (short) } },
        &html! {
            @if let Some(d) = &plan.decided {
                p .inset {
                    "Decided by " (d.by.name) ", " (stamp(person, d.at)) @if let Some(note) = &d.note { ": " (note) } "."
                }
            }
            (table(
                &html! { span .sr-only { "Who goes first" } },
                &["Place", "Test", "Needs", "From", "Result"],
                &rows.collect::<Vec<_>>(),
            ))
            @if decides {
                form .inset #sample-plan action={ "/cases/" (seen.view.accession) "/sample-plan" } method="post" novalidate {
                    (seen_version(person, seen.view.version))
                    input type="hidden" name="form" value="sample-plan";
                    (Field::new("note", "Why").optional().input(draft))
                    button .btn { "Decide who goes first" }
                }
            }
        },
    )
}

fn results(person: &Person, seen: &Seen) -> Markup {
    let v = &seen.view;
    if v.results.is_empty() {
        return html! {};
    }
    card(
        "results",
        "Results",
        &html! {},
        &html! {
            (table(
                &html! { span .sr-only { "Versions of results" } },
                &["Test", "Finding", "Version", "State", "Verified"],
                &v.results.iter().map(|r| result_row(person, r)).collect::<Vec<_>>(),
            ))
        },
    )
}

fn result_row(person: &Person, r: &ResultView) -> Vec<Markup> {
    vec![
        html! { a .row-link href={ "/results/" (r.result.id) } { (r.name) } },
        html! {
            (r.result.summary)
            details .more {
                summary { "In full" span .sr-only { ": " (r.name) } }
                (result_form::finding(person.catalogue.assay(r.assay.as_str()), &r.result))
            }
        },
        html! { (r.result.number) },
        status(&words::result(r.result.state)),
        match (&r.result.verified_by, r.result.verified_at) {
            (Some(who), Some(at)) => html! { (who.name) ", " (stamp(person, at)) },
            (_, _) => html! { span .muted { "Not yet" } },
        },
    ]
}

fn reports(person: &Person, seen: &Seen) -> Markup {
    let v = &seen.view;
    let writes = person.actor().is(Role::Pathologist);
    if v.reports.is_empty() && !writes {
        return html! {};
    }
    card(
        "reports",
        "Reports",
        &html! {},
        &html! {
            @if v.reports.is_empty() { p .empty { "No report is begun." } } @else {
                (table(
                    &html! { span .sr-only { "Versions of the report" } },
                    &["Version", "State", "Signed", "Diagnosis"],
                    &v.reports.iter().map(|r| report_row(person, r)).collect::<Vec<_>>(),
                ))
            }
            @if writes { p .inset { a .btn href={ "/cases/" (v.accession) "/report" } { "Write the report" } } }
        },
    )
}

fn report_row(person: &Person, r: &ReportView) -> Vec<Markup> {
    let signed = r.report.signature.as_ref();
    vec![
        if signed.is_some() {
            html! { a .row-link href={ "/cases/" (r.accession) "/reports/" (r.report.number) } { "Report " (r.report.number) } }
        } else {
            html! { "Report " (r.report.number) }
        },
        html! { (status(&words::report(r.report.state))) @if r.superseded { " " span .muted { "superseded" } } },
        match signed {
            Some(s) => html! { (s.by.name) ", " (stamp(person, s.at)) },
            None => html! { span .muted { "Not yet" } },
        },
        html! { (r.report.diagnosis) },
    ]
}

fn journal_card(person: &Person, seen: &Seen, entries: &[EventView]) -> Markup {
    const FIRST: usize = 8;
    let count = entries.len();
    card(
        "history",
        "History",
        &html! { span .muted .small { (count) } },
        &html! {
            @if count > FIRST {
                details .more .inset {
                    summary { "All " (count) " entries" }
                    (journal(person, seen, entries, usize::MAX))
                }
            } @else { (journal(person, seen, entries, FIRST)) }
        },
    )
}

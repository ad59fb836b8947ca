//! `/labels`: the labels that wait at this person's bench, printed one at a time and scanned back before they are used
//! (`reference/ux.md` §2.15).
//!
//! Nobody puts a label into the queue: a part that came to the bench by a scan, or was made there, has no label until one
//! is printed. The next is printed only when the one before it was scanned, so that never two lie on the bench.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use maud::{Markup, PreEscaped, html};

use super::scan::{COMMAND, normal};
use super::specimen_step::bench_name;
use crate::domain::{Label, Specimen};
use crate::edge::Problem;
use crate::exchange::labels::PartLabel;
use crate::exchange::labels::svg::svg;
use crate::exchange::labels::zpl::Resolution;
use crate::lab::labels::{LabelQueue, PrintRequest, may_print};
use crate::web::error::PageError;
use crate::web::fields::Fields;
use crate::web::language::{english, rich, t};
use crate::web::layout::Page;
use crate::web::live::Part;
use crate::web::pages::seen::{Seen, misread};
use crate::web::parts::{hidden, icon, stamp, table};
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other, words};

/// The label that is in the printer: a part's, of this printing.
struct Printed {
    label: PartLabel,
    id: String,
}

/// `GET /labels?print=`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let queue = queue(&person).await?;
    let printed = match Fields::new(query.into_inner()).opt("print") {
        Some(id) => printed(&person, &queue, id).await?,
        None => None,
    };
    Ok(render(&person, &queue, printed.as_ref(), None))
}

/// The parts of an open page that change by themselves.
pub(crate) async fn live(person: &Person) -> Result<Vec<Part>, PageError> {
    Ok(vec![part(person, &queue(person).await?)])
}

/// `POST /labels`: a label that is scanned back, one that is to be printed, or nothing, which prints the next.
pub(crate) async fn post(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let queue = queue(&person).await?;
    let code = normal(fields.get("code"));
    let unchecked = queue.unchecked.first().map(|p| &p.specimen.label);
    let next = code.is_empty() || code.strip_prefix(COMMAND) == Some("PRINT");
    let scanned = if next { None } else { Some(Label::parse(&code).map_err(|why| misread(&why))) };
    let label = match (scanned, unchecked) {
        (Some(Err(_)), _) => {
            let why = rich!("labels-queue-odd", code = html! { span .id { (code) } });
            return Ok(render(&person, &queue, None, Some(&why)));
        }
        (Some(Ok(label)), _) if queue.unchecked.iter().any(|p| p.specimen.label == label) => {
            person.lab.check_label(person.actor(), label, &person.request_id).await?;
            return Ok(see_other(&done("/labels", "label-checked")));
        }
        (Some(Ok(label)), Some(right)) => {
            let why = rich!(
                "labels-queue-wrong",
                scanned = html! { span .id { (label) } },
                printed = html! { span .id { (right) } }
            );
            return Ok(render(&person, &queue, None, Some(&why)));
        }
        (None, Some(right)) => {
            let why = rich!("labels-queue-first", printed = html! { span .id { (right) } });
            return Ok(render(&person, &queue, None, Some(&why)));
        }
        (Some(Ok(label)), None) if queue.waiting.iter().any(|p| p.specimen.label == label) => label,
        // Printed before: again only with its reason.
        (Some(Ok(label)), None) => return Ok(see_other(&format!("/specimens/{label}/label"))),
        (None, None) => match queue.waiting.first() {
            Some(part) => part.specimen.label.clone(),
            None => return Ok(see_other("/labels")),
        },
    };
    print(&person, &fields, &queue, label).await
}

async fn print(person: &Person, fields: &Fields, queue: &LabelQueue, label: Label) -> Result<HttpResponse, PageError> {
    let found = Seen::by_label(person, label.clone()).await?;
    let request = PrintRequest { labels: vec![label], reason: None, key: fields.opt("key"), scan_back: true };
    match person.lab.print_labels(person.actor(), &found.case, request, &person.request_id).await {
        Ok(id) => Ok(see_other(&format!("/labels?print={id}"))),
        Err(e) => {
            let problem = Problem::from(e);
            let why = problem.errors.first().map_or(problem.detail.as_str(), |e| e.message.as_str());
            Ok(render(person, queue, None, Some(&html! { (english(why)) })))
        }
    }
}

/// What waits at this person's bench; nothing where they chose none.
async fn queue(person: &Person) -> Result<LabelQueue, PageError> {
    may_print(person.actor())?;
    match bench_name(person) {
        Some(place) => Ok(person.lab.label_queue(person.actor(), &place).await?),
        None => Ok(LabelQueue::default()),
    }
}

/// The label of that printing, as long as it may be fetched and was not scanned back.
async fn printed(person: &Person, queue: &LabelQueue, id: String) -> Result<Option<Printed>, PageError> {
    let Ok(printing) = id.parse() else { return Err(Problem::not_found().into()) };
    let labels: Vec<Label> = queue.unchecked.iter().map(|p| p.specimen.label.clone()).collect();
    let Ok(labels) = person.lab.fetch_print(person.actor(), labels, printing).await else { return Ok(None) };
    let Some(label) = labels.into_iter().next() else { return Ok(None) };
    let found = Seen::by_label(person, label.clone()).await?;
    let label = found.case.labeled(&label).map(|s| PartLabel::of(&found.case, s, &person.catalogue));
    Ok(label.map(|label| Printed { label, id }))
}

fn render(person: &Person, queue: &LabelQueue, printed: Option<&Printed>, why: Option<&Markup>) -> HttpResponse {
    let title = match bench_name(person) {
        Some(bench) => t!("labels-queue-title", bench = bench),
        None => t!("labels-queue-title-none"),
    };
    let status = if why.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::of(person, title.clone()).status(status).main("page page--middle labels").live();
    page.scans("print.js").render(html! {
        h1 .no-print { (title) }
        form .card .plain .no-print action="/labels" method="post" novalidate {
            (hidden(person))
            label for="code" { (t!("labels-queue-field")) }
            input .scan__field #code name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" enterkeyhint="go"
                maxlength="100" autofocus aria-keyshortcuts="F2" aria-describedby="code-hint" aria-invalid=[why.map(|_| "true")];
            p #code-hint .hint { (t!("labels-queue-hint")) }
            @if let Some(why) = why { p .error role="alert" { (why) } }
            div .actions { button .btn .btn--primary .btn--bench { (t!("labels-queue-next")) } }
        }
        @if let Some(printed) = printed { (in_printer(printed)) }
        (part(person, queue).markup)
    })
}

/// The label at its true size, and the ways to a printer.
fn in_printer(printed: &Printed) -> Markup {
    let label = &printed.label;
    let path = format!("/specimens/{}/label.zpl?print={}", label.label, printed.id);
    html! {
        figure .label-sheet .{ "label-sheet--" (label.stock) } { (PreEscaped(svg(label))) }
        div .actions .no-print {
            button .btn .btn--bench type="button" data-print hidden { (icon("down")) (t!("labels-print")) }
            @for resolution in Resolution::ALL {
                a .btn .btn--bench href={ (path) "&dpi=" (resolution) } { (t!("labels-zpl", dpi = resolution.to_string())) }
            }
        }
    }
}

/// What is to be scanned back, and what waits.
fn part(person: &Person, queue: &LabelQueue) -> Part {
    let waiting: Vec<Vec<Markup>> = queue
        .waiting
        .iter()
        .map(|p| {
            let s = &p.specimen;
            vec![
                html! { a .id href={ "/specimens/" (s.label) "/label" } { (s.label) } },
                html! { (what(person, s)) },
                html! { span translate="no" { (p.patient.display()) } },
                s.accepted_at.or(s.received_at).map(|at| stamp(person, at)).unwrap_or_default(),
            ]
        })
        .collect();
    let heads = [t!("labels-head-label"), t!("scan-part"), t!("patient"), t!("labels-queue-since")];
    let caption = html! { (t!("labels-queue-waiting", count = waiting.len())) };
    let markup = html! {
        section #label-queue .stack .no-print aria-label=(t!("nav-labels")) {
            @for p in &queue.unchecked {
                p .note {
                    (rich!("labels-queue-scan", label = html! { strong .id { (p.specimen.label) } })) " "
                    a href={ "/specimens/" (p.specimen.label) "/label" } { (t!("labels-queue-again")) }
                }
            }
            div .card {
                @if bench_name(person).is_none() { p .empty { (t!("labels-queue-no-bench")) " " a href="/worklists" { (t!("nav-worklists")) } } }
                @else if waiting.is_empty() { p .empty { (t!("labels-queue-none")) } }
                @else { (table(&caption, &heads.each_ref().map(String::as_str), &waiting)) }
            }
        }
    };
    Part { id: "label-queue", markup }
}

/// What a part is and what it is in.
fn what(person: &Person, s: &Specimen) -> String {
    let c = &person.catalogue;
    let kind = c.kind(s.kind).map_or_else(|| words::capital(&s.kind.words()), |k| k.name.clone());
    match c.container(s.container.as_str()).filter(|x| !x.slide) {
        Some(container) => t!("track-part-in", kind = kind, container = container.name.as_str()),
        None => kind,
    }
}

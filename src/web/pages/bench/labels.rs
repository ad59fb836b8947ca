//! `/specimens/{label}/label` and `/cases/{accession}/labels`: labels, printed when their part is at hand.
//!
//! Asking and fetching are two steps: a form asks and is journaled, then the print view and the ZPL of that printing
//! can be fetched for some minutes. Looking at the page prints nothing.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, PreEscaped, html};
use uuid::Uuid;

use crate::domain::labeling::{ReprintReason, may_label};
use crate::domain::{Label, Specimen};
use crate::edge::Problem;
use crate::exchange::labels::zpl::{Resolution, zpl};
use crate::exchange::labels::{PartLabel, svg::svg};
use crate::lab::labels::{Print, PrintRequest, may_print};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields, Reader};
use crate::web::language::{t, word};
use crate::web::layout::Page;
use crate::web::pages::seen::{Seen, misread, part_words};
use crate::web::parts::{Field, choices, hidden, icon, stamp, status, table};
use crate::web::see_other;
use crate::web::session::{Person, Posted};
use crate::web::words;

/// Which labels a page is about: those of a case's parts as they were taken, or of one part and what was made from it.
struct Sheet {
    found: Seen,
    /// Its address without the end.
    path: String,
    title: String,
    labels: Vec<Label>,
}

impl Sheet {
    async fn of_case(person: &Person, accession: &str) -> Result<Self, PageError> {
        let found = Seen::by_accession(person, accession).await?;
        let accession = found.view.accession;
        let taken = found.case.specimens.iter().filter(|s| s.parent.is_none());
        let labels = taken.map(|s| s.label.clone()).collect();
        Ok(Self {
            path: format!("/cases/{accession}/labels"),
            title: t!("labels-of-case", accession = accession.to_string()),
            found,
            labels,
        })
    }

    async fn of_part(person: &Person, label: &str) -> Result<Self, PageError> {
        let label = Label::parse(label).map_err(|why| misread(&why))?;
        let found = Seen::by_label(person, label.clone()).await?;
        let id = found.part(&label)?.id;
        let children = found.case.specimens.iter().filter(|s| s.parent == Some(id)).map(|s| s.label.clone());
        let labels = std::iter::once(label.clone()).chain(children).collect();
        Ok(Self {
            path: format!("/specimens/{label}/label"),
            title: t!("label-of-part", label = label.to_string()),
            found,
            labels,
        })
    }

    /// Those that may be labeled now.
    fn open(&self, person: &Person) -> Vec<&Specimen> {
        let logged_at = self.found.case.header.logged_at;
        let parts = self.labels.iter().filter_map(|l| self.found.case.labeled(l));
        parts.filter(|s| may_label(s, logged_at, person.now).is_ok()).collect()
    }
}

/// `GET /cases/{accession}/labels`
pub(crate) async fn get_case(
    req: HttpRequest,
    person: Person,
    id: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    show(&req, &person, Sheet::of_case(&person, &id).await?).await
}

/// `POST /cases/{accession}/labels`
pub(crate) async fn post_case(posted: Posted, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let sheet = Sheet::of_case(&posted.person, &id).await?;
    ask(posted, sheet).await
}

/// `GET /specimens/{label}/label`
pub(crate) async fn get_part(
    req: HttpRequest,
    person: Person,
    id: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    show(&req, &person, Sheet::of_part(&person, &id).await?).await
}

/// `POST /specimens/{label}/label`
pub(crate) async fn post_part(posted: Posted, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let sheet = Sheet::of_part(&posted.person, &id).await?;
    ask(posted, sheet).await
}

/// `GET /cases/{accession}/labels.zpl`
pub(crate) async fn zpl_case(
    req: HttpRequest,
    person: Person,
    id: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    file(&req, &person, Sheet::of_case(&person, &id).await?).await
}

/// `GET /specimens/{label}/label.zpl`
pub(crate) async fn zpl_part(
    req: HttpRequest,
    person: Person,
    id: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    file(&req, &person, Sheet::of_part(&person, &id).await?).await
}

fn query(req: &HttpRequest) -> Fields {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(req.query_string());
    Fields::new(pairs.map(web::Query::into_inner).unwrap_or_default())
}

async fn show(req: &HttpRequest, person: &Person, sheet: Sheet) -> Result<HttpResponse, PageError> {
    may_print(person.actor())?;
    if let Some(id) = query(req).opt("print") {
        let printed = fetched(person, &sheet, &id).await?;
        return Ok(render_print(person, &sheet, &printed, &id));
    }
    let prints = person.lab.label_prints(person.actor(), sheet.labels.clone()).await?;
    let mut fields = Fields::new(
        sheet
            .open(person)
            .iter()
            .filter(|s| !prints.iter().any(|p| p.label == s.label))
            .map(|s| ("labels".to_owned(), s.label.to_string()))
            .collect(),
    );
    if let [only] = sheet.labels.as_slice() {
        fields.set("labels", only.to_string());
    }
    Ok(render(person, &sheet, &prints, &Draft::fresh(fields)))
}

/// Notes the printing, then goes to it.
async fn ask(posted: Posted, sheet: Sheet) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    may_print(person.actor())?;
    let mut r = Reader::new(&fields, person.zone(), person.now);
    let reason = r.word::<ReprintReason>("reason");
    let labels: Vec<Label> = fields.all("labels").filter_map(|text| Label::parse(text).ok()).collect();
    if labels.iter().any(|l| !sheet.labels.contains(l)) {
        return Err(Problem::not_found().into());
    }
    let request = PrintRequest { labels, reason, key: fields.opt("key"), scan_back: false };
    let asked = match r.done(request) {
        Ok(request) => person.lab.print_labels(person.actor(), &sheet.found.case, request, &person.request_id).await,
        Err(refusal) => Err(refusal.into()),
    };
    match asked {
        Ok(id) => Ok(see_other(&format!("{}?print={id}", sheet.path))),
        Err(e) => {
            let mut problem = Problem::from(e);
            problem.request_id.clone_from(&person.request_id);
            let prints = person.lab.label_prints(person.actor(), sheet.labels.clone()).await?;
            Ok(render(&person, &sheet, &prints, &Draft::refused(fields, problem)))
        }
    }
}

async fn fetched(person: &Person, sheet: &Sheet, id: &str) -> Result<Vec<PartLabel>, PageError> {
    let id: Uuid = id.parse().map_err(|_| Problem::not_found())?;
    let labels = person.lab.fetch_print(person.actor(), sheet.labels.clone(), id).await?;
    let parts = labels.iter().filter_map(|l| sheet.found.case.labeled(l));
    Ok(parts.map(|s| PartLabel::of(&sheet.found.case, s, &person.catalogue)).collect())
}

async fn file(req: &HttpRequest, person: &Person, sheet: Sheet) -> Result<HttpResponse, PageError> {
    may_print(person.actor())?;
    let asked = query(req);
    let Some(id) = asked.opt("print") else { return Ok(see_other(&sheet.path)) };
    let resolution = Resolution::parse(asked.get("dpi")).unwrap_or(Resolution::Dpi203);
    let all: String = fetched(person, &sheet, &id).await?.iter().map(|l| zpl(l, resolution)).collect();
    Ok(HttpResponse::Ok()
        .content_type("application/zpl")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"labels-{resolution}dpi.zpl\"")))
        .body(all))
}

/// What is to be printed, and what was.
fn render(person: &Person, sheet: &Sheet, prints: &[Print], draft: &Draft) -> HttpResponse {
    let open = sheet.open(person);
    let parts: Vec<(String, String)> = open
        .iter()
        .filter_map(|s| sheet.found.part(&s.label).ok())
        .map(|s| (s.label.to_string(), format!("{}: {}", s.label, part_words(person, s))))
        .collect();
    let again = prints.iter().any(|p| open.iter().any(|s| s.label == p.label));
    let waiting = sheet.labels.len() - open.len();
    let reasons = choices(ReprintReason::ALL, ReprintReason::name, "reprint-reason");
    Page::of(person, sheet.title.clone()).about(sheet.found.banner(person)).draft(draft).main("page page--middle").render(
        html! {
            h1 { (sheet.title) }
            @if parts.is_empty() {
                p .card .empty { (t!("labels-none-now")) }
            } @else {
                form .card .plain action=(sheet.path) method="post" novalidate {
                    (hidden(person))
                    (Field::new("labels", &t!("labels-which")).boxes(draft, &parts))
                    @if waiting > 0 { p .hint { (t!("labels-not-at-hand", count = waiting)) } }
                    @if again {
                        (Field::new("reason", &t!("labels-why-again")).hint(&t!("labels-why-again-hint"))
                            .select(draft, &t!("labels-first-time"), &reasons))
                    }
                    div .actions {
                        button .btn .btn--primary .btn--bench { (icon("down")) (t!("labels-print")) }
                        a .btn .btn--bench href=(person.case_path(sheet.found.view.accession)) { (t!("labels-back-to-case")) }
                    }
                }
            }
            @if !prints.is_empty() { (history(person, prints)) }
        },
    )
}

fn history(person: &Person, prints: &[Print]) -> Markup {
    let rows: Vec<Vec<Markup>> = prints
        .iter()
        .rev()
        .map(|p| {
            vec![
                html! { span .id { (p.label) } },
                stamp(person, p.at),
                html! { (p.by) },
                match p.reason {
                    Some(reason) => html! { (word("reprint-reason", reason.name())) },
                    None => html! { span .muted { (t!("labels-first")) } },
                },
            ]
        })
        .collect();
    let heads = [t!("labels-head-label"), t!("labels-head-when"), t!("labels-head-by"), t!("labels-head-why")];
    html! {
        section .card { (table(&html! { (t!("labels-printed")) }, &heads.each_ref().map(String::as_str), &rows)) }
    }
}

/// The labels of a printing, each on a page of its own size.
fn render_print(person: &Person, sheet: &Sheet, labels: &[PartLabel], id: &str) -> HttpResponse {
    let count = labels.len();
    let title = t!("labels-count", count = count);
    Page::of(person, title.clone()).about(sheet.found.banner(person)).script("print.js").main("page page--middle labels").render(
        html! {
            div .title .no-print {
                h1 { (title) }
                (status(&words::Status::new("final", t!("labels-journaled"))))
            }
            div .actions .no-print {
                button .btn .btn--primary .btn--bench type="button" data-print hidden { (icon("down")) (t!("labels-print")) }
                @for resolution in Resolution::ALL {
                    a .btn .btn--bench href={ (sheet.path) ".zpl?print=" (id) "&dpi=" (resolution) } { (t!("labels-zpl", dpi = resolution.to_string())) }
                }
                a .btn .btn--bench href=(sheet.path) { (t!("labels-back")) }
            }
            p .hint .no-print { (t!("labels-true-size")) }
            @for label in labels {
                figure .label-sheet .{ "label-sheet--" (label.stock) } { (PreEscaped(svg(label))) }
            }
        },
    )
}

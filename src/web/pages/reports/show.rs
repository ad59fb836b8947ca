//! `/cases/{accession}/reports/{number}`: a signed report, drawn from the exact text that was signed.

use actix_web::{HttpResponse, web};
use maud::{Markup, PreEscaped, html};

use super::read;
use crate::domain::report_document::{DocumentLine, ReportDocument};
use crate::domain::report_text::Piece;
use crate::domain::{Command, ReportState, Signature, Target};
use crate::edge::Problem;
use crate::edge::printed::{Names, not_signed, printed};
use crate::exchange::chart;
use crate::exchange::pdf::Issue;
use crate::lab::questions::case::ReportView;
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::Draft;
use crate::web::language::{Language, current, english, rich, t};
use crate::web::layout::Page;
use crate::web::pages::results::result::{told, told_fields};
use crate::web::pages::seen::{Seen, misread};
use crate::web::parts::{Field, card, icon, named, seen as seen_fields, stamp, status, table};
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other, words};

/// `GET /cases/{accession}/reports/{number}`
pub(crate) async fn get(person: Person, path: web::Path<(String, i64)>) -> Result<HttpResponse, PageError> {
    let seen = Seen::by_accession(&person, &path.0).await?;
    if seen.view.reports.iter().any(|r| r.report.number == path.1) {
        seen.looked_at(&person).await;
    }
    render(&person, &seen, path.1, &Draft::default())
}

/// `GET /cases/{accession}/reports/{number}/pdf`: the same as a file.
pub(crate) async fn pdf(person: Person, path: web::Path<(String, i64)>) -> Result<HttpResponse, PageError> {
    let seen = Seen::by_accession(&person, &path.0).await?;
    let found = seen.view.reports.iter().find(|r| r.report.number == path.1);
    let r = found.ok_or_else(|| misread("There is no such version of the report."))?;
    let issue = Issue::of(&seen.case, &r.report).ok_or_else(not_signed)?;
    Ok(printed(Names { tag: issue.tag(), disposition: issue.disposition() }, move || issue.pdf()).await?)
}

/// `POST /cases/{accession}/reports/{number}/void`
pub(crate) async fn void(posted: Posted, path: web::Path<(String, i64)>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let seen = Seen::by_accession(&person, &path.0).await?;
    let report = seen.case.reports.iter().find(|r| r.number == path.1).ok_or_else(Problem::not_found)?;
    let accession = seen.view.accession;
    let to = done(&format!("/cases/{accession}#reports"), "void");
    let deed = told(&person, &fields).and_then(|told| {
        let command = Command::VoidReport(report.id, fields.get("reason").to_owned(), told);
        Deed::seen(&fields, Target::Case(accession), command, to)
    });
    let problem = match deed {
        Ok(deed) => match deed.act(&person, &fields).await {
            Ok(to) => return Ok(see_other(&to)),
            Err(e) => explain(&person, accession, e).await,
        },
        Err(refusal) => refusal.into(),
    };
    let seen = Seen::by_accession(&person, &path.0).await?;
    render(&person, &seen, path.1, &Draft::refused(fields, problem))
}

pub(super) fn render(person: &Person, seen: &Seen, number: i64, draft: &Draft) -> Result<HttpResponse, PageError> {
    let found = seen.view.reports.iter().find(|r| r.report.number == number);
    let r = found.ok_or_else(|| misread("There is no such version of the report."))?;
    let accession = html! { span .id { (r.accession) } };
    let title = t!("report-title", number = number, accession = r.accession.to_string());
    let page = Page::of(person, title).about(seen.banner(person)).draft(draft).main("page page--middle");
    Ok(page.render(html! {
        div .title {
            h1 { (rich!("report-title", number = number, accession = accession)) }
            (status(&words::report(r.report.state)))
        }
        @if let Some(content) = &r.content {
            // What is signed keeps its order; whoever has only a moment reads this.
            p .lead .no-print { strong { (english(&content.diagnosis)) } }
        }
        (standing(seen, r))
        (changed(person, seen, r))
        @if read::asked(person, seen).is_some_and(|newest| newest.number == number) { (read::ask(person, seen)) }
        @let said = read::said(person, r);
        @if !said.0.is_empty() { p .small .no-print { (said) } }
        p .actions .no-print {
            @if r.report.signature.is_some() {
                a .btn .btn--primary href={ "/cases/" (r.accession) "/reports/" (r.report.number) "/pdf" } { (icon("down")) (t!("report-pdf")) }
            }
            a .btn href=(person.case_path(r.accession)) { (t!("report-back")) }
        }
        section .card lang=[(current() != Language::English).then_some("en")] {
            @match &r.content {
                Some(content) => { (document(content, r.report.signature.as_ref())) }
                None => { p .empty { (t!("report-never-signed")) } }
            }
        }
        (versions(person, seen, r))
        @if r.allowed.contains(&"void") { (void_form(person, r, draft)) }
    }))
}

/// Whether this version still counts, before anything else.
fn standing(seen: &Seen, r: &ReportView) -> Markup {
    let newest = seen.case.signed_report().map(|n| n.number);
    let link =
        |n: i64| html! { a href={ "/cases/" (r.accession) "/reports/" (n) } { (t!("report-number", number = n)) } };
    html! {
        @if r.report.state == ReportState::Void {
            p .stamp .stamp--prob {
                (icon("prob")) strong { (t!("report-void")) } " " (t!("report-do-not-use")) " "
                @if let Some(reason) = &r.report.reason { (english(&words::sentence(reason))) }
                @if let Some(told) = &r.report.told { " " (rich!("report-told", who = named(&told.who))) }
            }
        }
        @if r.superseded && let Some(newest) = newest {
            p .stamp .stamp--attn {
                (icon("attn")) strong { (t!("report-superseded")) } " " (rich!("report-instead", report = link(newest)))
            }
        }
    }
}

/// What this version changed: why, when, who was told, and the diagnosis before.
fn changed(person: &Person, seen: &Seen, r: &ReportView) -> Markup {
    let before = seen.view.reports.iter().rfind(|b| b.report.number < r.report.number && b.report.signature.is_some());
    let Some(reason) = r.report.reason.as_ref().filter(|_| r.report.kind.is_revision()) else { return html! {} };
    let old = before.filter(|b| b.report.diagnosis != r.report.diagnosis);
    html! {
        div .note {
            p {
                strong { (status_word(r)) }
                @if let Some(s) = &r.report.signature { ", " (stamp(person, s.at)) } ". " (english(&words::sentence(reason)))
            }
            @if let Some(old) = old {
                p .small { (t!("report-diagnosis-before")) " " s { (english(&old.report.diagnosis)) } }
                p .small { (t!("report-diagnosis-now")) " " strong { (english(&r.report.diagnosis)) } }
            } @else if before.is_some() { p .small { (t!("report-same-diagnosis")) } }
            @if let Some(told) = &r.report.told { p .small { (rich!("report-told", who = named(&told.who))) } }
        }
    }
}

fn status_word(r: &ReportView) -> String {
    words::report(r.report.state).word
}

/// Every signed version, newest first.
fn versions(person: &Person, seen: &Seen, shown: &ReportView) -> Markup {
    let signed: Vec<&ReportView> = seen.view.reports.iter().rev().filter(|r| r.report.signature.is_some()).collect();
    if signed.len() < 2 {
        return html! {};
    }
    card(
        "versions",
        &t!("report-versions"),
        &html! {},
        &html! {
            @for r in signed {
                article .finding {
                    h3 {
                        @if r.report.number == shown.report.number { (t!("report-this", number = r.report.number)) }
                        @else { a href={ "/cases/" (r.accession) "/reports/" (r.report.number) } { (t!("report-number", number = r.report.number)) } }
                    }
                    (status(&words::report(r.report.state)))
                    @if let Some(s) = &r.report.signature {
                        p .finding__by { span { (rich!("track-signed-by", who = named(&s.by.name), when = stamp(person, s.at))) } }
                    }
                }
            }
        },
    )
}

/// The report from its text. Without a signature it is a preview.
///
/// Sections and words are the domain's; the PDF draws the same ones.
pub(crate) fn document(d: &ReportDocument, signed: Option<&Signature>) -> Markup {
    let sha256 = signed.map(|s| s.sha256.as_str());
    html! {
        article .report lang="en" {
            header .report__head {
                div { strong { (d.laboratory) } br; (d.laboratory_address) }
                div .report__version { strong { (d.title()) } br; (d.version_words()) @if signed.is_none() { ", " (t!("report-not-signed")) } }
            }
            @if let Some(changed) = d.changed() { p .caveat { strong { (changed) } } }
            (lines(&d.identity()))
            @for section in d.sections(sha256) {
                h2 { (section.title) }
                @for (i, piece) in section.body.iter().enumerate() { (drawn(d, piece, &format!("{}-{i}", section.title))) }
            }
        }
    }
}

fn drawn(d: &ReportDocument, piece: &Piece<'_>, place: &str) -> Markup {
    match piece {
        Piece::Lead(text) => html! { p .report__dx .prose { (text) } },
        Piece::Finding { name, standing } => {
            html! { h3 .report__finding { (name) " " span .muted .small { (standing) } } }
        }
        Piece::Strong(text) => html! { p { strong { (text) } } },
        Piece::Text(text) => html! { p .prose { (text) } },
        Piece::Caveat(text) => html! { p .caveat { (text) } },
        Piece::Small(text) => html! { p .small .muted .hash { (text) } },
        Piece::Lines(all) => lines(all),
        Piece::Table(t) => {
            let cell = |text: &String| html! { span .prose .word[is_word(text)] { (text) } };
            let cells = |row: &Vec<String>| row.iter().map(cell).collect::<Vec<_>>();
            let rows: Vec<_> = t.rows.iter().map(cells).collect();
            table(&html! { span .sr-only { (t.caption) } }, t.heads, &rows)
        }
        Piece::Trend(t) => html! {
            @if let Some(scene) = chart::trend(t, d) {
                (PreEscaped(chart::svg(&scene, &format!("chart-{}", place.to_lowercase().replace(' ', "-")))))
            }
        },
    }
}

/// `name: value`; short ones stand two to a row where the page is wide, all others have the row to themselves.
fn lines(all: &[DocumentLine]) -> Markup {
    let runs = all.chunk_by(|a, b| is_short(a) == is_short(b));
    let placed = runs.flat_map(|run| {
        let paired = run.len() / 2 * 2;
        run.iter().zip(0..).map(move |(l, i)| (l, i < paired && is_short(l)))
    });
    html! {
        dl .facts .facts--table {
            @for (l, paired) in placed {
                div .wide[!paired] { dt { (l.name) } dd .prose { (l.value) @if let Some(note) = &l.note { " " span .muted .small { (note) } } } }
            }
        }
    }
}

/// A label or a number is not broken.
fn is_word(text: &str) -> bool {
    text.len() <= 20 && !text.contains(char::is_whitespace)
}

/// Whether half of the width is enough for it: characters, where the PDF measures.
fn is_short(l: &DocumentLine) -> bool {
    l.note.is_none() && l.name.chars().count() <= 24 && l.value.chars().count() <= 28
}

fn void_form(person: &Person, r: &ReportView, draft: &Draft) -> Markup {
    html! {
        details .card .more .inset .no-print open[draft.problem.is_some()] {
            summary { (t!("report-withdraw")) }
            form action={ "/cases/" (r.accession) "/reports/" (r.report.number) "/void" } method="post" novalidate {
                (seen_fields(person, r.report.version))
                (Field::new("reason", &t!("report-why")).area(draft, 2))
                @if r.report.state.is_signed() { (told_fields(draft, None)) }
                button .btn { (t!("report-withdraw")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::pdf::samples;

    /// The same list holds the PDF (`exchange/pdf/tests.rs`).
    #[test]
    fn the_page_says_what_the_report_says_in_its_order() {
        let d = samples::full();
        let signature = crate::domain::Signature {
            by: crate::domain::Who { id: crate::domain::UserId(uuid::Uuid::nil()), name: d.signed_by.clone() },
            at: d.signed_at,
            meaning: String::new(),
            sha256: samples::HASH.to_owned(),
        };
        let page = document(&d, Some(&signature)).into_string();
        let mut text = String::new();
        for piece in page.split('<').skip(1) {
            text.push_str(piece.split_once('>').map_or("", |(_, after)| after));
        }
        let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let text = squeezed(&text);
        let mut from = 0;
        for said in samples::SAID {
            let found = text.get(from..).and_then(|rest| rest.find(&squeezed(said)));
            from += found.unwrap_or_else(|| panic!("{said:?} is missing, or out of order"));
        }
        assert!(page.contains("role=\"img\"") && !page.contains("style="), "{page}");
    }
}

//! `/cases/{accession}/reports/{number}`: a signed report, drawn from the exact text that was signed.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::result::{told, told_fields};
use super::result_form::{value_name, value_words};
use super::{Seen, misread};
use crate::domain::report_document::{DocumentFinding, ReportDocument};
use crate::domain::{Command, Report, ReportState, Target};
use crate::edge::Problem;
use crate::lab::questions::case::ReportView;
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::Draft;
use crate::web::layout::Page;
use crate::web::parts::{Field, icon, known, seen as seen_fields, stamp, status, table, when};
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other, time, words};

/// `GET /cases/{accession}/reports/{number}`
pub(crate) async fn get(person: Person, path: web::Path<(String, i64)>) -> Result<HttpResponse, PageError> {
    let seen = Seen::by_accession(&person, &path.0).await?;
    render(&person, &seen, path.1, &Draft::default())
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

fn render(person: &Person, seen: &Seen, number: i64, draft: &Draft) -> Result<HttpResponse, PageError> {
    let found = seen.view.reports.iter().find(|r| r.report.number == number);
    let r = found.ok_or_else(|| misread("There is no such version of the report."))?;
    let title = format!("Report {number} of {}", r.accession);
    let page = Page::of(person, title).about(seen.banner(person)).draft(draft).main("page page--middle");
    Ok(page.render(html! {
        div .title {
            h1 { "Report " (number) " of " span .id { (r.accession) } }
            (status(&words::report(r.report.state)))
        }
        (standing(seen, r))
        section .card {
            @match &r.content {
                Some(content) => { (document(person, content, Some(&r.report))) }
                None => { p .empty { "This version was never signed." } }
            }
        }
        p .no-print { a .btn href=(person.case_path(r.accession)) { "Back to the case" } }
        @if r.allowed.contains(&"void") { (void_form(person, r, draft)) }
    }))
}

/// Whether this version still counts, before anything else.
fn standing(seen: &Seen, r: &ReportView) -> Markup {
    let newest = seen.case.signed_report().map(|n| n.number);
    html! {
        @if r.report.state == ReportState::Void {
            p .stamp .stamp--prob {
                (icon("prob")) strong { "Void." } " Do not use this version. "
                (r.report.reason.as_deref().map(words::sentence).unwrap_or_default())
                @if let Some(told) = &r.report.told { " Told: " (told.who) "." }
            }
        }
        @if r.superseded && let Some(newest) = newest {
            p .stamp .stamp--attn {
                (icon("attn")) strong { "Superseded." } " "
                a href={ "/cases/" (r.accession) "/reports/" (newest) } { "Report " (newest) } " stands in its place."
            }
        }
    }
}

/// The report from its text. `signed` is the version it belongs to; without one it is a preview.
pub(crate) fn document(person: &Person, d: &ReportDocument, signed: Option<&Report>) -> Markup {
    html! {
        article .report {
            header .report__head {
                div { strong { (d.laboratory) } br; (d.laboratory_address) }
                div .report__version {
                    strong { (words::capital(&d.status)) " report" } br;
                    "Version " (d.version) @if signed.is_none() { ", not signed" }
                }
            }
            dl .facts .facts--table {
                div { dt { "Patient" } dd { strong { (d.patient) } } }
                div { dt { "Born" } dd { (known(d.born.as_ref())) } }
                div { dt { "Sex" } dd { (d.sex) } }
                div { dt { "MRN" } dd .num { (d.mrn) } }
                div { dt { "Case" } dd .id { (d.accession) } }
                div { dt { "Requester" } dd { (d.requester) } }
                div { dt { "Question" } dd { (d.indication) @if let Some(note) = &d.clinical_note { ": " (note) } } }
                div { dt { "Taken" } dd { (when(person, d.procedure_at)) } }
            }
            h2 { "Diagnosis" }
            p .report__dx .prose { (d.diagnosis) }
            @if d.dx_who5.is_some() || d.dx_icc.is_some() {
                dl .facts .facts--table {
                    @if let Some(dx) = &d.dx_who5 { div { dt { "WHO 5th edition" } dd { (dx) } } }
                    @if let Some(dx) = &d.dx_icc { div { dt { "ICC 2022" } dd { (dx) } } }
                }
            }
            @if let Some(comment) = &d.comment { h2 { "Correlation and comment" } p .prose { (comment) } }
            (changes(d))
            h2 { "Findings" }
            @if d.findings.is_empty() { p { "None verified." } }
            @for f in &d.findings { (finding(person, f)) }
            (rest(person, d))
            (parts_table(person, d))
            (signature(person, d, signed))
        }
    }
}

fn changes(d: &ReportDocument) -> Markup {
    html! {
        @if d.reason.is_some() || !d.changes.is_empty() {
            h2 { "What changed" }
            @if let Some(reason) = &d.reason { p { (reason) @if let Some(told) = &d.told { " Told: " (told) "." } } }
            @if !d.changes.is_empty() {
                (table(
                    &html! { span .sr-only { "Old and new" } },
                    &["What", "Before", "Now"],
                    &d.changes.iter().map(|c| vec![html! { (c.what) }, html! { (known(Some(&c.before))) }, html! { (known(Some(&c.after))) }]).collect::<Vec<_>>(),
                ))
            }
        }
    }
}

fn finding(person: &Person, f: &DocumentFinding) -> Markup {
    let assay = person.catalogue.assay(&f.assay);
    html! {
        section .report__finding {
            h3 { (f.name) " " span .muted .small { (f.status) ", version " (f.version) ", " (f.interpretation.words()) } }
            p { strong { (f.summary) } }
            @if !f.values.is_empty() {
                dl .facts .facts--table {
                    @for v in &f.values { div { dt { (value_name(assay, &v.key)) } dd { (value_words(v)) } } }
                }
            }
            @if let Some(comment) = &f.comment { p .prose { (comment) } }
            @for line in &f.disclaimers { p .caveat { "Caveat: " (line) } }
            p .small .muted {
                "Performed by " (f.performed_by) ". "
                @if let Some(who) = &f.verified_by { (if f.verified_at.is_some() { "Verified by " } else { "Released early by " }) (who) }
                @if let Some(at) = f.verified_at { ", " (stamp(person, at)) }
            }
        }
    }
}

fn rest(person: &Person, d: &ReportDocument) -> Markup {
    html! {
        @if !d.pending.is_empty() {
            h2 { "Still to come" }
            ul .plain-list {
                @for p in &d.pending {
                    li { (p.name) ": " (p.state) @if let Some(at) = p.expected { ", expected " (time::stamp_day(at, person.zone(), person.now)) } }
                }
            }
        }
        @if !d.not_done.is_empty() {
            h2 { "Not done" }
            ul .plain-list { @for n in &d.not_done { li { (n.name) ": " (n.why) } } }
        }
    }
}

fn parts_table(person: &Person, d: &ReportDocument) -> Markup {
    let rows: Vec<Vec<Markup>> = d
        .specimens
        .iter()
        .map(|s| {
            vec![
                html! { span .id { (s.label) } },
                html! { (s.what) },
                html! { (s.condition) @for c in &s.caveats { p .caveat .small { "Caveat: " (c) } } },
                when(person, s.collected_at),
                when(person, s.received_at),
            ]
        })
        .collect();
    html! {
        h2 { "Parts" }
        (table(&html! { span .sr-only { "Parts of the examination" } }, &["Label", "What it is", "Condition", "Taken", "Received"], &rows))
    }
}

fn signature(person: &Person, d: &ReportDocument, signed: Option<&Report>) -> Markup {
    html! {
        @if let Some(s) = signed.and_then(|r| r.signature.as_ref()) {
            h2 { "Signature" }
            p { strong { (d.signed_by) } ", " (stamp(person, d.signed_at)) br; (s.meaning) }
            p .small .muted .hash { "SHA-256 of the signed text: " span .id { (s.sha256) } }
        }
        @if !d.history.is_empty() {
            h2 { "Earlier versions" }
            ul .plain-list {
                @for v in &d.history {
                    li {
                        "Version " (v.version) ", " (v.status)
                        @if let (Some(at), Some(who)) = (v.signed_at, &v.signed_by) { ", signed by " (who) ", " (stamp(person, at)) }
                        @if let Some(reason) = &v.reason { ": " (reason) }
                    }
                }
            }
        }
    }
}

fn void_form(person: &Person, r: &ReportView, draft: &Draft) -> Markup {
    html! {
        details .card .more .inset .no-print open[draft.problem.is_some()] {
            summary { "Withdraw this version" }
            form action={ "/cases/" (r.accession) "/reports/" (r.report.number) "/void" } method="post" novalidate {
                (seen_fields(person, r.report.version))
                (Field::new("reason", "Why").area(draft, 2))
                @if r.report.state.is_signed() { (told_fields(draft, None)) }
                button .btn { "Withdraw this version" }
            }
        }
    }
}

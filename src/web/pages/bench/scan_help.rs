//! `/scan/commands`: the card of command barcodes; `/scan/test`: what a scanner types.

use actix_web::HttpResponse;
use maud::{PreEscaped, html};

use super::scan::{COMMAND, barcode_of};
use crate::exchange::labels;
use crate::web::language::t;
use crate::web::layout::Page;
use crate::web::session::Person;

/// `GET /scan/commands`
pub(crate) async fn commands(person: Person) -> HttpResponse {
    let acts = [
        ("RECEIVE", t!("scan-command-receive")),
        ("LOOKUP", t!("scan-command-lookup")),
        ("OK", t!("scan-command-ok")),
        ("UNDO", t!("scan-command-undo")),
        ("PRINT", t!("scan-command-print")),
        ("NEXT-BENCH", t!("scan-command-next-bench")),
    ];
    let rejects = person.catalogue.reasons.iter().map(|r| (format!("REJECT-{}", barcode_of(&r.code)), r.name.clone()));
    let rejects: Vec<_> = rejects.collect();
    let page = Page::of(&person, t!("scan-card-title")).render(html! {
        h1 { (t!("scan-card-title")) }
        p .lead { (t!("scan-card-hint")) }
        p .no-print { (t!("scan-card-print")) }
        ul .commands { @for (code, name) in &acts { (barcode(code, name)) } }
        h2 { (t!("scan-card-rejects")) }
        ul .commands { @for (code, name) in &rejects { (barcode(code, name)) } }
    });
    std::future::ready(page).await
}

fn barcode(code: &str, name: &str) -> maud::Markup {
    let text = format!("{COMMAND}{code}");
    html! {
        li {
            @if let Some(svg) = labels::code128(&text) { (PreEscaped(svg)) }
            b { (name) }
            code .id .small .hash { (text) }
        }
    }
}

/// `GET /scan/test`
pub(crate) async fn test(person: Person) -> HttpResponse {
    let page = Page::of(&person, t!("scan-test-title")).main("page page--middle").scans("probe.js").render(html! {
        h1 { (t!("scan-test-title")) }
        p .lead { (t!("scan-test-hint")) }
        section .card .plain {
            label for="probe" { (t!("scan-test-field")) }
            input .scan__field #probe autocomplete="off" spellcheck="false" autofocus aria-keyshortcuts="F2"
                data-good=(t!("scan-test-good", ms = "{n}")) data-slow=(t!("scan-test-slow", ms = "{n}"))
                data-french=(t!("scan-test-french")) data-german=(t!("scan-test-german")) data-case=(t!("scan-test-case"))
                data-odd=(t!("scan-test-odd", keys = "{n}")) data-no-enter=(t!("scan-test-no-enter"));
            noscript { p .note { (t!("scan-test-off")) } }
            div #verdict role="status" {}
            h2 { (t!("scan-test-keys")) }
            ol #keys .log {}
        }
    });
    std::future::ready(page).await
}

//! Every page of the program, as data: who looks, which route it is, where it is.
//!
//! A page that `src/web/pages/mod.rs` registers and this list lacks fails [`nothing_is_left_out`].

use crate::addresses::Cases;
use crate::pages::NODES_MAX;

/// Where a page is.
#[derive(Clone, Copy)]
pub enum At {
    /// Here.
    Path(&'static str),
    /// Wherever the seeded laboratory has one.
    Found(fn(&Cases) -> Option<String>),
}

/// What is done on a page before it is looked at.
#[derive(Clone, Copy)]
pub enum Act {
    /// Writes into the field with this label.
    Fill(&'static str, &'static str),
    /// Presses the button with these words, which answers with another page.
    Press(&'static str),
}

#[derive(Clone, Copy)]
pub struct Page {
    /// A role, or `nobody`.
    pub who: &'static str,
    /// As registered in `src/web/pages/mod.rs`; empty for what is no route.
    pub route: &'static str,
    /// Unique; names its pictures.
    pub name: &'static str,
    pub at: At,
    pub acts: &'static [Act],
    /// The status of what is looked at in the end.
    pub status: u16,
    /// The cookie `lang`, if another language than the laboratory's.
    pub language: Option<&'static str>,
}

impl Page {
    const fn then(self, acts: &'static [Act], status: u16) -> Self {
        Self { acts, status, ..self }
    }

    const fn language(self, tag: &'static str) -> Self {
        Self { language: Some(tag), ..self }
    }

    const fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

const fn page(who: &'static str, route: &'static str, name: &'static str, at: At) -> Page {
    Page { who, route, name, at, acts: &[], status: 200, language: None }
}

/// A page without an identity in its address.
const fn at(who: &'static str, route: &'static str, name: &'static str) -> Page {
    page(who, route, name, At::Path(route))
}

use At::{Found, Path};

const CASE: &str = "/cases/{accession}";
const REPORT: &str = "/cases/{accession}/report";
const SIGNED: &str = "/cases/{accession}/reports/{number}";
const PART_STEP: &str = "/specimens/{label}/steps/{step}";
const ORDER: &str = "/orders/{id}";
const ORDER_STEP: &str = "/orders/{id}/steps/{step}";
const RESULT: &str = "/results/{id}";
const WORKLIST: &str = "/worklists/{department}";
const TRACK: &str = "/track/{accession}";
const TRACK_HISTORY: &str = "/track/{accession}/history";
const CHECK_IN: &str = "/cases/{accession}/check-in";
const CASE_LABELS: &str = "/cases/{accession}/labels";
const PART_LABEL: &str = "/specimens/{label}/label";
const VERSION: &str = "/catalogue/versions/{version}";

pub const PAGES: &[Page] = &[
    at("nobody", "/sign-in", "sign in"),
    at("nobody", "/sign-in", "sign in refused")
        .then(&[Act::Fill("Name", "nobody"), Act::Fill("Password", "x"), Act::Press("Sign in")], 403),
    page("nobody", "", "not found", Path("/nothing/here")).status(404),
    // The bench.
    at("tech", "/search", "search"),
    at("tech", "/search", "search found").then(&[Act::Fill("Label…", "Ö"), Act::Press("Find")], 200),
    at("tech", "/cases/new", "log a case"),
    at("tech", "/cases/new", "log a case refused").then(&[Act::Press("Log and print labels")], 422),
    at("tech", "/cases", "cases"),
    page("tech", CASE, "case in testing", Found(|c| Some(format!("/cases/{}", c.fullest("testing")?)))),
    page("tech", CASE, "case expected", Found(|c| Some(format!("/cases/{}", c.fullest("expected")?)))),
    page("tech", CASE, "case reported", Found(|c| Some(format!("/cases/{}", c.fullest("reported")?)))),
    page("tech", CASE, "case not found", Path("/cases/BM26-999999X")).status(404),
    at("tech", "/scan", "scan"),
    at("tech", "/scan", "scan refused").then(&[Act::Fill("Scan…", "BM26-999999X-A1"), Act::Press("Go")], 422),
    page("tech", "/scan", "scan expected", Found(|c| c.scanned("collected"))),
    page("tech", "/scan", "scan received", Found(|c| c.scanned("received"))),
    page("tech", "/scan", "scan accepted", Found(|c| c.scanned("accepted"))),
    page("tech", "/scan", "scan rejected", Found(|c| c.scanned("rejected"))),
    page("tech", PART_STEP, "part receive", Found(|c| c.part("receive"))),
    page("tech", PART_STEP, "part accept", Found(|c| c.part("accept"))),
    page("tech", PART_STEP, "part accept with caveat", Found(|c| c.part("accept_with_caveat"))),
    page("tech", PART_STEP, "part propose rejection", Found(|c| c.part("propose_rejection"))),
    page("tech", PART_STEP, "part aliquot", Found(|c| c.part("aliquot"))),
    page("tech", PART_STEP, "part collect", Found(|c| c.part("collect"))),
    page("tech", PART_STEP, "part refer out", Found(|c| c.part("refer_out"))),
    page("tech", PART_STEP, "part store", Found(|c| c.part("store"))),
    page("tech", PART_STEP, "part hold refused", Found(|c| c.part("hold"))).then(&[Act::Press("Put on hold")], 422),
    page("tech", WORKLIST, "worklist reception", Path("/worklists/RECEPTION")),
    page("tech", WORKLIST, "worklist flow", Path("/worklists/FLOW")),
    page("tech", WORKLIST, "worklist cytogenetics", Path("/worklists/KARYO")),
    page("tech", WORKLIST, "worklist molecular", Path("/worklists/MOLECULAR")),
    page("tech", WORKLIST, "worklist morphology", Path("/worklists/MORPHOLOGY")),
    page("tech", WORKLIST, "worklist histology", Path("/worklists/HISTOLOGY")),
    page("tech", ORDER, "order waiting", Found(|c| c.order("", "awaiting_specimen"))),
    page("tech", ORDER, "order ready", Found(|c| c.order("", "ready"))),
    page("tech", ORDER, "order final", Found(|c| c.order("", "final"))),
    page("tech", ORDER, "order with document", Found(Cases::documented)),
    page("tech", ORDER_STEP, "order start", Found(|c| c.order_step("start"))),
    page("tech", ORDER_STEP, "order advance", Found(|c| c.order_step("advance"))),
    page("tech", ORDER_STEP, "order fail", Found(|c| c.order_step("fail"))),
    page("tech", ORDER_STEP, "order refer out", Found(|c| c.order_step("refer_out"))),
    page("tech", ORDER_STEP, "order hold", Found(|c| c.order_step("hold"))),
    // A form for every shape of result.
    page("tech", ORDER, "enter morphology", Found(|c| c.result_form("MORPH"))),
    page("tech", ORDER, "enter iron", Found(|c| c.result_form("IRON"))),
    page("tech", ORDER, "enter histology", Found(|c| c.result_form("HIST"))),
    page("tech", ORDER, "enter flow", Found(|c| c.result_form("FLOW-AL"))),
    page("tech", ORDER, "enter mrd", Found(|c| c.result_form("FLOW-MRD"))),
    page("tech", ORDER, "enter karyotype", Found(|c| c.result_form("KARYO"))),
    page("tech", ORDER, "enter fish", Found(|c| c.result_form("FISH"))),
    page("tech", ORDER, "enter transcript", Found(|c| c.result_form("BCRABL"))),
    page("tech", ORDER, "enter genes", Found(|c| c.result_form("FLT3").or_else(|| c.result_form("MPN")))),
    page("tech", ORDER, "enter ngs", Found(|c| c.result_form("NGS"))),
    at("tech", "/recollections", "to take again"),
    at("tech", "/scan/commands", "command barcodes"),
    at("tech", "/scan/test", "scanner test"),
    page("tech", CHECK_IN, "check-in", Found(|c| Some(format!("/cases/{}/check-in", c.fullest("expected")?)))),
    page("tech", PART_LABEL, "label of a part", Found(|c| c.labelled())),
    page("tech", CASE_LABELS, "labels of a case", Found(|c| Some(format!("/cases/{}/labels", c.fullest("testing")?)))),
    at("tech", "/labels", "labels"),
    at("tech", "/storage", "storage"),
    page("tech", "/storage/{place}", "storage place", Path("/storage/FREEZER-80A")),
    at("tech", "/storage/discard", "storage discard"),
    at("tech", "/iscn", "iscn"),
    at("tech", "/iscn", "iscn read").then(&[Act::Fill("Karyotype…", "46,XX,t(9;22)(q34;q11.2)[20]")], 200),
    at("tech", "/views", "views"),
    // In the second language.
    at("nobody", "/sign-in", "sign in in German").language("de"),
    at("tech", "/scan", "scan in German").language("de"),
    page("tech", WORKLIST, "worklist in German", Path("/worklists/FLOW")).language("de"),
    page("hematologist", TRACK, "tracker in German", Found(|c| Some(format!("/track/{}", c.fullest("testing")?))))
        .language("de"),
    page("tech", CASE, "case in German", Found(|c| Some(format!("/cases/{}", c.fullest("testing")?)))).language("de"),
    page("tech", ORDER, "enter morphology in German", Found(|c| c.result_form("MORPH"))).language("de"),
    at("pathologist", "/sign", "to sign in German").language("de"),
    at("admin", "/users", "users in German").language("de"),
    page("nobody", "", "not found in German", Path("/nothing/here")).status(404).language("de"),
    // Who checks.
    at("supervisor", "/verify", "to verify"),
    page("supervisor", RESULT, "result to verify", Found(|c| c.result("", "draft"))),
    page("supervisor", RESULT, "result preliminary", Found(|c| c.result("", "preliminary"))),
    page("supervisor", RESULT, "result retracted", Found(|c| c.result("", "retracted"))),
    page("supervisor", RESULT, "result corrected", Found(|c| c.result("", "corrected"))),
    page("supervisor", RESULT, "result morphology", Found(|c| c.result("morphology", "final"))),
    page("supervisor", RESULT, "result flow", Found(|c| c.result("flow", "final"))),
    page("supervisor", RESULT, "result karyotype", Found(|c| c.result("karyotype", "final"))),
    page("supervisor", RESULT, "result fish", Found(|c| c.result("fish", "final"))),
    page("supervisor", RESULT, "result ngs", Found(|c| c.result("ngs", "final"))),
    page("supervisor", RESULT, "result histology", Found(|c| c.result("histology", "final"))),
    page("supervisor", RESULT, "result transcript", Found(|c| c.result("transcript", "final"))),
    page("supervisor", PART_STEP, "part reject", Found(|c| c.part("reject"))),
    page("supervisor", PART_STEP, "part enter in error", Found(|c| c.part("enter_in_error"))),
    page("supervisor", ORDER_STEP, "order cancel", Found(|c| c.order_step("cancel"))),
    page("supervisor", ORDER_STEP, "order not perform", Found(|c| c.order_step("not_perform"))),
    page("supervisor", CASE, "case with critical finding", Found(|c| Some(format!("/cases/{}", c.critical()?)))),
    // Who asks.
    at("hematologist", "/patients", "my patients"),
    page("hematologist", TRACK, "tracker in testing", Found(|c| Some(format!("/track/{}", c.fullest("testing")?)))),
    page("hematologist", TRACK, "tracker reported", Found(|c| Some(format!("/track/{}", c.fullest("reported")?)))),
    page(
        "hematologist",
        TRACK_HISTORY,
        "history",
        Found(|c| Some(format!("/track/{}/history", c.fullest("reported")?))),
    ),
    page("hematologist", "/patients/{id}", "patient through time", Found(|c| c.patient())),
    at("hematologist", "/notices", "notices"),
    at("hematologist", "/cases/new", "request a case"),
    page("hematologist", "/worklists/{department}", "forbidden", Path("/worklists/FLOW")).status(403),
    // Who signs.
    at("pathologist", "/sign", "to sign"),
    page("pathologist", REPORT, "report draft", Found(|c| Some(format!("/cases/{}/report", c.fullest("resulted")?)))),
    page("pathologist", REPORT, "report interim", Found(|c| Some(format!("/cases/{}/report", c.fullest("testing")?)))),
    page("pathologist", SIGNED, "report final", Found(|c| c.report("final"))),
    page("pathologist", SIGNED, "report preliminary", Found(|c| c.report("preliminary"))),
    page("pathologist", SIGNED, "report corrected", Found(|c| c.report("corrected"))),
    page("pathologist", SIGNED, "report void", Found(|c| c.report("void"))),
    // Who runs the place.
    at("admin", "/exports", "exports"),
    at("admin", "/turnaround", "turnaround"),
    page("admin", "/turnaround/orders", "turnaround orders", Path("/turnaround/orders?months=6")),
    at("admin", "/users", "users"),
    at("admin", "/users/new", "new user"),
    at("admin", "/users/new", "new user refused").then(&[Act::Press("Add a person")], 422),
    page("admin", "/users/{name}", "a user", Path("/users/t.nguyen")),
    at("admin", "/system", "system"),
    at("admin", "/journal", "journal veiled"),
    at("admin", "/catalogue", "catalogue"),
    at("admin", "/catalogue/versions", "catalogue versions"),
    page("admin", VERSION, "catalogue version", Path("/catalogue/versions/1")),
    at("admin", "/catalogue/edit", "catalogue edit"),
    page("auditor", "/catalogue", "catalogue containers", Path("/catalogue?section=containers")),
    at("auditor", "/journal", "journal"),
    page("auditor", "/journal", "journal checked", Path("/journal?check=1")),
    page("auditor", "/cases", "cases late", Path("/cases?late=1")),
];

/// Addresses that answer with something else than a page.
const NO_PAGES: &[(&str, &str)] = &[
    ("/", "on to somebody's first page"),
    ("/worklists", "on to the list of the bench"),
    ("/orders/{id}/newest", "on to the newest result"),
    ("/documents/{id}", "a file"),
    ("/alive", "an answer to a module: whether somebody is signed in"),
    ("/cases/{accession}/labels.zpl", "a file"),
    ("/specimens/{label}/label.zpl", "a file"),
    ("/exports/{id}/file", "a file"),
    ("/catalogue/versions/{version}/text", "a file"),
    ("/cases/{accession}/reports/{number}/pdf", "a file"),
];

/// Pages that may weigh more, and why: bytes of HTML, nodes.
pub const HEAVY: &[(&str, u64, u64, &str)] =
    &[("command barcodes", 90_000, NODES_MAX, "it is a sheet to print, and the bars of its barcodes are its weight")];

/// The GET routes, read out of the source: whatever `page("…"` and `form("…"` register.
fn registered() -> Vec<String> {
    let source = include_str!("../../src/web/pages/mod.rs");
    let mut all: Vec<String> = ["page(", "form("]
        .iter()
        .flat_map(|call| source.split(call).skip(1))
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next().map(str::to_owned))
        .collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn nothing_is_left_out() {
    let registered = registered();
    assert!(registered.len() > 15, "the routes are no longer read from src/web/pages/mod.rs: {registered:?}");
    let known = |route: &String| PAGES.iter().any(|p| p.route == route) || NO_PAGES.iter().any(|(r, _)| r == route);
    let missing: Vec<_> = registered.iter().filter(|r| !known(r)).collect();
    assert!(missing.is_empty(), "add these pages to tests/browser/list.rs: {missing:?}");
    let gone = PAGES.iter().map(|p| p.route).chain(NO_PAGES.iter().map(|(r, _)| *r));
    let gone: Vec<_> = gone.filter(|r| !r.is_empty() && !registered.iter().any(|x| x == r)).collect();
    assert!(gone.is_empty(), "no longer registered: {gone:?}");
    let mut names: Vec<_> = PAGES.iter().map(|p| p.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all, "two pages of the list have the same name");
    for (name, ..) in HEAVY {
        assert!(names.contains(name), "{name} is no page of the list");
    }
}

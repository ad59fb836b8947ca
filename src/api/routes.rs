//! The table of routes. A route is registered from its row and from nowhere else, so what has no row does not answer.

use actix_web::http::Method;
use actix_web::{Route, web};

use super::{
    cases, documents, exports, feed, imports, orders, recollections, reference, reports, results, search, specimens,
    worklists,
};

/// What a route asks of a token. Roles are checked by the laboratory, per command and per question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Nothing.
    Public,
    /// Looking.
    Look,
    /// Doing.
    Do,
    /// Taking figures and files.
    Export,
}

/// One row.
pub struct Row {
    /// `GET` or `POST`.
    pub verb: &'static str,
    /// Path below `/api/v1`.
    pub path: &'static str,
    /// What it asks.
    pub permission: Permission,
    /// The handler.
    pub handler: fn() -> Route,
}

impl Row {
    /// The method.
    pub fn method(&self) -> Method {
        if self.verb == "GET" { Method::GET } else { Method::POST }
    }

    /// The whole pattern.
    pub fn pattern(&self) -> String {
        format!("/api/v1{}", self.path)
    }
}

macro_rules! row {
    ($verb:ident $path:literal $permission:ident $handler:path) => {
        Row {
            verb: stringify!($verb),
            path: $path,
            permission: Permission::$permission,
            handler: || row!(@ $verb).to($handler),
        }
    };
    (@ GET) => { web::get() };
    (@ POST) => { web::post() };
}

/// Every route of the API.
pub const ROUTES: &[Row] = &[
    row!(POST "/cases" Do cases::post_case),
    row!(GET "/cases" Look cases::get_cases),
    row!(GET "/cases/{accession}" Look cases::get_case),
    row!(GET "/cases/{accession}/history" Look cases::get_history),
    row!(GET "/cases/{accession}/flags" Look cases::get_flags),
    row!(POST "/cases/{accession}/specimens" Do cases::post_specimen),
    row!(POST "/cases/{accession}/orders" Do cases::post_order),
    row!(POST "/cases/{accession}/sample-plan" Do cases::post_sample_plan),
    row!(POST "/cases/{accession}/calls" Do cases::post_call),
    row!(POST "/cases/{accession}/undo" Do cases::post_undo),
    row!(POST "/cases/{accession}/reports" Do reports::post_report),
    row!(GET "/cases/{accession}/reports/{number}" Look reports::get_report),
    row!(GET "/cases/{accession}/reports/{number}/pdf" Look reports::get_report_pdf),
    row!(POST "/specimens/transitions" Do specimens::post_many_transitions),
    row!(GET "/specimens/{label}" Look specimens::get_specimen),
    row!(GET "/specimens/{label}/history" Look specimens::get_history),
    // A label that leaves is a deed, and journaled: a token that only looks has no business with it.
    row!(GET "/specimens/{label}/label" Do specimens::get_label),
    row!(POST "/specimens/{label}/transitions" Do specimens::post_transition),
    row!(POST "/specimens/{label}/aliquots" Do specimens::post_aliquots),
    row!(GET "/orders/{id}" Look orders::get_order),
    row!(POST "/orders/{id}/transitions" Do orders::post_transition),
    row!(POST "/orders/{id}/results" Do orders::post_result),
    row!(POST "/orders/{id}/documents" Do documents::post_document),
    row!(GET "/documents/{id}" Look documents::get_document),
    row!(GET "/results/{id}" Look results::get_result),
    row!(POST "/results/{id}/release" Do results::post_release),
    row!(POST "/results/{id}/verify" Do results::post_verify),
    row!(POST "/results/{id}/correct" Do results::post_correct),
    row!(POST "/results/{id}/retract" Do results::post_retract),
    row!(POST "/imports/results/{assay}" Do imports::post_results),
    row!(GET "/worklists/{department}" Look worklists::get_worklist),
    row!(GET "/recollections" Look recollections::get_recollections),
    row!(GET "/patients/{id}/timeline" Look search::get_timeline),
    row!(POST "/search" Look search::post_search),
    row!(GET "/turnaround" Export exports::get_turnaround),
    row!(GET "/exports/{file}" Export exports::get_export),
    row!(GET "/events" Look feed::get_events),
    row!(GET "/live" Look feed::get_live),
    row!(GET "/state-machines" Look reference::get_state_machines),
    row!(GET "/catalogue" Look reference::get_catalogue),
];

//! The OpenAPI document, made from the handlers.

use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

use super::{
    cases, documents, exports, feed, health, imports, orders, recollections, reference, reports, results, search,
    specimens, worklists,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Trephine",
        description = "Bone marrow specimens, from the needle to the integrated report. Every error is a problem (RFC 9457). \
                       Single resources carry an ETag; a write to one needs If-Match. A POST may carry an Idempotency-Key.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        cases::post_case,
        cases::get_cases,
        cases::get_case,
        cases::get_history,
        cases::get_flags,
        cases::post_specimen,
        cases::post_order,
        cases::post_sample_plan,
        cases::post_call,
        cases::post_undo,
        reports::post_report,
        reports::get_report,
        reports::get_report_pdf,
        specimens::post_many_transitions,
        specimens::get_specimen,
        specimens::get_history,
        specimens::get_label,
        specimens::post_transition,
        specimens::post_aliquots,
        orders::get_order,
        orders::post_transition,
        orders::post_result,
        documents::post_document,
        documents::get_document,
        results::get_result,
        results::post_release,
        results::post_verify,
        results::post_correct,
        results::post_retract,
        imports::post_results,
        worklists::get_worklist,
        recollections::get_recollections,
        search::get_timeline,
        search::post_search,
        exports::get_turnaround,
        exports::get_export,
        feed::get_events,
        feed::get_live,
        reference::get_state_machines,
        reference::get_catalogue,
        health::get_live,
        health::get_ready,
    ),
    components(schemas(
        crate::domain::progress::Stage,
        crate::lab::questions::worklist::View,
        crate::lab::questions::worklist::WorkSort,
        crate::lab::questions::cases::CaseSort,
        crate::lab::questions::turnaround_months::Kept,
        crate::lab::questions::export_rows::Parts,
        crate::exchange::csv_out::Dialect,
        crate::api::specimens::LabelFormat,
        crate::domain::labeling::ReprintReason,
        crate::exchange::labels::zpl::Resolution,
        crate::lab::questions::export::Identifiers,
    ))
)]
struct Document;

/// The document.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    let scheme = SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).bearer_format("trp_…").build());
    let mut components = document.components.take().unwrap_or_default();
    components.security_schemes.insert("token".to_owned(), scheme.into());
    document.components = Some(components);
    document.security = Some(vec![utoipa::openapi::security::SecurityRequirement::new("token", Vec::<String>::new())]);
    document
}

/// The document as text.
pub fn text() -> String {
    // Made of literals and derived schemas; an empty document would fail the tests.
    document().to_pretty_json().unwrap_or_default()
}

//! A signed report as a printed file, for programs and for people.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};

use super::Problem;
use crate::store::StoreError;

/// What a printed version is called and told apart by.
pub struct Names {
    /// Its ETag.
    pub tag: String,
    /// Its `Content-Disposition`; nothing of the patient.
    pub disposition: String,
}

/// Prints on a thread that serves nobody, and answers with the PDF.
///
/// # Errors
/// A problem when it cannot be printed; the signed text is safe.
pub async fn printed<E: std::fmt::Display + Send + 'static>(
    names: Names,
    print: impl FnOnce() -> Result<Vec<u8>, E> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let pdf = web::block(print).await.map_err(|_| Problem::from(StoreError::Busy))?.map_err(|e| {
        tracing::error!(error = %e, "a signed report cannot be printed");
        let (title, detail) = ("The report cannot be printed", "Its text is safe; read it on its page or as JSON.");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "not-printable", title, detail)
    })?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::ETAG, names.tag))
        .insert_header((header::CONTENT_DISPOSITION, names.disposition))
        .body(pdf))
}

/// Only a signed version has a PDF.
pub fn not_signed() -> Problem {
    let detail = "Only a signed version has a PDF; sign it first.";
    Problem::new(StatusCode::CONFLICT, "not-signed", "This version was never signed", detail)
}

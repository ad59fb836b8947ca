//! `/documents`, and attaching one to an order. The body is the document itself, not JSON about it.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentDisposition};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest as _, Sha256};

use super::access::Caller;
use super::orders::id;
use super::reply::{Carry, carry_out, expected, key};
use crate::domain::decide::{Subject, hex};
use crate::domain::document::DOCUMENT_MAX;
use crate::domain::{Command, DocumentId, MediaType, NewDocument, OrderId, Target};
use crate::edge::Problem;
use crate::edge::attachment::attachment;
use crate::lab::questions::documents::DocumentView;

/// Attach the performing laboratory's original to an order that was sent out. The file's name travels in a header,
/// because it may name the patient and addresses are logged on the way.
#[utoipa::path(post, path = "/api/v1/orders/{id}/documents", tag = "orders",
    request_body(content = Vec<u8>, content_type = "application/octet-stream",
        description = "The document as it came, up to 10 MiB; Content-Type is one of application/pdf, text/plain, image/png, \
                       image/jpeg, application/hl7-v2"),
    params(("id" = Uuid, Path, description = "Order"),
        ("Content-Disposition" = String, Header, description = "`attachment; filename=\"report.pdf\"` (or `filename*`)"),
        ("If-Match" = String, Header, description = "ETag of the order")),
    responses((status = 201, body = DocumentView), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
        (status = 428, body = Problem)))]
pub async fn post_document(
    req: HttpRequest,
    caller: Caller,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let id = OrderId(id(&path)?);
    let (expect, key) = (expected(&req, true)?, key(&req)?);
    let media_type = media_type(&req)?;
    let name = file_name(&req)?;
    let bytes = body(&req, payload).await?;
    let new = NewDocument::new(name, media_type, &bytes);
    let mut hasher = Sha256::new();
    for piece in [req.method().as_str(), req.path(), new.file_name(), new.media_type().name(), new.sha256()] {
        hasher.update(piece.as_bytes());
        hasher.update([0]);
    }
    let carry = Carry {
        target: Target::Order(id),
        command: Command::AttachDocument(id, Box::new(new)),
        expect,
        hash: hex(&hasher.finalize()),
        key,
        status: StatusCode::CREATED,
        subject: Subject::Order(id),
        reauthenticated: false,
    };
    carry_out(&caller, carry).await
}

/// A document: exactly the bytes that were attached.
#[utoipa::path(get, path = "/api/v1/documents/{id}", tag = "orders", params(("id" = Uuid, Path, description = "Document")),
    responses((status = 200, description = "The bytes, under the media type they came with; the ETag is their SHA-256",
        content_type = "application/octet-stream", body = Vec<u8>), (status = 404, body = Problem)))]
pub async fn get_document(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let (document, bytes) = caller.lab.document(&caller.actor, DocumentId(id(&path)?)).await?;
    Ok(attachment(&document, bytes))
}

fn media_type(req: &HttpRequest) -> Result<MediaType, Problem> {
    let given = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    MediaType::parse(&essence).ok_or_else(|| {
        let known: Vec<_> = MediaType::ALL.iter().map(|t| t.name()).collect();
        Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not-a-document",
            "Documents of this type are not kept",
            format!("Send Content-Type: {}.", known.join(" or ")),
        )
    })
}

fn file_name(req: &HttpRequest) -> Result<String, Problem> {
    let Some(given) = req.headers().get(header::CONTENT_DISPOSITION) else {
        let how = "send Content-Disposition: attachment; filename=\"…\"";
        return Err(Problem::field("/file_name", "missing", how));
    };
    let read = ContentDisposition::from_raw(given).ok().and_then(|d| match d.get_filename_ext() {
        // RFC 8187 knows one encoding.
        Some(exact) => String::from_utf8(exact.value.clone()).ok(),
        None => d.get_filename().map(str::to_owned),
    });
    read.ok_or_else(|| {
        Problem::field(
            "/file_name",
            "malformed",
            "Content-Disposition says attachment; filename=\"…\", or filename*=UTF-8''…",
        )
    })
}

/// The whole body, up to what a document may have. The rest of the API keeps its small limit.
async fn body(req: &HttpRequest, payload: web::Payload) -> Result<Bytes, Problem> {
    let too_large = || {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "The document is too large",
            format!("At most {} MiB fit into one document.", DOCUMENT_MAX >> 20),
        )
    };
    // Said before the first byte is read, where the sender says how much is to come.
    let announced = req.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|n| n > DOCUMENT_MAX as u64) {
        return Err(too_large());
    }
    match payload.to_bytes_limited(DOCUMENT_MAX).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(super::json::broken_body()),
        Err(_) => Err(too_large()),
    }
}

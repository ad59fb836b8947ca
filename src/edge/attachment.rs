//! A kept file as an answer: exactly its bytes, for saving and never for running.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};

use crate::domain::Document;

/// A browser that shows it anyway runs nothing in it and fetches nothing for it.
const CSP: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// The bytes of a document, to be saved under its name.
pub fn attachment(document: &Document, bytes: Vec<u8>) -> HttpResponse {
    let mut res = HttpResponse::Ok();
    res.insert_header((header::CONTENT_TYPE, document.media_type.name()))
        .insert_header((header::CONTENT_SECURITY_POLICY, CSP));
    for (name, value) in [
        (header::CONTENT_DISPOSITION, disposition(&document.file_name)),
        (header::ETAG, format!("\"{}\"", document.sha256)),
    ] {
        // Both are plain ASCII by construction.
        if let Ok(value) = HeaderValue::from_str(&value) {
            res.insert_header((name, value));
        }
    }
    res.body(bytes)
}

/// RFC 6266 with the extended form of RFC 8187: any name travels, and none can end the header.
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' }).collect();
    let exact = name.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() || b"._-".contains(&b) {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
        out
    });
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn any_name_travels_and_none_ends_the_header() {
        assert_eq!(
            super::disposition("NGS \"é\"; x=1.pdf"),
            "attachment; filename=\"NGS ____ x_1.pdf\"; filename*=UTF-8''NGS%20%22%C3%A9%22%3B%20x%3D1.pdf"
        );
    }
}

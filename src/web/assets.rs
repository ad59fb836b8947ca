//! What a page loads: one stylesheet and small modules, kept by browsers for a year under a name that changes with them.

use std::sync::LazyLock;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, web};
use sha2::{Digest as _, Sha256};

use super::error::PageError;
use crate::domain::decide::hex;
use crate::edge::Problem;

/// One file that a page loads.
pub(crate) struct Asset {
    /// Its address, with a hash of what is in it.
    pub(crate) url: String,
    mime: &'static str,
    text: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, mime: &'static str, text: &'static str) -> Self {
        let hash = hex(&Sha256::digest(text.as_bytes()));
        Self { url: format!("/assets/{stem}-{}.{extension}", hash.get(..12).unwrap_or_default()), mime, text }
    }
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

pub(crate) static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("trephine", "css", "text/css; charset=utf-8", include_str!("assets/trephine.css")));
pub(crate) static SCAN: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("scan", "js", SCRIPT, include_str!("assets/scan.js")));
pub(crate) static PRINT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("print", "js", SCRIPT, include_str!("assets/print.js")));
pub(crate) static MARK: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("mark", "svg", "image/svg+xml", include_str!("assets/mark.svg")));

/// `GET /assets/{file}`
pub(crate) async fn get(file: web::Path<String>) -> Result<HttpResponse, PageError> {
    let wanted = format!("/assets/{file}");
    let all = [&*STYLE, &*SCAN, &*PRINT, &*MARK];
    let asset = std::future::ready(all.into_iter().find(|a| a.url == wanted)).await;
    let asset = asset.ok_or_else(Problem::not_found)?;
    let mut res = HttpResponse::Ok().content_type(asset.mime).body(asset.text);
    res.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_are_small_and_named_by_their_content() {
        assert!(STYLE.text.len() <= 40 * 1024, "{} bytes of CSS", STYLE.text.len());
        assert!(SCAN.text.lines().count() <= 150);
        assert!(STYLE.url.starts_with("/assets/trephine-") && STYLE.url.len() == "/assets/trephine-.css".len() + 12);
    }
}

//! What a page loads: one stylesheet and small modules. Their addresses carry a hash of all of them, so that browsers
//! keep them for a year, and a module can import its neighbor by name.

use std::sync::LazyLock;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, web};
use sha2::{Digest as _, Sha256};

use super::error::PageError;
use crate::domain::decide::hex;
use crate::edge::Problem;

macro_rules! files {
    ($($name:literal),+ $(,)?) => { &[$(($name, include_str!(concat!("assets/", $name)))),+] };
}

/// Every file that a page may load: name and text. `app.js` is on every page of somebody signed in and imports what
/// works everywhere; the others are loaded by the pages that need them.
const FILES: &[(&str, &str)] = files![
    "trephine.css",
    "mark.svg",
    "app.js",
    "dom.js",
    "live.js",
    "swap.js",
    "scan.js",
    "camera.js",
    "print.js",
    "tones.js",
    "clock.js",
    "bench.js",
    "probe.js",
    "bell.js",
    "drafts.js",
    "log.js",
    "check.js",
    "counter.js",
    "keys.js",
    "palette.js",
    "lock.js",
    "resume.js",
    "reveal.js",
];

/// A hash of everything that can be loaded.
static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = Sha256::new();
    for (name, text) in FILES {
        hasher.update(name.as_bytes());
        hasher.update(text.as_bytes());
    }
    hex(&hasher.finalize()).get(..12).unwrap_or_default().to_owned()
});

/// The address of a file.
pub(crate) fn url(name: &str) -> String {
    format!("/assets/{}/{name}", *HASH)
}

/// `GET /assets/{hash}/{file}`
pub(crate) async fn get(path: web::Path<(String, String)>) -> Result<HttpResponse, PageError> {
    let (hash, wanted) = path.into_inner();
    let found = FILES.iter().find(|(name, _)| hash == *HASH && *name == wanted);
    let (name, text) = std::future::ready(found).await.ok_or_else(Problem::not_found)?;
    let mime = match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some(_) | None => "image/svg+xml",
    };
    let mut res = HttpResponse::Ok().content_type(mime).body(*text);
    res.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_are_small_and_all_of_them_are_served() {
        let of = |kind: &'static str| FILES.iter().filter(move |(n, _)| n.rsplit('.').next() == Some(kind));
        let size = |kind| of(kind).map(|(_, text)| text.len()).sum::<usize>();
        assert!(size("css") <= 45 * 1024, "{} bytes of CSS", size("css"));
        assert!(size("js") <= 40 * 1024, "{} bytes of modules", size("js"));
        for (name, text) in of("js") {
            assert!(text.lines().count() <= 150, "{name} is longer than 150 lines");
        }
        let there = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/assets")).unwrap();
        let names: Vec<_> = there.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        for name in names.iter().filter(|n| *n != "sprite.svg") {
            assert!(FILES.iter().any(|(served, _)| served == name), "{name} is served nowhere");
        }
    }
}

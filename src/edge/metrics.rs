//! A few counters in the text format that Prometheus reads. No label holds anything about a patient.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

static REQUESTS: [AtomicU64; 5] = [const { AtomicU64::new(0) }; 5];
static TOOK_US: AtomicU64 = AtomicU64::new(0);

/// Counts an answer.
pub fn count(status: u16, took_us: u64) {
    if let Some(class) = usize::from(status / 100).checked_sub(1).and_then(|i| REQUESTS.get(i)) {
        class.fetch_add(1, Ordering::Relaxed);
    }
    TOOK_US.fetch_add(took_us, Ordering::Relaxed);
}

/// The counters as text; `journal` is the newest place in the journal.
pub fn text(journal: i64) -> String {
    let mut out = String::from("# TYPE trephine_http_requests_total counter\n");
    for (class, count) in (1..=5).zip(&REQUESTS) {
        let _ = writeln!(out, "trephine_http_requests_total{{class=\"{class}xx\"}} {}", count.load(Ordering::Relaxed));
    }
    let us = TOOK_US.load(Ordering::Relaxed);
    let _ = writeln!(out, "# TYPE trephine_http_request_seconds_sum counter");
    let _ = writeln!(out, "trephine_http_request_seconds_sum {}.{:06}", us / 1_000_000, us % 1_000_000);
    let _ = writeln!(out, "# TYPE trephine_journal_position gauge\ntrephine_journal_position {journal}");
    out
}

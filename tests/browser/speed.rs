//! The main pages of a laboratory with 10,000 cases, on a processor four times slower: the largest part of each is
//! painted within a second.
//!
//! A time in a test is an exception to the rule that times are for the benchmark: the gate asks for it. It measures
//! three loads of every page and takes the best, so that only a page that is always slow fails; it prints every figure.
//! Exact figures of the server are in `tests/bench/load.rs`.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use trephine::domain::{Command, Target};
use trephine::lab::execute::Ask;
use trephine::lab::{Ids, Lab, SystemClock};
use trephine::store::{OpenOptions, Store};

use crate::site::Site;
use crate::tab::Tab;

const CASES: usize = 10_000;
/// Commands of one transaction.
const BATCH: usize = 500;
const LCP_MAX_MS: f64 = 1000.0;

/// Who looks at what.
const PAGES: &[(&str, &str)] = &[
    ("tech", "/worklists/RECEPTION"),
    ("tech", "/worklists/FLOW"),
    ("tech", "/cases"),
    ("tech", "/cases/new"),
    ("tech", "/scan"),
    ("tech", "/recollections"),
    ("tech", "case in testing"),
    ("supervisor", "/verify"),
    ("hematologist", "/patients"),
    ("hematologist", "tracker in testing"),
    ("pathologist", "/sign"),
];

/// When the largest part of the page so far was painted, milliseconds after the address was asked for.
const LCP: &str = "new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
  .observe({ type: 'largest-contentful-paint', buffered: true }))";

fn case(n: usize, at: &str) -> Value {
    json!({
        "patient": { "mrn": format!("L{n}"), "family_name": format!("Load {n}"), "given_name": "Ada", "born": "1960-05-01" },
        "requester": "e.marlow", "indication": "MDS",
        "procedure": { "performed_at": at, "site": "PIC", "side": "left", "operator": "Dr B" },
        "specimens": [
            { "kind": "smear", "container": "SLIDE", "pull_number": 1 },
            { "kind": "aspirate", "container": "EDTA", "pull_number": 1, "volume_ul": 4000 },
            { "kind": "core", "container": "FORMALIN", "length_mm": 16, "fixed_at": at },
        ],
        "orders": "suggested"
    })
}

/// Logs the cases through the one door, many to a transaction, as an import does.
fn fill(url: &str) {
    let began = Instant::now();
    let store = Store::open(url, OpenOptions { exclusive: true, ..OpenOptions::default() }).unwrap();
    let lab = Lab::open(store, std::sync::Arc::new(SystemClock), Ids::random().unwrap()).unwrap();
    let tech = lab.user("t.nguyen").unwrap();
    let at = (lab.now() - chrono::Duration::hours(1)).to_rfc3339();
    for batch in 0..CASES / BATCH {
        let (tech, at) = (tech.clone(), at.clone());
        let work = move |door: &mut trephine::lab::execute::Door<'_, '_>| {
            for n in batch * BATCH..(batch + 1) * BATCH {
                let log = serde_json::from_value(case(n, &at)).unwrap();
                door.execute(&Ask::new(tech.clone(), Target::New, Command::LogCase(Box::new(log)), "speed"))?;
            }
            Ok(())
        };
        lab.batch("cases", work).unwrap();
        if batch % 5 == 4 {
            eprintln!("{} cases in {:.1} s", (batch + 1) * BATCH, began.elapsed().as_secs_f64());
        }
    }
    eprintln!("{CASES} cases in {:.1} s", began.elapsed().as_secs_f64());
}

#[test]
fn main_pages_are_painted_within_a_second() {
    let site = Site::start_with(fill);
    let mut slow = Vec::new();
    let mut tab: Option<(&str, Tab)> = None;
    for (who, at) in PAGES {
        let (_, tab) = match tab.take() {
            Some(open) if open.0 == *who => tab.insert(open),
            _ => tab.insert((*who, Tab::open(&site, who))),
        };
        let path = site.seed.addresses.get(*at).map_or(*at, String::as_str);
        tab.chrome.call("Emulation.setCPUThrottlingRate", json!({ "rate": 4 }));
        let mut took: Vec<f64> = (0..3)
            .map(|_| {
                tab.go(path);
                assert_eq!(tab.status, 200, "{path}");
                std::thread::sleep(Duration::from_millis(300));
                tab.eval(LCP).as_f64().unwrap()
            })
            .collect();
        took.sort_by(f64::total_cmp);
        eprintln!("{at:<24} LCP {:.0} ms, best of {took:.0?}", took[0]);
        if took[0] > LCP_MAX_MS {
            slow.push(format!("{at}: {:.0} ms, more than {LCP_MAX_MS}", took[0]));
        }
    }
    assert!(slow.is_empty(), "at {CASES} cases: {}", slow.join("; "));
}

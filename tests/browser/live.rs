//! Somebody else changes something, and an open page shows it by itself within a second.
//!
//! The page shows it by its line to the server (`/live`): parts with an id inside `[data-live]` are replaced.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::site::Site;
use crate::tab::Tab;

const SOON: Duration = Duration::from_secs(1);

/// How often a test may find the machine busy with something else before it is the program that is late.
const TRIES: usize = 3;

/// Keeps the document that is shown apart from any later one.
const MARK: &str = "globalThis.__here = true";

/// Changes something and waits until the page says so, in the same document; how long that took.
fn seen_after(tab: &mut Tab, says: &str, change: impl FnOnce()) -> Duration {
    assert!(!tab.text().contains(says), "the page says “{says}” before anything happened");
    tab.eval(MARK);
    change();
    let began = Instant::now();
    tab.says(says);
    let took = began.elapsed();
    assert_eq!(tab.eval("globalThis.__here"), true, "the page was loaded again, not changed");
    took
}

fn open(site: &Site, who: &str, path: &str) -> Tab {
    let mut tab = Tab::open(site, who);
    tab.go(path);
    tab.until("the line to the server", |tab| tab.listens().then_some(()));
    tab
}

#[test]
fn a_worklist_shows_what_arrives() {
    let site = Site::start();
    let mut best = Duration::MAX;
    let tech = site.api("tech");
    let mut tab = open(&site, "tech", "/worklists/RECEPTION");
    for n in 0..TRIES {
        let name = format!("LIVELY {n}");
        let case = json!({
            "patient": { "mrn": format!("H90{n}"), "family_name": name, "given_name": "Ada" },
            "requester": "e.marlow", "indication": "APL-SUSPECT", "urgency": "urgent",
            "procedure": { "performed_at": lately(), "site": "PIC", "side": "left" },
            "specimens": [{ "kind": "aspirate", "container": "EDTA", "pull_number": 1, "volume_ul": 4000 }],
            "orders": "suggested"
        });
        let log = || drop(tech.post("/api/v1/cases", &case).expect(201));
        best = best.min(seen_after(&mut tab, &name, log));
        if best <= SOON {
            break;
        }
    }
    eprintln!("a worklist showed a new case after {} ms", best.as_millis());
    assert!(best <= SOON, "a new case was on the worklist after {best:?} at best");
}

#[test]
fn a_tracker_shows_a_result() {
    let site = Site::start();
    let result = site.seed.addresses["result to verify"].clone();
    let api = site.api("supervisor");
    let resource = format!("/api/v1{result}");
    let told = api.get(&resource).expect(200).json();
    let accession = told["accession"].as_str().unwrap();
    let mut tab = open(&site, "pathologist", &format!("/track/{accession}"));
    let summary = told["summary"].as_str().unwrap().to_owned();
    // What is not told anew stays the element that it was, with whatever somebody does in it.
    tab.eval("globalThis.__kept = [...document.querySelectorAll('#tocome .assay[id], #samples li[id]')]; true");
    let took = seen_after(&mut tab, &summary, || {
        drop(api.post_current(&resource, &format!("{resource}/verify"), &json!({})).expect(200));
    });
    let kept = tab.eval("__kept.filter((e) => e.isConnected).length");
    assert!(kept.as_u64() >= Some(2), "{kept} parts of the page stayed");
    eprintln!("a tracker showed a verified result after {} ms", took.as_millis());
    assert!(took <= SOON, "a verified result was on the tracker after {took:?}");
}

/// What a line sends at once of a page (`reference/ux.md` §2.3), bytes.
const PATCH_MAX: u64 = 2048;

#[test]
fn what_a_tracker_is_sent_is_small() {
    let site = Site::start();
    let mut tab = Tab::open(&site, "hematologist");
    let mut heavy = Vec::new();
    for page in ["tracker in testing", "tracker reported"] {
        let address = site.seed.addresses[page].clone();
        tab.go(&address);
        let weigh = format!(
            "new Promise((done) => {{
                const line = new EventSource('/live?of={address}');
                const parts = [];
                line.addEventListener('part', ({{ data }}) => parts.push([
                    new DOMParser().parseFromString(data, 'text/html').body.firstElementChild.id,
                    new TextEncoder().encode(data).length,
                ]));
                setTimeout(() => {{ line.close(); done(parts); }}, 1500);
            }})"
        );
        let parts = tab.eval(&weigh);
        let parts: Vec<(String, u64)> = serde_json::from_value(parts).unwrap();
        assert!(parts.len() > 8, "{page} is sent in {} parts", parts.len());
        let all: u64 = parts.iter().map(|(_, bytes)| bytes).sum();
        let largest = parts.iter().max_by_key(|(_, bytes)| bytes).unwrap();
        eprintln!("{page}: {} parts, {all} bytes; the largest, {}, is {} bytes", parts.len(), largest.0, largest.1);
        heavy.extend(parts.into_iter().filter(|(_, bytes)| *bytes > PATCH_MAX));
    }
    assert!(heavy.is_empty(), "more than {PATCH_MAX} bytes: {heavy:?}");
}

/// Half an hour ago.
fn lately() -> String {
    (chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()) - chrono::Duration::minutes(30)).to_rfc3339()
}

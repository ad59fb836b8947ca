//! A tube arrives: it is scanned, received and accepted; and twenty of them at once.

use serde_json::{Value, json};

use crate::hand::{Hand, User};
use crate::site::Site;

mod one {
    crate::by_both_hands!(super::scan_and_step);
}

mod twenty {
    crate::by_both_hands!(super::receive_twenty);
}

fn scan_and_step(hand: Hand) {
    let site = Site::start();
    let at = &site.seed.addresses["scan expected"];
    let label = at.rsplit_once('=').unwrap().1.to_owned();
    let mut user = User::at_home(&site, "tech", hand);
    user.press("link", "Scan");
    user.arrives("What a scan does");
    user.fill("Scan…", &label);
    user.press("button", "Go");
    user.sees(&label);
    user.press("button", "Receive…");
    user.sees("Received.");
    user.press("button", "Undo…");
    user.sees("Undone. The journal keeps both.");
    user.press("button", "Receive…");
    user.sees("Received.");
    user.press("button", "Both identifiers match: accept…");
    user.sees("Accepted.");
    user.effort("a tube is looked up, received, taken back, received and accepted");

    let part = site.api("tech").get(&format!("/api/v1/specimens/{label}")).expect(200).json();
    assert_eq!(part["state"], "accepted", "{part}");
}

/// The labels of this many tubes that are on their way, five to a case.
fn tubes(site: &Site, count: usize) -> Vec<String> {
    let lately = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()) - chrono::Duration::minutes(30);
    let parts: Vec<Value> = (1..=5)
        .map(|pull| json!({ "kind": "aspirate", "container": "EDTA", "pull_number": pull, "volume_ul": 3000 }))
        .collect();
    let logged = (0..count.div_ceil(5)).map(|n| {
        let case = json!({
            "patient": { "mrn": format!("H80{n}"), "family_name": format!("Tubes {n}"), "given_name": "Ada" },
            "requester": "e.marlow", "indication": "MDS",
            "procedure": { "performed_at": lately.to_rfc3339(), "site": "PIC", "side": "left" },
            "specimens": parts, "orders": "suggested"
        });
        site.api("tech").post("/api/v1/cases", &case).expect(201).json()
    });
    let labels = logged.flat_map(|case| case["specimens"].as_array().unwrap().clone());
    labels.map(|s| s["label"].as_str().unwrap().to_owned()).take(count).collect()
}

fn receive_twenty(hand: Hand) {
    let site = Site::start();
    let labels = tubes(&site, 20);
    let mut user = User::at_home(&site, "tech", hand);
    user.to_the_scan_field();
    user.scans("CMD-RECEIVE");
    user.sees("From now on each scan receives at once.");
    user.tick("How it arrived", "Ambient");
    user.to_the_scan_field();
    for label in &labels {
        user.scans(label);
        // The list below knows the label too; the card is what the scan came to.
        user.tab.until("the card", |tab| {
            let shown = tab.try_eval("document.getElementById('hit')?.dataset.label").ok()?;
            (shown == label.as_str()).then_some(())
        });
        user.sees(label);
    }
    user.effort("twenty tubes are received");
    user.tab.until("all to be received", |_| {
        let state = |label: &String| site.api("tech").get(&format!("/api/v1/specimens/{label}")).expect(200).json();
        labels.iter().all(|label| state(label)["state"] == "received").then_some(())
    });
}

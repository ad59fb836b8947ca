//! Somebody asks where a patient's marrow is.

use crate::hand::{Hand, User};
use crate::site::Site;

crate::by_both_hands!(where_is_it);

fn where_is_it(hand: Hand) {
    let site = Site::start();
    let cases = site.api("hematologist").get("/api/v1/cases?limit=200").expect(200).json();
    let cases = cases["items"].as_array().unwrap();
    let once = |c: &&serde_json::Value| {
        c["progress"]["stage"] != "reported" && cases.iter().filter(|other| other["mrn"] == c["mrn"]).count() == 1
    };
    let case = cases.iter().find(once).expect("a patient with one case that is open");
    let mut user = User::at_home(&site, "hematologist", hand);
    user.finds(case["mrn"].as_str().unwrap());
    user.arrives(case["accession"].as_str().unwrap());
    let answer = user.tab.eval("document.querySelector('h1')?.innerText ?? ''");
    assert!(answer.as_str().is_some_and(|a| a.len() > 20), "no answer: {answer}");
    user.effort("where it is, by record number");
}

//! Many at once: one wins, the others are told, and what is kept adds up to the microliter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Barrier;

use serde_json::{Value, json};
use trephine::domain::{Accession, Role, SpecimenState};

use crate::machines::{House, journal_since, on_both_engines, report_text};
use crate::support::{Engine, Reply, Token};

on_both_engines!(
    of_sixty_four_who_saw_the_same_version_one_wins,
    numbers_given_out_at_once_are_unique_and_without_a_gap,
    no_more_is_taken_from_a_part_than_there_is,
    what_may_be_there_once_is_there_once,
);

/// All at the same moment; the answers in the order of the callers.
fn at_once<'s>(count: usize, call: impl Fn(usize) -> Reply + Sync + 's) -> Vec<Reply> {
    let barrier = Barrier::new(count);
    let (barrier, call) = (&barrier, &call);
    std::thread::scope(|s| {
        let all: Vec<_> = (0..count)
            .map(|i| {
                s.spawn(move || {
                    barrier.wait();
                    call(i)
                })
            })
            .collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    })
}

fn statuses(replies: &[Reply]) -> BTreeMap<u16, usize> {
    let mut all = BTreeMap::new();
    for reply in replies {
        *all.entry(reply.status).or_default() += 1;
    }
    all
}

/// How many said that.
fn count(replies: &[Reply], status: u16) -> usize {
    replies.iter().filter(|r| r.status == status).count()
}

fn of_sixty_four_who_saw_the_same_version_one_wins(engine: Engine) {
    let house = House::open(engine);
    let label = house.part(SpecimenState::Accepted);
    let resource = format!("/api/v1/specimens/{label}");
    let people = [&house.staff.supervisor, &house.staff.supervisor2];
    for round in 0..20 {
        let now = people[0].get(&resource).expect(200);
        let etag = now.etag.clone().unwrap();
        let journal = house.server.journal();
        let replies = at_once(64, |i| {
            let body = match (now.json()["state"].as_str().unwrap(), i % 3) {
                ("accepted", 0) => json!({ "transition": "hold", "note": format!("{round}.{i}?"), "told": "x" }),
                ("accepted", 1) => json!({ "transition": "start", "location": format!("Bench {i}") }),
                ("accepted", _) => json!({ "transition": "store", "location": format!("Fridge {i}") }),
                ("on_hold", _) => json!({ "transition": "resolve", "note": format!("{round}.{i}") }),
                ("in_process", _) => json!({ "transition": "store", "location": format!("Fridge {i}") }),
                ("stored", 0) => json!({ "transition": "start", "location": format!("Bench {i}") }),
                ("stored", _) => {
                    json!({ "transition": "refer_out", "laboratory": "x", "test": "y", "expected_on": "2026-03-20" })
                }
                ("referred_out", _) => {
                    json!({ "transition": "return_from_referral", "location": format!("Fridge {i}") })
                }
                (other, _) => panic!("{other}"),
            };
            people[i % 2].post_with(&format!("{resource}/transitions"), &body, &[("if-match", &etag)])
        });
        let all = statuses(&replies);
        assert_eq!(all.get(&200), Some(&1), "round {round}: {all:?}");
        assert!(all.keys().all(|s| matches!(s, 200 | 409 | 412)), "round {round}: {all:?}");
        let winner = replies.iter().find(|r| r.status == 200).unwrap();
        let after = people[0].get(&resource);
        assert_eq!(after.etag, winner.etag);
        assert_eq!(after.json()["location"], winner.json()["location"]);
        // Losers are shown what the winner made of it.
        for loser in replies.iter().filter(|r| r.status == 412) {
            assert_eq!(loser.json()["current"]["version"], winner.json()["version"], "{}", loser.text);
        }
        let written = journal_since(&house, journal);
        assert_eq!(written.len(), 1, "round {round}: {written:?}");
    }
    house.server.assert_verified();
}

fn numbers_given_out_at_once_are_unique_and_without_a_gap(engine: Engine) {
    let house = House::open(engine);
    let shared = house.case(&json!([]))["patient"].clone();
    let refused = at_once(64, |i| {
        let who = [&house.staff.tech, &house.staff.tech2, &house.staff.interface][i % 3];
        let mut last = None;
        for round in 0..5 {
            let mut body = house.case(&json!(["NGS-MYE", "FLOW-LPD"]));
            // A new patient whom many register at once is one patient.
            if i % 4 == 0 {
                body["patient"] = shared.clone();
            }
            let reply = who.post("/api/v1/cases", &body);
            assert_eq!(reply.status, 201, "client {i}, round {round}: {}", reply.text);
            // A refused one in between takes no number.
            body["indication"] = json!("NOPE");
            last = Some(who.post("/api/v1/cases", &body));
        }
        last.unwrap()
    });
    assert_eq!(statuses(&refused), BTreeMap::from([(422, 64)]));
    let mut numbers = BTreeSet::new();
    let mut patients = BTreeSet::new();
    let mut path = "/api/v1/cases?limit=200".to_owned();
    loop {
        let page = house.staff.auditor.get(&path).expect(200).json();
        for case in page["items"].as_array().unwrap() {
            let accession = Accession::parse(case["accession"].as_str().unwrap()).expect("a valid check character");
            assert_eq!(accession.year(), 26);
            assert!(numbers.insert(accession.number()), "{accession} twice");
            patients.insert(case["mrn"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/cases?limit=200&cursor={next}");
    }
    assert_eq!(numbers, (1..=320).collect::<BTreeSet<u32>>());
    assert_eq!(patients.len(), 48 * 5 + 1);
    house.server.assert_verified();
}

fn no_more_is_taken_from_a_part_than_there_is(engine: Engine) {
    let house = House::open(engine);
    let tech = &house.staff.tech;
    let anyhow = [("if-match", "*")];
    for amount in [500_u32, 700, 3_000] {
        let label = house.part(SpecimenState::InProcess);
        let path = format!("/api/v1/specimens/{label}/aliquots");
        let body = json!({ "children": [{ "kind": "aspirate", "container": "EDTA", "volume_ul": amount }] });
        let replies = at_once(16, |_| tech.post_with(&path, &body, &anyhow));
        let fit = usize::try_from(3_000 / amount).unwrap();
        assert_eq!(statuses(&replies), BTreeMap::from([(201, fit), (422, 16 - fit)]), "{amount}");
        for refused in replies.iter().filter(|r| r.status == 422) {
            assert_eq!(refused.json()["errors"][0]["code"], "not_enough", "{}", refused.text);
        }
        let part = tech.get(&format!("/api/v1/specimens/{label}")).json();
        let taken = amount * u32::try_from(fit).unwrap();
        assert_eq!(part["volume"]["children_ul"], taken);
        assert_eq!(part["remaining_ul"], 3_000 - taken);
        let labels: BTreeSet<String> = replies
            .iter()
            .filter(|r| r.status == 201)
            .map(|r| r.json()["specimens"][0]["label"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(labels, (1..=fit).map(|n| format!("{label}-{n}")).collect());
    }

    // Splitting and setting up at once, from the same tube.
    let assays = ["NGS-MYE", "FLOW-LPD", "FISH-LYM", "CLONAL"];
    let case = house.log(&house.case(&json!(assays)));
    let label = case["specimens"][0]["label"].as_str().unwrap();
    for step in [
        json!({ "transition": "receive", "temperature": "ambient" }),
        json!({ "transition": "accept" }),
        json!({ "transition": "start", "location": "Bench 1" }),
    ] {
        tech.step(label, &step).expect(200);
    }
    let replies = at_once(16, |i| {
        if let Some(order) = case["orders"].get(i) {
            let path = format!("/api/v1/orders/{}/transitions", order["id"].as_str().unwrap());
            // `specimen` names it, so that an order that was moved to a child meanwhile asks for the same tube.
            return tech.post_with(
                &path,
                &json!({ "transition": "start", "specimen": label, "used_ul": 700 }),
                &anyhow,
            );
        }
        let body = json!({ "children": [{ "kind": "aspirate", "container": "EDTA", "volume_ul": 450 }] });
        tech.post_with(&format!("/api/v1/specimens/{label}/aliquots"), &body, &anyhow)
    });
    let (set_up, split) = (count(&replies[..4], 200), count(&replies[4..], 201));
    for reply in &replies {
        assert!(matches!(reply.status, 200 | 201 | 409 | 422), "{}", reply.text);
    }
    let part = tech.get(&format!("/api/v1/specimens/{label}")).json();
    assert_eq!(part["volume"]["used_ul"], 700 * set_up);
    assert_eq!(part["volume"]["children_ul"], 450 * split);
    let left = 3_000 - 700 * set_up - 450 * split;
    assert_eq!(part["remaining_ul"], left);
    assert!(left < 700, "somebody was refused while there was enough: {left}");
    house.server.assert_verified();
}

/// Adding takes no version, so the rules themselves must hold under a race.
fn what_may_be_there_once_is_there_once(engine: Engine) {
    let house = House::open(engine);
    let staff = &house.staff;
    let case = house.log(&house.case(&json!(["NGS-MYE"])));
    let accession = case["accession"].as_str().unwrap();
    let base = format!("/api/v1/cases/{accession}");

    let once = |replies: &[Reply], rule: &str| {
        assert_eq!(statuses(replies), BTreeMap::from([(201, 1), (409, replies.len() - 1)]), "{rule}");
        for refused in replies.iter().filter(|r| r.status == 409) {
            let body = refused.json();
            assert!(body["rule"] == rule || refused.problem() == rule, "{}", refused.text);
        }
    };
    // One order of an assay.
    once(&at_once(16, |_| staff.tech.post(&format!("{base}/orders"), &json!({ "assay": "KARYO" }))), "already_open");
    // One draft of the report, by however many pathologists.
    let doctors: Vec<Token> = (0..4).map(|i| house.server.token(&format!("doc.{i}"), &[Role::Pathologist])).collect();
    let draft = json!({ "action": "draft", "text": report_text("preliminary") });
    once(&at_once(16, |i| doctors[i % 4].post(&format!("{base}/reports"), &draft)), "draft_open");
    // One case of a sender's reference.
    let replies = at_once(16, |_| {
        let mut body = house.case(&json!([]));
        body["external_ref"] = json!("HIS-1");
        staff.interface.post("/api/v1/cases", &body)
    });
    once(&replies, "already-logged");
    // Every part gets a label of its own, numbered without a gap.
    let part = json!({ "kind": "aspirate", "container": "NAHEP", "pull_number": 2, "volume_ul": 1000, "collected_at": "2026-03-04T08:40:00Z" });
    let replies = at_once(16, |_| staff.tech.post(&format!("{base}/specimens"), &part));
    assert_eq!(statuses(&replies), BTreeMap::from([(201, 16)]));
    let labels: BTreeSet<String> = replies.iter().map(|r| r.json()["label"].as_str().unwrap().to_owned()).collect();
    assert_eq!(labels, (2..=17).map(|n| format!("{accession}-A{n}")).collect());
    // Two who entered nothing verify at once: one of them did it.
    let result = house.draft();
    let path = format!("/api/v1/results/{result}/verify");
    let replies = at_once(16, |i| doctors[i % 4].post_with(&path, &json!({}), &[("if-match", "*")]));
    assert_eq!(statuses(&replies), BTreeMap::from([(200, 1), (409, 15)]));
    let now: Value = staff.tech.get(&format!("/api/v1/results/{result}")).json();
    let winner = replies.iter().find(|r| r.status == 200).unwrap().json();
    assert_eq!(now["verified_by"], winner["verified_by"]);
    house.server.assert_verified();
}

//! Many at once: one wins, the others are told, and what is kept adds up to the microliter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};
use trephine::domain::{Accession, Role, SpecimenState};

use crate::machines::{House, journal_since, on_both_engines, report_text};
use crate::support::{Engine, Reply, Token};

on_both_engines!(
    a_clock_that_was_set_back_stops_nobody_and_leaves_a_clean_verdict,
    a_verdict_in_the_middle_of_the_rush_is_clean,
    who_follows_the_feed_misses_nothing_while_many_write,
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

/// Writes at random about parts of different cases until told to stop; how many writes were acknowledged.
fn rush(house: &House, labels: &[String], stop: &AtomicBool) -> usize {
    let written = AtomicUsize::new(0);
    let count = &written;
    std::thread::scope(|s| {
        for label in labels {
            s.spawn(move || {
                let path = format!("/api/v1/specimens/{label}/transitions");
                let mut turn = 0;
                while !stop.load(Ordering::Relaxed) {
                    let body = match turn % 2 {
                        0 => json!({ "transition": "hold", "note": format!("{turn}?"), "told": "x" }),
                        _ => json!({ "transition": "resolve", "note": format!("{turn}") }),
                    };
                    house.staff.supervisor.post_with(&path, &body, &[("if-match", "*")]).expect(200);
                    count.fetch_add(1, Ordering::Relaxed);
                    turn += 1;
                }
            });
        }
    });
    written.into_inner()
}

/// An interface that remembers the last position it saw and asks for what came after it.
fn who_follows_the_feed_misses_nothing_while_many_write(engine: Engine) {
    let house = House::open(engine);
    let labels: Vec<String> = (0..12).map(|_| house.part(SpecimenState::Accepted)).collect();
    let begin = house.server.journal();
    let stop = AtomicBool::new(false);
    let (written, mut seen, mut after) = std::thread::scope(|s| {
        let writers = s.spawn(|| rush(&house, &labels, &stop));
        let (mut seen, mut after) = (Vec::new(), begin);
        let until = std::time::Instant::now() + std::time::Duration::from_secs(4);
        while std::time::Instant::now() < until {
            let page = house.staff.interface.get(&format!("/api/v1/events?after={after}&limit=20")).expect(200).json();
            for entry in page["items"].as_array().unwrap() {
                after = entry["position"].as_i64().unwrap();
                seen.push(after);
            }
        }
        stop.store(true, Ordering::Relaxed);
        (writers.join().unwrap(), seen, after)
    });
    let all: BTreeSet<i64> = journal_since(&house, begin).iter().map(|e| e["position"].as_i64().unwrap()).collect();
    assert_eq!(all.len(), written);
    // What is still to come, to the end: a feed may hold back for a moment what could be overtaken.
    while after < *all.last().unwrap() {
        let page = house.staff.interface.get(&format!("/api/v1/events?after={after}&limit=200")).expect(200).json();
        for entry in page["items"].as_array().unwrap() {
            after = entry["position"].as_i64().unwrap();
            seen.push(after);
        }
    }
    assert!(seen.is_sorted(), "out of order");
    let missed: Vec<_> = all.iter().filter(|p| !seen.contains(p)).collect();
    assert!(missed.is_empty(), "{} of {} entries never reached the follower: {missed:?}", missed.len(), all.len());
}

fn a_verdict_in_the_middle_of_the_rush_is_clean(engine: Engine) {
    let house = House::open(engine);
    let labels: Vec<String> = (0..6).map(|_| house.part(SpecimenState::Accepted)).collect();
    let stop = AtomicBool::new(false);
    std::thread::scope(|s| {
        s.spawn(|| rush(&house, &labels, &stop));
        s.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                house.log(&house.case(&json!(["NGS-MYE"])));
            }
        });
        let begin = house.server.journal();
        let verdicts: Vec<_> = (0..6).map(|_| house.server.lab.verify()).collect();
        stop.store(true, Ordering::Relaxed);
        assert!(house.server.journal() > begin, "nobody wrote meanwhile");
        for verdict in verdicts {
            let verdict = verdict.unwrap();
            assert!(verdict.is_clean(), "{:#?}", verdict.findings);
        }
    });
    house.server.assert_verified();
}

/// A second server over the same PostgreSQL database, as a second machine would run it.
struct Node {
    lab: trephine::lab::Lab,
    base: String,
    stop: actix_web::dev::ServerHandle,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Node {
    fn start(house: &House) -> Self {
        use trephine::lab::{Ids, Lab};
        use trephine::store::{OpenOptions, Store};
        let store =
            Store::open(&house.server.engine.url, OpenOptions { migrate: true, ..OpenOptions::default() }).unwrap();
        let lab = Lab::open(store, house.server.clock.clone(), Ids::random().unwrap()).unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (tell, told) = std::sync::mpsc::channel();
        let served = lab.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let settings = trephine::web::Settings::default();
                let server = trephine::cli::serve::server(served, listener, settings).unwrap();
                tell.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Self { lab, base, stop: told.recv().unwrap(), thread: Some(thread) }
    }

    /// The same key, shown to this node.
    fn of(&self, token: &Token) -> Token {
        Token { base: self.base.clone(), secret: token.secret.clone() }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.stop.stop(false));
        drop(self.thread.take().map(std::thread::JoinHandle::join));
    }
}

#[test]
fn two_nodes_on_one_database_are_one_laboratory() {
    let Some(engine) = Engine::postgres() else { return };
    let house = House::open(engine);
    let node = Node::start(&house);
    let tech = [house.staff.tech.clone(), node.of(&house.staff.tech)];
    let senior = [house.staff.supervisor.clone(), node.of(&house.staff.supervisor)];

    // One winner, wherever the others knock.
    let label = house.part(SpecimenState::Accepted);
    let resource = format!("/api/v1/specimens/{label}");
    for round in 0..10 {
        let step = if round % 2 == 0 { "hold" } else { "resolve" };
        let etag = senior[1].get(&resource).etag.unwrap();
        let replies = at_once(32, |i| {
            let body = json!({ "transition": step, "note": format!("{round}.{i}"), "told": "x" });
            let body = if step == "hold" { body } else { json!({ "transition": step, "note": format!("{i}") }) };
            senior[i % 2].post_with(&format!("{resource}/transitions"), &body, &[("if-match", &etag)])
        });
        let odd: Vec<&str> =
            replies.iter().filter(|r| !matches!(r.status, 200 | 412)).map(|r| r.text.as_str()).collect();
        assert_eq!(statuses(&replies), BTreeMap::from([(200, 1), (412, 31)]), "round {round}: {odd:?}");
        assert_eq!(senior[0].get(&resource).json(), senior[1].get(&resource).json());
    }
    // One case for one key, and one row of numbers.
    let body = house.case(&json!(["NGS-MYE"]));
    let same = at_once(32, |i| tech[i % 2].post_with("/api/v1/cases", &body, &[("idempotency-key", "both")]));
    assert_eq!(statuses(&same), BTreeMap::from([(201, 32)]));
    assert!(same.iter().all(|r| r.text == same[0].text));
    let replies = at_once(32, |i| tech[i % 2].post("/api/v1/cases", &house.case(&json!(["NGS-MYE"]))));
    let numbers: BTreeSet<u32> = replies
        .iter()
        .map(|r| {
            Accession::parse(r.json()["accession"].as_str().unwrap_or_else(|| panic!("{}", r.text))).unwrap().number()
        })
        .collect();
    assert_eq!(numbers, (3..=34).collect());
    // A hold lapses once, although both nodes look at the clock.
    let held: Vec<String> = (0..8)
        .map(|_| {
            let id = house.order(trephine::domain::OrderState::AwaitingSpecimen);
            let hold = json!({ "transition": "hold", "policy": "auto_cancel", "deadline": "2026-03-04T10:00:00Z" });
            house.staff.tech.order_step(&id, &hold).expect(200);
            id
        })
        .collect();
    house.server.at("2026-03-04T10:30:00Z");
    let fired: usize = std::thread::scope(|s| {
        let one = s.spawn(|| house.server.lab.tick().unwrap().holds);
        let two = s.spawn(|| node.lab.tick().unwrap().holds);
        one.join().unwrap() + two.join().unwrap()
    });
    assert_eq!(fired, held.len());
    for id in &held {
        assert_eq!(tech[1].get(&format!("/api/v1/orders/{id}")).json()["state"], "cancelled");
    }
    // A token revoked or an account disabled on one node is refused by the other at once.
    let former = house.server.token("f.former", &[Role::Tech]);
    node.of(&former).get("/api/v1/cases").expect(200);
    house.server.lab.disable_user(&trephine::lab::accounts::operator(), "f.former", "test").unwrap();
    node.of(&former).get("/api/v1/cases").expect(401);
    // A catalogue loaded on one node decides on the other from the next round of its timers on.
    let text = trephine::lab::catalogue::SHIPPED.replace("MPN-GENE", "MPN-GENES");
    house.server.lab.load_catalogue(text, &trephine::lab::accounts::operator(), "test").unwrap();
    node.lab.refresh_catalogue().unwrap();
    let versions: Vec<Value> = tech.iter().map(|t| t.get("/api/v1/catalogue").json()["version"].clone()).collect();
    assert_eq!(versions[0], versions[1], "two nodes decide by two catalogues");
    house.server.assert_verified();
    assert!(node.lab.verify().unwrap().is_clean());
}

/// A server that starts again on a machine whose clock was put right, or a second one whose clock is behind: nobody
/// stated a time, so nobody can be told that it is wrong.
fn a_clock_that_was_set_back_stops_nobody_and_leaves_a_clean_verdict(engine: Engine) {
    let house = House::open(engine);
    let staff = &house.staff;
    let mut minutes = 0;
    let mut earlier = || {
        minutes += 2;
        house.server.clock.set(
            "2026-03-04T09:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()
                - chrono::Duration::minutes(minutes),
        );
        // What a process remembers of the time ends with it.
        house.server.lab.forget_recorded_at();
    };
    let case = house.log(&house.case(&json!(["NGS-MYE"])));
    let accession = case["accession"].as_str().unwrap();
    let label = format!("{accession}-A1");
    let order = case["orders"][0]["id"].as_str().unwrap();
    staff.tech.step(&label, &json!({ "transition": "receive", "temperature": "ambient" })).expect(200);
    earlier();
    staff.tech.step(&label, &json!({ "transition": "accept" })).expect(200);
    earlier();
    staff.tech.order_step(order, &json!({ "transition": "start" })).expect(200);
    earlier();
    let result = house.enter(&staff.tech, order);
    earlier();
    house.verify(&staff.supervisor, &result).expect(200);
    earlier();
    house.sign(&staff.pathologist, accession, "final");
    earlier();
    staff.tech.step(&label, &json!({ "transition": "store", "location": "Fridge 2" })).expect(200);
    let history = staff.tech.get(&format!("/api/v1/cases/{accession}/history")).expect(200).json();
    let times: Vec<&str> =
        history["items"].as_array().unwrap().iter().map(|e| e["recorded_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "the journal of a case goes back in time: {times:#?}");
    house.server.assert_verified();
}

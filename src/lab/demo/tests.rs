use super::*;
use crate::domain::progress::{Stage, stage};
use crate::domain::sample_plan::sample_plan;
use crate::domain::{Case, OrderState, ProcedureOutcome, ReportState, ResultState, SpecimenState, Urgency};
use crate::lab::Ids;
use crate::store::aggregate::{self, Depth};
use crate::store::{DbConn, OpenOptions, Store, StoreError, journal, tables};

struct Made {
    performed: Performed,
    accounts: Vec<Account>,
    cases: Vec<Case>,
    catalogue: Arc<crate::lab::catalogue::InForce>,
}

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn make(seed: u64, now: Moment, cases: usize) -> Made {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("demo.db").display());
    let store = Store::open(&url, OpenOptions { create: true, migrate: true, ..Default::default() }).unwrap();
    let clock = Arc::new(ManualClock::new(begins_at(now)));
    let lab = Lab::open(store, clock.clone(), Ids::seeded(seed)).unwrap();
    let begun = std::time::Instant::now();
    let (accounts, performed) = fill(&lab, &clock, seed, now, cases).unwrap();
    eprintln!("{} cases, {} commands, {:?}", performed.cases, performed.commands, begun.elapsed());
    assert_eq!(lab.verify().unwrap().findings, Vec::new());
    assert!(lab.store().read_now(in_the_order_of_time).unwrap());
    let cases = lab.store().read_now(all_cases).unwrap();
    Made { performed, accounts, cases, catalogue: lab.catalogue() }
}

fn all_cases(conn: &mut DbConn) -> Result<Vec<Case>, StoreError> {
    let mut found = Vec::new();
    tables::cases::each_id(conn, &tables::cases::Filter::default(), |conn, ids| {
        found.extend(aggregate::load_many(conn, ids, Depth::WHOLE)?.into_iter().map(|whole| whole.case));
        Ok::<_, StoreError>(())
    })?;
    found.sort_by_key(|case| case.header.accession);
    Ok(found)
}

/// Whether every entry of the journal was recorded after the one before it.
fn in_the_order_of_time(conn: &mut DbConn) -> Result<bool, StoreError> {
    let (mut position, mut last) = (0, None);
    loop {
        let entries = journal::after(conn, position, 500)?;
        let Some(newest) = entries.last() else { return Ok(true) };
        position = newest.position;
        for entry in &entries {
            if last.is_some_and(|last| last >= entry.recorded_at) {
                return Ok(false);
            }
            last = Some(entry.recorded_at);
        }
    }
}

/// What every demonstration shows, whatever the day and the hour.
fn check_the_present(made: &Made, now: Moment) {
    let cases = &made.cases;
    assert_eq!(made.performed.refused, Vec::<String>::new());
    let count = |what: &str, n: usize, least: usize| assert!(n >= least, "{what}: {n} of {least} at {now}");
    let orders = || cases.iter().flat_map(|c| c.orders.iter().map(move |o| (c, o)));
    let parts = || cases.iter().flat_map(|c| c.specimens.iter());
    let clinical = |case: &Case| case.header.urgency == Urgency::Urgent;

    let urgent = orders().filter(|(c, o)| clinical(c) && o.state == OrderState::InProcess);
    count("urgent work open", urgent.count(), 1);
    let soon = now + TimeDelta::hours(6);
    let dying = orders().filter(|(_, o)| {
        o.state == OrderState::Ready && o.usable_until.is_some_and(|until| until > now && until <= soon)
    });
    count("tubes about to die", dying.count(), 1);
    let late = orders().filter(|(_, o)| o.department == "FISH" && o.state.is_open() && o.overdue_at.is_some());
    count("late FISH", late.count(), 1);
    let dry = orders()
        .filter(|(c, o)| c.header.procedure.outcome == ProcedureOutcome::DryTap && o.state == OrderState::InProcess);
    count("dry taps at work", dry.count(), 1);
    let today = now.date_naive();
    let signed = cases.iter().flat_map(|c| &c.reports).filter(|r| r.state.is_complete());
    let signed = signed.filter_map(|r| r.signature.as_ref()).filter(|s| (today - s.at.date_naive()).num_days() <= 1);
    count("reports signed today or yesterday", signed.count(), 1);
    let techs = [people::NGUYEN, people::SORENSEN, people::ADEYEMI, people::BRIDGE].map(people::full_name);
    let waiting = cases.iter().flat_map(|c| c.results.iter().map(move |r| (c, r))).filter(|(c, r)| {
        r.state == ResultState::Draft
            && c.order(r.order).is_some_and(|o| matches!(o.state, OrderState::Resulted | OrderState::InReview))
            && techs.contains(&r.entered_by.name)
    });
    count("results to verify", waiting.count(), 5);
    let ready = cases.iter().filter(|c| stage(c) == Stage::Resulted && c.reports.is_empty());
    count("cases to sign", ready.count(), 2);
    let door = parts()
        .filter(|s| matches!(s.state, SpecimenState::Collected | SpecimenState::InTransit | SpecimenState::Received));
    count("parts at reception", door.count(), 6);
    let proposed = parts().filter(|s| s.state != SpecimenState::Rejected && s.rejection.is_some());
    count("rejections proposed", proposed.count(), 1);
    let recollect = cases.iter().filter(|c| c.header.recollections.iter().any(crate::domain::Recollection::is_open));
    count("recollections open", recollect.count(), 1);
    let needed = orders().filter(|(_, o)| o.state == OrderState::NeedsRecollect);
    count("orders that need a new part", needed.count(), 1);
    let held = parts().filter(|s| {
        s.state == SpecimenState::OnHold && s.query.as_ref().is_some_and(|q| now - q.at < TimeDelta::hours(24))
    });
    count("questions open", held.count(), 1);
    let planned = cases.iter().filter(|c| c.header.procedure.performed_at.is_some_and(|p| p > now));
    count("punctures planned", planned.count(), 3);
    let overdue = orders().filter(|(_, o)| {
        o.state == OrderState::ReferredOut
            && o.referral.as_ref().is_some_and(|r| r.expected_on.is_some_and(|d| d < today))
    });
    count("send-outs overdue", overdue.count(), 1);
    let scarce = cases.iter().filter(|c| c.header.sample_decision.is_some());
    let scarce = scarce.filter(|c| sample_plan(c, &made.catalogue).is_short());
    count("scarce samples decided on", scarce.count(), 1);
    let holds = orders().filter(|(_, o)| o.state == OrderState::Held);
    count("holds running", holds.count(), 3);
    let failed = orders().filter(|(_, o)| o.state == OrderState::Failed);
    count("failed attempts", failed.count(), 1);
    let lost = parts().filter(|s| s.state == SpecimenState::Lost);
    count("lost parts", lost.count(), 1);
    let slots: Vec<_> = parts().filter_map(crate::domain::Specimen::slot).collect();
    count("parts in a position of the storage map", slots.len(), 5);
}

#[test]
fn the_same_seed_makes_the_same_laboratory() {
    let now = at("2026-11-23T09:30:00Z");
    let says = |made: &Made| -> Vec<String> {
        let say = |c: &Case| {
            let parts: Vec<_> = c.specimens.iter().map(|s| format!("{} {} {:?}", s.label, s.state, s.volume)).collect();
            let orders: Vec<_> = c.orders.iter().map(|o| format!("{} {} {}", o.id, o.assay, o.state)).collect();
            let results: Vec<_> =
                c.results.iter().map(|r| format!("{} {} {:?}", r.state, r.summary, r.values)).collect();
            let reports: Vec<_> = c.reports.iter().map(|r| format!("{} {}", r.state, r.document)).collect();
            format!("{} {} {parts:?} {orders:?} {results:?} {reports:?}", c.header.accession, c.patient.display())
        };
        made.cases.iter().map(say).collect()
    };
    let (one, two) = (make(7, now, 40), make(7, now, 40));
    assert_eq!(one.cases.len(), 40);
    assert_eq!(says(&one), says(&two));
    assert_eq!(one.accounts, two.accounts);
    assert_ne!(says(&one), says(&make(8, now, 40)));
    check_the_present(&one, now);
    // Accession numbers rise with time.
    assert!(
        one.cases.windows(2).all(|w| {
            w[0].header.accession < w[1].header.accession && w[0].header.logged_at < w[1].header.logged_at
        })
    );
    let first: std::collections::BTreeSet<Role> = one.accounts.iter().take(7).map(|a| a.role).collect();
    assert_eq!(first.len(), 7);
}

#[test]
fn whatever_the_hour_there_is_something_to_see() {
    for now in ["2026-11-21T22:10:00Z", "2026-12-26T11:00:00Z", "2026-05-27T05:20:00Z", "2027-01-04T00:05:00Z"] {
        let now = at(now);
        check_the_present(&make(3, now, 40), now);
    }
}

#[test]
fn everything_that_can_happen_happens() {
    let now = at("2026-11-23T09:30:00Z");
    let made = make(1, now, 150);
    check_the_present(&made, now);
    assert_eq!(made.cases.len(), 150);
    let mut seen = std::collections::BTreeMap::new();
    for case in &made.cases {
        *seen.entry(format!("stage {}", stage(case))).or_insert(0) += 1;
        *seen.entry(format!("indication {}", case.header.indication)).or_insert(0) += 1;
        for s in &case.specimens {
            *seen.entry(format!("part {}", s.state)).or_insert(0) += 1;
        }
        for o in &case.orders {
            *seen.entry(format!("order {}", o.state)).or_insert(0) += 1;
        }
        for r in &case.results {
            *seen.entry(format!("result {}", r.state)).or_insert(0) += 1;
        }
        for r in &case.reports {
            *seen.entry(format!("report {}", r.state)).or_insert(0) += 1;
        }
    }
    eprintln!("{seen:#?}");
    let all = |prefix: &str, words: Vec<&str>| {
        for word in words {
            assert!(seen.contains_key(&format!("{prefix} {word}")), "no {prefix} {word}");
        }
    };
    all("part", SpecimenState::ALL.iter().map(|s| s.name()).collect());
    all("order", OrderState::ALL.iter().filter(|s| **s != OrderState::Ordered).map(|s| s.name()).collect());
    all("result", ResultState::ALL.iter().map(|s| s.name()).collect());
    all("report", ReportState::ALL.iter().filter(|s| **s != ReportState::Draft).map(|s| s.name()).collect());
    all("stage", Stage::ALL.iter().map(|s| s.name()).collect());
    let catalogue = crate::domain::Catalogue::parse(crate::lab::catalogue::SHIPPED).unwrap();
    all("indication", catalogue.indications.iter().map(|i| i.code.as_str()).collect());
}

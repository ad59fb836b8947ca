//! What the demonstration's hematologists have read: all that is older than a working day, so that their lists show
//! what is new as in a laboratory that has been running for a while.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta};

use crate::domain::{Actor, Moment, Role};
use crate::lab::execute::stream;
use crate::lab::{Lab, LabError};
use crate::store::tables::{cases, follows};
use crate::store::{StoreError, journal};

/// What is younger than this has not been read, hours.
const UNREAD_H: i64 = 20;
/// More than one person asked for.
const CASES: i64 = 10_000;

/// Marks as seen what every hematologist would have seen by now.
///
/// # Errors
/// The store.
pub(super) fn read(lab: &Lab, actors: &BTreeMap<&'static str, Actor>, now: Moment) -> Result<(), LabError> {
    let until = now - TimeDelta::hours(UNREAD_H);
    for actor in actors.values().filter(|a| a.is(Role::Hematologist)) {
        let seen = lab.store().read_now(|conn| {
            let own = cases::standing(conn, &actor.name, &[], CASES)?;
            let streams = own.iter().map(|s| stream(s.id)).collect();
            let mut last: HashMap<String, i64> = HashMap::new();
            for mark in journal::marks(conn, streams, DateTime::UNIX_EPOCH)? {
                if mark.recorded_at < until {
                    let seq = last.entry(mark.stream).or_default();
                    *seq = mark.seq.max(*seq);
                }
            }
            let seen = own.iter().filter_map(|s| Some((s.id, *last.get(&stream(s.id))?)));
            Ok::<_, StoreError>(seen.collect::<Vec<_>>())
        })?;
        let user = actor.id.0;
        lab.store().write_now("demo.read", move |tx| {
            seen.iter().try_for_each(|(id, seq)| follows::see(tx, user, *id, *seq))
        })?;
    }
    Ok(())
}

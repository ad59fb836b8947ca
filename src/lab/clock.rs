//! Where time and identities come from: the only place that looks at the real clock.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, Utc};
use rand::{Rng as _, SeedableRng as _};
use uuid::Uuid;

use crate::domain::Moment;

/// A source of time.
pub trait Clock: Send + Sync {
    /// Now, in whole microseconds.
    fn now(&self) -> Moment;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // this is the place that may
    fn now(&self) -> Moment {
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that stands until it is set: for the demonstration laboratory and for tests.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at this moment.
    pub const fn new(at: Moment) -> Self {
        Self(AtomicI64::new(at.timestamp_micros()))
    }

    /// Sets it, forward or back.
    pub fn set(&self, at: Moment) {
        self.0.store(at.timestamp_micros(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}

/// Makes `UUIDv7`s that rise with every call, so that the order of identities is the order in which things were made.
pub struct Ids(Mutex<State>);

struct State {
    last_ms: u64,
    /// Counts within one millisecond; 26 bits of it go into the identity.
    count: u32,
    rng: rand::rngs::StdRng,
}

impl Ids {
    /// Unpredictable identities.
    ///
    /// # Errors
    /// When the operating system gives no random numbers.
    pub fn random() -> Result<Self, String> {
        let rng = rand::rngs::StdRng::try_from_rng(&mut rand::rngs::SysRng)
            .map_err(|e| format!("the system gives no random numbers: {e}"))?;
        Ok(Self(Mutex::new(State { last_ms: 0, count: 0, rng })))
    }

    /// The same identities every time, given the same moments: for the demonstration laboratory and tests.
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(State { last_ms: 0, count: 0, rng: rand::rngs::StdRng::seed_from_u64(seed) }))
    }

    /// The next identity at this moment.
    pub fn next(&self, at: Moment) -> Uuid {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now_ms = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        if now_ms > state.last_ms {
            state.last_ms = now_ms;
            state.count = 0;
        } else {
            state.count += 1;
        }
        let mut bytes = [0_u8; 10];
        state.rng.fill_bytes(&mut bytes);
        // 12 bits before the variant and 14 behind it.
        let [a, b] = u16::try_from((state.count >> 14) & 0x0FFF).unwrap_or_default().to_be_bytes();
        let [c, d] = u16::try_from(state.count & 0x3FFF).unwrap_or_default().to_be_bytes();
        for (to, from) in bytes.iter_mut().zip([a, b, c, d]) {
            *to = from;
        }
        uuid::Builder::from_unix_timestamp_millis(state.last_ms, &bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_rise_even_when_the_clock_is_turned_back() {
        let ids = Ids::seeded(1);
        let at = |ms| DateTime::from_timestamp_millis(ms).unwrap();
        let all: Vec<Uuid> = (0..50_000).map(|i| ids.next(at(1_700_000_000_000 - i / 100))).collect();
        assert!(all.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(all[0].get_version_num(), 7);
        let again = Ids::seeded(1);
        assert_eq!(all[0], again.next(at(1_700_000_000_000)));
    }
}

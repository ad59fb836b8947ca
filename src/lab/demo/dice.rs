//! Chance that falls the same way every time, given the same seed.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// One story's dice. Each story has its own, so that changing one does not reshuffle the others.
pub(super) struct Dice(StdRng);

impl Dice {
    /// The dice of the `number`th story of a laboratory.
    pub(super) fn new(seed: u64, number: usize) -> Self {
        let number = u64::try_from(number).unwrap_or(u64::MAX);
        Self(StdRng::seed_from_u64(seed ^ number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    /// The generator itself, for passwords.
    pub(super) const fn rng(&mut self) -> &mut StdRng {
        &mut self.0
    }

    /// A whole number, both ends included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low.min(high)..=high.max(low))
    }

    /// A count or a volume, both ends included.
    pub(super) fn amount(&mut self, low: u32, high: u32) -> u32 {
        self.0.random_range(low.min(high)..=high.max(low))
    }

    /// A number with so many decimals.
    pub(super) fn real(&mut self, (low, high): (f64, f64), decimals: i32) -> f64 {
        let share = f64::from(self.0.random_range(0..=1_000_000_u32)) / 1_000_000.0;
        rounded(low + (high - low) * share, decimals)
    }

    /// True so many times in a hundred.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One row of a table. The tables of this folder are never empty.
    pub(super) fn pick<T: Copy>(&mut self, table: &[T]) -> T {
        table[self.0.random_range(0..table.len())]
    }
}

/// Rounded to so many decimals.
pub(super) fn rounded(number: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (number * scale).round() / scale
}

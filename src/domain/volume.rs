//! The volume of a liquid part, accounted for to the microliter.

use serde::{Deserialize, Serialize};

/// What became of the received volume. `children + used + discarded + remaining = received`, exactly, because the
/// remainder is computed and every debit is checked against it. All in whole microliters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ledger {
    received_ul: u32,
    children_ul: u32,
    used_ul: u32,
    discarded_ul: u32,
}

/// Where a debit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Debit {
    /// Into a derived part.
    Child,
    /// Consumed by an assay.
    Used,
    /// Thrown away.
    Discarded,
}

impl Ledger {
    /// A part that arrived with this volume and is still whole.
    pub const fn received(received_ul: u32) -> Self {
        Self { received_ul, children_ul: 0, used_ul: 0, discarded_ul: 0 }
    }

    /// The volume that arrived, µL.
    pub const fn received_ul(&self) -> u32 {
        self.received_ul
    }

    /// What went into derived parts, µL.
    pub const fn children_ul(&self) -> u32 {
        self.children_ul
    }

    /// What assays consumed, µL.
    pub const fn used_ul(&self) -> u32 {
        self.used_ul
    }

    /// What was thrown away, µL.
    pub const fn discarded_ul(&self) -> u32 {
        self.discarded_ul
    }

    /// What is left, µL.
    pub const fn remaining_ul(&self) -> u32 {
        // Saturating only so that a corrupted row cannot panic; `is_sound` reports it.
        self.received_ul.saturating_sub(self.children_ul).saturating_sub(self.used_ul).saturating_sub(self.discarded_ul)
    }

    /// Whether the debits fit into what was received (a row read from disk may lie).
    pub fn is_sound(&self) -> bool {
        u64::from(self.children_ul) + u64::from(self.used_ul) + u64::from(self.discarded_ul)
            <= u64::from(self.received_ul)
    }

    /// Takes volume out; `None` when less is left than asked for, and then nothing changed.
    #[must_use]
    pub fn debit(self, what: Debit, amount_ul: u32) -> Option<Self> {
        if amount_ul > self.remaining_ul() {
            return None;
        }
        let mut next = self;
        let column = match what {
            Debit::Child => &mut next.children_ul,
            Debit::Used => &mut next.used_ul,
            Debit::Discarded => &mut next.discarded_ul,
        };
        *column += amount_ul;
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_is_made_or_lost(received in 0_u32..50_000, debits in prop::collection::vec((0_u8..3, 0_u32..20_000), 0..40)) {
            let mut ledger = Ledger::received(received);
            for (column, amount) in debits {
                let what = [Debit::Child, Debit::Used, Debit::Discarded][usize::from(column)];
                let before = ledger;
                match ledger.debit(what, amount) {
                    Some(after) => {
                        prop_assert_eq!(before.remaining_ul() - amount, after.remaining_ul());
                        ledger = after;
                    }
                    None => prop_assert!(amount > before.remaining_ul()),
                }
                prop_assert_eq!(
                    ledger.children_ul() + ledger.used_ul() + ledger.discarded_ul() + ledger.remaining_ul(),
                    received
                );
                prop_assert!(ledger.is_sound());
            }
        }
    }
}

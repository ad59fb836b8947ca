//! Where parts are kept: freezers, racks and boxes with numbered positions.

use serde::{Deserialize, Serialize};

use crate::domain::slot::{COLUMNS_MAX, ROWS_MAX, Slot};
use crate::domain::{Code, Temperature};

/// A place with positions, such as a box in a freezer. Each position holds one part at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// Its code, the first half of every position's name: `FREEZER-1` in `FREEZER-1:B3`.
    pub code: Code,
    /// Its name as people say it.
    pub name: String,
    /// How it keeps what is in it.
    pub temperature: Temperature,
    /// How many rows, 1 to 26, named by letters.
    pub rows: u8,
    /// How many columns, 1 to 99, named by numbers.
    pub columns: u8,
}

impl Storage {
    /// Its position in that row and column, from 1, if it has one.
    pub fn slot(&self, row: u8, column: u8) -> Option<Slot> {
        let within = row <= self.rows && column <= self.columns;
        Slot::new(self.code.clone(), row, column).filter(|_| within)
    }

    /// Whether that is a position of this place.
    pub fn has(&self, slot: &Slot) -> bool {
        *slot.place() == self.code && slot.row() <= self.rows && slot.column() <= self.columns
    }

    /// How many positions it has.
    pub fn size(&self) -> u32 {
        u32::from(self.rows) * u32::from(self.columns)
    }

    /// What is wrong with its size.
    pub(super) fn fault(&self) -> Option<String> {
        let fits = (1..=ROWS_MAX).contains(&self.rows) && (1..=COLUMNS_MAX).contains(&self.columns);
        (!fits).then(|| format!("a place has 1 to {ROWS_MAX} rows and 1 to {COLUMNS_MAX} columns"))
    }
}

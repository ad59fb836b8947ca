//! The catalogue codes that the program itself uses. A catalogue without them is refused, so that using one never fails.

/// Department: where parts arrive.
pub const RECEPTION: &str = "RECEPTION";

/// Specimen reason: decalcified in acid, so that nucleic acid and FISH are lost (domain.md §2).
pub const ACID_DECALCIFIED: &str = "ACID_DECALCIFIED";

/// Query: whose part it is is in doubt; the answer takes a declaration and a second person.
pub const IDENTITY: &str = "IDENTITY";

/// Not collected: nothing could be aspirated.
pub const DRY_TAP: &str = "DRY_TAP";
/// Not collected: the procedure was stopped.
pub const PROCEDURE_ABANDONED: &str = "PROCEDURE_ABANDONED";

/// Canceled: the requester withdrew it.
pub const REQUESTER: &str = "REQUESTER";
/// Canceled: a held order's deadline passed and nobody released it.
pub const HOLD_LAPSED: &str = "HOLD_LAPSED";

/// Not performed: not enough material.
pub const QNS: &str = "QNS";
/// Not performed: no part is fit for it.
pub const UNFIT: &str = "UNFIT";
/// Not performed: its part was rejected.
pub const REJECTED: &str = "REJECTED";
/// Not performed: its part was lost.
pub const LOST: &str = "LOST";
/// Not performed: its part was never obtained.
pub const NOT_COLLECTED: &str = "NOT_COLLECTED";
/// Not performed: it was tried and failed.
pub const FAILED: &str = "FAILED";

/// Failed: something in the laboratory went wrong.
pub const TECHNICAL: &str = "TECHNICAL";

//! The four machines, each one declared table.
//!
//! The guard, the buttons of a page, `GET /state-machines`, `trephine states`, the diagrams and the tests read these
//! tables; nothing else knows which step is legal. Source of the specimen and order tables: `reference/domain.md`
//! §7.2 and §7.3; where a row differs, its `effect` says why.

pub mod order;
pub mod report;
pub mod result;
pub mod specimen;

pub use order::{OrderState, OrderTransition};
pub use report::{ReportState, ReportTransition};
pub use result::{ResultState, ResultTransition};
pub use specimen::{SpecimenState, SpecimenTransition};

use super::Role;
use serde::Serialize;

/// One row of a machine: from any of these states, this step leads to that state.
#[derive(Debug)]
pub struct Row<S: 'static, T: 'static> {
    /// States in which the step is legal; empty for a step that creates.
    pub from: &'static [S],
    /// The step.
    pub step: T,
    /// The state afterwards; `None` when the step leaves the state as it is.
    pub to: Option<S>,
    /// Who may take it. [`Role::System`] is the laboratory's own consequence of another step or a timer.
    pub who: &'static [Role],
    /// What must hold, in words people can check.
    pub guard: &'static str,
    /// What else happens.
    pub effect: &'static str,
    /// HL7 v2.9 specimen event code of the SET message (S38–S52), where there is one.
    pub hl7: Option<&'static str>,
}

/// A machine with its states and its declared table.
pub trait Machine: Copy + Eq + 'static {
    /// Its steps.
    type Step: Copy + Eq + 'static;
    /// Its name: `specimen`, `order`, `result` or `report`.
    const NAME: &'static str;
    /// The whole table.
    const TABLE: &'static [Row<Self, Self::Step>];
    /// All states in the declared order.
    fn states() -> &'static [Self];
    /// The word of a state.
    fn word(self) -> &'static str;
    /// The word of a step.
    fn step_word(step: Self::Step) -> &'static str;

    /// The row for a step from this state.
    fn row(self, step: Self::Step) -> Option<&'static Row<Self, Self::Step>> {
        Self::TABLE.iter().find(|row| row.step == step && row.from.contains(&self))
    }

    /// The rows that leave this state, in table order.
    fn rows(self) -> impl Iterator<Item = &'static Row<Self, Self::Step>> {
        Self::TABLE.iter().filter(move |row| row.from.contains(&self))
    }

    /// The words of the steps that a person may take from this state.
    fn allowed(self) -> Vec<&'static str> {
        self.rows()
            .filter(|row| row.who.iter().any(|r| *r != Role::System))
            .map(|row| Self::step_word(row.step))
            .collect()
    }

    /// Whether no row leaves this state.
    fn is_terminal(self) -> bool {
        self.rows().next().is_none()
    }
}

/// Everybody who may ever take a step, whatever the state.
pub fn anybody_for<M: Machine>(step: M::Step) -> impl Iterator<Item = Role> {
    M::TABLE.iter().filter(move |row| row.step == step).flat_map(|row| row.who.iter().copied())
}

/// A machine as data: what `GET /state-machines` and `trephine states --format json` say.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MachineView {
    /// `specimen`, `order`, `result` or `report`.
    pub machine: &'static str,
    /// Every state.
    pub states: Vec<StateView>,
    /// Every row of the table.
    pub transitions: Vec<RowView>,
}

/// One state of a machine.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StateView {
    /// Its word.
    pub state: &'static str,
    /// Whether nothing leaves it.
    pub terminal: bool,
}

/// One row of a machine's table.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RowView {
    /// Legal from these states; empty for a step that creates.
    pub from: Vec<&'static str>,
    /// The step.
    pub transition: &'static str,
    /// The state afterwards; the same as before when null.
    pub to: Option<&'static str>,
    /// Who may take it.
    pub roles: Vec<&'static str>,
    /// What must hold.
    pub guard: &'static str,
    /// What else happens.
    pub effect: &'static str,
    /// HL7 v2.9 specimen event code.
    pub hl7: Option<&'static str>,
}

fn view<M: Machine>() -> MachineView {
    MachineView {
        machine: M::NAME,
        states: M::states().iter().map(|s| StateView { state: s.word(), terminal: s.is_terminal() }).collect(),
        transitions: M::TABLE
            .iter()
            .map(|row| RowView {
                from: row.from.iter().map(|s| s.word()).collect(),
                transition: M::step_word(row.step),
                to: row.to.map(M::word),
                roles: row.who.iter().map(|r| r.name()).collect(),
                guard: row.guard,
                effect: row.effect,
                hl7: row.hl7,
            })
            .collect(),
    }
}

/// All four machines.
pub fn all() -> Vec<MachineView> {
    vec![view::<SpecimenState>(), view::<OrderState>(), view::<ResultState>(), view::<ReportState>()]
}

/// Wires a state enum and its table into [`Machine`].
macro_rules! machine {
    ($state:ident, $step:ident, $name:literal, $table:expr) => {
        impl $crate::domain::machine::Machine for $state {
            type Step = $step;
            const NAME: &'static str = $name;
            const TABLE: &'static [$crate::domain::machine::Row<Self, $step>] = $table;
            fn states() -> &'static [Self] {
                Self::ALL
            }
            fn word(self) -> &'static str {
                self.name()
            }
            fn step_word(step: $step) -> &'static str {
                step.name()
            }
        }
    };
}
pub(crate) use machine;

#[cfg(test)]
mod tests {
    use super::*;

    fn check<M: Machine + std::fmt::Debug>()
    where
        M::Step: std::fmt::Debug,
    {
        for state in M::states() {
            let mut seen = Vec::new();
            for row in state.rows() {
                assert!(!seen.contains(&row.step), "{state:?} has two rows for {:?}", row.step);
                seen.push(row.step);
            }
            let reached = M::TABLE.iter().any(|row| row.to == Some(*state));
            assert!(reached, "{state:?} cannot be reached");
        }
        for row in M::TABLE {
            assert!(!row.who.is_empty(), "{:?} may be taken by nobody", row.step);
        }
    }

    #[test]
    fn every_table_is_a_function_and_every_state_is_reached() {
        check::<SpecimenState>();
        check::<OrderState>();
        check::<ResultState>();
        check::<ReportState>();
    }

    /// The terminal states that the laboratory reference declares (§7.2, §7.3).
    #[test]
    fn terminal_states_are_the_declared_ones() {
        let terminal = |machine: usize| -> Vec<&'static str> {
            all()[machine].states.iter().filter(|s| s.terminal).map(|s| s.state).collect()
        };
        assert_eq!(terminal(0), ["not_collected", "rejected", "exhausted", "discarded", "entered_in_error"]);
        assert_eq!(terminal(1), ["not_performed", "cancelled", "entered_in_error"]);
        assert_eq!(terminal(2), ["retracted"]);
        assert_eq!(terminal(3), ["void"]);
    }
}

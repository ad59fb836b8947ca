//! Why a command was refused, and what to do instead.

use serde::Serialize;

use super::machine::Machine;

/// A command that was understood and not carried out. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The step is not legal in this state.
    NotAllowed {
        /// What it is about, e.g. `Specimen BM26-000417K-A1 is rejected`.
        title: String,
        /// The rule in one sentence.
        detail: String,
        /// The current state.
        state: &'static str,
        /// The steps that are legal instead.
        allowed: Vec<&'static str>,
    },
    /// The step is legal and a guard does not hold.
    Guard {
        /// What it is about.
        title: String,
        /// Which rule, stable, `snake_case`.
        rule: &'static str,
        /// The rule in one sentence that says what to do.
        detail: String,
        /// The current state.
        state: &'static str,
        /// The steps that are legal.
        allowed: Vec<&'static str>,
    },
    /// Fields of the command do not fit.
    Invalid(Vec<FieldError>),
    /// This person may not do this.
    Forbidden(String),
    /// What the command names does not exist.
    NotFound(String),
}

/// One field that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// JSON pointer to the field, e.g. `/specimens/0/volume_ul`.
    pub pointer: String,
    /// What is wrong, stable, `snake_case`: `missing`, `unknown_code`, `out_of_range`, `impossible`, `in_the_future` …
    pub code: String,
    /// A sentence that says what to do.
    pub message: String,
}

impl FieldError {
    /// A field error.
    pub fn new(pointer: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: code.to_owned(), message: message.into() }
    }
}

impl Refusal {
    /// One field that does not fit.
    pub fn field(pointer: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(pointer, code, message)])
    }

    /// A guard that does not hold, for something in a state of a machine.
    pub fn guard<M: Machine>(subject: &str, state: M, rule: &'static str, detail: impl Into<String>) -> Self {
        Self::Guard {
            title: format!("{subject} is {}", state.word().replace('_', " ")),
            rule,
            detail: detail.into(),
            state: state.word(),
            allowed: state.allowed(),
        }
    }

    /// A step that the machine does not have in this state.
    pub fn not_allowed<M: Machine>(kind: &str, subject: &str, state: M, step: M::Step) -> Self {
        let word = state.word().replace('_', " ");
        let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "An" } else { "A" };
        Self::NotAllowed {
            title: format!("{subject} is {word}"),
            detail: format!("{article} {word} {kind} cannot take the step “{}”.", M::step_word(step).replace('_', " ")),
            state: state.word(),
            allowed: state.allowed(),
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotAllowed { title, detail, .. } | Self::Guard { title, detail, .. } => {
                write!(f, "{title}. {detail}")
            }
            Self::Invalid(errors) => {
                let all: Vec<_> = errors.iter().map(|e| format!("{}: {}", e.pointer, e.message)).collect();
                f.write_str(&all.join("; "))
            }
            Self::Forbidden(why) | Self::NotFound(why) => f.write_str(why),
        }
    }
}

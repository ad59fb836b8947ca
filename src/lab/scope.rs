//! Who sees what. Every question asks here; absent and forbidden answer with the same words.

use super::LabError;
use super::execute::absent;
use crate::domain::{Actor, CaseHeader, Refusal, Role};

/// Roles that see patients at all (`reference/reliability.md` §2.2: an admin sees none).
pub const CLINICAL: &[Role] = &[Role::Tech, Role::Supervisor, Role::Hematologist, Role::Pathologist, Role::Auditor];

/// Roles that see every case; a hematologist sees own requests.
const ALL_CASES: &[Role] =
    &[Role::Tech, Role::Supervisor, Role::Pathologist, Role::Auditor, Role::Interface, Role::System];

/// Whether this person may see this case.
///
/// # Errors
/// As if it did not exist.
pub fn may_see(actor: &Actor, case: &CaseHeader) -> Result<(), LabError> {
    if actor.is_any(ALL_CASES) || (actor.is(Role::Hematologist) && case.requester == actor.name) {
        Ok(())
    } else {
        Err(absent())
    }
}

/// Whether this person sees cases at all.
///
/// # Errors
/// Names who does.
pub fn may_look(actor: &Actor) -> Result<(), LabError> {
    if actor.is_any(CLINICAL) || actor.is_any(&[Role::Interface, Role::System]) {
        Ok(())
    } else {
        Err(Refusal::Forbidden("Patients are not shown to this role; exports and figures are.".into()).into())
    }
}

/// The requester that a list is limited to, for a person who sees only own requests.
pub fn own_only(actor: &Actor) -> Option<String> {
    (!actor.is_any(ALL_CASES)).then(|| actor.name.clone())
}

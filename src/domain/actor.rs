//! Who asks.

use super::{Role, UserId};
use serde::{Deserialize, Serialize};

/// The person, interface or timer behind a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account; the nil UUID for the laboratory's own timers.
    pub id: UserId,
    /// Login name, lower case.
    pub name: String,
    /// Name as it prints on a report.
    pub full_name: String,
    /// What the person may do.
    pub roles: Vec<Role>,
}

impl Actor {
    /// The laboratory's own timers and consequences.
    pub fn system() -> Self {
        Self {
            id: UserId(uuid::Uuid::nil()),
            name: "system".into(),
            full_name: "Trephine".into(),
            roles: vec![Role::System],
        }
    }

    /// Whether this person has that role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether this person has any of those roles.
    pub fn is_any(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|r| roles.contains(r))
    }

    /// The part that is kept with what the person did.
    pub fn who(&self) -> Who {
        Who { id: self.id, name: self.full_name.clone() }
    }
}

/// A person as recorded with an act: the name as it was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Who {
    /// The account.
    pub id: UserId,
    /// Name as it prints on a report.
    pub name: String,
}

//! The people of a small laboratory, each with a token.

use trephine::domain::Role;

use super::{TestServer, Token};

pub struct Staff {
    pub tech: Token,
    pub tech2: Token,
    pub supervisor: Token,
    pub supervisor2: Token,
    /// Login name `e.marlow`.
    pub hematologist: Token,
    pub pathologist: Token,
    pub pathologist2: Token,
    pub admin: Token,
    pub auditor: Token,
    pub interface: Token,
}

impl Staff {
    /// Everybody's, in tests.
    pub const PASSWORD: &'static str = "seven brown herons wade";

    pub fn hire(server: &TestServer) -> Self {
        Self {
            tech: server.token("t.nguyen", &[Role::Tech]),
            tech2: server.token("k.adeyemi", &[Role::Tech]),
            supervisor: server.token("s.iqbal", &[Role::Supervisor]),
            supervisor2: server.token("r.osei", &[Role::Supervisor]),
            hematologist: server.token("e.marlow", &[Role::Hematologist]),
            pathologist: server.token("l.ferreira", &[Role::Pathologist]),
            pathologist2: server.token("m.haddad", &[Role::Pathologist]),
            admin: server.token("a.lindgren", &[Role::Admin]),
            auditor: server.token("p.auditor", &[Role::Auditor]),
            interface: server.token("hl7.engine", &[Role::Interface]),
        }
    }

    /// One token per role, with the role.
    pub fn each(&self) -> Vec<(Role, &Token)> {
        vec![
            (Role::Tech, &self.tech),
            (Role::Supervisor, &self.supervisor),
            (Role::Hematologist, &self.hematologist),
            (Role::Pathologist, &self.pathologist),
            (Role::Admin, &self.admin),
            (Role::Auditor, &self.auditor),
            (Role::Interface, &self.interface),
        ]
    }
}

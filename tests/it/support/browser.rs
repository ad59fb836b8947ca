//! A browser without JavaScript: a session, its pages, its forms.

use trephine::domain::Role;

use super::http::{agent, read, read_bytes};
use super::{Reply, Staff, TestServer};

pub struct Browser {
    base: String,
    cookie: String,
}

impl Browser {
    /// Signs in to a new account with these roles.
    pub fn sign_in(server: &TestServer, name: &str, roles: &[Role]) -> Self {
        server.token(name, roles);
        let req = agent().post(format!("{}/sign-in", server.base));
        let reply = read(req.send_form([("name", name), ("password", Staff::PASSWORD)])).expect(303);
        let cookie = reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        Self { base: server.base.clone(), cookie }
    }

    /// The same browser with another session.
    pub fn with_cookie(&self, cookie: &str) -> Self {
        Self { base: self.base.clone(), cookie: cookie.to_owned() }
    }

    pub fn get(&self, path: &str) -> Reply {
        read(agent().get(format!("{}{path}", self.base)).header("cookie", &self.cookie).call())
    }

    pub fn bytes(&self, path: &str) -> (Reply, Vec<u8>) {
        read_bytes(agent().get(format!("{}{path}", self.base)).header("cookie", &self.cookie).call())
    }

    /// Sends a form.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let req = agent().post(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        read(req.send_form(fields.iter().copied()))
    }

    /// Sends a form with a file.
    pub fn upload(
        &self,
        path: &str,
        fields: &[(&str, String)],
        field: &str,
        name: &str,
        kind: &str,
        bytes: &[u8],
    ) -> Reply {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!("--cut\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n");
        body.extend_from_slice(format!("{head}Content-Type: {kind}\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--cut--\r\n");
        let req = agent()
            .post(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("content-type", "multipart/form-data; boundary=cut");
        read(req.send(&body[..]))
    }

    /// The value of the first hidden field with this name.
    pub fn field(page: &str, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let at = page.find(&start).unwrap_or_else(|| panic!("no field {name}: {page}")) + start.len();
        page[at..].split('"').next().unwrap().to_owned()
    }
}

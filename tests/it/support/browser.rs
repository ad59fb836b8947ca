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
        Self::again(server, name)
    }

    /// Signs in to an account that there is.
    pub fn again(server: &TestServer, name: &str) -> Self {
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

    /// What a browser would send of the form with this id: every field as the page shows it.
    pub fn form(page: &str, id: &str) -> Vec<(String, String)> {
        let at = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no form {id}: {page}"));
        let form = page[at..].split("</form>").next().unwrap();
        let value = |tag: &str, name: &str| {
            let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
            Some(plain(rest.split('"').next().unwrap()))
        };
        let mut fields = Vec::new();
        for piece in form.split('<').skip(1) {
            let tag = piece.split('>').next().unwrap();
            let choice = tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"");
            if tag.starts_with("input") && (!choice || tag.ends_with(" checked")) {
                fields.extend(value(tag, "name").map(|n| (n, value(tag, "value").unwrap_or_default())));
            } else if tag.starts_with("select") || tag.starts_with("textarea") {
                let text = if tag.starts_with("textarea") { piece.split('>').nth(1).unwrap() } else { "" };
                fields.extend(value(tag, "name").map(|n| (n, plain(text))));
            } else if tag.starts_with("option") && tag.split(' ').any(|word| word == "selected") {
                fields.last_mut().unwrap().1 = value(tag, "value").unwrap();
            }
        }
        fields
    }

    /// Sends the form with this id as the page shows it, with these fields in the place of what stands there.
    pub fn send(&self, page: &str, id: &str, action: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = Self::form(page, id);
        all.retain(|(name, _)| !fields.iter().any(|(n, _)| n == name));
        all.extend(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        let all: Vec<(&str, &str)> = all.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.post(action, &all)
    }

    /// The value of the first hidden field with this name.
    pub fn field(page: &str, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let at = page.find(&start).unwrap_or_else(|| panic!("no field {name}: {page}")) + start.len();
        page[at..].split('"').next().unwrap().to_owned()
    }
}

/// Text of an attribute or element without its escapes.
fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

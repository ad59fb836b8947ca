//! Somebody at a browser: signed in, with a cookie, filling in forms as the pages offer them.

use trephine::domain::Role;

use super::TestServer;
use super::http::{Reply, agent, read};
use super::people::Staff;

pub struct Visitor {
    base: String,
    cookie: String,
}

impl Visitor {
    /// A new account with these roles, signed in.
    pub fn arrive(server: &TestServer, name: &str, roles: &[Role]) -> Self {
        server
            .lab
            .add_user(&trephine::lab::accounts::operator(), name, &format!("Dr {name}"), roles, Staff::PASSWORD, "test")
            .unwrap();
        Self::sign_in(server, name)
    }

    /// Somebody who has an account.
    pub fn sign_in(server: &TestServer, name: &str) -> Self {
        let form = [("name", name), ("password", Staff::PASSWORD)];
        let reply = read(agent().post(format!("{}/sign-in", server.base)).send_form(form));
        assert_eq!(reply.status, 303, "{}", reply.text);
        let cookie = reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        Self { base: server.base.clone(), cookie }
    }

    /// The same person on a device that chose this language.
    pub fn speaking(mut self, language: &str) -> Self {
        self.cookie = format!("{}; lang={language}", self.cookie);
        self
    }

    pub fn get(&self, path: &str) -> Reply {
        read(agent().get(format!("{}{path}", self.base)).header("cookie", &self.cookie).call())
    }

    /// Sends exactly these fields.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let req = agent().post(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        read(req.send_form(fields.iter().copied()))
    }

    /// The form of a page that is sent to `action`: its hidden fields as they are, and these beside them.
    #[track_caller]
    pub fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Reply {
        let text = self.get(page).expect(200).text;
        let form = text.split("<form").skip(1).find(|f| f.contains(&format!("action=\"{action}\"")));
        let form = form.unwrap_or_else(|| panic!("{page} has no form for {action}: {text}"));
        let form = form.split("</form>").next().unwrap();
        let hidden: Vec<(String, String)> = form
            .split("<input type=\"hidden\"")
            .skip(1)
            .map(|input| {
                let value = |name: &str| input.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
                (value("name").to_owned(), value("value").to_owned())
            })
            .collect();
        let mut all: Vec<(&str, &str)> = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        all.retain(|(name, _)| !fields.iter().any(|(n, _)| n == name));
        all.extend(fields);
        self.post(action, &all)
    }
}

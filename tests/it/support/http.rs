//! Real HTTP with a token.

use serde_json::Value;

/// Somebody's key.
#[derive(Clone)]
pub struct Token {
    pub base: String,
    pub secret: String,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub etag: Option<String>,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The answer, if the status is as expected.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The kind of problem, without its prefix.
    pub fn problem(&self) -> String {
        self.json()["type"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned()
    }
}

pub(super) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
}

pub(super) fn read(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Reply {
    let mut res = result.unwrap();
    let header = |name: &str| res.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let headers = res
        .headers()
        .iter()
        .map(|(n, v)| (n.as_str().to_owned(), String::from_utf8_lossy(v.as_bytes()).into_owned()))
        .collect();
    let (status, etag) = (res.status().as_u16(), header("etag"));
    let text = res.body_mut().with_config().limit(1 << 30).read_to_string().unwrap();
    Reply { status, etag, headers, text }
}

impl Token {
    pub fn get(&self, path: &str) -> Reply {
        let req =
            agent().get(format!("{}{path}", self.base)).header("authorization", format!("Bearer {}", self.secret));
        read(req.call())
    }

    /// A POST with further headers.
    pub fn post_with(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Reply {
        let mut req = agent()
            .post(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.secret))
            .header("content-type", "application/json");
        for (name, value) in headers {
            req = req.header(*name, *value);
        }
        read(req.send(body.to_string()))
    }

    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_with(path, body, &[])
    }

    /// A POST about the version that a GET of `resource` shows now.
    pub fn post_current(&self, resource: &str, path: &str, body: &Value) -> Reply {
        let etag = self.get(resource).etag.unwrap_or_else(|| "\"1\"".to_owned());
        self.post_with(path, body, &[("if-match", &etag)])
    }

    /// A step of a part, on its current version.
    pub fn step(&self, label: &str, body: &Value) -> Reply {
        let resource = format!("/api/v1/specimens/{label}");
        self.post_current(&resource, &format!("{resource}/transitions"), body)
    }

    /// A step of an order, on its current version.
    pub fn order_step(&self, id: &str, body: &Value) -> Reply {
        let resource = format!("/api/v1/orders/{id}");
        self.post_current(&resource, &format!("{resource}/transitions"), body)
    }
}

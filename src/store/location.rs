//! Where the data is: an SQLite file or a PostgreSQL server, from one address.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use super::StoreError;

/// A checked database address. Its `Display` holds no password.
#[derive(Clone)]
pub(super) enum Location {
    Sqlite(PathBuf),
    Postgres { url: String, shown: String },
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres { shown, .. } => shown.fmt(f),
        }
    }
}

// The address holds a password: what is derived would print it.
impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Location {
    /// Reads `sqlite:PATH`, `postgres://…` or `postgresql://…`.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return sqlite(path);
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return postgres(url, &|name| std::env::var(name).ok());
        }
        Err(bad("write `sqlite:PATH` or `postgres://USER@HOST/DATABASE`"))
    }
}

fn bad(why: &str) -> StoreError {
    StoreError::BadAddress { why: why.to_owned() }
}

fn sqlite(path: &str) -> Result<Location, StoreError> {
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.contains('\0') {
        return Err(bad("write the file's path after `sqlite:`"));
    }
    if path == ":memory:" || path.starts_with("file:") {
        return Err(bad("an SQLite database must be a file with a plain path: readers and the writer share it"));
    }
    Ok(Location::Sqlite(PathBuf::from(path)))
}

fn postgres(url: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Location, StoreError> {
    let parts = Parts::split(url);
    if parts.parameter("service").next().is_some() || parts.parameter("servicefile").next().is_some() {
        return Err(bad("give the PostgreSQL host in the address, not through a service file"));
    }
    if !parts.demands_encryption() && !parts.stays_on_this_machine(environment) {
        // libpq's default, `prefer`, falls back to plain text in silence.
        return Err(bad("patient data would cross the network in the clear; add `sslmode=require` or stricter"));
    }
    let mut full = url.to_owned();
    // Without these a dead server is noticed only when the operating system gives up, after many minutes.
    for (name, value) in [("connect_timeout", "5"), ("tcp_user_timeout", "15000"), ("application_name", "trephine")] {
        if parts.parameter(name).next().is_none() {
            full.push(if full.contains('?') { '&' } else { '?' });
            full.push_str(name);
            full.push('=');
            full.push_str(value);
        }
    }
    Ok(Location::Postgres { url: full, shown: parts.shown() })
}

/// The parts of a libpq connection URI that matter here.
struct Parts {
    user: Option<String>,
    hosts: Vec<String>,
    authority: String,
    database: String,
    parameters: Vec<(String, String)>,
}

impl Parts {
    /// In the order in which libpq reads them: a password may hold `?`, a user name may not hold `/`.
    fn split(url: &str) -> Self {
        let rest = url.split_once("://").map_or("", |(_, rest)| rest);
        let (user, rest) = match rest.find(['@', '/']) {
            Some(at) if rest[at..].starts_with('@') => (Some(&rest[..at]), &rest[at + 1..]),
            _ => (None, rest),
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = place.split_once('/').unwrap_or((place, ""));
        Self {
            user: user.map(|user| user.split(':').next().unwrap_or("").to_owned()),
            hosts: authority.split(',').map(host).collect(),
            authority: authority.to_owned(),
            database: database.to_owned(),
            parameters: query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (decode(name), decode(value)))
                .collect(),
        }
    }

    fn parameter<'a>(&'a self, wanted: &'a str) -> impl Iterator<Item = &'a str> {
        self.parameters.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    fn demands_encryption(&self) -> bool {
        let mut modes = self.parameter("sslmode").peekable();
        modes.peek().is_some() && modes.all(|mode| matches!(mode, "require" | "verify-ca" | "verify-full"))
    }

    /// Every host that libpq could choose, its environment included, is this machine.
    fn stays_on_this_machine(&self, environment: &dyn Fn(&str) -> Option<String>) -> bool {
        let mut hosts: Vec<String> = self.hosts.iter().filter(|host| !host.is_empty()).cloned().collect();
        for name in ["host", "hostaddr"] {
            hosts.extend(self.parameter(name).flat_map(|list| list.split(',')).map(str::to_owned));
        }
        if let Some(address) = environment("PGHOSTADDR") {
            hosts.push(address);
        }
        if hosts.is_empty() {
            if environment("PGSERVICE").is_some() {
                return false;
            }
            hosts.extend(environment("PGHOST"));
        }
        hosts.iter().flat_map(|list| list.split(',')).all(is_this_machine)
    }

    fn shown(&self) -> String {
        let user = self.user.as_ref().map(|user| format!("{user}@")).unwrap_or_default();
        format!("postgres://{user}{}/{}", self.authority, self.database)
    }
}

fn is_this_machine(host: &str) -> bool {
    host.is_empty()
        || host.starts_with('/')
        || host.starts_with('@')
        || host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// `host:port`, `[v6]:port` or a percent-encoded socket directory, without the port.
fn host(text: &str) -> String {
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split(']').next().unwrap_or("").to_owned();
    }
    decode(text.split(':').next().unwrap_or(""))
}

fn decode(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let digits = [bytes.next().unwrap_or(b'?'), bytes.next().unwrap_or(b'?')];
        let value = std::str::from_utf8(&digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok());
        // A broken escape becomes a host that is not ours: refused here, or by libpq.
        decoded.push(value.unwrap_or(b'?'));
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Removes the address and its password from what libpq says about it.
pub(super) fn redact(said: &str, url: &str) -> String {
    let mut clean = said.replace(url, "(address)");
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let from_userinfo = rest.split_once('@').and_then(|(user, _)| user.split_once(':'));
    let from_query = url.split(['?', '&']).find_map(|pair| pair.strip_prefix("password="));
    for secret in [from_userinfo.map(|(_, password)| password), from_query].into_iter().flatten() {
        if !secret.is_empty() {
            clean = clean.replace(secret, "***").replace(&decode(secret), "***");
        }
    }
    clean.trim().replace('\n', "; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(url: &str, environment: &[(&str, &str)]) -> bool {
        let look = |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        postgres(url, &look).is_ok()
    }

    #[test]
    fn plain_text_stays_on_this_machine() {
        for url in [
            "postgres:///trephine",
            "postgres://u:p@localhost/t",
            "postgresql://127.0.0.1:5433/t",
            "postgres://[::1]:5432/t",
            "postgres://%2Frun%2Fpostgresql/t",
            "postgres://u@/t?host=/tmp/x",
            "postgres://db.example/t?sslmode=require",
            "postgres://db.example/t?x=1&sslmode=verify-full",
        ] {
            assert!(accepts(url, &[]), "{url}");
        }
        for url in [
            "postgres://db.example/t",
            "postgres://u:p@10.0.0.1/t",
            "postgres://localhost,db.example/t",
            "postgres://u@h@db.example/t",
            "postgres://localhost:p?@db.example/t",
            "postgres:///t?host=db.example",
            "postgres://localhost/t?hostaddr=10.0.0.1",
            "postgres:///t?h%6fst=db.example",
            "postgres://db.example/t?sslmode=prefer",
            "postgres://db.example/t?sslmode=require&sslmode=disable",
            "postgres:///t?service=far",
            "postgres://[2001:db8::1]/t",
        ] {
            assert!(!accepts(url, &[]), "{url}");
        }
        assert!(!accepts("postgres:///t", &[("PGHOST", "db.example")]));
        assert!(!accepts("postgres://localhost/t", &[("PGHOSTADDR", "10.0.0.1")]));
        assert!(!accepts("postgres:///t", &[("PGSERVICE", "far")]));
        assert!(accepts("postgres:///t", &[("PGHOST", "/run/postgresql")]));
    }

    #[test]
    fn secrets_are_not_shown() {
        let url = "postgres://lab:s%40cret@localhost/t";
        let location = Location::parse(url).unwrap();
        assert_eq!(format!("{location} {location:?}"), "postgres://lab@localhost/t postgres://lab@localhost/t");
        assert_eq!(redact(&format!("bad URI: \"{url}\"\ns@cret s%40cret"), url), "bad URI: \"(address)\"; *** ***");
    }

    #[test]
    fn sqlite_paths() {
        let shown = |url: &str| Location::parse(url).map(|location| location.to_string());
        assert_eq!(shown("sqlite:lab.db").unwrap(), "lab.db");
        assert_eq!(shown("sqlite:///srv/lab.db").unwrap(), "/srv/lab.db");
        for url in ["sqlite:", "sqlite::memory:", "mysql://x", "lab.db", "sqlite:file:x?mode=memory"] {
            assert!(matches!(shown(url), Err(StoreError::BadAddress { .. })), "{url}");
        }
    }
}

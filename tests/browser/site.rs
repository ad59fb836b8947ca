//! The real program on a seeded laboratory: seeded once per build of the program, copied for every test.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::addresses;
use crate::http::{Token, agent, read};

/// Cases of the past beside the told stories: enough for every list to be full.
const CASES: &str = "120";
/// A laboratory tells its stories relative to the moment of seeding; an older one is seeded again.
const FRESH: Duration = Duration::from_secs(2 * 3600);

/// Somebody of the laboratory, with a password for the pages and a token for the API.
#[derive(Clone, Serialize, Deserialize)]
pub struct Account {
    pub name: String,
    pub password: String,
    pub token: String,
}

/// What is known about the seeded laboratory.
#[derive(Serialize, Deserialize)]
pub struct Seed {
    /// Which build of the program made it.
    program: String,
    /// Which build of these tests looked for the addresses.
    tests: String,
    /// One account per role.
    pub accounts: BTreeMap<String, Account>,
    /// Where the pages are that have an identity in their address ([`addresses::find`]).
    pub addresses: BTreeMap<String, String>,
}

/// The build of a program: its file's size and age.
fn build(program: &Path) -> String {
    let file = std::fs::metadata(program).unwrap();
    format!("{} {:?}", file.len(), file.modified().unwrap())
}

/// The seeded laboratory: made by whichever test comes first while the others wait.
fn seeded() -> (PathBuf, Seed) {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    std::fs::create_dir_all(&dir).unwrap();
    let lock = File::create(dir.join("lock")).unwrap();
    lock.lock().unwrap();
    let (db, facts) = (dir.join("demo.db"), dir.join("seed.json"));
    let program = build(Path::new(env!("CARGO_BIN_EXE_trephine")));
    let tests = build(&std::env::current_exe().unwrap());
    let age = std::fs::metadata(&db).and_then(|m| m.created()).ok().and_then(|at| at.elapsed().ok());
    let known = std::fs::read(&facts).ok().and_then(|bytes| serde_json::from_slice::<Seed>(&bytes).ok());
    let known = known.filter(|seed| seed.program == program && age.is_some_and(|age| age < FRESH));
    let accounts = match known {
        Some(seed) if seed.tests == tests => return (db, seed),
        Some(seed) => seed.accounts,
        None => plant(&dir, &db),
    };
    // Asked on a copy: what is copied for the tests is a file that no server has open.
    let site = Site::copy(&db, Seed { program, tests, accounts, addresses: BTreeMap::new() }, |_| {});
    let addresses = addresses::find(&site);
    let Site { seed, .. } = site;
    let seed = Seed { addresses, ..seed };
    // Written beside and renamed: a test that is ended while it seeds leaves no half-told laboratory.
    let half = dir.join("seed.json.new");
    std::fs::write(&half, serde_json::to_vec_pretty(&seed).unwrap()).unwrap();
    std::fs::rename(half, facts).unwrap();
    (db, seed)
}

/// Makes the laboratory; the accounts, one per role.
fn plant(dir: &Path, db: &Path) -> BTreeMap<String, Account> {
    for name in ["seed.json", "demo.db", "demo.db-wal", "demo.db-shm", "demo.db.lock"] {
        let _ = std::fs::remove_file(dir.join(name));
    }
    let began = Instant::now();
    let said = run(&["demo", "--no-serve", "--cases", CASES, "--dir", dir.to_str().unwrap()]);
    let url = format!("sqlite:{}", db.display());
    let mut accounts = BTreeMap::new();
    for line in said.lines().skip(1) {
        let mut words = line.split_whitespace().map(str::to_owned);
        let (role, name, password) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let token = run(&["--database-url", &url, "token", "issue", "--user", &name]).trim().to_owned();
        accounts.insert(role, Account { name, password, token });
    }
    eprintln!("seeded a laboratory of {CASES} cases in {:.1} s", began.elapsed().as_secs_f64());
    accounts
}

/// Runs the program's command line to its end; what it says.
#[track_caller]
pub fn run(args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_trephine")).args(["--log", "error"]).args(args).output().unwrap();
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// A running server.
pub struct Site {
    /// `http://127.0.0.1:PORT`
    pub base: String,
    pub seed: Seed,
    _server: Server,
    _dir: Option<tempfile::TempDir>,
}

/// A child that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Site {
    /// A copy of the seeded laboratory, served.
    pub fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// A copy of the seeded laboratory to which something happens before it is served; it is given the database.
    pub fn start_with(before: impl FnOnce(&str)) -> Self {
        let (db, seed) = seeded();
        Self::copy(&db, seed, before)
    }

    fn copy(db: &Path, seed: Seed, before: impl FnOnce(&str)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let own = dir.path().join("lab.db");
        std::fs::copy(db, &own).unwrap();
        before(&format!("sqlite:{}", own.display()));
        Self { _dir: Some(dir), ..Self::over(&own, seed) }
    }

    /// The laboratory in this file, served.
    fn over(db: &Path, seed: Seed) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_trephine"))
            .args(["--database-url", &format!("sqlite:{}", db.display()), "--log", "error"])
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let base = loop {
            let line = lines.next().expect("the server ended before it listened").unwrap();
            if let Some(address) = line.split("listening on ").nth(1) {
                break address.to_owned();
            }
        };
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| eprintln!("server: {line}")));
        Self { base, seed, _server: Server(child), _dir: None }
    }

    fn account(&self, role: &str) -> &Account {
        self.seed.accounts.get(role).unwrap_or_else(|| panic!("the demonstration has no {role}"))
    }

    /// The API on behalf of somebody with this role.
    pub fn api(&self, role: &str) -> Token {
        Token { base: self.base.clone(), secret: self.account(role).token.clone() }
    }

    /// A new session of somebody with this role: the value of its cookie.
    pub fn session(&self, role: &str) -> String {
        let Account { name, password, .. } = self.account(role);
        let form = [("name", name.as_str()), ("password", password.as_str())];
        let reply = read(agent().post(format!("{}/sign-in", self.base)).send_form(form)).expect(303);
        let cookie = reply.header("set-cookie").unwrap();
        cookie.trim_start_matches("sid=").split(';').next().unwrap().to_owned()
    }
}

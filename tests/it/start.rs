//! The real program on real files: what it refuses to touch, what it says then, and a round of the command line.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::{QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query};
use serde_json::{Value, json};

use crate::support::Token;

/// The program in a folder of its own, without anything from the environment.
pub struct Program {
    pub dir: tempfile::TempDir,
}

/// What a run said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Refused with this code, in one line that says what to do, and nothing on stdout.
    #[track_caller]
    fn refused(self, code: i32, words: &str) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        assert_eq!(self.out, "", "{self:#?}");
        let lines: Vec<&str> = self.err.lines().collect();
        assert!(lines.len() == 1 && lines[0].starts_with("trephine: "), "not one line: {self:#?}");
        assert!(self.err.contains(words), "not a word of {words:?}: {self:#?}");
        self
    }
}

impl From<Output> for Said {
    fn from(o: Output) -> Self {
        Self {
            code: o.status.code().unwrap_or(-1),
            out: String::from_utf8(o.stdout).unwrap(),
            err: String::from_utf8(o.stderr).unwrap(),
        }
    }
}

impl Program {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trephine"));
        command.args(args).current_dir(self.dir.path()).env_clear().stdin(Stdio::null());
        command
    }

    /// Runs to the end. A server that starts where it should refuse is stopped, and told apart by its code.
    pub fn run(&self, args: &[&str]) -> Said {
        let mut child = self.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = read_aside(child.stdout.take().unwrap());
        let err = read_aside(child.stderr.take().unwrap());
        let deadline = Instant::now() + Duration::from_secs(30);
        let status = loop {
            match child.try_wait().unwrap() {
                Some(status) => break status,
                None if Instant::now() > deadline => {
                    child.kill().unwrap();
                    break child.wait().unwrap();
                }
                None => std::thread::sleep(Duration::from_millis(2)),
            }
        };
        Said { code: status.code().unwrap_or(-1), out: out.join().unwrap(), err: err.join().unwrap() }
    }

    /// The same about `lab.db` in this folder.
    pub fn lab(&self, args: &[&str]) -> Said {
        self.run(&[args, &["--database-url", "sqlite:lab.db"]].concat())
    }

    /// A database with an account for each name, and its token.
    pub fn with_people(people: &[(&str, &str)]) -> (Self, BTreeMap<String, String>) {
        let program = Self::new();
        let mut tokens = BTreeMap::new();
        for (name, role) in people {
            program.lab(&["user", "add", name, "--role", role, "--full-name", "Some Body"]).expect(0);
            let token = program.lab(&["token", "issue", "--user", name]).expect(0).out.trim().to_owned();
            tokens.insert((*name).to_owned(), token);
        }
        (program, tokens)
    }

    pub fn serve(&self) -> Serving {
        Serving::start(self.command(&["serve", "--listen", "127.0.0.1:0", "--database-url", "sqlite:lab.db"]))
    }
}

/// Reads to the end on a thread of its own, so that nobody waits for a full pipe.
fn read_aside(mut from: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        from.read_to_string(&mut text).unwrap();
        text
    })
}

/// A running server.
pub struct Serving {
    pub child: Child,
    pub base: String,
    /// What it said on stderr after it listened; read to its end so that it never waits for us.
    rest: Option<std::thread::JoinHandle<String>>,
}

impl Serving {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut before = String::new();
        let base = loop {
            let mut line = String::new();
            assert!(said.read_line(&mut line).unwrap() > 0, "it ended before it listened: {before}");
            if let Some(base) = line.trim().strip_prefix("trephine: listening on ") {
                break base.to_owned();
            }
            before.push_str(&line);
        };
        let rest = std::thread::spawn(move || {
            let mut text = before;
            let _ = said.read_to_string(&mut text);
            text
        });
        Self { child, base, rest: Some(rest) }
    }

    pub fn token(&self, secret: &str) -> Token {
        Token { base: self.base.clone(), secret: secret.to_owned() }
    }

    /// The power goes.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn terminate(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
    }

    /// The exit code, and everything that was said.
    pub fn wait(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        (code, self.rest.take().unwrap().join().unwrap())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A case whose marrow is still to be taken: no time of the day matters.
pub fn planned(mrn: &str) -> Value {
    json!({
        "patient": { "mrn": mrn, "family_name": "Okonkwo", "given_name": "Ada" },
        "requester": "Dr Vale",
        "indication": "MDS",
        "procedure": { "site": "PIC", "side": "left" },
        "specimens": [{ "kind": "aspirate", "container": "EDTA" }],
        "orders": ["NGS-MYE"],
    })
}

/// Every file of a folder with its bytes, locks apart: they are empty and say nothing.
fn everything(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    std::fs::read_dir(dir)
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|p| p.extension().is_none_or(|e| e != "lock"))
        .map(|p| {
            let bytes = std::fs::read(&p).unwrap();
            (p, bytes)
        })
        .collect()
}

fn sqlite(path: &Path) -> SqliteConnection {
    SqliteConnection::establish(path.to_str().unwrap()).unwrap()
}

/// Commands that look into a database or write to it, and one that serves it.
const COMMANDS: &[&[&str]] = &[
    &["verify"],
    &["user", "list"],
    &["user", "add", "x.y", "--role", "tech", "--full-name", "X Y"],
    &["token", "list"],
    &["export", "cases"],
    &["backup", "copy.db"],
    &["migrate"],
    &["migrate", "--status"],
    &["serve", "--listen", "127.0.0.1:0"],
];

#[track_caller]
fn untouched_by_every_command(program: &Program, code: i32, words: &str) {
    let before = everything(program.dir.path());
    for command in COMMANDS {
        let said = program.lab(command);
        let code = if *command == ["migrate", "--status"] { 1.max(said.code) } else { code };
        said.refused(code, words);
        let after = everything(program.dir.path());
        assert_eq!(
            before.keys().collect::<Vec<_>>(),
            after.keys().collect::<Vec<_>>(),
            "{command:?} left files behind"
        );
        assert!(before == after, "{command:?} changed a file that is not ours");
    }
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let program = Program::new();
    std::fs::write(program.path("lab.db"), "Dear diary, this is the only copy.\n".repeat(400)).unwrap();
    untouched_by_every_command(&program, 4, "is not a Trephine database and was left untouched");
}

#[test]
fn the_database_of_another_program_is_left_alone() {
    for mode in ["DELETE", "WAL"] {
        let program = Program::new();
        let mut conn = sqlite(&program.path("lab.db"));
        conn.batch_execute(&format!(
            "PRAGMA journal_mode = {mode}; CREATE TABLE cases (id TEXT, accession TEXT); INSERT INTO cases VALUES ('1', 'precious');"
        ))
        .unwrap();
        drop(conn);
        untouched_by_every_command(&program, 4, "is not a Trephine database and was left untouched");
    }
}

#[test]
fn a_truncated_database_is_refused_and_left_as_it_is() {
    let (program, _) = Program::with_people(&[("t.one", "tech")]);
    let whole = std::fs::read(program.path("lab.db")).unwrap();
    for keep in [20, 100, 1_000, 4_096, 5_000, whole.len() / 2] {
        let damaged = Program::new();
        std::fs::write(damaged.path("lab.db"), &whole[..keep]).unwrap();
        let before = everything(damaged.dir.path());
        for command in [&["verify"][..], &["backup", "copy.db"], &["serve", "--listen", "127.0.0.1:0"]] {
            let said = damaged.lab(command);
            // Whatever part is missing: refused in one line, never a panic, never repaired in silence.
            assert!(matches!(said.code, 1 | 4), "{keep} bytes, {command:?}: {said:#?}");
            assert!(
                !said.err.contains("panicked") && said.err.starts_with("trephine: "),
                "{keep} bytes, {command:?}: {said:#?}"
            );
            let after = everything(damaged.dir.path());
            assert_eq!(before, after, "{keep} bytes, {command:?}");
        }
    }
}

#[test]
fn a_database_of_a_newer_program_is_refused_and_left_as_it_is() {
    let (program, _) = Program::with_people(&[("t.one", "tech")]);
    let mut conn = sqlite(&program.path("lab.db"));
    conn.batch_execute(
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999'); PRAGMA wal_checkpoint(TRUNCATE);",
    )
    .unwrap();
    drop(conn);
    untouched_by_every_command(&program, 4, "9999");
}

#[test]
fn a_second_server_on_the_same_file_is_refused() {
    let (program, tokens) = Program::with_people(&[("t.one", "tech")]);
    let serving = program.serve();
    program.lab(&["serve", "--listen", "127.0.0.1:0"]).refused(6, "another Trephine server is using");
    program.lab(&["migrate"]).refused(6, "another Trephine server is using");
    // By another spelling of the same path, too.
    std::os::unix::fs::symlink(program.path("lab.db"), program.path("link.db")).unwrap();
    let other = program.run(&["serve", "--listen", "127.0.0.1:0", "--database-url", "sqlite:link.db"]);
    assert_eq!(other.code, 6, "through a link: {other:#?}");
    // The first one serves on, and looking is allowed beside it.
    serving.token(&tokens["t.one"]).get("/api/v1/cases").expect(200);
    program.lab(&["verify"]).expect(0);
    program.lab(&["user", "list"]).expect(0);
}

#[test]
fn a_mistyped_path_makes_no_new_database() {
    let program = Program::new();
    let before = everything(program.dir.path());
    let mut made = Vec::new();
    for command in [
        &["verify"][..],
        &["export", "cases"],
        &["backup", "copy.db"],
        &["user", "list"],
        &["user", "disable", "x.y"],
        &["user", "password", "x.y"],
        &["token", "list"],
        &["token", "issue", "--user", "x.y"],
        &["token", "revoke", "018f0000-0000-7000-8000-000000000000"],
    ] {
        let said = program.lab(command);
        assert_eq!(said.code, 5, "{command:?}: {said:#?}");
        if everything(program.dir.path()) != before {
            made.push(command.join(" "));
            std::fs::remove_file(program.path("lab.db")).unwrap();
        } else {
            said.refused(5, "lab.db");
        }
    }
    assert!(made.is_empty(), "an empty database appears where somebody mistyped a path: {made:#?}");
    program.run(&["verify", "--database-url", "sqlite:no/such/folder/lab.db"]).refused(5, "no/such/folder");
    program
        .run(&["serve", "--listen", "127.0.0.1:0", "--database-url", "sqlite:no/such/folder/lab.db"])
        .refused(5, "no/such/folder");
    // A folder, or nothing at all, is no file.
    std::fs::create_dir(program.path("folder")).unwrap();
    program.run(&["verify", "--database-url", "sqlite:folder"]).refused(4, "folder");
    std::fs::write(program.path("empty.db"), "").unwrap();
    program.run(&["verify", "--database-url", "sqlite:empty.db"]).refused(5, "empty.db");
    assert_eq!(std::fs::read(program.path("empty.db")).unwrap(), b"");
}

#[test]
fn an_address_that_cannot_be_served_is_refused_before_anything_is_made() {
    let program = Program::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (listen, code, words) in [
        ("nonsense", 3, "is no address"),
        ("127.0.0.1", 3, "is no address"),
        ("127.0.0.1:99999", 3, "is no address"),
        ("0.0.0.0:0", 3, "--behind-tls"),
        ("[::]:0", 3, "--behind-tls"),
        ("192.0.2.1:8080", 3, "--behind-tls"),
        (taken.as_str(), 6, "listen"),
    ] {
        program.lab(&["serve", "--listen", listen]).refused(code, words);
        assert!(everything(program.dir.path()).is_empty(), "{listen}: a database was made all the same");
    }
    program.lab(&["serve", "--listen", "192.0.2.1:8080", "--behind-tls"]).expect(6);
    // Behind a proxy it may listen for others.
    let serving = Serving::start(program.command(&[
        "serve",
        "--listen",
        "0.0.0.0:0",
        "--behind-tls",
        "--database-url",
        "sqlite:lab.db",
    ]));
    serving.terminate();
    assert_eq!(serving.wait().0, Some(0));
}

#[test]
fn settings_that_do_not_fit_are_refused_with_their_own_code() {
    let program = Program::new();
    std::fs::write(program.path("wrong.toml"), "databse_url = \"sqlite:lab.db\"\n").unwrap();
    program.run(&["verify", "--config", "missing.toml"]).refused(3, "missing.toml");
    assert_eq!(program.run(&["verify", "--config", "wrong.toml"]).code, 3);
    program.run(&["verify", "--log", "loud"]).refused(3, "loud");
    for url in ["lab.db", "mysql://x", "sqlite:", "sqlite::memory:", "postgres://db.example/x"] {
        program.run(&["verify", "--database-url", url]).refused(3, "address");
    }
    let secret = program.run(&["verify", "--database-url", "postgres://u:hunter2@db.example/x"]);
    assert!(!secret.err.contains("hunter2"), "{secret:#?}");
    let secret = program.run(&["verify", "--database-url", "postgres://u:hunter2@127.0.0.1:1/x"]).expect(4);
    assert!(!secret.err.contains("hunter2"), "{secret:#?}");
    for wrong in [&["fly"][..], &["verify", "--fast"], &["user", "add"], &[]] {
        assert_eq!(program.run(wrong).code, 2, "{wrong:?}");
    }
    for fine in
        [&["--help"][..], &["--version"], &["states"], &["openapi"], &["catalogue", "show"], &["completions", "bash"]]
    {
        assert_eq!(program.run(fine).code, 0, "{fine:?}");
    }
    // Flag over environment over file.
    std::fs::write(program.path("trephine.toml"), "database_url = \"sqlite:file.db\"\n").unwrap();
    let run = |env: Option<&str>, args: &[&str]| {
        let mut command = program.command(args);
        if let Some(url) = env {
            command.env("TREPHINE_DATABASE_URL", url);
        }
        Said::from(command.output().unwrap()).refused(5, "db").err
    };
    assert!(run(None, &["verify"]).contains("file.db"));
    assert!(run(Some("sqlite:environment.db"), &["verify"]).contains("environment.db"));
    assert!(run(Some("sqlite:environment.db"), &["verify", "--database-url", "sqlite:flag.db"]).contains("flag.db"));
}

#[test]
fn accounts_and_tokens_from_the_command_line() {
    let program = Program::new();
    let add = |name: &str, role: &str| program.lab(&["user", "add", name, "--role", role, "--full-name", "Some Body"]);
    // The generated password stands alone on stdout, and is one that may be used.
    let password = add("t.one", "tech").expect(0).out;
    assert!(password.trim().len() >= 20 && password.lines().count() == 1, "{password:?}");
    add("T.One", "tech").refused(6, "t.one");
    add("two words", "tech").refused(2, "/name");
    add("system", "tech").refused(2, "/name");
    assert_eq!(add("z.z", "king").code, 2);
    assert_eq!(add("z.z", "system").code, 2);
    let both = ["user", "add", "z.z", "--role", "admin", "--role", "pathologist", "--full-name", "Z"];
    program.lab(&both).refused(2, "admin");
    std::fs::write(program.path("weak"), "t.two likes this\n").unwrap();
    program
        .lab(&["user", "add", "t.two", "--role", "tech", "--full-name", "T", "--password-file", "weak"])
        .refused(2, "/password");
    program.lab(&["user", "password", "t.one", "--password-file", "nowhere"]).refused(2, "nowhere");
    std::fs::write(program.path("strong"), "seven brown herons wade\n").unwrap();
    let given = program
        .lab(&["user", "add", "t.two", "--role", "tech", "--full-name", "T", "--password-file", "strong"])
        .expect(0);
    assert_eq!(given.out, "", "a given password is not printed");
    let listed: Value = serde_json::from_str(&program.lab(&["user", "list", "--json"]).expect(0).out).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert!(!listed.to_string().contains("argon2"));

    let token = program.lab(&["token", "issue", "--user", "t.one", "--expires", "30d"]).expect(0).out;
    assert!(token.starts_with("trp_") && token.lines().count() == 1, "{token:?}");
    let second = program.lab(&["token", "issue", "--user", "t.two"]).expect(0).out;
    program.lab(&["token", "issue", "--user", "nobody"]).refused(5, "nobody");
    for bad in ["0d", "366d", "-1d", "1", "soon", "99999999999999999999d"] {
        assert_eq!(program.lab(&["token", "issue", "--user", "t.one", &format!("--expires={bad}")]).code, 2, "{bad}");
    }
    assert_eq!(program.lab(&["token", "issue", "--user", "t.one", "--scope", "everything"]).code, 2);

    let serving = program.serve();
    let (one, two) = (serving.token(token.trim()), serving.token(second.trim()));
    one.post("/api/v1/cases", &planned("A1")).expect(201);
    let listed: Value = serde_json::from_str(&program.lab(&["token", "list", "--json"]).expect(0).out).unwrap();
    let mine = listed.as_array().unwrap().iter().find(|t| t["user"] == "t.one").unwrap();
    assert_eq!((mine["state"].as_str(), mine["last_used_at"].is_string()), (Some("active"), true));
    assert!(!listed.to_string().contains(token.trim().trim_start_matches("trp_")));
    // Revoked and disabled while the server runs: at once.
    program.lab(&["token", "revoke", mine["id"].as_str().unwrap()]).expect(0);
    assert_eq!(one.get("/api/v1/cases").status, 401);
    assert_eq!(two.get("/api/v1/cases").status, 200);
    program.lab(&["user", "disable", "t.two"]).expect(0);
    assert_eq!(two.get("/api/v1/cases").status, 401);
    program.lab(&["user", "disable", "nobody"]).refused(5, "nobody");
    program.lab(&["token", "revoke", "018f0000-0000-7000-8000-000000000000"]).refused(5, "018f0000");
    assert_eq!(program.lab(&["token", "issue", "--user", "t.two"]).code, 5, "a disabled account gets no token");
    program.lab(&["verify"]).expect(0);
}

#[test]
fn a_backup_while_serving_is_restored_and_verifies() {
    let (program, tokens) = Program::with_people(&[("t.one", "tech")]);
    let serving = program.serve();
    let tech = serving.token(&tokens["t.one"]);
    for i in 0..10 {
        tech.post("/api/v1/cases", &planned(&format!("A{i}"))).expect(201);
    }
    program.lab(&["backup", "copy.db"]).expect(0);
    let copy = std::fs::read(program.path("copy.db")).unwrap();
    // A backup is never overwritten, and a folder that is not there is no place for one.
    let taken = program.lab(&["backup", "copy.db"]);
    assert!(matches!(taken.code, 1 | 6), "{taken:#?}");
    assert_eq!(std::fs::read(program.path("copy.db")).unwrap(), copy);
    program.lab(&["backup", "no/such/folder/copy.db"]).expect(1);
    for i in 10..15 {
        tech.post("/api/v1/cases", &planned(&format!("A{i}"))).expect(201);
    }
    program.lab(&["restore", "copy.db"]).refused(6, "stop it first");
    tech.get("/api/v1/cases").expect(200);
    serving.terminate();
    assert_eq!(serving.wait().0, Some(0));

    // Something that is no whole copy of ours is not put in place.
    let before = everything(program.dir.path());
    std::fs::write(program.path("junk.db"), "junk").unwrap();
    std::fs::write(program.path("half.db"), &copy[..copy.len() / 2]).unwrap();
    for (bad, codes) in [("junk.db", [4, 1]), ("half.db", [4, 1]), ("missing.db", [5, 5])] {
        let said = program.lab(&["restore", bad]);
        assert!(codes.contains(&said.code) && said.err.lines().count() == 1, "{bad}: {said:#?}");
        for (path, bytes) in &before {
            assert!(std::fs::read(path).unwrap() == *bytes, "{bad} changed {}", path.display());
        }
    }
    program.lab(&["restore", "copy.db"]).expect(0);
    program.lab(&["verify"]).expect(0);
    let kept = std::fs::read_dir(program.dir.path())
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .find(|n| n.starts_with("lab.db.replaced-") && !n.ends_with("-wal") && !n.ends_with("-shm"))
        .expect("the replaced database is kept");
    let cases = |name: &str| {
        let said = program
            .run(&["export", "cases", "--format", "ndjson", "--database-url", &format!("sqlite:{name}")])
            .expect(0);
        said.out.lines().count()
    };
    assert_eq!((cases("lab.db"), cases(&kept)), (10, 15));
    assert_eq!(std::fs::read(program.path("copy.db")).unwrap(), copy, "the backup itself is left as it is");
    let serving = program.serve();
    let tech = serving.token(&tokens["t.one"]);
    // The numbers go on where the copy stood.
    let next = tech.post("/api/v1/cases", &planned("B1")).expect(201).json();
    assert!(next["accession"].as_str().unwrap().contains("-000011"), "{next}");
}

/// Every way to tamper that a thief of the file has, and what `verify` says.
#[test]
fn one_changed_byte_is_found_and_its_case_named() {
    #[derive(QueryableByName)]
    struct Text {
        #[diesel(sql_type = diesel::sql_types::Text)]
        value: String,
    }
    let (program, tokens) = Program::with_people(&[("t.one", "tech")]);
    let accession = {
        let serving = program.serve();
        let tech = serving.token(&tokens["t.one"]);
        tech.post("/api/v1/cases", &planned("A1")).expect(201);
        let accession =
            tech.post("/api/v1/cases", &planned("A2")).expect(201).json()["accession"].as_str().unwrap().to_owned();
        let cancel = json!({ "transition": "mark_not_collected", "reason": "DRY_TAP" });
        tech.step(&format!("{accession}-A1"), &cancel).expect(200);
        serving.terminate();
        assert_eq!(serving.wait().0, Some(0));
        accession
    };
    program.lab(&["verify"]).expect(0);
    let good = std::fs::read(program.path("lab.db")).unwrap();
    let id = {
        let mut conn = sqlite(&program.path("lab.db"));
        let found: Vec<Text> = sql_query(format!("SELECT id AS value FROM cases WHERE accession = '{accession}'"))
            .load(&mut conn)
            .unwrap();
        found.into_iter().next().unwrap().value
    };
    // The triggers refuse what is not meant to happen.
    {
        let mut conn = sqlite(&program.path("lab.db"));
        for sql in ["UPDATE journal SET reason = 'x'", "DELETE FROM journal"] {
            let error = conn.batch_execute(sql).unwrap_err().to_string();
            assert!(error.contains("append-only"), "{error}");
        }
    }
    let stream = format!("case:{id}");
    let tampers = [
        format!("UPDATE journal SET body = replace(body, 'Okonkwo', 'Okonkwa') WHERE stream = '{stream}' AND seq = 1"),
        format!("UPDATE journal SET reason = 'PATIENT_DECLINED' WHERE stream = '{stream}' AND seq = 2"),
        format!("UPDATE journal SET actor = 'somebody.else' WHERE stream = '{stream}' AND seq = 2"),
        format!("UPDATE journal SET recorded_at = '2020-01-01T00:00:00.000000Z' WHERE stream = '{stream}' AND seq = 2"),
        format!("UPDATE journal SET hash = '{}' WHERE stream = '{stream}' AND seq = 1", "0".repeat(64)),
        format!("DELETE FROM journal WHERE stream = '{stream}' AND seq = 1"),
        format!("DELETE FROM journal WHERE stream = '{stream}' AND seq = 2"),
        format!("DELETE FROM journal WHERE stream = '{stream}'"),
        format!("UPDATE cases SET stage = 'reported' WHERE id = '{id}'"),
        format!("UPDATE cases SET body = replace(body, 'Dr Vale', 'Dr Gale') WHERE id = '{id}'"),
        format!("UPDATE specimens SET body = replace(body, 'DRY_TAP', 'NOT_INDICATED') WHERE case_id = '{id}'"),
        format!("UPDATE specimens SET state = 'planned' WHERE case_id = '{id}'"),
        format!("UPDATE specimens SET location = 'elsewhere' WHERE case_id = '{id}'"),
        format!("UPDATE orders SET state = 'final' WHERE case_id = '{id}'"),
        format!("UPDATE orders SET department = 'FLOW' WHERE case_id = '{id}'"),
        format!("UPDATE orders SET urgent_by = '2020-01-01T00:00:00.000000Z' WHERE case_id = '{id}'"),
        format!("DELETE FROM orders WHERE case_id = '{id}'"),
        format!("UPDATE cases SET requester = 'somebody.else' WHERE id = '{id}'"),
        format!("UPDATE cases SET logged_at = '2020-01-01T00:00:00.000000Z' WHERE id = '{id}'"),
        "UPDATE counters SET last = 7".to_owned(),
        "UPDATE patients SET body = replace(body, 'Okonkwo', 'Okonkwa') WHERE mrn = 'A2'".to_owned(),
        "UPDATE patients SET name_key = 'nobody' WHERE mrn = 'A2'".to_owned(),
        "UPDATE patients SET mrn = 'A3' WHERE mrn = 'A2'".to_owned(),
    ];
    let mut missed = Vec::new();
    for sql in &tampers {
        for end in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(program.path(&format!("lab.db{end}")));
        }
        std::fs::write(program.path("lab.db"), &good).unwrap();
        let mut conn = sqlite(&program.path("lab.db"));
        conn.batch_execute(
            "DROP TRIGGER journal_refuses_update; DROP TRIGGER journal_refuses_delete; PRAGMA foreign_keys = OFF;",
        )
        .unwrap();
        let changed = sql_query(sql).execute(&mut conn).unwrap();
        assert!(changed > 0, "{sql}");
        drop(conn);
        let said = program.lab(&["verify"]);
        if said.code != 1 {
            missed.push(format!("exit code {}: {sql}", said.code));
            continue;
        }
        let whose = [accession.as_str(), id.as_str()];
        let about_one = sql.contains(&id);
        if about_one && !whose.iter().any(|w| said.out.contains(w)) {
            missed.push(format!("names no case: {sql}\n{}", said.out));
        }
        // As JSON it is the same verdict.
        let findings: Value = serde_json::from_str(&program.lab(&["verify", "--json"]).expect(1).out).unwrap();
        assert_eq!(findings["findings"].as_array().unwrap().len(), said.out.lines().count(), "{sql}");
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn an_export_ends_with_the_documented_code_and_no_half_file() {
    let (program, tokens) = Program::with_people(&[("t.one", "tech")]);
    {
        let serving = program.serve();
        let tech = serving.token(&tokens["t.one"]);
        for i in 0..5 {
            tech.post("/api/v1/cases", &planned(&format!("A{i}"))).expect(201);
        }
        let out = program.lab(&["export", "cases"]).expect(0);
        assert_eq!(out.out.split("\r\n").filter(|l| !l.is_empty()).count(), 6, "beside a server, too");
        serving.terminate();
        serving.wait();
    }
    for wrong in [
        &["export", "nothing"][..],
        &["export", "cases", "--columns", "nothing"],
        &["export", "cases", "--columns", "stage,stage"],
        &["export", "cases", "--format", "pdf"],
        &["export", "cases", "--dialect", "french"],
        &["export", "cases", "--identifiers", "some"],
        &["export", "cases", "--identifiers", "full"],
        &["export", "cases", "--identifiers", "full", "--reason", "no"],
        &["export", "cases", "--tz", "Mars/Olympus"],
        &["export", "cases", "--from", "yesterday"],
    ] {
        let said = program.lab(wrong);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{wrong:?}: {said:#?}");
    }
    for dataset in ["cases", "specimens", "orders", "results", "reports", "events", "turnaround", "rejections"] {
        for format in ["csv", "ndjson", "xlsx"] {
            let name = format!("{dataset}.{format}");
            program.lab(&["export", dataset, "--format", format, "-o", &name]).expect(0);
            let bytes = std::fs::read(program.path(&name)).unwrap();
            let manifest = std::fs::read_to_string(program.path(&format!("{name}.datapackage.json"))).unwrap();
            let manifest: Value = serde_json::from_str(&manifest).unwrap();
            use sha2::Digest as _;
            let sum: String = sha2::Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(manifest["resources"][0]["hash"], format!("sha256:{sum}"), "{name}");
            assert_eq!(manifest["resources"][0]["bytes"], bytes.len());
            assert_eq!(manifest["resources"][0]["path"], name.as_str());
        }
    }
    program.lab(&["export", "cases", "-o", "no/such/folder/cases.csv"]).expect(1);
    // What cannot be put in place leaves nothing half done beside it.
    std::fs::create_dir(program.path("cases.dir")).unwrap();
    std::fs::write(program.path("cases.dir/file"), "x").unwrap();
    let before: Vec<_> = everything_names(program.dir.path());
    program.lab(&["export", "cases", "-o", "cases.dir"]).expect(1);
    assert_eq!(everything_names(program.dir.path()), before, "a part of an export stays behind");
    // `cases.part` is somebody's own file, not our scratch paper.
    std::fs::write(program.path("mine.part"), "precious").unwrap();
    program.lab(&["export", "cases", "-o", "mine.csv"]).expect(0);
    let kept = std::fs::read_to_string(program.path("mine.part"));
    assert_eq!(kept.ok().as_deref(), Some("precious"), "the export ate a file that is not its own");
    program.lab(&["verify"]).expect(0);
}

fn everything_names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .filter(|n| !n.ends_with("-wal") && !n.ends_with("-shm"))
        .collect();
    names.sort();
    names
}

/// Patient data is for whoever runs the program, not for everybody with an account on the machine.
#[test]
fn what_holds_patients_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let (program, tokens) = Program::with_people(&[("t.one", "tech")]);
    let serving = program.serve();
    serving.token(&tokens["t.one"]).post("/api/v1/cases", &planned("A1")).expect(201);
    program.lab(&["backup", "copy.db"]).expect(0);
    program.lab(&["export", "cases", "--identifiers", "full", "--reason", "for a test", "-o", "full.csv"]).expect(0);
    let mut open = Vec::new();
    let mut look = || {
        for file in std::fs::read_dir(program.dir.path()).unwrap().map(Result::unwrap) {
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            let name = file.file_name().into_string().unwrap();
            if mode & 0o077 != 0 && !name.ends_with(".datapackage.json") {
                open.push(format!("{name} {mode:o}"));
            }
        }
    };
    look();
    serving.terminate();
    serving.wait();
    program.lab(&["restore", "copy.db"]).expect(0);
    look();
    assert!(open.is_empty(), "{open:#?}");
}

/// `trephine … | head` is no failure and no panic.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let (program, _) = Program::with_people(&[("t.one", "tech")]);
    std::fs::write(program.path("bad.csv"), "nonsense\n1\n").unwrap();
    std::fs::write(program.path("bad.toml"), "nonsense = 1\n").unwrap();
    for command in [
        &["openapi"][..],
        &["states"],
        &["states", "--format", "json"],
        &["completions", "bash"],
        &["user", "list"],
        &["token", "list", "--json"],
        &["catalogue", "show"],
        &["catalogue", "check", "bad.toml"],
        &["import", "cases", "bad.csv"],
        &["migrate", "--status"],
        &["export", "events"],
        &["export", "cases", "--format", "ndjson"],
        &["verify", "--json"],
    ] {
        let args = [command, &["--database-url", "sqlite:lab.db"]].concat();
        let mut child = program.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let said = Said::from(child.wait_with_output().unwrap());
        assert!(!said.err.contains("panicked"), "{command:?}: {said:#?}");
        assert!(matches!(said.code, 0 | 1), "{command:?}: {said:#?}");
    }
}

/// Whatever somebody with the file changes in a row about a patient, `verify` notices: column by column, and within
/// the JSON of a row field by field.
#[test]
fn no_field_of_a_clinical_row_can_be_changed_unnoticed() {
    #[derive(QueryableByName)]
    struct Text {
        #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
        value: Option<String>,
    }
    // What may differ: expected dates move with the catalogue, and the engine gives out positions.
    const FREE: &[&str] = &["cases.due_at", "journal.position"];
    let house = crate::machines::House::open(crate::support::Engine::sqlite());
    let signed = house.signed();
    house.part(trephine::domain::SpecimenState::Rejected);
    let lab = &house.server.lab;
    house.server.assert_verified();
    let mut conn = sqlite(lab.store().path().unwrap());
    conn.batch_execute(
        "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; \
         DROP TRIGGER journal_refuses_update; DROP TRIGGER journal_refuses_delete;",
    )
    .unwrap();
    let one = |conn: &mut SqliteConnection, sql: &str| -> Option<String> {
        let rows: Vec<Text> = sql_query(sql).load(conn).unwrap();
        rows.into_iter().next().unwrap_or_else(|| panic!("{sql}")).value
    };
    let case = format!("(SELECT id FROM cases WHERE accession = '{}')", signed.accession);
    let mut missed = Vec::new();
    let mut changed = 0;
    for (table, which) in [
        ("patients", format!("id = (SELECT patient_id FROM cases WHERE accession = '{}')", signed.accession)),
        ("cases", format!("accession = '{}'", signed.accession)),
        ("specimens", format!("case_id = {case}")),
        ("orders", format!("case_id = {case}")),
        ("results", format!("case_id = {case}")),
        ("reports", format!("case_id = {case}")),
        ("journal", format!("stream = 'case:' || {case} AND seq = 3")),
    ] {
        let row =
            one(&mut conn, &format!("SELECT CAST(rowid AS TEXT) AS value FROM {table} WHERE {which} LIMIT 1")).unwrap();
        let columns: Vec<Text> =
            sql_query(format!("SELECT name AS value FROM pragma_table_info('{table}')")).load(&mut conn).unwrap();
        for column in columns.into_iter().filter_map(|c| c.value) {
            if FREE.contains(&format!("{table}.{column}").as_str()) {
                continue;
            }
            let old =
                one(&mut conn, &format!("SELECT CAST({column} AS TEXT) AS value FROM {table} WHERE rowid = {row}"));
            let kind = one(
                &mut conn,
                &format!("SELECT type AS value FROM pragma_table_info('{table}') WHERE name = '{column}'"),
            )
            .unwrap();
            // The column itself, or every field of the JSON in it.
            let mut news: Vec<(String, String)> = Vec::new();
            match old.as_deref().map(serde_json::from_str::<Value>) {
                Some(Ok(Value::Object(fields))) if column == "body" => {
                    for (name, value) in &fields {
                        let mut altered = fields.clone();
                        altered[name] = match value {
                            Value::String(text) => json!(format!("{text}x")),
                            Value::Number(n) => json!(n.as_f64().unwrap() + 1.0),
                            Value::Bool(b) => json!(!b),
                            Value::Null => json!("x"),
                            Value::Array(items) if items.is_empty() => json!(["x"]),
                            Value::Array(_) => json!([]),
                            Value::Object(_) => Value::Null,
                        };
                        news.push((format!("{table}.body.{name}"), Value::Object(altered).to_string()));
                    }
                }
                _ => {
                    let new = match (&old, kind.as_str()) {
                        (Some(n), "INTEGER") => (n.parse::<i64>().unwrap() + 1_000).to_string(),
                        // A moment must stay one, or reading it would fail for another reason.
                        (Some(t), _) if t.len() == 27 && t.ends_with('Z') => {
                            t.replace("2026-", "2025-").replace("9999-", "9998-")
                        }
                        (Some(t), _) if t.len() == 36 && uuid::Uuid::try_parse(t).is_ok() => {
                            uuid::Uuid::from_u128(7).to_string()
                        }
                        (Some(t), _) => format!("{t}x"),
                        (None, _) if column.ends_with("_at") || column == "hold_until" => {
                            "2026-03-04T09:00:00.000000Z".to_owned()
                        }
                        (None, _) if column.ends_with("_id") => uuid::Uuid::from_u128(7).to_string(),
                        (None, _) => "x".to_owned(),
                    };
                    news.push((format!("{table}.{column}"), new));
                }
            }
            for (name, new) in news {
                let set = |value: &str| format!("UPDATE {table} SET {column} = {value} WHERE rowid = {row}");
                let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
                conn.batch_execute(&set(&quoted(&new))).unwrap_or_else(|e| panic!("{name}: {e}"));
                changed += 1;
                // A row that no longer reads at all is noticed, too.
                if lab.verify().is_ok_and(|verdict| verdict.is_clean()) {
                    missed.push(format!(
                        "{name}: {} became {}",
                        old.clone().unwrap_or_default().chars().take(40).collect::<String>(),
                        new.chars().take(40).collect::<String>()
                    ));
                }
                conn.batch_execute(&set(&old.as_deref().map_or("NULL".to_owned(), quoted))).unwrap();
            }
        }
    }
    assert!(changed > 150, "{changed}");
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    house.server.assert_verified();
}

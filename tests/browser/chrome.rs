//! Chromium, headless, with an empty profile, spoken to over two pipes in the DevTools protocol.
//!
//! No driver, no port and no library stand between: one JSON object per message, a zero byte after each. Chromium ends
//! when its pipe closes, so nothing is left behind however a test ends.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// An answer of Chromium that takes longer is no answer.
const PATIENCE: Duration = Duration::from_secs(60);

const FLAGS: [&str; 13] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    // A camera that shows a test picture, and leave to use it.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--remote-debugging-pipe",
];

pub struct Chrome {
    child: Child,
    to: Option<ChildStdin>,
    from: Receiver<Value>,
    number: u64,
    session: Option<String>,
    events: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Chrome {
    /// Chromium with one empty page.
    pub fn start() -> Self {
        let program = std::env::var("TREPHINE_TEST_CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
        let found = Command::new(&program).arg("--version").stderr(Stdio::null()).output();
        assert!(
            found.is_ok_and(|o| o.status.success()),
            "`{program}` does not run. The browser tests need Chromium: run tests/run, which installs it, or name it in TREPHINE_TEST_CHROMIUM"
        );
        let profile = tempfile::tempdir().unwrap();
        // The pipes have to be descriptors 3 and 4; the shell renames ours.
        let mut child = Command::new("/bin/sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null"])
            .arg(program)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (tell, from) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while out.read_until(0, &mut message).is_ok_and(|n| n > 0) {
                message.pop();
                if serde_json::from_slice(&message).map_or(true, |value| tell.send(value).is_err()) {
                    break;
                }
                message.clear();
            }
        });
        let to = child.stdin.take();
        let mut chrome = Self { child, to, from, number: 0, session: None, events: Vec::new(), _profile: profile };
        let target = chrome.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached = chrome.call("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }));
        chrome.session = attached["sessionId"].as_str().map(str::to_owned);
        chrome
    }

    /// Asks for something and waits for the answer; what else is told meanwhile is kept for [`Self::events`].
    #[track_caller]
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        self.try_call(method, params).unwrap_or_else(|e| panic!("{method}: {e}"))
    }

    /// As [`Self::call`]; a refusal is the caller's to judge.
    pub fn try_call(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.number += 1;
        let mut request = json!({ "id": self.number, "method": method, "params": params });
        if let Some(session) = &self.session {
            request["sessionId"] = json!(session);
        }
        let mut bytes = request.to_string().into_bytes();
        bytes.push(0);
        self.to.as_mut().unwrap().write_all(&bytes).unwrap();
        loop {
            let mut answer =
                self.from.recv_timeout(PATIENCE).unwrap_or_else(|e| panic!("Chromium does not answer {method}: {e}"));
            if answer["id"] != json!(self.number) {
                self.events.push(answer);
                continue;
            }
            return match answer.get("error") {
                None => Ok(answer["result"].take()),
                Some(error) => Err(error["message"].as_str().unwrap_or_default().to_owned()),
            };
        }
    }

    /// What was told since this was last asked: the names and the contents of events, oldest first.
    pub fn events(&mut self) -> Vec<(String, Value)> {
        while let Ok(event) = self.from.try_recv() {
            self.events.push(event);
        }
        let named = |mut e: Value| (e["method"].as_str().unwrap_or_default().to_owned(), e["params"].take());
        self.events.drain(..).map(named).collect()
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        drop(self.to.take());
        let began = std::time::Instant::now();
        while began.elapsed() < Duration::from_secs(3) && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

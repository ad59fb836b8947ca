//! The real server on a port of its own, over a laboratory whose clock the test sets.

use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;

use chrono::{DateTime, Utc};
use trephine::cli::serve::server;
use trephine::domain::Role;
use trephine::lab::accounts::{Scope, operator};
use trephine::lab::{Ids, Lab, ManualClock};
use trephine::store::{OpenOptions, Store};

use super::{Engine, Staff, Token};

pub struct TestServer {
    pub lab: Lab,
    pub clock: Arc<ManualClock>,
    pub base: String,
    pub engine: Engine,
    stop: Option<actix_web::dev::ServerHandle>,
    thread: Option<JoinHandle<()>>,
}

/// When tests happen, unless they say otherwise: a Wednesday morning in London.
pub fn morning() -> DateTime<Utc> {
    "2026-03-04T09:00:00Z".parse().unwrap()
}

impl TestServer {
    pub fn start(engine: Engine) -> Self {
        let store =
            Store::open(&engine.url, OpenOptions { create: true, migrate: true, ..OpenOptions::default() }).unwrap();
        let clock = Arc::new(ManualClock::new(morning()));
        let lab = Lab::open(store, clock.clone(), Ids::random().unwrap()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (tell, told) = std::sync::mpsc::channel();
        let served = lab.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let settings = trephine::web::Settings::default();
                let server = server(served, listener, settings).unwrap();
                tell.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let stop = Some(told.recv().unwrap());
        Self { lab, clock, base, engine, stop, thread: Some(thread) }
    }

    /// A token for a new account with these roles.
    pub fn token(&self, name: &str, roles: &[Role]) -> Token {
        self.lab.add_user(&operator(), name, &format!("Dr {name}"), roles, Staff::PASSWORD, "test").unwrap();
        let secret = self.lab.issue_token(&operator(), name, "test", Scope::All, 90, "test").unwrap();
        Token { base: self.base.clone(), secret }
    }

    /// One person per role, and seconds where a rule wants two.
    pub fn staff(&self) -> Staff {
        Staff::hire(self)
    }

    /// The journal's newest position: nothing was written while it stands still.
    pub fn journal(&self) -> i64 {
        self.lab.store().read_now(trephine::store::journal::newest).unwrap()
    }

    /// Stops the timers of time: sets the clock.
    pub fn at(&self, rfc3339: &str) {
        self.clock.set(rfc3339.parse().unwrap());
    }

    /// Every invariant and hash holds.
    pub fn assert_verified(&self) {
        let verdict = self.lab.verify().unwrap();
        assert!(verdict.is_clean(), "{}: {:#?}", self.engine.name, verdict.findings);
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The future does its work when the server sees it; waiting for the thread is waiting for the stop.
            drop(stop.stop(false));
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

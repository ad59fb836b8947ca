//! `trephine serve`: pages and API over HTTP, timers, graceful stop.

use std::net::{SocketAddr, TcpListener, ToSocketAddrs as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, web as http};

use super::Failure;
use super::config::{Settings, open_lab};
use crate::edge;
use crate::exchange::jobs::Jobs;
use crate::lab::Lab;
use crate::store::OpenOptions;

/// Requests in flight get this long when the server is asked to stop, seconds.
const STOP_S: u64 = 10;
/// Most connections per worker.
const CONNECTIONS: usize = 512;
/// A timer's round comes this often.
const TICK: Duration = Duration::from_secs(20);

/// Flags of `serve`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to listen; any port but loopback needs --behind-tls
    #[arg(long, env = "TREPHINE_LISTEN")]
    listen: Option<String>,
    /// A proxy in front speaks TLS: cookies are Secure, other addresses than loopback are allowed
    #[arg(long, env = "TREPHINE_BEHIND_TLS")]
    behind_tls: bool,
    /// Show /metrics here; off when left out
    #[arg(long, env = "TREPHINE_METRICS_LISTEN")]
    metrics_listen: Option<String>,
    /// Keep the files of exports here; beside the `SQLite` file, or in ./trephine-exports, when left out
    #[arg(long, env = "TREPHINE_EXPORTS_DIR")]
    exports_dir: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    let listen = args.listen.unwrap_or_else(|| settings.listen.clone());
    let behind_tls = args.behind_tls || settings.behind_tls;
    // The port first: where nothing can be served, nothing is made.
    let listener = bind(&listen, behind_tls)?;
    let options = OpenOptions { create: true, migrate: true, exclusive: true, ..OpenOptions::default() };
    let lab = open_lab(settings.store(options)?)?;
    if lab.users()?.is_empty() {
        eprintln!(
            "trephine: no account exists yet; make one with: trephine user add NAME --role admin --full-name \"…\""
        );
    }
    let site = Site {
        listener,
        behind_tls,
        metrics: args.metrics_listen.or_else(|| settings.metrics_listen.clone()),
        demo_accounts: Vec::new(),
        exports_dir: args.exports_dir,
    };
    serve(lab, site)
}

/// Where and how to serve.
pub struct Site {
    /// The open port.
    pub listener: TcpListener,
    /// A proxy in front speaks TLS.
    pub behind_tls: bool,
    /// Address of /metrics.
    pub metrics: Option<String>,
    /// Role, name, password: printed on the sign-in page of a demonstration laboratory only.
    pub demo_accounts: Vec<(String, String, String)>,
    /// Where the files of exports go.
    pub exports_dir: Option<PathBuf>,
}

/// Serves until asked to stop.
pub fn serve(lab: Lab, site: Site) -> Result<ExitCode, Failure> {
    let listener = site.listener;
    let metrics = site.metrics.as_deref().map(|at| bind(at, false)).transpose()?;
    let address = listener.local_addr().map_err(|e| Failure::Failed(e.to_string()))?;
    let settings = crate::web::Settings {
        secure_cookies: site.behind_tls,
        demo_accounts: site.demo_accounts,
        exports_dir: site.exports_dir,
    };
    let exports = jobs(&lab, &settings);
    // Before anybody can start one: what is still open now was left by a program that is gone.
    if let Err(error) = exports.tidy(true) {
        tracing::warn!(%error, "exports that were left behind could not be ended");
    }
    let timers = Timers::start(lab.clone(), exports);
    let result = actix_web::rt::System::new().block_on(async move {
        let data = http::Data::new(lab.clone());
        let server = server(lab, listener, settings)?;
        if let Some(listener) = metrics {
            let side = HttpServer::new(move || {
                App::new().app_data(data.clone()).route("/metrics", http::get().to(metrics_page))
            })
            .workers(1)
            .disable_signals()
            .listen(listener)
            .map_err(|e| Failure::Failed(e.to_string()))?;
            drop(actix_web::rt::spawn(side.run()));
        }
        // Told only once the server has its signal handlers: whoever reads this may stop it at once.
        let running = actix_web::rt::spawn(server);
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        eprintln!("trephine: listening on http://{address}");
        let ended = running.await.map_err(|e| Failure::Failed(e.to_string()))?;
        ended.map_err(|e| Failure::Failed(e.to_string()))
    });
    timers.stop();
    result.map(|()| ExitCode::SUCCESS)
}

/// The server over a listener: pages, API and what surrounds them. It runs when awaited, within an actix system.
///
/// # Errors
/// When the listener cannot be used.
pub fn server(lab: Lab, listener: TcpListener, settings: crate::web::Settings) -> Result<Server, Failure> {
    let jobs = http::Data::new(jobs(&lab, &settings));
    let data = http::Data::new(lab);
    let server = HttpServer::new(move || {
        let settings = settings.clone();
        App::new()
            .app_data(data.clone())
            .app_data(jobs.clone())
            .app_data(http::PayloadConfig::new(edge::guard::BODY_MAX))
            .wrap(from_fn(edge::guard))
            .configure(crate::api::configure)
            .configure(|cfg| crate::web::configure(cfg, settings))
    })
    .client_request_timeout(Duration::from_secs(5))
    .max_connections(CONNECTIONS)
    .shutdown_timeout(STOP_S)
    .listen(listener)
    .map_err(|e| Failure::Failed(e.to_string()))?;
    Ok(server.run())
}

/// The exports of a server.
fn jobs(lab: &Lab, settings: &crate::web::Settings) -> Jobs {
    let dir = settings.exports_dir.clone().unwrap_or_else(|| Jobs::default_dir(lab));
    Jobs::new(lab.clone(), dir)
}

async fn metrics_page(lab: http::Data<Lab>) -> HttpResponse {
    let newest = lab.store().read(crate::store::journal::newest).await.unwrap_or_default();
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(edge::metrics::text(newest))
}

/// Opens the port. Plain HTTP leaves this machine only behind a proxy that speaks TLS.
pub(super) fn bind(listen: &str, behind_tls: bool) -> Result<TcpListener, Failure> {
    let addresses: Vec<SocketAddr> = listen
        .to_socket_addrs()
        .map_err(|e| {
            Failure::Configuration(format!("listen: {listen} is no address ({e}); for example 127.0.0.1:8080"))
        })?
        .collect();
    if !behind_tls && addresses.iter().any(|a| !a.ip().is_loopback()) {
        return Err(Failure::Configuration(format!(
            "listen: {listen} is reachable from outside, and passwords would travel in the clear; put a TLS proxy in front and say --behind-tls, or listen on 127.0.0.1"
        )));
    }
    TcpListener::bind(addresses.as_slice()).map_err(|e| Failure::Conflict(format!("listen: {listen}: {e}")))
}

/// The laboratory's timers, on a thread of their own.
struct Timers {
    stop: mpsc::Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

impl Timers {
    fn start(lab: Lab, jobs: Jobs) -> Self {
        let (stop, stopped) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let mut round = 0_u32;
            loop {
                if let Err(error) = lab.refresh_catalogue() {
                    tracing::warn!(%error, "the newest catalogue could not be taken over");
                }
                if let Err(error) = lab.tick() {
                    tracing::warn!(%error, "the timers could not run");
                }
                if round.is_multiple_of(180)
                    && let Err(error) = lab.tidy()
                {
                    tracing::warn!(%error, "old keys and sessions could not be cleared");
                }
                if round.is_multiple_of(180)
                    && let Err(error) = jobs.tidy(false)
                {
                    tracing::warn!(%error, "old exports could not be cleared");
                }
                round = round.wrapping_add(1);
                if stopped.recv_timeout(TICK) != Err(mpsc::RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
        Self { stop, thread }
    }

    fn stop(self) {
        // Either end may be gone already; then there is nothing to stop.
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

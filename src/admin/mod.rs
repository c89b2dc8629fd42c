//! The admin port: liveness, readiness, metrics, and the status page.
//!
//! It runs on a thread of its own and only reads what the worker says of itself, so that a stuck worker can still be
//! asked. It serves no article text.

mod history;
mod routes;
mod status;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use tokio::time::MissedTickBehavior;

use self::status::Sources;
use crate::metrics::Metrics;
use crate::stream::Health;

/// `[admin]`: where probes and scrapers ask.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AdminConfig {
    /// Address and port of `/livez`, `/readyz`, `/metrics` and the status page `/`. Default 127.0.0.1:9464: nobody
    /// outside the machine sees it unless someone says so; in a container, `0.0.0.0:9464`.
    pub listen: SocketAddr,
}

impl Default for AdminConfig {
    fn default() -> Self {
        AdminConfig {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 9464)),
        }
    }
}

/// The port is taken, or not ours to open.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the admin port {listen} (admin.listen)")]
pub struct AdminError {
    listen: SocketAddr,
    source: io::Error,
}

/// The admin port, open until this is dropped.
pub struct Server {
    local: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Opens the port and answers from now on.
    pub fn start(
        config: &AdminConfig,
        health: Health,
        metrics: Metrics,
    ) -> Result<Server, AdminError> {
        let failed = |source| AdminError {
            listen: config.listen,
            source,
        };
        let listener = TcpListener::bind(config.listen).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let local = listener.local_addr().map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let (stop, stopped) = oneshot::channel();
        let sources = Sources::new(health, metrics);
        let serve = async move {
            let listener = match tokio::net::TcpListener::from_std(listener) {
                Ok(listener) => listener,
                Err(error) => return tracing::error!(%error, "the admin port cannot be served"),
            };
            let served = axum::serve(listener, routes::router(sources.clone()));
            tokio::select! {
                () = remember(&sources) => {}
                // Open connections are dropped at the end: a probe that hangs must not delay a shutdown.
                result = served => if let Err(error) = result {
                    tracing::error!(%error, "the admin port has closed");
                },
                _ = stopped => {}
            }
        };
        let thread = thread::Builder::new()
            .name("admin".to_owned())
            .spawn(move || runtime.block_on(serve))
            .map_err(failed)?;
        tracing::info!(listen = %local, "admin port open");
        Ok(Server {
            local,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The address in use: the configured one, with the port that the system chose where that is 0.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }
}

/// Takes samples for the status page's history; ends never.
async fn remember(sources: &Sources) {
    let mut ticks = tokio::time::interval(history::INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        sources.remember();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Dropping the sender is the signal.
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // The thread's panic has been reported when it happened; nothing is left to do about it.
            let _ = thread.join();
        }
    }
}

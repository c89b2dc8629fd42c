//! The taxonomy of a running worker, exchanged when its files change.

use std::error::Error as _;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};
use tracing::{error, info};

use super::Folder;
use super::load::{LoadError, checked};
use crate::config::Config;
use crate::enrich::Enricher;
use crate::metrics::{Metrics, Reload};
use crate::text::pipeline::Pipeline;

/// How often the files are looked at. They are read whole, which finds changes that a time stamp hides (a mount that is
/// exchanged, two changes within a second) and takes less than a millisecond.
const INTERVAL: Duration = Duration::from_secs(2);

/// More mistakes than this are not logged one by one.
const MAX_LOGGED: usize = 20;

/// Exchanges the taxonomy of a worker. Files are compiled and held to their examples on a thread of its own; on any
/// error the taxonomy in use stays.
pub struct Reloader {
    config: Config,
    /// What the taxonomy in use was read from; `None` for the built-in one, which cannot change.
    in_use: Option<Folder>,
    /// What stood there at the last look; an error as text.
    seen: Result<Folder, String>,
    /// What was last tried: wrong files are told once, not at every look.
    tried: Result<Folder, String>,
    enricher: Arc<Enricher>,
    metrics: Metrics,
}

impl Reloader {
    /// `enricher` has the taxonomy of `in_use`.
    pub fn new(
        config: Config,
        in_use: Option<Folder>,
        enricher: Arc<Enricher>,
        metrics: Metrics,
    ) -> Self {
        let seen = in_use.clone().ok_or_else(String::new);
        Reloader {
            config,
            in_use,
            tried: seen.clone(),
            seen,
            enricher,
            metrics,
        }
    }

    /// Watches the files from now on; reads them at once when `asked`. Ends when nobody can ask any more.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(mut self, asked: Receiver<()>) -> io::Result<()> {
        let run = move || {
            loop {
                match asked.recv_timeout(INTERVAL) {
                    Ok(()) => self.read(),
                    Err(RecvTimeoutError::Timeout) => self.look(),
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        };
        thread::Builder::new()
            .name("taxonomy".to_owned())
            .spawn(run)?;
        Ok(())
    }

    /// Reads the files if they have changed since they were last tried, and not since the last look: a folder that
    /// someone is writing to is left alone until it stands still.
    fn look(&mut self) {
        let Some(in_use) = &self.in_use else { return };
        let found = Folder::read(in_use.path()).map_err(|error| told(&error));
        let stands_still = found == self.seen;
        self.seen = found;
        if stands_still && self.seen != self.tried {
            self.read();
        }
    }

    fn read(&mut self) {
        let Some(in_use) = &self.in_use else {
            return info!("the built-in taxonomy is in use: there are no files to read again");
        };
        let found = Folder::read(in_use.path());
        self.tried = found.as_ref().map_err(told).cloned();
        let outcome = match found {
            Ok(folder) if folder == *in_use => {
                info!(
                    taxonomy = self.enricher.taxonomy(),
                    "the taxonomy has not changed"
                );
                Reload::Unchanged
            }
            Ok(folder) => match compile(&self.config, &folder) {
                Ok(pipeline) => {
                    self.exchange(folder, pipeline);
                    Reload::Applied
                }
                Err(error) => self.refuse(&error),
            },
            Err(error) => self.refuse(&error),
        };
        self.metrics.taxonomy_reloads_total.of(outcome).inc();
    }

    fn exchange(&mut self, folder: Folder, pipeline: Pipeline) {
        let (before, now) = (
            self.enricher.taxonomy(),
            pipeline.taxonomy_version().to_owned(),
        );
        self.enricher.replace(pipeline);
        self.in_use = Some(folder);
        info!(before, now, "taxonomy exchanged");
    }

    fn refuse(&self, error: &LoadError) -> Reload {
        let in_use = self.enricher.taxonomy();
        match error {
            LoadError::Wrong(mistakes) => {
                for mistake in mistakes.iter().take(MAX_LOGGED) {
                    error!(
                        file = mistake.file,
                        line = mistake.line,
                        problem = mistake.problem,
                        mend = mistake.hint,
                        in_use,
                        "taxonomy refused, the one in use stays"
                    );
                }
                let more = mistakes.len().saturating_sub(MAX_LOGGED);
                if more > 0 {
                    error!(more, "more mistakes; `newsmill taxonomy test` shows all");
                }
            }
            _ => error!(
                error = told(error),
                in_use, "taxonomy refused, the one in use stays"
            ),
        }
        Reload::Refused
    }
}

/// A panic while compiling is the new files' fault and not the worker's.
fn compile(config: &Config, folder: &Folder) -> Result<Pipeline, LoadError> {
    let compile = AssertUnwindSafe(|| checked(config, folder));
    panic::catch_unwind(compile)
        .unwrap_or_else(|_| Err(LoadError::Panicked(folder.path().to_owned())))
}

/// An error with its cause.
fn told(error: &LoadError) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

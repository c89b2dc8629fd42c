//! `newsmill run`: the worker, until it is told to stop.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use super::Status;
use super::signals::{self, Heard};
use crate::admin;
use crate::config::Config;
use crate::enrich::Enricher;
use crate::metrics::Metrics;
use crate::stream::{Handler, Health, Settings, Summary, Worker};
use crate::taxonomy::{self, Loaded, Reloader};
use crate::telemetry;
#[cfg(feature = "otel")]
use crate::telemetry::traces::Traces;

/// Runs the worker: articles from Kafka in, records out
///
/// It consumes the input topics, writes records to the output topic and what is no article to the dead-letter topic.
/// SIGTERM or SIGINT: it finishes and commits what is in work, within `delivery.drain_deadline_ms`, and ends. A second
/// signal stops it at once; what was in work is done again by whoever reads its partitions next.
///
/// SIGHUP, or a change of the files in `topics.taxonomy`: they are read again and held to their own examples; messages
/// after that get the new taxonomy. If anything is wrong with it, the old one stays and the log says what.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill run --config newsmill.toml
  NEWSMILL_KAFKA__BOOTSTRAP_SERVERS=kafka:9092 newsmill run --config newsmill.toml
  NEWSMILL_LOG__LEVEL=debug newsmill run --config newsmill.toml 2> newsmill.log

Meanwhile: http://localhost:9464/ is the status page; /readyz, /livez and /metrics are for machines

Exit statuses: 0 stopped by a signal, 1 failed, 2 wrong usage or configuration.")]
pub struct Args {
    /// Configuration file; without it the environment has to say everything
    #[arg(long, value_name = "FILE", env = "NEWSMILL_CONFIG")]
    config: Option<PathBuf>,
}

/// What the process may take beyond the drain deadline, to close clients that hang (5 s) and to write its last lines.
const GRACE: Duration = Duration::from_secs(8);

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let config = Config::load(args.config.as_deref())?;
    let settings = config.stream()?;
    let loaded = taxonomy::start(&config)?;
    telemetry::init(&config.log).context("cannot start the log")?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        configuration = %config.effective(),
        "starting"
    );
    let deadline = Duration::from_millis(settings.delivery.drain_deadline_ms) + GRACE;
    let heard = signals::listen(deadline).context("cannot listen for signals")?;
    // From here on people and machines read the log, not a line on a terminal.
    match work(&config, settings, loaded, heard) {
        Ok(summary) => {
            tracing::info!(
                records = summary.records,
                tombstones = summary.tombstones,
                dead_letters = summary.dead_letters,
                unfinished = summary.unfinished,
                "stopped"
            );
            Ok(Status::Done)
        }
        Err(error) => {
            tracing::error!(error = %format_args!("{error:#}"), "failed");
            Ok(Status::Failed)
        }
    }
}

fn work(
    config: &Config,
    settings: Settings,
    loaded: Loaded,
    heard: Heard,
) -> anyhow::Result<Summary> {
    let metrics = Metrics::new();
    let health = Health::new(settings.workers());
    let _admin = admin::Server::start(&config.admin, health.clone(), metrics.clone())?;
    let Loaded { pipeline, folder } = loaded;
    let enricher = Enricher::new(pipeline, config.max_article_bytes(), metrics.clone());
    let enricher = Arc::new(enricher);
    Reloader::new(
        config.clone(),
        folder,
        Arc::clone(&enricher),
        metrics.clone(),
    )
    .start(heard.reload)
    .context("cannot watch the taxonomy")?;
    let handler: Arc<dyn Handler> = enricher;
    #[cfg(feature = "otel")]
    let traces = Traces::start(&config.telemetry, &settings.kafka.group_id)?;
    #[cfg(feature = "otel")]
    let handler = match &traces {
        Some(traces) => traces.around(handler),
        None => handler,
    };
    let worker = Worker::new(settings, handler, metrics, health)?;
    Ok(worker.run(&heard.shutdown)?)
}

//! `newsmill demo`: sample articles through the real worker, shown as they come out.
//!
//! 1. [`cluster`] gives brokers and topics: embedded ones, or those of a real cluster;
//! 2. the worker of `newsmill run` joins its group;
//! 3. [`samples`] are sent, [`card`] shows each outcome as it comes;
//! 4. the worker drains, and a second consumer counts what stands in the topics ([`summary`]).

mod card;
mod cluster;
mod reader;
mod samples;
mod summary;

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use crossbeam_channel::{Sender, bounded};
use indicatif::ProgressBar;

use self::cluster::Cluster;
use self::reader::{Polled, Reader};
use super::canvas::Canvas;
use super::{Status, pipeline, show};
use crate::config::Config;
use crate::enrich::Enricher;
use crate::metrics::Metrics;
use crate::stream::config::{DeliveryConfig, Guarantee, KafkaConfig, PipelineConfig};
use crate::stream::{Health, Settings, Shutdown, Summary, Worker, worker};
use crate::telemetry::{self, Format, Level, LogConfig};

/// Shows the whole way: sample articles in, records out
///
/// Starts an embedded Kafka broker in this process, sends sample articles to it, runs the real worker against it and
/// shows each record as it comes. Then a second consumer reads the topics and counts. It needs nothing else and ends
/// by itself.
///
/// The embedded broker is librdkafka's mock broker. It does not do transactions, so the demo runs at-least-once there;
/// on a real cluster it runs exactly-once.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill demo
  newsmill demo | less -R
  newsmill demo --bootstrap-servers localhost:9092

Exit statuses: 0 every article has its outcome, 1 failed, 2 wrong usage.")]
pub struct Args {
    /// A real cluster to use instead; the demo makes topics of its own there and says their names
    #[arg(long, value_name = "HOST:PORT")]
    bootstrap_servers: Option<String>,
}

/// How long the worker may take to join its group, and an outcome to come. The embedded broker lets a group form for
/// 3 s; a cluster that makes topics on three brokers takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two articles on a terminal, so that one can look at a record while the next is on its way.
const PACE: Duration = Duration::from_millis(350);

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let log = LogConfig {
        level: Level::Error,
        format: Format::Human,
    };
    telemetry::init(&log).context("cannot start the log")?;
    let samples = samples::all();
    let cluster = match &args.bootstrap_servers {
        None => Cluster::embedded()?,
        Some(servers) => Cluster::real(servers)?,
    };
    show(&introduction(&cluster, samples.len()))?;

    let health = Health::new(1);
    let (running, stop) = start(&cluster, health.clone())?;
    wait_ready(&running, &health)?;
    let mut reader = Reader::open(&cluster)?;
    let pace = if io::stdout().is_terminal() {
        PACE
    } else {
        Duration::ZERO
    };
    let sender = thread::spawn({
        let cluster = cluster.address();
        move || samples::send(&cluster, samples, pace)
    });
    show_outcomes(&mut reader, samples.len(), &running)?;
    match sender.join() {
        Ok(sent) => sent?,
        Err(_) => bail!("cannot send the samples"),
    }
    // Only a worker that has ended does not listen, and its end is looked at next.
    let _ = stop.send(Shutdown::Drain);
    ended(running)?;

    let counts = summary::count(&cluster)?;
    show(&summary::told(&cluster, samples.len(), &counts))?;
    Ok(if counts.complete(samples.len()) {
        Status::Done
    } else {
        Status::Failed
    })
}

type Running = thread::JoinHandle<Result<Summary, worker::Error>>;

/// Starts the worker on a thread of its own, as `newsmill run` would.
fn start(cluster: &Cluster, health: Health) -> anyhow::Result<(Running, Sender<Shutdown>)> {
    let address = cluster.address();
    let mut kafka = KafkaConfig::new(
        &address.bootstrap_servers,
        &address.input_topic,
        &address.output_topic,
        &address.dead_letter_topic,
    );
    kafka.group_id = address.group_id;
    // The embedded broker's long poll is not woken by new messages.
    kafka.consumer_properties.set("fetch.wait.max.ms", "10");
    let config = Config::default();
    let settings = Settings {
        kafka,
        delivery: DeliveryConfig {
            guarantee: cluster.guarantee(),
            ..DeliveryConfig::default()
        },
        pipeline: PipelineConfig::default(),
    };
    let metrics = Metrics::new();
    let pipeline = pipeline(&config)?;
    let enricher = Enricher::new(pipeline, config.max_article_bytes(), metrics.clone());
    let worker = Worker::new(settings, Arc::new(enricher), metrics, health)?;
    let (stop, shutdown) = bounded(1);
    let running = thread::Builder::new()
        .name("worker".to_owned())
        .spawn(move || worker.run(&shutdown))
        .context("cannot start the worker's thread")?;
    Ok((running, stop))
}

fn wait_ready(running: &Running, health: &Health) -> anyhow::Result<()> {
    let spinner = ProgressBar::new_spinner().with_message("the worker joins its group ...");
    let started = Instant::now();
    while !health.not_ready().is_empty() {
        if running.is_finished() {
            bail!("the worker has ended before it joined its group");
        }
        if started.elapsed() > PATIENCE {
            let reasons = health.not_ready();
            let reasons: Vec<_> = reasons
                .iter()
                .map(|(reason, detail)| format!("{} {detail}", reason.as_str()))
                .collect();
            bail!(
                "the worker is not ready after {} s: {}",
                PATIENCE.as_secs(),
                reasons.join(", ")
            );
        }
        spinner.tick();
        thread::sleep(Duration::from_millis(50));
    }
    spinner.finish_and_clear();
    Ok(())
}

/// Shows outcomes until each article has one.
fn show_outcomes(reader: &mut Reader, expected: usize, running: &Running) -> anyhow::Result<()> {
    let mut last = Instant::now();
    for number in 1..=expected {
        let outcome = loop {
            match reader.poll()? {
                Polled::Outcome(outcome) => break outcome,
                Polled::End | Polled::Nothing => {}
            }
            if running.is_finished() {
                bail!("the worker has ended before the last article");
            }
            if last.elapsed() > PATIENCE {
                bail!(
                    "no outcome for {} s: {} of {expected} came",
                    PATIENCE.as_secs(),
                    number - 1
                );
            }
        };
        last = Instant::now();
        show(&card::of(&outcome))?;
    }
    Ok(())
}

fn ended(running: Running) -> anyhow::Result<()> {
    match running.join() {
        Ok(result) => result.map(drop).context("the worker failed"),
        Err(_) => bail!("the worker's thread has panicked"),
    }
}

fn introduction(cluster: &Cluster, articles: usize) -> Canvas {
    let address = cluster.address();
    let mut canvas = Canvas::for_terminal();
    canvas.heading(
        "newsmill demo",
        &format!("{articles} sample articles, the real worker"),
    );
    canvas.gap();
    canvas.labelled("articles", &format!("→ {}", address.input_topic));
    canvas.labelled("records", &format!("← {}", address.output_topic));
    canvas.labelled("rejected", &format!("← {}", address.dead_letter_topic));
    canvas.labelled("broker", &cluster.describe());
    let promise = match cluster.guarantee() {
        Guarantee::ExactlyOnce => {
            "exactly once: records, dead letters and offsets in one transaction"
        }
        Guarantee::AtLeastOnce => {
            "at least once: the embedded broker does no transactions; on a real cluster newsmill delivers exactly once"
        }
    };
    canvas.labelled("promise", promise);
    canvas.gap();
    canvas
}

//! `newsmill dead-letters redrive`.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use super::ConfigArgs;
use super::filter::FilterArgs;
use crate::cli::meter::Meter;
use crate::cli::{Status, pipeline, printable, signals};
use crate::config::Config;
use crate::enrich::Enricher;
use crate::metrics::Metrics;
use crate::stream::job::redrive::{self, Left, Order, Progress, Selection, Way};
use crate::stream::job::{Counts, Done, Speed};
use crate::stream::{Handler, Settings};

/// Sends dead letters through the pipeline again, or back to their input topic
///
/// Without `--execute` it only says what would happen. By default each letter goes through the pipeline as it is
/// configured now, and its record to the output topic, as if the message had just been read. With `--to-input` it goes
/// back into the input topic instead, where EVERY group that reads that topic sees it again, not only newsmill's.
///
/// A letter that is refused again becomes a new dead letter, with the new reason and one attempt more. Each letter and
/// what came of it are in one transaction: after an interruption, whatever it was, the same command does the rest, and
/// nothing is lost or sent twice. Only one redrive of a group runs at a time: a second one takes over from the first.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill dead-letters redrive
  newsmill dead-letters redrive --code not_an_article --execute
  newsmill dead-letters redrive 0@17 2@5 --execute
  newsmill dead-letters redrive --since 2024-03-01 --rate 50 --execute
  newsmill dead-letters redrive --code invalid_json --to-input --execute

Exit statuses: 0 done, 1 failed or interrupted, 2 wrong usage or configuration.")]
pub struct Args {
    #[command(flatten)]
    filter: FilterArgs,

    /// Does it, instead of saying what would happen
    #[arg(long)]
    execute: bool,

    /// Back to the input topic and the partition that each came from: every group that reads it sees them again
    #[arg(long)]
    to_input: bool,

    /// Letters a second at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,

    /// Leaves letters alone that have become dead letters this often already
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    max_attempts: u32,

    #[command(flatten)]
    config: ConfigArgs,
}

/// What the process may take after a signal: the transaction in work, and clients that hang.
const GRACE: Duration = Duration::from_secs(30);

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let config = args.config.load()?;
    let settings = config.stream()?;
    let order = Order {
        filter: args.filter.filter(),
        way: if args.to_input {
            Way::Input
        } else {
            Way::Pipeline
        },
        max_attempts: args.max_attempts,
        speed: Speed {
            per_second: args.rate,
        },
    };
    let handler = handler(&config)?;
    if args.execute {
        execute(&settings, &order, handler)
    } else {
        rehearse(&settings, &order, handler)
    }
}

fn handler(config: &Config) -> anyhow::Result<Arc<dyn Handler>> {
    let enricher = Enricher::new(
        pipeline(config)?,
        config.max_article_bytes(),
        Metrics::new(),
    );
    Ok(Arc::new(enricher))
}

fn rehearse(
    settings: &Settings,
    order: &Order,
    handler: Arc<dyn Handler>,
) -> anyhow::Result<Status> {
    let (selection, counts) = redrive::rehearse(settings, order, handler, &mut |_| {})?;
    let mut out = anstream::stdout().lock();
    write!(out, "{}", chosen(settings, order, &selection))?;
    if selection.total() > 0 {
        write!(out, "they would go {}", whither(settings, order.way))?;
        writeln!(out, "{}", became(order.way, &counts))?;
        writeln!(out, "nothing was sent: --execute does it")?;
    }
    Ok(Status::Done)
}

fn execute(
    settings: &Settings,
    order: &Order,
    handler: Arc<dyn Handler>,
) -> anyhow::Result<Status> {
    let heard = signals::listen(GRACE).context("cannot listen for signals")?;
    let mut out = anstream::stdout().lock();
    let mut told = Ok(());
    let mut meter: Option<Meter> = None;
    let mut total = 0;
    let done =
        redrive::execute(
            settings,
            order,
            handler,
            &heard.shutdown,
            &mut |progress| match progress {
                Progress::Looking(_) => {}
                Progress::Chosen(selection) => {
                    total = selection.total();
                    told = write!(
                        out,
                        "{}they go {}",
                        chosen(settings, order, selection),
                        whither(settings, order.way)
                    );
                    meter = Some(Meter::new("redriven", total));
                }
                Progress::Redriven(counts) => {
                    if let Some(meter) = &mut meter {
                        meter.at(counts.total());
                    }
                }
            },
        );
    drop(meter);
    told?;
    let Done {
        counts,
        is_interrupted,
    } = done?;
    writeln!(out, "{}", became(order.way, &counts))?;
    let count = counts.total();
    if is_interrupted {
        writeln!(
            out,
            "interrupted: {count} of {total} are redriven and committed; the same command does the rest"
        )?;
        return Ok(Status::Failed);
    }
    writeln!(out, "redriven: {count} of {total}")?;
    Ok(Status::Done)
}

/// What was chosen, and what stays.
fn chosen(settings: &Settings, order: &Order, selection: &Selection) -> String {
    let topic = &settings.kafka.dead_letter_topic;
    let mut text = format!("{topic}: {} letters chosen", selection.total());
    if selection.total() > 0 {
        text += &format!(": {}", by_code(&selection.by_code));
    }
    text.push('\n');
    for (left, count) in &selection.left {
        let why = match left {
            Left::Redriven => "redriven before".to_owned(),
            Left::TooManyAttempts => format!("{} attempts or more", order.max_attempts),
            Left::Cut => "cut: the whole message is in its input topic only, if there".to_owned(),
            Left::NotOurInput => "from a topic that is none of kafka.input_topics".to_owned(),
        };
        text += &format!("  left alone: {count} ({why})\n");
    }
    for (count, why) in [
        (selection.others, "not meant by the filter"),
        (
            selection.foreign,
            "messages that are no dead letters of newsmill",
        ),
    ] {
        if count > 0 {
            text += &format!("  left alone: {count} ({why})\n");
        }
    }
    text
}

fn whither(settings: &Settings, way: Way) -> String {
    match way {
        Way::Pipeline => format!(
            "through the pipeline to {}\n",
            settings.kafka.output_topic
        ),
        Way::Input => "back to their input topic: EVERY group that reads it sees them again, not only newsmill's\n"
            .to_owned(),
    }
}

fn became(way: Way, counts: &Counts) -> String {
    let mut text = match way {
        Way::Pipeline => format!("  records: {}", counts.records),
        Way::Input => format!("  messages sent back: {}", counts.records),
    };
    if counts.tombstones > 0 {
        text += &format!("\n  tombstones: {}", counts.tombstones);
    }
    if way == Way::Pipeline {
        let again: u64 = counts.dead_letters.values().sum();
        text += &format!("\n  refused again: {again}");
        if again > 0 {
            text += &format!(
                ", as dead letters with one attempt more: {}",
                by_code(&counts.dead_letters)
            );
        }
    }
    text
}

fn by_code<C: Display>(counts: &BTreeMap<C, u64>) -> String {
    let parts: Vec<String> = counts
        .iter()
        .map(|(code, count)| format!("{} {count}", printable(&code.to_string())))
        .collect();
    parts.join(", ")
}

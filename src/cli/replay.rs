//! `newsmill replay`: a range of the input through the present pipeline into another topic.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use super::meter::Meter;
use super::{Status, log_trouble, pipeline, place, signals, tell};
use crate::config::Config;
use crate::enrich::Enricher;
use crate::metrics::Metrics;
use crate::stream::job::replay::{self, Bound, Order, Plan, Progress};
use crate::stream::job::{Counts, Done, Speed};
use crate::stream::{Handler, Settings};

/// Runs a range of the input through the present pipeline into another topic
///
/// For last month's articles under a new taxonomy, or under a new version. The worker's group is not touched: a replay
/// reads on its own, beside workers that run. A record has the same id whichever pipeline made it, so a consumer that
/// keeps one record an id replaces the old one. What is no article is counted and goes nowhere: it is a dead letter
/// already.
///
/// Records and the replay's own position are in one transaction: after an interruption, whatever it was, the same
/// command with the same pipeline goes on where it was, and nothing is lost or sent twice.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill replay --from 2024-03-01 --to 2024-04-01 --into articles.enriched.march
  newsmill replay --from 2024-03-01 --into articles.enriched.new --dry-run
  newsmill replay --from 0@100,1@250 --to 0@200 --into articles.check
  NEWSMILL_TOPICS__TAXONOMY=taxonomy.new newsmill replay --into articles.enriched.new --rate 200

Exit statuses: 0 done, 1 failed or interrupted, 2 wrong usage or configuration.")]
pub struct Args {
    /// Begin: a time, a day (UTC), or offsets as PARTITION@OFFSET,...; everything the topic has if not given
    #[arg(long, value_name = "TIME|OFFSETS", value_parser = place::bound)]
    from: Option<Bound>,

    /// End, not included: a time, a day (UTC), or offsets; all that is there at the start if not given
    #[arg(long, value_name = "TIME|OFFSETS", value_parser = place::bound)]
    to: Option<Bound>,

    /// Topic for the records
    #[arg(long, value_name = "TOPIC")]
    into: String,

    /// Allows `--into` to be the configured output topic: its readers get these records beside those they have
    #[arg(long)]
    allow_output_topic: bool,

    /// Input topic; all of `kafka.input_topics` if not given
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,

    /// Messages a second at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,

    /// Begins at the begin, although an earlier run of this replay has done some of it or all
    #[arg(long)]
    again: bool,

    /// Says what would be read, and ends
    #[arg(long)]
    dry_run: bool,

    /// Configuration file; without it the environment has to say everything
    #[arg(long, value_name = "FILE", env = "NEWSMILL_CONFIG")]
    config: Option<PathBuf>,
}

/// What the process may take after a signal: the transaction in work, and clients that hang.
const GRACE: Duration = Duration::from_secs(30);

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let config = Config::load(args.config.as_deref())?;
    log_trouble(&config)?;
    let settings = config.stream()?;
    if let Some(wrong) = refusal(args, &settings) {
        tell(format_args!("newsmill: {wrong}"));
        return Ok(Status::Usage);
    }
    let pipeline = pipeline(&config)?;
    let identity = serde_json::json!([
        pipeline.info(),
        config.article,
        config.record,
        config.topics
    ])
    .to_string();
    let handler: Arc<dyn Handler> = Arc::new(Enricher::new(
        pipeline,
        config.max_article_bytes(),
        Metrics::new(),
    ));
    let topics = match &args.topic {
        Some(topic) => vec![topic.clone()],
        None => settings.kafka.input_topics.clone(),
    };
    let orders = topics.into_iter().map(|topic| Order {
        topic,
        from: args.from.clone(),
        to: args.to.clone(),
        into: args.into.clone(),
        pipeline: identity.clone(),
        again: args.again,
        speed: Speed {
            per_second: args.rate,
        },
    });
    let heard = signals::listen(GRACE).context("cannot listen for signals")?;
    for order in orders {
        let plan = replay::plan(&settings, &order)?;
        write!(anstream::stdout(), "{}", planned(&order, &plan))?;
        if args.dry_run {
            continue;
        }
        let mut meter = Meter::new("replayed", Plan::size(&plan.rest));
        let done = replay::execute(
            &settings,
            &order,
            &handler,
            &heard.shutdown,
            &mut |progress| {
                if let Progress::Replayed(counts) = progress {
                    meter.at(counts.total());
                }
            },
        );
        drop(meter);
        let Done {
            counts,
            is_interrupted,
        } = done?;
        writeln!(anstream::stdout(), "{}", became(&order, &counts))?;
        if is_interrupted {
            writeln!(
                anstream::stdout(),
                "interrupted: what is told above is committed; the same command goes on behind it"
            )?;
            return Ok(Status::Failed);
        }
    }
    if args.dry_run {
        writeln!(
            anstream::stdout(),
            "nothing was sent: without --dry-run it is"
        )?;
    }
    Ok(Status::Done)
}

/// Why this must not be done.
fn refusal(args: &Args, settings: &Settings) -> Option<String> {
    let kafka = &settings.kafka;
    let into = &args.into;
    if kafka.input_topics.contains(into) || *into == kafka.dead_letter_topic {
        return Some(format!(
            "--into {into} is an input topic or the dead-letter topic: records do not belong there"
        ));
    }
    if *into == kafka.output_topic && !args.allow_output_topic {
        return Some(format!(
            "--into {into} is the configured output topic: its readers would get these records beside those they have; \
             --allow-output-topic if that is meant"
        ));
    }
    if let Some(topic) = args.topic.as_ref()
        && !kafka.input_topics.contains(topic)
    {
        return Some(format!(
            "--topic {topic} is none of kafka.input_topics: {}",
            kafka.input_topics.join(", ")
        ));
    }
    let offsets = [&args.from, &args.to].into_iter().flatten();
    let offsets = offsets.filter(|bound| matches!(bound, Bound::Offsets(_)));
    if offsets.count() > 0 && args.topic.is_none() && kafka.input_topics.len() > 1 {
        return Some("offsets are of one topic: say which with --topic".to_owned());
    }
    None
}

fn planned(order: &Order, plan: &Plan) -> String {
    let mut text = format!("{} -> {}\n", order.topic, order.into);
    for (partition, range) in &plan.range {
        let rest = plan.rest.get(partition).cloned().unwrap_or_default();
        text += &format!("  partition {partition}: {} to {}", range.start, range.end);
        if rest.start > range.start {
            text += &format!(", done before to {}", rest.start);
        }
        text.push('\n');
    }
    if plan.gone > 0 {
        text += &format!("  {} offsets asked for are no longer there\n", plan.gone);
    }
    let (range, rest) = (Plan::size(&plan.range), Plan::size(&plan.rest));
    if rest == 0 && range > 0 {
        text += &format!(
            "  nothing is left: an earlier run of this replay ({}) has done it; --again does it again\n",
            plan.group
        );
    } else {
        text += &format!(
            "  {rest} offsets to read; progress is kept in group {}\n",
            plan.group
        );
    }
    text
}

fn became(order: &Order, counts: &Counts) -> String {
    let mut text = format!(
        "{}: {} messages replayed: {} records, {} tombstones",
        order.topic,
        counts.total(),
        counts.records,
        counts.tombstones
    );
    let rejected: u64 = counts.dead_letters.values().sum();
    if rejected > 0 {
        let by_code: Vec<String> = counts
            .dead_letters
            .iter()
            .map(|(code, count)| format!("{code} {count}"))
            .collect();
        text += &format!(", {rejected} rejected and not sent: {}", by_code.join(", "));
    }
    text
}

//! `newsmill analyze`: articles from files or standard input, records on standard output.

use std::io::{self, BufWriter, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use anyhow::Context as _;
use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded};

use super::input::{self, Article, Progress, Source};
use super::{Status, pipeline};
use crate::config::Config;
use crate::text::article::{Input, Rejection};
use crate::text::pipeline::Pipeline;

/// Reads articles and prints their records, without Kafka
///
/// A FILE holds articles as JSON lines, as a JSON array or as JSON values one after the other; a FILE ending in `.txt`
/// is one plain-text article. Without FILE, or with `-`, standard input is read. Records come as JSON lines on standard
/// output, in the order of the articles; rejected articles are told on standard error as FILE:LINE: CODE: REASON.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill analyze article.json | jq .
  newsmill analyze articles.jsonl > records.jsonl
  newsmill analyze speech.txt | jq '.entities[].name'
  curl -s https://example.org/feed.jsonl | newsmill analyze | jq -r '[.article.title, .topics[0].id] | @tsv'
  NEWSMILL_RECORD__SPAN_UNIT=utf16 newsmill analyze articles.jsonl

Exit statuses: 0 done, 1 failed, 2 wrong usage or configuration, 3 some articles were rejected.")]
pub struct Args {
    /// Files with articles; `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Configuration file; its [kafka] is not needed here
    #[arg(long, value_name = "FILE", env = "NEWSMILL_CONFIG")]
    config: Option<PathBuf>,

    /// CPU threads; one per core if not given. The output is the same with any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// An article's record, or why there is none.
type Outcome = Result<Vec<u8>, Rejected>;

/// An article, and where its outcome goes.
type Job = (Article, Sender<Outcome>);

struct Rejected {
    place: String,
    code: &'static str,
    reason: String,
}

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let config = Config::load(args.config.as_deref())?;
    let pipeline = Arc::new(pipeline(&config)?);
    let max_bytes = config.max_article_bytes();
    let threads = match args.threads {
        Some(threads) => usize::from(threads),
        None => thread::available_parallelism().map_or(1, usize::from),
    };
    let sources = input::open(&args.files)?;
    let progress = Progress::new(&sources);

    // Each article's place in the order is the receiver of its outcome, so that the output is in input order with any
    // number of threads; as many articles are in memory as there are places.
    let places = 8 * threads;
    let (order, ordered) = bounded(places);
    let (jobs, work) = bounded::<Job>(places);
    for _ in 0..threads {
        let (work, pipeline) = (work.clone(), Arc::clone(&pipeline));
        thread::spawn(move || {
            for (article, outcome) in work {
                // A writer that has gone away wants no outcomes.
                let _ = outcome.send(analyzed(&pipeline, &article, max_bytes));
            }
        });
    }
    let counter = progress.clone();
    let reader = thread::spawn(move || read(sources, max_bytes, &order, &jobs, &counter));

    let rejected = write(&ordered, &progress)?;
    match reader.join() {
        Ok(read) => read?,
        Err(panic) => panic::resume_unwind(panic),
    }
    Ok(if rejected == 0 {
        Status::Done
    } else {
        Status::Rejected
    })
}

/// Reads every article; ends early when nobody wants more.
fn read(
    sources: Vec<Source>,
    max_bytes: usize,
    order: &Sender<Receiver<Outcome>>,
    jobs: &Sender<Job>,
    progress: &Progress,
) -> anyhow::Result<()> {
    for source in sources {
        for article in source.articles(max_bytes, progress)? {
            let article = article?;
            let (outcome, place) = bounded(1);
            if order.send(place).is_err() || jobs.send((article, outcome)).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Writes the outcomes in order; how many were rejections.
fn write(ordered: &Receiver<Receiver<Outcome>>, progress: &Progress) -> anyhow::Result<usize> {
    let mut out = BufWriter::with_capacity(1 << 18, io::stdout().lock());
    let (mut records, mut rejections) = (0, 0);
    loop {
        let place = match ordered.try_recv() {
            Ok(place) => place,
            Err(TryRecvError::Empty) => {
                // Nothing to do: whoever follows a slow input sees what there is.
                out.flush()?;
                match ordered.recv() {
                    Ok(place) => place,
                    Err(_) => break,
                }
            }
            Err(TryRecvError::Disconnected) => break,
        };
        match place
            .recv()
            .context("a CPU thread has ended before its article")?
        {
            Ok(record) => {
                out.write_all(&record)?;
                out.write_all(b"\n")?;
                records += 1;
                progress.done(records);
            }
            Err(Rejected {
                place,
                code,
                reason,
            }) => {
                rejections += 1;
                progress.line(&format!("{place}: {code}: {reason}"));
            }
        }
    }
    out.flush()?;
    progress.finish(records, rejections);
    Ok(rejections)
}

fn analyzed(pipeline: &Pipeline, article: &Article, max_bytes: usize) -> Outcome {
    let rejected = |code, reason| Rejected {
        place: article.place.clone(),
        code,
        reason,
    };
    let process = || -> Result<Vec<u8>, Rejection> {
        article.check_length(max_bytes)?;
        let input = Input {
            value: &article.value,
            headers: &[],
            source: None,
        };
        pipeline
            .process(&input)
            .map(|record| pipeline.encode(&record))
    };
    // As in the worker: a panic is this article's outcome, and the others go on.
    match panic::catch_unwind(AssertUnwindSafe(process)) {
        Ok(result) => {
            result.map_err(|rejection| rejected(rejection.code.as_str(), rejection.to_string()))
        }
        Err(_) => Err(rejected(
            "panic",
            "the pipeline has failed on this article".to_owned(),
        )),
    }
}

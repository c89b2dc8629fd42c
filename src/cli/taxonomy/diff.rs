//! `newsmill taxonomy diff`: the articles that a change flips, and why.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{BOLD, DIM, GOOD, Loaded, Status, WRONG, counted};
use crate::cli::input::{self, Progress};
use crate::config::Config;
use crate::text::article::Input;
use crate::text::document::Document;
use crate::text::pipeline::Pipeline;
use crate::text::topics::diff::{Evidence, Flip, Side, compare};

/// Lists the articles that a change flips, with the evidence
///
/// OLD and NEW are folders of taxonomy files, or `built-in`. ARTICLES are read as by `newsmill analyze`.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill taxonomy diff built-in my-taxonomy articles.jsonl
  git worktree add ../before HEAD~1 &&
    newsmill taxonomy diff ../before/my-taxonomy my-taxonomy articles.jsonl

+ is reported by NEW only, - by OLD only; below it the patterns that count on one side only, with their weight and words.

Exit statuses: 0 done, also if articles flip, 1 failed, 2 wrong usage, configuration or taxonomy file.")]
pub struct Args {
    /// The taxonomy before the change
    #[arg(value_name = "OLD")]
    old: PathBuf,

    /// The taxonomy after it
    #[arg(value_name = "NEW")]
    new: PathBuf,

    /// Files with articles; `-` is standard input
    #[arg(value_name = "ARTICLES", required = true)]
    articles: Vec<PathBuf>,

    /// Configuration file; its [kafka] is not needed here
    #[arg(long, value_name = "FILE", env = "NEWSMILL_CONFIG")]
    config: Option<PathBuf>,
}

/// How OLD and NEW name the taxonomy that comes with the program.
const BUILT_IN: &str = "built-in";

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let mut config = Config::load(args.config.as_deref())?;
    let mut load = |folder: &Path| {
        config.topics.taxonomy = if folder == Path::new(BUILT_IN) {
            PathBuf::new()
        } else {
            folder.to_owned()
        };
        Loaded::new(&config)
    };
    let (old, new) = (load(&args.old)?, load(&args.new)?);
    let sources = input::open(&args.articles)?;
    let progress = Progress::new(&sources);
    let mut out = anstream::stdout().lock();
    writeln!(
        out,
        "{WRONG}-{WRONG:#} {}\n{GOOD}+{GOOD:#} {}",
        old.title(),
        new.title()
    )?;
    let mut count = Count::default();
    for source in sources {
        for article in source.articles(config.max_article_bytes(), &progress)? {
            let article = article?;
            match flips(&old.pipeline, &new.pipeline, &article.value) {
                Ok(Some((document, flips))) => {
                    count.add(&flips);
                    show(&mut out, &article.place, &document, &flips)?;
                }
                Ok(None) => count.unread += 1,
                Err(reason) => {
                    count.unread += 1;
                    progress.line(&format!("{}: {reason}", article.place));
                }
            }
        }
    }
    count.show(&mut out)?;
    Ok(Status::Done)
}

/// The article as both read it and the topics that flip; `None` in a language that is not analysed.
fn flips(
    old: &Pipeline,
    new: &Pipeline,
    value: &[u8],
) -> Result<Option<(Document, Vec<Flip>)>, String> {
    let input = Input {
        value,
        headers: &[],
        source: None,
    };
    let article = old
        .decode(&input)
        .map_err(|rejection| rejection.to_string())?;
    let (was, is) = (old.examine(&article), new.examine(&article));
    let document = is.document;
    let (Some(was), Some(is)) = (was.findings, is.findings) else {
        return Ok(None);
    };
    let before = Side {
        scorer: old.scorer(),
        scores: &was.scores,
    };
    let after = Side {
        scorer: new.scorer(),
        scores: &is.scores,
    };
    let flips = compare(&before, &after);
    Ok(Some((document, flips)))
}

fn show(out: &mut impl Write, place: &str, document: &Document, flips: &[Flip]) -> io::Result<()> {
    if flips.is_empty() {
        return Ok(());
    }
    let title = document.title().unwrap_or("(without a headline)");
    writeln!(out, "\n{BOLD}{title}{BOLD:#}  {DIM}{place}{DIM:#}")?;
    for flip in flips {
        let (style, sign) = if flip.appears {
            (GOOD, '+')
        } else {
            (WRONG, '-')
        };
        let side = |score: f32, threshold: Option<f32>| match threshold {
            Some(threshold) => format!("{score:.2} of {threshold:.2}"),
            None => "no evidence".to_owned(),
        };
        let before = side(flip.before, flip.threshold_before);
        let after = side(flip.after, flip.threshold_after);
        writeln!(
            out,
            "  {style}{sign} {}{style:#}  {before} → {after}",
            flip.topic
        )?;
        for (sign, list) in [('-', &flip.lost), ('+', &flip.gained)] {
            for evidence in list {
                self::evidence(out, sign, document, evidence)?;
            }
        }
        if flip.lost.is_empty() && flip.gained.is_empty() {
            writeln!(
                out,
                "      {DIM}the same evidence: threshold, sections or rank have changed{DIM:#}"
            )?;
        }
    }
    Ok(())
}

fn evidence(
    out: &mut impl Write,
    sign: char,
    document: &Document,
    evidence: &Evidence,
) -> io::Result<()> {
    let mut places: Vec<String> = Vec::new();
    for spans in &evidence.places {
        let words: Vec<&str> = spans.iter().map(|span| document.slice(*span)).collect();
        let words = words.join(" … ");
        if !places.contains(&words) {
            places.push(words);
        }
    }
    let places = places.join(" | ");
    let (weight, pattern) = (evidence.weight, &evidence.pattern);
    writeln!(
        out,
        "      {sign} {weight:+.2}  {places}  {DIM}{pattern}{DIM:#}"
    )
}

#[derive(Default)]
struct Count {
    articles: usize,
    flipped: usize,
    /// Rejected, or in a language that is not analysed.
    unread: usize,
    /// For each topic, how many articles gain and lose it.
    topics: BTreeMap<String, (usize, usize)>,
}

impl Count {
    fn add(&mut self, flips: &[Flip]) {
        self.articles += 1;
        self.flipped += usize::from(!flips.is_empty());
        for flip in flips {
            let (gained, lost) = self.topics.entry(flip.topic.clone()).or_default();
            *(if flip.appears { gained } else { lost }) += 1;
        }
    }

    fn show(&self, out: &mut impl Write) -> io::Result<()> {
        let width = self
            .topics
            .keys()
            .map(String::len)
            .max()
            .unwrap_or_default();
        let gap = if self.topics.is_empty() { "" } else { "\n" };
        write!(out, "{gap}")?;
        for (topic, (gained, lost)) in &self.topics {
            writeln!(
                out,
                "{topic:width$}  {GOOD}+{gained}{GOOD:#} {WRONG}-{lost}{WRONG:#}"
            )?;
        }
        write!(
            out,
            "\n{} of {} flip",
            self.flipped,
            counted(self.articles, "article")
        )?;
        match self.unread {
            0 => writeln!(out),
            unread => writeln!(
                out,
                "; {unread} rejected or not in a language that is analysed"
            ),
        }
    }
}

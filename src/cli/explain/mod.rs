//! `newsmill explain`: one article, what was found in it, and why.
//!
//! [`sheet`] is what there is to show, [`marks`] where it stands in the text; [`terminal`] and [`html`] draw it.

mod entity;
mod html;
mod marks;
mod sheet;
mod sums;
mod terminal;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, bail};

use self::sheet::Sheet;
use super::input::{self, Article as Bytes, Progress};
use super::{Status, pipeline, show, tell};
use crate::config::Config;
use crate::text::article::{Article, Input, Rejection};
use crate::text::pipeline::Pipeline;

/// Shows what was found in one article, and why
///
/// The text with its evidence marked, each topic's score as a sum that can be followed by hand (topics that stayed below
/// their threshold included), the sections, the entities with their links, and the shape that the article came in. FILE
/// is read as by `newsmill analyze`; of several articles the first is shown, or the one that --article or --line names.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill explain article.json
  newsmill explain speech.txt --topic sanctions
  newsmill explain articles.jsonl --article unn-123 --html explain.html
  newsmill explain articles.jsonl --line 12 | less -R
  newsmill explain article.json --config newsmill.toml

Exit statuses: 0 done, 1 failed, 2 wrong usage or configuration, 3 the article was rejected.")]
pub struct Args {
    /// A file with articles; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The article with this id (its url where it has none)
    #[arg(long, value_name = "ID", conflicts_with = "line")]
    article: Option<String>,

    /// The article that begins on this line of FILE, counted from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    line: Option<u32>,

    /// Only this topic, whatever its score
    #[arg(long, value_name = "ID")]
    topic: Option<String>,

    /// Write a page of HTML that needs nothing beside it, instead of showing it here
    #[arg(long, value_name = "OUT")]
    html: Option<PathBuf>,

    /// Configuration file; its [kafka] is not needed here
    #[arg(long, value_name = "FILE", env = "NEWSMILL_CONFIG")]
    config: Option<PathBuf>,
}

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let config = Config::load(args.config.as_deref())?;
    let pipeline = pipeline(&config)?;
    if let Some(topic) = &args.topic
        && pipeline.scorer().taxonomy().index_of(topic).is_none()
    {
        let topics = pipeline.scorer().topics().iter();
        let nearest = topics.min_by_key(|known| strsim::levenshtein(&known.id, topic));
        let hint = nearest.map_or(String::new(), |known| {
            format!("; did you mean {}?", known.id)
        });
        bail!("--topic {topic}: the taxonomy has no such topic{hint}");
    }
    let Chosen { place, decoded } = chosen(args, &pipeline, config.max_article_bytes())?;
    let article = match decoded {
        Ok(article) => article,
        Err(rejection) => {
            tell(format_args!(
                "{place}: {}: {rejection}",
                rejection.code.as_str()
            ));
            return Ok(Status::Rejected);
        }
    };
    let explanation = pipeline.explain(article, None);
    let sheet = Sheet::new(
        &explanation,
        pipeline.scorer(),
        place,
        args.topic.as_deref(),
    );
    match &args.html {
        Some(path) => {
            fs::write(path, html::page(&sheet))
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        None => show(&terminal::drawn(&sheet))?,
    }
    Ok(Status::Done)
}

/// The article that was asked for, and where it stood.
struct Chosen {
    place: String,
    decoded: Result<Article, Rejection>,
}

fn chosen(args: &Args, pipeline: &Pipeline, max_bytes: usize) -> anyhow::Result<Chosen> {
    let sources = input::open(std::slice::from_ref(&args.file))?;
    let progress = Progress::new(&sources);
    for source in sources {
        for bytes in source.articles(max_bytes, &progress)? {
            let bytes = bytes?;
            let is_line = |line: u32| bytes.place.ends_with(&format!(":{line}"));
            if !args.line.is_none_or(is_line) {
                continue;
            }
            let decoded = decoded(&bytes, pipeline, max_bytes);
            let is_it = args.article.as_ref().is_none_or(|id| {
                let article = decoded.as_ref().ok();
                article
                    .is_some_and(|article| article.id.as_ref().or(article.url.as_ref()) == Some(id))
            });
            if is_it {
                let place = bytes.place;
                return Ok(Chosen { place, decoded });
            }
        }
    }
    let file = args.file.display();
    match (&args.article, args.line) {
        (Some(id), _) => bail!("{file}: no article has the id {id}"),
        (None, Some(line)) => bail!("{file}: no article begins on line {line}"),
        (None, None) => bail!("{file}: holds no article"),
    }
}

fn decoded(bytes: &Bytes, pipeline: &Pipeline, max_bytes: usize) -> Result<Article, Rejection> {
    bytes.check_length(max_bytes)?;
    pipeline.decode(&Input {
        value: &bytes.value,
        headers: &[],
        source: None,
    })
}

//! `newsmill eval`: how good the records of annotated articles are.
//!
//! [`gold`] is what a person says of an article, a [`Case`] both sides of one. From cases come the tables ([`figures`]),
//! the sections' own ([`sections`]), how far scores can be believed ([`calibration`]) and the worst errors ([`worst`]);
//! [`compare`] holds two configurations side by side, [`table`] prints.

mod calibration;
mod compare;
mod entities;
mod figures;
mod forms;
mod gold;
mod sections;
mod table;
mod tally;
mod worst;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use self::calibration::Calibration;
use self::compare::Comparison;
use self::figures::Figures;
use self::gold::Gold;
use self::sections::Sections;
use self::worst::Worst;
use super::input::{self, Article as Bytes, Progress};
use super::{Status, pipeline, show, tell};
use crate::config::Config;
use crate::text::article::{Input, Rejection};
use crate::text::pipeline::{Explanation, Pipeline};
use crate::text::topics::Scores;

/// Measures the records of annotated articles
///
/// GOLD holds annotations, one a line: id, sections (best first), topics (what the article is about), topics_minor (what
/// it touches), and, where they are annotated, entities, amounts and frames. ARTICLES are read as by `newsmill analyze`
/// and joined by id; the two files may be one, and may stand in either order. Ids, topics and scores are shown, never
/// text of an article.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill eval dev.gold.jsonl dev.articles.jsonl
  newsmill eval annotated.jsonl annotated.jsonl --worst 30
  newsmill eval gold.jsonl articles.jsonl --compare my-taxonomy/
  newsmill eval gold.jsonl articles.jsonl --compare stricter.toml
  newsmill eval gold.jsonl articles.jsonl --json | jq .topics_micro

Exit statuses: 0 done, 1 failed, 2 wrong usage or configuration.")]
pub struct Args {
    /// Annotations as JSON lines
    #[arg(value_name = "GOLD")]
    gold: PathBuf,

    /// The annotated articles; `-` is standard input
    #[arg(value_name = "ARTICLES")]
    articles: PathBuf,

    /// Another configuration file, or a folder of taxonomy files: what would change, and which articles flip
    #[arg(long, value_name = "OTHER")]
    compare: Option<PathBuf>,

    /// How many of the worst errors are listed
    #[arg(long, value_name = "N", default_value_t = 10)]
    worst: usize,

    /// One JSON object instead of tables
    #[arg(long)]
    json: bool,

    /// Configuration file; its [kafka] is not needed here
    #[arg(long, value_name = "FILE", env = "NEWSMILL_CONFIG")]
    config: Option<PathBuf>,
}

/// Everything that is told of one configuration.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    figures: Figures,
    sections: Sections,
    topics_calibration: Calibration,
    sections_calibration: Calibration,
    worst: Worst,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Comparison>,
}

impl Report {
    fn of(side: &Side, worst: usize) -> Self {
        Report {
            figures: Figures::of(&side.cases),
            sections: Sections::of(&side.cases),
            topics_calibration: Calibration::of_topics(&side.cases),
            sections_calibration: Calibration::of_sections(&side.cases),
            worst: Worst::of(&side.cases, worst),
            comparison: None,
        }
    }
}

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let (gold, articles) = if is_gold_file(&args.gold)? || !is_gold_file(&args.articles)? {
        (&args.gold, &args.articles)
    } else {
        (&args.articles, &args.gold)
    };
    let config = Config::load(args.config.as_deref())?;
    let gold = gold::read(gold)?;
    let articles = read(articles, config.max_article_bytes())?;
    let first = pipeline(&config)?;
    let before = Side::new(&first, &gold, &articles);
    let mut report = Report::of(&before, args.worst);
    if let Some(other) = &args.compare {
        let other = other_pipeline(other, &config)?;
        let after = Side::new(&other, &gold, &articles);
        report.comparison = Some(Comparison::of(&before, &after));
    }
    if args.json {
        let json = serde_json::to_string_pretty(&report)?;
        writeln!(std::io::stdout().lock(), "{json}")?;
    } else {
        show(&table::drawn(&report))?;
    }
    Ok(Status::Done)
}

/// Standard input is no file that could be looked into twice.
fn is_gold_file(path: &Path) -> anyhow::Result<bool> {
    Ok(path != Path::new("-") && gold::is_gold(path)?)
}

/// Every article, in the order of the file.
fn read(path: &Path, max_bytes: usize) -> anyhow::Result<Vec<Bytes>> {
    let sources = input::open(&[path.to_owned()])?;
    let progress = Progress::new(&sources);
    let mut articles = Vec::new();
    for source in sources {
        for article in source.articles(max_bytes, &progress)? {
            articles.push(article?);
        }
    }
    Ok(articles)
}

/// A folder is another taxonomy under the same configuration, anything else another configuration.
fn other_pipeline(other: &Path, config: &Config) -> anyhow::Result<Pipeline> {
    if other.is_dir() {
        let mut config = config.clone();
        config.topics.taxonomy = other.to_owned();
        pipeline(&config)
    } else {
        pipeline(&Config::load(Some(other))?)
    }
}

/// One configuration, and what it makes of the annotated articles.
struct Side<'a> {
    pipeline: &'a Pipeline,
    /// In the order of the annotations.
    cases: Vec<Case<'a>>,
}

/// An annotated article and what was found in it.
struct Case<'a> {
    gold: &'a Gold,
    pipeline: &'a Pipeline,
    /// None where there is no such article, or it was rejected.
    explanation: Option<Explanation>,
}

impl<'a> Side<'a> {
    fn new(pipeline: &'a Pipeline, gold: &'a [Gold], articles: &[Bytes]) -> Self {
        let ids: BTreeMap<&str, &Gold> = gold.iter().map(|gold| (gold.id.as_str(), gold)).collect();
        let mut explanations: BTreeMap<String, Explanation> = BTreeMap::new();
        for article in articles {
            match explained(pipeline, article) {
                Ok(explanation) => {
                    let id = explanation.record.article.id.clone();
                    if ids.contains_key(id.as_str()) {
                        explanations.insert(id, explanation);
                    }
                }
                Err(rejection) => tell(format_args!(
                    "{}: {}: {rejection}",
                    article.place,
                    rejection.code.as_str()
                )),
            }
        }
        let cases = gold.iter().map(|gold| Case {
            gold,
            pipeline,
            explanation: explanations.remove(&gold.id),
        });
        Side {
            pipeline,
            cases: cases.collect(),
        }
    }
}

fn explained(pipeline: &Pipeline, article: &Bytes) -> Result<Explanation, Rejection> {
    let decoded = pipeline.decode(&Input {
        value: &article.value,
        headers: &[],
        source: None,
    })?;
    Ok(pipeline.explain(decoded, None))
}

impl Case<'_> {
    /// The scores, where the article's language is analysed.
    fn scores(&self) -> Option<&Scores> {
        let findings = self.explanation.as_ref()?.findings.as_ref()?;
        Some(&findings.scores)
    }

    /// Ids of the reported topics, best first.
    fn reported(&self) -> impl Iterator<Item = &str> {
        let reported = self.scores().into_iter().flat_map(Scores::reported);
        reported.map(|score| self.topic_id(score.topic))
    }

    fn topic_id(&self, topic: usize) -> &str {
        &self.pipeline.scorer().topics()[topic].id
    }

    /// 0 without any evidence, or where the taxonomy does not have it.
    fn topic_score(&self, id: &str) -> f32 {
        let topics = self.scores().into_iter().flat_map(|scores| &scores.topics);
        let mut same = topics.filter(|score| self.topic_id(score.topic) == id);
        same.next().map_or(0.0, |score| score.score)
    }

    /// Id and score of the first section.
    fn section(&self) -> Option<(&str, f32)> {
        let best = self.scores()?.sections.first()?;
        let section = &self.pipeline.scorer().sections()[best.section];
        Some((&section.id, best.score))
    }

    fn is_section_right(&self) -> bool {
        let section = self.section();
        section.is_some_and(|(section, _)| self.gold.sections.iter().any(|gold| gold == section))
    }
}

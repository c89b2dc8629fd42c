//! `newsmill train`: makes the models again from annotated articles.

mod entities;
mod source;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use serde::Deserialize;

use super::Status;
use crate::text::document::Document;
use crate::text::entities::Finder;
use crate::text::knowledge::Knowledge;
use crate::text::lexicon::{Builder, Lexicon};
use crate::text::topics::folds::{self, Sample};
use crate::text::topics::train::{Example, train};
use crate::text::topics::{Inputs, Scorer, Taxonomy, ngrams};

/// Makes a model again from annotated articles
///
/// The same articles, taxonomy and program give the same bytes.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill train topics train.articles.jsonl train.gold.jsonl \\
    tests/corpus/tune.jsonl tests/corpus/tune.jsonl > models/topics.json
  newsmill train topics --folds 5 train.articles.jsonl train.gold.jsonl

Exit statuses: 0 done, 1 failed, 2 wrong usage.")]
pub struct Args {
    #[command(subcommand)]
    model: Model,
}

#[derive(clap::Subcommand)]
enum Model {
    /// The weights behind topic and section scores; the taxonomy's own examples are learned from too
    Topics {
        /// Print no model, but how good topics and sections are by which ingredients, each of N parts of the articles
        /// judged by weights learned from the others
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=100))]
        folds: Option<u8>,
        /// Pairs of files of JSON lines: articles, and what they are about (may be the same file)
        #[arg(value_name = "ARTICLES GOLD", num_args = 2.., required = true)]
        files: Vec<PathBuf>,
    },
    Entities(entities::Args),
}

/// What training reads of an article.
#[derive(Deserialize)]
struct Article {
    id: String,
    #[serde(default)]
    title: Option<String>,
    body: String,
}

/// What an annotator said of it.
#[derive(Deserialize)]
struct Gold {
    id: String,
    sections: Vec<String>,
    topics: Vec<String>,
    topics_minor: Vec<String>,
}

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let (files, folds) = match &args.model {
        Model::Topics { files, folds } => (files, folds),
        Model::Entities(args) => return entities::run(args),
    };
    let (pairs, rest) = files.as_chunks::<2>();
    if let [alone] = rest {
        bail!("{}: has no partner; files come in pairs", alone.display());
    }
    let trainer = Trainer::new();
    let mut samples = Vec::new();
    for [articles, gold] in pairs {
        samples.extend(trainer.annotated(articles, gold)?);
    }
    samples.extend(trainer.of_the_taxonomy());
    let mut out = std::io::stdout().lock();
    match folds {
        Some(folds) => judge(&mut out, &trainer.scorer, &samples, usize::from(*folds))?,
        None => {
            let examples: Vec<Example> = samples.into_iter().map(|sample| sample.example).collect();
            write!(out, "{}", train(&trainer.scorer, &examples).to_file())?;
        }
    }
    Ok(Status::Done)
}

/// What each ingredient adds, as two tables of Markdown.
fn judge(
    out: &mut impl Write,
    scorer: &Scorer,
    samples: &[Sample],
    folds: usize,
) -> io::Result<()> {
    let judged = samples.iter().filter(|sample| sample.is_judged).count();
    writeln!(out, "{judged} articles in {folds} folds\n")?;
    writeln!(out, "| topics by | micro-F1 | strict |\n|---|---|---|")?;
    for row in folds::topics(scorer, samples, folds) {
        writeln!(
            out,
            "| {} | {:.3} | {:.3} |",
            row.ingredients, row.f1, row.strict_f1
        )?;
    }
    writeln!(out, "\n| sections by | accuracy | macro |\n|---|---|---|")?;
    for row in folds::sections(scorer, samples, folds) {
        let (accuracy, of_sections) = (row.accuracy, row.macro_accuracy);
        writeln!(
            out,
            "| {} | {accuracy:.3} | {of_sections:.3} |",
            row.ingredients
        )?;
    }
    Ok(())
}

struct Trainer {
    scorer: Scorer,
    finder: Finder,
    lexicon: Lexicon,
}

impl Trainer {
    /// With the built-in taxonomy, whose scores the built-in model is for.
    fn new() -> Self {
        let mut builder = Builder::new();
        let finder = Finder::new(Arc::new(Knowledge::built_in()), &mut builder);
        // No threshold: training looks at evidence, not at what is reported.
        let scorer = Scorer::new(Taxonomy::built_in(), 0.0, &mut builder);
        Trainer {
            scorer,
            finder,
            lexicon: builder.build(),
        }
    }

    fn annotated(&self, articles: &Path, gold: &Path) -> anyhow::Result<Vec<Sample>> {
        let gold: BTreeMap<String, Gold> = lines::<Gold>(gold)?
            .into_iter()
            .map(|gold| (gold.id.clone(), gold))
            .collect();
        lines::<Article>(articles)?
            .iter()
            .map(|article| {
                let gold = gold
                    .get(&article.id)
                    .ok_or_else(|| anyhow!("article {} is not annotated", article.id))?;
                let topic = |id: &String| {
                    let found = self
                        .scorer
                        .topics()
                        .iter()
                        .position(|topic| topic.id == *id);
                    found.ok_or_else(|| anyhow!("article {}: no topic {id}", article.id))
                };
                let section = |id: &String| {
                    let found = self
                        .scorer
                        .sections()
                        .iter()
                        .position(|topic| topic.id == *id);
                    found.ok_or_else(|| anyhow!("article {}: no section {id}", article.id))
                };
                let (inputs, ngrams) = self.read(article.title.as_deref(), &article.body);
                let example = Example {
                    inputs,
                    topics: gold.topics.iter().map(topic).collect::<Result<_, _>>()?,
                    minor: gold
                        .topics_minor
                        .iter()
                        .map(topic)
                        .collect::<Result<_, _>>()?,
                    sections: gold
                        .sections
                        .iter()
                        .map(section)
                        .collect::<Result<_, _>>()?,
                };
                Ok(Sample {
                    example,
                    ngrams,
                    is_judged: true,
                })
            })
            .collect()
    }

    /// The taxonomy's own examples: each says something of its own topic alone.
    fn of_the_taxonomy(&self) -> Vec<Sample> {
        let mut samples = Vec::new();
        for (index, topic) in self.scorer.topics().iter().enumerate() {
            for (example, is_about) in topic.examples() {
                let (mut inputs, ngrams) = self.read(Some(&example.headline), &example.text);
                inputs.topics.retain(|(topic, ..)| *topic == index);
                let example = Example {
                    inputs,
                    topics: if is_about { vec![index] } else { Vec::new() },
                    minor: Vec::new(),
                    sections: Vec::new(),
                };
                samples.push(Sample {
                    example,
                    ngrams,
                    is_judged: false,
                });
            }
        }
        samples
    }

    fn read(&self, title: Option<&str>, text: &str) -> (Inputs, Vec<u64>) {
        let document = Document::new(title, text);
        let hits = self.lexicon.scan(&document);
        let entities = self.finder.find(&document, &hits);
        let inputs = self.scorer.inputs(&document, &hits, &entities);
        (inputs, ngrams::of(&document))
    }
}

/// A file of JSON lines.
fn lines<T: for<'de> Deserialize<'de>>(path: &Path) -> anyhow::Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    (1..)
        .zip(text.lines())
        .map(|(number, line)| {
            serde_json::from_str(line).with_context(|| format!("{}:{number}", path.display()))
        })
        .collect()
}

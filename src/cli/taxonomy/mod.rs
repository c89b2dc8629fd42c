//! `newsmill taxonomy`: looks at a taxonomy, runs its examples, says what a change of it does.

mod copy;
mod diff;
mod lint;
mod show;
mod test;

use std::path::PathBuf;

use anstyle::{AnsiColor, Style};

use super::{Status, UsageError};
use crate::config::Config;
use crate::taxonomy::{LoadError, load};
use crate::text::pipeline::Pipeline;
use crate::text::topics::Topic;

/// Tests, lints, shows and compares taxonomies
///
/// A taxonomy is a folder of files that say which topics there are and what speaks for them; docs/taxonomy.md tells how
/// to write one. Without --taxonomy it is the configuration's `topics.taxonomy`, else the built-in one.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill taxonomy show
  newsmill taxonomy show military-aid
  newsmill taxonomy copy my-taxonomy
  newsmill taxonomy test --taxonomy my-taxonomy
  newsmill taxonomy lint --taxonomy my-taxonomy
  newsmill taxonomy diff built-in my-taxonomy articles.jsonl

Exit statuses: 0 done, 1 an example fails or lint warns, 2 wrong usage, configuration or taxonomy file.")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Test(test::Args),
    Lint(lint::Args),
    Show(show::Args),
    Diff(diff::Args),
    Copy(copy::Args),
}

pub fn run(args: &Args) -> anyhow::Result<Status> {
    match &args.command {
        Command::Test(args) => test::run(args),
        Command::Lint(args) => lint::run(args),
        Command::Show(args) => show::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Copy(args) => copy::run(args),
    }
}

/// Which taxonomy is meant.
#[derive(clap::Args)]
struct Chosen {
    /// Folder of taxonomy files; else the configuration's, else the built-in one
    #[arg(long, value_name = "FOLDER")]
    taxonomy: Option<PathBuf>,

    /// Configuration file; its [kafka] is not needed here
    #[arg(long, value_name = "FILE", env = "NEWSMILL_CONFIG")]
    config: Option<PathBuf>,
}

impl Chosen {
    fn config(&self) -> anyhow::Result<Config> {
        let mut config = Config::load(self.config.as_deref())?;
        if let Some(folder) = &self.taxonomy {
            config.topics.taxonomy.clone_from(folder);
        }
        Ok(config)
    }
}

/// A pipeline, and how its taxonomy is called.
struct Loaded {
    pipeline: Pipeline,
    folder: PathBuf,
}

impl Loaded {
    fn new(config: &Config) -> Result<Loaded, LoadError> {
        Ok(Loaded {
            pipeline: load(config)?,
            folder: config.topics.taxonomy.clone(),
        })
    }

    /// `newsmill@3f9c1a2b, built in: 40 topics`.
    fn title(&self) -> String {
        let from = if self.folder.as_os_str().is_empty() {
            "built in".to_owned()
        } else {
            self.folder.display().to_string()
        };
        let topics = self.pipeline.scorer().topics().len();
        let topics = counted(topics, "topic");
        let name = self.pipeline.taxonomy_version();
        format!("{BOLD}{name}{BOLD:#}, {from}: {topics}")
    }

    /// # Errors
    /// An id that the taxonomy does not have.
    fn know(&self, ids: &[String]) -> Result<(), UsageError> {
        let topics = self.pipeline.scorer().topics();
        let Some(id) = ids
            .iter()
            .find(|id| topics.iter().all(|topic| topic.id != **id))
        else {
            return Ok(());
        };
        let distance = |topic: &&Topic| strsim::levenshtein(&topic.id, id);
        let nearest = topics.iter().min_by_key(distance);
        let hint = nearest.map(|topic| format!("; the nearest is {:?}", topic.id));
        Err(UsageError(format!(
            "no topic {id:?}{}",
            hint.unwrap_or_default()
        )))
    }

    /// A place in one of its files.
    fn place(&self, file: &str, line: usize) -> String {
        format!("{}:{line}", self.folder.join(file).display())
    }
}

/// `1 topic`, `2 topics`.
fn counted(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

const GOOD: Style = AnsiColor::Green.on_default();
const DOUBTFUL: Style = AnsiColor::Yellow.on_default();
const WRONG: Style = AnsiColor::Red.on_default();
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

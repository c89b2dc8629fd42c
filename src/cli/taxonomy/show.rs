//! `newsmill taxonomy show`: the topics in use, or all that is said of some.

use std::io::{self, Write};

use super::{BOLD, Chosen, DIM, Loaded, Status, counted};
use crate::text::topics::file::Place;
use crate::text::topics::pattern::Pattern;
use crate::text::topics::{Example, Rule, Topic};

/// Shows the topics of the taxonomy in use, or all that is said of some
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill taxonomy show
  newsmill taxonomy show military-aid arms-sales
  newsmill taxonomy show --taxonomy my-taxonomy space-policy

Exit statuses: 0 done, 2 wrong usage, configuration or taxonomy file.")]
pub struct Args {
    /// Topics to show in full
    #[arg(value_name = "ID")]
    topics: Vec<String>,

    #[command(flatten)]
    chosen: Chosen,
}

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let config = args.chosen.config()?;
    let loaded = Loaded::new(&config)?;
    loaded.know(&args.topics)?;
    let topics = loaded.pipeline.scorer().topics();
    let mut out = anstream::stdout().lock();
    writeln!(out, "{}", loaded.title())?;
    if args.topics.is_empty() {
        list(&mut out, topics)?;
    }
    for topic in topics
        .iter()
        .filter(|topic| args.topics.contains(&topic.id))
    {
        whole(&mut out, &loaded, topic, config.topics.min_score)?;
    }
    Ok(Status::Done)
}

/// A line a topic, file by file.
fn list(out: &mut impl Write, topics: &[Topic]) -> io::Result<()> {
    let longest =
        |of: fn(&Topic) -> &str| topics.iter().map(|topic| of(topic).chars().count()).max();
    let (ids, names) = (longest(|topic| &topic.id), longest(|topic| &topic.name));
    let (ids, names) = (ids.unwrap_or_default(), names.unwrap_or_default());
    for file in topics.chunk_by(|a, b| a.file == b.file) {
        writeln!(out, "\n{BOLD}{}{BOLD:#}", file[0].file)?;
        for topic in file {
            let patterns: usize = topic.rules.iter().map(|rule| rule.any.len()).sum();
            let state = match (topic.deprecated, &topic.replaced_by) {
                (true, Some(other)) => format!("  deprecated: {other}"),
                (true, None) => "  deprecated".to_owned(),
                (false, _) => String::new(),
            };
            writeln!(
                out,
                "  {:ids$}  {:names$}  {DIM}{:>12}  {}{state}{DIM:#}",
                topic.id,
                topic.name,
                counted(patterns, "pattern"),
                topic.sections.join(", ")
            )?;
        }
    }
    Ok(())
}

fn whole(out: &mut impl Write, loaded: &Loaded, topic: &Topic, min_score: f64) -> io::Result<()> {
    let place = loaded.place(&topic.file, topic.line);
    writeln!(
        out,
        "\n{BOLD}{}{BOLD:#}  {}  {DIM}{place}{DIM:#}",
        topic.id, topic.name
    )?;
    writeln!(out, "  {}", topic.definition)?;
    if topic.deprecated {
        let by = topic.replaced_by.as_deref();
        let by = by
            .map(|id| format!(", replaced by {id}"))
            .unwrap_or_default();
        writeln!(out, "  deprecated: never reported{by}")?;
    }
    if let Some(parent) = &topic.parent {
        let implied = if topic.implies_parent {
            "its evidence counts for the parent too"
        } else {
            "not implied"
        };
        fact(out, "parent", &format!("{parent} ({implied})"))?;
    }
    let threshold = match topic.threshold {
        Some(threshold) => format!("{threshold:.2}"),
        None => format!("{min_score:.2} (topics.min_score)"),
    };
    fact(out, "threshold", &threshold)?;
    for (name, list) in [
        ("sections", &topic.sections),
        ("IPTC", &topic.codes.iptc),
        ("CAMEO", &topic.codes.cameo),
        ("PLOVER", &topic.codes.plover),
        ("GDELT", &topic.codes.gdelt),
    ] {
        if !list.is_empty() {
            fact(out, name, &list.join(", "))?;
        }
    }
    for rule in &topic.rules {
        self::rule(out, rule)?;
    }
    let shared = &loaded.pipeline.scorer().taxonomy().counter_evidence;
    if !shared.is_empty() && !topic.deprecated {
        writeln!(out, "  {BOLD}in every topic{BOLD:#}")?;
        for rule in shared {
            self::rule(out, rule)?;
        }
    }
    examples(out, "must be reported", &topic.about)?;
    examples(out, "must not be reported", &topic.not_about)
}

fn fact(out: &mut impl Write, name: &str, value: &str) -> io::Result<()> {
    writeln!(out, "  {DIM}{name:9}{DIM:#}  {value}")
}

fn rule(out: &mut impl Write, rule: &Rule) -> io::Result<()> {
    let place = match rule.place {
        None => "",
        Some(Place::Title) => " in the title",
        Some(Place::Lead) => " in the first paragraph",
        Some(Place::Body) => " after the first paragraph",
    };
    writeln!(out, "  {BOLD}{:+.2}{BOLD:#}{place}", rule.weight)?;
    patterns(out, "    ", &rule.any)?;
    for (condition, list) in [
        ("only in an article that holds", &rule.with),
        ("not in a sentence that holds", &rule.unless),
    ] {
        if !list.is_empty() {
            writeln!(out, "    {DIM}{condition}{DIM:#}")?;
            patterns(out, "      ", list)?;
        }
    }
    Ok(())
}

fn patterns(out: &mut impl Write, margin: &str, patterns: &[Pattern]) -> io::Result<()> {
    patterns
        .iter()
        .try_for_each(|pattern| writeln!(out, "{margin}{}", pattern.source))
}

fn examples(out: &mut impl Write, title: &str, examples: &[Example]) -> io::Result<()> {
    if !examples.is_empty() {
        writeln!(out, "  {BOLD}{title}{BOLD:#}")?;
    }
    for example in examples {
        writeln!(out, "    {}", example.headline)?;
        for line in example.text.lines() {
            writeln!(out, "      {DIM}{line}{DIM:#}")?;
        }
    }
    Ok(())
}

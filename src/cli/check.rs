//! `newsmill check`: what is wrong with configuration and cluster, and how to mend it.

use std::io::Write as _;
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};

use super::Status;
use crate::config::Config;
use crate::stream::check::{self, Finding, Part, Verdict};
use crate::taxonomy;

/// Says what is wrong with a configuration and its cluster, and how to mend it
///
/// Looks at the configuration file, then at brokers, topics, rights and transactions. It writes no message, joins no
/// group and disturbs no worker that runs.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill check --config newsmill.toml
  newsmill check --config newsmill.toml && newsmill run --config newsmill.toml

Exit statuses: 0 nothing is wrong, 1 something is, 2 wrong usage or configuration.")]
pub struct Args {
    /// Configuration file; without it the environment has to say everything
    #[arg(long, value_name = "FILE", env = "NEWSMILL_CONFIG")]
    config: Option<PathBuf>,
}

const GOOD: Style = AnsiColor::Green.on_default();
const DOUBTFUL: Style = AnsiColor::Yellow.on_default();
const WRONG: Style = AnsiColor::Red.on_default();
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let config = Config::load(args.config.as_deref())?;
    let settings = config.stream()?;
    taxonomy::start(&config)?;
    let name = match &args.config {
        Some(path) => path.display().to_string(),
        None => "the environment".to_owned(),
    };
    show(&Part {
        name: "configuration",
        findings: vec![Finding {
            verdict: Verdict::Good,
            what: name,
            mend: None,
        }],
    })?;
    let parts = check::run(&settings);
    for part in &parts {
        show(part)?;
    }
    let count = |verdict| {
        let findings = parts.iter().flat_map(|part| &part.findings);
        findings
            .filter(|finding| finding.verdict == verdict)
            .count()
    };
    let (wrong, doubtful) = (count(Verdict::Wrong), count(Verdict::Doubtful));
    writeln!(anstream::stdout(), "\n{wrong} wrong, {doubtful} doubtful")?;
    Ok(if wrong == 0 {
        Status::Done
    } else {
        Status::Failed
    })
}

fn show(part: &Part) -> std::io::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out, "{BOLD}{}{BOLD:#}", part.name)?;
    for Finding {
        verdict,
        what,
        mend,
    } in &part.findings
    {
        let (style, mark) = match verdict {
            Verdict::Good => (GOOD, '✓'),
            Verdict::Doubtful => (DOUBTFUL, '!'),
            Verdict::Wrong => (WRONG, '✗'),
        };
        writeln!(out, "  {style}{mark}{style:#} {what}")?;
        if let Some(mend) = mend {
            writeln!(out, "    {DIM}mend:{DIM:#} {mend}")?;
        }
    }
    Ok(())
}

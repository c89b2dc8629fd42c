//! `newsmill taxonomy lint`: what is suspicious in a taxonomy that is correct.

use std::io::Write as _;

use super::{BOLD, Chosen, DIM, DOUBTFUL, Loaded, Status, WRONG};
use crate::text::topics::lint::Severity;

/// Finds rules that do nothing, words that two topics claim, codes that do not exist, examples that prove little
///
/// Warnings (✗) are something to mend; notes (!) may be meant so.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill taxonomy lint
  newsmill taxonomy lint --taxonomy my-taxonomy

Exit statuses: 0 no warnings, 1 warnings, 2 wrong usage, configuration or taxonomy file.")]
pub struct Args {
    #[command(flatten)]
    chosen: Chosen,
}

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let loaded = Loaded::new(&args.chosen.config()?)?;
    let findings = loaded.pipeline.lint();
    let mut out = anstream::stdout().lock();
    writeln!(out, "{}\n", loaded.title())?;
    for finding in &findings {
        let (style, mark) = match finding.severity {
            Severity::Warning => (WRONG, '✗'),
            Severity::Note => (DOUBTFUL, '!'),
        };
        let place = loaded.place(&finding.file, finding.line);
        writeln!(
            out,
            "{style}{mark}{style:#} {BOLD}{place}{BOLD:#}: {}",
            finding.problem
        )?;
        writeln!(out, "    {DIM}mend:{DIM:#} {}", finding.hint)?;
    }
    let count = |severity| {
        let of_it = findings.iter().filter(|found| found.severity == severity);
        of_it.count()
    };
    let (warnings, notes) = (count(Severity::Warning), count(Severity::Note));
    let gap = if findings.is_empty() { "" } else { "\n" };
    writeln!(out, "{gap}{warnings} to mend, {notes} to look at")?;
    Ok(if warnings == 0 {
        Status::Done
    } else {
        Status::Failed
    })
}

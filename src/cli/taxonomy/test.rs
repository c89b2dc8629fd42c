//! `newsmill taxonomy test`: does every example come out as it should?

use std::io::Write as _;

use super::{BOLD, Chosen, DIM, GOOD, Loaded, Status, WRONG, counted};
use crate::text::topics::check::Trial;

/// Runs the examples of every topic
///
/// Each example under `about` has to be reported, each under `not_about` must not. A line a topic: how many examples
/// there are, and the score of the weakest and of the strongest: where they come near each other, rules are fragile.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill taxonomy test
  newsmill taxonomy test --taxonomy my-taxonomy
  newsmill taxonomy test --taxonomy my-taxonomy --topic space-policy

Exit statuses: 0 every example holds, 1 one does not, 2 wrong usage, configuration or taxonomy file.")]
pub struct Args {
    #[command(flatten)]
    chosen: Chosen,

    /// This topic alone; may be repeated
    #[arg(long, value_name = "ID")]
    topic: Vec<String>,
}

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let loaded = Loaded::new(&args.chosen.config()?)?;
    loaded.know(&args.topic)?;
    let mut trials = loaded.pipeline.try_examples();
    trials.retain(|trial| args.topic.is_empty() || args.topic.contains(&trial.topic.id));
    let mut out = anstream::stdout().lock();
    writeln!(out, "{}\n", loaded.title())?;
    let width = trials.iter().map(|trial| trial.topic.id.len()).max();
    let width = width.unwrap_or_default();
    writeln!(
        out,
        "  {DIM}{:width$}  {:>13}  {:>15}{DIM:#}",
        "", "about, weakest", "not, strongest"
    )?;
    for topic in trials.chunk_by(|a, b| a.topic.id == b.topic.id) {
        let (about, not): (Vec<&Trial>, Vec<&Trial>) = topic.iter().partition(|trial| trial.about);
        let scores = |trials: &[&Trial]| trials.iter().map(|trial| trial.score).collect::<Vec<_>>();
        let weakest = scores(&about).into_iter().reduce(f32::min);
        let strongest = scores(&not).into_iter().reduce(f32::max);
        let errors: Vec<_> = topic.iter().filter_map(Trial::error).collect();
        let (style, mark) = if errors.is_empty() {
            (GOOD, '✓')
        } else {
            (WRONG, '✗')
        };
        let (id, shown) = (&topic[0].topic.id, |score: Option<f32>| {
            score.map_or("-".to_owned(), |score| format!("{score:.2}"))
        });
        writeln!(
            out,
            "{style}{mark}{style:#} {id:width$}  {:>6} {:>7}  {:>7} {:>7}",
            about.len(),
            shown(weakest),
            not.len(),
            shown(strongest)
        )?;
        for error in errors {
            let place = loaded.place(&error.file, error.line);
            writeln!(out, "    {BOLD}{place}{BOLD:#}: {}", error.problem)?;
            writeln!(out, "      {DIM}mend:{DIM:#} {}", error.hint)?;
        }
    }
    let failed = trials.iter().filter_map(Trial::error).count();
    let held = counted(trials.len() - failed, "example");
    writeln!(out, "\n{held} as they should be, {failed} not")?;
    Ok(if failed == 0 {
        Status::Done
    } else {
        Status::Failed
    })
}

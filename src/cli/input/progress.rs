//! The progress bar: on a terminal, while the results go elsewhere.

use std::io::{self, IsTerminal, Read};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Source;
use crate::cli::tell;

/// Bytes read of all sources, articles done. A clone is the same bar.
#[derive(Clone)]
pub struct Progress(ProgressBar);

impl Progress {
    /// Hidden where standard error is no terminal, or where the results go to the terminal themselves.
    pub fn new(sources: &[Source]) -> Self {
        let sizes: Option<u64> = sources.iter().map(|source| source.size).sum();
        let shown = io::stderr().is_terminal() && !io::stdout().is_terminal();
        let target = if shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let template = match sizes {
            Some(_) => {
                "{bar:30.cyan/dim} {percent:>3} %  {msg} articles  {binary_bytes_per_sec}  {eta} left"
            }
            None => "{spinner:.cyan} {msg} articles  {binary_bytes_per_sec}",
        };
        let style =
            ProgressStyle::with_template(template).expect("the templates above are well formed");
        let bar =
            ProgressBar::with_draw_target(sizes, target).with_style(style.progress_chars("━╸─"));
        Progress(bar.with_message("0"))
    }

    /// Counts what is read.
    pub fn watch<R: Read>(&self, input: R) -> impl Read + use<R> {
        self.0.wrap_read(input)
    }

    /// So many articles are done so far.
    pub fn done(&self, articles: usize) {
        /// A message for each article would cost more than its record.
        const EVERY: usize = 64;
        if articles.is_multiple_of(EVERY) {
            self.0.set_message(articles.to_string());
        }
    }

    /// A line on standard error that does not tear the bar.
    pub fn line(&self, line: &str) {
        self.0.suspend(|| tell(format_args!("{line}")));
    }

    /// Replaces the bar by what was done.
    pub fn finish(&self, articles: usize, rejections: usize) {
        self.0.finish_and_clear();
        if !self.0.is_hidden() {
            let took = HumanDuration(self.0.elapsed());
            self.line(&format!(
                "{articles} articles, {rejections} rejected, in {took}"
            ));
        }
    }
}

//! How far a job is, on standard error: a bar on a terminal, now and then a line elsewhere.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::tell;

/// Between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// Messages done of a known number.
pub struct Meter {
    what: String,
    total: u64,
    bar: ProgressBar,
    told: Instant,
}

impl Meter {
    /// Of `total` messages; `what` is being done with them.
    pub fn new(what: &str, total: u64) -> Self {
        let target = if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template(
            "{msg} {bar:30.cyan/dim} {pos} of {len}  {per_sec}  {eta} left",
        );
        let style = style.expect("the template above is well formed");
        let bar = ProgressBar::with_draw_target(Some(total), target)
            .with_style(style.progress_chars("━╸─"))
            .with_message(what.to_owned());
        Meter {
            what: what.to_owned(),
            total,
            bar,
            told: Instant::now(),
        }
    }

    /// So many are done.
    pub fn at(&mut self, done: u64) {
        self.bar.set_position(done);
        if self.bar.is_hidden() && self.told.elapsed() >= BETWEEN_LINES {
            self.told = Instant::now();
            tell(format_args!("{}: {done} of {}", self.what, self.total));
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

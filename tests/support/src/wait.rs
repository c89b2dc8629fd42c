//! Waiting for a condition, with a deadline.

use std::fmt::Display;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long to stand still between two looks: short against anything that is waited for.
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The same where a moment of milliseconds is to be met.
const BETWEEN_CLOSE_LOOKS: Duration = Duration::from_micros(200);

/// Looks until there is something, and returns it; an error of a look, or the deadline, ends the wait.
pub fn until<T>(
    what: impl Display,
    deadline: Duration,
    look: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    wait(what, deadline, BETWEEN_LOOKS, look)
}

/// Looks as [`until`] does, without letting a moment slip.
pub fn closely<T>(
    what: impl Display,
    deadline: Duration,
    look: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    wait(what, deadline, BETWEEN_CLOSE_LOOKS, look)
}

fn wait<T>(
    what: impl Display,
    deadline: Duration,
    pause: Duration,
    mut look: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if start.elapsed() > deadline {
            bail!("waited {} s in vain for {what}", deadline.as_secs());
        }
        thread::park_timeout(pause);
    }
}

/// Lets time go by where time itself is the fault (an outage, a stall), not a stand-in for a condition.
pub fn endure(time: Duration) {
    let start = Instant::now();
    while let Some(left) = time.checked_sub(start.elapsed()) {
        thread::park_timeout(left);
    }
}

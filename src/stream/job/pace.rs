//! A rate that is not exceeded.

use std::time::{Duration, Instant};

/// What was not used is not saved up for longer than this.
const SLACK: Duration = Duration::from_millis(50);

/// Lets messages go at a rate.
#[derive(Debug)]
pub struct Pace {
    /// Between two messages; `None`: no rate.
    interval: Option<Duration>,
    next: Instant,
}

impl Pace {
    pub fn new(per_second: Option<u32>, now: Instant) -> Self {
        let interval = per_second.map(|rate| Duration::from_secs(1) / rate.max(1));
        Pace {
            interval,
            next: now,
        }
    }

    /// Whether one may go now.
    pub fn allows(&self, now: Instant) -> bool {
        self.interval.is_none() || now >= self.next
    }

    /// One has gone.
    pub fn passed(&mut self, now: Instant) {
        if let Some(interval) = self.interval {
            let earliest = now.checked_sub(SLACK).unwrap_or(now);
            self.next = self.next.max(earliest) + interval;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_sees_more_than_the_rate_and_the_slack() {
        for rate in [1, 7, 100, 5000] {
            let begun = Instant::now();
            let mut pace = Pace::new(Some(rate), begun);
            let mut gone = Vec::new();
            // A loop that turns every ten milliseconds, with a pause in it.
            for turn in (0..300).chain(500..900) {
                let now = begun + Duration::from_millis(10 * turn);
                while pace.allows(now) {
                    pace.passed(now);
                    gone.push(now);
                }
            }
            let slack = f64::from(rate) * SLACK.as_secs_f64();
            let bound = rate as usize + slack.ceil() as usize + 1;
            for (index, first) in gone.iter().enumerate() {
                let within = gone[index..]
                    .iter()
                    .take_while(|at| at.duration_since(*first) < Duration::from_secs(1));
                assert!(within.count() <= bound, "rate {rate}");
            }
            assert!(
                gone.len() >= 6 * rate as usize,
                "rate {rate}: {}",
                gone.len()
            );
        }
    }
}

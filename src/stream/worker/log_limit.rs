//! A limit on log lines that can come in floods.

use std::time::{Duration, Instant};

/// Lines in one interval.
const LINES: u32 = 10;
const INTERVAL: Duration = Duration::from_secs(10);

/// Lets ten lines pass every ten seconds, and counts the others.
#[derive(Debug, Default)]
pub struct LogLimit {
    since: Option<Instant>,
    lines: u32,
    suppressed: u64,
}

impl LogLimit {
    /// `Some` if a line may be written now, with the number of those that were not since the last interval.
    pub fn pass(&mut self, now: Instant) -> Option<u64> {
        let fresh = self
            .since
            .is_none_or(|since| now.duration_since(since) >= INTERVAL);
        if fresh {
            self.since = Some(now);
            self.lines = 0;
        }
        if self.lines >= LINES {
            self.suppressed += 1;
            return None;
        }
        self.lines += 1;
        Some(std::mem::take(&mut self.suppressed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_cut_and_counted() {
        let start = Instant::now();
        let mut limit = LogLimit::default();
        let passed = (0..100).filter(|_| limit.pass(start).is_some()).count();
        assert_eq!(passed, 10);
        assert_eq!(limit.pass(start + INTERVAL), Some(90));
        assert_eq!(limit.pass(start + INTERVAL), Some(0));
    }
}

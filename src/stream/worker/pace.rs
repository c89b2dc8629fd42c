//! How much a transaction may hold, when the brokers are slow to take it.

use std::time::Duration;

/// The share of the transaction time-out that a commit may take before transactions are made smaller: a quarter, so
/// that one of twice the size is still far from its time-out.
const SHARE: u32 = 4;

/// A bound on the messages of a transaction: without end as long as all is well.
///
/// Brokers that throttle us, or that are overloaded, need long for a transaction of the usual size; one that runs into
/// its time-out is aborted, and the next would do the same for ever.
#[derive(Debug)]
pub struct Pace {
    timeout: Duration,
    messages: usize,
}

impl Pace {
    pub fn new(timeout: Duration) -> Self {
        Pace {
            timeout,
            messages: usize::MAX,
        }
    }

    /// Whether a transaction that holds so many may take no more.
    pub fn is_full(&self, messages: usize) -> bool {
        messages >= self.messages
    }

    /// A transaction of so many messages was committed, which took so long.
    pub fn committed(&mut self, messages: usize, took: Duration) {
        if took * SHARE > self.timeout {
            self.failed(messages);
        } else {
            self.messages = self.messages.saturating_mul(2);
        }
    }

    /// A transaction of so many messages could not be committed.
    pub fn failed(&mut self, messages: usize) {
        if messages > 0 {
            self.messages = (messages / 2).max(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(60);
    const SOON: Duration = Duration::from_millis(10);

    #[test]
    fn failed_transactions_get_smaller_down_to_one_message() {
        let mut pace = Pace::new(TIMEOUT);
        assert!(!pace.is_full(1_000_000));
        let mut messages = 1000;
        while messages > 1 {
            pace.failed(messages);
            assert!(pace.is_full(messages));
            messages /= 2;
            assert!(pace.is_full(messages) && !pace.is_full(messages - 1));
        }
        pace.failed(1);
        assert!(!pace.is_full(0) && pace.is_full(1));
    }

    #[test]
    fn slow_ones_get_smaller_before_they_fail_and_quick_ones_larger_again() {
        let mut pace = Pace::new(TIMEOUT);
        pace.committed(1000, TIMEOUT / 2);
        assert!(pace.is_full(500));
        pace.committed(500, SOON);
        assert!(!pace.is_full(999) && pace.is_full(1000));
        for _ in 0..64 {
            pace.committed(1, SOON);
        }
        assert!(!pace.is_full(1_000_000));
    }
}

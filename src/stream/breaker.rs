//! The breaker: a burst of dead letters of one code stops the worker for a while, since it is more often a fault
//! around us (a producer's new format) than that many bad articles.
//!
//! Closed, it counts. Open, it lets nothing leave for the pause. Half open, it lets a few messages through: if all of
//! them are dead letters of the same code it opens again, else it closes. It heals by itself, and nothing is lost: what
//! waits stays in its partition.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::config::BreakerConfig;
use super::message::Outcome;

pub struct Breaker {
    config: BreakerConfig,
    state: State,
    /// Dead letters in a row of one code.
    run: u32,
    run_code: &'static str,
    /// The last outcomes: a dead letter's code, or nothing.
    window: VecDeque<Option<&'static str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Closed,
    Open {
        until: Instant,
        code: &'static str,
    },
    HalfOpen {
        /// Messages that may still pass.
        left: u32,
        /// Something else than the pattern that opened it has passed.
        healed: bool,
        code: &'static str,
    },
}

impl Breaker {
    pub fn new(config: BreakerConfig) -> Self {
        Breaker {
            config,
            state: State::Closed,
            run: 0,
            run_code: "",
            window: VecDeque::new(),
        }
    }

    pub fn state(&self) -> State {
        self.state
    }

    /// Whether a message may leave now; an open breaker whose pause is over becomes half open here.
    pub fn lets_pass(&mut self, now: Instant) -> bool {
        if let State::Open { until, code } = self.state
            && now >= until
        {
            self.state = State::HalfOpen {
                left: self.config.probe_messages.max(1),
                healed: false,
                code,
            };
        }
        !matches!(self.state, State::Open { .. })
    }

    /// A message has left with this outcome; returns whether that changed the state.
    pub fn passed(&mut self, outcome: Outcome, now: Instant) -> bool {
        let before = std::mem::discriminant(&self.state);
        self.take(outcome, now);
        std::mem::discriminant(&self.state) != before
    }

    fn take(&mut self, outcome: Outcome, now: Instant) {
        let code = match outcome {
            Outcome::DeadLetter(code) => Some(code),
            Outcome::Record | Outcome::Tombstone => None,
        };
        match &mut self.state {
            State::Closed => self.count(code, now),
            State::Open { .. } => {}
            State::HalfOpen {
                left,
                healed,
                code: pattern,
            } => {
                *healed |= code != Some(*pattern);
                *left -= 1;
                if *left == 0 {
                    if *healed {
                        self.state = State::Closed;
                    } else {
                        let pattern = *pattern;
                        self.open(pattern, now);
                    }
                }
            }
        }
    }

    fn count(&mut self, code: Option<&'static str>, now: Instant) {
        self.window.push_back(code);
        if self.window.len() > self.config.window_messages as usize {
            self.window.pop_front();
        }
        let Some(code) = code else {
            self.run = 0;
            return;
        };
        self.run = if code == self.run_code {
            self.run + 1
        } else {
            1
        };
        self.run_code = code;
        let by_run = self.config.max_run > 0 && self.run >= self.config.max_run;
        if by_run || self.share_exceeded(code) {
            self.open(code, now);
        }
    }

    /// Only a full window has a share, so that one bad message at the start is no burst.
    fn share_exceeded(&self, code: &'static str) -> bool {
        let full = self.window.len() >= (self.config.window_messages as usize).max(1);
        if !full || self.config.max_share >= 1.0 {
            return false;
        }
        let same = self
            .window
            .iter()
            .filter(|outcome| **outcome == Some(code))
            .count();
        same as f64 > self.config.max_share * self.window.len() as f64
    }

    fn open(&mut self, code: &'static str, now: Instant) {
        self.state = State::Open {
            until: now + Duration::from_millis(self.config.pause_ms),
            code,
        };
        self.run = 0;
        self.window.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BAD: Outcome = Outcome::DeadLetter("invalid_json");

    fn breaker() -> Breaker {
        Breaker::new(BreakerConfig {
            max_run: 5,
            window_messages: 10,
            max_share: 0.5,
            pause_ms: 1_000,
            probe_messages: 3,
        })
    }

    fn pass(breaker: &mut Breaker, outcomes: &[Outcome], now: Instant) {
        for outcome in outcomes {
            assert!(breaker.lets_pass(now), "closed too early");
            breaker.passed(*outcome, now);
        }
    }

    #[test]
    fn a_run_opens_it_and_a_good_message_heals_it() {
        let start = Instant::now();
        let mut breaker = breaker();
        pass(&mut breaker, &[BAD; 5], start);
        assert!(!breaker.lets_pass(start));
        assert!(!breaker.lets_pass(start + Duration::from_millis(999)));
        let later = start + Duration::from_millis(1_000);
        pass(&mut breaker, &[BAD, BAD, Outcome::Record], later);
        assert_eq!(breaker.state(), State::Closed);
    }

    #[test]
    fn more_of_the_same_opens_it_again() {
        let start = Instant::now();
        let mut breaker = breaker();
        pass(&mut breaker, &[BAD; 5], start);
        let later = start + Duration::from_millis(1_000);
        pass(&mut breaker, &[BAD; 3], later);
        assert!(!breaker.lets_pass(later));
    }

    #[test]
    fn a_share_opens_it_without_a_run() {
        let start = Instant::now();
        let mut breaker = breaker();
        pass(&mut breaker, &[BAD, BAD, Outcome::Record].repeat(3), start);
        assert_eq!(breaker.state(), State::Closed, "the window is not full");
        breaker.passed(BAD, start);
        assert!(!breaker.lets_pass(start));
    }

    #[test]
    fn different_codes_are_no_burst() {
        let start = Instant::now();
        let mut breaker = breaker();
        let other = Outcome::DeadLetter("empty_text");
        pass(&mut breaker, &[BAD, other].repeat(20), start);
        assert_eq!(breaker.state(), State::Closed);
    }
}

//! What the worker says about itself: ready for work, and alive.
//!
//! *Ready* is about the world: joined the group, broker there, output taken, breaker closed. *Alive* is about
//! ourselves: it fails only when a thread of ours is stuck, because a restart can mend that and nothing else. A broker
//! that is away makes the worker not ready and leaves it alive.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::board::Board;

/// The loop turns at least every 10 ms, and no call in it blocks longer than 5 s; a loop that stood for a minute has
/// also exceeded `max.poll.interval.ms` and lost its partitions.
pub const LOOP_STUCK_AFTER: Duration = Duration::from_secs(60);

/// The largest article that is let in takes some seconds; a minute is a loop without end.
pub const COMPUTE_STUCK_AFTER: Duration = Duration::from_secs(60);

/// Why the worker does no work at present. Each can hold or not, independently of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotReady {
    /// The group has not given an assignment yet; an empty one counts as given.
    NotJoined,
    /// No broker answers.
    BrokerUnreachable,
    /// The output or dead-letter topic takes nothing: missing, no rights, full.
    OutputRefused,
    /// Too many dead letters of one code.
    BreakerOpen,
    /// The broker does not have the position where a partition is to be read on.
    PositionLost,
    /// Shutting down.
    Draining,
    /// Fenced or failed for good: consumer and producer are made anew.
    ClientsRebuilding,
}

impl NotReady {
    /// Every reason, in the order in which they are shown.
    pub const ALL: [NotReady; 7] = [
        NotReady::NotJoined,
        NotReady::BrokerUnreachable,
        NotReady::OutputRefused,
        NotReady::BreakerOpen,
        NotReady::PositionLost,
        NotReady::Draining,
        NotReady::ClientsRebuilding,
    ];

    /// Stable name: in `/readyz`, in logs.
    pub fn as_str(self) -> &'static str {
        match self {
            NotReady::NotJoined => "not_joined",
            NotReady::BrokerUnreachable => "broker_unreachable",
            NotReady::OutputRefused => "output_refused",
            NotReady::BreakerOpen => "breaker_open",
            NotReady::PositionLost => "position_lost",
            NotReady::Draining => "draining",
            NotReady::ClientsRebuilding => "clients_rebuilding",
        }
    }

    /// What it means and who has to do something about it, for a person who is called at night.
    pub fn meaning(self) -> &'static str {
        match self {
            NotReady::NotJoined => {
                "Not a member of its group, or waiting for the group to divide the partitions."
            }
            NotReady::BrokerUnreachable => {
                "No broker answers. The worker waits and goes on by itself; look at the brokers, the network and the \
                 credentials."
            }
            NotReady::OutputRefused => {
                "The output or dead-letter topic takes nothing. What is in work is held back and tried again; \
                 `newsmill check` says what is missing."
            }
            NotReady::BreakerOpen => {
                "Too many dead letters of one code. Nothing leaves for a while, then a few messages are tried; look at \
                 the last dead letters and at who sends them."
            }
            NotReady::PositionLost => {
                "The broker no longer has the position where a partition is to be read on. It stands still until a \
                 person sets the group's offset; the log says how."
            }
            NotReady::Draining => "Shutting down: what is in work is finished first.",
            NotReady::ClientsRebuilding => {
                "Fenced, or a client failed for good. Consumer and producer are made anew; no one has to do anything, \
                 unless it goes on."
            }
        }
    }
}

/// A thread of ours that does not get on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stuck {
    #[error("the worker's loop has not turned for {0} s")]
    Loop(u64),
    #[error("CPU thread {thread} has worked on one message for {seconds} s")]
    Computing { thread: usize, seconds: u64 },
}

/// The worker's word about itself, written by its threads and read by the admin port.
#[derive(Clone, Debug)]
pub struct Health(Arc<State>);

#[derive(Debug)]
struct State {
    started: Instant,
    /// Last turn of the loop, in milliseconds since `started`.
    beat: AtomicU64,
    /// By CPU thread: when it began with its message, in milliseconds since `started`; [`IDLE`] between messages.
    computing: Box<[AtomicU64]>,
    reasons: Mutex<BTreeMap<NotReady, String>>,
    board: Board,
}

const IDLE: u64 = u64::MAX;

impl Health {
    /// Of a worker with this many CPU threads that has not joined its group yet.
    pub fn new(threads: usize) -> Self {
        Health(Arc::new(State {
            started: Instant::now(),
            beat: AtomicU64::new(0),
            computing: (0..threads).map(|_| AtomicU64::new(IDLE)).collect(),
            reasons: Mutex::new(BTreeMap::from([(NotReady::NotJoined, String::new())])),
            board: Board::default(),
        }))
    }

    /// The loop turned.
    pub fn beat(&self) {
        self.0.beat.store(self.now(), Ordering::Relaxed);
    }

    /// A CPU thread begins with a message; the end is the guard's drop, also by a panic.
    ///
    /// A thread beyond those that [`new`](Self::new) was told of is not watched.
    pub fn computing(&self, thread: usize) -> Computing<'_> {
        let mark = self.0.computing.get(thread);
        if let Some(mark) = mark {
            mark.store(self.now(), Ordering::Relaxed);
        }
        Computing(mark)
    }

    /// What else the worker shows of itself.
    pub fn board(&self) -> &Board {
        &self.0.board
    }

    /// A reason not to be ready holds from now on. `detail` is for people: what was refused, which code.
    pub fn set(&self, reason: NotReady, detail: impl Into<String>) {
        self.reasons().insert(reason, detail.into());
    }

    /// The reason holds no longer.
    pub fn clear(&self, reason: NotReady) {
        self.reasons().remove(&reason);
    }

    /// Why the worker is not ready, with details; empty when it is.
    pub fn not_ready(&self) -> Vec<(NotReady, String)> {
        let reasons = self.reasons();
        reasons
            .iter()
            .map(|(reason, detail)| (*reason, detail.clone()))
            .collect()
    }

    /// Whether every thread of ours gets on.
    pub fn live(&self) -> Result<(), Stuck> {
        self.live_at(self.now())
    }

    fn live_at(&self, now: u64) -> Result<(), Stuck> {
        let since = |mark: u64| Duration::from_millis(now.saturating_sub(mark));
        let turned = since(self.0.beat.load(Ordering::Relaxed));
        if turned > LOOP_STUCK_AFTER {
            return Err(Stuck::Loop(turned.as_secs()));
        }
        for (thread, mark) in self.0.computing.iter().enumerate() {
            // An idle thread's mark lies in the future, so it has worked for no time at all.
            let worked = since(mark.load(Ordering::Relaxed));
            if worked > COMPUTE_STUCK_AFTER {
                let seconds = worked.as_secs();
                return Err(Stuck::Computing { thread, seconds });
            }
        }
        Ok(())
    }

    fn now(&self) -> u64 {
        u64::try_from(self.0.started.elapsed().as_millis()).unwrap_or(IDLE - 1)
    }

    fn reasons(&self) -> std::sync::MutexGuard<'_, BTreeMap<NotReady, String>> {
        // A map of short texts is whole after any panic.
        self.0
            .reasons
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A CPU thread works on a message until this is dropped.
#[derive(Debug)]
pub struct Computing<'a>(Option<&'a AtomicU64>);

impl Drop for Computing<'_> {
    fn drop(&mut self) {
        if let Some(mark) = self.0 {
            mark.store(IDLE, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: u64 = 3_600_000;

    #[test]
    fn a_worker_is_ready_when_no_reason_is_left() {
        let health = Health::new(1);
        assert_eq!(health.not_ready(), [(NotReady::NotJoined, String::new())]);
        health.set(NotReady::BreakerOpen, "invalid_json");
        health.clear(NotReady::NotJoined);
        assert_eq!(
            health.not_ready(),
            [(NotReady::BreakerOpen, "invalid_json".to_owned())]
        );
        health.clear(NotReady::BreakerOpen);
        assert!(health.not_ready().is_empty());
    }

    #[test]
    fn the_docs_say_what_each_reason_means() {
        let docs = include_str!("../../docs/admin.md");
        for reason in NotReady::ALL {
            let row = format!("| `{}` | {} |", reason.as_str(), reason.meaning());
            assert!(docs.contains(&row), "docs/admin.md lacks: {row}");
        }
    }

    #[test]
    fn a_broker_that_is_away_leaves_the_worker_alive() {
        let health = Health::new(1);
        for reason in NotReady::ALL {
            health.set(reason, "");
        }
        assert_eq!(health.live(), Ok(()));
    }

    #[test]
    fn a_loop_that_stands_is_stuck() {
        let health = Health::new(1);
        assert_eq!(health.live_at(LATER), Err(Stuck::Loop(3600)));
    }

    #[test]
    fn a_message_without_end_is_stuck_and_a_finished_one_is_not() {
        let health = Health::new(2);
        health.0.beat.store(LATER, Ordering::Relaxed);
        let first = health.computing(0);
        let second = health.computing(1);
        drop(first);
        assert_eq!(
            health.live_at(LATER),
            Err(Stuck::Computing {
                thread: 1,
                seconds: 3600
            })
        );
        drop(second);
        assert_eq!(health.live_at(LATER), Ok(()));
    }
}

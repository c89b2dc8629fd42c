//! The closed sets of values that labels take.

use super::catalogue::{Label, labels};
use crate::stream::health::NotReady;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Record,
    DeadLetter,
    Tombstone,
}

/// Where a message of ours goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    Output,
    DeadLetter,
}

/// What a message does in the worker, one after the other; the parts of `Handle` stand behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Waits for a CPU thread.
    Queue,
    /// Is worked on by a CPU thread.
    Handle,
    /// Part of `Handle`: the article is read from the message.
    Decode,
    /// Part of `Handle`: the article is analysed.
    Analyse,
    /// Part of `Handle`: the record is written.
    Encode,
    /// Waits for those before it in its partition.
    Order,
    /// Waits for the broker's acknowledgement.
    Produce,
}

/// Which of the two Kafka clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    Consumer,
    Producer,
}

/// How a commit of positions ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitResult {
    Committed,
    /// Refused for now, tried again: a rebalance, a coordinator that moves.
    Retried,
    Failed,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionResult {
    Committed,
    Aborted,
}

/// What the breaker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaker {
    /// Everything passes.
    Closed,
    /// Nothing is consumed.
    Open,
    /// A few messages are let through.
    HalfOpen,
}

/// What became of a taxonomy's files that were read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reload {
    /// In use from now on.
    Applied,
    /// They are those in use.
    Unchanged,
    /// Wrong, or their examples do not hold.
    Refused,
}

labels! {
    Outcome { Record = "record", DeadLetter = "dead_letter", Tombstone = "tombstone" }
    Destination { Output = "output", DeadLetter = "dead_letter" }
    Stage {
        Queue = "queue", Handle = "handle", Decode = "decode", Analyse = "analyse", Encode = "encode",
        Order = "order", Produce = "produce"
    }
    Client { Consumer = "consumer", Producer = "producer" }
    CommitResult { Committed = "committed", Retried = "retried", Failed = "failed" }
    TransactionResult { Committed = "committed", Aborted = "aborted" }
    Breaker { Closed = "closed", Open = "open", HalfOpen = "half_open" }
    Reload { Applied = "applied", Unchanged = "unchanged", Refused = "refused" }
}

impl Label for NotReady {
    const ALL: &'static [Self] = &NotReady::ALL;

    fn as_str(self) -> &'static str {
        NotReady::as_str(self)
    }
}

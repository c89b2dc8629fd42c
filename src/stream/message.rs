//! What comes from Kafka, and what becomes of it.

use std::sync::Arc;

use super::state::Ticket;

/// Where a message stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    pub input_topic: Arc<str>,
    pub partition: i32,
    pub offset: i64,
}

/// One header: a name, and bytes that may be null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub name: String,
    pub value: Option<Vec<u8>>,
}

impl Header {
    /// A header whose value is text.
    pub fn text(name: &str, value: impl Into<String>) -> Self {
        Header {
            name: name.to_owned(),
            value: Some(value.into().into_bytes()),
        }
    }

    /// Bytes of the name and the value.
    pub fn bytes(&self) -> usize {
        self.name.len() + self.value.as_ref().map_or(0, Vec::len)
    }
}

/// A message as it was consumed, copied out of the client's buffers.
#[derive(Clone, Debug)]
pub struct Message {
    pub position: Position,
    /// Milliseconds since 1970; `None` where the topic keeps no timestamps.
    pub timestamp_ms: Option<i64>,
    pub key: Option<Vec<u8>>,
    /// `None` is a null value: a tombstone where there is a key.
    pub value: Option<Vec<u8>>,
    pub headers: Vec<Header>,
}

impl Message {
    /// Bytes that the message holds in memory.
    pub fn bytes(&self) -> usize {
        bytes_of(&self.key, &self.value, &self.headers)
    }
}

/// Bytes that a message or an output holds in memory, with a fixed share for the structure, its allocations and its
/// place in the queues.
fn bytes_of(key: &Option<Vec<u8>>, value: &Option<Vec<u8>>, headers: &[Header]) -> usize {
    const OVERHEAD: usize = 256;
    OVERHEAD
        + key.as_ref().map_or(0, Vec::len)
        + value.as_ref().map_or(0, Vec::len)
        + headers.iter().map(Header::bytes).sum::<usize>()
}

/// A message for the output topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<Header>,
}

impl Output {
    /// Bytes that the output holds in memory.
    pub fn bytes(&self) -> usize {
        bytes_of(&self.key, &self.value, &self.headers)
    }

    /// Bytes that the output takes on the wire at most, uncompressed and alone in its batch: what a topic's
    /// `max.message.bytes` is compared with.
    pub fn wire_bytes(&self) -> usize {
        /// The batch's header (61 bytes), the record's lengths and deltas as varints (up to 30).
        const BATCH: usize = 100;
        /// Two lengths as varints.
        const HEADER: usize = 10;
        BATCH
            + self.key.as_ref().map_or(0, Vec::len)
            + self.value.as_ref().map_or(0, Vec::len)
            + self
                .headers
                .iter()
                .map(|header| header.bytes() + HEADER)
                .sum::<usize>()
    }
}

/// An output on its way out.
#[derive(Clone, Copy)]
pub struct Outgoing<'a> {
    pub topic: &'a str,
    /// `None`: where its key belongs.
    pub partition: Option<i32>,
    pub output: &'a Output,
    /// The consumed message's, which its outcome keeps; `None`: the time at which it is sent.
    pub timestamp_ms: Option<i64>,
    pub ticket: Ticket,
}

/// Why a message is no article; the worker adds the message itself and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Stable, snake_case: metric label, header, row in the docs.
    pub code: &'static str,
    /// What was wrong and where; never the article's text.
    pub message: String,
    /// The stage that refused it ("decode", "handle", "produce").
    pub stage: &'static str,
}

/// The one outcome of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handled {
    /// A record for the output topic.
    Record(Output),
    /// A null value with a key, passed on.
    Tombstone(Output),
    /// The message's own fault.
    DeadLetter(DeadLetter),
}

impl Handled {
    /// Bytes that the outcome holds in memory beside the message itself.
    pub fn bytes(&self) -> usize {
        match self {
            Handled::Record(output) | Handled::Tombstone(output) => output.bytes(),
            Handled::DeadLetter(letter) => letter.message.len(),
        }
    }

    pub fn outcome(&self) -> Outcome {
        match self {
            Handled::Record(_) => Outcome::Record,
            Handled::Tombstone(_) => Outcome::Tombstone,
            Handled::DeadLetter(letter) => Outcome::DeadLetter(letter.code),
        }
    }
}

/// Which of the three outcomes it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Record,
    Tombstone,
    /// With its code.
    DeadLetter(&'static str),
}

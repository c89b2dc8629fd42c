//! What comes from Kafka, and what becomes of it.

use std::sync::Arc;

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
    /// Bytes that the message holds in memory: key, value and headers, with a fixed share for the rest.
    pub fn bytes(&self) -> usize {
        /// About what the structure, its allocations and its place in the queues take.
        const OVERHEAD: usize = 256;
        let headers: usize = self
            .headers
            .iter()
            .map(|header| header.name.len() + header.value.as_ref().map_or(0, Vec::len))
            .sum();
        OVERHEAD
            + self.key.as_ref().map_or(0, Vec::len)
            + self.value.as_ref().map_or(0, Vec::len)
            + headers
    }
}

/// A message for the output topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<Header>,
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

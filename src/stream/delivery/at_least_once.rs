//! At least once: an idempotent producer, and offsets committed behind acknowledgements.

use super::Trouble;
use crate::stream::kafka::consumer::{Consumer, code_of};
use crate::stream::kafka::producer::{Producer, SendError};
use crate::stream::message::Outgoing;
use crate::stream::state::NextOffset;

pub struct AtLeastOnce {
    producer: Producer,
}

impl AtLeastOnce {
    pub fn new(producer: Producer) -> Self {
        AtLeastOnce { producer }
    }

    pub fn emit(&self, outgoing: &Outgoing<'_>) -> Result<(), SendError> {
        self.producer.send(outgoing)
    }

    pub fn is_quiet(&self) -> bool {
        self.producer.in_flight() == 0
    }

    /// Stores offsets whose messages the broker has acknowledged.
    ///
    /// The client commits them about every second, tries again when a rebalance refuses them, and commits what is left
    /// when partitions are given up and when it closes. Commits of our own would report no failure: the callback comes
    /// for the client's commits only.
    pub fn settle(&self, consumer: &Consumer, offsets: &[NextOffset]) -> Result<(), Trouble> {
        consumer.store(offsets).map_err(|error| Trouble::Rewind {
            what: "store offsets",
            code: code_of(&error),
        })
    }
}

//! The two guarantees, behind the same verbs: emit, settle, abandon.
//!
//! *At-least-once* settles a message when the broker acknowledges it; *exactly-once* settles a transaction's messages
//! when it is committed, their offsets in it.

mod at_least_once;
mod exactly_once;

use std::time::{Duration, Instant};

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

pub use at_least_once::AtLeastOnce;
pub use exactly_once::ExactlyOnce;

use super::config::{Guarantee, Settings};
use super::event::Events;
use super::kafka::consumer::{Consumer, code_of};
use super::kafka::limits::Limits;
use super::kafka::producer::{Producer, SendError};
use super::message::Outgoing;
use super::state::NextOffset;
use crate::metrics::Metrics;

/// How long one call to the broker may block the loop; it is called again after the loop has turned.
const SLICE: Duration = Duration::from_secs(2);

/// Trouble around us: never a message's fault, so no message pays for it.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Read again from the last settled positions.
    #[error("{what}: {code}")]
    Rewind {
        what: &'static str,
        code: RDKafkaErrorCode,
    },
    /// Both clients are of no use any more.
    #[error("{what}: {code}")]
    Rebuild {
        what: &'static str,
        code: RDKafkaErrorCode,
    },
    /// The loop must turn meanwhile; the same call is to be made again.
    #[error("{what}: {code}, trying again")]
    Again {
        what: &'static str,
        code: RDKafkaErrorCode,
    },
}

impl Trouble {
    /// An error of the client itself, which another try would not mend.
    pub fn rebuild(what: &'static str, error: &KafkaError) -> Self {
        Trouble::Rebuild {
            what,
            code: code_of(error),
        }
    }

    /// What an error of a call on transactions asks for.
    fn of(what: &'static str, error: &KafkaError) -> Self {
        let code = code_of(error);
        match error {
            KafkaError::Transaction(error) if error.is_fatal() => Trouble::Rebuild { what, code },
            KafkaError::Transaction(error) if error.txn_requires_abort() => {
                Trouble::Rewind { what, code }
            }
            KafkaError::Transaction(error) if error.is_retriable() => Trouble::Again { what, code },
            _ => Trouble::Rebuild { what, code },
        }
    }
}

/// The guarantee in force, with its producer.
pub enum Delivery {
    AtLeastOnce(AtLeastOnce),
    ExactlyOnce(ExactlyOnce),
}

impl Delivery {
    pub fn new(
        settings: &Settings,
        transactional_id: &str,
        limits: Limits,
        events: Events,
        metrics: &Metrics,
    ) -> Result<Self, KafkaError> {
        Ok(match settings.delivery.guarantee {
            Guarantee::AtLeastOnce => {
                let producer = Producer::idempotent(settings, limits, events)?;
                Delivery::AtLeastOnce(AtLeastOnce::new(producer))
            }
            Guarantee::ExactlyOnce => {
                let producer = Producer::transactional(settings, transactional_id, limits, events)?;
                Delivery::ExactlyOnce(ExactlyOnce::new(
                    producer,
                    &settings.delivery,
                    metrics.clone(),
                ))
            }
        })
    }

    /// Readies the producer. Blocks for one slice; to be called again on [`Trouble::Again`].
    pub fn open(&mut self) -> Result<(), Trouble> {
        match self {
            Delivery::AtLeastOnce(_) => Ok(()),
            Delivery::ExactlyOnce(delivery) => delivery.open(),
        }
    }

    /// Hands a message to the producer. [`SendError::QueueFull`] comes back as `Ok(false)`.
    pub fn emit(&mut self, outgoing: &Outgoing<'_>, now: Instant) -> Result<bool, Trouble> {
        let sent = match self {
            Delivery::AtLeastOnce(delivery) => delivery.emit(outgoing),
            Delivery::ExactlyOnce(delivery) => {
                delivery.begin(now)?;
                delivery.emit(outgoing)
            }
        };
        match sent {
            Ok(()) => Ok(true),
            Err(SendError::QueueFull) => Ok(false),
            Err(SendError::Refused(code)) => Err(Trouble::Rewind {
                what: "produce",
                code,
            }),
        }
    }

    /// Nothing more may be emitted before a commit.
    pub fn is_full(&self) -> bool {
        match self {
            Delivery::AtLeastOnce(_) => false,
            Delivery::ExactlyOnce(delivery) => delivery.is_full(),
        }
    }

    /// Whether a transaction should be committed now.
    pub fn is_due(&self, now: Instant) -> bool {
        match self {
            Delivery::AtLeastOnce(_) => false,
            Delivery::ExactlyOnce(delivery) => delivery.is_due(now),
        }
    }

    /// When a transaction will be due, for the loop's next wait.
    pub fn due_at(&self) -> Option<Instant> {
        match self {
            Delivery::AtLeastOnce(_) => None,
            Delivery::ExactlyOnce(delivery) => delivery.due_at(),
        }
    }

    /// Makes these offsets the group's, together with all that was emitted before them.
    pub fn settle(
        &mut self,
        consumer: &Consumer,
        offsets: &[NextOffset],
        now: Instant,
        keep_going: &mut dyn FnMut() -> bool,
    ) -> Result<(), Trouble> {
        match self {
            Delivery::AtLeastOnce(delivery) => delivery.settle(consumer, offsets),
            Delivery::ExactlyOnce(delivery) => {
                delivery.begin(now)?;
                delivery.settle(consumer, offsets, keep_going)
            }
        }
    }

    /// Takes back what was emitted and is not settled, as far as this can be done.
    pub fn abandon(&mut self, keep_going: &mut dyn FnMut() -> bool) -> Result<(), Trouble> {
        match self {
            Delivery::AtLeastOnce(_) => Ok(()),
            Delivery::ExactlyOnce(delivery) => delivery.abort(keep_going),
        }
    }

    /// Whether nothing is in the producer's queue.
    pub fn is_quiet(&self) -> bool {
        match self {
            Delivery::AtLeastOnce(delivery) => delivery.is_quiet(),
            // Aborting has emptied it.
            Delivery::ExactlyOnce(_) => true,
        }
    }

    /// Whether a commit settles all that was emitted; else each acknowledgement does.
    pub fn settles_by_commit(&self) -> bool {
        matches!(self, Delivery::ExactlyOnce(_))
    }
}

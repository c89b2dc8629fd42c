//! Everything that can wake the worker's loop, in one enum and one queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use rdkafka::Statistics;
use rdkafka::error::RDKafkaErrorCode;

use super::message::Handled;
use super::state::{Source, Ticket};

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// The consumer has something to poll.
    Consumable,
    /// A CPU thread finished a message.
    Done { ticket: Ticket, handled: Handled },
    /// The producer's word on a message: the broker has it, or why not.
    Delivered {
        ticket: Ticket,
        result: Result<(), RDKafkaErrorCode>,
    },
    /// The group gave us partitions; librdkafka waits for the answer.
    Assigned(Vec<Source>),
    /// The group takes partitions away; librdkafka waits for the answer.
    Revoked(Vec<Source>),
    /// A client reports trouble or its end.
    Client {
        client: Client,
        code: RDKafkaErrorCode,
        reason: String,
    },
    /// What a client says of itself every few seconds.
    Statistics {
        client: Client,
        statistics: Box<Statistics>,
    },
    /// A poll failed while the loop was busy elsewhere.
    PollFailed(RDKafkaErrorCode),
    /// The result of a commit that the client made by itself (at-least-once).
    Committed(Result<(), RDKafkaErrorCode>),
}

/// Which of the two clients an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    Consumer,
    Producer,
}

/// The sending end, held by callbacks and CPU threads.
///
/// The queue has no bound of its own: every event in it belongs to a message that the budget admitted, to one of a
/// handful of client callbacks, or is the one [`Event::Consumable`] that may be in it at a time.
#[derive(Clone)]
pub struct Events {
    sender: Sender<Event>,
    consumable: Arc<AtomicBool>,
    retired: Arc<AtomicBool>,
}

impl Events {
    /// A sending end that can be retired apart from this one: for the clients of one life.
    pub fn of_a_life(&self) -> Events {
        Events {
            retired: Arc::default(),
            ..self.clone()
        }
    }

    /// Nothing that this end sends is heard from now on: a client that is left behind has no say in the next life.
    pub fn retire(&self) {
        self.retired.store(true, Ordering::Release);
    }

    pub fn send(&self, event: Event) {
        if self.retired.load(Ordering::Acquire) {
            return;
        }
        // The receiver lives as long as the worker; events that come later than that mean nothing.
        let _ = self.sender.send(event);
    }

    /// Passes a client's statistics on; a text that is none has nothing to say.
    pub fn statistics(&self, client: Client, json: &[u8]) {
        if let Ok(statistics) = serde_json::from_slice(json) {
            self.send(Event::Statistics { client, statistics });
        }
    }

    /// Says that the consumer has something to poll, unless that is said already.
    pub fn consumable(&self) {
        if !self.consumable.swap(true, Ordering::AcqRel) {
            self.send(Event::Consumable);
        }
    }
}

/// The receiving end, held by the loop.
pub struct Inbox {
    receiver: Receiver<Event>,
    consumable: Arc<AtomicBool>,
}

impl Inbox {
    pub fn new() -> (Events, Inbox) {
        let (sender, receiver) = unbounded();
        let consumable = Arc::new(AtomicBool::new(false));
        let events = Events {
            sender,
            consumable: Arc::clone(&consumable),
            retired: Arc::default(),
        };
        (
            events,
            Inbox {
                receiver,
                consumable,
            },
        )
    }

    /// The next event, if there is one now.
    pub fn next(&self) -> Option<Event> {
        let event = self.receiver.try_recv().ok()?;
        self.rearm(&event);
        Some(event)
    }

    /// The next event, waited for at most so long.
    pub fn wait(&self, timeout: Duration) -> Option<Event> {
        match self.receiver.recv_timeout(timeout) {
            Ok(event) => {
                self.rearm(&event);
                Some(event)
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => None,
        }
    }

    fn rearm(&self, event: &Event) {
        if matches!(event, Event::Consumable) {
            self.consumable.store(false, Ordering::Release);
        }
    }
}

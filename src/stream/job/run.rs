//! The loop of a job: read, hand to the CPU threads, emit in order, commit.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use rdkafka::error::RDKafkaErrorCode;

use super::pace::Pace;
use super::reader::Reader;
use super::{Counts, Done, Error, PATIENCE, Part, Speed, patience};
use crate::metrics::Metrics;
use crate::stream::config::Settings;
use crate::stream::delivery::{ExactlyOnce, Trouble};
use crate::stream::event::{Client, Event, Events, Inbox};
use crate::stream::handler::Handler;
use crate::stream::health::Health;
use crate::stream::kafka::producer::SendError;
use crate::stream::message::{Handled, Message, Outcome, Outgoing, Output};
use crate::stream::pool::Pool;
use crate::stream::state::{Budget, Emission, Receipt, Source, State, Ticket};
use crate::stream::worker::Shutdown;

/// Messages in flight at most: what memory takes is bounded in bytes; this bounds what is done again after a stop.
const MAX_IN_FLIGHT_MESSAGES: usize = 10_000;

/// The longest wait for an event, and so the grain of a rate.
const WAIT: Duration = Duration::from_millis(10);

/// Messages taken in or let out between two looks at everything else.
const BATCH: usize = 256;

/// How long closing the clients may take; they can hang, and are left behind then.
const CLOSE_DEADLINE: Duration = Duration::from_secs(5);

/// What a kind of job does with its messages.
pub trait Task {
    /// Whether this message belongs to the job; others are passed over.
    fn takes(&self, message: &Message) -> bool;

    /// What becomes of a message, and what goes out for it.
    fn outcome<'m>(
        &self,
        message: &'m Message,
        handled: &'m Handled,
    ) -> (Outcome, Option<Sending<'m>>);

    /// What goes out beside it: these offsets of a partition, ascending, are dealt with in this transaction.
    fn marks(&self, _partition: i32, _offsets: &[i64]) -> Vec<Sending<'static>> {
        Vec::new()
    }

    /// Whether the reader's group gets the offsets of each transaction.
    fn commits_offsets(&self) -> bool {
        false
    }
}

/// A message on its way out.
pub struct Sending<'a> {
    pub topic: Arc<str>,
    /// `None`: where its key belongs.
    pub partition: Option<i32>,
    pub output: Cow<'a, Output>,
    /// `None`: the time at which it is sent.
    pub timestamp_ms: Option<i64>,
}

/// A job that is being done.
pub struct Run<'a> {
    task: &'a dyn Task,
    reader: Reader,
    delivery: ExactlyOnce,
    pool: Pool,
    inbox: Inbox,
    state: State,
    pace: Pace,
    /// What has left in the open transaction.
    left: Vec<(Ticket, i64)>,
    counts: Counts,
}

/// What a job is done with.
pub struct Means {
    pub reader: Reader,
    pub delivery: ExactlyOnce,
    pub events: Events,
    pub inbox: Inbox,
}

impl<'a> Run<'a> {
    pub fn new(
        settings: &Settings,
        task: &'a dyn Task,
        handler: &Arc<dyn Handler>,
        means: Means,
        speed: Speed,
    ) -> Result<Self, Error> {
        let metrics = Metrics::new();
        let threads = settings.workers();
        let health = Health::new(threads);
        let pool = Pool::new(threads, handler, &means.events, &metrics, &health);
        let max_bytes = usize::try_from(settings.pipeline.in_flight_bytes).unwrap_or(usize::MAX);
        Ok(Run {
            task,
            pool: pool.map_err(Error::Thread)?,
            reader: means.reader,
            delivery: means.delivery,
            inbox: means.inbox,
            state: State::new(Budget::new(MAX_IN_FLIGHT_MESSAGES, max_bytes), 0),
            pace: Pace::new(speed.per_second, Instant::now()),
            left: Vec::new(),
            counts: Counts::default(),
        })
    }

    /// Does the part, until its end or until told to stop. `progress` hears of each commit.
    pub fn run(
        mut self,
        part: &Part,
        shutdown: &Receiver<Shutdown>,
        progress: &mut dyn FnMut(&Counts),
    ) -> Result<Done, Error> {
        let done = self.turn_until_over(part, shutdown, progress);
        self.close();
        done
    }

    fn turn_until_over(
        &mut self,
        part: &Part,
        shutdown: &Receiver<Shutdown>,
        progress: &mut dyn FnMut(&Counts),
    ) -> Result<Done, Error> {
        for (source, start) in self.reader.start(part)? {
            self.state.assign(source, start);
        }
        let mut is_interrupted = false;
        loop {
            let now = Instant::now();
            let mut worked = self.take_events(now)?;
            if shutdown.try_recv().is_ok() {
                is_interrupted = true;
                break;
            }
            worked += self.read(now)?;
            worked += self.emit(now)?;
            let nothing_left = self.reader.is_over() && self.is_drained();
            if self.delivery.is_due(now) || nothing_left {
                self.commit()?;
                progress(&self.counts);
            }
            if nothing_left {
                break;
            }
            if worked == 0
                && let Some(event) = self.inbox.wait(WAIT)
            {
                self.take(event, now)?;
            }
        }
        if is_interrupted {
            // What has left is whole; what was only computed is done again by the next start.
            self.commit()?;
            progress(&self.counts);
        }
        Ok(Done {
            counts: self.counts.clone(),
            is_interrupted,
        })
    }

    fn take_events(&mut self, now: Instant) -> Result<usize, Error> {
        let mut count = 0;
        while let Some(event) = self.inbox.next() {
            self.take(event, now)?;
            count += 1;
        }
        Ok(count)
    }

    fn take(&mut self, event: Event, now: Instant) -> Result<(), Error> {
        match event {
            Event::Done { ticket, handled } => {
                self.state.done(ticket, handled, now);
            }
            Event::Delivered {
                result: Err(code), ..
            } => {
                let what = "produce";
                return Err(Trouble::Rewind { what, code }.into());
            }
            // The reader hears of it by its poll.
            Event::Client {
                code: RDKafkaErrorCode::PartitionEOF,
                ..
            } => {}
            Event::Client {
                client,
                code,
                reason,
            } => {
                tracing::warn!(?client, %code, reason, "a kafka client reports trouble");
                if code == RDKafkaErrorCode::Fatal {
                    let what = match client {
                        Client::Consumer => "consumer",
                        Client::Producer => "producer",
                    };
                    return Err(Trouble::Rebuild { what, code }.into());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn read(&mut self, now: Instant) -> Result<usize, Error> {
        let mut count = 0;
        while count < BATCH && !self.state.budget().is_full() {
            let Some(message) = self.reader.poll()? else {
                break;
            };
            count += 1;
            if !self.task.takes(&message) {
                continue;
            }
            let source = Source {
                topic: 0,
                partition: message.position.partition,
            };
            self.state.push(source, message, now);
        }
        while let Some((ticket, message)) = self.state.next_to_compute() {
            self.pool.compute(ticket, &message);
        }
        Ok(count)
    }

    fn emit(&mut self, now: Instant) -> Result<usize, Error> {
        let mut count = 0;
        while count < BATCH && !self.delivery.is_full() && self.pace.allows(now) {
            let Some(emission) = self.state.next_to_emit() else {
                break;
            };
            if !self.emit_one(emission, now)? {
                break;
            }
            self.pace.passed(now);
            count += 1;
        }
        Ok(count)
    }

    /// `false`: the producer's queue is full, and the message is back in its place.
    fn emit_one(&mut self, emission: Emission, now: Instant) -> Result<bool, Error> {
        self.delivery.begin(now)?;
        let message = &emission.message;
        let (outcome, sending) = self.task.outcome(message, &emission.handled);
        let mut bytes = 0;
        if let Some(sending) = sending {
            bytes = sending.output.bytes();
            if !self.send(&sending, emission.ticket)? {
                drop(sending);
                self.state.put_back(emission);
                return Ok(false);
            }
        }
        let receipt = Receipt {
            outcome,
            bytes,
            timestamp_ms: message.timestamp_ms,
            emitted_at: now,
        };
        self.left.push((emission.ticket, message.position.offset));
        self.state.emitted(emission.ticket, receipt);
        Ok(true)
    }

    fn send(&mut self, sending: &Sending<'_>, ticket: Ticket) -> Result<bool, Error> {
        let outgoing = Outgoing {
            topic: &sending.topic,
            partition: sending.partition,
            output: &sending.output,
            timestamp_ms: sending.timestamp_ms,
            ticket,
        };
        match self.delivery.emit(&outgoing) {
            Ok(()) => Ok(true),
            Err(SendError::QueueFull) => Ok(false),
            Err(SendError::Refused(code)) => {
                let what = "produce";
                Err(Trouble::Rewind { what, code }.into())
            }
        }
    }

    fn is_drained(&self) -> bool {
        self.state
            .sources()
            .all(|source| self.state.is_drained(source))
    }

    /// Commits what has left, with the word on what is dealt with in the same transaction.
    fn commit(&mut self) -> Result<(), Error> {
        if !self.delivery.is_open() {
            return Ok(());
        }
        let keep_going = &mut patience(PATIENCE);
        // The queue is empty then, and takes the marks.
        self.delivery.flush(keep_going)?;
        for (partition, (ticket, offsets)) in self.take_left() {
            for mark in self.task.marks(partition, &offsets) {
                if !self.send(&mark, ticket)? {
                    let (what, code) = ("produce", RDKafkaErrorCode::QueueFull);
                    return Err(Error::Broken { what, code });
                }
            }
        }
        self.delivery.flush(keep_going)?;
        if self.task.commits_offsets() {
            let consumer = &self.reader.consumer;
            let offsets = consumer.list(&self.state.emitted_offsets());
            let offsets = offsets.map_err(Error::Client)?;
            let group = consumer
                .group_without_members()
                .expect("a consumer of ours is made with a group's name");
            self.delivery
                .send_offsets(&offsets, &Arc::new(group), keep_going)?;
        }
        self.delivery.commit(keep_going)?;
        self.state.settle_emitted();
        for receipt in self.state.take_settled() {
            self.counts.add(receipt.outcome);
        }
        Ok(())
    }

    /// By partition: what has left, ascending by offset.
    fn take_left(&mut self) -> BTreeMap<i32, (Ticket, Vec<i64>)> {
        let mut left: BTreeMap<i32, (Ticket, Vec<i64>)> = BTreeMap::new();
        for (ticket, offset) in self.left.drain(..) {
            let entry = left.entry(ticket.source.partition);
            entry.or_insert_with(|| (ticket, Vec::new())).1.push(offset);
        }
        left
    }

    /// Closes the clients on a thread of their own, since either can hang.
    fn close(self) {
        let (done, closed) = bounded(1);
        let (mut delivery, reader) = (self.delivery, self.reader);
        thread::spawn(move || {
            // So that readers need not wait for its time-out.
            if let Err(trouble) = delivery.abort(&mut || false) {
                tracing::debug!(%trouble, "cannot abort while closing");
            }
            drop(delivery);
            drop(reader);
            // Nobody listens after the deadline.
            let _ = done.send(());
        });
        if closed.recv_timeout(CLOSE_DEADLINE).is_err() {
            tracing::warn!("the kafka clients did not close in time and are left behind");
        }
    }
}

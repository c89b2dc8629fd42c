//! One life: a consumer, a producer, and what is in flight between them.

use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use rdkafka::error::RDKafkaErrorCode;

use super::observe::{self, Observer};
use super::reader::Reader;
use super::rebalance::Rebalance;
use super::{Clients, Error, Shutdown, Worker};
use crate::stream::delivery::{Delivery, Trouble};
use crate::stream::event::{Client, Event, Events};
use crate::stream::health::NotReady;
use crate::stream::kafka::consumer::Consumer;
use crate::stream::kafka::errors::{ConsumerPolicy, consumer_policy};
use crate::stream::kafka::limits::Limits;
use crate::stream::positions::Beginnings;
use crate::stream::state::{Budget, NextOffset, Source, State};

/// Messages in flight at most, whatever their size: half of what librdkafka's producer queues by default
/// (`queue.buffering.max.messages`), so that its queue is never the bound.
const MAX_IN_FLIGHT_MESSAGES: usize = 50_000;

/// The longest wait for an event. Short, because a wake-up can be missed: `poll` also returns nothing when it consumed
/// an event.
const LONGEST_WAIT: Duration = Duration::from_millis(10);

/// Events handled between two looks at everything else.
const EVENTS: usize = 2048;

/// The first wait after a rewind; it doubles up to the longest while nothing gets settled.
const REWIND_BACKOFF: Duration = Duration::from_millis(50);
const LONGEST_REWIND_BACKOFF: Duration = Duration::from_secs(10);

/// Rewinds without progress after which a consumer's error is one that reading again does not mend.
const MAX_READ_AGAIN: u32 = 10;

/// How a life ended.
pub enum End {
    /// As told.
    Stopped { unfinished: u64 },
    /// The clients are of no use any more.
    Rebuild {
        what: &'static str,
        code: RDKafkaErrorCode,
    },
}

/// What a turn of the loop ran into.
pub enum Interrupt {
    Trouble(Trouble),
    Stop(Error),
}

impl From<Trouble> for Interrupt {
    fn from(trouble: Trouble) -> Self {
        Interrupt::Trouble(trouble)
    }
}

pub struct Life<'a> {
    pub(super) worker: &'a mut Worker,
    shutdown: &'a Receiver<Shutdown>,
    pub(super) consumer: Consumer,
    pub(super) delivery: Delivery,
    pub(super) state: State,
    pub(super) reader: Reader,
    pub(super) beginnings: Beginnings,
    pub(super) limits: Limits,
    /// What the two clients send with.
    events: Events,
    /// Events taken out of the queue that are still to be handled.
    deferred: VecDeque<Event>,
    /// What librdkafka waits to be answered, in order.
    pub(super) rebalances: VecDeque<Rebalance>,
    /// Starts that the group does not know yet.
    pub(super) new_starts: Vec<NextOffset>,
    /// Partitions one of which has a position that the broker does not have: which, is asked one by one.
    pub(super) suspects: VecDeque<Source>,
    /// Partitions whose position the broker does not have; they are not read.
    pub(super) positions_lost: BTreeSet<Source>,
    /// Nothing leaves before then: the world did not take what we gave it.
    pub(super) hold_until: Option<Instant>,
    /// Nothing leaves before the producer's queue is empty: what is left in it of before a rewind would be taken for
    /// something of after it.
    pub(super) wait_until_quiet: bool,
    /// Messages that leave one by one, because one of them was refused and it is not known which.
    pub(super) one_by_one: usize,
    /// Stops at this time at the latest.
    draining: Option<Instant>,
    rewinds: u32,
    /// Of these, the ones for an error of the consumer's.
    reads_again: u32,
    progress: bool,
    pub(super) observer: Observer,
}

impl<'a> Life<'a> {
    pub fn new(worker: &'a mut Worker, clients: Clients, shutdown: &'a Receiver<Shutdown>) -> Self {
        let Clients {
            consumer,
            delivery,
            beginnings,
            limits,
            events,
        } = clients;
        let max_bytes = usize::try_from(worker.settings.pipeline.in_flight_bytes);
        let last_epoch = worker.last_epoch;
        let budget = Budget::new(MAX_IN_FLIGHT_MESSAGES, max_bytes.unwrap_or(usize::MAX));
        Life {
            worker,
            shutdown,
            consumer,
            delivery,
            state: State::new(budget, last_epoch),
            reader: Reader::default(),
            beginnings,
            limits,
            events,
            deferred: VecDeque::new(),
            rebalances: VecDeque::new(),
            new_starts: Vec::new(),
            suspects: VecDeque::new(),
            positions_lost: BTreeSet::new(),
            hold_until: None,
            wait_until_quiet: false,
            one_by_one: 0,
            draining: None,
            rewinds: 0,
            reads_again: 0,
            progress: false,
            observer: Observer::default(),
        }
    }

    /// Turns until told to stop, or until the clients are of no use.
    pub fn run(&mut self) -> Result<End, Error> {
        loop {
            let now = Instant::now();
            self.worker.health.beat();
            match self.shutdown.try_recv() {
                Ok(Shutdown::Drain) => self.drain(now),
                Ok(Shutdown::Now) => return Ok(self.stopped()),
                Err(_) => {}
            }
            let worked = match self.turn(now) {
                Ok(worked) => worked,
                Err(Interrupt::Stop(error)) => return Err(error),
                Err(Interrupt::Trouble(trouble)) => match self.mend(trouble, now) {
                    None => true,
                    Some(end) => return Ok(end),
                },
            };
            self.observe(now);
            if let Some(deadline) = self.draining
                && (self.is_idle() || now >= deadline)
            {
                return Ok(self.stopped());
            }
            if !worked {
                let event = self.worker.inbox.wait(self.patience(now));
                self.deferred.extend(event);
            }
        }
    }

    /// One turn: what happened, what the group wants, what there is to read, what may leave, what is due.
    fn turn(&mut self, now: Instant) -> Result<bool, Interrupt> {
        let happened = self.take_events(now)?;
        self.answer_rebalance(now)?;
        self.look_at_suspects()?;
        let read = self.read(now)?;
        let emitted = self.emit(now)?;
        if self.should_settle(now) {
            self.settle(now)?;
        }
        Ok(happened + read + emitted > 0)
    }

    fn take_events(&mut self, now: Instant) -> Result<usize, Interrupt> {
        let mut count = 0;
        let mut settled: Vec<NextOffset> = Vec::new();
        let mut trouble = None;
        while count < EVENTS
            && let Some(event) = self.next_event()
        {
            count += 1;
            match event {
                Event::Delivered {
                    ticket,
                    result: Ok(()),
                } => settled.extend(self.state.acknowledge(ticket)),
                event => {
                    if let Err(found) = self.take(event, now) {
                        trouble = Some(found);
                        break;
                    }
                }
            }
        }
        if !settled.is_empty() {
            // Of several offsets of one partition the last is the highest, and the list keeps one a partition.
            settled.reverse();
            settled.sort_by_key(|(source, _)| *source);
            settled.dedup_by_key(|(source, _)| *source);
            self.delivery
                .settle(&self.consumer, &settled, now, &mut || true)?;
            self.settled(now);
        }
        trouble.map_or(Ok(count), Err)
    }

    fn next_event(&mut self) -> Option<Event> {
        self.deferred
            .pop_front()
            .or_else(|| self.worker.inbox.next())
    }

    fn take(&mut self, event: Event, now: Instant) -> Result<(), Interrupt> {
        match event {
            Event::Consumable => {}
            Event::Done { ticket, handled } => {
                self.state.done(ticket, handled, now);
            }
            Event::Delivered { ticket, result } => {
                if let Err(code) = result
                    && self.note_failure(ticket, code)
                {
                    let what = "delivery";
                    return Err(Trouble::Rewind { what, code }.into());
                }
            }
            Event::Assigned(sources) => self.rebalances.push_back(Rebalance::assigned(sources)),
            Event::Revoked(sources) => self.revoked(sources, now),
            Event::PollFailed(code) => return self.read_error(code),
            Event::Committed(result) => self.observer.committed(&self.worker.metrics, result),
            Event::Statistics(statistics) => self.take_statistics(&statistics),
            Event::Client {
                client,
                code,
                reason,
            } => return self.client_trouble(client, code, &reason),
        }
        Ok(())
    }

    /// What a client says about itself, outside of any call.
    fn client_trouble(
        &mut self,
        client: Client,
        code: RDKafkaErrorCode,
        reason: &str,
    ) -> Result<(), Interrupt> {
        match code {
            RDKafkaErrorCode::Fatal => {
                tracing::warn!(?client, reason, "a kafka client failed for good");
                let what = match client {
                    Client::Consumer => "consumer",
                    Client::Producer => "producer",
                };
                return Err(Trouble::Rebuild { what, code }.into());
            }
            RDKafkaErrorCode::AllBrokersDown => self.unreachable(reason),
            RDKafkaErrorCode::Authentication
            | RDKafkaErrorCode::SaslAuthenticationFailed
            | RDKafkaErrorCode::SSL
            | RDKafkaErrorCode::Resolve => {
                tracing::warn!(?client, %code, reason, "a kafka client cannot connect");
                self.unreachable(reason);
            }
            // A connection that failed: librdkafka has logged it itself, and goes on trying.
            RDKafkaErrorCode::BrokerTransportFailure => {}
            _ => tracing::warn!(?client, %code, reason, "a kafka client reports trouble"),
        }
        Ok(())
    }

    fn read(&mut self, now: Instant) -> Result<usize, Interrupt> {
        let held = self.draining.is_some();
        let Worker { pool, metrics, .. } = &*self.worker;
        let round = self
            .reader
            .read(&self.consumer, &mut self.state, pool, metrics, held, now)
            .map_err(|error| Trouble::rebuild("read", &error))?;
        if round.messages > 0 {
            self.reachable();
        }
        if let Some(code) = round.error {
            self.read_error(code)?;
        }
        Ok(round.messages)
    }

    fn read_error(&mut self, code: RDKafkaErrorCode) -> Result<(), Interrupt> {
        match consumer_policy(code) {
            ConsumerPolicy::Wait => {
                tracing::debug!(%code, "the consumer waits");
                Ok(())
            }
            ConsumerPolicy::Rewind if self.reads_again >= MAX_READ_AGAIN => {
                Err(Interrupt::Stop(Error::Consumer { code }))
            }
            ConsumerPolicy::Rewind => {
                self.reads_again += 1;
                Err(Trouble::Rewind { what: "read", code }.into())
            }
            ConsumerPolicy::OutOfRange => {
                self.suspect_positions();
                Ok(())
            }
            ConsumerPolicy::Rebuild => Err(Trouble::Rebuild { what: "read", code }.into()),
            ConsumerPolicy::Stop => Err(Interrupt::Stop(Error::Consumer { code })),
        }
    }

    fn should_settle(&self, now: Instant) -> bool {
        let all_at_once = self.draining.is_some() || self.one_by_one > 0;
        let nothing_left = || {
            self.state
                .sources()
                .all(|source| self.state.is_drained(source))
        };
        let held = self.hold_until.is_some_and(|until| now < until);
        self.delivery.is_due(now)
            || (!self.new_starts.is_empty() && !held)
            || (self.delivery.settles_by_commit()
                && all_at_once
                && self.state.emitted_messages() > 0
                && (self.one_by_one > 0 || nothing_left()))
    }

    /// Makes what was emitted the group's, and starts that it does not know yet.
    pub(super) fn settle(&mut self, now: Instant) -> Result<(), Trouble> {
        let mut offsets = if self.delivery.settles_by_commit() {
            self.state.emitted_offsets()
        } else {
            Vec::new()
        };
        let known: Vec<_> = offsets.iter().map(|(source, _)| *source).collect();
        let new = self.new_starts.iter();
        offsets.extend(new.filter(|(source, _)| !known.contains(source)));
        if offsets.is_empty() {
            return Ok(());
        }
        let (worker, consumer) = (&*self.worker, &self.consumer);
        let (state, reader) = (&mut self.state, &mut self.reader);
        let (shutdown, draining) = (self.shutdown, self.draining);
        self.delivery.settle(consumer, &offsets, now, &mut || {
            keep_alive(worker, consumer, state, reader);
            may_go_on(shutdown, draining)
        })?;
        self.new_starts.clear();
        if self.delivery.settles_by_commit() {
            self.state.settle_emitted();
        } else {
            // Starts alone: without waiting for the client's interval, since a crash before it would begin at another
            // "latest".
            self.consumer
                .commit(&offsets)
                .map_err(|error| Trouble::rebuild("commit starts", &error))?;
        }
        self.settled(now);
        Ok(())
    }

    /// Something got through: the world takes what we give it.
    fn settled(&mut self, now: Instant) {
        self.progress = true;
        self.rewinds = 0;
        self.reads_again = 0;
        self.hold_until = None;
        self.reachable();
        self.worker.health.clear(NotReady::OutputRefused);
        let count = self.count_settled(now);
        self.one_by_one = self.one_by_one.saturating_sub(count);
        self.worker.refused.forget_settled(&self.state);
    }

    /// Trouble is waited out or rewound; only clients of no use end a life.
    fn mend(&mut self, trouble: Trouble, now: Instant) -> Option<End> {
        match trouble {
            Trouble::Again { .. } => None,
            // Not while draining: whoever reads the partitions next does again what is not committed.
            Trouble::Rebuild { .. } if self.draining.is_some() => Some(self.stopped()),
            Trouble::Rebuild { what, code } => Some(End::Rebuild { what, code }),
            Trouble::Rewind { what, code } => {
                let wait = (REWIND_BACKOFF * 2_u32.saturating_pow(self.rewinds))
                    .min(LONGEST_REWIND_BACKOFF);
                self.rewinds = self.rewinds.saturating_add(1);
                tracing::warn!(what, %code, wait_ms = wait.as_millis() as u64, "rewinding");
                if self.rewinds > 2 {
                    let detail = format!("{what}: {code}");
                    self.worker.health.set(NotReady::OutputRefused, detail);
                }
                self.hold_until = Some(now + wait);
                match self.rewind() {
                    Ok(()) => None,
                    Err(
                        Trouble::Rebuild { what, code }
                        | Trouble::Rewind { what, code }
                        | Trouble::Again { what, code },
                    ) => self.mend(Trouble::Rebuild { what, code }, now),
                }
            }
        }
    }

    /// Takes back what is not settled, and reads it again.
    fn rewind(&mut self) -> Result<(), Trouble> {
        // Failures that are still in the queue say which message was refused; after the rewind they mean nothing, nor
        // does any other word about a message in flight.
        while let Some(event) = self.worker.inbox.next() {
            match event {
                Event::Delivered {
                    ticket,
                    result: Err(code),
                } => {
                    self.note_failure(ticket, code);
                }
                Event::Done { .. } | Event::Delivered { .. } | Event::Consumable => {}
                event => self.deferred.push_back(event),
            }
        }
        let (worker, consumer) = (&*self.worker, &self.consumer);
        let (state, reader) = (&mut self.state, &mut self.reader);
        let (shutdown, draining) = (self.shutdown, self.draining);
        self.delivery.abandon(&mut || {
            keep_alive(worker, consumer, state, reader);
            may_go_on(shutdown, draining)
        })?;
        for source in self.being_revoked() {
            // The next owner reads from the committed offset.
            self.state.remove(source);
        }
        self.wait_until_quiet = true;
        let mut offsets = self.state.rewind();
        // Their fetchers stand still, and refuse to seek.
        offsets.retain(|(source, _)| !self.positions_lost.contains(source));
        self.consumer
            .seek(&offsets)
            .map_err(|error| Trouble::rebuild("seek", &error))
    }

    fn drain(&mut self, now: Instant) {
        let deadline = Duration::from_millis(self.worker.settings.delivery.drain_deadline_ms);
        tracing::info!(
            in_flight = self.state.budget().messages(),
            deadline_ms = deadline.as_millis() as u64,
            "draining"
        );
        self.worker.health.set(NotReady::Draining, "");
        self.draining = Some(now + deadline);
        let sources: Vec<_> = self.state.sources().collect();
        for source in sources {
            self.state.stop_reading(source);
        }
    }

    fn is_idle(&self) -> bool {
        self.state.budget().messages() == 0 && self.rebalances.is_empty()
    }

    fn stopped(&mut self) -> End {
        let unfinished = self.state.budget().messages() as u64;
        tracing::info!(unfinished, "drained");
        End::Stopped { unfinished }
    }

    /// How long nothing needs to be done, events apart.
    fn patience(&self, now: Instant) -> Duration {
        [self.delivery.due_at(), self.hold_until]
            .into_iter()
            .flatten()
            .map(|at| at.saturating_duration_since(now))
            .fold(LONGEST_WAIT, Duration::min)
    }

    pub fn made_progress(&self) -> bool {
        self.progress
    }

    pub fn into_clients(self) -> (Consumer, Delivery, Events) {
        (self.consumer, self.delivery, self.events)
    }
}

/// Whether a long call may go on: not if told to stop, nor beyond the deadline of a drain.
fn may_go_on(shutdown: &Receiver<Shutdown>, draining: Option<Instant>) -> bool {
    shutdown.is_empty() && draining.is_none_or(|deadline| Instant::now() < deadline)
}

/// Between two slices of a long call: the loop beats, and the group sees a poll, with everything paused.
fn keep_alive(worker: &Worker, consumer: &Consumer, state: &mut State, reader: &mut Reader) {
    worker.health.beat();
    worker.health.set(
        NotReady::BrokerUnreachable,
        "a transaction waits for the brokers",
    );
    observe::show(worker, state, reader, Instant::now());
    reader.keep_alive(
        consumer,
        state,
        &worker.pool,
        &worker.metrics,
        &worker.events,
    );
}

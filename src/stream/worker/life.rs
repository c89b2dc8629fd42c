//! One life: a consumer, a producer, and what is in flight between them.

use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use rdkafka::error::RDKafkaErrorCode;

use super::observe::Observer;
use super::reader::Reader;
use super::rebalance::Rebalance;
use super::{Clients, Error, Shutdown, Worker};
use crate::stream::delivery::{Delivery, Trouble};
use crate::stream::event::{Event, Events};
use crate::stream::health::NotReady;
use crate::stream::kafka::consumer::Consumer;
use crate::stream::kafka::limits::Limits;
use crate::stream::positions::Beginnings;
use crate::stream::state::{Budget, NextOffset, Source, State};

/// Messages in flight at most, whatever their size: half of what librdkafka's producer queues by default
/// (`queue.buffering.max.messages`), so that its queue is never the bound.
const MAX_IN_FLIGHT_MESSAGES: usize = 50_000;

/// The longest wait for an event. Short, because a wake-up can be missed: `poll` also returns nothing when it consumed
/// an event.
const LONGEST_WAIT: Duration = Duration::from_millis(10);

/// The share of a drain's time, its last quarter, that is for settling what has left: what has not is done again by
/// whoever reads its partition next, and what has left and is not settled would be doubled.
const SETTLING: u32 = 4;

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
    pub(super) shutdown: &'a Receiver<Shutdown>,
    pub(super) consumer: Consumer,
    pub(super) delivery: Delivery,
    pub(super) state: State,
    pub(super) reader: Reader,
    pub(super) beginnings: Beginnings,
    pub(super) limits: Limits,
    /// What the two clients send with.
    events: Events,
    /// Events taken out of the queue that are still to be handled.
    pub(super) deferred: VecDeque<Event>,
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
    /// Messages that a drain which was cut short left undone.
    undone: usize,
    /// Stops at this time at the latest.
    pub(super) draining: Option<Instant>,
    pub(super) rewinds: u32,
    /// Of these, the ones for an error of the consumer's.
    pub(super) reads_again: u32,
    pub(super) progress: bool,
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
            undone: 0,
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
            if let Some(deadline) = self.draining {
                if self.is_idle() || now >= deadline {
                    return Ok(self.stopped());
                }
                if now + self.drain_time() / SETTLING >= deadline {
                    self.cut_short();
                }
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
        self.compute();
        let emitted = self.emit(now)?;
        if self.should_settle(now) {
            self.settle(now)?;
        }
        Ok(happened + read + emitted > 0)
    }

    fn drain(&mut self, now: Instant) {
        let deadline = self.drain_time();
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

    fn drain_time(&self) -> Duration {
        Duration::from_millis(self.worker.settings.delivery.drain_deadline_ms)
    }

    /// From here on nothing leaves; what has left is settled.
    fn cut_short(&mut self) {
        let sources: Vec<_> = self.state.sources().collect();
        for source in sources {
            self.undone += self.state.drop_unemitted(source);
        }
    }

    fn is_idle(&self) -> bool {
        self.state.budget().messages() == 0 && self.rebalances.is_empty()
    }

    pub(super) fn stopped(&mut self) -> End {
        let unfinished = (self.undone + self.state.budget().messages()) as u64;
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

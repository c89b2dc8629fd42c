//! The worker: one thread that waits for what happens and carries it out.
//!
//! It lives in *lives*: a life is one consumer and one producer, from joining the group until they are closed or of no
//! use any more. An outage longer than the transaction time-out fences every worker, so a new life is an ordinary
//! event. What outlives a life: the CPU threads, the breaker, what the broker refused, the pace of transactions,
//! the counts.

mod emission;
mod inbox;
mod intake;
mod life;
mod log_limit;
mod observe;
mod pace;
mod reader;
mod rebalance;
mod settlement;

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use rdkafka::config::ClientConfig;
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};

use self::emission::Refused;
use self::life::{End, Life};
use self::log_limit::LogLimit;
use self::pace::Pace;
use super::breaker::Breaker;
use super::config::Settings;
use super::delivery::{Delivery, Trouble};
use super::event::{Events, Inbox};
use super::handler::Handler;
use super::health::{Health, NotReady};
use super::kafka::connection::{self, NoAnswer};
use super::kafka::consumer::Consumer;
use super::kafka::limits::Limits;
use super::kafka::topics::InputTopics;
use super::pool::Pool;
use super::positions::Beginnings;
use crate::metrics::Metrics;

/// The first wait before a new life; it doubles up to the longest.
const REBUILD_BACKOFF: Duration = Duration::from_millis(500);
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// The wait before the brokers are asked again for something that must be known at the start.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// How long a broker may take to answer at the start before it counts as away.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// How long closing the clients may take; they can hang, and are left behind then.
const CLOSE_DEADLINE: Duration = Duration::from_secs(5);

/// How to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// Finish and commit what is in work, within `[delivery] drain_deadline_ms`.
    Drain,
    /// Leave everything as it is: the next start, or another replica, does it again.
    Now,
}

/// What a worker did until it was told to stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub records: u64,
    pub tombstones: u64,
    pub dead_letters: u64,
    /// Messages left in work at the end; whoever reads their partitions next does them again.
    pub unfinished: u64,
}

/// Why a worker stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot start a CPU thread")]
    Thread(#[source] std::io::Error),
    #[error("cannot make a kafka client: check [kafka] and its properties")]
    Client(#[source] KafkaError),
    #[error("the consumer cannot go on: {code}; `newsmill check` says what is wrong")]
    Consumer { code: RDKafkaErrorCode },
    #[error(
        "{what} failed {attempts} times in a row, each time with new clients: {code}; two replicas with one \
         [delivery] instance_id, or missing rights on the transactional id, do this"
    )]
    GaveUp {
        what: &'static str,
        code: RDKafkaErrorCode,
        attempts: u32,
    },
    #[error(
        "dead-letter topic {topic} refuses even an empty dead letter: {code}; mend the topic, then start again"
    )]
    DeadLetterRefused {
        topic: String,
        code: RDKafkaErrorCode,
    },
}

/// Consumes, hands to the handler, emits, commits.
pub struct Worker {
    settings: Settings,
    topics: InputTopics,
    transactional_id: String,
    pool: Pool,
    events: Events,
    inbox: Inbox,
    breaker: Breaker,
    refused: Refused,
    rejections: LogLimit,
    pace: Pace,
    metrics: Metrics,
    health: Health,
    summary: Summary,
    /// Of the life before: what is still about from it must not be taken for something of the present one.
    last_epoch: u64,
}

impl Worker {
    /// A worker with its CPU threads; [`Worker::run`] makes the Kafka clients.
    pub fn new(
        settings: Settings,
        handler: Arc<dyn Handler>,
        metrics: Metrics,
        health: Health,
    ) -> Result<Self, Error> {
        let (events, inbox) = Inbox::new();
        let pool = Pool::new(settings.workers(), &handler, &events, &metrics, &health)
            .map_err(Error::Thread)?;
        health.board().introduce(&settings);
        Ok(Worker {
            topics: InputTopics::new(&settings.kafka.input_topics),
            transactional_id: transactional_id(&settings),
            breaker: Breaker::new(settings.delivery.breaker.clone()),
            refused: Refused::default(),
            rejections: LogLimit::default(),
            pace: Pace::new(settings.transaction_timeout()),
            summary: Summary::default(),
            last_epoch: 0,
            settings,
            pool,
            events,
            inbox,
            metrics,
            health,
        })
    }

    /// Runs until told to stop. Blocks the calling thread, which becomes the one that polls.
    pub fn run(mut self, shutdown: &Receiver<Shutdown>) -> Result<Summary, Error> {
        let mut attempts = 0;
        let mut backoff = REBUILD_BACKOFF;
        loop {
            let end = match self.open(shutdown)? {
                Ok(clients) => {
                    let mut life = Life::new(&mut self, clients, shutdown);
                    let end = life.run();
                    if life.made_progress() {
                        attempts = 0;
                        backoff = REBUILD_BACKOFF;
                    }
                    life.worker.last_epoch = life.state.last_epoch();
                    let (consumer, delivery, events) = life.into_clients();
                    events.retire();
                    close(consumer, delivery);
                    end?
                }
                Err(end) => end,
            };
            let (what, code) = match end {
                End::Stopped { unfinished } => {
                    self.summary.unfinished = unfinished;
                    return Ok(self.summary);
                }
                End::Rebuild { what, code } => (what, code),
            };
            attempts += 1;
            let limit = self.settings.delivery.max_rebuild_attempts;
            if limit > 0 && attempts > limit {
                return Err(Error::GaveUp {
                    what,
                    code,
                    attempts: limit,
                });
            }
            tracing::warn!(
                what,
                %code,
                attempt = attempts,
                wait_ms = backoff.as_millis() as u64,
                "rebuilding the kafka clients"
            );
            self.metrics.client_rebuilds_total.inc();
            self.health
                .set(NotReady::ClientsRebuilding, format!("{what}: {code}"));
            if self.pause(backoff, shutdown) {
                return Ok(self.summary);
            }
            backoff = (backoff * 2).min(LONGEST_BACKOFF);
        }
    }

    /// Makes the clients and readies them, for as long as that takes: a broker that is away is waited for. `Err(End)`:
    /// told to stop meanwhile, or to be tried again.
    fn open(&mut self, shutdown: &Receiver<Shutdown>) -> Result<Result<Clients, End>, Error> {
        // What the clients of the life before said last is about nothing any more.
        while self.inbox.next().is_some() {}
        self.health.clear(NotReady::PositionLost);
        observe::show_nothing(self);
        if !self.reach(shutdown)? {
            return Ok(Err(End::Stopped { unfinished: 0 }));
        }
        let settings = self.settings.clone();
        let Some(limits) = self.ask(shutdown, || Limits::ask(&settings)) else {
            return Ok(Err(End::Stopped { unfinished: 0 }));
        };
        let events = self.events.of_a_life();
        let mut delivery = Delivery::new(
            &self.settings,
            &self.transactional_id,
            limits,
            events.clone(),
            &self.metrics,
        )
        .map_err(Error::Client)?;
        while let Err(trouble) = delivery.open() {
            self.health.beat();
            match trouble {
                Trouble::Again { .. } => {
                    let detail = trouble.to_string();
                    self.health.set(NotReady::BrokerUnreachable, detail);
                }
                Trouble::Rewind { what, code } | Trouble::Rebuild { what, code } => {
                    return Ok(Err(End::Rebuild { what, code }));
                }
            }
            if shutdown.try_recv().is_ok() {
                return Ok(Err(End::Stopped { unfinished: 0 }));
            }
        }
        let consumer = Consumer::new(&self.settings, self.topics.clone(), events.clone())
            .map_err(Error::Client)?;
        let start_from = self.settings.delivery.start_from;
        let Some(beginnings) = self.ask(shutdown, || Beginnings::ask(&consumer, start_from)) else {
            return Ok(Err(End::Stopped { unfinished: 0 }));
        };
        consumer.subscribe().map_err(Error::Client)?;
        self.health.clear(NotReady::BrokerUnreachable);
        self.health.clear(NotReady::ClientsRebuilding);
        self.health.set(NotReady::NotJoined, "");
        Ok(Ok(Clients {
            consumer,
            delivery,
            beginnings,
            limits,
            events,
        }))
    }

    /// Waits until a broker answers, and says why none does; `false` if told to stop meanwhile.
    fn reach(&self, shutdown: &Receiver<Shutdown>) -> Result<bool, Error> {
        let kafka = &self.settings.kafka;
        let mut config = ClientConfig::new();
        for (name, value) in kafka.producer() {
            config.set(name, value);
        }
        let mut told = String::new();
        loop {
            self.health.beat();
            let answer = connection::ask(&config, Some(&kafka.output_topic), ANSWER_TIMEOUT);
            let error = match answer {
                Ok(_) => return Ok(true),
                Err(NoAnswer::NoClient(error)) => return Err(Error::Client(error)),
                Err(error) => error,
            };
            let reason = error.to_string();
            let mend = error.mend();
            if reason != told {
                tracing::warn!(reason, mend, "waiting for the brokers");
            }
            self.health
                .set(NotReady::BrokerUnreachable, format!("{reason}; {mend}"));
            told = reason;
            if self.pause(ASK_AGAIN, shutdown) {
                return Ok(false);
            }
        }
    }

    /// Asks the brokers until they answer; `None` if told to stop meanwhile.
    fn ask<T>(
        &self,
        shutdown: &Receiver<Shutdown>,
        question: impl Fn() -> KafkaResult<T>,
    ) -> Option<T> {
        loop {
            self.health.beat();
            match question() {
                Ok(answer) => return Some(answer),
                Err(error) => {
                    tracing::debug!(%error, "asking the brokers again");
                    self.health
                        .set(NotReady::BrokerUnreachable, error.to_string());
                }
            }
            if self.pause(ASK_AGAIN, shutdown) {
                return None;
            }
        }
    }

    /// Waits, and goes on beating; `true` if told to stop meanwhile.
    fn pause(&self, duration: Duration, shutdown: &Receiver<Shutdown>) -> bool {
        let until = Instant::now() + duration;
        loop {
            self.health.beat();
            let left = until.saturating_duration_since(Instant::now());
            match shutdown.recv_timeout(left.min(Duration::from_secs(1))) {
                Ok(_) => return true,
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return false,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    thread::sleep(left);
                    return false;
                }
            }
        }
    }
}

/// What a life lives with.
pub struct Clients {
    pub consumer: Consumer,
    pub delivery: Delivery,
    pub beginnings: Beginnings,
    pub limits: Limits,
    pub events: Events,
}

/// The id that fences an earlier producer of this replica.
///
/// Fencing between replicas is by the group's generation, so an id that changes with every start is safe; its price is
/// that readers of committed data wait for the transaction time-out after a crash. A *shared* id would be the danger.
fn transactional_id(settings: &Settings) -> String {
    let group = &settings.kafka.group_id;
    match settings.delivery.instance_id.as_str() {
        "" => format!("{group}-{}-{:08x}", host_name(), random()),
        instance => format!("{group}-{instance}"),
    }
}

fn host_name() -> String {
    std::env::var("HOSTNAME")
        .or_else(|_| std::fs::read_to_string("/proc/sys/kernel/hostname"))
        .map_or_else(|_| "host".to_owned(), |name| name.trim().to_owned())
}

fn random() -> u32 {
    use std::hash::{BuildHasher, RandomState};
    // RandomState is seeded by the operating system; nothing here must be hard to guess.
    RandomState::new().hash_one(std::process::id()) as u32
}

/// Closes the clients on a thread of their own, since either can hang.
fn close(consumer: Consumer, mut delivery: Delivery) {
    let (done, closed) = crossbeam_channel::bounded(1);
    thread::spawn(move || {
        // First what is open, so that neither readers nor the partitions' next owner wait for its time-out.
        if let Err(trouble) = delivery.abandon(&mut || false) {
            tracing::debug!(%trouble, "cannot abort while closing");
        }
        drop(delivery);
        drop(consumer);
        // Nobody listens after the deadline.
        let _ = done.send(());
    });
    if closed.recv_timeout(CLOSE_DEADLINE).is_err() {
        tracing::warn!("the kafka clients did not close in time and are left behind");
    }
}

//! Jobs: a bounded part of one topic through a handler, once, in transactions, with an end.
//!
//! What `newsmill dead-letters redrive` and `newsmill replay` have in common. A job joins no group and moves no offset of the
//! worker's. It has a transactional id of its own, which does three things: a job that starts fences an earlier one of
//! the same name that still lives, ends what a killed one left open, and only then reads how far that one came. What it
//! has done is told in each transaction together with what came of it, so the same job started again goes on where the
//! last transaction ended: nothing is lost, nothing comes twice.
//!
//! 1. [`reader`] reads the part, [`run`] is the loop: read, hand to the CPU threads, emit in order, commit.
//! 2. [`letters`] knows which dead letters there are, and [`redrive`] sends them back.
//! 3. [`replay`] does a range of the input again.

pub mod letters;
pub mod reader;
pub mod redrive;
pub mod replay;

mod pace;
mod run;

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::config::{Guarantee, Settings};
use super::delivery::{ExactlyOnce, Trouble};
use super::event::Events;
use super::kafka::limits::Limits;
use super::kafka::producer::Producer;
use super::message::Outcome;
use crate::metrics::Metrics;

/// How long the brokers may stay silent before a job gives up: longer than a broker's restart. Somebody waits for it,
/// and it can be started again.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long they may leave a question at the start unanswered: a client connects within some seconds, or not at all.
const ANSWER: Duration = Duration::from_secs(20);

/// A part of a topic: of each partition the offsets from the first to the one behind the last.
pub type Part = BTreeMap<i32, Range<i64>>;

/// Why a job could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot make a kafka client: check [kafka] and its properties")]
    Client(#[source] KafkaError),
    #[error("cannot start a CPU thread")]
    Thread(#[source] std::io::Error),
    #[error("the brokers do not say {what}; `newsmill check` says what is wrong")]
    Unanswered {
        what: String,
        #[source]
        source: KafkaError,
    },
    #[error("topic {topic} does not exist, or this principal may not describe it")]
    NoTopic { topic: String },
    #[error("topic {topic} has no partition {partition}")]
    NoPartition { topic: String, partition: i32 },
    #[error("no right to read {topic}: grant it, as `JOBS=yes deploy/kafka/acls.sh` does")]
    NoRight { topic: String },
    #[error("cannot read {topic}: {code}")]
    Read {
        topic: String,
        code: RDKafkaErrorCode,
    },
    #[error("nothing came from {topic} for {} s, and its end is not reached", PATIENCE.as_secs())]
    Silent { topic: String },
    #[error("the same job was started elsewhere and has taken over from this one")]
    TakenOver,
    #[error("{what}: {code}; what was committed stays, and the same command goes on behind it")]
    Broken {
        what: &'static str,
        code: RDKafkaErrorCode,
    },
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        let (Trouble::Rewind { what, code }
        | Trouble::Rebuild { what, code }
        | Trouble::Again { what, code }) = trouble;
        match code {
            RDKafkaErrorCode::Fenced
            | RDKafkaErrorCode::ProducerFenced
            | RDKafkaErrorCode::InvalidProducerEpoch => Error::TakenOver,
            code => Error::Broken { what, code },
        }
    }
}

/// How far a job is, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub records: u64,
    pub tombstones: u64,
    /// By code.
    pub dead_letters: BTreeMap<&'static str, u64>,
}

impl Counts {
    fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Record => self.records += 1,
            Outcome::Tombstone => self.tombstones += 1,
            Outcome::DeadLetter(code) => *self.dead_letters.entry(code).or_default() += 1,
        }
    }

    /// Messages that ended in an outcome.
    pub fn total(&self) -> u64 {
        self.records + self.tombstones + self.dead_letters.values().sum::<u64>()
    }
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub counts: Counts,
    /// Told to stop before its end; the same job started again does the rest.
    pub is_interrupted: bool,
}

/// How a job is done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Speed {
    /// Messages a second at most; `None`: as fast as it goes.
    pub per_second: Option<u32>,
}

/// The job's name for transactions and offsets. It begins with the worker's group, so that rights on names that begin
/// so (what `newsmill check` asks for) hold for it too.
fn name(settings: &Settings, job: &str) -> String {
    format!("{}-{job}", settings.kafka.group_id)
}

/// A producer under this name: an earlier one is fenced from here on, and what it left open is aborted.
fn open(
    settings: &Settings,
    name: &str,
    limits: Limits,
    events: Events,
) -> Result<ExactlyOnce, Error> {
    let producer =
        Producer::transactional(settings, name, limits, events).map_err(Error::Client)?;
    let mut delivery = ExactlyOnce::new(producer, &settings.delivery, Metrics::new());
    let mut patience = patience(PATIENCE);
    loop {
        match delivery.open() {
            Ok(()) => return Ok(delivery),
            Err(Trouble::Again { .. }) if patience() => {}
            Err(trouble) => return Err(trouble.into()),
        }
    }
}

/// `true` until so much time has passed since this call.
fn patience(time: Duration) -> impl FnMut() -> bool {
    let since = Instant::now();
    move || since.elapsed() < time
}

/// The worker's settings for a job, whose guarantee is its own.
fn settings(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    settings.delivery.guarantee = Guarantee::ExactlyOnce;
    settings
}

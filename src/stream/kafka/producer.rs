//! The producer: one for records and dead letters, in both guarantees.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};
use rdkafka::TopicPartitionList;
use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::ConsumerGroupMetadata;
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Header as KafkaHeader, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer};

use super::consumer::code_of;
use super::limits::Limits;
use super::native;
use crate::stream::config::Settings;
use crate::stream::event::{Client, Event, Events};
use crate::stream::message::Outgoing;
use crate::stream::state::Ticket;

/// The worker's defaults, which the user's properties override.
///
/// Linger trades some milliseconds for larger batches, lz4 is the cheapest codec that shrinks text, and
/// the queue's size bounds memory behind the worker's own budget.
const DEFAULTS: &[(&str, &str)] = &[
    ("client.id", "newsmill"),
    ("linger.ms", "5"),
    ("compression.type", "lz4"),
    ("queue.buffering.max.kbytes", "131072"),
    ("topic.metadata.refresh.interval.ms", "30000"),
    super::STATISTICS,
];

/// A batch's size at most, uncompressed: librdkafka's default of `batch.size`.
const BATCH_BYTES: usize = 1_000_000;

/// The largest message that the client takes at all; what a topic takes is asked of the broker. librdkafka's own upper
/// bound for `message.max.bytes`.
const MAX_MESSAGE_BYTES: &str = "1000000000";

/// Why a message did not go into the producer's queue.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The queue is full; try again when something was delivered.
    #[error("the producer's queue is full")]
    QueueFull,
    #[error("the producer refused a message: {0}")]
    Refused(RDKafkaErrorCode),
}

/// The producer. It has a polling thread of its own: aborting a transaction needs someone to poll meanwhile.
pub struct Producer {
    inner: ThreadedProducer<Context>,
}

impl Producer {
    /// Without transactions: waits an outage out, however long.
    pub fn idempotent(settings: &Settings, limits: Limits, events: Events) -> KafkaResult<Self> {
        let mut config = config(settings, limits);
        config.set("message.timeout.ms", "0");
        Self::create(config, events, true)
    }

    /// With transactions; [`Producer::init_transactions`] comes next.
    pub fn transactional(
        settings: &Settings,
        transactional_id: &str,
        limits: Limits,
        events: Events,
    ) -> KafkaResult<Self> {
        let mut config = config(settings, limits);
        let timeout_ms = settings.transaction_timeout().as_millis().to_string();
        config
            .set("transactional.id", transactional_id)
            .set("transaction.timeout.ms", timeout_ms);
        Self::create(config, events, false)
    }

    fn create(config: ClientConfig, events: Events, report_success: bool) -> KafkaResult<Self> {
        let context = Context {
            events,
            report_success,
        };
        Ok(Producer {
            inner: config.create_with_context(context)?,
        })
    }

    /// Puts a message into the queue; the broker's word comes as [`Event::Delivered`].
    pub fn send(&self, outgoing: &Outgoing<'_>) -> Result<(), SendError> {
        let output = outgoing.output;
        let mut record: BaseRecord<'_, [u8], [u8], Box<Ticket>> =
            BaseRecord::with_opaque_to(outgoing.topic, Box::new(outgoing.ticket));
        if let Some(key) = &output.key {
            record = record.key(key);
        }
        if let Some(value) = &output.value {
            record = record.payload(value);
        }
        if let Some(partition) = outgoing.partition {
            record = record.partition(partition);
        }
        if let Some(timestamp_ms) = outgoing.timestamp_ms {
            record = record.timestamp(timestamp_ms);
        }
        if !output.headers.is_empty() {
            let mut headers = OwnedHeaders::new_with_capacity(output.headers.len());
            for header in &output.headers {
                headers = headers.insert(KafkaHeader {
                    key: &header.name,
                    value: header.value.as_deref(),
                });
            }
            record = record.headers(headers);
        }
        match self.inner.send(record) {
            Ok(()) => Ok(()),
            Err((error, _)) => match code_of(&error) {
                RDKafkaErrorCode::QueueFull => Err(SendError::QueueFull),
                code => Err(SendError::Refused(code)),
            },
        }
    }

    /// Waits until nothing is in the queue; `false` after `timeout`.
    pub fn flush(&self, timeout: Duration) -> Result<bool, RDKafkaErrorCode> {
        native::flush(&self.inner, timeout)
    }

    /// Messages whose delivery is not reported yet.
    pub fn in_flight(&self) -> i32 {
        self.inner.in_flight_count()
    }

    pub fn init_transactions(&self, timeout: Duration) -> KafkaResult<()> {
        self.inner.init_transactions(timeout)
    }

    pub fn begin_transaction(&self) -> KafkaResult<()> {
        self.inner.begin_transaction()
    }

    /// Sends offsets into the transaction, on a thread of its own: the call may never return.
    pub fn send_offsets(
        &self,
        offsets: &TopicPartitionList,
        group: &Arc<ConsumerGroupMetadata>,
        timeout: Duration,
    ) -> Receiver<KafkaResult<()>> {
        let (sender, answer) = bounded(1);
        let producer = self.inner.clone();
        let (offsets, group) = (offsets.clone(), Arc::clone(group));
        thread::spawn(move || {
            let result = producer.send_offsets_to_transaction(&offsets, &group, timeout);
            // Nobody waits any more where it took too long.
            let _ = sender.send(result);
        });
        answer
    }

    pub fn commit_transaction(&self, timeout: Duration) -> KafkaResult<()> {
        self.inner.commit_transaction(timeout)
    }

    pub fn abort_transaction(&self, timeout: Duration) -> KafkaResult<()> {
        self.inner.abort_transaction(timeout)
    }
}

fn config(settings: &Settings, limits: Limits) -> ClientConfig {
    let mut config = ClientConfig::new();
    for (name, value) in DEFAULTS {
        config.set(*name, *value);
    }
    // A batch that is larger than its topic takes is refused whole, though no message in it is too large.
    let batch_size = BATCH_BYTES.min(limits.output).min(limits.dead_letter);
    config
        .set("message.max.bytes", MAX_MESSAGE_BYTES)
        .set("batch.size", batch_size.to_string());
    for (name, value) in settings.kafka.producer() {
        config.set(name, value);
    }
    config
        .set("enable.idempotence", "true")
        .set("acks", "all")
        // Where Java clients put a key, so that both can be joined; librdkafka's own default is another.
        .set("partitioner", "murmur2_random")
        .set_log_level(RDKafkaLogLevel::Info);
    config
}

/// The producer's callbacks, called on its polling thread.
struct Context {
    events: Events,
    /// At-least-once counts acknowledgements; a transaction's commit stands for all of its messages.
    report_success: bool,
}

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        super::log(level, facility, message);
    }

    fn stats_raw(&self, json: &[u8]) {
        self.events.statistics(Client::Producer, json);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.events.send(Event::Client {
            client: Client::Producer,
            code: code_of(&error),
            reason: reason.to_owned(),
        });
    }
}

impl ProducerContext for Context {
    type DeliveryOpaque = Box<Ticket>;

    fn delivery(&self, result: &DeliveryResult<'_>, ticket: Box<Ticket>) {
        let result = match result {
            Ok(_) if self.report_success => Ok(()),
            Ok(_) => return,
            Err((error, _)) => Err(code_of(error)),
        };
        self.events.send(Event::Delivered {
            ticket: *ticket,
            result,
        });
    }
}

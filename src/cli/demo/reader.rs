//! A consumer of the output and dead-letter topics that belongs to no group.

use std::time::Duration;

use anyhow::Context as _;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::{Offset, TopicPartitionList};

use super::cluster::Cluster;
use crate::text::record::Record;

/// How long the brokers may take to say which partitions there are.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Short, so that the demo looks at the worker now and then.
const POLL: Duration = Duration::from_millis(100);

/// What became of an article, as it stands in its topic.
pub struct Outcome {
    /// The message's key: the sample's name.
    pub key: String,
    /// Where it stands, for people: `demo.records/2@5`.
    pub place: String,
    pub kind: Kind,
}

pub enum Kind {
    Record(Box<Record>),
    DeadLetter {
        code: String,
        message: String,
        /// Bytes of the article that it kept.
        bytes: usize,
    },
}

/// What a poll brought.
pub enum Polled {
    Outcome(Outcome),
    /// The end of a partition, once for each.
    End,
    Nothing,
}

/// Reads both topics from their beginning.
pub struct Reader {
    consumer: BaseConsumer,
    dead_letter_topic: String,
    partitions: usize,
}

impl Reader {
    pub fn open(cluster: &Cluster) -> anyhow::Result<Reader> {
        let address = cluster.address();
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", &address.bootstrap_servers)
            // A consumer must name a group, also if it never joins.
            .set("group.id", "newsmill-demo-reader")
            .set("enable.auto.commit", "false")
            .set("enable.partition.eof", "true")
            .set("isolation.level", "read_committed")
            .set("fetch.wait.max.ms", "10")
            .create()
            .context("cannot make a consumer")?;
        let mut assignment = TopicPartitionList::new();
        for topic in [&address.output_topic, &address.dead_letter_topic] {
            let metadata = consumer
                .fetch_metadata(Some(topic), TIMEOUT)
                .with_context(|| format!("cannot read which partitions {topic} has"))?;
            for topic in metadata.topics() {
                for partition in topic.partitions() {
                    assignment.add_partition_offset(
                        topic.name(),
                        partition.id(),
                        Offset::Beginning,
                    )?;
                }
            }
        }
        consumer.assign(&assignment)?;
        Ok(Reader {
            consumer,
            dead_letter_topic: address.dead_letter_topic,
            partitions: assignment.count(),
        })
    }

    /// How many ends there are to come.
    pub fn partitions(&self) -> usize {
        self.partitions
    }

    /// Waits a moment for the next outcome.
    ///
    /// # Errors
    /// The brokers refuse, or what stands in a topic is no outcome.
    pub fn poll(&mut self) -> anyhow::Result<Polled> {
        match self.consumer.poll(POLL) {
            None => Ok(Polled::Nothing),
            Some(Ok(message)) => Ok(Polled::Outcome(self.outcome(&message)?)),
            Some(Err(KafkaError::PartitionEOF(_))) => Ok(Polled::End),
            Some(Err(error)) if is_passing(&error) => Ok(Polled::Nothing),
            Some(Err(error)) => Err(error).context("cannot read the topics"),
        }
    }

    fn outcome(&self, message: &BorrowedMessage<'_>) -> anyhow::Result<Outcome> {
        let place = format!(
            "{}/{}@{}",
            message.topic(),
            message.partition(),
            message.offset()
        );
        let value = message.payload().unwrap_or_default();
        let kind = if message.topic() == self.dead_letter_topic {
            Kind::DeadLetter {
                code: header(message, "newsmill-error-code"),
                message: header(message, "newsmill-error-message"),
                bytes: value.len(),
            }
        } else {
            let record =
                serde_json::from_slice(value).with_context(|| format!("{place} is no record"))?;
            Kind::Record(record)
        };
        Ok(Outcome {
            key: text(message.key()),
            place,
            kind,
        })
    }
}

/// Errors after which librdkafka goes on by itself: brokers that are away for a moment, topics that are just made.
fn is_passing(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(
            RDKafkaErrorCode::AllBrokersDown
                | RDKafkaErrorCode::BrokerTransportFailure
                | RDKafkaErrorCode::UnknownTopicOrPartition
                | RDKafkaErrorCode::LeaderNotAvailable
        )
    )
}

fn header(message: &BorrowedMessage<'_>, name: &str) -> String {
    let headers = message.headers();
    let found = headers.and_then(|headers| headers.iter().find(|header| header.key == name));
    text(found.and_then(|header| header.value))
}

fn text(bytes: Option<&[u8]>) -> String {
    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
}

//! What the Kafka side can be told: the sections `[kafka]`, `[delivery]` and `[pipeline]` of the configuration file.
//!
//! Each key's comment is its documentation everywhere: in `newsmill schema config` and in the reference.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::properties::Properties;
use super::start::StartFrom;

/// Everything that the worker is told.
#[derive(Clone, Debug)]
pub struct Settings {
    pub kafka: KafkaConfig,
    pub delivery: DeliveryConfig,
    pub pipeline: PipelineConfig,
}

impl Settings {
    /// How long the coordinator lets a transaction stand open: the producer's property where it is given, else
    /// `delivery.transaction_timeout_ms`.
    pub fn transaction_timeout(&self) -> Duration {
        self.kafka
            .producer()
            .get("transaction.timeout.ms")
            .and_then(|value| value.parse().ok())
            .map_or(
                Duration::from_millis(self.delivery.transaction_timeout_ms),
                Duration::from_millis,
            )
    }

    /// CPU threads: `pipeline.workers`, or one per core where it is 0.
    pub fn workers(&self) -> usize {
        match self.pipeline.workers {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            workers => workers,
        }
    }
}

/// `[kafka]`: which cluster, which topics.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KafkaConfig {
    /// Brokers to ask first, `host:port`, separated by commas. Required.
    pub bootstrap_servers: String,
    /// The consumer group: all replicas of one deployment share it, no other deployment does.
    #[serde(default = "KafkaConfig::default_group_id")]
    pub group_id: String,
    /// Topics with article messages. Required.
    pub input_topics: Vec<String>,
    /// Topic for records. Required.
    pub output_topic: String,
    /// Topic for messages that are no article. Required.
    pub dead_letter_topic: String,
    /// How the group agrees on partitions: `classic` lets its members decide (cooperative-sticky, unless
    /// `partition.assignment.strategy` says otherwise), `consumer` (KIP-848) lets the broker decide. Default `classic`:
    /// librdkafka 2.12 ends a `consumer` member for good when it exceeds `max.poll.interval.ms`. The librdkafka
    /// property `group.protocol`, where given, wins over this key.
    #[serde(default)]
    pub group_protocol: GroupProtocol,
    /// librdkafka properties for all clients. Default: none.
    #[serde(default)]
    pub properties: Properties,
    /// librdkafka properties for the consumer alone; they win over `properties`. Default: none.
    #[serde(default)]
    pub consumer_properties: Properties,
    /// librdkafka properties for the producer alone; they win over `properties`. Default: none.
    #[serde(default)]
    pub producer_properties: Properties,
}

impl KafkaConfig {
    /// A configuration with the required keys given and every other key at its default.
    pub fn new(
        bootstrap_servers: &str,
        input_topic: &str,
        output_topic: &str,
        dead_letter_topic: &str,
    ) -> Self {
        KafkaConfig {
            bootstrap_servers: bootstrap_servers.to_owned(),
            group_id: Self::default_group_id(),
            input_topics: vec![input_topic.to_owned()],
            output_topic: output_topic.to_owned(),
            dead_letter_topic: dead_letter_topic.to_owned(),
            group_protocol: GroupProtocol::default(),
            properties: Properties::default(),
            consumer_properties: Properties::default(),
            producer_properties: Properties::default(),
        }
    }

    fn default_group_id() -> String {
        "newsmill".to_owned()
    }

    /// What the user asks of the consumer: brokers, and the properties in force. The worker's own defaults belong under
    /// it, what the worker owns above it.
    pub fn consumer(&self) -> BTreeMap<&str, &str> {
        self.client(&self.consumer_properties)
    }

    /// What the user asks of the producer; as [`consumer`](Self::consumer).
    pub fn producer(&self) -> BTreeMap<&str, &str> {
        self.client(&self.producer_properties)
    }

    /// The group protocol in force.
    pub fn protocol(&self) -> GroupProtocol {
        match self.consumer().get("group.protocol") {
            Some(value) if value.eq_ignore_ascii_case("consumer") => GroupProtocol::Consumer,
            Some(_) => GroupProtocol::Classic,
            None => self.group_protocol,
        }
    }

    fn client<'a>(&'a self, own: &'a Properties) -> BTreeMap<&'a str, &'a str> {
        let mut all = BTreeMap::from([("bootstrap.servers", self.bootstrap_servers.as_str())]);
        all.extend(self.properties.iter());
        all.extend(own.iter());
        all
    }
}

/// How a consumer group agrees on who reads which partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupProtocol {
    /// The members decide among themselves.
    #[default]
    Classic,
    /// The broker decides (KIP-848); needs Kafka 4.0.
    Consumer,
}

/// `[delivery]`: what is promised, and at what price.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeliveryConfig {
    /// `exactly_once` puts records, dead letters and offsets into one transaction; `at_least_once` commits after the
    /// broker's acknowledgement and may repeat messages after a crash. Default `exactly_once`: repeats cost every
    /// consumer, transactions cost some latency here.
    pub guarantee: Guarantee,
    /// Milliseconds between commits of transactions. Default 100: what a reader waits at most, at about two thirds of
    /// the throughput of a bare loop without transactions (measured). Under `at_least_once` the consumer's property
    /// `auto.commit.interval.ms` counts instead.
    pub commit_interval_ms: u64,
    /// A stable name of this replica, which no other replica has (two that share one fence each other for ever): makes
    /// the transactional id and static membership. Default empty: host name and a random part, no static membership.
    pub instance_id: String,
    /// Where a group without committed offsets starts: `earliest`, `latest`, or a timestamp such as
    /// `2024-04-01T00:00:00Z`. Default `earliest`: nothing is skipped unless someone says so.
    pub start_from: StartFrom,
    /// Milliseconds that a shutdown may take to finish the messages in work. Default 20000: under the 30 s that
    /// orchestrators wait before they kill.
    pub drain_deadline_ms: u64,
    /// Milliseconds that the coordinator lets a transaction stand open before it aborts it. Default 60000: longer than
    /// a broker's restart; after a crash of the worker, readers of committed data wait as long. The librdkafka property
    /// `transaction.timeout.ms`, where given, wins over this key.
    pub transaction_timeout_ms: u64,
    /// Records and dead letters in one transaction at most; the transaction commits early when it is full. Default
    /// 10000: some tenths of a second of full speed, so that an abort repeats little.
    pub max_transaction_messages: u64,
    /// Bytes of records and dead letters in one transaction at most; commits early when it is full. Default 16777216
    /// (16 MiB): within the producer's queue of 64 MiB.
    pub max_transaction_bytes: u64,
    /// Rebuilds of the Kafka clients in a row, with no commit between them, after which the worker stops with an
    /// error; 0: never. Default 10: being fenced again and again has a cause that waiting cannot mend, such as a
    /// replica with the same `instance_id`. Waiting for an absent broker does not count.
    pub max_rebuild_attempts: u32,
    /// When bursts of dead letters stop the worker for a while.
    pub breaker: BreakerConfig,
}

impl Default for DeliveryConfig {
    fn default() -> Self {
        DeliveryConfig {
            guarantee: Guarantee::ExactlyOnce,
            commit_interval_ms: 100,
            instance_id: String::new(),
            start_from: StartFrom::default(),
            drain_deadline_ms: 20_000,
            transaction_timeout_ms: 60_000,
            max_transaction_messages: 10_000,
            max_transaction_bytes: 16 * 1024 * 1024,
            max_rebuild_attempts: 10,
            breaker: BreakerConfig::default(),
        }
    }
}

/// What is promised about each message's outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Guarantee {
    /// Each message has one outcome that readers of committed data see, once.
    ExactlyOnce,
    /// Each message has an outcome; after a crash some have it twice.
    AtLeastOnce,
}

/// `[delivery.breaker]`: a burst of dead letters of one code is more often a fault around us (a producer's new
/// format) than that many bad articles, so the worker pauses instead of emptying the input into the dead-letter topic.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BreakerConfig {
    /// Dead letters of one code in a row that open the breaker; 0: this rule is off. Default 100: more than one bad
    /// upload brings, less than a minute of a broken feed.
    pub max_run: u32,
    /// Messages over which the share of dead letters is taken. Default 1000: enough that a handful of bad articles is
    /// no share.
    pub window_messages: u32,
    /// Share of the window, 0 to 1, that dead letters of one code must exceed to open the breaker; 1: this rule is
    /// off. Default 0.5: most of what comes is no article.
    pub max_share: f64,
    /// Milliseconds that an open breaker waits before it lets a few messages through. Default 30000: long enough for
    /// an alert to be seen, short enough to heal by itself.
    pub pause_ms: u64,
    /// Messages let through then; the breaker closes if they do not fit the pattern that opened it. Default 10.
    pub probe_messages: u32,
}

impl Default for BreakerConfig {
    fn default() -> Self {
        BreakerConfig {
            max_run: 100,
            window_messages: 1_000,
            max_share: 0.5,
            pause_ms: 30_000,
            probe_messages: 10,
        }
    }
}

/// `[pipeline]`: threads and bounds.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PipelineConfig {
    /// CPU threads that work on articles. Default 0: one per core.
    pub workers: usize,
    /// Bytes being worked on at most, from the consumer to the brokers' acknowledgement: one half for messages, the other
    /// for what is made of them. Default 67108864 (64 MiB): thousands of articles of ordinary size; the largest are
    /// worked on one at a time.
    pub in_flight_bytes: u64,
    /// Bytes of a message's value above which it is no article (`too_large`). Default 5242880 (5 MiB): many times the
    /// longest article; what is larger is a mistake of its producer.
    pub max_article_bytes: u64,
}

impl Default for PipelineConfig {
    fn default() -> Self {
        PipelineConfig {
            workers: 0,
            in_flight_bytes: 64 * 1024 * 1024,
            max_article_bytes: 5 * 1024 * 1024,
        }
    }
}

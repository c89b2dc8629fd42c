//! Every metric: name, unit, help, labels.
//!
//! The registry is made here and passed on, never global. Label values come from enums, dead-letter codes, the taxonomy
//! and the configured input topics, so that the number of series is bounded. `docs/metrics.md` is [`table`], written from this
//! file and held equal to it by a test.

mod catalogue;
mod labels;
mod process;
mod totals;

use std::ops::Deref;
use std::sync::Arc;

use prometheus::{Gauge, Histogram, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, TextEncoder};

use self::catalogue::Catalogue;
pub use self::catalogue::{ByLabel, Label};
pub use self::labels::{
    Breaker, Client, CommitResult, Destination, Outcome, Reload, Stage, TransactionResult,
};
pub use self::totals::{Buckets, Totals};
use crate::stream::health::NotReady;

/// Seconds from a message's timestamp to its outcome: from a few milliseconds to a backlog of an hour.
const END_TO_END: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0,
];

/// Seconds of a stage, a transaction: from a short article to a broker that takes its time.
const STAGE: &[f64] = &[
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
    30.0,
];

/// Entities in a record: from a note of two lines to a long survey.
const ENTITIES: &[f64] = &[0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];

/// Seconds of a rebalance: at once, or as long as the slowest member drains.
const REBALANCE: &[f64] = &[0.01, 0.05, 0.1, 0.5, 1.0, 3.0, 10.0, 20.0, 60.0];

/// The worker's instruments and their registry. A clone is the same registry.
#[derive(Clone)]
pub struct Metrics(Arc<Instruments>);

/// The instruments themselves; [`Metrics`] gives them.
pub struct Instruments {
    catalogue: Catalogue,
    outcomes: IntCounterVec,
    consumer_lag_messages: IntGaugeVec,
    not_ready: ByLabel<NotReady, IntGauge>,
    news_topic_records: IntCounterVec,
    section_records: IntCounterVec,
    language_records: IntCounterVec,
    build_info: IntGaugeVec,

    pub input_messages_total: IntCounter,
    pub input_bytes_total: IntCounter,
    pub output_messages_total: ByLabel<Destination, IntCounter>,
    pub output_bytes_total: ByLabel<Destination, IntCounter>,

    pub end_to_end_seconds: Histogram,
    pub processing_seconds: ByLabel<Stage, Histogram>,

    pub record_entities: Histogram,

    pub queue_messages: IntGauge,
    pub queue_bytes: IntGauge,
    pub in_flight_messages: IntGauge,
    pub in_flight_bytes: IntGauge,
    pub oldest_in_flight_seconds: Gauge,
    pub watermark_age_seconds: Gauge,

    pub commits_total: ByLabel<CommitResult, IntCounter>,
    pub transactions_total: ByLabel<TransactionResult, IntCounter>,
    pub transaction_seconds: Histogram,

    pub rebalances_total: IntCounter,
    pub rebalance_seconds: Histogram,
    pub assigned_partitions: IntGauge,
    pub paused_partitions: IntGauge,
    pub client_rebuilds_total: IntCounter,
    pub client_queue_messages: ByLabel<Client, IntGauge>,
    pub client_queue_bytes: ByLabel<Client, IntGauge>,
    pub broker_round_trip_seconds: ByLabel<Client, Gauge>,
    breaker_state: ByLabel<Breaker, IntGauge>,

    pub taxonomy_reloads_total: ByLabel<Reload, IntCounter>,
}

impl Metrics {
    /// Instruments at zero in a registry of their own.
    pub fn new() -> Self {
        let mut all = Catalogue::default();
        let instruments = Instruments {
            build_info: all.gauges(
                "newsmill_build_info",
                "The running program and the taxonomy in use, its name and the hash of its files; always 1.",
                &["version", "taxonomy"],
            ),
            outcomes: all.counters(
                "newsmill_outcomes_total",
                "Messages by their one outcome; `code` says why a dead letter is one and is empty otherwise.",
                &["outcome", "code"],
            ),
            input_messages_total: all.counter("newsmill_input_messages_total", "Messages consumed, repeats included."),
            input_bytes_total: all.counter(
                "newsmill_input_bytes_total",
                "Bytes of keys, values and headers consumed.",
            ),
            output_messages_total: all.counters_by(
                "newsmill_output_messages_total",
                "Messages that the brokers have acknowledged.",
                "destination",
            ),
            output_bytes_total: all.counters_by(
                "newsmill_output_bytes_total",
                "Bytes of keys, values and headers that the brokers have acknowledged.",
                "destination",
            ),
            end_to_end_seconds: all.histogram(
                "newsmill_end_to_end_seconds",
                "From a message's timestamp to the acknowledgement of its outcome, under exactly-once to its commit.",
                END_TO_END,
            ),
            processing_seconds: all.histograms_by(
                "newsmill_processing_seconds",
                "Time that a message spends in each stage of the worker; decode, analyse and encode are parts of handle.",
                "stage",
                STAGE,
            ),
            consumer_lag_messages: all.gauges(
                "newsmill_consumer_lag_messages",
                "From the watermark to the end of the partition; transaction markers count, so it may rest at 1.",
                &["topic", "partition"],
            ),
            news_topic_records: all.counters(
                "newsmill_news_topic_records_total",
                "Records made that carry the news topic, repeats included.",
                &["news_topic"],
            ),
            section_records: all.counters(
                "newsmill_section_records_total",
                "Records made that carry the section, repeats included.",
                &["section"],
            ),
            language_records: all.counters(
                "newsmill_language_records_total",
                "Records made by the article's language, repeats included; `other` for one that no detector knows.",
                &["language"],
            ),
            record_entities: all.histogram(
                "newsmill_record_entities",
                "Entities in a record of an article that was analysed.",
                ENTITIES,
            ),
            queue_messages: all.int_gauge(
                "newsmill_queue_messages",
                "Messages that wait for a CPU thread.",
            ),
            queue_bytes: all.int_gauge("newsmill_queue_bytes", "Bytes of the messages that wait for a CPU thread."),
            in_flight_messages: all.int_gauge(
                "newsmill_in_flight_messages",
                "Messages consumed whose outcome is not acknowledged yet.",
            ),
            in_flight_bytes: all.int_gauge("newsmill_in_flight_bytes", "Bytes of the messages in flight."),
            oldest_in_flight_seconds: all.gauge(
                "newsmill_oldest_in_flight_seconds",
                "Since the oldest message in flight was consumed; 0 when there is none.",
            ),
            watermark_age_seconds: all.gauge(
                "newsmill_watermark_age_seconds",
                "Age, by its own timestamp, of the oldest message that waits for its outcome; 0 when none waits.",
            ),
            commits_total: all.counters_by(
                "newsmill_commits_total",
                "Commits of positions by result.",
                "result",
            ),
            transactions_total: all.counters_by(
                "newsmill_transactions_total",
                "Transactions by how they ended.",
                "result",
            ),
            transaction_seconds: all.histogram(
                "newsmill_transaction_seconds",
                "From a transaction's begin to its commit.",
                STAGE,
            ),
            rebalances_total: all.counter(
                "newsmill_rebalances_total",
                "Changes of the assignment: partitions given, taken or lost.",
            ),
            rebalance_seconds: all.histogram(
                "newsmill_rebalance_seconds",
                "From a revocation to the answer, drain included.",
                REBALANCE,
            ),
            assigned_partitions: all.int_gauge("newsmill_assigned_partitions", "Partitions that this replica reads."),
            paused_partitions: all.int_gauge(
                "newsmill_paused_partitions",
                "Assigned partitions that are paused: too much in flight, breaker open, draining.",
            ),
            client_rebuilds_total: all.counter(
                "newsmill_client_rebuilds_total",
                "Times that consumer and producer were made anew after being fenced or failing for good.",
            ),
            client_queue_messages: all.gauges_by(
                "newsmill_client_queue_messages",
                "Messages in the Kafka client's own queue: fetched and not polled, or sent and not acknowledged.",
                "client",
            ),
            client_queue_bytes: all.gauges_by(
                "newsmill_client_queue_bytes",
                "Bytes of the messages in the Kafka client's own queue.",
                "client",
            ),
            broker_round_trip_seconds: all.float_gauges_by(
                "newsmill_broker_round_trip_seconds",
                "Mean round trip to the slowest broker over the last statistics interval, 0 when none was asked; a consumer's holds the broker's wait for new messages.",
                "client",
            ),
            breaker_state: all.gauges_by(
                "newsmill_breaker_state",
                "1 for the state that the breaker is in.",
                "state",
            ),
            taxonomy_reloads_total: all.counters_by(
                "newsmill_taxonomy_reloads_total",
                "Readings of the taxonomy's files after the first; on `refused` the taxonomy in use has stayed.",
                "outcome",
            ),
            not_ready: all.gauges_by(
                "newsmill_not_ready",
                "1 for each reason for which the worker does no work at present.",
                "reason",
            ),
            catalogue: all.with_process(),
        };
        instruments.breaker_state.of(Breaker::Closed).set(1);
        instruments.set_taxonomy("");
        Metrics(Arc::new(instruments))
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Metrics::new()
    }
}

impl Deref for Metrics {
    type Target = Instruments;

    fn deref(&self) -> &Instruments {
        &self.0
    }
}

impl Instruments {
    /// Counts a message's outcome; `code` is the dead letter's, else empty.
    pub fn outcome(&self, outcome: Outcome, code: &'static str) {
        self.outcomes
            .with_label_values(&[outcome.as_str(), code])
            .inc();
    }

    /// Messages from the watermark to the end of a partition.
    pub fn set_lag(&self, input_topic: &str, partition: i32, messages: i64) {
        self.consumer_lag_messages
            .with_label_values(&[input_topic, &partition.to_string()])
            .set(messages);
    }

    /// Takes a partition out that another replica reads from now on; its last lag would stand for ever.
    pub fn forget_partition(&self, input_topic: &str, partition: i32) {
        // An error says that the partition had no lag yet: nothing to take out.
        let _ = self
            .consumer_lag_messages
            .remove_label_values(&[input_topic, &partition.to_string()]);
    }

    /// Counts a record by what it says of its article.
    pub fn record<'a>(
        &self,
        language: &str,
        sections: impl Iterator<Item = &'a str>,
        news_topics: impl Iterator<Item = &'a str>,
    ) {
        self.language_records.with_label_values(&[language]).inc();
        for section in sections {
            self.section_records.with_label_values(&[section]).inc();
        }
        for news_topic in news_topics {
            self.news_topic_records
                .with_label_values(&[news_topic])
                .inc();
        }
    }

    /// Shows which taxonomy is in use, and that no other is.
    pub fn set_taxonomy(&self, version: &str) {
        self.build_info.reset();
        let labels = [env!("CARGO_PKG_VERSION"), version];
        self.build_info.with_label_values(&labels).set(1);
    }

    /// Takes all partitions out: none is held.
    pub fn forget_partitions(&self) {
        self.consumer_lag_messages.reset();
    }

    pub fn set_breaker(&self, state: Breaker) {
        for each in Breaker::ALL {
            self.breaker_state.of(*each).set(i64::from(*each == state));
        }
    }

    /// Shows which reasons hold, and that no other does.
    pub fn set_not_ready(&self, reasons: &[NotReady]) {
        for each in NotReady::ALL {
            self.not_ready
                .of(each)
                .set(i64::from(reasons.contains(&each)));
        }
    }

    /// Everything in the Prometheus text format.
    pub fn render(&self) -> prometheus::Result<String> {
        TextEncoder::new().encode_to_string(&self.catalogue.gather())
    }
}

/// The table of `docs/metrics.md`: every metric with its labels and meaning.
pub fn table() -> String {
    Metrics::new().catalogue.table()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_docs_show_every_metric() {
        let docs = include_str!("../docs/metrics.md");
        let table = table();
        assert!(
            docs.ends_with(&table),
            "docs/metrics.md must end with:\n{table}"
        );
    }

    /// What dashboards and alerts are written against (interface.md).
    #[test]
    fn the_promised_metrics_are_shown_before_the_first_message() {
        let metrics = Metrics::new();
        metrics.outcome(Outcome::DeadLetter, "invalid_json");
        metrics.set_lag("articles.raw", 3, 17);
        metrics.set_taxonomy("newsmill@3f9c1a2b");
        let text = metrics.render().unwrap();
        for line in [
            r#"newsmill_outcomes_total{code="invalid_json",outcome="dead_letter"} 1"#,
            "newsmill_end_to_end_seconds_count 0",
            r#"newsmill_processing_seconds_count{stage="handle"} 0"#,
            r#"newsmill_consumer_lag_messages{partition="3",topic="articles.raw"} 17"#,
            "newsmill_in_flight_bytes 0",
            "newsmill_watermark_age_seconds 0",
            r#"newsmill_commits_total{result="committed"} 0"#,
            "newsmill_rebalances_total 0",
            r#"newsmill_build_info{taxonomy="newsmill@3f9c1a2b",version=""#,
            r#"newsmill_taxonomy_reloads_total{outcome="refused"} 0"#,
            r#"newsmill_breaker_state{state="closed"} 1"#,
        ] {
            assert!(text.contains(line), "{line} is missing in:\n{text}");
        }
    }

    #[test]
    fn a_partition_that_left_has_no_lag() {
        let metrics = Metrics::new();
        metrics.set_lag("articles.raw", 3, 17);
        metrics.forget_partition("articles.raw", 3);
        metrics.forget_partition("articles.raw", 4);
        assert!(!metrics.render().unwrap().contains("articles.raw"));
    }
}

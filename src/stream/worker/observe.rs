//! What the loop shows of itself: metrics, readiness, and the counts of its summary.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rdkafka::Statistics;
use rdkafka::error::RDKafkaErrorCode;

use super::Worker;
use super::life::Life;
use super::reader::Reader;
use crate::metrics::{
    Client as Labelled, CommitResult, Destination, Metrics, Outcome as Counted, Stage,
};
use crate::stream::board::{PartitionRow, PartitionState};
use crate::stream::event::Client;
use crate::stream::health::NotReady;
use crate::stream::message::Outcome;
use crate::stream::state::{Budget, Source, State};

/// How often gauges are set.
const INTERVAL: Duration = Duration::from_millis(500);

#[derive(Default)]
pub struct Observer {
    last: Option<Instant>,
    unreachable: bool,
}

impl Observer {
    /// A commit that the client made by itself.
    pub fn committed(&self, metrics: &Metrics, result: Result<(), RDKafkaErrorCode>) {
        let counted = match result {
            Ok(()) => CommitResult::Committed,
            Err(code) => {
                tracing::info!(%code, "a commit was refused and is tried again");
                CommitResult::Retried
            }
        };
        metrics.commits_total.of(counted).inc();
    }
}

/// Milliseconds since 1970.
pub fn clock_ms() -> u64 {
    let clock = SystemTime::now().duration_since(UNIX_EPOCH);
    clock.map_or(0, |since| since.as_millis() as u64)
}

/// Sets the gauges of what is in flight and of readiness, and the board.
pub fn show(worker: &Worker, state: &State, reader: &Reader, now: Instant) {
    let metrics = &worker.metrics;
    let gauge = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
    let in_flight = state.budget();
    metrics.in_flight_messages.set(gauge(in_flight.messages()));
    metrics.in_flight_bytes.set(gauge(in_flight.bytes()));
    metrics.paused_partitions.set(gauge(reader.paused()));
    metrics
        .assigned_partitions
        .set(gauge(state.sources().count()));
    let oldest = state
        .oldest()
        .map_or(0.0, |since| now.duration_since(since).as_secs_f64());
    metrics.oldest_in_flight_seconds.set(oldest);
    let waits = state.oldest_timestamp_ms().map_or(0.0, |timestamp_ms| {
        (clock_ms() as i64 - timestamp_ms) as f64 / 1000.0
    });
    metrics.watermark_age_seconds.set(waits.max(0.0));
    let reasons = worker.health.not_ready();
    let reasons: Vec<NotReady> = reasons.into_iter().map(|(reason, _)| reason).collect();
    metrics.set_not_ready(&reasons);
    let rows = state.sources().map(|source| PartitionRow {
        input_topic: worker.topics.name(source).to_string(),
        partition: source.partition,
        next_offset: state.next_offset(source).unwrap_or_default(),
        in_flight: state.in_flight(source),
        state: match (state.is_reading(source), reader.is_paused(source)) {
            (false, _) => PartitionState::Stopped,
            (true, true) => PartitionState::Paused,
            (true, false) => PartitionState::Reading,
        },
    });
    worker.health.board().set_partitions(rows.collect());
}

/// Shows that no partition is held and nothing is in flight: between two lives.
pub fn show_nothing(worker: &Worker) {
    worker.metrics.forget_partitions();
    let nothing = State::new(Budget::new(0, 0), worker.last_epoch);
    show(worker, &nothing, &Reader::default(), Instant::now());
}

/// Sets the gauges of a client: its queue, and how far its brokers are.
fn show_client(metrics: &Metrics, client: Client, statistics: &Statistics) {
    let (label, messages, bytes) = match client {
        Client::Consumer => {
            let partitions = || {
                statistics
                    .topics
                    .values()
                    .flat_map(|topic| topic.partitions.values())
            };
            let messages = partitions().map(|partition| partition.fetchq_cnt).sum();
            let bytes = partitions().map(|partition| partition.fetchq_size).sum();
            (Labelled::Consumer, messages, bytes)
        }
        Client::Producer => {
            let messages = i64::try_from(statistics.msg_cnt).unwrap_or(i64::MAX);
            (Labelled::Producer, messages, statistics.msg_size)
        }
    };
    metrics.client_queue_messages.of(label).set(messages);
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    metrics.client_queue_bytes.of(label).set(bytes);
    let slowest = statistics
        .brokers
        .values()
        .filter_map(|broker| broker.rtt.as_ref())
        .filter(|window| window.cnt > 0)
        .map(|window| window.avg)
        .max();
    let microseconds = slowest.unwrap_or(0) as f64;
    metrics
        .broker_round_trip_seconds
        .of(label)
        .set(microseconds / 1e6);
}

impl Life<'_> {
    /// Counts what was settled since the last call: each message once, by its one outcome.
    pub(super) fn count_settled(&mut self, now: Instant) -> usize {
        let metrics = &self.worker.metrics;
        let summary = &mut self.worker.summary;
        let clock_ms = clock_ms() as i64;
        let mut count = 0;
        for receipt in self.state.take_settled() {
            count += 1;
            let (outcome, code, destination) = match receipt.outcome {
                Outcome::Record => {
                    summary.records += 1;
                    (Counted::Record, "", Destination::Output)
                }
                Outcome::Tombstone => {
                    summary.tombstones += 1;
                    (Counted::Tombstone, "", Destination::Output)
                }
                Outcome::DeadLetter(code) => {
                    summary.dead_letters += 1;
                    (Counted::DeadLetter, code, Destination::DeadLetter)
                }
            };
            metrics.outcome(outcome, code);
            metrics.output_messages_total.of(destination).inc();
            let bytes = receipt.bytes as u64;
            metrics.output_bytes_total.of(destination).inc_by(bytes);
            let produce = now.saturating_duration_since(receipt.emitted_at);
            metrics
                .processing_seconds
                .of(Stage::Produce)
                .observe(produce.as_secs_f64());
            if let Some(timestamp_ms) = receipt.timestamp_ms {
                let end_to_end_ms = (clock_ms - timestamp_ms).max(0);
                metrics
                    .end_to_end_seconds
                    .observe(end_to_end_ms as f64 / 1000.0);
            }
        }
        count
    }

    /// Sets the gauges, now and then.
    pub(super) fn observe(&mut self, now: Instant) {
        let due = self
            .observer
            .last
            .is_none_or(|last| now.duration_since(last) >= INTERVAL);
        if !due {
            return;
        }
        self.observer.last = Some(now);
        show(self.worker, &self.state, &self.reader, now);
        self.show_breaker();
    }

    /// A client's word about its queue and its brokers, and the consumer's about the ends of its partitions.
    pub(super) fn take_statistics(&mut self, client: Client, statistics: &Statistics) {
        show_client(&self.worker.metrics, client, statistics);
        if client == Client::Consumer {
            self.show_lag(statistics);
        }
        if statistics
            .brokers
            .values()
            .any(|broker| broker.state == "UP")
        {
            self.reachable();
        }
    }

    fn show_lag(&self, statistics: &Statistics) {
        for source in self.state.sources().collect::<Vec<_>>() {
            let topic = self.worker.topics.name(source);
            let partition = statistics
                .topics
                .get(topic.as_ref())
                .and_then(|topic| topic.partitions.get(&source.partition));
            if let Some(partition) = partition
                && let Some(next_offset) = self.state.next_offset(source)
                // Negative: not known yet.
                && partition.ls_offset >= 0
            {
                let lag = (partition.ls_offset - next_offset).max(0);
                self.worker.metrics.set_lag(topic, source.partition, lag);
            }
        }
    }

    pub(super) fn forget_lag(&self, source: Source) {
        let topic = self.worker.topics.name(source);
        self.worker
            .metrics
            .forget_partition(topic, source.partition);
    }

    /// No broker answers; said once, until one does.
    pub(super) fn unreachable(&mut self, reason: &str) {
        if !std::mem::replace(&mut self.observer.unreachable, true) {
            tracing::warn!(reason, "no broker answers; waiting");
        }
        self.worker.health.set(NotReady::BrokerUnreachable, reason);
    }

    /// A broker answered.
    pub(super) fn reachable(&mut self) {
        if std::mem::take(&mut self.observer.unreachable) {
            tracing::info!("a broker answers again");
        }
        self.worker.health.clear(NotReady::BrokerUnreachable);
    }
}

//! What the status page shows, as one JSON document.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::Serialize;

use super::history::{Count, History, Rates, Sample};
use crate::metrics::Metrics;
use crate::stream::Health;
use crate::stream::board::{DeadLetterRow, Identity, PartitionRow};

/// Where the answers come from.
#[derive(Clone)]
pub struct Sources {
    pub health: Health,
    pub metrics: Metrics,
    started: Instant,
    history: Arc<Mutex<History>>,
}

/// The answer to `/status.json`.
#[derive(Debug, Serialize)]
pub struct Status {
    /// Milliseconds since 1970.
    at_ms: u64,
    uptime_seconds: u64,
    version: &'static str,
    taxonomy: Option<String>,
    worker: Option<Identity>,
    ready: bool,
    reasons: Vec<Reason>,
    /// Which thread of ours is stuck; null while all get on.
    stuck: Option<String>,
    now: Rates,
    since_start: Outcomes,
    in_flight: InFlight,
    /// Rates of each interval, the oldest first.
    history: Vec<Rates>,
    history_seconds: u64,
    news_topics: Vec<Count>,
    sections: Vec<Count>,
    partitions: Vec<Partition>,
    dead_letters: VecDeque<DeadLetterRow>,
}

/// Why the worker is not ready.
#[derive(Debug, Serialize)]
struct Reason {
    reason: &'static str,
    meaning: &'static str,
    detail: String,
}

#[derive(Debug, Serialize)]
struct Outcomes {
    records: u64,
    tombstones: u64,
    dead_letters: u64,
}

#[derive(Debug, Serialize)]
struct InFlight {
    messages: i64,
    bytes: i64,
    oldest_seconds: f64,
    watermark_age_seconds: f64,
}

#[derive(Debug, Serialize)]
struct Partition {
    #[serde(flatten)]
    row: PartitionRow,
    /// Null until the client knows the partition's end.
    lag_messages: Option<i64>,
}

impl Sources {
    pub fn new(health: Health, metrics: Metrics) -> Self {
        Sources {
            health,
            metrics,
            started: Instant::now(),
            history: Arc::default(),
        }
    }

    /// Adds the present moment to the history.
    pub fn remember(&self) {
        let sample = self.sample();
        self.history().add(sample);
    }

    pub fn status(&self) -> Status {
        let present = self.sample();
        let history = self.history();
        let metrics = &self.metrics;
        let reasons: Vec<Reason> = self
            .health
            .not_ready()
            .into_iter()
            .map(|(reason, detail)| Reason {
                reason: reason.as_str(),
                meaning: reason.meaning(),
                detail,
            })
            .collect();
        let shown = self.health.board().shown();
        let lag = metrics.lag();
        let partitions = shown.partitions.into_iter().map(|row| Partition {
            lag_messages: lag.get(&(row.input_topic.clone(), row.partition)).copied(),
            row,
        });
        Status {
            at_ms: present.at_ms,
            uptime_seconds: self.started.elapsed().as_secs(),
            version: env!("CARGO_PKG_VERSION"),
            taxonomy: metrics.taxonomy(),
            worker: shown.identity,
            ready: reasons.is_empty(),
            reasons,
            stuck: self.health.live().err().map(|stuck| stuck.to_string()),
            now: history.now(&present),
            since_start: Outcomes {
                records: present.totals.records,
                tombstones: present.totals.tombstones,
                dead_letters: present.totals.dead_letters,
            },
            in_flight: InFlight {
                messages: metrics.in_flight_messages.get(),
                bytes: metrics.in_flight_bytes.get(),
                oldest_seconds: metrics.oldest_in_flight_seconds.get(),
                watermark_age_seconds: metrics.watermark_age_seconds.get(),
            },
            history: history.past(),
            history_seconds: history.seconds(present.at),
            news_topics: history.most(&present.totals, |totals| &totals.news_topics),
            sections: history.most(&present.totals, |totals| &totals.sections),
            partitions: partitions.collect(),
            dead_letters: shown.dead_letters,
        }
    }

    fn sample(&self) -> Sample {
        let lag = self.metrics.lag();
        let clock = SystemTime::now().duration_since(UNIX_EPOCH);
        Sample {
            at: Instant::now(),
            at_ms: clock.map_or(0, |since| since.as_millis() as u64),
            totals: self.metrics.totals(),
            lag: (!lag.is_empty()).then(|| lag.values().sum()),
        }
    }

    fn history(&self) -> MutexGuard<'_, History> {
        // Adding a sample leaves a list that is whole after any panic.
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

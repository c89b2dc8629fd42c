//! The last minutes, so that whoever opens the status page sees at once where the numbers come from.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::metrics::Totals;

/// Between two samples: as often as the Kafka client says how far behind it is.
pub const INTERVAL: Duration = Duration::from_secs(5);

/// Samples kept: five minutes, and one more to take the first difference from.
const SAMPLES: usize = 61;

/// Samples back that "now" is taken over: one is too few for a share, ten smooth too much away.
const NOW: usize = 2;

/// What the worker counted, at one moment.
#[derive(Clone, Debug)]
pub struct Sample {
    pub at: Instant,
    /// Milliseconds since 1970.
    pub at_ms: u64,
    pub totals: Totals,
    /// Messages behind, over all partitions; `None` where no end is known.
    pub lag: Option<i64>,
}

/// What went on between two samples.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rates {
    /// Milliseconds since 1970, of the later sample.
    pub at_ms: u64,
    pub records_per_second: f64,
    /// Null values passed on.
    pub tombstones_per_second: f64,
    pub dead_letters_per_second: f64,
    /// At the later sample.
    pub lag_messages: Option<i64>,
    /// From a message's timestamp to its outcome.
    pub latency_p50_seconds: Option<f64>,
    pub latency_p99_seconds: Option<f64>,
}

/// A name and how many records carried it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    pub id: String,
    pub records: u64,
}

/// The samples of the last five minutes, the oldest first.
#[derive(Debug, Default)]
pub struct History(VecDeque<Sample>);

impl History {
    pub fn add(&mut self, sample: Sample) {
        if self.0.len() == SAMPLES {
            self.0.pop_front();
        }
        self.0.push_back(sample);
    }

    /// What goes on now: since a sample of some seconds ago.
    pub fn now(&self, present: &Sample) -> Rates {
        let index = self.0.len().saturating_sub(NOW);
        self.0
            .get(index)
            .map_or_else(Rates::default, |earlier| rates(earlier, present))
    }

    /// What went on in each interval, the oldest first.
    pub fn past(&self) -> Vec<Rates> {
        let pairs = self.0.iter().zip(self.0.iter().skip(1));
        pairs
            .map(|(earlier, later)| rates(earlier, later))
            .collect()
    }

    /// News topics and sections in the records since the oldest sample, the most frequent first.
    pub fn most(
        &self,
        present: &Totals,
        of: impl Fn(&Totals) -> &BTreeMap<String, u64>,
    ) -> Vec<Count> {
        let before = self.0.front().map(|sample| of(&sample.totals));
        let mut counts: Vec<Count> = of(present)
            .iter()
            .map(|(id, count)| Count {
                id: id.clone(),
                records: count - before.and_then(|before| before.get(id)).unwrap_or(&0),
            })
            .filter(|count| count.records > 0)
            .collect();
        counts.sort_by(|a, b| b.records.cmp(&a.records).then_with(|| a.id.cmp(&b.id)));
        counts
    }

    /// Seconds that the history goes back.
    pub fn seconds(&self, now: Instant) -> u64 {
        let oldest = self.0.front();
        oldest.map_or(0, |sample| now.duration_since(sample.at).as_secs())
    }
}

fn rates(earlier: &Sample, later: &Sample) -> Rates {
    let seconds = later.at.duration_since(earlier.at).as_secs_f64();
    let per_second = |count: fn(&Totals) -> u64| {
        let counted = count(&later.totals) - count(&earlier.totals);
        if seconds > 0.0 {
            counted as f64 / seconds
        } else {
            0.0
        }
    };
    let end_to_end = later.totals.end_to_end.since(&earlier.totals.end_to_end);
    Rates {
        at_ms: later.at_ms,
        records_per_second: per_second(|totals| totals.records),
        tombstones_per_second: per_second(|totals| totals.tombstones),
        dead_letters_per_second: per_second(|totals| totals.dead_letters),
        lag_messages: later.lag,
        latency_p50_seconds: end_to_end.quantile(0.5),
        latency_p99_seconds: end_to_end.quantile(0.99),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{Metrics, Outcome};

    #[test]
    fn rates_are_differences_by_time() {
        let (metrics, start) = (Metrics::new(), Instant::now());
        let mut history = History::default();
        let mut sample = |seconds: u64, records: u64| {
            for _ in 0..records {
                metrics.outcome(Outcome::Record, "");
                metrics.record("en", [].into_iter(), ["trade"].into_iter());
            }
            let sample = Sample {
                at: start + Duration::from_secs(seconds),
                at_ms: seconds * 1000,
                totals: metrics.totals(),
                lag: None,
            };
            history.add(sample.clone());
            sample
        };
        // What came before the first sample is no part of any rate.
        sample(0, 7);
        sample(5, 10);
        let last = sample(10, 30);
        let past = history.past();
        let shown: Vec<_> = past
            .iter()
            .map(|rates| (rates.at_ms, rates.records_per_second))
            .collect();
        assert_eq!(shown, [(5_000, 2.0), (10_000, 6.0)]);
        let topics = history.most(&last.totals, |totals| &totals.news_topics);
        assert_eq!(
            topics,
            [Count {
                id: "trade".to_owned(),
                records: 40
            }]
        );
        assert_eq!(history.seconds(last.at), 10);
        for seconds in 11..200 {
            history.add(Sample {
                at: start + Duration::from_secs(seconds),
                ..last.clone()
            });
        }
        assert_eq!(history.past().len(), SAMPLES - 1);
        assert!(
            history
                .most(&last.totals, |totals| &totals.news_topics)
                .is_empty()
        );
    }
}

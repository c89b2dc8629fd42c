//! The counters at one moment, for those who make rates of them without a Prometheus.

use std::collections::BTreeMap;

use prometheus::core::Collector;
use prometheus::{Histogram, IntCounterVec, IntGaugeVec};

use super::{Instruments, Label as _, Outcome};

/// What has been counted since the process began.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    pub records: u64,
    pub tombstones: u64,
    pub dead_letters: u64,
    pub end_to_end: Buckets,
    pub news_topics: BTreeMap<String, u64>,
    pub sections: BTreeMap<String, u64>,
}

/// A histogram: upper bounds in ascending order, each with the number of values up to it; the last bound is infinite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Buckets(pub Vec<(f64, u64)>);

impl Instruments {
    pub fn totals(&self) -> Totals {
        let outcomes = counts(&self.outcomes, "outcome");
        let of = |outcome: Outcome| outcomes.get(outcome.as_str()).copied().unwrap_or_default();
        Totals {
            records: of(Outcome::Record),
            tombstones: of(Outcome::Tombstone),
            dead_letters: of(Outcome::DeadLetter),
            end_to_end: Buckets::of(&self.end_to_end_seconds),
            news_topics: counts(&self.news_topic_records, "news_topic"),
            sections: counts(&self.section_records, "section"),
        }
    }

    /// Lag by topic and partition, of the partitions whose end is known.
    pub fn lag(&self) -> BTreeMap<(String, i32), i64> {
        let mut lag = BTreeMap::new();
        for metric in samples(&self.consumer_lag_messages) {
            let label = |name| label(&metric, name);
            if let Ok(partition) = label("partition").parse() {
                // Gauges of whole numbers, far below 2^53.
                let messages = metric.get_gauge().get_value() as i64;
                lag.insert((label("topic"), partition), messages);
            }
        }
        lag
    }

    /// The taxonomy in use, once there is one.
    pub fn taxonomy(&self) -> Option<String> {
        let metrics = samples::<IntGaugeVec>(&self.build_info);
        let taxonomy = metrics.first().map(|metric| label(metric, "taxonomy"));
        taxonomy.filter(|taxonomy| !taxonomy.is_empty())
    }
}

impl Buckets {
    fn of(histogram: &Histogram) -> Self {
        let metrics = samples(histogram);
        let Some(metric) = metrics.first() else {
            return Buckets::default();
        };
        let histogram = metric.get_histogram();
        let bucket =
            |bucket: &prometheus::proto::Bucket| (bucket.upper_bound(), bucket.cumulative_count());
        let mut buckets: Vec<_> = histogram.get_bucket().iter().map(bucket).collect();
        buckets.push((f64::INFINITY, histogram.get_sample_count()));
        Buckets(buckets)
    }

    /// What came since an earlier moment.
    pub fn since(&self, earlier: &Buckets) -> Buckets {
        let counts = self.0.iter().enumerate().map(|(index, (bound, count))| {
            let before = earlier.0.get(index).map_or(0, |(_, count)| *count);
            (*bound, count.saturating_sub(before))
        });
        Buckets(counts.collect())
    }

    /// The value that this share of the values does not exceed, taken as evenly spread within its bucket; beyond the
    /// last finite bound, that bound. `None` where there are no values.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let total = self.0.last()?.1;
        if total == 0 {
            return None;
        }
        let rank = share * total as f64;
        let (mut lower, mut below) = (0.0, 0);
        for (upper, count) in &self.0 {
            if *count as f64 >= rank {
                if upper.is_infinite() {
                    return Some(lower);
                }
                let within = (count - below) as f64;
                let part = if within > 0.0 {
                    (rank - below as f64) / within
                } else {
                    1.0
                };
                return Some(lower + (upper - lower) * part);
            }
            (lower, below) = (*upper, *count);
        }
        Some(lower)
    }
}

fn samples<C: Collector>(collector: &C) -> Vec<prometheus::proto::Metric> {
    let families = collector.collect().into_iter();
    families
        .flat_map(|mut family| family.take_metric())
        .collect()
}

fn label(metric: &prometheus::proto::Metric, name: &str) -> String {
    let pair = metric.get_label().iter().find(|pair| pair.name() == name);
    pair.map_or_else(String::new, |pair| pair.value().to_owned())
}

/// Sums by the values of one label.
fn counts(counters: &IntCounterVec, name: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for metric in samples(counters) {
        *counts.entry(label(&metric, name)).or_default() += metric.get_counter().get_value() as u64;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Metrics;

    #[test]
    fn totals_are_what_was_counted() {
        let metrics = Metrics::new();
        assert_eq!(metrics.totals().end_to_end.quantile(0.5), None);
        metrics.outcome(Outcome::Record, "");
        metrics.outcome(Outcome::DeadLetter, "invalid_json");
        metrics.outcome(Outcome::DeadLetter, "too_large");
        metrics.record("en", ["politics"].into_iter(), ["trade", "aid"].into_iter());
        metrics.set_lag("in", 3, 17);
        metrics.set_taxonomy("old@1");
        metrics.set_taxonomy("new@2");
        let totals = metrics.totals();
        assert_eq!(
            (totals.records, totals.tombstones, totals.dead_letters),
            (1, 0, 2)
        );
        assert_eq!(totals.news_topics["aid"], 1);
        assert_eq!(totals.sections["politics"], 1);
        assert_eq!(metrics.lag()[&("in".to_owned(), 3)], 17);
        assert_eq!(metrics.taxonomy().as_deref(), Some("new@2"));
    }

    #[test]
    fn a_quantile_lies_within_its_bucket() {
        let buckets =
            |counts: [u64; 3]| Buckets([1.0, 2.0, f64::INFINITY].into_iter().zip(counts).collect());
        let (before, after) = (buckets([5, 5, 5]), buckets([5, 15, 15]));
        let since = after.since(&before);
        assert_eq!(since.quantile(0.5), Some(1.5));
        assert_eq!(since.quantile(1.0), Some(2.0));
        assert_eq!(buckets([0, 0, 4]).quantile(0.5), Some(2.0));
        assert_eq!(buckets([4, 4, 4]).quantile(0.25), Some(0.25));
    }
}

//! What stands in the topics at the end, counted by a consumer that has seen nothing before.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::{Offset, TopicPartitionList};

use super::cluster::Cluster;
use super::reader::{Kind, Polled, Reader};
use crate::cli::canvas::{BAD, BOLD, Canvas, DIM, GOOD, TOPIC, name, phrase};

/// How long reading to the ends may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the second consumer found.
#[derive(Default)]
pub struct Counts {
    records: usize,
    /// By code.
    dead_letters: BTreeMap<String, usize>,
    /// Keys with an outcome.
    keys: BTreeSet<String>,
    /// Records that have a topic, by its name.
    topics: BTreeMap<String, usize>,
    /// Messages of the input that the group has committed.
    committed: i64,
}

impl Counts {
    /// Every article has one outcome, and its position is committed.
    pub fn complete(&self, articles: usize) -> bool {
        let outcomes = self.records + self.dead_letters.values().sum::<usize>();
        outcomes == articles
            && self.keys.len() == articles
            && usize::try_from(self.committed) == Ok(articles)
    }
}

/// Reads both topics from their beginning to their end.
///
/// # Errors
/// They cannot be read in time.
pub fn count(cluster: &Cluster) -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    let mut reader = Reader::open(cluster)?;
    let mut open = reader.partitions();
    let started = Instant::now();
    while open > 0 {
        match reader.poll()? {
            Polled::Outcome(outcome) => {
                counts.keys.insert(outcome.key);
                match outcome.kind {
                    Kind::Record(record) => {
                        counts.records += 1;
                        for topic in record.topics.into_iter().flatten() {
                            *counts.topics.entry(topic.name).or_default() += 1;
                        }
                    }
                    Kind::DeadLetter { code, .. } => {
                        *counts.dead_letters.entry(code).or_default() += 1
                    }
                }
            }
            Polled::End => open -= 1,
            Polled::Nothing if started.elapsed() > PATIENCE => {
                bail!("the topics cannot be read to their ends")
            }
            Polled::Nothing => {}
        }
    }
    counts.committed = committed(cluster).context("cannot read what the group has committed")?;
    Ok(counts)
}

/// Messages of the input up to the group's committed positions.
fn committed(cluster: &Cluster) -> anyhow::Result<i64> {
    let address = cluster.address();
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &address.bootstrap_servers)
        .set("group.id", &address.group_id)
        .create()?;
    let metadata = consumer.fetch_metadata(Some(&address.input_topic), PATIENCE)?;
    let mut partitions = TopicPartitionList::new();
    for topic in metadata.topics() {
        for partition in topic.partitions() {
            partitions.add_partition(topic.name(), partition.id());
        }
    }
    let committed = consumer.committed_offsets(partitions, PATIENCE)?;
    let elements = committed.elements();
    let offsets = elements.iter().map(|element| match element.offset() {
        Offset::Offset(offset) => offset,
        _ => 0,
    });
    Ok(offsets.sum())
}

/// The summary for people.
pub fn told(cluster: &Cluster, articles: usize, counts: &Counts) -> Canvas {
    let address = cluster.address();
    let mut canvas = Canvas::for_terminal();
    canvas.heading(
        "counted",
        "by a second consumer that read the topics from their beginning",
    );
    canvas.gap();
    let number = |number: usize, words: &str| {
        [
            phrase(number.to_string(), BOLD),
            phrase(format!(" {words}"), DIM),
        ]
    };
    canvas.beside(
        "articles",
        &number(articles, &format!("sent to {}", address.input_topic)),
    );
    canvas.beside(
        "records",
        &number(counts.records, &format!("in {}", address.output_topic)),
    );
    let rejected = counts.dead_letters.values().sum();
    canvas.beside(
        "rejected",
        &number(
            rejected,
            &format!(
                "in {}: {}",
                address.dead_letter_topic,
                list(&counts.dead_letters)
            ),
        ),
    );
    let committed = usize::try_from(counts.committed).unwrap_or_default();
    canvas.beside(
        "committed",
        &number(
            committed,
            &format!("positions of group {}", address.group_id),
        ),
    );
    let mut topics = Vec::new();
    for (topic, count) in most_frequent(&counts.topics) {
        if !topics.is_empty() {
            topics.push(phrase(" · ", DIM));
        }
        topics.push(name(topic, TOPIC));
        topics.push(phrase(format!(" {count}"), DIM));
    }
    if !topics.is_empty() {
        canvas.beside("topics", &topics);
    }
    canvas.gap();
    let verdict = if counts.complete(articles) {
        phrase(
            "✓ every article has exactly one outcome, and all are committed",
            GOOD,
        )
    } else {
        phrase("✗ outcomes and articles do not match", BAD)
    };
    canvas.beside("", &[verdict]);
    canvas.gap();
    let next = if cluster.stays() {
        format!(
            "the topics stay: {}, {}, {}",
            address.input_topic, address.output_topic, address.dead_letter_topic
        )
    } else {
        "newsmill demo --bootstrap-servers HOST:PORT does the same on a real cluster; newsmill run --help".to_owned()
    };
    canvas.labelled("next", &next);
    canvas
}

fn list(counts: &BTreeMap<String, usize>) -> String {
    let words: Vec<String> = counts
        .iter()
        .map(|(code, count)| format!("{code} {count}"))
        .collect();
    words.join(", ")
}

fn most_frequent(counts: &BTreeMap<String, usize>) -> Vec<(&str, usize)> {
    let mut all: Vec<(&str, usize)> = counts
        .iter()
        .map(|(name, count)| (name.as_str(), *count))
        .collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all
}

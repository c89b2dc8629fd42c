//! Holds what came out against what was sent.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Result, bail};
use serde_json::json;

use crate::expectation::{Expected, Outcome, RecordExpected, digest, without_source};
use crate::generator::SEQUENCE;
use crate::reader::Seen;
use crate::worker::Guarantee;

/// How many cases of a kind are described; all are counted.
const EXAMPLES: usize = 8;

/// Which topic a message was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Output,
    DeadLetters,
}

/// The names that the topics of a run have, and how many partitions each of the two has.
#[derive(Clone, Debug)]
pub struct Lanes {
    pub input_topic: String,
    pub output_partitions: i32,
    pub dead_letter_partitions: i32,
}

/// Cases of one kind of fault.
#[derive(Debug, Default)]
pub struct Cases {
    pub count: u64,
    examples: Vec<String>,
}

impl Cases {
    fn add(&mut self, example: impl FnOnce() -> String) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(example());
        }
    }

    fn merge(&mut self, other: Cases) {
        self.count += other.count;
        let room = EXAMPLES.saturating_sub(self.examples.len());
        self.examples.extend(other.examples.into_iter().take(room));
    }
}

/// What was found in a run.
#[derive(Debug, Default)]
pub struct Findings {
    pub sent: u64,
    pub records: u64,
    pub dead_letters: u64,
    pub tombstones: u64,
    /// Sent, and not to be read.
    pub lost: Cases,
    /// To be read more than once.
    pub doubled: Cases,
    /// Behind a later message of the same input partition, otherwise than in a whole replay.
    pub reordered: Cases,
    /// Otherwise than expected: bytes, key, headers, timestamp, topic, partition.
    pub altered: Cases,
    /// How often the output went back to an earlier message and on from there.
    pub replays: u64,
}

impl Findings {
    /// Adds those of another run.
    pub fn merge(&mut self, other: Findings) {
        self.sent += other.sent;
        self.records += other.records;
        self.dead_letters += other.dead_letters;
        self.tombstones += other.tombstones;
        self.lost.merge(other.lost);
        self.doubled.merge(other.doubled);
        self.reordered.merge(other.reordered);
        self.altered.merge(other.altered);
        self.replays += other.replays;
    }

    /// An error with every finding that breaks the guarantee.
    pub fn hold(&self, guarantee: Guarantee) -> Result<()> {
        let doubled = match guarantee {
            Guarantee::AtLeastOnce => 0,
            Guarantee::ExactlyOnce => self.doubled.count,
        };
        if self.lost.count + self.reordered.count + self.altered.count + doubled > 0 {
            bail!("{} broken: {self}", guarantee.as_str());
        }
        Ok(())
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} sent: {} records, {} dead letters, {} tombstones; {} lost, {} doubled in {} replays, {} reordered, {} altered",
            self.sent,
            self.records,
            self.dead_letters,
            self.tombstones,
            self.lost.count,
            self.doubled.count,
            self.replays,
            self.reordered.count,
            self.altered.count
        )?;
        for (name, cases) in [
            ("lost", &self.lost),
            ("doubled", &self.doubled),
            ("reordered", &self.reordered),
            ("altered", &self.altered),
        ] {
            for example in &cases.examples {
                write!(f, "\n  {name}: {example}")?;
            }
        }
        Ok(())
    }
}

/// Takes in what was read, in the order of each partition, and judges it at the end.
pub struct Checker<'a> {
    lanes: Lanes,
    expected: &'a [Expected],
    seen: Vec<u32>,
    /// The numbers in the order of one output partition, those of each input partition apart.
    orders: BTreeMap<(Side, i32, i32), Vec<usize>>,
    findings: Findings,
}

impl<'a> Checker<'a> {
    pub fn new(lanes: Lanes, expected: &'a [Expected]) -> Checker<'a> {
        Checker {
            lanes,
            expected,
            seen: vec![0; expected.len()],
            orders: BTreeMap::new(),
            findings: Findings {
                sent: expected.len() as u64,
                ..Findings::default()
            },
        }
    }

    /// Takes in the next message of a partition.
    pub fn see(&mut self, side: Side, seen: &Seen) {
        let place = || {
            format!(
                "{side:?} partition {} offset {}",
                seen.partition, seen.offset
            )
        };
        let number = seen
            .header_text(SEQUENCE)
            .and_then(|text| text.parse().ok());
        let Some((number, expected)) =
            number.and_then(|number: usize| Some((number, self.expected.get(number)?)))
        else {
            self.findings
                .altered
                .add(|| format!("{} has no known {SEQUENCE}", place()));
            return;
        };
        self.seen[number] += 1;
        if self.seen[number] == 2 {
            self.findings
                .doubled
                .add(|| format!("message {number} again at {}", place()));
        } else if self.seen[number] > 2 {
            self.findings.doubled.count += 1;
        }
        self.orders
            .entry((side, seen.partition, expected.partition))
            .or_default()
            .push(number);

        if let Err(difference) = self.compare(side, seen, expected) {
            self.findings
                .altered
                .add(|| format!("message {number} at {}: {difference}", place()));
        }
    }

    /// Judges what was taken in.
    pub fn finish(mut self) -> Findings {
        for (number, (seen, expected)) in self.seen.iter().zip(self.expected).enumerate() {
            let count = match expected.outcome {
                Outcome::Record { .. } => &mut self.findings.records,
                Outcome::DeadLetter { .. } => &mut self.findings.dead_letters,
                Outcome::Tombstone => &mut self.findings.tombstones,
            };
            if *seen > 0 {
                *count += 1;
            } else {
                self.findings.lost.add(|| {
                    format!(
                        "message {number}, input partition {} offset {}",
                        expected.partition, expected.offset
                    )
                });
            }
        }
        for (lane, order) in &self.orders {
            judge_order(lane, order, &mut self.findings);
        }
        self.findings
    }

    fn compare(&self, side: Side, seen: &Seen, expected: &Expected) -> Result<()> {
        match &expected.outcome {
            Outcome::Record { id, record, .. } => {
                expect("topic", side, Side::Output)?;
                let Some(record) = record else {
                    bail!("nobody asked analyze for its record");
                };
                let key = expected
                    .key
                    .clone()
                    .unwrap_or_else(|| id.clone().into_bytes());
                self.compare_key(side, seen, Some(&key[..]))?;
                expect("timestamp", seen.timestamp_ms, Some(expected.timestamp_ms))?;
                self.compare_record(seen, expected, record)
            }
            Outcome::Tombstone => {
                expect("topic", side, Side::Output)?;
                expect("a null value", seen.value.is_none(), true)?;
                self.compare_key(side, seen, expected.key.as_deref())?;
                expect_carried(seen, expected)
            }
            Outcome::DeadLetter { code, value } => {
                expect("topic", side, Side::DeadLetters)?;
                expect("value", seen.value.as_deref().map(digest), *value)?;
                self.compare_key(side, seen, expected.key.as_deref())?;
                self.compare_dead_letter(seen, expected, code)
            }
        }
    }

    /// The key, and the partition in which a Java client would look for it.
    fn compare_key(&self, side: Side, seen: &Seen, key: Option<&[u8]>) -> Result<()> {
        expect("key", seen.key.as_deref().map(text), key.map(text))?;
        let partitions = match side {
            Side::Output => self.lanes.output_partitions,
            Side::DeadLetters => self.lanes.dead_letter_partitions,
        };
        match key {
            Some(key) => expect("partition", seen.partition, java_partition(key, partitions)),
            None => Ok(()),
        }
    }

    fn compare_record(
        &self,
        seen: &Seen,
        sent: &Expected,
        expected: &RecordExpected,
    ) -> Result<()> {
        let value = seen.value.as_deref().unwrap_or_default();
        let Some((bytes, source)) = without_source(value) else {
            bail!("no source in the record");
        };
        expect(
            "source",
            source,
            json!({
                "input_topic": self.lanes.input_topic,
                "partition": sent.partition,
                "offset": sent.offset,
                "timestamp_ms": sent.timestamp_ms,
            }),
        )?;
        expect("bytes as analyze gives", digest(&bytes), expected.digest)?;
        let header = |name| seen.header_text(name);
        expect(
            "content-type",
            header("content-type"),
            Some("application/json"),
        )?;
        expect(
            "newsmill-schema",
            header("newsmill-schema"),
            Some("newsmill.record.v1"),
        )?;
        expect(
            "newsmill-topics",
            header("newsmill-topics").unwrap_or(""),
            &expected.topics,
        )?;
        expect(
            "newsmill-sections",
            header("newsmill-sections").unwrap_or(""),
            &expected.sections,
        )?;
        expect(
            "newsmill-language",
            header("newsmill-language"),
            expected.language.as_deref(),
        )?;
        expect_carried(seen, sent)
    }

    fn compare_dead_letter(&self, seen: &Seen, sent: &Expected, code: &str) -> Result<()> {
        let header = |name| seen.header_text(name);
        expect(
            "newsmill-error-code",
            header("newsmill-error-code"),
            Some(code),
        )?;
        for name in [
            "newsmill-error-message",
            "newsmill-error-stage",
            "newsmill-attempt",
            "newsmill-version",
        ] {
            expect(
                name,
                header(name).is_some_and(|text| !text.is_empty()),
                true,
            )?;
        }
        expect(
            "newsmill-source-topic",
            header("newsmill-source-topic"),
            Some(self.lanes.input_topic.as_str()),
        )?;
        for (name, number) in [
            ("newsmill-source-partition", i64::from(sent.partition)),
            ("newsmill-source-offset", sent.offset),
            ("newsmill-source-timestamp-ms", sent.timestamp_ms),
        ] {
            expect(name, header(name), Some(number.to_string().as_str()))?;
        }
        expect_carried(seen, sent)
    }
}

fn expect<T: PartialEq<U> + fmt::Debug, U: fmt::Debug>(
    what: &str,
    seen: T,
    expected: U,
) -> Result<()> {
    if seen != expected {
        bail!("{what} is {seen:?}, not {expected:?}");
    }
    Ok(())
}

/// The message's own headers stand there unchanged, in their order, among those that the worker added.
fn expect_carried(seen: &Seen, expected: &Expected) -> Result<()> {
    let carried = seen
        .headers
        .iter()
        .filter(|(name, _)| !name.starts_with("newsmill-") && name != "content-type");
    if !carried.eq(&expected.carried) {
        bail!(
            "its own headers are {:?}, not {:?}",
            seen.headers,
            expected.carried
        );
    }
    Ok(())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every message must follow its predecessor. Allowed besides: going back, if from there each follows again (a whole
/// replay), and ending a replay with the first message that was not yet there.
fn judge_order(lane: &(Side, i32, i32), order: &[usize], findings: &mut Findings) {
    let mut members = order.to_vec();
    members.sort_unstable();
    members.dedup();
    // Places in the order that was expected; `next_new` is the first that was not yet seen.
    let mut next_new = 0;
    let mut previous: Option<usize> = None;
    for number in order {
        let place = members.binary_search(number).expect("it is one of them");
        let follows = previous.map_or(place == 0, |previous| place == previous + 1);
        let goes_back = previous.is_some_and(|previous| place <= previous);
        if goes_back && place < next_new {
            findings.replays += 1;
        } else if !follows && place != next_new {
            let (side, partition, input) = lane;
            findings.reordered.add(|| {
                let before = previous.map(|previous| members[previous]);
                format!(
                    "message {number} of input partition {input} behind {before:?} in {side:?} partition {partition}"
                )
            });
        }
        next_new = next_new.max(place + 1);
        previous = Some(place);
    }
}

/// The partition that Kafka's Java clients choose for a key: murmur2, its sign bit taken off.
fn java_partition(key: &[u8], partitions: i32) -> i32 {
    const MULTIPLIER: u32 = 0x5bd1_e995;
    let mut hash = 0x9747_b28c ^ key.len() as u32;
    let mut words = key.chunks_exact(4);
    for word in &mut words {
        let word = u32::from_le_bytes(word.try_into().expect("a chunk has four bytes"));
        let mut mixed = word.wrapping_mul(MULTIPLIER);
        mixed ^= mixed >> 24;
        hash = hash.wrapping_mul(MULTIPLIER) ^ mixed.wrapping_mul(MULTIPLIER);
    }
    let rest = words.remainder();
    if !rest.is_empty() {
        for (index, byte) in rest.iter().enumerate() {
            hash ^= u32::from(*byte) << (8 * index);
        }
        hash = hash.wrapping_mul(MULTIPLIER);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(MULTIPLIER);
    hash ^= hash >> 15;
    (hash & 0x7fff_ffff) as i32 % partitions
}

#[cfg(test)]
mod tests;

//! Messages with known ids, and a number of their own each.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header as RdHeader, OwnedHeaders};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer, ThreadedProducer};

use crate::expectation::{Expected, Outcome, digest};
use crate::observer::client;
use crate::random::Random;
use crate::reader::Header;
use crate::samples::Samples;

/// The header that carries a message's number, counted over the whole run.
pub const SEQUENCE: &str = "test-sequence";

/// Keys of a run; each belongs to one input partition.
const KEYS: u64 = 97;

/// How long the last messages may take: longer than any outage of the suites.
const FLUSH_DEADLINE: Duration = Duration::from_secs(240);

/// What to send.
#[derive(Clone)]
pub struct Feed {
    pub topic: String,
    pub partitions: i32,
    /// The beginning of every article's id.
    pub run: String,
    pub samples: Arc<Samples>,
    /// Messages of a thousand that are no articles.
    pub broken_per_mille: u64,
    pub seed: u64,
}

/// Sends a feed in order, and remembers what it sent.
pub struct Generator {
    bootstrap_servers: String,
    feed: Feed,
    random: Random,
    producer: ThreadedProducer<DefaultProducerContext>,
    sent: Vec<Expected>,
    /// The next offset of each partition: only this generator writes to its topic, in order and each message once.
    next_offsets: Vec<i64>,
    start_ms: i64,
}

/// A message to send, and what is expected of it.
struct Made {
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
    /// A header that the worker has to replace in a record.
    forged: bool,
    outcome: Outcome,
}

fn producer(
    bootstrap_servers: &str,
    codec: &str,
) -> Result<ThreadedProducer<DefaultProducerContext>> {
    Ok(client(bootstrap_servers)
        // Each message once and in order, however long a broker is away: offsets can then be counted, not asked for.
        .set("enable.idempotence", "true")
        .set("message.timeout.ms", "0")
        .set("queue.buffering.max.kbytes", "262144")
        .set("linger.ms", "5")
        .set("compression.type", codec)
        .create()?)
}

impl Generator {
    pub fn new(bootstrap_servers: &str, feed: Feed) -> Result<Generator> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        Ok(Generator {
            bootstrap_servers: bootstrap_servers.to_owned(),
            random: Random::new(feed.seed),
            producer: producer(bootstrap_servers, "none")?,
            sent: Vec::new(),
            next_offsets: vec![0; feed.partitions as usize],
            start_ms: i64::try_from(now.as_millis())?,
            feed,
        })
    }

    /// Compresses what is sent from now on with a codec, under librdkafka's name for it.
    pub fn compress(&mut self, codec: &str) -> Result<()> {
        self.flush()?;
        self.producer = producer(&self.bootstrap_servers, codec)?;
        Ok(())
    }

    /// Sends so many messages, a share of them broken as the feed says.
    pub fn send(&mut self, count: usize) -> Result<()> {
        for _ in 0..count {
            let broken = self.random.per_mille(self.feed.broken_per_mille);
            self.send_one(broken)?;
        }
        Ok(())
    }

    /// Sends so many messages of which none is an article.
    pub fn send_poison(&mut self, count: usize) -> Result<()> {
        (0..count).try_for_each(|_| self.send_one(true))
    }

    /// Waits until the broker has everything.
    pub fn flush(&self) -> Result<()> {
        self.producer
            .flush(FLUSH_DEADLINE)
            .context("the generator could not send everything")?;
        match self.producer.client().fatal_error() {
            Some((code, reason)) => bail!("the generator's producer failed: {code}: {reason}"),
            None => Ok(()),
        }
    }

    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    pub fn sent(&self) -> &[Expected] {
        &self.sent
    }

    /// What was sent, once everything is with the broker.
    pub fn finish(self) -> Result<Vec<Expected>> {
        self.flush()?;
        Ok(self.sent)
    }

    fn send_one(&mut self, broken: bool) -> Result<()> {
        let sequence = self.sent.len();
        let key_number = self.random.between(0, KEYS);
        let partition = (key_number % self.feed.partitions as u64) as i32;
        let key = format!("key-{key_number:02}").into_bytes();
        let made = if broken {
            self.make_broken(key, sequence)
        } else {
            self.make_sound(key, sequence)
        };

        let carried: Vec<Header> = vec![
            (SEQUENCE.to_owned(), Some(sequence.to_string().into_bytes())),
            ("trace".to_owned(), Some(b"\x00\xff not text".to_vec())),
            ("trace".to_owned(), None),
        ];
        let mut headers = OwnedHeaders::new();
        for (name, value) in &carried {
            headers = headers.insert(RdHeader {
                key: name,
                value: value.as_ref(),
            });
        }
        if made.forged {
            headers = headers.insert(RdHeader {
                key: "newsmill-language",
                value: Some("zz"),
            });
        }
        let timestamp_ms = self.start_ms + sequence as i64;
        let mut record = BaseRecord::<Vec<u8>, Vec<u8>>::to(&self.feed.topic)
            .partition(partition)
            .timestamp(timestamp_ms)
            .headers(headers);
        record.key = made.key.as_ref();
        record.payload = made.value.as_ref();
        while let Err((error, same)) = self.producer.send(record) {
            if error != KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull) {
                return Err(error).context("the generator cannot send");
            }
            // The queue is full: wait for room, however long the broker is away.
            self.producer.poll(Duration::from_millis(50));
            record = same;
        }

        let offset = &mut self.next_offsets[partition as usize];
        self.sent.push(Expected {
            partition,
            offset: *offset,
            timestamp_ms,
            key: made.key,
            carried,
            outcome: made.outcome,
        });
        *offset += 1;
        Ok(())
    }

    /// An article, or now and then a tombstone.
    fn make_sound(&mut self, key: Vec<u8>, sequence: usize) -> Made {
        if self.random.per_mille(5) {
            return Made {
                key: Some(key),
                value: None,
                forged: false,
                outcome: Outcome::Tombstone,
            };
        }
        let sample = self.random.between(0, self.feed.samples.len() as u64) as usize;
        let id = format!("{}-{sequence}", self.feed.run);
        Made {
            // A message without a key gets its article's id as the record's key.
            key: (!self.random.per_mille(20)).then_some(key),
            value: Some(self.feed.samples.line(sample, &id).into_bytes()),
            forged: self.random.per_mille(20),
            outcome: Outcome::Record {
                sample,
                id,
                record: None,
            },
        }
    }

    fn make_broken(&mut self, key: Vec<u8>, sequence: usize) -> Made {
        let run = &self.feed.run;
        let (code, value) = match self.random.between(0, 5) {
            0 => {
                let mut value = self.random.bytes(64);
                // No UTF-8 begins so.
                value[0] = 0xc0;
                ("invalid_utf8", Some(value))
            }
            1 => (
                "invalid_json",
                Some(format!("{{\"id\": \"{run}-{sequence}\", \"title\": ").into_bytes()),
            ),
            2 => (
                "not_an_article",
                Some(format!("{{\"measured\": {sequence}, \"unit\": \"mm\"}}").into_bytes()),
            ),
            3 => (
                "empty_text",
                Some(
                    format!("{{\"id\": \"{run}-{sequence}\", \"title\": \"\", \"text\": \" \"}}")
                        .into_bytes(),
                ),
            ),
            _ => ("invalid_json", Some(Vec::new())),
        };
        Made {
            key: Some(key),
            forged: false,
            outcome: Outcome::DeadLetter {
                code,
                value: value.as_deref().map(digest),
            },
            value,
        }
    }
}

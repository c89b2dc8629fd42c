//! Reading topics to their end, as a consumer does that trusts transactions.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{Headers, Message};
use rdkafka::{Offset, TopicPartitionList};

use crate::observer::{Observer, client};
use crate::wait;

/// How long a transaction may stay open before the reader gives up: longer than any transaction time-out of the suite.
const STABLE_DEADLINE: Duration = Duration::from_secs(180);

/// How long the topic may be silent before its end.
const SILENCE: Duration = Duration::from_secs(60);

/// A header as it stands in the log.
pub type Header = (String, Option<Vec<u8>>);

/// A message of an output or dead-letter topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub partition: i32,
    pub offset: i64,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<Header>,
    pub timestamp_ms: Option<i64>,
}

impl Seen {
    /// The only value of a header that stands there once.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        let mut values = self.headers.iter().filter(|(header, _)| header == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) => value.as_deref(),
            _ => None,
        }
    }

    /// The same as text.
    pub fn header_text(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.header(name)?).ok()
    }
}

/// Waits until no transaction is open on the topic.
pub fn wait_stable(observer: &Observer, topic: &str) -> Result<()> {
    wait::until(
        format!("the end of every transaction on {topic}"),
        STABLE_DEADLINE,
        || Ok((observer.open_transactions(topic)? == 0).then_some(())),
    )
    .with_context(|| {
        let ends = observer.ends(topic);
        let stable = observer.stable_ends(topic);
        format!("partitions end at {ends:?}, transactions are decided up to {stable:?}")
    })
}

/// Reads what is committed on the topic, from the first offset to the end, once no transaction is open.
pub fn read(
    bootstrap_servers: &str,
    observer: &Observer,
    topic: &str,
    mut see: impl FnMut(Seen),
) -> Result<()> {
    wait_stable(observer, topic)?;
    let consumer: BaseConsumer = client(bootstrap_servers)
        .set("group.id", "newsmill-test-reader")
        .set("enable.auto.commit", "false")
        .set("isolation.level", "read_committed")
        .set("enable.partition.eof", "true")
        .set("check.crcs", "true")
        // The hostile messages are larger than the default of 1 MiB.
        .set("fetch.message.max.bytes", "20000000")
        .set("receive.message.max.bytes", "200000000")
        .create()?;
    let partitions = observer.leaders(topic)?.len() as i32;
    let mut list = TopicPartitionList::new();
    list.add_partition_range(topic, 0, partitions - 1);
    list.set_all_offsets(Offset::Beginning)?;
    consumer.assign(&list)?;

    let mut ended = vec![false; partitions as usize];
    while ended.contains(&false) {
        match consumer.poll(SILENCE) {
            None => bail!(
                "{topic} was silent for {} s before its end",
                SILENCE.as_secs()
            ),
            Some(Err(KafkaError::PartitionEOF(partition))) => ended[partition as usize] = true,
            Some(Err(error)) => bail!("cannot read {topic}: {error}"),
            Some(Ok(message)) => {
                let headers = message.headers().map_or_else(Vec::new, |headers| {
                    headers
                        .iter()
                        .map(|header| (header.key.to_owned(), header.value.map(<[u8]>::to_vec)))
                        .collect()
                });
                see(Seen {
                    partition: message.partition(),
                    offset: message.offset(),
                    key: message.key().map(<[u8]>::to_vec),
                    value: message.payload().map(<[u8]>::to_vec),
                    headers,
                    timestamp_ms: message.timestamp().to_millis(),
                });
            }
        }
    }
    Ok(())
}

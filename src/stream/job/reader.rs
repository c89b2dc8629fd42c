//! Reading a part of one topic, in no group, to its end.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::error::{KafkaResult, RDKafkaErrorCode};

use super::{ANSWER, Error, PATIENCE, Part, patience};
use crate::stream::config::Settings;
use crate::stream::event::{Events, Inbox};
use crate::stream::kafka::consumer::{Consumer, Place, Polled, code_of};
use crate::stream::kafka::errors::{ConsumerPolicy, consumer_policy, is_unreachable};
use crate::stream::kafka::topics::InputTopics;
use crate::stream::message::Message;
use crate::stream::state::{NextOffset, Source};

/// The longest wait for an event; short, because a wake-up can be missed.
const WAIT: Duration = Duration::from_millis(10);

/// A topic that is read from outside of any group.
pub struct Reader {
    pub consumer: Consumer,
    topic: String,
    sources: Vec<Source>,
    /// Of the partitions that are being read: the offset behind the last.
    ends: BTreeMap<Source, i64>,
    /// Those whose end was reached. A pause outlives an assignment in the client.
    paused: Vec<Source>,
    /// Since when nothing comes.
    silent_since: Option<Instant>,
}

impl Reader {
    /// Asks which partitions the topic has.
    ///
    /// # Errors
    /// The brokers do not answer, or there is no such topic.
    pub fn open(settings: &Settings, topic: &str, events: Events) -> Result<Reader, Error> {
        let topics = InputTopics::new(&[topic.to_owned()]);
        let consumer = Consumer::alone(settings, topics, events).map_err(Error::Client)?;
        let mut reader = Reader {
            consumer,
            topic: topic.to_owned(),
            sources: Vec::new(),
            ends: BTreeMap::new(),
            paused: Vec::new(),
            silent_since: None,
        };
        let partitions = reader.ask("partitions", || reader.consumer.partitions())?;
        reader.sources = partitions.into_iter().flatten().collect();
        if reader.sources.is_empty() {
            let topic = reader.topic;
            return Err(Error::NoTopic { topic });
        }
        Ok(reader)
    }

    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// All that the topic has now and that no transaction can take back.
    pub fn whole(&self) -> Result<Part, Error> {
        let mut part = Part::new();
        for source in &self.sources {
            let (begin, end) = self.ask("begin and end", || self.consumer.watermarks(*source))?;
            part.insert(source.partition, begin..end);
        }
        Ok(part)
    }

    /// Of each partition the first offset whose message has this timestamp or a later one; none where there is no such
    /// message.
    pub fn first_at(&self, timestamp_ms: i64) -> Result<BTreeMap<i32, i64>, Error> {
        let place = Place::TimestampMs(timestamp_ms);
        let found = self.ask("offsets of a timestamp", || {
            self.consumer.find(&self.sources, place)
        })?;
        Ok(by_partition(found))
    }

    /// The offsets that the group of this reader's settings has committed.
    pub fn committed(&self) -> Result<BTreeMap<i32, i64>, Error> {
        let found = self.ask("committed offsets", || {
            self.consumer.committed(&self.sources)
        })?;
        Ok(by_partition(found))
    }

    /// Reads this part from here on.
    pub fn start(&mut self, part: &Part) -> Result<Vec<NextOffset>, Error> {
        let ranges = part.iter().filter(|(_, range)| !range.is_empty());
        let starts: Vec<NextOffset> = ranges
            .clone()
            .map(|(partition, range)| (source(*partition), range.start))
            .collect();
        self.ends = ranges
            .map(|(partition, range)| (source(*partition), range.end))
            .collect();
        self.silent_since = None;
        let paused = std::mem::take(&mut self.paused);
        if !paused.is_empty() {
            self.consumer.resume(&paused).map_err(Error::Client)?;
        }
        self.consumer.assign(&starts).map_err(Error::Client)?;
        Ok(starts)
    }

    /// Whether all of the part has been read.
    pub fn is_over(&self) -> bool {
        self.ends.is_empty()
    }

    /// The next message, if there is one now.
    ///
    /// # Errors
    /// The consumer cannot go on, or nothing has come for [`PATIENCE`].
    pub fn poll(&mut self) -> Result<Option<Message>, Error> {
        while !self.is_over() {
            match self.consumer.poll() {
                Polled::Nothing => {
                    let since = *self.silent_since.get_or_insert_with(Instant::now);
                    if since.elapsed() > PATIENCE {
                        let topic = self.topic.clone();
                        return Err(Error::Silent { topic });
                    }
                    return Ok(None);
                }
                Polled::Message(source, message) => {
                    self.silent_since = None;
                    let Some(&end) = self.ends.get(&source) else {
                        continue;
                    };
                    let offset = message.position.offset;
                    if offset + 1 >= end {
                        self.close(source)?;
                    }
                    if offset < end {
                        return Ok(Some(message));
                    }
                }
                // Behind the last message there may be markers of transactions alone.
                Polled::End(source) => self.close(source)?,
                // A worker waits for its rights; whoever waits for a job wants to know.
                Polled::Error(RDKafkaErrorCode::TopicAuthorizationFailed) => {
                    let topic = self.topic.clone();
                    return Err(Error::NoRight { topic });
                }
                Polled::Error(code) => match consumer_policy(code) {
                    ConsumerPolicy::Wait => tracing::debug!(%code, "the consumer waits"),
                    _ => {
                        let topic = self.topic.clone();
                        return Err(Error::Read { topic, code });
                    }
                },
            }
        }
        Ok(None)
    }

    /// Reads this part to its end.
    pub fn read_all(
        &mut self,
        inbox: &Inbox,
        part: &Part,
        mut see: impl FnMut(Message),
    ) -> Result<(), Error> {
        self.start(part)?;
        while !self.is_over() {
            match self.poll()? {
                Some(message) => see(message),
                None => drop(inbox.wait(WAIT)),
            }
        }
        Ok(())
    }

    /// The partition is read to its end: what comes behind it is nobody's business here.
    fn close(&mut self, source: Source) -> Result<(), Error> {
        if self.ends.remove(&source).is_some() {
            self.consumer.pause(&[source]).map_err(Error::Client)?;
            self.paused.push(source);
        }
        Ok(())
    }

    /// Asks the brokers until they answer.
    fn ask<T>(&self, what: &str, question: impl Fn() -> KafkaResult<T>) -> Result<T, Error> {
        let mut patience = patience(ANSWER);
        loop {
            match question() {
                Ok(answer) => return Ok(answer),
                Err(error) if is_unreachable(code_of(&error)) && patience() => {
                    tracing::warn!(%error, topic = self.topic, "asking the brokers again");
                }
                Err(source) => {
                    let what = format!("{what} of {}", self.topic);
                    return Err(Error::Unanswered { what, source });
                }
            }
        }
    }
}

fn source(partition: i32) -> Source {
    Source {
        topic: 0,
        partition,
    }
}

fn by_partition(offsets: Vec<(Source, Option<i64>)>) -> BTreeMap<i32, i64> {
    let known = offsets
        .into_iter()
        .filter_map(|(source, offset)| Some((source.partition, offset?)));
    known.collect()
}

//! The consumer: polling, the group's word on partitions, offsets.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{
    BaseConsumer, CommitMode, Consumer as _, ConsumerContext, ConsumerGroupMetadata,
    RebalanceProtocol,
};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Message as _};
use rdkafka::types::RDKafkaRespErr;
use rdkafka::{Offset, TopicPartitionList};

use super::native;
use super::topics::InputTopics;
use crate::stream::config::{GroupProtocol, Guarantee, Settings};
use crate::stream::event::{Client, Event, Events};
use crate::stream::message::Message;
use crate::stream::state::{NextOffset, Source};

/// How long a call about offsets may take before the loop turns again and asks anew. Short, so that the loop beats and
/// the group sees polls while a broker is away.
const OFFSETS_TIMEOUT: Duration = Duration::from_secs(2);

/// Librdkafka answers a seek itself, without the broker; a longer wait is a fault in it.
const SEEK_TIMEOUT: Duration = Duration::from_secs(5);

/// The worker's defaults, which the user's properties override.
///
/// Prefetch and fetch sizes bound the memory before the worker's own budget begins. A full prefetch is looked at again
/// soon: librdkafka's 1,000 ms leave the worker without messages after a commit. `max.poll.interval.ms` is also the
/// classic group's rebalance time-out, and 300 s (librdkafka's default) is long for a group to stand; partitions and
/// topics that are created later are found within the metadata interval.
const DEFAULTS: &[(&str, &str)] = &[
    ("client.id", "newsmill"),
    ("fetch.wait.max.ms", "50"),
    ("fetch.max.bytes", "16777216"),
    ("queued.max.messages.kbytes", "32768"),
    ("fetch.queue.backoff.ms", "20"),
    ("max.poll.interval.ms", "60000"),
    ("topic.metadata.refresh.interval.ms", "30000"),
    super::STATISTICS,
    ("auto.commit.interval.ms", "1000"),
];

/// Defaults that only the classic protocol takes: librdkafka refuses them under `group.protocol=consumer`.
const CLASSIC_DEFAULTS: &[(&str, &str)] = &[
    ("session.timeout.ms", "45000"),
    ("partition.assignment.strategy", "cooperative-sticky"),
];

/// What one poll brought.
pub enum Polled {
    /// Nothing, or an event that went to the queue: not the same as "nothing there".
    Nothing,
    Message(Source, Message),
    /// The end of a partition of the first input topic, said to a consumer of [`Consumer::alone`] only.
    End(Source),
    Error(RDKafkaErrorCode),
}

/// The consumer, for one thread.
pub struct Consumer {
    inner: BaseConsumer<Context>,
    topics: InputTopics,
}

impl Consumer {
    /// Makes the client; [`Consumer::subscribe`] comes next.
    pub fn new(settings: &Settings, topics: InputTopics, events: Events) -> KafkaResult<Self> {
        let mut config = config(settings);
        let commits_itself = settings.delivery.guarantee == Guarantee::AtLeastOnce;
        config.set("enable.auto.commit", commits_itself.to_string());
        if !settings.delivery.instance_id.is_empty() {
            config.set("group.instance.id", &settings.delivery.instance_id);
        }
        Self::create(&config, topics, events)
    }

    /// Makes a client that joins no group and commits nothing by itself: [`Consumer::assign`] says what it reads, and
    /// it hears of the end of each partition.
    pub fn alone(settings: &Settings, topics: InputTopics, events: Events) -> KafkaResult<Self> {
        let mut config = config(settings);
        config
            .set("enable.auto.commit", "false")
            .set("enable.partition.eof", "true")
            .set("statistics.interval.ms", "0");
        Self::create(&config, topics, events)
    }

    fn create(config: &ClientConfig, topics: InputTopics, events: Events) -> KafkaResult<Self> {
        let context = Context {
            topics: topics.clone(),
            events: events.clone(),
            closing: AtomicBool::new(false),
            unanswered: Mutex::default(),
        };
        let mut inner: BaseConsumer<Context> = config.create_with_context(context)?;
        inner.set_nonempty_callback(move || events.consumable());
        Ok(Consumer { inner, topics })
    }

    /// Begins to join the group, which goes on while the consumer is polled.
    pub fn subscribe(&self) -> KafkaResult<()> {
        self.inner
            .subscribe(&self.topics.names().collect::<Vec<_>>())
    }

    /// The next message, error, or nothing; never waits.
    pub fn poll(&self) -> Polled {
        match self.inner.poll(Duration::ZERO) {
            None => Polled::Nothing,
            Some(Ok(message)) => match self.topics.source(message.topic(), message.partition()) {
                Some(source) => Polled::Message(source, self.copy(source, &message)),
                None => Polled::Nothing,
            },
            Some(Err(KafkaError::PartitionEOF(partition))) => Polled::End(Source {
                topic: 0,
                partition,
            }),
            Some(Err(error)) => Polled::Error(code_of(&error)),
        }
    }

    /// Copies a message out of the client's buffers, which would hold a whole fetch for it.
    fn copy(&self, source: Source, message: &BorrowedMessage<'_>) -> Message {
        Message {
            position: self.topics.position(source, message.offset()),
            timestamp_ms: message.timestamp().to_millis(),
            key: message.key().map(<[u8]>::to_vec),
            value: message.payload().map(<[u8]>::to_vec),
            headers: native::headers(message),
        }
    }

    /// Answers [`Event::Assigned`]: read these partitions from these offsets.
    pub fn assign(&self, offsets: &[NextOffset]) -> KafkaResult<()> {
        let list = self.list(offsets)?;
        self.inner.context().answered();
        match self.inner.rebalance_protocol() {
            RebalanceProtocol::Cooperative => self.inner.incremental_assign(&list),
            RebalanceProtocol::Eager | RebalanceProtocol::None => self.inner.assign(&list),
        }
    }

    /// Answers [`Event::Revoked`]: the partitions are given up.
    pub fn unassign(&self, sources: &[Source]) -> KafkaResult<()> {
        self.inner.context().answered();
        match self.inner.rebalance_protocol() {
            RebalanceProtocol::Cooperative => self.inner.incremental_unassign(&self.names(sources)),
            RebalanceProtocol::Eager | RebalanceProtocol::None => self.inner.unassign(),
        }
    }

    pub fn pause(&self, sources: &[Source]) -> KafkaResult<()> {
        self.inner.pause(&self.names(sources))
    }

    pub fn resume(&self, sources: &[Source]) -> KafkaResult<()> {
        self.inner.resume(&self.names(sources))
    }

    /// Reads on from these offsets; what was prefetched is thrown away before this returns.
    pub fn seek(&self, offsets: &[NextOffset]) -> KafkaResult<()> {
        if offsets.is_empty() {
            // librdkafka takes an empty list for a mistake.
            return Ok(());
        }
        let list = self
            .inner
            .seek_partitions(self.list(offsets)?, SEEK_TIMEOUT)?;
        for element in list.elements() {
            element.error()?;
        }
        Ok(())
    }

    /// Hands offsets to the client, which commits them about every second, when partitions are given up, and at the end.
    ///
    /// A list stores the offsets as they are; the call for a single one would add 1.
    pub fn store(&self, offsets: &[NextOffset]) -> KafkaResult<()> {
        self.inner.store_offsets(&self.list(offsets)?)
    }

    /// The group's committed offsets, stable ones only: a pending transaction is waited for. `None` where there is none.
    pub fn committed(&self, sources: &[Source]) -> KafkaResult<Vec<(Source, Option<i64>)>> {
        let list = self
            .inner
            .committed_offsets(self.names(sources), OFFSETS_TIMEOUT)?;
        self.absolute(&list)
    }

    /// Commits offsets now rather than within the client's interval. Nothing is heard of a failure; the client's own
    /// commit comes all the same.
    pub fn commit(&self, offsets: &[NextOffset]) -> KafkaResult<()> {
        self.inner.commit(&self.list(offsets)?, CommitMode::Async)
    }

    /// The first and the next offset of a partition.
    pub fn watermarks(&self, source: Source) -> KafkaResult<(i64, i64)> {
        let topic = self.topics.name(source);
        self.inner
            .fetch_watermarks(topic, source.partition, OFFSETS_TIMEOUT)
    }

    /// Where these partitions begin, end, or have their first message with a timestamp or a later one: one question for
    /// all of them. `None` where there is no such message.
    pub fn find(
        &self,
        sources: &[Source],
        place: Place,
    ) -> KafkaResult<Vec<(Source, Option<i64>)>> {
        let mut list = self.names(sources);
        // The protocol's own numbers for the two ends (ListOffsets, EARLIEST_TIMESTAMP and LATEST_TIMESTAMP); as
        // offsets, librdkafka knows the same numbers by these names.
        let timestamp = match place {
            Place::Begin => Offset::Beginning,
            Place::End => Offset::End,
            Place::TimestampMs(timestamp_ms) => Offset::Offset(timestamp_ms),
        };
        list.set_all_offsets(timestamp)?;
        let list = self.inner.offsets_for_times(list, OFFSETS_TIMEOUT)?;
        self.absolute(&list)
    }

    /// All partitions of the input topics that exist, a list a topic.
    pub fn partitions(&self) -> KafkaResult<Vec<Vec<Source>>> {
        let mut all = Vec::new();
        for name in self.topics.names() {
            let metadata = self.inner.fetch_metadata(Some(name), OFFSETS_TIMEOUT)?;
            let partitions = metadata
                .topics()
                .iter()
                .flat_map(|topic| topic.partitions());
            all.push(
                partitions
                    .filter_map(|partition| self.topics.source(name, partition.id()))
                    .collect(),
            );
        }
        Ok(all)
    }

    /// Whether the group took the assignment away without asking: others may own the partitions already.
    pub fn assignment_lost(&self) -> bool {
        self.inner.assignment_lost()
    }

    /// The group's generation, for a transaction's offsets. `None` while we are no member: a broker would take the
    /// offsets unfenced.
    pub fn group(&self) -> Option<ConsumerGroupMetadata> {
        // Before and after: the group can drop us between two calls.
        let is_member = || native::generation(&self.inner) >= 0;
        if !is_member() {
            return None;
        }
        self.inner.group_metadata().filter(|_| is_member())
    }

    /// The group by its name alone, for offsets of one that has no members: a broker takes them while nobody has joined.
    pub fn group_without_members(&self) -> Option<ConsumerGroupMetadata> {
        self.inner.group_metadata()
    }

    fn names(&self, sources: &[Source]) -> TopicPartitionList {
        let mut list = TopicPartitionList::with_capacity(sources.len());
        for source in sources {
            list.add_partition(self.topics.name(*source), source.partition);
        }
        list
    }

    /// Offsets as librdkafka's own list.
    pub fn list(&self, offsets: &[NextOffset]) -> KafkaResult<TopicPartitionList> {
        let mut list = TopicPartitionList::with_capacity(offsets.len());
        for (source, offset) in offsets {
            let topic = self.topics.name(*source);
            list.add_partition_offset(topic, source.partition, Offset::Offset(*offset))?;
        }
        Ok(list)
    }

    fn absolute(&self, list: &TopicPartitionList) -> KafkaResult<Vec<(Source, Option<i64>)>> {
        let mut offsets = Vec::with_capacity(list.count());
        for element in list.elements() {
            element.error()?;
            let offset = match element.offset() {
                Offset::Offset(offset) => Some(offset),
                _ => None,
            };
            if let Some(source) = self.topics.source(element.topic(), element.partition()) {
                offsets.push((source, offset));
            }
        }
        Ok(offsets)
    }
}

impl Drop for Consumer {
    /// From here on rebalances are answered inside the callback, and one that waits for an answer gets it: the client
    /// polls until its assignment is gone, and would for ever.
    fn drop(&mut self) {
        let context = self.inner.context();
        context.closing.store(true, Ordering::Release);
        let nothing = TopicPartitionList::new();
        let answered = match (context.unanswered(), self.inner.rebalance_protocol()) {
            (None, _) => Ok(()),
            (Some(Unanswered::Assigned), RebalanceProtocol::Cooperative) => {
                self.inner.incremental_assign(&nothing)
            }
            (Some(Unanswered::Revoked), RebalanceProtocol::Cooperative) => {
                self.inner.incremental_unassign(&nothing)
            }
            (Some(_), RebalanceProtocol::Eager | RebalanceProtocol::None) => self.inner.unassign(),
        };
        if let Err(error) = answered {
            tracing::debug!(%error, "cannot answer a rebalance while closing");
        }
    }
}

/// What every consumer of ours is set to.
fn config(settings: &Settings) -> ClientConfig {
    let mut config = ClientConfig::new();
    for (name, value) in DEFAULTS {
        config.set(*name, *value);
    }
    match settings.kafka.protocol() {
        GroupProtocol::Classic => {
            for (name, value) in CLASSIC_DEFAULTS {
                config.set(*name, *value);
            }
        }
        GroupProtocol::Consumer => {
            config.set("group.protocol", "consumer");
        }
    }
    for (name, value) in settings.kafka.consumer() {
        config.set(name, value);
    }
    config
        .set("group.id", &settings.kafka.group_id)
        .set("enable.auto.offset.store", "false")
        // Only under read_committed are a partition's committed offsets fetched stable: without it a new owner
        // reads past a pending transaction and doubles what is in it.
        .set("isolation.level", "read_committed")
        // The worker looks up where to start; a position that the broker no longer has is an incident, not a jump.
        .set("auto.offset.reset", "error")
        .set_log_level(RDKafkaLogLevel::Info);
    config
}

/// A place in a partition.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    Begin,
    End,
    TimestampMs(i64),
}

/// The code of an error; `Fail` for the few that carry none.
pub fn code_of(error: &KafkaError) -> RDKafkaErrorCode {
    match error {
        // It carries a code, which rdkafka does not give out.
        KafkaError::AdminOp(code) => *code,
        error => error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Fail),
    }
}

/// The consumer's callbacks: they queue what happened and return.
struct Context {
    topics: InputTopics,
    events: Events,
    closing: AtomicBool,
    unanswered: Mutex<Option<Unanswered>>,
}

/// What the group said last, while it waits for an answer.
#[derive(Clone, Copy)]
enum Unanswered {
    Assigned,
    Revoked,
}

impl Context {
    fn unanswered(&self) -> Option<Unanswered> {
        *self.lock()
    }

    fn answered(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Unanswered>> {
        // A value of one byte is whole after any panic.
        self.unanswered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn sources(&self, list: &TopicPartitionList) -> Vec<Source> {
        list.elements()
            .iter()
            .filter_map(|element| self.topics.source(element.topic(), element.partition()))
            .collect()
    }
}

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        super::log(level, facility, message);
    }

    fn stats_raw(&self, json: &[u8]) {
        self.events.statistics(Client::Consumer, json);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.events.send(Event::Client {
            client: Client::Consumer,
            code: code_of(&error),
            reason: reason.to_owned(),
        });
    }
}

impl ConsumerContext for Context {
    /// Queues the rebalance and returns; librdkafka waits, paused, until the loop has answered. The default would
    /// answer here, inside `poll`, before anything in flight is settled.
    fn rebalance(
        &self,
        consumer: &BaseConsumer<Self>,
        code: RDKafkaRespErr,
        partitions: &mut TopicPartitionList,
    ) {
        if self.closing.load(Ordering::Acquire) {
            // Closing polls until the assignment is gone, and nobody is left to answer later.
            let answered = match consumer.rebalance_protocol() {
                RebalanceProtocol::Cooperative => consumer.incremental_unassign(partitions),
                RebalanceProtocol::Eager | RebalanceProtocol::None => consumer.unassign(),
            };
            if let Err(error) = answered {
                tracing::debug!(%error, "unassign while closing failed");
            }
            return;
        }
        let sources = self.sources(partitions);
        let (unanswered, event) = match code {
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS => {
                (Unanswered::Assigned, Event::Assigned(sources))
            }
            _ => (Unanswered::Revoked, Event::Revoked(sources)),
        };
        *self.lock() = Some(unanswered);
        self.events.send(event);
    }

    fn commit_callback(&self, result: KafkaResult<()>, _offsets: &TopicPartitionList) {
        let result = result.map_err(|error| code_of(&error));
        // "Nothing to commit" is how an idle client reports its interval.
        if result != Err(RDKafkaErrorCode::NoOffset) {
            self.events.send(Event::Committed(result));
        }
    }
}

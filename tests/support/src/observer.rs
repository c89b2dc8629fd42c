//! What a cluster says of itself: brokers, topics, offsets, groups.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rdkafka::ClientConfig;
use rdkafka::admin::{
    AdminClient, AdminOptions, AlterConfig, NewPartitions, NewTopic, ResourceSpecifier,
    TopicReplication,
};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};

use crate::wait;

/// How long one request may take.
const REQUEST: Duration = Duration::from_secs(10);

/// How long a question may go without an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a new topic may be without leaders.
const TOPIC_DEADLINE: Duration = Duration::from_secs(60);

/// A client configuration with nothing but the brokers.
pub fn client(bootstrap_servers: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", bootstrap_servers)
        .set("reconnect.backoff.max.ms", "1000");
    config
}

/// A view of a cluster from outside, without a part in any group.
pub struct Observer {
    bootstrap_servers: String,
    admin: AdminClient<DefaultClientContext>,
    uncommitted: BaseConsumer,
    /// One consumer a group that was asked after; none of them joins.
    groups: Mutex<BTreeMap<String, Arc<BaseConsumer>>>,
}

/// What a broker says of a group.
#[derive(Debug, Default)]
pub struct Group {
    pub state: String,
    /// A line a member: its client id, and the bytes of its assignment.
    pub members: Vec<String>,
}

impl Observer {
    pub fn new(bootstrap_servers: &str) -> Result<Observer> {
        Ok(Observer {
            bootstrap_servers: bootstrap_servers.to_owned(),
            admin: client(bootstrap_servers).create()?,
            uncommitted: client(bootstrap_servers).create()?,
            groups: Mutex::default(),
        })
    }

    /// How many brokers the metadata lists; none while nobody answers.
    pub fn brokers(&self) -> usize {
        self.uncommitted
            .fetch_metadata(Some("__none__"), Duration::from_secs(2))
            .map_or(0, |metadata| metadata.brokers().len())
    }

    /// Makes a topic, and waits until every partition has a leader.
    pub fn create_topic(
        &self,
        name: &str,
        partitions: i32,
        replication: i32,
        config: &[(&str, &str)],
    ) -> Result<()> {
        let mut topic = NewTopic::new(name, partitions, TopicReplication::Fixed(replication));
        for (key, value) in config {
            topic = topic.set(key, value);
        }
        let options = AdminOptions::new().operation_timeout(Some(TOPIC_DEADLINE));
        let results = block_on(self.admin.create_topics([&topic], &options))?;
        for result in results {
            if let Err((name, code)) = result
                && code != RDKafkaErrorCode::TopicAlreadyExists
            {
                bail!("cannot create topic {name}: {code}");
            }
        }
        wait::until(format!("leaders of {name}"), TOPIC_DEADLINE, || {
            let leaders = self.leaders_now(name).unwrap_or_default();
            let all = leaders.len() == partitions as usize && leaders.iter().all(|id| *id >= 0);
            Ok(all.then_some(()))
        })
    }

    /// Deletes what stands before an offset of a partition, as retention does.
    pub fn delete_before(&self, topic: &str, partition: i32, offset: i64) -> Result<()> {
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(topic, partition, Offset::Offset(offset))?;
        block_on(self.admin.delete_records(&list, &AdminOptions::new()))?;
        Ok(())
    }

    /// Gives a topic more partitions, and waits until each has a leader.
    pub fn add_partitions(&self, topic: &str, count: usize) -> Result<()> {
        let partitions = NewPartitions::new(topic, count);
        for result in block_on(
            self.admin
                .create_partitions([&partitions], &AdminOptions::new()),
        )? {
            if let Err((name, code)) = result {
                bail!("cannot add partitions to {name}: {code}");
            }
        }
        wait::until(format!("leaders of {topic}"), TOPIC_DEADLINE, || {
            let leaders = self.leaders(topic).unwrap_or_default();
            let all = leaders.len() == count && leaders.iter().all(|id| *id >= 0);
            Ok(all.then_some(()))
        })
    }

    /// Sets a topic's `max.message.bytes`.
    pub fn limit_messages(&self, topic: &str, max_bytes: usize) -> Result<()> {
        let max_bytes = max_bytes.to_string();
        let config =
            AlterConfig::new(ResourceSpecifier::Topic(topic)).set("max.message.bytes", &max_bytes);
        for result in block_on(self.admin.alter_configs([&config], &AdminOptions::new()))? {
            if let Err((_, code)) = result {
                bail!("cannot limit {topic}: {code}");
            }
        }
        Ok(())
    }

    /// Sets a group's offsets, by partition; the group must have no member.
    pub fn commit(&self, group: &str, topic: &str, offsets: &[i64]) -> Result<()> {
        let mut list = TopicPartitionList::new();
        for (partition, offset) in (0..).zip(offsets) {
            list.add_partition_offset(topic, partition, Offset::Offset(*offset))?;
        }
        let consumer: BaseConsumer = client(&self.bootstrap_servers)
            .set("group.id", group)
            .create()?;
        consumer.commit(&list, CommitMode::Sync)?;
        Ok(())
    }

    /// Deletes topics; one that is not there is no error.
    pub fn delete_topics(&self, names: &[&str]) -> Result<()> {
        block_on(self.admin.delete_topics(names, &AdminOptions::new()))?;
        Ok(())
    }

    /// The broker that leads each partition of a topic, -1 where none does.
    pub fn leaders(&self, topic: &str) -> Result<Vec<i32>> {
        patiently(|| self.leaders_now(topic))
    }

    fn leaders_now(&self, topic: &str) -> Result<Vec<i32>> {
        let consumer: BaseConsumer = client(&self.bootstrap_servers).create()?;
        let metadata = consumer.fetch_metadata(Some(topic), REQUEST)?;
        let topic = metadata.topics().first().context("no such topic")?;
        if let Some(error) = topic.error() {
            bail!("no metadata of {}: {error:?}", topic.name());
        }
        let mut leaders: Vec<(i32, i32)> = topic
            .partitions()
            .iter()
            .map(|partition| (partition.id(), partition.leader()))
            .collect();
        leaders.sort_unstable();
        Ok(leaders.into_iter().map(|(_, leader)| leader).collect())
    }

    /// Whether every replica of a topic has everything.
    pub fn in_sync(&self, topic: &str) -> Result<bool> {
        let consumer: BaseConsumer = client(&self.bootstrap_servers).create()?;
        let metadata = consumer.fetch_metadata(Some(topic), REQUEST)?;
        let topic = metadata.topics().first().context("no such topic")?;
        if let Some(error) = topic.error() {
            bail!("no metadata of {}: {error:?}", topic.name());
        }
        let mut partitions = topic.partitions().iter();
        Ok(partitions.all(|partition| partition.isr().len() == partition.replicas().len()))
    }

    /// The next offset of each partition.
    pub fn ends(&self, topic: &str) -> Result<Vec<i64>> {
        self.watermarks("read_uncommitted", topic)
    }

    /// The offset up to which each partition's transactions are decided.
    pub fn stable_ends(&self, topic: &str) -> Result<Vec<i64>> {
        self.watermarks("read_committed", topic)
    }

    /// How many partitions hold an open transaction.
    pub fn open_transactions(&self, topic: &str) -> Result<usize> {
        // The end before the stable end: a transaction that ends in between must not look open.
        let ends = self.ends(topic)?;
        let stable = self.stable_ends(topic)?;
        Ok(ends
            .iter()
            .zip(&stable)
            .filter(|(end, stable)| end > stable)
            .count())
    }

    /// The offsets that a group has committed, 0 where there is none.
    pub fn committed(&self, group: &str, topic: &str) -> Result<Vec<i64>> {
        patiently(|| self.committed_now(group, topic))
    }

    fn committed_now(&self, group: &str, topic: &str) -> Result<Vec<i64>> {
        let partitions = self.leaders_now(topic)?.len() as i32;
        let mut list = TopicPartitionList::new();
        list.add_partition_range(topic, 0, partitions - 1);
        let list = self.group(group)?.committed_offsets(list, REQUEST)?;
        let mut offsets: Vec<(i32, i64)> = Vec::new();
        for element in list.elements() {
            element.error()?;
            let offset = match element.offset() {
                rdkafka::Offset::Offset(offset) => offset,
                _ => 0,
            };
            offsets.push((element.partition(), offset));
        }
        offsets.sort_unstable();
        Ok(offsets.into_iter().map(|(_, offset)| offset).collect())
    }

    /// How many messages a group has yet to commit.
    pub fn lag(&self, group: &str, topic: &str) -> Result<i64> {
        let committed = self.committed(group, topic)?;
        let ends = self.ends(topic)?;
        Ok(ends
            .iter()
            .zip(&committed)
            .map(|(end, done)| end - done)
            .sum())
    }

    /// The state of a group and its members, for whoever wonders why nothing moves.
    pub fn describe(&self, group: &str) -> Result<Group> {
        let list = self.uncommitted.fetch_group_list(Some(group), REQUEST)?;
        let Some(info) = list.groups().first() else {
            return Ok(Group::default());
        };
        Ok(Group {
            state: info.state().to_owned(),
            members: info
                .members()
                .iter()
                .map(|member| {
                    let bytes = member.assignment().map_or(0, <[u8]>::len);
                    format!("{} (assignment of {bytes} bytes)", member.client_id())
                })
                .collect(),
        })
    }

    fn watermarks(&self, isolation: &str, topic: &str) -> Result<Vec<i64>> {
        patiently(|| {
            let partitions = self.leaders_now(topic)?.len() as i32;
            // A client of its own for each try: one that lives long has been seen to time out for a whole minute.
            let consumer: BaseConsumer = client(&self.bootstrap_servers)
                .set("isolation.level", isolation)
                .create()?;
            (0..partitions)
                .map(|partition| {
                    let (_, end) = consumer.fetch_watermarks(topic, partition, REQUEST)?;
                    Ok(end)
                })
                .collect()
        })
    }

    fn group(&self, group: &str) -> Result<Arc<BaseConsumer>> {
        let mut groups = self
            .groups
            .lock()
            .expect("no holder of this lock can panic");
        if let Some(consumer) = groups.get(group) {
            return Ok(consumer.clone());
        }
        let consumer: BaseConsumer = client(&self.bootstrap_servers)
            .set("group.id", group)
            // A reader of committed data gets no answer while a killed worker's offsets stand in an open transaction.
            .set("isolation.level", "read_uncommitted")
            .create()?;
        let consumer = Arc::new(consumer);
        groups.insert(group.to_owned(), consumer.clone());
        Ok(consumer)
    }
}

/// Asks again for as long as brokers restart and leaders move; the last error, if that does not end.
fn patiently<T>(mut ask: impl FnMut() -> Result<T>) -> Result<T> {
    let mut last = None;
    let answer = wait::until("an answer", PATIENCE, || match ask() {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => {
            last = Some(error);
            Ok(None)
        }
    });
    answer.map_err(|error| last.unwrap_or(error))
}

/// Runs an admin request to its end; the admin client has a thread of its own that answers it.
fn block_on<T>(request: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime without I/O needs nothing that can be missing")
        .block_on(request)
}

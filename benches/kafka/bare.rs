//! The limit: a loop that does nothing but copy, at least once, with the worker's client settings.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use rdkafka::ClientContext;
use rdkafka::Message as _;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::{BaseRecord, DeliveryResult, ProducerContext, ThreadedProducer};
use support::observer::client;

use crate::{Drained, PRODUCER, Run, cpu, until};

#[derive(Clone, Default)]
struct Counting(Arc<AtomicUsize>);

impl ClientContext for Counting {}

impl ProducerContext for Counting {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        if result.is_ok() {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

pub fn drain(run: &Run<'_>) -> Result<Drained> {
    let consumer: BaseConsumer = client(run.servers)
        .set("group.id", &run.name)
        .set("auto.offset.reset", "earliest")
        .set("enable.auto.offset.store", "false")
        .set("fetch.wait.max.ms", "50")
        .set("fetch.max.bytes", "16777216")
        .set("queued.max.messages.kbytes", "32768")
        .set("fetch.queue.backoff.ms", "20")
        .create()?;
    let mut config = client(run.servers);
    for (name, value) in PRODUCER {
        config.set(*name, *value);
    }
    config.set("enable.idempotence", "true").set("acks", "all");
    let delivered = Counting::default();
    let producer: ThreadedProducer<Counting> = config.create_with_context(delivered.clone())?;
    consumer.subscribe(&["bench.in"])?;

    let output = run.output();
    let mut begun: Option<(Instant, Duration)> = None;
    let mut copied = 0;
    while copied < run.messages {
        let Some(message) = consumer.poll(Duration::from_millis(100)) else {
            continue;
        };
        let message = message?;
        begun.get_or_insert_with(|| (Instant::now(), cpu()));
        let mut record = BaseRecord::to(&output);
        if let Some(key) = message.key() {
            record = record.key(key);
        }
        if let Some(payload) = message.payload() {
            record = record.payload(payload);
        }
        let mut unsent = producer.send(record).err().map(|(_, record)| record);
        while let Some(record) = unsent {
            producer.poll(Duration::from_millis(1));
            unsent = producer.send(record).err().map(|(_, record)| record);
        }
        consumer.store_offset_from_message(&message)?;
        copied += 1;
    }
    until(|| delivered.0.load(Ordering::Relaxed) == run.messages)?;
    let (wall, busy) = begun.expect("messages were copied");
    Ok(Drained {
        wall: wall.elapsed(),
        cpu: cpu() - busy,
    })
}

//! Calls into librdkafka that rdkafka does not offer: the only `unsafe` code.

use std::time::Duration;

use rdkafka::bindings;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::producer::{Producer, ProducerContext, ThreadedProducer};

/// Waits until every message of the producer is delivered or has failed; `false` after `timeout`.
///
/// `Producer::flush` polls in slices of 100 ms and waits each of them out, so it never takes less; a
/// `ThreadedProducer` has its own poller, and librdkafka's own flush returns as soon as the queue is empty.
pub fn flush<C: ProducerContext>(
    producer: &ThreadedProducer<C>,
    timeout: Duration,
) -> Result<bool, RDKafkaErrorCode> {
    let millis = i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX);
    // SAFETY: the pointer is valid for as long as the producer is borrowed, and rd_kafka_flush may be called from any
    // thread.
    let code = unsafe { bindings::rd_kafka_flush(producer.client().native_ptr(), millis) };
    match RDKafkaErrorCode::from(code) {
        RDKafkaErrorCode::NoError => Ok(true),
        RDKafkaErrorCode::OperationTimedOut => Ok(false),
        code => Err(code),
    }
}

/// The group generation of a consumer; negative while it is no member.
///
/// A broker takes a transactional offset commit with a negative generation and no member id without fencing it, so
/// nothing may be committed then.
pub fn generation<C: ConsumerContext>(consumer: &BaseConsumer<C>) -> i32 {
    // SAFETY: the pointer is valid for as long as the consumer is borrowed; the metadata is ours until destroyed, and
    // null (no group) is checked.
    unsafe {
        let metadata = bindings::rd_kafka_consumer_group_metadata(consumer.client().native_ptr());
        if metadata.is_null() {
            return -1;
        }
        let generation = bindings::rd_kafka_consumer_group_metadata_generation_id(metadata);
        bindings::rd_kafka_consumer_group_metadata_destroy(metadata);
        generation
    }
}

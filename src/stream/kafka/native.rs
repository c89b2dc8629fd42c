//! Calls into librdkafka that rdkafka does not offer: the only `unsafe` code.

use std::ffi::CStr;
use std::ptr;
use std::slice;
use std::time::Duration;

use rdkafka::bindings;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::message::BorrowedMessage;
use rdkafka::producer::{Producer, ProducerContext, ThreadedProducer};

use crate::stream::message::Header;

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

/// A message's headers, copied; a name that is not UTF-8 is made so, with replacement characters.
///
/// rdkafka panics on such a name, which any producer can write: one message would end every worker that reads it.
pub fn headers(message: &BorrowedMessage<'_>) -> Vec<Header> {
    let mut all = Vec::new();
    // SAFETY: the message is borrowed, so its headers, which it owns, live until this returns. librdkafka gives names
    // that end in a zero byte, and values that are null or have `size` bytes.
    unsafe {
        let mut headers = ptr::null_mut();
        let code = bindings::rd_kafka_message_headers(message.ptr(), &mut headers);
        if RDKafkaErrorCode::from(code) != RDKafkaErrorCode::NoError {
            return all;
        }
        for index in 0.. {
            let (mut name, mut value, mut size) = (ptr::null(), ptr::null(), 0);
            let code =
                bindings::rd_kafka_header_get_all(headers, index, &mut name, &mut value, &mut size);
            if RDKafkaErrorCode::from(code) != RDKafkaErrorCode::NoError {
                break;
            }
            all.push(Header {
                name: CStr::from_ptr(name).to_string_lossy().into_owned(),
                value: (!value.is_null())
                    .then(|| slice::from_raw_parts(value.cast::<u8>(), size).to_vec()),
            });
        }
    }
    all
}

//! Calls into librdkafka that rdkafka does not offer: the only `unsafe` code.

use std::ffi::{CStr, CString, c_char};
use std::ptr;
use std::slice;
use std::time::Duration;

use rdkafka::admin::AdminClient;
use rdkafka::bindings::{
    self, rd_kafka_AclOperation_t, rd_kafka_admin_op_t, rd_kafka_error_t, rd_kafka_resp_err_t,
};
use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::message::BorrowedMessage;
use rdkafka::producer::{Producer, ProducerContext, ThreadedProducer};
use rdkafka::types::{RDKafka, RDKafkaAdminOptions, RDKafkaEvent, RDKafkaQueue};

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

/// What the broker allows on a topic or group, or why it does not say.
pub type Rights = Result<Vec<rd_kafka_AclOperation_t>, RDKafkaErrorCode>;

/// What the client's principal may do with each of these topics, in their order, by the broker's own word.
///
/// Without an authorizer the broker allows everything and says so.
pub fn topic_rights<C: ClientContext>(
    client: &AdminClient<C>,
    topics: &[&str],
    timeout: Duration,
) -> Result<Vec<Rights>, RDKafkaErrorCode> {
    let names = c_strings(topics)?;
    let mut names: Vec<*const c_char> = names.iter().map(|name| name.as_ptr()).collect();
    let api = rd_kafka_admin_op_t::RD_KAFKA_ADMIN_OP_DESCRIBETOPICS;
    // SAFETY: the names outlive the calls, which copy them. Descriptions, their errors and operations belong to the
    // event, which `described` keeps while they are read; librdkafka gives no null description.
    unsafe {
        let collection =
            bindings::rd_kafka_TopicCollection_of_topic_names(names.as_mut_ptr(), names.len());
        let collection = Owned(collection, bindings::rd_kafka_TopicCollection_destroy);
        described(
            client,
            api,
            timeout,
            |rk, options, queue| {
                bindings::rd_kafka_DescribeTopics(rk, collection.0, options, queue)
            },
            |event| {
                let result = bindings::rd_kafka_event_DescribeTopics_result(event);
                let mut count = 0;
                let topics = bindings::rd_kafka_DescribeTopics_result_topics(result, &mut count);
                items(topics, count)
                    .iter()
                    .map(|&topic| {
                        let error = bindings::rd_kafka_TopicDescription_error(topic);
                        let mut count = 0;
                        let allowed = bindings::rd_kafka_TopicDescription_authorized_operations(
                            topic, &mut count,
                        );
                        rights(error, items(allowed, count))
                    })
                    .collect()
            },
        )
    }
}

/// What the client's principal may do with this group, by the broker's own word.
pub fn group_rights<C: ClientContext>(
    client: &AdminClient<C>,
    group: &str,
    timeout: Duration,
) -> Result<Rights, RDKafkaErrorCode> {
    let names = c_strings(&[group])?;
    let mut names: Vec<*const c_char> = names.iter().map(|name| name.as_ptr()).collect();
    let api = rd_kafka_admin_op_t::RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS;
    // SAFETY: as in `topic_rights`.
    let mut groups: Vec<Rights> = unsafe {
        described(
            client,
            api,
            timeout,
            |rk, options, queue| {
                bindings::rd_kafka_DescribeConsumerGroups(
                    rk,
                    names.as_mut_ptr(),
                    names.len(),
                    options,
                    queue,
                );
            },
            |event| {
                let result = bindings::rd_kafka_event_DescribeConsumerGroups_result(event);
                let mut count = 0;
                let groups =
                    bindings::rd_kafka_DescribeConsumerGroups_result_groups(result, &mut count);
                items(groups, count)
                    .iter()
                    .map(|&group| {
                        let error = bindings::rd_kafka_ConsumerGroupDescription_error(group);
                        let mut count = 0;
                        let allowed =
                            bindings::rd_kafka_ConsumerGroupDescription_authorized_operations(
                                group, &mut count,
                            );
                        rights(error, items(allowed, count))
                    })
                    .collect()
            },
        )?
    };
    groups.pop().ok_or(RDKafkaErrorCode::Fail)
}

/// Sends a describing request that asks for rights too, and reads the answer.
///
/// # Safety
/// `send` and `read` may only do what librdkafka allows with the pointers that they get.
unsafe fn described<C: ClientContext, T>(
    client: &AdminClient<C>,
    api: rd_kafka_admin_op_t,
    timeout: Duration,
    send: impl FnOnce(*mut RDKafka, *const RDKafkaAdminOptions, *mut RDKafkaQueue),
    read: impl FnOnce(*mut RDKafkaEvent) -> T,
) -> Result<T, RDKafkaErrorCode> {
    let millis = i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX);
    // SAFETY: the client is borrowed, so its pointer is valid; options, queue and event are ours until dropped here, in
    // the opposite order, and null is checked where librdkafka can give it. An error of a setter is ours to destroy.
    unsafe {
        let rk = client.inner().native_ptr();
        let options = Owned(
            bindings::rd_kafka_AdminOptions_new(rk, api),
            bindings::rd_kafka_AdminOptions_destroy,
        );
        let error = bindings::rd_kafka_AdminOptions_set_include_authorized_operations(options.0, 1);
        if !error.is_null() {
            let error = Owned(error, bindings::rd_kafka_error_destroy);
            return Err(bindings::rd_kafka_error_code(error.0).into());
        }
        let mut reason = [0; 256];
        let code = bindings::rd_kafka_AdminOptions_set_request_timeout(
            options.0,
            millis,
            reason.as_mut_ptr(),
            reason.len(),
        );
        if code != rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR {
            return Err(code.into());
        }
        let queue = Owned(
            bindings::rd_kafka_queue_new(rk),
            bindings::rd_kafka_queue_destroy,
        );
        send(rk, options.0, queue.0);
        let event = bindings::rd_kafka_queue_poll(queue.0, millis);
        if event.is_null() {
            return Err(RDKafkaErrorCode::OperationTimedOut);
        }
        let event = Owned(event, bindings::rd_kafka_event_destroy);
        match bindings::rd_kafka_event_error(event.0).into() {
            RDKafkaErrorCode::NoError => Ok(read(event.0)),
            code => Err(code),
        }
    }
}

/// # Safety
/// `error` is null or valid.
unsafe fn rights(error: *const rd_kafka_error_t, allowed: &[rd_kafka_AclOperation_t]) -> Rights {
    // SAFETY: by the caller; null is "no error".
    match unsafe { bindings::rd_kafka_error_code(error) }.into() {
        RDKafkaErrorCode::NoError => Ok(allowed.to_vec()),
        code => Err(code),
    }
}

/// # Safety
/// `first` is null, or points to `count` values that live as long as what is read from them.
unsafe fn items<'a, T>(first: *const T, count: usize) -> &'a [T] {
    if first.is_null() {
        return &[];
    }
    // SAFETY: by the caller.
    unsafe { slice::from_raw_parts(first, count) }
}

/// Names for C; one with a zero byte is a name of nothing.
fn c_strings(names: &[&str]) -> Result<Vec<CString>, RDKafkaErrorCode> {
    let names = names.iter().map(|name| CString::new(*name));
    names
        .collect::<Result<_, _>>()
        .map_err(|_| RDKafkaErrorCode::InvalidArgument)
}

/// Something of librdkafka's that is ours to destroy.
struct Owned<T>(*mut T, unsafe extern "C" fn(*mut T));

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: the pointer came from the constructor that belongs to this destructor, and nothing else destroys it.
        unsafe { (self.1)(self.0) }
    }
}

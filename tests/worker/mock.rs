//! The worker in this process against librdkafka's mock cluster, which gives errors that a real broker is hard put to
//! give. At least once: the mock cluster does no transactions.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::bounded;
use newsmill::metrics::{Destination, Metrics};
use newsmill::stream::config::{DeliveryConfig, Guarantee, KafkaConfig, PipelineConfig};
use newsmill::stream::{
    Handled, Handler, Health, Message, Output, Settings, Shutdown, Summary, Worker,
};
use rdkafka::ClientConfig;
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

const DEADLINE: Duration = Duration::from_secs(60);

/// Copies, but not before the errors are in place.
struct Copy(Arc<AtomicBool>);

impl Handler for Copy {
    fn handle(&self, message: &Message) -> Handled {
        until("the errors", || self.0.load(Ordering::Acquire));
        Handled::Record(Output {
            key: message.key.clone(),
            value: message.value.clone(),
            headers: Vec::new(),
        })
    }
}

/// Sends `messages` through a worker while the cluster answers the next requests with these errors.
fn run(api: RDKafkaApiKey, errors: &[RDKafkaRespErr], messages: u64) -> Summary {
    let cluster = MockCluster::new(1).unwrap();
    for topic in ["in", "out", "dead"] {
        cluster.create_topic(topic, 1, 1).unwrap();
    }
    let mut kafka = KafkaConfig::new(&cluster.bootstrap_servers(), "in", "out", "dead");
    kafka.properties.set("fetch.wait.max.ms", "20");
    kafka.properties.set("auto.commit.interval.ms", "100");
    let settings = Settings {
        kafka,
        delivery: DeliveryConfig {
            guarantee: Guarantee::AtLeastOnce,
            ..DeliveryConfig::default()
        },
        pipeline: PipelineConfig::default(),
    };
    let errors_in_place = Arc::new(AtomicBool::new(false));
    let handler = Arc::new(Copy(Arc::clone(&errors_in_place)));
    let metrics = Metrics::new();
    let health = Health::new(settings.workers());
    let worker = Worker::new(settings, handler, metrics.clone(), health.clone()).unwrap();
    let (stop, told) = bounded(1);
    let thread = thread::spawn(move || worker.run(&told));
    until("the worker to be ready", || health.not_ready().is_empty());

    send(&cluster.bootstrap_servers(), messages);
    cluster.request_errors(api, errors);
    errors_in_place.store(true, Ordering::Release);
    let settled = || {
        let of = |destination| metrics.output_messages_total.of(destination).get();
        of(Destination::Output) + of(Destination::DeadLetter)
    };
    until("every message to be settled", || settled() >= messages);
    assert!(health.live().is_ok());
    stop.send(Shutdown::Drain).unwrap();
    thread.join().unwrap().unwrap()
}

fn send(servers: &str, messages: u64) {
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", servers)
        .create()
        .unwrap();
    for number in 0..messages {
        let value = number.to_string();
        let record = BaseRecord::to("in").key(&value).payload(&value);
        producer.send(record).map_err(|(error, _)| error).unwrap();
    }
    producer.flush(DEADLINE).unwrap();
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !done() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        thread::yield_now();
    }
}

/// What the broker says of the output or of itself is nobody's dead letter.
#[test]
fn refusals_of_the_topic_are_waited_out() {
    use RDKafkaRespErr::{
        RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR as DISK,
        RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS as REPLICAS,
        RD_KAFKA_RESP_ERR_POLICY_VIOLATION as POLICY,
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED as RIGHTS,
    };
    for code in [DISK, REPLICAS, POLICY, RIGHTS] {
        let summary = run(RDKafkaApiKey::Produce, &[code; 3], 20);
        let name = RDKafkaErrorCode::from(code);
        assert_eq!(summary.dead_letters, 0, "{name:?}");
        assert_eq!((summary.records, summary.unfinished), (20, 0), "{name:?}");
    }
}

/// A record that is refused for itself becomes a dead letter on the second pass, and nothing else does.
#[test]
fn a_refused_record_is_a_dead_letter() {
    let refused = RDKafkaRespErr::RD_KAFKA_RESP_ERR_INVALID_RECORD;
    let summary = run(RDKafkaApiKey::Produce, &[refused], 1);
    assert_eq!((summary.records, summary.dead_letters), (0, 1));
}

/// Of a batch that is refused nobody knows the culprit: its messages leave one by one.
#[test]
fn a_refused_batch_is_sent_one_by_one() {
    let refused = RDKafkaRespErr::RD_KAFKA_RESP_ERR_INVALID_RECORD;
    let summary = run(RDKafkaApiKey::Produce, &[refused], 50);
    assert_eq!((summary.records, summary.dead_letters), (50, 0));
}

/// Commits that a rebalance refuses are tried again by the client.
#[test]
fn refused_commits_hold_nothing_up() {
    let refused = RDKafkaRespErr::RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS;
    let summary = run(RDKafkaApiKey::OffsetCommit, &[refused; 5], 50);
    assert_eq!((summary.records, summary.unfinished), (50, 0));
}

//! What can happen to the input topics: each has its documented outcome, and none is a silent jump.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer, ThreadedProducer};
use support::observer::client;
use support::reader::{self, Seen};
use support::samples::Samples;
use support::scenario::{INPUT_PARTITIONS, Scenario};
use support::suite::{Stage, Test};
use support::wait;
use support::worker::{Guarantee, Worker};

use crate::GUARANTEES;

const DEADLINE: Duration = Duration::from_secs(90);

pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (name, body) in [
        (
            "incidents::a_position_behind_the_log_is_not_jumped_over",
            position_behind_the_log as fn(&Stage, Guarantee) -> Result<()>,
        ),
        (
            "incidents::a_partition_added_later_is_read_from_its_begin",
            partition_added_later,
        ),
        (
            "incidents::a_topic_that_comes_later_is_read_from_its_begin",
            topic_that_comes_later,
        ),
    ] {
        tests.extend(Test::for_each_guarantee(name, &GUARANTEES, body));
    }
    tests
}

/// Retention deletes what the group has not read yet: the partition stands until a person decides, the others go on.
fn position_behind_the_log(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "behind", guarantee)?;
    let samples = Arc::new(Samples::short());
    let mut generator = scenario.generator(samples, 0, 31)?;
    generator.send(400)?;
    generator.flush()?;
    let ends = scenario.observer.ends(&scenario.input)?;
    // The group stands at 10 in every partition, and partition 0 begins at 20.
    scenario
        .observer
        .commit(&scenario.group, &scenario.input, &[10; 4])?;
    scenario.observer.delete_before(&scenario.input, 0, 20)?;

    let mut worker = scenario.start("worker", scenario.config())?;
    wait_position_lost(&mut worker)?;
    let others = |committed: &[i64]| committed[1..] == ends[1..];
    wait::until("the other partitions", DEADLINE, || {
        worker.fail_if_ended()?;
        let committed = scenario
            .observer
            .committed(&scenario.group, &scenario.input)?;
        ensure!(
            committed[0] == 10,
            "the lost position moved to {}",
            committed[0]
        );
        Ok(others(&committed).then_some(()))
    })?;
    let mut from_lost = 0;
    read(&scenario, |seen| {
        from_lost += usize::from(source_partition(&seen) == Some(0));
    })?;
    ensure!(
        from_lost == 0,
        "{from_lost} messages of the lost partition came out"
    );
    ensure!(
        worker.get("/livez")?.status == 200,
        "a lost position is not dead"
    );
    ensure!(worker.stop()?.success(), "a bad status at the end");

    // As the log says: the offset is set while nobody is in the group, and the worker started again.
    wait::until("the group to be empty", DEADLINE, || {
        let mut offsets = ends.clone();
        offsets[0] = 20;
        Ok(scenario
            .observer
            .commit(&scenario.group, &scenario.input, &offsets)
            .ok())
    })?;
    let mut worker = scenario.start("worker-again", scenario.config())?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    worker.wait_ready(DEADLINE)?;
    let mut offsets = Vec::new();
    read(&scenario, |seen| {
        if source_partition(&seen) == Some(0) {
            offsets.push(seen.offset);
        }
    })?;
    let expected = ends[0] - 20;
    ensure!(
        offsets.len() as i64 == expected,
        "{} messages of the partition came out, not {expected}",
        offsets.len()
    );
    Ok(())
}

/// A group that began at the latest offset reads an added partition from its begin: its first messages came while the
/// group was at work.
fn partition_added_later(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "added", guarantee)?;
    let config = scenario
        .config()
        .with("delivery.start_from", "latest")
        .with(
            "kafka.properties.topic.metadata.refresh.interval.ms",
            "1000",
        );
    let mut worker = scenario.start("worker", config)?;
    worker.wait_ready(DEADLINE)?;
    let added = INPUT_PARTITIONS;
    scenario
        .observer
        .add_partitions(&scenario.input, added as usize + 1)?;
    // Before the worker can know of it.
    send(&scenario, &scenario.input, added, 50)?;
    wait_came_out(&scenario, &mut worker, 50)
}

/// An input topic that does not exist yet keeps nobody from work, and is read from its begin once it is there.
fn topic_that_comes_later(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "later", guarantee)?;
    let later = format!("{}.later", scenario.input);
    let config = scenario
        .config()
        .with(
            "kafka.input_topics",
            vec![scenario.input.clone(), later.clone()],
        )
        .with("delivery.start_from", "latest")
        .with(
            "kafka.properties.topic.metadata.refresh.interval.ms",
            "1000",
        );
    let mut worker = scenario.start("worker", config)?;
    worker.wait_ready(DEADLINE)?;
    send(&scenario, &scenario.input, 0, 20)?;
    wait_came_out(&scenario, &mut worker, 20)?;
    scenario.observer.create_topic(&later, 1, 1, &[])?;
    send(&scenario, &later, 0, 30)?;
    wait_came_out(&scenario, &mut worker, 50)
}

pub fn wait_position_lost(worker: &mut Worker) -> Result<()> {
    wait::until(
        "the worker to say that a position is lost",
        DEADLINE,
        || {
            worker.fail_if_ended()?;
            let answer = worker.get("/readyz")?;
            Ok((answer.status == 503 && answer.body.contains("position_lost")).then_some(()))
        },
    )
}

/// Waits until exactly so many messages have come out, each once.
pub fn wait_came_out(scenario: &Scenario, worker: &mut Worker, count: usize) -> Result<()> {
    wait::until(format!("{count} messages to come out"), DEADLINE, || {
        worker.fail_if_ended()?;
        let mut came_out = 0;
        read(scenario, |_| came_out += 1)?;
        ensure!(came_out <= count, "{came_out} messages came out");
        Ok((came_out == count).then_some(()))
    })
}

pub fn read(scenario: &Scenario, see: impl FnMut(Seen)) -> Result<()> {
    let servers = scenario.cluster.bootstrap_servers();
    reader::read(servers, &scenario.observer, &scenario.output, see)
}

fn source_partition(seen: &Seen) -> Option<i64> {
    let record: serde_json::Value = serde_json::from_slice(seen.value.as_deref()?).ok()?;
    record["source"]["partition"].as_i64()
}

/// Sends articles to one partition.
pub fn send(scenario: &Scenario, topic: &str, partition: i32, count: usize) -> Result<()> {
    let producer: ThreadedProducer<DefaultProducerContext> =
        client(scenario.cluster.bootstrap_servers()).create()?;
    let samples = Samples::short();
    for number in 0..count {
        let article = samples.line(number % samples.len(), &format!("{topic}-{number}"));
        let key = format!("key-{number}");
        let record = BaseRecord::to(topic)
            .partition(partition)
            .key(&key)
            .payload(&article);
        producer.send(record).map_err(|(error, _)| error)?;
    }
    producer.flush(DEADLINE)?;
    Ok(())
}

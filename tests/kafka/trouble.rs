//! Trouble with the output: it heals by itself where it can, and no message pays for it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer, ThreadedProducer};
use support::observer::client;
use support::reader;
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::wait;
use support::worker::{Guarantee, Worker};

use crate::GUARANTEES;

const DEADLINE: Duration = Duration::from_secs(120);

pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (name, body) in [
        (
            "trouble::a_missing_output_topic_is_waited_for",
            missing_output_topic as fn(&Stage, Guarantee) -> Result<()>,
        ),
        (
            "trouble::a_record_too_large_is_the_only_dead_letter",
            record_too_large,
        ),
        (
            "trouble::of_a_refused_batch_one_message_pays",
            refused_batch,
        ),
        (
            "trouble::a_burst_of_poison_opens_the_breaker_which_heals",
            burst_of_poison,
        ),
    ] {
        tests.extend(Test::for_each_guarantee(name, &GUARANTEES, body));
    }
    tests
}

/// The output topic comes after the messages: all of them come out, once.
fn missing_output_topic(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "missing", guarantee)?;
    let missing = format!("{}.missing", scenario.output);
    let samples = Arc::new(Samples::short());
    let mut generator = scenario.generator(samples, 0, 41)?;
    generator.send(200)?;
    generator.flush()?;
    let config = scenario
        .config()
        .with("kafka.output_topic", missing.as_str())
        // How long a client takes a missing topic for one that is about to come; 30 s by default.
        .with("kafka.properties.topic.metadata.propagation.max.ms", "1000")
        .with(
            "kafka.properties.topic.metadata.refresh.interval.ms",
            "1000",
        );
    let mut worker = scenario.start("worker", config)?;
    wait_not_ready(&mut worker, "output_refused")?;
    ensure!(
        worker.get("/livez")?.status == 200,
        "a missing topic is not dead"
    );
    scenario
        .observer
        .create_topic(&missing, 3, scenario.cluster.replication(), &[])?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    worker.wait_ready(DEADLINE)?;
    let mut came_out = 0;
    let servers = scenario.cluster.bootstrap_servers();
    reader::read(servers, &scenario.observer, &missing, |_| came_out += 1)?;
    ensure!(came_out == 200, "{came_out} of 200 came out");
    ensure!(
        dead_letters(&scenario)?.is_empty(),
        "a message paid for a missing topic"
    );
    Ok(())
}

/// Known beforehand, by the topic's own limit: a dead letter, and nothing else is touched.
fn record_too_large(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "large", guarantee)?;
    scenario.observer.limit_messages(&scenario.output, 20_000)?;
    send_with_one_large(&scenario)?;
    let mut worker = scenario.start("worker", scenario.config())?;
    one_dead_letter(&scenario, &mut worker, "record_too_large")
}

/// The limit shrinks while the worker runs: batches are refused whole, and only the message that is too large pays.
fn refused_batch(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "refused", guarantee)?;
    let mut worker = scenario.start("worker", scenario.config())?;
    worker.wait_ready(DEADLINE)?;
    scenario.observer.limit_messages(&scenario.output, 20_000)?;
    send_with_one_large(&scenario)?;
    one_dead_letter(&scenario, &mut worker, "record_refused")
}

fn burst_of_poison(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "poison", guarantee)?;
    let samples = Arc::new(Samples::short());
    let mut generator = scenario.generator(samples.clone(), 0, 43)?;
    generator.send(100)?;
    generator.send_poison(60)?;
    generator.send(100)?;
    generator.flush()?;
    let config = scenario
        .config()
        .with("delivery.breaker.max_share", 0.1)
        .with("delivery.breaker.window_messages", 50)
        .with("delivery.breaker.pause_ms", 3000);
    let mut worker = scenario.start("worker", config)?;
    wait_not_ready(&mut worker, "breaker_open")?;
    ensure!(
        worker.get("/livez")?.status == 200,
        "an open breaker is not dead"
    );
    scenario.wait_drained([&mut worker], DEADLINE)?;
    let findings = scenario.check(&samples, generator.finish()?)?;
    findings.hold(guarantee)
}

fn wait_not_ready(worker: &mut Worker, reason: &str) -> Result<()> {
    wait::until(format!("the worker to say {reason}"), DEADLINE, || {
        worker.fail_if_ended()?;
        let answer = worker.get("/readyz")?;
        Ok((answer.status == 503 && answer.body.contains(reason)).then_some(()))
    })
}

const MESSAGES: usize = 100;

/// One article among others whose record does not fit into 20,000 bytes, however compressed.
fn send_with_one_large(scenario: &Scenario) -> Result<()> {
    let producer: ThreadedProducer<DefaultProducerContext> =
        client(scenario.cluster.bootstrap_servers()).create()?;
    let samples = Samples::short();
    let mut random = support::random::Random::new(7);
    let noise: String = random
        .bytes(60_000)
        .iter()
        .map(|byte| char::from(b'a' + byte % 26))
        .collect();
    for number in 0..MESSAGES {
        let article = match number {
            50 => serde_json::json!({"id": "large", "title": "Large", "text": noise}).to_string(),
            _ => samples.line(number % samples.len(), &format!("small-{number}")),
        };
        let key = format!("key-{number}");
        let record = BaseRecord::to(&scenario.input)
            .partition(0)
            .key(&key)
            .payload(&article);
        producer.send(record).map_err(|(error, _)| error)?;
    }
    producer.flush(DEADLINE)?;
    Ok(())
}

fn one_dead_letter(scenario: &Scenario, worker: &mut Worker, code: &str) -> Result<()> {
    scenario.wait_drained([worker], DEADLINE)?;
    let letters = dead_letters(scenario)?;
    ensure!(letters == [code], "dead letters: {letters:?}");
    let mut came_out = 0;
    let servers = scenario.cluster.bootstrap_servers();
    reader::read(servers, &scenario.observer, &scenario.output, |_| {
        came_out += 1
    })?;
    // At least once, what left before the refusal comes again.
    let expected = MESSAGES - 1;
    match scenario.guarantee {
        Guarantee::ExactlyOnce => {
            ensure!(came_out == expected, "{came_out} of {expected} came out")
        }
        Guarantee::AtLeastOnce => {
            ensure!(came_out >= expected, "{came_out} of {expected} came out")
        }
    }
    Ok(())
}

fn dead_letters(scenario: &Scenario) -> Result<Vec<String>> {
    let mut codes = Vec::new();
    let servers = scenario.cluster.bootstrap_servers();
    reader::read(
        servers,
        &scenario.observer,
        &scenario.dead_letters,
        |seen| {
            codes.push(
                seen.header_text("newsmill-error-code")
                    .unwrap_or("none")
                    .to_owned(),
            );
        },
    )?;
    Ok(codes)
}

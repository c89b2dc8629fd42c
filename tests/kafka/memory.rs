//! Memory stays bounded: whatever waits in the input, however large its articles are, and if the output stands.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer, ThreadedProducer};
use support::observer::client;
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::wait;
use support::worker::{Config, Guarantee, Worker};

use crate::GUARANTEES;

/// `[pipeline] in_flight_bytes`: the least that the largest article allows.
const BUDGET: u64 = 6 * MIB;

/// What the consumer prefetches, and one fetch beyond that.
const PREFETCH: u64 = 8 * MIB;
const FETCH: u64 = 8 * MIB;

/// What the client and the allocator need besides.
const SLACK: u64 = 48 * MIB;

/// A large article, and what the text side holds of one while it works on it, a text of nothing but names: measured.
const LARGE: u64 = 4 * MIB;
const WORKING: u64 = 60;

const MIB: u64 = 1024 * 1024;

/// Many times what the budget and the prefetch take together.
const MESSAGES: usize = 30_000;

/// More than there are CPU threads; the allocator may keep for each of them what a large article needed.
const LARGE_ARTICLES: usize = 10;
const THREADS: i64 = 2;

const DEADLINE: Duration = Duration::from_secs(240);

pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    if !Path::new("/proc/self/status").exists() {
        return tests;
    }
    for guarantee in GUARANTEES {
        for (name, body) in [
            ("a_lag", lag as fn(&Stage, Guarantee) -> Result<()>),
            ("large_articles", large_articles),
            ("a_throttled_output", throttled_output),
        ] {
            let name = format!(
                "memory::stays_bounded_under::{name}::{}",
                guarantee.as_str()
            );
            tests.push(Test::with_own_brokers(name, move |stage| {
                body(stage, guarantee)
            }));
        }
    }
    tests
}

fn lag(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "memory-lag", guarantee)?;
    let base = base(&scenario)?;
    let mut generator = scenario.generator(Arc::new(Samples::corpus()?), 0, 61)?;
    generator.send(MESSAGES)?;
    generator.flush()?;
    let mut worker = scenario.start("worker", config(&scenario))?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    bounded("lag", &worker, base + BUDGET)?;
    ensure!(worker.stop()?.success(), "a bad status at the end");
    Ok(())
}

/// Texts and names by turns. Each may become so large that it is worked on alone.
fn large_articles(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "memory-large", guarantee)?;
    let base = base(&scenario)?;
    let producer: ThreadedProducer<DefaultProducerContext> =
        client(scenario.cluster.bootstrap_servers())
            .set("message.max.bytes", "8000000")
            .create()?;
    let texts = [
        "The minister said on Monday that the talks in Geneva would go on for another week. ",
        "Joe Biden met Vladimir Putin, Emmanuel Macron and Olaf Scholz in Paris, Kyiv and Tokyo. ",
    ];
    for number in 0..LARGE_ARTICLES {
        let sentence = texts[number % texts.len()];
        let text = sentence.repeat(LARGE as usize / sentence.len());
        let article = serde_json::json!({"id": number.to_string(), "title": "Long", "text": text})
            .to_string();
        let key = number.to_string();
        let record = BaseRecord::to(&scenario.input).key(&key).payload(&article);
        producer.send(record).map_err(|(error, _)| error)?;
        producer.flush(DEADLINE)?;
    }
    let mut worker = scenario.start("worker", config(&scenario))?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    bounded("large articles", &worker, base + BUDGET + WORKING * LARGE)?;
    ensure!(worker.stop()?.success(), "a bad status at the end");
    Ok(())
}

/// The broker takes next to nothing: what was read waits, and no more is read.
fn throttled_output(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "memory-stalled", guarantee)?;
    let base = base(&scenario)?;
    let mut generator = scenario.generator(Arc::new(Samples::corpus()?), 0, 67)?;
    generator.send(MESSAGES)?;
    generator.flush()?;
    let client_id = scenario.group.clone();
    scenario
        .cluster
        .broker(1)
        .throttle(&client_id, Some(1_000))?;
    let config = config(&scenario).with("kafka.producer_properties.client.id", client_id.as_str());
    let mut worker = scenario.start("worker", config)?;
    wait::until("the worker to stop reading", DEADLINE, || {
        worker.fail_if_ended()?;
        let paused = worker.metrics()?.sum("newsmill_paused_partitions", &[]);
        Ok((paused > 0.0).then_some(()))
    })?;
    ensure!(
        scenario.observer.lag(&scenario.group, &scenario.input)? > MESSAGES as i64 / 2,
        "the output was not throttled"
    );
    bounded("throttled output", &worker, base + BUDGET)?;
    ensure!(
        worker.get("/livez")?.status == 200,
        "a throttled worker is not dead"
    );
    worker.kill()?;
    scenario.cluster.broker(1).throttle(&client_id, None)
}

fn config(scenario: &Scenario) -> Config {
    let bytes = |bytes: u64| bytes.to_string();
    scenario
        .config()
        .with("pipeline.in_flight_bytes", BUDGET as i64)
        .with("pipeline.workers", THREADS)
        .with(
            "kafka.consumer_properties.queued.max.messages.kbytes",
            bytes(PREFETCH / 1024),
        )
        .with("kafka.consumer_properties.fetch.max.bytes", bytes(FETCH))
}

/// What a worker has in use that has read nothing: the models, the tables, the threads.
fn base(scenario: &Scenario) -> Result<u64> {
    let mut worker = scenario.start("idle", config(scenario))?;
    worker.wait_ready(DEADLINE)?;
    let base = worker.peak_bytes()?;
    ensure!(worker.stop()?.success(), "a bad status at the end");
    Ok(base)
}

fn bounded(what: &str, worker: &Worker, expected: u64) -> Result<()> {
    let peak = worker.peak_bytes()?;
    let bound = expected + PREFETCH + FETCH + SLACK;
    println!("{what}: peak {} MiB, bound {} MiB", peak / MIB, bound / MIB);
    ensure!(
        peak <= bound,
        "{what}: {peak} bytes in use, more than {bound}"
    );
    Ok(())
}

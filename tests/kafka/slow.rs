//! Brokers that take little, and brokers whose disk is full: waited out, and no message pays.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::wait;
use support::worker::{Guarantee, Worker};

use crate::GUARANTEES;

const DEADLINE: Duration = Duration::from_secs(240);

pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for guarantee in GUARANTEES {
        for (name, body) in [
            (
                "a_quota_makes_it_slow_and_nothing_else",
                throttled as fn(&Stage, Guarantee) -> Result<()>,
            ),
            ("a_full_disk_is_waited_out", full_disk),
        ] {
            let name = format!("slow::{name}::{}", guarantee.as_str());
            tests.push(Test::with_own_brokers(name, move |stage| {
                body(stage, guarantee)
            }));
        }
    }
    tests
}

/// Far less a second than the worker makes. Under exactly-once a transaction of all that there is would run into its
/// time-out, and so would the next: they get smaller until they pass.
fn throttled(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    const BYTES_PER_SECOND: u32 = 100_000;
    const MESSAGES: usize = 1_500;
    let scenario = Scenario::new(stage, stage.cluster()?, "quota", guarantee)?;
    let samples = Arc::new(Samples::corpus()?);
    let mut generator = scenario.generator(samples.clone(), 20, 71)?;
    generator.send(MESSAGES)?;
    generator.flush()?;
    let client_id = scenario.group.clone();
    let broker = || scenario.cluster.broker(1);
    broker().throttle(&client_id, Some(BYTES_PER_SECOND))?;
    let config = scenario
        .config()
        .with("kafka.producer_properties.client.id", client_id.as_str())
        .with("delivery.transaction_timeout_ms", 8_000)
        // Long enough for one transaction to take all of them.
        .with("delivery.commit_interval_ms", 4_000);
    let mut worker = scenario.start("worker", config)?;
    wait_drained_alive(&scenario, &mut worker)?;
    broker().throttle(&client_id, None)?;
    worker.wait_ready(DEADLINE)?;
    let metrics = worker.metrics()?;
    println!(
        "{}: {} clients rebuilt, {} transactions committed",
        guarantee.as_str(),
        metrics.sum("newsmill_client_rebuilds_total", &[]),
        metrics.sum("newsmill_transactions_total", &["result=\"committed\""]),
    );
    ensure!(worker.stop()?.success(), "a bad status at the end");
    let findings = scenario.check(&samples, generator.finish()?)?;
    println!("{findings}");
    findings.hold(guarantee)
}

/// The log folder of one of three brokers takes no more, by which Kafka ends that broker: the others lead. Then there is
/// room again, and it is started again. Not on a lone broker: one that ends in the middle of a commit can break the
/// transaction by itself.
fn full_disk(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    /// Above the 10 MiB that Kafka sets aside for an index, and less than each output partition gets.
    const FILE_LIMIT: u64 = 12 * 1024 * 1024;
    /// So many that their records do not fit, and the articles do.
    const MESSAGES: usize = 16_000;
    let cluster = stage.own_cluster("disk", 3)?;
    {
        let mut broker = cluster.broker(1);
        broker.stop()?;
        broker.limit_files(Some(FILE_LIMIT));
        broker.start()?;
    }
    cluster.wait_ready()?;
    let scenario = Scenario::new(stage, &cluster, "disk", guarantee)?;
    let samples = Arc::new(Samples::corpus()?);
    let mut generator = scenario.generator(samples.clone(), 0, 73)?;
    generator.compress("lz4")?;
    generator.send(MESSAGES)?;
    generator.flush()?;
    let config = scenario
        .config()
        // It must be the output that meets the limit.
        .with("kafka.producer_properties.compression.type", "none");
    let mut worker = scenario.start("worker", config)?;
    cluster.broker(1).wait_ended(DEADLINE)?;
    wait_drained_alive(&scenario, &mut worker)?;
    {
        let mut broker = cluster.broker(1);
        broker.limit_files(None);
        broker.start()?;
    }
    cluster.wait_ready()?;
    worker.wait_ready(DEADLINE)?;
    ensure!(worker.stop()?.success(), "a bad status at the end");
    let dead = scenario.observer.ends(&scenario.dead_letters)?;
    ensure!(
        dead.iter().all(|end| *end == 0),
        "dead letters for a full disk: {dead:?}"
    );
    let findings = scenario.check(&samples, generator.finish()?)?;
    println!("{findings}");
    findings.hold(guarantee)
}

/// Waits until everything is committed; the worker must be alive all the while.
fn wait_drained_alive(scenario: &Scenario, worker: &mut Worker) -> Result<()> {
    wait::until("the group to commit everything", DEADLINE, || {
        worker.fail_if_ended()?;
        let alive = worker.get("/livez")?;
        ensure!(alive.status == 200, "not alive: {}", alive.body);
        let lag = scenario.observer.lag(&scenario.group, &scenario.input)?;
        Ok((lag == 0).then_some(()))
    })
}

//! The end of a worker that is asked to end.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use support::feeder::Feeder;
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::wait;
use support::worker::{Guarantee, Worker};

use crate::GUARANTEES;

const DEADLINE: Duration = Duration::from_secs(120);

/// How long an end may take that must not wait for a drain: the process itself, on a loaded machine.
const AT_ONCE: Duration = Duration::from_secs(20);

/// Messages every ten milliseconds: more than the worker can take, so that there is always work in flight.
const STREAM: usize = 100;

/// The same for as long as three restarts take, which leaves a backlog that has to be drained: what one core can take.
const LONG_STREAM: usize = 5;

pub fn tests() -> Vec<Test> {
    let mut tests =
        Test::for_each_guarantee("shutdown::under_load_repeats_nothing", &GUARANTEES, drains);
    tests.extend(Test::for_each_guarantee(
        "shutdown::a_rolling_restart_loses_and_repeats_nothing",
        &GUARANTEES,
        rolling,
    ));
    tests.extend(Test::for_each_guarantee(
        "shutdown::what_a_drain_has_no_time_for_is_left_and_nothing_repeated",
        &GUARANTEES,
        cut_short,
    ));
    for guarantee in GUARANTEES {
        let name = |what: &str| format!("shutdown::{what}::{}", guarantee.as_str());
        tests.push(Test::with_own_brokers(
            name("keeps_its_deadline_when_nothing_answers"),
            move |stage| keeps_its_deadline(stage, guarantee),
        ));
        tests.push(Test::with_own_brokers(
            name("a_second_signal_stops_at_once"),
            move |stage| second_signal(stage, guarantee),
        ));
    }
    tests
}

fn drains(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "shutdown", guarantee)?;
    let samples = Arc::new(Samples::corpus()?);
    let generator = scenario.generator(samples.clone(), 20, 13)?;
    let mut worker = scenario.start("first", scenario.config())?;
    worker.wait_ready(DEADLINE)?;
    let feeder = Feeder::start(generator, STREAM);
    scenario.wait_progress(2_000, DEADLINE)?;
    let status = worker.stop()?;
    ensure!(status.success(), "ended with {status}");
    let lag = scenario.observer.lag(&scenario.group, &scenario.input)?;
    ensure!(lag > 0, "nothing was left when it was asked to end");
    ensure!(
        worker
            .events()?
            .iter()
            .any(|event| event.message().contains("drained")),
        "its log does not say that it drained"
    );

    let sent = feeder.finish(0)?;
    let mut worker = scenario.start("second", scenario.config())?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    let findings = scenario.check(&samples, sent)?;
    println!("{findings}");
    findings.hold(guarantee)?;
    ensure!(findings.doubled.count == 0, "{findings}");
    Ok(())
}

/// What was in work is more than the drain has time for: the rest is the next one's, and nothing that left is done twice.
fn cut_short(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    const MESSAGES: usize = 20_000;
    const DRAIN_MS: i64 = 1_000;
    let scenario = Scenario::new(stage, stage.cluster()?, "cut-short", guarantee)?;
    let samples = Arc::new(Samples::corpus()?);
    let mut generator = scenario.generator(samples.clone(), 0, 29)?;
    generator.send(MESSAGES)?;
    generator.flush()?;
    let config = scenario
        .config()
        .with("pipeline.workers", 1)
        .with("delivery.drain_deadline_ms", DRAIN_MS);
    let mut worker = scenario.start("first", config)?;
    scenario.wait_progress(500, DEADLINE)?;
    let status = worker.stop()?;
    ensure!(status.success(), "ended with {status}");
    let events = worker.events()?;
    let end = events.iter().find(|event| event.message() == "drained");
    ensure!(
        end.and_then(|event| event.number("unfinished")) > Some(0.0),
        "all was done in time: {end:?}"
    );

    let mut worker = scenario.start("second", scenario.config())?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    let findings = scenario.check(&samples, generator.finish()?)?;
    println!("{findings}");
    findings.hold(guarantee)?;
    ensure!(findings.doubled.count == 0, "{findings}");
    Ok(())
}

/// As docs/operations.md says it: one replica at a time, the next once this one is ready.
fn rolling(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "rolling", guarantee)?;
    let samples = Arc::new(Samples::corpus()?);
    let generator = scenario.generator(samples.clone(), 20, 23)?;
    let start = |name: &str| {
        let config = scenario.config().with("delivery.instance_id", name);
        let mut worker = scenario.start(name, config)?;
        worker.wait_ready(DEADLINE)?;
        anyhow::Ok(worker)
    };
    let names = ["replica-0", "replica-1", "replica-2"];
    let mut replicas = Vec::new();
    for name in names {
        replicas.push(start(name)?);
    }
    let feeder = Feeder::start(generator, LONG_STREAM);
    scenario.wait_progress(500, DEADLINE)?;
    for (name, replica) in names.iter().zip(&mut replicas) {
        let status = replica.stop()?;
        ensure!(status.success(), "{name} ended with {status}");
        *replica = start(name)?;
        scenario.wait_progress(200, DEADLINE)?;
    }
    let sent = feeder.finish(0)?;
    scenario.wait_drained(&mut replicas, DEADLINE)?;
    let findings = scenario.check(&samples, sent)?;
    println!("{findings}");
    findings.hold(guarantee)?;
    ensure!(findings.doubled.count == 0, "{findings}");
    Ok(())
}

/// A worker with work in flight that cannot finish it: its broker stands still.
struct Stuck {
    worker: Worker,
    /// Ends once the broker answers again.
    feeder: Feeder,
}

fn stuck(stage: &Stage, name: &str, guarantee: Guarantee, drain_ms: i64) -> Result<Stuck> {
    let cluster = stage.cluster()?;
    let scenario = Scenario::new(stage, cluster, name, guarantee)?;
    let generator = scenario.generator(Arc::new(Samples::corpus()?), 0, 17)?;
    let config = scenario
        .config()
        .with("delivery.drain_deadline_ms", drain_ms);
    let mut worker = scenario.start("worker", config)?;
    worker.wait_ready(DEADLINE)?;
    let feeder = Feeder::start(generator, STREAM);
    scenario.wait_progress(100, DEADLINE)?;
    wait::closely("work in flight", DEADLINE, || {
        Ok((worker.in_flight_bytes()? > 0.0).then_some(()))
    })?;
    cluster.broker(1).stand_still()?;
    Ok(Stuck { worker, feeder })
}

/// Whatever happened, the next test finds a broker that answers.
fn wake_broker(stage: &Stage) -> Result<()> {
    let cluster = stage.cluster()?;
    cluster.broker(1).go_on()?;
    cluster.wait_ready()
}

fn keeps_its_deadline(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let ended = stuck(stage, "deadline", guarantee, 3_000).and_then(|mut stuck| {
        stuck.worker.process().terminate()?;
        stuck.worker.wait(AT_ONCE)?;
        Ok(stuck)
    });
    wake_broker(stage)?;
    ended?.feeder.finish(0)?;
    Ok(())
}

fn second_signal(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let ended = stuck(stage, "second-signal", guarantee, 600_000).and_then(|mut stuck| {
        // Again until it is gone: what comes right behind the first is taken for the same signal.
        wait::until("the end after a second signal", AT_ONCE, || {
            stuck.worker.process().terminate()?;
            stuck.worker.ended()
        })?;
        Ok(stuck)
    });
    wake_broker(stage)?;
    ended?.feeder.finish(0)?;
    Ok(())
}

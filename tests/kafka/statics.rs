//! Static members: `[delivery] instance_id` is the group's name for a replica, too.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use support::feeder::Feeder;
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::wait;
use support::worker::{Config, Guarantee, Worker};

use crate::GUARANTEES;

/// Messages every ten milliseconds.
const STREAM: usize = 5;

/// The session time-out of every worker (`Scenario::config`).
const SESSION: Duration = Duration::from_secs(6);

const DEADLINE: Duration = Duration::from_secs(120);

pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (name, body) in [
        (
            "statics::a_restart_within_the_session_moves_no_partition",
            restart as fn(&Stage, Guarantee) -> Result<()>,
        ),
        (
            "statics::one_that_stands_still_while_another_joins_is_put_out",
            stands_still,
        ),
    ] {
        tests.extend(Test::for_each_guarantee(name, &GUARANTEES, body));
    }
    tests
}

/// The successor of a killed worker takes over what it had, and the others notice nothing.
fn restart(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "static-restart", guarantee)?;
    let samples = Arc::new(Samples::short());
    let feeder = Feeder::start(scenario.generator(samples.clone(), 20, 81)?, STREAM);
    let config = |name: &str| {
        named(&scenario, name)
            // Long enough for a restart on a machine under load.
            .with("kafka.properties.session.timeout.ms", "30000")
    };
    let mut first = scenario.start("first", config("first"))?;
    let mut second = scenario.start("second", config("second"))?;
    wait_working(&scenario, &mut [&mut first, &mut second])?;
    let rebalances = |worker: &Worker| -> Result<f64> {
        Ok(worker.metrics()?.sum("newsmill_rebalances_total", &[]))
    };
    let before = rebalances(&first)?;
    let held = second.partitions()?;
    second.kill()?;
    let mut second = scenario.start("second-again", config("second"))?;
    wait_working(&scenario, &mut [&mut first, &mut second])?;
    let after = rebalances(&first)?;
    ensure!(
        after == before,
        "{} rebalances for a restart",
        after - before
    );
    let again = second.partitions()?;
    ensure!(
        again == held,
        "it held {held} partitions, and {again} again"
    );
    finish(&scenario, feeder, &samples, &mut [&mut first, &mut second])
}

/// Stopped in the middle of a join, so that it can neither agree nor give up its partitions: the group goes on without
/// it once its session ends, and what it has in work when it wakes is nobody's any more.
fn stands_still(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "static-still", guarantee)?;
    let samples = Arc::new(Samples::short());
    let feeder = Feeder::start(scenario.generator(samples.clone(), 20, 83)?, STREAM);
    let mut first = scenario.start("first", named(&scenario, "first"))?;
    let mut second = scenario.start("second", named(&scenario, "second"))?;
    wait_working(&scenario, &mut [&mut first, &mut second])?;

    // The group knows of the third, and waits for the others to join anew.
    let mut third = scenario.start("third", named(&scenario, "third"))?;
    wait::closely("the group to rebalance", DEADLINE, || {
        let state = scenario.observer.describe(&scenario.group)?.state;
        Ok((state == "PreparingRebalance" || third.partitions()? > 0).then_some(()))
    })?;
    first.process().stand_still()?;
    let before = scenario
        .observer
        .committed(&scenario.group, &scenario.input)?;
    wait::endure(SESSION);
    let others = wait::until("the others to take its partitions", DEADLINE, || {
        let now = scenario
            .observer
            .committed(&scenario.group, &scenario.input)?;
        let all = now.iter().zip(&before).all(|(now, before)| now > before);
        Ok(all.then_some(()))
    });
    first.process().go_on()?;
    others?;
    wait_working(&scenario, &mut [&mut first, &mut second, &mut third])?;
    finish(
        &scenario,
        feeder,
        &samples,
        &mut [&mut first, &mut second, &mut third],
    )
}

fn named(scenario: &Scenario, name: &str) -> Config {
    // The transactional id is made of the group's name and this one.
    scenario.config().with("delivery.instance_id", name)
}

/// Waits until every worker holds a partition and has finished messages.
fn wait_working(scenario: &Scenario, workers: &mut [&mut Worker]) -> Result<()> {
    for worker in workers {
        worker.wait_ready(DEADLINE)?;
        wait::until("every worker to be at work", DEADLINE, || {
            worker.fail_if_ended()?;
            let outcomes = worker.metrics()?.sum("newsmill_outcomes_total", &[]);
            Ok((outcomes > 0.0 && worker.partitions()? > 0).then_some(()))
        })
        .map_err(|error| {
            let group = scenario.observer.describe(&scenario.group);
            error.context(format!("group {group:?}"))
        })?;
    }
    Ok(())
}

fn finish(
    scenario: &Scenario,
    feeder: Feeder,
    samples: &Samples,
    workers: &mut [&mut Worker],
) -> Result<()> {
    let sent = feeder.finish(0)?;
    scenario.wait_drained(workers.iter_mut().map(|worker| &mut **worker), DEADLINE)?;
    for worker in workers {
        ensure!(worker.stop()?.success(), "a bad status at the end");
    }
    let findings = scenario.check(samples, sent)?;
    println!("{findings}");
    findings.hold(scenario.guarantee)
}

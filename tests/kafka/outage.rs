//! The broker goes away for longer than the session time-out, and comes back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use support::feeder::Feeder;
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::wait;
use support::worker::Worker;

use crate::GUARANTEES;

/// Ten times the session time-out of the scenarios.
const OUTAGE: Duration = Duration::from_secs(60);

/// Messages every ten milliseconds, also while the broker is away.
const STREAM: usize = 3;

const DEADLINE: Duration = Duration::from_secs(240);

pub fn tests() -> Vec<Test> {
    vec![Test::with_own_brokers(
        "outage::of_a_minute_loses_nothing_and_blames_no_message",
        blames_no_message,
    )]
}

struct Side<'a> {
    scenario: Scenario<'a>,
    feeder: Feeder,
    worker: Worker,
}

/// Both guarantees at once: a minute is long.
fn blames_no_message(stage: &Stage) -> Result<()> {
    let cluster = stage.cluster()?;
    let samples = Arc::new(Samples::corpus()?);
    let mut sides = Vec::new();
    for guarantee in GUARANTEES {
        let scenario = Scenario::new(stage, cluster, "outage", guarantee)?;
        // No broken article: any dead letter is a mistake.
        let generator = scenario.generator(samples.clone(), 0, 5)?;
        // Longer than the outage: a lone broker can break a transaction by itself whose time runs out while it is away.
        let config = scenario
            .config()
            .with("kafka.producer_properties.transaction.timeout.ms", "180000");
        let worker = scenario.start("worker", config)?;
        sides.push(Side {
            scenario,
            feeder: Feeder::start(generator, STREAM),
            worker,
        });
    }
    for side in &mut sides {
        side.worker.wait_ready(DEADLINE)?;
        side.scenario.wait_progress(100, DEADLINE)?;
        let lag = side
            .scenario
            .observer
            .lag(&side.scenario.group, &side.scenario.input)?;
        ensure!(lag > 0, "the worker was done before the outage");
    }

    cluster.broker(1).kill()?;
    let start = Instant::now();
    for side in &mut sides {
        let name = side.scenario.guarantee.as_str();
        wait::until(
            format!("{name} to be not ready, and to say why"),
            OUTAGE,
            || {
                side.worker.fail_if_ended()?;
                let answer = side.worker.get("/readyz")?;
                Ok(
                    (answer.status == 503 && answer.body.contains("broker_unreachable"))
                        .then_some(()),
                )
            },
        )?;
    }
    while start.elapsed() < OUTAGE {
        for side in &mut sides {
            side.worker.fail_if_ended()?;
            let alive = side.worker.get("/livez")?;
            ensure!(alive.status == 200, "not alive: {}", alive.body);
        }
        wait::endure(Duration::from_secs(1));
    }

    cluster.broker(1).start()?;
    cluster.wait_ready()?;
    for side in &mut sides {
        side.worker.wait_ready(DEADLINE)?;
    }
    for mut side in sides {
        let guarantee = side.scenario.guarantee;
        let sent = side.feeder.finish(0)?;
        side.scenario.wait_drained([&mut side.worker], DEADLINE)?;
        let findings = side.scenario.check(&samples, sent)?;
        println!("{}: {findings}", guarantee.as_str());
        findings.hold(guarantee)?;
        let dead = side.scenario.observer.ends(&side.scenario.dead_letters)?;
        ensure!(
            dead.iter().all(|end| *end == 0),
            "dead letters for an outage: {dead:?}"
        );
        ensure!(side.worker.stop()?.success(), "a bad status at the end");
    }
    Ok(())
}

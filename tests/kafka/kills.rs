//! The worker is killed again and again while it has work in flight.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use support::feeder::Feeder;
use support::random::Random;
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::wait;
use support::worker::Guarantee;

use crate::GUARANTEES;

const KILLS: usize = 20;

/// Lives of a worker at most: one that ends with everything committed does not count.
const LIVES: usize = 40;

/// Messages every ten milliseconds, whether a worker lives or not.
const STREAM: usize = 10;

const DEADLINE: Duration = Duration::from_secs(180);

pub fn tests() -> Vec<Test> {
    Test::for_each_guarantee("kills::lose_nothing", &GUARANTEES, lose_nothing)
}

fn lose_nothing(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "kills", guarantee)?;
    let samples = Arc::new(Samples::corpus()?);
    let seed = Scenario::seed();
    let mut random = Random::new(seed);
    let generator = scenario.generator(samples.clone(), 20, seed)?;
    let feeder = Feeder::start(generator, STREAM);
    // A stable name: the successor takes over at once instead of after the session time-out.
    // Commits come far more often than acknowledgements: one that runs ahead of them would be caught by every kill.
    let config = scenario
        .config()
        .with("delivery.instance_id", "replica-0")
        .with("kafka.producer_properties.linger.ms", "200")
        .with("kafka.consumer_properties.auto.commit.interval.ms", "20");

    let mut hits = 0;
    for life in 0..LIVES {
        let mut worker = scenario.start(&format!("life-{life}"), config.clone())?;
        scenario.wait_progress(random.between(1, 3_000) as i64, DEADLINE)?;
        let in_flight = wait::closely("work in flight", DEADLINE, || {
            let bytes = worker.in_flight_bytes()?;
            Ok((bytes > 0.0).then_some(bytes))
        })?;
        worker.kill()?;
        let lag = scenario.observer.lag(&scenario.group, &scenario.input)?;
        let open = scenario.observer.open_transactions(&scenario.output)?;
        println!(
            "killed: lag {lag}, in flight {in_flight} bytes, {open} partitions in a transaction"
        );
        if lag > 0 {
            hits += 1;
        }
        if hits == KILLS {
            break;
        }
    }
    ensure!(
        hits == KILLS,
        "only {hits} of {LIVES} kills met work in flight"
    );

    let sent = feeder.finish(0)?;
    let mut worker = scenario.start("last", config)?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    let findings = scenario.check(&samples, sent)?;
    println!("{findings}");
    findings.hold(guarantee)
}

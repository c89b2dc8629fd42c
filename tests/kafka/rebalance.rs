//! A second worker joins under load, and leaves again.

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
const STREAM: usize = 20;

const DEADLINE: Duration = Duration::from_secs(120);

/// How the members of a group agree.
#[derive(Clone, Copy)]
enum Agreement {
    CooperativeSticky,
    Range,
    /// KIP-848: the broker decides.
    Broker,
}

pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (name, agreement) in [
        ("cooperative_sticky", Agreement::CooperativeSticky),
        ("range", Agreement::Range),
        ("kip_848", Agreement::Broker),
    ] {
        for guarantee in GUARANTEES {
            let name = format!(
                "rebalance::repeats_and_loses_nothing::{name}::{}",
                guarantee.as_str()
            );
            tests.push(Test::new(name, move |stage| {
                repeats_and_loses_nothing(stage, agreement, guarantee)
            }));
        }
    }
    tests
}

impl Agreement {
    fn name(self) -> &'static str {
        match self {
            Agreement::CooperativeSticky => "sticky",
            Agreement::Range => "range",
            Agreement::Broker => "kip-848",
        }
    }

    fn configure(self, config: Config) -> Config {
        match self {
            Agreement::CooperativeSticky => config,
            Agreement::Range => config.with(
                "kafka.consumer_properties.partition.assignment.strategy",
                "range",
            ),
            // The broker decides on the session, and librdkafka refuses to be told.
            Agreement::Broker => config
                .without("kafka.properties.session.timeout.ms")
                .with("kafka.group_protocol", "consumer"),
        }
    }
}

fn repeats_and_loses_nothing(
    stage: &Stage,
    agreement: Agreement,
    guarantee: Guarantee,
) -> Result<()> {
    let name = format!("rebalance-{}", agreement.name());
    let scenario = Scenario::new(stage, stage.cluster()?, &name, guarantee)?;
    let samples = Arc::new(Samples::corpus()?);
    let generator = scenario.generator(samples.clone(), 20, 9)?;
    let config = agreement.configure(scenario.config());

    let feeder = Feeder::start(generator, STREAM);
    let mut first = scenario.start("first", config.clone())?;
    scenario.wait_progress(500, DEADLINE)?;
    let mut second = scenario.start("second", config)?;
    for worker in [&mut first, &mut second] {
        wait::until("both workers to finish messages", DEADLINE, || {
            worker.fail_if_ended()?;
            Ok((outcomes(worker)? >= 500.0).then_some(()))
        })?;
    }
    ensure!(
        second.stop()?.success(),
        "a bad status at the end of the second"
    );
    let sent = feeder.finish(0)?;
    let rebalances = first.metrics()?.sum("newsmill_rebalances_total", &[]);
    ensure!(rebalances >= 2.0, "only {rebalances} rebalances");

    scenario.wait_drained([&mut first], DEADLINE)?;
    let findings = scenario.check(&samples, sent)?;
    println!("{findings}");
    findings.hold(guarantee)?;
    // Nobody failed: what a worker had finished was committed before its partitions went to the other.
    ensure!(findings.doubled.count == 0, "{findings}");
    Ok(())
}

fn outcomes(worker: &Worker) -> Result<f64> {
    Ok(worker.metrics()?.sum("newsmill_outcomes_total", &[]))
}

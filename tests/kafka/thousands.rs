//! Ten thousand articles, and nothing goes wrong.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::worker::Guarantee;

use crate::GUARANTEES;

const DEADLINE: Duration = Duration::from_secs(180);

pub fn tests() -> Vec<Test> {
    Test::for_each_guarantee(
        "thousands::of_articles_come_out_once_each_and_in_order",
        &GUARANTEES,
        come_out,
    )
}

fn come_out(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "thousands", guarantee)?;
    let samples = Arc::new(Samples::corpus()?);
    let mut generator = scenario.generator(samples.clone(), 20, 3)?;
    generator.send(10_000)?;
    let sent = generator.finish()?;

    let mut worker = scenario.start("worker", scenario.config())?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    let findings = scenario.check(&samples, sent)?;
    println!("{findings}");
    findings.hold(guarantee)?;
    // Without a fault nothing is repeated, whatever the guarantee.
    ensure!(findings.doubled.count == 0, "{findings}");
    ensure!(
        findings.dead_letters > 0 && findings.tombstones > 0,
        "{findings}"
    );

    let metrics = worker.metrics()?;
    for (outcome, count) in [
        ("record", findings.records),
        ("dead_letter", findings.dead_letters),
        ("tombstone", findings.tombstones),
    ] {
        let label = format!("outcome=\"{outcome}\"");
        let counted = metrics.sum("newsmill_outcomes_total", &[&label]);
        ensure!(
            counted == count as f64,
            "{counted} counted of {count} {outcome}"
        );
    }
    for name in [
        "newsmill_end_to_end_seconds_count",
        "newsmill_processing_seconds_count",
        "newsmill_consumer_lag_messages",
        "newsmill_in_flight_bytes",
        "newsmill_watermark_age_seconds",
        "newsmill_commits_total",
        "newsmill_rebalances_total",
        "newsmill_build_info",
    ] {
        ensure!(metrics.count(name) > 0, "no metric {name}");
    }
    ensure!(worker.stop()?.success(), "a bad status at the end");
    Ok(())
}

//! A consumer does not choose its producers' codec.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::worker::Guarantee;

const DEADLINE: Duration = Duration::from_secs(60);

pub fn tests() -> Vec<Test> {
    vec![Test::new("codecs::are_all_read", are_all_read)]
}

fn are_all_read(stage: &Stage) -> Result<()> {
    let guarantee = Guarantee::AtLeastOnce;
    let scenario = Scenario::new(stage, stage.cluster()?, "codecs", guarantee)?;
    let samples = Arc::new(Samples::corpus()?);
    let mut generator = scenario.generator(samples.clone(), 20, 11)?;
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
        generator.compress(codec)?;
        generator.send(200)?;
    }
    let mut worker = scenario.start("worker", scenario.config())?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    let findings = scenario.check(&samples, generator.finish()?)?;
    println!("{findings}");
    findings.hold(guarantee)
}

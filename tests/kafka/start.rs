//! Where a new group starts.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use support::generator::SEQUENCE;
use support::reader;
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::worker::Guarantee;

/// Messages that are there before the group is.
const BEFORE: usize = 300;
/// Messages that come once the worker is ready.
const AFTER: usize = 300;
/// The first message of the timestamp's choice.
const CHOSEN: usize = 150;

const DEADLINE: Duration = Duration::from_secs(60);

pub fn tests() -> Vec<Test> {
    vec![
        Test::new("start::at_the_earliest", |stage| {
            starts(stage, "earliest", |_| "earliest".to_owned(), 0)
        }),
        Test::new("start::at_the_latest", |stage| {
            starts(stage, "latest", |_| "latest".to_owned(), BEFORE)
        }),
        Test::new("start::at_a_timestamp", |stage| {
            starts(
                stage,
                "timestamp",
                |first_ms| rfc_3339(first_ms + CHOSEN as i64),
                CHOSEN,
            )
        }),
    ]
}

/// A new group takes exactly the messages from `first` on.
fn starts(stage: &Stage, name: &str, start_from: fn(i64) -> String, first: usize) -> Result<()> {
    let guarantee = Guarantee::AtLeastOnce;
    let scenario = Scenario::new(stage, stage.cluster()?, &format!("start-{name}"), guarantee)?;
    let mut generator = scenario.generator(Arc::new(Samples::corpus()?), 0, 19)?;
    generator.send(BEFORE)?;
    generator.flush()?;
    // Message timestamps are a millisecond apart.
    let start_from = start_from(generator.sent()[0].timestamp_ms);
    let config = scenario.config().with("delivery.start_from", start_from);
    let mut worker = scenario.start("worker", config)?;
    worker.wait_ready(DEADLINE)?;
    generator.send(AFTER)?;
    generator.flush()?;
    scenario.wait_drained([&mut worker], DEADLINE)?;

    let mut taken = BTreeSet::new();
    let servers = scenario.cluster.bootstrap_servers();
    reader::read(servers, &scenario.observer, &scenario.output, |seen| {
        taken.extend(
            seen.header_text(SEQUENCE)
                .and_then(|text| text.parse::<usize>().ok()),
        );
    })?;
    let expected: BTreeSet<usize> = (first..BEFORE + AFTER).collect();
    ensure!(
        taken == expected,
        "took {} messages from {:?} on, not {} from {first} on",
        taken.len(),
        taken.first(),
        expected.len()
    );
    Ok(())
}

fn rfc_3339(timestamp_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(timestamp_ms)
        .expect("the present is in range")
        .to_string()
}

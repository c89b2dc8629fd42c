//! The harness itself: what every other test relies on.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::wait;
use support::worker::Guarantee;

/// Set for a process of this binary that is to be killed while it holds a broker.
pub const HOLD_BROKER: &str = "NEWSMILL_TEST_HOLD_BROKER";

pub fn tests() -> Vec<Test> {
    vec![
        Test::with_own_brokers(
            "harness::a_broker_dies_with_its_parent",
            dies_with_its_parent,
        ),
        Test::with_own_brokers(
            "harness::a_killed_broker_comes_back_with_what_it_acknowledged",
            comes_back,
        ),
    ]
}

/// The other side of [`dies_with_its_parent`].
pub fn hold_broker() -> ExitCode {
    match support::suite::hold_broker(super::CACHE) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

fn dies_with_its_parent(_: &Stage) -> Result<()> {
    let mut parent = Command::new(std::env::current_exe()?)
        .env(HOLD_BROKER, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    let output = parent.stdout.take().context("no standard output")?;
    BufReader::new(output).read_line(&mut line)?;
    let broker: u32 = line.trim().parse().context("no process id of a broker")?;
    ensure!(runs(broker), "the broker did not run");
    parent.kill()?;
    parent.wait()?;
    wait::until(
        format!("the end of broker process {broker}"),
        Duration::from_secs(10),
        || Ok((!runs(broker)).then_some(())),
    )
}

/// Whether a process runs; one that ended and that nobody asked after yet (state Z) does not.
fn runs(process: u32) -> bool {
    let state = fs::read_to_string(format!("/proc/{process}/stat"))
        .ok()
        .and_then(|stat| stat.rsplit(')').next()?.trim().chars().next());
    state.is_some_and(|state| state != 'Z')
}

fn comes_back(stage: &Stage) -> Result<()> {
    let cluster = stage.cluster()?;
    let scenario = Scenario::new(stage, cluster, "comes-back", Guarantee::AtLeastOnce)?;
    let mut generator = scenario.generator(Arc::new(Samples::short()), 20, 1)?;
    generator.send(1000)?;
    generator.flush()?;
    cluster.broker(1).kill()?;
    cluster.broker(1).start()?;
    cluster.wait_ready()?;
    // Idempotence holds over the restart: the second half follows the first, each message once.
    generator.send(1000)?;
    let sent = generator.finish()?;
    let mut offsets = vec![0; support::scenario::INPUT_PARTITIONS as usize];
    sent.iter()
        .for_each(|message| offsets[message.partition as usize] = message.offset + 1);
    let ends = scenario.observer.ends(&scenario.input)?;
    ensure!(
        ends == offsets,
        "the topic ends at {ends:?}, not at {offsets:?}"
    );
    Ok(())
}

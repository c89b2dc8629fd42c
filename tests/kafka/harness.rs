//! The harness itself: what every other test relies on.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::{BaseProducer, Producer};
use rdkafka::{Offset, TopicPartitionList};
use support::observer::client;
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::wait;
use support::worker::Guarantee;

const DEADLINE: Duration = Duration::from_secs(30);

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
        Test::new(
            "harness::offsets_in_an_open_transaction_are_not_waited_for",
            open_offsets,
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

/// A worker that is killed with its offsets sent and not committed leaves a group that says nothing to readers of
/// committed offsets until the transaction's time-out; the observer sees what stood before.
fn open_offsets(stage: &Stage) -> Result<()> {
    let scenario = Scenario::new(
        stage,
        stage.cluster()?,
        "open-offsets",
        Guarantee::ExactlyOnce,
    )?;
    let servers = scenario.cluster.bootstrap_servers();
    scenario
        .observer
        .commit(&scenario.group, &scenario.input, &[3])?;
    let consumer: BaseConsumer = client(servers).set("group.id", &scenario.group).create()?;
    let group = consumer.group_metadata().context("no group")?;
    let producer: BaseProducer = client(servers)
        .set("transactional.id", &scenario.group)
        .create()?;
    producer.init_transactions(DEADLINE)?;
    producer.begin_transaction()?;
    let mut offsets = TopicPartitionList::new();
    offsets.add_partition_offset(&scenario.input, 0, Offset::Offset(7))?;
    producer.send_offsets_to_transaction(&offsets, &group, DEADLINE)?;
    let committed = scenario
        .observer
        .committed(&scenario.group, &scenario.input)?;
    ensure!(committed[0] == 3, "{committed:?} while 7 is open");
    producer.commit_transaction(DEADLINE)?;
    // The commit is decided before the group knows.
    wait::until("the offset that was committed", DEADLINE, || {
        let committed = scenario
            .observer
            .committed(&scenario.group, &scenario.input)?;
        Ok((committed[0] == 7).then_some(()))
    })
}

//! Ranges of the input are replayed under another taxonomy, and the worker's group is not touched.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Output;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use support::expectation::{Expected, Outcome};
use support::generator::SEQUENCE;
use support::process::Process;
use support::reader::{self, Seen};
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::wait;
use support::worker::{Config, Guarantee};

const MESSAGES: usize = 1200;

const DEADLINE: Duration = Duration::from_secs(120);

/// Another taxonomy than the built-in one.
const TAXONOMY: &str = r#"
name = "replayed"

[[topic]]
id = "matches"
name = "Matches"
definition = "Sport."
rules = [{ weight = 1, any = ["tournament"] }]
"#;

pub fn tests() -> Vec<Test> {
    vec![
        Test::new("replay::of_times_under_another_taxonomy_over_a_kill", times),
        Test::new("replay::of_offsets_touches_nothing_else", offsets),
        Test::new("replay::refuses_what_would_do_harm", refusals),
    ]
}

fn times(stage: &Stage) -> Result<()> {
    let (scenario, sent) = processed(stage, "replay-times")?;
    let (from, to) = (&sent[200], &sent[1100]);
    let (from, to) = (rfc_3339(from.timestamp_ms), rfc_3339(to.timestamp_ms));
    let target = target(&scenario)?;
    let arguments = ["replay", "--from", &from, "--to", &to, "--into", &target];
    let config = changed(&scenario)?;
    let committed = scenario
        .observer
        .committed(&scenario.group, &scenario.input)?;

    let slowly = [&arguments[..], &["--rate", "250"]].concat();
    let log = scenario.log("killed");
    let mut killed = Process::spawn(&mut scenario.command("replay", &config, &slowly)?, &log)?;
    wait::until("some messages to be replayed", DEADLINE, || {
        ensure!(
            killed.ended()?.is_none(),
            "{}",
            std::fs::read_to_string(&log)?
        );
        let ends = scenario.observer.ends(&target)?;
        Ok((ends.iter().sum::<i64>() > 200).then_some(()))
    })?;
    killed.kill()?;
    let told = run(&scenario, &config, &arguments)?;
    println!("{told}");
    ensure!(
        told.contains("done before to"),
        "the kill met no replay at work:\n{told}"
    );
    judge(&scenario, &target, &sent[200..1100])?;

    let told = run(&scenario, &config, &arguments)?;
    ensure!(told.contains("nothing is left"), "{told}");
    judge(&scenario, &target, &sent[200..1100])?;
    // Once more, on purpose: everything a second time, under the same ids.
    let again = [&arguments[..], &["--again"]].concat();
    run(&scenario, &config, &again)?;
    let count = read(&scenario, &target)?.len();
    ensure!(
        count == 2 * sound(&sent[200..1100]).len(),
        "{count} after --again"
    );
    let after = scenario
        .observer
        .committed(&scenario.group, &scenario.input)?;
    ensure!(
        after == committed,
        "the group's offsets went from {committed:?} to {after:?}"
    );
    Ok(())
}

fn offsets(stage: &Stage) -> Result<()> {
    let (scenario, sent) = processed(stage, "replay-offsets")?;
    let config = changed(&scenario)?;
    let target = target(&scenario)?;
    let topics = [&scenario.input, &scenario.output, &scenario.dead_letters];
    let ends = || -> Result<Vec<Vec<i64>>> {
        let ends = topics.iter().map(|topic| scenario.observer.ends(topic));
        ends.collect()
    };
    let (before, committed) = (
        ends()?,
        scenario
            .observer
            .committed(&scenario.group, &scenario.input)?,
    );
    let from_to = [
        "replay", "--from", "1@20,3@0", "--to", "1@70", "--into", &target,
    ];
    let dry = [&from_to[..], &["--dry-run"]].concat();
    let told = run(&scenario, &config, &dry)?;
    ensure!(
        told.contains("partition 1: 20 to 70") && told.contains("nothing was sent"),
        "{told}"
    );
    ensure!(
        read(&scenario, &target)?.is_empty(),
        "the dry run has written"
    );

    run(&scenario, &config, &from_to)?;
    let range = sent.iter().filter(|message| match message.partition {
        1 => (20..70).contains(&message.offset),
        partition => partition == 3,
    });
    let range: Vec<Expected> = range.cloned().collect();
    judge(&scenario, &target, &range)?;
    ensure!(ends()? == before, "a topic of the worker's has grown");
    let after = scenario
        .observer
        .committed(&scenario.group, &scenario.input)?;
    ensure!(
        after == committed,
        "the group's offsets went from {committed:?} to {after:?}"
    );
    Ok(())
}

fn refusals(stage: &Stage) -> Result<()> {
    let guarantee = Guarantee::ExactlyOnce;
    let scenario = Scenario::new(stage, stage.cluster()?, "replay-refusals", guarantee)?;
    let config = scenario.config();
    for (arguments, status, words) in [
        (vec!["--into", &scenario.output], 2, "--allow-output-topic"),
        (
            vec!["--into", &scenario.input],
            2,
            "records do not belong there",
        ),
        (
            vec!["--into", &scenario.dead_letters],
            2,
            "records do not belong there",
        ),
        (vec!["--into", "not-made"], 1, "does not exist"),
        (
            vec!["--into", "x", "--topic", "y"],
            2,
            "none of kafka.input_topics",
        ),
        (
            vec![
                "--into",
                &scenario.output,
                "--allow-output-topic",
                "--from",
                "9@0",
            ],
            1,
            "has no partition 9",
        ),
    ] {
        let arguments = [&["replay"][..], &arguments].concat();
        let output = scenario.command("replay", &config, &arguments)?.output()?;
        let told = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.code() == Some(status) && told.contains(words),
            "{arguments:?}: {:?} {told}",
            output.status
        );
    }
    Ok(())
}

/// A run that a worker has done already.
fn processed<'a>(stage: &'a Stage, name: &str) -> Result<(Scenario<'a>, Vec<Expected>)> {
    let scenario = Scenario::new(stage, stage.cluster()?, name, Guarantee::ExactlyOnce)?;
    let mut generator = scenario.generator(Arc::new(Samples::short()), 30, 23)?;
    generator.send(MESSAGES)?;
    let sent = generator.finish()?;
    let mut worker = scenario.start("worker", scenario.config())?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    ensure!(worker.stop()?.success(), "a bad status at the end");
    Ok((scenario, sent))
}

fn changed(scenario: &Scenario<'_>) -> Result<Config> {
    let folder = scenario.log("taxonomy").with_extension("d");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("taxonomy.toml"), TAXONOMY)?;
    let folder = folder.to_str().context("no text")?;
    Ok(scenario.config().with("topics.taxonomy", folder))
}

fn target(scenario: &Scenario<'_>) -> Result<String> {
    let target = format!("{}.replayed", scenario.output);
    let replication = scenario.cluster.replication();
    scenario
        .observer
        .create_topic(&target, 3, replication, &[])?;
    Ok(target)
}

/// The messages that are no dead letters, by where they stand.
fn sound(sent: &[Expected]) -> BTreeMap<(i32, i64), &Expected> {
    let sound = sent
        .iter()
        .filter(|message| !matches!(message.outcome, Outcome::DeadLetter { .. }));
    sound
        .map(|message| ((message.partition, message.offset), message))
        .collect()
}

/// The target holds each message of the range once, under the ids that the worker gave and the changed taxonomy.
fn judge(scenario: &Scenario<'_>, target: &str, range: &[Expected]) -> Result<()> {
    let mut first_records: BTreeMap<String, Value> = BTreeMap::new();
    for seen in read(scenario, &scenario.output)? {
        if let Some(value) = &seen.value {
            let record: Value = serde_json::from_slice(value)?;
            first_records.insert(sequence(&seen)?, record);
        }
    }
    let replayed = read(scenario, target)?;
    let expected = sound(range).len();
    ensure!(
        replayed.len() == expected,
        "{} of {expected}",
        replayed.len()
    );
    let mut with_topic = 0;
    let mut sequences = BTreeSet::new();
    for seen in &replayed {
        ensure!(sequences.insert(sequence(seen)?), "twice: {seen:?}");
        let Some(value) = &seen.value else {
            continue;
        };
        let record: Value = serde_json::from_slice(value)?;
        let first = &first_records[&sequence(seen)?];
        ensure!(record["id"] == first["id"] && record["source"] == first["source"]);
        let taxonomy = record["pipeline"]["taxonomy"].as_str().unwrap_or_default();
        ensure!(taxonomy.starts_with("replayed@"), "{taxonomy}");
        let topics = record["topics"].as_array().context("no topics")?;
        ensure!(
            topics.iter().all(|topic| topic["id"] == "matches"),
            "{topics:?}"
        );
        with_topic += topics.len();
        let source = &record["source"];
        ensure!(
            range.iter().any(|message| {
                source["partition"] == message.partition && source["offset"] == message.offset
            }),
            "{source} is outside of the range"
        );
    }
    ensure!(with_topic > 0, "no record has the new topic");
    Ok(())
}

fn read(scenario: &Scenario<'_>, topic: &str) -> Result<Vec<Seen>> {
    let mut all = Vec::new();
    let servers = scenario.cluster.bootstrap_servers();
    reader::read(servers, &scenario.observer, topic, |seen| all.push(seen))?;
    Ok(all)
}

fn sequence(seen: &Seen) -> Result<String> {
    Ok(seen
        .header_text(SEQUENCE)
        .context("no sequence")?
        .to_owned())
}

fn run(scenario: &Scenario<'_>, config: &Config, arguments: &[&str]) -> Result<String> {
    let mut command = scenario.command("replay", config, arguments)?;
    let Output {
        status,
        stdout,
        stderr,
    } = command.output()?;
    let (stdout, stderr) = (String::from_utf8(stdout)?, String::from_utf8_lossy(&stderr));
    ensure!(status.success(), "{command:?} {status}:\n{stdout}{stderr}");
    Ok(stdout)
}

fn rfc_3339(timestamp_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(timestamp_ms)
        .expect("the present is in range")
        .to_string()
}

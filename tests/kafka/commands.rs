//! `newsmill check` and `newsmill demo` on a real cluster.

use std::process::{Command, Output};

use anyhow::{Result, ensure};
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::worker::Guarantee;

pub fn tests() -> Vec<Test> {
    vec![
        Test::new("commands::check_finds_nothing_where_nothing_is_wrong", fine),
        Test::new("commands::check_names_a_topic_that_is_missing", missing),
        Test::new("commands::demo_runs_exactly_once", demo),
    ]
}

fn fine(stage: &Stage) -> Result<()> {
    for guarantee in [Guarantee::AtLeastOnce, Guarantee::ExactlyOnce] {
        let scenario = Scenario::new(stage, stage.cluster()?, "check-fine", guarantee)?;
        let (output, told) = told(check(stage, &scenario)?.output()?);
        ensure!(output.status.code() == Some(0), "{told}");
        for words in [
            "0 wrong, 0 doubtful",
            &format!("read topic {}", scenario.input),
            &format!("write topic {}", scenario.dead_letters),
            &format!("{}: 4 partitions, replicas: ", scenario.input),
        ] {
            ensure!(told.contains(words), "{words} is missing:\n{told}");
        }
        let transactions = told.contains("the cluster takes a producer with transactional id");
        ensure!(
            transactions == (guarantee == Guarantee::ExactlyOnce),
            "{told}"
        );
    }
    Ok(())
}

fn missing(stage: &Stage) -> Result<()> {
    let guarantee = Guarantee::AtLeastOnce;
    let scenario = Scenario::new(stage, stage.cluster()?, "check-missing", guarantee)?;
    let mut command = check(stage, &scenario)?;
    command.env("NEWSMILL_KAFKA__OUTPUT_TOPIC", "not-made");
    let (output, told) = told(command.output()?);
    ensure!(output.status.code() == Some(1), "{told}");
    for words in [
        "✗ not-made (kafka.output_topic) does not exist",
        "--create --topic not-made",
        "1 wrong, 0 doubtful",
    ] {
        ensure!(told.contains(words), "{words} is missing:\n{told}");
    }
    Ok(())
}

fn demo(stage: &Stage) -> Result<()> {
    let servers = stage.cluster()?.bootstrap_servers();
    let mut command = Command::new(&stage.binary);
    command.args(["demo", "--bootstrap-servers", servers]);
    let (output, told) = told(command.output()?);
    ensure!(output.status.code() == Some(0), "{told}");
    ensure!(
        told.contains("exactly once: records, dead letters and offsets"),
        "{told}"
    );
    ensure!(told.contains("the topics stay: newsmill-demo-"), "{told}");
    Ok(())
}

/// The command with the scenario's topics, said by the environment alone.
fn check(stage: &Stage, scenario: &Scenario<'_>) -> Result<Command> {
    let mut command = Command::new(&stage.binary);
    command.arg("check").envs([
        (
            "NEWSMILL_KAFKA__BOOTSTRAP_SERVERS",
            stage.cluster()?.bootstrap_servers(),
        ),
        // The dead-letter topic of a scenario has Kafka's default limit of 1 MiB: what an article may have fits it.
        ("NEWSMILL_PIPELINE__MAX_ARTICLE_BYTES", "900000"),
        ("NEWSMILL_KAFKA__GROUP_ID", &scenario.group),
        ("NEWSMILL_KAFKA__INPUT_TOPICS", &scenario.input),
        ("NEWSMILL_KAFKA__OUTPUT_TOPIC", &scenario.output),
        ("NEWSMILL_KAFKA__DEAD_LETTER_TOPIC", &scenario.dead_letters),
        ("NEWSMILL_DELIVERY__GUARANTEE", scenario.guarantee.as_str()),
    ]);
    Ok(command)
}

fn told(output: Output) -> (Output, String) {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let told = format!("{stdout}{stderr}");
    (output, told)
}

//! Dead letters are listed, shown and redriven.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use support::generator::SEQUENCE;
use support::process::Process;
use support::reader::{self, Seen};
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::wait;
use support::worker::{Config, Guarantee};

const LETTERS: usize = 1000;

const DEADLINE: Duration = Duration::from_secs(120);

pub fn tests() -> Vec<Test> {
    vec![
        Test::new(
            "redrive::a_thousand_letters_come_out_once_each_over_a_kill",
            kill,
        ),
        Test::new(
            "redrive::to_the_input_topic_where_the_worker_reads_them",
            to_input,
        ),
        Test::new(
            "redrive::what_is_refused_again_counts_on_to_the_limit",
            limit,
        ),
        Test::new(
            "redrive::filters_choose_and_leave_the_rest_for_later",
            filters,
        ),
    ]
}

/// A fault in the configuration that makes dead letters of articles; without it they are articles again.
fn faulty(config: &Config) -> Config {
    config.clone().with("article.format", "ninjs")
}

/// A configuration whose breaker lets every dead letter pass.
fn config(scenario: &Scenario<'_>) -> Config {
    scenario
        .config()
        .with("delivery.breaker.max_run", 0)
        .with("delivery.breaker.max_share", 1.0)
}

fn kill(stage: &Stage) -> Result<()> {
    let scenario = dead_letters(stage, "redrive-kill", LETTERS)?;
    let config = config(&scenario);
    let letters = read(&scenario, &scenario.dead_letters)?.len();
    ensure!(letters > LETTERS * 9 / 10, "only {letters} dead letters");

    // The dry run says what would happen, and nothing does.
    let before = ends(&scenario)?;
    let told = run(scenario.command("redrive", &config, &["dead-letters", "redrive"])?)?;
    for words in [
        &format!("{letters} letters chosen"),
        &format!("records: {letters}"),
        "nothing was sent: --execute does it",
    ] {
        ensure!(told.contains(words), "{words} is missing:\n{told}");
    }
    ensure!(ends(&scenario)? == before, "the dry run has written");

    let execute = ["dead-letters", "redrive", "--execute"];
    let slowly = [&execute[..], &["--rate", "250"]].concat();
    let emitted = scenario.emitted()?;
    let log = scenario.log("killed");
    let mut killed = Process::spawn(&mut scenario.command("redrive", &config, &slowly)?, &log)?;
    wait::until("some letters to be redriven", DEADLINE, || {
        ensure!(
            killed.ended()?.is_none(),
            "{}",
            std::fs::read_to_string(&log)?
        );
        Ok((scenario.emitted()? > emitted + 200).then_some(()))
    })?;
    killed.kill()?;
    println!("killed: {} emitted since", scenario.emitted()? - emitted);

    let told = run(scenario.command("redrive", &config, &execute)?)?;
    println!("{told}");
    let done = number(&told, "left alone: ", " (redriven before)").unwrap_or(0);
    ensure!(
        done > 0 && done < letters,
        "the kill met no redrive at work: {done} of {letters} were done:\n{told}"
    );
    let rest = letters - done;
    let words = format!("redriven: {rest} of {rest}");
    ensure!(told.contains(&words), "{words} is missing:\n{told}");
    let told = run(scenario.command("redrive", &config, &execute)?)?;
    ensure!(
        told.contains(": 0 letters chosen"),
        "not all are done:\n{told}"
    );

    same_as_never_dead(&scenario, &config)
}

fn to_input(stage: &Stage) -> Result<()> {
    let scenario = dead_letters(stage, "redrive-input", 200)?;
    let config = config(&scenario);
    let letters = read(&scenario, &scenario.dead_letters)?;
    let arguments = ["dead-letters", "redrive", "--to-input", "--execute"];
    let told = run(scenario.command("redrive", &config, &arguments)?)?;
    for words in [
        "EVERY group that reads it sees them again",
        &format!("messages sent back: {}", letters.len()),
    ] {
        ensure!(told.contains(words), "{words} is missing:\n{told}");
    }
    let mut came_first: BTreeMap<usize, Seen> = BTreeMap::new();
    let mut came_again = 0;
    for seen in read(&scenario, &scenario.input)? {
        let Some(first) = came_first.get(&sequence(&seen)?) else {
            came_first.insert(sequence(&seen)?, seen);
            continue;
        };
        came_again += 1;
        let place = (first.partition, &first.key, &first.value);
        ensure!(
            place == (seen.partition, &seen.key, &seen.value),
            "{seen:?}"
        );
        let expected = [
            first.headers.clone(),
            vec![("newsmill-attempt".to_owned(), Some(b"1".to_vec()))],
        ];
        ensure!(seen.headers == expected.concat(), "{seen:?}");
    }
    ensure!(
        came_again == letters.len(),
        "{came_again} of {}",
        letters.len()
    );

    let mut worker = scenario.start("mended", config)?;
    wait::until("a record of each", DEADLINE, || {
        worker.fail_if_ended()?;
        let output = read(&scenario, &scenario.output)?;
        let records = output.iter().filter(|seen| seen.value.is_some());
        Ok((records.count() >= letters.len()).then_some(()))
    })?;
    ensure!(worker.stop()?.success(), "a bad status at the end");
    let output = read(&scenario, &scenario.output)?;
    let records = output.iter().filter(|seen| seen.value.is_some());
    let records: Vec<usize> = records.map(sequence).collect::<Result<_>>()?;
    let distinct: BTreeSet<usize> = records.iter().copied().collect();
    ensure!(distinct.len() == records.len() && distinct.len() == letters.len());
    Ok(())
}

fn limit(stage: &Stage) -> Result<()> {
    const POISON: usize = 40;
    let guarantee = Guarantee::ExactlyOnce;
    let scenario = Scenario::new(stage, stage.cluster()?, "redrive-limit", guarantee)?;
    let mut generator = scenario.generator(Arc::new(Samples::short()), 0, 5)?;
    generator.send_poison(POISON)?;
    generator.finish()?;
    let config = config(&scenario);
    let mut worker = scenario.start("worker", config.clone())?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    ensure!(worker.stop()?.success(), "a bad status at the end");

    let arguments = [
        "dead-letters",
        "redrive",
        "--max-attempts",
        "3",
        "--execute",
    ];
    for chosen in [POISON, POISON, 0] {
        let told = run(scenario.command("redrive", &config, &arguments)?)?;
        let words = format!("{chosen} letters chosen");
        ensure!(told.contains(&words), "{words} is missing:\n{told}");
        let again = number(&told, "refused again: ", ", as dead letters");
        ensure!(again.unwrap_or(0) == chosen, "not {chosen}:\n{told}");
    }
    let mut by_attempt: BTreeMap<String, Vec<Seen>> = BTreeMap::new();
    for seen in read(&scenario, &scenario.dead_letters)? {
        let attempt = seen.header_text("newsmill-attempt").context("no attempt")?;
        by_attempt.entry(attempt.to_owned()).or_default().push(seen);
    }
    let counts: Vec<(&str, usize)> = by_attempt
        .iter()
        .map(|(attempt, seen)| (attempt.as_str(), seen.len()))
        .collect();
    ensure!(
        counts == [("1", POISON), ("2", POISON), ("3", POISON)],
        "{counts:?}"
    );
    // But for the attempt they are the same letters, where and as the first ones were.
    let same = |seen: &Seen| {
        let mut headers = seen.headers.clone();
        headers.retain(|(name, _)| name != "newsmill-attempt");
        headers.sort();
        (
            headers,
            seen.key.clone(),
            seen.value.clone(),
            seen.timestamp_ms,
        )
    };
    let mut same = by_attempt.values().map(|seen| {
        let set: BTreeSet<_> = seen.iter().map(same).collect();
        set
    });
    let first = same.next().context("no letters")?;
    ensure!(
        same.all(|other| other == first),
        "letters have changed on the way"
    );
    ensure!(
        read(&scenario, &scenario.output)?.is_empty(),
        "records of no articles"
    );
    Ok(())
}

fn filters(stage: &Stage) -> Result<()> {
    let scenario = dead_letters(stage, "redrive-filters", 300)?;
    let config = config(&scenario);
    let list = |more: &[&str]| -> Result<Vec<Value>> {
        let arguments = [&["dead-letters", "list", "--json"], more].concat();
        let told = run(scenario.command("list", &config, &arguments)?)?;
        let lines = told.lines().map(serde_json::from_str);
        Ok(lines.collect::<Result<_, _>>()?)
    };
    let all = list(&[])?;
    let text = |letter: &Value, name: &str| letter[name].as_str().unwrap_or_default().to_owned();
    let key = text(&all[0], "key");
    let of_key = all
        .iter()
        .filter(|letter| text(letter, "key") == key)
        .count();
    let middle = text(&all[all.len() / 2], "time");
    let before = all
        .iter()
        .filter(|letter| text(letter, "time") < middle)
        .count();
    ensure!(of_key > 0 && of_key < all.len() && before > 0 && before < all.len());
    let name = text(&all[3], "letter");
    let code = text(&all[0], "code");
    for (more, count) in [
        (vec!["--key", &key], of_key),
        (vec!["--until", &middle], before),
        (vec!["--since", &middle], all.len() - before),
        (vec!["--code", &code], all.len()),
        (vec!["--code", "no_such_code"], 0),
        (vec!["--source-topic", &scenario.input], all.len()),
        (vec!["--source-topic", &scenario.output], 0),
        (vec![&name], 1),
    ] {
        let listed = list(&more)?.len();
        ensure!(listed == count, "{more:?}: {listed}, not {count}");
    }

    // One letter, shown: no word of its article, unless that is asked for.
    let told = run(scenario.command("show", &config, &["dead-letters", "show", &name])?)?;
    ensure!(
        told.contains(&code) && !told.contains("Nothing else was known"),
        "{told}"
    );
    let arguments = ["dead-letters", "show", &name, "--payload"];
    let payload = scenario
        .command("show", &config, &arguments)?
        .output()?
        .stdout;
    let (partition, offset) = name.split_once('@').context("no name")?;
    let letters = read(&scenario, &scenario.dead_letters)?;
    let shown = letters
        .iter()
        .find(|seen| seen.partition.to_string() == partition && seen.offset.to_string() == offset);
    let value = shown.and_then(|seen| seen.value.as_deref());
    ensure!(value == Some(&payload), "the payload is another");
    let arguments = ["dead-letters", "show", "0@99999999"];
    let output = scenario.command("show", &config, &arguments)?.output()?;
    ensure!(output.status.code() == Some(1), "{output:?}");

    // Letters that are passed over are not lost: one filter after the other, and in the end all.
    let redrive = ["dead-letters", "redrive", "--execute"];
    for (more, count) in [
        (vec!["--key", &key], of_key),
        (vec!["--key", &key], 0),
        (vec![], all.len() - of_key),
    ] {
        let arguments = [&redrive[..], &more].concat();
        let told = run(scenario.command("redrive", &config, &arguments)?)?;
        let words = format!("redriven: {count} of {count}");
        ensure!(
            told.contains(&words),
            "{more:?}: {words} is missing:\n{told}"
        );
    }
    ensure!(list(&[])?.is_empty() && list(&["--all"])?.len() == all.len());
    same_as_never_dead(&scenario, &config)
}

/// A run whose articles have become dead letters by a fault.
fn dead_letters<'a>(stage: &'a Stage, name: &str, count: usize) -> Result<Scenario<'a>> {
    let scenario = Scenario::new(stage, stage.cluster()?, name, Guarantee::ExactlyOnce)?;
    let mut generator = scenario.generator(Arc::new(Samples::short()), 0, 11)?;
    generator.send(count)?;
    generator.finish()?;
    let mut worker = scenario.start("faulty", faulty(&config(&scenario)))?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    ensure!(worker.stop()?.success(), "a bad status at the end");
    Ok(scenario)
}

/// The output topic holds what it would hold if the fault had never been: each record once, byte for byte.
fn same_as_never_dead(scenario: &Scenario<'_>, config: &Config) -> Result<()> {
    let reference = format!("{}.reference", scenario.output);
    let replication = scenario.cluster.replication();
    scenario
        .observer
        .create_topic(&reference, 3, replication, &[])?;
    let group = format!("{}-reference", scenario.group);
    let config = config
        .clone()
        .with("kafka.group_id", group.as_str())
        .with("kafka.output_topic", reference.as_str());
    let mut worker = scenario.start("reference", config)?;
    wait::until("the reference to be done", DEADLINE, || {
        worker.fail_if_ended()?;
        let lag = scenario.observer.lag(&group, &scenario.input)?;
        Ok((lag == 0).then_some(()))
    })?;
    ensure!(worker.stop()?.success(), "a bad status at the end");

    let by_sequence = |topic: &str| -> Result<BTreeMap<usize, Vec<Seen>>> {
        let mut all: BTreeMap<usize, Vec<Seen>> = BTreeMap::new();
        for mut seen in read(scenario, topic)? {
            seen.offset = 0;
            all.entry(sequence(&seen)?).or_default().push(seen);
        }
        Ok(all)
    };
    let (redriven, expected) = (by_sequence(&scenario.output)?, by_sequence(&reference)?);
    ensure!(redriven.keys().eq(expected.keys()), "some are missing");
    for (sequence, expected) in &expected {
        let redriven = &redriven[sequence];
        ensure!(
            redriven == expected,
            "{sequence}: {redriven:?}\nis not {expected:?}"
        );
    }
    Ok(())
}

fn read(scenario: &Scenario<'_>, topic: &str) -> Result<Vec<Seen>> {
    let mut all = Vec::new();
    let servers = scenario.cluster.bootstrap_servers();
    reader::read(servers, &scenario.observer, topic, |seen| {
        // The marks of the dead-letter topic are looked at by what they do.
        if seen.header("newsmill-redriven").is_none() {
            all.push(seen);
        }
    })?;
    Ok(all)
}

fn ends(scenario: &Scenario<'_>) -> Result<Vec<i64>> {
    let topics = [&scenario.input, &scenario.output, &scenario.dead_letters];
    let ends = topics.map(|topic| scenario.observer.ends(topic));
    Ok(ends.into_iter().collect::<Result<Vec<_>>>()?.concat())
}

fn sequence(seen: &Seen) -> Result<usize> {
    let text = seen.header_text(SEQUENCE).context("no sequence")?;
    Ok(text.parse()?)
}

/// Runs a command to its end; what it told.
fn run(mut command: Command) -> Result<String> {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output()?;
    let (stdout, stderr) = (String::from_utf8(stdout)?, String::from_utf8_lossy(&stderr));
    ensure!(status.success(), "{command:?} {status}:\n{stdout}{stderr}");
    Ok(stdout)
}

/// The number between two words.
fn number(text: &str, before: &str, after: &str) -> Option<usize> {
    let mut found = text.match_indices(before).filter_map(|(at, _)| {
        let rest = &text[at + before.len()..];
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        rest[digits..]
            .starts_with(after)
            .then(|| rest[..digits].parse().ok())?
    });
    found.next()
}

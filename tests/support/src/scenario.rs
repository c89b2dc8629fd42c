//! A run: its topics, its group, what was sent, and its workers.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::checker::{Checker, Findings, Lanes, Side};
use crate::cluster::Cluster;
use crate::expectation::{self, Expected};
use crate::generator::{Feed, Generator};
use crate::observer::Observer;
use crate::random::Random;
use crate::reader;
use crate::samples::Samples;
use crate::suite::Stage;
use crate::wait;
use crate::worker::{Config, Guarantee, Worker};

/// Different numbers, so that neither side can be taken for the other.
pub const INPUT_PARTITIONS: i32 = 4;
const OUTPUT_PARTITIONS: i32 = 3;
const DEAD_LETTER_PARTITIONS: i32 = 2;

/// The limit of the input and output topics in bytes: the hostile messages need it. The dead-letter topic keeps the
/// default of 1 MiB, so that something has to be cut.
const MAX_MESSAGE_BYTES: &str = "12000000";

/// Topics and a group of a test's own.
pub struct Scenario<'a> {
    pub name: String,
    pub guarantee: Guarantee,
    pub observer: Observer,
    pub group: String,
    pub input: String,
    pub output: String,
    pub dead_letters: String,
    pub cluster: &'a Cluster,
    binary: PathBuf,
    /// What the workers leave behind.
    pub folder: PathBuf,
}

impl<'a> Scenario<'a> {
    /// Makes the topics of a test; each run has names of its own.
    pub fn new(
        stage: &Stage,
        cluster: &'a Cluster,
        name: &str,
        guarantee: Guarantee,
    ) -> Result<Scenario<'a>> {
        let name = format!("{name}-{}", guarantee.as_str()).replace('_', "-");
        let unique = format!("{name}-{:x}", std::process::id());
        let scenario = Scenario {
            guarantee,
            observer: Observer::new(cluster.bootstrap_servers())?,
            group: unique.clone(),
            input: format!("{unique}.raw"),
            output: format!("{unique}.enriched"),
            dead_letters: format!("{unique}.dead-letters"),
            cluster,
            binary: stage.binary.clone(),
            folder: stage.folder(&name)?,
            name,
        };
        let large: &[_] = &[("max.message.bytes", MAX_MESSAGE_BYTES)];
        for (topic, partitions, config) in [
            (&scenario.input, INPUT_PARTITIONS, large),
            (&scenario.output, OUTPUT_PARTITIONS, large),
            (&scenario.dead_letters, DEAD_LETTER_PARTITIONS, &[]),
        ] {
            let replication = cluster.replication();
            scenario
                .observer
                .create_topic(topic, partitions, replication, config)?;
        }
        Ok(scenario)
    }

    /// A generator for the input topic.
    pub fn generator(
        &self,
        samples: Arc<Samples>,
        broken_per_mille: u64,
        seed: u64,
    ) -> Result<Generator> {
        Generator::new(
            self.cluster.bootstrap_servers(),
            Feed {
                topic: self.input.clone(),
                partitions: INPUT_PARTITIONS,
                run: self.name.clone(),
                samples,
                broken_per_mille,
                seed,
            },
        )
    }

    /// A worker's configuration, with time-outs that a test can outwait.
    pub fn config(&self) -> Config {
        self.config_at(self.cluster.bootstrap_servers())
    }

    /// The same for a worker that reaches the brokers through the proxies.
    pub fn proxied_config(&self) -> Config {
        self.config_at(self.cluster.proxied_bootstrap_servers())
    }

    fn config_at(&self, bootstrap_servers: &str) -> Config {
        Config::new(
            bootstrap_servers,
            &self.group,
            &self.input,
            &self.output,
            &self.dead_letters,
            self.guarantee,
        )
        .with("kafka.properties.session.timeout.ms", "6000")
        .with("kafka.properties.max.poll.interval.ms", "45000")
    }

    /// Starts a worker under a name, and waits until its admin port answers.
    pub fn start(&self, name: &str, config: Config) -> Result<Worker> {
        Worker::start(&self.binary, &self.folder, name, config)
    }

    /// A command of the binary under a name, with a configuration of its own as its last argument.
    pub fn command(&self, name: &str, config: &Config, arguments: &[&str]) -> Result<Command> {
        let file = self.folder.join(format!("{name}.toml"));
        config.write(&file)?;
        let mut command = Command::new(&self.binary);
        command.args(arguments).arg("--config").arg(file);
        Ok(command)
    }

    /// Where a process of this run may write to.
    pub fn log(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }

    /// Waits until the group has committed everything; an error, with the group's state, if it commits nothing for so
    /// long: how long everything takes depends on the machine.
    pub fn wait_drained<'w>(
        &self,
        workers: impl IntoIterator<Item = &'w mut Worker>,
        patience: Duration,
    ) -> Result<()> {
        let mut workers: Vec<&mut Worker> = workers.into_iter().collect();
        let mut lowest = i64::MAX;
        while lowest > 0 {
            let what = format!("the group to commit more, with a lag of {lowest}");
            lowest = wait::until(what, patience, || {
                for worker in &mut workers {
                    worker.fail_if_ended()?;
                }
                let lag = self.observer.lag(&self.group, &self.input)?;
                Ok((lag < lowest).then_some(lag))
            })
            .with_context(|| {
                let group = self.observer.describe(&self.group);
                let committed = self.observer.committed(&self.group, &self.input);
                let ends = self.observer.ends(&self.input);
                format!("group {group:?}, committed {committed:?} of {ends:?}")
            })?;
        }
        Ok(())
    }

    /// Reads everything that came out, and holds it against what was sent.
    pub fn check(&self, samples: &Samples, mut sent: Vec<Expected>) -> Result<Findings> {
        expectation::analyze(&self.binary, samples, &mut sent)?;
        let mut checker = Checker::new(
            Lanes {
                input_topic: self.input.clone(),
                output_partitions: OUTPUT_PARTITIONS,
                dead_letter_partitions: DEAD_LETTER_PARTITIONS,
            },
            &sent,
        );
        let read = self.read_into(&mut checker);
        // First: a transaction that the broker broke never ends, and no reader gets past it.
        self.cluster.fail_if_void()?;
        read?;
        let findings = checker.finish();

        let ends = self.observer.ends(&self.input)?;
        let committed = self.observer.committed(&self.group, &self.input)?;
        let mut counted = vec![0; INPUT_PARTITIONS as usize];
        for message in &sent {
            counted[message.partition as usize] += 1;
        }
        if ends != counted {
            bail!(
                "the input topic ends at {ends:?}, but {counted:?} messages were sent; {findings}"
            );
        }
        if committed != ends {
            bail!("committed {committed:?}, but the input topic ends at {ends:?}; {findings}");
        }
        Ok(findings)
    }

    fn read_into(&self, checker: &mut Checker) -> Result<()> {
        for (topic, side) in [
            (&self.output, Side::Output),
            (&self.dead_letters, Side::DeadLetters),
        ] {
            reader::read(
                self.cluster.bootstrap_servers(),
                &self.observer,
                topic,
                |seen| checker.see(side, &seen),
            )?;
        }
        Ok(())
    }

    /// Takes the topics away again; a long suite would fill the disk.
    pub fn delete_topics(&self) -> Result<()> {
        let topics = [&self.input, &self.output, &self.dead_letters];
        self.observer.delete_topics(&topics.map(String::as_str))
    }

    /// How many messages stand in the output and dead-letter topics, transaction markers and replays included.
    pub fn emitted(&self) -> Result<i64> {
        let output: i64 = self.observer.ends(&self.output)?.iter().sum();
        let dead: i64 = self.observer.ends(&self.dead_letters)?.iter().sum();
        Ok(output + dead)
    }

    /// Waits until so many more messages came out than had at the call.
    pub fn wait_progress(&self, messages: i64, deadline: Duration) -> Result<()> {
        let before = self.emitted()?;
        wait::until(
            format!("{messages} more messages to come out"),
            deadline,
            || Ok((self.emitted()? >= before + messages).then_some(())),
        )
    }

    /// A seed from the environment, or a new one; it is printed, so that a run can be had again.
    pub fn seed() -> u64 {
        let seed = std::env::var("NEWSMILL_TEST_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok())
            .unwrap_or_else(|| {
                let time = std::time::SystemTime::now();
                let now = time
                    .duration_since(std::time::UNIX_EPOCH)
                    .unwrap_or_default();
                Random::new(now.as_nanos() as u64).number() >> 32
            });
        println!("seed {seed} (NEWSMILL_TEST_SEED={seed} brings it back)");
        seed
    }
}

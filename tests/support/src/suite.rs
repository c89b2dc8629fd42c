//! The runner of the broker tests.
//!
//! These tests have a main of their own instead of the standard harness, for three things that it cannot do: one
//! broker a binary, started when the first test asks for it and stopped after the last; a skip that is said on the
//! real standard error and counted at the end; and tests made at run time, one for each delivery guarantee.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use libtest_mimic::{Arguments, Failed, Trial};

use crate::cluster::Cluster;
use crate::jars;
use crate::worker::Guarantee;

/// What an existing cluster is named by.
const EXISTING: &str = "NEWSMILL_TEST_BOOTSTRAP_SERVERS";

/// A test: its name, what it needs, and what it does.
pub struct Test {
    name: String,
    needs: Needs,
    body: Body,
}

type Body = Box<dyn FnOnce(&Stage) -> Result<()> + Send>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// A cluster, whose ever.
    Cluster,
    /// Brokers that can be stopped.
    OwnBrokers,
}

impl Test {
    /// A test that any cluster will do for.
    pub fn new(
        name: impl Into<String>,
        body: impl FnOnce(&Stage) -> Result<()> + Send + 'static,
    ) -> Test {
        Test {
            name: name.into(),
            needs: Needs::Cluster,
            body: Box::new(body),
        }
    }

    /// A test that stops and starts brokers: skipped on an existing cluster.
    pub fn with_own_brokers(
        name: impl Into<String>,
        body: impl FnOnce(&Stage) -> Result<()> + Send + 'static,
    ) -> Test {
        Test {
            needs: Needs::OwnBrokers,
            ..Test::new(name, body)
        }
    }

    /// The same test once for each guarantee.
    pub fn for_each_guarantee(
        name: &str,
        guarantees: &[Guarantee],
        body: fn(&Stage, Guarantee) -> Result<()>,
    ) -> Vec<Test> {
        guarantees
            .iter()
            .map(|&guarantee| {
                Test::new(format!("{name}::{}", guarantee.as_str()), move |stage| {
                    body(stage, guarantee)
                })
            })
            .collect()
    }
}

/// What every test of a binary shares.
pub struct Stage {
    /// The worker's executable.
    pub binary: PathBuf,
    cache: PathBuf,
    size: usize,
    cluster: OnceLock<Result<Cluster, String>>,
    secured: OnceLock<Result<Cluster, String>>,
}

impl Stage {
    /// The cluster; the first test that asks starts it.
    pub fn cluster(&self) -> Result<&Cluster> {
        self.cluster
            .get_or_init(|| match existing() {
                Some(servers) => Ok(Cluster::existing(&servers)),
                None => Cluster::start(&self.cache, "shared", self.size)
                    .map_err(|error| format!("{error:#}")),
            })
            .as_ref()
            .map_err(|error| anyhow::anyhow!("no cluster: {error}"))
    }

    /// The broker that asks who comes; the first test that asks for it starts it.
    pub fn secured_cluster(&self) -> Result<&Cluster> {
        self.secured
            .get_or_init(|| {
                Cluster::start_secured(&self.cache).map_err(|error| format!("{error:#}"))
            })
            .as_ref()
            .map_err(|error| anyhow::anyhow!("no secured cluster: {error}"))
    }

    /// A cluster for one test alone, under a name and with a number of brokers of its own.
    pub fn own_cluster(&self, name: &str, size: usize) -> Result<Cluster> {
        Cluster::start(&self.cache, name, size)
    }

    /// A folder for what a test leaves behind, emptied at its start.
    pub fn folder(&self, test: &str) -> Result<PathBuf> {
        let folder = self.cache.join(test.replace(':', "-"));
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Puts what a failed test left behind where no later run empties it, the brokers' logs with it; returns where.
    pub fn keep(&self, folder: &Path, name: &str) -> Result<PathBuf> {
        if let Some(Ok(cluster)) = self.cluster.get() {
            cluster.copy_logs(&folder.join("brokers"))?;
        }
        let kept = self.cache.join("failed").join(name);
        if kept.exists() {
            std::fs::remove_dir_all(&kept)?;
        }
        std::fs::create_dir_all(self.cache.join("failed"))?;
        std::fs::rename(folder, &kept)?;
        Ok(kept)
    }
}

fn existing() -> Option<String> {
    env::var(EXISTING)
        .ok()
        .filter(|servers| !servers.is_empty())
}

/// Runs the tests of a binary on `brokers` brokers. `binary` is the worker, `cache` a folder under the build's target.
pub fn run(binary: &str, cache: &str, brokers: usize, tests: Vec<Test>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    // The tests share a broker and two cores, and some of them stop that broker.
    arguments.test_threads.get_or_insert(1);
    let missing = if existing().is_some() {
        None
    } else {
        jars::missing_tools()
    };
    let stage = Arc::new(Stage {
        binary: binary.into(),
        cache: Path::new(cache).to_owned(),
        size: brokers,
        cluster: OnceLock::new(),
        secured: OnceLock::new(),
    });

    let mut skipped = Vec::new();
    let mut trials = Vec::new();
    for test in tests {
        let reason = match (&missing, test.needs) {
            (Some(reason), _) => Some(reason.clone()),
            (None, Needs::OwnBrokers) if existing().is_some() => Some(format!(
                "stops brokers, and {EXISTING} names a cluster of somebody else's"
            )),
            _ => None,
        };
        if let Some(reason) = &reason {
            skipped.push(format!("skipped {}: {reason}", test.name));
        }
        let stage = stage.clone();
        let trial = Trial::test(test.name, move || {
            (test.body)(&stage).map_err(|error| Failed::from(format!("{error:#}")))
        });
        trials.push(trial.with_ignored_flag(reason.is_some()));
    }
    if !arguments.list {
        skipped.iter().for_each(|line| eprintln!("{line}"));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !arguments.list && !skipped.is_empty() {
        eprintln!("broker tests skipped: {}", skipped.len());
        if env::var("CI").is_ok_and(|ci| ci == "true") && missing.is_some() {
            eprintln!("a skipped broker test is a failure where CI=true");
            return ExitCode::FAILURE;
        }
    }
    conclusion.exit_code()
}

/// Plays the part of a test process that is killed: starts a broker, says its process id, and waits for the end.
pub fn hold_broker(cache: &str) -> Result<()> {
    let cluster = Cluster::start(Path::new(cache), "held", 1)?;
    println!("{}", cluster.broker(1).process_id()?);
    std::io::stdin()
        .read_line(&mut String::new())
        .context("cannot wait on standard input")?;
    Ok(())
}

//! One Kafka node, broker and controller in one process.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::ports;
use crate::process::Process;
use crate::security::Security;

const LOG4J: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kafka/log4j2.properties");

/// How long a clean stop may take.
const STOP_DEADLINE: Duration = Duration::from_secs(60);

/// What the coordinator logs when it drops a transaction's marker: from then on transactions are broken by the broker
/// itself, and a run proves nothing.
const DROPPED_MARKER: &str = "likely deleted already and hence can be skipped";

/// Where a node listens.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// For clients and the other brokers.
    pub plain: u16,
    /// For the controllers.
    pub controller: u16,
    /// For connections that come through a proxy.
    pub behind_proxy: u16,
    /// Where that proxy listens: this port is advertised.
    pub proxy: u16,
}

impl Ports {
    pub fn free() -> Result<Ports> {
        Ok(Ports {
            plain: ports::free()?,
            controller: ports::free()?,
            behind_proxy: ports::free()?,
            proxy: ports::free()?,
        })
    }
}

/// A node that can be started, stopped, killed and started again on the same storage and ports.
pub struct Broker {
    id: usize,
    ports: Ports,
    folder: PathBuf,
    logs: PathBuf,
    jars: PathBuf,
    process: Option<Process>,
    starts: usize,
    /// Bytes that one of its files can grow to.
    file_limit: Option<u64>,
}

impl Broker {
    /// Formats the storage of node `id` (from 1) of a cluster whose nodes listen at `cluster`. Its logs go to a folder
    /// that is there when it is gone. With `security` it has listeners that ask who comes.
    pub fn format(
        folder: &Path,
        logs: &Path,
        jars: &Path,
        cluster_id: &str,
        id: usize,
        cluster: &[Ports],
        security: Option<&Security>,
    ) -> Result<Broker> {
        let folder = folder.join(format!("node-{id}"));
        fs::create_dir_all(&folder)?;
        fs::write(
            folder.join("server.properties"),
            properties(id, cluster, &folder.join("data"), security)?,
        )?;
        let broker = Broker {
            id,
            ports: cluster[id - 1],
            folder,
            logs: logs.to_owned(),
            jars: jars.to_owned(),
            process: None,
            starts: 0,
            file_limit: None,
        };
        let output = broker
            .java("kafka.tools.StorageTool")
            .args(["format", "-t", cluster_id, "-c"])
            .arg(broker.folder.join("server.properties"))
            .args(
                security
                    .iter()
                    .flat_map(|security| ["--add-scram".to_owned(), security.scram()]),
            )
            .output()
            .context("cannot start java")?;
        if !output.status.success() {
            bail!(
                "cannot format the storage of node {id}: {}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(broker)
    }

    /// Starts the process; it answers some seconds later.
    pub fn start(&mut self) -> Result<()> {
        self.starts += 1;
        let mut command = match self.file_limit {
            None => self.java("kafka.Kafka"),
            Some(bytes) => limited(&self.java("kafka.Kafka"), bytes),
        };
        command.arg(self.folder.join("server.properties"));
        self.process = Some(Process::spawn(&mut command, &self.log(self.starts))?);
        Ok(())
    }

    /// From its next start on none of its files grows beyond this: a write fails there as it does on a full disk.
    pub fn limit_files(&mut self, bytes: Option<u64>) {
        self.file_limit = bytes;
    }

    /// Waits until the process has ended by itself.
    pub fn wait_ended(&mut self, deadline: Duration) -> Result<()> {
        if let Some(process) = &mut self.process {
            process.wait(deadline)?;
        }
        self.process = None;
        Ok(())
    }

    /// Sets what a client with this id may produce, in bytes a second; `None`: as much as it can.
    pub fn throttle(&self, client_id: &str, bytes_per_second: Option<u32>) -> Result<()> {
        let ports = &self.ports;
        let mut command = self.java("kafka.admin.ConfigCommand");
        command
            .arg("--bootstrap-server")
            .arg(format!("127.0.0.1:{}", ports.plain))
            .args(["--alter", "--entity-type", "clients", "--entity-name"])
            .arg(client_id);
        match bytes_per_second {
            Some(rate) => command
                .arg("--add-config")
                .arg(format!("producer_byte_rate={rate}")),
            None => command.args(["--delete-config", "producer_byte_rate"]),
        };
        let output = command.output().context("cannot start java")?;
        if !output.status.success() {
            bail!(
                "cannot throttle {client_id}: {}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(())
    }

    /// SIGKILL.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill()?;
        }
        Ok(())
    }

    /// A clean stop: its partitions get other leaders first.
    pub fn stop(&mut self) -> Result<()> {
        if let Some(mut process) = self.process.take() {
            process.terminate()?;
            process.wait(STOP_DEADLINE)?;
        }
        Ok(())
    }

    /// SIGSTOP: connections stay open, nothing answers.
    pub fn stand_still(&self) -> Result<()> {
        self.running()?.stand_still()
    }

    /// SIGCONT.
    pub fn go_on(&self) -> Result<()> {
        self.running()?.go_on()
    }

    pub fn process_id(&self) -> Result<u32> {
        Ok(self.running()?.id())
    }

    /// An error, with the end of its log, if the process has ended by itself.
    pub fn fail_if_ended(&mut self) -> Result<()> {
        let Some(process) = &mut self.process else {
            return Ok(());
        };
        let Some(status) = process.ended()? else {
            return Ok(());
        };
        let log = fs::read_to_string(self.log(self.starts)).unwrap_or_default();
        let tail = log.lines().rev().take(20).collect::<Vec<_>>();
        bail!(
            "node {} ended by itself ({status}); the end of its log, newest line first:\n{}",
            self.id,
            tail.join("\n")
        );
    }

    /// A line of its logs that says that it broke a transaction by itself, if there is one.
    pub fn dropped_marker(&self) -> Option<String> {
        (1..=self.starts).find_map(|start| {
            let log = fs::read_to_string(self.log(start)).ok()?;
            let line = log.lines().find(|line| line.contains(DROPPED_MARKER))?;
            Some(format!("node {}: {line}", self.id))
        })
    }

    fn running(&self) -> Result<&Process> {
        self.process
            .as_ref()
            .with_context(|| format!("node {} is not running", self.id))
    }

    fn log(&self, start: usize) -> PathBuf {
        self.logs
            .join(format!("node-{}-start-{start}.log", self.id))
    }

    fn java(&self, class: &str) -> Command {
        let mut command = Command::new("java");
        command
            // A test broker: a small heap, a short start, little work for the compiler on two cores.
            .args(["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"])
            .arg(format!("-Dlog4j2.configurationFile={LOG4J}"))
            .arg("-cp")
            .arg(self.jars.join("*"))
            .arg(class);
        command
    }
}

/// The same command in a shell that limits the size of files.
fn limited(command: &Command, bytes: u64) -> Command {
    /// What `ulimit -f` counts in, by POSIX.
    const BLOCK: u64 = 512;
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -f \"$1\"; shift; exec \"$@\"", "limited"])
        .arg((bytes / BLOCK).to_string())
        .arg(command.get_program())
        .args(command.get_args());
    limited
}

/// The configuration of node `id` of a cluster; every value that is not a plain address is here to make joins, restarts
/// and aborts short enough for a test.
fn properties(
    id: usize,
    cluster: &[Ports],
    data: &Path,
    security: Option<&Security>,
) -> Result<String> {
    let Ports {
        plain,
        controller,
        behind_proxy,
        proxy,
    } = cluster[id - 1];
    let voters: Vec<String> = (1..)
        .zip(cluster)
        .map(|(id, ports)| format!("{id}@127.0.0.1:{}", ports.controller))
        .collect();
    let replication = cluster.len();
    // With three brokers a transaction survives one of them.
    let in_sync = replication.div_ceil(2);
    let asking = security.map_or_else(String::new, |security| {
        format!(",{}", security.listeners().join(","))
    });
    let mut rows = vec![
        ("process.roles", "broker,controller".to_owned()),
        ("node.id", id.to_string()),
        ("controller.quorum.voters", voters.join(",")),
        (
            "listeners",
            format!(
                "PLAINTEXT://127.0.0.1:{plain},PROXIED://127.0.0.1:{behind_proxy},CONTROLLER://127.0.0.1:{controller}{asking}"
            ),
        ),
        (
            "advertised.listeners",
            format!("PLAINTEXT://127.0.0.1:{plain},PROXIED://127.0.0.1:{proxy}{asking}"),
        ),
        ("controller.listener.names", "CONTROLLER".to_owned()),
        ("inter.broker.listener.name", "PLAINTEXT".to_owned()),
        (
            "listener.security.protocol.map",
            "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SSL,MUTUAL:SSL,SASL:SASL_SSL"
                .to_owned(),
        ),
        ("log.dirs", data.display().to_string()),
        ("auto.create.topics.enable", "false".to_owned()),
        // The defaults of 3 and 2 would keep groups and transactions waiting for ever on one broker.
        ("default.replication.factor", replication.to_string()),
        ("min.insync.replicas", in_sync.to_string()),
        ("offsets.topic.replication.factor", replication.to_string()),
        (
            "transaction.state.log.replication.factor",
            replication.to_string(),
        ),
        ("transaction.state.log.min.isr", in_sync.to_string()),
        (
            "share.coordinator.state.topic.replication.factor",
            replication.to_string(),
        ),
        ("share.coordinator.state.topic.min.isr", in_sync.to_string()),
        // The default of 50 makes the first join and every restart slow.
        ("offsets.topic.num.partitions", "4".to_owned()),
        ("transaction.state.log.num.partitions", "4".to_owned()),
        ("group.initial.rebalance.delay.ms", "0".to_owned()),
        // Session time-outs of a second or more, for both group protocols.
        ("group.min.session.timeout.ms", "1000".to_owned()),
        ("group.consumer.session.timeout.ms", "6000".to_owned()),
        ("group.consumer.min.session.timeout.ms", "1000".to_owned()),
        ("group.consumer.heartbeat.interval.ms", "1000".to_owned()),
        ("group.consumer.min.heartbeat.interval.ms", "500".to_owned()),
        (
            "transaction.abort.timed.out.transaction.cleanup.interval.ms",
            "1000".to_owned(),
        ),
        // After a SIGKILL the controller refuses the node's next incarnation until the old session ends (default 9 s).
        // Longer than the shortest that works, so that a machine under load does not end a living broker's session.
        ("broker.session.timeout.ms", "3000".to_owned()),
        ("broker.heartbeat.interval.ms", "500".to_owned()),
        // Leaders go back to their preferred brokers soon after a restart.
        ("leader.imbalance.check.interval.seconds", "5".to_owned()),
        // The default is 128 MB.
        ("log.cleaner.dedupe.buffer.size", "4194304".to_owned()),
        // Few cores.
        ("num.network.threads", "2".to_owned()),
        ("num.io.threads", "4".to_owned()),
    ];
    if let Some(security) = security {
        rows.extend(security.properties()?);
    }
    let mut text = String::new();
    for (key, value) in rows {
        writeln!(text, "{key}={value}").expect("a string takes every write");
    }
    Ok(text)
}
